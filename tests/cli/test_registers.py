"""The command that brings in a members' register."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from openpyxl import load_workbook

from stepdesk.cli import run_command
from stepdesk.store.clock import SystemClock
from stepdesk.store.settings import Settings, write_settings
from tests.builders import FIRST, a_plan, a_section, open_copy
from tests.exchange.register_kit import csv_text

Run = Callable[..., tuple[int, dict[str, Any]]]
ROWS: list[list[Any]] = [
    ["N° carte", "Nom", "Prénom", "Sexe", "Naissance", "Lien", "Village"],
    ["A1", "Diop", "Moussa", "M", 1979, "chef", "Sirakorola"],
    ["A1", "Ndiaye", "Awa", "F", 1986, "épouse", "Sirakorola"],
    ["A2", "Sow", "Gora", "M", 1994, "chef", "Siracorola"],
    ["A3", "Ba", "Hawa", "F", "?", "chef", "Sirakorola"],
]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)

    def call(*arguments: object) -> tuple[int, dict[str, Any]]:
        today = ("--today", "2024-05-20")
        code = run_command(
            ["import", "members", *map(str, arguments), "--person", "Awa", "--json", *today]
        )
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out.strip() else {}

    return call


@pytest.fixture
def book(tmp_path: Path) -> Path:
    with open_copy(tmp_path / "book", clock=SystemClock(), people=("Awa",)) as desk:
        a_plan(desk)
        a_section(desk, "Sirakorola")
    return tmp_path / "book"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "registre.csv"
    path.write_text(csv_text(ROWS), encoding="cp1252")
    return path


def counts(answer: dict[str, Any]) -> tuple[int, int, int, int]:
    return tuple(answer[one] for one in ("taken", "repaired", "left_out", "handed_back"))


def test_a_dry_run_tells_the_counts_and_writes_nothing(run: Run, book: Path, file: Path) -> None:
    code, answer = run(book, file, "--dry-run")
    # The header is left out; the other spelling and the unknown birth are handed back.
    assert (code, counts(answer), answer["imported"]) == (0, (2, 0, 1, 2), None)
    again = run(book, file, "--dry-run")[1]
    assert counts(again) == (2, 0, 1, 2)


def test_an_import_repairs_hands_back_and_is_undone(
    run: Run, book: Path, file: Path, tmp_path: Path
) -> None:
    back = tmp_path / "back.xlsx"
    code, answer = run(book, file, "--repair", "proposals", "--handback", back, "--only-bad")
    assert (code, counts(answer)) == (0, (2, 1, 1, 1))
    sheet = load_workbook(back).active
    assert sheet is not None
    assert [row[3].value for row in sheet.iter_rows(min_row=2)] == ["F"]
    assert counts(run(book, file, "--repair", "proposals", "--dry-run")[1]) == (0, 0, 4, 1)
    code, answer = run(book, "--undo", "last")
    assert (code, answer["households"]) == (0, 2)
    assert counts(run(book, file, "--repair", "proposals", "--dry-run")[1]) == (2, 1, 1, 1)


def test_a_mapping_leaves_a_column_out(run: Run, book: Path, file: Path, tmp_path: Path) -> None:
    told = run(book, file, "--dry-run")[1]["mapping"]
    told["columns"]["Naissance"] = ""
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps(told), encoding="utf-8")
    # Nobody's birth is told any more: all four are handed back.
    assert counts(run(book, file, "--dry-run", "--mapping", mapping)[1]) == (0, 0, 1, 4)


def paper(path: Path) -> str:
    with pypdfium2.PdfDocument(path.read_bytes()) as document:
        return " ".join(
            " ".join(page.get_textpage().get_text_bounded().split()) for page in document
        )


def test_the_file_handed_back_speaks_the_person_s_language(
    run: Run, book: Path, file: Path, tmp_path: Path
) -> None:
    back = tmp_path / "back.xlsx"
    for language, told in (("en", "The birth is not told: type a year or an age."), (None, "")):
        chosen = () if language is None else ("--language", language)
        run(book, file, "--dry-run", "--handback", back, "--only-bad", *chosen)
        sheet = load_workbook(back).active
        assert sheet is not None
        (reason,) = [
            row[-1].value
            for row in sheet.iter_rows()
            if row[3].value == "F" and row[4].value == "?"
        ]
        # The scheme of this book speaks French, and this laptop remembers nothing else.
        assert (reason == told) is (language == "en")
    write_settings(Settings(language="en"))
    run(book, file, "--dry-run", "--handback", back, "--only-bad")
    sheet = load_workbook(back).active
    assert sheet is not None
    assert sheet.cell(1, sheet.max_column).value == "Reason"


def test_a_report_tells_what_came_of_the_register(
    run: Run, book: Path, file: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.pdf"
    code, _ = run(*(book, file, "--repair", "proposals", "--report", report, "--language", "en"))
    assert code == 0
    told = paper(report)
    for words in (
        "Report of an import registre.csv",
        "3 people in 2 households came in; 0 changes were written.",
        "5 rows: 2 taken · 1 taken after repair · 1 left out · 1 handed back",
        "5 A3 · Ba · Hawa · F · ? · chef · Sirakorola"
        " The birth is not told: type a year or an age.",
        "Village or section: Siracorola read as Sirakorola, 1 time",
        "4 A2 · Sow · Gora · M · 1994 · chef · Siracorola Siracorola is read as Sirakorola.",
    ):
        assert words in told
    for band in (
        "Handed back · 1",
        "Values that were read otherwise · 1",
        "Taken after repair · 1",
    ):
        assert band in told
    assert "Openings" not in told


def test_a_report_of_a_dry_run_says_that_nothing_was_written(
    run: Run, book: Path, tmp_path: Path
) -> None:
    rows = [[*ROWS[0], "Payé jusqu'à", "Groupe"], [*ROWS[1], "31/05/2024", "GIE Benkadi"]]
    file, report = tmp_path / "r.csv", tmp_path / "report.pdf"
    file.write_text(csv_text(rows), encoding="utf-8")
    run(book, file, "--dry-run", "--report", report, "--language", "en")
    told = paper(report)
    assert "Nothing was written yet." in told
    assert "1 household opens with what the register says it has paid." in told
    assert "2 Diop Moussa paid until 31 May 2024" in told
    assert "GIE Benkadi new group" in told
    run(book, file, "--report", report, "--language", "en")
    # An entry fee of 1 000, and January to May, or May alone: 350 each.
    assert "The opening entry comes to" in paper(report)


def test_a_report_that_cannot_be_written_is_refused_before_anything_is(
    run: Run, book: Path, file: Path, tmp_path: Path
) -> None:
    code, _ = run(book, file, "--report", tmp_path / "nowhere" / "report.pdf")
    assert code == 1
    assert counts(run(book, file, "--dry-run")[1]) == (2, 0, 1, 2)


def test_one_answer_is_given_for_all_who_look_like_somebody(
    run: Run, book: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    head: list[Any] = ["Nom", "Prénom", "Sexe", "Naissance", "Village"]
    people: list[list[Any]] = [["Diop", "Moussa", "M", 1979], ["Ouédraogo", "Awa", "F", 1986]]
    like: list[list[Any]] = [["Diop", "Mousa", "M", 1979], ["Wedraogo", "Awa", "F", 1986]]
    for path, rows in ((first, people), (second, like)):
        told = [head, *([*row, "Sirakorola"] for row in rows)]
        path.write_text(csv_text(told), encoding="utf-8")
    run(book, first)
    assert counts(run(book, second, "--dry-run")[1]) == (0, 0, 1, 2)
    assert counts(run(book, second, "--dry-run", "--alike", "other")[1]) == (2, 0, 1, 0)
    answer = run(book, second, "--alike", "same")[1]
    # Nobody comes in; the two spellings are the register's now.
    assert (answer["imported"]["persons"], answer["imported"]["corrections"]) == (0, 2)
    assert counts(run(book, second, "--dry-run")[1]) == (0, 0, 3, 0)
