"""Reading groups, payers and nominations."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.payers import rules
from stepdesk.payers.terms import (
    Adhesion,
    Group,
    GroupKind,
    GroupPlace,
    Nomination,
    NominationStep,
    Payer,
    PayerAgreement,
    PayerKind,
    Sponsored,
    Step,
)
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.ids import (
    GroupId,
    HouseholdId,
    NominationId,
    PayerAgreementId,
    PayerId,
    PersonId,
)

_AGREEMENTS = (
    "SELECT a.*, p.name AS payer FROM payer_agreement a JOIN payer p ON p.id = a.payer_id"
    " ORDER BY a.first_day, a.id"
)
_NOMINATIONS = (
    "SELECT n.*, p.name AS payer FROM nomination n"
    " JOIN payer_agreement a ON a.id = n.agreement_id JOIN payer p ON p.id = a.payer_id"
    " WHERE (:household IS NULL OR n.household_id = :household) AND EXISTS (SELECT 1"
    " FROM nomination_step s WHERE s.nomination_id = n.id AND NOT EXISTS"
    " (SELECT 1 FROM membership_event r WHERE r.reverses = s.id)) ORDER BY n.nominated_on, n.id"
)
_NAMED = (
    "SELECT n.household_id, n.person_id, p.name AS payer FROM nomination n"
    " JOIN payer_agreement a ON a.id = n.agreement_id JOIN payer p ON p.id = a.payer_id"
    " WHERE n.id = :nomination"
)
_STEPS = (
    "SELECT s.* FROM nomination_step s JOIN nomination n ON n.id = s.nomination_id"
    " WHERE (:household IS NULL OR n.household_id = :household)"
    " AND NOT EXISTS (SELECT 1 FROM membership_event r WHERE r.reverses = s.id)"
    " ORDER BY s.effective_on, s.id"
)
_OF_NOMINATION = "SELECT household_id FROM nomination WHERE id = :nomination"
_HOLDS = "{0}.first_day <= :day AND ({0}.until IS NULL OR {0}.until > :day)"
_PERSONS = (
    f"SELECT c.person_id FROM cover c WHERE c.household_id = :household AND {_HOLDS.format('c')}"
)
# Who resigned, was excluded or left no survivor is on no list; undoing it puts them back.
_LIVES = (
    "EXISTS (SELECT 1 FROM cover l WHERE l.household_id = m.household_id"
    f" AND {_HOLDS.format('l')})"
)
_GROUPS = (
    "SELECT g.*, (SELECT count(*) FROM group_membership m WHERE m.group_id = g.id"
    f" AND {_HOLDS.format('m')} AND {_LIVES}) AS households,"
    " (SELECT count(*) FROM group_membership m JOIN cover c ON c.household_id = m.household_id"
    f" WHERE m.group_id = g.id AND {_HOLDS.format('m')} AND {_HOLDS.format('c')}) AS enrolled"
    " FROM member_group g WHERE (:one IS NULL OR g.id = :one)"
)
_PLACES = (
    "SELECT m.*, g.name FROM group_membership m JOIN member_group g ON g.id = m.group_id"
    " WHERE (:one IS NULL OR m.group_id = :one)"
    f" AND (:household IS NULL OR m.household_id = :household) AND {_HOLDS.format('m')}"
    f" AND {_LIVES}"
    " ORDER BY m.place, m.id"
)


def _day(told: str | None) -> date | None:
    return None if told is None else date.fromisoformat(told)


def agreements(connection: Connection) -> dict[PayerAgreementId, PayerAgreement]:
    """Return every agreement with a payer."""
    return {
        PayerAgreementId(row.id): PayerAgreement(
            PayerAgreementId(row.id),
            PayerId(row.payer_id),
            row.payer,
            date.fromisoformat(row.first_day),
            _day(row.until),
            row.criteria,
            row.max_persons,
            row.share,
            row.amount,
            bool(row.pays_fee),
            bool(row.on_commitment),
            row.invoice_months,
            date.fromisoformat(row.signed_on),
        )
        for row in fetch(connection, _AGREEMENTS)
    }


def nominations(
    connection: Connection, household_id: HouseholdId | None = None
) -> tuple[Nomination, ...]:
    """Return the nominations of a household, or all, each with its steps by day."""
    steps: dict[bytes, list[NominationStep]] = {}
    for row in fetch(connection, _STEPS, household=household_id):
        steps.setdefault(row.nomination_id, []).append(_step(row))
    return tuple(
        Nomination(
            NominationId(row.id),
            PayerAgreementId(row.agreement_id),
            row.payer,
            HouseholdId(row.household_id),
            None if row.person_id is None else PersonId(row.person_id),
            date.fromisoformat(row.nominated_on),
            row.grounds,
            tuple(steps.get(row.id, ())),
        )
        for row in fetch(connection, _NOMINATIONS, household=household_id)
    )


def _step(row: Any) -> NominationStep:
    return NominationStep(
        Step(row.step),
        date.fromisoformat(row.effective_on),
        _day(row.until),
        row.note,
        date.fromisoformat(row.recorded_on),
    )


def sponsored_of(connection: Connection, household_id: HouseholdId) -> tuple[Sponsored, ...]:
    """Return the commitments that hold or held for a household."""
    return _sponsored(connection, nominations(connection, household_id)).get(household_id, ())


def all_sponsored(connection: Connection) -> dict[HouseholdId, tuple[Sponsored, ...]]:
    """Return the commitments for every household that has any."""
    return _sponsored(connection, nominations(connection))


def _sponsored(
    connection: Connection, told: Iterable[Nomination]
) -> dict[HouseholdId, tuple[Sponsored, ...]]:
    known = tuple(told)
    if not known:
        return {}
    terms = agreements(connection)
    found: dict[HouseholdId, tuple[Sponsored, ...]] = {}
    for one in known:
        held = rules.sponsorship(one, terms[one.agreement_id])
        found[one.household_id] = (*found.get(one.household_id, ()), *held)
    return found


def nomination_of(connection: Connection, nomination_id: NominationId) -> Nomination | None:
    row = fetch_one(connection, _OF_NOMINATION, nomination=nomination_id)
    if row is None:
        return None
    told = nominations(connection, HouseholdId(row.household_id))
    return next((one for one in told if one.id == nomination_id), None)


def nomination_named(connection: Connection, nomination_id: NominationId) -> Any:
    """Return household, person and payer of a nomination, also before its first step."""
    return fetch(connection, _NAMED, nomination=nomination_id)[0]


def persons_meant(connection: Connection, told: Nomination, day: date) -> frozenset[PersonId]:
    """Return whom a nomination is for: its person, or those its household covers on a day."""
    if told.person_id is not None:
        return frozenset({told.person_id})
    rows = fetch(connection, _PERSONS, household=told.household_id, day=day.isoformat())
    return frozenset(PersonId(row.person_id) for row in rows)


def persons_sponsored(
    connection: Connection,
    agreement_id: PayerAgreementId,
    day: date,
    *,
    but: NominationId | None = None,
) -> frozenset[PersonId]:
    """Return for whom an agreement pays on a day, one nomination left out."""
    found: frozenset[PersonId] = frozenset()
    for one in nominations(connection):
        if one.agreement_id != agreement_id or one.id == but:
            continue
        if any(
            first <= day and (until is None or day < until)
            for first, until in rules.stretches(one.steps)
        ):
            found |= persons_meant(connection, one, day)
    return found


# Payers and groups


def payers(connection: Connection) -> tuple[Payer, ...]:
    """Return every payer by code."""
    return tuple(_payer(row) for row in fetch(connection, "SELECT * FROM payer ORDER BY code"))


def _payer(row: Any) -> Payer:
    return Payer(
        PayerId(row.id), row.code, row.name, PayerKind(row.kind), date.fromisoformat(row.since)
    )


def payer_name(connection: Connection, payer_id: PayerId) -> str | None:
    row = fetch_one(connection, "SELECT name FROM payer WHERE id = :payer", payer=payer_id)
    return None if row is None else str(row.name)


def payer_of_code(connection: Connection, code: str) -> Payer | None:
    """Return the payer of a code, written in capitals or not."""
    row = fetch_one(
        connection, "SELECT * FROM payer WHERE upper(code) = :code", code=code.strip().upper()
    )
    return None if row is None else _payer(row)


def groups(connection: Connection, day: date) -> tuple[Group, ...]:
    """Return every group by code, with households and covered people of a day."""
    rows = fetch(connection, f"{_GROUPS} ORDER BY g.code", one=None, day=day.isoformat())
    return tuple(_group(row) for row in rows)


def group_of(connection: Connection, group_id: GroupId, day: date) -> Group | None:
    row = fetch_one(connection, _GROUPS, one=group_id, day=day.isoformat())
    return None if row is None else _group(row)


def group_of_code(connection: Connection, code: str) -> GroupId | None:
    """Return the group of a code, written in capitals or not."""
    row = fetch_one(
        connection,
        "SELECT id FROM member_group WHERE upper(code) = :code",
        code=code.strip().upper(),
    )
    return None if row is None else GroupId(row.id)


def _group(row: Any) -> Group:
    return Group(
        GroupId(row.id),
        row.code,
        row.name,
        GroupKind(row.kind),
        Adhesion(row.adhesion),
        row.people,
        row.min_share,
        row.signer or "",
        row.phone or "",
        date.fromisoformat(row.since),
        _day(row.ended_on),
        row.households,
        row.enrolled,
    )


def places_of(connection: Connection, group_id: GroupId, day: date) -> tuple[GroupPlace, ...]:
    """Return the ordered list of a group on a day."""
    rows = fetch(connection, _PLACES, one=group_id, household=None, day=day.isoformat())
    return tuple(_group_place(row) for row in rows)


def place_of(connection: Connection, household_id: HouseholdId, day: date) -> GroupPlace | None:
    """Return a household's place on the list of its group on a day; None when it is on none."""
    row = fetch_one(connection, _PLACES, one=None, household=household_id, day=day.isoformat())
    return None if row is None else _group_place(row)


def _group_place(row: Any) -> GroupPlace:
    return GroupPlace(
        GroupId(row.group_id),
        row.name,
        HouseholdId(row.household_id),
        row.place,
        date.fromisoformat(row.first_day),
        _day(row.until),
    )
