"""What the columns of a register mean, guessed from their names and from their values. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from itertools import pairwise

from stepdesk.exchange.registers.terms import (
    OF_PERSON,
    Cell,
    Column,
    Field,
    Table,
    Target,
    shown,
)
from stepdesk.exchange.registers.words import (
    counting,
    crossed,
    field_of_name,
    month_of,
    plain,
    relations,
    sexes,
    slot_of,
    slots_in,
)
from stepdesk.members.terms import Relation, Sex

SAMPLES = 5
_LOOKED_AT = 400
_YEAR_IN = re.compile(r"(?<!\d)(20\d\d|19[89]\d)(?!\d)")
_PEOPLE_SIGNS = re.compile(r"[;\n]|,|\bet\b|\+")
_PHONE = re.compile(r"(?:\+|00)?\d{8,13}")
_ONCE = frozenset(Field) - {Field.MONTH, Field.PEOPLE}


def fingerprint(table: Table) -> bytes:
    """Return what names a header: the same for next year's file of the same form."""
    return sha256("|".join(plain(name) for name in table.names).encode()).digest()


def guess_columns(
    table: Table, saved: Mapping[str, Target | None] | None = None
) -> tuple[Column, ...]:
    """Return every column with what it is taken to mean.

    Args:
        table: The table.
        saved: What a person chose for a header of the same fingerprint, by folded name.
    """
    guess = _Guess(table)
    for at, name in enumerate(table.names):
        cells = [line.cells[at] for line in table.lines[:_LOOKED_AT]]
        guess.look(at, name, [cell for cell in cells if shown(cell).strip()])
    guess.by_values()
    guess.by_order()
    guess.settle()
    if saved is not None:
        guess.take(saved)
    return tuple(guess.columns)


@dataclass(slots=True)
class _Guess:
    """The columns from left to right, and who is being spoken of."""

    table: Table
    columns: list[Column] = field(default_factory=list)
    values: list[list[Cell]] = field(default_factory=list)
    used: set[tuple[Field, int]] = field(default_factory=set)
    slot: int = 0
    slots: dict[str, int] = field(default_factory=dict)
    relation: Relation | None = None
    sex: Sex | None = None

    def look(self, at: int, name: str, cells: list[Cell]) -> None:
        samples = tuple(dict.fromkeys(shown(cell).strip() for cell in cells))[:SAMPLES]
        self.values.append(cells)
        target = self._by_name(name, cells)
        self.columns.append(Column(at, name, samples, target, "name" if target else ""))

    def _by_name(self, name: str, cells: Sequence[Cell]) -> Target | None:
        month, year = month_of(name)
        if month and _paid_cells(cells):
            return Target(Field.MONTH, month=month, year=year)
        other = slot_of(name)
        found, sure = field_of_name(name)
        if other is not None and (found is None or found in OF_PERSON | {Field.PEOPLE}):
            told = self._of_other(name, other, found, cells)
            if told is not None:
                return told
        if not sure or found is None:
            return None
        return self._of_row(found, cells)

    def _of_other(  # noqa: PLR0911 - one case a kind
        self,
        name: str,
        other: tuple[Relation, Sex | None, int],
        found: Field | None,
        cells: Sequence[Cell],
    ) -> Target | None:
        relation, sex, number = other
        if not number and _many(cells):
            if slots_in(name) > 1 or relation is Relation.OTHER:
                return Target(Field.PEOPLE)
            return Target(Field.PEOPLE, relation=relation, sex=sex)
        if found is Field.PEOPLE or (relation is Relation.OTHER and not number):
            return None
        key = f"{relation.value}{number}"
        if key not in self.slots:
            self.slots[key] = len(self.slots) + 1
        self.slot, self.relation, self.sex = self.slots[key], relation, sex
        own = found is not None and found in OF_PERSON
        what = self._better(name, found if own and found is not None else Field.NAME)
        if (what, self.slot) in self.used:
            return None
        self.used.add((what, self.slot))
        return Target(what, self.slot, relation, sex)

    def _better(self, name: str, what: Field) -> Field:
        """Return the field that the rest of a name says: `Épouse 1 âge` is a birth."""
        rest = " ".join(
            word for word in plain(name).split() if slot_of(word) is None and not word.isdecimal()
        )
        told, sure = field_of_name(rest) if rest else (None, 0)
        return told if told in OF_PERSON and sure else what

    def _of_row(self, found: Field, cells: Sequence[Cell]) -> Target | None:  # noqa: PLR0911 - one case a kind
        if found in OF_PERSON and self.slot and (found, 0) in self.used:
            if (found, self.slot) in self.used:
                return None
            self.used.add((found, self.slot))
            return Target(found, self.slot, self.relation, self.sex)
        if found in _ONCE and (found, 0) in self.used:
            return None
        if found is Field.PEOPLE and not _many(cells):
            found = Field.NAME
        if found is Field.AMOUNT and not _amounts(cells):
            return None
        self.used.add((found, 0))
        return Target(found)

    def by_values(self) -> None:
        """Give columns whose names say nothing what their values look like."""
        for at, column in enumerate(self.columns):
            if column.target is not None or not self.values[at] or _left_out(column.name):
                continue
            what = _by_values(self.values[at])
            if what is not None and (what, 0) not in self.used:
                self.used.add((what, 0))
                self.columns[at] = replace(column, target=Target(what), by="values")

    def by_order(self) -> None:
        """Tell the numbers of households from those of rows and of persons.

        A column `N°` whose values come several times in a row, or stand beside the first of
        several rows alone, numbers households; one that counts the rows is left out. A number of
        its own beside each of several people of a household is the person's.
        """
        for at, column in enumerate(self.columns):
            cells = [shown(line.cells[at]).strip() for line in self.table.lines[:_LOOKED_AT]]
            if (Field.HOUSEHOLD, 0) in self.used or column.target is not None:
                self._number_of_person(at, cells)
            elif plain(column.name) in counting() and numbers_households(cells):
                self.used.add((Field.HOUSEHOLD, 0))
                self.columns[at] = replace(column, target=Target(Field.HOUSEHOLD), by="values")

    def _number_of_person(self, at: int, cells: Sequence[str]) -> None:
        target = self.columns[at].target
        if target is None or target.field is not Field.HOUSEHOLD or "" in cells:
            return
        links = [one for one in self.columns if one.target == Target(Field.RELATION)]
        if not links or len(set(cells)) < len(cells) or (Field.PERSON_NUMBER, 0) in self.used:
            return
        told = [relations().get(plain(shown(cell))) for cell in self.values[links[0].at]]
        others = sum(one not in {None, Relation.SELF} for one in told)
        if others * 4 >= len(cells):
            self._turn(Field.HOUSEHOLD, Field.PERSON_NUMBER)

    def settle(self) -> None:
        """Put right what only all columns together tell: `nom` beside no `prénom` is the name."""
        fields = [one.target.field for one in self.columns if one.target and not one.target.slot]
        if Field.SURNAME in fields and Field.GIVEN_NAMES not in fields:
            self._turn(Field.SURNAME, Field.NAME if Field.NAME not in fields else Field.SURNAME)
        fields = [one.target.field for one in self.columns if one.target and not one.target.slot]
        if not {Field.NAME, Field.SURNAME} & set(fields) and Field.HEAD in fields:
            self._turn(Field.HEAD, Field.NAME)

    def _turn(self, old: Field, new: Field) -> None:
        for at, one in enumerate(self.columns):
            if one.target is not None and one.target.field is old and not one.target.slot:
                self.columns[at] = replace(one, target=replace(one.target, field=new))
                self.used.discard((old, 0))
                self.used.add((new, 0))

    def take(self, saved: Mapping[str, Target | None]) -> None:
        for at, one in enumerate(self.columns):
            if plain(one.name) in saved:
                self.columns[at] = replace(one, target=saved[plain(one.name)], by="saved")


_FEWEST, _MOST_FILLED, _LEAST_REPEATED = 3, 0.7, 1.2


def numbers_households(cells: Sequence[str]) -> bool:
    """Whether a column of numbers groups rows: each comes several times, or alone before blanks."""
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or len(cells) < _FEWEST or not cells[0]:
        return False
    if len(filled) < len(cells) * _MOST_FILLED:
        return len(set(filled)) == len(filled)
    runs = 1 + sum(one != other for one, other in pairwise(filled))
    return len(filled) >= runs * _LEAST_REPEATED


def _left_out(name: str) -> bool:
    found, sure = field_of_name(name)
    return bool(sure) and found is None


def _many(cells: Sequence[Cell]) -> bool:
    """Whether cells hold several people each."""
    told = [cell for cell in cells if isinstance(cell, str)]
    return bool(told) and sum(bool(_PEOPLE_SIGNS.search(cell)) for cell in told) * 4 >= len(told)


def _amounts(cells: Sequence[Cell]) -> bool:
    return _share(cells, lambda cell: isinstance(cell, int | float) or _figures(cell) >= 2) > 0.5


def _figures(cell: Cell) -> int:
    return sum(sign.isdecimal() for sign in shown(cell))


def _paid_cells(cells: Sequence[Cell]) -> bool:
    return (
        not cells
        or _share(
            cells,
            lambda cell: (
                isinstance(cell, int | float)
                or crossed(str(cell))
                or _figures(cell) > 0
                or len(str(cell)) <= 2
            ),
        )
        > 0.5
    )


def _share(cells: Sequence[Cell], holds: Callable[[Cell], bool]) -> float:
    return sum(map(holds, cells)) / len(cells) if cells else 0


def _by_values(cells: Sequence[Cell]) -> Field | None:
    for what, holds in _LOOKS:
        if _share(cells, holds) >= 0.9 and (len(cells) > 1):
            return what
    if _names_like(cells):
        return Field.NAME
    return None


def _is_sex(cell: Cell) -> bool:
    return isinstance(cell, str) and plain(cell) in sexes() and not cell.isdecimal()


def _is_phone(cell: Cell) -> bool:
    plain_one = re.sub(r"[\s./-]", "", shown(cell))
    return bool(_PHONE.fullmatch(plain_one)) and not isinstance(cell, date)


def _is_year(cell: Cell) -> bool:
    told = shown(cell)
    return told.isdecimal() and len(told) == 4 and 1900 <= int(told) <= 2030


def _is_day(cell: Cell) -> bool:
    return isinstance(cell, date | datetime) or bool(
        re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", shown(cell).strip())
    )


def _is_relation(cell: Cell) -> bool:
    return isinstance(cell, str) and plain(cell).rstrip("0123456789 ") in relations()


_LOOKS: tuple[tuple[Field, Callable[[Cell], bool]], ...] = (
    (Field.SEX, _is_sex),
    (Field.RELATION, _is_relation),
    (Field.PHONE, _is_phone),
    (Field.BIRTH, _is_year),
    (Field.BIRTH, _is_day),
)


def _names_like(cells: Sequence[Cell]) -> bool:
    """Whether most cells are two or more words of letters, and hardly any comes twice."""
    told = [cell.strip() for cell in cells if isinstance(cell, str)]
    if len(told) < 3 or len(told) < len(cells) * 0.9:
        return False
    words = [
        one for one in told if 2 <= len(one.split()) <= 6 and not any(map(str.isdecimal, one))
    ]
    common = Counter(told).most_common(1)[0][1]
    return len(words) >= len(told) * 0.8 and common <= max(2, len(told) * 0.2)


def year_of(texts: Iterable[str]) -> int:
    """Return the year that titles or a sheet's name tell, 0 when none does."""
    for text in texts:
        found = _YEAR_IN.findall(text)
        if found:
            return int(found[-1])
    return 0
