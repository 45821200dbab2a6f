"""Who has paid, by village or group; sheets and letters to print; the sessions that were."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.contributions.queries import (
    next_due_on,
    pictured_sheet,
    receipts_of_session,
    sessions,
    sheet_lines,
    without_rule,
)
from stepdesk.contributions.service import print_sheets
from stepdesk.contributions.terms import CollectionSession, Receipt
from stepdesk.countries import country
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.queries import household_rows
from stepdesk.payers.queries import groups, places_of
from stepdesk.progress import Progress
from stepdesk.reports.queries.dues import dues_rows
from stepdesk.reports.queries.registers import letters_by_household
from stepdesk.reports.terms import DuesRow, LetterKind
from stepdesk.scheme.queries import scheme_on, sections_on
from stepdesk.store.desk import Colleague, Desk
from stepdesk.ui import theme
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.contributions.household_card import NoticeBand
from stepdesk.ui.contributions.open_form import COLUMNS, SHOWN, session_row
from stepdesk.ui.contributions.receipt_paper import ReceiptPrinter
from stepdesk.ui.contributions.receipts_list import ReceiptsList, ReversalForm
from stepdesk.ui.contributions.session_slip import slip_again
from stepdesk.ui.overriding import override
from stepdesk.ui.printing import show_paper
from stepdesk.ui.speech import Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Tabs
from stepdesk.ui.widgets.form import ErrorLine
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import HouseholdId, SectionId, SessionId, StaffId
from stepdesk.values.money import Money
from stepdesk.values.month import Month

_VILLAGES, _GROUPS, _SESSIONS = "villages", "groups", "sessions"
_NO_SESSION = Text(N_("Choose a session first."))
_PLACES = (
    Column(N_("Village or group"), width=140, stretch=2),
    Column(N_("Households"), Kind.NUMBER, width=108, priority=1),
    Column(N_("Expected"), Kind.AMOUNT, width=96),
    Column(N_("Paid"), Kind.AMOUNT, width=96),
    Column(N_("Late"), Kind.AMOUNT, width=96),
)
_HOUSEHOLDS = (
    Column(N_("Household"), width=112),
    Column(N_("Name"), width=140, stretch=2),
    Column(N_("Expected"), Kind.AMOUNT, width=88, priority=1),
    Column(N_("Paid"), Kind.AMOUNT, width=88),
    Column(N_("Late"), Kind.AMOUNT, width=88),
)


@dataclass(frozen=True, slots=True)
class Round:
    """A village or a group with its households of a month; `ids` only where it is a group."""

    name: str
    rows: tuple[DuesRow, ...]
    section_id: SectionId | None = None
    ids: tuple[HouseholdId, ...] = ()

    def sums(self) -> tuple[int, int, int]:
        """Return what was expected, paid and is late, in minor units."""
        return (
            sum(row.due for row in self.rows),
            sum(row.paid for row in self.rows),
            sum(row.arrears for row in self.rows),
        )


@dataclass(frozen=True, slots=True)
class Lists:
    """All the page shows of a month.

    `without` are households whose plan has no rule; `next_due_on` is told only where nothing is
    asked this month.
    """

    month: Month
    villages: tuple[Round, ...]
    groups: tuple[Round, ...]
    without: tuple[tuple[str, str, str], ...]
    sessions: tuple[CollectionSession, ...]
    people: tuple[Colleague, ...]
    next_due_on: date | None = None


def lists_of(desk: Desk) -> Lists:
    """Read who has paid this month, and the sessions that were."""
    today = desk.today
    month = Month.of(today)
    with desk.read() as connection:
        rows = [row for row in dues_rows(connection, month) if row.due or row.arrears]
        villages = [
            Round(one.name, tuple(row for row in rows if row.number.section == one.code), one.id)
            for one in sections_on(connection, today)
        ]
        by_number = {str(row.number): row for row in rows}
        listed = []
        for group in groups(connection, today):
            ids = tuple(one.household_id for one in places_of(connection, group.id, today))
            numbers = [str(row.number) for row in household_rows(connection, list(ids), today)]
            told = tuple(by_number[one] for one in numbers if one in by_number)
            listed.append(Round(group.name, told, None, ids))
        plans = without_rule(connection)
        without = tuple(
            (str(row.number), row.member_name, plans[row.id])
            for row in household_rows(connection, list(plans), today)
        )
        held = sessions(connection, desk.currency, latest=SHOWN)
        ahead = None if rows else next_due_on(connection, today)
    people = tuple(one for one in desk.colleagues() if one.id != desk.person.staff_id)
    kept = tuple(one for one in villages if one.rows)
    return Lists(month, kept, tuple(listed), without, held, people, ahead)


def sheets_of(desk: Desk, chosen: Round) -> bytes:
    """Keep new sheets of a round and draw them."""
    from stepdesk.contributions.papers import collection_sheets_pdf

    made = desk.do(
        print_sheets,
        title=chosen.name,
        section_id=chosen.section_id,
        household_ids=chosen.ids or None,
    )
    told = [desk.ask(sheet_lines, one, desk.today, desk.currency) for one in made]
    drawn = [pictured_sheet(desk, one) for one in told]
    return collection_sheets_pdf(drawn, desk.ask(scheme_on, desk.today).language)


def letters_to(desk: Desk, chosen: Round, progress: Progress) -> bytes:
    """Draw a letter to each household of a round that is late.

    Raises:
        Refusal: when nobody is.
        Cancelled: when the person asked for it.
    """
    from stepdesk.reports.papers import letters_pdf

    with desk.read() as connection:
        told = letters_by_household(
            connection,
            LetterKind.REMINDER,
            desk.today,
            desk.currency,
            ids=chosen.ids,
            section_id=chosen.section_id,
            progress=progress,
        )
        found = [letter for _, letter in told]
        scheme = scheme_on(connection, desk.today)
    if not found:
        raise Refusal(
            Text(N_("Nobody is late there, so there is no letter. Choose another section or day."))
        )
    drawn = letters_pdf(
        found, scheme.language, scheme=scheme.name, practice=desk.practice, progress=progress
    )
    desk.note_access("letters REMINDER", None, desk.today, f"{len(found)} pdf")
    return drawn


def receipts_in(desk: Desk, session_id: SessionId) -> tuple[Receipt, ...]:
    """Read the receipts of a session."""
    return desk.ask(receipts_of_session, session_id, desk.currency)


class ListsView(QWidget, Dressed, Speaking):
    """Villages, groups or sessions at the left; what is in the chosen one at the right.

    Signals:
        dismissed: Back to collecting.
    """

    dismissed = Signal()

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._lane, self._saved, self._desk = context.lane, context.saved, desk
        self._lists: Lists | None = None
        self._rounds: tuple[Round, ...] = ()
        self._receipt_of: Receipt | None = None
        self._build(context)
        self._connect()
        self.wear()
        self.learn(context.speaker)

    def _build(self, context: Context) -> None:
        speaker = context.speaker
        self._head = Words("", speaker, size=Size.SECTION, bold=True)
        self.way = Tabs(
            speaker,
            ((_VILLAGES, N_("Villages")), (_GROUPS, N_("Groups")), (_SESSIONS, N_("Sessions"))),
        )
        self.places = TableView(speaker)
        self.homes = TableView(speaker, empty=N_("Choose a village or a group."))
        self.held = TableView(speaker, empty=N_("No session yet."))
        self._models = (
            RowsModel((), self._place_rows, _PLACES, speaker, self),
            RowsModel((), self._home_rows, _HOUSEHOLDS, speaker, self),
            RowsModel((), self._session_rows, COLUMNS, speaker, self),
        )
        tables = (self.places, self.homes, self.held)
        for table, model in zip(tables, self._models, strict=True):
            table.show_rows(model)
        self.empty = Words("", speaker, wrap=True)
        self.without = NoticeBand(speaker)
        self.error = ErrorLine(speaker)
        self.trouble = TroubleBand(speaker)
        self.sheet_button = MainButton(N_("Print sheets"), speaker, icon="printer")
        self.letters_button = PlainButton(N_("Reminder letters"), speaker, icon="file-text")
        self.back = PlainButton(N_("Back"), speaker, key="back")
        self.slip_button = PlainButton(N_("Slip of the session"), speaker, icon="printer")
        zone = country(self._desk.country).time_zone
        self.receipts = ReceiptsList(speaker, zone, past=True)
        self._printer = ReceiptPrinter(self, self._desk, self._lane, speaker)
        self.reversal = ReversalForm(speaker)
        self._place()

    def _place(self) -> None:
        left = Card(margin=12)
        for widget in (self._head, self.way, self.empty):
            left.body.addWidget(widget)
        self._left = CurrentStack()
        for table in (self.places, self.held):
            self._left.addWidget(table)
        left.body.addWidget(self._left, 1)
        for band in (self.without, self.error, self.trouble):
            left.body.addWidget(band)
        buttons = QHBoxLayout()
        left.body.addLayout(buttons)
        for button in (self.sheet_button, self.letters_button, self.slip_button, self.back):
            buttons.addWidget(button)
        buttons.addStretch(1)
        homes = Card(margin=12)
        homes.body.addWidget(self.homes, 1)
        self._right = CurrentStack()
        for part in (homes, self.receipts, self.reversal):
            self._right.addWidget(part)
        self._column = QVBoxLayout(self)
        row = self._sides = QHBoxLayout()
        self._column.addLayout(row, 1)
        row.addWidget(left, 1)
        row.addWidget(self._right, 1)

    def _connect(self) -> None:
        self.way.chosen.connect(self._turned)
        self.places.current.connect(self._place_chosen)
        self.held.current.connect(self._session_chosen)
        self.sheet_button.clicked.connect(self.print_sheet)
        self.letters_button.clicked.connect(self.print_letters)
        self.back.clicked.connect(self.dismissed)
        self.receipts.undo.clicked.connect(self.start_reversal)
        self.receipts.print.clicked.connect(self.print_chosen)
        self.receipts.all.clicked.connect(self.print_all)
        self.receipts.chosen.connect(self._print_row)
        self.slip_button.clicked.connect(self.print_slip)
        self.reversal.reversed.connect(self._reverse)
        self.reversal.dismissed.connect(self._keep)

    @override
    def speak(self) -> None:
        for table, words in (
            (self.places, N_("Villages and groups")),
            (self.homes, N_("Households")),
            (self.held, N_("Sessions before")),
        ):
            table.setAccessibleName(self.speaker.tr(words))

    @override
    def dress(self) -> None:
        now = theme.current()
        edge = now.px(24)
        self._column.setContentsMargins(edge, now.px(12), edge, now.px(12))
        self._sides.setSpacing(now.px(16))

    def start(self) -> None:
        """Read everything anew."""
        self.error.clear_text()
        self.trouble.hide()
        self._lane.do(partial(lists_of, self._desk), self._show, owner=self)

    def _show(self, lists: Lists) -> None:
        self._lists = lists
        self._head.say(Text(N_("Contributions of {month}"), {"month": lists.month}))
        told = N_("Without a rule: household {number}, {name}: plan {plan} says nothing.")
        self.without.show_texts(
            [
                Text(told, {"number": number, "name": name, "plan": plan})
                for number, name, plan in lists.without
            ]
        )
        self._turned(self.way.value())

    def _turned(self, way: object) -> None:
        lists = self._lists
        if lists is None:
            return
        self.error.clear_text()
        in_sessions = way == _SESSIONS
        self._rounds = lists.groups if way == _GROUPS else lists.villages
        self._left.setCurrentIndex(1 if in_sessions else 0)
        self._right.setCurrentIndex(1 if in_sessions else 0)
        for button in (self.sheet_button, self.letters_button):
            button.setVisible(not in_sessions)
        self.slip_button.setVisible(in_sessions)
        self._models[0].set_ids(tuple(range(len(self._rounds))))
        self._models[1].set_ids(())
        self._models[2].set_ids(tuple(range(len(lists.sessions))))
        self.receipts.start((), {})
        self._say_empty(way)
        table = self.held if in_sessions else self.places
        table.go_to(0)
        table.setFocus()

    def _say_empty(self, way: object) -> None:
        lists = self._lists
        asked = any(row.due for one in self._rounds for row in one.rows)
        if lists is None or asked or way == _SESSIONS:
            self.empty.say("")
            self.empty.hide()
            return
        values: dict[str, Value] = {"month": lists.month}
        nothing = N_("No contribution is due in {month}.")
        if lists.next_due_on is None and not lists.villages:
            nothing = N_("No household pays yet. Register the first one on the page Members.")
        elif lists.next_due_on is not None:
            nothing = N_("No contribution is due in {month}. Next due date {day}.")
            values["day"] = lists.next_due_on
        nobody = N_("There is no group yet. Groups are made on the page Scheme.")
        bare = way == _GROUPS and not lists.groups
        self.empty.say(Text(nobody if bare else nothing, values))
        self.empty.show()

    # Villages and groups

    def chosen(self) -> Round | None:
        """Return the village or group that is chosen."""
        at = self.places.chosen_id()
        return None if at is None or at >= len(self._rounds) else self._rounds[at]

    def _place_chosen(self, _at: object) -> None:
        one = self.chosen()
        self._models[1].set_ids(() if one is None else tuple(range(len(one.rows))))
        self._models[1].refresh()

    def print_chosen(self) -> None:
        """F9: the sheets of the chosen place, or the chosen receipt of a session again."""
        if self.way.value() != _SESSIONS:
            self.print_sheet()
            return
        receipt = self.receipts.wanted()
        self.error.clear_text()
        if receipt is None:
            self.error.show_text(Text(N_("Choose a session with a receipt to print.")))
            return
        self._printer.one(receipt.payment_id, self.receipts.paper.form)

    def print_sheet(self) -> None:
        """The collection sheets of the chosen village or group."""
        self._draw(sheets_of, N_("Collection sheets {place}"), None)

    def print_letters(self) -> None:
        """A letter to each household that is late; hundreds take seconds and may be given up."""
        progress = self._lane.progress()
        self._draw(partial(letters_to, progress=progress), N_("Letters {place}"), progress)

    def _draw(
        self,
        draw: Any,  # noqa: ANN401 - one of the two above
        title: str,
        progress: Progress | None,
    ) -> None:
        one = self.chosen()
        self.error.clear_text()
        if one is None:
            self.error.show_text(Text(N_("Choose a village or a group.")))
            return
        name = self.speaker.tr(title, place=one.name)
        self._lane.do(
            partial(draw, self._desk, one),
            partial(self._drawn, name),
            refused=self._refused,
            troubled=self.trouble.show_trouble,
            cancelled=self.error.clear_text,
            owner=self,
            progress=progress,
        )

    def _drawn(self, name: str, pdf: bytes) -> None:
        self._saved()
        show_paper(self, pdf, name, self.speaker)

    def _refused(self, refusal: Refusal) -> None:
        self.error.show_text(refusal.text)

    # Sessions

    def _session(self) -> CollectionSession | None:
        at = self.held.chosen_id()
        return None if at is None or self._lists is None else self._lists.sessions[at]

    def _session_chosen(self, _at: object) -> None:
        one = self._session()
        if one is not None:
            self._lane.do(
                partial(receipts_in, self._desk, one.id), self._show_receipts, owner=self
            )

    def _show_receipts(self, receipts: tuple[Receipt, ...]) -> None:
        self.receipts.start(receipts, {})
        if receipts:
            self.receipts.table.go_to(0)

    def _print_row(self, _payment_id: object) -> None:
        self.print_chosen()

    def print_all(self) -> None:
        """All receipts of the chosen session that still count, four on a sheet."""
        one = self._session()
        self.error.clear_text()
        if one is None:
            self.error.show_text(_NO_SESSION)
            return
        self._printer.all(one.id, self._refused)

    def print_slip(self) -> None:
        """The slip of the chosen session again."""
        one = self._session()
        self.error.clear_text()
        if one is None:
            self.error.show_text(_NO_SESSION)
            return
        name = self.speaker.tr(N_("Slip of the session {place}"), place=one.place)
        self._lane.do(partial(slip_again, self._desk, one), partial(self._drawn, name), owner=self)

    def start_reversal(self) -> None:
        """Cancel the chosen receipt of a session with a reason and a second person."""
        if self.way.value() != _SESSIONS:
            return
        receipt = self.receipts.to_undo()
        if receipt is None or receipt.reverses or receipt.reversed_by or self._lists is None:
            self.error.show_text(Text(N_("Choose a receipt that still counts.")))
            return
        self.error.clear_text()
        self._right.setCurrentIndex(2)
        self.reversal.start(receipt, self._lists.people, solo=self._desk.solo)

    def _keep(self) -> None:
        self._right.setCurrentIndex(1)

    def _reverse(self, receipt: Receipt, reason: str, signer: tuple[StaffId, str] | None) -> None:
        from stepdesk.ui.contributions.session_view import undo

        self._lane.do(
            partial(undo, self._desk, self.reversal.request, receipt.payment_id, reason, signer),
            self._reversed,
            refused=self.reversal.refuse,
            troubled=self.reversal.fail,
            owner=self,
        )

    def _reversed(self, reversal: Receipt) -> None:
        self._saved()
        self.receipts.add(reversal)
        self._right.setCurrentIndex(1)

    # Rows

    def _place_rows(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        found = []
        for at in ids:
            one = self._rounds[at]
            sums = [Money(minor, self._desk.currency) for minor in one.sums()]
            found.append((one.name, len(one.rows), *sums))
        return found

    def _home_rows(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        one = self.chosen()
        rows: Iterable[DuesRow] = () if one is None else [one.rows[at] for at in ids]
        return [
            (
                str(row.number),
                row.name,
                *(Money(minor, self._desk.currency) for minor in (row.due, row.paid, row.arrears)),
            )
            for row in rows
        ]

    def _session_rows(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        lists = self._lists
        return [] if lists is None else [session_row(lists.sessions[at]) for at in ids]
