"""The container every file travels in: clear head, sealed body, checksum. `docs/bundle.md`.

Limits are held before the work they limit. Nothing is taken from a file that is not whole.
"""

import os
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from hashlib import sha256
from pathlib import Path

import pyrage
import zstandard

from stepdesk.sync.wire import canonical
from stepdesk.sync.wire.canonical import Fields, written
from stepdesk.sync.wire.failures import WireError, failure, malformed
from stepdesk.sync.wire.keys import key_id
from stepdesk.sync.wire.lifting import lift, put_back

MAGIC = b"STPD"
VERSION = 1
PAPER = 1
BLOCK = 512
"""The sealed body is filled up to a multiple of this, so that its size says little."""
LARGEST_HEADER = 4 * 1024
LARGEST_FILE = 1 << 20
LARGEST_FRAME = 4 << 20
LARGEST_WINDOW = 8 << 20
LARGEST_MANIFEST = 256 * 1024
_CHECKSUM = 32
_SIGNATURE = 64
_START = 9
_TRIES = 24
_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class FileKind(IntEnum):
    """What travels; the numbers are those of safety handbook 3.9."""

    BUNDLE = 1
    RECEIPT = 2


@dataclass(frozen=True, slots=True)
class Opened:
    """What a container held: manifest, parts and signature, and the random mark in its head."""

    manifest: bytes
    parts: bytes
    signature: bytes
    mark: bytes


def new_mark() -> bytes:
    """Return 16 random bytes that name one file, and say nothing else."""
    return os.urandom(16)


def file_name(prefix: str, mark: bytes, ending: str) -> str:
    """Return a neutral name: SD-7F3K-9Q2M.sdb tells neither the scheme nor the month."""
    number = int.from_bytes(mark[:5], "big")
    signs = "".join(_SYMBOLS[number >> 5 * at & 31] for at in range(7, -1, -1))
    return f"{prefix}-{signs[:4]}-{signs[4:]}.{ending}"


def seal(
    kind: FileKind,
    manifest: bytes,
    parts: bytes,
    signature: bytes,
    *,
    recipient: str,
    mark: bytes,
    paper: bool,
) -> bytes:
    """Return the file that holds all this for one recipient.

    Args:
        kind: What it is.
        manifest: Canonical JSON that tells what is in the parts.
        parts: Further canonical JSON, end to end; may be empty.
        signature: 64 bytes.
        recipient: Whom it is for, `age1…`.
        mark: The 16 bytes the manifest itself also names, so that the head cannot be exchanged.
        paper: Without padding, and as small as can be.
    """
    body = _packed(manifest, parts, signature)
    if not paper:
        body += bytes(-len(body) % BLOCK)
    sealed = _encrypted(body, recipient, tries=_TRIES if paper else 1)
    header = canonical.encode(
        {"c": VERSION, "to": [written(key_id(recipient))], "b": written(mark), "n": len(sealed)}
    )
    flags = PAPER if paper else 0
    head = MAGIC + bytes((VERSION, kind, flags)) + len(header).to_bytes(2, "big") + header
    whole = head + sealed
    whole += sha256(whole).digest()
    if len(whole) > LARGEST_FILE:
        raise failure("too_large")
    return whole


def _packed(manifest: bytes, parts: bytes, signature: bytes) -> bytes:
    marked, raw = lift(manifest + parts)
    frame = len(manifest).to_bytes(4, "big") + marked
    if len(frame) > LARGEST_FRAME:
        raise failure("too_large")
    packed = _compressor().compress(frame)
    return b"".join((len(packed).to_bytes(4, "big"), packed, raw, signature))


def _encrypted(body: bytes, recipient: str, *, tries: int) -> bytes:
    # age adds a stanza of random length that means nothing; on paper the shortest of some wins.
    to = pyrage.x25519.Recipient.from_str(recipient)
    sealed: bytes = min((pyrage.encrypt(body, [to]) for _ in range(tries)), key=len)
    return sealed


def open_container(data: bytes, *, kind: FileKind, identity: str) -> Opened:
    """Return what a file of that kind holds for the owner of the identity.

    Raises:
        WireError: `not_stepdesk`, `other_kind`, `too_large`, `too_new`, `truncated`, `damaged`
            or `other_recipient`.
    """
    header_length = _check_start(data, kind)
    header, sealed = _parts(data, header_length)
    if header.told["to"] != [written(key_id(_recipient_of(identity)))]:
        raise failure("other_recipient")
    try:
        body = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)])
    except pyrage.DecryptError as error:
        raise failure("damaged") from error
    manifest, parts, signature = _unpacked(body, paper=bool(data[6] & PAPER))
    return Opened(manifest, parts, signature, header.raw("b", 16))


def _recipient_of(identity: str) -> str:
    return str(pyrage.x25519.Identity.from_str(identity).to_public())


def _check_start(data: bytes, kind: FileKind) -> int:
    """Return the length of the head's JSON after the first nine bytes were looked at."""
    if len(data) > LARGEST_FILE:
        raise failure("too_large")
    if not data.startswith(MAGIC):
        raise failure("truncated" if data and MAGIC.startswith(data) else "not_stepdesk")
    if len(data) < _START:
        raise failure("truncated")
    version, found, flags = data[4], data[5], data[6]
    header_length = int.from_bytes(data[7:_START], "big")
    odd = version != VERSION or flags & ~PAPER or header_length > LARGEST_HEADER
    if (odd or found != kind) and not _sum_holds(data):
        # A flipped bit is told as damage; only a whole file may say what it is.
        raise failure("damaged")
    if odd:
        raise failure("too_new")
    if found != kind:
        raise failure("other_kind")
    return header_length


def _sum_holds(data: bytes) -> bool:
    return sha256(data[:-_CHECKSUM]).digest() == data[-_CHECKSUM:]


def _parts(data: bytes, header_length: int) -> tuple[Fields, bytes]:
    """Return the head's fields and the sealed body of a file that is whole."""
    start = _START + header_length
    if len(data) < start + _CHECKSUM:
        raise failure("truncated")
    try:
        header = canonical.decode(data[_START:start], "header")
        header.only("b", "c", "n", "to")
        header.whole("c", least=VERSION, most=VERSION)
        header.raws("to", 16, most=1)
        header.raw("b", 16)
        length = header.whole("n", most=LARGEST_FILE)
    except WireError as error:
        raise failure("damaged") from error
    if len(data) < start + length + _CHECKSUM:
        raise failure("truncated")
    if len(data) > start + length + _CHECKSUM or not _sum_holds(data):
        raise failure("damaged")
    return header, data[start : start + length]


def _unpacked(body: bytes, *, paper: bool) -> tuple[bytes, bytes, bytes]:
    """Return manifest, parts and signature; what fills up must be as little as can be, and zero."""
    length = 4 + int.from_bytes(body[:4], "big")
    if len(body) < length:
        raise failure("damaged")
    frame = _expanded(body[4:length])
    told, rest = put_back(frame[4:], body[length:])
    used = len(body) - len(rest) + _SIGNATURE
    fill = 0 if paper else -used % BLOCK
    if len(body) != used + fill or any(rest[_SIGNATURE:]):
        raise failure("damaged")
    cut = int.from_bytes(frame[:4], "big")
    if not 0 < cut <= min(len(told), LARGEST_MANIFEST):
        raise malformed("frame")
    return told[:cut], told[cut:], rest[:_SIGNATURE]


def _expanded(packed: bytes) -> bytes:
    try:
        told = zstandard.get_frame_parameters(packed)
        # The size stands in the frame and is looked at before any of it is made.
        if told.content_size > LARGEST_FRAME or told.window_size > LARGEST_WINDOW:
            raise failure("too_large")
        frame: bytes = _expander().decompress(
            packed, max_output_size=LARGEST_FRAME, allow_extra_data=False
        )
    except zstandard.ZstdError as error:
        raise failure("damaged") from error
    return frame


@cache
def _dictionary() -> zstandard.ZstdCompressionDict:
    words = Path(__file__).with_name("dictionary-1.txt").read_bytes()
    return zstandard.ZstdCompressionDict(words, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def _compressor() -> zstandard.ZstdCompressor:
    return zstandard.ZstdCompressor(
        level=19, dict_data=_dictionary(), write_content_size=True, write_checksum=False
    )


def _expander() -> zstandard.ZstdDecompressor:
    return zstandard.ZstdDecompressor(dict_data=_dictionary(), max_window_size=LARGEST_WINDOW)
