"""What members pay: the versions of the plans, the form of another one, and a living example."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from stepdesk.contributions.terms import Basis, PlanVersion
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.terms import Statutes
from stepdesk.ui import theme
from stepdesk.ui.members.ask_form import AskForm
from stepdesk.ui.members.asks import Ask, Kind
from stepdesk.ui.overriding import override
from stepdesk.ui.scheme.facts import Family, PlanFacts, example_of, next_month
from stepdesk.ui.scheme.plan_asks import words_of
from stepdesk.ui.scheme.plan_form import PlanForm, blank
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.rows_model import Column, RowsModel
from stepdesk.ui.widgets.rows_model import Kind as Cells
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words
from stepdesk.values.ids import PlanVersionId
from stepdesk.values.money import Currency, Money

_CODE = "BASE"
_SENTENCES = 10


class ExampleCard(Card):
    """What the version being typed means for one family.

    Signals:
        changed: Another family is asked for.
    """

    changed = Signal()

    def __init__(self, speaker: Speaker, currency: Currency, today: date) -> None:
        super().__init__(N_("For example"), speaker, margin=16)
        self._currency = currency
        self._offered: tuple[tuple[str, int], ...] = ()
        asks = (
            Ask("adults", N_("Adults, the member among them"), Kind.NUMBER, width=90),
            Ask("children", N_("Children"), Kind.NUMBER, width=90),
            Ask("joins_on", N_("Joins on"), Kind.DAY, width=140),
            Ask("category", N_("Category"), Kind.LIST, needed=False, width=220),
        )
        self.form = AskForm(speaker, today, (asks,))
        self.form.put({"adults": 2, "children": 4, "joins_on": today})
        self.form.show_only(("adults", "children", "joins_on"))
        self._said: list[Text] = []
        self._lines = [Words("", speaker, bold=at < 1, wrap=True) for at in range(_SENTENCES)]
        self.body.addWidget(self.form)
        for line in self._lines:
            self.body.addWidget(line)
        self.body.addStretch(1)
        self.form.changed.connect(self.changed)

    def look_from(self, day: date) -> None:
        """Let the family join on a day."""
        self.form.answers["joins_on"].put(day)

    def texts(self) -> list[Text]:
        """Return what is said, line by line."""
        return list(self._said)

    def text(self) -> str:
        """Return what is read on the card."""
        return "\n".join(line.text() for line in self._lines if not line.isHidden())

    def tell(self, version: PlanVersion, plans: Sequence[PlanVersion], statutes: Statutes) -> None:
        """Say what a version comes to, or what keeps it from being reckoned."""
        by_category = version.basis is Basis.BY_CATEGORY
        if by_category and version.category_amounts != self._offered:
            self._offered = version.category_amounts
            codes = [(code, code) for code, _amount in version.category_amounts]
            self.form.answers["category"].offer([(None, Text(N_("none"))), *codes])
        names = ["adults", "children", "joins_on", *(["category"] if by_category else [])]
        self.form.show_only(names)
        try:
            family = Family(**self.form.told(without=() if by_category else ("category",)))
            texts = example_of(version, plans, family, statutes, self._currency)
        except Refusal as refusal:
            texts = (refusal.text,)
        self.say(texts)

    def say(self, texts: Sequence[Text]) -> None:
        """Say these sentences, one below the other."""
        self._said = list(texts[: len(self._lines)])
        for at, line in enumerate(self._lines):
            line.say(self._said[at] if at < len(self._said) else "")
            line.setVisible(at < len(self._said))


class PlanCard(QWidget):
    """The plans with their versions, the form of another version, and what it means.

    Signals:
        wanted: A `PlanVersion` to be kept; its `plan_id` is empty for another plan.
    """

    wanted = Signal(object)

    def __init__(self, speaker: Speaker, currency: Currency, today: date) -> None:
        super().__init__()
        self._currency, self._today = currency, today
        self._facts, self._since = PlanFacts(), date.min
        self._versions: dict[PlanVersionId, PlanVersion] = {}
        self._area: QScrollArea | None = None
        self._kept = False
        self.card = Card(N_("What members pay"), speaker, margin=16)
        self.now = Words("", speaker, muted=True, wrap=True)
        self.table = TableView(
            speaker,
            empty=N_("There is no plan yet. Members cannot pay before there is one."),
        )
        self.model = RowsModel((), self._rows, _COLUMNS, speaker, self)
        self.table.show_rows(self.model)
        self.form = PlanForm(speaker, currency, today)
        self.example = ExampleCard(speaker, currency, today)
        self.button = MainButton(N_("Keep this plan"), speaker)
        self.another = PlainButton(N_("Another plan"), speaker, icon="plus")
        self._place()
        self.form.changed.connect(self.reckon)
        self.form.entered.connect(self.send)
        self.example.changed.connect(self.reckon)
        self.table.chosen.connect(self._take)
        self.table.current.connect(self._look_at)
        self.button.clicked.connect(self.send)
        self.another.clicked.connect(self._start_another)

    def _place(self) -> None:
        for widget in (self.table, self.another, self.now, self.form, self.button):
            self.card.body.addWidget(widget)
        self.card.body.addStretch(1)
        side = QWidget()
        self._side = QVBoxLayout(side)
        self._side.setContentsMargins(0, 0, 0, 0)
        self._side.addWidget(self.example)
        self._side.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._sides = Sides(self.card, side, side=320, narrow=760)
        layout.addWidget(self._sides)

    @override
    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None and self._area is None:
            self._area = above
            above.verticalScrollBar().valueChanged.connect(self._follow)

    def _follow(self, scrolled: int) -> None:
        """Keep the example in sight while the form is scrolled."""
        page = None if self._area is None else self._area.widget()
        if page is None or not self._sides.beside:
            self._side.setContentsMargins(0, 0, 0, 0)
            return
        over = scrolled - self.mapTo(page, QPoint(0, 0)).y() + theme.current().px(12)
        room = self.height() - self.example.height()
        self._side.setContentsMargins(0, max(min(over, room), 0), 0, 0)

    def show_facts(self, facts: PlanFacts) -> None:
        """Show the versions there are, and propose one from the next month on.

        What is half typed stays, unless it was kept just now.
        """
        self._facts = facts
        self._versions = {
            one.id: one for versions in facts.plans for one in sorted(versions, key=_by_day)
        }
        self.model.set_ids(list(self._versions))
        self.table.fit_rows(len(self._versions), fewest=2, most=5)
        self.table.setVisible(bool(self._versions))
        self.another.setVisible(bool(self._versions))
        if self.form.touched and not self._kept:
            return
        self._kept = False
        if self._versions:
            last = facts.plans[0][-1]
            self._copy(last)
        else:
            self.now.say(N_("There is no plan yet. Members cannot pay before there is one."))
            first = self._today.replace(day=1)
            self.form.put(replace(blank(first), code=_CODE, name=_CODE))

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why the rules say no."""
        self.button.setEnabled(True)
        self.form.refuse(refusal)

    def free(self) -> None:
        """Let the form be sent again."""
        self.button.setEnabled(True)

    def kept(self) -> None:
        """Let another version be typed: what was sent is in the book."""
        self._kept = True
        self.free()

    def reckon(self) -> None:
        """Say anew what the form means for a family."""
        try:
            version = self.form.draft()
        except Refusal:
            self.example.say((Text(N_("Fill in the form to see what it means for a family.")),))
            return
        if version.first_day != self._since:
            self._since = version.first_day
            self.example.look_from(max(version.first_day, self._today))
        known = next((one for one in self._facts.plans if one[0].plan_id == version.plan_id), ())
        self.example.tell(version, known, self._facts.statutes)

    def send(self) -> None:
        """Ask for the version to be kept."""
        if not self.button.isEnabled():
            return
        version = self.form.version()
        if version is not None:
            self.button.setEnabled(False)
            self.wanted.emit(version)

    def _take(self, version_id: PlanVersionId) -> None:
        """Enter on a row: start from it, whatever was typed."""
        self._copy(self._versions[version_id])

    def _look_at(self, version_id: PlanVersionId) -> None:
        """Start from the row the arrow keys are on, unless something is half typed."""
        if not self.form.touched:
            self._copy(self._versions[version_id])
            return
        self.now.say(
            N_("What you typed below is kept. Enter on a row puts a copy of it in its place.")
        )

    def _copy(self, version: PlanVersion) -> None:
        """Start another version from one there is."""
        self.now.say(
            Text(
                N_(
                    "Below is a copy of {name} as it holds from {day} on. Change what is to change."
                ),
                {"name": version.name, "day": version.first_day},
            )
        )
        self.form.put(version, first_day=max(next_month(self._today), version.first_day))

    def _start_another(self) -> None:
        self.now.say(N_("Another plan, beside those there are. Give it a code and a name."))
        self.form.put(blank(self._today.replace(day=1)))
        self.form.answers["code"].setFocus()

    def _rows(self, ids: Sequence[PlanVersionId]) -> list[tuple[object, ...]]:
        return [self._row(self._versions[one]) for one in ids]

    def _row(self, one: PlanVersion) -> tuple[object, ...]:
        return (
            one.first_day,
            f"{one.code} · {one.name}" if one.code != one.name else one.name,
            words_of(one.basis),
            Money(one.amount, self._currency),
            self._holds(one),
        )

    def _holds(self, one: PlanVersion) -> Text:
        if one.first_day > self._today:
            return Text(N_("later"))
        for versions in self._facts.plans:
            begun = [other for other in versions if other.first_day <= self._today]
            if begun and begun[-1] is one:
                return Text(N_("in force"))
        return Text(N_("before"))


_COLUMNS = (
    Column(N_("From"), width=104),
    Column(N_("Plan"), width=120, stretch=2),
    Column(N_("Paid"), width=150, priority=2, stretch=1, muted=True),
    Column(N_("Amount"), Cells.AMOUNT, width=110, priority=1),
    Column(N_("Holds"), width=104),
)


def _by_day(version: PlanVersion) -> date:
    return version.first_day
