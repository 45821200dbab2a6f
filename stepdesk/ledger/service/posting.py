"""Entries are booked and taken back; which day and which accounts they go to."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules
from stepdesk.ledger.model import LAST_CLOSED, entry, entry_line
from stepdesk.ledger.queries import entry_of
from stepdesk.ledger.terms import Activity, Basis, FeeTreatment, Place, Posting, Ways
from stepdesk.store.memory import remembered
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.store.work import Work
from stepdesk.values.ids import EntryId, StaffId
from stepdesk.values.month import Month

_SERIAL = (
    "SELECT coalesce(max(serial), 0) + 1 FROM entry"
    " WHERE journal = :journal AND month = :month AND letter = :letter"
)
_LAST_CLOSED = f"SELECT {LAST_CLOSED} AS month"
_MONEY_RULES = (
    "SELECT first_day, basis, entry_fee_treatment FROM money_settings"
    " ORDER BY first_day DESC, id DESC"
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
    return _booked_on(work, day, _last_closed(work))


def booking(work: Work, day: date) -> tuple[date, Ways]:
    """Return the day a receipt is booked on, and the accounts it goes to by the money rules."""
    on = _booked_on(work, day, _last_closed(work))
    told = day.isoformat()
    for row in remembered(work.connection, ("money_settings",), _money_rules):
        if row.first_day <= told:
            return on, rules.ways(FeeTreatment(row.entry_fee_treatment), Basis(row.basis))
    return on, Ways()


def _money_rules(connection: Connection) -> tuple[Any, ...]:
    """Return the versions of the money rules, the latest first."""
    return tuple(fetch(connection, _MONEY_RULES))


def _last_closed(work: Work) -> str | None:
    return remembered(work.connection, ("closing", "reopening"), _last_closed_in)


def _last_closed_in(connection: Connection) -> str | None:
    closed: str | None = fetch_one(connection, _LAST_CLOSED).month
    return closed


def _booked_on(work: Work, day: date, closed: str | None) -> date:
    if closed is None or day.isoformat()[:7] > closed:
        return day
    return max(work.today, Month.parse(closed).plus(1).first)


def first_open_day(work: Work) -> date:
    """Return the day behind the last closed month; the earliest day there is when none is."""
    closed = _last_closed(work)
    return date.min if closed is None else Month.parse(closed).plus(1).first


def is_closed(work: Work, day: date) -> bool:
    closed = _last_closed(work)
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
