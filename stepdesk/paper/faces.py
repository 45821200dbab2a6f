"""The faces everything is printed with: Noto Sans and Noto Sans Arabic, shipped beside this module.

ReportLab is imported on first use: the login must not wait for it.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "StepDesk Regular"
BOLD = "StepDesk Bold"
ARABIC = "StepDesk Arabic"
ARABIC_BOLD = "StepDesk Arabic Bold"

_FILES = {
    REGULAR: "NotoSans-Regular.ttf",
    BOLD: "NotoSans-Bold.ttf",
    ARABIC: "NotoSansArabic-Regular.ttf",
    ARABIC_BOLD: "NotoSansArabic-Bold.ttf",
}

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
    """Whether Noto Sans has the sign, regular and bold."""
    return all(ord(sign) in font(name).face.charToGlyph for name in (REGULAR, BOLD))


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


def drawn(signs: str) -> str:
    """Return the signs, those that Noto Sans lacks replaced by their stand-ins."""
    return signs.translate(_drawn)


def plain_width(signs: str, name: str) -> float:
    """Return how wide the signs are at size 1, one beside the other as they stand."""
    return sum(map(_widths(name).__getitem__, signs))
