"""A printed collection sheet is typed in line by line, and recorded as one act."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from stepdesk.contributions.queries import leaf_by_number, sheet_lines
from stepdesk.contributions.service import enter_sheet
from stepdesk.contributions.terms import (
    CollectionSession,
    CollectionSheet,
    Leaf,
    SheetEntered,
    SheetEntry,
    SheetLine,
)
from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.store.desk import Desk
from stepdesk.ui import theme, tokens
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.count_form import words_of
from stepdesk.ui.contributions.household_card import NoticeBand
from stepdesk.ui.contributions.kept import CLOSED, NO_LEAF, Kept, next_leaf
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.field import Field, NumbersField
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.digits import leaf_parts
from stepdesk.values.ids import RequestId, SheetId
from stepdesk.values.money import Money

_SIDE = 340
_HINT = N_("Enter: the amount due · a number: that amount · Down: nothing paid · Up: back")
_PAPER_HINT = N_(
    "Enter: the amount due and the next leaf · a number: that amount · Tab: another leaf"
    " · Down: nothing paid · Up: back"
)
_COLUMNS = (
    Column(N_("Line"), Kind.NUMBER, width=64),
    Column(N_("Household"), width=112, priority=2),
    Column(N_("Name"), width=150, stretch=2),
    Column(N_("Due"), Kind.AMOUNT, width=88),
    Column(N_("Paid"), Kind.AMOUNT, width=112),
    Column(N_("Now"), Kind.STATUS, width=150, priority=1),
)


def lines_of(desk: Desk, sheet_id: SheetId, session: CollectionSession | None) -> CollectionSheet:
    """Read a sheet as its households stand on the day the money was collected."""
    day = desk.today if session is None else session.day
    return desk.ask(sheet_lines, sheet_id, day, desk.currency)


def sheet_entered(
    desk: Desk,
    sheet_id: SheetId,
    entries: Sequence[SheetEntry],
    cash: Money,
    reason: str,
    session: CollectionSession | None,
    accepting: frozenset[str],
    leaves: Mapping[int, str],
) -> SheetEntered:
    """Record a sheet; on paper it was paid on the session's day, each line on a leaf of its own."""
    entries = [
        replace(one, leaf=_leaf_of(desk, one.place, leaves[one.place]))
        if one.place in leaves
        else one
        for one in entries
    ]
    with desk.work("enter_sheet", reason=reason) as work:
        return enter_sheet(
            work,
            sheet_id=sheet_id,
            entries=entries,
            cash=cash,
            session_id=None if session is None else session.id,
            paid_on=None if session is None else session.day,
            accepting=accepting,
        )


def _leaf_of(desk: Desk, place: int, told: str) -> Leaf:
    found = desk.ask(leaf_by_number, told)
    if found is None:
        raise Refusal(Text(NO_LEAF), field=f"{place}:leaf")
    return found


class SheetView(QWidget, Dressed, Speaking):
    """The lines of a sheet; one field for all of them, and the cash handed in.

    Signals:
        recorded: What was recorded (a `SheetEntered`).
        dismissed: Back to the session; what was typed stays kept.
        kept: How the sheet stands (a `Kept`), after every line.
    """

    recorded = Signal(object)
    dismissed = Signal()
    kept = Signal(object)

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._lane, self._desk = context.lane, desk
        self._session: CollectionSession | None = None
        self._sheet: CollectionSheet | None = None
        self._kept = Kept()
        self._amounts: dict[int, int | None] = {}
        self._requests: dict[int, RequestId] = {}
        self._leaves: dict[int, str] = {}
        self._at = 0
        self._accepting: frozenset[str] = frozenset()
        self._busy = False
        speaker = context.speaker
        self._head = Words("", speaker, size=Size.SECTION, bold=True)
        self._table = TableView(speaker)
        self._model = RowsModel((), self._fetch, _COLUMNS, speaker, self)
        self._table.show_rows(self._model)
        self._table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._line = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        exponent = desk.currency.exponent
        self.amount = NumberField(
            exponent=exponent, height=tokens.AMOUNT_FIELD, points=tokens.AMOUNT
        )
        self.line_form = Form(speaker)
        self.line_form.add("amount", self.amount, N_("Written on the line"), width=220)
        self.leaf = NumbersField()
        self.line_form.add("leaf", self.leaf, N_("Leaf of the paper booklet"), width=220)
        self._build_money(context)
        self._column = self._placed()
        self._connect()
        self.wear()
        self.learn(speaker)

    def _build_money(self, context: Context) -> None:
        speaker, exponent = context.speaker, self._desk.currency.exponent
        self._hint = Words(
            _HINT,
            speaker,
            size=Size.SMALL,
            muted=True,
            wrap=True,
        )
        self._total = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        self.cash = NumberField(exponent=exponent)
        self.reason = Field()
        self.form = Form(speaker)
        self.form.add("cash", self.cash, N_("Cash handed in"), width=220)
        self.form.add("reason", self.reason, N_("Why does the money differ?"))
        self.difference = Words("", speaker, bold=True, wrap=True)
        self.doubt = NoticeBand(speaker)
        self.trouble = TroubleBand(speaker)
        self.button = MainButton(N_("Record the sheet (Enter)"), speaker, icon="circle-check")
        self.back = PlainButton(N_("Back to the session"), speaker, key="back")

    def _placed(self) -> QHBoxLayout:
        left = Card(margin=12)
        left.body.addWidget(self._head)
        left.body.addWidget(self._table, 1)
        right = Card(margin=12)
        for widget in (self.trouble, self._line, self.line_form, self._hint, self._total):
            right.body.addWidget(widget)
        for part in (self.form, self.difference, self.doubt):
            right.body.addWidget(part)
        right.body.addStretch(1)
        right.body.addWidget(self.button)
        right.body.addWidget(self.back)
        self._right = right
        row = QHBoxLayout(self)
        row.addWidget(left, 1)
        row.addWidget(right)
        return row

    def _connect(self) -> None:
        self.amount.returnPressed.connect(self._enter)
        self.leaf.returnPressed.connect(self._enter_leaf)
        self.leaf.up.connect(self._to_amount)
        self.amount.down.connect(self._nothing)
        self.amount.up.connect(self._up)
        self.cash.returnPressed.connect(self._from_cash)
        self.cash.up.connect(self._up)
        self.cash.value_changed.connect(self._say_total)
        self.reason.returnPressed.connect(self.send)
        self.button.clicked.connect(self.send)
        self.back.clicked.connect(self.dismissed)

    @override
    def speak(self) -> None:
        self._table.setAccessibleName(self.speaker.tr(N_("Lines of the sheet")))
        self.amount.setAccessibleName(self.speaker.tr(N_("Written on the line")))
        self._say_total()

    @override
    def dress(self) -> None:
        now = theme.current()
        edge = now.px(24)
        self._column.setContentsMargins(edge, now.px(10), edge, now.px(10))
        self._column.setSpacing(now.px(16))
        self._right.setFixedWidth(now.px(_SIDE))

    # Coming up

    def start(self, sheet: CollectionSheet, session: CollectionSession | None, kept: Kept) -> None:
        """Show a sheet; where it was left when it was half typed."""
        self._sheet, self._session = sheet, session
        same = kept.sheet == sheet.number
        self._kept = replace(kept if same else kept.without_sheet(), sheet=sheet.number)
        self._amounts = dict(self._kept.amounts)
        self._requests = {
            place: RequestId(bytes.fromhex(one)) for place, one in self._kept.requests.items()
        }
        self._leaves = dict(self._kept.leaves)
        self.line_form.show_row("leaf", shown=self._kept.paper)
        self._hint.say(_PAPER_HINT if self._kept.paper else _HINT)
        self._forget_doubt()
        self._busy = False
        self.cash.set_value(None)
        self.reason.setText("")
        self.form.clear()
        self.trouble.hide()
        values: dict[str, Value] = {"number": sheet.number, "title": sheet.title}
        self._head.say(
            Text(N_("Sheet {number} · {title}") if sheet.title else N_("Sheet {number}"), values)
        )
        self._model.set_ids(tuple(range(len(sheet.lines))))
        done = [at for at, line in enumerate(sheet.lines) if line.place in self._amounts]
        # A sheet that was typed before goes on where it ends: nobody pays its lines a second time.
        done += [at for at, line in enumerate(sheet.lines) if line.entered and not self._amounts]
        self._go(max(done) + 1 if done else 0)

    def focus(self) -> None:
        """Put the cursor where the work goes on."""
        self._go(self._at)

    def _lines(self) -> tuple[SheetLine, ...]:
        return () if self._sheet is None else self._sheet.lines

    def _go(self, at: int) -> None:
        """Show a line to be typed, or behind the last one the cash."""
        lines = self._lines()
        self._at = max(0, min(at, len(lines)))
        self._say_total()
        typed = self._at < len(lines)
        self.line_form.setVisible(typed)
        self._hint.setVisible(typed)
        self._line.setVisible(typed)
        if not typed:
            self._table.clearSelection()
            self.cash.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        line = lines[self._at]
        self._table.go_to(self._at)
        self._table.scrollTo(self._model.index(self._at, 0))
        values: dict[str, Value] = {"place": line.place, "name": line.name, "due": line.due}
        self._line.say(Text(N_("Line {place}: {name}, due {due}"), values))
        self.line_form.clear()
        self.amount.set_value(self._amounts.get(line.place))
        self.amount.setPlaceholderText(self.speaker.say(Text("{due}", {"due": line.due})))
        self.leaf.setText(self._leaves.get(line.place) or next_leaf(self._last_leaf(line.place)))
        self.amount.setFocus(Qt.FocusReason.OtherFocusReason)

    def _last_leaf(self, place: int) -> str:
        """Return the leaf typed last before a line, or in the session before the sheet."""
        before = [one for one in self._leaves if one < place]
        return self._leaves[max(before)] if before else self._kept.leaf

    # The lines

    def _enter(self) -> None:
        if self._at >= len(self._lines()) or self.line_form.wrong():
            return
        line = self._lines()[self._at]
        value = self.amount.value()
        amount = line.due.minor if value is None else value
        if self._kept.paper and amount and self._follows():
            self._leaves[self._lines()[self._at].place] = self.leaf.text().strip()
        elif self._kept.paper and amount:
            self.amount.set_value(amount)
            self.leaf.setFocus(Qt.FocusReason.OtherFocusReason)
            self.leaf.selectAll()
            return
        self._note(amount)

    def _follows(self) -> bool:
        """Whether the leaf that stands there follows a leaf typed on this sheet, or is its own.

        Then Enter takes it with the amount; Tab leads to it where a leaf was spoilt.
        """
        place, leaf = self._lines()[self._at].place, self.leaf.text().strip()
        before = [one for one in self._leaves if one < place]
        follows = bool(before) and leaf == next_leaf(self._leaves[max(before)])
        return bool(leaf) and (follows or leaf == self._leaves.get(place))

    def _enter_leaf(self) -> None:
        """Go on with a line whose receipt stands on a leaf: each line has one of its own."""
        if self._at >= len(self._lines()):
            return
        if leaf_parts(self.leaf.text()) is None:
            self.line_form.show_refusal(Refusal(Text(NO_LEAF), field="leaf"))
            return
        self._leaves[self._lines()[self._at].place] = self.leaf.text().strip()
        self._note(self.amount.value() or 0)

    def _to_amount(self) -> None:
        self.amount.setFocus(Qt.FocusReason.OtherFocusReason)

    def _nothing(self) -> None:
        if self._at < len(self._lines()):
            self._note(None)

    def _note(self, amount: int | None) -> None:
        line = self._lines()[self._at]
        self._amounts[line.place] = amount or None
        if not amount:
            self._leaves.pop(line.place, None)
        if amount and line.place not in self._requests:
            self._requests[line.place] = RequestId(secrets.token_bytes(16))
        self._forget_doubt()
        self._model.refresh()
        self._keep()
        self._go(self._at + 1)

    def _up(self) -> None:
        self._go(self._at - 1)

    def _keep(self) -> None:
        self._kept = replace(
            self._kept,
            amounts=dict(self._amounts),
            requests={place: one.hex() for place, one in self._requests.items()},
            leaves=dict(self._leaves),
        )
        self.kept.emit(self._kept)

    def total(self) -> Money:
        """Return what the lines come to."""
        return Money(sum(filter(None, self._amounts.values())), self._desk.currency)

    def _say_total(self, _value: object = None) -> None:
        total = self.total()
        values: dict[str, Value] = {
            "amount": total,
            "done": len(self._amounts),
            "count": len(self._lines()),
        }
        self._total.say(Text(N_("{done} of {count} lines · together {amount}"), values))
        cash = self.cash.value()
        differs = cash is not None and cash != total.minor
        self.form.show_row("reason", shown=differs)
        self.difference.say("" if cash is None else self._difference(cash - total.minor))

    def _difference(self, minor: int) -> Text:
        money = Money(abs(minor), self._desk.currency)
        values: dict[str, Value] = {"amount": money, "words": words_of(money, self.speaker)}
        if minor < 0:
            return Text(N_("Missing: {amount} ({words})"), values)
        if minor > 0:
            return Text(N_("Too much: {amount} ({words})"), values)
        return Text(N_("The money agrees with the lines."))

    # Recording

    def _from_cash(self) -> None:
        if not self.form.field("reason").isHidden() and not self.reason.text().strip():
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        self.send()

    def send(self) -> None:
        """Record the whole sheet, or nothing of it."""
        if self._busy or self._sheet is None:
            return
        self.form.clear()
        cash, total = self.cash.value(), self.total()
        if cash is None:
            text = Text(N_("Count what was handed in with the sheet, and type it here."))
            self.form.show_refusal(Refusal(text, field="cash"))
            return
        if cash != total.minor and not self.reason.text().strip():
            text = Text(N_("Look for a line typed wrongly, or write here why the money differs."))
            self.form.show_refusal(Refusal(text, field="reason"))
            return
        told = {"cash_differs"} if cash != total.minor else set()
        self._busy = True
        self._lane.do(
            partial(
                sheet_entered,
                self._desk,
                self._sheet.id,
                self._entries(),
                Money(cash, self._desk.currency),
                self.reason.text().strip() if told else "",
                self._session,
                self._accepting | self._kept.accepted | told,
                dict(self._leaves),
            ),
            self._done,
            refused=self._refused,
            cautioned=self._cautioned,
            troubled=self._troubled,
            owner=self,
        )

    def _entries(self) -> tuple[SheetEntry, ...]:
        return tuple(
            SheetEntry(place, Money(amount, self._desk.currency), self._requests[place])
            for place, amount in sorted(self._amounts.items())
            if amount
        )

    def _done(self, told: SheetEntered) -> None:
        self._busy = False
        last = self._leaves[max(self._leaves)] if self._leaves else self._kept.leaf
        closed = self._kept.closed or CLOSED in self._accepting
        self._kept = replace(self._kept.without_sheet(), leaf=last, closed=closed)
        self.kept.emit(self._kept)
        self.recorded.emit(told)

    def _forget_doubt(self) -> None:
        self._accepting = frozenset()
        self.doubt.show_texts(())

    def _refused(self, refusal: Refusal) -> None:
        """Go to the line it is about, or show it beside the cash."""
        self._busy = False
        place, _, field = refusal.field.partition(":")
        at = [n for n, line in enumerate(self._lines()) if str(line.place) == place]
        if at:
            self._go(at[0])
            beside = "leaf" if field == "leaf" and self._kept.paper else "amount"
            self.line_form.show_refusal(Refusal(refusal.text, field=beside))
        else:
            self.form.show_refusal(Refusal(refusal.text, field="cash"))

    def _cautioned(self, caution: Caution) -> None:
        self._busy = False
        self._accepting |= {doubt.name for doubt in caution.doubts}
        again = Text(N_("Press Enter once more if it is right; Up goes back to the lines."))
        self.doubt.show_texts([*(doubt.text for doubt in caution.doubts), again])
        self.cash.setFocus(Qt.FocusReason.OtherFocusReason)

    def _troubled(self, trouble: Trouble) -> None:
        self._busy = False
        text = N_("{trouble} Nothing of this sheet is recorded; what was typed is kept.")
        self.trouble.show_text(Text(text, {"trouble": trouble.text}))

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [self._row(self._lines()[at]) for at in ids]

    def _row(self, line: SheetLine) -> tuple[object, ...]:
        paid = self._amounts.get(line.place)
        state: object = None
        if line.entered:
            state = Status.DRAFT, Text(N_("Typed before"))
        elif paid:
            state = Status.UP_TO_DATE, Text(N_("Paid"))
        elif line.place in self._amounts:
            state = Status.DRAFT, Text(N_("Nothing"))
        money = None if not paid else Money(paid, self._desk.currency)
        return line.place, line.number, line.name, line.due, money, state
