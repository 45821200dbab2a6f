"""A right-to-left test language: every message in Arabic letters that mean nothing.

Figures, dates and names stay as they are, as they would in a page of Arabic.
"""

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from stepdesk.i18n import Text
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker

_LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ابجدهفقحيىكلمنوپقرسطعثظغئزابجدهفقحيىكلمنوپقرسطعثظغئز",
)
_BRACES = re.compile(r"({\w+})")


def mirrored(message: str) -> str:
    """Return a message in Arabic letters, its braces untouched."""
    parts = _BRACES.split(message)
    return "".join(part if part.startswith("{") else part.translate(_LETTERS) for part in parts)


class RightToLeft(Speaker):
    """Speaks the test language, and lays the window out from the right."""

    def __init__(self) -> None:
        super().__init__("en")
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)

    @override
    def say(self, text: Text) -> str:
        values = {
            name: self.say(value) if isinstance(value, Text) else value
            for name, value in text.values.items()
        }
        return super().say(Text(mirrored(text.message), values, mirrored(text.plural)))
