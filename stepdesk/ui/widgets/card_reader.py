"""Reading cards by the laptop's camera: what it sees stands small in the page, F4 turns it.

Needs the optional extra `webcam`. Without it, or without a camera, the line says what is missing;
numbers are typed as ever. No picture is kept: each is looked at and let go.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from time import monotonic

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QImage, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from stepdesk.i18n import N_
from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets import camera
from stepdesk.ui.widgets.words import Size, Words

_DECODER = "zxingcpp"
_SEEN_APART = 0.1  # seconds between two pictures on the screen
_READ_APART = 0.2  # and between two that are searched for a code
_REST = 10  # times as long as a search took: a slow laptop has time for the keys
_GONE = 1.0  # seconds out of the picture, and a card may be read again
_FIRST = 10_000  # milliseconds a camera may take to show anything
_MOST = QSize(640, 480)  # a code of 3 cm is read at some 20 cm; a search takes a few milliseconds
_LONGEST = 40  # signs; what stands on our papers has half of it
_VIEW = QSize(128, 96)  # pixels of the design

READS = N_("Camera reads: hold a card in front of it. F4 turns it off.")
_ONE = N_("Several cards are in the picture. Show one alone.")
_WAITS = N_("The next card waits: finish this one with Enter, or leave it with Esc.")
_STRANGE = N_("This code stands on none of our papers. Show the card.")
_LOST = N_(
    "The camera does not answer, or is used elsewhere. Press F4 to read again; until then type "
    "the number."
)
_NO_CAMERA = N_(
    "No camera is found. Plug one in and press F4 again; until then type the number, or use a "
    "reader that types."
)
_NOT_INSTALLED = N_(
    "Reading by camera is not installed on this laptop. Ask who set it up to install StepDesk with "
    "its extra webcam; until then type the number, or use a reader that types."
)


def codes_in(picture: QImage) -> tuple[str, ...]:
    """Return what the QR codes in a picture say, each once; empty when it shows none.

    Args:
        picture: In whatever format a camera gives; what is larger than 640 by 480 is made smaller.
    """
    if picture.isNull():
        return ()
    decoder = import_module(_DECODER)
    if picture.width() > _MOST.width() or picture.height() > _MOST.height():
        picture = picture.scaled(_MOST, Qt.AspectRatioMode.KeepAspectRatio)
    grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    found = decoder.read_barcodes(grey, formats=decoder.BarcodeFormat.QRCode, try_invert=False)
    return tuple(dict.fromkeys(one.text for one in found if one.text))


class InFront:
    """Which cards lie before the camera, and which of them were taken already.

    A card that was taken is not offered again until it has been out of the picture for a second:
    one picture that is blurred does not make it another card.
    """

    def __init__(self) -> None:
        self._taken: dict[str, float] = {}

    def untaken(self, codes: Sequence[str], now: float) -> tuple[str, ...]:
        """Return those of the codes seen now that were not taken yet."""
        for code in codes:
            if code in self._taken:
                self._taken[code] = now
        self._taken = {one: seen for one, seen in self._taken.items() if now - seen < _GONE}
        return tuple(one for one in codes if one not in self._taken)

    def take(self, code: str, now: float) -> None:
        self._taken[code] = now


class CardReader(QWidget, Dressed, Speaking):
    """What the camera sees, small, while it reads; a line that the page places says how it goes.

    It lets go of the camera whenever it is not to be seen: another page, the lock, the end.

    Args:
        speaker: Says the line.
        clock: Seconds that only go forward.

    Signals:
        offered: What a card says that was not taken yet. Answer with `take`, or `let_wait`; until
            it is taken it is offered with every picture.
        waits: A card has begun to wait.
        turned: Whether the picture stands in the page from now on.
    """

    offered = Signal(str)
    waits = Signal()
    turned = Signal(bool)

    def __init__(self, speaker: Speaker, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._source: camera.Source | None = None
        self._picture: QImage | None = None
        self._front = InFront()
        self._next = 0.0
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_FIRST)
        self._late.timeout.connect(self._lose)
        self.words = Words("", speaker, size=Size.SMALL, wrap=True)
        self.words.hide()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self.wear()
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.speaker.tr(N_("The camera's picture")))

    @override
    def dress(self) -> None:
        now = theme.current()
        self.setFixedSize(now.px(_VIEW.width()), now.px(_VIEW.height()))

    @property
    def on(self) -> bool:
        """Whether it is to read; the camera itself runs only while this is to be seen."""
        return not self.isHidden()

    def said(self) -> str:
        """Return the line, empty while there is none."""
        return "" if self.words.isHidden() else self.words.text()

    def toggle(self) -> None:
        """Begin to read, or stop; say what is missing."""
        if self.on:
            self.turn_off()
        elif not (camera.is_installed() and find_spec(_DECODER)):
            self._say(_NOT_INSTALLED)
        elif not camera.is_there():
            self._say(_NO_CAMERA)
        else:
            self._front = InFront()
            self._turn(on=True)

    def turn_off(self) -> None:
        """Stop reading; nothing is said any more."""
        self._turn(on=False)
        self._say("")

    def quiet(self) -> None:
        """Say no longer what is missing."""
        if not self.on:
            self._say("")

    def take(self, code: str) -> None:
        """Note that a card was taken: while it is held still it is not offered again."""
        self._front.take(code, self._clock())
        self._say(READS)

    def let_wait(self) -> None:
        """Say that what is in front of the person comes first."""
        if self._say(_WAITS):
            self.waits.emit()

    @override
    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        self._start()

    @override
    def hideEvent(self, event: QHideEvent, /) -> None:
        super().hideEvent(event)
        self._release()

    def _start(self) -> None:
        if self._source is not None:
            return
        try:
            source = camera.found(_SEEN_APART)
        except LookupError:
            self._lose()  # It was pulled out while another page was shown.
            return
        self._source = source
        source.setParent(self)
        source.seen.connect(self._see)
        source.lost.connect(self._lose)
        self._say(READS)
        self._late.start()
        source.start()

    def _release(self) -> None:
        source, self._source = self._source, None
        self._picture = None
        self._late.stop()
        if source is not None:
            source.seen.disconnect(self._see)
            source.lost.disconnect(self._lose)
            source.stop()
            source.deleteLater()

    def _turn(self, *, on: bool) -> None:
        self.turned.emit(on)
        self.setVisible(on)

    def _lose(self) -> None:
        self._turn(on=False)
        self._say(_LOST)

    def _see(self, picture: QImage) -> None:
        self._late.stop()
        self._picture = picture
        self.update()
        began = self._clock()
        if began < self._next:
            return
        codes = codes_in(picture)
        ended = self._clock()
        self._next = ended + max(_READ_APART - (ended - began), _REST * (ended - began))
        self._offer(self._front.untaken(codes, began))

    def _offer(self, fresh: tuple[str, ...]) -> None:
        if len(fresh) > 1:
            self._say(_ONE)
        elif not fresh:
            self._say(READS)
        elif len(fresh[0]) > _LONGEST or not fresh[0].isprintable():
            self._say(_STRANGE)
        else:
            self.offered.emit(fresh[0])

    def _say(self, text: str) -> bool:
        """Say a line, or nothing; whether it is another than before."""
        before = self.said()
        self.words.say(text)
        self.words.setVisible(bool(text))
        return self.said() != before

    @override
    def paintEvent(self, _event: QPaintEvent, /) -> None:
        ink = theme.current().ink
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect())
        painter.fillRect(frame, QColor(ink.navigation.ground))
        if self._picture is not None:
            self._paint_mirrored(painter, frame, self._picture)
        painter.setPen(QPen(QColor(ink.border), ink.border_width))
        painter.drawRect(frame.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    @staticmethod
    def _paint_mirrored(painter: QPainter, frame: QRectF, picture: QImage) -> None:
        """Show it as a mirror does: who moves the card to the left sees it go to the left."""
        size = picture.size().scaled(frame.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(frame.center())
        painter.save()
        painter.translate(frame.width(), 0)
        painter.scale(-1, 1)
        painter.drawImage(place, picture)
        painter.restore()
