"""A sheet on the ground of the window, holding what belongs together."""

from collections.abc import Sequence

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from stepdesk.i18n import Text
from stepdesk.ui import theme, tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.style import rounded
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.words import Size, Words


class Card(QFrame, Dressed):
    """A rounded rectangle; put widgets into its `body`.

    Args:
        title: Its heading, if it has one; then a speaker is needed.
        speaker: Says the heading.
        margin: Pixels of the design between the edge and what is inside.
    """

    def __init__(
        self, title: Text | str = "", speaker: Speaker | None = None, *, margin: int = 16
    ) -> None:
        super().__init__()
        self._margin = margin
        self.body = QVBoxLayout(self)
        if title and speaker is not None:
            self.body.addWidget(Words(title, speaker, size=Size.SECTION, bold=True))
        self.wear()

    @override
    def dress(self) -> None:
        now = theme.current()
        margin = now.px(self._margin)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(now.px(12))
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent, /) -> None:
        ink = theme.current().ink
        painter = QPainter(self)
        rounded(
            painter,
            self.rect(),
            radius=tokens.CARD_RADIUS,
            fill=ink.base,
            border=ink.line,
            width=ink.border_width,
        )
        painter.end()


def column_of(cards: Sequence[Card]) -> tuple[QWidget, QVBoxLayout]:
    """Return cards below each other, and the layout that holds them."""
    half = QWidget()
    column = QVBoxLayout(half)
    column.setContentsMargins(0, 0, 0, 0)
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    return half, column
