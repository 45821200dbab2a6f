"""Packages from CSV files, and back into one: a package of one scheme can be copied to another.

A row stands for a service: its code and what the package says of it; where the catalogue does not have
it yet, its name and category too. A row whose code begins with a star says something of the whole
package, in the column `value`: `*threshold`, `*limit CEILING IN PERSON_YEAR`.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.benefits import rules
from stepdesk.benefits.queries import package_of_code
from stepdesk.benefits.queries import services as all_services
from stepdesk.benefits.service import add_package, assign_package, version_package
from stepdesk.benefits.terms import (
    BenefitRule,
    Capitation,
    CeilingExclusion,
    Copay,
    DeductibleScope,
    Distribution,
    InPatientBy,
    LimitKind,
    LimitOver,
    LimitScope,
    LimitWindow,
    PackageLimit,
    PackageVersion,
    Payment,
    PoolPeriod,
    PriceOrigin,
    Share,
    Spread,
    StayCover,
    YearStart,
)
from stepdesk.exchange.care_cells import (
    Row,
    amount_in,
    number_in,
    once_of,
    one_of,
    rows_of,
    text_in,
    word_in,
    yes_in,
)
from stepdesk.exchange.service_lists import SERVICE_COLUMNS, cells_of, new_service
from stepdesk.i18n import N_, Text
from stepdesk.members.terms import Sex
from stepdesk.providers.queries import tariff_of_code, tariffs
from stepdesk.store.reading import fetch_one
from stepdesk.store.work import Work
from stepdesk.values.care import CareType, ClaimCategory, Level, Visit
from stepdesk.values.ids import PackageId, PlanId, ServiceId, TariffId
from stepdesk.values.money import Currency
from stepdesk.values.nearest import nearest

RULE_COLUMNS = tuple(
    one.name for one in fields(BenefitRule) if one.name not in {"service_id", "copay_value"}
)
PACKAGE_COLUMNS = ("code", "value", *RULE_COLUMNS, *SERVICE_COLUMNS)
_STAR = "*"


@dataclass(frozen=True, slots=True)
class ImportedPackage:
    """What one file of rules wrote."""

    package_id: PackageId
    code: str
    first_day: date
    rules: int
    assigned: bool
    services_added: int = 0


def import_package(
    work: Work,
    *,
    package: PackageVersion,
    file: Path,
    plan_id: PlanId | None = None,
    supplement: int = 0,
) -> ImportedPackage:
    """Write a version of a package from a file; the package is added when the book has none.

    A service the catalogue does not have is added when its row has a name and a category.

    Args:
        work: The work.
        package: Its code, name, first day and ceilings; ids and rules are found and read. What a
            starred row of the file says goes before it.
        file: UTF-8 CSV, one row a service: `code` and the fields of a rule, an empty cell for
            the default. `copay` is `20%`, an amount, or `<=500` for the most that counts;
            `levels` are parted by spaces, `shares` by bars: `REFERRAL CHILD=10%|EMERGENCY=none`.
        plan_id: The plan that has the package from that day on.
        supplement: In which place of the plan; 0 is its basic package.

    Raises:
        Refusal: what cannot stand, with file, line and column; see also `version_package` and
            `assign_package`.
        Trouble: when the file cannot be read.
    """
    known = {one.code.upper(): one.id for one in all_services(work.connection).values()}
    before = len(known)
    told: dict[ServiceId, BenefitRule] = {}
    whole = _Whole(work, package)
    for row in once_of(rows_of(file, PACKAGE_COLUMNS, needed=("code",))):
        if row.told("code").startswith(_STAR):
            whole.take(row)
            continue
        code = row.told("code").upper()
        if code not in known:
            known[code] = new_service(work, row)
        told[known[code]] = _rule(row, known[code], work.currency)
    code = package.code
    package_id = package_of_code(work.connection, code) or add_package(work, code=code)
    version_package(work, version=replace(whole.version(), package_id=package_id, rules=told))
    if plan_id is not None:
        assign_package(
            work,
            plan_id=plan_id,
            package_id=package_id,
            first_day=package.first_day,
            supplement=supplement,
        )
    return ImportedPackage(
        package_id,
        code,
        package.first_day,
        len(told),
        plan_id is not None,
        len(known) - before,
    )


# Rules


def _rule(row: Row, service_id: ServiceId, currency: Currency) -> BenefitRule:
    rule = BenefitRule(service_id, **dict(_told(row, currency)))
    fault_at = rules.fault_of(rule)
    if fault_at is not None:
        name, text = fault_at
        raise row.wrong(rules.field_of(name), text)
    return rule


def _told(row: Row, currency: Currency) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a rule that the row fills in."""
    for column in RULE_COLUMNS:
        cell = row.told(column)
        if not cell:
            continue
        if column == "copay":
            copay, value = _share(row, column, cell, currency)
            yield "copay", copay
            yield "copay_value", value
        elif column == "shares":
            yield column, tuple(_shares(row, currency))
        elif column in _AMOUNTS:
            yield column, amount_in(row, column, currency)
        else:
            yield column, _READ[column](row, column)


def _share(row: Row, column: str, told: str, currency: Currency) -> tuple[Copay, int]:
    """Read how a member shares: none, 20%, 200, or <=500 for the most that counts."""
    if told.casefold() == "none":
        return Copay.NONE, 0
    if told.endswith("%"):
        return Copay.PERCENT, _percent(row, column, told)
    most = re.sub(r"^(<=|≤)\s*", "", told)
    copay = Copay.FIXED if most == told else Copay.UP_TO
    return copay, _minor(row, column, most, currency)


def _minor(row: Row, column: str, told: str, currency: Currency) -> int:
    return amount_in(replace(row, cells={column: told}), column, currency)


def _percent(row: Row, column: str, told: str) -> int:
    found = re.fullmatch(r"(\d{1,3})(?:[.,](\d{1,2}))?\s*%", told, re.ASCII)
    if found is None:
        raise row.wrong(column, Text(N_("{told} is no share. Write it as 20%."), {"told": told}))
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


_AGES = {"ADULT": False, "CHILD": True}


def _shares(row: Row, currency: Currency) -> Iterator[Share]:
    for told in row.told("shares").split("|"):
        whom, _, share = told.partition("=")
        visit: Visit | None = None
        child: bool | None = None
        for word in whom.upper().split():
            if word in _AGES:
                child = _AGES[word]
            else:
                visit = one_of(Visit, row, "shares", word)
        if not whom.strip() or not share.strip():
            fault = Text(
                N_("{told} is no share of a visit. Write it as REFERRAL CHILD=20%."),
                {"told": told.strip() or "—"},
            )
            raise row.wrong("shares", fault)
        yield Share(visit, child, *_share(row, "shares", share.strip(), currency))


def _levels(row: Row, column: str) -> frozenset[Level]:
    return frozenset(one_of(Level, row, column, one) for one in row.told(column).split())


_AMOUNTS = frozenset(
    {"deductible", "cap_act", "cap_episode", "cap_person_year", "cap_household_year"}
)
_READ: Mapping[str, Callable[[Row, str], Any]] = {
    "covered": yes_in,
    "deductible_scope": word_in(DeductibleScope),
    "limit_count": number_in,
    "limit_scope": word_in(LimitScope),
    "limit_window": word_in(LimitWindow),
    "limit_days": number_in,
    "waiting_months": number_in,
    "waiting_exempt": yes_in,
    "requires_referral": yes_in,
    "requires_letter": yes_in,
    "requires_medical_review": yes_in,
    "levels": _levels,
    "sex": word_in(Sex),
    "age_min": number_in,
    "age_max": number_in,
    "payment": word_in(Payment),
    "emergency_out_of_network": yes_in,
    "declare_hours": number_in,
    "exclusion": text_in,
    "price_origin": word_in(PriceOrigin),
    "ceiling_exclusion": word_in(CeilingExclusion),
    "children_apart": yes_in,
    "limit_count_child": number_in,
    "waiting_months_child": number_in,
    "ceiling_exclusion_child": word_in(CeilingExclusion),
}


# What holds for the whole

_WEIGHTS = tuple(one.name for one in fields(Capitation) if one.name.startswith("weight"))
_WHOLE_WORDS: Mapping[str, type[Enum]] = {
    "year_start": YearStart,
    "in_patient_by": InPatientBy,
    "spread": Spread,
    "stay_cover": StayCover,
}
_WHOLE_AMOUNTS = ("cap_episode", "cap_person_year", "cap_household_year")
_WHOLE_NUMBERS = ("threshold", "adult_age")
_WHOLE_ROWS = (
    *("name", "reference_tariff", *_WHOLE_WORDS, *_WHOLE_AMOUNTS, *_WHOLE_NUMBERS),
    *("limit", "distribution", "capitation"),
)


class _Whole:
    """The starred rows of a file while they are read; what they say goes before what was asked."""

    def __init__(self, work: Work, package: PackageVersion) -> None:
        self.work = work
        self.package = package
        self.told: dict[str, Any] = {}
        self.limits: list[PackageLimit] = []
        self.distributions: list[Distribution] = []
        self.capitation: dict[str, Any] = {}

    def version(self) -> PackageVersion:
        told = dict(self.told)
        if self.limits:
            told["limits"] = tuple(self.limits)
        if self.distributions:
            told["distributions"] = tuple(self.distributions)
        if self.capitation:
            parts: dict[str, Any] = {"levels": frozenset(), "share": 0}
            parts.update(self.capitation)
            told["capitation"] = Capitation(**parts)
        return replace(self.package, **told)

    def take(self, row: Row) -> None:
        """Read one starred row.

        Raises:
            Refusal: with file, line and column.
        """
        name, *words = row.told("code").removeprefix(_STAR).split()
        kind = name.casefold()
        if kind == "limit":
            self.limits.append(self._limit(row, words))
        elif kind == "distribution":
            self.distributions.append(_distribution(row, words))
        elif kind == "capitation":
            self._capitation(row, words)
        else:
            self._plain(row, kind)

    def _plain(self, row: Row, name: str) -> None:
        if name == "name":
            self.told["name"] = row.told("value") or self.package.name
        elif name in _WHOLE_WORDS:
            self.told[name] = word_in(_WHOLE_WORDS[name])(row, "value")
        elif name in _WHOLE_AMOUNTS:
            self.told[name] = amount_in(row, "value", self.work.currency)
        elif name in _WHOLE_NUMBERS:
            self.told[name] = number_in(row, "value")
        elif name == "reference_tariff":
            self.told["reference_tariff_id"] = self._tariff(row)
        else:
            words = ", ".join(_WHOLE_ROWS)
            raise row.wrong(
                "code",
                Text(
                    N_("{told} is not known. Write one of: {words}."),
                    {"told": row.told("code"), "words": words},
                ),
            )

    def _tariff(self, row: Row) -> TariffId:
        found = tariff_of_code(self.work.connection, row.told("value"))
        if found is None:
            fault = N_(
                "There is no price list {code}. Choose one of: {known}; or bring it in first."
            )
            known = nearest(row.told("value"), tariffs(self.work.connection).values())
            raise row.wrong(
                "value", Text(fault, {"code": row.told("value") or "—", "known": known})
            )
        return found

    def _limit(self, row: Row, words: list[str]) -> PackageLimit:
        kind = one_of(LimitKind, row, "code", words[0] if words else "")
        told: dict[str, Any] = {}
        for word in words[1:]:
            name, known = _of_limit(word)
            told[name] = one_of(known, row, "code", word)
        number = kind is LimitKind.CLAIM_COUNT
        amount = number_in(row, "value") if number else amount_in(row, "value", self.work.currency)
        return PackageLimit(kind, amount, **told)

    def _capitation(self, row: Row, words: list[str]) -> None:
        name = words[0].casefold() if words else ""
        if name == "levels":
            self.capitation["levels"] = _levels(row, "value")
        elif name in {"share", *_WEIGHTS}:
            self.capitation[name] = _percent(row, "value", row.told("value"))
        else:
            raise row.wrong(
                "code",
                Text(
                    N_("{told} is not known. Write one of: {words}."),
                    {"told": name or "—", "words": ", ".join(("levels", "share", *_WEIGHTS))},
                ),
            )


_DISTRIBUTION_WORDS = 3


def _of_limit(word: str) -> tuple[str, type[Enum]]:
    """Return which field of a limit a word fills in, and the words it may be."""
    told = word.upper()
    if told in {one.value for one in CareType}:
        return "care", CareType
    if told in {one.value for one in LimitOver}:
        return "over", LimitOver
    return "category", ClaimCategory


def _distribution(row: Row, words: list[str]) -> Distribution:
    if len(words) != _DISTRIBUTION_WORDS or not re.fullmatch(r"\d{1,2}", words[2], re.ASCII):
        fault = N_("Write a distribution as *distribution MONTH BOTH 1.")
        raise row.wrong("code", Text(fault))
    return Distribution(
        one_of(PoolPeriod, row, "code", words[0]),
        one_of(CareType, row, "code", words[1]),
        int(words[2]),
        _percent(row, "value", row.told("value")),
    )


# And back

_TARIFF = "SELECT code FROM tariff WHERE id = :id"


def package_csv(connection: Connection, version: PackageVersion, currency: Currency) -> str:
    """Return a version of a package as the file `import_package` reads, with its services.

    Columns in which no row says anything are left out.
    """
    rows = package_rows(connection, version, currency)
    used = {column for row in rows for column, cell in row.items() if cell}
    header = [column for column in PACKAGE_COLUMNS if column in used or column == "code"]
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, header, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def package_rows(
    connection: Connection, version: PackageVersion, currency: Currency
) -> list[dict[str, str]]:
    """Return the rows of a package's file: what holds for the whole, then services by code.

    What a service is made of stands before it.
    """
    known = all_services(connection, version.first_day)
    codes = {one.id: one.code for one in known.values()}
    rows = [
        {"code": f"{_STAR}{code}", "value": value}
        for told in (
            _plain_rows(connection, version, currency),
            _limit_rows(version, currency),
            _capitation_rows(version.capitation),
        )
        for code, value in told
    ]
    for service in sorted(known.values(), key=lambda one: bool(one.parts)):
        rule = version.rules.get(service.id)
        if rule is not None:
            told = dict(_rule_cells(rule, currency))
            rows.append({"code": service.code, **told, **cells_of(service, codes)})
    return rows


def _plain_rows(
    connection: Connection, version: PackageVersion, currency: Currency
) -> Iterator[tuple[str, str]]:
    yield "name", version.name
    for name in _WHOLE_WORDS:
        yield name, getattr(version, name).value
    for name in (*_WHOLE_AMOUNTS, *_WHOLE_NUMBERS):
        figure = getattr(version, name)
        if figure is not None:
            yield name, _shown(figure, currency) if name in _WHOLE_AMOUNTS else str(figure)
    if version.reference_tariff_id is not None:
        tariff = fetch_one(connection, _TARIFF, id=version.reference_tariff_id)
        yield "reference_tariff", tariff.code


def _limit_rows(version: PackageVersion, currency: Currency) -> Iterator[tuple[str, str]]:
    for limit in version.limits:
        place = limit.care if limit.category is None else limit.category
        words = [one.value for one in (limit.kind, place, limit.over) if one is not None]
        number = limit.kind is LimitKind.CLAIM_COUNT
        told = str(limit.amount) if number else _shown(limit.amount, currency)
        yield f"limit {' '.join(words)}", told
    for one in version.distributions:
        words = [one.period.value, one.care.value, str(one.number)]
        yield f"distribution {' '.join(words)}", _percent_cell(one.share)


def _capitation_rows(told: Capitation | None) -> Iterator[tuple[str, str]]:
    if told is None:
        return
    yield "capitation levels", " ".join(one.value for one in Level if one in told.levels)
    for name in ("share", *_WEIGHTS):
        yield f"capitation {name}", _percent_cell(getattr(told, name))


def _rule_cells(rule: BenefitRule, currency: Currency) -> Iterator[tuple[str, str]]:
    plain = BenefitRule(rule.service_id)
    for column in RULE_COLUMNS:
        value = getattr(rule, column)
        if column == "copay":
            yield column, _share_cell(rule.copay, rule.copay_value, currency, none="")
        elif column == "shares":
            yield column, "|".join(_apart_cell(one, currency) for one in rule.shares)
        elif value == getattr(plain, column):
            yield column, ""
        elif column in _AMOUNTS:
            yield column, _shown(value, currency)
        else:
            yield column, _cell(value)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, frozenset):
        return " ".join(one.value for one in Level if one in value)
    return str(value)


def _share_cell(copay: Copay, value: int, currency: Currency, *, none: str = "none") -> str:
    match copay:
        case Copay.NONE:
            return none
        case Copay.PERCENT:
            return _percent_cell(value)
        case Copay.FIXED:
            return _shown(value, currency)
        case Copay.UP_TO:
            return f"<={_shown(value, currency)}"


def _apart_cell(share: Share, currency: Currency) -> str:
    words = [share.visit.value] if share.visit else []
    words += [] if share.child is None else ["CHILD" if share.child else "ADULT"]
    return f"{' '.join(words)}={_share_cell(share.copay, share.copay_value, currency)}"


def _percent_cell(share: int) -> str:
    whole, part = divmod(share, 100)
    return f"{whole}.{part:02d}%" if part else f"{whole}%"


def _shown(amount: int, currency: Currency) -> str:
    """Return an amount as it is read again: digits, and a point before minor units."""
    whole, part = divmod(amount, currency.scale)
    return f"{whole}.{part:0{currency.exponent}d}" if currency.exponent else str(whole)
