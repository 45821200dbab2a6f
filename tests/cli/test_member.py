"""Life events from the command line: each is recorded, foreseen with --dry-run, and undone."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stepdesk.cli import run_command
from stepdesk.store.clock import SystemClock
from tests.builders import FIRST, SECOND, a_plan, a_section, open_copy

Run = Callable[..., tuple[int, dict[str, Any]]]
TODAY = ("--today", "2024-05-20")
DIOP = "Diop, Awa, F, 14/3/1987, SELF"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)
    monkeypatch.setenv("STEPDESK_SECOND_PASSWORD", SECOND)

    def call(*arguments: object) -> tuple[int, dict[str, Any]]:
        code = run_command([*map(str, arguments), "--person", "Awa", "--json", *TODAY])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out.strip() else {}

    return call


@pytest.fixture
def book(tmp_path: Path, run: Run) -> Path:
    """A book of two people with Koula, Tougouni, the plan P1 and household 1 of three persons."""
    with open_copy(tmp_path / "book", clock=SystemClock(), people=("Awa", "Bintou")) as desk:
        a_plan(desk)
        a_section(desk)
        a_section(desk, "Tougouni")
    code, _ = run(
        *("member", "add", tmp_path / "book", "--section", "Koula", "--plan", "P1"),
        *("--who", DIOP, "--who", "Diop, Modou, M, 1984, SPOUSE"),
        *("--who", "Diop, Sira, F, 3/2019, CHILD", "--on", "2024-01-10"),
    )
    assert code == 0
    return tmp_path / "book"


def history(run: Run, book: Path, household: str = "1") -> list[tuple[str, bool]]:
    code, answer = run("member", "history", book, household)
    assert code == 0
    return [(one["kind"], one["undone"]) for one in answer["events"]]


EVENTS = [
    ("BIRTH", "birth 1 --mother 1 --on 2024-05-02 --who", "Diop, Issa, M, 2/5/2024, CHILD"),
    ("DEATH", "death 1 --heir 1/01 --on 2024-05-02", None),
    ("DEATH", "death 1 --closes 2024-06-01 --on 2024-05-02", None),
    ("MARRIAGE", "marriage 1 --on 2024-05-02 --who", "Fall, Penda, F, 1990, CO_SPOUSE"),
    ("DIVORCE", "divorce 1/01 --on 2024-05-02", None),
    ("LEFT", "leave 1/02 --on 2024-05-02 --reason fostered", None),
    ("JOINED_LATE", "join 1 --who", "Sow, Hawa, F, ~60, PARENT"),
    ("MOVED", "move 1 Tougouni", None),
    ("HEAD_CHANGED", "head 1 1/01 --relation 1/02=FOSTER_CHILD", None),
    ("SPLIT_OFF", "split 1 1/01 1/02 --section 02 --plan P1", None),
    ("RESIGNED", "resign 1 --letter 2024-05-19", None),
    (
        "EXCLUDED",
        "exclude 1 --hearing 2024-05-10 --decision CA3 --reason fraud --second Bintou",
        None,
    ),
    ("STUDENT", "student 1/02 --on 2023-10-01 --until 2024-10-01 --document lycee", None),
    ("DISABLED", "disabled 1/02 --document CDR9", None),
]


@pytest.mark.parametrize(("kind", "line", "who"), EVENTS)
def test_an_event_is_foreseen_recorded_told_and_undone(
    run: Run, book: Path, kind: str, line: str, who: str | None
) -> None:
    what, *rest = line.split()
    told = ["member", what, book, *rest, *([who] if who else [])]
    code, seen = run(*told, "--dry-run")
    assert code == 0
    assert seen["foreseen"]["households"][-1]["after"]["state"]
    code, done = run(*told)
    assert code == 0
    event = done["happened"]["event_ids"][0]
    code, _ = run("member", "undo", book, event, "--reason", "typed by mistake")
    assert code == 0
    told_now = history(run, book)
    assert (kind, True) in told_now
    assert told_now.count((kind, True)) == 1  # the preview wrote nothing


def test_households_are_merged_struck_off_and_readmitted(run: Run, book: Path) -> None:
    add = ("member", "add", book, "--section", "02", "--plan", "P1", "--on", "2024-01-10")
    assert run(*add, "--who", "Ba, Hawa, F, 1970, SELF")[0] == 0
    code, answer = run("member", "strike-off", book, 2, "--decision", "CA1")
    assert (code, answer["field"]) == (1, "household")
    assert run("member", "resign", book, 2, "--on", "2024-05-20")[0] == 0
    assert run("member", "readmit", book, 2)[0] == 0
    assert history(run, book, "2") == [
        ("REGISTERED", False),
        ("RESIGNED", False),
        ("READMITTED", False),
    ]
    assert run("member", "merge", book, 2, 1, "--relation", "2/00=SIBLING")[0] == 0
    assert ("MERGED_FROM", False) in history(run, book)


def test_two_entries_are_one_person_and_two_again(run: Run, book: Path) -> None:
    join = ("member", "join", book, 1, "--who", "Diop, Sira, F, 3/2019, CHILD")
    code, answer = run(*join)
    assert (code, answer["doubts"]) == (1, ["alike:0"])
    assert run(*join, "--accept", "alike:0")[0] == 0
    code, done = run("member", "same", book, "1/02", "1/03", "--reason", "the same girl")
    assert code == 0
    event = done["happened"]["event_ids"][0]
    assert run("member", "undo", book, event, "--reason", "twins")[0] == 0


def test_corrections_name_the_field(run: Run, book: Path) -> None:
    correct = ("member", "correct", book)
    person = (*correct, "1/02", "--set", "surname=Ndiaye", "--set", "birth=14/3/2019")
    code, answer = run(*person, "--reason", "certificate")
    assert (code, answer["doubts"]) == (1, ["backdated"])
    assert run(*person, "--reason", "certificate", "--accept", "backdated")[0] == 0
    assert run(*correct, "1", "--set", "phone=771234567")[0] == 0
    code, answer = run(*correct, "1/02", "--set", "shoe=42", "--reason", "r")
    assert (code, answer["field"]) == (1, "set")
    assert run(*person)[1]["field"] == "reason"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("birth 9 --who x", "household"),
        ("birth 1 --who x", "who"),
        ("death 9/00", "person"),
        ("death 1 --on 2024-05-21", "on"),
        ("move 1 Nowhere", "section"),
        ("undo zz --reason r", "event"),
        ("undo 00 --reason r", "event"),
        ("head 1 1/01 --relation 1/02=AUNT", "relation"),
    ],
)
def test_what_is_wrong_is_told_with_its_field_and_nothing_is_written(
    run: Run, book: Path, line: str, field: str
) -> None:
    what, *rest = line.split()
    code, answer = run("member", what, book, *rest)
    assert (code, answer["field"]) == (1, field)
    assert history(run, book) == [("REGISTERED", False)]
