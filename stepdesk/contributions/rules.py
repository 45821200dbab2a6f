"""How dues are reckoned, money is allotted, and a household's account is replayed.

Nothing here touches the book, the screen or the clock. Amounts are whole minor units; a range
ends before its `until`. Source: domain handbook 2.2 to 2.4 and 2.8.

A household's life is told from its facts alone, never from a stored state:

* Before entry there are no periods. The effect date of a term is the smallest period on which
  the allocations up to the day add up to more than nothing; the household entered on the day its
  entry fee and its first `min_first_periods` dues were paid. A reversal can undo the entry.
* The plan version at the effect date decides the calendar; the version on a period's first day
  its amount, due day and grace. The entry fee is that of the day of joining.
* A due is paid on the day the sums at the ends of days reached its amount and stayed there.
  It is tolerated to `due_on + grace_days`, included; the day after, the household is suspended.
  When a reversal reopens a due later than that, the suspension begins with the reversal.
* During a suspension `dues_during_suspension` says which periods are still called. A period
  paid for is always called. The household is reinstated on the first day on which every called
  due that has begun, and the period containing that day, is paid; periods not called in between
  stay a gap for ever, and cover continues with the period of reinstatement.
* With `Renewal.ON_PAYMENT` a period is called only by paying it. When the next one is not paid
  within its grace the term has lapsed, and the next payment begins a new term.
* An ending calls nothing from its first day on; a readmission starts anew with what is paid from
  that day on: another entry fee where the statutes of that day ask for it, and whole waiting.
* A payer's commitment takes its part from a due, by the period's first day. Where nothing is left
  to pay, the household enters on the day the commitment gives cover. One told under an old day
  counts from the day it was told, as money does: what it takes over is paid that day.
* Waiting served elsewhere, or waived, counts from the day the event says. Who came with it and
  pays later than at once has not waited in between: it ends so many days later.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count, islice, takewhile

from stepdesk.contributions.terms import (
    Account,
    AccountFacts,
    Allotment,
    Basis,
    Cycle,
    Due,
    DuesDuringSuspension,
    DueState,
    EffectRule,
    LateEntry,
    Paid,
    Part,
    PlanVersion,
    Renewal,
    Suspension,
    Target,
    WaitingWhenLate,
)
from stepdesk.members.rules import DEFAULT, statutes_on, within_age
from stepdesk.members.terms import BROUGHT, ENDINGS, FEE_FREE, Cover, Event, EventKind, Statutes
from stepdesk.payers.rules import payer_part
from stepdesk.payers.terms import Sponsored
from stepdesk.values.money import round_half_up, split
from stepdesk.values.month import Month, add_months, months_between, on_day

# What an allocation is booked on: the target, and the period's first day for a due.
Key = tuple[Target, date | None]

_DAY = timedelta(days=1)
# A member of an enumeration is looked up slowly, and every payment asks for these.
_ENTRY_FEE, _CREDIT = Target.ENTRY_FEE, Target.CREDIT
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


def _boundary(plan: PlanVersion, day: date) -> tuple[date, int]:
    """Return the cycle's anchor and how many periods behind it the last start up to `day` is."""
    month, start = plan.cycle_start
    anchor = date(_LEAP_YEAR, month, start)
    length = plan.periodicity.value
    steps = ((day.year - _LEAP_YEAR) * 12 + day.month - month) // length
    if add_months(anchor, steps * length) > day:
        steps -= 1
    return anchor, steps


def _cycle_start_from(plan: PlanVersion, day: date) -> date:
    anchor, steps = _boundary(plan, day - _DAY)
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
    return _start_of(plan, effect, index), _start_of(plan, effect, index + 1)


def _start_of(plan: PlanVersion, effect: date, index: int) -> date:
    if index == 0:
        return effect
    if plan.cycle is Cycle.ROLLING:
        return add_months(effect, index * plan.periodicity.value)
    anchor, steps = _boundary(plan, effect)
    return add_months(anchor, (steps + index) * plan.periodicity.value)


def _starts(plan: PlanVersion, effect: date) -> Iterator[date]:
    """Yield the first days of a term's periods without end."""
    yield effect
    anchor, steps, length = effect, 0, plan.periodicity.value
    if plan.cycle is Cycle.FIXED:
        anchor, steps = _boundary(plan, effect)
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


def _months_begun(first_day: date, until: date) -> int:
    whole = months_between(first_day, until)
    return whole + (add_months(first_day, whole) < until)


def _counts(plan: PlanVersion, statutes: Statutes, cover: Cover, day: date) -> bool:
    """Whether a person is paid for: covered, alive, and within the age limit."""
    if not cover.holds(day) or (cover.deceased_on is not None and cover.deceased_on < day):
        return False
    return within_age(cover, plan.child_max_age, statutes, day)


def due_amounts(
    plan: PlanVersion,
    covers: Sequence[Cover],
    *,
    effect: date,
    first_day: date,
    until: date,
    statutes: Statutes = DEFAULT,
    sponsored: Sequence[Sponsored] = (),
) -> tuple[int, int]:
    """Return what a period costs the member, and what payers' commitments take over.

    Persons are counted as covered on the period's first day, without the dead and those past
    the age limit; who comes later is charged from the next. A term's first period that begins
    before anybody's cover (FIRST_OF_MONTH) counts those covered on the first day of cover. A
    household pays its one amount when at least one person is covered. A first, shorter period of
    a fixed cycle under PRO_RATA_MONTHS costs its months, a begun one whole, as a share of the
    period's, rounded half up to `rounding` before it is multiplied.
    Source: domain handbook 2.4, dues generation and GOLDEN 2.4b; 2.6.
    """
    counted_on = first_day
    if first_day == effect:
        counted_on = max(first_day, min((cover.first_day for cover in covers), default=first_day))
    heads: list[Cover | None] = []
    if counted_on < until:
        heads += [one for one in covers if _counts(plan, statutes, one, counted_on)]
    if plan.basis is Basis.PER_HOUSEHOLD:
        heads = [None] if heads else []
    cost = _cost(plan, effect, first_day, until)
    if not sponsored:
        return cost * len(heads), 0
    taken = sum(
        payer_part(
            sponsored,
            None if one is None else one.person_id,
            counted_on,
            cost,
            rounding=plan.rounding,
        )
        for one in heads
    )
    return cost * len(heads) - taken, taken


def _cost(plan: PlanVersion, effect: date, first_day: date, until: date) -> int:
    """Return what a period costs for one head."""
    shortened = (
        first_day == effect
        and plan.cycle is Cycle.FIXED
        and plan.late_entry is LateEntry.PRO_RATA_MONTHS
    )
    months = _months_begun(first_day, until) if shortened else plan.periodicity.value
    if months >= plan.periodicity.value:
        return plan.amount
    return round_half_up(plan.amount * months, plan.periodicity.value, step=plan.rounding)


# --- Replay ---------------------------------------------------------------------------------


@dataclass(slots=True)
class _Rows:
    """The allocations up to a day, by what they went to: rows of (day, amount)."""

    fee: list[tuple[date, int]] = field(default_factory=list)
    dues: dict[date, list[tuple[date, int]]] = field(default_factory=dict)
    credit: int = 0
    days: list[date] = field(default_factory=list)


@dataclass(slots=True)
class _Life:
    """A household's life as it has been replayed so far.

    `firsts` are the first days of the periods money went to, in order, and `paid_for` the same;
    `owed` those of periods a register told to be owed.
    `effect` is the present term's, `index` the calendar index of the period after the last
    called one. `stop` is the first day of an open suspension, `called_in_stop` how many periods
    it called; `breaches` the days on which called dues left their grace unpaid; `tried` the
    place in `rows.days` up to which a reinstatement was looked for; `reckoned` keeps the dues of
    a term by their index, because several questions ask for the same ones.
    """

    facts: AccountFacts
    day: date
    rows: _Rows
    frozen: dict[date, Due]
    ended: list[tuple[date, date]]
    anew: date
    firsts: list[date] = field(default_factory=list)
    paid_for: frozenset[date] = frozenset()
    owed: frozenset[date] = frozenset()
    fee_open: int = 0
    entered_on: date | None = None
    effect: date | None = None
    index: int = 0
    called: list[DueState] = field(default_factory=list)
    suspensions: list[Suspension] = field(default_factory=list)
    stop: date | None = None
    called_in_stop: int = 0
    committed: bool = False
    breaches: list[tuple[date, date]] = field(default_factory=list)
    tried: int = 0
    reckoned: dict[tuple[date, int], Due] = field(default_factory=dict)

    def plan(self, day: date) -> PlanVersion:
        return plan_on(self.facts.plans, day)

    def has_ended(self, day: date) -> bool:
        return any(first <= day < until for first, until in self.ended)

    @property
    def lapsed(self) -> bool:
        """Whether a term paid in advance ran out, so that the next payment begins a new one."""
        return (
            self.stop is not None
            and self.effect is not None
            and not self.committed
            and self.plan(self.effect).renewal is Renewal.ON_PAYMENT
        )


def _endings(events: Sequence[Event], day: date) -> tuple[list[tuple[date, date]], date]:
    """Return the stretches in which a membership had ended, and the last readmission up to day."""
    ended: list[tuple[date, date]] = []
    anew, since = date.min, None
    for event in sorted(events, key=lambda event: event.effective_on):
        if not event.known(day):
            continue
        if event.kind in ENDINGS:
            since = since or event.effective_on
        elif event.kind is EventKind.READMITTED and event.effective_on <= day:
            ended += [(since, event.effective_on)] if since else []
            anew, since = event.effective_on, None
    if since:
        ended.append((since, date.max))
    return ended, anew


def ended_on(facts: AccountFacts, day: date) -> date | None:
    """Return the first day without membership of a household whose membership has ended by a day.

    Source: domain handbook 2.2: its contributions are called no more.
    """
    ended, _ = _endings(facts.events, day)
    return next((first for first, until in ended if first <= day < until), None)


def struck_off_by_time(facts: AccountFacts, day: date) -> bool:
    """Whether a household is struck off on a day without anybody having said so.

    Suspended for longer than `strike_off_after_months`, where no board decides. Source: domain
    handbook 2.2, SUSPENDED to STRUCK_OFF.
    """
    plan = plan_on(facts.plans, day)
    if plan.strike_off_needs_board:
        return False
    account = account_on(facts, day)
    if not account.suspended:
        return False
    since = account.suspensions[-1].first_day
    return day > add_months(since, plan.strike_off_after_months)


def _rows(facts: AccountFacts, day: date, anew: date, fee_since: date) -> _Rows:
    rows, last = _Rows(), None
    for paid in facts.paid:
        paid_on, target = paid.day, paid.target
        if paid_on > day:
            continue
        if target is _ENTRY_FEE:
            if paid_on >= fee_since:
                rows.fee.append((paid_on, paid.amount))
        elif target is _CREDIT:
            rows.credit += paid.amount
        elif paid.due_first_day and paid_on >= anew:
            rows.dues.setdefault(paid.due_first_day, []).append((paid_on, paid.amount))
        if paid_on != last:
            rows.days.append(paid_on)
            last = paid_on
    return rows


def _standing(rows: Sequence[tuple[date, int]], amount: int) -> tuple[int, date | None, date]:
    """Return the sum, the day since which it reaches the amount, and the day it last fell.

    Only the ends of days count: taken back and paid again on one day changes nothing.
    """
    total, reached, fell = 0, None, date.min
    for at, (day, part) in enumerate(rows, 1):
        total += part
        if at < len(rows) and rows[at][0] == day:
            continue
        if total >= amount:
            reached = reached or day
        elif reached:
            reached, fell = None, day
    return total, reached, fell


def _state(life: _Life, due: Due) -> tuple[DueState, date]:
    total, reached, fell = _standing(life.rows.dues.get(due.first_day, ()), due.amount)
    return DueState(due, total, reached if due.amount else _taken_over_on(life, due)), fell


def _taken_over_on(life: _Life, due: Due) -> date:
    """Return the day a due without anything to pay counts as paid. 2.8 (b), 2.6."""
    told = [
        one.told_on
        for one in life.facts.sponsored
        if one.told_on is not None and one.holds(due.first_day)
    ]
    return max([due.first_day, *told])


def _dues(life: _Life, effect: date, start: int = 0) -> Iterator[Due]:
    """Yield a term's dues without end, as they are frozen or else as they come out now."""
    for index in count(start):
        due = life.reckoned.get((effect, index))
        if due is None:
            due = life.reckoned[effect, index] = _due(life, effect, index)
        yield due


def _due(life: _Life, effect: date, index: int) -> Due:
    calendar = life.plan(effect)
    first_day = _start_of(calendar, effect, index)
    frozen = life.frozen.get(first_day)
    if frozen is not None:
        return frozen
    plan, until = life.plan(first_day), _start_of(calendar, effect, index + 1)
    amount, taken = due_amounts(
        plan,
        life.facts.covers,
        effect=effect,
        first_day=first_day,
        until=until,
        statutes=statutes_on(life.facts.statutes, first_day),
        sponsored=life.facts.sponsored,
    )
    return Due(first_day, until, due_on(plan, first_day), amount, plan.id, payer_amount=taken)


def _entry_fee(facts: AccountFacts, anew: date, day: date) -> tuple[int, date]:
    """Return the entry fee asked up to a day, and the day from which paying it counts.

    Source: domain handbook 2.2, STRUCK_OFF or RESIGNED to REGISTERED, and 2.6.
    """
    again = anew > date.min and statutes_on(facts.statutes, anew).readmission_fee
    asked_on = anew if again else facts.joined_on
    taken_over = any(
        one.pays_fee
        and one.person_id is None
        and one.first_day <= day
        and (one.until is None or one.until > asked_on)
        for one in facts.sponsored
    )
    free = not again and any(
        event.kind in FEE_FREE and event.effective_on <= day for event in facts.events
    )
    if taken_over or free:
        return 0, date.min
    return plan_on(facts.plans, asked_on).entry_fee, anew if again else date.min


def _as_known(facts: AccountFacts, day: date) -> AccountFacts:
    """Leave out the commitments that were not told yet on a day, or taken back by then."""
    if all(one.known(day) for one in facts.sponsored):
        return facts
    return replace(facts, sponsored=tuple(one for one in facts.sponsored if one.known(day)))


def _replay(facts: AccountFacts, day: date) -> _Life:
    facts = _as_known(facts, day)
    ended, anew = _endings(facts.events, day)
    fee, fee_since = _entry_fee(facts, anew, day)
    rows = _rows(facts, day, anew, fee_since)
    told = {one.told_on for one in facts.sponsored if one.told_on is not None}
    if told:
        rows.days = sorted({*rows.days, *told})
    life = _Life(facts, day, rows, {due.first_day: due for due in facts.frozen}, ended, anew)
    paid, fee_paid_on, _ = _standing(rows.fee, fee)
    life.fee_open = max(fee - paid, 0)
    life.firsts = sorted(
        first
        for first, moves in rows.dues.items()
        if (moves[0][1] if len(moves) == 1 else sum(part for _, part in moves)) > 0
    )
    life.paid_for = frozenset(life.firsts)
    life.owed = frozenset(first for first, moves in rows.dues.items() if not moves[0][1])
    if not life.fee_open and not _enters_by_commitment(life, fee_paid_on) and life.firsts:
        life.effect = life.firsts[0]
        life.entered_on = _entered_on(life, life.effect, fee_paid_on or date.min)
    if life.effect and life.entered_on:
        if life.committed or life.plan(life.effect).renewal is Renewal.AUTOMATIC:
            _call_periods(life, life.effect)
        else:
            _follow_terms(life, life.effect)
    return life


def _enters_by_commitment(life: _Life, fee_paid_on: date | None) -> bool:
    """Let a household enter for which payers take over all of its first dues.

    Source: domain handbook 2.4 (`subsidy_cover_rule` ON_COMMITMENT), 2.6 and annex Y.2, 14.
    """
    for one in sorted(life.facts.sponsored, key=lambda one: one.first_day):
        told = max(one.first_day, one.told_on or date.min)
        start = max(told, life.facts.joined_on, life.anew, fee_paid_on or date.min)
        if start > life.day or not one.holds(start):
            continue
        effect = effect_date_of(life.plan(start), start)
        if life.firsts and life.firsts[0] < effect:
            return False
        first = islice(_dues(life, effect), life.plan(effect).min_first_periods)
        if all(not due.amount and due.payer_amount for due in first):
            life.effect, life.entered_on, life.committed = effect, start, True
            return True
    return False


def _entered_on(life: _Life, effect: date, fee_paid_on: date) -> date | None:
    entered = fee_paid_on
    for due in islice(_dues(life, effect), life.plan(effect).min_first_periods):
        paid_on = _state(life, due)[0].paid_on
        if paid_on is None:
            return None
        entered = max(entered, paid_on) if due.amount else entered
    return entered


def _tolerated_through(life: _Life, due: Due) -> date:
    """Return the last day of rights while the due is not paid.

    A term that ends with its payment and has no grace is over on its own last day.
    """
    plan = life.plan(due.first_day)
    if plan.renewal is Renewal.ON_PAYMENT and not plan.grace_days:
        return due.due_on - _DAY
    return due.due_on + timedelta(days=plan.grace_days)


def _call_periods(life: _Life, effect: date) -> None:
    """Call a term's periods one after the other, with the suspensions they bring."""
    begun = _call_paid_in_time(life, effect)
    for index, due in enumerate(_dues(life, effect, begun), start=begun):
        first_day = due.first_day
        if first_day > life.day and (not life.firsts or first_day > life.firsts[-1]):
            break
        _settle(life, begins=min(first_day, life.day), ends=min(first_day - _DAY, life.day))
        if _calls(life, due):
            _call(life, due)
            life.index = index + 1
            life.called_in_stop += 1
    _settle(life, begins=life.day, ends=life.day)


def _call_paid_in_time(life: _Life, effect: date) -> int:
    """Call a term's first periods that were paid at one go and in time; return how many.

    They bring no suspension, so a household that pays is replayed in a stride.
    """
    plans, frozen, moved, called = life.facts.plans, life.frozen, life.rows.dues, life.called
    for first_day in _starts(life.plan(effect), effect):
        due, moves = frozen.get(first_day), moved.get(first_day)
        if due is None or moves is None or len(moves) != 1:
            break
        day, amount = moves[0]
        if amount != due.amount or not amount:
            break
        if (day - due.due_on).days > plan_on(plans, first_day).grace_days:
            break
        called.append(DueState(due, amount, day))
    life.index = life.called_in_stop = len(called)
    return len(called)


def _calls(life: _Life, due: Due) -> bool:
    first_day = due.first_day
    if first_day in life.paid_for or first_day in life.owed:
        return True
    if first_day > life.day or life.has_ended(first_day):
        return False
    if life.stop is None or not due.amount:
        return True
    rule = life.plan(first_day).dues_during_suspension
    return rule is DuesDuringSuspension.CONTINUE or (
        rule is DuesDuringSuspension.STOP_AFTER_1 and not life.called_in_stop
    )


def _call(life: _Life, due: Due) -> DueState:
    state, fell = _state(life, due)
    life.called.append(state)
    breach = max(_tolerated_through(life, due) + _DAY, fell)
    if state.paid_on is None or state.paid_on > breach:
        life.breaches.append((breach, due.first_day))
    return state


def _settle(life: _Life, *, begins: date, ends: date) -> None:
    """Open the suspensions that begin, and close those that end, up to these days included."""
    while True:
        if life.stop is None:
            stop = min(life.breaches, default=(date.max, date.max))[0]
            if stop > begins:
                return
            life.stop, life.called_in_stop = stop, 0
            life.tried = bisect_right(life.rows.days, stop)
        again = _reinstated_on(life, ends)
        if again is None:
            return
        life.suspensions.append(_closed(life, life.stop, again))
        life.stop = None
        life.breaches = [breach for breach in life.breaches if breach[1] > again]


def _reinstated_on(life: _Life, ends: date) -> date | None:
    days = life.rows.days
    while life.tried < len(days) and days[life.tried] <= ends:
        day = days[life.tried]
        life.tried += 1
        begun = [state for state in life.called if state.due.first_day <= day]
        if day < begun[-1].due.until and all(
            state.paid_on is not None and state.paid_on <= day for state in begun
        ):
            return day
    return None


def _closed(life: _Life, stop: date, again: date, *, cover: date = date.min) -> Suspension:
    """Return a suspension ended on a day, with its rights back after the gap's waiting.

    Source: domain handbook 2.2, SUSPENDED to ACTIVE and SUSPENDED to WAITING.
    """
    plan = life.plan(again)
    short = again <= add_months(stop, plan.reinstate_short_months)
    wait = plan.reinstate_wait_short_days if short else plan.reinstate_wait_long_days
    return Suspension(stop, again, max(again + timedelta(days=wait), cover))


def _follow_terms(life: _Life, effect: date) -> None:
    """Follow the terms of a plan that renews on payment: only what was paid for is called."""
    index = 0
    for first_day in life.firsts:
        expected = due = next(_dues(life, effect, index))
        new_term = due.first_day != first_day
        if new_term:
            effect, index = first_day, 0
            due = next(_dues(life, effect))
        stop = _tolerated_through(life, expected) + _DAY
        paid_on = _call(life, due).paid_on or date.min
        if stop <= life.day and (new_term or paid_on > stop):
            # A new term paid on the very day the old one lapsed still leaves a gap in cover.
            life.suspensions.append(_closed(life, stop, max(paid_on, stop), cover=first_day))
        index += 1
    life.effect, life.index = effect, index
    stop = _tolerated_through(life, next(_dues(life, effect, index))) + _DAY
    life.stop = stop if stop <= life.day else None


# --- What is still to be paid ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A due money can go to: what is open on it, and whether being up to date needs it."""

    due: Due
    open: int
    needed: bool


def _next_term(life: _Life, on: date) -> tuple[date, int]:
    """Return the effect date and the index from which the next period is counted on a day."""
    if life.effect and life.entered_on:
        if not life.lapsed or (life.stop and on < life.stop):
            return life.effect, life.index
        return max(effect_date_of(life.plan(on), on), life.called[-1].due.until), 0
    return life.effect or max(effect_date_of(life.plan(on), on), life.anew), 0


def _forced(life: _Life, on: date) -> int:
    """Return how many of the next periods must be paid on a day although none has begun."""
    if life.entered_on is None:
        return life.plan(_next_term(life, on)[0]).min_first_periods
    return int(life.lapsed and life.stop is not None and life.stop <= on)


def _upcoming(life: _Life, on: date) -> Iterator[Due]:
    """Yield the periods not called yet; periods a suspension left out and past are skipped."""
    for due in _dues(life, *_next_term(life, on)):
        if life.has_ended(due.first_day):
            return
        if life.stop is None or life.lapsed or due.until > on:
            yield due


def _wanted(life: _Life, on: date) -> Iterator[_Wanted]:
    """Yield what money goes to, oldest first. Source: domain handbook 2.4, allocation."""
    for state in life.called:
        if state.paid_on is None:
            yield _Wanted(state.due, state.open, state.due.first_day <= on)
    forced = _forced(life, on)
    for at, due in enumerate(_upcoming(life, on)):
        paid = _standing(life.rows.dues.get(due.first_day, ()), due.amount)[0]
        yield _Wanted(due, due.amount - paid, due.first_day <= on or at < forced)


def _payable(life: _Life, on: date) -> Iterator[_Wanted]:
    """Yield what money may go to on a day: `max_advance_periods` that begin after it."""
    ahead = sum(state.paid_on is not None and state.due.first_day > on for state in life.called)
    limit = max(life.plan(on).max_advance_periods, _forced(life, on))
    for wanted in _wanted(life, on):
        ahead += wanted.due.first_day > on
        if ahead > limit:
            return
        yield wanted


def _to_pay(life: _Life, on: date, periods: int = 0) -> int:
    total = life.fee_open - life.rows.credit
    further = periods
    for wanted in _payable(life, on):
        if not wanted.needed:
            if not further:
                break
            further -= 1
        total += wanted.open
    return max(total, 0)


# --- The account ----------------------------------------------------------------------------


def account_on(facts: AccountFacts, day: date) -> Account:
    """Return the account as it stood at the end of a day, told from what was dated up to it.

    The module says how the life is replayed. Arrears are the open parts of called dues with
    `due_on` up to the day; `to_pay` also holds a due that has begun and the period containing
    the day when a suspension must be ended, less the credit.
    Source: domain handbook 2.2, 2.4 and 2.8 rules (a) and (b).
    """
    return _account(_replay(facts, day))


def _account(life: _Life) -> Account:
    open_one = (Suspension(life.stop, None, None),) if life.stop else ()
    suspensions = (*life.suspensions, *open_one)
    unpaid = [state for state in life.called if state.paid_on is None]
    next_due, rights_from = _next_due(life), _waiting_ends(life, suspensions)
    tolerated = _tolerated_through(life, next_due) if next_due and life.entered_on else None
    return Account(
        day=life.day,
        entered_on=life.entered_on,
        effect_date=life.effect if life.entered_on else None,
        rights_from=rights_from,
        covered_through=_covered_through(life),
        called=tuple(life.called),
        suspensions=suspensions,
        entry_fee_open=life.fee_open,
        credit=life.rows.credit,
        arrears=sum(state.open for state in unpaid if state.due.due_on <= life.day),
        to_pay=_to_pay(life, life.day),
        unpaid=unpaid[0] if unpaid else None,
        next_due=next_due,
        tolerated_through=life.stop - _DAY if life.stop else tolerated,
        rights_if_paid=_rights_if_paid(life),
        began_late=_began_late(life),
        waiting_from=_waiting_from(life, rights_from),
    )


def _next_due(life: _Life) -> Due | None:
    if life.has_ended(life.day):
        return None
    return next((wanted.due for wanted in _wanted(life, life.day)), None)


def _covered_through(life: _Life) -> date | None:
    paid = list(takewhile(lambda state: state.paid_on is not None, life.called))
    return paid[-1].due.until - _DAY if paid else None


def _waiting_ends(life: _Life, suspensions: Sequence[Suspension]) -> date | None:
    """Return the end of waiting, moved by suspensions that began before it; None when it stands.

    Source: domain handbook 2.2, `waiting_when_late`.
    """
    if not life.called:
        return None
    first_day = life.called[0].due.first_day
    plan = life.plan(first_day)
    ends = max(first_day, _waits_to(life, first_day, plan.waiting_months))
    return moved_by(
        suspensions,
        begins=first_day,
        ends=ends,
        months=plan.waiting_months,
        rule=plan.waiting_when_late,
    )


def moved_by(
    suspensions: Sequence[Suspension],
    *,
    begins: date,
    ends: date,
    months: int,
    rule: WaitingWhenLate,
) -> date | None:
    """Return the end of a waiting period, moved by what stopped it; None while it stands still.

    Args:
        suspensions: The household's, oldest first.
        begins: The first day on which a suspension can stop it.
        ends: When it ends without them.
        months: How long it is, where it restarts.
        rule: What a suspension does to it.

    Source: domain handbook 2.2, `waiting_when_late`.
    """
    if rule is WaitingWhenLate.CONTINUES:
        return ends
    for stop in suspensions:
        if stop.first_day >= ends or (stop.until is not None and stop.until <= begins):
            continue
        if stop.until is None:
            return None
        if rule is WaitingWhenLate.RESTARTS:
            ends = add_months(stop.until, months)
        else:
            ends += stop.until - max(stop.first_day, begins)
    return ends


def _waits_to(life: _Life, first_day: date, months: int) -> date:
    """Return the end of the household's waiting as told up to the day, suspensions left out.

    Source: domain handbook 2.2, REGISTERED to ACTIVE, and 2.5.
    """
    served = (
        add_months(event.counts_from, months) + _late_by(life, event, first_day)
        for event in life.facts.events
        if event.counts_from is not None
        and event.person_id is None
        and life.anew <= event.effective_on <= life.day
    )
    return min((add_months(first_day, months), *served))


def _waiting_from(life: _Life, rights_from: date | None) -> date | None:
    """Return the day from which a service's own waiting counts, moved as the end of waiting was.

    What a group has waived is the scheme's waiting alone.
    Source: domain handbook 2.8, step 7, and 2.5.
    """
    if rights_from is None or not life.called:
        return None
    first_day = life.called[0].due.first_day
    months = life.plan(first_day).waiting_months
    served = _counts_from(life, first_day, waived=False)
    if served > _counts_from(life, first_day):
        served = min(served, add_months(first_day, -months))
    ends = _waiting_ends(life, ()) or rights_from
    return served + (rights_from - ends)


def _counts_from(life: _Life, first_day: date, *, waived: bool = True) -> date:
    """Return the earliest day from which waiting was told to count, the first day of all else.

    Begun late, it counts so much later, as the waiting itself does.
    """
    served = (
        event.counts_from + _late_by(life, event, first_day)
        for event in life.facts.events
        if event.counts_from is not None
        and event.person_id is None
        and (waived or event.kind is not EventKind.WAITING_WAIVED)
        and life.anew <= event.effective_on <= life.day
    )
    return min((first_day, *served))


def _late_by(life: _Life, event: Event, first_day: date) -> timedelta:
    """Return how much later a household begins than if it had paid on the day it came.

    Who was paid for before a split lost nothing until the end of that. Source: decision 0029.
    """
    if event.kind not in BROUGHT:
        return timedelta(0)
    at_once = effect_date_of(life.plan(event.effective_on), event.effective_on)
    if event.kept is not None:
        at_once = max(at_once, event.kept.until)
    return max(first_day - at_once, timedelta(0))


def _began_late(life: _Life) -> timedelta:
    brought = [event for event in life.facts.events if event.counts_from is not None]
    if not brought:
        return timedelta(0)
    first_day = life.called[0].due.first_day if life.called else _next_term(life, life.day)[0]
    return max(_late_by(life, event, first_day) for event in brought)


def _rights_if_paid(life: _Life) -> date | None:
    term = _next_term(life, life.day)[0]
    if life.entered_on is None:
        waited = _waits_to(life, term, life.plan(term).waiting_months)
        return max(life.day, term, waited)
    if life.stop is None or life.has_ended(life.day):
        return None
    cover = term if life.lapsed else date.min
    again = _closed(life, life.stop, life.day, cover=cover)
    ends = _waiting_ends(life, (*life.suspensions, again)) or date.min
    return max(ends, again.rights_again or date.min)


# --- Payments -------------------------------------------------------------------------------


def _life_for_payment(facts: AccountFacts, paid_on: date) -> _Life:
    """Replay up to a payment's day, or further when later money is booked: it is used up."""
    paid = tuple(sorted(facts.paid, key=lambda row: row.day))
    last = paid[-1].day if paid else paid_on
    return _replay(replace(facts, paid=paid), max(paid_on, last))


def allot(facts: AccountFacts, *, paid_on: date, amount: int) -> Allotment:
    """Return where a payment goes, given everything already paid, also under a later date.

    Entry fee (also in part), then dues oldest first, as far ahead as `max_advance_periods`
    allows; only whole periods. The rest is one credit part, negative when older credit is used
    up; the parts add up to the amount. Nobody enters with less than `min_first_periods`.
    An amount of 0 spends credit on what it completes.
    Source: domain handbook 2.4, allocation of a payment, WHOLE_PERIODS_ONLY.
    """
    life = _life_for_payment(facts, paid_on)
    purse = life.rows.credit + amount
    fee = min(life.fee_open, purse)
    parts = [Part(Target.ENTRY_FEE, fee)] if fee else []
    if fee == life.fee_open and _may_enter(life, paid_on, purse - fee):
        parts += _bought(life, paid_on, purse - fee)
    credit = amount - sum(part.amount for part in parts)
    if credit:
        parts.append(Part(Target.CREDIT, credit))
    return Allotment(tuple(parts), _through(facts, life, parts, paid_on))


def _through(
    facts: AccountFacts, life: _Life, parts: Sequence[Part], paid_on: date
) -> date | None:
    """Return the last day covered once these parts are paid.

    Dues are bought oldest first, so the last one bought is the end, unless something behind it
    was paid before: then the life is replayed.
    """
    bought = [part.due for part in parts if part.due is not None]
    if not bought:
        return _covered_through(life)
    if all(first_day <= bought[-1].first_day for first_day in life.paid_for):
        return bought[-1].until - _DAY
    after = replace(facts, paid=(*facts.paid, *_as_paid(parts, paid_on)))
    return _covered_through(_life_for_payment(after, paid_on))


def _may_enter(life: _Life, paid_on: date, purse: int) -> bool:
    if life.entered_on:
        return True
    first = sum(wanted.open for wanted in islice(_wanted(life, paid_on), _forced(life, paid_on)))
    # Without an amount there is no allocation to show when the household entered.
    return 0 < first <= purse


def _bought(life: _Life, paid_on: date, purse: int) -> Iterator[Part]:
    for wanted in _payable(life, paid_on):
        if wanted.open > purse:
            return
        if wanted.open > 0:
            purse -= wanted.open
            yield Part(Target.DUE, wanted.open, wanted.due)


def _as_paid(parts: Sequence[Part], day: date) -> Iterator[Paid]:
    for part in parts:
        yield Paid(day, part.target, part.amount, part.due.first_day if part.due else None)


def reallot(
    facts_without: AccountFacts, payments: Sequence[tuple[date, int]]
) -> dict[Key, tuple[int, Due | None]]:
    """Return what each target would hold had only these payments been made.

    `facts_without` has no `paid`; `payments` are (day, amount) in the order booked. Frozen dues
    keep their amounts. Targets holding nothing are left out.
    Source: domain handbook 2.4, allocation; a reversal undoes a payment as if it never was.
    """
    facts = facts_without
    sums: dict[Key, tuple[int, Due | None]] = {}
    for day, amount in payments:
        parts = allot(facts, paid_on=day, amount=amount).parts
        facts = replace(facts, paid=(*facts.paid, *_as_paid(parts, day)))
        for part in parts:
            key = (part.target, part.due.first_day if part.due else None)
            sums[key] = (sums.get(key, (0, None))[0] + part.amount, part.due)
    return {key: held for key, held in sums.items() if held[0]}


def reversal_parts(current: Mapping[Key, int], target: Mapping[Key, int]) -> dict[Key, int]:
    """Return what must be booked on each key to come from one standing to another, no zeros."""
    moves = {key: target.get(key, 0) - current.get(key, 0) for key in {**current, **target}}
    return {key: move for key, move in moves.items() if move}


def amount_to_reach(facts: AccountFacts, *, paid_on: date, periods: int) -> int:
    """Return what must be paid on a day to be up to date and that many periods further.

    Never below 0; periods further ahead than `max_advance_periods` cost nothing here, because
    they cannot be paid yet.
    """
    return _to_pay(_life_for_payment(facts, paid_on), paid_on, periods)


def regular_amount(facts: AccountFacts, day: date) -> int:
    """Return what one whole period costs with the plan and the persons of a day."""
    facts = _as_known(facts, day)
    return due_amounts(
        plan_on(facts.plans, day),
        facts.covers,
        effect=date.min,
        first_day=day,
        until=date.max,
        statutes=statutes_on(facts.statutes, day),
        sponsored=facts.sponsored,
    )[0]


# --- Earning --------------------------------------------------------------------------------


def _shares(due: Due) -> Iterator[tuple[Month, int]]:
    """Yield each month's share of a due, by its days in the month; together they are the due."""
    months = [Month.of(due.first_day)]
    while months[-1].until < due.until:
        months.append(months[-1].plus(1))
    days = [
        (min(month.until, due.until) - max(month.first, due.first_day)).days for month in months
    ]
    yield from zip(months, split(due.amount, days), strict=True)


def earned_to_date(facts: AccountFacts, day: date) -> dict[date, tuple[int, int]]:
    """Return what each due has earned from the beginning to the end of `day`'s month.

    The answer is (paid share, unpaid share) by the period's first day: paid when the due is
    fully paid by `day`, unpaid when cover was given on trust: up to the day a suspension began
    or the membership ended, and not at all when the period began in one. A due that earned
    nothing is left out. A month's run books the difference to what earlier runs booked.
    Source: domain handbook 3.3, P04, P05 and P07.
    """
    life = _replay(facts, day)
    stops = [(stop.first_day, stop.until or date.max) for stop in life.suspensions]
    if life.stop:
        stops.append((life.stop, date.max))
    stops += life.ended
    earned: dict[date, tuple[int, int]] = {}
    for state in life.called:
        first_day = state.due.first_day
        begun = [(month, part) for month, part in _shares(state.due) if month <= Month.of(day)]
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


# --- Opening --------------------------------------------------------------------------------


def opening_dues(facts: AccountFacts, *, through: date, day: date) -> tuple[Due, ...]:
    """Return the paid periods by which a household stands as its old register says.

    They end with the last whole period paid up to `through`, included, and begin with the one
    that holds `day`; of a household that is behind, it is the last paid one alone. What was paid
    before them is told by no due: waiting counts from the day of joining all the same.
    Source: docs/decisions/0008 and 0024.
    """
    plan = plan_on(facts.plans, min(day, through))
    length = plan.periodicity.value
    until = through + _DAY
    if plan.cycle is Cycle.FIXED:
        anchor, steps = _boundary(plan, until)
        until = add_months(anchor, steps * length)
    periods = max(plan.min_first_periods, 1)
    while add_months(until, -periods * length) > day:
        periods += 1
    effect = add_months(until, -periods * length)
    return tuple(islice(_dues(_opening_life(facts, day), effect), periods))


def owed_dues(facts: AccountFacts, paid: Sequence[Due], day: date) -> tuple[Due, ...]:
    """Return the periods after the paid ones of an opening, up to the one that holds the day.

    A register that tells arrears tells that they are owed: they are called also when the plan
    calls nothing in a suspension. Source: docs/decisions/0024.
    """
    after = islice(_dues(_opening_life(facts, day), paid[0].first_day), len(paid), None)
    return tuple(takewhile(lambda due: due.first_day <= day, after))


def _opening_life(facts: AccountFacts, day: date) -> _Life:
    return _Life(facts, day, _Rows(), {due.first_day: due for due in facts.frozen}, [], date.min)


def owed_through(facts: AccountFacts, *, arrears: int, day: date) -> tuple[date, int]:
    """Return the last day paid for by a household that owes so much, and what is over.

    The periods are those of a household that joined on its day of joining; the one that holds
    `day` is the last called. A part of a period owed counts as the whole of it, and what was
    paid of it is the second answer. Without a contribution to pay nothing is owed.
    """
    plan = plan_on(facts.plans, day)
    effect = min(effect_date_of(plan, facts.joined_on), Month.of(day).first)
    index = 0
    while _start_of(plan, effect, index + 1) <= day:
        index += 1
    regular = regular_amount(facts, day)
    owed = -(-arrears // regular) if regular else 0
    start = index + 1 - owed
    last = (
        _start_of(plan, effect, start)
        if start >= 0
        else add_months(effect, start * plan.periodicity.value)
    )
    return last - _DAY, owed * regular - arrears if regular else 0
