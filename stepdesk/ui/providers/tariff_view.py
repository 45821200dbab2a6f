"""The price lists: their versions, two of them side by side, and a new one."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.claims.papers import Compared, whole_text
from stepdesk.claims.papers.tariffs import change_text
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.providers.terms import ComparedPrice, TariffDraft
from stepdesk.ui.members.ask_form import AskForm
from stepdesk.ui.members.asks import Ask
from stepdesk.ui.members.asks import Kind as Asks
from stepdesk.ui.overriding import override
from stepdesk.ui.providers.tariff_facts import Listed, Lists, name_of
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words
from stepdesk.values.ids import ServiceId
from stepdesk.values.money import Currency, Money

_ONE = (
    Column(N_("Code"), width=116),
    Column(N_("Service"), width=180, stretch=1),
    Column(N_("Unit"), width=110, priority=1, muted=True),
    Column(N_("Price"), Kind.AMOUNT, width=120),
)
_TWO = (
    Column(N_("Code"), width=108),
    Column(N_("Service"), width=150, stretch=1),
    Column(N_("Unit"), width=96, priority=3, muted=True),
    Column(N_("Price now"), Kind.AMOUNT, width=104),
    Column(N_("New price"), Kind.AMOUNT, width=118),
    Column(N_("Change"), Kind.NUMBER, width=120),
    Column(N_("Used in 12 months"), Kind.NUMBER, width=150, priority=2),
    Column(N_("Would have cost more"), Kind.AMOUNT, width=172, priority=1),
)
_NOTHING = N_("No price list yet. F2 writes the first one: by hand, pasted, or from a file.")


class TariffView(QWidget, Speaking):
    """One price list, beside another where one is chosen.

    Signals:
        compare_wanted: Two versions or drafts to be put side by side.
        new_wanted: A new version is to be written, from the one that is shown.
        edit_wanted: The draft that is shown is to be changed.
        apply_wanted: A draft to be put in force.
        drop_wanted: A draft to be given up.
        wall_wanted: The list, a plan or None, and whether it is large, for the wall.
        paper_wanted: The two lists side by side are to be printed.
        begin_wanted: The catalogue is to begin with the country's list.
    """

    compare_wanted = Signal(object, object)
    new_wanted = Signal(object)
    edit_wanted = Signal(object)
    apply_wanted = Signal(object)
    drop_wanted = Signal(object)
    wall_wanted = Signal(object, object, bool)
    paper_wanted = Signal(object)
    begin_wanted = Signal()

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__()
        self._lists: Lists | None = None
        self._currency, self._today = currency, today
        self.compared: Compared | None = None
        self._prices: dict[ServiceId, tuple[object, ...]] = {}
        self.card = Card(N_("Price lists"), speaker, margin=16)
        columns = (
            (
                Ask("tariff", N_("Price list"), Asks.LIST, width=320),
                Ask("held", N_("Its version"), Asks.LIST, width=320),
            ),
            (
                Ask("against", N_("Compare with"), Asks.LIST, needed=False, width=320),
                Ask("plan", N_("For the wall: what members of this plan pay"), Asks.LIST,
                    needed=False, width=320),
            ),
        )  # fmt: skip
        self.form = AskForm(speaker, today, columns)
        self.whole = Words("", speaker, bold=True, wrap=True)
        self.table = TableView(speaker, empty=_NOTHING)
        self.rows = RowsModel((), self._fetch, _ONE, speaker, self)
        self.table.show_rows(self.rows)
        self.new = MainButton(N_("New prices"), speaker, key="new", icon="plus")
        self.edit = PlainButton(N_("Change this draft"), speaker)
        self.apply = PlainButton(N_("Put it in force"), speaker)
        self.drop = PlainButton(N_("Give this draft up"), speaker)
        self.wall = PlainButton(N_("For the wall"), speaker, key="print", icon="printer")
        self.large = PlainButton(N_("On A3"), speaker)
        self.paper = PlainButton(N_("Side by side, on paper"), speaker)
        self.begin = PlainButton(N_("Begin with the country's list"), speaker)
        self._place()
        self._connect()
        self.learn(speaker)

    def _place(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.card)
        self.card.body.addWidget(self.form)
        self.card.body.addWidget(self.whole)
        self.card.body.addWidget(self.table, 1)
        rows = (
            (self.new, self.edit, self.apply, self.drop, self.begin),
            (self.wall, self.large, self.paper),
        )
        for row in rows:
            line = QHBoxLayout()
            self.card.body.addLayout(line)
            for button in row:
                line.addWidget(button)
            line.addStretch(1)

    def _connect(self) -> None:
        self.form.answers["tariff"].changed.connect(self._another_list)
        self.form.answers["held"].changed.connect(self._show)
        self.form.answers["against"].changed.connect(self._show)
        self.new.clicked.connect(self.start_new)
        self.wall.clicked.connect(self.print_wall)
        self.large.clicked.connect(self._print_large)
        self.paper.clicked.connect(self.print_comparison)
        self.begin.clicked.connect(self.begin_wanted)
        for button, signal in (
            (self.edit, self.edit_wanted),
            (self.apply, self.apply_wanted),
            (self.drop, self.drop_wanted),
        ):
            button.clicked.connect(_for_draft(self.held, signal.emit))

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.tr(N_("Prices")))

    def show_lists(self, lists: Lists, version_id: object = None) -> None:
        """Show the price lists; `version_id` is a version or draft to show."""
        self._lists = lists
        wanted = lists.version(version_id) or self.held()
        self.form.answers["tariff"].blockSignals(True)  # noqa: FBT003 - Qt's setters
        self.form.answers["tariff"].offer(list(lists.codes.items()))
        if wanted is not None:
            self.form.answers["tariff"].put(wanted.tariff_id)
        self.form.answers["tariff"].blockSignals(False)  # noqa: FBT003 - Qt's setters
        nobody = (None, Text(N_("prices alone")))
        self.form.answers["plan"].offer([nobody, *lists.plans])
        self._another_list(None if wanted is None else wanted.id)
        self.begin.setVisible(not lists.services)
        self.new.setEnabled(bool(lists.services))

    def held(self) -> Listed | None:
        """Return the version or draft that is shown."""
        return self._listed("held")

    def against(self) -> Listed | None:
        """Return the one it is compared with."""
        return self._listed("against")

    def _listed(self, name: str) -> Listed | None:
        return (
            None if self._lists is None else self._lists.version(self.form.answers[name].value())
        )

    def _another_list(self, version_id: object = None) -> None:
        lists = self._lists
        if lists is None:
            return
        tariff_id = self.form.answers["tariff"].value()
        own = lists.listed.get(tariff_id, ())  # type: ignore[call-overload]
        others = [
            held
            for one in lists.codes
            if one != tariff_id and (held := lists.held(one, self._today)) is not None
        ]
        for name in ("held", "against"):
            self.form.answers[name].blockSignals(True)  # noqa: FBT003 - Qt's setters
        self.form.answers["held"].offer([(one.id, name_of(one)) for one in own])
        now = lists.held(tariff_id, self._today)
        self.form.answers["held"].put(version_id or (None if now is None else now.id))
        nothing = (None, Text(N_("nothing")))
        both = [(one.id, name_of(one)) for one in (*own, *others)]
        self.form.answers["against"].offer([nothing, *both])
        self.form.answers["against"].put(None)
        for name in ("held", "against"):
            self.form.answers[name].blockSignals(False)  # noqa: FBT003 - Qt's setters
        self._show()

    def compare_with(self, version_id: object) -> None:
        """Choose what the list is compared with."""
        self.form.answers["against"].put(version_id)

    def _show(self) -> None:
        held, against = self.held(), self.against()
        draft = isinstance(held, TariffDraft)
        for button in (self.edit, self.apply, self.drop):
            button.setVisible(draft)
        for button in (self.wall, self.large):
            button.setEnabled(held is not None)
        self.paper.setEnabled(False)
        self.compared = None
        self.whole.hide()
        if held is None or self._lists is None:
            self.rows.set_columns(_ONE, ())
            return
        if against is not None and against.id != held.id:
            self.compare_wanted.emit(held, against)
            return
        known = self._lists.services
        self._prices = {
            one: (
                known[one].code,
                known[one].name,
                known[one].unit,
                Money(price, self._currency),
            )
            for one, price in held.prices.items()
        }
        self._set(_ONE)

    def show_compared(self, told: Compared) -> None:
        """Show two lists side by side."""
        self.compared = told
        language = self.speaker.language
        self._prices = {
            one.service_id: self._two(told, one, language) for one in told.comparison.lines
        }
        self.whole.say(whole_text(told, language))
        self.whole.show()
        self.paper.setEnabled(True)
        self._set(_TWO)

    def _two(self, told: Compared, one: ComparedPrice, language: str) -> tuple[object, ...]:
        service = told.services[one.service_id]

        def money(minor: int | None) -> Money | None:
            return None if minor is None else Money(minor, self._currency)

        return (
            service.code,
            service.name,
            service.unit,
            money(one.former),
            money(one.price),
            change_text(one, language),
            one.used,
            money(one.more),
        )

    def _set(self, columns: Sequence[Column]) -> None:
        self.rows.set_columns(columns, tuple(self._prices))
        self.table.show_rows(self.rows)
        if self._prices:
            self.table.go_to(0)

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [self._prices[one] for one in ids]

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why the rules say no."""
        self.form.refuse(refusal)

    def focus(self) -> None:
        """Put the cursor where the work begins."""
        lists = self._lists
        if lists is not None and not lists.services:
            self.begin.setFocus()
        elif lists is not None and not lists.codes:
            self.new.setFocus()
        else:
            self.form.answers["tariff"].setFocus()

    def start_new(self) -> None:
        """Ask for the form of new prices."""
        if self.new.isEnabled():
            self.new_wanted.emit(self.held())

    def print_wall(self) -> None:
        """Ask for the list for the wall, on A4."""
        self._wall(large=False)

    def _print_large(self) -> None:
        self._wall(large=True)

    def _wall(self, *, large: bool) -> None:
        held = self.held()
        if held is not None:
            self.wall_wanted.emit(held, self.form.answers["plan"].value(), large)

    def print_comparison(self) -> None:
        """Ask for both lists on paper."""
        if self.compared is not None:
            self.paper_wanted.emit(self.compared)


def _for_draft(
    held: Callable[[], Listed | None], act: Callable[[TariffDraft], object]
) -> Callable[[], None]:
    def ask(*_clicked: object) -> None:
        one = held()
        if isinstance(one, TariffDraft):
            act(one)

    return ask
