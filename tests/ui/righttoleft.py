"""A right-to-left test language: every message in Arabic letters that mean nothing.

It is spoken as `ar`, so that dates, figures and the layout are those of Arabic.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations
from unittest.mock import patch

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from stepdesk import i18n
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_LETTERS = str.maketrans(_LATIN + _LATIN.upper(), "ابجدهفقحيىكلمنوپقرسطعثظغئز" * 2)
_BRACES = re.compile(r"({\w+})")


def mirrored(message: str) -> str:
    """Return a message in Arabic letters, its braces untouched."""
    parts = _BRACES.split(message)
    return "".join(part if part.startswith("{") else part.translate(_LETTERS) for part in parts)


class _Mirrored(NullTranslations):
    @override
    def gettext(self, message: str) -> str:
        return mirrored(message)

    @override
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return mirrored(msgid1 if n == 1 else msgid2)


@contextmanager
def from_the_right() -> Iterator[Speaker]:
    """Give a speaker of the test language; afterwards the window runs from the left again."""
    real = i18n.catalogue

    def catalogue(language: str) -> NullTranslations:
        return _Mirrored() if language == "ar" else real(language)

    with patch.dict(i18n.LANGUAGES, {"ar": "العربية"}), patch.object(i18n, "catalogue", catalogue):
        try:
            yield Speaker("ar")
        finally:
            app = QApplication.instance()
            if isinstance(app, QApplication):
                app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
