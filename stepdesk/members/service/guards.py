"""Who may be covered: the guards of the statutes, each with its sentence."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from stepdesk.errors import Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.rules import born_after, how_odd
from stepdesk.members.service.writing import Home, ask, kept_id_of, statutes_of
from stepdesk.members.terms import (
    CHILDREN,
    SPOUSES,
    AgeBounds,
    Birth,
    Cover,
    Event,
    EventKind,
    NewPerson,
    Odd,
    PolygamyMode,
    Relation,
    Role,
    Statutes,
)
from stepdesk.store.work import Work
from stepdesk.values.ids import HouseholdId, PersonId
from stepdesk.values.month import add_months, age_on
from stepdesk.values.phones import may_be_phones

_COMPOUND = (
    "SELECT sum(size) AS declared, sum(covered) AS covered FROM (SELECT h.declared_size AS size,"
    " (SELECT count(*) FROM cover c WHERE c.household_id = h.id AND c.first_day <= :day"
    " AND (c.until IS NULL OR c.until > :day)) AS covered FROM household h"
    " WHERE h.id = :household OR h.compound_id = (SELECT coalesce(k.compound_id, k.id)"
    " FROM household k WHERE k.id = :household) OR (h.compound_id IS NULL AND h.id ="
    " (SELECT k.compound_id FROM household k WHERE k.id = :household))) WHERE covered > 0"
)


def check_relation(one: Relation, statutes: Statutes, *, field: str) -> None:
    """Refuse who may not be covered. Source: domain handbook 2.3, `allowed_relations`."""
    if one is not Relation.SELF and one not in statutes.allowed_relations:
        raise Refusal(
            Text(N_("The statutes do not let this relation be covered. Choose another one.")),
            field=field,
        )
    if one is Relation.CO_SPOUSE and statutes.polygamy_mode is PolygamyMode.ONE_PER_WIFE:
        raise Refusal(
            Text(
                N_(
                    "Each wife has a membership of her own here. Register hers, and tie both"
                    " households into one compound."
                )
            ),
            field=field,
        )


def check_relations(
    relations: Sequence[Relation], statutes: Statutes, *, field: str = "relation:{at}"
) -> None:
    """Refuse what the statutes do not let a household be made of, the new ones last."""
    spouses = 0
    for at, relation in enumerate(relations):
        where = field.format(at=at)
        check_relation(relation, statutes, field=where)
        spouses += relation is Relation.SPOUSE
        if spouses > 1 and statutes.polygamy_mode is PolygamyMode.ONE_PER_WIFE:
            check_relation(Relation.CO_SPOUSE, statutes, field=where)
    check_number(len(relations), statutes, field=f"surname:{len(relations) - 1}")


def check_number(persons: int, statutes: Statutes, *, field: str) -> None:
    """Refuse more than the statutes let one household cover. Source: 2.3, `max_beneficiaries`."""
    if statutes.max_beneficiaries is not None and persons > statutes.max_beneficiaries:
        raise Refusal(
            Text(
                N_(
                    "The statutes cover {most} people a household; this would be {count}. Register the others as a household of their own."
                ),
                {"most": statutes.max_beneficiaries, "count": persons},
            ),
            field=field,
        )


def check_newcomer(work: Work, home: Home, one: NewPerson, first_day: date) -> None:
    """Refuse who may not come into a household on a day."""
    statutes = statutes_of(work, first_day)
    if one.relation is Relation.SELF:
        raise Refusal(
            Text(N_("The household has its member. Choose what the person is to the member.")),
            field="person:relation",
        )
    check_relation(one.relation, statutes, field="person:relation")
    held = home.on(first_day)
    if one.relation is Relation.SPOUSE and any(
        cover.relation is Relation.SPOUSE for cover in held
    ):
        check_relation(
            Relation.CO_SPOUSE
            if statutes.polygamy_mode is PolygamyMode.ONE_PER_WIFE
            else Relation.SPOUSE,
            statutes,
            field="person:relation",
        )
    check_number(len(held) + 1, statutes, field="person:surname")


# Ages that cannot be, and ages that are asked about


_IMPOSSIBLE = {
    Role.SPOUSE: N_("Nobody is a spouse at {age} years. Check the birth, the day and the link."),
    Role.MOTHER: N_("Nobody gives birth at {age} years. Check the mother and the day."),
    Role.HEAD: N_("Nobody is the member at {age} years. Check the birth and the day."),
}
_UNLIKELY = {
    Role.SPOUSE: N_("The spouse would be {age} years old. Are birth, day and link right?"),
    Role.MOTHER: N_("The mother would be {age} years old. Is she the mother?"),
    Role.HEAD: N_("The member would be {age} years old. Is there nobody older?"),
}


def age_bounds(work: Work, role: Role, day: date) -> AgeBounds:
    """Return from and to which age somebody is that, by the country's numbers of a day."""
    name = role.value.lower()
    pack = work.country
    least, usual = (pack.number(f"{name}_age_{one}", day) for one in ("least", "usual"))
    if role is not Role.MOTHER:
        return AgeBounds(least, usual)
    return AgeBounds(
        least, usual, *(pack.number(f"{name}_age_{one}", day) for one in ("usual_to", "most"))
    )


def doubt_age(
    work: Work,
    role: Role,
    birth: Birth,
    on: date,
    accepting: Collection[str],
    *,
    field: str,
    name: str = "age",
) -> Iterator[Doubt]:
    """Yield the doubt about an age that is unusual for what somebody is told to be.

    Raises:
        Refusal: the age cannot be.
    """
    age = age_on(birth.day, on) if birth.day <= on else 0
    odd = how_odd(age, age_bounds(work, role, on))
    if odd is Odd.IMPOSSIBLE:
        raise Refusal(Text(_IMPOSSIBLE[role], {"age": age}), field=field)
    if odd is Odd.UNLIKELY and name not in accepting:
        yield Doubt(name, Text(_UNLIKELY[role], {"age": age}), field)


def doubt_roles(
    work: Work,
    covers: Sequence[Cover],
    relations: dict[PersonId, Relation],
    on: date,
    accepting: Collection[str],
    *,
    field: str,
) -> list[Doubt]:
    """Return the doubts about who becomes the member, or the member's spouse, too young."""
    roles = {Relation.SELF: Role.HEAD, **dict.fromkeys(SPOUSES, Role.SPOUSE)}
    found: list[Doubt] = []
    for one in covers:
        role = roles.get(relations.get(one.person_id, one.relation))
        changed = relations.get(one.person_id, one.relation) is not one.relation
        if role is not None and changed:
            found += doubt_age(work, role, one.birth, on, accepting, field=field)
    return found[:1]


def check_born(birth: Birth, on: date, *, field: str) -> None:
    """Refuse who is covered before being born."""
    if born_after(birth, on):
        raise Refusal(
            Text(N_("Nobody comes before being born. Check the birth and the day.")), field=field
        )


# A sponsor's number of persons

_LAST_STEP = (
    "(SELECT s.{} FROM nomination_step s WHERE s.nomination_id = n.id AND s.effective_on <= :day"
    " AND NOT EXISTS (SELECT 1 FROM membership_event r WHERE r.reverses = s.id)"
    " ORDER BY s.effective_on DESC, s.id DESC LIMIT 1)"
)
_STANDING = (
    f"(SELECT n.* FROM nomination n WHERE {_LAST_STEP.format('step')} IN ('COVERED', 'RENEWED')"  # noqa: S608 - our own words
    f" AND coalesce({_LAST_STEP.format('until')}, '9999') > :day)"
)
_SPONSORS = (
    "SELECT p.name AS payer, a.max_persons AS most, (SELECT count(DISTINCT c.person_id)"  # noqa: S608 - our own words
    f" FROM {_STANDING} k JOIN cover c ON c.household_id = k.household_id"
    " AND (k.person_id IS NULL OR k.person_id = c.person_id) WHERE k.agreement_id = a.id"
    " AND c.first_day <= :day AND (c.until IS NULL OR c.until > :day)) AS taken"
    f" FROM {_STANDING} h JOIN payer_agreement a ON a.id = h.agreement_id"
    " JOIN payer p ON p.id = a.payer_id WHERE h.household_id = :household AND h.person_id IS NULL"
    " AND a.max_persons IS NOT NULL"
)


def doubt_payers(
    work: Work, home: Home, more: int, on: date, accepting: Collection[str], *, field: str
) -> list[Doubt]:
    """Return the doubt about more persons than a sponsor of the whole household pays for.

    Source: domain handbook 2.6, `max persons`.
    """
    if "sponsor" in accepting:
        return []
    return [
        Doubt(
            "sponsor",
            Text(
                N_(
                    "{payer} pays for {most} persons at most, and this would be {count}. Tell the"
                    " sponsor first."
                ),
                {"payer": row.payer, "most": row.most, "count": row.taken + more},
            ),
            field,
        )
        for row in work.rows(_SPONSORS, household=home.id, day=on.isoformat())
        if row.taken + more > row.most
    ]


_PLACES = (CHILDREN, SPOUSES, frozenset({Relation.PARENT, Relation.PARENT_IN_LAW}))


_FREES = frozenset({EventKind.LEFT, EventKind.DIVORCE})
"""What leaves a place that nobody takes within the year; a death does not. Source: 2.3."""


def _place(relation: Relation) -> frozenset[Relation]:
    """Return the relations among which one person stands in for another."""
    return next((place for place in _PLACES if relation in place), frozenset({relation}))


def check_replacement(work: Work, home: Home, relation: Relation, on: date) -> None:
    """Refuse who would take the place of somebody of the same kind who left within the year.

    The year counts both ways: a joining told for the eve of a leaving told before is the same
    replacement, and so is who joins as a spouse after a divorce without having married. Births,
    marriages and deaths are excepted: they are other events; who came back has the place again. Source: domain handbook 2.3.
    """
    months = statutes_of(work, on).replacement_months
    for event in home.events:
        free = add_months(event.effective_on, months)
        near = on < free and event.effective_on < add_months(on, months)
        if event.kind not in _FREES or not near:
            continue
        present = {one.person_id for one in home.on(max(on, event.effective_on))}
        who = None if event.person_id is None else kept_id_of(work, event.person_id)
        were = {one.relation_on(event.effective_on) for one in home.covers if one.person_id == who}
        if who not in present and were & _place(relation):
            raise Refusal(
                Text(
                    N_(
                        "Somebody left on {day}, and nobody takes that place before {free}. Wait until then; a birth or a marriage need not wait."
                    ),
                    {"day": event.effective_on, "free": free},
                ),
                field="on",
            )


def check_leaving(
    work: Work, home: Home, mine: Cover, on: date, accepting: Collection[str]
) -> list[Doubt]:
    """Refuse that somebody's place was taken within the year, whichever was told first.

    Who joined on or after the day of leaving took the place. Who joined before, within the same
    months, may have: that is asked about. Births and marriages are excepted, and who had been of
    the household before. Source: domain handbook 2.3.
    """
    months = statutes_of(work, on).replacement_months
    place = _place(mine.relation_on(on))
    doubts: list[Doubt] = []
    for event in home.events:
        if event.kind is not EventKind.JOINED_LATE or not _took(work, home, event, place, mine):
            continue
        joined = event.effective_on
        if on <= joined < add_months(on, months):
            raise Refusal(
                Text(
                    N_(
                        "Somebody joined on {day} in that place, and nobody takes a place within"
                        " the year. Undo that joining first."
                    ),
                    {"day": joined},
                ),
                field="on",
            )
        if joined < on < add_months(joined, months) and "replacement" not in accepting:
            told = Text(
                N_("Somebody joined on {day} in the same place. Is nobody being replaced?"),
                {"day": joined},
            )
            doubts.append(Doubt("replacement", told, "on"))
    return doubts[:1]


def _took(
    work: Work, home: Home, event: Event, place: frozenset[Relation], leaving: Cover
) -> bool:
    """Whether who joined is new to the household, still covered, and of the same kind."""
    who = None if event.person_id is None else kept_id_of(work, event.person_id)
    if who is None or who == leaving.person_id:
        return False
    theirs = [one for one in home.covers if one.person_id == who and one.until != one.first_day]
    began = [one for one in theirs if one.first_day <= event.effective_on]
    return (
        len(began) == 1
        and theirs[-1].holds(max(work.today, theirs[-1].first_day))
        and began[0].relation_on(event.effective_on) in place
    )


def check_completeness(
    work: Work,
    household_id: HouseholdId,
    day: date,
    accepting: frozenset[str],
) -> None:
    """Ask about or refuse a household of which too few are covered: `doubt_completeness`."""
    ask(doubt_completeness(work, household_id, day, accepting))


def doubt_completeness(
    work: Work,
    household_id: HouseholdId,
    day: date,
    accepting: frozenset[str],
) -> list[Doubt]:
    """Return the doubt about a household of which too few are covered; a compound counts as one.

    Args:
        work: The work.
        household_id: The household, as it is now written.
        day: The day on which the covered are counted.
        accepting: `completeness` when somebody accepted it.

    Raises:
        Refusal: where the statutes do not let it be.

    Source: domain handbook 2.3, `family_completeness_min`.
    """
    statutes = statutes_of(work, day)
    row = work.row(_COMPOUND, household=household_id, day=day.isoformat())
    declared, covered = row.declared or 0, row.covered or 0
    if not declared or covered * 100 >= declared * statutes.completeness_min:
        return []
    told = Text(
        N_(
            "{covered} of {declared} people are covered; the statutes ask for {least} %. Add the others, or correct the size."
        ),
        {"covered": covered, "declared": declared, "least": statutes.completeness_min},
    )
    if statutes.completeness_blocks:
        raise Refusal(told, field="declared_size")
    asked = "completeness" not in accepting
    return [Doubt("completeness", told, "declared_size")] if asked else []


def check_phone(work: Work, told: str) -> None:
    """Refuse what nobody can dial; several numbers and old forms are let through.

    Raises:
        Refusal: its field is `phone`.
    """
    if not may_be_phones(told, work.country.code):
        raise Refusal(
            Text(
                N_(
                    "This is no telephone number. Type its digits, such as 77 123 45 67;"
                    " put / between two numbers."
                )
            ),
            field="phone",
        )
