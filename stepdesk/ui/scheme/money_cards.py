"""Cards of what groups and sponsors pay: forms beside lists, and taking a sum back by two."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from stepdesk.contributions.queries import GroupPreview, GroupRow
from stepdesk.contributions.terms import Means
from stepdesk.errors import Caution, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.payers.terms import GroupMoney, PayerMoney, PayerStatement, Rest
from stepdesk.reports.terms import GapRow
from stepdesk.ui.contributions.count_form import SecondPerson
from stepdesk.ui.members.ask_form import AskForm
from stepdesk.ui.members.asks import Ask, Choices, Kind
from stepdesk.ui.overriding import override
from stepdesk.ui.scheme.list_card import options
from stepdesk.ui.scheme.payers_money import MoneyFacts
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.band import CautionBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.rows_model import Column, RowsModel
from stepdesk.ui.widgets.rows_model import Kind as Cells
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words
from stepdesk.values.ids import RequestId
from stepdesk.values.money import Currency, Money

_SOON = 150  # milliseconds after the last key
_MEANS = {
    Means.CASH: N_("in cash"),
    Means.BANK: N_("by the bank"),
    Means.MFI: N_("by the savings institution"),
    Means.MOBILE: N_("by mobile money"),
}
_RESTS = {
    None: N_("not said yet"),
    Rest.KEEP: N_("the next household's credit"),
    Rest.GIVE_BACK: N_("handed back"),
}
_BOXES = {
    "bank": N_("bank"),
    "cash_main": N_("cash box"),
    "mfi": N_("savings institution"),
    "momo": N_("mobile money"),
}
_REFERENCE = Ask("reference", N_("Reference"), needed=False, width=220)


class _NamedTable(TableView):
    """A list with a name for who does not see what stands above it."""

    def __init__(self, speaker: Speaker, name: str, *, empty: str) -> None:
        self._name = name
        super().__init__(speaker, empty=empty)

    @override
    def speak(self) -> None:
        super().speak()
        self.setAccessibleName(self.speaker.tr(self._name))


def _listed(
    speaker: Speaker,
    parent: QWidget,
    columns: Sequence[Column],
    rows: Callable[[Sequence[Any]], list[tuple[object, ...]]],
    *,
    name: str,
    empty: str,
) -> tuple[TableView, RowsModel]:
    table = _NamedTable(speaker, name, empty=empty)
    model = RowsModel((), rows, columns, speaker, parent)
    table.show_rows(model)
    table.fit_rows(0)
    return table, model


class MoneyForm(Card):
    """Questions, a doubt that may be accepted, and one button.

    Signals:
        wanted: Request, answers, the doubts that were accepted and why.
    """

    wanted = Signal(object, object, object, str)

    def __init__(
        self,
        speaker: Speaker,
        today: date,
        title: str,
        asks: Sequence[Ask],
        choices: Mapping[str, Choices],
        button: str,
    ) -> None:
        super().__init__(title, speaker, margin=16)
        self._request, self._first = RequestId(b""), dict[str, object]()
        self.form = AskForm(speaker, today, (asks,), choices)
        self.caution = CautionBand(speaker)
        self.button = MainButton(button, speaker)
        self.body.addWidget(self.form)
        self.body.addWidget(self.caution)
        self.body.addWidget(self.button)
        self.caution.accepted.connect(self._send)
        self.caution.hide()
        self.button.clicked.connect(self.send)
        self.form.entered.connect(self.button.setFocus)

    def start(self, first: Mapping[str, object]) -> None:
        """Begin another one."""
        self._first = dict(first)
        self._request = RequestId(secrets.token_bytes(16))
        self.caution.hide()
        self.button.setEnabled(True)
        self.form.put(self._first)

    def send(self) -> None:
        """Ask for what the form says."""
        if self.button.isEnabled():
            self._send(frozenset(), "")

    def _send(self, accepting: frozenset[str], reason: str) -> None:
        self.caution.hide()
        told = self.form.values()
        if told is not None:
            self.button.setEnabled(False)
            self.wanted.emit(self._request, told, accepting, reason)

    def free(self) -> None:
        """Let the form be sent again."""
        self.button.setEnabled(True)

    def doubt(self, caution: Caution) -> None:
        """Show what is doubted, and wait for a reason."""
        self.free()
        self.caution.show_caution(caution)

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why the rules say no."""
        self.free()
        self.form.refuse(refusal)


class GroupSumForm(MoneyForm):
    """A group's sum, with whom it pays for while it is typed.

    Signals:
        looked: What the form says so far may be foreseen.
    """

    looked = Signal(object)

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        money = Ask("amount", N_("Sum"), Kind.MONEY, width=150, exponent=currency.exponent)
        super().__init__(
            speaker,
            today,
            N_("A group pays"),
            (
                Ask("group", N_("Group"), Kind.LIST, width=320),
                money,
                Ask("day", N_("Paid on"), Kind.DAY, width=140),
                Ask("means", N_("How it came"), Kind.LIST, width=220),
                Ask(
                    "periods",
                    N_("Periods ahead"),
                    Kind.NUMBER,
                    hint=N_("For each household, beyond what is due"),
                    width=90,
                ),
                Ask("rest", N_("What is left over is"), Kind.LIST, needed=False, width=270),
                _REFERENCE,
            ),
            {"means": options(_MEANS), "rest": options(_RESTS)},
            N_("Take this sum"),
        )
        self._currency = currency
        self._rows: dict[Any, GroupRow] = {}
        self.told = Words("", speaker, bold=True, wrap=True)
        self.table, self.model = _listed(
            speaker,
            self,
            (
                Column(N_("Place"), Cells.NUMBER, width=60),
                Column(N_("Household"), width=120, stretch=1),
                Column(N_("Wants"), Cells.AMOUNT, width=96, priority=1),
                Column(N_("Gets"), Cells.AMOUNT, width=96),
            ),
            self._cells,
            name=N_("Whom the sum pays for"),
            empty=N_("Choose a group and type its sum: whom it pays for is shown here."),
        )
        self.body.insertWidget(self.body.count() - 2, self.told)
        self.body.insertWidget(self.body.count() - 2, self.table)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON)
        self._soon.timeout.connect(self._look)
        self.form.changed.connect(self._soon.start)

    def _look(self) -> None:
        try:
            told = self.form.told()
        except Refusal:
            return
        self.looked.emit(told)

    def foresee(self, seen: GroupPreview) -> None:
        """Show whom the sum pays for, in the list's order."""
        self._rows = {row.household_id: row for row in seen.rows}
        self.model.set_ids(list(self._rows))
        self.table.fit_rows(len(self._rows), fewest=2, most=8)
        left = Money(seen.left, self._currency)
        told = Text(
            N_("It pays for {filled} of {asking} households."),
            {"filled": seen.filled, "asking": seen.asking},
        )
        if seen.left:
            told = Text(
                N_(
                    "It pays for {filled} of {asking} households; {left} are left over. "
                    "The next one is {name}."
                ),
                {
                    "filled": seen.filled,
                    "asking": seen.asking,
                    "left": left,
                    "name": seen.next_name,
                },
            )
        self.told.say(told)

    def _cells(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        found = [self._rows[one] for one in ids]
        return [
            (
                row.place,
                f"{row.number} {row.name}",
                Money(row.wanted, self._currency),
                Money(row.gets, self._currency),
            )
            for row in found
        ]


def payer_form(speaker: Speaker, today: date, currency: Currency) -> MoneyForm:
    """Return the form of a sponsor's money."""
    return MoneyForm(
        speaker,
        today,
        N_("A sponsor pays"),
        (
            Ask("payer", N_("Sponsor"), Kind.LIST, width=320),
            Ask("amount", N_("Sum"), Kind.MONEY, width=150, exponent=currency.exponent),
            Ask("day", N_("Paid on"), Kind.DAY, width=140),
            Ask("box", N_("The money lies in"), Kind.LIST, width=220),
            Ask("statement", N_("For the statement"), Kind.LIST, needed=False, width=270),
            _REFERENCE,
        ),
        {"box": options(_BOXES)},
        N_("Take this money"),
    )


class BackCard(Card):
    """A list of sums; the chosen one is taken back with a reason and a second person.

    Signals:
        wanted: Request, the row, the reason and who signs (or None).
    """

    wanted = Signal(object, object, str, object)

    def __init__(
        self,
        speaker: Speaker,
        today: date,
        title: str,
        empty: str,
        row: Callable[[Any], tuple[object, ...]],
    ) -> None:
        super().__init__(title, speaker, margin=16)
        self._row, self._known, self._request = row, dict[Any, Any](), RequestId(b"")
        columns = (
            Column(N_("Who paid"), width=110, stretch=1),
            Column(N_("Day"), width=120, priority=1),
            Column(N_("Amount"), Cells.AMOUNT, width=110),
            Column(N_("State"), width=146, priority=2, muted=True),
        )
        self.table, self.model = _listed(
            speaker, self, columns, self._cells, name=title, empty=empty
        )
        self.form = AskForm(speaker, today, ((Ask("reason", N_("Why is it taken back?")),),))
        self.second = SecondPerson(speaker)
        self.button = PlainButton(N_("Take the chosen sum back"), speaker, icon="undo-2")
        for widget in (self.table, self.form, self.second, self.button):
            self.body.addWidget(widget)
        self.button.clicked.connect(self.send)
        self.second.entered.connect(self.send)

    def chosen(self) -> Any:  # noqa: ANN401 - a sum of a group or a sponsor
        """Return the chosen sum; None when there is none."""
        return self._known.get(self.table.chosen_id())

    def show_sums(self, sums: Sequence[Any], facts: MoneyFacts) -> None:
        """Show what was paid, and who may sign."""
        self._known = {one.id: one for one in sums}
        self._request = RequestId(secrets.token_bytes(16))
        self.model.set_ids(list(self._known))
        self.table.fit_rows(len(self._known), fewest=2, most=6)
        self.second.start(facts.others, solo=facts.solo)
        self.form.put({})
        self.button.setEnabled(True)

    def send(self) -> None:
        """Ask for the chosen sum to be taken back."""
        told = self.form.values()
        one = self._known.get(self.table.chosen_id())
        if told is None or not self.button.isEnabled() or not self.second.ready():
            return
        if one is None:
            self.form.refuse(Refusal(Text(N_("Choose a sum of the list above."))))
            return
        self.button.setEnabled(False)
        self.wanted.emit(self._request, one, told["reason"], self.second.signer())

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why the rules say no."""
        self.button.setEnabled(True)
        if refusal.field in {"second", "second_password"} and self.second.needed():
            self.second.form.show_refusal(refusal)
        else:
            self.form.refuse(refusal)

    def free(self) -> None:
        """Let the form be sent again."""
        self.button.setEnabled(True)

    def _cells(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [self._row(self._known[one]) for one in ids]


class PaymentsCard(BackCard):
    """Money of sponsors; the receipt of the chosen one is printed right after and again later.

    Signals:
        printed: The payment whose receipt is to be shown on paper.
    """

    printed = Signal(object)

    def __init__(
        self, speaker: Speaker, today: date, row: Callable[[Any], tuple[object, ...]]
    ) -> None:
        title, empty = N_("Money of sponsors"), N_("No sponsor has paid yet.")
        super().__init__(speaker, today, title, empty, row)
        self._fresh: object = None
        self.receipt = PlainButton(N_("Print the receipt"), speaker, icon="printer")
        self.receipt.setEnabled(False)
        ways = QHBoxLayout()
        ways.addWidget(self.receipt)
        ways.addStretch(1)
        self.body.insertLayout(self.body.indexOf(self.table) + 1, ways)
        self.receipt.clicked.connect(self._print)
        self.table.chosen.connect(self._print)

    def expect(self, payment_id: object) -> None:
        """Go to a payment just taken once it is shown: Enter prints its receipt."""
        self._fresh = payment_id

    @override
    def show_sums(self, sums: Sequence[Any], facts: MoneyFacts) -> None:
        """Show what was paid; what was just taken is chosen and its receipt offered."""
        super().show_sums(sums, facts)
        self.receipt.setEnabled(bool(sums))
        fresh, self._fresh = self._fresh, None
        ids = [one.id for one in sums]
        if ids:
            self.table.go_to(ids.index(fresh) if fresh in ids else 0)
        if fresh in ids:
            self.receipt.setFocus()

    def _print(self, *_id: object) -> None:
        one = self.chosen()
        if one is not None:
            self.printed.emit(one)


class StatementsCard(Card):
    """Statements to sponsors: writing the next one, how old each is, paper and workbook.

    Signals:
        issued: The agreement whose next statement is to be written.
        printed: A statement is to be shown on paper.
        saved: A statement is to be written as a workbook.
    """

    issued = Signal(object)
    printed = Signal(object)
    saved = Signal(object)

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__(N_("Statements to sponsors"), speaker, margin=16)
        self._currency, self._today, self._late = currency, today, 0
        self._known: dict[Any, PayerStatement] = {}
        columns = (
            Column(N_("Number"), width=150),
            Column(N_("Sponsor"), width=150, stretch=1),
            Column(N_("Open"), Cells.AMOUNT, width=96),
            Column(N_("Days old"), Cells.NUMBER, width=110, priority=1),
            Column(N_("State"), width=90, priority=2, muted=True),
        )
        self.table, self.model = _listed(
            speaker,
            self,
            columns,
            self._cells,
            name=N_("Statements to sponsors"),
            empty=N_("No statement yet."),
        )
        asks = (Ask("agreement", N_("Agreement"), Kind.LIST, width=320),)
        self.form = AskForm(speaker, today, (asks,))
        self.issue = MainButton(N_("Write the next statement"), speaker)
        self.print = PlainButton(N_("Print the chosen one"), speaker, icon="printer")
        self.save = PlainButton(N_("Excel workbook"), speaker)
        ways = QHBoxLayout()
        self.body.addWidget(self.table)
        self.body.addLayout(ways)
        ways.addWidget(self.print)
        ways.addWidget(self.save)
        ways.addStretch(1)
        self.body.addWidget(self.form)
        self.body.addWidget(self.issue)
        self.issue.clicked.connect(self._issue)
        self.print.clicked.connect(self._print)
        self.save.clicked.connect(self._save)
        self.table.chosen.connect(self._print)

    def show_facts(self, facts: MoneyFacts) -> None:
        """Show the statements there are, and under what agreement another may be written."""
        self._late = facts.late_after
        self._known = {one.id: one for one in facts.statements}
        self.model.set_ids(list(self._known))
        self.table.fit_rows(len(self._known), fewest=2, most=8)
        self.form.answers["agreement"].offer(
            [(one.id, f"{one.payer} {one.first_day:%d/%m/%Y}") for one in facts.agreements]
        )
        self.form.clear()
        self.issue.setEnabled(True)
        for button in (self.print, self.save):
            button.setEnabled(bool(self._known))
        if self._known:
            self.table.go_to(0)

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why the rules say no."""
        self.issue.setEnabled(True)
        self.form.refuse(refusal)

    def free(self) -> None:
        """Let the form be sent again."""
        self.issue.setEnabled(True)

    def _issue(self) -> None:
        told = self.form.values()
        if told is not None:
            self.issue.setEnabled(False)
            self.issued.emit(told["agreement"])

    def _print(self, *_id: object) -> None:
        self._emit(self.printed)

    def _save(self) -> None:
        self._emit(self.saved)

    def _emit(self, signal: Any) -> None:  # noqa: ANN401 - a signal
        one = self._known.get(self.table.chosen_id())
        if one is not None:
            signal.emit(one)

    def _cells(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [self._row(self._known[one]) for one in ids]

    def _row(self, one: PayerStatement) -> tuple[object, ...]:
        age = (self._today - one.issued_on).days
        state = Text(N_("paid")) if not one.open else Text(N_("open"))
        if one.open and age > self._late:
            state = Text(N_("late"))
        return (one.number, one.payer, Money(one.open, self._currency), age, state)


class GapsCard(Card):
    """Households whose sponsor's commitment ends soon, and what they would pay alone."""

    def __init__(self, speaker: Speaker, currency: Currency) -> None:
        super().__init__(N_("Commitments that end"), speaker, margin=16)
        self._currency = currency
        self._known: dict[Any, GapRow] = {}
        columns = (
            Column(N_("Household"), width=130, stretch=1),
            Column(N_("Until"), width=120),
            Column(N_("Pays now"), Cells.AMOUNT, width=96, priority=1),
            Column(N_("Would pay"), Cells.AMOUNT, width=96),
        )
        self.table, self.model = _listed(
            speaker,
            self,
            columns,
            self._cells,
            name=N_("Commitments that end"),
            empty=N_("No commitment ends within 90 days."),
        )
        self.body.addWidget(self.table)

    def show_gaps(self, rows: Sequence[GapRow]) -> None:
        """Show whose commitment ends."""
        self._known = {str(row.number): row for row in rows}
        self.model.set_ids(list(self._known))
        self.table.fit_rows(len(self._known), fewest=2, most=8)

    def _cells(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        found = [self._known[one] for one in ids]
        return [
            (
                f"{row.number} {row.name}",
                row.until,
                Money(row.pays, self._currency),
                Money(row.would_pay, self._currency),
            )
            for row in found
        ]


def group_sum_row(
    names: Mapping[Any, str], currency: Currency, one: GroupMoney
) -> tuple[object, ...]:
    """Return a group's sum as the list shows it."""
    state = Text(N_("taken back")) if one.reversed_by else Text(one.number)
    return (names.get(one.group_id, ""), one.paid_on, Money(one.amount, currency), state)


def payer_money_row(
    names: Mapping[Any, str], currency: Currency, one: PayerMoney
) -> tuple[object, ...]:
    """Return a sponsor's payment as the list shows it."""
    state = Text(N_("taken back")) if one.reversed_on else one.number or one.reference
    return (names.get(one.payer_id, ""), one.paid_on, Money(one.amount, currency), state)
