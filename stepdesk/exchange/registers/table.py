"""Where the table of a sheet lies: its header, its rows, and the rows that hold nobody. Pure."""

import re
from collections.abc import Iterator, Sequence

from stepdesk.exchange.registers.terms import (
    Apart,
    Cell,
    Line,
    Opened,
    Place,
    Sheet,
    Table,
    shown,
)
from stepdesk.exchange.registers.words import is_word, plain, totals
from stepdesk.i18n import N_, Text

_LOOKED_AT = 40
_NUMBER = re.compile(r"[\d\s.,/%:-]+")

BLANK = N_("This row is empty.")
TOTAL = N_("This row is a total.")
HEADER = N_("This row is the header.")
AGAIN = N_("This row is the header once more.")
ABOVE = N_("This row stands above the table.")


def guess_place(sheet: Sheet) -> Place:
    """Return where the header is likely to be.

    The row with most words of registers wins, if figures are rare in it; words that come again
    below count for less, because they are values. A row of words right above or below that
    names the same columns is a second header row.
    """
    rows = [[shown(cell) for cell in row] for row in sheet.rows[:_LOOKED_AT]]
    scores = [_score(row) for row in rows]
    if not scores or max(scores) <= 0:
        first = next((at for at, row in enumerate(rows) if any(row)), 0)
        return Place(first, 0)
    best = scores.index(max(scores))
    first = best - 1 if best and _is_upper(rows[best - 1], rows[best], scores[best - 1]) else best
    last = best
    if best + 1 < len(rows) and _is_second(rows[best], rows[best + 1], scores[best + 1]):
        last = best + 1
    return Place(first, last - first + 1)


def _score(row: Sequence[str]) -> float:
    filled = [cell for cell in row if cell.strip()]
    if not filled:
        return 0
    figures = sum(bool(_NUMBER.fullmatch(cell)) and not _is_year(cell) for cell in filled)
    words = sum(is_word(cell) for cell in filled)
    long = sum(len(cell) > 40 for cell in filled)
    return words - figures * 1.5 - long - (0.5 if len(filled) == 1 else 0)


def _is_year(cell: str) -> bool:
    return cell.isdecimal() and 1990 <= int(cell) <= 2100


def _is_upper(upper: Sequence[str], lower: Sequence[str], score: float) -> bool:
    """Whether the row above groups columns: few cells, over several of the lower row."""
    filled = sum(bool(cell.strip()) for cell in upper)
    below = sum(bool(cell.strip()) for cell in lower)
    return filled > 1 and score > 0 and filled <= below


def _is_second(upper: Sequence[str], lower: Sequence[str], score: float) -> bool:
    """Whether the row below goes on with the header: it fills gaps and holds words alone."""
    if score < 2:
        return False
    filled = [cell for cell in lower if cell.strip()]
    return all(is_word(cell) or not cell.strip() for cell in filled) and bool(upper)


def table_in(
    opened: Opened, name: str, place: Place, *, kept: frozenset[int] = frozenset()
) -> Table:
    """Return the table of a file's sheet; the one taken last is remembered with the file."""
    key = (name, place, kept)
    found = opened.taken.get(key)
    if found is None:
        found = table_of(opened.sheet(name), place, kept=kept)
        opened.taken.clear()
        opened.taken[key] = found
    return found


def table_of(sheet: Sheet, place: Place, *, kept: frozenset[int] = frozenset()) -> Table:
    """Return the table: merged cells filled, header rows joined, rows without people apart.

    Args:
        sheet: The sheet.
        place: Where the header is.
        kept: Rows that a person says are people, whatever they look like.
    """
    rows = _filled(sheet, place)
    body = place.header + place.header_rows
    width = sheet.width
    names = _names(rows[place.header : body], width)
    header = {plain(name) for name in names if name}
    header |= {word for row in rows[place.header : body] for word in _folded(row) if word}
    marks = _Marks(header)
    lines: list[Line] = []
    apart = [Apart(at, _above(rows[at])) for at in range(min(place.header, len(rows)))]
    apart += [Apart(at, Text(HEADER)) for at in range(place.header, min(body, len(rows)))]
    for at in range(body, len(rows)):
        row = rows[at]
        reason = None if at in kept and any(row) else _reason(row, marks)
        if reason is None:
            whole = isinstance(row, tuple) and len(row) == width
            lines.append(Line(at, tuple(row) if whole else (*row, *("",) * (width - len(row)))))
        else:
            apart.append(Apart(at, Text(reason)))
    titles = tuple(
        text for row in rows[: place.header] for cell in row if (text := shown(cell).strip())
    )
    return Table(names, tuple(lines), tuple(apart), (sheet.name, *titles))


def _above(row: Sequence[Cell]) -> Text:
    return Text(ABOVE if any(_told(cell) for cell in row) else BLANK)


def _told(cell: Cell) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else True


def _filled(sheet: Sheet, place: Place) -> list[Sequence[Cell]]:
    """Return the rows with merged cells filled: across in the header, down in the table."""
    rows: list[Sequence[Cell]] = list(sheet.rows)
    body = place.header + place.header_rows
    for first, left, last, right in sheet.merged:
        if first >= len(rows) or left >= len(rows[first]):
            continue
        value = rows[first][left]
        for at in range(first, min(last + 1, len(rows))):
            row = list(rows[at])
            row += [""] * (right + 1 - len(row))
            # In the table a cell merged across columns is a title, not the same value twice.
            until = right + 1 if at < body else left + 1
            for column in range(left, until):
                row[column] = value
            rows[at] = row
    return rows


def _names(rows: Sequence[Sequence[Cell]], width: int) -> tuple[str, ...]:
    """Return a name a column: the header's rows joined, a group's name carried to the right."""
    told = [[" ".join(shown(cell).split()) for cell in row] for row in rows]
    told = [[*row, *[""] * (width - len(row))] for row in told]
    for at, row in enumerate(told[:-1]):
        _carry(row, told[at + 1])
    return tuple(
        " ".join(dict.fromkeys(row[column] for row in told if row[column]))
        for column in range(width)
    )


def _carry(upper: list[str], lower: Sequence[str]) -> None:
    """Carry a group's name over the columns to its right that have a name of their own below."""
    for column in range(1, len(upper)):
        if not upper[column] and lower[column] and upper[column - 1]:
            alone = not lower[column - 1]
            if not alone:
                upper[column] = upper[column - 1]


def _folded(row: Sequence[Cell]) -> list[str]:
    return [plain(shown(cell)) for cell in row]


_A_WORD, _OF_HEADER, _OF_TOTAL = 1, 2, 4


class _Marks(dict[str, int]):
    """What a text of the table says of its row, each text looked at once; 0 is a blank."""

    def __init__(self, header: set[str]) -> None:
        self.header = header

    def __missing__(self, cell: str) -> int:
        mark = 0
        if cell and not cell.isspace():
            word = plain(cell)
            mark = _A_WORD + _OF_HEADER * (word in self.header) + _OF_TOTAL * totals((word,))
        self[cell] = mark
        return mark


def _reason(row: Sequence[Cell], marks: _Marks) -> str | None:
    told = [marks[cell] for cell in row if type(cell) is str]
    most = max(told, default=0)
    if most == _A_WORD:
        return None
    if most >= _OF_TOTAL:
        return TOTAL
    if most == 0:
        return None if any(_told(cell) for cell in row) else BLANK
    same = sum(mark >= _OF_HEADER for mark in told)
    return AGAIN if same >= max(2, sum(mark > 0 for mark in told) * 0.7) else None


def titled(table: Table) -> Iterator[str]:
    """Yield what is written above the table, the sheet's name first."""
    yield from table.titles
