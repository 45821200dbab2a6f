"""One household: who is in it, how it stands, what it paid, and what can be printed."""

from collections.abc import Sequence
from datetime import date
from functools import reduce

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QStyleOptionViewItem, QVBoxLayout, QWidget

from stepdesk.contributions.terms import Receipt
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.terms import RELATIONS, SEXES, Event, EventKind, PersonRow
from stepdesk.rights.terms import Answer, Verdict
from stepdesk.ui import theme, tokens
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.contributions.receipts_list import ReversalForm
from stepdesk.ui.members.facts import File, age_words, state_words, status_of
from stepdesk.ui.members.history_tab import HistoryTab
from stepdesk.ui.members.papers_tab import PapersTab
from stepdesk.ui.members.rights_box import RightsBox
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Tabs
from stepdesk.ui.widgets.photo import PhotoCache, paint_face
from stepdesk.ui.widgets.pill import StatusPill
from stepdesk.ui.widgets.rows_model import Column, Faint, Kind, RowsModel
from stepdesk.ui.widgets.table import CellDelegate, TableView
from stepdesk.ui.widgets.words import Shown, Size, Words
from stepdesk.values.ids import PersonId
from stepdesk.values.money import Currency

_PEOPLE = (
    Column("", width=34, priority=1),
    Column(N_("No."), width=48, muted=True),
    Column(N_("Name"), width=136, stretch=3),
    Column(N_("Sex"), width=52, priority=3),
    Column(N_("Age"), Kind.NUMBER, width=54, priority=1),
    Column(N_("Link"), width=92, priority=2, muted=True),
    Column(N_("Covered"), Kind.STATUS, width=134),
)
_RECEIPTS = (
    Column(N_("Receipt"), width=148),
    Column(N_("Day"), width=112),
    Column(N_("Amount"), Kind.AMOUNT, width=84, stretch=1),
    Column(N_("State"), width=96, priority=1, muted=True),
)


_PEOPLE_PAGE, _RECEIPTS_PAGE, _PAPERS_PAGE, _HISTORY_PAGE, _REVERSAL_PAGE, _LIFE_PAGE = range(6)
_PAGES = {
    "people": _PEOPLE_PAGE,
    "receipts": _RECEIPTS_PAGE,
    "papers": _PAPERS_PAGE,
    "history": _HISTORY_PAGE,
}
_GONE = {
    EventKind.DEATH: N_("died"),
    EventKind.DIVORCE: N_("divorced"),
    EventKind.SPLIT_OFF: N_("own household"),
    EventKind.MERGED_INTO: N_("elsewhere"),
}


class _People(RowsModel):
    """The persons of one household."""

    def __init__(self, speaker: Speaker) -> None:
        self.rows: dict[PersonId, tuple[object, ...]] = {}
        self.faces: dict[PersonId, tuple[str, bytes | None]] = {}
        super().__init__((), self._of, _PEOPLE, speaker)

    def _of(self, ids: Sequence[PersonId]) -> list[tuple[object, ...]]:
        return [self.rows[one] for one in ids]


class _Faces(CellDelegate):
    """Paints the face of each person in the first column."""

    def __init__(self, people: _People, photos: PhotoCache | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._people, self._photos = people, photos

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        /,
    ) -> None:
        super().paint(painter, option, index)
        if index.column():
            return
        name, photo = self._people.faces[self._people.id_at(index.row())]
        picture = self._photos.face(photo) if self._photos is not None else None
        rect: QRect = option.rect
        side = rect.height() - theme.current().px(4)
        place = QRect(0, 0, side, side)
        place.moveCenter(rect.center())
        paint_face(painter, place, name, picture)


class _Receipts(RowsModel):
    """The receipts of one household."""

    def __init__(self, speaker: Speaker) -> None:
        self.held: dict[bytes, Receipt] = {}
        super().__init__((), self._of, _RECEIPTS, speaker)

    def _of(self, ids: Sequence[bytes]) -> list[tuple[object, ...]]:
        return [
            (one.number, one.paid_on, one.amount, _receipt_state(one))
            for one in (self.held[payment] for payment in ids)
        ]


def _receipt_state(receipt: Receipt) -> Text:
    if receipt.reverses:
        return Text(N_("reversal"))
    return Text(N_("cancelled")) if receipt.reversed_by else Text("")


class HouseholdCard(Card, Speaking):
    """The household at the right of the list.

    Signals:
        collect: Its contribution is to be taken.
        print_card: Its card is to be printed.
        print_receipt: A receipt is to be printed again.
        cancel: A receipt is to be cancelled.
        asked: A person, a day, a service and a provider (or None): is this person covered?
        happening: "What happened?" is to be shown.
    """

    collect = Signal()
    print_card = Signal()
    print_receipt = Signal(object)
    cancel = Signal(object)
    asked = Signal(object, object, object, object)
    happening = Signal()

    def __init__(
        self,
        speaker: Speaker,
        today: date,
        currency: Currency,
        life: QWidget | None = None,
        photos: PhotoCache | None = None,
    ) -> None:
        super().__init__(margin=16)
        self._life = life or QWidget()
        self._photos = photos
        self._today = today
        self.file: File | None = None
        self._make(speaker, today, currency)
        self._place()
        self._connect()
        self.learn(speaker)
        self.clear()

    def _make(self, speaker: Speaker, today: date, currency: Currency) -> None:
        self.number = Shown(size=Size.NAME, bold=True)
        self.pill = StatusPill(speaker)
        self.name = Shown(size=Size.SECTION, bold=True)
        self.name.setWordWrap(True)
        self.place = Words("", speaker, muted=True, wrap=True)
        self.payers = Words("", speaker, muted=True, wrap=True)
        self.stands = Words("", speaker, wrap=True)
        self._make_tables(speaker, today, currency)
        self._nothing = Words(
            N_("Choose a household in the list, or press F2 for a new one."),
            speaker,
            muted=True,
            wrap=True,
        )
        self._whole = QWidget()

    def _make_tables(self, speaker: Speaker, today: date, currency: Currency) -> None:
        self.tabs = Tabs(
            speaker,
            (
                ("people", N_("People")),
                ("receipts", N_("Receipts")),
                ("papers", N_("Papers")),
                ("history", N_("History")),
            ),
            columns=4,
        )
        self.people = _People(speaker)
        self.people_table = TableView(speaker, row=tokens.ROW_DENSE, fewest=5)
        self.people_table.setItemDelegate(_Faces(self.people, self._photos, self.people_table))
        if self._photos is not None:
            self._photos.arrived.connect(self.people_table.viewport().update)
        self.people_table.show_rows(self.people)
        self.rights = RightsBox(speaker, today, currency)
        self.receipts = _Receipts(speaker)
        self.receipts_table = TableView(speaker, empty=N_("Nothing was paid yet."))
        self.receipts_table.show_rows(self.receipts)
        self.papers = PapersTab(speaker)
        self.history = HistoryTab(speaker)
        self.reversal = ReversalForm(speaker)
        self._make_buttons(speaker)

    def _make_buttons(self, speaker: Speaker) -> None:
        self.take = MainButton(N_("Collect"), speaker)
        self.card = PlainButton(N_("Card"), speaker, key="print", icon="printer")
        self.happened = PlainButton(N_("What happened?"), speaker, key="menu")
        self.again = PlainButton(N_("Print again"), speaker, icon="printer")
        self.undo = PlainButton(N_("Cancel receipt …"), speaker)

    @override
    def speak(self) -> None:
        self.people_table.setAccessibleName(self.speaker.tr(N_("People")))
        self.receipts_table.setAccessibleName(self.speaker.tr(N_("Receipts")))
        if self.file is not None:
            self.show_file(self.file)

    @override
    def dress(self) -> None:
        super().dress()
        if hasattr(self, "_column"):
            self._column.setSpacing(theme.current().px(8))

    def _place(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.number)
        head.addStretch(1)
        head.addWidget(self.pill)
        self.stack = CurrentStack()
        for page in (
            _column_of(self.people_table, self.rights),
            _column_of(self.receipts_table, _line_of(self.again, self.undo)),
            self.papers,
            self.history,
            self.reversal,
            self._life,
        ):
            self.stack.addWidget(page)
        self._column = QVBoxLayout(self._whole)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(head)
        for widget in (self.name, self.place, self.payers, self.stands, self.tabs):
            self._column.addWidget(widget)
        self._column.addWidget(self.stack, 1)
        self._foot = _line_of(self.take, self.happened, self.card)
        self._column.addWidget(self._foot)
        self.body.addWidget(self._whole, 1)
        self.body.addWidget(self._nothing)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._turn)
        self.people_table.current.connect(self._person)
        self.rights.asked.connect(self._ask)
        self.take.clicked.connect(self.collect)
        self.card.clicked.connect(self.print_card)
        self.happened.clicked.connect(self.happening)
        self.receipts_table.chosen.connect(self._again)
        self.again.clicked.connect(self._again)
        self.undo.clicked.connect(self._cancel)
        self.reversal.dismissed.connect(self.show_receipts)

    def clear(self) -> None:
        """Show no household."""
        self.file = None
        self._whole.hide()
        self._nothing.show()

    def show_file(self, file: File) -> None:
        """Show a household."""
        known, account = file.known, file.account
        first = self.file is None or self.file.known.id != known.id
        self.file = file
        self._nothing.hide()
        self._whole.show()
        self._head(living=self.living)
        self.name.setText(known.member_name)
        self.pill.set_status(status_of(file.state), state_words(file.state, account))
        self.place.say(_where(file))
        told = _payers(file)
        self.payers.say(told or "")
        self.payers.setVisible(told is not None and not self.living)
        self.stands.say(_stands(file))
        self.people.faces = {one.id: (one.name, one.photo) for one in known.persons}
        self.people.rows = {one.id: self._row_of(file, one) for one in known.persons}
        self.people.set_ids([one.id for one in known.persons])
        self.receipts.held = {one.payment_id: one for one in file.receipts}
        self.receipts.set_ids([one.payment_id for one in file.receipts])
        self.history.show_lines(file.history)
        self.papers.show_file(file)
        if first:
            self.show_people()
        if known.persons:
            self.people_table.select_id(known.persons[0].id)

    def _row_of(self, file: File, one: PersonRow) -> tuple[object, ...]:
        row: tuple[object, ...] = (
            "",
            f"/{one.suffix:02d}",
            one.name,
            Text(SEXES[one.sex]),
            age_words(one.birth, self._today),
            Text(RELATIONS[one.relation]),
        )
        if one.until is not None and one.until <= self._today:
            why, day = _gone(one, file.known.events), one.deceased_on or one.until
            told = (Status.STOPPED, Text("{day}", {"day": f"{day:%d/%m/%Y}"}))
            return (*(Faint(value) for value in (*row[:-1], why)), told)
        return (*row, _covered(file.verdicts.get(one.id)))

    def show_people(self) -> None:
        """Turn to the people."""
        self._show("people")

    def show_receipts(self) -> None:
        """Turn to the receipts."""
        self._show("receipts")

    def show_history(self) -> None:
        """Turn to the history."""
        self._show("history")

    def _show(self, page: str) -> None:
        self.tabs.choose(page)
        self._turn_to(_PAGES[page])

    def show_life(self) -> None:
        """Turn to "What happened?"; it takes the room of all tabs."""
        self._turn_to(_LIFE_PAGE)

    def _turn_to(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        living = at == _LIFE_PAGE
        for widget in (self.tabs, self._foot, self.name, self.place, self.stands):
            widget.setVisible(not living)
        self._head(living=living)
        self.payers.setVisible(not living and bool(self.payers.text()))

    def _head(self, *, living: bool) -> None:
        """Say which household it is; over a form in one line."""
        if self.file is not None:
            known = self.file.known
            self.number.setText(
                f"{known.number} · {known.member_name}" if living else str(known.number)
            )

    @property
    def living(self) -> bool:
        """Whether "What happened?" is in front."""
        return self.stack.currentIndex() == _LIFE_PAGE

    @property
    def person_id(self) -> PersonId | None:
        """The person the cursor is on."""
        return self.rights.person.id if self.rights.person is not None else None

    def show_reversal(self) -> None:
        """Turn to the form that cancels a receipt."""
        self._turn_to(_REVERSAL_PAGE)

    @property
    def cancelling(self) -> bool:
        """Whether the form that cancels a receipt is in front."""
        return self.stack.currentIndex() == _REVERSAL_PAGE

    def _turn(self, page: str) -> None:
        self._turn_to(_PAGES[page])

    def _person(self, person_id: PersonId) -> None:
        if self.file is not None:
            found = [one for one in self.file.known.persons if one.id == person_id]
            self.rights.start(found[0] if found else None, self._today)

    def _ask(self, day: date, service: object, provider: object) -> None:
        if self.rights.person is not None:
            self.asked.emit(self.rights.person.id, day, service, provider)

    def _receipt(self) -> Receipt | None:
        chosen = self.receipts_table.chosen_id()
        if chosen is None and self.receipts.rowCount():
            chosen = self.receipts.id_at(0)
        return None if chosen is None else self.receipts.held[chosen]

    def _again(self, *_chosen: object) -> None:
        receipt = self._receipt()
        if receipt is not None:
            self.print_receipt.emit(receipt)

    def _cancel(self) -> None:
        receipt = self._receipt()
        if receipt is not None:
            self.cancel.emit(receipt)


def _column_of(table: QWidget, below: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(table, 1)
    column.addWidget(below)
    return holder


def _line_of(*buttons: QWidget) -> QWidget:
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    for button in buttons:
        line.addWidget(button)
    line.addStretch(1)
    return holder


def _where(file: File) -> Text:
    known = file.known
    values: dict[str, Value] = {
        "section": known.section,
        "count": len(known.persons),
        "day": known.joined_on,
        "phone": known.phone,
    }
    if known.phone:
        one = N_("{section} · {phone} · {count} person · registered on {day}")
        many = N_("{section} · {phone} · {count} people · registered on {day}")
    else:
        one = N_("{section} · {count} person · registered on {day}")
        many = N_("{section} · {count} people · registered on {day}")
    return Text(one, values, plural=many)


def _payers(file: File) -> Text | None:
    """Return group, category and sponsor in one line, None where there is none of them."""
    told = [
        Text(message, {"name": name})
        for message, name in (
            (N_("group: {name}"), file.payers.group),
            (N_("category: {name}"), file.known.category),
            (N_("sponsor: {name}"), ", ".join(file.payers.sponsors)),
        )
        if name
    ]
    if not told:
        return None
    return reduce(lambda one, other: Text("{one} · {other}", {"one": one, "other": other}), told)


def _gone(one: PersonRow, events: Sequence[Event]) -> Text:
    """Return why somebody left, in the few words a cell holds."""
    kinds = [event.kind for event in events if event.person_id == one.id and event.kind in _GONE]
    if one.deceased_on is not None:
        kinds.append(EventKind.DEATH)
    return Text(_GONE[kinds[-1]] if kinds else N_("left"))


def _stands(file: File) -> Text:
    values: dict[str, Value] = {"amount": file.to_pay, "regular": file.regular}
    through = file.account.covered_through
    if through is not None:
        values["day"] = through
    if file.to_pay:
        if through is None:
            return Text(N_("To enter: {amount}. One contribution is {regular}."), values)
        return Text(N_("Paid until {day}. Due now: {amount}."), values)
    if through is None:
        return Text(N_("Nothing is due. One contribution is {regular}."), values)
    return Text(N_("Paid until {day}. One contribution is {regular}."), values)


def _covered(verdict: Verdict | None) -> tuple[Status, Text]:
    if verdict is None:
        return Status.DRAFT, Text(N_("Not covered"))
    if verdict.answer is Answer.YES:
        return Status.UP_TO_DATE, Text(N_("Yes"))
    if verdict.opens_on is not None and not verdict.to_pay:
        day = verdict.opens_on
        told = f"{day.day:02d}/{day.month:02d}/{day.year}"
        # The sign says "from"; with the word the day would not fit.
        return Status.WAITING, Text("{day}", {"day": told})
    return Status.STOPPED, Text(N_("No"))
