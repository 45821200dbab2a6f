"""Reading what openIMIS tells of care: its register of services, price lists, facilities, cover.

Nothing here touches the book. The files of care may be missing from an export; what a rule of
the book cannot say is left out with its reason.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from stepdesk.exchange.openimis_benefits_files import DISTRIBUTIONS, Benefits, read_benefits
from stepdesk.exchange.openimis_register_files import (
    CARES,
    ITEMS,
    PARTS,
    SERVICES,
    Known,
    ListedService,
    price_of,
    read_register,
)
from stepdesk.exchange.openimis_rows import Left, Reading, Row, day_of, once, read_file
from stepdesk.i18n import N_, Text, Value
from stepdesk.providers.terms import Contact, Kind
from stepdesk.values.care import CareType, Level

FACILITIES = "health_facilities.csv"

_REGISTER = ("code", "name", "frequency_days", "patient_category_mask")
_COVER = (
    "product_code",
    "LimitationType",
    "PriceOrigin",
    *(
        f"{name}{whom}"
        for name in ("Limit", "WaitingPeriod", "LimitNo")
        for whom in ("Adult", "Child")
    ),
)
CARE: Mapping[str, tuple[str, ...]] = {
    SERVICES: (*_REGISTER, "level", "category"),
    ITEMS: (*_REGISTER, "type"),
    FACILITIES: (
        "code",
        "name",
        "legal_form",
        "level",
        "items_price_list",
        "services_price_list",
        "valid_from",
    ),
    "price_list_services.csv": (
        "price_list",
        "service_code",
        "price_overrule",
        "register_price",
        "valid_from",
    ),
    "price_list_items.csv": (
        "price_list",
        "item_code",
        "price_overrule",
        "register_price",
        "valid_from",
    ),
    "product_services.csv": (*_COVER, "service_code"),
    "product_items.csv": (*_COVER, "item_code"),
    DISTRIBUTIONS: ("product_code", "distribution_type", "care_type", "period", "percent"),
    "medical_service_services.csv": ("service_code", "part_code", "quantity"),
    "medical_service_items.csv": ("service_code", "item_code", "quantity"),
}
"""The files of care, with the columns that are read; each of them may be missing."""

# Told by other columns or files, or asked for and not needed.
_MASK = (
    *("male", "female", "adult", "child", "price"),
    *("care_type", "maximum_amount", "package_type"),
)
_VISITS = (
    *(
        f"{name}{visit}"
        for visit in "RE"
        for name in ("LimitationType", "LimitAdult", "LimitChild")
    ),
    "CeilingExclusionAdult",
    "CeilingExclusionChild",
)
ALSO_TOLD: Mapping[str, tuple[str, ...]] = {
    SERVICES: _MASK,
    ITEMS: _MASK,
    "product_services.csv": _VISITS,
    "product_items.csv": _VISITS,
    FACILITIES: ("care_type", "address", "phone", "acc_code"),
    **dict.fromkeys(PARTS, ("price",)),
}
"""Columns of the files of care that need no place of their own."""


@dataclass(frozen=True, slots=True)
class Prices:
    """The price list of a pair of lists: prices by service code from each first day on."""

    code: str
    versions: tuple[tuple[date, Mapping[str, int]], ...]


@dataclass(frozen=True, slots=True)
class Facility:
    """A health facility with the price list it is paid by; empty when it has none."""

    code: str
    name: str
    level: Level
    kind: Kind
    since: date
    prices: str
    care: CareType = CareType.BOTH
    contact: Contact = field(default_factory=Contact)


@dataclass(frozen=True, slots=True)
class Care:
    """All of care that can be carried over."""

    services: tuple[ListedService, ...] = ()
    prices: tuple[Prices, ...] = ()
    facilities: tuple[Facility, ...] = ()
    benefits: tuple[Benefits, ...] = ()


def read_care(reading: Reading, folder: Path, products: Iterable[Row]) -> Care:
    """Read and check the files of care.

    Args:
        reading: What is left out is added to it.
        folder: Where the files lie.
        products: The rows of the products that become plans.

    Raises:
        Refusal: a column missing, a file that is not UTF-8 or not CSV.
        Trouble: when a file cannot be read.
    """
    for name, columns in CARE.items():
        there = (folder / name).is_file()
        rows = read_file(folder, name, reading, needed=columns) if there else ()
        reading.files[name] = list(rows)
    known, services = read_register(reading)
    prices = _price_lists(reading, known)
    facilities = tuple(_facilities(reading, prices))
    used = dict.fromkeys(one.prices for one in facilities if one.prices)
    return Care(
        services,
        tuple(prices[code] for code in used),
        facilities,
        tuple(read_benefits(reading, products, known)),
    )


# Price lists and facilities


def _price_lists(reading: Reading, known: Known) -> dict[str, Prices]:
    """Return the price list of each pair of lists a facility has, by its code."""
    lines = {
        "services": _price_lines(reading, known, "price_list_services.csv", SERVICES),
        "items": _price_lines(reading, known, "price_list_items.csv", ITEMS),
    }
    found: dict[str, Prices] = {}
    for row in reading.files[FACILITIES]:
        code = _pair(row)
        told = [
            *lines["services"].get(row["services_price_list"], ()),
            *lines["items"].get(row["items_price_list"], ()),
        ]
        if told and code not in found:
            found[code] = Prices(code, tuple(_versions(told)))
    return found


def _pair(row: Row) -> str:
    names = dict.fromkeys([row["services_price_list"], row["items_price_list"]])
    return " + ".join(name for name in names if name)


_Line = tuple[date, str, int]


def _price_lines(
    reading: Reading, known: Known, file: str, register: str
) -> dict[str, list[_Line]]:
    column = "service_code" if register == SERVICES else "item_code"
    found: dict[str, dict[str, _Line]] = {}
    for row in reading.files[file]:
        key = f"{row['price_list']} {row[column]}"
        try:
            code = known.code(register, row[column])
            price = price_of(row["price_overrule"] or row["register_price"], reading)
            line = (day_of(row["valid_from"]), code, price)
        except Left as left:
            reading.leave(file, key, left.text)
            continue
        held = found.setdefault(row["price_list"], {})
        if code in held:
            reading.leave(file, key, N_("This line stands twice; the first one was taken."))
        else:
            held[code] = line
    return {name: list(held.values()) for name, held in found.items()}


def _versions(lines: Iterable[_Line]) -> Iterator[tuple[date, Mapping[str, int]]]:
    """Yield the prices that hold from each day on which a line begins."""
    prices: dict[str, int] = {}
    by_day: dict[date, list[_Line]] = {}
    for line in lines:
        by_day.setdefault(line[0], []).append(line)
    for day in sorted(by_day):
        prices |= {code: price for _, code, price in by_day[day]}
        yield day, dict(prices)


_LEVELS = {"D": Level.POST, "C": Level.CENTRE, "H": Level.DISTRICT_HOSPITAL}
_KINDS = {"G": Kind.PUBLIC, "D": Kind.PUBLIC, "C": Kind.CHARITY, "P": Kind.PRIVATE}


def _facilities(reading: Reading, prices: Mapping[str, Prices]) -> Iterator[Facility]:
    seen: set[str] = set()
    for row in once(reading, FACILITIES, "code"):
        code = row["code"]
        try:
            if not row["name"] or code.upper() in seen:
                raise Left(N_("No name, or a code that is taken."))
            since = day_of(row["valid_from"])
        except Left as left:
            reading.leave(FACILITIES, code, left.text)
            continue
        seen.add(code.upper())
        for column, words in (("level", _LEVELS), ("legal_form", _KINDS)):
            if row[column] not in words:
                reason = N_("The {column} {told} is not known here: check the provider.")
                told: dict[str, Value] = {"column": column, "told": row[column] or "—"}
                reading.leave(FACILITIES, code, Text(reason, told))
        if _pair(row) not in prices:
            reason = N_("It has no price list: no agreement was written.")
            reading.leave(FACILITIES, code, reason)
        if row.get("care_type", "") not in CARES:
            reason = N_("The {column} {told} is not known here: check the provider.")
            told = {"column": "care_type", "told": row["care_type"]}
            reading.leave(FACILITIES, code, Text(reason, told))
        yield Facility(
            code,
            row["name"],
            _LEVELS.get(row["level"], Level.OTHER),
            _KINDS.get(row["legal_form"], Kind.PRIVATE),
            since,
            _pair(row) if _pair(row) in prices else "",
            CARES.get(row.get("care_type", ""), CareType.BOTH),
            Contact(
                address=row.get("address", ""),
                phone=row.get("phone", ""),
                bank_account=row.get("acc_code", ""),
            ),
        )
