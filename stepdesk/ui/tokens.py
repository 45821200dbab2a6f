"""The colours and sizes of the window. Nothing here needs a running application.

Source: the handbook's screens.md 4.3 and 4.4; the contrast of every pair is tested.
"""

from dataclasses import dataclass
from enum import Enum


class Look(Enum):
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Status(Enum):
    """The five states anything on the desk can be in; each has a sign, a word and a colour."""

    UP_TO_DATE = "up to date"
    WAITING = "waiting"
    LATE = "late"
    STOPPED = "stopped"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Ink:
    """Text and the ground under it."""

    text: str
    ground: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one look."""

    window: str
    base: str
    text: str
    muted: str
    border: str  # of things one can type into or press
    disabled: str
    line: str  # between rows and around cards: decoration, not information
    hover: str
    primary: Ink
    selected: Ink
    focus: str
    focus_on_navigation: str
    navigation: Ink
    navigation_here: Ink
    training: Ink
    alarm: Ink
    up_to_date: Ink
    waiting: Ink
    late: Ink
    stopped: Ink
    draft: Ink
    border_width: int = 1
    outlined: bool = False

    def status(self, status: Status) -> Ink:
        """Return the colours of a status."""
        return {
            Status.UP_TO_DATE: self.up_to_date,
            Status.WAITING: self.waiting,
            Status.LATE: self.late,
            Status.STOPPED: self.stopped,
            Status.DRAFT: self.draft,
        }[status]


_TRAINING = Ink("#5A4A00", "#FFF3BF")
_ALARM = Ink("#6B1E00", "#FFE3D3")
_BLACK = Ink("#000000", "#FFFFFF")
_WHITE = Ink("#FFFFFF", "#000000")

LIGHT = Tokens(
    window="#F4F2EC",
    base="#FFFFFF",
    text="#1B1F23",
    muted="#4A5158",
    border="#7A8189",
    disabled="#7A8189",
    line="#DEDBD2",
    hover="#F7F6F2",
    primary=Ink("#FFFFFF", "#0B5563"),
    selected=Ink("#1B1F23", "#DCEBEE"),
    focus="#C2410C",
    focus_on_navigation="#FFB86B",
    navigation=Ink("#E6ECEE", "#12343B"),
    navigation_here=Ink("#FFFFFF", "#1F505B"),
    training=_TRAINING,
    alarm=_ALARM,
    up_to_date=Ink("#0065AD", "#E5F0F9"),
    waiting=Ink("#946800", "#FDF6E3"),
    late=Ink("#801E00", "#FBE7E0"),
    stopped=Ink("#FFFFFF", "#400623"),
    draft=Ink("#555759", "#EEEFF0"),
)

DARK = Tokens(
    window="#15181C",
    base="#1C2026",
    text="#E8EAED",
    muted="#A9B0B8",
    border="#7D858F",
    disabled="#7D858F",
    line="#31373F",
    hover="#22272E",
    primary=Ink("#0B1417", "#6FD0DE"),
    selected=Ink("#E8EAED", "#1F4049"),
    focus="#FFB86B",
    focus_on_navigation="#FFB86B",
    navigation=Ink("#D5DEE0", "#0D1F24"),
    navigation_here=Ink("#FFFFFF", "#1B444E"),
    training=_TRAINING,
    alarm=_ALARM,
    up_to_date=Ink("#5798D9", "#15293D"),
    waiting=Ink("#FFF3A6", "#3A3517"),
    late=Ink("#E68E73", "#42211A"),
    stopped=Ink("#FFBFEA", "#43203A"),
    draft=Ink("#959CA6", "#2A2F36"),
)

CONTRAST = Tokens(
    window="#FFFFFF",
    base="#FFFFFF",
    text="#000000",
    muted="#000000",
    border="#000000",
    disabled="#767676",
    line="#000000",
    hover="#FFFFFF",
    primary=_WHITE,
    selected=_WHITE,
    focus="#000000",
    focus_on_navigation="#000000",
    navigation=_BLACK,
    navigation_here=_WHITE,
    training=_BLACK,
    alarm=_BLACK,
    up_to_date=_BLACK,
    waiting=_BLACK,
    late=_BLACK,
    stopped=_BLACK,
    draft=_BLACK,
    border_width=2,
    outlined=True,
)

TOKENS = {Look.LIGHT: LIGHT, Look.DARK: DARK, Look.CONTRAST: CONTRAST}

# Pixels at 96 dpi and 100 %.
GRID = 4
RADIUS = 6
CARD_RADIUS = 8
FOCUS_WIDTH = 3
FOCUS_GAP = 1
ROW = 32
CELL = 12  # between the edge of a cell and its text
ROW_DENSE = 28
ROW_LARGE = 40
FIELD = 36
MAIN_FIELD = 44
AMOUNT_FIELD = 56
NAVIGATION = 168
NAVIGATION_ENTRY = 40
HELP = 320

# Points.
BODY = 11
SMALL = 10
SECTION = 13
TITLE = 15
NAME = 17
AMOUNT = 22

ZOOMS = (100, 125, 150)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours written #RRGGBB, 1 to 21.

    Source: WCAG 2.2, relative luminance and contrast ratio.
    """
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
