"""A month leaves, from the command line: shown, packed, taken in by a branch, acknowledged."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stepdesk.cli import run_command
from stepdesk.sync.queries import address
from tests.builders import FIRST, SECOND, again, open_copy, wednesday
from tests.sync.schemes import JANUARY, closed, families

Run = Callable[..., tuple[int, dict[str, object], str]]
TODAY = ("--today", "2024-02-05")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)
    monkeypatch.setenv("STEPDESK_SECOND_PASSWORD", SECOND)

    def call(*arguments: object) -> tuple[int, dict[str, object], str]:
        code = run_command([*map(str, arguments), "--json"])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out.strip() else {}, told.err

    return call


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A closed book of two people with 48 persons and a closed January."""
    clock = wednesday()
    with open_copy(tmp_path / "book", clock=clock, people=("Awa", "Bintou")) as desk:
        families(desk)
        closed(desk, clock, JANUARY)
    return tmp_path / "book"


@pytest.fixture
def card(run: Run, tmp_path: Path) -> Path:
    assert run("branch", "new", tmp_path / "branch", "--practice", "--name", "Thiès")[0] == 0
    return tmp_path / "branch" / "branch-card.json"


def asked(book: Path, *told: object) -> list[object]:
    kind, *rest = told
    return ["return", kind, book, *rest, "--person", "Awa", *TODAY]


def pack(book: Path, card: Path, out: Path, *more: object) -> list[object]:
    return asked(book, "pack", "2024-01", "--to", card, "--out", out, "--second", "Bintou", *more)


def test_a_month_goes_there_and_back(run: Run, book: Path, card: Path, tmp_path: Path) -> None:
    code, shown, _ = run(*asked(book, "show", "2024-01"))
    assert (code, shown["state"], shown["closed"]) == (0, "TO_SEND", True)
    stick = tmp_path / "stick"
    stick.mkdir()
    code, sent, _ = run(*pack(book, card, stick))
    assert (code, sent["hash"], sent["months"]) == (0, shown["hash"], ["2024-01"])
    (file,) = stick.iterdir()
    assert str(file) == sent["file"]
    assert run("branch", "receive", tmp_path / "branch", file)[0] == 0
    (receipt,) = stick.glob("*.sdr")
    code, told, _ = run(*asked(book, "acknowledge", receipt))
    answer = told["acknowledged"]
    assert isinstance(answer, dict)
    assert (code, answer["new"]) == (0, 1)
    assert answer["answers"][0]["hash"] == shown["hash"]
    code, shown, _ = run(*asked(book, "show", "2024-01"))
    assert shown["state"] == "ACKNOWLEDGED"
    assert run(*asked(book, "acknowledge", receipt))[1]["acknowledged"] == answer | {"new": 0}
    code, told, _ = run(*pack(book, card, stick))
    assert (code, told["field"]) == (1, "month")
    assert run("verify", book, "--person", "Awa")[0] == 0


def test_the_figures_are_told_in_words(
    book: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)
    assert run_command([str(one) for one in asked(book, "show", "2024-01")]) == 0
    told = capsys.readouterr().out
    assert "Mutuelle de Koula, January 2024: to send" in told
    assert "persons covered" in told
    assert "75 figures" in told
    assert run_command([str(one) for one in asked(book, "show", "2024-02")]) == 0
    assert "not closed, so nothing leaves" in capsys.readouterr().out


def test_an_open_month_is_shown_and_not_packed(
    run: Run, book: Path, card: Path, tmp_path: Path
) -> None:
    code, shown, _ = run(*asked(book, "show", "2024-02"))
    assert (code, shown["state"], shown["closed"]) == (0, "NOT_CLOSED", False)
    code, told, error = run(
        *asked(book, "pack", "2024-02", "--to", card, "--out", tmp_path / "x.sdb"),
        "--second", "Bintou",
    )  # fmt: skip
    assert (code, told["field"]) == (1, "month")
    assert "is not closed" in error
    assert not (tmp_path / "x.sdb").exists()


def test_one_signature_is_not_enough_and_nothing_is_written(
    run: Run, book: Path, card: Path, tmp_path: Path
) -> None:
    code, told, _ = run(*asked(book, "pack", "2024-01", "--to", card, "--out", tmp_path / "x.sdb"))
    assert (code, told["field"]) == (1, "second")
    assert not (tmp_path / "x.sdb").exists()
    with again(book, name="Awa") as desk:
        assert desk.ask(address) is None


def test_a_real_branch_gets_nothing(run: Run, book: Path, tmp_path: Path) -> None:
    run("branch", "new", tmp_path / "real", "--name", "Real")
    card = tmp_path / "real" / "branch-card.json"
    code, _, error = run(*pack(book, card, tmp_path / "x.sdb"))
    assert code == 1
    assert "practice branch" in error
    assert not (tmp_path / "x.sdb").exists()
    with again(book, name="Awa") as desk, desk.read() as connection:
        rows = connection.exec_driver_sql("SELECT count(*) FROM release").scalar_one()
    assert rows == 0


def test_a_place_that_is_not_there_is_trouble(
    run: Run, book: Path, card: Path, tmp_path: Path
) -> None:
    code, told, _ = run(*pack(book, card, tmp_path / "gone" / "x.sdb"))
    assert (code, told["field"]) == (1, "out")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"STPD\x01"])
def test_what_is_no_answer_is_refused(
    run: Run, book: Path, card: Path, tmp_path: Path, content: bytes
) -> None:
    assert run(*pack(book, card, tmp_path / "x.sdb"))[0] == 0
    (tmp_path / "answer.sdr").write_bytes(content)
    assert run(*asked(book, "acknowledge", tmp_path / "answer.sdr"))[0] == 1
    assert run(*asked(book, "acknowledge", tmp_path / "none.sdr"))[0] == 1


def test_the_page_is_written(run: Run, book: Path, tmp_path: Path) -> None:
    assert run(*asked(book, "show", "2024-01", "--pdf", tmp_path / "page.pdf"))[0] == 0
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    code, told, _ = run(*asked(book, "show", "2024-01", "--pdf", tmp_path / "no" / "page.pdf"))
    assert (code, told["field"]) == (1, "pdf")
