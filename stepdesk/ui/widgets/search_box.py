"""The box one searches in: card number, household number, name or telephone."""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent

from stepdesk.ui import icons, theme, tokens
from stepdesk.ui.keys import AZERTY
from stepdesk.ui.overriding import override
from stepdesk.ui.widgets.field import SelectedOnFocus


class SearchBox(SelectedOnFocus):
    """Reads the French top row as digits until a letter is typed, and then as it was typed.

    Signals:
        searched: The text, once the keys of this moment are in.
        chosen: The text, when Enter is pressed.
        up, down: The arrow keys, for the list below.
    """

    searched = Signal(str)
    chosen = Signal(str)

    def __init__(self, *, height: int = tokens.MAIN_FIELD, points: int = tokens.SECTION) -> None:
        self._typed = ""  # as the keys were, as long as each sign was typed at the end
        super().__init__(height=height, points=points)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._search)
        self.textChanged.connect(self._changed)

    def query(self) -> str:
        """Return what is searched for."""
        return self.text().strip()

    def scan(self, text: str) -> None:
        """Do as if a reader had typed this and pressed Enter."""
        self.setText(text)
        self._soon.stop()
        self.chosen.emit(self.query())

    @override
    def dress(self) -> None:
        super().dress()
        now = theme.current()
        sign, edge = now.px(36), now.px(6)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            sign, edge = edge, sign
        self.setTextMargins(sign, 0, edge, 0)

    @override
    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self.dress()

    @override
    def means_digits(self) -> bool:
        # A real digit means a keyboard (or number pad) whose dash is a dash: 02-000047-4.
        return not any(sign.isalnum() and sign not in AZERTY for sign in self._typed)

    @override
    def typed(self, text: str) -> str:
        at_end = self.cursorPosition() == len(self.text()) and not self.hasSelectedText()
        if not at_end or len(self._typed) != len(self.text()):
            self._typed = "" if self.selectedText() == self.text() else self.text()
        meant = super().typed(text)
        if text.isalpha() and text not in AZERTY and at_end and self._typed != self.text():
            self.setText(self._typed)
        self._typed += text
        return meant

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._soon.stop()
            self.chosen.emit(self.query())
            return
        super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        now = theme.current()
        size = now.px(18)
        painter = QPainter(self)
        picture = icons.pixmap("search", size, now.ink.muted, self.devicePixelRatioF())
        left = now.px(12)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            left = self.width() - left - size
        painter.drawPixmap(left, (self.height() - size) // 2, picture)
        painter.end()

    def _changed(self, text: str) -> None:
        if not text:
            self._typed = ""
        self._soon.start()

    def _search(self) -> None:
        self.searched.emit(self.query())
