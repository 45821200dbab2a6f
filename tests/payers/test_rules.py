"""Who is filled first by a group's sum, and what payers take over, as properties."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from stepdesk.payers.model import nomination
from stepdesk.payers.rules import _promised, fill_in_order, payer_part, sponsorship
from stepdesk.payers.terms import (
    Nomination,
    NominationStep,
    PayerAgreement,
    Sponsored,
    Step,
)
from stepdesk.store.tables import Openness, metadata
from stepdesk.values.ids import HouseholdId, NominationId, PayerAgreementId, PayerId

ONE, TWO, THREE = (HouseholdId(name) for name in (b"1", b"2", b"3"))
OWED = st.lists(st.integers(0, 9000), max_size=8).map(
    lambda told: [(HouseholdId(b"%d" % at), amount) for at, amount in enumerate(told)]
)
SPONSORED = st.lists(
    st.builds(
        Sponsored,
        st.just(date(2024, 1, 1)),
        st.none(),
        st.none(),
        st.none() | st.integers(1, 100),
        st.none() | st.integers(1, 5000),
    ),
    max_size=4,
)


def test_an_incomplete_sum_fills_the_list_from_its_top() -> None:
    owed = [(ONE, 2100), (TWO, 700), (THREE, 350)]
    assert fill_in_order(owed, 2900) == ({ONE: 2100, TWO: 700}, 100)


def test_nobody_lower_down_passes_who_cannot_be_filled() -> None:
    assert fill_in_order([(ONE, 2100), (TWO, 350)], 500) == ({}, 500)


@given(OWED, st.integers(0, 30_000))
def test_nothing_is_lost_and_nobody_is_filled_in_part(
    owed: list[tuple[HouseholdId, int]], amount: int
) -> None:
    filled, left = fill_in_order(owed, amount)
    assert sum(filled.values()) + left == amount
    assert all(dict(owed)[one] == paid for one, paid in filled.items())
    asked = [one for one, wanted in owed if wanted]
    assert list(filled) == asked[: len(filled)]


@given(SPONSORED, st.integers(0, 10_000))
def test_payers_never_take_over_more_than_a_person_costs(
    sponsored: list[Sponsored], cost: int
) -> None:
    assert 0 <= payer_part(sponsored, None, date(2024, 2, 1), cost) <= cost
    assert payer_part(sponsored, None, date(2023, 12, 31), cost) == 0


def test_what_a_share_leaves_can_be_paid_in_coins() -> None:
    def left(share: int, cost: int) -> int:
        held = Sponsored(date(2024, 1, 1), None, share=share)
        return cost - payer_part([held], None, date(2024, 2, 1), cost, rounding=5)

    # 67 % of 350 are 234.5; 1 % of 350 are 3.5.
    assert [left(33, 350), left(99, 350), left(50, 350)] == [235, 5, 175]
    assert left(100, 352) == 0


def test_why_somebody_is_put_forward_can_be_forgotten_like_a_name() -> None:
    kept = {nomination.name: "grounds", "nomination_step": "note", "payer_agreement": "criteria"}
    for table, column in kept.items():
        told = metadata.tables[table].columns[column].info
        assert told["openness"] is Openness.PERSONAL, (table, column)


def step(kind: Step, on: date, told: date, until: date | None = None) -> NominationStep:
    return NominationStep(kind, on, until, "", told)


def test_a_renewal_told_late_adds_only_what_was_not_promised_before() -> None:
    first, told = date(2024, 1, 1), date(2024, 9, 1)
    steps = [
        step(Step.COVERED, first, first, date(2024, 7, 1)),
        step(Step.RENEWED, date(2024, 6, 15), told, date(2025, 1, 1)),
    ]
    nominated = Nomination(
        NominationId(b"n"), PayerAgreementId(b"a"), "", ONE, None, first, "", tuple(steps)
    )
    agreement = PayerAgreement(
        PayerAgreementId(b"a"),
        PayerId(b"p"),
        "",
        first,
        None,
        "",
        None,
        100,
        None,
        pays_fee=True,
        on_commitment=True,
        invoice_months=3,
        signed_on=first,
    )
    held = [(one.first_day, one.until, one.told_on) for one in sponsorship(nominated, agreement)]
    assert held == [
        (first, date(2024, 7, 1), first),
        (date(2024, 7, 1), date(2025, 1, 1), told),
    ]


DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 31))


@given(DAYS, DAYS, DAYS, st.none() | DAYS)
def test_an_end_moves_no_day_before_it_was_told(
    covers: date, ends: date, told: date, until: date | None
) -> None:
    began = step(Step.COVERED, min(covers, ends), min(covers, ends), until)
    ended = step(Step.ENDED, max(covers, ends), max(told, covers, ends))
    before, after = _promised([began]), _promised([began, ended])
    for day in (began.effective_on, ended.effective_on, told):
        if day < ended.recorded_on:
            known = [one for one in after if one.known(day)]
            assert any(one.holds(day) for one in known) == any(one.holds(day) for one in before)
    assert not any(one.holds(ended.effective_on) for one in after if one.known(ended.recorded_on))
