"""Statements on paper and in workbooks, their figures reckoned by hand."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import pairwise
from typing import Any

import openpyxl
import pypdfium2

from stepdesk.countries import country
from stepdesk.ledger.papers import (
    account_list,
    carried_list,
    cash_book_list,
    count_list,
    count_pdf,
    journal_list,
    voucher_pdf,
)
from stepdesk.ledger.terms import (
    AccountLedger,
    Activity,
    BoxCount,
    Carried,
    CashBook,
    CashBookRow,
    CashBox,
    Entry,
    Journal,
    LedgerRow,
    Line,
    Place,
    Voucher,
    VoucherKind,
)
from stepdesk.paper.sheet import Listing
from stepdesk.values.ids import BoxCountId, EntryId, StaffId, VoucherId
from stepdesk.values.month import Month
from tests.ledger.kit import francs

PACK = country("SN")
NOVEMBER = Month(2026, 11)
BOX = CashBox(Place("cash_main"), "571", "Caisse principale")
LONG = "Achat de cahiers de cotisation et de registres pour les sections de Tougouni et Koula"
ID = EntryId(bytes(16))


def cash_row(at: int, came: int, went: int, balance: int, **told: object) -> CashBookRow:
    row = CashBookRow(
        date(2026, 11, 1 + at * 28 // 200),
        f"S-2026-571-A-{at + 1:04d}",
        LONG if at % 7 == 0 else "Transport",
        francs(came),
        francs(went),
        francs(balance),
        "F-12",
        cancelled=False,
        entry_id=ID,
    )
    return replace(row, **told)  # type: ignore[arg-type]


def two_hundred() -> CashBook:
    """100 francs in and 40 out by turns: after 200 lines 10,000 in, 4,000 out."""
    rows, held = [], 5_000
    for at in range(200):
        came, went = (100, 0) if at % 2 == 0 else (0, 40)
        held += came - went
        rows.append(cash_row(at, came, went, held))
    after = francs(11_000)
    return CashBook(
        BOX, NOVEMBER, francs(5_000), tuple(rows), francs(10_000), francs(4_000), after
    )


def pages_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [re.sub(r"\s+", " ", page.get_textpage().get_text_bounded()) for page in document]


def printed(listing: Listing, language: str = "fr") -> list[str]:
    return pages_of(
        listing.pdf(
            language,
            scheme="Mutuelle de Sirakorola",
            practice=False,
            printed_on=date(2026, 12, 1),
        )
    )


def cells(listing: Listing) -> list[tuple[object, ...]]:
    made = openpyxl.load_workbook(BytesIO(listing.xlsx("en", practice=False)))
    sheet = made[made.sheetnames[0]]
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def test_each_page_of_a_cash_book_carries_its_sums_to_the_next() -> None:
    pages = printed(cash_book_list(two_hundred(), "en"), "en")
    assert len(pages) > 3
    for first, second in pairwise(pages):
        ends = re.findall(r"Carried forward ([\d,]+) ([\d,]+) ([\d,]+)", first)
        begins = re.findall(r"Carried forward ([\d,]+) ([\d,]+) ([\d,]+)", second)
        assert ends[-1] == begins[0]
        came, went, left = (int(one.replace(",", "")) for one in ends[-1])
        assert 5_000 + came - went == left
    assert "Total 10,000 4,000 11,000" in pages[-1]


def test_a_cash_book_of_one_page_carries_nothing() -> None:
    book = replace(two_hundred(), rows=two_hundred().rows[:3])
    assert "Carried forward" not in " ".join(printed(cash_book_list(book, "en"), "en"))


def test_the_workbook_of_a_cash_book_has_its_opening_each_line_and_the_sums() -> None:
    rows = cells(cash_book_list(two_hundred(), "en"))
    assert len(rows) == 1 + 1 + 200 + 1
    assert rows[0] == ("Date", "Voucher", "Text", "Paper", "In", "Out", "Balance")
    assert rows[1][2:] == ("Brought forward", None, None, None, 5_000)
    assert rows[2][1:] == ("S-2026-571-A-0001", LONG, "F-12", 100, None, 5_100)
    assert rows[-1][4:] == (10_000, 4_000, 11_000)


def test_a_cash_book_of_one_activity_shows_no_balance_and_says_so_on_each_page() -> None:
    """After 200 lines 10,000 in and 4,000 out: 6,000 more, whatever lies in the box."""
    book = replace(two_hundred(), activity=Activity.PROJECT)
    listing = cash_book_list(book, "en")
    rows = cells(listing)
    assert rows[0] == ("Date", "Voucher", "Text (Project alone)", "Paper", "In", "Out")
    assert rows[1][1:] == ("S-2026-571-A-0001", LONG, "F-12", 100, None)
    assert [row[2:] for row in rows[-2:]] == [
        ("Total", None, 10_000, 4_000),
        ("In less out", None, 6_000, None),
    ]
    pages = printed(listing, "en")
    heading = "Cash book of Caisse principale, November 2026: Project alone"
    assert heading in pages[0]
    assert all("(Project alone)" in page for page in pages)
    assert "Only the activity: Project" in pages[0]
    assert "what lies in the box is told by its whole book" in pages[0]
    text = " ".join(pages)
    assert "Brought forward" not in text
    assert "11,000" not in text
    assert "5,000" not in text.split("Total")[1]
    for first, second in pairwise(pages):
        ends = re.findall(r"Carried forward ([\d,]+) ([\d,]+)", first)
        assert ends[-1] == re.findall(r"Carried forward ([\d,]+) ([\d,]+)", second)[0]


def test_what_an_activity_spent_more_than_it_took_stands_on_the_other_side() -> None:
    book = replace(
        two_hundred(),
        rows=(cash_row(1, 0, 40, 4_960),),
        came_in=francs(0),
        went_out=francs(40),
        activity=Activity.PROJECT,
    )
    assert cells(cash_book_list(book, "en"))[-1][2:] == ("In less out", None, None, 40)


def test_a_cancelled_line_says_so() -> None:
    book = replace(two_hundred(), rows=(cash_row(1, 0, 40, 4_960, cancelled=True),))
    assert cells(cash_book_list(book, "en"))[2][2] == "Transport (cancelled)"


def test_a_journal_has_a_row_for_each_line_and_both_sums() -> None:
    entry = Entry(
        ID,
        "CA-2026-11-A-0001",
        "P16",
        Journal.CASH,
        date(2026, 11, 23),
        NOVEMBER,
        (Line("supplies", 2_500), Line("cash_main", -2_500)),
        "Cahiers",
    )
    listing = journal_list(
        [entry], PACK, "en", first=NOVEMBER.first, last=NOVEMBER.last, kind=Journal.CASH
    )
    rows = cells(listing)
    assert [row[5:] for row in rows[1:]] == [(2_500, None), (None, 2_500), (2_500, 2_500)]
    assert rows[1][2] == PACK.chart["supplies"].number
    assert rows[2][2] == PACK.chart["cash_main"].number


def test_an_entry_without_words_of_its_own_is_told_by_its_rule() -> None:
    lines = (Line("cash_main", 1_400), Line("contrib_advance", -1_400))
    told = (ID, "CO-2026-11-A-0001", "P02", Journal.CONTRIBUTIONS, date(2026, 11, 23), NOVEMBER)
    listing = journal_list(
        [Entry(*told, lines)], PACK, "en", first=NOVEMBER.first, last=NOVEMBER.last
    )
    assert [row[4] for row in cells(listing)[1:3]] == ["Receipt: contributions"] * 2


def test_an_account_is_printed_with_what_it_held_before_and_after() -> None:
    row = LedgerRow(
        date(2026, 11, 23),
        "CA-2026-11-A-0001",
        "Cahiers",
        francs(0),
        francs(2_500),
        francs(7_500),
        None,
        Activity.HEALTH,
        ID,
    )
    ledger = AccountLedger("cash_main", "571", francs(10_000), (row,), francs(7_500))
    first, last = NOVEMBER.first, NOVEMBER.last
    rows = cells(account_list(ledger, "Cash", "en", first=first, last=last))
    assert [tuple(one[3:]) for one in rows[1:]] == [
        (None, None, 10_000),
        (None, 2_500, 7_500),
        (0, 2_500, 7_500),
    ]


def test_what_collectors_carry_is_summed() -> None:
    awa = Carried(StaffId(bytes(16)), "Awa", francs(6_000), date(2026, 11, 20), 3)
    rows = cells(
        carried_list([awa, replace(awa, amount=francs(500))], date(2026, 11, 23), PACK.currency)
    )
    assert rows[-1] == ("Total", None, None, 6_500)


def counted() -> BoxCount:
    return BoxCount(
        BoxCountId(bytes(16)),
        BOX,
        date(2026, 11, 23),
        francs(27_000),
        francs(27_200),
        {10_000: 2, 5_000: 1, 500: 4},
        "Erreur de rendu de monnaie",
        ("Awa Konaté", "Moussa Diop"),
        single_control=False,
        voucher_number="S-2026-571-A-0003",
    )


def test_a_count_sheet_shows_each_note_and_why_it_differs() -> None:
    (page,) = pages_of(count_pdf(counted(), PACK.coins, "en", scheme="Sirakorola", practice=False))
    assert "10,000 2 20,000" in page
    assert "By the books 27,200" in page
    assert "Difference -200" in page or "Difference −200" in page
    assert "Erreur de rendu de monnaie" in page
    assert "Twenty-seven thousand" in page
    assert "Moussa Diop" in page
    rows = cells(count_list(counted(), PACK.coins, "en"))
    assert (10_000, 2, 20_000) in rows
    assert ("Difference", None, -200) in rows


def test_a_count_sheet_names_who_replaces_what_is_missing() -> None:
    """200 are missing; a loss is the scheme's; what agrees or is too much is replaced by nobody."""

    def page(**told: Any) -> str:
        count = replace(counted(), **told)
        (only,) = pages_of(count_pdf(count, PACK.coins, "en", scheme="Sirakorola", practice=False))
        return only

    assert "Who replaces what is missing Awa Konaté" in page(owed_by="Awa Konaté")
    assert "Who replaces what is missing Nobody: a loss of the scheme" in page()
    assert "Who replaces" not in page(counted=francs(27_300))


def test_a_count_sheet_shows_what_open_sessions_took_along() -> None:
    """The books say 28,200; 1,000 of them are in a bag, so 27,200 should lie there."""
    count = replace(counted(), floats=francs(1_000))
    (page,) = pages_of(count_pdf(count, PACK.coins, "en", scheme="Sirakorola", practice=False))
    assert "By the books 28,200" in page
    assert "With open collection sessions, as float" in page
    assert cells(count_list(count, PACK.coins, "en"))[-4:-1] == [
        ("By the books", None, 28_200),
        ("With open collection sessions, as float", None, -1_000),
        ("Difference", None, -200),
    ]


def voucher() -> Voucher:
    return Voucher(
        VoucherId(bytes(16)),
        VoucherKind.EXPENSE,
        "S-2026-571-A-0001",
        "",
        date(2026, 11, 23),
        francs(2_500),
        "supplies",
        LONG,
        "Librairie du Marché",
        "F-118",
        Activity.HEALTH,
        "CA-2026-11-A-0001",
        "Awa Konaté",
        single_control=True,
    )


def test_a_voucher_says_who_got_how_much_in_words_and_what_for() -> None:
    (page,) = pages_of(
        voucher_pdf(voucher(), "Fournitures", "en", scheme="Sirakorola", practice=True)
    )
    for told in (
        "S-2026-571-A-0001",
        "Two thousand five hundred",
        "Librairie du Marché",
        "Fournitures",
        "F-118",
        "TRAINING",
        "one person alone signed",
    ):
        assert told in page


def test_a_cancelled_voucher_names_what_cancelled_it() -> None:
    told = replace(voucher(), cancelled_by="E-2026-571-A-0009")
    (page,) = pages_of(voucher_pdf(told, "", "en", scheme="Sirakorola", practice=False))
    assert "Cancelled by E-2026-571-A-0009" in page
