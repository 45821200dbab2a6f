"""A form with few questions first, and the others in groups behind a button."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stepdesk.errors import Refusal
from stepdesk.i18n import N_
from stepdesk.ui import theme
from stepdesk.ui.members.answers import Answer
from stepdesk.ui.members.ask_form import AskForm, go_on
from stepdesk.ui.members.asks import Ask, Choices
from stepdesk.ui.overriding import override
from stepdesk.ui.scheme.plan_asks import AskGroup
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.words import Size, Words

MORE = N_("More")
FEWER = N_("Only the most needed")


class LayeredForm(QWidget, Dressed):
    """Questions in two layers.

    Args:
        speaker: Says them.
        today: Completes days that are typed the short way.
        first: The questions that stand first.
        groups: The others.
        choices: What they offer.
        own: Fields of their own kind.
        more: The words of the button.

    Signals:
        changed: An answer may be another one.
        entered: Enter was pressed in the last field that is seen.
    """

    changed = Signal()
    entered = Signal()

    def __init__(
        self,
        speaker: Speaker,
        today: date,
        first: Sequence[Sequence[Ask]],
        groups: Sequence[AskGroup],
        *,
        choices: Mapping[str, Choices] | None = None,
        own: Mapping[str, Answer] | None = None,
        more: str = MORE,
    ) -> None:
        super().__init__()
        self._words = more
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.parts = [AskForm(speaker, today, first, choices, own)]
        self.more = QWidget()
        self._groups = QVBoxLayout(self.more)
        self._groups.setContentsMargins(0, 0, 0, 0)
        self.toggle = PlainButton(more, speaker)
        self._column.addWidget(self.parts[0])
        self._column.addWidget(self.toggle)
        self._column.addWidget(self.more)
        for group in groups:
            columns = [column for column in group.columns if column]
            part = AskForm(speaker, today, columns, choices, own)
            self._groups.addWidget(Words(group.title, speaker, size=Size.SECTION, bold=True))
            self._groups.addWidget(part)
            self.parts.append(part)
        self.answers: dict[str, Answer] = {}
        for part in self.parts:
            self.answers |= part.answers
            part.changed.connect(self.changed)
            part.entered.connect(self._next)
        self.more.hide()
        self.toggle.clicked.connect(self.turn)
        self.wear()

    @override
    def dress(self) -> None:
        self._column.setSpacing(theme.current().px(12))
        self._groups.setSpacing(theme.current().px(12))

    def put(self, told: Mapping[str, object]) -> None:
        """Start from these values, silently."""
        for part in self.parts:
            part.blockSignals(True)  # noqa: FBT003 - Qt's setters take no names
            part.put(told)
            part.blockSignals(False)  # noqa: FBT003 - Qt's setters take no names

    def values(self, *, without: frozenset[str] = frozenset()) -> dict[str, Any] | None:
        """Return the answers; None after showing what is wrong or missing."""
        told: dict[str, Any] = {}
        wrong = False
        for part in reversed(self.parts):
            found = part.values(without=without)
            if found is None:
                wrong = True
                if part is not self.parts[0]:
                    self.open_more()
            else:
                told |= found
        return None if wrong else told

    def told(self, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
        """Return the answers without showing what is wrong.

        Raises:
            Refusal: when something is missing or cannot be read; its field is named.
        """
        told: dict[str, Any] = {}
        for part in self.parts:
            told |= part.told(without=without)
        return told

    def draft(self) -> dict[str, object]:
        """Return what was typed, right or wrong."""
        return {name: answer.draft() for name, answer in self.answers.items()}

    def take_up(self, draft: Mapping[str, object]) -> None:
        """Show what was typed before, silently."""
        for part in self.parts:
            part.blockSignals(True)  # noqa: FBT003 - Qt's setters take no names
            for name, answer in part.answers.items():
                answer.take_up(draft[name])
            part.blockSignals(False)  # noqa: FBT003 - Qt's setters take no names

    def clear(self) -> None:
        """Take every error away."""
        for part in self.parts:
            part.clear()

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why the rules say no."""
        self.clear()
        part = self._part_of(refusal.field)
        if part is not self.parts[0]:
            self.open_more()
        part.refuse(refusal)

    def error(self, name: str = "") -> str:
        """Return the error beside a field, or nothing."""
        return self._part_of(name).error(name)

    def _part_of(self, name: str) -> AskForm:
        return next((one for one in self.parts if name in one.answers), self.parts[0])

    def show_only(self, names: frozenset[str]) -> None:
        """Ask these questions and hide the others; what was typed in them stays."""
        for part in self.parts:
            part.show_only([name for name in part.answers if name in names])

    def open_more(self) -> None:
        """Show the questions behind the first ones."""
        self.more.show()
        self.toggle.say(FEWER)

    def turn(self) -> None:
        """Show or hide them."""
        if self.more.isHidden():
            self.open_more()
            return
        self.more.hide()
        self.toggle.say(self._words)

    def _next(self) -> None:
        parts = self.parts[:1] if self.more.isHidden() else self.parts
        if not go_on(parts, self.sender()):
            self.entered.emit()
