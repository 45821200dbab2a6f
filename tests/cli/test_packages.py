"""Services and packages from the command line."""

from datetime import date
from pathlib import Path

import pytest

from stepdesk.benefits.queries import packages_on, service_of_code
from stepdesk.benefits.terms import ServiceTerms
from stepdesk.cli import run_command
from stepdesk.contributions.queries import plans
from stepdesk.store.clock import SystemClock
from stepdesk.values.care import CareType
from tests.builders import again
from tests.cli.test_care import Run, acts, book, run, written

__all__ = ["book", "run"]

PACKAGE = (
    "code,value,copay,limit_count,name,category\n"
    "*limit CLAIM_COUNT SURGERY,1,,,,\nCONS,,20%,4,Consultation,OPD\nLAB,,,0,Smear,LAB\n"
)
FROM = ("--from", "2024-01-01")


def on(book: Path, day: date) -> list[str]:
    with again(book, clock=SystemClock()) as desk:
        (plan_id,) = desk.ask(plans)
        return [one.code for one in desk.ask(packages_on, plan_id, day)]


def test_a_package_goes_out_to_a_file_and_comes_in_again(
    run: Run, book: Path, tmp_path: Path
) -> None:
    file = written(tmp_path, PACKAGE)
    code, answer = run("package", "import", book, "BASE", file, *FROM, "--plan", "P1")
    assert (code, answer["package"]) == (
        0,
        {
            "package_id": answer["package"]["package_id"],  # type: ignore[index]
            "code": "BASE",
            "first_day": "2024-01-01",
            "rules": 2,
            "assigned": True,
            "services_added": 2,
        },
    )
    out = tmp_path / "out.csv"
    assert run("package", "export", book, "BASE", out, "--on", "2024-02-01")[0] == 0
    code, answer = run("package", "import", book, "COPY", out, "--from", "2024-03-01")
    assert code == 0
    shown = [
        run("package", "show", book, one, "--on", "2024-03-01")[1] for one in ("BASE", "COPY")
    ]
    base, copy = (one["package"]["rows"] for one in shown)  # type: ignore[index]
    assert base == copy
    assert [row["code"] for row in base] == [
        "*name", "*year_start", "*in_patient_by", "*spread", "*stay_cover", "*adult_age",
        "*limit CLAIM_COUNT SURGERY", "CONS", "LAB",
    ]  # fmt: skip
    code, answer = run("package", "export", book, "BASE", out)
    assert (code, answer["refused"]) == (1, "There is a file out.csv already. Choose another one.")


def test_a_package_is_shown_in_words(
    run: Run, book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("package", "import", book, "BASE", written(tmp_path, PACKAGE), *FROM, "--name", "Base")
    assert run_command(["package", "show", str(book), "BASE"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "BASE Base, from 2024-01-01"
    assert "*limit CLAIM_COUNT SURGERY  1" in lines
    assert "CONS  Consultation  copay=20%  limit_count=4  category=OPD  kind=ACT" in lines


def test_a_plan_has_supplements_and_gives_them_up(run: Run, book: Path, tmp_path: Path) -> None:
    file = written(tmp_path, PACKAGE)
    run("package", "import", book, "BASE", file, *FROM, "--plan", "P1")
    run("package", "import", book, "MORE", file, *FROM)
    more = ("--plan", "P1", "--supplement", "1")
    assert run("package", "assign", book, "MORE", *more, "--from", "2024-02-01")[0] == 0
    assert run("package", "end", book, *more, "--from", "2024-04-01")[0] == 0
    assert on(book, date(2024, 1, 31)) == ["BASE"]
    assert on(book, date(2024, 3, 31)) == ["BASE", "MORE"]
    assert on(book, date(2024, 4, 1)) == ["BASE"]


def test_services_come_from_a_file_and_are_listed_by_day(
    run: Run, book: Path, tmp_path: Path
) -> None:
    file = written(tmp_path, "code,name,category,care\nCONS,Consultation,OPD,OUT\n")
    code, answer = run("service", "import", book, file, *FROM)
    assert (code, answer["services"]) == (0, {"added": 1, "changed": 0, "renamed": 0})
    file = written(tmp_path, "code,care\nCONS,\n")
    code, answer = run("service", "import", book, file, "--from", "2024-05-01")
    assert (code, answer["services"]) == (0, {"added": 0, "changed": 1, "renamed": 0})
    with again(book, clock=SystemClock()) as desk:
        before, after = (
            desk.ask(service_of_code, "CONS", day) for day in (date(2024, 4, 30), date(2024, 5, 1))
        )
    assert before is not None
    assert after is not None
    assert (before.terms, after.terms) == (ServiceTerms(CareType.OUT), ServiceTerms())
    rows = [
        run("service", "list", book, *on)[1]["services"] for on in ((), ("--on", "2024-04-30"))
    ]
    assert [one[0]["care"] for one in rows] == ["", "OUT"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (("show", "NONE"), "code"),
        (("show", "BASE", "--on", "2023-12-31"), "code"),
        (("assign", "NONE", "--plan", "P1", *FROM), "code"),
        (("assign", "BASE", "--plan", "NONE", *FROM), "plan"),
        (("assign", "BASE", "--plan", "P1", *FROM, "--supplement", "10"), "supplement"),
        (("end", "--plan", "P1", "--supplement", "1", *FROM), "supplement"),
    ],
)
def test_what_is_not_there_is_refused_and_nothing_written(
    run: Run, book: Path, tmp_path: Path, told: tuple[str, ...], field: str
) -> None:
    run("package", "import", book, "BASE", written(tmp_path, PACKAGE), *FROM)
    before = acts(book)
    code, answer = run("package", told[0], book, *told[1:])
    assert (code, answer["field"]) == (1, field)
    assert acts(book) == before
