"""The writer lane: the one connection that writes, kept between works.

SQLAlchemy's way to a connection and its transaction costs as much as ten reads. So the connection
is kept, and the transaction is begun and ended by the driver; when a query runs by SQLAlchemy
itself, its transaction lies inside this one and ends with it.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from stepdesk.store import engine as file


class Transaction:
    """What the lane lends: one connection in one transaction of its own."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.raw: Any = connection.connection.driver_connection
        file.begin(self.raw)

    def commit(self) -> None:
        """End it: what was written is on the disk when this returns.

        Raises:
            DatabaseError: neither yes nor no; the connection is given up.
        """
        within = self.connection.get_transaction()
        try:
            if within is None:
                file.commit(self.raw)
            else:
                within.commit()
        except (DBAPIError, file.DatabaseError):
            # A failed COMMIT may leave its transaction open.
            self.connection.invalidate()
            raise

    def give_up(self) -> None:
        """End it without a trace."""
        within = self.connection.get_transaction()
        if within is not None:
            within.rollback()
        if self.raw.in_transaction:
            self.raw.rollback()


class Lane:
    """Lends the writer's connection to one work after another."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: deque[Connection] = deque(maxlen=1)

    @property
    def engine(self) -> Engine:
        """The engine behind it; what is kept between works goes back to it first."""
        kept = self._taken()
        if kept is not None:
            kept.close()
        return self._engine

    def _taken(self) -> Connection | None:
        try:
            return self._kept.pop()
        except IndexError:
            return None

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Lend the connection; what is not committed at the end is given up."""
        connection = self._taken() or self._engine.connect()
        kept = False
        try:
            transaction = Transaction(connection)
            try:
                yield transaction
            finally:
                if not connection.invalidated:
                    transaction.give_up()
            kept = not connection.invalidated
        finally:
            if kept:
                self._kept.append(connection)
            else:
                connection.close()
