"""What happens to the persons of a household: who comes, who goes, who is marked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from stepdesk.errors import Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.model import household, person
from stepdesk.members.queries import same_person
from stepdesk.members.rules import check_birth, relation_to, within_age
from stepdesk.members.service.guards import (
    check_born,
    check_leaving,
    check_newcomer,
    check_replacement,
    doubt_age,
    doubt_payers,
    doubt_roles,
)
from stepdesk.members.service.register import doubt_alike
from stepdesk.members.service.searching import refresh_search
from stepdesk.members.service.writing import (
    Home,
    begin_cover,
    change_relations,
    check_day,
    check_heads,
    check_news,
    check_no_later_cover,
    check_not_covered,
    end_cover,
    grow,
    is_old,
    kept_id_of,
    needed,
    old_news,
    open_home,
    open_home_of,
    plan_terms,
    reason_of,
    statutes_of,
    write_event,
    write_mark,
    write_person,
)
from stepdesk.members.terms import (
    CHILDREN,
    SPOUSES,
    Birth,
    BirthKnown,
    Cover,
    EventKind,
    Happened,
    MarkKind,
    NewPerson,
    Relation,
    Role,
)
from stepdesk.store.work import Work
from stepdesk.values.ids import HouseholdId, PersonId
from stepdesk.values.month import add_months

_DAY = timedelta(days=1)
_ALIVE = "SELECT deceased_on, birth, birth_known FROM person WHERE id = :person"
SCHOOL_YEAR = 15
"""Months a certificate of a school year may hold at most, holidays included."""


# Who comes


def record_birth(
    work: Work,
    *,
    household_id: HouseholdId,
    person: NewPerson,
    mother_id: PersonId | None,
    on: date,
    declared_on: date | None = None,
    accepting: frozenset[str] = frozenset(),
) -> Happened:
    """Record a birth: the child has a suffix of its own from the day it is declared.

    Until then it is cared for under the mother's, for `newborn_declare_days`. Declared in time it
    does not wait; later it waits as who joins late does. Source: domain handbook 2.3.

    Args:
        work: The work.
        household_id: Whose child.
        person: The child; its birth is the day told in `on`.
        mother_id: The mother; None where she is not of the household: the child is then cared for
            under the member's number.
        on: The day of birth.
        declared_on: The day it was declared; today when left out.
        accepting: Doubts somebody accepted: `alike:0`, `age`, `backdated`, `sponsor`.

    Raises:
        Refusal: beside its field.
        Caution: somebody much alike is registered, the mother is very young or old, it was
            declared long ago, a sponsor pays for no more persons.
    """
    declared = declared_on or work.today
    home = open_home(work, household_id, on)
    _check_declared(work, on, declared)
    if person.relation not in CHILDREN:
        raise Refusal(
            Text(N_("A newborn is a child or a grandchild of the member. Choose which.")),
            field="person:relation",
        )
    doubts = [] if mother_id is None else _mother(work, home, mother_id, on, accepting)
    child = replace(person, birth=Birth(on, BirthKnown.DAY))
    return _come(
        work,
        home,
        EventKind.BIRTH,
        child,
        on,
        declared,
        mother_id=mother_id,
        accepting=accepting,
        also=doubts,
    )


def _mother(
    work: Work, home: Home, mother_id: PersonId, on: date, accepting: Collection[str]
) -> list[Doubt]:
    """Return what is doubted of a mother; refuse who is no woman of the household."""
    hers = [one for one in home.on(on) if one.person_id == mother_id]
    if not hers or hers[0].sex.value != "F":
        raise Refusal(
            Text(N_("Choose the mother among the women of the household, or nobody.")),
            field="mother_id",
        )
    return list(doubt_age(work, Role.MOTHER, hers[0].birth, on, accepting, field="mother_id"))


def record_marriage(
    work: Work,
    *,
    household_id: HouseholdId,
    person: NewPerson,
    on: date,
    declared_on: date | None = None,
    accepting: frozenset[str] = frozenset(),
) -> Happened:
    """Record a marriage: the spouse is covered from the day of declaring it.

    Declared within `spouse_declare_days`, by the statutes of that day, there is no own waiting.
    Source: domain handbook 2.3.

    Args:
        work: The work.
        household_id: The household.
        person: The spouse.
        on: The day of the wedding.
        declared_on: The day it was declared; today when left out.
        accepting: Doubts somebody accepted: `alike:0`, `age`, `backdated`, `sponsor`.

    Raises:
        Refusal: beside its field.
        Caution: somebody much alike is registered, the spouse is very young, it was declared long
            ago, a sponsor pays for no more persons.
    """
    declared = declared_on or work.today
    home = open_home(work, household_id, on)
    _check_declared(work, on, declared)
    if person.relation not in SPOUSES:
        raise Refusal(
            Text(N_("Who marries the member is a spouse or a co-spouse. Choose which.")),
            field="person:relation",
        )
    in_time = declared <= on + timedelta(days=statutes_of(work, declared).spouse_declare_days)
    waited = _no_waiting(work, home, declared) if in_time else None
    return _come(
        work,
        home,
        EventKind.MARRIAGE,
        person,
        on,
        declared,
        counts_from=waited,
        accepting=accepting,
    )


def record_joining(
    work: Work,
    *,
    household_id: HouseholdId,
    person: NewPerson,
    on: date,
    known_id: PersonId | None = None,
    accepting: frozenset[str] = frozenset(),
) -> Happened:
    """Record that somebody joins a household late: covered from the day on, with own waiting.

    Told more than `BACKDATED` days later, waiting counts from today: nobody is insured from the
    day they fell ill by giving an old day. Source: domain handbook 2.3, decision 18.

    Args:
        work: The work.
        household_id: Whom they join.
        person: Who joins, and what they are to the member.
        on: The first day of cover.
        known_id: Somebody of the scheme who comes (back): the person keeps their id, and of the
            form only the relation counts.
        accepting: Doubts somebody accepted: `alike:0`, `age`, `backdated`, `sponsor`.

    Raises:
        Refusal: beside its field; also who would take the place of somebody who left within
            `replacement_months`, and a newborn, whose birth is recorded.
        Caution: somebody much alike is registered, a spouse is very young, the day is long ago, a
            sponsor pays for no more persons.
    """
    home = open_home(work, household_id, on)
    if known_id is None or all(one.person_id != known_id for one in home.covers):
        check_replacement(work, home, person.relation, on)
    late = is_old(work, on)
    if late and known_id is None and _newborn(work, home, person, on):
        raise Refusal(
            Text(N_("The child was born then. Record the birth instead: that has its own days.")),
            field="on",
        )
    return _come(
        work,
        home,
        EventKind.JOINED_LATE,
        person,
        on,
        on,
        known_id=known_id,
        counts_from=work.today if late else None,
        accepting=accepting,
    )


def _newborn(work: Work, home: Home, one: NewPerson, on: date) -> bool:
    days = plan_terms(work, home.plan_id, on).newborn_declare_days
    return timedelta(0) <= on - one.birth.day <= timedelta(days=days)


def _come(
    work: Work,
    home: Home,
    kind: EventKind,
    one: NewPerson,
    on: date,
    first_day: date,
    *,
    known_id: PersonId | None = None,
    mother_id: PersonId | None = None,
    counts_from: date | None = None,
    accepting: frozenset[str] = frozenset(),
    also: Sequence[Doubt] = (),
) -> Happened:
    known = None if known_id is None else _known(work, known_id)
    checked = _checked(work, one) if known is None else replace(one, birth=known[1])
    check_newcomer(work, home, checked, first_day)
    check_born(checked.birth, on, field="person:birth")
    if known is not None:
        check_not_covered(work, known[0], first_day, field="known_id")
    doubts = [*also, *_newcomer_doubts(work, home, kind, checked, on, first_day, accepting)]
    doubt_alike(work, [] if known else [checked], accepting, prefix="person:", also=doubts)
    person_id = known[0] if known else PersonId(work.new_id())
    if known is None:
        write_person(work, person_id, checked, mother_id)
    more = _more(home, kind, first_day)
    event_id = write_event(
        work,
        home.id,
        kind,
        on,
        person_id=person_id,
        document=f"declared_size: {home.declared_size} > {home.declared_size + more}" * more,
    )
    former = [cover.suffix for cover in home.covers if cover.person_id == person_id]
    begin_cover(
        work,
        home,
        person_id,
        event_id,
        suffix=former[0] if former else home.next_suffix,
        relation=checked.relation,
        first_day=first_day,
        counts_from=counts_from,
    )
    grow(work, home, more)
    return Happened(home.id, (event_id,), (home.id,), () if known else (person_id,))


def _newcomer_doubts(
    work: Work,
    home: Home,
    kind: EventKind,
    one: NewPerson,
    on: date,
    first_day: date,
    accepting: Collection[str],
) -> list[Doubt]:
    field = "on" if kind is EventKind.JOINED_LATE else "declared_on"
    doubts = old_news(work, first_day, accepting, field)
    if doubts and kind is EventKind.JOINED_LATE and is_old(work, first_day):
        told = Text(
            N_("{doubt} Own waiting counts from today in any case."), {"doubt": doubts[0].text}
        )
        doubts = [replace(doubts[0], text=told)]
    if one.relation in SPOUSES:
        doubts += doubt_age(work, Role.SPOUSE, one.birth, on, accepting, field="person:birth")
    return [*doubts, *doubt_payers(work, home, 1, first_day, accepting, field="person:surname")]


def _more(home: Home, kind: EventKind, first_day: date) -> int:
    """Return how many more live in the household; who joins late may live there already."""
    ends = (one.until or date.max for one in home.covers if one.until != one.first_day)
    known = sum(first_day < until for until in ends)
    return int(kind is not EventKind.JOINED_LATE or known >= home.declared_size)


def _known(work: Work, known_id: PersonId) -> tuple[PersonId, Birth]:
    """Return the id somebody is kept under, and the birth; refuse strangers and the dead."""
    kept = kept_id_of(work, known_id)
    row = work.row(_ALIVE, person=kept)
    if row is None or row.deceased_on is not None:
        raise Refusal(
            Text(
                N_(
                    "Nobody is registered under this number. Look at the card again, or search by name."
                )
            ),
            field="known_id",
        )
    return kept, Birth(date.fromisoformat(row.birth), BirthKnown(row.birth_known))


def _checked(work: Work, one: NewPerson) -> NewPerson:
    for field, told in (("surname", one.surname), ("given_names", one.given_names)):
        needed(told, Text(N_("Type the name.")), field=f"person:{field}")
    return replace(one, birth=check_birth(one.birth, work.today))


def _check_declared(work: Work, on: date, declared: date) -> None:
    if not on <= declared <= work.today:
        raise Refusal(
            Text(N_("It was declared between that day and today. Check the day.")),
            field="declared_on",
        )


def _no_waiting(work: Work, home: Home, first_day: date) -> date:
    """Return a day so early that whoever is covered from `first_day` on has waited already."""
    own = statutes_of(work, first_day).added_dependant_waiting
    months = plan_terms(work, home.plan_id, first_day).waiting_months if own is None else own
    return min(home.joined_on, add_months(first_day, -months))


# Who goes


def record_death(
    work: Work,
    *,
    person_id: PersonId,
    on: date,
    heir_id: PersonId | None = None,
    relations: Mapping[PersonId, Relation] | None = None,
    closes_on: date | None = None,
    accepting: frozenset[str] = frozenset(),
) -> Happened:
    """Record a death: cover holds on that day and ends with it.

    When the member dies, the heir takes over with number, rights and the waiting done. Without
    survivors the household is closed. Source: domain handbook 2.2 (CLOSED) and 2.3.

    Args:
        work: The work.
        person_id: Who died.
        on: The day of death.
        heir_id: Who takes over after the member.
        relations: What the others are to the heir; proposed by `rules.relation_to` when left out.
        closes_on: Where survivors stay and nobody takes over: the first day without cover, the
            one after `covered_through`.
        accepting: Doubts somebody accepted: `age` of the heir, `backdated`.

    Raises:
        Refusal: beside its field: `on`, `person_id`, `heir_id`, `closes_on`.
        Caution: the day is long ago, the heir is very young.
    """
    home, mine = open_home_of(work, person_id, on, field="person_id")
    person_id = mine.person_id
    until = on + _DAY
    others = [held for held in home.on(until) if held.person_id != person_id]
    young: list[Doubt] = []
    if person_id == home.member_id:
        check_heads(home, until)
        young = _young_heir(work, others, heir_id, until, accepting)
    check_news(work, on, accepting, also=young)
    event_id = write_event(work, home.id, EventKind.DEATH, on, person_id=person_id)
    for same in same_person(work.connection, person_id):
        work.update(person, same, deceased_on=on)
    end_cover(work, mine, event_id, until)
    grow(work, home, -1)
    events = [event_id]
    if person_id == home.member_id and heir_id is not None:
        heir = _heir(others, heir_id)
        events.append(
            write_event(
                work, home.id, EventKind.HEAD_CHANGED, until, person_id=heir_id, pair_id=event_id
            )
        )
        told = {one.person_id: relation_to(heir.relation, one.relation) for one in others}
        told |= {**(relations or {}), heir_id: Relation.SELF}
        _check_relations(told, heir_id, {one.person_id for one in others})
        change_relations(work, home, told, events[-1], until, leaving=(mine.id,))
        work.update(household, home.id, member_person_id=heir_id)
        refresh_search(work, [heir_id])
    elif person_id == home.member_id:
        closing = _closing_day(until, others, closes_on)
        check_no_later_cover(home, closing, field="closes_on")
        events.append(write_event(work, home.id, EventKind.CLOSED, closing, pair_id=event_id))
        for held in others:
            end_cover(work, held, events[-1], closing)
    return Happened(home.id, tuple(events), (home.id,))


def _young_heir(
    work: Work,
    others: list[Cover],
    heir_id: PersonId | None,
    on: date,
    accepting: Collection[str],
) -> list[Doubt]:
    if heir_id is None:
        return []
    heir = _heir(others, heir_id)
    return doubt_roles(work, [heir], {heir_id: Relation.SELF}, on, accepting, field="heir_id")


def _heir(others: list[Cover], heir_id: PersonId) -> Cover:
    found = [one for one in others if one.person_id == heir_id]
    if not found:
        raise Refusal(
            Text(N_("Who takes over must be covered in this household. Choose somebody else.")),
            field="heir_id",
        )
    return found[0]


def _closing_day(until: date, others: list[Cover], closes_on: date | None) -> date:
    if not others:
        return until
    if closes_on is None:
        raise Refusal(
            Text(N_("Choose who takes over, or the day on which the household is closed.")),
            field="heir_id",
        )
    if closes_on < until:
        raise Refusal(
            Text(N_("The household is not closed before the death. Check the day.")),
            field="closes_on",
        )
    return closes_on


def _check_relations(
    relations: Mapping[PersonId, Relation], head: PersonId, persons: set[PersonId]
) -> None:
    """Refuse relations of strangers, and a second member."""
    for person_id, relation in relations.items():
        if person_id not in persons or (relation is Relation.SELF) != (person_id == head):
            raise Refusal(
                Text(N_("One person alone is the member. Tie everybody else to the member.")),
                field="relations",
            )


def record_divorce(
    work: Work,
    *,
    person_id: PersonId,
    on: date,
    reason: str = "",
    accepting: frozenset[str] = frozenset(),
) -> Happened:
    """Record a divorce: the spouse's cover ends, the day itself no longer covered.

    Raises:
        Refusal: somebody who is no spouse of the member, and as `record_leaving`.
        Caution: as `record_leaving`.
    """
    home, mine = open_home_of(work, person_id, on, field="person_id")
    if mine.relation not in SPOUSES:
        raise Refusal(
            Text(
                N_(
                    "Only a spouse of the member is divorced from the member. Choose the spouse, or let the person leave."
                )
            ),
            field="person_id",
        )
    return _go(work, home, mine, EventKind.DIVORCE, on, reason, accepting)


def record_leaving(
    work: Work,
    *,
    person_id: PersonId,
    on: date,
    reason: str,
    accepting: frozenset[str] = frozenset(),
) -> Happened:
    """Record that a dependant leaves the household; the day itself is no longer covered.

    Raises:
        Refusal: no reason, the member, somebody not covered that day, a day ahead or too early,
            somebody whose place was taken by who joined from that day on.
        Caution: `backdated`: the day is long ago; `replacement`: somebody joined in the same place
            within the year before.
    """
    why = reason_of(reason)
    home, mine = open_home_of(work, person_id, on, field="person_id")
    return _go(work, home, mine, EventKind.LEFT, on, why, accepting)


def _go(
    work: Work,
    home: Home,
    mine: Cover,
    kind: EventKind,
    on: date,
    reason: str,
    accepting: Collection[str],
) -> Happened:
    if mine.person_id == home.member_id:
        raise Refusal(
            Text(
                N_(
                    "The member does not leave alone: change the head first, or end the membership."
                )
            ),
            field="person_id",
        )
    doubts = check_leaving(work, home, mine, on, accepting)
    check_news(work, on, accepting, also=doubts)
    event_id = write_event(work, home.id, kind, on, person_id=mine.person_id, reason=reason)
    end_cover(work, mine, event_id, on)
    if kind is EventKind.DIVORCE:
        grow(work, home, -1)
    return Happened(home.id, (event_id,), (home.id,))


# Marks


def mark_student(
    work: Work,
    *,
    person_id: PersonId,
    first_day: date,
    until: date,
    document: str,
    accepting: frozenset[str] = frozenset(),
) -> Happened:
    """Note the certificate of a school year: a child is covered up to `student_max_age` by it.

    Args:
        work: The work.
        person_id: Whose certificate.
        first_day: The first day it is good for.
        until: The first day it is not.
        document: Its number, or where it is filed.
        accepting: `backdated` when somebody accepted it.

    Raises:
        Refusal: no child of the member, no document, days that are no school year.
        Caution: the child is past the age limit, and the first day is long ago.
    """
    needed(document, Text(N_("Name the certificate of the school year.")), field="document")
    if until <= first_day or until > add_months(first_day, SCHOOL_YEAR):
        raise Refusal(
            Text(N_("A certificate is good for one school year. Check the days.")), field="until"
        )
    return _mark(work, MarkKind.STUDENT, person_id, first_day, until, document, accepting)


def mark_disabled(
    work: Work,
    *,
    person_id: PersonId,
    first_day: date,
    document: str,
    accepting: frozenset[str] = frozenset(),
) -> Happened:
    """Note that a child is disabled: no age limit holds from `first_day` on.

    Raises:
        Refusal: no child of the member, no document, a day ahead.
        Caution: the child is past the age limit, and the first day is long ago.
    """
    needed(document, Text(N_("Name the medical or official paper.")), field="document")
    check_day(work, first_day, field="first_day")
    return _mark(work, MarkKind.DISABLED, person_id, first_day, None, document, accepting)


def _mark(
    work: Work,
    kind: MarkKind,
    person_id: PersonId,
    first_day: date,
    until: date | None,
    document: str,
    accepting: Collection[str],
) -> Happened:
    home, mine = open_home_of(work, person_id, work.today, field="person_id")
    if mine.relation not in CHILDREN:
        raise Refusal(
            Text(
                N_("An age limit holds for children only. Choose a child, or leave it as it is.")
            ),
            field="person_id",
        )
    limit = plan_terms(work, home.plan_id, work.today).child_max_age
    if not within_age(mine, limit, statutes_of(work, work.today), work.today):
        check_news(work, first_day, accepting, field="first_day")
    event_id = write_event(
        work, home.id, EventKind(kind.value), first_day, person_id=person_id, document=document
    )
    write_mark(work, person_id, kind, first_day, until, event_id)
    return Happened(home.id, (event_id,), (home.id,))
