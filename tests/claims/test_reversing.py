"""A payment to a provider comes back: bounced, a wrong account, a wrong box. A consultation pays 450."""

from datetime import date
from typing import Any

from stepdesk.claims import queries
from stepdesk.claims.papers import payment_order_pdf, voucher_pdf
from stepdesk.claims.service import (
    acknowledge_payment,
    approve_payment,
    let_off_recovery,
    order_payment,
    pay_batch,
    pay_deposit,
    pay_provider,
    prepare_payment,
    recover_from_member,
    reverse_capitation,
    reverse_claim,
    reverse_payment,
    run_capitation,
)
from stepdesk.claims.terms import PaymentBatch, PaymentState, RecoveredFrom, State
from stepdesk.ledger.service import add_box, transfer
from stepdesk.ledger.terms import Place
from stepdesk.reports.service import close_month
from stepdesk.rights.terms import ReasonCode
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import ProviderPaymentId
from stepdesk.values.month import Month
from tests.builders import a_request
from tests.claims.kit import Care, a_care, francs
from tests.claims.test_paying import CASH, balances, clean, decided, refused, seconded
from tests.claims.test_paying_heads import paid_by_head
from tests.claims.test_service import shown
from tests.paper.test_page import text_of

SMALL = frozenset({"nobody_may_decide"})
BOUNCED: dict[str, Any] = {"reason": "the bank sent it back: account closed"}


def paid_in_steps(desk: Desk, care: Care, place: Place = CASH, **told: Any) -> PaymentBatch:
    batch = desk.do(prepare_payment, request_id=a_request(), provider_id=care.provider_id, **told)
    desk.do(approve_payment, batch_id=batch.id)
    desk.do(order_payment, batch_id=batch.id, place=place)
    return desk.do(pay_batch, request_id=a_request(), batch_id=batch.id)


def payment_of(desk: Desk, batch: PaymentBatch) -> ProviderPaymentId:
    found = desk.ask(queries.standing_payment, batch_id=batch.id)
    assert found is not None
    return found


def batch_now(desk: Desk, batch: PaymentBatch) -> PaymentBatch:
    return desk.ask(queries.payment_batch_of, batch.id, desk.currency)


def test_a_bounced_payment_is_owed_again_and_its_number_stays(desk: Desk) -> None:
    care = a_care(desk)
    claims = decided(desk, care, 2, invoice="F-1")
    before = balances(desk, "cash_main")[0]
    batch = paid_in_steps(desk, care)
    desk.do(acknowledge_payment, batch_id=batch.id, receipt="Q-7")
    assert balances(desk, "cash_main", "provider_payable") == [before - 900, 0]
    payment, request = payment_of(desk, batch), a_request()
    told = desk.do(reverse_payment, request_id=request, payment_id=payment, **BOUNCED)
    assert (told.number, told.reverses, told.amount, told.claims, told.batch) == (
        "V-2024-A-000002",
        "V-2024-A-000001",
        francs(desk, 900),
        2,
        "BP-2024-01-KOULA",
    )
    assert desk.do(reverse_payment, request_id=request, payment_id=payment, **BOUNCED) == told
    assert balances(desk, "cash_main", "provider_payable") == [before, -900]
    now = batch_now(desk, batch)
    assert (now.number, now.state, now.voucher) == (
        "BP-2024-01-KOULA",
        PaymentState.REVERSED,
        "V-2024-A-000001",
    )
    assert now.steps[-1].reason == BOUNCED["reason"]
    assert [shown(desk, one).state for one in claims] == [State.APPROVED, State.APPROVED]
    assert [shown(desk, one).paid_on for one in claims] == [None, None]
    assert "Taken back" in text_of(payment_order_pdf(now, "en", scheme="Koula", practice=False))
    clean(desk)
    again = paid_in_steps(desk, care)
    assert (again.number, again.net) == ("BP-2024-01-KOULA-A2", francs(desk, 900))
    assert [shown(desk, one).state for one in claims] == [State.PAID, State.PAID]
    assert balances(desk, "cash_main", "provider_payable") == [before - 900, 0]
    rows = desk.ask(queries.payments, desk.currency)
    assert [(one.number, one.amount.minor, one.reverses) for one in rows] == [
        ("V-2024-A-000003", 900, ""),
        ("V-2024-A-000002", -900, "V-2024-A-000001"),
        ("V-2024-A-000001", 900, ""),
    ]
    assert rows[2].reason == BOUNCED["reason"]
    first, back = (paper_of(desk, one.id) for one in (rows[2], rows[1]))
    assert "Taken back by V-2024-A-000002: the bank sent it back" in first
    assert "Takes back V-2024-A-000001: the bank sent it back" in back
    assert ("Came back from CS Koula" in back, "who received" in back) == (True, False)
    clean(desk)


def paper_of(desk: Desk, payment_id: ProviderPaymentId) -> str:
    voucher = desk.ask(queries.voucher_of, payment_id, desk.currency)
    return text_of(voucher_pdf(voucher, "en", scheme="Koula", practice=False))


def test_a_payment_is_taken_back_once_with_a_reason(desk: Desk) -> None:
    care = a_care(desk)
    decided(desk, care)
    batch = paid_in_steps(desk, care)
    payment = payment_of(desk, batch)

    def asked(**changed: Any) -> str:
        told = {"payment_id": payment, **BOUNCED, **changed}
        return refused(desk, reverse_payment, request_id=a_request(), **told)[0]

    assert asked(reason="  ") == "reason"
    assert asked(payment_id=ProviderPaymentId(b"\x00" * 16)) == "payment"
    mirror = desk.do(reverse_payment, request_id=a_request(), payment_id=payment, **BOUNCED)
    assert asked() == "payment"
    assert asked(payment_id=mirror.id) == "payment"
    assert desk.ask(queries.standing_payment, batch_id=batch.id) is None
    assert desk.ask(queries.standing_payment, number="v-2024-a-000001") == payment


def test_another_person_signs_when_a_payment_is_taken_back(two_people_desk: Desk) -> None:
    desk = two_people_desk
    care = a_care(desk)
    decided(desk, care)
    done = seconded(desk, pay_provider, request_id=a_request(), provider_id=care.provider_id)
    back: dict[str, Any] = {"payment_id": done.id, **BOUNCED}
    assert refused(desk, reverse_payment, request_id=a_request(), **back)[0] == "second"
    seconded(desk, reverse_payment, request_id=a_request(), **back)
    batch = desk.ask(queries.payment_batches, desk.currency)[0]
    assert (batch.steps[-1].person, batch.steps[-1].second_person) == ("Awa", "Bintou")
    clean(desk)


def test_what_was_paid_in_a_closed_month_comes_back_in_the_open_one(
    desk: Desk, clock: SetClock
) -> None:
    care = a_care(desk)
    decided(desk, care)
    done = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    clock.set(date(2024, 2, 5))
    desk.do(close_month, month=Month(2024, 1), accepting=frozenset({"not_counted"}))
    told = desk.do(reverse_payment, request_id=a_request(), payment_id=done.id, **BOUNCED)
    assert told.day == date(2024, 2, 5)
    clean(desk)


def test_the_wrong_box_gets_its_money_back(desk: Desk) -> None:
    care = a_care(desk)
    decided(desk, care)
    phone = Place("momo", desk.do(add_box, kind="momo", code="WAVE", name="Wave"))
    move: dict[str, Any] = {"day": desk.today, "source": CASH, "target": phone}
    desk.do(transfer, request_id=a_request(), amount=francs(desk, 500), **move)
    batch = paid_in_steps(desk, care, phone)
    payment = payment_of(desk, batch)
    desk.do(reverse_payment, request_id=a_request(), payment_id=payment, **BOUNCED)
    assert balances(desk, "momo") == [500]


def test_a_deposit_that_was_set_off_lies_with_the_provider_again(desk: Desk) -> None:
    care = a_care(desk)
    told: dict[str, Any] = {"provider_id": care.provider_id, "place": CASH}
    desk.do(pay_deposit, request_id=a_request(), amount=francs(desk, 300), label="Deposit", **told)
    decided(desk, care)
    batch = paid_in_steps(desk, care, set_off=francs(desk, 200))
    assert balances(desk, "provider_advance") == [100]
    payment = payment_of(desk, batch)
    desk.do(reverse_payment, request_id=a_request(), payment_id=payment, **BOUNCED)
    (lies,) = desk.ask(queries.lying, desk.currency)
    assert (lies.deposit, balances(desk, "provider_advance")) == (francs(desk, 300), [300])
    clean(desk)


# What depends on it


def test_a_payment_whose_claim_was_recovered_since_waits_for_that_one(desk: Desk) -> None:
    care = a_care(desk)
    claim = decided(desk, care)[0]
    first = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    desk.do(
        reverse_claim, claim_id=claim, code=ReasonCode.RF03, reason="not given", accepting=SMALL
    )
    decided(desk, care, 2)
    second = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    back: dict[str, Any] = {"payment_id": first.id, **BOUNCED}
    assert refused(desk, reverse_payment, request_id=a_request(), **back) == (
        "payment",
        "C-2024-A-000001 was settled the other way by V-2024-A-000002 since. Take that back first.",
    )
    desk.do(reverse_payment, request_id=a_request(), payment_id=second.id, **BOUNCED)
    desk.do(reverse_payment, request_id=a_request(), **back)
    # Taken back and never paid: nothing of the first is owed, the 900 of the others are.
    assert sum(one.amount for one in desk.ask(queries.unpaid_of, care.provider_id)) == 900
    clean(desk)


def test_a_payment_that_is_asked_back_from_the_member_waits(desk: Desk) -> None:
    care = a_care(desk)
    claim = decided(desk, care)[0]
    done = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    ask: dict[str, Any] = {"claim_id": claim, "amount": francs(desk, 200), "reason": "lent"}
    desk.do(recover_from_member, request_id=a_request(), **ask)
    back: dict[str, Any] = {"payment_id": done.id, **BOUNCED}
    assert refused(desk, reverse_payment, request_id=a_request(), **back) == (
        "payment",
        "C-2024-A-000001 is asked back from the member. Let the member off first.",
    )
    desk.do(let_off_recovery, request_id=a_request(), claim_id=claim, reason="bounced")
    desk.do(reverse_payment, request_id=a_request(), **back)
    clean(desk)


def test_who_bears_a_claim_does_not_change_when_its_payment_bounces(desk: Desk) -> None:
    """Taken back for the member to pay: the provider gave the care and is owed its money again."""
    care = a_care(desk)
    claim = decided(desk, care)[0]
    done = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    told: dict[str, Any] = {"code": ReasonCode.RA02, "reason": "lent", "accepting": SMALL}
    desk.do(reverse_claim, claim_id=claim, recovered_from=RecoveredFrom.MEMBER, **told)
    desk.do(reverse_payment, request_id=a_request(), payment_id=done.id, **BOUNCED)
    assert [one.amount for one in desk.ask(queries.unpaid_of, care.provider_id)] == [450]
    desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    assert balances(desk, "provider_payable", "member_receivable") == [0, 450]
    clean(desk)


def test_a_month_by_head_is_owed_again_too(desk: Desk, clock: SetClock) -> None:
    care = paid_by_head(desk, clock)
    runs = desk.do(run_capitation, request_id=a_request(), month=Month(2024, 2))
    done = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    desk.do(reverse_payment, request_id=a_request(), payment_id=done.id, **BOUNCED)
    assert [one.amount for one in desk.ask(queries.unpaid_runs, care.provider_id)] == [300]
    assert desk.ask(queries.owed_to_providers) == 300
    done = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    desk.do(reverse_capitation, request_id=a_request(), run_id=runs[1].id, reason="twice")
    decided(desk, care)
    clean(desk)
    # Care of a provider paid by head pays nothing: its 300 are still to be recovered.
    assert [one.amount for one in desk.ask(queries.unpaid_runs, care.provider_id)] == [-300]
    desk.do(reverse_payment, request_id=a_request(), payment_id=done.id, **BOUNCED)
    assert desk.ask(queries.unpaid_runs, care.provider_id) == ()
    clean(desk)
