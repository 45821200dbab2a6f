"""The first page: what is to be done today, and how the scheme stands."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from stepdesk.i18n import N_, Text, weekday_text
from stepdesk.reports.queries.standings import reckon_some
from stepdesk.store.desk import Desk
from stepdesk.ui import digit_keys, theme
from stepdesk.ui.context import Context
from stepdesk.ui.overriding import override
from stepdesk.ui.page import Page
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.today.facts import USB_DAYS, Facts, Task, days_since, facts_of, tasks_of
from stepdesk.ui.today.lines import TaskLine
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.pill import StatusPill
from stepdesk.ui.widgets.sides import Sides, Tiles
from stepdesk.ui.widgets.tile import Tile
from stepdesk.ui.widgets.words import Size, Words

_TILES: tuple[tuple[str, str, str, tuple[tuple[str, object], ...]], ...] = (
    (N_("Collect"), "hand-coins", "collection", ()),
    (N_("New household"), "user-plus", "members", (("new", True),)),
    (N_("Close the month"), "calendar-check", "closing", ()),
    (N_("Find somebody"), "search", "members", (("search", ""),)),
)
_SIDE = 400


class Figures(QWidget, Dressed):
    """Names and values below each other, the values at the end of their lines."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._speaker = speaker
        self._values: dict[str, Words] = {}
        self._pills: dict[str, StatusPill] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(0, 1)
        self.wear()

    def add(self, name: str, label: str) -> None:
        """Add a line; `pill` says how it stands when that matters."""
        value = Words("", self._speaker, bold=True)
        end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        value.setAlignment(end)
        row = self._grid.rowCount()
        label_words = Words(label, self._speaker, muted=True, wrap=True)
        self._grid.addWidget(label_words, row, 0)
        self._grid.addWidget(value, row, 1, end)
        self._values[name] = value

    def add_pill(self, name: str, label: str) -> None:
        """Add a line whose value is a status pill."""
        pill = StatusPill(self._speaker)
        row = self._grid.rowCount()
        self._grid.addWidget(Words(label, self._speaker, muted=True, wrap=True), row, 0)
        self._grid.addWidget(pill, row, 1, Qt.AlignmentFlag.AlignRight)
        self._pills[name] = pill

    def show_text(self, name: str, text: Text) -> None:
        self._values[name].say(text)

    def show_status(self, name: str, status: Status, text: Text) -> None:
        self._pills[name].set_status(status, text)

    def text(self, name: str) -> str:
        """Return what a line says."""
        if name in self._pills:
            return self._pills[name].accessibleName()
        return self._values[name].text()

    @override
    def dress(self) -> None:
        self._grid.setHorizontalSpacing(theme.current().px(16))
        self._grid.setVerticalSpacing(theme.current().px(14))


class TodayPage(Page, Dressed):
    """The first page of everybody."""

    id = "today"
    help_page = "today"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        if not isinstance(context.desk, Desk):
            raise TypeError("this page needs an open book")
        self._desk = context.desk
        self.facts: Facts | None = None
        self.lines: list[TaskLine] = []
        say = context.speaker
        self.greeting = Words("", say, size=Size.NAME, bold=True)
        self.month = Words("", say, muted=True)
        self.tiles = [
            Tile(words, say, key=str(at + 1), icon=icon)
            for at, (words, icon, _page, _arguments) in enumerate(_TILES)
        ]
        self._todo = Card(margin=16)
        self._todo_head = Words(N_("To do"), say, size=Size.SECTION, bold=True)
        self._todo.body.addWidget(self._todo_head)
        self._list = QVBoxLayout()
        self._nothing = Words(N_("Nothing is waiting. Everything is in order."), say, muted=True)
        self._todo.body.addLayout(self._list)
        self._todo.body.addWidget(self._nothing)
        self._todo.body.addStretch(1)
        self._stands = Card(N_("How it stands"), say, margin=16)
        self.figures = Figures(say)
        self._stands.body.addWidget(self.figures)
        self._stands.body.addStretch(1)
        self._add_figures()
        self._place()
        self._bind()
        self.wear()
        self.learn(say)

    @override
    def title(self) -> str:
        return self.context.speaker.tr(N_("Today"))

    @override
    def speak(self) -> None:
        day = self.context.clock_today()
        self.greeting.say(
            Text(
                N_("Good day {name} · {day}"),
                {"name": self._desk.person.name, "day": weekday_text(day, self.speaker.language)},
            )
        )

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setContentsMargins(now.px(24), now.px(20), now.px(24), now.px(20))
        self._column.setSpacing(now.px(16))
        self._list.setSpacing(now.px(2))

    @override
    def shown(self, **_arguments: object) -> None:
        self.speak()
        self.tiles[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self._reckon()

    def _reckon(self) -> None:
        """Let the lane reckon how a large scheme stands, part by part: others have their turn."""
        self.context.lane.do(partial(reckon_some, self._desk), self._reckoned, owner=self)

    def _reckoned(self, whole: bool) -> None:
        if whole:
            self.context.lane.do(partial(facts_of, self._desk), self._show, owner=self)
        else:
            self._reckon()

    def _add_figures(self) -> None:
        for name, label in (
            ("cash", N_("Cash that should be here")),
            ("carried", N_("Carried by collectors")),
            ("covered", N_("People covered today")),
            ("collected", N_("Collected this month")),
            ("arrears", N_("Arrears")),
        ):
            self.figures.add(name, label)
        self.figures.add_pill("copy", N_("Last copy"))
        self.figures.add_pill("usb", N_("Last copy on a USB stick"))
        self.figures.add_pill("verified", N_("Last verification"))

    def _place(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.greeting)
        head.addWidget(self.month)
        self._column = QVBoxLayout(self)
        self._column.addLayout(head)
        self._column.addWidget(Tiles([*self.tiles]))
        self._column.addWidget(Sides(self._todo, self._stands, side=_SIDE), 1)

    def _bind(self) -> None:
        for at, (_words, _icon, page, arguments) in enumerate(_TILES):
            self.tiles[at].clicked.connect(partial(self._open, page, arguments))
            digit_keys.bind(self, at + 1, self.tiles[at].click)

    def _open(
        self, page: str, arguments: tuple[tuple[str, object], ...], *_clicked: object
    ) -> None:
        self.context.go(page, **dict(arguments))

    def _show(self, facts: Facts) -> None:
        self.facts = facts
        now = facts.standing
        day = self.context.clock_today()
        self.month.say(
            Text(N_("{month} is open (day {day})"), {"month": now.month, "day": day.day})
        )
        amounts = {
            "cash": now.cash,
            "carried": now.carried,
            "collected": now.collected,
            "arrears": now.arrears,
        }
        for name, amount in amounts.items():
            self.figures.show_text(name, Text("{amount}", {"amount": amount}))
        self.figures.show_text(
            "covered",
            Text(N_("{covered} of {all}"), {"covered": now.covered, "all": now.persons}),
        )
        self._show_safety(facts)
        self._show_tasks(tasks_of(facts), first_steps=not now.households)

    def _show_safety(self, facts: Facts) -> None:
        now = facts.standing
        for name, moment in (("copy", now.last_backup), ("usb", now.last_backup_outside)):
            days = days_since(moment, facts.now)
            late = days is None or days > USB_DAYS
            self.figures.show_status(name, Status.LATE if late else Status.UP_TO_DATE, _ago(days))
        found = facts.verified
        if found is None:
            self.figures.show_status("verified", Status.DRAFT, Text(N_("Never")))
            return
        days = days_since(found.at, facts.now)
        message = N_("{ago}, whole book") if found.whole else N_("{ago}, new records")
        status = Status.STOPPED if found.findings else Status.UP_TO_DATE
        if found.findings:
            message = N_("{ago}: does not agree")
        self.figures.show_status("verified", status, Text(message, {"ago": _ago(days)}))

    def _show_tasks(self, tasks: tuple[Task, ...], *, first_steps: bool) -> None:
        for line in self.lines:
            self._list.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = []
        self._todo_head.say(N_("First steps") if first_steps else N_("To do"))
        for task in tasks:
            action = N_("Do it") if first_steps else N_("See")
            done = task.status is Status.UP_TO_DATE
            line = TaskLine(
                task.text, self.speaker, status=task.status, action="" if done else action
            )
            line.clicked.connect(partial(self._open, task.page, task.arguments))
            self._list.addWidget(line)
            self.lines.append(line)
        self._nothing.setVisible(not tasks)


def _ago(days: int | None) -> Text:
    if days is None:
        return Text(N_("Never"))
    if days == 0:
        return Text(N_("Today"))
    return Text(N_("{count} day ago"), {"count": days}, plural=N_("{count} days ago"))
