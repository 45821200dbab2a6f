"""A bundle as lines of text, for QR codes on paper; every line says which part it is.

A line is `SDB1-K-N-CCCCCCCC:` and Base45 (RFC 9285), which QR codes carry at 5.5 bits a sign: part
K of N of the file whose SHA-256 begins with C. Lines may be read in any order and more than once.
"""

import re
from collections.abc import Iterable
from hashlib import sha256

from stepdesk.sync.wire.container import LARGEST_FILE
from stepdesk.sync.wire.failures import failure

START = b"SDB1-"
PART = 640
"""Bytes in one code: 960 signs make a code of 105 modules, that a telephone reads from a page."""
MOST = LARGEST_FILE // PART + 1
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_LINE = re.compile(r"SDB1-([0-9]{1,4})-([0-9]{1,4})-([0-9A-F]{8}):(.+)", re.ASCII)


def codes(data: bytes) -> tuple[str, ...]:
    """Return a file as the lines of its codes, as many as are needed."""
    parts = [data[at : at + PART] for at in range(0, len(data), PART)]
    check = _check(data)
    return tuple(
        f"SDB1-{at}-{len(parts)}-{check}:{_written(part)}" for at, part in enumerate(parts, 1)
    )


def joined(told: Iterable[str]) -> bytes:
    """Return the file whose codes were read.

    Raises:
        WireError: `truncated` while a part is missing, `damaged` when parts do not belong
            together, `not_stepdesk` for anything that is no code.
    """
    parts: dict[int, bytes] = {}
    whole: set[tuple[str, str]] = set()
    for line in told:
        # No line ends in a sign above W: a blank at its end is the reader's.
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise failure("not_stepdesk")
        place, count, check, body = found.groups()
        whole.add((count, check))
        parts[int(place)] = _unwritten(body)
    if len(whole) != 1:
        raise failure("damaged" if whole else "not_stepdesk")
    ((count, check),) = whole
    if not 1 <= int(count) <= MOST or parts.keys() - set(range(1, int(count) + 1)):
        raise failure("damaged")
    if len(parts) < int(count):
        raise failure("truncated")
    data = b"".join(parts[at] for at in sorted(parts))
    if _check(data) != check:
        raise failure("damaged")
    return data


def _check(data: bytes) -> str:
    return sha256(data).hexdigest()[:8].upper()


def _written(part: bytes) -> str:
    signs: list[str] = []
    for at in range(0, len(part), 2):
        pair = part[at : at + 2]
        number = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            number, sign = divmod(number, 45)
            signs.append(_ALPHABET[sign])
    return "".join(signs)


def _unwritten(told: str) -> bytes:
    raw = bytearray()
    for at in range(0, len(told), 3):
        group = told[at : at + 3]
        if len(group) == 1 or not set(group) <= set(_ALPHABET):
            raise failure("damaged")
        number = sum(_ALPHABET.index(sign) * 45**place for place, sign in enumerate(group))
        if number >= 256 ** (len(group) - 1):
            raise failure("damaged")
        raw += number.to_bytes(len(group) - 1, "big")
    return bytes(raw)
