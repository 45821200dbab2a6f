"""The fields that answer a form's questions.

Each reads its own text, keeps what was typed, and says when it changed or Enter was pressed in it.
"""

from collections.abc import Callable, Mapping
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QListWidget,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, short_day_text
from stepdesk.members.rules import read_birth
from stepdesk.members.terms import RELATIONS, Birth, BirthKnown, PersonRow, Relation
from stepdesk.ui import theme, tokens
from stepdesk.ui.members.asks import Ask, Choices, Kind
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking, spoken_mark
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.choice import Choice
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.date_field import DateField
from stepdesk.ui.widgets.field import Field, NumbersField
from stepdesk.ui.widgets.number_field import minor_of, plain_text
from stepdesk.ui.widgets.photo import PhotoView
from stepdesk.ui.widgets.search_box import SearchBox
from stepdesk.ui.widgets.words import Shown
from stepdesk.values.ids import PersonId

NEEDED = N_("This is needed: fill it in.")


class Answer(QWidget, Dressed):
    """A question's field. Its value is what the verb takes; its draft what was typed.

    Signals:
        changed: The value may be another one.
        entered: Enter was pressed; the next field may have the cursor.
    """

    changed = Signal()
    entered = Signal()
    lowest = tokens.FIELD

    def __init__(self) -> None:
        super().__init__()
        # Never lower than what it holds, however little room there is.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.wear()

    @override
    def dress(self) -> None:
        self.setMinimumHeight(theme.current().px(self.lowest))

    def hold(self, widget: QWidget) -> None:
        self._column.addWidget(widget)
        self.setFocusProxy(widget)

    def offer(self, choices: Choices) -> None:
        """Show other choices, where it offers any."""

    def value(self) -> object:
        """Return the answer, None where nothing was answered.

        Raises:
            Refusal: when what was typed cannot be read.
        """
        raise NotImplementedError

    def put(self, value: object) -> None:
        """Start from a value."""
        raise NotImplementedError

    def draft(self) -> object:
        """Return what was typed, right or wrong."""
        raise NotImplementedError

    def take_up(self, draft: object) -> None:
        """Show what was typed before."""
        raise NotImplementedError

    def name(self, words: str) -> None:
        """Tell a screen reader what is asked."""
        proxy = self.focusProxy()
        if proxy is not None:
            proxy.setAccessibleName(words)

    def mark_wrong(self, *, wrong: bool) -> None:
        """Show or take away the border of a wrong field."""


class Line(Answer):
    """An answer that is typed."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self.hold(field)
        field.textChanged.connect(self._typed)
        field.returnPressed.connect(self.entered)

    def _typed(self, _text: str) -> None:
        self.changed.emit()

    @override
    def value(self) -> object:
        return self.field.text().strip() or None

    @override
    def put(self, value: object) -> None:
        self.field.setText("" if value is None else str(value))

    @override
    def draft(self) -> object:
        return self.field.text()

    @override
    def take_up(self, draft: object) -> None:
        self.field.setText(str(draft))

    @override
    def mark_wrong(self, *, wrong: bool) -> None:
        self.field.mark_wrong(wrong=wrong)


class DayLine(Line):
    """A day, typed the short way."""

    def __init__(self, today: date) -> None:
        self.day = DateField(today)
        super().__init__(self.day)

    @override
    def value(self) -> object:
        problem = self.day.problem()
        if problem is not None:
            raise Refusal(problem)
        return self.day.day()

    @override
    def put(self, value: object) -> None:
        self.day.set_day(value if isinstance(value, date) else None)


class NumberLine(Line):
    """A whole number."""

    def __init__(self) -> None:
        super().__init__(NumbersField())

    @override
    def value(self) -> object:
        told = self.field.text().strip()
        if not told:
            return None
        if not (told.isascii() and told.isdecimal() and len(told) <= 6):
            raise Refusal(Text(N_("Type a whole number, in figures.")))
        return int(told)


class MoneyLine(Line):
    """An amount as people write it; the answer is in minor units."""

    def __init__(self, exponent: int) -> None:
        super().__init__(NumbersField())
        self._exponent = exponent

    @override
    def value(self) -> object:
        told = self.field.text().strip()
        amount = minor_of(told, self._exponent) if told else None
        if told and amount is None:
            raise Refusal(Text(N_("This is no amount. Type it in figures, such as 1 500.")))
        return amount

    @override
    def put(self, value: object) -> None:
        point = spoken_mark() if self._exponent else ""
        told = plain_text(value, self._exponent, point=point) if isinstance(value, int) else ""
        self.field.setText(told)


class BirthLine(Line):
    """A birth as far as it is known."""

    def __init__(self, today: date) -> None:
        super().__init__(NumbersField())
        self._today = today

    @override
    def value(self) -> object:
        told = self.field.text().strip()
        return read_birth(told, self._today) if told else None

    @override
    def put(self, value: object) -> None:
        self.field.setText(birth_text(value) if isinstance(value, Birth) else "")


def birth_text(birth: Birth) -> str:
    """Return a birth as one types it."""
    day = birth.day
    match birth.known:
        case BirthKnown.DAY:
            return f"{day.day}/{day.month}/{day.year}"
        case BirthKnown.MONTH:
            return f"{day.month}/{day.year}"
        case BirthKnown.YEAR:
            return str(day.year)
        case BirthKnown.ABOUT:
            return f"~{day.year}"


class Few(Answer):
    """One of a few that are all seen."""

    lowest = tokens.MAIN_FIELD

    def __init__(self, speaker: Speaker, columns: int = 3) -> None:
        super().__init__()
        self._choice = Choice(speaker, columns=columns)
        self._choice.chosen.connect(self._chosen)
        self._column.addWidget(self._choice)
        self.setFocusProxy(self._choice)

    def _chosen(self, _value: object) -> None:
        self.changed.emit()

    @override
    def offer(self, choices: Choices) -> None:
        kept = self._choice.value()
        options = [
            (value, told.message if isinstance(told, Text) else told) for value, told in choices
        ]
        self._choice.set_options(options)
        self._choice.choose(kept)

    @override
    def value(self) -> object:
        return self._choice.value()

    @override
    def put(self, value: object) -> None:
        self._choice.choose(value)

    @override
    def draft(self) -> object:
        return self._choice.value()

    @override
    def take_up(self, draft: object) -> None:
        self._choice.choose(draft)

    @override
    def name(self, words: str) -> None:
        self._choice.setAccessibleName(words)


class ListLine(Answer, Speaking):
    """One of a list that opens; letters go to the entry that begins with them."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._choices: Choices = ()
        self.combo = ComboLine()
        self.hold(self.combo)
        self.combo.setSizeAdjustPolicy(
            ComboLine.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.combo.setMinimumContentsLength(12)
        self.combo.currentIndexChanged.connect(self._chosen)
        self.combo.entered.connect(self.entered)
        self.learn(speaker)

    @override
    def speak(self) -> None:
        for at, (_value, told) in enumerate(self._choices):
            self.combo.setItemText(at, self._said(told))

    def _said(self, told: Text | str) -> str:
        return self.speaker.say(told) if isinstance(told, Text) else told

    def _chosen(self, _at: int) -> None:
        self.changed.emit()

    @override
    def offer(self, choices: Choices) -> None:
        fresh, kept = not self._choices, self.value()
        self.combo.blockSignals(True)  # noqa: FBT003 - Qt's setters take no names
        self.combo.clear()
        self._choices = choices
        for _value, told in choices:
            self.combo.addItem(self._said(told))
        if fresh and choices:
            self.combo.setCurrentIndex(0)
        else:
            self.put(kept)
        self.combo.blockSignals(False)  # noqa: FBT003 - Qt's setters take no names

    @override
    def value(self) -> object:
        at = self.combo.currentIndex()
        return self._choices[at][0] if 0 <= at < len(self._choices) else None

    @override
    def put(self, value: object) -> None:
        known = [one for one, _told in self._choices]
        self.combo.setCurrentIndex(known.index(value) if value in known else 0 if known else -1)

    @override
    def draft(self) -> object:
        return self.value()

    @override
    def take_up(self, draft: object) -> None:
        self.put(draft)


class Kinship(Answer, Speaking):
    """What each of several persons is to the member; with `some`, also which of them go."""

    def __init__(self, speaker: Speaker, *, some: bool) -> None:
        self._some = some
        self._grid = QGridLayout()
        self._lines: dict[PersonId, tuple[QCheckBox | None, ComboLine, Shown]] = {}
        super().__init__()
        self._column.addLayout(self._grid)
        self.learn(speaker)

    @override
    def dress(self) -> None:
        super().dress()
        now = theme.current()
        self._grid.setHorizontalSpacing(now.px(12))
        self._grid.setVerticalSpacing(now.px(4))
        for tick, _combo, _name in self._lines.values():
            if tick is not None:
                tick.setFont(now.font())

    @override
    def speak(self) -> None:
        for tick, combo, name in self._lines.values():
            told = name.text() if tick is None else tick.text()
            for at, words in enumerate(RELATIONS.values()):
                combo.setItemText(at, self.speaker.tr(words))
            combo.setAccessibleName(told)

    @override
    def offer(self, choices: Choices) -> None:
        """Show these persons: (id, row) each."""
        kept = dict(self._told())
        for tick, combo, name in self._lines.values():
            for widget in (tick, combo, name):
                if widget is not None:
                    self._grid.removeWidget(widget)
                    widget.hide()
                    widget.deleteLater()
        self._lines = {}
        for at, (person_id, name_of) in enumerate(choices):
            self._add(at, PersonId(bytes(person_id)), str(name_of))  # type: ignore[call-overload]
        self.speak()
        self.dress()
        first = next(iter(self._lines.values()), None)
        if first is not None:
            self.setFocusProxy(first[0] or first[1])
        self.take_up(kept)

    def _add(self, at: int, person_id: PersonId, told: str) -> None:
        tick, combo, name = None, ComboLine(), Shown(told)
        combo.addItems([""] * len(RELATIONS))
        combo.currentIndexChanged.connect(self._chosen)
        combo.entered.connect(self.entered)
        if self._some:
            tick = QCheckBox(told)
            tick.setProperty("data", True)  # noqa: FBT003 - Qt's setters take no names
            tick.toggled.connect(self._ticked)
            self._grid.addWidget(tick, at, 0)
            name.hide()
        else:
            self._grid.addWidget(name, at, 0)
        self._grid.addWidget(combo, at, 1)
        self._grid.setColumnStretch(0, 1)
        self._lines[person_id] = (tick, combo, name)

    def _chosen(self, _at: int) -> None:
        self.changed.emit()

    def _ticked(self, _on: bool) -> None:
        self._enable()
        self.changed.emit()

    def _enable(self) -> None:
        for tick, combo, _name in self._lines.values():
            combo.setEnabled(tick is None or tick.isChecked())

    def _told(self) -> list[tuple[PersonId, Relation]]:
        known = list(RELATIONS)
        return [
            (person_id, known[combo.currentIndex()])
            for person_id, (tick, combo, _name) in self._lines.items()
            if (tick is None or tick.isChecked()) and combo.currentIndex() >= 0
        ]

    @override
    def value(self) -> object:
        return dict(self._told()) or (None if self._some else {})

    def tick(self, person_id: PersonId) -> None:
        """Let a person go."""
        box = self._lines[person_id][0]
        if box is not None:
            box.setChecked(True)

    @override
    def put(self, value: object) -> None:
        """Propose what each is; who goes is ticked by the clerk."""
        told: Mapping[object, object] = value if isinstance(value, Mapping) else {}
        known = list(RELATIONS)
        for person_id, (_tick, combo, _name) in self._lines.items():
            relation = told.get(person_id)
            if isinstance(relation, Relation):
                combo.setCurrentIndex(known.index(relation))
        self._enable()

    @override
    def draft(self) -> object:
        return self.value()

    @override
    def take_up(self, draft: object) -> None:
        self.put(draft)
        for person_id, (tick, _combo, _name) in self._lines.items():
            if tick is not None:
                tick.setChecked(isinstance(draft, Mapping) and person_id in draft)

    @override
    def name(self, words: str) -> None:
        self.setAccessibleName(words)


class _Tick(QCheckBox):
    """A tick: the space bar sets it, Enter goes on."""

    entered = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class Several(Answer, Speaking):
    """Any of a few, each with a tick; its value is a frozenset."""

    def __init__(self, speaker: Speaker, *, columns: int = 3) -> None:
        self._columns = columns
        self._ticks: dict[object, tuple[_Tick, Text | str]] = {}
        self._grid = QGridLayout()
        super().__init__()
        self._column.addLayout(self._grid)
        self.learn(speaker)

    @override
    def dress(self) -> None:
        super().dress()
        now = theme.current()
        self._grid.setHorizontalSpacing(now.px(12))
        self._grid.setVerticalSpacing(now.px(4))
        for tick, _told in self._ticks.values():
            tick.setFont(now.font())

    @override
    def speak(self) -> None:
        for tick, told in self._ticks.values():
            tick.setText(self.speaker.say(told) if isinstance(told, Text) else told)

    @override
    def offer(self, choices: Choices) -> None:
        if list(choices) == [(value, told) for value, (_, told) in self._ticks.items()]:
            return
        kept = self.value()
        for tick, _told in self._ticks.values():
            self._grid.removeWidget(tick)
            tick.deleteLater()
        self._ticks.clear()
        for at, (value, told) in enumerate(choices):
            tick = _Tick()
            tick.toggled.connect(self._ticked)
            tick.entered.connect(self.entered)
            self._grid.addWidget(tick, at // self._columns, at % self._columns)
            self._ticks[value] = (tick, told)
        first = next(iter(self._ticks.values()), None)
        if first is not None:
            self.setFocusProxy(first[0])
        self.put(kept)
        self.dress()
        self.speak()

    def _ticked(self, _on: bool) -> None:
        self.changed.emit()

    @override
    def value(self) -> object:
        return frozenset(value for value, (tick, _told) in self._ticks.items() if tick.isChecked())

    @override
    def put(self, value: object) -> None:
        for known, (tick, _told) in self._ticks.items():
            tick.setChecked(isinstance(value, frozenset) and known in value)

    @override
    def draft(self) -> object:
        return self.value()

    @override
    def take_up(self, draft: object) -> None:
        self.put(draft)

    @override
    def name(self, words: str) -> None:
        self.setAccessibleName(words)


class Photo(Answer):
    """A photo by camera, file or the clipboard."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._content: bytes | None = None
        self.view = PhotoView(speaker)
        self.hold(self.view)
        self.view.show_photo("", None)
        self.view.picked.connect(self._picked)
        self.view.passed.connect(self.entered)

    def _picked(self, content: bytes) -> None:
        self._content = content
        self.changed.emit()

    @override
    def value(self) -> object:
        return self._content

    @override
    def put(self, value: object) -> None:
        self._content = None
        self.view.show_photo(str(value or ""), None)

    @override
    def draft(self) -> object:
        return self._content

    @override
    def take_up(self, draft: object) -> None:
        self._content = draft if isinstance(draft, bytes) else None
        self.view.show_photo("", self._content)

    @override
    def name(self, words: str) -> None:
        self.setAccessibleName(words)


class Finder(Answer, Speaking):
    """Somebody, or a household, found by number or name: type, arrow down, Enter.

    Args:
        search: Asks for rows of what was typed; `found` brings them.
        household: Whether a household is chosen, not a person.
    """

    lowest = tokens.MAIN_FIELD

    def __init__(
        self, speaker: Speaker, search: Callable[["Finder", str], object], *, household: bool
    ) -> None:
        super().__init__()
        self._search, self._household = search, household
        self._rows: tuple[PersonRow, ...] = ()
        self._found_for = ""  # what the rows answer
        self._awaited = False  # Enter was pressed before they came
        self.chosen: PersonRow | None = None
        self.box = SearchBox()
        self.list = QListWidget()
        self.list.setProperty("data", True)  # noqa: FBT003 - Qt's setters take no names
        self.hold(self.box)
        self._column.addWidget(self.list)
        self.list.hide()
        self.box.searched.connect(self._searched)
        self.box.chosen.connect(self._enter)
        self.box.down.connect(self._down)
        self.box.up.connect(self._up)
        self.list.itemClicked.connect(self._clicked)
        self.learn(speaker)

    @override
    def speak(self) -> None:
        words = self.speaker.tr(N_("Number or name"))
        self.box.setPlaceholderText(words)
        self.list.setAccessibleName(words)

    def _searched(self, asked: str) -> None:
        self._awaited = False
        if self.chosen is not None and asked != self._said(self.chosen):
            self.chosen = None
            self.changed.emit()
        if self.chosen is None:
            self._search(self, asked)

    def found(self, asked: str, rows: tuple[PersonRow, ...]) -> None:
        """Show who was found, unless something else was typed meanwhile."""
        if asked != self.box.query() or self.chosen is not None:
            return
        self._rows, self._found_for = rows, asked
        self.list.clear()
        for row in rows:
            self.list.addItem(self._told(row))
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(rows))
        self.list.setFixedHeight(theme.current().px(28) * min(max(len(rows), 1), 5))
        if self._awaited:
            self._awaited = False
            if rows:
                self._take(rows[0])

    def _told(self, row: PersonRow) -> str:
        born = short_day_text(row.birth.day, self.speaker.language)
        if self._household:
            return f"{row.number} · {row.member_name} · {row.section}"
        return f"{row.name} · {born} · {row.number} · {row.section}"

    def _said(self, row: PersonRow) -> str:
        return str(row.number) if self._household else f"{row.number} {row.name}"

    def _down(self) -> None:
        self.list.setCurrentRow(min(self.list.currentRow() + 1, self.list.count() - 1))

    def _up(self) -> None:
        self.list.setCurrentRow(max(self.list.currentRow() - 1, 0))

    def _clicked(self, _item: object) -> None:
        self._enter("")

    def _enter(self, _query: str) -> None:
        if self.chosen is not None or not self.box.text().strip():
            self.entered.emit()
            return
        at = self.list.currentRow()
        answered = self._found_for == self.box.query() and not self.list.isHidden()
        if answered and 0 <= at < len(self._rows):
            self._take(self._rows[at])
            return
        # A card reader types faster than the lane brings rows: Enter waits for those of this text.
        self._searched(self.box.query())
        self._awaited = True

    def _take(self, row: PersonRow) -> None:
        self.chosen = row
        self.box.setText(self._said(row))
        self.list.hide()
        self.changed.emit()
        self.entered.emit()

    @override
    def value(self) -> object:
        if self.chosen is None:
            if self.box.query():
                raise Refusal(Text(N_("Choose one of the list: arrow down, then Enter.")))
            return None
        return self.chosen.household_id if self._household else self.chosen.id

    @override
    def put(self, value: object) -> None:
        self.take_up(value)

    @override
    def draft(self) -> object:
        return self.chosen

    @override
    def take_up(self, draft: object) -> None:
        self.chosen = draft if isinstance(draft, PersonRow) else None
        self.box.setText("" if self.chosen is None else self._said(self.chosen))
        self.list.hide()


def answer_for(
    ask: Ask,
    speaker: Speaker,
    today: date,
    search: Callable[[Finder, str], object],
) -> Answer:
    """Return the field a question is answered in."""
    made: dict[Kind, Callable[[], Answer]] = {
        Kind.WORDS: lambda: Line(Field()),
        Kind.DAY: lambda: DayLine(today),
        Kind.NUMBER: NumberLine,
        Kind.MONEY: lambda: MoneyLine(ask.exponent),
        Kind.BIRTH: lambda: BirthLine(today),
        Kind.ONE: lambda: Few(speaker),
        Kind.LIST: lambda: ListLine(speaker),
        Kind.FAMILY: lambda: Kinship(speaker, some=False),
        Kind.SOME: lambda: Kinship(speaker, some=True),
        Kind.SEVERAL: lambda: Several(speaker),
        Kind.PHOTO: lambda: Photo(speaker),
        Kind.HOUSEHOLD: lambda: Finder(speaker, search, household=True),
        Kind.PERSON: lambda: Finder(speaker, search, household=False),
    }
    return made[ask.kind]()


__all__ = ["NEEDED", "Answer", "Finder", "Kinship", "MoneyLine", "answer_for", "birth_text"]
