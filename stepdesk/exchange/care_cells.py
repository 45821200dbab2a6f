"""Lists of care from CSV files people keep in a spreadsheet: their rows, and what a cell may hold.

Columns stand in any order, parted by commas or semicolons; what a cell says wrong is told with
file, line and column.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.values.money import Currency, read_minor


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file; `cells` hold what is written in each column."""

    file: str
    line: int
    cells: Mapping[str, str]

    def told(self, column: str) -> str:
        return self.cells.get(column, "")

    def wrong(self, column: str, fault: Text) -> Refusal:
        return Refusal(
            Text(
                N_("{name}, line {line}, column {column}: {fault}"),
                {"name": self.file, "line": self.line, "column": column, "fault": fault},
            ),
            field="file",
        )


# Cells

_YES = frozenset({"1", "yes", "true", "oui", "x"})
_NO = frozenset({"0", "no", "false", "non"})


def amount_in(row: Row, column: str, currency: Currency) -> int:
    told = row.told(column)
    try:
        amount = read_minor(told, currency)
    except ValueError:
        amount = -1
    if amount < 0:
        fault = Text(
            N_("{told} is no amount. Type digits only, {count} decimals at most."),
            {"told": told or "—", "count": currency.exponent},
        )
        raise row.wrong(column, fault)
    return amount


def number_in(row: Row, column: str) -> int:
    told = row.told(column)
    if not re.fullmatch(r"\d{1,9}", told, re.ASCII):
        raise row.wrong(
            column, Text(N_("{told} is no whole number. Write digits only."), {"told": told})
        )
    return int(told)


def yes_in(row: Row, column: str) -> bool:
    told = row.told(column).casefold()
    if told not in _YES | _NO:
        fault = Text(
            N_("{told} is neither yes nor no. Write yes or no."), {"told": row.told(column)}
        )
        raise row.wrong(column, fault)
    return told in _YES


def text_in(row: Row, column: str) -> str:
    return row.told(column)


def word_in(words: type[Enum]) -> Callable[[Row, str], Any]:
    def read(row: Row, column: str) -> Any:  # noqa: ANN401 - one of the words
        return one_of(words, row, column, row.told(column))

    return read


def one_of(words: type[Enum], row: Row, column: str, told: str) -> Any:  # noqa: ANN401
    found = {str(one.value): one for one in words}
    if told.upper() not in found:
        fault = Text(
            N_("{told} is not known. Write one of: {words}."),
            {"told": told, "words": ", ".join(found)},
        )
        raise row.wrong(column, fault)
    return found[told.upper()]


# Files


def rows_of(file: Path, columns: Sequence[str], *, needed: Sequence[str]) -> Iterator[Row]:
    """Yield the lines of a file that hold something.

    Raises:
        Refusal: no file, not UTF-8, not CSV, a column missing or not known, no line, a line that
            has not as many cells as the header.
        Trouble: when the file cannot be read.
    """
    content = _content(file)
    parted = ";" if content.partition("\n")[0].count(";") else ","
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=parted, strict=True)
    try:
        header = [told.strip().casefold() for told in next(reader, [])]
        _check_header(file.name, header, columns, needed)
        found = 0
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            yield _row(file.name, reader.line_num, header, cells)
            found += 1
    except csv.Error:
        raise _no_file(
            N_("{name} is not a CSV file. Save it as CSV and try again."), file
        ) from None
    if not found:
        raise _no_file(N_("{name} holds no line. Choose another file."), file)


def _content(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise _no_file(N_("There is no file {name}. Choose another one."), file) from None
    except UnicodeDecodeError:
        told = N_("{name} is not written in UTF-8. Save it as CSV in UTF-8 and try again.")
        raise _no_file(told, file) from None
    except OSError as error:
        raise Trouble(
            Text(
                N_(
                    "{name} could not be read. Nothing was brought over. Check the file, then try again."
                ),
                {"name": file.name},
            )
        ) from error


def _no_file(message: str, file: Path) -> Refusal:
    return Refusal(Text(message, {"name": file.name}), field="file")


def _check_header(
    name: str, header: Sequence[str], columns: Sequence[str], needed: Sequence[str]
) -> None:
    missing = [column for column in needed if column not in header]
    if missing:
        raise Refusal(
            Text(
                N_("{name} has no column {columns}. Write its name in the first line."),
                {"name": name, "columns": ", ".join(missing)},
            ),
            field="file",
        )
    for at, column in enumerate(header):
        if column not in columns or column in header[:at]:
            raise Refusal(
                Text(
                    N_("{name}, column {column}: not known, or there twice. Use: {columns}."),
                    {"name": name, "column": column or "—", "columns": ", ".join(columns)},
                ),
                field="file",
            )


def _row(name: str, line: int, header: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) != len(header):
        raise Refusal(
            Text(
                N_("{name}, line {line}: {found} cells instead of {count}. Correct the line."),
                {"name": name, "line": line, "found": len(cells), "count": len(header)},
            ),
            field="file",
        )
    told = (" ".join(cell.split()) for cell in cells)
    return Row(name, line, dict(zip(header, told, strict=True)))


def once_of(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield rows with a code that no earlier row has."""
    seen: dict[str, int] = {}
    for row in rows:
        code = row.told("code").upper()
        if not code:
            raise row.wrong("code", Text(N_("There is no code. Write one, or take the line out.")))
        if code in seen:
            fault = Text(
                N_("{code} stands in line {line} already. Take one of them out."),
                {"code": row.told("code"), "line": seen[code]},
            )
            raise row.wrong("code", fault)
        seen[code] = row.line
        yield row
