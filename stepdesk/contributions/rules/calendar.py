"""Which plan version holds, and a plan's calendar: effect dates, periods, days a due is to be paid."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count

from stepdesk.contributions.terms import (
    Cycle,
    EffectRule,
    LateEntry,
    PlanVersion,
    Target,
)
from stepdesk.values.month import Month, add_months, months_between, on_day

# What an allocation is booked on: the target, and the period's first day for a due.
Key = tuple[Target, date | None]
DAY = timedelta(days=1)
_LEAP_YEAR = 2000  # so that a cycle may start on 29 February


def plan_on(plans: Sequence[PlanVersion], day: date) -> PlanVersion:
    """Return the version in force: the last one begun, of equal first days the later written.

    Before the first version, the first one. `plans` are sorted by first day and not empty.
    """
    if len(plans) == 1:
        return plans[0]
    for plan in reversed(plans):
        if plan.first_day <= day:
            return plan
    return plans[0]


def boundary(plan: PlanVersion, day: date) -> tuple[date, int]:
    """Return the cycle's anchor and how many periods behind it the last start up to `day` is."""
    month, start = plan.cycle_start
    anchor = date(_LEAP_YEAR, month, start)
    length = plan.periodicity.value
    steps = ((day.year - _LEAP_YEAR) * 12 + day.month - month) // length
    if add_months(anchor, steps * length) > day:
        steps -= 1
    return anchor, steps


def _cycle_start_from(plan: PlanVersion, day: date) -> date:
    anchor, steps = boundary(plan, day - DAY)
    return add_months(anchor, (steps + 1) * plan.periodicity.value)


def effect_date_of(plan: PlanVersion, paid_on: date) -> date:
    """Return the first day of the first period when the first contribution is paid on a day.

    CYCLE_START is the next start of the fixed cycle, that day included. A fixed cycle with late
    entry NEXT_CYCLE waits for the cycle's next start in any case.
    Source: domain handbook 2.2 (`effect_rule`) and 2.4 (`late_entry`).
    """
    effect = _effect_by_rule(plan, paid_on)
    if plan.cycle is Cycle.FIXED and plan.late_entry is LateEntry.NEXT_CYCLE:
        return _cycle_start_from(plan, effect)
    return effect


def _effect_by_rule(plan: PlanVersion, paid_on: date) -> date:
    match plan.effect_rule:
        case EffectRule.PAYMENT_DATE:
            return paid_on
        case EffectRule.FIRST_OF_MONTH:
            return paid_on.replace(day=1)
        case EffectRule.FIRST_OF_NEXT_MONTH:
            return Month.of(paid_on).until
        case EffectRule.CYCLE_START:
            return _cycle_start_from(plan, paid_on)


def period_at(plan: PlanVersion, effect: date, index: int) -> tuple[date, date]:
    """Return first day and `until` of a term's period; index 0 begins on the effect date.

    A rolling period is always reckoned from the effect date, so that one begun on the 31st
    comes back to the 31st. Period 0 of a fixed cycle ends with the cycle and may be shorter.
    Source: domain handbook 2.4, `cycle`.
    """
    return start_of(plan, effect, index), start_of(plan, effect, index + 1)


def start_of(plan: PlanVersion, effect: date, index: int) -> date:
    if index == 0:
        return effect
    if plan.cycle is Cycle.ROLLING:
        return add_months(effect, index * plan.periodicity.value)
    anchor, steps = boundary(plan, effect)
    return add_months(anchor, (steps + index) * plan.periodicity.value)


def starts(plan: PlanVersion, effect: date) -> Iterator[date]:
    """Yield the first days of a term's periods without end."""
    yield effect
    anchor, steps, length = effect, 0, plan.periodicity.value
    if plan.cycle is Cycle.FIXED:
        anchor, steps = boundary(plan, effect)
    for index in count(1):
        yield add_months(anchor, (steps + index) * length)


def due_on(plan: PlanVersion, first_day: date) -> date:
    """Return the day a period's due must be paid: the first `due_day` not before its first day.

    In a month too short for it, the month's last day. Source: domain handbook 2.4, `due_day`.
    """
    if plan.due_day is None:
        return first_day
    month = Month.of(first_day)
    this_month = on_day(month, plan.due_day)
    return this_month if this_month >= first_day else on_day(month.plus(1), plan.due_day)


def months_begun(first_day: date, until: date) -> int:
    whole = months_between(first_day, until)
    return whole + (add_months(first_day, whole) < until)
