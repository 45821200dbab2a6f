"""Lists outside the book: the same rows as XLSX, CSV or a printed table, each from memory.

A list names persons: who writes one notes it in the access log.
"""

import csv as comma_separated
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from io import StringIO
from typing import TypeAlias

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, amount_text, month_text, short_day_text, speak
from stepdesk.paper.page import TRAINING
from stepdesk.paper.table import Band, Row, Words, table_pdf
from stepdesk.paper.workbook import MOST_ROWS, Plain, workbook
from stepdesk.progress import Progress
from stepdesk.values.money import Money
from stepdesk.values.month import Month

Cell: TypeAlias = "str | int | Money | date | Month | Text | None"

_STEP = 1000
_SPACES = str.maketrans("\u00a0\u202f", "  ")
_DECIMAL_POINT = frozenset({"en"})
"""Languages that write 1.5; elsewhere a comma stands there, and a semicolon parts the columns."""


def xlsx(
    title: str | Text,
    columns: Sequence[str | Text],
    rows: Iterable[Sequence[Cell] | Band],
    language: str,
    *,
    practice: bool = False,
    progress: Progress | None = None,
) -> bytes:
    """Return a workbook: real numbers and dates, text never a formula; bands are left out.

    Args:
        title: The sheet's name.
        columns: The heads, in order.
        rows: As many cells each as there are columns.
        language: Of heads and of each `Text`.
        practice: Whether the sheet's name says TRAINING first.
        progress: Stepped every 1,000 rows.

    Raises:
        Refusal: when there are more rows than a sheet can hold.
        Cancelled: when the person asked for it.
    """
    name = _said(title, language)
    if practice:
        name = f"{speak(TRAINING, language)} {name}"
    heads = [_said(head, language) for head in columns]
    plain = ([_plain(cell, language) for cell in row] for row in _watched(rows, progress))
    try:
        return workbook(name, heads, plain)
    except ValueError as error:
        raise Refusal(
            Text(
                N_("A sheet holds {count} rows at most. Choose fewer, or save as CSV."),
                {"count": MOST_ROWS},
            )
        ) from error


def csv(
    title: str | Text,
    columns: Sequence[str | Text],
    rows: Iterable[Sequence[Cell] | Band],
    language: str,
    *,
    progress: Progress | None = None,
) -> bytes:
    """Return UTF-8 with its mark, as a spreadsheet in that language opens it by itself.

    Days are ISO dates, amounts have no thousands. Text that a spreadsheet would run begins with
    an apostrophe. Spaces are plain: a program that reads them looks for no other. Bands and the
    title are left out.

    Raises:
        Cancelled: when the person asked for it.
    """
    del title
    told = StringIO(newline="")
    between = "," if language in _DECIMAL_POINT else ";"
    writer = comma_separated.writer(told, delimiter=between, lineterminator="\r\n")
    writer.writerow([_harmless(_loose(head, language)) for head in columns])
    for row in _watched(rows, progress):
        writer.writerow([_comma_cell(cell, language) for cell in row])
    return told.getvalue().encode("utf-8-sig", "replace")


def pdf(
    title: str | Text,
    columns: Sequence[str | Text],
    rows: Iterable[Sequence[Cell] | Band],
    language: str,
    *,
    scheme: str = "",
    practice: bool = False,
    printed_on: date | None = None,
    notes: Sequence[str | Text] = (),
    progress: Progress | None = None,
    carried: Sequence[Sequence[Cell]] = (),
) -> bytes:
    """Return a printed table: heads on each page, landscape where the columns ask for it.

    Nothing is cut: a cell too long for its column takes more lines. A `Band` among the rows
    stands across the page.

    Args:
        title: Stands on top of the first page.
        columns: The heads, in order.
        rows: As many cells each as there are columns.
        language: The paper's.
        scheme: Named at the foot of each page.
        practice: Whether each page bears the practice band.
        printed_on: Named at the foot.
        notes: Lines under the title: what was asked for, of which day.
        progress: Stepped as rows are drawn.
        carried: What stands at the foot of a page that ends behind each row, and on top of the
            next: one for each row, as many cells; none for a list without sums.

    Raises:
        Cancelled: when the person asked for it.
    """
    right: set[int] = set()

    def spoken(row: Sequence[Cell] | Band) -> Row:
        if isinstance(row, Band):
            return row
        right.update(at for at, cell in enumerate(row) if type(cell) in {int, Money})
        return tuple(_printed(cell, language) for cell in row)

    told = [spoken(row) for row in rows]
    words = Words(
        _said(title, language),
        tuple(_said(note, language) for note in notes),
        tuple(_said(head, language) for head in columns),
        frozenset(right),
    )
    return table_pdf(
        words,
        told,
        language,
        scheme=scheme,
        practice=practice,
        printed_on=printed_on,
        progress=progress,
        carried=[tuple(_printed(cell, language) for cell in row) for row in carried],
    )


@dataclass(frozen=True, slots=True)
class Listing:
    """A list on its way out of the book: title, notes under it, heads and rows drawn once.

    `carried` are the sums behind each row, printed where a page ends (see `pdf`).
    """

    title: Text
    notes: tuple[Text, ...]
    heads: tuple[Text, ...]
    rows: Iterable[tuple[Cell, ...] | Band]
    carried: Sequence[tuple[Cell, ...]] = ()

    def xlsx(self, language: str, *, practice: bool, progress: Progress | None = None) -> bytes:
        return xlsx(
            self.title, self.heads, self.rows, language, practice=practice, progress=progress
        )

    def csv(self, language: str, *, progress: Progress | None = None) -> bytes:
        return csv(self.title, self.heads, self.rows, language, progress=progress)

    def pdf(
        self,
        language: str,
        *,
        scheme: str,
        practice: bool,
        printed_on: date,
        progress: Progress | None = None,
    ) -> bytes:
        return pdf(
            self.title,
            self.heads,
            self.rows,
            language,
            scheme=scheme,
            practice=practice,
            printed_on=printed_on,
            notes=self.notes,
            progress=progress,
            carried=self.carried,
        )


def _watched(
    rows: Iterable[Sequence[Cell] | Band], progress: Progress | None
) -> Iterator[Sequence[Cell]]:
    total = len(rows) if isinstance(rows, Sequence) else 0
    for at, row in enumerate(rows):
        if progress is not None and not at % _STEP:
            progress.step(at, total, Text(N_("Writing the list")))
        if not isinstance(row, Band):
            yield row


def _said(words: str | Text, language: str) -> str:
    return words if isinstance(words, str) else speak(words, language)


def _plain(cell: Cell, language: str) -> Plain:
    match cell:
        case Money():
            return Decimal(cell.minor).scaleb(-cell.currency.exponent)
        case Text():
            return speak(cell, language)
        case Month():
            return cell.first
        case _:
            return cell


def _comma_cell(cell: Cell, language: str) -> str:  # noqa: PLR0911 - one return a kind
    match cell:
        case None:
            return ""
        case Money():
            whole = str(Decimal(cell.minor).scaleb(-cell.currency.exponent))
            return whole if language in _DECIMAL_POINT else whole.replace(".", ",")
        case Month():
            return str(cell)
        case date():
            return cell.isoformat()
        case int():
            return str(cell)
        case _:
            return _harmless(_loose(cell, language))


def _loose(words: str | Text, language: str) -> str:
    """Return what a Text says with plain spaces; typed words stay as they are."""
    return words if isinstance(words, str) else speak(words, language).translate(_SPACES)


def _harmless(told: str) -> str:
    return f"'{told}" if told.lstrip(" \t\r\n").startswith(("=", "+", "-", "@")) else told


def _printed(cell: Cell, language: str) -> str:  # noqa: PLR0911 - one return a kind
    match cell:
        case None:
            return ""
        case Money():
            return amount_text(cell, language)
        case Month():
            return month_text(cell, language)
        case date():
            return _day(cell, language)
        case int():
            return str(cell)
        case Text():
            return speak(cell, language)
        case str():
            return cell


@cache
def _day(day: date, language: str) -> str:
    return short_day_text(day, language)
