"""Search rows: derived from persons, kept up in the same work."""

from collections.abc import Iterable, Mapping

from sqlalchemy import text

from stepdesk.members.model import (
    person_search,
)
from stepdesk.store.work import Work
from stepdesk.values.ids import HouseholdId, PersonId
from stepdesk.values.names import fold

_HELD = "SELECT doc, words FROM person_search WHERE person_id = :person"
_TOLD = (
    "SELECT p.surname, p.given_names, p.legacy_number, c.household_id FROM person p"
    " JOIN cover c ON c.person_id = p.id WHERE p.id = :person"
    " ORDER BY c.until IS NULL DESC, c.first_day DESC, c.id DESC LIMIT 1"
)
_NEXT_DOC = "SELECT coalesce(max(doc), 0) + 1 FROM person_search"


def put_search_rows(work: Work, household_id: HouseholdId, told: Mapping[PersonId, str]) -> None:
    """Keep the search rows of new people up; they are derived and stand in no act."""
    first = work.rows(_NEXT_DOC)[0][0]
    rows = [
        (doc, person_id, household_id, fold(words))
        for doc, (person_id, words) in enumerate(told.items(), start=first)
    ]
    work.write_derived(
        person_search,
        "INSERT INTO person_search (doc, person_id, household_id, words) VALUES (?,?,?,?)",
        rows,
    )
    work.write_derived(
        person_search,
        "INSERT INTO person_words (rowid, words) VALUES (?,?)",
        [(row[0], row[3]) for row in rows],
    )


def renew_search_rows(work: Work, persons: Iterable[PersonId]) -> None:
    """Make the search rows of persons anew whose name, old number or household changed."""
    for person_id in persons:
        told, held = work.row(_TOLD, person=person_id), work.row(_HELD, person=person_id)
        if told is None:
            continue
        if held is not None:
            work.write_derived(
                person_search,
                "INSERT INTO person_words (person_words, rowid, words) VALUES ('delete',?,?)",
                [(held.doc, held.words)],
            )
            work.write_derived(
                person_search, "DELETE FROM person_search WHERE doc = ?", [(held.doc,)]
            )
        words = f"{told.surname} {told.given_names} {told.legacy_number}"
        put_search_rows(work, HouseholdId(told.household_id), {person_id: words})


def rebuild_search(work: Work) -> int:
    """Make all search rows anew from the persons; return how many."""
    rows = work.rows(
        text(
            "SELECT p.id, c.household_id, p.surname, p.given_names, p.legacy_number FROM person p"
            " JOIN cover c ON c.person_id = p.id GROUP BY p.id ORDER BY min(c.id)"
        )
    )
    listed = [
        (
            doc,
            row.id,
            row.household_id,
            fold(f"{row.surname} {row.given_names} {row.legacy_number}"),
        )
        for doc, row in enumerate(rows, start=1)
    ]
    work.write_derived(person_search, "DELETE FROM person_search WHERE doc > ?", [(0,)])
    work.write_derived(
        person_search,
        "INSERT INTO person_search (doc, person_id, household_id, words) VALUES (?,?,?,?)",
        listed,
    )
    work.write_derived(
        person_search, "INSERT INTO person_words (person_words) VALUES (?)", [("rebuild",)]
    )
    return len(listed)
