"""Papers of claims: the slip of a batch for the provider, and the voucher of a payment.

The slip is there to be talked about with the provider: every certificate with its lines, and for
what is not paid the code and the reason. No diagnosis stands on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stepdesk.claims import rules
from stepdesk.claims.terms import UNDECIDED, Batch, Claim, ClaimLine, State, Voucher
from stepdesk.i18n import (
    N_,
    Text,
    Value,
    currency_text,
    day_text,
    money_text,
    short_day_text,
    speak,
)
from stepdesk.paper import fonts
from stepdesk.paper.page import (
    A4,
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
from stepdesk.rights.terms import ReasonCode
from stepdesk.values.money import Money
from stepdesk.values.words import in_words

STATES = {
    State.RECEIVED: N_("To decide"),
    State.ADMIN_OK: N_("Papers in order"),
    State.MEDICAL_PENDING: N_("With the medical adviser"),
    State.MEDICAL_OK: N_("Reviewed, to decide"),
    State.QUERIED: N_("Question asked"),
    State.PENDING: N_("Put aside"),
    State.VALUED: N_("Waits for the price of its period"),
    State.APPROVED: N_("Approved"),
    State.REJECTED: N_("Refused"),
    State.WITHDRAWN: N_("Withdrawn"),
    State.APPEALED: N_("Appealed"),
    State.UPHELD: N_("Appeal refused"),
    State.OVERTURNED: N_("Appeal granted"),
    State.BATCHED: N_("To be paid"),
    State.PAID: N_("Paid"),
    State.REVERSED: N_("Taken back"),
}
BOXES = {
    "cash_main": N_("Main cash box"),
    "cash_section": N_("Cash box of a section"),
    "bank": N_("Bank"),
    "mfi": N_("Microfinance account"),
    "momo": N_("Mobile money"),
}

_TOP = 104  # points of the first page's head, the practice band not counted
_HEAD_ROW = 17
_ROW = 12.5
_REASON_ROW = 11
_END = 118  # room for the sums and the signatures
_RIGHT_LABEL = Type(8, ink=Ink.MUTED, align=Align.RIGHT)
_COLUMNS = (
    250.0,
    176.0,
    88.0,
    0.0,
)  # right ends from the right margin: qty, claimed, approved, paid


@dataclass(frozen=True, slots=True)
class Sums:
    """What a batch comes to: the invoice is the scheme's part, the patients' and what is refused.

    `waiting` is what is not decided yet.
    """

    claimed: Money
    scheme: Money
    patients: Money
    refused: Money
    waiting: Money


def state_text(claim: Claim) -> Text:
    """Return how a claim stands; what a former system left open waits for nothing here."""
    if claim.history and claim.state in UNDECIDED:
        return Text(N_("Not decided"))
    return Text(STATES[claim.state])


def sums_of(claims: Sequence[Claim], zero: Money) -> Sums:
    """Return what certificates come to; those withdrawn count nothing."""
    counted = [one for one in claims if one.state is not State.WITHDRAWN]
    decided = [one for one in counted if one.state not in {*UNDECIDED, State.VALUED}]
    claimed = sum((one.claimed for one in counted), zero)
    return Sums(
        claimed=claimed,
        scheme=sum((one.paid or zero for one in decided), zero),
        patients=sum((one.patient_due or zero for one in decided), zero),
        refused=sum((one.disallowed or zero for one in decided), zero),
        waiting=claimed - sum((one.claimed for one in decided), zero),
    )


# The slip of a batch


def batch_slip_pdf(
    batch: Batch,
    claims: Sequence[Claim],
    language: str,
    *,
    scheme: str,
    practice: bool,
    printed_on: date | None = None,
) -> bytes:
    """Return the slip of a batch on A4 sheets, its certificates in the order they were typed."""
    told = [one for one in claims if one.state is not State.WITHDRAWN]
    pages = _pages(told, practice=practice)
    frame = Frame(
        title=speak(Text(N_("Slip of batch {number}"), {"number": batch.number}), language),
        scheme=scheme,
        sheet=A4,
        practice=practice,
        pages=len(pages),
        printed_on=printed_on,
    )
    paper = Paper(frame, language)
    y = _slip_head(paper, batch)
    for at, page in enumerate(pages):
        if at:
            paper.next_page()
            y = paper.top + 8
        y = _heads(paper, y, batch.claimed)
        for claim in page:
            y = _certificate(paper, claim, y)
    _slip_end(paper, batch, told, y)
    return paper.finish()


def _height(claim: Claim) -> float:
    reasons = sum(1 for line in claim.lines if line.codes)
    return _HEAD_ROW + _ROW * len(claim.lines) + _REASON_ROW * reasons + 5


def _pages(claims: Sequence[Claim], *, practice: bool) -> list[list[Claim]]:
    """Return the certificates of each page; the last page has room for the sums."""
    room = A4.height - 2 * 34 - 14 - (14 if practice else 0) - 24
    pages: list[list[Claim]] = [[]]
    left = room - _TOP
    for claim in claims:
        if _height(claim) > left and pages[-1]:
            pages.append([])
            left = room
        pages[-1].append(claim)
        left -= _height(claim)
    if left < _END:
        # The sums never stand alone: the last certificate goes with them.
        moved = [pages[-1].pop()] if len(pages[-1]) > 1 else []
        pages.append(moved)
    return pages


def _slip_head(paper: Paper, batch: Batch) -> float:
    y = paper.top + 14
    paper.text(paper.left, y, Text(N_("Slip of the certificates")), TITLE)
    paper.text(paper.right, y, batch.number, Type(12, bold=True, align=Align.RIGHT))
    paper.fitted(paper.left, y + 18, paper.frame.scheme, paper.width, STRONG)
    column = paper.width / 4
    fields = (
        (Text(N_("Provider")), batch.provider),
        (Text(N_("Month of care")), paper.say(Text("{month}", {"month": batch.month}))),
        (Text(N_("Invoice")), batch.invoice or "–"),
        (Text(N_("Received on")), day_text(batch.received_on, paper.language)),
    )
    for at, (label, words) in enumerate(fields):
        x = paper.left + at * column
        paper.text(x, y + 38, label, LABEL)
        paper.fitted(x, y + 51, words, column - 10, STRONG)
    paper.rule(y + 60)
    return y + 76


def _heads(paper: Paper, y: float, zero: Money) -> float:
    paper.text(paper.left, y, Text(N_("Certificate and lines")), LABEL)
    for words, back in zip(
        (N_("Quantity"), N_("Claimed"), N_("Approved"), N_("Paid")), _COLUMNS, strict=True
    ):
        paper.text(paper.right - back, y, Text(words), _RIGHT_LABEL)
    currency = currency_text(zero.currency, paper.language)
    paper.text(paper.right - 330, y, currency, _RIGHT_LABEL)
    paper.rule(y + 5)
    return y + 6


def _certificate(paper: Paper, claim: Claim, y: float) -> float:
    y += _HEAD_ROW - 3
    day = short_day_text(claim.last_day, paper.language)
    parts = (claim.certificate, claim.card, claim.patient, day)
    words = " · ".join(part for part in parts if part)
    paper.fitted(paper.left, y, words, paper.width - 150, Type(9, bold=True))
    state = paper.say(state_text(claim))
    paper.text(paper.right, y, state, Type(8.5, bold=True, align=Align.RIGHT))
    for line in claim.lines:
        y += _ROW
        y = _line(paper, line, y)
    paper.rule(y + 5)
    return y + 5


def _line(paper: Paper, line: ClaimLine, y: float) -> float:
    kind = Type(9)
    paper.fitted(paper.left + 10, y, line.name, paper.width - 310, kind)
    paper.text(
        paper.right - _COLUMNS[0],
        y,
        paper.say(Text("{count}", {"count": line.quantity})),
        Type(9, align=Align.RIGHT),
    )
    paper.money(paper.right - _COLUMNS[1], y, line.claimed, kind)
    if line.paid is None or line.approved is None:
        paper.text(paper.right, y, "–", Type(9, align=Align.RIGHT))
    else:
        paper.money(paper.right - _COLUMNS[2], y, line.approved, kind)
        paper.money(paper.right, y, line.paid, Type(9, bold=True))
    if not line.codes:
        return y
    told = "; ".join(f"{code} {paper.say(rules.reason(ReasonCode(code)))}" for code in line.codes)
    paper.fitted(paper.left + 22, y + _REASON_ROW - 0.5, told, paper.width - 40, _reason_type())
    return y + _REASON_ROW


def _reason_type() -> Type:
    return Type(8, ink=Ink.ALARM)


def _slip_end(paper: Paper, batch: Batch, claims: Sequence[Claim], y: float) -> None:
    zero = Money(0, batch.claimed.currency)
    sums = sums_of(claims, zero)
    one, many = N_("{count} certificate, claimed"), N_("{count} certificates, claimed")
    rows: list[tuple[Text, Money, bool]] = [
        (Text(one, {"count": len(claims)}, plural=many), sums.claimed, True),
        (Text(N_("The scheme pays")), sums.scheme, True),
        (Text(N_("The patients pay")), sums.patients, False),
        (Text(N_("Refused to the provider")), sums.refused, False),
    ]
    if sums.waiting:
        rows.append((Text(N_("Not decided yet")), sums.waiting, False))
    total = batch.invoice_total
    if total is not None and total != sums.claimed:
        rows.append((Text(N_("Total on the invoice")), total, False))
    width = paper.width * 0.48
    left = paper.right - width
    y += 12
    for label, money, bold in rows:
        y += 14
        paper.text(left, y, label, Type(10, bold=bold))
        paper.money(paper.right, y, money, Type(10, bold=bold))
    hint = N_("What is refused can be discussed: bring the certificate. Each reason has its code.")
    paper.wrapped(paper.left, y - 14 * len(rows) + 14, Text(hint), width - 24, SMALL)
    half = (paper.width - 24) / 2
    sign = paper.bottom - 22
    paper.signature(paper.left, sign, Text(N_("For the scheme")), half)
    paper.signature(paper.right - half, sign, Text(N_("For the provider")), half)


# The voucher of a payment


def voucher_pdf(
    voucher: Voucher, language: str, *, scheme: str, practice: bool, printed_on: date | None = None
) -> bytes:
    """Return the voucher of a payment to a provider on one A5 sheet."""
    frame = Frame(
        title=speak(Text(N_("Voucher {number}"), {"number": voucher.number}), language),
        scheme=scheme,
        sheet=A5,
        practice=practice,
        printed_on=printed_on,
    )
    paper = Paper(frame, language)
    y = _voucher_head(paper, voucher)
    y = _voucher_amount(paper, voucher, y)
    y = _settled(paper, voucher, y)
    _voucher_end(paper, voucher, y)
    return paper.finish()


def _voucher_head(paper: Paper, voucher: Voucher) -> float:
    y = paper.top + 14
    half = paper.width * 0.56
    word = Type(TITLE.size, bold=True, ink=TITLE.ink, align=Align.RIGHT)
    paper.text(paper.right, y, Text(N_("PAYMENT VOUCHER")), word)
    paper.text(paper.right, y + 17, voucher.number, Type(12, bold=True, align=Align.RIGHT))
    day = day_text(voucher.day, paper.language)
    paper.text(paper.right, y + 31, day, Type(10, align=Align.RIGHT))
    below = paper.wrapped(paper.left, y, paper.frame.scheme, half, NAME)
    y = max(y + 31, below - NAME.line) + 10
    paper.rule(y)
    if voucher.single_control:
        told = Text(N_("Under single control: one person alone approved this payment"))
        y = paper.notice(y + 8, told, ink=Ink.MUTED, tint=Ink.WHITE) - 8
    back = voucher.amount.minor < 0
    if voucher.other:
        values: dict[str, Value] = {"number": voucher.other, "reason": voucher.reason}
        words = N_("Takes back {number}: {reason}")
        if not back:
            words = N_("Taken back by {number}: {reason}")
        y = paper.notice(y + 8, Text(words, values), ink=Ink.ALARM, tint=Ink.WHITE) - 8
    label = N_("Came back from") if back else N_("Paid to")
    paper.text(paper.left, y + 18, Text(label), LABEL)
    return paper.wrapped(paper.left, y + 34, voucher.provider, paper.width, NAME)


def _voucher_amount(paper: Paper, voucher: Voucher, y: float) -> float:
    lines = fonts.wrapped(_in_words(voucher.amount, paper.language), paper.width - 24, 10)
    height = 41 + 13 * len(lines)
    paper.box(paper.left, y, paper.width, height, fill=Ink.TINT, border=Ink.PRIMARY, radius=4)
    paper.text(paper.left + 12, y + 24, Text(N_("Amount")), LABEL)
    figures = money_text(voucher.amount, paper.language)
    paper.text(paper.right - 12, y + 28, figures, Type(LARGE.size, bold=True, align=Align.RIGHT))
    for at, line in enumerate(lines):
        paper.text(paper.left + 12, y + 46 + 13 * at, line)
    return y + height + 18


def _in_words(amount: Money, language: str) -> str:
    whole, part = divmod(amount.minor, amount.currency.scale)
    words = in_words(whole, language)
    if part:
        cents = f"{part:0{amount.currency.exponent}d}/{amount.currency.scale}"
        words = speak(Text(N_("{words} and {part}"), {"words": words, "part": cents}), language)
    return words[0].upper() + words[1:] + " " + currency_text(amount.currency, language)


def _settled(paper: Paper, voucher: Voucher, y: float) -> float:
    """Write the batches that are paid; many of them become one line."""
    small = Type(9)
    paper.text(paper.left, y, Text(N_("For the certificates of")), LABEL)
    currency = currency_text(voucher.amount.currency, paper.language)
    paper.text(paper.right, y, currency, _RIGHT_LABEL)
    paper.rule(y + 5)
    y += 6
    beside = _beside(voucher)
    most = max(int((paper.bottom - 92 - y) / 14) - 1 - len(beside), 1)
    shown = voucher.batches if len(voucher.batches) <= most else voucher.batches[: most - 1]
    one, many = (
        N_("{number}, {month}, {count} certificate"),
        N_("{number}, {month}, {count} certificates"),
    )
    for batch in shown:
        y += 14
        values: dict[str, Value] = {
            "number": batch.number,
            "month": batch.month,
            "count": batch.claims,
        }
        told = paper.say(Text(one, values, plural=many))
        if batch.invoice:
            told += " · " + paper.say(Text(N_("invoice {invoice}"), {"invoice": batch.invoice}))
        paper.fitted(paper.left, y, told, paper.width - 74, small)
        paper.money(paper.right, y, batch.amount, small)
    rest = voucher.batches[len(shown) :]
    if rest:
        y += 14
        told = paper.say(
            Text(
                N_("{count} other batch"), {"count": len(rest)}, plural=N_("{count} other batches")
            )
        )
        paper.text(paper.left, y, told, small)
        amount = sum((batch.amount for batch in rest), Money(0, voucher.amount.currency))
        paper.money(paper.right, y, amount, small)
    for label, money in beside:
        y += 14
        paper.text(paper.left, y, label, small)
        paper.money(paper.right, y, money, small)
    paper.rule(y + 6)
    return y + 22


def _beside(voucher: Voucher) -> list[tuple[Text, Money]]:
    """Return what a payment is made of beside claims: by head, and what lay with the provider."""
    told = []
    if voucher.heads:
        told.append((Text(N_("By head")), voucher.heads))
    if voucher.set_off:
        told.append((Text(N_("Settled by advance or deposit")), -voucher.set_off))
    return told


def _voucher_end(paper: Paper, voucher: Voucher, y: float) -> None:
    column = paper.width / 2
    box = voucher.box_name or paper.say(Text(BOXES[voucher.box]))
    back = voucher.amount.minor < 0
    where = N_("Back into") if back else N_("Paid from")
    who = N_("Taken back by") if back else N_("Paid by")
    paper.field(paper.left, y, Text(where), box, column - 10)
    paper.field(paper.left + column, y, Text(who), voucher.paid_by, column - 10)
    half = (paper.width - 24) / 2
    sign = paper.bottom - 34
    paper.signature(paper.left, sign, Text(N_("Signatures for the scheme")), half)
    if back:
        return
    receiver = Text(N_("Signature of the person who received the money"))
    paper.signature(paper.right - half, sign, receiver, half)
