"""Every key of the program. What a key does is the page's business; which it is stands here."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from stepdesk.i18n import N_

# What the top row of a French keyboard gives without Shift, for the digits 1 to 9 and 0.
AZERTY = "&é\"'(-è_çà"
DIGITS = "1234567890"
AZERTY_DIGITS = str.maketrans(AZERTY, DIGITS)


@dataclass(frozen=True, slots=True)
class Key:
    """A key and what it is for.

    Args:
        id: The name pages bind it by.
        keys: Key sequences as Qt writes them; the first is the one shown.
        text: What it does, for the help.
    """

    id: str
    keys: tuple[str, ...]
    text: str


def _screen(at: int) -> Key:
    digit = DIGITS[at]
    return Key(f"screen-{digit}", (f"Alt+{digit}", f"Alt+{AZERTY[at]}"), N_("Open this screen"))


KEYS = (
    *(_screen(at) for at in range(10)),
    # Pages under the ten have a letter; both keyboards have it in reach.
    Key("screen-I", ("Alt+I",), N_("Open this screen")),
    Key("screen-K", ("Alt+K",), N_("Open this screen")),
    Key("screen-S", ("Alt+S",), N_("Open this screen")),
    Key("help", ("F1",), N_("Help")),
    Key("new", ("F2",), N_("New")),
    Key("filter", ("F3",), N_("Filter")),
    Key("camera", ("F4",), N_("Camera")),
    Key("recompute", ("F5",), N_("Reckon again")),
    Key("several", ("F6",), N_("Pays for several households")),
    Key("override", ("F7",), N_("Allow with a reason")),
    Key("attach", ("F8",), N_("Attach a paper")),
    Key("print", ("F9",), N_("Print")),
    Key("papers", ("Shift+F9",), N_("Papers of the scheme")),
    Key("menu", ("F10",), N_("What happened?")),
    Key("same-person", ("+",), N_("Make one of two entries")),
    Key("not-the-same", ("-",), N_("Not the same person")),
    Key("close-session", ("F12",), N_("Close the session")),
    Key("search", ("Ctrl+K",), N_("Search")),
    Key("lock", ("Ctrl+L",), N_("Lock")),
    Key("undo-last", ("Ctrl+Z",), N_("Undo the last record")),
    Key("save", ("Ctrl+S",), N_("Nothing to save: everything is kept as you go")),
    Key("back", ("Esc",), N_("Back")),
)

_BY_ID = {key.id: key for key in KEYS}


def key(name: str) -> Key:
    """Return the key of that id."""
    return _BY_ID[name]


def sequences(name: str) -> list[QKeySequence]:
    """Return every sequence of the key of that id."""
    return [QKeySequence(text) for text in key(name).keys]


_NAMES = {"Ctrl": N_("Ctrl"), "Shift": N_("Shift"), "Alt": N_("Alt"), "Esc": N_("Esc")}


def shown(name: str, tr: Callable[[str], str]) -> str:
    """Return the key as it stands on the person's keyboard: F9, Ctrl+Z, Maj+F9.

    Args:
        name: The key's id.
        tr: Says a message in the person's language.
    """
    told = key(name).keys[0]
    if "+" not in told[:-1]:
        return tr(_NAMES[told]) if told in _NAMES else told
    return "+".join(tr(_NAMES[one]) if one in _NAMES else one for one in told.split("+"))


def bind(name: str, widget: QWidget, act: Callable[[], object]) -> QAction:
    """Let a key act while the widget or something in it has the focus.

    Args:
        name: The key's id.
        widget: A page, or the window for keys that work everywhere.
        act: A method or partial of the widget; no lambda, which would keep the widget alive.
    """
    action = QAction(widget)
    action.setObjectName(name)
    action.setShortcuts(sequences(name))
    action.setShortcutContext(
        Qt.ShortcutContext.WindowShortcut
        if widget.isWindow()
        else Qt.ShortcutContext.WidgetWithChildrenShortcut
    )
    action.triggered.connect(act)
    widget.addAction(action)
    return action


def pass_on(name: str, widget: QWidget) -> None:
    """Let a key that a field has taken act on the page around it."""
    holder: QWidget | None = widget
    while holder is not None:
        for action in holder.actions():
            if action.objectName() == name and action.isEnabled():
                action.trigger()
                return
        holder = holder.parentWidget()
