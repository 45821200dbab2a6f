"""Asking for rights at the counter: the answer, and a line in the access log."""

from datetime import date

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.rights.queries import verdict_of
from stepdesk.rights.terms import Verdict
from stepdesk.store.desk import Desk
from stepdesk.values.ids import PersonId


def ask_rights(desk: Desk, *, person_id: PersonId, day: date) -> Verdict:
    """Answer whether a person has rights on a day; who asked, when and for whom is logged.

    Raises:
        Refusal: when nobody is known by that id.
    """
    verdict = desk.ask(verdict_of, person_id, day)
    if verdict is None:
        raise Refusal(Text(N_("Nobody is registered under this number.")), field="person")
    desk.note_access("rights", person_id, day, verdict.answer.value)
    return verdict
