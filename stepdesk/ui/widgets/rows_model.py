"""The one model of every list: ids in order, and the rows of those that are looked at."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from stepdesk.i18n import Text, Value, amount_text, short_day_text
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.pill import WORDS
from stepdesk.values.money import Money

BLOCK = 32  # a screen is two of them: what is not read ahead stands there within a frame
KEPT = 160

_ROOT = QModelIndex()
_LEADING = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_FIGURES = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter  # fmt: skip


class Kind(Enum):
    """How a column is written and painted."""

    TEXT = "text"
    NUMBER = "number"
    AMOUNT = "amount"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list.

    Args:
        title: Its heading, marked with `N_`.
        kind: What stands in it. STATUS takes a `Status` or a `(Status, Text)`, AMOUNT a `Money`.
        width: Pixels of the design it needs at least.
        priority: 0 stays always; of the others the highest goes first when it gets narrow.
        stretch: Its share of the width that is left over.
        muted: Whether it is written in the quieter colour.
    """

    title: str
    kind: Kind = Kind.TEXT
    width: int = 120
    priority: int = 0
    stretch: int = 0
    muted: bool = False

    @property
    def alignment(self) -> Qt.AlignmentFlag:
        return _FIGURES if self.kind in (Kind.NUMBER, Kind.AMOUNT) else _LEADING


@dataclass(frozen=True, slots=True)
class Cell:
    """What is painted in one place: its text, and its status if it has one."""

    text: str
    status: Status | None = None
    faint: bool = False
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Faint:
    """A value that no longer holds: written in the quieter colour, struck through if taken back."""

    value: Any
    struck: bool = False


class RowsModel(QAbstractTableModel, Speaking):
    """A list of any length: ids in order, and blocks of 32 rows fetched when first painted.

    Args:
        ids: Every id in the order of the list; sorting and filtering were done in SQL.
        fetch: Returns one tuple of values per id, in that order; None for a row that comes later,
            told by `forget`. It reads; it is called in the window's thread and must take a few
            milliseconds.
        columns: What stands in the tuples.
        speaker: Writes them.
    """

    def __init__(
        self,
        ids: Sequence[Any],
        fetch: Callable[[Sequence[Any]], Sequence[tuple[Any, ...] | None]],
        columns: Sequence[Column],
        speaker: Speaker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._ids = ids
        self._fetch = fetch
        self._blocks: OrderedDict[int, list[tuple[Cell, ...]]] = OrderedDict()
        self.fetching = 0
        """The first row of the block that is being fetched."""
        self.learn(speaker)

    def set_ids(self, ids: Sequence[Any]) -> None:
        """Show another list; nothing of the old one is kept."""
        self.beginResetModel()
        self._ids = ids
        self._blocks.clear()
        self.endResetModel()

    def set_columns(self, columns: Sequence[Column], ids: Sequence[Any]) -> None:
        """Show other columns, of another list."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self._ids = ids
        self._blocks.clear()
        self.endResetModel()

    def refresh(self) -> None:
        """Fetch the same rows again, since what they say has changed."""
        self._blocks.clear()
        if self._ids:
            last = self.index(len(self._ids) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def forget(self, rows: range) -> None:
        """Fetch these rows again when they are painted next."""
        for at in range(rows.start // BLOCK, -(-rows.stop // BLOCK)):
            self._blocks.pop(at, None)
        last = min(rows.stop, len(self._ids)) - 1
        if rows.start <= last:
            end = self.index(last, len(self.columns) - 1)
            self.dataChanged.emit(self.index(rows.start, 0), end)

    def texts(self) -> list[list[str]]:
        """Return what is read in the list, row by row."""
        return [
            [self.cell(row, column).text for column in range(self.columnCount())]
            for row in range(self.rowCount())
        ]

    def id_at(self, row: int) -> Any:  # noqa: ANN401 - whatever the caller's ids are
        return self._ids[row]

    def row_of(self, item: Any) -> int | None:  # noqa: ANN401 - whatever the caller's ids are
        """Return the row of an id, or None."""
        try:
            return self._ids.index(item)
        except ValueError:
            return None

    def cell(self, row: int, column: int) -> Cell:
        """Return what stands in a place, fetching its block if need be."""
        return self._block(row // BLOCK)[row % BLOCK][column]

    @override
    def speak(self) -> None:
        self._blocks.clear()
        if self._ids:
            last = self.index(len(self._ids) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    @override
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT, /) -> int:
        return 0 if parent.isValid() else len(self._ids)

    @override
    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT, /) -> int:
        return 0 if parent.isValid() else len(self.columns)

    @override
    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        /,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self.cell(index.row(), index.column()).text
            case Qt.ItemDataRole.TextAlignmentRole:
                return self.columns[index.column()].alignment
            case _:
                return None

    @override
    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        /,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.speaker.tr(self.columns[section].title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.columns[section].alignment
        return None

    def _block(self, at: int) -> list[tuple[Cell, ...]]:
        block = self._blocks.get(at)
        if block is None:
            self.fetching = at * BLOCK
            rows = self._fetch(self._ids[at * BLOCK : (at + 1) * BLOCK])
            block = [self._written(row) for row in rows]
            self._blocks[at] = block
            if len(self._blocks) > KEPT:
                self._blocks.popitem(last=False)
        else:
            self._blocks.move_to_end(at)
        return block

    def _written(self, row: tuple[Any, ...] | None) -> tuple[Cell, ...]:
        if row is None:
            return (Cell("…", faint=True), *(Cell("") for _ in self.columns[1:]))
        return tuple(
            self._cell(value, column.kind) for value, column in zip(row, self.columns, strict=True)
        )

    def _cell(self, value: Any, kind: Kind) -> Cell:  # noqa: ANN401 - values of any kind
        if isinstance(value, Faint):
            cell = self._cell(value.value, kind)
            return Cell(cell.text, cell.status, faint=True, struck=value.struck)
        if value is None:
            return Cell("")
        if kind is Kind.STATUS:
            status, text = value if isinstance(value, tuple) else (value, Text(WORDS[value]))
            return Cell(self.speaker.say(text), status)
        return Cell(self._text(value))

    def _text(self, value: Value) -> str:
        # A column has no room for the currency or the month in words.
        if isinstance(value, Money):
            return amount_text(value, self.speaker.language)
        if isinstance(value, date) and not isinstance(value, datetime):
            return short_day_text(value, self.speaker.language)
        # A number like /03 keeps its order among words that run from the right.
        return self.speaker.apart(self.speaker.write(value))
