"""The menu of events: their words, found by typing the first letters of one."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.i18n import N_, Text
from stepdesk.ui import theme, tokens
from stepdesk.ui.members.asks import PARTS, Happening, Known
from stepdesk.ui.members.happenings import BY_ID, HAPPENINGS
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.rows_model import Column, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.names import fold

_COLUMNS = (
    Column(N_("What happened?"), width=240, stretch=3),
    Column(N_("Concerns"), width=140, stretch=1, priority=1, muted=True),
)


class HappeningMenu(QWidget, Dressed, Speaking):
    """The list of events with a box over it: letters narrow it, Enter takes the one marked.

    Signals:
        chosen: A `Happening`.
        left: The person went back.
    """

    chosen = Signal(object)
    left = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._known: Known | None = None
        self.title = Words(N_("What happened?"), speaker, size=Size.SECTION, bold=True)
        self.hint = Words(
            N_("Type the first letters, or use the arrow keys. Enter opens the form."),
            speaker,
            muted=True,
            wrap=True,
        )
        self.box = Field()
        self.model = RowsModel((), self._rows, _COLUMNS, speaker, self)
        self.table = TableView(
            speaker,
            row=tokens.ROW_DENSE,
            empty=N_("No event has this name. Type fewer letters."),
            fewest=6,
        )
        self.table.show_rows(self.model)
        self.back = PlainButton(N_("Back"), speaker, key="back")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.title, self.hint, self.box, self.table):
            self._column.addWidget(widget, 1 if widget is self.table else 0)
        foot = QHBoxLayout()
        self._column.addLayout(foot)
        foot.addWidget(self.back)
        foot.addStretch(1)
        self.box.textChanged.connect(self._narrow)
        self.box.returnPressed.connect(self._take)
        self.box.down.connect(self._down)
        self.box.up.connect(self._up)
        self.table.chosen.connect(self._choose)
        self.back.clicked.connect(self.left)
        self.wear()
        self.learn(speaker)

    @override
    def speak(self) -> None:
        words = self.speaker.tr(N_("What happened?"))
        self.box.setAccessibleName(words)
        self.table.setAccessibleName(words)
        self._narrow(self.box.text())

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setSpacing(now.px(8))

    def start(self, known: Known) -> None:
        """Show what can have happened to this household."""
        self._known = known
        self.box.setText("")
        self._narrow("")
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def words(self) -> list[str]:
        """Return what the list says."""
        return [self.model.cell(row, 0).text for row in range(self.model.rowCount())]

    def _rows(self, ids: Sequence[str]) -> list[tuple[object, ...]]:
        return [(Text(BY_ID[one].words), Text(PARTS[BY_ID[one].part])) for one in ids]

    def _offered(self) -> list[Happening]:
        known = self._known
        return [one for one in HAPPENINGS if known is None or one.offered(known)]

    def _narrow(self, typed: str) -> None:
        wanted = fold(typed).split()
        self.model.set_ids(
            [one.id for one in self._offered() if _fits(wanted, self.speaker.tr(one.words))]
        )
        if self.model.rowCount():
            self.table.go_to(0)

    def _down(self) -> None:
        self._walk(1)

    def _up(self) -> None:
        self._walk(-1)

    def _walk(self, by: int) -> None:
        last = self.model.rowCount() - 1
        at = self.table.currentIndex().row() + by
        if last >= 0:
            self.table.go_to(min(max(at, 0), last))

    def _take(self) -> None:
        chosen = self.table.chosen_id()
        if chosen is not None:
            self._choose(chosen)

    def _choose(self, chosen: str) -> None:
        self.chosen.emit(BY_ID[chosen])


def _fits(wanted: list[str], words: str) -> bool:
    told = fold(words).replace(":", " ").replace(",", " ").split()
    return all(any(word.startswith(one) for word in told) for one in wanted)
