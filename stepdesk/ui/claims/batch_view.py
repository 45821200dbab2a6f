"""One batch: how it stands, its certificates, and the form that types the next one."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from stepdesk.claims.papers import state_text
from stepdesk.claims.service import DecidedBatch
from stepdesk.claims.terms import UNDECIDED, Claim, State
from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.store.desk import Desk
from stepdesk.ui import theme, tokens
from stepdesk.ui.claims import facts
from stepdesk.ui.claims.certificate_form import CertificateForm
from stepdesk.ui.claims.certificate_view import CertificateView, WithdrawForm
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack, Reveal
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.band import CautionBand, TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.form import ErrorLine
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import ClaimId
from stepdesk.values.money import Money

_SIDE = 544
_FORM, _VIEW, _WITHDRAW = range(3)
_CLAIMS = (
    Column(N_("No."), width=70),
    Column(N_("Patient"), width=112, stretch=1),
    Column(N_("Claimed"), Kind.AMOUNT, width=92, priority=1),
    Column(N_("Payable"), Kind.AMOUNT, width=78),
    Column(N_("State"), Kind.STATUS, width=128),
)


class BatchView(QWidget, Dressed, Speaking):
    """The screen of a batch.

    Signals:
        pay_wanted: The provider of the batch is to be paid.
        slip_wanted: The slip is to be printed.
        left: Back to the list of batches.
    """

    pay_wanted = Signal()
    slip_wanted = Signal()
    left = Signal()

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self.opened: facts.Opened | None = None
        self._claims: dict[ClaimId, Claim] = {}
        self._looking: ClaimId | None = None
        self._deciding = False
        self._make(context, desk)
        self._place()
        self._connect()
        self.wear()
        self.learn(context.speaker)

    def _make(self, context: Context, desk: Desk) -> None:
        speaker = context.speaker
        self.head = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        self.stand = Words("", speaker, wrap=True)
        self.trouble = TroubleBand(speaker)
        self.error = ErrorLine(speaker)
        self.caution = CautionBand(speaker)
        self._reveal = Reveal(self.caution)
        self.form = CertificateForm(context, desk)
        self.view = CertificateView(speaker)
        self.withdraw = WithdrawForm(speaker)
        self.stack = CurrentStack()
        self.table = TableView(
            speaker,
            empty=N_("No certificate yet. Type the first one: card, day, acts."),
            row=tokens.ROW_DENSE,
        )
        self.rows = RowsModel((), self._fetch, _CLAIMS, speaker, self)
        self.table.show_rows(self.rows)
        self.finish = MainButton(
            N_("Decide the batch"), speaker, key="close-session", icon="file-check"
        )
        self.slip = PlainButton(N_("Slip"), speaker, key="print", icon="printer")
        self.pay = PlainButton(N_("Pay the provider …"), speaker, icon="wallet")
        self.back = PlainButton(N_("All batches"), speaker, key="back")

    def _place(self) -> None:
        listed = Card(N_("Certificates of this batch"), self._context.speaker, margin=12)
        listed.body.addWidget(self.table, 1)
        grid = QGridLayout()
        listed.body.addLayout(grid)
        grid.addWidget(self.finish, 0, 0)
        grid.addWidget(self.pay, 0, 1)
        grid.addWidget(self.slip, 1, 0)
        grid.addWidget(self.back, 1, 1)
        grid.setColumnStretch(2, 1)
        self._grid = grid
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.trouble, self.error, self.caution):
            column.addWidget(widget)
        column.addWidget(self.stack, 1)
        for part in (self.form, self.view, self.withdraw):
            self.stack.addWidget(part)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.head)
        self._column.addWidget(self.stand)
        self._column.addWidget(Sides(left, listed, side=_SIDE), 1)

    def _connect(self) -> None:
        self.form.recorded.connect(self._recorded)
        self.table.chosen.connect(self.look)
        self.table.clicked.connect(self._clicked)
        self.table.current.connect(self._passed)
        self.view.left.connect(self.type_on)
        self.view.withdraw_wanted.connect(self._ask_reason)
        self.withdraw.withdrawn.connect(self._withdraw)
        self.withdraw.dismissed.connect(self._keep)
        self.caution.accepted.connect(self._decide)
        self.caution.dismissed.connect(self.type_on)
        self.finish.clicked.connect(self.decide)
        self.slip.clicked.connect(self.slip_wanted)
        self.pay.clicked.connect(self.pay_wanted)
        self.back.clicked.connect(self.left)

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.tr(N_("Certificates of this batch")))

    @override
    def dress(self) -> None:
        now = theme.current()
        edge = now.px(20)
        self._column.setContentsMargins(edge, now.px(10), edge, now.px(12))
        self._column.setSpacing(now.px(6))
        self._grid.setHorizontalSpacing(now.px(8))
        self._grid.setVerticalSpacing(now.px(8))

    # Coming up

    def start(self, opened: facts.Opened) -> None:
        """Show a batch, ready for the next certificate."""
        self.show_batch(opened)
        self.error.clear_text()
        self.trouble.hide()
        self.caution.hide()
        if opened.batch.history:
            self._show_history()
            return
        self.stack.setCurrentIndex(_FORM)
        self.form.start(opened)

    @property
    def history(self) -> bool:
        """Whether the batch came from a former system: it is looked at, and nothing more."""
        return self.opened is not None and self.opened.batch.history

    def _show_history(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.selectRow(0)
        chosen = self.table.chosen_id()
        if chosen is not None:
            self.look(chosen)

    def _passed(self, claim_id: ClaimId) -> None:
        # In history nothing is typed: the arrow keys alone turn the pages.
        if self.history:
            self.look(claim_id)

    def show_batch(self, opened: facts.Opened) -> None:
        """Show how a batch stands; what is being typed stays."""
        self.opened = opened
        self._claims = {one.id: one for one in opened.claims}
        batch = opened.batch
        values: dict[str, Value] = {
            "number": batch.number,
            "provider": batch.provider,
            "month": batch.month,
            "invoice": batch.invoice,
        }
        plain, invoiced = (
            N_("{provider} · {month} · {number}"),
            N_("{provider} · {month} · {number} · invoice {invoice}"),
        )
        self.head.say(Text(invoiced if batch.invoice else plain, values))
        self._say_stand()
        self.rows.set_ids(tuple(reversed(list(self._claims))))
        for button in (self.finish, self.pay):
            button.setVisible(not batch.history)
        if self.table.hasFocus():
            self.table.selectRow(0)

    def reload(self) -> None:
        """Read the batch again."""
        if self.opened is None:
            return
        self._context.lane.do(
            partial(facts.batch_of, self._desk, self.opened.batch.id),
            self.show_batch,
            owner=self,
        )

    def _say_stand(self) -> None:
        if self.opened is None:
            return
        batch = self.opened.batch
        zero = Money(0, self._desk.currency)
        counted = [one for one in self._claims.values() if one.state is not State.WITHDRAWN]
        waiting = 0 if batch.history else sum(1 for one in counted if one.state in UNDECIDED)
        values: dict[str, Value] = {
            "count": len(counted),
            "claimed": sum((one.claimed for one in counted), zero),
            "payable": sum((self._payable(one) or zero for one in counted), zero),
            "waiting": waiting,
        }
        one, many = (
            N_("{count} certificate typed · claimed {claimed}"),
            N_("{count} certificates typed · claimed {claimed}"),
        )
        if batch.invoice_total is not None:
            values["total"] = batch.invoice_total
            one, many = (
                N_("{count} certificate typed · claimed {claimed} of {total} on the invoice"),
                N_("{count} certificates typed · claimed {claimed} of {total} on the invoice"),
            )
        typed = Text(one, values, plural=many)
        told = N_("{typed} · payable {payable} · {waiting} to decide")
        if batch.history:
            told = N_("{typed} · history of the former system: nothing is decided or paid here")
        elif not waiting:
            told = N_("{typed} · payable {payable}")
        self.stand.say(Text(told, {**values, "typed": typed}))
        self.finish.setEnabled(waiting > 0)

    def _payable(self, claim: Claim) -> Money | None:
        if claim.state is State.WITHDRAWN or self.opened is None:
            return None
        if claim.state not in UNDECIDED:
            return claim.paid
        told = self.opened.expected.get(claim.id)
        return None if told is None else Money(told.paid, self._desk.currency)

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        claims = [self._claims[one] for one in ids]
        return [
            (
                one.certificate or one.number.rpartition("-")[2].lstrip("0"),
                one.patient,
                one.claimed,
                self._payable(one),
                (facts.STATUSES[one.state], state_text(one)),
            )
            for one in claims
        ]

    # Certificates

    def _recorded(self, entered: facts.Entered) -> None:
        # What F12 said before this certificate was there no longer holds.
        self.error.clear_text()
        if self.opened is not None:
            self.show_batch(facts.with_claim(self.opened, entered))

    def _clicked(self, _index: object) -> None:
        chosen = self.table.chosen_id()
        if chosen is not None:
            self.look(chosen)

    def look(self, claim_id: ClaimId) -> None:
        """Show a certificate that is recorded; what is half typed stays in the form."""
        self._looking = claim_id
        self._context.lane.do(
            partial(facts.looked_at, self._desk, claim_id), self._looked, owner=self
        )

    def _looked(self, recorded: facts.Recorded) -> None:
        if recorded.claim.id != self._looking:
            return
        self.view.show_recorded(recorded)
        self.stack.setCurrentIndex(_VIEW)
        if not self.history:
            self.view.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def type_on(self) -> None:
        """Back to the form; in history, to the list."""
        self.caution.hide()
        if self.history:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._looking = None
        self.stack.setCurrentIndex(_FORM)
        self.form.focus()

    def _ask_reason(self, claim: Claim) -> None:
        self.stack.setCurrentIndex(_WITHDRAW)
        self.withdraw.start(claim)

    def _keep(self) -> None:
        self.stack.setCurrentIndex(_VIEW)
        self.view.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _withdraw(self, claim: Claim, reason: str) -> None:
        self._context.lane.do(
            partial(facts.withdrawn, self._desk, claim.id, reason),
            partial(self._withdrawn, claim),
            refused=self.withdraw.refuse,
            troubled=self.withdraw.fail,
            owner=self,
        )

    def _withdrawn(self, claim: Claim, _none: None) -> None:
        self._context.saved()
        values = {"number": claim.certificate or claim.number}
        self._context.toast(Text(N_("Certificate {number} is withdrawn."), values))
        self.reload()
        self.type_on()

    # Deciding

    def decide(self) -> None:
        """F12: decide every certificate of the batch that waits."""
        if self.history or not self.form.half_typed:
            self._decide(frozenset(), "")
            return
        self.type_on()
        self.error.show_text(
            Text(N_("A certificate is half typed. Record it, or empty the form, then decide."))
        )

    def _decide(self, accepting: frozenset[str], reason: str) -> None:
        if self.opened is None or self._deciding:
            return
        self._deciding = True
        self.error.clear_text()
        progress = self._context.lane.progress()
        self._context.lane.do(
            partial(facts.decided, self._desk, self.opened.batch.id, accepting, reason, progress),
            self._decided,
            refused=self._not_decided,
            cautioned=self._doubted,
            troubled=self._failed,
            cancelled=self._free,
            owner=self,
            progress=progress,
        )

    def _free(self) -> None:
        self._deciding = False

    def _not_decided(self, refusal: Refusal) -> None:
        self._free()
        self.error.show_text(refusal.text)

    def _doubted(self, caution: Caution) -> None:
        self._free()
        self.caution.show_caution(caution)
        self._reveal.start()

    def _failed(self, trouble: Trouble) -> None:
        self._free()
        text = N_("{trouble} Nothing was decided.")
        self.trouble.show_text(Text(text, {"trouble": trouble.text}))

    def _decided(self, told: DecidedBatch) -> None:
        self._free()
        self._context.saved()
        values: dict[str, Value] = {
            "approved": told.approved,
            "rejected": told.rejected,
            "pending": told.pending,
            "payable": told.payable,
        }
        plain = N_("Decided: {approved} approved, {rejected} refused. Payable: {payable}")
        aside = N_(
            "Decided: {approved} approved, {rejected} refused, {pending} put aside. "
            "Payable: {payable}"
        )
        self._context.toast(Text(aside if told.pending else plain, values))
        self.reload()
        if self.stack.currentIndex() == _FORM or self._looking is None:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.look(self._looking)

    # Keys of the page

    def show_papers(self) -> None:
        """F8: the papers of the certificate that is typed."""
        if self.stack.currentIndex() == _FORM:
            self.form.show_papers()

    def say_nothing_owed(self) -> None:
        """Say that there is nothing to pay the provider of this batch."""
        told = N_("Nothing is owed to this provider. Decide the certificates first.")
        self.error.show_text(Text(told))

    def go_back(self) -> None:
        """Esc: one step back; a half-typed certificate is kept."""
        part = self.stack.currentIndex()
        if not self.caution.isHidden():
            self.caution.dismiss()
        elif part == _WITHDRAW:
            self._keep()
        elif part == _VIEW and not self.history:
            self.type_on()
        elif self.history or not self.form.step_back():
            self.left.emit()
