"""Members who paid for care get it back; what they wrongly got is asked back."""

from datetime import date
from typing import Any

from stepdesk.benefits.terms import Payment
from stepdesk.claims import queries
from stepdesk.claims.service import (
    decide_claim,
    enter_claim,
    pay_provider,
    receive_recovery,
    recover_from_member,
    reimburse_member,
    request_reimbursement,
)
from stepdesk.claims.terms import Outcome, State, Visit
from stepdesk.ledger.service import add_box, set_money, transfer
from stepdesk.ledger.terms import Place
from stepdesk.providers.service import add_provider
from stepdesk.providers.terms import Kind
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.care import Level
from stepdesk.values.ids import ClaimId, HouseholdId, RecoveryId
from tests.builders import a_household, a_request
from tests.claims.kit import Care, a_batch, a_care, a_claim, certificate, francs
from tests.claims.test_paying import (
    CASH,
    balances,
    clean,
    decided_anew,
    refused,
    seconded,
)
from tests.claims.test_service import shown

REIMBURSED: dict[str, dict[str, Any]] = {"C": {"payment": Payment.BOTH}}


def asked_back(desk: Desk, care: Care, *lines: Any, at: int = 0, **told: Any) -> ClaimId:
    """A request of a member, decided."""
    received = told.pop("received_on", None)
    claim = desk.do(
        request_reimbursement,
        request_id=a_request(),
        provider_id=told.pop("provider_id", care.provider_id),
        certificate=certificate(desk, care, *lines, at=at, **told),
        received_on=received,
        receipt="R-1",
    )
    desk.do(decide_claim, claim_id=claim)
    return claim


def test_a_member_who_paid_gets_back_what_the_package_pays(desk: Desk) -> None:
    care = a_care(desk, rules=REIMBURSED)
    before = balances(desk, "cash_main")[0]
    # 700 were paid where the list says 600: the 100 above it are the member's, and a quarter of 600.
    claim = asked_back(desk, care, care.line("C", 1, 700))
    known = shown(desk, claim)
    assert (known.paid, known.patient_due, known.disallowed) == (
        francs(desk, 450),
        francs(desk, 250),
        francs(desk, 0),
    )
    assert balances(desk, "benefit_refund.OPD", "member_refund", "provider_payable") == [
        450,
        -450,
        0,
    ]
    assert desk.ask(queries.unpaid_of, care.provider_id) == ()
    owed = desk.ask(queries.reimbursements_owed, desk.currency, date(2024, 1, 15))
    assert [(one.household_id, one.amount, one.claims, one.days) for one in owed] == [
        (care.home.household_id, francs(desk, 450), 1, 5)
    ]
    request = a_request()
    pay: dict[str, Any] = {"household_id": care.home.household_id, "receiver": "Awa  Diop"}
    voucher = desk.do(reimburse_member, request_id=request, **pay)
    assert (voucher.number, voucher.receiver, voucher.amount) == (
        "M-2024-A-000001",
        "Awa Diop",
        francs(desk, 450),
    )
    assert [(one.number, one.claimed, one.amount) for one in voucher.claims] == [
        ("C-2024-A-000001", francs(desk, 700), francs(desk, 450))
    ]
    assert desk.do(reimburse_member, request_id=request, **pay) == voucher
    assert balances(desk, "member_refund", "cash_main") == [0, before - 450]
    assert shown(desk, claim).state is State.PAID
    assert refused(desk, reimburse_member, request_id=a_request(), **pay) == (
        "household",
        "This household is owed nothing. Choose another one.",
    )
    other = a_household(desk, 1, plan_id=care.plan_id)
    elsewhere = pay | {"household_id": other.household_id}
    assert refused(desk, reimburse_member, request_id=request, **elsewhere)[0] == "request"
    clean(desk)


def test_care_is_paid_one_way_only(desk: Desk) -> None:
    rules = {"C": {"payment": Payment.REIMBURSEMENT}}
    care = a_care(desk, rules=rules)
    told: dict[str, Any] = {"request_id": a_request(), "provider_id": care.provider_id}
    field, said = refused(
        desk, request_reimbursement, certificate=certificate(desk, care, care.line("A")), **told
    )
    assert field == "lines.0.service"
    assert said.startswith("Amoxicillin 500: the scheme pays this provider itself.")
    batch = a_batch(desk, care)
    field, said = refused(
        desk,
        enter_claim,
        request_id=a_request(),
        batch_id=batch,
        certificate=certificate(desk, care, care.line("A"), care.line("C")),
    )
    assert field == "lines.1.service"
    assert said.startswith("Consultation: the member pays this and gets it back.")


def test_outside_the_network_only_a_declared_emergency_is_reimbursed(desk: Desk) -> None:
    """By the list of the reference provider; RB04 without an emergency. Source: handbook 2.8, step 8."""
    rules = {"C": {"payment": Payment.BOTH, "emergency_out_of_network": True}}
    care = a_care(desk, rules=rules)
    far = desk.do(add_provider, code="FAR", name="Far", level=Level.CENTRE, kind=Kind.PRIVATE)
    claim = asked_back(desk, care, provider_id=far)
    assert (shown(desk, claim).state, shown(desk, claim).codes) == (State.REJECTED, ("RB04",))
    late = asked_back(desk, care, provider_id=far, at=1, visit=Visit.EMERGENCY, declared_hours=80)
    assert shown(desk, late).codes == ("RB05",)


def test_a_request_later_than_ninety_days_after_care_is_refused(
    desk: Desk, clock: SetClock
) -> None:
    care = a_care(desk, rules=REIMBURSED)
    clock.set(date(2024, 4, 10))
    told = asked_back(desk, care, day=date(2024, 1, 11))
    assert shown(desk, told).state is State.APPROVED
    late = asked_back(desk, care, at=1, day=date(2024, 1, 10))
    assert (shown(desk, late).state.name, shown(desk, late).codes) == (
        Outcome.REJECTED.name,
        ("RA09",),
    )


def test_a_voucher_gives_no_more_than_its_limit_oldest_request_first(
    desk: Desk, clock: SetClock
) -> None:
    care = a_care(desk, rules=REIMBURSED)
    for day in (8, 9, 10):
        clock.set(date(2024, 1, day))
        asked_back(desk, care)
    money: dict[str, Any] = {
        "first_day": date(2024, 1, 1),
        "cash_limit": francs(desk, 50_000),
        "double_sign_amount": francs(desk, 50_000),
    }
    assert (
        refused(desk, set_money, reimbursement_limit=francs(desk, -1), **money)[0]
        == "reimbursement_limit"
    )
    desk.do(set_money, reimbursement_limit=francs(desk, 449), **money)
    pay: dict[str, Any] = {"household_id": care.home.household_id, "receiver": "Awa"}
    field, said = refused(desk, reimburse_member, request_id=a_request(), **pay)
    assert (field, "more than the 449 F CFA a voucher may give" in said) == ("amount", True)
    desk.do(set_money, reimbursement_limit=francs(desk, 1000), **money)
    first = desk.do(reimburse_member, request_id=a_request(), **pay)
    assert [one.number for one in first.claims] == ["C-2024-A-000001", "C-2024-A-000002"]
    small = pay | {"most": francs(desk, 449)}
    assert refused(desk, reimburse_member, request_id=a_request(), **small)[0] == "amount"
    desk.do(reimburse_member, request_id=a_request(), **pay)
    assert len(desk.ask(queries.member_vouchers, desk.currency)) == 2
    clean(desk)


def test_a_reimbursement_by_telephone_needs_its_transaction_number(desk: Desk) -> None:
    care = a_care(desk, rules=REIMBURSED)
    asked_back(desk, care)
    phone = Place("momo", desk.do(add_box, kind="momo", code="WAVE", name="Wave"))
    move: dict[str, Any] = {"day": desk.today, "source": CASH, "target": phone}
    desk.do(transfer, request_id=a_request(), amount=francs(desk, 500), **move)
    pay: dict[str, Any] = {"household_id": care.home.household_id, "receiver": "Awa"}

    def asked(**changed: Any) -> str:
        return refused(desk, reimburse_member, request_id=a_request(), **pay | changed)[0]

    assert asked(place=phone) == "reference"
    assert asked(place=Place("bank")) == "box"
    assert asked(receiver=" ") == "receiver"
    assert asked(day=date(2024, 1, 11)) == "day"
    told = desk.do(reimburse_member, request_id=a_request(), place=phone, reference="TX9", **pay)
    assert (told.box_name, told.reference) == ("Wave", "TX9")
    assert balances(desk, "momo") == [50]
    clean(desk)


def test_a_large_reimbursement_needs_a_second_signature(two_people_desk: Desk) -> None:
    desk = two_people_desk
    care = a_care(desk, rules=REIMBURSED)
    asked_back(desk, care)
    money: dict[str, Any] = {
        "first_day": date(2024, 1, 1),
        "cash_limit": francs(desk, 50_000),
        "double_sign_amount": francs(desk, 449),
    }
    seconded(desk, set_money, **money)
    pay: dict[str, Any] = {"household_id": care.home.household_id, "receiver": "Awa"}
    assert refused(desk, reimburse_member, request_id=a_request(), **pay)[0] == "second"
    told = seconded(desk, reimburse_member, request_id=a_request(), **pay)
    assert not told.single_control


# Recovering from a member


def a_paid_claim(desk: Desk) -> ClaimId:
    """A consultation of 450 and medicines of 225, paid to the provider."""
    care = a_care(desk)
    batch = a_batch(desk, care)
    claim = a_claim(desk, care, batch, care.line("C"), care.line("P", 20))
    desk.do(decide_claim, claim_id=claim)
    desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    return claim


def test_what_a_member_wrongly_got_is_owed_and_paid_back(desk: Desk) -> None:
    claim = a_paid_claim(desk)
    ask: dict[str, Any] = {
        "claim_id": claim,
        "reason": "the card was lent",
        "amount": francs(desk, 300),
    }
    request = a_request()
    recovery = desk.do(recover_from_member, request_id=request, **ask)
    assert desk.do(recover_from_member, request_id=request, **ask) == recovery
    # 300 of 450 and 225: 200 and 100.
    assert balances(desk, "member_receivable", "benefit_tp.OPD", "benefit_tp.DRUG") == [
        300,
        250,
        125,
    ]
    before = balances(desk, "cash_main")[0]
    back: dict[str, Any] = {
        "recovery_id": recovery.recovery_id,
        "amount": francs(desk, 100),
    }
    request = a_request()
    left = desk.do(receive_recovery, request_id=request, **back)
    assert desk.do(receive_recovery, request_id=request, **back) == left
    assert left.left == francs(desk, 200)
    assert balances(desk, "member_receivable", "cash_main") == [200, before + 100]
    assert [one.left for one in desk.ask(queries.recoveries, desk.currency)] == [francs(desk, 200)]
    clean(desk)


def test_no_more_is_asked_back_of_a_member_than_was_paid(desk: Desk) -> None:
    claim = a_paid_claim(desk)
    ask: dict[str, Any] = {"claim_id": claim, "reason": "lent", "amount": francs(desk, 676)}

    def asked(**changed: Any) -> str:
        return refused(desk, recover_from_member, request_id=a_request(), **ask | changed)[0]

    assert asked() == "amount"
    assert asked(amount=francs(desk, 0)) == "amount"
    assert asked(reason=" ") == "reason"
    assert asked(claim_id=ClaimId(b"\x00" * 16)) == "claim"
    told = desk.do(
        recover_from_member, request_id=a_request(), **ask | {"amount": francs(desk, 675)}
    )
    assert asked(amount=francs(desk, 1)) == "amount"
    back: dict[str, Any] = {"recovery_id": told.recovery_id, "amount": francs(desk, 676)}
    assert refused(desk, receive_recovery, request_id=a_request(), **back)[0] == "amount"
    nobody = back | {"recovery_id": RecoveryId(b"\x00" * 16)}
    assert refused(desk, receive_recovery, request_id=a_request(), **nobody)[0] == "recovery"


def test_a_reimbursement_decided_anew_comes_off_the_next_one(desk: Desk) -> None:
    care = a_care(desk, rules=REIMBURSED)
    claim = asked_back(desk, care)
    home: HouseholdId = care.home.household_id
    desk.do(reimburse_member, request_id=a_request(), household_id=home, receiver="Awa")
    decided_anew(desk, claim, care.provider_id, 400)
    (back,) = desk.ask(queries.recoveries, desk.currency)
    assert (back.claim, back.left, back.recovery_id) == (
        "C-2024-A-000001",
        francs(desk, 50),
        None,
    )
    asked_back(desk, care, at=1)
    told = desk.do(reimburse_member, request_id=a_request(), household_id=home, receiver="Awa")
    assert told.amount == francs(desk, 450 - 50)
