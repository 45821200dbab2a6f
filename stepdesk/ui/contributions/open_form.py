"""Opening a collection session: where, who carries the money, what is in the bag already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QWidget

from stepdesk.contributions.queries import sessions
from stepdesk.contributions.terms import CollectionSession
from stepdesk.countries import country
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger.queries import boxes
from stepdesk.ledger.terms import CashBox, Place
from stepdesk.store.desk import Colleague, Desk
from stepdesk.ui import keys, theme, tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Choice, Option
from stepdesk.ui.widgets.date_field import DateField
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import StaffId
from stepdesk.values.money import Currency, Money

_WIDTH = 460
SHOWN = 300
"""So many sessions before are listed: years of them, and none is waited for."""
_MAIN = Place("cash_main")
_CASH = frozenset({"cash_main", "cash_section"})
COLUMNS = (
    Column(N_("Day"), width=116),
    Column(N_("Place"), width=120, stretch=2),
    Column(N_("Collector"), width=110, priority=4, stretch=1, muted=True),
    Column(N_("Receipts"), Kind.NUMBER, width=80, priority=1),
    Column(N_("Total"), Kind.AMOUNT, width=100),
    Column(N_("Cash count"), Kind.STATUS, width=136, priority=3),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the desk is like when the page comes up."""

    sessions: tuple[CollectionSession, ...]
    people: tuple[Colleague, ...]
    me: StaffId
    solo: bool
    today: date
    boxes: tuple[CashBox, ...] = ()

    def others(self) -> tuple[Colleague, ...]:
        """Return who may sign as the second person."""
        return tuple(one for one in self.people if one.id != self.me)


def setting_of(desk: Desk) -> Setting:
    """Read what the page needs to come up."""
    found = desk.ask(sessions, desk.currency, latest=SHOWN)
    told = desk.ask(boxes, country(desk.country), desk.language, day=desk.today)
    cash = tuple(one for one in told if one.place.role in _CASH)
    return Setting(found, desk.colleagues(), desk.person.staff_id, desk.solo, desk.today, cash)


class PeopleTiles(QWidget, Dressed):
    """One of the people of the desk, by a click or the arrow keys.

    Args:
        speaker: Says the last tile.
        nobody: What the tile for nobody says; without it somebody is chosen.
    """

    chosen = Signal()

    def __init__(self, speaker: Speaker, *, nobody: str = "", columns: int = 2) -> None:
        super().__init__()
        self._speaker = speaker
        self._nobody = nobody
        self._columns = columns
        self._ids: list[StaffId | None] = []
        self._group = QButtonGroup(self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        self.wear()

    @override
    def dress(self) -> None:
        now = theme.current()
        self._grid.setSpacing(now.px(8))
        rows = -(-len(self._ids) // self._columns)
        self._grid.setContentsMargins(0, 0, 0, now.px(8))
        self.setFixedHeight(rows * now.px(tokens.MAIN_FIELD + 8))

    def show_people(self, people: Sequence[Colleague], chosen: StaffId | None) -> None:
        """Show these people, one of them chosen."""
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        named = [(one.id, one.name) for one in people]
        self._ids = [one for one, _name in named]
        tiles = [Option(name, self._speaker, icon="user", data=True) for _id, name in named]
        if self._nobody:
            self._ids.append(None)
            tiles.append(Option(self._nobody, self._speaker, icon="house"))
        for at, tile in enumerate(tiles):
            tile.setCheckable(True)
            tile.setChecked(self._ids[at] == chosen)
            tile.clicked.connect(self.chosen)
            self._group.addButton(tile, at)
            self._grid.addWidget(tile, at // self._columns, at % self._columns)
        if self._group.checkedId() < 0 and tiles:
            tiles[0].setChecked(True)
        self.dress()

    def tiles(self) -> tuple[QWidget, ...]:
        """Return what the people stand on, in their order."""
        return tuple(self._group.buttons())

    def person(self) -> StaffId | None:
        """Return who is chosen."""
        at = self._group.checkedId()
        return self._ids[at] if 0 <= at < len(self._ids) else None


class OpenForm(QWidget, Dressed, Speaking):
    """The form to open a session, and the sessions before.

    Signals:
        opened: Place, collector (or None), float in minor units, box (or None for the one there
            is), and the day written on paper receipts (None for money that is taken now).
        at_the_desk: The person takes money without a session.
        lists_wanted: The lists of who has paid.
        booklets_wanted: The paper booklets.
    """

    opened = Signal(str, object, int, object, object)
    at_the_desk = Signal()
    lists_wanted = Signal()
    booklets_wanted = Signal()

    def __init__(self, speaker: Speaker, currency: Currency, today: date) -> None:
        super().__init__()
        self.place = Field()
        self.float_field = NumberField(exponent=currency.exponent)
        self.collector = PeopleTiles(speaker, nobody=N_("Nobody: at the desk"))
        self.form = Form(speaker)
        self.form.add("place", self.place, N_("Place"), hint=N_("Where the money is collected"))
        self.form.add("collector", self.collector, N_("Who carries the bag?"))
        self.form.add(
            "float_amount",
            self.float_field,
            N_("Float in the bag"),
            hint=N_("Coins you take along for change; 0 if none"),
            width=200,
        )
        self._build_more(speaker, today)
        self._row = self._placed(speaker)
        self._connect()
        self.wear()
        self.learn(speaker)

    def _build_more(self, speaker: Speaker, today: date) -> None:
        self.box = Choice(speaker, data=True, columns=2)
        self.form.add("box", self.box, N_("Which cash box the money goes into"))
        self.way = Choice(
            speaker, ((False, N_("Taken now")), (True, N_("From paper receipts"))), columns=2
        )
        self.form.add("way", self.way, N_("How the receipts come"))
        self.day = DateField(today)
        self.form.add("day", self.day, N_("Day the money was collected"), width=200)
        self.lists_button = PlainButton(N_("Who has paid"), speaker, icon="users", lettered=True)
        self.booklets_button = PlainButton(
            N_("Paper booklets"), speaker, icon="file-text", lettered=True
        )
        self.button = MainButton(N_("Open the session (Enter)"), speaker, icon="hand-coins")
        self.desk_button = PlainButton(
            N_("At the desk, without a session"), speaker, key="new", icon="house"
        )
        self._told = Words("", speaker, bold=True, wrap=True)
        self._told.hide()
        self._rows: dict[Any, CollectionSession] = {}
        self._table = TableView(speaker, empty=N_("No session yet. Open the first one here."))
        self._model = RowsModel((), self._fetch, COLUMNS, speaker, self)
        self._table.show_rows(self._model)
        self._table.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _connect(self) -> None:
        self.place.returnPressed.connect(partial(self._next, self.float_field))
        self.float_field.returnPressed.connect(self._open)
        self.button.clicked.connect(self._open)
        self.desk_button.clicked.connect(self.at_the_desk)
        self.lists_button.clicked.connect(self.lists_wanted)
        self.booklets_button.clicked.connect(self.booklets_wanted)
        self.way.chosen.connect(self._way_chosen)
        self.day.returnPressed.connect(self._open)
        keys.bind("new", self, self.at_the_desk.emit)

    @override
    def speak(self) -> None:
        self._table.setAccessibleName(self.speaker.tr(N_("Sessions before")))

    @override
    def dress(self) -> None:
        now = theme.current()
        edge = now.px(24)
        self._row.setContentsMargins(edge, now.px(16), edge, now.px(16))

    def start(self, setting: Setting) -> None:
        """Propose what was done last time; the cursor is in the place."""
        last = next(iter(setting.sessions), None)
        self._ready(ready=True)
        self.form.clear()
        self.place.setText(last.place if last is not None else "")
        self.collector.show_people(setting.people, setting.me)
        self.float_field.set_value(0)
        named = [one for one in setting.boxes if one.place.box is not None]
        main = [one for one in setting.boxes if one.place == _MAIN]
        boxes = [(one.place.box, one.name) for one in (*main, *named)]
        self.box.set_options(boxes)
        self.form.show_row("box", shown=bool(named))
        self.way.choose(False)  # noqa: FBT003 - one of the values there are
        self._way_chosen(False)  # noqa: FBT003 - as the signal gives it
        self.day.set_day(setting.today)
        self._rows = {one.id: one for one in setting.sessions}
        self._model.set_ids([one.id for one in setting.sessions])
        self.place.setFocus(Qt.FocusReason.OtherFocusReason)
        self.place.selectAll()

    def tell(self, text: Text | None) -> None:
        """Say above the form what has just been done."""
        self._told.say(text or "")
        self._told.setVisible(text is not None)

    def refuse(self, refusal: Refusal) -> None:
        """Show why the session was not opened."""
        self._ready(ready=True)
        self.form.show_refusal(refusal)

    def free(self) -> None:
        """Let the form be sent again."""
        self._ready(ready=True)

    def _placed(self, speaker: Speaker) -> QHBoxLayout:
        self._left = Card(N_("New collection session"), speaker)
        self._left.body.addWidget(self._told)
        self._left.body.addWidget(self.form)
        self._left.body.addWidget(self.button)
        self._left.body.addWidget(self.desk_button)
        self._left.body.addStretch(1)
        right = Card(N_("Sessions before"), speaker)
        right.body.addWidget(self._table, 1)
        hint = N_("A session stays open until its money is counted; a power cut does not end it.")
        right.body.addWidget(Words(hint, speaker, size=Size.SMALL, muted=True, wrap=True))
        others = QHBoxLayout()
        right.body.addLayout(others)
        others.addWidget(self.lists_button)
        others.addWidget(self.booklets_button)
        others.addStretch(1)
        row = QHBoxLayout(self)
        row.addWidget(Sides(self._left, right, side=_WIDTH, first_fixed=True))
        return row

    def _next(self, widget: QWidget) -> None:
        widget.setFocus(Qt.FocusReason.TabFocusReason)

    def _ready(self, *, ready: bool) -> None:
        self.button.setEnabled(ready)

    def _open(self) -> None:
        if not self.button.isEnabled() or self.form.wrong():
            return
        self.form.clear()
        day = self.day.day() if self.way.value() else None
        if self.way.value() and day is None:
            text = Text(N_("Type the day that stands on the receipts."))
            self.form.show_refusal(Refusal(text, field="day"))
            return
        self._ready(ready=False)
        in_bag = self.float_field.value() or 0
        collector, box = self.collector.person(), self.box.value()
        self.opened.emit(self.place.text(), collector, in_bag, box, day)

    def _way_chosen(self, paper: object) -> None:
        self.form.show_row("day", shown=bool(paper))

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [session_row(self._rows[one]) for one in ids]


def session_row(one: CollectionSession) -> tuple[object, ...]:
    """Return the cells of a session in `COLUMNS`."""
    return (
        one.day,
        one.place,
        one.collector or Text(N_("Nobody")),
        one.receipts,
        one.total,
        _count_told(one),
    )


def _count_told(one: CollectionSession) -> tuple[Status, Text]:
    if one.counted is None:
        return Status.WAITING, Text(N_("Not counted"))
    difference = one.counted - one.total - one.float_amount
    if difference == Money(0, difference.currency):
        return Status.UP_TO_DATE, Text(N_("Agrees"))
    return Status.LATE, Text(N_("Missing") if difference.minor < 0 else N_("Too much"))
