"""Payments from the command line: in steps, back to members, by head, and what lies with providers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stepdesk.benefits.terms import Payment
from stepdesk.claims.service import decide_claim
from stepdesk.cli import run_command
from stepdesk.members.model import household
from stepdesk.providers.terms import PaymentMode
from tests.builders import FIRST, SECOND, open_copy, wednesday
from tests.claims.kit import a_batch, a_care, a_claim, a_provider

Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)
    monkeypatch.setenv("STEPDESK_SECOND_PASSWORD", SECOND)

    def call(command: str, *arguments: object, today: str = "2024-01-10") -> Any:
        words = command.split()
        code = run_command([*words, *map(str, arguments), "--json", "--today", today])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out.strip() else {}

    return call


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A closed book: a consultation of 450 decided at KOULA; HEAD is paid by head, BUDGET by an advance."""
    with open_copy(tmp_path / "book", clock=wednesday()) as desk:
        care = a_care(desk, rules={"C": {"payment": Payment.BOTH}})
        head = {"mode": PaymentMode.CAPITATION, "head_amount": 100}
        chosen, _ = a_provider(desk, care.services, code="HEAD", agreement=head)
        budget = {"mode": PaymentMode.BUDGET, "budget_amount": 1000}
        a_provider(desk, care.services, code="BUDGET", agreement=budget)
        with desk.work("choose_post") as work:
            work.update(household, care.home.household_id, health_post_id=chosen)
        desk.do(decide_claim, claim_id=a_claim(desk, care, a_batch(desk, care, invoice="F-1")))
    return tmp_path / "book"


def minor(told: dict[str, Any], name: str) -> int:
    amount: int = told[name]["minor"]
    return amount


def test_a_provider_is_paid_in_steps(run: Run, book: Path, tmp_path: Path) -> None:
    number = "BP-2024-01-KOULA"
    assert run("payment delays", book, today="2024-01-10")[0] == 0
    assert run("payment delays", book, today="2024-02-10")[0] == 1
    told = run("payment prepare", book, "koula")[1]["batch"]
    assert (told["number"], minor(told, "net")) == (number, 450)
    assert run("payment order", book, number)[0] == 1
    assert run("payment approve", book, number)[0] == 0
    assert run("payment cancel", book, number, "--reason", "wrong box")[0] == 0
    again = run("payment prepare", book, "KOULA")[1]["batch"]["number"]
    assert again == f"{number}-A2"
    run("payment approve", book, again)
    assert run("payment order", book, again, "--box", "571")[0] == 0
    paper = tmp_path / "order.pdf"
    assert run("payment print", book, again, "--pdf", paper, "--language", "en")[0] == 0
    assert paper.read_bytes().startswith(b"%PDF")
    assert run("payment pay", book, again)[1]["batch"]["voucher"] == "V-2024-A-000001"
    told = run("payment acknowledge", book, again, "--receipt", "Q7")[1]["batch"]
    assert (told["state"], told["steps"][-1]["receipt"]) == ("ACKNOWLEDGED", "Q7")
    states = [one["state"] for one in run("payment show", book)[1]["batches"]]
    assert states == ["ACKNOWLEDGED", "CANCELLED"]
    assert len(run("payment show", book, again)[1]["batches"][0]["lines"]) == 1
    assert run("payment show", book, "BP-1")[1]["field"] == "batch"


def test_a_member_is_reimbursed_and_pays_back(run: Run, book: Path, tmp_path: Path) -> None:
    code, told = run(
        "reimbursement ask", book, "1/01", "KOULA", "--care-on", "2024-01-09", "--line", "C*1=700"
    )
    assert (code, told["claim"]["state"], minor(told["claim"], "paid")) == (0, "APPROVED", 450)
    assert minor(run("reimbursement list", book)[1]["reimbursements"][0], "amount") == 450
    wrong = ("reimbursement ask", book, "1/01", "KOULA", "--care-on", "2024-01-09", "--line")
    assert run(*wrong, "C")[1]["field"] == "line"
    assert run(*wrong, "A=900")[1]["field"] == "lines.0.service"
    paper = tmp_path / "voucher.pdf"
    told = run("reimbursement pay", book, "1", "--receiver", "Awa Diop", "--pdf", paper)[1][
        "payment"
    ]
    assert (told["number"], told["receiver"]) == ("M-2024-A-000001", "Awa Diop")
    assert paper.read_bytes().startswith(b"%PDF")
    assert run("claims pay", book, "KOULA")[0] == 0
    claim = "C-2024-A-000001"
    told = run("reimbursement recover", book, claim, 300, "--reason", "lent")[1]["recovery"]
    assert minor(told, "left") == 300
    assert minor(run("reimbursement back", book, claim, 100)[1]["recovery"], "left") == 200
    assert run("reimbursement back", book, "C-2024-A-000002", 1)[1]["field"] == "claim"
    assert minor(run("reimbursement list", book)[1]["recoveries"][0], "left") == 200


def test_a_member_is_let_off_and_gets_it_back(run: Run, book: Path) -> None:
    assert run("claims pay", book, "KOULA")[0] == 0
    claim = "C-2024-A-000001"
    run("reimbursement recover", book, claim, 300, "--reason", "lent")
    run("reimbursement back", book, claim, 100)
    off = ("reimbursement let-off", book, claim, "--reason", "her own card")
    told = run(*off, "--amount", 50)[1]["let_off"]
    assert (minor(told, "left"), minor(told, "owed")) == (150, 0)
    told = run(*off)[1]["let_off"]
    assert (minor(told, "left"), minor(told, "owed")) == (0, 100)
    assert run(*off)[1]["field"] == "claim"
    (owed,) = run("reimbursement list", book)[1]["reimbursements"]
    assert (minor(owed, "returned"), owed["why"]) == (100, "her own card")
    told = run("reimbursement pay", book, "1", "--receiver", "Awa")[1]["payment"]
    assert minor(told, "amount") == 100


def test_a_payment_comes_back(run: Run, book: Path) -> None:
    number = "BP-2024-01-KOULA"
    assert run("claims pay", book, "KOULA")[0] == 0
    back = ("payment reverse", book)
    assert run(*back, number, "--reason", " ")[1]["field"] == "reason"
    told = run(*back, number, "--reason", "account closed")[1]["payment"]
    assert (told["number"], told["reverses"], told["claims"]) == (
        "V-2024-A-000002",
        "V-2024-A-000001",
        1,
    )
    assert run("payment show", book, number)[1]["batches"][0]["state"] == "REVERSED"
    assert run(*back, number, "--reason", "again")[1]["field"] == "batch"
    assert run(*back, "V-2024-A-000001", "--reason", "again")[1]["field"] == "payment"
    assert run("claims pay", book, "KOULA")[0] == 0
    assert run(*back, "v-2024-a-000003", "--reason", "bounced")[0] == 0


def test_a_month_is_paid_by_head_and_taken_back(run: Run, book: Path) -> None:
    later = {"today": "2024-02-05"}
    told = run("capitation run", book, "2024-02", **later)[1]["runs"]
    assert [(one["provider"], minor(one, "amount")) for one in told] == [("CS Head", 300)]
    assert run("capitation run", book, "2024-02", **later)[1]["field"] == "month"
    assert run("capitation run", book, "2024-02", "--package", "BASE", **later)[1] == {
        "refused": "This package shares no contributions with providers. Choose another package.",
        "field": "package",
    }
    counted = run("capitation counted", book, "2024-02", "HEAD", **later)[1]["persons"]
    assert [(one["then"], one["now"]) for one in counted] == [(True, True)] * 3
    assert run("capitation counted", book, "2024-01", "HEAD", **later)[1]["field"] == "month"
    back = ("capitation reverse", book, "2024-02", "HEAD", "--reason", "twice")
    assert run(*back, **later)[1]["run"]["reversed_by"] == "twice"
    assert run(*back, **later)[1]["field"] == "month"
    assert len(run("capitation list", book, **later)[1]["runs"]) == 1


def test_deposits_and_advances_lie_with_providers(run: Run, book: Path) -> None:
    told = run("deposit pay", book, "KOULA", 800, "--label", "Deposit")[1]["lying"]
    assert [(one["provider"], minor(one, "deposit")) for one in told] == [("CS Koula", 800)]
    told = run("deposit return", book, "KOULA", 300, "--label", "Back")[1]["lying"]
    assert minor(told[0], "deposit") == 500
    told = run("payment prepare", book, "KOULA", "--set-off", 200)[1]["batch"]
    assert (minor(told, "set_off"), minor(told, "net")) == (200, 250)
    assert run("deposit budget", book, "BUDGET", "2024-01")[0] == 0
    assert run("deposit budget", book, "BUDGET", "2024-01")[1]["field"] == "month"
    told = run("deposit list", book)[1]["lying"]
    assert [minor(one, "advance") for one in told] == [1000, 0]


def test_papers_of_claims_are_written(run: Run, book: Path, tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("r.pdf", "r.xlsx", "c.pdf", "m.pdf")}
    code, told = run(
        "claims register", book, "2024-01", "--pdf", files["r.pdf"], "--xlsx", files["r.xlsx"]
    )
    assert (code, [one["number"] for one in told["rows"]]) == (0, ["C-2024-A-000001"])
    told = run("claims reasons", book, "2024-01", "--provider", "KOULA", "--pdf", files["c.pdf"])[
        1
    ]
    assert told["reasons"] == []
    code, told = run("claims mirror", book, "KOULA", "--pdf", files["m.pdf"])
    assert (code, told["mirror"]["months"][-1]["claims"]) == (0, 1)
    assert all(one.stat().st_size > 1000 for one in files.values())
