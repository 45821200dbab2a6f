"""Payment batches: prepared, approved by another person, ordered, paid, acknowledged; or cancelled.

Source: domain handbook 2.14.
"""

from collections.abc import Sequence
from datetime import date

from stepdesk.claims import queries, rules
from stepdesk.claims.model import (
    paid_claim,
    payment_batch,
    payment_batch_line,
    payment_batch_step,
    provider_payment,
)
from stepdesk.claims.service.entering import next_serial
from stepdesk.claims.terms import DepositKind, PaymentBatch, PaymentLineKind, PaymentState
from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.ledger.queries import lowest_from
from stepdesk.ledger.terms import Place
from stepdesk.providers.queries import agreement_on
from stepdesk.providers.terms import PaymentMode
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    EntryId,
    PaymentBatchId,
    ProviderId,
    ProviderPaymentId,
    RequestId,
    StaffId,
    VoucherId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month

WORDS = {
    PaymentState.PREPARED: N_("prepared"),
    PaymentState.APPROVED: N_("approved"),
    PaymentState.ORDERED: N_("ordered"),
    PaymentState.PAID: N_("paid"),
    PaymentState.ACKNOWLEDGED: N_("acknowledged"),
    PaymentState.CANCELLED: N_("cancelled"),
    PaymentState.REVERSED: N_("taken back"),
}
"""How a payment batch stands, in the middle of a sentence."""


def prepare_payment(
    work: Work,
    *,
    request_id: RequestId,
    provider_id: ProviderId,
    most: Money | None = None,
    set_off: Money | None = None,
) -> PaymentBatch:
    """Put together what a provider is to be paid; the same request twice is one batch.

    All that is to be recovered from it, then the oldest invoices first, each claim whole. An advance under a
    BUDGET agreement is set off by itself; a deposit only when it is asked for.

    Args:
        work: The work.
        request_id: Made by the form.
        provider_id: Who.
        most: The most that may be paid, before advances; None for all.
        set_off: What of its deposit is used up by this payment.

    Raises:
        Refusal: nothing owed, nothing that fits, another batch holds it all, more deposit than lies there
            or is owed.
    """
    return prepare(work, request_id, provider_id, on=work.today, most=most, set_off=set_off)


def prepare(
    work: Work,
    request_id: RequestId,
    provider_id: ProviderId,
    *,
    on: date,
    most: Money | None,
    set_off: Money | None = None,
) -> PaymentBatch:
    """Prepare a batch of what was owed on a day."""
    done = work.row(
        "SELECT id, provider_id FROM payment_batch WHERE request_id = :request", request=request_id
    )
    if done is not None and done.provider_id != provider_id:
        raise Refusal(
            Text(N_("This request paid another provider already. Begin again.")), field="request"
        )
    if done is not None:
        return _batch(work, PaymentBatchId(done.id))
    items = _items(work, provider_id, on)
    chosen = rules.chosen(items, most=None if most is None else most.minor)
    if not chosen:
        raise _nothing(work, provider_id, on, items)
    total = sum(one.amount for one in chosen)
    taken = _set_offs(work, provider_id, on, total, set_off)
    batch_id = PaymentBatchId(work.new_id())
    work.insert(
        payment_batch,
        id=batch_id,
        request_id=request_id,
        month=Month.of(on),
        letter=work.desk.head.device,
        serial=_next(work, provider_id, Month.of(on)),
        provider_id=provider_id,
        prepared_on=on,
        prepared_by=work.person.staff_id,
    )
    _write_lines(work, batch_id, chosen, taken)
    return _batch(work, batch_id)


def _items(work: Work, provider_id: ProviderId, on: date) -> list[rules.Item]:
    told = queries.unpaid_of(work.connection, provider_id, day=on, free=True)
    runs = queries.unpaid_runs(work.connection, provider_id, day=on, free=True)
    return [rules.Item(one.claim_id, one.received_on, one.amount) for one in told] + [
        rules.Item(b"" + one.run_id, one.day, one.amount) for one in runs
    ]


def _nothing(
    work: Work, provider_id: ProviderId, on: date, items: Sequence[rules.Item]
) -> Refusal:
    owed = sorted((one.since, one.key, one.amount) for one in items if one.amount > 0)
    if owed:
        told = Text(
            N_(
                "The oldest claim alone is {amount}, and claims are paid whole. Pay at least that."
            ),
            {"amount": Money(owed[0][2], work.currency)},
        )
        return Refusal(told, field="amount")
    if any(one.amount > 0 for one in queries.unpaid_of(work.connection, provider_id, day=on)):
        told = Text(
            N_("Another payment batch of this provider holds what it is owed. Pay or cancel that.")
        )
    elif any(one.amount > 0 for one in queries.unpaid_of(work.connection, provider_id)):
        told = Text(
            N_("Nothing was decided for this provider by {day}. Date the payment later."),
            {"day": on},
        )
    elif items:
        told = Text(
            N_(
                "This provider is owed nothing, and {amount} is to be recovered from it. Wait for its next claims: it is taken off their payment."
            ),
            {"amount": Money(-sum(one.amount for one in items), work.currency)},
        )
    else:
        told = Text(N_("This provider is owed nothing. Choose another one."))
    return Refusal(told, field="provider")


def _set_offs(
    work: Work, provider_id: ProviderId, on: date, total: int, asked: Money | None
) -> list[tuple[PaymentLineKind, int]]:
    """Return what advances and deposits settle: an advance under a BUDGET agreement by itself."""
    found = []
    agreed = agreement_on(work.connection, provider_id, on)
    if agreed is not None and agreed.mode is PaymentMode.BUDGET:
        lies = queries.lies_with(work.connection, provider_id, DepositKind.ADVANCE)
        found.append((PaymentLineKind.ADVANCE, min(max(lies, 0), total)))
    rest = total - sum(amount for _, amount in found)
    if asked is not None:
        lies = queries.lies_with(work.connection, provider_id, DepositKind.DEPOSIT)
        if not 0 < asked.minor <= min(lies, rest):
            raise Refusal(
                Text(
                    N_("{lies} lies with the provider and {owed} is owed. Set off no more."),
                    {
                        "lies": Money(lies, work.currency),
                        "owed": Money(rest, work.currency),
                    },
                ),
                field="set_off",
            )
        found.append((PaymentLineKind.DEPOSIT, asked.minor))
    return [(kind, amount) for kind, amount in found if amount]


def _next(work: Work, provider_id: ProviderId, month: Month) -> int:
    row = work.rows(
        "SELECT coalesce(max(serial), 0) + 1 AS n FROM payment_batch"
        " WHERE provider_id = :provider AND month = :month AND letter = :letter",
        provider=provider_id,
        month=str(month),
        letter=work.desk.head.device,
    )[0]
    return int(row.n)


def _write_lines(
    work: Work,
    batch_id: PaymentBatchId,
    chosen: Sequence[rules.Item],
    taken: Sequence[tuple[PaymentLineKind, int]],
) -> None:
    for one in chosen:
        run = work.row("SELECT 1 FROM capitation_run WHERE id = :id", id=one.key) is not None
        work.insert(
            payment_batch_line,
            id=work.new_id(),
            payment_batch_id=batch_id,
            kind=PaymentLineKind.CAPITATION if run else PaymentLineKind.CLAIM,
            claim_id=None if run else one.key,
            capitation_run_id=one.key if run else None,
            amount=one.amount,
        )
    for kind, amount in taken:
        work.insert(
            payment_batch_line,
            id=work.new_id(),
            payment_batch_id=batch_id,
            kind=kind,
            amount=-amount,
        )


# The steps


def approve_payment(
    work: Work, *, batch_id: PaymentBatchId, accepting: frozenset[str] = frozenset()
) -> PaymentBatch:
    """Approve a prepared batch: another person than who prepared it, or who signs with them.

    Raises:
        Refusal: no such batch, one that is not prepared only, nobody else to approve it.
        Caution: `not_treasurer` when there is a treasurer and somebody else approves.
    """
    batch, prepared_by = _standing(work, batch_id, PaymentState.APPROVED)
    single = False
    if work.person.staff_id == prepared_by:
        single = work.two_signatures()
    if not single and "not_treasurer" not in accepting:
        _check_treasurer(work, prepared_by)
    write_step(work, batch_id, PaymentState.APPROVED, single=single)
    return _batch(work, batch.id)


def _check_treasurer(work: Work, prepared_by: StaffId) -> None:
    """Warn when the treasurer is not among those who approve. Source: domain handbook 1.1, 2.14."""
    signing = {work.person.staff_id, work.seconded.staff_id if work.seconded else None}
    treasurers = {
        row.id
        for row in work.rows(
            "SELECT id FROM staff WHERE role = 'TREASURER' AND ended_on IS NULL AND id <> :id",
            id=prepared_by,
        )
    }
    if treasurers and not treasurers & signing:
        told = Text(N_("Payments are approved by the treasurer. Go on only if nobody else can."))
        raise Caution((Doubt("not_treasurer", told, "second"),))


def order_payment(work: Work, *, batch_id: PaymentBatchId, place: Place) -> PaymentBatch:
    """Order an approved batch to be paid from a box: its payment order can be printed and signed.

    Raises:
        Refusal: no such batch, one that is not approved, no such box, a bank or an amount above
            `double_sign_amount` without a second signature.
    """
    batch, _ = _standing(work, batch_id, PaymentState.ORDERED)
    ledger.check_place(work, place, work.today)
    single = ledger.signed(work, place, batch.net.minor, work.today) if batch.net else False
    write_step(work, batch_id, PaymentState.ORDERED, single=single, place=place)
    return _batch(work, batch.id)


def pay_batch(
    work: Work,
    *,
    request_id: RequestId,
    batch_id: PaymentBatchId,
    day: date | None = None,
    fee: Money | None = None,
) -> PaymentBatch:
    """Pay an ordered batch (P11); the fee a bank or telephone company keeps is booked with it (P29).

    Raises:
        Refusal: no such batch, one that is not ordered, a claim decided anew since it was prepared, a
            closed month or a day ahead, before it was prepared, more than the box holds, a fee of a cash
            box.
    """
    done = work.row(
        "SELECT payment_batch_id FROM provider_payment WHERE request_id = :request",
        request=request_id,
    )
    if done is not None and done.payment_batch_id == batch_id:
        return _batch(work, batch_id)
    batch, _ = _standing(work, batch_id, PaymentState.PAID)
    on = day or work.today
    check_payment_day(work, on)
    _check_since(batch, on)
    if batch.place is None:
        raise LookupError("an ordered batch has a box")
    leaving = batch.net.minor + (fee.minor if fee else 0)
    single = leaving > 0 and ledger.signed(work, batch.place, leaving, on)
    pay(work, request_id, batch, batch.place, on=on, single=single, fee=fee)
    return _batch(work, batch_id)


def _check_since(batch: PaymentBatch, on: date) -> None:
    if on < batch.steps[-1].day:
        raise Refusal(
            Text(
                N_("The batch was ordered on {day}. Date the payment on that day or later."),
                {"day": batch.steps[-1].day},
            ),
            field="day",
        )


def pay(
    work: Work,
    request_id: RequestId,
    batch: PaymentBatch,
    place: Place,
    *,
    on: date,
    single: bool,
    fee: Money | None = None,
) -> ProviderPaymentId:
    """Write the payment of a batch: its voucher, its entry, the claims it pays."""
    _check_unchanged(work, batch)
    check_box(work, place, batch.net.minor + (fee.minor if fee else 0), on)
    entry_id = _book(work, batch, place, on)
    payment_id = ProviderPaymentId(work.new_id())
    work.insert(
        provider_payment,
        id=payment_id,
        request_id=request_id,
        year=on.year,
        letter=work.desk.head.device,
        serial=next_serial(work, "provider_payment", on.year),
        provider_id=batch.provider_id,
        day=on,
        box=place.role,
        amount=batch.net,
        entry_id=entry_id,
        paid_by=work.person.staff_id,
        single_control=int(single),
        box_id=place.box,
        payment_batch_id=batch.id,
        fee_id=_fee(work, batch, place, on, fee),
    )
    for line in batch.lines:
        if line.claim_id is not None:
            work.insert(
                paid_claim,
                id=work.new_id(),
                provider_payment_id=payment_id,
                claim_id=line.claim_id,
                amount=line.amount,
            )
    write_step(work, batch.id, PaymentState.PAID, single=single, place=place, on=on)
    return payment_id


def _book(work: Work, batch: PaymentBatch, place: Place, on: date) -> EntryId:
    if batch.net or batch.set_off:
        told = posting.provider_paid(
            box=place.role,
            amount=batch.net.minor,
            provider=batch.provider_id,
            box_id=place.box,
            set_off=batch.set_off.minor,
        )
    else:
        told = posting.netted(amount=batch.approved.minor, provider=batch.provider_id)
    return ledger.post(work, told, day=on)


def _fee(
    work: Work, batch: PaymentBatch, place: Place, on: date, fee: Money | None
) -> VoucherId | None:
    if fee is None:
        return None
    booked = ledger.take_fee(
        work,
        request_id=RequestId(work.new_id()),
        day=on,
        amount=fee,
        label=batch.number,
        box=place,
    )
    return booked.voucher_id


def _check_unchanged(work: Work, batch: PaymentBatch) -> None:
    """Refuse a batch whose claims, runs or advances are no longer what they were when it was prepared."""
    owed = {
        one.claim_id: one.amount for one in queries.unpaid_of(work.connection, batch.provider_id)
    }
    for line in batch.lines:
        if line.claim_id is None:
            continue
        now = owed.get(line.claim_id, 0)
        whole = now == line.amount.minor
        in_part = now < 0 and now <= line.amount.minor < 0
        if not whole and not in_part:
            raise Refusal(
                Text(
                    N_(
                        "{number} was decided anew since the batch was prepared. Cancel the batch and"
                        " prepare it again."
                    ),
                    {"number": line.number},
                ),
                field="batch",
            )
    _check_runs(work, batch)
    for kind in DepositKind:
        used = -sum(one.amount.minor for one in batch.lines if one.kind.value == kind.value)
        if used > 0 and used > queries.lies_with(work.connection, batch.provider_id, kind):
            raise Refusal(
                Text(
                    N_(
                        "Less lies with the provider than when the batch was prepared. Cancel the batch"
                        " and prepare it again."
                    )
                ),
                field="batch",
            )


def _check_runs(work: Work, batch: PaymentBatch) -> None:
    runs = queries.unpaid_runs(work.connection, batch.provider_id)
    owed = sum(one.amount for one in runs if one.amount > 0)
    held = sum(
        one.amount.minor
        for one in batch.lines
        if one.kind is PaymentLineKind.CAPITATION and one.amount.minor > 0
    )
    if held > owed:
        raise Refusal(
            Text(
                N_(
                    "The capitation of a month was taken back since the batch was prepared. Cancel the"
                    " batch and prepare it again."
                )
            ),
            field="batch",
        )


def acknowledge_payment(
    work: Work, *, batch_id: PaymentBatchId, receipt: str, day: date | None = None
) -> PaymentBatch:
    """Note the provider's receipt of a paid batch: its number and its day.

    Raises:
        Refusal: no such batch, one that is not paid, no number, a day ahead or before it was paid.
    """
    batch, _ = _standing(work, batch_id, PaymentState.ACKNOWLEDGED)
    number, on = receipt.strip(), day or work.today
    if not number:
        raise Refusal(Text(N_("Type the number of the provider's receipt.")), field="receipt")
    if on > work.today:
        raise Refusal(
            Text(N_("{day} is still ahead. Type today or an earlier day."), {"day": on}),
            field="day",
        )
    if on < batch.steps[-1].day:
        raise Refusal(
            Text(
                N_("The batch was paid on {day}. Date the receipt on that day or later."),
                {"day": batch.steps[-1].day},
            ),
            field="day",
        )
    write_step(work, batch_id, PaymentState.ACKNOWLEDGED, single=False, on=on, receipt=number)
    return _batch(work, batch_id)


def cancel_payment(work: Work, *, batch_id: PaymentBatchId, reason: str) -> PaymentBatch:
    """Cancel a batch before it is paid, with a reason; what it held can be paid by another.

    Raises:
        Refusal: no such batch, one that is paid or cancelled, no reason.
    """
    _standing(work, batch_id, PaymentState.CANCELLED)
    told = " ".join(reason.split())
    if not told:
        raise Refusal(Text(N_("Write why; the reason is kept.")), field="reason")
    write_step(work, batch_id, PaymentState.CANCELLED, single=False, reason=told)
    work.reason = told
    return _batch(work, batch_id)


def _standing(
    work: Work, batch_id: PaymentBatchId, to: PaymentState
) -> tuple[PaymentBatch, StaffId]:
    """Return a batch that may take a step, and who prepared it."""
    row = work.row("SELECT prepared_by FROM payment_batch WHERE id = :id", id=batch_id)
    if row is None:
        raise Refusal(Text(N_("There is no such payment batch. Check the number.")), field="batch")
    batch = _batch(work, batch_id)
    if to not in rules.NEXT[batch.state]:
        raise Refusal(
            Text(
                N_(
                    "The batch {number} is {state} and cannot be {wanted} now. Do the step that comes next."
                ),
                {
                    "number": batch.number,
                    "state": Text(WORDS[batch.state]),
                    "wanted": Text(WORDS[to]),
                },
            ),
            field="batch",
        )
    return batch, StaffId(row.prepared_by)


def write_step(
    work: Work,
    batch_id: PaymentBatchId,
    state: PaymentState,
    *,
    single: bool,
    place: Place | None = None,
    on: date | None = None,
    receipt: str = "",
    reason: str = "",
) -> None:
    """Write a step a batch took, by those who sign."""
    work.insert(
        payment_batch_step,
        id=work.new_id(),
        payment_batch_id=batch_id,
        state=state,
        day=on or work.today,
        person=work.person.staff_id,
        second_person=work.seconded.staff_id if work.seconded else None,
        single_control=int(single),
        box=place.role if place else None,
        box_id=place.box if place else None,
        receipt=receipt or None,
        reason=reason or None,
    )


def steps_at_once(
    work: Work, batch: PaymentBatch, place: Place, *, on: date, single: bool
) -> None:
    """Approve and order a batch in the work that prepared it, by the two who sign."""
    write_step(work, batch.id, PaymentState.APPROVED, single=single, on=on)
    write_step(work, batch.id, PaymentState.ORDERED, single=single, place=place, on=on)


def _batch(work: Work, batch_id: PaymentBatchId) -> PaymentBatch:
    return queries.payment_batch_of(work.connection, batch_id, work.currency)


# What payments share


def check_payment_day(work: Work, on: date) -> None:
    """Refuse a day that is ahead, or of a closed month."""
    ledger.check_day(work, on)


def check_box(work: Work, place: Place, amount: int, on: date) -> None:
    """Refuse a box that does not exist or holds too little that day or later."""
    ledger.check_place(work, place, on)
    held, _ = lowest_from(work.connection, place, on)
    if held < amount:
        raise Refusal(
            Text(
                N_(
                    "{amount} is to be paid and the box holds {held}. Pay a part, or fill the box."
                ),
                {"amount": Money(amount, work.currency), "held": Money(held, work.currency)},
            ),
            field="amount",
        )
