"""A scheme comes from openIMIS and goes the whole way to its branch, by the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stepdesk.cli import run_command
from stepdesk.store.clock import SystemClock
from tests.builders import FIRST
from tests.exchange.test_openimis import DEMO, needs_demo
from tests.exchange.test_openimis_claims import folder_of, row

Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)

    def call(*arguments: object) -> tuple[int, dict[str, Any]]:
        code = run_command([*map(str, arguments), "--json"])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out.strip() else {}

    return call


def amounts(told: dict[str, Any]) -> list[int]:
    names = ("claimed", "paid", "patient_due", "disallowed")
    return [told[name]["minor"] for name in names]


@needs_demo
def test_a_scheme_of_openimis_goes_the_whole_way_to_its_branch(run: Run, tmp_path: Path) -> None:
    book, month = tmp_path / "book", str(SystemClock().now().date())[:7]
    assert run("new", book, "--name", "Ultha", "--country", "SN", "--language", "en")[0] == 0
    registers_come_over_once(run, book)
    history_is_found_by_its_old_numbers(run, book)
    a_contribution_opens_rights_again(run, book)
    a_certificate_is_decided_and_paid(run, book, tmp_path / "claims.csv")
    assert run("close", book, month)[0] == 0
    the_month_reaches_the_branch(run, book, month, tmp_path)
    code, answer = run("verify", book)
    assert (code, answer["findings"]) == (0, [])


def registers_come_over_once(run: Run, book: Path) -> None:
    code, answer = run("import", "openimis", book, DEMO)
    assert code == 0
    added = answer["added"]
    assert (added["claims"], added["claim_lines"]) == (10, 39)
    assert (added["households"], added["persons"], added["archived"]) == (21, 60, 1)
    again = run("import", "openimis", book, DEMO)[1]["added"]
    assert (again["households"], again["claims"], again["claim_lines"]) == (0, 0, 0)
    assert again["archived"] == 0


def history_is_found_by_its_old_numbers(run: Run, book: Path) -> None:
    """And says nothing of how it was decided."""
    (old,) = run("claims", "show", book, "CID00001")[1]["claims"]
    assert (old["number"], old["state"]) == ("C-2019-i-000001", "RECEIVED")
    (decided,) = run("claims", "show", book, "UPDH0001")[1]["claims"]
    assert (decided["state"], amounts(decided)) == ("APPROVED", [21_690, 650, 690, 20_350])
    code, answer = run("claims", "why", book, "UPDH0001")
    assert (code, [one["steps"] for one in answer["why"]]) == (0, [[], [], []])
    assert run("claims", "pay", book, "UPHOS001")[0] == 1
    (archived,) = run("claims", "show", book, "CIA06601")[1]["claims"]
    assert (archived["state"], amounts(archived)) == ("APPROVED", [11_410, 7900, 3510, 0])
    assert [one["name"] for one in run("find", book, "55555")[1]["found"]] == ["arafat ahmed"]
    assert run("rights", book, "55555")[0] == 1


def a_contribution_opens_rights_again(run: Run, book: Path) -> None:
    """The covers of the registers ran out in 2020."""
    assert run("rights", book, "101000001")[0] == 1
    household = run("find", book, "101000001")[1]["found"][0]["number"]
    code, answer = run("contribute", book, household, "10000")
    assert (code, answer["receipt"]["number"][-8:]) == (0, "A-000001")
    assert run("rights", book, "101000001", "--service", "A1", "--provider", "UPHOS001")[0] == 0


def a_certificate_is_decided_and_paid(run: Run, book: Path, file: Path) -> None:
    """Asked 450 for a consultation, agreed 400; five tablets at 10. The plan pays all of it."""
    day = SystemClock().now().date()
    file.write_text(
        "provider,invoice,certificate,person,day,service,quantity,price,diagnosis\n"
        f"UPHOS001,F-1,17,101000001,{day},A1,1,450,A50\n"
        f"UPHOS001,F-1,17,101000001,{day},0182,5,10,A50\n",
        encoding="utf-8",
    )
    code, answer = run("claims", "import", book, file)
    assert (code, answer["added"]["claims"]) == (0, 1)
    (batch,) = answer["batches"]
    code, answer = run("claims", "decide", book, batch)
    assert (code, answer["decided"]["approved"]) == (0, 1)
    (new,) = run("claims", "show", book, batch)[1]["claims"]
    assert (new["state"], amounts(new)) == ("APPROVED", [500, 450, 0, 50])
    code, answer = run("claims", "pay", book, "UPHOS001", "--box", "cash_main")
    assert (code, answer["payment"]["amount"]["minor"], answer["payment"]["claims"]) == (0, 450, 1)
    assert answer["payment"]["still_owed"]["minor"] == 0
    assert run("claims", "pay", book, "UPHOS001")[0] == 1
    sent = file.parent / "sent"
    asked = ("claims", "export", book, batch, sent, "--xml", "--administrator", "UPCAUPH1")
    code, answer = run(*asked)
    assert (code, answer["files"]) == (0, ["Claim_UPHOS001_101000001_17.xml"])
    # What was sent to the peer is a claim already here: its code is taken.
    assert run("claims", "import", book, sent)[0] == 1


def the_month_reaches_the_branch(run: Run, book: Path, month: str, folder: Path) -> None:
    """A practice branch: until the privacy gate stands, figures of a real book go to no other."""
    branch = folder / "branch"
    assert run("branch", "new", branch, "--practice")[0] == 0
    card = branch / "branch-card.json"
    code, packed = run("return", "pack", book, month, "--to", card, "--out", folder)
    assert (code, packed["months"]) == (0, [month])
    code, answer = run("branch", "receive", branch, packed["file"])
    assert (code, answer["files"][0]["months"]) == (0, [[month, 0]])
    assert run("return", "show", book, month)[1]["state"] != "ACKNOWLEDGED"
    assert run("return", "acknowledge", book, answer["files"][0]["receipt"])[0] == 0
    shown = run("return", "show", book, month)[1]
    assert (shown["state"], shown["practice"]) == ("ACKNOWLEDGED", False)


def test_an_old_number_that_looks_like_one_of_a_batch_shows_its_claim(
    run: Run, tmp_path: Path
) -> None:
    days = dict.fromkeys(("date_from", "date_to", "date_claimed", "date_processed"), "2024-03-01")
    folder = folder_of(tmp_path, row(claim_code="B-17", chf_id="0200", **days))
    book = tmp_path / "book"
    assert run("new", book, "--name", "Ultha", "--country", "SN", "--language", "en")[0] == 0
    assert run("import", "openimis", book, folder)[0] == 0
    (old,) = run("claims", "show", book, "B-17")[1]["claims"]
    assert old["legacy_number"] == "B-17"
    (same,) = run("claims", "show", book, "B-2024-i-000001")[1]["claims"]
    assert same == old
    for number, field in (("B-18", "batch"), ("18", "claim")):
        code, answer = run("claims", "show", book, number)
        assert (code, answer["field"]) == (1, field)
        assert answer["refused"] == f"There is no {field} {number}. Check the number."
