"""The receipt for a payer's money: its number, what it paid, what is left, and copies of it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from stepdesk.contributions.service import issue_statement
from stepdesk.contributions.terms import EffectRule
from stepdesk.countries import country
from stepdesk.ledger.queries import box_at, cash_book
from stepdesk.ledger.terms import Place
from stepdesk.payers import rules
from stepdesk.payers.queries import payer_money, payer_payment_told, statements_of
from stepdesk.payers.service import reverse_payer_payment
from stepdesk.payers.terms import PayerMoney, PayerReceipt, PayerStatement
from stepdesk.reports.papers.payer_receipts import payer_receipt_pdf
from stepdesk.reports.queries.payers import payer_receipt
from stepdesk.reports.service import note_payer_receipt, payer_receipt_to_print
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import PayerAgreementId, PayerPaymentId, StatementId
from stepdesk.values.month import Month
from tests.builders import a_household, a_plan, a_request, open_copy, wednesday
from tests.contributions.test_papers import text_of
from tests.payers.test_money import PAYER, agreed, pays
from tests.payers.test_service import covered


@pytest.fixture
def clock() -> SetClock:
    return wednesday()


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    """A plan without entry fee and waiting, in effect from the month's first day."""
    with open_copy(tmp_path / "book", clock=clock) as opened:
        a_plan(opened, entry_fee=0, waiting_months=0, effect_rule=EffectRule.FIRST_OF_MONTH)
        yield opened


@pytest.fixture
def agreement(desk: Desk, clock: SetClock) -> PayerAgreementId:
    """A commune pays all for two persons: 700 for January and 700 for February, both told."""
    agreement = agreed(desk, share=100, invoice_months=1)
    covered(desk, agreement, a_household(desk, 2).household_id)
    for month in (2, 3):
        clock.set(date(2024, month, 1))
        desk.do(issue_statement, agreement_id=agreement)
    return agreement


def receipt(desk: Desk, payment: PayerPaymentId) -> PayerReceipt:
    return desk.ask(payer_receipt, payment, desk.currency)


def paid(told: PayerReceipt) -> list[tuple[str, int, int]]:
    return [(one.statement.number, one.amount, one.left) for one in told.shares]


def reversed_(desk: Desk, payment: PayerPaymentId) -> PayerPaymentId:
    return desk.do(
        reverse_payer_payment, request_id=a_request(), payment_id=payment, reason="bounced"
    )


def test_receipts_to_payers_are_numbered_one_after_another(
    desk: Desk, agreement: PayerAgreementId
) -> None:
    first, second = pays(desk, agreement, 100), pays(desk, agreement, 200)
    assert [one.number for one in desk.ask(payer_money)] == ["P-2024-A-000001", "P-2024-A-000002"]
    assert receipt(desk, reversed_(desk, first)).number == "P-2024-A-000003"
    assert desk.ask(payer_payment_told, "p-2024-a-000002") == second
    assert desk.ask(payer_payment_told, second.hex()) == second
    assert desk.ask(payer_payment_told, "P-2024-A-000009") is None
    assert desk.ask(payer_payment_told, "") is None
    assert verify_desk(desk).findings == []


def test_a_receipt_tells_what_it_paid_and_what_is_left(
    desk: Desk, agreement: PayerAgreementId
) -> None:
    """1,000 for 700 and 700: the first is paid, 300 go to the second, 400 are left of it."""
    told = receipt(desk, pays(desk, agreement, 1000, reference="V 12"))
    assert paid(told) == [("T-2024-A-000001", 700, 0), ("T-2024-A-000002", 300, 400)]
    assert (told.credit.minor, told.still_open.minor) == (0, 400)
    assert (told.payer, told.payer_code, told.box) == ("Commune", "COMMUNE", "bank")
    assert (told.paid_on, told.reference, told.taken_by) == (
        desk.today,
        "V 12",
        desk.person.name,
    )


def test_later_statements_and_money_change_no_receipt(
    desk: Desk, clock: SetClock, agreement: PayerAgreementId
) -> None:
    """1,500 where 1,400 are asked for: 100 are credit on this receipt for ever."""
    accepting = frozenset({"more_than_open"})
    first = pays(desk, agreement, 1500, accepting=accepting)
    before = receipt(desk, first)
    assert (before.credit.minor, before.still_open.minor) == (100, 0)
    clock.set(date(2024, 4, 1))
    desk.do(issue_statement, agreement_id=agreement)
    second = receipt(desk, pays(desk, agreement, 250))
    # March asks for 700, 100 were there: 350 are left after 250.
    assert paid(second) == [("T-2024-A-000003", 250, 350)]
    assert receipt(desk, first) == before


def test_a_sum_for_a_statement_paid_before_tells_what_it_filled_instead(
    desk: Desk, agreement: PayerAgreementId
) -> None:
    january, february = desk.ask(statements_of, desk.today)
    pays(desk, agreement, 700)
    told = receipt(desk, pays(desk, agreement, 600, statement_id=january.id))
    assert paid(told) == [(february.number, 600, 100)]


def test_money_dated_before_its_statement_tells_of_it_all_the_same(
    desk: Desk, agreement: PayerAgreementId
) -> None:
    """Written down on 1 March, paid by the bank's list on 15 February."""
    february = desk.ask(statements_of, desk.today)[1]
    told = receipt(
        desk, pays(desk, agreement, 700, paid_on=date(2024, 2, 15), statement_id=february.id)
    )
    assert paid(told) == [(february.number, 700, 0)]
    assert told.still_open.minor == 700


def test_what_is_taken_back_is_told_on_both_papers(
    desk: Desk, agreement: PayerAgreementId
) -> None:
    payment = pays(desk, agreement, 700)
    back = receipt(desk, reversed_(desk, payment))
    assert (back.amount.minor, back.reverses, back.reason) == (-700, "P-2024-A-000001", "bounced")
    assert paid(back) == [("T-2024-A-000001", -700, 700)]
    assert back.still_open.minor == 1400
    gone = receipt(desk, payment)
    assert (gone.cancelled, gone.reversed_by) == (True, "P-2024-A-000002")
    assert paid(gone) == [("T-2024-A-000001", 700, 0)]
    text = text_of(payer_receipt_pdf(back, "en"))
    assert "Cancels receipt P-2024-A-000001" in text
    assert "bounced" in text
    text = text_of(payer_receipt_pdf(gone, "en"))
    assert "Cancelled by receipt P-2024-A-000002" in text


def test_the_paper_says_the_sum_in_words_what_it_pays_and_the_check_code(
    desk: Desk, agreement: PayerAgreementId
) -> None:
    told = receipt(desk, pays(desk, agreement, 1000))
    text = text_of(payer_receipt_pdf(told, "en"))
    for words in (
        "RECEIPT P-2024-A-000001",
        "Commune",
        "One thousand F CFA",
        "Statement T-2024-A-000002, 1 February 2024 to 29 February 2024",
        "It asks for 700 F CFA; nothing is left to pay",
        "It asks for 700 F CFA; left to pay: 400 F CFA",
        "Open on all statements together 400",
        f"Check code {told.code}",
    ):
        assert words in text
    assert "COPY" not in text
    assert "T-2024-A-000001" in text_of(payer_receipt_pdf(told, "fr"))


def test_many_statements_become_one_line_on_the_paper(desk: Desk, clock: SetClock) -> None:
    """Twelve months of 350, and one transfer of 4,200 for all of them."""
    agreement = agreed(desk, share=100, invoice_months=1)
    covered(desk, agreement, a_household(desk, 1).household_id)
    month = Month(2024, 1)
    for _ in range(12):
        month = month.plus(1)
        clock.set(month.first)
        desk.do(issue_statement, agreement_id=agreement)
    told = receipt(desk, pays(desk, agreement, 4200))
    assert len(told.shares) == 12
    text = text_of(payer_receipt_pdf(told, "en"))
    assert "12 statements, T-2024-A-000001 to T-2025-A-000001" in text
    assert "For 1 January 2024 to 31 December 2024" in text


def test_the_second_paper_is_a_copy_with_its_count(
    desk: Desk, agreement: PayerAgreementId
) -> None:
    payment = pays(desk, agreement, 700)
    first = payer_receipt_to_print(desk, payment)
    assert not first.copy
    assert not payer_receipt_to_print(desk, payment).copy
    for count in (1, 2):
        note_payer_receipt(desk, payer_receipt_to_print(desk, payment))
        again = payer_receipt_to_print(desk, payment)
        assert (again.copy, again.copies) == (True, count)
    second = payer_receipt_to_print(desk, payment)
    assert "COPY no. 2" in text_of(payer_receipt_pdf(second, "en"))


def test_the_check_code_depends_on_payer_amount_and_day(
    desk: Desk, agreement: PayerAgreementId
) -> None:
    codes = {receipt(desk, pays(desk, agreement, 100)).code for _ in range(3)}
    assert len(codes) == 3
    assert all(len(one) == 6 for one in codes)


def test_the_cash_book_names_the_receipt(desk: Desk, agreement: PayerAgreementId) -> None:
    pays(desk, agreement, 700, box="cash_main")
    with desk.read() as connection:
        box = box_at(connection, country(desk.country), Place("cash_main"))
        assert box is not None
        book = cash_book(connection, country(desk.country), box, Month.of(desk.today))
    assert [one.paper for one in book.rows] == ["P-2024-A-000001"]


def test_what_a_sum_pays_is_what_its_coming_changed() -> None:
    def stated(at: int, amount: int) -> PayerStatement:
        day = date(2024, at, 1)
        agreed_on = PayerAgreementId(b"a")
        return PayerStatement(
            StatementId(b"%d" % at), str(at), PAYER, "", agreed_on, day, day, day, amount
        )

    def came(at: int, amount: int, named: int | None = None) -> PayerMoney:
        one = None if named is None else StatementId(b"%d" % named)
        return PayerMoney(
            PayerPaymentId(b"%d" % at), PAYER, one, date(2024, 5, at), amount, "bank", ""
        )

    statements = [stated(1, 500), stated(2, -100), stated(3, 300)]
    money = [came(1, 200), came(2, 300, 3), came(3, 400)]
    # 100 too much told before and 200: 300 of the first. 300 fill the third. Of 400, 200 end
    # the first, and 200 are credit.
    shares, credit = rules.shares_of(statements, money, PayerPaymentId(b"3"))
    assert [(one.statement.number, one.amount, one.left) for one in shares] == [("1", 200, 0)]
    assert credit == 200
