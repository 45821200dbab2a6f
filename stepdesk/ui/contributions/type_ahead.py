"""Keys typed while the desk is at work: kept in order and given to whoever has the focus then."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from stepdesk.ui.overriding import override

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MOST = 40


class TypeAhead(QObject):
    """Watches fields; while it holds, their keys wait. An Enter kept down counts once."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.holding = False
        self._kept: list[tuple[Qt.Key, Qt.KeyboardModifier, str]] = []

    def watch(self, widget: QWidget) -> None:
        widget.installEventFilter(self)

    def hold(self) -> None:
        """Keep every key from now on."""
        self.holding = True

    def drop(self) -> None:
        """Stop and forget what was typed: somebody has to look first."""
        self.holding = False
        self._kept.clear()

    def release(self) -> None:
        """Stop, and type what was kept; a key may make it hold again."""
        self.holding = False
        kept, self._kept = self._kept, []
        while kept and not self.holding:
            key, modifiers, text = kept.pop(0)
            widget = QApplication.focusWidget()
            if widget is None:
                return
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(widget, QKeyEvent(kind, key, modifiers, text))
        self._kept = kept + self._kept

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.key() in _ENTER and event.isAutoRepeat():
            return True
        if not self.holding:
            return super().eventFilter(watched, event)
        if len(self._kept) < _MOST and event.key() != Qt.Key.Key_Escape:
            self._kept.append((Qt.Key(event.key()), event.modifiers(), event.text()))
        return True
