"""Step four: what each column means."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from stepdesk.exchange.registers.guessing import chosen_columns
from stepdesk.exchange.registers.terms import (
    Choices,
    Field,
    Shape,
    Target,
)
from stepdesk.exchange.registers.terms import (
    Column as FileColumn,
)
from stepdesk.i18n import N_, Text
from stepdesk.ui.overriding import override
from stepdesk.ui.registers.facts import Look
from stepdesk.ui.registers.step import Step
from stepdesk.ui.registers.words import LEAVE_OUT, letter, target_words, targets
from stepdesk.ui.speech import Speaker
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words

_COLUMNS = (
    Column("", width=44, muted=True),
    Column(N_("Column of the file"), width=150, stretch=2),
    Column(N_("It means"), Kind.STATUS, width=230),
    Column(N_("What stands there"), width=160, stretch=3, priority=1, muted=True),
)


class ColumnsStep(Step):
    """Each column with five values from it; Enter on one goes to what it means."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(
            N_("What does each column mean?"),
            N_("Enter on a column changes what it means. To leave one out is a normal answer."),
            speaker,
        )
        self._speaker = speaker
        self._choices: Choices | None = None
        self._columns: dict[int, FileColumn] = {}
        self._offered: tuple[Target | None, ...] = ()
        self.rows = RowsModel((), self._of, _COLUMNS, speaker, self)
        self.table = TableView(speaker)
        self.table.show_rows(self.rows)
        self.label = Words(N_("This column means"), speaker)
        self.means = ComboLine()
        self.label.setBuddy(self.means)
        self.column.addWidget(self.table, 1)
        line = QHBoxLayout()
        self.column.addLayout(line)
        line.addWidget(self.label)
        line.addWidget(self.means, 1)
        self.table.current.connect(self._stand)
        self.table.chosen.connect(self._go_to_meaning)
        self.means.activated.connect(self._take)
        self.means.entered.connect(self.begin)

    @override
    def show_look(self, seen: Look) -> None:
        here = self.table.chosen_id()
        self._choices = seen.choices
        self._columns = {one.at: one for one in chosen_columns(seen.result.table, seen.choices)}
        self._offer(seen.choices)
        if list(self._columns) == [self.rows.id_at(at) for at in range(self.rows.rowCount())]:
            self.rows.refresh()
        else:
            self.rows.set_ids(list(self._columns))
        self.table.select_id(here if here in self._columns else next(iter(self._columns), None))
        self._stand(self.table.chosen_id())

    @override
    def begin(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer(self, choices: Choices) -> None:
        further = max((one.slot for one in choices.columns.values()), default=0)
        if choices.shape is Shape.HOUSEHOLDS:
            further += 1
        months = choices.shape is Shape.MONTHS or any(
            one.field is Field.MONTH for one in choices.columns.values()
        )
        offered = (None, *targets(further=further, months=months))
        if offered != self._offered:
            self._offered = offered
            self.means.clear()
            for one in offered:
                self.means.addItem(self._speaker.say(target_words(one)))

    def _of(self, ids: Sequence[int]) -> list[tuple[object, ...]]:
        return [self._row(self._columns[one]) for one in ids]

    @staticmethod
    def _row(column: FileColumn) -> tuple[object, ...]:
        status = Status.UP_TO_DATE if column.target else Status.DRAFT
        told = target_words(column.target) if column.target else Text(LEAVE_OUT)
        return letter(column.at), column.name, (status, told), " · ".join(column.samples)

    def _stand(self, at: int | None) -> None:
        column = None if at is None else self._columns.get(at)
        if column is not None:
            self.means.setCurrentIndex(self._place(column.target))

    def _place(self, target: Target | None) -> int:
        if target is None:
            return 0
        plain = Target(target.field, target.slot, month=target.month)
        return self._offered.index(plain) if plain in self._offered else 0

    def _go_to_meaning(self, _at: int) -> None:
        self.means.setFocus(Qt.FocusReason.OtherFocusReason)
        self.means.showPopup()

    def _take(self, index: int) -> None:
        at = self.table.chosen_id()
        if self._choices is None or at is None:
            return
        columns = dict(self._choices.columns)
        target = self._offered[index]
        if target is None:
            columns.pop(at, None)
        else:
            columns[at] = target
        self.changed.emit(replace(self._choices, columns=columns))
        self.begin()
