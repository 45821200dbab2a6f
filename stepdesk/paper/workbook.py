"""A workbook of one sheet as XLSX, made in memory.

Written by hand: openpyxl puts every sheet into a file of the temporary folder first, names in
clear (docs/decisions/0026).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import chain, islice
from typing import TypeAlias
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

Plain: TypeAlias = "str | int | Decimal | date | None"

MOST_ROWS = 1_048_576
"""As many rows as a sheet can hold, its heads included."""

_MOST_SIGNS = 32_767
_LOOKED_AT = 500  # rows that decide how wide the columns are
_CHUNK = 1000
_DAY_ZERO = date(1899, 12, 30)
_STYLES = {"head": 1, "day": 2, "whole": 3, "hundredths": 4}
# Signs XML cannot hold; a name never needs them.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_MADE = (1980, 1, 1, 0, 0, 0)  # the same calls give the same bytes

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml"'
        f' ContentType="{_SHEET_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'{_XML}<styleSheet xmlns="{_MAIN}">'
        '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
        '<cellStyleXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs>'
        '<xf xfId="0"/><xf fontId="1" applyFont="1" xfId="0"/>'
        '<xf numFmtId="164" applyNumberFormat="1" xfId="0"/>'
        '<xf numFmtId="3" applyNumberFormat="1" xfId="0"/>'
        '<xf numFmtId="4" applyNumberFormat="1" xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    ),
}


def workbook(name: str, heads: Sequence[str], rows: Iterable[Sequence[Plain]]) -> bytes:
    """Return a workbook whose first row are the heads; they stay in sight and can filter.

    A `Decimal` is an amount, an `int` a bare number, a `date` a real date. Text is text whatever
    it begins with: no cell is ever a formula.

    Args:
        name: Of the sheet; cut to 31 signs, its forbidden ones left out.
        heads: One a column.
        rows: Drawn once, as they come.

    Raises:
        ValueError: when there are more rows than a sheet can hold.
    """
    ahead = iter(rows)
    first = list(islice(ahead, _LOOKED_AT))
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED, compresslevel=4) as file:
        for part, told in _PARTS.items():
            file.writestr(_entry(part), told)
        file.writestr(_entry("xl/workbook.xml"), _workbook_part(name, len(heads)))
        with file.open(_entry("xl/worksheets/sheet1.xml"), "w") as sheet:
            sheet.write(_before(heads, first).encode())
            for chunk in _row_chunks(heads, chain(first, ahead)):
                sheet.write(chunk.encode())
            last = _column(len(heads) - 1)
            sheet.write(f'</sheetData><autoFilter ref="A1:{last}1"/></worksheet>'.encode())
    return held.getvalue()


def _entry(part: str) -> ZipInfo:
    entry = ZipInfo(part, _MADE)
    entry.compress_type = ZIP_DEFLATED
    return entry


def _workbook_part(name: str, columns: int) -> str:
    kept = _NOT_IN_A_NAME.sub(" ", _FORBIDDEN.sub("", name)).strip(" '")[:31] or "1"
    told = escape(kept, {'"': "&quot;"})
    quoted = escape(kept.replace("'", "''"))
    filtered = f"'{quoted}'!$A$1:${_column(columns - 1)}$1"
    return (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{told}" sheetId="1" r:id="rId1"/></sheets><definedNames>'
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">{filtered}'
        "</definedName></definedNames></workbook>"
    )


def _before(heads: Sequence[str], first: Sequence[Sequence[Plain]]) -> str:
    widths = [
        min(max((_signs(row[at]) for row in first), default=0), 60) for at in range(len(heads))
    ]
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{max(width, min(len(head), 60)) + 2}"'
        ' customWidth="1"/>'
        for at, (width, head) in enumerate(zip(widths, heads, strict=True), 1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>"
    )


def _signs(value: Plain) -> int:
    return 10 if isinstance(value, date) else len(str(value if value is not None else ""))


def _row_chunks(heads: Sequence[str], rows: Iterable[Sequence[Plain]]) -> Iterable[str]:
    head = "".join(_text(told, ' s="1"') for told in heads)
    told = [f"<row>{head}</row>"]
    for at, row in enumerate(rows, 2):
        if at > MOST_ROWS:
            raise ValueError(f"a sheet holds at most {MOST_ROWS} rows")
        told.append(f"<row>{''.join(map(_cell, row))}</row>")
        if not at % _CHUNK:
            yield "".join(told)
            told.clear()
    yield "".join(told)


def _cell(value: Plain) -> str:  # noqa: PLR0911 - one return a kind
    match value:
        case None | "":
            return "<c/>"
        case str():
            return _text(value)
        case date():
            # Dates before the sheet's own calendar are written out: Excel knows none.
            days = (value - _DAY_ZERO).days
            return f'<c s="2"><v>{days}</v></c>' if days > 60 else _text(value.isoformat())
        case Decimal():
            style = (
                3 if value == value.to_integral_value() and value.as_tuple().exponent == 0 else 4
            )
            return f'<c s="{style}"><v>{value}</v></c>'
        case int():
            return f"<c><v>{value}</v></c>"


def _text(told: str, style: str = "") -> str:
    kept = escape(_FORBIDDEN.sub("", told)[:_MOST_SIGNS])
    return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{kept}</t></is></c>'


def _column(at: int) -> str:
    told = ""
    while at >= 0:
        at, letter = divmod(at, 26)
        told = chr(65 + letter) + told
        at -= 1
    return told
