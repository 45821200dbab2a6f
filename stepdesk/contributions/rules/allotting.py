"""Where a payment goes, and what a reversal takes back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, takewhile
from operator import attrgetter
from typing import TypeVar

from stepdesk.contributions.rules.account import covered_through
from stepdesk.contributions.rules.amounts import due_amounts
from stepdesk.contributions.rules.calendar import DAY, Key, plan_on
from stepdesk.contributions.rules.offers import offered, to_pay
from stepdesk.contributions.rules.partial import paid_for_some
from stepdesk.contributions.rules.replay import (
    Life,
    as_known,
    cheaper_id,
    replay,
    standing_dues,
    turned,
)
from stepdesk.contributions.rules.wanting import Wanted, forced, wants
from stepdesk.contributions.terms import (
    AccountFacts,
    Allotment,
    Due,
    Paid,
    Part,
    PartialRule,
    Target,
)
from stepdesk.members.rules import statutes_on
from stepdesk.values.month import add_months

_LOOKED_AHEAD = 120
"""Months: further than any plan lets a household pay ahead."""

Slot = tuple[Target, date | None, date | None]
"""What money goes to: a target, its period, and the readmission since which that is called."""
_Held = TypeVar("_Held", Key, Slot)


def life_for_payment(facts: AccountFacts, paid_on: date) -> Life:
    """Replay up to a payment's day, or further when later money is booked: it is used up."""
    paid = tuple(sorted(facts.paid, key=attrgetter("day")))
    last = paid[-1].day if paid else paid_on
    sorted_facts = facts if paid == facts.paid else replace(facts, paid=paid)
    return replay(sorted_facts, max(paid_on, last))


def allot(facts: AccountFacts, *, paid_on: date, amount: int) -> Allotment:
    """Return where a payment goes, given everything already paid, also under a later date.

    In the fixed order: entry fee, then as `wants` says, as far ahead as `max_advance_periods`
    allows. Fees and penalties also in part; periods whole, or person by person as
    `partial_rule` says. The rest is one credit part, negative when older credit is used up; the
    parts add up to the amount. Nobody enters with less than `min_first_periods`. An amount of 0
    spends credit on what it completes.
    Source: domain handbook 2.4, allocation of a payment.
    """
    life = life_for_payment(facts, paid_on)
    parts = list(_bought(life, paid_on, life.rows.credit + amount))
    credit = amount - sum(part.amount for part in parts)
    if credit:
        parts.append(Part(Target.CREDIT, credit))
    return Allotment(tuple(parts), _through(life, parts, paid_on))


def _through(life: Life, parts: Sequence[Part], paid_on: date) -> date | None:
    """Return the last day covered once these parts are paid.

    Dues are bought oldest first, so the last one bought is the end, unless something behind it
    was paid before: then the life is replayed.
    """
    bought = [part for part in parts if part.target is Target.DUE and part.due is not None]
    if not bought:
        return covered_through(life)
    last = bought[-1].due
    whole = life.plan(paid_on).partial_rule is PartialRule.WHOLE_PERIODS_ONLY
    if last and whole and all(first_day <= last.first_day for first_day in life.paid_for):
        return last.until - DAY
    return covered_through(life_for_payment(_after(life.facts, parts, paid_on), paid_on))


def _after(facts: AccountFacts, parts: Sequence[Part], day: date) -> AccountFacts:
    """Return the facts with parts of a payment; a due bought at a discount keeps its amount."""
    paid = (*facts.paid, *_as_paid(parts, day))
    known = standing_dues(replace(facts, paid=paid), day)
    fresh = {
        part.due.first_day: part.due
        for part in parts
        if part.due is not None and part.due.discount and part.due.first_day not in known
    }
    if not fresh:
        return replace(facts, paid=paid)
    dues = sorted((*facts.frozen, *fresh.values()), key=lambda due: due.first_day)
    return replace(facts, paid=paid, frozen=tuple(dues))


def _first_ones(listed: Iterator[Wanted], periods: int) -> list[Wanted]:
    """Take the first periods off a list, with what must be paid before them; no more is reckoned."""
    found: list[Wanted] = []
    while periods > 0 and (wanted := next(listed, None)) is not None:
        found.append(wanted)
        periods -= wanted.target is Target.DUE
    return found


def _bought(life: Life, paid_on: date, purse: int) -> Iterator[Part]:
    """Yield what a purse buys in the fixed order; the first thing it is not enough for ends it.

    Of a fee or a penalty a part is paid, of a period nothing, or what pays for some persons.
    Before a household enters no period is paid unless all of the first ones are.
    """

    def pays(listed: Sequence[Wanted], last: int) -> bool:
        return sum(one.open for one in listed[: last + 1]) <= purse

    listed, enters = offered(life, paid_on, pays), True
    if life.entered_on is None:
        first = _first_ones(listed, forced(life, paid_on))
        asked_first = sum(one.open for one in first)
        # Without an amount there is no allocation to show when the household entered.
        enters = asked_first <= purse and any(
            one.open for one in first if one.target is not Target.ENTRY_FEE
        )
        listed = chain(first, listed)
    left = purse
    for asked in _with_its_fees(listed):
        if not (enters or asked[0].in_parts):
            return
        parts = tuple(_parts_of(life, asked, left))
        yield from parts
        bought = sum(part.amount for part in parts)
        left -= bought
        if left <= 0 or bought < sum(one.open for one in asked):
            return


def _with_its_fees(listed: Iterable[Wanted]) -> Iterator[tuple[Wanted, ...]]:
    """Yield what is bought one after the other; a fee of a period to come only with that period."""
    kept: list[Wanted] = []
    for wanted in listed:
        kept.append(wanted)
        if wanted.needed or not wanted.in_parts:
            yield tuple(kept)
            kept.clear()


def _parts_of(life: Life, asked: Sequence[Wanted], purse: int) -> Iterator[Part]:
    """Yield what a purse pays of something, with the fees asked with it."""
    *fees, last = asked
    left = purse - sum(one.open for one in fees)
    part = min(last.open, left)
    if part < last.open and not last.in_parts:
        entered = last.due is not None and life.entered_on is not None
        part = paid_for_some(life, last.due, left) if entered and last.due and left > 0 else 0
    if part <= 0:
        return
    for fee in fees:
        if fee.open:
            yield Part(fee.target, fee.open, fee.due)
    yield Part(last.target, part, last.due)


def _as_paid(parts: Sequence[Part], day: date) -> Iterator[Paid]:
    for part in parts:
        first_day = part.due.first_day if part.due else None
        since = part.due.told_on if part.due and part.target is Target.DUE else None
        yield Paid(day, part.target, part.amount, first_day, cheaper_id(part.due), since)


def reallot(
    facts_without: AccountFacts,
    payments: Sequence[tuple[date, int]],
    *,
    until: date | None = None,
) -> dict[Key, tuple[int, Due | None]]:
    """Return what each target would hold had only these payments been made.

    `facts_without` has no `paid`; `payments` are (day, amount) in the order booked. Frozen dues
    keep their amounts, but for a discount nothing else has earned. Targets holding nothing are
    left out. With `until` what credit has paid by itself up to that day is among it.
    Source: domain handbook 2.4, allocation; a reversal undoes a payment as if it never was.
    """
    found: dict[Key, tuple[int, Due | None]] = {}
    for (target, first_day, _), (held, due) in reallot_apart(
        facts_without, payments, until=until
    ).items():
        found[target, first_day] = (found.get((target, first_day), (0, None))[0] + held, due)
    return found


def reallot_apart(
    facts_without: AccountFacts,
    payments: Sequence[tuple[date, int]],
    *,
    until: date | None = None,
) -> dict[Slot, tuple[int, Due | None]]:
    """Return the same, what each membership of a readmitted household paid apart."""
    facts = facts_without
    sums: dict[Slot, tuple[int, Due | None]] = {}
    for day, amount in payments:
        parts = allot(facts, paid_on=day, amount=amount).parts
        facts = _after(facts, parts, day)
        _add_up(sums, parts)
    if until is not None:
        booked = replace(facts, paid=tuple(sorted(facts.paid, key=lambda row: row.day)))
        for turn in turned(booked, until):
            _add_up(sums, turn.parts)
    return {key: held for key, held in sums.items() if held[0]}


def _add_up(sums: dict[Slot, tuple[int, Due | None]], parts: Sequence[Part]) -> None:
    for part in parts:
        since = part.due.told_on if part.due and part.target is Target.DUE else None
        key = (part.target, part.due.first_day if part.due else None, since)
        sums[key] = (sums.get(key, (0, None))[0] + part.amount, part.due)


def reversal_parts(current: Mapping[_Held, int], target: Mapping[_Held, int]) -> dict[_Held, int]:
    """Return what must be booked on each key to come from one standing to another, no zeros."""
    moves = {key: target.get(key, 0) - current.get(key, 0) for key in {**current, **target}}
    return {key: move for key, move in moves.items() if move}


def beyond_advance(facts: AccountFacts, allotment: Allotment, *, paid_on: date) -> int:
    """Return what credit would be kept though it is enough for a period; 0 if there is none.

    It is more than `max_advance_periods` let a household pay ahead.
    """
    life = life_for_payment(_after(facts, allotment.parts, paid_on), paid_on)
    # A family in which nobody counts any more owes nothing, for ever: somewhere the looking ends.
    end = add_months(paid_on, _LOOKED_AHEAD)
    listed = takewhile(
        lambda one: one.due is None or one.due.first_day < end, wants(life, paid_on)
    )
    wanted = next((one for one in listed if one.open > 0), None)
    if wanted is None or life.entered_on is None or life.rows.credit < wanted.open:
        return 0
    return life.rows.credit


def last_part(facts: AccountFacts, *, paid_on: date, amount: int, most: int) -> int:
    """Return what a payment must be that is the last part a period may be paid in; 0 if it may be.

    A part is a payment that completes no period. `most` is how many payments a period may take;
    the last of them must complete it. Source: domain handbook 2.4 (openIMIS, instalments).
    """
    bought = {part.target for part in allot(facts, paid_on=paid_on, amount=amount).parts}
    a_part = Target.CREDIT in bought and Target.DUE not in bought
    if not a_part or _parts_before(facts) + 1 < most:
        return 0
    life = life_for_payment(facts, paid_on)
    asked = _first_ones(offered(life, paid_on, _to_the_first_period), 1)
    if not asked or asked[-1].target is not Target.DUE:
        return 0
    return sum(one.open for one in asked) - life.rows.credit


def _to_the_first_period(listed: Sequence[Wanted], last: int) -> bool:
    return all(one.target is not Target.DUE for one in listed[:last])


def _parts_before(facts: AccountFacts) -> int:
    """Return how many payments since the last period paid have completed none."""
    found = 0
    for paid in reversed(facts.paid):
        if paid.target is Target.DUE and paid.amount > 0:
            break
        if paid.target is Target.CREDIT:
            found += 1 if paid.amount > 0 else -1
    return max(found, 0)


def amount_to_reach(facts: AccountFacts, *, paid_on: date, periods: int) -> int:
    """Return what must be paid on a day to be up to date and that many periods further.

    Never below 0; periods further ahead than `max_advance_periods` cost nothing here, because
    they cannot be paid yet.
    """
    return to_pay(life_for_payment(facts, paid_on), paid_on, periods)


def regular_amount(facts: AccountFacts, day: date) -> int:
    """Return what one whole period costs with the plan and the persons of a day."""
    facts = as_known(facts, day)
    return due_amounts(
        plan_on(facts.plans, day),
        facts.covers,
        effect=date.min,
        first_day=day,
        until=date.max,
        statutes=statutes_on(facts.statutes, day),
        sponsored=facts.sponsored,
        categories=facts.categories,
    )[0]
