"""A chart on the screen: the same drawing as on paper; Enter asks for its table."""

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from stepdesk.i18n import Text
from stepdesk.paper.chart import Block, Chart, Label, Shape, Side, Stroke, Tone, drawing
from stepdesk.ui import theme, tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed

_HEIGHT = 132
_LEAST = 180


class ChartView(QWidget, Dressed, Speaking):
    """One chart; a screen reader is told its title, its sentence and its figures.

    Args:
        speaker: Says them.

    Signals:
        wanted: The person wants the numbers: Enter, Space or a click.
    """

    wanted = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._chart: Chart | None = None
        self._title, self._sentence = Text(""), Text("")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.wear()
        self.learn(speaker)

    def show_chart(self, chart: Chart, title: Text, sentence: Text) -> None:
        """Show figures with what they are called and what they say."""
        self._chart, self._title, self._sentence = chart, title, sentence
        self.speak()

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.speaker.say(self._title))
        told = self._chart
        figures = (
            ()
            if told is None
            else (f"{a} {b}" for a, b in zip(told.labels, told.told, strict=True) if b)
        )
        self.setAccessibleDescription("; ".join((self.speaker.say(self._sentence), *figures)))
        self.update()

    @override
    def dress(self) -> None:
        self.setFont(theme.current().font(tokens.SMALL))
        self.setFixedHeight(theme.current().px(_HEIGHT))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.current().px(_LEAST), theme.current().px(_HEIGHT))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.wanted.emit()
            return
        super().keyPressEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.wanted.emit()

    def shapes(self) -> tuple[Shape, ...]:
        """Return what is painted, in pixels."""
        if self._chart is None:
            return ()
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        metrics = QFontMetricsF(self.font())
        return drawing(
            replace(self._chart, mirrored=mirrored),
            width=self.width(),
            height=self.height(),
            size=metrics.ascent(),
            measure=lambda words, _size: metrics.horizontalAdvance(words),
        )

    @override
    def paintEvent(self, _event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for one in self.shapes():
            self._paint(painter, one)
        painter.end()

    def _paint(self, painter: QPainter, shape: Shape) -> None:
        colour = _colour(shape.tone)
        match shape:
            case Stroke():
                pen = QPen(colour, max(shape.width, 1))
                if shape.dashed:
                    pen.setDashPattern([3, 2])
                painter.setPen(pen)
                painter.drawLine(QPointF(shape.x, shape.y), QPointF(shape.until_x, shape.until_y))
            case Block():
                painter.fillRect(QRectF(shape.x, shape.y, shape.width, shape.height), colour)
            case Label():
                painter.setPen(colour)
                painter.setFont(theme.current().font(tokens.SMALL, bold=shape.bold))
                wide = QFontMetricsF(painter.font()).horizontalAdvance(shape.words)
                before = {Side.LEFT: 0.0, Side.CENTRE: wide / 2, Side.RIGHT: wide}[shape.side]
                painter.drawText(QPointF(shape.x - before, shape.y), shape.words)


def _colour(tone: Tone) -> QColor:
    ink = theme.current().ink
    return QColor(
        {
            Tone.TEXT: ink.text,
            Tone.MUTED: ink.muted,
            Tone.RULE: ink.line,
            Tone.FIGURES: ink.up_to_date.text,
            Tone.THRESHOLD: ink.late.text,
        }[tone]
    )
