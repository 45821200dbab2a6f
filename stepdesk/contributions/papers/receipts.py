"""Receipts: A5, four on a sheet of A4, and rolls of 58 and 80 mm. Nothing but D05 is on them."""

from collections.abc import Sequence

from stepdesk.contributions.papers.parts import QR_SIDE, amount_box, check_code, notices
from stepdesk.contributions.papers.told import (
    MEANS,
    alarms,
    amount_in_words,
    lines_told,
    marks,
    means_told,
)
from stepdesk.contributions.terms import Receipt
from stepdesk.i18n import N_, Text, amount_text, currency_text, day_text, money_text, speak
from stepdesk.paper import fonts
from stepdesk.paper.page import (
    A4,
    A5,
    LABEL,
    LARGE,
    MM,
    NAME,
    SMALL,
    STRONG,
    TITLE,
    TRAINING,
    WITHOUT_VALUE,
    Align,
    Frame,
    Ink,
    Paper,
    Type,
)
from stepdesk.paper.thermal import DOTS, Roll, escpos

_TIGHT_ROW = 12.5
_END = 106  # room for means, cover and signatures
_RIGHT = Type(10, align=Align.RIGHT)
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
    y = notices(paper, alarms(receipt), marks(receipt), receipt.reason, y)
    y = _payer(paper, receipt, y)
    y = amount_box(paper, receipt.amount, y)
    y = _receipt_lines(paper, receipt, y)
    _receipt_end(paper, receipt, y)
    return paper.finish()


def _receipt_head(paper: Paper, receipt: Receipt) -> float:
    word = Text(N_("REVERSAL")) if receipt.reverses else Text(N_("RECEIPT"))
    half = paper.width * 0.56
    y = paper.top + 14
    paper.text(paper.right, y, word, Type(TITLE.size, bold=True, ink=TITLE.ink, align=Align.RIGHT))
    paper.text(paper.right, y + 17, receipt.number, Type(12, bold=True, align=Align.RIGHT))
    day = day_text(receipt.paid_on, paper.language)
    if receipt.leaf:
        told = Text(N_("On paper {number}"), {"number": receipt.leaf})
        day = f"{paper.say(told)} · {day}"
    paper.text(paper.right, y + 31, day, _RIGHT)
    below = paper.wrapped(paper.left, y, receipt.scheme, half, NAME)
    below = paper.wrapped(paper.left, below - 2, receipt.section, half, SMALL)
    y = max(y + 31, below - SMALL.line) + 9
    paper.rule(y)
    return y + 10


def _payer(paper: Paper, receipt: Receipt, y: float) -> float:
    room = paper.width - QR_SIDE - 8
    check_code(paper, f"{receipt.number}.{receipt.code}", receipt.code, y)
    paper.text(paper.left, y + 6, Text(N_("Household number")), LABEL)
    paper.text(paper.left, y + 30, receipt.household_number, LARGE)
    paper.text(paper.left, y + 49, Text(N_("Received from")), LABEL)
    long = len(fonts.wrapped(receipt.received_from, room, NAME.size, bold=True)) > 2
    name = STRONG if long else NAME
    below = paper.wrapped(paper.left, y + 65, receipt.received_from, room, name)
    return max(below - name.line + 13, y + QR_SIDE + 6)


def _receipt_lines(paper: Paper, receipt: Receipt, y: float) -> float:
    paper.text(paper.left, y + 4, Text(N_("For")), LABEL)
    currency = currency_text(receipt.amount.currency, paper.language)
    paper.text(paper.right, y + 4, currency, _RIGHT_LABEL)
    paper.rule(y + 9)
    y += 22
    room = max(paper.bottom - _END - y, 3 * _TIGHT_ROW)
    lines = lines_told(paper, receipt, int(room / _TIGHT_ROW))
    step = min(17, room / max(len(lines), 1))
    for words, amount in lines:
        paper.fitted(paper.left, y, words, paper.width - 80)
        paper.money(paper.right, y, amount)
        y += step
    paper.rule(y - step + 5)
    return y - step + 24


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
    paper.fitted(paper.left, y + 25, receipt.reference, column - 10, Type(8.5))
    half = (paper.width - 24) / 2
    sign = paper.bottom - 34
    paper.signature(paper.left, sign, Text(N_("Signature of the person who took it")), half)
    payer = Text(N_("Signature or thumbprint of the payer"))
    paper.signature(paper.right - half, sign, payer, half)


# Narrow: rolls, and four on a sheet

_MODULES = 33  # of a QR code of version 2 with its margin
_QR_NARROW = 6 * _MODULES * 72 / DOTS  # six dots a module: no edge falls between two dots
_TALL = 3000.0
_QUARTER_PAD = 8 * MM
_BESIDE = 190  # from this width on the code stands beside who paid
_LINE = 10.5


def roll_pdf(receipt: Receipt, roll: Roll, language: str) -> bytes:
    """Return a receipt as one page of a roll, as long as it needs to be."""
    long = _on_roll(receipt, roll, language, _TALL)[1]
    return _on_roll(receipt, roll, language, long)[0]


def roll_dots(receipt: Receipt, roll: Roll, language: str) -> bytes:
    """Return a receipt for a thermal printer: ESC/POS, the same drawing as dots, and the cut."""
    return escpos(roll_pdf(receipt, roll, language), roll)


def receipts_pdf(receipts: Sequence[Receipt], language: str) -> bytes:
    """Return receipts four on a sheet of A4, to be cut apart; each alone bears all its marks.

    Raises:
        ValueError: without a receipt.
    """
    if not receipts:
        raise ValueError("no receipt")
    first, last = receipts[0].number, receipts[-1].number
    numbers = first if first == last else f"{first} – {last}"
    title = speak(Text(N_("Receipts {numbers}"), {"numbers": numbers}), language)
    frame = Frame(title, receipts[0].scheme, A4, practice=False, pages=0, margin=0)
    paper = Paper(frame, language)
    for at, receipt in enumerate(receipts):
        if at and not at % 4:
            paper.next_page()
        _quarter(paper, receipt, at % 4)
    return paper.finish()


def _quarter(paper: Paper, receipt: Receipt, at: int) -> None:
    wide, high = A4.width / 2, A4.height / 2
    x, y = wide * (at % 2), high * (at // 2)
    if not at:
        paper.dashes(wide, 0, wide, A4.height)
        paper.dashes(0, high, A4.width, high)
    if receipt.practice:
        paper.watermark(x + wide / 2, y + high / 2, wide / 6)
        paper.band(x, y, wide)
    top = y + (24 if receipt.practice else _QUARTER_PAD)
    strip = _Strip(paper, receipt, x + _QUARTER_PAD, wide - 2 * _QUARTER_PAD)
    strip.draw(top, y + high - _QUARTER_PAD)


def _on_roll(receipt: Receipt, roll: Roll, language: str, long: float) -> tuple[bytes, float]:
    title = N_("Reversal {number}") if receipt.reverses else N_("Receipt {number}")
    frame = Frame(
        speak(Text(title, {"number": receipt.number}), language),
        receipt.scheme,
        roll.sheet(long),
        practice=False,
        pages=0,
        margin=roll.margin + 1,
    )
    paper = Paper(frame, language)
    strip = _Strip(paper, receipt, paper.left, paper.width)
    top = strip.practice(8) if receipt.practice else 4
    end = strip.draw(top, None) + 4
    return paper.finish(), end


class _Strip:
    """A receipt in one narrow column, from the left edge and as wide as told."""

    def __init__(self, paper: Paper, receipt: Receipt, left: float, width: float) -> None:
        self.paper = paper
        self.receipt = receipt
        self.left = left
        self.right = left + width
        self.width = width
        self.beside = width > _BESIDE

    def practice(self, y: float) -> float:
        """Say in black that this is a practice paper: a roll knows no colours."""
        lines = [self.paper.say(TRAINING)]
        lines += fonts.wrapped(self.paper.say(WITHOUT_VALUE), self.width - 8, 8)
        high = 15 + 10 * len(lines)
        self.paper.box(self.left, y, self.width, high, fill=Ink.WHITE, border=Ink.TEXT)
        middle = self.left + self.width / 2
        big = Type(13, bold=True, align=Align.CENTRE)
        self.paper.text(middle, y + 15, lines[0], big)
        for at, line in enumerate(lines[1:], start=1):
            self.paper.text(middle, y + 17 + 10 * at, line, Type(8, align=Align.CENTRE))
        return y + high + 4

    def draw(self, y: float, bottom: float | None) -> float:
        """Draw it from the top; return where it ends. With a bottom the end stands there."""
        tight = bottom is not None
        y = self._head(y, tight=tight)
        y = self._notices(y, lines=1 if tight else 3)
        y = self._payer(y)
        y = self._amount(y)
        end = self._end_height()
        room = _TALL if bottom is None else bottom - end - y
        y = self._lines(y, room)
        return self._end(y if bottom is None else max(y, bottom - end))

    def _rule(self, y: float) -> None:
        self.paper.box(self.left, y, self.width, 0.5, fill=Ink.TEXT)

    def _sized(self, words: str, kind: Type, width: float) -> Type:
        """Return the type in which the words fit whole: amounts and numbers are never cut."""
        wide = fonts.width_of(words, kind.size, bold=kind.bold)
        size = kind.size if wide <= width else kind.size * width / wide - 0.05
        return Type(size, kind.bold, kind.ink, kind.align)

    def _head(self, y: float, *, tight: bool) -> float:
        paper, receipt = self.paper, self.receipt
        name = Type(10.5, bold=True)
        if tight:
            paper.fitted(self.left, y + 10, receipt.scheme, self.width, name)
            y += 10 + name.line
        else:
            y = paper.wrapped(self.left, y + 10, receipt.scheme, self.width, name)
        if receipt.section:
            y = paper.wrapped(self.left, y - 2, receipt.section, self.width, SMALL)
        self._rule(y - 8)
        word = Text(N_("REVERSAL")) if receipt.reverses else Text(N_("RECEIPT"))
        told = f"{paper.say(word)} {receipt.number}"
        y += 7
        paper.text(self.left, y, told, self._sized(told, Type(12, bold=True), self.width))
        day = day_text(receipt.paid_on, paper.language)
        y += 12
        paper.fitted(self.left, y, day, self.width, Type(9))
        if receipt.leaf:
            leaf = paper.say(Text(N_("On paper {number}"), {"number": receipt.leaf}))
            y += 0 if self.beside else 11.5
            x = self.right if self.beside else self.left
            align = Align.RIGHT if self.beside else Align.LEFT
            paper.text(x, y, leaf, Type(9, bold=True, align=align))
        return y + 6

    def _notices(self, y: float, *, lines: int) -> float:
        paper, reason = self.paper, self.receipt.reason
        told = [paper.say(text) for text in alarms(self.receipt)]
        if told and reason:
            told.append(fonts.shortened(reason, lines * (self.width - 20), 8.5, bold=True))
        told += [paper.say(text) for text in marks(self.receipt)]
        if not told:
            return y
        kind = Type(8.5, bold=True)
        rows = [
            line
            for words in told
            for line in fonts.wrapped(words, self.width - 8, kind.size, bold=True)
        ]
        high = len(rows) * 11 + 5
        paper.box(self.left, y, self.width, high, fill=Ink.WHITE, border=Ink.TEXT)
        for at, line in enumerate(rows):
            paper.text(self.left + 4, y + 10 + 11 * at, line, kind)
        return y + high + 4

    def _payer(self, y: float) -> float:
        paper, receipt = self.paper, self.receipt
        room = self.width - (_QR_NARROW if self.beside else 0)
        paper.text(self.left, y + 8, Text(N_("Household number")), SMALL)
        number = receipt.household_number
        paper.text(self.left, y + 24, number, self._sized(number, Type(16, bold=True), room))
        paper.text(self.left, y + 36, Text(N_("Received from")), SMALL)
        name = Type(10.5, bold=True)
        long = len(fonts.wrapped(receipt.received_from, room, name.size, bold=True)) > 3
        name = Type(8.5, bold=True) if long else name
        below = paper.wrapped(self.left, y + 48, receipt.received_from, room, name) - 5
        if not self.beside:
            return below
        self._code(self.right - _QR_NARROW + 6, y - 3)
        code = paper.say(Text(N_("Check code {code}"), {"code": receipt.code}))
        kind = Type(8, bold=True, align=Align.RIGHT)
        paper.text(self.right, y + _QR_NARROW, code, kind)
        return max(below, y + _QR_NARROW + 6)

    def _code(self, x: float, y: float) -> None:
        self.paper.qr(x, y, _QR_NARROW, f"{self.receipt.number}.{self.receipt.code}")

    def _amount(self, y: float) -> float:
        paper = self.paper
        figures = money_text(self.receipt.amount, paper.language)
        kind = self._sized(figures, Type(19, bold=True), self.width)
        self._rule(y)
        y += kind.size + 4
        paper.text(self.left, y, figures, kind)
        words = amount_in_words(self.receipt.amount, paper.language)
        y = paper.wrapped(self.left, y + 13, words, self.width, Type(9))
        self._rule(y - 6)
        return y - 3

    def _lines(self, y: float, room: float) -> float:
        paper = self.paper
        kind = Type(8.5)
        most = max(int(room / _LINE) - 1, 3)
        for words, amount in lines_told(paper, self.receipt, most, short=True):
            figures = amount_text(amount, paper.language)
            wide = fonts.width_of(figures, kind.size) + 8
            for line in fonts.wrapped(words, self.width - wide, kind.size):
                y += _LINE
                paper.text(self.left, y, line, kind)
            paper.money(self.right, y, amount, kind)
        return y + 6

    def _fields(self) -> list[str]:
        paper, through = self.paper, self.receipt.covered_through
        told = [
            (N_("Means: {told}"), means_told(paper, self.receipt)),
            (N_("Covered through: {told}"), day_text(through, paper.language) if through else "–"),
            (N_("Taken by: {told}"), self.receipt.taken_by),
        ]
        words = [paper.say(Text(label, {"told": value})) for label, value in told]
        return [line for one in words for line in fonts.wrapped(one, self.width, 9)]

    def _end_height(self) -> float:
        return len(self._fields()) * 11.5 + 46 + (0 if self.beside else _QR_NARROW)

    def _end(self, y: float) -> float:
        paper, receipt = self.paper, self.receipt
        self._rule(y)
        for line in self._fields():
            y += 11.5
            paper.text(self.left, y, line, Type(9))
        if not self.beside:
            self._code(self.left - 6, y + 2)
            x = self.left + _QR_NARROW - 8
            paper.text(x, y + 24, Text(N_("Check code")), SMALL)
            paper.text(x, y + 38, receipt.code, Type(12, bold=True))
            y += _QR_NARROW
        label = Text(N_("Signature of the person who took it"))
        paper.signature(self.left, y + 28, label, self.width)
        return y + 28 + (24 if not self.beside else 14)
