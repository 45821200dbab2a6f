"""Price lists and packages from CSV files people keep in a spreadsheet: whole or not at all.

Columns stand in any order, parted by commas or semicolons; what a cell says wrong is told with
file, line and column.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from stepdesk.benefits import rules
from stepdesk.benefits.queries import package_of_code
from stepdesk.benefits.queries import services as all_services
from stepdesk.benefits.service import (
    add_package,
    add_service,
    assign_package,
    version_package,
)
from stepdesk.benefits.terms import (
    BenefitRule,
    Category,
    Copay,
    DeductibleScope,
    LimitScope,
    LimitWindow,
    PackageVersion,
    Payment,
    Service,
)
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.members.terms import Sex
from stepdesk.providers.queries import tariff_of_code
from stepdesk.providers.service import add_tariff, version_tariff
from stepdesk.store.work import Work
from stepdesk.values.care import Level
from stepdesk.values.ids import PackageId, PlanId, ServiceId, TariffId
from stepdesk.values.money import Currency, read_minor

TARIFF_COLUMNS = ("code", "price", "name", "category", "unit")
PACKAGE_COLUMNS = (
    "code",
    *(one.name for one in fields(BenefitRule) if one.name not in {"service_id", "copay_value"}),
)


@dataclass(frozen=True, slots=True)
class ImportedTariff:
    """What one file of prices wrote: the list, how many prices, how many new services."""

    tariff_id: TariffId
    code: str
    first_day: date
    prices: int
    services_added: int


@dataclass(frozen=True, slots=True)
class ImportedPackage:
    """What one file of rules wrote."""

    package_id: PackageId
    code: str
    first_day: date
    rules: int
    assigned: bool


@dataclass(frozen=True, slots=True)
class _Row:
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


# Price lists


def import_tariff(
    work: Work,
    *,
    code: str,
    file: Path,
    first_day: date,
    until: date | None = None,
    accepting: frozenset[str] = frozenset(),
) -> ImportedTariff:
    """Write a version of a price list from a file; the list is added when the book has none.

    A service the catalogue does not have is added when its row has a name and a category. The
    name of one it has stays as it is.

    Args:
        work: The work.
        code: Of the price list.
        file: UTF-8 CSV with the columns code and price, and perhaps name, category, unit.
        first_day: Care from this day on has these prices.
        until: The end, not included.
        accepting: Doubts somebody accepted, by their codes.

    Raises:
        Refusal: what cannot stand, with file, line and column; see also `version_tariff`.
        Caution: `price`; see `version_tariff`.
        Trouble: when the file cannot be read.
    """
    known = {one.code.upper(): one.id for one in all_services(work.connection).values()}
    before = len(known)
    prices: dict[ServiceId, int] = {}
    for row in _once(_rows(file, TARIFF_COLUMNS, needed=("code", "price"))):
        price = _amount(row, "price", work.currency)
        service = row.told("code").upper()
        if service not in known:
            known[service] = _new_service(work, row)
        prices[known[service]] = price
    tariff_id = tariff_of_code(work.connection, code) or add_tariff(work, code=code)
    version_tariff(
        work,
        tariff_id=tariff_id,
        first_day=first_day,
        prices=prices,
        until=until,
        accepting=accepting,
    )
    return ImportedTariff(tariff_id, code, first_day, len(prices), len(known) - before)


def _new_service(work: Work, row: _Row) -> ServiceId:
    for column in ("name", "category"):
        if not row.told(column):
            fault = Text(
                N_("{code} is not in the catalogue. Give its name and category here to add it."),
                {"code": row.told("code")},
            )
            raise row.wrong(column, fault)
    return add_service(
        work,
        code=row.told("code"),
        name=row.told("name"),
        category=_word(Category)(row, "category"),
        unit=row.told("unit"),
    )


# Packages


def import_package(
    work: Work, *, package: PackageVersion, file: Path, plan_id: PlanId | None = None
) -> ImportedPackage:
    """Write a version of a package from a file; the package is added when the book has none.

    Args:
        work: The work.
        package: Its code, name, first day and ceilings; ids and rules are found and read.
        file: UTF-8 CSV, one row a service: `code` and the fields of a rule, an empty cell for
            the default. `copay` is `20%` or an amount; `levels` are parted by spaces.
        plan_id: The plan that has the package from that day on.

    Raises:
        Refusal: what cannot stand, with file, line and column; see also `version_package` and
            `assign_package`.
        Trouble: when the file cannot be read.
    """
    known = {one.code.upper(): one for one in all_services(work.connection).values()}
    told: dict[ServiceId, BenefitRule] = {}
    for row in _once(_rows(file, PACKAGE_COLUMNS, needed=("code",))):
        rule = _rule(row, known, work.currency)
        told[rule.service_id] = rule
    code = package.code
    package_id = package_of_code(work.connection, code) or add_package(work, code=code)
    version_package(work, version=replace(package, package_id=package_id, rules=told))
    if plan_id is not None:
        assign_package(work, plan_id=plan_id, package_id=package_id, first_day=package.first_day)
    return ImportedPackage(package_id, code, package.first_day, len(told), plan_id is not None)


def _rule(row: _Row, known: Mapping[str, Service], currency: Currency) -> BenefitRule:
    service = known.get(row.told("code").upper())
    if service is None:
        fault = Text(
            N_("{code} is not in the catalogue. Bring it in with a price list first."),
            {"code": row.told("code")},
        )
        raise row.wrong("code", fault)
    rule = BenefitRule(service.id, **dict(_told(row, currency)))
    fault_at = rules.fault_of(rule)
    if fault_at is not None:
        name, text = fault_at
        raise row.wrong("copay" if name == "copay_value" else name, text)
    return rule


def _told(row: _Row, currency: Currency) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a rule that the row fills in."""
    for column, cell in row.cells.items():
        if column == "code" or not cell:
            continue
        if column == "copay":
            yield from _copay(row, currency)
        elif column in _AMOUNTS:
            yield column, _amount(row, column, currency)
        else:
            yield column, _READ[column](row, column)


def _copay(row: _Row, currency: Currency) -> Iterator[tuple[str, Any]]:
    told = row.told("copay")
    if not told.endswith("%"):
        yield "copay", Copay.FIXED
        yield "copay_value", _amount(row, "copay", currency)
        return
    found = re.fullmatch(r"(\d{1,3})(?:[.,](\d{1,2}))?\s*%", told, re.ASCII)
    if found is None:
        raise row.wrong("copay", Text(N_("{told} is no share. Write it as 20%."), {"told": told}))
    yield "copay", Copay.PERCENT
    yield "copay_value", int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


# Cells

_YES = frozenset({"1", "yes", "true", "oui", "x"})
_NO = frozenset({"0", "no", "false", "non"})
_AMOUNTS = frozenset(
    {"deductible", "cap_act", "cap_episode", "cap_person_year", "cap_household_year"}
)


def _amount(row: _Row, column: str, currency: Currency) -> int:
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


def _number(row: _Row, column: str) -> int:
    told = row.told(column)
    if not re.fullmatch(r"\d{1,9}", told, re.ASCII):
        raise row.wrong(column, Text(N_("{told} is no whole number."), {"told": told}))
    return int(told)


def _yes(row: _Row, column: str) -> bool:
    told = row.told(column).casefold()
    if told not in _YES | _NO:
        fault = Text(N_("{told} is neither yes nor no."), {"told": row.told(column)})
        raise row.wrong(column, fault)
    return told in _YES


def _text(row: _Row, column: str) -> str:
    return row.told(column)


def _word(words: type[Enum]) -> Callable[[_Row, str], Any]:
    def read(row: _Row, column: str) -> Any:  # noqa: ANN401 - one of the words
        return _one_of(words, row, column, row.told(column))

    return read


def _one_of(words: type[Enum], row: _Row, column: str, told: str) -> Any:  # noqa: ANN401
    found = {str(one.value): one for one in words}
    if told.upper() not in found:
        fault = Text(
            N_("{told} is not known. Write one of: {words}."),
            {"told": told, "words": ", ".join(found)},
        )
        raise row.wrong(column, fault)
    return found[told.upper()]


def _levels(row: _Row, column: str) -> frozenset[Level]:
    return frozenset(_one_of(Level, row, column, one) for one in row.told(column).split())


_READ: Mapping[str, Callable[[_Row, str], Any]] = {
    "covered": _yes,
    "deductible_scope": _word(DeductibleScope),
    "limit_count": _number,
    "limit_scope": _word(LimitScope),
    "limit_window": _word(LimitWindow),
    "limit_days": _number,
    "waiting_months": _number,
    "waiting_exempt": _yes,
    "requires_referral": _yes,
    "requires_letter": _yes,
    "requires_medical_review": _yes,
    "levels": _levels,
    "sex": _word(Sex),
    "age_min": _number,
    "age_max": _number,
    "payment": _word(Payment),
    "emergency_out_of_network": _yes,
    "declare_hours": _number,
    "exclusion": _text,
}


# Files


def _rows(file: Path, columns: Sequence[str], *, needed: Sequence[str]) -> Iterator[_Row]:
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
            Text(N_("{name} could not be read. Nothing was brought over."), {"name": file.name})
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


def _row(name: str, line: int, header: Sequence[str], cells: Sequence[str]) -> _Row:
    if len(cells) != len(header):
        raise Refusal(
            Text(
                N_("{name}, line {line}: {found} cells instead of {count}. Correct the line."),
                {"name": name, "line": line, "found": len(cells), "count": len(header)},
            ),
            field="file",
        )
    told = (" ".join(cell.split()) for cell in cells)
    return _Row(name, line, dict(zip(header, told, strict=True)))


def _once(rows: Iterator[_Row]) -> Iterator[_Row]:
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
