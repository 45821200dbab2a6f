"""What a period costs the member and the payers."""

from collections.abc import Sequence
from datetime import date

from stepdesk.contributions.rules.calendar import months_begun
from stepdesk.contributions.terms import (
    Basis,
    Cycle,
    LateEntry,
    PlanVersion,
)
from stepdesk.members.rules import DEFAULT, within_age
from stepdesk.members.terms import Cover, Statutes
from stepdesk.payers.rules import payer_part
from stepdesk.payers.terms import Sponsored
from stepdesk.values.money import round_half_up


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
    months = months_begun(first_day, until) if shortened else plan.periodicity.value
    if months >= plan.periodicity.value:
        return plan.amount
    return round_half_up(plan.amount * months, plan.periodicity.value, step=plan.rounding)
