"""What is to be done with the chosen month: one thing at a time, by the month's state."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, Value
from stepdesk.store.desk import Colleague
from stepdesk.sync.terms import MonthRow, Release, State
from stepdesk.ui import theme, tokens
from stepdesk.ui.contributions.open_form import PeopleTiles
from stepdesk.ui.overriding import override
from stepdesk.ui.sending.facts import Facts
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import ErrorLine, Form
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import StaffId

_TO_WRITE = frozenset({State.APPROVED, State.REJECTED})


class Signing(QWidget, Speaking):
    """Who approves with the person in front, and their password, side by side.

    Signals:
        entered: Enter was pressed in the password.
    """

    entered = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._solo = True
        self.people = PeopleTiles(speaker)
        self.password = Field(height=tokens.MAIN_FIELD)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self._who, self.form = Form(speaker), Form(speaker)
        self._who.add("second", self.people, N_("Who signs with you?"))
        self.form.add("second_password", self.password, N_("Their password"))
        self._sides = Sides(self._who, self.form, side=240, narrow=560)
        self.alone = Words(
            N_("One person alone keeps this desk: what leaves is marked so in your book."),
            speaker,
            size=Size.SMALL,
            muted=True,
            wrap=True,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._sides)
        column.addWidget(self.alone)
        self.password.returnPressed.connect(self.entered)
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.password.setAccessibleName(self.speaker.tr(N_("Their password")))

    def start(self, others: Sequence[Colleague], *, solo: bool) -> None:
        """Show who may sign, nothing typed."""
        self._solo = solo
        self.form.clear()
        self.password.clear()
        self._sides.setVisible(not solo)
        self.alone.setVisible(solo)
        self.people.show_people(others, None)

    def needed(self) -> bool:
        """Whether a second person has to sign."""
        return not self._solo

    def signer(self) -> tuple[StaffId, str] | None:
        """Return who signs and their password, None in front of a desk kept alone."""
        person = None if self._solo else self.people.person()
        return None if person is None else (person, self.password.text())

    def ready(self) -> bool:
        """Whether the password was typed; else the cursor goes there."""
        if self._solo or self.password.text():
            return True
        self.refuse(Text(N_("Let the second person type the password here.")))
        return False

    def refuse(self, text: Text) -> None:
        """Show beside the password why the signature does not count."""
        self.form.show_refusal(Refusal(text, field="second_password"))


class NextStep(QWidget, Dressed):
    """Says how a month stands and offers what comes next.

    Signals:
        closing_wanted: The month is to be closed first.
        approved: Somebody approves; the second person and the password, or None.
        all_approved: The same, for every month that was looked at.
        write_wanted: The file is to be written.
        answer_wanted: The branch has answered.
    """

    closing_wanted = Signal()
    approved = Signal(object)
    all_approved = Signal(object)
    write_wanted = Signal()
    answer_wanted = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._state = State.NOT_CLOSED
        self.words = Words("", speaker, wrap=True)
        self.done = Words("", speaker, bold=True, wrap=True)
        self.done.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.second = Signing(speaker)
        self.error = ErrorLine(speaker)
        self.closing = MainButton(N_("Go to Closing"), speaker, icon="calendar-check")
        self.approve = MainButton(N_("Approve what leaves"), speaker, icon="shield-check")
        self.approve_all = PlainButton("", speaker, icon="shield-check")
        self.looked = Words("", speaker, size=Size.SMALL, muted=True, wrap=True)
        self.write = MainButton(N_("Write the file …"), speaker, icon="send")
        self.answer = MainButton(N_("Read the answer …"), speaker, icon="file-check")
        self.again = PlainButton(N_("Write the file again …"), speaker, icon="send")
        self.key = Words(N_("Ctrl+Enter approves."), speaker, size=Size.SMALL, muted=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        lines: tuple[QWidget, ...] = (
            self.words,
            self.done,
            self.second,
            self.error,
        )
        for line in lines:
            self._column.addWidget(line)
        buttons = QHBoxLayout()
        self._column.addLayout(buttons)
        for widget in (self.closing, self.approve, self.write, self.answer, self.again, self.key):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        self._column.addWidget(self.looked)
        self._column.addWidget(self.approve_all, 0, Qt.AlignmentFlag.AlignLeading)
        self.looked.hide()
        self.approve_all.hide()
        self._connect()
        self.wear()

    def _connect(self) -> None:
        self.closing.clicked.connect(self.closing_wanted)
        self.approve.clicked.connect(self.send_approval)
        self.approve_all.clicked.connect(self.send_all)
        self.second.entered.connect(self.send_approval)
        self.write.clicked.connect(self.write_wanted)
        self.again.clicked.connect(self.write_wanted)
        self.answer.clicked.connect(self.answer_wanted)

    @override
    def dress(self) -> None:
        self._column.setSpacing(theme.current().px(8))

    def show_step(self, row: MonthRow, facts: Facts, release: Release | None) -> None:
        """Show what is to be done for a month.

        Args:
            row: How the month stands.
            facts: Who may sign, and whether a branch is known.
            release: What was approved, None while nothing is.
        """
        self._state = row.state
        self.error.clear_text()
        self.done.hide()
        to_approve = row.state is State.TO_SEND
        self.second.setVisible(to_approve)
        if to_approve:
            self.second.start(facts.others, solo=facts.solo)
        self.closing.setVisible(row.state is State.NOT_CLOSED)
        self.approve.setVisible(to_approve)
        self.key.setVisible(to_approve)
        self.approve_all.hide()
        self.looked.hide()
        self.write.setVisible(row.state in _TO_WRITE)
        for button in (self.answer, self.again):
            button.setVisible(row.state is State.CARRIED)
        self.ready()
        self.words.say(_told(row, release))

    def show_looked(self, count: int, months: Text) -> None:
        """Offer to approve all the months that were looked at with one signature."""
        self.approve_all.say(Text(N_("Approve all {count}"), {"count": count}))
        told = N_("You looked at {months}. One signature can approve all of them.")
        self.looked.say(Text(told, {"months": months}))
        for widget in (self.approve_all, self.looked):
            widget.setVisible(self._state is State.TO_SEND)

    def show_done(self, text: Text) -> None:
        """Say what has just been done."""
        self.done.say(text)
        self.done.show()

    def refuse(self, refusal: Refusal) -> None:
        """Show why it cannot be done, beside the password when it is about that."""
        self.ready()
        if refusal.field in {"second", "second_password"} and not self.approve.isHidden():
            self.second.refuse(refusal.text)
        else:
            self.error.show_text(refusal.text)

    def ready(self) -> None:
        """Let the buttons act again."""
        for button in (self.approve, self.approve_all, self.write, self.again):
            button.setEnabled(True)

    def wait(self) -> None:
        """Let no button act twice."""
        for button in (self.approve, self.approve_all, self.write, self.again):
            button.setEnabled(False)

    def focus(self) -> bool:
        """Put the cursor where the next step begins; whether there is one."""
        places: list[QWidget] = [self.closing, self.approve, self.write, self.answer]
        if self._state is State.TO_SEND and self.second.needed():
            places.insert(0, self.second.password)
        for place in places:
            if not place.isHidden() and place.isEnabled():
                place.setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return False

    def send_approval(self) -> None:
        """Hand on the approval when the second person typed a password."""
        if self._signed_by_both():
            self.approved.emit(self.second.signer())

    def send_all(self) -> None:
        """Hand on the approval of every month that was looked at."""
        if self._signed_by_both():
            self.all_approved.emit(self.second.signer())

    def _signed_by_both(self) -> bool:
        if self._state is not State.TO_SEND or not self.approve.isEnabled():
            return False
        self.second.form.clear()
        self.error.clear_text()
        return self.second.ready()


def _told(row: MonthRow, release: Release | None) -> Text:
    match row.state:
        case State.NOT_CLOSED:
            message = N_(
                "{month} is not closed, so nothing of it can be sent: its figures may still change."
                " Close the month first."
            )
            return Text(message, {"month": row.month})
        case State.TO_SEND:
            return Text(N_("Look at what leaves. Once it is approved, it never changes."))
        case State.REJECTED:
            return row.reason or Text(N_("The branch did not take this month."))
        case _:
            return _approved(row, release)


def _approved(row: MonthRow, release: Release | None) -> Text:
    signed = _signed(release)
    if row.state is State.APPROVED or row.on is None:
        message = N_("{signed} It is not sent yet: write the file for the branch.")
        return Text(message, {"signed": signed})
    if row.state is State.CARRIED:
        message = N_("{signed} Last written to a file on {day}; the branch has not answered yet.")
    else:
        message = N_("{signed} The branch has it; its answer was read on {day}.")
    return Text(message, {"signed": signed, "day": row.on})


def _signed(release: Release | None) -> Text:
    if release is None:
        return Text("")
    values: dict[str, Value] = {
        "first": release.first_signature,
        "second": release.second_signature,
        "day": release.approved_on,
    }
    if release.second_signature:
        return Text(N_("Approved by {first} and {second} on {day}."), values)
    return Text(N_("Approved by {first} alone on {day}."), values)
