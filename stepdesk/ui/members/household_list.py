"""The list of households or persons: a search box, views, filters, columns, and the rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import monotonic
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.i18n import N_, Text, Value
from stepdesk.reports.queries.lists import household_of
from stepdesk.reports.terms import ListOf, Only, RowKey, Wanted
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.members import listing
from stepdesk.ui.members.columns import chosen_columns, columns_of, known_columns, title_of
from stepdesk.ui.members.filters import ColumnPanel, Filter, FilterPanel, view_of
from stepdesk.ui.members.listing import NOBODY, READY, Asked, Found, Offers
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.card_reader import CardReader
from stepdesk.ui.widgets.flow import Flow
from stepdesk.ui.widgets.rows_model import RowsModel
from stepdesk.ui.widgets.search_box import SearchBox
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import HouseholdId

_AHEAD = 128  # rows
_KEPT = 40 * _AHEAD
_SHORT = 256  # rows; a list that is not longer is read as it is painted
_SOME, _PART = 4, 0.008  # rows at a time, seconds
_OWN = "own"  # a list whose filters were changed since it was chosen
_NONE = N_("No household here. F2 registers one; an empty search box shows them all.")


def rows_of(desk: Desk, names: Sequence[str], keys: Sequence[RowKey]) -> list[tuple[Any, ...]]:
    """Return what the list shows of these rows in these columns."""
    return listing.rows(desk, names, keys)


class HouseholdList(QWidget, Dressed, Speaking):
    """The list, its search box, its filters and columns.

    Signals:
        searched: What is looked for, while it is typed.
        filtered: Something else is to be listed, or in another order.
        opened: The household on which Enter was pressed.
        walked: The household the arrow keys are on.
        all_wanted: The short list is left for all households.
        new_wanted: A new household is to be registered.
        ahead: Rows that will be looked at next: keys to read on the lane, for `hold`.
        papers_wanted: The papers of the scheme are wanted.
        import_wanted: A register is to be brought in.
        file_wanted: The list is to be written into a file.
        widened: Whether the list takes the whole width.
        kept, forgotten: A name under which the list is to be kept, or no longer.
    """

    searched = Signal(str)
    filtered = Signal()
    opened = Signal(object)
    walked = Signal(object)
    all_wanted = Signal()
    new_wanted = Signal()
    ahead = Signal(object)
    papers_wanted = Signal()
    import_wanted = Signal()
    file_wanted = Signal()
    widened = Signal(bool)
    kept = Signal(str)
    forgotten = Signal(str)

    def __init__(self, speaker: Speaker, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._ids: tuple[RowKey, ...] = ()
        self._held: dict[RowKey, tuple[Any, ...]] = {}
        self._places: Mapping[HouseholdId, int] = {}
        self._asked = range(0)
        self._late: list[range] = []
        self._going_on = QTimer(self)
        self._going_on.setSingleShot(True)
        self._going_on.setInterval(0)
        self._going_on.timeout.connect(self._go_on)
        self._offers = Offers()
        self._wanted = Wanted()
        self._columns = chosen_columns(ListOf.HOUSEHOLDS, ())
        self.wide = False
        self._listed_for = ""  # what was looked for when the rows came
        self._awaited = False  # Enter was pressed before they had come
        self._build(speaker)
        names = columns_of(ListOf.HOUSEHOLDS, self._columns)
        self.model = RowsModel((), self._fetch, names, speaker, self)
        self.table = TableView(speaker, empty=_NONE)
        self.table.show_rows(self.model)
        self.table.sorts()
        self._fill()
        self._place()
        self._connect()
        self.wear()
        self.learn(speaker)

    def _build(self, speaker: Speaker) -> None:
        self.search = SearchBox()
        self.reader = CardReader(speaker)
        self.new = PlainButton(N_("New household"), speaker, key="new", icon="user-plus")
        self.views, self.village, self.order = Filter(), Filter(), Filter()
        self.village.setProperty("data", True)  # noqa: FBT003 - Qt's setters take no names
        self.filters = FilterPanel(speaker, self._desk.today)
        self.columns = ColumnPanel(speaker)
        self.count = Words("", speaker, size=Size.SMALL, muted=True)
        self.more = PlainButton(N_("Filter"), speaker, key="filter")
        self.choose_columns = PlainButton(N_("Columns"), speaker)
        self.file = PlainButton(N_("Save as a file"), speaker)
        self.widen = PlainButton(N_("Whole width"), speaker)
        self.all = PlainButton(N_("Show all"), speaker)
        self.papers = PlainButton(N_("Papers …"), speaker, key="papers", icon="printer")
        self.bring_in = PlainButton(N_("Import …"), speaker, key="attach", icon="file-text")
        self.none = Words(NOBODY, speaker, muted=True, wrap=True)
        self.none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for hidden in (self.none, self.filters, self.columns, self.all):
            hidden.hide()

    def _fill(self) -> None:
        for name in READY:
            self.views.add(name)
        self.village.add(None)

    def _place(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._top, self._camera, self._line = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row in (self._top, self._camera, self._line):
            self._column.addLayout(row)
        self._camera.addWidget(self.reader.words, 1)
        self._camera.addWidget(self.reader)
        self._top.addWidget(self.search, 1)
        self._top.addWidget(self.new)
        for filter_ in (self.views, self.village, self.order):
            self._line.addWidget(filter_, 1)
        self._column.addWidget(self.filters)
        self._column.addWidget(self.columns)
        self._column.addWidget(self.table, 1)
        self._column.addWidget(self.none, 1)
        self._column.addWidget(self.count)
        buttons = (self.more, self.choose_columns, self.file, self.widen)
        self._column.addWidget(Flow((*buttons, self.papers, self.bring_in, self.all)))

    def _connect(self) -> None:
        self.views.activated.connect(self._view_chosen)
        self.village.activated.connect(self._village_chosen)
        self.order.activated.connect(self._order_chosen)
        for filter_ in (self.views, self.village, self.order, self.filters):
            filter_.entered.connect(self._to_search)
        self.filters.changed.connect(self._filters_changed)
        self.filters.kept.connect(self.kept)
        self.filters.forgotten.connect(self.forgotten)
        self.columns.changed.connect(self._columns_chosen)
        self.search.searched.connect(self.searched)
        self.search.textEdited.connect(self._other_wanted)
        self.search.chosen.connect(self._enter)
        self.search.down.connect(self._into_list)
        self.table.chosen.connect(self._chosen)
        self.table.current.connect(self._current)
        self.table.headed.connect(self._headed)
        self.all.clicked.connect(self.all_wanted)
        self.new.clicked.connect(self.new_wanted)
        self.more.clicked.connect(self.filter)
        self.choose_columns.clicked.connect(self._show_columns)
        self.file.clicked.connect(self.file_wanted)
        self.papers.clicked.connect(self.papers_wanted)
        self.bring_in.clicked.connect(self.import_wanted)
        self.widen.clicked.connect(self._turn_width)

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setSpacing(now.px(8))
        for row in (self._top, self._camera, self._line):
            row.setSpacing(now.px(8))

    @override
    def speak(self) -> None:
        words = self.speaker.tr(N_("Number, name or part of a name"))
        self.search.setPlaceholderText(words)
        self.search.setAccessibleName(words)
        self.table.setAccessibleName(self.speaker.tr(N_("Households")))
        self.village.setAccessibleName(self.speaker.tr(N_("Village")))
        self.views.setAccessibleName(self.speaker.tr(N_("View")))
        self.order.setAccessibleName(self.speaker.tr(N_("Order")))
        self.village.setItemText(0, self.speaker.tr(N_("All villages")))
        for at, ready in enumerate(READY.values()):
            self.views.setItemText(at, self.speaker.tr(ready.title))
        self._say_orders()
        self._show_view()

    # What is asked for

    def asked(self) -> Asked:
        """Return what is looked for."""
        return Asked(self.search.query(), self._wanted)

    @property
    def doubtful(self) -> bool:
        """Whether pairs are listed that may be one person."""
        return self._wanted.only is Only.DUPLICATES and not self.search.query()

    def hold_below(self, widget: QWidget) -> None:
        """Place something between the rows and the count."""
        self._column.insertWidget(self._column.indexOf(self.count), widget)

    def title(self) -> Text:
        """Return the name of what is listed, for a file."""
        name = self.views.value()
        if self.search.query() or name == _OWN:
            return Text(N_("List of members"))
        return Text(READY[name].title) if name in READY else Text("{name}", {"name": name[1:]})

    def choose(self, show: str) -> None:
        """Show a list made ready, in every village."""
        self._want(READY[show if show in READY else ""].wanted)
        self.views.choose(show if show in READY else "")

    def _want(self, wanted: Wanted) -> None:
        """Take what is listed from now on; every filter shows it."""
        told = self._wanted
        self._wanted = wanted
        names = chosen_columns(wanted.of, wanted.columns)
        if (told.of, self._columns) != (wanted.of, names):
            self._columns = names
            self._held.clear()
            self._ids, self._places = (), {}
            self.model.set_columns(columns_of(wanted.of, names), ())
        self.village.choose(wanted.section_id)
        self._say_orders()
        view = self._show_view()
        self.filters.show_wanted(wanted, view[1:])
        self.columns.show_columns(wanted)
        place = names.index(wanted.order) if wanted.order in names else None
        self.table.show_order(place, descending=wanted.descending)

    def _show_view(self) -> str:
        """Mark the view that is listed; return its name when it is one of the person's own."""
        chosen = self._named(self.views.value())
        if chosen is None or replace(chosen, section_id=self._wanted.section_id) != self._wanted:
            self._mark(self._same_view())
        name = str(self.views.value())
        return name if name.startswith("=") else ""

    def _same_view(self) -> str:
        everywhere = replace(self._wanted, section_id=None)
        for name, ready in READY.items():
            if ready.wanted in {everywhere, self._wanted}:
                return name
        for view in self._offers.views:
            if view.wanted == self._wanted:
                return f"={view.name}"
        return _OWN

    def _mark(self, name: str) -> None:
        """Mark a view; the entry for filters of one's own is there while it is marked."""
        known = len(READY) + len(self._offers.views)
        self.views.keep(known)
        if name == _OWN:
            self.views.add(_OWN, self.speaker.tr(N_("Own filters")))
        self.views.choose(name)

    def _named(self, name: object) -> Wanted | None:
        if isinstance(name, str) and name in READY:
            return READY[name].wanted
        view = view_of(str(name)[1:], self._offers.views)
        return None if view is None else view.wanted

    def _say_orders(self) -> None:
        self.order.keep(0)
        for name in known_columns(self._wanted.of):
            words = Text(N_("By: {column}"), {"column": Text(title_of(name, self._wanted.of))})
            self.order.add((name, False), self.speaker.say(words))
        down = (self._wanted.order, True)
        words = Text(
            N_("By: {column}, downward"),
            {"column": Text(title_of(self._wanted.order, self._wanted.of))},
        )
        self.order.add(down, self.speaker.say(words))
        self.order.choose((self._wanted.order, self._wanted.descending))

    @property
    def listed(self) -> int:
        """How many rows are listed."""
        return len(self._ids)

    # What is answered

    def show_found(self, answer: Found) -> None:
        """Show a list; what is typed in the search box stays."""
        self._offer(answer.offers)
        self._ids, self._places, self._asked = answer.ids, answer.places, range(0)
        self._held.clear()
        self.model.set_ids(answer.ids)
        plain = Wanted(order=self._wanted.order, descending=self._wanted.descending)
        shown = replace(self._wanted, columns=())
        self.all.setVisible(bool(self.search.query()) or shown != plain)
        self.none.setVisible(answer.households == 0)
        self.table.setVisible(answer.households > 0)
        self._say_count(answer)
        self._listed_for = self.search.query()
        if self._awaited:
            self._awaited = False
            self._enter(self._listed_for)

    def _say_count(self, answer: Found) -> None:
        one = N_("{count} household in all, {people} people covered")
        many = N_("{count} households in all, {people} people covered")
        values = {"count": answer.households, "people": answer.people}
        whole = Text(one, values, plural=many)
        told = N_("{shown} here · {whole}")
        listed: dict[str, Value] = {"shown": len(answer.ids), "whole": whole}
        self.count.say(Text(told, listed) if self._ids or self._wanted != Wanted() else whole)

    def refresh(self) -> None:
        """Read the rows again, since what they say has changed."""
        self._held.clear()
        self._asked = range(0)
        self.model.refresh()

    def hold(self, keys: Sequence[RowKey], rows: Sequence[tuple[Any, ...]]) -> None:
        """Keep rows that were read ahead, so that scrolling to them waits for nothing."""
        if len(self._held) > _KEPT:
            self._held = {one: self._held[one] for one in list(self._held)[-_KEPT // 2 :]}
        if rows and len(rows[0]) == len(self._columns):
            self._held.update(zip(keys, rows, strict=True))

    def names(self) -> tuple[str, ...]:
        """Return the columns that are shown, in order."""
        return self._columns

    def _offer(self, offers: Offers) -> None:
        if offers == self._offers:
            return
        self._offers = offers
        self.filters.offer(offers)
        self.village.keep(1)
        for value, words in offers.sections:
            self.village.add(value, words)
        chosen = self.views.value()
        self.views.keep(len(READY))
        for view in offers.views:
            self.views.add(f"={view.name}", view.name)
        self.views.choose(chosen)
        self._want(self._wanted)

    def _fetch(self, keys: Sequence[RowKey]) -> list[tuple[Any, ...] | None]:
        begin = self.model.fetching
        self._read(keys)
        if any(one not in self._held for one in keys):
            self._late.append(range(begin, begin + len(keys)))
            self._going_on.start()
        self._look_ahead(begin, begin + len(keys))
        return [self._held.get(one) for one in keys]

    def _read(self, keys: Sequence[RowKey]) -> None:
        """Read what is missing; of a long list as many rows as fit in a part of a frame."""
        missing = [one for one in keys if one not in self._held]
        some = _SOME if len(self._ids) > _SHORT else len(missing) or 1
        until = monotonic() + _PART
        for at in range(0, len(missing), some):
            if at and monotonic() > until:
                return
            part = missing[at : at + some]
            self.hold(part, rows_of(self._desk, self._columns, part))

    def _go_on(self) -> None:
        """Read more of the rows that stand in the list without words, if they are still seen."""
        late, self._late = self._late, []
        for rows in late:
            self.model.forget(rows)

    def _look_ahead(self, begin: int, end: int) -> None:
        """Let rows on both sides of those just read be read on the lane."""
        asked = self._asked
        if end < asked.start or begin > asked.stop:
            asked = range(begin, end)
        start, stop = min(begin, asked.start), max(end, asked.stop)
        asked = range(start, stop)
        if end + _AHEAD // 2 > stop:
            stop = min(stop + _AHEAD, len(self._ids))
        if begin - _AHEAD // 2 < start:
            start = max(start - _AHEAD, 0)
        wanted = self._ids[start : asked.start] + self._ids[asked.stop : stop]
        self._asked = range(start, stop)
        if wanted:
            self.ahead.emit(wanted)

    # Keys and clicks

    def filter(self) -> None:
        """F3: the filters, the views first; once more puts them away."""
        if not self.filters.isHidden():
            self.close_panels()
            return
        self.columns.hide()
        self.filters.show()
        self.views.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_panels(self) -> bool:
        """Put filters and columns away; whether any was open."""
        was_open = not (self.filters.isHidden() and self.columns.isHidden())
        self.filters.hide()
        self.columns.hide()
        if was_open:
            self._to_search()
        return was_open

    def _show_columns(self) -> None:
        self.filters.hide()
        self.columns.setVisible(self.columns.isHidden())
        if not self.columns.isHidden():
            self.columns.show_columns(self._wanted)
            self.columns.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _turn_width(self) -> None:
        self.make_wide(wide=not self.wide)

    def make_wide(self, *, wide: bool) -> None:
        """Give the list the whole width, or only its side."""
        if wide is self.wide:
            return
        self.wide = wide
        self.widen.say(N_("Beside the household") if wide else N_("Whole width"))
        self.widened.emit(wide)

    def _view_chosen(self, _at: int) -> None:
        chosen = self._named(self.views.value())
        if chosen is not None:
            if self.views.value() in READY:
                chosen = replace(chosen, section_id=self._wanted.section_id)
            self._ask(chosen)

    def _village_chosen(self, _at: int) -> None:
        self._ask(replace(self._wanted, section_id=self.village.value()))

    def _order_chosen(self, _at: int) -> None:
        name, descending = self.order.value()
        self._ask(replace(self._wanted, order=name, descending=descending))

    def _headed(self, column: int) -> None:
        name = self._columns[column]
        down = name == self._wanted.order and not self._wanted.descending
        self._ask(replace(self._wanted, order=name, descending=down))

    def _filters_changed(self) -> None:
        wanted = self.filters.asked(self._wanted)
        if wanted is not None and wanted != self._wanted:
            self._ask(replace(wanted, only=wanted.only if wanted.of is self._wanted.of else None))

    def _columns_chosen(self, names: tuple[str, ...]) -> None:
        self._ask(replace(self._wanted, columns=names))

    def _ask(self, wanted: Wanted) -> None:
        self._want(wanted)
        self.filtered.emit()

    def _to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _other_wanted(self, _text: str) -> None:
        self._awaited = False

    def _enter(self, asked: str) -> None:
        if asked != self._listed_for:
            # A card reader is faster than the lane: Enter waits for the rows of this text.
            self._awaited = True
            self.searched.emit(asked)
            return
        if self.model.rowCount() > 0:
            self.table.go_to(0)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            self._chosen(self.model.id_at(0))

    def _into_list(self) -> None:
        if self.model.rowCount() > 0:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            self.table.go_to(0)

    def _chosen(self, key: RowKey) -> None:
        self.make_wide(wide=False)
        self.opened.emit(household_of(key))

    def _current(self, key: RowKey) -> None:
        self.walked.emit(household_of(key))

    def holds(self, household_id: HouseholdId) -> bool:
        """Whether a household, or somebody of it, is in the list."""
        return household_id in self._places

    def select(self, household_id: HouseholdId) -> None:
        """Go to a household's row if it is in the list, and not already on one of its people."""
        here = self.table.chosen_id()
        if here is None or household_of(here) != household_id:
            row = self._places.get(household_id)
            if row is not None:
                self.table.go_to(row)
