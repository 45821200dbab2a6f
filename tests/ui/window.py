"""The whole window on a real book, worked by keys."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from stepdesk.store.desk import Desk
from stepdesk.ui.book_window import BookWindow
from stepdesk.ui.page import Page
from stepdesk.ui.speech import Speaker
from stepdesk.ui.start import open_book_window
from stepdesk.ui.tasks import Lane
from tests.builders import open_copy, wednesday
from tests.ui.typing import press

P = TypeVar("P", bound=Page)


class Window:
    """A window of an open book; keys go wherever the cursor is."""

    def __init__(
        self, qtbot: QtBot, desk: Desk, *, language: str = "en", speaker: Speaker | None = None
    ) -> None:
        self.qtbot = qtbot
        self.desk = desk
        self.lane = Lane()
        self.speaker = speaker or Speaker(language)
        self.pressed = 0
        self.window: BookWindow = open_book_window(desk, lane=self.lane, speaker=self.speaker)
        self.window.resize(1366, 768)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.wait()

    def wait(self) -> None:
        for _ in range(3):
            self.qtbot.waitUntil(lambda: not self.lane.is_busy())
            QApplication.processEvents()

    def go(self, kind: type[P], page_id: str, **arguments: object) -> P:
        """Show a page and wait until it has read what it shows."""
        self.window.go(page_id, **arguments)
        self.wait()
        page = self.window.page()
        assert isinstance(page, kind)
        return page

    def page(self, kind: type[P]) -> P:
        self.wait()
        page = self.window.page()
        assert isinstance(page, kind)
        return page

    def type(self, signs: str) -> None:
        """Press the keys of signs; a line end is Enter."""
        for sign in signs:
            self.pressed += 1
            widget = QApplication.focusWidget() or self.window
            if sign == "\n":
                self.qtbot.keyClick(widget, Qt.Key.Key_Return)
                self.wait()
            else:
                press(widget, sign)
        self.wait()

    def key(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        self.pressed += 1
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, modifier)
        self.wait()

    def close(self) -> None:
        self.window.close()
        self.lane.close()


Opens = Callable[..., Window]


def windows_on(
    qtbot: QtBot, folder: Path, *, first: Callable[[Desk], object] | None = None
) -> Iterator[Opens]:
    """Yield what opens a window on a new book; a fixture of a test file goes on with it.

    Args:
        qtbot: Of the test.
        folder: Where the book is made.
        first: What is done to the book before the test's own `prepared`.
    """
    made: list[Window] = []
    desks: list[Desk] = []

    def start(prepared: Callable[[Desk], object] | None = None, **told: Any) -> Window:
        desk = open_copy(folder, people=("Awa",), clock=wednesday())
        desks.append(desk)
        for step in (first, prepared):
            if step is not None:
                step(desk)
        made.append(Window(qtbot, desk, **told))
        return made[-1]

    yield start
    for window in made:
        window.close()
    for desk in desks:
        desk.close()


def plain(told: str) -> str:
    """Return a text with ordinary blanks."""
    return told.replace("\xa0", " ").replace("\u202f", " ")
