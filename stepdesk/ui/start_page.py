"""The first page of a laptop that knows no book: open one, make one, or restore a copy."""

import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from stepdesk.countries import PACKS, country
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import FALLBACK, LANGUAGES, N_, Text
from stepdesk.store.tiles import tiles_of, tiles_of_copy
from stepdesk.ui import choosing, digit_keys, theme
from stepdesk.ui.overriding import override
from stepdesk.ui.page_area import PageArea
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.tasks import Lane
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Choice
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.tile import Tile
from stepdesk.ui.widgets.words import Shown, Size, Words
from stepdesk.values.names import fold

if TYPE_CHECKING:
    from stepdesk.store.desk import Desk
    from stepdesk.store.keys import Cost

_NEEDED = Text(N_("This is needed: fill it in."))


@dataclass(frozen=True, slots=True)
class NewBook:
    """What the form of a new book says."""

    folder: Path
    scheme: str
    country: str
    language: str
    person: str
    password: str
    amount: int
    entry_fee: int
    village: str
    practice: bool


def make_book(wish: NewBook, *, cost: "Cost | None" = None) -> "Desk":
    """Make a new book with its scheme, plan and first village, and return it open.

    Raises:
        Refusal: beside the field it names; nothing is left behind.
        Trouble: when the disk refuses.
    """
    from stepdesk.migrations import shape
    from stepdesk.store.desk import new_desk
    from stepdesk.store.keys import STANDARD

    desk = new_desk(
        wish.folder,
        name=wish.person,
        password=wish.password,
        country_code=wish.country,
        language=wish.language,
        practice=wish.practice,
        shape=shape,
        cost=cost or STANDARD,
    )
    try:
        _found(desk, wish)
    except BaseException:
        desk.close()
        shutil.rmtree(wish.folder, ignore_errors=True)
        raise
    return desk


def _found(desk: "Desk", wish: NewBook) -> None:
    from stepdesk.contributions.service import add_plan, version_plan
    from stepdesk.contributions.terms import PlanVersion
    from stepdesk.scheme.service import add_section, name_scheme
    from stepdesk.values.ids import PlanVersionId

    with desk.work("name_scheme") as work:
        name_scheme(work, name=wish.scheme, language=wish.language)
        add_section(work, name=wish.village)
        plan_id = add_plan(work, code="BASE")
        version = PlanVersion(
            id=PlanVersionId(b""),
            plan_id=plan_id,
            code="BASE",
            name="BASE",
            first_day=work.today.replace(day=1),
            amount=wish.amount,
            entry_fee=wish.entry_fee,
        )
        version_plan(work, version=version)


def home_folder() -> Path:
    return Path.home() / "StepDesk"


def folder_for(name: str, home: Path) -> Path:
    """Return a free folder for a book of that name."""
    plain = "-".join(fold(name).split()) or "book"
    kept = "".join(sign for sign in plain if sign.isalnum() or sign == "-")
    found, at = home / kept, 2
    while found.exists() and any(found.iterdir()):
        found, at = home / f"{kept}-{at}", at + 1
    return found


class CountryAmount(NumberField):
    """An amount in the money of the country that is marked."""

    def set_exponent(self, exponent: int) -> None:
        """Read amounts with that many decimals from now on; what was typed stays."""
        self._exponent = exponent
        self.mark_wrong(wrong=self.problem() is not None)


class PlaceField(QWidget):
    """A folder or file one can type, or choose with the button beside it.

    Signals:
        choosing: The button was pressed.
        typed: Something was typed.
    """

    choosing = Signal()
    typed = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self.field = Field()
        button = PlainButton(N_("Choose …"), speaker)
        button.clicked.connect(self.choosing)
        self.field.textEdited.connect(self._typed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.field, 1)
        row.addWidget(button)
        self.setFocusProxy(self.field)

    def path(self) -> Path | None:
        """Return the place, None while the field is empty."""
        told = self.field.text().strip()
        return Path(told).expanduser() if told else None

    def set_path(self, path: Path) -> None:
        self.field.setText(str(path))

    def _typed(self, _text: str) -> None:
        self.typed.emit()


def _password_field() -> Field:
    field = Field()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field


class Sheet(QWidget, Dressed):
    """A card in the middle: a heading, forms side by side, the main button and the way back.

    Signals:
        wanted: What the form says, whole and ready to be done.
        back: The person goes back.
    """

    wanted = Signal(object)
    back = Signal()

    def __init__(
        self, speaker: Speaker, title: str, *, action: str, icon: str, forms: int, width: int
    ) -> None:
        super().__init__()
        self.said = speaker
        self._width = width
        self._card = Card(margin=32)
        self.forms = tuple(Form(speaker) for _ in range(forms))
        self.button = MainButton(action, speaker, icon=icon)
        self.button.clicked.connect(self.send)
        back = PlainButton(N_("Back"), speaker)
        back.clicked.connect(self.back)
        self._card.body.addWidget(Words(title, speaker, size=Size.NAME, bold=True))
        self._columns = QHBoxLayout()
        self._card.body.addLayout(self._columns)
        for form in self.forms[:2]:
            self._columns.addWidget(form, 1)
        for form in self.forms[2:]:
            self._card.body.addWidget(form)
        self._card.body.addLayout(_row(self.button, back))
        column = QVBoxLayout(self)
        column.addWidget(self._card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    @override
    def dress(self) -> None:
        now = theme.current()
        self._card.setFixedWidth(now.px(self._width))
        self._columns.setSpacing(now.px(32))
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Be as tall as the hints and errors need at this width, so that none is cut."""
        body = self._card.body
        body.activate()
        self._card.setMinimumHeight(body.totalMinimumHeightForWidth(self._card.minimumWidth()))

    def start(self) -> None:
        """Wait for the first field to be filled."""
        self.button.setEnabled(True)
        self.forms[0].focus_first_empty()

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why it cannot be done."""
        self.button.setEnabled(True)
        self._form_of(refusal.field).show_refusal(refusal)
        self._fit()

    def trouble(self, trouble: Trouble) -> None:
        """Show what the laptop could not do."""
        self.refuse(Refusal(trouble.text))

    def send(self) -> None:
        """Hand on what was typed when nothing is missing or wrong."""
        for form in self.forms:
            form.clear()
        wrong = [form.wrong() for form in self.forms]
        if not any(wrong) and not self._missing():
            wish = self.wish()
            if wish is not None:
                self.button.setEnabled(False)
                self.wanted.emit(wish)

    def wish(self) -> object:
        """Return what is wanted, None when something was shown to be wrong."""
        raise NotImplementedError

    def needed(self) -> tuple[str, ...]:
        """Return the names of the fields that may not be empty."""
        raise NotImplementedError

    def text(self, name: str) -> str:
        """Return what was typed into a field."""
        field = self._form_of(name).field(name)
        line = field.field if isinstance(field, PlaceField) else field
        return line.text() if isinstance(line, QLineEdit) else ""

    def _missing(self) -> bool:
        empty = [name for name in self.needed() if not self.text(name).strip()]
        for name in empty:
            self._form_of(name).show_error(name, _NEEDED)
        if empty:
            self._form_of(empty[0]).field(empty[0]).setFocus(Qt.FocusReason.OtherFocusReason)
            self._fit()
        return bool(empty)

    def _form_of(self, name: str) -> Form:
        return next((form for form in self.forms if _has(form, name)), self.forms[-1])


def _has(form: Form, name: str) -> bool:
    try:
        form.field(name)
    except KeyError:
        return False
    return True


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(12)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


class NewBookSheet(Sheet, Speaking):
    """The form of a new book; `wanted` carries a `NewBook`."""

    def __init__(self, speaker: Speaker, home: Path) -> None:
        super().__init__(
            speaker,
            N_("Make a new book"),
            action=N_("Make the book"),
            icon="plus",
            forms=3,
            width=980,
        )
        self._home = home
        self._placed = True
        self.scheme = Field()
        self.country = Choice(speaker, data=True, columns=2)
        self.papers = Choice(speaker, tuple(LANGUAGES.items()), data=True, columns=2)
        self.purpose = Choice(
            speaker, ((False, N_("Our own scheme")), (True, N_("To practise"))), columns=2
        )
        self.place = PlaceField(speaker)
        self.amount, self.entry_fee = CountryAmount(), CountryAmount()
        self._add_scheme()
        self._add_person()
        self.papers.choose(speaker.language)
        self.country.chosen.connect(self._new_currency)
        self.scheme.textEdited.connect(self._name_place)
        self.place.typed.connect(self._place_typed)
        self.place.choosing.connect(self._choose)
        self._name_place("")
        self.wear()
        self.learn(speaker)

    def _add_scheme(self) -> None:
        form = self.forms[0]
        form.add("name", self.scheme, N_("Name of the scheme"))
        form.add("practice", self.purpose, N_("What is the book for?"))
        form.add("country", self.country, N_("Country"))
        form.add("language", self.papers, N_("Language of the papers"))
        form.add("village", Field(), N_("First village or section"))
        self.forms[2].add(
            "book",
            self.place,
            N_("Where the book is kept"),
            hint=N_("A folder of its own on this laptop, not on a USB stick."),
        )

    def _add_person(self) -> None:
        form = self.forms[1]
        form.add("person", Field(), N_("Your name"))
        form.add(
            "password",
            _password_field(),
            N_("Your password"),
            hint=N_("At least 12 signs; four words are good."),
        )
        form.add("repeat", _password_field(), N_("The same password again"))
        form.add("amount", self.amount, N_("Contribution of one person for one month"), width=200)
        form.add(
            "entry_fee", self.entry_fee, N_("Entry fee of a household, 0 for none"), width=200
        )

    @override
    def speak(self) -> None:
        marked = self.country.value()
        language = self.speaker.language
        self.country.set_options([(code, country(code).name(language)) for code in PACKS])
        self.country.choose(marked)

    @override
    def needed(self) -> tuple[str, ...]:
        names = ("name", "village", "person", "password", "repeat", "amount", "entry_fee")
        return (*names, "book")

    @override
    def wish(self) -> NewBook | None:
        if self.text("password") != self.text("repeat"):
            text = Text(N_("The two passwords are not the same. Type both again."))
            self.refuse(Refusal(text, field="repeat"))
            return None
        return NewBook(
            folder=self.place.path() or self._home,
            scheme=self.text("name").strip(),
            country=self.country.value(),
            language=self.papers.value() or FALLBACK,
            person=" ".join(self.text("person").split()),
            password=self.text("password"),
            amount=self.amount.value() or 0,
            entry_fee=self.entry_fee.value() or 0,
            village=self.text("village"),
            practice=bool(self.purpose.value()),
        )

    def _new_currency(self, code: object) -> None:
        exponent = country(str(code)).currency.exponent
        self.amount.set_exponent(exponent)
        self.entry_fee.set_exponent(exponent)

    def _name_place(self, _text: str) -> None:
        if self._placed:
            self.place.set_path(folder_for(self.scheme.text(), self._home))

    def _place_typed(self) -> None:
        self._placed = False

    def _choose(self) -> None:
        found = choosing.ask_folder(self, self.said, N_("Where the book is kept"))
        if found is not None:
            self._placed = False
            self.place.set_path(folder_for(self.scheme.text(), found))


@dataclass(frozen=True, slots=True)
class Restoring:
    """What the form of a restore says."""

    copy: Path
    folder: Path
    person: str
    password: str


def restore_copy(wish: Restoring) -> Path:
    """Put a copy back and return the book's folder.

    Raises:
        Refusal: wrong password, or a copy of another book.
        Trouble: damaged copy, or the disk refuses; the present files are as they were.
    """
    from stepdesk.migrations import migrate
    from stepdesk.store.backup import restore

    restore(wish.copy, wish.folder, password=wish.password, name=wish.person, migrate=migrate)
    return wish.folder


class RestoreSheet(Sheet):
    """The form of a restore; `wanted` carries a `Restoring`."""

    def __init__(self, speaker: Speaker, home: Path) -> None:
        super().__init__(
            speaker,
            N_("Restore a book from a copy"),
            action=N_("Restore"),
            icon="undo-2",
            forms=1,
            width=620,
        )
        self._home = home
        self.last_book: Path | None = None
        self.copy = PlaceField(speaker)
        self.place = PlaceField(speaker)
        self.people = Choice(speaker, data=True, columns=2)
        form = self.forms[0]
        form.add(
            "copy",
            self.copy,
            N_("The copy"),
            hint=N_("A file that ends in .sdk, on a USB stick or in the folder “backups”."),
        )
        form.add(
            "person",
            self.people,
            N_("Who are you?"),
            hint=N_("The names stand here once the copy is chosen."),
        )
        form.add("password", _password_field(), N_("Your password when the copy was made"))
        form.add(
            "book",
            self.place,
            N_("Where the book is put"),
            hint=N_("A book that lies there is kept aside, not thrown away."),
        )
        self.copy.choosing.connect(self._choose_copy)
        self.copy.typed.connect(self._look)
        self.place.choosing.connect(self._choose_place)
        self.wear()

    @override
    def start(self) -> None:
        self.button.setEnabled(True)
        self.copy.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def needed(self) -> tuple[str, ...]:
        return ("copy", "password", "book")

    @override
    def wish(self) -> Restoring | None:
        copy, folder = self.copy.path(), self.place.path()
        if copy is None or folder is None:
            return None
        if tiles_of_copy(copy) is None:
            text = Text(
                N_("{name} is no copy of a StepDesk book. Choose another file."),
                {"name": copy.name},
            )
            self.refuse(Refusal(text, field="copy"))
            return None
        return Restoring(copy, folder, self.people.value() or "", self.text("password"))

    def _choose_copy(self) -> None:
        found = choosing.ask_file(self, self.said, N_("The copy"), "*.sdk")
        if found is not None:
            self.copy.set_path(found)
            self._look()

    def _look(self) -> None:
        """Show who can open the copy, and propose the place of the book it is of."""
        copy = self.copy.path()
        tiles = tiles_of_copy(copy) if copy is not None else None
        self.people.set_options([(name, name) for _id, name in tiles.people] if tiles else [])
        if tiles is None:
            return
        last = tiles_of(self.last_book) if self.last_book is not None else None
        if self.last_book is not None and last is not None and last.book == tiles.book:
            self.place.set_path(self.last_book)
        else:
            self.place.set_path(folder_for(tiles.name, self._home))

    def _choose_place(self) -> None:
        found = choosing.ask_folder(self, self.said, N_("Where the book is put"))
        if found is not None:
            self.place.set_path(found)


class _Welcome(QWidget, Dressed):
    """Four ways to begin.

    Signals:
        open_wanted, new_wanted, restore_wanted, officer_wanted: The tile that was pressed.
    """

    open_wanted = Signal()
    new_wanted = Signal()
    restore_wanted = Signal()
    officer_wanted = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._card = Card(margin=32)
        head = QVBoxLayout()
        self._card.body.addLayout(head)
        head.setSpacing(0)
        head.addWidget(Shown("StepDesk", size=Size.NAME, bold=True))
        head.addWidget(
            Words(N_("The desk of your health mutual"), speaker, size=Size.SMALL, muted=True)
        )
        tell = N_("A book holds one scheme: its members, its money and its papers.")
        self._card.body.addWidget(Words(tell, speaker, wrap=True))
        ways = (
            (N_("Open a book …"), "file-text", self.open_wanted),
            (N_("Make a new book"), "plus", self.new_wanted),
            (N_("Restore from a copy"), "undo-2", self.restore_wanted),
            (N_("I am an officer: the branch"), "chart-column", self.officer_wanted),
        )
        for at, (text, icon, signal) in enumerate(ways):
            tile = Tile(text, speaker, key=str(at + 1), icon=icon)
            tile.clicked.connect(signal)
            digit_keys.bind(self, at + 1, tile.click)
            self._card.body.addWidget(tile)
        self.first = self._card.findChildren(Tile)[0]
        self.languages = Choice(speaker, tuple(LANGUAGES.items()), data=True, columns=3)
        self.languages.choose(speaker.language)
        self.languages.chosen.connect(speaker.set_language)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self._card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.languages, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self.wear()

    @override
    def dress(self) -> None:
        self._card.setFixedWidth(theme.current().px(528))
        self.languages.setFixedWidth(theme.current().px(320))


class StartPage(QWidget):
    """Begins with a book, one way or another.

    Args:
        speaker: Says the texts.
        lane: Does what takes long.
        last_book: The book used last, which a copy may be restored over.
        home: Where new books are proposed; the person's own folder when left out.

    Signals:
        chosen: The folder of a book to open.
        made: The open desk of a new book.
        officer_wanted: Somebody of a branch, who has no book.
    """

    chosen = Signal(object)
    made = Signal(object)
    officer_wanted = Signal()

    def __init__(
        self,
        speaker: Speaker,
        lane: Lane,
        *,
        last_book: Path | None = None,
        home: Path | None = None,
    ) -> None:
        super().__init__()
        self._lane = lane
        self._said = speaker
        self.welcome = _Welcome(speaker)
        self.new_book = NewBookSheet(speaker, home or home_folder())
        self.restore = RestoreSheet(speaker, home or home_folder())
        self.restore.last_book = last_book
        self.stack = QStackedWidget()
        self._areas = {
            page: PageArea(page) for page in (self.welcome, self.new_book, self.restore)
        }
        for area in self._areas.values():
            self.stack.addWidget(area)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self.welcome.open_wanted.connect(self._choose)
        self.welcome.new_wanted.connect(self.show_new)
        self.welcome.restore_wanted.connect(self.show_restore)
        self.welcome.officer_wanted.connect(self.officer_wanted)
        for sheet in (self.new_book, self.restore):
            sheet.back.connect(self.show_welcome)
        self.new_book.wanted.connect(self._make)
        self.restore.wanted.connect(self._restore)

    def show_welcome(self) -> None:
        self.stack.setCurrentWidget(self._areas[self.welcome])
        self.welcome.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_new(self) -> None:
        self.stack.setCurrentWidget(self._areas[self.new_book])
        self.new_book.start()

    def show_restore(self) -> None:
        self.stack.setCurrentWidget(self._areas[self.restore])
        self.restore.start()

    def _choose(self) -> None:
        found = choosing.ask_folder(self, self._said, N_("Open a book …"))
        if found is not None:
            self.chosen.emit(found)

    def _make(self, wish: NewBook) -> None:
        self._lane.do(
            partial(make_book, wish),
            self.made.emit,
            refused=self.new_book.refuse,
            troubled=self.new_book.trouble,
            owner=self,
        )

    def _restore(self, wish: Restoring) -> None:
        self._lane.do(
            partial(restore_copy, wish),
            self.chosen.emit,
            refused=self.restore.refuse,
            troubled=self.restore.trouble,
            owner=self,
        )
