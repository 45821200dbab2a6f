"""What a decided claim would come to by another package. Nothing here touches the book."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stepdesk.benefits.rules import category_of
from stepdesk.benefits.terms import PackageVersion, PriceOrigin, ServiceKind, Spread
from stepdesk.claims.rules.choosing import in_patient, is_outside, limits_for, rule_for
from stepdesk.claims.rules.limits import left_of
from stepdesk.claims.rules.sharing import INDEX_WHOLE
from stepdesk.claims.terms import Assessment, ClaimFacts, LimitFacts, LineFacts, Use
from stepdesk.rights.terms import ReasonCode
from stepdesk.values.care import Visit
from stepdesk.values.changing import changed
from stepdesk.values.ids import ClaimId, HouseholdId, PersonId, ServiceId

_OF_PACKAGE = frozenset({ReasonCode.RB01, ReasonCode.RB02})


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Of a decided claim, what a package asks beside the kept facts."""

    claim_id: ClaimId
    person_id: PersonId
    household_id: HouseholdId
    first_day: date
    last_day: date
    visit: Visit
    hospital: bool
    child: bool
    year: tuple[date, date]
    members: int = 1


def by_package(
    facts: ClaimFacts, package: PackageVersion, told: Circumstances, uses: Sequence[Use]
) -> ClaimFacts:
    """Return a claim's facts as another package would have them.

    Rights, prices, papers and reviews stay as they were decided; whether a service is in the
    package, the shares, numbers, deductibles and ceilings are the other package's, less what
    `uses` say of earlier claims by it. A relative price counts with an index of one.
    """
    at = facts.packages.index(package.code) if package.code in facts.packages else 0
    inside = in_patient(package, stay=told.first_day < told.last_day, hospital=told.hospital)
    limits = limits_for(
        package,
        at=at,
        uses=uses,
        person_id=told.person_id,
        household_id=told.household_id,
        year=told.year,
        inside=inside,
        members=told.members,
    )
    # What is left of a service is asked of its own uses alone: a year of a household has many.
    of_service: dict[ServiceId, list[Use]] = {}
    for use in uses:
        of_service.setdefault(use.service_id, []).append(use)
    lines = tuple(
        [
            _line(line, package, told, of_service.get(line.service_id, ()), inside=inside)
            if line.package == at
            else line
            for line in facts.lines
        ]
    )
    others: tuple[LimitFacts, ...] = tuple(one for one in facts.limits if one.package != at)
    in_order = {at} if package.spread is Spread.IN_ORDER else set()
    return changed(
        facts,
        lines=lines,
        limits=(*others, *limits),
        in_order=(facts.in_order - {at}) | in_order,
        **({} if at else _plain_ceilings(package, told, uses)),
    )


def _plain_ceilings(
    package: PackageVersion, told: Circumstances, uses: Sequence[Use]
) -> dict[str, int | None]:
    """Return the ceilings of the basic package itself, less what was used of them."""
    left = left_of(
        rule=None,
        package=package,
        uses=uses,
        person_id=told.person_id,
        household_id=told.household_id,
        day=told.last_day,
        year=told.year,
    )
    return {
        "cap_episode": package.cap_episode,
        "left_person": left.person_year,
        "left_household": left.household_year,
    }


def _line(
    line: LineFacts,
    package: PackageVersion,
    told: Circumstances,
    uses: Sequence[Use],
    *,
    inside: bool,
) -> LineFacts:
    """Return a line as the package has it; `uses` are those of its service."""
    rule = package.rules.get(line.service_id)
    refused = tuple(code for code in line.refused if code not in _OF_PACKAGE)
    if rule is None:
        return changed(line, rule=None, refused=refused)
    left = left_of(
        rule=rule,
        package=package,
        uses=uses,
        person_id=told.person_id,
        household_id=told.household_id,
        day=told.last_day,
        year=told.year,
        child=told.child,
    )
    service = package.services.get(line.service_id)
    is_item = service is not None and service.kind is ServiceKind.ITEM
    return changed(
        line,
        rule=rule_for(rule, told.visit, child=told.child),
        refused=refused,
        left_count=left.count,
        left_deductible=left.deductible,
        left_year=left.service_year,
        left_household=left.service_household,
        outside=is_outside(rule, child=told.child, inside=inside),
        item=is_item,
        category=None if service is None or is_item else category_of(service),
        index=INDEX_WHOLE if rule.price_origin is PriceOrigin.RELATIVE else None,
    )


def uses_by(facts: ClaimFacts, told: Assessment, of: Circumstances) -> list[Use]:
    """Return what a claim uses when it comes to this."""
    return [
        Use(
            of.claim_id,
            of.person_id,
            of.household_id,
            line.service_id,
            of.last_day,
            done.quantity,
            done.paid,
            done.deducted,
            of.first_day < of.last_day,
            done.outside,
            hospital=of.hospital,
            category=line.category,
        )
        for line, done in zip(facts.lines, told.lines, strict=True)
        if done.quantity
    ]
