"""The desk: the open book with a person in front of it."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import Row, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from stepdesk.countries import country
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.store import attachments, seal, tables
from stepdesk.store import engine as file
from stepdesk.store.attachments import Attachments
from stepdesk.store.clock import Clock, SystemClock, local_day
from stepdesk.store.files import not_written
from stepdesk.store.keys import STANDARD, Cost, KeyFile, Opened, check_password
from stepdesk.store.lane import Lane, Transaction
from stepdesk.store.lock import Lock
from stepdesk.store.memory import memory_of
from stepdesk.store.work import Work
from stepdesk.values.ids import StaffId, step, uuid7
from stepdesk.values.money import Currency

P = ParamSpec("P")
T = TypeVar("T")

RESERVE = 8 << 20


@dataclass(frozen=True, slots=True)
class Head:
    """The last act of this laptop's chain."""

    device: str
    incarnation: int
    seq: int
    hash: bytes
    hlc: int
    wall: int


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of the people of the desk."""

    id: StaffId
    name: str
    role: str


class Desk:
    """The open book with a person in front of it; `Book.unlock` makes it.

    `today` is the business day the person confirmed; documents are dated by it.
    """

    def __init__(
        self, folder: Path, keys: KeyFile, person: Opened, clock: Clock, lock: Lock | None
    ) -> None:
        self.folder = folder
        self.keys = keys
        self.person = person
        self.clock = clock
        self.path = folder / "book.db"
        self._lock = lock
        self.put_back = False
        self.lane = Lane(file.writer(self.path, person.data_key))
        self.reader: Engine = file.reader(self.path, person.data_key)
        self.head = self._head()
        with self.read() as connection:
            row = connection.execute(select(tables.book)).one()
        self.book_id: bytes = row.id
        self.country: str = row.country
        self.language: str = row.language
        self.practice: bool = bool(row.practice)
        self.made_on: date = date.fromisoformat(row.made_on)
        self._today: date | None = None
        self._hlc = self.head.hlc
        self.last_id = self._last_id()
        self._solo: bool | None = None
        self.after_commit: list[Callable[[], None]] = []
        self.attachments = Attachments(
            folder / attachments.FILE, person.data_key, self.book_id, practice=self.practice
        )

    # What the book is

    @property
    def currency(self) -> Currency:
        return country(self.country).currency

    @property
    def clock_day(self) -> date:
        """The day the laptop's clock tells, where the scheme lives."""
        return local_day(self.clock.now(), country(self.country).time_zone)

    @property
    def today(self) -> date:
        return self._today or self.clock_day

    def confirm_day(self, day: date) -> None:
        """Take the day the person confirmed; nothing is refused because a clock is wrong."""
        self._today = day

    @property
    def clock_suspect(self) -> bool:
        """Whether the clock went back a day or ahead 400 days since the last act."""
        last = datetime.fromtimestamp(self.head.wall / 1000, UTC)
        now = self.clock.now()
        return now < last - timedelta(days=1) or now > last + timedelta(days=400)

    @property
    def solo(self) -> bool:
        """Whether one person alone keeps the desk: no second signature can be had."""
        if self._solo is None:
            self._solo = len(self.colleagues()) < 2
        return self._solo

    def colleagues(self) -> tuple[Colleague, ...]:
        """The people of the desk who have not left."""
        staff = tables.staff
        with self.read() as connection:
            rows = connection.execute(
                select(staff.c.id, staff.c.name, staff.c.role).where(staff.c.ended_on.is_(None))
            ).all()
        return tuple(Colleague(StaffId(row.id), row.name, row.role) for row in rows)

    def medical_key(self) -> bytes:
        """Return the key of medical columns.

        Raises:
            Refusal: when this person's slot does not hold it.
        """
        if self.person.medical_key is None:
            raise Refusal(
                Text(
                    N_(
                        "Medical details are for the medical adviser alone. Let the adviser sign in."
                    )
                )
            )
        return self.person.medical_key

    # Reading and working

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read-only connection that sees the book as it is now."""
        with self._in_words(), self.reader.connect() as connection:
            yield connection

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Say the driver's errors in the person's words; bugs stay bugs."""
        try:
            yield
        except (DBAPIError, file.DatabaseError) as error:
            translated = file.translated(error, self.path)
            if translated is error:
                raise
            if isinstance(translated, Trouble) and translated.text == file.full_disk().text:
                # The reserve goes, so that a closing, a copy or a reversal can still be made.
                self.free_reserve()
            raise translated from error

    @property
    def writer(self) -> Engine:
        """The engine of the writer, for what is no work: folding the file in, looking after it."""
        return self.lane.engine

    @contextmanager
    def _no_act(self) -> Iterator[Transaction]:
        """The writer in a transaction that belongs to no act."""
        with self._in_words(), self.lane.transaction() as transaction:
            yield transaction
            transaction.commit()

    def ask(
        self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **told: P.kwargs
    ) -> T:
        """Run one query on a reader."""
        with self.read() as connection:
            return query(connection, *args, **told)

    @contextmanager
    def work(self, verb: str, *, reason: str = "") -> Iterator[Work]:
        """One transaction that leaves one act; rolled back whole on any error.

        "Recorded" may be said once this has ended without an error: the commit is on the disk.
        """
        with self._in_words(), self.lane.transaction() as transaction:
            work = Work(self, transaction.connection, verb, reason)
            yield work
            self._attach(work)
            told = work.write_act()
            self._commit(transaction, work, told)
        if told is not None:
            self._wrote(work, told)
        for act in work.finished:
            act()

    def _attach(self, work: Work) -> None:
        """Put what the work attached on the disk before the act that names it."""
        work.flush()
        if work.attached and work.wrote:
            self.attachments.keep(work.attached, at=int(work.now.timestamp() * 1000))

    def do(self, verb: Callable[Concatenate[Work, P], T], *args: P.args, **told: P.kwargs) -> T:
        """Run one verb as a work of its own."""
        with self.work(verb.__name__) as work:
            return verb(work, *args, **told)

    def _commit(self, transaction: Transaction, work: Work, told: bytes | None) -> None:
        try:
            transaction.commit()
        except (DBAPIError, file.DatabaseError):
            # A failed COMMIT is neither yes nor no: look whether the act is there.
            if told is None or not self._holds(work.act_id):
                raise
        else:
            work.memory.settle(transaction.raw)

    def _holds(self, act_id: bytes) -> bool:
        with self.reader.connect() as connection:
            found = connection.exec_driver_sql(
                "SELECT 1 FROM act WHERE n = (SELECT max(n) FROM act) AND id = ?", (act_id,)
            ).first()
        return found is not None

    def _wrote(self, work: Work, told: bytes) -> None:
        self.head = Head(
            self.head.device,
            self.head.incarnation,
            self.head.seq + 1,
            told,
            self._hlc,
            int(work.now.timestamp() * 1000),
        )
        self.last_id = work.last_id
        self._solo = None if work.verb in {"add_person", "end_person"} else self._solo
        for call in self.after_commit:
            call()

    def tick(self, now: datetime) -> int:
        """Return the hybrid logical clock: never goes back, follows the wall when it can."""
        self._hlc = max(self._hlc + 1, int(now.timestamp() * 1000) << 16)
        return self._hlc

    def note_access(
        self, question: str, subject: bytes | None, day: date | None, answer: str
    ) -> None:
        """Write a look into the access log, after the answer; it has a chain of its own."""
        wall = int(self.clock.now().timestamp() * 1000)
        with self._no_act() as transaction:
            raw = transaction.raw
            memory = memory_of(transaction.connection)
            memory.begin(raw)
            last = raw.execute("SELECT hash FROM access ORDER BY n DESC LIMIT 1").fetchone()
            row = (wall, self.person.staff_id, question, subject, day and day.isoformat(), answer)
            told = sha256(b"stepdesk/a1\0" + (last[0] if last else b"") + repr(row).encode())
            raw.execute(
                "INSERT INTO access (wall,staff_id,question,subject,day,answer,hash)"
                " VALUES (?,?,?,?,?,?,?)",
                (*row, told.digest()),
            )
        memory.settle(raw)

    def note_locally(self, statement: str, values: Sequence[object]) -> None:
        """Write a row of this laptop's own tables; they belong to no act."""
        with self._no_act() as transaction:
            transaction.raw.execute(statement, values)

    # Keys and people

    def change_password(self, old: str, new: str) -> None:
        """Give the person in front another password; the signing key stays.

        Raises:
            Refusal: when the old one is wrong or the new one too weak.
        """
        opened = self.keys.open(self.person.staff_id, old, field="old_password")
        check_password(new, name=opened.name)
        self.keys.put(opened, new, cost=self.cost)
        self.keys.save()

    @property
    def cost(self) -> Cost:
        """What the person's slot costs to open; new slots cost the same or more."""
        slot = next(
            one for one in self.keys.told["slots"] if one["staff"] == self.person.staff_id.hex()
        )
        return Cost(*slot["cost"])

    def switch(self, staff_id: StaffId, password: str) -> None:
        """Put another person in front of the same open book."""
        self.person = self.keys.open(staff_id, password)

    # Opening and closing

    def _head(self) -> Head:
        with self.reader.connect() as connection:
            row: Row[Any] | None = connection.exec_driver_sql(
                "SELECT * FROM act ORDER BY n DESC LIMIT 1"
            ).first()
            device = connection.exec_driver_sql(
                "SELECT letter, incarnation FROM device ORDER BY incarnation DESC LIMIT 1"
            ).one()
        if row is None:
            return Head("A", 1, 0, bytes(32), 0, 0)
        from stepdesk.store.acts import header_of

        header = header_of(row._asdict())
        if (row.device, row.incarnation) == (device.letter, device.incarnation):
            return Head(row.device, row.incarnation, row.seq, row.hash, header.hlc, header.wall)
        return Head(device.letter, device.incarnation, 0, row.hash, header.hlc, header.wall)

    def _last_id(self) -> bytes:
        """Return an id no row has passed yet."""
        with self.reader.connect() as connection:
            told = connection.exec_driver_sql("SELECT id FROM act ORDER BY n DESC LIMIT 1").first()
        return bytes(16) if told is None else step(told.id, 1 << 20)

    @property
    def acts(self) -> int:
        """How many acts the journal holds."""
        with self.read() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM act").scalar_one())

    def free_reserve(self) -> None:
        """Give the reserve back to a full disk, so that closing, copy and reversal still work."""
        (self.folder / "reserve.bin").unlink(missing_ok=True)

    def close(self) -> None:
        """Fold the write-ahead file in, remember the last act, give the book free."""
        try:
            # On a full disk what was recorded stays in the write-ahead file until the next time.
            with suppress(DBAPIError, file.DatabaseError), self.writer.connect() as connection:
                raw: Any = connection.connection.driver_connection
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            self.attachments.close()
            self.writer.dispose()
            self.reader.dispose()
            self.remember()
            if self._lock:
                self._lock.release()

    def remember(self) -> None:
        """Write the seal of this laptop; of a file put back by hand the former seal stays."""
        if self.put_back:
            return
        head = self.head
        seal.write(
            self.book_id,
            self.folder,
            self.person.data_key,
            seal.Seal(head.device, head.incarnation, head.seq, head.hash.hex()),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def older_than_remembered(desk: Desk) -> bool:
    """Whether the book is older than what this laptop last saw of it: put back by hand."""
    seen = seal.read(desk.book_id, desk.folder, desk.person.data_key)
    if seen is None:
        return False
    if (seen.incarnation, seen.seq) > (desk.head.incarnation, desk.head.seq):
        return True
    with desk.read() as connection:
        row = connection.exec_driver_sql(
            "SELECT hash FROM act WHERE device=? AND incarnation=? AND seq=?",
            (seen.device, seen.incarnation, seen.seq),
        ).first()
    return seen.seq > 0 and (row is None or row.hash.hex() != seen.head)


def folder_of(path: Path) -> Path:
    return path if path.name != "book.db" else path.parent


def new_desk(
    folder: Path,
    *,
    name: str,
    password: str,
    country_code: str,
    language: str,
    practice: bool,
    shape: Callable[[Path, bytes], None],
    role: str = "MANAGER",
    clock: Clock | None = None,
    cost: Cost = STANDARD,
) -> Desk:
    """Make a new book in an empty or new folder and return it open.

    Args:
        folder: Where the book's files go.
        name: The first person's name on the login tile.
        password: Their password.
        country_code: A country pack's code.
        language: The language of papers until the scheme says otherwise.
        practice: For ever: a practice book is never sent as real.
        shape: Lays the tables into an empty encrypted file (path, key).
        role: The first person's role.
        clock: The desk's clock.
        cost: What opening a slot costs.

    Raises:
        Refusal: weak password, unknown country, or a folder that holds something.
        Trouble: when the disk refuses; nothing is left behind.
    """
    clock = clock or SystemClock()
    check_password(password, name=name)
    _check_place(folder, country_code)
    key = secrets.token_bytes(32)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shape(folder / "book.db", key)
        keys, opened = _first_keys(
            folder, name, password, key, clock, cost=cost, practice=practice
        )
        (folder / "reserve.bin").write_bytes(os.urandom(RESERVE))
        day = local_day(clock.now(), country(country_code).time_zone)
        _first_act(folder / "book.db", keys, opened, clock, country_code, language, day, role)
    except BaseException as error:
        for left in _FILES:
            with suppress(OSError):
                (folder / left).unlink(missing_ok=True)
        if isinstance(error, (OSError, DBAPIError, file.DatabaseError)):
            raise not_written(folder.name) from error
        raise
    lock = Lock(folder)
    lock.take()
    return Desk(folder, keys, opened, clock, lock)


_ROOM_TO_OPEN = 1 << 20
_FILES = ("book.db", "book.db-wal", "book.db-shm", "book.keys", "book.keys.bak", "reserve.bin")


def _first_keys(
    folder: Path,
    name: str,
    password: str,
    key: bytes,
    clock: Clock,
    *,
    cost: Cost,
    practice: bool,
) -> tuple[KeyFile, Opened]:
    """Write the key file of a new book with the first person's slot."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    milliseconds = int(clock.now().timestamp() * 1000)
    random = int.from_bytes(os.urandom(10), "big") >> 6
    book_id = uuid7(milliseconds, random & ~0xFFFF)
    staff_id = StaffId(uuid7(milliseconds, (random ^ 0xFFFF0000) & ~0xFFFF))
    keys = KeyFile.make(folder / "book.keys", book_id, practice=practice)
    signer = Ed25519PrivateKey.generate()
    opened = Opened(staff_id, name, key, secrets.token_bytes(32), signer)
    keys.put(opened, password, cost=cost)
    keys.save()
    return keys, opened


def _check_place(folder: Path, country_code: str) -> None:
    from stepdesk.countries import PACKS

    if country_code not in PACKS:
        raise Refusal(
            Text(
                N_("The country {code} is not known. Choose one of: {known}."),
                {"code": country_code, "known": ", ".join(PACKS)},
            ),
            field="country",
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refusal(
            Text(
                N_("{name} exists and is not empty. Choose a new folder for the book."),
                {"name": folder.name},
            ),
            field="book",
        )


def _first_act(
    path: Path,
    keys: KeyFile,
    opened: Opened,
    clock: Clock,
    country_code: str,
    language: str,
    day: date,
    role: str,
) -> None:
    """Write the book's own row, its first laptop and its first person."""
    writer = file.writer(path, opened.data_key)

    class _Cradle:
        """As much of a desk as the first work needs."""

        head = Head("A", 1, 0, bytes(32), 0, 0)
        person = opened
        last_id = bytes(16)

        def __init__(self) -> None:
            self.clock, self.today, self.country = clock, day, country_code
            self.practice, self.keys = keys.practice, keys

        @staticmethod
        def tick(now: datetime) -> int:
            return int(now.timestamp() * 1000) << 16

    with writer.connect() as connection, connection.begin():
        work = Work(_Cradle(), connection, "make_book", "")  # type: ignore[arg-type]
        work.insert(
            tables.book,
            id=keys.book_id,
            country=country_code,
            language=language,
            practice=int(keys.practice),
            made_on=day,
        )
        work.insert(tables.device, id=work.new_id(), letter="A", incarnation=1, since=day)
        work.insert(
            tables.staff,
            id=opened.staff_id,
            name=opened.name,
            role=role,
            public_key=opened.signer.public_key().public_bytes_raw(),
            added_on=day,
        )
        work.write_act()
    writer.dispose()


def unlock(
    folder: Path,
    *,
    password: str,
    person: StaffId | None = None,
    name: str = "",
    migrate: Callable[[Path, bytes, int], None] | None = None,
    clock: Clock | None = None,
    accept_older: bool = False,
) -> Desk:
    """Open a book for a person.

    Args:
        folder: The book's folder.
        password: The person's password.
        person: Who; or `name`, as on the tile; with neither, the only person there is.
        name: See person.
        migrate: Lifts a book of an older schema (path, key, found); a copy is made before.
        clock: The desk's clock.
        accept_older: Open a book older than this laptop remembers: for checking and restoring.

    Raises:
        Refusal: wrong password, nobody of that name.
        Trouble: damaged, foreign, newer, in use, or put back by hand.
    """
    folder = folder_of(folder)
    if not (folder / "book.db").is_file():
        raise Trouble(
            Text(
                N_("There is no book in {name}. Check the name, or make a new book there."),
                {"name": folder.name or str(folder)},
            )
        )
    keys = KeyFile.read(folder / "book.keys")
    opened = keys.open(person or person_named(keys, name), password)
    if shutil.disk_usage(folder).free < _ROOM_TO_OPEN:
        # Without room for its own files a book cannot even be read.
        (folder / "reserve.bin").unlink(missing_ok=True)
    lock = Lock(folder)
    lock.take()
    try:
        for left in folder.glob("verify-*.tmp*"):
            left.unlink(missing_ok=True)
        _bring_up(folder, opened, migrate)
        desk = Desk(folder, keys, opened, clock or SystemClock(), lock)
        _check_kind(desk, keys)
        _check_access(desk)
        desk.put_back = older_than_remembered(desk)
        if desk.put_back and not accept_older:
            desk.writer.dispose()
            desk.reader.dispose()
            raise Trouble(
                Text(
                    N_(
                        "This book is older than the one last used on this laptop: somebody put "
                        "an old file back. Nothing was changed. Put the newer file back, or use "
                        "Restore, which keeps both."
                    )
                )
            )
    except (DBAPIError, file.DatabaseError) as error:
        lock.release()
        raise file.translated(error, folder / "book.db") from error
    except BaseException:
        lock.release()
        raise
    return desk


def _check_kind(desk: Desk, keys: KeyFile) -> None:
    if desk.book_id != keys.book_id or desk.practice != keys.practice:
        desk.writer.dispose()
        desk.reader.dispose()
        raise Trouble(
            Text(N_("The key file belongs to another book. Restore the book from a copy."))
        )


def _check_access(desk: Desk) -> None:
    """Refuse whose access was ended, though an old key file still holds a slot.

    Raises:
        Refusal: as for somebody who never had a slot.
    """
    from stepdesk.store.tables import staff

    with desk.read() as connection:
        ended = connection.execute(
            select(staff.c.ended_on).where(staff.c.id == desk.person.staff_id)
        ).scalar_one_or_none()
    if ended is not None:
        desk.writer.dispose()
        desk.reader.dispose()
        raise Refusal(
            Text(N_("This person has no access to the book. Choose somebody else.")),
            field="person",
        )


def _bring_up(
    folder: Path, opened: Opened, migrate: Callable[[Path, bytes, int], None] | None
) -> None:
    path = folder / "book.db"
    raw = file.connect(path, opened.data_key)
    try:
        found = file.check_stamp(raw, path)
    finally:
        raw.close()
    if found < tables.SCHEMA and migrate is not None:
        migrate(path, opened.data_key, found)


def person_named(keys: KeyFile, name: str) -> StaffId:
    """Return who is meant by a name on the tiles.

    Raises:
        Refusal: when nobody or several people could be meant.
    """
    tiles = keys.tiles()
    if not name and len(tiles) == 1:
        return tiles[0].staff_id
    found = [tile for tile in tiles if tile.name.casefold() == name.casefold()]
    if len(found) != 1:
        raise Refusal(
            Text(
                N_("Say who you are: one of {names}."),
                {"names": ", ".join(tile.name for tile in tiles)},
            ),
            field="person",
        )
    return found[0].staff_id
