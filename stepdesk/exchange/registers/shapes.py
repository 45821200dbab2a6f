"""How a register is built: its shape guessed, and its rows gathered to households. Pure.

Nothing is read here: cells stay as they are, only who belongs to whom is told.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from stepdesk.exchange.registers.terms import (
    OF_PERSON,
    Cell,
    Column,
    Field,
    Line,
    Shape,
    Table,
    Target,
    shown,
)
from stepdesk.exchange.registers.values import empty
from stepdesk.exchange.registers.words import fold, plain, relations
from stepdesk.members.terms import Relation, Sex

_NAMES = {Field.NAME, Field.SURNAME, Field.GIVEN_NAMES}
_SELF = frozenset({Relation.SELF})
_APART = frozenset({Field.MONTH, Field.PEOPLE})
_HEAD_MARKS = (
    Field.HOUSEHOLD,
    Field.HEAD,
    Field.PHONE,
    Field.SECTION,
    Field.SIZE,
    Field.JOINED_ON,
)


@dataclass(slots=True)
class Piece:
    """One person as the cells tell them: the row, and by field the cell and its column."""

    at: int
    slot: int
    cells: dict[Field, tuple[Cell, int]]
    relation: Relation | None = None
    sex: Sex | None = None

    def cell(self, what: Field) -> Cell:
        return self.cells[what][0] if what in self.cells else ""


@dataclass(slots=True)
class Draft:
    """A household before anything is read: its pieces, its own cells, its months."""

    pieces: list[Piece] = field(default_factory=list)
    cells: dict[Field, tuple[Cell, int, int]] = field(default_factory=dict)
    months: list[tuple[Target, Cell, int, int]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    others: list[tuple[Field, Cell, int, int]] = field(default_factory=list)

    def put(self, what: Field, cell: Cell, at: int, column: int) -> None:
        """Keep what the first row that says it says of the household, and what others say else."""
        first = self.cells.get(what)
        if first is None:
            self.cells[what] = (cell, at, column)
        elif first[1] != at and first[0] != cell:
            self.others.append((what, cell, at, column))


# The shape


def guess_shape(table: Table, columns: Sequence[Column]) -> Shape:  # noqa: PLR0911 - one case a kind
    """Return how the register is likely to be built."""
    targets = {one.at: one.target for one in columns if one.target is not None}
    told = {one.field for one in targets.values()}
    if {Field.PAID_ON, Field.AMOUNT} <= told and not told & {Field.BIRTH, Field.SEX}:
        return Shape.PAYMENTS
    if Field.MONTH in told:
        return Shape.MONTHS
    if Field.PEOPLE in told or any(one.slot for one in targets.values()):
        return Shape.HOUSEHOLDS
    if told & {Field.HOUSEHOLD, Field.RELATION, Field.PHONE, Field.SECTION}:
        return Shape.HEADED if _headed(table, targets) else Shape.PERSONS
    return Shape.PERSONS


def _headed(table: Table, targets: Mapping[int, Target]) -> bool:
    """Whether what is told of the household stands on its first row alone."""
    for mark in _HEAD_MARKS[:4]:
        at = next((at for at, one in targets.items() if one.field is mark), None)
        if at is None:
            continue
        filled = [not empty(line.cells[at]) for line in table.lines]
        if filled and filled[0] and sum(filled) < len(filled) * 0.7:
            return True
        if mark in _NAMING:
            return False  # every row says whose it is: a telephone beside the head alone is usual
    return False


# Rows to households


def drafts_of(lines: Sequence[Line], targets: Mapping[int, Target], shape: Shape) -> list[Draft]:
    """Return the households of a table, in the order of their first rows."""
    told = {one.field for one in targets.values()}
    begin = _beginner(lines, targets, shape, told)
    gather = _Gather(targets)
    drafts: dict[object, Draft] = {}
    for at, line in enumerate(lines):
        cells = gather.of_line(line)
        key = begin(at, cells)
        draft = drafts.get(key)
        if draft is None:
            draft = drafts[key] = Draft()
        gather.put(draft, line, cells)
    return list(drafts.values())


Cells = dict[tuple[Field, int], tuple[Cell, int]]
_Begin = Callable[[int, Cells], object]


class _Silent(dict[Cell, bool]):
    """Whether a cell says nothing, each one looked at once."""

    def __missing__(self, cell: Cell) -> bool:
        told = self[cell] = empty(cell)
        return told


@dataclass(slots=True)
class _Gather:
    targets: Mapping[int, Target]
    told: list[tuple[int, tuple[Field, int]]] = field(init=False)
    hints: list[Target] = field(init=False)
    apart: list[tuple[int, Target]] = field(init=False)
    silent: "_Silent" = field(init=False)

    def __post_init__(self) -> None:
        self.silent, targets = _Silent(), self.targets.items()
        self.told = [
            (at, (one.field, one.slot)) for at, one in targets if one.field is not Field.MONTH
        ]
        self.hints = [one for one in self.targets.values() if one.slot]
        self.apart = [(at, one) for at, one in targets if one.field in _APART]

    def of_line(self, line: Line) -> Cells:
        """Return the cells that say something, by field and slot."""
        found: Cells = {}
        cells, silent = line.cells, self.silent
        for at, key in self.told:
            cell = cells[at]
            if not silent[cell] and key not in found:
                found[key] = (cell, at)
        return found

    def put(self, draft: Draft, line: Line, cells: Cells) -> None:  # noqa: C901 - one case a kind
        draft.rows.append(line.at)
        pieces: dict[int, Piece] = {0: Piece(line.at, 0, {})}
        for (what, slot), told in cells.items():
            if what not in OF_PERSON:
                if what is not Field.PEOPLE:
                    draft.put(what, told[0], line.at, told[1])
                continue
            if slot not in pieces:
                pieces[slot] = Piece(line.at, slot, {})
            pieces[slot].cells[what] = told
        if (Field.HEAD, 0) in cells and not _NAMES & set(pieces[0].cells):
            pieces[0].cells[Field.NAME] = cells[Field.HEAD, 0]
        self._hint(pieces)
        draft.pieces += [one for _, one in sorted(pieces.items()) if one.cells or not one.slot]
        for at, target in self.apart:
            if target.field is Field.MONTH:
                draft.months.append((target, line.cells[at], line.at, at))
            elif target.field is Field.PEOPLE and not empty(line.cells[at]):
                cell = {Field.PEOPLE: (line.cells[at], at)}
                draft.pieces.append(Piece(line.at, -1, cell, target.relation, target.sex))

    def _hint(self, pieces: Mapping[int, Piece]) -> None:
        for target in self.hints:
            if target.slot in pieces:
                piece = pieces[target.slot]
                piece.relation, piece.sex = target.relation, target.sex


def _beginner(  # noqa: PLR0911 - one case a kind
    lines: Sequence[Line], targets: Mapping[int, Target], shape: Shape, told: set[Field]
) -> _Begin:
    """Return what tells of a row which household it belongs to."""
    if shape is Shape.HEADED:
        return _by_head_row(told)
    if shape is Shape.PERSONS or (shape is Shape.MONTHS and _repeats(lines, targets, told)):
        if Field.HOUSEHOLD in told:
            return _by_number()
        if Field.HEAD in told:
            return _by_head()
        if Field.RELATION in told:
            return _by_head_row({Field.RELATION})
    return lambda at, _: at


def _repeats(lines: Sequence[Line], targets: Mapping[int, Target], told: set[Field]) -> bool:
    if Field.RELATION in told:
        return True
    column = next((at for at, one in targets.items() if one.field is Field.HOUSEHOLD), None)
    if column is None:
        return False
    found = Counter(shown(line.cells[column]) for line in lines if not empty(line.cells[column]))
    return bool(found) and max(found.values()) > 1


def _is_self(cells: Cells) -> bool | None:
    if (Field.RELATION, 0) not in cells:
        return None
    return relations().get(plain(shown(cells[Field.RELATION, 0][0]))) in _SELF


def _by_number() -> _Begin:
    last: list[object] = [None]
    places: dict[str, str] = {}

    def begin(at: int, cells: Cells) -> object:
        if (Field.HOUSEHOLD, 0) not in cells:
            if last[0] is None or _is_self(cells):
                last[0] = ("row", at)
            return last[0]
        number = plain(shown(cells[Field.HOUSEHOLD, 0][0]))
        if (Field.SECTION, 0) in cells:
            places[number] = fold(shown(cells[Field.SECTION, 0][0]))[:4]
        last[0] = (number, places.get(number, ""))
        return last[0]

    return begin


def _by_head() -> _Begin:
    last: list[object] = [None]

    def begin(at: int, cells: Cells) -> object:
        if (Field.HEAD, 0) in cells:
            place = cells.get((Field.SECTION, 0), ("", 0))[0]
            last[0] = (fold(shown(cells[Field.HEAD, 0][0])), fold(shown(place))[:4])
        elif last[0] is None or _is_self(cells):
            last[0] = at
        return last[0]

    return begin


def _by_head_row(told: set[Field]) -> _Begin:
    """A household begins with the row of its member, or with the row that names it.

    The member may stand once more below the row that names the household.
    """
    mark = next((one for one in _HEAD_MARKS if one in told), None)
    now: list[tuple[int, str]] = []
    named: list[bool] = [False]

    def begin(at: int, cells: Cells) -> object:
        mine = _is_self(cells)
        found = cells.get((mark, 0)) if mark is not None else None
        name = plain(shown(found[0])) if found else ""
        if not now or _begins(mine, name, now[-1][1], by_name=mark in _NAMING, named=named[0]):
            now[:] = [(at, name)]
            named[0] = mine is None and bool(name)
        elif mine:
            named[0] = False
        return now[-1]

    return begin


_NAMING = (Field.HOUSEHOLD, Field.HEAD)


def _begins(mine: bool | None, name: str, last: str, *, by_name: bool, named: bool) -> bool:
    if by_name and name:
        return name != last
    if mine:
        return not named
    return mine is None and bool(name)


def first_rows(drafts: Sequence[Draft]) -> Iterator[int]:
    for one in drafts:
        yield one.rows[0]
