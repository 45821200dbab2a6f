"""Which period a day lies in: limits may begin anew with each. Source: openIMIS handbook 2.8."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.contributions.rules import account_on, period_on
from stepdesk.contributions.terms import (
    AccountFacts,
    Cycle,
    DuesDuringSuspension,
    PlanVersion,
    Renewal,
)
from stepdesk.values.month import add_months
from tests.rights.test_rules import PLAN, household

PRICE = 350 * 6
TERM = replace(
    PLAN,
    entry_fee=0,
    renewal=Renewal.ON_PAYMENT,
    dues_during_suspension=DuesDuringSuspension.STOP,
    grace_days=0,
    period_months=6,
)


def paid(plan: PlanVersion, *days: date) -> AccountFacts:
    return household(*((day, PRICE) for day in days), plan=plan)


def on(facts: AccountFacts, day: date) -> tuple[date, date] | None:
    return period_on(account_on(facts, day), day)


@pytest.mark.parametrize("months", [1, 6, 12, 18])
def test_a_period_lasts_as_long_as_the_plan_says(months: int) -> None:
    facts = paid(replace(TERM, period_months=months), date(2024, 1, 10))
    first = date(2024, 2, 1)
    until = add_months(first, months)
    assert on(facts, first) == on(facts, until - timedelta(days=1)) == (first, until)


def test_after_a_gap_the_next_period_begins_with_its_payment() -> None:
    facts = paid(TERM, date(2024, 1, 10), date(2024, 10, 20))
    assert on(facts, date(2024, 7, 31)) == (date(2024, 2, 1), date(2024, 8, 1))
    assert on(facts, date(2024, 9, 15)) is None
    assert on(facts, date(2024, 11, 1)) == (date(2024, 11, 1), date(2025, 5, 1))


def test_a_fixed_cycle_gives_the_period_of_the_cycle() -> None:
    cycle = replace(TERM, cycle=Cycle.FIXED, cycle_starts=((1, 1), (7, 1)), period_months=6)
    facts = paid(cycle, date(2024, 1, 10))
    assert on(facts, date(2024, 8, 1)) == (date(2024, 7, 1), date(2025, 1, 1))


@given(
    st.sampled_from([1, 3, 6, 12, 18]),
    st.lists(st.integers(0, 700), min_size=1, max_size=3, unique=True),
    st.lists(st.integers(0, 1500), min_size=2, max_size=6),
)
def test_periods_hold_their_day_and_never_overlap(
    months: int, payments: list[int], asked: list[int]
) -> None:
    start = date(2024, 1, 10)
    plan = replace(TERM, period_months=months)
    facts = paid(plan, *(start + timedelta(days=one) for one in sorted(payments)))
    days = [start + timedelta(days=one) for one in asked]
    found = {period for day in days if (period := on(facts, day)) is not None}
    for first, until in found:
        assert add_months(first, months) == until
    ordered = sorted(found)
    assert all(before[1] <= after[0] for before, after in pairwise(ordered))
    told = [(day, on(facts, day)) for day in days]
    assert all(period is None or period[0] <= day < period[1] for day, period in told)
