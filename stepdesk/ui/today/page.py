"""The first page: what is to be done today, how the scheme stands, and whom to remind."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.i18n import N_, Text, weekday_text
from stepdesk.progress import Progress
from stepdesk.reports.queries.standings import reckon_some
from stepdesk.reports.queries.trends import trends, trends_some
from stepdesk.reports.terms import LetterKind, MonthTrend
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Desk
from stepdesk.ui import digit_keys, theme
from stepdesk.ui.choosing import ask_where
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.overriding import override
from stepdesk.ui.page import Page
from stepdesk.ui.printing import show_paper
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.today import reminders
from stepdesk.ui.today.charts import ChartsCard
from stepdesk.ui.today.facts import (
    USB_DAYS,
    Facts,
    Task,
    days_since,
    facts_of,
    last_sending,
    spent_text,
    tasks_of,
    whole_facts,
)
from stepdesk.ui.today.lines import TaskLine
from stepdesk.ui.today.reminders import Reminders
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.pill import StatusPill
from stepdesk.ui.widgets.sides import Sides, Tiles
from stepdesk.ui.widgets.tile import Tile
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import HouseholdId

_TILES: tuple[tuple[str, str, str, tuple[tuple[str, object], ...]], ...] = (
    (N_("Collect"), "hand-coins", "collection", ()),
    (N_("New household"), "user-plus", "members", (("new", True),)),
    (N_("Close the month"), "calendar-check", "closing", ()),
    (N_("Find somebody"), "search", "members", (("search", ""),)),
)
_SIDE = 400
_TODAY, _REMINDERS = range(2)


class Figures(QWidget, Dressed):
    """Names and values below each other, the values at the end of their lines."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._speaker = speaker
        self._values: dict[str, Words] = {}
        self._pills: dict[str, StatusPill] = {}
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self.wear()

    def add(self, name: str, label: str) -> None:
        """Add a line."""
        self._values[name] = Words("", self._speaker, bold=True)
        self._add(label, self._values[name])

    def add_pill(self, name: str, label: str) -> None:
        """Add a line whose value is a status pill."""
        self._pills[name] = StatusPill(self._speaker)
        self._add(label, self._pills[name])

    def _add(self, label: str, value: QWidget) -> None:
        # Each line shares its room by itself: one wide value does not narrow all names.
        line = QHBoxLayout()
        line.addWidget(Words(label, self._speaker, muted=True, wrap=True), 1)
        line.addWidget(value)
        self._rows.addLayout(line)

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
        self._rows.setSpacing(theme.current().px(10))


class TodayPage(Page, Dressed):
    """The first page of everybody; `go` may be given reminders, a `LetterKind`."""

    id = "today"
    help_page = "today"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        if not isinstance(context.desk, Desk):
            raise TypeError("this page needs an open book")
        self._desk = context.desk
        self.facts: Facts | None = None
        self.lines: list[TaskLine] = []
        self._tasks: Sequence[Task] = ()
        say = context.speaker
        self.greeting = Words("", say, size=Size.NAME, bold=True)
        self.month = Words("", say, muted=True)
        self.tiles = [
            Tile(words, say, key=str(at + 1), icon=icon)
            for at, (words, icon, _page, _arguments) in enumerate(_TILES)
        ]
        self._add_list(say)
        self._stands = Card(N_("How it stands"), say, margin=16)
        self.figures = Figures(say)
        self._stands.body.addWidget(self.figures)
        self._stands.body.addStretch(1)
        self._add_figures()
        self.charts = ChartsCard(say)
        self.charts.hide()
        self.reminders = Reminders(say)
        self._place()
        self._bind()
        self.wear()
        self.learn(say)

    def _add_list(self, say: Speaker) -> None:
        self._todo = Card(margin=16)
        self._todo_head = Words(N_("To do"), say, size=Size.SECTION, bold=True)
        self.remind = PlainButton(N_("Whom to remind"), say)
        self.print = PlainButton(N_("Print the list"), say, key="print")
        head = QHBoxLayout()
        head.addWidget(self._todo_head)
        head.addStretch(1)
        head.addWidget(self.remind)
        head.addWidget(self.print)
        self._todo.body.addLayout(head)
        self._list = QVBoxLayout()
        self._nothing = Words(N_("Nothing is waiting. Everything is in order."), say, muted=True)
        self._nothing.hide()
        self._waits = Words(N_("Looking through the households …"), say, muted=True)
        self._todo.body.addLayout(self._list)
        self._todo.body.addWidget(self._nothing)
        self._todo.body.addWidget(self._waits)
        self._todo.body.addStretch(1)

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
        for column in (self._column, self._remind_column):
            column.setContentsMargins(now.px(24), now.px(20), now.px(24), now.px(20))
            column.setSpacing(now.px(16))
        self._list.setSpacing(now.px(2))

    @override
    def shown(self, **arguments: object) -> None:
        self.speak()
        kind = arguments.get("reminders")
        if isinstance(kind, LetterKind):
            self.start_reminders(kind)
            return
        self._stack.setCurrentIndex(_TODAY)
        self.tiles[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self._load()

    # What is read, part by part: others have their turn in between

    def _load(self) -> None:
        self.context.lane.do(partial(facts_of, self._desk), self._told, owner=self)

    def _told(self, facts: Facts) -> None:
        """Show what the books say; the households as they stood before, until they are known."""
        former = self.facts
        if former is not None:
            facts = replace(facts, standing=former.standing, soon=former.soon)
        self._show(facts)
        self._reckon()

    def _reckon(self) -> None:
        self.context.lane.do(partial(reckon_some, self._desk), self._reckoned, owner=self)

    def _reckoned(self, whole: bool) -> None:
        if not whole:
            self._reckon()
        elif self.facts is not None:
            self.context.lane.do(
                partial(whole_facts, self._desk, self.facts), self._whole, owner=self
            )

    def _whole(self, facts: Facts) -> None:
        self._show(facts)
        self.charts.setVisible(facts.charts and bool(facts.books.households))
        if self.charts.isVisibleTo(self):
            self._chart()

    def _chart(self) -> None:
        self.context.lane.do(partial(trends_some, self._desk), self._charted, owner=self)

    def _charted(self, whole: bool) -> None:
        if whole:
            self.context.lane.do(partial(trends, self._desk), self.charts.show_trends, owner=self)
        else:
            self._chart()

    def _add_figures(self) -> None:
        for name, label in (
            ("cash", N_("Cash that should be here")),
            ("carried", N_("Carried by collectors")),
            ("covered", N_("People covered today")),
            ("spent", N_("Spent on care of each 100 earned")),
            ("collected", N_("Collected this month")),
            ("arrears", N_("Arrears")),
        ):
            self.figures.add(name, label)
        self.figures.add_pill("copy", N_("Last copy"))
        self.figures.add_pill("usb", N_("Last copy on a USB stick"))
        self.figures.add("sent", N_("Last sending"))
        self.figures.add_pill("verified", N_("Last verification"))

    def _place(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.greeting)
        head.addWidget(self.month)
        today, told = QWidget(), QWidget()
        self._column = QVBoxLayout(today)
        self._column.addLayout(head)
        self._column.addWidget(Tiles([*self.tiles]))
        self._column.addWidget(Sides(self._todo, self._stands, side=_SIDE), 1)
        self._column.addWidget(self.charts)
        self._remind_column = QVBoxLayout(told)
        self._remind_column.addWidget(self.reminders, 1)
        self._stack = CurrentStack()
        self._stack.addWidget(today)
        self._stack.addWidget(told)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack, 1)

    def _bind(self) -> None:
        for at, (_words, _icon, page, arguments) in enumerate(_TILES):
            self.tiles[at].clicked.connect(partial(self._open, page, arguments))
            digit_keys.bind(self, at + 1, partial(self._press, at))
        self.remind.clicked.connect(partial(self.start_reminders, LetterKind.REMINDER))
        self.print.clicked.connect(self.print_list)
        self.charts.print_wanted.connect(self.print_charts)
        told = self.reminders
        told.asked.connect(self._find)
        told.letters_wanted.connect(self._letters)
        told.list_wanted.connect(self._listed)
        told.csv_wanted.connect(self._write)
        told.opened.connect(self._household)
        told.left.connect(self._leave)
        self.bind("print", self._print)
        self.bind("back", self._back)

    def _press(self, at: int) -> None:
        if self._here == _TODAY:
            self.tiles[at].click()

    @property
    def _here(self) -> int:
        return self._stack.currentIndex()

    def _print(self) -> None:
        if self._here == _REMINDERS:
            self.reminders.want_letters()
        elif self.charts.isAncestorOf(self.focusWidget()):
            self.print_charts()
        else:
            self.print_list()

    def _back(self) -> None:
        if self._here == _REMINDERS:
            self._leave()
        elif self.charts.numbered:
            self.charts.show_charts()

    # Papers

    def print_list(self) -> None:
        """F9: what is to be done, on half a sheet."""
        if self.facts is not None:
            lines = tuple(
                one.text for one in tasks_of(self.facts) if one.status is not Status.UP_TO_DATE
            )
            named = self.speaker.tr(N_("To do this week"))
            self._draw(partial(_list_paper, self._desk, lines), named)

    def print_charts(self) -> None:
        """The charts with their sentences and numbers, on one page."""
        named = self.speaker.tr(N_("How the scheme went"))
        self._draw(partial(_charts_paper, self._desk, tuple(self.charts.trends)), named)

    def _draw(self, draw: Callable[[], bytes], named: str) -> None:
        self.context.lane.do(
            draw, partial(self._paper, named), troubled=self.reminders.trouble.show_trouble,
            owner=self,
        )  # fmt: skip

    def _paper(self, named: str, pdf: bytes) -> None:
        show_paper(self, pdf, named, self.speaker)

    # Whom to remind

    def start_reminders(self, kind: LetterKind, *_clicked: object) -> None:
        """Show whom to remind."""
        self._stack.setCurrentIndex(_REMINDERS)
        self.reminders.begin(kind)

    def _leave(self) -> None:
        self._stack.setCurrentIndex(_TODAY)
        self.remind.setFocus(Qt.FocusReason.OtherFocusReason)
        self._load()

    def _find(self, asked: reminders.Asked) -> None:
        progress = self.context.lane.progress()
        self.context.lane.do(
            partial(reminders.found, self._desk, asked, progress),
            self.reminders.show_found,
            troubled=self.reminders.trouble.show_trouble,
            cancelled=self._leave,
            owner=self,
            progress=progress,
        )

    def _letters(self, asked: reminders.Asked) -> None:
        named = self.speaker.tr(N_("Letters that are due"))
        self._paper_of(partial(reminders.letters, self._desk, asked), named)

    def _listed(self, now: reminders.Found) -> None:
        named = self.speaker.tr(N_("Whom to remind"))
        self._paper_of(partial(reminders.list_of, self._desk, now), named)

    def _paper_of(self, draw: Callable[[Progress], bytes], named: str) -> None:
        progress = self.context.lane.progress()
        self.reminders.trouble.dismiss()
        self.context.lane.do(
            partial(draw, progress),
            partial(self._paper, named),
            troubled=self.reminders.trouble.show_trouble,
            cancelled=self.reminders.trouble.dismiss,
            owner=self,
            progress=progress,
        )

    def _write(self, now: reminders.Found) -> None:
        named = f"{self.speaker.tr(N_('Messages'))} {now.day.isoformat()}"
        path = ask_where(self, self.speaker, named, [(self.speaker.tr(N_("Messages")), "csv")])
        if path is not None:
            self.reminders.trouble.dismiss()
            self.context.lane.do(
                partial(reminders.write_csv, self._desk, now, path),
                self._written,
                troubled=self.reminders.trouble.show_trouble,
                owner=self,
            )

    def _written(self, count: int) -> None:
        self.context.toast(
            Text(
                N_("{count} message is in the file."),
                {"count": count},
                plural=N_("{count} messages are in the file."),
            )
        )

    def _household(self, household_id: HouseholdId) -> None:
        self.context.go("members", household=household_id)

    def _open(
        self, page: str, arguments: tuple[tuple[str, object], ...], *_clicked: object
    ) -> None:
        self.context.go(page, **dict(arguments))

    def _show(self, facts: Facts) -> None:
        self.facts = facts
        now, whole = facts.books, facts.standing
        day = self.context.clock_today()
        self.month.say(
            Text(N_("{month} is open (day {day})"), {"month": now.month, "day": day.day})
        )
        amounts = {"cash": now.cash, "carried": now.carried, "collected": now.collected}
        told = {name: Text("{amount}", {"amount": value}) for name, value in amounts.items()}
        told["spent"] = spent_text(now.spent)
        told["sent"] = last_sending(facts)
        if whole is not None:
            told["arrears"] = Text("{amount}", {"amount": whole.arrears})
            told["covered"] = Text(
                N_("{covered} of {all}"), {"covered": whole.covered, "all": whole.persons}
            )
        for name, text in told.items():
            self.figures.show_text(name, text)
        self._show_safety(facts)
        first_steps = not now.households
        self._waits.setVisible(whole is None and not first_steps)
        self.remind.setVisible(not first_steps)
        self._show_tasks(tasks_of(facts), first_steps=first_steps)

    def _show_safety(self, facts: Facts) -> None:
        now = facts.books
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

    def _show_tasks(self, tasks: Sequence[Task], *, first_steps: bool) -> None:
        self._nothing.setVisible(not tasks and self._waits.isHidden())
        if tasks == self._tasks:
            return  # The cursor may stand on one of them.
        self._tasks = tasks
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


def _ago(days: int | None) -> Text:
    if days is None:
        return Text(N_("Never"))
    if days == 0:
        return Text(N_("Today"))
    return Text(N_("{count} day ago"), {"count": days}, plural=N_("{count} days ago"))


def _list_paper(desk: Desk, lines: Sequence[Text]) -> bytes:
    from stepdesk.reports.papers.todo import todo_pdf

    scheme = desk.ask(scheme_on, desk.today)
    return todo_pdf(
        lines,
        scheme.language,
        scheme=scheme.name,
        practice=desk.practice,
        printed_on=desk.today,
    )


def _charts_paper(desk: Desk, told: Sequence[MonthTrend]) -> bytes:
    from stepdesk.reports.papers.trends import trends_pdf

    scheme = desk.ask(scheme_on, desk.today)
    return trends_pdf(
        told,
        scheme.language,
        scheme=scheme.name,
        practice=desk.practice,
        printed_on=desk.today,
    )
