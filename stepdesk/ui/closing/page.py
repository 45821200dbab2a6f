"""Closing a month: go down the list, count the cash, sign with a second person, print."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from stepdesk.countries import country
from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.ledger.terms import Closing, Step, StepState
from stepdesk.reports.queries.closing import STEP_WORDS
from stepdesk.store.backup import Copy, back_up
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.store.verify import Report
from stepdesk.ui import choosing, theme
from stepdesk.ui.cash.line_form import LineForm
from stepdesk.ui.closing.facts import (
    Facts,
    Wish,
    close,
    facts_of,
    note,
    paper_of,
    reopen,
    report_of,
)
from stepdesk.ui.closing.parts import Checklist, ClosedMonth, ClosedMonths
from stepdesk.ui.context import Context
from stepdesk.ui.overriding import override
from stepdesk.ui.page import Page
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.band import CautionBand, TroubleBand
from stepdesk.ui.widgets.buttons import MainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Choice
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import ErrorLine, Form
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.money import Money
from stepdesk.values.month import Month

_SIDE = 360
_SCREENS: dict[Step, tuple[str, dict[str, object]]] = {
    Step.SESSIONS: ("collection", {}),
    Step.CERTIFICATES: ("claims", {}),
    Step.LATE: ("members", {"show": "late"}),
    Step.BATCHES: ("claims", {}),
}
CLOSE_KEYS = "Ctrl+Return"


class ClosingPage(Page, Dressed):
    """The page of the treasurer at the end of a month."""

    id = "closing"
    help_page = "closing"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        if not isinstance(context.desk, Desk):
            raise TypeError("this page needs an open book")
        self._desk = context.desk
        self.facts: Facts | None = None
        self._accepted: frozenset[str] = frozenset()
        self._reason = ""
        self._asked: Month | None = None
        say = context.speaker
        self.head = Words("", say, size=Size.NAME, bold=True)
        self.hint = Words("", say, muted=True, wrap=True)
        self.caution = CautionBand(say)
        self.trouble = TroubleBand(say)
        self.list = Checklist(say)
        self.list.wanted.connect(self._do_line)
        self.list.passed.connect(self.start_pass)
        self.list.ticked.connect(self._tick)
        self._make_lines()
        self._steps = Card(N_("Before closing"), say, margin=16)
        self._steps.body.addWidget(self.list)
        self._steps.body.addWidget(self.passing)
        self._steps.body.addStretch(1)
        self.closed = ClosedMonth(say, country(self._desk.country))
        self.months = ClosedMonths(say)
        self._sign = Card(N_("Count and sign"), say, margin=16)
        self._fill_sign()
        self._place()
        self._connect()
        self.wear()
        self.learn(say)

    def _make_lines(self) -> None:
        say = self.context.speaker
        self._step = Step.SESSIONS
        self.reason = Field()
        self.passing = LineForm(N_("Pass this line"), say, N_("Pass it"))
        self.passing.line(("reason", self.reason, N_("Why; the reason goes into the report"), 1))
        self.passing.hide()
        self.why = Field()
        self.reopening = LineForm(N_("Open the month again"), say, N_("Open it again"), two=True)
        self.reopening.line(("reason", self.why, N_("Why; the reason is kept"), 1))
        self.reopening.hide()

    @override
    def title(self) -> str:
        return self.context.speaker.tr(N_("Closing"))

    @override
    def speak(self) -> None:
        self.password.setAccessibleName(self.speaker.tr(N_("Their password")))

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setContentsMargins(now.px(24), now.px(20), now.px(24), now.px(20))
        self._column.setSpacing(now.px(16))

    @override
    def shown(self, **arguments: object) -> None:
        """Show the list of the first open month; below it a `month` asked for, once it is closed."""
        month = arguments.get("month")
        self._accepted, self._reason = frozenset(), ""
        self._asked = month if isinstance(month, Month) else None
        self.caution.hide()
        self.cash.setFocus(Qt.FocusReason.OtherFocusReason)
        self._load()

    def _fill_sign(self) -> None:
        say = self.context.speaker
        self.form = Form(say)
        self.cash = NumberField(exponent=self._desk.currency.exponent)
        self.second = Choice(say, data=True, columns=2)
        self.password = Field()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.form.add(
            "cash",
            self.cash,
            N_("Cash counted in the box"),
            hint=N_("Count first. The desk shows what it expects only afterwards."),
            width=200,
        )
        self.signing = Form(say)
        self.signing.add("second", self.second, N_("Who signs with you?"))
        self.signing.add("second_password", self.password, N_("Their password"))
        self.missing = ErrorLine(say)
        self.button = MainButton(N_("Close the month"), say, icon="lock")
        self.key = Words(N_("Ctrl+Enter closes the month."), say, size=Size.SMALL, muted=True)
        for widget in (self.form, self.signing, self.missing, self.button, self.key):
            self._sign.body.addWidget(widget)
        self._sign.body.addStretch(1)

    def _place(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.head)
        head.addWidget(self.hint)
        self._column = QVBoxLayout(self)
        self._column.addLayout(head)
        self._column.addWidget(self.trouble)
        self._column.addWidget(self.caution)
        self._column.addWidget(Sides(self._steps, self._sign, side=_SIDE))
        self._column.addWidget(self.reopening)
        self._column.addWidget(self.closed)
        self._column.addWidget(self.months)
        self._column.addStretch(1)

    def _connect(self) -> None:
        self.button.clicked.connect(self.close_month)
        self.cash.returnPressed.connect(self._next)
        self.password.returnPressed.connect(self.close_month)
        self.caution.accepted.connect(self._accept)
        self.closed.print_wanted.connect(self.print_closed)
        self.closed.report_wanted.connect(self._report_closed)
        self.months.chosen.connect(self._show_month)
        self.passing.sent.connect(self._pass)
        self.passing.left.connect(self.passing.hide)
        self.closed.reopen_wanted.connect(self.start_reopen)
        self.reopening.sent.connect(self._reopen)
        self.reopening.left.connect(self.reopening.hide)
        self.bind("print", self.print_closed)
        action = QAction(self)
        action.setShortcuts([QKeySequence(CLOSE_KEYS), QKeySequence("Ctrl+Enter")])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(self.close_month)
        self.addAction(action)

    # What stands there

    def _load(self) -> None:
        self.context.lane.do(partial(facts_of, self._desk), self._show, owner=self)

    def _show(self, facts: Facts) -> None:
        same = self.facts is not None and self.facts.others == facts.others
        self.facts = facts
        self.head.say(Text(N_("Closing of {month}"), {"month": facts.month}))
        done = sum(line.state is not StepState.TO_DO for line in facts.lines)
        progress = Text(N_("{done} of {all} done"), {"done": done, "all": len(facts.lines)})
        if facts.over:
            self.hint.say(progress)
        else:
            self.hint.say(
                Text(
                    N_("{month} can be closed from {day} · {progress}"),
                    {"month": facts.month, "day": facts.month.until, "progress": progress},
                )
            )
        self.list.show_lines(facts.lines)
        self.signing.setVisible(not facts.solo)
        if not same:
            self.second.set_options(facts.others)
        self.months.show_closed(facts.closed)
        self.closed.show_reopened(facts.reopened)
        self._show_asked(facts)

    def _show_asked(self, facts: Facts) -> None:
        """Show the closed month somebody came for; say so when its turn has not come."""
        month, self._asked = self._asked, None
        if month is None or month == facts.month:
            return
        if month in {one.month for one in facts.closed}:
            self._show_month(month)
        elif month > facts.month:
            self.context.toast(
                Text(
                    N_("Close {first} first: months are closed one after another."),
                    {"first": facts.month},
                )
            )

    def _show_month(self, month: Month) -> None:
        last = self.facts is not None and month == self.facts.closed[0].month
        self.closed.show_closing(self.months.closing(month), last=last)
        self.closed.button.setFocus(Qt.FocusReason.OtherFocusReason)

    # The lines of the list

    def _do_line(self, step: Step) -> None:
        month = self.facts.month if self.facts is not None else None
        match step:
            case Step.INDICATORS:
                self.verify()
            case Step.COPY:
                self.copy()
            case Step.PRINTED if month is not None:
                self.print_report(month, poster=False)
            case Step.CASH | Step.BANK:
                place = self.facts.boxes.get(step) if self.facts is not None else None
                self.context.go("cash", tab="BOOK", month=month, place=place, count=True)
            case _:
                page, told = _SCREENS[step]
                self.context.go(page, **told)

    def start_pass(self, step: Step) -> None:
        """Ask why a line is passed."""
        self._step = step
        self.passing.head.say(Text(N_("Pass: {line}"), {"line": Text(STEP_WORDS[step])}))
        self.passing.start((), solo=True)
        self.reason.clear()
        self.passing.show()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tick(self, step: Step) -> None:
        self._note(step, "", done=True)

    def _pass(self, _accepting: object, _reason: str) -> None:
        self._note(self._step, self.reason.text(), done=False)

    def _note(self, step: Step, reason: str, *, done: bool) -> None:
        if self.facts is not None:
            self.context.lane.do(
                partial(note, self._desk, self.facts.month, step, reason, done=done),
                self._noted,
                refused=self.passing.refuse,
                owner=self,
            )

    def _noted(self, _told: None) -> None:
        self.passing.hide()
        self.context.saved()
        self._load()

    def start_reopen(self) -> None:
        """Ask why the last closed month is opened again, and who signs with."""
        if self.facts is not None:
            self.reopening.start(self.facts.colleagues, solo=self.facts.solo)
            self.why.clear()
            self.reopening.show()
            self.why.setFocus(Qt.FocusReason.OtherFocusReason)

    def _reopen(self, accepting: frozenset[str], _reason: str) -> None:
        closing = self.closed.closing
        if closing is None:
            return
        self.context.lane.do(
            partial(
                reopen,
                self._desk,
                closing.month,
                self.why.text(),
                self.reopening.signer(),
                accepting,
            ),
            self._reopened,
            refused=self.reopening.refuse,
            cautioned=self.reopening.caution.show_caution,
            owner=self,
        )

    def _reopened(self, _told: None) -> None:
        self.reopening.hide()
        self.closed.hide()
        self.context.saved()
        self.context.toast(Text(N_("The month is open again. Close it anew and print all.")))
        self.cash.setFocus(Qt.FocusReason.OtherFocusReason)
        self._load()

    def verify(self) -> None:
        """Verify what was recorded since the last time."""
        progress = self.context.lane.progress()
        self.context.lane.do(
            partial(verify_desk, self._desk, whole=False, progress=progress),
            self._verified,
            owner=self,
            progress=progress,
        )

    def _verified(self, report: Report) -> None:
        if report.findings:
            self.trouble.show_text(report.findings[0].text)
        else:
            self.context.toast(Text(N_("Everything agrees.")))
        self._load()

    def copy(self) -> None:
        """Make a copy in a folder the person chooses: a USB stick."""
        folder = choosing.ask_folder(self, self.context.speaker, N_("Where the copy goes"))
        if folder is not None:
            self.context.lane.do(partial(back_up, self._desk, folder), self._copied, owner=self)

    def _copied(self, copy: Copy) -> None:
        told = Text(N_("Copied and checked: {name}"), {"name": copy.path.name})
        self.context.toast(told)
        self._load()

    # Closing

    def close_month(self) -> None:
        """Close the month shown; doubts and refusals come back beside what they are about."""
        if self.facts is None or not self.button.isEnabled():
            return
        self.form.clear()
        self.signing.clear()
        self.missing.clear_text()
        if self.form.wrong():
            return
        minor = self.cash.value()
        wish = Wish(
            self.facts.month,
            None if minor is None else Money(minor, self._desk.currency),
            None if self.facts.solo else self.second.value(),
            self.password.text(),
        )
        self.button.setEnabled(False)
        progress = self.context.lane.progress()
        self.context.lane.do(
            partial(close, self._desk, wish, self._accepted, self._reason, progress),
            self._closed,
            refused=self._refused,
            cautioned=self._cautioned,
            troubled=self._troubled,
            cancelled=self._ready,
            owner=self,
            progress=progress,
        )

    def _next(self) -> None:
        if self.signing.isHidden():
            self.close_month()
        else:
            self.password.setFocus(Qt.FocusReason.TabFocusReason)

    def _ready(self) -> None:
        self.button.setEnabled(True)

    def _accept(self, names: frozenset[str], reason: str) -> None:
        self._accepted, self._reason = self._accepted | names, reason
        self.close_month()

    def _refused(self, refusal: Refusal) -> None:
        self._ready()
        if refusal.field in {"second", "second_password"}:
            self.signing.show_refusal(refusal)
            if refusal.field == "second":
                self.password.setFocus(Qt.FocusReason.OtherFocusReason)
        elif refusal.field == "cash":
            self.form.show_refusal(refusal)
        else:
            self.missing.show_text(refusal.text)

    def _cautioned(self, caution: Caution) -> None:
        self._ready()
        self.caution.show_caution(caution)

    def _troubled(self, trouble: Trouble) -> None:
        self._ready()
        self.trouble.show_trouble(trouble)

    def _closed(self, closing: Closing) -> None:
        self._ready()
        self._accepted, self._reason = frozenset(), ""
        self.cash.clear()
        self.password.clear()
        self.context.saved()
        self.context.toast(Text(N_("{month} is closed."), {"month": closing.month}))
        self.closed.show_closing(closing)
        self.closed.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._load()

    def print_closed(self) -> None:
        """Show the trial balance of the closed month as it is printed."""
        closing = self.closed.closing
        if closing is not None and not self.closed.isHidden():
            self.context.lane.do(
                partial(paper_of, self._desk, closing),
                partial(self._print, str(closing.month)),
                owner=self,
            )

    def print_report(self, month: Month, *, poster: bool) -> None:
        """Show the month's report for the board, or its poster."""
        name = f"poster-{month}.pdf" if poster else f"report-{month}.pdf"
        self.context.lane.do(
            partial(report_of, self._desk, month, poster=poster),
            partial(self._show_paper, name),
            owner=self,
        )

    def _report_closed(self, poster: bool) -> None:
        if self.closed.closing is not None:
            self.print_report(self.closed.closing.month, poster=poster)

    def _print(self, month: str, pdf: bytes) -> None:
        self._show_paper(f"trial-balance-{month}.pdf", pdf)

    def _show_paper(self, name: str, pdf: bytes) -> None:
        from stepdesk.ui.printing import show_paper

        show_paper(self, pdf, name, self.context.speaker)
