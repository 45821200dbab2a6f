"""Guarantee letters from the command line."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from stepdesk.claims import queries
from stepdesk.cli import run_command
from stepdesk.cli.letters import spelled_out
from stepdesk.contributions.service import receive_booklets
from stepdesk.contributions.terms import Stationery
from stepdesk.scheme.service import add_person
from stepdesk.scheme.terms import Role
from stepdesk.store.clock import SetClock
from tests.builders import FIRST, SECOND, again, open_copy, wednesday
from tests.claims.kit import a_batch, a_care, a_claim

Run = Callable[..., tuple[int, dict[str, Any]]]
DAY = ("--today", "2024-01-10")
WANTED = ("1", "--provider", "KOULA", "--service", "DEL")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)
    monkeypatch.setenv("STEPDESK_SECOND_PASSWORD", SECOND)

    def call(*arguments: object, day: tuple[str, str] = DAY) -> tuple[int, dict[str, Any]]:
        code = run_command([*map(str, arguments), *day, "--json"])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out.strip() else {}

    return call


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A closed book: a household of three, a provider KOULA, a pad of twenty leaves."""
    with open_copy(tmp_path / "book", clock=wednesday()) as desk:
        a_care(desk, rules={"DEL": {"requires_letter": True}})
        desk.do(receive_booklets, kind=Stationery.LETTER, first_serial=12, leaves=20)
    return tmp_path / "book"


def words(pdf: Path) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_the_short_form_issues_and_prints(run: Run, book: Path, tmp_path: Path) -> None:
    paper = tmp_path / "letter.pdf"
    code, answer = run("letter", book, *WANTED, "--pdf", paper, "--language", "en")
    assert code == 0
    letter = answer["letter"]
    assert (letter["number"], letter["up_to"]["minor"]) == ("LG-2024-A-00001", 3750)
    told = words(paper)
    assert told.count("LG-2024-A-00001") == 5  # twice beside the QR code, and on the stub
    assert told.count(letter["code"]) == 3
    for part in ("For the provider", "For the patient", "Stub", "Delivery", "9 March 2024"):
        assert part in told
    code, again_told = run("letter", "check", book, letter["number"], letter["code"])
    assert (code, again_told["checked"]["letter"]["state"]) == (0, "ISSUED")
    wrong = "000000" if letter["code"] != "000 000" else "000001"
    code, answer = run("letter", "check", book, letter["number"], wrong)
    assert (code, answer["field"]) == (1, "code")


def test_who_is_suspended_gets_no_offer_and_hears_why(run: Run, book: Path) -> None:
    code, answer = run("letter", "offer", book, *WANTED)
    assert (code, answer["may_go_out"], answer["offer"]["proposed"]["minor"]) == (0, 1, 3750)
    late = ("--today", "2025-02-20")
    code, answer = run("letter", "offer", book, *WANTED, day=late)
    assert (code, answer["may_go_out"]) == (1, 0)
    code, answer = run("letter", "issue", book, *WANTED, day=late)
    assert (code, answer["field"]) == (1, "person")
    assert "Pay 2,100" in answer["refused"].replace("\u00a0", " ")
    night = ("--hours", 10, "--on", "2025-02-19")
    code, answer = run("letter", "issue", book, *WANTED, *night, day=late)
    assert code == 0  # one person alone keeps this desk
    assert answer["letter"]["kind"] == "REGULARISATION"
    assert answer["letter"]["single_control"] == 1


def test_a_request_is_granted_refused_cancelled_and_listed(run: Run, book: Path) -> None:
    assert run("letter", "request", book, *WANTED, "--request", "ab" * 16)[0] == 0
    code, answer = run("letter", "request", book, *WANTED, "--request", "ab" * 16)
    assert answer["letter"]["state"] == "REQUESTED"
    run("letter", "request", book, "1/1", "--provider", "KOULA", "--service", "SURG")
    code, answer = run("letter", "list", book, "--asked-for")
    assert [one["number"] for one in answer["letters"]] == ["LG-2024-A-00002", "LG-2024-A-00001"]
    code, answer = run("letter", "grant", book, "LG-2024-A-00001", "--days", 2)
    assert answer["letter"]["valid_through"] == "2024-01-11"
    refusal = ("--reason", "Can be done here.", "--code")
    code, answer = run("letter", "refuse", book, "LG-2024-A-00002", *refusal, "XX99")
    assert (code, answer["field"]) == (1, "code")
    code, answer = run("letter", "refuse", book, "LG-2024-A-00002", *refusal, "rm01")
    assert answer["letter"]["state"] == "REFUSED"
    code, answer = run("letter", "list", book, "--ending", 3)
    assert [one["number"] for one in answer["letters"]] == ["LG-2024-A-00001"]
    code, answer = run("letter", "cancel", book, "LG-2024-A-00001", "--reason", "went elsewhere")
    assert (code, answer["letter"]["state"]) == (0, "CANCELLED")
    code, answer = run("letter", "cancel", book, "LG-2024-A-00001", "--reason", "again")
    assert (code, answer["field"]) == (1, "letter")
    assert run("letter", "list", book, "--open") == (0, {"letters": []})


def test_an_extension_is_signed_by_two(run: Run, book: Path, tmp_path: Path) -> None:
    run("letter", book, *WANTED, "--days", 3, "--up-to", 3000)
    with again(book, clock=SetClock(datetime(2024, 1, 10, 9, tzinfo=UTC))) as desk:
        desk.do(add_person, name="Moussa", role=Role.MANAGER, password=SECOND)
    more = ("--person", "Awa", "--reason", "late", "--days", 4)
    code, answer = run("letter", "extend", book, "LG-2024-A-00001", *more)
    assert (code, answer["field"]) == (1, "second")
    paper = tmp_path / "longer.pdf"
    code, answer = run(
        "letter", "extend", book, "LG-2024-A-00001", *more, "--second", "Moussa", "--pdf", paper
    )
    assert (code, answer["letter"]["valid_through"]) == (0, "2024-01-16")
    assert answer["letter"]["code"] in words(paper)


def test_the_pad_is_printed_and_typed_in(run: Run, book: Path, tmp_path: Path) -> None:
    paper = tmp_path / "pad.pdf"
    code, answer = run(
        "letter", "pad", book, 12, "--first", 7, "--last", 8, "--pdf", paper, "--language", "en"
    )
    assert [one["number"] for one in answer["leaves"]] == ["0012-07", "0012-08"]
    told = words(paper)
    assert [told.count(one["code"]) for one in answer["leaves"]] == [3, 3]
    assert run("letter", "pad", book, 13, "--pdf", paper)[0] == 1
    leaf = ("--leaf", "0012-07", "--on", "2024-01-09")
    code, answer = run("letter", book, *WANTED, *leaf)
    assert (code, answer["letter"]["kind"], answer["letter"]["leaf"]) == (0, "PAD", "0012-07")
    code, answer = run("letter", book, "1/1", *WANTED[1:], *leaf)
    assert (code, answer["field"]) == (1, "leaf")
    code, answer = run("letter", "pad", book, 12, "--pdf", paper)
    assert len(answer["leaves"]) == 19  # the one typed in is not printed again


def test_letters_of_a_provider_are_listed_for_its_desk(
    run: Run, book: Path, tmp_path: Path
) -> None:
    run("letter", book, *WANTED)
    with again(book, clock=wednesday()) as desk:
        home = desk.ask(queries.letters, desk.currency, today=desk.today)[0]
        assert home.state.value == "ISSUED"
    paper = tmp_path / "open.pdf"
    code, answer = run(
        "letter", "list", book, "--provider", "KOULA", "--open", "--pdf", paper, "--language", "en"
    )
    assert (code, len(answer["letters"])) == (0, 1)
    told = words(paper)
    assert "LG-2024-A-00001" in told
    assert home.code not in told
    code, answer = run("letter", "show", book, "lg-2024-a-1", "--pdf", tmp_path / "again.pdf")
    assert (code, answer["letter"]["card"][-3:]) == (0, "/00")
    code, answer = run("letter", "show", book, "LG-2024-A-00077")
    assert (code, answer["field"]) == (1, "number")
    code, answer = run("letter", "list", book, "--of", "1/2")
    assert answer["letters"] == []


def test_a_certificate_that_forgot_its_letter_is_listed(run: Run, tmp_path: Path) -> None:
    with open_copy(tmp_path / "book", clock=wednesday()) as desk:
        care = a_care(desk)
        a_claim(desk, care, a_batch(desk, care), care.line("C"))
    assert run("letter", tmp_path / "book", *WANTED)[0] == 0
    _, answer = run("letter", "list", tmp_path / "book", "--passed-by")
    assert [one["number"] for one in answer["letters"]] == ["LG-2024-A-00001"]


def test_only_what_is_no_command_is_a_book() -> None:
    assert spelled_out(["letter", "book", "47"]) == ["letter", "issue", "book", "47"]
    for told in (["letter", "list", "book"], ["letter"], ["letter", "--help"], ["letters", "b"]):
        assert spelled_out(told) == told
