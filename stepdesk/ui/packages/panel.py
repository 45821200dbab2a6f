"""What the scheme pays: packages by their versions, a living example, and which plan has which."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stepdesk.benefits.terms import Assigned, PackageVersion
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.store.desk import Desk
from stepdesk.ui.context import Context
from stepdesk.ui.members.ask_form import AskForm
from stepdesk.ui.members.asks import Ask, Kind
from stepdesk.ui.packages import facts
from stepdesk.ui.packages.facts import Example, PackageFacts
from stepdesk.ui.packages.package_form import FormState, PackageForm, blank
from stepdesk.ui.packages.words import AGES, LEVELS, VISITS
from stepdesk.ui.scheme.facts import next_month
from stepdesk.ui.scheme.list_card import options
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.rows_model import Column, RowsModel
from stepdesk.ui.widgets.rows_model import Kind as Cells
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words
from stepdesk.values.care import Level
from stepdesk.values.ids import PackageVersionId, PlanId, ServiceId
from stepdesk.values.money import Currency

_CODE = "BASE"
_SENTENCES = 8
_PRICE = 1000
_NOBODY = N_("There is no package yet. Every line would be refused before there is one.")
_VERSIONS = (
    Column(N_("From"), width=104),
    Column(N_("Package"), width=120, stretch=2),
    Column(N_("Services"), Cells.NUMBER, width=84),
    Column(N_("Holds"), width=112),
)
_GIVEN = (
    Column(N_("From"), width=108),
    Column(N_("Plan and package"), width=150, stretch=1),
)


class ExampleCard(Card):
    """What the version being typed means for one act.

    Signals:
        changed: Another act is asked for.
    """

    changed = Signal()

    def __init__(self, speaker: Speaker, currency: Currency, today: date) -> None:
        super().__init__(N_("For example"), speaker, margin=16)
        self._currency = currency
        asks = (
            Ask("level", N_("Care is given at"), Kind.LIST),
            Ask("price", N_("Its price"), Kind.MONEY, width=140, exponent=currency.exponent),
            Ask("quantity", N_("How many"), Kind.NUMBER, width=90),
            Ask("visit", N_("Who came"), Kind.LIST, needed=False),
            Ask("child", N_("Age"), Kind.LIST),
        )
        visits = {key: words for key, words in VISITS.items() if key is not None}
        ages = {key: words for key, words in AGES.items() if key is not None}
        self.form = AskForm(
            speaker,
            today,
            (asks,),
            {"level": options(LEVELS), "visit": options(visits), "child": options(ages)},
        )
        self.form.put({"level": Level.DISTRICT_HOSPITAL, "price": _PRICE, "quantity": 1})
        self._lines = [Words("", speaker, bold=at < 1, wrap=True) for at in range(_SENTENCES)]
        for line in self._lines:
            self.body.addWidget(line)
        self.body.addWidget(self.form)
        self.body.addStretch(1)
        self.form.changed.connect(self.changed)

    def price(self, minor: int) -> None:
        """Begin from another price."""
        self.form.answers["price"].put(minor)

    def say(self, texts: Sequence[Text]) -> None:
        """Say these sentences, one below the other."""
        for at, line in enumerate(self._lines):
            line.say(texts[at] if at < len(texts) else "")
            line.setVisible(at < len(texts))

    def text(self) -> str:
        """Return what is read on the card."""
        return "\n".join(line.text() for line in self._lines if not line.isHidden())

    def tell(self, form: PackageForm, services: PackageFacts, version: PackageVersion) -> None:
        """Say what a version comes to for the service that is looked at."""
        if form.service_id is None:
            self.say(())
            return
        try:
            rule = form.rule_now()
            told = self.form.told()
            asked = Example(services.services[form.service_id], **told)
            texts = facts.example_of(
                version, rule, asked, coin=services.coin, currency=self._currency
            )
        except Refusal as refusal:
            texts = (refusal.text,)
        self.say(texts)


class GivenCard(Card):
    """Which plan has which package, and the form that gives one.

    Signals:
        give_wanted: The answers for `assign_package`.
        end_wanted: The answers for `end_supplement`.
    """

    give_wanted = Signal(object)
    end_wanted = Signal(object)

    def __init__(self, speaker: Speaker, today: date) -> None:
        super().__init__(N_("Which plan has which package"), speaker, margin=16)
        self._facts: PackageFacts | None = None
        self._today = today
        self.table = TableView(speaker, empty=N_("No plan has a package yet."))
        self.rows = RowsModel((), self._fetch, _GIVEN, speaker, self)
        self.table.show_rows(self.rows)
        places = [(0, Text(N_("the basic package")))]
        places += [(at, Text(N_("supplement {number}"), {"number": at})) for at in range(1, 4)]
        self.form = AskForm(
            speaker,
            today,
            (
                (
                    Ask("plan_id", N_("Plan"), Kind.LIST),
                    Ask("package_id", N_("Package"), Kind.LIST),
                    Ask("supplement", N_("In which place"), Kind.LIST),
                    Ask("first_day", N_("From"), Kind.DAY, width=150),
                ),
            ),
            {"supplement": places},
        )
        self.give = PlainButton(N_("Give it to this plan"), speaker)
        self.end = PlainButton(N_("End this supplement"), speaker)
        for widget in (self.table, self.form, self.give, self.end):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.give.clicked.connect(self.send)
        self.end.clicked.connect(self.send_end)
        self.form.entered.connect(self.send)

    def show_facts(self, told: PackageFacts) -> None:
        """Show what each plan has."""
        self._facts = told
        self.form.answers["plan_id"].offer(list(told.plans))
        self.form.answers["package_id"].offer([(one, told.code_of(one)) for one in told.packages])
        self.rows.set_ids(list(range(len(told.assigned))))
        self.table.fit_rows(len(told.assigned), fewest=1, most=4)
        if self.form.answers["first_day"].value() is None:
            self.form.answers["first_day"].put(self._today)
        self.free()

    def free(self) -> None:
        """Let the form be sent again."""
        ready = self._facts is not None and bool(self._facts.plans and self._facts.packages)
        for button in (self.give, self.end):
            button.setEnabled(ready)

    def send(self) -> None:
        """Ask for the package to be given."""
        told = self.form.values() if self.give.isEnabled() else None
        if told is not None:
            self.give.setEnabled(False)
            self.give_wanted.emit(told)

    def send_end(self) -> None:
        """Ask for the supplement to be ended."""
        told = self.form.values() if self.end.isEnabled() else None
        if told is not None:
            del told["package_id"]
            self.end.setEnabled(False)
            self.end_wanted.emit(told)

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why the rules say no."""
        self.free()
        self.form.refuse(refusal)

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        told = self._facts
        if told is None:
            return []
        names = dict(told.plans)
        return [_given_row(told, names, told.assigned[one]) for one in ids]


def _given_row(
    told: PackageFacts, names: Mapping[PlanId, str], one: Assigned
) -> tuple[object, ...]:
    values: dict[str, Value] = {
        "plan": names.get(one.plan_id, ""),
        "code": told.code_of(one.package_id),
        "number": one.supplement,
    }
    if one.ends:
        return (one.first_day, Text(N_("{code} ends · {plan}"), values))
    if one.supplement:
        return (one.first_day, Text(N_("{code}, supplement {number} · {plan}"), values))
    return (one.first_day, Text("{code} · {plan}", values))


class PackagesPanel(QWidget):
    """The tab of packages.

    Signals:
        troubled: The laptop could not do it.
        cautioned: An act that takes the accepted doubts, and the caution.
    """

    troubled = Signal(object)
    cautioned = Signal(object, object)

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self._facts: PackageFacts | None = None
        self._versions: dict[PackageVersionId, PackageVersion] = {}
        self._priced: ServiceId | None = None
        self._typed: dict[PackageVersionId | None, FormState] = {}
        self._on: PackageVersionId | None = None
        self._dirty = False
        say, today = context.speaker, context.clock_today()
        self._today = today
        self.card = Card(N_("What the scheme pays"), say, margin=16)
        self.now = Words("", say, muted=True, wrap=True)
        self.table = TableView(say, empty=_NOBODY)
        self.model = RowsModel((), self._fetch, _VERSIONS, say, self)
        self.table.show_rows(self.model)
        self.another = PlainButton(N_("Another package"), say, key="new", icon="plus")
        self.form = PackageForm(say, desk.currency, today)
        self.button = MainButton(N_("Keep this version"), say)
        self.example = ExampleCard(say, desk.currency, today)
        self.given = GivenCard(say, today)
        self._place()
        self.form.changed.connect(self.reckon)
        self.form.entered.connect(self.button.setFocus)
        self.example.changed.connect(self.reckon)
        self.form.typed.connect(self._retyped)
        self.table.chosen.connect(self._look_at)
        self.button.clicked.connect(self.send)
        self.another.clicked.connect(self.start_another)
        self.given.give_wanted.connect(self._give)
        self.given.end_wanted.connect(self._end)

    def _place(self) -> None:
        for widget in (self.table, self.another, self.now, self.form, self.button):
            self.card.body.addWidget(widget)
        self.card.body.addStretch(1)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.example)
        column.addWidget(self.given)
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(Sides(self.card, side, side=320, narrow=860))

    # What stands there

    def load(self) -> None:
        """Show the packages; a version that is being typed stays as it is."""
        self._context.lane.do(partial(facts.packages_of, self._desk), self._show, owner=self)

    def _show(self, told: PackageFacts) -> None:
        fresh = self._facts is None or (
            self._facts.packages != told.packages or self._facts.services != told.services
        )
        self._facts = told
        self.given.show_facts(told)
        if not fresh:
            return
        self._versions = {one.id: one for versions in told.packages.values() for one in versions}
        self.form.offer(told)
        self.model.set_ids(list(self._versions))
        self.table.fit_rows(len(self._versions), fewest=2, most=5)
        self.table.setVisible(bool(self._versions))
        self.another.setVisible(bool(self._versions))
        self.button.setEnabled(True)
        if self._versions:
            last = next(reversed(self._versions.values()))
            self.table.select_id(last.id)
            self._copy(last)
        else:
            self.now.say(_NOBODY)
            first = self._today.replace(day=1)
            self._put(None, replace(blank(first), code=_CODE, name=_CODE), first)

    def _look_at(self, version_id: PackageVersionId) -> None:
        self._copy(self._versions[version_id])

    def _copy(self, version: PackageVersion) -> None:
        self.now.say(
            Text(
                N_(
                    "Below is a copy of {name} as it holds from {day} on. Change what is to change."
                ),
                {"name": version.name, "day": version.first_day},
            )
        )
        self._put(version.id, version, max(next_month(self._today), version.first_day))

    def start_another(self) -> None:
        """Begin another package beside those there are."""
        if self._facts is None:
            return
        self.now.say(N_("Another package, beside those there are. Give it a code and a name."))
        first = self._today.replace(day=1)
        self._put(None, blank(first), first)
        self.form.whole.answers["code"].setFocus()

    def _retyped(self) -> None:
        self._dirty = True

    def _put(self, key: PackageVersionId | None, version: PackageVersion, first_day: date) -> None:
        """Begin from a version; what was half typed of it is there again."""
        if self._dirty:
            self._typed[self._on] = self.form.state()
        self._on, self._priced = key, None
        typed = self._typed.pop(key, None)
        if typed is None:
            self.form.put(version, first_day=first_day)
        else:
            self.form.take_up(typed)
        self._dirty = typed is not None

    def reckon(self) -> None:
        """Say anew what the form means for one act."""
        told = self._facts
        if told is None:
            return
        service_id = self.form.service_id
        if service_id != self._priced:
            self._priced = service_id
            self.example.blockSignals(True)  # noqa: FBT003 - Qt's setters take no names
            self.example.price(told.prices.get(service_id or ServiceId(b""), _PRICE))
            self.example.blockSignals(False)  # noqa: FBT003 - Qt's setters take no names
        try:
            version = self.form.draft()
        except Refusal:
            self.example.say((Text(N_("Fill in the form to see what it means for an act.")),))
            return
        self.example.tell(self.form, told, version)

    # What is done

    def send(self) -> None:
        """Ask for the version to be kept."""
        if not self.button.isEnabled():
            return
        version = self.form.version()
        if version is not None:
            self.button.setEnabled(False)
            self._do(partial(facts.kept, self._desk, version), self._kept, self._refuse)

    def _do(self, act: Any, then: Any, refused: Any) -> None:  # noqa: ANN401 - for the lane
        self._context.lane.do(act, then, refused=refused, troubled=self._trouble, owner=self)

    def _refuse(self, refusal: Refusal) -> None:
        self.button.setEnabled(True)
        self.form.refuse(refusal)

    def _trouble(self, trouble: Trouble) -> None:
        self.free()
        self.troubled.emit(trouble)

    def focus(self) -> None:
        """Put the cursor on the list."""
        self.table.setFocus()

    def free(self) -> None:
        """Let the forms be sent again."""
        self.button.setEnabled(True)
        self.given.free()

    def _kept(self, _done: object) -> None:
        self._dirty, self._typed = False, {}
        self._said(N_("The package is kept."))

    def _give(self, told: dict[str, Any]) -> None:
        self._do(
            partial(facts.assigned, self._desk, told),
            self._has_it,
            self.given.refuse,
        )

    def _has_it(self, _done: object) -> None:
        self._said(N_("The plan has this package from that day on."))

    def _end(self, told: dict[str, Any]) -> None:
        self._do(partial(facts.ended, self._desk, told), self._has_ended, self.given.refuse)

    def _has_ended(self, _done: object) -> None:
        self._said(N_("The supplement ends."))

    def _said(self, text: str) -> None:
        self._context.saved()
        self._context.toast(Text(text))
        self.load()

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [self._row(self._versions[one]) for one in ids]

    def _row(self, one: PackageVersion) -> tuple[object, ...]:
        name = f"{one.code} · {one.name}" if one.code != one.name else one.name
        return (one.first_day, name, len(one.rules), self._holds(one))

    def _holds(self, one: PackageVersion) -> Text:
        if one.first_day > self._today:
            return Text(N_("later"))
        versions = () if self._facts is None else self._facts.packages[one.package_id]
        begun = [other for other in versions if other.first_day <= self._today]
        return Text(N_("in force") if begun and begun[-1].id == one.id else N_("before"))
