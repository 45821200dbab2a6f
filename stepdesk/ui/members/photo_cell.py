"""The photo of one line of the form: a face as high as the line, and two faces side by side."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.tasks import Lane
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.band import BandWords
from stepdesk.ui.widgets.photo import PhotoCache, PhotoView
from stepdesk.ui.widgets.portrait import Portrait

CELL = QSize(40, 40)
"""Pixels of the design, with the ring of the focus."""


class PhotoCell(PhotoView):
    """Space takes a photo of the person of this line, Enter goes on: a photo may come later.

    Signals:
        refused: Why a picture was not taken (a Text).
    """

    refused = Signal(object)

    def __init__(self, speaker: Speaker, lane: Lane | None = None) -> None:
        super().__init__(speaker, lane, size=CELL)
        self.content: bytes | None = None
        self.picked.connect(self._keep_content)
        self.removed.connect(self._drop_content)
        self.later.connect(self.passed)

    @override
    def speak(self) -> None:
        super().speak()
        self.face.setToolTip(
            self.speaker.tr(
                N_("Space takes a photo, Enter leaves it for later, Delete removes it.")
            )
        )
        self.face.hint = ""

    @override
    def refuse(self, refusal: Refusal) -> None:
        """The line says it: there is no room below a face this small."""
        self.refused.emit(refusal.text)

    def _keep_content(self, content: bytes) -> None:
        self.content = content

    def _drop_content(self) -> None:
        self.content = None


class BothFaces(QWidget, Dressed):
    """Who is typed beside who is registered, with a photo each where there is one."""

    def __init__(self, speaker: Speaker, photos: PhotoCache | None) -> None:
        super().__init__()
        self.typed, self.known = Portrait(photos), Portrait(photos)
        self._typed_words = BandWords("", speaker, alarm=False, bold=False)
        self._known_words = BandWords("", speaker, alarm=False, bold=False)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for face, words in (
            (self.typed, self._typed_words),
            (self.known, self._known_words),
        ):
            self._row.addWidget(face)
            self._row.addWidget(words, 1)
        self.wear()

    @override
    def dress(self) -> None:
        self._row.setSpacing(theme.current().px(12))

    def say(self, typed: Text, known: Text) -> None:
        """Say what is beside each face."""
        self._typed_words.say(typed)
        self._known_words.say(known)

    def text(self) -> str:
        """Return both sentences, one a line."""
        return f"{self._typed_words.text()}\n{self._known_words.text()}"
