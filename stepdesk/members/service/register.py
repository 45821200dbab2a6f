"""Registering a household."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from stepdesk.errors import Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.model import cover, enrolment, household
from stepdesk.members.queries import events_of
from stepdesk.members.queries.finding import alike
from stepdesk.members.rules import check_birth, check_household
from stepdesk.members.service.guards import (
    check_born,
    check_phone,
    check_relations,
    doubt_age,
    doubt_completeness,
)
from stepdesk.members.service.numbering import next_serial, serial_on_card
from stepdesk.members.service.searching import put_search_rows, refresh_search
from stepdesk.members.service.writing import (
    ask,
    check_no_later_cover,
    home_of,
    needed,
    old_news,
    statutes_of,
    write_event,
    write_person,
)
from stepdesk.members.terms import (
    SPOUSES,
    Event,
    EventKind,
    NewPerson,
    PolygamyMode,
    Registered,
    Role,
    Transfer,
)
from stepdesk.store.work import Work
from stepdesk.values.digits import HouseholdNumber
from stepdesk.values.ids import EventId, HouseholdId, PersonId, PlanId, SectionId

_SECTION = "SELECT code FROM section WHERE id = :section"
_PLAN = "SELECT 1 FROM plan WHERE id = :plan"
_COMPOUND = "SELECT compound_id FROM household WHERE id = :household"
_OPEN_COVERS = (
    "SELECT id, person_id, first_day, until FROM cover WHERE household_id = :household"
    " AND (until IS NULL OR until > :day)"
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
    transfer: Transfer | None = None,
    compound_id: HouseholdId | None = None,
    card_number: str = "",
    as_told: bool = False,
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
        transfer: Where it comes from another scheme: the waiting served there counts.
        compound_id: The first household of the compound, where each wife has her own membership.
        card_number: What stands on the pre-printed card, where one is given; else the next
            number of this laptop.
        as_told: Whether it stood so in a register it was kept in before: ages are taken as they
            are, and who was born after the household joined is covered from the birth on.
        accepting: Doubts somebody accepted: `alike:0` and `age:0` for the first line, `backdated`,
            `completeness`.

    Raises:
        Refusal: beside its field; see members.rules.
        Caution: when somebody registered before has the same name, sex and about the same age;
            when the member or a spouse is very young; when a transfer is told for a day long ago;
            when too few of the declared household are covered.
    """
    day = joined_on or work.today
    persons = _checked(work, persons, declared_size)
    if day > work.today:
        raise Refusal(Text(N_("This day is still ahead. Check the date.")), field="joined_on")
    doubts = [] if as_told else _odd_ages(work, persons, day, accepting)
    section = work.row(_SECTION, section=section_id)
    if section is None:
        raise Refusal(Text(N_("Choose the village or group.")), field="section")
    if work.row(_PLAN, plan=plan_id) is None:
        raise Refusal(Text(N_("Choose the contribution plan.")), field="plan")
    statutes = statutes_of(work, day)
    check_relations([one.relation for one in persons], statutes)
    compound = None if compound_id is None else _compound(work, compound_id, day)
    if transfer is not None:
        _check_transfer(transfer, day, statutes.transfer_break_days)
        doubts += old_news(work, day, accepting, "joined_on")
    check_phone(work, phone)
    doubts += alike_doubts(work, persons, accepting, section_id=section_id, phone=phone)
    serial = serial_on_card(work, card_number) if card_number else next_serial(work)
    household_id = HouseholdId(work.new_id())
    # Rows others point to are written first, so that no reference is open while one is added.
    person_ids = _write_persons(work, persons)
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
        compound_id=compound,
    )
    work.insert(
        enrolment, id=work.new_id(), household_id=household_id, plan_id=plan_id, first_day=day
    )
    event_id = write_event(work, household_id, EventKind.REGISTERED, day)
    for suffix, (person_id, one) in enumerate(zip(person_ids, persons, strict=True)):
        work.insert(
            cover,
            id=work.new_id(),
            household_id=household_id,
            person_id=person_id,
            suffix=suffix,
            relation=one.relation,
            first_day=max(day, one.birth.day) if as_told else day,
            begun_by=event_id,
        )
    _finish(work, household_id, day, event_id, transfer)
    few = doubt_completeness(work, household_id, day, accepting) if declared_size else []
    ask([*doubts, *few])
    put_search_rows(work, household_id, person_ids)
    return Registered(household_id, HouseholdNumber(section.code, serial), person_ids)


def _checked(work: Work, persons: Sequence[NewPerson], declared_size: int) -> Sequence[NewPerson]:
    check_household(persons, declared_size=declared_size)
    checked = []
    for at, one in enumerate(persons):
        try:
            checked.append(replace(one, birth=check_birth(one.birth, work.today)))
        except Refusal as refusal:
            raise Refusal(refusal.text, field=f"birth:{at}") from None
    return checked


def _write_persons(work: Work, persons: Sequence[NewPerson]) -> tuple[PersonId, ...]:
    person_ids = tuple(PersonId(work.new_id()) for _ in persons)
    for person_id, one in zip(person_ids, persons, strict=True):
        write_person(work, person_id, one)
    return person_ids


def _odd_ages(
    work: Work, persons: Sequence[NewPerson], day: date, accepting: frozenset[str]
) -> list[Doubt]:
    """Return the doubts about the ages of the member and of spouses; nobody is born later."""
    doubts: list[Doubt] = []
    for at, one in enumerate(persons):
        check_born(one.birth, day, field="joined_on" if at == 0 else f"birth:{at}")
        role = Role.HEAD if at == 0 else Role.SPOUSE
        if at == 0 or one.relation in SPOUSES:
            doubts += doubt_age(
                work, role, one.birth, day, accepting, field=f"birth:{at}", name=f"age:{at}"
            )
    return doubts


def _compound(work: Work, compound_id: HouseholdId, day: date) -> HouseholdId:
    """Return the household a compound is known by: the first one tied to."""
    if statutes_of(work, day).polygamy_mode is not PolygamyMode.ONE_PER_WIFE:
        raise Refusal(
            Text(N_("The whole compound has one membership here. Add the wives to it.")),
            field="compound",
        )
    row = work.row(_COMPOUND, household=compound_id)
    if row is None:
        raise Refusal(Text(N_("There is no such household. Check the number.")), field="compound")
    return HouseholdId(row.compound_id or compound_id)


def _check_transfer(transfer: Transfer, day: date, most: int) -> None:
    """Refuse waiting served elsewhere that cannot be, or lies too far back.

    Source: domain handbook 2.2, transfer between schemes without a break.
    """
    needed(transfer.scheme, Text(N_("Name the scheme they come from.")), field="transfer:scheme")
    if not transfer.counts_from <= transfer.left_on <= day:
        raise Refusal(
            Text(
                N_("They joined that scheme first, then left it, then came here. Check the days.")
            ),
            field="transfer:left_on",
        )
    if day > transfer.left_on + timedelta(days=most):
        raise Refusal(
            Text(
                N_(
                    "They left more than {most} days ago: waiting begins anew. Register them as new."
                ),
                {"most": most},
            ),
            field="transfer:left_on",
        )


def _finish(
    work: Work, household_id: HouseholdId, day: date, event_id: EventId, transfer: Transfer | None
) -> None:
    if transfer is not None:
        write_event(
            work,
            household_id,
            EventKind.TRANSFERRED_IN,
            day,
            reason=transfer.scheme,
            counts_from=transfer.counts_from,
            document=transfer.document,
            pair_id=event_id,
        )


def record_event(work: Work, *, household_id: HouseholdId, event: Event) -> EventId:
    """Write a dated event of a membership."""
    return write_event(
        work,
        household_id,
        event.kind,
        event.effective_on,
        person_id=event.person_id,
        reason=event.reason,
        counts_from=event.counts_from,
        document=event.document,
        pair_id=event.pair_id,
    )


def end_membership(work: Work, *, household_id: HouseholdId, event: Event) -> EventId:
    """End a membership on the event's day: from then on nobody of the household is covered.

    Args:
        work: The work.
        household_id: Whose membership.
        event: One of `ENDINGS`.

    Raises:
        Refusal: somebody died or left later already: undoing could not give that end back;
            somebody came that day or later: their cover would end before it began; or the
            household was readmitted later.
    """
    day = event.effective_on.isoformat()
    _check_not_readmitted(work, household_id, event)
    if event.kind is not EventKind.VOIDED:
        check_no_later_cover(home_of(work, household_id), event.effective_on)
    ends = [row.until for row in work.rows(_OPEN_COVERS, household=household_id, day=day)]
    later = max((until for until in ends if until), default=None)
    if later is not None and event.kind is not EventKind.VOIDED:
        raise Refusal(
            Text(
                N_("Something later builds on this ({day}). Undo that first."),
                {"day": date.fromisoformat(later)},
            ),
            field="on",
        )
    event_id = record_event(work, household_id=household_id, event=event)
    ended = work.rows(_OPEN_COVERS, household=household_id, day=day)
    for row in ended:
        work.update(cover, row.id, until=max(day, row.first_day), ended_by=event_id)
    refresh_search(work, [PersonId(row.person_id) for row in ended])
    return event_id


def _check_not_readmitted(work: Work, household_id: HouseholdId, ending: Event) -> None:
    """Refuse to end what began anew later: covers would have ended before they began."""
    for event in events_of(work.connection, household_id):
        if event.kind is EventKind.READMITTED and event.effective_on > ending.effective_on:
            raise Refusal(
                Text(
                    N_("The household came back on {day}. Choose that day or a later one."),
                    {"day": event.effective_on},
                ),
                field="on",
            )


def doubt_alike(
    work: Work,
    persons: Sequence[NewPerson],
    accepting: frozenset[str],
    *,
    section_id: SectionId | None = None,
    phone: str = "",
    prefix: str = "",
    also: Sequence[Doubt] = (),
) -> None:
    """Ask about people who are much like somebody registered before, and what else is doubted."""
    found = alike_doubts(
        work, persons, accepting, section_id=section_id, phone=phone, prefix=prefix
    )
    ask([*also, *found])


def alike_doubts(
    work: Work,
    persons: Sequence[NewPerson],
    accepting: frozenset[str],
    *,
    section_id: SectionId | None = None,
    phone: str = "",
    prefix: str = "",
) -> list[Doubt]:
    """Return the doubts about people who are much like somebody registered before.

    Its doubts are `alike:0` for the first person; their fields `surname:0`, or with a prefix
    `person:surname`.
    """
    doubts: list[Doubt] = []
    for at, one in enumerate(persons):
        name = f"alike:{at}"
        found = (
            () if name in accepting else alike(work.connection, one, section_id, phone, limit=1)
        )
        for known in found:
            told = Text(
                N_(
                    "{name}, born {year}, is in household {number}: {reason}."
                    " Is this somebody else?"
                ),
                {
                    "name": known.person.name,
                    "year": str(known.person.birth.day.year),
                    "number": str(known.person.number),
                    "reason": known.reasons[0],
                },
            )
            field = f"{prefix}surname" if prefix else f"surname:{at}"
            doubts.append(Doubt(name, told, field))
    return doubts
