"""Keys and hashes stand as bytes on the wire, not as text: a month must fit on paper.

A text of base 64 hardly shrinks, and spoils how well the figures beside it do. So before a frame
is compressed each string that is base64url of 8, 16, 32 or 64 bytes is lifted out of it and a
mark of one byte stays; the reader puts it back before anything is hashed. Lossless for any
bytes of canonical JSON, in which no sign below a blank ever stands.
"""

import re

from stepdesk.sync.wire.canonical import unwritten, written
from stepdesk.sync.wire.failures import failure

LENGTHS = (8, 16, 32, 64)
_TEXT = re.compile(rb'"([\w-]{11}|[\w-]{22}|[\w-]{43}|[\w-]{86})"', re.ASCII)
_MARK = re.compile(rb'"([\x01-\x04])"')


def lift(told: bytes) -> tuple[bytes, bytes]:
    """Return the text with marks, and the bytes that were lifted, in order."""
    lifted: list[bytes] = []

    def mark(found: re.Match[bytes]) -> bytes:
        try:
            raw = unwritten(found[1].decode("ascii"))
        except ValueError:
            return found[0]
        lifted.append(raw)
        return b'"%c"' % (LENGTHS.index(len(raw)) + 1)

    return _TEXT.sub(mark, told), b"".join(lifted)


def put_back(marked: bytes, raw: bytes) -> tuple[bytes, bytes]:
    """Return the text that was lifted from, and what of the bytes was not used.

    Raises:
        WireError: `damaged` when there are fewer bytes than the marks ask for.
    """
    at = 0

    def text(found: re.Match[bytes]) -> bytes:
        nonlocal at
        start, at = at, at + LENGTHS[found[1][0] - 1]
        if at > len(raw):
            raise failure("damaged")
        return b'"' + written(raw[start:at]).encode("ascii") + b'"'

    told = _MARK.sub(text, marked)
    return told, raw[at:]
