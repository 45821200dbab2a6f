"""The account of a household on a day: what is wanted, what is to pay, when waiting ends."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import takewhile

from stepdesk.contributions.rules.calendar import DAY, effect_date_of, plan_on
from stepdesk.contributions.rules.offers import to_pay
from stepdesk.contributions.rules.partial import partly_paid
from stepdesk.contributions.rules.replay import (
    Life,
    closed,
    price,
    replay,
    tolerated_through,
)
from stepdesk.contributions.rules.wanting import next_term, penalties, periods_wanted, plain, wants
from stepdesk.contributions.terms import (
    Account,
    AccountFacts,
    Due,
    Suspension,
    Target,
    WaitingWhenLate,
)
from stepdesk.members.terms import BROUGHT, Event, EventKind
from stepdesk.values.month import add_months

_DUE = Target.DUE


def account_on(facts: AccountFacts, day: date) -> Account:
    """Return the account as it stood at the end of a day, told from what was dated up to it.

    `replay` says how the life is told. Arrears are the open parts of called dues with
    `due_on` up to the day; `to_pay` also holds a due that has begun and the period containing
    the day when a suspension must be ended, less the credit.
    Source: domain handbook 2.2, 2.4 and 2.8 rules (a) and (b).
    """
    return account_of_life(replay(facts, day))


def account_of_life(life: Life) -> Account:
    """Return the account of a life that was replayed up to its day."""
    open_one = (Suspension(life.stop, None, None),) if life.stop else ()
    suspensions = (*life.suspensions, *open_one)
    unpaid = [state for state in life.called if state.paid_on is None]
    next_due, rights_from = _next_due(life), _waiting_ends(life, suspensions)
    tolerated = tolerated_through(life, next_due) if next_due and life.entered_on else None
    some, some_through = partly_paid(life)
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
        arrears=sum(
            state.open
            for state in (*unpaid, *life.adjusted)
            if max(state.due.due_on, state.due.told_on or date.min) <= life.day
        ),
        to_pay=to_pay(life, life.day),
        unpaid=unpaid[0] if unpaid else None,
        next_due=next_due,
        tolerated_through=life.stop - DAY if life.stop else tolerated,
        rights_if_paid=_rights_if_paid(life),
        began_late=_began_late(life),
        waiting_from=_waiting_from(life, rights_from),
        adjustments=tuple(life.adjusted),
        penalties=() if plain(life) else tuple(penalties(life, life.day)),
        other_fees_open=0 if plain(life) else _other_fees(life),
        partly_paid=some,
        partly_through=some_through,
    )


def _other_fees(life: Life) -> int:
    fees = {Target.CARD_FEE, Target.ASSEMBLY_FEE}
    asked = takewhile(lambda one: one.needed, wants(life, life.day))
    return sum(one.open for one in asked if one.target in fees)


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


def _next_due(life: Life) -> Due | None:
    if life.has_ended(life.day):
        return None
    first = next((due for due in _not_prepaid(life)), None)
    more = [state.due for state in life.adjusted if state.open]
    return min((first, *more), key=lambda due: due.due_on) if first and more else first


def _not_prepaid(life: Life) -> Iterator[Due]:
    """Yield the periods not paid, but for those that credit will pay by itself when they come."""
    purse = life.rows.credit if life.entered_on and life.stop is None else 0
    for wanted in periods_wanted(life, life.day):
        due = wanted.due
        if due is None:
            continue
        asked = sum(part.amount for part in price(life, due)) if purse > 0 else 0
        if purse <= 0 or not 0 < asked <= purse or due.first_day <= life.day:
            purse = 0
            yield due
        purse -= asked


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


def _late_by(life: Life, event: Event, first_day: date) -> timedelta:
    """Return how much later a household begins than if it had paid on the day it came.

    Who was paid for before a split lost nothing until the end of that. Source: decision 0029.
    """
    if event.kind not in BROUGHT:
        return timedelta(0)
    at_once = effect_date_of(life.plan(event.effective_on), event.effective_on)
    if event.kept is not None:
        at_once = max(at_once, event.kept.until)
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
