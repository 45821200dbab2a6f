"""The paper booklets: received, given out, come back; what their leaves tell that should not be."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from stepdesk.contributions.queries import booklet_states, open_findings
from stepdesk.contributions.service import (
    LEAVES,
    accept_findings,
    issue_booklet,
    mark_leaves,
    receive_booklets,
    return_booklet,
)
from stepdesk.contributions.terms import (
    BookletFinding,
    BookletState,
    LeafState,
    MarkKind,
    Stationery,
)
from stepdesk.errors import Caution, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Colleague, Desk
from stepdesk.ui import theme
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.contributions.household_card import NoticeBand
from stepdesk.ui.contributions.open_form import PeopleTiles
from stepdesk.ui.overriding import override
from stepdesk.ui.printing import show_paper
from stepdesk.ui.speech import Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Choice, Tabs
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.flow import Flow
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words
from stepdesk.values.ids import BookletId, StaffId

_SIDE = 400
_RECEIVE, _ISSUE, _RETURN, _MARK, _EXPLAIN = range(5)
_KINDS = {
    Stationery.RECEIPT: N_("Receipts"),
    Stationery.CERTIFICATE: N_("Certificates"),
    Stationery.LETTER: N_("Letters"),
}
_COLUMNS = (
    Column(N_("Booklet"), width=84),
    Column(N_("Made of"), width=110, priority=2),
    Column(N_("Who has it"), width=130, stretch=2),
    Column(N_("Since"), width=104, priority=1),
    Column(N_("Blank"), Kind.NUMBER, width=80),
    Column(N_("Used"), Kind.NUMBER, width=80),
    Column(N_("Look at"), Kind.STATUS, width=120),
)


@dataclass(frozen=True, slots=True)
class Shelf:
    """All booklets, who may be given one, and what nobody has explained yet."""

    booklets: tuple[BookletState, ...]
    people: tuple[Colleague, ...]
    open: tuple[BookletFinding, ...] = ()

    def open_of(self, one: BookletState) -> tuple[BookletFinding, ...]:
        """Return what is still to be explained about a booklet."""
        return tuple(found for found in self.open if found.booklet_id == one.booklet.id)


def shelf_of(desk: Desk) -> Shelf:
    """Read the booklets and the people of the desk."""
    return Shelf(desk.ask(booklet_states), desk.colleagues(), desk.ask(open_findings))


def received(desk: Desk, kind: Stationery, first: int, count: int, leaves: int) -> None:
    """Write down booklets that came."""
    desk.do(receive_booklets, kind=kind, first_serial=first, count=count, leaves=leaves)


def given(
    desk: Desk, booklet_id: BookletId, collector_id: StaffId | None, accepting: frozenset[str]
) -> None:
    """Give a booklet to a collector."""
    desk.do(issue_booklet, booklet_id=booklet_id, collector_id=collector_id, accepting=accepting)


def returned(desk: Desk, booklet_id: BookletId, note: str) -> None:
    """Take a booklet back."""
    desk.do(return_booklet, booklet_id=booklet_id, note=note)


def marked(
    desk: Desk, booklet_id: BookletId, kind: MarkKind, first: int, last: int | None, reason: str
) -> None:
    """Cancel leaves, or tell that they are missing or found."""
    desk.do(
        mark_leaves,
        booklet_id=booklet_id,
        kind=kind,
        first_leaf=first,
        last_leaf=last,
        reason=reason,
    )


def explained(desk: Desk, booklet_id: BookletId, found: BookletFinding, reason: str) -> None:
    """Write down what was learnt about something found."""
    desk.do(
        accept_findings,
        booklet_id=booklet_id,
        leaf=found.first_leaf,
        kind=found.kind,
        reason=reason,
    )


def register_of(desk: Desk) -> bytes:
    """Draw the register of booklets: who has what, leaf counts, what should not be (D28)."""
    from stepdesk.contributions.papers import booklet_register_pdf

    scheme = desk.ask(scheme_on, desk.today)
    return booklet_register_pdf(
        desk.ask(booklet_states),
        scheme.language,
        scheme=scheme.name,
        practice=scheme.practice,
        day=desk.today,
    )


def leaves_of(desk: Desk, state: BookletState) -> bytes:
    """Draw one booklet leaf by leaf."""
    from stepdesk.contributions.papers import booklet_pdf

    scheme = desk.ask(scheme_on, desk.today)
    return booklet_pdf(
        state,
        scheme.language,
        scheme=scheme.name,
        practice=scheme.practice,
        day=desk.today,
    )


def _to(field: QLineEdit) -> None:
    """Go on to another field, as Enter does everywhere; what stands there may be typed over."""
    field.setFocus(Qt.FocusReason.TabFocusReason)
    field.selectAll()


class BookletsView(QWidget, Dressed, Speaking):
    """The list of booklets, and a form for what happens to one.

    Signals:
        dismissed: Back to collecting.
    """

    dismissed = Signal()

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._lane, self._saved, self._desk = context.lane, context.saved, desk
        self._shelf = Shelf((), ())
        self._accepting: frozenset[str] = frozenset()
        self._build(context)
        self._build_forms(context)
        self._place()
        self._connect()
        self.wear()
        self.learn(context.speaker)

    def _build(self, context: Context) -> None:
        speaker = context.speaker
        empty = N_("No booklet yet. Write down at the right which ones came from the printer.")
        self.table = TableView(speaker, empty=empty)
        self._model = RowsModel((), self._fetch, _COLUMNS, speaker, self)
        self.table.show_rows(self._model)
        self.findings = NoticeBand(speaker)
        self.register = PlainButton(N_("Register"), speaker, key="print", icon="printer")
        self.leaf_by_leaf = PlainButton(N_("This booklet, leaf by leaf"), speaker, icon="printer")
        self.what = Tabs(
            speaker,
            (
                (_RECEIVE, N_("From the printer")),
                (_ISSUE, N_("Given out")),
                (_RETURN, N_("Came back")),
                (_MARK, N_("Leaves")),
                (_EXPLAIN, N_("Findings")),
            ),
            columns=2,
        )
        self._which = Words("", speaker, bold=True, wrap=True)
        self.doubt = NoticeBand(speaker)
        self.trouble = TroubleBand(speaker)
        self.told = Words("", speaker, bold=True, wrap=True)
        self.button = MainButton(N_("Write it down (Enter)"), speaker, icon="circle-check")
        self.back = PlainButton(N_("Back"), speaker, key="back")

    def _build_forms(self, context: Context) -> None:
        speaker = context.speaker
        self.kind = Choice(speaker, tuple(_KINDS.items()))
        self.serial, self.many = NumberField(grouped=False), NumberField()
        self.leaves = NumberField()
        self.collector = PeopleTiles(speaker)
        self.note, self.reason = Field(), Field()
        self.mark = Choice(
            speaker,
            (
                (MarkKind.CANCELLED, N_("Spoilt")),
                (MarkKind.MISSING, N_("Missing")),
                (MarkKind.FOUND, N_("Found")),
            ),
        )
        self.first, self.last = NumberField(grouped=False), NumberField(grouped=False)
        self.found, self.learnt = ComboLine(), Field()
        self.forms = tuple(Form(speaker) for _ in range(5))
        receive, issue, back, mark, explain = self.forms
        receive.add("kind", self.kind, N_("Made of"))
        receive.add("serial", self.serial, N_("Number printed on the first"), width=160)
        receive.add("count", self.many, N_("How many booklets"), width=160)
        receive.add("leaves", self.leaves, N_("Leaves in each"), width=160)
        issue.add("holder", self.collector, N_("Who gets it"))
        back.add("booklet", self.note, N_("What was seen"))
        mark.add("kind", self.mark, N_("The leaves are"))
        mark.add("leaf", self.first, N_("First leaf"), width=120)
        mark.add("last_leaf", self.last, N_("Last leaf, if more than one"), width=120)
        mark.add("reason", self.reason, N_("Why"))
        explain.add("leaf", self.found, N_("What was found"))
        explain.add("reason", self.learnt, N_("What was learnt; it is kept in the register"))

    def _place(self) -> None:
        left = Card(N_("Paper booklets"), self._which.speaker, margin=12)
        left.body.addWidget(self.table, 1)
        left.body.addWidget(self.findings)
        left.body.addWidget(Flow((self.register, self.leaf_by_leaf)))
        self._right = Card(margin=12)
        for widget in (self.what, self._which):
            self._right.body.addWidget(widget)
        self._stack = CurrentStack()
        for form in self.forms:
            self._stack.addWidget(form)
        self._right.body.addWidget(self._stack)
        for band in (self.doubt, self.trouble, self.told):
            self._right.body.addWidget(band)
        buttons = QHBoxLayout()
        self._right.body.addLayout(buttons)
        buttons.addWidget(self.button)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        self._right.body.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.addWidget(Sides(left, self._right, side=_SIDE), 1)

    def _connect(self) -> None:
        self.what.chosen.connect(self._turned)
        self.table.current.connect(self._chosen)
        self.button.clicked.connect(self.send)
        self.back.clicked.connect(self.dismissed)
        self.register.clicked.connect(self.print_register)
        self.leaf_by_leaf.clicked.connect(self.print_leaves)
        self.serial.returnPressed.connect(partial(_to, self.many))
        self.many.returnPressed.connect(partial(_to, self.leaves))
        self.leaves.returnPressed.connect(self.send)
        self.first.returnPressed.connect(partial(_to, self.last))
        self.last.returnPressed.connect(partial(_to, self.reason))
        for text in (self.note, self.reason, self.learnt):
            text.returnPressed.connect(self.send)
        self.found.entered.connect(self._to_learnt)

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.tr(N_("Paper booklets")))

    @override
    def dress(self) -> None:
        now = theme.current()
        edge = now.px(24)
        self._column.setContentsMargins(edge, now.px(12), edge, now.px(12))

    def start(self) -> None:
        """Read everything anew, nothing typed."""
        self.told.say("")
        self.many.set_value(1)
        self.leaves.set_value(LEAVES)
        for field in (self.serial, self.first, self.last):
            field.set_value(None)
        for text in (self.note, self.reason, self.learnt):
            text.setText("")
        self._reload()

    def chosen(self) -> BookletState | None:
        """Return the booklet that is chosen in the list."""
        at = self.table.chosen_id()
        return None if at is None else self._shelf.booklets[at]

    def print_register(self) -> None:
        """F9: the register of all booklets."""
        name = self.speaker.tr(N_("Register of booklets"))
        self._lane.do(partial(register_of, self._desk), partial(self._drawn, name), owner=self)

    def print_leaves(self) -> None:
        """Draw the chosen booklet leaf by leaf."""
        state = self.chosen()
        if state is None:
            return
        name = self.speaker.tr(N_("Booklet {number}"), number=state.booklet.number)
        self._lane.do(
            partial(leaves_of, self._desk, state), partial(self._drawn, name), owner=self
        )

    def _drawn(self, name: str, pdf: bytes) -> None:
        show_paper(self, pdf, name, self.speaker)

    def _reload(self) -> None:
        self._lane.do(partial(shelf_of, self._desk), self._show, owner=self)

    def _show(self, shelf: Shelf) -> None:
        at = self.table.chosen_id()
        self._shelf = shelf
        self.collector.show_people(shelf.people, None)
        self._model.set_ids(tuple(range(len(shelf.booklets))))
        for button in (self.register, self.leaf_by_leaf):
            button.setEnabled(bool(shelf.booklets))
        if shelf.booklets:
            self.table.go_to(at or 0)
        self._turned(self.what.value())

    def _chosen(self, _at: object) -> None:
        self._say_which()

    def _turned(self, what: int) -> None:
        self._accepting = frozenset()
        self.doubt.show_texts(())
        self._stack.setCurrentIndex(what)
        self.forms[what].clear()
        self._say_which()
        first = (self.serial, self.collector, self.note, self.first, self.found)[what]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say_which(self) -> None:
        one = self.chosen()
        self._accepting = frozenset()
        self.doubt.show_texts(())
        self.findings.show_texts([] if one is None else [self._told(one, f) for f in one.findings])
        self._offer(() if one is None else self._shelf.open_of(one))
        if one is None or self.what.value() == _RECEIVE:
            self._which.say("")
            return
        values = {"number": one.booklet.number}
        self._which.say(Text(N_("Booklet {number}"), values))

    def _told(self, one: BookletState, found: BookletFinding) -> Text:
        if found in self._shelf.open_of(one):
            return found.text
        return Text(N_("Explained: {finding}"), {"finding": found.text})

    def _offer(self, found: Sequence[BookletFinding]) -> None:
        """List what is still to be explained; what was chosen stays."""
        kept = self.found.currentData()
        self.found.clear()
        for one in found:
            self.found.addItem(self.speaker.say(one.text), one)
        self.found.setCurrentIndex(max(self.found.findData(kept), 0) if found else -1)

    def _to_learnt(self) -> None:
        self.learnt.setFocus(Qt.FocusReason.TabFocusReason)

    # Writing it down

    def send(self) -> None:
        """Write down what happened."""
        what = self.what.value()
        form = self.forms[what]
        if form.wrong():
            return
        form.clear()
        one = self.chosen()
        if one is None and what != _RECEIVE:
            form.show_error("", Text(N_("Choose the booklet in the list.")))
            return
        if what == _EXPLAIN and self.found.currentData() is None:
            form.show_error("leaf", Text(N_("Nothing is to be explained about this booklet.")))
            return
        act = self._act(what, None if one is None else one.booklet.id)
        self._lane.do(
            act,
            self._done,
            refused=self._refused,
            cautioned=self._cautioned,
            troubled=self.trouble.show_trouble,
            owner=self,
        )

    def _act(self, what: int, booklet_id: BookletId | None) -> Callable[[], None]:
        if what == _RECEIVE or booklet_id is None:
            numbers = [field.value() or 0 for field in (self.serial, self.many, self.leaves)]
            return partial(received, self._desk, self.kind.value(), *numbers)
        acts: Mapping[int, Callable[[], None]] = {
            _ISSUE: partial(
                given, self._desk, booklet_id, self.collector.person(), self._accepting
            ),
            _RETURN: partial(returned, self._desk, booklet_id, self.note.text()),
            _EXPLAIN: partial(
                explained, self._desk, booklet_id, self.found.currentData(), self.learnt.text()
            ),
            _MARK: partial(
                marked,
                self._desk,
                booklet_id,
                self.mark.value(),
                self.first.value() or 0,
                self.last.value(),
                self.reason.text(),
            ),
        }
        return acts[what]

    def _done(self, _nothing: object) -> None:
        self._saved()
        self.told.say(N_("✓ Written down"))
        for field in (self.serial, self.first, self.last):
            field.set_value(None)
        for text in (self.note, self.reason, self.learnt):
            text.setText("")
        self._reload()

    def _refused(self, refusal: Refusal) -> None:
        self.told.say("")
        self.forms[self.what.value()].show_refusal(refusal)

    def _cautioned(self, caution: Caution) -> None:
        self._accepting |= {doubt.name for doubt in caution.doubts}
        again = Text(N_("Press Enter once more if it is right."))
        self.doubt.show_texts([*(doubt.text for doubt in caution.doubts), again])
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [self._row(self._shelf.booklets[at]) for at in ids]

    def _row(self, one: BookletState) -> tuple[object, ...]:
        count = len(self._shelf.open_of(one))
        state: object = Status.UP_TO_DATE, Text(N_("In order"))
        if one.findings and not count:
            state = Status.UP_TO_DATE, Text(N_("Explained"))
        if count:
            words = Text(N_("{count} finding"), {"count": count}, N_("{count} findings"))
            state = Status.LATE, words
        return (
            one.booklet.number,
            Text(_KINDS[one.booklet.kind]),
            Text(N_("In the office")) if one.holder.office else one.holder.name,
            one.since,
            one.count(LeafState.BLANK),
            one.count(LeafState.USED),
            state,
        )
