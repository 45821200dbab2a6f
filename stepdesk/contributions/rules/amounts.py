"""What a period costs the member and the payers."""

from collections.abc import Iterator, Sequence
from datetime import date
from operator import attrgetter

from stepdesk.contributions.rules.calendar import (
    months_begun,
    months_of,
    season_year_of,
)
from stepdesk.contributions.terms import (
    Basis,
    CategoryFrom,
    Cycle,
    LateEntry,
    Periodicity,
    PlanVersion,
)
from stepdesk.members.rules import DEFAULT, within_age
from stepdesk.members.terms import Cover, Relation, Statutes
from stepdesk.payers.rules import payer_part
from stepdesk.payers.terms import Sponsored
from stepdesk.values.money import round_half_up, split
from stepdesk.values.month import age_on

ADULT = 18
"""From which age adult amounts hold where a plan does not say. Source: openIMIS handbook 2.2."""

_by_entry = attrgetter("first_day", "suffix")


def _counts(plan: PlanVersion, statutes: Statutes, cover: Cover, day: date) -> bool:
    """Whether a person is paid for: covered, alive, and within the age limit."""
    if not cover.holds(day) or (cover.deceased_on is not None and cover.deceased_on < day):
        return False
    return within_age(cover, plan.child_max_age, statutes, day)


def counted(
    plan: PlanVersion, covers: Sequence[Cover], day: date, statutes: Statutes = DEFAULT
) -> tuple[Cover, ...]:
    """Return the persons paid for on a day: the first `max_persons` of those who count.

    Who was covered first comes first, of equal days by suffix: the member, then in the order of
    registration. Source: openIMIS handbook 2.2, `max_members`.
    """
    found = tuple(one for one in covers if _counts(plan, statutes, one, day))
    if plan.max_persons is None or len(found) <= plan.max_persons:
        return found
    return tuple(sorted(found, key=_by_entry)[: plan.max_persons])


def counting_day(covers: Sequence[Cover], *, effect: date, first_day: date) -> date:
    """Return the day on which the persons of a period are counted: its first day.

    A term's first period that begins before anybody's cover counts on the first day of cover.
    """
    if first_day != effect:
        return first_day
    return max(first_day, min((cover.first_day for cover in covers), default=first_day))


def due_amounts(
    plan: PlanVersion,
    covers: Sequence[Cover],
    *,
    effect: date,
    first_day: date,
    until: date,
    statutes: Statutes = DEFAULT,
    sponsored: Sequence[Sponsored] = (),
    categories: Sequence[CategoryFrom] = (),
) -> tuple[int, int]:
    """Return what a period costs the member, and what payers' commitments take over.

    Persons are counted as covered on the period's first day, without the dead and those past
    the age limit, at most `max_persons`; who comes later is charged from the next. A term's
    first period that begins before anybody's cover (FIRST_OF_MONTH) counts those covered on the
    first day of cover. Nothing is paid for nobody. A first, shorter period of a fixed cycle under
    PRO_RATA_MONTHS costs its months, a begun one whole, as a share of the period's, rounded half
    up to `rounding` before it is multiplied. A season's year is parted by the shares of its
    schedule with the largest remainder. `effect` `date.min` asks for a whole period, of a season
    for its year. `categories` are those of the household by first day. Who was paid for before a
    split is not paid for again, in a period that ends later for its months behind that alone.
    Source: domain handbook 2.4, dues generation, GOLDEN 2.4b and c; 2.6; docs/decisions/0052.
    """
    day = counting_day(covers, effect=effect, first_day=first_day)
    year, months = first_day, months_of(plan)
    season: tuple[tuple[int, ...], int] | None = None
    ends = until
    if plan.periodicity is Periodicity.SEASONAL and effect > date.min:
        parts, at, (year, ends) = season_year_of(plan, effect, first_day)
        season = tuple(part.share for part in parts), at
        day = max(year, min(day, parts[at].due_on)) if at else day
        months = _months(plan, effect, year, ends)
    else:
        months = _months(plan, effect, first_day, until)
    persons = counted(plan, covers, day, statutes) if day < until else ()
    persons = tuple(one for one in persons if not paid_elsewhere(one, ends))
    total = taken = 0
    for cover, amount in _heads(plan, persons, day, categories):
        cost = _of_months(plan, amount, _not_paid(plan, cover, months, ends))
        total += cost
        if sponsored:
            who = None if cover is None else cover.person_id
            taken += payer_part(sponsored, who, day, cost, rounding=plan.rounding)
    if season is not None:
        total, taken = (_share(one, season[0], season[1], plan.rounding) for one in (total, taken))
    return total - taken, taken


def paid_elsewhere(cover: Cover, until: date) -> bool:
    """Whether a household left in a split had paid for a person to a period's end, or longer."""
    return cover.paid_until is not None and cover.paid_until >= until


def _not_paid(plan: PlanVersion, cover: Cover | None, months: int, until: date) -> int:
    """Return how many months of a period are paid for a person: those no other household paid."""
    if cover is None or cover.paid_until is None or not months_of(plan):
        return months
    return min(months, months_begun(cover.paid_until, until))


def _share(amount: int, shares: Sequence[int], at: int, step: int) -> int:
    """Return one share of a season's year; in whole coins where the year is of whole coins."""
    coins = step if amount % step == 0 else 1
    return split(amount // coins, shares)[at] * coins


def _months(plan: PlanVersion, effect: date, first_day: date, until: date) -> int:
    """Return how many months a period is paid for."""
    shortened = (
        first_day == effect
        and plan.cycle is Cycle.FIXED
        and plan.late_entry is LateEntry.PRO_RATA_MONTHS
        and not plan.cycle_starts
    )
    whole = months_of(plan)
    return min(months_begun(first_day, until), whole) if shortened and whole else whole


def _of_months(plan: PlanVersion, amount: int, months: int) -> int:
    """Return what so many months of a period's amount cost."""
    whole = months_of(plan)
    if months >= whole:
        return amount
    return round_half_up(amount * months, whole, step=plan.rounding)


# What each head costs by the basis


def _heads(
    plan: PlanVersion, persons: Sequence[Cover], day: date, categories: Sequence[CategoryFrom]
) -> Iterator[tuple[Cover | None, int]]:
    """Yield what a whole period costs for each head; None is the household as one."""
    if not persons:
        return
    match plan.basis:
        case Basis.PER_PERSON:
            for one in persons:
                yield one, _by_age(plan, one, day)
        case Basis.MEMBER_PLUS_DEPENDANT:
            for one in persons:
                yield one, _by_relation(plan, one, day)
        case Basis.LUMP_PLUS_EXTRA:
            yield from _lump(plan, persons, day)
        case _:
            yield None, _of_household(plan, len(persons), day, categories)


def _of_household(
    plan: PlanVersion, size: int, day: date, categories: Sequence[CategoryFrom]
) -> int:
    """Return what a household costs as one: its band's amount, its category's, or the amount."""
    if plan.basis is Basis.BY_SIZE_BAND:
        return next(
            (band.amount for band in reversed(plan.bands) if band.persons <= size), plan.amount
        )
    if plan.basis is Basis.BY_CATEGORY:
        told = [one.code for one in categories if one.first_day <= day]
        code = told[-1] if told else None
        return next(
            (amount for name, amount in plan.category_amounts if name == code), plan.amount
        )
    return plan.amount


def is_adult(plan: PlanVersion, cover: Cover, day: date) -> bool:
    """Whether adult amounts hold for a person: completed years on a day reach `adult_age`."""
    return age_on(cover.birth.day, day) >= (ADULT if plan.adult_age is None else plan.adult_age)


def _by_age(plan: PlanVersion, cover: Cover, day: date) -> int:
    if plan.amount_adult is None and plan.amount_child is None:
        return plan.amount
    told = plan.amount_adult if is_adult(plan, cover, day) else plan.amount_child
    return plan.amount if told is None else told


def _by_relation(plan: PlanVersion, cover: Cover, day: date) -> int:
    if plan.amount_dependant is None or cover.relation_on(day) is Relation.SELF:
        return plan.amount
    return plan.amount_dependant


def _lump(
    plan: PlanVersion, persons: Sequence[Cover], day: date
) -> Iterator[tuple[Cover | None, int]]:
    """Yield the lump for up to `lump_persons`, and what each one above it costs.

    Adults fill the lump before children; who is no relative (`Relation.OTHER`) pays beside it.
    Without a number the lump covers all; without a lump everybody pays, once.
    Source: openIMIS handbook 2.4, steps 1 and 2, and 9 (16, 17).
    """
    family = [one for one in persons if one.relation_on(day) is not Relation.OTHER]
    others = [one for one in persons if one.relation_on(day) is Relation.OTHER]
    adults = [one for one in family if is_adult(plan, one, day)]
    children = [one for one in family if not is_adult(plan, one, day)]
    ordered = [*sorted(adults, key=_by_entry), *sorted(children, key=_by_entry)]
    within = 0
    if plan.amount:
        within = len(ordered) if not plan.lump_persons else plan.lump_persons
        if family:
            yield None, plan.amount
    for one in (*ordered[within:], *others):
        yield one, (plan.amount_adult if is_adult(plan, one, day) else plan.amount_child) or 0
