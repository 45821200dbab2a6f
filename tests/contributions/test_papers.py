import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from stepdesk.contributions.papers import receipt_pdf, session_slip_pdf
from stepdesk.contributions.terms import CollectionSession, Means, Receipt, ReceiptLine, Target
from stepdesk.i18n import Text, speak
from stepdesk.values.ids import HouseholdId, PaymentId, SessionId
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

FRANC = Currency("XOF", 0)
SHILLING = Currency("KES", 2)
NAME = "Aïssatou Ɓooɗo ŋɛɔ"


def francs(amount: int) -> Money:
    return Money(amount, FRANC)


def month_paid(month: Month, amount: Money) -> ReceiptLine:
    return ReceiptLine(Target.DUE, amount, month.first, month.last)


RECEIPT = Receipt(
    payment_id=PaymentId(bytes(16)),
    household_id=HouseholdId(bytes(16)),
    number="R-2026-A-000123",
    code="7K3M9Q",
    scheme="Mutuelle de Thiès-Nord",
    household_number="02-000047-4",
    received_from=NAME,
    section="Keur Issa",
    paid_on=date(2026, 11, 23),
    amount=francs(1_234_567),
    means=Means.CASH,
    lines=(
        ReceiptLine(Target.ENTRY_FEE, francs(1000)),
        month_paid(Month(2026, 11), francs(1_233_067)),
        ReceiptLine(Target.CREDIT, francs(500)),
    ),
    covered_through=date(2026, 11, 30),
    taken_by="Awa Sarr",
    practice=False,
)
SESSION = CollectionSession(
    id=SessionId(bytes(16)),
    place="Marché de Notto",
    day=date(2026, 11, 23),
    collector_id=None,
    collector="Awa Sarr",
    float_amount=francs(5000),
    receipts=2,
    total=francs(3000),
    open=False,
    counted=francs(7500),
    difference_reason="Une pièce perdue",
)


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page, every kind of blank made a plain one."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = []
        for page in document:
            text_page = page.get_textpage()
            texts.append(" ".join(text_page.get_text_bounded().split()))
            text_page.close()
            page.close()
    return texts


def text_of(pdf: bytes) -> str:
    return " ".join(pages_of(pdf))


def has_all(text: str, words: Iterable[str]) -> bool:
    return [word for word in words if word not in text] == []


def test_a_receipt_says_who_paid_what_for_what() -> None:
    text = text_of(receipt_pdf(RECEIPT, "en"))
    assert has_all(
        text,
        [
            "RECEIPT",
            "R-2026-A-000123",
            "02-000047-4",
            NAME,
            "Keur Issa",
            "23 November 2026",
            "1,234,567",
            "One million two hundred and thirty-four thousand five hundred and sixty-seven",
            "Entry fee",
            "Contribution from 1 November 2026 to 30 November 2026",
            "Credit kept",
            "Cash",
            "Check code 7K3M9Q",
            "Awa Sarr",
            "Mutuelle de Thiès-Nord",
        ],
    )
    for unwanted in ("TRAINING", "COPY", "Cancel", "REVERSAL", "single control"):
        assert unwanted not in text


def test_a_french_receipt_writes_its_figures_and_days_the_french_way() -> None:
    text = text_of(receipt_pdf(RECEIPT, "fr"))
    words = "Un million deux cent trente-quatre mille cinq cent soixante-sept F CFA"
    word = speak(Text("RECEIPT"), "fr")
    assert has_all(text, ["1 234 567 F CFA", words, "23 novembre 2026", NAME, word])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_same_receipt_is_the_same_bytes(language: str) -> None:
    assert receipt_pdf(RECEIPT, language) == receipt_pdf(replace(RECEIPT), language)


def test_the_metadata_names_the_receipt_and_the_scheme_but_no_person() -> None:
    with pypdfium2.PdfDocument(receipt_pdf(RECEIPT, "en")) as document:
        told = document.get_metadata_dict()
    assert told["Title"] == "Receipt R-2026-A-000123"
    assert told["Author"] == "Mutuelle de Thiès-Nord"
    assert not [value for value in told.values() if NAME in value or "Sarr" in value]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_practice_receipt_bears_the_practice_word(language: str) -> None:
    text = text_of(receipt_pdf(replace(RECEIPT, practice=True), language))
    assert speak(Text("TRAINING"), language) in text
    assert speak(Text("Paper from a practice book, without value"), language) in text


def test_a_reversal_names_the_receipt_it_cancels_and_why() -> None:
    lines = (ReceiptLine(Target.CREDIT, francs(-500)),)
    reversal = replace(
        RECEIPT,
        reverses="R-2026-A-000122",
        reason="Wrong household",
        amount=francs(-500),
        lines=lines,
    )
    text = text_of(receipt_pdf(reversal, "en"))
    assert has_all(text, ["REVERSAL", "Cancels receipt R-2026-A-000122", "Wrong household"])
    assert has_all(text, ["-500", "Minus five hundred", "Credit kept"])


def test_a_cancelled_receipt_names_what_cancelled_it() -> None:
    text = text_of(receipt_pdf(replace(RECEIPT, reversed_by="R-2026-B-000001"), "en"))
    assert "Cancelled by receipt R-2026-B-000001" in text


def test_a_copy_and_single_control_are_marked() -> None:
    text = text_of(receipt_pdf(replace(RECEIPT, copy=True, single_control=True), "en"))
    assert has_all(text, ["COPY", "Under single control"])


def test_credit_that_pays_is_called_used() -> None:
    receipt = replace(RECEIPT, lines=(ReceiptLine(Target.CREDIT, francs(-500)),))
    assert "Credit used" in text_of(receipt_pdf(receipt, "en"))


def test_many_months_in_a_row_become_one_line() -> None:
    first = Month(2025, 1)
    lines = tuple(month_paid(first.plus(at), francs(100)) for at in range(24))
    text = text_of(receipt_pdf(replace(RECEIPT, lines=lines), "en"))
    assert "Contribution from 1 January 2025 to 31 December 2026 2,400" in text


def test_a_gap_between_months_is_not_joined() -> None:
    months = [Month(2025, 1).plus(at) for at in range(12) if at != 6]
    lines = tuple(month_paid(month, francs(100)) for month in months)
    text = text_of(receipt_pdf(replace(RECEIPT, lines=lines), "en"))
    assert "Contribution from 1 January 2025 to 30 June 2025 600" in text
    assert "Contribution from 1 August 2025 to 31 December 2025 500" in text


def test_many_months_with_gaps_are_told_in_one_line_with_their_count() -> None:
    months = [Month(2025, 1).plus(2 * at) for at in range(30)]
    lines = (
        ReceiptLine(Target.ENTRY_FEE, francs(70)),
        *(month_paid(month, francs(100)) for month in months),
    )
    text = text_of(receipt_pdf(replace(RECEIPT, lines=lines), "en"))
    told = "Entry fee 70 30 contributions between 1 January 2025 and 30 November 2029 3,000"
    assert told in text


def test_cents_stand_in_the_words_as_a_fraction() -> None:
    receipt = replace(RECEIPT, amount=Money(-45, SHILLING), lines=())
    assert "Minus zero and 45/100 KES" in text_of(receipt_pdf(receipt, "en"))


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg is not installed")
def test_the_code_on_a_receipt_holds_number_and_check_code_only(tmp_path: Path) -> None:
    assert read_code(receipt_pdf(RECEIPT, "fr"), tmp_path) == "R-2026-A-000123.7K3M9Q"


def read_code(pdf: bytes, folder: Path) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        bitmap = page.render(scale=3)
        bitmap.to_pil().save(folder / "page.png")
        bitmap.close()
        page.close()
    command = ["zbarimg", "--nodbus", "-q", "--raw", str(folder / "page.png")]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def slip_receipts(count: int) -> list[Receipt]:
    return [
        replace(RECEIPT, number=f"R-2026-A-{at:06d}", amount=francs(1500)) for at in range(count)
    ]


def test_a_slip_sets_what_was_counted_against_what_should_be_there() -> None:
    pdf = session_slip_pdf(
        SESSION, slip_receipts(2), {5000: 1, 500: 5, 100: 0}, "en", printed_on=date(2026, 11, 24)
    )
    text = text_of(pdf)
    assert has_all(
        text,
        [
            "Marché de Notto",
            "R-2026-A-000000",
            "R-2026-A-000001",
            "Float at the start 5,000",
            "Should be there 8,000",
            "Counted 7,500",
            "Difference -500",
            "500 × 5 2,500",
            "Une pièce perdue",
            NAME,
            "Printed on 24 November 2026",
            "Page 1 of 1",
        ],
    )
    assert "× 0" not in text


@pytest.mark.parametrize("count", [0, 1, 14, 15, 16, 17, 29, 30, 31, 32, 90])
def test_each_receipt_stands_once_on_each_of_the_two_slips(count: int) -> None:
    pdf = session_slip_pdf(SESSION, slip_receipts(count), {5: 1}, "fr", scheme="Mutuelle")
    text = text_of(pdf)
    assert [text.count(f"R-2026-A-{at:06d}") for at in range(count)] == [2] * count
    assert pdf == session_slip_pdf(SESSION, slip_receipts(count), {5: 1}, "fr", scheme="Mutuelle")


def test_a_slip_tells_the_leaf_beside_the_number() -> None:
    first, second = slip_receipts(2)
    told = [replace(first, leaf="0147-23"), second]
    text = text_of(session_slip_pdf(SESSION, told, {}, "en"))
    assert "R-2026-A-000000 0147-23 02-000047-4" in text
    assert "R-2026-A-000001 02-000047-4" in text


def test_a_slip_names_who_answers_for_the_bag() -> None:
    nobody = replace(SESSION, collector="", carrier="Bintou Ba")
    assert "Bintou Ba" in text_of(session_slip_pdf(nobody, [], {}, "en"))


def test_an_uncounted_session_has_no_difference() -> None:
    text = text_of(session_slip_pdf(replace(SESSION, counted=None), [], {}, "en"))
    assert has_all(text, ["Counted –", "Difference –"])


def test_each_page_of_a_practice_slip_bears_the_practice_word() -> None:
    receipts = [replace(receipt, practice=True) for receipt in slip_receipts(40)]
    pages = pages_of(session_slip_pdf(SESSION, receipts, {5: 1}, "en"))
    assert ["TRAINING" in page for page in pages] == [True] * 4


def test_the_slip_comes_in_two_copies_one_for_each_who_signs() -> None:
    pages = pages_of(session_slip_pdf(SESSION, slip_receipts(40), {5: 1}, "en"))
    first, second = "For the collector", "For the person who received the money"
    assert [(first in page, second in page) for page in pages] == [
        *((True, False), (True, False)),
        *((False, True), (False, True)),
    ]
    assert ["Page 1 of 2" in page for page in pages] == [True, False, True, False]
    signed = "Signature of the person who received the money"
    assert [signed in page for page in pages] == [False, True, False, True]
