"""The letters everything is printed with: Noto Sans, shipped beside this module.

ReportLab is imported on first use: the login must not wait for it.
"""

import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "StepDesk Regular"
BOLD = "StepDesk Bold"

_FILES = {REGULAR: "NotoSans-Regular.ttf", BOLD: "NotoSans-Bold.ttf"}

# What is drawn for a sign the font lacks. Noto Sans has U+202F; another font may not.
_STAND_INS = {
    "\u202f": "\u00a0",
    "\u2011": "-",
    "\u2212": "-",
    "\u2192": "–",
    "\u02bc": "’",
    "\t": " ",
    "\n": " ",
    "\r": " ",
}


@cache
def font(name: str) -> "TTFont":
    """Return the font of that name, registered with ReportLab once."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    made = TTFont(name, str(Path(__file__).resolve().parent / "fonts" / _FILES[name]))
    pdfmetrics.registerFont(made)
    return made


def has(sign: str) -> bool:
    """Whether both fonts can print the sign."""
    return all(ord(sign) in font(name).face.charToGlyph for name in _FILES)


class _Drawn(dict[int, str]):
    """What is drawn for each sign, by its number; found out when it first comes."""

    def __missing__(self, number: int) -> str:
        sign = chr(number)
        drawn = sign if has(sign) else _STAND_INS.get(sign, sign)
        self[number] = drawn
        return drawn


class _Widths(dict[str, float]):
    """How wide each sign of a font is, in points at size 1."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._font = font(name)

    def __missing__(self, sign: str) -> float:
        width = float(self._font.stringWidth(sign, 1))
        self[sign] = width
        return width


_drawn = _Drawn()


@cache
def _widths(name: str) -> _Widths:
    return _Widths(name)


def printable(words: str) -> str:
    """Return the words composed (NFC), missing signs replaced by their stand-ins."""
    if words.isascii() and words.isprintable():
        return words
    return unicodedata.normalize("NFC", words).translate(_drawn)


def width_of(words: str, size: float, *, bold: bool = False) -> float:
    """Return how wide the words are in points."""
    widths = _widths(BOLD if bold else REGULAR)
    return size * sum(map(widths.__getitem__, printable(words)))


def wrapped(words: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Return the words in lines no wider than `width`; a longer word is broken.

    Never empty. Breaks only at blanks: no-break spaces keep an amount together.
    """
    lines: list[str] = []
    line = ""
    for word in printable(words).split(" "):
        longer = f"{line} {word}" if line else word
        if width_of(longer, size, bold=bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _broken(word, width, size, bold=bold)
        lines += full
    return [*lines, line]


def _broken(word: str, width: float, size: float, *, bold: bool) -> list[str]:
    pieces = [""]
    for sign in word:
        if pieces[-1] and width_of(pieces[-1] + sign, size, bold=bold) > width:
            pieces.append("")
        pieces[-1] += sign
    return pieces


def shortened(words: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return the words, cut and ended with … where they are wider than `width`."""
    kept = printable(words)
    if width_of(kept, size, bold=bold) <= width:
        return kept
    while kept and width_of(f"{kept}…", size, bold=bold) > width:
        kept = kept[:-1].rstrip()
    return f"{kept}…"
