"""Buttons: the one that does what the page is for, and the others."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPalette
from PySide6.QtWidgets import QPushButton, QSizePolicy

from stepdesk.i18n import Text
from stepdesk.ui import icons, theme, tokens
from stepdesk.ui.keys import shown
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Ink


class PlainButton(QPushButton, Dressed, Speaking):
    """A button with its words, its key if it has one, and perhaps an icon.

    Args:
        text: What it does.
        key: The id of its key, shown behind the words. The page binds it.
        icon: The name of an icon.
    """

    height_of_design = tokens.FIELD

    def __init__(
        self, text: Text | str, speaker: Speaker, *, key: str = "", icon: str = ""
    ) -> None:
        super().__init__()
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

    @override
    def speak(self) -> None:
        words = self.speaker.say(self._text)
        self.setText(f"{words}   {shown(self._key, self.speaker.tr)}" if self._key else words)
        self.setAccessibleName(words)

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
