"""Vouchers of the treasurer: what may leave a box, numbers without gaps, cancelling."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from stepdesk.contributions.service import close_session, open_session, reverse_payment
from stepdesk.contributions.terms import Count
from stepdesk.countries import country
from stepdesk.errors import Caution, Refusal
from stepdesk.ledger import service as ledger
from stepdesk.ledger.queries import (
    balance_of,
    balances_on,
    box_at,
    by_party,
    cash_book,
    entry_of,
    held_on,
    open_bills,
    unbalanced,
    voucher_gaps,
    voucher_of_number,
    vouchers,
)
from stepdesk.ledger.terms import Activity, Booked, Journal, Line, Opened, Place
from stepdesk.members.terms import Registered
from stepdesk.payers import service as payers
from stepdesk.payers.terms import PayerKind
from stepdesk.providers.service import add_provider
from stepdesk.providers.terms import Kind
from stepdesk.reports.queries import control_differences
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.care import Level
from stepdesk.values.ids import BoxId, VoucherId
from stepdesk.values.month import Month
from tests.builders import a_household, a_payment, a_request
from tests.ledger.kit import BANK, CASH, MOMO, a_gift, an_expense, by_two, francs, refused

JANUARY = Month(2024, 1)
SENEGAL = country("SN")


def test_an_expense_has_a_number_of_its_box_and_year(desk: Desk) -> None:
    assert a_gift(desk, 9000).number == "E-2024-571-A-0001"
    first = an_expense(desk, 500, payee="Awa Fall", piece="F 12")
    second = an_expense(desk, 700)
    assert (first.number, second.number) == ("S-2024-571-A-0001", "S-2024-571-A-0002")
    told = desk.ask(voucher_of_number, SENEGAL, "s-2024-571-a-0001")
    assert told is not None
    assert (told.payee, told.piece, told.label, told.role) == (
        "Awa Fall",
        "F 12",
        "Notebooks",
        "supplies",
    )
    assert desk.ask(entry_of, first.entry_id).lines == (
        Line("supplies", 500),
        Line("cash_main", -500),
    )
    assert desk.ask(voucher_gaps) == ()


def test_the_same_request_twice_is_one_voucher(desk: Desk) -> None:
    request = a_request()
    told: dict[str, Any] = {
        "request_id": request,
        "day": desk.today,
        "role": "gift",
        "label": "Gift",
    }
    first = desk.do(ledger.receive, amount=francs(900), **told)
    assert desk.do(ledger.receive, amount=francs(900), **told) == first
    assert desk.ask(balance_of, "cash_main") == 900


def test_no_expense_beyond_what_the_box_held_on_that_day(desk: Desk, clock: SetClock) -> None:
    clock.set(date(2024, 1, 20))
    a_gift(desk, 5000, day=date(2024, 1, 15))
    told = refused(
        desk,
        ledger.spend,
        request_id=a_request(),
        day=date(2024, 1, 12),
        role="supplies",
        amount=francs(100),
        label="Notebooks",
    )
    assert (told.field, told.text.values) == (
        "amount",
        {"day": date(2024, 1, 12), "held": francs(0)},
    )
    an_expense(desk, 5000, day=date(2024, 1, 15))


def test_no_expense_that_empties_the_box_for_one_of_a_later_day(
    desk: Desk, clock: SetClock
) -> None:
    clock.set(date(2024, 1, 20))
    a_gift(desk, 5000, day=date(2024, 1, 2))
    an_expense(desk, 4000, day=date(2024, 1, 18))
    a_gift(desk, 9000, day=date(2024, 1, 19))
    told = refused(
        desk,
        ledger.spend,
        request_id=a_request(),
        day=date(2024, 1, 5),
        role="supplies",
        amount=francs(1500),
        label="Notebooks",
    )
    assert (told.field, told.text.values) == (
        "day",
        {"day": date(2024, 1, 18), "held": francs(1000)},
    )


def test_above_the_limit_and_from_a_bank_two_sign(two_people_desk: Desk) -> None:
    desk = two_people_desk
    a_gift(desk, 300_000)
    a_gift(desk, 300_000, box=BANK)
    an_expense(desk, 100_000)
    told: dict[str, Any] = {"day": desk.today, "role": "supplies", "label": "Rent"}
    # The country's double_sign_amount is 100 000 francs.
    much: dict[str, Any] = {"request_id": a_request(), "amount": francs(100_001), **told}
    assert refused(desk, ledger.spend, **much).field == "second"
    assert not by_two(desk, ledger.spend, **much).single_control
    small: dict[str, Any] = {"request_id": a_request(), "amount": francs(5), "box": BANK, **told}
    assert refused(desk, ledger.spend, **small).field == "second"
    withdrawal: dict[str, Any] = {
        "request_id": a_request(),
        "amount": francs(5),
        "day": desk.today,
    }
    withdrawal |= {"source": BANK, "target": CASH}
    assert refused(desk, ledger.transfer, **withdrawal).field == "second"
    by_two(desk, ledger.transfer, **withdrawal)


def a_bill_of(desk: Desk, amount: int) -> VoucherId:
    bought = desk.do(
        ledger.buy_on_credit,
        request_id=a_request(),
        day=desk.today,
        role="supplies",
        amount=francs(amount),
        label="Paper",
        payee="Papeterie",
    )
    return bought.voucher_id


def test_no_way_out_of_a_box_goes_round_the_second_person(two_people_desk: Desk) -> None:
    """The country's double_sign_amount is 100 000 francs; each verb is told one franc more."""
    desk = two_people_desk
    a_gift(desk, 300_000)
    a_gift(desk, 300_000, box=MOMO)
    payer = desk.do(payers.add_payer, code="COM", name="Commune", kind=PayerKind.COMMUNE)
    more = frozenset({"more_than_open"})
    paid = desk.do(
        payers.receive_from_payer,
        request_id=a_request(),
        payer_id=payer,
        amount=francs(1),
        box="cash_main",
        accepting=more,
    )
    much, day = francs(100_001), {"day": desk.today}
    ways: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        (ledger.spend, {"role": "supplies", "amount": much, "label": "Rent", **day}),
        (ledger.spend, {"role": "supplies", "amount": much, "label": "x", "box": MOMO, **day}),
        (ledger.take_fee, {"amount": much, "label": "Fee", **day}),
        (ledger.transfer, {"amount": much, "source": CASH, "target": MOMO, **day}),
        (ledger.transfer, {"amount": much, "source": MOMO, "target": CASH, **day}),
        (ledger.pay_bill, {"bill_id": a_bill_of(desk, 100_001), "amount": much, **day}),
        # A part of a large bill is a part of a large payment.
        (ledger.pay_bill, {"bill_id": a_bill_of(desk, 100_001), "amount": francs(50), **day}),
        # These take a second person whatever the sum.
        (
            ledger.move_between_activities,
            {
                "amount": francs(5),
                "box": CASH,
                "source": Activity.HEALTH,
                "target": Activity.PROJECT,
                "reason": "lent",
                **day,
            },
        ),
        (
            ledger.book_entry,
            {
                "lines": (Line("supplies", 5), Line("cash_main", -5)),
                "reason": "by hand",
                "accepting": frozenset({"control_account"}),
                **day,
            },
        ),
        (payers.reverse_payer_payment, {"payment_id": paid, "reason": "bounced"}),
        (ledger.count_box, {"pieces": {}, "difference_reason": "stolen"}),
    ]
    for verb, told in ways:
        assert refused(desk, verb, request_id=a_request(), **told).field == "second", told
        by_two(desk, verb, request_id=a_request(), **told)


def test_up_to_the_limit_one_person_pays(two_people_desk: Desk) -> None:
    desk = two_people_desk
    a_gift(desk, 300_000)
    a_gift(desk, 300_000, box=MOMO)
    limit: dict[str, Any] = {"request_id": a_request(), "amount": francs(100_000)}
    desk.do(ledger.take_fee, label="Fee", day=desk.today, **limit)
    bill = a_bill_of(desk, 100_000)
    desk.do(ledger.pay_bill, **(limit | {"request_id": a_request()}), bill_id=bill, day=desk.today)


def test_a_deposit_leaves_one_box_and_comes_into_another(desk: Desk) -> None:
    a_gift(desk, 5000)
    done = desk.do(
        ledger.transfer,
        request_id=a_request(),
        day=desk.today,
        amount=francs(3000),
        source=CASH,
        target=BANK,
        label="Deposit",
    )
    assert (done.number, done.other_number) == ("S-2024-571-A-0001", "E-2024-521-A-0001")
    entry = desk.ask(entry_of, done.entry_id)
    assert (entry.rule, entry.journal) == ("P17", Journal.BANK)
    assert entry.lines == (
        Line("transfer", 3000),
        Line("cash_main", -3000),
        Line("bank", 3000),
        Line("transfer", -3000),
    )
    assert desk.ask(balances_on, desk.today) == {CASH: 2000, BANK: 3000}


def test_what_a_telephone_company_keeps_is_a_service(desk: Desk) -> None:
    a_gift(desk, 5000, box=MOMO)
    done = desk.do(
        ledger.take_fee, request_id=a_request(), day=desk.today, amount=francs(50), label="Fee"
    )
    entry = desk.ask(entry_of, done.entry_id)
    assert (entry.rule, entry.lines) == ("P29", (Line("services", 50), Line("momo", -50)))
    told = refused(
        desk,
        ledger.take_fee,
        request_id=a_request(),
        day=desk.today,
        amount=francs(50),
        label="Fee",
        box=CASH,
    )
    assert told.field == "box"


def test_a_gift_in_kind_moves_no_box(desk: Desk) -> None:
    done = desk.do(
        ledger.give_in_kind,
        request_id=a_request(),
        day=desk.today,
        role="stationery_stock",
        amount=francs(20_000),
        label="50 booklets",
        payee="Commune",
    )
    entry = desk.ask(entry_of, done.entry_id)
    assert entry.lines == (Line("stationery_stock", 20_000), Line("gift", -20_000))
    assert done.number == entry.number


def test_a_bill_is_owed_until_it_is_paid(desk: Desk) -> None:
    a_gift(desk, 9000)
    bill = desk.do(
        ledger.buy_on_credit,
        request_id=a_request(),
        day=desk.today,
        role="supplies",
        amount=francs(4000),
        label="Paper",
        payee="Librairie Sow",
        piece="F 77",
    )
    assert desk.ask(balance_of, "supplier") == -4000
    pay: dict[str, Any] = {"bill_id": bill.voucher_id, "day": desk.today}
    desk.do(ledger.pay_bill, request_id=a_request(), amount=francs(1500), **pay)
    (left,) = desk.ask(open_bills, desk.currency)
    assert (left.owed, left.payee, left.piece) == (francs(2500), "Librairie Sow", "F 77")
    much = refused(desk, ledger.pay_bill, request_id=a_request(), amount=francs(2501), **pay)
    assert (much.field, much.text.values) == ("amount", {"owed": francs(2500)})
    gone = refused(
        desk,
        ledger.cancel_voucher,
        request_id=a_request(),
        voucher_id=bill.voucher_id,
        reason="wrong",
    )
    assert gone.field == "voucher"
    desk.do(ledger.pay_bill, request_id=a_request(), amount=francs(2500), **pay)
    assert desk.ask(open_bills, desk.currency) == ()
    assert desk.ask(balance_of, "supplier") == 0
    assert desk.ask(control_differences) == {}


def test_a_cancelled_voucher_stays_in_sight_with_its_reason(two_people_desk: Desk) -> None:
    desk = two_people_desk
    a_gift(desk, 9000)
    wrong = an_expense(desk, 500)
    told: dict[str, Any] = {"voucher_id": wrong.voucher_id, "reason": "bought by the church"}
    assert refused(desk, ledger.cancel_voucher, request_id=a_request(), **told).field == "second"
    back = by_two(desk, ledger.cancel_voucher, request_id=a_request(), **told)
    assert back.number == "E-2024-571-A-0002"
    assert desk.ask(held_on, CASH, desk.today) == 9000
    entry = desk.ask(entry_of, back.entry_id)
    assert (entry.rule, entry.reverses, entry.reason) == (
        "P30",
        wrong.entry_id,
        "bought by the church",
    )
    newest, first, _ = desk.ask(vouchers, SENEGAL, first=desk.today, last=desk.today)
    assert (first.number, first.cancelled_by) == (wrong.number, back.number)
    assert (newest.number, newest.cancels, newest.reason) == (
        back.number,
        wrong.number,
        "bought by the church",
    )
    for voucher_id in (wrong.voucher_id, back.voucher_id):
        with pytest.raises(Refusal) as again:
            by_two(
                desk,
                ledger.cancel_voucher,
                request_id=a_request(),
                voucher_id=voucher_id,
                reason="again",
            )
        assert again.value.field == "voucher"


def test_a_gift_is_not_cancelled_once_it_was_spent(desk: Desk) -> None:
    gift = a_gift(desk, 9000)
    an_expense(desk, 500)
    told = refused(
        desk,
        ledger.cancel_voucher,
        request_id=a_request(),
        voucher_id=gift.voucher_id,
        reason="twice",
    )
    assert (told.field, told.text.values["held"]) == ("amount", francs(8500))


def test_no_cancelling_takes_out_of_a_box_what_was_spent_since(desk: Desk) -> None:
    opened = desk.do(
        ledger.open_books,
        request_id=a_request(),
        day=date(2024, 1, 1),
        held=(Opened("cash_main", 50_000), Opened("bank", 20_000)),
    )
    written = by_hand(
        desk, Line("momo", 9000), Line("gift", -9000), accepting=frozenset({"control_account"})
    )
    an_expense(desk, 30_000)
    an_expense(desk, 500, box=MOMO)
    for voucher_id, held in ((opened.voucher_id, 20_000), (written.voucher_id, 8500)):
        told = refused(
            desk,
            ledger.cancel_voucher,
            request_id=a_request(),
            voucher_id=voucher_id,
            reason="typed twice",
        )
        assert (told.field, told.text.values["held"]) == ("amount", francs(held))
    assert desk.ask(balances_on, desk.today) == {CASH: 20_000, BANK: 20_000, MOMO: 8500}


def test_a_cancelled_transfer_goes_back_where_it_came_from(desk: Desk) -> None:
    a_gift(desk, 5000)
    done = desk.do(
        ledger.transfer,
        request_id=a_request(),
        day=desk.today,
        amount=francs(3000),
        source=CASH,
        target=BANK,
    )
    back = desk.do(
        ledger.cancel_voucher,
        request_id=a_request(),
        voucher_id=done.voucher_id,
        reason="the bank was closed",
    )
    assert (back.number, back.other_number) == ("S-2024-521-A-0001", "E-2024-571-A-0002")
    assert desk.ask(balances_on, desk.today) == {CASH: 5000}
    assert desk.ask(voucher_gaps) == ()


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"amount": francs(0)}, "amount"),
        ({"amount": francs(-5)}, "amount"),
        ({"amount": francs(10**13)}, "amount"),
        ({"role": "contribution"}, "role"),
        ({"label": "  "}, "label"),
        ({"box": Place("collector")}, "box"),
        ({"box": Place("cash_main", BoxId(b"0" * 16))}, "box"),
        ({"day": date(2024, 1, 11)}, "day"),
        ({"activity": Activity.PROJECT}, "activity"),
    ],
)
def test_an_expense_typed_wrongly_is_refused_beside_its_field(
    desk: Desk, told: dict[str, Any], field: str
) -> None:
    a_gift(desk, 9000)
    wrong: dict[str, Any] = {
        "day": desk.today,
        "role": "supplies",
        "amount": francs(500),
        "label": "Notebooks",
    } | told
    assert refused(desk, ledger.spend, request_id=a_request(), **wrong).field == field
    assert desk.ask(balance_of, "cash_main") == 9000


def test_money_of_an_activity_goes_over_only_when_somebody_says_why(desk: Desk) -> None:
    a_gift(desk, 9000)
    a_gift(desk, 4000, activity=Activity.PROJECT)
    an_expense(desk, 3000, activity=Activity.PROJECT)
    much: dict[str, Any] = {
        "request_id": a_request(),
        "day": desk.today,
        "role": "supplies",
        "label": "Paper",
    }
    much |= {"amount": francs(1001), "activity": Activity.PROJECT}
    told = refused(desk, ledger.spend, **much)
    assert (told.field, told.text.values) == ("activity", {"held": francs(1000)})
    desk.do(
        ledger.move_between_activities,
        request_id=a_request(),
        day=desk.today,
        amount=francs(500),
        box=CASH,
        source=Activity.HEALTH,
        target=Activity.PROJECT,
        reason="the board lends it until May",
    )
    desk.do(ledger.spend, **much)
    assert desk.ask(held_on, CASH, desk.today, Activity.PROJECT) == 499
    assert desk.ask(held_on, CASH, desk.today, Activity.HEALTH) == 8500
    assert desk.ask(balance_of, "transfer") == 0
    assert desk.ask(unbalanced) == []


# By hand


def by_hand(desk: Desk, *lines: Line, **told: Any) -> Booked:
    done: Booked = desk.do(
        ledger.book_entry,
        request_id=a_request(),
        day=desk.today,
        lines=lines,
        **({"reason": "the accountant moves it"} | told),
    )
    return done


def test_lines_of_one_box_are_taken_out_together(desk: Desk) -> None:
    a_gift(desk, 50_000)
    told = refused(
        desk,
        ledger.book_entry,
        request_id=a_request(),
        day=desk.today,
        lines=(Line("cash_main", -30_000), Line("supplies", 60_000), Line("cash_main", -30_000)),
        reason="two sacks of paper",
        accepting=frozenset({"control_account"}),
    )
    assert (told.field, told.text.values["held"]) == ("amount", francs(50_000))


def test_an_entry_by_hand_spends_no_other_activitys_money(desk: Desk) -> None:
    a_gift(desk, 50_000)
    told = refused(
        desk,
        ledger.book_entry,
        request_id=a_request(),
        day=desk.today,
        lines=(Line("supplies", 300), Line("cash_main", -300)),
        reason="seed for the field",
        activity=Activity.PROJECT,
        accepting=frozenset({"control_account"}),
    )
    assert (told.field, told.text.values) == ("activity", {"held": francs(0)})


def test_an_entry_by_hand_stands_in_the_miscellaneous_journal(desk: Desk) -> None:
    by_hand(desk, Line("supplies", 300), Line("travel", -300))
    assert desk.ask(balance_of, "supplies") == 300
    with desk.read() as connection:
        row = connection.exec_driver_sql("SELECT journal, rule, reason FROM entry").one()
    assert tuple(row) == ("OD", "OD", "the accountant moves it")


def test_an_entry_by_hand_needs_a_second_person(two_people_desk: Desk) -> None:
    with pytest.raises(Refusal) as told:
        by_hand(two_people_desk, Line("supplies", 300), Line("travel", -300))
    assert told.value.field == "second"


def test_accounts_that_follow_papers_are_touched_only_when_it_is_said(desk: Desk) -> None:
    a_gift(desk, 900)
    lines = (Line("supplies", 300), Line("cash_main", -300))
    with pytest.raises(Caution) as doubted:
        by_hand(desk, *lines)
    (doubt,) = doubted.value.doubts
    assert (doubt.name, doubt.text.values) == ("control_account", {"accounts": "571"})
    by_hand(desk, *lines, accepting=frozenset({"control_account"}))
    assert desk.ask(balance_of, "cash_main") == 600


@pytest.mark.parametrize(
    ("lines", "told", "field"),
    [
        ((Line("supplies", 300), Line("travel", -200)), {}, "lines"),
        ((Line("supplies", 300), Line("travel", -300), Line("taxes", 0)), {}, "lines"),
        ((), {}, "lines"),
        ((Line("supplies", 300), Line("nothing", -300)), {}, "lines"),
        ((Line("supplies", 300), Line("travel", -300)), {"reason": " "}, "reason"),
        ((Line("supplies", 300), Line("supplier", -300)), {}, "lines"),
        ((Line("supplies", 300), Line("cash_main", -300)), {}, "amount"),
    ],
)
def test_an_entry_by_hand_that_cannot_be_is_refused(
    desk: Desk, lines: tuple[Line, ...], told: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refusal) as wrong:
        by_hand(desk, *lines, **({"accepting": frozenset({"control_account"})} | told))
    assert wrong.value.field == field


# Opening


def test_a_scheme_that_lives_brings_in_what_it_has_and_owes(desk: Desk) -> None:
    home = a_household(desk, 2)
    done = desk.do(
        ledger.open_books,
        request_id=a_request(),
        day=date(2024, 1, 1),
        held=(
            Opened("cash_main", 80_000),
            Opened("bank", 150_000),
            Opened("member_receivable", 4200, party=home.household_id),
            Opened("reserve_mandatory", -50_000),
            Opened("unearned", -30_000),
            Opened("loan", -100_000),
        ),
        reason="balance sheet of 31 December",
    )
    # 234 200 held and owed to the scheme, less 180 000, is the surplus of earlier years.
    assert desk.ask(balance_of, "retained_plus") == -54_200
    assert desk.ask(entry_of, done.entry_id).journal is Journal.OPENING
    assert desk.ask(by_party, "member_receivable") == {home.household_id: 4200}
    assert desk.ask(control_differences) == {}
    desk.do(
        ledger.receive,
        request_id=a_request(),
        day=desk.today,
        role="member_receivable",
        amount=francs(4200),
        label="Arrears of last year",
        party=home.household_id,
    )
    assert desk.ask(balance_of, "member_receivable") == 0
    assert desk.ask(control_differences) == {}
    assert verify_desk(desk).clean


def test_what_the_scheme_owed_before_the_book_is_paid_off(desk: Desk) -> None:
    provider_id = desk.do(
        add_provider, code="C", name="Centre", level=Level.CENTRE, kind=Kind.PUBLIC
    )
    desk.do(
        ledger.open_books,
        request_id=a_request(),
        day=date(2024, 1, 1),
        held=(
            Opened("cash_main", 80_000),
            Opened("provider_payable", -30_000, party=provider_id),
        ),
    )
    assert desk.ask(control_differences) == {}
    pay: dict[str, Any] = {"day": desk.today, "role": "provider_payable", "label": "Invoices"}
    pay |= {"party": provider_id}
    much = refused(desk, ledger.pay_off, request_id=a_request(), amount=francs(30_001), **pay)
    assert (much.field, much.text.values) == ("amount", {"owed": francs(30_000)})
    nobody = pay | {"party": None, "amount": francs(5), "request_id": a_request()}
    assert refused(desk, ledger.pay_off, **nobody).field == "party"
    desk.do(ledger.pay_off, request_id=a_request(), amount=francs(30_000), **pay)
    assert desk.ask(by_party, "provider_payable") == {}
    assert desk.ask(control_differences) == {}


def test_the_opening_is_written_once_and_corrected_by_cancelling(desk: Desk) -> None:
    told: dict[str, Any] = {"day": date(2024, 1, 1), "held": (Opened("cash_main", 800),)}
    first = desk.do(ledger.open_books, request_id=a_request(), **told)
    assert refused(desk, ledger.open_books, request_id=a_request(), **told).field == "held"
    desk.do(
        ledger.cancel_voucher,
        request_id=a_request(),
        voucher_id=first.voucher_id,
        reason="a bank book was forgotten",
    )
    desk.do(ledger.open_books, request_id=a_request(), **told)
    assert desk.ask(balance_of, "cash_main") == 800


@pytest.mark.parametrize(
    "held",
    [
        (),
        (Opened("supplies", 500),),
        (Opened("nothing", 500),),
        (Opened("cash_main", -500),),
        (Opened("provider_payable", -500),),
        (Opened("member_receivable", 500, party=b"0" * 16),),
    ],
)
def test_an_opening_that_cannot_be_is_refused(desk: Desk, held: tuple[Opened, ...]) -> None:
    told = refused(
        desk, ledger.open_books, request_id=a_request(), day=date(2024, 1, 1), held=held
    )
    assert told.field == "held"


def test_whose_money_it_is_stands_on_every_line_of_an_account_of_persons(desk: Desk) -> None:
    home: Registered = a_household(desk, 2)
    awa = desk.colleagues()[0].id
    a_payment(desk, home, 1700, collector_id=awa)
    assert desk.ask(by_party, "collector") == {awa: 1700}
    assert desk.ask(control_differences) == {}


def test_the_cash_book_tells_each_movement_and_what_lies_after_it(desk: Desk) -> None:
    a_gift(desk, 9000, day=date(2024, 1, 3))
    a_payment(desk, None, 3100)
    an_expense(desk, 500, piece="F 12")
    box = desk.ask(box_at, SENEGAL, CASH)
    assert box is not None
    book = desk.ask(cash_book, SENEGAL, box, JANUARY)
    assert (book.before, book.after) == (francs(0), francs(11_600))
    assert [(row.day.day, row.number, row.balance.minor) for row in book.rows] == [
        (3, "E-2024-571-A-0001", 9000),
        (10, "CO-2024-01-A-0001", 12_100),
        (10, "S-2024-571-A-0001", 11_600),
    ]
    # What stands on the paper behind it; a receipt's own number where no voucher was written.
    assert [row.paper for row in book.rows] == ["", "R-2024-A-000001", "F 12"]


def test_the_cash_book_of_an_activity_tells_its_movements_and_their_sums(desk: Desk) -> None:
    """9,000 of health and 4,000 of a mill lie in one box; 600 are spent of the mill's."""
    mill: dict[str, Any] = {"activity": Activity.INCOME_GENERATING}
    a_gift(desk, 9000, day=date(2024, 1, 3))
    a_gift(desk, 4000, day=date(2024, 1, 4), **mill)
    a_payment(desk, None, 3100)
    an_expense(desk, 600, **mill)
    box = desk.ask(box_at, SENEGAL, CASH)
    assert box is not None
    book = desk.ask(cash_book, SENEGAL, box, JANUARY, activity=Activity.INCOME_GENERATING)
    assert [(row.came_in.minor, row.went_out.minor) for row in book.rows] == [(4000, 0), (0, 600)]
    assert (book.came_in, book.went_out) == (francs(4000), francs(600))
    # What lies in the box is that of all: it is counted as one.
    assert [row.balance.minor for row in book.rows] == [13_000, 15_500]
    assert (book.before, book.after) == (francs(0), francs(15_500))
    by_activity = [desk.ask(cash_book, SENEGAL, box, JANUARY, activity=one) for one in Activity]
    whole = desk.ask(cash_book, SENEGAL, box, JANUARY)
    zero = francs(0)
    assert sum((one.came_in for one in by_activity), zero) == whole.came_in
    assert sum((one.went_out for one in by_activity), zero) == whole.went_out
    none = desk.ask(cash_book, SENEGAL, box, JANUARY, activity=Activity.PROJECT)
    assert (none.rows, none.came_in, none.went_out) == ((), zero, zero)


def test_the_cash_book_names_the_receipt_its_reversal_and_where_was_collected(desk: Desk) -> None:
    receipt = a_payment(desk, None, 3100)
    session_id = desk.do(open_session, place="Market of Koula")
    collected = a_payment(desk, None, 1700, session_id=session_id)
    desk.do(close_session, session_id=session_id, count=Count({100: 17}))
    back = desk.do(
        reverse_payment,
        request_id=a_request(),
        payment_id=receipt.payment_id,
        reason="wrong household",
    )
    box = desk.ask(box_at, SENEGAL, CASH)
    assert box is not None
    rows = desk.ask(cash_book, SENEGAL, box, JANUARY).rows
    assert [(row.paper, row.came_in.minor - row.went_out.minor) for row in rows] == [
        (receipt.number, 3100),
        ("", 1700),
        (back.number, -3100),
    ]
    assert rows[1].said == "Market of Koula"
    assert collected.number not in {row.paper for row in rows}
