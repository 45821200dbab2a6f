"""Claims by the thousand, written by the bulk writer: copies of claims that the verbs decided.

Each copy has its lines, its decision with the facts and its decided lines; of what is booked there
is nothing, so that the ledger of such a book does not agree with its claims.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from stepdesk.claims.model import claim, claim_decision, claim_line, line_decision
from stepdesk.claims.service import decide_claim, enter_claim
from stepdesk.claims.service.using import rebuild_used
from stepdesk.claims.terms import NewClaim, NewLine, Outcome
from stepdesk.store.desk import Desk
from stepdesk.store.work import Work
from stepdesk.values.ids import BatchId, ClaimId, PersonId, RequestId, ServiceId

_TOGETHER = 4000


@dataclass(frozen=True, slots=True)
class Whose:
    """Who had care, and on which day."""

    person_id: PersonId
    household_id: bytes
    day: date


def people_of(desk: Desk) -> list[tuple[PersonId, bytes]]:
    """Return the first person of each household that never leaves a month out, always in order."""
    with desk.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT person_id, household_id FROM cover WHERE suffix = 0 ORDER BY person_id"
        )
        return [(PersonId(row[0]), row[1]) for at, row in enumerate(rows) if at % 5]


@dataclass(frozen=True, slots=True)
class _Pattern:
    """The rows of a decided claim."""

    claim: dict[str, Any]
    lines: list[dict[str, Any]]
    decision: dict[str, Any]
    decided: list[dict[str, Any]]


def write_many(
    desk: Desk,
    whose: list[Whose],
    *,
    batch_id: BatchId,
    services: list[ServiceId],
    price: int = 400,
) -> None:
    """Write an approved claim of these services for each of them; the last is decided by the verbs."""
    lines = tuple(NewLine(one, 1, price) for one in services)
    paper = NewClaim(whose[-1].person_id, whose[-1].day, whose[-1].day, lines)
    request = RequestId(os.urandom(16))
    first = desk.do(enter_claim, request_id=request, batch_id=batch_id, certificate=paper)
    if desk.do(decide_claim, claim_id=first).outcome is not Outcome.APPROVED:
        raise AssertionError("the claim that is copied is not approved")
    pattern = _pattern(desk, first)
    for at in range(0, len(whose) - 1, _TOGETHER):
        with desk.work("import_claims") as work:
            _copy(work, pattern, whose[at : min(at + _TOGETHER, len(whose) - 1)], at + 1)
    with desk.work("rebuild_used") as work:
        rebuild_used(work)


def _pattern(desk: Desk, claim_id: ClaimId) -> _Pattern:
    with desk.read() as connection:

        def rows(statement: str) -> list[dict[str, Any]]:
            told = connection.exec_driver_sql(statement, (claim_id,))
            return [dict(row._mapping) for row in told]

        return _Pattern(
            rows("SELECT * FROM claim WHERE id = ?")[0],
            rows("SELECT * FROM claim_line WHERE claim_id = ? ORDER BY id"),
            rows("SELECT * FROM claim_decision WHERE claim_id = ?")[0] | {"entry_id": None},
            rows(
                "SELECT d.* FROM line_decision d JOIN claim_line l ON l.id = d.line_id"
                " WHERE l.claim_id = ? ORDER BY l.id"
            ),
        )


def _copy(work: Work, pattern: _Pattern, whose: list[Whose], before: int) -> None:
    rows: dict[Any, list[dict[str, Any]]] = {
        table: [] for table in (claim, claim_line, claim_decision, line_decision)
    }
    for at, one in enumerate(whose):
        for table, row in _rows(work, pattern, one, before + at):
            rows[table].append(row)
    for table, some in rows.items():
        work.insert_many(table, some)


def _rows(
    work: Work, pattern: _Pattern, one: Whose, serial: int
) -> Iterator[tuple[Any, dict[str, Any]]]:
    claim_id, decision_id = work.new_id(), work.new_id()
    day = one.day.isoformat()
    yield (
        claim,
        pattern.claim
        | {"id": claim_id, "request_id": os.urandom(16), "letter": "B", "serial": serial}
        | {"person_id": one.person_id, "household_id": one.household_id}
        | {"first_day": day, "last_day": day},
    )
    yield claim_decision, pattern.decision | {"id": decision_id, "claim_id": claim_id}
    for line, decided in zip(pattern.lines, pattern.decided, strict=True):
        line_id = work.new_id()
        yield claim_line, line | {"id": line_id, "claim_id": claim_id}
        yield (
            line_decision,
            decided | {"id": work.new_id(), "decision_id": decision_id, "line_id": line_id},
        )
