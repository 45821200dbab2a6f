"""Opening a register: workbooks by python-calamine, text with its encoding and separator guessed.

A file is looked at before it is unpacked: what is no table, is locked, cut, or would fill the
memory is refused with a sentence. Formulas never run: calamine reads the values they left.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.parsers import expat

from stepdesk.errors import Refusal, Trouble
from stepdesk.exchange.registers.terms import Cell, Opened, Sheet
from stepdesk.i18n import N_, Text, Value

MOST_BYTES = 100 << 20
MOST_UNPACKED = 500 << 20
MOST_CELLS = 12_000_000
MOST_ROWS = 300_000
"""Limits of a register: a scheme of 100,000 persons needs a tenth of them."""

_CHUNK = 1 << 20
_CELL = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
_NO_TABLES = frozenset(
    {
        *(".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".heic"),
        *(".pdf", ".doc", ".docx", ".odt", ".zip", ".mp3", ".mp4", ".exe"),
    }
)
"""Endings of files that are no tables, whatever stands in them."""

_TABLES = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_ACCENTS = frozenset("éèêëàâäçîïôöùûüñãõáíóúÉÈÊÀÂÇÔÎœŒ°’‘«»€ºª")
_CODES = ("cp1252", "cp850", "mac_roman")
_SEPARATORS = ";\t,|"


def open_file(path: Path) -> Opened:
    """Read a register.

    Raises:
        Refusal: when it is no table, is locked by a password, cut, empty, or far too large.
        Trouble: when the file cannot be read.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _too_large()
        raw = path.read_bytes()
    except OSError as error:
        raise Trouble(
            Text(N_("{name} cannot be read. Check the name and the stick."), {"name": path.name})
        ) from error
    return open_bytes(raw, path.name)


def open_bytes(raw: bytes, name: str) -> Opened:
    """Read a register from memory; see `open_file`."""
    if not raw.strip(b"\0 \r\n\t"):
        raise _refused(N_("The file is empty. Choose another one."))
    kind = _kind(raw)
    if kind == "text":
        _check_name(Path(name).suffix.casefold())
        return _text(raw, name)
    sheets = _workbook(raw)
    return Opened(name, kind, sheets, sha256(raw).digest(), raw=raw)


def open_text(pasted: str) -> Opened:
    """Read what was pasted from the clipboard: lines with cells between tabs.

    Raises:
        Refusal: when nothing was pasted.
    """
    if not pasted.strip():
        raise _refused(N_("The clipboard holds no text. Copy the rows of the table first."))
    separator = "\t" if "\t" in pasted else _separator(pasted)
    sheet = Sheet("", _csv_rows(pasted, separator))
    raw = pasted.encode("utf-8", "surrogatepass")
    return Opened("", "text", (sheet,), sha256(raw).digest(), "utf-8", separator)


def _refused(message: str, **values: Value) -> Refusal:
    return Refusal(Text(message, values), field="file")


def _too_large() -> Refusal:
    return _refused(
        N_("The table is too large to be a register. Copy its rows to a new file and try again.")
    )


def _bomb() -> Refusal:
    return _refused(
        N_(
            "This file unpacks to far more than a register can be, so it was not opened."
            " Copy the rows of the table to a new file and try again."
        )
    )


def _check_name(ending: str) -> None:
    """Refuse text under the name of something else: nobody can say what it was to be."""
    if ending in _TABLES:
        raise _refused(
            N_(
                "The name says workbook, but text stands in the file."
                " If it is a table, give it a name that ends in .csv and try again."
            )
        )
    if ending in _NO_TABLES:
        raise _refused(
            N_(
                "The name says {ending}, but text stands in the file."
                " If it is a table, give it a name that ends in .csv and try again."
            ),
            ending=ending,
        )


def _cut() -> Refusal:
    return _refused(
        N_("The file is damaged or was cut while it was copied. Copy it again from where it is.")
    )


def _locked() -> Refusal:
    return _refused(
        N_("The file is locked by a password. Open it, save it without one, and try again.")
    )


def _no_table() -> Refusal:
    return _refused(N_("This is no table. Choose an Excel, LibreOffice or CSV file."))


def _kind(raw: bytes) -> str:
    if raw[:4] == b"PK\x03\x04":
        return _zip_kind(raw)
    if raw[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise _locked()
        if "WordDocument".encode("utf-16-le") in raw:
            raise _word()
        return "xls"
    if _is_picture(raw):
        raise _refused(
            N_("This is a picture, not a table. Type the table off, or ask for the file itself.")
        )
    if raw[:5] == b"%PDF-":
        raise _refused(N_("This is a PDF, not a table. Ask for the file it was made from."))
    return "text"


def _is_picture(raw: bytes) -> bool:
    """Whether the first bytes are those of a picture; `BM` and `RIFF` may begin a text too."""
    if raw[:2] == b"BM":
        return int.from_bytes(raw[2:6], "little") == len(raw) or b"\0" in raw[2:26]
    if raw[:4] == b"RIFF":
        return raw[8:12] == b"WEBP"
    return raw.startswith(_PICTURES) or raw[4:8] == b"ftyp"


def _word() -> Refusal:
    return _refused(
        N_(
            "This is a text, not a table. Open it, copy the table in it,"
            " and take here what was copied."
        )
    )


# Workbooks


def _zip_kind(raw: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            names = set(packed.namelist())
            _check_unpacked(raw, packed)
            if "xl/workbook.xml" in names:
                _check_xlsx(packed)
                return "xlsx"
            if "xl/workbook.bin" in names:
                _check_xlsb(packed)
                return "xlsb"
            if "mimetype" in names and b".text" in packed.read("mimetype"):
                raise _word()
            if "content.xml" in names:
                _check_ods(packed, names)
                return "ods"
            if "word/document.xml" in names:
                raise _word()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, zlib.error) as error:
        raise _cut() from error
    except (RuntimeError, NotImplementedError, ValueError) as error:
        raise _locked() from error
    raise _no_table()


def _check_unpacked(raw: bytes, packed: zipfile.ZipFile) -> None:
    """Refuse what would fill the memory, counted by unpacking: what a file says of it may lie.

    Two parts that lie over each other are unpacked as often as they are named.
    """
    told = sorted(packed.infolist(), key=lambda one: one.header_offset)
    if sum(one.file_size for one in told) > MOST_UNPACKED:
        raise _bomb()
    ends = [one.header_offset + one.compress_size for one in told]
    if any(end > one.header_offset for end, one in zip(ends, told[1:], strict=False)):
        raise _bomb()
    room = MOST_UNPACKED
    for one in told:
        if one.compress_type == zipfile.ZIP_DEFLATED and not one.flag_bits & 1:
            room -= _unpacked(raw, one, room)


def _unpacked(raw: bytes, one: zipfile.ZipInfo, room: int) -> int:
    """Return how many bytes a part unpacks to.

    Raises:
        Refusal: when it is more than there is room for, or more than it says of itself.
    """
    at = one.header_offset
    begin = (
        at + 30 + sum(int.from_bytes(raw[at + off : at + off + 2], "little") for off in (26, 28))
    )
    packed, count = memoryview(raw)[begin : begin + one.compress_size], 0
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    left: bytes | memoryview = packed
    while left and not stream.eof:
        count += len(stream.decompress(left, _CHUNK))
        left = stream.unconsumed_tail
        if count > room or count > max(one.file_size, 1) * 2 + _CHUNK:
            raise _bomb()
    return count


def _chunks(packed: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield a member's bytes; what it says of its own length is not believed."""
    unpacked = 0
    with packed.open(name) as member:
        while chunk := member.read(_CHUNK):
            unpacked += len(chunk)
            if unpacked > MOST_UNPACKED:
                raise _bomb()
            yield chunk


def _check_xlsx(packed: zipfile.ZipFile) -> None:
    for name in packed.namelist():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            _check_area(*_xlsx_area(_chunks(packed, name)))


def _xlsx_area(chunks: Iterable[bytes]) -> tuple[int, int]:
    """Return the last row and column named in a sheet, 1 being the first."""
    rows, last, wide, tail = 0, 0, b"", b""
    for chunk in chunks:
        text = tail + chunk
        # What may go on in the next chunk is looked at there.
        end = text.rfind(b"<") if len(chunk) == _CHUNK else len(text)
        text, tail = text[:end], text[end:]
        rows += len(_ROW.findall(text))
        found = _CELL.findall(text)
        if found:
            last = max(last, *(int(one[1]) for one in found))
            wide = max(wide, max((one[0] for one in found), key=_place), key=_place)
    return max(rows, last), _column_number(wide)


def _place(letters: bytes) -> tuple[int, bytes]:
    return len(letters), letters


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_area(rows: int, columns: int) -> None:
    if rows > MOST_ROWS or rows * columns > MOST_CELLS:
        raise _too_large()


def _check_xlsb(packed: zipfile.ZipFile) -> None:
    for name in packed.namelist():
        if name.startswith("xl/worksheets/") and name.endswith(".bin"):
            _check_area(*_xlsb_area(b"".join(_chunks(packed, name))))


def _xlsb_area(body: bytes) -> tuple[int, int]:
    """Return the last row and column of a binary sheet: rows are records 0, cells 1 to 11."""
    at, last, wide = 0, 0, 0
    while at < len(body):
        kind, at = _varint(body, at, 2)
        length, at = _varint(body, at, 4)
        number = int.from_bytes(body[at : at + 4], "little") if length >= 4 else 0
        if kind == 0:
            last = max(last, number + 1)
        elif kind <= 11:
            wide = max(wide, number + 1)
        at += length
    return last, wide


def _varint(body: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for shift in range(most):
        if at >= len(body):
            break
        byte = body[at]
        at += 1
        value |= (byte & 127) << 7 * shift
        if byte < 128:
            break
    return value, at


def _check_ods(packed: zipfile.ZipFile, names: set[str]) -> None:
    if "META-INF/manifest.xml" in names:
        manifest = b"".join(_chunks(packed, "META-INF/manifest.xml"))
        if b"encryption-data" in manifest:
            raise _locked()
    area = _OdsArea()
    parser = expat.ParserCreate()
    parser.StartElementHandler = area.start
    parser.EndElementHandler = area.end
    parser.EntityDeclHandler = area.entity
    try:
        for chunk in _chunks(packed, "content.xml"):
            parser.Parse(chunk)
        parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by place
    except expat.ExpatError as error:
        raise _cut() from error


class _OdsArea:
    """How large the sheets of an ods file are; repeated cells count as often as they stand."""

    def __init__(self) -> None:
        self.rows = self.wide = self.column = self.repeat = 0
        self.filled = False

    def entity(self, *_told: object) -> None:
        raise _no_table()

    def start(self, name: str, told: dict[str, str]) -> None:
        if name == "table:table":
            self.rows = self.wide = 0
        elif name == "table:table-row":
            self.repeat = _whole(told.get("table:number-rows-repeated"))
            self.column, self.filled = 0, False
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            self.column += _whole(told.get("table:number-columns-repeated"))
            if "office:value-type" in told or "calcext:value-type" in told:
                self.wide = max(self.wide, self.column)
                self.filled = True

    def end(self, name: str) -> None:
        if name == "table:table-row" and self.filled:
            self.rows += self.repeat
            _check_area(self.rows, self.wide)


def _whole(told: str | None) -> int:
    return int(told) if told and told.isdecimal() else 1


def _workbook(raw: bytes) -> tuple[Sheet, ...]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        sheets = tuple(_sheets(book))
    except PasswordError as error:
        raise _locked() from error
    except (CalamineError, OSError, ValueError) as error:
        if "assword" in str(error) or "ncrypt" in str(error):
            raise _locked() from error
        raise _cut() from error
    if not any(one.rows for one in sheets):
        raise _refused(N_("The file is empty. Choose another one."))
    return sheets


def _sheets(book: Any) -> Iterator[Sheet]:  # noqa: ANN401
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    for told in book.sheets_metadata:
        if told.typ is not SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(told.name)
        merged = sheet.merged_cell_ranges or []
        _check_area(sheet.total_height, sheet.total_width)
        rows = sheet.to_python(skip_empty_area=False)
        hidden = told.visible is not SheetVisibleEnum.Visible
        yield Sheet(
            told.name,
            [_cells(row) for row in rows],
            hidden,
            tuple((a, b, c, d) for (a, b), (c, d) in merged),
        )


def _cells(row: Sequence[object]) -> tuple[Cell, ...]:
    return tuple(_cell(one) if type(one) is not str else one for one in row)


def _cell(told: object) -> Cell:
    if isinstance(told, float) and told.is_integer() and abs(told) < 1e15:
        return int(told)
    if isinstance(told, timedelta):
        return str(told)
    return told  # type: ignore[return-value]


# Text


def _text(raw: bytes, name: str) -> Opened:
    text, encoding = _decoded(raw)
    if sum(sign < " " and sign not in "\t\r\n\f" for sign in text[:4096]) > 0:
        raise _no_table()
    if text.count("\n") > MOST_ROWS:
        raise _too_large()
    separator = _separator(text)
    rows = _csv_rows(text, separator)
    if not any(rows):
        raise _refused(N_("The file is empty. Choose another one."))
    sheet = Sheet(Path(name).stem, rows)
    return Opened(name, "csv", (sheet,), sha256(raw).digest(), encoding, separator)


def _decoded(raw: bytes) -> tuple[str, str]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace"), "utf-16"
    try:
        return raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    if b"\0" in raw[:4096]:
        return _guessed(raw)
    # Accents tell which of the western code pages it is: in the others they come out as signs.
    strange = raw.translate(None, bytes(range(128)))
    best = max(_CODES, key=lambda code: _accents(strange.decode(code, "replace")))
    return raw.decode(best, "replace"), "windows-1252" if best == "cp1252" else best


def _accents(text: str) -> int:
    return sum(1 if sign in _ACCENTS else -1 for sign in text)


def _guessed(raw: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    found = from_bytes(raw[: 1 << 18], cp_isolation=["utf_16_le", "utf_16_be", "utf_32"]).best()
    if found is None:
        raise _no_table()
    return raw.decode(found.encoding, "replace"), found.encoding.replace("_", "-")


def _separator(text: str) -> str:
    """Return the sign that parts the first lines most evenly into most cells."""
    lines = [line for line in text[: 1 << 16].splitlines()[:60] if line.strip()]

    def score(sign: str) -> tuple[int, int]:
        counts = [line.count(sign) for line in lines]
        usual = max(set(counts), key=counts.count) if counts else 0
        return (counts.count(usual) * usual, usual)

    best = max(_SEPARATORS, key=score)
    return best if score(best)[0] or any(best in line for line in lines) else ";"


def _csv_rows(text: str, separator: str) -> list[tuple[Cell, ...]]:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        reader = csv.reader(io.StringIO(plain), delimiter=separator)
        rows: list[tuple[Cell, ...]] = list(map(tuple, reader))
    except csv.Error as error:
        raise _no_table() from error
    if len(rows) > MOST_ROWS:
        raise _too_large()
    return rows
