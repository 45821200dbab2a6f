"""The register of complaints and appeals (D27): filed, acknowledged, heard, decided, closed."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.claims.terms import Contested
from stepdesk.complaints.papers import FILERS, KINDS, OUTCOMES, STATES
from stepdesk.complaints.terms import Complaint, ComplaintState, FiledBy
from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.terms import PersonRow
from stepdesk.store.desk import Desk
from stepdesk.ui.action_form import Action, ActionForm, Sent
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.control import facts
from stepdesk.ui.letters.patient_view import lines
from stepdesk.ui.members.answers import Answer, Finder, Several
from stepdesk.ui.members.asks import Ask, Choices, Kind
from stepdesk.ui.overriding import override
from stepdesk.ui.printing import show_paper
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Tabs
from stepdesk.ui.widgets.rows_model import Column, RowsModel
from stepdesk.ui.widgets.rows_model import Kind as Cell
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import ComplaintId

_COLUMNS = (
    Column(N_("No."), width=154),
    Column(N_("Filed on"), width=104, priority=1),
    Column(N_("About"), width=150, stretch=1),
    Column(N_("Concerns"), width=124, priority=2),
    Column(N_("Next step by"), width=136),
    Column(N_("State"), Cell.STATUS, width=138),
)
_DUE, _ALL = "due", "all"
_DETAIL, _FORM = range(2)
_STEP = {
    ComplaintState.FILED: "acknowledge",
    ComplaintState.ACKNOWLEDGED: "hear",
    ComplaintState.HEARD: "answer",
    ComplaintState.DECIDED: "close",
}
_STEP_WORDS = {
    "acknowledge": N_("Tell the person that it came …"),
    "hear": N_("Hear who complains …"),
    "answer": N_("Decide …"),
    "close": N_("Tell the decision and close …"),
}


def _options(words: Mapping[Any, str]) -> Choices:
    return tuple((value, Text(told)) for value, told in words.items())


_NOTE = Ask("note", N_("Note"), needed=False)
_FILE = Action(
    "file",
    N_("A complaint or an appeal"),
    N_("It gets a number; the days by which it is answered count from the day it came."),
    (
        (
            Ask("kind", N_("It is about"), Kind.LIST),
            Ask("told", N_("What happened, and what is asked for")),
            Ask("filed_by", N_("Who complains"), Kind.LIST),
            Ask("who", N_("Name and how to be reached"), needed=False),
            Ask("filed_on", N_("It came on (empty: today)"), Kind.DAY, needed=False, width=140),
        ),
        (
            Ask("household", N_("Household it is about"), needed=False),
            Ask("claim", N_("Claim, of an appeal"), needed=False, width=200),
            Ask("provider", N_("Provider, if it is about one"), Kind.LIST, needed=False),
            Ask("earlier", N_("Complaint whose answer is not accepted"), needed=False, width=200),
        ),
    ),
    N_("File the complaint"),
    {"kind": _options(KINDS), "filed_by": _options(FILERS), "provider": ((None, "–"),)},
)  # fmt: skip
_STEPS = (
    Action(
        "acknowledge",
        N_("{number} came: tell the person"),
        N_("Say its number, and by when it is decided."),
        ((_NOTE,),),
        N_("The person was told"),
    ),
    Action(
        "hear",
        N_("{number}: what was said"),
        N_("Whoever complains is heard before anything is decided."),
        ((Ask("heard", N_("What was said at the hearing")),),),
        N_("Keep it"),
    ),
    Action(
        "answer",
        N_("{number}: the decision"),
        N_("The board signs. An appeal granted decides the claim anew."),
        (
            (
                Ask("outcome", N_("Decision"), Kind.LIST, width=280),
                Ask(
                    "code",
                    N_("Of an appeal granted: reasons that no longer count"),
                    Kind.SEVERAL,
                    hint=N_("Space sets a tick. None: it is assessed anew as the book stands."),
                    needed=False,
                ),
                Ask("answer", N_("What the person is told, and why")),
            ),
        ),
        N_("Decide"),
        {"outcome": ((None, "–"), *_options(OUTCOMES))},
        signed=True,
    ),
    Action(
        "close",
        N_("{number}: the decision was told"),
        "",
        ((_NOTE,),),
        N_("Close it"),
    ),
)


class ComplaintsPart(QWidget, Speaking):
    """The register, and the complaint that is chosen.

    Signals:
        claim_wanted: The claim of an appeal is to be seen.
    """

    claim_wanted = Signal(object)

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self._room: facts.Room | None = None
        self._complaints: dict[ComplaintId, Complaint] = {}
        self._request = facts.new_request()
        say = context.speaker
        self.which = Tabs(
            say, ((_DUE, N_("A step is due")), (_ALL, N_("All complaints"))), columns=2
        )
        self.table = TableView(say, empty=N_("No complaint here. F2 files one."))
        self.rows = RowsModel((), self._fetch, _COLUMNS, say, self)
        self.table.show_rows(self.rows)
        self.head = Words("", say, size=Size.SECTION, bold=True, wrap=True)
        self.about = Words("", say, muted=True, wrap=True)
        self.told = Words("", say, wrap=True)
        self.history = Words("", say, wrap=True)
        self.step = MainButton(_STEP_WORDS["acknowledge"], say, key="override")
        self.new = PlainButton(N_("New"), say, key="new", icon="plus")
        self.print = PlainButton(N_("Form"), say, key="print", icon="printer")
        self.register = PlainButton(N_("Register"), say, key="papers", icon="printer")
        self.household = Finder(say, self._find, household=True)
        self.waived = Several(say, columns=1)
        own: dict[str, dict[str, Answer]] = {
            "file": {"household": self.household},
            "answer": {"code": self.waived},
        }
        today = context.clock_today()
        self.form = ActionForm(say, today, (_FILE, *_STEPS), own)
        self._place(say)
        self._connect()
        self.learn(say)

    def _place(self, say: Speaker) -> None:
        left = Card(N_("Complaints and appeals"), say, margin=16)
        left.body.addWidget(self.which)
        left.body.addWidget(self.table, 1)
        foot = QHBoxLayout()
        left.body.addLayout(foot)
        for button in (self.new, self.print, self.register):
            foot.addWidget(button)
        foot.addStretch(1)
        detail = Card(margin=16)
        for widget in (self.head, self.about, self.told, self.history, self.step):
            detail.body.addWidget(widget)
        detail.body.addStretch(1)
        self._sides = Sides(left, detail, side=380)
        self.stack = CurrentStack()
        self.stack.addWidget(self._sides)
        self.stack.addWidget(self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack, 1)

    def _connect(self) -> None:
        self.which.chosen.connect(self._show_rows)
        self.table.current.connect(self._tell)
        self.table.chosen.connect(self._enter)
        self.new.clicked.connect(self.start_new)
        self.print.clicked.connect(self.print_form)
        self.register.clicked.connect(self.print_register)
        self.step.clicked.connect(self.act_first)
        self.form.ready.connect(self._send)
        self.form.left.connect(self.leave_form)

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.tr(N_("Complaints and appeals")))

    # What is listed

    def load(self, which: str = "") -> None:
        """Read the register as it stands now."""
        if which in {_DUE, _ALL}:
            self.which.choose(which)
        self._context.lane.do(partial(facts.room_of, self._desk), self._loaded, owner=self)

    def _loaded(self, room: facts.Room) -> None:
        self._show(room)
        if not self.acting:
            self.focus()

    def _show(self, room: facts.Room) -> None:
        self._room = room
        self._complaints = {one.id: one for one in room.complaints}
        named: Choices = tuple((one.id, one.name) for one in room.providers)
        self.form.forms["file"].answers["provider"].offer(((None, "–"), *named))
        self._show_rows()

    def _show_rows(self, _which: object = None) -> None:
        kept = self.table.chosen_id()
        all_of_them = self.which.value() == _ALL
        waiting = self._room.due if self._room is not None else frozenset()
        shown = [one for one in self._complaints.values() if all_of_them or one.id in waiting]
        if not all_of_them:
            shown.sort(key=lambda one: (one.due or one.filed_on, one.number))
        self.rows.set_ids(tuple(one.id for one in shown))
        if kept in {one.id for one in shown}:
            self.table.select_id(kept)
        elif shown:
            self.table.go_to(0)
        self._tell()

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [self._row(self._complaints[one]) for one in ids]

    def _row(self, one: Complaint) -> tuple[object, ...]:
        return (
            one.number,
            one.filed_on,
            Text(KINDS[one.kind]),
            one.concerns,
            one.due,
            self._state(one),
        )

    def _state(self, one: Complaint) -> tuple[Status, Text]:
        word = Text(STATES[one.state])
        if self._room is not None and one.late(self._room.today):
            return Status.LATE, Text(N_("{state}, late"), {"state": word})
        closed = one.state in {ComplaintState.DECIDED, ComplaintState.CLOSED}
        return (Status.UP_TO_DATE if closed else Status.WAITING), word

    def chosen(self) -> Complaint | None:
        """Return the complaint the arrow keys are on."""
        return self._complaints.get(self.table.chosen_id())

    def focus(self) -> None:
        target = self.table if self.rows.rowCount() else self.new
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self, _which: object = None) -> None:
        one = self.chosen()
        for words in (self.head, self.about, self.told, self.history):
            words.setVisible(one is not None)
        name = None if one is None else _STEP.get(one.state)
        self.step.setVisible(name is not None)
        if one is None:
            return
        if name is not None:
            self.step.say(_STEP_WORDS[name])
        self.head.say(
            Text("{number} · {kind}", {"number": one.number, "kind": Text(KINDS[one.kind])})
        )
        self.about.say(_about(one))
        self.told.say(Text("{told}", {"told": one.told}))
        self.history.say(lines(_history(one)))

    def _enter(self, _complaint_id: object) -> None:
        if not self.step.isHidden():
            self.act_first()

    # What is done

    def start_new(self, *_clicked: object) -> None:
        """F2: file a complaint; what is half typed stays."""
        if self.acting:
            return
        self.stack.setCurrentIndex(_FORM)
        self.form.start("file", "", "new", first={"filed_by": FiledBy.MEMBER})

    @property
    def acting(self) -> bool:
        """Whether a form is open."""
        return self.stack.currentIndex() == _FORM

    def act_first(self, *_clicked: object) -> None:
        """F7: the next step of the chosen complaint."""
        one, room = self.chosen(), self._room
        name = None if one is None else _STEP.get(one.state)
        if one is None or room is None or name is None or self.acting:
            return
        self.stack.setCurrentIndex(_FORM)
        if name == "answer":
            self._offer_reasons(room.contested.get(one.id, ()))
        self.form.start(name, one.number, one.id, others=room.others, solo=room.solo)

    def _offer_reasons(self, contested: Sequence[Contested]) -> None:
        """Offer the reasons of the decision that is appealed against, each with its sentence."""
        self.waived.offer([(one.code, _reason(one)) for one in contested])
        asked = ("outcome", "code", "answer") if contested else ("outcome", "answer")
        self.form.forms["answer"].show_only(asked)

    def leave_form(self) -> None:
        """Back to the register."""
        self.stack.setCurrentIndex(_DETAIL)
        self.focus()

    def _find(self, finder: Finder, asked: str) -> None:
        self._context.lane.do(
            partial(facts.people, self._desk, asked), partial(self._found, finder, asked),
            owner=self,
        )  # fmt: skip

    def _found(self, finder: Finder, asked: str, rows: tuple[PersonRow, ...]) -> None:
        homes = {one.household_id: one for one in reversed(rows)}
        finder.found(asked, tuple(homes.values()))

    def _send(self, sent: Sent) -> None:
        one = self.chosen()
        if sent.name == "file":
            self._do(partial(facts.filed, self._desk, self._request, sent), self._filed)
        elif one is not None:
            self._do(partial(facts.stepped, self._desk, one.id, sent), self._stepped)

    def _do(self, act: partial[Any], then: Any) -> None:  # noqa: ANN401 - takes what it gives
        self._context.lane.do(
            act,
            then,
            refused=self._refuse,
            cautioned=self._doubt,
            troubled=self._fail,
            owner=self,
        )

    def _refuse(self, refusal: Refusal) -> None:
        self.form.refuse(refusal)

    def _doubt(self, caution: Caution) -> None:
        self.form.doubt(caution)

    def _fail(self, trouble: Trouble) -> None:
        self.form.fail(trouble)

    def _filed(self, complaint_id: ComplaintId) -> None:
        self._request = facts.new_request()
        self._done()
        self._context.toast(Text(N_("It is filed. F9 prints its form for the person.")))
        self._context.lane.do(
            partial(facts.room_of, self._desk), partial(self._go_to, complaint_id), owner=self
        )

    def _go_to(self, complaint_id: ComplaintId, room: facts.Room) -> None:
        self._show(room)
        self.table.select_id(complaint_id)
        self.focus()

    def _stepped(self, _nothing: object) -> None:
        self._done()
        self.load()

    def _done(self) -> None:
        self._context.saved()
        self.form.forget()
        self.leave_form()

    # Papers

    def print_form(self, *_clicked: object) -> None:
        """F9: the form of the chosen complaint, or a blank one."""
        one = self.chosen()
        named = one.number if one is not None else self.speaker.tr(N_("Blank form"))
        self._draw(partial(facts.form_paper, self._desk, None if one is None else one.id), named)

    def print_register(self, *_clicked: object) -> None:
        """The whole register; nobody is named in it."""
        named = self.speaker.tr(N_("Register of complaints and appeals"))
        self._draw(partial(facts.register_paper, self._desk), named)

    def _draw(self, draw: partial[bytes], named: str) -> None:
        self._context.lane.do(draw, partial(self._paper, named), owner=self)

    def _paper(self, named: str, pdf: bytes) -> None:
        show_paper(self, pdf, named, self.speaker)


def _reason(one: Contested) -> Text:
    """Return a reason of a decision: code, words, and on what it stands."""
    values: dict[str, Value] = {"code": one.code.value, "reason": one.words}
    if not one.lines:
        return Text(N_("{code} · {reason}"), values)
    values["lines"] = ", ".join(one.lines)
    return Text(N_("{code} · {reason} · on {lines}"), values)


def _about(one: Complaint) -> Text:
    """Return who complains, about whom, since when and at which level."""
    values: dict[str, Value] = {
        "by": Text(FILERS[one.filed_by]),
        "who": one.who,
        "concerns": one.concerns or one.claim or "–",
        "day": one.filed_on,
        "level": one.level,
        "last": one.deadlines.decide_by,
    }
    told = [Text(N_("{by}, filed on {day}; to be decided by {last} (level {level})."), values)]
    if one.who:
        told.append(Text(N_("To be reached: {who}"), values))
    if one.concerns:
        told.append(Text(N_("It concerns {concerns}."), values))
    if one.claim:
        told.append(Text(N_("Claim {claim}."), {"claim": one.claim}))
    return lines(told)


def _history(one: Complaint) -> list[Text]:
    """Return what was done, a sentence each."""
    found = []
    for step in one.steps:
        values: dict[str, Value] = {
            "state": Text(STATES[step.state]),
            "day": step.day,
            "by": step.by,
            "answer": step.answer,
        }
        told = Text(N_("{state} on {day} by {by}."), values)
        if step.outcome is not None:
            outcome = {"one": told, "other": Text(OUTCOMES[step.outcome])}
            told = Text("{one} {other}.", outcome)
        if step.answer:
            told = Text("{one} {other}", {"one": told, "other": step.answer})
        found.append(told)
    return found
