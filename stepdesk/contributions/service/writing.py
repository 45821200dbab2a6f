"""Rows that receipts and reversals write alike."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from stepdesk.contributions import queries, rules
from stepdesk.contributions.model import (
    allocation,
    due,
    earning,
    payment,
)
from stepdesk.contributions.service.keeping import forget_kept
from stepdesk.contributions.terms import (
    KEPT_DUE,
    AccountFacts,
    Allotment,
    Due,
    DueKind,
    Means,
    Part,
    Target,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.ledger.terms import Place, Posting, Ways
from stepdesk.store.work import Work
from stepdesk.values.digits import receipt_number
from stepdesk.values.ids import (
    BoxId,
    DueId,
    HouseholdId,
    PaymentId,
    SessionId,
    StaffId,
)
from stepdesk.values.month import Month

BOX_OF: Mapping[Means, str] = {
    Means.CASH: "cash_main",
    Means.BANK: "bank",
    Means.MFI: "mfi",
    Means.MOBILE: "momo",
    Means.IN_KIND: "produce_stock",
}
"""What role holds what came in by each means."""
_SERIAL = (
    "SELECT coalesce(max(serial), 0) + 1 FROM payment WHERE year = :year AND letter = :letter"
)
_PERIOD = (
    "SELECT id FROM due WHERE household_id = :household AND first_day = :first_day"
    " AND kind IS NULL ORDER BY id DESC LIMIT 1"
)
_KEPT_PERIOD = (
    "SELECT id FROM due WHERE household_id = :household AND first_day = :first_day"
    " AND kind IS NULL AND amount = :amount AND discount IS NULL AND told_on IS :told_on"
    " ORDER BY id LIMIT 1"
)
# What was asked beside a period and given back may be paid again: it is the same row.
_BESIDE = (
    "SELECT id FROM due WHERE household_id = :household AND kind = :kind"
    " AND first_day = :first_day AND told_on IS :told_on AND amount = :amount"
    " ORDER BY id DESC LIMIT 1"
)
_LAST = (
    "SELECT id FROM payment WHERE household_id = :household ORDER BY paid_on DESC, id DESC LIMIT 1"
)
SESSION = (
    "SELECT s.id, c.id AS counted, s.box_id, coalesce(s.collector_id, s.opened_by) AS carrier FROM collection_session s"
    " LEFT JOIN session_count c ON c.session_id = s.id WHERE s.id = :session"
)
TOO_MUCH = Text(N_("No amount is that large. Take away the zeros that are too many."))


def check_session(work: Work, session_id: SessionId | None) -> StaffId | None:
    """Return who carries what an open session collects, None without a session."""
    if session_id is None:
        return None
    row = work.row(SESSION, session=session_id)
    if row is None or row.counted is not None:
        raise Refusal(
            Text(N_("This collection session is closed. Open a new one.")), field="session"
        )
    return StaffId(row.carrier)


def place_of(work: Work, box_id: BoxId | None, role: str = "cash_main") -> Place:
    """Return where money lies: in the named box, or in the one of its kind.

    Raises:
        Refusal: no such box, or it was ended.
    """
    if box_id is None:
        return Place(role)
    rows = work.rows("SELECT kind FROM cash_box WHERE id = :id", id=box_id)
    return ledger.check_place(work, Place(rows[0].kind if rows else "", box_id), work.today).place


def write_parts(
    work: Work,
    household_id: HouseholdId,
    payment_id: PaymentId,
    allotment: Allotment,
    *,
    spent_on: date | None = None,
) -> None:
    """Write down where a payment goes; or, on `spent_on`, what credit of it paid by itself."""
    made: dict[Due, DueId | None] = {}
    if spent_on is not None:
        forget_kept(work, household_id)
    for part in _in_rows(work, household_id, allotment.parts):
        if part.due is not None and part.due not in made:
            made[part.due] = _row_of(work, household_id, part.due)
        told: dict[str, object] = {} if spent_on is None else {"spent_on": spent_on}
        work.insert(
            allocation,
            id=work.new_id(),
            payment_id=payment_id,
            target=part.target,
            due_id=None if part.due is None else made[part.due],
            amount=part.amount,
            **told,
        )


def _in_rows(work: Work, household_id: HouseholdId, parts: Iterable[Part]) -> Iterator[Part]:
    """Yield parts so that no adjustment's row comes to hold more than it asks, or gives back.

    Each is asked for when those before it are written.
    """
    for part in parts:
        called = part.due
        if part.target is not Target.ADJUSTMENT or called is None or called.id is not None:
            yield part
            continue
        asked = queries.held_beside(work.connection, household_id, called.first_day)
        moved, left = rules.put_beside(asked, called, part.amount)
        for held, amount in moved:
            yield Part(part.target, amount, held)
        while left:
            most = called.amount if called.amount * left > 0 else left
            amount = min(left, most) if left > 0 else max(left, most)
            one = replace(called, amount=most)
            yield Part(part.target, amount, replace(one, id=_beside(work, household_id, one)))
            left -= amount


def _row_of(work: Work, household_id: HouseholdId, called: Due) -> DueId | None:
    """Return the row of a due, or of what is asked beside it for the same period."""
    if called.kind is DueKind.PERIOD or called.id is not None:
        return frozen(work, household_id, called)
    known = work.row(
        _BESIDE,
        household=household_id,
        kind=called.kind.value,
        first_day=called.first_day.isoformat(),
        told_on=None if called.told_on is None else called.told_on.isoformat(),
        amount=called.amount,
    )
    return DueId(known.id) if known is not None else _beside(work, household_id, called)


def _beside(work: Work, household_id: HouseholdId, called: Due) -> DueId:
    """Write down what is asked beside a period, on a row of its own."""
    row = work.row(_PERIOD, household=household_id, first_day=called.first_day.isoformat())
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
        kind=called.kind,
        adjusts=None if row is None else row.id,
        told_on=called.told_on,
    )
    return due_id


def write_turns(
    work: Work, household_id: HouseholdId, facts: AccountFacts, day: date
) -> AccountFacts:
    """Write down what a household's credit paid by itself up to a day; return the facts with it.

    It belongs to the household's last receipt, whose money it is, and stands on no receipt. What
    was a fee becomes income (P01). Source: docs/decisions/0032.
    """
    turns = rules.turned(facts, day)
    if not turns:
        return facts
    payment_id = work.rows(_LAST, household=household_id)[0].id
    for turn in turns:
        parts = Allotment(turn.parts, None)
        write_parts(work, household_id, payment_id, parts, spent_on=turn.day)
    book_fees(work, fees_of(part for turn in turns for part in turn.parts))
    return queries.facts_of(work.connection, household_id)


FEE_ROLES: Mapping[Target, str] = {
    Target.ENTRY_FEE: "entry_fee",
    Target.ASSEMBLY_FEE: "entry_fee",
    Target.CARD_FEE: "card_sales",
    Target.PENALTY: "penalty",
}
"""The account of each fee. Source: domain handbook 3.2."""


def fees_of(parts: Iterable[Part]) -> dict[str, int]:
    """Return what fees these parts pay, by account."""
    found: dict[str, int] = {}
    for part in parts:
        role = FEE_ROLES.get(part.target)
        if role is not None:
            found[role] = found.get(role, 0) + part.amount
    return found


def book_fees(work: Work, fees: Mapping[str, int], reason: str = "") -> None:
    """Book the fees that are paid from money kept in advance (P01); below zero they are given back."""
    for role, amount in sorted(fees.items()):
        if amount:
            entry = posting.fee_from_credit(amount=amount, role=role)
            ledger.post(work, entry, day=ledger.booking_day(work, work.today), reason=reason)


def frozen(work: Work, household_id: HouseholdId, called: Due | None) -> DueId | None:
    """Return the row of a due, writing it down when money touches it for the first time.

    Of one that was kept at a closing the id is not known: it is looked up.
    """
    if called is None:
        return None
    if called.id == KEPT_DUE:
        return _kept_row(work, household_id, called)
    if called.id is not None:
        return called.id
    due_id = DueId(work.new_id())
    less = {"discount": called.discount} if called.discount else {}
    less |= {"fees_discount": called.fees_discount} if called.fees_discount else {}
    work.insert(
        due,
        id=due_id,
        household_id=household_id,
        first_day=called.first_day,
        until=called.until,
        due_on=called.due_on,
        amount=called.amount,
        plan_version_id=called.plan_version_id,
        payer_amount=called.payer_amount or None,
        **less,
        **({"told_on": called.told_on} if called.told_on else {}),
    )
    return due_id


def _kept_row(work: Work, household_id: HouseholdId, called: Due) -> DueId:
    row = work.row(
        _KEPT_PERIOD,
        household=household_id,
        first_day=called.first_day.isoformat(),
        amount=called.amount,
        told_on=None if called.told_on is None else called.told_on.isoformat(),
    )
    if row is None:
        raise LookupError("a due that is kept has no row")
    return DueId(row.id)


def receipt_entry(
    allotment: Allotment,
    owed: int,
    *,
    into: Place,
    ways: Ways,
    party: StaffId | None = None,
) -> Posting:
    fees = fees_of(allotment.parts)
    return posting.receipt(
        into=into.role,
        entry_fee=fees.get("entry_fee", 0),
        receivable=owed,
        advance=allotment.total - sum(fees.values()) - owed,
        card_fee=fees.get("card_sales", 0),
        penalty=fees.get("penalty", 0),
        ways=ways,
        box=into.box,
        party=party,
    )


def note_earning(
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


def clearings(
    work: Work, household_id: HouseholdId, parts: tuple[Part, ...]
) -> Iterator[tuple[date, int]]:
    """Yield what was booked as owed for the dues these parts pay (P06)."""
    paid = [
        (part.due.first_day, part.amount)
        for part in parts
        if part.target is Target.DUE and part.due is not None and part.amount > 0
    ]
    if not paid:
        return
    since = min(first_day for first_day, _ in paid)
    owed = queries.receivable_by_due(work.connection, household_id, since=since)
    for first_day, part in paid:
        amount = min(owed.get(first_day, 0), part)
        if amount > 0:
            yield first_day, amount


def write_payment(work: Work, payment_id: PaymentId, **told: object) -> str:
    """Write a payment with the next serial of its series; return its receipt's number."""
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
    return receipt_number(year, letter, serial)
