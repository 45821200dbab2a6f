"""What a paid period came to cost more or less, because the family changed after it was paid.

A due keeps the amount it was paid with. When a person is added or taken off later, the difference
is called beside it, or given back as credit; never for a day before it was told.
Source: domain handbook 2.4, dues generation (`charge_added`); annex Y.8, 3.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from stepdesk.contributions.rules.amounts import counting_day, due_amounts
from stepdesk.contributions.rules.calendar import DAY, due_on, months_begun, months_of, plan_on
from stepdesk.contributions.terms import (
    AccountFacts,
    ChargeAdded,
    Due,
    DueKind,
    DueState,
    PlanVersion,
    Target,
)
from stepdesk.members.rules import statutes_on
from stepdesk.members.terms import ENDINGS, Cover, EventKind
from stepdesk.values.money import round_half_up

Moves = Sequence[tuple[date, int]]


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A paid due with what it came to cost more, told by told, and what it is to give back.

    `back` is above zero and was told on `back_on`.
    """

    due: Due
    more: tuple[DueState, ...] = ()
    back: int = 0
    back_on: date = date.min


@dataclass(frozen=True, slots=True)
class _Change:
    """Somebody's cover begins or ends; told on a day, never before it holds."""

    told_on: date
    cover: Cover
    begins: bool


def adjusted(
    facts: AccountFacts,
    frozen: Mapping[date, Due],
    paid: Mapping[date, Moves],
    other: Mapping[tuple[Target, date | None], Moves],
    *,
    effect: date,
    day: date,
) -> Iterator[Adjusted]:
    """Yield the paid dues whose cost is another one by a day, by period.

    Args:
        facts: The household's.
        frozen: Its dues by first day.
        paid: What was allotted to dues, by first day, up to the day.
        other: The same of adjustments.
        effect: The term's first day.
        day: What was told after it is not heeded.

    A change is charged as the version on the period's first day says: not at all where it says
    nothing; from the next period on; or by the begun months of the period it falls in. Who is
    taken off lowers only periods that had not begun when it was told. Money that was given back
    for somebody whose leaving was taken back is asked again from the day that was told. When a
    membership ends nothing is refunded (handbook 2.2).
    """
    changes = _changes(facts, day)
    if not changes:
        return
    for first_day in sorted(paid):
        due, moves = frozen.get(first_day), paid[first_day]
        if due is None or not due.amount or sum(part for _, part in moves) < due.amount:
            continue
        plan = plan_on(facts.plans, first_day)
        if plan.charge_added is None:
            continue
        held = other.get((Target.ADJUSTMENT, first_day), ())
        costs = _Costs(facts, plan, due, effect, changes)
        if not held and changes[-1].told_on < moves[0][0] and not costs.frozen_before(moves[0][0]):
            continue
        found = _adjusted(costs, held, moves[0][0])
        if found.back_on > day:
            found = replace(found, back=0)
        if found.more or found.back:
            yield found


def _changes(facts: AccountFacts, day: date) -> list[_Change]:
    """Return what is known by a day to have changed in the family since it began, by the day told."""
    if not (facts.undone or any(event.person_id for event in facts.events)):
        return []
    found: list[_Change] = []
    endings = {one.effective_on for one in facts.events if one.kind in ENDINGS}
    again = [one.effective_on for one in facts.events if one.kind is EventKind.READMITTED]
    anew = max((one for one in again if one <= day), default=date.min)
    for cover in facts.covers:
        if cover.until is not None and cover.until <= anew and cover.until in endings:
            continue  # Of a former membership: the present one pays for itself.
        found.append(_Change(_told_on(facts, cover, cover.first_day), cover, begins=True))
        if cover.until is not None and cover.until not in endings:
            found.append(_Change(_told_on(facts, cover, cover.until), cover, begins=False))
    known = [one for one in found if one.told_on <= day]
    return sorted(known, key=lambda one: one.told_on)


def _told_on(facts: AccountFacts, cover: Cover, effective: date) -> date:
    told = [
        event.recorded_on
        for event in facts.events
        if event.person_id == cover.person_id
        and event.recorded_on is not None
        and abs((event.effective_on - effective).days) <= 1
    ]
    return max(effective, min(told)) if told else effective


@dataclass(frozen=True, slots=True)
class _Costs:
    """What one period costs with what was known of the family by a day."""

    facts: AccountFacts
    plan: PlanVersion
    due: Due
    effect: date
    changes: Sequence[_Change]

    def on(self, day: date) -> int:
        return self._cost(tuple(self._known(day)))

    def frozen_before(self, day: date) -> bool:
        """Whether the amount may be of a payment before this day, which was taken back since.

        A discount, or a payer that came or went, makes it another one as well.
        """
        return not (self.due.discount or self.facts.sponsored) and self.on(day) != self.due.amount

    def _known(self, day: date) -> Iterator[Cover]:
        known = list(takewhile(lambda one: one.told_on <= day, self.changes))
        ended = {one.cover.id for one in known if not one.begins}
        for one in known:
            if one.begins:
                open_still = one.cover.until is not None and one.cover.id not in ended
                yield replace(one.cover, until=None, deceased_on=None) if open_still else one.cover

    def _cost(self, covers: tuple[Cover, ...]) -> int:
        cost = self._counted(covers)
        if self.plan.charge_added is not ChargeAdded.PRO_RATA:
            return cost
        until = self.due.until
        counted_on = counting_day(covers, effect=self.effect, first_day=self.due.first_day)
        for at, one in enumerate(covers):
            if counted_on < one.first_day < until and one.until != one.first_day:
                from_start = (*covers[:at], replace(one, first_day=counted_on), *covers[at + 1 :])
                whole = months_of(self.plan)
                months = min(months_begun(one.first_day, until), whole)
                more = self._counted(from_start) - self._counted(covers)
                cost += round_half_up(more * months, whole, step=self.plan.rounding)
        return cost

    def _counted(self, covers: tuple[Cover, ...]) -> int:
        first_day = self.due.first_day
        return due_amounts(
            self.plan,
            covers,
            effect=self.effect,
            first_day=first_day,
            until=self.due.until,
            statutes=statutes_on(self.facts.statutes, first_day),
            sponsored=self.facts.sponsored,
            categories=self.facts.categories,
        )[0]


def _adjusted(costs: _Costs, held: Moves, paid_since: date) -> Adjusted:
    due, plan = costs.due, costs.plan
    every = sorted({one.told_on for one in costs.changes})
    told = [day for day in every if day >= paid_since]
    # The amount tells what was known when it was reckoned: credit pays before it is written down.
    before = costs.frozen_before(paid_since)
    earlier = reversed([day for day in every if before and day < paid_since])
    known = (paid_since - DAY, paid_since, *told, *earlier)
    since = next((day for day in known if costs.on(day) == due.amount), paid_since)
    base = costs.on(since)
    steps: list[tuple[date, int]] = []
    level, fell_on = 0, date.min
    floor, given_on = _given_back(held)
    for told_on in (day for day in every if day > since):
        wanted = costs.on(told_on) - base
        if wanted > level:
            steps.append((told_on, wanted - max(level, floor)))
            level = wanted
        elif wanted < level and told_on < due.first_day:
            level, fell_on = wanted, told_on
            steps = _lowered(steps, max(level - floor, 0))
    steps = [step for step in steps if step[1] > 0]
    again = level - floor - sum(amount for _, amount in steps)
    if again > 0:
        steps = sorted([(_undone_on(costs.facts, given_on), again), *steps])
    came_on = max((day for day, part in held if part > 0), default=date.min)
    if fell_on < came_on:
        fell_on = _undone_on(costs.facts, came_on)
    back = max(sum(part for _, part in held) - level, 0)
    return Adjusted(due, tuple(_states(due, plan, steps, held, floor)), back, fell_on)


def _given_back(held: Moves) -> tuple[int, date]:
    """Return the least that ever lay on a period's adjustments, never above nothing, and since when.

    Below nothing is what was given back of the period itself.
    """
    total, least, least_on = 0, 0, date.min
    for at, (day, part) in enumerate(held, 1):
        total += part
        ends = at == len(held) or held[at][0] != day
        if ends and total < least:
            least, least_on = total, day
    return least, least_on


def _undone_on(facts: AccountFacts, day: date) -> date:
    """Return the first day from a day on that an event was taken back; the day itself for none."""
    return next((one for one in facts.undone if one >= day), day)


def moved_beside(
    rows: Sequence[tuple[Due, int]], change: int
) -> tuple[list[tuple[Due, int]], int]:
    """Return what a change moves on each of a period's adjustments, and what none can take.

    `rows` are those written down, by the day told, with what each holds. What was asked last is
    undone first: no row comes to hold more than it asks, nor less than it gives back.
    """
    moved, left = [], change
    for due, held in reversed(rows):
        low, high = min(held, 0), max(held, 0)
        part = -min(high, -left) if left < 0 else min(-low, left)
        if part:
            moved.append((due, part))
            left -= part
    return moved, left


def put_beside(
    rows: Sequence[tuple[Due, int]], called: Due, amount: int
) -> tuple[list[tuple[Due, int]], int]:
    """Return what of an adjustment goes to each row written down, and what needs one of its own.

    What was paid and given back may be paid again: it is the same row. Else what another row
    holds against it is taken back.
    """
    moved: list[tuple[Due, int]] = []
    left = amount
    for due, held in rows:
        if (due.told_on, due.amount) == (called.told_on, called.amount):
            room = due.amount - held
            part = max(min(room, left), 0) if due.amount > 0 else min(max(room, left), 0)
            if part:
                moved.append((due, part))
                left -= part
    if left <= 0:
        return moved, left
    given = [(due, held) for due, held in rows if due.amount < 0 and held < 0]
    more, left = moved_beside(given, left)
    return [*moved, *more], left


def _lowered(steps: Sequence[tuple[date, int]], level: int) -> list[tuple[date, int]]:
    """Return steps up to a level: what was asked last is asked no more."""
    kept: list[tuple[date, int]] = []
    for told_on, amount in steps:
        left = min(amount, level)
        level -= left
        if left:
            kept.append((told_on, left))
    return kept


def _states(
    due: Due, plan: PlanVersion, steps: Sequence[tuple[date, int]], held: Moves, floor: int
) -> Iterator[DueState]:
    """Yield each step as a due of its own, with what was paid on it; the oldest is paid first.

    The first begins at the `floor`: what was given back is paid before anything more.
    """
    below = floor
    for told_on, amount in steps:
        day = due.due_on if told_on < due.first_day else due_on(plan, told_on)
        one = replace(
            due, due_on=day, amount=amount, id=None, kind=DueKind.ADJUSTMENT, told_on=told_on
        )
        total, paid_on = 0, None
        for moved_on, part in held:
            total += part
            paid_on = (paid_on or moved_on) if total >= below + amount else None
        yield DueState(one, min(max(total - below, 0), amount), paid_on)
        below += amount


def called_on(due: Due) -> date:
    """Return the day from which an adjustment is called: its period's first, or when it was told."""
    return max(due.first_day, due.told_on or due.first_day)
