"""The digits of the first tiles of a page: 1 to 4 without any other key."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from stepdesk.ui.keys import AZERTY


def bind(widget: QWidget, digit: int, act: Callable[[], object]) -> None:
    """Let a digit of the top row act while the focus is in a page, on French keyboards too.

    Args:
        widget: The page; it may not hold a field in which digits are typed.
        digit: 1 to 9.
        act: A method of the widget or of something in it.
    """
    action = QAction(widget)
    action.setShortcuts([QKeySequence(str(digit)), QKeySequence(AZERTY[digit - 1])])
    action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    action.triggered.connect(act)
    widget.addAction(action)
