"""Signs of the claims room: a signed sentence, a labelled field."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from stepdesk.i18n import Text
from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.pill import paint_sign
from stepdesk.ui.widgets.words import Size, Words


class SignedWords(Words):
    """A sentence behind the sign of its status, in the colour of the status."""

    def __init__(self, speaker: Speaker) -> None:
        self._status = Status.DRAFT
        super().__init__("", speaker, size=Size.SMALL, wrap=True)

    @property
    def status(self) -> Status:
        return self._status

    def show_status(self, status: Status, text: Text) -> None:
        """Say this from now on."""
        self._status = status
        self.say(text)
        self.setVisible(bool(text.message))
        self.dress()
        self.update()

    def clear_text(self) -> None:
        self.show_status(Status.DRAFT, Text(""))

    @override
    def dress(self) -> None:
        super().dress()
        now = theme.current()
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, QColor(self._colour()))
        self.setPalette(palette)
        self.setContentsMargins(now.px(18), 0, 0, 0)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        if not self.text():
            return
        now = theme.current()
        size = now.px(10)
        left = now.px(2)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            left = self.width() - left - size
        top = max((self.fontMetrics().height() - size) / 2, 0)
        painter = QPainter(self)
        box = QRectF(left, top, size, size)
        paint_sign(painter, box, self._status, self._colour(), now.px(20) / 10)
        painter.end()

    def _colour(self) -> str:
        ink = theme.current().ink
        colours = ink.status(self._status)
        # The stopped colour of a light look is written on a dark ground of its own; on a card
        # that ground is the colour of the words.
        on_card = self._status is Status.STOPPED and colours.text.upper() == ink.base.upper()
        return colours.ground if on_card else colours.text


def labelled(layout: QLayout, label: str, widget: QWidget, speaker: Speaker) -> Words:
    """Put a field under its label into a layout that has its parent; return the label."""
    holder = QWidget()
    layout.addWidget(holder)
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    words = Words(label, speaker, size=Size.SMALL, muted=True)
    words.setBuddy(widget)
    column.addWidget(words)
    column.addWidget(widget)
    return words
