"""Reading benefits: the catalogue, and the package of a plan as it stands on a day."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.benefits.terms import (
    Assigned,
    BenefitRule,
    Category,
    Copay,
    DeductibleScope,
    LimitScope,
    LimitWindow,
    PackageVersion,
    Payment,
    Service,
    YearStart,
)
from stepdesk.members.terms import Sex
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.care import Level
from stepdesk.values.ids import PackageId, PackageVersionId, PlanId, ServiceId, TariffId

_SERVICES = "SELECT id, code, name, category, unit FROM service"
_VERSIONS = "SELECT p.code, v.* FROM package_version v JOIN package p ON p.id = v.package_id"
_VERSION_ON = (
    f"{_VERSIONS} WHERE v.package_id = (SELECT a.package_id FROM plan_package a"
    " WHERE a.plan_id = :plan AND a.first_day <= :day ORDER BY a.first_day DESC, a.id DESC LIMIT 1)"
    " AND v.first_day <= :day ORDER BY v.first_day DESC, v.id DESC LIMIT 1"
)
_RULES = "SELECT * FROM benefit_rule WHERE package_version_id = :version"


def services(connection: Connection) -> dict[ServiceId, Service]:
    """Return the whole catalogue by code."""
    rows = fetch(connection, f"{_SERVICES} ORDER BY code")
    return {service.id: service for service in map(_service, rows)}


def service_of_code(connection: Connection, code: str) -> Service | None:
    """Return the service of a code, in capitals or not."""
    row = fetch_one(
        connection, f"{_SERVICES} WHERE code = :code COLLATE NOCASE", code=code.strip()
    )
    return None if row is None else _service(row)


def package_of_code(connection: Connection, code: str) -> PackageId | None:
    row = fetch_one(connection, "SELECT id FROM package WHERE code = :code", code=code.strip())
    return None if row is None else PackageId(row.id)


def package_on(
    connection: Connection,
    plan_id: PlanId,
    day: date,
    services: frozenset[ServiceId] | None = None,
) -> PackageVersion | None:
    """Return the package of a plan as it stands on a day.

    Args:
        connection: The book.
        plan_id: The household's plan.
        day: The day of care.
        services: Whose rules are read; those of every service when left out.

    Returns:
        None before a package was assigned, and before its first version.
    """
    row = fetch_one(connection, _VERSION_ON, plan=plan_id, day=day.isoformat())
    return None if row is None else _version(row, _rules(connection, row.id, services))


def packages(connection: Connection) -> dict[PackageId, tuple[PackageVersion, ...]]:
    """Return every package's versions by first day, with all rules."""
    rules: dict[bytes, list[Any]] = {}
    for row in fetch(connection, "SELECT * FROM benefit_rule ORDER BY id"):
        rules.setdefault(row.package_version_id, []).append(row)
    found: dict[PackageId, tuple[PackageVersion, ...]] = {}
    for row in fetch(connection, f"{_VERSIONS} ORDER BY p.code, v.first_day, v.id"):
        version = _version(row, rules.get(row.id, ()))
        found[version.package_id] = (*found.get(version.package_id, ()), version)
    return found


def assignments(connection: Connection) -> tuple[Assigned, ...]:
    """Return which package each plan has, by plan and first day."""
    rows = fetch(
        connection,
        "SELECT plan_id, package_id, first_day FROM plan_package ORDER BY plan_id, first_day, id",
    )
    return tuple(
        Assigned(PlanId(row.plan_id), PackageId(row.package_id), date.fromisoformat(row.first_day))
        for row in rows
    )


def _rules(
    connection: Connection, version_id: bytes, services: frozenset[ServiceId] | None
) -> list[Any]:
    if services is None:
        return fetch(connection, f"{_RULES} ORDER BY id", version=version_id)
    if not services:
        return []
    asked = {f"s{at}": service for at, service in enumerate(sorted(services))}
    marks = ", ".join(f":{name}" for name in asked)
    statement = f"{_RULES} AND service_id IN ({marks}) ORDER BY id"
    return fetch(connection, statement, version=version_id, **asked)


def _service(row: Any) -> Service:
    return Service(ServiceId(row.id), row.code, row.name, _CATEGORIES[row.category], row.unit)


def _version(row: Any, rules: Iterable[Any]) -> PackageVersion:
    reference = row.reference_tariff_id
    return PackageVersion(
        id=PackageVersionId(row.id),
        package_id=PackageId(row.package_id),
        code=row.code,
        name=row.name,
        first_day=date.fromisoformat(row.first_day),
        year_start=YearStart(row.year_start),
        cap_episode=row.cap_episode,
        cap_person_year=row.cap_person_year,
        cap_household_year=row.cap_household_year,
        reference_tariff_id=None if reference is None else TariffId(reference),
        rules={ServiceId(one.service_id): _rule(one) for one in rules},
    )


_CATEGORIES = {category.value: category for category in Category}

# How a column becomes a word; the others stand as they are.
_WORDS: Mapping[str, Callable[[Any], Any]] = {
    "service_id": ServiceId,
    "copay": {one.value: one for one in Copay}.__getitem__,
    "deductible_scope": {one.value: one for one in DeductibleScope}.__getitem__,
    "limit_scope": {one.value: one for one in LimitScope}.__getitem__,
    "limit_window": {one.value: one for one in LimitWindow}.__getitem__,
    "payment": {one.value: one for one in Payment}.__getitem__,
    "sex": {one.value: one for one in Sex}.get,
    "covered": bool,
    "waiting_exempt": bool,
    "requires_referral": bool,
    "requires_letter": bool,
    "requires_medical_review": bool,
    "emergency_out_of_network": bool,
}


def _rule(row: Any) -> BenefitRule:
    told = row._asdict()
    del told["id"], told["package_version_id"]
    for name, word in _WORDS.items():
        told[name] = word(told[name])
    told["levels"] = _levels(told["levels"])
    return BenefitRule(**told)


@cache
def _levels(told: str | None) -> frozenset[Level] | None:
    return None if told is None else frozenset(Level(one) for one in told.split())
