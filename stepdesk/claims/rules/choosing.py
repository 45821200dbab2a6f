"""Which of several packages pays a line, and which of its limits hold for a claim.

Source: openIMIS handbook 2.8, 3.3, 3.4; docs/decisions/0038.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from stepdesk.benefits.rules import exclusion_of, share_of
from stepdesk.benefits.terms import (
    BenefitRule,
    CeilingExclusion,
    Copay,
    InPatientBy,
    LimitKind,
    LimitOver,
    PackageLimit,
    PackageVersion,
)
from stepdesk.claims.rules.sharing import member_share
from stepdesk.claims.terms import LimitFacts, Use
from stepdesk.values.care import CareType, ClaimCategory, Level, Visit
from stepdesk.values.ids import ClaimId, HouseholdId, PersonId

HOSPITALS = frozenset({Level.DISTRICT_HOSPITAL, Level.REGIONAL, Level.NATIONAL})


def in_patient(package: PackageVersion, *, stay: bool, hospital: bool) -> bool:
    """Return whether care is in-patient: by a stay of more than a day, or by the provider."""
    return hospital if package.in_patient_by is InPatientBy.LEVEL else stay


def rule_for(rule: BenefitRule, visit: Visit, *, child: bool) -> BenefitRule:
    """Return a rule with the member's share that holds for a visit and an age."""
    if not rule.shares:
        return rule
    copay, value = share_of(rule, visit, child=child)
    return replace(rule, copay=copay, copay_value=value, shares=())


def is_outside(rule: BenefitRule, *, child: bool, inside: bool) -> bool:
    """Return whether a service is paid outside the ceilings; `inside` is in-patient care."""
    told = exclusion_of(rule, child=child)
    return told in {CeilingExclusion.BOTH, CeilingExclusion.IN if inside else CeilingExclusion.OUT}


# Which package


@dataclass(frozen=True, slots=True)
class Offer:
    """What one package says of a line: `fails` when it would pay nothing of it."""

    rule: BenefitRule | None
    fails: bool


def own_payment(rule: BenefitRule, price: int) -> int:
    """Return what the patient would pay of one act by a package."""
    if rule.copay is Copay.UP_TO:
        return max(price - rule.copay_value, 0)
    return member_share(rule, price, 1)


def choose(offers: Sequence[Offer], price: int) -> int:
    """Return the place of the package that pays a line: the one with the least own payment.

    A package that fails does not refuse what another pays. Where none pays, the first that names
    the service tells why, or the first of all. Of packages that count an amount for each act the
    highest is compared, and 0 there is no limit; of two with the same own payment a share goes
    before an amount, and the earlier package before the later.
    """
    shares: list[tuple[int, int]] = []
    amounts: list[tuple[int, int]] = []
    for at, offer in enumerate(offers):
        if offer.fails or offer.rule is None:
            continue
        if offer.rule.copay is Copay.UP_TO:
            unlimited = not offer.rule.copay_value
            amounts.append((0 if unlimited else -offer.rule.copay_value, at))
            if unlimited:
                amounts[-1] = (-(10**18), at)
        else:
            shares.append((own_payment(offer.rule, price), at))
    if not shares and not amounts:
        return next((at for at, one in enumerate(offers) if one.rule is not None), 0)
    return _cheaper(min(shares, default=None), min(amounts, default=None), price)


def _cheaper(share: tuple[int, int] | None, amount: tuple[int, int] | None, price: int) -> int:
    if share is None or amount is None:
        return (share or amount or (0, 0))[1]
    counted = -amount[0]
    if counted > price or price - counted < share[0]:
        return amount[1]
    return share[1]


# Which limits


def grown(package: PackageVersion, members: int, care: CareType, amount: int) -> int:
    """Return the household's ceiling with what persons above the threshold add to it.

    Args:
        package: The package version.
        members: How many of the household are covered on the day.
        care: Of which ceiling.
        amount: The ceiling for as many as the threshold says.
    """
    extra = _amount(package, LimitKind.EXTRA_MEMBER, care)
    if extra is None:
        return amount
    more = max(members - (package.threshold or 0), 0) * extra
    highest = _amount(package, LimitKind.HIGHEST, care)
    return amount + more if highest is None else min(amount + more, max(highest, amount))


def _amount(package: PackageVersion, kind: LimitKind, care: CareType) -> int | None:
    return next(
        (one.amount for one in package.limits if one.kind is kind and one.care is care), None
    )


def limits_for(
    package: PackageVersion,
    *,
    at: int,
    uses: Iterable[Use],
    person_id: PersonId,
    household_id: HouseholdId,
    year: tuple[date, date],
    inside: bool,
    members: int,
) -> tuple[LimitFacts, ...]:
    """Return the limits of a whole package that hold for a claim, and what earlier care leaves.

    Args:
        package: The package version in force on the day of care.
        at: Its place among the packages of the plan; of the first, the plain ceilings are left out.
        uses: What earlier care used of this package.
        person_id: The patient.
        household_id: The household of the patient.
        year: The benefit year of the package, its end not included.
        inside: Whether the claim is in-patient care.
        members: How many of the household are covered on the day.
    """
    found: list[LimitFacts] = []
    told = [one for one in uses if year[0] <= one.day < year[1]] if package.limits or at else []
    own = [one for one in told if one.person_id == person_id]
    home = [one for one in told if one.household_id == household_id]
    for limit in (*(_plain(package) if at else ()), *_holding(package, inside=inside)):
        whose = home if limit.over is LimitOver.HOUSEHOLD_YEAR else own
        most = limit.amount
        if limit.kind is LimitKind.CEILING and limit.over is LimitOver.HOUSEHOLD_YEAR:
            most = grown(package, members, limit.care, limit.amount)
        used = _used(limit, [one for one in whose if _counts(package, one, limit.care)])
        found.append(
            LimitFacts(
                limit.kind,
                most,
                max(most - used, 0),
                limit.over,
                limit.care,
                limit.category,
                at,
            )
        )
    return tuple(found)


def _plain(package: PackageVersion) -> tuple[PackageLimit, ...]:
    """Return the plain ceilings of a package as limits."""
    told = (
        (package.cap_episode, LimitOver.EPISODE),
        (package.cap_person_year, LimitOver.PERSON_YEAR),
        (package.cap_household_year, LimitOver.HOUSEHOLD_YEAR),
    )
    return tuple(
        PackageLimit(LimitKind.CEILING, amount, over=over)
        for amount, over in told
        if amount is not None
    )


_REACHING = (LimitKind.DEDUCTIBLE, LimitKind.CEILING)
_OF_CLAIMS = (LimitKind.CLAIM_COUNT, LimitKind.CLAIM_AMOUNT)


def _holding(package: PackageVersion, *, inside: bool) -> list[PackageLimit]:
    """Return those for every care where there are any of their kind, else those of this care."""
    mine = CareType.IN if inside else CareType.OUT
    found: list[PackageLimit] = [one for one in package.limits if one.kind in _OF_CLAIMS]
    for kind in _REACHING:
        of_kind = [one for one in package.limits if one.kind is kind]
        whole = [one for one in of_kind if one.care is CareType.BOTH]
        found += whole or [one for one in of_kind if one.care is mine]
    return found


def _counts(package: PackageVersion, use: Use, care: CareType) -> bool:
    if care is CareType.BOTH:
        return True
    return in_patient(package, stay=use.stay, hospital=use.hospital) == (care is CareType.IN)


def _used(limit: PackageLimit, uses: Sequence[Use]) -> int:
    if limit.kind is LimitKind.CLAIM_COUNT:
        return sum(one is limit.category for one in claims_of(uses).values())
    if limit.kind is LimitKind.CLAIM_AMOUNT or limit.over is LimitOver.EPISODE:
        return 0
    if limit.kind is LimitKind.DEDUCTIBLE:
        return sum(use.deducted for use in uses)
    return sum(use.paid for use in uses if not use.outside)


def claims_of(uses: Iterable[Use]) -> Mapping[ClaimId, ClaimCategory]:
    """Return the category of each earlier claim, from its lines that passed."""
    found: dict[ClaimId, tuple[list[ClaimCategory | None], bool]] = {}
    for use in uses:
        if use.claim_id and not use.reserved:
            found.setdefault(use.claim_id, ([], use.stay))[0].append(use.category)
    return {
        claim_id: category_of_lines(categories, stay=stay)
        for claim_id, (categories, stay) in found.items()
    }


_RANKS = {category: rank for rank, category in enumerate(ClaimCategory)}


def category_of_lines(categories: Iterable[ClaimCategory | None], *, stay: bool) -> ClaimCategory:
    """Return the one category of a claim, from those of its lines that pass; None is an item."""
    told = [one for one in categories if one is not None]
    told.append(ClaimCategory.HOSPITAL if stay else ClaimCategory.VISIT)
    return min(told, key=_RANKS.__getitem__)
