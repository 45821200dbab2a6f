"""The branch's folder and the only module of the branch that knows the driver.

`branch.db` is a plain database, not an encrypted one: it holds aggregates, and its folder is
protected by the server's disk and file rights. `branch.key` holds the private keys, readable by
its owner alone; `branch-card.json` is public. Never the standard library's SQLite, whose WAL can
lose what was committed; the desk's driver opens plain files too.

Source: safety handbook 3.10.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.sync.wire.failures import WireError
from stepdesk.sync.wire.keys import BranchCard, BranchKeys

DATABASE, KEYS, CARD = "branch.db", "branch.key", "branch-card.json"
APPLICATION_ID = 0x53544252
SCHEMA = 1
OLDEST_SQLITE = (3, 51, 3)

_SETTINGS: tuple[tuple[str, str, object], ...] = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("busy_timeout", "10000", 10000),
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
    ("fullfsync", "ON", 1),
    ("checkpoint_fullfsync", "ON", 1),
)


@dataclass(frozen=True, slots=True)
class Store:
    """An open branch: its keys, its card, its database."""

    folder: Path
    keys: BranchKeys
    card: BranchCard
    engine: Engine

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def make_folder(folder: Path, keys: BranchKeys, card: BranchCard) -> Engine:
    """Make the folder with keys and card, and return the engine of an empty database.

    Raises:
        Refusal: when the folder holds something.
        Trouble: when the disk refuses; what was begun is taken away.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refusal(
            Text(
                N_("{name} holds something already. Name a new folder for the branch."),
                {"name": folder.name},
            ),
            field="store",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_new(folder / KEYS, keys.text(), mode=0o600)
        _write_new(folder / CARD, card.text(), mode=0o644)
    except OSError as error:
        unmake_folder(folder)
        raise Trouble(
            Text(
                N_(
                    "The folder {name} could not be written. No branch was made. "
                    "Check the disk and its rights, then try again."
                ),
                {"name": folder.name},
            )
        ) from error
    return _engine(folder / DATABASE, new=True)


def unmake_folder(folder: Path) -> None:
    """Take away what was begun of a new branch, so that it can be made again."""
    for name in (KEYS, CARD, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (folder / name).unlink(missing_ok=True)


def _write_new(path: Path, told: str, *, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(told)
        file.flush()
        os.fsync(file.fileno())


def open_store(folder: Path) -> Store:
    """Open a branch.

    Raises:
        Trouble: when there is none, or one of its files is damaged or of a newer StepDesk.
    """
    try:
        keys = BranchKeys.read((folder / KEYS).read_text(encoding="utf-8"))
        card = BranchCard.read((folder / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError, WireError) as error:
        raise _no_branch(folder) from error
    belongs = (card.verify_key, card.recipient) == (keys.verify_key, keys.recipient)
    if not belongs or not (folder / DATABASE).is_file():
        raise _no_branch(folder)
    engine = _engine(folder / DATABASE, new=False)
    store = Store(folder, keys, card, engine)
    try:
        with transaction(store):
            pass
    except BaseException:
        engine.dispose()
        raise
    return store


def _no_branch(folder: Path) -> Trouble:
    return Trouble(
        Text(
            N_(
                "{name} is not the folder of a branch, or one of its files is missing or "
                "damaged. Nothing was changed. Choose the folder that holds branch.db, or put "
                "it back from a copy."
            ),
            {"name": folder.name},
        )
    )


def _too_new(folder: Path) -> Trouble:
    return Trouble(
        Text(
            N_(
                "The branch {name} was written by a newer StepDesk. Nothing was changed. "
                "Install the newer StepDesk here to open it."
            ),
            {"name": folder.name},
        )
    )


def stamp(connection: Connection) -> None:
    """Mark a new database as a branch of the present schema."""
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA}")


@contextmanager
def transaction(store: Store) -> Iterator[Connection]:
    """One transaction: everything in it is stored, or nothing.

    Raises:
        Trouble: when the database cannot be read or written.
    """
    try:
        with store.engine.begin() as connection:
            yield connection
    except IntegrityError:
        raise
    except (DatabaseError, dbapi2.DatabaseError) as error:
        raise Trouble(
            Text(
                N_(
                    "The branch {name} could not be read or written. Nothing of the last "
                    "action was saved. Free some space, close other programs that use it, "
                    "then try again."
                ),
                {"name": store.folder.name},
            )
        ) from error


def _connect(path: Path, *, new: bool) -> Any:  # noqa: ANN401 - the driver is untyped
    if tuple(int(part) for part in dbapi2.sqlite_version.split(".")) < OLDEST_SQLITE:
        raise Trouble(
            Text(
                N_(
                    "This StepDesk is built wrongly: its SQLite is too old. Install StepDesk again from its own installer."
                )
            )
        )
    if not new and path.stat().st_size == 0:
        # SQLite would take it for a new file and write into it.
        raise _no_branch(path.parent)
    raw = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
    try:
        _check_stamp(raw, path, new=new)
        for name, wanted, told in _SETTINGS:
            raw.execute(f"PRAGMA {name}={wanted}").fetchall()
            if raw.execute(f"PRAGMA {name}").fetchone()[0] != told:
                raise Trouble(
                    Text(
                        N_(
                            "The branch cannot be kept safely on this disk ({setting}). Put it on the computer's own disk."
                        ),
                        {"setting": name},
                    )
                )
    except BaseException:
        raw.close()
        raise
    return raw


def _check_stamp(raw: Any, path: Path, *, new: bool) -> None:  # noqa: ANN401
    if new:
        return
    if raw.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise _no_branch(path.parent)
    if int(raw.execute("PRAGMA user_version").fetchone()[0]) > SCHEMA:
        raise _too_new(path.parent)


def _engine(path: Path, *, new: bool) -> Engine:
    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: _connect(path, new=new),
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=4,
    )
    event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine
