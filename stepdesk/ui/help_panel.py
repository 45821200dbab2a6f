"""The help at the side of the window: one page of Markdown per screen and language."""

from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

import stepdesk
from stepdesk.i18n import FALLBACK, N_
from stepdesk.ui import theme, tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.words import Size, Words

_LEAST = 700  # what a page needs beside the help, in pixels of the design
FOLDER = Path(stepdesk.__file__).parent / "help"


def help_text(page: str, language: str, folder: Path = FOLDER) -> str:
    """Return a page of help in Markdown, in English when the language has none, or nothing."""
    for spoken in (language, FALLBACK):
        file = folder / spoken / f"{page}.md"
        if page and file.is_file():
            return file.read_text(encoding="utf-8")
    return ""


class HelpPanel(QWidget, Dressed, Speaking):
    """Shows the help of the page one is on, beside it."""

    closed = Signal()

    def __init__(self, speaker: Speaker, folder: Path = FOLDER) -> None:
        super().__init__()
        self._folder = folder
        self._page = ""
        self.first = False  # whether it stands where a line begins, not where it ends
        self._browser = QTextBrowser()
        self._browser.setFrameShape(QFrame.Shape.NoFrame)
        self._browser.setProperty("data", True)  # noqa: FBT003 - Qt's setters take no names
        self._close = PlainButton(N_("Close"), speaker, key="help")
        self._close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(Words(N_("Help"), speaker, size=Size.SECTION, bold=True), 1)
        head.addWidget(self._close)
        self._column = QVBoxLayout(self)
        self._column.addLayout(head)
        self._column.addWidget(self._browser, 1)
        self.wear()
        self.learn(speaker)

    def show_page(self, page: str) -> None:
        """Show the help of a page, by the name of its file."""
        self._page = page
        self.speak()

    def text(self) -> str:
        """Return what stands in the panel, without its marks."""
        return self._browser.toPlainText()

    @override
    def speak(self) -> None:
        text = help_text(self._page, self.speaker.language, self._folder)
        missing = self.speaker.tr(N_("There is no help for this page yet."))
        self._browser.setMarkdown(text or missing)
        self._browser.setAccessibleName(self.speaker.tr(N_("Help")))

    @override
    def dress(self) -> None:
        now = theme.current()
        self.setFixedWidth(now.px(tokens.HELP))
        self._column.setContentsMargins(now.px(16), now.px(12), now.px(12), now.px(12))
        self._column.setSpacing(now.px(12))
        self._browser.document().setDefaultFont(now.font())
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent, /) -> None:
        ink = theme.current().ink
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(ink.base))
        left = self.first is not (self.layoutDirection() == Qt.LayoutDirection.RightToLeft)
        edge = self.width() - ink.border_width if left else 0
        painter.fillRect(edge, 0, ink.border_width, self.height(), QColor(ink.line))
        painter.end()


class HelpPlace(QWidget, Dressed):
    """A page with its help: beside it while both have room, else over a side of it.

    Over the page it lies where the cursor is not.
    """

    def __init__(self, page: QWidget, panel: HelpPanel) -> None:
        super().__init__()
        self._panel = panel
        self._row = QHBoxLayout(self)
        self._row.setSpacing(0)
        self._row.addWidget(page)
        panel.setParent(self)
        panel.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)
        self.wear()

    @property
    def over(self) -> bool:
        """Whether the help lies over the page."""
        return self.width() - self._panel.width() < theme.current().px(_LEAST)

    def toggle(self) -> None:
        """Show the help, or take it away."""
        self._panel.setVisible(self._panel.isHidden())
        self._panel.first = False
        self._arrange()
        self._follow(None, QApplication.focusWidget())

    @override
    def dress(self) -> None:
        self._panel.dress()
        self._arrange()

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._arrange()

    @Slot(QWidget, QWidget)
    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None or self._panel.isHidden() or not self.over:
            return
        if not self.isAncestorOf(new) or self._panel.isAncestorOf(new):
            return
        seen = QRect(new.mapTo(self, QPoint(0, 0)), new.size())
        other = self._place(first=not self._panel.first)
        if self._panel.geometry().intersects(seen) and not other.intersects(seen):
            self._panel.first = not self._panel.first
            self._arrange()

    def _place(self, *, first: bool) -> QRect:
        left = first is not (self.layoutDirection() == Qt.LayoutDirection.RightToLeft)
        at = 0 if left else self.width() - self._panel.width()
        return QRect(at, 0, self._panel.width(), self.height())

    def _arrange(self) -> None:
        beside = not self._panel.isHidden() and not self.over
        if beside:
            self._panel.first = False
        self._panel.setGeometry(self._place(first=self._panel.first))
        self._panel.raise_()
        self._panel.update()
        room = self._panel.width() if beside else 0
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self._row.setContentsMargins(room if mirrored else 0, 0, 0 if mirrored else room, 0)
