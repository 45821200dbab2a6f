"""Arabic letters on paper: the order of a line's signs, and the letters joined to one another.

Words are kept in the order they are read until they are drawn. A line is put into the order it is
seen in by python-bidi; what stands in Arabic letters is then joined by uharfbuzz. Neither is
imported here before the first Arabic letter is measured.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from stepdesk.paper.faces import ARABIC, ARABIC_BOLD, BOLD, REGULAR, drawn, font, plain_width

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import ShapedStr

_LETTER = "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
_DIGIT = "\u0660-\u066c\u06f0-\u06f9"
_JOINER = "\u200c\u200d"
_LETTERS = re.compile(f"[{_LETTER}]")
_PIECES = re.compile(
    f"(?P<digits>[{_DIGIT}]+)|(?P<letters>[{_JOINER}]*(?:(?![{_DIGIT}])[{_LETTER}][{_JOINER}]*)+)"
)
_LEFT_MARK, _RIGHT_MARK = "\u200e", "\u200f"
# Signs that order or join others and are not seen themselves.
_UNSEEN = dict.fromkeys(
    map(
        ord, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
)
_OPENING, _CLOSING = "([{<«‹", ")]}>»›"
_TURNED = str.maketrans(_OPENING + _CLOSING, _CLOSING + _OPENING)
_PAIRED = re.compile(f"[{re.escape(_OPENING + _CLOSING)}]")
_MARK = "\u034f"
_FOUND = re.compile(f"{_MARK}(?P<turned>{_PAIRED.pattern})|(?P<kept>{_PAIRED.pattern}){_MARK}")


def occurs(words: str) -> bool:
    """Whether an Arabic letter or digit stands in the words."""
    return not words.isascii() and _LETTERS.search(words) is not None


@dataclass(frozen=True, slots=True)
class Piece:
    """Signs of one face, as they are seen from the left.

    Args:
        face: The font's name.
        signs: To be drawn as they are; joined letters are a `ShapedStr`.
        width: In points at size 1.
    """

    face: str
    signs: "str | ShapedStr"
    width: float


def from_right(words: str) -> bool:
    """Whether the words are read from the right: their first letter says so."""
    from bidi import get_base_level

    return bool(get_base_level(words) % 2)


def read_alike(lines: Sequence[str], words: str) -> list[str]:
    """Return the lines the words were broken into, each read in the direction of the whole."""
    right = from_right(words)
    mark = _RIGHT_MARK if right else _LEFT_MARK
    return [line if not line or from_right(line) is right else mark + line for line in lines]


def seen(words: str) -> str:
    """Return the signs of one line as they are seen from the left, brackets turned."""
    from bidi import get_display

    # python-bidi orders brackets but does not turn them. This mark, unseen, goes with the sign
    # before it: found on that sign's left, one reads from the right there.
    marked = _PAIRED.sub(rf"\g<0>{_MARK}", words.replace(_MARK, ""))
    return _FOUND.sub(_turned, str(get_display(marked)))


def _turned(found: "re.Match[str]") -> str:
    turned: str | None = found["turned"]
    return str(found["kept"]) if turned is None else turned.translate(_TURNED)


def width_of(words: str, *, bold: bool) -> float:
    """Return how wide one line is at size 1."""
    return sum(piece.width for piece in pieces(words, bold=bold))


@lru_cache(maxsize=4096)
def pieces(words: str, *, bold: bool) -> tuple[Piece, ...]:
    """Return the pieces of one line from left to right; the words are as one reads them."""
    return tuple(_cut(seen(words), bold=bold))


def _cut(line: str, *, bold: bool) -> Iterator[Piece]:
    arabic, latin = (ARABIC_BOLD, BOLD) if bold else (ARABIC, REGULAR)
    at = 0
    for found in _PIECES.finditer(line):
        yield from _latin(line[at : found.start()], latin)
        at = found.end()
        # Digits are read from the left among Arabic letters too, and do not join.
        digits: str | None = found["digits"]
        if digits is None:
            yield _joined(found["letters"][::-1], arabic)
        else:
            yield Piece(arabic, digits, plain_width(digits, arabic))
    yield from _latin(line[at:], latin)


def _latin(signs: str, face: str) -> Iterator[Piece]:
    told = drawn(signs.translate(_UNSEEN))
    if told:
        yield Piece(face, told, plain_width(told, face))


def _joined(letters: str, face: str) -> Piece:
    from reportlab.lib.abag import ABag
    from reportlab.pdfbase.ttfonts import shapeFragWord

    font(face)
    word = [0, (ABag(fontName=face, fontSize=1), letters)]
    # Without `dlig`, which would draw a name of four letters as one ornament.
    _, (_, shaped) = shapeFragWord(word, features={"kern": True, "liga": True}, force=True)
    return Piece(face, shaped, sum(one.x_advance for one in shaped.__shapeData__) / 1000)
