"""What is quoted is what is taken: who pays it on that day enters, and nothing is left to pay.

Figures by hand from domain handbook 2.4 and openIMIS handbook 2.4.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.contributions.rules import account_on, allot, amount_to_reach, quote, reallot
from stepdesk.contributions.terms import (
    AccountFacts,
    Basis,
    Cycle,
    EffectRule,
    LateEntry,
    Per,
    Periodicity,
    PlanVersion,
    Renewal,
    SeasonCover,
    SeasonDue,
    Suspension,
    Target,
    Window,
)
from tests.contributions.test_dues import MONTHLY, household, parts_of, paying, person
from tests.examples import few

DAY = date(2024, 1, 10)
YEARLY = replace(
    MONTHLY,
    amount=4200,
    entry_fee=0,
    periodicity=Periodicity.ANNUAL,
    cycle=Cycle.FIXED,
    due_day=None,
)


def facts_of(plan: PlanVersion, day: date, heads: int) -> AccountFacts:
    return AccountFacts(day, (plan,), tuple(person(at, day) for at in range(heads)))


# The entry fee of each person


def test_an_entry_fee_for_each_person_is_asked_for_each() -> None:
    plan = replace(MONTHLY, entry_fee=200, entry_fee_per=Per.PERSON)
    facts = household(plan, 6)
    assert account_on(facts, DAY).entry_fee_open == 1200
    assert account_on(facts, DAY).to_pay == 1200 + 2100
    assert parts_of(facts, DAY, 3300) == [
        (Target.ENTRY_FEE, None, 1200),
        (Target.DUE, date(2024, 2, 1), 2100),
    ]
    assert parts_of(facts, DAY, 3000) == [
        (Target.ENTRY_FEE, None, 1200),
        (Target.CREDIT, None, 1800),
    ]


def test_who_joins_a_household_later_pays_no_entry_fee_with_it() -> None:
    plan = replace(MONTHLY, entry_fee=200, entry_fee_per=Per.PERSON)
    facts = paying(household(plan, 2), (DAY, 400 + 700))
    # Told late: the third was covered before the first period.
    more = replace(facts, covers=(*facts.covers, person(2, date(2024, 1, 15))))
    account = account_on(more, date(2024, 2, 20))
    assert (account.entered_on, account.entry_fee_open) == (DAY, 0)


# Discounts


def test_who_enters_before_the_cycle_pays_less_and_has_all_of_it() -> None:
    plan = replace(
        YEARLY,
        effect_rule=EffectRule.CYCLE_START,
        entry_fee=1000,
        early_discount=1000,
        early_discount_months=2,
    )
    day = date(2023, 10, 20)
    facts = facts_of(plan, day, 5)
    told = quote((plan,), facts.covers, day)
    # 21,000 and 1,000 for the fee less a tenth.
    assert (told.total, told.discount) == (19_800, 2200)
    assert account_on(facts, day).to_pay == 19_800
    assert parts_of(facts, day, 19_800) == [
        (Target.ENTRY_FEE, None, 900),
        (Target.DUE, date(2024, 1, 1), 18_900),
    ]
    account = account_on(paying(facts, (day, 19_800)), date(2024, 6, 1))
    assert (account.covered_through, account.to_pay) == (date(2024, 12, 31), 0)
    late = date(2023, 11, 20)
    assert account_on(facts, late).to_pay == 22_000
    assert parts_of(facts, late, 19_800)[-1] == (Target.CREDIT, None, 18_800)


def test_who_pays_the_year_at_once_pays_less() -> None:
    plan = replace(MONTHLY, prepay_discount=500)
    facts = household(plan, 6)
    # 12 times 2,100 less 5 %, beside the fee.
    assert amount_to_reach(facts, paid_on=DAY, periods=11) == 1000 + 23_940
    paid = paying(facts, (DAY, 24_940))
    account = account_on(paid, date(2024, 12, 1))
    assert (account.covered_through, account.credit) == (date(2025, 1, 31), 0)
    assert sum(due.amount for due in paid.frozen) == 23_940
    assert sum(due.discount for due in paid.frozen) == 1260
    # One coin less buys eleven months at their whole price.
    parts = parts_of(facts, DAY, 24_935)
    assert parts[-1] == (Target.CREDIT, None, 23_935 - 11 * 2100)
    assert len(parts) == 1 + 11 + 1


def test_a_year_begun_in_parts_is_not_paid_at_once() -> None:
    plan = replace(MONTHLY, prepay_discount=500)
    facts = paying(household(plan, 6), (DAY, 3100))
    assert amount_to_reach(facts, paid_on=date(2024, 1, 20), periods=11) == 11 * 2100


def test_a_year_paid_at_once_and_taken_back_is_as_if_it_was_never_paid() -> None:
    facts = household(replace(MONTHLY, prepay_discount=500), 6)
    again = reallot(facts, [(DAY, 24_940)])
    assert sum(held for held, _ in again.values()) == 24_940
    assert sum(1 for target, _ in again if target is Target.DUE) == 12
    assert reallot(facts, []) == {}


def test_who_renews_early_pays_less() -> None:
    plan = replace(
        MONTHLY,
        amount=4200,
        entry_fee=0,
        periodicity=Periodicity.ANNUAL,
        renewal=Renewal.ON_PAYMENT,
        renewal_discount=1000,
        renewal_discount_months=1,
        due_day=None,
    )
    facts = paying(household(plan, 1), (DAY, 4200))
    early, late = date(2024, 12, 31), date(2025, 1, 20)
    assert parts_of(facts, early, 3780) == [(Target.DUE, date(2025, 2, 1), 3780)]
    assert parts_of(facts, late, 3780) == [(Target.CREDIT, None, 3780)]
    renewed = account_on(paying(facts, (early, 3780)), date(2025, 6, 1))
    assert (renewed.covered_through, renewed.suspensions) == (date(2026, 1, 31), ())


# The assembly fee comes with its period


def test_what_is_over_pays_no_fee_of_a_period_that_is_not_paid() -> None:
    plan = replace(MONTHLY, assembly_fee=500, max_advance_periods=24)
    facts = household(plan, 6)
    year = 1000 + 500 + 12 * 2100
    assert parts_of(facts, DAY, year + 600)[-1] == (Target.CREDIT, None, 600)
    assert parts_of(facts, DAY, year + 2600)[-2:] == [
        (Target.ASSEMBLY_FEE, date(2025, 2, 1), 500),
        (Target.DUE, date(2025, 2, 1), 2100),
    ]


# GOLDEN 2.4c in a fixed year


def season(rule: SeasonCover, year: int) -> AccountFacts:
    plan = replace(
        YEARLY,
        periodicity=Periodicity.SEASONAL,
        cycle_start=(12, 1),
        season=(SeasonDue(12, 15, 60), SeasonDue(2, 15, 40)),
        season_cover_rule=rule,
        effect_rule=EffectRule.FIRST_OF_MONTH,
        waiting_months=0,
    )
    return paying(facts_of(plan, date(year - 1, 12, 1), 6), (date(year - 1, 12, 20), 15_120))


@pytest.mark.parametrize(("year", "last"), [(2024, date(2024, 3, 16)), (2025, date(2025, 3, 17))])
def test_a_fixed_season_paid_in_part_is_tolerated_to_the_end_of_grace(
    year: int, last: date
) -> None:
    facts = season(SeasonCover.ALL_OR_SUSPEND, year)
    assert account_on(facts, date(year, 2, 14)).arrears == 0
    assert account_on(facts, date(year, 2, 15)).arrears == 10_080
    assert account_on(facts, last).suspensions == ()
    after = last + timedelta(days=1)
    assert account_on(facts, after).suspensions == (Suspension(after, None, None),)


def test_a_fixed_season_paid_in_part_covers_its_share() -> None:
    facts = season(SeasonCover.PROPORTIONAL, 2024)
    assert account_on(facts, date(2024, 6, 30)).suspensions == ()
    assert account_on(facts, date(2024, 7, 1)).suspensions[0].first_day == date(2024, 7, 1)


# Whatever the plan


def plan_of(**told: object) -> PlanVersion:
    return replace(MONTHLY, **told)  # type: ignore[arg-type]


FORMS = st.one_of(
    st.builds(
        lambda period, cycle, late: {"periodicity": period, "cycle": cycle, "late_entry": late},
        st.sampled_from([
            Periodicity.MONTHLY, Periodicity.QUARTERLY, Periodicity.HALF_YEARLY, Periodicity.ANNUAL
        ]),
        st.sampled_from(Cycle),
        st.sampled_from(LateEntry),
    ),
    st.builds(
        lambda starts, grace: {
            "periodicity": Periodicity.ANNUAL,
            "period_months": 12,
            "cycle": Cycle.FIXED,
            "cycle_starts": starts,
            "entry_grace_months": grace,
            "renewal": Renewal.ON_PAYMENT,
            "due_day": None,
        },
        st.sampled_from([((1, 1),), ((1, 1), (6, 1))]),
        st.integers(0, 2),
    ),
    st.just({
        "periodicity": Periodicity.SEASONAL,
        "cycle": Cycle.FIXED,
        "cycle_start": (12, 1),
        "season": (SeasonDue(12, 15, 60), SeasonDue(2, 15, 40)),
    }),
    st.just({
        "periodicity": Periodicity.SINGLE,
        "amount": 9000,
        "effect_rule": EffectRule.PAYMENT_DATE,
        "min_first_periods": 1,
    }),
)  # fmt: skip
QUOTED = st.builds(
    lambda form, **told: plan_of(**{**told, **form}),
    FORMS,
    amount=st.sampled_from([350, 4200]),
    basis=st.sampled_from([Basis.PER_PERSON, Basis.PER_HOUSEHOLD]),
    effect_rule=st.sampled_from(EffectRule),
    entry_fee=st.sampled_from([0, 1000]),
    entry_fee_per=st.sampled_from(Per),
    card_fee=st.sampled_from([0, 100]),
    card_fee_per=st.sampled_from(Per),
    assembly_fee=st.sampled_from([0, 500]),
    assembly_fee_per=st.sampled_from(Per),
    min_first_periods=st.sampled_from([1, 2, 3, 12]),
    early_discount=st.sampled_from([0, 500, 3333]),
    early_discount_months=st.integers(0, 3),
    prepay_discount=st.sampled_from([0, 500, 1234]),
    windows=st.sampled_from([(), (Window((3, 1), (4, 30)),)]),
    rounding=st.sampled_from([1, 5]),
)


@few(150)
@given(QUOTED, st.dates(date(2023, 1, 1), date(2024, 12, 31)), st.integers(1, 6))
def test_who_pays_what_is_quoted_enters_and_owes_nothing(
    plan: PlanVersion, day: date, heads: int
) -> None:
    facts = facts_of(plan, day, heads)
    told = quote((plan,), facts.covers, day)
    assert account_on(facts, day).to_pay == told.total
    paid = paying(facts, (day, told.total))
    assert allot(facts, paid_on=day, amount=told.total).covered_through is not None
    account = account_on(paid, day)
    assert (account.entered_on, account.effect_date) == (day, told.effect)
    assert (account.to_pay, account.credit, account.entry_fee_open) == (0, 0, 0)
    assert sum(due.discount + due.fees_discount for due in paid.frozen) == told.discount
    assert sum(due.fees_discount for due in paid.frozen) == told.fees_discount
    assert all(due.discount for due in paid.frozen if due.fees_discount)
    # One unit less, and it has not entered.
    less = account_on(paying(facts, (day, told.total - 1)), day)
    assert less.entered_on is None
