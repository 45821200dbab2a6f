"""The frame around the page: navigation, top bar, bands, help, progress and status line."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from stepdesk.ui import theme
from stepdesk.ui.help_panel import HelpPanel, HelpPlace
from stepdesk.ui.jump import JumpBox
from stepdesk.ui.navigation import Navigation
from stepdesk.ui.pages import PageEntry
from stepdesk.ui.speech import Speaker
from stepdesk.ui.status_line import StatusLine
from stepdesk.ui.tasks import Lane
from stepdesk.ui.theme import Theme
from stepdesk.ui.tokens import Look
from stepdesk.ui.top_bar import TopBar
from stepdesk.ui.widgets.band import TrainingBand, TroubleBand
from stepdesk.ui.widgets.progress_bar import ProgressBar
from stepdesk.ui.widgets.toast import Toast


class Frame(QWidget):
    """Everything of the main window but the pages themselves, which go into its `stack`."""

    def __init__(
        self,
        entries: Sequence[PageEntry],
        lane: Lane,
        speaker: Speaker,
        *,
        person: str,
        book: str,
        practice: bool,
    ) -> None:
        super().__init__()
        self.navigation = Navigation(entries, speaker)
        self.top_bar = TopBar(speaker, person=person)
        self.trouble = TroubleBand(speaker)
        self.stack = QStackedWidget()
        self.help_panel = HelpPanel(speaker)
        self.status_line = StatusLine(speaker, book=book)
        middle = _column(self.trouble, self.stack, ProgressBar(lane, speaker), stretch=1)
        inner = self._help_place = HelpPlace(middle, self.help_panel)
        right = _column(self.top_bar, inner, self.status_line, stretch=1)
        bands = [TrainingBand(speaker)] if practice else []
        rows = _row(self.navigation, right, stretch=1)
        self.setLayout(_layout(*bands, rows, stretch=len(bands)))
        self.toast = Toast(speaker, self)
        self.jump = JumpBox(self.navigation.names, speaker, self)
        self.top_bar.help_wanted.connect(self.toggle_help)
        self.top_bar.search_wanted.connect(self.jump.open)
        self.top_bar.menu.look_wanted.connect(self._wear_look)
        self.top_bar.menu.zoom_wanted.connect(self._wear_zoom)
        self.help_panel.closed.connect(self.toggle_help)

    @Slot()
    def toggle_help(self) -> None:
        """Show the help, or take it away."""
        self._help_place.toggle()

    @Slot(object)
    def _wear_look(self, look: Look) -> None:
        theme.wear(Theme(look, theme.current().zoom))

    @Slot(int)
    def _wear_zoom(self, zoom: int) -> None:
        theme.wear(Theme(theme.current().look, zoom))


def _layout(*widgets: QWidget, stretch: int) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for at, widget in enumerate(widgets):
        column.addWidget(widget, 1 if at == stretch else 0)
    return column


def _column(*widgets: QWidget, stretch: int) -> QWidget:
    widget = QWidget()
    widget.setLayout(_layout(*widgets, stretch=stretch))
    return widget


def _row(*widgets: QWidget, stretch: int) -> QWidget:
    widget = QWidget()
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    for at, one in enumerate(widgets):
        row.addWidget(one, 1 if at == stretch else 0)
    return widget
