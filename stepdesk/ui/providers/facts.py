"""What the page of providers asks of the book and does there; all of it for the lane."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from stepdesk.claims.papers import certificate_pad_pdf, mirror_pdf
from stepdesk.claims.queries import delays, mirror_of
from stepdesk.claims.terms import Delay
from stepdesk.contributions.queries import booklet_states
from stepdesk.contributions.service import issue_booklet
from stepdesk.contributions.terms import BookletState, Stationery
from stepdesk.errors import Trouble
from stepdesk.i18n import N_, Text
from stepdesk.providers import queries, service
from stepdesk.providers.papers import AgreementSheet, agreement_pdf
from stepdesk.providers.rules import days_left
from stepdesk.providers.terms import (
    Agreement,
    AgreementState,
    Contact,
    Provider,
    ProviderStep,
)
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Desk
from stepdesk.values.ids import (
    AgreementDraftId,
    AgreementId,
    BookletId,
    ProviderId,
    TariffId,
)
from stepdesk.values.month import Month

_DAY = timedelta(days=1)
_CONTACT = tuple(one.name for one in fields(Contact))
_SHOWN = (
    AgreementState.EXPIRING,
    AgreementState.IN_FORCE,
    AgreementState.SIGNED,
    AgreementState.ENDED,
)


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """A provider as the list shows it: the agreement that holds, else what comes nearest to it.

    `days` are left of the agreement, None without an end; `delay` is None when nothing is owed.
    """

    provider: Provider
    agreement: Agreement | None
    state: AgreementState | None
    days: int | None
    delay: Delay | None


@dataclass(frozen=True, slots=True)
class Room:
    """Every provider, and the price lists there are."""

    lines: tuple[ProviderLine, ...]
    tariffs: Mapping[TariffId, str]


@dataclass(frozen=True, slots=True)
class Deal:
    """An agreement or a draft of one, as a row: a draft has its id, an agreement its own."""

    id: AgreementId | AgreementDraftId
    terms: Agreement
    state: AgreementState
    scanned: bool = False

    @property
    def draft(self) -> bool:
        return self.state is AgreementState.DRAFT

    @property
    def agreement_id(self) -> AgreementId:
        """The agreement's own id; a draft has none."""
        return self.terms.id


@dataclass(frozen=True, slots=True)
class View:
    """Everything of one provider; `office` are the pads of certificates that can be given out."""

    line: ProviderLine
    deals: tuple[Deal, ...]
    steps: tuple[ProviderStep, ...]
    tariffs: Mapping[TariffId, str]
    pads: tuple[BookletState, ...]
    office: tuple[BookletState, ...]

    @property
    def provider(self) -> Provider:
        return self.line.provider

    def deal(self, deal_id: object) -> Deal | None:
        return next((one for one in self.deals if one.id == deal_id), None)


def room_of(desk: Desk) -> Room:
    """Return every provider with its agreement and what it waits for."""
    with desk.read() as connection:
        owed = {one.provider_id: one for one in delays(connection, desk.currency, desk.today)}
        lines = [
            _line(
                one,
                queries.agreement_states(connection, one.id, desk.today),
                owed.get(one.id),
                desk.today,
            )
            for one in queries.providers(connection, desk.today).values()
        ]
        return Room(tuple(lines), queries.tariffs(connection))


def _line(
    provider: Provider,
    held: tuple[tuple[Agreement, AgreementState], ...],
    delay: Delay | None,
    today: date,
) -> ProviderLine:
    ordered = sorted(
        (one for one in held if one[1] in _SHOWN), key=lambda one: _SHOWN.index(one[1])
    )
    agreement, state = ordered[0] if ordered else (None, None)
    until = None if agreement is None else agreement.until
    days = None if until is None else days_left(until, today)
    return ProviderLine(provider, agreement, state, days, delay)


def view_of(desk: Desk, provider_id: ProviderId) -> View:
    """Return everything of one provider."""
    with desk.read() as connection:
        provider = queries.providers(connection, desk.today)[provider_id]
        held = queries.agreement_states(connection, provider_id, desk.today)
        owed = {one.provider_id: one for one in delays(connection, desk.currency, desk.today)}
        deals = [
            Deal(one.id, one, state, queries.agreement_scan(connection, one.id) is not None)
            for one, state in held
        ]
        drafts = [
            Deal(one.id, one.terms, AgreementState.DRAFT)
            for one in queries.agreement_drafts(connection, provider_id)
        ]
        pads = [
            one for one in booklet_states(connection) if one.booklet.kind is Stationery.CERTIFICATE
        ]
        return View(
            _line(provider, held, owed.get(provider_id), desk.today),
            (*drafts, *reversed(deals)),
            queries.provider_steps(connection, provider_id),
            queries.tariffs(connection),
            tuple(one for one in pads if one.holder.provider_id == provider_id),
            tuple(one for one in pads if one.holder.office),
        )


# What is done


def _contact(told: Mapping[str, Any]) -> Contact:
    return Contact(**{name: told.get(name) or "" for name in _CONTACT})


def added(desk: Desk, told: Mapping[str, Any]) -> ProviderId:
    """Add a provider as its form describes it."""
    return desk.do(
        service.add_provider,
        contact=_contact(told),
        **{name: value for name, value in told.items() if name not in _CONTACT},
    )


def corrected(desk: Desk, provider: Provider, told: Mapping[str, Any]) -> None:
    """Correct what is known of a provider, with its name where that is another one."""
    with desk.work("change_provider") as work:
        if told["name"] != provider.name:
            service.rename_provider(work, provider_id=provider.id, name=told["name"])
        service.change_provider(
            work,
            provider_id=provider.id,
            level=told["level"],
            kind=told["kind"],
            care=told["care"],
            contact=_contact(told),
        )


def stepped(desk: Desk, provider_id: ProviderId, told: Mapping[str, Any]) -> None:
    """Take a provider to another state."""
    desk.do(service.step_provider, provider_id=provider_id, **told)


def terms_of(
    provider_id: ProviderId, told: Mapping[str, Any], renews: AgreementId | None
) -> Agreement:
    """Return what a form says was agreed; its last day is included, an agreement's end is not."""
    given: dict[str, Any] = {
        name: 0 if value is None and name in _NOUGHT else value for name, value in told.items()
    }
    last = given.pop("until")
    return Agreement(
        id=AgreementId(b""),
        provider_id=provider_id,
        until=None if last is None else last + _DAY,
        renews=renews,
        **given,
    )


_NOUGHT = frozenset({"head_amount", "budget_amount", "deposit", "discount"})


def drafted(desk: Desk, terms: Agreement, draft_id: AgreementDraftId | None) -> AgreementDraftId:
    """Keep what is being talked about."""
    return desk.do(service.draft_agreement, terms=terms, draft_id=draft_id)


def signed(desk: Desk, terms: Agreement, draft_id: AgreementDraftId | None) -> AgreementId:
    """Sign what the form says; a draft is changed to it first, in the same act."""
    if draft_id is not None:
        with desk.work("sign_draft") as work:
            service.draft_agreement(work, terms=terms, draft_id=draft_id)
            return service.sign_draft(work, draft_id=draft_id)
    if terms.renews is not None:
        return desk.do(
            service.renew_agreement, agreement_id=terms.renews, until=terms.until, terms=terms
        )
    return desk.do(service.sign_agreement, agreement=terms)


def dropped(desk: Desk, draft_id: AgreementDraftId) -> None:
    """Give a draft up."""
    desk.do(service.drop_agreement_draft, draft_id=draft_id)


def ended(desk: Desk, agreement_id: AgreementId, told: Mapping[str, Any]) -> None:
    """End an agreement after its last day."""
    with desk.work("end_agreement", reason=told["reason"]) as work:
        service.end_agreement(
            work,
            agreement_id=agreement_id,
            until=told["until"] + _DAY,
            reason=told["reason"],
        )


def scanned(desk: Desk, agreement_id: AgreementId, file: Path) -> None:
    """Keep the signed paper of an agreement.

    Raises:
        Trouble: when the file cannot be read.
    """
    try:
        scan = file.read_bytes()
    except OSError as error:
        raise Trouble(
            Text(N_("{name} could not be read. Choose it again."), {"name": file.name})
        ) from error
    desk.do(service.attach_scan, agreement_id=agreement_id, scan=scan)


def scan_of(desk: Desk, agreement_id: AgreementId) -> bytes | None:
    """Return the last scan of an agreement."""
    told = desk.ask(queries.agreement_scan, agreement_id)
    return None if told is None else desk.attachments.read(told)


def given(
    desk: Desk,
    booklet_id: BookletId,
    provider_id: ProviderId,
    note: str,
    accepting: frozenset[str],
) -> None:
    """Give a pad of certificates to a provider."""
    desk.do(
        issue_booklet,
        booklet_id=booklet_id,
        provider_id=provider_id,
        note=note,
        accepting=accepting,
    )


# Papers


def agreement_paper(desk: Desk, provider: Provider, deal: Deal) -> bytes:
    """Draw the summary of an agreement or of a draft."""
    with desk.read() as connection:
        scheme = scheme_on(connection, desk.today)
        code = queries.tariffs(connection)[deal.terms.tariff_id]
    sheet = AgreementSheet(scheme.name, provider, deal.terms, code, deal.state, desk.currency)
    return agreement_pdf(sheet, scheme.language, practice=desk.practice, printed_on=desk.today)


def mirror_paper(desk: Desk, provider_id: ProviderId) -> bytes:
    """Draw a provider's twelve months."""
    with desk.read() as connection:
        scheme = scheme_on(connection, desk.today)
        told = mirror_of(
            connection, provider_id, Month.of(desk.today), desk.currency, day=desk.today
        )
    return mirror_pdf(
        told,
        scheme.language,
        scheme=scheme.name,
        practice=desk.practice,
        printed_on=desk.today,
    )


def pad_paper(desk: Desk, provider: Provider, pad: BookletState) -> bytes:
    """Draw the leaves of a pad of certificates."""
    with desk.read() as connection:
        scheme = scheme_on(connection, desk.today)
    return certificate_pad_pdf(
        pad.booklet, provider.name, scheme.language, scheme=scheme.name, practice=desk.practice
    )
