"""A table of figures under headings, in which what is hidden is hatched and says why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from stepdesk.i18n import Text, amount_text, count_text
from stepdesk.ui import theme, tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.rows_model import Column, RowsModel
from stepdesk.ui.widgets.table import NOTHING, CellDelegate, TableView
from stepdesk.values.money import Money

Figure: TypeAlias = int | Money

_INDENT = 12


@dataclass(frozen=True, slots=True)
class Change:
    """A difference, written with its sign."""

    figure: Figure


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A heading, or one line of figures.

    Args:
        values: One for each column; a heading has only its first.
        level: 0 for a line, 1 for the heading of a table, 2 for that of a block of tables.
        hidden: The columns whose figure is not there; their value says why.
    """

    values: tuple[Any, ...]
    level: int = 0
    hidden: frozenset[int] = field(default_factory=frozenset)


def heading(text: Text, columns: int, *, level: int = 1) -> FigureRow:
    """Return the row of a heading above figures in that many columns."""
    return FigureRow((text, *(None,) * (columns - 1)), level)


class FigureDelegate(CellDelegate):
    """Paints headings across the table and hatches what is hidden."""

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        /,
    ) -> None:
        model = index.model()
        if not isinstance(model, RowsModel):
            return
        row: FigureRow = model.id_at(index.row())
        text = model.cell(index.row(), index.column()).text
        if row.level:
            _paint_heading(painter, option, text, row.level)
        elif index.column() in row.hidden:
            _paint_hidden(painter, option, text)
        else:
            if index.column() == 0:
                _indent(painter, option)
            super().paint(painter, option, index)


def _indent(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """Move a line a little behind the heading above it; the ground stays whole."""
    now = theme.current()
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(option.rect, QColor(now.ink.selected.ground))
    before = now.px(_INDENT)
    mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
    option.rect.adjust(0 if mirrored else before, 0, -before if mirrored else 0, 0)


def _paint_heading(painter: QPainter, option: QStyleOptionViewItem, text: str, level: int) -> None:
    now = theme.current()
    rect: QRect = option.rect
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    ink = now.ink.selected if selected else None
    ground = ink.ground if ink else (now.ink.window if level > 1 else now.ink.base)
    painter.fillRect(rect, QColor(ground))
    painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(now.ink.line))
    plain = now.ink.text if level > 1 else now.ink.muted
    painter.setPen(QColor(ink.text if ink else plain))
    font = now.font(tokens.BODY if level > 1 else tokens.SMALL, bold=True)
    painter.setFont(font)
    space = rect.adjusted(now.px(tokens.CELL), 0, -now.px(tokens.CELL), -1)
    side = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
    words = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, space.width())
    painter.drawText(space, int(side), words)


def _paint_hidden(painter: QPainter, option: QStyleOptionViewItem, text: str) -> None:
    now = theme.current()
    ink = now.ink
    rect: QRect = option.rect
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    ground = ink.selected.ground if selected else ink.base
    painter.fillRect(rect, QColor(ground))
    hatched = rect.adjusted(now.px(4), 2, -now.px(4), -3)
    lines = ink.border if ink.outlined else ink.line
    painter.fillRect(hatched, QColor(ground if selected else ink.hover))
    painter.fillRect(hatched, QBrush(QColor(lines), Qt.BrushStyle.BDiagPattern))
    painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(ink.line))
    font = now.font(tokens.SMALL)
    painter.setFont(font)
    metrics = QFontMetrics(font)
    space = rect.adjusted(now.px(tokens.CELL), 0, -now.px(tokens.CELL), -1)
    words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, space.width())
    if ink.outlined:
        # Black hatching would cut through the letters.
        wide = metrics.horizontalAdvance(words) + now.px(8)
        left = space.right() - wide + now.px(4)
        painter.fillRect(QRect(left, hatched.top(), wide, hatched.height()), QColor(ground))
    painter.setPen(QColor(ink.selected.text if selected else ink.text))
    end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
    painter.drawText(space, int(end | Qt.AlignmentFlag.AlignVCenter), words)


class FiguresTable(TableView):
    """Figures under headings; the headings run across all columns.

    Args:
        columns: The first is for what is counted, the others are AMOUNT columns.
        speaker: Says headings and hidden figures.
        empty: What stands there when there is nothing.
    """

    def __init__(
        self, columns: Sequence[Column], speaker: Speaker, *, empty: Text | str = NOTHING
    ) -> None:
        super().__init__(speaker, empty=empty, row=tokens.ROW_DENSE)
        self._said = speaker
        self.setItemDelegate(FigureDelegate(self))
        self._model = RowsModel((), self._written, columns, speaker, self)
        self.show_rows(self._model)

    def show_figures(self, rows: Sequence[FigureRow]) -> None:
        """Show these rows, from the first."""
        self.clearSpans()
        self._model.set_ids(rows)
        for at, row in enumerate(rows):
            if row.level:
                self.setSpan(at, 0, 1, len(self._model.columns))
        self.scrollToTop()

    def lines(self) -> list[list[str]]:
        """Return what stands in the table, row by row."""
        return self._model.texts()

    def _written(self, rows: Sequence[FigureRow]) -> Sequence[tuple[Any, ...]]:
        return [tuple(self._value(value) for value in row.values) for row in rows]

    def _value(self, value: Any) -> Any:  # noqa: ANN401 - a cell holds whatever is written
        if not isinstance(value, Change):
            return value
        figure, language = value.figure, self._said.language
        minor = figure.minor if isinstance(figure, Money) else figure
        told = (
            amount_text(figure, language)
            if isinstance(figure, Money)
            else count_text(figure, language)
        )
        return f"+{told}" if minor > 0 else told
