"""Reviews, questions, overrides, appeals, reversals and complaints from the command line."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from stepdesk.claims.service import decide_claim, pay_provider
from stepdesk.cli import run_command
from stepdesk.store.desk import Desk
from tests.builders import FIRST, a_request, again, open_copy, wednesday
from tests.claims.kit import a_batch, a_care, a_claim, francs

Run = Callable[..., dict[str, Any]]
CLAIM, BATCH = "C-2024-A-000001", "B-2024-A-000001"
BOARD = ("--accept", "nobody_may_decide")


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Run:
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)

    def call(*arguments: object, code: int = 0) -> dict[str, Any]:
        room, what, *others = map(str, arguments)
        told = [room, what, str(tmp_path / "book"), *others, "--today", "2024-01-10", "--json"]
        found = run_command(told)
        said = capsys.readouterr()
        assert found == code, said.err
        answer: dict[str, Any] = json.loads(said.out) if said.out.strip() else {}
        return answer

    return call


@contextmanager
def desk_here(tmp_path: Path) -> Iterator[Desk]:
    with again(tmp_path / "book", clock=wednesday()) as desk:
        yield desk


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A surgery of 45,000 in a batch of 46,000; 33,750 after the share, 20,000 an episode."""
    with open_copy(tmp_path / "book", clock=wednesday()) as desk:
        care = a_care(desk, cap_episode=20_000, size=10)
        batch = a_batch(desk, care, invoice_total=francs(desk, 46_000))
        a_claim(desk, care, batch, care.line("SURG"), certificate="0457")
    return tmp_path


def pay(tmp_path: Path) -> None:
    with desk_here(tmp_path) as desk:
        with desk.read() as connection:
            claim_id, provider_id = connection.exec_driver_sql(
                "SELECT c.id, b.provider_id FROM claim c JOIN claim_batch b ON b.id = c.batch_id"
            ).one()
        desk.do(decide_claim, claim_id=claim_id)
        desk.do(pay_provider, request_id=a_request(), provider_id=provider_id)


@pytest.mark.usefixtures("book")
def test_a_claim_is_checked_asked_about_reviewed_and_decided(run: Run) -> None:
    assert run("claims", "check", CLAIM)["state"] == "ADMIN_OK"
    assert run("claims", "query", CLAIM, "Which hand?", "--of", "member")["state"] == "QUERIED"
    assert run("claims", "query")["queries"][0]["told"] == "Which hand?"
    assert run("claims", "answer", CLAIM, "The left one")["state"] == "ADMIN_OK"
    assert run("claims", "review", CLAIM, "--ask", "--note", "dear")["state"] == "MEDICAL_PENDING"
    assert len(run("claims", "review")["reviews"]) == 1
    told = run(
        "claims", "review", CLAIM, "--line", "1=@40000:RM03:generic", "--accept", "same_person"
    )
    assert told["state"] == "MEDICAL_OK"
    # 40,000 less a quarter are 30,000; an episode's ceiling leaves 20,000.
    told = run("claims", "decide", CLAIM, "--accept", "same_person")
    assert (told["outcome"], told["paid"]["minor"]) == ("APPROVED", 20_000)
    assert len(run("claims", "history", CLAIM)["history"]) == 6


@pytest.mark.usefixtures("book")
def test_a_reason_is_set_aside_and_listed(run: Run) -> None:
    run("claims", "decide", CLAIM)
    told = run("claims", "override", CLAIM, "RC03", "--reason", "the board", *BOARD)
    assert told["paid"] == 33_750
    rows = run("claims", "override", "--month", "2024-01")["overrides"]
    assert [row["code"] for row in rows] == ["RC03"]
    run("claims", "override", code=1)
    run("claims", "override", CLAIM, "RC99", "--reason", "x", code=1)


@pytest.mark.usefixtures("book")
def test_claims_are_assessed_before_and_after_the_decision(run: Run) -> None:
    # 45,000 less a quarter, cut to the 20,000 of an episode.
    (told,) = run("claims", "assess", BATCH)["claims"]
    assert (told["waits"], told["claim"]["paid"]["minor"]) == (True, 20_000)
    run("claims", "decide", CLAIM)
    (told,) = run("claims", "assess", CLAIM)["claims"]
    assert (told["waits"], told["same"], told["claim"]["paid"]["minor"]) == (False, True, 20_000)
    run("claims", "assess", "C-2024-A-000009", code=1)


@pytest.mark.usefixtures("book")
def test_an_appeal_is_heard_and_granted(run: Run, tmp_path: Path) -> None:
    run("claims", "decide", CLAIM)
    told = run("claims", "appeal", CLAIM, "--reason", "an emergency", "--who", "Awa Fall")
    assert told == {"complaint": "K-2024-A-000001", "level": 1, "due": "2024-01-17"}
    number = "K-2024-A-000001"
    run("complaint", "acknowledge", number)
    run("complaint", "hear", number, "The doctor wrote it.")
    (reason,) = run("complaint", "reasons", number)["reasons"]
    assert (reason["code"], reason["lines"]) == ("RC03", ["Planned surgery"])
    told = run("complaint", "answer", number, "otherwise", "Yes.", "--waive", "RC03", *BOARD)
    assert told["state"] == "DECIDED"
    assert run("complaint", "close", number, "--note", "told at home")["state"] == "CLOSED"
    assert run("complaint", "list", "--due")["complaints"] == []
    csv, pdf = tmp_path / "k.csv", tmp_path / "k.pdf"
    assert len(run("complaint", "list", "--csv", csv)["complaints"]) == 1
    assert number in csv.read_text("utf-8-sig")
    assert "Awa Fall" not in csv.read_text("utf-8-sig")
    run("complaint", "print", number, "--pdf", pdf)
    assert pdf.read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("book")
def test_other_complaints_are_filed_too(run: Run) -> None:
    told = run("complaint", "add", "quality", "No bed.", "--by", "other", "--provider", "KOULA")
    assert told["state"] == "FILED"
    assert run("complaint", "list", "--late")["complaints"] == []
    run("complaint", "add", "suspension", "We paid.", code=1)
    run("complaint", "add", "staff", "Rude.", "--earlier", "K-2024-A-000009", code=1)


def test_a_paid_claim_is_taken_back(run: Run, book: Path) -> None:
    pay(book)
    told = run("claims", "reverse", CLAIM, "RX01", "--reason", "typed twice")
    assert told["to_recover"]["minor"] == 20_000


@pytest.mark.usefixtures("book")
def test_a_notice_is_printed(run: Run, tmp_path: Path) -> None:
    pdf = tmp_path / "notice.pdf"
    run("claims", "notice", CLAIM, "--to", "member", "--pdf", pdf, code=1)
    run("claims", "decide", CLAIM)
    assert run("claims", "notice", BATCH, "--to", "provider", "--pdf", pdf)["notices"] == 1
    assert pdf.read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("book")
def test_a_batch_is_reconciled(run: Run) -> None:
    told = run("claims", "unknown", BATCH, "0458", "--written", "card 999", "--amount", "600",
               "--on", "2024-01-09")  # fmt: skip
    assert told["certificate"] == "0458"
    assert len(run("claims", "unknown", BATCH)["unknown"]) == 1
    assert run("claims", "difference", BATCH)["open"]["minor"] == 400
    told = run(
        "claims", "difference", BATCH, "missing", "--amount", "400", "--certificate", "0459"
    )
    assert told["open"]["minor"] == 0
    run("claims", "unknown", BATCH, "0458", "--claim", CLAIM, code=1)


def test_an_empty_scheme_is_told_to_add_a_provider_first(run: Run, tmp_path: Path) -> None:
    with open_copy(tmp_path / "book", clock=wednesday()):
        pass
    answer = run("claims", "pay", "NOPE", code=1)
    assert answer["field"] == "provider"
    assert "Add the first one" in str(answer)
