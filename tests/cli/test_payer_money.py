"""Sums of groups, payers' statements, the register of contributions and reminders, typed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stepdesk.cli import run_command
from stepdesk.contributions.terms import EffectRule
from stepdesk.store.clock import SystemClock
from tests.builders import FIRST, a_household, a_plan, open_copy

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
    """A closed book with two households of two, 700 a month from this month's first day."""
    with open_copy(tmp_path / "book", clock=SystemClock()) as desk:
        a_plan(desk, entry_fee=0, waiting_months=0, effect_rule=EffectRule.FIRST_OF_MONTH)
        for phone in ("77 123 45 67", ""):
            a_household(desk, 2, phone=phone)
    return tmp_path / "book"


def test_a_groups_sum_is_seen_before_and_taken_back(run: Run, book: Path) -> None:
    assert run("group", "add", book, "coop", "--name", "Coop", "--kind", "trade",
               "--people", 4)[0] == 0  # fmt: skip
    for number in ("1", "2"):
        assert run("group", "place", book, "COOP", number)[0] == 0
    code, seen = run("group", "preview", book, "COOP", 1000)
    assert (code, seen["filled"], seen["asking"], seen["left"]["minor"]) == (0, 1, 2, 300)
    assert run("group", "pay", book, "COOP", 1000)[0] == 1
    request = "0" * 31 + "1"
    code, done = run("group", "pay", book, "COOP", 1000, "--rest", "keep", "--request", request)
    assert (code, len(done["receipts"])) == (0, 2)
    assert run("group", "pay", book, "COOP", 1000, "--request", request)[1] == done
    code, listed = run("group", "sums", book, "COOP")
    number = listed["sums"][0]["number"]
    assert [one["amount"] for one in listed["sums"]] == [1000]
    assert run("group", "take-back", book, "G-1999-A-000001", "--reason", "x")[0] == 1
    assert run("group", "take-back", book, number, "--reason", "bounced")[0] == 0
    code, listed = run("group", "sums", book)
    assert sorted(one["amount"] for one in listed["sums"]) == [-1000, 1000]


def test_a_payers_receipt_is_printed_once_and_then_as_a_copy(
    run: Run, book: Path, tmp_path: Path
) -> None:
    pdf = tmp_path / "receipt.pdf"
    assert run("payer", "add", book, "COM", "--name", "Commune", "--kind", "commune")[0] == 0
    code, paid = run("payer", "receive", book, "COM", 50, "--accept", "more_than_open")
    assert (code, paid["number"][:2], paid["number"][6:]) == (0, "P-", "-A-000001")
    assert run("payer", "receipt", book, "P-1999-A-000001", "--pdf", pdf)[0] == 1
    for told, copies in ((paid["number"], 0), (paid["payment"], 1)):
        code, printed = run("payer", "receipt", book, told, "--pdf", pdf, "--language", "fr")
        assert (code, printed["number"], printed["copies"]) == (0, paid["number"], copies)
        assert pdf.read_bytes().startswith(b"%PDF")
    assert run("payer", "take-back", book, paid["number"], "--reason", "bounced")[0] == 0
    assert run("payer", "take-back", book, paid["number"], "--reason", "bounced")[0] == 1


def test_a_payer_is_told_and_pays(run: Run, book: Path, tmp_path: Path) -> None:
    grounds = tmp_path / "grounds.txt"
    grounds.write_text("widow", encoding="utf-8")
    assert run("payer", "add", book, "COM", "--name", "Commune", "--kind", "commune")[0] == 0
    assert run("payer", "state", book, "COM")[0] == 1
    assert run("payer", "agree", book, "COM", "--from", "2020-01-01", "--share", 100,
               "--invoice-months", 1, "--on-cash")[0] == 0  # fmt: skip
    one = run("payer", "nominate", book, "COM", "1", "--grounds-file", grounds)[1]["nomination"]
    for act in ("validate", "approve", "cover"):
        assert run("payer", act, book, one)[0] == 0
    code, told = run("payer", "state", book, "COM")
    assert code == 0
    number = told["statements"][0]["number"]
    amount = told["statements"][0]["amount"]
    assert amount >= 700
    assert amount % 700 == 0
    pdf, xlsx = tmp_path / "statement.pdf", tmp_path / "statement.xlsx"
    assert run("payer", "statement", book, number)[0] == 1
    code, told = run("payer", "statement", book, number, "--pdf", pdf, "--xlsx", xlsx)
    assert (code, told["rows"]) == (0, amount // 350)
    assert pdf.read_bytes().startswith(b"%PDF")
    assert xlsx.read_bytes().startswith(b"PK")
    assert run("payer", "receive", book, "COM", amount + 50, "--statement", number)[0] == 1
    code, paid = run("payer", "receive", book, "COM", amount + 50, "--statement", number,
                     "--accept", "more_than_open")  # fmt: skip
    assert (code, paid["open"], paid["credit"]) == (0, 0, 50)
    assert run("payer", "statements", book, "--open")[1]["statements"] == []
    assert run("payer", "take-back", book, paid["payment"], "--reason", "bounced")[0] == 0
    code, told = run("payer", "statements", book, "COM", "--pdf", pdf)
    assert [(row["open"], row["late"]) for row in told["statements"]] == [(amount, False)]
    assert run("payer", "gap", book, "--xlsx", xlsx)[1]["ending"] == []
    code, told = run("payer", "cost", book, "2026-01", "2026-02")
    assert (code, told["sponsored"]["benefits"]) == (0, 0)


def test_dues_arrears_and_reminders_are_written(run: Run, book: Path, tmp_path: Path) -> None:
    assert run("contribute", book, "1", 700)[0] == 0
    month = str(SystemClock().now().date())[:7]
    pdf, xlsx, csv = (tmp_path / f"list.{kind}" for kind in ("pdf", "xlsx", "csv"))
    code, told = run("dues", book, month, "--pdf", pdf, "--xlsx", xlsx)
    assert (code, told["rows"]) == (0, 1)
    assert told["totals"][0]["sums"] == [700, 700, 0, 0, 0]
    assert pdf.read_bytes().startswith(b"%PDF")
    code, told = run("arrears", book, "--xlsx", xlsx)
    assert (code, told["rows"]) == (0, 0)
    code, told = run("reminders", book, "renewal", "--within", 31, "--csv", csv, "--pdf", pdf)
    assert (code, told["reminders"], told["messages"]) == (0, 1, 0)
    assert told["no_consent"]
    assert run("member", "correct", book, "1", "--set", "sms_consent=yes")[0] == 0
    code, told = run("reminders", book, "renewal", "--within", 31, "--csv", csv)
    assert (code, told["messages"], told["alphabets"]) == (0, 1, ["GSM-7"])
    assert csv.read_text(encoding="utf-8").splitlines()[1].startswith("+221771234567,")
    assert run("reminders", book, "arrears")[0] == 1
