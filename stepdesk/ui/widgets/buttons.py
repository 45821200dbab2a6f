"""Buttons: the one that does what the page is for, and the others."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import QPushButton, QSizePolicy

from stepdesk.i18n import Text
from stepdesk.ui import icons, theme, tokens
from stepdesk.ui.keys import shown
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Ink
from stepdesk.ui.widgets.letters import press_with_alt, underlined


class PlainButton(QPushButton, Dressed, Speaking):
    """A button with its words, its key if it has one, and perhaps an icon.

    Args:
        text: What it does.
        key: The id of its key, shown behind the words. The page binds it.
        icon: The name of an icon.
        lettered: Whether the page gives it a letter, which presses it with Alt; for a button that
            opens a view and has no key.
    """

    height_of_design = tokens.FIELD

    def __init__(
        self,
        text: Text | str,
        speaker: Speaker,
        *,
        key: str = "",
        icon: str = "",
        lettered: bool = False,
    ) -> None:
        super().__init__()
        self.lettered, self._letter = lettered, ""
        self._text = Text(text) if isinstance(text, str) else text
        self._key = key
        self._icon = icon
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.wear()
        self.learn(speaker)

    def colours(self) -> Ink:
        """Return the colours of the button in the current theme."""
        ink = theme.current().ink
        return Ink(ink.text, ink.base)

    def say(self, text: Text | str) -> None:
        """Say something else from now on."""
        self._text = Text(text) if isinstance(text, str) else text
        self.speak()

    def words(self) -> str:
        """Return what it does, without its key."""
        return self.speaker.say(self._text)

    def take_letter(self, letter: str) -> None:
        """Be pressed by Alt and that letter, which is underlined."""
        self._letter = letter
        self.speak()

    @override
    def speak(self) -> None:
        words = self.words()
        told = underlined(words, self._letter) if self._letter else words
        self.setText(f"{told}   {shown(self._key, self.speaker.tr)}" if self._key else told)
        self.setAccessibleName(words)
        if self._letter:
            # Qt's own shortcut of the underlined letter would press it a moment later.
            self.setShortcut(QKeySequence())
            press_with_alt(self, self._letter)

    @override
    def dress(self) -> None:
        now = theme.current()
        ink = self.colours()
        palette = QPalette(self.palette())
        role = QPalette.ColorRole
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
            palette.setColor(group, role.Button, QColor(ink.ground))
            palette.setColor(group, role.ButtonText, QColor(ink.text))
        palette.setColor(QPalette.ColorGroup.Disabled, role.ButtonText, QColor(now.ink.disabled))
        self.setPalette(palette)
        self.setFont(now.font(bold=self.height_of_design > tokens.FIELD))
        self.setFixedHeight(now.px(self.height_of_design))
        if self._icon:
            size = now.px(18)
            ratio = self.devicePixelRatioF()
            gap = now.px(4)
            self.setIcon(
                icons.icon(self._icon, size, ink.text, ratio, gap=gap, off=now.ink.disabled)
            )
            self.setIconSize(QSize(size + 2 * gap, size))

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)


class MainButton(PlainButton):
    """The one button of a page that does what the page is for."""

    height_of_design = tokens.MAIN_FIELD

    @override
    def colours(self) -> Ink:
        return theme.current().ink.primary
