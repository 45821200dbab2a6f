"""Step five: odd values, each once however often it stands there. One decision repairs all."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from stepdesk.exchange.registers.terms import Choices, Field, Odd
from stepdesk.exchange.registers.told import FIELDS
from stepdesk.i18n import N_, Text
from stepdesk.ui.overriding import override
from stepdesk.ui.registers.facts import Look
from stepdesk.ui.registers.step import Step
from stepdesk.ui.speech import Speaker
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.field import SelectedOnFocus
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words

_ODD = (
    Column(N_("Column"), width=150, muted=True, priority=1),
    Column(N_("Stands there"), width=130, stretch=2),
    Column(N_("Times"), Kind.NUMBER, width=70),
    Column(N_("Is read as"), Kind.STATUS, width=190),
    Column(N_("Why"), width=140, stretch=3, priority=2, muted=True),
)


class ValuesStep(Step):
    """The list of odd values; a value typed below is read in their place, in every row."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(
            N_("Values that cannot be read as they stand"),
            N_("Type what to read instead, once for all rows. An empty answer leaves it out."),
            speaker,
        )
        self._choices: Choices | None = None
        self._odd: dict[tuple[Field, str], Odd] = {}
        self.rows = RowsModel((), self._of, _ODD, speaker, self)
        self.table = TableView(speaker, empty=N_("Every value could be read. Go on."))
        self.table.show_rows(self.rows)
        self.label = Words(N_("Read instead"), speaker)
        self.instead = SelectedOnFocus()
        self.label.setBuddy(self.instead)
        self.repair = PlainButton(N_("Read it so everywhere"), speaker)
        self.accept = PlainButton(N_("Take all proposals"), speaker)
        self.why = Words("", speaker, wrap=True)
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.why)
        line = QHBoxLayout()
        self.column.addLayout(line)
        line.addWidget(self.label)
        line.addWidget(self.instead, 1)
        line.addWidget(self.repair)
        line.addWidget(self.accept)
        self.table.current.connect(self._stand)
        self.table.chosen.connect(self._type)
        self.instead.returnPressed.connect(self._repair)
        self.repair.clicked.connect(self._repair)
        self.accept.clicked.connect(self._accept)

    @override
    def show_look(self, seen: Look) -> None:
        here = self.table.chosen_id()
        self._choices = seen.choices
        self._odd = {(one.field, one.key): one for one in seen.result.odd}
        self.rows.set_ids(list(self._odd))
        self.table.select_id(here if here in self._odd else next(iter(self._odd), None))
        for widget in (self.why, self.label, self.instead, self.repair, self.accept):
            widget.setVisible(bool(self._odd))
        self.accept.setEnabled(any(_open_proposal(one) for one in seen.result.odd))
        self._stand(self.table.chosen_id())

    @override
    def begin(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _of(self, ids: Sequence[tuple[Field, str]]) -> list[tuple[object, ...]]:
        return [_row(self._odd[one]) for one in ids]

    def _stand(self, key: tuple[Field, str] | None) -> None:
        one = None if key is None else self._odd.get(key)
        if one is not None:
            told = one.repaired if one.repaired is not None else one.proposal
            self.instead.setText(told or "")
            self.why.say(one.reason)

    def _type(self, _key: object) -> None:
        self.instead.setFocus(Qt.FocusReason.OtherFocusReason)

    def _repair(self) -> None:
        key = self.table.chosen_id()
        if self._choices is None or key not in self._odd:
            return
        repairs = {**self._choices.repairs, key: self.instead.text().strip()}
        self._walk_on(key)
        self.changed.emit(replace(self._choices, repairs=repairs))
        self.begin()

    def _walk_on(self, key: tuple[Field, str]) -> None:
        """Go to the next value, so that Enter after Enter answers them all."""
        keys = list(self._odd)
        following = keys.index(key) + 1
        if following < len(keys):
            self.table.select_id(keys[following])

    def _accept(self) -> None:
        if self._choices is None:
            return
        proposed = {
            key: one.proposal
            for key, one in self._odd.items()
            if _open_proposal(one) and one.proposal is not None
        }
        self.changed.emit(replace(self._choices, repairs={**self._choices.repairs, **proposed}))


def _open_proposal(one: Odd) -> bool:
    return one.repaired is None and one.proposal is not None


def _row(one: Odd) -> tuple[object, ...]:
    return Text(FIELDS[one.field]), one.value, one.count, _read_as(one), one.reason


def _read_as(one: Odd) -> tuple[Status, Text]:
    if one.repaired is not None:
        told = Text("{value}", {"value": one.repaired}) if one.repaired else Text(N_("left out"))
        return Status.UP_TO_DATE, told
    if one.proposal is not None:
        return Status.WAITING, Text(N_("{value}?"), {"value": one.proposal})
    return Status.LATE, Text(N_("not read"))
