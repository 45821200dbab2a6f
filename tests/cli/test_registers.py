"""The command that brings in a members' register."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from stepdesk.cli import run_command
from stepdesk.store.clock import SystemClock
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
