"""What is done with benefits: name services, write packages, give a plan its package."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from stepdesk.benefits import rules
from stepdesk.benefits.model import (
    benefit_rule,
    package,
    package_version,
    plan_package,
    service,
)
from stepdesk.benefits.terms import Assigned, BenefitRule, Category, PackageVersion
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import service as ledger
from stepdesk.store.work import Work
from stepdesk.values.care import Level
from stepdesk.values.ids import PackageId, PackageVersionId, PlanId, ServiceId
from stepdesk.values.month import Month

_NO_CODE = Text(N_("Give it a code."))
_VERSIONS = "SELECT first_day FROM package_version WHERE package_id = :package ORDER BY 1"
_ASSIGNED = "SELECT first_day FROM plan_package WHERE plan_id = :plan"


# The catalogue


def add_service(
    work: Work, *, code: str, name: str, category: Category, unit: str = ""
) -> ServiceId:
    """Add a service or medicine to the catalogue; its code and category stay for ever.

    Raises:
        Refusal: no code, a code that is taken (in capitals or not), no name.
    """
    plain = code.strip()
    if not plain:
        raise Refusal(_NO_CODE, field="code")
    taken = work.row(
        "SELECT code, name FROM service WHERE code = :code COLLATE NOCASE", code=plain
    )
    if taken is not None:
        raise Refusal(
            Text(
                N_("There is a service {code} already: {name}. Choose another code."),
                {"code": taken.code, "name": taken.name},
            ),
            field="code",
        )
    service_id = ServiceId(work.new_id())
    work.insert(
        service,
        id=service_id,
        code=plain,
        name=_service_name(name),
        category=category,
        unit=" ".join(unit.split()),
    )
    return service_id


def rename_service(work: Work, *, service_id: ServiceId, name: str) -> None:
    """Give a service another name.

    Raises:
        Refusal: no name, or no such service.
    """
    plain = _service_name(name)
    if work.row("SELECT 1 FROM service WHERE id = :id", id=service_id) is None:
        raise Refusal(Text(N_("There is no such service.")), field="service_id")
    work.update(service, service_id, name=plain)


def _service_name(name: str) -> str:
    plain = " ".join(name.split())
    if not plain:
        raise Refusal(Text(N_("Give the service a name.")), field="name")
    return plain


# Packages


def add_package(work: Work, *, code: str) -> PackageId:
    """Add a package; what it pays for are versions.

    Raises:
        Refusal: no code, or a package of that code exists.
    """
    plain = code.strip()
    if not plain:
        raise Refusal(_NO_CODE, field="code")
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
    _check_first_day(work, begun, version.first_day)
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
    )
    work.insert_many(benefit_rule, _rule_rows(work, version_id, version.rules))
    return version_id


def assign_package(
    work: Work, *, plan_id: PlanId, package_id: PackageId, first_day: date
) -> Assigned:
    """Give the households of a plan a package from a day on.

    The first package of a plan may begin at any day; a later one not in a closed month.

    Raises:
        Refusal: no such plan or package, a package that says nothing yet on that day, a second
            package on one day, a day in a closed month.
    """
    if work.row("SELECT 1 FROM plan WHERE id = :id", id=plan_id) is None:
        raise Refusal(Text(N_("There is no such plan.")), field="plan_id")
    _package_code(work, package_id)
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
    _check_first_day(work, work.rows(_ASSIGNED, plan=plan_id), first_day)
    assigned = Assigned(plan_id, package_id, first_day)
    work.insert(
        plan_package,
        id=work.new_id(),
        plan_id=plan_id,
        package_id=package_id,
        first_day=first_day,
    )
    return assigned


def _package_code(work: Work, package_id: PackageId) -> str:
    row = work.row("SELECT code FROM package WHERE id = :id", id=package_id)
    if row is None:
        raise Refusal(Text(N_("There is no such package.")), field="package_id")
    code: str = row.code
    return code


def _check_package(work: Work, version: PackageVersion) -> None:
    _package_code(work, version.package_id)
    if not version.name.strip():
        raise Refusal(Text(N_("Give the package a name.")), field="name")
    for name in ("cap_episode", "cap_person_year", "cap_household_year"):
        fault = rules.amount_fault(getattr(version, name))
        if fault is not None:
            raise Refusal(fault, field=name)
    tariff = version.reference_tariff_id
    if tariff is not None and not work.row("SELECT 1 FROM tariff WHERE id = :id", id=tariff):
        raise Refusal(Text(N_("There is no such price list.")), field="reference_tariff_id")


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


def _check_first_day(work: Work, begun: Sequence[Any], day: date) -> None:
    """Refuse a second version on one day, and what would decide closed months anew."""
    if day.isoformat() in {row.first_day for row in begun}:
        raise Refusal(
            Text(N_("Something else begins on {day} already. Choose another day."), {"day": day}),
            field="first_day",
        )
    if begun and ledger.is_closed(work, day):
        raise Refusal(
            Text(
                N_("{month} is closed. New terms begin on {first} at the earliest."),
                {"month": Month.of(day), "first": ledger.first_open_day(work)},
            ),
            field="first_day",
        )


_RULE_FIELDS = tuple(
    one.name for one in fields(BenefitRule) if one.name in benefit_rule.c and one.name != "levels"
)


def _rule_rows(
    work: Work, version_id: PackageVersionId, told: Mapping[ServiceId, BenefitRule]
) -> Iterator[dict[str, object]]:
    for rule in told.values():
        yield {
            "id": work.new_id(),
            "package_version_id": version_id,
            "levels": _levels(rule.levels),
            **{name: getattr(rule, name) for name in _RULE_FIELDS},
        }


def _levels(levels: frozenset[Level] | None) -> str | None:
    """Return levels as the book keeps them: one order, whatever the set's own is."""
    return None if levels is None else " ".join(one.value for one in Level if one in levels)
