"""The letters of the scheme by state, what became of each, and what may be done with it."""

from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.claims.papers import LETTER_KINDS
from stepdesk.claims.terms import GuaranteeLetter, LetterState
from stepdesk.i18n import N_, Text
from stepdesk.rights.terms import ReasonCode
from stepdesk.ui.action_form import Action, ActionForm
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.letters import facts
from stepdesk.ui.letters.issued_view import (
    LargeFigures,
    figures_apart,
    letter_values,
    promise_of,
)
from stepdesk.ui.letters.letter_rows import LettersTable
from stepdesk.ui.letters.patient_view import lines
from stepdesk.ui.members.asks import Ask, Kind
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Tabs
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.money import Currency

_SHOW = (
    (facts.OPEN, N_("Open letters")),
    (facts.ENDING, N_("Run out within 3 days")),
    (facts.ASKED, N_("Asked for")),
    (facts.PASSED, N_("Certificate came without it")),
    (facts.ALL, N_("All letters")),
)
_REFUSALS = (
    (ReasonCode.RA04, N_("Contributions are not paid up")),
    (ReasonCode.RM01, N_("The care is not needed")),
    (ReasonCode.RB01, N_("Not in the package")),
)
_DETAIL, _FORM = range(2)


def _reason(label: str = N_("Why")) -> Ask:
    return Ask("reason", label)


def _actions(currency: Currency) -> tuple[Action, ...]:
    days = Ask("days", N_("Days more"), Kind.NUMBER, needed=False, width=120)
    up_to = Ask(
        "up_to",
        N_("Up to"),
        Kind.MONEY,
        N_("Leave it empty and the amount stays."),
        needed=False,
        width=160,
        exponent=currency.exponent,
    )
    valid = Ask(
        "days",
        N_("Valid (days)"),
        Kind.NUMBER,
        N_("Leave it empty for the usual days."),
        needed=False,
        width=120,
    )
    granted = Ask(
        "up_to",
        N_("Up to"),
        Kind.MONEY,
        N_("Leave it empty for the scheme's part of the list price."),
        needed=False,
        width=160,
        exponent=currency.exponent,
    )
    return (
        Action(
            "extend",
            N_("Extend letter {number}"),
            N_("A new version with other figures: print it anew. A second person signs."),
            ((days, up_to, _reason()),),
            N_("Extend"),
            signed=True,
        ),
        Action(
            "cancel",
            N_("Cancel letter {number}"),
            N_("What it held back is free again."),
            ((_reason(),),),
            N_("Cancel the letter"),
        ),
        Action(
            "grant",
            N_("Issue letter {number}"),
            N_("Rights are asked as of today."),
            ((granted, valid),),
            N_("Issue"),
            signed=True,
        ),
        Action(
            "refuse",
            N_("Refuse letter {number}"),
            N_("Code and reason are kept for an appeal."),
            ((Ask("code", N_("Ground"), Kind.LIST), _reason()),),
            N_("Refuse"),
            {"code": tuple((code, Text(told)) for code, told in _REFUSALS)},
        ),
    )


_OFFERS = {
    LetterState.REQUESTED: ("grant", "refuse"),
    LetterState.ISSUED: ("extend", "cancel"),
}


class LettersList(QWidget, Speaking):
    """The list, and what is chosen in it.

    Signals:
        show_wanted: Other letters are to be listed.
        print_wanted: A letter's paper.
        provider_wanted: The open letters of the chosen letter's provider, on paper.
        act_wanted: An action's name and the letter: who may sign is to be read.
        claim_wanted: The claim that used the letter.
        write_wanted: A new letter.
        check_wanted: Figures read on the telephone are to be checked.
    """

    show_wanted = Signal(object)
    print_wanted = Signal(object)
    provider_wanted = Signal(object)
    act_wanted = Signal(str, object)
    write_wanted = Signal()
    check_wanted = Signal()

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__()
        self._say = speaker
        self.show_which = Tabs(speaker, _SHOW, columns=3)
        self.table = LettersTable(speaker, N_("Letters"), N_("No letter here. F2 writes one."))
        self.promise = Words("", speaker, wrap=True)
        self.head = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        self.history = Words("", speaker, wrap=True)
        self.figures = LargeFigures()
        self.hint = Words(N_("To be read on the telephone"), speaker, muted=True)
        self.form = ActionForm(speaker, today, _actions(currency))
        self.write = PlainButton(N_("A letter"), speaker, key="new", icon="plus")
        self.print = PlainButton(N_("Print"), speaker, key="print", icon="printer")
        self.check = PlainButton(N_("Check figures"), speaker, key="filter")
        self.of_provider = PlainButton(N_("List for the provider"), speaker)
        self.acts = {
            "extend": PlainButton(N_("Extend …"), speaker, key="override"),
            "cancel": PlainButton(N_("Cancel the letter …"), speaker),
            "grant": PlainButton(N_("Issue …"), speaker, key="override"),
            "refuse": PlainButton(N_("Refuse …"), speaker),
        }
        self._place(speaker)
        self._connect()
        self.learn(speaker)

    def _place(self, speaker: Speaker) -> None:
        left = Card(N_("Letters"), speaker, margin=16)
        left.body.addWidget(self.show_which)
        left.body.addWidget(self.table, 1)
        foot = QHBoxLayout()
        left.body.addLayout(foot)
        for button in (self.write, self.print, self.check):
            foot.addWidget(button)
        foot.addStretch(1)
        detail = Card(margin=16)
        for widget in (self.head, self.promise, self.history, self.hint, self.figures):
            detail.body.addWidget(widget)
        for button in (*self.acts.values(), self.of_provider):
            detail.body.addWidget(button)
        detail.body.addStretch(1)
        self.side = CurrentStack()
        self.side.addWidget(detail)
        self.side.addWidget(self.form)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Sides(left, self.side, side=360), 1)

    def _connect(self) -> None:
        self.show_which.chosen.connect(self.show_wanted)
        self.table.current.connect(self._tell)
        self.table.chosen.connect(self._enter)
        self.write.clicked.connect(self.write_wanted)
        self.check.clicked.connect(self.check_wanted)
        self.print.clicked.connect(self.print_chosen)
        self.of_provider.clicked.connect(self._provider)
        self.form.left.connect(self.leave_form)
        for name, button in self.acts.items():
            button.clicked.connect(partial(self.want, name))

    @override
    def speak(self) -> None:
        self._say_figures()

    @property
    def which(self) -> str:
        return str(self.show_which.value())

    @property
    def acting(self) -> bool:
        """Whether a form is open."""
        return self.side.currentIndex() == _FORM

    def show_letters(self, letters: tuple[GuaranteeLetter, ...]) -> None:
        """Show the letters of the list."""
        self.table.show_letters(letters)
        self._tell()

    def focus(self) -> None:
        target = self.table if self.table.letters else self.write
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self, _which: object = None) -> None:
        """Tell of the letter the arrow keys are on."""
        one = self.table.letter()
        offered = () if one is None else _OFFERS.get(one.state, ())
        for name, button in self.acts.items():
            button.setVisible(name in offered)
        issued = one is not None and one.issued_on is not None
        for widget in (self.print, self.hint, self.figures):
            widget.setVisible(issued)
        self.of_provider.setVisible(one is not None and one.state is LetterState.ISSUED)
        for words in (self.head, self.promise, self.history):
            words.setVisible(one is not None)
        if one is not None:
            self.head.say(Text(LETTER_KINDS[one.kind]))
            self.promise.say(promise_of(one))
            self.history.say(lines(_became(one)))
        self._say_figures()

    def _say_figures(self) -> None:
        one = self.table.letter()
        told = "" if one is None else figures_apart(one.code)
        self.figures.setText(self.speaker.apart(told) if told else "")

    def _enter(self, _letter_id: object) -> None:
        one = self.table.letter()
        offered = () if one is None else _OFFERS.get(one.state, ())
        if offered:
            self.acts[offered[0]].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.print_chosen()

    def print_chosen(self, *_clicked: object) -> None:
        """F9: the letter the arrow keys are on."""
        one = self.table.letter()
        if one is not None and one.issued_on is not None:
            self.print_wanted.emit(one)

    def _provider(self) -> None:
        one = self.table.letter()
        if one is not None:
            self.provider_wanted.emit(one)

    # What is done

    def act_first(self) -> None:
        """F7: extend it, or issue what was asked for."""
        one = self.table.letter()
        offered = () if one is None else _OFFERS.get(one.state, ())
        if offered:
            self.want(offered[0])

    def want(self, name: str, *_clicked: object) -> None:
        """Ask what an action needs."""
        one = self.table.letter()
        if one is not None:
            self.act_wanted.emit(name, one)

    def start_form(self, name: str, one: GuaranteeLetter, room: facts.Room) -> None:
        """Open the form of an action."""
        self.side.setCurrentIndex(_FORM)
        self.form.start(name, one.number, one.id, others=room.others, solo=room.solo)

    def leave_form(self) -> None:
        """Back to what became of the letter."""
        self.side.setCurrentIndex(_DETAIL)
        self.focus()


def _became(one: GuaranteeLetter) -> list[Text]:
    """Return what became of a letter, a sentence each."""
    told = {
        LetterState.USED: N_("Claim {claim} used it: {used}."),
        LetterState.SETTLED: N_("Claim {claim} used it: {used}, which is paid."),
        LetterState.EXPIRED: N_("It ran out on {last} and was not used."),
        LetterState.CANCELLED: N_("It was cancelled: {reason}"),
        LetterState.REFUSED: N_("It was refused: {reason}"),
        LetterState.REQUESTED: N_("It waits to be issued or refused."),
    }
    values = letter_values(one)
    found = []
    if one.issued_by:
        found.append(Text(N_("Issued by {by}."), values))
    if one.leaf:
        found.append(Text(N_("Written on leaf {leaf} of the pad."), values))
    if one.state in told:
        found.append(Text(told[one.state], values))
    elif one.reason:
        found.append(Text(N_("Extended: {reason}"), values))
    return found
