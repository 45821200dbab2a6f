"""Who sits down at the desk: a tile for each person and the password.

The first thing to be seen, so it imports Qt and gettext and nothing else.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from stepdesk.errors import Refusal
from stepdesk.i18n import LANGUAGES, N_, Text
from stepdesk.ui import icons, theme, tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.style import FocusRing
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.tile import Tile
from stepdesk.ui.widgets.words import Shown, Size, Words

_WIDTH = 528
_COLUMNS = 2


class _Mark(QWidget, Dressed):
    """The sign of the program."""

    def __init__(self) -> None:
        super().__init__()
        self.wear()

    @override
    def dress(self) -> None:
        self.setFixedSize(theme.current().px(40), theme.current().px(40))
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent, /) -> None:
        now = theme.current()
        painter = QPainter(self)
        picture = icons.pixmap(
            "shield-check", now.px(40), now.ink.primary.ground, self.devicePixelRatioF()
        )
        painter.drawPixmap(0, 0, picture)
        painter.end()


class LoginPage(QWidget, Dressed, Speaking):
    """Takes a person and a password. Whoever opens the book answers with `refuse`.

    Args:
        speaker: Says the texts; the page switches its language.
        book: The name of the book.
        people: Id and name of everybody who may log in; with one person no tile is to be chosen.
        languages: Whether the choice of language is shown.

    Signals:
        login: The id and the password that was typed.
    """

    login = Signal(object, str)

    def __init__(
        self,
        speaker: Speaker,
        *,
        book: str,
        people: Sequence[tuple[object, str]],
        languages: bool = True,
    ) -> None:
        super().__init__()
        self._people = tuple(people)
        self._card = Card(margin=32)
        self._tiles = QButtonGroup(self)
        self._password = Field(height=tokens.MAIN_FIELD)
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._form = Form(speaker)
        self._button = MainButton(N_("Open the book"), speaker, icon="lock")
        self._add_head(speaker, book)
        self._card.body.addWidget(Words(N_("Who are you?"), speaker, muted=True))
        self._add_name_tiles(speaker)
        self._form.add("password", self._password, N_("Password"))
        self._card.body.addWidget(self._form)
        self._button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._card.body.addWidget(self._button)
        column = self._place()
        if languages:
            self._add_languages(speaker, column)
        column.addStretch(2)
        self._password.returnPressed.connect(self._send)
        self._button.clicked.connect(self._send)
        self._ring = FocusRing(self)
        self.wear()
        self.learn(speaker)
        self._password.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, refusal: Refusal) -> None:
        """Show beside the password why it was not accepted."""
        self._ready(ready=True)
        self._form.show_refusal(Refusal(refusal.text, field="password"))

    def refuse_password(self) -> None:
        """Say that the password is not this person's."""
        self.refuse(Refusal(Text(N_("That is not the password. Type it again."))))

    def reset(self) -> None:
        """Empty the password and wait for the next person."""
        self._ready(ready=True)
        self._password.clear()
        self._form.clear()
        self._password.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose(self, person: object) -> None:
        """Mark the tile of a person."""
        for at, (found, _name) in enumerate(self._people):
            if found == person:
                self._tiles.button(at).setChecked(True)

    def error(self) -> str:
        """Return the error that is shown, or nothing."""
        return self._form.error("password")

    @override
    def dress(self) -> None:
        self._card.setFixedWidth(theme.current().px(_WIDTH))

    @override
    def speak(self) -> None:
        self.setWindowTitle("StepDesk")
        self._password.setAccessibleName(self.speaker.tr(N_("Password")))

    # Every layout gets its parent before it is filled: see `Form.add`.

    def _add_head(self, speaker: Speaker, book: str) -> None:
        head = QHBoxLayout()
        self._card.body.addLayout(head)
        head.setSpacing(12)
        head.addWidget(_Mark())
        names = QVBoxLayout()
        head.addLayout(names, 1)
        names.setSpacing(0)
        names.addWidget(Shown(book, size=Size.NAME, bold=True))
        names.addWidget(
            Words(N_("The desk of your health mutual"), speaker, size=Size.SMALL, muted=True)
        )

    def _add_name_tiles(self, speaker: Speaker) -> None:
        grid = QGridLayout()
        self._card.body.addLayout(grid)
        grid.setSpacing(12)
        for column in range(min(_COLUMNS, len(self._people))):
            grid.setColumnStretch(column, 1)
        for at, (_id, name) in enumerate(self._people):
            tile = Tile(name, speaker, icon="user", data=True)
            tile.setCheckable(True)
            tile.setChecked(at == 0)
            tile.clicked.connect(self._chosen)
            self._tiles.addButton(tile, at)
            grid.addWidget(tile, at // _COLUMNS, at % _COLUMNS)

    def _add_languages(self, speaker: Speaker, column: QVBoxLayout) -> None:
        row = QHBoxLayout()
        column.addLayout(row)
        row.setSpacing(8)
        row.addStretch(1)
        for language, name in LANGUAGES.items():
            button = _LanguageButton(language, name, speaker)
            button.clicked.connect(partial(speaker.set_language, language))
            row.addWidget(button)
        row.addStretch(1)

    def _place(self) -> QVBoxLayout:
        column = QVBoxLayout(self)
        column.setSpacing(16)
        column.addStretch(1)
        column.addWidget(self._card, 0, Qt.AlignmentFlag.AlignHCenter)
        return column

    def _chosen(self) -> None:
        self._form.clear()
        self._password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ready(self, *, ready: bool) -> None:
        self._button.setEnabled(ready)
        self._password.setReadOnly(not ready)

    def _send(self) -> None:
        if not self._button.isEnabled() or not self._people:
            return
        if not self._password.text():
            self._form.show_error("password", Text(N_("Type your password.")))
            return
        self._form.clear()
        self._ready(ready=False)
        self.login.emit(self._people[self._tiles.checkedId()][0], self._password.text())


class _LanguageButton(PlainButton):
    """A language under its own name, which is never translated."""

    def __init__(self, language: str, name: str, speaker: Speaker) -> None:
        self._language = language
        super().__init__(name, speaker)
        self.setObjectName(f"language-{language}")
        self.setProperty("data", True)  # noqa: FBT003 - Qt's setters take no names

    @override
    def speak(self) -> None:
        self.setText(self._text.message)
        now = theme.current()
        self.setFont(now.font(bold=self._language == self.speaker.language))
