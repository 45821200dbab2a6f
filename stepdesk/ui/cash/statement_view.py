"""A statement of a bank or telephone beside the books: brought in, matched, compared, printed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from secrets import token_bytes
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.countries import country
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.ledger.papers import reconciliation_list
from stepdesk.ledger.queries import reconciliation
from stepdesk.ledger.service import (
    accept_matches,
    book_line,
    import_statement,
    match_line,
    match_together,
    reconcile,
    unmatch_line,
)
from stepdesk.ledger.terms import (
    BoxEntry,
    CashBox,
    Likeness,
    Place,
    Proposal,
    Reconciliation,
    StatementLine,
    Together,
)
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.choosing import ask_file
from stepdesk.ui.context import Context
from stepdesk.ui.overriding import override
from stepdesk.ui.printing import show_paper
from stepdesk.ui.speech import Speaking
from stepdesk.ui.style import FocusRing
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import RequestId
from stepdesk.values.money import Money

_FILES = "CSV, Excel (*.csv *.txt *.xlsx *.xls *.ods)"
_WIDTH, _HEIGHT = 980, 600
_COLUMNS = (
    Column(N_("What it is"), width=230),
    Column(N_("Date"), width=110),
    Column(N_("Reference"), width=120, priority=1),
    Column(N_("Text"), width=160, stretch=1),
    Column(N_("Amount"), Kind.AMOUNT, width=110),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the window: a line of the statement, an entry of the books, or a proposal."""

    what: Text
    day: date
    reference: str
    said: str
    amount: Any
    line: StatementLine | None = None
    proposal: Proposal | None = None
    entry: BoxEntry | None = None
    group: Together | None = None


# What the window asks and does; all of it for the lane


def state_of(desk: Desk, place: Place, day: date, language: str) -> Reconciliation:
    """Return how a box and its statements stand."""
    with desk.read() as connection:
        return reconciliation(connection, country(desk.country), place, day, language=language)


def bring_in(desk: Desk, place: Place, file: Path) -> None:
    """Bring in a statement from a file.

    Raises:
        Refusal: what the file or the statement cannot be.
    """
    from stepdesk.exchange.registers.reading import open_file
    from stepdesk.exchange.statements import lines_in

    lines = lines_in(open_file(file), desk.today, desk.currency)
    request = RequestId(token_bytes(16))
    desk.do(import_statement, request_id=request, box=place, lines=lines, file=file.name)


def paper_of(desk: Desk, state: Reconciliation, reason: str) -> bytes:
    """Return the state of reconciliation as it is printed (D18)."""
    scheme = desk.ask(scheme_on, state.day)
    listing = reconciliation_list(state, scheme.language, reason=reason)
    return listing.pdf(
        scheme.language, scheme=scheme.name, practice=desk.practice, printed_on=desk.today
    )


def rows_of(state: Reconciliation) -> tuple[Row, ...]:
    """Return the lines to look at: proposals first, then what is in one alone."""
    proposed = {one.line.id: one for one in state.proposals}
    # An entry of the same day may as well be a part of something larger: it is shown for itself too.
    taken = {one.entry.entry_id for one in state.proposals if one.why is Likeness.REFERENCE}
    alone, bank = Text(N_("In the books alone")), Text(N_("In the statement alone"))

    def of_line(one: StatementLine) -> Row:
        found = proposed.get(one.id)
        what = (
            bank if found is None else Text(N_("May be {number}"), {"number": found.entry.number})
        )
        return Row(what, one.day, one.reference, one.label, one.amount, one, found)

    def of_entry(one: BoxEntry) -> Row:
        return Row(alone, one.day, one.reference, one.said, one.amount, entry=one)

    def of_group(one: Together) -> Row:
        count = max(len(one.lines), len(one.entries))
        what = Text(N_("One movement of {count}"), {"count": count})
        first = one.lines[0]
        return Row(what, one.last_day, first.reference, first.label, one.amount, group=one)

    lines = sorted(map(of_line, state.only_statement), key=lambda one: one.proposal is None)
    entries = [of_entry(one) for one in state.only_book if one.entry_id not in taken]
    return (*lines, *entries, *map(of_group, state.together))


class StatementWindow(QDialog, Dressed, Speaking):
    """The statement of one box over the cash page.

    Args:
        owner: The page.
        context: Of the page.
        desk: The open book.
        box: A bank, a savings institution or a telephone.
        day: The evening it is compared on.
    """

    def __init__(
        self, owner: QWidget, context: Context, desk: Desk, box: CashBox, day: date
    ) -> None:
        super().__init__(owner)
        self._context, self._desk, self._box, self._day = context, desk, box, day
        say = context.speaker
        self.state: Reconciliation | None = None
        self.rows: tuple[Row, ...] = ()
        self.head = Words(
            Text(N_("Statement of {box}"), {"box": box.name}), say, size=Size.SECTION, bold=True
        )
        self.stands = Words("", say, wrap=True)
        self.ticked: set[bytes] = set()
        self.sums = Words("", say, wrap=True)
        self.trouble = TroubleBand(say)
        self.table = TableView(
            say,
            empty=N_(
                "No statement was brought in yet. Ask the bank for a CSV file or a workbook."
            ),
            fewest=5,
        )
        self.model = RowsModel((), self._cells, _COLUMNS, say, self)
        self.table.show_rows(self.model)
        self.table.chosen.connect(self.tick)
        self.form = Form(say)
        self.reason = Field()
        self.form.add("difference_reason", self.reason, N_("Why the two differ"))
        self._make_buttons()
        self._place()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(say.say(Text(N_("Statement of {box}"), {"box": box.name})))
        self._ring = FocusRing(self)
        self.wear()
        self.learn(say)
        self.load()

    def _make_buttons(self) -> None:
        say = self._context.speaker
        self.import_button = MainButton(N_("Bring in a file …"), say)
        self.certain = PlainButton(N_("Match what is certain"), say)
        self.this = PlainButton(N_("This is that entry"), say)
        self.fee = PlainButton(N_("This is a fee"), say)
        self.interest = PlainButton(N_("This is interest"), say)
        self.together = PlainButton(N_("The ticked are one movement"), say)
        self.apart = PlainButton(N_("Take it apart"), say)
        self.keep = PlainButton(N_("Keep the comparison"), say)
        self.print = PlainButton(N_("Print the reconciliation"), say, icon="printer")
        self.leave = PlainButton(N_("Close"), say, key="back")
        deeds: tuple[tuple[PlainButton | MainButton, Callable[[], object]], ...] = (
            (self.import_button, self.ask_file),
            (self.certain, self.accept_certain),
            (self.this, self.accept_this),
            (self.fee, partial(self.book, "services")),
            (self.interest, partial(self.book, "interest")),
            (self.together, self.match_ticked),
            (self.apart, self.take_apart),
            (self.keep, self.keep_comparison),
            (self.print, self.print_state),
            (self.leave, self.reject),
        )
        for button, act in deeds:
            button.clicked.connect(partial(_without, act))

    def _place(self) -> None:
        self._column = QVBoxLayout(self)
        for widget in (self.head, self.stands, self.trouble):
            self._column.addWidget(widget)
        self._column.addWidget(self.table, 1)
        self._column.addWidget(self.sums)
        for buttons in (
            (self.import_button, self.certain, self.this, self.fee, self.interest),
            (self.together, self.apart, self.keep, self.print, self.leave),
        ):
            if self.keep in buttons:
                self._column.addWidget(self.form)
            row = QHBoxLayout()
            self._column.addLayout(row)
            for button in buttons:
                row.addWidget(button)
            row.addStretch(1)

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.tr(N_("Lines")))

    @override
    def dress(self) -> None:
        now = theme.current()
        edge = now.px(16)
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._column.setSpacing(now.px(10))
        self.resize(now.px(_WIDTH), now.px(_HEIGHT))

    # What stands there

    def load(self, _done: object = None) -> None:
        """Show how the two stand now."""
        language = self._context.speaker.language
        self._context.lane.do(
            partial(state_of, self._desk, self._box.place, self._day, language),
            self._show,
            owner=self,
        )

    def _show(self, state: Reconciliation) -> None:
        self.state, self.rows = state, rows_of(state)
        self.ticked.clear()
        self.model.set_ids(range(len(self.rows)))
        if self.rows:
            self.table.go_to(0)
        if state.stated is None or state.unexplained is None:
            told = Text(
                N_("The statement tells no balance · by the books: {booked}"),
                {"booked": state.booked},
            )
        else:
            told = Text(
                N_("By the statement: {stated} · by the books: {booked} · not explained: {rest}"),
                {"stated": state.stated, "booked": state.booked, "rest": state.unexplained},
            )
        self.stands.say(told)
        self._tell_sums()

    def _cells(self, ids: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        rows = [self.rows[at] for at in ids]
        return [(self._what(one), one.day, one.reference, one.said, one.amount) for one in rows]

    def _what(self, row: Row) -> Text:
        ticked = _key(row) in self.ticked
        return Text("✓ {what}", {"what": row.what}) if ticked else row.what

    def tick(self, at: object) -> None:
        """Enter: tick the line or entry the arrow keys are on, or take the tick away."""
        row = self.rows[at] if isinstance(at, int) and at < len(self.rows) else None
        key = None if row is None else _key(row)
        if key is None or not isinstance(at, int):
            return
        self.ticked ^= {key}
        self.model.set_ids(range(len(self.rows)))
        self.table.go_to(min(at + 1, len(self.rows) - 1))
        self._tell_sums()

    def _ticked(self) -> tuple[list[StatementLine], list[BoxEntry]]:
        rows = [one for one in self.rows if _key(one) in self.ticked]
        return [one.line for one in rows if one.line], [one.entry for one in rows if one.entry]

    def _tell_sums(self) -> None:
        lines, entries = self._ticked()
        zero = Money(0, self._desk.currency)
        stated = sum((one.amount for one in lines), zero)
        booked = sum((one.amount for one in entries), zero)
        told = Text(N_("Enter ticks lines and entries that are one movement, as of one slip."))
        if lines or entries:
            told = Text(
                N_("Ticked: {stated} in the statement · {booked} in the books · {rest} apart"),
                {"stated": stated, "booked": booked, "rest": stated - booked},
            )
        self.sums.say(told)

    def _chosen(self) -> Row | None:
        at = self.table.chosen_id()
        return self.rows[at] if isinstance(at, int) and at < len(self.rows) else None

    # What is done

    def _do(self, act: Callable[[], object], done: Callable[[object], None] | None = None) -> None:
        self.trouble.hide()
        self.form.clear()
        self._context.lane.do(
            act, done or self._done, refused=self._refused, troubled=self._troubled, owner=self
        )

    def _done(self, _told: object) -> None:
        self._context.saved()
        self.load()

    def _refused(self, refusal: Refusal) -> None:
        if refusal.field == "difference_reason":
            self.form.show_refusal(refusal)
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        elif refusal.field == "second":
            told = N_(
                "This is more than one person may pay. Write it as an expense under Cash book, "
                "with a second person, and match the line with it here."
            )
            self.trouble.show_text(Text(told))
        else:
            self.trouble.show_text(refusal.text)

    def _troubled(self, trouble: Trouble) -> None:
        self.trouble.show_trouble(trouble)

    def ask_file(self) -> None:
        """Let the person choose the statement's file."""
        file = ask_file(self, self._context.speaker, N_("Bring in a file …"), _FILES)
        if file is not None:
            self.bring(file)

    def bring(self, file: Path) -> None:
        """Bring in a file."""
        self._do(partial(bring_in, self._desk, self._box.place, file))

    def accept_certain(self) -> None:
        """Match each line with the entry it must be."""
        place = self._box.place
        self._do(partial(self._desk.do, accept_matches, box=place, day=self._day))

    def accept_this(self) -> None:
        """Match the chosen line with the entry it may be."""
        row = self._chosen()
        if row is None or row.proposal is None:
            self.trouble.show_text(Text(N_("Choose a line first.")))
            return
        line, entry = row.proposal.line, row.proposal.entry
        self._do(partial(self._desk.do, match_line, line_id=line.id, entry_id=entry.entry_id))

    def match_ticked(self) -> None:
        """Say that the ticked lines and entries are one movement; a difference is named below."""
        lines, entries = self._ticked()
        self._do(
            partial(
                self._desk.do,
                match_together,
                line_ids=[one.id for one in lines],
                entry_ids=[one.entry_id for one in entries],
                difference_reason=self.reason.text(),
            ),
            self._matched,
        )

    def _matched(self, told: object) -> None:
        self.reason.clear()  # it was of this movement, not of the whole comparison
        self._done(told)

    def take_apart(self) -> None:
        """Take back that the chosen lines and entries are one movement."""
        row = self._chosen()
        if row is None or row.group is None:
            self.trouble.show_text(Text(N_("Choose a movement of several lines first.")))
            return
        self._do(partial(self._desk.do, unmatch_line, line_id=row.group.lines[0].id))

    def book(self, role: str) -> None:
        """Write the voucher of the chosen line, which is in the statement alone."""
        row = self._chosen()
        if row is None or row.line is None:
            self.trouble.show_text(Text(N_("Choose a line first.")))
            return
        request = RequestId(token_bytes(16))
        self._do(
            partial(self._desk.do, book_line, request_id=request, line_id=row.line.id, role=role)
        )

    def keep_comparison(self) -> None:
        """Keep both sums and why they differ; the closing asks for it."""
        self._do(
            partial(
                self._desk.do,
                reconcile,
                request_id=RequestId(token_bytes(16)),
                box=self._box.place,
                day=self._day,
                difference_reason=self.reason.text(),
            )
        )

    def print_state(self) -> None:
        """Show the state of reconciliation as it is printed."""
        if self.state is not None:
            self._context.lane.do(
                partial(paper_of, self._desk, self.state, self.reason.text()),
                self._paper,
                owner=self,
            )

    def _paper(self, pdf: bytes) -> None:
        name = f"reconciliation-{self._day.isoformat()}.pdf"
        show_paper(self, pdf, name, self._context.speaker)


def _key(row: Row) -> bytes | None:
    """Return what a row is ticked by; what stands together already is not."""
    if row.line is not None:
        return row.line.id
    return None if row.entry is None else row.entry.entry_id


def _without(act: Callable[[], object], _checked: bool = False) -> None:
    act()
