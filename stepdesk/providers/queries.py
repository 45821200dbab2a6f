"""Reading providers: who they are, what is agreed with them on a day, and their prices then."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.providers.terms import (
    Agreement,
    Hole,
    Kind,
    PaymentMode,
    Provider,
    TariffVersion,
)
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.care import Level
from stepdesk.values.ids import AgreementId, ProviderId, ServiceId, TariffId, TariffVersionId

_PROVIDERS = "SELECT id, code, name, level, kind, legacy_code FROM provider"
_AGREEMENTS = (
    "SELECT a.*, e.until AS ended FROM agreement a"
    " LEFT JOIN agreement_end e ON e.agreement_id = a.id WHERE a.provider_id = :provider"
)
_VERSIONS = (
    "SELECT v.id, v.tariff_id, t.code, v.first_day, v.until FROM tariff_version v"
    " JOIN tariff t ON t.id = v.tariff_id WHERE v.tariff_id = :tariff ORDER BY v.first_day, v.id"
)
_PRICES = "SELECT service_id, price FROM tariff_line WHERE tariff_version_id = :version"


def providers(connection: Connection) -> dict[ProviderId, Provider]:
    """Return every provider by code."""
    rows = fetch(connection, f"{_PROVIDERS} ORDER BY code")
    return {provider.id: provider for provider in map(_provider, rows)}


def provider_of_code(connection: Connection, code: str) -> Provider | None:
    """Return the provider of a code, in capitals or not."""
    row = fetch_one(
        connection, f"{_PROVIDERS} WHERE code = :code COLLATE NOCASE", code=code.strip()
    )
    return None if row is None else _provider(row)


def agreements(connection: Connection, provider_id: ProviderId) -> tuple[Agreement, ...]:
    """Return a provider's agreements by first day; one that was ended early ends there."""
    rows = fetch(connection, f"{_AGREEMENTS} ORDER BY a.first_day, a.id", provider=provider_id)
    return tuple(_agreement(row) for row in rows)


def agreement_on(connection: Connection, provider_id: ProviderId, day: date) -> Agreement | None:
    """Return the agreement that holds on a day."""
    rows = fetch(
        connection,
        f"{_AGREEMENTS} AND a.first_day <= :day ORDER BY a.first_day DESC, a.id DESC",
        provider=provider_id,
        day=day.isoformat(),
    )
    return next((one for one in map(_agreement, rows) if one.holds(day)), None)


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
    versions = fetch(connection, _VERSIONS, tariff=tariff_id)
    begun = [row for row in versions if row.first_day <= day.isoformat()]
    if not begun or (begun[-1].until is not None and begun[-1].until <= day.isoformat()):
        return _hole(begun, versions[len(begun) :])
    row = begun[-1]
    return _version(row, _prices(connection, row.id, services))


def tariff_versions(connection: Connection, tariff_id: TariffId) -> tuple[TariffVersion, ...]:
    """Return the versions of a price list by first day, with all prices."""
    rows = fetch(connection, _VERSIONS, tariff=tariff_id)
    return tuple(_version(row, _prices(connection, row.id, None)) for row in rows)


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
    elif services:
        asked = {f"s{at}": service for at, service in enumerate(sorted(services))}
        marks = ", ".join(f":{name}" for name in asked)
        statement = f"{_PRICES} AND service_id IN ({marks}) ORDER BY id"
        rows = fetch(connection, statement, version=version_id, **asked)
    else:
        rows = []
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


def _provider(row: Any) -> Provider:
    return Provider(
        ProviderId(row.id),
        row.code,
        row.name,
        Level(row.level),
        Kind(row.kind),
        row.legacy_code or "",
    )


def _agreement(row: Any) -> Agreement:
    ends = [date.fromisoformat(told) for told in (row.until, row.ended) if told is not None]
    return Agreement(
        id=AgreementId(row.id),
        provider_id=ProviderId(row.provider_id),
        tariff_id=TariffId(row.tariff_id),
        first_day=date.fromisoformat(row.first_day),
        until=min(ends, default=None),
        mode=PaymentMode(row.mode),
        payment_days=row.payment_days,
        late_invoice_days=row.late_invoice_days,
        balance_billing=bool(row.balance_billing),
    )
