"""The claims room: batches, the certificates of one, and paying a provider."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stepdesk.claims.service import PaidProvider
from stepdesk.claims.terms import NoticeTo
from stepdesk.i18n import N_
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.claims import batch_facts, case_facts, facts
from stepdesk.ui.claims.batch_list import BatchList
from stepdesk.ui.claims.batch_view import BatchView
from stepdesk.ui.claims.file_form import FileForm, told_of
from stepdesk.ui.claims.open_form import OpenBatch
from stepdesk.ui.claims.papers_form import PAPERS, PapersForm
from stepdesk.ui.claims.pay_form import PayForm
from stepdesk.ui.claims.payment_facts import Tab
from stepdesk.ui.claims.payment_room import PaymentRoom
from stepdesk.ui.claims.waiting_list import ADVISER, QUESTIONS, WaitingList
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.overriding import override
from stepdesk.ui.page import Page
from stepdesk.ui.printing import show_paper
from stepdesk.ui.theme import Dressed
from stepdesk.values.ids import BatchId, ClaimId, ProviderId
from stepdesk.values.month import Month

if TYPE_CHECKING:
    from stepdesk.exchange.claims_file import ClaimsImported

_LIST, _OPEN, _BATCH, _PAY, _PAYMENTS, _FILE, _WAITING, _PAPERS = range(8)


class ClaimsPage(Page, Dressed):
    """Everything about certificates of care."""

    id = "claims"
    help_page = "claims"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        if not isinstance(context.desk, Desk):
            raise TypeError("this page needs an open book")
        self._desk = context.desk
        self._room: facts.Room | None = None
        self._from = _LIST
        self._paid: PaidProvider | None = None
        say, today, currency = context.speaker, context.clock_today(), self._desk.currency
        self.list = BatchList(say)
        self.open_form = OpenBatch(say, today, currency)
        self.batch = BatchView(context, self._desk)
        self.pay_form = PayForm(say, currency)
        self.payments = PaymentRoom(context, self._desk)
        self.file_form = FileForm(context, self._desk)
        self.waiting = WaitingList(say)
        self.papers = PapersForm(say, Month.of(today))
        self._margins: list[QVBoxLayout] = []
        self.stack = CurrentStack()
        beside = (self.file_form, self.waiting, self.papers)
        for part in (self.list, self.open_form, self.batch, self.pay_form, self.payments, *beside):
            self.stack.addWidget(part if part is self.batch else self._framed(part))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack, 1)
        self._connect()
        self.wear()
        self.learn(say)

    def _framed(self, part: QWidget) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.addWidget(part)
        self._margins.append(column)
        return holder

    def _connect(self) -> None:
        self.list.opened.connect(self.open_batch)
        self.list.new_wanted.connect(self.start_new)
        self.list.pay_wanted.connect(partial(self._start_pay, None))
        self.list.payments_wanted.connect(self.show_payments)
        self.payments.left.connect(self.show_list)
        self.payments.awake.connect(self._lend_keys)
        self.open_form.ready.connect(self._open)
        self.open_form.left.connect(self.show_list)
        self.batch.left.connect(self.show_list)
        self.batch.pay_wanted.connect(self._pay_here)
        self.batch.slip_wanted.connect(self._print_slip)
        self.pay_form.ready.connect(self._pay)
        self.pay_form.print_wanted.connect(self._print_paid)
        self.pay_form.left.connect(self._leave_pay)
        self._connect_more()
        self.bind("new", self.start_new)
        self.bind("several", self._aside)
        self.bind("override", self._otherwise)
        self.bind("recompute", self._again)
        self.bind("back", self._back)
        self.bind("print", self._print)
        self.bind("close-session", self._finish)
        self.bind("attach", self._attach)
        self.bind("menu", self._papers)

    def _connect_more(self) -> None:
        self.list.file_wanted.connect(self.show_file)
        self.list.waiting_wanted.connect(self.show_waiting)
        self.list.papers_wanted.connect(self._show_papers)
        self.file_form.brought.connect(self._brought)
        self.waiting.opened.connect(self.open_claim)
        self.papers.wanted.connect(self._print_paper)
        self.batch.paper_wanted.connect(self._print_paper)
        self.batch.notice_wanted.connect(self._print_notice)
        self.batch.history_wanted.connect(self._print_history)
        for part in (self.file_form, self.waiting, self.papers):
            part.left.connect(self.show_list)

    @override
    def title(self) -> str:
        return self.context.speaker.tr(N_("Claims"))

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.title())

    @override
    def dress(self) -> None:
        now = theme.current()
        for column in self._margins:
            column.setContentsMargins(now.px(20), now.px(16), now.px(20), now.px(16))

    @override
    def shown(self, **arguments: object) -> None:
        """Come up where the work was left.

        `go` may be given batch, claim (an id), new, pay, reviews or questions.
        """
        batch, claim = arguments.get("batch"), arguments.get("claim")
        if isinstance(batch, bytes):
            self.open_batch(BatchId(batch))
        elif isinstance(claim, bytes):
            self.open_claim(ClaimId(claim))
        elif arguments.get("reviews") or arguments.get("questions"):
            self.show_waiting(adviser=bool(arguments.get("reviews")))
        elif arguments.get("new"):
            self.start_new()
        elif arguments.get("pay"):
            self._start_pay(None)
        elif "payments" in arguments:
            self.show_payments(Tab(arguments["payments"]))
        elif self._part() == _BATCH:
            self.batch.reload()
            self.batch.type_on()
        else:
            self.show_list()

    def _part(self) -> int:
        return self.stack.currentIndex()

    # The list

    def show_list(self) -> None:
        """Show the batches as they stand now."""
        self.stack.setCurrentIndex(_LIST)
        self.context.lane.do(partial(facts.room_of, self._desk), self._listed, owner=self)

    def _listed(self, room: facts.Room) -> None:
        self._room = room
        self.list.show_room(room)
        if self._part() == _LIST:
            self.list.focus()

    def open_batch(self, batch_id: BatchId) -> None:
        """Show a batch."""
        self.context.lane.do(
            partial(facts.batch_of, self._desk, batch_id), self._opened, owner=self
        )

    def _opened(self, opened: facts.Opened) -> None:
        self.stack.setCurrentIndex(_BATCH)
        self.batch.start(opened)

    def open_claim(self, claim_id: ClaimId) -> None:
        """Show a certificate in its batch."""
        self.context.lane.do(
            partial(facts.batch_with, self._desk, claim_id),
            partial(self._opened_at, claim_id),
            owner=self,
        )

    def _opened_at(self, claim_id: ClaimId, opened: facts.Opened) -> None:
        self._opened(opened)
        self.batch.look(claim_id)

    # Beside the batches

    def show_file(self) -> None:
        """Show the form that brings in certificates from a file."""
        self.stack.setCurrentIndex(_FILE)
        self.file_form.start()

    def _brought(self, found: "ClaimsImported") -> None:
        self.context.saved()
        self.context.toast(told_of(found))
        if len(found.batches) == 1:
            self.open_batch(found.batches[0])
        else:
            self.show_list()

    def show_waiting(self, adviser: bool) -> None:
        """Show what waits for the medical adviser, or for an answer."""
        self.stack.setCurrentIndex(_WAITING)
        read = case_facts.for_the_adviser if adviser else case_facts.for_an_answer
        self.context.lane.do(
            partial(read, self._desk),
            partial(self.waiting.show_waiting, ADVISER if adviser else QUESTIONS),
            owner=self,
        )

    def _show_papers(self) -> None:
        self.stack.setCurrentIndex(_PAPERS)
        self.papers.start(Month.of(self.context.clock_today()), batch=False)

    # A new one

    def start_new(self) -> None:
        """F2: the form that opens a batch; a second F2 leaves what is typed in it alone."""
        if self._part() == _OPEN:
            return
        self.context.lane.do(partial(facts.room_of, self._desk), self._offer, owner=self)

    def _offer(self, room: facts.Room) -> None:
        self._room = room
        self.list.show_room(room)
        if not room.providers:
            self.stack.setCurrentIndex(_LIST)
            return
        self.stack.setCurrentIndex(_OPEN)
        self.open_form.start(room.providers)

    def _open(self, *told: object) -> None:
        self.context.lane.do(
            partial(facts.opened, self._desk, *told),  # type: ignore[arg-type]
            self._made,
            refused=self.open_form.refuse,
            troubled=self.open_form.fail,
            owner=self,
        )

    def _made(self, batch_id: BatchId) -> None:
        self.context.saved()
        self.open_form.forget()
        self.open_form.free()
        self.open_batch(batch_id)

    # Paying

    def _pay_here(self) -> None:
        opened = self.batch.opened
        self._start_pay(None if opened is None else opened.batch.provider_id)

    def _start_pay(self, provider_id: ProviderId | None, *_clicked: object) -> None:
        self._from = _BATCH if self._part() == _BATCH else _LIST
        self.context.lane.do(
            partial(facts.room_of, self._desk), partial(self._pay_or_say, provider_id), owner=self
        )

    def _pay_or_say(self, provider_id: ProviderId | None, room: facts.Room) -> None:
        self._room = room
        owed = [one for one in room.owed if provider_id in (None, one.provider_id)]
        if not owed:
            if self._from == _BATCH:
                self.batch.say_nothing_owed()
            else:
                self._listed(room)
            return
        self._paid = None
        self.stack.setCurrentIndex(_PAY)
        self.pay_form.start(room, provider_id)

    def _pay(self, *told: object) -> None:
        provider = self.pay_form.provider.currentText()
        self.context.lane.do(
            partial(facts.paid, self._desk, *told),  # type: ignore[arg-type]
            partial(self._paid_out, provider),
            refused=self.pay_form.refuse,
            troubled=self.pay_form.fail,
            owner=self,
        )

    def _paid_out(self, provider: str, paid: PaidProvider) -> None:
        self.context.saved()
        self._paid = paid
        self.pay_form.show_paid(paid, provider)

    def show_payments(self, tab: Tab | None = None) -> None:
        """Show the payments room."""
        self.stack.setCurrentIndex(_PAYMENTS)
        self.payments.start(tab)

    def _lend_keys(self, awake: object) -> None:
        """Let the payments room have the keys while it is shown: it binds them itself."""
        for action in self.actions():
            action.setEnabled(not awake)

    def _leave_pay(self) -> None:
        if self._from == _BATCH and self.batch.opened is not None:
            self.stack.setCurrentIndex(_BATCH)
            self.batch.reload()
            self.batch.type_on()
        else:
            self.show_list()

    # Papers and keys

    def _print(self) -> None:
        if self._part() == _PAY and self.pay_form.paid:
            self._print_paid()
        elif self._part() == _BATCH:
            self._print_slip()

    def _print_slip(self) -> None:
        opened = self.batch.opened
        if opened is None:
            return
        name = self.context.speaker.tr(N_("Slip of batch {number}"), number=opened.batch.number)
        self.context.lane.do(
            partial(facts.slip_paper, self._desk, opened.batch.id),
            partial(self._paper, name),
            owner=self,
        )

    def _print_paper(self, paper: str, month: Month | None) -> None:
        """Print a paper of the batch, or a list of a month."""
        opened = self.batch.opened if self._part() == _BATCH else None
        if paper == "slip":
            self._print_slip()
            return
        if opened is not None and paper in {"provider", "member"}:
            to = NoticeTo.PROVIDER if paper == "provider" else NoticeTo.MEMBER
            draw = partial(batch_facts.notice_paper, self._desk, opened.batch.id, to)
        elif month is not None and paper == "reasons":
            draw = partial(batch_facts.reasons_paper, self._desk, month)
        elif month is not None:
            draw = partial(batch_facts.register_paper, self._desk, month)
        else:
            return
        form = self.papers if opened is None else self.batch.papers
        self.context.lane.do(
            draw,
            partial(self._paper, self.context.speaker.tr(PAPERS[paper][0])),
            refused=form.refuse,
            owner=self,
        )

    def _print_notice(self, claim_id: ClaimId) -> None:
        opened = self.batch.opened
        if opened is None:
            return
        draw = partial(
            batch_facts.notice_paper, self._desk, opened.batch.id, NoticeTo.MEMBER, claim_id
        )
        name = self.context.speaker.tr(N_("Notice"))
        self.context.lane.do(draw, partial(self._paper, name), owner=self)

    def _print_history(self, claim_id: ClaimId) -> None:
        draw = partial(batch_facts.history_paper, self._desk, claim_id)
        name = self.context.speaker.tr(N_("What happened"))
        self.context.lane.do(draw, partial(self._paper, name), owner=self)

    def _print_paid(self) -> None:
        if self._paid is not None:
            self._print_voucher(self._paid)

    def _print_voucher(self, paid: PaidProvider) -> None:
        name = self.context.speaker.tr(N_("Voucher {number}"), number=paid.number)
        self.context.lane.do(
            partial(facts.voucher_paper, self._desk, paid.id),
            partial(self._paper, name),
            owner=self,
        )

    def _paper(self, name: str, pdf: bytes) -> None:
        show_paper(self, pdf, name, self.context.speaker)

    def _aside(self) -> None:
        if self._part() == _BATCH:
            self.batch.put_aside()

    def _otherwise(self) -> None:
        if self._part() == _BATCH:
            self.batch.act("otherwise")

    def _again(self) -> None:
        if self._part() == _FILE:
            self.file_form.read_again()

    def _finish(self) -> None:
        if self._part() == _BATCH:
            self.batch.decide()

    def _attach(self) -> None:
        if self._part() == _BATCH:
            self.batch.attach()

    def _papers(self) -> None:
        if self._part() == _BATCH:
            self.batch.show_papers()

    def _back(self) -> None:
        match self.stack.currentIndex():
            case 1:
                self.show_list()
            case 2:
                self.batch.go_back()
            case 3:
                self._leave_pay()
            case 5 | 6 | 7:
                self.show_list()
            case _:
                self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)
