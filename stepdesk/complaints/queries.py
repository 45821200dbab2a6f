"""Reading of complaints: the register, one of them, how they went."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.complaints import rules
from stepdesk.complaints.terms import (
    Complaint,
    ComplaintFigures,
    ComplaintKind,
    ComplaintOutcome,
    ComplaintState,
    ComplaintStep,
    FiledBy,
)
from stepdesk.countries.pack import CountryPack
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import HouseholdNumber, document_number, document_parts
from stepdesk.values.ids import ClaimId, ComplaintId, HouseholdId

SERIES = "K"
"""The letter that begins a complaint's number: K-2026-A-000001."""

_COMPLAINTS = (
    "SELECT k.*, h.serial AS home, s.code AS section, p.name AS provider,"
    " c.year AS claim_year, c.letter AS claim_letter, c.serial AS claim_serial"
    " FROM complaint k LEFT JOIN household h ON h.id = k.household_id"
    " LEFT JOIN section s ON s.id = h.section_id LEFT JOIN provider p ON p.id = k.provider_id"
    " LEFT JOIN claim c ON c.id = k.claim_id"
)
_STEPS = (
    "SELECT e.complaint_id, e.state, e.day, e.outcome, e.answer, s.name FROM complaint_event e"
    " JOIN staff s ON s.id = e.staff_id ORDER BY e.complaint_id, e.place"
)


def complaints(connection: Connection, country: CountryPack) -> tuple[Complaint, ...]:
    """Return the register of complaints, in the order they were filed."""
    steps: dict[bytes, list[ComplaintStep]] = {}
    for row in fetch(connection, _STEPS):
        steps.setdefault(row.complaint_id, []).append(_step(row))
    rows = fetch(connection, f"{_COMPLAINTS} ORDER BY k.filed_on, k.id")
    return tuple(_complaint(row, tuple(steps.get(row.id, ())), country) for row in rows)


def _step(row: Any) -> ComplaintStep:
    return ComplaintStep(
        ComplaintState(row.state),
        date.fromisoformat(row.day),
        row.name,
        row.answer or "",
        None if row.outcome is None else ComplaintOutcome(row.outcome),
    )


def _complaint(row: Any, steps: tuple[ComplaintStep, ...], country: CountryPack) -> Complaint:
    filed_on = date.fromisoformat(row.filed_on)
    home = "" if row.home is None else str(HouseholdNumber(row.section, row.home))
    claim = ""
    if row.claim_id is not None:
        claim = document_number("C", row.claim_year, row.claim_letter, row.claim_serial)
    return Complaint(
        id=ComplaintId(row.id),
        number=document_number(SERIES, row.year, row.letter, row.serial),
        kind=ComplaintKind(row.kind),
        level=row.level,
        filed_by=FiledBy(row.filed_by),
        filed_on=filed_on,
        who=row.who or "",
        told=row.told or "",
        concerns=home or row.provider or "",
        claim=claim,
        state=steps[-1].state if steps else ComplaintState.FILED,
        deadlines=rules.deadlines(
            filed_on,
            acknowledge_days=country.number("acknowledge_days", filed_on),
            decide_days=country.number("decide_days", filed_on),
        ),
        steps=steps,
        claim_id=None if row.claim_id is None else ClaimId(row.claim_id),
        household_id=None if row.household_id is None else HouseholdId(row.household_id),
    )


def complaint_of(
    connection: Connection, complaint_id: ComplaintId, country: CountryPack
) -> Complaint:
    """Return one complaint.

    Raises:
        LookupError: when there is none.
    """
    for one in complaints(connection, country):
        if one.id == complaint_id:
            return one
    raise LookupError("no such complaint")


def complaint_of_number(connection: Connection, number: str) -> ComplaintId | None:
    """Return the complaint of a number, None when there is none."""
    parts = document_parts(SERIES, number)
    if parts is None:
        return None
    year, letter, serial = parts
    row = fetch_one(
        connection,
        "SELECT id FROM complaint WHERE year = :year AND letter = :letter AND serial = :serial",
        year=year,
        letter=letter,
        serial=serial,
    )
    return None if row is None else ComplaintId(row.id)


def due(
    connection: Connection, country: CountryPack, day: date, *, late: bool = False
) -> tuple[Complaint, ...]:
    """Return the complaints a step is due of, the next one due first; the late ones alone."""
    waiting = [one for one in complaints(connection, country) if one.due is not None]
    told = [one for one in waiting if not late or one.late(day)]
    return tuple(sorted(told, key=lambda one: (one.due or date.max, one.number)))


_FIGURES: Mapping[str, str] = {
    "filed": "k.filed_on BETWEEN :first AND :last",
    "appeals": "k.filed_on BETWEEN :first AND :last AND k.kind = 'CLAIM_DECISION'",
    "decided": "e.day BETWEEN :first AND :last AND k.kind = 'CLAIM_DECISION'",
    "overturned": "e.day BETWEEN :first AND :last AND k.kind = 'CLAIM_DECISION'"
    " AND e.outcome = 'OVERTURNED'",
    "answered": "e.day BETWEEN :first AND :last",
    "in_time": "e.day BETWEEN :first AND :last"
    " AND julianday(e.day) - julianday(k.filed_on) <= :days",
}


def figures(
    connection: Connection, *, first: date, last: date, answer_within: int = 30
) -> ComplaintFigures:
    """Return how complaints went from a first to a last day, both included.

    An appeal counts as decided and overturned on the day of the board's decision.
    """
    told = {
        name: fetch_one(
            connection,
            "SELECT count(*) AS n FROM complaint k LEFT JOIN complaint_event e"
            f" ON e.complaint_id = k.id AND e.state = 'DECIDED' WHERE {which}",
            first=first.isoformat(),
            last=last.isoformat(),
            days=answer_within,
        ).n
        for name, which in _FIGURES.items()
    }
    return ComplaintFigures(**told)
