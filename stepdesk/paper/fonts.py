"""How words are set: signs that can be printed, widths, lines, and what is cut.

Everything is in Noto Sans; a line in which an Arabic letter occurs is measured as
`stepdesk.paper.arabic` lays it out.
"""

import unicodedata

from stepdesk.paper import arabic
from stepdesk.paper.faces import BOLD, REGULAR, drawn, font, has, plain_width

__all__ = ["BOLD", "REGULAR", "font", "has", "printable", "shortened", "width_of", "wrapped"]


def printable(words: str) -> str:
    """Return the words composed (NFC), missing signs replaced by their stand-ins.

    They stay in the order they are read in.
    """
    if words.isascii() and words.isprintable():
        return words
    composed = unicodedata.normalize("NFC", words)
    return composed if arabic.occurs(composed) else drawn(composed)


def width_of(words: str, size: float, *, bold: bool = False) -> float:
    """Return how wide the words are in points."""
    told = printable(words)
    if arabic.occurs(told):
        return size * arabic.width_of(told, bold=bold)
    return size * plain_width(told, BOLD if bold else REGULAR)


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
    lines.append(line)
    return arabic.read_alike(lines, words) if len(lines) > 1 and arabic.occurs(words) else lines


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
