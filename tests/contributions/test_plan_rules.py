"""What a period costs and when it begins, by the handbook's figures and by hand.

Source: domain handbook 2.4 with GOLDEN 2.4a to c; openIMIS handbook 2.3 to 2.5.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.contributions.rules import (
    FOREVER,
    account_on,
    allot,
    discount_at_start,
    due_amounts,
    earned_to_date,
    effect_date_of,
    example_texts,
    fees_on,
    next_window,
    opening_dues,
    owed_through,
    pay_by,
    period_at,
    plan_example,
    prepay_discount,
    quote,
)
from stepdesk.contributions.rules.calendar import SeasonPart, season_parts
from stepdesk.contributions.terms import (
    AccountFacts,
    Band,
    Basis,
    CategoryFrom,
    Cycle,
    Due,
    EffectRule,
    Fee,
    LateEntry,
    Paid,
    Per,
    Periodicity,
    PlanVersion,
    Renewal,
    SeasonDue,
    Target,
    Window,
)
from stepdesk.i18n import speak
from stepdesk.members.terms import Birth, BirthKnown, Cover, Relation, Sex
from stepdesk.payers.terms import Sponsored
from stepdesk.values.ids import CoverId, HouseholdId, PersonId, PlanId, PlanVersionId
from stepdesk.values.money import Currency

DAY = date(2024, 1, 10)
XOF = Currency("XOF", 0)
MONTHLY = PlanVersion(
    PlanVersionId(b"v"), PlanId(b"p"), "M", "Monthly", date(2020, 1, 1), amount=350, entry_fee=1000
)
YEARLY = replace(
    MONTHLY,
    amount=4200,
    entry_fee=0,
    periodicity=Periodicity.ANNUAL,
    cycle=Cycle.FIXED,
    due_day=None,
)
HARVEST = replace(
    YEARLY,
    periodicity=Periodicity.SEASONAL,
    cycle_start=(12, 1),
    season=(SeasonDue(12, 15, 60), SeasonDue(2, 15, 40)),
)
LUMP = replace(
    MONTHLY,
    basis=Basis.LUMP_PLUS_EXTRA,
    amount=200,
    lump_persons=2,
    amount_adult=300,
    amount_child=200,
    adult_age=18,
    entry_fee=10,
    entry_fee_per=Per.PERSON,
    assembly_fee=5,
    assembly_fee_per=Per.PERSON,
    cycle=Cycle.FIXED,
    cycle_starts=((1, 1), (6, 1)),
    period_months=12,
    periodicity=Periodicity.ANNUAL,
    entry_grace_months=1,
    effect_rule=EffectRule.CYCLE_START,
    renewal=Renewal.ON_PAYMENT,
    waiting_months=0,
    due_day=None,
    rounding=1,
)


def person(
    at: int,
    *,
    relation: Relation = Relation.CHILD,
    born: date = date(1980, 5, 4),
    since: date = DAY,
) -> Cover:
    return Cover(
        CoverId(b"c%d" % at),
        HouseholdId(b"h"),
        PersonId(b"p%d" % at),
        at,
        relation if at else Relation.SELF,
        since,
        None,
        Birth(born, BirthKnown.DAY),
        Sex.FEMALE,
    )


def people(
    adults: int, children: int = 0, others: Sequence[date] = (), since: date = DAY
) -> tuple[Cover, ...]:
    """Adults born in 1980, children in 2015; others are no relatives, told by their births."""
    grown = [person(at, relation=Relation.SPOUSE, since=since) for at in range(adults)]
    small = [person(adults + at, born=date(2015, 6, 1), since=since) for at in range(children)]
    beside = [
        person(adults + children + at, relation=Relation.OTHER, born=born, since=since)
        for at, born in enumerate(others)
    ]
    return (*grown, *small, *beside)


def cost(plan: PlanVersion, covers: Sequence[Cover], **told: object) -> int:
    first_day = date(2024, 2, 1)
    amounts = due_amounts(
        plan,
        covers,
        effect=first_day,
        first_day=first_day,
        until=date(2024, 3, 1),
        **told,  # type: ignore[arg-type]
    )
    return sum(amounts)


# What a period costs


def test_adults_and_children_pay_their_own_amounts() -> None:
    plan = replace(MONTHLY, amount_adult=500, amount_child=200, adult_age=15)
    assert cost(plan, people(2, 3)) == 2 * 500 + 3 * 200


def test_who_reaches_the_age_on_the_first_day_of_the_period_is_an_adult() -> None:
    plan = replace(MONTHLY, amount_adult=500, amount_child=200, adult_age=15, child_max_age=None)
    born = [date(2009, 2, 1), date(2009, 2, 2)]
    assert [cost(plan, [person(1, born=day)]) for day in born] == [500, 200]


def test_an_amount_that_is_not_told_for_an_age_is_the_plans() -> None:
    assert cost(replace(MONTHLY, amount_child=100), people(2, 1)) == 2 * 350 + 100


@pytest.mark.parametrize(
    ("size", "amount"),
    [(1, 400), (2, 1200), (4, 1200), (5, 2000), (8, 2000), (9, 2600), (14, 2600)],
)
def test_a_household_pays_the_amount_of_the_band_its_size_falls_in(size: int, amount: int) -> None:
    bands = (Band(1, 400), Band(2, 1200), Band(5, 2000), Band(9, 2600))
    assert cost(replace(MONTHLY, basis=Basis.BY_SIZE_BAND, bands=bands), people(size)) == amount


def test_a_household_pays_the_amount_of_its_category_on_the_first_day() -> None:
    plan = replace(MONTHLY, basis=Basis.BY_CATEGORY, category_amounts=(("A", 900), ("B", 0)))
    told = [CategoryFrom(date(2020, 1, 1), "A"), CategoryFrom(date(2024, 2, 2), "B")]
    assert cost(plan, people(3), categories=told) == 900
    assert cost(plan, people(3), categories=[CategoryFrom(date(2024, 2, 1), "B")]) == 0
    assert cost(plan, people(3), categories=[CategoryFrom(date(2024, 2, 1), None)]) == 350
    assert cost(plan, people(3)) == 350
    assert cost(plan, (), categories=told) == 0


def test_a_member_pays_more_than_each_dependant() -> None:
    plan = replace(MONTHLY, basis=Basis.MEMBER_PLUS_DEPENDANT, amount=1000, amount_dependant=300)
    assert cost(plan, people(2, 3)) == 1000 + 4 * 300
    assert cost(plan, people(2, 3)[1:]) == 4 * 300


@pytest.mark.parametrize(
    ("adults", "children", "lump", "threshold", "amount"),
    [
        (2, 0, 200, 2, 200),
        (2, 1, 200, 2, 200 + 200),  # POL-04
        (3, 1, 200, 2, 200 + 300 + 200),
        (1, 3, 200, 2, 200 + 2 * 200),
        (2, 4, 200, None, 200),  # no threshold: the lump covers all
        (2, 1, 0, None, 2 * 300 + 200),  # no lump: per head
        (3, 2, 0, 2, 3 * 300 + 2 * 200),  # no lump but a threshold: everybody once
    ],
)
def test_a_lump_covers_adults_first_and_each_one_above_it_pays(
    adults: int, children: int, lump: int, threshold: int | None, amount: int
) -> None:
    plan = replace(LUMP, amount=lump, lump_persons=threshold)
    assert cost(plan, people(adults, children)) == amount


def test_who_is_no_relative_pays_beside_the_lump() -> None:
    plan = replace(LUMP, amount=10_000, lump_persons=None, amount_adult=1000, amount_child=500)
    assert cost(plan, people(2, 1, [date(1990, 1, 1), date(2015, 1, 1)])) == 11_500


def test_above_the_most_persons_nobody_is_paid_for() -> None:
    plan = replace(LUMP, lump_persons=1, max_persons=2)
    assert cost(plan, people(2, 1)) == 200 + 300
    late = replace(people(1)[0], first_day=date(2023, 1, 1))
    assert cost(plan, [*people(2, 1)[1:], late]) == 200 + 300


def test_a_payer_takes_its_share_of_what_each_head_costs() -> None:
    plan = replace(MONTHLY, amount_adult=500, amount_child=200, adult_age=15)
    half = Sponsored(date(2024, 1, 1), None, share=50)
    child = Sponsored(date(2024, 1, 1), None, PersonId(b"p1"), share=100)
    day = date(2024, 2, 1)
    told: dict[str, Any] = {"effect": day, "first_day": day, "until": date(2024, 3, 1)}
    assert due_amounts(plan, people(1, 2), **told, sponsored=[half]) == (450, 450)
    assert due_amounts(plan, people(1, 2), **told, sponsored=[child]) == (700, 200)


def test_what_nobody_is_covered_for_costs_nothing_on_any_basis() -> None:
    for basis in Basis:
        assert cost(replace(LUMP, basis=basis), ()) == 0


# The season: GOLDEN 2.4c


def test_a_season_is_paid_in_its_shares() -> None:
    effect = date(2023, 12, 1)
    dues = [
        (*period_at(HARVEST, effect, at), part.due_on)
        for at, part in enumerate(season_parts(HARVEST, effect, date(2024, 12, 1)))
    ]
    assert dues == [
        (date(2023, 12, 1), date(2024, 7, 1), date(2023, 12, 15)),
        (date(2024, 7, 1), date(2024, 12, 1), date(2024, 2, 15)),
    ]
    family = people(6, since=effect)
    amounts = [
        due_amounts(HARVEST, family, effect=effect, first_day=first, until=until)
        for first, until, _ in dues
    ]
    assert amounts == [(15_120, 0), (10_080, 0)]


def test_the_next_season_begins_where_the_last_one_ends() -> None:
    assert period_at(HARVEST, date(2023, 12, 1), 2) == (date(2024, 12, 1), date(2025, 7, 1))


def test_who_enters_a_season_late_pays_what_is_past_at_once() -> None:
    assert season_parts(HARVEST, date(2024, 1, 5), date(2024, 12, 1)) == (
        SeasonPart(date(2024, 1, 5), date(2024, 7, 1), date(2024, 1, 5), 60),
        SeasonPart(date(2024, 7, 1), date(2024, 12, 1), date(2024, 2, 15), 40),
    )
    assert season_parts(HARVEST, date(2024, 3, 1), date(2024, 12, 1)) == (
        SeasonPart(date(2024, 3, 1), date(2024, 12, 1), date(2024, 3, 1), 100),
    )


def test_who_enters_a_season_late_pays_for_the_months_that_are_left() -> None:
    effect = date(2024, 3, 1)  # nine of twelve months
    told = due_amounts(
        HARVEST, people(6), effect=effect, first_day=effect, until=date(2024, 12, 1)
    )
    assert told == (6 * 3150, 0)


@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=5),
    st.integers(0, 5_000),
    st.integers(1, 9),
    st.sampled_from([1, 5, 25]),
)
def test_the_dues_of_a_season_add_up_to_its_year(
    weights: list[int], amount: int, size: int, step: int
) -> None:
    shares = [weight * 100 // sum(weights) for weight in weights]
    shares[0] += 100 - sum(shares)
    season = tuple(SeasonDue(1 + at, 20, share) for at, share in enumerate(shares))
    plan = replace(HARVEST, season=season, cycle_start=(1, 1), amount=amount * step, rounding=step)
    effect, family = date(2024, 1, 1), people(size, since=date(2024, 1, 1))
    parts = season_parts(plan, effect, date(2025, 1, 1))
    amounts = [
        due_amounts(plan, family, effect=effect, first_day=one.first_day, until=one.until)[0]
        for one in parts
    ]
    assert sum(amounts) == amount * step * size
    assert all(one % step == 0 for one in amounts)
    assert parts[0].first_day == effect
    assert parts[-1].until == date(2025, 1, 1)
    assert [one.until for one in parts[:-1]] == [one.first_day for one in parts[1:]]
    assert all(effect <= one.due_on < date(2025, 1, 1) for one in parts)


# When terms begin and end: openIMIS handbook 2.3 and 2.5


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2020, 11, 10), date(2021, 1, 1)),
        (date(2021, 1, 11), date(2021, 1, 1)),
        (date(2021, 1, 31), date(2021, 1, 1)),
        (date(2021, 2, 1), date(2021, 6, 1)),
        (date(2021, 2, 2), date(2021, 6, 1)),
        (date(2021, 6, 30), date(2021, 6, 1)),
        (date(2021, 7, 1), date(2022, 1, 1)),
    ],
)
def test_a_term_begins_on_the_first_cycle_whose_grace_is_not_over(day: date, start: date) -> None:
    assert effect_date_of(LUMP, day) == start


def test_renewals_have_a_grace_of_their_own_and_no_administration_months() -> None:
    plan = replace(LUMP, administration_months=1, renewal_grace_months=2)
    assert effect_date_of(plan, date(2021, 1, 10)) == date(2021, 6, 1)
    assert effect_date_of(plan, date(2021, 1, 10), renewal=True) == date(2021, 1, 1)
    assert effect_date_of(plan, date(2021, 2, 28), renewal=True) == date(2021, 1, 1)
    assert effect_date_of(replace(LUMP, entry_grace_months=0), date(2021, 1, 1)) == date(
        2021, 6, 1
    )


def test_administration_months_put_a_free_start_off() -> None:
    plan = replace(MONTHLY, effect_rule=EffectRule.PAYMENT_DATE, administration_months=2)
    assert effect_date_of(plan, date(2023, 12, 31)) == date(2024, 2, 29)


def test_a_period_may_last_other_months_than_its_name_says() -> None:
    plan = replace(MONTHLY, effect_rule=EffectRule.PAYMENT_DATE, period_months=1)
    assert period_at(plan, date(2025, 1, 31), 0) == (date(2025, 1, 31), date(2025, 2, 28))
    assert period_at(replace(plan, period_months=9), date(2025, 1, 1), 1) == (
        date(2025, 10, 1),
        date(2026, 7, 1),
    )


def test_terms_from_cycle_starts_may_leave_a_gap() -> None:
    plan = replace(LUMP, period_months=6)
    assert [period_at(plan, date(2021, 6, 1), at) for at in range(3)] == [
        (date(2021, 6, 1), date(2021, 12, 1)),
        (date(2022, 1, 1), date(2022, 7, 1)),
        (date(2023, 1, 1), date(2023, 7, 1)),
    ]


@pytest.mark.parametrize(
    ("told", "renewal", "last"),
    [
        ({}, False, date(2021, 1, 31)),
        ({"entry_grace_months": 0}, False, date(2020, 12, 31)),
        ({"renewal_grace_months": 2}, True, date(2021, 2, 28)),
        ({"cycle_starts": (), "payment_grace_months": 3}, False, date(2021, 2, 9)),
        ({"cycle_starts": (), "payment_grace_months": 3}, True, date(2021, 3, 31)),
        ({"cycle_starts": (), "grace_days": 30}, False, date(2021, 1, 31)),
    ],
)
def test_a_first_contribution_may_be_paid_up_to_a_day(
    told: dict[str, int], renewal: bool, last: date
) -> None:
    plan = replace(LUMP, **told)  # type: ignore[arg-type]
    ended = date(2021, 1, 1) if renewal else None
    day = date(2020, 11, 10)
    assert pay_by(plan, day, date(2021, 1, 1), renewal=renewal, ended=ended) == last


def test_who_renews_long_after_the_end_could_have_paid_up_to_a_day_that_has_passed() -> None:
    """Former expiry 30 June 2020, and one month: the peer's 2.5, whatever the day of renewal."""
    plan = replace(LUMP, cycle_starts=(), payment_grace_months=1)
    day, ended = date(2025, 2, 28), date(2020, 7, 1)
    assert pay_by(plan, day, day, renewal=True, ended=ended) == date(2020, 7, 31)


def test_who_comes_while_entry_is_closed_enters_with_the_next_window() -> None:
    windows = (Window((12, 1), (1, 31)), Window((6, 1), (6, 30)))
    days = [date(2024, 1, 31), date(2024, 2, 1), date(2024, 6, 30), date(2024, 7, 1)]
    assert [next_window(windows, day) for day in days] == [
        date(2024, 1, 31),
        date(2024, 6, 1),
        date(2024, 6, 30),
        date(2024, 12, 1),
    ]
    plan = replace(MONTHLY, windows=windows, effect_rule=EffectRule.PAYMENT_DATE)
    assert effect_date_of(plan, date(2024, 2, 1)) == date(2024, 6, 1)
    assert effect_date_of(plan, date(2024, 2, 1), renewal=True) == date(2024, 2, 1)


def test_a_contribution_paid_once_covers_without_end_and_is_earned_at_once() -> None:
    plan = replace(MONTHLY, periodicity=Periodicity.SINGLE, amount=9000, entry_fee=0)
    facts = AccountFacts(DAY, (plan,), people(1))
    parts = allot(facts, paid_on=DAY, amount=20_000).parts
    assert [(part.target, part.amount) for part in parts] == [
        (Target.DUE, 9000),
        (Target.CREDIT, 11_000),
    ]
    paid = Paid(DAY, Target.DUE, 9000, date(2024, 2, 1))
    facts = replace(facts, paid=(paid,))
    account = account_on(facts, date(2060, 1, 1))
    assert (account.to_pay, account.suspended) == (0, False)
    assert account.covered_through is not None
    assert account.covered_through.year > 9000
    assert earned_to_date(facts, date(2024, 3, 31)) == {date(2024, 2, 1): (9000, 0)}
    assert period_at(plan, DAY, 0) == (DAY, FOREVER)


# Openings of a register


def test_a_season_opens_with_the_dues_of_its_year() -> None:
    facts = AccountFacts(date(2023, 3, 1), (HARVEST,), people(6, since=date(2023, 3, 1)))
    told = opening_dues(facts, through=date(2024, 11, 30), day=date(2024, 5, 1))
    assert [(due.first_day, due.until, due.amount) for due in told] == [
        (date(2023, 12, 1), date(2024, 7, 1), 15_120),
        (date(2024, 7, 1), date(2024, 12, 1), 10_080),
    ]
    # One of the two dues of the year that holds the day is owed, and of the other nothing is paid.
    assert owed_through(facts, arrears=12_600, day=date(2024, 8, 1)) == (date(2024, 6, 30), 0)


def test_what_is_paid_once_opens_with_the_one_due() -> None:
    plan = replace(MONTHLY, periodicity=Periodicity.SINGLE, amount=9000)
    facts = AccountFacts(DAY, (plan,), people(1))
    (due,) = opening_dues(facts, through=date(2024, 12, 31), day=date(2024, 5, 1))
    assert (due.first_day, due.until, due.amount) == (date(2024, 2, 1), FOREVER, 9000)


def test_a_term_from_a_cycle_start_opens_as_told() -> None:
    facts = AccountFacts(DAY, (replace(LUMP, period_months=6),), people(2))
    (due,) = opening_dues(facts, through=date(2024, 11, 30), day=date(2024, 8, 1))
    assert (due.first_day, due.until) == (date(2024, 6, 1), date(2024, 12, 1))


# Fees and discounts


def fees(plan: PlanVersion, first_day: date, *, new: bool = True) -> list[tuple[Target, int]]:
    effect = date(2024, 2, 1)
    told = fees_on(plan, people(2, 1), effect=effect, first_day=first_day, new=new)
    assert all(fee == Fee(fee.target, fee.amount, first_day) for fee in told)
    return [(fee.target, fee.amount) for fee in told]


def test_entry_and_card_are_asked_once_and_the_assembly_every_year() -> None:
    plan = replace(MONTHLY, card_fee=200, card_fee_per=Per.PERSON, assembly_fee=500)
    assert fees(plan, date(2024, 2, 1)) == [
        (Target.ENTRY_FEE, 1000),
        (Target.CARD_FEE, 600),
        (Target.ASSEMBLY_FEE, 500),
    ]
    assert fees(plan, date(2024, 3, 1)) == []
    assert fees(plan, date(2025, 2, 1)) == [(Target.ASSEMBLY_FEE, 500)]
    assert fees(plan, date(2024, 2, 1), new=False) == [(Target.ASSEMBLY_FEE, 500)]


def test_a_fixed_cycle_asks_for_the_assembly_with_its_year() -> None:
    plan = replace(MONTHLY, cycle=Cycle.FIXED, assembly_fee=500, entry_fee=0)
    asked = [month for month in range(2, 13) if fees(plan, date(2024, month, 1))]
    assert asked == [2]
    assert fees(plan, date(2025, 1, 1)) == [(Target.ASSEMBLY_FEE, 500)]


@pytest.mark.parametrize(
    ("day", "off"), [(date(2020, 11, 30), 11), (date(2020, 12, 1), 11), (date(2020, 12, 2), 0)]
)
def test_who_enters_early_pays_less(day: date, off: int) -> None:
    plan = replace(LUMP, early_discount=500, early_discount_months=1)
    assert discount_at_start(plan, 230, day=day, start=date(2021, 1, 1)) == off  # 218.5 left: 219
    free = replace(plan, cycle=Cycle.ROLLING, cycle_starts=())
    assert discount_at_start(free, 230, day=day, start=date(2021, 1, 1)) == 0


@pytest.mark.parametrize(("day", "off"), [(date(2021, 12, 1), 21), (date(2021, 12, 2), 0)])
def test_who_renews_early_pays_less(day: date, off: int) -> None:
    plan = replace(LUMP, renewal_discount=1000, renewal_discount_months=1, early_discount=9000)
    told = discount_at_start(
        plan, 210, day=day, start=date(2022, 1, 1), renewal=True, ended=date(2022, 1, 1)
    )
    assert told == off


def dues(count: int, first: int = 1) -> list[Due]:
    days = [
        date(2024 + (first + at - 1) // 12, (first + at - 1) % 12 + 1, 1)
        for at in range(count + 1)
    ]
    return [Due(one, after, one, 2100, MONTHLY.id) for one, after in pairwise(days)]


def test_who_pays_the_year_at_once_pays_less() -> None:
    plan = replace(MONTHLY, prepay_discount=500)
    effect = date(2024, 1, 1)
    assert prepay_discount(plan, dues(12), effect=effect) == 1260  # 5 % of 25,200
    assert prepay_discount(plan, dues(11), effect=effect) == 0
    assert prepay_discount(plan, dues(13), effect=effect) == 0
    assert prepay_discount(plan, dues(12, 2), effect=effect) == 0
    assert prepay_discount(MONTHLY, dues(12), effect=effect) == 0
    assert prepay_discount(replace(YEARLY, prepay_discount=500), dues(1), effect=effect) == 0


def test_a_prepay_discount_leaves_whole_coins() -> None:
    plan = replace(MONTHLY, prepay_discount=333, rounding=5)
    # 25,200 less 3.33 % is 24,360.84: 24,360.
    assert prepay_discount(plan, dues(12), effect=date(2024, 1, 1)) == 840


# Examples


def test_the_example_of_a_monthly_plan_is_golden_2_4_a() -> None:
    told = plan_example((MONTHLY,), DAY)
    assert (told.persons, told.first.total) == (6, 1000 + 2100)
    assert (told.first.effect, told.rights_from) == (date(2024, 2, 1), date(2024, 5, 1))
    assert [due.amount for due in told.year] == [2100] * 12
    assert [due.due_on for due in told.year[:2]] == [date(2024, 2, 5), date(2024, 3, 5)]


def test_the_example_of_a_late_entry_is_golden_2_4_b() -> None:
    told = plan_example((YEARLY,), date(2024, 5, 20), adults=2, children=3)
    assert (told.first.total, told.first.effect) == (12_250, date(2024, 6, 1))
    assert told.rights_from == date(2024, 9, 1)
    assert (told.months_paid, told.months_of_rights) == (7, 4)
    assert [(due.first_day, due.amount) for due in told.year] == [
        (date(2024, 6, 1), 12_250),
        (date(2025, 1, 1), 21_000),
    ]
    spoken = [speak(one, "en") for one in example_texts(told, XOF)]
    assert "It pays for 7 months and has rights in 4 of them." in spoken
    assert "Its rights begin on 1 September 2024." in spoken


@pytest.mark.parametrize(
    ("late", "amount", "effect"),
    [
        (LateEntry.FULL, 21_000, date(2024, 6, 1)),
        (LateEntry.PRO_RATA_MONTHS, 12_250, date(2024, 6, 1)),
        (LateEntry.NEXT_CYCLE, 21_000, date(2025, 1, 1)),
    ],
)
def test_late_entry_costs_all_its_months_or_waits(
    late: LateEntry, amount: int, effect: date
) -> None:
    told = plan_example(
        (replace(YEARLY, late_entry=late),), date(2024, 5, 20), adults=2, children=3
    )
    assert (told.first.total, told.first.effect) == (amount, effect)


def test_the_example_of_a_season_tells_both_dues_with_their_days() -> None:
    told = plan_example((HARVEST,), date(2023, 11, 14))
    assert [(due.amount, due.due_on) for due in told.year] == [
        (15_120, date(2023, 12, 15)),
        (10_080, date(2024, 2, 15)),
    ]
    assert told.first.total == 15_120


def test_an_example_tells_that_entry_is_closed() -> None:
    plan = replace(MONTHLY, windows=(Window((1, 1), (2, 28)),))
    told = plan_example((plan,), date(2024, 3, 14))
    assert (told.first.enters_on, told.first.effect) == (date(2025, 1, 1), date(2025, 2, 1))
    spoken = speak(example_texts(told, XOF)[0], "en")
    assert spoken == "Entry is closed on 14 March 2024. It opens again on 1 January 2025."


def test_a_quote_tells_fees_beside_the_first_dues() -> None:
    plan = replace(MONTHLY, min_first_periods=3, card_fee=200, assembly_fee=500)
    told = quote((plan,), people(6), DAY)
    assert [due.amount for due in told.dues] == [2100] * 3
    assert told.total == 1000 + 200 + 500 + 3 * 2100


def test_a_renewal_never_begins_before_the_former_term_ends() -> None:
    plan = replace(LUMP, cycle=Cycle.ROLLING, cycle_starts=(), effect_rule=EffectRule.PAYMENT_DATE)
    ended = date(2022, 1, 1)
    early = quote((plan,), people(2), date(2021, 12, 20), renewal=True, ended=ended)
    late = quote((plan,), people(2), date(2022, 1, 20), renewal=True, ended=ended)
    assert (early.effect, late.effect) == (ended, date(2022, 1, 20))
    assert [fee.target for fee in early.fees] == [Target.ASSEMBLY_FEE]
