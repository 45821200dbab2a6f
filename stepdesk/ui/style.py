"""How Qt's own widgets are drawn: Fusion with flat fields and buttons and a clear focus ring."""

from typing import cast

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QFocusFrame,
    QProxyStyle,
    QScrollArea,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QStyleOptionComplex,
    QStyleOptionHeader,
    QStyleOptionSlider,
    QWidget,
)

from stepdesk.ui import tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.tokens import LIGHT, Tokens

_RING = tokens.FOCUS_WIDTH + tokens.FOCUS_GAP
# The ring lies over its widget; the letter pressed with Alt is underlined on every system.
_ALWAYS = (QStyle.StyleHint.SH_FocusFrame_AboveWidget, QStyle.StyleHint.SH_UnderlineShortcut)
_RINGS = (QStyle.PixelMetric.PM_FocusFrameHMargin, QStyle.PixelMetric.PM_FocusFrameVMargin)


def rounded(
    painter: QPainter, rect: QRect, *, radius: float, fill: str, border: str, width: float = 1
) -> None:
    """Draw a rounded rectangle whose border lies wholly inside the rectangle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(border), width) if border else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    inset = width / 2 if border else 0
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.restore()


class StepStyle(QProxyStyle):
    """Fusion with our own fields, buttons, headings, scroll bars and focus ring."""

    def __init__(self) -> None:
        super().__init__("Fusion")
        self._ink: Tokens = LIGHT
        self._zoom = 100
        metric = QStyle.PixelMetric
        self._lengths = {
            metric.PM_ScrollBarExtent: 14,
            metric.PM_ButtonShiftHorizontal: 0,
            metric.PM_ButtonShiftVertical: 0,
        }

    def wear(self, ink: Tokens, zoom: int) -> None:
        """Take the colours and size of a theme."""
        self._ink = ink
        self._zoom = zoom

    def _px(self, pixels: int) -> int:
        return round(pixels * self._zoom / 100)

    @override
    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        /,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        if metric in _RINGS:
            return _RING
        length = self._lengths.get(metric)
        if length is not None:
            return self._px(length)
        return super().pixelMetric(metric, option, widget)

    @override
    def styleHint(
        self,
        hint: QStyle.StyleHint,
        /,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,  # noqa: N803 - Qt's name
    ) -> int:
        if hint == QStyle.StyleHint.SH_FocusFrame_Mask:
            return 0
        if hint in _ALWAYS:
            return 1
        if hint == QStyle.StyleHint.SH_EtchDisabledText:
            return 0
        return super().styleHint(hint, option, widget, returnData)

    @override
    def sizeFromContents(
        self,
        kind: QStyle.ContentsType,
        option: QStyleOption,
        size: QSize,
        /,
        widget: QWidget | None = None,
    ) -> QSize:
        found = super().sizeFromContents(kind, option, size, cast("QWidget", widget))
        if kind == QStyle.ContentsType.CT_PushButton:
            return QSize(size.width() + self._px(32), max(size.height(), self._px(tokens.FIELD)))
        if kind == QStyle.ContentsType.CT_LineEdit:
            return found.expandedTo(QSize(0, self._px(tokens.FIELD)))
        if kind == QStyle.ContentsType.CT_MenuItem and size.height() > 8:
            return found.expandedTo(QSize(0, self._px(tokens.ROW)))
        return found

    @override
    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        /,
        widget: QWidget | None = None,
    ) -> None:
        match element:
            case QStyle.PrimitiveElement.PE_FrameFocusRect:
                return
            case QStyle.PrimitiveElement.PE_FrameDefaultButton:
                return
            case QStyle.PrimitiveElement.PE_PanelButtonCommand:
                self._button(option, painter)
            case QStyle.PrimitiveElement.PE_PanelLineEdit:
                self._field(option, painter, widget)
            case _:
                super().drawPrimitive(element, option, painter, widget)

    @override
    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        /,
        widget: QWidget | None = None,
    ) -> None:
        match element:
            case QStyle.ControlElement.CE_FocusFrame:
                self._ring(option, painter, widget)
            case QStyle.ControlElement.CE_HeaderSection | QStyle.ControlElement.CE_HeaderEmptyArea:
                self._heading(option, painter)
            case QStyle.ControlElement.CE_HeaderLabel if isinstance(option, QStyleOptionHeader):
                self._heading_words(option, painter)
            case _:
                super().drawControl(element, option, painter, widget)

    @override
    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        /,
        widget: QWidget | None = None,
    ) -> None:
        if control == QStyle.ComplexControl.CC_ScrollBar:
            self._scroll_bar(option, painter, widget)
        else:
            super().drawComplexControl(control, option, painter, widget)

    def _button(self, option: QStyleOption, painter: QPainter) -> None:
        role = QPalette.ColorRole
        fill = option.palette.color(role.Button)
        plain = fill == QColor(self._ink.base)
        state = option.state
        border = self._ink.border if plain else fill.name()
        if not state & QStyle.StateFlag.State_Enabled:
            fill = QColor(self._ink.window)
            border = self._ink.disabled if self._ink.outlined else self._ink.line
        elif state & QStyle.StateFlag.State_Sunken:
            fill = fill.darker(115) if fill.lightness() > 20 else fill.lighter(160)
        elif state & QStyle.StateFlag.State_MouseOver:
            fill = fill.darker(104) if plain else fill.lighter(112)
        rounded(
            painter,
            option.rect,
            radius=tokens.RADIUS,
            fill=fill.name(),
            border=border,
            width=self._ink.border_width,
        )

    def _field(self, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
        wrong = widget is not None and bool(widget.property("wrong"))
        closed = bool(option.state & QStyle.StateFlag.State_ReadOnly)
        if not option.state & QStyle.StateFlag.State_Enabled:
            closed = True
        rounded(
            painter,
            option.rect,
            radius=tokens.RADIUS,
            fill=self._ink.window if closed else self._ink.base,
            border=self._ink.late.text if wrong else self._ink.border,
            width=2 if wrong else self._ink.border_width,
        )

    def _ring(self, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
        colour = self._ink.focus
        if isinstance(widget, QFocusFrame) and widget.widget().property("on_navigation"):
            colour = self._ink.focus_on_navigation
        rounded(
            painter,
            option.rect,
            radius=tokens.RADIUS + _RING - 1,
            fill="",
            border=colour,
            width=tokens.FOCUS_WIDTH,
        )

    def _heading(self, option: QStyleOption, painter: QPainter) -> None:
        rect: QRect = option.rect
        painter.fillRect(rect, QColor(self._ink.base))
        painter.fillRect(
            QRect(rect.left(), rect.bottom(), rect.width(), self._ink.border_width),
            QColor(self._ink.border),
        )

    def _heading_words(self, option: QStyleOptionHeader, painter: QPainter) -> None:
        edge = self._px(tokens.CELL) - 2  # Qt has taken two already
        space = option.rect.adjusted(edge, 0, -edge, 0)
        words = option.fontMetrics.elidedText(
            option.text, Qt.TextElideMode.ElideRight, space.width()
        )
        painter.setPen(QColor(self._ink.muted))
        painter.drawText(space, option.textAlignment, words)

    def _scroll_bar(
        self, option: QStyleOptionComplex, painter: QPainter, widget: QWidget | None
    ) -> None:
        painter.fillRect(option.rect, QColor(self._bar_ground(widget)))
        if isinstance(option, QStyleOptionSlider) and option.minimum == option.maximum:
            return  # nothing to scroll
        handle = self.subControlRect(
            QStyle.ComplexControl.CC_ScrollBar,
            option,
            QStyle.SubControl.SC_ScrollBarSlider,
            cast("QWidget", widget),  # the stub is stricter than Qt
        )
        margin = self._px(3)
        handle.adjust(margin, margin, -margin, -margin)
        rounded(
            painter,
            handle,
            radius=min(handle.width(), handle.height()) / 2,
            fill=self._ink.border,
            border="",
        )

    def _bar_ground(self, widget: QWidget | None) -> str:
        """Return the colour behind a scroll bar: that of what it scrolls."""
        holder = widget.parentWidget() if widget is not None else None
        while holder is not None and not isinstance(holder, QAbstractScrollArea):
            holder = holder.parentWidget()
        return self._ink.window if isinstance(holder, QScrollArea) else self._ink.base


class FocusRing(QFocusFrame):
    """The ring around whatever has the focus in one window, drawn outside a gap of one pixel."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    @Slot(QWidget, QWidget)
    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        parent = self.parentWidget()
        window = parent.window() if parent is not None else None
        if new is None or new.window() is not window or new.property("no_ring"):
            return
        self.setWidget(new)
