"""What stands in a person's search row, and in whose rows it does not stand as it should."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy.engine import Connection

from stepdesk.countries import country
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.names import keys_of, words_of
from stepdesk.values.phones import PhonePlan, searched_phones

PLACE = 1 << 40
"""Docs are numbered by class: `class * PLACE + n`. The index gives rows by doc, so that the first
hundred of a hundred thousand hits are those who matter: 0 covered members, 1 other covered
people, 2 those whose cover ended."""

BEST_COVER = (
    "(SELECT k.id FROM cover k WHERE k.person_id = p.id"
    " ORDER BY k.until IS NOT NULL, k.first_day DESC, k.id DESC LIMIT 1)"
)
_PERSONS = (
    "SELECT p.id, p.surname, p.given_names, p.legacy_number, p.birth, p.deceased_on,"
    " c.household_id, c.until, h.phone, h.legacy_number AS household_number,"
    " h.member_person_id = p.id AS member FROM person p"
    f" JOIN cover c ON c.id = {BEST_COVER} JOIN household h ON h.id = c.household_id"
)
_NEXT = f"{_PERSONS} WHERE p.id > :after ORDER BY p.id LIMIT :limit"
_NAMES = "SELECT id, surname, given_names, legacy_number FROM person WHERE id IN ({marks})"
_MERGES = "SELECT kept_id, other_id FROM person_merge WHERE undone_on IS NULL"
AT_ONCE = 400


class SearchRow(NamedTuple):
    """A person's search row: what the index is asked for stands in the four last."""

    person_id: bytes
    household_id: bytes
    place: int
    words: str
    keys: str
    phones: str
    born: str

    @property
    def told(self) -> tuple[str, str, str, str]:
        return self.words, self.keys, self.phones, self.born


class Fresh(NamedTuple):
    """A new person with the cover that begins, as `search_rows` would read them."""

    id: bytes
    surname: str
    given_names: str
    legacy_number: str
    birth: str
    household_id: bytes
    phone: str
    household_number: str
    member: bool
    until: str | None = None
    deceased_on: str | None = None


def phone_plan(connection: Connection) -> PhonePlan:
    """Return how telephone numbers are written in the book's country."""
    row = fetch_one(connection, "SELECT country FROM book")
    return country(row.country).phones


def kept_by_other(connection: Connection) -> dict[bytes, bytes]:
    """Return for each person found to be another one whom they are; merges undone do not count."""
    kept = {row.other_id: row.kept_id for row in fetch(connection, _MERGES)}
    return {other: _root(other, kept) for other in kept}


def _root(other: bytes, kept: Mapping[bytes, bytes]) -> bytes:
    seen = {other}
    while other in kept and kept[other] not in seen:
        other = kept[other]
        seen.add(other)
    return other


def marks_of(ids: Sequence[bytes]) -> tuple[str, dict[str, bytes]]:
    """Return the marks of an IN list and their values."""
    return ",".join(f":i{at}" for at in range(len(ids))), {
        f"i{at}": one for at, one in enumerate(ids)
    }


def search_rows(connection: Connection, ids: Sequence[bytes] | None = None) -> Iterator[SearchRow]:
    """Yield the rows people should have, by id; all people when no ids are told.

    Who was merged into somebody has none: the kept one is found by both names.
    """
    kept, phones = kept_by_other(connection), searched_by(phone_plan(connection))
    others: dict[bytes, list[bytes]] = {}
    for other, one in kept.items():
        others.setdefault(one, []).append(other)
    names = _names(connection, list(kept))
    for row in _rows(connection, ids):
        if row.id in kept:
            continue
        more = [names[other] for other in sorted(others.get(row.id, ()))]
        yield search_row_of(row, phones, more)


def _rows(connection: Connection, ids: Sequence[bytes] | None) -> Iterator[Any]:
    if ids is None:
        after = b""
        while rows := fetch(connection, _NEXT, after=after, limit=10 * AT_ONCE):
            yield from rows
            after = rows[-1].id
        return
    wanted = sorted(set(ids))
    for at in range(0, len(wanted), AT_ONCE):
        marks, told = marks_of(wanted[at : at + AT_ONCE])
        yield from fetch(connection, f"{_PERSONS} WHERE p.id IN ({marks}) ORDER BY p.id", **told)


def _names(connection: Connection, ids: Sequence[bytes]) -> Mapping[bytes, str]:
    found: dict[bytes, str] = {}
    for at in range(0, len(ids), AT_ONCE):
        marks, told = marks_of(ids[at : at + AT_ONCE])
        for row in fetch(connection, _NAMES.format(marks=marks), **told):
            found[row.id] = f"{row.surname} {row.given_names} {row.legacy_number}"
    return found


def searched_by(plan: PhonePlan) -> Callable[[str], str]:
    """Return what tells by which digits numbers are found; a household's are asked again."""

    @lru_cache(maxsize=1024)
    def told(phones: str) -> str:
        return " ".join(searched_phones(phones, plan)) if phones else ""

    return told


def search_row_of(row: Any, phones: Callable[[str], str], more: Sequence[str] = ()) -> SearchRow:
    """Return the row of a person as `_PERSONS` reads them, or as they were just brought in.

    Args:
        row: The person, or `Fresh`.
        phones: See `searched_by`.
        more: Names of whom were found to be the same person.
    """
    told = " ".join((row.surname, row.given_names, row.legacy_number, row.household_number, *more))
    if not row.member or row.until is not None or row.deceased_on is not None:
        place = 1 if row.until is None and row.deceased_on is None else 2
    else:
        place = 0
    words = words_of(told)
    return SearchRow(
        row.id,
        row.household_id,
        place,
        " ".join(dict.fromkeys(words)),
        " ".join(dict.fromkeys(keys_of(words))),
        phones(row.phone),
        row.birth[:4],
    )


def stale_search_rows(connection: Connection) -> int:
    """Return how many people a search would miss, or find as they are not; there must be none."""
    stands = {
        row.person_id: (
            row.household_id,
            row.doc // PLACE,
            row.words,
            row.keys,
            row.phones,
            row.born,
        )
        for row in fetch(
            connection,
            "SELECT person_id, household_id, doc, words, keys, phones, born FROM person_search",
        )
    }
    missed = sum(
        stands.pop(row.person_id, None) != (row.household_id, row.place, *row.told)
        for row in search_rows(connection)
    )
    return missed + len(stands)
