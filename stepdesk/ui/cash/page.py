"""Cash and accounts: the cash book with a line to write in, what is to pay, the books, the rules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.countries import country
from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.ledger.papers.statements import JOURNALS
from stepdesk.ledger.rules import BOXES
from stepdesk.ledger.terms import (
    ACTIVITIES,
    OPENING_STANDS,
    BoxBalance,
    Carried,
    CashBook,
    Debt,
    Journal,
    OpenBill,
    Place,
    Voucher,
)
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.cash import facts
from stepdesk.ui.cash.counting_forms import CountForm, HandOverForm
from stepdesk.ui.cash.facts import Asked, Deed, Facts, Slip, Tab, TakingOver
from stepdesk.ui.cash.forms import (
    ActivityLine,
    BillForm,
    BoxForm,
    CancelForm,
    EntryForm,
    LinesForm,
    RulesForm,
    TransferForm,
)
from stepdesk.ui.cash.line_form import LineForm, shorten
from stepdesk.ui.cash.other_forms import BetweenForm, DebtForm, EndBoxForm, GiftForm, MoreMenu
from stepdesk.ui.choosing import ask_where
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.overriding import override
from stepdesk.ui.page import Page
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.choice import Tabs
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.month_field import MonthField
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import EntryId
from stepdesk.values.month import Month

_TABS = (
    (Tab.BOOK, N_("Cash book")),
    (Tab.TO_PAY, N_("To pay")),
    (Tab.COLLECTORS, N_("Collectors")),
    (Tab.BALANCE, N_("Trial balance")),
    (Tab.JOURNALS, N_("Journals")),
    (Tab.ACCOUNT, N_("Account")),
    (Tab.OPENING, N_("Opening")),
    (Tab.RULES, N_("Boxes and rules")),
)
_AMOUNT, _DATE = Kind.AMOUNT, Column(N_("Date"), width=116)
_ENTRY = Column(N_("Number"), width=190, priority=1)
_BALANCE = (
    Column(N_("Account"), width=80),
    Column(N_("Name"), width=180, stretch=1),
    Column(N_("Debit"), _AMOUNT, width=120),
    Column(N_("Credit"), _AMOUNT, width=120),
    Column(N_("Balance"), _AMOUNT, width=120, priority=1),
)
COLUMNS: Mapping[Tab, tuple[Column, ...]] = {
    Tab.BOOK: (
        _DATE,
        Column(N_("Voucher"), width=190, priority=1),
        Column(N_("Text"), width=140, stretch=1),
        Column(N_("In"), _AMOUNT, width=96),
        Column(N_("Out"), _AMOUNT, width=96),
        Column(N_("Balance"), _AMOUNT, width=104),
        Column(N_("Paper"), width=150, priority=2),
    ),
    Tab.TO_PAY: (
        Column(N_("To whom"), width=150, stretch=1),
        Column(N_("Text"), width=150, stretch=1),
        Column(N_("Paper"), width=120, priority=2),
        Column(N_("Since"), width=116),
        Column(N_("Amount"), _AMOUNT, width=110, priority=1),
        Column(N_("Owed"), _AMOUNT, width=110),
    ),
    Tab.COLLECTORS: (
        Column(N_("Collector"), width=160, stretch=1),
        Column(N_("Since"), width=116),
        Column(N_("Days"), Kind.NUMBER, width=80),
        Column(N_("Carried"), _AMOUNT, width=120),
    ),
    Tab.BALANCE: _BALANCE,
    Tab.OPENING: _BALANCE,
    Tab.JOURNALS: (
        _DATE,
        _ENTRY,
        Column(N_("Account"), width=80),
        Column(N_("Name"), width=140, stretch=1),
        Column(N_("Text"), width=120, stretch=1, priority=2),
        Column(N_("Debit"), _AMOUNT, width=100),
        Column(N_("Credit"), _AMOUNT, width=100),
    ),
    Tab.ACCOUNT: (
        _DATE,
        _ENTRY,
        Column(N_("Text"), width=140, stretch=1),
        Column(N_("Debit"), _AMOUNT, width=100),
        Column(N_("Credit"), _AMOUNT, width=100),
        Column(N_("Balance"), _AMOUNT, width=110),
    ),
    Tab.RULES: (
        Column(N_("Box"), width=80),
        Column(N_("Name"), width=160, stretch=1),
        Column(N_("It holds"), _AMOUNT, width=110),
        Column(N_("Too much"), _AMOUNT, width=110, priority=2),
        Column(N_("Counted on"), width=116, priority=1),
        Column(N_("Counted"), _AMOUNT, width=110, priority=1),
    ),
}


SLIPS = (
    Column(N_("Slip"), width=170, priority=1),
    Column(N_("Date"), width=116),
    Column(N_("Collector"), width=140, stretch=1),
    Column(N_("Handed over"), _AMOUNT, width=120),
    Column(N_("Missing"), _AMOUNT, width=110),
    Column(N_("Reason"), width=140, stretch=1, priority=2),
)
_MOVED = tuple(one for one in COLUMNS[Tab.BOOK] if one.title != N_("Balance"))
"""Of a cash book of one activity: nobody counts part of a box."""


_EMPTY: Mapping[Tab, str] = {
    Tab.TO_PAY: N_("No bill waits. Below, write down one that is paid later."),
    Tab.COLLECTORS: N_("Nobody carries money of the scheme: all of it was handed over."),
    Tab.JOURNALS: N_("No entry in this month. Choose another month or journal."),
    Tab.ACCOUNT: N_("Nothing moved on this account in this month. Choose another one."),
}
_NOTHING = N_("Nothing yet. Count the box and write the opening amount.")
_NO_STATEMENT = N_("Nothing moved in this month. Write a line below, or read the statement.")


def _stands(book: CashBook) -> Text:
    """Return what is said over a cash book: what lies in the box, or what one activity moved."""
    if book.activity is None:
        return Text(
            N_("Opening {before} · should be there at the end of {month}: {after}"),
            {"before": book.before, "month": book.month, "after": book.after},
        )
    return Text(
        N_(
            "Only {activity}: in {came}, out {went}. What lies in the box is told by its whole book."
        ),
        {
            "activity": Text(ACTIVITIES[book.activity]),
            "came": book.came_in,
            "went": book.went_out,
        },
    )


def _columns_of(asked: Asked) -> tuple[Column, ...]:
    part = asked.tab is Tab.BOOK and asked.activity is not None
    return _MOVED if part else COLUMNS[asked.tab]


def _empty_of(asked: Asked) -> str:
    """Return what stands in a list without lines: what to do next."""
    if asked.tab is Tab.BOOK and BOXES.get(asked.place.role) is Journal.BANK:
        return _NO_STATEMENT
    return _EMPTY.get(asked.tab, _NOTHING)


class CashPage(Page, Dressed):
    """The treasurer's page for everything that happens within a month."""

    id = "cash"
    help_page = "cash"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        if not isinstance(context.desk, Desk):
            raise TypeError("this page needs an open book")
        self._desk = context.desk
        self._pack = country(self._desk.country)
        today = context.clock_today()
        self.asked = Asked(Tab.BOOK, Month.of(today))
        self.facts: Facts | None = None
        self._rows: Mapping[Any, tuple[Any, ...]] = {}
        say = context.speaker
        self.tabs = Tabs(say, _TABS, columns=4)
        self.box, self.account, self.journal = ComboLine(), ComboLine(), ComboLine()
        self.activity = ActivityLine(say, N_("All activities"))
        self.month = MonthField(Month.of(today))
        self.month.set_month(self.asked.month)
        self.stands = Words("", say, bold=True, wrap=True)
        self.counted = Words("", say, size=Size.SMALL, muted=True, wrap=True)
        self.trouble = TroubleBand(say)
        self.table = TableView(say, empty=_NOTHING, fewest=5)
        self.model = RowsModel((), self._cells, COLUMNS[Tab.BOOK], say, self)
        self.table.show_rows(self.model)
        self._make_slips()
        self._make_forms()
        self._make_buttons()
        self._place()
        self._connect()
        self.wear()
        self.learn(say)

    def _make_slips(self) -> None:
        say = self.context.speaker
        self.slips_head = Words(N_("Handed over before; Enter shows the slip"), say, bold=True)
        self.slips = TableView(say, empty=N_("Nobody has handed over yet."), fewest=5)
        self._slip_rows = RowsModel((), self._slip_cells, SLIPS, say, self)
        self.slips.show_rows(self._slip_rows)

    def _make_forms(self) -> None:
        say, today, money = self.context.speaker, self.context.clock_today(), self._pack.currency
        self.entry = EntryForm(say, today, money)
        self.transfer = TransferForm(say, today, money)
        self.cancel = CancelForm(say)
        self.count = CountForm(say, today, self._pack)
        self.bill = BillForm(say, today, money)
        self.hand_over = HandOverForm(say, today, self._pack)
        self.by_hand = LinesForm(say, today, self._pack, opening=False, rows=3)
        self.opening = LinesForm(say, today, self._pack, opening=True, rows=6)
        self.rules = RulesForm(say, today, money)
        self.new_box = BoxForm(say, money)
        self._others: tuple[Any, ...] = (
            self.transfer,
            self.cancel,
            self.count,
            self.bill,
            self.hand_over,
            self.by_hand,
            self.opening,
            self.rules,
            self.new_box,
            *self._make_seldom(),
        )
        self.forms = CurrentStack()
        self._order: list[LineForm] = [self.entry, *self._others]
        self._under: Mapping[Tab, LineForm] = {
            Tab.BOOK: self.entry,
            Tab.TO_PAY: self.bill,
            Tab.JOURNALS: self.by_hand,
            Tab.OPENING: self.opening,
            Tab.RULES: self.rules,
        }
        for form in self._order:
            self.forms.addWidget(form)

    def _make_seldom(self) -> tuple[LineForm, ...]:
        """Make the forms of what happens seldom."""
        say, today = self.context.speaker, self.context.clock_today()
        self.pay_off = DebtForm(say, today, self._pack, ours=True)
        self.paid_back = DebtForm(say, today, self._pack, ours=False)
        self.gift = GiftForm(say, today, self._pack.currency)
        self.between = BetweenForm(say, today, self._pack.currency)
        self.end_box = EndBoxForm(say)
        self.more = MoreMenu(say)
        return self.pay_off, self.paid_back, self.gift, self.between, self.end_box

    def _make_buttons(self) -> None:
        say = self.context.speaker
        self.count_button = PlainButton(N_("Count"), say, key="close-session")
        self.transfer_button = PlainButton(N_("Transfer"), say, key="several")
        self.cancel_button = PlainButton(N_("Cancel"), say, key="override")
        self.print_button = PlainButton(N_("Print"), say, key="print", icon="printer")
        self.voucher_button = PlainButton(N_("Voucher"), say)
        self.excel_button = PlainButton(N_("Excel"), say)
        self.statement_button = PlainButton(N_("Statement …"), say, key="attach")
        self.box_button = PlainButton(N_("Add a box"), say, key="several")
        self.change_button = PlainButton(N_("Change the box"), say, key="override")
        self.end_button = PlainButton(N_("End the box"), say, key="close-session")
        self.more_button = PlainButton(N_("More …"), say, key="menu")
        self.take_button = PlainButton(N_("Take over"), say, key="several")
        self.slip_button = PlainButton(N_("Slip"), say, key="papers")

    def _place(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.trouble)
        self._column.addWidget(self.tabs)
        choosing = QHBoxLayout()
        self._column.addLayout(choosing)
        for combo in (self.box, self.account, self.journal, self.activity):
            shorten(combo)
        for widget in (self.box, self.account, self.journal, self.activity, self.month):
            choosing.addWidget(widget, 1)
        choosing.addStretch(1)
        choosing.addWidget(self.print_button)
        choosing.addWidget(self.excel_button)
        told = QHBoxLayout()
        self._column.addLayout(told)
        told.addWidget(self.stands, 2)
        told.addWidget(self.counted, 1)
        self._column.addWidget(self.table, 1)
        self._column.addWidget(self.slips_head)
        self._column.addWidget(self.slips, 1)
        self.deeds = QWidget()
        self._column.addWidget(self.deeds)
        deeds = QHBoxLayout(self.deeds)
        deeds.setContentsMargins(0, 0, 0, 0)
        for button in (
            self.take_button,
            self.slip_button,
            self.count_button,
            self.transfer_button,
            self.cancel_button,
            self.voucher_button,
            self.statement_button,
            self.box_button,
            self.change_button,
            self.end_button,
            self.more_button,
        ):
            deeds.addWidget(button)
        deeds.addStretch(1)
        self._column.addWidget(self.forms)
        self._column.addStretch(0)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self.turn)
        self.month.returnPressed.connect(self._choose)
        for combo in (self.box, self.account, self.journal, self.activity):
            combo.activated.connect(self._choose)
        self.table.chosen.connect(self._open_row)
        self.slips.chosen.connect(self._open_slip)
        bound: tuple[tuple[PlainButton, str, Callable[[], object]], ...] = (
            (self.count_button, "close-session", self.start_close),
            (self.transfer_button, "several", self.start_other),
            (self.cancel_button, "override", self.start_undo),
            (self.more_button, "menu", self.open_more),
            (self.statement_button, "attach", self.show_statement),
            (self.print_button, "print", self.print_list),
            (self.voucher_button, "papers", self.print_voucher),
        )
        for button, key, act in bound:
            button.clicked.connect(act)
            self.bind(key, act)
        self.excel_button.clicked.connect(self.save_workbook)
        self.box_button.clicked.connect(self.start_box)
        self.take_button.clicked.connect(self.start_other)
        self.slip_button.clicked.connect(self.print_voucher)
        self.change_button.clicked.connect(self.start_change)
        self.end_button.clicked.connect(self.start_end)
        self.more.wanted.connect(self.start_more)
        self.bind("back", self._back)
        self.bind("new", self._back)
        for form in self._order:
            form.sent.connect(partial(self._send, form))
            form.left.connect(self._back)

    @override
    def title(self) -> str:
        return self.context.speaker.tr(N_("Cash and accounts"))

    @override
    def speak(self) -> None:
        say = self.context.speaker
        for widget, words in (
            (self.box, N_("Box")),
            (self.account, N_("Account")),
            (self.journal, N_("Journal")),
            (self.activity, N_("Activity")),
            (self.month, N_("Month")),
            (self.table, N_("Lines")),
            (self.slips, N_("Slips of hand-overs")),
        ):
            widget.setAccessibleName(say.tr(words))
        self._offer_accounts()

    def _offer_accounts(self) -> None:
        say = self.context.speaker
        chosen, kind = self.asked.role, self.asked.journal
        self.account.clear()
        for one in sorted(self._pack.chart.values(), key=lambda account: account.number):
            self.account.addItem(f"{one.number} {one.name(say.language)}", one.role)
        self.account.setCurrentIndex(max(self.account.findData(chosen), 0))
        self.journal.clear()
        self.journal.addItem(say.tr(N_("All journals")), None)
        for at, (journal, words) in enumerate(JOURNALS.items(), 1):
            self.journal.addItem(say.tr(words), journal)
            if journal is kind:
                self.journal.setCurrentIndex(at)

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setContentsMargins(now.px(20), now.px(12), now.px(20), now.px(12))
        self._column.setSpacing(now.px(8))

    @override
    def shown(self, **arguments: object) -> None:
        """Come up where the work was left; `go` may be given tab, month, place or count."""
        tab, month = arguments.get("tab"), arguments.get("month")
        place = arguments.get("place")
        if isinstance(place, Place):
            self.asked = replace(self.asked, place=place)
        if isinstance(month, Month):
            self.asked = replace(self.asked, month=month)
            self.month.set_month(month)
        if tab is not None:
            wanted = Tab(tab)
            self.asked = replace(self.asked, tab=wanted)
            self.tabs.choose(wanted)
        self._read(after=self._count_month if arguments.get("count") else self._rest)

    # What stands there

    def turn(self, tab: Tab) -> None:
        """Show another tab."""
        self.asked = replace(self.asked, tab=tab)
        self._read()

    def _choose(self, _at: object = None) -> None:
        place = self.box.currentData()
        self.asked = replace(
            self.asked,
            month=self.month.month() or self.asked.month,
            place=place if isinstance(place, Place) else self.asked.place,
            journal=self.journal.currentData(),
            role=self.account.currentData() or self.asked.role,
            activity=self.activity.told(),
        )
        self.month.set_month(self.asked.month)
        self._read()

    def _read(self, *, after: Callable[[], object] | None = None) -> None:
        language = self.context.speaker.language
        self.context.lane.do(
            partial(facts.facts_of, self._desk, self.asked, language),
            partial(self._show, after),
            owner=self,
        )

    def _show(self, after: Callable[[], object] | None, told: Facts) -> None:
        if told.asked != self.asked:
            return
        self.facts = told
        self._rows = dict(enumerate(told.rows))
        self.table.say_empty(_empty_of(told.asked))
        self.model.set_columns(_columns_of(told.asked), range(len(told.rows)))
        # The newest line of a book is the last; of collectors the first carries longest.
        self.table.go_to(0 if told.asked.tab is Tab.COLLECTORS else len(told.rows) - 1)
        self._slip_rows.set_ids(tuple(range(len(told.slips))))
        self.slips.go_to(0)
        self._show_choosing(told)
        self._tell(told)
        self._offer(told)
        if after is not None:
            after()

    def _show_choosing(self, told: Facts) -> None:
        tab = told.asked.tab
        self.box.clear()
        for one in told.boxes:
            self.box.addItem(one.box.name, one.box.place)
            if one.box.place == told.asked.place:
                self.box.setCurrentIndex(self.box.count() - 1)
        self.box.setVisible(tab is Tab.BOOK)
        self.account.setVisible(tab is Tab.ACCOUNT)
        self.journal.setVisible(tab is Tab.JOURNALS)
        self.activity.setVisible(tab in {Tab.BOOK, Tab.BALANCE, Tab.JOURNALS, Tab.ACCOUNT})
        self.month.setVisible(tab not in {Tab.TO_PAY, Tab.COLLECTORS, Tab.RULES})
        for button in (self.print_button, self.excel_button):
            button.setVisible(tab not in {Tab.TO_PAY, Tab.RULES})
        for button in (
            self.count_button,
            self.transfer_button,
            self.cancel_button,
            self.voucher_button,
        ):
            button.setVisible(tab is Tab.BOOK)
        banked = BOXES.get(told.asked.place.role) is Journal.BANK
        self.statement_button.setVisible(tab is Tab.BOOK and banked)
        for button in (self.box_button, self.change_button, self.end_button):
            button.setVisible(tab is Tab.RULES)
        self.more_button.setVisible(tab in {Tab.BOOK, Tab.TO_PAY})
        for button in (self.take_button, self.slip_button):
            button.setVisible(tab is Tab.COLLECTORS)

    def show_statement(self) -> None:
        """Show the statement of the bank or telephone beside its book."""
        from stepdesk.ui.cash.statement_view import StatementWindow

        box = self._box_now()
        if box is not None and self.statement_button.isVisible():
            day = min(self.asked.month.last, self._desk.today)
            window = StatementWindow(self, self.context, self._desk, box.box, day)
            window.finished.connect(self._statement_left)
            window.open()

    def _statement_left(self, _result: int) -> None:
        self._read()

    def _box_now(self) -> BoxBalance | None:
        boxes = self.facts.boxes if self.facts else ()
        return next((one for one in boxes if one.box.place == self.asked.place), None)

    def _tell(self, told: Facts) -> None:
        box = self._box_now()
        self.stands.setVisible(told.book is not None)
        self.counted.setVisible(told.book is not None)
        if self._opening_stands():
            self.stands.show()
            self.stands.say(OPENING_STANDS)
        if told.book is None or box is None:
            return
        self.stands.say(_stands(told.book))
        if box.counted is None or box.counted_on is None:
            self.counted.say(N_("Not counted yet"))
        else:
            self.counted.say(
                Text(
                    N_("Counted on {day}: {amount}"),
                    {"day": box.counted_on, "amount": box.counted},
                )
            )

    def _offer(self, told: Facts) -> None:
        for form in self._order:
            form.start(told.others, solo=told.solo)
        self.entry.remember(told.memory)
        self.bill.offer(told.boxes, None)
        self.rules.offer(told.settings)
        self._under_table()

    def _opening_stands(self) -> bool:
        """Whether the tab of the opening has nothing more to write."""
        told = self.facts
        return self.asked.tab is Tab.OPENING and told is not None and told.opening_stands

    def _under_table(self) -> None:
        form = None if self._opening_stands() else self._under.get(self.asked.tab)
        self.forms.setVisible(form is not None)
        if form is not None:
            self._form(form)
        else:
            self._show_held()

    def _form(self, form: LineForm) -> None:
        self.forms.setVisible(True)
        self.forms.setCurrentIndex(self._order.index(form))
        self._show_held(blind=form in {self.count, self.hand_over})
        if form not in self._under.values():
            form.reveal()

    def _show_held(self, *, blind: bool = False) -> None:
        """Show what the books say, but not while somebody counts (S4)."""
        self.table.setVisible(not blind)
        self.deeds.setVisible(not blind)
        slips = self.asked.tab is Tab.COLLECTORS and not blind
        self.slips_head.setVisible(slips)
        self.slips.setVisible(slips)
        self._column.setStretch(self._column.count() - 1, int(blind))  # the table's part
        for button in (self.print_button, self.excel_button):
            button.setEnabled(not blind)
            # Alone in their line they would take the room of a whole line from the count.
            if self.asked.tab is Tab.COLLECTORS:
                button.setVisible(not blind)
        if blind:
            self.stands.hide()
            self.counted.hide()
        elif self.facts is not None:
            self._tell(self.facts)

    def _cells(self, ids: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        return [self._rows[at] for at in ids]

    def _slip_cells(self, ids: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        told = self.facts.slips if self.facts else ()
        return [
            (
                told[at].number,
                told[at].day,
                told[at].collector,
                told[at].handed,
                told[at].left or None,
                told[at].difference_reason,
            )
            for at in ids
        ]

    def _rest(self) -> None:
        """Put the cursor where one types next."""
        if self.asked.tab is Tab.COLLECTORS and self._rows:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.table.scrollToBottom()
        if self.asked.tab is Tab.BOOK:
            self.entry.day.setFocus(Qt.FocusReason.OtherFocusReason)
            self.entry.day.selectAll()
        else:
            self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    def _back(self) -> None:
        self.trouble.hide()
        if self.facts is not None:
            self.bill.offer(self.facts.boxes, None)
        self._under_table()
        self._rest()

    # What is begun

    def _chosen(self) -> Any:  # noqa: ANN401 - a row of the tab
        at = self.table.chosen_id()
        return self.facts.ids[at] if self.facts is not None and at is not None else None

    def _open_row(self, at: int) -> None:
        if self.facts is None:
            return
        row = self.facts.ids[at]
        match self.asked.tab:
            case Tab.TO_PAY:
                self._open_owed(self.facts, row)
            case Tab.COLLECTORS:
                self._take_over(row)
            case Tab.BALANCE | Tab.OPENING if row:
                self.asked = replace(self.asked, role=row)
                self.account.setCurrentIndex(max(self.account.findData(row), 0))
                self.tabs.choose(Tab.ACCOUNT)
            case Tab.BOOK if row.parts:
                opened = "" if self.asked.opened == row.number else row.number
                self.asked = replace(self.asked, opened=opened)
                self._read(after=partial(self.table.go_to, at))
            case Tab.RULES:
                self.asked = replace(self.asked, place=row)
                self.tabs.choose(Tab.BOOK)
            case _:
                pass

    def _take_over(self, carried: Carried) -> None:
        self.context.lane.do(
            partial(facts.taking_over, self._desk, carried), self._taking_over, owner=self
        )

    def _taking_over(self, told: TakingOver) -> None:
        if self.facts is not None and self.asked.tab is Tab.COLLECTORS:
            self._form(self.hand_over)
            self.hand_over.offer(told, self.facts.boxes, solo=self.facts.solo)

    def _open_owed(self, told: Facts, row: object) -> None:
        """Pay what is owed: a bill, an old debt, or a care centre on its own page."""
        if isinstance(row, OpenBill):
            self.bill.offer(told.boxes, row)
        elif isinstance(row, Debt):
            self._start_debt(self.pay_off, row)
        else:
            self.context.go("claims", pay=True)

    def start_count(self) -> None:
        """Count the box that is shown, before it is said what should lie there."""
        self._count_on(self._desk.today)

    def _count_month(self) -> None:
        """Count the box for a month that is being closed: as of its last evening."""
        self._count_on(min(self.asked.month.last, self._desk.today))

    def _count_on(self, day: date) -> None:
        box = self._box_now()
        if box is not None and self.asked.tab is Tab.BOOK:
            self._form(self.count)
            people = (self.facts.me, *self.facts.others) if self.facts else ()
            self.count.offer(box, day, people)

    def start_transfer(self) -> None:
        """Move money from the box that is shown."""
        if self.facts is not None and self.asked.tab is Tab.BOOK:
            self.transfer.offer(self.facts.boxes, self.asked.place)
            self._form(self.transfer)
            self.transfer.day.setFocus(Qt.FocusReason.OtherFocusReason)

    def start_close(self) -> None:
        """Begin what F12 begins here: a count, or the end of a box."""
        if self.asked.tab is Tab.RULES:
            self.start_end()
        else:
            self.start_count()

    def start_undo(self) -> None:
        """Begin what F7 begins here: taking a voucher back, or changing a box."""
        if self.asked.tab is Tab.RULES:
            self.start_change()
        else:
            self.start_cancel()

    def open_more(self) -> None:
        """Offer what happens seldom."""
        if self.more_button.isVisible():
            self.more.popup(self.more_button.mapToGlobal(self.more_button.rect().topLeft()))
            self.more.setActiveAction(self.more.actions()[0])

    def start_more(self, name: str) -> None:
        """Begin what was chosen of what happens seldom."""
        if self.facts is None:
            return
        match name:
            case "paid_back":
                self._start_debt(self.paid_back, None)
            case "pay_off":
                self._start_debt(self.pay_off, None)
            case "gift":
                self.gift.offer()
                self._begin(self.gift)
            case _:
                self.between.offer(self.facts.boxes, self.asked.place)
                self._begin(self.between)

    def _start_debt(self, form: DebtForm, debt: Debt | None) -> None:
        if self.facts is not None:
            form.offer(self.facts.boxes, self.facts.debts, self.asked.place, debt)
            self._begin(form)

    def _begin(self, form: "DebtForm | GiftForm | BetweenForm") -> None:
        self._form(form)
        form.day.setFocus(Qt.FocusReason.OtherFocusReason)
        form.day.selectAll()

    def _marked_box(self) -> BoxBalance | None:
        """Return the box that is marked among the rules, unless every book has it."""
        place = self._chosen()
        if self.facts is None or self.asked.tab is not Tab.RULES or place is None:
            return None
        box = next((one for one in self.facts.boxes if one.box.place == place), None)
        if box is not None and box.box.place.box is None:
            told = Text(
                N_("Every book has the box {name}: it stays as it is. Choose one you added."),
                {"name": box.box.name},
            )
            self._under_table()
            self.rules.refuse(Refusal(told))
            return None
        return box

    def start_change(self) -> None:
        """Change the box that is marked: its name, number, holder, limit."""
        box = self._marked_box()
        if box is not None and self.facts is not None:
            people = (self.facts.me, *self.facts.others)
            self.new_box.change(box.box, self.facts.sections, people)
            self._form(self.new_box)
            self.new_box.name.setFocus(Qt.FocusReason.OtherFocusReason)
            self.new_box.name.selectAll()

    def start_end(self) -> None:
        """End the box that is marked."""
        box = self._marked_box()
        if box is not None:
            self._form(self.end_box)
            self.end_box.offer(box.box)

    def start_other(self) -> None:
        """Begin what F6 begins here: a transfer, another box, or taking over."""
        if self.asked.tab is Tab.RULES:
            self.start_box()
        elif self.asked.tab is Tab.COLLECTORS:
            carried = self._chosen()
            if carried is not None:
                self._take_over(carried)
        else:
            self.start_transfer()

    def start_box(self) -> None:
        """Add a box."""
        if self.facts is not None and self.asked.tab is Tab.RULES:
            self.new_box.offer(self.facts.sections, (self.facts.me, *self.facts.others))
            self._form(self.new_box)
            self.new_box.kind.setFocus(Qt.FocusReason.OtherFocusReason)

    def start_cancel(self) -> None:
        """Take back the voucher of the line that is marked."""
        row = self._chosen()
        if self.asked.tab is Tab.BOOK and row is not None:
            self.context.lane.do(
                partial(facts.cancellable, self._desk, row.number),
                self._cancel,
                refused=self.entry.refuse,
                owner=self,
            )

    def _cancel(self, voucher: Voucher) -> None:
        self.cancel.show_voucher(voucher.id, voucher.number, voucher.label)
        self._form(self.cancel)
        self.cancel.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    # What is done

    def _deed(self, form: LineForm) -> Deed:
        if form is self.entry:
            return self.entry.deed(self.asked.place)
        deed: Deed = self._others[self._order.index(form) - 1].deed()
        return deed

    def _send(self, form: LineForm, accepting: frozenset[str], reason: str) -> None:
        try:
            deed = replace(self._deed(form), accepting=accepting, reason=reason)
        except Refusal as refusal:
            form.refuse(refusal)
            return
        form.hold()
        self.context.lane.do(
            partial(facts.done, self._desk, deed),
            partial(self._done, form),
            refused=form.refuse,
            cautioned=partial(self._cautioned, form),
            troubled=partial(self._troubled, form),
            owner=self,
        )

    def _cautioned(self, form: LineForm, caution: Caution) -> None:
        form.free()
        form.caution.show_caution(caution)

    def _troubled(self, form: LineForm, trouble: Trouble) -> None:
        form.free()
        self.trouble.show_trouble(trouble)

    def _done(self, form: LineForm, told: Any) -> None:  # noqa: ANN401 - a verb's result
        self.context.saved()
        if form is self.hand_over:
            self._read(after=partial(self._handed, told))
            return
        number = getattr(told, "number", "")
        if number:
            self.context.toast(Text(N_("Saved: {number}"), {"number": number}))
        else:
            self.context.toast(Text(N_("Saved.")))
        if isinstance(form, EntryForm | LinesForm):
            form.saved()
        self._read(after=self._counted if form is self.count else self._rest)

    # On paper

    def print_list(self) -> None:
        """Show the list as it is printed."""
        if self.asked.tab in {Tab.TO_PAY, Tab.RULES} or not self.print_button.isEnabled():
            return
        language = self.context.speaker.language
        self.context.lane.do(
            partial(facts.paper_of, self._desk, self.asked, language),
            partial(self._paper, self._named()),
            owner=self,
        )

    def print_voucher(self) -> None:
        """Show the voucher of the line that is marked, or the slip of a hand-over."""
        if self.asked.tab is Tab.COLLECTORS:
            at = self.slips.chosen_id()
            if at is not None and self.slips.isVisible():
                self._open_slip(at)
            return
        row = self._chosen()
        if self.asked.tab is not Tab.BOOK or row is None:
            return
        if facts.is_hand_over(row):
            self._draw_slip(row.entry_id, self._slip_drawn)
        else:
            self.context.lane.do(
                partial(
                    facts.voucher_paper, self._desk, row.number, self.context.speaker.language
                ),
                partial(self._paper, row.number),
                refused=self.entry.refuse,
                owner=self,
            )

    def _open_slip(self, at: int) -> None:
        if self.facts is not None:
            self._draw_slip(self.facts.slips[at].entry_id, self._slip_drawn)

    def _draw_slip(self, entry_id: EntryId, then: Callable[[Slip], object]) -> None:
        language = self.context.speaker.language
        self.context.lane.do(
            partial(facts.hand_over_paper, self._desk, entry_id, language), then, owner=self
        )

    def _slip_drawn(self, slip: Slip) -> None:
        self._paper(slip.number or self.context.speaker.tr(N_("Hand-over slip")), slip.pdf)

    def _handed(self, entry_id: EntryId) -> None:
        self._rest()
        self._draw_slip(entry_id, self._slip_kept)

    def _slip_kept(self, slip: Slip) -> None:
        self.context.toast(Text(N_("Saved: {number}"), {"number": slip.number}))
        self._slip_drawn(slip)

    def _counted(self) -> None:
        self._rest()
        self._print_count()

    def _print_count(self) -> None:
        language = self.context.speaker.language
        self.context.lane.do(
            partial(facts.count_paper, self._desk, language),
            partial(self._paper, self.context.speaker.tr(N_("Count of the box"))),
            owner=self,
        )

    def _named(self) -> str:
        words = next(words for tab, words in _TABS if tab is self.asked.tab)
        return f"{self.context.speaker.tr(words)} {self.asked.month}"

    def _paper(self, name: str, pdf: bytes) -> None:
        from stepdesk.ui.printing import show_paper

        show_paper(self, pdf, f"{name}.pdf", self.context.speaker)

    def save_workbook(self) -> None:
        """Save the list as a workbook where the person says."""
        say = self.context.speaker
        path = ask_where(self, say, self._named(), [(say.tr(N_("Excel")), "xlsx")])
        if path is not None:
            self.context.lane.do(
                partial(facts.save_workbook, self._desk, self.asked, path, say.language),
                partial(self.context.toast, Text(N_("Saved: {number}"), {"number": path.name})),
                owner=self,
            )
