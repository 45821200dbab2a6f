"""The payments room: who is owed what, batches from prepared to acknowledged, members, months by head."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.claims import rules
from stepdesk.claims.terms import (
    CapitationRun,
    Delay,
    MemberVoucher,
    PaymentBatch,
    PaymentRow,
    PaymentState,
    Recovery,
    ReimbursementOwed,
)
from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import N_
from stepdesk.store.desk import Desk
from stepdesk.ui import keys, theme
from stepdesk.ui.claims import payment_facts as facts
from stepdesk.ui.claims.back_forms import LetOffForm, ReverseForm
from stepdesk.ui.claims.payment_facts import Asked, Facts, Tab
from stepdesk.ui.claims.payment_forms import (
    DepositForm,
    HeadsForm,
    PaymentForm,
    PrepareForm,
    ReceiveForm,
    RecoverForm,
    StepForm,
    TakeBackForm,
)
from stepdesk.ui.claims.reimburse_form import AskForm, ReimburseForm
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.overriding import override
from stepdesk.ui.printing import show_paper
from stepdesk.ui.speech import Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.choice import Tabs
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words

_TABS = (
    (Tab.OWED, N_("Owed")),
    (Tab.BATCHES, N_("Payment batches")),
    (Tab.PAID, N_("Paid")),
    (Tab.BACK, N_("To be recovered")),
    (Tab.MEMBERS, N_("Members")),
    (Tab.HEADS, N_("Months by head")),
    (Tab.DEPOSITS, N_("Deposits")),
)
_NUMBER, _AMOUNT = Kind.NUMBER, Kind.AMOUNT
COLUMNS: Mapping[Tab, tuple[Column, ...]] = {
    Tab.OWED: (
        Column(N_("Provider"), width=160, stretch=1),
        Column(N_("Certificates"), _NUMBER, width=118, priority=4),
        Column(N_("Since"), width=112, priority=3),
        Column(N_("Days"), _NUMBER, width=64),
        Column(N_("Agreed"), _NUMBER, width=88, priority=5),
        Column(N_("To recover"), _AMOUNT, width=100, priority=1),
        Column(N_("In a batch"), _AMOUNT, width=128, priority=2),
        Column(N_("Owed"), _AMOUNT, width=104),
        Column(N_("Delay"), Kind.STATUS, width=164),
    ),
    Tab.BATCHES: (
        Column(N_("Payment batch"), width=216),
        Column(N_("Provider"), width=140, stretch=1),
        Column(N_("Certificates"), _NUMBER, width=118, priority=4),
        Column(N_("Approved"), _AMOUNT, width=96, priority=1),
        Column(N_("Recovered"), _AMOUNT, width=96, priority=2),
        Column(N_("Set off"), _AMOUNT, width=96, priority=3),
        Column(N_("To pay"), _AMOUNT, width=96),
        Column(N_("State"), Kind.STATUS, width=148),
    ),
    Tab.PAID: (
        Column(N_("Voucher"), width=164),
        Column(N_("Day"), width=116),
        Column(N_("To whom"), width=140, stretch=1),
        Column(N_("Certificates"), _NUMBER, width=112, priority=2),
        Column(N_("Paid from"), width=168, priority=1, muted=True),
        Column(N_("Remark"), width=120, stretch=1, priority=3, muted=True),
        Column(N_("Amount"), _AMOUNT, width=110),
    ),
    Tab.BACK: (
        Column(N_("Owed by"), width=150, stretch=1),
        Column(N_("Claim"), width=156),
        Column(N_("Decided on"), width=112, priority=2),
        Column(N_("Reason"), width=140, stretch=1, priority=3, muted=True),
        Column(N_("Amount"), _AMOUNT, width=100, priority=1),
        Column(N_("Remaining"), _AMOUNT, width=100),
    ),
    Tab.MEMBERS: (
        Column(N_("Household"), width=124),
        Column(N_("Member"), width=160, stretch=1),
        Column(N_("Requests"), _NUMBER, width=96, priority=2),
        Column(N_("Since"), width=112, priority=1),
        Column(N_("Days"), _NUMBER, width=72),
        Column(N_("Why"), width=140, stretch=1, priority=3, muted=True),
        Column(N_("Owed"), _AMOUNT, width=110),
    ),
    Tab.HEADS: (
        Column(N_("Month"), width=176),
        Column(N_("Provider"), width=150, stretch=1),
        Column(N_("Persons"), _NUMBER, width=104, priority=1),
        Column(N_("A head"), _AMOUNT, width=88, priority=2),
        Column(N_("Amount"), _AMOUNT, width=104),
        Column(N_("Remark"), width=170, stretch=1, priority=3, muted=True),
    ),
    Tab.DEPOSITS: (
        Column(N_("Day"), width=116),
        Column(N_("Provider"), width=150, stretch=1),
        Column(N_("What it is"), width=170, priority=1),
        Column(N_("Text"), width=140, stretch=1, priority=2),
        Column(N_("Amount"), _AMOUNT, width=110),
    ),
}
_TAKES_BACK: Mapping[Tab, str] = {
    Tab.BATCHES: N_("Cancel or take back"),
    Tab.PAID: N_("Take the payment back"),
    Tab.BACK: N_("Let off"),
    Tab.HEADS: N_("Take the month back"),
}
"""What F7 does with a row."""
_PRINTED = frozenset({Tab.OWED, Tab.BATCHES, Tab.PAID, Tab.BACK, Tab.MEMBERS, Tab.HEADS})


class PaymentRoom(QWidget, Dressed, Speaking):
    """Everything that is paid for care, and comes back.

    Signals:
        left: Back to the batches of certificates.
        awake: Whether it is shown, and has the keys.
    """

    left = Signal()
    awake = Signal(object)

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self.context, self._desk = context, desk
        self.asked = Asked()
        self.facts: Facts | None = None
        self._rows: Mapping[int, tuple[Any, ...]] = {}
        say = context.speaker
        self.tabs = Tabs(say, _TABS, columns=len(_TABS))
        self.told = Words("", say, bold=True, wrap=True)
        self.trouble = TroubleBand(say)
        self.table = TableView(say, empty=N_("Nothing here yet."), fewest=5)
        self.rows = RowsModel((), self._cells, COLUMNS[Tab.OWED], say, self)
        self.table.show_rows(self.rows)
        self._make_forms()
        self.print = PlainButton(N_("Print"), say, key="print", icon="printer")
        self.new = PlainButton(N_("Request of a member"), say, key="new")
        self.cancel = PlainButton(N_("Cancel"), say, key="override")
        self.back = PlainButton(N_("All batches"), say, key="back")
        self._place()
        self._connect()
        self.wear()
        self.learn(say)

    def _make_forms(self) -> None:
        say, today, money = self.context.speaker, self.context.clock_today(), self._desk.currency
        self.prepare = PrepareForm(say, money)
        self.step = StepForm(say, today, money)
        self.recover = RecoverForm(say, money)
        self.receive = ReceiveForm(say, today, money)
        self.reimburse = ReimburseForm(say, today, money)
        self.ask = AskForm(say, today, money)
        self.heads = HeadsForm(say, today, money)
        self.take_back = TakeBackForm(say, money)
        self.deposit = DepositForm(say, today, money)
        self.reverse, self.let_off = ReverseForm(say, money), LetOffForm(say, money)
        self._order: list[PaymentForm] = [
            *(self.prepare, self.step, self.recover, self.receive, self.reimburse),
            *(self.ask, self.heads, self.take_back, self.deposit, self.reverse, self.let_off),
        ]
        self._under: Mapping[Tab, PaymentForm] = {
            Tab.OWED: self.prepare,
            Tab.BACK: self.recover,
            Tab.MEMBERS: self.reimburse,
            Tab.HEADS: self.heads,
            Tab.DEPOSITS: self.deposit,
        }
        self.forms = CurrentStack()
        for form in self._order:
            self.forms.addWidget(form)

    def _place(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.trouble)
        self._column.addWidget(self.tabs)
        self._column.addWidget(self.told)
        self._column.addWidget(self.table, 1)
        deeds = QHBoxLayout()
        self._column.addLayout(deeds)
        for button in (self.print, self.new, self.cancel, self.back):
            deeds.addWidget(button)
        deeds.addStretch(1)
        self._column.addWidget(self.forms)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self.turn)
        self.table.chosen.connect(self._open_row)
        bound: tuple[tuple[PlainButton, str, Callable[[], object]], ...] = (
            (self.print, "print", self.print_chosen),
            (self.new, "new", self.start_new),
            (self.cancel, "override", self.start_cancel),
            (self.back, "back", self.go_back),
        )
        for button, key, act in bound:
            button.clicked.connect(act)
            keys.bind(key, self, act)
        for form in self._order:
            form.sent.connect(partial(self._send, form))
            form.left.connect(self.go_back)

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.context.speaker.tr(N_("Payments")))

    @override
    def dress(self) -> None:
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.current().px(8))

    @override
    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        self.awake.emit(True)  # noqa: FBT003 - a signal takes no names

    @override
    def hideEvent(self, event: QHideEvent, /) -> None:
        super().hideEvent(event)
        self.awake.emit(False)  # noqa: FBT003 - a signal takes no names

    # What stands there

    def start(self, tab: Tab | None = None) -> None:
        """Come up with a tab, the one that was shown last when none is told."""
        wanted = tab or self.asked.tab
        self.asked = Asked(wanted)
        self._mark(wanted)
        self._read()

    def _mark(self, tab: Tab) -> None:
        """Mark a tab without turning to it."""
        self.tabs.blockSignals(True)  # noqa: FBT003 - Qt's setters take no names
        self.tabs.choose(tab)
        self.tabs.blockSignals(False)  # noqa: FBT003 - Qt's setters take no names

    def turn(self, tab: Tab) -> None:
        """Show another tab."""
        self.asked = Asked(tab)
        self._read(after=self._to_tabs)

    def _to_tabs(self) -> None:
        self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self, *, after: Callable[[], object] | None = None) -> None:
        self.context.lane.do(
            partial(facts.facts_of, self._desk, self.asked, self.context.speaker.language),
            partial(self._show, after or self._rest),
            owner=self,
        )

    def _show(self, after: Callable[[], object], told: Facts) -> None:
        if told.asked != self.asked:
            return
        kept = self._at()
        self.facts = told
        self._rows = dict(enumerate(told.rows))
        tab = told.asked.tab
        self.rows.set_columns(COLUMNS[tab], range(len(told.rows)))
        if told.rows:
            self.table.go_to(min(kept or 0, len(told.rows) - 1))
        self.told.say(told.told)
        self.told.setVisible(bool(told.told.message))
        self.print.setVisible(tab in _PRINTED)
        self.new.setVisible(tab is Tab.MEMBERS)
        self.cancel.setVisible(tab in _TAKES_BACK)
        if tab in _TAKES_BACK:
            self.cancel.say(_TAKES_BACK[tab])
        self._offer(told)
        after()

    def _offer(self, told: Facts) -> None:
        for form in self._order:
            form.start(told.others, solo=told.solo)
        longest = next((one.provider_id for one in told.ids if isinstance(one, Delay)), None)
        self.prepare.offer(told, longest)
        self.recover.offer()
        owed = next((one for one in told.ids if isinstance(one, ReimbursementOwed)), None)
        self.reimburse.offer(told, owed)
        self.heads.offer(told)
        self.deposit.offer(told)
        self._under_table()

    def _under_table(self) -> None:
        form = self._under.get(self.asked.tab)
        self.table.show()
        self.forms.setVisible(form is not None)
        if form is not None:
            self.forms.setCurrentIndex(self._order.index(form))

    def _form(self, form: PaymentForm) -> None:
        self.forms.setVisible(True)
        self.forms.setCurrentIndex(self._order.index(form))
        self.table.setVisible(form is not self.ask)  # a request needs the room
        form.begin()

    def _current(self) -> PaymentForm | None:
        return None if self.forms.isHidden() else self._order[self.forms.currentIndex()]

    def _cells(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [self._rows[at] for at in ids]

    def _rest(self) -> None:
        """Put the cursor where one goes on."""
        target = self.table if self._rows else self.tabs
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _at(self) -> int | None:
        at = self.table.chosen_id()
        return at if isinstance(at, int) else None

    def _chosen(self) -> Any:  # noqa: ANN401 - a row of the tab
        at = self._at()
        ids = self.facts.ids if self.facts is not None else ()
        return ids[at] if at is not None and at < len(ids) else None

    # What is begun

    def _open_row(self, at: int) -> None:
        if self.facts is None:
            return
        match self.facts.ids[at]:
            case Delay() as one:
                self.prepare.offer(self.facts, one.provider_id)
                self.prepare.most.setFocus(Qt.FocusReason.OtherFocusReason)
            case PaymentBatch() as one:
                self._open_batch(one)
            case PaymentRow() | MemberVoucher():
                self.print_chosen()
            case Recovery() as one if one.recovery_id is not None:
                self.receive.offer(self.facts, one)
                self._form(self.receive)
            case ReimbursementOwed() as one:
                self.reimburse.offer(self.facts, one)
                self._form(self.reimburse)
            case CapitationRun() as one:
                opened = None if self.asked.opened == one.id else one.id
                self.asked = replace(self.asked, opened=opened)
                self._read()
            case _:
                pass

    def _open_batch(self, batch: PaymentBatch) -> None:
        """Show what a batch holds, and its next step."""
        if self.asked.opened == batch.id:
            self._offer_step(batch.id)
            return
        self.asked = replace(self.asked, opened=batch.id)
        self._read(after=partial(self._offer_step, batch.id))

    def _offer_step(self, batch_id: bytes) -> None:
        found = self._batch(batch_id)
        if found is not None and self.facts is not None and self.step.offer(self.facts, found):
            self._form(self.step)
        else:
            self._rest()

    def _batch(self, batch_id: bytes) -> PaymentBatch | None:
        ids = self.facts.ids if self.facts is not None else ()
        found = [at for at, one in enumerate(ids) if getattr(one, "id", None) == batch_id]
        if not found:
            return None
        self.table.go_to(found[0])
        told = ids[found[0]]
        return told if isinstance(told, PaymentBatch) else None

    def start_cancel(self) -> None:
        """F7: what the row says is cancelled, taken back, or let off."""
        if self.facts is None:
            return
        match self._chosen():
            case PaymentBatch() as one if PaymentState.REVERSED in rules.NEXT[one.state]:
                self._begin(self.reverse, one)
            case PaymentRow() as one if not one.reverses:
                self._begin(self.reverse, one)
            case PaymentBatch() as one:
                self.step.offer_cancel(self.facts, one)
                self._form(self.step)
            case Recovery() as one if one.recovery_id is not None:
                self._begin(self.let_off, one)
            case CapitationRun() as one:
                self._begin(self.take_back, one)
            case _:
                pass

    def _begin(self, form: ReverseForm | LetOffForm | TakeBackForm, about: Any) -> None:  # noqa: ANN401
        """Ask why, and who signs too."""
        if self.facts is None:
            return
        form.start(self.facts.others, solo=self.facts.solo)
        form.offer(about)
        self._form(form)

    def start_new(self) -> None:
        """F2: what a member asks back is typed; a second F2 leaves what is typed alone."""
        if self.facts is None or self._current() is self.ask:
            return
        if self.asked.tab is not Tab.MEMBERS:
            self.start(Tab.MEMBERS)
            return
        self.ask.start(self.facts.others, solo=self.facts.solo)
        self.ask.offer(self.facts)
        self._form(self.ask)

    def go_back(self) -> None:
        """Leave what was begun; without anything begun, leave the room."""
        self.trouble.hide()
        usual = self._under.get(self.asked.tab)
        if self._current() not in {None, usual}:
            self._under_table()
            self._rest()
        elif self.asked.opened is not None:
            self.asked = replace(self.asked, opened=None)
            self._read()
        else:
            self.left.emit()

    # What is done

    def _send(self, form: PaymentForm, accepting: frozenset[str], reason: str) -> None:
        try:
            form.accepting, form.why = accepting, reason
            act = form.act()
        except Refusal as refusal:
            form.refuse(refusal)
            return
        form.hold()
        self.context.lane.do(
            partial(act, self._desk),
            partial(self._done, form),
            refused=form.refuse,
            cautioned=partial(self._cautioned, form),
            troubled=partial(self._troubled, form),
            owner=self,
        )

    def _cautioned(self, form: PaymentForm, caution: Caution) -> None:
        form.free()
        form.caution.show_caution(caution)

    def _troubled(self, form: PaymentForm, trouble: Trouble) -> None:
        form.free()
        self.trouble.show_trouble(trouble)

    def _done(self, form: PaymentForm, told: object) -> None:
        self.context.saved()
        self.context.toast(facts.done_text(told))
        if isinstance(told, PaymentBatch):
            self._follow(form, told)
        else:
            self._read(after=partial(self._print_paid, told))

    def _follow(self, form: PaymentForm, batch: PaymentBatch) -> None:
        """Go on with the batch: its next step is offered, the cursor on it."""
        self.asked = Asked(Tab.BATCHES, batch.id)
        if form is self.prepare:
            self._mark(Tab.BATCHES)
        self._read(after=partial(self._offer_step, batch.id))

    def _print_paid(self, told: object) -> None:
        self._rest()
        if isinstance(told, MemberVoucher):
            self._print(told)

    # On paper

    def print_chosen(self) -> None:
        """F9: the order of a batch, the voucher of a payment, or the list."""
        row = self._chosen()
        alone = isinstance(row, PaymentBatch | PaymentRow | MemberVoucher | CapitationRun)
        if alone or self.asked.tab in facts.LISTED:
            self._print(row if alone else None)

    def _print(self, row: object) -> None:
        self.context.lane.do(
            partial(
                facts.paper_of, self._desk, self.asked.tab, row, self.context.speaker.language
            ),
            partial(self._paper, row),
            owner=self,
        )

    def _paper(self, row: object, told: tuple[str, bytes] | None) -> None:
        if told is None:
            return
        number, pdf = told
        say = self.context.speaker
        if isinstance(row, PaymentBatch):
            name = say.tr(N_("Payment order {number}"), number=number)
        elif number:
            name = say.tr(N_("Voucher {number}"), number=number)
        else:
            name = say.tr(next(words for tab, words in _TABS if tab is self.asked.tab))
        show_paper(self, pdf, name, say)
