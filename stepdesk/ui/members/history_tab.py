"""The history of a household: what happened, latest first; the whole story of one below."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.i18n import N_
from stepdesk.members.terms import EventKind
from stepdesk.ui import theme, tokens
from stepdesk.ui.members.history import Line, find_line
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.rows_model import Column, Faint, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words
from stepdesk.values.ids import EventId

_COLUMNS = (
    Column(N_("Day"), width=104),
    Column(N_("What happened?"), width=200, stretch=1),
    Column(N_("By"), width=110, priority=1, muted=True),
)
NOT_TAKEN_BACK = frozenset({EventKind.REVERSED, EventKind.VOIDED, EventKind.CORRECTED})
"""What took something back stays; a correction is corrected again."""


class HistoryTab(QWidget, Dressed, Speaking):
    """The history, and a button that takes one event back.

    Signals:
        taken_back: A `Line`: its event is to be taken back.
    """

    taken_back = Signal(object)

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._lines: tuple[Line, ...] = ()
        self.model = RowsModel((), self._rows, _COLUMNS, speaker, self)
        self.table = TableView(speaker, row=tokens.ROW_DENSE)
        self.table.show_rows(self.model)
        self.told = Words("", speaker, wrap=True)
        self.back = PlainButton(N_("Take back …"), speaker, icon="undo-2")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.table, 1)
        self._column.addWidget(self.told)
        foot = QHBoxLayout()
        self._column.addLayout(foot)
        foot.addWidget(self.back)
        foot.addStretch(1)
        self.table.current.connect(self._tell)
        self.table.chosen.connect(self._to_button)
        self.back.clicked.connect(self._take_back)
        self.wear()
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.tr(N_("History")))

    @override
    def dress(self) -> None:
        self._column.setSpacing(theme.current().px(8))

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Show a household's history."""
        self._lines = lines
        self.model.set_ids([one.event.id for one in lines])
        self.told.say("")
        self.back.setEnabled(False)
        if lines:
            self.table.go_to(0)

    def texts(self) -> list[str]:
        """Return what the rows say."""
        return [self.model.cell(row, 1).text for row in range(self.model.rowCount())]

    def _rows(self, ids: Sequence[EventId]) -> list[tuple[object, ...]]:
        rows = []
        for one in ids:
            line = find_line(self._lines, one)
            if line is None:
                raise LookupError("no such event")
            rows.append(_row(line))
        return rows

    def _tell(self, event_id: EventId) -> None:
        line = find_line(self._lines, event_id)
        if line is None:
            return
        self.told.say(line.whole)
        may = not line.undone and line.event.kind not in NOT_TAKEN_BACK
        self.back.setEnabled(may)

    def _to_button(self, _event_id: EventId) -> None:
        if self.back.isEnabled():
            self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_back(self) -> None:
        line = find_line(self._lines, self.table.chosen_id())
        if line is not None and self.back.isEnabled():
            self.taken_back.emit(line)


def _row(line: Line) -> tuple[object, ...]:
    row = (line.event.effective_on, line.what, line.by)
    if not line.undone:
        return row
    return tuple(Faint(value, struck=True) for value in row)
