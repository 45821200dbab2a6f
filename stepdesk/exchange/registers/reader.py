"""Cells of one file to values, each odd one once: decisions are asked by value, not by row."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from stepdesk.countries.pack import CountryPack
from stepdesk.exchange.registers import values
from stepdesk.exchange.registers.terms import Cell, Choices, Field, Odd, shown
from stepdesk.exchange.registers.values import Unread
from stepdesk.exchange.registers.words import fold
from stepdesk.i18n import Text


@dataclass(frozen=True, slots=True)
class Read:
    """A value, whether it was put right, and why it could not be read."""

    value: Any
    mended: bool = False
    wrong: Text | None = None


NOTHING = Read(None)
AS_WRITTEN = frozenset(
    {
        *(Field.NAME, Field.SURNAME, Field.GIVEN_NAMES, Field.HEAD, Field.HOUSEHOLD),
        *(Field.PERSON_NUMBER, Field.ADDRESS, Field.GROUP, Field.RECEIPT),
        *(Field.OCCUPATION, Field.BIRTH_PLACE, Field.IDENTITY),
    }
)
"""What is kept as it is written: there is nothing to read."""


@dataclass(slots=True)
class _Wrong:
    value: str
    reason: Text
    proposal: str | None
    count: int = 0


@dataclass(slots=True)
class Reader:
    """Reads cells, remembers what was read, and lists what could not be."""

    choices: Choices
    country: CountryPack
    today: date
    _known: dict[tuple[Field, type, Cell], Read] = field(default_factory=dict)
    _wrong: dict[tuple[Field, str], _Wrong] = field(default_factory=dict)
    _keys: dict[tuple[Field, type, Cell], str] = field(default_factory=dict)
    _mended: frozenset[Field] = frozenset()

    def __post_init__(self) -> None:
        self._mended = frozenset(what for what, _ in self.choices.repairs)

    def read(self, what: Field, cell: Cell) -> Read:
        """Return what a cell says; an odd one is counted."""
        key = (what, type(cell), cell)
        found = self._known.get(key)
        if found is None:
            told = self.as_written(what, cell)
            if told is not None:
                return Read(told)
            found = self._known[key] = self._fresh(what, cell)
        if self._keys and key in self._keys:
            self._count(what, self._keys[key])
        return found

    def as_written(self, what: Field, cell: Cell) -> str | None:
        """Return a text that is kept as it stands; None for one that is read, or was repaired."""
        if what not in AS_WRITTEN or what in self._mended:
            return None
        return " ".join(shown(cell).split())

    def _count(self, what: Field, name: str) -> None:
        if (what, name) in self._wrong:
            self._wrong[what, name].count += 1

    def _fresh(self, what: Field, cell: Cell) -> Read:
        name = fold(shown(cell).strip())
        decided = self.choices.repairs.get((what, name))
        try:
            value, mended = self._value(what, cell if decided is None else decided)
        except Unread as unread:
            self._wrong.setdefault(
                (what, name), _Wrong(shown(cell).strip(), unread.reason, unread.proposal)
            )
            self._keys[what, type(cell), cell] = name
            return Read(None, wrong=unread.reason)
        if decided is not None:
            self._note_repair(what, name, cell)
        return Read(value, mended or decided is not None)

    def _note_repair(self, what: Field, name: str, cell: Cell) -> None:
        """Keep a decided value in the list, with what it was decided to be."""
        try:
            self._value(what, cell)
            reason, proposal = Text(""), None
        except Unread as unread:
            reason, proposal = unread.reason, unread.proposal
        self._wrong.setdefault((what, name), _Wrong(shown(cell).strip(), reason, proposal))
        self._keys[what, type(cell), cell] = name

    def _value(self, what: Field, cell: Cell) -> tuple[Any, bool]:  # noqa: PLR0911 - one case a kind
        if cell == "" or values.empty(cell):
            return None, False
        match what:
            case Field.BIRTH:
                return values.read_birth(cell, self.today, month_first=self.choices.month_first)
            case Field.SEX:
                return values.read_sex(cell), False
            case Field.RELATION:
                return values.read_relation(cell), False
            case Field.PHONE if not shown(cell).strip("0 "):
                return None, False
            case Field.PHONE:
                return values.read_phones(cell, self.country.code)
            case Field.JOINED_ON | Field.PAID_ON:
                return values.read_day(cell, self.today, month_first=self.choices.month_first)
            case _:
                return self._money_or_text(what, cell)

    def _money_or_text(self, what: Field, cell: Cell) -> tuple[Any, bool]:
        match what:
            case Field.PAID_UNTIL:
                return values.read_through(cell, self.today, month_first=self.choices.month_first)
            case Field.ARREARS | Field.ENTRY_FEE | Field.AMOUNT | Field.MONTH:
                return values.read_amount(cell, self.country.currency)
            case Field.SIZE:
                return values.read_amount(cell, values.WHOLE)
            case _:
                return " ".join(shown(cell).split()), False

    def wrong(self, what: Field, value: str, reason: Text, proposal: str | None) -> None:
        """List a value that only its neighbours show to be odd: a village's spelling."""
        key = (what, fold(value))
        known = self._wrong.setdefault(key, _Wrong(value, reason, proposal))
        known.count += 1

    def odd(self) -> tuple[Odd, ...]:
        """Return the odd values, the most frequent first."""
        found = [
            Odd(
                what, name, one.value, one.count, one.proposal, one.reason,
                self.choices.repairs.get((what, name)),
            )
            for (what, name), one in self._wrong.items()
            if one.count
        ]  # fmt: skip
        return tuple(sorted(found, key=lambda one: (-one.count, one.field.value, one.key)))
