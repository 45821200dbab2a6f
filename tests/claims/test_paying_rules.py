"""What a payment holds and how long money is waited for: rules alone."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from stepdesk.benefits.terms import Capitation
from stepdesk.claims.rules import (
    NEXT,
    Item,
    by_category,
    chosen,
    left_to_recover,
    shared_capitation,
    waited,
)
from stepdesk.claims.terms import Indicators, PaymentState
from stepdesk.values.care import Level
from stepdesk.values.ids import ProviderId

MARCH = date(2024, 3, 1)


def item(key: int, days: int, amount: int) -> Item:
    return Item(bytes([key]), MARCH + timedelta(days=days), amount)


def amounts(items: tuple[Item, ...]) -> list[tuple[int, int]]:
    return [(one.key[0], one.amount) for one in items]


def test_the_oldest_invoice_is_paid_first_when_cash_is_short() -> None:
    items = [item(1, 20, 300), item(2, 0, 500), item(3, 10, 400)]
    assert amounts(chosen(items)) == [(2, 500), (3, 400), (1, 300)]
    assert amounts(chosen(items, most=900)) == [(2, 500), (3, 400)]
    # 899 does not hold the second oldest: nothing younger is slipped in before it.
    assert amounts(chosen(items, most=899)) == [(2, 500)]
    assert chosen(items, most=499) == ()


def test_what_is_to_be_recovered_is_taken_off_first() -> None:
    items = [item(1, 0, 500), item(2, 5, -200), item(3, 10, 400)]
    assert amounts(chosen(items)) == [(2, -200), (1, 500), (3, 400)]
    assert amounts(chosen(items, most=300)) == [(2, -200), (1, 500)]


def test_no_more_is_recovered_than_is_owed_and_the_rest_waits() -> None:
    items = [item(1, 0, 500), item(2, 1, -300), item(3, 2, -400)]
    assert amounts(chosen(items)) == [(2, -300), (3, -200), (1, 500)]
    assert chosen([item(2, 1, -300)]) == ()


ITEMS = st.lists(
    st.tuples(st.integers(0, 90), st.integers(-2000, 2000)), min_size=1, max_size=12
).map(lambda rows: [item(at, days, amount) for at, (days, amount) in enumerate(rows)])


@given(ITEMS, st.none() | st.integers(0, 5000))
def test_a_payment_is_never_below_nothing_nor_above_the_most(
    items: list[Item], most: int | None
) -> None:
    told = chosen(items, most=most)
    whole = {one.key: one.amount for one in items}
    assert sum(one.amount for one in told) >= 0
    if most is not None:
        assert sum(one.amount for one in told) <= most
    for one in told:
        assert one.amount == whole[one.key] or whole[one.key] < one.amount < 0
    paid = [one for one in told if one.amount > 0]
    owed = sorted((one.since, one.key) for one in items if one.amount > 0)
    assert [(one.since, one.key) for one in paid] == owed[: len(paid)]


def test_the_delay_is_that_of_the_oldest_and_the_mean_is_weighted_by_amount() -> None:
    items = [item(1, 0, 3000), item(2, 20, 1000)]
    # On 31 March: 30 days on 3,000 and 10 on 1,000: 100,000 / 4,000 = 25.
    assert waited(items, date(2024, 3, 31)) == (30, 25)
    assert waited([], MARCH) is None


def test_money_to_be_recovered_counts_for_the_oldest_invoice() -> None:
    items = [item(1, 0, 3000), item(2, 20, 1000), item(3, 25, -3000)]
    assert waited(items, date(2024, 3, 31)) == (10, 10)
    assert waited([item(1, 0, 300), item(2, 1, -300)], date(2024, 3, 31)) is None


def test_steps_lead_forward_and_a_paid_batch_is_never_cancelled() -> None:
    way = [
        PaymentState.PREPARED,
        PaymentState.APPROVED,
        PaymentState.ORDERED,
        PaymentState.PAID,
        PaymentState.ACKNOWLEDGED,
    ]
    assert all(after in NEXT[before] for before, after in pairwise(way))
    before_paid = {PaymentState.PREPARED, PaymentState.APPROVED, PaymentState.ORDERED}
    assert {one for one in PaymentState if PaymentState.CANCELLED in NEXT[one]} == before_paid
    assert NEXT[PaymentState.CANCELLED] == NEXT[PaymentState.REVERSED] == frozenset()
    paid = {PaymentState.PAID, PaymentState.ACKNOWLEDGED}
    assert {one for one in PaymentState if PaymentState.REVERSED in NEXT[one]} == paid


def test_what_a_member_was_let_off_counts_against_what_is_not_paid_the_oldest_first() -> None:
    assert left_to_recover([(300, 0), (200, 50)], let_off=0, returned=0) == [300, 150]
    assert left_to_recover([(300, 0), (200, 50)], let_off=350, returned=0) == [0, 100]
    # All was let off: the 50 that were paid are owed to the member, nothing is left.
    assert left_to_recover([(300, 0), (200, 50)], let_off=500, returned=0) == [0, 0]
    # Asked, paid, let off, given back, and asked again: the second time counts whole.
    assert left_to_recover([(300, 300), (200, 0)], let_off=300, returned=300) == [0, 200]


def test_a_recovery_is_spread_over_categories_as_the_claim_was_paid() -> None:
    assert by_category(100, {"OPD": 200, "DRUG": 100, "LAB": 0}) == {"DRUG": 33, "OPD": 67}


# Capitation of openIMIS


ONE, TWO = ProviderId(b"1"), ProviderId(b"2")


def terms(share: int = 1000, **weights: int) -> Capitation:
    return Capitation(frozenset({Level.POST}), share, **weights)


def test_contributions_are_shared_by_the_six_weights() -> None:
    """By hand: 10 % of 100,000 are 10,000; 60 % by entitled people 30:10, 40 % by claims 5:15."""
    shown = {ONE: Indicators(insured=30, claims=5), TWO: Indicators(insured=10, claims=15)}
    told = shared_capitation(100_000, terms(weight_insured=6000, weight_claims=4000), shown)
    assert told == {ONE: 4500 + 1000, TWO: 1500 + 3000}


def test_each_of_the_six_indicators_shares_its_own_weight() -> None:
    """By hand: 60,000 whole; each weight is a sixth in turn, and only its indicator counts."""
    for name in ("population", "households", "insured", "insured_households", "claims", "amounts"):
        shown = {ONE: Indicators(**{name: 1}), TWO: Indicators(**{name: 3})}
        told = shared_capitation(60_000, terms(10_000, **{f"weight_{name}": 10_000}), shown)
        assert told == {ONE: 15_000, TWO: 45_000}, name


def test_an_indicator_nobody_has_anything_of_shares_nothing() -> None:
    shown = {ONE: Indicators(insured=1), TWO: Indicators(insured=1)}
    told = shared_capitation(1000, terms(10_000, weight_insured=5000, weight_claims=5000), shown)
    assert told == {ONE: 250, TWO: 250}
    nobody = {ONE: Indicators(), TWO: Indicators()}
    assert shared_capitation(1000, terms(weight_insured=10_000), nobody) == {ONE: 0, TWO: 0}


@given(
    st.integers(0, 10**9),
    st.integers(0, 10_000),
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=6),
)
def test_what_is_shared_adds_up_to_the_part_of_the_contributions(
    allocated: int, share: int, rows: list[tuple[int, int]]
) -> None:
    shown = {
        ProviderId(bytes([at])): Indicators(insured=insured, claims=claims)
        for at, (insured, claims) in enumerate(rows)
    }
    told = shared_capitation(
        allocated, terms(share, weight_insured=7000, weight_claims=3000), shown
    )
    weights = (7000 if any(one for one, _ in rows) else 0) + (
        3000 if any(one for _, one in rows) else 0
    )
    exact = allocated * share * weights
    assert abs(2 * (sum(told.values()) * 10**8 - exact)) <= 10**8
    assert all(part >= 0 for part in told.values())
