"""The payments to providers: the voucher of each can be printed again."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from stepdesk.claims.papers import BOXES
from stepdesk.claims.terms import PaymentRow
from stepdesk.i18n import N_, Text
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.values.ids import ProviderPaymentId

_PAYMENTS = (
    Column(N_("Voucher"), width=164),
    Column(N_("Day"), width=116),
    Column(N_("Provider"), width=140, stretch=1),
    Column(N_("Certificates"), Kind.NUMBER, width=112, priority=2),
    Column(N_("Paid from"), width=168, priority=1, muted=True),
    Column(N_("Amount"), Kind.AMOUNT, width=110),
)


class PaymentsList(Card, Speaking):
    """The payments, latest first.

    Signals:
        print_wanted: The voucher of the row that was chosen (a `PaymentRow`).
        left: Back to the batches.
    """

    print_wanted = Signal(object)
    left = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(N_("Payments to providers"), speaker)
        self._payments: dict[ProviderPaymentId, PaymentRow] = {}
        self.table = TableView(speaker, empty=N_("No provider was paid yet."))
        self.rows = RowsModel((), self._fetch, _PAYMENTS, speaker, self)
        self.table.show_rows(self.rows)
        self.print = MainButton(N_("Voucher"), speaker, key="print", icon="printer")
        self.back = PlainButton(N_("All batches"), speaker, key="back")
        self.body.addWidget(self.table, 1)
        foot = QHBoxLayout()
        self.body.addLayout(foot)
        foot.addWidget(self.print)
        foot.addWidget(self.back)
        foot.addStretch(1)
        self.table.chosen.connect(self._choose)
        self.print.clicked.connect(self.print_chosen)
        self.back.clicked.connect(self.left)
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.tr(N_("Payments to providers")))

    def show_payments(self, payments: Sequence[PaymentRow]) -> None:
        """Show them, the latest chosen."""
        self._payments = {one.id: one for one in payments}
        self.rows.set_ids(tuple(self._payments))
        self.print.setEnabled(bool(payments))
        if payments:
            self.table.selectRow(0)
        target = self.table if payments else self.back
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def print_chosen(self) -> None:
        """F9: the voucher of the row the arrow keys are on."""
        self._choose(self.table.chosen_id())

    def _choose(self, chosen: Any) -> None:  # noqa: ANN401 - the table's ids are of any kind
        if chosen in self._payments:
            self.print_wanted.emit(self._payments[chosen])

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        found = [self._payments[one] for one in ids]
        return [
            (one.number, one.day, one.provider, one.claims, Text(BOXES[one.box]), one.amount)
            for one in found
        ]
