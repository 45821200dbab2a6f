"""The receipt for a payer's money, on A5. It names the payer and statements, no person paid for."""

from datetime import timedelta

from stepdesk.contributions.papers.parts import QR_SIDE, amount_box, check_code, notices
from stepdesk.i18n import N_, Text, currency_text, day_text, speak
from stepdesk.paper import fonts
from stepdesk.paper.page import (
    A5,
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
from stepdesk.payers.terms import PayerReceipt, StatementShare
from stepdesk.values.money import Money

BOXES = {
    "bank": Text(N_("Bank")),
    "cash_main": Text(N_("Cash")),
    "cash_section": Text(N_("Cash")),
    "mfi": Text(N_("Savings institution")),
    "momo": Text(N_("Mobile money")),
}
"""How a payer's money came, by the kind of place it lies in."""

_DAY = timedelta(days=1)
_ROW = 25  # a statement, and below it what is left of it
_END = 106  # room for means and signatures
_RIGHT = Type(10, align=Align.RIGHT)


def payer_receipt_pdf(receipt: PayerReceipt, language: str) -> bytes:
    """Return a payer's receipt on one A5 sheet; its QR code carries number and check code only."""
    title = N_("Reversal {number}") if receipt.amount.minor < 0 else N_("Receipt {number}")
    paper = Paper(
        Frame(
            title=speak(Text(title, {"number": receipt.number}), language),
            scheme=receipt.scheme,
            sheet=A5,
            practice=receipt.practice,
        ),
        language,
    )
    y = _head(paper, receipt)
    y = notices(paper, _alarms(receipt), _marks(receipt), receipt.reason, y)
    y = _payer(paper, receipt, y)
    y = amount_box(paper, receipt.amount, y)
    y = _shares(paper, receipt, y)
    _end(paper, receipt, y)
    return paper.finish()


def _head(paper: Paper, receipt: PayerReceipt) -> float:
    word = Text(N_("REVERSAL")) if receipt.amount.minor < 0 else Text(N_("RECEIPT"))
    y = paper.top + 14
    paper.text(paper.right, y, word, Type(TITLE.size, bold=True, ink=TITLE.ink, align=Align.RIGHT))
    paper.text(paper.right, y + 17, receipt.number, Type(12, bold=True, align=Align.RIGHT))
    paper.text(paper.right, y + 31, day_text(receipt.paid_on, paper.language), _RIGHT)
    below = paper.wrapped(paper.left, y, receipt.scheme, paper.width * 0.56, NAME)
    y = max(y + 31, below - NAME.line) + 9
    paper.rule(y)
    return y + 10


def _alarms(receipt: PayerReceipt) -> list[Text]:
    found: list[Text] = []
    if receipt.amount.minor < 0:
        told = Text(N_("Cancels receipt {number}"), {"number": receipt.reverses})
        found.append(told if receipt.reverses else Text(N_("Takes a payment back")))
    if receipt.cancelled:
        told = Text(N_("Cancelled by receipt {number}"), {"number": receipt.reversed_by})
        found.append(told if receipt.reversed_by else Text(N_("This payment was taken back")))
    return found


def _marks(receipt: PayerReceipt) -> list[Text]:
    found: list[Text] = []
    if receipt.copy:
        told = N_("COPY no. {count}: the original was given before")
        found.append(Text(told, {"count": str(receipt.copies)}))
    if receipt.single_control:
        found.append(Text(N_("Under single control: one person alone approved this")))
    if not receipt.number:
        found.append(Text(N_("Without a number: taken before such receipts were numbered")))
    return found


def _payer(paper: Paper, receipt: PayerReceipt, y: float) -> float:
    room = paper.width - QR_SIDE - 8
    told = ".".join(filter(None, (receipt.number, receipt.code)))
    check_code(paper, told, receipt.code, y)
    paper.text(paper.left, y + 6, Text(N_("Received from")), LABEL)
    long = len(fonts.wrapped(receipt.payer, room, NAME.size, bold=True)) > 2
    name = STRONG if long else NAME
    below = paper.wrapped(paper.left, y + 22, receipt.payer, room, name)
    paper.fitted(paper.left, below, receipt.payer_code, room, SMALL)
    return max(below + 13, y + QR_SIDE + 6)


def _shares(paper: Paper, receipt: PayerReceipt, y: float) -> float:
    currency = receipt.amount.currency
    kind = Type(8, ink=Ink.MUTED, align=Align.RIGHT)
    paper.text(paper.left, y + 4, Text(N_("For")), LABEL)
    paper.text(paper.right, y + 4, currency_text(currency, paper.language), kind)
    paper.rule(y + 9)
    y += 22
    for told, below, amount in _lines(paper, receipt, paper.bottom - _END - y):
        paper.fitted(paper.left, y, told, paper.width - 80)
        paper.money(paper.right, y, amount)
        paper.fitted(paper.left, y + 11, below, paper.width - 80, SMALL)
        y += _ROW
    paper.rule(y - 9)
    words = Text(N_("Open on all statements together"))
    paper.text(paper.left, y + 4, words, STRONG)
    paper.money(paper.right, y + 4, receipt.still_open, STRONG)
    return y + 22


def _lines(paper: Paper, receipt: PayerReceipt, room: float) -> list[tuple[str, str, Money]]:
    """Return words, the small words below them and the amount; as one where there is no room."""
    currency = receipt.amount.currency
    told = [_line(paper, one, receipt) for one in receipt.shares]
    credit = [] if not receipt.credit.minor else [_credit(paper, receipt)]
    if (len(told) + len(credit) + 1) * _ROW > room and len(told) > 1:
        first, last = receipt.shares[0].statement, receipt.shares[-1].statement
        words = Text(
            N_("{count} statements, {first} to {last}"),
            {"count": len(told), "first": first.number, "last": last.number},
        )
        days = Text(
            N_("For {first} to {last}"),
            {
                "first": min(one.statement.first_day for one in receipt.shares),
                "last": max(one.statement.until for one in receipt.shares) - _DAY,
            },
        )
        amount = Money(sum(one.amount for one in receipt.shares), currency)
        told = [(paper.say(words), paper.say(days), amount)]
    return told + credit


def _line(paper: Paper, share: StatementShare, receipt: PayerReceipt) -> tuple[str, str, Money]:
    currency, one = receipt.amount.currency, share.statement
    words = Text(
        N_("Statement {number}, {first} to {last}"),
        {"number": one.number, "first": one.first_day, "last": one.until - _DAY},
    )
    values = {"amount": Money(one.amount, currency), "left": Money(share.left, currency)}
    left = Text(N_("It asks for {amount}; left to pay: {left}"), values)
    if not share.left:
        left = Text(N_("It asks for {amount}; nothing is left to pay"), values)
    return paper.say(words), paper.say(left), Money(share.amount, currency)


def _credit(paper: Paper, receipt: PayerReceipt) -> tuple[str, str, Money]:
    taken = receipt.credit.minor < 0
    words = Text(N_("Credit taken back")) if taken else Text(N_("Credit kept"))
    below = "" if taken else paper.say(Text(N_("It pays the next statement")))
    return paper.say(words), below, receipt.credit


def _end(paper: Paper, receipt: PayerReceipt, y: float) -> None:
    half = (paper.width - 24) / 2
    means = paper.say(BOXES[receipt.box])
    paper.field(paper.left, y, Text(N_("Means")), means, half)
    paper.fitted(paper.left, y + 25, receipt.reference, half, Type(8.5))
    taker = receipt.taken_by or "–"
    paper.field(paper.right - half, y, Text(N_("Taken by")), taker, half)
    sign = paper.bottom - 34
    paper.signature(paper.left, sign, Text(N_("Signature of the person who took it")), half)
    payer = Text(N_("Signature of the payer"))
    paper.signature(paper.right - half, sign, payer, half)
