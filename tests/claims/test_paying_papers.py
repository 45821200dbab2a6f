"""Papers of payments read back as text, and what they are made of. A consultation pays 450."""

from dataclasses import replace
from datetime import date
from typing import Any

from stepdesk.benefits.terms import Payment
from stepdesk.claims import queries
from stepdesk.claims.papers import (
    benefits_list,
    delays_list,
    member_voucher_pdf,
    mirror_pdf,
    payment_order_pdf,
    reasons_list,
    recoveries_list,
    reimbursements_list,
)
from stepdesk.claims.service import (
    approve_payment,
    decide_claim,
    order_payment,
    pay_deposit,
    pay_provider,
    prepare_payment,
    reimburse_member,
)
from stepdesk.claims.terms import PaymentBatch
from stepdesk.paper.sheet import Cell, Listing
from stepdesk.paper.table import Band
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.month import Month
from tests.builders import a_request
from tests.claims.kit import Care, a_batch, a_care, a_claim, francs
from tests.claims.test_papers import texts
from tests.claims.test_paying import CASH, decided_anew
from tests.claims.test_paying_members import asked_back

JANUARY = Month(2024, 1)
SHEET: dict[str, Any] = {"scheme": "Mutuelle de Koula", "practice": True}


def a_month(desk: Desk, clock: SetClock) -> Care:
    """Six certificates of two invoices, of 7 and 9 January; paracetamol costs 20 where 15 are agreed."""
    care = a_care(desk)
    for at, day in enumerate((7, 9)):
        clock.set(date(2024, 1, day))
        batch = a_batch(desk, care, invoice=f"{at + 17}/24")
        for nth in range(3):
            claim = a_claim(
                desk,
                care,
                batch,
                care.line("C"),
                care.line("P", 20, 20),
                at=nth,
                certificate=f"{at}{nth:03d}",
                diagnosis="malaria",
            )
            desk.do(decide_claim, claim_id=claim)
    clock.set(date(2024, 1, 10))
    return care


def cells(listing: Listing) -> list[list[Cell]]:
    return [list(row) for row in listing.rows if not isinstance(row, Band)]


def ordered(desk: Desk, care: Care, **told: Any) -> PaymentBatch:
    batch = desk.do(prepare_payment, request_id=a_request(), provider_id=care.provider_id, **told)
    desk.do(approve_payment, batch_id=batch.id)
    return desk.do(order_payment, batch_id=batch.id, place=CASH)


def test_the_order_lists_claims_by_invoice_and_is_signed_by_two(
    desk: Desk, clock: SetClock
) -> None:
    care = a_month(desk, clock)
    desk.do(
        pay_deposit,
        request_id=a_request(),
        provider_id=care.provider_id,
        amount=francs(desk, 500),
        place=CASH,
        label="Deposit",
    )
    batch = ordered(desk, care, set_off=francs(desk, 50))
    (page,) = texts(payment_order_pdf(batch, "en", **SHEET))
    # 450 and 225 for each of the six; 50 less.
    assert "BP-2024-01-KOULA" in page
    assert page.index("Invoice 17/24") < page.index("0000") < page.index("Invoice 18/24")
    for told in ("4,050", "-50", "4,000", "Approved by the treasurer", "CS Koula"):
        assert told in page, told
    assert "malaria" not in page


def test_a_long_order_goes_over_pages_and_the_sums_stand_on_the_last(
    desk: Desk, clock: SetClock
) -> None:
    batch = ordered(desk, a_month(desk, clock))
    long = replace(batch, lines=batch.lines * 20)
    pages = texts(payment_order_pdf(long, "fr", **SHEET))
    # 160 rows of 13 points: 45 under the head, 55 on each page after it, five with the sums.
    assert len(pages) == 4
    assert sum(page.count("C-2024-A-") for page in pages) == 120
    assert pages[-1].index("4 050") > pages[-1].index("C-2024-A-000006")


def test_a_reimbursement_is_signed_by_who_takes_it(desk: Desk) -> None:
    care = a_care(desk, rules={"C": {"payment": Payment.BOTH}})
    asked_back(desk, care, care.line("C", 1, 700))
    told = desk.do(
        reimburse_member,
        request_id=a_request(),
        household_id=care.home.household_id,
        receiver="Awa Diop",
    )
    (page,) = texts(member_voucher_pdf(told, "en", **SHEET))
    for words in ("M-2024-A-000001", "Awa Diop", "700", "450", "C-2024-A-000001", "thumbprint"):
        assert words in page, words


def test_the_register_holds_every_claim_of_the_month_with_its_sums(
    desk: Desk, clock: SetClock
) -> None:
    care = a_month(desk, clock)
    a_claim(desk, care, a_batch(desk, care), care.line("A"))
    done = desk.do(
        pay_provider, request_id=a_request(), provider_id=care.provider_id, most=francs(desk, 700)
    )
    rows = desk.ask(queries.register_of_benefits, JANUARY, desk.currency)
    first, last = rows[0], rows[-1]
    assert (first.services, first.claimed, first.approved, first.patient) == (
        "C P",
        francs(desk, 1000),
        francs(desk, 675),
        francs(desk, 225),
    )
    assert (first.outcome, first.codes, first.paid_on, first.payment) == (
        "APPROVED",
        "RT02",
        date(2024, 1, 10),
        done.batch,
    )
    assert (last.outcome, last.payment, last.claimed) == ("RECEIVED", "", francs(desk, 900))
    listing = benefits_list(rows, JANUARY, desk.currency)
    assert cells(listing)[-1][6:9] == [francs(desk, 6900), francs(desk, 4050), francs(desk, 1350)]
    pages = texts(listing.pdf("fr", printed_on=desk.today, **SHEET))
    assert "C-2024-A-000001" in pages[0]
    assert listing.xlsx("fr", practice=True)[:2] == b"PK"
    assert desk.ask(queries.register_of_benefits, Month(2024, 2), desk.currency) == ()


def test_every_reason_counts_with_its_own_amount(desk: Desk, clock: SetClock) -> None:
    care = a_month(desk, clock)
    batch = a_batch(desk, care)
    claim = a_claim(desk, care, batch, care.line("GLAS", 1, 9000))
    desk.do(decide_claim, claim_id=claim)
    told = desk.ask(queries.reasons_of, JANUARY, JANUARY, desk.currency)
    # 6 times 20 tablets at 5 above the list; glasses are not in the package.
    found = {one.code: (one.lines, one.amount.minor) for one in told}
    assert found == {"RT02": (6, 600), "RB01": (1, 9000)}
    assert [one.code for one in told] == ["RB01", "RT02"]
    pages = texts(reasons_list(told, JANUARY, JANUARY).pdf("en", printed_on=desk.today, **SHEET))
    assert "9,000" in pages[0]


def test_a_provider_sees_its_year_and_nobodys_name(desk: Desk, clock: SetClock) -> None:
    care = a_month(desk, clock)
    desk.do(
        pay_provider, request_id=a_request(), provider_id=care.provider_id, most=francs(desk, 2100)
    )
    told = desk.ask(queries.mirror_of, care.provider_id, JANUARY, desk.currency, day=desk.today)
    month = told.months[-1]
    assert (month.claims, month.claimed, month.approved, month.patients, month.refused) == (
        6,
        francs(desk, 6000),
        francs(desk, 4050),
        francs(desk, 1350),
        francs(desk, 600),
    )
    # The three of 7 January were paid after three days.
    assert (month.paid, month.delay) == (francs(desk, 2025), 3)
    assert [one.claims for one in told.months[:-1]] == [0] * 11
    assert told.delay is not None
    assert (told.delay.oldest_days, told.delay.owed) == (1, francs(desk, 2025))
    (page,) = texts(mirror_pdf(told, "en", **SHEET))
    for words in ("CS Koula", "6,000", "RT02", "waits for 1 day"):
        assert words in page, words
    for name in ("Diop", "Ndiaye", "Awa", "malaria"):
        assert name not in page


def test_the_lists_of_those_who_wait_and_owe(desk: Desk) -> None:
    care = a_care(desk, rules={"C": {"payment": Payment.BOTH}})
    asked_back(desk, care)
    claim = a_claim(desk, care, a_batch(desk, care), care.line("A"), at=1)
    desk.do(decide_claim, claim_id=claim)
    owed = delays_list(desk.ask(queries.delays, desk.currency, desk.today), desk.today)
    (row,) = cells(owed)
    assert row[:3] == ["CS Koula", francs(desk, 675), 1]
    (reimbursement,) = cells(
        reimbursements_list(
            desk.ask(queries.reimbursements_owed, desk.currency, desk.today), desk.today
        )
    )
    assert reimbursement[2:] == [1, desk.today, 0, None, francs(desk, 450)]
    desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    decided_anew(desk, claim, care.provider_id, 600)
    (back,) = cells(recoveries_list(desk.ask(queries.recoveries, desk.currency), desk.today))
    assert back[:2] == ["CS Koula", "C-2024-A-000002"]
    assert back[4] == francs(desk, 75)
