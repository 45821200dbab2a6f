"""The window of an open book: the lock any colleague may open, and the person in front."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Slot

from stepdesk.errors import Refusal, Trouble
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Desk
from stepdesk.ui.login_page import LoginPage
from stepdesk.ui.overriding import override
from stepdesk.ui.pages import PageEntry
from stepdesk.ui.shell import MainWindow
from stepdesk.ui.sitting import Sitting
from stepdesk.ui.speech import Speaker
from stepdesk.ui.tasks import Lane
from stepdesk.values.ids import StaffId


class BookWindow(MainWindow):
    """The main window with a real desk behind it.

    Args:
        desk: The open book with a person in front of it.
        lane: Runs whatever opens the book.
        speaker: Says every text.
        entries: The pages; all of them when left out.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        lane: Lane,
        speaker: Speaker,
        entries: Sequence[PageEntry] | None = None,
    ) -> None:
        self._desk = desk
        self._people: tuple[tuple[StaffId, str], ...] = ()
        self.book = desk.ask(scheme_on, desk.today).name
        sitting = Sitting(
            desk=desk,
            person=(desk.person.staff_id, desk.person.name),
            book=self.book,
            practice=desk.practice,
            today=partial(_today, desk),
        )
        super().__init__(sitting, lane=lane, speaker=speaker, entries=entries)
        self._left_by: tuple[StaffId, date] | None = None
        self.unlock_wanted.connect(self._unlock)
        self.password_wanted.connect(self._change_password)

    @override
    @Slot()
    def lock(self) -> None:
        # Any colleague may sit down at a locked desk, not only who locked it.
        people = tuple((one.staff_id, one.name) for one in self._desk.keys.tiles())
        if people != self._people:
            self._people = people
            self._outer.removeWidget(self.lock_page)
            self.lock_page.deleteLater()
            self.lock_page = LoginPage(self.context.speaker, book=self.book, people=people)
            self.lock_page.login.connect(self.unlock_wanted)
            self._outer.addWidget(self.lock_page)
        self.lock_page.choose(self._desk.person.staff_id)
        if not self.is_locked():
            self._left_by = self._now()
        super().lock()

    def _now(self) -> tuple[StaffId, date]:
        """Return who sits in front, and on what day."""
        return self._desk.person.staff_id, self._desk.today

    @Slot(object, str)
    def _unlock(self, person: StaffId, password: str) -> None:
        self.context.lane.do(
            partial(self._desk.switch, person, password),
            self._unlocked,
            refused=self.lock_page.refuse,
            troubled=self._not_unlocked,
            owner=self.lock_page,
        )

    def _unlocked(self, _none: None) -> None:
        bar = self.frame.top_bar
        bar._person.say(self._desk.person.name)  # noqa: SLF001 - the bar has no other way yet
        self.unlock()
        page = self.page()
        # Who comes back the same day finds the page as it was, what was half typed included.
        if page is not None and self._left_by != self._now():
            page.shown()

    def _not_unlocked(self, trouble: Trouble) -> None:
        self.lock_page.refuse(Refusal(trouble.text))

    @Slot()
    def _change_password(self) -> None:
        if "scheme" in self._entries:
            self.go("scheme", part="password")


def _today(desk: Desk) -> date:
    return desk.today
