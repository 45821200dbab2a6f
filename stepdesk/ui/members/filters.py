"""The filters of the list, and the columns one may choose: panels above the rows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stepdesk.i18n import N_, Text
from stepdesk.reports.terms import ListOf, SavedView, Wanted
from stepdesk.rights.terms import STATES, HouseholdState
from stepdesk.ui import theme, tokens
from stepdesk.ui.members.columns import ALWAYS, chosen_columns, known_columns, title_of
from stepdesk.ui.members.listing import SEXES, Offers
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.date_field import DateField
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import ErrorLine
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.words import Size, Words

_COLUMNS = 3
_OLDEST = 120


class Filter(QComboBox, Dressed):
    """A list one opens with the arrow keys; Enter goes back to the search box."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        # Qt would turn some values into its own kinds and back; they are kept here.
        self._values: list[Any] = []
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.wear()

    def add(self, value: object, words: str = "") -> None:
        """Add an entry."""
        self._values.append(value)
        self.addItem(words)

    def keep(self, count: int) -> None:
        """Take away every entry but the first ones."""
        del self._values[count:]
        while self.count() > count:
            self.removeItem(count)

    def value(self) -> Any:  # noqa: ANN401 - whatever the caller's values are
        """Return the marked value."""
        at = self.currentIndex()
        return self._values[at] if 0 <= at < len(self._values) else None

    def has(self, value: object) -> bool:
        return value in self._values

    def choose(self, value: object) -> None:
        """Mark a value; the first entry when there is no such one."""
        self.setCurrentIndex(self._values.index(value) if value in self._values else 0)

    @override
    def dress(self) -> None:
        now = theme.current()
        self.setFont(now.font(tokens.SMALL))
        self.setFixedHeight(now.px(tokens.ROW))
        self.setMinimumWidth(now.px(96))

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            return
        super().keyPressEvent(event)


class Pair(QWidget, Dressed):
    """Two fields for the two ends of a stretch."""

    def __init__(self, first: Field, last: Field) -> None:
        super().__init__()
        self.first, self.last = first, last
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(first)
        self._row.addWidget(last)
        self.wear()

    @override
    def dress(self) -> None:
        now = theme.current()
        self._row.setSpacing(now.px(4))
        for field in (self.first, self.last):
            field.setFixedHeight(now.px(tokens.ROW))
            field.setMinimumWidth(1)


# Label, the field of `Wanted`, and the choices that are always the same.
_CHOICES: tuple[tuple[str, str, tuple[tuple[object, str], ...]], ...] = (
    (
        N_("One row for each"),
        "of",
        ((ListOf.HOUSEHOLDS, N_("household")), (ListOf.PERSONS, N_("person"))),
    ),
    (
        N_("Status"),
        "states",
        (
            (frozenset(), N_("any")),
            *((frozenset({state}), STATES[state]) for state in list(HouseholdState)[1:]),
            (
                frozenset({HouseholdState.GRACE, HouseholdState.SUSPENDED}),
                N_("Late or suspended"),
            ),
        ),
    ),
    (
        N_("Membership"),
        "ended",
        (
            (None, N_("all")),
            (False, N_("without those that ended")),
            (True, N_("only those that ended")),
        ),
    ),
    (N_("Plan"), "plan_id", ((None, N_("any")),)),
    (N_("Group"), "group_id", ((None, N_("any")),)),
    (N_("Category"), "category_id", ((None, N_("any")),)),
    (N_("Sponsor"), "payer_id", ((None, N_("any")),)),
    (N_("Sex"), "sex", ((None, N_("any")), *SEXES.items())),
    (N_("Photo"), "no_photo", ((False, N_("all")), (True, N_("without a photo")))),
    (N_("Telephone"), "no_phone", ((False, N_("all")), (True, N_("without a telephone")))),
)
_OFFERED = {
    "plan_id": "plans",
    "group_id": "groups",
    "category_id": "categories",
    "payer_id": "payers",
}


class FilterPanel(QWidget, Dressed, Speaking):
    """Every filter there is, and the name under which they may be kept.

    Signals:
        changed: A filter was changed.
        entered: Enter was pressed: back to the search box.
        kept: The list is to be kept under this name.
        forgotten: The kept list of this name is to be forgotten.
    """

    changed = Signal()
    entered = Signal()
    kept = Signal(str)
    forgotten = Signal(str)

    def __init__(self, speaker: Speaker, today: date) -> None:
        super().__init__()
        self._filling = False
        self._offers = Offers()
        self._labels: dict[str, Words] = {}
        self.choices: dict[str, Filter] = {}
        self.age = Pair(NumberField(), NumberField())
        self.joined = Pair(DateField(today), DateField(today))
        self.error = ErrorLine(speaker)
        self.name = Field()
        self.name.setMaxLength(40)
        self.keep = PlainButton(N_("Keep this view"), speaker)
        self.forget = PlainButton(N_("Forget it"), speaker)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._grid = QGridLayout()
        self._column.addLayout(self._grid)
        self._place(speaker)
        self._foot = QHBoxLayout()
        self._column.addWidget(self.error)
        self._column.addLayout(self._foot)
        self._foot.addWidget(self.name, 1)
        self._foot.addWidget(self.keep)
        self._foot.addWidget(self.forget)
        self._connect()
        self.wear()
        self.learn(speaker)

    def _place(self, speaker: Speaker) -> None:
        for label, name, options in _CHOICES:
            box = self.choices[name] = Filter()
            for value, _words in options:
                box.add(value)
            self._add(name, label, box, speaker)
        self._add("age", N_("Age from, to"), self.age, speaker)
        self._add("joined", N_("Joined from, to"), self.joined, speaker)
        self._arrange()

    def _add(self, name: str, label: str, widget: QWidget, speaker: Speaker) -> None:
        words = Words(label, speaker, size=Size.SMALL, muted=True)
        words.setMinimumWidth(1)
        words.setBuddy(widget.first if isinstance(widget, Pair) else widget)
        self._labels[name] = words
        # A filter that is not placed, because there is nothing to choose, belongs here too.
        for part in (words, widget):
            part.setParent(self)

    def _arrange(self) -> None:
        """Put what may be chosen into the grid; a scheme without groups sees no such filter."""
        widgets: dict[str, QWidget] = {**self.choices, "age": self.age, "joined": self.joined}
        at = 0
        for name, widget in widgets.items():
            shown = name not in _OFFERED or cast("Filter", widget).count() > 1
            if shown:
                row, column = divmod(at, _COLUMNS)
                self._grid.addWidget(self._labels[name], 2 * row, column)
                self._grid.addWidget(widget, 2 * row + 1, column)
                self._grid.setColumnStretch(column, 1)
                at += 1
            for part in (self._labels[name], widget):
                part.setVisible(shown)

    def _connect(self) -> None:
        for box in self.choices.values():
            box.activated.connect(self._changed)
            box.entered.connect(self._entered)
        for field in self._fields():
            field.editingFinished.connect(self._changed)
            field.returnPressed.connect(self._entered)
        self.keep.clicked.connect(self._keep)
        self.name.returnPressed.connect(self._keep)
        self.forget.clicked.connect(self._forget)

    def _fields(self) -> tuple[Field, ...]:
        return (self.age.first, self.age.last, self.joined.first, self.joined.last)

    @override
    def speak(self) -> None:
        for label, name, options in _CHOICES:
            box = self.choices[name]
            box.setAccessibleName(self.speaker.tr(label))
            for at, (_value, words) in enumerate(options):
                box.setItemText(at, self.speaker.tr(words))
        for field, words in zip(
            self._fields(),
            (N_("Age from"), N_("Age to"), N_("Joined from"), N_("Joined to")),
            strict=True,
        ):
            field.setAccessibleName(self.speaker.tr(words))
        words = self.speaker.tr(N_("Name of the view"))
        self.name.setPlaceholderText(words)
        self.name.setAccessibleName(words)

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setSpacing(now.px(6))
        self._grid.setHorizontalSpacing(now.px(8))
        self._grid.setVerticalSpacing(now.px(2))
        self._foot.setSpacing(now.px(8))

    # What is chosen

    def offer(self, offers: Offers) -> None:
        """Show what there is to choose from; what was chosen stays."""
        if offers == self._offers:
            return
        self._offers = offers
        for name, offered in _OFFERED.items():
            box = self.choices[name]
            kept = box.value()
            box.keep(1)
            for value, words in getattr(offers, offered):
                box.add(value, words)
            box.choose(kept)
        self._arrange()

    def show_wanted(self, wanted: Wanted, name: str) -> None:
        """Show the filters of a list, and the name it is kept under."""
        self._filling = True
        for field, box in self.choices.items():
            box.choose(getattr(wanted, field))
        cast("NumberField", self.age.first).set_value(wanted.age_first)
        cast("NumberField", self.age.last).set_value(wanted.age_last)
        cast("DateField", self.joined.first).set_day(wanted.joined_first)
        cast("DateField", self.joined.last).set_day(wanted.joined_last)
        self.name.setText(name)
        self.forget.setEnabled(bool(name))
        self.error.clear_text()
        self._filling = False

    def asked(self, wanted: Wanted) -> Wanted | None:
        """Return the list with the filters as they stand here; None after saying what is wrong."""
        problem = self._problem()
        if problem is not None:
            self.error.show_text(problem)
            return None
        self.error.clear_text()
        told: dict[str, Any] = {name: box.value() for name, box in self.choices.items()}
        changed = replace(
            wanted,
            **told,
            age_first=cast("NumberField", self.age.first).value(),
            age_last=cast("NumberField", self.age.last).value(),
            joined_first=cast("DateField", self.joined.first).day(),
            joined_last=cast("DateField", self.joined.last).day(),
        )
        if changed.of is not wanted.of:
            # A list of persons begins with those covered now, in the columns of persons.
            ended = False if changed.of is ListOf.PERSONS else None
            changed = replace(changed, ended=ended, columns=(), order="number", descending=False)
        return changed

    def _problem(self) -> Text | None:
        for field in self._fields():
            if field.text().strip() and (problem := field.problem()) is not None:
                field.mark_wrong(wrong=True)
                return problem
        age = cast("NumberField", self.age.last).value()
        first = cast("NumberField", self.age.first).value()
        if first is not None and age is not None and first > age:
            return Text(N_("The first age is above the second: nobody would be found."))
        return None

    def _changed(self, *_told: object) -> None:
        if not self._filling:
            self.changed.emit()

    def _entered(self) -> None:
        self.entered.emit()

    def _keep(self) -> None:
        self.kept.emit(self.name.text())

    def _forget(self) -> None:
        self.forgotten.emit(self.name.text())

    def refuse(self, text: Text) -> None:
        """Say why a view was not kept."""
        self.error.show_text(text)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)


class ColumnPanel(QWidget, Dressed, Speaking):
    """Which columns a list shows, and in which order.

    Space takes a column in or out, Ctrl and an arrow move it.

    Signals:
        changed: The names of the columns, in order.
    """

    changed = Signal(object)

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._of = ListOf.HOUSEHOLDS
        self._names: tuple[str, ...] = ()
        self.list = _Columns()
        self.hint = Words(
            N_("Space shows or hides a column. Ctrl and an arrow key moves it."),
            speaker,
            size=Size.SMALL,
            muted=True,
            wrap=True,
        )
        self.up = PlainButton(N_("Earlier"), speaker)
        self.down = PlainButton(N_("Later"), speaker)
        self.usual = PlainButton(N_("As usual"), speaker)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.hint)
        self._row = QHBoxLayout()
        column.addLayout(self._row)
        self._row.addWidget(self.list, 1)
        self._side = QVBoxLayout()
        self._row.addLayout(self._side)
        for button in (self.up, self.down, self.usual):
            self._side.addWidget(button)
        self._side.addStretch(1)
        self.list.toggled.connect(self._toggle)
        self.list.moved.connect(self._move)
        self.list.itemClicked.connect(self.list.toggle)
        self.up.clicked.connect(partial(self._move, -1))
        self.down.clicked.connect(partial(self._move, 1))
        self.usual.clicked.connect(self._reset)
        self.wear()
        self.learn(speaker)

    def show_columns(self, wanted: Wanted) -> None:
        """Show the columns of a list, the chosen ones first and in their order."""
        self._of = wanted.of
        self._names = chosen_columns(wanted.of, wanted.columns)
        self._fill()

    @override
    def speak(self) -> None:
        self.list.setAccessibleName(self.speaker.tr(N_("Columns")))
        self._fill()

    @override
    def dress(self) -> None:
        now = theme.current()
        self._row.setSpacing(now.px(8))
        self._side.setSpacing(now.px(4))
        self.list.setFixedHeight(now.px(tokens.ROW_DENSE * 7))
        self.list.setFont(now.font(tokens.SMALL))

    def _order(self) -> tuple[str, ...]:
        rest = (name for name in known_columns(self._of) if name not in self._names)
        return (*self._names, *rest)

    def _fill(self) -> None:
        at = max(self.list.currentRow(), 0)
        self.list.clear()
        for name in self._order():
            item = QListWidgetItem(self.speaker.tr(title_of(name, self._of)))
            shown = name in self._names
            item.setCheckState(Qt.CheckState.Checked if shown else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(min(at, self.list.count() - 1))

    def _toggle(self) -> None:
        name = self._here()
        if name == ALWAYS:
            return
        if name in self._names:
            self._names = tuple(one for one in self._names if one != name)
        else:
            self._names = (*self._names, name)
        self._tell(name)

    def _move(self, step: int) -> None:
        name, names = self._here(), list(self._names)
        if name not in names:
            return
        at = names.index(name)
        if 0 <= at + step < len(names):
            names[at], names[at + step] = names[at + step], names[at]
            self._names = tuple(names)
            self._tell(name)

    def _reset(self) -> None:
        self._names = chosen_columns(self._of, ())
        self._tell(ALWAYS)

    def _tell(self, name: str) -> None:
        self._fill()
        self.list.setCurrentRow(self._order().index(name))
        self.changed.emit(self._names)

    def _here(self) -> str:
        at = self.list.currentRow()
        return self._order()[at] if at >= 0 else ALWAYS


class _Columns(QListWidget):
    toggled = Signal()
    moved = Signal(int)

    def toggle(self, *_told: object) -> None:
        self.toggled.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_Space:
                self.toggled.emit()
            case Qt.Key.Key_Up if control:
                self.moved.emit(-1)
            case Qt.Key.Key_Down if control:
                self.moved.emit(1)
            case _:
                super().keyPressEvent(event)


def view_of(name: str, views: Sequence[SavedView]) -> SavedView | None:
    """Return the kept view of that name."""
    return next((one for one in views if one.name == name), None)
