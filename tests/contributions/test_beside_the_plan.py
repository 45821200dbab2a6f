"""Leaving a group, a discount taken back, and what was paid before a split: by hand, 2.4 and 2.5."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stepdesk.contributions.queries import account_of, all_facts, facts_of
from stepdesk.contributions.rules import account_on
from stepdesk.contributions.service import reverse_payment
from stepdesk.contributions.terms import (
    Due,
    DuesDuringSuspension,
    EffectRule,
    Periodicity,
    Receipt,
)
from stepdesk.members.queries import statutes
from stepdesk.members.service import record_joining, set_statutes
from stepdesk.members.terms import Birth, BirthKnown, NewPerson, Relation, Sex, Statutes
from stepdesk.payers import service as groups
from stepdesk.payers.terms import GroupKind
from stepdesk.reports.queries import control_differences
from stepdesk.rights import service as rights
from stepdesk.rights.queries import verdict_of
from stepdesk.rights.terms import Answer, HouseholdState, ReasonCode
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import HouseholdId, PersonId
from tests.builders import a_household, a_payment, a_plan, a_request, open_copy, wednesday

JOINED = date(2024, 1, 10)


@pytest.fixture
def clock() -> SetClock:
    return wednesday()


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    with open_copy(tmp_path / "book", clock=clock) as opened:
        yield opened


def again_on(desk: Desk, household_id: HouseholdId, day: date) -> tuple[date | None, ...]:
    """The last suspension: when it began, when it ended, when rights came back."""
    stop = account_on(desk.ask(facts_of, household_id), day).suspensions[-1]
    return stop.first_day, stop.until, stop.rights_again


# Leaving a group

WAITS: dict[str, Any] = {
    "waiting_months": 0,
    "reinstate_wait_short_days": 20,
    "grace_days": 0,
    "due_day": 1,
    "dues_during_suspension": DuesDuringSuspension.STOP,
}
"""Late on the first day of the month, and rights 20 days after the arrears are paid."""


def a_household_that_left(desk: Desk, clock: SetClock, *, left: date | None) -> HouseholdId:
    """Two people who paid for February and March, on a group's list until they left it."""
    a_plan(desk, **WAITS)
    home = a_household(desk, 2).household_id
    if left is not None:
        group = desk.do(groups.add_group, code="FEM", name="Women", kind=GroupKind.WOMEN, people=9)
        desk.do(groups.place_household, group_id=group, household_id=home, on=JOINED)
    a_payment(desk, home, 1000 + 2 * 700)
    if left is not None:
        clock.set(left)
        desk.do(groups.leave_group, household_id=home, on=left)
    return home


def pays_what_is_owed(desk: Desk, clock: SetClock, home: HouseholdId, day: date) -> None:
    clock.set(day)
    a_payment(desk, home, 1400)


def test_who_left_a_group_and_pays_within_sixty_days_of_what_was_paid_waits_no_more(
    desk: Desk, clock: SetClock
) -> None:
    """Paid to 31 March, left on 15 March: 60 days from 1 April are over on 31 May."""
    home = a_household_that_left(desk, clock, left=date(2024, 3, 15))
    pays_what_is_owed(desk, clock, home, date(2024, 5, 31))
    assert again_on(desk, home, date(2024, 5, 31)) == (
        date(2024, 4, 2),
        date(2024, 5, 31),
        date(2024, 5, 31),
    )


def test_a_day_later_it_waits_as_anybody_does(desk: Desk, clock: SetClock) -> None:
    """Sixty days were over on 31 May: 20 days from 1 June on."""
    home = a_household_that_left(desk, clock, left=date(2024, 3, 15))
    pays_what_is_owed(desk, clock, home, date(2024, 6, 1))
    assert again_on(desk, home, date(2024, 6, 1))[1:] == (date(2024, 6, 1), date(2024, 6, 21))


def test_who_was_in_no_group_waits_as_ever(desk: Desk, clock: SetClock) -> None:
    home = a_household_that_left(desk, clock, left=None)
    pays_what_is_owed(desk, clock, home, date(2024, 5, 31))
    assert again_on(desk, home, date(2024, 5, 31))[2] == date(2024, 6, 20)


def test_who_leaves_only_once_suspended_waits_as_ever(desk: Desk, clock: SetClock) -> None:
    home = a_household_that_left(desk, clock, left=date(2024, 4, 20))
    pays_what_is_owed(desk, clock, home, date(2024, 5, 31))
    assert again_on(desk, home, date(2024, 5, 31))[2] == date(2024, 6, 20)


def test_the_days_are_those_of_the_statutes_on_the_day_it_left(
    desk: Desk, clock: SetClock
) -> None:
    """Ten days from 1 April are over on 11 April; a rule of 60 days set later is of no use."""
    desk.do(set_statutes, statutes=Statutes(first_day=date(2024, 1, 1), group_leave_days=10))
    home = a_household_that_left(desk, clock, left=date(2024, 3, 15))
    desk.do(set_statutes, statutes=Statutes(first_day=date(2024, 3, 16), group_leave_days=60))
    assert len(desk.ask(statutes)) == 2
    pays_what_is_owed(desk, clock, home, date(2024, 4, 20))
    assert again_on(desk, home, date(2024, 4, 20))[2] == date(2024, 5, 10)


def test_an_undone_leaving_changes_nothing(desk: Desk, clock: SetClock) -> None:
    home = a_household_that_left(desk, clock, left=None)
    group = desk.do(groups.add_group, code="FEM", name="Women", kind=GroupKind.WOMEN, people=9)
    desk.do(groups.place_household, group_id=group, household_id=home, on=JOINED)
    clock.set(date(2024, 3, 15))
    event = desk.do(groups.leave_group, household_id=home, on=desk.today)
    desk.do(groups.take_back, event_id=event, reason="They stay")
    pays_what_is_owed(desk, clock, home, date(2024, 5, 31))
    assert again_on(desk, home, date(2024, 5, 31))[2] == date(2024, 6, 20)


# A discount and the payment that earned it


def a_year_ahead(desk: Desk) -> tuple[HouseholdId, Receipt]:
    """Four people pay a whole year at once, 10 % less: 12 × 1,400 = 16,800, less 1,680."""
    a_plan(desk, prepay_discount=1000, max_advance_periods=12)
    home = a_household(desk, 4).household_id
    return home, a_payment(desk, home, 1000 + 15_120, accepting={"much"})


def take_back(desk: Desk, receipt: Receipt) -> None:
    desk.do(
        reverse_payment,
        request_id=a_request(),
        payment_id=receipt.payment_id,
        reason="The wrong household",
    )


def test_a_discount_falls_away_with_the_payment_that_earned_it(
    desk: Desk, clock: SetClock
) -> None:
    home, receipt = a_year_ahead(desk)
    assert account_on(desk.ask(facts_of, home), JOINED).called[0].due.amount == 1260
    clock.set(date(2024, 1, 12))
    take_back(desk, receipt)
    clock.set(date(2024, 1, 15))
    a_payment(desk, home, 1000 + 1400)
    account = desk.ask(account_of, home, desk.today)
    called = [(one.due.first_day, one.due.amount, one.due.discount) for one in account.called]
    assert called == [(date(2024, 2, 1), 1400, 0)]
    assert account.covered_through == date(2024, 2, 29)
    assert (account.credit, account.to_pay) == (0, 0)
    # The day before is told as it was told then.
    before = desk.ask(account_of, home, JOINED)
    assert (before.covered_through, before.called[0].due.amount) == (date(2025, 1, 31), 1260)
    assert desk.ask(all_facts)[home] == desk.ask(facts_of, home)
    assert not desk.ask(control_differences)
    assert verify_desk(desk).clean


def test_what_another_payment_bought_at_the_discount_costs_what_it_costs_anybody(
    desk: Desk, clock: SetClock
) -> None:
    """Without the first payment the second buys three months at 1,400, and 200 is over."""
    home, receipt = a_year_ahead(desk)
    clock.set(date(2024, 1, 12))
    a_payment(desk, home, 1000 + 3 * 1400 + 200, accepting={"ahead", "much"})
    take_back(desk, receipt)
    account = desk.ask(account_of, home, desk.today)
    paid = [(one.due.first_day, one.due.amount, one.paid) for one in account.called]
    assert paid == [
        (date(2024, 2, 1), 1400, 1400),
        (date(2024, 3, 1), 1400, 1400),
        (date(2024, 4, 1), 1400, 1400),
    ]
    assert account.credit == 200
    assert not desk.ask(control_differences)
    assert verify_desk(desk).clean


def test_who_pays_the_year_again_gets_the_discount_again(desk: Desk, clock: SetClock) -> None:
    home, receipt = a_year_ahead(desk)
    clock.set(date(2024, 1, 12))
    take_back(desk, receipt)
    a_payment(desk, home, 1000 + 15_120, accepting={"much"})
    account = desk.ask(account_of, home, desk.today)
    assert (account.covered_through, account.credit) == (date(2025, 1, 31), 0)


# What was paid before a split


@pytest.mark.parametrize("rule", [EffectRule.FIRST_OF_NEXT_MONTH, EffectRule.FIRST_OF_MONTH])
def test_who_splits_off_pays_no_month_the_former_household_has_paid(
    desk: Desk, clock: SetClock, rule: EffectRule
) -> None:
    """Three people have paid to 30 June; two leave on 10 March and pay at once: July is bought."""
    a_plan(desk, effect_rule=rule, waiting_months=0)
    home = a_household(desk, 3)
    months = 5 if rule is EffectRule.FIRST_OF_NEXT_MONTH else 6
    a_payment(desk, home, 1000 + months * 3 * 350, accepting={"much"})
    clock.set(date(2024, 3, 10))
    head, child = home.person_ids[1:]
    new = split_off(desk, home.household_id, head, child)
    receipt = a_payment(desk, new, 2 * 350)
    assert receipt.covered_through == date(2024, 7, 31)
    for day in (date(2024, 3, 20), date(2024, 6, 30), date(2024, 7, 31)):
        told = desk.ask(verdict_of, head, day)
        assert told is not None
        assert told.answer is Answer.YES


def split_off(desk: Desk, home: HouseholdId, head: PersonId, child: PersonId) -> HouseholdId:
    return desk.do(
        rights.split,
        household_id=home,
        person_ids=(head, child),
        head_id=head,
        on=desk.today,
        relations={child: Relation.SIBLING},
        accepting=frozenset({"age", "alike:0", "arrears", "backdated"}),
    ).household_id


def two_and_one_more(
    desk: Desk, clock: SetClock, **terms: Any
) -> tuple[HouseholdId, PersonId, PersonId]:
    """Two of three leave on 10 March, paid for to 30 June; on 15 March a third lives with them.

    Grace is 30 days from the 5th of a month; nobody waits. Return household, head and newcomer.
    """
    a_plan(desk, waiting_months=0, **terms)
    home = a_household(desk, 3)
    a_payment(desk, home, 1000 + 5 * 3 * 350, accepting={"much"})
    clock.set(date(2024, 3, 10))
    head, child = home.person_ids[1:]
    new = split_off(desk, home.household_id, head, child)
    clock.set(date(2024, 3, 15))
    birth = Birth(date(1990, 1, 1), BirthKnown.DAY)
    told = NewPerson("Sow", "Binta", Sex.FEMALE, birth, Relation.SIBLING)
    joined = desk.do(
        record_joining,
        household_id=new,
        person=told,
        on=desk.today,
        accepting=frozenset({"backdated"}),
    )
    return new, head, joined.person_ids[0]


def test_only_who_was_not_paid_for_before_a_split_is_paid_for(desk: Desk, clock: SetClock) -> None:
    """One of three in April, May and June: 350 each; all three in July: 1,050."""
    new, _, _ = two_and_one_more(desk, clock)
    receipt = a_payment(desk, new, 3 * 350 + 3 * 350, accepting={"ahead", "much"})
    assert receipt.covered_through == date(2024, 7, 31)
    account = desk.ask(account_of, new, date(2024, 7, 1))
    assert [(one.due.first_day.month, one.due.amount) for one in account.called] == [
        (4, 350),
        (5, 350),
        (6, 350),
        (7, 1050),
    ]
    assert (account.credit, account.to_pay) == (0, 0)
    day = date(2024, 7, 1)
    assert account_on(desk.ask(all_facts)[new], day) == account_on(desk.ask(facts_of, new), day)
    assert not desk.ask(control_differences)
    assert verify_desk(desk).clean


def test_who_was_paid_for_does_not_lose_what_the_others_owe(desk: Desk, clock: SetClock) -> None:
    """Paid for April alone: May is due on the 5th, tolerated to 4 June, and stopped on the 5th."""
    new, head, newcomer = two_and_one_more(desk, clock)
    a_payment(desk, new, 350)
    answers = {
        day: [desk.ask(verdict_of, one, day) for one in (head, newcomer)]
        for day in (date(2024, 6, 4), date(2024, 6, 5), date(2024, 6, 30), date(2024, 7, 1))
    }
    assert [[one and one.answer for one in both] for both in answers.values()] == [
        [Answer.YES, Answer.YES],
        [Answer.YES, Answer.NO],
        [Answer.YES, Answer.NO],
        [Answer.NO, Answer.NO],
    ]
    paid_for, owes = answers[date(2024, 6, 5)]
    assert paid_for is not None
    assert owes is not None
    assert (paid_for.rights_through, owes.to_pay) == (date(2024, 6, 30), 2 * 350)
    assert [one.code for one in owes.reasons] == [ReasonCode.RA04]
    assert owes.state is HouseholdState.SUSPENDED


def test_of_a_period_paid_in_part_before_a_split_the_rest_is_paid(
    desk: Desk, clock: SetClock
) -> None:
    """A half-year of 2,100 a person from April: three months of it for two, all for the third."""
    new, _, _ = two_and_one_more(desk, clock)
    facts = desk.ask(facts_of, new)
    plan = replace(facts.plans[0], periodicity=Periodicity.HALF_YEARLY, amount=2100)
    facts = replace(facts, plans=(plan,))
    assert account_on(facts, date(2024, 3, 20)).next_due == Due(
        date(2024, 4, 1), date(2024, 10, 1), date(2024, 4, 5), 2 * 1050 + 2100, plan.id
    )
