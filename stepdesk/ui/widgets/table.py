"""The table of every list: painted cells, rows of one height, never a horizontal scroll bar."""

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from stepdesk.i18n import N_, Text
from stepdesk.ui import theme, tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.pill import paint_pill
from stepdesk.ui.widgets.rows_model import Kind, RowsModel

_NARROWEST = 72
_FEWEST = 5
NOTHING = N_("Nothing here yet.")


class CellDelegate(QStyledItemDelegate):
    """Paints text, amounts and status pills directly, without asking the style."""

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
            super().paint(painter, option, index)
            return
        now = theme.current()
        ink = now.ink
        rect: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        colour = ink.text
        if selected:
            colour = ink.selected.text
            painter.fillRect(rect, QColor(ink.selected.ground))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(ink.line))
        column = model.columns[index.column()]
        cell = model.cell(index.row(), index.column())
        space = rect.adjusted(now.px(tokens.CELL), 0, -now.px(tokens.CELL), -1)
        if cell.status is not None:
            paint_pill(painter, space, cell.status, cell.text, selected=selected)
            return
        quiet = (column.muted or cell.faint) and not selected
        painter.setPen(QColor(ink.muted if quiet else colour))
        font = QFont(option.font)
        font.setStrikeOut(cell.struck)
        painter.setFont(font)
        text = option.fontMetrics.elidedText(cell.text, Qt.TextElideMode.ElideRight, space.width())
        if column.kind in (Kind.AMOUNT, Kind.NUMBER):
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # its sign stands before
            table = self.parent()
            if text != cell.text and isinstance(table, TableView):
                table.widen(index.column(), option.fontMetrics.horizontalAdvance(cell.text))
        painter.drawText(space, column.alignment, text)
        painter.setLayoutDirection(option.direction)


class TableView(QTableView, Dressed, Speaking):
    """A list one walks with the arrow keys and opens with Enter.

    Args:
        speaker: Says the words of an empty list.
        empty: What stands there when there is nothing: what to do next.
        row: The height of a row in pixels of the design.
        fewest: Rows it asks room for; with 0 it asks for as much as Qt thinks good, and five rows
            are always seen.

    Signals:
        chosen: The id of the row on which Enter was pressed or that was clicked twice.
        current: The id of the row the arrow keys are on.
        headed: The place of the column whose heading was clicked.
    """

    chosen = Signal(object)
    current = Signal(object)
    headed = Signal(int)

    def __init__(
        self,
        speaker: Speaker,
        *,
        empty: Text | str = NOTHING,
        row: int = tokens.ROW,
        fewest: int = 0,
    ) -> None:
        super().__init__()
        self._row, self._fewest, self._tall = row, fewest, 0
        self._empty = Text(empty) if isinstance(empty, str) else empty
        self._empty_words = ""
        self._wider: dict[int, int] = {}
        self.setItemDelegate(CellDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setCornerButtonEnabled(False)
        self._prepare_headers()
        self.doubleClicked.connect(self._choose)
        self.horizontalHeader().sectionClicked.connect(self.headed)
        self.wear()
        self.learn(speaker)

    @override
    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width(), self.minimumHeight()) if self._fewest else hint

    def say_empty(self, empty: Text | str) -> None:
        """Say something else from now on where there is nothing."""
        self._empty = Text(empty) if isinstance(empty, str) else empty
        self.speak()

    def sorts(self) -> None:
        """Let the headings be clicked; `headed` tells which."""
        self.horizontalHeader().setSectionsClickable(True)

    def fit_rows(self, rows: int, *, fewest: int = 2, most: int = 8) -> None:
        """Be as tall as a short list is, with room for so many rows at least and at most."""
        self._tall = 1 + max(fewest, min(rows, most))
        self._take_height()

    def ask_rows(self, fewest: int) -> None:
        """Ask for room for so many rows from now on; with 0 as `fewest` says above."""
        self._fewest = fewest
        self._take_height()
        self.updateGeometry()

    def _take_height(self) -> None:
        row = theme.current().px(self._row)
        if self._tall:
            self.setFixedHeight(row * self._tall + 4)
        else:
            self.setMinimumHeight(row * (1 + (self._fewest or _FEWEST)))

    def widen(self, column: int, width: int) -> None:
        """Give a column room for a figure: half of a number is another number."""
        wanted = width + 2 * theme.current().px(tokens.CELL) + 1
        if wanted > self._wider.get(column, 0):
            self._wider[column] = wanted
            QTimer.singleShot(0, self, self._fit)

    def show_order(self, column: int | None, *, descending: bool) -> None:
        """Mark the heading of the column the list is sorted by."""
        header = self.horizontalHeader()
        header.setSortIndicatorShown(column is not None)
        if column is not None:
            order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
            header.setSortIndicator(column, order)

    def show_rows(self, model: RowsModel) -> None:
        """Show a list."""
        self.setModel(model)
        model.modelReset.connect(self._refit)
        self.selectionModel().currentRowChanged.connect(self._moved)
        self._fit()

    def chosen_id(self) -> Any:  # noqa: ANN401 - whatever the caller's ids are
        """Return the id of the row the arrow keys are on, or None."""
        model, index = self.model(), self.currentIndex()
        return (
            model.id_at(index.row()) if isinstance(model, RowsModel) and index.isValid() else None
        )

    def select_id(self, item: Any) -> None:  # noqa: ANN401 - whatever the caller's ids are
        """Go to the row of an id, if it is in the list."""
        model = self.model()
        row = model.row_of(item) if isinstance(model, RowsModel) else None
        if row is not None:
            self.go_to(row)

    def go_to(self, row: int) -> None:
        """Go to a row, if there is one."""
        model = self.model()
        if 0 <= row < model.rowCount():
            # Qt's own selectRow finds no column where the list is laid out from the right.
            self.setCurrentIndex(model.index(row, 0))

    @override
    def speak(self) -> None:
        self._empty_words = self.speaker.say(self._empty)
        self.viewport().update()

    @override
    def dress(self) -> None:
        now = theme.current()
        self._wider.clear()
        self.verticalHeader().setMinimumSectionSize(now.px(tokens.ROW_DENSE))
        self.verticalHeader().setDefaultSectionSize(now.px(self._row))
        self.horizontalHeader().setFixedHeight(now.px(self._row))
        self._take_height()
        self.horizontalHeader().setFont(now.font(tokens.SMALL, bold=True))
        self._fit()
        self.viewport().update()

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self._choose(self.currentIndex())
            return
        super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        model = self.model()
        if isinstance(model, RowsModel) and model.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(QPen(QColor(theme.current().ink.muted)))
            painter.drawText(
                self.viewport().rect(),
                int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap),
                self._empty_words,
            )
            painter.end()

    def _prepare_headers(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(20)

    def _choose(self, index: QModelIndex) -> None:
        model = self.model()
        if isinstance(model, RowsModel):
            self.chosen.emit(model.id_at(index.row()))

    def _moved(self, index: QModelIndex, _before: QModelIndex) -> None:
        model = self.model()
        if isinstance(model, RowsModel) and index.isValid():
            self.current.emit(model.id_at(index.row()))

    def _refit(self) -> None:
        self._wider.clear()
        self._fit()

    def _fit(self) -> None:
        """Hide the columns that do not fit, the least important first, and share the rest."""
        model = self.model()
        if not isinstance(model, RowsModel):
            return
        now = theme.current()
        room = self.viewport().width()
        widths = [
            max(now.px(column.width), self._wider.get(at, 0))
            for at, column in enumerate(model.columns)
        ]
        shown = set(range(len(widths)))
        for at in sorted(shown, key=lambda at: -model.columns[at].priority):
            if sum(widths[one] for one in shown) <= room or not model.columns[at].priority:
                break
            shown.discard(at)
        left = room - sum(widths[at] for at in shown)
        shares = sum(model.columns[at].stretch for at in shown) or 1
        for at, column in enumerate(model.columns):
            self.setColumnHidden(at, at not in shown)
            width = widths[at] + left * column.stretch // shares
            self.setColumnWidth(at, max(width, min(widths[at], now.px(_NARROWEST))))
