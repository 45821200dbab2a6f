"""The slip of a hand-over by a collector. Source: domain handbook D06."""

from collections.abc import Sequence
from datetime import date

from stepdesk.contributions.papers.session_slips import pieces_block, replaced_by
from stepdesk.contributions.terms import HandOver, HandOverLine
from stepdesk.i18n import N_, Text, currency_text, day_text, short_day_text, speak
from stepdesk.paper import fonts
from stepdesk.paper.page import (
    A5,
    LABEL,
    SMALL,
    STRONG,
    TITLE,
    Align,
    Frame,
    Ink,
    Paper,
    Sheet,
    Type,
)

_ROW = 13.0
_HEAD = 74.0
_NEXT_HEAD = 30.0
_BOOKLET = 11.5
_FOOT = 14.0
_NOTES = 50.0  # what notes may take before the signatures go down
_MARGIN = Frame("", "", A5, practice=False).margin
_RIGHT_LABEL = Type(8, ink=Ink.MUTED, align=Align.RIGHT)


def hand_over_pdf(
    slip: HandOver, language: str, *, sheet: Sheet = A5, printed_on: date | None = None
) -> bytes:
    """Return the slip on A5 or A4: receipts, leaves used and cancelled, cash counted, two signatures."""
    title = speak(Text(N_("Hand-over slip {number}"), {"number": slip.number}), language)
    pages = _pages(slip, sheet)
    frame = Frame(
        title.strip(), slip.scheme, sheet, slip.practice, len(pages), printed_on=printed_on
    )
    paper = Paper(frame, language)
    for at, rows in enumerate(pages):
        if at:
            paper.next_page()
        y = _lines(paper, slip, rows, _head(paper, slip, first=not at))
        if at + 1 == len(pages):
            _end(paper, slip, y)
    return paper.finish()


def _end_height(slip: HandOver) -> float:
    pieces = sum(1 for count in slip.pieces.values() if count)
    notes = sum(lines * SMALL.line + 2 for _, lines in _notes(slip))
    return 126 + max(_ROW * (pieces + 1), 92 + max(0.0, notes - _NOTES))


def _notes(slip: HandOver) -> list[tuple[Text, int]]:
    """Return what stands below the sums, each with the lines it takes at most."""
    notes = []
    if slip.difference_reason:
        told = Text(N_("Explanation: {reason}"), {"reason": slip.difference_reason})
        notes.append((told, 3))
    if slip.difference.minor < 0:
        notes.append((replaced_by(-slip.difference, slip.collector), 2))
    if slip.single_control:
        notes.append((Text(N_("Under single control: one person alone signed this")), 2))
    return notes


def _pages(slip: HandOver, sheet: Sheet) -> list[Sequence[HandOverLine]]:
    """Return the receipts of each page; the last has room for the count and the signatures."""
    usable = sheet.height - 2 * _MARGIN - _FOOT - (14 if slip.practice else 0)
    room = usable - _HEAD - _BOOKLET * len(slip.booklets) - 24
    pages: list[Sequence[HandOverLine]] = []
    rest: Sequence[HandOverLine] = slip.lines
    while len(rest) * _ROW > room - _end_height(slip):
        taken = min(int(room / _ROW), len(rest) - 1)
        if taken < 1:
            break
        pages.append(rest[:taken])
        rest = rest[taken:]
        room = usable - _NEXT_HEAD - 24
    return [*pages, rest]


def _head(paper: Paper, slip: HandOver, *, first: bool) -> float:
    y = paper.top + 12
    title = paper.say(Text(N_("Hand-over slip")))
    used = fonts.width_of(slip.number, 12, bold=True) + 12
    paper.fitted(paper.left, y, title, paper.width - used, TITLE)
    paper.text(paper.right, y, slip.number, Type(12, bold=True, align=Align.RIGHT))
    if not first:
        return y + _NEXT_HEAD - 12
    paper.fitted(paper.left, y + 15, paper.frame.scheme, paper.width, STRONG)
    column = paper.width / 3
    language = paper.language
    days = short_day_text(slip.first_day, language)
    if slip.last_day != slip.first_day:
        days = f"{days} – {short_day_text(slip.last_day, language)}"
    fields = (
        (Text(N_("Collector")), slip.collector),
        (Text(N_("Day")), day_text(slip.day, language)),
        (Text(N_("Receipts of")), days),
    )
    for at, (label, words) in enumerate(fields):
        x = paper.left + at * column
        paper.text(x, y + 31, label, LABEL)
        paper.fitted(x, y + 43, words, column - 8, STRONG)
    y += 46
    for one in slip.booklets:
        y += _BOOKLET
        paper.fitted(
            paper.left, y, _leaves(paper, one.booklet, one.used, one.cancelled), paper.width, SMALL
        )
    paper.rule(y + 6)
    return y + _HEAD - 58


def _leaves(paper: Paper, booklet: str, used: str, cancelled: str) -> str:
    told = {"booklet": booklet, "used": used or "–", "cancelled": cancelled}
    if cancelled:
        message = N_("Booklet {booklet}: leaves used {used}, cancelled {cancelled}")
    else:
        message = N_("Booklet {booklet}: leaves used {used}")
    return paper.say(Text(message, told))


def _lines(paper: Paper, slip: HandOver, rows: Sequence[HandOverLine], y: float) -> float:
    if not rows:
        return y
    leaf, household, name = (paper.left + at for at in (80, 122, 180))
    heads = (
        (paper.left, N_("Receipt")),
        (leaf, N_("Leaf")),
        (household, N_("Household")),
        (name, N_("Received from")),
    )
    y += 8
    for x, label in heads:
        paper.text(x, y, Text(label), LABEL)
    currency = currency_text(slip.handed.currency, paper.language)
    paper.text(paper.right, y, currency, _RIGHT_LABEL)
    paper.rule(y + 4)
    small = Type(8.5)
    y += 2
    for row in rows:
        y += _ROW
        paper.fitted(paper.left, y, row.number, 78, small)
        paper.fitted(leaf, y, row.leaf, 40, small)
        paper.fitted(household, y, row.household_number, 56, small)
        paper.fitted(name, y, row.name, paper.right - 62 - name, small)
        paper.money(paper.right, y, row.amount, small)
    paper.rule(y + 4.5)
    return y + 8


def _end(paper: Paper, slip: HandOver, y: float) -> None:
    told = Text(
        N_("{count} receipt, total"), {"count": len(slip.lines)}, N_("{count} receipts, total")
    )
    y += 12
    paper.text(paper.left, y, told, STRONG)
    paper.money(paper.right, y, slip.collected, STRONG)
    half = (paper.width - 24) / 2
    pieces = [
        (value, slip.pieces[value])
        for value in sorted(slip.pieces, reverse=True)
        if slip.pieces[value]
    ]
    end = pieces_block(paper, slip.handed.currency, pieces, y + 18, half)
    below = _totals(paper, slip, y + 18, half)
    for note, lines in _notes(slip):
        words = fonts.shortened(paper.say(note), lines * half - 40, SMALL.size)
        below = paper.wrapped(paper.right - half, below + 2, words, half, SMALL)
    sign = max(paper.bottom - 26, end + 20, below + 16)
    paper.signature(paper.left, sign, Text(N_("Signature of the collector")), half)
    receiver = Text(N_("Signature of the person who received the money"))
    paper.signature(paper.right - half, sign, receiver, half)


def _totals(paper: Paper, slip: HandOver, y: float, width: float) -> float:
    left = paper.right - width
    rows = (
        (Text(N_("Carried from before")), slip.before, False),
        (Text(N_("Receipts")), slip.collected, False),
        (Text(N_("Should be there")), slip.expected, True),
        (Text(N_("Handed over")), slip.handed, True),
        (Text(N_("Difference")), slip.difference, True),
    )
    paper.text(left, y, Text(N_("Money")), LABEL)
    currency = currency_text(slip.handed.currency, paper.language)
    paper.text(paper.right, y, currency, _RIGHT_LABEL)
    paper.rule(y + 4, x=left)
    for label, money, bold in rows:
        y += 15
        kind = Type(10, bold=bold)
        paper.fitted(left, y, paper.say(label), width - 74, kind)
        paper.money(paper.right, y, money, kind)
    paper.rule(y + 5, x=left)
    return y + 16
