"""A contribution is taken and its receipt given."""

from datetime import date

from stepdesk.contributions import queries, rules
from stepdesk.contributions.service.writing import (
    BOX_OF,
    TOO_MUCH,
    check_session,
    clearings,
    note_earning,
    receipt_entry,
    write_parts,
    write_payment,
)
from stepdesk.contributions.terms import (
    AccountFacts,
    Means,
    Receipt,
)
from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import service as ledger
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    HouseholdId,
    PaymentId,
    RequestId,
    SessionId,
    StaffId,
)
from stepdesk.values.money import MOST, Money
from stepdesk.values.month import Month

MUCH = 5
"""An amount this many times the usual one is doubted. Source: screens handbook 2.4."""


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
    accepting: frozenset[str] = frozenset(),
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
        accepting: Doubts somebody accepted: `much`, `ended`, `closed_entry`, `closed_month`.

    Raises:
        Refusal: no such household, no amount, a day ahead, a session that is closed.
        Caution: `much` for more than five times the usual; `ended` when the membership had ended
            by that day; `closed_entry` for a first contribution outside the windows of entry;
            `closed_month` when the receipt's month is closed: it keeps its day and is
            booked in the open month.
    """
    done = queries.payment_by_request(work.connection, request_id)
    if done is not None:
        return _same(work, done, household_id, amount)
    work.need_room()
    day = paid_on or work.today
    _check_amount(work, amount, day, means)
    if means is not Means.CASH and (collector_id or session_id):
        raise Refusal(
            Text(N_("Only cash is carried in a bag. Record other money at the desk.")),
            field="means",
        )
    check_session(work, session_id)
    try:
        facts = queries.facts_of(work.connection, household_id)
    except LookupError:
        raise Refusal(
            Text(N_("There is no such household. Check the number.")), field="household"
        ) from None
    if day < facts.joined_on:
        raise Refusal(
            Text(
                N_("The household joined on {joined}. No receipt can be older."),
                {"joined": facts.joined_on},
            ),
            field="day",
        )
    _doubt(work, facts, amount.minor, day, accepting)
    allotment = rules.allot(facts, paid_on=day, amount=amount.minor)
    payment_id = PaymentId(work.new_id())
    booked_on = ledger.booking_day(work, day)
    cleared = list(clearings(work, household_id, allotment.parts))
    # Rows others point to are written first, so that no reference is open while one is added.
    entry_id = ledger.post(
        work,
        receipt_entry(
            allotment,
            sum(amount for _, amount in cleared),
            into="collector" if collector_id or session_id else BOX_OF[means],
        ),
        day=booked_on,
    )
    write_payment(
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
    )
    write_parts(work, household_id, payment_id, allotment)
    for first_day, owed in cleared:
        note_earning(work, household_id, booked_on, first_day, owed, -owed, payment_id)
    return queries.receipt_of(work.connection, payment_id, work.currency)


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
            Text(N_("{day} is still ahead. Today is {today}."), {"day": day, "today": work.today}),
            field="day",
        )


def _doubt(
    work: Work, facts: AccountFacts, amount: int, day: date, accepting: frozenset[str]
) -> None:
    doubts: list[Doubt] = []
    usual = 0 if "much" in accepting else _usual(facts, amount, day)
    if usual:
        told = Text(
            N_("{amount} is much more than the usual {usual}. Is there a zero too many?"),
            {"amount": Money(amount, work.currency), "usual": Money(usual, work.currency)},
        )
        doubts.append(Doubt("much", told, "amount"))
    ended = None if "ended" in accepting else rules.ended_on(facts, day)
    if ended is not None:
        told = Text(
            N_(
                "The membership ended on {day}: no contributions are called any more. Readmit the "
                "household first, or take only what it still owes."
            ),
            {"day": ended},
        )
        doubts.append(Doubt("ended", told, "household"))
    opens = None if "closed_entry" in accepting else rules.entry_opens(facts, day)
    if opens is not None:
        told = Text(
            N_("Entry is closed. The household would be a member from {day} on, when it opens."),
            {"day": opens},
        )
        doubts.append(Doubt("closed_entry", told, "day"))
    if "closed_month" not in accepting and ledger.is_closed(work, day):
        told = Text(
            N_(
                "{month} is closed. The receipt would keep its day, and the money would be "
                "booked in {open}."
            ),
            {"month": Month.of(day), "open": Month.of(ledger.booking_day(work, day))},
        )
        doubts.append(Doubt("closed_month", told, "day"))
    if doubts:
        raise Caution(tuple(doubts))


def _usual(facts: AccountFacts, amount: int, day: date) -> int:
    """Return the usual amount when this one is much more, else 0."""
    regular = rules.regular_amount(facts, day)
    if amount <= MUCH * regular:
        return 0
    usual = max(rules.account_on(facts, day).to_pay, regular)
    return usual if amount > MUCH * usual else 0
