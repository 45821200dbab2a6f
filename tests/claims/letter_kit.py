"""Letters for the patients of `kit`."""

from typing import Any

from stepdesk.claims.service import issue_letter
from stepdesk.claims.terms import GuaranteeLetter, NewLetter
from stepdesk.store.desk import Desk
from tests.builders import a_request
from tests.claims.kit import Care, francs


def asked(care: Care, service: str = "DEL", *, at: int = 0, **told: Any) -> NewLetter:
    values: dict[str, Any] = {"provider_id": care.provider_id} | told
    return NewLetter(care.home.person_ids[at], service_id=care.services[service], **values)


def a_letter(
    desk: Desk,
    care: Care,
    service: str = "DEL",
    *,
    up_to: int | None = None,
    days: int | None = None,
    accepting: frozenset[str] = frozenset(),
    **told: Any,
) -> GuaranteeLetter:
    return desk.do(
        issue_letter,
        request_id=a_request(),
        asked=asked(care, service, **told),
        up_to=None if up_to is None else francs(desk, up_to),
        days=days,
        accepting=accepting,
    )
