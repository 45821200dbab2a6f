"""Groups, payers and the two sentences of an answer from the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stepdesk.cli import run_command
from stepdesk.store.clock import SystemClock
from tests.builders import FIRST, a_household, a_plan, open_copy

Run = Callable[..., tuple[int, dict[str, object]]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)

    def call(*arguments: object) -> tuple[int, dict[str, object]]:
        code = run_command([*map(str, arguments), "--json"])
        told = capsys.readouterr()
        assert "widow" not in told.out + told.err
        return code, json.loads(told.out) if told.out.strip() else {}

    return call


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A closed book with two households of two."""
    with open_copy(tmp_path / "book", clock=SystemClock()) as desk:
        a_plan(desk)
        for _ in range(2):
            a_household(desk, 2)
    return tmp_path / "book"


def test_a_group_is_made_and_its_list_kept_in_order(run: Run, book: Path) -> None:
    code, _ = run("group", "add", book, "coop", "--name", "Coop", "--kind", "trade",
                  "--people", 4, "--min-share", 75)  # fmt: skip
    assert code == 0
    assert run("group", "place", book, "COOP", "1")[0] == 0
    assert run("group", "waive", book, "COOP", "--reason", "campaign")[0] == 1
    assert run("group", "place", book, "COOP", "2", "--place", 1)[0] == 0
    code, answer = run("group", "list", book, "COOP")
    listed = answer["listed"]
    assert isinstance(listed, list)
    assert [one["place"] for one in listed] == [1, 2]
    code, answer = run("group", "waive", book, "COOP", "--reason", "campaign")
    assert (code, len(str(answer["events"])) > 60) == (0, True)
    assert run("group", "leave", book, "1")[0] == 0
    assert run("group", "leave", book, "1")[0] == 1
    assert run("group", "list", book)[1]["listed"] == [{"code": "COOP", "enrolled": 2}]


def test_a_household_is_sponsored_step_by_step(run: Run, book: Path, tmp_path: Path) -> None:
    grounds = tmp_path / "grounds.txt"
    grounds.write_text("widow without income", encoding="utf-8")
    assert run("payer", "add", book, "COM", "--name", "Commune", "--kind", "commune")[0] == 0
    code, _ = run("payer", "nominate", book, "COM", "1", "--grounds-file", grounds)
    assert code == 1
    code, _ = run("payer", "agree", book, "COM", "--from", "2020-01-01", "--share", 100,
                  "--pays-fee")  # fmt: skip
    assert code == 0
    code, answer = run("payer", "nominate", book, "COM", "1", "--grounds-file", grounds)
    assert code == 0
    one = answer["nomination"]
    assert run("payer", "cover", book, one)[0] == 1
    assert run("payer", "refuse", book, one)[0] == 1
    for act in ("validate", "approve", "cover", "renew", "end"):
        assert run("payer", act, book, one)[0] == 0
    code, answer = run("payer", "list", book)
    listed = answer["nominations"]
    assert isinstance(listed, list)
    assert [(row["nomination"], row["step"]) for row in listed] == [(one, "ENDED")]


def test_an_answer_has_two_sentences_and_a_sheet(run: Run, book: Path, tmp_path: Path) -> None:
    paper = tmp_path / "answer.pdf"
    code, answer = run("rights", book, "1", "--pdf", paper)
    assert code == 1
    assert "does not pay for care" in str(answer["member"])
    assert "Whoever pays" in str(answer["member"])
    assert "The patient pays all." in str(answer["provider"])
    assert paper.read_bytes().startswith(b"%PDF")
