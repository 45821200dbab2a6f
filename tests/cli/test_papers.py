"""Cards, lists, forms, statements and letters from the command line, on a real book."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from stepdesk.cli import run_command
from stepdesk.members.queries import card_version_of, household_of_number, scanned
from stepdesk.members.terms import CardScan
from stepdesk.store.clock import SetClock
from stepdesk.store.reading import fetch
from tests.builders import FIRST, a_household, a_payment, a_plan, a_section, again, open_copy

Run = Callable[..., tuple[int, dict[str, object]]]
DAY = "2024-06-10"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)

    def call(*arguments: object) -> tuple[int, dict[str, object]]:
        code = run_command([*map(str, arguments), "--today", DAY, "--json"])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out.strip() else {}

    return call


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Koula: 1 of 3 persons, paid January to July. Sira: 2 of 2, never paid. No waiting."""
    clock = SetClock(datetime(2024, 1, 10, 9, tzinfo=UTC))
    with open_copy(tmp_path / "book", clock=clock) as desk:
        plan = a_plan(desk, waiting_months=0, grace_days=30)
        koula, sira = a_section(desk, "Koula"), a_section(desk, "Sira")
        paid = a_household(desk, 3, section_id=koula, plan_id=plan)
        a_household(desk, 2, section_id=sira, plan_id=plan)
        a_payment(desk, paid, 1000 + 6 * 3 * 350)
    return tmp_path / "book"


def text_of(path: Path) -> str:
    with pypdfium2.PdfDocument(path.read_bytes()) as document:
        return " ".join(
            " ".join(page.get_textpage().get_text_bounded().split()) for page in document
        )


def looks(book: Path) -> list[str]:
    with again(book) as desk, desk.read() as connection:
        return [
            row.question for row in fetch(connection, "SELECT question FROM access ORDER BY n")
        ]


def names(book: Path) -> list[str]:
    with again(book) as desk, desk.read() as connection:
        rows = fetch(
            connection,
            "SELECT p.surname, p.given_names FROM person p JOIN cover c ON c.person_id = p.id"
            " JOIN household h ON h.id = c.household_id ORDER BY h.serial, c.suffix",
        )
        return [f"{row.surname} {row.given_names}" for row in rows]


def test_who_paid_is_entitled_and_who_did_not_is_on_the_other_list(
    run: Run, book: Path, tmp_path: Path
) -> None:
    places = [tmp_path / f"list.{way}" for way in ("pdf", "xlsx", "csv")]
    ways = ["--pdf", places[0], "--xlsx", places[1], "--csv", places[2]]
    code, answer = run("list", "entitled", book, "--language", "en", *ways)
    assert (code, answer["rows"]) == (0, 3)
    everybody = names(book)
    text = text_of(places[0])
    assert [name for name in everybody if name in text] == everybody[:3]
    assert "01 Koula" in text
    assert "TRAINING" in text
    rows = list(openpyxl.load_workbook(BytesIO(places[1].read_bytes())).worksheets[0].values)
    assert [(row[0], row[1], row[2], row[3]) for row in rows[1:]] == [
        ("Koula", "01-000001-8", f"{at:02d}", name) for at, name in enumerate(everybody[:3])
    ]
    assert [row[5] for row in rows[1:]] == [1980, 2011, 2012]
    told = list(csv.reader(StringIO(places[2].read_text(encoding="utf-8-sig"))))
    assert [row[3] for row in told[1:]] == everybody[:3]
    code, answer = run("list", "suspended", book, "--csv", places[2], "--language", "fr")
    assert (code, answer["rows"]) == (0, 2)
    told = list(csv.reader(StringIO(places[2].read_text(encoding="utf-8-sig")), delimiter=";"))
    assert [row[3] for row in told[1:]] == everybody[3:]
    assert looks(book) == ["list entitled", "list suspended"]


def test_a_list_can_be_of_one_section(run: Run, book: Path, tmp_path: Path) -> None:
    place = tmp_path / "list.csv"
    assert run("list", "entitled", book, "--csv", place, "--section", "Sira")[1]["rows"] == 0
    assert run("list", "suspended", book, "--csv", place, "--section", "02")[1]["rows"] == 2
    code, answer = run("list", "entitled", book, "--csv", place, "--section", "Nowhere")
    assert (code, answer["field"]) == (1, "section")
    assert run("list", "entitled", book)[1]["field"] == "pdf"
    assert (
        run("list", "entitled", book, "--csv", place, "--provider", "X")[1]["field"] == "provider"
    )


def test_the_register_tells_entry_in_order_with_its_receipt(
    run: Run, book: Path, tmp_path: Path
) -> None:
    place = tmp_path / "register.xlsx"
    code, answer = run("list", "register", book, "--xlsx", place, "--language", "en")
    assert (code, answer["rows"]) == (0, 2)
    rows = list(openpyxl.load_workbook(BytesIO(place.read_bytes())).worksheets[0].values)
    everybody, joined = names(book), datetime(2024, 1, 10)
    opens = datetime(2024, 2, 1)
    assert rows[1:] == [
        (
            *(1, joined, "01-000001-8", everybody[0], "F", "Koula", 3, "R-2024-A-000001"),
            *(opens, opens, None, None),
        ),
        (2, joined, "02-000002-6", everybody[3], "F", "Sira", 2, None, None, None, None, None),
    ]


def test_a_card_given_anew_makes_the_one_before_old(run: Run, book: Path, tmp_path: Path) -> None:
    place = tmp_path / "cards.pdf"
    code, answer = run("cards", book, "--all", "--pdf", place, "--language", "fr", "--also", "en")
    assert (code, answer["cards"], answer["issued"]) == (0, 2, 2)
    text = text_of(place)
    assert all(name in text for name in names(book))
    assert "Numéro d’adhérent / Member number" in text
    assert run("cards", book, "--all", "--pdf", place)[1]["issued"] == 0
    code, answer = run(
        "cards", book, "--household", "1", "--again", "lost", "--each", "--pdf", place
    )
    assert (code, answer["issued"]) == (0, 1)
    with again(book) as desk, desk.read() as connection:
        household = household_of_number(connection, "1")
        assert household is not None
        assert card_version_of(connection, household) == 2
        assert scanned(connection, "010000018.1") == CardScan("010000018", 1, 2)
        assert scanned(connection, "010000018.1").old
        assert not scanned(connection, "010000018.2").old
        assert scanned(connection, "1") == CardScan("1")
    assert looks(book) == ["cards"] * 3
    assert run("cards", book, "--pdf", place)[1]["field"] == "household"


def test_pads_take_numbers_nobody_has_and_are_printed_again(
    run: Run, book: Path, tmp_path: Path
) -> None:
    place = tmp_path / "pads.pdf"
    with again(book) as desk, desk.read() as connection:
        taken = connection.exec_driver_sql(
            "SELECT max((SELECT max(serial) FROM household),"
            " coalesce((SELECT max(until_serial) - 1 FROM number_block), 0))"
        ).scalar_one()
    code, answer = run("cards", book, "--pads", "12", "--section", "Sira", "--pdf", place)
    assert code == 0
    first, last = str(answer["first"]), str(answer["last"])
    assert first.startswith(f"02-{taken + 1:06d}-")
    assert last.startswith(f"02-{taken + 12:06d}-")
    text = text_of(place)
    assert text.count(first) == 2
    assert not [name for name in names(book) if name in text]
    more = run("cards", book, "--pads", "3", "--section", "Sira", "--pdf", place)[1]
    assert str(more["first"]).startswith(f"02-{taken + 13:06d}-")
    once_more = run(
        "cards", book, "--pads-again", str(taken + 5), "--section", "Sira", "--pdf", place
    )[1]
    assert (once_more["first"], once_more["last"]) == (first, last)
    for way, typed, field in (
        ("--pads", "0", "size"),
        ("--pads", "1000000", "size"),
        ("--pads-again", "999999", "pads_again"),
    ):
        told = run("cards", book, way, typed, "--pdf", place)
        assert (told[0], told[1]["field"]) == (1, field)


def test_the_form_is_filled_or_blank(run: Run, book: Path, tmp_path: Path) -> None:
    place = tmp_path / "form.pdf"
    assert run("form", book, "1", "--pdf", place, "--language", "en")[0] == 0
    everybody, text = names(book), text_of(place)
    assert [name for name in everybody if name in text] == everybody[:3]
    assert "Signature or thumbprint of the member" in text
    assert run("form", book, "--pdf", place, "--language", "en")[0] == 0
    text = text_of(place)
    assert not [name for name in everybody if name in text]
    assert [f"{at:02d}" for at in range(10) if f" {at:02d} " not in text] == []
    assert run("form", book, "77", "--pdf", place)[1]["field"] == "household"
    assert looks(book) == ["form"]


def test_the_statement_tells_dues_payments_and_what_is_to_pay(
    run: Run, book: Path, tmp_path: Path
) -> None:
    place = tmp_path / "statement.pdf"
    code, answer = run("statement", book, "1", "--pdf", place, "--language", "en")
    assert (code, answer["to_pay"]) == (0, {"minor": 0, "currency": "XOF"})
    text = text_of(place)
    wanted = ["01-000001-8", "R-2024-A-000001", "7,300", "01/07/2024 – 31/07/2024", "1,050"]
    assert [word for word in [*wanted, *names(book)[:3]] if word not in text] == []
    code, answer = run("statement", book, "2", "--pdf", place)
    # The entry fee of 1 000 and the first month of two persons at 350.
    assert (code, answer["to_pay"]) == (0, {"minor": 1700, "currency": "XOF"})


def test_the_statement_is_a_workbook_too(run: Run, book: Path, tmp_path: Path) -> None:
    place, table = tmp_path / "statement.pdf", tmp_path / "statement.xlsx"
    told = ("statement", book, "1", "--pdf", place, "--xlsx", table, "--language", "en")
    assert run(*told)[0] == 0
    sheet = openpyxl.load_workbook(table).active
    assert sheet is not None
    head, *rows = sheet.iter_rows(values_only=True)
    assert head == ("Date", "Remark", "From", "Until", "Receipt", "Amount due", "Paid")
    paid = [row for row in rows if row[4]]
    called = [row for row in rows if row[5]]
    # The fee of 1,000 and six months of three persons at 350, February to July.
    assert [(row[4], row[6]) for row in paid] == [("R-2024-A-000001", 7300)]
    assert [(row[2].month, row[5]) for row in called] == [(month, 1050) for month in range(2, 8)]  # type: ignore[union-attr]
    assert looks(book) == ["statement", "statement"]


def test_letters_go_to_whom_they_concern(run: Run, book: Path, tmp_path: Path) -> None:
    place = tmp_path / "letters.pdf"
    common = ["--pdf", place, "--language", "en"]
    assert run("letters", book, "reminder", *common)[0] == 1
    assert not place.exists()
    code, answer = run("letters", book, "reminder", *common, "--on", "2024-08-20")
    assert (code, answer["letters"]) == (0, 1)
    text = text_of(place)
    assert names(book)[0] in text
    assert "On 20 August 2024, " in text
    assert "1,050" in text
    assert run("letters", book, "renewal", *common, "--on", "2024-07-10")[1]["letters"] == 1
    assert "are paid until 31 July 2024" in text_of(place)
    assert run("letters", book, "waiting", *common, "--on", "2024-02-10")[1]["letters"] == 1
    assert "rights are open from 1 February 2024" in text_of(place)


def test_the_day_asked_for_decides(run: Run, book: Path, tmp_path: Path) -> None:
    place = tmp_path / "list.csv"
    early = run("list", "entitled", book, "--csv", place, "--on", date(2024, 1, 20).isoformat())
    assert early[1]["rows"] == 0
