"""Registers as mutuals keep them, made by code, and the way to bring one in."""

import io
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from stepdesk.exchange.registers.book import known_of
from stepdesk.exchange.registers.guessing import proposed
from stepdesk.exchange.registers.reading import open_bytes
from stepdesk.exchange.registers.result import judge
from stepdesk.exchange.registers.terms import Choices, Imported, Opened, Result
from stepdesk.exchange.registers.writing import bring_in
from stepdesk.store.desk import Desk

Rows = Sequence[Sequence[Any]]


def xlsx(
    sheets: dict[str, Rows], *, merged: Sequence[str] = (), hidden: Sequence[str] = ()
) -> bytes:
    """Return a workbook; `merged` are ranges of the first sheet."""
    from openpyxl import Workbook

    book = Workbook()
    del book[book.sheetnames[0]]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "hidden"
    first = book[next(iter(sheets))]
    for area in merged:
        first.merge_cells(area)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def xls(rows: Rows, name: str = "Feuil1") -> bytes:
    """Return a workbook of Excel 2003."""
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet(name)
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell not in ("", None):
                sheet.write(at, column, cell)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def xlsb(rows: Rows, name: str = "Feuil1") -> bytes:
    """Return a binary workbook: texts in their cells, numbers as doubles. Source: MS-XLSB 2.1, 2.4.

    Records: 0 row, 5 number, 6 text, 129 to 132 begin and end of sheet and book, 143 to 146 of
    the list of sheets and of the rows, 148 the size of the sheet, 156 a sheet.
    """
    wide = max(map(len, rows))
    size = _record(148, struct.pack("<4I", 0, len(rows) - 1, 0, wide - 1))
    body = b"".join(_row(at, row) for at, row in enumerate(rows))
    sheet = _record(129) + size + _record(145) + body + _record(146) + _record(130)
    listed = _record(156, struct.pack("<2I", 0, 1) + _wide("rId1") + _wide(name))
    book = _record(131) + _record(143) + listed + _record(144) + _record(132)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/_rels/workbook.bin.rels", _RELATIONS)
        made.writestr("xl/workbook.bin", book)
        made.writestr("xl/worksheets/sheet1.bin", sheet)
    return packed.getvalue()


_RELATIONS = (
    '<?xml version="1.0"?><Relationships'
    ' xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
    ' Target="worksheets/sheet1.bin"/></Relationships>'
)


def _record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    length, told = len(body), b""
    while length > 127:
        told += bytes([length & 127 | 128])
        length >>= 7
    return head + told + bytes([length]) + body


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _row(at: int, cells: Sequence[Any]) -> bytes:
    told = _record(0, struct.pack("<I", at) + bytes(13))
    for column, cell in enumerate(cells):
        place = struct.pack("<2I", column, 0)
        if isinstance(cell, int | float):
            told += _record(5, place + struct.pack("<d", cell))
        elif cell:
            told += _record(6, place + _wide(str(cell)))
    return told


def ods(rows: Rows, name: str = "Feuille1") -> bytes:
    """Return a spreadsheet of LibreOffice, its rows followed by a million empty ones."""
    told = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
        f'<office:body><office:spreadsheet><table:table table:name="{name}">{told}'
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", content)
        made.writestr("META-INF/manifest.xml", _MANIFEST)
    return packed.getvalue()


_MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest'
    ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/"'
    ' manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def _ods_cell(cell: Any) -> str:
    if cell in ("", None):
        return "<table:table-cell/>"
    if isinstance(cell, int | float):
        told = f'office:value-type="float" office:value="{cell}"'
    else:
        told = 'office:value-type="string"'
    return f"<table:table-cell {told}><text:p>{escape(str(cell))}</text:p></table:table-cell>"


def csv_text(rows: Rows, separator: str = ";") -> str:
    def told(cell: Any) -> str:
        text = str(cell)
        quoted = any(sign in text for sign in (separator, '"', "\n"))
        return '"' + text.replace('"', '""') + '"' if quoted else text

    return "\r\n".join(separator.join(told(cell) for cell in row) for row in rows) + "\r\n"


@dataclass(frozen=True)
class Brought:
    """What was opened, chosen, judged and written."""

    opened: Opened
    choices: Choices
    result: Result
    done: Imported

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Rows taken, taken after repair, left out, handed back."""
        done = self.done
        return done.taken, done.repaired, done.left_out, done.handed_back

    @property
    def reasons(self) -> dict[int, tuple[str, ...]]:
        """By row as people count them, why it was not simply taken."""
        return {
            row.at + 1: tuple(one.message for one in row.reasons)
            for row in self.result.rows
            if row.reasons
        }


def judged(desk: Desk, opened: Opened, choices: Choices) -> Result:
    return judge(opened, choices, desk.ask(known_of, desk.today))


def bring(
    desk: Desk, raw: bytes, name: str = "registre", *, choices: Choices | None = None, **told: Any
) -> Brought:
    """Bring a register in as it was guessed, or with choices."""
    opened = open_bytes(raw, name)
    chosen = choices or proposed(opened)
    result = judged(desk, opened, chosen)
    return Brought(
        opened, chosen, result, desk.do(bring_in, opened=opened, choices=chosen, **told)
    )


def asked(desk: Desk, statement: str) -> list[tuple[Any, ...]]:
    with desk.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(statement)]


PEOPLE = (
    "SELECT s.name, p.surname, p.given_names, p.sex, p.birth, p.birth_known, c.relation"
    " FROM person p JOIN cover c ON c.person_id = p.id JOIN household h ON h.id = c.household_id"
    " JOIN section_version s ON s.section_id = h.section_id ORDER BY h.serial, c.suffix"
)
