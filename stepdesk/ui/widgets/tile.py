"""A large button with its number key: the first row of the Today page, and the names at login."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton

from stepdesk.i18n import Text
from stepdesk.ui import icons, theme, tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.style import rounded
from stepdesk.ui.theme import Dressed, Theme
from stepdesk.ui.tokens import Ink
from stepdesk.ui.widgets.letters import press_with_alt, underlined

_HEIGHT = 64


class Tile(QPushButton, Dressed, Speaking):
    """A large button with an icon, its words and the key that presses it.

    Args:
        text: What it does; or a person's name.
        speaker: Says it.
        key: The key shown at its edge. The page binds it.
        icon: The name of an icon.
        data: Whether the text is a value of the book and is not translated.
        lettered: Whether the page gives it a letter, which presses it with Alt.
    """

    padding = 16  # pixels of the design between the edge and what is inside

    def __init__(
        self,
        text: Text | str,
        speaker: Speaker,
        *,
        key: str = "",
        icon: str = "",
        data: bool = False,
        lettered: bool = False,
    ) -> None:
        super().__init__()
        self.lettered, self._letter = lettered, ""
        self._said = Text(text) if isinstance(text, str) else text
        self._key = key
        self._icon = icon
        self._data = data
        self.setProperty("data", data)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.wear()
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.setText(self.words())

    def words(self) -> str:
        """Return what it says."""
        return self._said.message if self._data else self.speaker.say(self._said)

    def take_letter(self, letter: str) -> None:
        """Be pressed by Alt and that letter, which is underlined."""
        self._letter = letter
        press_with_alt(self, letter)
        self.update()

    @override
    def dress(self) -> None:
        now = theme.current()
        self.setFont(now.font(bold=True))
        self.setFixedHeight(now.px(_HEIGHT))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        now = theme.current()
        width = self.fontMetrics().horizontalAdvance(self.text())
        extra = 2 * self.padding + (36 if self._icon else 0) + (40 if self._key else 0)
        return QSize(width + now.px(extra), now.px(_HEIGHT))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    @override
    def paintEvent(self, _event: QPaintEvent, /) -> None:
        now = theme.current()
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QPainter(self)
        colours = self._ground(painter, option, now)
        edge = now.px(self.padding)
        space = self.rect().adjusted(edge, 0, -edge, 0)
        space = self._paint_icon(painter, space, now, colours)
        space = self._paint_key(painter, space, now, colours)
        painter.setPen(QColor(colours.text))
        painter.setFont(self.font())
        letter = int(Qt.TextFlag.TextShowMnemonic)
        words = self.fontMetrics().elidedText(
            underlined(self.text(), self._letter),
            Qt.TextElideMode.ElideRight,
            space.width(),
            letter,
        )
        aligned = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(space, int(aligned) | letter, words)
        painter.end()

    def _ground(self, painter: QPainter, option: QStyleOptionButton, now: Theme) -> Ink:
        """Paint the ground and return the colours on it."""
        ink = now.ink
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        colours = (
            ink.selected if self.isChecked() else Ink(ink.text, ink.hover if over else ink.base)
        )
        rounded(
            painter,
            self.rect(),
            radius=tokens.CARD_RADIUS,
            fill=colours.ground,
            border=ink.primary.ground if self.isChecked() else ink.border,
            width=2 if self.isChecked() else ink.border_width,
        )
        return colours

    def _paint_icon(self, painter: QPainter, space: QRect, now: Theme, colours: Ink) -> QRect:
        if not self._icon:
            return space
        size = now.px(24)
        filled = self.isChecked() and now.ink.outlined
        colour = colours.text if filled else now.ink.primary.ground
        picture = icons.pixmap(self._icon, size, colour, self.devicePixelRatioF())
        place = QStyle.alignedRect(
            self.layoutDirection(),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            QSize(size, size),
            space,
        )
        painter.drawPixmap(place.topLeft(), picture)
        gone = size + now.px(12)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return space.adjusted(0, 0, -gone, 0) if mirrored else space.adjusted(gone, 0, 0, 0)

    def _paint_key(self, painter: QPainter, space: QRect, now: Theme, colours: Ink) -> QRect:
        if not self._key:
            return space
        size = now.px(26)
        place = QStyle.alignedRect(
            self.layoutDirection(),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            QSize(size, size),
            space,
        )
        rounded(painter, place, radius=5, fill="", border=now.ink.border)
        painter.setPen(QColor(colours.text))
        painter.setFont(now.font(tokens.SMALL, bold=True))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), self._key)
        gone = size + now.px(8)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return space.adjusted(gone, 0, 0, 0) if mirrored else space.adjusted(0, 0, -gone, 0)
