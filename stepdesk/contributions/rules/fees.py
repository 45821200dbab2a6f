"""What fees and discounts come with a period, and the days on which they are asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from stepdesk.contributions.rules.amounts import counted, counting_day
from stepdesk.contributions.rules.calendar import YEAR, months_of
from stepdesk.contributions.terms import Cycle, Due, Fee, Per, Periodicity, PlanVersion, Target
from stepdesk.members.rules import DEFAULT
from stepdesk.members.terms import Cover, Statutes
from stepdesk.values.money import round_half_up, split
from stepdesk.values.month import add_months, months_between

WHOLE = 10_000
"""Rates and discounts are hundredths of a percent."""


def fees_on(
    plan: PlanVersion,
    covers: Sequence[Cover],
    *,
    effect: date,
    first_day: date,
    new: bool,
    statutes: Statutes = DEFAULT,
) -> tuple[Fee, ...]:
    """Return the fees asked with a term's period, in the order they are paid; none of nothing.

    Entry and card fee come with the first period of a first enrolment alone, the assembly fee
    with every period that begins a year of membership, the first one too. A fee for each person
    counts those the period counts.

    Args:
        plan: The version on the period's first day.
        covers: The household's.
        effect: The term's first day.
        first_day: The period's first day.
        new: Whether the term is a first enrolment, or a readmission that pays its fee again.
        statutes: Those of the period's first day.

    Source: domain handbook 2.4 (`entry_fee`, `card_fee`, `assembly_fee`); openIMIS handbook 2.4,
    steps 3 and 4.
    """
    day = counting_day(covers, effect=effect, first_day=first_day)
    persons = len(counted(plan, covers, day, statutes))
    asked: list[Fee] = []
    if new and first_day == effect:
        asked += [
            Fee(Target.ENTRY_FEE, _fee(plan.entry_fee, plan.entry_fee_per, persons), first_day),
            Fee(Target.CARD_FEE, _fee(plan.card_fee, plan.card_fee_per, persons), first_day),
        ]
    if plan.assembly_fee and begins_year(plan, effect, first_day):
        amount = _fee(plan.assembly_fee, plan.assembly_fee_per, persons)
        asked.append(Fee(Target.ASSEMBLY_FEE, amount, first_day))
    return tuple(fee for fee in asked if fee.amount)


def _fee(amount: int, per: Per, persons: int) -> int:
    return amount * persons if per is Per.PERSON else amount


def begins_year(plan: PlanVersion, effect: date, first_day: date) -> bool:
    """Whether a period begins a year of membership: a term's first, and each a year later.

    A fixed cycle has its years from `cycle_start`; a period of a year or more begins one always.
    """
    if first_day == effect or plan.periodicity is Periodicity.SINGLE:
        return first_day == effect
    if plan.cycle is Cycle.FIXED and not plan.cycle_starts:
        return (first_day.month, first_day.day) == plan.cycle_start
    months = months_between(effect, first_day)
    longer = plan.periodicity is not Periodicity.SEASONAL and months_of(plan) >= YEAR
    return longer or (months % YEAR == 0 and add_months(effect, months) == first_day)


# Discounts


def discount_at_start(
    plan: PlanVersion,
    total: int,
    *,
    day: date,
    start: date,
    renewal: bool = False,
    ended: date | None = None,
) -> int:
    """Return what is taken off a term's first payment for coming early.

    Args:
        plan: The version in force on the term's first day.
        total: The first payment with its fees.
        day: When the household enters or renews.
        start: The first day of the term.
        renewal: Whether it is not the first term.
        ended: The first day after the former term, when one ran or runs out.

    A first entry is early only where terms begin on cycle starts. What is left is rounded half up
    to `rounding`. Source: openIMIS handbook 2.4, step 6.
    """
    if renewal:
        limit, months, rate = ended or start, plan.renewal_discount_months, plan.renewal_discount
    else:
        limit, months, rate = start, plan.early_discount_months, plan.early_discount
        if not (plan.cycle_starts or plan.cycle is Cycle.FIXED):
            return 0
    if not rate or day > add_months(limit, -months):
        return 0
    return discounted(plan, total, rate)


def discounted(plan: PlanVersion, total: int, rate: int) -> int:
    """Return what a rate takes off a sum, so that the rest can be paid in coins; never below 0.

    Of a sum that is not of whole coins the rest might be rounded up beyond it.
    """
    return max(total - round_half_up(total * (WHOLE - rate), WHOLE, step=plan.rounding), 0)


def lowered(
    dues: Sequence[Due], off: int, fees: Sequence[tuple[int, int]] = ()
) -> tuple[Due, ...]:
    """Return dues with a discount taken off them, and off the fees that come with each.

    It is shared by amounts with the largest remainder; what one of them cannot take, the dues
    take, then the fees, in their order. Of each due at least one unit stays to be paid, because
    what is paid tells when a household entered; one of a single unit, or none, keeps no discount,
    and its fees stay whole. Source: openIMIS handbook 2.4, step 6; docs/decisions/0058.

    Args:
        dues: What is lowered, by period.
        off: The discount of all.
        fees: With each due, what is asked of its fees and what of that is not paid yet; empty
            where the discount is of the dues alone.
    """
    asked = [(due.amount, max(due.amount - 1, 0)) for due in dues]
    if not any(most for _, most in asked):
        return tuple(dues)
    asked += [
        (fee, unpaid if most else 0) for (fee, unpaid), (_, most) in zip(fees, asked, strict=False)
    ]
    shares = _fitted(off, asked)
    found = []
    for at, due in enumerate(dues):
        less, fees_less = shares[at], sum(shares[at + len(dues) : at + len(dues) + 1])
        if fees_less and not less:
            less, fees_less = 1, fees_less - 1
        found.append(
            replace(
                due,
                amount=due.amount - less,
                discount=due.discount + less,
                fees_discount=due.fees_discount + fees_less,
            )
        )
    return tuple(found)


def _fitted(off: int, asked: Sequence[tuple[int, int]]) -> list[int]:
    """Split by amounts, none beyond the most it can take; the first ones take what others cannot."""
    shares = [
        min(share, most)
        for share, (_, most) in zip(split(off, [one for one, _ in asked]), asked, strict=True)
    ]
    left = off - sum(shares)
    for at, (_, most) in enumerate(asked):
        more = min(left, most - shares[at])
        shares[at] += more
        left -= more
    return shares


def prepay_discount(plan: PlanVersion, dues: Sequence[Due], *, effect: date) -> int:
    """Return what is taken off when one payment completes all these dues; 0 for less than a year.

    It applies to the dues of one whole year of membership, none of them begun to be paid before:
    the first begins the year, the last ends where the next one begins. A plan whose periods last
    a year or more has no such discount: there is nothing to pay ahead.
    Source: domain handbook 2.4, `prepay_discount`.
    """
    if not plan.prepay_discount or not dues or not begins_year(plan, effect, dues[0].first_day):
        return 0
    if len(dues) < 2 or not _whole_year(plan, effect, dues):
        return 0
    return discounted(plan, sum(due.amount for due in dues), plan.prepay_discount)


def _whole_year(plan: PlanVersion, effect: date, dues: Sequence[Due]) -> bool:
    follows = all(one.until == after.first_day for one, after in pairwise(dues))
    inside = not any(begins_year(plan, effect, due.first_day) for due in dues[1:])
    return follows and inside and begins_year(plan, effect, dues[-1].until)
