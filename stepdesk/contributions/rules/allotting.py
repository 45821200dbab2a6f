"""Where a payment goes, and what a reversal takes back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

from stepdesk.contributions.rules.account import covered_through, forced, payable, to_pay, wants
from stepdesk.contributions.rules.amounts import due_amounts
from stepdesk.contributions.rules.calendar import DAY, Key, plan_on
from stepdesk.contributions.rules.replay import Life, as_known, replay
from stepdesk.contributions.terms import (
    AccountFacts,
    Allotment,
    Due,
    Paid,
    Part,
    Target,
)
from stepdesk.members.rules import statutes_on


def life_for_payment(facts: AccountFacts, paid_on: date) -> Life:
    """Replay up to a payment's day, or further when later money is booked: it is used up."""
    paid = tuple(sorted(facts.paid, key=lambda row: row.day))
    last = paid[-1].day if paid else paid_on
    return replay(replace(facts, paid=paid), max(paid_on, last))


def allot(facts: AccountFacts, *, paid_on: date, amount: int) -> Allotment:
    """Return where a payment goes, given everything already paid, also under a later date.

    Entry fee (also in part), then dues oldest first, as far ahead as `max_advance_periods`
    allows; only whole periods. The rest is one credit part, negative when older credit is used
    up; the parts add up to the amount. Nobody enters with less than `min_first_periods`.
    An amount of 0 spends credit on what it completes.
    Source: domain handbook 2.4, allocation of a payment, WHOLE_PERIODS_ONLY.
    """
    life = life_for_payment(facts, paid_on)
    purse = life.rows.credit + amount
    fee = min(life.fee_open, purse)
    parts = [Part(Target.ENTRY_FEE, fee)] if fee else []
    if fee == life.fee_open and _may_enter(life, paid_on, purse - fee):
        parts += _bought(life, paid_on, purse - fee)
    credit = amount - sum(part.amount for part in parts)
    if credit:
        parts.append(Part(Target.CREDIT, credit))
    return Allotment(tuple(parts), _through(facts, life, parts, paid_on))


def _through(facts: AccountFacts, life: Life, parts: Sequence[Part], paid_on: date) -> date | None:
    """Return the last day covered once these parts are paid.

    Dues are bought oldest first, so the last one bought is the end, unless something behind it
    was paid before: then the life is replayed.
    """
    bought = [part.due for part in parts if part.due is not None]
    if not bought:
        return covered_through(life)
    if all(first_day <= bought[-1].first_day for first_day in life.paid_for):
        return bought[-1].until - DAY
    after = replace(facts, paid=(*facts.paid, *_as_paid(parts, paid_on)))
    return covered_through(life_for_payment(after, paid_on))


def _may_enter(life: Life, paid_on: date, purse: int) -> bool:
    if life.entered_on:
        return True
    first = sum(wanted.open for wanted in islice(wants(life, paid_on), forced(life, paid_on)))
    # Without an amount there is no allocation to show when the household entered.
    return 0 < first <= purse


def _bought(life: Life, paid_on: date, purse: int) -> Iterator[Part]:
    for wanted in payable(life, paid_on):
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
