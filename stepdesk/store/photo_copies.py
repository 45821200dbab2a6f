"""Copies of attachments: each content is copied once to a place, not with every copy of the book.

Beside the copies of a book (`.sdk`) lie files `.sda` with what was new each time, written once and
never touched again: a stick pulled out in the middle costs the file being written, no other. Each
content is sealed under a key made from the book's key. Source: design 2, photos and scans; ADR 22.
"""

import json
import os
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest
from itertools import count
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from stepdesk.errors import Trouble
from stepdesk.store import tables
from stepdesk.store.attachments import LARGEST, content_hash
from stepdesk.store.desk import Desk
from stepdesk.store.files import sync_folder

FORM = "stepdesk.attachments/1"
_EACH = 5000  # contents a file: about 150 MB, and small enough for sticks of every kind
_SOME = 200  # contents read at once
_UNREADABLE = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError),
    *(EOFError, RuntimeError, zlib.error, zipfile.BadZipFile, InvalidTag),
)
"""All that reading a made-up or damaged file may raise."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What copying found: contents now copied, copied before, and lost in the book itself."""

    added: int = 0
    before: int = 0
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Returned:
    """What bringing back found: contents brought back, and still missing."""

    brought: int = 0
    missing: int = 0


def copy_new(desk: Desk, folder: Path) -> Copied:
    """Copy every attachment to a folder that no file there holds yet.

    Raises:
        OSError: the place refuses; files that were whole before stay so.
    """
    try:
        present = desk.attachments.hashes()
    except Trouble:
        # Their file is damaged: the book is copied all the same, and the copy says so.
        return Copied(unreadable=len(_named(desk)))
    seal = _Seal(desk.person.data_key, desk.book_id)
    held = set[str]()
    for _path, archive in _files(folder, desk.book_id, practice=desk.practice):
        held.update(archive.namelist())
    new = sorted(told for told in present if seal.name(told) not in held)
    added = 0
    for some in _batches(new, _EACH):
        added += _write(desk, folder, some, seal)
    return Copied(added, len(present) - len(new), len(new) - added)


def bring_back(desk: Desk, folder: Path) -> Returned:
    """Put the photos that rows name and that are missing or damaged back from copies in a folder.

    A file of attachments that cannot be read at all is put aside first.

    Raises:
        Trouble: the disk refuses; what was brought back before it stays.
    """
    health = desk.attachments.health()
    if not health.readable:
        _put_aside(desk)
    wanted = _named(desk) - (health.present - health.altered)
    seal = _Seal(desk.person.data_key, desk.book_id)
    at = int(desk.clock.now().timestamp() * 1000)
    brought = 0
    for _path, archive in _files(folder, desk.book_id, practice=desk.practice):
        names = frozenset(archive.namelist())
        there = sorted(told for told in wanted if seal.name(told) in names)
        for some in _batches(there, _SOME):
            read = {told: seal.read(archive, told) for told in some}
            found = {told: content for told, content in read.items() if content is not None}
            desk.attachments.keep(found, at=at)
            wanted -= set(found)
            brought += len(found)
    return Returned(brought, len(wanted))


def lacking(desk: Desk) -> Returned:
    """Say how many photos that rows name are missing or damaged, without bringing any back."""
    return Returned(0, len(_named(desk) - _sound(desk)))


def _sound(desk: Desk) -> frozenset[bytes]:
    health = desk.attachments.health()
    return health.present - health.altered


def named_by_rows(raw: Any) -> Iterator[tuple[str, bytes, bytes]]:
    """Yield table, row and hash of every attachment a row names."""
    for table, name in tables.attached_columns():
        for key, told in raw.execute(f"SELECT id, {name} FROM {table.name} WHERE {name} NOT NULL"):
            yield table.name, key, told


def _named(desk: Desk) -> set[bytes]:
    with desk.read() as connection:
        return {told for _, _, told in named_by_rows(connection.connection.driver_connection)}


def _batches(hashes: Sequence[bytes], size: int) -> Iterator[Sequence[bytes]]:
    return (hashes[at : at + size] for at in range(0, len(hashes), size))


class _Seal:
    """How a copied content is named and sealed: who finds the stick learns neither."""

    def __init__(self, data_key: bytes, book_id: bytes) -> None:
        key = HKDF(SHA256(), 64, salt=book_id, info=b"stepdesk/attachments-copy/1").derive(
            data_key
        )
        self._seal, self._names = AESGCM(key[:32]), key[32:]

    def name(self, told: bytes) -> str:
        return digest(self._names, told, "sha256").hex()

    def sealed(self, told: bytes, content: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + self._seal.encrypt(nonce, content, told)

    def read(self, archive: zipfile.ZipFile, told: bytes) -> bytes | None:
        """Return a content; None when it is damaged."""
        try:
            entry = archive.getinfo(self.name(told))
            if entry.file_size > LARGEST + 64 or entry.compress_type != zipfile.ZIP_STORED:
                return None
            sealed = archive.read(entry)
            content = self._seal.decrypt(sealed[:12], sealed[12:], told)
        except _UNREADABLE:
            return None
        return content if content_hash(content) == told else None


def _stem(book_id: bytes) -> str:
    return f"photos-{book_id.hex()[-8:]}"


def _files(
    folder: Path, book_id: bytes, *, practice: bool
) -> Iterator[tuple[Path, zipfile.ZipFile]]:
    """Yield every whole file of this book's attachments in a folder, open for reading."""
    for path in sorted(folder.glob(f"*-{_stem(book_id)}-*.sda")):
        with _opened(path, book_id, practice=practice) as archive:
            if archive is not None:
                yield path, archive


@contextmanager
def _opened(path: Path, book_id: bytes, *, practice: bool) -> Iterator[zipfile.ZipFile | None]:
    """Open a file that says it is of this book; None for a damaged one or another book's."""
    wanted = {"form": FORM, "book": book_id.hex(), "practice": practice}
    archive: zipfile.ZipFile | None = None
    fits = False
    try:
        with suppress(*_UNREADABLE):
            archive = zipfile.ZipFile(path)
            told = archive.getinfo("manifest.json")
            fits = told.file_size <= 4096 and json.loads(archive.read(told)) == wanted
        yield archive if fits else None
    finally:
        if archive is not None:
            archive.close()


def _write(desk: Desk, folder: Path, some: Sequence[bytes], seal: _Seal) -> int:
    """Write one file and return how many contents it holds; none makes no file."""
    path = _free(desk, folder)
    part = path.with_name(path.name + ".part")
    manifest = {"form": FORM, "book": desk.book_id.hex(), "practice": desk.practice}
    written = 0
    try:
        with part.open("wb") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
                archive.writestr("manifest.json", json.dumps(manifest, sort_keys=True))
                for few in _batches(some, _SOME):
                    for told, content in desk.attachments.read_all(few).items():
                        archive.writestr(seal.name(told), seal.sealed(told, content))
                        written += 1
            out.flush()
            os.fsync(out.fileno())
        with zipfile.ZipFile(part) as archive:
            if archive.testzip() is not None:
                raise OSError(path.name)
        if written:
            part.replace(path)
            sync_folder(folder)
    except zipfile.BadZipFile as error:
        raise OSError(path.name) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return written


def _free(desk: Desk, folder: Path) -> Path:
    moment = desk.clock.now().strftime("%Y%m%d-%H%M%S")
    names = (
        folder / f"{desk.folder.name}-{_stem(desk.book_id)}-{moment}-{at:03d}.sda"
        for at in count(1)
    )
    return next(one for one in names if not one.exists())


def _put_aside(desk: Desk) -> None:
    """Rename a file of attachments that cannot be read, so that a new one can be begun."""
    desk.attachments.close()
    path = desk.attachments.path
    moment = desk.clock.now().strftime("%Y%m%d-%H%M%S")
    mark = sha256(os.urandom(8)).hexdigest()[:4]
    for tail in ("-wal", "-shm", ""):
        old = path.with_name(path.name + tail)
        if old.exists():
            old.replace(path.with_name(f"attachments-damaged-{moment}-{mark}.db{tail}"))
