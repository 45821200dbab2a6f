"""Rolls of thermal printers: the same drawing as on paper, as dots.

A page of the roll's width becomes one bit a dot at 203 dots an inch and goes out as the raster
command GS v 0 of ESC/POS, which every receipt printer knows; a file stands for the printer.
Nothing is written to a disk here.
"""

from dataclasses import dataclass

from stepdesk.paper.page import MM, Sheet

DOTS = 203
"""Dots an inch."""

_DARK = 176
"""Below this grey is printed: thin lines in grey stay, tints and watermarks go."""

_BAND = 200
"""So many rows go out at once: cheap printers hold no more."""

_START = b"\x1b@"
_FEED = b"\x1bd\x03"
_CUT = b"\x1dV\x42\x00"


@dataclass(frozen=True, slots=True)
class Roll:
    """A roll: its width in points and how many dots of it are printed, in the middle."""

    width: float
    dots: int

    @property
    def margin(self) -> float:
        """What stays white on each side, in points."""
        return (self.width - self.dots * 72 / DOTS) / 2

    def sheet(self, height: float) -> Sheet:
        """Return a page of the roll, so many points long."""
        return Sheet(self.width, height)


ROLLS = {"58": Roll(58 * MM, 384), "80": Roll(80 * MM, 576)}
"""The two widths there are, by their millimetres."""


@dataclass(frozen=True, slots=True)
class Raster:
    """Rows of dots, eight to a byte, the leftmost in the highest bit; a set bit is black."""

    dots: int
    rows: bytes

    @property
    def height(self) -> int:
        return len(self.rows) * 8 // self.dots


def raster(pdf: bytes, roll: Roll) -> Raster:
    """Return all pages of a roll's document, one below the other, as dots."""
    import pypdfium2

    rows = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            bitmap = page.render(scale=DOTS / 72, grayscale=True)
            grey = bitmap.to_pil()
            left = (grey.width - roll.dots) // 2
            part = grey.crop((left, 0, left + roll.dots, grey.height))
            black = part.point(lambda value: 0 if value < _DARK else 255).convert("1", dither=0)
            rows.append(bytes(one ^ 0xFF for one in black.tobytes()))
            bitmap.close()
            page.close()
    return Raster(roll.dots, b"".join(rows))


def escpos(pdf: bytes, roll: Roll) -> bytes:
    """Return what is sent to a receipt printer: start, the dots in bands, feed, cut."""
    told = raster(pdf, roll)
    width = told.dots // 8
    out = bytearray(_START)
    for at in range(0, told.height, _BAND):
        rows = min(_BAND, told.height - at)
        out += b"\x1dv0\x00" + width.to_bytes(2, "little") + rows.to_bytes(2, "little")
        out += told.rows[at * width : (at + rows) * width]
    return bytes(out + _FEED + _CUT)
