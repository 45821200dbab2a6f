"""The treasurer's room from the command line, a month from its opening to its second closing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from stepdesk.cli import run_command
from tests.builders import FIRST, SECOND, a_household, a_plan, open_copy, wednesday

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
    """A closed book with a household of two, one person in front."""
    with open_copy(tmp_path / "book", clock=wednesday()) as desk:
        a_plan(desk)
        a_household(desk, 2)
    return tmp_path / "book"


def test_a_month_of_the_treasurer(run: Run, book: Path) -> None:
    assert (
        run(
            "opening",
            book,
            "--line",
            "bank=500000",
            "--line",
            "reserve_mandatory=-200000",
            "--on",
            "2024-01-02",
        )[0]
        == 0
    )
    code, told = run("transfer", book, 90000, "bank", "571", "--label", "withdrawal", "--fee", 500)
    assert (code, told["booked"]["number"]) == (0, "S-2024-521-A-0001")
    assert told["booked"]["other_number"] == "E-2024-571-A-0001"
    code, told = run("spend", book, "supplies", 12500, "Notebooks", "--payee", "Librairie Sow")
    assert told["booked"]["number"] == "S-2024-571-A-0001"
    code, told = run("receive", book, "gift", 5000, "From the chief")
    assert told["booked"]["number"] == "E-2024-571-A-0002"
    _, told = run("cashbook", book, "2024-01")
    assert [row["balance"]["minor"] for row in told["cashbook"]["rows"]] == [90000, 77500, 82500]
    code, told = run("count", book, "10000x8,500x4", "--reason", "a note is torn")
    assert (code, told["count"]["voucher_number"]) == (0, "S-2024-571-A-0002")
    _, told = run("balance", book, "2024-01")
    held = {
        row["number"]: row["debit"]["minor"] - row["credit"]["minor"]
        for row in told["balance"]["rows"]
    }
    # 500 000 less 90 000 and the fee of 500 in the bank; 82 000 counted; a loss of 500.
    assert held == {
        "111": -200_000,
        "121": -300_000,
        "521": 409_500,
        "571": 82_000,
        "585": 0,
        "604": 12_500,
        "62": 500,
        "651": 500,
        "758": -5000,
    }
    _, told = run("ledger", book, "604", "2024-01")
    assert [row["balance"]["minor"] for row in told["ledger"]["rows"]] == [12_500]
    _, told = run("journal", book, "2024-01", "--journal", "BQ")
    assert [one["rule"] for one in told["entries"]] == ["P17", "P29"]
    assert run("verify", book)[0] == 0


def test_a_box_of_its_own_and_its_rules(run: Run, book: Path) -> None:
    assert run("box add", book, "K1", "--kind", "cash_section", "--name", "Koula")[0] == 0
    assert run("receive", book, "gift", 9000, "Gift", "--box", "K1")[0] == 0
    assert run("box end", book, "K1")[0] == 1
    assert run("box change", book, "K1", "--most", 5000)[0] == 0
    assert run("box change", book, "571", "--most", 5000)[1]["field"] == "box"
    _, told = run("box list", book)
    (koula,) = [one for one in told["boxes"] if one["box"]["code"] == "K1"]
    assert (koula["held"]["minor"], koula["too_much"]["minor"]) == (9000, 4000)
    _, told = run("box rules", book, "--from", "2024-01-10", "--double-sign", 8000)
    assert told["rules"]["double_sign_amount"]["minor"] == 8000
    assert told["rules"]["cash_limit"]["minor"] == 50_000
    assert run("transfer", book, 9000, "K1", "cash_main")[0] == 0
    assert run("box end", book, "K1")[0] == 0


def test_a_bill_is_booked_paid_and_cancelled(run: Run, book: Path) -> None:
    run("receive", book, "gift", 9000, "Gift")
    code, told = run("spend", book, "supplies", 4000, "Paper", "--bill-of", "Sow")
    number = told["booked"]["number"]
    _, told = run("voucher list", book, "--unpaid")
    assert [one["owed"]["minor"] for one in told["bills"]] == [4000]
    code, told = run("spend", book, "supplies", 4000, "Paper", "--pays", number)
    assert (code, told["booked"]["number"]) == (0, "S-2024-571-A-0001")
    assert run("voucher cancel", book, number, "--reason", "wrong")[1]["field"] == "voucher"
    assert run("voucher cancel", book, "S-2024-571-A-0001", "--reason", "wrong")[0] == 0
    assert run("voucher cancel", book, number, "--reason", "wrong")[0] == 0
    _, told = run("voucher list", book, "2024-01")
    assert len(told["vouchers"]) == 5


def test_an_entry_by_hand_doubts_accounts_that_follow_papers(run: Run, book: Path) -> None:
    lines = ("--line", "571=300", "--line", "758=-300", "--reason", "the accountant says so")
    code, told = run("entry", book, *lines)
    assert (code, told["doubts"]) == (1, ["control_account"])
    assert run("entry", book, *lines, "--accept", "control_account")[0] == 0
    moved = ("--line", "604=50", "--line", "62=-50", "--reason", "wrong account")
    assert run("entry", book, *moved)[0] == 0


def test_what_is_owed_since_the_opening_is_paid_by_who_owes_it(run: Run, book: Path) -> None:
    assert run("opening", book, "--line", "member_receivable@1=4200")[0] == 0
    code, told = run("receive", book, "4111", 4300, "Arrears", "--who", "1")
    assert (code, told["field"]) == (1, "amount")
    assert run("receive", book, "4111", 4200, "Arrears", "--who", "1")[0] == 0
    _, told = run("ledger", book, "member_receivable", "2024-01", "--who", "1")
    assert told["ledger"]["after"]["minor"] == 0


def test_money_of_one_activity_goes_to_another_with_a_reason(run: Run, book: Path) -> None:
    run("receive", book, "gift", 9000, "Gift")
    told = run("spend", book, "supplies", 500, "Seed", "--activity", "INCOME_GENERATING")[1]
    assert told["field"] == "activity"
    assert (
        run("activity", book, 4000, "INCOME_GENERATING", "--reason", "lent by the board")[0] == 0
    )
    assert run("spend", book, "supplies", 500, "Seed", "--activity", "INCOME_GENERATING")[0] == 0
    _, told = run("balance", book, "2024-01", "--activity", "INCOME_GENERATING")
    held = {
        row["role"]: row["debit"]["minor"] - row["credit"]["minor"]
        for row in told["balance"]["rows"]
    }
    assert held == {"cash_main": 3500, "supplies": 500, "transfer": -4000}
    _, told = run("cashbook", book, "2024-01", "--activity", "INCOME_GENERATING")
    moved = told["cashbook"]
    assert (moved["activity"], moved["came_in"]["minor"], moved["went_out"]["minor"]) == (
        "INCOME_GENERATING",
        4000,
        500,
    )


def test_the_ten_lines_and_a_month_opened_again(run: Run, book: Path) -> None:
    run("receive", book, "gift", 9000, "Gift")
    later = "2024-02-02"
    _, told = run("lines", book, "2024-01", today=later)
    assert [one["state"] for one in told["lines"]].count("TO_DO") == 4
    code, told = run("close", book, "2024-01", "--whole", today=later)
    assert (code, told["field"]) == (1, "cash")
    assert (
        run("lines", book, "2024-01", "--pass", "CASH", "--reason", "at a burial", today=later)[0]
        == 0
    )
    for step in ("COPY", "PRINTED"):
        assert run("lines", book, "2024-01", "--done", step, today=later)[0] == 0
    assert run("close", book, "2024-01", "--whole", today=later)[0] == 0
    told = run("receive", book, "gift", 5, "Late", "--on", "2024-01-30", today=later)[1]
    assert told["field"] == "day"
    assert run("reopen", book, "2023-12", "--reason", "x", today=later)[1]["field"] == "month"
    assert run("reopen", book, "2024-01", "--reason", "a paper was found", today=later)[0] == 0
    assert run("receive", book, "gift", 5, "Late", "--on", "2024-01-30", today=later)[0] == 0
    assert run("close", book, "2024-01", today=later)[0] == 0
    assert run("verify", book, today=later)[0] == 0


def test_what_collectors_carry_is_listed_with_its_days(run: Run, book: Path) -> None:
    assert run("carried", book) == (0, {"carried": []})


@pytest.mark.parametrize(
    ("command", "told", "field"),
    [
        ("spend", ("nothing", 5, "x"), "role"),
        ("spend", ("supplies", "5,5", "x"), "amount"),
        ("spend", ("supplies", 5, "x", "--box", "zz"), "box"),
        ("spend", ("supplies", 5, "x", "--on", "10/01/2024"), "on"),
        ("count", ("10000",), "pieces"),
        ("receive", ("4111", 5, "x", "--who", "99"), "party"),
        ("voucher cancel", ("S-1", "--reason", "x"), "voucher"),
        ("cashbook", ("2024-13",), "month"),
        ("ledger", ("999", "2024-01"), "account"),
    ],
)
def test_what_is_typed_wrongly_is_refused_beside_its_field(
    run: Run, book: Path, command: str, told: tuple[object, ...], field: str
) -> None:
    code, answer = run(command, book, *told)
    assert (code, answer["field"]) == (1, field)


def test_statements_are_written_as_pdf_and_workbook(run: Run, book: Path, tmp_path: Path) -> None:
    day = ("--on", "2024-01-05")
    assert run("receive", book, "gift", "50000", "Gift of the chief", *day)[0] == 0
    code, spent = run("spend", book, "supplies", "2500", "Notebooks", *day)
    assert code == 0
    number = spent["booked"]["number"]
    for name, words in {
        "cashbook": ("cashbook", "2024-01"),
        "journal": ("journal", "2024-01", "--journal", "CA"),
        "ledger": ("ledger", "supplies", "2024-01"),
        "balance": ("balance", "2024-01"),
        "carried": ("carried",),
    }.items():
        pdf, xlsx = tmp_path / f"{name}.pdf", tmp_path / f"{name}.xlsx"
        command, *rest = words
        code, told = run(command, book, *rest, "--pdf", pdf, "--xlsx", xlsx, "--language", "en")
        assert code == 0
        assert told["files"] == [str(pdf), str(xlsx)]
        assert pdf.read_bytes().startswith(b"%PDF")
    made = openpyxl.load_workbook(tmp_path / "cashbook.xlsx")
    sheet = made.active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[4:] for row in rows[1:]] == [
        (None, None, 0),
        (50_000, None, 50_000),
        (None, 2_500, 47_500),
        (50_000, 2_500, 47_500),
    ]
    code, _ = run("voucher print", book, number, "--pdf", tmp_path / "voucher.pdf")
    assert code == 0
    assert (tmp_path / "voucher.pdf").read_bytes().startswith(b"%PDF")


def test_a_count_is_written_as_a_sheet(run: Run, book: Path, tmp_path: Path) -> None:
    assert run("receive", book, "gift", "15000", "Gift", "--on", "2024-01-05")[0] == 0
    pdf, xlsx = tmp_path / "count.pdf", tmp_path / "count.xlsx"
    code, _ = run("count", book, "10000x1,5000x1", "--pdf", pdf, "--xlsx", xlsx)
    assert code == 0
    made = openpyxl.load_workbook(xlsx)
    sheet = made.active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert (10_000, 1, 10_000) in rows
    assert rows[-1][2] == 0


def test_a_statement_that_cannot_be_written_is_refused_before_it_is_read(
    run: Run, book: Path, tmp_path: Path
) -> None:
    code, _ = run("cashbook", book, "2024-01", "--pdf", tmp_path / "nowhere" / "a.pdf")
    assert code == 1


def test_a_month_is_reported_on_paper_and_as_a_poster(
    run: Run, book: Path, tmp_path: Path
) -> None:
    assert run("contribute", book, "1", 1700)[0] == 0
    board, poster = tmp_path / "board.pdf", tmp_path / "poster.pdf"
    code, told = run(
        "report", book, "2024-01", "--pdf", board, "--poster", poster, "--language", "en"
    )
    assert (code, told["closed"]) == (0, False)
    figures = {one["name"]: one["now"] for one in told["figures"]["CONTRIBUTIONS"]}
    # The entry fee of 1 000 and a month of two at 350.
    assert (figures["collected"], figures["payers"]) == (1700, 1)
    assert board.read_bytes().startswith(b"%PDF")
    assert poster.read_bytes().startswith(b"%PDF")
    code, told = run("report", book, "2024-02")
    assert (code, told["field"]) == (1, "month")


def test_a_statement_is_brought_in_matched_and_agreed(
    run: Run, book: Path, tmp_path: Path
) -> None:
    file, paper = tmp_path / "jan.csv", tmp_path / "state.pdf"
    file.write_text(
        "Date;Montant;Reference;Libelle;Solde\n10/01/2024;40000;V7;Don;40000\n"
        "10/01/2024;-500;;Frais;39500\n"
    )
    assert run("receive", book, "gift", 40000, "Gift", "--box", "bank", "--piece", "V7")[0] == 0
    code, told = run("bank import", book, "bank", file)
    assert (code, told["statement"]["lines"]) == (0, 2)
    assert run("bank import", book, "bank", file)[1]["field"] == "file"
    assert run("bank match", book, "521")[1]["matched"] == 1
    _, told = run("bank show", book, "bank", "--pdf", paper)
    assert told["unexplained"]["minor"] == 0
    (line,) = told["lines"]
    assert paper.read_bytes().startswith(b"%PDF")
    assert run("bank voucher", book, "bank", line, "services")[0] == 0
    code, told = run("bank reconcile", book, "bank")
    assert (code, told["stated"]["minor"], told["booked"]["minor"]) == (0, 39500, 39500)
    assert run("bank unmatch", book, "bank", line)[0] == 0
    assert run("bank match", book, "bank", line, "BQ-2024-01-A-0002")[0] == 0
    assert run("bank unmatch", book, "bank", "0000")[1]["field"] == "line"


def test_a_slip_is_several_entries(run: Run, book: Path, tmp_path: Path) -> None:
    """A slip of 5 000 for gifts of 3 000 and 2 100."""
    file = tmp_path / "jan.csv"
    file.write_text("Date;Montant;Reference;Libelle;Solde\n10/01/2024;5000;;Don;5000\n")
    for amount in (3000, 2100):
        assert run("receive", book, "gift", amount, "Gift", "--box", "bank")[0] == 0
    assert run("bank import", book, "bank", file)[0] == 0
    (line,) = run("bank show", book, "bank")[1]["lines"]
    entries = "BQ-2024-01-A-0001,BQ-2024-01-A-0002"
    asked = ("bank together", book, "bank", line, entries)
    assert run(*asked)[1]["field"] == "difference_reason"
    code, told = run(*asked, "--reason", "a coin was false")
    assert (code, told["together"]["difference"]["minor"]) == (0, -100)
    _, told = run("bank show", book, "bank")
    assert (told["lines"], told["unexplained"]["minor"]) == ([], 0)
    assert run("bank unmatch", book, "bank", line)[0] == 0
    assert run("bank show", book, "bank")[1]["lines"] == [line]
