"""How an officer begins: open the folder of a branch, or make a new one."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from stepdesk.i18n import N_
from stepdesk.ui import choosing, digit_keys, theme
from stepdesk.ui.branch.facts import NewBranch, make_branch
from stepdesk.ui.overriding import override
from stepdesk.ui.page_area import PageArea
from stepdesk.ui.speech import Speaker
from stepdesk.ui.start_page import PlaceField, Sheet, folder_for
from stepdesk.ui.tasks import Lane
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Choice
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.tile import Tile
from stepdesk.ui.widgets.words import Size, Words


class NewBranchSheet(Sheet):
    """The form of a new branch; `wanted` carries a `NewBranch`."""

    def __init__(self, speaker: Speaker, home: Path) -> None:
        super().__init__(
            speaker,
            N_("Make a new branch"),
            action=N_("Make the branch"),
            icon="plus",
            forms=1,
            width=620,
        )
        self._home = home
        self._placed = True
        self.name = Field()
        self.purpose = Choice(
            speaker, ((True, N_("To practise")), (False, N_("Real figures"))), columns=2
        )
        self.place = PlaceField(speaker)
        form = self.forms[0]
        form.add(
            "name",
            self.name,
            N_("Name of the branch"),
            hint=N_("It stands on the card that its schemes get."),
        )
        form.add(
            "practice",
            self.purpose,
            N_("What is the branch for?"),
            hint=N_(
                "For ever. Until the privacy gate stands, schemes send only to practice branches."
            ),
        )
        form.add(
            "store",
            self.place,
            N_("Where the branch is kept"),
            hint=N_("A new folder on a disk that only officers can read: it holds the keys."),
        )
        self.name.textEdited.connect(self._name_place)
        self.place.typed.connect(self._place_typed)
        self.place.choosing.connect(self._choose)
        self._name_place("")
        self.wear()

    @override
    def needed(self) -> tuple[str, ...]:
        return ("name", "store")

    @override
    def wish(self) -> NewBranch:
        return NewBranch(
            self.place.path() or self._home, self.text("name").strip(), bool(self.purpose.value())
        )

    def _name_place(self, _text: str) -> None:
        if self._placed:
            self.place.set_path(folder_for(self.name.text() or "branch", self._home))

    def _place_typed(self) -> None:
        self._placed = False

    def _choose(self) -> None:
        found = choosing.ask_folder(self, self.said, N_("Where the branch is kept"))
        if found is not None:
            self._placed = False
            self.place.set_path(folder_for(self.name.text() or "branch", found))


class _Ways(QWidget, Dressed):
    """Two ways to begin, and the way back.

    Signals:
        open_wanted, new_wanted: The tile that was pressed.
        back: The person is no officer.
    """

    open_wanted = Signal()
    new_wanted = Signal()
    back = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._card = Card(margin=32)
        self._card.body.addWidget(Words(N_("The branch"), speaker, size=Size.NAME, bold=True))
        tell = N_(
            "A branch takes in the files its schemes make: figures of each month, nobody's name."
        )
        self._card.body.addWidget(Words(tell, speaker, wrap=True))
        ways = (
            (N_("Open a branch …"), "file-text", self.open_wanted),
            (N_("Make a new branch"), "plus", self.new_wanted),
        )
        for at, (text, icon, signal) in enumerate(ways):
            tile = Tile(text, speaker, key=str(at + 1), icon=icon)
            tile.clicked.connect(signal)
            digit_keys.bind(self, at + 1, tile.click)
            self._card.body.addWidget(tile)
        self.first = self._card.findChildren(Tile)[0]
        back = PlainButton(N_("Back"), speaker)
        back.clicked.connect(self.back)
        self._card.body.addWidget(back)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self._card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self.wear()

    @override
    def dress(self) -> None:
        self._card.setFixedWidth(theme.current().px(528))
        # The sentence takes two lines in large letters; a card asks for the height of one.
        body = self._card.body
        body.activate()
        self._card.setMinimumHeight(body.totalMinimumHeightForWidth(self._card.minimumWidth()))


class OfficerPage(QWidget):
    """Begins with a branch, one way or the other.

    Args:
        speaker: Says the texts.
        lane: Does what takes long.
        home: Where new branches are proposed.

    Signals:
        chosen: The folder of a branch to open.
        made: The open store of a new branch.
        back: The person goes back.
    """

    chosen = Signal(object)
    made = Signal(object)
    back = Signal()

    def __init__(self, speaker: Speaker, lane: Lane, *, home: Path) -> None:
        super().__init__()
        self._said, self._lane = speaker, lane
        self.ways = _Ways(speaker)
        self.new_branch = NewBranchSheet(speaker, home)
        self.stack = QStackedWidget()
        self._areas = {page: PageArea(page) for page in (self.ways, self.new_branch)}
        for area in self._areas.values():
            self.stack.addWidget(area)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self.ways.open_wanted.connect(self._choose)
        self.ways.new_wanted.connect(self.show_new)
        self.ways.back.connect(self.back)
        self.new_branch.back.connect(self.show_ways)
        self.new_branch.wanted.connect(self._make)

    def show_ways(self) -> None:
        self.stack.setCurrentWidget(self._areas[self.ways])
        self.ways.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_new(self) -> None:
        self.stack.setCurrentWidget(self._areas[self.new_branch])
        self.new_branch.start()

    def _choose(self) -> None:
        found = choosing.ask_folder(self, self._said, N_("Open a branch …"))
        if found is not None:
            self.chosen.emit(found)

    def _make(self, wish: NewBranch) -> None:
        self._lane.do(
            partial(make_branch, wish),
            self.made.emit,
            refused=self.new_branch.refuse,
            troubled=self.new_branch.trouble,
            owner=self,
        )
