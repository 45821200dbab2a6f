"""Collection sessions, and what collectors carry."""

import json
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.contributions.terms import (
    CollectionSession,
    Count,
)
from stepdesk.ledger.terms import Carried
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.ids import (
    SessionId,
    StaffId,
    evening_of,
)
from stepdesk.values.money import Currency, Money

_SESSIONS = (
    "SELECT s.*, t.name AS collector, coalesce(t.name, o.name) AS carrier,"
    " c.counted, c.difference_reason,"
    " (SELECT count(*) FROM payment p WHERE p.session_id = s.id) AS receipts,"
    " (SELECT coalesce(sum(amount), 0) FROM payment p WHERE p.session_id = s.id) AS total"
    " FROM collection_session s LEFT JOIN staff t ON t.id = s.collector_id"
    " JOIN staff o ON o.id = s.opened_by"
    " LEFT JOIN session_count c ON c.session_id = s.id"
)
_OPEN = f"{_SESSIONS} WHERE c.id IS NULL ORDER BY s.id DESC"
_LATEST = f"{_SESSIONS} WHERE c.id IS NOT NULL ORDER BY s.id DESC LIMIT :most"
_ONE = f"{_SESSIONS} WHERE s.id = :id"
_EVERY = -1


def sessions(
    connection: Connection,
    currency: Currency,
    *,
    open_only: bool = False,
    latest: int | None = None,
) -> tuple[CollectionSession, ...]:
    """Return collection sessions, the newest first.

    Args:
        connection: A reader.
        currency: The book's.
        open_only: Leave those out that are counted.
        latest: So many counted ones at most; all of them when left out. Open ones all come.
    """
    rows = list(fetch(connection, _OPEN))
    if not open_only:
        rows += fetch(connection, _LATEST, most=_EVERY if latest is None else latest)
        rows.sort(key=lambda row: row.id, reverse=True)
    return tuple(_session(row, currency) for row in rows)


def session_of(
    connection: Connection, session_id: SessionId, currency: Currency
) -> CollectionSession | None:
    row = fetch_one(connection, _ONE, id=session_id)
    return None if row is None else _session(row, currency)


def _session(row: Any, currency: Currency) -> CollectionSession:
    return CollectionSession(
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
        row.carrier,
    )


def count_of(connection: Connection, session_id: SessionId) -> Count | None:
    """Return the notes and coins a session was closed with, None while it is open."""
    row = fetch_one(
        connection, "SELECT pieces FROM session_count WHERE session_id = :id", id=session_id
    )
    if row is None:
        return None
    return Count({int(value): pieces for value, pieces in json.loads(row.pieces).items()})


_MISSING = (
    "SELECT coalesce(sum(c.expected - s.float_amount"
    " - max(0, min(c.expected, c.counted) - s.float_amount)), 0) AS missing"
    " FROM session_count c JOIN collection_session s ON s.id = c.session_id"
    " WHERE coalesce(s.collector_id, s.opened_by) = :collector AND c.id < :before"
)
_EVER = b"\xff" * 17


def missing_in_sessions(
    connection: Connection, collector_id: StaffId, *, before: bytes = _EVER
) -> int:
    """Return what was missing of a collector's receipts when sessions were counted.

    Only sessions counted before the thing of that id; all of them when it is left out.
    """
    row = fetch_one(connection, _MISSING, collector=collector_id, before=before)
    missing: int = row.missing
    return missing


_OUTSIDE = (
    "SELECT coalesce((SELECT sum(amount) FROM payment WHERE collector_id = :collector"
    " AND session_id IS NULL AND means = 'CASH'), 0)"
    " - coalesce((SELECT sum(amount) FROM hand_over WHERE collector_id = :collector), 0) AS carried"
)


def to_hand_over(connection: Connection, collector_id: StaffId) -> int:
    """Return what a collector may hand over, in minor units.

    What was missing in counted sessions belongs to it; the bag of an open session is counted with
    the session. Source: domain handbook D06.
    """
    row = fetch_one(connection, _OUTSIDE, collector=collector_id)
    carried: int = row.carried
    return carried + missing_in_sessions(connection, collector_id)


_TAKEN = (
    "SELECT coalesce(s.collector_id, s.opened_by, p.collector_id) AS who, p.paid_on AS day,"
    " p.amount FROM payment p LEFT JOIN collection_session s ON s.id = p.session_id"
    " WHERE p.means = 'CASH' AND p.entry_id IS NOT NULL"
    " AND (p.collector_id IS NOT NULL OR p.session_id IS NOT NULL) AND p.paid_on <= :day"
    " ORDER BY p.paid_on, p.id"
)
_HANDED = (
    "SELECT who, sum(amount) AS amount FROM ("
    "SELECT collector_id AS who, amount FROM hand_over WHERE day <= :day UNION ALL"
    " SELECT coalesce(s.collector_id, s.opened_by),"
    " max(0, min(c.expected, c.counted) - s.float_amount)"
    " FROM session_count c JOIN collection_session s ON s.id = c.session_id"
    " WHERE c.id < :evening) GROUP BY who"
)


def carried_by(connection: Connection, currency: Currency, day: date) -> tuple[Carried, ...]:
    """Return what each collector still carries on a day, with the oldest of it, latest first.

    What is handed over is the oldest money. What an open session collected, and what was missing
    when one was counted, is carried by who collected. The scheme's rule says from how many days
    on it is late. Source: domain handbook D06.
    """
    taken: dict[bytes, list[tuple[date, int]]] = {}
    for row in fetch(connection, _TAKEN, day=day.isoformat()):
        taken.setdefault(row.who, []).append((date.fromisoformat(row.day), row.amount))
    counted = {"day": day.isoformat(), "evening": evening_of(day)}
    handed = {row.who: row.amount for row in fetch(connection, _HANDED, **counted)}
    names = {row.id: row.name for row in fetch(connection, "SELECT id, name FROM staff")}
    found = []
    for who, money in taken.items():
        left = sum(amount for _, amount in money) - handed.get(who, 0)
        if left:
            since = _oldest(money, handed.get(who, 0))
            found.append(
                Carried(StaffId(who), names[who], Money(left, currency), since, (day - since).days)
            )
    return tuple(sorted(found, key=lambda one: (-one.days, one.name)))


def _oldest(money: list[tuple[date, int]], handed: int) -> date:
    """Return the day of the first money that is not handed over; cancelled receipts count less."""
    left = handed - sum(amount for _, amount in money if amount < 0)
    for day, amount in money:
        if amount > 0:
            left -= amount
            if left < 0:
                return day
    return money[-1][0]


def owed_by_collectors(connection: Connection) -> int:
    """Return what receipts say less hand-overs and counts: the list behind `collector`."""
    ever = {"day": "9999-12-31", "evening": _EVER}
    taken = sum(row.amount for row in fetch(connection, _TAKEN, day=ever["day"]))
    handed = sum(row.amount for row in fetch(connection, _HANDED, **ever))
    return int(taken - handed)
