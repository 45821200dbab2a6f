"""Plans, their versions and the example of a family from the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stepdesk.cli import run_command
from stepdesk.store.clock import SystemClock
from tests.builders import FIRST, open_copy

Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)

    def call(*arguments: object) -> tuple[int, dict[str, Any]]:
        code = run_command([*map(str, arguments), "--json"])
        told = capsys.readouterr().out
        return code, json.loads(told) if told.strip() else {}

    return call


@pytest.fixture
def book(tmp_path: Path) -> Path:
    open_copy(tmp_path / "book", clock=SystemClock()).close()
    return tmp_path / "book"


def _set(**told: str) -> list[str]:
    return [part for name, value in told.items() for part in ("--set", f"{name}={value}")]


def test_a_season_is_written_shown_and_told_as_an_example(run: Run, book: Path) -> None:
    season = _set(
        amount="4200",
        periodicity="seasonal",
        cycle="FIXED",
        cycle_start="12-01",
        season="12-15:60, 02-15:40",
        due_day="",
        prepay_discount="2.5",
        strike_off_needs_board="no",
        windows="11-01..01-31",
    )
    told = ["plan", "add", book, "HARVEST", "--name", "Harvest", "--from", "2023-01-01"]
    assert run(*told, *season)[0] == 0
    code, answer = run("plan", "example", book, "HARVEST", "--on", "2023-11-14")
    assert code == 0
    example = answer["example"]
    assert [due["amount"] for due in example["year"]] == [15_120, 10_080]
    assert [due["due_on"] for due in example["year"]] == ["2023-12-15", "2024-02-15"]
    assert answer["told"][0].startswith(
        "A household of 6 persons that joins on 14 November 2023 pays 15,120"
    )
    (version,) = run("plan", "show", book, "HARVEST")[1]["plans"]
    assert version["season"] == [
        {"month": 12, "day": 15, "share": 60},
        {"month": 2, "day": 15, "share": 40},
    ]
    assert (version["prepay_discount"], version["due_day"]) == (250, None)
    assert version["strike_off_needs_board"] == 0
    assert version["windows"] == [{"first": [11, 1], "last": [1, 31]}]


def test_a_new_version_keeps_what_is_not_set(run: Run, book: Path) -> None:
    bands = _set(basis="by_size_band", bands="1:400,2:1200,5:2000,9:2600", waiting_months="0")
    told = ["plan", "add", book, "P", "--name", "Bands", "--from", "2024-01-01"]
    assert run(*told, *bands)[0] == 0
    later = ["plan", "version", book, "P", "--from", "2024-07-01"]
    assert run(*later, *_set(entry_fee="500", entry_fee_per="person"))[0] == 0
    first, second = run("plan", "show", book, "P")[1]["plans"]
    assert (first["entry_fee"], second["entry_fee"]) == (0, 500)
    assert second["bands"] == first["bands"]
    example = run("plan", "example", book, "P", "--on", "2024-08-01", "--adults", 1)[1]
    assert example["example"]["first"]["fees"][0]["amount"] == 5 * 500
    assert [one["code"] for one in run("plan", "show", book)[1]["plans"]] == ["P"]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"season": "12-15:60"}, "season"),
        ({"bands": "x:1"}, "bands"),
        ({"amount": "12,50"}, "amount"),
        ({"basis": "SOME"}, "basis"),
        ({"plan_id": "1"}, "set"),
        ({"unheard_of": "1"}, "set"),
        ({"entry_fee": "-1"}, "entry_fee"),
        ({"cycle_starts": "13-01"}, "cycle_starts"),
        ({"strike_off_needs_board": "perhaps"}, "strike_off_needs_board"),
    ],
)
def test_what_is_typed_wrongly_is_told_and_nothing_written(
    run: Run, book: Path, told: dict[str, str], field: str
) -> None:
    add = ["plan", "add", book, "P", "--name", "Base", "--from", "2024-01-01"]
    code, answer = run(*add, *_set(**told))
    assert (code, answer["field"]) == (1, field)
    assert run("plan", "show", book)[1]["plans"] == []


def test_a_plan_that_is_not_there_and_a_family_of_nobody_are_refused(run: Run, book: Path) -> None:
    assert run("plan", "example", book, "NONE")[1]["field"] == "code"
    assert run("plan", "version", book, "NONE", "--from", "2024-01-01")[1]["field"] == "code"
    assert run("plan", "example", book, "NONE", "--adults", 0)[1]["field"] == "adults"
