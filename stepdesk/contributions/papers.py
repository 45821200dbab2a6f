"""Papers of contributions: the receipt and the slip of a collection session."""

from collections.abc import Mapping, Sequence
from datetime import date

from stepdesk.contributions.terms import CollectionSession, Means, Receipt, ReceiptLine, Target
from stepdesk.i18n import (
    N_,
    Text,
    amount_text,
    count_text,
    currency_text,
    day_text,
    money_text,
    speak,
)
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
from stepdesk.values.money import Money
from stepdesk.values.words import in_words

MEANS = {
    Means.CASH: Text(N_("Cash")),
    Means.BANK: Text(N_("Bank")),
    Means.MOBILE: Text(N_("Mobile money")),
}

_MANY_LINES = 9  # more than that, and contributions for periods in a row become one line
_QR_SIDE = 90
_ROW = 13.5
_TIGHT_ROW = 12.5
_END = 106  # room for means, cover and signatures
_RIGHT = Type(10, align=Align.RIGHT)
_RIGHT_STRONG = Type(10, bold=True, align=Align.RIGHT)
_RIGHT_LABEL = Type(8, ink=Ink.MUTED, align=Align.RIGHT)


def receipt_pdf(receipt: Receipt, language: str) -> bytes:
    """Return a receipt on one A5 sheet; its QR code carries its number and check code only."""
    title = N_("Reversal {number}") if receipt.reverses else N_("Receipt {number}")
    paper = Paper(
        Frame(
            title=speak(Text(title, {"number": receipt.number}), language),
            scheme=receipt.scheme,
            sheet=A5,
            practice=receipt.practice,
        ),
        language,
    )
    y = _receipt_head(paper, receipt)
    y = _receipt_notices(paper, receipt, y)
    y = _payer(paper, receipt, y)
    y = _amount(paper, receipt.amount, y)
    y = _receipt_lines(paper, receipt, y)
    _receipt_end(paper, receipt, y)
    return paper.finish()


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
    """Return the slip of a collection session on A5 sheets.

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
    for rows in pages[:-1]:
        _slip_receipts(paper, rows, _slip_head(paper, session))
        paper.next_page()
    y = _slip_receipts(paper, pages[-1], _slip_head(paper, session))
    _slip_count(paper, session, count, y)
    return paper.finish()


def _receipt_head(paper: Paper, receipt: Receipt) -> float:
    word = Text(N_("REVERSAL")) if receipt.reverses else Text(N_("RECEIPT"))
    half = paper.width * 0.56
    y = paper.top + 14
    paper.text(paper.right, y, word, Type(TITLE.size, bold=True, ink=TITLE.ink, align=Align.RIGHT))
    paper.text(paper.right, y + 17, receipt.number, Type(12, bold=True, align=Align.RIGHT))
    day = day_text(receipt.paid_on, paper.language)
    paper.text(paper.right, y + 31, day, _RIGHT)
    below = paper.wrapped(paper.left, y, receipt.scheme, half, NAME)
    below = paper.wrapped(paper.left, below - 2, receipt.section, half, SMALL)
    y = max(y + 31, below - SMALL.line) + 9
    paper.rule(y)
    return y + 10


def _receipt_notices(paper: Paper, receipt: Receipt, y: float) -> float:
    alarms: list[Text] = []
    if receipt.reverses:
        alarms.append(Text(N_("Cancels receipt {number}"), {"number": receipt.reverses}))
    if receipt.reversed_by:
        alarms.append(Text(N_("Cancelled by receipt {number}"), {"number": receipt.reversed_by}))
    marks: list[Text] = []
    if receipt.copy:
        marks.append(Text(N_("COPY: the original was given before")))
    if receipt.single_control:
        marks.append(Text(N_("Under single control: one person alone approved this")))
    start = y
    for text in alarms:
        words = paper.say(text) + (f"\u00a0— {receipt.reason}" if receipt.reason else "")
        two_lines = 2 * (paper.width - 20) - 60
        words = fonts.shortened(words, two_lines, 10, bold=True)
        y = paper.notice(y, words, ink=Ink.ALARM, tint=Ink.ALARM_TINT)
    if marks:
        words = "\n".join(map(paper.say, marks))
        y = paper.notice(y, words, ink=Ink.MUTED, tint=Ink.WHITE)
    return y + 4 if y > start else y


def _payer(paper: Paper, receipt: Receipt, y: float) -> float:
    room = paper.width - _QR_SIDE - 8
    paper.qr(paper.right - _QR_SIDE + 10, y - 8, _QR_SIDE, f"{receipt.number}.{receipt.code}")
    code = Text(N_("Check code {code}"), {"code": receipt.code})
    paper.text(paper.right, y + _QR_SIDE - 7, code, Type(8.5, bold=True, align=Align.RIGHT))
    paper.text(paper.left, y + 6, Text(N_("Household number")), LABEL)
    paper.text(paper.left, y + 30, receipt.household_number, LARGE)
    paper.text(paper.left, y + 49, Text(N_("Received from")), LABEL)
    long = len(fonts.wrapped(receipt.received_from, room, NAME.size, bold=True)) > 2
    name = STRONG if long else NAME
    below = paper.wrapped(paper.left, y + 65, receipt.received_from, room, name)
    return max(below - name.line + 13, y + _QR_SIDE + 6)


def _amount(paper: Paper, amount: Money, y: float) -> float:
    words = fonts.wrapped(_amount_in_words(amount, paper.language), paper.width - 24, 10)
    paper.box(
        paper.left,
        y,
        paper.width,
        41 + 13 * len(words),
        fill=Ink.TINT,
        border=Ink.PRIMARY,
        radius=4,
    )
    paper.text(paper.left + 12, y + 24, Text(N_("Amount")), LABEL)
    figures = money_text(amount, paper.language)
    paper.text(paper.right - 12, y + 28, figures, Type(22, bold=True, align=Align.RIGHT))
    for at, line in enumerate(words):
        paper.text(paper.left + 12, y + 46 + 13 * at, line)
    return y + 41 + 13 * len(words) + 12


def _amount_in_words(amount: Money, language: str) -> str:
    whole, part = divmod(abs(amount.minor), amount.currency.scale)
    words = in_words(-whole if amount.minor < 0 else whole, language)
    if amount.minor < 0 and not whole:
        words = in_words(-1, language).split()[0] + " " + words
    if part:
        cents = f"{part:0{amount.currency.exponent}d}/{amount.currency.scale}"
        words = speak(Text(N_("{words} and {part}"), {"words": words, "part": cents}), language)
    return words[0].upper() + words[1:] + " " + currency_text(amount.currency, language)


def _receipt_lines(paper: Paper, receipt: Receipt, y: float) -> float:
    paper.text(paper.left, y + 4, Text(N_("For")), LABEL)
    currency = currency_text(receipt.amount.currency, paper.language)
    paper.text(paper.right, y + 4, currency, _RIGHT_LABEL)
    paper.rule(y + 9)
    y += 22
    room = max(paper.bottom - _END - y, 3 * _TIGHT_ROW)
    lines = _lines_told(paper, receipt, int(room / _TIGHT_ROW))
    step = min(17, room / max(len(lines), 1))
    for words, amount in lines:
        paper.fitted(paper.left, y, words, paper.width - 80)
        paper.money(paper.right, y, amount)
        y += step
    paper.rule(y - step + 5)
    return y - step + 24


def _lines_told(paper: Paper, receipt: Receipt, most: int) -> list[tuple[str, Money]]:
    """Return what each line says and its amount, told shorter where there are too many.

    First contributions for periods in a row are joined, then all of them.
    """
    lines: Sequence[ReceiptLine] = receipt.lines
    if len(lines) > min(most, _MANY_LINES):
        lines = _joined(lines)
    dues = [line for line in receipt.lines if line.target is Target.DUE]
    days = [day for line in dues for day in (line.first_day, line.last_day) if day]
    if len(lines) <= most or not days:
        return [(_for_what(paper, line, receipt), line.amount) for line in lines]
    others = [line for line in receipt.lines if line.target is not Target.DUE]
    told = [(_for_what(paper, line, receipt), line.amount) for line in others]
    periods = Text(
        N_("{count} contribution between {first} and {last}"),
        {"count": len(dues), "first": min(days), "last": max(days)},
        N_("{count} contributions between {first} and {last}"),
    )
    amount = sum((line.amount for line in dues), Money(0, receipt.amount.currency))
    return [*told, (paper.say(periods), amount)]


def _joined(lines: Sequence[ReceiptLine]) -> list[ReceiptLine]:
    """Return the lines with contributions for periods that follow each other made one."""
    joined: list[ReceiptLine] = []
    for line in lines:
        last = joined[-1] if joined else None
        if last is not None and _follows(last, line):
            amount = last.amount + line.amount
            joined[-1] = ReceiptLine(line.target, amount, last.first_day, line.last_day)
        else:
            joined.append(line)
    return joined


def _follows(last: ReceiptLine, line: ReceiptLine) -> bool:
    if not (last.target is line.target is Target.DUE) or last.last_day is None:
        return False
    return line.first_day is not None and (line.first_day - last.last_day).days == 1


_FEE_WORDS = {
    Target.ENTRY_FEE: N_("Entry fee"),
    Target.CARD_FEE: N_("Card fee"),
    Target.ASSEMBLY_FEE: N_("Assembly fee"),
}
_BESIDE = {
    Target.PENALTY: N_("Penalty for {first} to {last}"),
    Target.ADJUSTMENT: N_("Difference for {first} to {last}"),
}


def _for_what(paper: Paper, line: ReceiptLine, receipt: Receipt) -> str:
    if line.target in _FEE_WORDS:
        return paper.say(Text(_FEE_WORDS[line.target]))
    if line.target is Target.CREDIT:
        taken = (line.amount.minor < 0) is not bool(receipt.reverses)
        return paper.say(Text(N_("Credit used")) if taken else Text(N_("Credit kept")))
    if line.first_day is None or line.last_day is None:
        return paper.say(Text(N_("Contribution")))
    days = {"first": line.first_day, "last": line.last_day}
    told = _BESIDE.get(line.target, N_("Contribution from {first} to {last}"))
    return paper.say(Text(told, days))


def _receipt_end(paper: Paper, receipt: Receipt, y: float) -> None:
    column = paper.width / 3
    through = receipt.covered_through
    fields = (
        (Text(N_("Means")), paper.say(MEANS[receipt.means])),
        (Text(N_("Covered through")), day_text(through, paper.language) if through else "–"),
        (Text(N_("Taken by")), receipt.taken_by),
    )
    for at, (label, words) in enumerate(fields):
        paper.field(paper.left + at * column, y, label, words, column - 10)
    half = (paper.width - 24) / 2
    sign = paper.bottom - 34
    paper.signature(paper.left, sign, Text(N_("Signature of the person who took it")), half)
    payer = Text(N_("Signature or thumbprint of the payer"))
    paper.signature(paper.right - half, sign, payer, half)


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


def _slip_head(paper: Paper, session: CollectionSession) -> float:
    y = paper.top + 12
    paper.fitted(paper.left, y, paper.say(Text(N_("Collection session"))), paper.width, TITLE)
    paper.fitted(paper.left, y + 15, paper.frame.scheme, paper.width, STRONG)
    column = paper.width / 3
    fields = (
        (Text(N_("Place")), session.place),
        (Text(N_("Day")), day_text(session.day, paper.language)),
        (Text(N_("Collector")), session.collector),
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
    household, name = paper.left + 82, paper.left + 142
    paper.text(paper.left, y, Text(N_("Receipt")), LABEL)
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
    end = _pieces(paper, session, pieces, y + 8, half)
    totals = _totals(paper, session, pieces, y + 8, half)
    if session.difference_reason:
        reason = Text(N_("Explanation: {reason}"), {"reason": session.difference_reason})
        words = fonts.shortened(paper.say(reason), 4 * half - 80, SMALL.size)
        paper.wrapped(paper.right - half, totals + 2, words, half, SMALL)
    sign = max(paper.bottom - 26, end + 24)
    paper.signature(paper.left, sign, Text(N_("Signature of the collector")), half)
    receiver = Text(N_("Signature of the person who received the money"))
    paper.signature(paper.right - half, sign, receiver, half)


def _pieces(
    paper: Paper,
    session: CollectionSession,
    pieces: Sequence[tuple[int, int]],
    y: float,
    width: float,
) -> float:
    """Write the notes and coins in the left column; return the next base line."""
    currency = session.total.currency
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
