"""The screen of a session: one household after another without the mouse."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.contributions.queries import (
    SHEET,
    allotment_of,
    leaf_by_number,
    next_receipt,
    receipts_of_session,
    session_of,
    sheet_by_number,
)
from stepdesk.contributions.service import contribute, reverse_payment, undo_last
from stepdesk.contributions.terms import (
    Allotment,
    CollectionSession,
    Means,
    Receipt,
    SheetEntered,
)
from stepdesk.countries import country
from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import N_, Text, Value, weekday_text
from stepdesk.members.queries import household_of_number, search, similar_numbers
from stepdesk.members.terms import PersonRow
from stepdesk.rights.queries import states_of
from stepdesk.store.desk import Desk
from stepdesk.ui import theme, tokens
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.count_form import words_of
from stepdesk.ui.contributions.current_stack import CurrentStack, Reveal
from stepdesk.ui.contributions.household_card import (
    Found,
    HouseholdView,
    NoticeBand,
    covers,
    look,
    status_of,
)
from stepdesk.ui.contributions.kept import CLOSED, NO_LEAF, NOTHING, Kept, keep, kept_of, next_leaf
from stepdesk.ui.contributions.more_fields import CASH, Manner, MoreFields
from stepdesk.ui.contributions.open_form import Setting
from stepdesk.ui.contributions.receipt_paper import ReceiptPrinter
from stepdesk.ui.contributions.receipts_list import ReceiptsList, ReversalForm
from stepdesk.ui.contributions.several_form import SeveralForm
from stepdesk.ui.contributions.tones import Tones
from stepdesk.ui.contributions.type_ahead import TypeAhead
from stepdesk.ui.keys import AZERTY_DIGITS
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.card_reader import CardReader
from stepdesk.ui.widgets.field import NumbersField
from stepdesk.ui.widgets.flow import Flow
from stepdesk.ui.widgets.form import ErrorLine, Form
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.photo import PhotoCache
from stepdesk.ui.widgets.rows_model import Column, RowsModel
from stepdesk.ui.widgets.search_box import SearchBox
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.digits import document_number, document_parts
from stepdesk.values.ids import HouseholdId, PaymentId, RequestId, SessionId, SheetId, StaffId
from stepdesk.values.money import Money

_FEWEST_LETTERS = 2
# What a reader that thinks of an English keyboard enters on a French one.
_READER = AZERTY_DIGITS | str.maketrans(")aqzw", "-qawz")
_FOUND_COLUMNS = (
    Column(N_("Name"), width=150, stretch=2),
    Column(N_("Household"), width=116),
    Column(N_("Village"), width=100, stretch=1),
    Column(N_("Member"), width=130, priority=1, stretch=1, muted=True),
)


@dataclass(frozen=True, slots=True)
class Bag:
    """What stands at the top: the session (None at the desk) and the next receipt's number."""

    session: CollectionSession | None
    next_number: str


@dataclass(frozen=True, slots=True)
class Start:
    """All that is shown when a session comes up."""

    bag: Bag
    receipts: tuple[Receipt, ...]
    statuses: dict[HouseholdId, Status]
    kept: Kept = NOTHING


@dataclass(frozen=True, slots=True)
class Looked:
    """The answer to a number or a name that was typed; `sheet` is a collection sheet's number."""

    asked: str
    household: HouseholdId | None
    persons: tuple[PersonRow, ...]
    similar: tuple[str, ...]
    sheet: str = ""
    sheet_id: SheetId | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What is put down for one household: how much, how, on which leaf, doubts accepted."""

    amount: Money
    manner: Manner = CASH
    leaf: str = ""
    paper: bool = False
    accepting: frozenset[str] = frozenset()


def bag_of(desk: Desk, session_id: SessionId | None) -> Bag:
    """Read what stands at the top."""
    with desk.read() as connection:
        return Bag(
            None if session_id is None else session_of(connection, session_id, desk.currency),
            next_receipt(connection, desk.today.year, desk.head.device),
        )


def start_of(desk: Desk, session_id: SessionId | None) -> Start:
    """Read a session with its receipts."""
    bag = bag_of(desk, session_id)
    if session_id is None:
        return Start(bag, (), {})
    receipts = desk.ask(receipts_of_session, session_id, desk.currency)
    statuses = statuses_of(desk, [one.household_id for one in receipts])
    return Start(bag, receipts, statuses, kept_of(desk, session_id))


def statuses_of(desk: Desk, ids: Sequence[HouseholdId]) -> dict[HouseholdId, Status]:
    """Read how households stand today."""
    states = desk.ask(states_of, list(dict.fromkeys(ids)), desk.today)
    return {one: status_of(state) for one, (state, _account) in states.items()}


def looked_up(desk: Desk, asked: str) -> Looked:
    """Look for the household of a number, else for people of a name."""
    sheet = sheet_number(asked, desk.today.year, desk.head.device)
    if sheet:
        return Looked(asked, None, (), (), sheet, desk.ask(sheet_by_number, sheet))
    with desk.read() as connection:
        household = household_of_number(connection, asked)
        persons: tuple[PersonRow, ...] = ()
        if household is None and any(sign.isalpha() for sign in asked):
            persons = search(connection, asked)
        similar = similar_numbers(connection, asked) if household is None else ()
    return Looked(asked, household, persons, similar)


def sheet_number(asked: str, year: int, letter: str) -> str:
    """Return the number of a collection sheet, when it is one: F12, or whole as printed.

    The French top row means digits behind the F.
    """
    plain = asked.strip().upper()
    if plain[1:2] == ")":
        plain = plain.lower().translate(_READER).upper()
    if not plain.startswith(SHEET):
        return ""
    if document_parts(SHEET, plain) is not None:
        return plain
    serial = asked.strip()[1:].strip().translate(AZERTY_DIGITS)
    if not (serial.isascii() and serial.isdecimal()):
        return ""
    return document_number(SHEET, year, letter, int(serial))


def take(
    desk: Desk,
    request_id: RequestId,
    household_id: HouseholdId,
    session: CollectionSession | None,
    offer: Offer,
) -> Receipt:
    """Record a payment; what is no cash is not in the bag, and on paper has the session's day."""
    leaf = desk.ask(leaf_by_number, offer.leaf) if offer.leaf.strip() else None
    if leaf is None and (offer.paper or offer.leaf.strip()):
        raise Refusal(Text(NO_LEAF), field="leaf")
    carried = session if offer.manner.means is Means.CASH else None
    return desk.do(
        contribute,
        request_id=request_id,
        household_id=household_id,
        amount=offer.amount,
        paid_on=session.day if offer.paper and session is not None else None,
        means=offer.manner.means,
        collector_id=carried.collector_id if carried is not None else None,
        session_id=carried.id if carried is not None else None,
        accepting=offer.accepting,
        reference=offer.manner.reference,
        goods=offer.manner.goods,
        leaf=leaf,
    )


def undo(
    desk: Desk,
    request_id: RequestId,
    payment_id: PaymentId,
    reason: str,
    signer: tuple[StaffId, str] | None,
    last_of: SessionId | None = None,
) -> Receipt:
    """Cancel a receipt; the last of an open session is undone alone."""
    if last_of is not None:
        with desk.work("undo_last", reason=reason) as work:
            return undo_last(work, request_id=request_id, session_id=last_of, reason=reason)
    with desk.work("reverse_payment", reason=reason) as work:
        if signer is not None:
            work.second(*signer)
        return reverse_payment(work, request_id=request_id, payment_id=payment_id, reason=reason)


class SessionView(QWidget, Dressed, Speaking):
    """Search box, household, amount; the receipts at the right.

    Signals:
        left: Back from the desk, where there is no session to be closed.
        close_wanted: The session (a `CollectionSession`) is to be counted.
        sheet_wanted: The sheet (a `SheetId`) that was typed or scanned.
        lists_wanted: The lists of who has paid.
    """

    left = Signal()
    close_wanted = Signal(object)
    sheet_wanted = Signal(object)
    lists_wanted = Signal()

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._lane = context.lane
        self._saved = context.saved
        self._desk = desk
        self._setting: Setting | None = None
        self._bag = Bag(None, "")
        self._found: Found | None = None
        self._request = RequestId(b"")
        self._accepting: frozenset[str] = frozenset()
        self._tried: tuple[object, ...] | None = None
        self._kept = NOTHING
        self._undoes_last: SessionId | None = None
        self._covering: int | None = None
        self._again = False
        self._people: tuple[PersonRow, ...] = ()
        self._build(context)
        self._connect()
        self._connect_camera()
        self.wear()
        self.learn(context.speaker)

    # What it is made of

    def _build(self, context: Context) -> None:
        speaker = context.speaker
        self._head = Words("", speaker, size=Size.SECTION, bold=True)
        self._stand = Words("", speaker)
        self._close = PlainButton(
            N_("Close the session"), speaker, key="close-session", icon="lock"
        )
        self._leave = PlainButton(N_("Back"), speaker, key="back")
        self.tones = Tones(speaker)
        self.lists_button = PlainButton(N_("Who has paid"), speaker, lettered=True)
        self.search = SearchBox()
        self.error = ErrorLine(speaker)
        self.recorded = Words("", speaker, bold=True, wrap=True)
        self.recorded.hide()
        self.trouble = TroubleBand(speaker)
        self.people = TableView(speaker)
        self._model = RowsModel((), self._fetch, _FOUND_COLUMNS, speaker, self)
        self.people.show_rows(self._model)
        self.reversal = ReversalForm(speaker)
        self.receipts = ReceiptsList(speaker, country(self._desk.country).time_zone)
        self._printer = ReceiptPrinter(self, self._desk, self._lane, speaker)
        self.household = HouseholdView(speaker, PhotoCache(self._desk, self._lane, self))
        self.amount = NumberField(
            exponent=self._desk.currency.exponent,
            height=tokens.AMOUNT_FIELD,
            points=tokens.AMOUNT,
        )
        self.form = Form(speaker)
        self.form.add("amount", self.amount, N_("Received in hand"), width=220)
        self.leaf = NumbersField()
        self.form.add("leaf", self.leaf, N_("Leaf of the paper booklet"), width=220)
        self.more = MoreFields(speaker, self._desk.currency)
        self.more_button = PlainButton(N_("Not in cash …"), speaker, lettered=True)
        self.several = SeveralForm(context, self._desk)
        self._build_beside(context)

    def _build_beside(self, context: Context) -> None:
        speaker = context.speaker
        self.words = Words("", speaker, size=Size.SECTION, wrap=True)
        self.words.setProperty("data", True)  # noqa: FBT003 - Qt's setter
        self.covers = Words("", speaker, muted=True, wrap=True)
        self.doubt = NoticeBand(speaker)
        self.button = MainButton(N_("Record (Enter)"), speaker, icon="circle-check")
        self.several_button = PlainButton(N_("Several households"), speaker, key="several")
        self.reader = CardReader(speaker)
        self.camera_button = PlainButton(N_("Camera"), speaker, key="camera")
        self._reveal = Reveal(self.button)
        self._ahead = TypeAhead(self)
        for field in (self.search, self.amount, self.leaf):
            self._ahead.watch(field)
        self._place()

    def _place(self) -> None:
        seek = Card(margin=12)
        for widget in (self.search, self.error, self.reader.words, self.recorded):
            seek.body.addWidget(widget)
        listed = Card(margin=12)
        listed.body.addWidget(self.people, 1)
        self._stack = CurrentStack()
        for card in (self._idle(), listed, self._payment(), self.reversal, self.several):
            self._stack.addWidget(card)
        left = QVBoxLayout()
        left.addWidget(self.trouble)
        left.addWidget(seek)
        left.addWidget(self._stack, 1)
        left.addWidget(self._buttons())
        columns = QHBoxLayout()
        columns.addLayout(left, 1)
        # The list has room to give; who stands in front of the desk and the amount have none.
        right = QVBoxLayout()
        right.addWidget(self.reader, 0, Qt.AlignmentFlag.AlignHCenter)
        right.addWidget(self.receipts, 1)
        columns.addLayout(right)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._top())
        self._column.addLayout(columns, 1)
        self._left, self._right, self._columns = left, right, columns

    def _top(self) -> QHBoxLayout:
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._head)
        names.addWidget(self._stand)
        top = QHBoxLayout()
        top.addLayout(names, 1)
        top.addWidget(self._leave)
        top.addWidget(self._close)
        return top

    def _idle(self) -> Card:
        speaker = self._head.speaker
        hint = N_("Type the household number and press Enter: what is due is shown.")
        more = N_("A name, or the number on the card, will do too. F1 tells about the keys.")
        sheet = N_("For a printed collection sheet, type the letter f and its number: f27.")
        card = Card()
        card.body.addWidget(Words(hint, speaker, size=Size.SECTION, wrap=True))
        card.body.addWidget(Words(more, speaker, muted=True, wrap=True))
        card.body.addWidget(Words(sheet, speaker, muted=True, wrap=True))
        card.body.addStretch(1)
        return card

    def _payment(self) -> Card:
        card = Card(margin=12)
        card.body.addWidget(self.household)
        told = QWidget()
        beside = QVBoxLayout(told)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(2)
        beside.addStretch(1)
        beside.addWidget(self.words)
        beside.addWidget(self.covers)
        beside.addStretch(1)
        card.body.addWidget(Sides(self.form, told, narrow=440, shares=(0, 1)))
        card.body.addWidget(self.more)
        card.body.addWidget(self.doubt)
        card.body.addStretch(1)
        return card

    def _buttons(self) -> QWidget:
        others = (self.more_button, self.several_button, self.camera_button)
        self._bar = Flow((self.button, *others, self.lists_button, self.tones))
        return self._bar

    def _connect(self) -> None:
        self.search.searched.connect(self._typed)
        self.search.chosen.connect(self._asked)
        self.search.textEdited.connect(self._other_wanted)
        self.search.down.connect(partial(self._move, 1))
        self.search.up.connect(partial(self._move, -1))
        self.people.chosen.connect(self._person_chosen)
        self.amount.value_changed.connect(self._amount_changed)
        self.amount.textEdited.connect(self._retyped)
        self.amount.returnPressed.connect(self.record)
        self.amount.up.connect(partial(self._step, 1))
        self.amount.down.connect(partial(self._step, -1))
        self.leaf.returnPressed.connect(self.record)
        self.leaf.textEdited.connect(self._retyped)
        self.more.entered.connect(self.record)
        self.more.changed.connect(self._means_changed)
        self.more_button.clicked.connect(self._show_more)
        self.several_button.clicked.connect(self.start_several)
        self.several.recorded.connect(self._several_taken)
        self.several.dismissed.connect(self.back)
        self.lists_button.clicked.connect(self.lists_wanted)
        self.button.clicked.connect(self.record)
        self.receipts.undo.clicked.connect(self.start_undo)
        self.receipts.print.clicked.connect(self.print_receipt)
        self.receipts.all.clicked.connect(self.print_all)
        self._close.clicked.connect(self.close_session)
        self._leave.clicked.connect(self.back)
        self.receipts.chosen.connect(self._print_chosen)
        self.reversal.reversed.connect(self._reverse)
        self.reversal.dismissed.connect(self.back)
        self.trouble.dismissed.connect(self._go_on)

    def _connect_camera(self) -> None:
        self.camera_button.clicked.connect(self.turn_camera)
        self.reader.offered.connect(self._card_seen)
        self.reader.waits.connect(self._card_waits)
        self.reader.turned.connect(self.receipts.give_room)

    @override
    def speak(self) -> None:
        words = self.speaker.tr(N_("Household number, name or card"))
        self.search.setPlaceholderText(words)
        self.search.setAccessibleName(words)
        self.amount.setAccessibleName(self.speaker.tr(N_("Received in hand")))
        self.people.setAccessibleName(self.speaker.tr(N_("People found")))
        self._say_head()
        self._say_words()

    @override
    def dress(self) -> None:
        now = theme.current()
        edge = now.px(24)
        self._column.setContentsMargins(edge, now.px(10), edge, now.px(10))
        self._column.setSpacing(now.px(10))
        self._left.setSpacing(now.px(10))
        self._columns.setSpacing(now.px(16))
        self._right.setSpacing(now.px(10))
        self.receipts.fit(self.width())

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self.receipts.fit(self.width())

    # Coming up

    def start(self, setting: Setting, start: Start) -> None:
        """Show a session, or the desk, ready for the first household."""
        self._setting = setting
        self._bag = start.bag
        self._kept = start.kept
        self.form.show_row("leaf", shown=start.kept.paper)
        self.leaf.setText(next_leaf(start.kept.leaf))
        self.receipts.start(start.receipts, start.statuses)
        self.recorded.hide()
        self.reader.turn_off()
        self._close.setVisible(start.bag.session is not None)
        self.receipts.all.setVisible(start.bag.session is not None)
        self._leave.setVisible(start.bag.session is None)
        self._say_head()
        self.clear()

    def session(self) -> CollectionSession | None:
        """Return the session that is shown."""
        return self._bag.session

    def kept(self) -> Kept:
        """Return what is kept of the session beside its receipts."""
        return self._kept

    def keep(self, kept: Kept) -> None:
        """Keep how the session stands, so that it comes back so after a power cut."""
        self._kept = kept
        if self._bag.session is not None:
            self._lane.do(partial(keep, self._desk, self._bag.session.id, kept), owner=self)

    def clear(self) -> None:
        """Be ready for the next household: nothing typed, the cursor in the search box."""
        self._found = None
        self.error.clear_text()
        self.reader.quiet()
        self.more.start()
        self.search.setText("")
        self.search.mark_wrong(wrong=False)
        self._show(0)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus(self) -> None:
        """Put the cursor where the work goes on."""
        field = self.amount if self._found is not None else self.search
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Read again what stands at the top."""
        session_id = None if self._bag.session is None else self._bag.session.id
        self._lane.do(partial(bag_of, self._desk, session_id), self._show_bag, owner=self)

    def open_household(self, household_id: HouseholdId) -> None:
        """Show a household and what is due."""
        self._ahead.hold()
        self._lane.do(
            partial(look, self._desk, household_id, self._paper_day()),
            self._show_household,
            refused=self._not_read,
            troubled=self._not_read,
            owner=self,
        )

    def _paper_day(self) -> date | None:
        """Return the day that stands on receipts of paper; None for money that is taken now."""
        session = self._bag.session
        return session.day if self._kept.paper and session is not None else None

    def _show_bag(self, bag: Bag) -> None:
        self._bag = bag
        self._say_head()

    def _say_head(self) -> None:
        session = self._bag.session
        numbers: dict[str, Value] = {"next": self._bag.next_number}
        if session is None:
            self._head.say(N_("Collection at the desk, without a session"))
            self._stand.say(Text(N_("next no. {next}"), numbers))
            return
        day = weekday_text(session.day, self._head.speaker.language)
        head: dict[str, Value] = {"place": session.place, "day": day}
        paper = N_("{place} · {day} · from paper")
        self._head.say(Text(paper if self._kept.paper else "{place} · {day}", head))
        numbers |= {"count": session.receipts, "bag": session.float_amount + session.total}
        one = N_("{count} receipt · should be in the bag: {bag} · next no. {next}")
        many = N_("{count} receipts · should be in the bag: {bag} · next no. {next}")
        self._stand.say(Text(one, numbers, plural=many))

    def _show(self, page: int) -> None:
        self._stack.setCurrentIndex(page)
        self.button.setEnabled(page == 2)
        self.button.setVisible(page == 2)
        self.more_button.setVisible(page == 2)
        for button in (self.camera_button, self.lists_button, self.tones):
            button.setVisible(page in {0, 1})
        self.several_button.setVisible(page in {0, 1} and not self._kept.paper)
        self._bar.setVisible(page not in {3, 4})

    # Looking for a household

    def _typed(self, asked: str) -> None:
        """Look for a name while it is typed; a number waits for Enter."""
        if self._ahead.holding or self._found is not None or self._stack.currentIndex() >= 3:
            return
        self.error.clear_text()
        if asked:
            self.recorded.hide()
        named = any(sign.isalpha() for sign in asked) and len(asked) >= _FEWEST_LETTERS
        if not named:
            self._show(0)
            return
        self._lane.do(partial(looked_up, self._desk, asked), self._show_people, owner=self)

    def _other_wanted(self, _text: str) -> None:
        """Another number is begun: what was shown may no longer be recorded."""
        if self._found is not None:
            self._found = None
            self._show(0)

    def _asked(self, asked: str) -> None:
        """Enter in the search box."""
        if not asked or self._setting is None:
            return
        self.error.clear_text()
        self.recorded.hide()
        chosen = self.people.chosen_id() if self._stack.currentIndex() == 1 else None
        if chosen is not None and any(sign.isalpha() for sign in asked):
            self._person_chosen(chosen)
            return
        self._ahead.hold()
        self._lane.do(
            partial(looked_up, self._desk, asked),
            self._answered,
            refused=self._not_read,
            troubled=self._not_read,
            owner=self,
        )

    def _card_seen(self, code: str) -> None:
        """Take a card held before the camera as if a reader had typed it, once the page is free.

        What stands in front is finished first: an amount nobody has recorded may be in the bag.
        """
        focus = QApplication.focusWidget()
        if self._at_work() or not (focus is None or self.isAncestorOf(focus)):
            return
        page = self._stack.currentIndex()
        if page == 4 and self.several.scan(code):
            self.reader.take(code)
        elif page >= 2:
            self.reader.let_wait()
        else:
            self.reader.take(code)
            self._show(0)
            self.search.scan(code)

    def _card_waits(self) -> None:
        self.tones.look()
        self._reveal.begin()

    def _answered(self, looked: Looked) -> None:
        households = list(dict.fromkeys(one.household_id for one in looked.persons))
        if looked.sheet_id is not None:
            self._ahead.release()
            self.sheet_wanted.emit(looked.sheet_id)
        elif looked.household is not None:
            self.open_household(looked.household)
        elif len(households) == 1:
            self._ahead.drop()
            self.open_household(households[0])
        elif households:
            self._ahead.drop()
            self._list(looked.persons)
        else:
            self._ahead.drop()
            self._unknown(looked)

    def _show_people(self, looked: Looked) -> None:
        if looked.asked != self.search.query() or self._found is not None:
            return
        if looked.persons:
            self._list(looked.persons)
        else:
            self._show(0)

    def _list(self, persons: tuple[PersonRow, ...]) -> None:
        self._people = persons
        self._model.set_ids(tuple(range(len(persons))))
        self._show(1)
        self.people.go_to(0)

    def _unknown(self, looked: Looked) -> None:
        values: dict[str, Value] = {"asked": looked.asked, "similar": ", ".join(looked.similar)}
        if looked.sheet:
            text = Text(
                N_("No sheet {number}. Look at the number on top of the paper."),
                {"number": looked.sheet},
            )
        elif any(sign.isalpha() for sign in looked.asked):
            text = Text(N_("Nobody is called {asked}. Try fewer letters, or the number."), values)
        elif looked.similar:
            text = Text(N_("No household {asked}. Is it one of these: {similar}?"), values)
        else:
            text = Text(N_("No household {asked}. Look at the number on the card."), values)
        self.error.show_text(text)
        self.tones.look()
        self.search.mark_wrong(wrong=True)
        self._show(0)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.selectAll()

    def _move(self, by: int) -> None:
        """Go through the people found."""
        if self._stack.currentIndex() == 1 and self._people:
            row = self.people.currentIndex().row() + by
            self.people.go_to(max(0, min(row, len(self._people) - 1)))

    def _person_chosen(self, at: Any) -> None:  # noqa: ANN401 - the table's ids are of any kind
        self.open_household(self._people[at].household_id)

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        rows = [self._people[at] for at in ids]
        return [(one.name, str(one.number), one.section, one.member_name) for one in rows]

    def _show_household(self, found: Found) -> None:
        if not found.room:
            self._no_room()
            return
        self._found = found
        self._request = RequestId(secrets.token_bytes(16))
        self.search.mark_wrong(wrong=False)
        self.search.setText(found.expected.number)
        self.household.show_found(found, paper=found.day < self._desk.today)
        self._reveal.begin()
        self.form.clear()
        self._forget_doubt()
        self._show(2)
        self.amount.set_value(found.expected.due_now.minor or None)
        self._amount_changed(self.amount.value())
        self.amount.setFocus(Qt.FocusReason.OtherFocusReason)
        self.amount.selectAll()
        if found.notices:
            self.tones.look()
            self._ahead.drop()
        else:
            self._ahead.release()

    def _no_room(self) -> None:
        """Before the money is taken, not after."""
        self._stopped()
        self.tones.look()
        self._show(0)
        text = N_(
            "The disk of this laptop is full. Do not take this money here: write a receipt in the "
            "paper book. What was recorded before stays. Make room, then go on."
        )
        self.trouble.show_text(Text(text))

    def _not_read(self, problem: Refusal | Trouble) -> None:
        self._ahead.drop()
        self.trouble.show_text(problem.text)

    # The amount

    def _step(self, by: int) -> None:
        """Go to the next amount of whole periods, up or down."""
        if self._found is None or self._ahead.holding:
            return
        now = self.amount.value() or 0
        steps = self._found.steps
        further = [one for one in steps if (one - now) * by > 0]
        if further:
            self._retyped("")
            self.amount.set_value(min(further) if by > 0 else max(further))
            self.form.clear()

    def _retyped(self, _text: str) -> None:
        self._forget_doubt()

    def _forget_doubt(self) -> None:
        self._accepting = frozenset()
        self._tried = None
        self.doubt.show_texts(())

    def _amount_changed(self, value: object) -> None:
        self._say_words()
        if self._found is None or not isinstance(value, int) or value <= 0:
            self.covers.say("")
            return
        self._again = self._covering is not None
        if self._again:
            return
        self._covering = value
        household_id = self._found.expected.household_id
        self._lane.do(
            partial(self._desk.ask, allotment_of, household_id, self._found.day, value),
            self._show_covers,
            refused=self._no_covers,
            troubled=self._no_covers,
            owner=self,
        )

    def _show_covers(self, allotment: Allotment) -> None:
        asked, self._covering = self._covering, None
        if self._again or asked != self.amount.value():
            self._amount_changed(self.amount.value())
        elif self._found is not None:
            self.covers.say(covers(allotment, self._desk.currency))

    def _no_covers(self, _problem: object) -> None:
        self._covering = None
        self.covers.say("")

    def _say_words(self) -> None:
        value = self.amount.value()
        money = None if not value else Money(value, self._desk.currency)
        self.words.say("" if money is None else words_of(money, self._head.speaker))

    # How it came

    def _show_more(self) -> None:
        self.more.setVisible(self.more.isHidden())
        if self.more.isHidden():
            self.more.start()
            self.amount.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.more.means.setFocus(Qt.FocusReason.OtherFocusReason)
        self._reveal.begin()
        self._forget_doubt()

    def _means_changed(self) -> None:
        self._forget_doubt()
        self._reveal.begin()
        worth = self.more.worth()
        if worth is not None:
            self.amount.set_value(worth)

    # Recording

    def record(self) -> None:
        """Record the amount; what is still being recorded is not recorded twice."""
        if self._found is None or self._at_work() or self._stack.currentIndex() != 2:
            return
        if self.form.wrong() or self.more.wrong():
            return
        value = self.amount.value()
        if value is None:
            text = Text(N_("Type the amount you were given, in figures."))
            self.form.show_refusal(Refusal(text, field="amount"))
            return
        self.form.clear()
        self.more.clear()
        self.trouble.hide()
        self._send(self._offer(value))

    def _offer(self, value: int) -> Offer:
        manner, leaf = self.more.manner(), self.leaf.text() if self._kept.paper else ""
        tried = (value, manner, leaf)
        accepting = self._accepting if self._tried == tried else frozenset()
        accepting |= self._kept.accepted
        self._tried = tried
        money = Money(value, self._desk.currency)
        return Offer(money, manner, leaf, self._kept.paper, accepting)

    def _send(self, offer: Offer) -> None:
        if self._found is None:
            return
        self._ahead.hold()
        self.button.say(N_("Recording …"))
        self._lane.do(
            partial(
                take,
                self._desk,
                self._request,
                self._found.expected.household_id,
                self._bag.session,
                offer,
            ),
            self._taken,
            refused=self._refused,
            cautioned=self._cautioned,
            troubled=self._troubled,
            owner=self,
        )

    def _stopped(self) -> None:
        self._ahead.drop()
        self.button.say(N_("Record (Enter)"))

    def _taken(self, receipt: Receipt) -> None:
        self._saved()
        self.button.say(N_("Record (Enter)"))
        self.receipts.add(receipt)
        self.tones.recorded()
        self._keep_on()
        values: dict[str, Value] = {
            "number": receipt.number,
            "amount": receipt.amount,
            "name": receipt.received_from,
        }
        self.clear()
        self._forget_doubt()
        self._confirm(Text(N_("✓ Recorded {number}: {amount} from {name}"), values))
        self._after(receipt)
        self._ahead.release()

    def _keep_on(self) -> None:
        """Keep the leaf that was used, and that a closed month was accepted for this session."""
        now = replace(self._kept, closed=self._kept.closed or CLOSED in self._accepting)
        if self._kept.paper:
            now = replace(now, leaf=self.leaf.text())
            self.leaf.setText(next_leaf(self.leaf.text()))
        if now != self._kept:
            self.keep(now)

    def _confirm(self, text: Text) -> None:
        self.recorded.say(text)
        self.recorded.show()

    def _after(self, receipt: Receipt) -> None:
        self.refresh()
        self._lane.do(
            partial(statuses_of, self._desk, [receipt.household_id]),
            self._show_statuses,
            owner=self,
        )

    def _show_statuses(self, statuses: dict[HouseholdId, Status]) -> None:
        for household, status in statuses.items():
            self.receipts.set_status(household, status)

    def _refused(self, refusal: Refusal) -> None:
        self._stopped()
        self.tones.look()
        self._forget_doubt()
        self._reveal.begin()
        if self.more.refuse(refusal):
            return
        self.form.show_refusal(refusal)
        if refusal.field != "leaf":
            self.amount.setFocus(Qt.FocusReason.OtherFocusReason)

    def _cautioned(self, caution: Caution) -> None:
        self._stopped()
        self.tones.look()
        self._accepting |= {doubt.name for doubt in caution.doubts}
        doubted = {doubt.field for doubt in caution.doubts}
        of_leaf = "leaf" in doubted and "amount" not in doubted
        amount = N_("Press Enter once more if it is right; or type the right amount.")
        leaf = N_("Press Enter once more if it is right; or type the right leaf.")
        self._reveal.begin()
        again = Text(leaf if of_leaf else amount)
        self.doubt.show_texts([*(doubt.text for doubt in caution.doubts), again])
        field = self.leaf if of_leaf else self.amount
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()

    def _troubled(self, trouble: Trouble) -> None:
        self._stopped()
        self.tones.look()
        text = N_(
            "{trouble} This payment is NOT recorded. Write a receipt in the paper book and go "
            "on on paper; type it in when the laptop is well again."
        )
        self.trouble.show_text(Text(text, {"trouble": trouble.text}))

    def _go_on(self) -> None:
        """Put the cursor back when a trouble has been read."""
        self.focus()

    def _at_work(self) -> bool:
        """Whether an answer is awaited; after a mistake of the program none will come."""
        if self._ahead.holding and not self._lane.is_busy():
            self._stopped()
        return self._ahead.holding

    # Keys of the page

    def back(self) -> None:
        """Esc: one step back; nothing that was recorded changes."""
        if self._at_work():
            return
        at_rest = self._stack.currentIndex() == 0 and not self.search.text()
        if at_rest and self._bag.session is None:
            self.left.emit()
            return
        self.trouble.hide()
        self.clear()

    def start_undo(self) -> None:
        """Ctrl+Z: cancel the chosen receipt, or the last."""
        if self._setting is None or self._at_work():
            return
        receipt = self.receipts.to_undo()
        if receipt is None:
            self._say(Text(N_("There is no receipt to cancel.")))
            return
        if receipt.reverses or receipt.reversed_by:
            self._say(Text(N_("This receipt is cancelled already.")))
            return
        self.clear()
        self.recorded.hide()
        self._show(3)
        self._undoes_last = self._undone_alone(receipt)
        alone = self._undoes_last is not None
        self.reversal.start(receipt, self._setting.others(), solo=self._setting.solo, alone=alone)

    def _undone_alone(self, receipt: Receipt) -> SessionId | None:
        """Return the session whose last receipt this is, taken by the person in front."""
        counting = (
            one for one in self.receipts.receipts() if not one.reverses and not one.reversed_by
        )
        last = next(counting, None)
        mine = receipt.taken_by == self._desk.person.name
        if (
            self._bag.session is None
            or last != receipt
            or not mine
            or receipt.means is not Means.CASH
        ):
            return None
        return self._bag.session.id

    def start_several(self) -> None:
        """F6: one person pays for several households, or a group by its list."""
        if self._setting is None or self._at_work():
            return
        if self._kept.paper:
            text = N_(
                "Each receipt of paper has a leaf of its own. Type one household after another."
            )
            self._say(Text(text))
            return
        self.clear()
        self.recorded.hide()
        self._show(4)
        self.several.start(self._bag.session)

    def _several_taken(self, receipts: tuple[Receipt, ...]) -> None:
        self._saved()
        self._all_taken(receipts)

    def sheet_taken(self, told: SheetEntered) -> None:
        """Show what was recorded of a sheet; receipts on paper go on behind its last leaf."""
        self.leaf.setText(next_leaf(self._kept.leaf))
        self._all_taken(told.receipts)

    def _all_taken(self, receipts: Sequence[Receipt]) -> None:
        self.tones.recorded()
        for receipt in receipts:
            self.receipts.add(receipt)
        values: dict[str, Value] = {
            "count": len(receipts),
            "amount": sum((one.amount for one in receipts), Money(0, self._desk.currency)),
        }
        self.clear()
        one = N_("✓ Recorded {count} receipt: {amount} together")
        many = N_("✓ Recorded {count} receipts: {amount} together")
        self._confirm(Text(one, values, plural=many))
        self.refresh()
        ids = [one.household_id for one in receipts]
        self._lane.do(partial(statuses_of, self._desk, ids), self._show_statuses, owner=self)

    def _say(self, text: Text) -> None:
        self.error.show_text(text)

    def _reverse(self, receipt: Receipt, reason: str, signer: tuple[StaffId, str] | None) -> None:
        self._lane.do(
            partial(
                undo,
                self._desk,
                self.reversal.request,
                receipt.payment_id,
                reason,
                signer,
                self._undoes_last,
            ),
            self._undone,
            refused=self.reversal.refuse,
            troubled=self.reversal.fail,
            owner=self,
        )

    def _undone(self, reversal: Receipt) -> None:
        self._saved()
        self.receipts.add(reversal)
        self.clear()
        values = {"number": reversal.reverses, "reversal": reversal.number}
        self._confirm(Text(N_("✓ Receipt {number} is cancelled by {reversal}"), values))
        self._after(reversal)

    def turn_camera(self) -> None:
        """F4: read cards by the camera from now on, or no longer."""
        self.reader.toggle()
        if self.camera_button.hasFocus():
            self.focus()

    def print_receipt(self) -> None:
        """F9: the chosen receipt, or the last."""
        receipt = self.receipts.wanted()
        if receipt is None:
            self._say(Text(N_("There is no receipt to print yet.")))
            return
        self._printer.one(receipt.payment_id, self.receipts.paper.form)

    def _print_chosen(self, _payment_id: object) -> None:
        self.print_receipt()

    def print_all(self) -> None:
        """Draw all receipts of the session that still count, four on a sheet."""
        session = self._bag.session
        if session is None:
            self._say(Text(N_("Open a session first: its receipts are printed together.")))
            return
        self._printer.all(session.id, self._nothing_to_print)

    def _nothing_to_print(self, refusal: Refusal) -> None:
        self._say(refusal.text)

    def close_session(self) -> None:
        """F12: count the session."""
        if self._bag.session is not None and not self._at_work():
            self.close_wanted.emit(self._bag.session)
