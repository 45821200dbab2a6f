"""What a form of the members' room is told by: the questions it asks, and what is known before.

An event is a row of a table (happenings.py, corrections.py): its words, its questions, and the
verb that takes the answers. One form shows them all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from stepdesk.contributions.terms import PlanVersion
from stepdesk.i18n import N_, Text
from stepdesk.members.terms import ENDINGS, EventKind, Happened, HouseholdFile, PersonRow
from stepdesk.payers.terms import Group, GroupPlace, Nomination, PayerAgreement
from stepdesk.providers.terms import Provider
from stepdesk.scheme.terms import Section
from stepdesk.store.work import Work
from stepdesk.values.ids import CategoryId, PersonId, StaffId

When = Callable[["Known", Mapping[str, Any]], bool]
First = Callable[["Known", Mapping[str, Any]], object]
Offer = Callable[["Known", Mapping[str, Any]], "Choices"]
Answers = Mapping[str, Any]
"""What was answered, by the name of the question. What may be left out and was is None."""


class Kind(Enum):
    """What an answer is, and so which field asks for it."""

    WORDS = "words"
    DAY = "day"
    NUMBER = "number"
    MONEY = "money"  # typed in whole units and decimals of the currency, minor units in the answer
    BIRTH = "birth"
    ONE = "one"  # one of a few that are all seen
    LIST = "list"  # one of a list that opens
    FAMILY = "family"  # what each of several persons is to the member
    SOME = "some"  # which persons go, and what each is to their member
    SEVERAL = "several"  # any of a few, each with a tick
    PHOTO = "photo"
    HOUSEHOLD = "household"  # another household, found by number or name
    PERSON = "person"  # somebody of any household, found by number or name


Choices = Sequence[tuple[object, "Text | str"]]
"""Value and words of each; a plain text is a value of the book and is not translated."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a household's forms offer and start from; read on the lane.

    `exits_on` is the first day without cover of a household that leaves today.
    """

    file: HouseholdFile
    today: date
    names: Mapping[PersonId, tuple[str, str]] = field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    plans: tuple[PlanVersion, ...] = ()
    categories: tuple[tuple[CategoryId, str], ...] = ()
    groups: tuple[Group, ...] = ()
    place: GroupPlace | None = None
    agreements: tuple[PayerAgreement, ...] = ()
    nominations: tuple[Nomination, ...] = ()
    posts: tuple[Provider, ...] = ()
    exits_on: date = date.min

    @property
    def persons(self) -> tuple[PersonRow, ...]:
        """The persons who have not left, the member first."""
        here = [one for one in self.file.persons if one.until is None or one.until > self.today]
        return tuple(sorted(here, key=lambda one: (not one.member, one.suffix)))

    @property
    def ended(self) -> bool:
        """Whether the membership has ended and was not taken up again."""
        state = False
        for event in self.file.events:
            if event.kind in ENDINGS:
                state = True
            elif event.kind is EventKind.READMITTED:
                state = False
        return state

    def person(self, person_id: object) -> PersonRow | None:
        return next((one for one in self.file.persons if one.id == person_id), None)

    def is_member(self, person_id: object) -> bool:
        return person_id is not None and person_id == self.file.member_id


def always(_known: Known, _answers: Answers) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Ask:
    """A question of a form.

    Args:
        name: What the verb and its refusals call it.
        label: Stands above the field.
        kind: What the answer is.
        hint: Stands below the field.
        choices: What is offered, where the kind offers anything. What was answered above is
            known to it.
        first: What stands in the field at first; reckoned again when an answer it `follows`
            changes.
        follows: The name of the question above on which choices and first value depend.
        when: Whether it is asked at all, by what was answered above.
        needed: Whether it must be answered.
        width: Pixels of the design; 0 is the whole width.
        exponent: Decimals of the currency, for money.
    """

    name: str
    label: str
    kind: Kind = Kind.WORDS
    hint: str = ""
    choices: Callable[[Known, Answers], Choices] | None = None
    first: Callable[[Known, Answers], object] | None = None
    follows: str = ""
    when: Callable[[Known, Answers], bool] = always
    needed: bool = True
    width: int = 0
    exponent: int = 0


class Part(Enum):
    """Where a row stands in the menu."""

    FAMILY = "family"
    MEMBERSHIP = "membership"
    PAYING = "paying"
    CORRECTION = "correction"


PARTS = {
    Part.FAMILY: N_("Family"),
    Part.MEMBERSHIP: N_("Membership"),
    Part.PAYING: N_("Who pays"),
    Part.CORRECTION: N_("Correction"),
}


def on_the_day(known: Known, answers: Answers) -> date:
    """Return the day on which an event's effect is looked at: its own, if that lies ahead."""
    days = (answers.get("on"), answers.get("closes_on"), known.today)
    return max(one for one in days if one is not None)


def _offered(_known: Known) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Happening:
    """A row of "What happened?".

    Args:
        id: Its name in drafts and tests.
        words: What stands in the menu and over the form.
        lead: One sentence on what it does.
        part: Where it stands in the menu.
        verb: What the act is called in the journal.
        asks: The questions, in the order they are asked.
        act: Takes the answers to the verb.
        offered: Whether it can have happened to this household.
        fields: Names of refusals that are called otherwise here.
        foreseen: Whether its effect on rights and dues is shown while it is filled in.
        looks: The day on which it is looked at.
        elsewhere: Whether it is told on the form of a new household.
        undone: Whether the message at the bottom offers to undo it.
    """

    id: str
    words: str
    lead: Text | str
    part: Part
    verb: str
    asks: tuple[Ask, ...]
    act: Callable[[Work, Known, Answers, frozenset[str]], Happened]
    offered: Callable[[Known], bool] = _offered
    fields: Mapping[str, str] = field(default_factory=dict)
    foreseen: bool = True
    looks: Callable[[Known, Answers], date] = on_the_day
    undone: bool = True
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A form that was sent: what happened, the answers, and the doubts somebody accepted."""

    happening: Happening
    known: Known
    answers: Answers
    accepting: frozenset[str] = frozenset()
    reason: str = ""
    signer: tuple[StaffId, str] | None = None
