"""Papers of payments: the order a provider is paid by, the voucher of a member, a provider's year.

And the lists: the register of benefits (D14), what was refused by reason, who is owed what. The register
and what members are owed name people: whoever prints one notes it. No diagnosis stands on any.
"""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from stepdesk.claims.papers.slips import BOXES, STATES
from stepdesk.claims.terms import (
    ByReason,
    CapitationRun,
    CountedPerson,
    Delay,
    Happened,
    MemberVoucher,
    Mirror,
    MirrorMonth,
    PaymentBatch,
    PaymentLine,
    PaymentLineKind,
    PaymentState,
    Recovery,
    RegisterRow,
    ReimbursementOwed,
    State,
)
from stepdesk.i18n import (
    N_,
    Text,
    amount_text,
    currency_text,
    day_text,
    money_text,
    month_text,
    short_day_text,
    speak,
)
from stepdesk.ledger.papers import written_out
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
from stepdesk.paper.sheet import Cell, Listing
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

PAYMENT_STATES = {
    PaymentState.PREPARED: N_("Prepared"),
    PaymentState.APPROVED: N_("Approved"),
    PaymentState.ORDERED: N_("Ordered"),
    PaymentState.PAID: N_("Paid"),
    PaymentState.ACKNOWLEDGED: N_("Acknowledged"),
    PaymentState.CANCELLED: N_("Cancelled"),
    PaymentState.REVERSED: N_("Taken back"),
}
"""How a payment batch stands, on paper and on the screen."""

_RIGHT = Type(8, ink=Ink.MUTED, align=Align.RIGHT)
_ROW = 13.0
_END = 190.0  # room for the sums and the signatures
_HEAD = 128.0


# The payment order


def payment_order_pdf(
    batch: PaymentBatch,
    language: str,
    *,
    scheme: str,
    practice: bool,
    printed_on: date | None = None,
) -> bytes:
    """Return the order to pay a provider on A4: its claims by invoice, two signatures."""
    rows = _order_rows(batch)
    pages = _pages(rows, practice=practice)
    title = speak(Text(N_("Payment order {number}"), {"number": batch.number}), language)
    frame = Frame(title, scheme, A4, practice, len(pages), printed_on)
    paper = Paper(frame, language)
    y = _order_head(paper, batch)
    for at, page in enumerate(pages):
        if at:
            paper.next_page()
            y = paper.top + 10
        y = _order_heads(paper, y, batch.net.currency)
        for row in page:
            y += _ROW
            _order_row(paper, row, y)
    _order_end(paper, batch, y)
    return paper.finish()


def _order_rows(batch: PaymentBatch) -> list[tuple[PaymentLine, bool]]:
    """Return the rows of the order: a head for each invoice, and what stands under it."""
    owed = [one for one in batch.lines if one.kind is PaymentLineKind.CLAIM]
    rows: list[tuple[PaymentLine, bool]] = []
    for _, lines in groupby(owed, key=lambda one: (one.received_on, one.month, one.invoice)):
        listed = list(lines)
        rows.append((listed[0], True))
        rows += [(one, False) for one in listed]
    return rows + [(one, False) for one in batch.lines if one.kind is not PaymentLineKind.CLAIM]


def _pages(
    rows: Sequence[tuple[PaymentLine, bool]], *, practice: bool
) -> list[list[tuple[PaymentLine, bool]]]:
    """Return the rows of each page: the last has room for the sums, a head is never last."""
    room = A4.height - 2 * 34 - 14 - (14 if practice else 0) - 24
    pages: list[list[tuple[PaymentLine, bool]]] = [[]]
    left = room - _HEAD
    for row in rows:
        if left < _ROW * (2 if row[1] else 1):
            pages.append([])
            left = room
        pages[-1].append(row)
        left -= _ROW
    if left < _END:
        pages.append([pages[-1].pop()] if len(pages[-1]) > 1 else [])
    return pages


def _order_head(paper: Paper, batch: PaymentBatch) -> float:
    y = paper.top + 14
    paper.text(paper.left, y, Text(N_("Payment order")), TITLE)
    paper.text(paper.right, y, batch.number, Type(12, bold=True, align=Align.RIGHT))
    paper.fitted(paper.left, y + 18, paper.frame.scheme, paper.width - 150, STRONG)
    state = Type(10, bold=True, align=Align.RIGHT, ink=_ink(batch))
    paper.text(paper.right, y + 18, Text(PAYMENT_STATES[batch.state]), state)
    column = paper.width / 4
    fields = (
        (N_("Pay to"), batch.provider),
        (N_("Month"), month_text(batch.month, paper.language)),
        (N_("Paid from"), box_text(batch, paper)),
        (N_("Voucher"), batch.voucher or "–"),
    )
    for at, (label, words) in enumerate(fields):
        x = paper.left + at * column
        paper.text(x, y + 40, Text(label), LABEL)
        paper.fitted(x, y + 53, words, column - 10, STRONG)
    paper.box(paper.left, y + 64, paper.width, 40, fill=Ink.TINT, radius=4)
    right = Type(LARGE.size, bold=True, align=Align.RIGHT)
    figures = money_text(batch.net, paper.language)
    paper.text(paper.right - 10, y + 91, figures, right)
    paper.text(paper.left + 10, y + 79, Text(N_("To be paid")), LABEL)
    words = written_out(batch.net, paper.language)
    paper.fitted(paper.left + 10, y + 94, words, paper.width - 190, Type(9))
    return y + 120


def _ink(batch: PaymentBatch) -> Ink:
    gone = {PaymentState.CANCELLED, PaymentState.REVERSED}
    return Ink.ALARM if batch.state in gone else Ink.PRIMARY


def box_text(batch: PaymentBatch, paper: Paper) -> str:
    """Return where a batch is paid from, in the paper's language."""
    if batch.place is None:
        return "–"
    return batch.box_name or paper.say(Text(BOXES[batch.place.role]))


def _order_heads(paper: Paper, y: float, currency: Currency) -> float:
    paper.text(paper.left, y, Text(N_("Invoice, certificate and claim")), LABEL)
    paper.text(paper.right - 90, y, Text(N_("Claimed")), _RIGHT)
    to_pay = Text(N_("To pay"))
    told = f"{paper.say(to_pay)} · {currency_text(currency, paper.language)}"
    paper.text(paper.right, y, told, _RIGHT)
    paper.rule(y + 5)
    return y + 5


def _order_row(paper: Paper, row: tuple[PaymentLine, bool], y: float) -> None:
    line, head = row
    if head:
        paper.fitted(paper.left, y, _invoice(line, paper), paper.width - 180, Type(9, bold=True))
        return
    said = _said(line, paper)
    paper.fitted(paper.left + 12, y, said, paper.width - 190, Type(9))
    if line.claimed is not None:
        paper.money(paper.right - 90, y, line.claimed, Type(9))
    paper.money(paper.right, y, line.amount, Type(9, bold=True))


def _invoice(line: PaymentLine, paper: Paper) -> str:
    told = Text(N_("Invoice {invoice}"), {"invoice": line.invoice})
    first = paper.say(told) if line.invoice else paper.say(Text(N_("Invoice without a number")))
    month = month_text(line.month, paper.language) if line.month else ""
    came = ""
    if line.received_on is not None:
        came = paper.say(Text(N_("received on {day}"), {"day": line.received_on}))
    return " · ".join(one for one in (first, month, came) if one)


def _said(line: PaymentLine, paper: Paper) -> str:
    if line.kind is PaymentLineKind.CLAIM:
        back = paper.say(Text(N_("recovered"))) if line.amount.minor < 0 else ""
        return " · ".join(one for one in (line.certificate, line.number, back) if one)
    if line.kind is PaymentLineKind.CAPITATION and line.month is not None:
        return paper.say(Text(N_("By head for {month}"), {"month": line.month}))
    if line.kind is PaymentLineKind.ADVANCE:
        return paper.say(Text(N_("Settled by the advance paid before")))
    return paper.say(Text(N_("Settled by the deposit that lies there")))


def _order_end(paper: Paper, batch: PaymentBatch, y: float) -> None:
    paper.rule(y + 6)
    y += 10
    rows = [(N_("Approved"), batch.approved, False)]
    if batch.recovered:
        rows.append((N_("Recovered"), -batch.recovered, False))
    if batch.set_off:
        rows.append((N_("Settled by advance or deposit"), -batch.set_off, False))
    rows.append((N_("To be paid"), batch.net, True))
    left = paper.right - paper.width * 0.48
    for label, money, bold in rows:
        y += 14
        paper.text(left, y, Text(label), Type(10, bold=bold))
        paper.money(paper.right, y, money, Type(10, bold=bold))
    _signers(paper, batch, paper.bottom - 96)


def _signers(paper: Paper, batch: PaymentBatch, y: float) -> None:
    """Write who did which step, and the lines to sign on."""
    for at, step in enumerate(batch.steps[-4:]):
        people = " + ".join(one for one in (step.person, step.second_person) if one)
        told = Text(
            N_("{step}: {day}, {people}"),
            {"step": Text(PAYMENT_STATES[step.state]), "day": step.day, "people": people},
        )
        words = paper.say(told)
        if step.single_control:
            alone = Text(N_("single control"))
            words += f" ({paper.say(alone)})"
        paper.fitted(paper.left, y - 12 + at * 11, words, paper.width, SMALL)
    third = (paper.width - 36) / 3
    labels = (
        N_("Prepared by"),
        N_("Approved by the treasurer"),
        N_("For the provider: name, date, receipt number"),
    )
    for at, label in enumerate(labels):
        x = paper.left + at * (third + 18)
        paper.signature(x, paper.bottom - 24, Text(label), third)


# The voucher of a member


def member_voucher_pdf(
    voucher: MemberVoucher,
    language: str,
    *,
    scheme: str,
    practice: bool,
    printed_on: date | None = None,
) -> bytes:
    """Return the voucher of a payment to a member on one A5 sheet, to be signed."""
    title = speak(Text(N_("Voucher {number}"), {"number": voucher.number}), language)
    paper = Paper(Frame(title, scheme, A5, practice, 1, printed_on), language)
    y = paper.top + 14
    paper.fitted(paper.left, y, scheme, paper.width * 0.55, NAME)
    paper.text(paper.right, y, voucher.number, Type(12, bold=True, align=Align.RIGHT))
    told = day_text(voucher.day, language)
    paper.text(paper.right, y + 15, told, Type(10, align=Align.RIGHT))
    y = paper.wrapped(
        paper.left, y + 38, Text(N_("Reimbursement of care to a member")), paper.width, TITLE
    )
    if voucher.single_control:
        alone = Text(N_("Under single control: one person alone approved this payment"))
        y = paper.notice(y - 4, alone, ink=Ink.MUTED, tint=Ink.WHITE) + 10
    half = paper.width / 2
    paper.field(paper.left, y, Text(N_("Member number")), voucher.household, half - 10)
    y = paper.field(paper.left + half, y, Text(N_("Paid to")), voucher.receiver, half - 10)
    y = _amount(paper, voucher.amount, y)
    y = _reimbursed(paper, voucher, y)
    box = voucher.box_name or paper.say(Text(BOXES[voucher.box]))
    where = " · ".join(one for one in (box, voucher.reference) if one)
    paper.field(paper.left, y + 8, Text(N_("Paid from")), where, half - 10)
    paper.field(paper.left + half, y + 8, Text(N_("Paid by")), voucher.paid_by, half - 10)
    wide = (paper.width - 24) / 2
    paper.signature(paper.left, paper.bottom - 34, Text(N_("Signatures for the scheme")), wide)
    receiver = Text(N_("Signature or thumbprint of the person who received the money"))
    paper.signature(paper.right - wide, paper.bottom - 34, receiver, wide)
    return paper.finish()


def _amount(paper: Paper, amount: Money, y: float) -> float:
    paper.box(paper.left, y, paper.width, 50, fill=Ink.TINT, border=Ink.PRIMARY, radius=4)
    figures = money_text(amount, paper.language)
    right = Type(LARGE.size, bold=True, align=Align.RIGHT)
    paper.text(paper.right - 12, y + 27, figures, right)
    paper.text(paper.left + 12, y + 22, Text(N_("Amount")), LABEL)
    words = written_out(amount, paper.language)
    paper.fitted(paper.left + 12, y + 42, words, paper.width - 24, Type(9))
    return y + 68


def _reimbursed(paper: Paper, voucher: MemberVoucher, y: float) -> float:
    """Write the claims that are reimbursed; many of them become one line."""
    paper.text(paper.left, y, Text(N_("For the care of")), LABEL)
    paper.text(paper.right - 70, y, Text(N_("Paid by the member")), _RIGHT)
    paper.text(paper.right, y, Text(N_("Reimbursed")), _RIGHT)
    paper.rule(y + 5)
    y += 6
    most = max(int((paper.bottom - 100 - y) / 14), 2)
    shown = voucher.claims if len(voucher.claims) <= most else voucher.claims[: most - 1]
    for one in shown:
        y += 14
        told = f"{short_day_text(one.day, paper.language)} · {one.provider} · {one.number}"
        if one.returned:
            again = paper.say(Text(N_("paid back before, given again")))
            told += f" · {again}"
        paper.fitted(paper.left, y, told, paper.width - 140, Type(9))
        paper.money(paper.right - 70, y, one.amount if one.returned else one.claimed, Type(9))
        paper.money(paper.right, y, one.amount, Type(9, bold=True))
    rest = voucher.claims[len(shown) :]
    if rest:
        y += 14
        other = Text(
            N_("{count} other request"), {"count": len(rest)}, plural=N_("{count} other requests")
        )
        paper.text(paper.left, y, other, Type(9))
        zero = Money(0, voucher.amount.currency)
        paper.money(paper.right, y, sum((one.amount for one in rest), zero), Type(9, bold=True))
    paper.rule(y + 6)
    return y + 20


# A provider's year on a page

_COLUMNS: tuple[tuple[str, float], ...] = (
    (N_("Claims"), 412.0),
    (N_("Claimed"), 348.0),
    (N_("Approved"), 278.0),
    (N_("Patients' part"), 200.0),
    (N_("Refused"), 132.0),
    (N_("Paid"), 64.0),
    (N_("Delay, days"), 0.0),
)
_MOST_REASONS = 12


def mirror_pdf(
    mirror: Mirror,
    language: str,
    *,
    scheme: str,
    practice: bool,
    printed_on: date | None = None,
) -> bytes:
    """Return a provider's twelve months on one A4 page; nobody's name stands on it."""
    title = speak(Text(N_("Twelve months of {provider}"), {"provider": mirror.provider}), language)
    paper = Paper(Frame(title, scheme, A4, practice, 1, printed_on), language)
    y = paper.top + 14
    paper.fitted(paper.left, y, title, paper.width - 90, TITLE)
    paper.text(paper.right, y, mirror.code, Type(12, bold=True, align=Align.RIGHT))
    until = month_text(mirror.until, language)
    first = month_text(mirror.months[0].month, language)
    paper.fitted(paper.left, y + 18, f"{scheme} · {first} – {until}", paper.width, STRONG)
    y = _waits(paper, mirror.delay, y + 36)
    y = _months(paper, mirror.months, y + 8)
    y = _reasons(paper, mirror.reasons, y + 26)
    hint = Text(
        N_(
            "A claim stands in the month its invoice came, a payment in the month it was made. The delay is"
            " the mean time from invoice to payment; large amounts count more. You may discuss what is refused:"
            " bring the certificate."
        )
    )
    paper.wrapped(paper.left, max(y + 16, paper.bottom - 60), hint, paper.width, SMALL)
    return paper.finish()


def _waits(paper: Paper, delay: Delay | None, y: float) -> float:
    if delay is None:
        told = Text(N_("Nothing is owed: every invoice that was decided is paid."))
        return paper.notice(y, told, ink=Ink.PRIMARY, tint=Ink.TINT)
    told = Text(
        N_("{amount} is owed. The oldest invoice waits for {count} day; {mean} on the mean."),
        {"amount": delay.owed, "count": delay.oldest_days, "mean": delay.mean_days},
        plural=N_(
            "{amount} is owed. The oldest invoice waits for {count} days; {mean} on the mean."
        ),
    )
    if delay.late_days:
        return paper.notice(y, told, ink=Ink.ALARM, tint=Ink.ALARM_TINT)
    return paper.notice(y, told, ink=Ink.PRIMARY, tint=Ink.TINT)


def _months(paper: Paper, months: Sequence[MirrorMonth], y: float) -> float:
    paper.text(paper.left, y, Text(N_("Month")), LABEL)
    for words, back in _COLUMNS:
        paper.text(paper.right - back, y, Text(words), _RIGHT)
    paper.rule(y + 5)
    y += 5
    zero = Money(0, months[0].claimed.currency)
    for one in months:
        y += 15
        paper.text(paper.left, y, month_text(one.month, paper.language), Type(9))
        _figures(paper, one, y, bold=False)
    y += 8
    paper.rule(y)
    delays = [one for one in months if one.delay is not None]
    whole = sum(one.paid.minor for one in delays)
    mean = None
    if whole > 0:
        mean = (2 * sum((one.delay or 0) * one.paid.minor for one in delays) + whole) // (
            2 * whole
        )

    def summed(name: str) -> Money:
        return sum((getattr(one, name) for one in months), zero)

    total = MirrorMonth(
        month=months[-1].month,
        claims=sum(one.claims for one in months),
        claimed=summed("claimed"),
        approved=summed("approved"),
        patients=summed("patients"),
        refused=summed("refused"),
        paid=summed("paid"),
        delay=mean,
    )
    y += 14
    paper.text(paper.left, y, Text(N_("Twelve months")), Type(9, bold=True))
    _figures(paper, total, y, bold=True)
    return y


def _figures(paper: Paper, one: MirrorMonth, y: float, *, bold: bool) -> None:
    told = (
        str(one.claims),
        amount_text(one.claimed, paper.language),
        amount_text(one.approved, paper.language),
        amount_text(one.patients, paper.language),
        amount_text(one.refused, paper.language),
        amount_text(one.paid, paper.language),
        "–" if one.delay is None else str(one.delay),
    )
    kind = Type(9, bold=bold, align=Align.RIGHT)
    for (_, back), words in zip(_COLUMNS, told, strict=True):
        paper.text(paper.right - back, y, words, kind)


def _reasons(paper: Paper, reasons: Sequence[ByReason], y: float) -> float:
    paper.text(paper.left, y, Text(N_("Why amounts were lowered or refused")), STRONG)
    paper.text(paper.right - 90, y, Text(N_("Lines")), _RIGHT)
    paper.text(paper.right, y, Text(N_("Amount")), _RIGHT)
    paper.rule(y + 5)
    y += 5
    if not reasons:
        paper.text(paper.left, y + 15, Text(N_("Nothing was lowered or refused.")), Type(9))
        return y + 15
    for one in reasons[:_MOST_REASONS]:
        y += 14
        said = f"{one.code} · {paper.say(one.words)}"
        paper.fitted(paper.left, y, said, paper.width - 160, Type(9))
        paper.text(paper.right - 90, y, str(one.lines), Type(9, align=Align.RIGHT))
        paper.money(paper.right, y, one.amount, Type(9, bold=True))
    return y


# Lists


def benefits_list(rows: Sequence[RegisterRow], month: Month, currency: Currency) -> Listing:
    """Return the register of benefits of a month (D14), a row a claim and the sums."""
    heads = (
        Text(N_("Claim")),
        Text(N_("Day of care")),
        Text(N_("Received on")),
        Text(N_("Patient")),
        Text(N_("Provider")),
        Text(N_("Services")),
        Text(N_("Claimed")),
        Text(N_("Approved")),
        Text(N_("Patient's part")),
        Text(N_("Decision")),
        Text(N_("Reasons")),
        Text(N_("Paid on")),
        Text(N_("Payment")),
    )
    states = {one.value: Text(words) for one, words in STATES.items()}
    told: list[tuple[Cell, ...]] = [
        (
            row.number,
            row.day,
            row.received_on,
            row.card,
            row.provider,
            row.services,
            row.claimed,
            row.approved,
            row.patient,
            states.get(row.outcome, row.outcome),
            row.codes,
            row.paid_on,
            row.payment,
        )
        for row in rows
    ]
    counted = [row for row in rows if row.outcome != State.WITHDRAWN.value]
    zero = Money(0, currency)
    count = Text(N_("{count} claim"), {"count": len(counted)}, plural=N_("{count} claims"))
    sums = [
        sum((getattr(row, name) for row in counted), zero)
        for name in ("claimed", "approved", "patient")
    ]
    told.append((Text(N_("Total")), None, None, count, "", "", *sums, "", "", None, ""))
    notes = (
        Text(N_("Claims received in {month}, as they stand"), {"month": month}),
        Text(N_("Personal: stays inside the scheme.")),
    )
    return Listing(Text(N_("Register of benefits")), notes, heads, told)


def reasons_list(
    rows: Sequence[ByReason], first: Month, last: Month, *, provider: str = ""
) -> Listing:
    """Return what was lowered or refused by reason, the most first."""
    heads = (Text(N_("Code")), Text(N_("Reason")), Text(N_("Lines")), Text(N_("Amount")))
    told: list[tuple[Cell, ...]] = [(row.code, row.words, row.lines, row.amount) for row in rows]
    notes = [Text(N_("Invoices received from {first} to {last}"), {"first": first, "last": last})]
    if provider:
        notes.append(Text(N_("Provider: {provider}"), {"provider": provider}))
    return Listing(Text(N_("Lowered and refused, by reason")), tuple(notes), heads, told)


def reimbursements_list(rows: Sequence[ReimbursementOwed], day: date) -> Listing:
    """Return the households that are owed a reimbursement, whoever waits longest first."""
    heads = (
        Text(N_("Member number")),
        Text(N_("Name")),
        Text(N_("Requests")),
        Text(N_("Since")),
        Text(N_("Days")),
        Text(N_("Of it paid back before")),
        Text(N_("Amount")),
    )
    told: list[tuple[Cell, ...]] = [
        (row.number, row.member, row.claims, row.since, row.days, row.returned, row.amount)
        for row in rows
    ]
    notes = (
        Text(N_("On {day}"), {"day": day}),
        Text(N_("Personal: stays inside the scheme.")),
    )
    return Listing(Text(N_("Members to be reimbursed")), notes, heads, told)


def delays_list(rows: Sequence[Delay], day: date) -> Listing:
    """Return how long each provider waits for its money, the longest first."""
    heads = (
        Text(N_("Provider")),
        Text(N_("Owed")),
        Text(N_("Claims")),
        Text(N_("Oldest invoice")),
        Text(N_("Days")),
        Text(N_("Mean, days")),
        Text(N_("Agreed, days")),
        Text(N_("Late, days")),
    )
    told: list[tuple[Cell, ...]] = [
        (
            row.provider,
            row.owed,
            row.claims,
            row.since,
            row.oldest_days,
            row.mean_days,
            row.agreed_days,
            row.late_days,
        )
        for row in rows
    ]
    notes = (Text(N_("On {day}"), {"day": day}),)
    return Listing(Text(N_("Delay to providers")), notes, heads, told)


def recoveries_list(rows: Sequence[Recovery], day: date) -> Listing:
    """Return what is to be recovered, from providers and from members."""
    heads = (
        Text(N_("Owed by")),
        Text(N_("Claim")),
        Text(N_("Decided on")),
        Text(N_("Amount")),
        Text(N_("Left")),
        Text(N_("Reason")),
    )
    told: list[tuple[Cell, ...]] = [
        (row.owed_by, row.claim, row.day, row.amount, row.left, row.reason) for row in rows
    ]
    notes = (
        Text(N_("On {day}"), {"day": day}),
        Text(N_("Personal: stays inside the scheme.")),
    )
    return Listing(Text(N_("To be recovered")), notes, heads, told)


def counted_text(one: CountedPerson) -> Text | None:
    """Return whether a person who was counted would not be today, or the other way round, and why."""
    if one.then and one.now:
        return None
    if not one.then:
        return Text(N_("would be counted today"))
    if one.why is None:
        return Text(N_("would not be counted today"))
    return Text(N_("would not be counted today: {why}"), {"why": one.why})


def counted_list(run: CapitationRun, persons: Sequence[CountedPerson]) -> Listing:
    """Return who was counted for a month that was paid by head, for the scheme's own file."""
    heads = (Text(N_("Card")), Text(N_("Name")), Text(N_("Counted")), Text(N_("Today")))
    told: list[tuple[Cell, ...]] = [
        (one.card, one.name, Text(N_("yes") if one.then else N_("no")), counted_text(one))
        for one in persons
    ]
    notes = (
        Text(
            N_("{provider}, rights on {day}, counted on {on}"),
            {"provider": run.provider, "day": run.month.first, "on": run.day},
        ),
        Text(N_("Personal: stays inside the scheme.")),
    )
    title = Text(N_("Who was counted for {month}"), {"month": run.month})
    return Listing(title, notes, heads, told)


def history_list(number: str, rows: Sequence[Happened]) -> Listing:
    """Return everything that happened to a claim, on one page: decisions, appeals, money."""
    heads = (
        Text(N_("Date")),
        Text(N_("What happened")),
        Text(N_("Amounts")),
        Text(N_("By")),
        Text(N_("Reason")),
    )
    told: list[tuple[Cell, ...]] = [
        (row.day, row.what, row.amounts, row.by, row.told) for row in rows
    ]
    notes = (Text(N_("Personal: stays inside the scheme.")),)
    return Listing(Text(N_("History of claim {number}"), {"number": number}), notes, heads, told)
