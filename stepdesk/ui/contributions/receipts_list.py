"""The receipts of a session, the last on top, and the form that cancels one."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from stepdesk.contributions.terms import Receipt
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.store.desk import Colleague
from stepdesk.ui import theme
from stepdesk.ui.contributions.count_form import SecondPerson
from stepdesk.ui.contributions.current_stack import Reveal
from stepdesk.ui.contributions.receipt_paper import ReceiptPaper
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.flow import Flow
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import HouseholdId, PaymentId, RequestId

_WIDE, _NARROW = 512, 332
_SHORT = 2  # rows beside the picture of the camera
_ROOMY = 1100

_COLUMNS = (
    Column(N_("No."), width=80),
    Column(N_("Received from"), width=120, stretch=1),
    Column(N_("Amount"), Kind.AMOUNT, width=92),
    Column(N_("Time"), width=64, priority=2, muted=True),
    Column(N_("Now"), Kind.STATUS, width=124, priority=1),
)


class ReceiptsList(Card, Speaking):
    """What was recorded in a session; a row can be chosen to be printed or cancelled.

    Args:
        speaker: Says its words.
        time_zone: In which the receipts' hours are told.
        past: Whether the session is one of those before: nothing is recorded any more, and what
            is done is done to the receipt that is chosen.

    Signals:
        chosen: The payment of the row on which Enter was pressed, to be printed.
    """

    chosen = Signal(object)

    def __init__(self, speaker: Speaker, time_zone: str, *, past: bool = False) -> None:
        self._past = past
        self._zone = ZoneInfo(time_zone)
        self._receipts: dict[PaymentId, Receipt] = {}
        self._statuses: dict[HouseholdId, Status] = {}
        self._order: list[PaymentId] = []
        super().__init__(N_("Receipts of this session"), speaker, margin=12)
        empty = N_("No receipt yet. Type the number of the first household.")
        if past:
            empty = N_("No receipt was given in this session.")
        self.table = TableView(speaker, empty=empty)
        self._model = RowsModel((), self._fetch, _COLUMNS, speaker, self)
        self.table.show_rows(self._model)
        self.table.chosen.connect(self.chosen)
        self.body.addWidget(self.table, 1)
        undo = N_("Cancel this receipt") if past else N_("Undo last")
        self.undo = PlainButton(undo, speaker, key="undo-last", icon="undo-2")
        self.print = PlainButton(N_("Print"), speaker, key="print", icon="printer")
        self.paper = ReceiptPaper(speaker)
        self.all = PlainButton(N_("All, four on A4"), speaker)
        self.body.addWidget(Flow((self.undo, self.print, self.paper, self.all)))
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.tr(N_("Receipts of this session")))

    def fit(self, room: int) -> None:
        """Take a share of the page: wide with every column, or narrow.

        Args:
            room: How wide the page is, in pixels of the screen.
        """
        now = theme.current()
        wide = room >= now.px(_ROOMY)
        self.setFixedWidth(now.px(_WIDE if wide else _NARROW))

    def give_room(self, given: bool) -> None:
        """Be shorter while something stands above, or no longer; the last receipts are seen."""
        self.table.ask_rows(_SHORT if given else 0)

    def start(self, receipts: Sequence[Receipt], statuses: dict[HouseholdId, Status]) -> None:
        """Show the receipts of a session, the newest first."""
        self._receipts = {one.payment_id: one for one in receipts}
        self._order = [one.payment_id for one in receipts]
        self._statuses = dict(statuses)
        self._model.set_ids(tuple(self._order))

    def add(self, receipt: Receipt) -> None:
        """Put a receipt on top."""
        if receipt.payment_id not in self._receipts:
            self._order.insert(0, receipt.payment_id)
        self._receipts[receipt.payment_id] = receipt
        for one in tuple(self._receipts.values()):
            if receipt.reverses and one.number == receipt.reverses:
                self._receipts[one.payment_id] = replace(one, reversed_by=receipt.number)
        self._model.set_ids(tuple(self._order))
        self.table.clearSelection()
        self.table.scrollToTop()

    def set_status(self, household: HouseholdId, status: Status) -> None:
        """Show how a household stands now."""
        self._statuses[household] = status
        self._model.refresh()

    def receipts(self) -> tuple[Receipt, ...]:
        """Return all of them, the newest first."""
        return tuple(self._receipts[one] for one in self._order)

    def wanted(self) -> Receipt | None:
        """Return the chosen receipt when the cursor is in the list, else the last one."""
        chosen = self.table.chosen_id() if self._past or self.table.hasFocus() else None
        if chosen is None:
            return next(iter(self.receipts()), None)
        return self._receipts[chosen]

    def to_undo(self) -> Receipt | None:
        """Return the chosen receipt, or the last that still counts."""
        if (self._past or self.table.hasFocus()) and self.table.chosen_id() is not None:
            return self.wanted()
        counting = (one for one in self.receipts() if not one.reverses and not one.reversed_by)
        return next(counting, None)

    def texts(self) -> list[list[str]]:
        """Return what stands in the rows."""
        columns = range(self._model.columnCount())
        rows = range(self._model.rowCount())
        return [[self._model.cell(row, column).text for column in columns] for row in rows]

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [self._told(self._receipts[one]) for one in ids]

    def _told(self, one: Receipt) -> tuple[object, ...]:
        milliseconds = int.from_bytes(one.payment_id[:6], "big")
        moment = datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone(self._zone)
        return (
            one.number.rpartition("-")[2],
            one.received_from,
            one.amount,
            f"{moment:%H:%M}",
            self._now(one),
        )

    def _now(self, one: Receipt) -> object:
        if one.reverses:
            return Status.DRAFT, Text(N_("Reversal"))
        if one.reversed_by:
            return Status.STOPPED, Text(N_("Cancelled"))
        return self._statuses.get(one.household_id)


class ReversalForm(Card, Speaking):
    """Cancels a receipt by one of its own number, with a reason and a second person.

    Signals:
        reversed: The receipt, the reason, and who signs (or None).
        dismissed: The receipt is kept.
    """

    reversed = Signal(object, str, object)
    dismissed = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._receipt: Receipt | None = None
        self.request = RequestId(b"")
        self._head = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        self._what = Words("", speaker, wrap=True)
        self.trouble = TroubleBand(speaker)
        self.reason = Field()
        self.form = Form(speaker)
        self.form.add(
            "reason",
            self.reason,
            N_("Why is it cancelled?"),
            hint=N_("For example: wrong household, wrong amount"),
        )
        self.second = SecondPerson(speaker)
        self.button = MainButton(N_("Cancel this receipt"), speaker, icon="undo-2")
        self._reveal = Reveal(self.button)
        self.keep = PlainButton(N_("Keep it"), speaker, key="back")
        buttons = QHBoxLayout()
        buttons.addWidget(self.button)
        buttons.addWidget(self.keep)
        buttons.addStretch(1)
        for widget in (self._head, self._what, self.trouble, self.form, self.second):
            self.body.addWidget(widget)
        self.body.addLayout(buttons)
        self.body.addStretch(1)
        self.reason.returnPressed.connect(self._from_reason)
        self.second.entered.connect(self.send)
        self.button.clicked.connect(self.send)
        self.keep.clicked.connect(self.dismissed)
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.speaker.tr(N_("Cancel this receipt")))

    def start(
        self,
        receipt: Receipt,
        others: Sequence[Colleague],
        *,
        solo: bool,
        alone: bool = False,
    ) -> None:
        """Ask why this receipt is cancelled; the last of a session needs nobody else (`alone`)."""
        self._receipt = receipt
        self.request = RequestId(secrets.token_bytes(16))
        values: dict[str, Value] = {"number": receipt.number, "amount": receipt.amount}
        self._head.say(Text(N_("Cancel receipt {number}: {amount}"), values))
        told = N_(
            "{name}, household {household}. The receipt stays in sight; "
            "a reversal with its own number takes the money back out."
        )
        names = {"name": receipt.received_from, "household": receipt.household_number}
        self._what.say(Text(told, names))
        self.reason.setText("")
        self.form.clear()
        self.second.start(others, solo=solo, alone=alone)
        self.free()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why it was not cancelled."""
        self.free()
        self._reveal.begin()
        second = refusal.field in {"second", "second_password"} and self.second.needed()
        (self.second.form if second else self.form).show_refusal(refusal)

    def fail(self, trouble: Trouble) -> None:
        """Say that nothing was cancelled."""
        self.free()
        self.trouble.show_trouble(trouble)

    def free(self) -> None:
        """Let the form be sent again."""
        self.button.setEnabled(True)

    def _from_reason(self) -> None:
        if self.second.needed() and not self.second.password.text():
            self.second.password.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.send()

    def send(self) -> None:
        """Cancel it."""
        if not self.button.isEnabled() or self._receipt is None:
            return
        self.form.clear()
        self.second.form.clear()
        if not self.reason.text().strip():
            text = Text(N_("Write why this receipt is cancelled; the reason is kept with it."))
            self.form.show_refusal(Refusal(text, field="reason"))
            return
        if not self.second.ready():
            return
        self.button.setEnabled(False)
        self.reversed.emit(self._receipt, self.reason.text(), self.second.signer())
