"""Room on a small screen: pages over each other, and scrolling to what must be seen."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

_LOOKS = 5


class CurrentStack(QWidget):
    """Shows one of its pages. A `QStackedWidget` would be as tall as the tallest of them."""

    def __init__(self) -> None:
        super().__init__()
        self._pages: list[QWidget] = []
        self._at = 0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def addWidget(self, page: QWidget) -> None:
        """Add a page; the first is seen."""
        self._pages.append(page)
        self._column.addWidget(page)
        page.setVisible(len(self._pages) == 1)

    def currentIndex(self) -> int:
        return self._at

    def setCurrentIndex(self, at: int) -> None:
        """Show the page of that index and hide the others."""
        self._at = at
        for number, page in enumerate(self._pages):
            if number != at:
                page.hide()
        self._pages[at].show()


class Reveal(QTimer):
    """Scrolls to a widget once what has just appeared has found its place.

    Lines that wrap know their height only when they have their width, and what holds them only
    after that: it looks a few times.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._left = 0
        self.setInterval(0)
        self.timeout.connect(self._scroll)

    def begin(self) -> None:
        """Scroll to it from now on, until all has its place."""
        self._left = _LOOKS
        self.start()

    def _scroll(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self.stop()
        holder = self._widget.parentWidget()
        while holder is not None and not isinstance(holder, QScrollArea):
            holder = holder.parentWidget()
        if holder is not None and self._widget.isVisible():
            holder.ensureWidgetVisible(self._widget, 0, 12)
