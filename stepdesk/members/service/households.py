"""What happens to households as a whole: moving, heads, splitting, merging, ending, coming back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from stepdesk.errors import Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.model import enrolment, household
from stepdesk.members.rules import ages_out_on, kept_told, relation_to, within_age
from stepdesk.members.service.guards import (
    check_number,
    check_relation,
    doubt_payers,
    doubt_roles,
)
from stepdesk.members.service.numbering import next_serial
from stepdesk.members.service.register import end_membership
from stepdesk.members.service.searching import refresh_search
from stepdesk.members.service.writing import (
    Home,
    begin_cover,
    change_relations,
    check_day,
    check_heads,
    check_news,
    check_not_covered,
    covered,
    end_cover,
    home_of,
    kept_id_of,
    needed,
    open_home,
    plan_terms,
    reason_of,
    statutes_of,
    write_event,
)
from stepdesk.members.terms import Cover, Event, EventKind, Happened, Kept, Relation
from stepdesk.store.work import Work
from stepdesk.values.ids import EventId, HouseholdId, PersonId, PlanId, SectionId
from stepdesk.values.month import add_months

_SECTION = "SELECT code FROM section WHERE id = :section"
_ENDED_COVERS = (
    "SELECT c.person_id, c.suffix, c.relation FROM cover c JOIN person p ON p.id = c.person_id"
    " WHERE c.ended_by = :event AND c.until > c.first_day AND p.deceased_on IS NULL"
    " ORDER BY c.suffix"
)

READMITTED = frozenset({EventKind.RESIGNED, EventKind.STRUCK_OFF})
"""The endings after which a household may come back. Source: domain handbook 2.2, transitions."""


# Where and under whom


def move_section(
    work: Work,
    *,
    household_id: HouseholdId,
    section_id: SectionId,
    on: date,
    accepting: frozenset[str] = frozenset(),
) -> Happened:
    """Let a household belong to another section; its serial number stays.

    Raises:
        Refusal: no such section, the same one, a day before it moved last, and as every event.
        Caution: `backdated`: the day is long ago.
    """
    home = open_home(work, household_id, on)
    section = work.row(_SECTION, section=section_id)
    if section is None or section_id == home.section_id:
        raise Refusal(Text(N_("Choose the section the household moves to.")), field="section_id")
    _check_moves(home, on)
    check_news(work, on, accepting)
    event_id = write_event(
        work,
        home.id,
        EventKind.MOVED,
        on,
        document=f"{home.number.section:02d} > {section.code:02d}",
    )
    work.update(household, home.id, section_id=section_id)
    return Happened(home.id, (event_id,), (home.id,))


def _check_moves(home: Home, on: date) -> None:
    """Refuse a move told for a day before a later one: the section would go back to the older."""
    later = [
        event.effective_on
        for event in home.events
        if event.kind is EventKind.MOVED and event.effective_on > on
    ]
    if later:
        raise Refusal(
            Text(
                N_("The household moved on {day}. Choose a later day, or undo that first."),
                {"day": max(later)},
            ),
            field="on",
        )


def change_head(
    work: Work,
    *,
    household_id: HouseholdId,
    person_id: PersonId,
    on: date,
    relations: Mapping[PersonId, Relation] | None = None,
    accepting: frozenset[str] = frozenset(),
) -> Happened:
    """Let another person of the household be the member: number, rights and waiting stay.

    Args:
        work: The work.
        household_id: The household.
        person_id: The new member.
        on: From that day on.
        relations: What the others are to the new member; proposed when left out.
        accepting: Doubts somebody accepted: `age`, `backdated`.

    Raises:
        Refusal: the member already, nobody covered here, relations that cannot be, a member or a
            spouse who is a child.
        Caution: the member or a spouse is very young, the day is long ago.
    """
    home = open_home(work, household_id, on)
    if person_id == home.member_id:
        raise Refusal(
            Text(N_("This person is the member already. Choose somebody else.")), field="person_id"
        )
    check_heads(home, on)
    head = covered(work, home, person_id, on, field="person_id")
    told = seen_by(work, home.on(on), head, relations or {}, on)
    young = doubt_roles(work, home.on(on), told, on, accepting, field="person_id")
    check_news(work, on, accepting, also=young)
    event_id = write_event(work, home.id, EventKind.HEAD_CHANGED, on, person_id=person_id)
    change_relations(work, home, told, event_id, on)
    work.update(household, home.id, member_person_id=person_id)
    refresh_search(work, [home.member_id, person_id])
    return Happened(home.id, (event_id,), (home.id,))


def seen_by(
    work: Work,
    covers: Sequence[Cover],
    head: Cover,
    relations: Mapping[PersonId, Relation],
    on: date,
) -> dict[PersonId, Relation]:
    """Return what each person is to a head: as told, else as it can be concluded.

    Raises:
        Refusal: strangers, a second member, or a relation the statutes do not let be covered.
    """
    persons = {one.person_id for one in covers}
    told = {one.person_id: relation_to(head.relation, one.relation) for one in covers}
    told |= {**relations, head.person_id: Relation.SELF}
    if any(
        person not in persons or (relation is Relation.SELF) != (person == head.person_id)
        for person, relation in told.items()
    ):
        raise Refusal(
            Text(N_("One person alone is the member. Tie everybody else to the member.")),
            field="relations",
        )
    for relation in told.values():
        check_relation(relation, statutes_of(work, on), field="relations")
    return told


# Two out of one, one out of two


def split_household(
    work: Work,
    *,
    household_id: HouseholdId,
    person_ids: Collection[PersonId],
    head_id: PersonId,
    on: date,
    waited: Mapping[PersonId, date | None],
    fee_paid: bool,
    section_id: SectionId | None = None,
    plan_id: PlanId | None = None,
    relations: Mapping[PersonId, Relation] | None = None,
    paid_until: date | None = None,
    accepting: frozenset[str] = frozenset(),
    also: Sequence[Doubt] = (),
) -> Happened:
    """Let persons of a household have a membership of their own from a day on.

    No entry fee is asked where it was paid, and the waiting they did counts. Somebody whose cover
    ended before, or who is past the age limit, may still do so within `own_membership_days`;
    later they enter as anybody does. What the household had paid for them stays theirs to the end
    of that period. Members see no money: `rights.service.split` finds what was waited and paid,
    and is what a window uses. Source: domain handbook 2.2, 2.3; docs/decisions/0029.

    Args:
        work: The work.
        household_id: The household they are of.
        person_ids: Who goes, the new member included.
        head_id: The new member.
        on: The first day of the new household.
        waited: From which day each person's waiting counts; None or left out: it begins anew.
        fee_paid: Whether the household they leave has paid its entry fee.
        section_id: Its section; the same when left out.
        plan_id: Its plan; the same when left out.
        relations: What the others are to the new member; proposed when left out.
        paid_until: The first day that was not paid for in the household they leave.
        accepting: Doubts somebody accepted: `age`, `backdated`.
        also: What is doubted beside, to be asked together.

    Raises:
        Refusal: nobody, everybody, the member, or somebody who is not of the household.
        Caution: the day is long ago, the new member is very young, and what `also` says.
    """
    home = open_home(work, household_id, on)
    head_id = kept_id_of(work, head_id)
    going = _going(work, home, {head_id, *(kept_id_of(work, one) for one in person_ids)}, on)
    head = next(one for one in going if one.person_id == head_id)
    told = seen_by(work, going, head, relations or {}, on)
    young = doubt_roles(work, going, told, on, accepting, field="head_id")
    check_news(work, on, accepting, also=[*also, *young])
    in_time = all(_in_time(work, home, one, on) for one in going)
    new = _new_household(work, home, going, head, on, section_id, plan_id)
    counts = {one.person_id: waited.get(one.person_id) if in_time else None for one in going}
    kind = EventKind.SPLIT_FROM if in_time and fee_paid else EventKind.REGISTERED
    ordered = [head, *(one for one in going if one is not head)]
    off_id = write_event(work, home.id, EventKind.SPLIT_OFF, on, person_id=head_id)
    from_id = write_event(
        work,
        new.id,
        kind,
        on,
        counts_from=min((day for day in counts.values() if day), default=None),
        pair_id=off_id,
        document=_paid_for(work, home, ordered, on, paid_until),
    )
    for suffix, one in enumerate(ordered):
        if one.holds(on):
            end_cover(work, one, off_id, on)
        begin_cover(
            work,
            new,
            one.person_id,
            from_id,
            suffix=suffix,
            relation=told[one.person_id],
            first_day=on,
            counts_from=counts[one.person_id],
        )
    staying = sum(one.holds(on) for one in going)
    work.update(household, home.id, declared_size=home.declared_size - staying)
    refresh_search(work, [one.person_id for one in going])
    return Happened(new.id, (off_id, from_id), (new.id, home.id))


def _paid_for(
    work: Work, home: Home, ordered: Sequence[Cover], on: date, paid_until: date | None
) -> str:
    """Return for whom the household they leave had paid, and until when, as an event keeps it.

    Nothing was paid for who was past the age limit, or not covered, when the period was paid.
    """
    if paid_until is None or paid_until <= on:
        return ""
    limit, statutes = plan_terms(work, home.plan_id, on).child_max_age, statutes_of(work, on)
    whose = [
        suffix
        for suffix, one in enumerate(ordered)
        if one.holds(on) and within_age(one, limit, statutes, on)
    ]
    return kept_told(Kept(paid_until, frozenset(whose))) if whose else ""


def _going(work: Work, home: Home, persons: set[PersonId], on: date) -> list[Cover]:
    """Return the covers of who goes: the one of the day, or the last one before it."""
    if home.member_id in persons:
        raise Refusal(
            Text(N_("The member stays. Change the head first, or end the membership.")),
            field="person_ids",
        )
    going = []
    for person_id in persons:
        begun = [
            one
            for one in home.covers
            if one.person_id == person_id and one.first_day <= on and one.until != one.first_day
        ]
        last = max(begun, key=lambda one: one.first_day, default=None)
        if last is None or last.deceased_on is not None:
            raise Refusal(
                Text(N_("Choose among the people of this household.")), field="person_ids"
            )
        if last.holds(on):
            covered(work, home, person_id, on, field="person_ids")
        if last.until is not None and last.until <= on:
            check_not_covered(work, person_id, on, field="person_ids")
        going.append(last)
    return sorted(going, key=lambda one: one.suffix)


def _in_time(work: Work, home: Home, one: Cover, on: date) -> bool:
    """Whether a membership of one's own is taken soon enough to need no new waiting."""
    statutes = statutes_of(work, on)
    limit = plan_terms(work, home.plan_id, on).child_max_age
    most = timedelta(days=statutes.own_membership_days)
    if one.until is not None and one.until <= on:
        return on <= one.until + most
    if within_age(one, limit, statutes, on):
        return True
    before = on - most - timedelta(days=1)
    out = ages_out_on(one, limit, statutes, before)
    return within_age(one, limit, statutes, before) and out is not None and on <= out + most


def _new_household(
    work: Work,
    home: Home,
    going: Sequence[Cover],
    head: Cover,
    on: date,
    section_id: SectionId | None,
    plan_id: PlanId | None,
) -> Home:
    if len(going) >= len(home.on(on)) and all(one.holds(on) for one in going):
        raise Refusal(
            Text(N_("Somebody must stay. Move the household instead.")), field="person_ids"
        )
    if section_id is not None and work.row(_SECTION, section=section_id) is None:
        raise Refusal(Text(N_("Choose the village or group.")), field="section_id")
    if plan_id is not None and work.row("SELECT 1 FROM plan WHERE id = :id", id=plan_id) is None:
        raise Refusal(Text(N_("Choose the contribution plan.")), field="plan_id")
    new_id = HouseholdId(work.new_id())
    work.insert(
        household,
        id=new_id,
        serial=next_serial(work),
        section_id=section_id or home.section_id,
        joined_on=on,
        declared_size=len(going),
        member_person_id=head.person_id,
        phone="",
        address="",
        legacy_number="",
        compound_id=home.compound_id,
    )
    work.insert(
        enrolment,
        id=work.new_id(),
        household_id=new_id,
        plan_id=plan_id or home.plan_id,
        first_day=on,
    )
    return home_of(work, new_id)


def merge_households(
    work: Work,
    *,
    from_id: HouseholdId,
    into_id: HouseholdId,
    on: date,
    waited: Mapping[PersonId, date | None],
    relations: Mapping[PersonId, Relation] | None = None,
    accepting: frozenset[str] = frozenset(),
    also: Sequence[Doubt] = (),
) -> Happened:
    """Let everybody of one household be covered in another from a day on; the first one ends.

    Nobody waits anew for what they waited already; where the other household still waits itself,
    they wait with it. The money of the first one stays in its file. Members see no money:
    `rights.service.merge` finds what was waited and asks about arrears.

    Args:
        work: The work.
        from_id: The household that ends.
        into_id: The household that takes them in.
        on: From that day on.
        waited: From which day each person's waiting counts; None or left out: it begins anew.
        relations: What each person is to the member of the other household; OTHER when left out.
        accepting: Doubts somebody accepted: `backdated`, `sponsor`.
        also: What is doubted beside, to be asked together.

    Raises:
        Refusal: the same household twice, nobody in it, too many, relations that cannot be.
        Caution: the day is long ago, a sponsor pays for no more persons, and what `also` says.
    """
    if from_id == into_id:
        raise Refusal(Text(N_("Choose another household to go into.")), field="into_id")
    home, into = open_home(work, from_id, on), open_home(work, into_id, on)
    coming = home.on(on)
    statutes = statutes_of(work, on)
    check_number(len(coming) + len(into.on(on)), statutes, field="into_id")
    told = relations or {}
    for person_id, relation in told.items():
        check_relation(relation, statutes, field="relations")
        if relation is Relation.SELF or all(one.person_id != person_id for one in coming):
            raise Refusal(
                Text(N_("One person alone is the member. Tie everybody else to the member.")),
                field="relations",
            )
    many = doubt_payers(work, into, len(coming), on, accepting, field="into_id")
    out_id = end_membership(work, household_id=home.id, event=Event(EventKind.MERGED_INTO, on))
    in_id = write_event(work, into.id, EventKind.MERGED_FROM, on, pair_id=out_id)
    for suffix, one in enumerate(coming, start=into.next_suffix):
        begin_cover(
            work,
            into,
            one.person_id,
            in_id,
            suffix=suffix,
            relation=told.get(one.person_id, Relation.OTHER),
            first_day=on,
            counts_from=waited.get(one.person_id),
        )
    work.update(household, into.id, declared_size=into.declared_size + len(coming))
    refresh_search(work, [one.person_id for one in coming])
    check_news(work, on, accepting, also=[*also, *many])
    return Happened(into.id, (out_id, in_id), (into.id, home.id))


# How a membership ends, and begins anew


def resign(
    work: Work,
    *,
    household_id: HouseholdId,
    letter_on: date,
    on: date,
    reason: str = "",
    accepting: frozenset[str] = frozenset(),
) -> Happened:
    """End a membership by the member's letter; `on` is the first day without cover.

    It may lie ahead: what is paid is covered. `rights.service.resign_at` finds the day.
    Source: domain handbook 2.2, RESIGNED.

    Raises:
        Refusal: a letter of tomorrow, an end before the letter, and as every event.
        Caution: `backdated`: the end is long ago.
    """
    home = open_home(work, household_id, letter_on)
    if home.ending is not None:
        check_ending(home)
    if on < letter_on:
        raise Refusal(
            Text(N_("A membership does not end before the letter. Check the day.")), field="on"
        )
    event_id = end_membership(
        work,
        household_id=home.id,
        event=Event(EventKind.RESIGNED, on, reason.strip(), document=letter_on.isoformat()),
    )
    check_news(work, on, accepting)
    return Happened(home.id, (event_id,), (home.id,))


def check_ending(home: Home) -> None:
    """Refuse a second ending of a membership."""
    if home.ending is not None:
        raise Refusal(
            Text(
                N_("The membership ends on {day} already. Undo that first."),
                {"day": home.ending.effective_on},
            ),
            field="household",
        )


def exclude(
    work: Work,
    *,
    household_id: HouseholdId,
    on: date,
    hearing_on: date,
    decision: str,
    reason: str,
    accepting: frozenset[str] = frozenset(),
) -> Happened:
    """Exclude a household after it was heard, by decision of the board; two sign.

    It may appeal within `appeal_days`; see `rules.appeal_until`. Source: handbook 2.2, EXCLUDED.

    Args:
        work: The work, signed by a second person where there is one.
        household_id: Who is excluded.
        on: The first day without cover.
        hearing_on: The day it was heard, not after `on`.
        decision: The reference of the board's decision.
        reason: What for.
        accepting: `backdated` when somebody accepted it.

    Raises:
        Refusal: no hearing before, no decision, no reason, nobody to sign.
        Caution: the day is long ago.
    """
    why = reason_of(reason)
    home = open_home(work, household_id, on)
    check_ending(home)
    told = _decision(decision)
    check_day(work, hearing_on, home, field="hearing_on")
    if hearing_on > on:
        raise Refusal(
            Text(N_("The household is heard before it is excluded. Check the day.")),
            field="hearing_on",
        )
    check_news(work, on, accepting)
    work.two_signatures()
    event_id = end_membership(
        work,
        household_id=home.id,
        event=Event(EventKind.EXCLUDED, on, why, document=f"{told} ({hearing_on.isoformat()})"),
    )
    return Happened(home.id, (event_id,), (home.id,))


def _decision(told: str) -> str:
    return needed(
        told, Text(N_("Name the decision of the board: its number and day.")), field="decision"
    )


def strike_off(
    work: Work,
    *,
    household_id: HouseholdId,
    on: date,
    decision: str = "",
    reason: str = "",
    accepting: frozenset[str] = frozenset(),
) -> Happened:
    """Strike off a household that has not paid for long; the statutes may ask for the board.

    Whether it has been suspended long enough is asked by `rights.service.strike_off`.
    Source: domain handbook 2.2, SUSPENDED to STRUCK_OFF.

    Raises:
        Refusal: no decision where the board must decide, and as every event.
        Caution: `backdated`: the day is long ago.
    """
    home = open_home(work, household_id, on)
    check_ending(home)
    if plan_terms(work, home.plan_id, on).strike_off_needs_board:
        _decision(decision)
    event_id = end_membership(
        work,
        household_id=home.id,
        event=Event(EventKind.STRUCK_OFF, on, reason.strip(), document=decision.strip()),
    )
    check_news(work, on, accepting)
    return Happened(home.id, (event_id,), (home.id,))


def readmit(
    work: Work,
    *,
    household_id: HouseholdId,
    on: date,
    reason: str = "",
    accepting: frozenset[str] = frozenset(),
) -> Happened:
    """Let a household come back under its number: the whole waiting begins again.

    Who was covered at the end and lives is covered again, under the same suffix.
    Source: domain handbook 2.2, STRUCK_OFF or RESIGNED to REGISTERED.

    Raises:
        Refusal: nothing ended it, it was excluded or closed, it is too early, or one of its
            persons is covered elsewhere.
        Caution: `backdated`: the day is long ago.
    """
    home = home_of(work, household_id)
    check_day(work, on, home)
    ending = home.ending
    if ending is None or ending.id is None or ending.effective_on > on:
        raise Refusal(
            Text(
                N_(
                    "The membership has not ended on that day. Choose another day, or leave it as it is."
                )
            ),
            field="household",
        )
    if ending.kind not in READMITTED:
        raise Refusal(
            Text(
                N_(
                    "Only who resigned or was struck off is readmitted. Undo an exclusion; register a closed household anew."
                )
            ),
            field="household",
        )
    delay = statutes_of(work, on).readmission_delay_months
    earliest = add_months(ending.effective_on, delay)
    if on < earliest:
        raise Refusal(
            Text(
                N_(
                    "The statutes let a household come back from {day} on. Type that day or a later one."
                ),
                {"day": earliest},
            ),
            field="on",
        )
    event_id = _begin_anew(work, home, ending.id, on, reason)
    check_news(work, on, accepting)
    return Happened(home.id, (event_id,), (home.id,))


def _begin_anew(work: Work, home: Home, ending_id: EventId, on: date, reason: str) -> EventId:
    rows = work.rows(_ENDED_COVERS, event=ending_id)
    event_id = write_event(work, home.id, EventKind.READMITTED, on, reason=reason)
    anew = home_of(work, home.id)
    for row in rows:
        person_id = PersonId(row.person_id)
        check_not_covered(work, person_id, on, field="household")
        begin_cover(
            work,
            anew,
            person_id,
            event_id,
            suffix=row.suffix,
            relation=Relation(row.relation),
            first_day=on,
        )
    return event_id
