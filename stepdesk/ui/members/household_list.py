"""The list of households: a search box, filters, and what stands in a row."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.i18n import N_, Text
from stepdesk.members.queries import household_ids
from stepdesk.scheme.queries import sections_on
from stepdesk.scheme.terms import Section
from stepdesk.store.desk import Desk
from stepdesk.ui import theme, tokens
from stepdesk.ui.members import facts
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.rows_model import BLOCK, Column, Kind, RowsModel
from stepdesk.ui.widgets.search_box import SearchBox
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words
from stepdesk.values.ids import HouseholdId, SectionId

COLUMNS = (
    Column(N_("No."), width=112),
    Column(N_("Member"), width=124, stretch=3),
    Column(N_("Village"), width=92, priority=3, stretch=1, muted=True),
    Column(N_("Ben."), Kind.NUMBER, width=60, priority=2),
    Column(N_("Status"), Kind.STATUS, width=146),
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


_ORDERS = {
    "number": N_("By number"),
    "name": N_("By name"),
    "section": N_("By village"),
}
_KEPT = 40 * BLOCK


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is asked for: what is typed, a short list, a village, an order."""

    text: str = ""
    show: str = ""
    section_id: SectionId | None = None
    order: str = "number"


@dataclass(frozen=True, slots=True)
class Found:
    """What the list answers, with the villages there are to choose from."""

    listed: facts.Listed
    sections: tuple[Section, ...]


def found(desk: Desk, asked: Asked) -> Found:
    """Return the households asked for. A search looks in every village and every status."""
    told = facts.listed(desk, asked.show, asked.text)
    with desk.read() as connection:
        sections = sections_on(connection, desk.today)
        plain = asked.section_id is None and asked.order == "number"
        if asked.text or plain:
            return Found(told, sections)
        ordered = household_ids(connection, order=asked.order, section_id=asked.section_id)
    held = frozenset(told.ids)
    ids = tuple(one for one in ordered if one in held)
    return Found(facts.Listed(ids, told.households, told.people), sections)


def rows_of(desk: Desk, ids: Sequence[HouseholdId]) -> list[tuple[object, ...]]:
    """Return what the list shows of these households, in words short enough for a row."""
    return [tuple(map(_short, row)) for row in facts.rows(desk, ids)]


def _short(value: object) -> object:
    match value:
        case (Status.WAITING, Text(values=values)) if "day" in values:
            return Status.WAITING, Text("{day}", values)
        case _:
            return value


class Filter(QComboBox, Dressed):
    """A list one opens with the arrow keys; Enter goes back to the search box."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.wear()

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


class HouseholdList(QWidget, Dressed, Speaking):
    """The list, its search box and its filters.

    Signals:
        searched: What is looked for, while it is typed.
        filtered: Another village, status or order was chosen.
        opened: The household on which Enter was pressed.
        walked: The household the arrow keys are on.
        all_wanted: The short list is left for all households.
        new_wanted: A new household is to be registered.
        ahead: Rows that will be looked at next: ids to read on the lane, for `hold`.
    """

    searched = Signal(str)
    filtered = Signal()
    opened = Signal(object)
    walked = Signal(object)
    all_wanted = Signal()
    new_wanted = Signal()
    ahead = Signal(object)

    def __init__(self, speaker: Speaker, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._ids: tuple[HouseholdId, ...] = ()
        self._held: dict[HouseholdId, tuple[object, ...]] = {}
        self._asked_ahead = -1
        self._sections: tuple[Section, ...] = ()
        self.search = SearchBox()
        self.new = PlainButton(N_("New household"), speaker, key="new", icon="user-plus")
        self.village, self.status, self.order = Filter(), Filter(), Filter()
        self.village.setProperty("data", True)  # noqa: FBT003 - Qt's setters take no names
        self.count = Words("", speaker, muted=True)
        self.all = PlainButton(N_("Show all"), speaker)
        self.none = Words(
            N_("No household yet. F2 registers the first."), speaker, muted=True, wrap=True
        )
        self.none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.none.hide()
        self.model = RowsModel((), self._fetch, COLUMNS, speaker, self)
        self.table = TableView(
            speaker,
            empty=N_("No household here. F2 registers one; an empty search box shows them all."),
        )
        self.table.show_rows(self.model)
        self._fill()
        self._place()
        self._connect()
        self.wear()
        self.learn(speaker)

    def _fill(self) -> None:
        for value in _TITLES:
            self.status.addItem("", value)
        for value in _ORDERS:
            self.order.addItem("", value)
        self.village.addItem("", None)

    def _place(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._top, self._line, self._foot = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        self._column.addLayout(self._top)
        self._column.addLayout(self._line)
        self._top.addWidget(self.search, 1)
        self._top.addWidget(self.new)
        for filter_ in (self.status, self.village, self.order):
            self._line.addWidget(filter_, 1)
        self._column.addWidget(self.table, 1)
        self._column.addWidget(self.none, 1)
        self._column.addLayout(self._foot)
        self._foot.addWidget(self.count)
        self._foot.addStretch(1)
        self._foot.addWidget(self.all)

    def _connect(self) -> None:
        for filter_ in (self.status, self.village, self.order):
            filter_.activated.connect(self._filtered)
            filter_.entered.connect(self._to_search)
        self.search.searched.connect(self.searched)
        self.search.chosen.connect(self._enter)
        self.search.down.connect(self._into_list)
        self.table.chosen.connect(self.opened)
        self.table.current.connect(self.walked)
        self.all.clicked.connect(self.all_wanted)
        self.new.clicked.connect(self.new_wanted)

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setSpacing(now.px(8))
        self._top.setSpacing(now.px(8))
        self._line.setSpacing(now.px(8))

    @override
    def speak(self) -> None:
        words = self.speaker.tr(N_("Number, name or part of a name"))
        self.search.setPlaceholderText(words)
        self.search.setAccessibleName(words)
        self.table.setAccessibleName(self.speaker.tr(N_("Households")))
        self.village.setAccessibleName(self.speaker.tr(N_("Village")))
        self.status.setAccessibleName(self.speaker.tr(N_("Status")))
        self.order.setAccessibleName(self.speaker.tr(N_("Order")))
        self.village.setItemText(0, self.speaker.tr(N_("All villages")))
        for filter_, titles in ((self.status, _TITLES), (self.order, _ORDERS)):
            for at, words in enumerate(titles.values()):
                filter_.setItemText(at, self.speaker.tr(words))

    def asked(self) -> Asked:
        """Return what is looked for."""
        return Asked(
            self.search.query(),
            self.status.currentData() or "",
            self.village.currentData(),
            self.order.currentData() or "number",
        )

    def choose(self, show: str) -> None:
        """Show a short list, in every village."""
        self.status.setCurrentIndex(max(self.status.findData(show), 0))
        self.village.setCurrentIndex(0)

    def show_found(self, answer: Found) -> None:
        """Show a list; what is typed in the search box stays."""
        told = answer.listed
        self._offer(answer.sections)
        self._ids, self._asked_ahead = told.ids, -1
        self._held.clear()
        self.model.set_ids(told.ids)
        self.all.setVisible(self.asked() != Asked(order=self.asked().order))
        self.none.setVisible(told.households == 0)
        self.table.setVisible(told.households > 0)
        one = N_("{count} household in all, {people} people covered")
        many = N_("{count} households in all, {people} people covered")
        values = {"count": told.households, "people": told.people}
        self.count.say(Text(one, values, plural=many))

    def refresh(self) -> None:
        """Read the rows again, since what they say has changed."""
        self._held.clear()
        self._asked_ahead = -1
        self.model.refresh()

    def hold(self, ids: Sequence[HouseholdId], rows: Sequence[tuple[object, ...]]) -> None:
        """Keep rows that were read ahead, so that scrolling to them waits for nothing."""
        if len(self._held) > _KEPT:
            self._held.clear()
        self._held.update(zip(ids, rows, strict=True))

    def _offer(self, sections: tuple[Section, ...]) -> None:
        if sections == self._sections:
            return
        self._sections = sections
        kept = self.village.currentData()
        while self.village.count() > 1:
            self.village.removeItem(1)
        for one in sections:
            self.village.addItem(f"{one.code:02d} {one.name}", one.id)
        self.village.setCurrentIndex(max(self.village.findData(kept), 0))

    def _fetch(self, ids: Sequence[HouseholdId]) -> list[tuple[object, ...]]:
        rows = {one: self._held[one] for one in ids if one in self._held}
        missing = [one for one in ids if one not in rows]
        if missing:
            rows.update(zip(missing, rows_of(self._desk, missing), strict=True))
        at = self.model.row_of(ids[-1]) if ids else None
        if at is not None and at > self._asked_ahead:
            self._asked_ahead = at
            following = self._ids[at + 1 : at + 1 + BLOCK]
            if following:
                self.ahead.emit(following)
        return [rows[one] for one in ids]

    def _filtered(self, _at: int) -> None:
        self.filtered.emit()

    def _to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

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
