"""Posting rules P01 to P06, P16, P18, P30. Expected lines from domain handbook 3.3."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.ledger import rules
from stepdesk.ledger.terms import Journal, Line, Posting

AMOUNTS = st.integers(0, 10**9)


def test_an_entry_fee_in_cash_is_income_at_once() -> None:
    assert rules.receipt(into="cash_main", entry_fee=1000, receivable=0, advance=0) == Posting(
        "P01",
        Journal.CONTRIBUTIONS,
        (Line("cash_main", 1000), Line("entry_fee", -1000)),
    )


def test_a_contribution_a_collector_took_is_his_until_he_hands_it_over() -> None:
    assert rules.receipt(into="collector", entry_fee=0, receivable=0, advance=5300) == Posting(
        "P02",
        Journal.CONTRIBUTIONS,
        (Line("collector", 5300), Line("contrib_advance", -5300)),
    )
    assert rules.hand_over(into="cash_main", amount=5300) == Posting(
        "P03", Journal.CASH, (Line("cash_main", 5300), Line("collector", -5300))
    )


def test_a_first_payment_is_fee_and_advance_in_one_entry() -> None:
    assert rules.receipt(into="cash_main", entry_fee=1000, receivable=0, advance=5300) == Posting(
        "P02",
        Journal.CONTRIBUTIONS,
        (Line("cash_main", 6300), Line("entry_fee", -1000), Line("contrib_advance", -5300)),
    )


def test_what_was_owed_is_paid_off_first() -> None:
    assert rules.receipt(into="cash_main", entry_fee=0, receivable=2100, advance=-1100) == Posting(
        "P06",
        Journal.CONTRIBUTIONS,
        (Line("cash_main", 1000), Line("member_receivable", -2100), Line("contrib_advance", 1100)),
    )


def test_cover_given_becomes_income() -> None:
    assert rules.earned(paid=4200) == Posting(
        "P04", Journal.MISCELLANEOUS, (Line("contrib_advance", 4200), Line("contribution", -4200))
    )
    assert rules.owed(unpaid=2100) == Posting(
        "P05",
        Journal.MISCELLANEOUS,
        (Line("member_receivable", 2100), Line("contribution", -2100)),
    )
    assert rules.earned(paid=0).lines == ()


def test_an_expense_leaves_the_box_it_was_paid_from() -> None:
    assert rules.expense(role="supplies", box="cash_main", amount=1500) == Posting(
        "P16", Journal.CASH, (Line("supplies", 1500), Line("cash_main", -1500))
    )
    assert rules.expense(role="services", box="bank", amount=700).journal is Journal.BANK
    with pytest.raises(ValueError, match="holds no money"):
        rules.expense(role="supplies", box="supplies", amount=1)


def test_money_found_is_a_gift() -> None:
    assert rules.excess(into="cash_main", amount=25) == Posting(
        "P18", Journal.CASH, (Line("cash_main", 25), Line("gift", -25))
    )


def test_an_opening_entry_says_what_each_account_held() -> None:
    opening = rules.opening(balances={"cash_main": 900, "retained_plus": -900})
    assert opening == Posting(
        "AN", Journal.OPENING, (Line("cash_main", 900), Line("retained_plus", -900))
    )


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_every_receipt_balances_and_its_mirror_undoes_it(
    fee: int, owed: int, advance: int
) -> None:
    posting = rules.receipt(into="collector", entry_fee=fee, receivable=owed, advance=advance)
    if fee + owed + advance:
        assert rules.balanced(posting.lines)
    mirror = rules.mirror(posting)
    assert (mirror.rule, mirror.journal) == ("P30", posting.journal)
    assert [(line.role, line.amount) for line in mirror.lines] == [
        (line.role, -line.amount) for line in posting.lines
    ]


def test_an_entry_that_does_not_add_up_is_not_balanced() -> None:
    assert not rules.balanced((Line("cash_main", 5), Line("gift", -4)))
    assert not rules.balanced((Line("cash_main", 0),))
    assert not rules.balanced(())


def test_totals_keep_debit_and_credit_apart() -> None:
    lines = (Line("cash_main", 5), Line("cash_main", -2), Line("gift", -3))
    assert rules.totals(lines) == {"cash_main": (5, 2), "gift": (0, 3)}


def test_an_entry_fee_can_be_paid_from_what_was_kept_in_advance() -> None:
    assert rules.fee_from_credit(amount=1000) == Posting(
        "P01",
        Journal.CONTRIBUTIONS,
        (Line("contrib_advance", 1000), Line("entry_fee", -1000)),
    )
