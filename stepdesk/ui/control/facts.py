"""What the control room reads and does: on the lane, in one go, as frozen values."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from stepdesk.claims.queries import claim_of_number, contested
from stepdesk.claims.terms import Contested, Override
from stepdesk.complaints import queries, service
from stepdesk.complaints.papers import register_list
from stepdesk.complaints.terms import Complaint, ComplaintState, NewComplaint
from stepdesk.countries import country
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.queries import search
from stepdesk.members.terms import PersonRow
from stepdesk.providers.queries import providers
from stepdesk.providers.terms import Provider
from stepdesk.rights.terms import ReasonCode
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Colleague, Desk
from stepdesk.ui.action_form import Sent
from stepdesk.values.ids import ComplaintId, RequestId

_MOST = 8


@dataclass(frozen=True, slots=True)
class Room:
    """The register of complaints, and who signs too.

    `contested` are the reasons of the decision each appeal that is heard is about.
    """

    complaints: tuple[Complaint, ...]
    due: frozenset[ComplaintId]
    providers: tuple[Provider, ...]
    others: tuple[Colleague, ...]
    solo: bool
    today: date
    contested: Mapping[ComplaintId, tuple[Contested, ...]]


def room_of(desk: Desk) -> Room:
    """Read the register; who looked is logged."""
    pack, today = country(desk.country), desk.today
    with desk.read() as connection:
        found = queries.complaints(connection, pack)
        room = Room(
            found,
            frozenset(one.id for one in found if one.due is not None),
            tuple(providers(connection, today).values()),
            tuple(one for one in desk.colleagues() if one.id != desk.person.staff_id),
            desk.solo,
            today,
            {
                one.id: contested(connection, one.claim_id)
                for one in found
                if one.claim_id is not None and one.state is ComplaintState.HEARD
            },
        )
    desk.note_access("list complaints", None, today, f"{len(found)} rows")
    return room


def people(desk: Desk, asked: str) -> tuple[PersonRow, ...]:
    """Return who is meant, at most eight."""
    return desk.ask(search, asked, limit=_MOST) if asked else ()


def filed(desk: Desk, request_id: RequestId, sent: Sent) -> ComplaintId:
    """File a complaint."""
    told = sent.answers
    claim = str(told["claim"] or "")
    claim_id = desk.ask(claim_of_number, claim) if claim else None
    if claim and claim_id is None:
        text = Text(N_("There is no claim {number}. Check the number."), {"number": claim})
        raise Refusal(text, field="claim")
    earlier = str(told["earlier"] or "")
    earlier_id = desk.ask(queries.complaint_of_number, earlier) if earlier else None
    if earlier and earlier_id is None:
        text = Text(N_("There is no complaint {number}. Check the number."), {"number": earlier})
        raise Refusal(text, field="earlier")
    with desk.work("file_complaint", reason=sent.reason) as work:
        return service.file_complaint(
            work,
            request_id=request_id,
            told=NewComplaint(
                told["kind"],
                told["told"] or "",
                told["filed_by"],
                told["who"] or "",
                told["household"],
                claim_id,
                told["provider"],
                earlier_id,
            ),
            filed_on=told["filed_on"],
            accepting=sent.accepting,
        )


def new_request() -> RequestId:
    return RequestId(secrets.token_bytes(16))


def stepped(desk: Desk, complaint_id: ComplaintId, sent: Sent) -> None:
    """Do the next step of a complaint."""
    acts: Mapping[str, Callable[..., None]] = {
        "acknowledge": service.acknowledge_complaint,
        "hear": service.hear_complaint,
        "answer": service.answer_complaint,
        "close": service.close_complaint,
    }
    values: dict[str, Any] = {
        name: "" if value is None else value for name, value in sent.answers.items()
    }
    if sent.name == "answer":
        waived = values.pop("code") or ()
        values["overrides"] = tuple(Override(code) for code in ReasonCode if code in waived)
        values["accepting"] = sent.accepting
    with desk.work(f"{sent.name}_complaint", reason=sent.reason) as work:
        if sent.signer is not None:
            work.second(*sent.signer)
        acts[sent.name](work, complaint_id=complaint_id, **values)


def form_paper(desk: Desk, complaint_id: ComplaintId | None) -> bytes:
    """Draw the form of a complaint, filled or blank."""
    from stepdesk.complaints.papers import form_pdf

    pack, today = country(desk.country), desk.today
    with desk.read() as connection:
        one = (
            None if complaint_id is None else queries.complaint_of(connection, complaint_id, pack)
        )
        scheme = scheme_on(connection, today)
    if one is not None:
        desk.note_access("complaint", one.household_id, today, "paper")
    return form_pdf(
        one,
        scheme.language,
        scheme=scheme.name,
        practice=desk.practice,
        acknowledge_days=pack.number("acknowledge_days", today),
        decide_days=pack.number("decide_days", today),
        printed_on=today,
    )


def register_paper(desk: Desk) -> bytes:
    """Draw the register of complaints: nobody is named in it."""
    today = desk.today
    with desk.read() as connection:
        found = queries.complaints(connection, country(desk.country))
        scheme = scheme_on(connection, today)
    desk.note_access("list complaints", None, today, f"{len(found)} rows")
    return register_list(found, today).pdf(
        scheme.language, scheme=scheme.name, practice=desk.practice, printed_on=today
    )
