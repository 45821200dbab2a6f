"""Boxes: several of a kind, blind counts, statements, limits, the scheme's money rules."""

from datetime import date
from typing import Any

import pytest

from stepdesk.contributions.queries import carried_by
from stepdesk.contributions.service import (
    close_session,
    contribute,
    hand_over_cash,
    open_session,
    reverse_payment,
    run_earnings,
)
from stepdesk.contributions.terms import Count, Means
from stepdesk.countries import country
from stepdesk.errors import Refusal
from stepdesk.ledger import service as ledger
from stepdesk.ledger.queries import (
    balance_of,
    balances_on,
    box_balances,
    boxes,
    by_party,
    counts,
    held_on,
)
from stepdesk.ledger.terms import Basis, FeeTreatment, Line, Place
from stepdesk.reports.queries import control_differences
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.month import Month
from tests.builders import a_household, a_payment, a_request
from tests.ledger.kit import BANK, CASH, a_gift, by_two, francs, refused

SENEGAL = country("SN")


def a_box(desk: Desk, code: str = "C2", kind: str = "cash_section", **told: Any) -> Place:
    told = {"name": "Box of Koula"} | told
    return Place(kind, desk.do(ledger.add_box, kind=kind, code=code, **told))


def test_a_book_has_one_box_of_each_kind_until_it_names_more(desk: Desk) -> None:
    told = desk.ask(boxes, SENEGAL, "en")
    assert [one.place.role for one in told] == ["cash_main", "cash_section", "bank", "mfi", "momo"]
    assert all(one.place.box is None for one in told)
    koula = a_box(desk)
    named = desk.ask(boxes, SENEGAL, "en")
    assert [(one.place, one.code) for one in named][1] == (koula, "C2")
    assert len(named) == 5


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"kind": "collector"}, "kind"),
        ({"code": " "}, "code"),
        ({"code": "571"}, "code"),
        ({"code": "c2"}, "code"),
        ({"name": ""}, "name"),
        ({"most": francs(0)}, "most"),
    ],
)
def test_a_box_that_cannot_be_is_refused(desk: Desk, told: dict[str, Any], field: str) -> None:
    a_box(desk)
    box: dict[str, Any] = {"kind": "cash_section", "code": "C3", "name": "Box"} | told
    assert refused(desk, ledger.add_box, **box).field == field


def test_money_in_a_box_of_its_own_is_told_apart(desk: Desk) -> None:
    koula = a_box(desk)
    a_gift(desk, 5000)
    done = a_gift(desk, 3000, box=koula)
    assert done.number == "E-2024-C2-A-0001"
    assert desk.ask(balances_on, desk.today) == {CASH: 5000, koula: 3000}
    out = desk.do(
        ledger.transfer,
        request_id=a_request(),
        day=desk.today,
        amount=francs(3000),
        source=koula,
        target=CASH,
    )
    assert (out.number, out.other_number) == ("S-2024-C2-A-0001", "E-2024-571-A-0002")
    assert desk.ask(balances_on, desk.today) == {CASH: 8000}


def test_a_box_is_ended_when_it_is_empty_and_takes_no_more(desk: Desk) -> None:
    koula = a_box(desk)
    a_gift(desk, 3000, box=koula)
    assert koula.box is not None
    assert refused(desk, ledger.end_box, box_id=koula.box).field == "box"
    desk.do(
        ledger.transfer,
        request_id=a_request(),
        day=desk.today,
        amount=francs(3000),
        source=koula,
        target=CASH,
    )
    desk.do(ledger.end_box, box_id=koula.box)
    with pytest.raises(Refusal) as told:
        a_gift(desk, 5, box=koula)
    assert told.value.field == "box"
    assert koula not in {one.place for one in desk.ask(boxes, SENEGAL, "en", day=desk.today)}


def test_a_box_is_renamed_and_given_to_another(desk: Desk) -> None:
    koula = a_box(desk)
    awa = desk.colleagues()[0].id
    assert koula.box is not None
    desk.do(ledger.change_box, box_id=koula.box, name="Koula", holder_id=awa, most=francs(20_000))
    told = next(one for one in desk.ask(boxes, SENEGAL, "en") if one.place == koula)
    assert (told.name, told.holder_id, told.most) == ("Koula", awa, francs(20_000))


def test_what_lies_above_the_limit_is_told(desk: Desk) -> None:
    koula = a_box(desk, most=francs(2000))
    a_gift(desk, 60_000)
    a_gift(desk, 2500, box=koula)
    a_gift(desk, 900_000, box=BANK)
    told = {
        one.box.place: one.too_much.minor
        for one in desk.ask(box_balances, SENEGAL, "en", desk.today)
    }
    # The country's cash_limit is 50 000 francs; a bank has none.
    assert (told[CASH], told[koula], told[BANK]) == (10_000, 500, 0)


def test_a_count_that_agrees_books_nothing(desk: Desk) -> None:
    a_gift(desk, 12_500)
    desk.do(ledger.count_box, request_id=a_request(), pieces={10_000: 1, 500: 5})
    (told,) = desk.ask(counts, SENEGAL, "en", month=Month(2024, 1))
    assert (told.counted, told.difference, told.voucher_number) == (
        francs(12_500),
        francs(0),
        "",
    )
    assert told.pieces == {10_000: 1, 500: 5}
    assert told.signatures == ("Awa",)
    assert told.single_control


def test_a_difference_is_explained_and_is_a_loss(two_people_desk: Desk) -> None:
    desk = two_people_desk
    a_gift(desk, 12_500)
    count: dict[str, Any] = {"request_id": a_request(), "pieces": {10_000: 1, 500: 4}}
    told = refused(desk, ledger.count_box, **count)
    assert (told.field, told.text.values) == ("difference_reason", {"difference": francs(-500)})
    count["difference_reason"] = "a note was torn"
    assert refused(desk, ledger.count_box, **count).field == "second"
    by_two(desk, ledger.count_box, **count)
    assert desk.ask(balance_of, "bad_debt") == 500
    assert desk.ask(held_on, CASH, desk.today) == 12_000
    (kept,) = desk.ask(counts, SENEGAL, "en")
    assert (kept.signatures, kept.voucher_number) == (("Awa", "Bintou"), "S-2024-571-A-0001")
    assert kept.owed_by == ""


def test_what_is_missing_can_be_owed_by_who_held_the_box(desk: Desk) -> None:
    awa = desk.colleagues()[0].id
    a_gift(desk, 12_500)
    desk.do(
        ledger.count_box,
        request_id=a_request(),
        pieces={10_000: 1},
        difference_reason="given as change by mistake",
        owed_by=awa,
    )
    assert desk.ask(by_party, "staff") == {awa: 2500}
    assert [one.owed_by for one in desk.ask(counts, SENEGAL, "en")] == ["Awa"]
    assert desk.ask(control_differences) == {}
    desk.do(
        ledger.receive,
        request_id=a_request(),
        day=desk.today,
        role="staff",
        amount=francs(2500),
        label="Paid back",
        party=awa,
    )
    assert desk.ask(by_party, "staff") == {}


def test_what_is_too_much_is_a_gift(desk: Desk) -> None:
    a_gift(desk, 12_500)
    desk.do(
        ledger.count_box,
        request_id=a_request(),
        pieces={10_000: 1, 500: 6},
        difference_reason="nobody knows",
    )
    assert desk.ask(balance_of, "gift") == -13_000


def test_pieces_this_country_does_not_have_are_refused(desk: Desk) -> None:
    for pieces in ({300: 1}, {500: -1}):
        told = refused(desk, ledger.count_box, request_id=a_request(), pieces=pieces)
        assert told.field == "pieces"


def test_a_statement_of_the_bank_is_read_and_books_nothing(desk: Desk) -> None:
    a_gift(desk, 12_500, box=BANK)
    stated: dict[str, Any] = {"request_id": a_request(), "box": BANK, "stated": francs(12_000)}
    assert refused(desk, ledger.read_statement, **stated).field == "difference_reason"
    desk.do(ledger.read_statement, **stated, difference_reason="the fee of January")
    assert desk.ask(held_on, BANK, desk.today) == 12_500
    (kept,) = desk.ask(counts, SENEGAL, "en")
    assert (kept.difference, kept.pieces) == (francs(-500), {})


# Collecting


def test_a_session_of_a_section_fills_its_own_box(desk: Desk) -> None:
    koula = a_box(desk)
    session_id = desk.do(open_session, place="Marché", box_id=koula.box)
    receipt = a_payment(desk, None, 3100, session_id=session_id)
    desk.do(close_session, session_id=session_id, count=Count({1000: 3, 100: 1}))
    assert desk.ask(balances_on, desk.today) == {koula: 3100}
    assert desk.ask(control_differences) == {}
    desk.do(
        reverse_payment,
        request_id=a_request(),
        payment_id=receipt.payment_id,
        reason="wrong household",
    )
    assert desk.ask(balances_on, desk.today) == {}
    assert desk.ask(control_differences) == {}


def test_a_session_goes_into_no_bank(desk: Desk) -> None:
    bank = a_box(desk, "B2", "bank")
    told = refused(desk, open_session, place="Marché", box_id=bank.box)
    assert told.field == "box"


def test_money_by_bank_goes_into_the_chosen_account(desk: Desk) -> None:
    bank = a_box(desk, "B2", "bank", name="Second account")
    home = a_household(desk, 2)
    pay: dict[str, Any] = {
        "household_id": home.household_id,
        "amount": francs(1700),
        "box_id": bank.box,
    }
    told = refused(desk, contribute, request_id=a_request(), **pay)
    assert told.field == "box"
    desk.do(contribute, request_id=a_request(), means=Means.BANK, **pay)
    assert desk.ask(balances_on, desk.today) == {bank: 1700}


def test_a_slip_is_counted_and_what_is_missing_stays_owed(
    two_people_desk: Desk, clock: SetClock
) -> None:
    desk = two_people_desk
    bintou = desk.colleagues()[1].id
    a_payment(desk, None, 3100, collector_id=bintou)
    clock.set(date(2024, 1, 12))
    a_payment(desk, None, 2100, collector_id=bintou)
    clock.set(date(2024, 1, 16))
    slip: dict[str, Any] = {
        "collector_id": bintou,
        "amount": francs(3500),
        "request_id": a_request(),
    }
    wrong = refused(desk, hand_over_cash, count=Count({1000: 3}), **slip)
    assert wrong.field == "pieces"
    slip["count"] = Count({1000: 3, 500: 1})
    assert refused(desk, hand_over_cash, **slip).field == "difference_reason"
    slip["difference_reason"] = "the rest on Friday"
    assert refused(desk, hand_over_cash, **slip).field == "second"
    by_two(desk, hand_over_cash, **slip)
    (left,) = desk.ask(carried_by, desk.currency, desk.today)
    # The 3 100 of the 10th are handed over, and 400 of the 12th.
    assert (left.name, left.amount, left.since, left.days) == (
        "Bintou",
        francs(1700),
        date(2024, 1, 12),
        4,
    )
    assert desk.ask(by_party, "collector") == {bintou: 1700}
    assert desk.ask(control_differences) == {}


# Money rules


def rules_of(desk: Desk, **told: Any) -> dict[str, Any]:
    return {
        "first_day": desk.today,
        "cash_limit": francs(40_000),
        "double_sign_amount": francs(20_000),
    } | told


def test_a_scheme_sets_its_own_limits_from_a_day_on(two_people_desk: Desk) -> None:
    desk = two_people_desk
    a_gift(desk, 60_000)
    assert refused(desk, ledger.set_money, **rules_of(desk)).field == "second"
    by_two(desk, ledger.set_money, **rules_of(desk))
    (cash,) = [
        one for one in desk.ask(box_balances, SENEGAL, "en", desk.today) if one.box.place == CASH
    ]
    assert cash.too_much == francs(20_000)
    told: dict[str, Any] = {
        "day": desk.today,
        "role": "supplies",
        "label": "Rent",
        "amount": francs(20_001),
    }
    assert refused(desk, ledger.spend, request_id=a_request(), **told).field == "second"
    below = refused(desk, ledger.set_money, **rules_of(desk, cash_limit=francs(-1)))
    assert below.field == "cash_limit"


def test_entry_fees_may_belong_to_the_founding_fund(desk: Desk) -> None:
    desk.do(ledger.set_money, **rules_of(desk, entry_fee_treatment=FeeTreatment.OWN_FUND))
    a_payment(desk, None, 3100)
    assert desk.ask(balance_of, "own_fund") == -1000
    assert desk.ask(balance_of, "entry_fee") == 0


def test_on_the_cash_basis_contributions_are_income_as_they_come(
    desk: Desk, clock: SetClock
) -> None:
    desk.do(ledger.set_money, **rules_of(desk, basis=Basis.CASH))
    home = a_household(desk, 6)
    a_payment(desk, home, 5200)
    assert desk.ask(balance_of, "contribution") == -4200
    assert desk.ask(balance_of, "contrib_advance") == 0
    clock.set(date(2024, 4, 1))
    for month in (1, 2, 3):
        desk.do(run_earnings, month=Month(2024, month))
    # Indicators still know what was earned: cover of March is paid, and nothing more is income.
    with desk.read() as connection:
        earned = connection.exec_driver_sql("SELECT sum(paid) FROM earning").scalar_one()
    assert earned == 4200
    assert desk.ask(balance_of, "contribution") == -4200
    a_payment(desk, home, 2100)
    assert desk.ask(balance_of, "contribution") == -6300
    assert desk.ask(balance_of, "member_receivable") == 0
    assert desk.ask(control_differences) == {}


def test_the_basis_is_chosen_before_the_first_receipt(desk: Desk) -> None:
    a_payment(desk, None, 3100)
    assert refused(desk, ledger.set_money, **rules_of(desk, basis=Basis.CASH)).field == "basis"


def test_a_cancelled_receipt_of_a_collector_is_no_longer_carried(desk: Desk) -> None:
    awa = desk.colleagues()[0].id
    receipt = a_payment(desk, None, 3100, collector_id=awa)
    desk.do(reverse_payment, request_id=a_request(), payment_id=receipt.payment_id, reason="twice")
    assert desk.ask(carried_by, desk.currency, desk.today) == ()
    assert desk.ask(by_party, "collector") == {}
    assert Line("collector", 3100, party=awa).box is None
