"""A list one chooses from when there are more than a few."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox

from stepdesk.ui import theme, tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.theme import Dressed


class ComboLine(QComboBox, Dressed):
    """A list one opens with the arrow keys; Enter goes on."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("data", True)  # noqa: FBT003 - Qt's setters take no names
        self.wear()

    @override
    def dress(self) -> None:
        now = theme.current()
        self.setFont(now.font())
        self.setFixedHeight(now.px(tokens.FIELD))

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            return
        super().keyPressEvent(event)
