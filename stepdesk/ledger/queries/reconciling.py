"""Statements of banks and telephones beside the books: what is in both, what in one alone (D18)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.countries.pack import CountryPack
from stepdesk.ledger import rules
from stepdesk.ledger.queries.balances import entry_number
from stepdesk.ledger.queries.boxes import box_at, held_on
from stepdesk.ledger.terms import BoxEntry, Place, Reconciliation, StatementLine, Together
from stepdesk.store.reading import fetch
from stepdesk.values.ids import EntryId, StatementGroupId, StatementLineId
from stepdesk.values.money import Currency, Money

_LINES = (
    "SELECT l.id, l.day, l.amount, l.reference, l.label, l.balance, m.entry_id, m.group_id,"
    " e.day AS entry_day FROM statement_line l JOIN box_statement s ON s.id = l.statement_id"
    " LEFT JOIN statement_match m ON m.id = (SELECT n.id FROM statement_match n"
    " WHERE n.line_id = l.id ORDER BY n.id DESC LIMIT 1) LEFT JOIN entry e ON e.id = m.entry_id"
    " WHERE s.box = :role AND s.box_id IS :box ORDER BY l.day, s.id, l.place"
)
_GROUPS = (
    "SELECT g.id, g.difference, g.reason, x.entry_id, e.day FROM statement_group g"
    " JOIN statement_group_entry x ON x.group_id = g.id JOIN entry e ON e.id = x.entry_id"
    " WHERE g.box = :role AND g.box_id IS :box ORDER BY g.id, x.id"
)
_ENTRIES = (
    "SELECT e.id, e.journal, e.month, e.letter, e.serial, e.day, sum(l.amount) AS amount,"
    " coalesce(p.reference, v.piece, w.piece, '') AS reference,"
    " coalesce(nullif(v.label, ''), nullif(w.label, ''), e.reason) AS said, coalesce(e.reverses,"
    " (SELECT r.id FROM entry r WHERE r.reverses = e.id)) AS other"
    " FROM entry e JOIN entry_line l ON l.entry_id = e.id"
    " LEFT JOIN voucher v ON v.entry_id = e.id LEFT JOIN voucher w ON w.other_entry_id = e.id"
    " LEFT JOIN payment p ON p.entry_id = e.id"
    " WHERE l.role = :role AND l.box_id IS :box AND e.journal <> 'AN'"
    " AND e.day >= :first AND e.day <= :last GROUP BY e.id ORDER BY e.day, e.id"
)


def statement_lines(
    connection: Connection, place: Place, currency: Currency
) -> tuple[StatementLine, ...]:
    """Return the lines of all statements of a box, the oldest first."""
    rows = fetch(connection, _LINES, role=place.role, box=place.box)
    return tuple(_line(row, currency) for row in rows)


def _line(row: Any, currency: Currency) -> StatementLine:
    return StatementLine(
        StatementLineId(row.id),
        date.fromisoformat(row.day),
        Money(row.amount, currency),
        row.reference,
        row.label,
        None if row.balance is None else Money(row.balance, currency),
        None if row.entry_id is None else EntryId(row.entry_id),
        None if row.entry_day is None else date.fromisoformat(row.entry_day),
        None if row.group_id is None else StatementGroupId(row.group_id),
    )


def groups_of(
    connection: Connection, place: Place, lines: Sequence[StatementLine]
) -> tuple[Together, ...]:
    """Return what stands together of these lines of a box; what was taken apart is left out."""
    told: dict[StatementGroupId, list[StatementLine]] = {}
    for one in lines:
        if one.group_id is not None:
            told.setdefault(one.group_id, []).append(one)
    rows: dict[StatementGroupId, list[Any]] = {}
    for row in fetch(connection, _GROUPS, role=place.role, box=place.box) if told else ():
        rows.setdefault(StatementGroupId(row.id), []).append(row)
    return tuple(_together(one, tuple(told[one]), rows[one]) for one in told)


def _together(
    group_id: StatementGroupId, lines: tuple[StatementLine, ...], rows: Sequence[Any]
) -> Together:
    currency = lines[0].amount.currency
    days = [one.day for one in lines] + [date.fromisoformat(row.day) for row in rows]
    return Together(
        group_id,
        lines,
        tuple(EntryId(row.entry_id) for row in rows),
        max(days),
        Money(sum(one.amount.minor for one in lines), currency),
        Money(rows[0].difference, currency),
        rows[0].reason or "",
    )


def box_entries(
    connection: Connection, place: Place, currency: Currency, first: date, last: date
) -> tuple[BoxEntry, ...]:
    """Return what each entry moved in a box, both days included; the opening is none."""
    rows = fetch(
        connection,
        _ENTRIES,
        role=place.role,
        box=place.box,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return tuple(_entry(row, currency) for row in rows if row.amount)


def _entry(row: Any, currency: Currency) -> BoxEntry:
    return BoxEntry(
        EntryId(row.id),
        entry_number(row.journal, row.month, row.letter, row.serial),
        date.fromisoformat(row.day),
        Money(row.amount, currency),
        row.reference,
        row.said or "",
        None if row.other is None else EntryId(row.other),
    )


def reconciliation(
    connection: Connection,
    country: CountryPack,
    place: Place,
    day: date,
    *,
    stated: Money | None = None,
    language: str = "en",
) -> Reconciliation:
    """Return how a box and its statements stand on the evening of a day (D18).

    What was booked before the first line of the first statement is taken as agreed.

    Args:
        connection: A reader's.
        country: Whose accounts name the box.
        place: The box.
        day: The day.
        stated: What the statement says is there, where its lines do not tell a balance.
        language: Of the box's name.

    Raises:
        LookupError: when there is no such box.
    """
    box = box_at(connection, country, place, language)
    if box is None:
        raise LookupError("no such box")
    currency = country.currency
    every = statement_lines(connection, place, currency)
    lines = [one for one in every if one.day <= day]
    begun = lines[0].day if lines else day + timedelta(days=1)
    apart = timedelta(days=rules.DAYS_APART)
    entries = box_entries(connection, place, currency, begun - apart, day)
    groups = groups_of(connection, place, every)
    # What is one movement counts from the day on which all of it is there.
    whole = {one.id: one for one in groups if one.last_day <= day}
    held = {entry for one in groups for entry in one.entries}
    matched = {one.entry_id for one in lines if one.entry_id and one.group_id is None}
    matched |= {entry for one in whole.values() for entry in one.entries}
    open_lines = tuple(one for one in lines if _is_open(one, day, whole))
    free = {one.entry_id: one for one in entries if one.entry_id not in matched}
    # What was booked and taken back before the bank saw it is nothing to look for.
    standing = tuple(one for one in free.values() if one.other not in free)
    open_only = [one for one in open_lines if one.entry_id is None]
    proposed = rules.proposals(open_only, [one for one in standing if one.entry_id not in held])
    near = {one.entry.entry_id for one in proposed}
    return Reconciliation(
        box,
        day,
        stated if stated is not None else _balance(lines),
        Money(held_on(connection, place, day), currency),
        len(lines) - len(open_lines),
        proposed,
        tuple(one for one in standing if one.day >= begun or one.entry_id in near),
        open_lines,
        tuple(whole.values()),
    )


def _is_open(line: StatementLine, day: date, whole: Mapping[StatementGroupId, Together]) -> bool:
    if line.group_id is not None:
        return line.group_id not in whole
    return line.entry_day is None or line.entry_day > day


def _balance(lines: list[StatementLine]) -> Money | None:
    return next((one.balance for one in reversed(lines) if one.balance is not None), None)
