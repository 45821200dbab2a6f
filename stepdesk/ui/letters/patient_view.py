"""Who asks for a letter: the photo, the name, and whether they are covered today, in a sentence."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.i18n import N_, Text, Value
from stepdesk.members.terms import SEXES
from stepdesk.rights.terms import Answer
from stepdesk.ui import theme
from stepdesk.ui.letters.facts import Patient
from stepdesk.ui.members.facts import age_words, verdict_words
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.photo import PhotoCache
from stepdesk.ui.widgets.pill import StatusPill
from stepdesk.ui.widgets.portrait import Portrait
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.money import Currency, Money

_PILLS = {
    Answer.YES: (Status.UP_TO_DATE, N_("Covered today")),
    Answer.NO: (Status.STOPPED, N_("Not covered")),
    Answer.CONDITION: (Status.WAITING, N_("On condition")),
}


def lines(texts: Sequence[Text], between: str = "{one}\n{other}") -> Text:
    """Return sentences below each other as one."""
    text = texts[0] if texts else Text("")
    for one in texts[1:]:
        text = Text(between, {"one": text, "other": one})
    return text


class PatientView(QWidget, Dressed):
    """Hidden until somebody is chosen."""

    def __init__(self, speaker: Speaker, photos: PhotoCache, currency: Currency) -> None:
        super().__init__()
        self._currency = currency
        self.face = Portrait(photos)
        self.face.setProperty("data", True)  # noqa: FBT003 - Qt's setters take no names
        self.name = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        self.about = Words("", speaker, muted=True, wrap=True)
        self.pill = StatusPill(speaker)
        self.cover = Words("", speaker, wrap=True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.face)
        self._column = QVBoxLayout()
        self._row.addLayout(self._column, 1)
        head = QHBoxLayout()
        self._column.addLayout(head)
        head.addWidget(self.name, 1)
        head.addWidget(self.pill)
        self._column.addWidget(self.about)
        self._column.addWidget(self.cover)
        self._column.addStretch(1)
        self.hide()
        self.wear()

    @override
    def dress(self) -> None:
        self._row.setSpacing(theme.current().px(12))
        self._column.setSpacing(theme.current().px(2))

    def show_patient(self, patient: Patient, today: date) -> None:
        """Show somebody."""
        one, verdict = patient.person, patient.verdict
        values: dict[str, Value] = {
            "age": age_words(one.birth, today),
            "sex": Text(SEXES[one.sex]),
            "member": one.member_name,
            "section": one.section,
            "number": f"{one.number}/{one.suffix:02d}",
        }
        self.face.show_face(one.name, known=one.photo)
        self.name.say(Text("{name}", {"name": one.name}))
        self.about.say(Text(N_("{number} · {age} {sex} · member {member} · {section}"), values))
        status, word = _PILLS[verdict.answer]
        self.pill.set_status(status, Text(word))
        self.cover.say(lines(self._sentences(patient, today)))
        self.show()

    def _sentences(self, patient: Patient, today: date) -> list[Text]:
        """Return yes or no, why, what can be done about it, and what ceilings leave."""
        verdict = patient.verdict
        told = [verdict_words(verdict, patient.person.name, today)]
        told += [one.text for one in (*verdict.reasons, *verdict.conditions)]
        if verdict.to_pay and verdict.opens_on:
            paid: dict[str, Value] = {
                "amount": Money(verdict.to_pay, self._currency),
                "day": verdict.opens_on,
            }
            told.append(Text(N_("If {amount} is paid, rights open on {day}."), paid))
        if verdict.answer is not Answer.NO and patient.left is not None:
            told.append(
                Text(N_("The ceilings of the year leave {amount}."), {"amount": patient.left})
            )
        return told
