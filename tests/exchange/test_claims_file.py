"""Certificates from a table: what the file says is what is kept, or nothing is."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stepdesk.claims import queries
from stepdesk.claims.terms import State
from stepdesk.errors import Refusal, Trouble
from stepdesk.exchange.claims_file import KNOWN, import_claims
from stepdesk.i18n import speak
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from tests.claims.kit import Care, a_care

ROOT = Path(__file__).resolve().parent.parent.parent
HEAD = "provider,person,day,service,price"


def written(tmp_path: Path, *rows: str, head: str = HEAD, encoding: str = "utf-8") -> Path:
    file = tmp_path / "claims.csv"
    file.write_bytes("\n".join([head, *rows, ""]).encode(encoding))
    return file


def card(care: Care, at: int = 0) -> str:
    return f"{care.home.number.serial}/{at:02d}"


def row(care: Care, at: int = 0, **told: str) -> str:
    cells = {
        "provider": "KOULA",
        "person": card(care, at),
        "day": "2024-01-09",
        "service": "C",
        "price": "600",
    }
    return ",".join((cells | told).values())


def refusal(desk: Desk, file: Path, **told: Any) -> tuple[str, str]:
    before = desk.acts
    with pytest.raises(Refusal) as caught:
        desk.do(import_claims, file=file, **told)
    assert desk.acts == before
    return caught.value.field, speak(caught.value.text, "en")


def test_a_file_is_brought_in_and_decided(desk: Desk, tmp_path: Path) -> None:
    care = a_care(desk)
    file = written(
        tmp_path,
        row(care),
        row(care, service="a", price="900"),
        row(care, at=1),
    )
    done = desk.do(import_claims, file=file, decide=True)
    assert (done.claims, done.known, done.claimed.minor, len(done.batches)) == (2, 0, 2100, 1)
    assert [(one.approved, one.payable.minor) for one in done.decided] == [(2, 1575)]
    claims = desk.ask(queries.claims_of, desk.currency)
    assert [[line.code for line in one.lines] for one in claims] == [["C", "A"], ["C"]]


def test_the_same_file_again_adds_nothing_on_any_day(
    desk: Desk, clock: SetClock, tmp_path: Path
) -> None:
    care = a_care(desk)
    file = written(tmp_path, row(care), row(care, at=1))
    desk.do(import_claims, file=file, decide=True)
    clock.set(date(2024, 1, 20))
    before = desk.acts
    again = desk.do(import_claims, file=file, decide=True)
    assert (again.claims, again.known, len(again.batches), desk.acts) == (0, 2, 1, before)
    more = written(tmp_path, row(care), row(care, at=2), row(care, at=1))
    done = desk.do(import_claims, file=more)
    assert (done.claims, done.known, len(done.batches)) == (1, 2, 2)


def test_what_comes_later_is_late_by_its_own_day(
    desk: Desk, clock: SetClock, tmp_path: Path
) -> None:
    care = a_care(desk, agreement={"late_invoice_days": 30})
    desk.do(import_claims, file=written(tmp_path, row(care)), decide=True)
    clock.set(date(2024, 6, 1))
    late = written(tmp_path, row(care, at=1))
    done = desk.do(import_claims, file=late, decide=True)
    assert done.decided[0].rejected == 1
    assert desk.ask(queries.claims_of, desk.currency)[-1].codes == ("RA09",)


def test_two_rows_alike_apart_from_each_other_are_two_and_one_is_paid(
    desk: Desk, tmp_path: Path
) -> None:
    care = a_care(desk)
    file = written(tmp_path, row(care), row(care, at=1), row(care))
    done = desk.do(import_claims, file=file, decide=True)
    assert (done.claims, done.known) == (3, 0)
    states = [one.state for one in desk.ask(queries.claims_of, desk.currency)]
    assert states == [State.APPROVED, State.APPROVED, State.REJECTED]
    assert desk.do(import_claims, file=file).known == 3


def test_another_total_for_an_invoice_in_the_book_is_refused(desk: Desk, tmp_path: Path) -> None:
    care = a_care(desk)
    head = f"{HEAD},invoice,invoice_total,certificate"
    first = row(care, invoice="F1", invoice_total="600", certificate="1")
    desk.do(import_claims, file=written(tmp_path, first, head=head))
    more = row(care, 1, invoice="F1", invoice_total="900", certificate="2")
    assert refusal(desk, written(tmp_path, more, head=head)) == (
        "invoice_total",
        "Line 2, invoice_total: The book has 600\u00a0F\u202fCFA as the total of this invoice."
        " Write that, or check its number.",
    )
    same = row(care, 1, invoice="F1", invoice_total="600", certificate="2")
    assert desk.do(import_claims, file=written(tmp_path, same, head=head)).claims == 1


def test_an_invoice_of_two_months_is_one_file_and_comes_once(desk: Desk, tmp_path: Path) -> None:
    care = a_care(desk)
    head = f"{HEAD},invoice,certificate,received"
    rows = (
        row(care, invoice="F1", certificate="1", received="2024-01-10"),
        row(care, 1, day="2023-12-28", invoice="F1", certificate="2", received="2024-01-10"),
    )
    assert desk.do(import_claims, file=written(tmp_path, *rows, head=head)).claims == 2
    again = row(care, 2, invoice="F1", certificate="3", received="2024-01-09")
    field, said = refusal(desk, written(tmp_path, again, head=head))
    assert field == "invoice"
    assert said.startswith("Line 2, invoice: Invoice F1 of this provider is in the book already")


@pytest.mark.parametrize(
    ("told", "column", "words"),
    [
        ({"provider": "NOBODY"}, "provider", "no provider NOBODY"),
        ({"person": "999999/00"}, "person", "Nobody is registered"),
        ({"person": ""}, "person", "Nobody is registered"),
        ({"day": "9/1/2024"}, "day", "no date"),
        ({"day": "2024-W02-2"}, "day", "no date"),
        ({"day": "20240109"}, "day", "no date"),
        ({"day": "2023-02-29"}, "day", "no date"),
        ({"day": "2024-01-11"}, "day", "later than the invoice"),
        ({"day": "1949-01-11"}, "day", "not between 1950 and 2999"),
        ({"service": "XYZ"}, "service", "not in the catalogue"),
        ({"price": "abc"}, "price", "no amount"),
        ({"price": "-5"}, "price", "below zero"),
        ({"price": ""}, "price", "no amount"),
    ],
)
def test_a_wrong_cell_is_named_by_line_and_column(
    desk: Desk, tmp_path: Path, told: dict[str, str], column: str, words: str
) -> None:
    care = a_care(desk)
    file = written(tmp_path, row(care), row(care, at=1, **told))
    field, said = refusal(desk, file)
    assert (field, said.startswith(f"Line 3, {column}: ")) == (column, True)
    assert words in said


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5", "x", "99999"])
def test_a_quantity_is_a_whole_number_from_one(desk: Desk, tmp_path: Path, quantity: str) -> None:
    care = a_care(desk)
    file = written(tmp_path, f"{row(care)},{quantity}", head=f"{HEAD},quantity")
    assert refusal(desk, file)[0] == "quantity"


def test_how_many_lines_are_wrong_is_said(desk: Desk, tmp_path: Path) -> None:
    care = a_care(desk)
    bad = row(care, service="XYZ")
    assert "2 more lines cannot be right" in refusal(desk, written(tmp_path, bad, bad, bad))[1]


def test_no_cell_is_lost_or_doubled(desk: Desk, tmp_path: Path) -> None:
    care = a_care(desk)
    good = row(care)
    # 45,000 with its comma would be 45 francs and a cell too many.
    assert "more cells" in refusal(desk, written(tmp_path, f"{good[:-3]}45,000"))[1]
    assert "stands twice" in refusal(desk, written(tmp_path, f"{good},1", head=f"{HEAD},price"))[1]
    assert refusal(desk, written(tmp_path, "KOULA,1/00"))[0] == "day"
    assert "no text" in refusal(desk, written(tmp_path, row(care, service="C\0")))[1]


def test_two_totals_for_one_invoice_are_refused(desk: Desk, tmp_path: Path) -> None:
    care = a_care(desk)
    head = f"{HEAD},invoice,invoice_total"
    rows = [f"{row(care)},F1,1200", f"{row(care, at=1)},F1,9999"]
    assert refusal(desk, written(tmp_path, *rows, head=head))[0] == "invoice_total"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_files_of_every_office_are_read(
    desk: Desk, tmp_path: Path, encoding: str, ends: str
) -> None:
    care = a_care(desk)
    table = f"{HEAD}\n{row(care)}\n".replace(",", ";").replace("\n", ends)
    file = tmp_path / "claims.csv"
    file.write_bytes(table.encode(encoding))
    assert desk.do(import_claims, file=file).claims == 1


def test_what_is_no_table_is_said(desk: Desk, tmp_path: Path) -> None:
    care = a_care(desk)
    latin = written(tmp_path, row(care, person="é"), encoding="latin-1")
    assert "UTF-8" in refusal(desk, latin)[1]
    assert refusal(desk, written(tmp_path))[0] == "file"
    assert refusal(desk, written(tmp_path, head="provider,day"))[0] == "person"
    assert refusal(desk, written(tmp_path, head=f"{HEAD},colour"))[0] == "colour"
    with pytest.raises(Trouble):
        desk.do(import_claims, file=tmp_path / "none.csv")


def test_the_document_names_every_column() -> None:
    told = (ROOT / "docs" / "claims-file.md").read_text(encoding="utf-8")
    assert [name for name in KNOWN if f"`{name}`" not in told] == []
