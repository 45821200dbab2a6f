"""What was used before the book, relative prices and what-ifs from the command line."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stepdesk.claims.service import decide_batch
from stepdesk.cli import run_command
from stepdesk.store.clock import SetClock
from tests.builders import FIRST, again, open_copy, wednesday
from tests.claims.kit import a_batch, a_care, a_claim

Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)

    def call(*arguments: object) -> tuple[int, dict[str, Any]]:
        code = run_command([*map(str, arguments), "--json"])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out.strip() else {}

    return call


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A closed book with a claim of a consultation that is decided."""
    clock: SetClock = wednesday()
    with open_copy(tmp_path / "book", clock=clock) as desk:
        care = a_care(desk)
        batch = a_batch(desk, care)
        a_claim(desk, care, batch)
        desk.do(decide_batch, batch_id=batch)
    return tmp_path / "book"


def test_what_was_used_before_is_entered_once(run: Run, book: Path) -> None:
    with again(book) as desk:
        last = date.fromordinal(desk.made_on.toordinal() - 1)
    asked = ("claims", "before", book, "1/01", "--through", last)
    code, told = run(*asked, "--paid", "9800")
    assert (code, told) == (0, {"entered": "1/01"})
    assert run(*asked, "--paid", "9800")[0] == 1
    assert run(*asked, "--service", "C", "--count", "2")[0] == 0
    assert run(*asked, "--service", "ZZ", "--count", "2")[0] == 1
    assert run("claims", "before", book, "999/00", "--through", last, "--paid", 1)[0] == 1


def test_another_package_is_tried_on_decided_claims(run: Run, book: Path) -> None:
    code, told = run("claims", "what-if", book, "BASE", "--from", "2024-01-01")
    assert (code, told["what_if"]["claims"], told["what_if"]["more"]) == (0, 1, 0)
    assert run("claims", "what-if", book, "NONE", "--from", "2024-01-01")[0] == 1
    early = ("claims", "what-if", book, "BASE", "--on", "2020-01-01", "--from", "2024-01-01")
    assert run(*early)[0] == 1


def test_a_month_of_relative_prices_is_run_once(run: Run, book: Path) -> None:
    code, told = run("claims", "relative", book, "2023-12")
    assert (code, told["run"]["claims"], told["run"]["waiting"]) == (0, 0, 0)
    assert run("claims", "relative", book, "2023-12")[0] == 1
