"""Reading rows on the hot paths: the driver's own cursor behind SQLAlchemy's connection.

SQLAlchemy gives connections, transactions and the pool; a prepared statement of ours run by it
costs ten times what SQLite needs for it. These functions only read: anything else is refused.
"""

from collections import namedtuple
from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy.engine import Connection


@cache
def _reads(statement: str) -> bool:
    return statement.lstrip().upper().startswith("SELECT")


@cache
def _row_of(names: tuple[str, ...]) -> Any:
    make: Any = namedtuple  # noqa: PYI024 - the names are the query's
    made = make("Row", names, rename=True)
    return made._make


_made: dict[str, tuple[int, Any]] = {}
"""What makes the rows of a statement; a table that got columns has more of them."""


def _maker(statement: str, description: Any) -> Any:
    count, make = _made.get(statement, (0, None))
    if count != len(description):
        make = _row_of(tuple(told[0] for told in description))
        _made[statement] = len(description), make
    return make


def fetch(connection: Connection, statement: str, **values: object) -> list[Any]:
    """Return all rows of a SELECT, their columns as attributes.

    Raises:
        ValueError: for a statement that does not begin with SELECT.
    """
    if statement not in _made and not _reads(statement):
        raise ValueError("only a SELECT is read")
    raw: Any = connection.connection.dbapi_connection
    cursor = raw.execute(statement, values)
    return list(map(_maker(statement, cursor.description), cursor))


def fetch_plain(connection: Connection, statement: str, **values: object) -> Iterator[Any]:
    """Yield the rows of a SELECT as bare tuples while they are read: for whole tables.

    Raises:
        ValueError: for a statement that does not begin with SELECT.
    """
    if not _reads(statement):
        raise ValueError("only a SELECT is read")
    raw: Any = connection.connection.dbapi_connection
    return iter(raw.execute(statement, values))


def fetch_one(connection: Connection, statement: str, **values: object) -> Any:
    """Return the first row of a SELECT, or None."""
    rows = fetch(connection, statement, **values)
    return rows[0] if rows else None
