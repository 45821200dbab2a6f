"""A small table one types in: sizes with their amounts, days of a season with their shares.

Enter goes on and adds a row, Delete in an empty field takes its row away, Up and Down walk. A row
that cannot be read says so beside it. A whole list pasted into one field, as the command line
writes it (`1: 400; 2: 1 200`), becomes rows.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ui import theme, tokens
from stepdesk.ui.members.answers import Answer
from stepdesk.ui.overriding import override
from stepdesk.ui.scheme.plan_lines import PlanLine
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.widgets.field import NumbersField
from stepdesk.ui.widgets.form import ErrorLine


class Cell(NumbersField):
    """One field of a row.

    Signals:
        emptied: Delete was pressed with nothing in it.
    """

    emptied = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Delete and not self.text():
            self.emptied.emit()
            return
        super().keyPressEvent(event)


class PlanRow(QWidget):
    """Two fields and what is wrong with them."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self.cells = (Cell(), Cell())
        self.error = ErrorLine(speaker)
        self.error.setWordWrap(False)  # a row is as high as its fields
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        for cell in self.cells:
            self._line.addWidget(cell)
        self._line.addWidget(self.error, 9)
        self._line.addStretch(1)

    def told(self) -> str:
        """Return the row as it is written in one line: `2: 1 200`; empty when nothing stands."""
        return ": ".join(found for cell in self.cells if (found := cell.text().strip()))

    def write(self, first: str, second: str) -> None:
        for cell, text in zip(self.cells, (first, second), strict=True):
            cell.setText(text)

    def fit(self, widths: tuple[int, int]) -> None:
        now = theme.current()
        self._line.setSpacing(now.px(8))
        for cell, width in zip(self.cells, widths, strict=True):
            cell.setFixedWidth(now.px(width))


class PlanRows(Answer, Speaking):
    """Rows of two fields each, read and written together as one line is.

    Args:
        speaker: Says what belongs into the fields.
        line: Reads and writes all of it in one line.
        words: What belongs into the first field and into the second.
        widths: Of the two, in pixels of the design.
    """

    def __init__(
        self,
        speaker: Speaker,
        line: PlanLine,
        words: tuple[str, str],
        widths: tuple[int, int] = (80, 110),
    ) -> None:
        super().__init__()
        self._script, self._words, self._widths = line, words, widths
        self._asked = ""
        line.setParent(self)
        line.hide()
        self.rows: list[PlanRow] = []
        self.speaker = speaker
        self._add()
        self.learn(speaker)

    @override
    def value(self) -> object:
        return self._script.understood("; ".join(filter(None, (one.told() for one in self.rows))))

    @override
    def put(self, value: object) -> None:
        self.take_up(
            [one.partition(":")[::2] for one in self._script.written(value).split("; ") if one]
        )

    @override
    def draft(self) -> list[tuple[str, ...]]:
        return [tuple(cell.text() for cell in one.cells) for one in self.rows if one.told()]

    @override
    def take_up(self, draft: object) -> None:
        told = draft if isinstance(draft, Sequence) else ()
        pairs = [(str(first).strip(), str(second).strip()) for first, second in told]
        while len(self.rows) > max(len(pairs), 1):
            self._drop(self.rows[-1])
        while len(self.rows) < len(pairs):
            self._add()
        for row, pair in zip(self.rows, pairs or [("", "")], strict=True):
            row.write(*pair)
            row.error.clear_text()

    @override
    def name(self, words: str) -> None:
        self._asked = words
        self.speak()

    @override
    def speak(self) -> None:
        for row in self.rows:
            for cell, word in zip(row.cells, self._words, strict=True):
                told = self.speaker.tr(word)
                cell.setPlaceholderText(told)
                cell.setAccessibleName(f"{self._asked} · {told}")

    @override
    def dress(self) -> None:
        super().dress()
        # The base class dresses once before there are rows.
        for row in getattr(self, "rows", ()):
            row.fit(self._widths)
        self._take_height()

    def _take_height(self) -> None:
        """Ask for the height of all rows: the base class asks for that of one."""
        now, rows = theme.current(), len(getattr(self, "rows", ()))
        self._column.setSpacing(now.px(tokens.GRID))
        self.setMinimumHeight(
            now.px(self.lowest) * max(rows, 1) + now.px(tokens.GRID) * max(rows - 1, 0)
        )

    @override
    def mark_wrong(self, *, wrong: bool) -> None:
        for row in self.rows:
            row.error.clear_text()
            bad = wrong and not self._readable(row)
            if bad:
                # There is little room here; below the table stands how a row is typed.
                row.error.show_text(Text(N_("Correct this row")))
            for cell in row.cells:
                cell.mark_wrong(wrong=bad)

    def _readable(self, row: PlanRow) -> bool:
        try:
            self._script.understood(row.told())
        except Refusal:
            return False
        return True

    def _add(self) -> PlanRow:
        row = PlanRow(self.speaker)
        self.rows.append(row)
        self._column.addWidget(row)
        first, second = row.cells
        first.returnPressed.connect(partial(self._entered, row, 0))
        second.returnPressed.connect(partial(self._entered, row, 1))
        for at, cell in enumerate(row.cells):
            cell.textChanged.connect(self._typed)
            cell.emptied.connect(partial(self._take_away, row))
            cell.up.connect(partial(self._walk, row, at, -1))
            cell.down.connect(partial(self._walk, row, at, 1))
        row.fit(self._widths)
        self._take_height()
        self.setFocusProxy(self.rows[0].cells[0])
        self.speak()
        return row

    def _typed(self, _text: str) -> None:
        self.changed.emit()

    def _entered(self, row: PlanRow, at: int) -> None:
        if not row.told():
            self.entered.emit()
        elif ";" in row.told():
            self._spread()
        elif at == 0 and ":" not in row.told():
            row.cells[1].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            later = self.rows.index(row) + 1
            following = self.rows[later] if later < len(self.rows) else self._add()
            following.cells[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _spread(self) -> None:
        """Make rows of a list that was pasted into a field; what cannot be read says so."""
        try:
            self.put(self.value())
        except Refusal:
            self.mark_wrong(wrong=True)
            return
        self.rows[-1].cells[1].setFocus(Qt.FocusReason.TabFocusReason)

    def _take_away(self, row: PlanRow) -> None:
        if len(self.rows) == 1:
            row.write("", "")
            return
        at = self.rows.index(row)
        self._drop(row)
        self.rows[min(at, len(self.rows) - 1)].cells[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _drop(self, row: PlanRow) -> None:
        self.rows.remove(row)
        self.setFocusProxy(self.rows[0].cells[0])
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._take_height()

    def _walk(self, row: PlanRow, at: int, by: int) -> None:
        to = self.rows.index(row) + by
        if 0 <= to < len(self.rows):
            self.rows[to].cells[at].setFocus(Qt.FocusReason.OtherFocusReason)
