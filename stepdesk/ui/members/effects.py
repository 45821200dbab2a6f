"""What an event would do to rights and dues, told before it is recorded."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from stepdesk.i18n import N_, Text
from stepdesk.ui import theme
from stepdesk.ui.members.asks import Known
from stepdesk.ui.members.effect_words import effect_words
from stepdesk.ui.members.known import Effect
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.form import ErrorLine
from stepdesk.ui.widgets.words import Words
from stepdesk.values.money import Currency


class Effects(QWidget, Dressed):
    """The sentences at the side of an event's form."""

    def __init__(self, speaker: Speaker, currency: Currency) -> None:
        super().__init__()
        self._speaker, self._currency = speaker, currency
        self.title = Words(N_("What it does"), speaker, bold=True)
        self.waiting = Words(
            N_("Answer the questions: what changes in rights and dues is told here."),
            speaker,
            muted=True,
            wrap=True,
        )
        self.error = ErrorLine(speaker)
        self._lines: list[Words] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.title, self.waiting, self.error):
            self._column.addWidget(widget)
        self._told = QVBoxLayout()
        self._column.addLayout(self._told)
        self._column.addStretch(1)
        self.wear()

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setSpacing(now.px(8))
        self._told.setSpacing(now.px(6))

    def clear(self, *, shown: bool) -> None:
        """Begin anew; an event without effect on rights and dues shows nothing."""
        self.setVisible(shown)
        self.wait()

    def wait(self) -> None:
        """Say that more must be answered first."""
        self._say(())
        self.error.clear_text()
        self.waiting.show()

    def texts(self) -> list[str]:
        """Return the sentences that are shown."""
        found = [self.error.text()] if not self.error.isHidden() else []
        return [*found, *(line.text() for line in self._lines)]

    def show_effect(self, effect: Effect, known: Known) -> None:
        """Tell what would change, what would be asked, or why it cannot be."""
        self.waiting.hide()
        self.error.clear_text()
        if effect.refused is not None:
            self.error.show_text(effect.refused)
        told: list[tuple[Text, bool]] = []
        if effect.foreseen is not None:
            told += effect_words(effect.foreseen, known, self._currency)
        if effect.doubts:
            told.append((Text(N_("A reason will be asked for:")), True))
            told += [(one, False) for one in effect.doubts]
        self._say(tuple(told))

    def _say(self, told: tuple[tuple[Text, bool], ...]) -> None:
        for old in self._lines:
            self._told.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._lines = []
        for text, bold in told:
            line = Words(text, self._speaker, bold=bold, wrap=True)
            self._told.addWidget(line)
            self._lines.append(line)
