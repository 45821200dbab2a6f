"""Files that are no registers, the same file again, taking back, and handing back."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from stepdesk.contributions.queries import all_facts
from stepdesk.contributions.rules import account_on, allot
from stepdesk.errors import Refusal
from stepdesk.exchange.registers.book import saved_mappings
from stepdesk.exchange.registers.guessing import proposed
from stepdesk.exchange.registers.handback import handed_back
from stepdesk.exchange.registers.mapping import from_json, to_json
from stepdesk.exchange.registers.reading import open_bytes, open_text
from stepdesk.exchange.registers.terms import Field, State
from stepdesk.exchange.registers.writing import undo
from stepdesk.i18n import speak
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.values.ids import ImportId
from tests.builders import a_payment, a_plan, open_copy
from tests.exchange.register_kit import PEOPLE, Brought, asked, bring, csv_text, judged, xls, xlsx

ROWS: list[list[Any]] = [
    ["N° carte", "Nom", "Prénom", "Sexe", "Naissance", "Lien", "Village", "Payé jusqu'à"],
    ["A1", "Diop", "Moussa", "M", 1979, "chef", "Koula", "31/03/2024"],
    ["A1", "Ndiaye", "Awa", "F", 1986, "épouse", "Koula", ""],
    ["A2", "Sow", "Gora", "M", 1994, "chef", "Koula", ""],
]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A book with one plan of 350 a month and person; it is 10 January 2024."""
    with open_copy(tmp_path / "book") as made:
        a_plan(made)
        yield made
        assert verify_desk(made).clean


def refused(raw: bytes, name: str = "registre.xlsx") -> str:
    with pytest.raises(Refusal) as refusal:
        open_bytes(raw, name)
    assert refusal.value.field == "file"
    return refusal.value.text.message


# Files


def test_a_photo_named_xlsx_is_a_picture() -> None:
    assert "picture" in refused(b"\xff\xd8\xff\xe0" + b"x" * 500)
    assert "picture" in refused(b"\x89PNG\r\n\x1a\n" + b"x" * 500)


def test_an_empty_file_is_said_to_be_empty() -> None:
    assert refused(b"") == "The file is empty. Choose another one."
    assert refused(xlsx({"A": []})) == "The file is empty. Choose another one."
    assert refused(b"\r\n \r\n", "r.csv") == "The file is empty. Choose another one."


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_file_cut_in_the_middle_is_damaged(share: float) -> None:
    whole = xlsx({"A": ROWS * 50})
    assert "damaged" in refused(whole[: int(len(whole) * share)])
    old = xls(ROWS * 50)
    assert "damaged" in refused(old[: int(len(old) * 0.3)], "r.xls")


def test_a_workbook_with_a_password_is_locked() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1500
    assert "password" in refused(ole + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600)


BOMB = "This file unpacks to far more than a register can be"


def _bomb(count: int) -> bytes:
    """Return a workbook whose sheet is so many megabytes of blanks."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        with made.open("xl/worksheets/sheet1.xml", "w", force_zip64=count > 4000) as sheet:
            for _ in range(count):
                sheet.write(b" " * (1 << 20))
    return packed.getvalue()


def test_a_zip_bomb_is_said_to_unpack_to_too_much_and_is_not_unpacked() -> None:
    raw = _bomb(600)
    assert len(raw) < 2 << 20
    assert refused(raw).startswith(BOMB)


def test_a_zip_bomb_that_lies_of_its_length_is_none_the_less_one() -> None:
    raw = _bomb(40)
    told = (40 << 20).to_bytes(4, "little")
    assert raw.count(told) == 2
    # Both headers say that the sheet is 900 bytes long.
    assert refused(raw.replace(told, (900).to_bytes(4, "little"))).startswith(BOMB)


def test_parts_that_lie_over_each_other_are_a_bomb() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("xl/a.xml", "<a/>" * 400)
        made.writestr("xl/b.xml", "<a/>" * 400)
    raw = bytearray(packed.getvalue())
    with zipfile.ZipFile(io.BytesIO(raw)) as read:
        first, second = (read.getinfo(name).header_offset for name in ("xl/a.xml", "xl/b.xml"))
    at = raw.rindex(second.to_bytes(4, "little"), raw.rindex(b"PK\x01\x02"))
    raw[at : at + 4] = first.to_bytes(4, "little")
    assert refused(bytes(raw)).startswith(BOMB)


def test_a_text_under_the_name_of_a_picture_or_workbook_is_refused_in_words() -> None:
    raw = csv_text(ROWS).encode()
    with pytest.raises(Refusal) as refusal:
        open_bytes(raw, "registre.JPG")
    assert speak(refusal.value.text, "en").startswith("The name says .jpg, but text stands")
    assert refused(raw, "r.pdf").startswith("The name says {ending}")
    assert refused(raw, "r.xlsx").startswith("The name says workbook")
    assert open_bytes(raw, "r.csv").kind == open_bytes(raw, "registre").kind == "csv"


def test_a_picture_under_the_name_of_a_table_is_a_picture() -> None:
    assert "picture" in refused(b"\xff\xd8\xff\xe0" + b"x" * 500, "r.csv")
    assert "picture" in refused(b"RIFF\x10\0\0\0WEBPVP8 " + b"x" * 500, "r.csv")
    assert "picture" in refused(b"BM" + (560).to_bytes(4, "little") + b"\0" * 554, "r.csv")


def test_a_table_that_begins_with_the_letters_of_a_picture_is_a_table() -> None:
    rows: list[list[Any]] = [
        ["BM", "Nom", "Prénom", "Sexe", "Naissance"],
        [1, "Diop", "Awa", "F", 1979],
    ]
    assert open_bytes(csv_text(rows).encode(), "r.csv").kind == "csv"


def test_a_text_document_is_told_from_a_table() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("word/document.xml", "<w:document/>")
    assert refused(packed.getvalue(), "r.docx").startswith("This is a text, not a table.")
    writer = io.BytesIO()
    with zipfile.ZipFile(writer, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        made.writestr("content.xml", "<office/>")
    assert refused(writer.getvalue(), "r.odt").startswith("This is a text, not a table.")


def test_a_cell_at_the_far_corner_does_not_fill_the_memory() -> None:
    raw = _with_cell("XFD1048576")
    assert "too large" in refused(raw)
    assert "too large" in refused(_with_cell("A1048576"))


def _with_cell(place: str) -> bytes:
    """Return a workbook with one more cell, far away."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx({"A": ROWS}))) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in old.namelist():
            body = old.read(name)
            if name.endswith("sheet1.xml"):
                row = "".join(sign for sign in place if sign.isdecimal())
                cell = f'<row r="{row}"><c r="{place}" t="n"><v>1</v></c></row></sheetData>'
                body = body.replace(b"</sheetData>", cell.encode())
            made.writestr(name, body)
    return packed.getvalue()


def test_what_is_no_text_and_no_workbook_is_no_table() -> None:
    assert "no table" in refused(bytes(range(1, 32)) * 40, "r.csv")
    assert "PDF" in refused(b"%PDF-1.7 " + b"x" * 100)


def test_what_was_pasted_is_read_by_its_tabs(desk: Desk) -> None:
    opened = open_text(csv_text(ROWS, "\t"))
    result = judged(desk, opened, proposed(opened))
    assert (result.people, len(result.households)) == (3, 2)


def test_a_formula_is_handed_back_as_text_that_does_not_run(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["Nom", "Prénom", "Sexe", "Naissance", "Village"],
        ['=HYPERLINK("http://x";"Diop")', "@Moussa", "M", "+1979", "-Koula"],
    ]
    raw = csv_text(rows, "\t").encode()
    opened = open_bytes(raw, "r.tsv")
    choices = proposed(opened)
    made = handed_back(opened, choices, judged(desk, opened, choices), language="en")
    sheet = load_workbook(io.BytesIO(made)).active
    assert sheet is not None
    for cell in sheet[2]:
        assert cell.data_type != "f"
        assert not str(cell.value or "").startswith(("=", "+", "-", "@"))


# Again, and back


def test_the_same_file_again_writes_nothing(desk: Desk) -> None:
    raw = xlsx({"A": ROWS})
    assert bring(desk, raw).counts == (3, 0, 1, 0)
    acts = asked(desk, "SELECT count(*) FROM act")
    again = bring(desk, raw)
    assert again.counts == (0, 0, 4, 0)
    assert again.done.batch_id is None
    assert asked(desk, "SELECT count(*) FROM act") == acts


def test_a_newer_file_brings_new_people_and_corrections_alone(desk: Desk) -> None:
    bring(desk, xlsx({"A": ROWS}))
    newer = [list(row) for row in ROWS]
    newer[2][4] = 1988
    newer.append(["A2", "Sow", "Issa", "M", 2020, "fils", "Koula", ""])
    brought = bring(desk, xlsx({"A": newer}))
    assert brought.counts == (1, 1, 3, 0)
    assert (brought.done.households, brought.done.persons, brought.done.corrections) == (0, 1, 1)
    assert [row[1:5] for row in asked(desk, PEOPLE)] == [
        ("Diop", "Moussa", "M", "1979-07-01"),
        ("Ndiaye", "Awa", "F", "1988-07-01"),
        ("Sow", "Gora", "M", "1994-07-01"),
        ("Sow", "Issa", "M", "2020-07-01"),
    ]


def test_paid_until_is_told_by_one_dated_opening(desk: Desk) -> None:
    brought = bring(desk, xlsx({"A": ROWS}))
    # An entry fee of 1 000, and January to March for two persons at 350.
    assert brought.done.opening == 1000 + 3 * 2 * 350
    first, second = (account_on(one, desk.today) for one in desk.ask(all_facts).values())
    assert (str(first.covered_through), first.arrears) == ("2024-03-31", 0)
    assert (second.entered_on, second.covered_through) == (None, None)
    lines = asked(desk, "SELECT role, amount FROM entry_line ORDER BY role")
    assert lines == [
        ("cash_main", 3100),
        ("contrib_advance", -2100),
        ("retained_plus", -1000),
    ]


def test_arrears_told_by_a_register_are_asked_whole(desk: Desk) -> None:
    rows: list[list[object]] = [
        ["N° carte", "Nom", "Prénom", "Sexe", "Naissance", "Lien", "Village", "Arriérés"],
        ["A1", "Diop", "Moussa", "M", 1979, "chef", "Koula", 4200],
        ["A2", "Sow", "Gora", "M", 1994, "chef", "Koula", 350],
    ]
    bring(desk, xlsx({"A": rows}))
    far, near = (account_on(one, desk.today) for one in desk.ask(all_facts).values())
    # Twelve months at 350, January with them: 2023 is paid for no month after January.
    assert (far.arrears, far.to_pay, far.suspended) == (4200, 4200, True)
    assert str(far.covered_through) == "2023-01-31"
    assert (near.arrears, near.to_pay, near.suspended) == (350, 350, False)
    facts = next(iter(desk.ask(all_facts).values()))
    told = allot(facts, paid_on=desk.today, amount=4200).covered_through
    assert str(told) == "2024-01-31"


def test_an_import_is_undone_whole_and_can_be_made_again(desk: Desk) -> None:
    brought = bring(desk, xlsx({"A": ROWS}))
    batch = brought.done.batch_id
    assert batch is not None
    assert desk.do(undo, batch_id=batch) == 2
    assert asked(desk, "SELECT count(*) FROM cover WHERE until IS NULL") == [(0,)]
    sums = asked(desk, "SELECT role, sum(amount) FROM entry_line GROUP BY role")
    assert {amount for _, amount in sums} == {0}
    assert all(
        one.covered_through is None
        for one in (account_on(facts, desk.today) for facts in desk.ask(all_facts).values())
    )
    with pytest.raises(Refusal, match="undone before"):
        desk.do(undo, batch_id=batch)
    assert bring(desk, xlsx({"A": ROWS})).counts == (3, 0, 1, 0)


def _batch(brought: Brought) -> ImportId:
    batch_id = brought.done.batch_id
    assert batch_id is not None
    return batch_id


def test_an_import_stays_once_money_depends_on_it(desk: Desk) -> None:
    brought = bring(desk, xlsx({"A": ROWS}))
    home = asked(desk, "SELECT id FROM household ORDER BY serial")[1][0]
    a_payment(desk, home, 1350)
    with pytest.raises(Refusal):
        desk.do(undo, batch_id=_batch(brought))
    assert asked(desk, "SELECT count(*) FROM cover WHERE until IS NULL") == [(3,)]


def test_a_mapping_is_written_and_read_again_and_kept_for_the_next_file(desk: Desk) -> None:
    opened = open_bytes(xlsx({"A": ROWS}), "r.xlsx")
    choices = proposed(opened)
    changed = {at: one for at, one in choices.columns.items() if one.field is not Field.PAID_UNTIL}
    brought = bring(desk, xlsx({"A": ROWS}), choices=replace(choices, columns=changed))
    told = json.loads(json.dumps(to_json(brought.choices, brought.result.table)))
    assert from_json(told, opened, choices).columns == changed
    assert proposed(opened, saved=desk.ask(saved_mappings)).columns == changed


def test_a_mapping_that_names_no_column_or_no_field_is_refused() -> None:
    opened = open_bytes(xlsx({"A": ROWS}), "r.xlsx")
    guess = proposed(opened)
    for told in ({"columns": {"Nom": "shoe"}}, {"columns": {"Nomm": "name"}}, {"shape": "x"}, [1]):
        with pytest.raises(Refusal) as refusal:
            from_json(told, opened, guess)
        assert refusal.value.field == "mapping"


def test_every_row_is_handed_back_with_state_and_reason(desk: Desk) -> None:
    rows: list[list[Any]] = [*ROWS, ["A3", "Ba", "Hawa", "?", "", "chef", "Koula", ""]]
    opened = open_bytes(xlsx({"A": rows}), "r.xlsx")
    choices = proposed(opened)
    result = judged(desk, opened, choices)
    assert result.rows[-1].state is State.BACK
    sheet = load_workbook(io.BytesIO(handed_back(opened, choices, result, language="en"))).active
    assert sheet is not None
    told = [[cell.value for cell in row][-2:] for row in sheet.iter_rows()]
    assert told[0] == ["State", "Reason"]
    assert [row[0] for row in told[1:]] == ["taken", "taken", "taken", "handed back"]
    bad = handed_back(opened, choices, result, language="en", only_bad=True)
    only = load_workbook(io.BytesIO(bad)).active
    assert only is not None
    assert only.max_row == 2
