"""A hospital reads a number and six figures on the telephone: are they ours?"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from stepdesk.claims.papers import LETTER_STATES
from stepdesk.claims.terms import CheckedLetter
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ui.letters.facts import STATUSES
from stepdesk.ui.letters.issued_view import promise_of
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.field import Field, NumbersField
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.pill import StatusPill
from stepdesk.ui.widgets.words import Size, Words

_LABELS = {
    "number": N_("Number of the letter, or of the leaf of the pad"),
    "code": N_("The six figures"),
}


class CheckForm(Card, Speaking):
    """The number and the figures, and the answer to read back.

    Signals:
        asked: Number and figures.
        left: Back to the letters.
    """

    asked = Signal(str, str)
    left = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(N_("Figures read on the telephone"), speaker, margin=24)
        self.number, self.code = Field(), NumbersField()
        self.form = Form(speaker)
        self.form.add(
            "number", self.number, _LABELS["number"], hint="LG-2026-A-00045, 0012-07", width=300
        )
        self.form.add("code", self.code, _LABELS["code"], width=160)
        self.pill = StatusPill(speaker)
        self.answer = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        self.promise = Words("", speaker, wrap=True)
        self.button = MainButton(N_("Check (Enter)"), speaker, icon="shield-check")
        self.back = PlainButton(N_("All letters"), speaker, key="back")
        for widget in (self.form, self.pill, self.answer, self.promise):
            self.body.addWidget(widget)
        foot = QHBoxLayout()
        self.body.addLayout(foot)
        foot.addWidget(self.button)
        foot.addWidget(self.back)
        foot.addStretch(1)
        self.body.addStretch(1)
        self.number.returnPressed.connect(self._to_code)
        self.code.returnPressed.connect(self.send)
        self.button.clicked.connect(self.send)
        self.back.clicked.connect(self.left)
        self.number.textEdited.connect(self._retyped)
        self.code.textEdited.connect(self._retyped)
        self._retyped("")
        self.learn(speaker)

    @override
    def speak(self) -> None:
        for name, field in (("number", self.number), ("code", self.code)):
            field.setAccessibleName(self.speaker.tr(_LABELS[name]))

    def start(self) -> None:
        """Empty, for the next call."""
        self.number.setText("")
        self.code.setText("")
        self.form.clear()
        self._retyped("")
        self.number.setFocus(Qt.FocusReason.OtherFocusReason)

    def send(self, *_clicked: object) -> None:
        """Ask."""
        self.form.clear()
        if self.number.text().strip():
            self.asked.emit(self.number.text().strip(), self.code.text())
        else:
            text = Text(N_("Let the number be read first."))
            self.form.show_refusal(Refusal(text, field="number"))

    def tell(self, found: CheckedLetter) -> None:
        """Tell that the figures are ours, and what the letter promises."""
        one = found.letter
        if one is None:
            blank = N_("Yes: {number} is a leaf of our pad that is not typed in yet.")
            self.answer.say(Text(blank, {"number": found.number}))
            self.pill.set_status(Status.WAITING, Text(N_("Leaf of the pad")))
        else:
            self.answer.say(Text(N_("Yes: letter {number} is ours."), {"number": found.number}))
            self.promise.say(promise_of(one))
            self.pill.set_status(STATUSES[one.state], Text(LETTER_STATES[one.state]))
        self.promise.setVisible(one is not None)
        self.pill.show()
        self.answer.show()

    def refuse(self, refusal: Refusal) -> None:
        """Say beside its field that they are not."""
        self._retyped("")
        self.form.show_refusal(refusal)

    def _to_code(self) -> None:
        self.code.setFocus(Qt.FocusReason.TabFocusReason)

    def _retyped(self, _text: str) -> None:
        for widget in (self.pill, self.answer, self.promise):
            widget.hide()
