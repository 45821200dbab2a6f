"""Photos of people: in a row, in a file, and the ways to give one.

A person without a photo has their initials on a ground of their own. What is picked is made small
and upright at once (`stepdesk.pictures`); the original is not kept.
"""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from zlib import crc32

from PySide6.QtCore import QMimeData, QObject, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QVBoxLayout, QWidget

from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_
from stepdesk.pictures import SUFFIXES, portrait, read_picture
from stepdesk.store.desk import Desk
from stepdesk.ui import choosing, theme, tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.tasks import Lane
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Ink, Look
from stepdesk.ui.widgets import camera
from stepdesk.ui.widgets.words import Size, Words

FACE = QSize(112, 140)
"""Pixels of the design in a household's file. Source: screens handbook 4.5."""

ROW_FACE = 26
"""Pixels of the design of a face in a row of 32."""

_HUES = 12
_STEP = 360 // _HUES
_KEPT = 512  # faces of rows
_AT_ONCE = 48  # faces read in one job of the lane
_SMALL = QSize(96, 120)  # what is kept of a face for rows, enough for 150 % on a fine screen


def initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0].upper() for word in dict.fromkeys((*words[:1], *words[1:][-1:])))


def ground_of(name: str) -> Ink:
    """Return the colours of somebody without a photo: the same for the same name."""
    now = theme.current()
    if now.ink.outlined:
        return Ink(now.ink.text, now.ink.base)
    hue = crc32(name.encode()) % _HUES * _STEP
    if now.look is Look.DARK:
        return Ink(_hsl(hue, 45, 84), _hsl(hue, 35, 24))
    return Ink(_hsl(hue, 65, 22), _hsl(hue, 45, 88))


def _hsl(hue: int, saturation: int, lightness: int) -> str:
    return QColor.fromHslF(hue / 360, saturation / 100, lightness / 100).name()


def paint_face(
    painter: QPainter, rect: QRect, name: str, picture: QImage | None, *, radius: float = 4
) -> None:
    """Paint a photo, or the initials of whoever has none, into a rectangle; for delegates too.

    Args:
        painter: Of the row or the widget.
        rect: Where; a photo fills it from its upper middle.
        name: Whose face.
        picture: None for initials.
        radius: Of the corners, in pixels.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    outline = QPainterPath()
    outline.addRoundedRect(QRectF(rect), radius, radius)
    if picture is None or picture.isNull():
        ink = ground_of(name)
        painter.fillPath(outline, QColor(ink.ground))
        font = theme.current().font(bold=True)
        font.setPixelSize(max(9, round(min(rect.width(), rect.height()) * 0.42)))
        painter.setFont(font)
        painter.setPen(QColor(ink.text))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), initials(name))
    else:
        painter.setClipPath(outline)
        painter.drawImage(QRectF(rect), picture, _part(picture, rect))
        painter.setClipping(False)
    border = theme.current().ink
    painter.setPen(QPen(QColor(border.border if border.outlined else border.line), 1))
    painter.drawPath(outline)
    painter.restore()


def _part(picture: QImage, rect: QRect) -> QRectF:
    """Return what of a picture fills a rectangle without stretching: from its upper middle."""
    width, height = picture.width(), picture.height()
    scale = min(width / max(1, rect.width()), height / max(1, rect.height()))
    wide, high = rect.width() * scale, rect.height() * scale
    return QRectF((width - wide) / 2, (height - high) / 4, wide, high)


class PhotoCache(QObject):
    """The small photos of rows: read on the lane, kept by hash, never waited for.

    Signals:
        arrived: Some of the photos asked for are there: paint again.
    """

    arrived = Signal()

    def __init__(self, desk: Desk, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._lane = lane
        self._faces: OrderedDict[bytes, QImage | None] = OrderedDict()
        self._wanted: dict[bytes, None] = {}
        self._reading: frozenset[bytes] = frozenset()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._read)

    def face(self, told: bytes | None) -> QImage | None:
        """Return the photo of a hash; None while it is not there, or when there is none."""
        if told is None:
            return None
        if told in self._faces:
            self._faces.move_to_end(told)
            return self._faces[told]
        # The last asked for is what is seen now.
        self._wanted.pop(told, None)
        self._wanted[told] = None
        if not self._reading:
            self._soon.start()
        return None

    def forget(self, told: bytes) -> None:
        """Ask anew for a photo that was missing and may have been brought back."""
        self._faces.pop(told, None)

    def _read(self) -> None:
        some = tuple(self._wanted)[-_AT_ONCE:]
        self._wanted.clear()
        if not some or self._reading:
            return
        self._reading = frozenset(some)
        self._lane.do(partial(_small_faces, self._desk, some), self._take, troubled=self._lack)

    def _take(self, faces: dict[bytes, QImage]) -> None:
        for told in self._reading:
            self._faces[told] = faces.get(told)
        while len(self._faces) > _KEPT:
            self._faces.popitem(last=False)
        self._reading = frozenset()
        self.arrived.emit()
        if self._wanted:
            self._soon.start()

    def _lack(self, _trouble: Trouble) -> None:
        # Rows show initials then; verifying the book says what is wrong with its photos.
        self._take({})


def _small_faces(desk: Desk, hashes: tuple[bytes, ...]) -> dict[bytes, QImage]:
    found: dict[bytes, QImage] = {}
    for told, content in desk.attachments.read_all(hashes).items():
        picture = QImage.fromData(content)
        if not picture.isNull():
            found[told] = picture.scaled(
                _SMALL,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
    return found


class PhotoView(QWidget, Dressed, Speaking):
    """A person's photo at 112x140, and the ways to give one: camera, file, drop, paste, later.

    Space takes a photo (camera, or a file where there is none), Enter goes on, Delete removes, the
    menu key or a click shows everything.

    Args:
        speaker: Says the texts.
        lane: Makes the portrait there when given; else at once, which may take half a second.
        editable: Whether a photo can be given here.
        size: Pixels of the design of the face with its ring.

    Signals:
        picked: The portrait (JPEG bytes) somebody chose or took; it is shown already.
        removed: The photo was taken away here.
        later: "Photo later".
        passed: Enter: go to the next person.
    """

    picked = Signal(bytes)
    removed = Signal()
    later = Signal()
    passed = Signal()

    def __init__(
        self,
        speaker: Speaker,
        lane: Lane | None = None,
        *,
        editable: bool = True,
        size: QSize = FACE,
    ) -> None:
        super().__init__()
        self._lane = lane
        self._size = size
        self._editable = editable
        self._name = ""
        self._shown = 0
        self.face = _Face(self)
        self._words = Words("", speaker, size=Size.SMALL, wrap=True)
        self._words.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.face)
        column.addWidget(self._words)
        self.setFocusProxy(self.face)
        self.setAcceptDrops(editable)
        self.wear()
        self.learn(speaker)

    # What is shown

    def show_photo(self, name: str, content: bytes | None) -> None:
        """Show somebody's photo; None for their initials."""
        self._name = name
        self._shown += 1
        picture = QImage.fromData(content) if content else None
        self.face.show_face(name, None if picture is None or picture.isNull() else picture)
        self._words.hide()
        self.speak()

    def name_it(self, name: str) -> None:
        """Take another name for the same person; the photo stays."""
        self._name = name
        self.face.show_face(name, self.face.picture)
        self.speak()

    def refuse(self, refusal: Refusal) -> None:
        """Say under the photo why a picture was not taken; what was shown stays."""
        self._words.say(refusal.text)
        self._words.show()

    def said(self) -> str:
        """Return the refusal that stands under the photo; empty when there is none."""
        return "" if self._words.isHidden() else self._words.text()

    @property
    def has_photo(self) -> bool:
        return self.face.picture is not None

    @property
    def face_size(self) -> QSize:
        return self._size

    @property
    def editable(self) -> bool:
        return self._editable

    @override
    def speak(self) -> None:
        message = N_("Photo of {name}") if self.has_photo else N_("No photo of {name}")
        self.face.setAccessibleName(self.speaker.tr(message, name=self._name))
        if self._editable:
            hint = N_("Space takes a photo, Enter goes on, Delete removes it.")
            self.face.setAccessibleDescription(self.speaker.tr(hint))
            self.face.setToolTip(self.speaker.tr(hint))
        self.face.hint = self.speaker.tr(N_("Photo")) if self._editable else ""

    @override
    def dress(self) -> None:
        self.face.dress_up()
        self._words.setMaximumWidth(theme.current().px(2 * FACE.width()))

    # Ways to give one

    def take(self) -> None:
        """Take a photo: by the camera, or from a file where there is none."""
        if not camera.is_there():
            self.choose()
            return
        dialog = camera.CameraDialog(self.speaker, camera.found(), self._name, self)
        dialog.kept.connect(self._keep)
        dialog.instead.connect(self.choose)
        dialog.open()

    def choose(self) -> None:
        """Choose a picture from a file."""
        kinds = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        pattern = self.speaker.tr(N_("Photos")) + f" ({kinds})"
        path = choosing.ask_file(self, self.speaker, N_("Choose a photo"), pattern)
        if path is not None:
            self._make(partial(_from_file, path))

    def paste(self) -> None:
        """Take the picture that was copied elsewhere, if there is one."""
        self._take_in(QGuiApplication.clipboard().mimeData())

    def offer(self, content: bytes) -> None:
        """Take a picture file's content, however large: it is made a portrait."""
        self._make(partial(portrait, content))

    def _keep(self, content: bytes) -> None:
        """Take the camera's picture, then go on to the next person."""
        self._make(partial(portrait, content), go_on=True)

    def put_off(self) -> None:
        self.later.emit()

    def remove(self) -> None:
        """Take the photo away."""
        if self.has_photo:
            self.show_photo(self._name, None)
            self.removed.emit()

    def show_menu(self) -> None:
        """Show all ways to give a photo."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        say = self.speaker.tr
        if camera.is_there():
            menu.addAction(say(N_("Take a photo…")), self.take)
        menu.addAction(say(N_("Choose a photo…")), self.choose)
        paste = menu.addAction(say(N_("Paste")), self.paste)
        paste.setEnabled(_holds_picture(QGuiApplication.clipboard().mimeData()))
        menu.addAction(say(N_("Photo later")), self.put_off)
        remove = menu.addAction(say(N_("Remove the photo")), self.remove)
        remove.setEnabled(self.has_photo)
        menu.popup(self.face.mapToGlobal(self.face.rect().bottomLeft()))

    @override
    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        if _holds_picture(event.mimeData()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent, /) -> None:
        event.acceptProposedAction()
        self._take_in(event.mimeData())

    def _take_in(self, told: QMimeData | None) -> None:
        if told is None:
            return
        files = [one.toLocalFile() for one in told.urls() if one.isLocalFile()]
        if files:
            self._make(partial(_from_file, Path(files[0])))
        elif told.hasImage():
            image = told.imageData()
            self._make(partial(_from_image, QImage(image)))

    def _make(self, work: Callable[[], bytes], *, go_on: bool = False) -> None:
        then = partial(self._picked, self._shown, go_on)
        if self._lane is not None:
            self._lane.do(work, then, refused=self.refuse, owner=self)
            return
        try:
            made = work()
        except Refusal as refusal:
            self.refuse(refusal)
        else:
            then(made)

    def _picked(self, shown: int, go_on: bool, content: bytes) -> None:
        if shown != self._shown:
            # Somebody else is shown by now: a photo must never go to the wrong person.
            return
        self.show_photo(self._name, content)
        self.picked.emit(content)
        if go_on:
            self.passed.emit()


def _from_file(path: Path) -> bytes:
    return portrait(read_picture(path))


def _from_image(image: QImage) -> bytes:
    return portrait(camera.image_bytes(image))


def _holds_picture(told: QMimeData | None) -> bool:
    # An empty clipboard of some systems holds nothing at all, whatever the stub says.
    if told is None:
        return False
    return told.hasImage() or any(one.isLocalFile() for one in told.urls())


class _Face(QWidget):
    """The painted face, which has the keys."""

    def __init__(self, view: PhotoView) -> None:
        super().__init__(view)
        self._view = view
        self._name = ""
        self.picture: QImage | None = None
        self.hint = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if view.editable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._keys: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Space: view.take,
            Qt.Key.Key_Return: view.passed.emit,
            Qt.Key.Key_Enter: view.passed.emit,
            Qt.Key.Key_Delete: view.remove,
            Qt.Key.Key_Menu: view.show_menu,
            Qt.Key.Key_Down: view.show_menu,
        }

    def show_face(self, name: str, picture: QImage | None) -> None:
        self._name, self.picture = name, picture
        self.update()

    def dress_up(self) -> None:
        now = theme.current()
        size = self._view.face_size
        self.setFixedSize(now.px(size.width()), now.px(size.height()))
        self.update()

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if not self._view.editable:
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._view.paste()
        elif event.key() in self._keys and not event.isAutoRepeat():
            self._keys[event.key()]()
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        if self._view.editable and event.button() == Qt.MouseButton.LeftButton:
            self._view.show_menu()

    @override
    def contextMenuEvent(self, _event: QContextMenuEvent, /) -> None:
        if self._view.editable:
            self._view.show_menu()

    @override
    def focusInEvent(self, event: QFocusEvent, /) -> None:
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        super().focusOutEvent(event)
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent, /) -> None:
        now = theme.current()
        painter = QPainter(self)
        gap = tokens.FOCUS_WIDTH + tokens.FOCUS_GAP
        inner = self.rect().adjusted(gap, gap, -gap, -gap)
        paint_face(painter, inner, self._name, self.picture, radius=tokens.CARD_RADIUS)
        if self.picture is None and self.hint:
            painter.setFont(now.font(tokens.SMALL))
            painter.setPen(QColor(ground_of(self._name).text))
            line = QRect(inner.left(), inner.bottom() - now.px(26), inner.width(), now.px(22))
            painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), self.hint)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            half = tokens.FOCUS_WIDTH / 2
            painter.setPen(QPen(QColor(now.ink.focus), tokens.FOCUS_WIDTH))
            ring = QRectF(self.rect()).adjusted(half, half, -half, -half)
            painter.drawRoundedRect(ring, tokens.CARD_RADIUS + gap, tokens.CARD_RADIUS + gap)
        painter.end()
