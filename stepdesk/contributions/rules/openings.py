"""How a household stands as its old register says."""

from collections.abc import Sequence
from datetime import date
from itertools import islice, takewhile

from stepdesk.contributions.rules.allotting import regular_amount
from stepdesk.contributions.rules.calendar import (
    DAY,
    boundary,
    effect_date_of,
    months_of,
    plan_on,
    start_of,
)
from stepdesk.contributions.rules.replay import Life, Rows, dues
from stepdesk.contributions.terms import (
    AccountFacts,
    Cycle,
    Due,
    Periodicity,
    PlanVersion,
)
from stepdesk.values.month import Month, add_months


def opening_dues(facts: AccountFacts, *, through: date, day: date) -> tuple[Due, ...]:
    """Return the paid periods by which a household stands as its old register says.

    They end with the last whole period paid up to `through`, included, and begin with the one
    that holds `day`; of a household that is behind, it is the last paid one alone. What was paid
    before them is told by no due: waiting counts from the day of joining all the same.
    A season is paid by its years, and what is paid once was paid on joining.
    Source: docs/decisions/0008 and 0024.
    """
    plan = plan_on(facts.plans, min(day, through))
    length, life = months_of(plan), _opening_life(facts, day)
    if plan.periodicity is Periodicity.SINGLE:
        return tuple(islice(dues(life, effect_date_of(plan, facts.joined_on)), 1))
    until = through + DAY
    if plan.cycle is Cycle.FIXED and not plan.cycle_starts:
        anchor, steps = boundary(plan, until)
        until = add_months(anchor, steps * length)
    periods = max(plan.min_first_periods, 1) if plan.periodicity.value > 0 else 1
    while add_months(until, -periods * length) > day:
        periods += 1
    effect = add_months(until, -periods * length)
    return tuple(islice(dues(life, effect), periods * _parts(plan)))


def _parts(plan: PlanVersion) -> int:
    """Return how many dues make one period: those of a season's year, else one."""
    return max(len(plan.season), 1) if plan.periodicity is Periodicity.SEASONAL else 1


def owed_dues(facts: AccountFacts, paid: Sequence[Due], day: date) -> tuple[Due, ...]:
    """Return the periods after the paid ones of an opening, up to the one that holds the day.

    A register that tells arrears tells that they are owed: they are called also when the plan
    calls nothing in a suspension. Source: docs/decisions/0024.
    """
    after = islice(dues(_opening_life(facts, day), paid[0].first_day), len(paid), None)
    return tuple(takewhile(lambda due: due.first_day <= day, after))


def _opening_life(facts: AccountFacts, day: date) -> Life:
    return Life(facts, day, Rows(), {due.first_day: due for due in facts.frozen}, [], date.min)


def owed_through(facts: AccountFacts, *, arrears: int, day: date) -> tuple[date, int]:
    """Return the last day paid for by a household that owes so much, and what is over.

    The periods are those of a household that joined on its day of joining; the one that holds
    `day` is the last called. A part of a period owed counts as the whole of it, and what was
    paid of it is the second answer; the dues of a season count alike. Without a contribution to
    pay nothing is owed.
    """
    plan = plan_on(facts.plans, day)
    effect = min(effect_date_of(plan, facts.joined_on), Month.of(day).first)
    index = 0
    while start_of(plan, effect, index + 1) <= day:
        index += 1
    regular = -(-regular_amount(facts, day) // _parts(plan))
    owed = -(-arrears // regular) if regular else 0
    start = index + 1 - owed
    last = (
        start_of(plan, effect, start)
        if start >= 0
        else add_months(effect, start * months_of(plan) // _parts(plan))
    )
    return last - DAY, owed * regular - arrears if regular else 0
