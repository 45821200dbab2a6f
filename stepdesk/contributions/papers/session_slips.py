"""The slip of a collection session."""

from collections.abc import Mapping, Sequence
from datetime import date

from stepdesk.contributions.terms import CollectionSession, Receipt
from stepdesk.i18n import N_, Text, amount_text, count_text, currency_text, day_text, speak
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
    Type,
)
from stepdesk.values.money import Currency, Money

_ROW = 13.5
_RIGHT_STRONG = Type(10, bold=True, align=Align.RIGHT)
_RIGHT_LABEL = Type(8, ink=Ink.MUTED, align=Align.RIGHT)
_OWNER = Type(9, bold=True, align=Align.RIGHT)
_COPIES = (
    Text(N_("For the collector")),
    Text(N_("For the person who received the money")),
)
"""Whose each of the two slips is."""


def session_slip_pdf(
    session: CollectionSession,
    receipts: Sequence[Receipt],
    count: Mapping[int, int],
    language: str,
    *,
    scheme: str = "",
    practice: bool = False,
    printed_on: date | None = None,
) -> bytes:
    """Return the slip of a collection session on A5 sheets, once for each who signs.

    Each of the two says whose it is; both bear the same and room for both signatures (D06).

    Args:
        session: Its total is what the receipts come to, its float what was in the bag before.
        receipts: Printed in the order given.
        count: Notes and coins counted, float included: value in minor units to pieces. Empty
            where nothing was counted yet.
        language: The paper's, not the screen's.
        scheme: Taken from the receipts unless told; a session may have none.
        practice: Whether the book is for practice; a practice receipt tells it too.
        printed_on: Named at the foot.
    """
    pages = _slip_pages(receipts, sum(1 for pieces in count.values() if pieces))
    names = [receipt.scheme for receipt in receipts]
    frame = Frame(
        title=speak(Text(N_("Collection session of {day}"), {"day": session.day}), language),
        scheme=scheme or next(iter(names), ""),
        sheet=A5,
        practice=practice or any(receipt.practice for receipt in receipts),
        pages=len(pages),
        printed_on=printed_on,
    )
    paper = Paper(frame, language)
    for at, owner in enumerate(_COPIES):
        if at:
            paper.page = 0  # each copy counts its own pages
            paper.next_page()
        _slip(paper, session, pages, count, owner)
    return paper.finish()


def _slip(
    paper: Paper,
    session: CollectionSession,
    pages: Sequence[Sequence[Receipt]],
    count: Mapping[int, int],
    owner: Text,
) -> None:
    for rows in pages[:-1]:
        _slip_receipts(paper, rows, _slip_head(paper, session, owner))
        paper.next_page()
    y = _slip_receipts(paper, pages[-1], _slip_head(paper, session, owner))
    _slip_count(paper, session, count, y)


def _slip_pages(receipts: Sequence[Receipt], pieces: int) -> list[Sequence[Receipt]]:
    """Return the receipts of each page; the last one has room for the count."""
    per_page = 29  # in a practice book, whose band takes one
    with_count = max(per_page - 5 - max(pieces, 9), 3)
    pages: list[Sequence[Receipt]] = []
    rest = list(receipts)
    while len(rest) > with_count:
        taken = min(per_page, len(rest) - 3)  # the count never stands alone
        pages.append(rest[:taken])
        rest = rest[taken:]
    return [*pages, rest]


def _slip_head(paper: Paper, session: CollectionSession, owner: Text) -> float:
    y = paper.top + 12
    half = paper.width / 2
    paper.fitted(paper.left, y, paper.say(Text(N_("Collection session"))), half, TITLE)
    paper.fitted(paper.right, y, paper.say(owner), half - 8, _OWNER)
    paper.fitted(paper.left, y + 15, paper.frame.scheme, paper.width, STRONG)
    column = paper.width / 3
    fields = (
        (Text(N_("Place")), session.place),
        (Text(N_("Day")), day_text(session.day, paper.language)),
        (Text(N_("Collector")), session.carrier or session.collector),
    )
    for at, (label, words) in enumerate(fields):
        x = paper.left + at * column
        paper.text(x, y + 31, label, LABEL)
        paper.fitted(x, y + 43, words, column - 10, STRONG)
    paper.rule(y + 51)
    return y + 64


def _slip_receipts(paper: Paper, receipts: Sequence[Receipt], y: float) -> float:
    if not receipts:
        return y
    on_paper = any(receipt.leaf for receipt in receipts)
    leaf = paper.left + 82
    household = leaf + (42 if on_paper else 0)
    name = household + 60
    paper.text(paper.left, y, Text(N_("Receipt")), LABEL)
    if on_paper:
        paper.text(leaf, y, Text(N_("Leaf")), LABEL)
    paper.text(household, y, Text(N_("Household")), LABEL)
    paper.text(name, y, Text(N_("Received from")), LABEL)
    currency = currency_text(receipts[0].amount.currency, paper.language)
    paper.text(paper.right, y, currency, _RIGHT_LABEL)
    paper.rule(y + 4)
    small = Type(9)
    y += 2
    for receipt in receipts:
        y += _ROW
        paper.fitted(paper.left, y, receipt.number, 78, small)
        if receipt.leaf:
            paper.fitted(leaf, y, receipt.leaf, 38, small)
        paper.fitted(household, y, receipt.household_number, 56, small)
        paper.fitted(name, y, receipt.received_from, paper.right - 60 - name, small)
        paper.money(paper.right, y, receipt.amount, small)
    paper.rule(y + 4.5)
    return y + _ROW + 5


def _slip_count(
    paper: Paper, session: CollectionSession, count: Mapping[int, int], y: float
) -> None:
    half = (paper.width - 24) / 2
    pieces = [(value, count[value]) for value in sorted(count, reverse=True) if count[value]]
    told = Text(
        N_("{count} receipt, total"), {"count": session.receipts}, N_("{count} receipts, total")
    )
    paper.text(paper.left, y, told, STRONG)
    paper.money(paper.right, y, session.total, STRONG)
    y += 12
    paper.rule(y - 6)
    end = pieces_block(paper, session.total.currency, pieces, y + 8, half)
    totals = _totals(paper, session, pieces, y + 8, half)
    if session.difference_reason:
        reason = Text(N_("Explanation: {reason}"), {"reason": session.difference_reason})
        words = fonts.shortened(paper.say(reason), 3 * half - 60, SMALL.size)
        totals = paper.wrapped(paper.right - half, totals + 2, words, half, SMALL)
    missing = _missing(session)
    if missing:
        words = paper.say(replaced_by(missing, session.carrier or session.collector))
        paper.wrapped(paper.right - half, totals + 2, words, half, SMALL)
    sign = max(paper.bottom - 26, end + 24)
    paper.signature(paper.left, sign, Text(N_("Signature of the collector")), half)
    receiver = Text(N_("Signature of the person who received the money"))
    paper.signature(paper.right - half, sign, receiver, half)


def _missing(session: CollectionSession) -> Money:
    """Return what was missing of the bag, float included; nothing where it agreed."""
    expected = session.total + session.float_amount
    nothing = Money(0, expected.currency)
    return nothing if session.counted is None else max(nothing, expected - session.counted)


def replaced_by(missing: Money, name: str) -> Text:
    """Return who answers for what is missing. Source: domain handbook 3.2, P03 and P18."""
    return Text(N_("Missing: {amount}. {name} still owes it."), {"amount": missing, "name": name})


def pieces_block(
    paper: Paper,
    currency: Currency,
    pieces: Sequence[tuple[int, int]],
    y: float,
    width: float,
) -> float:
    """Write the notes and coins in the left column; return the next base line."""
    paper.text(paper.left, y, Text(N_("Notes and coins counted")), LABEL)
    paper.rule(y + 4, until=paper.left + width)
    y += 2
    small = Type(9, align=Align.RIGHT)
    for value, number in pieces:
        y += _ROW
        face = amount_text(Money(value, currency), paper.language)
        paper.text(paper.left + 48, y, face, small)
        paper.text(paper.left + 90, y, f"× {count_text(number, paper.language)}", small)
        paper.money(paper.left + width, y, Money(value * number, currency), Type(9))
    return y + _ROW


def _totals(
    paper: Paper,
    session: CollectionSession,
    pieces: Sequence[tuple[int, int]],
    y: float,
    width: float,
) -> float:
    """Write what should be in the bag beside what is; return the next base line."""
    currency = session.total.currency
    counted = session.counted
    if counted is None and pieces:
        counted = Money(sum(value * number for value, number in pieces), currency)
    expected = session.total + session.float_amount
    left = paper.right - width
    rows: list[tuple[Text, Money | None, bool]] = [
        (Text(N_("Float at the start")), session.float_amount, False),
        (Text(N_("Receipts")), session.total, False),
        (Text(N_("Should be there")), expected, True),
        (Text(N_("Counted")), counted, True),
        (Text(N_("Difference")), None if counted is None else counted - expected, True),
    ]
    paper.text(left, y, Text(N_("Money")), LABEL)
    paper.text(paper.right, y, currency_text(currency, paper.language), _RIGHT_LABEL)
    paper.rule(y + 4, x=left)
    for label, money, bold in rows:
        y += 15
        kind = Type(10, bold=bold)
        paper.text(left, y, label, kind)
        if money is None:
            paper.text(paper.right, y, "–", _RIGHT_STRONG)
        else:
            paper.money(paper.right, y, money, kind)
    paper.rule(y + 5, x=left)
    return y + 17
