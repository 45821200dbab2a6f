"""Lines of a list of things to do: a sign, a sentence, and Enter opens what it is about."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton

from stepdesk.i18n import N_, Text
from stepdesk.ui import theme, tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.style import rounded
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.pill import paint_sign

_HEIGHT = 48
_BADGE = 24


class TaskLine(QPushButton, Dressed, Speaking):
    """One thing to do, as wide as its list; pressed, it opens what it is about.

    Args:
        text: The sentence.
        speaker: Says it.
        status: Chooses sign and colour.
        action: The word at the end.
    """

    def __init__(
        self, text: Text, speaker: Speaker, *, status: Status, action: str = N_("See")
    ) -> None:
        super().__init__()
        self._said = text
        self._status = status
        self._action = action
        self._action_words = ""
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.wear()
        self.learn(speaker)

    @property
    def status(self) -> Status:
        return self._status

    @override
    def speak(self) -> None:
        self.setText(self.speaker.say(self._said))
        self._action_words = self.speaker.tr(self._action) if self._action else ""
        self.update()

    @override
    def dress(self) -> None:
        now = theme.current()
        self.setFont(now.font())
        self.setFixedHeight(now.px(_HEIGHT))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.current().px(280), theme.current().px(_HEIGHT))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.click()
            case Qt.Key.Key_Down:
                self.focusNextChild()
            case Qt.Key.Key_Up:
                self.focusPreviousChild()
            case _:
                super().keyPressEvent(event)

    @override
    def paintEvent(self, _event: QPaintEvent, /) -> None:
        now = theme.current()
        ink = now.ink
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QPainter(self)
        if option.state & QStyle.StateFlag.State_MouseOver:
            rounded(painter, self.rect(), radius=tokens.RADIUS, fill=ink.hover, border="")
        self._paint_badge(painter)
        space = self.rect().adjusted(now.px(8), 0, -now.px(8), 0)
        words = self._paint_action(painter, space)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        before = now.px(_BADGE + 12)
        place = words.adjusted(0, 0, -before, 0) if mirrored else words.adjusted(before, 0, 0, 0)
        done = self._status is Status.UP_TO_DATE
        painter.setPen(QColor(ink.muted if done else ink.text))
        painter.setFont(self.font())
        # A long sentence takes a second line; the height has room for two.
        side = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, int(side | Qt.TextFlag.TextWordWrap), self.text())
        painter.end()

    def _paint_badge(self, painter: QPainter) -> None:
        now = theme.current()
        colours = now.ink.status(self._status)
        size = now.px(_BADGE)
        place = QStyle.alignedRect(
            self.layoutDirection(),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            QSize(size, size),
            self.rect().adjusted(now.px(8), 0, -now.px(8), 0),
        )
        rounded(
            painter,
            place,
            radius=size / 2,
            fill=colours.ground,
            border=colours.text if now.ink.outlined else "",
            width=now.ink.border_width,
        )
        sign = now.px(10)
        middle = QRectF(place).center()
        box = QRectF(middle.x() - sign / 2, middle.y() - sign / 2, sign, sign)
        paint_sign(painter, box, self._status, colours.text, now.px(18) / 10)

    def _paint_action(self, painter: QPainter, space: QRect) -> QRect:
        """Paint the word at the end and return what is left for the sentence."""
        if not self._action_words:
            return space
        now = theme.current()
        painter.setPen(QColor(now.ink.primary.ground))
        painter.setFont(now.font(tokens.SMALL, bold=True))
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        words = f"{self._action_words}  {'‹' if mirrored else '›'}"
        painter.drawText(
            space, int(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter), words
        )
        gone = painter.fontMetrics().horizontalAdvance(words) + now.px(16)
        return space.adjusted(gone, 0, 0, 0) if mirrored else space.adjusted(0, 0, -gone, 0)
