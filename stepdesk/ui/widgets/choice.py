"""A choice of a few: all of them are seen, one is marked, the arrow keys move the mark."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from stepdesk.ui import theme, tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.tile import Tile


class Option(Tile):
    """One of the few; lower than the tiles of a first page."""

    padding = 10

    @override
    def dress(self) -> None:
        now = theme.current()
        self.setFont(now.font())
        self.setFixedHeight(now.px(tokens.MAIN_FIELD))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme.current().px(tokens.MAIN_FIELD))


class Choice(QWidget, Dressed):
    """Up to six options side by side.

    Args:
        speaker: Says them.
        options: Value and words of each.
        data: Whether the words are values of the book and are not translated.
        columns: How many stand in one row.
    Signals:
        chosen: The value, when another one is marked.
    """

    chosen = Signal(object)
    lettered = False  # whether a letter takes each option with Alt

    def __init__(
        self,
        speaker: Speaker,
        options: Sequence[tuple[Any, str]] = (),
        *,
        data: bool = False,
        columns: int = 3,
    ) -> None:
        super().__init__()
        self._speaker = speaker
        self._data = data
        self._columns = columns
        self._values: list[Any] = []
        self._group = QButtonGroup(self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._group.idToggled.connect(self._toggled)
        self.wear()
        self.set_options(options)

    def set_options(self, options: Sequence[tuple[Any, str]]) -> None:
        """Show other options, the first of them marked."""
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._values = [value for value, _words in options]
        for at, (_value, words) in enumerate(options):
            option = Option(words, self._speaker, data=self._data, lettered=self.lettered)
            option.setCheckable(True)
            self._group.addButton(option, at)
            self._grid.addWidget(option, at // self._columns, at % self._columns)
        if options:
            self._group.button(0).setChecked(True)
            self.setFocusProxy(self._group.button(0))

    def value(self) -> Any:  # noqa: ANN401 - whatever the caller's values are
        """Return the marked value, None when there are no options."""
        at = self._group.checkedId()
        return self._values[at] if 0 <= at < len(self._values) else None

    def choose(self, value: object) -> None:
        """Mark a value."""
        if value in self._values:
            self._group.button(self._values.index(value)).setChecked(True)

    @override
    def dress(self) -> None:
        self._grid.setSpacing(theme.current().px(8))

    def _toggled(self, at: int, checked: bool) -> None:
        if checked and 0 <= at < len(self._values):
            self.setFocusProxy(self._group.button(at))
            self.chosen.emit(self._values[at])


class Tabs(Choice):
    """What a page shows: one of a few views, each also opened with Alt and its letter."""

    lettered = True
