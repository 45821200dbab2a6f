import csv
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from stepdesk.errors import Cancelled
from stepdesk.i18n import Text
from stepdesk.paper import sheet
from stepdesk.paper.table import Band
from stepdesk.progress import Progress
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

FRANC = Currency("XOF", 0)
EURO = Currency("EUR", 2)
COLUMNS = ("Number", "Name", "Born", "Paid")
ROWS = (
    ("02-000317-8", "Diop Awa", date(1980, 7, 1), Money(12500, FRANC)),
    ("02-000318-6", "Sow Bintou", None, Money(-350, FRANC)),
)
FORMULAS = ("=1+1", "+221 77 123", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1+1", " =1+1")


class Stopped(Progress):
    """A person who presses Cancel after so many steps."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.left = after

    def step(self, done: int, total: int, text: Text | None = None) -> None:
        self.left -= 1
        if self.left < 0:
            self.cancel()
        super().step(done, total, text)


def opened(book: bytes) -> Worksheet:
    made = openpyxl.load_workbook(BytesIO(book))
    assert len(made.worksheets) == 1
    return made.worksheets[0]


def pages_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def parted(text: bytes, between: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text.decode("utf-8-sig")), delimiter=between))


def test_a_workbook_holds_real_numbers_and_dates() -> None:
    page = opened(sheet.xlsx("Members", COLUMNS, ROWS, "fr"))
    assert page.title == "Members"
    assert list(page.values) == [
        COLUMNS,
        ("02-000317-8", "Diop Awa", datetime(1980, 7, 1), 12500),
        ("02-000318-6", "Sow Bintou", None, -350),
    ]
    assert page["C2"].is_date
    assert page["D2"].number_format == "#,##0"
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:D1"


def test_cents_stay_cents_in_a_workbook() -> None:
    page = opened(
        sheet.xlsx("Members", ["Paid"], [[Money(1205, EURO)], [Money(1200, EURO)]], "fr")
    )
    assert [row[0] for row in page.values] == ["Paid", 12.05, 12]
    assert page["A3"].number_format == "#,##0.00"


@pytest.mark.parametrize("told", FORMULAS)
def test_no_cell_is_ever_a_formula(told: str) -> None:
    page = opened(sheet.xlsx("Members", [told], [[told]], "fr"))
    assert [(cell.value, cell.data_type) for (cell,) in page.rows] == [(told, "s")] * 2
    assert [row[0] for row in parted(sheet.csv("Members", [told], [[told]], "fr"), ";")] == [
        f"'{told}",
        f"'{told}",
    ]


def test_signs_a_workbook_cannot_hold_are_left_out() -> None:
    page = opened(sheet.xlsx("A/B: [x]?*\\", ["A"], [["a\x00b\x1bc <&> \ud800"], ["x\ny"]], "en"))
    assert [row[0] for row in page.values] == ["A", "abc <&> ", "x\ny"]


def test_the_same_rows_give_the_same_bytes() -> None:
    assert sheet.xlsx("M", COLUMNS, ROWS, "fr") == sheet.xlsx("M", COLUMNS, iter(ROWS), "fr")


def test_writing_a_workbook_leaves_no_file_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    tmp_path.chmod(0o500)
    try:
        assert sheet.xlsx("Members", COLUMNS, ROWS, "fr")
    finally:
        tmp_path.chmod(0o700)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("language", "between", "cents"), [("fr", ";", "12,05"), ("en", ",", "12.05")]
)
def test_comma_separated_values_suit_the_spreadsheet_of_the_language(
    language: str, between: str, cents: str
) -> None:
    row = ('Sow; Bintou, "Bi"', 7, date(2026, 3, 1), Month(2026, 2), Money(1205, EURO), None)
    told = sheet.csv("Members", ("A", "B", "C", "D", "E", "F"), [row], language)
    assert told.startswith(b"\xef\xbb\xbf")
    assert parted(told, between)[1] == [row[0], "7", "2026-03-01", "2026-02", cents, ""]


def test_comma_separated_values_have_plain_spaces_for_programs() -> None:
    look = Text("Please look again:")
    two = Text("Cash counted: {amount}", {"amount": Money(1500, FRANC)})
    told = parted(sheet.csv("M", [look, "Awa\u00a0D"], [[two, "à\u00a0Thiès"]], "fr"), ";")
    assert told == [
        ["Veuillez vérifier :", "Awa\u00a0D"],
        ["Caisse comptée : 1 500 F CFA", "à\u00a0Thiès"],
    ]
    page = opened(sheet.xlsx("M", [look], [[two]], "fr"))
    assert [row[0] for row in page.values] == [
        "Veuillez vérifier\u00a0:",
        "Caisse comptée\u00a0: 1\u202f500\u00a0F\u202fCFA",
    ]


def test_a_printed_table_repeats_its_heads_and_counts_its_pages() -> None:
    rows = [(f"02-{at:06d}", f"Diop Awa{at}", date(1980, 7, 1), at) for at in range(150)]
    pages = pages_of(
        sheet.pdf(
            "Members", COLUMNS, rows, "en", scheme="Mutuelle", printed_on=date(2026, 11, 30),
            notes=["All villages"],
        )
    )  # fmt: skip
    assert len(pages) > 2
    assert all("Number Name Born Paid" in page for page in pages)
    assert f"Page 2 of {len(pages)}" in pages[1]
    assert "Printed on 30 November 2026" in pages[0]
    assert "All villages" in pages[0]
    assert "TRAINING" not in pages[0]
    together = " ".join(pages)
    assert [row[1] for row in rows if f"{row[1]} 01/07/1980" not in together] == []


def test_a_printed_table_of_a_practice_book_says_so_on_each_page() -> None:
    rows = [(str(at),) for at in range(100)]
    assert all("FORMATION" not in page for page in pages_of(sheet.pdf("M", ["N"], rows, "en")))
    pages = pages_of(sheet.pdf("M", ["N"], rows, "en", practice=True))
    assert len(pages) > 1
    assert all("TRAINING" in page for page in pages)


def test_a_wide_table_lies_across_and_nothing_of_it_is_cut() -> None:
    columns = [f"Column {at}" for at in range(12)]
    row = [f"word{at} " * (30 if at == 5 else 2) + f"end{at}" for at in range(12)]
    made = sheet.pdf("Wide", columns, [row], "en")
    with pypdfium2.PdfDocument(made) as document:
        width, height = document.get_page_size(0)
    assert width > height
    text = pages_of(made)[0]
    assert [at for at in range(12) if f"end{at}" not in text] == []
    assert text.count("word5") == 30


def test_a_cell_higher_than_a_page_goes_on_upon_the_next() -> None:
    words = [f"word{at:04d}" for at in range(1500)]
    pages = pages_of(sheet.pdf("Long", ["A", "B"], [(" ".join(words), "x")], "en"))
    assert len(pages) > 1
    together = " ".join(pages)
    assert [word for word in words if word not in together] == []


def test_a_band_stands_with_the_row_below_it() -> None:
    rows: list[tuple[str, ...] | Band] = [(f"row{at}",) for at in range(200)]
    rows[1::2] = [Band(f"section{at}") for at in range(100)]
    rows.append(("last",))
    pages = pages_of(sheet.pdf("Bands", ["A"], rows, "en"))
    words = [page.split() for page in pages]
    apart = [
        at
        for at in range(99)
        if [f"section{at}" in page for page in words]
        != [f"row{2 * at + 2}" in page for page in words]
    ]
    assert (len(pages) > 2, apart) == (True, [])
    assert list(opened(sheet.xlsx("B", ["A"], rows, "en")).values)[:3] == [
        ("A",),
        ("row0",),
        ("row2",),
    ]


def test_names_in_letters_the_font_lacks_do_not_stop_the_list() -> None:
    assert sheet.pdf("M", ["Name"], [["محمد ولد أحمد"], ["ߞߎ"], ["名"]], "fr").startswith(b"%PDF")


@pytest.mark.parametrize("make", [sheet.xlsx, sheet.csv, sheet.pdf])
def test_a_list_can_be_stopped(make: object) -> None:
    rows = [(str(at),) for at in range(3000)]
    with pytest.raises(Cancelled):
        make("M", ["N"], rows, "en", progress=Stopped(2))  # type: ignore[operator]


def test_an_empty_list_is_a_page_with_its_heads() -> None:
    assert "Number Name Born Paid" in pages_of(sheet.pdf("M", COLUMNS, [], "en"))[0]
    assert list(opened(sheet.xlsx("M", COLUMNS, [], "en")).values) == [COLUMNS]
