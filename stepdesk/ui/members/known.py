"""What the forms of a household read and do; all of it for the lane."""

from collections.abc import Callable
from dataclasses import dataclass

from stepdesk.contributions import rules
from stepdesk.contributions.queries import plans
from stepdesk.errors import Caution, Refusal
from stepdesk.i18n import Text
from stepdesk.members.queries import categories as all_categories
from stepdesk.members.queries import household_file, person_names, search
from stepdesk.members.terms import Happened, PersonRow
from stepdesk.payers import queries as payers
from stepdesk.providers.queries import providers
from stepdesk.rights.service import foresee, resign_at
from stepdesk.rights.terms import Foreseen
from stepdesk.scheme.queries import sections_on
from stepdesk.store.desk import Desk
from stepdesk.store.work import Work
from stepdesk.ui.members.asks import Answers, Happening, Known, Told
from stepdesk.values.ids import HouseholdId

_MOST = 8


def known_of(desk: Desk, household_id: HouseholdId) -> Known | None:
    """Return what a household's forms offer; None when there is no such household."""
    day = desk.today
    with desk.read() as connection:
        file = household_file(connection, household_id)
        if file is None:
            return None
        return Known(
            file,
            day,
            person_names(connection, household_id),
            sections_on(connection, day),
            tuple(rules.plan_on(held, day) for held in plans(connection).values()),
            all_categories(connection),
            payers.groups(connection, day),
            payers.place_of(connection, household_id, day),
            tuple(payers.agreements(connection).values()),
            payers.nominations(connection, household_id),
            tuple(providers(connection).values()),
            resign_at(connection, household_id, day),
        )


def found(desk: Desk, asked: str) -> tuple[PersonRow, ...]:
    """Return who is meant, at most eight."""
    return desk.ask(search, asked, limit=_MOST) if asked else ()


@dataclass(frozen=True, slots=True)
class Effect:
    """What a form would do: how it stands before and after, what is doubted, or why not."""

    foreseen: Foreseen | None
    doubts: tuple[Text, ...] = ()
    refused: Text | None = None


def effect_of(desk: Desk, happening: Happening, known: Known, answers: Answers) -> Effect:
    """Return what these answers would do; nothing is written."""
    doubts: tuple[Text, ...] = ()
    accepting: frozenset[str] = frozenset()
    while True:
        try:
            act = _act(happening, known, answers, accepting)
            told = foresee(desk, act, day=happening.looks(known, answers))
        except Refusal as refusal:
            return Effect(None, doubts, refusal.text)
        except Caution as caution:
            names = frozenset(doubt.name for doubt in caution.doubts)
            if names <= accepting:
                return Effect(None, doubts)
            accepting |= names
            doubts += tuple(doubt.text for doubt in caution.doubts)
        else:
            return Effect(told, doubts)


def _act(
    happening: Happening, known: Known, answers: Answers, accepting: frozenset[str]
) -> Callable[[Work], Happened]:
    def act(work: Work) -> Happened:
        return happening.act(work, known, answers, accepting)

    return act


def record(desk: Desk, told: Told) -> Happened:
    """Do what a form says, in one work."""
    with desk.work(told.happening.verb, reason=told.reason) as work:
        if told.signer is not None:
            work.second(*told.signer)
        return told.happening.act(work, told.known, told.answers, told.accepting)
