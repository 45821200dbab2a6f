"""Taking a photo with the laptop's camera, where there is one.

The camera needs QtMultimedia, the optional extra `webcam`. Without it, without a camera, or when
the camera is pulled out meanwhile, everything else works: a file, or later.
"""

from importlib import import_module
from importlib.util import find_spec
from time import monotonic
from typing import Any, ClassVar
from weakref import WeakSet

from PySide6.QtCore import QBuffer, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QImage,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from stepdesk.i18n import N_, Text
from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.words import Words

_MODULE = "PySide6.QtMultimedia"
_WIDE, _HIGH = (
    640,
    480,
)  # what is asked of the camera: cheap ones give few pictures of a larger size
_LONGEST = 1600  # pixels of a picture: more would only be thrown away
_FRAME = QSize(384, 480)  # 4 to 5, pixels of the design


class Source(QObject):
    """Where pictures come from.

    Signals:
        seen: A picture, as often as the camera gives one; two a second are enough.
        lost: The camera does not answer, was pulled out, or is wanted for something else.
    """

    seen = Signal(QImage)
    lost = Signal()

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError


class QtCamera(Source):
    """The laptop's first camera, by QtMultimedia.

    Two cannot run at once: the one that starts takes the camera from the other, which is lost.

    Args:
        multimedia: The module QtMultimedia.
        device: One of its cameras.
        apart: Seconds between two pictures at least; each costs the laptop some work.
    """

    _running: ClassVar["WeakSet[QtCamera]"] = WeakSet()

    def __init__(self, multimedia: Any, device: Any, apart: float = 0) -> None:  # noqa: ANN401 - an optional module
        super().__init__()
        self._apart, self._next = apart, 0.0
        self._camera = multimedia.QCamera(device)
        nearest = min(
            device.videoFormats(),
            key=lambda one: (
                abs(one.resolution().width() - _WIDE) + abs(one.resolution().height() - _HIGH)
            ),
            default=None,
        )
        if nearest is not None:
            self._camera.setCameraFormat(nearest)
        self._session = multimedia.QMediaCaptureSession()
        self._sink = multimedia.QVideoSink()
        self._session.setCamera(self._camera)
        self._session.setVideoSink(self._sink)
        self._sink.videoFrameChanged.connect(self._give)
        self._camera.errorOccurred.connect(self._failed)
        self._camera.activeChanged.connect(self._changed)
        self._wanted = False

    @override
    def start(self) -> None:
        for other in tuple(self._running):
            if other is not self:
                other.stop()
                other.lost.emit()
        self._running.add(self)
        self._wanted = True
        self._camera.start()

    @override
    def stop(self) -> None:
        self._running.discard(self)
        self._wanted = False
        self._camera.stop()

    def _give(self, frame: Any) -> None:  # noqa: ANN401
        now = monotonic()
        if now < self._next:
            return
        self._next = now + self._apart
        image = frame.toImage()
        if not image.isNull():
            self.seen.emit(image)

    def _failed(self, *_told: object) -> None:
        self.lost.emit()

    def _changed(self, active: bool) -> None:
        if self._wanted and not active:
            self.lost.emit()


def _multimedia() -> Any:  # noqa: ANN401 - an optional module
    """Return QtMultimedia; None when it is not there."""
    if find_spec(_MODULE) is None:
        return None
    try:
        return import_module(_MODULE)
    except ImportError:
        # Installed without the libraries of the system it needs: as good as not there.
        return None


def _device() -> tuple[Any, Any] | None:
    """Return QtMultimedia and the first camera; None when there is either not."""
    multimedia = _multimedia()
    if multimedia is None:
        return None
    try:
        devices = multimedia.QMediaDevices.videoInputs()
    except RuntimeError:
        return None
    return (multimedia, devices[0]) if devices else None


def is_installed() -> bool:
    """Whether the program can ask for cameras, be there one or none. Imports QtMultimedia."""
    return _multimedia() is not None


def is_there() -> bool:
    """Whether a photo can be taken here. Imports QtMultimedia when it is installed."""
    return _device() is not None


def found(apart: float = 0) -> Source:
    """Return the camera; see `is_there`.

    Args:
        apart: Seconds between two pictures at least.

    Raises:
        LookupError: there is none.
    """
    device = _device()
    if device is None:
        raise LookupError("no camera")
    return QtCamera(*device, apart)


def image_bytes(image: QImage) -> bytes:
    """Return a picture of the screen or the camera as a file's content; empty when there is none."""
    if max(image.width(), image.height()) > _LONGEST:
        image = image.scaled(
            _LONGEST,
            _LONGEST,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    out = QBuffer()
    out.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(out, "PNG")  # type: ignore[call-overload]  # the stub says bytes
    return bytes(out.data().data())


class CameraDialog(QDialog, Dressed, Speaking):
    """The camera's picture with an oval for the face: Space takes, Enter keeps, Esc goes back.

    Args:
        speaker: Says the texts.
        source: The camera.
        name: Who is photographed.
        parent: Where it opens.

    Signals:
        kept: The picture (PNG bytes) that was kept.
        instead: A file is to be chosen instead.
    """

    kept = Signal(bytes)
    instead = Signal()

    def __init__(
        self, speaker: Speaker, source: Source, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._source = source
        self._name = name
        self._taken: QImage | None = None
        source.setParent(self)
        self.view = _Finder(self)
        self._words = Words("", speaker, wrap=True)
        self._take = MainButton(N_("Take: Space"), speaker)
        self._keep = MainButton(N_("Keep: Enter"), speaker)
        other = PlainButton(N_("Choose a photo…"), speaker)
        buttons = QHBoxLayout()
        for one in (self._take, self._keep, other):
            one.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            buttons.addWidget(one)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.view, 1)
        self._column.addWidget(self._words)
        self._column.addLayout(buttons)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._take.clicked.connect(self.take)
        self._keep.clicked.connect(self.keep)
        other.clicked.connect(self._choose)
        source.seen.connect(self._see)
        source.lost.connect(self._lose)
        self.wear()
        self.learn(speaker)
        self._show_state()
        source.start()

    @override
    def speak(self) -> None:
        self.setWindowTitle(self.speaker.tr(N_("Photo of {name}"), name=self._name))
        self.view.setAccessibleName(self.speaker.tr(N_("The camera's picture")))

    @override
    def dress(self) -> None:
        now = theme.current()
        edge = now.px(16)
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._column.setSpacing(now.px(12))
        self.view.setMinimumSize(now.px(_FRAME.width()), now.px(_FRAME.height()))

    def said(self) -> str:
        """Return the sentence under the picture."""
        return self._words.text()

    def take(self) -> None:
        """Hold the picture; once more lets it go and takes another."""
        if self._taken is not None:
            self._taken = None
        elif self.view.picture is not None:
            self._taken = QImage(self.view.picture)
        self._show_state()

    def keep(self) -> None:
        """Give the held picture back and close."""
        if self._taken is None:
            return
        content = image_bytes(self._taken)
        self.accept()
        self.kept.emit(content)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.isAutoRepeat():
            return
        key = event.key()
        if key == Qt.Key.Key_Space:
            self.take()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.keep()
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right} and self._taken is not None:
            self.take()
        else:
            super().keyPressEvent(event)

    @override
    def done(self, result: int, /) -> None:
        self._source.stop()
        super().done(result)

    @override
    def closeEvent(self, event: QCloseEvent, /) -> None:
        self._source.stop()
        super().closeEvent(event)

    def _see(self, picture: QImage) -> None:
        if self._taken is None:
            self.view.show_picture(picture)
            self._take.setEnabled(True)

    def _lose(self) -> None:
        if self._taken is not None:
            return  # What was taken can still be kept.
        self.view.show_picture(None)
        self._take.setEnabled(False)
        self._words.say(
            Text(
                N_(
                    "The camera does not answer. Plug it in again and press Esc, then Space; or "
                    "choose a photo."
                )
            )
        )

    def _choose(self) -> None:
        self.reject()
        self.instead.emit()

    def _show_state(self) -> None:
        held = self._taken is not None
        self._keep.setEnabled(held)
        self._take.setEnabled(held or self.view.picture is not None)
        if held:
            self._words.say(Text(N_("Enter keeps this photo, Space takes another.")))
        else:
            self._words.say(Text(N_("The face fills the oval. Space takes the photo.")))


class _Finder(QWidget):
    """What the camera sees, cut to 4 by 5, with the oval."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.picture: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_picture(self, picture: QImage | None) -> None:
        self.picture = picture
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        high = min(self.height(), self.width() * 5 // 4)
        frame = QRectF(0, 0, high * 4 / 5, high)
        frame.moveCenter(QRectF(self.rect()).center())
        painter.fillRect(frame, QColor(theme.current().ink.navigation.ground))
        if self.picture is not None:
            width, height = self.picture.width(), self.picture.height()
            wide = min(width, height * 4 / 5)
            tall = min(height, wide * 5 / 4)
            part = QRectF((width - wide) / 2, (height - tall) / 4, wide, tall)
            painter.drawImage(frame, self.picture, part)
        self._paint_oval(painter, frame)
        painter.end()

    @staticmethod
    def _paint_oval(painter: QPainter, frame: QRectF) -> None:
        middle = QPointF(frame.center().x(), frame.top() + frame.height() * 0.45)
        oval = QPainterPath()
        oval.addEllipse(middle, frame.width() * 0.30, frame.height() * 0.33)
        around = QPainterPath()
        around.addRect(frame)
        painter.fillPath(around.subtracted(oval), QColor(0, 0, 0, 90))
        painter.setPen(QPen(QColor("#FFFFFF"), 2, Qt.PenStyle.DashLine))
        painter.drawPath(oval)
