"""The batches of the scheme, who is owed what, and what is missing before the first batch."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from stepdesk.claims.terms import Batch
from stepdesk.i18n import N_, Text, Value
from stepdesk.ui.claims.facts import Room, Unsent
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import BatchId

_BATCHES = (
    Column(N_("Batch"), width=164),
    Column(N_("Provider"), width=120, stretch=1),
    Column(N_("Month"), width=148),
    Column(N_("Invoice"), width=80, priority=5, muted=True),
    Column(N_("Certificates"), Kind.NUMBER, width=112, priority=4),
    Column(N_("Claimed"), Kind.AMOUNT, width=94, priority=2),
    Column(N_("Payable"), Kind.AMOUNT, width=94, priority=1),
    Column(N_("Paid"), Kind.AMOUNT, width=94, priority=3),
    Column(N_("State"), Kind.STATUS, width=148),
)

_EMPTY = N_("No batch yet. F2 opens one: the invoice of a provider and month.")
_NO_PROVIDER = N_("No batch yet. First add a provider on the page Providers (Alt+6).")


class BatchList(Card, Speaking):
    """The list of batches.

    Signals:
        opened: The batch (its id) of the row that was chosen.
        new_wanted: A batch is to be opened.
        pay_wanted: Somebody is to be paid.
        payments_wanted: The payments are to be seen.
        file_wanted: Certificates are to be brought in from a file.
        waiting_wanted: What waits is to be seen: for the adviser (True) or for an answer (False).
        papers_wanted: The lists of a month are to be printed.
    """

    opened = Signal(object)
    new_wanted = Signal()
    pay_wanted = Signal()
    payments_wanted = Signal()
    file_wanted = Signal()
    waiting_wanted = Signal(bool)
    papers_wanted = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self.room: Room | None = None
        self._batches: dict[BatchId, Batch] = {}
        self.head = Words(N_("Batches of certificates"), speaker, size=Size.SECTION, bold=True)
        self.missing = Words("", speaker, wrap=True)
        self.owed = Words("", speaker, bold=True, wrap=True)
        self.table = TableView(speaker, empty=_EMPTY)
        self.rows = RowsModel((), self._fetch, _BATCHES, speaker, self)
        self.table.show_rows(self.rows)
        self.new = MainButton(N_("Open a batch"), speaker, key="new", icon="file-check")
        self.pay = PlainButton(N_("Pay a provider …"), speaker, icon="wallet", lettered=True)
        self.payments = PlainButton(N_("Payments …"), speaker, icon="file-text", lettered=True)
        self.unsent = Words("", speaker, wrap=True)
        self.file = PlainButton(N_("From a file …"), speaker, lettered=True)
        self.papers = PlainButton(N_("Papers …"), speaker, lettered=True)
        self.reviews = PlainButton(N_("To review …"), speaker, lettered=True)
        self.questions = PlainButton(N_("Questions …"), speaker, lettered=True)
        for widget in (self.head, self.missing, self.owed, self.unsent):
            self.body.addWidget(widget)
        self.body.addWidget(self.table, 1)
        # Two rows, and what there is nothing for is hidden: the page is not made wide by them.
        rows = (
            (self.new, self.pay, self.payments),
            (self.file, self.papers, self.reviews, self.questions),
        )
        for buttons in rows:
            foot = QHBoxLayout()
            self.body.addLayout(foot)
            for button in buttons:
                foot.addWidget(button)
            foot.addStretch(1)
        for button in (*rows[0][1:], *rows[1][1:]):
            button.hide()
        self._connect()
        self.learn(speaker)

    def _connect(self) -> None:
        self.table.chosen.connect(self.opened)
        self.new.clicked.connect(self.new_wanted)
        self.pay.clicked.connect(self.pay_wanted)
        self.payments.clicked.connect(self.payments_wanted)
        self.file.clicked.connect(self.file_wanted)
        self.papers.clicked.connect(self.papers_wanted)
        self.reviews.clicked.connect(partial(self.waiting_wanted.emit, True))  # noqa: FBT003
        self.questions.clicked.connect(partial(self.waiting_wanted.emit, False))  # noqa: FBT003

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.tr(N_("Batches of certificates")))

    def show_room(self, room: Room) -> None:
        """Show the batches; before the first one, what has to be there."""
        self.room = room
        self._batches = {one.id: one for one in room.batches}
        kept = self.table.chosen_id()
        self.rows.set_ids(tuple(self._batches))
        if kept in self._batches:
            self.table.select_id(kept)
        elif self._batches:
            self.table.go_to(0)
        missing = _missing(room)
        self.missing.setVisible(missing is not None)
        self.missing.say(missing or "")
        self.new.setEnabled(bool(room.providers))
        self.table.say_empty(_EMPTY if room.providers else _NO_PROVIDER)
        owed = _owed(room)
        self.owed.setVisible(owed is not None)
        self.owed.say(owed or "")
        self.pay.setVisible(bool(room.owed))
        self.payments.setVisible(bool(room.batches))
        self.file.setEnabled(bool(room.providers))
        self.papers.setVisible(bool(room.batches))
        self.reviews.setVisible(bool(room.reviews))
        self.reviews.say(Text(N_("To review: {count} …"), {"count": room.reviews}))
        self.questions.setVisible(bool(room.questions))
        self.questions.say(Text(N_("Questions: {count} …"), {"count": room.questions}))
        self.unsent.setVisible(room.unsent is not None)
        self.unsent.say(_silent(room.unsent))

    def focus(self) -> None:
        """Put the cursor where the work begins."""
        target = self.table if self._batches else self.new
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        batches = [self._batches[one] for one in ids]
        return [
            (
                one.number,
                one.provider,
                one.month,
                one.invoice,
                one.claims,
                one.claimed,
                one.payable,
                one.paid,
                _state(one),
            )
            for one in batches
        ]


def _state(batch: Batch) -> tuple[Status, Text]:
    if batch.history or not batch.claims:
        return Status.DRAFT, Text(N_("History") if batch.history else N_("Empty"))
    if batch.undecided:
        return Status.LATE, Text(N_("{count} to decide"), {"count": batch.undecided})
    if batch.paid.minor < batch.payable.minor:
        return Status.WAITING, Text(N_("To be paid"))
    return Status.UP_TO_DATE, Text(N_("Settled"))


def _missing(room: Room) -> Text | None:
    """Return what has to be in the book before certificates can be typed."""
    if not room.providers:
        return Text(
            N_(
                "No care provider is in this book yet. Add the first one and its prices on the page "
                "Providers (Alt+6), or bring them over from the former system with the import."
            )
        )
    if not room.has_package:
        return Text(
            N_(
                "No benefit package is in this book yet: every line would be refused. Write it on "
                "the page Providers (Alt+6), under Packages."
            )
        )
    return None


def _silent(unsent: Unsent | None) -> Text:
    """Return who has not sent anything, and when it usually comes."""
    if unsent is None:
        return Text("")
    values: dict[str, Value] = {
        "month": unsent.month,
        "providers": ", ".join(unsent.providers),
        "count": len(unsent.providers),
        "day": unsent.usual_day or 0,
    }
    told = Text(
        N_("{month}: {providers} has not sent anything."),
        values,
        plural=N_("{month}: {providers} have not sent anything."),
    )
    if unsent.usual_day is None:
        return told
    return Text(N_("{told} Usual day of the month: {day}."), {**values, "told": told})


def _owed(room: Room) -> Text | None:
    if not room.owed:
        return None
    first = room.owed[0]
    values: dict[str, Value] = {
        "provider": room.provider(first.provider_id),
        "amount": first.amount,
        "since": first.since,
        "count": len(room.owed) - 1,
    }
    if len(room.owed) == 1:
        return Text(N_("{provider} waits for {amount} since {since}."), values)
    return Text(
        N_("{provider} waits for {amount} since {since}, and {count} other provider waits."),
        values,
        plural=N_(
            "{provider} waits for {amount} since {since}, and {count} other providers wait."
        ),
    )
