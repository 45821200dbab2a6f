"""Registering a household."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.model import (
    cover,
    enrolment,
    household,
    membership_event,
    person,
)
from stepdesk.members.rules import check_birth, check_household
from stepdesk.members.service.searching import put_search_rows, refresh_search
from stepdesk.members.terms import Event, EventKind, NewPerson, Registered
from stepdesk.store.work import Work
from stepdesk.values.digits import HouseholdNumber
from stepdesk.values.ids import HouseholdId, PersonId, PlanId, SectionId
from stepdesk.values.names import fold

_NEXT = "SELECT coalesce(max(serial), 0) + 1 FROM household"
_SECTION = "SELECT code FROM section WHERE id = :section"
_PLAN = "SELECT 1 FROM plan WHERE id = :plan"
_OPEN_COVERS = "SELECT id, person_id FROM cover WHERE household_id = :household AND until IS NULL"
_ALIKE = (
    "SELECT p.surname, p.given_names, p.birth, h.serial, s.code FROM person_search f"
    " JOIN person p ON p.id = f.person_id JOIN household h ON h.id = f.household_id"
    " JOIN section s ON s.id = h.section_id WHERE f.doc IN"
    " (SELECT rowid FROM person_words WHERE person_words MATCH :words LIMIT 20)"
    " AND substr(p.birth, 1, 4) BETWEEN :early AND :late AND p.sex = :sex"
)


def register_household(
    work: Work,
    *,
    section_id: SectionId,
    plan_id: PlanId,
    persons: Sequence[NewPerson],
    joined_on: date | None = None,
    declared_size: int = 0,
    phone: str = "",
    address: str = "",
    legacy_number: str = "",
    accepting: frozenset[str] = frozenset(),
) -> Registered:
    """Register a household with its persons, the member first (D01).

    Args:
        work: The work.
        section_id: The village or group.
        plan_id: The contribution plan it joins.
        persons: The member and the covered family.
        joined_on: Today when left out.
        declared_size: How many live in the household, covered or not; 0 is not known.
        phone: As told.
        address: As told.
        legacy_number: Its number in the register it came from.
        accepting: Doubts somebody accepted: `alike:0` for the first line.

    Raises:
        Refusal: beside its field; see members.rules.
        Caution: when somebody registered before has the same name, sex and about the same age.
    """
    day = joined_on or work.today
    check_household(persons, declared_size=declared_size)
    if day > work.today:
        raise Refusal(Text(N_("This day is still ahead. Check the date.")), field="joined_on")
    checked = []
    for at, one in enumerate(persons):
        try:
            checked.append(replace(one, birth=check_birth(one.birth, work.today)))
        except Refusal as refusal:
            raise Refusal(refusal.text, field=f"birth:{at}") from None
    persons = checked
    section = work.row(_SECTION, section=section_id)
    if section is None:
        raise Refusal(Text(N_("Choose the village or group.")), field="section")
    if work.row(_PLAN, plan=plan_id) is None:
        raise Refusal(Text(N_("Choose the contribution plan.")), field="plan")
    _doubt(work, persons, accepting)
    serial = work.rows(_NEXT)[0][0]
    household_id = HouseholdId(work.new_id())
    person_ids = tuple(PersonId(work.new_id()) for _ in persons)
    # Rows others point to are written first, so that no reference is open while one is added.
    for person_id, one in zip(person_ids, persons, strict=True):
        _write_person(work, person_id, one)
    work.insert(
        household,
        id=household_id,
        serial=serial,
        section_id=section_id,
        joined_on=day,
        declared_size=declared_size or len(persons),
        member_person_id=person_ids[0],
        phone=phone.strip(),
        address=address.strip(),
        legacy_number=legacy_number,
    )
    for suffix, (person_id, one) in enumerate(zip(person_ids, persons, strict=True)):
        work.insert(
            cover,
            id=work.new_id(),
            household_id=household_id,
            person_id=person_id,
            suffix=suffix,
            relation=one.relation,
            first_day=day,
        )
    work.insert(
        enrolment, id=work.new_id(), household_id=household_id, plan_id=plan_id, first_day=day
    )
    record_event(work, household_id=household_id, event=Event(EventKind.REGISTERED, day))
    put_search_rows(work, household_id, person_ids)
    return Registered(household_id, HouseholdNumber(section.code, serial), person_ids)


def record_event(work: Work, *, household_id: HouseholdId, event: Event) -> None:
    """Write a dated event of a membership."""
    work.insert(
        membership_event,
        id=work.new_id(),
        household_id=household_id,
        kind=event.kind,
        effective_on=event.effective_on,
        reason=event.reason,
    )


def end_membership(work: Work, *, household_id: HouseholdId, event: Event) -> None:
    """End a membership on the event's day: from then on nobody of the household is covered.

    Args:
        work: The work.
        household_id: Whose membership.
        event: One of `ENDINGS`.
    """
    ended = work.rows(_OPEN_COVERS, household=household_id)
    for row in ended:
        work.update(cover, row.id, until=event.effective_on)
    record_event(work, household_id=household_id, event=event)
    refresh_search(work, [PersonId(row.person_id) for row in ended])


def _write_person(work: Work, person_id: PersonId, one: NewPerson) -> None:
    work.insert(
        person,
        id=person_id,
        sex=one.sex,
        surname=" ".join(one.surname.split()),
        given_names=" ".join(one.given_names.split()),
        birth=one.birth.day,
        birth_known=one.birth.known,
        legacy_number=one.legacy_number,
    )


def _doubt(work: Work, persons: Sequence[NewPerson], accepting: frozenset[str]) -> None:
    doubts: list[Doubt] = []
    for at, one in enumerate(persons):
        name = f"alike:{at}"
        alike = None if name in accepting else _alike(work, one)
        if alike is not None:
            told = Text(
                N_("{name}, born {year}, is in household {number}. Is this somebody else?"),
                {
                    "name": f"{alike.surname} {alike.given_names}",
                    "year": alike.birth[:4],
                    "number": str(HouseholdNumber(alike.code, alike.serial)),
                },
            )
            doubts.append(Doubt(name, told, f"surname:{at}"))
    if doubts:
        raise Caution(tuple(doubts))


def _alike(work: Work, one: NewPerson):  # type: ignore[no-untyped-def]  # noqa: ANN202
    words = fold(f"{one.surname} {one.given_names}")
    match = " ".join(f'"{word}"' for word in words.split())
    year = one.birth.day.year
    found = work.rows(
        _ALIKE, words=match, early=str(year - 2), late=str(year + 2), sex=one.sex.value
    )
    return next((row for row in found if fold(f"{row.surname} {row.given_names}") == words), None)
