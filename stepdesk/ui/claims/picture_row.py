"""Pictures of a certificate in a row: chosen, dropped or pasted, and one of them looked at closely.

What is shown here never leaves the book: there is no printing and no saving.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QSize, Qt, Signal
from PySide6.QtGui import (
    QDropEvent,
    QGuiApplication,
    QIcon,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPixmap,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.pictures import SUFFIXES, read_picture
from stepdesk.ui import choosing, theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets import camera
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import ErrorLine, Form
from stepdesk.ui.widgets.words import Size, Words

_SMALL = QSize(38, 52)
_WINDOW = QSize(760, 700)

Making = Callable[[], bytes]
"""Reads a picture file's content; for the lane."""


def picture_in(told: QMimeData | None) -> Making | None:
    """Return what reads the picture that was dropped or copied; None when there is none."""
    # An empty clipboard of some systems holds nothing at all.
    if told is None:
        return None
    files = [one.toLocalFile() for one in told.urls() if one.isLocalFile()]
    if files:
        return partial(read_picture, Path(files[0]))
    if told.hasImage():
        return partial(camera.image_bytes, QImage(told.imageData()))
    return None


def ask_picture(owner: QWidget, speaker: Speaker) -> Making | None:
    """Let the person choose a picture of a certificate; None when they went back."""
    pattern = speaker.tr(N_("Photos")) + f" ({' '.join(f'*{one}' for one in SUFFIXES)})"
    path = choosing.ask_file(owner, speaker, N_("Choose the photo of the certificate"), pattern)
    return None if path is None else partial(read_picture, path)


class _Thumb(QToolButton):
    """A small picture; Enter shows it large, as Space does."""

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)


class PictureRow(QWidget, Dressed, Speaking):
    """The pictures of one certificate, small.

    Args:
        speaker: Says the texts.
        editable: Whether a picture can be given here, by dropping and pasting too.

    Signals:
        offered: A picture was dropped or pasted (`Making`).
        opened: One is to be looked at closely (its place).
    """

    offered = Signal(object)
    opened = Signal(int)

    def __init__(self, speaker: Speaker, *, editable: bool = True) -> None:
        super().__init__()
        self._held = speaker
        self.editable = editable
        self.contents: list[bytes | None] = []
        self.thumbs: list[QToolButton] = []
        self.words = Words("", speaker, size=Size.SMALL, muted=True, wrap=True)
        self.error = ErrorLine(speaker)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._row = QHBoxLayout()
        self._column.addLayout(self._row)
        self._row.addWidget(self.words, 1)
        self._column.addWidget(self.error)
        self.hide()
        self.wear()
        self.learn(speaker)

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setSpacing(now.px(4))
        self._row.setSpacing(now.px(8))

    @override
    def speak(self) -> None:
        for at, thumb in enumerate(self.thumbs):
            told = N_("Picture {number} of the certificate")
            if self.contents[at] is None:
                told = N_("Picture {number} of the certificate is missing")
            thumb.setAccessibleName(self.speaker.tr(told, number=at + 1))
            thumb.setToolTip(thumb.accessibleName())

    def show_pictures(self, contents: Sequence[bytes | None], *, unseen: int = 0) -> None:
        """Show pictures; `unseen` is how many there are that may not be looked at from here."""
        for thumb in self.thumbs:
            self._row.removeWidget(thumb)
            thumb.hide()
            thumb.deleteLater()
        self.thumbs, self.contents = [], []
        for content in contents:
            self._add(content)
        self.error.clear_text()
        self._say(unseen)

    def add_picture(self, content: bytes) -> None:
        """Show one more."""
        self._add(content)
        self.error.clear_text()
        self._say(0)

    def refuse(self, problem: Refusal | Trouble) -> None:
        """Say why a picture was not taken."""
        self.error.show_text(problem.text)
        self.show()

    def _add(self, content: bytes | None) -> None:
        thumb = _Thumb()
        size = QSize(theme.current().px(_SMALL.width()), theme.current().px(_SMALL.height()))
        picture = QPixmap.fromImage(QImage.fromData(content)) if content else QPixmap()
        if not picture.isNull():
            thumb.setIcon(QIcon(picture))
        thumb.setIconSize(size)
        thumb.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        thumb.clicked.connect(partial(self.opened.emit, len(self.thumbs)))
        self._row.insertWidget(len(self.thumbs), thumb)
        self.thumbs.append(thumb)
        self.contents.append(content)

    def _say(self, unseen: int) -> None:
        count = len(self.thumbs)
        told = Text("")
        if unseen:
            told = Text(
                N_("{count} picture of the certificate is kept. The medical adviser may see it."),
                {"count": unseen},
                plural=N_(
                    "{count} pictures of the certificate are kept. The medical adviser may see them."
                ),
            )
        elif count:
            told = Text(
                N_("{count} picture of the certificate; Enter shows it large."),
                {"count": count},
                plural=N_("{count} pictures of the certificate; Enter shows one large."),
            )
        self.words.say(told)
        self.setVisible(bool(count or unseen))
        self.speak()

    # Dropping and pasting

    def watch(self, owner: QWidget, *fields: QWidget) -> None:
        """Take pictures that are dropped on a card, or pasted into it or its fields."""
        owner.setAcceptDrops(True)
        for widget in (owner, *fields):
            widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        taken = self.editable and (self._dropped(event) or self._pasted(event))
        return taken or super().eventFilter(watched, event)

    def _dropped(self, event: QEvent) -> bool:
        # What is dragged in and moved is a drop that has not ended: one class in Qt.
        if not isinstance(event, QDropEvent):
            return False
        making = picture_in(event.mimeData())
        if making is None:
            return False
        event.acceptProposedAction()
        if event.type() is QEvent.Type.Drop:
            self.offered.emit(making)
        return True

    def _pasted(self, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        if not event.matches(QKeySequence.StandardKey.Paste):
            return False
        making = picture_in(QGuiApplication.clipboard().mimeData())
        if making is None:
            return False
        self.offered.emit(making)
        return True


class PictureWindow(QDialog, Dressed, Speaking):
    """One picture, as wide as the window; it can be taken back from here.

    Args:
        owner: The page.
        speaker: Says the texts.
        content: The picture (JPEG).
        recorded: Whether the certificate is recorded: taking back then needs a reason.

    Signals:
        taken_back: The picture is taken back (the reason).
    """

    taken_back = Signal(str)

    def __init__(
        self, owner: QWidget, speaker: Speaker, content: bytes | None, *, recorded: bool
    ) -> None:
        super().__init__(owner)
        self._recorded = recorded
        self._picture = QPixmap.fromImage(QImage.fromData(content)) if content else QPixmap()
        self.label = QLabel()
        self.label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.area = QScrollArea()
        self.area.setWidget(self.label)
        self.area.setWidgetResizable(True)
        self.missing = Words(
            N_("This picture is missing or damaged. Put the photos back from a copy."),
            speaker,
            wrap=True,
        )
        self.reason = Field()
        self.form = Form(speaker)
        self.form.add("reason", self.reason, N_("Why is the picture taken back?"))
        self.close_it = MainButton(N_("Close"), speaker, key="back")
        self.back = PlainButton(N_("Take the picture back"), speaker, icon="undo-2")
        self._column = QVBoxLayout(self)
        foot = QHBoxLayout()
        for widget in (self.area, self.missing, self.form):
            self._column.addWidget(widget, int(widget is self.area))
        self._column.addLayout(foot)
        for button in (self.close_it, self.back):
            button.setAutoDefault(False)
            foot.addWidget(button)
        foot.addStretch(1)
        self.missing.setVisible(self._picture.isNull())
        self.form.setVisible(recorded)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.close_it.clicked.connect(self.reject)
        self.back.clicked.connect(self._take_back)
        self.reason.returnPressed.connect(self._take_back)
        self.wear()
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.setWindowTitle(self.speaker.tr(N_("Picture of the certificate")))
        self.label.setAccessibleName(self.windowTitle())

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetDefaultConstraint)
        self._column.setSpacing(now.px(8))
        self.resize(now.px(_WINDOW.width()), now.px(_WINDOW.height()))
        if not self._picture.isNull():
            wide = now.px(_WINDOW.width() - 60)
            self.label.setPixmap(
                self._picture.scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
            )

    def _take_back(self) -> None:
        reason = self.reason.text().strip()
        if self._recorded and not reason:
            told = Text(N_("Say why; the reason is kept."))
            self.form.show_refusal(Refusal(told, field="reason"))
            return
        self.taken_back.emit(reason)
        self.accept()
