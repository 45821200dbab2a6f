"""Providers, price lists and packages from the command line."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from stepdesk.benefits.queries import packages
from stepdesk.benefits.terms import YearStart
from stepdesk.cli import run_command
from stepdesk.providers.queries import agreement_on, provider_of_code, tariff_of_code
from stepdesk.providers.terms import Kind
from stepdesk.store.clock import SystemClock
from stepdesk.values.care import Level
from tests.builders import FIRST, a_plan, again, open_copy

Run = Callable[..., tuple[int, dict[str, object]]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)

    def call(*arguments: object) -> tuple[int, dict[str, object]]:
        code = run_command([*map(str, arguments), "--json"])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out.strip() else {}

    return call


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A closed book with the plan P1."""
    with open_copy(tmp_path / "book", clock=SystemClock()) as desk:
        a_plan(desk)
    return tmp_path / "book"


def written(folder: Path, content: str) -> Path:
    file = folder / "list.csv"
    file.write_text(content, encoding="utf-8")
    return file


def acts(book: Path) -> int:
    with again(book, clock=SystemClock()) as desk:
        return desk.acts


PRICES = "code,price,name,category\nCONS,500,Consultation,OPD\n"


def test_care_is_set_up_from_files(run: Run, book: Path, tmp_path: Path) -> None:
    file = written(tmp_path, PRICES)
    code, answer = run("tariff", "import", book, "PUBLIC", file, "--from", "2024-01-01")
    assert code == 0
    assert isinstance(answer["tariff"], dict)
    assert (answer["tariff"]["prices"], answer["tariff"]["services_added"]) == (1, 1)
    code, answer = run(
        "provider", "add", book, "CS1", "--name", "Centre", "--level", "centre", "--kind",
        "public", "--tariff", "PUBLIC", "--from", "2024-01-01", "--until", "2025-01-01",
    )  # fmt: skip
    assert (code, answer["until"]) == (0, "2025-01-01")
    file = written(tmp_path, "code,copay\nCONS,25%\n")
    code, answer = run(
        "package", "import", book, "BASE", file, "--from", "2024-01-01", "--plan", "P1",
        "--name", "Basics", "--cap-episode", "50 000", "--cap-person-year", "80000",
        "--cap-household-year", "0", "--year-start", "membership", "--reference-tariff", "PUBLIC",
    )  # fmt: skip
    assert code == 0
    assert isinstance(answer["package"], dict)
    assert (answer["package"]["rules"], answer["package"]["assigned"]) == (1, True)
    with again(book, clock=SystemClock()) as desk:
        provider = desk.ask(provider_of_code, "CS1")
        tariff_id = desk.ask(tariff_of_code, "PUBLIC")
        assert provider is not None
        assert (provider.name, provider.level, provider.kind) == (
            "Centre",
            Level.CENTRE,
            Kind.PUBLIC,
        )
        agreement = desk.ask(agreement_on, provider.id, date(2024, 6, 1))
        assert agreement is not None
        assert (agreement.tariff_id, agreement.until) == (tariff_id, date(2025, 1, 1))
        ((package,),) = desk.ask(packages).values()
        assert (package.name, package.year_start, package.reference_tariff_id) == (
            "Basics",
            YearStart.MEMBERSHIP,
            tariff_id,
        )
        assert (package.cap_episode, package.cap_person_year, package.cap_household_year) == (
            50_000,
            80_000,
            0,
        )
        assert [rule.copay_value for rule in package.rules.values()] == [2500]
    assert run("verify", book)[0] == 0


def test_a_provider_comes_without_an_agreement_too(run: Run, book: Path) -> None:
    told = (
        "provider",
        "add",
        book,
        "H1",
        "--name",
        "H",
        "--level",
        "NATIONAL",
        "--kind",
        "CHARITY",
    )
    code, answer = run(*told)
    assert (code, answer["agreement"]) == (0, None)
    code, answer = run(*told)
    assert (code, answer["field"]) == (1, "code")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        (["--level", "HUGE", "--kind", "PUBLIC"], "level"),
        (["--level", "POST", "--kind", "STATE"], "kind"),
        (["--level", "POST", "--kind", "PUBLIC", "--tariff", "PUBLIC"], "from"),
        (["--level", "POST", "--kind", "PUBLIC", "--from", "2024-01-01"], "tariff"),
        (
            ["--level", "POST", "--kind", "PUBLIC", "--tariff", "X", "--from", "2024-01-01"],
            "tariff",
        ),
        (["--level", "POST", "--kind", "PUBLIC", "--tariff", "X", "--from", "1/1/2024"], "tariff"),
    ],
)
def test_a_provider_that_cannot_stand_is_refused_and_nothing_written(
    run: Run, book: Path, more: list[str], field: str
) -> None:
    before = acts(book)
    code, answer = run("provider", "add", book, "CS1", "--name", "Centre", *more)
    assert (code, answer["field"]) == (1, field)
    assert acts(book) == before


@pytest.mark.parametrize(
    ("more", "field"),
    [
        (["--from", "2024-13-01"], "from"),
        (["--from", "2024-01-01", "--plan", "P9"], "plan"),
        (["--from", "2024-01-01", "--reference-tariff", "X"], "reference_tariff"),
        (["--from", "2024-01-01", "--cap-episode", "much"], "cap_episode"),
        (["--from", "2024-01-01"], "file"),
    ],
)
def test_a_package_that_cannot_stand_is_refused_and_nothing_written(
    run: Run, book: Path, tmp_path: Path, more: list[str], field: str
) -> None:
    before = acts(book)
    file = written(tmp_path, "code,copay\nCONS,25%\n")
    code, answer = run("package", "import", book, "BASE", file, *more)
    assert (code, answer["field"]) == (1, field)
    assert acts(book) == before


def test_prices_need_a_first_day(run: Run, book: Path, tmp_path: Path) -> None:
    assert run("tariff", "import", book, "PUBLIC", written(tmp_path, PRICES))[0] == 2
