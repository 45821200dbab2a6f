"""The command line as scripts see it: exit codes, JSON, and nothing changed by what is refused."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from stepdesk.cli import make_parser, run_command
from stepdesk.store.clock import SystemClock
from stepdesk.store.desk import Desk
from tests.builders import FIRST, SECOND, a_household, a_payment, again, open_copy

Run = Callable[..., tuple[int, dict[str, object], str]]
ROOT = Path(__file__).resolve().parents[2]


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
    """A closed book with a household that has paid, at today's date."""
    with open_copy(tmp_path / "book", clock=SystemClock()) as desk:
        a_payment(desk, a_household(desk, 6), 3100)
    return tmp_path / "book"


def fingerprint(folder: Path) -> dict[str, str]:
    """What a refused command must not change: every act and row, seen through a copy."""
    with again(folder, clock=SystemClock()) as desk, desk.read() as connection:
        acts = connection.exec_driver_sql("SELECT hash FROM act ORDER BY n").all()
        rows = connection.exec_driver_sql("SELECT count(*) FROM payment").scalar_one()
    return {"acts": sha256(b"".join(row[0] for row in acts)).hexdigest(), "rows": str(rows)}


def test_a_new_book_is_made_with_its_plan_and_sections(run: Run, tmp_path: Path) -> None:
    code, answer, _ = run(
        "new", tmp_path / "new", "--name", "Mutuelle", "--country", "sn", "--language", "fr",
        "--amount", "350", "--entry-fee", "1000", "--section", "Koula", "--section", "Ndiagne",
    )  # fmt: skip
    assert (code, answer["country"], answer["practice"]) == (0, "SN", False)
    assert run("verify", tmp_path / "new")[0] == 0


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (["--country", "QQ", "--language", "fr"], "country"),
        (["--country", "SN", "--language", "xx"], "language"),
        (["--country", "SN", "--language", "fr", "--amount", "abc"], "amount"),
    ],
)
def test_a_book_that_cannot_be_made_is_refused(
    run: Run, tmp_path: Path, told: list[str], field: str
) -> None:
    code, answer, _ = run("new", tmp_path / "new", "--name", "M", *told)
    assert (code, answer["field"]) == (1, field)


def test_a_folder_that_holds_something_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "letter.txt").write_text("mine")
    code, answer, _ = run(
        "new", tmp_path / "new", "--name", "M", "--country", "SN", "--language", "fr"
    )
    assert (code, answer["field"]) == (1, "book")
    assert [one.name for one in (tmp_path / "new").iterdir()] == ["letter.txt"]


def test_a_weak_password_makes_no_book(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPDESK_PASSWORD", "short")
    code, answer, _ = run(
        "new", tmp_path / "new", "--name", "M", "--country", "SN", "--language", "fr"
    )
    assert (code, answer["field"]) == (1, "password")
    assert not (tmp_path / "new").exists()


def test_people_are_found_by_number_and_by_name(run: Run, book: Path) -> None:
    code, answer, _ = run("find", book, "1")
    found = answer["found"]
    assert isinstance(found, list)
    assert (code, len(found)) == (0, 6)
    code, answer, _ = run("find", book, "nobody of that name")
    assert (code, answer["found"]) == (1, [])


def test_rights_are_answered_with_a_day_and_what_to_pay(run: Run, book: Path) -> None:
    code, answer, _ = run("rights", book, "1/00")
    verdict = answer["verdict"]
    assert isinstance(verdict, dict)
    assert (code, verdict["answer"], verdict["state"]) == (1, "NO", "WAITING")
    assert verdict["opens_on"] is not None
    assert run("rights", book, "1", "--on", "2020-01-01")[0] == 1
    code, answer, _ = run("rights", book, "1/02", "--on", "31/12/2026")
    assert (code, answer["field"]) == (1, "on")
    code, answer, _ = run("rights", book, "999")
    assert (code, answer["field"]) == (1, "person")


def test_a_contribution_gives_a_receipt_once_a_request(
    run: Run, book: Path, tmp_path: Path
) -> None:
    told = ("contribute", book, "000001", "2100", "--request", "ab" * 16)
    code, answer, _ = run(*told, "--pdf", tmp_path / "r.pdf")
    assert code == 0
    receipt = answer["receipt"]
    assert isinstance(receipt, dict)
    assert re.fullmatch(r"R-\d{4}-A-000002", receipt["number"])
    assert receipt["amount"] == {"minor": 2100, "currency": "XOF"}
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    assert run(*told)[1] == answer
    assert run("find", book, "1")[0] == 0


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (("1", "12o0"), "amount"),
        (("1", "21.50"), "amount"),
        (("1", "0"), "amount"),
        (("1", "2103"), "amount"),
        (("470", "2100"), "household"),
        (("1", "2100", "--on", "2999-01-01"), "day"),
        (("1", "2100", "--on", "yesterday"), "on"),
    ],
)
def test_bad_input_is_refused_beside_its_field_and_changes_nothing(
    run: Run, book: Path, told: tuple[str, ...], field: str
) -> None:
    before = fingerprint(book)
    code, answer, error = run("contribute", book, *told)
    assert (code, answer["field"]) == (1, field)
    assert error.strip()
    assert fingerprint(book) == before


def test_an_extra_zero_is_doubted_until_it_is_accepted(run: Run, book: Path) -> None:
    code, answer, _ = run("contribute", book, "1", "21000")
    assert (code, answer["doubts"]) == (1, ["much"])
    assert run("contribute", book, "1", "21000", "--accept", "much")[0] == 0


def test_a_similar_number_is_offered(run: Run, book: Path) -> None:
    _, answer, _ = run("contribute", book, "10", "2100")
    assert "01-000001-8" in str(answer["refused"])


def test_a_month_is_closed_and_then_refuses(run: Run, book: Path) -> None:
    month = SystemClock().now().strftime("%Y-%m")
    code, answer, error = run("close", book, month, "--cash", "3100")
    assert code == 0
    closing = answer["closing"]
    assert isinstance(closing, dict)
    assert closing["month"] == month
    assert "One person alone signed." in error
    code, answer, _ = run("close", book, month)
    assert (code, answer["field"]) == (1, "month")
    code, answer, _ = run("contribute", book, "1", "2100")
    assert (code, answer["doubts"]) == (1, ["closed_month"])
    assert run("verify", book)[0] == 0


def test_a_month_that_is_none_is_refused(run: Run, book: Path) -> None:
    assert run("close", book, "2026-13")[0] == 1
    assert run("close", book, "2999-01")[0] == 1


def test_two_people_sign_a_closing(run: Run, tmp_path: Path) -> None:
    with open_copy(tmp_path / "two", clock=SystemClock(), people=("Awa", "Bintou")) as desk:
        a_payment(desk, None, 3100)
    month = SystemClock().now().strftime("%Y-%m")
    code, answer, _ = run("close", tmp_path / "two", month, "--person", "Awa")
    assert (code, answer["field"]) == (1, "second")
    told = run("close", tmp_path / "two", month, "--person", "Awa", "--second", "Bintou")
    assert told[0] == 0


def test_verify_finds_what_was_changed_with_the_key_at_hand(run: Run, book: Path) -> None:
    with again(book, clock=SystemClock()) as desk:
        tamper(desk)
    code, answer, _ = run("verify", book)
    assert (code, answer["clean"]) == (1, False)
    findings = answer["findings"]
    assert isinstance(findings, list)
    assert findings[0]["table"] == "payment"


def tamper(desk: Desk) -> None:
    with desk.writer.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("DROP TRIGGER payment_is_not_changed")
        raw.execute("UPDATE payment SET amount = amount - 1000")


def test_a_copy_is_made_and_put_back(run: Run, book: Path, tmp_path: Path) -> None:
    code, answer, _ = run("backup", book, tmp_path / "stick.sdk")
    assert code == 0
    run("contribute", book, "1", "2100")
    code, answer, _ = run("restore", tmp_path / "stick.sdk", book)
    assert code == 0
    restored = answer["restored"]
    assert isinstance(restored, dict)
    assert (restored["incarnation"], Path(str(restored["kept"])).is_dir()) == (2, True)
    assert run("verify", book)[0] == 0
    code, answer, _ = run("restore", tmp_path / "stick.sdk", tmp_path / "elsewhere")
    assert code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["verify", "nowhere"], 3),
        (["verify"], 2),
        (["dance"], 2),
        (["contribute", "b"], 2),
        ([], 2),
    ],
)
def test_usage_and_trouble_have_their_codes(
    arguments: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)
    assert run_command(arguments) == code


def test_a_damaged_and_a_foreign_book_are_trouble(run: Run, book: Path, tmp_path: Path) -> None:
    foreign = shutil.copytree(book, tmp_path / "foreign")
    (foreign / "book.db").write_bytes(b"SQLite format 3\0" + bytes(4096))
    code, answer, error = run("verify", foreign)
    assert (code, "trouble" in answer, bool(error.strip())) == (3, True, True)
    (foreign / "book.keys").write_text("{}")
    (foreign / "book.keys.bak").unlink()
    assert run("verify", foreign)[0] == 3


def test_a_wrong_password_is_refused(
    run: Run, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPDESK_PASSWORD", "not the right words")
    code, answer, _ = run("verify", book)
    assert (code, answer["field"]) == (1, "password")


def test_the_password_may_stand_in_a_file(
    run: Run, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STEPDESK_PASSWORD")
    (tmp_path / "secret").write_text(FIRST + "\n", encoding="utf-8")
    assert run("verify", book, "--password-file", tmp_path / "secret")[0] == 0
    assert run("verify", book, "--password-file", tmp_path / "none")[0] == 1


def test_no_argument_takes_a_password() -> None:
    for name, one in commands().items():
        options = {text for action in one._actions for text in action.option_strings}
        assert "--password" not in options, name


def commands() -> dict[str, Any]:
    parser = make_parser()
    groups = [action for action in parser._actions if action.choices is not None]
    found: dict[str, Any] = {}
    for name, one in dict(groups[0].choices or {}).items():
        nested = [action for action in one._actions if isinstance(action.choices, dict)]
        inner = nested[0].choices if nested else {"": one}
        found |= {f"{name} {kind}".strip(): under for kind, under in dict(inner or {}).items()}
    return found


def test_the_documents_and_the_program_agree() -> None:
    told = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for name, one in commands().items():
        line = next(row for row in told.splitlines() if row.startswith(f"| `stepdesk {name} "))
        options = {
            text
            for action in one._actions
            for text in action.option_strings
            if text.startswith("--")
        }
        shared = {
            "--help",
            "--json",
            "--person",
            "--password-file",
            "--second-password-file",
            "--today",
        }
        assert set(re.findall(r"--[a-z-]+", line)) == options - shared, name
        assert one.description, name
    documented = set(re.findall(r"^\| `stepdesk ([a-z]+(?: [a-z-]+)?)", told, re.MULTILINE))
    assert documented == set(commands())


def test_a_copy_is_restored_by_a_program_that_does_nothing_else(run: Run, tmp_path: Path) -> None:
    run(
        "new",
        tmp_path / "a",
        "--name",
        "M",
        "--country",
        "SN",
        "--language",
        "fr",
        "--amount",
        350,
    )
    assert run("backup", tmp_path / "a", tmp_path / "a.sdk")[0] == 0
    told = subprocess.run(
        [sys.executable, "-m", "stepdesk", "restore", "a.sdk", "b", "--json"],
        cwd=tmp_path,
        env={**os.environ, "STEPDESK_PASSWORD": FIRST, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert run("verify", tmp_path / "b")[0] == 0


def test_an_old_file_put_back_is_named_every_time_it_is_asked(
    run: Run, book: Path, tmp_path: Path
) -> None:
    shutil.copy(book / "book.db", tmp_path / "old.db")
    assert run("contribute", book, 1, 2100)[0] == 0
    shutil.copy(tmp_path / "old.db", book / "book.db")
    for _ in range(2):
        code, answer, _ = run("verify", book)
        assert (code, answer["clean"]) == (1, False)
    code, _, error = run("contribute", book, 1, 2100)
    assert code == 3
    assert "older" in error


@pytest.mark.parametrize("target", ["book/book.db", "book/book.keys", "letter.txt"])
def test_a_copy_never_replaces_anything_but_a_copy(
    run: Run, book: Path, tmp_path: Path, target: str
) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    before = (tmp_path / target).read_bytes()
    code, answer, _ = run("backup", book, tmp_path / target)
    assert (code, answer["field"]) == (1, "to")
    assert (tmp_path / target).read_bytes() == before
    assert run("backup", book, tmp_path / "a.sdk")[0] == 0
    assert run("backup", book, tmp_path / "a.sdk")[0] == 0


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (["--pdf", "nowhere/a.pdf"], "pdf"),
        (["--pdf", "."], "pdf"),
        (["--request", "zz"], "request"),
        (["--request", ""], "request"),
        (["--on", "9999-12-31"], "on"),
        (["--on", "20261101"], "on"),
    ],
)
def test_what_cannot_be_done_is_refused_before_money_is_recorded(
    run: Run,
    book: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: list[str],
    field: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = fingerprint(book)
    code, answer, _ = run("contribute", book, 1, 2100, *told)
    assert (code, answer["field"]) == (1, field)
    assert fingerprint(book) == before


@pytest.mark.parametrize("asked", ["", " ", "1/", "1/abc", "1/²"])
def test_rights_are_told_of_nobody_who_was_not_named(run: Run, book: Path, asked: str) -> None:
    code, answer, _ = run("rights", book, asked)
    assert (code, answer["field"]) == (1, "person")


@pytest.mark.parametrize("told", [["--amount", "abc"], ["--amount", "9" * 20], ["--today", "foo"]])
def test_a_refused_book_leaves_nothing_behind(run: Run, tmp_path: Path, told: list[str]) -> None:
    named = ("new", tmp_path / "n", "--name", "M", "--country", "SN", "--language", "fr")
    assert run(*named, *told)[0] == 1
    assert not (tmp_path / "n").exists()
    assert run(*named, "--amount", 350)[0] == 0


def test_a_difference_of_cash_wants_its_reason(run: Run, book: Path) -> None:
    code, answer, _ = run("close", book, "2026-01", "--cash", 5, "--accept", "cash_differs")
    assert (code, answer["field"]) == (1, "reason")


def test_the_unforeseen_is_told_as_trouble(
    run: Run, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stepdesk.members.queries.why_found", lambda *_, **__: 1 / 0)
    code, answer, error = run("find", book, "awa")
    assert code == 3
    assert "ZeroDivisionError" in str(answer["trouble"])
    assert "Traceback" not in error


def test_no_option_is_guessed_from_its_beginning(run: Run, book: Path) -> None:
    assert run("find", book, "awa", "--password", "secret")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["find", "1"], 0), (["find", "nobody", "--json"], 1), (["find", "--help"], 0)],
)
def test_who_stops_reading_ends_a_command_quietly(
    book: Path, arguments: list[str], code: int
) -> None:
    """The reader of the pipe has gone, as `head` goes; the exit code is that of the command."""
    reader, writer = os.pipe()
    os.close(reader)
    told = subprocess.run(
        [sys.executable, "-m", "stepdesk", arguments[0], str(book), *arguments[1:]],
        cwd=ROOT,
        env={**os.environ, "STEPDESK_PASSWORD": FIRST},
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert (told.returncode, told.stderr) == (code, b"")
