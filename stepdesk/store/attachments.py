"""Attachments: photos and scans, in a second encrypted file beside the book.

Content is known by its SHA-256, written once and never changed; rows and acts hold the hash. It is
on the disk before the act that names it, so that an act never names what is not there; what an act
that failed left behind is an orphan, and can be found and removed. A damaged or missing file costs
photos, never the book. The file is opened on first use, under a key of its own made from the
book's key. Source: design 2, photos and scans; ADR 22.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import RLock
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from stepdesk.errors import Trouble
from stepdesk.i18n import N_, Text
from stepdesk.store import engine as file
from stepdesk.store.files import sync_folder

FILE = "attachments.db"
APPLICATION_ID = 0x53544154
VERSION = 1

LARGEST = 4 << 20
"""Bytes of one content."""

_SHAPE = (
    "CREATE TABLE owner (book BLOB NOT NULL, practice INTEGER NOT NULL) STRICT",
    "CREATE TABLE content (hash BLOB PRIMARY KEY CHECK (length(hash) = 32), added INTEGER NOT NULL,"
    " bytes BLOB NOT NULL) STRICT",
    "CREATE TABLE leaving (hash BLOB PRIMARY KEY) STRICT",
    "CREATE TRIGGER content_is_not_changed BEFORE UPDATE ON content"
    " BEGIN SELECT RAISE(ABORT, 'stepdesk:written_once'); END",
    "CREATE TRIGGER content_leaves_on_purpose BEFORE DELETE ON content"
    " WHEN OLD.hash NOT IN (SELECT hash FROM leaving)"
    " BEGIN SELECT RAISE(ABORT, 'stepdesk:written_once'); END",
)
_SOME = 400  # hashes a question


@dataclass(frozen=True, slots=True)
class Health:
    """What a look at every content found."""

    present: frozenset[bytes]
    altered: frozenset[bytes]
    readable: bool = True


def content_hash(content: bytes) -> bytes:
    """Return the 32 bytes a content is known by."""
    return sha256(content).digest()


def key_of(data_key: bytes, book_id: bytes) -> bytes:
    """Return the key of a book's attachments."""
    return HKDF(SHA256(), 32, salt=book_id, info=b"stepdesk/attachments/1").derive(data_key)


def _damaged(name: str) -> Trouble:
    return Trouble(
        Text(
            N_(
                "The photos of {name} cannot be read: their file is damaged or belongs to another "
                "book. The book itself is whole. Put the photos back from the last copy."
            ),
            {"name": name},
        )
    )


class Attachments:
    """The attachments of one book; made by its desk, opened on first use.

    Args:
        path: The file; it need not exist.
        data_key: The book's key.
        book_id: Whose attachments.
        practice: Whether the book is for practice; the file says the same for ever.
    """

    def __init__(self, path: Path, data_key: bytes, book_id: bytes, *, practice: bool) -> None:
        self.path = path
        self._key = key_of(data_key, book_id)
        self._owner = (book_id, int(practice))
        self._raw: Any = None
        # The lane writes while another reader may look a photo up.
        self._guard = RLock()

    # Writing

    def keep(self, contents: Mapping[bytes, bytes], *, at: int) -> None:
        """Write contents by hash; once this has returned they are on the disk.

        Args:
            contents: What is not there yet is added, what is there stays; one damaged on the disk
                is written anew.
            at: Now, in milliseconds.

        Raises:
            Trouble: the disk refuses, or the file is damaged; nothing was written.
        """
        for told, content in contents.items():
            if content_hash(content) != told or len(content) > LARGEST:
                raise ValueError("a content is known by its own hash, and is not large")
        with self._writing() as raw:
            for told, content in contents.items():
                found = raw.execute("SELECT bytes FROM content WHERE hash=?", (told,)).fetchone()
                if found is not None and found[0] == content:
                    continue
                if found is not None:
                    _take_out(raw, (told,))
                raw.execute("INSERT INTO content VALUES (?,?,?)", (told, at, content))

    def erase(self, hashes: Iterable[bytes]) -> int:
        """Take contents away for ever: orphans, or of a person to be forgotten.

        Returns:
            How many there were. Copies made before still hold them.
        """
        if not self.path.exists():
            return 0
        with self._writing() as raw:
            count = _take_out(raw, tuple(hashes))
        with self._in_words():
            # What was overwritten in the file shall not stand in the write-ahead file.
            self._open().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return count

    # Reading

    def read(self, told: bytes) -> bytes | None:
        """Return a content; None when it is missing or not what its hash says.

        Raises:
            Trouble: the file cannot be read at all.
        """
        return self.read_all((told,)).get(told)

    def read_all(self, hashes: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the contents there are, each checked against its hash; see `read`."""
        found: dict[bytes, bytes] = {}
        if not self.path.exists():
            return found
        with self._guard, self._in_words():
            for told in hashes:
                content = self._sound(told)
                if content is not None:
                    found[told] = content
        return found

    def hashes(self) -> frozenset[bytes]:
        """Return the hashes of all contents; none when there is no file."""
        if not self.path.exists():
            return frozenset()
        with self._guard, self._in_words():
            return frozenset(row[0] for row in self._open().execute("SELECT hash FROM content"))

    def health(self) -> Health:
        """Read every content and say which are not what they were; never raises for damage."""
        if not self.path.exists():
            return Health(frozenset(), frozenset())
        try:
            present = self.hashes()
        except Trouble:
            return Health(frozenset(), frozenset(), readable=False)
        with self._guard, self._in_words():
            altered = {told for told in sorted(present) if self._sound(told) is None}
        return Health(present, frozenset(altered))

    def _sound(self, told: bytes) -> bytes | None:
        """Return what stands under a hash; None when missing, altered, or on a damaged page."""
        try:
            row = (
                self._open().execute("SELECT bytes FROM content WHERE hash=?", (told,)).fetchone()
            )
        except file.DatabaseError as error:
            if "locked" in str(error) or "full" in str(error):
                raise
            # After one damaged page SQLCipher reads none of the others: open anew for the next.
            self._give_up()
            return None
        return row[0] if row is not None and content_hash(row[0]) == told else None

    # Opening and closing

    def _give_up(self) -> None:
        with suppress(file.DatabaseError):
            self._raw.close()
        self._raw = None

    def close(self) -> None:
        """Fold the write-ahead file in and give the file free."""
        with self._guard:
            if self._raw is None:
                return
            with suppress(file.DatabaseError):
                self._raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._raw.close()
            self._raw = None

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except file.DatabaseError as error:
            told = file.translated(error, self.path)
            if told is error or "malformed" in str(error) or "not a database" in str(error):
                raise _damaged(self.path.parent.name) from error
            raise told from error

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        with self._guard, self._in_words():
            raw = self._open()
            raw.execute("BEGIN IMMEDIATE")
            try:
                yield raw
                raw.execute("COMMIT")
            except BaseException:
                with suppress(file.DatabaseError):
                    raw.execute("ROLLBACK")
                # What failed may have left its transaction open: the next use opens anew.
                self._give_up()
                raise

    def _open(self) -> Any:
        if self._raw is None:
            if not self.path.exists():
                self._make()
            self._raw = self._connected()
        return self._raw

    def _connected(self) -> Any:
        try:
            raw = file.connect(self.path, self._key)
        except Trouble as error:
            if error.text.message == file.full_disk().text.message:
                raise
            raise _damaged(self.path.parent.name) from error
        try:
            marks = [
                raw.execute(f"PRAGMA {one}").fetchone()[0]
                for one in ("application_id", "user_version")
            ]
            owner = raw.execute("SELECT book, practice FROM owner").fetchone()
        except file.DatabaseError as error:
            raw.close()
            raise _damaged(self.path.parent.name) from error
        if marks != [APPLICATION_ID, VERSION] or owner != self._owner:
            raw.close()
            raise _damaged(self.path.parent.name)
        return raw

    def _make(self) -> None:
        """Lay the file out beside, so that a half-made one is never taken for the real one."""
        beside = self.path.with_name(self.path.name + ".part")
        _without(beside)
        try:
            raw = file.connect(beside, self._key)
            try:
                raw.execute("BEGIN IMMEDIATE")
                for statement in _SHAPE:
                    raw.execute(statement)
                raw.execute("INSERT INTO owner VALUES (?,?)", self._owner)
                raw.execute(f"PRAGMA application_id={APPLICATION_ID}")
                raw.execute(f"PRAGMA user_version={VERSION}")
                raw.execute("COMMIT")
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                raw.execute("PRAGMA journal_mode=DELETE").fetchall()
            finally:
                raw.close()
            # A write-ahead file of a former one must not be laid over this one.
            _without(self.path)
            beside.replace(self.path)
            sync_folder(self.path.parent)
        except (OSError, file.DatabaseError) as error:
            _without(beside)
            if isinstance(error, OSError):
                raise file.full_disk() from error
            raise


def _take_out(raw: Any, hashes: tuple[bytes, ...]) -> int:
    """Delete contents past the guard; within a transaction."""
    raw.executemany("INSERT OR IGNORE INTO leaving VALUES (?)", [(one,) for one in hashes])
    count: int = raw.execute(
        "DELETE FROM content WHERE hash IN (SELECT hash FROM leaving)"
    ).rowcount
    raw.execute("DELETE FROM leaving")
    return count


def _without(path: Path) -> None:
    for tail in ("", "-wal", "-shm", "-journal"):
        with suppress(OSError):
            path.with_name(path.name + tail).unlink(missing_ok=True)
