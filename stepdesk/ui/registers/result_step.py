"""Step six: what would come in, row by row, before anything is written."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from stepdesk.contributions.terms import PlanVersion
from stepdesk.exchange.registers.terms import (
    Choices,
    Opened,
    Result,
    Row,
    State,
    shown,
)
from stepdesk.i18n import N_, Text, Value
from stepdesk.ui.overriding import override
from stepdesk.ui.registers.facts import Look
from stepdesk.ui.registers.step import Step
from stepdesk.ui.registers.words import STATES, letter
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.choice import Tabs
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.field import SelectedOnFocus
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words

_ROWS = (
    Column(N_("Row"), Kind.NUMBER, width=64),
    Column(N_("Becomes"), Kind.STATUS, width=160),
    Column(N_("What stands there"), width=170, stretch=2),
    Column(N_("Why"), width=170, stretch=3, muted=True),
)
_SHOWN: dict[str, frozenset[State]] = {
    "open": frozenset({State.LOOK, State.BACK}),
    "in": frozenset({State.TAKEN, State.REPAIRED}),
    "left": frozenset({State.LEFT, State.KNOWN}),
    "all": frozenset(State),
}


class ResultStep(Step):
    """Counts, and every row with its state and reason; cells are put right in place.

    Signals:
        good_wanted: Bring in what is good; True when what should be looked at comes too.
        back_wanted: The rows that cannot come in are to be saved.
    """

    good_wanted = Signal(bool)
    back_wanted = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(N_("This is what would come in. Nothing is written yet."), "", speaker)
        self._speaker = speaker
        self._choices: Choices | None = None
        self._result: Result | None = None
        self._opened: Opened | None = None
        self._plans: tuple[PlanVersion, ...] = ()
        self._rows: dict[int, Row] = {}
        self.counts = Words("", speaker, bold=True, wrap=True)
        self.more = Words("", speaker, muted=True, wrap=True)
        self._make_list(speaker)
        self._make_answers(speaker)
        self._make_buttons(speaker)
        self._connect()

    def _make_list(self, speaker: Speaker) -> None:
        self.show_of = Tabs(
            speaker,
            (
                ("open", N_("To look at")),
                ("in", N_("Coming in")),
                ("left", N_("Left out or known")),
                ("all", N_("All rows")),
            ),
            columns=4,
        )
        self.rows = RowsModel((), self._of, _ROWS, speaker, self)
        self.table = TableView(speaker, empty=N_("No row is of this kind."))
        self.table.show_rows(self.rows)
        for widget in (self.counts, self.more, self.show_of):
            self.column.addWidget(widget)
        self.column.addWidget(self.table, 1)
        self.why = Words("", speaker, wrap=True)
        self.column.addWidget(self.why)

    def _make_answers(self, speaker: Speaker) -> None:
        self.where = Words("", speaker)
        self.cell = SelectedOnFocus()
        self.where.setBuddy(self.cell)
        self.put_right = PlainButton(N_("Put right"), speaker)
        self.leave = PlainButton(N_("Leave the row out"), speaker)
        line = QHBoxLayout()
        self.column.addLayout(line)
        line.addWidget(self.where)
        line.addWidget(self.cell, 1)
        self.other = PlainButton(N_("Somebody else"), speaker)
        self.same = PlainButton(N_("The same person"), speaker)
        self.all_other = PlainButton(N_("All are somebody else"), speaker)
        self.all_same = PlainButton(N_("All are the same person"), speaker)
        for button in (self.put_right, self.leave, *self._of_doubt()):
            line.addWidget(button)
        line.addStretch(0)

    def _of_doubt(self) -> tuple[PlainButton, ...]:
        """Return the answers to a row that looks like somebody."""
        return self.other, self.same, self.all_other, self.all_same

    def _make_buttons(self, speaker: Speaker) -> None:
        self.plan_label = Words(N_("Everybody joins"), speaker)
        self.plan = ComboLine()
        self.plan_label.setBuddy(self.plan)
        self.good = MainButton(N_("Bring in the good ones"), speaker)
        self.whole = PlainButton(N_("Bring in all"), speaker)
        self.back = PlainButton(N_("Save the bad rows …"), speaker)
        foot = QHBoxLayout()
        self.column.addLayout(foot)
        foot.addWidget(self.plan_label)
        foot.addWidget(self.plan)
        for button in (self.good, self.whole, self.back):
            foot.addWidget(button)
        foot.addStretch(1)

    def _connect(self) -> None:
        self.show_of.chosen.connect(self._list)
        self.table.current.connect(self._stand)
        self.table.chosen.connect(self._type)
        self.cell.returnPressed.connect(self._edit)
        self.put_right.clicked.connect(self._edit)
        self.leave.clicked.connect(self._leave)
        self.other.clicked.connect(partial(self._answer, same=False, whole=False))
        self.same.clicked.connect(partial(self._answer, same=True, whole=False))
        self.all_other.clicked.connect(partial(self._answer, same=False, whole=True))
        self.all_same.clicked.connect(partial(self._answer, same=True, whole=True))
        self.plan.activated.connect(self._join)
        self.good.clicked.connect(self._good)
        self.whole.clicked.connect(self._whole)
        self.back.clicked.connect(self.back_wanted)

    def offer(self, plans: tuple[PlanVersion, ...]) -> None:
        """Offer the plans people may join."""
        self._plans = plans
        self.plan.clear()
        for one in plans:
            self.plan.addItem(one.name)
        several = len(plans) > 1
        self.plan.setVisible(several)
        self.plan_label.setVisible(several)

    @override
    def show_look(self, seen: Look) -> None:
        if seen.opened is not self._opened:
            self.show_of.choose("open")  # what the last file showed is not asked of this one
        self._opened, self._choices, self._result = seen.opened, seen.choices, seen.result
        self._rows = {row.at: row for row in seen.result.rows}
        ids = [one.plan_id for one in self._plans]
        if seen.choices.plan_id in ids:
            self.plan.setCurrentIndex(ids.index(seen.choices.plan_id))
        self.counts.say(_counts(seen.result))
        self.more.say(_more(seen.result))
        told = seen.result
        comes = bool(told.households or told.corrections or told.payments or told.links)
        look, back = seen.result.count(State.LOOK), seen.result.count(State.BACK)
        self.good.setEnabled(comes)
        # All: nothing is left that cannot come in; what should be looked at comes too.
        self.whole.setEnabled(comes and not back and bool(look))
        self.back.setEnabled(bool(back or look))
        if not look + back and self.show_of.value() == "open":
            self.show_of.choose("all")
        self._list()

    @override
    def begin(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _list(self) -> None:
        here = self.table.chosen_id()
        wanted = _SHOWN[self.show_of.value()]
        ids = [row.at for row in self._rows.values() if row.state in wanted]
        self.rows.set_ids(ids)
        if ids:
            self.table.select_id(here if here in self._rows and here in set(ids) else ids[0])
        self._stand(self.table.chosen_id() if ids else None)

    def _of(self, ids: Sequence[int]) -> list[tuple[object, ...]]:
        return [self._row(self._rows[one]) for one in ids]

    def _row(self, row: Row) -> tuple[object, ...]:
        status, words = STATES[row.state]
        return row.at + 1, (status, Text(words)), self._told(row.at), joined(row.reasons)

    def _told(self, at: int) -> str:
        if self._opened is None or self._choices is None:
            return ""
        cells = self._opened.sheet(self._choices.sheet).rows[at]
        return " · ".join(told for cell in cells if (told := shown(cell).strip()))[:200]

    def _stand(self, at: int | None) -> None:
        row = None if at is None else self._rows.get(at)
        column = None if row is None else row.column
        self.why.setVisible(row is not None and bool(row.reasons))
        if row is not None:
            self.why.say(joined(row.reasons))
        self.leave.setVisible(row is not None and row.state in {State.LOOK, State.BACK})
        doubts = {one.at for one in self._result.alike} if self._result is not None else set()
        # Who somebody is comes before what is written of them.
        for widget in (self.where, self.cell, self.put_right):
            widget.setVisible(column is not None and at not in doubts)
        for button in self._of_doubt():
            button.setVisible(at in doubts)
        for button in (self.all_other, self.all_same):
            button.setVisible(at in doubts and len(doubts) > 1)
        if row is not None and column is not None:
            self.where.say(self._name_of(column))
            self.cell.setText(self._cell(row.at, column))

    def _name_of(self, column: int) -> Text:
        names = self._result.table.names if self._result is not None else ()
        name = names[column] if column < len(names) else ""
        return Text("{name}", {"name": name or letter(column)})

    def _cell(self, at: int, column: int) -> str:
        if self._opened is None or self._choices is None:
            return ""
        edited = self._choices.edits.get((at, column))
        if edited is not None:
            return edited
        cells = self._opened.sheet(self._choices.sheet).rows[at]
        return shown(cells[column]) if column < len(cells) else ""

    def _type(self, _at: int) -> None:
        if self.cell.isVisible():
            self.cell.setFocus(Qt.FocusReason.OtherFocusReason)

    def _here(self) -> Row | None:
        at = self.table.chosen_id()
        return None if at is None else self._rows.get(at)

    def _edit(self) -> None:
        row = self._here()
        if self._choices is None or row is None or row.column is None:
            return
        edits = {**self._choices.edits, (row.at, row.column): self.cell.text()}
        self.changed.emit(replace(self._choices, edits=edits))
        self.begin()

    def _leave(self) -> None:
        row = self._here()
        if self._choices is not None and row is not None:
            out = self._choices.left_out | {row.at}
            self.changed.emit(replace(self._choices, left_out=out))
            self.begin()

    def _answer(self, _checked: object = None, *, same: bool, whole: bool) -> None:
        """Say of the row, or once for all rows that look like somebody, who they are."""
        row = self._here()
        if self._choices is None or self._result is None or row is None:
            return
        rows = {one.at for one in self._result.alike} if whole else {row.at}
        if same:
            told = replace(self._choices, same=self._choices.same | rows)
        else:
            told = replace(self._choices, different=self._choices.different | rows)
        self.changed.emit(told)
        self.begin()

    def _join(self, index: int) -> None:
        if self._choices is not None:
            self.changed.emit(replace(self._choices, plan_id=self._plans[index].plan_id))

    def _good(self) -> None:
        self.good_wanted.emit(False)  # noqa: FBT003 - Qt's signals take no names

    def _whole(self) -> None:
        self.good_wanted.emit(True)  # noqa: FBT003 - Qt's signals take no names


def joined(reasons: Sequence[Text]) -> Text:
    """Return several reasons as one text."""
    values: dict[str, Value] = {f"reason{at}": one for at, one in enumerate(reasons)}
    return Text(" ".join(f"{{reason{at}}}" for at in range(len(reasons))), values)


def _counts(result: Result) -> Text:
    values: dict[str, Value] = {
        "people": result.people,
        "households": len(result.households),
        "look": result.count(State.LOOK),
        "back": result.count(State.BACK),
    }
    if result.payments and not result.households:
        values["payments"] = len(result.payments)
        return Text(N_("{payments} payments · {look} to look at · {back} cannot come in"), values)
    return Text(
        N_(
            "{people} people in {households} households · {look} rows to look at"
            " · {back} cannot come in"
        ),
        values,
    )


def _more(result: Result) -> Text:
    values: dict[str, Value] = {
        "repaired": result.count(State.REPAIRED),
        "known": result.count(State.KNOWN),
        "left": result.count(State.LEFT),
        "changes": len(result.corrections),
        "sections": len(result.new_sections),
        "groups": len(result.new_groups),
    }
    return Text(
        N_(
            "{repaired} put right · {known} known already · {left} left out"
            " · {changes} changes of what is known · {sections} new villages"
            " · {groups} new groups"
        ),
        values,
    )
