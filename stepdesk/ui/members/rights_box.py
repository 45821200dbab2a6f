"""Is this person covered on that day? One sentence with sign, word and colour, and the reasons."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.i18n import N_, Text, Value
from stepdesk.members.terms import PersonRow
from stepdesk.rights.terms import Answer, Verdict
from stepdesk.ui import theme
from stepdesk.ui.members.facts import verdict_words
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.date_field import DateField
from stepdesk.ui.widgets.form import ErrorLine
from stepdesk.ui.widgets.pill import StatusPill
from stepdesk.ui.widgets.words import Words
from stepdesk.values.money import Currency, Money


class RightsBox(QWidget, Dressed, Speaking):
    """The question and its answer for the person chosen in the list above.

    Signals:
        asked: The day, when the question is put.
    """

    asked = Signal(object)

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__()
        self._currency = currency
        self._person: PersonRow | None = None
        self.head = Words(N_("Covered on"), speaker, bold=True)
        self.day = DateField(today)
        self.ask = PlainButton(N_("Ask"), speaker)
        self.pill = StatusPill(speaker)
        self.answer = Words("", speaker, wrap=True, bold=True)
        self.reasons = Words("", speaker, wrap=True)
        self.error = ErrorLine(speaker)
        line = QHBoxLayout()
        line.addWidget(self.head)
        line.addWidget(self.day)
        line.addWidget(self.ask)
        line.addStretch(1)
        line.addWidget(self.pill)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(line)
        for widget in (self.error, self.answer, self.reasons):
            self._column.addWidget(widget)
        self.ask.clicked.connect(self._ask)
        self.day.returnPressed.connect(self._ask)
        self.wear()
        self.learn(speaker)
        self.clear()

    @override
    def speak(self) -> None:
        self.day.setAccessibleName(self.speaker.tr(N_("Covered on")))

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setSpacing(now.px(6))
        self.day.setFixedWidth(now.px(132))

    def clear(self) -> None:
        """Take the last answer away."""
        self.pill.hide()
        self.answer.say("")
        self.reasons.say("")
        self.error.clear_text()

    def start(self, person: PersonRow | None, today: date) -> None:
        """Turn to a person; the day goes back to today."""
        self._person = person
        self.day.setText(f"{today.day:02d}/{today.month:02d}/{today.year}")
        self.setEnabled(person is not None)
        self.clear()

    @property
    def person(self) -> PersonRow | None:
        return self._person

    def _ask(self) -> None:
        self.clear()
        day = self.day.day()
        problem = self.day.problem()
        if day is None:
            self.error.show_text(problem or Text(N_("Type a day: 14, 14/10 or 14/10/2026.")))
            self.day.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.asked.emit(day)

    def show_verdict(self, verdict: Verdict, day: date) -> None:
        """Show the answer."""
        if self._person is None:
            return
        yes = verdict.answer is Answer.YES
        self.pill.set_status(
            Status.UP_TO_DATE if yes else Status.STOPPED, Text(N_("Yes") if yes else N_("No"))
        )
        self.pill.show()
        self.answer.say(verdict_words(verdict, self._person.name, day))
        told = [reason.text for reason in verdict.reasons]
        values: dict[str, Value] = {}
        if verdict.to_pay and verdict.opens_on:
            values = {"amount": Money(verdict.to_pay, self._currency), "day": verdict.opens_on}
            told.append(Text(N_("If {amount} is paid, rights open on {day}."), values))
        self.reasons.say(_lines(told))


def _lines(texts: list[Text]) -> Text:
    text = Text("")
    for at, one in enumerate(texts):
        text = one if at == 0 else Text("{one}\n{other}", {"one": text, "other": one})
    return text
