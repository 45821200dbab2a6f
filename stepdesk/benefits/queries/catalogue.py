"""Reading the catalogue: services as they stand on a day."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.benefits.terms import Category, Composition, Patients, Service, ServiceKind
from stepdesk.store.memory import remembered_each
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.care import CareType, ClaimCategory
from stepdesk.values.ids import ServiceId

LATEST = "9999-12-31"
"""A day after every version: for what is asked without one."""

TERMS_ON = (
    "LEFT JOIN service_version t ON t.id = (SELECT n.id FROM service_version n"
    " WHERE n.service_id = s.id AND n.first_day <= :day ORDER BY n.first_day DESC, n.id DESC LIMIT 1)"
)
"""Joins a service `s` with the version `t` that rules on `:day`; the row's own rules before."""

SERVICE_COLUMNS = "s.code, s.name, s.category, s.unit, s.kind, t.id AS terms_id, " + ", ".join(
    f"CASE WHEN t.id IS NULL THEN s.{name} ELSE t.{name} END AS {name}"
    for name in (
        "care",
        "frequency_days",
        "largest_quantity",
        "patients",
        "claim_category",
        "composition",
    )
)
"""What makes a service, from `s` and `t`."""

_SERVICES = f"SELECT s.id, {SERVICE_COLUMNS} FROM service s {TERMS_ON}"
_PARTS = "SELECT service_version_id, part_id, quantity FROM service_part WHERE service_id = :id ORDER BY id"
_ALL_PARTS = (
    "SELECT service_id, service_version_id, part_id, quantity FROM service_part ORDER BY id"
)

Parts = tuple[tuple[ServiceId, int], ...]


def services(connection: Connection, day: date | None = None) -> dict[ServiceId, Service]:
    """Return the whole catalogue by code, as it stands on a day; without one, as last told."""
    parts: dict[tuple[bytes, bytes | None], Parts] = {}
    for row in fetch(connection, _ALL_PARTS):
        key = row.service_id, row.service_version_id
        parts[key] = (*parts.get(key, ()), (ServiceId(row.part_id), row.quantity))
    rows = fetch(connection, f"{_SERVICES} ORDER BY s.code", day=_told(day))
    return {
        ServiceId(row.id): service_from(row, row.id, parts.get((row.id, row.terms_id), ()))
        for row in rows
    }


def services_of(
    connection: Connection, asked: Collection[ServiceId], day: date
) -> dict[ServiceId, Service]:
    """Return some services as they stand on a day; what is not in the catalogue is left out."""
    if not asked:
        return {}
    named = {f"s{at}": one for at, one in enumerate(sorted(asked))}
    marks = ", ".join(f":{name}" for name in named)
    rows = fetch(connection, f"{_SERVICES} WHERE s.id IN ({marks})", day=_told(day), **named)
    return {
        ServiceId(row.id): service_from(row, row.id, parts_of(connection, row, row.id))
        for row in rows
    }


def categories_of(connection: Connection, asked: Collection[ServiceId]) -> dict[ServiceId, str]:
    """Return the category some services are booked under; what is not in the catalogue is left out."""
    return remembered_each(connection, ("service",), _categories_of, asked)


def _categories_of(connection: Connection, asked: Collection[ServiceId]) -> dict[ServiceId, str]:
    named = {f"s{at}": one for at, one in enumerate(sorted(asked))}
    marks = ", ".join(f":{name}" for name in named)
    rows = fetch(connection, f"SELECT id, category FROM service WHERE id IN ({marks})", **named)
    return {ServiceId(row.id): row.category for row in rows}


def service_of_code(connection: Connection, code: str, day: date | None = None) -> Service | None:
    """Return the service of a code, in capitals or not, as it stands on a day or as last told."""
    row = fetch_one(
        connection,
        f"{_SERVICES} WHERE s.code = :code COLLATE NOCASE",
        code=code.strip(),
        day=_told(day),
    )
    return None if row is None else service_from(row, row.id, parts_of(connection, row, row.id))


def service_versions(
    connection: Connection, service_id: ServiceId
) -> tuple[tuple[date | None, Service], ...]:
    """Return a service as it was added, under None, and from each later first day on."""
    rows = fetch(
        connection,
        "SELECT first_day FROM service_version WHERE service_id = :id ORDER BY first_day",
        id=service_id,
    )
    days = [None, *(date.fromisoformat(row.first_day) for row in rows)]
    found = []
    for day in days:
        asked = "" if day is None else day.isoformat()
        row = fetch_one(connection, f"{_SERVICES} WHERE s.id = :id", id=service_id, day=asked)
        if row is not None:
            service = service_from(row, service_id, parts_of(connection, row, service_id))
            found.append((day, service))
    return tuple(found)


def parts_of(connection: Connection, row: Any, service_id: bytes) -> Parts:
    """Return the parts of a service that has some; nothing is read for one that has none."""
    if row.composition in {None, Composition.SINGLE.value}:
        return ()
    rows = fetch(connection, _PARTS, id=service_id)
    return tuple(
        (ServiceId(one.part_id), one.quantity)
        for one in rows
        if one.service_version_id == row.terms_id
    )


@lru_cache(maxsize=1024)
def service_from(row: Any, service_id: bytes, parts: Parts) -> Service:
    """Return a service from a row that has `SERVICE_COLUMNS`; what an old book lacks is plain."""
    return Service(
        ServiceId(service_id),
        row.code,
        row.name,
        _CATEGORIES[row.category],
        row.unit,
        kind=_KINDS[row.kind],
        care=_CARES[row.care],
        frequency_days=row.frequency_days,
        largest_quantity=row.largest_quantity,
        patients=_patients(row.patients),
        claim_category=_CLAIMS[row.claim_category],
        composition=_COMPOSITIONS[row.composition],
        parts=parts,
    )


def _told(day: date | None) -> str:
    return LATEST if day is None else day.isoformat()


_CATEGORIES = {one.value: one for one in Category}
_KINDS: Mapping[str | None, ServiceKind] = {
    None: ServiceKind.ACT,
    **{one.value: one for one in ServiceKind},
}
_CARES: Mapping[str | None, CareType] = {
    None: CareType.BOTH,
    **{one.value: one for one in CareType},
}
_CLAIMS: Mapping[str | None, ClaimCategory | None] = {
    None: None,
    **{one.value: one for one in ClaimCategory},
}
_COMPOSITIONS: Mapping[str | None, Composition] = {
    None: Composition.SINGLE,
    **{one.value: one for one in Composition},
}


@cache
def _patients(told: str | None) -> frozenset[Patients]:
    return frozenset(Patients(one) for one in (told or "").split())
