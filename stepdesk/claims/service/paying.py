"""Providers paid, oldest invoice first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stepdesk.claims import queries
from stepdesk.claims.model import (
    paid_claim,
    provider_payment,
)
from stepdesk.claims.service.entering import next_serial
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.ledger.queries import lowest_from
from stepdesk.ledger.terms import Place
from stepdesk.store.work import Work
from stepdesk.values.digits import document_number
from stepdesk.values.ids import (
    ProviderId,
    ProviderPaymentId,
    RequestId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month

# Paying


@dataclass(frozen=True, slots=True)
class PaidProvider:
    """What was paid to a provider: the voucher's number, how many claims, what is still owed."""

    id: ProviderPaymentId
    number: str
    amount: Money
    claims: int
    still_owed: Money
    single_control: bool


def pay_provider(
    work: Work,
    *,
    request_id: RequestId,
    provider_id: ProviderId,
    box: str = "cash_main",
    day: date | None = None,
    most: Money | None = None,
) -> PaidProvider:
    """Pay a provider its approved claims, oldest invoice first (P11).

    Claims are paid whole; with `most` those that fit into it, and none after the first that does
    not. Two people sign (S2), unless one person alone keeps the desk.

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
    on = day or work.today
    _check_payment_day(work, on)
    owed = queries.unpaid_of(work.connection, provider_id, day=on)
    if not owed:
        raise Refusal(_nothing_owed(work, provider_id, on), field="provider")
    chosen = _oldest_first(owed, work, most)
    amount = sum(one.amount for one in chosen)
    _check_box(work, box, amount, on)
    single = work.two_signatures()
    payment_id = ProviderPaymentId(work.new_id())
    work.insert(
        provider_payment,
        id=payment_id,
        request_id=request_id,
        year=on.year,
        letter=work.desk.head.device,
        serial=next_serial(work, "provider_payment", on.year),
        provider_id=provider_id,
        day=on,
        box=box,
        amount=amount,
        entry_id=ledger.post(
            work,
            posting.provider_paid(box=box, amount=amount, provider=provider_id),
            day=on,
        ),
        paid_by=work.person.staff_id,
        single_control=int(single),
    )
    for one in chosen:
        work.insert(
            paid_claim,
            id=work.new_id(),
            provider_payment_id=payment_id,
            claim_id=one.claim_id,
            amount=one.amount,
        )
    return _paid(work, payment_id)


def _nothing_owed(work: Work, provider_id: ProviderId, on: date) -> Text:
    if queries.unpaid_of(work.connection, provider_id):
        return Text(
            N_("Nothing was decided for this provider by {day}. Date the payment later."),
            {"day": on},
        )
    return Text(N_("This provider is owed nothing."))


def _check_payment_day(work: Work, on: date) -> None:
    if ledger.is_closed(work, on):
        raise Refusal(
            Text(N_("{month} is closed. Date it in the open month."), {"month": Month.of(on)}),
            field="day",
        )
    if on > work.today:
        raise Refusal(Text(N_("{day} is still ahead."), {"day": on}), field="day")


def _oldest_first(
    owed: Sequence[queries.Unpaid], work: Work, most: Money | None
) -> list[queries.Unpaid]:
    chosen: list[queries.Unpaid] = []
    total = 0
    for one in owed:
        if most is not None and total + one.amount > most.minor:
            break
        chosen.append(one)
        total += one.amount
    if not chosen:
        raise Refusal(
            Text(
                N_("The oldest claim alone is {amount}; claims are paid whole."),
                {"amount": Money(owed[0].amount, work.currency)},
            ),
            field="amount",
        )
    return chosen


def _check_box(work: Work, box: str, amount: int, on: date) -> None:
    if box not in posting.BOXES:
        raise Refusal(Text(N_("Choose where the money lies.")), field="box")
    held, _ = lowest_from(work.connection, Place(box), on)
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


def _paid(work: Work, payment_id: ProviderPaymentId) -> PaidProvider:
    row = work.rows(
        "SELECT year, letter, serial, provider_id, amount, single_control,"
        " (SELECT count(*) FROM paid_claim q WHERE q.provider_payment_id = p.id) AS claims"
        " FROM provider_payment p WHERE id = :id",
        id=payment_id,
    )[0]
    owed = queries.unpaid_of(work.connection, ProviderId(row.provider_id))
    return PaidProvider(
        payment_id,
        document_number("V", row.year, row.letter, row.serial),
        Money(row.amount, work.currency),
        row.claims,
        Money(sum(one.amount for one in owed), work.currency),
        bool(row.single_control),
    )
