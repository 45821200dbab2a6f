"""Search rows: derived from persons, their households and merges, kept up in the same work."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.members.model import person_search
from stepdesk.members.queries.searched import (
    AT_ONCE,
    PLACE,
    Fresh,
    SearchRow,
    marks_of,
    phone_plan,
    search_row_of,
    search_rows,
    searched_by,
)
from stepdesk.store.reading import fetch
from stepdesk.store.work import Work
from stepdesk.values.ids import HouseholdId, PersonId

_LAST_DOC = "SELECT max(doc) AS doc FROM person_search WHERE doc < :until"
_STANDING = (
    "SELECT doc, person_id, household_id, words, keys, phones, born FROM person_search"
    " WHERE person_id IN ({marks})"
)
_EVER = "SELECT kept_id, other_id FROM person_merge"
_ADD = (
    "INSERT INTO person_search (doc, person_id, household_id, words, keys, phones, born)"
    " VALUES (?,?,?,?,?,?,?)"
)
_INDEX = "INSERT INTO person_words (rowid, words, keys, phones, born) VALUES (?,?,?,?,?)"
_UNINDEX = (
    "INSERT INTO person_words (person_words, rowid, words, keys, phones, born)"
    " VALUES ('delete',?,?,?,?,?)"
)


def put_search_rows(work: Work, household_id: HouseholdId, person_ids: Iterable[PersonId]) -> None:
    """Put the search rows of new people of a household, whose covers were written before."""
    del household_id  # it is read with the cover
    refresh_search(work, person_ids)


def refresh_search(work: Work, person_ids: Iterable[PersonId]) -> None:
    """Let people be found as they are now written in this work.

    To be called by whatever changes a name, an old number, a birth or a death, a cover, a
    household's telephone or member, or merges two people; who was merged with one of them is
    looked at too. Rows are derived and stand in no act.
    """
    work.flush()
    wanted = _with_merged(work.connection, person_ids)
    if not wanted:
        return
    standing = _standing(work, wanted)
    added, gone = [], []
    for row in search_rows(work.connection, wanted):
        old = standing.pop(row.person_id, None)
        if old is not None:
            told = (old.words, old.keys, old.phones, old.born)
            if (old.household_id, old.doc // PLACE, *told) == (
                *(row.household_id, row.place),
                *row.told,
            ):
                continue
            gone.append(old)
        added.append(row)
    gone.extend(standing.values())
    _drop(work, gone)
    _add(work, added)


def put_fresh(work: Work, people: Iterable[Fresh]) -> None:
    """Put the search rows of people this very work brings in: nothing is read of them."""
    phones = searched_by(phone_plan(work.connection))
    _add(work, [search_row_of(one, phones) for one in people])


def _with_merged(connection: Connection, person_ids: Iterable[PersonId]) -> list[bytes]:
    """Return these ids and whom they were ever made one with: an undone merge parts both."""
    kept: dict[bytes, set[bytes]] = {}
    for row in fetch(connection, _EVER):
        kept.setdefault(row.other_id, set()).add(row.kept_id)
    found: set[bytes] = set()
    ahead: set[bytes] = set(person_ids)
    while ahead:
        found |= ahead
        ahead = {root for one in ahead for root in kept.get(one, ())} - found
    return sorted(found)


def _standing(work: Work, ids: Sequence[bytes]) -> dict[bytes, Any]:
    found = {}
    for at in range(0, len(ids), AT_ONCE):
        marks, told = marks_of(ids[at : at + AT_ONCE])
        for row in work.rows(_STANDING.format(marks=marks), **told):
            found[row.person_id] = row
    return found


def _drop(work: Work, gone: Sequence[Any]) -> None:
    if not gone:
        return
    work.write_derived(
        person_search,
        _UNINDEX,
        [(row.doc, row.words, row.keys, row.phones, row.born) for row in gone],
    )
    work.write_derived(
        person_search, "DELETE FROM person_search WHERE doc = ?", [(row.doc,) for row in gone]
    )


def _add(work: Work, added: Sequence[SearchRow]) -> None:
    if not added:
        return
    last = {
        place: work.row(_LAST_DOC, until=(place + 1) * PLACE).doc or 0
        for place in {row.place for row in added}
    }
    rows = list(_numbered(added, last))
    work.write_derived(person_search, _ADD, rows)
    work.write_derived(person_search, _INDEX, [(row[0], *row[3:]) for row in rows])


def _numbered(
    added: Iterable[SearchRow], last: dict[int, int]
) -> Iterator[tuple[int, bytes, bytes, str, str, str, str]]:
    for row in added:
        doc = max(last.get(row.place, 0), row.place * PLACE) + 1
        last[row.place] = doc
        yield doc, row.person_id, row.household_id, *row.told


def rebuild_search(work: Work) -> int:
    """Make all search rows anew; return how many."""
    work.flush()
    for statement, rows in _anew(work.connection):
        work.write_derived(person_search, statement, rows)
    return int(work.rows("SELECT count(*) FROM person_search")[0][0])


def lay_search(connection: Connection) -> None:
    """Make all search rows of a book that was just lifted to the present shapes."""
    raw: Any = connection.connection.driver_connection
    for statement, rows in _anew(connection):
        raw.executemany(statement, rows)


def _anew(connection: Connection) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    yield "DELETE FROM person_search WHERE doc > ?", [(0,)]
    rows = _numbered(search_rows(connection), {})
    while some := list(islice(rows, 10 * AT_ONCE)):
        yield _ADD, list(some)
    yield "INSERT INTO person_words (person_words) VALUES (?)", [("rebuild",)]
