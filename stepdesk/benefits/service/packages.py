"""Packages are written as versions, and a plan is given its packages."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date

from sqlalchemy import Table

from stepdesk.benefits import rules
from stepdesk.benefits.model import (
    benefit_rule,
    benefit_share,
    package,
    package_capitation,
    package_distribution,
    package_limit,
    package_version,
    plan_package,
)
from stepdesk.benefits.service.shared import NO_CODE, check_first_day, levels_told
from stepdesk.benefits.terms import (
    Assigned,
    BenefitRule,
    Capitation,
    Distribution,
    PackageLimit,
    PackageVersion,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.store.work import Work
from stepdesk.values.ids import PackageId, PackageVersionId, PlanId, ServiceId

_VERSIONS = "SELECT first_day FROM package_version WHERE package_id = :package ORDER BY 1"
_ASSIGNED = "SELECT * FROM plan_package WHERE plan_id = :plan ORDER BY first_day, id"
_MOST_SUPPLEMENTS = 9


def add_package(work: Work, *, code: str) -> PackageId:
    """Add a package; what it pays for are versions.

    Raises:
        Refusal: no code, or a package of that code exists.
    """
    plain = code.strip()
    if not plain:
        raise Refusal(NO_CODE, field="code")
    if work.row("SELECT 1 FROM package WHERE code = :code", code=plain) is not None:
        raise Refusal(
            Text(N_("There is a package {code} already. Choose another code."), {"code": plain}),
            field="code",
        )
    package_id = PackageId(work.new_id())
    work.insert(package, id=package_id, code=plain)
    return package_id


def version_package(work: Work, *, version: PackageVersion) -> PackageVersionId:
    """Write a version of a package from its first day on; `version.id` is given anew.

    The first version may begin at any day: nothing was decided by the package before.

    Raises:
        Refusal: no such package, no name, a figure that cannot stand (the sentence names the
            service), a service or tariff that is not known, a second version on one day, a first
            day in a closed month.
    """
    _check_package(work, version)
    _check_rules(work, version.rules)
    begun = work.rows(_VERSIONS, package=version.package_id)
    check_first_day(work, {row.first_day for row in begun}, version.first_day)
    version_id = PackageVersionId(work.new_id())
    work.insert(
        package_version,
        id=version_id,
        package_id=version.package_id,
        first_day=version.first_day,
        name=" ".join(version.name.split()),
        year_start=version.year_start,
        cap_episode=version.cap_episode,
        cap_person_year=version.cap_person_year,
        cap_household_year=version.cap_household_year,
        reference_tariff_id=version.reference_tariff_id,
        threshold=version.threshold,
        in_patient_by=version.in_patient_by,
        spread=version.spread,
        adult_age=version.adult_age,
        limits=len(version.limits),
        distributions=len(version.distributions),
        capitation=int(version.capitation is not None),
        stay_cover=version.stay_cover,
    )
    _write_whole(work, version_id, version)
    work.insert_many(benefit_rule, _rule_rows(work, version_id, version.rules))
    if any(rule.shares for rule in version.rules.values()):
        work.insert_many(benefit_share, _share_rows(work, version_id, version.rules))
    return version_id


def assign_package(
    work: Work, *, plan_id: PlanId, package_id: PackageId, first_day: date, supplement: int = 0
) -> Assigned:
    """Give the households of a plan a package from a day on.

    A plan has a basic package and perhaps supplements beside it, at the same time: a package takes
    the place of the one that had its place. The first package of a plan may begin at any day; a
    later one, and a supplement to what is there, not in a closed month.

    Args:
        work: The work.
        plan_id: The plan.
        package_id: The package.
        first_day: Care from this day on is judged by it.
        supplement: 0 is the basic package, 1 to 9 are supplements.

    Raises:
        Refusal: no such plan or package, a package that says nothing yet on that day, one that the
            plan has in another place, a second package in one place and day, a closed month.
    """
    _check_plan(work, plan_id)
    code = _package_code(work, package_id)
    if not 0 <= supplement <= _MOST_SUPPLEMENTS:
        raise Refusal(
            Text(
                N_("Type 0 for the basic package, or 1 to {most} for a supplement."),
                {"most": _MOST_SUPPLEMENTS},
            ),
            field="supplement",
        )
    _check_begun(work, package_id, first_day)
    held = _held(work, plan_id)
    elsewhere = [
        place
        for place in _places(held, first_day)
        if place != supplement and _places(held, first_day)[place] == package_id
    ]
    if elsewhere:
        raise Refusal(
            Text(
                N_("The plan has the package {code} already. Choose another one."), {"code": code}
            ),
            field="package_id",
        )
    days = {one.first_day.isoformat() for one in held if one.supplement == supplement}
    check_first_day(work, days, first_day, begun=bool(held))
    return _write_assigned(work, Assigned(plan_id, package_id, first_day, supplement))


def end_supplement(work: Work, *, plan_id: PlanId, supplement: int, first_day: date) -> Assigned:
    """End a supplement of a plan: care from a day on is not paid by it any more.

    Raises:
        Refusal: no such plan, the basic package, a supplement the plan does not have on that day, a
            change on that day already, a closed month.
    """
    _check_plan(work, plan_id)
    if not supplement:
        told = N_("The basic package does not end: give the plan another one in its place.")
        raise Refusal(Text(told), field="supplement")
    held = _held(work, plan_id)
    package_id = _places(held, first_day).get(supplement)
    if package_id is None:
        raise Refusal(
            Text(
                N_("The plan has no supplement {number} on {day}. Choose another number or day."),
                {"number": supplement, "day": first_day},
            ),
            field="supplement",
        )
    days = {one.first_day.isoformat() for one in held if one.supplement == supplement}
    check_first_day(work, days, first_day)
    return _write_assigned(work, Assigned(plan_id, package_id, first_day, supplement, ends=True))


def _write_assigned(work: Work, assigned: Assigned) -> Assigned:
    work.insert(
        plan_package,
        id=work.new_id(),
        plan_id=assigned.plan_id,
        package_id=assigned.package_id,
        first_day=assigned.first_day,
        supplement=assigned.supplement or None,
        ends=int(assigned.ends) or None,
    )
    return assigned


def _held(work: Work, plan_id: PlanId) -> list[Assigned]:
    return [
        Assigned(
            plan_id,
            PackageId(row.package_id),
            date.fromisoformat(row.first_day),
            row.supplement or 0,
            bool(row.ends),
        )
        for row in work.rows(_ASSIGNED, plan=plan_id)
    ]


def _places(held: list[Assigned], day: date) -> dict[int, PackageId]:
    """Return the package in each place of a plan on a day."""
    found: dict[int, PackageId] = {}
    for one in held:
        if one.first_day > day:
            break
        if one.ends:
            found.pop(one.supplement, None)
        else:
            found[one.supplement] = one.package_id
    return found


def _check_plan(work: Work, plan_id: PlanId) -> None:
    if work.row("SELECT 1 FROM plan WHERE id = :id", id=plan_id) is None:
        raise Refusal(
            Text(N_("There is no such plan. Choose one from the list.")), field="plan_id"
        )


def _check_begun(work: Work, package_id: PackageId, first_day: date) -> None:
    begun = work.row(_VERSIONS, package=package_id)
    if begun is None:
        raise Refusal(
            Text(N_("The package says nothing yet. Write its services first.")),
            field="package_id",
        )
    if first_day.isoformat() < begun.first_day:
        raise Refusal(
            Text(
                N_("The package begins on {first}. Choose that day or a later one."),
                {"first": date.fromisoformat(begun.first_day)},
            ),
            field="first_day",
        )


def _package_code(work: Work, package_id: PackageId) -> str:
    row = work.row("SELECT code FROM package WHERE id = :id", id=package_id)
    if row is None:
        raise Refusal(
            Text(N_("There is no such package. Choose one from the list.")), field="package_id"
        )
    code: str = row.code
    return code


def _check_package(work: Work, version: PackageVersion) -> None:
    _package_code(work, version.package_id)
    if not version.name.strip():
        raise Refusal(Text(N_("Give the package a name.")), field="name")
    fault = rules.package_fault(version)
    if fault is not None:
        raise Refusal(fault[1], field=fault[0])
    tariff = version.reference_tariff_id
    if tariff is not None and not work.row("SELECT 1 FROM tariff WHERE id = :id", id=tariff):
        raise Refusal(
            Text(N_("There is no such price list. Choose one from the list.")),
            field="reference_tariff_id",
        )


def _check_rules(work: Work, told: Mapping[ServiceId, BenefitRule]) -> None:
    codes = {row.id: row.code for row in work.rows("SELECT id, code FROM service")}
    for service_id, rule in told.items():
        if service_id != rule.service_id:
            raise ValueError("a rule stands under another service")
        if service_id not in codes:
            raise Refusal(
                Text(N_("A service of the package is not in the catalogue. Add it there first.")),
                field="rules",
            )
        fault = rules.fault_of(rule)
        if fault is not None:
            field, text = fault
            raise Refusal(
                Text(N_("{service}: {fault}"), {"service": codes[service_id], "fault": text}),
                field=field,
            )


_RULE_FIELDS = tuple(
    one.name
    for one in fields(BenefitRule)
    if one.name in benefit_rule.c and one.name not in {"levels", "shares"}
)


def _rule_rows(
    work: Work, version_id: PackageVersionId, told: Mapping[ServiceId, BenefitRule]
) -> Iterator[dict[str, object]]:
    for rule in told.values():
        yield {
            "id": work.new_id(),
            "package_version_id": version_id,
            "levels": levels_told(rule.levels),
            "shares": len(rule.shares),
            **{name: getattr(rule, name) for name in _RULE_FIELDS},
        }


def _share_rows(
    work: Work, version_id: PackageVersionId, told: Mapping[ServiceId, BenefitRule]
) -> Iterator[dict[str, object]]:
    for rule in told.values():
        for one in rule.shares:
            yield {
                "id": work.new_id(),
                "package_version_id": version_id,
                "service_id": rule.service_id,
                **{
                    name: getattr(one, name) for name in ("visit", "child", "copay", "copay_value")
                },
            }


def _write_whole(work: Work, version_id: PackageVersionId, version: PackageVersion) -> None:
    """Write what holds for the whole package, in its order."""
    parts: tuple[tuple[Table, tuple[PackageLimit | Distribution | Capitation, ...]], ...] = (
        (package_limit, version.limits),
        (package_distribution, version.distributions),
        (package_capitation, () if version.capitation is None else (version.capitation,)),
    )
    for table, told in parts:
        for one in told:
            values = {name.name: getattr(one, name.name) for name in fields(one)}
            if isinstance(one, Capitation):
                values["levels"] = levels_told(one.levels)
            work.insert(table, id=work.new_id(), package_version_id=version_id, **values)
