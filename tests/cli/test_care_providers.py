"""Providers, agreements, price lists and diagnoses from the command line."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stepdesk.benefits.queries import services
from stepdesk.cli import run_command
from stepdesk.contributions.service import issue_booklet, receive_booklets
from stepdesk.contributions.terms import Stationery
from stepdesk.providers.queries import provider_of_code
from stepdesk.store.clock import Clock, SystemClock
from tests.builders import FIRST, a_plan, again, open_copy

Run = Callable[..., tuple[int, dict[str, Any]]]
TODAY = "2024-06-03"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)

    def call(*arguments: object) -> tuple[int, dict[str, Any]]:
        code = run_command([*map(str, arguments), "--json"])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out.strip() else {}

    return call


@pytest.fixture
def book(tmp_path: Path, run: Run) -> Path:
    """A closed book with the plan P1, a price list and the provider CS1 without an agreement."""
    with open_copy(tmp_path / "book", clock=SystemClock()) as desk:
        a_plan(desk)
    book = tmp_path / "book"
    file = tmp_path / "list.csv"
    file.write_text(
        "code,price,name,category\nCONS,600,Consultation,OPD\nAMOX,45,Amoxicilline,DRUG\n",
        encoding="utf-8",
    )
    assert run("tariff", "import", book, "PUBLIC", file, "--from", "2024-01-01")[0] == 0
    code, _ = run(
        "provider", "add", book, "CS1", "--name", "Centre", "--level", "CENTRE", "--kind",
        "PUBLIC", "--state", "candidate", "--phone", "77 1",
    )  # fmt: skip
    assert code == 0
    return book


def acts(book: Path, clock: Clock | None = None) -> int:
    with again(book, clock=clock or SystemClock()) as desk:
        return desk.acts


def test_a_provider_goes_its_way(run: Run, book: Path) -> None:
    told = ("agreement", "sign", book, "CS1", "--tariff", "PUBLIC", "--from", "2024-01-01")
    assert run(*told)[0] == 0
    code, answer = run("provider", "step", book, "CS1", "suspended", "--reason", "bills")
    assert (code, answer["step"]["state"]) == (0, "SUSPENDED")
    code, answer = run("provider", "step", book, "CS1", "candidate", "--reason", "x")
    assert (code, answer["field"]) == (1, "state")
    code, answer = run("provider", "step", book, "CS1", "lost", "--reason", "x")
    assert (code, answer["field"]) == (1, "state")
    code, answer = run(
        "provider", "change", book, "CS1", "--name", "Centre Awa", "--care", "OUT", "--bank", "B"
    )
    assert (code, answer["provider"]["name"], answer["provider"]["care"]) == (
        0,
        "Centre Awa",
        "OUT",
    )
    assert answer["provider"]["contact"] == {
        "address": "", "phone": "77 1", "bank": "B", "bank_account": "",
    }  # fmt: skip
    code, answer = run("provider", "show", book, "cs1")
    assert code == 0
    assert [one["state"] for one in answer["steps"]] == ["CANDIDATE", "CONTRACTED", "SUSPENDED"]
    assert [one["former"] for one in answer["names"]] == ["Centre"]
    assert [one["state"] for one in answer["agreements"]] == ["IN_FORCE"]
    code, answer = run("provider", "show", book)
    assert [one["code"] for one in answer["providers"]] == ["CS1"]
    assert run("provider", "show", book, "X")[1]["field"] == "provider"
    assert run("verify", book)[0] == 0


def test_an_agreement_is_drafted_changed_signed_renewed_and_ended(
    run: Run, book: Path, tmp_path: Path
) -> None:
    code, answer = run(
        "agreement", "draft", book, "CS1", "--tariff", "PUBLIC", "--from", "2024-01-01", "--until",
        "2024-07-01", "--mode", "BUDGET", "--budget-amount", "300 000", "--discount", "2,5",
        "--today", TODAY,
    )  # fmt: skip
    assert code == 0
    draft = answer["draft"]
    code, answer = run(
        "agreement", "draft", book, "CS1", "--draft", draft, "--payment-days", 45, "--today", TODAY
    )
    assert (code, answer["draft"]) == (0, draft)
    paper = tmp_path / "draft.pdf"
    code, answer = run(
        "agreement", "print", book, "CS1", "--draft", draft, "--pdf", paper, "--today", TODAY
    )
    assert (code, answer["state"]) == (0, "DRAFT")
    assert paper.read_bytes().startswith(b"%PDF")
    scan = tmp_path / "signed.pdf"
    scan.write_bytes(b"%PDF-1.4 signed")
    told = ("agreement", "sign", book, "CS1", "--draft", draft, "--scan", scan, "--today", TODAY)
    code, answer = run(*told)
    assert code == 0
    signed = answer["agreement"]
    assert (signed["mode"], signed["budget_amount"], signed["discount"]) == ("BUDGET", 300000, 250)
    assert (signed["payment_days"], signed["until"]) == (45, "2024-07-01")
    assert run(*told)[1]["field"] == "draft"
    code, answer = run("agreement", "list", book, "--expiring", "--today", TODAY)
    # 27 days of June are left after the third.
    assert [one["days"] for one in answer["expiring"]] == [27]
    code, answer = run(
        "agreement", "renew", book, "CS1", "--until", "2025-07-01", "--today", TODAY
    )
    assert (code, answer["agreement"]["first_day"]) == (0, "2024-07-01")
    code, answer = run("agreement", "list", book, "CS1", "--today", TODAY)
    assert [one["state"] for one in answer["agreements"]] == ["RENEWED", "SIGNED"]
    assert run("agreement", "scan", book, "CS1", scan, "--today", TODAY)[0] == 0
    code, answer = run(
        "agreement", "end", book, "CS1", "--until", "2025-01-01", "--reason", "moved", "--today",
        TODAY,
    )  # fmt: skip
    assert (code, answer["agreement"]["until"]) == (0, "2025-01-01")
    code, _ = run("agreement", "print", book, "CS1", "--pdf", paper, "--language", "fr")
    assert code == 0
    assert run("verify", book)[0] == 0


@pytest.mark.parametrize(
    ("more", "field"),
    [
        (["--from", "2024-01-01"], "tariff"),
        (["--tariff", "PUBLIC"], "from"),
        (["--tariff", "X", "--from", "2024-01-01"], "tariff"),
        (["--tariff", "PUBLIC", "--from", "2024-01-01", "--mode", "FREE"], "mode"),
        (["--tariff", "PUBLIC", "--from", "2024-01-01", "--mode", "capitation"], "head_amount"),
        (["--tariff", "PUBLIC", "--from", "2024-01-01", "--deposit", "much"], "deposit"),
        (["--tariff", "PUBLIC", "--from", "2024-01-01", "--discount", "half"], "discount"),
        (["--draft", "00"], "draft"),
    ],
)
def test_an_agreement_that_cannot_stand_is_refused_and_nothing_written(
    run: Run, book: Path, more: list[str], field: str
) -> None:
    before = acts(book)
    for act in ("draft", "sign"):
        code, answer = run("agreement", act, book, "CS1", *more)
        assert (code, answer["field"]) == (1, field)
    assert acts(book) == before


def test_what_is_not_there_is_refused(run: Run, book: Path, tmp_path: Path) -> None:
    assert run("agreement", "renew", book, "CS1")[1]["field"] == "provider"
    assert run("agreement", "drop", book, "00")[1]["field"] == "draft"
    told = ("agreement", "sign", book, "CS1", "--tariff", "PUBLIC", "--from", "2024-01-01")
    assert run(*told, "--scan", tmp_path / "no.pdf")[1]["field"] == "scan"
    code, answer = run("agreement", "draft", *told[2:])
    assert run("agreement", "drop", book, answer["draft"])[0] == 0
    assert run("agreement", "list", book)[1] == {"agreements": [], "drafts": []}
    assert code == 0


def test_prices_are_pasted_drafted_applied_and_compared(
    run: Run, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("CONS\t6000\nAMOX\t45\n"))
    told = ("tariff", "paste", book, "PUBLIC", "--from", "2027-01-01")
    code, answer = run(*told)
    assert (code, answer["doubts"]) == (1, ["price"])
    pasted = tmp_path / "pasted.txt"
    pasted.write_text("Consultation\t750\nAMOX\t45\n", encoding="utf-8")
    code, answer = run(
        "tariff", "paste", book, "PUBLIC", pasted, "--from", "2027-01-01", "--draft"
    )
    assert (code, answer["tariff"]["draft"]) == (0, True)
    code, answer = run("tariff", "list", book, "PUBLIC")
    assert [one["first_day"] for one in answer["versions"]] == ["2024-01-01"]
    (draft,) = answer["drafts"]
    compared = ("tariff", "compare", book, "PUBLIC", "--against", draft["id"])
    files = (tmp_path / "a.pdf", tmp_path / "a.xlsx")
    code, answer = run(*compared, "--pdf", files[0], "--xlsx", files[1])
    assert code == 0
    # The lines are in the order of the file: 600 to 750, 45 as before.
    prices = [(one["former"], one["price"]) for one in answer["comparison"]["lines"]]
    assert prices == [(600, 750), (45, 45)]
    assert files[0].read_bytes().startswith(b"%PDF")
    assert files[1].read_bytes().startswith(b"PK")
    assert run("tariff", "apply", book, draft["id"])[0] == 0
    assert run("tariff", "apply", book, draft["id"])[1]["field"] == "draft"
    code, answer = run(*compared[:5], "2027-02-01")
    assert [one["price"] for one in answer["comparison"]["lines"]] == [750, 45]


def test_a_list_is_copied_to_another_and_compared_with_it(run: Run, book: Path) -> None:
    code, answer = run(
        "tariff", "copy", book, "PUBLIC", "--to", "CLINIC", "--from", "2026-01-01", "--by", "+10",
        "--step", "25", "--of", "2024-06-01",
    )  # fmt: skip
    assert (code, answer["prices"]) == (0, 2)
    code, answer = run("tariff", "compare", book, "PUBLIC", "--against", "CLINIC")
    # 600 + 10 % is 660, near 650; 45 + 10 % is 49.5, near 50.
    assert [one["price"] for one in answer["comparison"]["lines"]] == [650, 50]
    code, answer = run("tariff", "copy", book, "CLINIC", "--from", "2028-01-01", "--draft")
    assert code == 0
    (left,) = run("tariff", "list", book, "CLINIC")[1]["drafts"]
    assert run("tariff", "drop", book, left["id"])[0] == 0
    assert run("tariff", "list", book)[1] == {"tariffs": ["CLINIC", "PUBLIC"]}
    assert run("tariff", "compare", book, "PUBLIC", "--against", "2000-01-01")[1]["field"] == "on"
    assert run("tariff", "copy", book, "X", "--from", "2028-01-01")[1]["field"] == "tariff"
    assert run("verify", book)[0] == 0


def test_the_list_for_the_wall_is_printed(run: Run, book: Path, tmp_path: Path) -> None:
    package = tmp_path / "package.csv"
    package.write_text("code,copay\nCONS,25%\n", encoding="utf-8")
    asked = ("package", "import", book, "BASE", package, "--from", "2024-01-01", "--plan", "P1")
    assert run(*asked)[0] == 0
    paper = tmp_path / "wall.pdf"
    told = ("tariff", "print", book, "PUBLIC", "--pdf", paper)
    code, answer = run(*told, "--plan", "P1", "--provider", "CS1", "--large")
    assert (code, answer["prices"]) == (0, 2)
    assert paper.read_bytes().startswith(b"%PDF")
    assert run(*told, "--plan", "P9")[1]["field"] == "plan"
    assert run(*told, "--plan", "P1", "--on", "2023-06-01")[1]["field"] == "on"
    assert run("tariff", "print", book, "X", "--pdf", paper)[1]["field"] == "tariff"


def test_an_empty_catalogue_is_started_and_filled(run: Run, tmp_path: Path) -> None:
    open_copy(tmp_path / "empty", clock=SystemClock()).close()
    file = tmp_path / "start.csv"
    code, answer = run("tariff", "start", tmp_path / "empty", "--csv", file, "--language", "fr")
    assert code == 0
    told = file.read_text(encoding="utf-8-sig").splitlines()
    assert told[0] == "code;name;category;unit;price"
    assert len(told) == answer["services"] + 1
    file.write_text("\n".join([told[0], *(f"{one}500" for one in told[1:])]), encoding="utf-8")
    asked = ("tariff", "import", tmp_path / "empty", "PUBLIC", file, "--from", "2024-01-01")
    code, answer = run(*asked)
    assert (code, answer["tariff"]["services_added"]) == (0, 0)
    with again(tmp_path / "empty", clock=SystemClock()) as desk:
        assert answer["tariff"]["prices"] == len(desk.ask(services))
    assert run("tariff", "start", tmp_path / "empty")[1]["field"] == "catalogue"


def test_a_pad_is_printed_for_the_provider_that_has_the_booklet(
    run: Run, book: Path, tmp_path: Path
) -> None:
    paper = tmp_path / "pad.pdf"
    told = ("provider", "pad", book, "CS1", 147, "--pdf", paper)
    assert run(*told)[1]["field"] == "number"
    with again(book, clock=SystemClock()) as desk:
        provider = desk.ask(provider_of_code, "CS1")
        assert provider is not None
        (booklet_id,) = desk.do(receive_booklets, kind=Stationery.CERTIFICATE, first_serial=147)
        desk.do(issue_booklet, booklet_id=booklet_id, provider_id=provider.id)
    code, answer = run(*told)
    assert (code, answer["leaves"]) == (0, 50)
    assert paper.read_bytes().startswith(b"%PDF")


def test_diagnoses_are_brought_in_and_looked_up(run: Run, book: Path, tmp_path: Path) -> None:
    assert run("diagnosis", "list", book)[0] == 1
    code, answer = run("diagnosis", "import", book, "--short")
    assert code == 0
    assert answer["diagnoses"]["added"] >= 40
    code, answer = run("diagnosis", "list", book, "palu", "--language", "fr")
    assert [one["code"] for one in answer["diagnoses"]] == ["B50", "B54"]
    file = tmp_path / "icd.csv"
    file.write_text("code;name\nZ99;Odd\nnone;Odd\n", encoding="utf-8")
    before = acts(book)
    assert run("diagnosis", "import", book, file)[1]["field"] == "file"
    assert acts(book) == before
    file.write_text("code;name\nZ99.1;Odd\n", encoding="utf-8")
    assert run("diagnosis", "import", book, file, "--language", "en")[1]["diagnoses"] == {
        "added": 1, "changed": 0, "known": 0,
    }  # fmt: skip
    assert run("diagnosis", "drop", book, "z991")[1] == {
        "dropped": {"code": "Z991", "names": {"en": "Odd"}}
    }
    assert run("diagnosis", "drop", book, "Z991")[1]["field"] == "code"
    assert run("diagnosis", "import", book)[1]["field"] == "file"
    assert run("verify", book)[0] == 0
