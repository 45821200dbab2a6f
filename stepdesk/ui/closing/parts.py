"""The parts of the closing page: the checklist, the trial balance, the closed months."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from stepdesk.countries.pack import CountryPack
from stepdesk.i18n import N_, Text
from stepdesk.ledger.terms import BalanceRow, Closing, Reopening, Step, StepLine, StepState
from stepdesk.ui import theme
from stepdesk.ui.closing.facts import line_text, tickable
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.pill import StatusPill
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Shown, Size, Words
from stepdesk.values.month import Month

ACTIONS = {
    Step.SESSIONS: N_("Open the collection"),
    Step.CASH: N_("Count the box"),
    Step.BANK: N_("Open the treasury"),
    Step.CERTIFICATES: N_("Open the claims"),
    Step.LATE: N_("See them"),
    Step.INDICATORS: N_("Verify now"),
    Step.BATCHES: N_("Open the claims"),
    Step.COPY: N_("Make a copy …"),
    Step.PRINTED: N_("Print"),
}
_SIGNS = {
    StepState.DONE: (Status.UP_TO_DATE, N_("Done")),
    StepState.PASSED: (Status.WAITING, N_("Passed")),
    StepState.TO_DO: (Status.LATE, N_("To do")),
}


class Checklist(QWidget, Dressed):
    """The ten lines: done, passed or to do, a button that opens each one's screen, one to pass it.

    Signals:
        wanted: The step whose button was pressed.
        passed: The step that is to be passed with a reason.
        ticked: The step somebody says is done.
    """

    wanted = Signal(object)
    passed = Signal(object)
    ticked = Signal(object)

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._speaker = speaker
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._texts: dict[Step, Words] = {}
        self._pills: dict[Step, StatusPill] = {}
        self.buttons: dict[Step, PlainButton] = {}
        self.passing: dict[Step, PlainButton] = {}
        self.ticking: dict[Step, PlainButton] = {}
        self.wear()

    def show_lines(self, lines: Sequence[StepLine]) -> None:
        """Show how each line stands."""
        for row, line in enumerate(lines):
            if line.step not in self._texts:
                self._add(row, line.step)
            self._texts[line.step].say(line_text(line))
            self._pills[line.step].set_status(*_SIGNS[line.state])
            still = line.state is StepState.TO_DO
            if line.step in self.buttons:
                self.buttons[line.step].setVisible(still)
                self.passing[line.step].setVisible(still)
                self.ticking[line.step].setVisible(tickable(line))

    def text(self, step: Step) -> str:
        """Return how a line stands and what it says."""
        return f"{self._pills[step].accessibleName()}: {self._texts[step].text()}"

    def _add(self, row: int, step: Step) -> None:
        pill, words = StatusPill(self._speaker), Words("", self._speaker, wrap=True)
        self._grid.addWidget(pill, row, 0)
        self._grid.addWidget(words, row, 1)
        self._texts[step], self._pills[step] = words, pill
        if step in ACTIONS:
            for column, (kept, told, signal) in enumerate(
                (
                    (self.buttons, ACTIONS[step], self.wanted),
                    (self.ticking, N_("It is done"), self.ticked),
                    (self.passing, N_("Pass …"), self.passed),
                ),
                2,
            ):
                button = PlainButton(told, self._speaker)
                button.clicked.connect(partial(signal.emit, step))
                self._grid.addWidget(button, row, column, Qt.AlignmentFlag.AlignRight)
                kept[step] = button
        self.dress()

    @override
    def dress(self) -> None:
        now = theme.current()
        self._grid.setHorizontalSpacing(now.px(3))
        self._grid.setVerticalSpacing(now.px(4))
        for row in range(len(self._texts)):
            self._grid.setRowMinimumHeight(row, now.px(38))


class ClosedMonth(Card):
    """A closed month: its trial balance, who signed, and the fingerprint of the journal.

    Signals:
        print_wanted: The button was pressed.
        reopen_wanted: The month is to be opened again.
        report_wanted: The month's report is wanted; True for its poster.
    """

    print_wanted = Signal()
    report_wanted = Signal(bool)
    reopen_wanted = Signal()

    def __init__(self, speaker: Speaker, pack: CountryPack) -> None:
        super().__init__(margin=16)
        self._pack = pack
        self._speaker = speaker
        self.closing: Closing | None = None
        self.head = Words("", speaker, size=Size.SECTION, bold=True)
        self.signed = Words("", speaker, muted=True, wrap=True)
        self.again = Words("", speaker, muted=True, wrap=True)
        self.again.hide()
        self._again: Sequence[Reopening] = ()
        self.fingerprint = Shown("", bold=True)
        self.table = TableView(speaker)
        self.table.setMinimumHeight(theme.current().px(240))
        self._add_buttons(speaker)
        prints = QHBoxLayout()
        prints.addWidget(Words(N_("Fingerprint for the minutes"), speaker, muted=True))
        prints.addWidget(self.fingerprint, 1)
        self.body.addWidget(self.signed)
        self.body.addWidget(self.again)
        self.body.addLayout(prints)
        self.body.addWidget(self.table)
        self._model = RowsModel(
            (),
            self._rows,
            (
                Column(N_("Account"), width=80),
                Column(N_("Name"), width=200, stretch=1),
                Column(N_("Debit"), Kind.AMOUNT, width=120),
                Column(N_("Credit"), Kind.AMOUNT, width=120),
                Column(N_("Balance"), Kind.AMOUNT, width=120, priority=1),
            ),
            speaker,
            self,
        )
        self.table.show_rows(self._model)
        self.hide()

    def _add_buttons(self, speaker: Speaker) -> None:
        self.reopen = PlainButton(N_("Open this month again …"), speaker)
        self.reopen.clicked.connect(self.reopen_wanted)
        self.report = PlainButton(N_("Report for the board"), speaker, icon="printer")
        self.report.clicked.connect(partial(self.report_wanted.emit, False))  # noqa: FBT003 - Qt's
        self.poster = PlainButton(N_("Poster"), speaker, icon="printer")
        self.poster.clicked.connect(partial(self.report_wanted.emit, True))  # noqa: FBT003 - Qt's
        self.button = PlainButton(
            N_("Print the trial balance"), speaker, key="print", icon="printer"
        )
        self.button.clicked.connect(self.print_wanted)
        top = QHBoxLayout()
        self.body.addLayout(top)
        top.addWidget(self.head, 1)
        for button in (self.reopen, self.report, self.poster, self.button):
            top.addWidget(button)

    def show_closing(self, closing: Closing, *, last: bool = True) -> None:
        """Show a closed month; only the last one can be opened again."""
        self.closing = closing
        self.reopen.setVisible(last)
        self.head.say(Text(N_("{month} is closed"), {"month": closing.month}))
        if closing.second_signature:
            told = Text(
                N_("Signed by {first} and {second} on {day}."),
                {
                    "first": closing.first_signature,
                    "second": closing.second_signature,
                    "day": closing.closed_on,
                },
            )
        else:
            told = Text(
                N_("Signed by {first} alone on {day}."),
                {"first": closing.first_signature, "day": closing.closed_on},
            )
        self.signed.say(told)
        self.fingerprint.setText(closing.fingerprint)
        self.show_reopened(self._again)
        self._model.set_ids(range(len(closing.balance.rows) + 1))
        self.fit()
        self.show()

    def show_reopened(self, reopened: Sequence[Reopening]) -> None:
        """Say of the month shown why it was opened again, and what was written since."""
        self._again = reopened
        month = self.closing.month if self.closing is not None else None
        told = next((one for one in reopened if one.month == month), None)
        self.again.setVisible(told is not None)
        if told is not None:
            self.again.say(told.said)

    def fit(self) -> None:
        """Make the table as tall as its rows."""
        now = theme.current()
        rows = self._model.rowCount() + 1
        self.table.setFixedHeight(now.px(32) * rows + 4)

    @override
    def dress(self) -> None:
        super().dress()
        if hasattr(self, "_model"):
            self.fit()

    def _rows(self, ids: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        if self.closing is None:
            return []
        rows = self.closing.balance.rows
        return [self._row(rows[at]) if at < len(rows) else self._sum() for at in ids]

    def _row(self, row: BalanceRow) -> tuple[Any, ...]:
        name = self._pack.chart[row.role].name(self._speaker.language)
        return (row.number, name, row.debit, row.credit, row.balance)

    def _sum(self) -> tuple[Any, ...]:
        if self.closing is None:
            return ("", "", None, None, None)
        balance = self.closing.balance
        return ("", Text(N_("Together")), balance.debit, balance.credit, None)


class ClosedMonths(Card):
    """The list of closed months.

    Signals:
        chosen: The month somebody wants to see again.
    """

    chosen = Signal(object)

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(N_("Closed months"), speaker, margin=16)
        self._closed: dict[Month, Closing] = {}
        self.table = TableView(
            speaker, empty=N_("No month is closed yet. The first one comes with its checklist.")
        )
        self._model = RowsModel(
            (),
            self._rows,
            (
                Column(N_("Month"), width=140),
                Column(N_("Closed on"), width=130),
                Column(N_("Signed by"), width=200, stretch=1),
                Column(N_("Cash counted"), Kind.AMOUNT, width=140),
                Column(N_("Total"), Kind.AMOUNT, width=120, priority=1),
            ),
            speaker,
            self,
        )
        self.table.show_rows(self._model)
        self.table.chosen.connect(self.chosen)
        self.body.addWidget(self.table)

    def show_closed(self, closed: Sequence[Closing]) -> None:
        """Show the closed months, the last one first."""
        self._closed = {one.month: one for one in closed}
        self._model.set_ids([one.month for one in closed])
        rows = max(3, min(len(closed), 12))
        self.table.setFixedHeight(theme.current().px(32) * (rows + 1) + 4)

    def closing(self, month: Month) -> Closing:
        return self._closed[month]

    def _rows(self, ids: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        found = []
        for month in ids:
            one = self._closed[month]
            names = " · ".join(
                name for name in (one.first_signature, one.second_signature) if name
            )
            found.append((month, one.closed_on, names, one.cash_counted, one.balance.debit))
        return found
