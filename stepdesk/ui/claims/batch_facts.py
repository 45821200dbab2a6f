"""What a whole batch asks and does: its total, people nobody knows, files, papers. On the lane."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from stepdesk.claims import queries, rules, service
from stepdesk.claims.terms import (
    Difference,
    DifferenceKind,
    NoticeTo,
    Reconciled,
    State,
    UnknownPatient,
)
from stepdesk.countries import country
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.progress import Progress
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Desk
from stepdesk.values.ids import (
    BatchId,
    ClaimId,
    PersonId,
    ProviderId,
    RequestId,
    ServiceId,
    UnknownPatientId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month

if TYPE_CHECKING:
    from stepdesk.exchange.claims_file import ClaimsImported
    from stepdesk.paper.sheet import Listing


# Beside a certificate


def noticed(
    desk: Desk,
    *,
    person_id: PersonId,
    day: date,
    provider_id: ProviderId,
    certificate: str,
    acts: tuple[ServiceId, ...],
) -> tuple[Text, ...]:
    """Return what is to be looked at beside a certificate that is being typed."""
    facts = desk.ask(
        lambda connection: queries.noticed_facts(
            connection,
            person_id=person_id,
            day=day,
            provider_id=provider_id,
            certificate=certificate,
            acts=acts,
        )
    )
    return () if facts is None else rules.noticed(facts)


# People nobody knows


@dataclass(frozen=True, slots=True)
class NewUnknown:
    """A certificate of somebody unknown, as it is typed; `claimed` in minor units."""

    request_id: RequestId
    certificate: str
    written: str
    day: date
    claimed: int


def unknown_entered(desk: Desk, batch_id: BatchId, told: NewUnknown) -> None:
    """Record a certificate of somebody unknown: refused until the person is found."""
    desk.do(
        service.enter_unknown,
        request_id=told.request_id,
        batch_id=batch_id,
        certificate=told.certificate,
        written=told.written,
        day=told.day,
        claimed=Money(told.claimed, desk.currency),
    )


def unknown_solved(desk: Desk, unknown_id: UnknownPatientId, claim_id: ClaimId) -> None:
    """Say which typed certificate is the one of somebody nobody knew."""
    desk.do(service.solve_unknown, unknown_id=unknown_id, claim_id=claim_id)


# The batch against its invoice


@dataclass(frozen=True, slots=True)
class Standing:
    """A batch against its invoice; `missing` are numbers between the others that nobody typed."""

    reconciled: Reconciled
    missing: tuple[str, ...] = ()
    unknown: tuple[UnknownPatient, ...] = ()


def standing_of(desk: Desk, batch_id: BatchId) -> Standing:
    """Read how a batch stands against its invoice."""
    with desk.read() as connection:
        told = queries.reconciled(connection, batch_id, desk.currency)
        unknown = queries.unknown_patients(connection, desk.currency, batch_id)
        claims = queries.claims_of(connection, desk.currency, batch_id=batch_id)
    typed = {one.certificate for one in claims if one.state is not State.WITHDRAWN}
    typed |= {one.certificate for one in unknown}
    named = {
        one.certificate
        for one in told.differences
        if one.kind is DifferenceKind.MISSING_CERTIFICATE
    }
    return Standing(told, rules.missing_numbers(typed | named), unknown)


def difference_named(desk: Desk, batch_id: BatchId, difference: Difference) -> Standing:
    """Name why a batch does not come to its invoice, and tell how it stands then."""
    desk.do(service.name_difference, batch_id=batch_id, difference=difference)
    return standing_of(desk, batch_id)


# Files


class _Looked(Exception):
    def __init__(self, found: "ClaimsImported") -> None:
        super().__init__()
        self.found = found


def file_looked_through(desk: Desk, file: Path, progress: Progress) -> "ClaimsImported":
    """Read a file of certificates as if it were brought in; nothing is kept.

    Raises:
        Refusal: naming the lines that cannot be right (`ManyWrong` where there are several).
    """
    from stepdesk.exchange.claims_file import import_claims

    try:
        with desk.work("foresee") as work:
            work.given_up = True
            raise _Looked(import_claims(work, file=file, progress=progress))
    except _Looked as looked:
        return looked.found


def file_brought_in(desk: Desk, file: Path, progress: Progress) -> "ClaimsImported":
    """Bring in a file of certificates, whole or not at all."""
    from stepdesk.exchange.claims_file import import_claims

    return desk.do(import_claims, file=file, progress=progress)


def wrong_lines(refusal: Refusal) -> tuple[Text, ...]:
    """Return everything a refused file was refused for."""
    from stepdesk.exchange.claims_file import ManyWrong

    return refusal.each if isinstance(refusal, ManyWrong) else (refusal.text,)


# Papers


def notice_paper(
    desk: Desk, batch_id: BatchId, to: NoticeTo, claim_id: ClaimId | None = None
) -> bytes:
    """Draw the notices of what was refused or lowered (D15), of a batch or of one certificate.

    Raises:
        Refusal: when nothing was.
    """
    from stepdesk.claims.papers import notice_pdf

    pack = country(desk.country)
    with desk.read() as connection:
        found = queries.notices_of(
            connection,
            desk.currency,
            batch_id=batch_id,
            claim_id=claim_id,
            appeal_days=pack.number("appeal_days", desk.today),
        )
        scheme = scheme_on(connection, desk.today)
    if not found:
        raise Refusal(
            Text(N_("Nothing there was refused or lowered. Choose another claim or batch.")),
            field="number",
        )
    paper = notice_pdf(
        found,
        to,
        scheme.language,
        scheme=scheme.name,
        practice=desk.practice,
        decide_days=pack.number("decide_days", desk.today),
        printed_on=desk.today,
    )
    desk.note_access("notice", claim_id, None, f"{len(found)} pdf")
    return paper


def history_paper(desk: Desk, claim_id: ClaimId) -> bytes:
    """Draw what happened to a certificate, each decision with what was paid or recovered for it."""
    from stepdesk.claims.papers import history_list

    with desk.read() as connection:
        claim = queries.claim_of(connection, claim_id, desk.currency)
        rows = queries.history_of(connection, claim_id, desk.currency)
    paper = _drawn(desk, history_list(claim.number, rows))
    desk.note_access("history", claim_id, desk.today, "pdf")
    return paper


def register_paper(desk: Desk, month: Month) -> bytes:
    """Draw the register of benefits of a month: every claim that came, as it stands."""
    from stepdesk.claims.papers import benefits_list

    rows = desk.ask(queries.register_of_benefits, month, desk.currency)
    paper = _drawn(desk, benefits_list(rows, month, desk.currency))
    desk.note_access("benefits", None, desk.today, "list")
    return paper


def reasons_paper(desk: Desk, month: Month) -> bytes:
    """Draw what was lowered or refused on the invoices of a month, by reason."""
    from stepdesk.claims.papers import reasons_list

    rows = desk.ask(queries.reasons_of, month, month, desk.currency)
    return _drawn(desk, reasons_list(rows, month, month))


def _drawn(desk: Desk, listing: "Listing") -> bytes:
    scheme = desk.ask(scheme_on, desk.today)
    return listing.pdf(
        scheme.language, scheme=scheme.name, practice=desk.practice, printed_on=desk.today
    )
