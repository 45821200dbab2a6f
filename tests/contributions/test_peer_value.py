"""What an enrolment costs and when it holds, against a second reckoning of the peer's rule.

Source: openIMIS handbook 2.3 to 2.5, reckoned here step by step, in other words than the rules.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stepdesk.contributions.rules import quote
from stepdesk.contributions.terms import (
    Basis,
    Cycle,
    EffectRule,
    Per,
    Periodicity,
    PlanVersion,
    Renewal,
)
from stepdesk.members.terms import Birth, BirthKnown, Cover, Relation, Sex
from stepdesk.values.ids import CoverId, HouseholdId, PersonId, PlanId, PlanVersionId

ONE = timedelta(days=1)
STARTS: list[tuple[tuple[int, int], ...]] = [
    (),
    ((1, 1),),
    ((1, 1), (6, 1)),
    ((3, 15), (9, 15)),
    ((1, 31), (6, 28)),
    ((1, 1), (4, 1), (7, 1), (10, 1)),
]


@dataclass(frozen=True)
class Sold:
    """A product and a family, as the peer tells them."""

    lump: int
    threshold: int | None
    adult: int
    child: int
    most: int | None
    fee: int
    assembly: int
    assembly_once: bool
    starts: tuple[tuple[int, int], ...]
    months: int
    wait: int
    grace: int
    payment: int
    discount: int
    before: int
    people: tuple[int, int, int, int]


def later(day: date, months: int) -> date:
    """Go on by months, to the end of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def begins(one: Sold, day: date, *, renewed: bool) -> date:
    reference = day if renewed else later(day, one.wait)
    for year in (reference.year, reference.year + 1):
        for month, first in one.starts:
            start = date(year, month, first)
            if year > reference.year or reference < later(start, one.grace):
                return start
    return reference


def costs(one: Sold, *, renewed: bool, early: bool) -> tuple[int, int]:
    """Return the contributions, and all of it rounded half up."""
    left, heads = 10**6 if one.most is None else one.most, []
    for count in one.people:
        heads.append(min(count, left))
        left -= heads[-1]
    a, c, oa, oc = heads
    grown = max(0, a - one.threshold) if one.threshold else 0
    small = max(0, a + c - grown - one.threshold) if one.threshold else 0
    family = one.lump + grown * one.adult + small * one.child
    if not one.lump:
        family = a * one.adult + c * one.child
    contributions = family + oa * one.adult + oc * one.child
    assembly = one.assembly * (1 if one.assembly_once else sum(heads))
    registration = 0 if renewed else one.fee * sum(heads)
    asked = contributions + assembly + registration
    rate = one.discount if early else 0
    left = int(Fraction(asked * (100 - rate), 100) + Fraction(1, 2))
    return contributions, left


def plan_of(one: Sold) -> PlanVersion:
    return PlanVersion(
        PlanVersionId(b"v"),
        PlanId(b"p"),
        "P",
        "Sold",
        date(2000, 1, 1),
        basis=Basis.LUMP_PLUS_EXTRA,
        amount=one.lump,
        lump_persons=one.threshold,
        amount_adult=one.adult,
        amount_child=one.child,
        max_persons=one.most,
        entry_fee=one.fee,
        entry_fee_per=Per.PERSON,
        assembly_fee=one.assembly,
        assembly_fee_per=Per.HOUSEHOLD if one.assembly_once else Per.PERSON,
        periodicity=Periodicity.ANNUAL,
        period_months=one.months,
        cycle=Cycle.FIXED if one.starts else Cycle.ROLLING,
        cycle_starts=one.starts,
        effect_rule=EffectRule.PAYMENT_DATE,
        renewal=Renewal.ON_PAYMENT,
        administration_months=one.wait,
        entry_grace_months=one.grace,
        renewal_grace_months=one.grace,
        payment_grace_months=one.payment,
        early_discount=one.discount * 100,
        early_discount_months=one.before,
        renewal_discount=one.discount * 100,
        renewal_discount_months=one.before,
        due_day=None,
        child_max_age=None,
        waiting_months=0,
        rounding=1,
    )


def covers_of(one: Sold) -> tuple[Cover, ...]:
    a, c, oa, oc = one.people
    told = [(30, Relation.SIBLING)] * a + [(8, Relation.CHILD)] * c
    told += [(30, Relation.OTHER)] * oa + [(8, Relation.OTHER)] * oc
    return tuple(
        Cover(
            CoverId(b"c%d" % at),
            HouseholdId(b"h"),
            PersonId(b"p%d" % at),
            at,
            relation if at else Relation.SELF,
            date(2000, 1, 1),
            None,
            Birth(date(2024 - age, 1, 1), BirthKnown.DAY),
            Sex.FEMALE,
        )
        for at, (age, relation) in enumerate(told)
    )


def whole(*told: int | None) -> st.SearchStrategy[Any]:
    return st.sampled_from(told)


SOLD = st.builds(
    Sold,
    lump=whole(0, 20_000, 99_995),
    threshold=whole(None, 1, 2, 4, 20),
    adult=whole(0, 1275, 30_000),
    child=whole(0, 655, 20_000),
    most=whole(None, 2, 3, 6),
    fee=whole(0, 10, 1000),
    assembly=whole(0, 5, 13_000),
    assembly_once=st.booleans(),
    starts=st.sampled_from(STARTS),
    months=whole(1, 6, 12, 18),
    wait=whole(0, 1, 2),
    # A grace beyond the period sells one that is over.
    grace=whole(0, 1),
    payment=whole(0, 1, 3),
    discount=whole(0, 5, 10, 33),
    before=whole(0, 1, 2),
    people=st.tuples(st.integers(1, 4), st.integers(0, 4), st.integers(0, 2), st.integers(0, 1)),
)
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@settings(deadline=None)
@given(SOLD, DAYS)
def test_an_enrolment_costs_and_holds_as_the_rule_says(one: Sold, day: date) -> None:
    start = begins(one, day, renewed=False)
    early = bool(one.starts) and bool(one.discount) and day <= later(start, -one.before)
    contributions, total = costs(one, renewed=False, early=early)
    told = quote((plan_of(one),), covers_of(one), day)
    assert (told.effect, told.until) == (start, later(start, one.months))
    last = later(start, one.grace) if one.starts else later(day, one.payment)
    assert told.pay_by == last - ONE
    if (
        contributions
    ):  # Whoever pays no contribution has nothing that keeps a discount: decision 58.
        assert told.total == total


@settings(deadline=None)
@given(SOLD, DAYS, st.integers(1, 400))
def test_a_renewal_costs_and_holds_as_the_rule_says(one: Sold, day: date, ago: int) -> None:
    ended = day - timedelta(days=ago) + ONE
    start = begins(one, day, renewed=True)
    early = bool(one.discount) and day <= later(ended, -one.before)
    contributions, total = costs(one, renewed=True, early=early)
    told = quote((plan_of(one),), covers_of(one), day, renewal=True, ended=ended)
    if start < ended:  # A term never begins before the former one has ended: decision 30.
        assert told.effect == ended
        return
    assert (told.effect, told.until) == (start, later(start, one.months))
    last = later(start, one.grace) if one.starts else later(ended, one.payment)
    assert told.pay_by == last - ONE
    if contributions:
        assert told.total == total
