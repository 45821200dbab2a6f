"""Finding people and households."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from stepdesk.members.terms import (
    ENDINGS,
    Birth,
    BirthKnown,
    Cover,
    Event,
    EventKind,
    HouseholdFile,
    HouseholdRow,
    PersonRow,
    Relation,
    Sex,
)
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import HouseholdNumber, serial_of
from stepdesk.values.ids import CoverId, HouseholdId, PersonId, PlanId, SectionId
from stepdesk.values.names import fold

_SECTION_NAME = (
    "(SELECT v.name FROM section_version v WHERE v.section_id = h.section_id"
    " ORDER BY v.first_day DESC, v.id DESC LIMIT 1)"
)
_PERSONS = (
    "SELECT p.id, p.surname, p.given_names, p.sex, p.birth, p.birth_known, p.deceased_on,"
    " p.legacy_number, c.id AS cover_id, c.suffix, c.relation, c.first_day, c.until,"
    f" h.id AS household_id, h.serial, s.code AS section_code, {_SECTION_NAME} AS section,"
    " m.surname AS member_surname, m.given_names AS member_given_names"
    " FROM cover c JOIN person p ON p.id = c.person_id JOIN household h ON h.id = c.household_id"
    " JOIN section s ON s.id = h.section_id JOIN person m ON m.id = h.member_person_id"
)
_OF_HOUSEHOLD = f"{_PERSONS} WHERE c.household_id = :household ORDER BY c.suffix"
_OF_PERSON = f"{_PERSONS} WHERE c.person_id = :person ORDER BY c.first_day DESC LIMIT 1"
_FOUND = (
    f"{_PERSONS} JOIN person_search f ON f.person_id = p.id"
    " JOIN (SELECT rowid FROM person_words WHERE person_words MATCH :words LIMIT :limit) w"
    " ON w.rowid = f.doc ORDER BY p.surname, p.given_names, h.serial LIMIT :limit"
)
_WITHIN = (
    f"{_PERSONS} JOIN person_search f ON f.person_id = p.id WHERE {{likes}}"
    " ORDER BY p.surname, p.given_names, h.serial LIMIT :limit"
)
_OF_SERIAL = f"{_PERSONS} WHERE h.serial = :serial ORDER BY c.suffix LIMIT :limit"
_HOUSEHOLD = (
    f"SELECT h.*, s.code AS section_code, {_SECTION_NAME} AS section,"
    " m.surname, m.given_names FROM household h JOIN section s ON s.id = h.section_id"
    " JOIN person m ON m.id = h.member_person_id WHERE h.id = :household"
)
_ENROLMENT = (
    "SELECT plan_id FROM enrolment WHERE household_id = :household"
    " ORDER BY first_day DESC, id DESC LIMIT 1"
)
_EVENTS = (
    "SELECT kind, effective_on, reason FROM membership_event WHERE household_id = :household"
    " ORDER BY effective_on, id"
)
_COVERS = (
    "SELECT c.id, c.household_id, c.person_id, c.suffix, c.relation, c.first_day, c.until,"
    " p.birth, p.birth_known, p.sex, p.deceased_on FROM cover c"
    " JOIN person p ON p.id = c.person_id WHERE c.household_id = :household ORDER BY c.suffix"
)
_ALL_COVERS = (
    "SELECT c.id, c.household_id, c.person_id, c.suffix, c.relation, c.first_day, c.until,"
    " p.birth, p.birth_known, p.sex, p.deceased_on FROM cover c"
    " JOIN person p ON p.id = c.person_id ORDER BY c.household_id, c.suffix"
)
_LIST = (
    f"SELECT h.id, h.serial, h.section_id, s.code AS section_code, {_SECTION_NAME} AS section,"
    " m.surname, m.given_names, h.joined_on, (SELECT count(*) FROM cover c"
    " WHERE c.household_id = h.id AND c.first_day <= :day AND (c.until IS NULL OR c.until > :day))"
    " AS beneficiaries FROM household h JOIN section s ON s.id = h.section_id"
    " JOIN person m ON m.id = h.member_person_id"
)
_ENDED = ",".join(sorted(f"'{kind.value}'" for kind in ENDINGS))
_COUNTS = (
    "SELECT (SELECT count(*) FROM household) - (SELECT count(DISTINCT e.household_id)"
    f" FROM membership_event e WHERE e.kind IN ({_ENDED}) AND e.effective_on <= :day"
    " AND NOT EXISTS (SELECT 1 FROM membership_event r WHERE r.household_id = e.household_id"
    " AND r.kind = 'READMITTED' AND r.effective_on <= :day"
    " AND (r.effective_on, r.id) > (e.effective_on, e.id))),"
    " (SELECT count(*) FROM cover c"
    " WHERE c.first_day <= :day AND (c.until IS NULL OR c.until > :day))"
)
ORDERS = {
    "number": "h.serial",
    "name": "m.surname, m.given_names, h.serial",
    "section": "s.code, h.serial",
}


def day_or_none(told: str | None) -> date | None:
    return None if told is None else date.fromisoformat(told)


def name_of(surname: str, given_names: str) -> str:
    return f"{surname} {given_names}".strip()


def person_row(row: Any) -> PersonRow:
    return PersonRow(
        PersonId(row.id),
        HouseholdId(row.household_id),
        HouseholdNumber(row.section_code, row.serial),
        row.suffix,
        name_of(row.surname, row.given_names),
        Sex(row.sex),
        Birth(date.fromisoformat(row.birth), BirthKnown(row.birth_known)),
        Relation(row.relation),
        row.section,
        name_of(row.member_surname, row.member_given_names),
        row.legacy_number,
    )


def cover_row(row: Any) -> Cover:
    return Cover(
        CoverId(row.id),
        HouseholdId(row.household_id),
        PersonId(row.person_id),
        row.suffix,
        Relation(row.relation),
        date.fromisoformat(row.first_day),
        day_or_none(row.until),
        Birth(date.fromisoformat(row.birth), BirthKnown(row.birth_known)),
        Sex(row.sex),
        day_or_none(row.deceased_on),
    )


def search(connection: Connection, asked: str, *, limit: int = 50) -> tuple[PersonRow, ...]:
    """Return the people a number or the parts of a name may mean, by name.

    A household number (serial alone, or whole with its check digit) gives its persons; anything
    else is looked for as beginnings of words, then within them, accents, hyphens and apostrophes folded away.
    """
    serial = serial_of(asked)
    if serial is not None:
        rows = fetch(connection, _OF_SERIAL, serial=serial, limit=limit)
        if rows:
            return tuple(person_row(row) for row in rows)
    words = re.findall(r"\w+", fold(asked))
    if not words:
        return ()
    match = " ".join(f'"{word}"*' for word in words)
    rows = fetch(connection, _FOUND, words=match, limit=limit)
    if not rows and min(map(len, words)) >= 3:
        rows = _within(connection, words, limit)
    return tuple(person_row(row) for row in rows)


def _within(connection: Connection, words: list[str], limit: int) -> list[Any]:
    """Look for words in the middle of names: Diaye finds Ndiaye."""
    likes = " AND ".join(f"f.words LIKE :w{at}" for at in range(len(words)))
    told = {f"w{at}": f"%{word}%" for at, word in enumerate(words)}
    return fetch(connection, _WITHIN.format(likes=likes), limit=limit, **told)


def household_of_number(connection: Connection, asked: str) -> HouseholdId | None:
    """Return the household a number names: its serial, its whole number, or its old number."""
    serial = serial_of(asked)
    if serial is not None:
        row = connection.execute(
            text("SELECT id FROM household WHERE serial = :serial"), {"serial": serial}
        ).first()
        if row is not None:
            return HouseholdId(row.id)
    row = connection.execute(
        text(
            "SELECT id FROM household WHERE legacy_number = :asked AND legacy_number <> ''"
            " UNION SELECT c.household_id FROM person p JOIN cover c ON c.person_id = p.id"
            " WHERE p.legacy_number = :asked AND p.legacy_number <> '' LIMIT 1"
        ),
        {"asked": asked.strip()},
    ).first()
    return None if row is None else HouseholdId(row.id)


def person_of_card(connection: Connection, asked: str) -> PersonId | None:
    """Return who is meant by what stands on a card, typed or scanned.

    `47/02` is the person of suffix 2 in household 47; the household alone is its member. A number
    of a former system and an id in hex are known too.
    """
    told = asked.strip()
    number, slash, suffix = told.partition("/")
    if not told:
        return None
    if not slash:
        row = fetch_one(
            connection,
            "SELECT id FROM person WHERE legacy_number = :asked OR hex(id) = upper(:asked)"
            " ORDER BY legacy_number = :asked DESC LIMIT 1",
            asked=told,
        )
        if row is not None:
            return PersonId(row.id)
    household_id = household_of_number(connection, number)
    wanted = int(suffix) if suffix.isascii() and suffix.isdecimal() else (-1 if slash else 0)
    row = household_id and fetch_one(
        connection,
        "SELECT person_id FROM cover WHERE household_id = :household AND suffix = :suffix"
        " ORDER BY first_day DESC LIMIT 1",
        household=household_id,
        suffix=wanted,
    )
    return PersonId(row.person_id) if row else None


def similar_numbers(connection: Connection, asked: str) -> tuple[str, ...]:
    """Return up to three household numbers that differ little from one that does not exist."""
    digits = "".join(sign for sign in asked if sign.isdecimal())[-6:]
    if not digits:
        return ()
    serial = int(digits)
    candidates = {serial // 10, int(digits[::-1])} | {
        int(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])
        for at in range(len(digits) - 1)
    }
    candidates |= {serial - 1, serial + 1}
    marks = ",".join(str(candidate) for candidate in sorted(candidates) if candidate > 0)
    rows = connection.exec_driver_sql(
        "SELECT h.serial, s.code FROM household h JOIN section s ON s.id = h.section_id"
        f" WHERE h.serial IN ({marks or 0}) LIMIT 3"
    ).all()
    return tuple(str(HouseholdNumber(row.code, row.serial)) for row in rows)


def person_of(connection: Connection, person_id: PersonId) -> PersonRow | None:
    row = fetch_one(connection, _OF_PERSON, person=person_id)
    return None if row is None else person_row(row)


def household_file(connection: Connection, household_id: HouseholdId) -> HouseholdFile | None:
    """Return all that is known of a household but money; None when there is none."""
    row = fetch_one(connection, _HOUSEHOLD, household=household_id)
    if row is None:
        return None
    persons = fetch(connection, _OF_HOUSEHOLD, household=household_id)
    plan = fetch_one(connection, _ENROLMENT, household=household_id)
    return HouseholdFile(
        HouseholdId(row.id),
        HouseholdNumber(row.section_code, row.serial),
        SectionId(row.section_id),
        row.section,
        PlanId(plan.plan_id),
        date.fromisoformat(row.joined_on),
        row.declared_size,
        row.phone,
        row.address,
        row.legacy_number,
        name_of(row.surname, row.given_names),
        tuple(person_row(person) for person in persons),
        covers_of(connection, household_id),
        events_of(connection, household_id),
    )


def covers_of(connection: Connection, household_id: HouseholdId) -> tuple[Cover, ...]:
    rows = fetch(connection, _COVERS, household=household_id)
    return tuple(cover_row(row) for row in rows)


def events_of(connection: Connection, household_id: HouseholdId) -> tuple[Event, ...]:
    rows = fetch(connection, _EVENTS, household=household_id)
    return tuple(
        Event(EventKind(row.kind), date.fromisoformat(row.effective_on), row.reason)
        for row in rows
    )


def all_covers(connection: Connection) -> dict[HouseholdId, tuple[Cover, ...]]:
    """Return every cover by household: for lists and runs over the whole scheme."""
    found: dict[HouseholdId, list[Cover]] = {}
    for row in fetch(connection, _ALL_COVERS):
        found.setdefault(HouseholdId(row.household_id), []).append(cover_row(row))
    return {household: tuple(covers) for household, covers in found.items()}


def household_ids(
    connection: Connection, *, order: str = "number", section_id: SectionId | None = None
) -> tuple[HouseholdId, ...]:
    """Return all households in an order of `ORDERS`, of one section or of all."""
    where = "WHERE h.section_id = :section" if section_id else ""
    rows = connection.execute(
        text(
            "SELECT h.id FROM household h JOIN section s ON s.id = h.section_id"
            f" JOIN person m ON m.id = h.member_person_id {where} ORDER BY {ORDERS[order]}"
        ),
        {"section": section_id} if section_id else {},
    ).all()
    return tuple(HouseholdId(row.id) for row in rows)


def household_rows(
    connection: Connection, ids: Sequence[HouseholdId], day: date
) -> tuple[HouseholdRow, ...]:
    """Return the rows of these households, in the order asked."""
    marks = ",".join(f"x'{one.hex()}'" for one in ids)
    rows = fetch(connection, f"{_LIST} WHERE h.id IN ({marks})", day=day.isoformat())
    found = {
        row.id: HouseholdRow(
            HouseholdId(row.id),
            HouseholdNumber(row.section_code, row.serial),
            name_of(row.surname, row.given_names),
            SectionId(row.section_id),
            row.section,
            row.beneficiaries,
            date.fromisoformat(row.joined_on),
        )
        for row in rows
    }
    return tuple(found[one] for one in ids if one in found)


def stale_search_rows(connection: Connection) -> int:
    """Return how many people a search would miss or find under another name; there must be none."""
    rows = fetch(
        connection,
        "SELECT p.surname, p.given_names, p.legacy_number, f.words FROM person p"
        " LEFT JOIN person_search f ON f.person_id = p.id",
    )
    return sum(
        row.words != fold(f"{row.surname} {row.given_names} {row.legacy_number}") for row in rows
    )


def counts_on(connection: Connection, day: date) -> tuple[int, int]:
    """Return how many households and covered people there are on a day.

    A household whose membership has ended is not counted.
    """
    row = connection.execute(text(_COUNTS), {"day": day.isoformat()}).one()
    return row[0], row[1]
