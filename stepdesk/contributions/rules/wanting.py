"""What money can go to on a day, in its fixed order, and how far ahead."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain

from stepdesk.contributions.rules.adjusting import called_on
from stepdesk.contributions.rules.amounts import counted
from stepdesk.contributions.rules.calendar import DAY, effect_date_of
from stepdesk.contributions.rules.fees import WHOLE
from stepdesk.contributions.rules.replay import (
    Life,
    calls_on,
    dues,
    fees_open,
    standing,
)
from stepdesk.contributions.terms import FEES, Due, DueKind, DueState, Target
from stepdesk.members.rules import kept_for, statutes_on
from stepdesk.members.terms import Event
from stepdesk.values.money import round_half_up

_DUE = Target.DUE


@dataclass(frozen=True, slots=True)
class Wanted:
    """What money can go to: what is open on it, and whether being up to date needs it.

    `due` is None for the fees that come with entering.
    """

    due: Due | None
    open: int
    needed: bool
    target: Target = _DUE

    @property
    def in_parts(self) -> bool:
        """Whether part of it can be paid: a fee or a penalty, never a period."""
        return self.target in FEES

    def ahead_of(self, day: date) -> bool:
        """Whether it is a period that begins after a day."""
        return self.target is _DUE and self.due is not None and self.due.first_day > day


def next_term(life: Life, on: date) -> tuple[date, int]:
    """Return the effect date and the index from which the next period is counted on a day."""
    if life.effect and life.entered_on:
        if not life.lapsed or (life.stop and on < life.stop):
            return life.effect, life.index
        again = effect_date_of(life.plan(on), on, renewal=True)
        return max(again, life.called[-1].due.until), 0
    return life.effect or max(_entry(life, on), life.anew), 0


def _entry(life: Life, on: date) -> date:
    """Return the first day of a first term that is paid on a day.

    What was paid before a split for everybody who left is not paid again: the term begins where
    that ends, or with the first period behind it. Source: docs/decisions/0029 and 0036.
    """
    plan, events = life.plan(on), life.facts.events
    effect = effect_date_of(plan, on)
    kept = next((one for one in events if one.kept is not None and effect < one.kept.until), None)
    if kept is None or kept.kept is None or not _all_kept(life, kept, effect):
        return effect
    until = kept.kept.until
    behind = (effect_date_of(plan, day) for day in (until - DAY, until))
    return min((day for day in behind if day >= until), default=effect)


def _all_kept(life: Life, event: Event, day: date) -> bool:
    """Whether the former household has paid for everybody a period beginning on a day counts."""
    counts = counted(life.plan(day), life.facts.covers, day, statutes_on(life.facts.statutes, day))
    return all(kept_for((event,), cover, day) is not None for cover in counts)


def forced(life: Life, on: date) -> int:
    """Return how many of the next periods must be paid on a day although none has begun."""
    if life.entered_on is None:
        return life.plan(next_term(life, on)[0]).min_first_periods
    return int(life.lapsed and life.stop is not None and life.stop <= on)


def _upcoming(life: Life, on: date) -> Iterator[Due]:
    """Yield the periods not called yet; periods a suspension left out and past are skipped."""
    for due in dues(life, *next_term(life, on)):
        if life.has_ended(due.first_day):
            return
        if life.stop is None or life.lapsed or due.until > on:
            yield due


def periods_wanted(life: Life, on: date) -> Iterator[Wanted]:
    """Yield the periods not paid, oldest first, without what is asked beside them."""
    for state in life.called:
        if state.paid_on is None:
            yield Wanted(state.due, state.open, calls_on(life, state.due) <= on)
    needed = forced(life, on)
    for at, due in enumerate(_upcoming(life, on)):
        paid = standing(life.rows.dues.get(due.first_day, ()), due.amount)[0]
        yield Wanted(due, due.amount - paid, calls_on(life, due) <= on or at < needed)


def wants(life: Life, on: date) -> Iterator[Wanted]:
    """Yield what money goes to, in its fixed order; the entry fee comes before all of it.

    Card and assembly fees of the periods begun; what is late, oldest first; penalties; what has
    begun and is not late; what is to come, with its fees. Source: domain handbook 2.4, allocation.
    """
    if plain(life):
        yield from periods_wanted(life, on)
        return
    coming = periods_wanted(life, on)
    begun: list[Wanted] = []
    ahead: list[Wanted] = []
    while not ahead and (one := next(coming, None)) is not None:
        asked_for = one.due is None or calls_on(life, one.due) <= on
        (begun if asked_for else ahead).append(one)
    term = next_term(life, on)[0]
    for wanted in begun:
        yield from _fees(life, wanted, term)
    more = _adjustments(life, on)
    asked = sorted([*begun, *(one for one in more if one.needed)], key=_by_day)
    yield from (one for one in asked if one.due and one.due.due_on <= on)
    for state in penalties(life, on):
        if state.open:
            yield Wanted(state.due, state.open, needed=True, target=Target.PENALTY)
    yield from (one for one in asked if one.due and one.due.due_on > on)
    yield from (one for one in more if not one.needed)
    for wanted in chain(ahead, coming):
        yield from _fees(life, wanted, term)
        yield wanted


def _by_day(wanted: Wanted) -> tuple[date, date]:
    return (wanted.due.due_on, wanted.due.first_day) if wanted.due else (date.min, date.min)


def plain(life: Life) -> bool:
    """Whether nothing is asked but periods and the entry fee: most plans, and each payment asks."""
    return not life.adjusted and not any(
        plan.card_fee or plan.assembly_fee or plan.penalty_rate or plan.penalty_fixed
        for plan in life.facts.plans
    )


def _fees(life: Life, wanted: Wanted, term: date) -> Iterator[Wanted]:
    if wanted.due is not None:
        entered = life.effect is not None and wanted.due.first_day < term
        effect = life.effect if entered else term
        for part in fees_open(life, wanted.due, effect):
            yield Wanted(part.due, part.amount, wanted.needed, part.target)


def _adjustments(life: Life, on: date) -> list[Wanted]:
    return [
        Wanted(state.due, state.open, called_on(state.due) <= on, Target.ADJUSTMENT)
        for state in life.adjusted
        if state.open
    ]


def penalties(life: Life, on: date) -> list[DueState]:
    """Return the penalties asked for up to a day, oldest first, with what was paid on them.

    For each due of which the member's part, or some of it, was not paid when its grace ended,
    once: `penalty_rate` of what was open then, rounded half up to `rounding`, and
    `penalty_fixed`; by the version on the due's first day. It is asked from the day after the
    last day of grace on. A payer's part bears none, nor a due of a household whose membership has
    ended by then, nor what a reversal reopens later. What money has touched keeps its amount.
    Source: domain handbook 2.4, `penalty_rate` and `penalty_fixed`; docs/decisions/0031.
    """
    frozen = {one.first_day: one for one in life.facts.extra if one.kind is DueKind.PENALTY}
    found = []
    for state in life.called:
        key = (Target.PENALTY, state.due.first_day)
        due = frozen.get(state.due.first_day) if life.rows.held(key) else None
        due = due or _penalty(life, state.due, on)
        if due is not None:
            total, paid_on, _ = standing(life.rows.other.get(key, ()), due.amount)
            found.append(DueState(due, total, paid_on))
    return found


def _penalty(life: Life, due: Due, on: date) -> Due | None:
    plan = life.plan(due.first_day)
    if not (plan.penalty_rate or plan.penalty_fixed):
        return None
    grace = due.due_on + timedelta(days=plan.grace_days)
    if grace >= on or life.has_ended(grace + DAY):
        return None
    moves = life.rows.dues.get(due.first_day, ())
    left = due.amount - sum(part for day, part in moves if day <= grace)
    if left <= 0:
        return None
    amount = round_half_up(left * plan.penalty_rate, WHOLE, step=plan.rounding)
    return replace(
        due,
        due_on=grace + DAY,
        amount=amount + plan.penalty_fixed,
        payer_amount=0,
        id=None,
        kind=DueKind.PENALTY,
        told_on=grace + DAY,
    )


def payable(life: Life, on: date) -> Iterator[Wanted]:
    """Yield what money may go to on a day: `max_advance_periods` that begin after it."""
    ahead = sum(state.paid_on is not None and state.due.first_day > on for state in life.called)
    limit = max(life.plan(on).max_advance_periods, forced(life, on))
    kept: list[Wanted] = []
    for wanted in wants(life, on):
        if wanted.target is Target.ASSEMBLY_FEE and not wanted.needed:
            kept.append(wanted)  # It is asked with its period, if that may be paid.
            continue
        ahead += wanted.ahead_of(on)
        if ahead > limit:
            return
        yield from kept
        kept.clear()
        yield wanted
