"""Gathering what decides rights, and asking the rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.contributions import rules as contributions
from stepdesk.contributions.queries import each_facts, facts_of
from stepdesk.contributions.terms import Account, AccountFacts, PlanVersion
from stepdesk.members.queries import history_of, person_of, same_person, statutes
from stepdesk.members.rules import statutes_on
from stepdesk.members.terms import Cover, EventKind, Relation
from stepdesk.rights import rules
from stepdesk.rights.terms import (
    HouseholdState,
    ReasonCode,
    RightsFacts,
    Slip,
    Told,
    Uncovered,
    Verdict,
)
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.reading import fetch
from stepdesk.values.changing import changed
from stepdesk.values.ids import HouseholdId, PersonId, PlanId, SectionId

_HOUSEHOLDS = (
    "SELECT c.household_id, c.first_day, c.until FROM cover c WHERE c.person_id IN ({})"
    " AND (c.until IS NULL OR c.until > c.first_day) ORDER BY c.first_day DESC, c.id DESC"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A person in the household of a day: what every question of rights begins with.

    `person_id` is that of the record that was kept, where a person was entered twice.
    """

    person_id: PersonId
    household_id: HouseholdId
    plan_id: PlanId
    facts: AccountFacts
    rights: RightsFacts
    account: Account


def rights_facts(
    facts: AccountFacts, account: Account, cover: Cover | None, day: date
) -> RightsFacts:
    """Put together what decides one person's rights on a day."""
    plan = contributions.plan_on(facts.plans, day)
    told = RightsFacts(
        day=day,
        cover=cover,
        account=account,
        events=facts.events,
        joined_on=facts.joined_on,
        waiting_months=plan.waiting_months,
        child_max_age=plan.child_max_age,
        newborn_declare_days=plan.newborn_declare_days,
        strike_off_after_months=plan.strike_off_after_months,
        strike_off_needs_board=plan.strike_off_needs_board,
        grace_days=plan.grace_days,
        statutes=statutes_on(facts.statutes, day),
        mother=_mother(facts, account, cover, day),
    )
    return told if cover is None else _for(told, facts, cover)


def _mother(
    facts: AccountFacts, account: Account, cover: Cover | None, day: date
) -> RightsFacts | None:
    """Return what decides for a newborn whose own cover has not begun: the mother's, or the member's.

    Source: domain handbook 2.3; a mother who is not of the household has no number to write.
    """
    if cover is None or cover.holds(day):
        return None
    born, plan = cover.birth.day, contributions.plan_on(facts.plans, day)
    if not born <= day <= born + timedelta(days=plan.newborn_declare_days):
        return None
    carer = cover.mother_id or _member_for(facts, cover, day)
    hers = None if carer is None else cover_on(facts, carer, day)
    return None if hers is None else rights_facts(facts, account, hers, day)


def _member_for(facts: AccountFacts, cover: Cover, day: date) -> PersonId | None:
    """Return the member of the day for a child whose birth was told without a mother."""
    told = any(
        event.kind is EventKind.BIRTH and event.person_id == cover.person_id
        for event in facts.events
    )
    members = (
        one.person_id
        for one in facts.covers
        if one.holds(day) and one.relation_on(day) is Relation.SELF
    )
    return next(members, None) if told else None


def cover_on(facts: AccountFacts, person_id: PersonId, day: date) -> Cover | None:
    """Return the cover that holds on the day, or else the person's latest before it.

    A cover taken back never was.
    """
    mine = [
        cover
        for cover in facts.covers
        if cover.person_id == person_id and cover.until != cover.first_day
    ]
    holding = [cover for cover in mine if cover.holds(day)]
    begun = [cover for cover in mine if cover.first_day <= day]
    ordered = sorted(begun or mine, key=lambda cover: cover.first_day)
    return (*holding, *ordered[-1:], None)[0]


def verdict_of(connection: Connection, person_id: PersonId, day: date) -> Verdict | None:
    """Return whether a person has rights on a day and why; None for nobody known."""
    standing = standing_of(connection, person_id, day)
    return None if standing is None else rules.verdict(standing.rights)


def household_on(
    connection: Connection, same: Sequence[PersonId], day: date
) -> HouseholdId | None:
    """Return the household of a person on a day; None for nobody known.

    It is the one whose cover held on that day, else the latest that had begun, else the first to
    come. `same` are all records of the person.
    """
    told = day.isoformat()
    rows = _households_of(connection, same)
    if not rows:
        return None
    begun = [row for row in rows if row.first_day <= told]
    holding = [row for row in begun if row.until is None or told < row.until]
    return HouseholdId((*holding, *begun, rows[-1])[0].household_id)


def _households_of(connection: Connection, same: Sequence[PersonId]) -> list[Any]:
    """Return in which households a person is or was, the latest first.

    The ids are values, not part of the statement: it would be prepared anew for each person.
    """
    named = {f"p{at}": one for at, one in enumerate(same)}
    marks = ", ".join(f":{name}" for name in named)
    return fetch(connection, _HOUSEHOLDS.format(marks), **named)


def standing_of(connection: Connection, person_id: PersonId, day: date) -> Standing | None:
    """Return what decides a person's rights on a day; None for nobody known.

    The household is that of `household_on`.
    """
    same = same_person(connection, person_id)
    household_id = household_on(connection, same, day)
    if household_id is None:
        return None
    facts = facts_of(connection, household_id)
    account = contributions.account_on(facts, day)
    return Standing(
        same[0],
        household_id,
        facts.plans[0].plan_id,
        facts,
        rights_facts(facts, account, cover_on(facts, same[0], day), day),
        account,
    )


def uncovered_in(
    connection: Connection, person_id: PersonId, first_day: date, last_day: date
) -> tuple[Uncovered, ...]:
    """Return the days after the first of a stay on which its patient has no rights, earliest first.

    Each day is asked for by itself, in the household of that day: cover that ends and begins anew
    the next day has no gap. Of days with the same reasons the first alone is told.
    """
    same = same_person(connection, person_id)
    known: dict[HouseholdId, AccountFacts] = {}
    found: dict[tuple[ReasonCode, ...], Uncovered] = {}
    for before in range(1, (last_day - first_day).days + 1):
        day = first_day + timedelta(days=before)
        household_id = household_on(connection, same, day)
        if household_id is None:
            break
        if household_id not in known:
            known[household_id] = facts_of(connection, household_id)
        facts = known[household_id]
        account = contributions.account_on(facts, day)
        told = rules.verdict(rights_facts(facts, account, cover_on(facts, same[0], day), day))
        codes = tuple(reason.code for reason in told.reasons)
        if codes and codes not in found:
            found[codes] = Uncovered(day, before, told.reasons)
    return tuple(found.values())


def corrected_on(connection: Connection, person_id: PersonId, day: date) -> date | None:
    """Return the last day on which something about a person's day was told that had passed."""
    same = same_person(connection, person_id)
    versions = statutes(connection)
    found = [
        rules.corrected_since(history_of(connection, HouseholdId(one)), same, day, versions)
        for one in {row.household_id for row in _households_of(connection, same)}
    ]
    return max((one for one in found if one is not None), default=None)


def paid_since(
    connection: Connection, person_id: PersonId, day: date, today: date
) -> tuple[int, date | None]:
    """Return what the household of a person's day paid behind that day up to today, and when last.

    In minor units, what was taken back taken off; 0 and None where nothing is left of it.
    """
    household_id = household_on(connection, same_person(connection, person_id), day)
    if household_id is None:
        return 0, None
    paid: dict[date, int] = {}
    for one in facts_of(connection, household_id).paid:
        if day < one.day <= today:
            paid[one.day] = paid.get(one.day, 0) + one.amount
    amount = sum(paid.values())
    came = [on for on, part in paid.items() if part > 0]
    return (amount, max(came)) if amount > 0 and came else (0, None)


def household_verdicts(
    connection: Connection, household_id: HouseholdId, day: date
) -> tuple[Account, HouseholdState, dict[PersonId, Verdict]]:
    """Return a household's account and state on a day, and the verdict for each of its persons."""
    facts = facts_of(connection, household_id)
    account = contributions.account_on(facts, day)
    verdicts = {
        cover.person_id: rules.verdict(
            rights_facts(facts, account, cover_on(facts, cover.person_id, day), day)
        )
        for cover in facts.covers
    }
    return account, state_of(facts, account, day), verdicts


@dataclass(frozen=True, slots=True)
class Entitled:
    """One covered person in a list of who has rights on a day, or has none for the time being."""

    household_id: HouseholdId
    person_id: PersonId
    cover: Cover
    verdict: Verdict
    account: Account


def entitled(
    connection: Connection, day: date, *, section_id: SectionId | None = None
) -> Iterator[Entitled]:
    """Yield everybody covered on a day with the verdict, yes or no, by household and suffix.

    Who has died, left, or is not covered yet that day is left out. Households come by their ids;
    some hundred are held at a time. Source: domain handbook 1.3, D09, and 2.8.
    """
    for household_id, facts in each_facts(connection, section_id=section_id):
        held = [cover for cover in facts.covers if _lists(cover, day)]
        if not held:
            continue
        account = contributions.account_on(facts, day)
        shared = rights_facts(facts, account, held[0], day)
        for cover in held:
            told = shared if cover is held[0] else _for(shared, facts, cover)
            yield Entitled(household_id, cover.person_id, cover, rules.verdict(told), account)


def _lists(cover: Cover, day: date) -> bool:
    return cover.holds(day) and (cover.deceased_on is None or cover.deceased_on >= day)


def _for(shared: RightsFacts, facts: AccountFacts, cover: Cover) -> RightsFacts:
    """Return what decides for a person of the household: what to wait is settled on the first day.

    Later terms and statutes do not move it.
    """
    began = contributions.plan_on(facts.plans, cover.first_day)
    plan = contributions.plan_on(facts.plans, shared.day)
    return changed(
        shared,
        cover=cover,
        beyond=_beyond(plan, facts, cover, shared.day),
        waiting_months=began.waiting_months,
        newborn_declare_days=began.newborn_declare_days,
        waiting_when_late=began.waiting_when_late,
        added_waiting=statutes_on(facts.statutes, cover.first_day).added_dependant_waiting,
    )


def _beyond(plan: PlanVersion, facts: AccountFacts, cover: Cover, day: date) -> int | None:
    """Return the most persons the plan covers when a covered person is not among them."""
    if plan.max_persons is None or not cover.holds(day):
        return None
    among = contributions.counted(plan, facts.covers, day, statutes_on(facts.statutes, day))
    return plan.max_persons if len(among) == plan.max_persons and cover not in among else None


def state_of(facts: AccountFacts, account: Account, day: date) -> HouseholdState:
    member = min(facts.covers, key=lambda cover: cover.suffix, default=None)
    return rules.state_on(rights_facts(facts, account, member, day))


def states_of(
    connection: Connection, ids: list[HouseholdId], day: date
) -> dict[HouseholdId, tuple[HouseholdState, Account]]:
    """Return state and account of the households of one screen."""
    found: dict[HouseholdId, tuple[HouseholdState, Account]] = {}
    for one in ids:
        facts = facts_of(connection, one)
        account = contributions.account_on(facts, day)
        found[one] = (state_of(facts, account, day), account)
    return found


def all_states(
    connection: Connection, day: date
) -> dict[HouseholdId, tuple[HouseholdState, Account]]:
    """Return state and account of every household: for Today and the closing."""
    found: dict[HouseholdId, tuple[HouseholdState, Account]] = {}
    for one, facts in each_facts(connection):
        account = contributions.account_on(facts, day)
        found[one] = (state_of(facts, account, day), account)
    return found


def slip_of(
    connection: Connection, person_id: PersonId, told: Told, *, asked_by: str, asked_on: date
) -> Slip:
    """Return what stands on the printed answer about a person.

    Raises:
        LookupError: when nobody is known by that id.
    """
    person = person_of(connection, same_person(connection, person_id)[0])
    if person is None:
        raise LookupError("nobody")
    scheme = scheme_on(connection, asked_on)
    return Slip(
        scheme.name,
        f"{person.number}/{person.suffix:02d}",
        person.name,
        person.sex,
        person.birth,
        person.section,
        told,
        asked_by,
        asked_on,
        scheme.practice,
    )
