"""A form for one step of something that is listed: its questions, who signs too, its doubts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.store.desk import Colleague
from stepdesk.ui.contributions.count_form import SecondPerson
from stepdesk.ui.contributions.current_stack import CurrentStack, Reveal
from stepdesk.ui.members.answers import Answer
from stepdesk.ui.members.ask_form import AskForm
from stepdesk.ui.members.asks import Ask, Choices
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.band import CautionBand, TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import StaffId


@dataclass(frozen=True, slots=True)
class Action:
    """A step one may take.

    Args:
        name: What it is called in code.
        title: Stands over the form; `{number}` is what it is done to.
        lead: One sentence on what it does.
        columns: The questions, in one or two columns.
        button: The words of the button that does it.
        choices: What questions offer.
        signed: Whether a second person signs.
    """

    name: str
    title: str
    lead: str
    columns: tuple[tuple[Ask, ...], ...]
    button: str
    choices: Mapping[str, Choices] = field(default_factory=dict)
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent: the answers, who signs too, and the doubts that were answered."""

    name: str
    answers: Mapping[str, Any]
    signer: tuple[StaffId, str] | None = None
    accepting: frozenset[str] = frozenset()
    reason: str = ""


class ActionForm(Card):
    """One of some forms at a time.

    Args:
        speaker: Says it.
        today: Completes days that are typed the short way.
        actions: What may be done.
        own: Fields of their own kind, by action and question.

    Signals:
        ready: A form was sent (a `Sent`).
        left: Back without doing anything; what was typed stays.
    """

    ready = Signal(object)
    left = Signal()

    def __init__(
        self,
        speaker: Speaker,
        today: date,
        actions: Sequence[Action],
        own: Mapping[str, Mapping[str, Answer]] | None = None,
    ) -> None:
        super().__init__(margin=16)
        self._actions = {one.name: one for one in actions}
        self._places = {one.name: at for at, one in enumerate(actions)}
        self.now = actions[0].name
        self._about: object = None
        self.title = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        self.lead = Words("", speaker, muted=True, wrap=True)
        self.trouble = TroubleBand(speaker)
        self.caution = CautionBand(speaker)
        self.second = SecondPerson(speaker)
        self.forms: dict[str, AskForm] = {}
        self._stack = CurrentStack()
        for one in actions:
            form = AskForm(speaker, today, one.columns, one.choices, (own or {}).get(one.name))
            form.entered.connect(self._entered)
            self.forms[one.name] = form
            self._stack.addWidget(form)
        self.button = MainButton("", speaker, icon="circle-check")
        self.back = PlainButton(N_("Back"), speaker, key="back")
        self._reveal = Reveal(self.button)
        self._place()
        self.second.entered.connect(self.send)
        self.button.clicked.connect(self.send)
        self.back.clicked.connect(self.left)
        self.caution.accepted.connect(self._accept)
        self.caution.dismissed.connect(self.free)

    def _place(self) -> None:
        for widget in (
            self.title,
            self.lead,
            self.trouble,
            self._stack,
            self.second,
            self.caution,
        ):
            self.body.addWidget(widget)
        foot = QHBoxLayout()
        self.body.addLayout(foot)
        foot.addWidget(self.button)
        foot.addWidget(self.back)
        foot.addStretch(1)
        self.body.addStretch(1)

    @property
    def form(self) -> AskForm:
        """The questions that are seen."""
        return self.forms[self.now]

    def start(
        self,
        name: str,
        number: str,
        about: object,
        *,
        others: Sequence[Colleague] = (),
        solo: bool = False,
        first: Mapping[str, object] | None = None,
    ) -> None:
        """Ask what a step needs; of the same one again, what was typed stays.

        Args:
            name: The action.
            number: Stands in the title.
            about: What it is done to: another one empties the form.
            others: Who may sign too.
            solo: Whether one person alone keeps the desk.
            first: What stands in the fields at first.
        """
        action = self._actions[name]
        if (self.now, self._about) != (name, about):
            self.forms[name].put(dict(first or {}))
        self.now, self._about = name, about
        self.title.say(Text(action.title, {"number": number}))
        self.lead.say(Text(action.lead) if action.lead else "")
        self.lead.setVisible(bool(action.lead))
        self.button.say(action.button)
        self._stack.setCurrentIndex(self._places[name])
        self.second.setVisible(action.signed)
        self.second.start(others, solo=solo)
        self.caution.hide()
        self.trouble.hide()
        self.free()
        self._chain()
        answers = list(self.form.answers.values())
        target = answers[0] if answers else self.button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chain(self) -> None:
        """Let Tab go the way one reads: a field made later would be the last to come."""
        parts = (*self.form.answers.values(), self.second, self.button, self.back)
        stops = [
            one
            for part in parts
            for one in (part, *part.findChildren(QWidget))
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.window() is self.window()
        ]
        for before, after in pairwise(stops):
            self.setTabOrder(before, after)

    def forget(self) -> None:
        """It is done: the next one begins empty."""
        self._about = None
        self.free()

    def send(self, *_clicked: object) -> None:
        """Do it."""
        if not self.button.isEnabled():
            return
        answers = self.form.values()
        if answers is None or (self._signs and not self.second.ready()):
            return
        self.button.setEnabled(False)
        self.ready.emit(Sent(self.now, answers, self._signer()))

    @property
    def _signs(self) -> bool:
        return self._actions[self.now].signed

    def _signer(self) -> tuple[StaffId, str] | None:
        return self.second.signer() if self._signs else None

    def _entered(self) -> None:
        if self._signs and self.second.needed():
            self.second.password.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.send()

    def _accept(self, names: Any, reason: str) -> None:  # noqa: ANN401 - a frozenset of a signal
        answers = self.form.values()
        if answers is not None:
            self.ready.emit(Sent(self.now, answers, self._signer(), names, reason))

    def doubt(self, caution: Caution) -> None:
        """Ask whether it shall be done all the same."""
        self.free()
        self.caution.show_caution(caution)

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why the rules say no."""
        self.free()
        self._reveal.begin()
        if refusal.field in {"second", "second_password"} and self._signs:
            self.second.form.show_refusal(refusal)
        else:
            self.form.refuse(refusal)

    def fail(self, trouble: Trouble) -> None:
        """Say what the laptop could not do."""
        self.free()
        self.trouble.show_trouble(trouble)

    def free(self) -> None:
        """Let the form be sent again."""
        self.button.setEnabled(True)
