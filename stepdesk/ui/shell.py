"""The main window: which page is shown, and the lock."""

from collections.abc import Callable, Sequence
from functools import partial
from weakref import ref

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QMainWindow,
    QStackedWidget,
    QWidget,
)

from stepdesk.errors import Refusal, Trouble
from stepdesk.store.desk import Desk
from stepdesk.ui import keys, pages, theme
from stepdesk.ui.context import Context
from stepdesk.ui.frame import Frame
from stepdesk.ui.login_page import LoginPage
from stepdesk.ui.members.somebody import Somebody, people
from stepdesk.ui.overriding import override
from stepdesk.ui.page import Page
from stepdesk.ui.page_area import PageArea
from stepdesk.ui.pages import PageEntry
from stepdesk.ui.sitting import Sitting
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.style import FocusRing
from stepdesk.ui.tasks import Lane
from stepdesk.ui.widgets.photo import PhotoCache
from stepdesk.values.ids import HouseholdId

_INPUT = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel}
)


def _find(
    lane: Lane,
    desk: Desk,
    owner: QWidget,
    asked: str,
    then: Callable[[tuple[Somebody, ...]], object],
) -> None:
    lane.do(partial(people, desk, asked), then, owner=owner)


class Way:
    """The way to the pages of a window, without keeping the window alive.

    WORKAROUND: a page that held its window would close a circle of references, and PySide 6.11
    crashes when the garbage collector takes such a circle apart (tests/ui/test_garbage.py).
    """

    def __init__(self, window: "MainWindow") -> None:
        self._window = ref(window)

    def __call__(self, page_id: str, /, **arguments: object) -> None:
        window = self._window()
        if window is not None:
            window.go(page_id, **arguments)


class MainWindow(QMainWindow, Speaking):
    """The window of an open book.

    Signals:
        unlock_wanted: The person's id and the password typed on the locked screen; answer with
            `unlock()` or `lock_page.refuse(...)`.
        password_wanted: The person wants to change the password.
    """

    unlock_wanted = Signal(object, str)
    password_wanted = Signal()

    def __init__(
        self,
        sitting: Sitting,
        *,
        lane: Lane,
        speaker: Speaker,
        entries: Sequence[PageEntry] | None = None,
    ) -> None:
        super().__init__()
        found = pages.PAGES if entries is None else entries
        self._entries = {entry.id: entry for entry in found if entry.factory is not None}
        self._pages: dict[str, Page] = {}
        self._areas: dict[str, PageArea] = {}
        self._here = ""
        self._build(sitting, lane, speaker)
        self.context = Context(
            lane=lane,
            speaker=speaker,
            theme=theme.notifier(),
            desk=sitting.desk,
            go=Way(self),
            toast=self.frame.toast.show_text,
            saved=self.frame.status_line.saved,
            clock_today=sitting.today,
        )
        self.setWindowTitle(f"{sitting.book} – StepDesk")
        self._left: QWidget | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(sitting.idle)
        self._connect(lane)
        self.learn(speaker)
        self.resize(1366, 700)
        if self._entries:
            self.go(next(iter(self._entries)))

    def go(self, page_id: str, /, **arguments: object) -> None:
        """Show a page, building it on the first visit; the arguments reach its `shown`."""
        factory = self._entries[page_id].factory
        if page_id not in self._pages and factory is not None:
            self._pages[page_id] = factory(self.context)
            self._areas[page_id] = PageArea(self._pages[page_id])
            self.frame.stack.addWidget(self._areas[page_id])
        page = self._pages[page_id]
        self._here = page_id
        self.frame.stack.setCurrentWidget(self._areas[page_id])
        self.frame.navigation.mark(page_id)
        self.frame.top_bar.show_title(page.title())
        self.frame.help_panel.show_page(page.help_page)
        page.shown(**arguments)

    def page(self) -> Page | None:
        """Return the page that is shown."""
        return self._pages.get(self._here)

    def is_locked(self) -> bool:
        return self._outer.currentWidget() is self.lock_page

    @Slot()
    def lock(self) -> None:
        """Cover the screen until the person has typed the password; the book stays open."""
        self._idle.stop()
        if not self.is_locked():
            self._left = self.focusWidget()
        self.frame.jump.hide()
        self._let_keys(act=False)
        self._outer.setCurrentWidget(self.lock_page)
        self.lock_page.reset()

    def unlock(self) -> None:
        """Show the page again."""
        self._outer.setCurrentWidget(self.frame)
        self._let_keys(act=True)
        page = self.page()
        if page is not None:
            self._go_back(page)
        self._idle.start()

    def _go_back(self, page: Page) -> None:
        """Put the cursor where it was before the lock; on the page when that is gone."""
        from shiboken6 import isValid

        left, self._left = self._left, None
        there = left is not None and isValid(left) and left.isVisible() and page.isAncestorOf(left)
        if there and left is not None:
            left.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
        else:
            page.setFocus()

    def _let_keys(self, *, act: bool) -> None:
        for action in self.actions():
            action.setEnabled(act)

    @override
    def speak(self) -> None:
        page = self.page()
        if page is not None:
            self.frame.top_bar.show_title(page.title())

    @override
    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        self._idle.start()
        # Only what people do reaches the window's handle, so Python is asked rarely.
        self.windowHandle().installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() in _INPUT and self._idle.isActive():
            self._idle.start()
        return super().eventFilter(watched, event)

    def _build(self, sitting: Sitting, lane: Lane, speaker: Speaker) -> None:
        self.frame = Frame(
            tuple(self._entries.values()),
            lane,
            speaker,
            person=sitting.person[1],
            book=sitting.book,
            practice=sitting.practice,
        )
        self.lock_page = LoginPage(speaker, book=sitting.book, people=(sitting.person,))
        self._outer = QStackedWidget()
        self._outer.addWidget(self.frame)
        self._outer.addWidget(self.lock_page)
        self.setCentralWidget(self._outer)
        self._ring = FocusRing(self)

    def _connect(self, lane: Lane) -> None:
        frame = self.frame
        frame.navigation.wanted.connect(self.go)
        frame.jump.page_chosen.connect(self.go)
        frame.jump.searched.connect(self._look_for)
        frame.jump.household_chosen.connect(self._open_household)
        if isinstance(self.context.desk, Desk) and "members" in self._entries:
            desk = self.context.desk
            photos = PhotoCache(desk, lane, frame.jump)
            frame.jump.look_with(partial(_find, lane, desk, frame.jump), photos)
        menu = frame.top_bar.menu
        menu.language_wanted.connect(self.context.speaker.set_language)
        menu.password_wanted.connect(self.password_wanted)
        menu.lock_wanted.connect(self.lock)
        self.lock_page.login.connect(self.unlock_wanted)
        lane.unanswered.connect(self._show_failure)
        self._idle.timeout.connect(self.lock)
        frame.navigation.bind(tuple(self._entries.values()), self)
        keys.bind("help", self, frame.toggle_help)
        keys.bind("search", self, frame.jump.open)
        keys.bind("lock", self, self.lock)

    @Slot(str)
    def _look_for(self, query: str) -> None:
        if "members" in self._entries:
            self.go("members", search=query)

    @Slot(object)
    def _open_household(self, household_id: HouseholdId) -> None:
        self.go("members", household=household_id)

    @Slot(object)
    def _show_failure(self, failure: Refusal | Trouble) -> None:
        self.frame.trouble.show_text(failure.text)
