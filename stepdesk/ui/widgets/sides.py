"""What stands side by side while there is room, and below each other when there is not."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QWidget, QWidgetItem

from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.theme import Dressed

_MOST = 16_777_215  # Qt's own largest width: no limit
_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


class Sides(QWidget, Dressed):
    """Two parts of a page, the second below the first where the page is narrow.

    Args:
        first: The part at the start of the line.
        second: The part beside it.
        side: The width of one part beside the other, in pixels of the design; without it both
            share the line by `shares`.
        first_fixed: Whether it is the first part that has this width, not the second.
        narrow: Below this width, in pixels of the design, the parts stand below each other.
        shares: How the two share the room when no width is fixed.

    Signals:
        turned: The parts went below each other, or beside each other again.
    """

    turned = Signal()

    def __init__(
        self,
        first: QWidget,
        second: QWidget,
        *,
        side: int = 0,
        first_fixed: bool = False,
        narrow: int = 740,
        shares: tuple[int, int] = (1, 1),
    ) -> None:
        super().__init__()
        self._parts = (first, second)
        self._side, self._narrow = side, narrow
        self._at, self._asked = 0, 0
        self._line = QBoxLayout(_BESIDE, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._fixed, self._free = (first, second) if first_fixed else (second, first)
        for part, share in zip(self._parts, shares, strict=True):
            self._line.addWidget(part, share if not side else int(part is self._free))
        self.wear()

    @property
    def beside(self) -> bool:
        """Whether the second part stands beside the first."""
        return self._line.direction() is _BESIDE

    @override
    def dress(self) -> None:
        self._line.setSpacing(theme.current().px(16))
        self._at = 0
        self._arrange()

    @override
    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        widths = [_least_width(part) for part in self._parts if not part.isHidden()]
        return QSize(max(widths, default=0), least.height())

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        now = theme.current()
        beside = self._fits_beside()
        if self._side:
            self._fixed.setMinimumWidth(now.px(self._side) if beside else 0)
            self._fixed.setMaximumWidth(now.px(self._side) if beside else _MOST)
        direction = _BESIDE if beside else _BELOW
        if direction is not self._line.direction():
            self._line.setDirection(direction)
            self.updateGeometry()
            self.turned.emit()

    def _fits_beside(self) -> bool:
        """Whether there is room; what once had none at this width has none until it changes.

        Some parts ask for more room beside each other than below. Without this they would turn
        for ever, each turn inside the one before, until the program dies.
        """
        if self.width() != self._at:
            self._at, self._asked = self.width(), 0
        needed = max(theme.current().px(self._narrow), self._needed(), self._asked)
        if needed > self._at and self.beside:
            self._asked = needed
        return self._at >= needed

    def _needed(self) -> int:
        side = theme.current().px(self._side) if self._side else _least_width(self._fixed)
        return _least_width(self._free) + self._line.spacing() + side


class Tiles(QWidget, Dressed):
    """Tiles in one row, or in rows of two where the page is narrow.

    Args:
        tiles: In reading order.
        narrow: Below this width, in pixels of the design, two stand in a row.
    """

    def __init__(self, tiles: list[QWidget], *, narrow: int = 740) -> None:
        super().__init__()
        self._tiles, self._narrow, self._columns = tiles, narrow, 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.wear()

    @override
    def dress(self) -> None:
        self._grid.setSpacing(theme.current().px(12))
        self._arrange()

    @override
    def minimumSizeHint(self) -> QSize:
        widths = [tile.minimumSizeHint().width() for tile in self._tiles]
        pair = 2 * max(widths, default=0) + self._grid.spacing()
        return QSize(pair, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        widest = max((tile.minimumSizeHint().width() for tile in self._tiles), default=0)
        row = len(self._tiles) * (widest + self._grid.spacing())
        wide = self.width() >= max(theme.current().px(self._narrow), row)
        columns = len(self._tiles) if wide else 2
        if columns == self._columns:
            return
        for at in range(len(self._tiles)):
            self._grid.setColumnStretch(at, 1 if at < columns else 0)
        for at, tile in enumerate(self._tiles):
            self._grid.addWidget(tile, at // columns, at % columns)
        self._columns = columns
        self.updateGeometry()


def _least_width(part: QWidget) -> int:
    return QWidgetItem(part).minimumSize().width()
