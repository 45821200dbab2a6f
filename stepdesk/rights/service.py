"""Asking for rights at the counter: the answer in two sentences, and a line in the access log."""

from datetime import date

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.rights import rules
from stepdesk.rights.queries import standing_of
from stepdesk.rights.terms import Question, Told, Verdict
from stepdesk.store.desk import Desk
from stepdesk.values.ids import PersonId


def ask_rights(desk: Desk, *, person_id: PersonId, day: date) -> Verdict:
    """Answer whether a person has rights on a day; who asked, when and for whom is logged.

    Raises:
        Refusal: when nobody is known by that id.
    """
    return tell_rights(desk, person_id=person_id, day=day).verdict


def tell_rights(desk: Desk, *, person_id: PersonId, day: date) -> Told:
    """Answer as `ask_rights` does, with a sentence for the member and one for the provider.

    Raises:
        Refusal: when nobody is known by that id.
    """
    standing = desk.ask(standing_of, person_id, day)
    if standing is None:
        raise Refusal(Text(N_("Nobody is registered under this number.")), field="person")
    question = Question(day, desk.currency, paid_through=standing.account.covered_through)
    return give(desk, person_id, question, rules.verdict(standing.rights))


def give(desk: Desk, person_id: PersonId, question: Question, verdict: Verdict) -> Told:
    """Log that an answer was given out, and return it with its two sentences."""
    desk.note_access("rights", person_id, question.day, verdict.answer.value)
    return Told(
        question,
        verdict,
        rules.for_the_member(question, verdict),
        rules.for_the_provider(question, verdict),
    )
