"""A discount of the fees in a book: what is written, kept, given back, and read again.

Once a year 1,000 for a household and 5,000 at the first time; half for who comes a month before
the year begins: 500 and 2,500. Source: openIMIS handbook 2.4, step 6; decision 0058.
"""

from contextlib import suppress
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from stepdesk.contributions.queries import account_of, all_facts, facts_of
from stepdesk.contributions.service import reverse_payment
from stepdesk.contributions.terms import (
    Basis,
    Cycle,
    EffectRule,
    Periodicity,
    Receipt,
    Renewal,
    Target,
)
from stepdesk.errors import Refusal
from stepdesk.ledger.queries import balance_of
from stepdesk.members.terms import Registered
from stepdesk.reports.queries import control_differences
from stepdesk.reports.service import close_month
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import a_household, a_payment, a_plan, a_request
from tests.contributions.test_kept import DOUBTS, bare, closed, kept_row

ENTERED = date(2024, 1, 10)
LATE = date(2024, 12, 20)
TERMS: dict[str, Any] = {
    "basis": Basis.PER_HOUSEHOLD,
    "amount": 1000,
    "entry_fee": 5000,
    "periodicity": Periodicity.ANNUAL,
    "cycle": Cycle.FIXED,
    "effect_rule": EffectRule.CYCLE_START,
    "due_day": None,
    "early_discount": 5000,
    "early_discount_months": 1,
    "max_advance_periods": 3,
}


FEES: dict[str, Any] = {"card_fee": 150, "assembly_fee": 400}
RENEWED: dict[str, Any] = {
    "renewal": Renewal.ON_PAYMENT,
    "renewal_discount": 2000,
    "renewal_discount_months": 1,
    "grace_days": 0,
}


@pytest.fixture
def early(desk: Desk) -> Registered:
    """A household of two that may enter for the year to come."""
    return a_household(desk, 2, plan_id=a_plan(desk, **TERMS))


def take_back(desk: Desk, receipt: Receipt) -> None:
    desk.do(
        reverse_payment, request_id=a_request(), payment_id=receipt.payment_id, reason="not his"
    )


def rows(desk: Desk, home: Registered) -> list[tuple[Any, ...]]:
    """Of each due what it asks, what was taken off it and off its fees, and what lies on it."""
    with desk.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT d.amount, d.discount, d.fees_discount, (SELECT coalesce(sum(a.amount), 0)"
            " FROM allocation a WHERE a.due_id = d.id) FROM due d WHERE d.household_id = ?"
            " ORDER BY d.rowid",
            (home.household_id,),
        )
        return [tuple(row) for row in found]


def told_alike(desk: Desk, home: Registered) -> None:
    """However it is read, the account is the same, and money lies on one row of a period."""
    told = bare(desk.ask(facts_of, home.household_id))
    assert told == bare(desk.ask(facts_of, home.household_id, named=True))
    assert told == bare(desk.ask(all_facts)[home.household_id])
    with desk.read() as connection:
        held = connection.exec_driver_sql(
            "SELECT d.first_day, sum(a.amount) FROM due d JOIN allocation a ON a.due_id = d.id"
            " WHERE d.household_id = ? AND a.target = 'DUE' GROUP BY d.id"
            " HAVING sum(a.amount) <> 0",
            (home.household_id,),
        ).all()
    assert len({first_day for first_day, _ in held}) == len(held)
    assert all(amount > 0 for _, amount in held)
    assert verify_desk(desk, whole=True).findings == []
    assert not desk.ask(control_differences)


def test_the_fee_is_income_as_it_was_paid(desk: Desk, early: Registered) -> None:
    assert desk.ask(account_of, early.household_id, ENTERED).to_pay == 3000
    receipt = a_payment(desk, early, 3000, accepting=DOUBTS)
    lines = [(line.target, line.amount.minor) for line in receipt.lines]
    assert lines == [(Target.ENTRY_FEE, 2500), (Target.DUE, 500)]
    assert receipt.discount == Money(3000, desk.currency)
    assert rows(desk, early) == [(500, 500, 2500, 500)]
    assert desk.ask(balance_of, "entry_fee") == -2500
    account = desk.ask(account_of, early.household_id, LATE)
    assert (account.entered_on, account.to_pay, account.credit) == (ENTERED, 0, 0)
    told_alike(desk, early)


def test_a_payment_taken_back_leaves_no_discount(
    desk: Desk, clock: SetClock, early: Registered
) -> None:
    receipt = a_payment(desk, early, 3000, accepting=DOUBTS)
    take_back(desk, receipt)
    assert desk.ask(balance_of, "entry_fee") == 0
    assert desk.ask(account_of, early.household_id, ENTERED).to_pay == 3000
    clock.set(LATE)
    assert desk.ask(account_of, early.household_id, LATE).to_pay == 6000
    again = a_payment(desk, early, 6000, accepting=DOUBTS)
    assert again.discount is None
    assert rows(desk, early) == [(500, 500, 2500, 0), (1000, None, None, 1000)]
    assert desk.ask(balance_of, "entry_fee") == -5000
    told_alike(desk, early)


def test_of_two_parts_the_first_is_taken_back(desk: Desk, early: Registered) -> None:
    """2,990 of the fee and 10 that made it 3,000: the ten alone are a part of the fee."""
    first = a_payment(desk, early, 2990, accepting=DOUBTS)
    a_payment(desk, early, 10, accepting=DOUBTS)
    assert rows(desk, early) == [(10, 990, 2010, 10)]
    assert desk.ask(account_of, early.household_id, ENTERED).to_pay == 0
    take_back(desk, first)
    assert rows(desk, early) == [(10, 990, 2010, 0)]
    assert desk.ask(balance_of, "entry_fee") == -10
    account = desk.ask(account_of, early.household_id, ENTERED)
    assert (account.entered_on, account.entry_fee_open, account.to_pay) == (None, 4990, 2990)
    told_alike(desk, early)


def test_a_closed_month_keeps_what_was_taken_off_the_fees(
    desk: Desk, clock: SetClock, early: Registered
) -> None:
    receipt = a_payment(desk, early, 3000, accepting=DOUBTS)
    closed(desk, clock)
    assert kept_row(desk, early) is not None
    (due,) = desk.ask(facts_of, early.household_id).frozen
    assert (due.amount, due.discount, due.fees_discount) == (500, 500, 2500)
    a_payment(desk, early, 1000, accepting=DOUBTS)
    account = desk.ask(account_of, early.household_id, desk.today)
    assert (account.covered_through, account.credit) == (date(2026, 12, 31), 0)
    told_alike(desk, early)
    take_back(desk, receipt)
    told_alike(desk, early)


class Till:
    """A household that pays and takes back as chance will, and what of it counts."""

    def __init__(self, desk: Desk, home: Registered, seed: int) -> None:
        self.desk, self.home, self.chance = desk, home, Random(seed)
        self.given: list[tuple[Receipt, int]] = []
        self.month: Month | None = None

    def go_on(self, clock: SetClock) -> None:
        """Let days pass, and close the months that are over."""
        clock.set(self.desk.today + timedelta(days=self.chance.randrange(60)))
        while self.month is not None and self.month.until < self.desk.today:
            self.desk.do(close_month, month=self.month, accepting=DOUBTS)
            self.month = self.month.plus(1)

    def act(self) -> None:
        if self.given and self.chance.random() < 0.35:
            receipt, _ = self.given.pop(self.chance.randrange(len(self.given)))
            take_back(self.desk, receipt)
            return
        owed = self.desk.ask(account_of, self.home.household_id, self.desk.today).to_pay
        amount = self.chance.choice([owed, owed, owed // 2, 5, 1000, 2500]) or 1000
        with suppress(Refusal):
            receipt = a_payment(self.desk, self.home, amount, accepting=DOUBTS)
            self.given.append((receipt, amount))
            self.month = self.month or Month.of(self.desk.today)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_paid_and_taken_back_is_read_alike(
    desk: Desk, clock: SetClock, seed: int
) -> None:
    """Payments of any size and receipts taken back, over the days; months closed between."""
    more: dict[str, Any] = [{}, FEES, RENEWED, FEES | RENEWED][seed % 4]
    plan = a_plan(desk, **TERMS | more | {"rounding": 25 if seed % 3 else 5})
    till = Till(desk, a_household(desk, 2, plan_id=plan), seed)
    for _ in range(10):
        till.go_on(clock)
        till.act()
        told_alike(desk, till.home)
        facts = desk.ask(facts_of, till.home.household_id)
        assert sum(one.amount for one in facts.paid) == sum(amount for _, amount in till.given)
        assert desk.ask(balance_of, "entry_fee") <= 0
        account = desk.ask(account_of, till.home.household_id, desk.today)
        if account.entered_on is not None:
            assert account.entry_fee_open == 0
