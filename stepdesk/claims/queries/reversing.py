"""Payments to providers that came back, and what stands in the way of taking one back."""

from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.claims.model import STANDING
from stepdesk.claims.queries.paying import batch_number
from stepdesk.claims.terms import ReversedPayment
from stepdesk.i18n import N_, Text
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import document_number
from stepdesk.values.ids import PaymentBatchId, ProviderPaymentId
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

# What a later payment did the other way round with a claim, or with a month by head.
_FOLLOWS = (
    "SELECT c.year, c.letter, c.serial, y.year AS pay_year, y.letter AS pay_letter,"
    " y.serial AS pay_serial FROM paid_claim q JOIN paid_claim n ON n.claim_id = q.claim_id"
    " JOIN provider_payment y ON y.id = n.provider_payment_id JOIN claim c ON c.id = q.claim_id"
    " WHERE q.provider_payment_id = :id AND n.id > q.id AND q.amount * n.amount < 0"
    f" AND {STANDING} ORDER BY n.id DESC LIMIT 1"
)
_HEADS_FOLLOW = (
    "SELECT y.year AS pay_year, y.letter AS pay_letter, y.serial AS pay_serial, r.month"
    " FROM provider_payment o JOIN payment_batch_line k ON k.payment_batch_id = o.payment_batch_id"
    " JOIN capitation_run r ON r.id = k.capitation_run_id"
    " JOIN payment_batch_line n ON n.capitation_run_id IN"
    " (SELECT x.id FROM capitation_run x WHERE x.id = r.id OR x.reverses = r.id)"
    " JOIN provider_payment y ON y.payment_batch_id = n.payment_batch_id"
    " WHERE o.id = :id AND n.id > k.id AND k.amount * n.amount < 0"
    f" AND {STANDING} ORDER BY n.id DESC LIMIT 1"
)
# A claim taken back for the member to pay is owed to its provider all the same.
_ASKED_BACK = (
    "SELECT c.year, c.letter, c.serial FROM paid_claim q JOIN claim c ON c.id = q.claim_id"
    " WHERE q.provider_payment_id = :id AND q.amount > 0 AND (SELECT coalesce(sum(r.amount), 0)"
    " FROM member_recovery r WHERE r.claim_id = c.id) > 0 AND NOT EXISTS (SELECT 1"
    " FROM claim_decision e WHERE e.claim_id = c.id AND e.recovered_from = 'MEMBER' AND e.version ="
    " (SELECT max(version) FROM claim_decision WHERE claim_id = c.id)) ORDER BY c.id LIMIT 1"
)


def follows_from(connection: Connection, payment_id: ProviderPaymentId) -> Text | None:
    """Return what later depends on a payment, and what to do first; None when nothing does."""
    row = fetch_one(connection, _FOLLOWS, id=payment_id)
    if row is not None:
        told = N_("{claim} was settled the other way by {voucher} since. Take that back first.")
        return Text(told, {"claim": _claim(row), "voucher": _voucher(row)})
    row = fetch_one(connection, _HEADS_FOLLOW, id=payment_id)
    if row is not None:
        told = N_(
            "{month} by head was settled the other way by {voucher} since. Take that back first."
        )
        return Text(told, {"month": Month.parse(row.month), "voucher": _voucher(row)})
    row = fetch_one(connection, _ASKED_BACK, id=payment_id)
    if row is not None:
        told = N_("{claim} is asked back from the member. Let the member off first.")
        return Text(told, {"claim": _claim(row)})
    return None


def _claim(row: Any) -> str:
    return document_number("C", row.year, row.letter, row.serial)


def _voucher(row: Any) -> str:
    return document_number("V", row.pay_year, row.pay_letter, row.pay_serial)


_REVERSED = (
    "SELECT m.year, m.letter, m.serial, m.day, m.amount, y.year AS of_year, y.letter AS of_letter,"
    " y.serial AS of_serial, y.payment_batch_id, f.amount AS fee,"
    " (SELECT count(*) FROM paid_claim q WHERE q.provider_payment_id = y.id AND q.amount > 0) AS claims,"
    " g.month, g.letter AS batch_letter, g.serial AS batch_serial, p.code"
    " FROM provider_payment m JOIN provider_payment y ON y.id = m.reverses"
    " JOIN provider p ON p.id = y.provider_id LEFT JOIN voucher f ON f.id = y.fee_id"
    " LEFT JOIN payment_batch g ON g.id = y.payment_batch_id WHERE m.id = :id"
)


def reversed_payment_of(
    connection: Connection, mirror_id: ProviderPaymentId, currency: Currency
) -> ReversedPayment:
    """Return a payment that was taken back, by the voucher that takes it back.

    Raises:
        LookupError: when there is none.
    """
    row = fetch_one(connection, _REVERSED, id=mirror_id)
    if row is None:
        raise LookupError("no such payment")
    return ReversedPayment(
        mirror_id,
        document_number("V", row.year, row.letter, row.serial),
        document_number("V", row.of_year, row.of_letter, row.of_serial),
        date.fromisoformat(row.day),
        Money(-row.amount, currency),
        row.claims,
        None if row.fee is None else Money(row.fee, currency),
        ""
        if row.payment_batch_id is None
        else batch_number(row.month, row.code, row.batch_letter, row.batch_serial),
    )


def standing_payment(
    connection: Connection, *, batch_id: PaymentBatchId | None = None, number: str = ""
) -> ProviderPaymentId | None:
    """Return the payment of a batch, or of a voucher's number; None when there is none.

    Of a batch only one that was not taken back.
    """
    if batch_id is not None:
        row = fetch_one(
            connection,
            f"SELECT y.id FROM provider_payment y WHERE y.payment_batch_id = :id AND {STANDING}",
            id=batch_id,
        )
        return None if row is None else ProviderPaymentId(row.id)
    wanted = number.strip().upper()
    rows = fetch(connection, "SELECT id, year, letter, serial FROM provider_payment")
    found = (
        row.id for row in rows if document_number("V", row.year, row.letter, row.serial) == wanted
    )
    return next((ProviderPaymentId(one) for one in found), None)
