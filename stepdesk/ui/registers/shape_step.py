"""Step three: how the register is built, told by its first household drawn as a card."""

from dataclasses import replace

from PySide6.QtCore import Qt

from stepdesk.exchange.registers.terms import (
    Choices,
    FoundPerson,
    Household,
    Shape,
)
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.terms import RELATIONS, SEXES
from stepdesk.ui.overriding import override
from stepdesk.ui.registers.facts import Look
from stepdesk.ui.registers.step import Step
from stepdesk.ui.registers.words import SHAPES, since_words, through_words
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Choice
from stepdesk.ui.widgets.words import Shown, Size, Words

_PEOPLE = 9


class ShapeStep(Step):
    """Is this right? A person sees at once whether a household was read as it is."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(
            N_("How is the register built?"),
            N_("Look at the first household below: is it right?"),
            speaker,
        )
        self._speaker = speaker
        self._choices: Choices | None = None
        self.shapes = Choice(speaker, [(shape, told) for shape, told in SHAPES.items()])
        self.card = Card(margin=16)
        self.member = Shown(size=Size.NAME, bold=True)
        self.member.setWordWrap(True)
        self.place = Words("", speaker, muted=True, wrap=True)
        self.people = [Words("", speaker, wrap=True) for _ in range(_PEOPLE)]
        self.more = Words("", speaker, muted=True)
        for widget in (self.member, self.place, *self.people, self.more):
            self.card.body.addWidget(widget)
        self.card.body.addStretch(1)
        self.column.addWidget(self.shapes)
        self.column.addWidget(self.card, 1)
        self.shapes.chosen.connect(self._take)

    @override
    def show_look(self, seen: Look) -> None:
        self._choices = None  # what is set here is not chosen by anybody
        self.shapes.choose(seen.choices.shape)
        self._choices = seen.choices
        self._draw(seen.result.households[0] if seen.result.households else None)

    @override
    def begin(self) -> None:
        self.shapes.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, shape: Shape) -> None:
        if self._choices is not None and shape is not self._choices.shape:
            self.changed.emit(replace(self._choices, shape=shape))

    def _draw(self, household: Household | None) -> None:
        for words in (*self.people, self.more):
            words.say("")
            words.hide()
        if household is None:
            self.member.setText("")
            self.place.say(N_("No household could be read this way."))
            return
        first = household.persons[0]
        self.member.setText(f"{first.surname} {first.given_names}".strip())
        self.place.say(_where(household))
        for words, person in zip(self.people, household.persons, strict=False):
            words.say(_person(person))
            words.show()
        left = len(household.persons) - _PEOPLE
        self.more.setVisible(left > 0)
        if left > 0:
            self.more.say(Text(N_("and {count} more"), {"count": left}, N_("and {count} more")))


def _where(household: Household) -> Text:
    opening = household.opening
    parts: list[Text | str] = [
        household.number,
        household.section,
        household.phone,
        household.group,
        through_words(opening.through),
        since_words(opening.since, opening.months),
    ]
    told = [one for one in parts if one and one != Text("")]
    values: dict[str, Value] = {f"part{at}": one for at, one in enumerate(told)}
    return Text(" · ".join(f"{{part{at}}}" for at in range(len(told))), values)


def _person(person: FoundPerson) -> Text:
    values: dict[str, Value] = {
        "name": f"{person.surname} {person.given_names}".strip(),
        "sex": Text(SEXES[person.sex]) if person.sex else "?",
        "birth": str(person.birth.day.year) if person.birth else "?",
        "link": Text(RELATIONS[person.relation]),
    }
    return Text(N_("{name} · {sex} · born {birth} · {link}"), values)
