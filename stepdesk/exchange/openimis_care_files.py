"""Reading what openIMIS tells of care: its register of services, price lists, facilities, cover.

Nothing here touches the book. The files of care may be missing from an export; what a rule of
the book cannot say is left out with its reason.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from stepdesk.benefits.rules import fault_of
from stepdesk.benefits.terms import BenefitRule, Category, Copay, LimitWindow
from stepdesk.exchange.openimis_rows import (
    NOTHING,
    Left,
    Reading,
    Row,
    amount_of,
    day_of,
    once,
    read_file,
    whole_of,
)
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.terms import Sex
from stepdesk.providers.terms import Kind
from stepdesk.values.care import Level
from stepdesk.values.ids import ServiceId
from stepdesk.values.money import MOST

SERVICES, ITEMS = "medical_services.csv", "medical_items.csv"
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
}
"""The files of care, with the columns that are read; each of them may be missing."""

# Told by other columns or files, or asked for and not needed.
_MASK = ("male", "female", "adult", "child", "price")
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
}
"""Columns of the files of care that need no place of their own."""

CEILINGS: Mapping[str, str] = {
    "MaxTreatment": "cap_episode",
    "MaxInsuree": "cap_person_year",
    "MaxPolicy": "cap_household_year",
}
"""Ceilings of a product, and those of a package they become."""


@dataclass(frozen=True, slots=True)
class ListedService:
    """A service or item of the register under the code it has in the book; `key` is its own."""

    file: str
    key: str
    code: str
    name: str
    category: Category


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


@dataclass(frozen=True, slots=True)
class Benefits:
    """What a product pays for: its ceilings by field, and rules by service code."""

    product: str
    caps: Mapping[str, int]
    rules: Mapping[str, BenefitRule]


@dataclass(frozen=True, slots=True)
class Care:
    """All of care that can be carried over."""

    services: tuple[ListedService, ...] = ()
    prices: tuple[Prices, ...] = ()
    facilities: tuple[Facility, ...] = ()
    benefits: tuple[Benefits, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """The register: the book's code of each code of a file, and the row it stands in."""

    codes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    rows: Mapping[tuple[str, str], Row] = field(default_factory=dict)


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
    known, services = _register(reading)
    prices = _price_lists(reading, known)
    facilities = tuple(_facilities(reading, prices))
    used = dict.fromkeys(one.prices for one in facilities if one.prices)
    return Care(
        services,
        tuple(prices[code] for code in used),
        facilities,
        tuple(_benefits(reading, products, known)),
    )


# The register of services and items

_OF_CATEGORY = {
    "S": Category.SURG,
    "D": Category.DEL,
    "A": Category.ANC,
    "H": Category.HOSP,
    "C": Category.OPD,
    "O": Category.OTH,
    "V": Category.OPD,
}
_OF_LEVEL = {
    "V": Category.OPD,
    "D": Category.HOSP,
    "H": Category.HOSP,
    "S": Category.OTH,
}


def _register(reading: Reading) -> tuple[_Known, tuple[ListedService, ...]]:
    """Return services before items: where both have a code, the item's ends with -I."""
    codes: dict[tuple[str, str], str] = {}
    listed: dict[str, ListedService] = {}
    rows: dict[tuple[str, str], Row] = {}
    guessed: Counter[Category] = Counter()
    for file, category_of in ((SERVICES, _service_category), (ITEMS, _item_category)):
        for row in once(reading, file, "code"):
            code = row["code"]
            if code.upper() in listed and file == ITEMS:
                code = f"{code}-I"
                reason = N_("A service has this code: the item is called {code} here.")
                reading.leave(file, row["code"], Text(reason, {"code": code}))
            if code.upper() in listed or not row["name"]:
                reading.leave(file, row["code"], N_("No name, or a code that is taken."))
                continue
            category, sure = category_of(row)
            guessed[category] += not sure
            codes[file, row["code"]] = code
            rows[file, row["code"]] = row
            listed[code.upper()] = ListedService(file, row["code"], code, row["name"], category)
    _note_guessed(reading, guessed)
    return _Known(codes, rows), tuple(listed.values())


def _service_category(row: Row) -> tuple[Category, bool]:
    found = _OF_CATEGORY.get(row["category"])
    return (found, True) if found else (_OF_LEVEL.get(row["level"], Category.OTH), False)


def _item_category(row: Row) -> tuple[Category, bool]:
    return (Category.DRUG if row["type"] == "D" else Category.OTH), True


def _note_guessed(reading: Reading, guessed: Mapping[Category, int]) -> None:
    for category, count in guessed.items():
        if count:
            told: dict[str, Value] = {"count": count, "category": category.value}
            reason = N_("Services without a category, called {category} by their level: {count}.")
            reading.leave(SERVICES, f"category {category.value}", Text(reason, told))


# Price lists and facilities


def _price_lists(reading: Reading, known: _Known) -> dict[str, Prices]:
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
    reading: Reading, known: _Known, file: str, register: str
) -> dict[str, list[_Line]]:
    column = "service_code" if register == SERVICES else "item_code"
    found: dict[str, dict[str, _Line]] = {}
    for row in reading.files[file]:
        key = f"{row['price_list']} {row[column]}"
        try:
            code = _code(known, register, row[column])
            price = _price(row["price_overrule"] or row["register_price"], reading)
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


def _price(told: str, reading: Reading) -> int:
    amount = amount_of(told, reading.currency)
    if amount > MOST:
        raise Left(N_("{told} is more than an amount can be."), told=told)
    return amount


def _code(known: _Known, register: str, told: str) -> str:
    if (register, told) not in known.codes:
        raise Left(N_("{told} is not in the register of services and items."), told=told or "—")
    return known.codes[register, told]


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
        yield Facility(
            code,
            row["name"],
            _LEVELS.get(row["level"], Level.OTHER),
            _KINDS.get(row["legal_form"], Kind.PRIVATE),
            since,
            _pair(row) if _pair(row) in prices else "",
        )


# What products pay for

_ASIDE = (
    (
        N_(
            "Shares and limits for referrals and emergencies are those of other visits here: {count}."
        ),
        lambda row: _differs(row, "R") or _differs(row, "E"),
    ),
    (
        N_("Services outside the ceilings there count against them here: {count}."),
        lambda row: bool(row.get("CeilingExclusionAdult") or row.get("CeilingExclusionChild")),
    ),
    (
        N_(
            "Paid at the provider's own or a relative price there, at the agreed price here: {count}."
        ),
        lambda row: row["PriceOrigin"] not in {"P", ""},
    ),
)


def _differs(row: Row, visit: str) -> bool:
    """Return whether a line says something else of referrals or emergencies."""
    kind = row.get(f"LimitationType{visit}", "")
    limits = [
        (row.get(f"Limit{whom}{visit}", ""), row[f"Limit{whom}"]) for whom in ("Adult", "Child")
    ]
    return kind not in {"", row["LimitationType"]} or any(
        told not in {"", plain} for told, plain in limits
    )


def _benefits(reading: Reading, products: Iterable[Row], known: _Known) -> Iterator[Benefits]:
    files = (("product_services.csv", SERVICES), ("product_items.csv", ITEMS))
    if not any(reading.files[file] for file, _ in files):
        return
    for product in products:
        code = product["ProductCode"]
        rules: dict[str, BenefitRule] = {}
        for file, register in files:
            rows = [row for row in reading.files[file] if row["product_code"] == code]
            for told in _rules(reading, file, register, known, rows):
                rules.setdefault(*told)
            _note_aside(reading, file, code, rows)
        yield Benefits(code, dict(_caps(reading, product)), rules)


def _rules(
    reading: Reading, file: str, register: str, known: _Known, rows: Iterable[Row]
) -> Iterator[tuple[str, BenefitRule]]:
    seen: set[str] = set()
    column = "service_code" if register == SERVICES else "item_code"
    for row in rows:
        key = f"{row['product_code']} {row[column]}"
        try:
            code = _code(known, register, row[column])
            if code in seen:
                raise Left(N_("This line stands twice; the first one was taken."))
            rule = _rule(reading, row, known.rows[register, row[column]])
        except Left as left:
            reading.leave(file, key, left.text)
            continue
        seen.add(code)
        yield code, rule


def _rule(reading: Reading, row: Row, register: Row) -> BenefitRule:
    """Return a line of a product as a rule of the book.

    A percentage is the scheme's share after deductibles; a fixed amount is the most it pays for
    one unit. Source: peer handbook 2.1, 3.4.
    """
    for name in ("Limit", "WaitingPeriod", "LimitNo"):
        if row[f"{name}Adult"] != row[f"{name}Child"]:
            raise Left(N_("It tells adults and children apart: write its rule by hand."))
    copay, value, cap = _share(reading, row)
    often = whole_of(register["frequency_days"])
    count = whole_of(row["LimitNoAdult"])
    sex, age_min, age_max = _patients(register["patient_category_mask"])
    if often and count is not None:
        raise Left(N_("It is limited in number and in days: write its rule by hand."))
    rule = BenefitRule(
        ServiceId(b""),
        copay=copay,
        copay_value=value,
        cap_act=cap,
        limit_count=1 if often else count,
        limit_window=LimitWindow.DAYS if often else LimitWindow.CYCLE,
        limit_days=often or None,
        waiting_months=whole_of(row["WaitingPeriodAdult"]) or 0,
        sex=sex,
        age_min=age_min,
        age_max=age_max,
    )
    fault = fault_of(rule)
    if fault is not None:
        raise Left("{fault}", fault=fault[1])
    return rule


def _share(reading: Reading, row: Row) -> tuple[Copay, int, int | None]:
    """Return the member's share in hundredths of a percent, and the most the scheme pays a unit."""
    told = row["LimitAdult"]
    if row["LimitationType"] == "F":
        return Copay.NONE, 0, (_price(told, reading) if told else None)
    if row["LimitationType"] not in {"C", ""}:
        raise Left(N_("Its kind of limit is not known here: {told}."), told=row["LimitationType"])
    found = re.fullmatch(r"(\d{1,3})(?:\.(\d{1,2})0*)?", told or "100", re.ASCII)
    if (
        found is None
        or (paid := int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))) > 10_000
    ):
        raise Left(N_("{told} is not a share of a hundred."), told=told)
    return (Copay.PERCENT, 10_000 - paid, None) if paid < 10_000 else (Copay.NONE, 0, None)


def _patients(told: str) -> tuple[Sex | None, int | None, int | None]:
    """Return the sex and ages a mask allows: 1 men, 2 women, 4 adults, 8 children; 0 everybody."""
    mask = whole_of(told) or 0b1111
    men, women, adults, children = (bool(mask & bit) for bit in (1, 2, 4, 8))
    if mask > 0b1111 or not (men or women) or not (adults or children):
        raise Left(N_("For which patients it is cannot be read: {told}."), told=told)
    sex = None if men and women else (Sex.MALE if men else Sex.FEMALE)
    return sex, (None if children else 18), (None if adults else 17)


def _caps(reading: Reading, product: Row) -> Iterator[tuple[str, int]]:
    for column, cap in CEILINGS.items():
        told = product.get(column, "")
        if not told:
            continue
        try:
            yield cap, _price(told, reading)
        except Left as left:
            reading.leave("products.csv", product["ProductCode"], left.text, what=column)
            continue
        if NOTHING.fullmatch(told):
            reason = N_("A ceiling of 0 pays nothing: check the package.")
            reading.leave("products.csv", product["ProductCode"], reason, what=column)


def _note_aside(reading: Reading, file: str, product: str, rows: Iterable[Row]) -> None:
    asked: tuple[tuple[str, Callable[[Row], bool]], ...] = _ASIDE
    held = list(rows)
    for reason, aside in asked:
        count = sum(aside(row) for row in held)
        if count:
            reading.leave(file, product, Text(reason, {"count": count}))
