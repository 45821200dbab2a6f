from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from stepdesk.i18n import Text, speak
from stepdesk.ledger.papers import trial_balance_pdf
from stepdesk.ledger.terms import BalanceRow, CashBookRow, Closing, TrialBalance
from stepdesk.values.ids import ClosingId, EntryId
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

FRANC = Currency("XOF", 0)
MONTH = Month(2026, 11)
NAMES = {"CASH": "Caisse de Ɓooɗo ŋɛɔ", "DUES": "Cotisations"}


def francs(amount: int) -> Money:
    return Money(amount, FRANC)


BALANCE = TrialBalance(
    until=MONTH.last,
    rows=(
        BalanceRow("CASH", "571", francs(1_300_000), francs(65_433)),
        BalanceRow("DUES", "701", francs(0), francs(1_234_567)),
        BalanceRow("BANK", "521", francs(0), francs(0)),
    ),
    debit=francs(1_300_000),
    credit=francs(1_300_000),
)
CLOSING = Closing(
    id=ClosingId(bytes(16)),
    month=MONTH,
    closed_on=date(2026, 12, 4),
    first_signature="Awa Sarr",
    second_signature="Moussa Diop",
    single_control=False,
    cash_counted=francs(77_777),
    fingerprint="V2Y8 QA06 0VCN AC7A HDNM ET54 NV40 R4S8 DHM0 SAHA",
    balance=BALANCE,
)


def balance_pdf(
    balance: TrialBalance = BALANCE,
    *,
    language: str = "en",
    practice: bool = False,
    closing: Closing | None = None,
) -> bytes:
    return trial_balance_pdf(
        balance,
        scheme="Mutuelle de Thiès-Nord",
        month=MONTH,
        language=language,
        account_names=NAMES,
        practice=practice,
        closing=closing,
    )


def pages_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        texts = []
        for page in document:
            text_page = page.get_textpage()
            texts.append(" ".join(text_page.get_text_bounded().split()))
            text_page.close()
            page.close()
    return texts


def test_each_account_stands_with_both_sides_and_its_balance() -> None:
    (text,) = pages_of(balance_pdf())
    assert "571 Caisse de Ɓooɗo ŋɛɔ 1,300,000 65,433 1,234,567" in text
    assert "701 Cotisations 1,234,567 1,234,567" in text
    assert "521 BANK Totals 1,300,000 1,300,000 1,234,567 1,234,567" in text
    assert "Provisional" in text
    assert "TRAINING" not in text


def test_a_french_balance_writes_figures_and_months_the_french_way() -> None:
    (text,) = pages_of(balance_pdf(language="fr"))
    assert "1 300 000 65 433 1 234 567" in text
    assert "novembre 2026" in text
    assert speak(Text("Credit balance"), "fr") in text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_same_balance_is_the_same_bytes(language: str) -> None:
    again = balance_pdf(replace(BALANCE), language=language, closing=replace(CLOSING))
    assert balance_pdf(language=language, closing=CLOSING) == again


def test_a_closed_month_bears_its_signatures_and_fingerprint() -> None:
    (text,) = pages_of(balance_pdf(closing=CLOSING))
    told = ["Awa Sarr", "Moussa Diop", CLOSING.fingerprint, "4 December 2026", "77,777"]
    assert [word for word in told if word not in text] == []
    assert "Provisional" not in text
    assert "single control" not in text


def test_a_month_closed_alone_says_so() -> None:
    closing = replace(CLOSING, second_signature="", single_control=True, cash_counted=None)
    (text,) = pages_of(balance_pdf(closing=closing))
    assert "Under single control" in text
    assert "Second signature" not in text


@pytest.mark.parametrize("count", [0, 1, 25, 26, 35, 36, 37, 38, 39, 40, 41, 120])
def test_each_account_stands_on_one_page_and_the_totals_on_the_last(count: int) -> None:
    rows = tuple(
        BalanceRow("DUES", str(100_000 + at), francs(1), francs(1)) for at in range(count)
    )
    pages = pages_of(balance_pdf(replace(BALANCE, rows=rows), closing=CLOSING, practice=True))
    text = " ".join(pages)
    assert [text.count(row.number) for row in rows] == [1] * count
    assert ["Totals" in page for page in pages] == [False] * (len(pages) - 1) + [True]
    assert all("TRAINING" in page and f"of {len(pages)}" in page for page in pages)


def test_no_person_stands_in_the_metadata() -> None:
    with pypdfium2.PdfDocument(balance_pdf(closing=CLOSING)) as document:
        told = document.get_metadata_dict()
    assert told["Title"] == "Trial balance, November 2026"
    assert told["Author"] == "Mutuelle de Thiès-Nord"
    assert not [value for value in told.values() if "Sarr" in value or "Diop" in value]


@pytest.mark.parametrize(
    ("label", "rule", "wanted"),
    [
        ("Chalk", "P16", "Chalk"),
        ("", "P03", "Collected money handed over"),
        ("", "P11", "Care centre paid"),
        ("", "P99", ""),
    ],
)
def test_a_line_without_words_says_what_happened(label: str, rule: str, wanted: str) -> None:
    zero = francs(0)
    row = CashBookRow(
        date(2024, 1, 3),
        "CA-1",
        label,
        zero,
        zero,
        zero,
        "",
        cancelled=False,
        entry_id=EntryId(b"e"),
        rule=rule,
    )
    told = row.said
    assert (told if isinstance(told, str) else told.message) == wanted
