"""Booklets, receipts as papers, sheets and slips from the command line, on a real book."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from stepdesk.cli import run_command
from stepdesk.contributions.model import hand_over
from stepdesk.contributions.service import issue_booklet, receive_booklets
from stepdesk.contributions.terms import Stationery
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.providers.service import add_provider
from stepdesk.providers.terms import Kind
from stepdesk.store.clock import SetClock
from stepdesk.store.reading import fetch
from stepdesk.values.care import Level
from stepdesk.values.ids import StaffId
from tests.builders import (
    FIRST,
    a_household,
    a_payment,
    a_plan,
    a_request,
    a_section,
    again,
    open_copy,
)

Run = Callable[..., tuple[int, dict[str, object]]]
DAY = "2024-06-10"
PEOPLE = ("Awa", "Bintou")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)

    def call(*arguments: object) -> tuple[int, dict[str, object]]:
        code = run_command([*map(str, arguments), "--person", "Awa", "--today", DAY, "--json"])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out.strip() else {}

    return call


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Koula: three households of one person; booklet 147 is with Bintou; R-2024-A-000001."""
    clock = SetClock(datetime(2024, 1, 10, 9, tzinfo=UTC))
    with open_copy(tmp_path / "book", clock=clock, people=PEOPLE) as desk:
        plan, koula = a_plan(desk), a_section(desk, "Koula")
        homes = [a_household(desk, 1, section_id=koula, plan_id=plan) for _ in range(3)]
        bintou = desk.keys.tiles()[1].staff_id
        (booklet_id,) = desk.do(receive_booklets, kind=Stationery.RECEIPT, first_serial=147)
        desk.do(issue_booklet, booklet_id=booklet_id, collector_id=bintou)
        desk.do(add_provider, code="PS1", name="Poste", level=Level.POST, kind=Kind.PUBLIC)
        a_payment(desk, homes[0], 1350)
    return tmp_path / "book"


def text_of(path: Path) -> str:
    with pypdfium2.PdfDocument(path.read_bytes()) as document:
        return " ".join(
            " ".join(page.get_textpage().get_text_bounded().split()) for page in document
        )


def looks(book: Path) -> list[str]:
    with again(book) as desk, desk.read() as connection:
        rows = fetch(connection, "SELECT question, answer FROM access ORDER BY n")
    return [f"{row.question}: {row.answer}" for row in rows]


def test_booklets_are_received_given_out_and_returned(run: Run, book: Path) -> None:
    assert run("booklet", "receive", book, 200, "--count", 2, "--cost", 1500)[0] == 0
    assert run("booklet", "receive", book, 200)[1]["field"] == "serial"
    told = ("--kind", "certificate")
    assert run("booklet", "receive", book, 9, *told, "--leaves", 25)[0] == 0
    assert run("booklet", "issue", book, 9, "--provider", "PS1", *told)[0] == 0
    assert run("booklet", "issue", book, 9, "--provider", "XX", *told)[1]["field"] == "provider"
    assert run("booklet", "issue", book, 99, "--collector", "Awa")[1]["field"] == "booklet"
    code, answer = run("booklet", "issue", book, 147, "--collector", "Awa")
    assert (code, answer["doubts"]) == (1, ["held"])
    assert run("booklet", "return", book, 147, "--note", "50 leaves")[0] == 0
    code, answer = run("booklet", "list", book)
    assert code == 0
    assert [
        (one["kind"], one["number"], one["holder"], one["blank"])
        for one in answer["booklets"]  # type: ignore[attr-defined]
    ] == [
        ("CERTIFICATE", "0009", "Poste", 25),
        ("RECEIPT", "0147", "", 50),
        ("RECEIPT", "0200", "", 50),
        ("RECEIPT", "0201", "", 50),
    ]


def test_leaves_are_marked_and_what_is_odd_is_told(run: Run, book: Path, tmp_path: Path) -> None:
    assert run("booklet", "cancel", book, 147, 1, "--reason", "wet", "--not-kept")[0] == 0
    assert run("booklet", "missing", book, 147, 2, 4, "--reason", "torn out")[0] == 0
    assert run("booklet", "good", book, 147, 3, "--reason", "found")[0] == 0
    paper, register, workbook = (tmp_path / name for name in ("b.pdf", "r.pdf", "r.xlsx"))
    code, answer = run("booklet", "show", book, 147, "--pdf", paper, "--language", "en")
    kinds = [one["kind"] for one in answer["findings"]]  # type: ignore[attr-defined]
    assert (code, kinds) == (1, ["NOT_KEPT", "MISSING", "MISSING"])
    assert "0147-02 Missing" in text_of(paper)
    ways = ["--pdf", register, "--xlsx", workbook, "--language", "en", "--kind", "receipt"]
    assert run("booklet", "list", book, *ways)[0] == 1
    assert "Leaf 0147-02 is missing" in text_of(register)
    assert openpyxl.load_workbook(workbook).worksheets[0].max_row == 2
    accept = ("booklet", "accept", book, 147)
    code, answer = run(*accept, 2, "--reason", "the printer misnumbered it")
    assert (code, [one["kind"] for one in answer["accepted"]]) == (0, ["MISSING"])  # type: ignore[attr-defined]
    assert run(*accept, 2, "--reason", "again")[0] == 1
    _, told = run("lines", book, "2024-01")
    assert told["lines"][0]["findings"] == 2  # type: ignore[index]


def test_a_receipt_of_the_field_is_typed_in_with_its_leaf(run: Run, book: Path) -> None:
    told = ("contribute", book, "2", 1350, "--leaf", "0147-1")
    code, answer = run(*told)
    assert (code, answer["doubts"]) == (1, ["other_collector"])
    code, answer = run(*told, "--collector", "Bintou")
    assert (code, answer["receipt"]["leaf"]) == (0, "0147-01")  # type: ignore[index]
    code, answer = run("contribute", book, "3", 1350, "--leaf", "0147-1", "--collector", "Bintou")
    assert (code, answer["field"]) == (1, "leaf")
    assert "R-2024-A-000002" in str(answer["refused"])
    assert run("contribute", book, "3", 1350, "--leaf", "0999-1")[1]["field"] == "leaf"


@pytest.mark.parametrize(
    ("form", "millimetres"), [("a5", 148), ("a4", 210), ("58", 58), ("80", 80)]
)
def test_a_receipt_is_printed_in_each_form(
    run: Run, book: Path, tmp_path: Path, form: str, millimetres: int
) -> None:
    out = tmp_path / "receipt.pdf"
    told = ("receipt", "print", book, "R-2024-A-000001", "--out", out, "--form", form)
    assert run(*told)[0] == 0
    with pypdfium2.PdfDocument(out.read_bytes()) as document:
        assert round(document[0].get_width() / 72 * 25.4) == millimetres
    assert "COPY" not in text_of(out)
    code, answer = run(*told, "--language", "en")
    assert (code, answer["receipts"][0]["copies"]) == (0, 1)  # type: ignore[index]
    assert "COPY no. 1" in text_of(out)
    assert looks(book) == [f"receipt {form}: original", f"receipt {form}: copy 1"]


def test_a_file_stands_for_the_thermal_printer(run: Run, book: Path, tmp_path: Path) -> None:
    out = tmp_path / "printer.bin"
    assert run("receipt", "print", book, "R-2024-A-000001", "--out", out, "--form", "58")[0] == 0
    told = out.read_bytes()
    assert (told[:8], told[-4:]) == (b"\x1b@\x1dv0\x00\x30\x00", b"\x1dV\x42\x00")


def test_what_cannot_be_printed_is_refused_and_counts_nothing(
    run: Run, book: Path, tmp_path: Path
) -> None:
    out = tmp_path / "receipt.pdf"
    told = ("receipt", "print", book)
    assert run(*told, "R-2024-A-000009", "--out", out)[1]["field"] == "number"
    two = ("R-2024-A-000001", "R-2024-A-000001")
    assert run(*told, *two, "--out", out)[1]["field"] == "number"
    assert run(*told, two[0], "--out", tmp_path)[1]["field"] == "out"
    assert looks(book) == []


def test_a_contribution_printed_at_once_is_the_original(
    run: Run, book: Path, tmp_path: Path
) -> None:
    paper, again_paper = tmp_path / "one.pdf", tmp_path / "two.pdf"
    assert run("contribute", book, "2", 1350, "--pdf", paper)[0] == 0
    told = ("receipt", "print", book, "R-2024-A-000002", "--language", "en")
    assert run(*told, "--out", again_paper)[0] == 0
    assert "COPY no. 1" in text_of(again_paper)
    assert looks(book) == ["receipt a5: original", "receipt a5: copy 1"]


def test_a_card_of_a_year_is_printed(run: Run, book: Path, tmp_path: Path) -> None:
    card = tmp_path / "card.pdf"
    told = ("receipt", "card", book, "1", "--pdf", card, "--language", "en")
    assert run(*told)[0] == 0
    assert "February 2024 350 350 10/01/2024 R-2024-A-000001" in text_of(card)
    assert run(*told, "--year", 2023)[0] == 0
    assert "R-2024-A-000001" not in text_of(card)
    assert looks(book) == ["contribution card: pdf"] * 2


def test_a_sheet_is_printed_shown_and_entered(run: Run, book: Path, tmp_path: Path) -> None:
    paper, lines = tmp_path / "sheet.pdf", tmp_path / "lines.csv"
    told = ("--pdf", paper, "--section", "Koula", "--photos", "--language", "en")
    code, answer = run("sheet", "print", book, *told)
    assert (code, answer["sheets"]) == (0, [{"number": "F-2024-A-000001", "households": 3}])
    assert "F-2024-A-000001" in text_of(paper)
    assert looks(book) == ["collection sheet: 3 pdf"]
    lines.write_text("1;1750\n2;1350;0147-01\n\n3; 2 400 \n", encoding="utf-8")
    enter = ("sheet", "enter", book, "F-2024-A-000001", lines, "--collector", "Bintou")
    code, answer = run(*enter, "--cash", 5000)
    assert (code, answer["doubts"]) == (1, ["cash_differs"])
    code, answer = run(*enter, "--cash", 5500)
    numbers = [(one["number"], one["leaf"]) for one in answer["receipts"]]  # type: ignore[attr-defined]
    assert (code, numbers) == (
        0,
        [("R-2024-A-000002", ""), ("R-2024-A-000003", "0147-01"), ("R-2024-A-000004", "")],
    )
    assert run(*enter, "--cash", 5500) == (0, answer)
    code, answer = run("sheet", "show", book, "F-2024-A-000001", "--pdf", paper)
    entered = [line["entered"] for line in answer["sheet"]["lines"]]  # type: ignore[index]
    assert (code, entered) == (0, [[number] for number, _ in numbers])


def test_a_sheet_is_a_workbook_too(run: Run, book: Path, tmp_path: Path) -> None:
    paper, table = tmp_path / "sheet.pdf", tmp_path / "sheet.xlsx"
    told = ("--pdf", paper, "--xlsx", table, "--section", "Koula", "--language", "en")
    assert run("sheet", "print", book, *told)[0] == 0
    sheet = openpyxl.load_workbook(table).active
    assert sheet is not None
    head, *rows = sheet.iter_rows(values_only=True)
    assert head[:4] == ("Sheet", "No.", "Member number", "Member")
    assert [(row[0], row[1], row[9]) for row in rows] == [
        ("F-2024-A-000001", place, None) for place in (1, 2, 3)
    ]
    assert looks(book) == ["collection sheet: 3 pdf", "collection sheet: 1 xlsx"]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("x;1350", "file"),
        ("4;1350", "4:place"),
        ("1;abc", "1:amount"),
        ("1;0", "1:amount"),
        ("1;1350;0999-01", "1:leaf"),
        ("1;1350;0147-99", "1:leaf"),
        ("", "sheet"),
    ],
)
def test_a_file_that_is_wrong_is_refused_beside_its_line(
    run: Run, book: Path, tmp_path: Path, content: str, field: str
) -> None:
    assert run("sheet", "print", book, "--pdf", tmp_path / "sheet.pdf")[0] == 0
    lines = tmp_path / "lines.csv"
    lines.write_text(f"2;1350\n{content}\n" if content else "\n", encoding="utf-8")
    code, answer = run("sheet", "enter", book, "F-2024-A-000001", lines)
    assert (code, answer["field"]) == (1, field)
    with again(book) as desk, desk.read() as connection:
        assert len(fetch(connection, "SELECT 1 FROM payment")) == 1


def test_sheets_and_slips_nobody_printed_are_refused(run: Run, book: Path, tmp_path: Path) -> None:
    lines = tmp_path / "lines.csv"
    lines.write_text("1;1350\n", encoding="utf-8")
    assert run("sheet", "show", book, "F-2024-A-000001")[1]["field"] == "sheet"
    assert (
        run("sheet", "enter", book, "F-2024-A-000001", tmp_path / "no.csv")[1]["field"] == "file"
    )
    assert run("sheet", "enter", book, "F-2024-A-000001", lines)[1]["field"] == "sheet"
    paper = tmp_path / "p.pdf"
    assert run("sheet", "print", book, "--pdf", paper, "--section", "X")[1]["field"] == "section"
    assert run("sheet", "print", book, "--pdf", paper, "--household", 9)[1]["field"] == "household"
    slip = run("handover", "slip", book, "H-2024-A-000001", "--pdf", paper)
    assert (slip[0], slip[1]["field"]) == (1, "number")


def test_the_slip_of_a_hand_over_is_printed(run: Run, book: Path, tmp_path: Path) -> None:
    with again(book) as desk:
        bintou = StaffId(desk.keys.tiles()[1].staff_id)
        with desk.work("hand_over_cash") as work:
            entry = posting.hand_over(into="cash_main", amount=1000)
            work.insert(
                hand_over,
                id=work.new_id(),
                request_id=a_request(),
                collector_id=bintou,
                day=date(2024, 1, 10),
                amount=1000,
                entry_id=ledger.post(work, entry, day=work.today),
                year=2024,
                letter="A",
                serial=1,
            )
    paper = tmp_path / "slip.pdf"
    told = ("handover", "slip", book, "h-2024-a-000001", "--pdf", paper, "--language", "en")
    for size in ((), ("--large",)):
        code, answer = run(*told, *size)
        assert (code, answer["number"]) == (0, "H-2024-A-000001")
    assert "Bintou" in text_of(paper)
    assert looks(book) == ["hand-over slip: 0 pdf"] * 2
