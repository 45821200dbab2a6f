"""Which plan version holds, and a plan's calendar: effect dates, periods, days a due is to be paid.

A plan's calendar is one of these:

* periods that roll from the effect date, or follow a fixed cycle from `cycle_start`;
* a season: a year from the effect date or `cycle_start`, parted by the shares of its schedule;
* up to four `cycle_starts` a year, from one of which each term begins (openIMIS handbook 2.3);
* one period without end, that nothing follows (SINGLE).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate, count

from stepdesk.contributions.terms import (
    Cycle,
    EffectRule,
    LateEntry,
    Periodicity,
    PlanVersion,
    Target,
    Window,
)
from stepdesk.values.month import Month, add_months, months_between, on_day

# What an allocation is booked on: the target, and the period's first day for a due.
Key = tuple[Target, date | None]
DAY = timedelta(days=1)
_LEAP_YEAR = 2000  # so that a cycle may start on 29 February
YEAR = 12
_ALL = 100  # percent
FOREVER = date(9998, 1, 1)
"""The end of a cover without end, and the first day of what would follow it."""


@dataclass(frozen=True, slots=True)
class SeasonPart:
    """One due of a season's year: what it covers, `until` not included, its day and its share."""

    first_day: date
    until: date
    due_on: date
    share: int


def months_of(plan: PlanVersion) -> int:
    """Return how many months a period lasts, a season's year as a whole; 0 is without end."""
    if plan.period_months is not None:
        return plan.period_months
    return YEAR if plan.periodicity is Periodicity.SEASONAL else plan.periodicity.value


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
    length = months_of(plan)
    steps = ((day.year - _LEAP_YEAR) * 12 + day.month - month) // length
    if add_months(anchor, steps * length) > day:
        steps -= 1
    return anchor, steps


def _cycle_start_from(plan: PlanVersion, day: date) -> date:
    """Return the first start of the fixed cycle that is not before a day."""
    if plan.cycle_starts:
        return next(start for start in _cycle_starts(plan, day.year) if start >= day)
    anchor, steps = boundary(plan, day - DAY)
    return add_months(anchor, (steps + 1) * months_of(plan))


def _cycle_starts(plan: PlanVersion, year: int) -> Iterator[date]:
    """Yield the cycle starts of a year and the next one, in their order."""
    for one in (year, year + 1):
        for month, day in plan.cycle_starts:
            yield on_day(Month(one, month), day)


def _start_in_grace(plan: PlanVersion, day: date, grace: int) -> date:
    """Return the first cycle start of the day's year whose grace the day is within, or the next.

    Grace of one month from 1 January ends on 31 January. Without any left in the year it is the
    first start of the next year. Source: openIMIS handbook 2.3, step 3.
    """
    return next(
        start
        for start in _cycle_starts(plan, day.year)
        if start.year > day.year or day < add_months(start, grace)
    )


def effect_date_of(plan: PlanVersion, paid_on: date, *, renewal: bool = False) -> date:
    """Return the first day of the first period when the first contribution is paid on a day.

    CYCLE_START is the next start of the fixed cycle, that day included. A fixed cycle with late
    entry NEXT_CYCLE waits for the cycle's next start in any case. Of several cycle starts it is
    the first one within whose grace the day lies, the start's own day not included without
    grace; `administration_months` put a first entry off, never a renewal. Who pays while entry is
    closed enters on the next window's first day.
    Source: domain handbook 2.2 (`effect_rule`) and 2.4 (`late_entry`); openIMIS handbook 2.3.
    """
    told = paid_on
    if not renewal and (plan.windows or plan.administration_months):
        told = add_months(next_window(plan.windows, paid_on), plan.administration_months)
    if plan.cycle_starts:
        grace = plan.renewal_grace_months if renewal else plan.entry_grace_months
        return _start_in_grace(plan, told, grace)
    effect = _effect_by_rule(plan, told)
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
    With cycle starts a period lasts its months and the next begins on a start not before its
    end: there may be a gap. Source: domain handbook 2.4, `cycle`; openIMIS handbook 2.3.
    """
    first_day = start_of(plan, effect, index)
    if plan.cycle_starts:
        return first_day, add_months(first_day, months_of(plan))
    return first_day, start_of(plan, effect, index + 1)


def start_of(plan: PlanVersion, effect: date, index: int) -> date:
    """Return the first day of a term's period; `FOREVER` where none follows."""
    if index == 0:
        return effect
    if plan.cycle_starts or plan.periodicity.value <= 0:
        return _start_of_other(plan, effect, index)
    if plan.cycle is Cycle.ROLLING:
        return add_months(effect, index * months_of(plan))
    anchor, steps = boundary(plan, effect)
    return add_months(anchor, (steps + index) * months_of(plan))


def _start_of_other(plan: PlanVersion, effect: date, index: int) -> date:
    if plan.periodicity is Periodicity.SINGLE:
        return FOREVER
    if plan.periodicity is Periodicity.SEASONAL:
        return season_part(plan, effect, index).first_day
    return _follow_starts(plan, effect, index)


def _follow_starts(plan: PlanVersion, effect: date, index: int) -> date:
    day = effect
    for _ in range(index):
        day = _cycle_start_from(plan, add_months(day, months_of(plan)))
    return day


def starts(plan: PlanVersion, effect: date) -> Iterator[date]:
    """Yield the first days of a term's periods without end."""
    yield effect
    if plan.cycle_starts or plan.periodicity.value <= 0:
        for index in count(1):
            yield start_of(plan, effect, index)
    anchor, steps, length = effect, 0, months_of(plan)
    if plan.cycle is Cycle.FIXED:
        anchor, steps = boundary(plan, effect)
    for many in count(1):
        yield from _months_on(anchor, steps, length, many)


_AT_ONCE = 16


@lru_cache(maxsize=512)
def _months_on(anchor: date, steps: int, length: int, many: int) -> tuple[date, ...]:
    """Return so many first days behind a number of steps. Households that came together share them."""
    first = steps + (many - 1) * _AT_ONCE + 1
    return tuple(add_months(anchor, at * length) for at in range(first, first + _AT_ONCE))


# Seasons


def season_part(plan: PlanVersion, effect: date, index: int) -> SeasonPart:
    """Return a due of a season, counted from the effect date on: index 0 begins with it."""
    first_day, until = _season_year(plan, effect, 0)
    parts = season_parts(plan, first_day, until)
    if index < len(parts):
        return parts[index]
    year, at = divmod(index - len(parts), max(len(plan.season), 1))
    return season_parts(plan, *_season_year(plan, effect, year + 1))[at]


def season_year_of(
    plan: PlanVersion, effect: date, first_day: date
) -> tuple[tuple[SeasonPart, ...], int, tuple[date, date]]:
    """Return the dues of the year a due of a season is of, its place there, and the year."""
    for year in count():
        begins, until = _season_year(plan, effect, year)
        if first_day < until:
            parts = season_parts(plan, begins, until)
            at = sum(part.first_day <= first_day for part in parts) - 1
            return parts, max(at, 0), (begins, until)
    raise AssertionError


def _season_year(plan: PlanVersion, effect: date, year: int) -> tuple[date, date]:
    anchor, steps, length = effect, 0, months_of(plan)
    if plan.cycle is Cycle.FIXED:
        anchor, steps = boundary(plan, effect)
    first_day = add_months(anchor, (steps + year) * length) if year else effect
    return first_day, add_months(anchor, (steps + year + 1) * length)


def season_parts(plan: PlanVersion, first_day: date, until: date) -> tuple[SeasonPart, ...]:
    """Return the dues of one year of a season, or of what is left of it for who enters late.

    Each is due on the first such day that is not before the year's beginning; what lies before
    a late entry is due with it. Each covers its share of the months, whole ones: 60 % of twelve
    cover seven, the last one the rest. What would cover no month is due with the one before.
    Source: domain handbook 2.4, `season_schedule`, and GOLDEN 2.4c.
    """
    if not plan.season:
        return (SeasonPart(first_day, until, first_day, 100),)
    begins = add_months(until, -months_of(plan))
    dated = sorted((_day_from(begins, one.month, one.day), one.share) for one in plan.season)
    months, found = months_begun(first_day, until), [SeasonPart(first_day, first_day, until, 0)]
    for (day, share), summed in zip(dated, accumulate(share for _, share in dated), strict=True):
        ends = max(add_months(until, months * summed // _ALL - months), first_day)
        last = found[-1]
        if day <= first_day or ends <= last.until or last.first_day == last.until:
            # Together with the one before: both are due by now, or it covers no month.
            due_day = max(min(last.due_on, day), first_day)
            found[-1] = SeasonPart(last.first_day, ends, due_day, last.share + share)
        else:
            found.append(SeasonPart(last.until, ends, day, share))
    return tuple(part for part in found if part.first_day < part.until)


def _day_from(begins: date, month: int, day: int) -> date:
    """Return the first such day of a year that is not before another day."""
    told = on_day(Month(begins.year, month), day)
    return told if told >= begins else on_day(Month(begins.year + 1, month), day)


# Windows of entry


def open_on(windows: Sequence[Window], day: date) -> bool:
    """Whether households may enter on a day; without windows always. Source: handbook 2.4."""
    return not windows or any(_within(window, day) for window in windows)


def next_window(windows: Sequence[Window], day: date) -> date:
    """Return the first day, from `day` on, on which households may enter."""
    if open_on(windows, day):
        return day
    return min(_day_from(day, *window.first) for window in windows)


def _within(window: Window, day: date) -> bool:
    told = (day.month, day.day)
    if window.first <= window.last:
        return window.first <= told <= window.last
    return told >= window.first or told <= window.last


# Days of payment


def due_on(plan: PlanVersion, first_day: date) -> date:
    """Return the day a period's due must be paid: the first `due_day` not before its first day.

    In a month too short for it, the month's last day. Of a season it is told by its schedule:
    `season_part`. Source: domain handbook 2.4, `due_day`.
    """
    if plan.due_day is None or plan.cycle_starts:
        return first_day
    month = Month.of(first_day)
    this_month = on_day(month, plan.due_day)
    return this_month if this_month >= first_day else on_day(month.plus(1), plan.due_day)


def months_begun(first_day: date, until: date) -> int:
    whole = months_between(first_day, until)
    return whole + (add_months(first_day, whole) < until)


def due_day_of(plan: PlanVersion, calendar: PlanVersion, effect: date, index: int) -> date:
    """Return the day a term's due must be paid.

    Args:
        plan: The version on the period's first day: its due day.
        calendar: The version on the effect date: the periods, of a season the days too.
        effect: The term's first day.
        index: Which of its periods, from 0.
    """
    if calendar.periodicity is Periodicity.SEASONAL:
        return season_part(calendar, effect, index).due_on
    return due_on(plan, start_of(calendar, effect, index))


def pay_by(
    plan: PlanVersion, day: date, start: date, *, renewal: bool = False, ended: date | None = None
) -> date:
    """Return the last day on which a term's first contribution may be paid.

    Args:
        plan: The version in force.
        day: When the household enters or renews.
        start: The first day of the term's first period.
        renewal: Whether it is not the first term.
        ended: The first day after the former term, when one ran out.

    With cycle starts it is the last day of the grace of entry or renewal, before the start
    without one; else the last of `payment_grace_months` from the entry, or from the end of the
    former term; a plan without them waits as long as its grace. Of who renews long after it is a
    day that has passed: a later payment counts all the same.
    Source: openIMIS handbook 2.5; domain handbook 2.4, `grace_days`.
    """
    if plan.cycle_starts:
        months = plan.renewal_grace_months if renewal else plan.entry_grace_months
        return add_months(start, months) - DAY
    if plan.payment_grace_months is None:
        return due_on(plan, start) + timedelta(days=plan.grace_days)
    since = ended if renewal and ended is not None else day
    return add_months(since, plan.payment_grace_months) - DAY
