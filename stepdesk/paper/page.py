"""The look of everything printed: sheets, margins, type, bands, QR codes.

A paper is drawn from the top: `y` counts points downwards from the sheet's upper edge and names
the base line of a text. Nothing here knows what day it is; the same calls give the same bytes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from stepdesk.i18n import N_, Text, amount_text, speak
from stepdesk.paper import arabic, fonts
from stepdesk.values.money import Money

if TYPE_CHECKING:
    from reportlab.lib.colors import Color

MM = 72 / 25.4
_DOTS = 250  # an inch, of a photo
QUIET = 4  # modules left white around a QR code, by its standard

TRAINING = Text(N_("TRAINING"))
WITHOUT_VALUE = Text(N_("Paper from a practice book, without value"))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's size in points."""

    width: float
    height: float


A3 = Sheet(297 * MM, 420 * MM)
A4 = Sheet(210 * MM, 297 * MM)
A5 = Sheet(148 * MM, 210 * MM)
CARD = Sheet(85.6 * MM, 54 * MM)


class Ink(Enum):
    """The colours of paper; each one can still be read in a photocopy."""

    TEXT = "#1B1F23"
    MUTED = "#4A5158"
    RULE = "#B9BFC5"
    PRIMARY = "#0B5563"
    TINT = "#EEF4F5"
    WHITE = "#FFFFFF"
    TRAINING = "#5A4A00"
    TRAINING_TINT = "#FFF3BF"
    WATERMARK = "#EBE7DA"
    ALARM = "#6B1E00"
    ALARM_TINT = "#FFE3D3"


class Align(Enum):
    LEFT = "LEFT"
    CENTRE = "CENTRE"
    RIGHT = "RIGHT"


@dataclass(frozen=True, slots=True)
class Type:
    """How a text is set."""

    size: float = 10
    bold: bool = False
    ink: Ink = Ink.TEXT
    align: Align = Align.LEFT

    @property
    def line(self) -> float:
        """The distance from one base line to the next."""
        return round(self.size * 1.3, 1)


BODY = Type()
STRONG = Type(bold=True)
LABEL = Type(8, ink=Ink.MUTED)
SMALL = Type(8)
NAME = Type(13, bold=True)
TITLE = Type(15, bold=True, ink=Ink.PRIMARY)
LARGE = Type(22, bold=True)


@cache
def _colour(ink: Ink) -> "Color":
    from reportlab.lib.colors import HexColor

    return HexColor(ink.value)


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page of one paper carries.

    Args:
        title: What the paper is; becomes the document's title, so no person's name in it.
        scheme: Stands at the foot and is the document's author.
        pages: How many pages there will be; 0 prints no page numbers and no foot.
        printed_on: The day named at the foot, None for none.
    """

    title: str
    scheme: str
    sheet: Sheet
    practice: bool
    pages: int = 1
    printed_on: date | None = None
    margin: float = 12 * MM


class Paper:
    """One document being drawn, with its first page begun."""

    def __init__(self, frame: Frame, language: str) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self.frame = frame
        self.language = language
        self.page = 0
        self._bytes = BytesIO()
        fonts.font(fonts.REGULAR)
        fonts.font(fonts.BOLD)
        self._canvas = Canvas(
            self._bytes,
            pagesize=(frame.sheet.width, frame.sheet.height),
            invariant=1,
            lang=language,
            pageCompression=1,
        )
        self._canvas.setTitle(frame.title)
        self._canvas.setAuthor(frame.scheme)
        self._canvas.setSubject(frame.title)
        self._canvas.setCreator("StepDesk")
        self._begin()

    @property
    def left(self) -> float:
        return self.frame.margin

    @property
    def right(self) -> float:
        return self.frame.sheet.width - self.frame.margin

    @property
    def width(self) -> float:
        """The width between the margins."""
        return self.right - self.left

    @property
    def top(self) -> float:
        """Where a page's content may begin."""
        return self.frame.margin + (14 if self.frame.practice else 0)

    @property
    def bottom(self) -> float:
        """Where a page's content must end, above the foot."""
        return self.frame.sheet.height - self.frame.margin - (14 if self.frame.pages else 0)

    def next_page(self) -> None:
        self._canvas.showPage()
        self._begin()

    def finish(self) -> bytes:
        """Return the document; nothing can be drawn on it any more."""
        self._canvas.showPage()
        self._canvas.save()
        return self._bytes.getvalue()

    def say(self, text: Text) -> str:
        """Return the text in the paper's language."""
        return speak(text, self.language)

    def text(self, x: float, y: float, words: str | Text, kind: Type = BODY) -> None:
        """Write one line; `x` is its left end, middle or right end, as it is aligned."""
        drawn = fonts.printable(words if isinstance(words, str) else self.say(words))
        start = x
        if kind.align is not Align.LEFT:
            width = fonts.width_of(drawn, kind.size, bold=kind.bold)
            start -= width if kind.align is Align.RIGHT else width / 2
        self._ink(kind.ink)
        self._write(start, self._up(y), drawn, kind.size, bold=kind.bold)

    def texts(self, placed: Iterable[tuple[float, float, str]], kind: Type = BODY) -> None:
        """Write many texts of one kind, each from its left end: x, y, printable words."""
        self._ink(kind.ink)
        block = self._canvas.beginText()
        block.setFont(fonts.BOLD if kind.bold else fonts.REGULAR, kind.size)
        apart = []
        for x, y, words in placed:
            if arabic.occurs(words):
                apart.append((x, y, words))
                continue
            block.setTextOrigin(x, self._up(y))
            block.textOut(words)
        self._canvas.drawText(block)
        for x, y, words in apart:
            self._write(x, self._up(y), words, kind.size, bold=kind.bold)

    def rules(self, heights: Iterable[float]) -> None:
        """Draw thin lines from margin to margin."""
        self._pen(Ink.RULE)
        self._canvas.setLineWidth(0.4)
        lines = ((self.left, self._up(y), self.right, self._up(y)) for y in heights)
        self._canvas.lines(list(lines))

    def fitted(self, x: float, y: float, words: str, width: float, kind: Type = BODY) -> None:
        """Write one line that is not wider: set smaller down to 70 %, then cut with …."""
        wide = fonts.width_of(words, kind.size, bold=kind.bold)
        size = kind.size if wide <= width else max(kind.size * width / wide, kind.size * 0.7)
        kept = fonts.shortened(words, width + 0.01, size, bold=kind.bold)
        self.text(x, y, kept, Type(size, kind.bold, kind.ink, kind.align))

    def wrapped(
        self, x: float, y: float, words: str | Text, width: float, kind: Type = BODY
    ) -> float:
        """Write as many lines as needed and return the base line of the one after them."""
        told = words if isinstance(words, str) else self.say(words)
        for line in fonts.wrapped(told, width, kind.size, bold=kind.bold):
            self.text(x, y, line, kind)
            y += kind.line
        return y

    def money(self, right: float, y: float, money: Money, kind: Type = BODY) -> None:
        """Write an amount without its currency, its last figure at `right`."""
        told = amount_text(money, self.language)
        self.text(right, y, told, Type(kind.size, kind.bold, kind.ink, Align.RIGHT))

    def field(self, x: float, y: float, label: Text, words: str, width: float) -> float:
        """Write a small label and what it names below it; return the next free base line."""
        self.text(x, y, label, LABEL)
        return self.wrapped(x, y + 12.5, words, width, STRONG) + 4

    def rule(self, y: float, *, x: float | None = None, until: float | None = None) -> None:
        """Draw a thin line across, from margin to margin unless told otherwise."""
        self._pen(Ink.RULE)
        self._canvas.setLineWidth(0.6)
        start = self.left if x is None else x
        self._canvas.line(start, self._up(y), self.right if until is None else until, self._up(y))

    def dashes(self, x: float, y: float, until_x: float, until_y: float) -> None:
        """Draw a dashed line where the paper is cut or folded."""
        self._canvas.saveState()
        self._pen(Ink.RULE)
        self._canvas.setLineWidth(0.5)
        self._canvas.setDash(3, 3)
        self._canvas.line(x, self._up(y), until_x, self._up(until_y))
        self._canvas.restoreState()

    def stroke(
        self,
        x: float,
        y: float,
        until_x: float,
        until_y: float,
        *,
        ink: Ink,
        width: float,
        dashed: bool = False,
    ) -> None:
        """Draw a straight line of an ink and a width."""
        self._canvas.saveState()
        self._pen(ink)
        self._canvas.setLineWidth(width)
        if dashed:
            self._canvas.setDash(3, 2)
        self._canvas.line(x, self._up(y), until_x, self._up(until_y))
        self._canvas.restoreState()

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: Ink,
        border: Ink | None = None,
        radius: float = 0,
    ) -> None:
        """Draw a filled box whose upper left corner is x, y."""
        self._ink(fill)
        if border is not None:
            self._pen(border)
            self._canvas.setLineWidth(0.8)
        low, stroked = self._up(y + height), int(border is not None)
        if radius:
            self._canvas.roundRect(x, low, width, height, radius, stroke=stroked, fill=1)
        else:
            self._canvas.rect(x, low, width, height, stroke=stroked, fill=1)

    def notice(self, y: float, words: str | Text, *, ink: Ink, tint: Ink) -> float:
        """Write words in a box from margin to margin; return where the next thing may begin."""
        told = words if isinstance(words, str) else self.say(words)
        kind = Type(10, bold=True, ink=ink)
        lines = [
            line
            for part in told.split("\n")
            for line in fonts.wrapped(part, self.width - 20, kind.size, bold=True)
        ]
        height = len(lines) * kind.line + 8
        self.box(self.left, y, self.width, height, fill=tint, border=ink, radius=3)
        for at, line in enumerate(lines):
            self.text(self.left + 10, y + 14 + at * kind.line, line, kind)
        return y + height + 8

    def signature(self, x: float, y: float, label: Text, width: float) -> None:
        """Draw a line to sign on, with who signs below it."""
        self._pen(Ink.TEXT)
        self._canvas.setLineWidth(0.6)
        self._canvas.line(x, self._up(y), x + width, self._up(y))
        self.wrapped(x, y + 10, label, width, LABEL)

    def qr(self, x: float, y: float, side: float, content: str) -> None:
        """Draw a QR code on a white square whose upper left corner is x, y, margin included."""
        rows = list(runs_of(content))
        module = side / (len(rows) + 2 * QUIET)
        self.box(x, y, side, side, fill=Ink.WHITE)
        # In a grid of whole modules the numbers stay short: half the time, a third of the size.
        told = [
            f"{first} {row} {count} 1 re" for row, runs in enumerate(rows) for first, count in runs
        ]
        left, top = x + module * QUIET, self._up(y + module * QUIET)
        self._canvas.addLiteral(
            f"q 0 g {module:.5f} 0 0 {-module:.5f} {left:.4f} {top:.4f} cm {' '.join(told)} f Q"
        )

    def picture(self, x: float, y: float, width: float, height: float, jpeg: bytes) -> bool:
        """Draw a JPEG as large as fits in a place, in its middle; tell whether it is a picture.

        It is no sharper than a printer prints: ten thousand portraits would fill the memory.
        """
        from PIL import UnidentifiedImageError
        from reportlab.lib.utils import ImageReader

        try:
            read = ImageReader(BytesIO(_no_sharper(jpeg, width, height)))
            wide, high = read.getSize()
        except (OSError, UnidentifiedImageError):
            return False
        scale = min(width / wide, height / high)
        across, down = wide * scale, high * scale
        left = x + (width - across) / 2
        self._canvas.drawImage(read, left, self._up(y + (height + down) / 2), across, down)
        return True

    def band(self, x: float, y: float, width: float, *, size: float = 11) -> float:
        """Draw the band that tells a practice paper from a real one; return its lower edge."""
        height = size * 1.6
        base = y + height / 2 + size * 0.36
        self.box(x, y, width, height, fill=Ink.TRAINING_TINT)
        self.rule(y + height, x=x, until=x + width)
        word = self.say(TRAINING)
        self.text(x + size, base, word, Type(size, bold=True, ink=Ink.TRAINING))
        used = fonts.width_of(word, size, bold=True) + 3 * size
        kind = Type(size * 0.75, ink=Ink.TRAINING, align=Align.RIGHT)
        self.fitted(x + width - size, base, self.say(WITHOUT_VALUE), width - used, kind)
        return y + height

    def watermark(self, x: float, y: float, size: float) -> None:
        """Write the practice word aslant, around the point x, y."""
        self._canvas.saveState()
        self._canvas.translate(x, self._up(y))
        self._canvas.rotate(35)
        self._ink(Ink.WATERMARK)
        word = fonts.printable(self.say(TRAINING))
        wide = fonts.width_of(word, size, bold=True)
        self._write(-wide / 2, -size * 0.35, word, size, bold=True)
        self._canvas.restoreState()

    def _write(self, x: float, up: float, drawn: str, size: float, *, bold: bool) -> None:
        if not arabic.occurs(drawn):
            self._canvas.setFont(fonts.BOLD if bold else fonts.REGULAR, size)
            self._canvas.drawString(x, up, drawn)
            return
        block = self._canvas.beginText()
        for piece in arabic.pieces(drawn, bold=bold):
            block.setFont(piece.face, size)
            block.setTextOrigin(x, up)
            block.textOut(piece.signs)
            x += piece.width * size
        self._canvas.drawText(block)

    def _up(self, y: float) -> float:
        return self.frame.sheet.height - y

    def _ink(self, ink: Ink) -> None:
        self._canvas.setFillColor(_colour(ink))

    def _pen(self, ink: Ink) -> None:
        self._canvas.setStrokeColor(_colour(ink))

    def _begin(self) -> None:
        self.page += 1
        sheet = self.frame.sheet
        if self.frame.practice:
            self.watermark(sheet.width / 2, sheet.height / 2, sheet.width / 6)
            self.band(0, 0, sheet.width, size=13)
        if self.frame.pages:
            self._foot()

    def _foot(self) -> None:
        y = self.frame.sheet.height - self.frame.margin
        self.rule(y - 10)
        number = self.say(
            Text(N_("Page {page} of {pages}"), {"page": self.page, "pages": self.frame.pages})
        )
        if self.frame.printed_on is not None:
            printed = self.say(Text(N_("Printed on {day}"), {"day": self.frame.printed_on}))
            number = f"{printed} · {number}"
        kind = Type(7.5, ink=Ink.MUTED)
        self.text(self.right, y, number, Type(7.5, ink=Ink.MUTED, align=Align.RIGHT))
        room = self.width - fonts.width_of(number, kind.size) - 12
        self.fitted(self.left, y, self.frame.scheme, room, kind)


def _no_sharper(jpeg: bytes, width: float, height: float) -> bytes:
    from PIL import Image

    most = round(width / 72 * _DOTS), round(height / 72 * _DOTS)
    with Image.open(BytesIO(jpeg)) as picture:
        if picture.width <= 2 * most[0] and picture.height <= 2 * most[1]:
            return jpeg
        picture.draft("RGB", most)
        picture.thumbnail(most, reducing_gap=2)
        held = BytesIO()
        picture.convert("RGB").save(held, "JPEG", quality=85)
    return held.getvalue()


def runs_of(content: str) -> Iterator[list[tuple[int, int]]]:
    """Yield each row of the content's QR code as runs of dark modules: first one, count."""
    import segno

    # Any mask is valid by the standard; trying all eight takes five times as long.
    code = segno.make(content, error="m", mask=2, micro=False, boost_error=False)
    for row in code.matrix:
        runs: list[tuple[int, int]] = []
        for at, dark in enumerate(row):
            if not dark:
                continue
            if runs and sum(runs[-1]) == at:
                runs[-1] = (runs[-1][0], runs[-1][1] + 1)
            else:
                runs.append((at, 1))
        yield runs
