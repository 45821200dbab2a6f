"""Reading what products of openIMIS pay for: rules of services, and what holds for the whole.

Nothing here touches the book; what a package cannot say is listed with its reason.
Source: openIMIS handbook 2.1, 2.8, 2.9.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from stepdesk.benefits.rules import fault_of, package_fault
from stepdesk.benefits.terms import (
    BenefitRule,
    Capitation,
    CeilingExclusion,
    Copay,
    Distribution,
    InPatientBy,
    LimitKind,
    LimitOver,
    PackageLimit,
    PackageVersion,
    PoolPeriod,
    PriceOrigin,
    Share,
    Spread,
    StayCover,
    YearStart,
)
from stepdesk.exchange.openimis_register_files import ITEMS, SERVICES, Known, price_of
from stepdesk.exchange.openimis_rows import NOTHING, Left, Reading, Row, whole_of
from stepdesk.i18n import N_, Text
from stepdesk.values.care import CareType, ClaimCategory, Level, Visit
from stepdesk.values.ids import PackageId, PackageVersionId, ServiceId

PRODUCTS = "products.csv"
DISTRIBUTIONS = "product_relative_distribution.csv"

_CARE = ((CareType.BOTH, ""), (CareType.OUT, "OP"), (CareType.IN, "IP"))
# As they stand in the form: where several are filled the last one counts, as there in SQL.
_OVER = (
    (LimitOver.EPISODE, "Treatment", "cap_episode"),
    (LimitOver.PERSON_YEAR, "Insuree", "cap_person_year"),
    (LimitOver.HOUSEHOLD_YEAR, "Policy", "cap_household_year"),
)
_CATEGORIES = (
    (ClaimCategory.CONSULTATION, ("Consultation",)),
    (ClaimCategory.SURGERY, ("Surgery",)),
    (ClaimCategory.DELIVERY, ("Delivery",)),
    (ClaimCategory.HOSPITAL, ("Hospitalization", "Hospitalizaion")),
    (ClaimCategory.VISIT, ("Visits",)),
    (ClaimCategory.ANTENATAL, ("Antenatal",)),
)
_PERIODS = {
    "M": (PoolPeriod.MONTH, "12"),
    "Q": (PoolPeriod.QUARTER, "4"),
    "Y": (PoolPeriod.YEAR, "1"),
}
_POOLS = (
    ("PeriodRelPrices", CareType.BOTH, "B"),
    ("PeriodRelPricesOP", CareType.OUT, "O"),
    ("PeriodRelPricesIP", CareType.IN, "I"),
)
_LEVELS = {"D": Level.POST, "C": Level.CENTRE, "H": Level.DISTRICT_HOSPITAL}
_WEIGHTS = {
    "WeightPopulation": "weight_population",
    "WeightNumberFamilies": "weight_households",
    "WeightInsuredPopulation": "weight_insured",
    "WeightNumberInsuredFamilies": "weight_insured_households",
    "WeightNumberVisits": "weight_claims",
    "WeightAdjustedAmount": "weight_amounts",
}
_WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Benefits:
    """What a product pays for: the fields of its package, and rules by service code.

    `carried` are the columns of the product that were read.
    """

    product: str
    whole: Mapping[str, Any]
    rules: Mapping[str, BenefitRule]
    carried: frozenset[str]


def read_benefits(reading: Reading, products: Iterable[Row], known: Known) -> Iterator[Benefits]:
    """Yield what each product pays for; nothing where the files of its lines are missing."""
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
        told_whole = _Whole(reading, product)
        yield Benefits(code, told_whole.read(), rules, frozenset(told_whole.carried))


# Lines


def _rules(
    reading: Reading, file: str, register: str, known: Known, rows: Iterable[Row]
) -> Iterator[tuple[str, BenefitRule]]:
    seen: set[str] = set()
    column = "service_code" if register == SERVICES else "item_code"
    for row in rows:
        key = f"{row['product_code']} {row[column]}"
        try:
            code = known.code(register, row[column])
            if code in seen:
                raise Left(N_("This line stands twice; the first one was taken."))
            rule = _rule(reading, row)
        except Left as left:
            reading.leave(file, key, left.text)
            continue
        seen.add(code)
        yield code, rule


# There the list's price counts whatever was asked, also where it is more. Source: openIMIS handbook 3.4.
_ORIGINS = {
    "": PriceOrigin.FIXED,
    "P": PriceOrigin.FIXED,
    "O": PriceOrigin.ASKED,
    "R": PriceOrigin.RELATIVE,
}
_EXCLUSIONS = {
    "": CeilingExclusion.NONE,
    "H": CeilingExclusion.IN,
    "N": CeilingExclusion.OUT,
    "B": CeilingExclusion.BOTH,
}


def _rule(reading: Reading, row: Row) -> BenefitRule:
    """Return a line of a product as a rule of the book.

    A percentage is the scheme's share after deductibles; a fixed amount is the most it counts for
    one unit, before them. Source: openIMIS handbook 2.1, 3.4.
    """
    (copay, value), shares = _shares(reading, row)
    adult, child = (_of_age(row, whom) for whom in ("Adult", "Child"))
    count, waiting, exclusion = adult
    apart = adult != child
    rule = BenefitRule(
        ServiceId(b""),
        copay=copay,
        copay_value=value,
        shares=shares,
        price_origin=_word(
            _ORIGINS, row["PriceOrigin"], N_("Its price is not known here: {told}.")
        ),
        limit_count=count,
        waiting_months=waiting,
        ceiling_exclusion=exclusion,
    )
    if apart:
        rule = replace(
            rule,
            children_apart=True,
            limit_count_child=child[0],
            waiting_months_child=child[1],
            ceiling_exclusion_child=child[2],
        )
    fault = fault_of(rule)
    if fault is not None:
        raise Left("{fault}", fault=fault[1])
    return rule


def _of_age(row: Row, whom: str) -> tuple[int | None, int, CeilingExclusion]:
    """Return number, waiting months and what is paid outside ceilings, for adults or children."""
    reason = N_("What is outside the ceilings is not known here: {told}.")
    return (
        whole_of(row[f"LimitNo{whom}"]),
        whole_of(row[f"WaitingPeriod{whom}"]) or 0,
        _word(_EXCLUSIONS, row.get(f"CeilingExclusion{whom}", ""), reason),
    )


def _word(words: Mapping[str, Any], told: str, reason: str) -> Any:  # noqa: ANN401 - one of the words
    if told not in words:
        raise Left(reason, told=told)
    return words[told]


_Told = tuple[Copay, int]
_VISITS = ((Visit.OTHER, ""), (Visit.REFERRAL, "R"), (Visit.EMERGENCY, "E"))


def _shares(reading: Reading, row: Row) -> tuple[_Told, tuple[Share, ...]]:
    """Return how adults share at other visits, and what is otherwise at some visit or age."""
    base: _Told = _share(reading, *_limit(row, "Adult", ""))
    found: list[Share] = []
    for visit, letter in _VISITS:
        adult, child = (_share(reading, *_limit(row, whom, letter)) for whom in ("Adult", "Child"))
        if adult == child:
            found += [Share(visit, None, *adult)] if adult != base else []
            continue
        found += [Share(visit, False, *adult)] if adult != base else []  # noqa: FBT003 - not a child
        found += [Share(visit, True, *child)] if child != base else []  # noqa: FBT003 - a child
    return base, tuple(found)


def _limit(row: Row, whom: str, letter: str) -> tuple[str, str]:
    """Return kind and figure of a limit; nothing told of a visit is what is told of others."""
    kind, told = row.get(f"LimitationType{letter}", ""), row.get(f"Limit{whom}{letter}", "")
    if letter and not kind and not told:
        return row["LimitationType"], row[f"Limit{whom}"]
    return kind or (row["LimitationType"] if letter else ""), told


def _share(reading: Reading, kind: str, told: str) -> _Told:
    if kind == "F":
        return (Copay.UP_TO, price_of(told, reading)) if told else (Copay.NONE, 0)
    if kind not in {"C", ""}:
        raise Left(N_("Its kind of limit is not known here: {told}."), told=kind)
    paid = _percent(told or "100")
    return (Copay.PERCENT, _WHOLE - paid) if paid < _WHOLE else (Copay.NONE, 0)


def _percent(told: str) -> int:
    """Return a share in hundredths of a percent."""
    if re.fullmatch(r"\d{1,3}(\.\d{1,2}0*)?", told, re.ASCII) and Decimal(told) <= 100:
        return int(Decimal(told) * 100)
    raise Left(N_("{told} is not a share of a hundred."), told=told)


# The whole


@dataclass(slots=True)
class _Whole:
    """A product while what it says as a whole is read; `carried` are the columns that were."""

    reading: Reading
    row: Row
    carried: set[str] = field(default_factory=set)

    def read(self) -> dict[str, Any]:
        """Return the fields of the package; what cannot stand is left out with its reason."""
        told: dict[str, Any] = {"year_start": YearStart.PERIOD, "spread": Spread.IN_ORDER}
        told["stay_cover"] = StayCover.WHOLE_STAY
        told["in_patient_by"] = self._in_patient_by()
        told["threshold"] = self._read("Threshold", whole_of)
        told |= self._limits()
        told["distributions"] = tuple(self._distributions())
        told["capitation"] = self._capitation()
        return self._standing(told)

    def _standing(self, told: dict[str, Any]) -> dict[str, Any]:
        """Return what can stand together: a fault that is left takes its field out."""
        while (fault := package_fault(replace(_EMPTY, **told))) is not None:
            name, text = fault
            self._leave(text, name)
            del told[name]
        return told

    def _leave(self, reason: str | Text, what: str) -> None:
        self.reading.leave(PRODUCTS, self.row["ProductCode"], reason, what=what)

    def _read(self, column: str, read: Callable[[str], Any]) -> Any:  # noqa: ANN401 - what is read
        """Return what a column tells, None where it tells nothing or cannot be read."""
        told = self.row.get(column, "")
        if not told:
            return None
        self.carried.add(column)
        try:
            return read(told)
        except Left as left:
            self._leave(left.text, column)
            return None

    def _amount(self, column: str) -> int | None:
        amount: int | None = self._read(column, lambda told: price_of(told, self.reading))
        return amount

    def _in_patient_by(self) -> InPatientBy:
        told = self._read("CeilingInterpretation", str) or "I"
        if told not in {"I", "H"}:
            self._leave(
                Text(N_("What makes care in-patient is not known here: {told}."), {"told": told}),
                "CeilingInterpretation",
            )
        return InPatientBy.LEVEL if told == "H" else InPatientBy.STAY

    # Limits

    def _limits(self) -> dict[str, Any]:
        deductibles = self._of_kind(LimitKind.DEDUCTIBLE, "Ded")
        ceilings = self._of_kind(LimitKind.CEILING, "Max")
        plain = ceilings.pop(CareType.BOTH, {})
        limits = [
            PackageLimit(kind, amount, care, over)
            for kind, held in (
                (LimitKind.DEDUCTIBLE, deductibles),
                (LimitKind.CEILING, ceilings),
            )
            for care, told in held.items()
            for over, amount in told.items()
        ]
        household = {
            care: told[LimitOver.HOUSEHOLD_YEAR]
            for care, told in (*ceilings.items(), (CareType.BOTH, plain))
            if LimitOver.HOUSEHOLD_YEAR in told
        }
        limits += self._growth(household)
        limits += self._by_category()
        return {"limits": tuple(limits)} | {
            name: plain[over] for over, _, name in _OVER if over in plain
        }

    def _of_kind(self, kind: LimitKind, stem: str) -> dict[CareType, dict[LimitOver, int]]:
        """Return a product's deductibles or ceilings by care: the general ones before all others."""
        found: dict[CareType, dict[LimitOver, int]] = {}
        for care, middle in _CARE:
            told = self._told_over(kind, f"{stem}{middle}")
            if told and found.get(CareType.BOTH):
                names = ", ".join(
                    f"{stem}{middle}{tail}" for over, tail, _ in _OVER if over in told
                )
                reason = N_("The limit of all care goes before those in hospital and elsewhere.")
                self._leave(reason, names)
            elif told:
                found[care] = told
        return found

    def _told_over(self, kind: LimitKind, stem: str) -> dict[LimitOver, int]:
        told: dict[LimitOver, int] = {}
        for over, tail, _ in _OVER:
            amount = self._amount(f"{stem}{tail}")
            if amount is not None and (amount or kind is LimitKind.CEILING):
                told[over] = amount
            if amount == 0 and kind is LimitKind.CEILING:
                self._leave(N_("A ceiling of 0 pays nothing: check the package."), f"{stem}{tail}")
        if len(told) > 1 and not (kind is LimitKind.CEILING and stem == "Max"):
            *others, last = told
            names = ", ".join(f"{stem}{tail}" for over, tail, _ in _OVER if over in others)
            reason = N_("Only one of treatment, person and policy counts: the last was taken.")
            self._leave(reason, names)
            told = {last: told[last]}
        return told

    def _growth(self, household: dict[CareType, int]) -> Iterator[PackageLimit]:
        for care, tail in _CARE:
            for kind, column in (
                (LimitKind.EXTRA_MEMBER, f"MaxPolicyExtraMember{tail}"),
                (LimitKind.HIGHEST, f"MaxCeilingPolicy{tail}"),
            ):
                amount = self._amount(column)
                if not amount:
                    continue
                if care not in household or (
                    kind is LimitKind.HIGHEST and amount < household[care]
                ):
                    reason = N_("It makes no ceiling of a policy grow: left out.")
                    self._leave(reason, column)
                else:
                    yield PackageLimit(kind, amount, care)

    def _by_category(self) -> Iterator[PackageLimit]:
        for category, names in _CATEGORIES:
            for kind, stem, read in (
                (LimitKind.CLAIM_COUNT, "MaxNo", self._count),
                (LimitKind.CLAIM_AMOUNT, "MaxAmount", self._amount),
            ):
                for column in (f"{stem}{name}" for name in names):
                    amount = read(column)
                    if amount is None:
                        continue
                    if not amount:
                        reason = N_("A limit of 0 pays nothing: check the package.")
                        self._leave(reason, column)
                    yield PackageLimit(kind, amount, category=category)

    def _count(self, column: str) -> int | None:
        count: int | None = self._read(column, whole_of)
        return count

    # Relative prices and capitation

    def _distributions(self) -> Iterator[Distribution]:
        used: set[tuple[str, str]] = set()
        for column, care, letter in _POOLS:
            told = self._read(column, str)
            if told is None:
                continue
            if told not in _PERIODS:
                reason = N_("The period of relative prices is not known here: {told}.")
                self._leave(Text(reason, {"told": told}), column)
                continue
            period, kind = _PERIODS[told]
            used.add((kind, letter))
            yield from self._shares_of(care, letter, period, kind)
        self._note_unused(used)

    def _note_unused(self, used: set[tuple[str, str]]) -> None:
        count = sum(
            row["product_code"] == self.row["ProductCode"]
            and (row["distribution_type"], row["care_type"]) not in used
            and not NOTHING.fullmatch(row["percent"])
            for row in self.reading.files[DISTRIBUTIONS]
        )
        if count:
            reason = N_("Shares of periods the product does not use were left out: {count}.")
            told = Text(reason, {"count": count})
            self.reading.leave(DISTRIBUTIONS, self.row["ProductCode"], told)

    def _shares_of(
        self, care: CareType, letter: str, period: PoolPeriod, kind: str
    ) -> Iterator[Distribution]:
        for row in self.reading.files[DISTRIBUTIONS]:
            key = row["product_code"], row["distribution_type"], row["care_type"]
            if key != (self.row["ProductCode"], kind, letter):
                continue
            try:
                number, share = whole_of(row["period"]) or 0, _percent(row["percent"] or "0")
            except Left as left:
                self.reading.leave(DISTRIBUTIONS, " ".join(key), left.text, what=row["period"])
                continue
            yield Distribution(period, care, number, share)

    def _capitation(self) -> Capitation | None:
        levels = []
        for at in range(1, 5):
            told = self._read(f"Level{at}", str)
            if told is not None and told not in _LEVELS:
                reason = N_("The level {told} is not known here.")
                self._leave(Text(reason, {"told": told}), f"Level{at}")
            elif told is not None:
                levels.append(_LEVELS[told])
            if self._read(f"Sublevel{at}", str):
                self._leave(N_("Levels have no levels below them here."), f"Sublevel{at}")
        share = self._read("ShareContribution", _percent)
        weights = {name: self._read(column, _percent) or 0 for column, name in _WEIGHTS.items()}
        if not levels:
            return None
        return Capitation(frozenset(levels), _WHOLE if share is None else share, **weights)


_EMPTY = PackageVersion(PackageVersionId(b""), PackageId(b""), "", "", first_day=date.min)
