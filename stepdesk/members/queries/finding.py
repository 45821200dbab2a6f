"""Who is meant by a number, a name, or parts of one."""

import re
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from stepdesk.members.queries.rows import (
    PERSONS,
    person_row,
)
from stepdesk.members.terms import (
    PersonRow,
)
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import HouseholdNumber, serial_of
from stepdesk.values.ids import (
    HouseholdId,
    PersonId,
)
from stepdesk.values.names import fold

_FOUND = (
    f"{PERSONS} JOIN person_search f ON f.person_id = p.id"
    " JOIN (SELECT rowid FROM person_words WHERE person_words MATCH :words LIMIT :limit) w"
    " ON w.rowid = f.doc ORDER BY p.surname, p.given_names, h.serial LIMIT :limit"
)
_WITHIN = (
    f"{PERSONS} JOIN person_search f ON f.person_id = p.id WHERE {{likes}}"
    " ORDER BY p.surname, p.given_names, h.serial LIMIT :limit"
)
_OF_SERIAL = f"{PERSONS} WHERE h.serial = :serial ORDER BY c.suffix LIMIT :limit"


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
    if household_id and not slash:
        row = fetch_one(
            connection,
            "SELECT member_person_id FROM household WHERE id = :household",
            household=household_id,
        )
        return PersonId(row.member_person_id)
    wanted = int(suffix) if suffix.isascii() and suffix.isdecimal() else -1
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
