"""A contribution is taken and its receipt given."""

from datetime import date

from stepdesk.contributions import queries, rules
from stepdesk.contributions.service.booklets import check_leaf
from stepdesk.contributions.service.doubting import doubt
from stepdesk.contributions.service.origins import check_origin, origin_columns, write_goods
from stepdesk.contributions.service.writing import (
    BOX_OF,
    TOO_MUCH,
    check_session,
    clearings,
    note_earning,
    place_of,
    receipt_entry,
    write_parts,
    write_payment,
    write_turns,
)
from stepdesk.contributions.terms import (
    AccountFacts,
    Given,
    Goods,
    Leaf,
    Means,
    Receipt,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import service as ledger
from stepdesk.ledger.terms import Place
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    BoxId,
    GroupPaymentId,
    HouseholdId,
    PaymentId,
    RequestId,
    SessionId,
    StaffId,
)
from stepdesk.values.money import MOST, Money


def contribute(
    work: Work,
    *,
    request_id: RequestId,
    household_id: HouseholdId,
    amount: Money,
    paid_on: date | None = None,
    means: Means = Means.CASH,
    collector_id: StaffId | None = None,
    session_id: SessionId | None = None,
    box_id: BoxId | None = None,
    accepting: frozenset[str] = frozenset(),
    group_payment_id: GroupPaymentId | None = None,
    reference: str = "",
    goods: Goods | None = None,
    leaf: Leaf | None = None,
) -> Receipt:
    """Take a contribution: allot it, book it (P01, P02, P06), give a receipt.

    The same request twice, by a double Enter or a second try, gives the same receipt once.

    Args:
        work: The work.
        request_id: One for each form filled in.
        household_id: Who pays.
        amount: Above zero.
        paid_on: Today when left out; never ahead.
        means: How the money came.
        collector_id: Who carries the money until it is handed over; None when paid at the desk.
        session_id: The open collection session it belongs to.
        box_id: Which box the money goes into; the one of its kind when left out.
        accepting: Doubts somebody accepted, by their codes.
        group_payment_id: The group's sum it is a part of.
        reference: The number the bank or the telephone gave the transfer.
        goods: What was brought, when it came in kind.
        leaf: The leaf of a paper booklet on which the receipt was written.

    Raises:
        Refusal: no such household, no amount, a day ahead, a session that is closed; a reference
            or a leaf that was used before, a leaf outside its booklet, cancelled or missing; goods
            whose value is another one; the last part of a contribution that may be paid in so many parts and
            does not complete it.
        Caution: `much` for more than five times the usual; `ended` when the membership had ended
            by that day; `closed_entry` for a first contribution outside the windows of entry;
            `closed_month` when the receipt's month is closed: it keeps its day and is
            booked in the open month; `ahead` for more than may be paid in advance; `same_day` for
            a second receipt of a day; `no_reference` for mobile money without one;
            `other_collector` when somebody else had the booklet.
    """
    done = queries.payment_by_request(work.connection, request_id)
    if done is not None:
        return _same(work, done, household_id, amount)
    work.need_room()
    day = paid_on or work.today
    _check_amount(work, amount, day, means)
    check_origin(work, amount, means, reference=reference, goods=goods)
    if means is not Means.CASH and (collector_id or session_id):
        raise Refusal(
            Text(N_("Only cash is carried in a bag. Record other money at the desk.")),
            field="means",
        )
    carrier = check_session(work, session_id) or collector_id
    facts = _facts(work, household_id)
    if day < facts.joined_on:
        raise Refusal(
            Text(
                N_("The household joined on {joined}. Type that day or a later one."),
                {"joined": facts.joined_on},
            ),
            field="day",
        )
    facts = write_turns(work, household_id, facts, day)
    allotment = rules.allot(facts, paid_on=day, amount=amount.minor)
    _check_last_part(work, facts, amount.minor, day)
    booked_on, ways = ledger.booking(work, day)
    doubt(
        work,
        household_id,
        facts,
        allotment,
        day,
        booked_on=booked_on,
        means=means,
        reference=reference,
        accepting=accepting,
        odd=() if leaf is None else check_leaf(work, leaf, day=day, collector_id=carrier),
    )
    payment_id = PaymentId(work.new_id())
    cleared = list(clearings(work, household_id, allotment.parts))
    # Rows others point to are written first, so that no reference is open while one is added.
    entry_id = ledger.post(
        work,
        receipt_entry(
            allotment,
            sum(amount for _, amount in cleared),
            into=Place("collector") if carrier else _into(work, means, box_id),
            ways=ways,
            party=carrier,
        ),
        day=booked_on,
    )
    number = write_payment(
        work,
        payment_id,
        request_id=request_id,
        household_id=household_id,
        paid_on=day,
        amount=amount,
        means=means,
        covered_through=allotment.covered_through,
        collector_id=collector_id,
        session_id=session_id,
        entry_id=entry_id,
        single_control=0,
        reason="",
        box_id=box_id,
        group_payment_id=group_payment_id,
        **origin_columns(reference, leaf),
    )
    if goods is not None:
        write_goods(work, payment_id, goods)
    write_parts(work, household_id, payment_id, allotment)
    for first_day, owed in cleared:
        note_earning(work, household_id, booked_on, first_day, owed, -owed, payment_id)
    given = Given(
        payment_id,
        household_id,
        number,
        day,
        amount,
        means,
        allotment.parts,
        allotment.covered_through,
        work.person.staff_id,
        reference.strip(),
    )
    return _receipt(work, given, leaf)


def _facts(work: Work, household_id: HouseholdId) -> AccountFacts:
    try:
        return queries.facts_of(work.connection, household_id)
    except queries.NoSuchHouseholdError:
        told = Text(N_("There is no such household. Check the number."))
    except queries.PlanWithoutRuleError:
        plan = queries.without_rule(work.connection)[household_id]
        told = Text(
            N_("Plan {plan} does not say what is paid. Write its rule on the page Scheme."),
            {"plan": plan},
        )
    raise Refusal(told, field="household")


def _receipt(work: Work, given: Given, leaf: Leaf | None) -> Receipt:
    if leaf is not None:
        return queries.receipt_of(work.connection, given.payment_id, work.currency)
    return queries.receipt_given(work.connection, given)


def _into(work: Work, means: Means, box_id: BoxId | None) -> Place:
    if box_id is None:
        return Place(BOX_OF[means])
    place = place_of(work, box_id)
    if (place.role in {"cash_main", "cash_section"}) != (means is Means.CASH):
        raise Refusal(
            Text(N_("Money that came this way does not go into this box. Choose another box.")),
            field="box",
        )
    return place


def _same(work: Work, payment_id: PaymentId, household_id: HouseholdId, amount: Money) -> Receipt:
    """Return the receipt a form got already, if it is the same form."""
    receipt = queries.receipt_of(work.connection, payment_id, work.currency)
    if (receipt.household_id, receipt.amount) != (household_id, amount):
        raise Refusal(
            Text(
                N_("This form was recorded before as receipt {number}. Begin a new one."),
                {"number": receipt.number},
            ),
            field="request",
        )
    return receipt


def _check_amount(work: Work, amount: Money, day: date, means: Means) -> None:
    if amount.minor <= 0:
        raise Refusal(Text(N_("Enter an amount above zero.")), field="amount")
    if amount.minor > MOST:
        raise Refusal(TOO_MUCH, field="amount")
    coin = work.country.coins[-1]
    if means is Means.CASH and amount.minor % coin:
        raise Refusal(
            Text(
                N_("The smallest coin is {coin}. Check the amount."),
                {"coin": Money(coin, work.currency)},
            ),
            field="amount",
        )
    if day > work.today:
        raise Refusal(
            Text(
                N_("{day} is still ahead. Type {today}, which is today, or an earlier day."),
                {"day": day, "today": work.today},
            ),
            field="day",
        )


def _check_last_part(work: Work, facts: AccountFacts, amount: int, day: date) -> None:
    """Refuse the last part of a contribution that does not complete it (`max_instalments`)."""
    most = rules.plan_on(facts.plans, day).max_instalments
    if most is None:
        return
    wanted = rules.last_part(facts, paid_on=day, amount=amount, most=most)
    if wanted:
        raise Refusal(
            Text(
                N_("A contribution is paid in at most {count} part. Take {amount}."),
                {"count": most, "amount": Money(wanted, work.currency)},
                N_(
                    "A contribution is paid in at most {count} parts. Take {amount} for the last one."
                ),
            ),
            field="amount",
        )
