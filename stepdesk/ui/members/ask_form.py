"""Questions in one or two columns, all of them always asked."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stepdesk.errors import Refusal
from stepdesk.i18n import Text
from stepdesk.ui.members.answers import NEEDED, Answer, Finder, answer_for
from stepdesk.ui.members.asks import Ask, Choices
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.sides import Sides


def _nobody(_finder: Finder, _asked: str) -> None:
    """Nobody is looked for in these forms."""


class AskForm(QWidget):
    """The fields of some questions.

    Args:
        speaker: Says them.
        today: Completes days that are typed the short way.
        columns: The questions, by column: one or two.
        choices: What each question offers that offers anything.
        own: Fields of its own kind, by the name of their question.

    Signals:
        changed: An answer may be another one.
        entered: Enter was pressed in the last field.
    """

    changed = Signal()
    entered = Signal()

    def __init__(
        self,
        speaker: Speaker,
        today: date,
        columns: Sequence[Sequence[Ask]],
        choices: Mapping[str, Choices] | None = None,
        own: Mapping[str, Answer] | None = None,
    ) -> None:
        super().__init__()
        self._shown: frozenset[str] | None = None
        self.asks = tuple(ask for column in columns for ask in column)
        self.answers: dict[str, Answer] = {}
        self.forms = [Form(speaker) for _ in columns]
        self._form_of: dict[str, Form] = {}
        for form, column in zip(self.forms, columns, strict=True):
            for ask in column:
                answer = (own or {}).get(ask.name) or answer_for(ask, speaker, today, _nobody)
                answer.offer((choices or {}).get(ask.name, ()))
                form.add(ask.name, answer, ask.label, hint=ask.hint, width=ask.width, wrap=True)
                answer.name(speaker.tr(ask.label))
                answer.changed.connect(self._changed)
                answer.entered.connect(self._next)
                self.answers[ask.name] = answer
                self._form_of[ask.name] = form
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.forms[0] if len(self.forms) == 1 else Sides(*self.forms))

    def put(self, values: Mapping[str, object]) -> None:
        """Start from these values; those not named are emptied."""
        for name, answer in self.answers.items():
            answer.put(values.get(name))
        self.clear()

    def clear(self) -> None:
        for form in self.forms:
            form.clear()

    def show_only(self, names: Collection[str]) -> None:
        """Ask these questions and hide the others; what was typed in them stays."""
        shown = frozenset(names)
        if shown == self._shown:
            return
        self._shown = shown
        for name, form in self._form_of.items():
            form.show_row(name, shown=name in shown)

    def told(self, *, without: Collection[str] = ()) -> dict[str, Any]:
        """Return the answers without showing what is wrong.

        Raises:
            Refusal: when something is missing or cannot be read; its field is named.
        """
        found: dict[str, Any] = {}
        for ask in self.asks:
            if ask.name in without:
                continue
            try:
                found[ask.name] = self.answers[ask.name].value()
            except Refusal as refusal:
                raise Refusal(refusal.text, field=ask.name) from None
            if ask.needed and found[ask.name] is None:
                raise Refusal(Text(NEEDED), field=ask.name)
        return found

    def values(self, *, without: Collection[str] = ()) -> dict[str, Any] | None:
        """Return the answers; None after showing what is wrong or missing.

        Questions `without` are not answered.
        """
        self.clear()
        found: dict[str, Any] = {}
        wrong: list[tuple[str, Text]] = []
        for ask in self.asks:
            if ask.name in without:
                continue
            try:
                found[ask.name] = self.answers[ask.name].value()
            except Refusal as refusal:
                wrong.append((ask.name, refusal.text))
            else:
                if ask.needed and found[ask.name] is None:
                    wrong.append((ask.name, Text(NEEDED)))
        for name, text in reversed(wrong):
            self._form_of[name].show_refusal_of(name, text)
        return None if wrong else found

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why the rules say no."""
        self.clear()
        form = self._form_of.get(refusal.field, self.forms[0])
        form.show_refusal_of(refusal.field, refusal.text)

    def error(self, name: str) -> str:
        """Return the error beside a field, or nothing."""
        return self._form_of[name].error(name) if name in self._form_of else self.forms[0].error()

    def _changed(self) -> None:
        sender = self.sender()
        for name, answer in self.answers.items():
            if answer is sender:
                self._form_of[name].show_error_gone(name)
        self.changed.emit()

    def _next(self) -> None:
        sender = self.sender()
        known = [
            one for name, one in self.answers.items() if self._shown is None or name in self._shown
        ]
        at = next((at for at, one in enumerate(known) if one is sender), len(known) - 1)
        if at + 1 < len(known):
            known[at + 1].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.entered.emit()


def go_on(parts: Sequence[AskForm], left: object) -> bool:
    """Go to the first question after the part that was left; whether there is one.

    What is none of the parts counts as the first.
    """
    at = next((at for at, one in enumerate(parts) if one is left), 0)
    if at + 1 >= len(parts):
        return False
    first = next(iter(parts[at + 1].answers.values()))
    first.setFocus(Qt.FocusReason.TabFocusReason)
    return True
