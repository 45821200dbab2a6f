"""Flags and visits to confirm from the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stepdesk.cli import run_command
from tests.builders import FIRST, open_copy, wednesday
from tests.claims.kit import a_batch, a_care, a_claim

Run = Callable[..., dict[str, Any]]
FLAG = "S-2024-A-000001"


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Run:
    """Run a command of control on a book with a certificate that was sent twice."""
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)
    with open_copy(tmp_path / "book", clock=wednesday()) as desk:
        care = a_care(desk)
        batch = a_batch(desk, care)
        for _ in range(2):
            a_claim(desk, care, batch, care.line("C"), care.line("A"))

    def call(what: str, *others: object, code: int = 0) -> dict[str, Any]:
        told = ["control", what, str(tmp_path / "book"), *map(str, others)]
        found = run_command([*told, "--today", "2024-01-10", "--json"])
        said = capsys.readouterr()
        assert found == code, said.err
        answer: dict[str, Any] = json.loads(said.out) if said.out.strip() else {}
        return answer

    return call


def test_a_flag_goes_its_way(run: Run) -> None:
    looked = run("look", "2024-01")["looked"]
    assert (len(looked["raised"]), looked["claims"]) == (1, 2)
    (flag,) = run("list")["flags"]
    assert (flag["number"], flag["pattern"], flag["level"]) == (FLAG, "F-02", 3)
    shown = run("show", FLAG)["flag"]
    assert [one["number"] for one in shown["evidence"]] == ["C-2024-A-000002", "C-2024-A-000001"]
    assert run("review", FLAG, "--note", "asked")["state"] == "REVIEWED"
    assert run("confirm", FLAG, "--reason", "one visit")["state"] == "CONFIRMED"
    assert run("act", FLAG, "recovery", "--reason", "next invoice")["state"] == "ACTION"
    assert run("list")["flags"] == []
    assert len(run("list", "--all", "--pattern", "f-02", "--month", "2024-01")["flags"]) == 1
    assert run("list", "--all", "--pattern", "F-03")["flags"] == []


def test_a_flag_is_dismissed_and_stays_away(run: Run) -> None:
    run("look", "2024-01")
    run("review", FLAG)
    assert run("dismiss", FLAG, "--reason", "two visits")["state"] == "DISMISSED"
    again = run("look", "2024-01")["looked"]
    assert (again["raised"], again["known"]) == ([], 1)


def test_what_is_not_there_is_refused(run: Run) -> None:
    assert run("show", FLAG, code=1)["field"] == "flag"
    assert run("look", "2024-02", code=1)["field"] == "month"
    assert run("list", "--pattern", "F-99", code=1)["field"] == "pattern"
    assert run("answer", "2024-01", 1, "yes", code=1)["field"] == "place"
    run("look", "2024-01")
    assert run("act", FLAG, "shouting", "--reason", "x", code=1)["field"] == "action"


def test_visits_are_drawn_printed_and_answered(run: Run, tmp_path: Path) -> None:
    pdf = tmp_path / "calls.pdf"
    drawn = run("visits", "2024-01", "--seed", 7, "--pdf", pdf)["visits"]
    assert (len(drawn["visits"]), drawn["seed"]) == (2, 7)
    assert pdf.read_bytes().startswith(b"%PDF")
    assert run("answer", "2024-01", 1, "yes")["answer"] == "CONFIRMED"
    assert run("answer", "2024-01", 2, "no", code=1)["field"] == "note"
    assert run("answer", "2024-01", 2, "no", "--note", "was away")["answer"] == "NOT_CONFIRMED"
    again = run("visits", "2024-01")["visits"]
    assert again["id"] == drawn["id"]
    assert [one["answer"] for one in again["visits"]] == ["CONFIRMED", "NOT_CONFIRMED"]
    assert run("visits", "2024-01", "--again", code=1)["field"] == "month"


def test_somebody_of_the_desk_is_named(run: Run) -> None:
    run("staff", "Awa", "1/01")
    run("look", "2024-01")
    found = run("list", "--pattern", "F-15")["flags"]
    assert len(found) == 2
    run("staff", "Awa")
