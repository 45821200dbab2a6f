"""Visits to confirm by telephone: drawn, called from a sheet, and what was said."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.control.papers import ANSWERS
from stepdesk.control.terms import VisitAnswer, VisitAsked, VisitList
from stepdesk.i18n import N_, Text, Value
from stepdesk.store.desk import Desk
from stepdesk.ui import digit_keys
from stepdesk.ui.action_form import Action, ActionForm, Sent
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.control import looking
from stepdesk.ui.control.month_line import MonthLine
from stepdesk.ui.members.asks import Ask, Choices
from stepdesk.ui.members.asks import Kind as AskKind
from stepdesk.ui.overriding import override
from stepdesk.ui.printing import show_paper
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words
from stepdesk.values.ids import VisitId, VisitListId
from stepdesk.values.month import Month

_COLUMNS = (
    Column(N_("No."), Kind.NUMBER, width=52),
    Column(N_("Card"), width=136, priority=2),
    Column(N_("Name"), width=140, stretch=2),
    Column(N_("Telephone"), width=120),
    Column(N_("Day"), width=106),
    Column(N_("Provider"), width=120, stretch=1, priority=1),
    Column(N_("Services"), width=120, stretch=1, priority=3, muted=True),
    Column(N_("Answer"), Kind.STATUS, width=156),
)
_STATUSES = {
    VisitAnswer.CONFIRMED: Status.UP_TO_DATE,
    VisitAnswer.NOT_CONFIRMED: Status.LATE,
    VisitAnswer.NOT_REACHED: Status.WAITING,
}
_OF_DIGIT = (VisitAnswer.CONFIRMED, VisitAnswer.NOT_CONFIRMED, VisitAnswer.NOT_REACHED)
_DRAW = Action(
    "draw",
    N_("Visits to confirm"),
    N_("Some that stand out and some by chance; what was asked about before is left out."),
    (
        (
            Ask("month", N_("Month of care"), width=140),
            Ask("months", N_("How many months up to it"), AskKind.NUMBER, needed=False, width=120),
            Ask("provider", N_("Of one provider alone"), AskKind.LIST, needed=False, width=340),
        ),
    ),
    N_("Draw them"),
    {"provider": ((None, "–"),)},
)
_ANSWER = Action(
    "answer",
    N_("Visit {number}: what was said"),
    N_("Ask openly, and do not say what the certificate tells."),
    (
        (
            Ask("answer", N_("Answer"), AskKind.LIST, width=280),
            Ask("note", N_("What was said"), needed=False),
        ),
    ),
    N_("Keep it"),
    {"answer": tuple((value, Text(told)) for value, told in ANSWERS.items())},
)
_LIST, _FORM = range(2)


class VisitsPart(QWidget, Speaking):
    """The visits of a list, and what was said of each."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self._visits: dict[VisitId, VisitAsked] = {}
        self._now: VisitList | None = None
        self._asked: VisitId | None = None
        self._request = looking.new_request()
        say, today = context.speaker, context.clock_today()
        self.lists = ComboLine()
        self.counts = Words("", say, bold=True, wrap=True)
        self.table = TableView(say, empty=N_("No visit was drawn yet. F2 draws some."))
        self.rows = RowsModel((), self._fetch, _COLUMNS, say, self)
        self.table.show_rows(self.rows)
        self.draw = PlainButton(N_("Draw visits …"), say, key="new", icon="plus")
        self.print = PlainButton(N_("Sheet to call from"), say, key="print", icon="printer")
        self.hint = Words(
            N_("1 confirmed · 2 not confirmed · 3 not reached"), say, muted=True, wrap=True
        )
        own = {"draw": {"month": MonthLine(Month.of(today))}}
        self.form = ActionForm(say, today, (_DRAW, _ANSWER), own)
        self._place(say)
        self._connect()
        self.learn(say)

    def _place(self, say: Speaker) -> None:
        card = Card(margin=16)
        top = QHBoxLayout()
        card.body.addLayout(top)
        top.addWidget(self.lists)
        top.addWidget(self.counts, 1)
        card.body.addWidget(self.table, 1)
        foot = QHBoxLayout()
        card.body.addLayout(foot)
        foot.addWidget(self.draw)
        foot.addWidget(self.print)
        foot.addWidget(self.hint, 1)
        self.stack = CurrentStack()
        self.stack.addWidget(card)
        self.stack.addWidget(self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack, 1)
        self.lists.setMinimumContentsLength(18)
        self.lists.setAccessibleName(say.tr(N_("Lists of visits")))

    def _connect(self) -> None:
        self.lists.activated.connect(self._other_list)
        self.table.chosen.connect(self._enter)
        self.draw.clicked.connect(self.start_new)
        self.print.clicked.connect(self.print_sheet)
        self.form.ready.connect(self._send)
        self.form.left.connect(self.leave_form)
        for at, answer in enumerate(_OF_DIGIT):
            digit_keys.bind(self.table, at + 1, partial(self._say, answer))

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.tr(N_("Visits to confirm")))
        self.lists.setAccessibleName(self.speaker.tr(N_("Lists of visits")))

    # What is listed

    def load(self, list_id: VisitListId | None = None) -> None:
        """Read a list, the one that is shown when None; the latest at first."""
        wanted = list_id or (None if self._now is None else self._now.id)
        self._context.lane.do(
            partial(looking.visits_of, self._desk, wanted), self._show, owner=self
        )

    def _other_list(self, _at: int) -> None:
        chosen = self.lists.currentData()
        if chosen is not None:
            self.load(chosen)

    def _show(self, found: looking.Visits) -> None:
        named: Choices = tuple((one.id, one.name) for one in found.providers)
        self.form.forms["draw"].answers["provider"].offer(((None, "–"), *named))
        self._now = found.now
        self.lists.clear()
        for list_id, month, provider, _day in found.lists:
            words = self.speaker.write(month)
            self.lists.addItem(f"{words} · {provider}" if provider else words, list_id)
        if found.now is not None:
            ids = [list_id for list_id, *_told in found.lists]
            self.lists.setCurrentIndex(ids.index(found.now.id))
        kept = self.table.chosen_id()
        visits = () if found.now is None else found.now.visits
        self._visits = {one.id: one for one in visits}
        self.rows.set_ids(tuple(self._visits))
        if kept in self._visits:
            self.table.select_id(kept)
        elif visits:
            self.table.go_to(0)
        for widget in (self.lists, self.counts, self.print, self.hint):
            widget.setVisible(found.now is not None)
        if found.now is not None:
            self.counts.say(_counts(found.now))
        if not self.acting and self.isVisible():
            self.focus()

    def focus(self) -> None:
        target = self.table if self._visits else self.draw
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [_row(self._visits[one]) for one in ids]

    # What was said

    @property
    def acting(self) -> bool:
        """Whether a form is open."""
        return self.stack.currentIndex() == _FORM

    def _say(self, answer: VisitAnswer) -> None:
        """1, 2, 3: write the answer; what was not confirmed needs what was said."""
        one = self._visits.get(self.table.chosen_id())
        if one is None:
            return
        if answer is VisitAnswer.NOT_CONFIRMED or one.answer is not None:
            self._start_answer(one, answer)
            return
        self._asked = one.id
        self._context.lane.do(
            partial(looking.answered, self._desk, one.id, answer, ""), self._answered, owner=self
        )

    def _enter(self, _visit_id: object) -> None:
        one = self._visits.get(self.table.chosen_id())
        if one is not None:
            self._start_answer(one, one.answer or VisitAnswer.CONFIRMED)

    def act_first(self, *_clicked: object) -> None:
        """F7: what was said of the chosen visit."""
        if not self.acting:
            self._enter(None)

    def _start_answer(self, one: VisitAsked, answer: VisitAnswer) -> None:
        self._asked = one.id
        self.stack.setCurrentIndex(_FORM)
        self.form.forget()
        self.form.start(
            "answer", str(one.place), one.id, first={"answer": answer, "note": one.note or None}
        )

    def start_new(self, *_clicked: object) -> None:
        """F2: draw visits."""
        if self.acting:
            return
        self.stack.setCurrentIndex(_FORM)
        last = Month.of(self._context.clock_today()).plus(-1)
        self.form.start("draw", "", "new", first={"month": last})

    def leave_form(self) -> None:
        """Back to the list."""
        self.stack.setCurrentIndex(_LIST)
        self.focus()

    def _send(self, sent: Sent) -> None:
        act: partial[Any]
        then: Callable[[Any], None]
        if sent.name == "draw":
            act, then = partial(looking.drawn, self._desk, self._request, sent), self._drawn
        elif self._asked is not None:
            told = sent.answers
            act = partial(
                looking.answered, self._desk, self._asked, told["answer"], told["note"] or ""
            )
            then = self._answered
        else:
            return
        self._context.lane.do(
            act, then, refused=self.form.refuse, troubled=self.form.fail, owner=self
        )

    def _drawn(self, list_id: Any) -> None:  # noqa: ANN401 - what the lane gives
        self._request = looking.new_request()
        self._done()
        self.load(list_id)

    def _answered(self, _nothing: Any) -> None:  # noqa: ANN401 - what the lane gives
        ids = list(self._visits)
        if self._asked in ids:
            at = ids.index(self._asked) + 1
            self.table.go_to(min(at, len(ids) - 1))
        self._done()
        self.load()

    def _done(self) -> None:
        self._context.saved()
        self.form.forget()
        self.leave_form()

    def print_sheet(self, *_clicked: object) -> None:
        """F9: the sheet to call from; that it was taken out is logged."""
        if self._now is not None:
            named = self.speaker.tr(N_("Visits to confirm by telephone"))
            self._context.lane.do(
                partial(looking.call_sheet, self._desk, self._now.id),
                partial(self._paper, named),
                owner=self,
            )

    def _paper(self, named: str, pdf: bytes) -> None:
        show_paper(self, pdf, named, self.speaker)


def _row(one: VisitAsked) -> tuple[object, ...]:
    answer: object = (Status.DRAFT, Text(N_("Not asked yet")))
    if one.answer is not None:
        answer = (_STATUSES[one.answer], Text(ANSWERS[one.answer]))
    phone: object = one.phone or Text(N_("no telephone"))
    services = ", ".join(one.services)
    return (
        one.place, one.household, one.name, phone, one.day, one.provider, services, answer,
    )  # fmt: skip


def _counts(now: VisitList) -> Text:
    values: dict[str, Value] = {
        "all": len(now.visits),
        "yes": now.count(VisitAnswer.CONFIRMED),
        "no": now.count(VisitAnswer.NOT_CONFIRMED),
        "away": now.count(VisitAnswer.NOT_REACHED),
        "open": now.count(None),
    }
    return Text(
        N_("Of {all}: {yes} confirmed, {no} not confirmed, {away} not reached, {open} to ask."),
        values,
    )
