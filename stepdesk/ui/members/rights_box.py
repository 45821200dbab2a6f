"""Is this person covered on that day? One sentence with sign, word and colour, and the reasons.

A service and a provider may be asked about; then conditions and what limits leave are told too.
"""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.benefits.terms import Service
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.terms import PersonRow
from stepdesk.rights.terms import Answer, Left, Told, Verdict
from stepdesk.ui import theme
from stepdesk.ui.members.facts import CareChoices, verdict_words
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.date_field import DateField
from stepdesk.ui.widgets.form import ErrorLine
from stepdesk.ui.widgets.pill import StatusPill
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import ProviderId
from stepdesk.values.money import Currency, Money

_PILLS = {
    Answer.YES: (Status.UP_TO_DATE, N_("Yes")),
    Answer.NO: (Status.STOPPED, N_("No")),
    Answer.CONDITION: (Status.WAITING, N_("On condition")),
}


class RightsBox(QWidget, Dressed, Speaking):
    """The question and its answer for the person chosen in the list above.

    Signals:
        asked: The day, the service (or None) and the provider (or None), when the question is
            put.
        print_wanted: The person's id and the answer that stands here (Told).
    """

    asked = Signal(object, object, object)
    print_wanted = Signal(object, object)

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__()
        self._currency = currency
        self._person: PersonRow | None = None
        self.head = Words(N_("Covered on"), speaker, bold=True)
        self.day = DateField(today)
        self.ask = PlainButton(N_("Ask"), speaker)
        self.service, self.provider = ComboLine(), ComboLine()
        self._care = QWidget()
        self.pill = StatusPill(speaker)
        self.answer = Words("", speaker, wrap=True, bold=True)
        self.reasons = Words("", speaker, wrap=True)
        self.member = Words("", speaker, size=Size.SMALL, wrap=True)
        self.to_provider = Words("", speaker, size=Size.SMALL, wrap=True)
        self.print = PlainButton(N_("Print"), speaker, icon="printer")
        self._told: Told | None = None
        self.error = ErrorLine(speaker)
        self._place()
        self.ask.clicked.connect(self._ask)
        self.day.returnPressed.connect(self._ask)
        self.wear()
        self.learn(speaker)
        self.clear()

    def _place(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.head)
        line.addWidget(self.day)
        line.addWidget(self.ask)
        line.addStretch(1)
        line.addWidget(self.pill)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(line)
        self._place_care()
        self._column.addWidget(self.error)
        # Beside words that wrap the button makes the card no wider.
        answer = QHBoxLayout()
        answer.addWidget(self.answer, 1)
        answer.addWidget(self.print)
        self._column.addLayout(answer)
        for widget in (self.reasons, self.member, self.to_provider):
            self._column.addWidget(widget)
        self.print.clicked.connect(self._print)

    def _place_care(self) -> None:
        line = QHBoxLayout(self._care)
        line.setContentsMargins(0, 0, 0, 0)
        for combo in (self.service, self.provider):
            # A long name does not make the page wide; the list below shows it whole.
            combo.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            combo.setMinimumContentsLength(8)
            combo.addItem("")
            combo.currentIndexChanged.connect(self._other_question)
            combo.entered.connect(self._ask)
            line.addWidget(combo, 1)
        self._care.hide()
        self._column.addWidget(self._care)

    @override
    def speak(self) -> None:
        self.day.setAccessibleName(self.speaker.tr(N_("Covered on")))
        self.service.setAccessibleName(self.speaker.tr(N_("Service")))
        self.provider.setAccessibleName(self.speaker.tr(N_("Provider")))
        self.service.setItemText(0, self.speaker.tr(N_("Any service")))
        self.provider.setItemText(0, self.speaker.tr(N_("Any provider")))

    def offer(self, care: CareChoices) -> None:
        """Let a service and a provider be chosen, where the book has any; the last choice stays."""
        listed: tuple[tuple[ComboLine, list[tuple[str, object]]], ...] = (
            (self.service, [(one.name, one) for one in care.services]),
            (self.provider, [(one.name, one.id) for one in care.providers]),
        )
        for combo, items in listed:
            kept = combo.currentText() if combo.currentIndex() > 0 else ""
            combo.blockSignals(True)  # noqa: FBT003 - Qt's setters take no names
            while combo.count() > 1:
                combo.removeItem(1)
            for name, held in items:
                combo.addItem(name, held)
            combo.setCurrentIndex(max(combo.findText(kept), 0) if kept else 0)
            combo.blockSignals(False)  # noqa: FBT003 - Qt's setters take no names
        self._care.setVisible(bool(care.services))

    def _other_question(self, _at: int) -> None:
        self.clear()

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setSpacing(now.px(6))
        self.day.setFixedWidth(now.px(132))

    def clear(self) -> None:
        """Take the last answer away."""
        self.pill.hide()
        self._told = None
        self.print.hide()
        for words in (self.answer, self.reasons, self.member, self.to_provider):
            words.say("")
            words.hide()
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
        service = self.service.currentData() if self.service.currentIndex() > 0 else None
        provider = self.provider.currentData() if self.provider.currentIndex() > 0 else None
        if provider is not None and service is None:
            told = N_("Choose the service too: a provider is asked about together with one.")
            self.error.show_text(Text(told))
            self.service.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.asked.emit(
            day,
            service if isinstance(service, Service) else None,
            ProviderId(bytes(provider)) if provider is not None else None,
        )

    def show_told(self, told: Told, service: Service | None = None) -> None:
        """Show the answer, and what to tell the member and the provider."""
        if self._person is None:
            return
        self._told = told
        verdict, day = told.verdict, told.question.day
        values: dict[str, Value] = {"member": told.member, "provider": told.provider}
        self.member.say(Text(N_("To the member: {member}"), values))
        self.to_provider.say(Text(N_("To the provider: {provider}"), values))
        for shown in (self.answer, self.reasons, self.member, self.to_provider, self.print):
            shown.show()
        self._show_verdict(verdict, day, "" if service is None else service.name)

    def _show_verdict(self, verdict: Verdict, day: date, service: str) -> None:
        if self._person is None:
            return
        status, word = _PILLS[verdict.answer]
        self.pill.set_status(status, Text(word))
        self.pill.show()
        self.answer.say(verdict_words(verdict, self._person.name, day, service))
        told = [reason.text for reason in (*verdict.reasons, *verdict.conditions)]
        if verdict.answer is not Answer.NO and verdict.remaining is not None:
            left = _remaining(verdict.remaining, self._currency)
            told += [_lines(left, "{one} {other}")] if left else []
        values: dict[str, Value] = {}
        if verdict.to_pay and verdict.opens_on:
            values = {"amount": Money(verdict.to_pay, self._currency), "day": verdict.opens_on}
            told.append(Text(N_("If {amount} is paid, rights open on {day}."), values))
        self.reasons.say(_lines(told))
        self.reasons.setVisible(bool(told))

    def _print(self) -> None:
        if self._person is not None and self._told is not None:
            self.print_wanted.emit(self._person.id, self._told)


def _remaining(left: Left, currency: Currency) -> list[Text]:
    """Return what limits still leave, one sentence a limit."""
    told = []
    if left.count is not None:
        one, many = (
            N_("This service may be used {count} time more."),
            N_("This service may be used {count} times more."),
        )
        told.append(Text(one, {"count": left.count}, plural=many))
    amounts = (
        (left.service_year, N_("{amount} left of this service in the person's year.")),
        (left.service_household, N_("{amount} left of this service in the household's year.")),
        (left.person_year, N_("{amount} left of the person's year.")),
        (left.household_year, N_("{amount} left of the household's year.")),
        (left.deductible or None, N_("Deductible: the patient pays the next {amount} alone.")),
    )
    told += [
        Text(words, {"amount": Money(amount, currency)})
        for amount, words in amounts
        if amount is not None
    ]
    return told


def _lines(texts: list[Text], between: str = "{one}\n{other}") -> Text:
    text = Text("")
    for at, one in enumerate(texts):
        text = one if at == 0 else Text(between, {"one": text, "other": one})
    return text
