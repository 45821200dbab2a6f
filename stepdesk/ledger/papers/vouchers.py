"""Vouchers on A5: money that went out (S-…), money that came in (E-…), what cancels them."""

from collections.abc import Mapping
from datetime import date

from stepdesk.i18n import N_, Text, Value, day_text, money_text, speak
from stepdesk.ledger.papers.writing import written_out
from stepdesk.ledger.terms import ACTIVITIES, Activity, Voucher, VoucherKind
from stepdesk.paper.page import A5, LARGE, SMALL, STRONG, TITLE, Align, Frame, Ink, Paper, Type

KINDS: Mapping[VoucherKind, str] = {
    VoucherKind.EXPENSE: N_("Expense voucher"),
    VoucherKind.INCOME: N_("Income voucher"),
    VoucherKind.TRANSFER: N_("Transfer voucher"),
    VoucherKind.FEE: N_("Fee kept by a bank or telephone company"),
    VoucherKind.IN_KIND: N_("Gift in kind"),
    VoucherKind.BILL: N_("Bill to pay"),
    VoucherKind.BILL_PAID: N_("Payment of a bill"),
    VoucherKind.ENTRY: N_("Entry by hand"),
    VoucherKind.OPENING: N_("Opening balance sheet"),
    VoucherKind.COUNT: N_("Difference of a count"),
    VoucherKind.ACTIVITY: N_("Money moved between activities"),
}
"""What each voucher is called on paper and on the screen."""

_SIDE = 150.0


def voucher_pdf(
    voucher: Voucher,
    category: str,
    language: str,
    *,
    scheme: str,
    practice: bool,
    printed_on: date | None = None,
) -> bytes:
    """Return a voucher on one A5 sheet, with room for the signatures.

    Args:
        voucher: As it is kept.
        category: The name of its account in that language; empty for none.
        language: The paper's.
        scheme: Named on top and at the foot.
        practice: Whether it bears the practice band.
        printed_on: Named at the foot.
    """
    title = speak(Text(KINDS[voucher.kind]), language)
    frame = Frame(title, scheme, A5, practice, 1, printed_on, margin=30)
    paper = Paper(frame, language)
    y = paper.top + 14
    paper.fitted(paper.left, y, scheme, paper.width - _SIDE, STRONG)
    number = Type(11, bold=True, align=Align.RIGHT)
    paper.text(paper.right, y, voucher.number, number)
    if voucher.other_number:
        paper.text(paper.right, y + 14, voucher.other_number, number)
    y = paper.wrapped(paper.left, y + 34, title, paper.width, TITLE)
    if voucher.cancels:
        told = Text(N_("Cancels {number}"), {"number": voucher.cancels})
        y = paper.notice(y, told, ink=Ink.ALARM, tint=Ink.ALARM_TINT) + 8
    elif voucher.cancelled_by:
        told = Text(N_("Cancelled by {number}"), {"number": voucher.cancelled_by})
        y = paper.notice(y, told, ink=Ink.ALARM, tint=Ink.ALARM_TINT) + 8
    amount = money_text(voucher.amount, language)
    paper.box(paper.left, y, paper.width, 34, fill=Ink.TINT, radius=4)
    right = Type(LARGE.size, bold=True, align=Align.RIGHT)
    paper.text(paper.right - 10, y + 25, amount, right)
    paper.text(paper.left + 10, y + 22, Text(N_("Amount")), STRONG)
    y += 48
    words = written_out(voucher.amount, language)
    if words:
        y = paper.field(paper.left, y, Text(N_("In words")), words, paper.width) + 4
    for label, told_of in _fields(voucher, category, language):
        y = paper.field(paper.left, y, Text(label), told_of, paper.width) + 2
    _signed(paper, voucher, max(y + 20, paper.bottom - 100))
    return paper.finish()


def _fields(voucher: Voucher, category: str, language: str) -> list[tuple[str, str]]:
    out = voucher.number.startswith("S-")
    activity = ""
    if voucher.activity is not Activity.HEALTH:
        activity = speak(Text(ACTIVITIES[voucher.activity]), language)
    told = (
        (N_("Date"), day_text(voucher.day, language)),
        (N_("Paid to") if out else N_("Received from"), voucher.payee),
        (N_("For"), voucher.label),
        (N_("Category"), category),
        (N_("Activity"), activity),
        (N_("Number on the paper"), voucher.piece),
        (N_("Reason"), voucher.reason),
    )
    return [(label, words) for label, words in told if words]


def _signed(paper: Paper, voucher: Voucher, y: float) -> None:
    third = (paper.width - 24) / 3
    out = voucher.number.startswith("S-")
    labels = (
        N_("Made out by"),
        N_("Allowed by"),
        N_("Received by") if out else N_("Given by"),
    )
    for at, label in enumerate(labels):
        x = paper.left + at * (third + 12)
        if not at:
            paper.fitted(x, y, voucher.made_by, third, SMALL)
        paper.signature(x, y + 40, Text(label), third)
    values: dict[str, Value] = {"number": voucher.entry_number}
    paper.text(paper.left, y + 64, Text(N_("Booked as {number}"), values), SMALL)
    if voucher.single_control:
        told = Text(N_("Under single control: one person alone signed"))
        paper.text(paper.left, y + 76, told, SMALL)
