"""Reading an openIMIS export row by row: whole rows, days, amounts, and the list of what is left.

Nothing here knows what the files mean.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from stepdesk.errors import Refusal, Trouble
from stepdesk.exchange.terms import ANY_NUMBER, LeftOut, NumberRule
from stepdesk.i18n import N_, Text, Value
from stepdesk.values.money import Currency

Row = Mapping[str, str]


_TWICE = N_("This number stands twice in the file; the first row was taken.")
_SHORT = N_("The row has not as many fields as the header.")
_NO_DAY = N_("{told} is not a day such as 2019-08-20.")
_NO_AMOUNT = N_("{told} is not an amount in the currency of the book.")
NOTHING = re.compile(r"(0(\.0+)?)?")

_UNSHOWN = frozenset({"claims.csv"})
"""Files whose rows hold diagnoses: what is left of them is named by its number alone."""


@dataclass(slots=True)
class Reading:
    """The files while they are read, and the list of what is left out."""

    currency: Currency
    today: date
    files: dict[str, list[Row]] = field(default_factory=dict)
    left: list[LeftOut] = field(default_factory=list)
    numbers: NumberRule = ANY_NUMBER

    def leave(self, file: str, key: str, reason: str | Text, *, what: str = "") -> None:
        told = Text(reason) if isinstance(reason, str) else reason
        self.left.append(LeftOut(file, key, told, what))


def read_file(
    folder: Path, name: str, reading: Reading | None, *, needed: Sequence[str] = ()
) -> Iterator[Row]:
    """Yield the whole rows of a file; a short or long one is left out.

    Raises:
        Refusal: a file or a column missing, not UTF-8, not CSV.
        Trouble: when the file cannot be read.
    """
    header, lines = _lines(folder, name)
    missing = [column for column in needed if column not in header]
    if missing:
        raise Refusal(
            Text(
                N_("{name} has no column {columns}. Take the files of one export, unchanged."),
                {"name": name, "columns": ", ".join(missing)},
            ),
            field="folder",
        )
    for at, line in enumerate(lines, start=2):
        if not line:
            continue
        if len(line) == len(header):
            yield {column: told.strip() for column, told in zip(header, line, strict=True)}
        elif reading is not None:
            reading.leave(name, str(at), _SHORT, what=_shown(name, line))


def _shown(name: str, cells: Iterable[str]) -> str:
    return "" if name in _UNSHOWN else ",".join(cells)


def _lines(folder: Path, name: str) -> tuple[list[str], list[list[str]]]:
    try:
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file, strict=True))
    except FileNotFoundError:
        raise Refusal(
            Text(N_("There is no {name} in the folder. Copy it there."), {"name": name}),
            field="folder",
        ) from None
    except UnicodeDecodeError:
        raise Refusal(
            Text(
                N_("{name} is not written in UTF-8. Save it as CSV in UTF-8 and try again."),
                {"name": name},
            ),
            field="folder",
        ) from None
    except csv.Error:
        raise Refusal(
            Text(N_("{name} is not a CSV file. Take the one the export made."), {"name": name}),
            field="folder",
        ) from None
    except OSError as error:
        raise Trouble(
            Text(
                N_(
                    "{name} could not be read. Nothing was brought over. Check the file, then try again."
                ),
                {"name": name},
            )
        ) from error
    return (lines[0], lines[1:]) if lines else ([], [])


def once(reading: Reading, name: str, column: str) -> Iterator[Row]:
    """Yield the rows of a file whose key is there and new; leave the others out."""
    seen: set[str] = set()
    for row in reading.files[name]:
        key = row[column]
        if not key:
            reading.leave(name, "", N_("The row has no number."), what=_shown(name, row.values()))
        elif key in seen:
            reading.leave(name, key, _TWICE, what=_shown(name, row.values()))
        else:
            seen.add(key)
            yield row


class Left(Exception):
    """A row that cannot be carried over, and why."""

    def __init__(self, reason: str, **values: Value) -> None:
        super().__init__(reason)
        self.text = Text(reason, values)


def day_of(told: str) -> date:
    """Return a day written as 2019-08-20.

    Raises:
        Left: when it is none.
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\d", told, re.ASCII):
        with suppress(ValueError):
            return date.fromisoformat(told)
    raise Left(_NO_DAY, told=told or "—")


def amount_of(told: str, currency: Currency) -> int:
    """Return an amount in minor units; a fraction the currency does not have is never rounded.

    Raises:
        Left: when it is none.
    """
    if re.fullmatch(r"\d{1,12}(\.\d{1,6})?", told, re.ASCII):
        minor = Decimal(told) * currency.scale
        if minor == int(minor):
            return int(minor)
    raise Left(_NO_AMOUNT, told=told or "—")


def whole_of(told: str) -> int | None:
    """Return a whole number, None when nothing is told.

    Raises:
        Left: when it is none.
    """
    if not told:
        return None
    found = re.fullmatch(r"(\d{1,5})(\.0+)?", told, re.ASCII)
    if found is None:
        raise Left(N_("{told} is not a whole number."), told=told)
    return int(found[1])
