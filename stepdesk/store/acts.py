"""The byte form of an act: how rows are written down, hashed, chained and read again.

An act is a header and parts. The open part holds the open columns of all rows; each row with
personal columns has a part of its own for them, and so for medical ones, each with its own salt:
a part can be forgotten and the chain still holds. docs/act-format.md describes every byte.
"""

import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import Table

from stepdesk.store.tables import NUMBERED, Openness

Plain: TypeAlias = "int | str | bytes | None"

NULL, INT, NEGATIVE, TEXT, BYTES, NEAR_ID, ID, DAY = range(8)
SMALL = 0x40
SHORT = 0x80
INSERT, UPDATE = 0, 1
PART_LIMIT = 1 << 20
REASON = 0
"""The table number under which an act's reason stands, in a personal part."""

_PART = b"stepdesk/p1\0"
_ACT = b"stepdesk/o1\0"
_NODE = b"\x01"


def varint(number: int) -> bytes:
    """Return seven bits a byte, lowest first, the high bit set on all but the last."""
    if number < 0x80:
        return bytes((number,))
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def encode_value(value: Plain, near: bytes) -> bytes:
    """Return the one byte form of a value.

    Args:
        value: None, an int, a text or bytes.
        near: The first 14 bytes of the act's id; ids that share them are written short.
    """
    if value is None:
        return b"\0"
    if type(value) is int:
        return _int_bytes(value)
    if type(value) is str:
        return _text_bytes(value)
    if type(value) is bytes:
        return _byte_bytes(value, near)
    raise TypeError(f"a book holds whole numbers, texts and bytes, not {type(value).__name__}")


@lru_cache(maxsize=4096)
def _int_bytes(value: int) -> bytes:
    if 0 <= value < 0x40:
        return bytes((SMALL | value,))
    return bytes((INT,)) + varint(value) if value >= 0 else bytes((NEGATIVE,)) + varint(~value)


@lru_cache(maxsize=8192)
def _text_bytes(value: str) -> bytes:
    if len(value) == 10 and value[4] == "-" and value[7] == "-":
        try:
            return bytes((DAY,)) + varint(date.fromisoformat(value).toordinal())
        except ValueError:
            pass
    raw = value.encode()
    if len(raw) < 0x80:
        return bytes((SHORT | len(raw),)) + raw
    return bytes((TEXT,)) + varint(len(raw)) + raw


def _byte_bytes(value: bytes, near: bytes) -> bytes:
    if len(value) != 16:
        return bytes((BYTES,)) + varint(len(value)) + value
    if value[:14] == near:
        number = value[14] << 8 | value[15]
        if 0x80 <= number < 0x4000:
            return bytes((NEAR_ID, number & 0x7F | 0x80, number >> 7))
        return bytes((NEAR_ID,)) + varint(number)
    return bytes((ID,)) + value


class Reader:
    """Reads values one after another.

    Raises:
        ValueError: when the bytes are not in the one byte form.
    """

    def __init__(self, data: bytes, near: bytes) -> None:
        self.data = data
        self.at = 0
        self.near = near

    @property
    def left(self) -> bool:
        return self.at < len(self.data)

    def varint(self) -> int:
        number = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7
            if shift > 63:
                raise ValueError("no number of a book is that long")

    def take(self, length: int) -> bytes:
        taken = self.data[self.at : self.at + length]
        if len(taken) != length:
            raise ValueError("an act's part ends too soon")
        self.at += length
        return taken

    def value(self) -> Plain:
        tag = self.data[self.at]
        self.at += 1
        if tag >= SHORT:
            return self.take(tag - SHORT).decode()
        if tag >= SMALL:
            return tag - SMALL
        try:
            return self._long_value(tag)
        except OverflowError as error:
            raise ValueError("no such day or id") from error

    def _long_value(self, tag: int) -> Plain:  # noqa: C901, PLR0911, PLR0912 - one case a tag
        match tag:
            case 0:
                return None
            case 1:
                return self.varint()
            case 2:
                return ~self.varint()
            case 3:
                return self.take(self.varint()).decode()
            case 4:
                return self.take(self.varint())
            case 5:
                return self.near + self.varint().to_bytes(2, "big")
            case 6:
                return self.take(16)
            case 7:
                return date.fromordinal(self.varint()).isoformat()
            case _:
                raise ValueError(f"no value begins with {tag}")


@dataclass(slots=True)
class Image:
    """One row as a work changed it.

    `values` are the row's values after the work, without the id, in the order of the columns;
    `old` holds the former value of each changed column by its place, and is None for a new row.
    """

    table: Table
    id: bytes
    values: list[Plain]
    old: dict[int, Plain] | None = None


@cache
def places(table: Table) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Return the places of a table's open, personal and medical columns, the id left out."""
    found: tuple[list[int], list[int], list[int]] = ([], [], [])
    for at, column in enumerate(list(table.columns)[1:]):
        openness: Openness = column.info["openness"]
        found[openness.value].append(at)
    return tuple(found[0]), tuple(found[1]), tuple(found[2])


def encode_row(values: Sequence[Plain], which: Iterable[int], near: bytes) -> bytes:
    """Return the values in some places, as `encode_value` writes each: asked for every row."""
    found: list[bytes] = []
    for at in which:
        value = values[at]
        kind = type(value)
        if value is None:
            found.append(b"\0")
        elif kind is int:
            found.append(_int_bytes(value))
        elif kind is str:
            found.append(_text_bytes(value))
        else:
            found.append(encode_value(value, near))
    return b"".join(found)


def is_blank(image: Image, which: tuple[int, ...]) -> bool:
    """Whether a new row says nothing in these columns: then no part is written for them."""
    return image.old is None and not any(image.values[at] for at in which)


def record_of(image: Image, which: tuple[int, ...], near: bytes) -> bytes:
    """Return one row's record: table and kind, id, length, values or changes."""
    number: int = image.table.info["number"]
    if image.old is None:
        body = encode_row(image.values, which, near)
    else:
        body = b"".join(
            varint(at) + encode_value(image.old[at], near) + encode_value(image.values[at], near)
            for at in sorted(image.old)
            if at in which
        )
    kind = INSERT if image.old is None else UPDATE
    return varint(number * 2 + kind) + encode_value(image.id, near) + varint(len(body)) + body


def records_of(
    table: Table, which: tuple[int, ...], near: bytes, rows: Sequence[Sequence[Plain]]
) -> list[bytes]:
    """Return the records of new rows whose ids stand before their values.

    The bytes are those of `record_of`; they are written column by column, because the values of
    a column are much alike.
    """
    start = varint(table.info["number"] * 2 + INSERT)
    columns = [_encoded([row[at + 1] for row in rows], near) for at in which]
    bodies = list(map(b"".join, zip(*columns, strict=True))) if columns else [b""] * len(rows)
    lengths = {length: varint(length) for length in set(map(len, bodies))}
    keys = _encoded([row[0] for row in rows], near)
    return [
        b"".join((start, key, lengths[len(body)], body))
        for key, body in zip(keys, bodies, strict=True)
    ]


def _encoded(values: Sequence[Plain], near: bytes) -> list[bytes]:
    """Return the byte form of each value of one column."""
    different = set(values)
    if len(different) * 2 < len(values) or bytes not in set(map(type, values)):
        known = {value: encode_value(value, near) for value in different}
        return [known[value] for value in values]
    far = bytes((ID,))
    return [
        far + value
        if type(value) is bytes and len(value) == 16 and value[:14] != near
        else encode_value(value, near)
        for value in values
    ]


@dataclass(frozen=True, slots=True)
class Record:
    """One row's record as read from a part."""

    number: int
    kind: int
    id: bytes
    body: bytes


def records(part: bytes, near: bytes) -> Iterable[Record]:
    """Yield the records of a part."""
    reader = Reader(part, near)
    while reader.left:
        number, kind = divmod(reader.varint(), 2)
        key = reader.value()
        if type(key) is not bytes:
            raise ValueError("a record has no id")
        yield Record(number, kind, key, reader.take(reader.varint()))


def decode_row(body: bytes, count: int, near: bytes) -> list[Plain]:
    reader = Reader(body, near)
    values = [reader.value() for _ in range(count)]
    if reader.left:
        raise ValueError("a record is longer than its row")
    return values


def decode_changes(body: bytes, near: bytes) -> dict[int, tuple[Plain, Plain]]:
    reader = Reader(body, near)
    changes: dict[int, tuple[Plain, Plain]] = {}
    while reader.left:
        at = reader.varint()
        changes[at] = (reader.value(), reader.value())
    return changes


def part_hash(salt: bytes, part: bytes) -> bytes:
    return sha256(_PART + salt + part).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over part hashes (RFC 6962 2.1: split at the largest power of two).

    Pairing neighbours, an odd last one going up alone, level by level, makes the same tree.
    """
    if not leaves:
        return sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [sha256(_NODE + left + right).digest() for left, right in pairs] + odd
    return level[0]


def merkle_roots(leaves: Iterable[bytes], sizes: Collection[int]) -> dict[int, bytes]:
    """Return the root over the first so many leaves, for each size asked, in one pass."""
    found: dict[int, bytes] = {}
    peaks: list[tuple[int, bytes]] = []
    for count, leaf in enumerate(leaves, start=1):
        peaks.append((1, leaf))
        while len(peaks) > 1 and peaks[-2][0] == peaks[-1][0]:
            (size, left), (_, right) = peaks[-2:]
            peaks[-2:] = [(2 * size, sha256(_NODE + left + right).digest())]
        if count in sizes:
            root = peaks[-1][1]
            for _, left in reversed(peaks[:-1]):
                root = sha256(_NODE + left + root).digest()
            found[count] = root
    return found


@dataclass(frozen=True, slots=True)
class Header:
    """Who did what, when, on which laptop, after which acts."""

    id: bytes
    device: str
    incarnation: int
    seq: int
    hlc: int
    wall: int
    business_day: str
    person: bytes
    second: bytes | None
    verb: str
    schema: int
    deps: bytes = b""

    def stored(self) -> bytes:
        """Return what is kept in the row: what its other columns do not say."""
        near = self.id[:14]
        return b"".join(
            encode_value(value, near)
            for value in (
                self.hlc - (self.wall << 16),
                self.wall,
                self.business_day,
                self.person,
                self.second,
                self.verb,
                self.schema,
                self.deps or None,
            )
        )

    def hash(self, prev: bytes, root: bytes) -> bytes:
        """Return the act's hash: over the one before, the header and the parts."""
        chain = (self.id, self.device, self.incarnation, self.seq)
        place = b"".join(encode_value(value, b"") for value in chain)
        return sha256(_ACT + prev + root + place + self.stored()).digest()


def header_of(row: Mapping[str, Plain]) -> Header:
    """Read a header back from an act's row.

    Raises:
        ValueError: when the stored bytes are damaged.
    """
    key, head = row["id"], row["head"]
    device, incarnation, seq = row["device"], row["incarnation"], row["seq"]
    if not (isinstance(key, bytes) and isinstance(head, bytes)):
        raise ValueError("an act has no id")  # noqa: TRY004 - damaged data, not a wrong call
    reader = Reader(head, key[:14])
    ahead, wall, day, person, second, verb, schema, deps = (reader.value() for _ in range(8))
    fits = (
        isinstance(ahead, int)
        and isinstance(wall, int)
        and isinstance(day, str)
        and isinstance(person, bytes)
        and isinstance(verb, str)
        and isinstance(schema, int)
        and not reader.left
    )
    if not fits:
        raise ValueError("an act's header is damaged")
    header = Header(
        id=key,
        device=str(device),
        incarnation=int(incarnation or 0),
        seq=int(seq or 0),
        hlc=int(str(ahead)) + (int(str(wall)) << 16),
        wall=int(str(wall)),
        business_day=str(day),
        person=bytes(person) if isinstance(person, bytes) else b"",
        second=second if isinstance(second, bytes) else None,
        verb=str(verb),
        schema=int(str(schema)),
        deps=deps if isinstance(deps, bytes) else b"",
    )
    if header.stored() != head:
        raise ValueError("an act's header is damaged: not in its one form")
    return header


DICTIONARY = 1


@cache
def dictionary(version: int) -> bytes:
    """Return a shipped dictionary for the compression of parts."""
    return (Path(__file__).parent / f"dictionary-{version}.bin").read_bytes()


_LITTLE = 2048
_PRESS, _SMALL_PRESS = (-15, 9), (-13, 5)
"""Window and memory of the press. What is little needs a window no longer than the dictionary:
the large one's quarter of a megabyte is cleared for each act and is out of the processor's reach."""


def pack(part: bytes) -> bytes:
    """Return a part as it is kept: the dictionary's version, then raw deflate."""
    window, memory = _SMALL_PRESS if len(part) <= _LITTLE else _PRESS
    press = zlib.compressobj(
        9, zlib.DEFLATED, window, memory, zlib.Z_DEFAULT_STRATEGY, dictionary(DICTIONARY)
    )
    return bytes((DICTIONARY,)) + press.compress(part) + press.flush()


_SHORT, _STORED = 128, 1


def pack_quickly(part: bytes) -> bytes:
    """Return one of very many parts as it is kept.

    A person's few words do not get shorter: they stand in a stored block of the same deflate.
    """
    if len(part) < _SHORT:
        length = len(part)
        head = bytes((DICTIONARY, _STORED, length, 0, length ^ 0xFF, 0xFF))
        return head + part
    press = zlib.compressobj(
        1, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, dictionary(DICTIONARY)
    )
    return bytes((DICTIONARY,)) + press.compress(part) + press.flush()


def unpack(kept: bytes) -> bytes:
    """Read a part back; never more than twice the limit of a part.

    Raises:
        ValueError: when it is damaged.
    """
    try:
        release = zlib.decompressobj(-15, dictionary(kept[0]))
        part = release.decompress(kept[1:], 2 * PART_LIMIT)
    except (zlib.error, OSError, IndexError) as error:
        raise ValueError("a part cannot be read") from error
    if not release.eof or release.unused_data:
        raise ValueError("a part cannot be read")
    return part


def table_of(number: int) -> Table:
    """Return the table of a number.

    Raises:
        ValueError: when no table has it.
    """
    if number not in NUMBERED:
        raise ValueError(f"no table has the number {number}")
    return NUMBERED[number]
