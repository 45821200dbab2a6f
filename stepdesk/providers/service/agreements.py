"""Agreements: drafted, signed, renewed, ended; their signed papers are kept as scans."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, timedelta

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import service as ledger
from stepdesk.providers import queries, rules
from stepdesk.providers.model import (
    agreement as agreement_table,
)
from stepdesk.providers.model import (
    agreement_draft,
    agreement_end,
    agreement_scan,
)
from stepdesk.providers.service.providers import write_step
from stepdesk.providers.service.tariffs import check_tariff
from stepdesk.providers.terms import Agreement, AgreementDraft, ProviderState, ProviderStep
from stepdesk.store.attachments import LARGEST
from stepdesk.store.work import Work
from stepdesk.values.ids import AgreementDraftId, AgreementId, ProviderId
from stepdesk.values.month import Month

_NO_AGREEMENT = Text(N_("There is no such agreement. Choose one from the list."))
_NO_DRAFT = Text(
    N_("There is no such draft, or it was signed already. Look at the list of drafts.")
)
_TERMS = tuple(
    one.name for one in fields(Agreement) if one.name not in {"id", "provider_id", "renews"}
)
_SCANS = (b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


# Drafts


def draft_agreement(
    work: Work, *, terms: Agreement, draft_id: AgreementDraftId | None = None
) -> AgreementDraftId:
    """Keep what is being talked about with a provider; a draft pays nothing.

    Args:
        work: The work.
        terms: What is meant to be agreed; its id is not used.
        draft_id: The draft that is changed; a new one when left out.

    Raises:
        Refusal: no such provider, price list, open draft or agreement to renew, a figure that
            cannot stand. Whether other agreements hold is asked when it is signed.
    """
    _check_terms(work, terms)
    told = {name: getattr(terms, name) for name in _TERMS}
    if draft_id is not None:
        if _open_draft(work, draft_id).terms.provider_id != terms.provider_id:
            raise Refusal(_NO_DRAFT, field="draft_id")
        work.update(agreement_draft, draft_id, **told)
        return draft_id
    new = AgreementDraftId(work.new_id())
    work.insert(
        agreement_draft,
        id=new,
        provider_id=terms.provider_id,
        renews_id=terms.renews,
        **told,
    )
    return new


def drop_agreement_draft(work: Work, *, draft_id: AgreementDraftId) -> None:
    """Give a draft up; it stays in the journal.

    Raises:
        Refusal: no such draft, one that was signed or dropped.
    """
    _open_draft(work, draft_id)
    work.update(agreement_draft, draft_id, dropped_on=work.today)


def sign_draft(
    work: Work, *, draft_id: AgreementDraftId, scan: bytes | None = None
) -> AgreementId:
    """Make a draft an agreement; see `sign_agreement`.

    Raises:
        Refusal: no such draft, one that was signed or dropped; and those of `sign_agreement`.
    """
    draft = _open_draft(work, draft_id)
    agreement_id = sign_agreement(work, agreement=draft.terms, scan=scan)
    work.update(agreement_draft, draft_id, agreement_id=agreement_id)
    return agreement_id


def _open_draft(work: Work, draft_id: AgreementDraftId) -> AgreementDraft:
    for one in queries.agreement_drafts(work.connection):
        if one.id == draft_id:
            return one
    raise Refusal(_NO_DRAFT, field="draft_id")


# Signing


def sign_agreement(work: Work, *, agreement: Agreement, scan: bytes | None = None) -> AgreementId:
    """Write what was agreed with a provider; `agreement.id` is given anew.

    A candidate, and one that was talked with, is contracted from then on.

    Args:
        work: The work.
        agreement: What was agreed.
        scan: The signed paper, a PDF or a picture.

    Raises:
        Refusal: no such provider, price list or agreement to renew, a figure that cannot stand,
            an amount its mode of payment needs or has no use for, days another agreement with
            the provider holds, a provider that is suspended or ended, a scan that is none.
    """
    provider_id = agreement.provider_id
    _check_terms(work, agreement)
    others = queries.agreements(work.connection, provider_id)
    _check_overlap(agreement, others)
    if others and ledger.is_closed(work, agreement.first_day):
        raise Refusal(
            Text(
                N_("{month} is closed. Let a further agreement begin in the open month or later."),
                {"month": Month.of(agreement.first_day)},
            ),
            field="first_day",
        )
    _contract(work, agreement)
    agreement_id = AgreementId(work.new_id())
    work.insert(
        agreement_table,
        id=agreement_id,
        provider_id=provider_id,
        renews_id=agreement.renews,
        **{name: getattr(agreement, name) for name in _TERMS},
    )
    if scan is not None:
        attach_scan(work, agreement_id=agreement_id, scan=scan)
    return agreement_id


def _check_terms(work: Work, terms: Agreement) -> None:
    if work.row("SELECT 1 FROM provider WHERE id = :id", id=terms.provider_id) is None:
        raise Refusal(
            Text(N_("There is no such provider. Choose one from the list.")), field="provider_id"
        )
    check_tariff(work, terms.tariff_id)
    fault = rules.agreement_fault(terms)
    if fault is not None:
        raise Refusal(fault[1], field=fault[0])
    if terms.renews is not None:
        held = queries.agreement_of_id(work.connection, terms.renews)
        if held is None or held.provider_id != terms.provider_id:
            raise Refusal(_NO_AGREEMENT, field="renews")


def _contract(work: Work, agreement: Agreement) -> None:
    """Take the step that signing is."""
    steps = queries.provider_steps(work.connection, agreement.provider_id)
    stands = rules.state_on(steps)
    if stands in rules.CLOSED:
        raise Refusal(
            Text(
                N_(
                    "This provider was suspended or ended on {day}. Take it back first, then sign."
                ),
                {"day": steps[-1].day},
            ),
            field="provider_id",
        )
    if stands is not ProviderState.CONTRACTED:
        day = max(steps[-1].day, min(work.today, agreement.first_day))
        step = ProviderStep(ProviderState.CONTRACTED, day, "")
        write_step(work, agreement.provider_id, step)


def _check_overlap(asked: Agreement, others: Sequence[Agreement]) -> None:
    for other in others:
        begins, ends = max(asked.first_day, other.first_day), min(_end(asked), _end(other))
        if begins < ends and other.until is None:
            raise Refusal(
                Text(
                    N_("An agreement holds since {first}. End it first."),
                    {"first": other.first_day},
                ),
                field="first_day",
            )
        if begins < ends and other.until is not None:
            raise Refusal(
                Text(
                    N_("An agreement holds from {first} to {last}. Choose other days."),
                    {"first": other.first_day, "last": other.until - timedelta(days=1)},
                ),
                field="first_day",
            )


def _end(agreement: Agreement) -> date:
    return agreement.until or date.max


def renew_agreement(
    work: Work,
    *,
    agreement_id: AgreementId,
    until: date | None = None,
    terms: Agreement | None = None,
    scan: bytes | None = None,
) -> AgreementId:
    """Sign an agreement that follows another on the day it ends.

    Args:
        work: The work.
        agreement_id: The one that runs out.
        until: The end of the new one, not included; as long as the former when left out.
        terms: What changes; the same terms when left out. Its days and provider are not used.
        scan: The signed paper.

    Raises:
        Refusal: no such agreement, one without an end, one that was renewed; and those of
            `sign_agreement`.
    """
    held = queries.agreement_of_id(work.connection, agreement_id)
    if held is None:
        raise Refusal(_NO_AGREEMENT, field="agreement_id")
    if held.until is None:
        raise Refusal(
            Text(N_("This agreement has no end, so nothing renews it. End it first.")),
            field="agreement_id",
        )
    others = queries.agreements(work.connection, held.provider_id)
    if any(one.renews == agreement_id and one.first_day < _end(one) for one in others):
        raise Refusal(
            Text(N_("This agreement was renewed already. Choose the newer one.")),
            field="agreement_id",
        )
    asked = replace(
        terms or held,
        provider_id=held.provider_id,
        first_day=held.until,
        until=until or held.until + (held.until - held.first_day),
        renews=agreement_id,
    )
    return sign_agreement(work, agreement=asked, scan=scan)


def attach_scan(work: Work, *, agreement_id: AgreementId, scan: bytes) -> bytes:
    """Keep the signed paper of an agreement and return its hash; the last one is shown.

    Raises:
        Refusal: no such agreement, a file that is neither PDF nor picture, one that is too large.
    """
    if queries.agreement_of_id(work.connection, agreement_id) is None:
        raise Refusal(_NO_AGREEMENT, field="agreement_id")
    if not scan.startswith(_SCANS):
        raise Refusal(
            Text(N_("A scan is a PDF, a JPEG or a PNG. Choose another file.")), field="scan"
        )
    if len(scan) > LARGEST:
        raise Refusal(
            Text(
                N_("A scan has at most {most} megabytes. Scan it in grey, or fewer dots."),
                {"most": LARGEST >> 20},
            ),
            field="scan",
        )
    told = work.attach(scan)
    work.insert(
        agreement_scan,
        id=work.new_id(),
        agreement_id=agreement_id,
        scan=told,
        noted_on=work.today,
        noted_by=work.person.staff_id,
    )
    return told


def end_agreement(work: Work, *, agreement_id: AgreementId, until: date, reason: str) -> Agreement:
    """End an agreement before its time; return it as it now stands.

    Args:
        work: The work.
        agreement_id: Which agreement.
        until: The first day without it; its own first day takes it back as a whole.
        reason: Kept with the end.

    Raises:
        Refusal: no such agreement, one that was ended already, no reason, an end outside the
            agreement or in a closed month.
    """
    row = work.row("SELECT provider_id FROM agreement WHERE id = :id", id=agreement_id)
    if row is None:
        raise Refusal(_NO_AGREEMENT, field="agreement_id")
    ended = work.row("SELECT until FROM agreement_end WHERE agreement_id = :id", id=agreement_id)
    if ended is not None:
        raise Refusal(
            Text(
                N_("This agreement was ended already, from {day} on. Choose another one."),
                {"day": date.fromisoformat(ended.until)},
            ),
            field="agreement_id",
        )
    if not reason.strip():
        raise Refusal(Text(N_("Say why the agreement ends.")), field="reason")
    held = _one(work, ProviderId(row.provider_id), agreement_id)
    _check_end(work, held, until)
    work.insert(
        agreement_end,
        id=work.new_id(),
        agreement_id=agreement_id,
        until=until,
        reason=reason.strip(),
    )
    return _one(work, held.provider_id, agreement_id)


def _one(work: Work, provider_id: ProviderId, agreement_id: AgreementId) -> Agreement:
    held = queries.agreements(work.connection, provider_id)
    return next(one for one in held if one.id == agreement_id)


def _check_end(work: Work, held: Agreement, until: date) -> None:
    if not held.first_day <= until <= _end(held):
        raise Refusal(
            Text(
                N_("The agreement begins on {first}. Choose an end inside its days."),
                {"first": held.first_day},
            ),
            field="until",
        )
    if ledger.is_closed(work, until):
        raise Refusal(
            Text(
                N_("{month} is closed. Let the agreement end on {first} or later."),
                {"month": Month.of(until), "first": ledger.first_open_day(work)},
            ),
            field="until",
        )
