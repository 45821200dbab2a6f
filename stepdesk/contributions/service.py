"""What is done with contributions: plans, receipts, reversals, sessions, the earning run."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from stepdesk.contributions import queries, rules
from stepdesk.contributions.model import (
    allocation,
    collection_session,
    due,
    earning,
    hand_over,
    payment,
    plan,
    plan_version,
    scheme_key,
    session_count,
)
from stepdesk.contributions.terms import (
    AccountFacts,
    Allotment,
    CollectionSession,
    Count,
    Due,
    Means,
    Paid,
    Part,
    PlanVersion,
    Receipt,
    Target,
)
from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import queries as ledger_queries
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.ledger.terms import Posting
from stepdesk.progress import Progress
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    DueId,
    EntryId,
    HouseholdId,
    PaymentId,
    PlanId,
    PlanVersionId,
    RequestId,
    SessionId,
    StaffId,
)
from stepdesk.values.money import MOST, Money
from stepdesk.values.month import Month

MUCH = 5
"""An amount this many times the usual one is doubted. Source: screens handbook 2.4."""

BOX_OF: Mapping[Means, str] = {Means.CASH: "cash_main", Means.BANK: "bank", Means.MOBILE: "momo"}

_SERIAL = (
    "SELECT coalesce(max(serial), 0) + 1 FROM payment WHERE year = :year AND letter = :letter"
)
_EARNED_BY = (
    "SELECT due_first_day, paid, unpaid FROM earning"
    " WHERE household_id = :household AND payment_id = :payment"
)
OPENING = "opening"
"""The number of a receipt that tells how a household stood in its old register."""

_SERIALS = "SELECT year, max(serial) AS serial FROM payment WHERE letter = :letter GROUP BY year"
_PARTS = "SELECT target, due_id, amount FROM allocation WHERE payment_id = :payment"
_EARNED_BEFORE = (
    "SELECT month, due_first_day, sum(paid) AS paid, sum(unpaid) AS unpaid FROM earning"
    " WHERE household_id = :household GROUP BY month, due_first_day"
    " HAVING sum(paid) <> 0 OR sum(unpaid) <> 0"
)
_OWED = "SELECT 1 FROM earning WHERE household_id = :household LIMIT 1"
_SESSION = (
    "SELECT s.id, c.id AS counted FROM collection_session s"
    " LEFT JOIN session_count c ON c.session_id = s.id WHERE s.id = :session"
)


_PERIODICITY = "SELECT periodicity FROM plan_version WHERE plan_id = :plan LIMIT 1"
_TOO_MUCH = Text(N_("No amount is that large. Take away the zeros that are too many."))


# Plans


def add_plan(work: Work, *, code: str) -> PlanId:
    """Add a plan; its terms are versions.

    Raises:
        Refusal: when a plan of that code exists.
    """
    if work.row(text("SELECT 1 FROM plan WHERE code = :code"), code=code) is not None:
        raise Refusal(
            Text(N_("There is a plan {code} already. Choose another code."), {"code": code}),
            field="code",
        )
    plan_id = PlanId(work.new_id())
    work.insert(plan, id=plan_id, code=code)
    if work.row(text("SELECT 1 FROM scheme_key WHERE purpose = 'receipt'")) is None:
        work.insert(scheme_key, id=work.new_id(), purpose="receipt", secret=os.urandom(32))
    return plan_id


def version_plan(work: Work, *, version: PlanVersion) -> PlanVersionId:
    """Write a version of a plan from its first day on; `version.id` is given anew.

    Raises:
        Refusal: amounts below zero or beyond all measure, a due day that no month has, a first day
            in a closed month, or another periodicity than the plan began with.
    """
    for name in ("amount", "entry_fee", "grace_days", "waiting_months"):
        if getattr(version, name) < 0:
            raise Refusal(Text(N_("This may not be below zero.")), field=name)
    if version.due_day is not None and not 1 <= version.due_day <= 31:
        raise Refusal(Text(N_("The day of the month is 1 to 31.")), field="due_day")
    for name in ("amount", "entry_fee"):
        if getattr(version, name) > MOST:
            raise Refusal(_TOO_MUCH, field=name)
    _check_history(work, version)
    version_id = PlanVersionId(work.new_id())
    told = {
        name: getattr(version, name)
        for name in version.__dataclass_fields__
        if name not in {"id", "code", "cycle_start", "strike_off_needs_board"}
    }
    work.insert(
        plan_version,
        id=version_id,
        cycle_month=version.cycle_start[0],
        cycle_day=version.cycle_start[1],
        strike_off_needs_board=int(version.strike_off_needs_board),
        **told,
    )
    return version_id


def _check_history(work: Work, version: PlanVersion) -> None:
    """Refuse what would reckon closed months, or periods that run, anew."""
    former = work.row(_PERIODICITY, plan=version.plan_id)
    if former is None:
        return
    if ledger.is_closed(work, version.first_day):
        raise Refusal(
            Text(
                N_("{month} is closed. New terms begin on {first} at the earliest."),
                {
                    "month": Month.of(version.first_day),
                    "first": ledger.first_open_day(work),
                },
            ),
            field="first_day",
        )
    if former.periodicity != version.periodicity.value:
        raise Refusal(
            Text(N_("The length of the periods stays. Make another plan for other periods.")),
            field="periodicity",
        )


# Receipts


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
        accepting: Doubts somebody accepted: `much`, `ended`, `closed_month`.

    Raises:
        Refusal: no such household, no amount, a day ahead, a session that is closed.
        Caution: `much` for more than five times the usual; `ended` when the membership had ended
            by that day, by an event or by the passing of time; `closed_month` when the receipt's month is closed: it keeps its day and is
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
    _check_session(work, session_id)
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
    cleared = list(_cleared(work, household_id, allotment.parts))
    # Rows others point to are written first, so that no reference is open while one is added.
    entry_id = ledger.post(
        work,
        _receipt_entry(
            allotment,
            sum(amount for _, amount in cleared),
            into="collector" if collector_id or session_id else BOX_OF[means],
        ),
        day=booked_on,
    )
    _write_payment(
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
    _write_parts(work, household_id, payment_id, allotment)
    for first_day, owed in cleared:
        _note_earning(work, household_id, booked_on, first_day, owed, -owed, payment_id)
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
        raise Refusal(_TOO_MUCH, field="amount")
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


def _check_session(work: Work, session_id: SessionId | None) -> None:
    if session_id is None:
        return
    row = work.row(_SESSION, session=session_id)
    if row is None or row.counted is not None:
        raise Refusal(
            Text(N_("This collection session is closed. Open a new one.")), field="session"
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
    elif "ended" not in accepting and rules.struck_off_by_time(facts, day):
        told = Text(
            N_(
                "The household has not paid for so long that it is struck off. Readmit it first, or"
                " take the money all the same: it then comes back without a new entry."
            )
        )
        doubts.append(Doubt("ended", told, "household"))
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


def _write_parts(
    work: Work, household_id: HouseholdId, payment_id: PaymentId, allotment: Allotment
) -> None:
    for part in allotment.parts:
        due_id = _frozen(work, household_id, part.due)
        work.insert(
            allocation,
            id=work.new_id(),
            payment_id=payment_id,
            target=part.target,
            due_id=due_id,
            amount=part.amount,
        )


def _frozen(work: Work, household_id: HouseholdId, called: Due | None) -> DueId | None:
    """Return the row of a due, writing it down when money touches it for the first time."""
    if called is None:
        return None
    if called.id is not None:
        return called.id
    due_id = DueId(work.new_id())
    work.insert(
        due,
        id=due_id,
        household_id=household_id,
        first_day=called.first_day,
        until=called.until,
        due_on=called.due_on,
        amount=called.amount,
        plan_version_id=called.plan_version_id,
    )
    return due_id


def _receipt_entry(allotment: Allotment, owed: int, *, into: str) -> Posting:
    fee = sum(part.amount for part in allotment.parts if part.target is Target.ENTRY_FEE)
    return posting.receipt(
        into=into, entry_fee=fee, receivable=owed, advance=allotment.total - fee - owed
    )


def _note_earning(
    work: Work,
    household_id: HouseholdId,
    day: date,
    first_day: date | str,
    paid: int,
    unpaid: int,
    payment_id: PaymentId,
) -> None:
    work.insert(
        earning,
        id=work.new_id(),
        month=str(Month.of(day)),
        household_id=household_id,
        due_first_day=first_day,
        paid=paid,
        unpaid=unpaid,
        payment_id=payment_id,
    )


def _cleared(
    work: Work, household_id: HouseholdId, parts: tuple[Part, ...]
) -> Iterator[tuple[date, int]]:
    """Yield what was booked as owed for the dues these parts pay (P06)."""
    if work.row(_OWED, household=household_id) is None:
        return
    owed = queries.receivable_by_due(work.connection, household_id)
    for part in parts:
        if part.due is not None and part.amount > 0:
            amount = min(owed.get(part.due.first_day, 0), part.amount)
            if amount > 0:
                yield part.due.first_day, amount


def _write_payment(work: Work, payment_id: PaymentId, **told: object) -> None:
    year, letter = work.today.year, work.desk.head.device
    serial = work.rows(_SERIAL, year=year, letter=letter)[0][0]
    work.insert(
        payment,
        id=payment_id,
        year=year,
        letter=letter,
        serial=serial,
        taken_by=work.person.staff_id,
        **told,
    )


def reverse_payment(
    work: Work, *, request_id: RequestId, payment_id: PaymentId, reason: str
) -> Receipt:
    """Cancel a wrong receipt by a linked one of its own number (P30); the first stays in sight.

    What the payment had covered is given back, and what other payments bought is allotted anew.
    Rights already answered for past days stay as they were. A second person signs (S3).

    Raises:
        Refusal: no reason, nobody to sign, reversed before, itself a reversal, or imported.
    """
    done = queries.payment_by_request(work.connection, request_id)
    if done is not None:
        return queries.receipt_of(work.connection, done, work.currency)
    wrong = _reversible(work, payment_id)
    if not reason.strip():
        raise Refusal(
            Text(N_("Write why this receipt is cancelled; the reason is kept with it.")),
            field="reason",
        )
    single = work.two_signatures(unlike=StaffId(wrong.taken_by))
    household_id = HouseholdId(wrong.household_id)
    reversal_id = PaymentId(work.new_id())
    back = _what_is_given_back(work, household_id, payment_id)
    session_id = _open_session(work, wrong.session_id)
    # What a session collected lies in the cash box once it was counted.
    counted = wrong.session_id is not None and session_id is None
    entry_id = ledger.reverse(
        work,
        EntryId(wrong.entry_id),
        reason=reason,
        moved={"collector": "cash_main"} if counted else None,
    )
    _move_fee(work, payment_id, back.fee, reason)
    undone = work.rows(_EARNED_BY, household=household_id, payment=payment_id)
    _write_payment(
        work,
        reversal_id,
        request_id=request_id,
        household_id=household_id,
        paid_on=max(work.today, date.fromisoformat(wrong.paid_on)),
        amount=-wrong.amount,
        means=wrong.means,
        covered_through=back.through,
        collector_id=None if counted else wrong.collector_id,
        session_id=session_id,
        entry_id=entry_id,
        reverses=payment_id,
        reason=reason.strip(),
        single_control=int(single),
    )
    _write_parts(work, household_id, reversal_id, Allotment(back.parts, back.through))
    booked_on = ledger.booking_day(work, work.today)
    for row in undone:
        _note_earning(
            work, household_id, booked_on, row.due_first_day, -row.paid, -row.unpaid, reversal_id
        )
    return queries.receipt_of(work.connection, reversal_id, work.currency)


def _reversible(work: Work, payment_id: PaymentId):  # type: ignore[no-untyped-def]  # noqa: ANN202
    wrong = work.row(text("SELECT * FROM payment WHERE id = :id"), id=payment_id)
    if wrong is None:
        raise Refusal(Text(N_("There is no such receipt. Check the number.")), field="receipt")
    if wrong.reverses is not None:
        raise Refusal(
            Text(N_("This receipt cancels another one. Record the payment again instead.")),
            field="receipt",
        )
    if work.row(text("SELECT 1 FROM payment WHERE reverses = :id"), id=payment_id) is not None:
        raise Refusal(Text(N_("This receipt was cancelled before.")), field="receipt")
    if wrong.entry_id is None:
        raise Refusal(
            Text(N_("This receipt is from before the book. Correct its money by an entry.")),
            field="receipt",
        )
    return wrong


def _open_session(work: Work, session_id: bytes | None) -> bytes | None:
    """A reversal belongs to its session while the money is still in the bag."""
    if session_id is None:
        return None
    row = work.row(_SESSION, session=session_id)
    return session_id if row is not None and row.counted is None else None


@dataclass(frozen=True, slots=True)
class _Back:
    """What a reversal takes from each target, and what is still covered after it."""

    parts: tuple[Part, ...]
    through: date | None

    @property
    def fee(self) -> int:
        return sum(part.amount for part in self.parts if part.target is Target.ENTRY_FEE)


def _what_is_given_back(work: Work, household_id: HouseholdId, payment_id: PaymentId) -> _Back:
    facts = queries.facts_of(work.connection, household_id)
    left = [
        (day, amount)
        for one, day, amount in queries.payments_counted(work.connection, household_id)
        if one != payment_id
    ]
    history = queries.imported_paid(work.connection, household_id)
    target = rules.reallot(replace(facts, paid=history), left)
    current = queries.held_by_target(work.connection, household_id)
    frozen = {one.first_day: one for one in facts.frozen}
    changes = rules.reversal_parts(current, {key: held for key, (held, _) in target.items()})

    def due_of(kind: Target, first_day: date | None) -> Due | None:
        if first_day is None:
            return None
        return frozen.get(first_day) or target[kind, first_day][1]

    parts = tuple(
        Part(kind, amount, due_of(kind, first_day))
        for (kind, first_day), amount in changes.items()
    )
    covered = [
        day for (kind, day), (held, _) in target.items() if kind is Target.DUE and day and held
    ]
    last = due_of(Target.DUE, max(covered)) if covered else None
    return _Back(parts, None if last is None else last.until - timedelta(days=1))


def _move_fee(work: Work, payment_id: PaymentId, fee: int, reason: str) -> None:
    """Book the entry fee that other payments, kept in advance so far, now pay."""
    taken = work.rows(
        text(
            "SELECT coalesce(sum(amount), 0) FROM allocation"
            " WHERE payment_id = :id AND target = 'ENTRY_FEE'"
        ),
        id=payment_id,
    )[0][0]
    if fee + taken:
        entry = posting.fee_from_credit(amount=fee + taken)
        ledger.post(work, entry, day=ledger.booking_day(work, work.today), reason=reason)


# Collectors and sessions


def hand_over_cash(
    work: Work,
    *,
    request_id: RequestId,
    collector_id: StaffId,
    amount: Money,
    day: date | None = None,
) -> EntryId:
    """Take over what a collector carries (P03).

    Raises:
        Refusal: nothing, or more than the collector carries; a closed month.
    """
    done = work.row(
        text("SELECT entry_id FROM hand_over WHERE request_id = :request"), request=request_id
    )
    if done is not None:
        return EntryId(done.entry_id)
    on = day or work.today
    if amount.minor <= 0:
        raise Refusal(Text(N_("Enter an amount above zero.")), field="amount")
    carried = work.rows(
        text(
            "SELECT coalesce((SELECT sum(amount) FROM payment WHERE collector_id = :c"
            " AND session_id IS NULL AND means = 'CASH'), 0)"
            " - coalesce((SELECT sum(amount) FROM hand_over WHERE collector_id = :c), 0)"
        ),
        c=collector_id,
    )[0][0]
    if amount.minor > carried:
        raise Refusal(
            Text(
                N_(
                    "This collector carries {carried}. Check the amount, or look for a receipt not typed in."
                ),
                {"carried": Money(carried, work.currency)},
            ),
            field="amount",
        )
    if ledger.is_closed(work, on):
        raise Refusal(
            Text(N_("{month} is closed. Date it in the open month."), {"month": Month.of(on)}),
            field="day",
        )
    entry_id = ledger.post(work, posting.hand_over(into="cash_main", amount=amount.minor), day=on)
    work.insert(
        hand_over,
        id=work.new_id(),
        request_id=request_id,
        collector_id=collector_id,
        day=on,
        amount=amount,
        entry_id=entry_id,
    )
    return entry_id


def open_session(
    work: Work,
    *,
    place: str,
    collector_id: StaffId | None = None,
    float_amount: Money | None = None,
    day: date | None = None,
) -> SessionId:
    """Open a collection session; its receipts enter the cash book when it is counted and signed.

    Raises:
        Refusal: without a place.
    """
    if not place.strip():
        raise Refusal(Text(N_("Say where the money is collected.")), field="place")
    session_id = SessionId(work.new_id())
    work.insert(
        collection_session,
        id=session_id,
        place=place.strip(),
        day=day or work.today,
        collector_id=collector_id,
        float_amount=float_amount.minor if float_amount else 0,
        opened_by=work.person.staff_id,
    )
    return session_id


def close_session(
    work: Work, *, session_id: SessionId, count: Count, difference_reason: str = ""
) -> CollectionSession:
    """Count a session and let its money enter the cash book (P03, excess P18).

    A shortage stays owed by who collected. Both sign.

    Raises:
        Refusal: closed before, a difference without a reason, nobody to sign with.
    """
    _check_session(work, session_id)
    session = queries.session_of(work.connection, session_id, work.currency)
    if session is None:
        raise LookupError("no such session")
    expected = session.total.minor + session.float_amount.minor
    difference = count.total - expected
    if difference and not difference_reason.strip():
        raise Refusal(
            Text(
                N_("{difference} differs from what should be there. Count again, or write why."),
                {"difference": Money(difference, work.currency)},
            ),
            field="difference_reason",
        )
    single = work.two_signatures()
    handed = min(session.total.minor, count.total - session.float_amount.minor)
    on = ledger.booking_day(work, work.today)
    if handed > 0:
        ledger.post(work, posting.hand_over(into="cash_main", amount=handed), day=on)
    if difference > 0:
        ledger.post(
            work,
            posting.excess(into="cash_main", amount=difference),
            day=on,
            reason=difference_reason,
        )
    work.insert(
        session_count,
        id=work.new_id(),
        session_id=session_id,
        counted=count.total,
        expected=expected,
        pieces=json.dumps({str(value): n for value, n in sorted(count.pieces.items()) if n}),
        difference_reason=difference_reason.strip(),
        single_control=int(single),
    )
    closed = queries.session_of(work.connection, session_id, work.currency)
    if closed is None:
        raise LookupError("no such session")
    return closed


# History brought over from a former system


def bring_in_due(work: Work, *, household_id: HouseholdId, due: Due) -> DueId:
    """Write down a period that was called and paid before the book."""
    due_id = _frozen(work, household_id, due)
    if due_id is None:
        raise LookupError("no due")
    return due_id


def bring_in_receipt(
    work: Work,
    *,
    request_id: RequestId,
    household_id: HouseholdId,
    number: str,
    serial: int,
    paid_on: date,
    means: Means,
    parts: tuple[Part, ...],
    covered_through: date | None,
) -> PaymentId:
    """Write a receipt given before the book, with its own number and day.

    It has no entry of its own: its money is booked by the opening entry of the import.
    """
    payment_id = PaymentId(work.new_id())
    work.insert(
        payment,
        id=payment_id,
        request_id=request_id,
        household_id=household_id,
        year=paid_on.year,
        letter=queries.IMPORTED,
        serial=serial,
        paid_on=paid_on,
        amount=sum(part.amount for part in parts),
        means=means,
        covered_through=covered_through,
        taken_by=work.person.staff_id,
        reason="",
        single_control=0,
        legacy_number=number or None,
    )
    _write_parts(work, household_id, payment_id, Allotment(parts, covered_through))
    return payment_id


def bring_in_earned(
    work: Work, *, household_id: HouseholdId, month: Month, due_first_day: date, amount: int
) -> None:
    """Note what cover was given before the book, so that no run earns it again."""
    work.insert(
        earning,
        id=work.new_id(),
        month=str(month),
        household_id=household_id,
        due_first_day=due_first_day,
        paid=amount,
        unpaid=0,
    )


# Openings of a register


@dataclass(frozen=True, slots=True)
class Opening:
    """How a household stands when its register is brought in.

    `through` is the last day paid for, `arrears` what it owes (minor units); None is not told.
    `fee` is what it paid of the entry fee: None for all of it if anything is paid, -1 for all.
    """

    request_id: RequestId
    household_id: HouseholdId
    facts: AccountFacts
    through: date | None = None
    arrears: int | None = None
    fee: int | None = None


def bring_in_openings(work: Work, *, openings: Iterable[Opening]) -> tuple[int, EntryId | None]:
    """Write how households stood in their register, and book one opening entry.

    Each has one receipt of the series from before the book, dated its first paid period and
    named `opening`. The cover given before the first open month and the entry fees are a surplus
    brought forward, the rest is owed as cover. Source: docs/decisions/0008 and 0024.

    Returns:
        The sum in minor units and the entry, None when nothing was paid.
    """
    day = ledger.booking_day(work, work.today)
    before = min(ledger_queries.first_open(work.connection, day), Month.of(day)).plus(-1)
    serials = {row.year: row.serial for row in work.rows(_SERIALS, letter=queries.IMPORTED)}
    rows = _OpeningRows(work, before, serials)
    for one in openings:
        rows.add(one)
    rows.write()
    if not rows.total:
        return 0, None
    balances = {
        "cash_main": rows.total,
        "contrib_advance": rows.given - rows.total,
        "retained_plus": -rows.given,
    }
    entry_id = ledger.post(work, posting.opening(balances=balances), day=day)
    return rows.total, entry_id


@dataclass(slots=True)
class _OpeningRows:
    """The rows of openings by table, and their sums."""

    work: Work
    before: Month
    serials: dict[int, int]
    told: dict[Any, list[dict[str, object]]] = field(default_factory=dict)
    total: int = 0
    given: int = 0

    def add(self, one: Opening) -> None:
        dues, credit = self._dues(one)
        facts, work = one.facts, self.work
        fee = self._fee(one, paid=bool(dues))
        parts = [Part(Target.ENTRY_FEE, fee)] if fee else []
        effect = dues[0].first_day if dues else min(facts.joined_on, work.today)
        parts += [
            Part(Target.DUE, due.amount, replace(due, id=DueId(work.new_id())))
            for due in dues
            if due.amount
        ]
        if dues and one.through is None:
            # A part of nothing says that a period is owed, whatever a suspension calls.
            parts += [
                Part(Target.DUE, 0, replace(due, id=DueId(work.new_id())))
                for due in rules.owed_dues(facts, dues, work.today)
                if due.amount
            ]
        parts += [Part(Target.CREDIT, credit)] if credit else []
        if not parts:
            return
        paid_on = min(effect, work.today)
        through = dues[-1].until - timedelta(days=1) if dues else None
        self._receipt(one, paid_on, parts, through)
        self._earn(one, paid_on, parts, fee)

    def _dues(self, one: Opening) -> tuple[tuple[Due, ...], int]:
        through, credit = one.through, 0
        if through is None and one.arrears is not None:
            through, credit = rules.owed_through(
                one.facts, arrears=max(one.arrears, 0), day=self.work.today
            )
        if through is None or through < one.facts.joined_on:
            return (), 0
        return rules.opening_dues(one.facts, through=through, day=self.work.today), credit

    def _fee(self, one: Opening, *, paid: bool) -> int:
        fee = rules.plan_on(one.facts.plans, one.facts.joined_on).entry_fee
        if one.fee is None:
            return fee if paid else 0
        if one.fee < 0 or paid:
            return fee
        return min(fee, one.fee)

    def _receipt(
        self, one: Opening, paid_on: date, parts: Sequence[Part], through: date | None
    ) -> None:
        work, payment_id = self.work, PaymentId(self.work.new_id())
        amount = sum(part.amount for part in parts)
        self.total += amount
        self.serials[paid_on.year] = self.serials.get(paid_on.year, 0) + 1
        self._put(
            payment,
            id=payment_id,
            request_id=one.request_id,
            household_id=one.household_id,
            year=paid_on.year,
            letter=queries.IMPORTED,
            serial=self.serials[paid_on.year],
            paid_on=paid_on,
            amount=amount,
            means=Means.CASH,
            covered_through=through,
            taken_by=work.person.staff_id,
            reason="",
            single_control=0,
            legacy_number=OPENING,
        )
        for part in parts:
            if part.due is not None:
                self._put_due(one.household_id, part.due)
            self._put(
                allocation,
                id=work.new_id(),
                payment_id=payment_id,
                target=part.target,
                due_id=part.due.id if part.due else None,
                amount=part.amount,
            )

    def _put_due(self, household_id: HouseholdId, called: Due) -> None:
        self._put(
            due,
            id=called.id,
            household_id=household_id,
            first_day=called.first_day,
            until=called.until,
            due_on=called.due_on,
            amount=called.amount,
            plan_version_id=called.plan_version_id,
        )

    def _earn(self, one: Opening, paid_on: date, parts: Sequence[Part], fee: int) -> None:
        """Note what cover was given before the first open month, so that no run earns it again."""
        self.given += fee
        called = [part.due for part in parts if part.due is not None and part.amount]
        if not called or called[0].first_day > self.before.last:
            return
        paid = tuple(
            Paid(paid_on, part.target, part.amount, part.due.first_day if part.due else None)
            for part in parts
        )
        facts = replace(one.facts, frozen=tuple(called), paid=paid)
        for first_day, (share, _) in sorted(rules.earned_to_date(facts, self.before.last).items()):
            if not share:
                continue
            self.given += share
            self._put(
                earning,
                id=self.work.new_id(),
                month=str(self.before),
                household_id=one.household_id,
                due_first_day=first_day,
                paid=share,
                unpaid=0,
            )

    def _put(self, table: Any, **values: object) -> None:  # noqa: ANN401
        self.told.setdefault(table, []).append(values)

    def write(self) -> None:
        for table in (due, payment, allocation, earning):
            if table in self.told:
                self.work.insert_many(table, self.told[table])


def bring_in_history(
    work: Work, *, payments: Mapping[HouseholdId, Sequence[tuple[RequestId, date, int, str]]]
) -> tuple[int, EntryId | None]:
    """Write receipts of households that are there, given before the book, and one opening entry.

    Each is (request, day, minor units, its number), by day; it is allotted as if paid then.

    Returns:
        The sum in minor units and the entry, None when there was nothing.
    """
    day = ledger.booking_day(work, work.today)
    before = min(ledger_queries.first_open(work.connection, day), Month.of(day)).plus(-1)
    serials = {row.year: row.serial for row in work.rows(_SERIALS, letter=queries.IMPORTED)}
    total = given = 0
    for household_id, told in payments.items():
        old = rules.earned_to_date(queries.facts_of(work.connection, household_id), before.last)
        for request_id, paid_on, amount, number in told:
            facts = queries.facts_of(work.connection, household_id)
            allotted = rules.allot(facts, paid_on=paid_on, amount=amount)
            serials[paid_on.year] = serials.get(paid_on.year, 0) + 1
            bring_in_receipt(
                work,
                request_id=request_id,
                household_id=household_id,
                number=number,
                serial=serials[paid_on.year],
                paid_on=paid_on,
                means=Means.CASH,
                parts=allotted.parts,
                covered_through=allotted.covered_through,
            )
            total += amount
            given += sum(part.amount for part in allotted.parts if part.target is Target.ENTRY_FEE)
        facts = queries.facts_of(work.connection, household_id)
        for first_day, (share, _) in sorted(rules.earned_to_date(facts, before.last).items()):
            more = share - old.get(first_day, (0, 0))[0]
            if more:
                given += more
                bring_in_earned(
                    work,
                    household_id=household_id,
                    month=before,
                    due_first_day=first_day,
                    amount=more,
                )
    if not total:
        return 0, None
    balances = {"cash_main": total, "contrib_advance": given - total, "retained_plus": -given}
    return total, ledger.post(work, posting.opening(balances=balances), day=day)


def take_back_openings(
    work: Work, *, requests: Iterable[RequestId], entry_id: EntryId | None, reason: str
) -> int:
    """Take back what an import brought in of money; return how many receipts.

    Each gets a reversal of its own without an entry, and the opening entry its mirror (P30).
    """
    count = 0
    serials = {row.year: row.serial for row in work.rows(_SERIALS, letter=queries.IMPORTED)}
    for request in requests:
        row = work.row(text("SELECT * FROM payment WHERE request_id = :request"), request=request)
        if row is None:
            continue
        count += 1
        _take_back_receipt(work, row, reason, serials)
    if entry_id is not None:
        ledger.reverse(work, entry_id, reason=reason)
    return count


def _take_back_receipt(work: Work, row: Any, reason: str, serials: dict[int, int]) -> None:  # noqa: ANN401
    payment_id = PaymentId(work.new_id())
    year = date.fromisoformat(row.paid_on).year
    serials[year] = serials.get(year, 0) + 1
    work.insert(
        payment,
        id=payment_id,
        request_id=work.new_id(),
        household_id=row.household_id,
        year=year,
        letter=queries.IMPORTED,
        serial=serials[year],
        paid_on=row.paid_on,
        amount=-row.amount,
        means=row.means,
        covered_through=None,
        taken_by=work.person.staff_id,
        reverses=row.id,
        reason=reason,
        single_control=0,
        legacy_number=row.legacy_number,
    )
    for part in work.rows(_PARTS, payment=row.id):
        work.insert(
            allocation,
            id=work.new_id(),
            payment_id=payment_id,
            target=part.target,
            due_id=part.due_id,
            amount=-part.amount,
        )
    for part in work.rows(_EARNED_BEFORE, household=row.household_id):
        work.insert(
            earning,
            id=work.new_id(),
            month=part.month,
            household_id=row.household_id,
            due_first_day=part.due_first_day,
            paid=-part.paid,
            unpaid=-part.unpaid,
        )


# The earning run


def run_earnings(
    work: Work, *, month: Month, progress: Progress | None = None
) -> tuple[Money, Money]:
    """Turn the month's cover into income (P04 where paid, P05 where given in grace).

    Books the difference between what was earned up to the month's end and what earlier runs
    booked, so that a late correction finds its way into the open month.

    Returns:
        What was paid and earned, and what was earned and is owed, in this run.
    """
    rows = list(_earnings(work, month, progress or Progress()))
    if rows:
        work.insert_many(earning, rows)
    paid_now = sum(int(str(row["paid"])) for row in rows)
    owed_now = sum(int(str(row["unpaid"])) for row in rows)
    for entry in (posting.earned(paid=paid_now), posting.owed(unpaid=owed_now)):
        if entry.lines:
            ledger.post(work, entry, day=month.last)
    return Money(paid_now, work.currency), Money(owed_now, work.currency)


def _earnings(work: Work, month: Month, progress: Progress) -> Iterator[dict[str, object]]:
    """Yield what the run has to book, a row for each household and due that moved."""
    booked = queries.earned_by_due(work.connection, month)
    days: dict[HouseholdId, set[date]] = {}
    for household_id, first_day in booked:
        days.setdefault(household_id, set()).add(first_day)
    facts = dict(queries.each_facts(work.connection))
    for done, (household_id, known) in enumerate(facts.items()):
        if done % 200 == 0:
            progress.step(done, len(facts), Text(N_("Reckoning what was earned")))
        earned = rules.earned_to_date(known, month.last)
        for first_day in sorted(set(earned) | days.get(household_id, set())):
            now = earned.get(first_day, (0, 0))
            had = booked.get((household_id, first_day), (0, 0))
            if now != had:
                yield _earning_row(work, month, household_id, first_day, now, had)


def _earning_row(
    work: Work,
    month: Month,
    household_id: HouseholdId,
    first_day: date,
    now: tuple[int, int],
    had: tuple[int, int],
) -> dict[str, object]:
    return {
        "id": work.new_id(),
        "month": str(month),
        "household_id": household_id,
        "due_first_day": first_day,
        "paid": now[0] - had[0],
        "unpaid": now[1] - had[1],
    }
