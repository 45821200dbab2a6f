"""The program with a window: the door, the book, the lock, and what the laptop remembers.

The login comes first and imports Qt and gettext only; whatever opens a book is imported on the
lane while the password is typed.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from stepdesk.errors import Trouble
from stepdesk.i18n import FALLBACK, LANGUAGES, N_, Text
from stepdesk.store.settings import Settings, read_settings, write_settings
from stepdesk.store.tiles import Tiles, tiles_of
from stepdesk.ui import theme
from stepdesk.ui.login_page import LoginPage
from stepdesk.ui.speech import Speaker
from stepdesk.ui.style import FocusRing
from stepdesk.ui.tasks import Lane
from stepdesk.ui.theme import Theme
from stepdesk.ui.tokens import ZOOMS, Look
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import PlainButton

if TYPE_CHECKING:
    from stepdesk.branch.engine import Store
    from stepdesk.store.desk import Desk
    from stepdesk.ui.book_window import BookWindow
    from stepdesk.ui.branch.ways import OfficerPage
    from stepdesk.ui.branch.window import BranchWindow
    from stepdesk.ui.day_page import DayPage
    from stepdesk.ui.start_page import StartPage
    from stepdesk.values.ids import StaffId

_PAINTED = 30  # milliseconds until the login has been seen


def open_book(folder: Path, person: "StaffId", password: str) -> "Desk":
    """Open a book for a person; for the lane.

    Raises:
        Refusal: wrong password.
        Trouble: damaged, foreign, newer, in use, or put back by hand.
    """
    from stepdesk.migrations import migrate
    from stepdesk.store.desk import unlock

    return unlock(folder, password=password, person=person, migrate=migrate)


def warm() -> None:
    """Import what the first page will need, while somebody types a password; for the lane."""
    import babel.dates
    import babel.numbers  # noqa: F401

    import stepdesk.contributions.service
    import stepdesk.migrations
    import stepdesk.reports.service
    import stepdesk.scheme.queries
    import stepdesk.store.backup
    import stepdesk.store.verified
    import stepdesk.sync.queries  # noqa: F401


def open_book_window(
    desk: "Desk", *, lane: Lane, speaker: Speaker, entries: Sequence[Any] | None = None
) -> "BookWindow":
    """Return the window of an open book, not yet shown.

    Args:
        desk: The open book with a person in front of it.
        lane: Runs whatever opens the book.
        speaker: Says every text.
        entries: The pages; all of them when left out.
    """
    from stepdesk.ui.book_window import BookWindow

    return BookWindow(desk, lane=lane, speaker=speaker, entries=entries)


def open_branch(folder: Path) -> "Store":
    """Open the folder of a branch; for the lane.

    Raises:
        Trouble: none there, damaged, or of a newer StepDesk.
    """
    from stepdesk.branch.engine import open_store

    return open_store(folder)


class Door(QWidget):
    """The window before a book is open: who are you, or which book."""

    def __init__(self, speaker: Speaker, lane: Lane) -> None:
        super().__init__()
        self._speaker = speaker
        self._lane = lane
        self.login: LoginPage | None = None
        self.start: StartPage | None = None
        self.day: DayPage | None = None
        self.officer: OfficerPage | None = None
        self.trouble = TroubleBand(speaker)
        self.stack = QStackedWidget()
        self.other = PlainButton(N_("Another book …"), speaker, icon="file-text")
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 0, 24, 24)
        foot.addStretch(1)
        foot.addWidget(self.other)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.trouble)
        column.addWidget(self.stack, 1)
        column.addLayout(foot)
        self._ring = FocusRing(self)
        self.setWindowTitle("StepDesk")
        self.resize(1366, 700)

    def show_login(self, tiles: Tiles, name: str) -> LoginPage:
        """Ask who wants to open a book."""
        if self.login is not None:
            self.stack.removeWidget(self.login)
            self.login.deleteLater()
        self.login = LoginPage(self._speaker, book=name or tiles.name, people=tiles.people)
        self._show(self.login, other=True)
        self.login.reset()
        return self.login

    def show_start(self, last_book: Path | None) -> "StartPage":
        """Ask with which book to begin."""
        from stepdesk.ui.start_page import StartPage

        self.start = self.start or StartPage(self._speaker, self._lane, last_book=last_book)
        self._show(self.start, other=False)
        self.start.show_welcome()
        return self.start

    def show_officer(self) -> "OfficerPage":
        """Ask with which branch to begin."""
        from stepdesk.ui.branch.ways import OfficerPage
        from stepdesk.ui.start_page import home_folder

        self.officer = self.officer or OfficerPage(self._speaker, self._lane, home=home_folder())
        self._show(self.officer, other=False)
        self.officer.show_ways()
        return self.officer

    def show_day(self, desk: "Desk") -> "DayPage":
        """Ask which day it is, because the clock is suspect."""
        from stepdesk.ui.day_page import DayPage

        last = datetime.fromtimestamp(desk.head.wall / 1000, UTC).date()
        self.day = DayPage(self._speaker, clock_day=desk.clock_day, last=last)
        self._show(self.day, other=False)
        return self.day

    def _show(self, page: QWidget, *, other: bool) -> None:
        if self.stack.indexOf(page) < 0:
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        self.other.setVisible(other)


class Program(QObject):
    """Leads from the door to the book and back, and keeps what the laptop remembers."""

    def __init__(self, app: QApplication, *, remember: bool = True) -> None:
        super().__init__()
        self.settings = read_settings()
        self._remembers = remember
        wear(app, self.settings)
        self.speaker = Speaker(self.settings.language or system_language())
        self.lane = Lane(self)
        self.door: Door | None = None
        self.window: BookWindow | None = None
        self.branch: BranchWindow | None = None
        self._desk: Desk | None = None
        self._store: Store | None = None
        self._folder = Path()
        self._name = ""
        self._warming = QTimer(self)
        self._warming.setSingleShot(True)
        self._warming.setInterval(_PAINTED)
        self._warming.timeout.connect(self._warm)
        self.speaker.changed.connect(self._keep)
        theme.notifier().changed.connect(self._keep)
        app.aboutToQuit.connect(self.finish)

    # The door

    def begin(self) -> None:
        """Show the login of the last book, or the ways to begin."""
        self.door = self._new_door()
        last = Path(self.settings.last_book) if self.settings.last_book else None
        tiles = tiles_of(last) if last is not None else None
        if last is not None and tiles is not None:
            self._ask(last, tiles, self.settings.last_name)
        else:
            self._other_book()
            if last is not None:
                text = Text(
                    N_("The last book is no longer in {folder}. Choose where it is."),
                    {"folder": str(last)},
                )
                self.door.trouble.show_text(text)
        self.door.show()
        self._warming.start()

    def _new_door(self) -> Door:
        door = Door(self.speaker, self.lane)
        door.other.clicked.connect(self._other_book)
        return door

    def _warm(self) -> None:
        self.lane.do(warm)

    @Slot()
    def _other_book(self) -> None:
        if self.door is None:
            return
        last = Path(self.settings.last_book) if self.settings.last_book else None
        known = self.door.start
        page = self.door.show_start(last)
        if known is None:
            page.chosen.connect(self._book_chosen)
            page.made.connect(self._opened)
            page.officer_wanted.connect(self._officer)

    @Slot(object)
    def _book_chosen(self, folder: Path) -> None:
        tiles = tiles_of(folder)
        if self.door is None:
            return
        if tiles is None:
            text = Text(
                N_("There is no book in {name}. Choose the folder that holds book.db."),
                {"name": folder.name},
            )
            self.door.trouble.show_text(text)
            return
        self.door.trouble.dismiss()
        self._ask(folder, tiles, "")

    def _ask(self, folder: Path, tiles: Tiles, name: str) -> None:
        if self.door is None:
            return
        self._folder, self._name = folder, name
        self.door.show_login(tiles, name).login.connect(self._login)

    @Slot(object, str)
    def _login(self, person: "StaffId", password: str) -> None:
        if self.door is None or self.door.login is None:
            return
        self.door.trouble.dismiss()
        self.lane.do(
            partial(open_book, self._folder, person, password),
            self._opened,
            refused=self.door.login.refuse,
            troubled=self._not_opened,
            owner=self.door.login,
        )

    def _not_opened(self, trouble: Trouble) -> None:
        if self.door is not None and self.door.login is not None:
            self.door.login.reset()
            self.door.trouble.show_trouble(trouble)

    # The book

    @Slot(object)
    def _opened(self, desk: "Desk") -> None:
        self._desk = desk
        if desk.clock_suspect and self.door is not None:
            self.door.show_day(desk).confirmed.connect(self._day_confirmed)
            return
        self.show_book(desk)

    @Slot(object)
    def _day_confirmed(self, day: Any) -> None:  # noqa: ANN401 - a signal carries any object
        if self._desk is not None:
            self._desk.confirm_day(day)
            self.show_book(self._desk)

    def show_book(self, desk: "Desk") -> None:
        """Show the window of an open book and put the door away."""
        self._desk = desk
        self.window = open_book_window(desk, lane=self.lane, speaker=self.speaker)
        self._name = self.window.book
        self._remember(
            replace(self.settings, last_book=str(desk.folder.resolve()), last_name=self._name)
        )
        self.window.show()
        if self.door is not None:
            self.door.close()
            self.door.deleteLater()
            self.door = None

    # The branch

    @Slot()
    def _officer(self) -> None:
        if self.door is None:
            return
        known = self.door.officer
        page = self.door.show_officer()
        if known is None:
            page.chosen.connect(self._branch_chosen)
            page.made.connect(self.show_branch)
            page.back.connect(self._other_book)

    @Slot(object)
    def _branch_chosen(self, folder: Path) -> None:
        if self.door is not None:
            self.door.trouble.dismiss()
            self.lane.do(
                partial(open_branch, folder),
                self.show_branch,
                troubled=self.door.trouble.show_trouble,
                owner=self.door,
            )

    @Slot(object)
    def show_branch(self, store: "Store") -> None:
        """Show the window of an open branch and put the door away."""
        from stepdesk.ui.branch.window import BranchWindow

        self._store = store
        self.branch = BranchWindow(store, lane=self.lane, speaker=self.speaker)
        self.branch.left.connect(self._leave_branch)
        self.branch.show()
        if self.door is not None:
            self.door.close()
            self.door.deleteLater()
            self.door = None

    @Slot()
    def _leave_branch(self) -> None:
        """Close the branch and show the ways to begin."""
        if self.branch is None or self._store is None:
            return
        self.door = self._new_door()
        self._other_book()
        self.door.show()
        self.branch.close()
        self.branch.deleteLater()
        self.branch = None
        self.lane.do(self._store.close)
        self._store = None

    @Slot()
    def finish(self) -> None:
        """Close the book or the branch, the work on the lane done; nothing is warmed any more."""
        self._warming.stop()
        if self._desk is not None:
            self.lane.do(self._desk.close)
            self._desk = None
        if self._store is not None:
            self.lane.do(self._store.close)
            self._store = None
        self.lane.close()

    # What the laptop remembers

    @Slot()
    def _keep(self) -> None:
        now = theme.current()
        self._remember(
            replace(
                self.settings,
                language=self.speaker.language,
                look=now.look.value,
                zoom=now.zoom,
                sound=read_settings().sound,
            )
        )

    def _remember(self, settings: Settings) -> None:
        if settings != self.settings:
            self.settings = settings
            if self._remembers:
                write_settings(settings)


def wear(app: QApplication, settings: Settings) -> None:
    """Give the application the look and size the laptop remembers."""
    look = Look.LIGHT
    with suppress(ValueError):
        look = Look(settings.look)
    zoom = settings.zoom if settings.zoom in ZOOMS else ZOOMS[0]
    theme.apply(app, Theme(look, zoom))


def system_language() -> str:
    """Return the system's language when the desk speaks it."""
    found = QLocale.system().name().partition("_")[0]
    return found if found in LANGUAGES else FALLBACK


def run_window(arguments: Sequence[str], *, desk: "Desk | None" = None) -> int:
    """Run the window until it is closed.

    Args:
        arguments: What Qt may read.
        desk: A book that is open already, a practice book: the laptop does not remember it.
    """
    from stepdesk.ui.failures import CrashReporter

    app = QApplication(list(arguments))
    app.setApplicationName("StepDesk")
    program = Program(app, remember=desk is None)
    reporter = CrashReporter(program.speaker, app)
    reporter.install()
    if desk is None:
        program.begin()
    else:
        program.show_book(desk)
    return app.exec()
