"""Each event of a mutual with the entry reckoned by hand. Source: domain handbook 3.3 and GOLDEN 2.4a."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from stepdesk.contributions.service import hand_over_cash, reverse_payment, run_earnings
from stepdesk.ledger import service as ledger
from stepdesk.ledger.queries import journal, unbalanced
from stepdesk.ledger.terms import Activity, Basis, Entry, FeeTreatment, Line, Opened, Place
from stepdesk.payers import service as payers
from stepdesk.payers.terms import PayerKind
from stepdesk.providers.service import add_provider
from stepdesk.providers.terms import Kind
from stepdesk.reports.queries import control_differences
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.care import Level
from stepdesk.values.month import Month
from tests.builders import a_household, a_payment, a_plan, a_request
from tests.ledger.kit import BANK, CASH, MOMO, a_gift, an_expense, francs
from tests.payers.test_service import covered, terms_of

Posted = tuple[str, str, dict[str, int]]


def entries(desk: Desk) -> tuple[Entry, ...]:
    return desk.ask(journal, date(2023, 1, 1), date(2025, 12, 31))


@contextmanager
def booking(desk: Desk) -> Iterator[list[Posted]]:
    """Give what is booked meanwhile: rule, journal, and what each account moved."""
    before = {one.id for one in entries(desk)}
    told: list[Posted] = []
    yield told
    for one in sorted(entries(desk), key=lambda entry: entry.id):
        if one.id not in before:
            assert sum(line.amount for line in one.lines) == 0
            moved: dict[str, int] = {}
            for line in one.lines:
                moved[line.role] = moved.get(line.role, 0) + line.amount
            told.append((one.rule, one.journal.value, moved))


@pytest.fixture(autouse=True)
def _agrees(desk: Desk) -> Iterator[None]:
    """Whatever was booked, the books balance and the lists are what the accounts hold."""
    yield
    assert desk.ask(unbalanced) == []
    assert desk.ask(control_differences) == {}


def test_a_household_from_its_first_receipt_to_its_suspension(desk: Desk, clock: SetClock) -> None:
    """Six persons at 350 with a fee of 1,000: 2,100 a month from February on (GOLDEN 2.4a)."""
    home = a_household(desk, 6, plan_id=a_plan(desk, card_fee=500))
    with booking(desk) as first:
        a_payment(desk, home, 6800)
    # The fee, the card, two months of 2,100 and a credit of 1,100.
    assert first == [
        (
            "P02",
            "CO",
            {"cash_main": 6800, "entry_fee": -1000, "card_sales": -500, "contrib_advance": -5300},
        )
    ]
    clock.set(date(2024, 5, 2))
    with booking(desk) as told:
        for month in (1, 2, 3, 4):
            desk.do(run_earnings, month=Month(2024, month))
    # February and March were paid; April is given in its grace, its 2,100 not paid by 1,100.
    assert told == [
        ("P04", "OD", {"contrib_advance": 2100, "contribution": -2100}),
        ("P04", "OD", {"contrib_advance": 2100, "contribution": -2100}),
        ("P05", "OD", {"member_receivable": 2100, "contribution": -2100}),
    ]
    with booking(desk) as later:
        paid = a_payment(desk, home, 1000)
    # With the credit of 1,100 it pays what is owed of April.
    assert later == [
        ("P06", "CO", {"cash_main": 1000, "contrib_advance": 1100, "member_receivable": -2100})
    ]
    with booking(desk) as back:
        desk.do(
            reverse_payment,
            request_id=a_request(),
            payment_id=paid.payment_id,
            reason="another household's",
        )
    assert back == [
        ("P30", "CO", {"cash_main": -1000, "contrib_advance": -1100, "member_receivable": 2100})
    ]
    clock.set(date(2024, 9, 1))
    with booking(desk) as suspended:
        for month in (5, 6, 7, 8):
            desk.do(run_earnings, month=Month(2024, month))
    # The grace of April ends on 5 May: 5 of 31 days of 2,100 are 339. Behind it nothing is given,
    # and nothing is income (P07).
    assert suspended == [("P05", "OD", {"member_receivable": 339, "contribution": -339})]


def test_money_a_collector_carries_is_handed_over(desk: Desk) -> None:
    awa = desk.colleagues()[0].id
    with booking(desk) as told:
        a_payment(desk, a_household(desk, 2), 1700, collector_id=awa)
        desk.do(hand_over_cash, request_id=a_request(), collector_id=awa, amount=francs(1700))
    assert told == [
        ("P02", "CO", {"collector": 1700, "entry_fee": -1000, "contrib_advance": -700}),
        ("P03", "CA", {"cash_main": 1700, "collector": -1700}),
    ]


def test_a_fee_alone_and_a_fee_of_the_founding_fund(desk: Desk) -> None:
    home = a_household(desk, 6)
    with booking(desk) as told:
        a_payment(desk, home, 1000)
    assert told == [("P01", "CO", {"cash_main": 1000, "entry_fee": -1000})]
    settings: dict[str, Any] = {
        "cash_limit": francs(50_000),
        "double_sign_amount": francs(100_000),
    }
    desk.do(
        ledger.set_money,
        first_day=desk.today,
        entry_fee_treatment=FeeTreatment.OWN_FUND,
        **settings,
    )
    with booking(desk) as fund:
        a_payment(desk, a_household(desk, 1), 1350)
    assert fund == [("P02", "CO", {"cash_main": 1350, "own_fund": -1000, "contrib_advance": -350})]


def test_on_the_cash_basis_a_receipt_is_income_and_the_earning_run_books_nothing(
    desk: Desk, clock: SetClock
) -> None:
    settings: dict[str, Any] = {
        "cash_limit": francs(50_000),
        "double_sign_amount": francs(100_000),
    }
    desk.do(ledger.set_money, first_day=desk.today, basis=Basis.CASH, **settings)
    with booking(desk) as told:
        a_payment(desk, a_household(desk, 6), 5200)
        clock.set(date(2024, 5, 1))
        for month in (1, 2, 3, 4):
            desk.do(run_earnings, month=Month(2024, month))
    assert told == [("P02", "CO", {"cash_main": 5200, "entry_fee": -1000, "contribution": -4200})]


@pytest.mark.parametrize(
    ("on_commitment", "first"),
    [
        # Owed by the payer as cover is given; its money pays that off.
        (True, [("P05", "OD", {"payer_receivable": 700, "contribution_sub": -700})]),
        # Until its money has come, nobody is covered and nothing is earned.
        (False, []),
    ],
)
def test_a_payers_part_on_commitment_and_on_cash(
    desk: Desk, clock: SetClock, on_commitment: bool, first: list[Posted]
) -> None:
    a_plan(desk, entry_fee=0, waiting_months=0)
    payer = desk.do(payers.add_payer, code="COM", name="Commune", kind=PayerKind.COMMUNE)
    agreement = desk.do(
        payers.sign_agreement,
        agreement=terms_of(payer, share=100, on_commitment=on_commitment),
    )
    covered(desk, agreement, a_household(desk, 2).household_id)
    clock.set(date(2024, 3, 1))
    with booking(desk) as told:
        desk.do(run_earnings, month=Month(2024, 1))
        desk.do(run_earnings, month=Month(2024, 2))
    assert told[-1:] == first
    with booking(desk) as came:
        desk.do(
            payers.receive_from_payer,
            request_id=a_request(),
            payer_id=payer,
            amount=francs(700),
            box="bank",
            accepting=frozenset({"more_than_open"}),
        )
    assert came == [("P08", "BQ", {"bank": 700, "payer_receivable": -700})]


def test_expenses_bills_transfers_and_fees(desk: Desk) -> None:
    told: dict[str, Any] = {"day": desk.today}
    a_gift(desk, 500_000)
    with booking(desk) as made:
        spent = an_expense(desk, 2500)
        bill = desk.do(
            ledger.buy_on_credit,
            request_id=a_request(),
            role="computer",
            amount=francs(350_000),
            label="Laptop",
            payee="Dakar Informatique",
            **told,
        )
        part: dict[str, Any] = {"bill_id": bill.voucher_id, "amount": francs(100_000)}
        desk.do(ledger.pay_bill, request_id=a_request(), **part, **told)
        moved: dict[str, Any] = {"source": CASH, "target": MOMO, "amount": francs(50_000)}
        sent = desk.do(ledger.transfer, request_id=a_request(), **moved, **told)
        section: dict[str, Any] = {"source": CASH, "target": Place("cash_section")}
        desk.do(ledger.transfer, request_id=a_request(), amount=francs(900), **section, **told)
        desk.do(ledger.take_fee, request_id=a_request(), amount=francs(150), label="Fee", **told)
    assert made == [
        ("P16", "CA", {"supplies": 2500, "cash_main": -2500}),
        ("P16", "AC", {"computer": 350_000, "supplier": -350_000}),
        ("P16", "CA", {"supplier": 100_000, "cash_main": -100_000}),
        ("P17", "BQ", {"transfer": 0, "cash_main": -50_000, "momo": 50_000}),
        ("P17", "CA", {"transfer": 0, "cash_main": -900, "cash_section": 900}),
        ("P29", "BQ", {"services": 150, "momo": -150}),
    ]
    desk.do(
        ledger.receive,
        request_id=a_request(),
        day=desk.today,
        role="gift",
        amount=francs(200),
        label="To make the transfer whole again",
        box=MOMO,
    )
    with booking(desk) as back:
        for voucher_id in (spent.voucher_id, sent.voucher_id):
            desk.do(
                ledger.cancel_voucher,
                request_id=a_request(),
                voucher_id=voucher_id,
                reason="written twice",
            )
    assert back == [
        ("P30", "CA", {"supplies": -2500, "cash_main": 2500}),
        ("P30", "BQ", {"transfer": 0, "cash_main": 50_000, "momo": -50_000}),
    ]


def test_what_a_count_finds_missing_owed_or_too_much(desk: Desk) -> None:
    a_gift(desk, 50_000)
    awa = desk.colleagues()[0].id
    with booking(desk) as told:
        for pieces, more in (
            ({10_000: 4}, {"difference_reason": "stolen"}),
            ({10_000: 3, 5000: 1}, {"difference_reason": "lent", "owed_by": awa}),
            ({10_000: 4}, {"difference_reason": "a receipt not written"}),
            ({10_000: 4}, {}),
        ):
            desk.do(ledger.count_box, request_id=a_request(), pieces=pieces, **more)
    # 50,000 and 40,000 lie there; then 35,000; then 40,000; then nothing differs.
    assert told == [
        ("P18", "CA", {"bad_debt": 10_000, "cash_main": -10_000}),
        ("P18", "CA", {"staff": 5000, "cash_main": -5000}),
        ("P18", "CA", {"cash_main": 5000, "gift": -5000}),
    ]


def test_grants_gifts_in_kind_other_activities_and_entries_by_hand(desk: Desk) -> None:
    day: dict[str, Any] = {"day": desk.today}
    with booking(desk) as told:
        grant: dict[str, Any] = {"role": "op_subsidy", "amount": francs(80_000), "box": BANK}
        desk.do(ledger.receive, request_id=a_request(), label="Town", **grant, **day)
        kind: dict[str, Any] = {"role": "stationery_stock", "amount": francs(12_000)}
        desk.do(ledger.give_in_kind, request_id=a_request(), label="Booklets", **kind, **day)
        between: dict[str, Any] = {"source": Activity.HEALTH, "target": Activity.PROJECT}
        desk.do(
            ledger.move_between_activities,
            request_id=a_request(),
            amount=francs(30_000),
            box=BANK,
            reason="lent to the field",
            **between,
            **day,
        )
        lines = (Line("travel", 700), Line("supplies", -700))
        desk.do(
            ledger.book_entry, request_id=a_request(), lines=lines, reason="mistyped kind", **day
        )
    assert told == [
        ("P19", "BQ", {"bank": 80_000, "op_subsidy": -80_000}),
        ("P28", "OD", {"stationery_stock": 12_000, "gift": -12_000}),
        ("P17", "BQ", {"transfer": 30_000, "bank": -30_000}),
        ("P17", "BQ", {"bank": 30_000, "transfer": -30_000}),
        ("OD", "OD", {"travel": 700, "supplies": -700}),
    ]


def test_the_opening_balance_sheet_of_a_scheme_that_lives(desk: Desk) -> None:
    """154,000 held less 20,000 unearned, 64,000 of centres and 50,000 of reserves: 20,000 are left."""
    centre = desk.do(add_provider, code="C", name="Centre", level=Level.CENTRE, kind=Kind.PUBLIC)
    held = (
        Opened("cash_main", 34_000),
        Opened("bank", 120_000),
        Opened("provider_payable", -64_000, party=centre),
        Opened("unearned", -20_000),
        Opened("reserve_mandatory", -50_000),
    )
    with booking(desk) as told:
        desk.do(ledger.open_books, request_id=a_request(), day=date(2024, 1, 1), held=held)
        desk.do(
            ledger.pay_off,
            request_id=a_request(),
            day=desk.today,
            role="provider_payable",
            amount=francs(24_000),
            label="Invoices of last year",
            party=centre,
        )
    sheet = {
        "cash_main": 34_000,
        "bank": 120_000,
        "provider_payable": -64_000,
        "unearned": -20_000,
        "reserve_mandatory": -50_000,
        "retained_plus": -20_000,
    }
    assert told == [
        ("AN", "AN", sheet),
        ("P16", "CA", {"provider_payable": 24_000, "cash_main": -24_000}),
    ]
