"""The look of the running window: palette, fonts, sizes, and the word when they change."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

import stepdesk
from stepdesk.ui import tokens
from stepdesk.ui.style import StepStyle
from stepdesk.ui.tokens import TOKENS, Look, Tokens

FAMILY = "Noto Sans"
_FILES = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf")


@dataclass(frozen=True, slots=True)
class Theme:
    """A look at a size.

    Args:
        look: Light, dark or high contrast.
        zoom: 100, 125 or 150 percent.
    """

    look: Look = Look.LIGHT
    zoom: int = 100

    @property
    def ink(self) -> Tokens:
        return TOKENS[self.look]

    def px(self, pixels: int) -> int:
        """Return a length of the design at this size."""
        return round(pixels * self.zoom / 100)

    def font(self, points: int = tokens.BODY, *, bold: bool = False) -> QFont:
        font = QFont(FAMILY)
        font.setPointSizeF(points * self.zoom / 100)
        font.setBold(bold)
        return font


class Notifier(QObject):
    """Says when the theme has changed; widgets then dress again."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = Theme()


_notifiers: list[Notifier] = []


def notifier() -> Notifier:
    """Return the one notifier of the program."""
    if not _notifiers:
        _notifiers.append(Notifier())
    return _notifiers[0]


def current() -> Theme:
    """Return the theme in use."""
    return notifier().theme


class Dressed:
    """A widget that takes its sizes and colours from the theme.

    Call `wear()` at the end of `__init__` and set everything in `dress()`.
    """

    def wear(self) -> None:
        notifier().changed.connect(self.dress)
        self.dress()

    def dress(self) -> None:
        """Take fonts, sizes and colours from the current theme."""
        raise NotImplementedError


def apply(app: QApplication, theme: Theme) -> None:
    """Give the application this theme and tell every widget."""
    if not isinstance(app.style(), StepStyle):
        app.setStyle(StepStyle())
    _load_fonts()
    notifier().theme = theme
    style = app.style()
    if isinstance(style, StepStyle):
        style.wear(theme.ink, theme.zoom)
    app.setPalette(palette_for(theme.look))
    app.setFont(theme.font())
    # On Windows these classes take the system's own font unless told (seen under wine).
    for kind in ("QAbstractItemView", "QHeaderView", "QStatusBar", "QMenu"):
        app.setFont(theme.font(), kind)  # type: ignore[arg-type]  # the stub says bytes
    notifier().changed.emit()


def wear(theme: Theme) -> None:
    """Give the running application this theme."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        apply(app, theme)


def palette_for(look: Look) -> QPalette:
    """Return the palette of a look."""
    ink = TOKENS[look]
    palette = QPalette()
    role = QPalette.ColorRole
    colours = {
        role.Window: ink.window,
        role.WindowText: ink.text,
        role.Base: ink.base,
        role.AlternateBase: ink.hover,
        role.Text: ink.text,
        role.PlaceholderText: ink.muted,
        role.Button: ink.base,
        role.ButtonText: ink.text,
        role.BrightText: ink.base,
        role.Highlight: ink.primary.ground,
        role.HighlightedText: ink.primary.text,
        role.Accent: ink.primary.ground,
        role.Link: ink.up_to_date.text,
        role.LinkVisited: ink.up_to_date.text,
        role.ToolTipBase: ink.base,
        role.ToolTipText: ink.text,
        role.Light: ink.base,
        role.Midlight: ink.hover,
        role.Mid: ink.line,
        role.Dark: ink.border,
        role.Shadow: ink.border,
    }
    for name, colour in colours.items():
        palette.setColor(name, QColor(colour))
    off = QPalette.ColorGroup.Disabled
    for name in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(off, name, QColor(ink.disabled))
    return palette


def _load_fonts() -> None:
    if FAMILY in _loaded:
        return
    folder = Path(stepdesk.__file__).parent / "paper" / "fonts"
    for name in _FILES:
        QFontDatabase.addApplicationFont(str(folder / name))
    _loaded.add(FAMILY)


_loaded: set[str] = set()
