"""The list of households: a search box, short lists, and what stands in a row."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.i18n import N_, Text
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.members import facts
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.search_box import SearchBox
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words
from stepdesk.values.ids import HouseholdId

COLUMNS = (
    Column(N_("No."), width=118),
    Column(N_("Member"), width=124, stretch=3),
    Column(N_("Village"), width=96, priority=2, stretch=1, muted=True),
    Column(N_("People"), Kind.NUMBER, width=76, priority=3),
    Column(N_("Status"), Kind.STATUS, width=118),
    Column(N_("Paid until"), width=104, priority=1, muted=True),
)
_TITLES = {
    "": N_("All households"),
    "late": N_("Late or suspended"),
    "late_long": N_("Late two months or more"),
    "stopped": N_("Suspended"),
    "waiting": N_("In their waiting period"),
    "not_entered": N_("Entry not paid"),
}


class HouseholdList(QWidget, Dressed, Speaking):
    """The list and its search box.

    Signals:
        searched: What is looked for, while it is typed.
        opened: The household on which Enter was pressed.
        walked: The household the arrow keys are on.
        all_wanted: The short list is left for all households.
    """

    searched = Signal(str)
    opened = Signal(object)
    walked = Signal(object)
    all_wanted = Signal()

    def __init__(self, speaker: Speaker, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.search = SearchBox()
        self.head = Words("", speaker, bold=True)
        self.count = Words("", speaker, muted=True)
        self.all = PlainButton(N_("Show all"), speaker)
        self.model = RowsModel((), self._fetch, COLUMNS, speaker, self)
        self.table = TableView(
            speaker,
            empty=N_("No household here. F2 registers one; an empty search box shows them all."),
        )
        self.table.show_rows(self.model)
        line = QHBoxLayout()
        line.addWidget(self.head)
        line.addWidget(self.all)
        line.addStretch(1)
        line.addWidget(self.count)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.search)
        self._column.addLayout(line)
        self._column.addWidget(self.table, 1)
        self.search.searched.connect(self.searched)
        self.search.chosen.connect(self._enter)
        self.search.down.connect(self._into_list)
        self.table.chosen.connect(self.opened)
        self.table.current.connect(self.walked)
        self.all.clicked.connect(self.all_wanted)
        self.wear()
        self.learn(speaker)

    @override
    def dress(self) -> None:
        self._column.setSpacing(theme.current().px(8))

    @override
    def speak(self) -> None:
        words = self.speaker.tr(N_("Number, name or part of a name"))
        self.search.setPlaceholderText(words)
        self.search.setAccessibleName(words)
        self.table.setAccessibleName(self.speaker.tr(N_("Households")))

    def show_listed(self, told: facts.Listed, show: str) -> None:
        """Show a list; what is typed in the search box stays."""
        self.model.set_ids(told.ids)
        self.head.say(N_("Found") if self.search.query() else _TITLES.get(show, _TITLES[""]))
        self.all.setVisible(bool(show) or bool(self.search.query()))
        one = N_("{count} household in all, {people} people covered")
        many = N_("{count} households in all, {people} people covered")
        values = {"count": told.households, "people": told.people}
        self.count.say(Text(one, values, plural=many))

    def _fetch(self, ids: object) -> list[tuple[object, ...]]:
        return facts.rows(self._desk, ids)  # type: ignore[arg-type]

    def _enter(self, _asked: str) -> None:
        if self.model.rowCount() > 0:
            self.table.selectRow(0)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            self.opened.emit(self.model.id_at(0))

    def _into_list(self) -> None:
        if self.model.rowCount() > 0:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            self.table.selectRow(0)

    def select(self, household_id: HouseholdId) -> None:
        """Go to a household's row if it is in the list."""
        self.table.select_id(household_id)
