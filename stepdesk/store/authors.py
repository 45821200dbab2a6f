"""Who wrote a row, and when: read from the act that wrote it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.store.acts import header_of

_BY_N = "SELECT n, id FROM act WHERE n >= ? ORDER BY n LIMIT 1"
_WHOLE = "SELECT device, incarnation, seq, id, head FROM act WHERE n = ?"
_NAME = "SELECT name FROM staff WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Author:
    """Whose act it was, and the moment in UTC."""

    name: str
    moment: datetime


def authors_of(connection: Connection, ids: Iterable[bytes]) -> dict[bytes, Author]:
    """Return who wrote each of these rows; one that no act of this book wrote is left out.

    The rows of an act bear the first 14 bytes of its id, and acts sort by id, so the act is
    found by halving: twenty looks among a million.
    """
    raw: Any = connection.connection.driver_connection
    last = raw.execute("SELECT coalesce(max(n), 0) FROM act").fetchone()[0]
    found: dict[bytes, Author] = {}
    acts: dict[bytes, Author | None] = {}
    for one in ids:
        near = one[:14]
        if near not in acts:
            acts[near] = _author(raw, near, last)
        author = acts[near]
        if author is not None:
            found[one] = author
    return found


def _author(raw: Any, near: bytes, last: int) -> Author | None:
    low, high = 0, last
    while low < high:
        middle = (low + high + 1) // 2
        n, told = raw.execute(_BY_N, [middle]).fetchone()
        if told[:14] <= near:
            low = max(n, middle)
        else:
            high = middle - 1
    row = raw.execute(_WHOLE, [low]).fetchone()
    if row is None or row[3][:14] != near:
        return None
    header = header_of(dict(zip(("device", "incarnation", "seq", "id", "head"), row, strict=True)))
    name = raw.execute(_NAME, [header.person]).fetchone()
    moment = datetime.fromtimestamp(header.wall / 1000, UTC)
    return Author(name[0] if name else "", moment)
