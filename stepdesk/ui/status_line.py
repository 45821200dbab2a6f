"""The line at the bottom: when something was saved last, and whether the desk is at work."""

from PySide6.QtCore import QElapsedTimer, QTimer, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from stepdesk.i18n import N_, Text
from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.words import Shown, Size, Words


class StatusLine(QWidget, Dressed):
    """Says how long ago something was saved, and the name of the book."""

    def __init__(self, speaker: Speaker, *, book: str) -> None:
        super().__init__()
        self._words = Words(N_("Everything is saved"), speaker, size=Size.SMALL, muted=True)
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(Shown(book, size=Size.SMALL, muted=True))
        self.wear()

    def saved(self) -> None:
        """Count from now on."""
        self._since.start()
        self._timer.setInterval(1000)
        self._timer.start()
        self._tick()

    def words(self) -> str:
        return self._words.text()

    @override
    def dress(self) -> None:
        now = theme.current()
        self._row.setContentsMargins(now.px(24), now.px(4), now.px(16), now.px(4))
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent, /) -> None:
        ink = theme.current().ink
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(ink.base))
        painter.fillRect(0, 0, self.width(), ink.border_width, QColor(ink.line))
        painter.end()

    @Slot()
    def _tick(self) -> None:
        seconds = self._since.elapsed() // 1000
        if seconds < 60:
            self._words.say(Text(N_("Saved {seconds} s ago"), {"seconds": str(seconds)}))
            return
        self._timer.setInterval(60_000)
        self._words.say(Text(N_("Saved {minutes} min ago"), {"minutes": str(seconds // 60)}))
