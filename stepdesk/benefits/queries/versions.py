"""Reading packages: those of a plan as they stand on a day, with what they say of each service."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields
from datetime import date
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.benefits.queries.catalogue import (
    SERVICE_COLUMNS,
    TERMS_ON,
    parts_of,
    service_from,
)
from stepdesk.benefits.terms import (
    ADULT_AGE,
    Assigned,
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
    Service,
    Share,
    Spread,
    StayCover,
    YearStart,
)
from stepdesk.members.terms import Sex
from stepdesk.store.memory import remembered, remembered_each, remembers
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.care import CareType, ClaimCategory, Level, Visit
from stepdesk.values.changing import changed
from stepdesk.values.ids import PackageId, PackageVersionId, PlanId, ServiceId, TariffId

_VERSIONS = "SELECT p.code, v.* FROM package_version v JOIN package p ON p.id = v.package_id"
# Of each place the last assignment that has begun, and of its package the last version.
_VERSIONS_ON = (
    "SELECT p.code, v.* FROM plan_package a JOIN package p ON p.id = a.package_id"
    " JOIN package_version v ON v.id = (SELECT w.id FROM package_version w"
    " WHERE w.package_id = a.package_id AND w.first_day <= :day"
    " ORDER BY w.first_day DESC, w.id DESC LIMIT 1)"
    " WHERE a.plan_id = :plan AND a.first_day <= :day AND coalesce(a.ends, 0) = 0"
    " AND NOT EXISTS (SELECT 1 FROM plan_package l WHERE l.plan_id = a.plan_id"
    " AND l.first_day <= :day AND coalesce(l.supplement, 0) = coalesce(a.supplement, 0)"
    " AND (l.first_day, l.id) > (a.first_day, a.id))"
    " ORDER BY coalesce(a.supplement, 0)"
)
_RULES_ON = (
    f"SELECT b.*, {SERVICE_COLUMNS} FROM benefit_rule b JOIN service s ON s.id = b.service_id"
    f" {TERMS_ON} WHERE b.package_version_id"
)
_TURNS = (
    "SELECT first_day FROM plan_package UNION SELECT first_day FROM package_version"
    " UNION SELECT first_day FROM service_version ORDER BY first_day"
)
_OF_VERSIONS = (
    "plan_package",
    "package",
    "package_version",
    "package_limit",
    "package_distribution",
    "package_capitation",
)
_OF_RULES = (
    "package_version",
    "benefit_rule",
    "benefit_share",
    "service",
    "service_version",
    "service_part",
)
_SHARES = "SELECT * FROM benefit_share WHERE package_version_id = :version ORDER BY id"
_LIMITS = "SELECT * FROM package_limit WHERE package_version_id = :version ORDER BY id"
_DISTRIBUTIONS = (
    "SELECT * FROM package_distribution WHERE package_version_id = :version ORDER BY id"
)
_CAPITATION = "SELECT * FROM package_capitation WHERE package_version_id = :version"


def package_of_code(connection: Connection, code: str) -> PackageId | None:
    row = fetch_one(connection, "SELECT id FROM package WHERE code = :code", code=code.strip())
    return None if row is None else PackageId(row.id)


def packages_on(
    connection: Connection,
    plan_id: PlanId,
    day: date,
    services: frozenset[ServiceId] | None = None,
) -> tuple[PackageVersion, ...]:
    """Return the packages of a plan as they stand on a day: the basic one, then its supplements.

    Asked for some services, versions and rules are remembered by the last day on which anything
    began: between two of these days nothing changes.

    Args:
        connection: The book.
        plan_id: The household's plan.
        day: The day of care.
        services: Whose rules are read; those of every service when left out.

    Returns:
        None of them before a package was assigned, and before its first version.
    """
    if services is None:
        bare = _versions_on(connection, plan_id, day.isoformat())
        return _with_rules(bare, _rules_on(connection, None, _ids(bare), day.isoformat()))
    since = _turned_on(connection, day.isoformat())
    bare = remembered(connection, _OF_VERSIONS, _versions_on, plan_id, since)
    if not bare or not services:
        return bare
    return _with_rules(
        bare, remembered_each(connection, _OF_RULES, _rules_on, services, _ids(bare), since)
    )


def _turned_on(connection: Connection, day: str) -> str:
    """Return the last day up to a day on which anything became another; a reader's is the day."""
    if not remembers(connection):
        return day
    turns = remembered(connection, ("plan_package", "package_version", "service_version"), _turns)
    at = bisect_right(turns, day)
    return turns[at - 1] if at else ""


def _turns(connection: Connection) -> tuple[str, ...]:
    """Return every day on which a package or a service became another."""
    return tuple([row.first_day for row in fetch(connection, _TURNS)])


def _versions_on(connection: Connection, plan_id: PlanId, day: str) -> tuple[PackageVersion, ...]:
    """Return the packages of a plan without what they say of services."""
    rows = fetch(connection, _VERSIONS_ON, plan=plan_id, day=day)
    return tuple([_version(connection, row, (), {}) for row in rows])


def _ids(versions: Iterable[PackageVersion]) -> tuple[PackageVersionId, ...]:
    return tuple([one.id for one in versions])


_Said = tuple[Service, tuple[tuple[PackageVersionId, BenefitRule], ...]]
"""A service as it stands on a day, and what each package says of it."""


def _with_rules(
    versions: tuple[PackageVersion, ...], said: Mapping[ServiceId, _Said]
) -> tuple[PackageVersion, ...]:
    rules: dict[PackageVersionId, dict[ServiceId, BenefitRule]] = {one.id: {} for one in versions}
    for service_id, (_, told) in said.items():
        for version_id, rule in told:
            rules[version_id][service_id] = rule
    return tuple(
        [
            changed(
                one,
                rules=rules[one.id],
                services={service_id: said[service_id][0] for service_id in rules[one.id]},
            )
            for one in versions
        ]
    )


def package_on(
    connection: Connection,
    plan_id: PlanId,
    day: date,
    services: frozenset[ServiceId] | None = None,
) -> PackageVersion | None:
    """Return the first package of a plan as it stands on a day; see `packages_on`."""
    return next(iter(packages_on(connection, plan_id, day, services)), None)


def packages(connection: Connection) -> dict[PackageId, tuple[PackageVersion, ...]]:
    """Return every package's versions by first day, with all rules; services are not told."""
    rules: dict[bytes, list[Any]] = defaultdict(list)
    for row in fetch(connection, "SELECT * FROM benefit_rule ORDER BY id"):
        rules[row.package_version_id].append(row)
    found: dict[PackageId, tuple[PackageVersion, ...]] = {}
    for row in fetch(connection, f"{_VERSIONS} ORDER BY p.code, v.first_day, v.id"):
        version = _version(connection, row, rules[row.id], {})
        found[version.package_id] = (*found.get(version.package_id, ()), version)
    return found


def assignments(connection: Connection) -> tuple[Assigned, ...]:
    """Return which packages each plan has, by plan and first day."""
    rows = fetch(connection, "SELECT * FROM plan_package ORDER BY plan_id, first_day, id")
    return tuple(
        Assigned(
            PlanId(row.plan_id),
            PackageId(row.package_id),
            date.fromisoformat(row.first_day),
            row.supplement or 0,
            bool(row.ends),
        )
        for row in rows
    )


def _rules_on(
    connection: Connection,
    services: Collection[ServiceId] | None,
    versions: tuple[PackageVersionId, ...],
    day: str,
) -> dict[ServiceId, _Said]:
    """Return what packages say of services on a day; of every one they name when None."""
    asked: dict[str, bytes] = {f"v{at}": one for at, one in enumerate(versions)}
    statement = f"{_RULES_ON} IN ({_marks(asked)})"
    if services is not None:
        named = {f"s{at}": one for at, one in enumerate(sorted(services))}
        statement += f" AND b.service_id IN ({_marks(named)})"
        asked |= named
    rows = fetch(connection, f"{statement} ORDER BY b.id", day=day, **asked)
    shares = {
        one: _shares(connection, one)
        for one in {row.package_version_id for row in rows if row.shares}
    }
    found: dict[ServiceId, _Said] = {}
    for row in rows:
        service_id = ServiceId(row.service_id)
        if service_id not in found:
            parts = parts_of(connection, row, service_id)
            found[service_id] = service_from(row, service_id, parts), ()
        of_version = shares.get(row.package_version_id, {})
        rule = _rule(row, of_version.get(service_id, ()))
        service, said = found[service_id]
        found[service_id] = service, (*said, (PackageVersionId(row.package_version_id), rule))
    return found


def _marks(asked: Iterable[str]) -> str:
    return ", ".join(f":{name}" for name in asked)


def _version(
    connection: Connection, row: Any, rules: Iterable[Any], known: Mapping[bytes, Service]
) -> PackageVersion:
    reference = row.reference_tariff_id
    held = list(rules)
    shares = _shares(connection, row.id) if any(one.shares for one in held) else {}
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
        limits=_limits(connection, row),
        threshold=row.threshold,
        in_patient_by=InPatientBy(row.in_patient_by or InPatientBy.STAY.value),
        spread=Spread(row.spread or Spread.PRO_RATA.value),
        adult_age=ADULT_AGE if row.adult_age is None else row.adult_age,
        distributions=_distributions(connection, row),
        capitation=_capitation(connection, row),
        stay_cover=StayCover(row.stay_cover or StayCover.FIRST_DAY.value),
        rules={
            ServiceId(one.service_id): _rule(one, shares.get(one.service_id, ())) for one in held
        },
        services={
            ServiceId(one.service_id): known[one.service_id]
            for one in held
            if one.service_id in known
        },
    )


def _shares(connection: Connection, version_id: bytes) -> dict[bytes, tuple[Share, ...]]:
    found: dict[bytes, tuple[Share, ...]] = {}
    for row in fetch(connection, _SHARES, version=version_id):
        one = Share(
            None if row.visit is None else Visit(row.visit),
            None if row.child is None else bool(row.child),
            Copay(row.copay),
            row.copay_value,
        )
        found[row.service_id] = (*found.get(row.service_id, ()), one)
    return found


def _limits(connection: Connection, version: Any) -> tuple[PackageLimit, ...]:
    if not version.limits:
        return ()
    return tuple(
        PackageLimit(
            LimitKind(row.kind),
            row.amount,
            CareType(row.care),
            None if row.over is None else LimitOver(row.over),
            None if row.category is None else ClaimCategory(row.category),
        )
        for row in fetch(connection, _LIMITS, version=version.id)
    )


def _distributions(connection: Connection, version: Any) -> tuple[Distribution, ...]:
    if not version.distributions:
        return ()
    return tuple(
        Distribution(PoolPeriod(row.period), CareType(row.care), row.number, row.share)
        for row in fetch(connection, _DISTRIBUTIONS, version=version.id)
    )


def _capitation(connection: Connection, version: Any) -> Capitation | None:
    if not version.capitation:
        return None
    row = fetch_one(connection, _CAPITATION, version=version.id)
    told = row._asdict()
    del told["id"], told["package_version_id"]
    return Capitation(**(told | {"levels": frozenset(Level(one) for one in row.levels.split())}))


# What an older book does not tell, None, is the plain word.
_EXCLUSIONS: dict[str | None, CeilingExclusion] = {
    None: CeilingExclusion.NONE,
    **{one.value: one for one in CeilingExclusion},
}
_ORIGINS: dict[str | None, PriceOrigin] = {
    None: PriceOrigin.LIST,
    **{one.value: one for one in PriceOrigin},
}
# How a column becomes a word; the others stand as they are.
_WORDS: Mapping[str, Callable[[Any], Any]] = {
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
    "price_origin": _ORIGINS.__getitem__,
    "ceiling_exclusion": _EXCLUSIONS.__getitem__,
    "ceiling_exclusion_child": _EXCLUSIONS.__getitem__,
    "children_apart": bool,
}
_NAMES = tuple(one.name for one in fields(BenefitRule) if one.name != "shares")
_values = attrgetter(*_NAMES)


@lru_cache(maxsize=1024)
def _rule(row: Any, shares: tuple[Share, ...]) -> BenefitRule:
    """Return a rule from its row. Each claim asks, and a rule is written once."""
    told = dict(zip(_NAMES, _values(row), strict=True))
    for name, word in _WORDS.items():
        told[name] = word(told[name])
    told["levels"] = _levels(told["levels"])
    told["waiting_months_child"] = told["waiting_months_child"] or 0
    return BenefitRule(shares=shares, **told)


@cache
def _levels(told: str | None) -> frozenset[Level] | None:
    return None if told is None else frozenset(Level(one) for one in told.split())
