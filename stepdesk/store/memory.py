"""What was read of few rows that seldom change, kept from one work to the next.

Plans, statutes, the name of the scheme, the last closed month: every contribution asks for them,
and hardly an act changes them. Only the writer's own connection remembers; a reader asks the book.

Nothing stale can be read, because:

- the book has one writer, and SQLite itself counts the rows its connection changed and notices a
  commit by any other one. When a work begins and these counts are not those the last committed
  work left, everything is forgotten: so after a work that failed or was given up, after an import
  of rows past the recorder, after anybody else's write.
- a work that writes a table forgets what was read of it before the row goes to the file, and
  remembers nothing of it while it lasts.
- only journaled tables are remembered, and a test listens to which tables each question reads.
"""

from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any, TypeVar

from sqlalchemy.engine import Connection

from stepdesk.store.tables import Kind, metadata

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
Question = tuple[Any, ...]
"""The function that reads, and of what."""

_NAME = "memory"
_MOST = 4096
"""Answers that are kept; with more, as of a very long price list, all are asked for anew."""


class Memory:
    """The answers one connection remembers; see the module.

    `told` holds the tables read and the answer, by what was asked.
    """

    def __init__(self) -> None:
        self.told: dict[Question, tuple[tuple[str, ...], Any]] = {}
        self._by_table: dict[str, set[Question]] = {}
        self._touched: set[str] = set()
        # How many rows this connection ever changed, and what tells a commit by another one.
        self._mark: tuple[int, int] | None = None
        self._version = 0

    def begin(self, raw: Any) -> None:
        """Forget everything unless the file is as the last committed work left it.

        Asked inside the transaction: from here to its end nobody else commits.
        """
        self._version = raw.execute("PRAGMA data_version").fetchone()[0]
        if self._mark != (raw.total_changes, self._version):
            self.told.clear()
            self._by_table.clear()
        self._mark = None
        self._touched.clear()

    def settle(self, raw: Any) -> None:
        """Keep what was read for the next work: this one is committed.

        One's own commit leaves the file's version as it was when the work began.
        """
        self._mark = raw.total_changes, self._version
        self._touched.clear()

    def touch(self, table: str) -> None:
        """Forget what was read of a table, and remember nothing of it in this work."""
        self._touched.add(table)
        for key in self._by_table.pop(table, ()):
            self.told.pop(key, None)

    def keep(self, key: Question, tables: tuple[str, ...], told: object) -> None:
        """Remember what was read of some tables, unless this work wrote one of them."""
        if not self._touched.isdisjoint(tables):
            return
        if len(self.told) >= _MOST:
            self.told.clear()
            self._by_table.clear()
        for table in tables:
            if metadata.tables[table].info["kind"] is not Kind.JOURNALED:
                raise TypeError(f"{table} changes without an act and is not remembered")
            self._by_table.setdefault(table, set()).add(key)
        self.told[key] = tables, told


def memory_of(connection: Connection) -> Memory:
    """Return the memory of the writer's connection, made on first use."""
    info = connection.info
    found: Memory | None = info.get(_NAME)
    if found is None:
        found = info[_NAME] = Memory()
    return found


def remembers(connection: Connection) -> bool:
    """Whether what is read by a connection is remembered: the writer's, never a reader's."""
    return _NAME in connection.info


def remembered(
    connection: Connection, tables: tuple[str, ...], read: Callable[..., T], *which: Hashable
) -> T:
    """Return `read(connection, *which)`, from memory when no act changed its tables since.

    Args:
        connection: The writer's, or a reader's, which remembers nothing.
        tables: Every table that is read; journaled ones.
        read: Gives what nobody can change: tuples, frozen dataclasses, rows.
        which: Of what; part of what it is remembered by.
    """
    memory: Memory | None = connection.info.get(_NAME)
    if memory is None:
        return read(connection, *which)
    key = (read, *which)
    found = memory.told.get(key)
    if found is not None:
        known: T = found[1]
        return known
    told = read(connection, *which)
    memory.keep(key, tables, told)
    return told


def remembered_each(
    connection: Connection,
    tables: tuple[str, ...],
    read: Callable[..., Mapping[K, T]],
    asked: Collection[K],
    *which: Hashable,
) -> dict[K, T]:
    """Return `read(connection, asked, *which)`, each thing from memory by itself.

    What is not remembered is read together. That nothing is told of a thing is remembered too.

    Args:
        connection: As `remembered`.
        tables: As `remembered`.
        read: Gives what is told of each thing, by the thing: nothing, or what nobody can change.
        asked: Of which things.
        which: Of what else; part of what each is remembered by.
    """
    memory: Memory | None = connection.info.get(_NAME)
    if memory is None:
        return dict(read(connection, asked, *which))
    told = memory.told
    found: dict[K, T | None] = {}
    missing: list[K] = []
    for one in asked:
        held = told.get((_of_one, read, one, *which))
        if held is None:
            missing.append(one)
        else:
            found[one] = held[1]
    if missing:
        more = read(connection, missing, *which)
        for one in missing:
            found[one] = more.get(one)
            memory.keep((_of_one, read, one, *which), tables, found[one])
    return {one: value for one, value in found.items() if value is not None}


def _of_one(
    connection: Connection, read: Callable[..., Mapping[K, T]], one: K, *which: Hashable
) -> T | None:
    """Return what is told of one thing: the question `remembered_each` remembers it by."""
    return read(connection, (one,), *which).get(one)
