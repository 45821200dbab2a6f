"""What of the book a register is compared with, and the mappings kept on this laptop."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from stepdesk.countries import country
from stepdesk.exchange.registers.guessing import Saved
from stepdesk.exchange.registers.mapping import saved_of
from stepdesk.exchange.registers.terms import Held, Known, name_key
from stepdesk.exchange.registers.words import fold
from stepdesk.members.terms import Birth, BirthKnown, Sex
from stepdesk.scheme.queries import scheme_on, sections_on
from stepdesk.store.reading import fetch
from stepdesk.values.digits import HouseholdNumber
from stepdesk.values.ids import HouseholdId, PersonId

_PERSONS = (
    "SELECT p.id, p.surname, p.given_names, p.sex, p.birth, p.birth_known, p.legacy_number,"
    " p.occupation, p.birth_place, p.identity, h.id AS household_id, h.serial, h.phone,"
    " h.legacy_number AS home, s.code, h.member_person_id = p.id AS member"
    " FROM person p JOIN cover c ON c.person_id = p.id JOIN household h ON h.id = c.household_id"
    " JOIN section s ON s.id = h.section_id WHERE p.deceased_on IS NULL"
    " AND (c.until IS NULL OR c.until > c.first_day) ORDER BY c.id"
)
_ROWS = (
    "SELECT i.row_key, i.household_id, i.person_id FROM import_row i"
    " JOIN import_batch b ON b.id = i.batch_id WHERE b.undone_on IS NULL ORDER BY i.id"
)
_MAPPINGS = "SELECT header, content FROM import_mapping"
WHO = 12
"""How many bytes of a row's key name whose row it is; the rest is what it told."""


def known_of(connection: Connection, today: date) -> Known:
    """Return what the book holds that a register is compared with."""
    numbers: dict[str, HouseholdId] = {}
    heads: dict[str, HouseholdId | None] = {}
    people: dict[tuple[str, Sex], list[Held]] = {}
    persons: dict[bytes, Held] = {}
    for row in fetch(connection, _PERSONS):
        home = HouseholdId(row.household_id)
        number = HouseholdNumber(row.code, row.serial)
        held = _held(row, number)
        persons[row.id] = held
        key = name_key(f"{row.surname} {row.given_names}")
        people.setdefault((key, held.sex), []).append(held)
        if row.member:
            heads[key] = None if key in heads and heads[key] != home else home
            for told in (row.home, str(number), number.digits, str(row.serial)):
                if told:
                    numbers.setdefault(fold(told), home)
    rows = {
        row.row_key[:WHO]: (row.row_key[WHO:], HouseholdId(row.household_id), row.person_id or b"")
        for row in fetch(connection, _ROWS)
    }
    sections = tuple(one.name for one in sections_on(connection, today))
    pack = country(scheme_on(connection, today).country)
    return Known(pack, today, sections, numbers, heads, rows, people, persons)


def _held(row: Any, number: HouseholdNumber) -> Held:  # noqa: ANN401
    return Held(
        PersonId(row.id),
        row.surname,
        row.given_names,
        Sex(row.sex),
        Birth(date.fromisoformat(row.birth), BirthKnown(row.birth_known)),
        str(number),
        row.phone,
        row.legacy_number,
        row.occupation or "",
        row.birth_place or "",
        row.identity or "",
    )


def saved_mappings(connection: Connection) -> Saved:
    """Return what was chosen for headers seen before, on this laptop."""
    found: dict[bytes, Mapping[str, object]] = {}
    for row in connection.execute(text(_MAPPINGS)):
        found[row.header] = saved_of(row.content)
    return found  # type: ignore[return-value]
