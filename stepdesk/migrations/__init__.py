"""Shapes of the book, forward only. Alembic is imported only when a book is behind.

A migration changes shapes, never values: a change of values is a signed act.
"""

from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

import stepdesk.benefits.model
import stepdesk.claims.model
import stepdesk.complaints.model
import stepdesk.contributions.model
import stepdesk.control.model
import stepdesk.ledger.model
import stepdesk.members.model
import stepdesk.payers.model
import stepdesk.providers.model
import stepdesk.scheme.model
import stepdesk.sync.model  # noqa: F401 - a book is verified and written with all its tables known
from stepdesk.store.engine import connect, shaper, stamp
from stepdesk.store.tables import metadata, triggers_of

HEAD = "0008"


def all_tables() -> Any:
    """Return the metadata with every slice's tables in it."""
    return metadata


def drop_triggers(connection: Connection) -> None:
    """Drop what triggers there are: one that speaks of another table stands in the way of both."""
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='trigger'").all()
    for (name,) in names:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def put_triggers(connection: Connection) -> None:
    """Drop what triggers there are and put all of today's."""
    drop_triggers(connection)
    for table in all_tables().sorted_tables:
        for trigger in triggers_of(table):
            connection.exec_driver_sql(trigger)


def shape(path: Path, key: bytes) -> None:
    """Lay the present shapes into an empty encrypted file."""
    from sqlcipher3 import dbapi2

    raw = dbapi2.connect(str(path), isolation_level=None)
    raw.execute("PRAGMA cipher_log_level=NONE").fetchall()
    raw.execute(f"PRAGMA key=\"x'{key.hex()}'\"").fetchall()
    raw.execute("PRAGMA journal_mode=WAL").fetchall()
    stamp(raw)
    raw.close()
    _upgrade(path, key)


def migrate(path: Path, key: bytes, found: int) -> None:
    """Lift an older book to the present shapes, after a copy of its file was made.

    Args:
        path: The book's database.
        key: Its data key.
        found: The schema version it has.
    """
    raw = connect(path, key)
    try:
        aside = path.with_name(f"before-schema-{found}.db")
        aside.unlink(missing_ok=True)
        raw.execute("VACUUM INTO ?", (str(aside),))
    finally:
        raw.close()
    _upgrade(path, key)


def _upgrade(path: Path, key: bytes) -> None:
    from alembic import command
    from alembic.config import Config

    all_tables()
    engine = shaper(path, key)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    try:
        with engine.connect() as connection, connection.begin():
            config.attributes["connection"] = connection
            drop_triggers(connection)
            command.upgrade(config, "head")
            put_triggers(connection)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise RuntimeError("a migration left rows that point nowhere")
            if connection.exec_driver_sql("SELECT 1 FROM person LIMIT 1").first() is not None:
                from stepdesk.members.service.searching import lay_search

                lay_search(connection)
            from stepdesk.store.tables import SCHEMA

            connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA}")
    finally:
        engine.dispose()
