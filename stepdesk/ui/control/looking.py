"""What the parts about flags and visits read and do: on the lane, in one go, as frozen values."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from stepdesk.control import queries, service
from stepdesk.control.terms import (
    OPEN,
    Flag,
    FlagState,
    Looked,
    VisitAnswer,
    VisitList,
)
from stepdesk.progress import Progress
from stepdesk.providers.queries import providers
from stepdesk.providers.terms import Provider
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Desk
from stepdesk.ui.action_form import Sent
from stepdesk.values.ids import FlagId, RequestId, VisitId, VisitListId
from stepdesk.values.month import Month

WAITING, CONFIRMED, DISMISSED = "waiting", "confirmed", "dismissed"
"""Which flags are listed."""
STATES = {
    WAITING: OPEN,
    CONFIRMED: frozenset({FlagState.CONFIRMED, FlagState.ACTION}),
    DISMISSED: frozenset({FlagState.DISMISSED}),
}


def flags_of(desk: Desk, which: str) -> tuple[Flag, ...]:
    """Return the flags of a list, the highest first; who looked is logged."""
    found = desk.ask(queries.flags, desk.currency, states=STATES[which])
    desk.note_access("list flags", None, desk.today, f"{len(found)} rows")
    return found


def shown(desk: Desk, flag_id: FlagId) -> Flag:
    """Return a flag with its evidence; who looked is logged."""
    return service.show_flag(desk, flag_id)


def looked(desk: Desk, month: Month, progress: Progress) -> Looked:
    """Look at the twelve months that end with a month."""
    with desk.work("look_for_flags") as work:
        return service.look_for_flags(work, month=month, progress=progress)


def judged(desk: Desk, flag_id: FlagId, sent: Sent) -> None:
    """Do the next step of a flag."""
    acts: Mapping[str, Callable[..., None]] = {
        "review": service.review_flag,
        "dismiss": service.dismiss_flag,
        "confirm": service.confirm_flag,
        "act_on": service.act_on_flag,
    }
    values: dict[str, Any] = {
        name: "" if value is None else value for name, value in sent.answers.items()
    }
    desk.do(acts[sent.name], flag_id=flag_id, **values)


# Visits


@dataclass(frozen=True, slots=True)
class Visits:
    """The lists that were drawn, and the one that is shown."""

    lists: tuple[tuple[VisitListId, Month, str, date], ...]
    now: VisitList | None
    providers: tuple[Provider, ...]


def visits_of(desk: Desk, list_id: VisitListId | None) -> Visits:
    """Read a list to call from, the latest when None; who took names out is logged."""
    with desk.read() as connection:
        found = queries.visit_lists(connection)
        known = tuple(providers(connection, desk.today).values())
    lists = tuple((one.id, one.month, one.provider, one.drawn_on) for one in found)
    wanted = list_id or (lists[0][0] if lists else None)
    now = None if wanted is None else service.visits_to_call(desk, wanted)
    return Visits(lists, now, known)


def new_request() -> RequestId:
    return RequestId(secrets.token_bytes(16))


def drawn(desk: Desk, request_id: RequestId, sent: Sent) -> VisitListId:
    """Draw visits to confirm."""
    told = sent.answers
    return desk.do(
        service.draw_visits,
        request_id=request_id,
        month=told["month"],
        months=1 if told["months"] is None else told["months"],
        provider_id=told["provider"],
    )


def answered(desk: Desk, visit_id: VisitId, answer: VisitAnswer, note: str) -> None:
    """Write what was said."""
    desk.do(service.answer_visit, visit_id=visit_id, answer=answer, note=note)


def call_sheet(desk: Desk, list_id: VisitListId) -> bytes:
    """Draw the sheet to call from; who took it out is logged."""
    from stepdesk.control.papers import call_sheet_pdf

    told = service.visits_to_call(desk, list_id)
    scheme = desk.ask(scheme_on, desk.today)
    return call_sheet_pdf(
        told,
        scheme.language,
        scheme=scheme.name,
        practice=desk.practice,
        printed_on=desk.today,
    )
