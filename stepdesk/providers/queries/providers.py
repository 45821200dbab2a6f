"""Reading providers: who they are, how they stood, how they were called."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.providers import rules
from stepdesk.providers.terms import Contact, Kind, Provider, ProviderState, ProviderStep, Renaming
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.care import CareType, Level
from stepdesk.values.ids import ProviderId

_STEPS = "SELECT provider_id, state, day, reason FROM provider_step{} ORDER BY day, id"
_NAMES = "SELECT former, name, day FROM provider_name WHERE provider_id = :provider ORDER BY id"


def providers(connection: Connection, day: date | None = None) -> dict[ProviderId, Provider]:
    """Return every provider by code, in the state of a day or as the last step left it."""
    rows = fetch(connection, "SELECT * FROM provider ORDER BY code")
    steps: dict[bytes, list[ProviderStep]] = {}
    for row in fetch(connection, _STEPS.format("")) if rows else ():
        steps.setdefault(row.provider_id, []).append(_step(row))
    return {
        ProviderId(row.id): _provider(row, rules.state_on(steps.get(row.id, ()), day))
        for row in rows
    }


def provider_of_code(
    connection: Connection, code: str, day: date | None = None
) -> Provider | None:
    """Return the provider of a code, in capitals or not, in the state of a day or the last."""
    row = fetch_one(
        connection,
        "SELECT * FROM provider WHERE code = :code COLLATE NOCASE",
        code=code.strip(),
    )
    if row is None:
        return None
    return _provider(row, rules.state_on(provider_steps(connection, ProviderId(row.id)), day))


def provider_steps(connection: Connection, provider_id: ProviderId) -> tuple[ProviderStep, ...]:
    """Return how a provider stood, by day; nothing was told of one that is contracted since ever."""
    rows = fetch(connection, _STEPS.format(" WHERE provider_id = :provider"), provider=provider_id)
    return tuple(map(_step, rows))


def provider_names(connection: Connection, provider_id: ProviderId) -> tuple[Renaming, ...]:
    """Return how a provider was renamed, in the order it was told."""
    return tuple(
        Renaming(row.former, row.name, date.fromisoformat(row.day))
        for row in fetch(connection, _NAMES, provider=provider_id)
    )


def _step(row: Any) -> ProviderStep:
    # An erased reason is blank; the step itself stays.
    return ProviderStep(ProviderState(row.state), date.fromisoformat(row.day), row.reason or "")


def _provider(row: Any, state: ProviderState) -> Provider:
    told: Sequence[str] = [
        getattr(row, name) or "" for name in ("address", "phone", "bank", "bank_account")
    ]
    return Provider(
        ProviderId(row.id),
        row.code,
        row.name,
        Level(row.level),
        Kind(row.kind),
        row.legacy_code or "",
        CareType.BOTH if row.care is None else CareType(row.care),
        state,
        Contact(*told),
    )
