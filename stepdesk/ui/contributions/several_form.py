"""F6: one person pays for several households, or a group pays by its ordered list."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from stepdesk.contributions.queries import GroupPreview, expected_of, preview_group
from stepdesk.contributions.service import pay_for_group, pay_for_several
from stepdesk.contributions.terms import CollectionSession, Receipt, Share
from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.queries import household_of_number, similar_numbers
from stepdesk.payers.queries import groups
from stepdesk.payers.terms import Group, Rest
from stepdesk.store.desk import Desk
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.count_form import words_of
from stepdesk.ui.contributions.current_stack import Reveal
from stepdesk.ui.contributions.household_card import NoticeBand
from stepdesk.ui.contributions.type_ahead import TypeAhead
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaking
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Choice
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.field import NumbersField
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import GroupId, HouseholdId, RequestId, SessionId
from stepdesk.values.money import Money

_CHOSEN, _GROUP = "chosen", "group"
_COLUMNS = (
    Column(N_("Household"), width=116),
    Column(N_("Name"), width=130, stretch=2),
    Column(N_("Due"), Kind.AMOUNT, width=92),
    Column(N_("Paid now"), Kind.AMOUNT, width=144),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One household somebody pays for; amounts in minor units."""

    household_id: HouseholdId
    number: str
    name: str
    due: int
    paid: int


@dataclass(frozen=True, slots=True)
class Added:
    """The answer to a household's number; `line` is None when there is none."""

    asked: str
    line: Line | None
    similar: tuple[str, ...] = ()


def added(desk: Desk, asked: str) -> Added:
    """Look for a household and what it owes."""
    with desk.read() as connection:
        household_id = household_of_number(connection, asked)
        if household_id is None:
            return Added(asked, None, similar_numbers(connection, asked))
        told = expected_of(connection, household_id, desk.today, desk.currency)
    due = told.due_now.minor
    return Added(asked, Line(household_id, told.number, told.name, due, due))


def group_lines(desk: Desk, group_id: GroupId, amount: int) -> GroupPreview:
    """Read whom a group's sum fills."""
    return desk.ask(preview_group, group_id, desk.today, amount)


def several_paid(
    desk: Desk, shares: Sequence[Share], session: SessionId | None, accepting: frozenset[str]
) -> tuple[Receipt, ...]:
    """Record what one person paid for several households."""
    return desk.do(pay_for_several, shares=shares, session_id=session, accepting=accepting)


def group_paid(
    desk: Desk,
    request: RequestId,
    group_id: GroupId,
    amount: Money,
    rest: Rest,
    session: SessionId | None,
    accepting: frozenset[str],
) -> tuple[Receipt, ...]:
    """Record a group's sum."""
    return desk.do(
        pay_for_group,
        request_id=request,
        group_id=group_id,
        amount=amount,
        rest=rest,
        session_id=session,
        accepting=accepting,
    ).receipts


class SeveralForm(Card, Speaking):
    """Chosen households one after the other, or a group and its sum; then one Enter for all.

    Signals:
        recorded: The receipts, in the order given.
        dismissed: Nothing was recorded.
    """

    recorded = Signal(object)
    dismissed = Signal()

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__(margin=12)
        self._lane, self._desk = context.lane, desk
        self._session: SessionId | None = None
        self._lines: list[Line] = []
        self._requests: dict[HouseholdId, RequestId] = {}
        self._request = RequestId(b"")
        self._groups: tuple[Group, ...] = ()
        self._accepting: frozenset[str] = frozenset()
        self._busy = False
        self._was_left = False
        speaker = context.speaker
        self.way = Choice(
            speaker,
            ((_CHOSEN, N_("Several households")), (_GROUP, N_("A group, by its list"))),
            columns=2,
        )
        self.number = NumbersField()
        self.group = ComboLine()
        self.amount = NumberField(exponent=desk.currency.exponent)
        self.rest = Choice(
            speaker,
            ((Rest.KEEP, N_("Keep as credit")), (Rest.GIVE_BACK, N_("Hand back"))),
            columns=2,
        )
        self.forms = {name: Form(speaker) for name in ("household", "group", "amount", "rest")}
        self.forms["household"].add(
            "household",
            self.number,
            N_("Household number"),
            hint=N_("Enter adds it; Enter on the empty field records all."),
            width=220,
        )
        self.forms["group"].add("group", self.group, N_("Group"), width=220)
        self.forms["amount"].add("amount", self.amount, N_("Received in hand"), width=160)
        self.forms["rest"].add("rest", self.rest, N_("What is left over"))
        self._build_list(context)
        self._place()
        self._connect()
        self.learn(speaker)

    def _build_list(self, context: Context) -> None:
        speaker = context.speaker
        self._table = TableView(speaker, empty=N_("Nobody yet."))
        self._model = RowsModel((), self._fetch, _COLUMNS, speaker, self)
        self._table.show_rows(self._model)
        self._table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._sum = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        self.doubt = NoticeBand(speaker)
        self.trouble = TroubleBand(speaker)
        self.button = MainButton(N_("Record all (Enter)"), speaker, icon="circle-check")
        self.back = PlainButton(N_("Back"), speaker, key="back")
        self._reveal = Reveal(self.button)
        self._ahead = TypeAhead(self)
        self._ahead.watch(self.number)

    def _place(self) -> None:
        self.body.addWidget(self.way)
        row = QHBoxLayout()
        self.body.addLayout(row)
        for form in self.forms.values():
            row.addWidget(form)
        row.addStretch(1)
        self.body.addWidget(self._table, 1)
        for widget in (self._sum, self.doubt, self.trouble):
            self.body.addWidget(widget)
        buttons = QHBoxLayout()
        self.body.addLayout(buttons)
        buttons.addWidget(self.button)
        buttons.addWidget(self.back)
        buttons.addStretch(1)

    def _connect(self) -> None:
        self.way.chosen.connect(self._turned)
        self.number.returnPressed.connect(self._number_entered)
        self.group.entered.connect(self.amount.setFocus)
        self.group.activated.connect(self._preview)
        self.amount.value_changed.connect(self._preview)
        self.amount.returnPressed.connect(self.send)
        self.button.clicked.connect(self._clicked)
        self.back.clicked.connect(self.dismissed)

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.speaker.tr(N_("Pays for several households")))
        self._table.setAccessibleName(self.speaker.tr(N_("Households paid for")))
        self._say_sum()

    def start(self, session: CollectionSession | None) -> None:
        """Begin with nobody; what is paid goes into the session's bag."""
        self._session = None if session is None else session.id
        self._request = RequestId(secrets.token_bytes(16))
        self._requests = {}
        self._busy = False
        self._was_left = False
        self._ahead.drop()
        self.number.setText("")
        self.amount.set_value(None)
        self.trouble.hide()
        for form in self.forms.values():
            form.clear()
        self.way.choose(_CHOSEN)
        self._show_lines(())
        self._turned(_CHOSEN)
        today = self._desk.today
        self._lane.do(partial(self._desk.ask, groups, today), self._show_groups, owner=self)

    def lines(self) -> tuple[Line, ...]:
        """Return who is paid for, in order."""
        return tuple(self._lines)

    def _show_groups(self, told: tuple[Group, ...]) -> None:
        self._groups = told
        self.group.clear()
        for one in told:
            self.group.addItem(f"{one.code} {one.name}")
        self.way.setVisible(bool(told))

    def _turned(self, way: object) -> None:
        by_group = way == _GROUP
        self.forms["household"].setVisible(not by_group)
        for name in ("group", "amount", "rest"):
            self.forms[name].setVisible(by_group)
        self._show_lines(())
        field = self.group if by_group else self.number
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_lines(self, lines: Sequence[Line]) -> None:
        self._lines = list(lines)
        self._accepting = frozenset()
        self.doubt.show_texts(())
        self._model.set_ids(tuple(range(len(self._lines))))
        self._say_sum()

    def _say_sum(self) -> None:
        total = Money(sum(line.paid for line in self._lines), self._desk.currency)
        count = sum(1 for line in self._lines if line.paid)
        if not count:
            self._sum.say("")
            return
        values: dict[str, Value] = {
            "count": count,
            "amount": total,
            "words": words_of(total, self.speaker),
        }
        one = N_("{count} household: {amount} ({words})")
        many = N_("{count} households: {amount} ({words})")
        self._sum.say(Text(one, values, plural=many))

    # Chosen households

    def scan(self, code: str) -> bool:
        """Add the household of a card as if a reader had typed it; whether that could be done."""
        if self._ahead.holding or self._busy or self.way.value() == _GROUP:
            return False
        self.number.setText(code)
        self._number_entered()
        return True

    def _number_entered(self) -> None:
        asked = self.number.text().strip()
        if not asked:
            self.send()
            return
        self.forms["household"].clear()
        self._ahead.hold()
        self._lane.do(
            partial(added, self._desk, asked),
            self._added,
            refused=self._not_added,
            troubled=self._not_read,
            owner=self,
        )

    def _added(self, told: Added) -> None:
        if told.line is None:
            values = {"asked": told.asked, "similar": ", ".join(told.similar)}
            text = N_("No household {asked}. Is it one of these: {similar}?")
            bare = N_("No household {asked}. Look at the number on the card.")
            self._not_added(Refusal(Text(text if told.similar else bare, values)))
            return
        known = [one for one in self._lines if one.household_id == told.line.household_id]
        if known or not told.line.due:
            text = (
                N_("This household is on the list already. Choose another one.")
                if known
                else N_(
                    "This household owes nothing today. Take another one, or let it pay alone, ahead."
                )
            )
            self._not_added(Refusal(Text(text)))
            return
        self._requests[told.line.household_id] = RequestId(secrets.token_bytes(16))
        self.number.setText("")
        self._show_lines([*self._lines, told.line])
        if self._was_left:
            self._was_left = False
            left = N_(
                "Household {number} is on the list now too. Look at the sum, then record all."
            )
            self.doubt.show_texts((Text(left, {"number": told.line.number}),))
            self._reveal.begin()
            self.number.setFocus(Qt.FocusReason.OtherFocusReason)
        self._ahead.release()

    def _not_added(self, refusal: Refusal) -> None:
        self._ahead.drop()
        self._was_left = False
        self.forms["household"].show_refusal(Refusal(refusal.text, field="household"))

    def _not_read(self, trouble: Trouble) -> None:
        self._ahead.drop()
        self._was_left = False
        self.trouble.show_text(trouble.text)

    # A group

    def _preview(self, _value: object = None) -> None:
        group, amount = self._group(), self.amount.value()
        if group is None or not amount or self.way.value() != _GROUP:
            return
        self._lane.do(
            partial(group_lines, self._desk, group.id, amount), self._previewed, owner=self
        )

    def _group(self) -> Group | None:
        at = self.group.currentIndex()
        return self._groups[at] if 0 <= at < len(self._groups) else None

    def _previewed(self, told: GroupPreview) -> None:
        self._show_lines(
            [
                Line(row.household_id, row.number, row.name, row.wanted, row.gets)
                for row in told.rows
            ]
        )
        if told.left:
            values: dict[str, Value] = {
                "filled": told.filled,
                "asking": told.asking,
                "left": Money(told.left, self._desk.currency),
                "name": told.next_name,
            }
            text = N_(
                "The sum pays for {filled} of {asking} households; {left} are left over: "
                "credit of {name}, or handed back."
            )
            self.doubt.show_texts((Text(text, values),))
            self._reveal.begin()

    # Recording

    def _clicked(self) -> None:
        """Record all; a number that is still in its field is added first, and looked at."""
        if self._ahead.holding:
            return
        if self.way.value() == _CHOSEN and self.number.text().strip():
            self._was_left = True
            self._number_entered()
        else:
            self.send()

    def send(self) -> None:
        """Record all, or nothing."""
        if self._busy:
            return
        for form in self.forms.values():
            form.clear()
        act = self._group_act() if self.way.value() == _GROUP else self._several_act()
        if act is None:
            return
        self._busy = True
        self._lane.do(
            act,
            self._done,
            refused=self._refused,
            cautioned=self._cautioned,
            troubled=self._troubled,
            owner=self,
        )

    def _several_act(self) -> Any:  # noqa: ANN401 - a partial of a lane function
        shares = [
            Share(
                line.household_id,
                line.number,
                Money(line.paid, self._desk.currency),
                self._requests[line.household_id],
            )
            for line in self._lines
        ]
        return partial(several_paid, self._desk, shares, self._session, self._accepting)

    def _group_act(self) -> Any:  # noqa: ANN401 - a partial of a lane function
        group, amount = self._group(), self.amount.value()
        if group is None or not amount:
            text = Text(N_("Type the amount you were given, in figures."))
            self.forms["amount"].show_refusal(Refusal(text, field="amount"))
            return None
        return partial(
            group_paid,
            self._desk,
            self._request,
            group.id,
            Money(amount, self._desk.currency),
            self.rest.value(),
            self._session,
            self._accepting,
        )

    def _done(self, receipts: tuple[Receipt, ...]) -> None:
        self._busy = False
        self.recorded.emit(receipts)

    def _refused(self, refusal: Refusal) -> None:
        self._busy = False
        by_group = self.way.value() == _GROUP
        fallback = "amount" if by_group else "household"
        name = refusal.field if by_group and refusal.field in self.forms else fallback
        self.forms[name].show_refusal(Refusal(refusal.text, field=name))

    def _cautioned(self, caution: Caution) -> None:
        self._busy = False
        self._accepting |= {doubt.name for doubt in caution.doubts}
        again = Text(N_("Press Enter once more if it is right; or go back."))
        self.doubt.show_texts([*(doubt.text for doubt in caution.doubts), again])
        self._reveal.begin()

    def _troubled(self, trouble: Trouble) -> None:
        self._busy = False
        text = N_("{trouble} Nothing of this is recorded. Write receipts in the paper book.")
        self.trouble.show_text(Text(text, {"trouble": trouble.text}))

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        currency = self._desk.currency
        rows = [self._lines[at] for at in ids]
        return [
            (one.number, one.name, Money(one.due, currency), Money(one.paid, currency))
            for one in rows
        ]
