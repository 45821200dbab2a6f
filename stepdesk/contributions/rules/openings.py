"""How a household stands as its old register says."""

from collections.abc import Sequence
from datetime import date
from itertools import islice, takewhile

from stepdesk.contributions.rules.allotting import regular_amount
from stepdesk.contributions.rules.calendar import DAY, boundary, effect_date_of, plan_on, start_of
from stepdesk.contributions.rules.replay import Life, Rows, dues
from stepdesk.contributions.terms import (
    AccountFacts,
    Cycle,
    Due,
)
from stepdesk.values.month import Month, add_months


def opening_dues(facts: AccountFacts, *, through: date, day: date) -> tuple[Due, ...]:
    """Return the paid periods by which a household stands as its old register says.

    They end with the last whole period paid up to `through`, included, and begin with the one
    that holds `day`; of a household that is behind, it is the last paid one alone. What was paid
    before them is told by no due: waiting counts from the day of joining all the same.
    Source: docs/decisions/0008 and 0024.
    """
    plan = plan_on(facts.plans, min(day, through))
    length = plan.periodicity.value
    until = through + DAY
    if plan.cycle is Cycle.FIXED:
        anchor, steps = boundary(plan, until)
        until = add_months(anchor, steps * length)
    periods = max(plan.min_first_periods, 1)
    while add_months(until, -periods * length) > day:
        periods += 1
    effect = add_months(until, -periods * length)
    return tuple(islice(dues(_opening_life(facts, day), effect), periods))


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
    paid of it is the second answer. Without a contribution to pay nothing is owed.
    """
    plan = plan_on(facts.plans, day)
    effect = min(effect_date_of(plan, facts.joined_on), Month.of(day).first)
    index = 0
    while start_of(plan, effect, index + 1) <= day:
        index += 1
    regular = regular_amount(facts, day)
    owed = -(-arrears // regular) if regular else 0
    start = index + 1 - owed
    last = (
        start_of(plan, effect, start)
        if start >= 0
        else add_months(effect, start * plan.periodicity.value)
    )
    return last - DAY, owed * regular - arrears if regular else 0
