"""The money of groups and sponsors: what comes in, what is told, what is taken back."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stepdesk.contributions.service import GroupReceipts
from stepdesk.contributions.terms import Means
from stepdesk.errors import Trouble
from stepdesk.i18n import N_, Text
from stepdesk.payers.terms import GroupMoney, PayerMoney, PayerReceipt, PayerStatement
from stepdesk.reports.service import note_payer_receipt
from stepdesk.store.desk import Desk
from stepdesk.ui import choosing, theme
from stepdesk.ui.context import Context
from stepdesk.ui.overriding import override
from stepdesk.ui.scheme.money_cards import (
    BackCard,
    GapsCard,
    GroupSumForm,
    PaymentsCard,
    StatementsCard,
    group_sum_row,
    payer_form,
    payer_money_row,
)
from stepdesk.ui.scheme.payers_money import (
    MoneyFacts,
    Signer,
    give_group_sum_back,
    give_payer_money_back,
    money_facts,
    preview,
    receipt_paper,
    statement_paper,
    statement_workbook,
    take_group_sum,
    take_payer_money,
    write_next_statement,
)
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.card import column_of
from stepdesk.ui.widgets.sides import Sides
from stepdesk.values.ids import PayerAgreementId, PayerPaymentId, RequestId
from stepdesk.values.money import Money


class MoneyPanel(QWidget, Dressed):
    """Sums of groups at one side, statements to and money of sponsors at the other.

    Signals:
        troubled: The laptop could not; for the page's band.
    """

    troubled = Signal(object)

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self._group_names: dict[Any, str] = {}
        self._payer_names: dict[Any, str] = {}
        say, today, currency = context.speaker, context.clock_today(), desk.currency
        self.group = GroupSumForm(say, today, currency)
        self.sums = BackCard(
            say, today, N_("Sums of groups"), N_("No group has paid yet."), self._sum_row
        )
        self.statements = StatementsCard(say, today, currency)
        self.payer = payer_form(say, today, currency)
        self.payments = PaymentsCard(say, today, self._payment_row)
        self.gaps = GapsCard(say, currency)
        left, right = (
            (self.group, self.sums, self.gaps),
            (
                self.statements,
                self.payer,
                self.payments,
            ),
        )
        self._halves = [column_of(left), column_of(right)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(Sides(self._halves[0][0], self._halves[1][0]))
        self._connect()
        self.wear()

    @override
    def dress(self) -> None:
        for _widget, column in self._halves:
            column.setSpacing(theme.current().px(16))

    def load(self) -> None:
        """Read what is shown."""
        self._context.lane.do(partial(money_facts, self._desk), self._show, owner=self)

    def _connect(self) -> None:
        self.group.looked.connect(self._look)
        self.group.wanted.connect(self._take_sum)
        self.sums.wanted.connect(self._sum_back)
        self.statements.issued.connect(self._issue)
        self.statements.printed.connect(self._print)
        self.statements.saved.connect(self._save)
        self.payer.wanted.connect(self._take_money)
        self.payments.wanted.connect(self._money_back)
        self.payments.printed.connect(self._print_receipt)

    def _show(self, facts: MoneyFacts) -> None:
        today: date = self._desk.today
        self._group_names = {one.id: one.name for one in facts.groups}
        self._payer_names = {one.id: one.name for one in facts.payers}
        self.group.form.answers["group"].offer([(one.id, one.name) for one in facts.groups])
        self.group.start({"day": today, "means": Means.CASH, "periods": 0})
        self.sums.show_sums(facts.sums, facts)
        self.statements.show_facts(facts)
        self.payer.form.answers["payer"].offer([(one.id, one.name) for one in facts.payers])
        self.payer.form.answers["statement"].offer(
            [
                (None, Text(N_("the oldest that are open"))),
                *((one.id, f"{one.number} {one.payer}") for one in facts.statements if one.open),
            ]
        )
        self.payer.start({"day": today, "box": "bank"})
        standing = [one for one in facts.payments if one.amount > 0]
        self.payments.show_sums(standing, facts)
        self.gaps.show_gaps(facts.gaps)

    def _sum_row(self, one: GroupMoney) -> tuple[object, ...]:
        return group_sum_row(self._group_names, self._desk.currency, one)

    def _payment_row(self, one: PayerMoney) -> tuple[object, ...]:
        return payer_money_row(self._payer_names, self._desk.currency, one)

    def _done(self, text: Text) -> None:
        self._context.saved()
        self._context.toast(text)
        self.load()

    def _trouble(self, trouble: Trouble) -> None:
        for card in (self.group, self.sums, self.statements, self.payer, self.payments):
            card.free()
        self.troubled.emit(trouble)

    # Groups

    def _look(self, told: Mapping[str, Any]) -> None:
        self._context.lane.do(
            partial(
                preview, self._desk, told["group"], told["day"], told["amount"], told["periods"]
            ),
            self.group.foresee,
            owner=self,
        )

    def _take_sum(
        self,
        request: RequestId,
        told: Mapping[str, Any],
        accepting: frozenset[str],
        reason: str,
    ) -> None:
        self._context.lane.do(
            partial(take_group_sum, self._desk, request, told, accepting, reason),
            self._sum_taken,
            refused=self.group.refuse,
            cautioned=self.group.doubt,
            troubled=self._trouble,
            owner=self,
        )

    def _sum_taken(self, done: GroupReceipts) -> None:
        self._done(
            Text(
                N_("{amount} taken: {count} receipt."),
                {
                    "amount": Money(done.money.amount, self._desk.currency),
                    "count": len(done.receipts),
                },
                plural=N_("{amount} taken: {count} receipts."),
            )
        )

    def _sum_back(self, request: RequestId, one: GroupMoney, reason: str, signer: Signer) -> None:
        self._context.lane.do(
            partial(give_group_sum_back, self._desk, request, one, reason, signer),
            self._taken_back,
            refused=self.sums.refuse,
            troubled=self._trouble,
            owner=self,
        )

    def _taken_back(self, _none: None) -> None:
        self._done(Text(N_("The sum is taken back.")))

    # Sponsors

    def _issue(self, agreement_id: PayerAgreementId) -> None:
        self._context.lane.do(
            partial(write_next_statement, self._desk, agreement_id),
            self._issued,
            refused=self.statements.refuse,
            troubled=self._trouble,
            owner=self,
        )

    def _issued(self, one: PayerStatement) -> None:
        self._done(
            Text(
                N_("Statement {number} to {payer}: {amount}."),
                {
                    "number": one.number,
                    "payer": one.payer,
                    "amount": Money(one.amount, self._desk.currency),
                },
            )
        )

    def _print(self, one: PayerStatement) -> None:
        self._context.lane.do(
            partial(statement_paper, self._desk, one), partial(self._show_paper, one), owner=self
        )

    def _show_paper(self, one: PayerStatement, pdf: bytes) -> None:
        from stepdesk.ui.printing import show_paper

        show_paper(self, pdf, f"{one.number}.pdf", self._context.speaker)

    def _save(self, one: PayerStatement) -> None:
        say = self._context.speaker
        path = choosing.ask_where(self, say, one.number, ((say.tr(N_("Excel workbook")), "xlsx"),))
        if path is not None:
            self._context.lane.do(
                partial(statement_workbook, self._desk, one, path),
                self._saved,
                troubled=self._trouble,
                owner=self,
            )

    def _saved(self, _none: None) -> None:
        self._context.toast(Text(N_("The file is written.")))

    def _take_money(
        self,
        request: RequestId,
        told: Mapping[str, Any],
        accepting: frozenset[str],
        reason: str,
    ) -> None:
        self._context.lane.do(
            partial(take_payer_money, self._desk, request, told, accepting, reason),
            self._money_taken,
            refused=self.payer.refuse,
            cautioned=self.payer.doubt,
            troubled=self._trouble,
            owner=self,
        )

    def _money_taken(self, payment_id: PayerPaymentId) -> None:
        self.payments.expect(payment_id)
        self._done(Text(N_("The money is taken. Enter prints the receipt.")))

    def _print_receipt(self, one: PayerMoney) -> None:
        self._draw_receipt(one.id)

    def _draw_receipt(self, payment_id: PayerPaymentId) -> None:
        self._context.lane.do(
            partial(receipt_paper, self._desk, payment_id),
            self._show_receipt,
            troubled=self._trouble,
            owner=self,
        )

    def _show_receipt(self, drawn: tuple[PayerReceipt, bytes]) -> None:
        from stepdesk.ui.printing import show_paper

        receipt, pdf = drawn
        say = self._context.speaker
        name = say.tr(N_("Receipt {number}"), number=receipt.number)
        note = partial(note_payer_receipt, self._desk, receipt)
        show_paper(self, pdf, name, say, printed=partial(self._context.lane.do, note))

    def _payment_back(self, reversal_id: PayerPaymentId) -> None:
        self._taken_back(None)
        self._draw_receipt(reversal_id)

    def _money_back(
        self, request: RequestId, one: PayerMoney, reason: str, signer: Signer
    ) -> None:
        self._context.lane.do(
            partial(give_payer_money_back, self._desk, request, one, reason, signer),
            self._payment_back,
            refused=self.payments.refuse,
            troubled=self._trouble,
            owner=self,
        )
