"""The slip of a hand-over: what a collector collected since the one before, and handed over."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.contributions import rules
from stepdesk.contributions.queries.booklets import all_booklets
from stepdesk.contributions.queries.receipts import number
from stepdesk.contributions.queries.sessions import missing_in_sessions
from stepdesk.contributions.terms import HandedOver, HandOver, HandOverLine, LeavesUsed
from stepdesk.members.queries import name_of
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import HouseholdNumber, document_number, document_parts, leaf_number
from stepdesk.values.ids import EntryId
from stepdesk.values.money import Currency, Money

HAND_OVER = "H"
"""The letter of a hand-over's number, H-2026-A-000012."""

_SLIP = (
    "SELECT h.*, t.name AS collector FROM hand_over h JOIN staff t ON t.id = h.collector_id"
    " WHERE {} LIMIT 1"
)
_LATEST = (
    "SELECT h.*, t.name AS collector FROM hand_over h JOIN staff t ON t.id = h.collector_id"
    " ORDER BY h.id DESC LIMIT :latest"
)
_BEFORE = "SELECT max(id) AS id FROM hand_over WHERE collector_id = :collector AND id < :id"
_CARRIED = (
    "SELECT (SELECT coalesce(sum(amount), 0) FROM payment WHERE collector_id = :collector"
    " AND session_id IS NULL AND means = 'CASH' AND id < :before)"
    " - (SELECT coalesce(sum(amount), 0) FROM hand_over"
    " WHERE collector_id = :collector AND id <= :before) AS carried"
)
_LINES = (
    "SELECT p.letter, p.year, p.serial, p.legacy_number, p.paid_on, p.amount, p.booklet_id,"
    " p.leaf, k.serial AS booklet, h.serial AS household, s.code, m.surname, m.given_names"
    " FROM payment p JOIN household h ON h.id = p.household_id"
    " JOIN section s ON s.id = h.section_id JOIN person m ON m.id = h.member_person_id"
    " LEFT JOIN booklet k ON k.id = p.booklet_id"
    " WHERE p.collector_id = :collector AND p.session_id IS NULL AND p.means = 'CASH'"
    " AND p.id < :id AND p.id > :before ORDER BY p.id"
)
_CANCELLED = (
    "SELECT booklet_id, first_leaf, last_leaf FROM leaf_mark"
    " WHERE kind = 'CANCELLED' AND id < :id AND id > :before"
)


def hand_overs(
    connection: Connection, currency: Currency, *, latest: int
) -> tuple[HandedOver, ...]:
    """Return the latest hand-overs, the newest first, so many at most."""
    return tuple(
        HandedOver(
            entry_id=EntryId(row.entry_id),
            number="" if row.serial is None else _number(row),
            day=date.fromisoformat(row.day),
            collector=row.collector,
            handed=Money(row.amount, currency),
            left=Money((row.expected or row.amount) - row.amount, currency),
            difference_reason=row.difference_reason or "",
        )
        for row in fetch(connection, _LATEST, latest=latest)
    )


def hand_over_by_number(connection: Connection, told: str, currency: Currency) -> HandOver | None:
    """Return the slip of a number such as H-2026-A-000012."""
    parts = document_parts(HAND_OVER, told)
    if parts is None:
        return None
    year, letter, serial = parts
    row = fetch_one(
        connection,
        _SLIP.format("h.year = :year AND h.letter = :letter AND h.serial = :serial"),
        year=year,
        letter=letter,
        serial=serial,
    )
    return None if row is None else _slip(connection, row, currency)


def hand_over_of(connection: Connection, entry_id: EntryId, currency: Currency) -> HandOver:
    """Return the slip of a hand-over, by the entry it was booked by.

    Raises:
        LookupError: when the entry is no hand-over.
    """
    row = fetch_one(connection, _SLIP.format("h.entry_id = :entry"), entry=entry_id)
    if row is None:
        raise LookupError("no such hand-over")
    return _slip(connection, row, currency)


def _slip(connection: Connection, row: Any, currency: Currency) -> HandOver:
    told = {"collector": row.collector_id, "id": row.id}
    before = fetch_one(connection, _BEFORE, **told).id or b""
    told["before"] = before
    rows = fetch(connection, _LINES, **told)
    since = {"collector": row.collector_id, "before": before}
    carried = fetch_one(connection, _CARRIED, **since).carried
    carried += missing_in_sessions(connection, row.collector_id, before=row.id)
    lines = tuple(_line(one, currency) for one in rows)
    day = date.fromisoformat(row.day)
    scheme = scheme_on(connection, day)
    pieces = {int(value): n for value, n in json.loads(row.pieces or "{}").items()}
    return HandOver(
        number="" if row.serial is None else _number(row),
        collector=row.collector,
        day=day,
        first_day=min((line.day for line in lines), default=day),
        last_day=max((line.day for line in lines), default=day),
        lines=lines,
        booklets=_leaves(connection, rows, told, day),
        before=Money(carried, currency),
        handed=Money(row.amount, currency),
        pieces=pieces,
        difference_reason=row.difference_reason or "",
        single_control=bool(row.single_control),
        scheme=scheme.name,
        practice=scheme.practice,
    )


def _number(row: Any) -> str:
    return document_number(HAND_OVER, row.year, row.letter, row.serial)


def _line(row: Any, currency: Currency) -> HandOverLine:
    return HandOverLine(
        number=number(row.letter, row.year, row.serial, row.legacy_number),
        leaf="" if row.booklet is None else leaf_number(row.booklet, row.leaf),
        day=date.fromisoformat(row.paid_on),
        household_number=str(HouseholdNumber(row.code, row.household)),
        name=name_of(row.surname, row.given_names),
        amount=Money(row.amount, currency),
    )


def _leaves(
    connection: Connection, rows: Sequence[Any], told: Mapping[str, Any], day: date
) -> tuple[LeavesUsed, ...]:
    """Return the leaves used and cancelled since, of booklets used or held by the collector."""
    used: dict[bytes, list[int]] = {}
    for row in rows:
        if row.booklet_id is not None:
            used.setdefault(row.booklet_id, []).append(row.leaf)
    spoilt: dict[bytes, list[int]] = {}
    span = {"id": told["id"], "before": told["before"]}
    for row in fetch(connection, _CANCELLED, **span):
        spoilt.setdefault(row.booklet_id, []).extend(range(row.first_leaf, row.last_leaf + 1))
    found = []
    for facts in all_booklets(connection) if used or spoilt else ():
        one = facts.booklet.id
        held = rules.holder_on(facts, day)[0].collector_id == told["collector"]
        if one in used or (one in spoilt and held):
            found.append(
                LeavesUsed(
                    facts.booklet.number,
                    rules.runs_text(used.get(one, ())),
                    rules.runs_text(spoilt.get(one, ())),
                )
            )
    return tuple(found)
