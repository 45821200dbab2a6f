"""The pages at the side of the window, and the keys that open them."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from stepdesk.ui import icons, keys, theme, tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.pages import PageEntry
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.style import rounded
from stepdesk.ui.theme import Dressed


class NavigationEntry(QAbstractButton, Dressed, Speaking):
    """One page in the navigation: its icon, its name and its digit."""

    def __init__(self, entry: PageEntry, speaker: Speaker) -> None:
        super().__init__()
        self._entry = entry
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setProperty("on_navigation", True)  # noqa: FBT003 - Qt's setter
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.wear()
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.setText(self.speaker.tr(self._entry.title))

    @override
    def dress(self) -> None:
        self.setFont(theme.current().font(tokens.SMALL))
        # On a low screen large letters leave less room for each.
        self.setMinimumHeight(theme.current().px(tokens.ROW_DENSE))
        self.setMaximumHeight(theme.current().px(tokens.NAVIGATION_ENTRY))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        now = theme.current()
        return QSize(now.px(tokens.NAVIGATION - 16), now.px(tokens.NAVIGATION_ENTRY))

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    @override
    def paintEvent(self, _event: QPaintEvent, /) -> None:
        now = theme.current()
        ink = now.ink.navigation_here if self.isChecked() else now.ink.navigation
        painter = QPainter(self)
        if self.isChecked() or self.underMouse():
            ground = ink.ground if self.isChecked() else now.ink.navigation_here.ground
            painter.setOpacity(1.0 if self.isChecked() else 0.5 - 0.3 * now.ink.outlined)
            rounded(painter, self.rect(), radius=tokens.RADIUS, fill=ground, border="")
            painter.setOpacity(1.0)
        self._paint_words(painter, ink.text)
        painter.end()

    def _paint_words(self, painter: QPainter, colour: str) -> None:
        now = theme.current()
        size = now.px(18)
        space = self.rect().adjusted(now.px(8), 0, -now.px(8), 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        left = _placed(self, QSize(size, size), space, Qt.AlignmentFlag.AlignLeft | middle)
        picture = icons.pixmap(self._entry.icon, size, colour, self.devicePixelRatioF())
        painter.drawPixmap(left.topLeft(), picture)
        painter.setPen(QColor(colour))
        painter.setFont(now.font(tokens.SMALL, bold=self.isChecked()))
        digit = now.px(12)
        inner = self.style().visualRect(
            self.layoutDirection(), space, space.adjusted(size + now.px(8), 0, -digit, 0)
        )
        words = QSize(inner.width(), space.height())
        place = _placed(self, words, inner, Qt.AlignmentFlag.AlignLeft | middle)
        text = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, int(Qt.AlignmentFlag.AlignLeading | middle), text)
        painter.setFont(now.font(tokens.SMALL))
        right = _placed(self, QSize(digit, size), space, Qt.AlignmentFlag.AlignRight | middle)
        painter.setOpacity(1.0 if now.ink.outlined else 0.75)
        painter.drawText(right, int(Qt.AlignmentFlag.AlignCenter), self._entry.number)


def _placed(widget: QWidget, size: QSize, space: QRect, side: Qt.AlignmentFlag) -> QRect:
    return widget.style().alignedRect(widget.layoutDirection(), side, size, space)


class Navigation(QWidget, Dressed):
    """The list of pages; a page that is not there yet is not in it.

    Signals:
        wanted: The id of the page that was clicked or whose key was pressed.
    """

    wanted = Signal(str)

    def __init__(self, entries: Sequence[PageEntry], speaker: Speaker) -> None:
        super().__init__()
        self._entries: dict[str, NavigationEntry] = {}
        self._column = QVBoxLayout(self)
        for entry in entries:
            button = NavigationEntry(entry, speaker)
            button.clicked.connect(partial(self.wanted.emit, entry.id))
            self._entries[entry.id] = button
            self._column.addWidget(button)
        self._column.addStretch(1)
        self.wear()

    def bind(self, entries: Sequence[PageEntry], window: QWidget) -> None:
        """Let Alt and the digits or letters open the pages everywhere in the window."""
        for entry in entries:
            if entry.number:
                keys.bind(f"screen-{entry.number}", window, partial(self.wanted.emit, entry.id))

    def mark(self, page_id: str) -> None:
        """Show which page is open."""
        self._entries[page_id].setChecked(True)

    def names(self) -> dict[str, str]:
        """Return the ids and names of the pages as they are shown."""
        return {page_id: entry.text() for page_id, entry in self._entries.items()}

    @override
    def dress(self) -> None:
        now = theme.current()
        edge = now.px(6)
        self.setFixedWidth(now.px(tokens.NAVIGATION))
        self._column.setContentsMargins(edge, now.px(12), edge, edge)
        self._column.setSpacing(now.px(4))
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent, /) -> None:
        ink = theme.current().ink
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(ink.navigation.ground))
        if ink.outlined:
            mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            edge = 0 if mirrored else self.width() - ink.border_width
            painter.fillRect(edge, 0, ink.border_width, self.height(), QColor(ink.border))
        painter.end()
