"""Receipts on rolls and four on a sheet; what is an original and what a copy."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from stepdesk.contributions.papers import receipt_pdf, receipts_pdf, roll_dots, roll_pdf
from stepdesk.contributions.service import (
    issue_booklet,
    note_print,
    receipt_to_print,
    receive_booklets,
)
from stepdesk.contributions.terms import Leaf, Means, Receipt, ReceiptLine, Stationery, Target
from stepdesk.paper.page import A4
from stepdesk.paper.thermal import ROLLS, raster
from stepdesk.store.desk import Desk
from stepdesk.store.reading import fetch
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import a_payment
from tests.contributions.test_papers import (
    NAME,
    RECEIPT,
    francs,
    has_all,
    month_paid,
    pages_of,
    text_of,
)

LONG = replace(
    RECEIPT,
    received_from="Mamadou-Bachir El-Hadji Abdoulaye Ousmane Ndiaye-Diatta de Sirakorola",
    amount=francs(123_456_789),
    scheme="Union des mutuelles de santé communautaires de Thiès-Nord",
    leaf="0147-23",
    means=Means.MOBILE,
    reference="PP241123.1623.A12345",
    copy=True,
    copies=2,
    practice=True,
)
D05 = [
    "R-2026-A-000123",
    "23 November 2026",
    "02-000047-4",
    NAME,
    "1,234,567",
    "One million two hundred and thirty-four thousand five hundred and sixty-seven",
    "Entry fee 1,000",
    "Contribution for November 2026 1,233,067",
    "Credit kept 500",
    "Means: Cash",
    "Covered through: 30 November 2026",
    "Taken by: Awa Sarr",
    "7K3M9Q",
    "Signature",
    "Mutuelle de Thiès-Nord",
]


def size_of(pdf: bytes) -> list[tuple[int, int]]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in document]


@pytest.mark.parametrize("width", ["58", "80"])
def test_a_roll_tells_all_a_receipt_must_tell(width: str) -> None:
    pdf = roll_pdf(RECEIPT, ROLLS[width], "en")
    assert has_all(text_of(pdf), D05)
    ((wide, _),) = size_of(pdf)
    assert str(wide) == width


@pytest.mark.parametrize("width", ["58", "80"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_is_cut_on_a_roll_however_long(width: str, language: str) -> None:
    text = text_of(roll_pdf(LONG, ROLLS[width], language))
    assert "…" not in text
    words = ["Sirakorola", "R-2026-A-000123", "0147-23", "A12345", "Thiès-Nord"]
    assert has_all(text, words)
    assert "123456789" in text.replace(",", "").replace(" ", "").replace("\u202f", "")


@pytest.mark.parametrize("width", ["58", "80"])
def test_the_edges_of_a_roll_stay_white(width: str) -> None:
    roll = ROLLS[width]
    told = raster(roll_pdf(replace(LONG, practice=False), roll, "fr"), roll)
    across = roll.dots // 8
    rows = [told.rows[at : at + across] for at in range(0, len(told.rows), across)]
    assert not any(row[0] & 0x80 or row[-1] & 0x01 for row in rows)
    assert any(any(row) for row in rows)


def test_the_test_printers_file_is_the_same_each_time() -> None:
    told = roll_dots(RECEIPT, ROLLS["58"], "fr")
    assert told == roll_dots(replace(RECEIPT), ROLLS["58"], "fr")
    assert told.startswith(b"\x1b@\x1dv0")


@pytest.mark.parametrize("count", [1, 4, 5])
def test_four_receipts_stand_on_a_sheet(count: int) -> None:
    receipts = [replace(RECEIPT, number=f"R-2026-A-{at:06d}") for at in range(count)]
    pdf = receipts_pdf(receipts, "en")
    assert size_of(pdf) == [(210, 297)] * ((count + 3) // 4)
    pages = pages_of(pdf)
    for at, receipt in enumerate(receipts):
        assert pages[at // 4].count(receipt.number) == 1
    assert has_all(pages[0], D05[1:])
    with pytest.raises(ValueError, match="no receipt"):
        receipts_pdf([], "en")


def marks_on(pdf: bytes) -> list[bool]:
    text = text_of(pdf)
    return [word in text for word in ("TRAINING", "COPY no. 2", "On paper 0147-23")]


def test_every_form_bears_the_marks_of_practice_copy_and_leaf() -> None:
    forms = [receipt_pdf(LONG, "en"), receipts_pdf([LONG], "en")]
    forms += [roll_pdf(LONG, roll, "en") for roll in ROLLS.values()]
    assert [marks_on(pdf) for pdf in forms] == [[True] * 3] * 4
    plain = [receipts_pdf([RECEIPT], "en"), roll_pdf(RECEIPT, ROLLS["58"], "en")]
    assert [marks_on(pdf) for pdf in plain] == [[False] * 3] * 2


def test_each_of_four_on_a_sheet_is_marked_alone() -> None:
    text = text_of(receipts_pdf([LONG, RECEIPT, LONG], "en"))
    assert text.count("COPY no. 2") == 2


def lowest(pdf: bytes, word: str) -> float:
    """How far from the foot of the first page the lowest of these words stands, in points."""
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[0].get_textpage()
        found: list[float] = []
        search = text.search(word)
        while (at := search.get_next()) is not None:
            found.append(text.get_charbox(at[0])[1])
        search.close()
        text.close()
    return min(found)


def test_the_longest_receipt_stays_above_the_cut() -> None:
    longest = replace(
        LONG,
        reverses="R-2026-A-000100",
        reversed_by="R-2026-A-000101",
        reason="the household was wrong, " * 9,
        single_control=True,
        lines=tuple(month_paid(Month(2024, 1).plus(2 * at), francs(100)) for at in range(12)),
    )
    for language, word in (("en", "Signature"), ("fr", "Signature")):
        assert lowest(receipts_pdf([longest], language), word) > A4.height / 2


def test_a_reversal_says_so_on_a_roll() -> None:
    told = replace(RECEIPT, reverses="R-2026-A-000100", reason="wrong house", single_control=True)
    text = text_of(roll_pdf(told, ROLLS["58"], "en"))
    wanted = ["REVERSAL", "Cancels receipt R-2026-A-000100", "wrong house", "single control"]
    assert has_all(text, wanted)


def test_money_in_kind_and_fees_have_their_words() -> None:
    lines = (
        ReceiptLine(Target.CARD_FEE, francs(500)),
        ReceiptLine(Target.ASSEMBLY_FEE, francs(300)),
        ReceiptLine(Target.PENALTY, francs(200), date(2026, 10, 1), date(2026, 10, 31)),
        month_paid(Month(2026, 11), francs(100)),
        ReceiptLine(Target.DUE, francs(900), date(2026, 10, 5), date(2026, 11, 4)),
    )
    told = replace(RECEIPT, means=Means.IN_KIND, lines=lines)
    for pdf in (receipt_pdf(told, "en"), roll_pdf(told, ROLLS["80"], "en")):
        assert has_all(
            text_of(pdf),
            [
                "Card fee 500",
                "Assembly fee 300",
                "Penalty for 1 October 2026 to 31 October 2026 200",
                "In kind",
                "Contribution from 5 October 2026 to 4 November 2026 900",
            ],
        )


def test_the_metadata_of_a_roll_names_nobody(tmp_path: Path) -> None:
    del tmp_path
    with pypdfium2.PdfDocument(roll_pdf(RECEIPT, ROLLS["58"], "en")) as document:
        told = document.get_metadata_dict()
    assert told["Title"] == "Receipt R-2026-A-000123"
    assert NAME not in str(told)


def printed(desk: Desk, receipt: Receipt, form: str = "a5") -> tuple[bool, int]:
    told = receipt_to_print(desk, receipt.payment_id)
    note_print(desk, told, form)
    return told.copy, told.copies


def test_the_first_print_is_the_original_and_the_others_are_counted(desk: Desk) -> None:
    receipt, other = a_payment(desk, None, 3100), a_payment(desk, None, 3100)
    assert receipt_to_print(desk, receipt.payment_id) == receipt
    assert [printed(desk, receipt, form) for form in ("a5", "58", "80")] == [
        (False, 0),
        (True, 1),
        (True, 2),
    ]
    assert printed(desk, other) == (False, 0)
    with desk.read() as connection:
        rows = fetch(connection, "SELECT question, subject, answer FROM access ORDER BY n")
    assert [(row.question, row.answer) for row in rows] == [
        ("receipt a5", "original"),
        ("receipt 58", "copy 1"),
        ("receipt 80", "copy 2"),
        ("receipt a5", "original"),
    ]
    assert rows[0].subject == receipt.payment_id


def test_of_a_receipt_written_in_the_field_the_leaf_is_the_original(desk: Desk) -> None:
    (booklet_id,) = desk.do(receive_booklets, kind=Stationery.RECEIPT, first_serial=147)
    desk.do(issue_booklet, booklet_id=booklet_id, collector_id=desk.person.staff_id)
    receipt = a_payment(desk, None, 3100, leaf=Leaf(booklet_id, 1))
    assert [printed(desk, receipt), printed(desk, receipt)] == [(True, 1), (True, 2)]


@pytest.mark.parametrize("width", ROLLS)
def test_a_discount_is_told_on_every_paper(width: str) -> None:
    told = replace(RECEIPT, discount=Money(3300, RECEIPT.amount.currency))
    roll = roll_pdf(told, ROLLS[width], "en")
    for pdf in (receipt_pdf(told, "en"), receipts_pdf([told], "en"), roll):
        assert "A discount of 3,300 F CFA is already taken off." in text_of(pdf)
    assert "discount" not in text_of(receipt_pdf(RECEIPT, "en"))
