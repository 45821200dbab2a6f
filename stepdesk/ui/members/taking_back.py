"""Taking an event back: a form like any other, that asks only why."""

from stepdesk.i18n import N_
from stepdesk.members.terms import Happened
from stepdesk.payers import service
from stepdesk.store.work import Work
from stepdesk.ui.members.asks import Answers, Ask, Happening, Known, Part
from stepdesk.ui.members.history import Line


def taking_back(line: Line) -> Happening:
    """Return the form that takes an event of the history back."""

    def act(work: Work, _known: Known, told: Answers, accepting: frozenset[str]) -> Happened:
        if line.event.id is None:
            raise LookupError("an event without an id is not in the book")
        return service.take_back(
            work, event_id=line.event.id, reason=told["reason"], accepting=accepting
        )

    return Happening(
        "take-back",
        N_("Take back"),
        line.what,
        Part.CORRECTION,
        "reverse_event",
        (Ask("reason", N_("Why is it taken back?"), hint=N_("For example: wrong person")),),
        act,
        undone=False,
    )
