"""Providers paid in steps at the desk. Prices are in tests/claims/kit.py; a consultation pays 450."""

from collections.abc import Callable
from datetime import date
from itertools import count as count_from
from pathlib import Path
from typing import Any

import pytest

from stepdesk.claims import queries
from stepdesk.claims.model import claim_decision
from stepdesk.claims.service import (
    acknowledge_payment,
    appeal_claim,
    approve_payment,
    cancel_payment,
    decide_claim,
    order_payment,
    overturn_claim,
    pay_batch,
    pay_provider,
    prepare_payment,
    receive_recovery,
    reverse_claim,
)
from stepdesk.claims.service.using import keep_used
from stepdesk.claims.terms import Override, PaymentBatch, PaymentState, RecoveredFrom, State
from stepdesk.errors import Caution, Refusal
from stepdesk.i18n import Text, speak
from stepdesk.ledger import service as ledger
from stepdesk.ledger.queries import balance_of
from stepdesk.ledger.rules import claim_approved
from stepdesk.ledger.service import add_box, set_money, transfer
from stepdesk.ledger.terms import Place
from stepdesk.reports.queries import disagreements
from stepdesk.rights.terms import ReasonCode
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.store.tables import staff
from stepdesk.values.ids import ClaimId, ProviderId, StaffId
from tests.builders import SECOND, a_request, open_copy
from tests.claims.kit import Care, a_batch, a_care, a_claim, a_provider, francs
from tests.claims.test_service import shown

CASH = Place("cash_main")
MOMO = Place("momo")


def balances(desk: Desk, *roles: str) -> list[int]:
    with desk.read() as connection:
        return [balance_of(connection, role) for role in roles]


def clean(desk: Desk) -> None:
    assert verify_desk(desk, whole=True).findings == []
    assert desk.ask(disagreements) == ()


def refused(desk: Desk, verb: Any, **told: Any) -> tuple[str, str]:
    before = desk.acts
    with pytest.raises(Refusal) as caught:
        desk.do(verb, **told)
    assert desk.acts == before
    return caught.value.field, plain(caught.value.text)


def plain(text: Text) -> str:
    return speak(text, "en").replace("\xa0", " ").replace("\u202f", " ")


_numbers = count_from(1)


def decided(desk: Desk, care: Care, count: int = 1, **told: Any) -> list[ClaimId]:
    """Consultations of one invoice, decided: 450 each."""
    batch = a_batch(desk, care, **told)
    number = next(_numbers)
    claims = [
        a_claim(desk, care, batch, at=at, certificate=f"{number}-{at}") for at in range(count)
    ]
    for one in claims:
        desk.do(decide_claim, claim_id=one)
    return claims


def decided_anew(desk: Desk, claim_id: ClaimId, provider_id: ProviderId, paid: int) -> None:
    """A further version of a decision, written by hand: what it pays, and an entry for the difference."""
    with desk.work("decide_anew") as work:
        last = work.rows(
            "SELECT * FROM claim_decision WHERE claim_id = :id ORDER BY version DESC", id=claim_id
        )[0]
        difference = paid - last.paid
        posting = claim_approved(by_category={"OPD": difference}, provider=provider_id)
        work.insert(
            claim_decision,
            id=work.new_id(),
            claim_id=claim_id,
            version=last.version + 1,
            decided_on=work.today,
            decided_by=work.person.staff_id,
            outcome="APPROVED",
            codes="RX01",
            paid=paid,
            patient=last.patient - difference,
            disallowed=last.disallowed,
            rounding=0,
            entry_id=ledger.post(work, posting, day=work.today),
            facts="",
        )
        keep_used(work, claim_id, last.version + 1)


def prepared(desk: Desk, care: Care, **told: Any) -> PaymentBatch:
    return desk.do(prepare_payment, request_id=a_request(), provider_id=care.provider_id, **told)


def seconded(desk: Desk, verb: Callable[..., Any], **told: Any) -> Any:
    """Do a verb that Bintou signs with Awa."""
    bintou = next(row.id for row in _staff(desk) if row.name == "Bintou")
    with desk.work(verb.__name__) as work:
        work.second(StaffId(bintou), SECOND)
        return verb(work, **told)


def _staff(desk: Desk) -> Any:
    with desk.read() as connection:
        return connection.exec_driver_sql("SELECT id, name FROM staff").all()


# Steps


def test_a_batch_goes_from_prepared_to_acknowledged(desk: Desk, clock: SetClock) -> None:
    care = a_care(desk)
    decided(desk, care, 2, invoice="F-1")
    batch = prepared(desk, care)
    assert (batch.number, batch.state, batch.claims, batch.net) == (
        "BP-2024-01-KOULA",
        PaymentState.PREPARED,
        2,
        francs(desk, 900),
    )
    assert [(line.number, line.invoice, line.amount) for line in batch.lines] == [
        ("C-2024-A-000001", "F-1", francs(desk, 450)),
        ("C-2024-A-000002", "F-1", francs(desk, 450)),
    ]
    # Nothing moves before it is paid.
    before = balances(desk, "cash_main")[0]
    assert balances(desk, "provider_payable") == [-900]
    desk.do(approve_payment, batch_id=batch.id)
    desk.do(order_payment, batch_id=batch.id, place=CASH)
    clock.set(date(2024, 1, 12))
    request = a_request()
    paid = desk.do(pay_batch, request_id=request, batch_id=batch.id)
    assert (paid.state, paid.voucher) == (PaymentState.PAID, "V-2024-A-000001")
    assert balances(desk, "provider_payable", "cash_main") == [0, before - 900]
    assert desk.do(pay_batch, request_id=request, batch_id=batch.id) == paid
    clock.set(date(2024, 1, 15))
    told = desk.do(acknowledge_payment, batch_id=batch.id, receipt="Q-77", day=date(2024, 1, 14))
    assert [(step.state, step.day.day, step.receipt) for step in told.steps] == [
        (PaymentState.PREPARED, 10, ""),
        (PaymentState.APPROVED, 10, ""),
        (PaymentState.ORDERED, 10, ""),
        (PaymentState.PAID, 12, ""),
        (PaymentState.ACKNOWLEDGED, 14, "Q-77"),
    ]
    clean(desk)


def test_no_step_is_left_out_or_taken_twice(desk: Desk) -> None:
    care = a_care(desk)
    decided(desk, care)
    batch = prepared(desk, care)
    pay: dict[str, Any] = {"request_id": a_request(), "batch_id": batch.id}
    assert refused(desk, order_payment, batch_id=batch.id, place=CASH) == (
        "batch",
        "The batch BP-2024-01-KOULA is prepared and cannot be ordered now. Do the step that comes next.",
    )
    assert refused(desk, pay_batch, **pay)[0] == "batch"
    assert refused(desk, acknowledge_payment, batch_id=batch.id, receipt="1")[0] == "batch"
    desk.do(approve_payment, batch_id=batch.id)
    assert refused(desk, approve_payment, batch_id=batch.id)[0] == "batch"
    desk.do(order_payment, batch_id=batch.id, place=CASH)
    desk.do(pay_batch, **pay)
    assert refused(desk, cancel_payment, batch_id=batch.id, reason="no")[0] == "batch"
    assert refused(desk, pay_batch, request_id=a_request(), batch_id=batch.id)[0] == "batch"
    assert refused(desk, approve_payment, batch_id=b"\x00" * 16)[0] == "batch"
    assert refused(desk, acknowledge_payment, batch_id=batch.id, receipt=" ")[0] == "receipt"
    early = {"batch_id": batch.id, "receipt": "1", "day": date(2024, 1, 9)}
    assert refused(desk, acknowledge_payment, **early)[0] == "day"
    assert refused(desk, acknowledge_payment, **early | {"day": date(2024, 1, 11)})[0] == "day"


def test_another_person_approves_and_signs(two_people_desk: Desk) -> None:
    desk = two_people_desk
    care = a_care(desk)
    decided(desk, care)
    batch = prepared(desk, care)
    assert refused(desk, approve_payment, batch_id=batch.id)[0] == "second"
    told = seconded(desk, approve_payment, batch_id=batch.id)
    step = told.steps[-1]
    assert (step.person, step.second_person, step.single_control) == ("Awa", "Bintou", False)


def approved_with(
    desk: Desk, second: StaffId, batch: PaymentBatch, *accepted: str
) -> PaymentBatch:
    with desk.work("approve_payment") as work:
        work.second(second, SECOND)
        return approve_payment(work, batch_id=batch.id, accepting=frozenset(accepted))


def test_somebody_else_than_the_treasurer_is_asked_about(tmp_path: Path, clock: SetClock) -> None:
    people = ("Awa", "Bintou", "Coumba")
    with open_copy(tmp_path / "book", clock=clock, people=people) as desk:
        care = a_care(desk)
        decided(desk, care)
        batch = prepared(desk, care)
        with desk.work("change_role") as work:
            coumba = next(StaffId(row.id) for row in _staff(desk) if row.name == "Coumba")
            work.update(staff, coumba, role="MANAGER")
        with pytest.raises(Caution) as caught:
            approved_with(desk, coumba, batch)
        assert [one.name for one in caught.value.doubts] == ["not_treasurer"]
        told = approved_with(desk, coumba, batch, "not_treasurer")
        assert told.steps[-1].second_person == "Coumba"


def test_large_payments_and_banks_need_a_second_signature(two_people_desk: Desk) -> None:
    desk = two_people_desk
    care = a_care(desk)
    decided(desk, care)
    seconded(
        desk,
        set_money,
        first_day=date(2024, 1, 1),
        cash_limit=francs(desk, 50_000),
        double_sign_amount=francs(desk, 449),
    )
    batch = prepared(desk, care)
    seconded(desk, approve_payment, batch_id=batch.id)
    assert refused(desk, order_payment, batch_id=batch.id, place=CASH)[0] == "second"
    assert refused(desk, order_payment, batch_id=batch.id, place=Place("bank"))[0] == "second"
    assert refused(desk, order_payment, batch_id=batch.id, place=Place("gold"))[0] == "box"
    seconded(desk, order_payment, batch_id=batch.id, place=CASH)
    pay: dict[str, Any] = {"request_id": a_request(), "batch_id": batch.id}
    assert refused(desk, pay_batch, **pay)[0] == "second"
    seconded(desk, pay_batch, **pay)
    clean(desk)


def test_a_fee_counts_with_what_is_paid_when_a_second_person_is_asked(
    two_people_desk: Desk,
) -> None:
    """450 are owed; with a fee of 60 more leaves the box than the 509 one person may pay."""
    desk = two_people_desk
    care = a_care(desk)
    decided(desk, care)
    seconded(
        desk,
        set_money,
        first_day=date(2024, 1, 1),
        cash_limit=francs(desk, 50_000),
        double_sign_amount=francs(desk, 509),
    )
    seconded(
        desk,
        transfer,
        request_id=a_request(),
        day=desk.today,
        amount=francs(desk, 1000),
        source=CASH,
        target=MOMO,
    )
    batch = prepared(desk, care)
    seconded(desk, approve_payment, batch_id=batch.id)
    desk.do(order_payment, batch_id=batch.id, place=MOMO)
    pay: dict[str, Any] = {"request_id": a_request(), "batch_id": batch.id}
    assert refused(desk, pay_batch, fee=francs(desk, 510 - 450), **pay)[0] == "second"
    desk.do(pay_batch, fee=francs(desk, 509 - 450), **pay)
    clean(desk)


def test_a_cancelled_batch_gives_back_what_it_held(desk: Desk) -> None:
    care = a_care(desk)
    decided(desk, care)
    batch = prepared(desk, care)
    field, said = refused(
        desk, prepare_payment, request_id=a_request(), provider_id=care.provider_id
    )
    assert (field, "Another payment batch" in said) == ("provider", True)
    assert refused(desk, cancel_payment, batch_id=batch.id, reason=" ")[0] == "reason"
    told = desk.do(cancel_payment, batch_id=batch.id, reason="the wrong month")
    assert (told.state, told.steps[-1].reason) == (PaymentState.CANCELLED, "the wrong month")
    again = prepared(desk, care)
    assert (again.number, again.net) == ("BP-2024-01-KOULA-A2", francs(desk, 450))
    assert desk.ask(queries.payment_batch_of_number, "bp-2024-01-koula", desk.currency) == told


def test_the_short_way_takes_all_steps_at_once(desk: Desk) -> None:
    care = a_care(desk)
    decided(desk, care)
    done = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    assert (done.batch, done.number) == ("BP-2024-01-KOULA", "V-2024-A-000001")
    batch = desk.ask(queries.payment_batches, desk.currency)[0]
    assert [step.state.name for step in batch.steps] == ["PREPARED", "APPROVED", "ORDERED", "PAID"]
    clean(desk)


def test_money_may_come_from_a_telephone_that_keeps_a_fee(desk: Desk) -> None:
    care = a_care(desk)
    decided(desk, care)
    phone = Place(
        "momo",
        desk.do(add_box, kind="momo", code="WAVE", name="Wave", number="770000000"),
    )
    desk.do(
        transfer,
        request_id=a_request(),
        day=desk.today,
        amount=francs(desk, 500),
        source=CASH,
        target=phone,
    )
    pay: dict[str, Any] = {"provider_id": care.provider_id, "box": phone}
    assert refused(desk, pay_provider, request_id=a_request(), fee=francs(desk, 51), **pay) == (
        "amount",
        "501 F CFA is to be paid and the box holds 500 F CFA. Pay a part, or fill the box.",
    )
    done = desk.do(pay_provider, request_id=a_request(), fee=francs(desk, 5), **pay)
    assert balances(desk, "momo", "services", "provider_payable") == [45, 5, 0]
    voucher = desk.ask(queries.voucher_of, done.id, desk.currency)
    assert (voucher.box, voucher.box_name) == ("momo", "Wave")
    clean(desk)


def test_a_batch_is_not_paid_once_a_claim_was_decided_anew(desk: Desk) -> None:
    care = a_care(desk)
    claim = decided(desk, care)[0]
    batch = prepared(desk, care)
    desk.do(approve_payment, batch_id=batch.id)
    desk.do(order_payment, batch_id=batch.id, place=CASH)
    decided_anew(desk, claim, care.provider_id, 300)
    field, said = refused(desk, pay_batch, request_id=a_request(), batch_id=batch.id)
    assert (field, said.startswith("C-2024-A-000001 was decided anew")) == ("batch", True)
    desk.do(cancel_payment, batch_id=batch.id, reason="decided anew")
    assert prepared(desk, care).net == francs(desk, 300)


# Versions of a decision


def test_what_is_owed_is_what_the_latest_booked_decision_says(desk: Desk) -> None:
    care = a_care(desk)
    first, second = decided(desk, care, 2)
    decided_anew(desk, first, care.provider_id, 500)
    assert desk.ask(queries.owed_to_providers) == 950
    desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    # An appeal gives 80 more; the other claim was a fraud and is taken back whole.
    decided_anew(desk, first, care.provider_id, 580)
    assert [one.amount for one in desk.ask(queries.unpaid_of, care.provider_id)] == [80]
    decided_anew(desk, second, care.provider_id, 0)
    assert [one.amount for one in desk.ask(queries.unpaid_of, care.provider_id)] == [80, -450]
    assert desk.ask(queries.owing, desk.currency) == ()
    recovery = desk.ask(queries.recoveries, desk.currency)[0]
    assert (recovery.claim, recovery.left) == ("C-2024-A-000002", francs(desk, 450))
    assert balances(desk, "provider_payable") == [370]


def test_a_recovery_is_taken_off_the_next_payments_until_nothing_is_left(desk: Desk) -> None:
    care = a_care(desk)
    first = decided(desk, care)[0]
    desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    decided_anew(desk, first, care.provider_id, 0)
    field, said = refused(desk, pay_provider, request_id=a_request(), provider_id=care.provider_id)
    assert (field, "450 F CFA is to be recovered" in said) == ("provider", True)
    batch = a_batch(desk, care)
    small = a_claim(desk, care, batch, care.line("P", 20), at=1)
    desk.do(decide_claim, claim_id=small)  # 20 x 15, a quarter is the member's: 225
    before = balances(desk, "cash_main")[0]
    done = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    assert (done.amount, done.still_owed) == (francs(desk, 0), francs(desk, -225))
    assert balances(desk, "cash_main", "provider_payable") == [before, 225]
    decided(desk, care, 3)
    done = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    # Three consultations, less what was left to recover.
    assert (done.amount, done.still_owed) == (francs(desk, 1350 - 225), francs(desk, 0))
    assert balances(desk, "provider_payable") == [0]
    assert desk.ask(queries.recoveries, desk.currency) == ()
    assert verify_desk(desk, whole=True).findings == []


# Delays


def test_how_long_a_provider_waits_is_told_and_late_ones_are_a_finding(
    desk: Desk, clock: SetClock
) -> None:
    care = a_care(desk, agreement={"payment_days": 15})
    decided(desk, care, 3)
    clock.set(date(2024, 1, 30))
    decided(desk, care)
    told = desk.ask(queries.delays, desk.currency, date(2024, 1, 30))
    # 20 days on 1,350 and none on 450.
    assert [(one.oldest_days, one.mean_days, one.agreed_days, one.late_days) for one in told] == [
        (20, 15, 15, 5)
    ]
    late = desk.ask(queries.late_payments, desk.currency, date(2024, 1, 30))
    assert [plain(one) for one in late] == [
        "CS Koula has waited 20 days for its oldest invoice; 15 were agreed. 1,800 F CFA is owed."
    ]
    assert desk.ask(queries.late_payments, desk.currency, date(2024, 1, 25)) == ()


def test_each_provider_has_its_own_batches(desk: Desk) -> None:
    care = a_care(desk)
    other, _ = a_provider(desk, care.services, code="FAR")
    decided(desk, care)
    request = a_request()
    desk.do(prepare_payment, request_id=request, provider_id=care.provider_id)
    field, _ = refused(desk, prepare_payment, request_id=request, provider_id=other)
    assert field == "request"
    assert refused(desk, prepare_payment, request_id=a_request(), provider_id=other) == (
        "provider",
        "This provider is owed nothing. Choose another one.",
    )


# With the life of a claim


def test_a_claim_in_a_payment_batch_says_so_until_it_is_paid(desk: Desk) -> None:
    care = a_care(desk)
    claim = decided(desk, care)[0]
    batch = prepared(desk, care)
    assert shown(desk, claim).state is State.BATCHED
    desk.do(cancel_payment, batch_id=batch.id, reason="wrong month")
    assert shown(desk, claim).state is State.APPROVED
    desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    assert shown(desk, claim).state is State.PAID


def test_what_is_taken_back_from_the_provider_comes_off_its_next_payment(desk: Desk) -> None:
    care = a_care(desk)
    claim = decided(desk, care)[0]
    desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    desk.do(
        reverse_claim,
        claim_id=claim,
        code=ReasonCode.RF03,
        reason="never given",
        accepting=frozenset({"nobody_may_decide"}),
    )
    assert [one.amount for one in desk.ask(queries.unpaid_of, care.provider_id)] == [-450]
    batch = a_batch(desk, care)
    claims = [a_claim(desk, care, batch, at=at) for at in (1, 2)]
    for one in claims:
        desk.do(decide_claim, claim_id=one)
    done = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    assert (done.amount, done.claims) == (francs(desk, 450), 3)
    assert balances(desk, "provider_payable") == [0]
    clean(desk)


def test_what_is_taken_back_from_the_member_stays_with_the_provider(desk: Desk) -> None:
    care = a_care(desk)
    claim = decided(desk, care)[0]
    desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    desk.do(
        reverse_claim,
        claim_id=claim,
        code=ReasonCode.RF03,
        reason="the card was lent",
        recovered_from=RecoveredFrom.MEMBER,
        accepting=frozenset({"nobody_may_decide"}),
    )
    assert desk.ask(queries.unpaid_of, care.provider_id) == ()
    (back,) = desk.ask(queries.recoveries, desk.currency)
    assert (back.left, back.reason) == (francs(desk, 450), "the card was lent")
    assert balances(desk, "provider_payable", "member_receivable", "benefit_tp.OPD") == [0, 450, 0]
    assert back.recovery_id is not None
    desk.do(
        receive_recovery,
        request_id=a_request(),
        recovery_id=back.recovery_id,
        amount=francs(desk, 450),
    )
    assert desk.ask(queries.recoveries, desk.currency) == ()
    clean(desk)


def test_a_member_is_freed_of_what_is_granted_again_and_nobody_is_paid_twice(desk: Desk) -> None:
    care = a_care(desk)
    claim = decided(desk, care)[0]
    desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    small = frozenset({"nobody_may_decide"})
    desk.do(
        reverse_claim,
        claim_id=claim,
        code=ReasonCode.RA04,
        reason="not up to date",
        recovered_from=RecoveredFrom.MEMBER,
        accepting=small,
    )
    desk.do(appeal_claim, claim_id=claim, reason="I had paid")
    told = desk.do(
        overturn_claim,
        claim_id=claim,
        overrides=(Override(ReasonCode.RA04),),
        reason="the receipt was found",
        accepting=small,
    )
    assert told.paid == 450
    assert balances(desk, "provider_payable", "member_receivable", "benefit_tp.OPD") == [0, 0, 450]
    assert desk.ask(queries.unpaid_of, care.provider_id) == ()
    assert sum(one.left.minor for one in desk.ask(queries.recoveries, desk.currency)) == 0
    clean(desk)
