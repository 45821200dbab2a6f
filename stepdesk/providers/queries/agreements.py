"""Reading agreements: what holds with a provider on a day, what is drafted, what runs out."""

from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.providers import rules
from stepdesk.providers.queries.providers import providers
from stepdesk.providers.terms import (
    Agreement,
    AgreementDraft,
    AgreementState,
    Expiring,
    PaymentMode,
)
from stepdesk.store.memory import remembered
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.ids import AgreementDraftId, AgreementId, ProviderId, TariffId

_ALL = (
    "SELECT a.*, e.until AS ended FROM agreement a"
    " LEFT JOIN agreement_end e ON e.agreement_id = a.id"
)
_AGREEMENTS = f"{_ALL} WHERE a.provider_id = :provider"
_STOOD = (
    "SELECT day, state FROM provider_step WHERE provider_id = :provider ORDER BY day DESC, id DESC"
)
_TABLES = ("agreement", "agreement_end")
_DRAFTS = (
    "SELECT * FROM agreement_draft WHERE agreement_id IS NULL AND dropped_on IS NULL{} ORDER BY id"
)
_SCAN = "SELECT scan FROM agreement_scan WHERE agreement_id = :agreement ORDER BY id DESC LIMIT 1"
_CLOSED = frozenset(one.value for one in rules.CLOSED)


def agreements(connection: Connection, provider_id: ProviderId) -> tuple[Agreement, ...]:
    """Return a provider's agreements by first day; one that was ended early ends there."""
    rows = fetch(connection, f"{_AGREEMENTS} ORDER BY a.first_day, a.id", provider=provider_id)
    return tuple(_agreement(row) for row in rows)


def agreement_on(connection: Connection, provider_id: ProviderId, day: date) -> Agreement | None:
    """Return the agreement by which care on a day is paid.

    Returns:
        None when none holds, and while the provider is suspended or ended.
    """
    told = day.isoformat()
    stood = remembered(connection, ("provider_step",), _stood, provider_id)
    if next((row.state for row in stood if row.day <= told), None) in _CLOSED:
        return None
    known = remembered(connection, _TABLES, agreements, provider_id)
    return next((one for one in reversed(known) if one.holds(day)), None)


def _stood(connection: Connection, provider_id: ProviderId) -> tuple[Any, ...]:
    """Return how a provider stood, the latest first: each claim asks for all of it."""
    return tuple(fetch(connection, _STOOD, provider=provider_id))


def agreement_of_id(connection: Connection, agreement_id: AgreementId) -> Agreement | None:
    row = fetch_one(connection, f"{_ALL} WHERE a.id = :id", id=agreement_id)
    return None if row is None else _agreement(row)


def agreement_states(
    connection: Connection, provider_id: ProviderId, day: date
) -> tuple[tuple[Agreement, AgreementState], ...]:
    """Return a provider's agreements by first day, each with where it stands on a day."""
    found = agreements(connection, provider_id)
    renewed = {one.renews for one in found if not _taken_back(one)}
    return tuple(
        (one, rules.agreement_state(one, day, renewed=one.id in renewed)) for one in found
    )


def expiring_agreements(connection: Connection, day: date) -> tuple[Expiring, ...]:
    """Return the agreements that run out within 60 days and nobody renewed, soonest first."""
    known = providers(connection, day)
    found = []
    for provider_id, provider in known.items():
        if provider.state in rules.CLOSED:
            continue
        for one, state in agreement_states(connection, provider_id, day):
            if state is AgreementState.EXPIRING and one.until is not None:
                found.append(Expiring(provider, one, rules.days_left(one.until, day)))
    return tuple(sorted(found, key=lambda one: (one.days, one.provider.code)))


def agreement_drafts(
    connection: Connection, provider_id: ProviderId | None = None
) -> tuple[AgreementDraft, ...]:
    """Return what is being talked about, with one provider or with all, oldest first."""
    if provider_id is None:
        rows = fetch(connection, _DRAFTS.format(""))
    else:
        told = _DRAFTS.format(" AND provider_id = :provider")
        rows = fetch(connection, told, provider=provider_id)
    return tuple(AgreementDraft(AgreementDraftId(row.id), _draft(row)) for row in rows)


def agreement_scan(connection: Connection, agreement_id: AgreementId) -> bytes | None:
    """Return the hash of the last scan of an agreement: the attachments hold it."""
    row = fetch_one(connection, _SCAN, agreement=agreement_id)
    return None if row is None else bytes(row.scan)


def _taken_back(agreement: Agreement) -> bool:
    return agreement.until is not None and agreement.until <= agreement.first_day


def _agreement(row: Any) -> Agreement:
    return _terms(row, AgreementId(row.id), row.ended)


def _draft(row: Any) -> Agreement:
    return _terms(row, AgreementId(b""), None)


def _terms(row: Any, agreement_id: AgreementId, ended: str | None) -> Agreement:
    ends = [date.fromisoformat(told) for told in (row.until, ended) if told is not None]
    return Agreement(
        id=agreement_id,
        provider_id=ProviderId(row.provider_id),
        tariff_id=TariffId(row.tariff_id),
        first_day=date.fromisoformat(row.first_day),
        until=min(ends, default=None),
        mode=PaymentMode(row.mode),
        payment_days=row.payment_days,
        late_invoice_days=row.late_invoice_days,
        balance_billing=bool(row.balance_billing),
        discount=row.discount or 0,
        head_amount=row.head_amount or 0,
        budget_amount=row.budget_amount or 0,
        invoice_day=5 if row.invoice_day is None else row.invoice_day,
        deposit=row.deposit or 0,
        renews=None if row.renews_id is None else AgreementId(row.renews_id),
    )
