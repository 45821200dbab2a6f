"""Bands across the page: practice, a caution to be answered, a trouble that stays."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from stepdesk.errors import Caution, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.ui import icons, theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.style import rounded
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import CARD_RADIUS, Ink
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.words import Size, Words


class BandWords(Words):
    """Words in the colour of their band."""

    def __init__(self, text: Text | str, speaker: Speaker, *, alarm: bool, bold: bool) -> None:
        self._alarm = alarm
        super().__init__(text, speaker, size=Size.BODY, bold=bold, wrap=True)

    @override
    def dress(self) -> None:
        super().dress()
        ink = theme.current().ink
        palette = QPalette(self.palette())
        colour = ink.alarm.text if self._alarm else ink.training.text
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colour))
        self.setPalette(palette)


class Band(QWidget, Dressed):
    """A coloured ground with a sign at its leading edge; words go into its `lines`."""

    def __init__(self, *, alarm: bool, icon: str = "triangle-alert", flat: bool = False) -> None:
        super().__init__()
        self._alarm = alarm
        self._flat = flat
        self._icon = icon
        self._sign = QLabel()
        middle = Qt.AlignmentFlag.AlignVCenter if flat else Qt.AlignmentFlag.AlignTop
        self._sign.setAlignment(middle)
        self._row = QHBoxLayout(self)
        self.lines = QVBoxLayout()
        self._row.addWidget(self._sign)
        self._row.addLayout(self.lines, 1)
        self.wear()

    def colours(self) -> Ink:
        ink = theme.current().ink
        return ink.alarm if self._alarm else ink.training

    @override
    def dress(self) -> None:
        now = theme.current()
        side, edge = now.px(16), now.px(6 if self._flat else 12)
        self._row.setContentsMargins(side, edge, side, edge)
        self._row.setSpacing(now.px(12))
        self.lines.setSpacing(now.px(8))
        colour = self.colours().text
        self._sign.setPixmap(
            icons.pixmap(self._icon, now.px(20), colour, self.devicePixelRatioF())
        )
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent, /) -> None:
        colours = self.colours()
        ink = theme.current().ink
        painter = QPainter(self)
        rounded(
            painter,
            self.rect(),
            radius=0 if self._flat else CARD_RADIUS,
            fill=colours.ground,
            border=colours.text if ink.outlined or not self._flat else "",
            width=ink.border_width,
        )
        painter.end()


class TrainingBand(Band):
    """Says on every page that the book is for practice."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(alarm=False, icon="graduation-cap", flat=True)
        text = N_("TRAINING: this is a practice book. Nothing here is real money.")
        self.lines.addWidget(BandWords(text, speaker, alarm=False, bold=True))


class TroubleBand(Band, Speaking):
    """What the laptop could not do. Stays until somebody has read it."""

    dismissed = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(alarm=True, flat=True)
        self._words = BandWords("", speaker, alarm=True, bold=True)
        self._button = PlainButton(N_("I have read this"), speaker)
        self.lines.addWidget(self._words)
        self._row.addWidget(self._button)
        self._button.clicked.connect(self.dismiss)
        self.hide()
        self.learn(speaker)

    def show_trouble(self, trouble: Trouble) -> None:
        self.show_text(trouble.text)

    def show_text(self, text: Text) -> None:
        self._words.say(text)
        self.show()
        self._button.setFocus(Qt.FocusReason.OtherFocusReason)

    def dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()

    def words(self) -> str:
        """Return what it says, or nothing while it is hidden."""
        return "" if self.isHidden() else self._words.text()

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.speaker.tr(N_("Trouble")))


class CautionBand(Band, Speaking):
    """The doubts of a caution with a box for the reason; nothing is saved until it is accepted.

    Signals:
        accepted: The names of the doubts (a frozenset) and the reason.
        dismissed: The person went back.
    """

    accepted = Signal(object, str)
    dismissed = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(alarm=False)
        self._names: frozenset[str] = frozenset()
        self._doubts: list[BandWords] = []
        self._head = BandWords(N_("Please look again:"), speaker, alarm=False, bold=True)
        self._label = BandWords(
            N_("Reason for doing it all the same"), speaker, alarm=False, bold=False
        )
        self._reason = Field()
        self._label.setBuddy(self._reason)
        self._accept = PlainButton(N_("Do it with this reason"), speaker)
        self._back = PlainButton(N_("Go back"), speaker, key="back")
        for widget in (self._head, self._label, self._reason):
            self.lines.addWidget(widget)
        buttons = QHBoxLayout()
        self.lines.addLayout(buttons)
        buttons.addWidget(self._accept)
        buttons.addWidget(self._back)
        buttons.addStretch(1)
        self._accept.clicked.connect(self._accepted)
        self._reason.returnPressed.connect(self._accepted)
        self._reason.textChanged.connect(self._typed)
        self._back.clicked.connect(self.dismiss)
        self.hide()
        self.learn(speaker)

    def show_caution(self, caution: Caution) -> None:
        """Show the doubts and wait for a reason."""
        for old in self._doubts:
            self.lines.removeWidget(old)
            old.deleteLater()
        self._doubts = [
            BandWords(doubt.text, self.speaker, alarm=False, bold=False)
            for doubt in caution.doubts
        ]
        for at, line in enumerate(self._doubts):
            self.lines.insertWidget(1 + at, line)
        self._names = frozenset(doubt.name for doubt in caution.doubts)
        self._reason.clear()
        self._typed("")
        self.show()
        self._reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.speaker.tr(N_("Please look again:")))

    def _typed(self, text: str) -> None:
        self._accept.setEnabled(bool(text.strip()))

    def _accepted(self) -> None:
        reason = self._reason.text().strip()
        if reason:
            self.hide()
            self.accepted.emit(self._names, reason)
