"""A form that does one thing: its questions, its button, and why the rules say no."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from stepdesk.errors import Refusal
from stepdesk.i18n import Text
from stepdesk.ui.members.answers import Answer
from stepdesk.ui.members.ask_form import AskForm
from stepdesk.ui.members.asks import Ask, Choices
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.words import Words


class DeedCard(Card):
    """A form with one button.

    Args:
        title: What is done.
        columns: The questions, in one or two columns.
        button: The words of the button.
        lead: One sentence on what it does.
        choices: What the questions offer.
        own: Fields of their own kind.
        main: Whether it is the page's main button.

    Signals:
        wanted: The answers, by the names of the questions.
    """

    wanted = Signal(object)

    def __init__(
        self,
        speaker: Speaker,
        today: date,
        title: str,
        columns: Sequence[Sequence[Ask]],
        button: str,
        *,
        lead: str = "",
        choices: Mapping[str, Choices] | None = None,
        own: Mapping[str, Answer] | None = None,
    ) -> None:
        super().__init__(title, speaker, margin=16)
        self.lead = Words(lead, speaker, muted=True, wrap=True)
        self.form = AskForm(speaker, today, columns, choices, own)
        self.button = MainButton(button, speaker)
        self.body.addWidget(self.lead)
        self.body.addWidget(self.form)
        self.body.addWidget(self.button)
        self.body.addStretch(1)
        self.lead.setVisible(bool(lead))
        self.form.entered.connect(self.send)
        self.button.clicked.connect(self.send)

    @property
    def answers(self) -> dict[str, Answer]:
        return self.form.answers

    def say(self, text: Text | str) -> None:
        """Say above the form what it is about."""
        self.lead.say(text)
        self.lead.setVisible(bool(text))

    def add_button(self, words: str, speaker: Speaker) -> PlainButton:
        """Add another button below the first."""
        button = PlainButton(words, speaker)
        self.body.insertWidget(self.body.count() - 1, button)
        return button

    def start(self, values: Mapping[str, object]) -> None:
        """Begin from these values."""
        self.form.put(values)
        self.button.setEnabled(True)

    def hidden(self) -> frozenset[str]:
        """Return the questions that are not asked now."""
        return frozenset()

    def told(self) -> dict[str, Any] | None:
        """Return the answers; None after showing what is wrong or missing."""
        return self.form.values(without=self.hidden())

    def send(self) -> None:
        """Ask for it to be done, once."""
        if not self.button.isEnabled():
            return
        values = self.told()
        if values is not None:
            self.button.setEnabled(False)
            self.wanted.emit(values)

    def free(self) -> None:
        """Let the form be sent again."""
        self.button.setEnabled(True)

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why the rules say no; what was typed stays."""
        self.free()
        self.form.refuse(refusal)

    def error(self, name: str = "") -> str:
        """Return the error beside a field, or nothing."""
        return self.form.error(name)

    def focus(self) -> None:
        """Put the cursor into the first field."""
        first: QWidget = next(iter(self.form.answers.values()))
        first.setFocus()
