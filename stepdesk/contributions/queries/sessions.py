"""Collection sessions, and what collectors carry."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import text
from sqlalchemy.engine import Connection

from stepdesk.contributions.terms import (
    CollectionSession,
)
from stepdesk.values.ids import (
    SessionId,
    StaffId,
)
from stepdesk.values.money import Currency, Money


def sessions(
    connection: Connection, currency: Currency, *, open_only: bool = False
) -> tuple[CollectionSession, ...]:
    """Return collection sessions, the newest first."""
    rows = connection.execute(
        text(
            "SELECT s.*, t.name AS collector, c.counted, c.difference_reason,"
            " (SELECT count(*) FROM payment p WHERE p.session_id = s.id) AS receipts,"
            " (SELECT coalesce(sum(amount), 0) FROM payment p WHERE p.session_id = s.id) AS total"
            " FROM collection_session s LEFT JOIN staff t ON t.id = s.collector_id"
            " LEFT JOIN session_count c ON c.session_id = s.id"
            f" {'WHERE c.id IS NULL' if open_only else ''} ORDER BY s.id DESC"
        )
    ).all()
    return tuple(
        CollectionSession(
            SessionId(row.id),
            row.place,
            date.fromisoformat(row.day),
            None if row.collector_id is None else StaffId(row.collector_id),
            row.collector or "",
            Money(row.float_amount, currency),
            row.receipts,
            Money(row.total, currency),
            row.counted is None,
            None if row.counted is None else Money(row.counted, currency),
            row.difference_reason or "",
        )
        for row in rows
    )


def session_of(
    connection: Connection, session_id: SessionId, currency: Currency
) -> CollectionSession | None:
    return next((one for one in sessions(connection, currency) if one.id == session_id), None)


def collector_balances(connection: Connection, currency: Currency) -> Mapping[str, Money]:
    """Return what each collector, or open session, still carries."""
    rows = connection.execute(
        text(
            "SELECT t.name, sum(p.amount) - coalesce((SELECT sum(amount) FROM hand_over h"
            " WHERE h.collector_id = p.collector_id), 0) AS held FROM payment p"
            " JOIN staff t ON t.id = p.collector_id WHERE p.session_id IS NULL"
            " AND p.means = 'CASH' GROUP BY p.collector_id HAVING held <> 0"
        )
    ).all()
    return {row.name: Money(row.held, currency) for row in rows}
