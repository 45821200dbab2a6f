"""Who is meant by a number, a telephone, a name, or parts of one.

The index is asked for a capped set, cheapest and closest first: whole words, beginnings of words,
sound. It answers by doc, and docs are numbered so that covered members come first; only what it
gave is put in order. Nothing is ranked over a million.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from stepdesk.i18n import N_, Text
from stepdesk.members.queries.rows import (
    PERSONS,
    day_or_none,
    name_of,
    person_row,
)
from stepdesk.members.queries.searched import PLACE, kept_by_other, phone_plan
from stepdesk.members.rules import ALIKE, BIRTH_YEARS, likeness
from stepdesk.members.terms import (
    Birth,
    BirthKnown,
    Described,
    Likeness,
    NewPerson,
    PersonRow,
    PossibleDuplicate,
    Relation,
    Sex,
)
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import HouseholdNumber, serial_of
from stepdesk.values.ids import (
    HouseholdId,
    PersonId,
    SectionId,
)
from stepdesk.values.names import key_of, name_keys, sounding_words, words_of
from stepdesk.values.phones import looked_for, searched_phones

_DOCS = "SELECT rowid AS doc FROM person_words WHERE person_words MATCH :asked LIMIT :limit"
_WITHIN = "SELECT doc FROM person_search WHERE {likes} ORDER BY doc LIMIT :limit"
_FOUND = (
    "SELECT f.doc, p.id, p.surname, p.given_names, p.sex, p.birth, p.birth_known, p.deceased_on,"
    " p.legacy_number, p.photo, c.suffix, c.relation, c.until, h.id AS household_id,"
    " h.member_person_id = p.id AS member, h.serial, h.section_id, f.phones, m.surname AS member_surname,"
    " m.given_names AS member_given_names FROM person_search f"
    " CROSS JOIN person p ON p.id = f.person_id CROSS JOIN household h ON h.id = f.household_id"
    " CROSS JOIN cover c ON c.person_id = f.person_id AND c.household_id = f.household_id"
    " CROSS JOIN person m ON m.id = h.member_person_id WHERE f.doc IN ({docs})"
    # A cover that ends where it begins was taken back: that person never was in the household.
    " AND (c.until IS NULL OR c.until > c.first_day)"
    " ORDER BY c.until IS NOT NULL DESC, c.first_day"
)
_SECTIONS = (
    "SELECT s.id, s.code, (SELECT v.name FROM section_version v WHERE v.section_id = s.id"
    " ORDER BY v.first_day DESC, v.id DESC LIMIT 1) AS name FROM section s"
)
_OF_SERIAL = f"{PERSONS} WHERE h.serial = :serial ORDER BY c.suffix, c.first_day DESC LIMIT :limit"
# A reader that thinks of an English keyboard enters ! and : for / and . on a French one.
_CARD = re.compile(r"([\d\s\u00a0\u202f-]+?)\s*(?:[/!]\s*(\d{1,2}))?(?:[.:](\d+))?")
_CODE = re.compile(r"(\d{9})(?:[/!](\d{2}))?[.:]\d+")
_YEAR = re.compile(r"(?:19|20)\d\d")
SMALL = 20_000
"""Up to so many people are looked through when neither words nor sounds gave anybody."""
_NUMBER, _PHONE = Text(N_("number")), Text(N_("telephone"))
_STEPS = (
    Text(N_("whole words")),
    Text(N_("beginnings of words")),
    Text(N_("sounds alike")),
    Text(N_("within words")),
)
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
    return tuple(person for person, _ in why_found(connection, asked, limit=limit))


def why_found(
    connection: Connection, asked: str, *, limit: int = 50
) -> tuple[tuple[PersonRow, Text], ...]:
    """Return what `search` returns, each with why it was found, in a few words."""
    of_number = tuple((one, _NUMBER) for one in _of_number(connection, asked, limit))
    digits = sum(sign.isdecimal() for sign in asked)
    letters = any(sign.isalpha() for sign in asked)
    if of_number and (digits < PHONE_DIGITS or "/" in asked):
        return of_number
    of_number = of_number or _of_old_number(connection, asked, limit)
    if of_number and not letters and of_number[0][0].legacy_number == asked.strip():
        return of_number
    docs = {} if letters else _docs_of_phone(connection, asked, limit)
    why = dict.fromkeys(docs, _PHONE)
    if not docs and not of_number:
        docs = _docs_of_words(connection, asked, limit)
        docs = _closest(docs, limit)
        why = {doc: _STEPS[step] for doc, step in docs.items()}
    known = {one.id for one, _ in of_number}
    found = (
        (one, why[doc]) for doc, one in _rows_of(connection, docs).items() if one.id not in known
    )
    return (*of_number, *found)[:limit]


def _of_old_number(
    connection: Connection, asked: str, limit: int
) -> tuple[tuple[PersonRow, Text], ...]:
    """Return who bore exactly this number in a former register: it names nobody else."""
    words = words_of(asked)
    if not words or not any(sign.isdecimal() for sign in asked):
        return ()
    docs = _docs(connection, " AND ".join(f'(words : "{word}")' for word in words), limit)
    rows = _rows_of(connection, dict.fromkeys(docs, 0)).values()
    return tuple((one, _NUMBER) for one in rows if one.legacy_number == asked.strip())


def _closest(docs: Mapping[int, int], limit: int) -> dict[int, int]:
    """Return so many of what was found, by step and class: rows are read of these alone."""
    listed = sorted(docs.items(), key=lambda found: (found[1], found[0]))
    return dict(listed[:limit])


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
    return tuple(_rows_of(connection, _docs_of_phone(connection, asked, limit)).values())


def _docs_of_phone(connection: Connection, asked: str, limit: int) -> dict[int, int]:
    forms = looked_for(asked, phone_plan(connection))
    wanted = [f'phones : "{form}"*' for form in forms if len(form) >= FEW_DIGITS]
    docs = _docs(connection, " OR ".join(wanted), limit) if wanted else ()
    return dict.fromkeys(docs, 0)


def _docs_of_words(connection: Connection, asked: str, limit: int) -> dict[int, int]:
    """Return whose words, beginnings of words or sounds were asked for, each with the step."""
    words = words_of(asked)
    found: dict[int, int] = {}
    if not words:
        return found
    sounds = [_of_sound(word) for word in sounding_words(asked)]
    steps = ([_whole(word) for word in words], [_beginning(word) for word in words], sounds)
    for step, wanted in enumerate(steps):
        for doc in _docs(connection, " AND ".join(wanted), limit):
            found.setdefault(doc, step)
        if len(found) >= limit:
            break
    if not found and min(map(len, words)) >= FEW_DIGITS:
        found = dict.fromkeys(_docs_within(connection, words, limit), len(steps))
    return found


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
    # One or two letters of a sound begin too many names: "zzzz" sounds like one z.
    sound = f'"{key}"*' if len(key) >= FEW_DIGITS else f'"{key}"'
    return f'((words : "{word}"*) OR (keys : {sound}))'


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


def _rows_of(connection: Connection, docs: Mapping[int, int]) -> dict[int, PersonRow]:
    """Return the people of these docs by step, class and name."""
    if not docs:
        return {}
    found = _raw_rows(connection, docs)
    listed = sorted(
        found.values(),
        key=lambda row: (
            docs[row.doc],
            row.doc // PLACE,
            row.surname,
            row.given_names,
            row.serial,
        ),
    )
    sections = _sections(connection)
    return {row.doc: _found_row(row, sections) for row in listed}


def _raw_rows(connection: Connection, docs: Iterable[int]) -> dict[int, Any]:
    rows = fetch(connection, _FOUND.format(docs=",".join(map(str, docs))))
    # Who left a household and came back has two covers: the open or latest one is read last.
    return {row.doc: row for row in rows}


def _sections(connection: Connection) -> dict[bytes, tuple[int, str]]:
    return {row.id: (row.code, row.name) for row in fetch(connection, _SECTIONS)}


def _found_row(row: Any, sections: Mapping[bytes, tuple[int, str]]) -> PersonRow:
    code, name = sections[row.section_id]
    return PersonRow(
        PersonId(row.id),
        HouseholdId(row.household_id),
        HouseholdNumber(code, row.serial),
        row.suffix,
        name_of(row.surname, row.given_names),
        Sex(row.sex),
        Birth(date.fromisoformat(row.birth), BirthKnown(row.birth_known)),
        Relation(row.relation),
        name,
        name_of(row.member_surname, row.member_given_names),
        row.legacy_number,
        row.photo,
        day_or_none(row.deceased_on),
        day_or_none(row.until),
        bool(row.member),
    )


def household_of_number(connection: Connection, asked: str) -> HouseholdId | None:
    """Return the household a number names: its serial, its whole number, or its old number.

    What a card's picture holds, the number and the card's version, names its household too.
    """
    code = _CODE.fullmatch(asked.strip())
    serial = serial_of(asked if code is None else code[1])
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

    `47/02` is the person of suffix 2 in household 47; the household alone is its member. What a
    card's picture holds, the number and the card's version, is read too. A number of a former
    system and an id in hex are known as well.
    """
    code = _CODE.fullmatch(asked.strip())
    told = asked.strip() if code is None else "/".join(filter(None, code.groups()))
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


def similar_serials(digits: str) -> tuple[int, ...]:
    """Return serials one slip away from these digits: neighbours changed places, one digit wrong."""
    if not digits:
        return ()
    serial = int(digits)
    near = [
        int(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])
        for at in range(len(digits) - 1)
    ]
    near += [
        int(digits[:at] + other + digits[at + 1 :])
        for at in reversed(range(len(digits)))
        for other in "0123456789"
    ]
    near += [serial // 10, int(digits[::-1])]
    return tuple(one for one in dict.fromkeys(near) if one > 0 and one != serial)


def similar_numbers(connection: Connection, asked: str) -> tuple[str, ...]:
    """Return up to three household numbers that differ little from one that does not exist."""
    code = _CODE.fullmatch(asked.strip())
    told = asked if code is None else code[1][2:8]
    digits = "".join(sign for sign in told if sign.isdecimal())[-6:]
    near = similar_serials(digits)
    rows = fetch(
        connection,
        "SELECT h.serial, s.code FROM household h JOIN section s ON s.id = h.section_id"
        f" WHERE h.serial IN ({','.join(map(str, near)) or 0})",
    )
    rows.sort(key=lambda row: near.index(row.serial))
    return tuple(str(HouseholdNumber(row.code, row.serial)) for row in rows[:3])


# Who may be somebody already registered

_CANDIDATES = 200
_TOLD_APART = "SELECT kept_id, other_id FROM person_merge"
_ALL = (
    "SELECT f.doc, f.keys, f.phones, p.sex, p.birth, p.birth_known, h.section_id"
    " FROM person_search f CROSS JOIN person p ON p.id = f.person_id"
    " CROSS JOIN household h ON h.id = f.household_id WHERE f.doc > :after"
    " ORDER BY f.doc LIMIT 20000"
)


def alike(
    connection: Connection,
    person: NewPerson,
    section_id: SectionId | None,
    phone: str,
    *,
    limit: int = 5,
) -> tuple[Likeness, ...]:
    """Return who is registered and may be this person, the likest first; see rules.likeness.

    Candidates come from the index: by sound, by one name whole and the beginning of another, by
    telephone, each with a birth that may be the same.
    """
    phones = frozenset(searched_phones(phone, phone_plan(connection)))
    told = Described(
        person.surname, person.given_names, person.sex, person.birth, section_id, phones
    )
    docs: dict[int, None] = {}
    for wanted in _candidates(told):
        docs.update(dict.fromkeys(_docs(connection, wanted, _CANDIDATES)))
    if not docs:
        return ()
    scored = [
        (row, *likeness(told, _described(row))) for row in _raw_rows(connection, docs).values()
    ]
    scored.sort(key=lambda one: (-one[1], one[0].doc))
    sections = _sections(connection)
    return tuple(
        Likeness(_found_row(row, sections), score, reasons)
        for row, score, reasons in scored[:limit]
        if score >= ALIKE
    )


def _candidates(told: Described) -> list[str]:
    keys = list(dict.fromkeys(name_keys(f"{told.surname} {told.given_names}")))
    surname, given = name_keys(told.surname), name_keys(told.given_names)
    if not keys:
        return []
    year, widest = told.birth.day.year, max(BIRTH_YEARS.values())
    years = " OR ".join(f'"{at}"' for at in range(year - widest, year + widest + 1))
    born = f"(born : ({years}))"
    wanted = [" AND ".join([*(f'(keys : "{key}")' for key in keys), born])]
    if surname and given:
        first, other = surname[0], given[0]
        wanted += [
            f'(keys : "{first}") AND (keys : "{other[:2]}"*) AND {born}',
            f'(keys : "{first[:2]}"*) AND (keys : "{other}") AND {born}',
        ]
    if told.phones:
        numbers = " OR ".join(f'"{one}"' for one in sorted(told.phones))
        wanted.append(f"(phones : ({numbers})) AND {born}")
    return wanted


def _described(row: Any) -> Described:
    return Described(
        row.surname,
        row.given_names,
        Sex(row.sex),
        Birth(date.fromisoformat(row.birth), BirthKnown(row.birth_known)),
        SectionId(row.section_id),
        frozenset(row.phones.split()),
    )


def duplicates(connection: Connection, *, limit: int = 200) -> tuple[PossibleDuplicate, ...]:
    """Return the pairs of the whole book who may be one person, the likest first.

    Pairs are looked at that share the sound of the whole name and the day of birth, or that sound
    and a telephone, or that sound and the village where a birth is not known to the day; and
    those born the same day whose names begin alike. Pairs that were looked at and told apart, or
    merged and parted again, are not shown again.
    """
    blocks = _blocks(connection)
    pairs = {
        (min(pair), max(pair))
        for docs in blocks.values()
        if 1 < len(docs) <= _CANDIDATES
        for pair in combinations(docs, 2)
    }
    rows: dict[int, Any] = {}
    wanted = sorted({doc for pair in pairs for doc in pair})
    for at in range(0, len(wanted), 1000):
        rows.update(_raw_rows(connection, wanted[at : at + 1000]))
    apart = {frozenset(row) for row in fetch(connection, _TOLD_APART)}
    scored = []
    described = {doc: _described(row) for doc, row in rows.items()}
    for one, other in pairs:
        if frozenset((rows[one].id, rows[other].id)) in apart:
            continue
        score, reasons = likeness(described[one], described[other])
        if score >= ALIKE:
            first, second = sorted((one, other), key=lambda doc: rows[doc].id)
            scored.append((score, first, second, reasons))
    scored.sort(key=lambda told: (-told[0], *told[1:3]))
    sections = _sections(connection)
    return tuple(
        PossibleDuplicate(
            _found_row(rows[one], sections), _found_row(rows[other], sections), score, reasons
        )
        for score, one, other, reasons in scored[:limit]
    )


def _blocks(connection: Connection) -> dict[tuple[object, ...], list[int]]:
    blocks: dict[tuple[object, ...], list[int]] = defaultdict(list)
    after = 0
    while rows := fetch(connection, _ALL, after=after):
        after = rows[-1].doc
        for row in rows:
            keys = sorted(row.keys.split())
            whole = " ".join(keys)
            if row.birth_known == BirthKnown.DAY.value:
                blocks[whole, row.birth].append(row.doc)
                blocks["".join(key[0] for key in keys[:2]), row.birth, row.sex].append(row.doc)
            for phone in row.phones.split():
                blocks[whole, phone].append(row.doc)
            blocks[whole, row.section_id, row.birth[:4]].append(row.doc)
    return blocks
