"""A letter that was issued: its number, what it promises, and the figures to read on the phone."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout

from stepdesk.claims.terms import GuaranteeLetter
from stepdesk.i18n import N_, Text, Value
from stepdesk.ui import theme, tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.words import Shown, Size, Words

_LARGE = 34  # points: read from beside the telephone
_HALF = 3


def figures_apart(code: str) -> str:
    """Return the six figures as they are read out: 4 7 1 – 0 8 3."""
    figures = [sign for sign in code if sign.isdigit()]
    return f"{' '.join(figures[:_HALF])} – {' '.join(figures[_HALF:])}" if figures else ""


class LargeFigures(Shown):
    """Figures that are read out on the telephone."""

    @override
    def dress(self) -> None:
        super().dress()
        font: QFont = theme.current().font(_LARGE, bold=True)
        self.setFont(font)


class IssuedView(Card, Speaking):
    """The letter that has just been issued, or one of the list.

    Signals:
        print_wanted: The paper again.
        next_wanted: Another letter.
        list_wanted: All letters.
    """

    print_wanted = Signal(object)
    next_wanted = Signal()
    list_wanted = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(margin=24)
        self.letter: GuaranteeLetter | None = None
        self.done = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        self.promise = Words("", speaker, wrap=True)
        self.hint = Words(N_("To be read on the telephone"), speaker, muted=True)
        self.figures = LargeFigures()
        self.signs = Words("", speaker, size=Size.SMALL, muted=True, wrap=True)
        self.next = MainButton(N_("Next letter"), speaker, key="new", icon="plus")
        self.print = PlainButton(N_("Print again"), speaker, key="print", icon="printer")
        self.all = PlainButton(N_("All letters"), speaker, key="filter")
        for widget in (self.done, self.promise, self.hint, self.figures, self.signs):
            self.body.addWidget(widget)
        foot = QHBoxLayout()
        self.body.addLayout(foot)
        for button in (self.next, self.print, self.all):
            foot.addWidget(button)
        foot.addStretch(1)
        self.body.addStretch(1)
        self.next.clicked.connect(self.next_wanted)
        self.print.clicked.connect(self._print)
        self.all.clicked.connect(self.list_wanted)
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self._say_figures()

    @override
    def dress(self) -> None:
        super().dress()
        self.body.setSpacing(theme.current().px(tokens.CELL))

    def show_letter(self, letter: GuaranteeLetter) -> None:
        """Show it; the cursor goes to the next letter."""
        self.letter = letter
        values = letter_values(letter)
        issued = letter.issued_on is not None
        message = N_("✓ Letter {number} is issued.")
        self.done.say(Text(message if issued else N_("✓ Letter {number} is asked for."), values))
        self.promise.say(promise_of(letter))
        for widget in (self.hint, self.figures, self.print):
            widget.setVisible(issued)
        alone = N_("One person alone keeps this desk: the paper says so.")
        self.signs.say(Text(alone) if letter.single_control else "")
        self._say_figures()

    def focus(self) -> None:
        self.next.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say_figures(self) -> None:
        if self.letter is not None:
            told = figures_apart(self.letter.code)
            self.figures.setText(self.speaker.apart(told))
            self.figures.setAccessibleName(" ".join(told.replace("–", "").split()))

    def _print(self) -> None:
        if self.letter is not None:
            self.print_wanted.emit(self.letter)


def letter_values(letter: GuaranteeLetter) -> dict[str, Value]:
    """Return what sentences about a letter may name."""
    return {
        "number": letter.number,
        "patient": letter.patient,
        "card": letter.card,
        "provider": letter.provider,
        "count": letter.quantity,
        "service": letter.service,
        "up_to": letter.up_to,
        "due": letter.patient_due,
        "last": letter.valid_through or letter.asked_on,
        "first": letter.first_day or letter.asked_on,
        "day": letter.asked_on,
        "claim": letter.claim,
        "reason": letter.reason,
        "leaf": letter.leaf,
        "used": letter.used or letter.up_to,
        "by": letter.issued_by,
    }


def promise_of(letter: GuaranteeLetter) -> Text:
    """Return what a letter promises, or what is asked for, in a sentence."""
    if letter.issued_on is None:
        told = N_("{patient} ({card}) asks for {count} {service} at {provider}, since {day}.")
    else:
        told = N_(
            "{patient} ({card}): {count} {service} at {provider}. The scheme pays up to {up_to}, "
            "the patient {due}. It holds from {first} to {last}."
        )
    return Text(told, letter_values(letter))
