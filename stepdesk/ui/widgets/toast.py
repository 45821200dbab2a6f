"""The message at the bottom of the window, there for eight seconds."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QWidget

from stepdesk.i18n import N_, Text
from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.style import rounded
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import CARD_RADIUS
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.words import Words

SECONDS = 8


class _ToastWords(Words):
    @override
    def dress(self) -> None:
        super().dress()
        palette = QPalette(self.palette())
        palette.setColor(
            QPalette.ColorRole.WindowText, QColor(theme.current().ink.navigation.text)
        )
        self.setPalette(palette)


class Toast(QWidget, Dressed):
    """Says that something was done, and offers to undo it."""

    def __init__(self, speaker: Speaker, parent: QWidget) -> None:
        super().__init__(parent)
        self._undo: Callable[[], object] | None = None
        self._words = _ToastWords("", speaker)
        self._button = PlainButton(N_("Undo"), speaker, icon="undo-2")
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SECONDS * 1000)
        self._timer.timeout.connect(self.hide)
        self._button.clicked.connect(self._undone)
        parent.installEventFilter(self)
        self.hide()
        self.wear()

    def show_text(self, text: Text, *, undo: Callable[[], object] | None = None) -> None:
        """Show a message for eight seconds.

        Args:
            text: What was done.
            undo: Takes it back; without it there is no button.
        """
        self._undo = undo
        self._words.say(text)
        self._button.setVisible(undo is not None)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def words(self) -> str:
        """Return what it says, or nothing while it is hidden."""
        return "" if self.isHidden() else self._words.text()

    @override
    def dress(self) -> None:
        now = theme.current()
        self._row.setContentsMargins(now.px(16), now.px(8), now.px(12), now.px(8))
        self._row.setSpacing(now.px(16))
        self._place()

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    @override
    def paintEvent(self, _event: QPaintEvent, /) -> None:
        ink = theme.current().ink
        painter = QPainter(self)
        rounded(
            painter,
            self.rect(),
            radius=CARD_RADIUS,
            fill=ink.navigation.ground,
            border=ink.navigation.text,
            width=ink.border_width,
        )
        painter.end()

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        self.adjustSize()
        up = theme.current().px(16)
        left = (parent.width() - self.width()) // 2
        self.move(left, parent.height() - self.height() - up)

    def _undone(self) -> None:
        self.hide()
        if self._undo is not None:
            self._undo()
