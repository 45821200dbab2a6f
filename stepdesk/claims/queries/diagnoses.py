"""Reading the list of diagnoses: by code, by words. Nobody's illness is asked here."""

import json
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.claims.rules.diagnoses import code_of
from stepdesk.claims.terms.diagnoses import Diagnosis
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.names import fold

_ALL = "SELECT code, names FROM diagnosis WHERE dropped_on IS NULL ORDER BY code"
_ANY = "SELECT 1 AS one FROM diagnosis WHERE dropped_on IS NULL LIMIT 1"
_ONE = "SELECT code, names FROM diagnosis WHERE dropped_on IS NULL AND code = :code"


def diagnoses(connection: Connection) -> tuple[Diagnosis, ...]:
    """Return the list by code; empty when the scheme has none."""
    return tuple(map(_diagnosis, fetch(connection, _ALL)))


def lists_diagnoses(connection: Connection) -> bool:
    """Whether the scheme has a list: then certificates name nothing else."""
    return fetch_one(connection, _ANY) is not None


def diagnosis_of_code(connection: Connection, code: str) -> Diagnosis | None:
    """Return the diagnosis of a code, with its point or without, in capitals or not."""
    plain = code_of(code)
    row = None if plain is None else fetch_one(connection, _ONE, code=plain)
    return None if row is None else _diagnosis(row)


def diagnoses_like(connection: Connection, told: str, *, most: int = 20) -> tuple[Diagnosis, ...]:
    """Return those whose code begins so, then those with all the words in one of their names.

    Args:
        connection: The book.
        told: The beginning of a code, or words with accents or without, whole or begun.
        most: How many are returned.
    """
    words = fold(told).split()
    if not words:
        return ()
    begun = "".join(told.split()).replace(".", "").upper()
    known = diagnoses(connection)
    by_code = [one for one in known if one.code.startswith(begun)]
    by_word = [one for one in known if one not in by_code and _has(one, words)]
    return tuple((by_code + by_word)[:most])


def _has(one: Diagnosis, words: list[str]) -> bool:
    return any(
        all(any(part.startswith(word) for part in fold(name).split()) for word in words)
        for name in one.names.values()
    )


def _diagnosis(row: Any) -> Diagnosis:
    return Diagnosis(row.code, json.loads(row.names))
