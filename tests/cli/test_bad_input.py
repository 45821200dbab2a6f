"""What a clerk types wrongly: a sentence with what to do beside its field, and nothing written.

Both books are made once; what is refused leaves them as they are, so every case finds them so.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stepdesk.benefits.queries import packages
from stepdesk.cli import run_command
from stepdesk.contributions.service import issue_booklet, receive_booklets
from stepdesk.contributions.terms import Leaf, Stationery
from stepdesk.members.service import record_death, resign
from stepdesk.reports.service import close_month
from stepdesk.store.desk import Desk
from stepdesk.values.ids import BookletId
from stepdesk.values.month import Month
from tests.builders import (
    FIRST,
    a_household,
    a_payment,
    a_plan,
    again,
    copy_of,
    open_copy,
    wednesday,
)
from tests.claims.kit import a_batch, a_care, a_claim

Run = Callable[..., tuple[int, dict[str, Any], str]]
ANYTHING = frozenset({"much", "ahead", "backdated", "not_counted", "month_not_over"})
TODAY = "2024-02-20"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)

    def call(command: str, book: Path, *arguments: object) -> tuple[int, dict[str, Any], str]:
        words = [*command.split(), str(book), *map(str, arguments)]
        code = run_command([*words, "--json", "--today", TODAY])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out.strip() else {}, told.err

    return call


def acts(book: Path) -> int:
    with again(book) as desk:
        return desk.acts


def refused(run: Run, command: str, book: Path, *arguments: object) -> tuple[str, str]:
    """The field, or the names of the doubts, and the sentence; nothing was written."""
    before = acts(book)
    code, answer, error = run(command, book, *arguments)
    assert code == 1
    assert acts(book) == before
    where = answer.get("field") or ",".join(answer.get("doubts", ()))
    return str(where), str(answer.get("refused") or error).replace("\u00a0", " ")


# Contributions and money


def in_february(folder: Path, country: str = "SN") -> Path:
    """A book on 20 February 2024 of which January is closed.

    Household 1 (six people) paid 3,100 on 10 January and 2,100 on 15 February, on leaf 0147-05 of
    a booklet of 50; household 2 left on 1 February.
    """
    clock = wednesday()
    with open_copy(folder, country, clock=clock) as desk:
        a_plan(desk)
        home, gone = a_household(desk, 6), a_household(desk, 2)
        booklet = a_booklet(desk)
        a_payment(desk, home, 3100)
        desk.do(
            resign,
            household_id=gone.household_id,
            letter_on=desk.today,
            on=date(2024, 2, 1),
            accepting=ANYTHING,
        )
        clock.set(date(2024, 2, 7))
        desk.do(close_month, month=Month(2024, 1), accepting=ANYTHING)
        clock.set(date(2024, 2, 15))
        a_payment(desk, home, 2100, leaf=Leaf(booklet, 5))
    return folder


def a_booklet(desk: Desk) -> BookletId:
    (booklet_id,) = desk.do(receive_booklets, kind=Stationery.RECEIPT, first_serial=147, leaves=50)
    desk.do(issue_booklet, booklet_id=booklet_id, collector_id=desk.person.staff_id)
    return booklet_id


@pytest.fixture(scope="module")
def money_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return in_february(tmp_path_factory.mktemp("money") / "book")


@pytest.mark.parametrize(
    ("command", "told", "field", "says"),
    [
        ("contribute", ("1", "12o0"), "amount", ("12o0 is no amount", "Type digits only")),
        ("contribute", ("1", "12,50"), "amount", ("12,50 is no amount", "0 decimals at most")),
        ("contribute", ("1", "-2100"), "amount", ("Enter an amount above zero.",)),
        ("contribute", ("1", "0"), "amount", ("Enter an amount above zero.",)),
        ("contribute", ("1", "2103"), "amount", ("The smallest coin is 5", "Check the amount")),
        ("contribute", ("1", "2100", "--on", "30/02/2024"), "on", ("Write it as 2026-11-23",)),
        ("contribute", ("1", "2100", "--on", "2024-02-30"), "on", ("Write it as 2026-11-23",)),
        (
            "contribute",
            ("1", "2100", "--on", "2024-02-21"),
            "day",
            ("21 February 2024 is still ahead", "Type 20 February 2024"),
        ),
        (
            "contribute",
            ("1", "2100", "--on", "2024-01-09"),
            "day",
            ("joined on 10 January 2024", "Type that day or a later one"),
        ),
        ("contribute", ("10", "2100"), "household", ("Is it one of these: 01-000001-8",)),
        ("contribute", ("AB", "2100"), "household", ("Check the number",)),
        ("contribute", ("2", "700"), "ended", ("1 February 2024", "Readmit the household first")),
        ("contribute", ("1", "90000"), "much,ahead", ("a zero too many", "back, or go on")),
        (
            "contribute",
            ("1", "2100", "--on", "2024-01-20"),
            "closed_month",
            ("January 2024 is closed", "Go on if"),
        ),
        ("contribute", ("1", "2100", "--leaf", "0147-05"), "leaf", ("R-2024-A-000002", "Check")),
        ("contribute", ("1", "2100", "--leaf", "0147-51"), "leaf", ("leaves 1 to 50", "Check")),
        ("contribute", ("1", "2100", "--leaf", "0999-01"), "leaf", ("Write down first",)),
        (
            "contribute",
            ("1", "2100", "--leaf", "seven"),
            "leaf",
            ("no such booklet", "Write down"),
        ),
        (
            "spend",
            ("supplies", "4000", "Notebooks", "--on", "2024-02-10"),
            "amount",
            ("On 10 February 2024 the box holds only 3,100", "Check"),
        ),
        ("spend", ("supplies", "90000", "Notebooks"), "amount", ("holds only 5,200", "Check")),
        ("spend", ("suplies", "500", "Notebooks"), "role", ("There is no account", "Choose")),
        ("spend", ("supplies", "500", "Paper", "--box", "cash_man"), "box", ("Choose one of",)),
        (
            "spend",
            ("supplies", "500", "Paper", "--on", "2024-01-20"),
            "day",
            ("January 2024 is closed", "Date it in the open month"),
        ),
        ("receive", ("gift", "-5", "Chief"), "amount", ("Enter an amount above zero.",)),
        ("count", ("10000x1,7x2",), "pieces", ("no note or coin of 7", "Count only the pieces")),
        ("count", ("a lot",), "pieces", ("Write it as 10000x3,500x4",)),
        ("close", ("2024-01",), "month", ("closed already", "Choose the open month")),
        ("close", ("2024-13",), "month", ("Write it as 2026-11",)),
    ],
)
def test_what_is_paid_wrongly_is_refused(
    run: Run,
    money_book: Path,
    command: str,
    told: tuple[str, ...],
    field: str,
    says: tuple[str, ...],
) -> None:
    where, sentence = refused(run, command, money_book, *told)
    assert where == field
    for words in says:
        assert words in sentence


def test_a_currency_with_decimals_takes_two_behind_its_comma(run: Run, tmp_path: Path) -> None:
    book = in_february(tmp_path / "book", "ZZ")
    where, sentence = refused(run, "contribute", book, "1", "12,3456")
    assert (where, "2 decimals at most" in sentence) == ("amount", True)


# Care


@pytest.fixture(scope="module")
def care_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book on 20 February 2024 with a centre, prices of two days apart, and one certificate.

    Household 1 has three people, the second of whom died on 5 February. Prices hold to the end of
    January and from 10 February on.
    """
    folder = tmp_path_factory.mktemp("care") / "book"
    clock = wednesday()
    with open_copy(folder, clock=clock) as desk:
        care = a_care(desk, until=date(2024, 2, 1))
        prices_again(desk, care)
        clock.set(date(2024, 2, 20))
        batch = a_batch(desk, care, invoice="F-7", month=Month(2024, 1))
        a_claim(desk, care, batch, certificate="457", day=date(2024, 1, 15))
        dead = care.home.person_ids[1]
        desk.do(record_death, person_id=dead, on=date(2024, 2, 5), accepting=ANYTHING)
    return folder


def prices_again(desk: Desk, care: Any) -> None:
    from stepdesk.providers.service import version_tariff

    prices = {care.services["C"]: 600}
    first_day = date(2024, 2, 10)
    desk.do(version_tariff, tariff_id=care.tariff_id, first_day=first_day, prices=prices)


HEAD = "provider,person,day,service,price,quantity,certificate,invoice,invoice_total,month\n"
RIGHT = {
    "provider": "KOULA",
    "person": "1",
    "day": "2024-02-12",
    "service": "C",
    "price": "600",
    "quantity": "1",
    "certificate": "500",
    "invoice": "F-8",
    "invoice_total": "600",
    "month": "2024-02",
}


def claim_file(folder: Path, **wrong: str) -> Path:
    file = folder / "claims.csv"
    file.write_text(HEAD + ",".join((RIGHT | wrong).values()) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"person": "9"}, "person", ("Line 2", "Nobody is registered", "Look at the card")),
        ({"service": "CC"}, "service", ("CC is not in the catalogue", "Choose one of: C")),
        ({"provider": "KULA"}, "provider", ("KULA", "Choose one of: KOULA")),
        ({"day": "1900-01-01"}, "day", ("not between 1950 and 2999", "Check the year")),
        ({"day": "1960-01-01"}, "day", ("was not born on 1 January 1960", "Check card and day")),
        ({"day": "2024-02-25"}, "day", ("later than the invoice", "Check the days")),
        ({"day": "2024-03-01"}, "day", ("later than February 2024", "Check the day")),
        ({"day": "12/02"}, "day", ("12/02 is no date", "Write it as 2026-11-23")),
        ({"quantity": "0"}, "quantity", ("whole number from 1 to 9,999",)),
        ({"quantity": "10000"}, "quantity", ("whole number from 1 to 9,999",)),
        ({"quantity": "two"}, "quantity", ("two is no whole number", "Write digits only")),
        ({"price": "six"}, "price", ("six is no amount", "Type digits only")),
        ({"price": "-600"}, "price", ("below zero", "Type 0 or more")),
        (
            {"day": "2024-02-05"},
            "day",
            ("the last one ended on 31 January 2024", "the next begins on 10 February 2024"),
        ),
        ({"invoice": "F-7"}, "invoice", ("F-7", "in the book already", "check the number")),
        ({"certificate": "457"}, "certificate", ("457", "typed in already", "Check the number")),
        ({"invoice_total": "700"}, "invoice_differs", ("600", "700", "go on")),
    ],
)
def test_a_certificate_that_is_wrong_is_refused(
    run: Run,
    care_book: Path,
    tmp_path: Path,
    wrong: dict[str, str],
    field: str,
    says: tuple[str, ...],
) -> None:
    file = claim_file(tmp_path, **wrong)
    where, sentence = refused(run, "claims import", care_book, file, "--decide")
    for words in says:
        assert words in sentence
    assert where == field


def test_each_line_of_a_file_that_is_wrong_is_named(
    run: Run, care_book: Path, tmp_path: Path
) -> None:
    rows = (",".join((RIGHT | {"person": nobody}).values()) for nobody in ("97", "98", "99"))
    file = tmp_path / "claims.csv"
    file.write_text(HEAD + "\n".join(rows), encoding="utf-8")
    before = acts(care_book)
    code, _, error = run("claims import", care_book, file)
    assert (code, acts(care_book)) == (1, before)
    assert [f"Line {line}" in error for line in (2, 3, 4)] == [True] * 3


def test_care_of_who_had_died_is_taken_in_to_be_refused_in_writing(
    run: Run, care_book: Path, tmp_path: Path
) -> None:
    """Domain handbook Y.2, 11: such a certificate is kept, refused by RA02, and looked at."""
    book = copy_of(care_book, tmp_path / "book")
    code, _, _ = run("claims import", book, claim_file(tmp_path, person="1/01"), "--decide")
    with again(book) as desk, desk.read() as connection:
        decided = connection.exec_driver_sql("SELECT outcome, paid FROM claim_decision").all()
    assert (code, [tuple(one) for one in decided]) == (0, [("REJECTED", 0)])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("C,free\n", ("line 2, column price: free is no amount", "Type digits only")),
        ("C,-5\n", ("line 2, column price: -5 is no amount", "Type digits only")),
        ("C,\n", ("line 2, column price",)),
        ("ZZ,500\n", ("line 2", "ZZ is not in the catalogue", "Give its name and category")),
        ("C,600\nC,700\n", ("line 3", "C stands in line 2 already", "Take one of them out")),
    ],
)
def test_a_price_list_that_is_wrong_is_refused(
    run: Run, care_book: Path, tmp_path: Path, content: str, says: tuple[str, ...]
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"code,price\n{content}", encoding="utf-8")
    _, sentence = refused(run, "tariff import", care_book, "T-KOULA", file, "--from", "2024-03-01")
    for words in says:
        assert words in sentence


def test_a_package_changed_within_the_year_leaves_the_care_before_as_it_was(
    run: Run, care_book: Path, tmp_path: Path
) -> None:
    """A version of a closed month or of the same day is refused; a later one begins on its day."""
    file = tmp_path / "package.csv"
    file.write_text("code,copay\nC,50%\n", encoding="utf-8")
    where, sentence = refused(
        run, "package import", care_book, "BASE", file, "--from", "2024-01-01"
    )
    assert (where, "Choose another day" in sentence) == ("first_day", True)
    with again(care_book) as desk:
        assert [len(versions) for versions in desk.ask(packages).values()] == [1]
