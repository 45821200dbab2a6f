"""The status pill: a sign, a word and a colour, so that any one of them is enough."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from stepdesk.i18n import N_, Text
from stepdesk.ui import theme, tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.style import rounded
from stepdesk.ui.theme import Dressed, Theme
from stepdesk.ui.tokens import Ink, Status

SIGNS = {
    Status.UP_TO_DATE: "✓",
    Status.WAITING: "◔",
    Status.LATE: "!",
    Status.STOPPED: "✕",
    Status.DRAFT: "–",
}
WORDS = {
    Status.UP_TO_DATE: N_("Up to date"),
    Status.WAITING: N_("Waiting"),
    Status.LATE: N_("Late"),
    Status.STOPPED: N_("Stopped"),
    Status.DRAFT: N_("Draft"),
}

_HEIGHT = 22
_SIGN = 10


def paint_sign(painter: QPainter, box: QRectF, status: Status, colour: str, width: float) -> None:
    """Draw a status's sign; by hand, because few fonts have all five."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(colour), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    match status:
        case Status.WAITING:
            painter.drawEllipse(box)
            painter.setBrush(QColor(colour))
            painter.drawPie(box, 0, 90 * 16)
        case Status.LATE:
            at = box.center().x()
            painter.drawLine(QPointF(at, box.top()), QPointF(at, box.top() + box.height() * 0.6))
            painter.drawPoint(QPointF(at, box.bottom()))
        case _:
            painter.drawPath(_strokes(status, box))
    painter.restore()


def _strokes(status: Status, box: QRectF) -> QPainterPath:
    path = QPainterPath()
    if status == Status.UP_TO_DATE:
        path.moveTo(box.left(), box.center().y())
        path.lineTo(box.left() + box.width() * 0.38, box.bottom() - box.height() * 0.12)
        path.lineTo(box.right(), box.top() + box.height() * 0.12)
    elif status == Status.STOPPED:
        path.moveTo(box.topLeft())
        path.lineTo(box.bottomRight())
        path.moveTo(box.topRight())
        path.lineTo(box.bottomLeft())
    else:
        path.moveTo(box.left(), box.center().y())
        path.lineTo(box.right(), box.center().y())
    return path


def pill_width(now: Theme, word: str) -> int:
    """Return how wide a pill with this word is."""
    return QFontMetrics(now.font(tokens.SMALL)).horizontalAdvance(word) + now.px(_SIGN + 24)


def paint_pill(
    painter: QPainter, rect: QRect, status: Status, word: str, *, selected: bool = False
) -> None:
    """Draw a pill at the leading edge of the rectangle, halfway up.

    Args:
        painter: Its layout direction decides which edge leads.
        rect: The space there is.
        status: Chooses sign and colour.
        word: What is written.
        selected: Whether the row under it is selected; the pill then keeps its ground and
            gets a border.
    """
    now = theme.current()
    colours = now.ink.status(status)
    width = min(pill_width(now, word), rect.width())
    height = now.px(_HEIGHT)
    mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
    left = rect.right() - width + 1 if mirrored else rect.left()
    box = QRect(left, rect.center().y() - height // 2 + 1, width, height)
    _ground(painter, box, colours, selected=selected)
    sign = now.px(_SIGN)
    sign_left = box.right() - now.px(9) - sign if mirrored else box.left() + now.px(9)
    around = QRectF(sign_left, box.center().y() - sign / 2 + 0.5, sign, sign)
    paint_sign(painter, around, status, colours.text, now.px(18) / 10)
    before, behind = (now.px(9), now.px(8) + sign + now.px(6))
    text = box.adjusted(before, 0, -behind, 0) if mirrored else box.adjusted(behind, 0, -before, 0)
    painter.setPen(QColor(colours.text))
    painter.setFont(now.font(tokens.SMALL))
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, word)


def _ground(painter: QPainter, box: QRect, colours: Ink, *, selected: bool) -> None:
    ink = theme.current().ink
    rounded(
        painter,
        box,
        radius=box.height() / 2,
        fill=colours.ground,
        border=colours.text if ink.outlined or selected else "",
        width=ink.border_width,
    )


class StatusPill(QWidget, Dressed, Speaking):
    """A status pill of its own. Say nothing else and it says the status's word."""

    def __init__(self, speaker: Speaker, status: Status = Status.DRAFT) -> None:
        super().__init__()
        self._status = status
        self._text = Text(WORDS[status])
        self._word = ""
        self.learn(speaker)
        self.wear()

    def set_status(self, status: Status, text: Text | str = "") -> None:
        """Show a status, with another word than its own if one is given."""
        self._status = status
        self._text = Text(text or WORDS[status]) if isinstance(text, str) else text
        self.speak()

    @override
    def speak(self) -> None:
        self._word = self.speaker.say(self._text)
        self.setAccessibleName(self._word)
        self.updateGeometry()
        self.update()

    @override
    def dress(self) -> None:
        self.setFixedHeight(theme.current().px(_HEIGHT + 4))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        now = theme.current()
        return QSize(pill_width(now, self._word), now.px(_HEIGHT + 4))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, _event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        paint_pill(painter, self.rect(), self._status, self._word)
        painter.end()
