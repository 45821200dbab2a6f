"""Lucide's icons (ISC, see LICENSE-lucide.txt), drawn once per size, colour and screen."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

_FOLDER = Path(__file__).parent


@cache
def _drawing(name: str) -> str:
    return (_FOLDER / f"{name}.svg").read_text(encoding="utf-8")


@cache
def pixmap(name: str, size: int, colour: str, ratio: float = 1.0) -> QPixmap:
    """Return an icon as a picture.

    Args:
        name: A file beside this module, without `.svg`.
        size: Pixels of the design, before the screen's ratio.
        colour: Written #RRGGBB.
        ratio: The screen's device pixel ratio.
    """
    drawing = _drawing(name).replace("currentColor", colour)
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    renderer.render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def icon(
    name: str, size: int, colour: str, ratio: float = 1.0, *, gap: int = 0, off: str = ""
) -> QIcon:
    """Return an icon for a button.

    Args:
        name: A file beside this module, without `.svg`.
        size: Pixels of the design, before the screen's ratio.
        colour: Written #RRGGBB.
        ratio: The screen's device pixel ratio.
        gap: Pixels left free at both sides.
        off: The colour while the button cannot be pressed.
    """
    found = QIcon(_with_gap(name, size, colour, ratio, gap))
    if off:
        found.addPixmap(_with_gap(name, size, off, ratio, gap), QIcon.Mode.Disabled)
    return found


def _with_gap(name: str, size: int, colour: str, ratio: float, gap: int) -> QPixmap:
    wide = QPixmap(round((size + 2 * gap) * ratio), round(size * ratio))
    wide.fill(Qt.GlobalColor.transparent)
    wide.setDevicePixelRatio(ratio)
    painter = QPainter(wide)
    painter.drawPixmap(gap, 0, pixmap(name, size, colour, ratio))
    painter.end()
    return wide
