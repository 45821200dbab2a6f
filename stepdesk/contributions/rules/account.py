"""The account of a household on a day: what is wanted, what is to pay, when waiting ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from stepdesk.contributions.rules.calendar import DAY, effect_date_of
from stepdesk.contributions.rules.replay import (
    Life,
    closed,
    dues,
    replay,
    standing,
    tolerated_through,
)
from stepdesk.contributions.terms import (
    Account,
    AccountFacts,
    Due,
    Suspension,
    WaitingWhenLate,
)
from stepdesk.members.terms import BROUGHT, Event, EventKind
from stepdesk.values.month import add_months


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A due money can go to: what is open on it, and whether being up to date needs it."""

    due: Due
    open: int
    needed: bool


def next_term(life: Life, on: date) -> tuple[date, int]:
    """Return the effect date and the index from which the next period is counted on a day."""
    if life.effect and life.entered_on:
        if not life.lapsed or (life.stop and on < life.stop):
            return life.effect, life.index
        again = effect_date_of(life.plan(on), on, renewal=True)
        return max(again, life.called[-1].due.until), 0
    return life.effect or max(effect_date_of(life.plan(on), on), life.anew), 0


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


def wants(life: Life, on: date) -> Iterator[_Wanted]:
    """Yield what money goes to, oldest first. Source: domain handbook 2.4, allocation."""
    for state in life.called:
        if state.paid_on is None:
            yield _Wanted(state.due, state.open, state.due.first_day <= on)
    needed = forced(life, on)
    for at, due in enumerate(_upcoming(life, on)):
        paid = standing(life.rows.dues.get(due.first_day, ()), due.amount)[0]
        yield _Wanted(due, due.amount - paid, due.first_day <= on or at < needed)


def payable(life: Life, on: date) -> Iterator[_Wanted]:
    """Yield what money may go to on a day: `max_advance_periods` that begin after it."""
    ahead = sum(state.paid_on is not None and state.due.first_day > on for state in life.called)
    limit = max(life.plan(on).max_advance_periods, forced(life, on))
    for wanted in wants(life, on):
        ahead += wanted.due.first_day > on
        if ahead > limit:
            return
        yield wanted


def to_pay(life: Life, on: date, periods: int = 0) -> int:
    total = life.fee_open - life.rows.credit
    further = periods
    for wanted in payable(life, on):
        if not wanted.needed:
            if not further:
                break
            further -= 1
        total += wanted.open
    return max(total, 0)


def account_on(facts: AccountFacts, day: date) -> Account:
    """Return the account as it stood at the end of a day, told from what was dated up to it.

    `replay` says how the life is told. Arrears are the open parts of called dues with
    `due_on` up to the day; `to_pay` also holds a due that has begun and the period containing
    the day when a suspension must be ended, less the credit.
    Source: domain handbook 2.2, 2.4 and 2.8 rules (a) and (b).
    """
    return _account(replay(facts, day))


def _account(life: Life) -> Account:
    open_one = (Suspension(life.stop, None, None),) if life.stop else ()
    suspensions = (*life.suspensions, *open_one)
    unpaid = [state for state in life.called if state.paid_on is None]
    next_due, rights_from = _next_due(life), _waiting_ends(life, suspensions)
    tolerated = tolerated_through(life, next_due) if next_due and life.entered_on else None
    return Account(
        day=life.day,
        entered_on=life.entered_on,
        effect_date=life.effect if life.entered_on else None,
        rights_from=rights_from,
        covered_through=covered_through(life),
        called=tuple(life.called),
        suspensions=suspensions,
        entry_fee_open=life.fee_open,
        credit=life.rows.credit,
        arrears=sum(state.open for state in unpaid if state.due.due_on <= life.day),
        to_pay=to_pay(life, life.day),
        unpaid=unpaid[0] if unpaid else None,
        next_due=next_due,
        tolerated_through=life.stop - DAY if life.stop else tolerated,
        rights_if_paid=_rights_if_paid(life),
        began_late=_began_late(life),
        waiting_from=_waiting_from(life, rights_from),
    )


def _next_due(life: Life) -> Due | None:
    if life.has_ended(life.day):
        return None
    return next((wanted.due for wanted in wants(life, life.day)), None)


def covered_through(life: Life) -> date | None:
    paid = list(takewhile(lambda state: state.paid_on is not None, life.called))
    return paid[-1].due.until - DAY if paid else None


def _waiting_ends(life: Life, suspensions: Sequence[Suspension]) -> date | None:
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


def _waits_to(life: Life, first_day: date, months: int) -> date:
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


def _waiting_from(life: Life, rights_from: date | None) -> date | None:
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


def _counts_from(life: Life, first_day: date, *, waived: bool = True) -> date:
    """Return the earliest day from which waiting was told to count, the first day of all else."""
    served = (
        event.counts_from
        for event in life.facts.events
        if event.counts_from is not None
        and event.person_id is None
        and (waived or event.kind is not EventKind.WAITING_WAIVED)
        and life.anew <= event.effective_on <= life.day
    )
    return min((first_day, *served))


def _late_by(life: Life, event: Event, first_day: date) -> timedelta:
    """Return how much later a household begins than if it had paid on the day it came."""
    if event.kind not in BROUGHT:
        return timedelta(0)
    at_once = effect_date_of(life.plan(event.effective_on), event.effective_on)
    return max(first_day - at_once, timedelta(0))


def _began_late(life: Life) -> timedelta:
    brought = [event for event in life.facts.events if event.counts_from is not None]
    if not brought:
        return timedelta(0)
    first_day = life.called[0].due.first_day if life.called else next_term(life, life.day)[0]
    return max(_late_by(life, event, first_day) for event in brought)


def _rights_if_paid(life: Life) -> date | None:
    term = next_term(life, life.day)[0]
    if life.entered_on is None:
        waited = _waits_to(life, term, life.plan(term).waiting_months)
        return max(life.day, term, waited)
    if life.stop is None or life.has_ended(life.day):
        return None
    cover = term if life.lapsed else date.min
    again = closed(life, life.stop, life.day, cover=cover)
    ends = _waiting_ends(life, (*life.suspensions, again)) or date.min
    return max(ends, again.rights_again or date.min)
