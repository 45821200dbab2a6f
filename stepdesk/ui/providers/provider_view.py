"""One provider: its agreements, where it stands, who it is, and the pads it was given."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.contributions.terms import BookletState, LeafState
from stepdesk.i18n import N_, Text, Value
from stepdesk.providers.rules import STEPS
from stepdesk.ui import theme
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.members.asks import Ask, Kind
from stepdesk.ui.overriding import override
from stepdesk.ui.packages.words import LEVELS
from stepdesk.ui.providers.agreement_form import AgreementForm, EndForm
from stepdesk.ui.providers.deed import DeedCard
from stepdesk.ui.providers.facts import Deal, View
from stepdesk.ui.providers.provider_list import (
    CONTACT_ASKS,
    KIND_ASKS,
    KIND_CHOICES,
    waits_text,
)
from stepdesk.ui.providers.words import KINDS, MODES, STATES, agreement_pill, pill_of
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Tabs
from stepdesk.ui.widgets.pill import StatusPill
from stepdesk.ui.widgets.rows_model import Column, RowsModel
from stepdesk.ui.widgets.rows_model import Kind as Cells
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Shown, Size, Words
from stepdesk.values.ids import BookletId
from stepdesk.values.money import Currency

PARTS = ("agreements", "state", "who", "pads")
_DEALS = (
    Column(N_("From"), width=104),
    Column(N_("To"), width=104),
    Column(N_("Price list"), width=96, stretch=1),
    Column(N_("Paid"), width=110, priority=1, muted=True),
    Column(N_("Scan"), width=76, priority=2, muted=True),
    Column(N_("State"), Cells.STATUS, width=132),
)
_STEPS = (
    Column(N_("From"), width=104),
    Column(N_("State"), Cells.STATUS, width=132),
    Column(N_("Why"), width=120, stretch=1),
)
_PADS = (
    Column(N_("Booklet"), Cells.NUMBER, width=90),
    Column(N_("Since"), width=110),
    Column(N_("Blank"), Cells.NUMBER, width=80),
    Column(N_("Used"), Cells.NUMBER, width=80),
    Column(N_("Look at"), Cells.STATUS, width=130, stretch=1),
)


class AgreementsPart(QWidget):
    """The agreements and drafts of a provider, and the form of one.

    Signals:
        scan_wanted: A scan of the agreement on the row is to be kept.
        show_wanted: Its scan is to be seen.
        print_wanted: Its summary is to be printed.
    """

    scan_wanted = Signal(object)
    show_wanted = Signal(object)
    print_wanted = Signal(object)

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__()
        self._view: View | None = None
        self._today = today
        self.form = AgreementForm(speaker, today, currency)
        self.end = EndForm(speaker, today)
        self.table = TableView(speaker, empty=N_("Nothing was agreed yet. F2 begins a draft."))
        self.rows = RowsModel((), self._fetch, _DEALS, speaker, self)
        self.table.show_rows(self.rows)
        self.new = PlainButton(N_("Another agreement"), speaker, key="new", icon="plus")
        self.renew = PlainButton(N_("Renew"), speaker)
        self.stop = PlainButton(N_("End it …"), speaker)
        self.scan = PlainButton(N_("Keep a scan …"), speaker, key="attach")
        self.show_scan = PlainButton(N_("See the scan"), speaker)
        self.paper = PlainButton(N_("Summary"), speaker, key="print", icon="printer")
        self._place(speaker)
        self._connect()

    def _place(self, speaker: Speaker) -> None:
        card = Card(N_("Agreements"), speaker, margin=16)
        card.body.addWidget(self.table)
        for row in ((self.new, self.renew, self.stop), (self.scan, self.show_scan, self.paper)):
            line = QHBoxLayout()
            card.body.addLayout(line)
            for button in row:
                line.addWidget(button)
            line.addStretch(1)
        card.body.addStretch(1)
        self.stack = CurrentStack()
        self.stack.addWidget(self.form)
        self.stack.addWidget(self.end)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addWidget(card)
        layout.addWidget(self.stack)
        layout.addStretch(1)

    def _connect(self) -> None:
        self.table.current.connect(self._look)
        self.table.chosen.connect(self._type_in)
        self.new.clicked.connect(self.start_new)
        self.renew.clicked.connect(self.start_renewal)
        self.stop.clicked.connect(self.start_end)
        for button, signal in (
            (self.scan, self.scan_wanted),
            (self.show_scan, self.show_wanted),
            (self.paper, self.print_wanted),
        ):
            button.clicked.connect(partial(self._ask, signal))

    def show_view(self, view: View) -> None:
        """Show the agreements; the row the cursor was on keeps it."""
        self._view = view
        self.form.offer_lists(view.tariffs, view.provider.id)
        ids = [one.id for one in view.deals]
        self.rows.set_ids(ids)
        self.table.fit_rows(len(ids), fewest=2, most=5)
        if ids:
            self.table.select_id(ids[0])
            self._look(ids[0])
        else:
            self._buttons(None)
            self.form.new(None)
            self.stack.setCurrentIndex(0)

    def chosen(self) -> Deal | None:
        """Return the agreement or draft on the row."""
        return None if self._view is None else self._view.deal(self.table.chosen_id())

    def start_new(self) -> None:
        """Begin another agreement."""
        deals = self._view.deals if self._view else ()
        signed = [one.terms for one in deals if not one.draft]
        self.stack.setCurrentIndex(0)
        self.form.new(signed[0] if signed else None)
        self.form.focus()

    def start_renewal(self) -> None:
        """Begin the agreement that follows the one on the row."""
        deal = self.chosen()
        if deal is not None and self.renew.isEnabled():
            self.stack.setCurrentIndex(0)
            self.form.renew(deal)
            self.form.answers["until"].setFocus()

    def start_end(self) -> None:
        """Ask when and why the agreement on the row ends."""
        if self.chosen() is not None and self.stop.isEnabled():
            self.stack.setCurrentIndex(1)
            self.end.start({"until": self._today})
            self.end.focus()

    def _look(self, deal_id: object) -> None:
        deal = None if self._view is None else self._view.deal(deal_id)
        self._buttons(deal)
        if deal is not None:
            self.stack.setCurrentIndex(0)
            self.form.look(deal)

    def _type_in(self, deal_id: object) -> None:
        self._look(deal_id)
        if self.form.doing.value == "draft":
            self.form.focus()

    def _buttons(self, deal: Deal | None) -> None:
        signed = deal is not None and not deal.draft
        self.renew.setEnabled(signed and deal is not None and deal.terms.until is not None)
        self.stop.setEnabled(signed)
        self.scan.setEnabled(signed)
        self.show_scan.setEnabled(deal is not None and deal.scanned)
        self.paper.setEnabled(deal is not None)

    def _ask(self, signal: Any, *_clicked: object) -> None:  # noqa: ANN401 - a bound signal
        deal = self.chosen()
        if deal is not None:
            signal.emit(deal)

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        view = self._view
        deals = [view.deal(one) for one in ids] if view is not None else []
        return [_deal_row(one, view) for one in deals if one is not None and view is not None]


def _deal_row(one: Deal, view: View) -> tuple[object, ...]:
    until = one.terms.until
    return (
        one.terms.first_day,
        Text(N_("no end")) if until is None else until - timedelta(days=1),
        view.tariffs.get(one.terms.tariff_id, ""),
        Text(MODES[one.terms.mode]),
        Text(N_("yes")) if one.scanned else "",
        agreement_pill(one.state),
    )


class ProviderView(QWidget, Dressed):
    """Everything of one provider, in four parts.

    Signals:
        pad_wanted: The pad on the row is to be printed.
    """

    pad_wanted = Signal(object)

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__()
        self.view: View | None = None
        self._today = today
        self._pads: dict[BookletId, BookletState] = {}
        self.name = Shown("", size=Size.NAME, bold=True)
        self.pill = StatusPill(speaker)
        self.about = Words("", speaker, muted=True, wrap=True)
        self.owed = Words("", speaker, bold=True, wrap=True)
        self.parts = Tabs(
            speaker,
            (
                ("agreements", N_("Agreements")),
                ("state", N_("Where it stands")),
                ("who", N_("Who it is")),
                ("pads", N_("Pads of certificates")),
            ),
            columns=4,
        )
        self.agreements = AgreementsPart(speaker, today, currency)
        self.step = DeedCard(
            speaker,
            today,
            N_("Another state"),
            (
                (
                    Ask("state", N_("It becomes"), Kind.LIST, width=240),
                    Ask("day", N_("From"), Kind.DAY, width=150),
                    Ask("reason", N_("Why")),
                ),
            ),
            N_("Take this step"),
            lead=N_("Care at a provider that is suspended or ended is not paid."),
        )
        self.who = DeedCard(
            speaker,
            today,
            N_("Who it is"),
            ((Ask("name", N_("Name of the provider")), *KIND_ASKS), CONTACT_ASKS),
            N_("Correct this"),
            lead=N_("Another name holds from today on; papers of before keep the former one."),
            choices=KIND_CHOICES,
        )
        self.give = DeedCard(
            speaker,
            today,
            N_("Give a pad out"),
            (
                (
                    Ask("booklet_id", N_("Which one"), Kind.LIST, width=240),
                    Ask("note", N_("Note"), needed=False),
                ),
            ),
            N_("Give it out"),
            lead=N_("Pads that came from the printer are written down under Contributions."),
        )
        self.steps = TableView(speaker, empty=N_("It has been contracted from the beginning."))
        self.step_rows = RowsModel((), self._step_rows, _STEPS, speaker, self)
        self.steps.show_rows(self.step_rows)
        self.pads = TableView(speaker, empty=N_("No pad was given to it yet."))
        self.pad_rows = RowsModel((), self._pad_rows, _PADS, speaker, self)
        self.pads.show_rows(self.pad_rows)
        self.print_pad = PlainButton(N_("Its leaves"), speaker, key="print", icon="printer")
        self._place(speaker)
        self.parts.chosen.connect(self._turn)
        self.print_pad.clicked.connect(self.print_chosen_pad)
        self.wear()

    def _place(self, speaker: Speaker) -> None:
        head = QHBoxLayout()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(head)
        head.addWidget(self.name)
        head.addWidget(self.pill)
        head.addStretch(1)
        self.stack = CurrentStack()
        for widget in (self.about, self.owed, self.parts, self.stack):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        steps = Card(N_("How it stood"), speaker, margin=16)
        steps.body.addWidget(self.steps)
        steps.body.addStretch(1)
        pads = Card(N_("Pads it has"), speaker, margin=16)
        pads.body.addWidget(self.pads)
        pads.body.addWidget(self.print_pad)
        pads.body.addStretch(1)
        self.stack.addWidget(self.agreements)
        self.stack.addWidget(Sides(steps, self.step))
        self.stack.addWidget(self.who)
        self.stack.addWidget(Sides(pads, self.give))

    @override
    def dress(self) -> None:
        self._column.setSpacing(theme.current().px(12))

    def turn_to(self, part: str) -> None:
        """Show one of the parts."""
        self.parts.choose(part)

    def part(self) -> str:
        """Return which part is seen."""
        return str(self.parts.value())

    def focus(self) -> None:
        """Put the cursor on the agreements, or into what the part asks first."""
        part = self.part()
        if part == "agreements":
            self.agreements.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            {"state": self.step, "who": self.who, "pads": self.give}[part].focus()

    def show_view(self, view: View) -> None:
        """Show a provider as it stands now; what is typed stays where nothing has changed."""
        if view == self.view:
            return
        self.view = view
        provider = view.provider
        self.name.setText(f"{provider.code} · {provider.name}")
        self.pill.set_status(*pill_of(provider.state))
        self.about.say(_about(view))
        owed = _owed(view)
        self.owed.setVisible(owed is not None)
        self.owed.say(owed or "")
        self.agreements.show_view(view)
        self.step_rows.set_ids(list(range(len(view.steps))))
        self.steps.fit_rows(len(view.steps), fewest=2)
        ways = [one for one in STATES if one in STEPS[provider.state]]
        self.step.answers["state"].offer([(one, Text(STATES[one])) for one in ways])
        self.step.start({"day": self._today})
        contact = {name: getattr(provider.contact, name) for name in _CONTACT}
        told = {name: getattr(provider, name) for name in ("name", "level", "kind", "care")}
        self.who.start({**told, **contact})
        self._pads = {one.booklet.id: one for one in view.pads}
        self.pad_rows.set_ids(list(self._pads))
        self.pads.fit_rows(len(self._pads), fewest=2)
        self.print_pad.setEnabled(bool(self._pads))
        if self._pads:
            self.pads.go_to(0)
        office = [(one.booklet.id, _pad_text(one)) for one in view.office]
        self.give.answers["booklet_id"].offer(office)
        self.give.start({})

    def print_chosen_pad(self) -> None:
        """Ask for the leaves of the pad on the row."""
        pad = self._pads.get(self.pads.chosen_id())
        if pad is not None:
            self.pad_wanted.emit(pad)

    def _turn(self, part: str) -> None:
        self.stack.setCurrentIndex(PARTS.index(part))

    def _step_rows(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        steps = self.view.steps if self.view is not None else ()
        found = [steps[one] for one in ids]
        return [(one.day, pill_of(one.state), one.reason) for one in found]

    def _pad_rows(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [_pad_row(self._pads[one]) for one in ids]


_CONTACT = ("phone", "address", "bank", "bank_account")


def _about(view: View) -> Text:
    provider = view.provider
    values = {"level": Text(LEVELS[provider.level]), "kind": Text(KINDS[provider.kind])}
    if not provider.contact.phone:
        return Text(N_("{level} · {kind}"), values)
    return Text(N_("{level} · {kind} · {phone}"), {**values, "phone": provider.contact.phone})


def _owed(view: View) -> Text | None:
    delay = view.line.delay
    if delay is None:
        return None
    values: dict[str, Value] = {"amount": delay.owed, "days": waits_text(delay.oldest_days)}
    if delay.agreed_days is None:
        return Text(N_("{amount} is owed; the oldest invoice waits {days}."), values)
    return Text(
        N_("{amount} is owed; the oldest invoice waits {days}, {agreed} were agreed."),
        {**values, "agreed": waits_text(delay.agreed_days)},
    )


def _pad_text(one: BookletState) -> str:
    book = one.booklet
    return f"{book.serial:04d} · {book.first_leaf}–{book.last_leaf}"


def _pad_row(one: BookletState) -> tuple[object, ...]:
    good = (Status.UP_TO_DATE, Text(N_("Nothing")))
    look = (
        Status.LATE,
        Text(N_("{count} leaf"), {"count": len(one.findings)}, plural=N_("{count} leaves")),
    )
    return (
        f"{one.booklet.serial:04d}",
        one.since,
        one.count(LeafState.BLANK),
        one.count(LeafState.USED),
        look if one.findings else good,
    )
