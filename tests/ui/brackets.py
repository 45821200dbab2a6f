"""Finds words in the window that no translator has seen."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QMenu, QWidget

from stepdesk.i18n import Text
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker


class BracketSpeaker(Speaker):
    """Puts every message in brackets, so that words without them were never translated."""

    @override
    def say(self, text: Text) -> str:
        said = super().say(text)
        return f"[{said}]" if said else ""


def unbracketed(widget: QWidget) -> list[str]:
    """Return the visible texts in and below a widget that did not go through the speaker.

    Values of the book (widgets whose property `data` is true) and texts without letters are
    left out.
    """
    found: list[str] = []
    for one in (widget, *widget.findChildren(QWidget)):
        if not one.property("data"):
            found += [text for text in _texts(one) if _is_bare(text)]
    return found


def _texts(widget: QWidget) -> list[str]:
    texts = [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
    match widget:
        case QLabel() | QAbstractButton():
            texts.append(widget.text())
        case QLineEdit():
            texts.append(widget.placeholderText())
        case QMenu():
            texts += [action.text() for action in widget.actions() if not _is_choice(action)]
        case _:
            pass
    return texts


def _is_choice(action: QAction) -> bool:
    """Whether the action is a language under its own name or a size."""
    return action.isCheckable() and action.objectName() in {"en", "fr", "100", "125", "150"}


def _is_bare(text: str) -> bool:
    words = text.strip()
    has_letters = any(sign.isalpha() for sign in words)
    return has_letters and not words.startswith("[")
