"""Reading products of openIMIS as plans: the whole of what they say of contributions.

Nothing here touches the book. A product becomes two versions of one plan where it needs them: for
whoever was enrolled there the terms are written down as they were paid, and from the day after on
the plan's own rules hold, with fees, cycles and discounts.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from stepdesk.contributions.terms import (
    Basis,
    Cycle,
    DuesDuringSuspension,
    EffectRule,
    Per,
    Periodicity,
    PlanVersion,
    Renewal,
)
from stepdesk.exchange.openimis_rows import (
    NOTHING,
    Left,
    Reading,
    Row,
    amount_of,
    day_of,
    once,
    whole_of,
)
from stepdesk.i18n import N_
from stepdesk.values.ids import PlanId, PlanVersionId
from stepdesk.values.money import Currency

_NEVER = 1200
"""Months after which a household whose term ran out is struck off: the peer knows no such thing."""
_ADULT = 18
_YEAR = 12

NEEDED = (
    "ProductCode",
    "ProductName",
    "InsurancePeriod",
    "DateFrom",
    "LumpSum",
    "PremiumAdult",
    "PremiumChild",
    "GracePeriodRenewal",
)
"""The columns an import must find; those of `_ALSO` may be missing and then say nothing."""

_ALSO = (
    "Threshold",
    "MemberCount",
    "RegistrationLumpSum",
    "RegistrationFee",
    "GeneralAssemblyLumpSum",
    "GeneralAssemblyFee",
    "StartCycle1",
    "StartCycle2",
    "StartCycle3",
    "StartCycle4",
    "GracePeriod",
    "WaitingPeriod",
    "AdministrationPeriod",
    "MaxInstallments",
    "EnrolmentDiscountPerc",
    "EnrolmentDiscountPeriod",
    "RenewalDiscountPerc",
    "RenewalDiscountPeriod",
)

RELATIVE = N_("Relative prices and lump sums for care providers are not carried over.")
NO_PLACE = N_("These columns hold something the book has no place for.")
_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        N_("Deductibles, counts and ceilings the book has no rule for are not carried over."),
        (r"Max(Insuree|OP|IP|Treatment|Policy|Ceiling|Amount|No).*", r"Ded.*", r"Ceiling.*"),
    ),
    (
        N_("A plan has no last day and no successor: change plans by hand."),
        (r"DateTo", r"conversion_product"),
    ),
    (
        N_("Every new enrolment pays the registration fee, however short the break."),
        (r"Recurrence",),
    ),
    (
        RELATIVE,
        (r"Level\d", r"Sublevel\d", r"Share.*", r"Weight.*", r"PeriodRel.*"),
    ),
    (NO_PLACE, (".*",)),
)


@dataclass(frozen=True, slots=True)
class Product:
    """A product as a plan.

    `present` is what holds for whoever enters or renews. Policies of the other system are terms
    of `history`: they begin and end as they did there, and their value is their price with all
    fees.
    """

    code: str
    name: str
    first_day: date
    months: int
    present: PlanVersion

    @property
    def history(self) -> PlanVersion:
        return replace(
            self.present,
            cycle=Cycle.ROLLING,
            cycle_starts=(),
            administration_months=0,
            entry_fee=0,
            assembly_fee=0,
            early_discount=0,
            renewal_discount=0,
        )

    def versions(self, since: date) -> tuple[PlanVersion, ...]:
        """Return the versions to write, the plan's own rules from a day on.

        It is one where nothing tells the past from the present, or no policy is brought over.
        """
        if self.history == self.present or since <= self.first_day:
            return (self.present,)
        return self.history, replace(self.present, first_day=since)


def read_products(reading: Reading) -> dict[str, Product]:
    """Return the products that can be plans by code; the others are left out with the reason."""
    found: dict[str, Product] = {}
    for row in once(reading, "products.csv", "ProductCode"):
        try:
            found[row["ProductCode"]] = _product(row, reading.currency)
        except Left as left:
            reading.leave("products.csv", row["ProductCode"], left.text)
    return found


def _product(row: Row, currency: Currency) -> Product:
    months = _months(row, "InsurancePeriod", N_("A plan lasts whole months, not {told}."))
    if not 0 < months <= _NEVER:
        raise Left(
            N_("A plan lasts whole months, not {told}."), told=row["InsurancePeriod"] or "—"
        )
    named = {one.value: one for one in Periodicity}
    code, first_day = row["ProductCode"], day_of(row["DateFrom"])
    version = PlanVersion(
        id=PlanVersionId(b""),
        plan_id=PlanId(b""),
        code=code,
        name=row["ProductName"] or code,
        first_day=first_day,
        periodicity=named.get(months, Periodicity.ANNUAL),
        period_months=None if months in named else months,
        cycle=Cycle.ROLLING,
        effect_rule=EffectRule.PAYMENT_DATE,
        due_day=None,
        grace_days=30 * _months(row, "GracePeriodRenewal"),
        waiting_months=0,
        # A year ahead at most: who pays twenty years by a zero too many has it as credit.
        max_advance_periods=max(_YEAR // months, 1),
        dues_during_suspension=DuesDuringSuspension.STOP,
        renewal=Renewal.ON_PAYMENT,
        reinstate_wait_short_days=0,
        reinstate_wait_long_days=0,
        strike_off_after_months=_NEVER,
        child_max_age=None,
        rounding=1,
        max_persons=whole_of(row.get("MemberCount", "")) or None,
        max_instalments=whole_of(row.get("MaxInstallments", "")) or None,
    )
    version = _priced(_with_fees(_in_time(version, row), row, currency), row, currency)
    return Product(code, version.name, first_day, months, version)


def _priced(version: PlanVersion, row: Row, currency: Currency) -> PlanVersion:
    """Return the version with what it costs: a lump, a price a head, or a lump and extras.

    Without a lump everybody pays once, whatever the threshold. Source: openIMIS handbook 2.4.
    """
    lump, adult, child = (
        amount_of(row[name] or "0", currency)
        for name in ("LumpSum", "PremiumAdult", "PremiumChild")
    )
    if lump and not adult and not child:
        return replace(version, basis=Basis.PER_HOUSEHOLD, amount=lump)
    if lump:
        threshold = whole_of(row.get("Threshold", "")) or None
        if threshold and version.max_persons:
            threshold = min(threshold, version.max_persons)
        return replace(
            version,
            basis=Basis.LUMP_PLUS_EXTRA,
            amount=lump,
            lump_persons=threshold,
            amount_adult=adult,
            amount_child=child,
            adult_age=_ADULT,
        )
    if adult == child:
        return replace(version, amount=adult)
    return replace(version, amount=adult, amount_adult=adult, amount_child=child, adult_age=_ADULT)


def _with_fees(version: PlanVersion, row: Row, currency: Currency) -> PlanVersion:
    entry, entry_per = _fee(row, "Registration", currency)
    assembly, assembly_per = _fee(row, "GeneralAssembly", currency)
    return replace(
        version,
        entry_fee=entry,
        entry_fee_per=entry_per,
        assembly_fee=assembly,
        assembly_fee_per=assembly_per,
    )


def _fee(row: Row, kind: str, currency: Currency) -> tuple[int, Per]:
    """Return a fee: once a household where a lump is told, else for each person."""
    lump = amount_of(row.get(f"{kind}LumpSum") or "0", currency)
    if lump:
        return lump, Per.HOUSEHOLD
    fee = amount_of(row.get(f"{kind}Fee") or "0", currency)
    return fee, Per.PERSON if fee else Per.HOUSEHOLD


def _in_time(version: PlanVersion, row: Row) -> PlanVersion:
    """Return the version with cycles, graces and discounts. `WaitingPeriod` is the payment grace."""
    starts = tuple(_start(row[name]) for name in _ALSO if name[:5] == "Start" and row.get(name))
    grace = row.get("WaitingPeriod") or ""
    return replace(
        version,
        cycle=Cycle.FIXED if starts else Cycle.ROLLING,
        cycle_starts=tuple(sorted(set(starts))),
        administration_months=_months(row, "AdministrationPeriod"),
        entry_grace_months=_months(row, "GracePeriod"),
        renewal_grace_months=_months(row, "GracePeriodRenewal"),
        payment_grace_months=_months(row, "WaitingPeriod") if grace else None,
        early_discount=_rate(row, "EnrolmentDiscountPerc"),
        early_discount_months=_months(row, "EnrolmentDiscountPeriod"),
        renewal_discount=_rate(row, "RenewalDiscountPerc"),
        renewal_discount_months=_months(row, "RenewalDiscountPeriod"),
    )


def _start(told: str) -> tuple[int, int]:
    """Read a day of the year written as 01-06, 1-6 or 01/06: the first of June."""
    found = re.fullmatch(r"(\d{1,2})[-/](\d{1,2})", told, re.ASCII)
    if found:
        try:
            day = date(2000, int(found[2]), int(found[1]))
        except ValueError:
            found = None
        else:
            return day.month, day.day
    raise Left(N_("{told} is not a day of the year such as 01-06."), told=told)


def _months(row: Row, name: str, reason: str = N_("{told} is not a number of months.")) -> int:
    told = row.get(name) or "0"
    found = re.fullmatch(r"(\d{1,4})(\.0+)?", told, re.ASCII)
    if found is None:
        raise Left(reason, told=told)
    return int(found[1])


def _rate(row: Row, name: str) -> int:
    """Return percent as hundredths of a percent."""
    told = row.get(name) or "0"
    if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?", told, re.ASCII) or Decimal(told) > 100:
        raise Left(N_("{told} is not a share in percent."), told=told)
    return int(Decimal(told) * 100)


# What is not carried over


def note_products(
    reading: Reading, used: set[str], ceilings: Mapping[str, Collection[str]]
) -> None:
    """List what products say and plans do not.

    Args:
        reading: The files.
        used: The codes of the products that are brought over.
        ceilings: By code, the columns the package of the product takes over.
    """
    left = {one.key for one in reading.left if one.file == "products.csv"}
    for row in reading.files["products.csv"]:
        code = row["ProductCode"]
        if code in used:
            _note_product(reading, row, ceilings.get(code, ()))
        elif code and code not in left:
            reading.leave("products.csv", code, N_("No policy brought over uses this product."))


def _note_product(reading: Reading, row: Row, also: Collection[str]) -> None:
    carried = {*NEEDED, *_ALSO, "ValidityFrom", "location_code", *also}
    held = {
        name: told
        for name, told in row.items()
        if name not in carried and not NOTHING.fullmatch(told)
    }
    for reason, patterns in _GROUPS:
        names = [name for name in held if any(re.fullmatch(pattern, name) for pattern in patterns)]
        if names:
            what = ", ".join(f"{name} {held.pop(name)}" for name in names)
            reading.leave("products.csv", row["ProductCode"], reason, what=what)
