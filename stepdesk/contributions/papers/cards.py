"""The contribution card a household keeps. Source: domain handbook D03."""

from collections.abc import Sequence
from datetime import date

from stepdesk.contributions.papers.told import fee_words
from stepdesk.contributions.terms import CardLine, ContributionCard, Target
from stepdesk.i18n import N_, Text, currency_text, money_text, month_text, short_day_text, speak
from stepdesk.paper import fonts
from stepdesk.paper.page import (
    A5,
    LABEL,
    LARGE,
    NAME,
    SMALL,
    STRONG,
    TITLE,
    Align,
    Frame,
    Ink,
    Paper,
    Type,
)
from stepdesk.values.month import Month

_HIGHEST = 28.0
_LOWEST = 15.0
_EDGES = (0, 80, 134, 188, 234, 300)
"""Where the columns begin: period, due, paid, date, receipt, signature."""

_HEAD = 106.0


def contribution_card_pdf(
    card: ContributionCard, language: str, *, printed_on: date | None = None
) -> bytes:
    """Return the card on A5: a grid of months with what was due and paid, and room to sign."""
    frame = Frame(
        speak(Text(N_("Contribution card")), language),
        card.scheme,
        A5,
        card.practice,
        pages=1,
        printed_on=printed_on,
    )
    rows: Sequence[CardLine] = card.lines
    room = A5.height - 2 * frame.margin - 14 - (14 if card.practice else 0) - _HEAD - 20
    most = int(room / _LOWEST)
    pages = [rows[at : at + most] for at in range(0, len(rows), most)] or [()]
    if len(pages) > 1:
        frame = Frame(
            frame.title,
            frame.scheme,
            A5,
            card.practice,
            pages=len(pages),
            printed_on=printed_on,
        )
    paper = Paper(frame, language)
    for at, some in enumerate(pages):
        if at:
            paper.next_page()
        _grid(paper, card, some, _head(paper, card))
    return paper.finish()


def _head(paper: Paper, card: ContributionCard) -> float:
    y = paper.top + 12
    words = paper.say(Text(N_("Contribution card")))
    year = str(card.year)
    paper.fitted(paper.left, y, words, paper.width - 50, TITLE)
    kind = Type(TITLE.size, bold=True, ink=TITLE.ink, align=Align.RIGHT)
    paper.text(paper.right, y, year, kind)
    paper.fitted(paper.left, y + 14, card.scheme, paper.width, STRONG)
    paper.text(paper.left, y + 32, Text(N_("Household number")), LABEL)
    paper.text(paper.left, y + 54, card.household_number, LARGE)
    x = paper.left + 176
    paper.text(x, y + 32, Text(N_("Contribution")), LABEL)
    told = money_text(card.amount, paper.language)
    paper.fitted(x, y + 46, told, paper.right - x, NAME)
    paper.fitted(x, y + 57, card.plan, paper.right - x, SMALL)
    name = card.name
    size = NAME.size if fonts.width_of(name, NAME.size, bold=True) <= paper.width else 10
    kind = Type(size, bold=True)
    y = paper.wrapped(paper.left, y + 73, name, paper.width, kind) - kind.line
    paper.fitted(paper.left, y + 11, card.section, paper.width, SMALL)
    return y + 20


def _grid(paper: Paper, card: ContributionCard, rows: Sequence[CardLine], y: float) -> None:
    currency = currency_text(card.amount.currency, paper.language)
    heads = (
        paper.say(Text(N_("Period"))),
        paper.say(Text(N_("Due {currency}"), {"currency": currency})),
        paper.say(Text(N_("Paid"))),
        paper.say(Text(N_("Date"))),
        paper.say(Text(N_("Receipt"))),
        paper.say(Text(N_("Signature"))),
    )
    paper.box(paper.left, y, paper.width, 16, fill=Ink.TINT)
    for at, words in enumerate(heads):
        x, wide = _cell(paper, at)
        kind = Type(8, bold=True, ink=Ink.PRIMARY)
        if at in {1, 2}:
            used = min(fonts.width_of(words, 8, bold=True), wide)
            x += wide - used
        paper.fitted(x, y + 11, words, wide, kind)
    top = y
    y += 16
    high = max(min((paper.bottom - 4 - y) / max(len(rows), 1), _HIGHEST), _LOWEST)
    for row in rows:
        _row(paper, row, y, high)
        y += high
        paper.rule(y)
    for at, edge in enumerate(_EDGES):
        if at:
            paper.box(paper.left + edge - 3, top, 0.4, y - top, fill=Ink.RULE)


def _cell(paper: Paper, at: int) -> tuple[float, float]:
    """Return where a column begins and how wide it is."""
    end = paper.width if at + 1 == len(_EDGES) else _EDGES[at + 1] - 6
    return paper.left + _EDGES[at] + 1, end - _EDGES[at] - 1


def _row(paper: Paper, row: CardLine, y: float, high: float) -> None:
    base = y + high / 2 + 3.5
    x, wide = _cell(paper, 0)
    told = _period(paper, row)
    for at, words in enumerate(told):
        lower = base + 9.5 * (at - (len(told) - 1) / 2)
        paper.fitted(x, lower, words, wide, Type(9, bold=True))
    for at, money in ((1, row.due), (2, row.paid if row.receipts else None)):
        if money is not None:
            x, wide = _cell(paper, at)
            figures = fonts.width_of(f"{money.minor:,}", 9)
            paper.money(x + wide, base, money, Type(min(9, 9 * wide / max(figures, 1))))
    if row.paid_on is not None:
        x, wide = _cell(paper, 3)
        paper.fitted(x, base, short_day_text(row.paid_on, paper.language), wide, Type(8.5))
    x, wide = _cell(paper, 4)
    told = list(row.receipts[-2:])
    if len(row.receipts) > 2:
        told = [row.receipts[-1], f"+ {len(row.receipts) - 1}"]
    first = base - 4.5 * (len(told) - 1)
    for at, number in enumerate(told):
        paper.fitted(x, first + 9 * at, number, wide, Type(8.5 if len(told) == 1 else 7.5))


def _period(paper: Paper, row: CardLine) -> list[str]:
    if row.target is not Target.DUE or row.first_day is None or row.last_day is None:
        return [paper.say(fee_words(row.target))]
    month = Month.of(row.first_day)
    if (row.first_day, row.last_day) == (month.first, month.last):
        return [month_text(month, paper.language)]
    first = short_day_text(row.first_day, paper.language)
    return [f"{first} –", short_day_text(row.last_day, paper.language)]
