"""The catalogue of services: what there is, the form of one, and the list of diagnoses."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stepdesk.benefits.terms import Service, ServiceTerms
from stepdesk.claims.papers import CATEGORIES
from stepdesk.claims.terms.diagnoses import BroughtDiagnoses
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.store.desk import Desk
from stepdesk.ui.choosing import ask_file
from stepdesk.ui.context import Context
from stepdesk.ui.members.answers import NumberLine
from stepdesk.ui.members.asks import Ask, Kind
from stepdesk.ui.packages import facts
from stepdesk.ui.packages.facts import Catalogue, ToldService
from stepdesk.ui.packages.layered import LayeredForm
from stepdesk.ui.packages.lines import NO_LIMIT, Many, Meant
from stepdesk.ui.packages.words import CARES, CLAIMS, COMPOSITIONS, KINDS, PATIENTS
from stepdesk.ui.scheme.list_card import options
from stepdesk.ui.scheme.plan_asks import AskGroup
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.form import ErrorLine
from stepdesk.ui.widgets.rows_model import Column, RowsModel
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words
from stepdesk.values.ids import ServiceId

_COLUMNS = (
    Column(N_("Code"), width=110),
    Column(N_("Service"), width=220, stretch=1),
    Column(N_("Kind"), width=150, priority=1, muted=True),
    Column(N_("Unit"), width=110, priority=2, muted=True),
)
_FOR_EVER = frozenset({"code", "category", "kind", "unit"})
_TERMS = (
    "care",
    "frequency_days",
    "largest_quantity",
    "patients",
    "claim_category",
    "composition",
    "parts",
)
_TABLES = "CSV, Excel, ODS (*.csv *.txt *.tsv *.xlsx *.xlsm *.xlsb *.xls *.ods)"
_NOT_ONE = N_("not one is allowed")


class ServiceForm(LayeredForm):
    """A service of the catalogue: its words first, what rules its use behind them."""

    def __init__(self, speaker: Speaker, today: date) -> None:
        self._codes: dict[ServiceId, str] = {}
        own = {
            "frequency_days": Meant(speaker, NumberLine(), N_("no time between"), NO_LIMIT),
            "largest_quantity": Meant(speaker, NumberLine(), _NOT_ONE, NO_LIMIT),
            "parts": Many(
                speaker,
                today,
                (
                    (
                        Ask("part", N_("Service"), Kind.LIST),
                        Ask("count", N_("How many"), Kind.NUMBER, width=90),
                    ),
                ),
                lambda told: (told["part"], told["count"]),
                self._part_text,
            ),
        }
        categories = [(one, words) for one, words in CATEGORIES.items()]
        super().__init__(
            speaker,
            today,
            (
                (
                    Ask("code", N_("Code"), hint=N_("Short, in capitals: it never changes"),
                        width=140),
                    Ask("name", N_("Name of the service")),
                    Ask("category", N_("Kind of care"), Kind.LIST),
                    Ask("unit", N_("Unit"), hint=N_("A visit, a tablet, a day"), needed=False,
                        width=160),
                    Ask("kind", N_("It is"), Kind.LIST),
                ),
            ),
            (
                AskGroup(
                    N_("How it is used"),
                    (
                        (
                            Ask("first_day", N_("Holds from"), Kind.DAY, width=150,
                                needed=False),
                            Ask("care", N_("Given in"), Kind.LIST),
                            Ask("frequency_days", N_("Days between two of them"), needed=False),
                            Ask("largest_quantity", N_("At most on one line"), needed=False),
                            Ask("patients", N_("For whom"), Kind.SEVERAL,
                                hint=N_("None ticked: for everybody"), needed=False),
                            Ask("claim_category", N_("Category of its claim"), Kind.LIST,
                                needed=False),
                            Ask("composition", N_("Parts and price"), Kind.LIST),
                            Ask("parts", N_("Its parts"), needed=False),
                        ),
                        (),
                    ),
                ),
            ),
            choices={
                "category": categories,
                "kind": options(KINDS),
                "care": options(CARES),
                "patients": options(PATIENTS),
                "claim_category": options(CLAIMS),
                "composition": options(COMPOSITIONS),
            },
            own=own,
        )  # fmt: skip

    def offer_parts(self, services: Sequence[Service]) -> None:
        """Offer the services that may be parts."""
        self._codes = {one.id: one.code for one in services}
        parts = self.answers["parts"]
        if isinstance(parts, Many):
            names = [(one.id, f"{one.code} · {one.name}") for one in services]
            parts.form.answers["part"].offer(names)

    def _part_text(self, told: tuple[ServiceId, int]) -> Text:
        values: dict[str, Value] = {"code": self._codes.get(told[0], ""), "count": told[1]}
        return Text(N_("{count} × {code}"), values)


class ServicesPanel(QWidget):
    """The tab of services.

    Signals:
        troubled: The laptop could not do it.
        cautioned: An act that takes the accepted doubts, and the caution.
    """

    troubled = Signal(object)
    cautioned = Signal(object, object)

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self._services: dict[ServiceId, Service] = {}
        self.held: Service | None = None
        self._typed: dict[ServiceId | None, dict[str, object]] = {}
        self._dirty = False
        say, today = context.speaker, context.clock_today()
        self._today = today
        self.card = Card(N_("Catalogue of services"), say, margin=16)
        self.table = TableView(
            say, empty=N_("No service yet. Begin with the country's list, or add one with F2.")
        )
        self.rows = RowsModel((), self._fetch, _COLUMNS, say, self)
        self.table.show_rows(self.rows)
        self.begin = PlainButton(N_("Begin with the country's list"), say)
        self.new = PlainButton(N_("Another service"), say, key="new", icon="plus")
        self.form_card = Card(N_("The service"), say, margin=16)
        self.lead = Words("", say, muted=True, wrap=True)
        self.form = ServiceForm(say, today)
        self.button = MainButton(N_("Keep this service"), say)
        self.diagnoses = Card(N_("Diagnoses"), say, margin=16)
        self.stand = Words("", say, wrap=True)
        self.short = PlainButton(N_("Take the short list"), say)
        self.file = PlainButton(N_("A list from a file …"), say, key="attach")
        self.error = ErrorLine(say)
        self._place()
        self._connect()

    def _connect(self) -> None:
        self.table.current.connect(self._look_at)
        self.table.chosen.connect(self._type_in)
        self.begin.clicked.connect(self._begin)
        self.new.clicked.connect(self.start_another)
        self.form.changed.connect(self._retyped)
        self.form.entered.connect(self.send)
        self.button.clicked.connect(self.send)
        self.short.clicked.connect(self._short)
        self.file.clicked.connect(self.choose_file)

    def _place(self) -> None:
        held: tuple[tuple[Card, tuple[QWidget, ...]], ...] = (
            (self.card, (self.table, self.begin, self.new)),
            (self.form_card, (self.lead, self.form, self.button)),
            (self.diagnoses, (self.stand, self.error, self.short, self.file)),
        )
        for card, widgets in held:
            for widget in widgets:
                card.body.addWidget(widget)
        self.card.body.addStretch(1)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.form_card)
        column.addWidget(self.diagnoses)
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(Sides(self.card, side, narrow=900))

    def load(self) -> None:
        """Show the catalogue; a service that is being typed stays as it is."""
        self._context.lane.do(partial(facts.catalogue_of, self._desk), self._show, owner=self)

    def _show(self, told: Catalogue) -> None:
        self.stand.say(_stand(told.diagnoses))
        fresh = self._services != dict(told.services) or not self._services
        self._services = dict(told.services)
        self.begin.setVisible(not self._services)
        if not fresh:
            return
        self.form.offer_parts(tuple(self._services.values()))
        kept = self.table.chosen_id()
        ids = list(self._services)
        self.rows.set_ids(ids)
        self.table.fit_rows(len(ids), fewest=4, most=14)
        self.free()
        if ids:
            first = kept if kept in self._services else ids[0]
            self.table.select_id(first)
            self._look_at(first)
        else:
            self._start(None)

    def focus(self) -> None:
        """Put the cursor on the list."""
        self.table.setFocus()

    def free(self) -> None:
        """Let the form be sent again."""
        self.button.setEnabled(True)

    def start_another(self) -> None:
        """Begin another service."""
        self._start(None)
        self.form.answers["code"].setFocus()

    def _look_at(self, service_id: ServiceId) -> None:
        self._start(self._services[service_id])

    def _type_in(self, service_id: ServiceId) -> None:
        self._look_at(service_id)
        self.form.answers["name"].setFocus()

    def _retyped(self) -> None:
        self._dirty = True

    def _start(self, held: Service | None) -> None:
        if self._dirty:
            # What is half typed is there again when one comes back to it.
            self._typed[None if self.held is None else self.held.id] = self.form.draft()
        self.held = held
        told: dict[str, object] = {"first_day": self._today}
        if held is None:
            self.lead.say(N_("Another service. Code and kind of care stay for ever."))
            plain = ServiceTerms()
            told |= {name: getattr(plain, name) for name in _TERMS}
        else:
            self.lead.say(
                Text(N_("{code} can be renamed; how it is used changes from a day on."),
                     {"code": held.code})
            )  # fmt: skip
            told |= {name: getattr(held, name) for name in (*_TERMS, "code", "name", "category")}
            told |= {"unit": held.unit, "kind": held.kind}
        self.form.put(told)
        typed = self._typed.pop(None if held is None else held.id, None)
        if typed is not None:
            self.form.take_up(typed)
        self._dirty = typed is not None
        self.form.clear()
        self.form.show_only(frozenset(self.form.answers) - self._gone())

    def _gone(self) -> frozenset[str]:
        return frozenset({"first_day"}) if self.held is None else _FOR_EVER

    def send(self) -> None:
        """Ask for the service to be kept."""
        if not self.button.isEnabled():
            return
        told = self.form.values(without=self._gone())
        if told is None:
            return
        self.button.setEnabled(False)
        held = self.held
        asked = ToldService(
            held,
            told.get("code", ""),
            told["name"],
            told["category"] if held is None else held.category,
            told.get("unit") or "",
            told.get("kind"),
            ServiceTerms(**{name: told[name] for name in _TERMS}),
            told.get("first_day"),
        )
        self._do(partial(facts.service_kept, self._desk, asked), self._kept, self._refuse)

    def _do(self, act: Any, then: Any, refused: Any) -> None:  # noqa: ANN401 - for the lane
        self._context.lane.do(act, then, refused=refused, troubled=self._trouble, owner=self)

    def _refuse(self, refusal: Refusal) -> None:
        self.free()
        self.form.refuse(refusal)

    def _trouble(self, trouble: Trouble) -> None:
        self.free()
        self.troubled.emit(trouble)

    def _kept(self, _done: object) -> None:
        self._dirty = False
        self._said(Text(N_("The service is kept.")))

    def _begin(self) -> None:
        self._do(partial(facts.begun, self._desk), self._begun, self._refuse)

    def _begun(self, count: int) -> None:
        self._said(Text(N_("{count} services are in the catalogue now."), {"count": count}))

    def _said(self, text: Text) -> None:
        self._context.saved()
        self._context.toast(text)
        self._services = {}
        self.load()

    # Diagnoses

    def choose_file(self) -> None:
        """Let the person choose a list of diagnoses."""
        file = ask_file(self, self._context.speaker, N_("A list of diagnoses"), _TABLES)
        if file is not None:
            self.take_diagnoses(file)

    def take_diagnoses(self, file: Path) -> None:
        """Bring in a list of diagnoses; none of it when a line of it is wrong."""
        self.error.clear_text()
        act = partial(facts.diagnoses_in, self._desk, file)
        self._do(act, self._brought, self._refuse_list)

    def _short(self) -> None:
        self.error.clear_text()
        self._do(partial(facts.short_diagnoses, self._desk), self._brought, self._refuse_list)

    def _refuse_list(self, refusal: Refusal) -> None:
        self.error.show_text(refusal.text)

    def _brought(self, _done: BroughtDiagnoses) -> None:
        self._said(Text(N_("The list of diagnoses is kept.")))

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        found = [self._services[one] for one in ids]
        return [(one.code, one.name, CATEGORIES[one.category], one.unit) for one in found]


def _stand(count: int) -> Text:
    if not count:
        return Text(
            N_(
                "There is no list of diagnoses: any code may be typed. The medical adviser alone "
                "sees what is typed."
            )
        )
    return Text(
        N_("{count} diagnosis can be chosen."),
        {"count": count},
        plural=N_("{count} diagnoses can be chosen."),
    )
