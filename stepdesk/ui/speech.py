"""The language the window speaks, switched while it runs.

Only gettext until a figure or a date must be written: Babel comes on first use, and the login
needs neither.
"""

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, Qt, QTranslator, Signal
from PySide6.QtWidgets import QApplication

from stepdesk.i18n import (
    FALLBACK,
    LANGUAGES,
    RIGHT_TO_LEFT,
    Text,
    Value,
    apart,
    decimal_mark,
    speak,
    written,
)
from stepdesk.ui.overriding import override


class Speaker(QObject):
    """Says every message in the person's language, and when that language has changed."""

    changed = Signal()

    def __init__(self, language: str = FALLBACK, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._language = language if language in LANGUAGES else FALLBACK
        self._teach_qt()

    @property
    def language(self) -> str:
        return self._language

    def set_language(self, language: str) -> None:
        """Speak that language from now on, in every widget at once."""
        if language == self._language or language not in LANGUAGES:
            return
        self._language = language
        self._teach_qt()
        self.changed.emit()

    @override
    def tr(self, message: str, /, **values: Value) -> str:  # type: ignore[override]
        """Return a message marked with `N_` in the language, its values written in.

        Qt's own `tr` is not used in this program.
        """
        return self.say(Text(message, values))

    def say(self, text: Text) -> str:
        """Return a text in the language."""
        return speak(text, self._language)

    def plural(self, one: str, many: str, count: int, /, **values: Value) -> str:
        """Return the message that fits the count, which both may name as `{count}`."""
        return self.say(Text(one, {"count": count, **values}, plural=many))

    def write(self, value: Value) -> str:
        """Return a value as people write it in the language."""
        return self.say(value) if isinstance(value, Text) else written(value, self._language)

    def apart(self, text: str) -> str:
        """Return a value so that its order stays among words that run the other way."""
        return apart(text, self._language)

    def _teach_qt(self) -> None:
        _spoken[:] = [self._language]
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            return
        while _installed:
            app.removeTranslator(_installed.pop())
        translator = QTranslator()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load(QLocale(self._language), "qtbase", "_", folder):
            app.installTranslator(translator)
            _installed.append(translator)
        app.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft
            if self._language in RIGHT_TO_LEFT
            else Qt.LayoutDirection.LeftToRight
        )


_spoken: list[str] = [FALLBACK]  # of the speaker that was made or changed last
_installed: list[QTranslator] = []  # at most one: Qt asks every translator it has


def spoken_mark() -> str:
    """Return what stands before decimals in the language of the window.

    For fields that show figures and say nothing: they know no speaker.
    """
    return decimal_mark(_spoken[0])


class Speaking:
    """A widget that sets all its texts in one method.

    Call `learn(speaker)` at the end of `__init__` and set every text in `speak()`.
    """

    speaker: Speaker

    def learn(self, speaker: Speaker) -> None:
        self.speaker = speaker
        speaker.changed.connect(self.speak)
        self.speak()

    def speak(self) -> None:
        """Set every text in the language in use."""
        raise NotImplementedError
