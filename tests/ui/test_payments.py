"""The payments room by keyboard: batches step by step, members, months by head, deposits.

Prices are in tests/claims/kit.py: a consultation pays 450.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from stepdesk.benefits.terms import Payment
from stepdesk.claims import queries
from stepdesk.claims.service import (
    cancel_payment,
    decide_claim,
    pay_deposit,
    pay_provider,
    receive_recovery,
    recover_from_member,
    reverse_claim,
    run_capitation,
)
from stepdesk.claims.terms import DepositKind, PaymentBatch, PaymentState
from stepdesk.ledger.queries import balance_of
from stepdesk.ledger.terms import Place
from stepdesk.members.model import household
from stepdesk.members.service import record_death
from stepdesk.providers.terms import PaymentMode
from stepdesk.reports.queries import disagreements
from stepdesk.rights.terms import ReasonCode
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.claims.payment_facts import Tab
from stepdesk.ui.claims.payment_room import PaymentRoom
from stepdesk.ui.printing import PaperWindow
from stepdesk.ui.theme import Theme
from stepdesk.values.ids import ClaimId
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import SECOND, a_request
from tests.claims.kit import Care, a_batch, a_care, a_claim, a_provider
from tests.claims.test_relative import RELATIVE, monthly
from tests.ledger.kit import a_gift, an_expense
from tests.ui.brackets import BracketSpeaker, unbracketed
from tests.ui.righttoleft import from_the_right
from tests.ui.test_claims import Opens, Room, opens  # noqa: F401 - a fixture
from tests.ui.window import plain

TWO = ("Awa", "Bintou")
HEADS = {"mode": PaymentMode.CAPITATION, "head_amount": 100}
F7, F9, ESC, DOWN = Qt.Key.Key_F7, Qt.Key.Key_F9, Qt.Key.Key_Escape, Qt.Key.Key_Down


def decided(desk: Desk, made: Care, count: int, **told: Any) -> list[ClaimId]:
    batch = a_batch(desk, made, **told)
    head = told.get("invoice", "F")
    found = [a_claim(desk, made, batch, at=at, certificate=f"{head}/{at}") for at in range(count)]
    for one in found:
        desk.do(decide_claim, claim_id=one)
    return found


def owing(desk: Desk, clock: SetClock) -> Care:
    """Two invoices of 450 and 900 that came on the 5th and the 8th; today is the 20th."""
    made = a_care(desk, agreement={"payment_days": 10})
    for day, count, invoice in ((5, 1, "F-1"), (8, 2, "F-2")):
        clock.set(date(2024, 1, day))
        decided(desk, made, count, invoice=invoice)
    clock.set(date(2024, 1, 20))
    return made


def short(desk: Desk, clock: SetClock) -> Care:
    """The same, with 1,000 left in the box."""
    made = owing(desk, clock)
    with desk.read() as connection:
        held = balance_of(connection, "cash_main")
    an_expense(desk, held - 1_000)
    return made


def room_of(room: Room, tab: Tab = Tab.OWED) -> PaymentRoom:
    room.page.shown(payments=tab)
    room.window.wait()
    return room.page.payments


def rows(room: PaymentRoom) -> list[list[str]]:
    return [
        [plain(room.rows.cell(at, one).text) for one in range(room.rows.columnCount())]
        for at in range(room.rows.rowCount())
    ]


def batches(desk: Desk) -> tuple[PaymentBatch, ...]:
    return desk.ask(queries.payment_batches, desk.currency)


def clean(desk: Desk) -> None:
    assert verify_desk(desk, whole=True).findings == []
    assert desk.ask(disagreements) == ()


def refused_here(room: Room, send: Callable[[], object]) -> None:
    """What is sent writes nothing."""
    acts = room.desk.acts
    send()
    room.window.wait()
    assert room.desk.acts == acts


def printed(window: Room, room: PaymentRoom) -> list[str]:
    """The papers that are shown; they are put away."""
    papers = [one for one in room.findChildren(PaperWindow) if one.isVisible()]
    titles = [one.windowTitle() for one in papers]
    for one in papers:
        one.reject()
    window.window.window.activateWindow()
    window.window.qtbot.waitUntil(window.window.window.isActiveWindow)
    return titles


# What is owed


def test_who_waits_longest_stands_first_with_the_days_beyond_those_agreed(
    opens: Opens,  # noqa: F811
) -> None:
    room = room_of(opens(owing))
    # 5 to 20 January are 15 days, 10 were agreed.
    assert rows(room) == [
        ["CS Koula", "3", "05/01/2024", "15", "10", "", "", "1,350", "5 days late"]
    ]
    assert plain(room.told.text()) == "1,350 F CFA is owed to 1 provider."
    assert room.table.hasFocus()


def test_a_short_box_proposes_what_it_holds_and_the_oldest_are_prepared(
    opens: Opens,  # noqa: F811
) -> None:
    window = opens(short)
    room = room_of(window)
    assert room.prepare.most.value() == 1_000
    assert "Paid are the oldest 2 of 3: 900" in plain(room.prepare.note.text())
    window.keys("\n\n\n")
    (batch,) = batches(window.desk)
    assert [(one.invoice, one.amount.minor) for one in batch.lines] == [("F-1", 450), ("F-2", 450)]
    room = room_of(window)
    assert rows(room)[0][5:8] == ["", "900", "1,350"]


def test_with_enough_in_the_box_everything_is_proposed(opens: Opens) -> None:  # noqa: F811
    room = room_of(opens(owing))
    assert room.prepare.most.value() is None
    assert "oldest 3 of 3: 1,350" in plain(room.prepare.note.text())


# Steps


def test_a_batch_goes_from_owed_to_acknowledged_by_keys_alone(
    opens: Opens,  # noqa: F811
) -> None:
    window = opens(owing, people=TWO)
    desk, room = window.desk, room_of(window)
    window.keys("\n\n\n")
    assert room.asked.tab is Tab.BATCHES
    assert room.step.second.password.hasFocus()
    window.keys("not it\n")
    assert "Wrong password" in room.step.second.form.error("second_password")
    room.step.second.password.setText("")
    window.keys(SECOND + "\n")
    assert batches(desk)[0].state is PaymentState.APPROVED
    assert room.step.box.hasFocus()
    window.keys("\n")
    assert batches(desk)[0].state is PaymentState.ORDERED
    assert room.step.day.hasFocus()
    assert room.step.fee.isHidden()  # nobody takes a fee out of a cash box
    window.keys("\n")
    assert batches(desk)[0].state is PaymentState.PAID
    assert room.step.receipt.hasFocus()
    window.keys("\n\n")
    assert "number of the provider's receipt" in room.step.error("receipt")
    window.keys("R-17\n\n")
    (batch,) = batches(desk)
    assert (batch.state, batch.steps[-1].receipt) == (PaymentState.ACKNOWLEDGED, "R-17")
    assert batch.steps[1].second_person == "Bintou"
    assert room.forms.isHidden()
    assert rows(room)[0] == [
        "BP-2024-01-KOULA",
        "CS Koula",
        "3",
        "1,350",
        "",
        "",
        "1,350",
        "Acknowledged",
    ]
    assert desk.ask(queries.owing, desk.currency) == ()
    clean(desk)


def test_the_order_and_the_voucher_are_printed(opens: Opens) -> None:  # noqa: F811
    window = opens(owing)
    room = room_of(window)
    window.keys("\n\n\n\n\n\n")
    assert batches(window.desk)[0].state is PaymentState.PAID
    room.table.setFocus()
    window.key(F9)
    assert printed(window, room) == ["Payment order BP-2024-01-KOULA"]
    room.turn(Tab.PAID)
    window.window.wait()
    room.table.setFocus()
    window.key(F9)
    assert printed(window, room) == ["Voucher V-2024-A-000001"]


def test_a_batch_is_cancelled_with_a_reason_and_its_money_is_free_again(
    opens: Opens,  # noqa: F811
) -> None:
    window = opens(owing)
    room = room_of(window)
    window.keys("\n\n\n")
    window.key(F7)
    assert room.step.reason.hasFocus()
    refused_here(window, room.step.send)
    assert room.step.error("reason")
    window.keys("The invoice was wrong\n")
    (batch,) = batches(window.desk)
    assert (batch.state, batch.steps[-1].reason) == (
        PaymentState.CANCELLED,
        "The invoice was wrong",
    )
    assert "oldest 3 of 3" in plain(room_of(window).prepare.note.text())


def test_what_is_recovered_stands_there_as_minus(opens: Opens) -> None:  # noqa: F811
    def prepared(desk: Desk, clock: SetClock) -> None:
        made = a_care(desk)
        (first, _) = decided(desk, made, 2, invoice="F-1")
        desk.do(pay_provider, request_id=a_request(), provider_id=made.provider_id)
        desk.do(
            reverse_claim,
            claim_id=first,
            code=ReasonCode.RX01,
            reason="Sent twice",
            accepting=frozenset({"nobody_may_decide"}),
        )
        clock.set(date(2024, 1, 12))
        decided(desk, made, 3, invoice="F-2")

    window = opens(prepared)
    room = room_of(window)
    assert rows(room)[0][5:8] == ["-450", "", "900"]
    window.keys("\n\n\n")
    assert rows(room)[0][2:7] == ["4", "1,350", "-450", "", "900"]
    assert [one[6] for one in rows(room)[1:5]] == ["-450", "450", "450", "450"]
    assert rows(room_of(window, Tab.BACK))[0][4:] == ["450", "450"]


def test_a_claim_decided_anew_meanwhile_is_said_and_nothing_is_paid(
    opens: Opens,  # noqa: F811
) -> None:
    window = opens(owing)
    room = room_of(window)
    window.keys("\n\n\n\n\n")
    (batch,) = batches(window.desk)
    assert batch.state is PaymentState.ORDERED
    window.desk.do(cancel_payment, batch_id=batch.id, reason="By somebody else")
    refused_here(window, room.step.send)
    assert "cannot be paid now" in room.step.error()


def test_more_than_the_box_holds_is_refused(opens: Opens) -> None:  # noqa: F811
    window = opens(short)
    room = room_of(window)
    room.prepare.most.set_value(None)
    room.prepare.send()
    window.window.wait()
    window.keys("\n\n")
    refused_here(window, room.step.send)
    assert "the box holds 1,000" in plain(room.step.error())
    assert batches(window.desk)[0].state is PaymentState.ORDERED


def test_mobile_money_keeps_a_fee(opens: Opens) -> None:  # noqa: F811
    def prepared(desk: Desk, clock: SetClock) -> None:
        owing(desk, clock)
        a_gift(desk, 5_000, box=Place("momo"))

    window = opens(prepared)
    room = room_of(window)
    window.keys("\n\n\n\n")
    room.step.box.setCurrentIndex(room.step.box.findText("Mobile money"))
    window.keys("\n")
    assert not room.step.fee.isHidden()
    window.keys("\n50\n")
    assert batches(window.desk)[0].state is PaymentState.PAID
    with window.desk.read() as connection:
        assert balance_of(connection, "momo") == 5_000 - 1_350 - 50
    clean(window.desk)


# Members


def member_pays(desk: Desk, _clock: SetClock) -> Care:
    return a_care(desk, rules={"C": {"payment": Payment.BOTH}})


def test_what_a_member_paid_is_typed_decided_and_paid_by_keys(
    opens: Opens,  # noqa: F811
) -> None:
    window = opens(member_pays)
    desk, room = window.desk, room_of(window, Tab.MEMBERS)
    window.key(Qt.Key.Key_F2)
    assert room.ask.card.hasFocus()
    window.keys("1/1\n\n\n\n\nC\n\n700\n\n\n\n\n\n\nR-9\n\n")
    (owed,) = desk.ask(queries.reimbursements_owed, desk.currency, desk.today)
    # 600 by the list, a quarter of it the member's: 450.
    assert (owed.amount.minor, owed.claims) == (450, 1)
    assert room.table.hasFocus()
    window.keys("\n")
    assert room.reimburse.receiver.hasFocus()
    window.keys("Awa's sister\n\n\n\n")
    (voucher,) = desk.ask(queries.member_vouchers, desk.currency)
    assert (voucher.receiver, voucher.amount.minor) == ("Awa's sister", 450)
    assert printed(window, room) == [f"Voucher {voucher.number}"]
    assert rows(room_of(window, Tab.PAID))[0][0] == voucher.number
    clean(desk)


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        (lambda form: form.card.setText("9999/9"), "person"),
        (lambda form: form.card.setText(""), "person"),
        (lambda form: form.care.setText("45/13"), "first_day"),
        (lambda form: form.care.set_day(date(2024, 1, 25)), "first_day"),
        (lambda form: form.prices[0].set_value(None), "price0"),
        (lambda form: form.acts[0].setCurrentIndex(0), "service0"),
        (lambda form: form.counts[0].set_value(10_001), "quantity0"),
        (lambda form: form.counts[0].set_value(0), "quantity0"),
    ],
)
def test_a_wrong_request_is_refused_beside_its_field(
    opens: Opens,  # noqa: F811
    spoil: Callable[[Any], None],
    field: str,
) -> None:
    window = opens(member_pays)
    room = room_of(window, Tab.MEMBERS)
    window.key(Qt.Key.Key_F2)
    form = room.ask
    form.card.setText("1/1")
    form.acts[0].setCurrentIndex(1)
    form.prices[0].set_value(600)
    spoil(form)
    refused_here(window, form.send)
    assert form.error(field)


def test_mobile_money_needs_the_number_of_the_transaction(opens: Opens) -> None:  # noqa: F811
    window = opens(member_pays)
    room = room_of(window, Tab.MEMBERS)
    window.key(Qt.Key.Key_F2)
    window.keys("1/1\n\n\n\n\nC\n\n700\n\n\n\n\n\n\nR-9\n\n")
    window.keys("\n")
    form = room.reimburse
    assert not form.reference.isEnabled()
    form.box.setCurrentIndex(form.box.findText("Mobile money"))
    assert form.reference.isEnabled()
    refused_here(window, form.send)
    assert "transaction number" in form.error("reference")


def test_a_member_pays_back_what_was_wrongly_paid(opens: Opens) -> None:  # noqa: F811
    def prepared(desk: Desk, _clock: SetClock) -> None:
        made = a_care(desk)
        decided(desk, made, 1)
        desk.do(pay_provider, request_id=a_request(), provider_id=made.provider_id)

    window = opens(prepared, people=("Awa",))
    desk, room = window.desk, room_of(window, Tab.BACK)
    room.recover.claim.setFocus()
    window.keys("C-2024-A-000001\n450\nThe card was lent\n")
    assert [one.left.minor for one in desk.ask(queries.recoveries, desk.currency)] == [450]
    assert room.table.hasFocus()
    window.keys("\n")
    assert room.receive.amount.value() == 450
    window.keys("200\n\n\n")
    assert rows(room)[0][4:] == ["450", "250"]
    refused_here(window, lambda: recover_too_much(room))
    assert "Ask back no more" in room.recover.error("amount")
    clean(desk)


def recover_too_much(room: PaymentRoom) -> None:
    room.recover.claim.setText("C-2024-A-000001")
    room.recover.amount.set_value(451)
    room.recover.reason.setText("Again")
    room.recover.send()


def test_a_member_is_let_off_and_gets_back_what_was_paid_by_keys(
    opens: Opens,  # noqa: F811
) -> None:
    def prepared(desk: Desk, _clock: SetClock) -> None:
        made = a_care(desk)
        (claim,) = decided(desk, made, 1)
        desk.do(pay_provider, request_id=a_request(), provider_id=made.provider_id)
        ask: dict[str, Any] = {"claim_id": claim, "amount": Money(450, desk.currency)}
        told = desk.do(recover_from_member, request_id=a_request(), reason="Lent", **ask)
        back: dict[str, Any] = {"recovery_id": told.recovery_id}
        amount = Money(200, desk.currency)
        desk.do(receive_recovery, request_id=a_request(), amount=amount, **back)

    window = opens(prepared)
    desk, room = window.desk, room_of(window, Tab.BACK)
    window.key(F7)
    assert room.let_off.amount.hasFocus()
    assert room.let_off.amount.value() == 450
    window.keys("\n")
    refused_here(window, room.let_off.send)
    assert room.let_off.error("reason")
    window.keys("It was her own card\n")
    assert desk.ask(queries.recoveries, desk.currency) == ()
    room = room_of(window, Tab.MEMBERS)
    told = rows(room)[0]
    assert (told[5], told[6]) == ("200 F CFA paid back before: It was her own card", "200")
    room.table.setFocus()
    window.keys("\nAwa\n\n\n\n")
    (voucher,) = desk.ask(queries.member_vouchers, desk.currency)
    assert (voucher.amount.minor, voucher.claims[0].returned) == (200, True)
    printed(window, room)
    clean(desk)


# What came back


def test_a_payment_that_bounced_is_taken_back_by_keys(opens: Opens) -> None:  # noqa: F811
    window = opens(owing, people=TWO)
    desk, room = window.desk, room_of(window)
    window.keys("\n\n\n" + SECOND + "\n\n\n")
    assert batches(desk)[0].state is PaymentState.PAID
    window.key(F7)
    assert room.reverse.reason.hasFocus()
    window.keys("\n")
    room.reverse.second.password.setText(SECOND)
    refused_here(window, room.reverse.send)
    assert room.reverse.error("reason")
    room.reverse.reason.setFocus()
    window.keys("The account was closed\n")
    room.reverse.second.password.setText("")
    window.keys(SECOND + "\n")
    (batch,) = batches(desk)
    assert (batch.state, batch.steps[-1].second_person) == (PaymentState.REVERSED, "Bintou")
    assert rows(room)[0][-1] == "Taken back"
    assert desk.ask(queries.owing, desk.currency)[0].amount.minor == 1_350
    room = room_of(window, Tab.PAID)
    assert [(one[0], one[5], one[6]) for one in rows(room)] == [
        ("V-2024-A-000002", "takes back V-2024-A-000001", "-1,350"),
        ("V-2024-A-000001", "taken back: The account was closed", "1,350"),
    ]
    room.table.setFocus()
    window.key(F7)  # what takes back is not taken back itself
    assert room.forms.isHidden()
    clean(desk)


def test_a_voucher_is_taken_back_where_it_stands(opens: Opens) -> None:  # noqa: F811
    def prepared(desk: Desk, clock: SetClock) -> None:
        made = owing(desk, clock)
        desk.do(pay_provider, request_id=a_request(), provider_id=made.provider_id)

    window = opens(prepared)
    room = room_of(window, Tab.PAID)
    window.key(F7)
    window.keys("Wrong box\n")
    assert batches(window.desk)[0].state is PaymentState.REVERSED
    window.key(DOWN)
    window.key(F7)
    window.keys("Again\n")
    assert "taken back before" in room.reverse.error("reason")


# By head, deposits


def by_head(desk: Desk, clock: SetClock) -> Care:
    made = a_care(desk, agreement=HEADS)
    with desk.work("choose_post") as work:
        work.update(household, made.home.household_id, health_post_id=made.provider_id)
    clock.set(date(2024, 2, 5))
    return made


def test_a_month_by_head_is_run_by_two_and_taken_back_with_a_reason(
    opens: Opens,  # noqa: F811
) -> None:
    window = opens(by_head, people=TWO)
    room = room_of(window, Tab.HEADS)
    room.heads.month.setFocus()
    window.keys("2\n\n" + SECOND + "\n")
    # Three with rights chose the provider, 100 a head.
    assert rows(room)[0][1:] == ["CS Koula", "3", "100", "300", ""]
    assert [one.amount.minor for one in window.desk.ask(queries.owing, window.desk.currency)] == [
        300
    ]
    room.table.setFocus()
    window.key(F7)
    window.keys("Counted twice\n" + SECOND + "\n")
    assert rows(room)[0][5] == "taken back: Counted twice"
    assert window.desk.ask(queries.owing, window.desk.currency) == ()
    clean(window.desk)


def test_a_month_before_it_begins_is_refused_beside_it(opens: Opens) -> None:  # noqa: F811
    window = opens(by_head)
    room = room_of(window, Tab.HEADS)
    room.heads.month.near = Month(2024, 12)
    room.heads.month.set_month(Month(2024, 9))
    refused_here(window, room.heads.send)
    assert "has not begun" in room.heads.error("month")


def test_relative_prices_are_run_where_a_package_has_them(opens: Opens) -> None:  # noqa: F811
    def prepared(desk: Desk, clock: SetClock) -> None:
        made = a_care(desk, rules={"DEL": RELATIVE}, distributions=monthly(10_000))
        batch = a_batch(desk, made)
        desk.do(decide_claim, claim_id=a_claim(desk, made, batch, made.line("DEL")))
        clock.set(date(2024, 2, 1))

    window = opens(prepared, people=TWO)
    room = room_of(window, Tab.HEADS)
    room.heads.what.setCurrentIndex(room.heads.what.findData("relative"))
    room.heads.month.setFocus()
    window.keys("1\n\n")
    # Of the year's 12,600 January has 1,050: that is what the 5,000 that were valued are paid by.
    assert window.desk.ask(queries.owed_to_providers) == 1_050


def test_a_month_without_relative_prices_offers_none(opens: Opens) -> None:  # noqa: F811
    room = room_of(opens(by_head), Tab.HEADS)
    assert room.heads.what.findData("relative") < 0


def test_a_deposit_is_paid_set_off_and_comes_back(opens: Opens) -> None:  # noqa: F811
    window = opens(owing)
    desk, room = window.desk, room_of(window, Tab.DEPOSITS)
    room.deposit.what.setFocus()
    window.keys("\n\n\n1000\nFor the ward\n\n")
    (told,) = desk.ask(queries.deposits, desk.currency)
    assert (told.kind, told.amount.minor, told.label) == (
        DepositKind.DEPOSIT,
        1_000,
        "For the ward",
    )
    assert plain(room.told.text()) == "1,000 F CFA lies with providers."
    room = room_of(window)
    room.prepare.set_off.set_value(400)
    room.prepare.send()
    window.window.wait()
    assert rows(room)[0][3:7] == ["1,350", "", "-400", "950"]
    window.keys("\n\n\n")
    room = room_of(window, Tab.DEPOSITS)
    room.deposit.what.setCurrentIndex(room.deposit.what.findData("deposit-back"))
    room.deposit.amount.set_value(601)
    room.deposit.text.setText("Rest")
    refused_here(window, room.deposit.send)
    assert "Only 600 F CFA lies with this provider" in plain(room.deposit.error("amount"))
    room.deposit.amount.set_value(600)
    room.deposit.send()
    window.window.wait()
    assert desk.ask(queries.lying, desk.currency) == ()
    clean(desk)


def test_why_so_many_is_answered_though_the_register_was_corrected(
    opens: Opens,  # noqa: F811
) -> None:
    def prepared(desk: Desk, clock: SetClock) -> None:
        made = by_head(desk, clock)
        desk.do(run_capitation, request_id=a_request(), month=Month(2024, 2))
        who: dict[str, Any] = {"person_id": made.home.person_ids[2], "on": date(2024, 1, 20)}
        desk.do(record_death, accepting=frozenset({"backdated"}), **who)
        clock.set(date(2024, 3, 5))

    window = opens(prepared)
    room = room_of(window, Tab.HEADS)
    window.keys("\n")
    told = rows(room)
    assert [one[0] for one in told] == [
        "February 2024",
        *(f"· 01-000001-8/{at:02d}" for at in range(3)),
    ]
    assert [one[5].partition(":")[0] for one in told[1:]] == ["", "", "would not be counted today"]
    window.key(F9)
    assert printed(window, room) == ["Months by head"]
    window.keys("\n")
    assert room.rows.rowCount() == 1
    room.heads.month.setFocus()
    window.keys("3\n\n")
    assert room.heads.caution.isVisible()
    assert room.rows.rowCount() == 1
    window.keys("A death told late\n")
    # 200 for March, 100 less for February.
    assert [(one[0], one[4]) for one in rows(room)] == [
        ("March 2024", "200"),
        ("February 2024", "300"),
        ("February 2024, difference", "-100"),
    ]
    clean(window.desk)


def test_an_advance_under_a_budget_is_set_off_by_itself(opens: Opens) -> None:  # noqa: F811
    def prepared(desk: Desk, _clock: SetClock) -> None:
        made = a_care(desk, agreement={"mode": PaymentMode.BUDGET, "budget_amount": 500})
        decided(desk, made, 2)

    window = opens(prepared)
    room = room_of(window, Tab.DEPOSITS)
    room.deposit.what.setCurrentIndex(room.deposit.what.findData("budget"))
    assert not room.deposit.amount.isEnabled()
    room.deposit.send()
    window.window.wait()
    assert rows(room)[0][2:] == ["Advance of a month", "January 2024", "500"]
    room_of(window)
    window.keys("\n\n\n")
    assert rows(room)[0][3:7] == ["900", "", "-500", "400"]
    clean(window.desk)


# The room


def test_escape_leaves_what_was_begun_then_the_room(opens: Opens) -> None:  # noqa: F811
    window = opens(owing)
    room = room_of(window)
    window.keys("\n\n\n")
    assert not room.forms.isHidden()
    window.key(ESC)
    assert room.forms.isHidden()
    window.key(ESC)
    assert [len(one[0]) > 0 for one in rows(room)] == [True]
    window.key(ESC)
    assert window.page.list.isVisible()
    window.key(Qt.Key.Key_F2)
    assert window.page.open_form.isVisible()


def whole(desk: Desk, clock: SetClock) -> None:
    """Something on each tab."""
    made = a_care(
        desk,
        rules={"C": {"payment": Payment.BOTH}},
        agreement={"payment_days": 10},
    )
    a_provider(desk, made.services, code="FAR", agreement=HEADS)
    (claim,) = decided(desk, made, 1, invoice="F-1")
    desk.do(pay_provider, request_id=a_request(), provider_id=made.provider_id)
    desk.do(
        recover_from_member,
        request_id=a_request(),
        claim_id=claim,
        amount=Money(200, desk.currency),
        reason="The card was lent",
    )
    decided(desk, made, 2, invoice="F-2")
    clock.set(date(2024, 2, 20))
    desk.do(run_capitation, request_id=a_request(), month=Month(2024, 2))
    desk.do(
        pay_deposit,
        request_id=a_request(),
        provider_id=made.provider_id,
        amount=Money(100, desk.currency),
        place=Place("cash_main"),
        label="For the ward",
    )


def each_tab(window: Room, look: Callable[[str], None]) -> None:
    for tab in Tab:
        room = room_of(window, tab)
        look(tab.value)
        if tab is Tab.OWED:
            window.keys("\n\n\n")
            look("step")
            window.key(F7)
            look("cancel")
        if tab is Tab.BACK:
            room.table.setFocus()
            window.keys("\n")
            look("receive")
        if tab is Tab.MEMBERS:
            room.start_new()
            window.window.wait()
            look("ask")


def test_every_word_goes_through_the_translators(opens: Opens) -> None:  # noqa: F811
    window = opens(whole, speaker=BracketSpeaker("en"))
    each_tab(window, lambda _: None if unbracketed(window.page) == [] else pytest.fail(_))


@pytest.mark.parametrize("zoom", [100, 125, 150])
def test_no_part_of_the_room_is_wider_than_its_place(
    opens: Opens,  # noqa: F811
    qapp: QApplication,
    zoom: int,
) -> None:
    window = opens(whole, language="fr")
    theme.apply(qapp, Theme(zoom=zoom))

    def fits(name: str) -> None:
        window.window.wait()
        place = window.page.parentWidget()
        assert place is not None
        assert window.page.width() <= place.width(), name

    each_tab(window, fits)


def test_the_room_stands_the_other_way_round_from_right_to_left(
    opens: Opens,  # noqa: F811
) -> None:
    with from_the_right() as speaker:
        window = opens(whole, speaker=speaker)
        room = room_of(window)
        assert room.layoutDirection() is Qt.LayoutDirection.RightToLeft
        place = window.page.parentWidget()
        assert place is not None
        assert window.page.width() <= place.width()
