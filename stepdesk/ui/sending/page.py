"""Sending to the branch: see exactly what leaves, approve it, write the file, read the answer."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.store.desk import Desk
from stepdesk.sync.terms import Acknowledged, Address, Preview, Release, State
from stepdesk.ui import choosing, theme
from stepdesk.ui.context import Context
from stepdesk.ui.overriding import override
from stepdesk.ui.page import Page
from stepdesk.ui.sending.facts import (
    Facts,
    Written,
    approve,
    facts_of,
    keep_card,
    preview_of,
    read_answer,
    summary_of,
    write,
)
from stepdesk.ui.sending.parts import AddressCard, MonthsCard, PreviewCard, StaysCard
from stepdesk.ui.sending.step import NextStep
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.band import CautionBand, TroubleBand
from stepdesk.ui.widgets.sides import Sides
from stepdesk.values.ids import StaffId
from stepdesk.values.month import Month

_SIDE = 326
_APPROVE = ("Ctrl+Return", "Ctrl+Enter")
_MOST_NAMED = 4  # months; of more only how many
_ORDER = (State.TO_SEND, State.APPROVED, State.REJECTED, State.CARRIED, State.ACKNOWLEDGED)
"""Which month is shown first: one that asks for something."""


class SendPage(Page, Dressed):
    """The page of the treasurer once a month is closed."""

    id = "send"
    help_page = "send"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        if not isinstance(context.desk, Desk):
            raise TypeError("this page needs an open book")
        self._desk = context.desk
        self.facts: Facts | None = None
        self.month: Month | None = None
        self._card_file = Path()
        self._said: Text | None = None
        self._to_step = False
        self._looked: dict[Month, bytes] = {}
        say = context.speaker
        self.trouble = TroubleBand(say)
        self.caution = CautionBand(say)
        self.address = AddressCard(say)
        self.months = MonthsCard(say)
        self.stays = StaysCard(say)
        self.shown_month = PreviewCard(say)
        self.step = NextStep(say)
        self.shown_month.above.addWidget(self.step)
        self._place()
        self._connect()
        self.wear()
        self.learn(say)

    @override
    def title(self) -> str:
        return self.context.speaker.tr(N_("Send to the branch"))

    @override
    def speak(self) -> None:
        self.months.table.setAccessibleName(self.speaker.tr(N_("Months")))
        self.shown_month.figures.setAccessibleName(self.speaker.tr(N_("What leaves")))

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setContentsMargins(now.px(24), now.px(16), now.px(24), now.px(16))
        self._column.setSpacing(now.px(12))
        for column in (self._left_column, self._right_column):
            column.setSpacing(now.px(12))

    @override
    def shown(self, **arguments: object) -> None:
        wanted = arguments.get("month")
        self.month = wanted if isinstance(wanted, Month) else None
        self._said = None
        self._looked = {}
        self.caution.hide()
        self.trouble.hide()
        self.address.error.clear_text()
        self.months.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._load()

    def _place(self) -> None:
        left, right = QWidget(), QWidget()
        self._left_column, self._right_column = QVBoxLayout(left), QVBoxLayout(right)
        for column in (self._left_column, self._right_column):
            column.setContentsMargins(0, 0, 0, 0)
        self._left_column.addWidget(self.months)
        self._left_column.addStretch(1)
        self._right_column.addWidget(self.shown_month, 1)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.trouble)
        self._column.addWidget(self.caution)
        self._column.addWidget(self.address)
        self._sides = Sides(left, right, side=_SIDE, first_fixed=True)
        self._column.addWidget(self._sides, 1)
        self._sides.turned.connect(self._place_stays)
        self._place_stays()

    def _place_stays(self) -> None:
        """Put what stays below the months, or last where everything is below each other."""
        if self._sides.beside:
            self._left_column.insertWidget(1, self.stays)
        else:
            self._right_column.addWidget(self.stays)

    def _connect(self) -> None:
        self.months.current.connect(self._choose)
        self.months.chosen.connect(self._enter)
        self.address.card_wanted.connect(self.ask_card)
        self.address.answer_wanted.connect(self.ask_answer)
        self.caution.accepted.connect(self._accept_card)
        self.caution.dismissed.connect(self._back)
        self.step.closing_wanted.connect(partial(self.context.go, "closing"))
        self.step.approved.connect(self._approve)
        self.step.all_approved.connect(self._approve_all)
        self.step.write_wanted.connect(self.ask_folder)
        self.step.answer_wanted.connect(self.ask_answer)
        self.shown_month.print_wanted.connect(self.print_summary)
        self.bind("print", self.print_summary)
        self.bind("back", self._back)
        action = QAction(self)
        action.setShortcuts([QKeySequence(told) for told in _APPROVE])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(self.step.send_approval)
        self.addAction(action)

    # What stands there

    def _load(self) -> None:
        self.context.lane.do(partial(facts_of, self._desk), self._show, owner=self)

    def _show(self, facts: Facts) -> None:
        self.facts = facts
        self.address.show_address(facts.address)
        known = {row.month for row in facts.months}
        month = self.month if self.month in known else _first(facts)
        self.month = None
        self.months.show_months(facts.months, month)
        self._choose(month)

    def _choose(self, month: Month) -> None:
        if self.facts is None or month == self.month:
            return
        self.month = month
        row = self.months.row(month)
        self.shown_month.show_month(row)
        if row.state is State.NOT_CLOSED:
            self.shown_month.show_preview(None)
            self._show_step(None)
            return
        self.context.lane.do(
            partial(preview_of, self._desk, month),
            partial(self._previewed, month),
            owner=self,
        )

    def _previewed(self, month: Month, shown: Preview) -> None:
        # The arrow keys may have gone on while this month was read.
        if month == self.month:
            self.shown_month.show_preview(shown)
            if shown.state is State.TO_SEND:
                self._looked[month] = shown.hash
            self._show_step(shown.release)

    def _show_step(self, release: Release | None) -> None:
        if self.facts is None or self.month is None:
            return
        self.step.show_step(self.months.row(self.month), self.facts, release)
        if len(self._looked) > 1:
            self.step.show_looked(len(self._looked), _named(sorted(self._looked)))
        if self._said is not None:
            self.step.show_done(self._said)
            self._said = None
        if self._to_step:
            self._to_step = False
            self._go_on()

    def _go_on(self) -> None:
        if not self.step.focus():
            self.months.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter(self, _month: Month) -> None:
        self.step.focus()

    def _back(self) -> None:
        if self.shown_month.is_exact():
            self.shown_month.turn()
            return
        self.caution.hide()
        self.trouble.hide()
        self.months.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _reload(self, said: Text | None) -> None:
        """Read everything again, the same month shown, what was done said beside it."""
        self._said, self._to_step = said, True
        self._load()

    # The branch's card

    def ask_card(self) -> None:
        """Let the person choose the branch's card."""
        found = choosing.ask_file(self, self.speaker, N_("The branch's card"), "*.json")
        if found is not None:
            self.keep_card(found)

    def keep_card(
        self, file: Path, accepting: frozenset[str] = frozenset(), reason: str = ""
    ) -> None:
        """Keep the branch whose card is in a file."""
        self._card_file = file
        self.address.error.clear_text()
        self.caution.hide()
        self.context.lane.do(
            partial(keep_card, self._desk, file, accepting, reason),
            self._kept,
            refused=self._card_refused,
            cautioned=self._card_doubted,
            troubled=self._troubled,
            owner=self,
        )

    def _accept_card(self, names: frozenset[str], reason: str) -> None:
        self.keep_card(self._card_file, names, reason)

    def _kept(self, to: Address) -> None:
        told = Text(N_("What leaves goes to {name} from now on."), {"name": to.name})
        self.context.saved()
        self.context.toast(told)
        self._reload(None)

    def _card_refused(self, refusal: Refusal) -> None:
        self.address.error.show_text(refusal.text)
        self.address.card.setFocus(Qt.FocusReason.OtherFocusReason)

    def _card_doubted(self, caution: Caution) -> None:
        self.caution.show_caution(caution)

    # Approving and writing

    def _approve(self, second: tuple[StaffId, str] | None) -> None:
        shown = self.shown_month.preview
        if shown is not None:
            self._approve_seen({shown.month: shown.hash}, second)

    def _approve_all(self, second: tuple[StaffId, str] | None) -> None:
        self._approve_seen(dict(self._looked), second)

    def _approve_seen(self, seen: dict[Month, bytes], second: tuple[StaffId, str] | None) -> None:
        self.step.wait()
        self.context.lane.do(
            partial(approve, self._desk, seen, second),
            self._approved,
            refused=self.step.refuse,
            troubled=self._troubled,
            owner=self,
        )

    def _approved(self, releases: Sequence[Release]) -> None:
        months = [release.period for release in releases]
        told = Text(N_("{month} is approved."), {"month": months[0]})
        if len(months) > 1:
            told = Text(N_("Approved: {months}."), {"months": _named(months)})
        for month in months:
            self._looked.pop(month, None)
        self.context.saved()
        self.context.toast(told)
        self._reload(None)

    def ask_folder(self) -> None:
        """Let the person choose the stick or folder the file is written to."""
        found = choosing.ask_folder(self, self.speaker, N_("Where the file goes"))
        if found is not None:
            self.write_to(found)

    def write_to(self, folder: Path) -> None:
        """Write everything the branch does not have into a folder."""
        self.trouble.hide()
        self.step.error.clear_text()
        self.step.wait()
        self.context.lane.do(
            partial(write, self._desk, folder),
            self._written,
            refused=self._write_refused,
            troubled=self._troubled,
            owner=self,
        )

    def _written(self, written: Written) -> None:
        packed = written.packed
        told = Text(
            N_(
                "Written: {name}, {size} bytes, for {branch}. It carries {months}."
                " Take it to the branch and bring back its answer, {answer}."
            ),
            {
                "name": packed.name,
                "size": len(packed.content),
                "branch": packed.recipient,
                "months": _named(packed.months),
                "answer": f"RC{packed.name[2:-4]}.sdr",
            },
        )
        self.context.saved()
        self._reload(told)

    def _write_refused(self, refusal: Refusal) -> None:
        self.step.refuse(refusal)
        if refusal.field == "card":
            self.address.card.setFocus(Qt.FocusReason.OtherFocusReason)

    def _troubled(self, trouble: Trouble) -> None:
        self.step.ready()
        self.trouble.show_trouble(trouble)

    # The answer

    def ask_answer(self) -> None:
        """Let the person choose the branch's answer."""
        found = choosing.ask_file(self, self.speaker, N_("The branch's answer"), "*.sdr")
        if found is not None:
            self.read_answer(found)

    def read_answer(self, file: Path) -> None:
        """Read the branch's answer from a file."""
        self.address.error.clear_text()
        self.context.lane.do(
            partial(read_answer, self._desk, file),
            self._answered,
            refused=self._answer_refused,
            troubled=self._troubled,
            owner=self,
        )

    def _answer_refused(self, refusal: Refusal) -> None:
        self.address.error.show_text(refusal.text)
        self.address.answer.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answered(self, told: Acknowledged) -> None:
        refused = [one.month for one in told.answers if not one.accepted]
        taken = [one.month for one in told.answers if one.accepted]
        if told.new:
            self.context.saved()
        if self.month not in {*refused, *taken} and (refused or taken):
            self.month = (refused or taken)[-1]
        self._reload(_answer_text(told, taken, refused))

    # Paper

    def print_summary(self) -> None:
        """Show the summary page of the month as it is printed."""
        shown = self.shown_month.preview
        if shown is not None and shown.month == self.month:
            self.context.lane.do(
                partial(summary_of, self._desk, shown),
                partial(self._print, str(shown.month)),
                owner=self,
            )

    def _print(self, month: str, pdf: bytes) -> None:
        from stepdesk.ui.printing import show_paper

        show_paper(self, pdf, f"return-{month}.pdf", self.context.speaker)


def _first(facts: Facts) -> Month:
    """Return the oldest month of the most pressing state, else the open one."""
    for state in _ORDER[:-1]:
        found = [row.month for row in facts.months if row.state is state]
        if found:
            return min(found)
    return max(
        (row.month for row in facts.months if row.state is State.ACKNOWLEDGED),
        default=facts.months[0].month,
    )


def _named(months: Sequence[Month]) -> Text:
    """Return months by their names, or how many when they are too many to read."""
    if len(months) > _MOST_NAMED:
        return Text(
            N_("{count} month from {first} to {last}"),
            {"count": len(months), "first": min(months), "last": max(months)},
            plural=N_("{count} months from {first} to {last}"),
        )
    told = Text("{month}", {"month": months[0]})
    for month in months[1:]:
        told = Text("{told}, {month}", {"told": told, "month": month})
    return told


def _answer_text(told: Acknowledged, taken: list[Month], refused: list[Month]) -> Text:
    """Return what an answer said: the most pressing of it first."""
    for message, months in (
        (N_("The branch no longer has {months}: write the file again."), list(told.again)),
        (N_("The branch did not take {months}."), refused),
        (N_("The branch has received {months}."), taken if told.new else []),
    ):
        if months:
            return Text(message, {"months": _named(months)})
    if taken:
        return Text(N_("This answer was read before; nothing changed."))
    return Text(N_("This answer is about months that are not in this book."))
