"""Decided claims in the order they were decided, with what another package needs to know."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.claims import rules
from stepdesk.claims.terms import ClaimFacts, Visit
from stepdesk.store.reading import fetch, fetch_plain
from stepdesk.values.care import Level
from stepdesk.values.ids import ClaimId, HouseholdId, PersonId, ServiceId

_DECIDED = (
    "SELECT c.id, coalesce((SELECT m.kept_id FROM person_merge m WHERE m.other_id = c.person_id"
    " AND m.undone_on IS NULL), c.person_id), c.household_id, c.first_day, c.last_day, c.visit,"
    " p.level, n.birth, e.facts, e.paid, e.patient FROM claim_decision e"
    " JOIN claim c ON c.id = e.claim_id JOIN claim_batch b ON b.id = c.batch_id"
    " JOIN provider p ON p.id = b.provider_id JOIN person n ON n.id = c.person_id"
    " WHERE c.last_day BETWEEN :first AND :last AND e.facts <> ''"
    " AND e.outcome IN ('APPROVED', 'REJECTED') AND e.version ="
    " (SELECT max(version) FROM claim_decision WHERE claim_id = c.id) ORDER BY e.id"
)
_PAID = (
    "SELECT l.service_id, sum(d.paid) FROM claim_decision e JOIN claim c ON c.id = e.claim_id"
    " JOIN line_decision d ON d.decision_id = e.id JOIN claim_line l ON l.id = d.line_id"
    " WHERE c.last_day BETWEEN :first AND :last AND e.facts <> ''"
    " AND e.outcome IN ('APPROVED', 'REJECTED') AND e.version ="
    " (SELECT max(version) FROM claim_decision WHERE claim_id = c.id) GROUP BY l.service_id"
)
_COUNT = (
    "SELECT count(*) AS claims FROM claim c WHERE c.last_day BETWEEN :first AND :last"
    " AND EXISTS (SELECT 1 FROM claim_decision e WHERE e.claim_id = c.id AND e.facts <> '')"
)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decided claim: its facts, and what scheme and patient were told to pay."""

    claim_id: ClaimId
    person_id: PersonId
    household_id: HouseholdId
    first_day: date
    last_day: date
    visit: Visit
    hospital: bool
    birth: date
    facts: ClaimFacts
    paid: int
    patient: int


def decided_claims(connection: Connection, first_day: date, last_day: date) -> Iterator[Decided]:
    """Yield the claims with care in a span of days, both included, by their latest decision."""
    rows = fetch_plain(
        connection, _DECIDED, first=first_day.isoformat(), last=last_day.isoformat()
    )
    return map(_decided, rows)


def _decided(row: Any) -> Decided:
    return Decided(
        row[0],
        row[1],
        row[2],
        date.fromisoformat(row[3]),
        date.fromisoformat(row[4]),
        Visit(row[5]),
        _is_hospital(row[6]),
        date.fromisoformat(row[7]),
        rules.unpacked(row[8]),
        row[9],
        row[10],
    )


@cache
def _is_hospital(level: str) -> bool:
    return Level(level) in rules.HOSPITALS


def how_many_decided(connection: Connection, first_day: date, last_day: date) -> int:
    """Return about how many claims `decided_claims` yields, for who waits."""
    rows = fetch(connection, _COUNT, first=first_day.isoformat(), last=last_day.isoformat())
    return int(rows[0].claims)


def paid_by_service(
    connection: Connection, first_day: date, last_day: date
) -> dict[ServiceId, int]:
    """Return what the scheme pays of each service by the decisions of these claims."""
    rows = fetch_plain(connection, _PAID, first=first_day.isoformat(), last=last_day.isoformat())
    return {ServiceId(row[0]): int(row[1]) for row in rows}
