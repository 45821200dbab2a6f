"""Papers of the ledger: the trial balance, with the signatures of a closed month."""

from collections.abc import Mapping, Sequence
from datetime import date

from stepdesk.i18n import N_, Text, currency_text, month_text, speak
from stepdesk.ledger.terms import BalanceRow, Closing, TrialBalance
from stepdesk.paper import fonts
from stepdesk.paper.page import (
    A4,
    LABEL,
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
from stepdesk.values.money import Money
from stepdesk.values.month import Month

_CELL = Type(9)
_CELL_STRONG = Type(9, bold=True)
_HEADING = Type(8, bold=True, ink=Ink.WHITE)
_HEADING_RIGHT = Type(8, bold=True, ink=Ink.WHITE, align=Align.RIGHT)
_NUMBER = 46  # width of an account's number
_MONEY = 72  # width of a column of money: 999 999 999.99
_PAD = 5
_LINE = 12
_HEAD = 66  # height of a page's head
_FOOT = 190  # room for totals, signatures and fingerprint on the last page


def trial_balance_pdf(
    balance: TrialBalance,
    *,
    scheme: str,
    month: Month,
    language: str,
    account_names: Mapping[str, str],
    practice: bool,
    closing: Closing | None,
    printed_on: date | None = None,
) -> bytes:
    """Return the trial balance on A4.

    Args:
        balance: Its rows are printed in the order given.
        scheme: Its name.
        month: The month it stands at the end of.
        language: The paper's, not the screen's.
        account_names: The accounts' names in that language, by role.
        practice: Whether the book is for practice.
        closing: The month's closing, None while the month is open.
        printed_on: Named at the foot.
    """
    pages = _pages(balance.rows, account_names)
    frame = Frame(
        title=speak(Text(N_("Trial balance, {month}"), {"month": month}), language),
        scheme=scheme,
        sheet=A4,
        practice=practice,
        pages=len(pages),
        printed_on=printed_on,
        margin=42,
    )
    paper = Paper(frame, language)
    for number, rows in enumerate(pages):
        if number:
            paper.next_page()
        y = _head(paper, balance, month)
        for row in rows:
            y = _row(paper, row, account_names, y)
    y = _sums(paper, balance, y)
    _signed(paper, closing, y + 22)
    return paper.finish()


def _name_lines(row: BalanceRow, account_names: Mapping[str, str]) -> list[str]:
    width = A4.width - 2 * 42 - _NUMBER - 4 * _MONEY - 2 * _PAD
    return fonts.wrapped(account_names.get(row.role, row.role), width, _CELL.size)


def _height(row: BalanceRow, account_names: Mapping[str, str]) -> float:
    return _LINE * len(_name_lines(row, account_names)) + 4


def _pages(rows: Sequence[BalanceRow], account_names: Mapping[str, str]) -> list[list[BalanceRow]]:
    """Return the rows of each page; the last one has room for totals and signatures."""
    room = A4.height - 2 * 42 - 28 - _HEAD - 22
    pages: list[list[BalanceRow]] = [[]]
    used = 0.0
    for row in rows:
        height = _height(row, account_names)
        if used + height > room:
            pages.append([])
            used = 0
        pages[-1].append(row)
        used += height
    if used > room - _FOOT:
        # The totals never stand alone: the last rows go with them.
        pages.append(pages[-1][-3:])
        pages[-2] = pages[-2][:-3]
    return pages


def _columns(paper: Paper) -> list[float]:
    """Return where the four columns of money end."""
    return [paper.right - _PAD - _MONEY * at for at in (3, 2, 1, 0)]


def _head(paper: Paper, balance: TrialBalance, month: Month) -> float:
    y = paper.top + 14
    half = paper.width * 0.62
    paper.fitted(paper.left, y, paper.frame.scheme, half, NAME)
    paper.text(
        paper.right,
        y,
        Text(N_("Trial balance")),
        Type(TITLE.size, bold=True, ink=TITLE.ink, align=Align.RIGHT),
    )
    told = month_text(month, paper.language)
    paper.text(paper.right, y + 16, told, Type(11, bold=True, align=Align.RIGHT))
    currency = currency_text(balance.debit.currency, paper.language)
    position = Text(
        N_("Position on {day}, amounts in {currency}"),
        {"day": balance.until, "currency": currency},
    )
    paper.text(paper.left, y + 16, position, Type(9, ink=Ink.MUTED))
    y = paper.top + _HEAD - 22
    paper.box(paper.left, y, paper.width, 20, fill=Ink.PRIMARY)
    paper.text(paper.left + _PAD, y + 13, Text(N_("Number")), _HEADING)
    paper.text(paper.left + _PAD + _NUMBER, y + 13, Text(N_("Account")), _HEADING)
    headings = (
        Text(N_("Debit")),
        Text(N_("Credit")),
        Text(N_("Debit balance")),
        Text(N_("Credit balance")),
    )
    for right, heading in zip(_columns(paper), headings, strict=True):
        paper.text(right, y + 13, heading, _HEADING_RIGHT)
    return y + 20


def _row(paper: Paper, row: BalanceRow, account_names: Mapping[str, str], y: float) -> float:
    lines = _name_lines(row, account_names)
    height = _height(row, account_names)
    paper.text(paper.left + _PAD, y + 12, row.number, _CELL_STRONG)
    for at, line in enumerate(lines):
        paper.text(paper.left + _PAD + _NUMBER, y + 12 + at * _LINE, line, _CELL)
    debit, credit = _sides(row.balance)
    amounts = (row.debit, row.credit, debit, credit)
    for right, money in zip(_columns(paper), amounts, strict=True):
        if money:  # an empty cell reads faster than a nought
            paper.money(right, y + 12, money, _CELL)
    paper.rule(y + height)
    return y + height


def _sides(balance: Money) -> tuple[Money, Money]:
    """Return the balance as a debit and as a credit; one of them is nothing."""
    nothing = Money(0, balance.currency)
    return (balance, nothing) if balance.minor > 0 else (nothing, -balance)


def _sums(paper: Paper, balance: TrialBalance, y: float) -> float:
    sides = [_sides(row.balance) for row in balance.rows]
    nothing = Money(0, balance.debit.currency)
    debits = sum((debit for debit, _ in sides), nothing)
    credits_ = sum((credit for _, credit in sides), nothing)
    paper.box(paper.left, y, paper.width, 22, fill=Ink.TINT)
    paper.text(paper.left + _PAD, y + 14.5, Text(N_("Totals")), STRONG)
    amounts = (balance.debit, balance.credit, debits, credits_)
    for right, money in zip(_columns(paper), amounts, strict=True):
        paper.money(right, y + 14.5, money, _CELL_STRONG)
    return y + 22


def _signed(paper: Paper, closing: Closing | None, y: float) -> None:
    if closing is None:
        told = Text(N_("Provisional: this month is not closed."))
        paper.notice(y, told, ink=Ink.ALARM, tint=Ink.ALARM_TINT)
        return
    closed = Text(N_("Month closed on {day}"), {"day": closing.closed_on})
    paper.text(paper.left, y, closed, STRONG)
    if closing.cash_counted is not None:
        cash = Text(N_("Cash counted: {amount}"), {"amount": closing.cash_counted})
        paper.text(paper.right, y, cash, Type(10, align=Align.RIGHT))
    if closing.single_control:
        told = Text(N_("Under single control: one person alone closed this month"))
        y = paper.notice(y + 9, told, ink=Ink.MUTED, tint=Ink.WHITE) - 14
    _signatures(paper, closing, y + 24)
    paper.text(paper.left, y + 96, Text(N_("Fingerprint of the closed month")), LABEL)
    paper.wrapped(paper.left, y + 108, closing.fingerprint, paper.width, SMALL)


def _signatures(paper: Paper, closing: Closing, y: float) -> None:
    half = (paper.width - 36) / 2
    both = (
        (paper.left, Text(N_("First signature")), closing.first_signature),
        (paper.right - half, Text(N_("Second signature")), closing.second_signature),
    )
    for x, label, name in both:
        if not name:
            continue
        paper.fitted(x, y, name, half, STRONG)
        paper.signature(x, y + 44, label, half)
