"""What payers take over of a due adds up, is never earned beyond it, and moves no past day."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from stepdesk.contributions.rules import (
    account_on,
    awaited_shares,
    due_amounts,
    earned_of,
    payer_shares,
)
from stepdesk.contributions.terms import AccountFacts, Due, PlanVersion
from stepdesk.payers.terms import Arrived, Sponsored
from stepdesk.values.ids import HouseholdId, PayerAgreementId, PersonId
from tests.contributions.test_rules import JOINED, MONTHLY, YEARLY, household, paying
from tests.examples import few

STATE, COMMUNE = PayerAgreementId(b"s"), PayerAgreementId(b"c")
FREE = replace(MONTHLY, entry_fee=0, waiting_months=0)
PLANS = st.sampled_from([FREE, replace(YEARLY, waiting_months=0), replace(FREE, amount=1235)])
SETTINGS = few(60)
PAYMENTS = st.lists(
    st.tuples(st.dates(JOINED, date(2025, 6, 1)), st.integers(100, 9000)), max_size=5
).map(sorted)
PROMISES = st.lists(
    st.builds(
        lambda agreement, begins, days, person, share, amount: Sponsored(
            begins,
            None if days is None else begins + timedelta(days=days),
            person,
            None if amount else share,
            amount,
            agreement_id=agreement,
        ),
        st.sampled_from([STATE, COMMUNE]),
        st.dates(JOINED, date(2025, 1, 1)),
        st.none() | st.integers(20, 400),
        st.none() | st.sampled_from([PersonId(b"p0"), PersonId(b"p1")]),
        st.integers(1, 100),
        st.none() | st.integers(50, 2000),
    ),
    max_size=3,
).map(tuple)
MONTHS = [date(2024 + at // 12, at % 12 + 1, 28) for at in range(30)]


def lived(
    plan: PlanVersion, payments: list[tuple[date, int]], promises: tuple[Sponsored, ...]
) -> AccountFacts:
    return paying(replace(household(plan, heads=3), sponsored=promises), *payments)


def test_two_payers_and_three_persons_each_have_their_part() -> None:
    promises = (
        Sponsored(JOINED, None, PersonId(b"p1"), 50, agreement_id=STATE),
        Sponsored(JOINED, None, None, None, 100, agreement_id=COMMUNE),
    )
    facts = replace(household(FREE, heads=3), sponsored=promises)
    first, until = date(2024, 2, 1), date(2024, 3, 1)
    amount, taken = due_amounts(
        FREE, facts.covers, effect=first, first_day=first, until=until, sponsored=promises
    )
    # 350 each: the second person's half is 175, and 100 of each of the three.
    assert (amount, taken) == (575, 475)
    due = Due(first, until, first, amount, FREE.id, payer_amount=taken)
    told = [(one.agreement_id, one.person_id, one.amount) for one in payer_shares(facts, due)]
    assert told == [
        (STATE, b"p1", 175),
        (COMMUNE, b"p0", 100),
        (COMMUNE, b"p1", 100),
        (COMMUNE, b"p2", 100),
    ]


@SETTINGS
@given(PLANS, PAYMENTS, PROMISES)
def test_the_shares_of_a_due_are_all_of_its_payers_part(
    plan: PlanVersion, payments: list[tuple[date, int]], promises: tuple[Sponsored, ...]
) -> None:
    facts = lived(plan, payments, promises)
    for state in account_on(facts, date(2026, 1, 1)).called:
        shares = payer_shares(facts, state.due)
        assert sum(one.amount for one in shares) == state.due.payer_amount
        assert all(one.amount > 0 for one in shares)


@SETTINGS
@given(PLANS, PAYMENTS, PROMISES)
def test_no_due_earns_more_than_it_is(
    plan: PlanVersion, payments: list[tuple[date, int]], promises: tuple[Sponsored, ...]
) -> None:
    facts = lived(plan, payments, promises)
    before = 0
    for day in MONTHS:
        called = {state.due.first_day: state.due for state in account_on(facts, day).called}
        earned = earned_of(facts, day)
        for first_day, one in earned.items():
            due = called[first_day]
            assert 0 <= one.paid + one.unpaid <= due.amount
            assert 0 <= sum(one.payers.values()) <= due.payer_amount
        total = sum(one.paid + one.unpaid for one in earned.values())
        assert total >= before
        before = total


@SETTINGS
@given(st.integers(1, 100), PAYMENTS, st.dates(JOINED, date(2025, 1, 1)), st.integers(1, 9000))
def test_money_that_comes_moves_no_day_before(
    share: int, payments: list[tuple[date, int]], came: date, amount: int
) -> None:
    promise = Sponsored(JOINED, None, None, share, agreement_id=STATE, on_cash=True)
    facts = lived(FREE, payments, (promise,))
    awaited = awaited_shares(facts, day=came, until=date(2025, 6, 1))
    arrived = tuple(
        Arrived(HouseholdId(b"h"), first_day, came, min(amount, sum(one.amount for one in shares)))
        for first_day, shares in awaited.items()
    )
    later = replace(facts, arrived=arrived)
    for day in (came - timedelta(days=1), came - timedelta(days=40)):
        assert account_on(later, day) == account_on(facts, day)
        assert earned_of(later, day) == earned_of(facts, day)
    # Without any money of the payer's nobody is covered beyond trust.
    assert account_on(facts, date(2025, 1, 1)).covered_through is None
