"""One batch: how it stands, its certificates, and the form that types the next one."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stepdesk.claims.papers import state_text
from stepdesk.claims.service import DecidedBatch
from stepdesk.claims.terms import UNDECIDED, Claim, State, UnknownPatient
from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.store.desk import Desk
from stepdesk.ui import theme, tokens
from stepdesk.ui.claims import batch_facts, facts
from stepdesk.ui.claims.batch_forms import FinishForm, UnknownForm, UnknownView
from stepdesk.ui.claims.case_desk import CaseDesk
from stepdesk.ui.claims.case_form import Doing, run
from stepdesk.ui.claims.certificate_form import CertificateForm
from stepdesk.ui.claims.certificate_view import CertificateView, WithdrawForm
from stepdesk.ui.claims.papers_form import PapersForm
from stepdesk.ui.claims.picture_desk import CasePictures
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack, Reveal
from stepdesk.ui.contributions.household_card import NoticeBand
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.band import CautionBand, TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.flow import Flow
from stepdesk.ui.widgets.form import ErrorLine
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import ClaimId, UnknownPatientId
from stepdesk.values.money import Money
from stepdesk.values.month import Month

_SIDE = 544
_CLAIMS = (
    Column(N_("No."), width=70),
    Column(N_("Patient"), width=112, stretch=1),
    Column(N_("Claimed"), Kind.AMOUNT, width=92, priority=1),
    Column(N_("Payable"), Kind.AMOUNT, width=78),
    Column(N_("State"), Kind.STATUS, width=132),
)
_SHORT = {State.MEDICAL_PENDING: N_("With the adviser")}


class BatchView(QWidget, Dressed, Speaking):
    """The screen of a batch.

    Signals:
        pay_wanted: The provider of the batch is to be paid.
        slip_wanted: The slip is to be printed.
        paper_wanted: Another paper is to be printed: its name and a month.
        notice_wanted: The notice of one certificate is to be printed (its id).
        history_wanted: What happened to one certificate is to be printed (its id).
        left: Back to the list of batches.
    """

    pay_wanted = Signal()
    slip_wanted = Signal()
    paper_wanted = Signal(str, object)
    notice_wanted = Signal(object)
    history_wanted = Signal(object)
    left = Signal()

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self.opened: facts.Opened | None = None
        self._claims: dict[ClaimId, Claim] = {}
        self._unknown: dict[UnknownPatientId, UnknownPatient] = {}
        self._aside: dict[str, facts.Aside] = {}
        self._looking: ClaimId | None = None
        self._solving: UnknownPatient | None = None
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
        self.pictures = CasePictures(context, desk, self, self.view.pictures)
        self.cases = CaseDesk(context, desk, self)
        self.unknown = UnknownForm(speaker, desk, context.clock_today())
        self.stranger = UnknownView(speaker, desk)
        self.finish_form = FinishForm(speaker, desk)
        self.papers = PapersForm(speaker, Month.of(context.clock_today()))
        self.parts: tuple[QWidget, ...] = (
            *(self.form, self.view, self.withdraw),
            *(self.unknown, self.stranger, self.finish_form, self.papers),
            *self.cases.forms.values(),
        )
        self.notes = NoticeBand(speaker)
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
        self.pay = PlainButton(N_("Pay …"), speaker, icon="wallet")
        self.aside = PlainButton(N_("Put it aside"), speaker, key="several")
        self.print = PlainButton(N_("Papers …"), speaker, icon="file-text")
        self.back = PlainButton(N_("All batches"), speaker, key="back")

    def _place(self) -> None:
        listed = Card(N_("Certificates of this batch"), self._context.speaker, margin=12)
        listed.body.insertWidget(0, self.notes)
        listed.body.addWidget(self.table, 1)
        first, then = (self.finish, self.pay, self.aside), (self.slip, self.print, self.back)
        self.buttons = Flow((*first, *then))
        listed.body.addWidget(self.buttons)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.trouble, self.error, self.caution):
            column.addWidget(widget)
        column.addWidget(self.stack, 1)
        for part in self.parts:
            self.stack.addWidget(part)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.head)
        self._column.addWidget(self.stand)
        self._column.addWidget(Sides(left, listed, side=_SIDE), 1)

    def _connect(self) -> None:
        self.form.recorded.connect(self._recorded)
        self.form.put_away.connect(self.reload)
        self.form.unknown_wanted.connect(self._ask_unknown)
        self.form.noted.connect(self.notes.show_texts)
        self.table.chosen.connect(self.look)
        self.table.clicked.connect(self._clicked)
        self.table.current.connect(self._passed)
        self.view.left.connect(self.type_on)
        self.view.withdraw_wanted.connect(self._ask_reason)
        self.withdraw.withdrawn.connect(self._withdraw)
        self.withdraw.dismissed.connect(self._keep)
        self.view.act_wanted.connect(self.act)
        self.pictures.saved.connect(self.view.take_pictures)
        self.cases.form_wanted.connect(self._show)
        self.cases.done.connect(self._done)
        self.cases.left.connect(self._keep)
        self.cases.refused.connect(self.error.show_text)
        self._connect_batch()
        self.caution.accepted.connect(self._decide)
        self.caution.dismissed.connect(self.type_on)
        self.finish.clicked.connect(self.decide)
        self.slip.clicked.connect(self.slip_wanted)
        self.pay.clicked.connect(self.pay_wanted)
        self.back.clicked.connect(self.left)

    def _connect_batch(self) -> None:
        self.unknown.sent.connect(self._enter_unknown)
        self.stranger.sent.connect(self._solve)
        self.stranger.type_wanted.connect(self._type_found)
        self.finish_form.sent.connect(self._name)
        self.papers.wanted.connect(self.paper_wanted)
        self.print.clicked.connect(self.show_printing)
        self.aside.clicked.connect(self.put_aside)
        for form in (self.unknown, self.stranger, self.finish_form):
            form.dismissed.connect(self.type_on)
        self.papers.left.connect(self.type_on)

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.tr(N_("Certificates of this batch")))

    @override
    def dress(self) -> None:
        now = theme.current()
        edge = now.px(20)
        self._column.setContentsMargins(edge, now.px(10), edge, now.px(12))
        self._column.setSpacing(now.px(6))

    def _show(self, part: QWidget) -> None:
        self.stack.setCurrentIndex(self.parts.index(part))

    def _shows(self, part: QWidget) -> bool:
        return self.stack.currentIndex() == self.parts.index(part)

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
        self._show(self.form)
        self.form.start(opened)

    @property
    def history(self) -> bool:
        """Whether the batch came from a former system: it is looked at, and nothing more."""
        return self.opened is not None and self.opened.batch.history

    def _show_history(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.go_to(0)
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
        self.form.set_taken(opened)
        self._claims = {one.id: one for one in opened.claims}
        self._unknown = {one.id: one for one in opened.unknown}
        self._aside = {one.name: one for one in opened.aside}
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
        ids = (*self._aside, *self._unknown, *reversed(list(self._claims)))
        self.rows.set_ids(ids)
        for button in (self.finish, self.pay, self.aside):
            button.setVisible(not batch.history)
        if self.table.hasFocus():
            self.table.go_to(0)

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
        unknown = sum((one.claimed for one in self._unknown.values()), zero)
        values: dict[str, Value] = {
            "count": len(counted) + len(self._unknown),
            "claimed": sum((one.claimed for one in counted), zero) + unknown,
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
        return [self._row(one) for one in ids]

    def _row(self, one_id: Any) -> tuple[object, ...]:  # noqa: ANN401 - the table's ids are of any kind
        if one_id in self._aside:
            aside = self._aside[one_id]
            who = aside.card if aside.person is None else aside.person.name
            return (aside.certificate, who, None, None, (Status.DRAFT, Text(N_("Put aside"))))
        if one_id in self._unknown:
            stranger = self._unknown[one_id]
            state = (Status.STOPPED, Text(N_("Unknown")))
            zero = Money(0, self._desk.currency)
            return (stranger.certificate, stranger.written, stranger.claimed, zero, state)
        one = self._claims[one_id]
        return (
            one.certificate or one.number.rpartition("-")[2].lstrip("0"),
            one.patient,
            one.claimed,
            self._payable(one),
            (facts.STATUSES[one.state], _state(one)),
        )

    # Certificates

    def _recorded(self, entered: facts.Entered) -> None:
        # What F12 said before this certificate was there no longer holds.
        self.error.clear_text()
        if self.opened is not None:
            self.show_batch(facts.with_claim(self.opened, entered))
        solving, self._solving = self._solving, None
        if solving is not None and entered.claim.certificate == solving.certificate:
            self._context.lane.do(
                partial(batch_facts.unknown_solved, self._desk, solving.id, entered.claim.id),
                self._solved,
                refused=self._not_solved,
                owner=self,
            )

    def _clicked(self, _index: object) -> None:
        chosen = self.table.chosen_id()
        if chosen is not None:
            self.look(chosen)

    def look(self, one_id: Any) -> None:  # noqa: ANN401 - the table's ids are of any kind
        """Show a certificate of the list; what is half typed stays in the form."""
        if one_id in self._aside:
            self._take_up(self._aside[one_id])
        elif one_id in self._unknown:
            self._looking = None
            self._show(self.stranger)
            self.stranger.start(self._unknown[one_id], tuple(self._claims.values()))
        else:
            self._look_at(one_id)

    def _take_up(self, aside: facts.Aside) -> None:
        """Go on with a certificate that was put aside."""
        if self.opened is None:
            return
        if self.form.half_typed:
            self.type_on()
            told = N_("A certificate is half typed. Record it or put it aside first.")
            self.error.show_text(Text(told))
            return
        self._context.lane.do(
            partial(facts.taken_up, self._desk, self.opened.batch.id, aside),
            self.start,
            owner=self,
        )

    def _look_at(self, claim_id: ClaimId) -> None:
        self._looking = claim_id
        self._context.lane.do(
            partial(facts.looked_at, self._desk, claim_id), self._looked, owner=self
        )

    def _looked(self, recorded: facts.Recorded) -> None:
        if recorded.claim.id != self._looking:
            return
        self.view.show_recorded(recorded)
        self.pictures.show_claim(recorded.claim, recorded.case.pictures)
        self._show(self.view)
        if not self.history:
            self.view.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def type_on(self) -> None:
        """Back to the form; in history, to the list."""
        self.caution.hide()
        if self.history:
            self._show(self.view)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._looking = None
        self._show(self.form)
        self.form.focus()

    def _ask_reason(self, claim: Claim) -> None:
        self._show(self.withdraw)
        self.withdraw.start(claim)

    def _keep(self) -> None:
        self._show(self.view)
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

    # What may happen to a certificate

    def act(self, name: str) -> None:
        """Begin something on the certificate that is shown."""
        recorded = self.view.recorded
        if recorded is None or not self._shows(self.view) or not self.view.offers(name):
            return
        self.error.clear_text()
        if name == "photo":
            self.pictures.ask()
            return
        if name == "notice":
            self.notice_wanted.emit(recorded.claim.id)
            return
        if name == "history":
            self.history_wanted.emit(recorded.claim.id)
            return
        self.cases.start(name, recorded.case, line=self.view.line_at)

    def put_aside(self) -> None:
        """F6: what is half typed waits; of a recorded certificate a question is asked or answered."""
        if self._shows(self.form):
            self.form.put_aside()
            return
        self.act("answer" if self.view.offers("answer") else "ask")

    def _done(self, told: Text) -> None:
        self._context.saved()
        self._context.toast(told)
        self.reload()
        if self._looking is not None:
            self._look_at(self._looking)
        else:
            self.type_on()

    # People nobody knows

    def _ask_unknown(self, certificate: str, asked: str, day: str) -> None:
        if self.opened is not None:
            self._show(self.unknown)
            self.unknown.start(self.opened.batch, certificate, asked, day)

    def _enter_unknown(self, doing: Doing, accepting: frozenset[str]) -> None:
        run(self._context.lane, self.unknown, doing, accepting, self._unknown_entered)

    def _unknown_entered(self, _none: object) -> None:
        self._context.saved()
        number = self.unknown.certificate.text()
        told = N_("Certificate {number} is recorded as of an unknown person.")
        self._context.toast(Text(told, {"number": number}))
        self.form.next_after(number)
        self.reload()
        self.type_on()

    def _type_found(self, unknown: UnknownPatient) -> None:
        if self.form.half_typed:
            self.type_on()
            told = N_("A certificate is half typed. Record it or put it aside first.")
            self.error.show_text(Text(told))
            return
        self._solving = unknown
        self._show(self.form)
        self.form.type_found(unknown.certificate, unknown.day)

    def _solve(self, doing: Doing, accepting: frozenset[str]) -> None:
        run(self._context.lane, self.stranger, doing, accepting, self._solved)

    def _solved(self, _none: object) -> None:
        self._context.saved()
        self._context.toast(Text(N_("The unknown person is found: the certificate counts once.")))
        self.reload()
        if self._shows(self.stranger):
            self.type_on()

    def _not_solved(self, refusal: Refusal) -> None:
        self.error.show_text(refusal.text)
        self.reload()

    # Papers

    def show_printing(self) -> None:
        """Offer the papers of the batch and of its month."""
        if self.opened is not None:
            self._show(self.papers)
            self.papers.start(Month.of(self.opened.batch.received_on), batch=True)

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
        if {doubt.name for doubt in caution.doubts} == {"invoice_differs"} and self.opened:
            self._context.lane.do(
                partial(batch_facts.standing_of, self._desk, self.opened.batch.id),
                self._ask_difference,
                owner=self,
            )
            return
        self.caution.show_caution(caution)
        self._reveal.begin()

    def _ask_difference(self, standing: batch_facts.Standing) -> None:
        if self.opened is not None:
            self._show(self.finish_form)
            self.finish_form.start(self.opened.batch.id, standing)

    def _name(self, doing: Doing, accepting: frozenset[str]) -> None:
        run(self._context.lane, self.finish_form, doing, accepting, self._named)

    def _named(self, standing: batch_facts.Standing) -> None:
        """Ask for the rest of the difference; the batch is decided when all of it has a name."""
        self._context.saved()
        if standing.reconciled.open.minor:
            self._ask_difference(standing)
            return
        self._show(self.form)
        self._decide(frozenset(), "")

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
        said = Text(aside if told.pending else plain, values)
        held = told.in_review + told.waiting
        if held:
            more = Text(
                N_("{told} {count} waits for the medical adviser or an answer."),
                {"told": said, "count": held},
                plural=N_("{told} {count} wait for the medical adviser or an answer."),
            )
            said = more
        self._context.toast(said)
        self.reload()
        if self._shows(self.form) or self._looking is None:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.look(self._looking)

    # Keys of the page

    def attach(self) -> None:
        """F8: a picture of the certificate, typed or recorded."""
        if self._shows(self.form):
            self.form.pictures.ask()
        else:
            self.act("photo")

    def show_papers(self) -> None:
        """F10: the papers of the certificate that is typed; what happened to a recorded one."""
        if self._shows(self.form):
            self.form.show_papers()
        elif self._shows(self.view) and not self.view.happened.isHidden():
            self.view.happened.click()

    def say_nothing_owed(self) -> None:
        """Say that there is nothing to pay the provider of this batch."""
        told = N_("Nothing is owed to this provider. Decide the certificates first.")
        self.error.show_text(Text(told))

    def go_back(self) -> None:
        """Esc: one step back; a half-typed certificate is kept."""
        on_case = any(self._shows(one) for one in (self.withdraw, *self.cases.forms.values()))
        if not self.caution.isHidden():
            self.caution.dismiss()
        elif on_case:
            self._keep()
        elif self._shows(self.papers) or not (self._shows(self.form) or self.history):
            self.type_on()
        elif self.history or not self.form.step_back():
            self.left.emit()


def _state(claim: Claim) -> Text:
    """Return how a claim stands, in as few words as the list has room for."""
    return Text(_SHORT[claim.state]) if claim.state in _SHORT else state_text(claim)
