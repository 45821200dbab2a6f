"""Posting rules P01 to P06, P08 to P11, P16 to P19, P28 to P30. Lines from domain handbook 3.3."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.ledger import rules
from stepdesk.ledger.terms import (
    Basis,
    FeeTreatment,
    Journal,
    Line,
    Opened,
    Place,
    Posting,
    Ways,
)
from stepdesk.values.ids import BoxId

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


WHO, BOX = b"w" * 16, BoxId(b"b" * 16)


def test_a_collectors_line_says_who_and_a_boxs_line_which() -> None:
    assert rules.receipt(
        into="collector", entry_fee=0, receivable=0, advance=2100, party=WHO
    ).lines == (Line("collector", 2100, party=WHO), Line("contrib_advance", -2100))
    assert rules.hand_over(into="cash_section", amount=2100, box=BOX, party=WHO).lines == (
        Line("cash_section", 2100, BOX),
        Line("collector", -2100, party=WHO),
    )


def test_where_fees_and_contributions_go_is_the_schemes_rule() -> None:
    assert rules.ways(FeeTreatment.INCOME, Basis.ACCRUAL) == Ways("entry_fee", "contrib_advance")
    assert rules.ways(FeeTreatment.OWN_FUND, Basis.CASH) == Ways("own_fund", "contribution")


def test_on_the_cash_basis_nothing_is_owed_and_all_is_income() -> None:
    cash = Ways("own_fund", "contribution")
    told = rules.receipt(into="cash_main", entry_fee=1000, receivable=2100, advance=700, ways=cash)
    assert told.lines == (
        Line("cash_main", 3800),
        Line("own_fund", -1000),
        Line("contribution", -2800),
    )
    assert rules.fee_from_credit(amount=1000, ways=cash).lines == (
        Line("contribution", 1000),
        Line("own_fund", -1000),
    )


def test_what_is_missing_is_a_loss_or_owed_by_who_held_it() -> None:
    assert rules.shortage(out_of="cash_main", amount=25) == Posting(
        "P18", Journal.CASH, (Line("bad_debt", 25), Line("cash_main", -25))
    )
    assert rules.shortage(out_of="cash_main", amount=25, owed_by=WHO).lines == (
        Line("staff", 25, party=WHO),
        Line("cash_main", -25),
    )


def test_money_between_boxes_goes_through_transfers() -> None:
    told = rules.transfer(source=Place("cash_main"), target=Place("cash_section", BOX), amount=40)
    assert told == Posting(
        "P17",
        Journal.CASH,
        (
            Line("transfer", 40),
            Line("cash_main", -40),
            Line("cash_section", 40, BOX),
            Line("transfer", -40),
        ),
    )
    bank = rules.transfer(source=Place("cash_main"), target=Place("bank"), amount=40)
    assert bank.journal is Journal.BANK
    with pytest.raises(ValueError, match="between boxes"):
        rules.transfer(source=Place("cash_main"), target=Place("gift"), amount=40)


def test_claims_are_owed_to_a_provider_and_paid_to_it() -> None:
    assert rules.claim_approved(by_category={"OPD": 700, "DRUG": 300}, provider=WHO).lines == (
        Line("benefit_tp.DRUG", 300),
        Line("benefit_tp.OPD", 700),
        Line("provider_payable", -1000, party=WHO),
    )
    assert rules.provider_paid(box="bank", amount=1000, provider=WHO) == Posting(
        "P11",
        Journal.BANK,
        (Line("provider_payable", 1000, party=WHO), Line("bank", -1000)),
    )


def test_grants_come_in_by_p19_and_gifts_in_kind_by_p28() -> None:
    assert rules.income(role="op_subsidy", place=Place("bank"), amount=900) == Posting(
        "P19", Journal.BANK, (Line("bank", 900), Line("op_subsidy", -900))
    )
    assert rules.gift_in_kind(role="computer", amount=900) == Posting(
        "P28", Journal.MISCELLANEOUS, (Line("computer", 900), Line("gift", -900))
    )


def test_a_bill_is_owed_to_its_supplier() -> None:
    assert rules.on_credit(role="supplies", amount=900, bill=WHO) == Posting(
        "P16", Journal.BENEFITS, (Line("supplies", 900), Line("supplier", -900, party=WHO))
    )


def test_the_rest_of_an_opening_is_surplus_or_deficit_brought_forward() -> None:
    plus = rules.opening_sheet((Opened("cash_main", 900), Opened("loan", -500)))
    assert plus.lines[-1] == Line("retained_plus", -400)
    minus = rules.opening_sheet((Opened("cash_main", 900), Opened("loan", -1500)))
    assert minus.lines[-1] == Line("retained_minus", 600)
    even = rules.opening_sheet((Opened("cash_main", 900), Opened("own_fund", -900)))
    assert len(even.lines) == 2


def test_money_goes_to_another_activity_by_two_entries() -> None:
    out, back = rules.between_activities(place=Place("cash_main"), amount=40)
    assert out.lines == (Line("transfer", 40), Line("cash_main", -40))
    assert back.lines == (Line("cash_main", 40), Line("transfer", -40))


def test_a_vouchers_number_says_its_box_and_year() -> None:
    assert rules.voucher_number("S", 2026, "571", "A", 12) == "S-2026-571-A-0012"
