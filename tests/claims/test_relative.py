"""Relative prices: the index of a period, and the run that pays what waits for it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.benefits.terms import (
    Copay,
    Distribution,
    LimitKind,
    LimitOver,
    PackageLimit,
    PackageVersion,
    PoolPeriod,
    PriceOrigin,
)
from stepdesk.claims import queries
from stepdesk.claims.rules import (
    allocated,
    distribution_for,
    index_of,
    months_of,
    number_of,
)
from stepdesk.claims.service import decide_claim, run_relative
from stepdesk.claims.terms import Contributed, Outcome, State
from stepdesk.errors import Refusal
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.care import CareType
from stepdesk.values.ids import ClaimId, PackageId, PackageVersionId
from stepdesk.values.month import Month
from tests.builders import a_household, a_payment, a_request
from tests.claims.kit import Care, a_batch, a_care, a_claim, francs

JANUARY = (date(2025, 1, 1), date(2025, 2, 1))


# The rule


def test_the_handbooks_index() -> None:
    """BAT-04: 12,000 for a year paid on its first day, 80 %, 2,000 valued; in cents."""
    year = Contributed(1_200_000, date(2025, 1, 1), date(2026, 1, 1))
    amount = allocated([year], *JANUARY)
    assert amount == 101_918
    assert index_of(amount, 8_000, 200_000) == 4_077


def test_nothing_valued_gives_an_index_of_one() -> None:
    assert index_of(500, 10_000, 0) == 10_000


def test_money_paid_late_pays_for_the_days_that_are_left() -> None:
    late = Contributed(310, date(2025, 1, 16), date(2025, 2, 16))
    assert allocated([late], *JANUARY) == 160
    over = Contributed(70, date(2025, 1, 20), date(2025, 1, 1))
    assert allocated([over], *JANUARY) == 70
    assert allocated([over], date(2025, 2, 1), date(2025, 3, 1)) == 0


_days = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@given(st.lists(st.tuples(st.integers(0, 10**7), _days, _days), max_size=8))
def test_the_months_of_all_time_share_out_what_was_contributed(
    told: list[tuple[int, date, date]],
) -> None:
    paid = [Contributed(amount, *sorted(days)) for amount, *days in told]
    months = [Month(2024, 1).plus(at) for at in range(37)]
    total = sum(allocated(paid, month.first, month.until) for month in months)
    assert abs(total - sum(one.amount for one in paid)) <= len(months)


def test_a_period_is_a_month_a_quarter_or_the_year() -> None:
    may = Month(2025, 5)
    assert [number_of(period, may) for period in PoolPeriod] == [5, 2, 1]
    assert months_of(PoolPeriod.QUARTER, 2025, 2) == (Month(2025, 4), Month(2025, 6))
    assert months_of(PoolPeriod.YEAR, 2025, 1) == (Month(2025, 1), Month(2025, 12))


def test_an_index_of_one_care_goes_before_that_of_both() -> None:
    both, inside = (
        Distribution(PoolPeriod.YEAR, CareType.BOTH, 1, 5000),
        Distribution(PoolPeriod.MONTH, CareType.IN, 5, 700),
    )
    package = PackageVersion(
        PackageVersionId(b"v" * 16),
        PackageId(b"p" * 16),
        "BASE",
        "Base",
        date(2025, 1, 1),
        distributions=(both, inside),
    )
    assert distribution_for(package, inside=True, month=Month(2025, 5)) is inside
    assert distribution_for(package, inside=True, month=Month(2025, 6)) is both
    assert distribution_for(package, inside=False, month=Month(2025, 5)) is both


# The run


RELATIVE: dict[str, Any] = {
    "price_origin": PriceOrigin.RELATIVE,
    "copay": Copay.NONE,
    "copay_value": 0,
}


def monthly(share: int, period: PoolPeriod = PoolPeriod.MONTH) -> tuple[Distribution, ...]:
    count = {PoolPeriod.MONTH: 12, PoolPeriod.QUARTER: 4, PoolPeriod.YEAR: 1}[period]
    return tuple(
        Distribution(period, CareType.BOTH, number, share) for number in range(1, count + 1)
    )


def decided(desk: Desk, care: Care, *codes: str, **told: Any) -> ClaimId:
    batch = a_batch(desk, care)
    claim = a_claim(desk, care, batch, *(care.line(code) for code in codes), **told)
    desk.do(decide_claim, claim_id=claim)
    return claim


def at(desk: Desk, day: date) -> None:
    clock = desk.clock
    assert isinstance(clock, SetClock)
    clock.set(day)


def test_what_waits_is_paid_by_the_run_and_booked_then(desk: Desk) -> None:
    care = a_care(desk, rules={"DEL": RELATIVE}, distributions=monthly(10_000))
    claim = decided(desk, care, "DEL", "C")
    known = desk.ask(queries.claim_of, claim, desk.currency)
    assert (known.state, desk.ask(queries.owed_to_providers)) == (State.VALUED, 0)
    at(desk, date(2024, 2, 1))
    done = desk.do(run_relative, month=Month(2024, 1))
    # 12 x 1,050 for the year: 1,050 each month, from its first day or the day it was paid on.
    (index,) = done.indexes
    assert (index.allocated, index.valued) == (francs(desk, 1_050), francs(desk, 5_000))
    assert (index.index, done.claims, done.waiting) == (2_100, 1, 0)
    known = desk.ask(queries.claim_of, claim, desk.currency)
    # 5,000 x 0.21, and the consultation as ever.
    assert [line.paid for line in known.lines] == [francs(desk, 1_050), francs(desk, 450)]
    assert known.state is State.APPROVED
    assert (known.patient_due, known.disallowed) == (francs(desk, 150), francs(desk, 3_950))
    assert desk.ask(queries.owed_to_providers) == 1_500
    assert verify_desk(desk).clean


def test_what_waits_uses_the_ceilings_at_the_lists_price(desk: Desk) -> None:
    ceiling = PackageLimit(LimitKind.CEILING, 5_200, over=LimitOver.PERSON_YEAR)
    care = a_care(desk, rules={"DEL": RELATIVE}, distributions=monthly(10_000), limits=(ceiling,))
    decided(desk, care, "DEL")
    batch = a_batch(desk, care)
    claim = a_claim(desk, care, batch, care.line("C"), day=date(2024, 1, 9))
    assert desk.do(decide_claim, claim_id=claim).paid == 200


def test_a_quarter_waits_for_its_last_month(desk: Desk) -> None:
    care = a_care(desk, rules={"DEL": RELATIVE}, distributions=monthly(10_000, PoolPeriod.QUARTER))
    decided(desk, care, "DEL")
    at(desk, date(2024, 4, 1))
    early = desk.do(run_relative, month=Month(2024, 1))
    assert (early.indexes, early.claims, early.waiting) == ((), 0, 1)
    done = desk.do(run_relative, month=Month(2024, 3))
    assert (done.claims, done.waiting, done.indexes[0].allocated) == (1, 0, francs(desk, 3_150))


def test_a_package_without_distributions_pays_what_was_valued(desk: Desk) -> None:
    care = a_care(desk, rules={"DEL": RELATIVE})
    claim = decided(desk, care, "DEL")
    at(desk, date(2024, 2, 1))
    done = desk.do(run_relative, month=Month(2024, 1))
    assert (done.indexes, done.paid) == ((), francs(desk, 5_000))
    assert desk.ask(queries.claim_of, claim, desk.currency).state is State.APPROVED


def test_an_index_nobody_used_is_one_and_kept(desk: Desk) -> None:
    a_care(desk, rules={"DEL": RELATIVE}, distributions=monthly(10_000))
    at(desk, date(2024, 2, 1))
    done = desk.do(run_relative, month=Month(2024, 1))
    assert [one.index for one in done.indexes] == [10_000]


def test_what_was_reversed_was_not_contributed(desk: Desk) -> None:
    from stepdesk.contributions.service import reverse_payment

    care = a_care(desk, rules={"DEL": RELATIVE}, distributions=monthly(10_000))
    other = a_household(desk, 3, plan_id=care.plan_id)
    receipt = a_payment(desk, other, 1000 + 350 * 3 * 12, accepting=frozenset({"much"}))
    desk.do(
        reverse_payment,
        request_id=a_request(),
        payment_id=receipt.payment_id,
        reason="typed twice",
    )
    decided(desk, care, "DEL")
    at(desk, date(2024, 2, 1))
    done = desk.do(run_relative, month=Month(2024, 1))
    assert done.indexes[0].allocated == francs(desk, 1_050)


def test_a_month_is_run_once_and_when_it_is_over(desk: Desk) -> None:
    care = a_care(desk, rules={"DEL": RELATIVE}, distributions=monthly(10_000))
    decided(desk, care, "DEL")
    with pytest.raises(Refusal) as refused:
        desk.do(run_relative, month=Month(2024, 1))
    assert refused.value.field == "month"
    at(desk, date(2024, 2, 1))
    desk.do(run_relative, month=Month(2024, 1))
    with pytest.raises(Refusal) as refused:
        desk.do(run_relative, month=Month(2024, 1))
    assert refused.value.field == "month"


def test_a_claim_that_waits_is_not_decided_again(desk: Desk) -> None:
    care = a_care(desk, rules={"DEL": RELATIVE}, distributions=monthly(10_000))
    claim = decided(desk, care, "DEL")
    with pytest.raises(Refusal):
        desk.do(decide_claim, claim_id=claim)
    with desk.read() as connection:
        row = connection.exec_driver_sql(
            "SELECT outcome, paid, entry_id FROM claim_decision"
        ).one()
    assert tuple(row) == (Outcome.VALUED.value, 0, None)
