"""Who may be covered: the guards of the statutes, each with its sentence."""

from collections.abc import Sequence
from datetime import date

from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.service.writing import Home, kept_id_of, statutes_of
from stepdesk.members.terms import (
    CHILDREN,
    SPOUSES,
    EventKind,
    NewPerson,
    PolygamyMode,
    Relation,
    Statutes,
)
from stepdesk.store.work import Work
from stepdesk.values.ids import HouseholdId
from stepdesk.values.month import add_months
from stepdesk.values.phones import may_be_phones

_COMPOUND = (
    "SELECT sum(size) AS declared, sum(covered) AS covered FROM (SELECT h.declared_size AS size,"
    " (SELECT count(*) FROM cover c WHERE c.household_id = h.id AND c.first_day <= :day"
    " AND (c.until IS NULL OR c.until > :day)) AS covered FROM household h"
    " WHERE h.id = :household OR coalesce(h.compound_id, h.id) = (SELECT coalesce(k.compound_id,"
    " k.id) FROM household k WHERE k.id = :household)) WHERE covered > 0"
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
                N_("The statutes cover {most} people a household; this would be {count}."),
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


_PLACES = (CHILDREN, SPOUSES, frozenset({Relation.PARENT, Relation.PARENT_IN_LAW}))


def _place(relation: Relation) -> frozenset[Relation]:
    """Return the relations among which one person stands in for another."""
    return next((place for place in _PLACES if relation in place), frozenset({relation}))


def check_replacement(work: Work, home: Home, relation: Relation, on: date) -> None:
    """Refuse who would take the place of somebody of the same kind who left within the year.

    The year counts both ways: a joining told for the eve of a leaving told before is the same
    replacement. Births, marriages and deaths are excepted: they are other events; who came back
    has the place again. Source: domain handbook 2.3.
    """
    months = statutes_of(work, on).replacement_months
    for event in home.events:
        free = add_months(event.effective_on, months)
        near = on < free and event.effective_on < add_months(on, months)
        if event.kind is not EventKind.LEFT or not near:
            continue
        present = {one.person_id for one in home.on(max(on, event.effective_on))}
        who = None if event.person_id is None else kept_id_of(work, event.person_id)
        were = {one.relation_on(event.effective_on) for one in home.covers if one.person_id == who}
        if who not in present and were & _place(relation):
            raise Refusal(
                Text(
                    N_(
                        "Somebody left on {day}, and nobody takes that place before {free}."
                        " Births and marriages are excepted."
                    ),
                    {"day": event.effective_on, "free": free},
                ),
                field="on",
            )


def check_completeness(
    work: Work,
    household_id: HouseholdId,
    day: date,
    accepting: frozenset[str],
) -> None:
    """Doubt or refuse a household of which too few are covered; a compound counts as one.

    Args:
        work: The work.
        household_id: The household, as it is now written.
        day: The day on which the covered are counted.
        accepting: `completeness` when somebody accepted it.

    Source: domain handbook 2.3, `family_completeness_min`.
    """
    statutes = statutes_of(work, day)
    row = work.row(_COMPOUND, household=household_id, day=day.isoformat())
    declared, covered = row.declared or 0, row.covered or 0
    if not declared or covered * 100 >= declared * statutes.completeness_min:
        return
    told = Text(
        N_("{covered} of {declared} people are covered; the statutes ask for {least} %."),
        {"covered": covered, "declared": declared, "least": statutes.completeness_min},
    )
    if statutes.completeness_blocks:
        raise Refusal(told, field="declared_size")
    if "completeness" not in accepting:
        raise Caution((Doubt("completeness", told, "declared_size"),))


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
