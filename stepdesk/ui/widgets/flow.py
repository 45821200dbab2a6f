"""Buttons in a line that goes on below where the page is narrow."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget, QWidgetItem

from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.theme import Dressed


class Flow(QWidget, Dressed):
    """Shows its parts one after another, in as many rows as they need.

    It asks for the width of its widest part alone, however wide it is: what stands beside it
    never has to move because its rows have changed.
    """

    def __init__(self, parts: Sequence[QWidget]) -> None:
        super().__init__()
        self._parts = tuple(parts)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for part in self._parts:
            part.setParent(self)
        self.wear()

    @override
    def dress(self) -> None:
        self.updateGeometry()
        self._arrange()

    @override
    def event(self, event: QEvent, /) -> bool:
        # A part was shown, hidden or says something else; nobody tells what is not shown itself.
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Show}:
            self.updateGeometry()
            self._arrange()
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._arrange()

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int, /) -> int:
        places = self._places(width)
        return max((place.bottom() + 1 for place in places), default=0)

    @override
    def minimumSizeHint(self) -> QSize:
        sizes = [QWidgetItem(part).sizeHint() for part in self._shown()]
        widest = max((size.width() for size in sizes), default=0)
        return QSize(widest, max((size.height() for size in sizes), default=0))

    @override
    def sizeHint(self) -> QSize:
        places = self._places(16_777_215)
        width = max((place.right() + 1 for place in places), default=0)
        return QSize(width, self.minimumSizeHint().height())

    def _shown(self) -> list[QWidget]:
        return [part for part in self._parts if not part.isHidden()]

    def _places(self, width: int) -> list[QRect]:
        """Return where the shown parts stand in that width, read from the left."""
        gap = theme.current().px(8)
        places: list[QRect] = []
        left = top = tall = 0
        for part in self._shown():
            size = QWidgetItem(part).sizeHint()
            if left and left + size.width() > width:
                left, top, tall = 0, top + tall + gap, 0
            places.append(QRect(left, top, min(size.width(), width), size.height()))
            left += size.width() + gap
            tall = max(tall, size.height())
        return places

    def _arrange(self) -> None:
        direction: Qt.LayoutDirection = self.layoutDirection()
        for part, place in zip(self._shown(), self._places(self.width()), strict=True):
            part.setGeometry(QStyle.visualRect(direction, self.rect(), place))
