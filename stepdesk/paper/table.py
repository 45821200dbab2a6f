"""A table on paper: widths by what stands in the columns, heads on each page, nothing cut."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from heapq import nlargest
from typing import TypeAlias

from stepdesk.i18n import N_, Text
from stepdesk.paper import fonts
from stepdesk.paper.page import A4, TITLE, Frame, Ink, Paper, Sheet, Type
from stepdesk.progress import Progress

LANDSCAPE = Sheet(A4.height, A4.width)

_SIZES = (8.5, 8.0, 7.5, 7.0)
_GAP = 10.0
_PAD = 3.0
_MARGIN = 30.0
_FOOT, _BAND = 14.0, 14.0
_LONGEST = 40  # of a column's texts are measured
_STEP = 500
_NARROWEST = 24.0
_NOTE = Type(9, ink=Ink.MUTED)


@dataclass(frozen=True, slots=True)
class Band:
    """Words across the table, above the rows they are about."""

    words: str


Row: TypeAlias = "tuple[str, ...] | Band"


@dataclass(frozen=True, slots=True)
class Words:
    """What stands around the rows.

    Args:
        title: On top of the first page, and the document's own; no person's name.
        notes: Lines under it.
        heads: One a column.
        right: Columns of figures.
    """

    title: str
    notes: tuple[str, ...]
    heads: tuple[str, ...]
    right: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the columns lie: their left edges and widths in points, on which sheet."""

    sheet: Sheet
    size: float
    edges: tuple[float, ...]
    widths: tuple[float, ...]

    @property
    def line(self) -> float:
        return self.size * 1.25

    def lines(self, at: int, words: str, *, bold: bool = False) -> list[str]:
        """Return the lines one cell takes, ready to be drawn."""
        drawn = fonts.printable(words)
        if fonts.width_of(drawn, self.size, bold=bold) <= self.widths[at] + 0.01:
            return [drawn]
        return fonts.wrapped(drawn, self.widths[at], self.size, bold=bold)


@dataclass(frozen=True, slots=True)
class _Laid:
    """One row made into lines, and how high it is."""

    cells: tuple[list[str], ...]
    height: float
    band: bool = False
    bold: bool = False
    sums: "_Laid | None" = None

    @property
    def carries(self) -> float:
        """How much room what is carried forward after this row needs."""
        return self.sums.height if self.sums else 0


def table_pdf(
    words: Words,
    rows: Sequence[Row],
    language: str,
    *,
    scheme: str,
    practice: bool,
    printed_on: date | None,
    progress: Progress | None = None,
    carried: Sequence[tuple[str, ...]] = (),
) -> bytes:
    """Return the table on A4, upright if its columns fit, else across; see `sheet.pdf`."""
    watch = progress or Progress()
    layout = _layout(words, [*rows, *carried])
    laid: list[_Laid] = []
    for at, row in enumerate(_watched(rows, watch, N_("Measuring the list"))):
        sums = _laid_cells(layout, carried[at], bold=True) if carried else None
        laid += [replace(one, sums=sums) for one in _parts(layout, _laid_row(layout, row))]
    head = _laid_cells(layout, words.heads, bold=True)
    top = _MARGIN + (_BAND if practice else 0)
    pages = _pages(words, laid, layout, head.height, top)
    frame = Frame(
        words.title,
        scheme,
        layout.sheet,
        practice,
        len(pages),
        printed_on,
        margin=_MARGIN,
    )
    paper = Paper(frame, language)
    done = 0
    for number, page in enumerate(pages):
        y = paper.top
        if number:
            paper.next_page()
        else:
            y = _title(paper, words, layout, y)
        shown = [laid[at] for at in page]
        if carried:
            shown = _with_sums(laid, page, last=number + 1 == len(pages))
        _page(paper, layout, (head, shown), y, words.right)
        done += len(page)
        watch.step(done, len(laid), Text(N_("Writing the list")))
    return paper.finish()


def _with_sums(laid: Sequence[_Laid], page: Sequence[int], *, last: bool) -> list[_Laid]:
    """Return a page's rows under what was brought forward to it, above what it carries on."""
    before = laid[page[0] - 1].sums if page and page[0] else None
    after = laid[page[-1]].sums if page and not last else None
    shown = [laid[at] for at in page]
    if before is not None:
        shown.insert(0, replace(before, bold=True))
    if after is not None:
        shown.append(replace(after, bold=True))
    return shown


def _watched(rows: Sequence[Row], watch: Progress, message: str) -> Iterator[Row]:
    for at, row in enumerate(rows):
        if not at % _STEP:
            watch.step(at, len(rows), Text(message))
        yield row


def _layout(words: Words, rows: Sequence[Row]) -> _Layout:
    cells = [row for row in rows if not isinstance(row, Band)]
    for sheet in (A4, LANDSCAPE):
        for size in _SIZES:
            wanted, room = _wanted(words, cells, size), _room(words, sheet)
            if sum(wanted) <= room:
                return _placed(sheet, size, wanted, room)
    size, room = _SIZES[-1], _room(words, LANDSCAPE)
    return _placed(LANDSCAPE, size, _squeezed(_wanted(words, cells, size), room), room)


def _room(words: Words, sheet: Sheet) -> float:
    return sheet.width - 2 * _MARGIN - _GAP * (len(words.heads) - 1)


def _placed(sheet: Sheet, size: float, widths: Sequence[float], room: float) -> _Layout:
    """Give what is left over to all columns, so that the table is as wide as the page."""
    spare = min((room - sum(widths)) / len(widths), 40)
    wide = tuple(width + max(spare, 0) for width in widths)
    edges = [_MARGIN]
    for width in wide[:-1]:
        edges.append(edges[-1] + width + _GAP)
    return _Layout(sheet, size, tuple(edges), wide)


def _wanted(words: Words, rows: Sequence[tuple[str, ...]], size: float) -> list[float]:
    """Return how wide each column would be with nothing broken; heads may break at blanks."""
    wanted = []
    for at, head in enumerate(words.heads):
        longest = nlargest(_LONGEST, {row[at] for row in rows}, key=len)
        inner = max((fonts.width_of(told, size) for told in longest), default=0)
        word = max(fonts.width_of(one, size, bold=True) for one in head.split(" "))
        wanted.append(max(inner, word, _NARROWEST) + 1)
    return wanted


def _squeezed(wanted: Sequence[float], room: float) -> list[float]:
    """Leave the narrow columns as they are and let the wide ones share what remains."""
    left, shares = room, dict(enumerate(wanted))
    open_ones = sorted(shares, key=lambda at: wanted[at])
    for done, at in enumerate(open_ones):
        shares[at] = min(wanted[at], left / (len(open_ones) - done))
        left -= shares[at]
    return [shares[at] for at in range(len(wanted))]


def _laid_row(layout: _Layout, row: Row) -> _Laid:
    if isinstance(row, Band):
        room = layout.edges[-1] + layout.widths[-1] - layout.edges[0]
        lines = fonts.wrapped(row.words, room, layout.size + 1, bold=True)
        return _Laid((lines,), len(lines) * layout.line + 3 * _PAD, band=True)
    return _laid_cells(layout, row)


def _laid_cells(layout: _Layout, row: Sequence[str], *, bold: bool = False) -> _Laid:
    cells = tuple(layout.lines(at, words, bold=bold) for at, words in enumerate(row))
    return _Laid(cells, max(map(len, cells)) * layout.line + _PAD)


def _title_height(words: Words, layout: _Layout) -> float:
    room = layout.sheet.width - 2 * _MARGIN
    lines = len(fonts.wrapped(words.title, room, TITLE.size, bold=True))
    notes = sum(len(fonts.wrapped(note, room, _NOTE.size)) for note in words.notes)
    return lines * TITLE.line + notes * _NOTE.line + 8


def _title(paper: Paper, words: Words, layout: _Layout, y: float) -> float:
    below = paper.wrapped(paper.left, y + TITLE.size, words.title, paper.width, TITLE) - 5
    for note in words.notes:
        below = paper.wrapped(paper.left, below, note, paper.width, _NOTE)
    return y + _title_height(words, layout)


def _pages(
    words: Words, laid: Sequence[_Laid], layout: _Layout, head: float, top: float
) -> list[list[int]]:
    """Return which rows stand on which page; there is always one, a band is never last."""
    bottom = layout.sheet.height - _MARGIN - _FOOT
    pages: list[list[int]] = [[]]
    y = top + _title_height(words, layout) + head
    for at, row in enumerate(laid):
        needed = row.height
        if row.band and at + 1 < len(laid):
            needed += laid[at + 1].height
        if y + needed + row.carries > bottom and pages[-1]:
            pages.append([])
            y = top + head + laid[at - 1].carries
        pages[-1].append(at)
        y += row.height
    return pages


def _parts(layout: _Layout, row: _Laid) -> Iterator[_Laid]:
    """Yield the row, in several where it is higher than half a page."""
    most = int(layout.sheet.height / 2 / layout.line)
    lines = max(map(len, row.cells))
    if lines <= most:
        yield row
        return
    for first in range(0, lines, most):
        cells = tuple(cell[first : first + most] or [""] for cell in row.cells)
        yield _Laid(cells, max(map(len, cells)) * layout.line + _PAD)


def _page(
    paper: Paper,
    layout: _Layout,
    told: tuple[_Laid, Sequence[_Laid]],
    y: float,
    right: frozenset[int],
) -> None:
    head, rows = told
    paper.box(paper.left - 3, y, paper.width + 6, head.height, fill=Ink.TINT)
    kind = Type(layout.size, bold=True, ink=Ink.PRIMARY)
    paper.texts(_placed_cells(layout, head, y, right, bold=True), kind)
    y += head.height
    body: list[tuple[float, float, str]] = []
    sums: list[tuple[float, float, str]] = []
    bands: list[tuple[float, float, str]] = []
    rules: list[float] = []
    for row in rows:
        if row.band:
            base = y + 2 * _PAD + layout.size
            (lines,) = row.cells
            bands += [
                (layout.edges[0], base + at * layout.line, line) for at, line in enumerate(lines)
            ]
        elif row.bold:
            sums += _placed_cells(layout, row, y, right, bold=True)
        else:
            body += _placed_cells(layout, row, y, right)
        y += row.height
        rules.append(y)
    paper.rules(rules)
    paper.texts(body, Type(layout.size))
    paper.texts(sums, Type(layout.size, bold=True))
    paper.texts(bands, Type(layout.size + 1, bold=True))


def _placed_cells(
    layout: _Layout, row: _Laid, y: float, right: frozenset[int], *, bold: bool = False
) -> Iterator[tuple[float, float, str]]:
    base = y + layout.size + _PAD / 2
    for at, lines in enumerate(row.cells):
        for number, line in enumerate(lines):
            if not line:
                continue
            x = layout.edges[at]
            if at in right:
                x += layout.widths[at] - fonts.width_of(line, layout.size, bold=bold)
            yield x, base + number * layout.line, line
