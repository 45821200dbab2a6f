"""Copies of a book, and putting one back. A copy counts only after it was opened and checked."""

import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain, count
from pathlib import Path
from typing import Any

from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.store import engine as file
from stepdesk.store import seal, tables
from stepdesk.store.clock import Clock, SystemClock
from stepdesk.store.desk import Desk, folder_of, person_named, unlock
from stepdesk.store.files import not_written, sync_folder
from stepdesk.store.keys import KeyFile, Opened
from stepdesk.store.lock import Lock
from stepdesk.store.photo_copies import Copied, Returned, bring_back, copy_new, lacking
from stepdesk.store.verify import Finding, verify

FORM = "stepdesk.backup/1"
_MEMBERS = ("manifest.json", "book.db", "book.keys")
_LIMIT = 16 << 30
_UNREADABLE = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError),
    *(EOFError, RuntimeError, zlib.error, zipfile.BadZipFile),
)
"""All that reading a made-up or damaged archive and its manifest may raise."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was checked; photos lie beside it, each copied once."""

    path: Path
    acts: int
    size: int
    photos: Copied = field(default_factory=Copied)


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the new incarnation, where the former files are kept, the photos."""

    incarnation: int
    acts: int
    kept: Path | None
    photos: Returned = field(default_factory=Returned)


def back_up(desk: Desk, target: Path | None = None) -> Copy:
    """Write a checked copy of the open book.

    Args:
        desk: The open book; its writer goes on meanwhile.
        target: A file or a folder; the book's own `backups` when left out.

    Raises:
        Refusal: the target is something else than a former copy.
        Trouble: when it cannot be written or does not read back as it should.
    """
    moment = desk.clock.now().strftime("%Y%m%d-%H%M%S")
    name = f"{desk.folder.name}-{moment}-{desk.head.seq:06d}.sdk"
    inside = target is None
    path = desk.folder / "backups" / name if target is None else target
    if path.is_dir():
        path = path / name
    _check_target(path, desk.folder)
    beside = path.with_name(path.name + ".db")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        raw = file.connect(desk.path, desk.person.data_key)
        try:
            raw.execute("VACUUM INTO ?", (str(beside),))
        finally:
            raw.close()
        checked = _check(beside, desk.person)
        # Before the copy that names them, as in the book itself.
        photos = copy_new(desk, path.parent)
        _pack(path, beside, desk, checked)
    except (OSError, file.DatabaseError) as error:
        _remove(path.with_name(path.name + ".part"))
        raise Trouble(
            Text(
                N_(
                    "The copy could not be written to {name}. Take another stick or free some space."
                ),
                {"name": path.parent.name},
            )
        ) from error
    finally:
        _remove(beside)
    desk.note_locally(
        "INSERT INTO backup (at,until_act,outside) VALUES (?,?,?)",
        (int(desk.clock.now().timestamp() * 1000), checked, 0 if inside else 1),
    )
    return Copy(path, checked, path.stat().st_size, photos)


def _check_target(path: Path, folder: Path) -> None:
    """Refuse to write over anything but a former copy, and inside the book but in its backups."""
    there, home = path.resolve(), folder.resolve()
    inside = there.is_relative_to(home) and there.parent != home / "backups"
    if inside or (path.exists() and not _is_copy(path)):
        raise Refusal(
            Text(
                N_("{name} is not a copy and would be lost. Choose another name for the copy."),
                {"name": path.name},
            ),
            field="to",
        )


def _is_copy(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return set(archive.namelist()) == set(_MEMBERS)
    except _UNREADABLE:
        return False


def _remove(path: Path) -> None:
    """Take away what is left of a copy, unless the stick itself is gone."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _check(path: Path, opened: Opened) -> int:
    """Open a copied file and return how many acts it holds.

    Raises:
        Trouble: when it is not sound.
    """
    raw = file.connect(path, opened.data_key)
    try:
        file.check_stamp(raw, path)
        for pragma, well in (("cipher_integrity_check", None), ("integrity_check", "ok")):
            if any(row[0] != well for row in raw.execute(f"PRAGMA {pragma}").fetchall()):
                raise Trouble(
                    Text(N_("The copy is damaged. Nothing was changed. Take another copy."))
                )
        # A copy is one file: fold the write-ahead file of this look back in.
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        raw.execute("PRAGMA journal_mode=DELETE").fetchall()
        return int(raw.execute("SELECT count(*) FROM act").fetchone()[0])
    finally:
        raw.close()


def _pack(path: Path, database: Path, desk: Desk, acts: int) -> None:
    part = path.with_name(path.name + ".part")
    keys = desk.keys.content()
    manifest = {
        "form": FORM,
        "book": desk.book_id.hex(),
        "practice": desk.practice,
        "acts": acts,
        "made": desk.clock.now().isoformat(),
        "sha256": {"book.db": _hash_of(database), "book.keys": sha256(keys).hexdigest()},
    }
    with part.open("wb") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("manifest.json", json.dumps(manifest, sort_keys=True))
            archive.write(database, "book.db")
            archive.writestr("book.keys", keys)
        out.flush()
        os.fsync(out.fileno())
    with zipfile.ZipFile(part) as archive:
        if archive.testzip() is not None:
            raise OSError(path.name)
    part.replace(path)
    sync_folder(path.parent)


def _hash_of(path: Path) -> str:
    told = sha256()
    with path.open("rb") as content:
        while block := content.read(1 << 20):
            told.update(block)
    return told.hexdigest()


def _not_a_copy(name: str) -> Trouble:
    return Trouble(
        Text(
            N_("{name} is not a whole StepDesk copy. Nothing was changed. Take another copy."),
            {"name": name},
        )
    )


def _unpack(copy: Path, into: Path) -> dict[str, Any]:
    """Unpack a copy whose every part agrees with its manifest.

    Raises:
        Trouble: for anything else.
    """
    try:
        with zipfile.ZipFile(copy) as archive:
            told = {entry.filename: entry.file_size for entry in archive.infolist()}
            if set(told) != set(_MEMBERS) or sum(told.values()) > _LIMIT:
                raise _not_a_copy(copy.name)
            manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
            if manifest.get("form") != FORM:
                raise _not_a_copy(copy.name)
            for name in ("book.db", "book.keys"):
                with archive.open(name) as source, (into / name).open("wb") as out:
                    shutil.copyfileobj(source, out)
                    out.flush()
                    os.fsync(out.fileno())
                if _hash_of(into / name) != manifest["sha256"][name]:
                    raise _not_a_copy(copy.name)
    except _UNREADABLE as error:
        raise _not_a_copy(copy.name) from error
    return manifest


def restore(
    copy: Path,
    folder: Path,
    *,
    password: str,
    name: str = "",
    clock: Clock | None = None,
    migrate: Callable[[Path, bytes, int], None] | None = None,
) -> Restored:
    """Put a copy back in a book's place, or into a new folder.

    The copy is checked and its whole journal verified first; the present files are kept aside;
    a new incarnation starts, so that the acts that follow can never be mistaken for those lost.

    Args:
        copy: A file `back_up` wrote.
        folder: The book's folder.
        password: Of a person of the copy.
        name: Who, when the copy knows several people.
        clock: The desk's clock.
        migrate: See `unlock`. Whoever has it knows every slice's tables, without which nothing
            can be verified.

    Raises:
        Refusal: wrong password, or a copy of another book than the one in the folder.
        Trouble: damaged copy, or the disk refuses; the present files are as they were.
    """
    clock = clock or SystemClock()
    folder = folder_of(folder)
    lock = _locked(folder)
    fresh = folder / "restore.part"
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        fresh.mkdir()
        _unpack(copy, fresh)
        keys = KeyFile.read(fresh / "book.keys")
        _same_book(folder, keys)
        opened = keys.open(person_named(keys, name), password)
        _check(fresh / "book.db", opened)
        _verified(fresh, opened)
        incarnation = _start_incarnation(fresh, keys, opened, clock, folder)
        kept = _swap(folder, fresh, clock)
    except OSError as error:
        raise not_written(folder.name) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        lock.release()
    seal.forget(keys.book_id, folder)
    with unlock(
        folder, password=password, person=opened.staff_id, clock=clock, migrate=migrate
    ) as desk:
        return Restored(incarnation, desk.acts, kept, _photos_back(desk, copy.parent))


def _photos_back(desk: Desk, folder: Path) -> Returned:
    """Bring the photos back that lie beside the copy; the book stands with or without them."""
    try:
        return bring_back(desk, folder)
    except Trouble:
        return lacking(desk)


def _locked(folder: Path) -> Lock:
    lock = Lock(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.take()
    except OSError as error:
        raise not_written(folder.name) from error
    return lock


def _same_book(folder: Path, keys: KeyFile) -> None:
    if not (folder / "book.keys").exists():
        return
    try:
        present = KeyFile.read(folder / "book.keys")
    except Trouble:
        return  # What cannot be read is kept aside like all the rest.
    if present.book_id != keys.book_id:
        raise Refusal(
            Text(
                N_("The copy is of another book than the one in {name}. Choose another folder."),
                {"name": folder.name},
            ),
            field="copy",
        )


def _verified(folder: Path, opened: Opened) -> None:
    raw = file.connect(folder / "book.db", opened.data_key)
    try:
        report = verify(raw, folder)
    finally:
        raw.close()
    if report.findings:
        first: Finding = report.findings[0]
        raise Trouble(
            Text(
                N_("The copy does not verify: {finding} Take another copy."),
                {"finding": first.text},
            )
        )


def _start_incarnation(
    fresh: Path, keys: KeyFile, opened: Opened, clock: Clock, folder: Path
) -> int:
    """Begin a new chain of this laptop behind the copy's last act; return its number."""
    desk = Desk(fresh, keys, opened, clock, None)
    seen = seal.read(keys.book_id, folder, opened.data_key)
    told = (
        desk.head.incarnation,
        seen.incarnation if seen else 0,
        _present_incarnation(folder, fresh, opened),
    )
    incarnation = max(told) + 1
    with desk.work("restore") as work:
        desk.head = type(desk.head)(
            desk.head.device, incarnation, 0, desk.head.hash, desk.head.hlc, desk.head.wall
        )
        work.insert(
            tables.device,
            id=work.new_id(),
            letter=desk.head.device,
            incarnation=incarnation,
            since=work.today,
        )
    with desk.writer.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    desk.writer.dispose()
    desk.reader.dispose()
    return incarnation


def _present_incarnation(folder: Path, fresh: Path, opened: Opened) -> int:
    """Return the incarnation of the book in place; 0 when there is none, or it does not open."""
    if not (folder / "book.db").is_file():
        return 0
    for tail in ("", "-wal"):
        if (folder / f"book.db{tail}").is_file():
            shutil.copyfile(folder / f"book.db{tail}", fresh / f"present.db{tail}")
    try:
        raw = file.connect(fresh / "present.db", opened.data_key)
    except Trouble:
        return 0
    try:
        return int(raw.execute("SELECT max(incarnation) FROM device").fetchone()[0] or 0)
    except file.DatabaseError:
        return 0
    finally:
        raw.close()


def _swap(folder: Path, fresh: Path, clock: Clock) -> Path | None:
    """Put the present files aside and the restored ones in their place."""
    present = [folder / one for one in ("book.db", "book.keys", "book.keys.bak")]
    stale = [folder / one for one in ("book.db-wal", "book.db-shm")]
    # Whatever the disk may refuse comes before the first file is moved.
    shutil.copyfile(fresh / "book.keys", fresh / "book.keys.bak")
    if not (folder / "reserve.bin").exists():
        (fresh / "reserve.bin").write_bytes(os.urandom(8 << 20))
    kept: Path | None = None
    if any(one.exists() for one in (*present, *stale)):
        kept = _aside(folder, clock)
    for one in (*present, *stale):
        if one.exists() and kept is not None:
            one.replace(kept / one.name)
    for name in ("book.db", "book.keys.bak", "book.keys", "reserve.bin"):
        if (fresh / name).exists():
            (fresh / name).replace(folder / name)
    sync_folder(folder)
    return kept


def _aside(folder: Path, clock: Clock) -> Path:
    """Make a folder for the present files; two restores in one moment have two."""
    moment = clock.now().astimezone(UTC).strftime("%Y%m%d-%H%M%S-%f")
    names = chain(("",), (f"-{more}" for more in count(2)))
    kept = next(
        one
        for one in (folder / f"before-restore-{moment}{name}" for name in names)
        if not one.exists()
    )
    kept.mkdir()
    return kept


def drill(desk: Desk, password: str) -> Restored:
    """Make a copy, restore it beside the book, and throw it away: a copy counts once it was tried.

    Raises:
        Refusal: wrong password.
        Trouble: when the copy cannot be made or does not verify.
    """
    copy = back_up(desk)
    folder = desk.folder / "drill"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        return restore(copy.path, folder, password=password, name=desk.person.name)
    finally:
        seal.forget(desk.book_id, folder)
        shutil.rmtree(folder, ignore_errors=True)


def last_backup(desk: Desk, *, outside: bool = False) -> datetime | None:
    """When the last checked copy was made, on a stick or anywhere."""
    with desk.read() as connection:
        told = connection.exec_driver_sql(
            "SELECT max(at) FROM backup WHERE outside >= ?", (int(outside),)
        ).scalar_one()
    return None if told is None else datetime.fromtimestamp(told / 1000, UTC)
