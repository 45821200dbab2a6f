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
from stepdesk.store.reading import fetch
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
    " WHERE (:household IS NULL OR n.household_id = :household) ORDER BY n.nominated_on, n.id"
)
_STEPS = (
    "SELECT s.* FROM nomination_step s JOIN nomination n ON n.id = s.nomination_id"
    " WHERE (:household IS NULL OR n.household_id = :household)"
    " ORDER BY s.effective_on, s.id"
)


_GROUPS = (
    "SELECT g.*, (SELECT count(*) FROM group_membership m WHERE m.group_id = g.id"
    " AND m.first_day <= :day AND (m.until IS NULL OR m.until > :day)) AS households,"
    " (SELECT count(*) FROM group_membership m JOIN cover c ON c.household_id = m.household_id"
    " WHERE m.group_id = g.id AND m.first_day <= :day AND (m.until IS NULL OR m.until > :day)"
    " AND c.first_day <= :day AND (c.until IS NULL OR c.until > :day)) AS enrolled"
    " FROM member_group g ORDER BY g.name, g.id"
)
_PLACE = (
    "SELECT m.*, g.name FROM group_membership m JOIN member_group g ON g.id = m.group_id"
    " WHERE m.household_id = :household AND m.first_day <= :day"
    " AND (m.until IS NULL OR m.until > :day) ORDER BY m.first_day DESC, m.id DESC LIMIT 1"
)


def groups(connection: Connection, day: date) -> tuple[Group, ...]:
    """Return every group by name, with how many of its people are covered on a day."""
    return tuple(
        Group(
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
        for row in fetch(connection, _GROUPS, day=day.isoformat())
    )


def payers(connection: Connection) -> tuple[Payer, ...]:
    """Return everybody who pays for others, by name."""
    return tuple(
        Payer(
            PayerId(row.id),
            row.code,
            row.name,
            PayerKind(row.kind),
            date.fromisoformat(row.since),
        )
        for row in fetch(connection, "SELECT * FROM payer ORDER BY name, id")
    )


def place_of(connection: Connection, household_id: HouseholdId, day: date) -> GroupPlace | None:
    """Return the place a household has on a group's list on a day, None when in no group."""
    rows = fetch(connection, _PLACE, household=household_id, day=day.isoformat())
    return next(
        (
            GroupPlace(
                GroupId(row.group_id),
                row.name,
                HouseholdId(row.household_id),
                row.place,
                date.fromisoformat(row.first_day),
                _day(row.until),
            )
            for row in rows
        ),
        None,
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
