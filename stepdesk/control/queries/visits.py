"""Visits to confirm: whom they may be drawn from, the lists with their answers, how they went."""

from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.control.queries.flags import flagged
from stepdesk.control.rules import Candidate
from stepdesk.control.terms import VisitAnswer, VisitAsked, VisitFigures, VisitList
from stepdesk.members.queries import name_of
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import HouseholdNumber, document_number
from stepdesk.values.ids import ClaimId, ProviderId, VisitId, VisitListId
from stepdesk.values.month import Month, age_on

_LEVEL = 2

# Only care of here: what a former system brought is years old.
_CANDIDATES = (
    "SELECT c.id, p.birth, c.first_day FROM claim c JOIN claim_batch b ON b.id = c.batch_id"
    " JOIN person p ON p.id = c.person_id"
    " WHERE c.first_day BETWEEN :first AND :last AND p.deceased_on IS NULL"
    " AND (:provider IS NULL OR b.provider_id = :provider) ORDER BY c.id"
)
_SCORES = (
    "SELECT n.claim_id, max(f.score) AS score FROM flagged_claim n"
    " JOIN control_flag f ON f.id = n.flag_id GROUP BY n.claim_id"
)
_LISTS = (
    "SELECT v.*, p.name AS provider FROM visit_list v LEFT JOIN provider p ON p.id = v.provider_id"
)
_ANSWER = "(SELECT max(id) FROM visit_answer WHERE visit_id = v.id)"
_VISITS = (
    "SELECT v.id, v.place, v.claim_id, v.by_chance, c.year, c.letter, c.serial, c.first_day,"
    " o.name AS provider, s.code AS section, h.serial AS home, h.phone, k.suffix, p.surname,"
    " p.given_names, a.answer, a.day, a.note FROM visit_asked v JOIN claim c ON c.id = v.claim_id"
    " JOIN claim_batch b ON b.id = c.batch_id JOIN provider o ON o.id = b.provider_id"
    " JOIN household h ON h.id = c.household_id JOIN section s ON s.id = h.section_id"
    " JOIN person p ON p.id = c.person_id"
    " LEFT JOIN cover k ON k.id = (SELECT id FROM cover WHERE person_id = c.person_id"
    " AND household_id = c.household_id ORDER BY first_day DESC LIMIT 1)"
    f" LEFT JOIN visit_answer a ON a.id = {_ANSWER}"
)
_SERVICES = (
    "SELECT DISTINCT s.name FROM claim_line l JOIN service s ON s.id = l.service_id"
    " WHERE l.claim_id = :claim ORDER BY l.id"
)
_FIGURES = (
    "SELECT v.by_chance, a.answer FROM visit_asked v JOIN visit_list t ON t.id = v.list_id"
    f" LEFT JOIN visit_answer a ON a.id = {_ANSWER} WHERE t.day BETWEEN :first AND :last"
)


def candidates(
    connection: Connection, month: Month, months: int, provider_id: ProviderId | None
) -> tuple[Candidate, ...]:
    """Return the visits of some months that end with one, with the rank an open flag gives them."""
    open_ones = flagged(connection, _LEVEL)
    scores = {
        row.claim_id: row.score
        for row in fetch(connection, _SCORES)
        if ClaimId(row.claim_id) in open_ones
    }
    rows = fetch(
        connection,
        _CANDIDATES,
        first=month.plus(1 - months).first.isoformat(),
        last=month.last.isoformat(),
        provider=provider_id,
    )
    return tuple(Candidate(row.id, _age(row), scores.get(row.id, 0)) for row in rows)


def _age(row: Any) -> int | None:
    if not row.birth:
        return None
    return age_on(date.fromisoformat(row.birth), date.fromisoformat(row.first_day))


def asked_before(connection: Connection) -> frozenset[bytes]:
    """Return the claims that stand on a list already."""
    return frozenset(row.claim_id for row in fetch(connection, "SELECT claim_id FROM visit_asked"))


def visit_lists(connection: Connection) -> tuple[VisitList, ...]:
    """Return every list of visits, the latest first. Names and telephones are in it: see `service.visits_to_call`."""
    rows = fetch(connection, f"{_LISTS} ORDER BY v.id DESC")
    return tuple(_list(connection, row) for row in rows)


def visit_list_of(connection: Connection, list_id: VisitListId) -> VisitList:
    """Return one list.

    Raises:
        LookupError: when there is none.
    """
    row = fetch_one(connection, f"{_LISTS} WHERE v.id = :id", id=list_id)
    if row is None:
        raise LookupError("no such list of visits")
    return _list(connection, row)


def visit_list_of_month(
    connection: Connection, month: Month, provider_id: ProviderId | None = None
) -> VisitListId | None:
    """Return the latest list drawn for a month, of one provider or of all; None when there is none."""
    row = fetch_one(
        connection,
        "SELECT id FROM visit_list WHERE month = :month AND provider_id IS :provider"
        " ORDER BY id DESC LIMIT 1",
        month=str(month),
        provider=provider_id,
    )
    return None if row is None else VisitListId(row.id)


def _list(connection: Connection, row: Any) -> VisitList:
    visits = fetch(connection, f"{_VISITS} WHERE v.list_id = :id ORDER BY v.place", id=row.id)
    return VisitList(
        VisitListId(row.id),
        Month.parse(row.month),
        row.months,
        row.provider or "",
        date.fromisoformat(row.day),
        row.seed,
        row.drawn_from,
        tuple(_visit(connection, one) for one in visits),
    )


def _visit(connection: Connection, row: Any) -> VisitAsked:
    home = str(HouseholdNumber(row.section, row.home))
    services = fetch(connection, _SERVICES, claim=row.claim_id)
    return VisitAsked(
        id=VisitId(row.id),
        place=row.place,
        claim_id=ClaimId(row.claim_id),
        claim=document_number("C", row.year, row.letter, row.serial),
        provider=row.provider,
        day=date.fromisoformat(row.first_day),
        services=tuple(one.name for one in services),
        household=home if row.suffix is None else f"{home}/{row.suffix:02d}",
        name=name_of(row.surname or "", row.given_names or ""),
        phone=row.phone or "",
        by_chance=bool(row.by_chance),
        answer=None if row.answer is None else VisitAnswer(row.answer),
        answered_on=None if row.day is None else date.fromisoformat(row.day),
        note=row.note or "",
    )


def visit_figures(connection: Connection, *, first: date, last: date) -> VisitFigures:
    """Return how asking went for lists drawn from the first to the last day, both included."""
    rows = fetch(connection, _FIGURES, first=first.isoformat(), last=last.isoformat())
    told = [(bool(row.by_chance), row.answer) for row in rows]
    answers = [answer for _, answer in told]
    reached = {VisitAnswer.CONFIRMED.value, VisitAnswer.NOT_CONFIRMED.value}
    return VisitFigures(
        asked=len(told),
        confirmed=answers.count(VisitAnswer.CONFIRMED.value),
        not_confirmed=answers.count(VisitAnswer.NOT_CONFIRMED.value),
        not_reached=answers.count(VisitAnswer.NOT_REACHED.value),
        open=answers.count(None),
        by_chance=sum(chance and answer in reached for chance, answer in told),
        denied_by_chance=told.count((True, VisitAnswer.NOT_CONFIRMED.value)),
    )
