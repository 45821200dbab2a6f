"""The collection sheet: forty households in walking order, with boxes to write and sign in."""

from collections.abc import Sequence

from stepdesk.contributions.terms import CollectionSheet, SheetLine
from stepdesk.i18n import N_, Text, amount_text, currency_text, short_day_text, speak
from stepdesk.paper import fonts
from stepdesk.paper.page import (
    A4,
    LABEL,
    MM,
    SMALL,
    TITLE,
    Align,
    Frame,
    Ink,
    Paper,
    Type,
)
from stepdesk.paper.sheet import Listing

_MARGIN = 9 * MM
_GAP = 4 * MM
_COLUMN = 20
"""Households in a column; there are two, so that a box is high enough for a thumb."""

_QR = 54.0
_HEAD = 58.0
_NUMBERED = 14.0
_FACE = 26.0
_DUE = 56.0
_AMOUNT = 60.0
_THUMB = 38.0
_TINY = Type(6.5, ink=Ink.MUTED)
_TINY_RIGHT = Type(6.5, ink=Ink.MUTED, align=Align.RIGHT)


def collection_sheets_pdf(sheets: Sequence[CollectionSheet], language: str) -> bytes:
    """Return printed sheets, one a page of A4, as they stood on the day each was asked for.

    A line has the place, number, member and persons; due, late and paid through; a box for the
    amount, one for the receipt's number or leaf, and one for the thumb. Photos are drawn where
    the sheet has some.

    Raises:
        ValueError: without a sheet.
    """
    if not sheets:
        raise ValueError("no sheet")
    first, last = sheets[0].number, sheets[-1].number
    numbers = first if first == last else f"{first} – {last}"
    frame = Frame(
        speak(Text(N_("Collection sheet {number}"), {"number": numbers}), language),
        sheets[0].scheme,
        A4,
        any(sheet.practice for sheet in sheets),
        pages=len(sheets),
        printed_on=sheets[0].day,
        margin=_MARGIN,
    )
    paper = Paper(frame, language)
    for at, sheet in enumerate(sheets):
        if at:
            paper.next_page()
        _sheet(paper, sheet)
    return paper.finish()


def collection_sheets_list(sheets: Sequence[CollectionSheet]) -> Listing:
    """Return the same lines as rows for a workbook, with room for what is taken and its receipt.

    Raises:
        ValueError: without a sheet.
    """
    if not sheets:
        raise ValueError("no sheet")
    first, last = sheets[0].number, sheets[-1].number
    numbers = first if first == last else f"{first} – {last}"
    return Listing(
        Text(N_("Collection sheet {number}"), {"number": numbers}),
        (Text(N_("As it stands on {day}"), {"day": sheets[0].day}),),
        (
            Text(N_("Sheet")),
            Text(N_("No.")),
            Text(N_("Member number")),
            Text(N_("Member")),
            Text(N_("Section")),
            Text(N_("Beneficiaries")),
            Text(N_("Amount due")),
            Text(N_("Late")),
            Text(N_("Paid until")),
            Text(N_("Paid")),
            Text(N_("Receipt")),
        ),
        [
            (
                sheet.number,
                line.place,
                line.number,
                line.name,
                line.section,
                line.beneficiaries,
                line.due,
                line.late if line.late.minor else None,
                line.covered_through,
                None,
                ", ".join(line.entered),
            )
            for sheet in sheets
            for line in sheet.lines
        ],
    )


def _sheet(paper: Paper, sheet: CollectionSheet) -> None:
    y = _head(paper, sheet)
    width = (paper.width - _GAP) / 2
    high = (paper.bottom - 2 - y - 12) / _COLUMN
    pictured = any(line.photo for line in sheet.lines)
    for column in range(2):
        lines = sheet.lines[column * _COLUMN : (column + 1) * _COLUMN]
        if lines:
            rows = _Column(paper, sheet, paper.left + column * (width + _GAP), width, pictured)
            rows.draw(lines, y, high)


def _head(paper: Paper, sheet: CollectionSheet) -> float:
    y = paper.top
    paper.qr(paper.right - _QR + 6, y - 7, _QR, sheet.number)
    right = paper.right - _QR
    number = Type(14, bold=True, align=Align.RIGHT)
    paper.text(right, y + 13, sheet.number, number)
    used = fonts.width_of(sheet.number, 14, bold=True) + 14
    title = paper.say(Text(N_("Collection sheet")))
    told = f"{title} – {sheet.title}" if sheet.title else title
    paper.fitted(paper.left, y + 13, told, right - paper.left - used, TITLE)
    expected = Text(
        N_("{count} household, expected {amount}"),
        {"count": len(sheet.lines), "amount": sheet.due},
        N_("{count} households, expected {amount}"),
    )
    paper.fitted(paper.left, y + 27, paper.say(expected), right - paper.left, Type(9))
    blanks = (N_("Collector"), N_("Day"), N_("Total taken"))
    room = (right - paper.left) / 3
    for at, label in enumerate(blanks):
        x = paper.left + at * room
        words = paper.say(Text(label))
        paper.text(x, y + 46, words, LABEL)
        start = x + fonts.width_of(words, LABEL.size) + 4
        paper.box(start, y + 46, room - (start - x) - 10, 0.5, fill=Ink.TEXT)
    return y + _HEAD


class _Column:
    """Twenty households, one below the other."""

    def __init__(
        self,
        paper: Paper,
        sheet: CollectionSheet,
        left: float,
        width: float,
        pictured: bool,
    ) -> None:
        self.paper = paper
        self.left = left
        self.width = width
        self.language = paper.language
        self.face = left + _NUMBERED
        self.name = self.face + (_FACE if pictured else 0)
        self.thumb = left + width - _THUMB
        self.amount = self.thumb - _AMOUNT
        self.due = self.amount - 3
        self.room = self.due - _DUE - self.name
        self.currency = currency_text(sheet.due.currency, paper.language)

    def draw(self, lines: Sequence[SheetLine], y: float, high: float) -> None:
        paper = self.paper
        due = paper.say(Text(N_("Due {currency}"), {"currency": self.currency}))
        paper.text(self.name, y + 7, Text(N_("Household · persons")), _TINY)
        paper.text(self.due, y + 7, due, _TINY_RIGHT)
        paper.fitted(self.amount + 2, y + 7, paper.say(Text(N_("Paid, receipt"))), 58, _TINY)
        paper.fitted(self.thumb + 2, y + 7, paper.say(Text(N_("Thumb"))), 36, _TINY)
        y += 11
        for line in lines:
            self._line(line, y, high)
            y += high
        paper.rule(y, x=self.left, until=self.left + self.width)

    def _line(self, line: SheetLine, y: float, high: float) -> None:
        paper = self.paper
        paper.rule(y, x=self.left, until=self.left + self.width)
        place = Type(9, bold=True, ink=Ink.PRIMARY)
        paper.text(self.left, y + high / 2 + 3, str(line.place), place)
        if line.photo:
            paper.picture(self.face, y + 1, _FACE - 2, high - 2, line.photo)
        self._who(line, y)
        self._owes(line, y)
        paper.box(
            self.amount, y + 2, _AMOUNT - 3, high - 4, fill=Ink.WHITE, border=Ink.RULE, radius=1
        )
        across = self.amount + _AMOUNT - 5
        paper.dashes(self.amount + 2, y + high * 0.62, across, y + high * 0.62)
        paper.box(self.thumb, y + 2, _THUMB, high - 4, fill=Ink.WHITE, border=Ink.RULE, radius=1)

    def _who(self, line: SheetLine, y: float) -> None:
        paper = self.paper
        kind = Type(8.5, bold=True)
        lines = fonts.wrapped(line.name, self.room, kind.size, bold=True)
        if len(lines) > 2:
            small = Type(7, bold=True)
            lines = fonts.wrapped(line.name, self.room, small.size, bold=True)
            kind = small
        for at, words in enumerate(lines[:2]):
            last = at == 1 and len(lines) > 2
            paper.text(self.name, y + 9 + 9 * at, f"{words}…" if last else words, kind)
        told = f"{line.number} · {line.beneficiaries}"
        paper.fitted(self.name, y + 28, told, self.room, SMALL)

    def _owes(self, line: SheetLine, y: float) -> None:
        paper = self.paper
        figures = amount_text(line.due, self.language)
        wide = fonts.width_of(figures, 11, bold=True)
        size = min(11, 11 * _DUE / wide)
        paper.text(self.due, y + 11, figures, Type(size, bold=True, align=Align.RIGHT))
        if line.late.minor:
            late = paper.say(
                Text(N_("late {amount}"), {"amount": amount_text(line.late, self.language)})
            )
            self._small(late, y + 20, Ink.ALARM)
        if line.covered_through is not None:
            through = short_day_text(line.covered_through, self.language)
            self._small(paper.say(Text(N_("paid to {day}"), {"day": through})), y + 28, Ink.MUTED)

    def _small(self, words: str, y: float, ink: Ink) -> None:
        wide = fonts.width_of(words, 7)
        kind = Type(min(7, 7 * _DUE / wide), ink=ink, align=Align.RIGHT)
        self.paper.text(self.due, y, words, kind)
