"""The papers of a household: a list, and Enter prints the one marked."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.i18n import N_, Text
from stepdesk.ui import theme
from stepdesk.ui.members.facts import File
from stepdesk.ui.members.household_papers import PAPERS
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.rows_model import Column, RowsModel
from stepdesk.ui.widgets.table import TableView

_BY_ID = {one.id: one for one in PAPERS}
_COLUMNS = (
    Column(N_("Paper"), width=280, stretch=2),
    Column(N_("What for"), width=260, stretch=3, priority=1, muted=True),
)


class PapersTab(QWidget, Dressed, Speaking):
    """What can be printed for a household.

    Signals:
        wanted: A `Paper` is to be printed.
    """

    wanted = Signal(object)

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self.model = RowsModel((), self._rows, _COLUMNS, speaker, self)
        self.table = TableView(speaker)
        self.table.show_rows(self.model)
        self.print = PlainButton(N_("Print"), speaker, icon="printer")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.table, 1)
        foot = QHBoxLayout()
        self._column.addLayout(foot)
        foot.addWidget(self.print)
        foot.addStretch(1)
        self.table.chosen.connect(self._choose)
        self.print.clicked.connect(self._marked)
        self.wear()
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.tr(N_("Papers")))

    @override
    def dress(self) -> None:
        self._column.setSpacing(theme.current().px(8))

    def show_file(self, file: File) -> None:
        """Offer what can be printed for this household."""
        self.model.set_ids([one.id for one in PAPERS if one.offered(file)])
        self.table.go_to(0)

    def _rows(self, ids: Sequence[str]) -> list[tuple[object, ...]]:
        return [(Text(_BY_ID[one].words), Text(_BY_ID[one].use)) for one in ids]

    def _choose(self, chosen: str) -> None:
        self.wanted.emit(_BY_ID[chosen])

    def _marked(self) -> None:
        chosen = self.table.chosen_id()
        if chosen is not None:
            self._choose(chosen)
