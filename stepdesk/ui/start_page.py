"""The first page of a laptop that knows no book: open one, make one, or restore a copy."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from stepdesk.countries import country
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import LANGUAGES, N_, Text
from stepdesk.ui import choosing, theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Choice
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.names import fold

if TYPE_CHECKING:
    from stepdesk.store.desk import Desk
    from stepdesk.store.keys import Cost

_FEWEST = 12
_NEEDED = Text(N_("This is needed."))


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


def _home() -> Path:
    return Path.home() / "StepDesk"


def folder_for(name: str, home: Path) -> Path:
    """Return a free folder for a book of that name."""
    plain = "-".join(fold(name).split()) or "book"
    kept = "".join(sign for sign in plain if sign.isalnum() or sign == "-")
    found, at = home / kept, 2
    while found.exists() and any(found.iterdir()):
        found, at = home / f"{kept}-{at}", at + 1
    return found


class PlaceField(Field):
    """A folder or file one can type, or choose with the button beside it."""


def _with_button(field: Field, button: PlainButton) -> QWidget:
    """Return the field and its button in one row, the field being what takes the focus."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(field, 1)
    row.addWidget(button)
    holder.setFocusProxy(field)
    return holder


def _password_field() -> Field:
    field = Field()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field


class _Sheet(QWidget, Dressed):
    """A card in the middle with a heading, a form, the main button and the way back."""

    back = Signal()
    design_width = 560

    def __init__(self, speaker: Speaker, title: str, *, action: str, icon: str) -> None:
        super().__init__()
        self.said = speaker
        self.card = Card(margin=32)
        self.form = Form(speaker)
        self.button = MainButton(action, speaker, icon=icon)
        back = PlainButton(N_("Back"), speaker)
        back.clicked.connect(self.back)
        buttons = QHBoxLayout()
        buttons.addWidget(self.button)
        buttons.addWidget(back)
        buttons.addStretch(1)
        self.card.body.addWidget(Words(title, speaker, size=Size.TITLE, bold=True))
        self.card.body.addWidget(self.form)
        self.card.body.addLayout(buttons)
        column = QVBoxLayout(self)
        column.addWidget(self.card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    @override
    def dress(self) -> None:
        self.card.setFixedWidth(theme.current().px(self.design_width))

    def missing(self, *names: str) -> bool:
        """Say beside each empty field that it is needed; whether any is empty."""
        empty = [name for name in names if not self.text(name)]
        for name in empty:
            self.form.show_error(name, _NEEDED)
        if empty:
            self.form.field(empty[0]).setFocus(Qt.FocusReason.OtherFocusReason)
        return bool(empty)

    def text(self, name: str) -> str:
        """Return what was typed into a field."""
        field = self.form.field(name)
        inner = field if isinstance(field, QLineEdit) else field.focusProxy()
        return inner.text().strip() if isinstance(inner, QLineEdit) else ""

    def refuse(self, refusal: Refusal) -> None:
        self.button.setEnabled(True)
        self.form.show_refusal(refusal)

    def trouble(self, trouble: Trouble) -> None:
        self.refuse(Refusal(trouble.text))


class NewBookSheet(_Sheet):
    """The form of a new book.

    Signals:
        wanted: A `NewBook`.
    """

    wanted = Signal(object)
    design_width = 760

    def __init__(self, speaker: Speaker, home: Path) -> None:
        super().__init__(
            speaker, N_("Make a new book"), action=N_("Make the book"), icon="plus"
        )
        self._home = home
        self._placed = True
        self.scheme = Field()
        self.country = Choice(speaker, _countries(speaker), data=True, columns=2)
        self.language = Choice(speaker, tuple(LANGUAGES.items()), data=True, columns=2)
        self.practice = Choice(
            speaker,
            ((False, N_("Real: our own scheme")), (True, N_("Practice: only to learn"))),
            columns=2,
        )
        self.place = PlaceField()
        self.amount, self.entry_fee = NumberField(), NumberField()
        self._amounts: QHBoxLayout | None = None
        self._add(speaker)
        self.language.choose(speaker.language)
        self.country.chosen.connect(self._new_currency)
        self.scheme.textEdited.connect(self._name_place)
        self.place.textEdited.connect(self._place_typed)
        self.button.clicked.connect(self._send)
        self._name_place("")
        self.wear()

    def _add(self, speaker: Speaker) -> None:
        button = PlainButton(N_("Choose …"), speaker)
        button.clicked.connect(self._choose)
        self.form.add("name", self.scheme, N_("Name of the scheme"))
        self.form.add("practice", self.practice, N_("What is the book for?"))
        self.form.add("country", self.country, N_("Country"))
        self.form.add("language", self.language, N_("Language of the papers"))
        self.form.add("person", Field(), N_("Your name"), width=400)
        self.form.add(
            "password",
            _password_field(),
            N_("Your password"),
            hint=N_("At least 12 signs; four words are good. Nobody can tell it to you again."),
            width=400,
        )
        self.form.add("repeat", _password_field(), N_("The same password again"), width=400)
        self._add_amounts()
        self.form.add("village", Field(), N_("First village"), width=400)
        self.form.add(
            "book",
            _with_button(self.place, button),
            N_("Where the book is kept"),
            hint=N_("A folder of its own, on this laptop and not on a USB stick."),
        )

    def _add_amounts(self) -> None:
        self.form.add(
            "amount",
            self.amount,
            N_("Contribution a month for each person"),
            hint=N_("In the country's money. It can be changed later."),
            width=200,
        )
        self.form.add("entry_fee", self.entry_fee, N_("Entry fee for a household"), width=200)

    def start(self) -> None:
        self.scheme.setFocus(Qt.FocusReason.OtherFocusReason)

    def _new_currency(self, code: object) -> None:
        exponent = country(str(code)).currency.exponent
        for field in (self.amount, self.entry_fee):
            field.set_exponent(exponent) if hasattr(field, "set_exponent") else None

    def _name_place(self, _text: str) -> None:
        if self._placed:
            self.place.setText(str(folder_for(self.scheme.text(), self._home)))

    def _place_typed(self, _text: str) -> None:
        self._placed = False

    def _choose(self) -> None:
        found = choosing.ask_folder(self, self.said, N_("Where the book is kept"))
        if found is not None:
            self._placed = False
            self.place.setText(str(folder_for(self.scheme.text(), found)))

    def _send(self) -> None:
        pass
