"""A certificate that is recorded: its lines with reasons, why each amount, and taking it back."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from stepdesk.claims.papers import state_text
from stepdesk.claims.terms import UNDECIDED, Claim, Move, State
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.ui import theme, tokens
from stepdesk.ui.claims.case_facts import Case
from stepdesk.ui.claims.facts import STATUSES, Recorded, Shown
from stepdesk.ui.claims.history_box import HistoryBox
from stepdesk.ui.claims.picture_facts import ClaimPictures
from stepdesk.ui.claims.picture_row import PictureRow
from stepdesk.ui.claims.why_box import WhyBox
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.flow import Flow
from stepdesk.ui.widgets.form import ErrorLine, Form
from stepdesk.ui.widgets.pill import StatusPill
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words

_LINES = (
    Column(N_("Act"), width=110, stretch=2),
    Column(N_("Qty"), Kind.NUMBER, width=56),
    Column(N_("Claimed"), Kind.AMOUNT, width=92),
    Column(N_("Payable"), Kind.AMOUNT, width=84),
    Column(N_("Decision"), Kind.STATUS, width=116),
    Column(N_("Reason"), width=100, priority=1, stretch=3, muted=True),
)
_DECISIONS = {
    Status.UP_TO_DATE: N_("Accepted"),
    Status.WAITING: N_("Reduced"),
    Status.LATE: N_("Put aside"),
    Status.STOPPED: N_("Refused"),
    Status.DRAFT: N_("To decide"),
}
_TURN = (N_("What happened"), N_("Why this amount"))
ACTS = {
    "otherwise": (N_("Decide otherwise …"), "override"),
    "ask": (N_("Ask …"), "several"),
    "answer": (N_("Answer …"), "several"),
    "check": (N_("Papers in order"), ""),
    "adviser": (N_("To the adviser …"), ""),
    "medical": (N_("Medical part …"), ""),
    "appeal": (N_("Appeal …"), ""),
    "back": (N_("Take back …"), ""),
    "notice": (N_("Notice"), ""),
    "photo": (N_("Photo …"), "attach"),
    "history": (N_("Print the history"), ""),
}
"""What can be done with a recorded certificate: words and key."""

_MOVES = {
    "otherwise": Move.OVERRIDE,
    "ask": Move.QUERY,
    "answer": Move.ANSWER,
    "check": Move.CHECK,
    "adviser": Move.ROUTE,
    "appeal": Move.APPEAL,
    "back": Move.REVERSE,
}


def _offered(name: str, case: Case) -> bool:
    claim = case.claim
    if name == "appeal" and not claim.codes:
        return False
    if name in _MOVES:
        return case.may(_MOVES[name])
    here = not claim.history
    decided = here and claim.state not in {*UNDECIDED, State.WITHDRAWN}
    return {
        "medical": case.medical and here,
        "photo": here,
        "history": decided,
        "notice": decided and bool(claim.codes),
    }[name]


class CertificateView(Card, Speaking):
    """One certificate beside the list.

    Signals:
        withdraw_wanted: It is to be taken back (a `Claim`).
        act_wanted: Something else is to be done with it: the name of one of `ACTS`.
        left: Back to typing.
    """

    withdraw_wanted = Signal(object)
    act_wanted = Signal(str)
    left = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(margin=12)
        self.recorded: Recorded | None = None
        self._lines: tuple[Shown, ...] = ()
        self.head = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        self.pill = StatusPill(speaker)
        self.about = Words("", speaker, wrap=True)
        self.sums = Words("", speaker, bold=True, wrap=True)
        self.refused = ErrorLine(speaker)
        self.pictures = PictureRow(speaker)
        self.table = TableView(speaker, row=tokens.ROW, fewest=3)
        self._rows = RowsModel((), self._fetch, _LINES, speaker, self)
        self.table.show_rows(self._rows)
        self.reason = Words("", speaker, wrap=True)
        self.why = WhyBox(speaker)
        self.back = MainButton(N_("Type on"), speaker, key="back")
        self.withdraw = PlainButton(N_("Withdraw …"), speaker, icon="undo-2")
        self.history = HistoryBox(speaker)
        self.bottom = CurrentStack()
        self.happened = PlainButton(N_("What happened"), speaker, key="menu")
        self.acts = {
            name: PlainButton(words, speaker, key=key) for name, (words, key) in ACTS.items()
        }
        self.photo = self.acts["photo"]
        self._place()
        self.pictures.watch(self, self.table)
        self.table.current.connect(self._line)
        self.back.clicked.connect(self.left)
        self.withdraw.clicked.connect(self._withdraw)
        self.happened.clicked.connect(self._turn)
        for name, button in self.acts.items():
            button.clicked.connect(partial(self.act_wanted.emit, name))
        self.learn(speaker)

    def _place(self) -> None:
        top = QHBoxLayout()
        self.body.addLayout(top)
        top.addWidget(self.head, 1)
        top.addWidget(self.photo)
        top.addWidget(self.pill)
        for widget in (self.about, self.sums, self.refused, self.pictures):
            self.body.addWidget(widget)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.reason)
        self.bottom.addWidget(self.why)
        self.bottom.addWidget(self.history)
        self.body.addWidget(self.bottom)
        below = [one for one in self.acts.values() if one is not self.photo]
        self.buttons = Flow((self.back, *below, self.withdraw, self.happened))
        self.body.addWidget(self.buttons)

    @override
    def dress(self) -> None:
        super().dress()
        self.body.setSpacing(theme.current().px(8))

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.tr(N_("Lines of the certificate")))

    def show_recorded(self, recorded: Recorded) -> None:
        """Show a certificate, its first line explained."""
        self.recorded = recorded
        claim = recorded.claim
        self._lines = recorded.lines
        self.head.say(_head(claim))
        self.pill.set_status(STATUSES[claim.state], state_text(claim))
        self.about.say(_about(claim))
        self.sums.say(_sums(claim))
        self.refused.clear_text()
        if recorded.refused is not None:
            self.refused.show_text(recorded.refused)
        case = recorded.case
        self.withdraw.setVisible(case.may(Move.WITHDRAW))
        self.back.setVisible(not claim.history)
        for name, button in self.acts.items():
            button.setVisible(_offered(name, case))
        self.history.show_happened(case.happened)
        self.happened.setVisible(bool(case.happened))
        self.bottom.setCurrentIndex(0)
        self.happened.say(_TURN[0])
        self._papers()
        self._rows.set_ids(tuple(range(len(self._lines))))
        self.table.go_to(0)
        self._line(0)

    def take_pictures(self, told: ClaimPictures) -> None:
        """Remember which pictures it has by now."""
        if self.recorded is not None:
            case = replace(self.recorded.case, pictures=told)
            self.recorded = replace(self.recorded, case=case)

    def line_words(self) -> list[str]:
        """Return what is said of each line."""
        return [self._rows.cell(row, 5).text for row in range(self._rows.rowCount())]

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        lines = [self._lines[at] for at in ids]
        return [
            (
                one.name,
                one.quantity,
                one.claimed,
                one.payable,
                (one.status, self._decision(one.status)),
                one.words,
            )
            for one in lines
        ]

    def _decision(self, status: Status) -> Text:
        history = self.recorded is not None and self.recorded.claim.history
        never = history and status is Status.DRAFT
        return Text(N_("Not decided") if never else _DECISIONS[status])

    def _line(self, at: Any) -> None:  # noqa: ANN401 - the table's ids are of any kind
        if 0 <= at < len(self._lines):
            self.reason.say(self._lines[at].words)
            self.why.show_line(self._lines[at])

    @property
    def line_at(self) -> int:
        """The place of the line the cursor is on."""
        return self.table.currentIndex().row()

    def offers(self, name: str) -> bool:
        """Whether something can be done with the certificate that is shown."""
        return self.recorded is not None and _offered(name, self.recorded.case)

    def _turn(self) -> None:
        """Show what happened in the place of why, or why again."""
        at = 1 - self.bottom.currentIndex()
        self.bottom.setCurrentIndex(at)
        self.happened.say(_TURN[at])
        self._papers()

    def _papers(self) -> None:
        """Offer one paper: what happened where that is seen, else the notice. A third row had no room."""
        seen = self.bottom.currentIndex() == 1
        self.acts["history"].setVisible(seen and self.offers("history"))
        self.acts["notice"].setVisible(not seen and self.offers("notice"))

    def _withdraw(self) -> None:
        if self.recorded is not None:
            self.withdraw_wanted.emit(self.recorded.claim)


def _head(claim: Claim) -> Text:
    values: dict[str, Value] = {"number": claim.certificate, "own": claim.number}
    if not claim.certificate:
        return Text(N_("Certificate {own}"), values)
    return Text(N_("Certificate {number} · {own}"), values)


def _about(claim: Claim) -> Text:
    values: dict[str, Value] = {
        "name": claim.patient,
        "card": claim.card,
        "first": claim.first_day,
        "last": claim.last_day,
    }
    if claim.first_day == claim.last_day:
        return Text(N_("{name} · {card} · care of {last}"), values)
    return Text(N_("{name} · {card} · care from {first} to {last}"), values)


def _sums(claim: Claim) -> Text:
    values: dict[str, Value] = {"claimed": claim.claimed}
    if claim.paid is None or claim.patient_due is None or claim.disallowed is None:
        open_here = N_("Claimed {claimed}. Not decided: below is what it would come to.")
        open_there = N_("Claimed {claimed}. It was never decided in the former system.")
        return Text(open_there if claim.history else open_here, values)
    if claim.state is State.WITHDRAWN or claim.state in UNDECIDED:
        return Text(N_("Claimed {claimed}."), values)
    values |= {"paid": claim.paid, "patient": claim.patient_due, "refused": claim.disallowed}
    return Text(
        N_(
            "Claimed {claimed}: the scheme pays {paid}, the patient {patient}, "
            "refused to the provider {refused}."
        ),
        values,
    )


class WithdrawForm(Card, Speaking):
    """Takes a certificate back that was typed by mistake; it stays in sight with the reason.

    Signals:
        withdrawn: The certificate (a `Claim`) and the reason.
        dismissed: It stays.
    """

    withdrawn = Signal(object, str)
    dismissed = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._claim: Claim | None = None
        self._head = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        self.trouble = TroubleBand(speaker)
        self.reason = Field()
        self.form = Form(speaker)
        self.form.add(
            "reason",
            self.reason,
            N_("Why is it withdrawn?"),
            hint=N_("For example: typed twice, wrong card. The reason is kept."),
        )
        self.button = MainButton(N_("Withdraw it"), speaker, icon="undo-2")
        self.keep = PlainButton(N_("Keep it"), speaker, key="back")
        for widget in (self._head, self.trouble, self.form):
            self.body.addWidget(widget)
        foot = QHBoxLayout()
        self.body.addLayout(foot)
        foot.addWidget(self.button)
        foot.addWidget(self.keep)
        foot.addStretch(1)
        self.body.addStretch(1)
        self.reason.returnPressed.connect(self.send)
        self.button.clicked.connect(self.send)
        self.keep.clicked.connect(self.dismissed)
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.speaker.tr(N_("Withdraw it")))

    def start(self, claim: Claim) -> None:
        """Ask why."""
        self._claim = claim
        values: dict[str, Value] = {
            "number": claim.certificate or claim.number,
            "name": claim.patient,
            "amount": claim.claimed,
        }
        self._head.say(Text(N_("Withdraw certificate {number}: {name}, {amount}"), values))
        self.reason.setText("")
        self.form.clear()
        self.trouble.hide()
        self.button.setEnabled(True)
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, refusal: Refusal) -> None:
        """Show why it was not withdrawn."""
        self.button.setEnabled(True)
        self.form.show_refusal(refusal)

    def fail(self, trouble: Trouble) -> None:
        """Say that nothing was withdrawn."""
        self.button.setEnabled(True)
        self.trouble.show_trouble(trouble)

    def send(self) -> None:
        """Withdraw it."""
        if not self.button.isEnabled() or self._claim is None:
            return
        self.form.clear()
        self.button.setEnabled(False)
        self.withdrawn.emit(self._claim, self.reason.text())
