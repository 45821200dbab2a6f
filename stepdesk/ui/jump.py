"""Ctrl+K: two or three letters of a page, or somebody to look for.

Pages stand at once; people come from the lane and stand below them. Enter pressed before they have
come waits for them: a card reader types faster than anybody reads.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from stepdesk.i18n import N_
from stepdesk.ui import theme
from stepdesk.ui.members.somebody import SOMEBODY, Somebody, SomebodyDelegate
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.photo import PhotoCache
from stepdesk.ui.widgets.search_box import SearchBox
from stepdesk.values.names import fold

Find = Callable[[str, Callable[[tuple[Somebody, ...]], object]], None]
"""Looks for people away from the window: what is typed, and who gets the answer."""


class JumpBox(Card, Speaking):
    """A box over the page: Enter opens the page whose name fits, or looks for what was typed.

    Args:
        names: Returns the ids and names of the pages.
        speaker: Says the texts.
        parent: The window.

    Signals:
        page_chosen: The id of a page.
        household_chosen: The household of the person who was chosen.
        searched: What was typed, when there is neither such a page nor such a person.
    """

    page_chosen = Signal(str)
    household_chosen = Signal(object)
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
        self._find: Find | None = None
        self._awaited = False  # people were asked for and have not come
        self._chosen = False  # Enter was pressed meanwhile
        self._rows = SomebodyDelegate(speaker)
        self._list.setItemDelegate(self._rows)
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

    def look_with(self, find: "Find", photos: PhotoCache | None = None) -> None:
        """Look for people with this: it gets what is typed and whom to tell; show their photos."""
        self._find = find
        if photos is not None:
            self._rows.show_faces(photos)
            photos.arrived.connect(self._list.viewport().update)

    def open(self) -> None:
        """Come up empty, in the middle of the window."""
        now = theme.current()
        self.setFixedSize(now.px(600), now.px(440))
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
        words = self.speaker.tr(N_("Page, number, name or telephone"))
        self._box.setPlaceholderText(words)
        self._box.setAccessibleName(words)

    @override
    def event(self, event: QEvent, /) -> bool:
        """Keep Esc for itself: a page's own Esc would come first."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return
        super().keyPressEvent(event)

    def _search(self, query: str) -> None:
        self._searched, self._chosen, self._awaited = query, False, False
        self._list.clear()
        for page_id, name in self._names().items():
            if any(word.startswith(fold(query)) for word in fold(name).split()) or not query:
                self._list.addItem(name)
                item = self._list.item(self._list.count() - 1)
                item.setData(Qt.ItemDataRole.UserRole, page_id)
        self._list.setCurrentRow(0)
        if query and self._find is not None:
            self._awaited = True
            self._find(query, partial(self._show_people, query))

    def _show_people(self, query: str, found: tuple[Somebody, ...]) -> None:
        if query != self._searched:
            return
        self._awaited = False
        for one in found:
            item = QListWidgetItem(f"{one.name}, {one.line}, {self.speaker.say(one.words)}")
            item.setData(SOMEBODY, one)
            self._list.addItem(item)
        if self._list.currentRow() < 0:
            self._list.setCurrentRow(0)
        if self._chosen and self.isVisible():
            self._choose(query)

    def _choose(self, _chosen: object) -> None:
        query = self._box.query()
        if query != self._searched:
            self._search(query)
        item = self._list.currentItem() if self._list.count() else None
        if item is None and self._awaited:
            self._chosen = True
            return
        self.hide()
        somebody = None if item is None else item.data(SOMEBODY)
        if isinstance(somebody, Somebody):
            self.household_chosen.emit(somebody.household_id)
        elif item is not None:
            self.page_chosen.emit(item.data(Qt.ItemDataRole.UserRole))
        elif query:
            self.searched.emit(query)

    def _up(self) -> None:
        self._list.setCurrentRow(max(0, self._list.currentRow() - 1))

    def _down(self) -> None:
        self._list.setCurrentRow(min(self._list.count() - 1, self._list.currentRow() + 1))
