"""Lists one chooses from while a certificate is typed: the people of a card, the acts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from stepdesk.benefits.terms import Service
from stepdesk.i18n import N_, Text
from stepdesk.members.terms import SEXES, PersonRow
from stepdesk.ui import tokens
from stepdesk.ui.claims.facts import Prices
from stepdesk.ui.keys import AZERTY_DIGITS
from stepdesk.ui.members.facts import age_words
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.values.money import Currency, Money

_PEOPLE = (
    Column(N_("Card"), width=84),
    Column(N_("Name"), width=130, stretch=2),
    Column(N_("Sex"), width=60, priority=2),
    Column(N_("Age"), Kind.NUMBER, width=52, priority=1),
    Column(N_("Village"), width=90, priority=3, stretch=1, muted=True),
)
_ACTS = (
    Column(N_("Act"), width=108),
    Column(N_("Name"), width=160, stretch=1),
    Column(N_("Price list"), Kind.AMOUNT, width=84, priority=1),
    Column(N_("Unit"), width=80, priority=2, muted=True),
)
_SHOWN = 40


def card_of(person: PersonRow) -> str:
    """Return a card as it is typed and shown: 47/02."""
    return f"{person.number.serial}/{person.suffix:02d}"


class PeopleList(TableView):
    """The people a card or a name may mean; their digit, or the arrow keys and Enter, choose.

    Signals:
        picked: Who was chosen (a `PersonRow`).
    """

    picked = Signal(object)

    def __init__(self, speaker: Speaker, today: date) -> None:
        self._people: tuple[PersonRow, ...] = ()
        self._today = today
        self._digits = ""
        self._by_digit = False
        super().__init__(speaker, row=tokens.ROW_DENSE)
        self._rows = RowsModel((), self._fetch, _PEOPLE, speaker, self)
        self.show_rows(self._rows)
        self.chosen.connect(self._choose_at)

    @override
    def speak(self) -> None:
        super().speak()
        self.setAccessibleName(self.speaker.tr(N_("Who is it?")))

    def show_people(self, people: Sequence[PersonRow], *, by_digit: bool) -> None:
        """Show them, the first chosen."""
        self._people = tuple(people)
        self._by_digit = by_digit
        self._digits = ""
        self._rows.set_ids(tuple(range(len(people))))
        self.go_to(0)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        digit = event.text().translate(AZERTY_DIGITS)
        plain = not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        )
        if self._by_digit and plain and len(digit) == 1 and digit.isdecimal():
            self._digit(digit)
            return
        super().keyPressEvent(event)

    def _digit(self, digit: str) -> None:
        """Go to the person of a suffix; take them when no longer suffix begins so."""
        self._digits += digit
        suffixes = [str(one.suffix) for one in self._people]
        if self._digits not in suffixes:
            self._digits = digit
        if self._digits not in suffixes:
            self._digits = ""
            return
        at = suffixes.index(self._digits)
        self.go_to(at)
        if not any(one != self._digits and one.startswith(self._digits) for one in suffixes):
            self.picked.emit(self._people[at])

    def _choose_at(self, at: Any) -> None:  # noqa: ANN401 - the table's ids are of any kind
        self.picked.emit(self._people[at])

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        found = [self._people[at] for at in ids]
        return [
            (
                f"/{one.suffix:02d}" if self._by_digit else card_of(one),
                one.name,
                Text(SEXES[one.sex]),
                age_words(one.birth, self._today),
                one.section,
            )
            for one in found
        ]


class ActList(TableView):
    """The acts some letters may mean, with the price of the list.

    Signals:
        picked: The act (a `Service`) that was clicked twice.
    """

    picked = Signal(object)

    def __init__(self, speaker: Speaker, currency: Currency) -> None:
        self._acts: tuple[Service, ...] = ()
        self._prices: Prices | None = None
        self._currency = currency
        super().__init__(
            speaker, empty=N_("No act begins so. Try fewer letters."), row=tokens.ROW_DENSE
        )
        self._rows = RowsModel((), self._fetch, _ACTS, speaker, self)
        self.show_rows(self._rows)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.chosen.connect(self._choose_at)

    @override
    def speak(self) -> None:
        super().speak()
        self.setAccessibleName(self.speaker.tr(N_("Acts found")))

    def show_acts(self, acts: Sequence[Service], prices: Prices | None) -> None:
        """Show them, the likeliest first and chosen."""
        self._acts = tuple(acts[:_SHOWN])
        self._prices = prices
        self._rows.set_ids(tuple(range(len(self._acts))))
        if self._acts:
            self.go_to(0)

    def step(self, by: int) -> None:
        """Go through them."""
        if self._acts:
            row = self.currentIndex().row() + by
            self.go_to(max(0, min(row, len(self._acts) - 1)))

    def act(self) -> Service | None:
        """Return the one that is chosen."""
        row = self.currentIndex().row()
        return self._acts[row] if 0 <= row < len(self._acts) else None

    def _choose_at(self, at: Any) -> None:  # noqa: ANN401 - the table's ids are of any kind
        self.picked.emit(self._acts[at])

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        prices = self._prices.of if self._prices else {}
        found = [self._acts[at] for at in ids]
        return [
            (
                one.code,
                one.name,
                Money(prices[one.id], self._currency) if one.id in prices else None,
                one.unit,
            )
            for one in found
        ]
