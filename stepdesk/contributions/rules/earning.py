"""What each due has earned by the end of a month, and what a payer is told of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, takewhile

from stepdesk.contributions.rules.account import account_of_life
from stepdesk.contributions.rules.amounts import counted, counting_day
from stepdesk.contributions.rules.calendar import FOREVER, effect_date_of, plan_on
from stepdesk.contributions.rules.memberships import earlier
from stepdesk.contributions.rules.payer_parts import PayerShare, payer_shares
from stepdesk.contributions.rules.replay import (
    Life,
    dues,
    entry_fee_of,
    fees_asked,
    fees_by_name,
    replay,
)
from stepdesk.contributions.rules.wanting import next_term
from stepdesk.contributions.terms import (
    Account,
    AccountFacts,
    Due,
    DueState,
    Earned,
    Per,
    Target,
)
from stepdesk.members.rules import statutes_on
from stepdesk.members.terms import FEE_FREE
from stepdesk.values.ids import PayerAgreementId, PersonId
from stepdesk.values.money import round_half_up, split
from stepdesk.values.month import Month

_Stops = list[tuple[date, date]]
_ADJUSTMENT = Target.ADJUSTMENT


def _shares(due: Due, amount: int) -> Iterator[tuple[Month, int]]:
    """Yield each month's share of a due's part, by its days in the month; together they are it.

    What was paid once for a cover without end is earned in its first month.
    """
    months = [Month.of(due.first_day)]
    if due.until >= FOREVER:
        yield months[0], amount
        return
    while months[-1].until < due.until:
        months.append(months[-1].plus(1))
    days = [
        (min(month.until, due.until) - max(month.first, due.first_day)).days for month in months
    ]
    yield from zip(months, split(amount, days), strict=True)


def earned_to_date(facts: AccountFacts, day: date) -> dict[date, tuple[int, int]]:
    """Return what the member's part of each due has earned to the end of `day`'s month.

    The answer is (paid share, unpaid share) by the period's first day; see `earned_of`. A due
    whose member's part earned nothing is left out.
    """
    return {
        first_day: (one.paid, one.unpaid)
        for first_day, one in earned_of(facts, day).items()
        if one.paid or one.unpaid
    }


def earned_of(facts: AccountFacts, day: date) -> dict[date, Earned]:
    """Return what each due has earned from the beginning to the end of `day`'s month.

    By the period's first day: paid when the due is fully paid by `day`, with what was paid more
    or given back for it; unpaid when cover was given on trust: up to the day a suspension began
    or the membership ended, and not at all when the period began in one. What payers take over
    is theirs to pay where cover was given: all of it for a due that is paid, and as far as it was
    trusted else. A member's part that is paid while a payer's money is waited for has earned as
    paid what it covered. A due that earned
    nothing is left out. A month's run books the difference to what earlier runs booked. What an
    earlier membership paid stays earned after a readmission; what it still owed is asked no more.
    Source: domain handbook 3.3, P04, P05 and P07; docs/decisions/0053.
    """
    return _earned_in_all(replay(facts, day), facts, day)


def account_and_earned(facts: AccountFacts, day: date) -> tuple[Account, dict[date, Earned]]:
    """Return `account_on` and `earned_of` of a day; the life is replayed once."""
    life = replay(facts, day)
    return account_of_life(life), _earned_in_all(life, facts, day)


def _earned_in_all(life: Life, facts: AccountFacts, day: date) -> dict[date, Earned]:
    found = _earned_in(life, day)
    for before in earlier(facts, day):
        for first_day, one in _earned_in(replay(before, day), day).items():
            if one.paid or one.payers:
                found[first_day] = _with(found.get(first_day, Earned()), one)
    return found


def _with(earned: Earned, before: Earned) -> Earned:
    payers = dict(earned.payers)
    for key, amount in before.payers.items():
        payers[key] = payers.get(key, 0) + amount
    return Earned(earned.paid + before.paid, earned.unpaid, payers)


def _earned_in(life: Life, day: date) -> dict[date, Earned]:
    """Return what the dues of one membership have earned."""
    stops = [(stop.first_day, stop.until or date.max) for stop in life.suspensions]
    if life.stop:
        stops.append((life.stop, date.max))
    stops += life.ended
    found: dict[date, Earned] = {}
    over = Month.of(day).until
    for state in life.called:
        one = _earned(life, state, stops, over)
        if one.paid or one.unpaid or one.payers:
            found[state.due.first_day] = one
    return found


def _earned(life: Life, state: DueState, stops: _Stops, over: date) -> Earned:
    """Return what a due has earned before a month's end, its day after not included."""
    due = state.due
    stopped = stops and any(first <= due.first_day < until for first, until in stops)
    if state.paid_on is not None:
        of_payers = 0 if stopped else _begun(due, due.payer_amount, over, date.max)
        paid = due.amount + life.rows.held((_ADJUSTMENT, due.first_day))
        return Earned(_begun(due, paid, over, date.max), 0, _by_payer(life, due, of_payers))
    if stopped:
        return Earned()
    ends = min((first for first, _ in stops if first > due.first_day), default=date.max)
    trusted = _begun(due, due.amount, over, ends)
    paid = trusted if state.open <= 0 else 0
    by_payer = _by_payer(life, due, _begun(due, due.payer_amount, over, ends))
    return Earned(paid, trusted - paid, by_payer)


def _begun(due: Due, amount: int, over: date, ends: date) -> int:
    """Return what of a due's part belongs to the months that are over, and lies before an end."""
    if not amount:
        return 0
    if due.first_day < due.until <= over and due.until <= ends:
        return amount  # All its months have begun: their shares together are it.
    begun = [(month, part) for month, part in _shares(due, amount) if month.first < over]
    if ends >= due.until:
        return sum(part for _, part in begun)
    return sum(_before(due, month, part, ends) for month, part in begun)


def _before(due: Due, month: Month, part: int, ends: date) -> int:
    """Return what of a month's share of a due lies before a day, by days."""
    first, until = max(month.first, due.first_day), min(month.until, due.until)
    days = max((min(until, ends) - first).days, 0)
    return round_half_up(part * days, (until - first).days)


def _by_payer(
    life: Life, due: Due, amount: int
) -> dict[tuple[PayerAgreementId, PersonId | None], int]:
    shares = payer_shares(life.facts, due) if amount else ()
    if not shares:
        return {}
    found: dict[tuple[PayerAgreementId, PersonId | None], int] = {}
    parts = split(amount, [share.amount for share in shares])
    for share, part in zip(shares, parts, strict=True):
        key = (share.agreement_id, share.person_id)
        found[key] = found.get(key, 0) + part
    return {key: part for key, part in found.items() if part}


@dataclass(frozen=True, slots=True)
class PayerFee:
    """An entry fee a payer owes: for the household, or for one person of it, asked on a day."""

    agreement_id: PayerAgreementId
    person_id: PersonId | None
    asked_on: date
    amount: int


def fees_of_payers(facts: AccountFacts, day: date) -> tuple[PayerFee, ...]:
    """Return who owes a household's entry fee by a day, for whom, since when and how much.

    It is earned once the household entered, under a commitment that held that day and pays fees.
    Who is taken over by name has a fee where one is asked for each person; what the household
    paid of the others' is not asked of its payer. Source: domain handbook 2.4 (`entry_fee`), 2.6.
    """
    if not any(one.pays_fee for one in facts.sponsored):
        return ()
    life = replay(facts, day)
    again = life.anew > date.min and statutes_on(facts.statutes, life.anew).readmission_fee
    free = any(one.kind in FEE_FREE and one.effective_on <= day for one in facts.events)
    if life.entered_on is None or (free and not again):
        return ()
    asked_on = life.anew if again else facts.joined_on
    found = [*_fee_of_household(life, asked_on), *_fees_by_name(life, asked_on)]
    return tuple(one for one in found if one.amount > 0)


def _fee_of_household(life: Life, asked_on: date) -> Iterator[PayerFee]:
    held = [
        one
        for one in life.facts.sponsored
        if life.entered_on
        and one.pays_fee
        and one.person_id is None
        and one.holds(life.entered_on)
    ]
    if held and held[0].agreement_id is not None:
        asked = entry_fee_of(life.facts, asked_on, life.effect or asked_on)
        paid = sum(amount for _, amount in life.rows.fee)
        # Who paid its fee at a discount was asked for nothing more of it.
        off = _off_entry_fee(life, life.called[0].due) if paid and life.called else 0
        yield PayerFee(held[0].agreement_id, None, asked_on, asked - paid - off)


def _off_entry_fee(life: Life, due: Due) -> int:
    """Return what a discount of the first period's fees took off the entry fee: not off the others."""
    others, _ = fees_asked(life, due)
    left = (max(fee.amount - life.rows.held((fee.target, None)), 0) for fee in others)
    return max(due.fees_discount - sum(left), 0) if due.fees_discount else 0


def _fees_by_name(life: Life, asked_on: date) -> Iterator[PayerFee]:
    plan, effect = plan_on(life.facts.plans, asked_on), life.effect or asked_on
    if plan.entry_fee_per is not Per.PERSON:
        return
    day = counting_day(life.facts.covers, effect=effect, first_day=effect)
    statutes = statutes_on(life.facts.statutes, effect)
    taken = fees_by_name(life.facts, asked_on, effect)
    for cover in counted(plan_on(life.facts.plans, effect), life.facts.covers, day, statutes):
        if cover.person_id in taken:
            yield PayerFee(taken[cover.person_id], cover.person_id, asked_on, plan.entry_fee)


# What a payer is told before it pays


def awaited_shares(
    facts: AccountFacts, *, day: date, until: date
) -> dict[date, tuple[PayerShare, ...]]:
    """Return the parts of dues that wait for payers' money, of periods beginning before `until`.

    Those called so far, and those that would follow; for a household that has not entered, those
    of the term its payer's commitment would begin. By the period's first day.
    Source: domain handbook 2.4, `subsidy_cover_rule` ON_CASH.

    Args:
        facts: A household's.
        day: As it stands on this day.
        until: Periods beginning before it.
    """
    if not any(one.on_cash for one in facts.sponsored):
        return {}
    found: dict[date, tuple[PayerShare, ...]] = {}
    for due in _coming(replay(facts, day), day, until):
        shares = tuple(one for one in payer_shares(facts, due) if one.on_cash)
        if shares:
            found[due.first_day] = shares
    return found


def _coming(life: Life, day: date, until: date) -> Iterator[Due]:
    term = next_term(life, day) if life.entered_on or life.effect else _promised_term(life)
    if term is None:
        return
    called = [state.due for state in life.called]
    following = (
        due for due in dues(life, *term) if not called or due.first_day > called[-1].first_day
    )
    for due in takewhile(lambda due: due.first_day < until, chain(called, following)):
        if life.has_ended(due.first_day):
            return
        yield due


def _promised_term(life: Life) -> tuple[date, int] | None:
    """Return the term the commitment would begin; None while the entry fee is to be paid first."""
    if life.fee_open:
        return None
    held = [one for one in life.facts.sponsored if one.on_cash]
    begins = min(max(one.first_day, one.told_on or date.min) for one in held)
    start = max(begins, life.facts.joined_on, life.anew, life.fee_paid_on or date.min)
    return effect_date_of(life.plan(start), start), 0
