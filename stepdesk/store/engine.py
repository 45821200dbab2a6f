"""Opening the file: the only module that knows the driver. Every setting is asserted.

Source: safety handbook 3.1.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool, QueuePool
from sqlcipher3 import dbapi2

from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.store.tables import SCHEMA

APPLICATION_ID = 0x53544450
OLDEST_SQLITE = (3, 51, 3)

SETTINGS: tuple[tuple[str, str, object], ...] = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("wal_autocheckpoint", "1000", 1000),
    ("journal_size_limit", "16777216", 16777216),
    ("foreign_keys", "ON", 1),
    # Else REPLACE would take a row away past the trigger that refuses it.
    ("recursive_triggers", "ON", 1),
    ("busy_timeout", "5000", 5000),
    ("temp_store", "MEMORY", 2),
    ("secure_delete", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
    ("fullfsync", "ON", 1),
    ("checkpoint_fullfsync", "ON", 1),
)

DatabaseError = dbapi2.DatabaseError

# The driver asks of every value that is bytes or None whether somebody adapts it, by three
# exceptions that it raises and clears: more than the row itself costs. These two answer at once.
dbapi2.register_adapter(bytes, bytes)
dbapi2.register_adapter(type(None), {}.get)

REFUSED: dict[str, Text] = {
    "stepdesk:month_closed": Text(
        N_("This month is closed: nothing can be booked in it. Book it in the open month.")
    ),
    "stepdesk:not_the_last_month": Text(
        N_("Only the last closed month can be opened again. Choose that one.")
    ),
    "stepdesk:written_once": Text(
        N_("What was recorded is never changed or removed. Correct it by a reversal.")
    ),
}


def _damaged(path: Path) -> Trouble:
    return Trouble(
        Text(
            N_(
                "The book {name} is damaged or is not a StepDesk book. Nothing was changed. "
                "Restore it from the last copy."
            ),
            {"name": path.parent.name},
        )
    )


_FULL = 1 << 16
"""Bytes below which a driver that cannot open or write its files has no room for them."""


_NO_FILE = re.compile("unable to open|disk I/O")


def _is_full(folder: Path) -> bool:
    return folder.is_dir() and shutil.disk_usage(folder).free < _FULL


def full_disk() -> Trouble:
    return Trouble(
        Text(
            N_(
                "The disk is full. Nothing of the last action was saved. Free some space, "
                "then do it again; until then write it on paper."
            )
        )
    )


def translated(error: Exception, path: Path) -> Exception:  # noqa: PLR0911 - one return a cause
    """Return what a person should read for a driver's error; bugs come back unchanged."""
    told = str(getattr(error, "orig", None) or error)
    for token, text in REFUSED.items():
        if token in told:
            return Refusal(text, field="day" if token.endswith("closed") else "")
    if "disk is full" in told or (_NO_FILE.search(told) and _is_full(path.parent)):
        return full_disk()
    if "locked" in told or "readonly" in told or "unable to open" in told or "disk I/O" in told:
        return Trouble(
            Text(
                N_(
                    "The book could not be written. Nothing of the last action was saved. "
                    "Close other programs that use it, check the disk, then try again."
                )
            )
        )
    if "malformed" in told or "not a database" in told or "no such table" in told:
        return _damaged(path)
    return error


def connect(path: Path, key: bytes, *, readonly: bool = False) -> Any:
    """Return a driver connection to an existing encrypted file, every setting asserted.

    Raises:
        Trouble: when the key does not open it, it is not ours, or a setting does not hold.
    """
    version = tuple(int(part) for part in dbapi2.sqlite_version.split("."))
    if version < OLDEST_SQLITE:
        raise Trouble(
            Text(
                N_(
                    "This StepDesk is built wrongly: its SQLite is too old. Install StepDesk again from its own installer."
                )
            )
        )
    if path.is_file() and path.stat().st_size == 0:
        # SQLite would take it for a new file and write into it.
        raise _damaged(path)
    raw = _driver(path)
    try:
        raw.execute("PRAGMA cipher_log_level=NONE").fetchall()
        raw.execute(f"PRAGMA key=\"x'{key.hex()}'\"").fetchall()
        raw.execute("PRAGMA cipher_page_size=4096").fetchall()
        raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
        # Readers come in numbers and read little each: the laptop has little memory.
        cache = -8192 if readonly else -32768
        for name, wanted, told in (*SETTINGS, ("cache_size", str(cache), cache)):
            raw.execute(f"PRAGMA {name}={wanted}").fetchall()
            found = raw.execute(f"PRAGMA {name}").fetchone()[0]
            if found != told:
                raise Trouble(
                    Text(
                        N_(
                            "The book cannot be kept safely on this disk ({setting}). Copy it to the laptop's own disk."
                        ),
                        {"setting": name},
                    )
                )
        raw.execute("PRAGMA mmap_size=0").fetchall()
        if readonly:
            raw.execute("PRAGMA query_only=ON").fetchall()
    except dbapi2.DatabaseError as error:
        raw.close()
        told = translated(error, path)
        raise told if isinstance(told, Trouble) else _damaged(path) from error
    except Trouble:
        raw.close()
        raise
    return raw


def _driver(path: Path) -> Any:
    try:
        return dbapi2.connect(
            str(path),
            isolation_level=None,
            check_same_thread=False,
            timeout=5,
            cached_statements=256,
        )
    except dbapi2.DatabaseError as error:
        raise translated(error, path) from error


def stamp(raw: Any) -> None:
    """Mark a new file as a StepDesk book of the present schema."""
    raw.execute(f"PRAGMA application_id={APPLICATION_ID}")
    raw.execute(f"PRAGMA user_version={SCHEMA}")


def check_stamp(raw: Any, path: Path) -> int:
    """Return the file's schema version.

    Raises:
        Trouble: for a file of another program, or of a newer StepDesk.
    """
    if raw.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise _damaged(path)
    version = int(raw.execute("PRAGMA user_version").fetchone()[0])
    if version > SCHEMA:
        raise Trouble(
            Text(
                N_(
                    "The book {name} was written by a newer StepDesk. Nothing was changed. "
                    "Install the newer StepDesk on this laptop to open it."
                ),
                {"name": path.parent.name},
            )
        )
    return version


_READS = re.compile(r"\s*(SELECT|PRAGMA|BEGIN|COMMIT|ROLLBACK|EXPLAIN|WITH)\b", re.IGNORECASE)
_WRITES_WITHIN = re.compile(r"\b(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


def _refuse_unannounced(
    connection: Connection, cursor: object, statement: str, *rest: object
) -> None:
    """Refuse any write the recorder did not announce: nothing may change without an act."""
    del cursor, rest
    if connection.info.get("announced"):
        return
    reads = _READS.match(statement)
    if reads and not (reads[1].upper() == "WITH" and _WRITES_WITHIN.search(statement)):
        return
    raise RuntimeError("a write the recorder did not announce; write through the work")


def writer(path: Path, key: bytes) -> Engine:
    """Return the engine of the one writer lane: one connection, each work BEGIN IMMEDIATE."""
    engine = _engine(lambda: connect(path, key), pool=QueuePool, size=1)
    event.listen(engine, "before_cursor_execute", _refuse_unannounced)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _begin_immediate(connection: Connection) -> None:
    raw: Any = connection.connection.driver_connection
    if not raw.in_transaction:
        begin(raw)


def begin(raw: Any) -> None:
    """Begin a transaction of the writer, by the driver itself."""
    raw.execute("BEGIN IMMEDIATE")


def commit(raw: Any) -> None:
    """Commit by the driver itself; an error is neither yes nor no."""
    raw.commit()


def reader(path: Path, key: bytes) -> Engine:
    """Return the engine of the readers: read-only connections beside the writer."""
    engine = _engine(lambda: connect(path, key, readonly=True), pool=QueuePool, size=2, overflow=6)
    event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN"))
    return engine


def shaper(path: Path, key: bytes) -> Engine:
    """Return the engine migrations run on: foreign keys off, one connection, closed after."""

    def open_unchecked() -> Any:
        raw = connect(path, key)
        raw.execute("PRAGMA foreign_keys=OFF")
        return raw

    engine = _engine(open_unchecked, pool=NullPool, size=0)
    event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _engine(creator: Callable[[], Any], *, pool: type, size: int, overflow: int = 0) -> Engine:
    sized = {"pool_size": size, "max_overflow": overflow} if size else {}
    return create_engine(
        "sqlite://",
        module=dbapi2,
        creator=creator,
        poolclass=pool,
        **sized,
    )
