"""Figures by hand from domain handbook 2.2 to 2.4 and annex Y.2; two-decimal plans made up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepdesk.contributions.rules import (
    Key,
    account_on,
    allot,
    amount_to_reach,
    beyond_advance,
    due_amounts,
    due_on,
    earned_to_date,
    effect_date_of,
    period_at,
    plan_on,
    reallot,
    regular_amount,
    reversal_parts,
)
from stepdesk.contributions.terms import (
    AccountFacts,
    Basis,
    Cycle,
    Due,
    DuesDuringSuspension,
    EffectRule,
    LateEntry,
    Paid,
    Periodicity,
    PlanVersion,
    Renewal,
    SeasonDue,
    Suspension,
    Target,
    WaitingWhenLate,
)
from stepdesk.members.terms import (
    Birth,
    BirthKnown,
    Cover,
    Event,
    EventKind,
    Relation,
    Sex,
    Statutes,
)
from stepdesk.values.ids import CoverId, DueId, HouseholdId, PersonId, PlanId, PlanVersionId

MONTHLY = PlanVersion(
    PlanVersionId(b"v1"),
    PlanId(b"p"),
    "M",
    "Monthly",
    date(2020, 1, 1),
    amount=350,
    entry_fee=1000,
)
YEARLY = replace(
    MONTHLY,
    amount=4200,
    entry_fee=0,
    periodicity=Periodicity.ANNUAL,
    cycle=Cycle.FIXED,
    due_day=None,
)
HARVEST = (SeasonDue(12, 15, 60), SeasonDue(2, 15, 40))
DECIMAL = replace(MONTHLY, amount=1235, entry_fee=750, rounding=1)
JOINED = date(2024, 1, 10)


def persons(count: int, first_day: date = JOINED, until: date | None = None) -> tuple[Cover, ...]:
    return tuple(
        Cover(
            CoverId(b"c%d" % at),
            HouseholdId(b"h"),
            PersonId(b"p%d" % at),
            at,
            Relation.OTHER if at else Relation.SELF,
            first_day,
            until,
            Birth(date(1980, 5, 4), BirthKnown.DAY),
            Sex.FEMALE,
        )
        for at in range(count)
    )


def household(
    plan: PlanVersion = MONTHLY, *, heads: int = 6, events: tuple[Event, ...] = ()
) -> AccountFacts:
    return AccountFacts(JOINED, (plan,), persons(heads), events)


def paying(facts: AccountFacts, *payments: tuple[date, int]) -> AccountFacts:
    for day, amount in payments:
        parts = allot(facts, paid_on=day, amount=amount).parts
        rows = tuple(
            Paid(day, part.target, part.amount, part.due.first_day if part.due else None)
            for part in parts
        )
        facts = replace(facts, paid=(*facts.paid, *rows))
    return facts


def parts_of(facts: AccountFacts, day: date, amount: int) -> list[tuple[Target, date | None, int]]:
    return [
        (part.target, part.due.first_day if part.due else None, part.amount)
        for part in allot(facts, paid_on=day, amount=amount).parts
    ]


def golden_a() -> AccountFacts:
    return paying(household(), (JOINED, 6300))


def paid_to_june() -> AccountFacts:
    """Vectors Y.2: the household of 2.4a, dues paid up to and including June."""
    return paying(golden_a(), (date(2024, 4, 20), 1000), (date(2024, 5, 3), 4200))


def called_months(facts: AccountFacts, day: date) -> list[int]:
    return [state.due.first_day.month for state in account_on(facts, day).called]


def sums_of(facts: AccountFacts) -> dict[Key, int]:
    sums: dict[Key, int] = {}
    for row in facts.paid:
        key = (row.target, row.due_first_day)
        sums[key] = sums.get(key, 0) + row.amount
    return {key: total for key, total in sums.items() if total}


# --- Plans, calendars, amounts


def test_the_version_in_force_is_the_last_begun_and_of_one_day_the_later_written() -> None:
    old = replace(MONTHLY, code="old", first_day=date(2020, 1, 1))
    wrong = replace(MONTHLY, code="wrong", first_day=date(2024, 1, 1))
    right = replace(MONTHLY, code="right", first_day=date(2024, 1, 1))
    plans = (old, wrong, right)
    days = [date(2019, 5, 1), date(2023, 12, 31), date(2024, 1, 1)]
    assert [plan_on(plans, day).code for day in days] == ["old", "old", "right"]


@pytest.mark.parametrize(
    ("rule", "effect"),
    [
        (EffectRule.PAYMENT_DATE, date(2024, 1, 10)),
        (EffectRule.FIRST_OF_MONTH, date(2024, 1, 1)),
        (EffectRule.FIRST_OF_NEXT_MONTH, date(2024, 2, 1)),
        (EffectRule.CYCLE_START, date(2024, 4, 1)),
    ],
)
def test_each_effect_rule_names_its_day(rule: EffectRule, effect: date) -> None:
    plan = replace(MONTHLY, effect_rule=rule, cycle_start=(4, 1), periodicity=Periodicity.ANNUAL)
    assert effect_date_of(plan, JOINED) == effect


def test_a_cycle_start_is_taken_on_its_own_day() -> None:
    plan = replace(
        MONTHLY, effect_rule=EffectRule.CYCLE_START, periodicity=Periodicity.HALF_YEARLY
    )
    assert effect_date_of(plan, date(2024, 1, 1)) == date(2024, 1, 1)
    assert effect_date_of(plan, date(2024, 1, 2)) == date(2024, 7, 1)
    assert effect_date_of(plan, date(2024, 7, 2)) == date(2025, 1, 1)


def test_late_entry_into_the_next_cycle_waits_for_it() -> None:
    plan = replace(YEARLY, late_entry=LateEntry.NEXT_CYCLE, cycle_start=(10, 1))
    assert effect_date_of(plan, date(2024, 5, 20)) == date(2024, 10, 1)
    assert effect_date_of(plan, date(2024, 9, 20)) == date(2024, 10, 1)
    assert effect_date_of(plan, date(2024, 10, 20)) == date(2025, 10, 1)


def test_rolling_periods_come_back_to_the_day_they_began_on() -> None:
    firsts = [period_at(MONTHLY, date(2024, 1, 31), index)[0] for index in range(4)]
    assert firsts == [
        date(2024, 1, 31),
        date(2024, 2, 29),
        date(2024, 3, 31),
        date(2024, 4, 30),
    ]


def test_the_first_period_of_a_fixed_cycle_ends_with_the_cycle() -> None:
    plan = replace(YEARLY, periodicity=Periodicity.QUARTERLY)
    assert [period_at(plan, date(2024, 5, 12), index) for index in range(2)] == [
        (date(2024, 5, 12), date(2024, 7, 1)),
        (date(2024, 7, 1), date(2024, 10, 1)),
    ]
    assert period_at(YEARLY, date(2024, 1, 1), 0) == (date(2024, 1, 1), date(2025, 1, 1))


@given(
    effect=st.dates(date(2000, 1, 1), date(2080, 12, 31)),
    cycle=st.sampled_from(Cycle),
    periodicity=st.sampled_from([one for one in Periodicity if one.value]),
    start=st.tuples(st.integers(1, 12), st.integers(1, 28)),
)
def test_periods_follow_each_other_without_gap_or_overlap(
    effect: date, cycle: Cycle, periodicity: Periodicity, start: tuple[int, int]
) -> None:
    plan = replace(
        MONTHLY, cycle=cycle, periodicity=periodicity, cycle_start=start, season=HARVEST
    )
    periods = [period_at(plan, effect, index) for index in range(15)]
    assert periods[0][0] == effect
    assert all(first < until for first, until in periods)
    assert all(periods[at][1] == periods[at + 1][0] for at in range(14))
    if cycle is Cycle.FIXED:
        assert {first.day for first, _ in periods[1:]} == {start[1]}
    if cycle is Cycle.FIXED and periodicity is not Periodicity.SEASONAL:
        assert {(first.month - start[0]) % periodicity.value for first, _ in periods[1:]} == {0}


@pytest.mark.parametrize(
    ("due_day", "first_day", "day"),
    [
        (5, date(2024, 2, 1), date(2024, 2, 5)),
        (5, date(2024, 2, 5), date(2024, 2, 5)),
        (5, date(2024, 2, 6), date(2024, 3, 5)),
        (31, date(2024, 2, 1), date(2024, 2, 29)),
        (5, date(2024, 12, 6), date(2025, 1, 5)),
        (None, date(2024, 2, 17), date(2024, 2, 17)),
    ],
)
def test_a_due_is_due_on_the_due_day_not_before_its_period(
    due_day: int | None, first_day: date, day: date
) -> None:
    assert due_on(replace(MONTHLY, due_day=due_day), first_day) == day


def year_amount(plan: PlanVersion, first_day: date, heads: int = 5) -> int:
    return due_amounts(
        plan, persons(heads), effect=first_day, first_day=first_day, until=date(2025, 1, 1)
    )[0]


def test_a_late_entry_pays_its_months_rounded_a_head() -> None:
    # GOLDEN 2.4b: 7/12 x 4,200 = 2,450 each, 12,250 for five.
    assert year_amount(YEARLY, date(2024, 6, 1), heads=1) == 2450
    assert year_amount(YEARLY, date(2024, 6, 1)) == 12250
    # A begun month counts whole: 15 June is seven months too, 1 July six.
    assert year_amount(YEARLY, date(2024, 6, 15)) == 12250
    assert year_amount(YEARLY, date(2024, 7, 1)) == 10500
    assert year_amount(replace(YEARLY, late_entry=LateEntry.FULL), date(2024, 6, 1)) == 21000


def test_a_late_entry_with_two_decimals_is_rounded_to_its_own_coin() -> None:
    # 7/12 of 100.01 is 58.339...: to a cent 58.34, to five cents 58.35.
    plan = replace(YEARLY, amount=10001, rounding=1)
    assert year_amount(plan, date(2024, 6, 1), heads=3) == 3 * 5834
    assert year_amount(replace(plan, rounding=5), date(2024, 6, 1), heads=3) == 3 * 5835


def test_persons_count_from_the_first_period_that_begins_with_them() -> None:
    covers = (*persons(2), *persons(1, date(2024, 3, 10)), *persons(1, until=date(2024, 4, 1)))

    def monthly(first_day: date, plan: PlanVersion = DECIMAL) -> int:
        return due_amounts(
            plan,
            covers,
            effect=date(2024, 2, 1),
            first_day=first_day,
            until=first_day + timedelta(days=28),
        )[0]

    months = [date(2024, month, 1) for month in (1, 3, 4)]
    assert [monthly(month) for month in months] == [0, 3705, 3705]
    lump = replace(DECIMAL, basis=Basis.PER_HOUSEHOLD)
    assert [monthly(month, lump) for month in months] == [0, 1235, 1235]


def test_a_first_month_begun_before_the_registration_counts_who_was_registered() -> None:
    plan = replace(DECIMAL, effect_rule=EffectRule.FIRST_OF_MONTH)
    facts = household(plan, heads=3)
    account = account_on(paying(facts, (JOINED, 750 + 3705)), JOINED)
    assert (account.entered_on, account.effect_date) == (JOINED, date(2024, 1, 1))
    assert account.covered_through == date(2024, 1, 31)


def test_the_regular_amount_is_one_whole_period_of_today() -> None:
    assert regular_amount(golden_a(), date(2024, 4, 1)) == 2100
    assert regular_amount(household(YEARLY, heads=5), date(2024, 6, 1)) == 21000
    assert regular_amount(household(DECIMAL, heads=3), date(2024, 6, 1)) == 3705


# --- GOLDEN 2.4a and 2.4b


def test_the_first_payment_pays_the_fee_then_whole_months_and_keeps_the_rest() -> None:
    allotment = allot(household(), paid_on=JOINED, amount=6300)
    assert parts_of(household(), JOINED, 6300) == [
        (Target.ENTRY_FEE, None, 1000),
        (Target.DUE, date(2024, 2, 1), 2100),
        (Target.DUE, date(2024, 3, 1), 2100),
        (Target.CREDIT, None, 1100),
    ]
    assert (allotment.total, allotment.covered_through) == (6300, date(2024, 3, 31))


def test_the_household_of_the_handbook_enters_on_the_day_it_paid() -> None:
    account = account_on(golden_a(), JOINED)
    assert (account.entered_on, account.effect_date) == (JOINED, date(2024, 2, 1))
    assert (account.rights_from, account.covered_through) == (date(2024, 5, 1), date(2024, 3, 31))
    assert (account.credit, account.arrears, account.to_pay) == (1100, 0, 0)
    assert account.called[1].due == Due(
        date(2024, 3, 1), date(2024, 4, 1), date(2024, 3, 5), 2100, MONTHLY.id
    )
    assert (account.unpaid, account.suspensions, account.entry_fee_open) == (None, (), 0)


def test_the_april_due_is_short_of_a_thousand_and_tolerated_until_5_may() -> None:
    account = account_on(golden_a(), date(2024, 4, 6))
    assert account.unpaid is not None
    assert account.unpaid.due.due_on == date(2024, 4, 5)
    assert account.next_due == account.unpaid.due
    assert (account.arrears, account.credit, account.to_pay) == (2100, 1100, 1000)
    assert account.tolerated_through == date(2024, 5, 5)
    assert not account_on(golden_a(), date(2024, 5, 5)).suspended
    assert account_on(golden_a(), date(2024, 5, 6)).suspended


def test_a_due_begun_but_not_yet_due_is_to_pay_and_no_arrears() -> None:
    account = account_on(golden_a(), date(2024, 4, 1))
    assert (account.arrears, account.to_pay) == (0, 1000)
    assert account_on(golden_a(), date(2024, 4, 5)).arrears == 2100


def test_a_thousand_on_20_april_completes_april() -> None:
    april = date(2024, 4, 20)
    assert parts_of(golden_a(), april, 1000) == [
        (Target.DUE, date(2024, 4, 1), 2100),
        (Target.CREDIT, None, -1100),
    ]
    account = account_on(paying(golden_a(), (april, 1000)), date(2024, 5, 1))
    assert (account.covered_through, account.credit) == (date(2024, 4, 30), 0)
    assert (account.rights_from, account.suspensions) == (date(2024, 5, 1), ())


def test_a_year_entered_in_june_covers_to_december_with_rights_from_september() -> None:
    facts = household(YEARLY, heads=5)
    assert account_on(facts, date(2024, 5, 20)).to_pay == 12250
    facts = paying(facts, (date(2024, 5, 20), 12250))
    account = account_on(facts, date(2024, 6, 1))
    assert (account.rights_from, account.covered_through) == (date(2024, 9, 1), date(2024, 12, 31))
    assert account_on(facts, date(2025, 1, 1)).to_pay == 21000


def test_the_same_household_with_two_decimals() -> None:
    facts = paying(household(DECIMAL, heads=3), (JOINED, 9000))
    # 90.00 - 7.50 - 2 x 37.05 = 8.40
    account = account_on(facts, JOINED)
    assert (account.credit, account.covered_through) == (840, date(2024, 3, 31))
    assert account_on(facts, date(2024, 4, 5)).to_pay == 3705 - 840


# --- Entry


def test_before_entry_the_fee_and_the_first_month_are_to_pay() -> None:
    account = account_on(household(), JOINED)
    assert (account.to_pay, account.entry_fee_open, account.called) == (3100, 1000, ())
    assert (account.entered_on, account.effect_date, account.rights_from) == (None, None, None)
    assert account.rights_if_paid == date(2024, 5, 1)
    assert account.next_due is not None
    assert account.next_due.first_day == date(2024, 2, 1)
    assert account.tolerated_through is None


def test_the_fee_may_be_paid_in_part_and_the_first_month_waits_for_all_of_it() -> None:
    facts = paying(household(), (JOINED, 600))
    assert sums_of(facts) == {(Target.ENTRY_FEE, None): 600}
    facts = paying(facts, (date(2024, 1, 20), 2499))
    assert sums_of(facts) == {(Target.ENTRY_FEE, None): 1000, (Target.CREDIT, None): 2099}
    assert account_on(facts, date(2024, 1, 20)).to_pay == 1
    facts = paying(facts, (date(2024, 3, 1), 1))
    assert account_on(facts, date(2024, 3, 1)).effect_date == date(2024, 4, 1)


def test_who_must_begin_with_two_months_does_not_enter_with_one() -> None:
    facts = household(replace(MONTHLY, min_first_periods=2))
    assert account_on(facts, JOINED).to_pay == 5200
    assert sums_of(paying(facts, (JOINED, 5199))) == {
        (Target.ENTRY_FEE, None): 1000,
        (Target.CREDIT, None): 4199,
    }
    assert account_on(paying(facts, (JOINED, 5200)), JOINED).entered_on == JOINED


def test_a_household_without_anybody_covered_does_not_enter() -> None:
    facts = household(heads=0)
    assert parts_of(facts, JOINED, 3000) == [
        (Target.ENTRY_FEE, None, 1000),
        (Target.CREDIT, None, 2000),
    ]


def test_a_reversal_of_the_first_payment_undoes_the_entry_from_its_day_on() -> None:
    facts = golden_a()
    back = tuple(
        Paid(date(2024, 2, 20), row.target, -row.amount, row.due_first_day) for row in facts.paid
    )
    facts = replace(facts, paid=(*facts.paid, *back))
    assert account_on(facts, date(2024, 2, 19)).entered_on == JOINED
    after = account_on(facts, date(2024, 2, 20))
    assert (after.entered_on, after.called, after.to_pay) == (None, (), 3100)


# --- Late, suspended, reinstated


def test_the_household_of_the_vectors_is_suspended_from_5_august() -> None:
    facts = paid_to_june()
    assert account_on(facts, date(2024, 8, 4)).suspensions == ()
    account = account_on(facts, date(2024, 8, 5))
    assert account.suspensions == (Suspension(date(2024, 8, 5), None, None),)
    assert (account.to_pay, account.arrears) == (4200, 4200)
    assert account.tolerated_through == date(2024, 8, 4)
    assert account.rights_if_paid == date(2024, 8, 5)


def test_july_and_august_on_20_august_end_the_suspension_that_day() -> None:
    facts = paying(paid_to_june(), (date(2024, 8, 20), 4200))
    assert account_on(facts, date(2024, 8, 19)).suspended
    account = account_on(facts, date(2024, 8, 20))
    twenty = date(2024, 8, 20)
    assert account.suspensions == (Suspension(date(2024, 8, 5), twenty, twenty),)
    assert account.covered_through == date(2024, 8, 31)


def test_july_alone_does_not_end_the_suspension_in_august() -> None:
    account = account_on(paying(paid_to_june(), (date(2024, 8, 20), 2100)), date(2024, 8, 20))
    assert account.suspended
    assert account.to_pay == 2100


@pytest.mark.parametrize(
    ("rule", "months", "to_pay"),
    [
        (DuesDuringSuspension.CONTINUE, [7, 8, 9, 10, 11], 5 * 2100),
        (DuesDuringSuspension.STOP_AFTER_1, [7, 8, 9], 4 * 2100),
        (DuesDuringSuspension.STOP, [7, 8], 3 * 2100),
    ],
)
def test_what_a_suspension_still_calls(
    rule: DuesDuringSuspension, months: list[int], to_pay: int
) -> None:
    facts = replace(paid_to_june(), plans=(replace(MONTHLY, dues_during_suspension=rule),))
    november = date(2024, 11, 20)
    assert called_months(facts, november)[5:] == months
    account = account_on(facts, november)
    # Besides what was called, the month of the payment itself.
    assert account.to_pay == to_pay
    facts = paying(facts, (november, to_pay))
    account = account_on(facts, november)
    assert not account.suspended
    assert called_months(facts, november)[5:] == [*months, *({11} - set(months))]
    assert (account.covered_through, account.to_pay) == (date(2024, 11, 30), 0)
    assert called_months(facts, date(2024, 12, 1))[-2:] == [11, 12]


def test_after_a_long_gap_rights_wait_thirty_days() -> None:
    facts = paid_to_june()
    short, long = date(2024, 11, 5), date(2024, 11, 6)
    assert account_on(facts, short).rights_if_paid == short
    assert account_on(facts, long).rights_if_paid == date(2024, 12, 6)
    account = account_on(paying(facts, (long, 8400)), long)
    assert account.suspensions == (Suspension(date(2024, 8, 5), long, date(2024, 12, 6)),)


@pytest.mark.parametrize(
    ("rule", "ends"),
    [
        (WaitingWhenLate.CONTINUES, date(2024, 7, 1)),
        (WaitingWhenLate.FREEZES, date(2024, 7, 16)),
        (WaitingWhenLate.RESTARTS, date(2024, 11, 21)),
    ],
)
def test_what_a_suspension_does_to_waiting(rule: WaitingWhenLate, ends: date) -> None:
    # Waiting 5 months from 1 February; April unpaid: suspended from 6 May to 21 May, 15 days.
    plan = replace(
        MONTHLY,
        amount=1235,
        waiting_months=5 if rule is not WaitingWhenLate.RESTARTS else 6,
        waiting_when_late=rule,
    )
    facts = paying(household(plan), (JOINED, 1000 + 2 * 7410))
    during = account_on(facts, date(2024, 5, 10))
    assert during.rights_from == (ends if rule is WaitingWhenLate.CONTINUES else None)
    facts = paying(facts, (date(2024, 5, 21), 2 * 7410))
    assert account_on(facts, date(2024, 5, 21)).rights_from == ends


def test_a_suspension_after_waiting_leaves_it_alone() -> None:
    assert account_on(paid_to_june(), date(2024, 9, 1)).rights_from == date(2024, 5, 1)


def test_a_due_reopened_by_a_reversal_suspends_from_the_reversal_on() -> None:
    facts = paying(paid_to_june(), (date(2024, 7, 5), 2100), (date(2024, 8, 1), 2100))
    back = Paid(date(2024, 9, 10), Target.DUE, -2100, date(2024, 7, 1))
    facts = replace(facts, paid=(*facts.paid, back))
    assert account_on(facts, date(2024, 9, 9)).suspensions == ()
    assert account_on(facts, date(2024, 9, 10)).suspensions == (
        Suspension(date(2024, 9, 10), None, None),
    )


def test_taken_back_and_paid_again_on_one_day_leaves_no_trace() -> None:
    facts = paying(paid_to_june(), (date(2024, 7, 3), 2100), (date(2024, 8, 3), 2100))
    day = date(2024, 8, 20)
    pair = (
        Paid(day, Target.DUE, -2100, date(2024, 7, 1)),
        Paid(day, Target.DUE, 2100, date(2024, 7, 1)),
    )
    again = replace(facts, paid=(*facts.paid, *pair))
    assert account_on(again, day) == account_on(facts, day)


# --- Advance payments and credit


def test_twelve_periods_ahead_is_the_limit() -> None:
    facts = paying(household(), (JOINED, 1000 + 14 * 2100))
    account = account_on(facts, JOINED)
    assert (len(account.called), account.credit) == (12, 4200)
    assert account.covered_through == date(2025, 1, 31)


def test_credit_is_spent_by_a_payment_of_nothing() -> None:
    facts = paying(household(), (JOINED, 1000 + 14 * 2100))
    assert parts_of(facts, date(2024, 3, 1), 0) == [
        (Target.DUE, date(2025, 2, 1), 2100),
        (Target.DUE, date(2025, 3, 1), 2100),
        (Target.CREDIT, None, -4200),
    ]


def test_a_plan_without_advance_still_lets_a_household_in() -> None:
    facts = paying(household(replace(MONTHLY, max_advance_periods=0)), (JOINED, 9000))
    assert sums_of(facts) == {
        (Target.ENTRY_FEE, None): 1000,
        (Target.DUE, date(2024, 2, 1)): 2100,
        (Target.CREDIT, None): 5900,
    }


def test_a_later_booked_payment_is_used_up_for_an_earlier_dated_one() -> None:
    assert parts_of(golden_a(), date(2024, 1, 5), 1000) == [
        (Target.DUE, date(2024, 4, 1), 2100),
        (Target.CREDIT, None, -1100),
    ]


def test_the_amount_to_reach_counts_further_whole_periods() -> None:
    april = date(2024, 4, 6)
    steps = [amount_to_reach(golden_a(), paid_on=april, periods=count) for count in range(3)]
    assert steps == [1000, 3100, 5200]
    decimal = household(DECIMAL, heads=3)
    steps = [amount_to_reach(decimal, paid_on=JOINED, periods=count) for count in range(3)]
    assert steps == [4455, 8160, 11865]
    assert amount_to_reach(golden_a(), paid_on=date(2024, 2, 2), periods=0) == 0


def test_a_frozen_due_keeps_its_amount_when_the_family_grows() -> None:
    facts = golden_a()
    frozen = Due(
        date(2024, 4, 1), date(2024, 5, 1), date(2024, 4, 8), 2000, MONTHLY.id, DueId(b"d")
    )
    facts = replace(facts, covers=(*persons(6), *persons(2, date(2024, 3, 15))), frozen=(frozen,))
    # Without a frozen row two more persons would have made it 2,800.
    part = allot(facts, paid_on=date(2024, 4, 20), amount=900).parts[0]
    assert (part.amount, part.due) == (2000, frozen)
    assert account_on(facts, date(2024, 5, 1)).called[3].due.amount == 2800


def test_the_amount_follows_the_version_on_the_first_day_of_the_period() -> None:
    dearer = replace(MONTHLY, id=PlanVersionId(b"v2"), first_day=date(2024, 4, 1), amount=400)
    facts = replace(golden_a(), plans=(MONTHLY, dearer))
    assert [state.due.amount for state in account_on(facts, date(2024, 4, 1)).called] == [
        2100,
        2100,
        2400,
    ]


# --- Endings, renewal on payment


def test_an_ending_calls_nothing_and_money_after_it_stays_credit() -> None:
    events = (Event(EventKind.RESIGNED, date(2024, 4, 1)),)
    facts = paying(household(events=events), (JOINED, 1000 + 3 * 2100))
    account = account_on(facts, date(2024, 9, 1))
    assert called_months(facts, date(2024, 9, 1)) == [2, 3]
    assert (account.to_pay, account.credit, account.next_due) == (0, 2100, None)


def test_a_family_in_which_nobody_counts_is_asked_nothing_and_the_asking_ends() -> None:
    """Its periods cost nothing for ever: the money is credit, and no more than may be kept."""
    facts = paying(household(heads=1), (JOINED, 1000 + 350))
    gone = replace(
        facts, covers=tuple(replace(one, until=date(2024, 3, 1)) for one in facts.covers)
    )
    march = date(2024, 3, 5)
    allotted = allot(gone, paid_on=march, amount=700)
    assert [(part.target, part.amount) for part in allotted.parts] == [(Target.CREDIT, 700)]
    assert beyond_advance(gone, allotted, paid_on=march) == 0


def test_a_readmitted_household_starts_anew_with_another_fee_where_the_statutes_ask() -> None:
    events = (
        Event(EventKind.RESIGNED, date(2024, 4, 1)),
        Event(EventKind.READMITTED, date(2024, 9, 10)),
    )
    facts = paying(household(events=events), (JOINED, 5200))
    september = date(2024, 9, 10)
    assert account_on(facts, date(2024, 9, 9)).covered_through == date(2024, 3, 31)
    account = account_on(facts, september)
    assert (account.entered_on, account.entry_fee_open, account.to_pay) == (None, 1000, 3100)
    account = account_on(paying(facts, (september, 3100)), september)
    assert (account.effect_date, account.rights_from) == (date(2024, 10, 1), date(2025, 1, 1))
    free = replace(facts, statutes=(Statutes(date(2024, 1, 1), readmission_fee=False),))
    assert account_on(free, september).to_pay == 2100
    account = account_on(paying(free, (september, 2100)), september)
    assert (account.effect_date, account.rights_from) == (date(2024, 10, 1), date(2025, 1, 1))


ON_PAYMENT = replace(
    MONTHLY,
    renewal=Renewal.ON_PAYMENT,
    periodicity=Periodicity.QUARTERLY,
    amount=1000,
    effect_rule=EffectRule.PAYMENT_DATE,
    due_day=None,
    grace_days=10,
)


def test_a_paid_term_goes_on_without_a_break_within_its_grace() -> None:
    facts = paying(household(ON_PAYMENT, heads=1), (JOINED, 2000))
    assert account_on(facts, date(2024, 4, 9)).to_pay == 0
    account = account_on(facts, date(2024, 4, 20))
    assert (account.to_pay, account.arrears, account.suspended) == (1000, 0, False)
    account = account_on(paying(facts, (date(2024, 4, 20), 1000)), date(2024, 4, 20))
    assert account.effect_date == JOINED
    assert (account.covered_through, account.suspensions) == (date(2024, 7, 9), ())


def test_a_lapsed_term_owes_nothing_and_begins_anew_with_the_next_payment() -> None:
    facts = paying(household(ON_PAYMENT, heads=1), (JOINED, 2000))
    account = account_on(facts, date(2024, 4, 21))
    assert account.suspensions == (Suspension(date(2024, 4, 21), None, None),)
    assert (account.arrears, account.to_pay, len(account.called)) == (0, 1000, 1)
    june = date(2024, 6, 3)
    account = account_on(paying(facts, (june, 1000)), june)
    assert (account.effect_date, account.covered_through) == (june, date(2024, 9, 2))
    assert account.rights_from == date(2024, 4, 10)
    assert account.suspensions == (Suspension(date(2024, 4, 21), june, june),)
    assert account.to_pay == 0


def test_a_new_term_gives_rights_from_its_own_first_day() -> None:
    plan = replace(ON_PAYMENT, effect_rule=EffectRule.FIRST_OF_NEXT_MONTH, waiting_months=0)
    facts = paying(household(plan, heads=1), (JOINED, 2000))
    june = date(2024, 6, 20)
    assert account_on(facts, june).rights_if_paid == date(2024, 7, 1)
    account = account_on(paying(facts, (june, 1000)), june)
    assert account.suspensions == (Suspension(date(2024, 5, 12), june, date(2024, 7, 1)),)


# --- Reversal


def test_a_reversal_takes_back_exactly_its_money() -> None:
    facts = paid_to_june()
    target = reallot(household(), [(JOINED, 6300), (date(2024, 5, 3), 4200)])
    assert {key: held[0] for key, held in target.items()} == {
        (Target.ENTRY_FEE, None): 1000,
        (Target.DUE, date(2024, 2, 1)): 2100,
        (Target.DUE, date(2024, 3, 1)): 2100,
        (Target.DUE, date(2024, 4, 1)): 2100,
        (Target.DUE, date(2024, 5, 1)): 2100,
        (Target.CREDIT, None): 1100,
    }
    moves = reversal_parts(sums_of(facts), {key: held[0] for key, held in target.items()})
    assert moves == {(Target.DUE, date(2024, 6, 1)): -2100, (Target.CREDIT, None): 1100}


def test_a_reallotment_keeps_the_frozen_due() -> None:
    frozen = Due(
        date(2024, 2, 1), date(2024, 3, 1), date(2024, 2, 5), 2000, MONTHLY.id, DueId(b"d")
    )
    facts = replace(household(), frozen=(frozen,))
    assert reallot(facts, [(JOINED, 3000)])[Target.DUE, date(2024, 2, 1)] == (2000, frozen)


# --- Earning


def test_a_month_is_earned_in_its_month_and_a_quarter_by_its_days() -> None:
    facts = golden_a()
    assert earned_to_date(facts, date(2024, 2, 29)) == {date(2024, 2, 1): (2100, 0)}
    # 31 + 29 + 30 days of a quarter from 1 January: 9.00 is 3.10, 2.90 and 3.00 in 90 parts.
    plan = replace(
        ON_PAYMENT, amount=900, effect_rule=EffectRule.FIRST_OF_MONTH, entry_fee=0, grace_days=30
    )
    facts = AccountFacts(date(2023, 1, 1), (plan,), persons(1, date(2023, 1, 1)))
    facts = paying(facts, (date(2023, 1, 5), 900))
    year = date(2023, 1, 1)
    assert earned_to_date(facts, date(2023, 1, 31)) == {year: (310, 0)}
    assert earned_to_date(facts, date(2023, 2, 28)) == {year: (590, 0)}
    assert earned_to_date(facts, date(2023, 3, 31)) == {year: (900, 0)}


def test_cover_on_trust_is_earned_unpaid_and_a_suspended_month_not_at_all() -> None:
    facts = paid_to_june()
    earned = earned_to_date(facts, date(2024, 9, 30))
    months = {day.month: shares for day, shares in earned.items() if day.month > 5}
    # Called in September although suspended: no rights, nothing earned.
    assert called_months(facts, date(2024, 9, 30))[-1] == 9
    # Suspended from 5 August: 1 to 4 August on trust, 4/31 of 2,100, rounded.
    assert months == {6: (2100, 0), 7: (0, 2100), 8: (0, 271)}
    facts = paying(facts, (date(2024, 10, 7), 8400))
    earned = earned_to_date(facts, date(2024, 10, 31))
    assert {earned[date(2024, month, 1)] for month in (7, 8, 9, 10)} == {(2100, 0)}


# --- Properties

PLANS = st.builds(
    lambda basis, periodicity, cycle, effect, stop, renewal, first, amount: replace(
        MONTHLY,
        basis=basis,
        periodicity=periodicity,
        cycle=cycle,
        effect_rule=effect,
        dues_during_suspension=stop,
        renewal=renewal,
        min_first_periods=first,
        amount=amount,
        rounding=1,
    ),
    st.sampled_from(Basis),
    st.sampled_from([Periodicity.MONTHLY, Periodicity.QUARTERLY]),
    st.sampled_from(Cycle),
    st.sampled_from(EffectRule),
    st.sampled_from(DuesDuringSuspension),
    st.sampled_from(Renewal),
    st.integers(1, 2),
    st.sampled_from([350, 1235]),
)
PAYMENTS = st.lists(
    st.tuples(
        st.dates(date(2024, 1, 10), date(2025, 12, 31)), st.sampled_from([700, 1235, 5000, 12000])
    ),
    max_size=8,
)


def lived(plan: PlanVersion, payments: Sequence[tuple[date, int]], heads: int = 2) -> AccountFacts:
    return paying(household(plan, heads=heads), *payments)


@settings(deadline=None)
@given(plan=PLANS, payments=PAYMENTS)
def test_every_payment_is_used_whole_and_credit_is_never_short(
    plan: PlanVersion, payments: list[tuple[date, int]]
) -> None:
    facts = household(plan, heads=2)
    for day, amount in payments:
        allotment = allot(facts, paid_on=day, amount=amount)
        assert allotment.total == amount
        assert sum(part.target is Target.CREDIT for part in allotment.parts) <= 1
        facts = paying(facts, (day, amount))
        assert all(total >= 0 for total in sums_of(facts).values())


@settings(deadline=None)
@given(plan=PLANS, payments=PAYMENTS, day=st.dates(date(2024, 1, 10), date(2026, 6, 30)))
def test_paying_what_is_asked_for_brings_a_household_up_to_date(
    plan: PlanVersion, payments: list[tuple[date, int]], day: date
) -> None:
    facts = lived(plan, sorted(pay for pay in payments if pay[0] <= day))
    before = account_on(facts, day)
    assert before.to_pay == amount_to_reach(facts, paid_on=day, periods=0)
    after = account_on(paying(facts, (day, before.to_pay)), day)
    assert after.entered_on is not None
    assert (after.to_pay, after.arrears, after.suspended) == (0, 0, False)


@settings(deadline=None)
@given(plan=PLANS, payments=PAYMENTS, day=st.dates(date(2024, 1, 10), date(2026, 6, 30)))
def test_the_account_of_a_past_day_does_not_change_with_later_money(
    plan: PlanVersion, payments: list[tuple[date, int]], day: date
) -> None:
    payments = sorted(payments)
    facts = lived(plan, payments)
    known = lived(plan, [pay for pay in payments if pay[0] <= day])
    assert account_on(facts, day) == account_on(known, day)


@settings(deadline=None)
@given(plan=PLANS, payments=PAYMENTS)
def test_allotting_all_payments_again_comes_to_the_same_sums(
    plan: PlanVersion, payments: list[tuple[date, int]]
) -> None:
    facts = lived(plan, payments)
    target = {key: held[0] for key, held in reallot(household(plan, heads=2), payments).items()}
    assert target == sums_of(facts)
    assert reversal_parts(sums_of(facts), target) == {}
    without = reallot(household(plan, heads=2), payments[:-1])
    moves = reversal_parts(sums_of(facts), {key: held[0] for key, held in without.items()})
    assert sum(moves.values()) == -sum(amount for _, amount in payments[-1:])


@settings(deadline=None)
@given(plan=PLANS, payments=PAYMENTS)
def test_what_is_paid_is_earned_in_the_end_and_never_shrinks(
    plan: PlanVersion, payments: list[tuple[date, int]]
) -> None:
    facts = lived(plan, sorted(payments))
    totals = [
        sum(map(sum, earned_to_date(facts, date(2024 + at // 12, at % 12 + 1, 28)).values()))
        for at in range(48)
    ]
    assert totals == sorted(totals)
    # Credit goes on paying by itself: what is paid beyond the month is not yet earned.
    final = earned_to_date(facts, date(2031, 1, 1))
    called = account_on(facts, date(2031, 1, 1)).called
    over = [state for state in called if state.due.until <= date(2031, 2, 1)]
    paid = {state.due.first_day: state.due.amount for state in over if state.paid_on}
    assert {
        state.due.first_day: final[state.due.first_day][0]
        for state in over
        if final.get(state.due.first_day, (0, 0))[0]
    } == paid


@settings(deadline=None)
@given(plan=PLANS, periods=st.integers(0, 6))
def test_the_amount_to_reach_buys_exactly_those_periods(plan: PlanVersion, periods: int) -> None:
    facts = household(plan, heads=2)
    amount = amount_to_reach(facts, paid_on=JOINED, periods=periods)
    allotment = allot(facts, paid_on=JOINED, amount=amount)
    dues = [part for part in allotment.parts if part.target is Target.DUE]
    assert all(part.target is not Target.CREDIT for part in allotment.parts)
    assert len(dues) >= plan.min_first_periods + periods
