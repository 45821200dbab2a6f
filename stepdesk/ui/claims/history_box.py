"""What happened to a certificate since it was typed, one line an event."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from stepdesk.claims.terms import Happened
from stepdesk.i18n import N_, Text, Value
from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.words import Size, Words

_MOST = 8  # the latest; the printed history has them all


class HistoryBox(QWidget, Dressed, Speaking):
    """Day, what happened, who did it, and what was said."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._held = speaker
        self._head = Words(N_("What happened"), speaker, size=Size.SECTION, bold=True)
        self._days: list[Words] = []
        self._told: list[Words] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._head)
        self._grid = QGridLayout()
        self._column.addLayout(self._grid)
        self._grid.setColumnStretch(1, 1)
        self.wear()
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.speaker.tr(N_("What happened")))

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setSpacing(now.px(4))
        self._grid.setHorizontalSpacing(now.px(12))
        self._grid.setVerticalSpacing(now.px(2))

    def show_happened(self, happened: Sequence[Happened]) -> None:
        """Show these, in order."""
        shown = happened[-_MOST:]
        while len(self._told) < len(shown):
            day, told = Words("", self._held, muted=True), Words("", self._held, wrap=True)
            for column, words in enumerate((day, told)):
                self._grid.addWidget(words, len(self._told), column)
            self._days.append(day)
            self._told.append(told)
        for at, (day, told) in enumerate(zip(self._days, self._told, strict=True)):
            seen = at < len(shown)
            day.say(Text("{day}", {"day": shown[at].day}) if seen else Text(""))
            told.say(_words(shown[at]) if seen else Text(""))
            day.setVisible(seen)
            told.setVisible(seen)

    def texts(self) -> list[str]:
        """Return what is told, as it is read."""
        return [words.text() for words in self._told if not words.isHidden()]


def _words(one: Happened) -> Text:
    what = one.what
    if one.amounts is not None:
        what = Text(N_("{what}: {amounts}"), {"what": one.what, "amounts": one.amounts})
    values: dict[str, Value] = {"what": what, "by": one.by, "told": one.told}
    message = N_("{what} · {by}") if one.by else "{what}"
    if one.told:
        message = N_("{what} · {by}: {told}")
    if one.due is not None:
        values["due"] = one.due
        message = N_("{what} · {by}: {told} (answer until {due})")
    return Text(message, values)
