"""Pages over each other that take the room of the one that is seen, not of the tallest."""

from PySide6.QtWidgets import QVBoxLayout, QWidget


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
