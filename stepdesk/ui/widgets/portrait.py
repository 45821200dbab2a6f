"""The face of somebody in front of the clerk, or the initials."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from stepdesk.ui import theme, tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.photo import PhotoCache, paint_face

_FACE = QSize(64, 80)


class Portrait(QWidget, Dressed):
    """A face to compare; it takes no keys."""

    def __init__(self, photos: PhotoCache | None) -> None:
        super().__init__()
        self._photos = photos
        self._name = ""
        self._known: bytes | None = None
        self._own: QImage | None = None
        if photos is not None:
            photos.arrived.connect(self.update)
        self.wear()

    @override
    def dress(self) -> None:
        now = theme.current()
        self.setFixedSize(now.px(_FACE.width()), now.px(_FACE.height()))

    def show_face(
        self, name: str, *, content: bytes | None = None, known: bytes | None = None
    ) -> None:
        """Show a photo by its content or by its hash; initials when there is neither."""
        self._name, self._known = name, known
        self._own = QImage.fromData(content) if content else None
        self.setAccessibleName(name)
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent, /) -> None:
        picture = self._own
        if picture is None and self._photos is not None:
            picture = self._photos.face(self._known)
        painter = QPainter(self)
        inner = self.rect().adjusted(1, 1, -1, -1)
        paint_face(painter, inner, self._name, picture, radius=tokens.CARD_RADIUS)
        painter.end()
