"""Ctrl+K: two or three letters of a page, or somebody to look for."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QWidget

from stepdesk.i18n import N_
from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.search_box import SearchBox
from stepdesk.values.names import fold


class JumpBox(Card, Speaking):
    """A box over the page: Enter opens the page whose name fits, or looks for what was typed.

    Args:
        names: Returns the ids and names of the pages.
        speaker: Says the texts.
        parent: The window.

    Signals:
        page_chosen: The id of a page.
        searched: What was typed, when no page is called so.
    """

    page_chosen = Signal(str)
    searched = Signal(str)

    def __init__(
        self, names: Callable[[], dict[str, str]], speaker: Speaker, parent: QWidget
    ) -> None:
        self._box = SearchBox()
        self._list = QListWidget()
        super().__init__(margin=12)
        self.setParent(parent)
        self._names = names
        self._searched = ""
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addWidget(self._box)
        self.body.addWidget(self._list)
        self._box.searched.connect(self._search)
        self._box.chosen.connect(self._choose)
        self._box.up.connect(self._up)
        self._box.down.connect(self._down)
        self._list.itemClicked.connect(self._choose)
        self.hide()
        self.learn(speaker)

    def open(self) -> None:
        """Come up empty, in the middle of the window."""
        now = theme.current()
        self.setFixedSize(now.px(480), now.px(360))
        parent = self.parentWidget()
        if parent is not None:
            self.move((parent.width() - self.width()) // 2, now.px(72))
        self._box.clear()
        self._search("")
        self.show()
        self.raise_()
        self._box.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @override
    def speak(self) -> None:
        words = self.speaker.tr(N_("Page, household number or name"))
        self._box.setPlaceholderText(words)
        self._box.setAccessibleName(words)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return
        super().keyPressEvent(event)

    def _search(self, query: str) -> None:
        self._searched = query
        self._list.clear()
        for page_id, name in self._names().items():
            if any(word.startswith(fold(query)) for word in fold(name).split()) or not query:
                self._list.addItem(name)
                item = self._list.item(self._list.count() - 1)
                item.setData(Qt.ItemDataRole.UserRole, page_id)
        self._list.setCurrentRow(0)

    def _choose(self, _chosen: object) -> None:
        query = self._box.query()
        if query != self._searched:
            self._search(query)
        self.hide()
        item = self._list.currentItem() if self._list.count() else None
        if item is not None:
            self.page_chosen.emit(item.data(Qt.ItemDataRole.UserRole))
        elif query:
            self.searched.emit(query)

    def _up(self) -> None:
        self._list.setCurrentRow(max(0, self._list.currentRow() - 1))

    def _down(self) -> None:
        self._list.setCurrentRow(min(self._list.count() - 1, self._list.currentRow() + 1))
