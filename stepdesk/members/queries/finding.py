"""Who is meant by a number, a telephone, a name, or parts of one.

The index is asked for a capped set, cheapest and closest first: whole words, beginnings of words,
sound. It answers by doc, and docs are numbered so that covered members come first; only what it
gave is put in order. Nothing is ranked over a million.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from stepdesk.members.queries.rows import (
    PERSONS,
    person_row,
)
from stepdesk.members.queries.searched import BEST_COVER, PLACE, kept_by_other, phone_plan
from stepdesk.members.terms import (
    PersonRow,
)
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import HouseholdNumber, serial_of
from stepdesk.values.ids import (
    HouseholdId,
    PersonId,
)
from stepdesk.values.names import key_of, sounding_words, words_of
from stepdesk.values.phones import looked_for

_DOCS = "SELECT rowid AS doc FROM person_words WHERE person_words MATCH :asked LIMIT :limit"
_WITHIN = "SELECT doc FROM person_search WHERE {likes} ORDER BY doc LIMIT :limit"
_FOUND = (
    PERSONS.replace("SELECT ", "SELECT f.doc, ", 1).replace(
        " FROM cover c JOIN person p ON p.id = c.person_id",
        f" FROM person_search f CROSS JOIN person p ON p.id = f.person_id"
        f" JOIN cover c ON c.id = {BEST_COVER}",
        1,
    )
    + " WHERE f.doc IN ({docs})"
)
_OF_SERIAL = f"{PERSONS} WHERE h.serial = :serial ORDER BY c.suffix, c.first_day DESC LIMIT :limit"
_CARD = re.compile(r"([\d\s\u00a0\u202f-]+?)\s*(?:/\s*(\d{1,2}))?(?:\.(\d+))?")
_YEAR = re.compile(r"(?:19|20)\d\d")
SMALL = 200_000
"""Up to so many people are looked through when neither words nor sounds gave anybody."""
FEW_DIGITS, PHONE_DIGITS = 3, 5


def search(connection: Connection, asked: str, *, limit: int = 50) -> tuple[PersonRow, ...]:
    """Return the people a number, a telephone or the parts of a name may mean, closest first.

    A household number (serial alone, or whole with its check digit, as printed or as a card's
    picture holds it) gives its persons, `47/02` the one of that suffix. Digits may also be a
    telephone of the household, a former number or a year of birth. Names are looked for as whole
    words, as beginnings, then by their sound, accents, hyphens and apostrophes folded away. Of
    one closeness, covered members come before other covered people, and these before the others.
    Somebody who was written down twice and made one is found once.
    """
    of_number = _of_number(connection, asked, limit)
    digits = sum(sign.isdecimal() for sign in asked)
    letters = any(sign.isalpha() for sign in asked)
    if of_number and (digits < PHONE_DIGITS or "/" in asked):
        return of_number
    docs = () if letters else _docs_of_phone(connection, asked, limit)
    if not docs and not of_number:
        docs = _docs_of_words(connection, asked, limit)
    known = {one.id for one in of_number}
    found = (one for one in _rows_of(connection, docs) if one.id not in known)
    return (*of_number, *found)[:limit]


def _of_number(connection: Connection, asked: str, limit: int) -> tuple[PersonRow, ...]:
    told = _CARD.fullmatch(asked.strip())
    serial = None if told is None else serial_of(told[1])
    if told is None or serial is None:
        return ()
    rows = fetch(connection, _OF_SERIAL, serial=serial, limit=4 * limit)
    if told[2] is not None:
        rows = [row for row in rows if row.suffix == int(told[2])]
    kept = kept_by_other(connection) if rows else {}
    here = {row.id for row in rows}
    found: dict[bytes, Any] = {}
    for row in sorted(rows, key=lambda row: row.until is not None):
        if kept.get(row.id) not in here:
            found.setdefault(row.id, row)
    listed = sorted(found.values(), key=lambda row: (not row.member, row.suffix))
    return tuple(person_row(row) for row in listed[:limit])


def by_phone(connection: Connection, asked: str, *, limit: int = 50) -> tuple[PersonRow, ...]:
    """Return the people of households with a telephone that begins so, in whatever form."""
    return _rows_of(connection, _docs_of_phone(connection, asked, limit))


def _docs_of_phone(connection: Connection, asked: str, limit: int) -> tuple[int, ...]:
    forms = looked_for(asked, phone_plan(connection))
    wanted = [f'phones : "{form}"*' for form in forms if len(form) >= FEW_DIGITS]
    return _docs(connection, " OR ".join(wanted), limit) if wanted else ()


def _docs_of_words(connection: Connection, asked: str, limit: int) -> tuple[int, ...]:
    """Return the docs of the people whose words, beginnings of words or sounds were asked for."""
    words = words_of(asked)
    if not words:
        return ()
    sounds = [_of_sound(word) for word in sounding_words(asked)]
    found: dict[int, None] = {}
    for wanted in ([_whole(w) for w in words], [_beginning(w) for w in words], sounds):
        found.update(dict.fromkeys(_docs(connection, " AND ".join(wanted), limit)))
        if len(found) >= limit:
            break
    if not found and min(map(len, words)) >= FEW_DIGITS:
        found.update(dict.fromkeys(_docs_within(connection, words, limit)))
    return tuple(found)[:limit]


def _whole(word: str) -> str:
    if _YEAR.fullmatch(word):
        return f'({{words born}} : "{word}")'
    return f'(words : "{word}")'


def _beginning(word: str) -> str:
    if _YEAR.fullmatch(word):
        return f'({{words born}} : "{word}")'
    return f'(words : "{word}"*)'


def _of_sound(word: str) -> str:
    key = key_of(word)
    if key == word:
        return f'(({{words born}} : "{word}"*) OR (keys : "{word}"*))'
    return f'((words : "{word}"*) OR (keys : "{key}"*))'


def _docs(connection: Connection, wanted: str, limit: int) -> tuple[int, ...]:
    return tuple(row.doc for row in fetch(connection, _DOCS, asked=wanted, limit=limit))


def _docs_within(connection: Connection, words: Sequence[str], limit: int) -> tuple[int, ...]:
    """Look for words in the middle of names: Diaye finds Ndiaye. Small books only."""
    last = fetch_one(
        connection, "SELECT max(doc) AS doc FROM person_search WHERE doc < :until", until=2 * PLACE
    ).doc
    if (last or 0) % PLACE > SMALL:
        return ()
    likes = " AND ".join(f"words LIKE :w{at}" for at in range(len(words)))
    told = {f"w{at}": f"%{word}%" for at, word in enumerate(words)}
    rows = fetch(connection, _WITHIN.format(likes=likes), limit=limit, **told)
    return tuple(row.doc for row in rows)


def _rows_of(connection: Connection, docs: Iterable[int]) -> tuple[PersonRow, ...]:
    """Return the people of these docs: by class, in the order of the steps, by name."""
    wanted = tuple(docs)
    if not wanted:
        return ()
    rows = fetch(connection, _FOUND.format(docs=",".join(map(str, wanted))))
    at = {doc: place for place, doc in enumerate(wanted)}
    return tuple(person_row(row) for row in sorted(rows, key=lambda row: at[row.doc]))


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
