"""What each due has earned by the end of a month."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from stepdesk.contributions.rules.calendar import FOREVER
from stepdesk.contributions.rules.replay import replay
from stepdesk.contributions.terms import (
    AccountFacts,
    Due,
    Target,
)
from stepdesk.values.money import round_half_up, split
from stepdesk.values.month import Month

_ADJUSTMENT = Target.ADJUSTMENT


def _shares(due: Due) -> Iterator[tuple[Month, int]]:
    """Yield each month's share of a due, by its days in the month; together they are the due.

    What was paid once for a cover without end is earned in its first month.
    """
    months = [Month.of(due.first_day)]
    if due.until >= FOREVER:
        yield months[0], due.amount
        return
    while months[-1].until < due.until:
        months.append(months[-1].plus(1))
    days = [
        (min(month.until, due.until) - max(month.first, due.first_day)).days for month in months
    ]
    yield from zip(months, split(due.amount, days), strict=True)


def earned_to_date(facts: AccountFacts, day: date) -> dict[date, tuple[int, int]]:
    """Return what each due has earned from the beginning to the end of `day`'s month.

    The answer is (paid share, unpaid share) by the period's first day: paid when the due is
    fully paid by `day`, with what was paid more or given back for it; unpaid when cover was given on trust: up to the day a suspension began
    or the membership ended, and not at all when the period began in one. A due that earned
    nothing is left out. A month's run books the difference to what earlier runs booked.
    Source: domain handbook 3.3, P04, P05 and P07.
    """
    life = replay(facts, day)
    stops = [(stop.first_day, stop.until or date.max) for stop in life.suspensions]
    if life.stop:
        stops.append((life.stop, date.max))
    stops += life.ended
    earned: dict[date, tuple[int, int]] = {}
    for state in life.called:
        first_day = state.due.first_day
        due = state.due
        if state.paid_on is not None:
            due = replace(due, amount=due.amount + life.rows.held((_ADJUSTMENT, first_day)))
        begun = [(month, part) for month, part in _shares(due) if month <= Month.of(day)]
        share = sum(part for _, part in begun)
        if share and state.paid_on is not None:
            earned[first_day] = (share, 0)
        elif share and not any(first <= first_day < until for first, until in stops):
            ends = min((first for first, _ in stops if first > first_day), default=date.max)
            trusted = sum(_before(state.due, month, part, ends) for month, part in begun)
            if trusted:
                earned[first_day] = (0, trusted)
    return earned


def _before(due: Due, month: Month, part: int, ends: date) -> int:
    """Return what of a month's share of a due lies before a day, by days."""
    first, until = max(month.first, due.first_day), min(month.until, due.until)
    days = max((min(until, ends) - first).days, 0)
    return round_half_up(part * days, (until - first).days)
