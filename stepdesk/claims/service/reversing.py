"""A payment to a provider comes back: a bounced transfer, a wrong account, a wrong box (P30).

What was paid is taken back by a mirror; the claims are owed again and go into the next batch.
"""

from stepdesk.claims import queries
from stepdesk.claims.model import paid_claim, provider_payment
from stepdesk.claims.service.entering import next_serial
from stepdesk.claims.service.moving import need_reason
from stepdesk.claims.service.payment_batches import write_step
from stepdesk.claims.terms import PaymentState, ReversedPayment
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import service as ledger
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    EntryId,
    PaymentBatchId,
    ProviderId,
    ProviderPaymentId,
    RequestId,
)


def reverse_payment(
    work: Work, *, request_id: RequestId, payment_id: ProviderPaymentId, reason: str
) -> ReversedPayment:
    """Take back a payment to a provider that did not reach it, with a reason (P30). Two sign.

    The mirror goes into the open month and back into the box it came from; the claims and months by head it
    paid are owed again, what it recovered is to be recovered again, and deposits lie with the provider again.
    The batch keeps its number and its steps; its receipt no longer counts. The fee of a bank stays booked: who
    gets it back cancels its voucher.

    Args:
        work: The work.
        request_id: Made by the form; the same twice is one.
        payment_id: Which.
        reason: Why; it is kept.

    Raises:
        Refusal: no such payment, taken back before, no reason, a later payment or a recovery from the member
            that follows from it (the sentence names it), nobody to sign with.
    """
    done = work.row(
        "SELECT id, reverses FROM provider_payment WHERE request_id = :request", request=request_id
    )
    if done is not None and done.reverses == payment_id:
        return queries.reversed_payment_of(
            work.connection, ProviderPaymentId(done.id), work.currency
        )
    row = work.row("SELECT * FROM provider_payment WHERE id = :id", id=payment_id)
    _check_stands(work, None if row is None else row.reverses, payment_id, known=row is not None)
    told = need_reason(reason)
    _check_nothing_follows(work, payment_id)
    single = work.two_signatures()
    day = ledger.booking_day(work, work.today)
    mirror_id = ProviderPaymentId(work.new_id())
    work.insert(
        provider_payment,
        id=mirror_id,
        request_id=request_id,
        year=day.year,
        letter=work.desk.head.device,
        serial=next_serial(work, "provider_payment", day.year),
        provider_id=ProviderId(row.provider_id),
        day=day,
        box=row.box,
        amount=-row.amount,
        entry_id=ledger.reverse(work, EntryId(row.entry_id), reason=told),
        paid_by=work.person.staff_id,
        single_control=int(single),
        box_id=row.box_id,
        reverses=payment_id,
        reason=told,
    )
    _mirror_claims(work, payment_id, mirror_id)
    if row.payment_batch_id is not None:
        batch_id = PaymentBatchId(row.payment_batch_id)
        write_step(
            work, batch_id, PaymentState.REVERSED, single=single, on=work.today, reason=told
        )
    work.reason = told
    return queries.reversed_payment_of(work.connection, mirror_id, work.currency)


def _mirror_claims(
    work: Work, payment_id: ProviderPaymentId, mirror_id: ProviderPaymentId
) -> None:
    rows = work.rows(
        "SELECT claim_id, amount FROM paid_claim WHERE provider_payment_id = :id ORDER BY id",
        id=payment_id,
    )
    for row in rows:
        work.insert(
            paid_claim,
            id=work.new_id(),
            provider_payment_id=mirror_id,
            claim_id=row.claim_id,
            amount=-row.amount,
        )


def _check_stands(
    work: Work, reverses: bytes | None, payment_id: ProviderPaymentId, *, known: bool
) -> None:
    if not known:
        told = Text(N_("There is no such payment. Check the number of its voucher."))
        raise Refusal(told, field="payment")
    if reverses is not None:
        told = Text(N_("This voucher takes another one back. Pay the provider anew instead."))
        raise Refusal(told, field="payment")
    if work.row("SELECT 1 FROM provider_payment WHERE reverses = :id", id=payment_id) is not None:
        told = Text(N_("This payment was taken back before. What it paid is owed again."))
        raise Refusal(told, field="payment")


def _check_nothing_follows(work: Work, payment_id: ProviderPaymentId) -> None:
    told = queries.follows_from(work.connection, payment_id)
    if told is not None:
        raise Refusal(told, field="payment")
