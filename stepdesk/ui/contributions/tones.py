"""A low and a high tone for whoever looks at the money and not at the screen; it can be off."""

from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from stepdesk.i18n import N_
from stepdesk.store.settings import read_settings, write_settings
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.buttons import PlainButton

_APART = 180  # milliseconds between the two tones of "look"


class Tones(PlainButton):
    """Turns the tone on and off: one tone says recorded, two say look. Kept on this laptop."""

    def __init__(self, speaker: Speaker) -> None:
        self.on = read_settings().sound
        super().__init__(self._words(), speaker)
        self._second = QTimer(self)
        self._second.setSingleShot(True)
        self._second.setInterval(_APART)
        self._second.timeout.connect(QApplication.beep)
        self.clicked.connect(self._turn)

    def recorded(self) -> None:
        """Say that it is recorded."""
        if self.on:
            QApplication.beep()

    def look(self) -> None:
        """Say that somebody has to look."""
        if self.on:
            QApplication.beep()
            self._second.start()

    def _turn(self) -> None:
        self.on = not self.on
        write_settings(replace(read_settings(), sound=self.on))
        self.say(self._words())

    def _words(self) -> str:
        return N_("Tone is on") if self.on else N_("Tone is off")
