"""Providers paid by head, budgets and deposits, at the desk. A consultation pays 450."""

from datetime import date
from typing import Any

import pytest

from stepdesk.benefits.terms import Capitation
from stepdesk.claims import queries
from stepdesk.claims.service import (
    cancel_payment,
    pay_budget,
    pay_deposit,
    pay_provider,
    prepare_payment,
    return_deposit,
    reverse_capitation,
    run_capitation,
    run_shared_capitation,
)
from stepdesk.claims.terms import DepositKind, PaymentLineKind
from stepdesk.contributions.service import run_earnings
from stepdesk.errors import Caution
from stepdesk.ledger.terms import Place
from stepdesk.members.model import household
from stepdesk.members.service import record_death
from stepdesk.providers.terms import PaymentMode
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.care import Level
from stepdesk.values.ids import PackageId, ProviderId
from stepdesk.values.month import Month
from tests.builders import a_household, a_request
from tests.claims.kit import Care, a_care, a_provider, francs
from tests.claims.test_paying import CASH, balances, clean, decided, plain, refused

FEBRUARY = Month(2024, 2)
HEADS = {"mode": PaymentMode.CAPITATION, "head_amount": 100}


def chooses(desk: Desk, home: Any, provider_id: ProviderId) -> None:
    with desk.work("choose_post") as work:
        work.update(household, home.household_id, health_post_id=provider_id)


def paid_by_head(desk: Desk, clock: SetClock) -> Care:
    """A family of three with rights chose KOULA, one of two without rights too; nobody chose FAR."""
    care = a_care(desk, agreement=HEADS)
    a_provider(desk, care.services, code="FAR", agreement=HEADS)
    chooses(desk, care.home, care.provider_id)
    chooses(desk, a_household(desk, 2, plan_id=care.plan_id), care.provider_id)
    clock.set(date(2024, 2, 5))
    return care


# By head


def test_a_month_is_paid_by_head_for_the_entitled_who_chose_the_provider(
    desk: Desk, clock: SetClock
) -> None:
    care = paid_by_head(desk, clock)
    request = a_request()
    runs = desk.do(run_capitation, request_id=request, month=FEBRUARY)
    assert [(one.provider, one.persons, one.amount) for one in runs] == [
        ("CS Far", 0, francs(desk, 0)),
        ("CS Koula", 3, francs(desk, 300)),
    ]
    assert balances(desk, "benefit_tp.CAP", "provider_payable") == [300, -300]
    assert desk.do(run_capitation, request_id=request, month=FEBRUARY) == runs
    assert refused(desk, run_capitation, request_id=a_request(), month=FEBRUARY)[0] == "month"
    assert desk.ask(queries.owing, desk.currency)[0].amount == francs(desk, 300)
    done = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    assert (done.amount, done.claims, done.still_owed) == (francs(desk, 300), 0, francs(desk, 0))
    voucher = desk.ask(queries.voucher_of, done.id, desk.currency)
    assert (voucher.batches, voucher.heads) == ((), francs(desk, 300))
    assert desk.ask(queries.owing, desk.currency) == ()
    clean(desk)


def test_a_run_is_taken_back_with_a_reason_and_what_was_paid_comes_off_the_next(
    desk: Desk, clock: SetClock
) -> None:
    care = paid_by_head(desk, clock)
    runs = desk.do(run_capitation, request_id=a_request(), month=FEBRUARY)
    run = runs[1]
    take_back: dict[str, Any] = {"run_id": run.id, "reason": "counted twice"}
    batch = desk.do(prepare_payment, request_id=a_request(), provider_id=care.provider_id)
    assert refused(desk, reverse_capitation, request_id=a_request(), **take_back)[0] == "run"
    desk.do(cancel_payment, batch_id=batch.id, reason="wait")
    no_reason = take_back | {"reason": " "}
    assert refused(desk, reverse_capitation, request_id=a_request(), **no_reason)[0] == "reason"
    request = a_request()
    told = desk.do(reverse_capitation, request_id=request, **take_back)
    assert told.reversed_by == "counted twice"
    assert desk.do(reverse_capitation, request_id=request, **take_back) == told
    assert refused(desk, reverse_capitation, request_id=a_request(), **take_back)[0] == "run"
    # Neither it nor what took it back is ever paid.
    assert desk.ask(queries.unpaid_runs, care.provider_id) == ()
    assert balances(desk, "benefit_tp.CAP", "provider_payable") == [0, 0]
    again = desk.do(run_capitation, request_id=a_request(), month=FEBRUARY)
    desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    desk.do(
        reverse_capitation, request_id=a_request(), run_id=again[0].id, reason="paid for nobody"
    )
    owed = desk.ask(queries.unpaid_runs, care.provider_id)
    assert [one.amount for one in owed] == [-300]
    clean(desk)


def test_a_month_is_not_run_before_it_begins_or_without_such_an_agreement(desk: Desk) -> None:
    a_care(desk)
    run: dict[str, Any] = {"request_id": a_request()}
    assert refused(desk, run_capitation, month=Month(2024, 1), **run)[0] == "month"
    assert (
        refused(desk, run_capitation, month=FEBRUARY, **run)[1]
        == "February 2024 has not begun. Choose an earlier month."
    )


def test_contributions_are_shared_by_the_weights_of_a_package(desk: Desk, clock: SetClock) -> None:
    """By hand: 3 x 350 earned in February; 20 % are 210: two thirds by entitled people, one by claims."""
    shares = Capitation(frozenset({Level.CENTRE}), 2000, weight_insured=6667, weight_claims=3333)
    care = a_care(desk, capitation=shares)
    far, _ = a_provider(desk, care.services, code="FAR")
    chooses(desk, care.home, far)
    clock.set(date(2024, 2, 5))
    decided(desk, care)
    run: dict[str, Any] = {"month": FEBRUARY, "package_id": care.package_id}
    field, said = refused(desk, run_shared_capitation, request_id=a_request(), **run)
    assert (field, "Run the earning" in said) == ("month", True)
    for month in (Month(2024, 1), FEBRUARY):
        desk.do(run_earnings, month=month)
    assert desk.ask(queries.earned_for, FEBRUARY, care.package_id) == 1050
    runs = desk.do(run_shared_capitation, request_id=a_request(), **run)
    assert [(one.provider, one.persons, one.amount) for one in runs] == [
        ("CS Far", 3, francs(desk, 140)),
        ("CS Koula", 0, francs(desk, 70)),
    ]
    unknown = run | {"package_id": PackageId(b"\x01" * 16)}
    assert refused(desk, run_shared_capitation, request_id=a_request(), **unknown)[0] == "package"
    assert refused(desk, run_shared_capitation, request_id=a_request(), **run)[0] == "month"
    clean(desk)


# Who was counted


def test_who_was_counted_is_kept_though_the_register_is_corrected_since(
    desk: Desk, clock: SetClock
) -> None:
    care = paid_by_head(desk, clock)
    runs = desk.do(run_capitation, request_id=a_request(), month=FEBRUARY)
    told = desk.ask(queries.counted_persons, runs[1].id)
    assert told is not None
    assert [(one.then, one.now, one.why) for one in told] == [(True, True, None)] * 3
    assert [one.card for one in told] == [f"01-000001-8/{at:02d}" for at in range(3)]
    gone(desk, care)
    told = desk.ask(queries.counted_persons, runs[1].id)
    assert told is not None
    assert [(one.then, one.now) for one in told] == [(True, True), (True, True), (True, False)]
    assert told[2].why is not None
    assert desk.ask(queries.counted_persons, runs[0].id) == ()
    clean(desk)


def gone(desk: Desk, care: Care) -> None:
    """The third of the family died in January; it is told in February."""
    desk.do(
        record_death,
        person_id=care.home.person_ids[2],
        on=date(2024, 1, 20),
        accepting=frozenset({"backdated"}),
    )


def test_a_difference_found_later_is_booked_with_the_next_month_and_a_reason(
    desk: Desk, clock: SetClock
) -> None:
    care = paid_by_head(desk, clock)
    runs = desk.do(run_capitation, request_id=a_request(), month=FEBRUARY)
    assert desk.ask(queries.head_differences, FEBRUARY.plus(1), desk.currency) == ()
    gone(desk, care)
    clock.set(date(2024, 3, 5))
    (one,) = desk.ask(queries.head_differences, FEBRUARY.plus(1), desk.currency)
    assert (one.run_id, one.counted, one.added, one.dropped, one.amount) == (
        runs[1].id,
        3,
        0,
        1,
        francs(desk, -100),
    )
    march: dict[str, Any] = {"month": FEBRUARY.plus(1)}
    with pytest.raises(Caution) as caught:
        desk.do(run_capitation, request_id=a_request(), **march)
    (doubt,) = caught.value.doubts
    assert (doubt.name, "3 counted, 1 no longer, 0 more: -100" in plain(doubt.text)) == (
        "differences",
        True,
    )
    without: dict[str, Any] = {"accepting": frozenset({"differences"}), **march}
    assert refused(desk, run_capitation, request_id=a_request(), **without)[0] == "reason"
    request = a_request()
    reason = "a death told in February"
    booked = desk.do(run_capitation, request_id=request, reason=reason, **march)
    assert desk.do(run_capitation, request_id=request, reason=reason, **march) == booked
    assert [(one.month, one.persons, one.amount.minor, one.reason) for one in booked] == [
        (FEBRUARY.plus(1), 0, 0, ""),
        (FEBRUARY.plus(1), 2, 200, ""),
        (FEBRUARY, -1, -100, reason),
    ]
    assert booked[2].adjusts == runs[1].id
    # 300 for February, 200 for March, 100 too much.
    assert balances(desk, "benefit_tp.CAP", "provider_payable") == [400, -400]
    assert desk.ask(queries.head_differences, FEBRUARY.plus(2), desk.currency) == ()
    back: dict[str, Any] = {"reason": "wrong"}
    assert refused(
        desk, reverse_capitation, request_id=a_request(), run_id=runs[1].id, **back
    ) == ("run", "A difference of this month was booked later. Take that back first.")
    desk.do(reverse_capitation, request_id=a_request(), run_id=booked[2].id, **back)
    assert len(desk.ask(queries.head_differences, FEBRUARY.plus(2), desk.currency)) == 1
    done = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    assert done.amount == francs(desk, 500)
    clean(desk)


def test_a_difference_may_be_left_for_later(desk: Desk, clock: SetClock) -> None:
    care = paid_by_head(desk, clock)
    desk.do(run_capitation, request_id=a_request(), month=FEBRUARY)
    gone(desk, care)
    clock.set(date(2024, 3, 5))
    leave: dict[str, Any] = {"accepting": frozenset({"leave_differences"})}
    booked = desk.do(run_capitation, request_id=a_request(), month=FEBRUARY.plus(1), **leave)
    assert [one.amount.minor for one in booked] == [0, 200]


def test_who_chooses_another_provider_later_is_no_difference(desk: Desk, clock: SetClock) -> None:
    """The choice is not dated: who was counted stays where they were counted."""
    care = paid_by_head(desk, clock)
    runs = desk.do(run_capitation, request_id=a_request(), month=FEBRUARY)
    chooses(desk, care.home, runs[0].provider_id)
    assert desk.ask(queries.head_differences, FEBRUARY.plus(1), desk.currency) == ()
    told = desk.ask(queries.counted_persons, runs[1].id)
    assert told is not None
    assert all(one.now for one in told)


# Budgets


def test_an_advance_is_settled_by_the_claims_approved(desk: Desk, clock: SetClock) -> None:
    care = a_care(desk, agreement={"mode": PaymentMode.BUDGET, "budget_amount": 1000})
    before = balances(desk, "cash_main")[0]
    budget: dict[str, Any] = {"provider_id": care.provider_id, "place": CASH}
    january = budget | {"month": Month(2024, 1)}
    desk.do(pay_budget, request_id=a_request(), **january)
    assert balances(desk, "provider_advance", "cash_main") == [1000, before - 1000]
    assert refused(desk, pay_budget, request_id=a_request(), **january)[0] == "month"
    decided(desk, care, 2)
    done = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    # 900 of care: nothing leaves the box, 100 of the advance are left.
    assert (done.amount, done.claims) == (francs(desk, 0), 2)
    assert balances(desk, "provider_advance", "provider_payable", "cash_main") == [
        100,
        0,
        before - 1000,
    ]
    clock.set(date(2024, 1, 11))
    decided(desk, care)
    done = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    assert done.amount == francs(desk, 350)
    assert balances(desk, "provider_advance", "provider_payable") == [0, 0]
    batch = desk.ask(queries.payment_batches, desk.currency)[0]
    assert [(one.kind, one.amount) for one in batch.lines] == [
        (PaymentLineKind.CLAIM, francs(desk, 450)),
        (PaymentLineKind.ADVANCE, francs(desk, -100)),
    ]
    clean(desk)


def test_an_advance_needs_an_agreement_with_a_budget(desk: Desk) -> None:
    care = a_care(desk)
    told: dict[str, Any] = {"provider_id": care.provider_id, "place": CASH}
    assert (
        refused(desk, pay_budget, request_id=a_request(), month=Month(2024, 1), **told)[0]
        == "provider"
    )


# Deposits


def test_a_deposit_lies_with_a_hospital_until_it_is_set_off_or_comes_back(desk: Desk) -> None:
    care = a_care(desk)
    before = balances(desk, "cash_main")[0]
    told: dict[str, Any] = {"provider_id": care.provider_id, "place": CASH}
    request = a_request()
    pay = told | {"amount": francs(desk, 800), "label": "Deposit"}
    deposit = desk.do(pay_deposit, request_id=request, **pay)
    assert desk.do(pay_deposit, request_id=request, **pay) == deposit
    decided(desk, care)
    prepare: dict[str, Any] = {"provider_id": care.provider_id}
    too_much = prepare | {"set_off": francs(desk, 451)}
    assert refused(desk, prepare_payment, request_id=a_request(), **too_much)[0] == "set_off"
    batch = desk.do(prepare_payment, request_id=a_request(), set_off=francs(desk, 200), **prepare)
    assert (batch.approved, batch.set_off, batch.net) == (
        francs(desk, 450),
        francs(desk, 200),
        francs(desk, 250),
    )
    back = told | {"kind": DepositKind.DEPOSIT, "label": "Back"}
    over = back | {"amount": francs(desk, 801)}
    assert refused(desk, return_deposit, request_id=a_request(), **over)[0] == "amount"
    desk.do(return_deposit, request_id=a_request(), amount=francs(desk, 300), **back)
    lies = desk.ask(queries.lying, desk.currency)
    assert [(one.deposit, one.advance) for one in lies] == [(francs(desk, 500), francs(desk, 0))]
    assert balances(desk, "provider_advance", "cash_main") == [500, before - 500]
    assert [one.amount.minor for one in desk.ask(queries.deposits, desk.currency)] == [-300, 800]
    clean(desk)


def test_a_deposit_that_cannot_be_is_refused_with_a_sentence(desk: Desk) -> None:
    care = a_care(desk)
    told: dict[str, Any] = {
        "provider_id": care.provider_id,
        "place": CASH,
        "amount": francs(desk, 800),
        "label": "Deposit",
    }

    def asked(**changed: Any) -> str:
        return refused(desk, pay_deposit, request_id=a_request(), **told | changed)[0]

    assert asked(provider_id=ProviderId(b"\x00" * 16)) == "provider"
    assert asked(amount=francs(desk, 0)) == "amount"
    assert asked(amount=francs(desk, 10**9)) == "amount"
    assert asked(label=" ") == "label"
    assert asked(place=Place("gold")) == "box"
    assert asked(day=date(2024, 1, 11)) == "day"


def test_lines_of_batches_are_never_counted_twice(desk: Desk, clock: SetClock) -> None:
    """Two claims and two months by head in one batch: each sum is that of its own lines."""
    care = paid_by_head(desk, clock)
    desk.do(run_capitation, request_id=a_request(), month=FEBRUARY)
    clock.set(date(2024, 3, 5))
    desk.do(run_capitation, request_id=a_request(), month=FEBRUARY.plus(1))
    batch = desk.do(prepare_payment, request_id=a_request(), provider_id=care.provider_id)
    assert [one.month for one in batch.lines] == [FEBRUARY, FEBRUARY.plus(1)]
    assert (batch.approved, batch.net) == (francs(desk, 600), francs(desk, 600))
    assert desk.ask(queries.owed_to_providers) == 600
    assert desk.ask(queries.owing, desk.currency)[0].amount == francs(desk, 600)
