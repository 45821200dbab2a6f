"""Reading price lists: which prices hold on a day, and what is drafted."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.providers.terms import Hole, TariffDraft, TariffVersion
from stepdesk.store.memory import remembered, remembered_each
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.ids import ServiceId, TariffDraftId, TariffId, TariffVersionId

_VERSIONS = (
    "SELECT v.id, v.tariff_id, t.code, v.first_day, v.until FROM tariff_version v"
    " JOIN tariff t ON t.id = v.tariff_id WHERE v.tariff_id = :tariff ORDER BY v.first_day, v.id"
)
_PRICES = "SELECT service_id, price FROM tariff_line WHERE tariff_version_id = :version"
_DRAFTS = (
    "SELECT d.*, t.code FROM tariff_draft d JOIN tariff t ON t.id = d.tariff_id"
    " WHERE d.tariff_version_id IS NULL AND d.dropped_on IS NULL AND d.tariff_id = :tariff"
    " ORDER BY d.first_day, d.id"
)


def tariff_of_code(connection: Connection, code: str) -> TariffId | None:
    row = fetch_one(connection, "SELECT id FROM tariff WHERE code = :code", code=code.strip())
    return None if row is None else TariffId(row.id)


def tariffs(connection: Connection) -> dict[TariffId, str]:
    """Return every price list's code, by code."""
    rows = fetch(connection, "SELECT id, code FROM tariff ORDER BY code")
    return {TariffId(row.id): row.code for row in rows}


def tariff_on(
    connection: Connection,
    tariff_id: TariffId,
    day: date,
    services: frozenset[ServiceId] | None = None,
) -> TariffVersion | Hole:
    """Return the price list that holds on a day, or the hole the day lies in.

    A version holds from its first day to its end, or to the first day of the next one.

    Args:
        connection: The book.
        tariff_id: Which price list.
        day: The day of care.
        services: Whose prices are read; every price when left out.
    """
    versions = remembered(connection, ("tariff_version", "tariff"), _versions_of, tariff_id)
    begun = [row for row in versions if row.first_day <= day.isoformat()]
    if not begun or (begun[-1].until is not None and begun[-1].until <= day.isoformat()):
        return _hole(begun, versions[len(begun) :])
    row = begun[-1]
    return _version(row, _prices(connection, row.id, services))


def _versions_of(connection: Connection, tariff_id: TariffId) -> tuple[Any, ...]:
    return tuple(fetch(connection, _VERSIONS, tariff=tariff_id))


def tariff_versions(connection: Connection, tariff_id: TariffId) -> tuple[TariffVersion, ...]:
    """Return the versions of a price list by first day, with all prices."""
    rows = fetch(connection, _VERSIONS, tariff=tariff_id)
    return tuple(_version(row, _prices(connection, row.id, None)) for row in rows)


def tariff_drafts(connection: Connection, tariff_id: TariffId) -> tuple[TariffDraft, ...]:
    """Return the drafts of a price list by first day."""
    return tuple(
        TariffDraft(
            TariffDraftId(row.id),
            TariffId(row.tariff_id),
            row.code,
            date.fromisoformat(row.first_day),
            None if row.until is None else date.fromisoformat(row.until),
            {
                ServiceId(bytes.fromhex(key)): price
                for key, price in json.loads(row.prices).items()
            },
        )
        for row in fetch(connection, _DRAFTS, tariff=tariff_id)
    )


def _hole(begun: Sequence[Any], ahead: Sequence[Any]) -> Hole:
    return Hole(
        date.fromisoformat(begun[-1].until) - timedelta(days=1) if begun else None,
        date.fromisoformat(ahead[0].first_day) if ahead else None,
    )


def _prices(
    connection: Connection, version_id: bytes, services: frozenset[ServiceId] | None
) -> Mapping[ServiceId, int]:
    if services is None:
        rows = fetch(connection, f"{_PRICES} ORDER BY id", version=version_id)
        return {ServiceId(row.service_id): row.price for row in rows}
    return remembered_each(connection, ("tariff_line",), _prices_of, services, version_id)


def _prices_of(
    connection: Connection, services: Collection[ServiceId], version_id: bytes
) -> Mapping[ServiceId, int]:
    asked = {f"s{at}": service for at, service in enumerate(sorted(services))}
    marks = ", ".join(f":{name}" for name in asked)
    statement = f"{_PRICES} AND service_id IN ({marks}) ORDER BY id"
    rows = fetch(connection, statement, version=version_id, **asked)
    return {ServiceId(row.service_id): row.price for row in rows}


def _version(row: Any, prices: Mapping[ServiceId, int]) -> TariffVersion:
    return TariffVersion(
        TariffVersionId(row.id),
        TariffId(row.tariff_id),
        row.code,
        date.fromisoformat(row.first_day),
        None if row.until is None else date.fromisoformat(row.until),
        prices,
    )
