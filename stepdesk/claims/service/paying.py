"""Providers paid at once, oldest invoice first: the short way of a small scheme."""

from dataclasses import dataclass
from datetime import date

from stepdesk.claims import queries
from stepdesk.claims.service import payment_batches as steps
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger.rules import BOXES
from stepdesk.ledger.terms import Place
from stepdesk.store.work import Work
from stepdesk.values.digits import document_number
from stepdesk.values.ids import (
    ProviderId,
    ProviderPaymentId,
    RequestId,
)
from stepdesk.values.money import Money


@dataclass(frozen=True, slots=True)
class PaidProvider:
    """What was paid to a provider: the voucher's number, how many claims, what is still owed.

    `batch` is the number of the payment batch, empty for payments of before there were any.
    """

    id: ProviderPaymentId
    number: str
    amount: Money
    claims: int
    still_owed: Money
    single_control: bool
    batch: str = ""


def pay_provider(
    work: Work,
    *,
    request_id: RequestId,
    provider_id: ProviderId,
    box: Place | str = "cash_main",
    day: date | None = None,
    most: Money | None = None,
    fee: Money | None = None,
) -> PaidProvider:
    """Pay a provider its approved claims, oldest invoice first (P11), all steps at once.

    Claims are paid whole; with `most` those that fit into it, and none after the first that does
    not. What is to be recovered is taken off first. Two people sign (S2), unless one person alone keeps the
    desk. `fee` is what a bank or telephone company keeps (P29).

    Raises:
        Refusal: nothing owed, nothing that fits, more than the box holds, a closed month, nobody
            to sign with.
    """
    done = work.rows(
        "SELECT id, provider_id FROM provider_payment WHERE request_id = :request",
        request=request_id,
    )
    if done and done[0].provider_id != provider_id:
        raise Refusal(
            Text(N_("This request paid another provider already. Begin again.")), field="request"
        )
    if done:
        return _paid(work, ProviderPaymentId(done[0].id))
    place = Place(box) if isinstance(box, str) else box
    on = day or work.today
    steps.check_payment_day(work, on)
    if place.role not in BOXES:
        raise Refusal(Text(N_("Choose where the money lies.")), field="box")
    batch = steps.prepare(work, request_id, provider_id, on=on, most=most)
    steps.check_box(work, place, batch.net.minor, on)
    single = work.two_signatures()
    steps.steps_at_once(work, batch, place, on=on, single=single)
    return _paid(work, steps.pay(work, request_id, batch, place, on=on, single=single, fee=fee))


def _paid(work: Work, payment_id: ProviderPaymentId) -> PaidProvider:
    row = work.rows(
        "SELECT year, letter, serial, provider_id, amount, single_control, payment_batch_id,"
        " (SELECT count(*) FROM paid_claim q WHERE q.provider_payment_id = p.id) AS claims"
        " FROM provider_payment p WHERE id = :id",
        id=payment_id,
    )[0]
    provider_id = ProviderId(row.provider_id)
    owed = sum(one.amount for one in queries.unpaid_of(work.connection, provider_id)) + sum(
        one.amount for one in queries.unpaid_runs(work.connection, provider_id)
    )
    batch = (
        queries.payment_batch_of(work.connection, row.payment_batch_id, work.currency).number
        if row.payment_batch_id
        else ""
    )
    return PaidProvider(
        payment_id,
        document_number("V", row.year, row.letter, row.serial),
        Money(row.amount, work.currency),
        row.claims,
        Money(owed, work.currency),
        bool(row.single_control),
        batch,
    )
