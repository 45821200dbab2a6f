"""Printed collection sheets: the same households in the same order, found by the sheet's number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.engine import Connection

from stepdesk.contributions import rules
from stepdesk.contributions.queries.facts import each_facts, facts_of
from stepdesk.contributions.queries.receipts import number
from stepdesk.contributions.terms import CollectionSheet, SheetLine
from stepdesk.members.queries import household_ids, household_rows, photos
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Desk
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import document_number, document_parts
from stepdesk.values.ids import HouseholdId, SectionId, SheetId
from stepdesk.values.money import Currency, Money

SHEET = "F"
"""The letter of a sheet's number, F-2026-A-000012."""

_ONE = "SELECT * FROM collection_sheet WHERE id = :id"
_BY_NUMBER = (
    "SELECT id FROM collection_sheet WHERE year = :year AND letter = :letter AND serial = :serial"
)
_LINES = (
    "SELECT l.place, l.household_id, m.photo FROM collection_sheet_line l"
    " JOIN household h ON h.id = l.household_id JOIN person m ON m.id = h.member_person_id"
    " WHERE l.sheet_id = :id ORDER BY l.place"
)
_ENTERED = (
    "SELECT e.place, p.letter, p.year, p.serial, p.legacy_number FROM sheet_entry e"
    " JOIN payment p ON p.id = e.payment_id WHERE e.sheet_id = :id"
    " AND NOT EXISTS (SELECT 1 FROM payment r WHERE r.reverses = p.id) ORDER BY e.place, e.id"
)
_SHEETS = "SELECT id FROM collection_sheet ORDER BY id DESC LIMIT :limit"


def sheet_by_number(connection: Connection, told: str) -> SheetId | None:
    """Return the sheet of a number such as F-2026-A-000012, typed or scanned."""
    parts = document_parts(SHEET, told)
    if parts is None:
        return None
    year, letter, serial = parts
    row = fetch_one(connection, _BY_NUMBER, year=year, letter=letter, serial=serial)
    return None if row is None else SheetId(row.id)


def latest_sheets(connection: Connection, *, limit: int = 50) -> tuple[SheetId, ...]:
    """Return the sheets printed last, the newest first."""
    return tuple(SheetId(row.id) for row in fetch(connection, _SHEETS, limit=limit))


def sheet_lines(
    connection: Connection, sheet_id: SheetId, day: date, currency: Currency
) -> CollectionSheet:
    """Return a sheet with its households in the order printed, as they stand on a day.

    Raises:
        LookupError: when there is no such sheet.
    """
    row = fetch_one(connection, _ONE, id=sheet_id)
    if row is None:
        raise LookupError("no such sheet")
    scheme = scheme_on(connection, day)
    return CollectionSheet(
        id=sheet_id,
        number=document_number(SHEET, row.year, row.letter, row.serial),
        title=row.title,
        printed_on=date.fromisoformat(row.printed_on),
        day=day,
        lines=tuple(_lines(connection, sheet_id, day, currency)),
        scheme=scheme.name,
        practice=scheme.practice,
    )


def entered_of(connection: Connection, sheet_id: SheetId) -> Mapping[int, tuple[str, ...]]:
    """Return the numbers of the receipts typed in from each line, cancelled ones left out."""
    found: dict[int, tuple[str, ...]] = {}
    for row in fetch(connection, _ENTERED, id=sheet_id):
        told = number(row.letter, row.year, row.serial, row.legacy_number)
        found[row.place] = (*found.get(row.place, ()), told)
    return found


def _lines(
    connection: Connection, sheet_id: SheetId, day: date, currency: Currency
) -> Iterable[SheetLine]:
    placed = fetch(connection, _LINES, id=sheet_id)
    entered = entered_of(connection, sheet_id)
    ids = [HouseholdId(row.household_id) for row in placed]
    told = {row.id: row for row in household_rows(connection, ids, day)}
    for row in placed:
        household = told[HouseholdId(row.household_id)]
        facts = facts_of(connection, household.id)
        account = rules.account_on(facts, day)
        due = account.to_pay or rules.amount_to_reach(facts, paid_on=day, periods=1)
        yield SheetLine(
            place=row.place,
            household_id=household.id,
            number=str(household.number),
            name=household.member_name,
            section=household.section,
            beneficiaries=household.beneficiaries,
            due=Money(due, currency),
            late=Money(account.arrears, currency),
            covered_through=account.covered_through,
            entered=entered.get(row.place, ()),
            face=row.photo,
        )


def pictured_sheet(desk: Desk, sheet: CollectionSheet) -> CollectionSheet:
    """Return a sheet with the members' photos, where there are some.

    Raises:
        Trouble: the photos cannot be read at all.
    """
    found = photos(desk, {line.face for line in sheet.lines if line.face is not None})
    lines = (replace(line, photo=found.get(line.face or b"")) for line in sheet.lines)
    return replace(sheet, lines=tuple(lines))


def walked_ids(
    connection: Connection, day: date, *, section_id: SectionId | None = None
) -> Sequence[HouseholdId]:
    """Return the households a collector visits, in walking order: by section, then by number.

    Memberships that ended by that day are left out.
    """
    stay = {
        one
        for one, facts in each_facts(connection, section_id=section_id)
        if rules.ended_on(facts, day) is None
    }
    ordered = household_ids(connection, order="section", section_id=section_id)
    return [one for one in ordered if one in stay]
