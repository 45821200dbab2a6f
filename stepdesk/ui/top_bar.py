"""The top of the window: where one is, help, search, and the person's own menu."""

from functools import partial

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from stepdesk.i18n import LANGUAGES, N_
from stepdesk.ui import keys, theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import ZOOMS, Look
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.words import Shown, Size

LOOKS = {
    Look.LIGHT: N_("Light"),
    Look.DARK: N_("Dark"),
    Look.CONTRAST: N_("High contrast"),
}


class PersonMenu(QMenu, Speaking):
    """Language, look, size, password and lock of the person at the desk."""

    language_wanted = Signal(str)
    look_wanted = Signal(object)
    zoom_wanted = Signal(int)
    password_wanted = Signal()
    lock_wanted = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._languages = self.addMenu("")
        self._looks = self.addMenu("")
        self._zooms = self.addMenu("")
        self.addSeparator()
        self._password = QAction(self)
        self._lock = QAction(self)
        self._password.triggered.connect(self.password_wanted)
        self._lock.triggered.connect(self.lock_wanted)
        self.addActions([self._password, self._lock])
        self._look_actions: dict[Look, QAction] = {}
        self._fill()
        self.learn(speaker)

    @override
    def speak(self) -> None:
        say = self.speaker.tr
        self._languages.setTitle(say(N_("Language")))
        self._looks.setTitle(say(N_("Colours")))
        self._zooms.setTitle(say(N_("Size")))
        self._password.setText(say(N_("Change password …")))
        self._lock.setText(say(N_("Lock")) + "\t" + keys.shown("lock", say))
        for look, action in self._look_actions.items():
            action.setText(say(LOOKS[look]))
        self._tick()

    def leave_person_out(self) -> None:
        """Offer neither password nor lock, where nobody has logged in."""
        self._password.setVisible(False)
        self._lock.setVisible(False)

    def _fill(self) -> None:
        for language, name in LANGUAGES.items():
            choice = self._choice(self._languages, language)
            choice.setText(name)
            choice.triggered.connect(partial(self.language_wanted.emit, language))
        for look in Look:
            choice = self._choice(self._looks, look.value)
            choice.triggered.connect(partial(self.look_wanted.emit, look))
            self._look_actions[look] = choice
        for zoom in ZOOMS:
            choice = self._choice(self._zooms, str(zoom))
            choice.setText(f"{zoom}\u00a0%")
            choice.triggered.connect(partial(self.zoom_wanted.emit, zoom))
        theme.notifier().changed.connect(self._tick)

    def _choice(self, menu: QMenu, name: str) -> QAction:
        action = QAction(menu)
        action.setCheckable(True)
        action.setObjectName(name)
        groups = menu.findChildren(QActionGroup)
        group = groups[0] if groups else QActionGroup(menu)
        group.addAction(action)
        menu.addAction(action)
        return action

    def _tick(self) -> None:
        now = theme.current()
        ticked = {self.speaker.language, now.look.value, str(now.zoom)}
        for menu in (self._languages, self._looks, self._zooms):
            for action in menu.actions():
                action.setChecked(action.objectName() in ticked)


class Bar(QWidget, Dressed):
    """The line on top of a window: put widgets into its `_row`, then `wear()`."""

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)

    def open_below(self, menu: QMenu, button: QWidget) -> None:
        """Open a menu below the end of a button."""
        size = menu.sizeHint()
        corner = button.rect().bottomRight() - QPoint(size.width() - 1, -4)
        menu.popup(button.mapToGlobal(corner))

    @override
    def dress(self) -> None:
        now = theme.current()
        self._row.setContentsMargins(now.px(24), now.px(10), now.px(16), now.px(10))
        self._row.setSpacing(now.px(8))
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent, /) -> None:
        ink = theme.current().ink
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(ink.base))
        bottom = self.height() - ink.border_width
        painter.fillRect(0, bottom, self.width(), ink.border_width, QColor(ink.line))
        painter.end()


class TopBar(Bar):
    """The title of the page, help, search and the person.

    Signals:
        help_wanted: Help was pressed.
        search_wanted: Search was pressed.
    """

    help_wanted = Signal()
    search_wanted = Signal()

    def __init__(self, speaker: Speaker, *, person: str) -> None:
        super().__init__()
        self._title = Shown(size=Size.TITLE, bold=True)
        self._title.setProperty("data", False)  # noqa: FBT003 - the page says its title
        help_button = PlainButton(N_("Help"), speaker, key="help", icon="circle-question-mark")
        search_button = PlainButton(N_("Search"), speaker, key="search", icon="search")
        self.menu = PersonMenu(speaker)
        self._person = _PersonButton(person, speaker)
        self._person.clicked.connect(self._open_menu)
        help_button.clicked.connect(self.help_wanted)
        search_button.clicked.connect(self.search_wanted)
        self._row.addWidget(self._title, 1)
        for button in (search_button, help_button, self._person):
            self._row.addWidget(button)
        self.wear()

    def show_title(self, title: str) -> None:
        self._title.setText(title)

    def title(self) -> str:
        return self._title.text()

    @Slot()
    def _open_menu(self) -> None:
        self.open_below(self.menu, self._person)


class _PersonButton(PlainButton):
    """The person's name, which is not translated."""

    def __init__(self, person: str, speaker: Speaker) -> None:
        super().__init__(person, speaker, icon="user")
        self.setProperty("data", True)  # noqa: FBT003 - Qt's setters take no names

    @override
    def speak(self) -> None:
        self.setText(f"{self._text.message}  ▾")
        self.setAccessibleName(self._text.message)
