"""What a controller looks at: what was seen, the evidence, and what is said of it in the end.

A flag accuses nobody: the words say what was seen, and stay on this screen.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.control.rules import PATTERNS
from stepdesk.control.terms import Evidence, Flag, FlagAction, FlagState, Looked
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.store.desk import Desk
from stepdesk.ui import tokens
from stepdesk.ui.action_form import Action, ActionForm, Sent
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.control import looking
from stepdesk.ui.letters.patient_view import lines
from stepdesk.ui.members.asks import Ask
from stepdesk.ui.members.asks import Kind as AskKind
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaking
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Tabs
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.month_field import MonthField
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import FlagId
from stepdesk.values.money import Money
from stepdesk.values.month import Month

_COLUMNS = (
    Column(N_("Seen"), width=190, stretch=1),
    Column(N_("Concerns"), width=166),
    Column(N_("Month"), width=140, priority=1),
    Column(N_("State"), Kind.STATUS, width=140),
)
_EVIDENCE = (
    Column(N_("Document"), width=150, stretch=1),
    Column(N_("Day"), width=106),
    Column(N_("Amount"), Kind.AMOUNT, width=90),
)
_SHOW = (
    (looking.WAITING, N_("To look at")),
    (looking.CONFIRMED, N_("It was so")),
    (looking.DISMISSED, N_("Nothing behind it")),
)
_STATES = {
    FlagState.RAISED: (Status.LATE, N_("Not looked at")),
    FlagState.REVIEWED: (Status.WAITING, N_("Looked at")),
    FlagState.DISMISSED: (Status.DRAFT, N_("Nothing behind it")),
    FlagState.CONFIRMED: (Status.LATE, N_("It was so")),
    FlagState.ACTION: (Status.UP_TO_DATE, N_("Something was done")),
}
_ACTIONS = (
    (FlagAction.WARNING, N_("A warning")),
    (FlagAction.RECOVERY, N_("The money is asked back")),
    (FlagAction.SUSPENSION, N_("A suspension")),
    (FlagAction.EXCLUSION, N_("An exclusion")),
    (FlagAction.END_OF_AGREEMENT, N_("The agreement ends")),
)
_FORMS = (
    Action(
        "review",
        N_("{number}: what was found"),
        N_("Look discreetly: ask the papers first, and nobody by name."),
        ((Ask("note", N_("What was found"), needed=False),),),
        N_("Looked at"),
    ),
    Action(
        "dismiss",
        N_("{number}: nothing behind it"),
        N_("It comes back by itself only when more is seen."),
        ((Ask("reason", N_("Why")),),),
        N_("Nothing behind it"),
    ),
    Action(
        "confirm",
        N_("{number}: it was so"),
        N_("What follows is decided apart: nothing is taken back by this."),
        ((Ask("reason", N_("What shows it")),),),
        N_("It was so"),
    ),
    Action(
        "act_on",
        N_("{number}: what was done"),
        N_("It is only noted here: a payment is taken back, an agreement ended in their rooms."),
        ((Ask("action", N_("What was done"), AskKind.LIST), Ask("reason", N_("Why"))),),
        N_("Note it"),
        {"action": tuple((value, Text(told)) for value, told in _ACTIONS)},
    ),
)
_OFFERED = {
    FlagState.RAISED: ("review",),
    FlagState.REVIEWED: ("dismiss", "confirm"),
    FlagState.CONFIRMED: ("act_on",),
    FlagState.ACTION: ("act_on",),
}
_DETAIL, _FORM = range(2)


class FlagsPart(QWidget, Speaking):
    """The list, ranked, and the one that is chosen with its evidence."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self._flags: dict[FlagId, Flag] = {}
        self._evidence: tuple[Evidence, ...] = ()
        self._now: Flag | None = None
        say, today = context.speaker, context.clock_today()
        self.which = Tabs(say, _SHOW, columns=3)
        self.table = TableView(say, empty=N_("Nothing to look at. F5 looks through the book."))
        self.rows = RowsModel((), self._fetch, _COLUMNS, say, self)
        self.table.show_rows(self.rows)
        self.head = Words("", say, size=Size.SECTION, bold=True, wrap=True)
        self.sentence = Words("", say, wrap=True)
        self.history = Words("", say, wrap=True)
        self.evidence = TableView(
            say, empty=N_("No other document."), row=tokens.ROW_DENSE, fewest=5
        )
        self.documents = RowsModel((), self._fetch_evidence, _EVIDENCE, say, self)
        self.evidence.show_rows(self.documents)
        self.acts = {
            "review": MainButton(N_("Looked at …"), say, key="override"),
            "dismiss": PlainButton(N_("Nothing behind it …"), say, key="override"),
            "confirm": PlainButton(N_("It was so …"), say),
            "act_on": PlainButton(N_("What was done …"), say, key="override"),
        }
        self.month = MonthField(Month.of(today))
        self.month.set_month(Month.of(today).plus(-1))
        self.look = PlainButton(N_("Look through the book"), say, key="recompute")
        self.told = Words("", say, wrap=True)
        self.month_form = Form(say)
        self.form = ActionForm(say, today, _FORMS)
        self._place()
        self._connect()
        self.learn(say)

    def _place(self) -> None:
        left = Card(margin=16)
        left.body.addWidget(self.which)
        left.body.addWidget(self.table, 1)
        left.body.addWidget(self.told)
        foot = QHBoxLayout()
        left.body.addLayout(foot)
        self.month_form.add("month", self.month, N_("Twelve months up to"), width=120)
        foot.addWidget(self.month_form)
        foot.addWidget(self.look, 0, Qt.AlignmentFlag.AlignBottom)
        foot.addStretch(1)
        detail = Card(margin=16)
        for widget in (self.head, self.sentence, self.evidence, self.history):
            detail.body.addWidget(widget)
        for button in self.acts.values():
            detail.body.addWidget(button)
        detail.body.addStretch(1)
        self.side = CurrentStack()
        self.side.addWidget(detail)
        self.side.addWidget(self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Sides(left, self.side, side=400), 1)

    def _connect(self) -> None:
        self.which.chosen.connect(self._listed_anew)
        self.table.current.connect(self._tell)
        self.table.chosen.connect(self._enter)
        self.look.clicked.connect(self.look_through)
        self.month.returnPressed.connect(self.look_through)
        self.form.ready.connect(self._judge)
        self.form.left.connect(self.leave_form)
        for name, button in self.acts.items():
            button.clicked.connect(partial(self.want, name))

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.tr(N_("To look at")))
        self.evidence.setAccessibleName(self.speaker.tr(N_("Evidence")))
        self.month.setAccessibleName(self.speaker.tr(N_("Twelve months up to")))

    # What is listed

    def load(self) -> None:
        """Read the list as it stands now."""
        which = str(self.which.value())
        self._context.lane.do(partial(looking.flags_of, self._desk, which), self._show, owner=self)

    def _listed_anew(self, _which: object) -> None:
        self.load()

    def _show(self, found: tuple[Flag, ...]) -> None:
        kept = self.table.chosen_id()
        self._flags = {one.id: one for one in found}
        self.rows.set_ids(tuple(self._flags))
        if kept in self._flags:
            self.table.select_id(kept)
        elif found:
            self.table.go_to(0)
        self._tell()

    def focus(self) -> None:
        target = self.table if self._flags else self.look
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [_row(self._flags[one]) for one in ids]

    def _fetch_evidence(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [self._document(self._evidence[at]) for at in ids]

    def _document(self, one: Evidence) -> tuple[object, ...]:
        amount = None if one.amount is None else Money(one.amount, self._desk.currency)
        return (one.number, one.day, amount)

    def _tell(self, _which: object = None) -> None:
        """Tell of the flag the arrow keys are on; its evidence comes from the lane."""
        one = self._flags.get(self.table.chosen_id())
        self._say(one)
        if one is not None:
            self._context.lane.do(
                partial(looking.shown, self._desk, one.id), self._whole, owner=self
            )

    def _whole(self, flag: Flag) -> None:
        if flag.id == self.table.chosen_id():
            self._say(flag)

    def _say(self, one: Flag | None) -> None:
        self._now = one
        offered = () if one is None else _OFFERED.get(one.state, ())
        for name, button in self.acts.items():
            button.setVisible(name in offered)
        for widget in (self.head, self.sentence, self.history, self.evidence):
            widget.setVisible(one is not None)
        self._evidence = () if one is None else one.evidence
        self.documents.set_ids(tuple(range(len(self._evidence))))
        if one is not None:
            values: dict[str, Value] = {"number": one.number, "what": Text(PATTERNS[one.pattern])}
            self.head.say(Text("{number} · {what}", values))
            self.sentence.say(lines([one.sentence, *_entries(one.evidence)]))
            self.history.say(lines(_history(one)))

    def _enter(self, _flag_id: object) -> None:
        self.act_first()

    # What is done

    @property
    def acting(self) -> bool:
        """Whether a form is open."""
        return self.side.currentIndex() == _FORM

    def act_first(self, *_clicked: object) -> None:
        """F7: the next step."""
        offered = () if self._now is None else _OFFERED.get(self._now.state, ())
        if offered and not self.acting:
            self.want(offered[0])

    def want(self, name: str, *_clicked: object) -> None:
        """Ask what a step needs."""
        if self._now is not None:
            self.side.setCurrentIndex(_FORM)
            self.form.start(name, self._now.number, self._now.id)

    def leave_form(self) -> None:
        """Back to the evidence."""
        self.side.setCurrentIndex(_DETAIL)
        self.focus()

    def _judge(self, sent: Sent) -> None:
        if self._now is None:
            return
        self._context.lane.do(
            partial(looking.judged, self._desk, self._now.id, sent),
            self._judged,
            refused=self.form.refuse,
            troubled=self.form.fail,
            owner=self,
        )

    def _judged(self, _nothing: object) -> None:
        self._context.saved()
        self.form.forget()
        self.leave_form()
        self.load()

    def look_through(self, *_clicked: object) -> None:
        """F5: look at the twelve months that end with the month."""
        self.month_form.clear()
        month = self.month.month()
        if month is None or not self.look.isEnabled():
            text = self.month.problem() or Text(
                N_("This is not a month. Type it as 10 or 10/2026.")
            )
            self.month_form.show_refusal(Refusal(text, field="month"))
            return
        self.look.setEnabled(False)
        progress = self._context.lane.progress()
        self._context.lane.do(
            partial(looking.looked, self._desk, month, progress),
            self._found,
            refused=self._not_looked,
            troubled=self._troubled,
            cancelled=self._free,
            owner=self,
            progress=progress,
        )

    def _found(self, found: Looked) -> None:
        self._free()
        self._context.saved()
        told = Text(
            N_(
                "Certificates looked at: {claims}. To look at anew: {count}. Known already: {known}."
            ),
            {"claims": found.claims, "count": len(found.raised), "known": found.known},
        )
        counted = [
            Text(N_("{what}: {count}"), {"what": one.sentence, "count": one.count})
            for one in found.statistics
        ]
        self.told.say(lines([told, *counted]))
        self.load()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _not_looked(self, refusal: Refusal) -> None:
        self._free()
        self.month_form.show_refusal(refusal)

    def _troubled(self, trouble: Trouble) -> None:
        self._free()
        self.told.say(trouble.text)

    def _free(self) -> None:
        self.look.setEnabled(True)


def _row(one: Flag) -> tuple[object, ...]:
    status, word = _STATES[one.state]
    return (Text(PATTERNS[one.pattern]), one.concerns, one.month, (status, Text(word)))


def _entries(evidence: Sequence[Evidence]) -> list[Text]:
    """Return two entries that may be one person, a line each: whoever compares them needs it all."""
    return [
        Text(
            N_("{number}: {name}, born on {day}"),
            {"number": one.number, "name": one.name, "day": one.born},
        )
        for one in evidence
        if one.name and one.born
    ]


def _history(one: Flag) -> list[Text]:
    """Return what was done, a sentence each."""
    found = []
    words = dict(_ACTIONS)
    for step in one.steps:
        state = Text(_STATES[step.state][1])
        values: dict[str, Value] = {"state": state, "day": step.day, "by": step.by}
        if step.action is not None:
            values["state"] = Text(words[step.action])
        told = Text(N_("{state} on {day} by {by}."), values)
        if step.reason:
            told = Text("{one} {other}", {"one": told, "other": step.reason})
        found.append(told)
    return found
