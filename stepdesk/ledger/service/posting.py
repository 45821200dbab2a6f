"""Entries are booked and taken back; which day and which accounts they go to."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules
from stepdesk.ledger.model import LAST_CLOSED, entry, entry_line
from stepdesk.ledger.queries import entry_of
from stepdesk.ledger.terms import Activity, Basis, FeeTreatment, Place, Posting, Ways
from stepdesk.store.work import Work
from stepdesk.values.ids import EntryId, StaffId
from stepdesk.values.month import Month

_SERIAL = (
    "SELECT coalesce(max(serial), 0) + 1 FROM entry"
    " WHERE journal = :journal AND month = :month AND letter = :letter"
)
_LAST_CLOSED = f"SELECT {LAST_CLOSED} AS month"
_BOOKING = (
    f"SELECT {LAST_CLOSED} AS closed, m.basis, m.entry_fee_treatment FROM (SELECT 1)"  # noqa: S608
    " LEFT JOIN (SELECT basis, entry_fee_treatment FROM money_settings WHERE first_day <= :day"
    " ORDER BY first_day DESC, id DESC LIMIT 1) m"
)


def post(
    work: Work,
    posting: Posting,
    *,
    day: date,
    reason: str = "",
    reverses: EntryId | None = None,
    activity: Activity = Activity.HEALTH,
    label: str | None = None,
    second_person: StaffId | None = None,
) -> EntryId:
    """Book an entry on a day of an open month.

    Only the verb of a document calls this, and only its own verb takes the entry back.

    Raises:
        ValueError: when debits and credits differ: a bug, never a person's mistake.
        Refusal: when the month is closed.
    """
    if not rules.balanced(posting.lines):
        raise ValueError(f"{posting.rule} does not balance")
    month = day.isoformat()[:7]
    letter = work.desk.head.device
    serial = work.rows(_SERIAL, journal=posting.journal.value, month=month, letter=letter)[0][0]
    entry_id = EntryId(work.new_id())
    work.insert(
        entry,
        id=entry_id,
        journal=posting.journal,
        month=month,
        serial=serial,
        letter=letter,
        day=day,
        rule=posting.rule,
        activity=activity,
        reverses=reverses,
        reason=reason,
        label=label,
        second_person=second_person,
    )
    for line in posting.lines:
        work.insert(
            entry_line,
            id=work.new_id(),
            entry_id=entry_id,
            role=line.role,
            amount=line.amount,
            box_id=line.box,
            party=line.party,
        )
    return entry_id


def reverse(
    work: Work,
    entry_id: EntryId,
    *,
    reason: str,
    moved: Mapping[str, Place] | None = None,
) -> EntryId:
    """Book the mirror of an entry in the open month (P30), linked and with a reason.

    Args:
        work: The work.
        entry_id: The entry taken back.
        reason: Why.
        moved: Where the money of a role lies by now, when it was handed over since.
    """
    original = entry_of(work.connection, entry_id)
    lines = tuple(
        replace(line, role=moved[line.role].role, box=moved[line.role].box, party=None)
        if moved and line.role in moved
        else line
        for line in original.lines
    )
    posting = rules.mirror(Posting(original.rule, original.journal, lines))
    return post(
        work,
        posting,
        day=booking_day(work, work.today),
        reason=reason,
        reverses=entry_id,
        activity=original.activity,
    )


def booking_day(work: Work, day: date) -> date:
    """Return the day a document is booked on: its own, or today when its month is closed.

    When the clock stands in a closed month too, the first day of the open month.
    """
    return _booked_on(work, day, work.rows(_LAST_CLOSED)[0].month)


def booking(work: Work, day: date) -> tuple[date, Ways]:
    """Return the day a receipt is booked on, and the accounts it goes to by the money rules."""
    row = work.rows(_BOOKING, day=day.isoformat())[0]
    on = _booked_on(work, day, row.closed)
    if row.basis is None:
        return on, Ways()
    return on, rules.ways(FeeTreatment(row.entry_fee_treatment), Basis(row.basis))


def _booked_on(work: Work, day: date, closed: str | None) -> date:
    if closed is None or day.isoformat()[:7] > closed:
        return day
    return max(work.today, Month.parse(closed).plus(1).first)


def first_open_day(work: Work) -> date:
    """Return the day behind the last closed month; the earliest day there is when none is."""
    closed = work.rows(_LAST_CLOSED)[0].month
    return date.min if closed is None else Month.parse(closed).plus(1).first


def is_closed(work: Work, day: date) -> bool:
    closed = work.rows(_LAST_CLOSED)[0].month
    return closed is not None and day.isoformat()[:7] <= closed


def check_day(work: Work, day: date) -> None:
    """Refuse a day that is ahead, or of a closed month.

    Raises:
        Refusal: beside the field `day`.
    """
    if is_closed(work, day):
        raise Refusal(
            Text(N_("{month} is closed. Date it in the open month."), {"month": Month.of(day)}),
            field="day",
        )
    if day > work.today:
        raise Refusal(
            Text(N_("{day} is still ahead. Type today or an earlier day."), {"day": day}),
            field="day",
        )
