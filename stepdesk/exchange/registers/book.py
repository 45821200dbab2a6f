"""What of the book a register is compared with, and the mappings kept on this laptop."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from stepdesk.contributions.queries import plans
from stepdesk.countries import country
from stepdesk.exchange.registers.guessing import Saved
from stepdesk.exchange.registers.lookalikes import Lookalikes
from stepdesk.exchange.registers.mapping import saved_of
from stepdesk.exchange.registers.terms import Held, HeldHome, Known, name_key
from stepdesk.exchange.registers.words import fold
from stepdesk.members.terms import Birth, BirthKnown, Sex
from stepdesk.scheme.queries import scheme_on, sections_on
from stepdesk.store.reading import fetch
from stepdesk.values.digits import HouseholdNumber
from stepdesk.values.ids import HouseholdId, PersonId
from stepdesk.values.phones import searched_phones

_PERSONS = (
    "SELECT p.id, p.surname, p.given_names, p.sex, p.birth, p.birth_known, p.legacy_number,"
    " p.occupation, p.birth_place, p.identity, h.id AS household_id, h.serial, h.phone,"
    " h.legacy_number AS home, h.address, s.id AS section_id, s.code,"
    " h.member_person_id = p.id AS member, c.until"
    " FROM person p JOIN cover c ON c.person_id = p.id JOIN household h ON h.id = c.household_id"
    " JOIN section s ON s.id = h.section_id WHERE p.deceased_on IS NULL"
    " AND (c.until IS NULL OR c.until > c.first_day) ORDER BY c.id"
)
_ROWS = (
    "SELECT i.row_key, i.household_id, i.person_id FROM import_row i"
    " JOIN import_batch b ON b.id = i.batch_id WHERE b.undone_on IS NULL ORDER BY i.id"
)
_GROUPED = (
    "SELECT m.household_id, g.name FROM group_membership m JOIN member_group g"
    " ON g.id = m.group_id WHERE m.until IS NULL"
)
_GROUPS = "SELECT name, code FROM member_group WHERE ended_on IS NULL ORDER BY id DESC"
_MAPPINGS = "SELECT header, content FROM import_mapping"
WHO = 12
"""How many bytes of a row's key name whose row it is; the rest is what it told."""


def known_of(connection: Connection, today: date) -> Known:
    """Return what the book holds that a register is compared with."""
    numbers: dict[str, HouseholdId] = {}
    heads: dict[str, HouseholdId | None] = {}
    persons: dict[bytes, Held] = {}
    homes = _Homes(connection, today)
    for row in fetch(connection, _PERSONS):
        home = HouseholdId(row.household_id)
        number = HouseholdNumber(row.code, row.serial)
        key = name_key(f"{row.surname} {row.given_names}")
        homes.add(row, number, key)
        persons[row.id] = homes.held(row, number)
        if row.member:
            heads[key] = None if key in heads and heads[key] != home else home
            for told in (row.home, str(number), number.digits, str(row.serial)):
                if told:
                    numbers.setdefault(fold(told), home)
    rows = {
        row.row_key[:WHO]: (row.row_key[WHO:], HouseholdId(row.household_id), row.person_id or b"")
        for row in fetch(connection, _ROWS)
    }
    return Known(
        homes.country,
        today,
        tuple(homes.sections.values()),
        numbers,
        heads,
        rows,
        persons,
        homes.known(),
        _groups(connection),
        plans(connection),
        Lookalikes(tuple(persons.values())),
    )


def _groups(connection: Connection) -> Mapping[str, str]:
    found = {}
    for row in fetch(connection, _GROUPS):
        found[fold(row.code)] = row.name
    for row in fetch(connection, _GROUPS):
        found[fold(row.name)] = row.name
    return found


class _Homes:
    """The households as their people are read."""

    def __init__(self, connection: Connection, today: date) -> None:
        self.today = today.isoformat()
        self.country = country(scheme_on(connection, today).country)
        self.sections = {one.id: one.name for one in sections_on(connection, today)}
        self.groups = {row.household_id: row.name for row in fetch(connection, _GROUPED)}
        self.rows: dict[HouseholdId, Any] = {}
        self.names: dict[HouseholdId, set[str]] = {}
        self.lives: set[HouseholdId] = set()
        self.members: dict[HouseholdId, PersonId] = {}
        self.phones: dict[str, frozenset[str]] = {"": frozenset()}

    def add(self, row: Any, number: HouseholdNumber, key: str) -> None:  # noqa: ANN401
        home = HouseholdId(row.household_id)
        if home not in self.names:
            self.rows[home], self.names[home] = (row, number), set()
        self.names[home].add(key)
        if row.member:
            self.members[home] = PersonId(row.id)
        if row.until is None or row.until > self.today:
            self.lives.add(home)

    def known(self) -> dict[HouseholdId, HeldHome]:
        return {
            home: HeldHome(
                home,
                str(number),
                frozenset(self.names[home]),
                self.sections.get(row.section_id, ""),
                row.phone,
                row.address,
                self.groups.get(home, ""),
                home not in self.lives,
                self.members.get(home),
            )
            for home, (row, number) in self.rows.items()
        }

    def _phones(self, told: str) -> frozenset[str]:
        found = self.phones.get(told)
        if found is None:
            found = self.phones[told] = frozenset(searched_phones(told, self.country.phones))
        return found

    def held(self, row: Any, number: HouseholdNumber) -> Held:  # noqa: ANN401
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
            HouseholdId(row.household_id),
            self.sections.get(row.section_id, ""),
            self._phones(row.phone),
        )


def saved_mappings(connection: Connection) -> Saved:
    """Return what was chosen for headers seen before, on this laptop."""
    found: dict[bytes, Mapping[str, object]] = {}
    for row in connection.execute(text(_MAPPINGS)):
        found[row.header] = saved_of(row.content)
    return found  # type: ignore[return-value]
