"""Batches against their invoices: what was typed, of whom nobody knows, and what is named."""

from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.claims.terms import (
    Difference,
    DifferenceKind,
    Reconciled,
    UnknownPatient,
)
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.ids import BatchId, UnknownPatientId
from stepdesk.values.money import Currency, Money

_UNKNOWN = (
    "SELECT u.id, u.batch_id, u.certificate, u.written, u.day, u.claimed FROM unknown_patient u"
    " WHERE NOT EXISTS (SELECT 1 FROM patient_found f WHERE f.unknown_patient_id = u.id)"
)
_SUMS = (
    "SELECT b.invoice_total,"
    " (SELECT coalesce(sum(c.claimed), 0) FROM claim c WHERE c.batch_id = b.id AND NOT EXISTS"
    " (SELECT 1 FROM claim_decision e WHERE e.claim_id = c.id AND e.outcome = 'WITHDRAWN'))"
    " AS typed,"
    " (SELECT coalesce(sum(u.claimed), 0) FROM unknown_patient u WHERE u.batch_id = b.id"
    " AND NOT EXISTS (SELECT 1 FROM patient_found f WHERE f.unknown_patient_id = u.id)) AS unknown,"
    " (SELECT coalesce(sum(d.amount), 0) FROM batch_difference d WHERE d.batch_id = b.id) AS named"
    " FROM claim_batch b WHERE b.id = :batch"
)


def unknown_patients(
    connection: Connection, currency: Currency, batch_id: BatchId | None = None
) -> tuple[UnknownPatient, ...]:
    """Return the certificates of people nobody knows yet, of a batch or of all, oldest first."""
    rows = fetch(
        connection,
        f"{_UNKNOWN} AND (:batch IS NULL OR u.batch_id = :batch) ORDER BY u.id",
        batch=batch_id,
    )
    return tuple(_unknown(row, currency) for row in rows)


def _unknown(row: Any, currency: Currency) -> UnknownPatient:
    return UnknownPatient(
        UnknownPatientId(row.id),
        BatchId(row.batch_id),
        row.certificate or "",
        row.written or "",
        date.fromisoformat(row.day),
        Money(row.claimed, currency),
    )


def reconciled(connection: Connection, batch_id: BatchId, currency: Currency) -> Reconciled:
    """Return a batch against its invoice.

    Raises:
        LookupError: when there is no such batch.
    """
    row = fetch_one(connection, _SUMS, batch=batch_id)
    if row is None:
        raise LookupError("no such batch")
    named = fetch(
        connection,
        "SELECT kind, amount, certificate, note FROM batch_difference WHERE batch_id = :batch"
        " ORDER BY id",
        batch=batch_id,
    )
    return Reconciled(
        batch_id,
        None if row.invoice_total is None else Money(row.invoice_total, currency),
        Money(row.typed, currency),
        Money(row.unknown, currency),
        Money(row.named, currency),
        tuple(
            Difference(
                DifferenceKind(one.kind),
                Money(one.amount, currency),
                one.certificate or "",
                one.note or "",
            )
            for one in named
        ),
    )
