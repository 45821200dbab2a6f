"""Opening a batch: whose invoice, for which month, when it came, its number and its total."""

import secrets
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.providers.terms import Provider
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.date_field import DateField
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.month_field import MonthField
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.words import Words
from stepdesk.values.ids import RequestId
from stepdesk.values.money import Currency
from stepdesk.values.month import Month

_LABELS = {
    "provider": N_("Provider"),
    "month": N_("Month of care"),
    "received_on": N_("Received on"),
    "invoice": N_("Number of the invoice"),
    "invoice_total": N_("Total of the invoice"),
}


class OpenBatch(Card, Speaking):
    """The form that opens a batch.

    Signals:
        ready: Request, provider, month, day, invoice and total (or None) of the batch.
        left: Back to the list.
    """

    ready = Signal(object, object, object, object, str, object)
    left = Signal()

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__(N_("Open a batch of certificates"), speaker)
        self._held = speaker
        self._request = RequestId(b"")
        self._begun = False
        self._today = today
        self.provider = ComboLine()
        self.month = MonthField(Month.of(today))
        self.received = DateField(today)
        self.invoice = Field()
        self.total = NumberField(exponent=currency.exponent)
        self.fields: dict[str, QWidget] = {
            "provider": self.provider,
            "month": self.month,
            "received_on": self.received,
            "invoice": self.invoice,
            "invoice_total": self.total,
        }
        self.trouble = TroubleBand(speaker)
        self.form = Form(speaker)
        self._fill()
        self.button = MainButton(N_("Open (Enter)"), speaker, icon="file-check")
        self.back = PlainButton(N_("Back"), speaker, key="back")
        self._place()
        self._connect()
        self.learn(speaker)

    def _fill(self) -> None:
        widths = {"provider": 340, "month": 160, "received_on": 160, "invoice": 220}
        for name, widget in self.fields.items():
            self.form.add(name, widget, _LABELS[name], width=widths.get(name, 160))

    def _place(self) -> None:
        told = N_(
            "The month is that of the care. Number and total of the invoice may stay empty; "
            "a total is compared with the certificates."
        )
        self.body.addWidget(Words(told, self._held, muted=True, wrap=True))
        self.body.addWidget(self.trouble)
        self.body.addWidget(self.form)
        foot = QHBoxLayout()
        self.body.addLayout(foot)
        foot.addWidget(self.button)
        foot.addWidget(self.back)
        foot.addStretch(1)
        self.body.addStretch(1)

    def _connect(self) -> None:
        self.provider.entered.connect(self._to_month)
        self.month.returnPressed.connect(self._to_received)
        self.received.returnPressed.connect(self._to_invoice)
        self.invoice.returnPressed.connect(self._to_total)
        self.total.returnPressed.connect(self.send)
        self.button.clicked.connect(self.send)
        self.back.clicked.connect(self.left)

    @override
    def speak(self) -> None:
        for name, widget in self.fields.items():
            widget.setAccessibleName(self.speaker.tr(_LABELS[name]))

    def start(self, providers: tuple[Provider, ...]) -> None:
        """Show the form: last month, come today; or as it was left before the batch was opened."""
        kept = self.provider.currentData()
        self.provider.clear()
        for one in providers:
            self.provider.addItem(f"{one.name} ({one.code})", one.id)
        if providers:
            self.provider.setCurrentIndex(max(self.provider.findData(kept), 0))
        if not self._begun:
            self._propose()
        self.trouble.hide()
        self.free()
        first = self.provider if len(providers) > 1 else self.month
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """The batch is open: the next one begins afresh."""
        self._begun = False

    def _propose(self) -> None:
        self._begun = True
        self._request = RequestId(secrets.token_bytes(16))
        self.month.set_month(Month.of(self._today).plus(-1))
        self.received.set_day(self._today)
        self.invoice.setText("")
        self.total.set_value(None)
        self.form.clear()

    def send(self) -> None:
        """Open the batch."""
        if not self.button.isEnabled():
            return
        self.form.clear()
        if self.form.wrong():
            return
        month, day = self.month.month(), self.received.day()
        if month is None or day is None:
            name = "month" if month is None else "received_on"
            self.form.show_refusal(Refusal(Text(N_("This is needed: fill it in.")), field=name))
            return
        self.button.setEnabled(False)
        self.ready.emit(
            self._request,
            self.provider.currentData() or b"",
            month,
            day,
            self.invoice.text(),
            self.total.value(),
        )

    def free(self) -> None:
        """Let the form be sent again."""
        self.button.setEnabled(True)

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why the batch was not opened."""
        self.free()
        self.form.show_refusal(refusal)

    def fail(self, trouble: Trouble) -> None:
        """Say that no batch was opened."""
        self.free()
        self.trouble.show_trouble(trouble)

    def _to_month(self) -> None:
        self.month.setFocus(Qt.FocusReason.TabFocusReason)

    def _to_received(self) -> None:
        self.received.setFocus(Qt.FocusReason.TabFocusReason)

    def _to_invoice(self) -> None:
        self.invoice.setFocus(Qt.FocusReason.TabFocusReason)

    def _to_total(self) -> None:
        self.total.setFocus(Qt.FocusReason.TabFocusReason)
