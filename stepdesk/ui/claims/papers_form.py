"""The papers of the claims room: notices of a batch, and the lists of a month."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.form import ErrorLine, Form
from stepdesk.ui.widgets.month_field import MonthField
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.month import Month

PAPERS = {
    "slip": (N_("Slip for the provider"), N_("every certificate of the batch, with its reasons")),
    "provider": (N_("Notices to the provider"), N_("what was refused or lowered (D15)")),
    "member": (N_("Notices to the members"), N_("what was refused or lowered (D15)")),
    "reasons": (N_("List by reason"), N_("invoices received in the month")),
    "register": (N_("Register of benefits"), N_("every claim received in the month (D14)")),
}
_OF_BATCH = frozenset({"slip", "provider", "member"})


class PapersForm(Card, Speaking):
    """One button a paper.

    Signals:
        wanted: The name of a paper and the month of its list.
        left: Back.
    """

    wanted = Signal(str, object)
    left = Signal()

    def __init__(self, speaker: Speaker, today: Month) -> None:
        super().__init__(N_("Papers"), speaker, margin=12)
        self.month = MonthField(today)
        self.form = Form(speaker)
        self.form.add(
            "month", self.month, N_("Month of the lists: when the invoices came"), width=160
        )
        self.error = ErrorLine(speaker)
        self.back = PlainButton(N_("Back"), speaker, key="back")
        self.buttons = {
            name: PlainButton(words, speaker, icon="printer")
            for name, (words, _use) in PAPERS.items()
        }
        self._uses = {
            name: Words(use, speaker, size=Size.SMALL, muted=True)
            for name, (_words, use) in PAPERS.items()
        }
        for name, button in self.buttons.items():
            if name == "reasons":
                self.body.addWidget(self.form)
            row = QHBoxLayout()
            self.body.addLayout(row)
            row.addWidget(button)
            row.addWidget(self._uses[name])
            row.addStretch(1)
            button.clicked.connect(lambda _=False, name=name: self._want(name))
        self.body.addWidget(self.error)
        self.body.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeading)
        self.body.addStretch(1)
        self.back.clicked.connect(self.left)
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.month.setAccessibleName(self.speaker.tr(N_("Month")))

    def start(self, month: Month, *, batch: bool) -> None:
        """Show what can be printed, with the lists of a month."""
        self.month.set_month(month)
        self.form.clear()
        self.error.clear_text()
        for name, button in self.buttons.items():
            button.setVisible(batch or name not in _OF_BATCH)
            self._uses[name].setVisible(batch or name not in _OF_BATCH)
        first = self.buttons["slip" if batch else "reasons"]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, refusal: Refusal) -> None:
        """Say why a paper cannot be printed."""
        self.error.show_text(refusal.text)

    def _want(self, name: str) -> None:
        self.error.clear_text()
        self.form.clear()
        month = self.month.month()
        if month is None and name not in _OF_BATCH:
            told = Text(N_("This is not a month. Type it as 10 or 10/2026."))
            self.form.show_refusal(Refusal(told, field="month"))
            return
        self.wanted.emit(name, month)
