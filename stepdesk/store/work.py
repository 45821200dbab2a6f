"""Work: one transaction by one person at one moment, which leaves one act in the journal.

Verbs read with `rows`, write with `insert` and `update`, and never commit. What they write is
kept here as one image a row and becomes the act when the desk commits.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import cache
from operator import itemgetter
from pathlib import Path
from shutil import disk_usage
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Executable, Table
from sqlalchemy.engine import Connection

from stepdesk.countries import country
from stepdesk.countries.pack import CountryPack
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.store import acts
from stepdesk.store.acts import Header, Image, Plain
from stepdesk.store.attachments import content_hash
from stepdesk.store.engine import full_disk
from stepdesk.store.memory import memory_of
from stepdesk.store.reading import fetch
from stepdesk.store.tables import SCHEMA, Kind, metadata
from stepdesk.values.ids import StaffId, step, uuid7
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stepdesk.store.desk import Desk
    from stepdesk.store.keys import Opened


_AT_ONCE = 5000
_MANY = 1000
"""Parts from which on an act is packed quickly: an import has one a person."""
LOW_DISK = 64 << 20
"""Below this no new cash is taken. Source: safety handbook 3.1."""


def plain(value: object) -> Plain:
    """Return a value as the book keeps it: days as text, enums by value, money in minor units."""
    if value is None or type(value) is int or type(value) is str or type(value) is bytes:
        return value
    if type(value) is date:
        return value.isoformat()
    if type(value) is Money:
        return value.minor
    return _plain_of(value)


def _plain_of(value: object) -> Plain:  # noqa: PLR0911 - one case a kind
    match value:
        case Enum():
            return plain(value.value)
        case datetime():
            return int(value.timestamp() * 1000)
        case date():
            return value.isoformat()
        case Money():
            return value.minor
        case Month():
            return str(value)
        case bool():
            return int(value)
        case int() | str() | bytes():
            return value
        case _:
            raise TypeError(f"a book does not hold {type(value).__name__}")


@cache
def _names(table: Table) -> dict[str, int]:
    return {column.name: at for at, column in enumerate(list(table.columns)[1:])}


def _place(table: Table) -> int:
    """Return how deep a table stands: one more than the deepest table it points to."""
    found = _PLACES.get(table.name)
    if found is None:
        targets = {key.target_fullname.partition(".")[0] for key in table.foreign_keys}
        others = [
            metadata.tables[name] for name in targets - {table.name} if name in metadata.tables
        ]
        found = _PLACES[table.name] = 1 + max((_place(one) for one in others), default=0)
    return found


_PLACES: dict[str, int] = {}


@cache
def _insert_sql(table: Table) -> str:
    columns = [column.name for column in table.columns]
    marks = ",".join("?" * len(columns))
    return f"INSERT INTO {table.name} ({','.join(columns)}) VALUES ({marks})"


def _speaking(
    rows: Sequence[Sequence[Plain]], which: tuple[int, ...]
) -> Sequence[Sequence[Plain]]:
    """Return the rows that say something in these columns, the id before them not counted."""
    if not which:
        return ()
    told = itemgetter(which[0] + 1, *(place + 1 for place in which))
    return [row for row in rows if any(told(row))]


@dataclass(slots=True)
class Signature:
    """A person who signs the act of this work."""

    staff_id: StaffId
    name: str
    signer: Ed25519PrivateKey


@dataclass(slots=True)
class _Bulk:
    """What a streamed write leaves for the act: finished parts by openness."""

    open: bytearray = field(default_factory=bytearray)
    leaves: list[tuple[int, bytes, bytes]] = field(default_factory=list)

    def put(self, record: bytes) -> None:
        """Add an open record; a part ends before it would grow over the limit."""
        if len(self.open) + len(record) > acts.PART_LIMIT:
            self.end_part()
        _check_length(record)
        self.open += record

    def put_apart(self, openness: int, record: bytes) -> None:
        """Add a record that may be forgotten: a part of its own."""
        _check_length(record)
        self.leaves.append((openness, os.urandom(16), record))

    def put_all(self, records: Sequence[bytes]) -> None:
        """Add open records, as `put` would one after another."""
        if len(self.open) + sum(map(len, records)) <= acts.PART_LIMIT:
            self.open += b"".join(records)
            return
        for record in records:
            self.put(record)

    def put_all_apart(self, openness: int, records: Sequence[bytes]) -> None:
        """Add records that may be forgotten, as `put_apart` would one after another."""
        salts = os.urandom(16 * len(records))
        for at, record in enumerate(records):
            _check_length(record)
            self.leaves.append((openness, salts[at * 16 : at * 16 + 16], record))

    def end_part(self) -> None:
        if self.open:
            self.leaves.append((0, os.urandom(16), bytes(self.open)))
            self.open.clear()


def _check_length(record: bytes) -> None:
    if len(record) > acts.PART_LIMIT:
        raise ValueError("a row is too long for the journal")


def has_room(folder: Path) -> bool:
    """Whether the disk has room for new cash; see `Work.need_room`."""
    return disk_usage(folder).free >= LOW_DISK


class Work:
    """One transaction; see the module. `desk.work` makes it."""

    def __init__(self, desk: "Desk", connection: Connection, verb: str, reason: str) -> None:
        self.desk = desk
        self._connection = connection
        self.verb = verb
        self.reason = reason
        self.now: datetime = desk.clock.now()
        self.today: date = desk.today
        self.country: CountryPack = country(desk.country)
        self.currency: Currency = self.country.currency
        self.practice: bool = desk.practice
        self.person = Signature(desk.person.staff_id, desk.person.name, desk.person.signer)
        self.seconded: Signature | None = None
        self.act_id = following_id(desk.last_id, self.now)
        self._next = 0
        self._first = int.from_bytes(self.act_id, "big")
        self._raw: Any = connection.connection.driver_connection
        self.memory = memory_of(connection)
        self.memory.begin(self._raw)
        self._touched: set[Table] = set()
        self._pending: dict[Table, list[list[Plain]]] = {}
        self._images: dict[tuple[Table, bytes], Image] = {}
        self._bulk: _Bulk | None = None
        self.finished: list[Callable[[], None]] = []
        # A preview is never committed: nobody need sign it.
        self.given_up = False
        self.attached: dict[bytes, bytes] = {}

    # Reading

    @property
    def connection(self) -> Connection:
        """The transaction's connection, for queries; what this work wrote is seen."""
        self.flush()
        return self._connection

    def rows(self, statement: Executable | str, **values: object) -> Sequence[Any]:
        """Return all rows of a query; what this work wrote is seen."""
        if isinstance(statement, str):
            return fetch(self.connection, statement, **values)
        return self.connection.execute(statement, values).all()

    def row(self, statement: Executable | str, **values: object) -> Any:
        """Return the first row of a query, or None."""
        rows = self.rows(statement, **values)
        return rows[0] if rows else None

    # Who signs

    def second(self, person: StaffId, password: str) -> None:
        """Let a second person sign the same act.

        Raises:
            Refusal: wrong password, or the same person twice.
        """
        if person == self.person.staff_id:
            raise Refusal(
                Text(N_("The second signature must be another person's. Choose somebody else.")),
                field="second",
            )
        opened = self.desk.keys.open(person, password, field="second_password")
        if self.rows("SELECT 1 FROM staff WHERE id = :id AND ended_on IS NOT NULL", id=person):
            raise Refusal(
                Text(N_("This person has no access to the book. Choose somebody else.")),
                field="second",
            )
        self.seconded = Signature(opened.staff_id, opened.name, opened.signer)

    def two_signatures(self, *, unlike: StaffId | None = None) -> bool:
        """Ask for two signatures; return True when one person alone signs in solo mode.

        Args:
            unlike: Somebody whose signature does not count as the second (S3).

        Raises:
            Refusal: when the scheme has a second person and nobody signed with the first.
        """
        if self.seconded is None:
            if self.desk.solo or self.given_up:
                return True
            raise Refusal(
                Text(
                    N_(
                        "A second person must sign this: choose who, and let them type their password."
                    )
                ),
                field="second",
            )
        if unlike is not None and self.seconded.staff_id == unlike:
            raise Refusal(
                Text(
                    N_(
                        "Who took the money cannot be the one who agrees to cancel it. Choose somebody else."
                    )
                ),
                field="second",
            )
        return False

    def need_room(self) -> None:
        """Refuse new cash while the disk is nearly full, before money changes hands.

        Raises:
            Trouble: with less than 64 MB left; what is left is for closing, copies, reversals.
        """
        if not has_room(self.desk.folder):
            raise full_disk()

    @property
    def may_seal(self) -> bool:
        """Whether the person in front holds the medical key."""
        return self.desk.person.medical_key is not None

    def sealed(self, value: str, table: Table, column: str, row: bytes) -> bytes:
        """Return a medical value as the book keeps it.

        Raises:
            Refusal: when the person in front has no medical key.
        """
        from stepdesk.store.keys import seal

        return seal(self.desk.medical_key(), value, medical_place(table, column, row))

    # Writing

    def new_id(self) -> bytes:
        """Return the next id of this work; ids of one work follow each other."""
        self._next += 1
        return (self._first + self._next).to_bytes(16, "big")

    def afterwards(self, act: Callable[[], None]) -> None:
        """Do something once the commit is on the disk, and never otherwise: write the key file."""
        self.finished.append(act)

    def attach(self, content: bytes) -> bytes:
        """Keep a photo or scan with this work and return its hash, for the row that names it.

        It is written, and on the disk, right before the act; a work given up leaves nothing.
        """
        told = content_hash(content)
        self.attached[told] = content
        return told

    @property
    def last_id(self) -> bytes:
        """The last id this work gave."""
        return step(self.act_id, self._next)

    def insert(self, table: Table, **values: object) -> None:
        """Add a row; columns not named are empty."""
        self._journaled(table)
        names = _names(table)
        row: list[Plain] = [None] * len(names)
        key = values.pop("id")
        if not isinstance(key, bytes):
            raise TypeError("a row's id is 16 bytes")
        for name, value in values.items():
            row[names[name]] = plain(value)
        self._images[table, key] = Image(table, key, row)
        self._pending.setdefault(table, []).append([key, *row])

    def update(self, table: Table, key: bytes, **changes: object) -> None:
        """Change a row; the journal keeps the old values. Nothing changed leaves no trace."""
        self._journaled(table)
        self.flush()
        image = self._images.get((table, key)) or self._image_of(table, key)
        names = _names(table)
        changed: dict[str, Plain] = {}
        for name, value in changes.items():
            at, new = names[name], plain(value)
            if image.values[at] == new:
                continue
            if image.old is not None:
                image.old.setdefault(at, image.values[at])
                if image.old[at] == new:
                    del image.old[at]
            image.values[at] = new
            changed[name] = new
        if not changed:
            return
        self._images[table, key] = image
        sets = ",".join(f"{name}=?" for name in changed)
        self._raw.execute(f"UPDATE {table.name} SET {sets} WHERE id=?", [*changed.values(), key])
        if image.old is not None and not image.old:
            del self._images[table, key]

    def _image_of(self, table: Table, key: bytes) -> Image:
        found = self._raw.execute(f"SELECT * FROM {table.name} WHERE id=?", [key]).fetchone()
        if found is None:
            raise LookupError(f"no such row in {table.name}")
        return Image(table, key, list(found[1:]), {})

    def insert_many(self, table: Table, rows: Iterable[Mapping[str, object]]) -> int:
        """Add many rows through the bulk writer; they cannot be changed in the same work.

        The act's parts are made as the rows pass, so that memory stays small.
        """
        self._journaled(table)
        self.flush()
        bulk = self._bulk = self._bulk or _Bulk()
        names, count, batch = _names(table), 0, []
        for values in rows:
            row: list[Plain] = [None] * len(names)
            for name, value in values.items():
                if name != "id":
                    row[names[name]] = plain(value)
            key = values["id"]
            if not isinstance(key, bytes):
                raise TypeError("a row's id is 16 bytes")
            self._stream(bulk, Image(table, key, row))
            batch.append([key, *row])
            count += 1
            if len(batch) == 2000:
                self._raw.executemany(_insert_sql(table), batch)
                batch.clear()
        if batch:
            self._raw.executemany(_insert_sql(table), batch)
        return count

    def insert_rows(self, table: Table, rows: Sequence[Sequence[Plain]]) -> None:
        """Add many rows that are plain already: the id, then each column in the table's order.

        The quickest way in, for a register of 100,000; else as `insert_many`.
        """
        self._journaled(table)
        self.flush()
        bulk = self._bulk = self._bulk or _Bulk()
        near = self.act_id[:14]
        whole, personal, medical = acts.places(table)
        statement = _insert_sql(table)
        for at in range(0, len(rows), _AT_ONCE):
            some = rows[at : at + _AT_ONCE]
            bulk.put_all(acts.records_of(table, whole, near, some))
            for openness, which in ((1, personal), (2, medical)):
                told = _speaking(some, which)
                bulk.put_all_apart(openness, acts.records_of(table, which, near, told))
            self._raw.executemany(statement, some)

    def write_derived(
        self, table: Table, statement: str, rows: Iterable[Sequence[object]]
    ) -> None:
        """Keep a derived or local table up; no act is made of it."""
        if table.info["kind"] is Kind.JOURNALED:
            raise TypeError(f"{table.name} is written through insert and update")
        self.flush()
        self._raw.executemany(statement, list(rows))

    def flush(self) -> None:
        """Send what was added to the file, so that queries see it.

        Rows that others point to go first: while a deferred reference is open, SQLite looks
        through the whole table for who else points to each new row.
        """
        if not self._pending:
            return
        for table in sorted(self._pending, key=_place):
            rows = self._pending[table]
            if len(rows) == 1:
                self._raw.execute(_insert_sql(table), rows[0])
            else:
                self._raw.executemany(_insert_sql(table), rows)
        self._pending.clear()

    def _journaled(self, table: Table) -> None:
        """Let a journaled table be written; what was read of it before is forgotten."""
        if table in self._touched:
            return
        if table.info["kind"] is not Kind.JOURNALED:
            raise TypeError(f"{table.name} is not journaled")
        self.memory.touch(table.name)
        self._touched.add(table)

    # The act

    def _stream(self, bulk: _Bulk, image: Image) -> None:
        near = self.act_id[:14]
        whole, personal, medical = acts.places(image.table)
        bulk.put(acts.record_of(image, whole, near))
        for openness, which in ((1, personal), (2, medical)):
            if which and not acts.is_blank(image, which):
                bulk.put_apart(openness, acts.record_of(image, which, near))

    def parts(self) -> list[tuple[int, bytes, bytes]]:
        """Return the act's parts as (openness, salt, bytes): open ones first."""
        near = self.act_id[:14]
        bulk = self._bulk or _Bulk()
        if self.reason:
            body = acts.encode_value(self.reason, near)
            record = acts.varint(acts.REASON) + acts.encode_value(self.act_id, near)
            bulk.put_apart(1, record + acts.varint(len(body)) + body)
        for image in self._images.values():
            self._add(bulk, image, near)
        bulk.end_part()
        return sorted(bulk.leaves, key=lambda leaf: leaf[0])

    def _add(self, bulk: _Bulk, image: Image, near: bytes) -> None:
        whole, personal, medical = acts.places(image.table)
        changed = range(len(image.values)) if image.old is None else image.old
        if image.old is None or any(at in whole for at in changed):
            bulk.put(acts.record_of(image, whole, near))
        for openness, which in ((1, personal), (2, medical)):
            if not which or acts.is_blank(image, which):
                continue
            if any(at in which for at in changed):
                bulk.put_apart(openness, acts.record_of(image, which, near))

    @property
    def wrote(self) -> bool:
        return bool(self._images) or self._bulk is not None

    def write_act(self) -> bytes | None:
        """Write the act of this work; return its hash, or None when nothing was written."""
        self.flush()
        if not self.wrote:
            return None
        desk = self.desk
        parts = self.parts()
        header = Header(
            id=self.act_id,
            device=desk.head.device,
            incarnation=desk.head.incarnation,
            seq=desk.head.seq + 1,
            hlc=desk.tick(self.now),
            wall=int(self.now.timestamp() * 1000),
            business_day=self.today.isoformat(),
            person=self.person.staff_id,
            second=self.seconded.staff_id if self.seconded else None,
            verb=self.verb,
            schema=SCHEMA,
        )
        root = acts.merkle_root([acts.part_hash(salt, body) for _, salt, body in parts])
        told = header.hash(desk.head.hash, root)
        cursor = self._raw.execute(
            "INSERT INTO act (device,incarnation,seq,id,head,hash,signature,second_signature)"
            " VALUES (?,?,?,?,?,?,?,?)",
            (
                header.device,
                header.incarnation,
                header.seq,
                header.id,
                header.stored(),
                told,
                self.person.signer.sign(told),
                self.seconded.signer.sign(told) if self.seconded else None,
            ),
        )
        n = cursor.lastrowid
        pack = acts.pack if len(parts) < _MANY else acts.pack_quickly
        self._raw.executemany(
            "INSERT INTO act_part (act,place,openness,salt,body,erased) VALUES (?,?,?,?,?,NULL)",
            (
                (n, place, openness, salt, pack(body))
                for place, (openness, salt, body) in enumerate(parts)
            ),
        )
        return told


def following_id(last: bytes, now: datetime) -> bytes:
    """Return a UUIDv7 of the moment that is greater than the last one.

    When the clock stands or went back, the last one's moment is kept and counted on: acts and
    rows sort as they were written, whatever the clock says. The 16 lowest bits stay free to
    count the rows of a work: see acts.NEAR_ID.
    """
    random = int.from_bytes(os.urandom(10), "big") >> 6
    fresh = uuid7(int(now.timestamp() * 1000), random >> 1 & ~0xFFFF)
    if fresh[:6] > last[:6]:
        return fresh
    stride = 1 + int.from_bytes(os.urandom(4), "big")
    return step(last, (stride << 20) - int.from_bytes(last[-2:], "big"))


def medical_place(table: Table, column: str, row: bytes) -> bytes:
    """Return what a sealed value is bound to: table, column and row."""
    return f"{table.name}|{column}|".encode() + row


@contextmanager
def announced(connection: Connection) -> "Iterator[None]":
    """Let the store itself write through SQLAlchemy."""
    connection.info["announced"] = True
    try:
        yield
    finally:
        connection.info["announced"] = False


def opened_signature(opened: "Opened") -> Signature:
    return Signature(opened.staff_id, opened.name, opened.signer)
