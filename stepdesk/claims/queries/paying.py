"""What providers are owed and were paid."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from stepdesk.claims.queries.care import IMPORTED
from stepdesk.claims.terms import (
    Owed,
    PaidBatch,
    PaymentRow,
    Voucher,
    Waiting,
)
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import document_number
from stepdesk.values.ids import (
    ClaimId,
    ProviderId,
    ProviderPaymentId,
)
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

_UNPAID = (
    "SELECT c.id, b.provider_id, b.received_on, e.paid FROM claim c"
    " JOIN claim_batch b ON b.id = c.batch_id"
    " JOIN claim_decision e ON e.claim_id = c.id AND e.outcome = 'APPROVED'"
    " WHERE e.paid > 0 AND e.entry_id IS NOT NULL AND b.provider_id = :provider"
    " AND e.decided_on <= :day AND b.received_on <= :day"
    " AND NOT EXISTS (SELECT 1 FROM paid_claim q WHERE q.claim_id = c.id)"
    " ORDER BY b.received_on, c.id"
)


@dataclass(frozen=True, slots=True)
class Unpaid:
    """One approved claim that waits for its money; amounts are minor units."""

    claim_id: ClaimId
    received_on: date
    amount: int


def unpaid_of(
    connection: Connection, provider_id: ProviderId, *, day: date = date.max
) -> tuple[Unpaid, ...]:
    """Return what a provider is still owed, oldest invoice first: decided and received by a day."""
    rows = fetch(connection, _UNPAID, provider=provider_id, day=day.isoformat())
    return tuple(
        Unpaid(ClaimId(row.id), date.fromisoformat(row.received_on), row.paid) for row in rows
    )


def owed_to_providers(connection: Connection) -> int:
    """Return what approved claims and payments say is owed: the list behind provider_payable."""
    row = fetch_one(
        connection,
        "SELECT (SELECT coalesce(sum(paid), 0) FROM claim_decision"
        " WHERE outcome = 'APPROVED' AND entry_id IS NOT NULL)"
        " - (SELECT coalesce(sum(amount), 0) FROM paid_claim) AS owed",
    )
    return int(row.owed)


_OWED = (
    "SELECT b.provider_id, sum(e.paid) AS owed, count(*) AS claims, min(b.received_on) AS since"
    " FROM claim c JOIN claim_batch b ON b.id = c.batch_id"
    " JOIN claim_decision e ON e.claim_id = c.id AND e.outcome = 'APPROVED'"
    " WHERE e.paid > 0 AND e.entry_id IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM paid_claim q WHERE q.claim_id = c.id)"
    " GROUP BY b.provider_id ORDER BY since"
)
_UNDECIDED = (
    "SELECT count(DISTINCT b.id) AS batches, count(*) AS certificates,"
    " min(b.received_on) AS since FROM claim c JOIN claim_batch b ON b.id = c.batch_id"
    f" WHERE c.letter <> '{IMPORTED}' AND NOT EXISTS"
    " (SELECT 1 FROM claim_decision e WHERE e.claim_id = c.id AND e.outcome <> 'PENDING')"
)
_PAYMENT = (
    "SELECT y.year, y.letter, y.serial, p.name AS provider, y.day, y.box, y.amount,"
    " s.name AS paid_by, y.single_control FROM provider_payment y"
    " JOIN provider p ON p.id = y.provider_id JOIN staff s ON s.id = y.paid_by WHERE y.id = :id"
)
_PAYMENTS = (
    "SELECT y.id, y.year, y.letter, y.serial, p.name AS provider, y.day, y.box, y.amount,"
    " count(q.claim_id) AS claims FROM provider_payment y"
    " JOIN provider p ON p.id = y.provider_id"
    " LEFT JOIN paid_claim q ON q.provider_payment_id = y.id"
    " GROUP BY y.id ORDER BY y.day DESC, y.id DESC"
)
_SETTLED = (
    "SELECT b.year, b.letter, b.serial, b.invoice, b.month, count(*) AS claims,"
    " sum(q.amount) AS amount FROM paid_claim q JOIN claim c ON c.id = q.claim_id"
    " JOIN claim_batch b ON b.id = c.batch_id WHERE q.provider_payment_id = :id"
    " GROUP BY b.id ORDER BY b.received_on, b.id"
)


def owing(connection: Connection, currency: Currency) -> tuple[Owed, ...]:
    """Return every provider that is owed money, whoever waits longest first."""
    return tuple(
        Owed(
            ProviderId(row.provider_id),
            Money(row.owed, currency),
            row.claims,
            date.fromisoformat(row.since),
        )
        for row in fetch(connection, _OWED)
    )


def waiting(connection: Connection, currency: Currency) -> Waiting:
    """Return what waits for a decision and what for money."""
    row = fetch_one(connection, _UNDECIDED)
    owed = owing(connection, currency)
    return Waiting(
        batches=row.batches,
        certificates=row.certificates,
        undecided_since=None if row.since is None else date.fromisoformat(row.since),
        providers=len(owed),
        owed=sum((one.amount for one in owed), Money(0, currency)),
        owed_since=owed[0].since if owed else None,
    )


def payments(connection: Connection, currency: Currency) -> tuple[PaymentRow, ...]:
    """Return the payments to providers, latest first."""
    return tuple(
        PaymentRow(
            ProviderPaymentId(row.id),
            document_number("V", row.year, row.letter, row.serial),
            row.provider,
            date.fromisoformat(row.day),
            row.box,
            row.claims,
            Money(row.amount, currency),
        )
        for row in fetch(connection, _PAYMENTS)
    )


def voucher_of(
    connection: Connection, payment_id: ProviderPaymentId, currency: Currency
) -> Voucher:
    """Return a payment to a provider with the batches it settled.

    Raises:
        LookupError: when there is none.
    """
    row = fetch_one(connection, _PAYMENT, id=payment_id)
    if row is None:
        raise LookupError("no such payment")
    settled = tuple(
        PaidBatch(
            document_number("B", one.year, one.letter, one.serial),
            one.invoice,
            Month.parse(one.month),
            one.claims,
            Money(one.amount, currency),
        )
        for one in fetch(connection, _SETTLED, id=payment_id)
    )
    return Voucher(
        document_number("V", row.year, row.letter, row.serial),
        row.provider,
        date.fromisoformat(row.day),
        row.box,
        Money(row.amount, currency),
        row.paid_by,
        bool(row.single_control),
        settled,
    )
