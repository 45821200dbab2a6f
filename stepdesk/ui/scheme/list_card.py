"""A list of the scheme with a form below it that adds one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal

from stepdesk.errors import Refusal
from stepdesk.i18n import Text
from stepdesk.ui.members.answers import ListLine
from stepdesk.ui.members.ask_form import AskForm
from stepdesk.ui.members.asks import Ask, Choices
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.rows_model import Column, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words


class ListCard(Card):
    """A list, and the questions for another entry.

    Args:
        title: What is listed.
        lead: One sentence on what it is for.
        empty: What the empty list says.
        columns: Of the list.
        row: Writes one entry.
        asks: The questions for a new one.
        choices: What they offer.
        add: The words of the button.

    Signals:
        wanted: The answers for another entry.
    """

    wanted = Signal(object)

    def __init__(
        self,
        speaker: Speaker,
        today: date,
        *,
        title: str,
        lead: str,
        empty: str,
        columns: Sequence[Column],
        row: Callable[[Any], tuple[object, ...]],
        asks: Sequence[Ask],
        choices: Mapping[str, Choices],
        add: str,
        first: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(title, speaker, margin=16)
        self._row, self._first = row, dict(first or {})
        self._entries: dict[Any, Any] = {}
        self.lead = Words(lead, speaker, muted=True, wrap=True)
        self.table = TableView(speaker, empty=empty)
        self.model = RowsModel((), self._rows, columns, speaker, self)
        self.table.show_rows(self.model)
        self.form = AskForm(speaker, today, (asks,), choices)
        self.button = PlainButton(add, speaker, icon="plus")
        for widget in (self.lead, self.table, self.form, self.button):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.form.put(self._first)
        self.form.entered.connect(self.send)
        self.button.clicked.connect(self.send)

    def show_entries(self, entries: Sequence[Any]) -> None:
        """Show what there is."""
        self._entries = {one.id: one for one in entries}
        self.model.set_ids([one.id for one in entries])
        self.table.fit_rows(len(entries), fewest=2)

    def offer(self, name: str, choices: Choices) -> None:
        """Offer other choices for a question."""
        self.form.answers[name].offer(choices)

    def chosen_words(self, name: str) -> str:
        """Return the words of the choice that is marked."""
        answer = self.form.answers.get(name)
        return answer.combo.currentText() if isinstance(answer, ListLine) else ""

    def send(self) -> None:
        """Ask for another entry."""
        if not self.button.isEnabled():
            return
        values = self.form.values()
        if values is not None:
            self.button.setEnabled(False)
            self.wanted.emit(values)

    def done(self) -> None:
        """Empty the form for the next one."""
        self.button.setEnabled(True)
        self.form.put(self._first)

    def free(self) -> None:
        """Let the form be sent again."""
        self.button.setEnabled(True)

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why the rules say no."""
        self.button.setEnabled(True)
        self.form.refuse(refusal)

    def _rows(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [self._row(self._entries[one]) for one in ids]


def options(words: Mapping[Any, str]) -> Choices:
    """Return the words of an enum as choices."""
    return tuple((value, Text(told)) for value, told in words.items())
