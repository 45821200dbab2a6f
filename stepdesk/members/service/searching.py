"""Search rows: derived from persons, kept up in the same work."""

from collections.abc import Mapping

from sqlalchemy import text

from stepdesk.members.model import (
    person_search,
)
from stepdesk.store.work import Work
from stepdesk.values.ids import HouseholdId, PersonId
from stepdesk.values.names import fold

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
