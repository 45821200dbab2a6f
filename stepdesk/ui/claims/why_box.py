"""Why this amount? The steps of one line, each with the numbers it used."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.i18n import N_, Text
from stepdesk.ui import theme
from stepdesk.ui.claims.facts import Shown
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.words import Size, Words


class WhyBox(QWidget, Dressed, Speaking):
    """The question, the line it is about, and one sentence a step."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._held = speaker
        self._shown: Shown | None = None
        self._head = Words(N_("Why this amount?"), speaker, size=Size.SECTION, bold=True)
        self._about = Words("", speaker, muted=True, wrap=True)
        self._none = Words(
            N_("The steps of the line the cursor is on are told here."),
            speaker,
            muted=True,
            wrap=True,
        )
        self._steps: list[Words] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        top = QHBoxLayout()
        self._column.addLayout(top)
        top.addWidget(self._head)
        top.addWidget(self._about, 1)
        self._top = top
        self._column.addWidget(self._none)
        self._grid = QGridLayout()
        self._column.addLayout(self._grid)
        self._grid.setColumnStretch(1, 1)
        self.wear()
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.speaker.tr(N_("Why this amount?")))

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setSpacing(now.px(4))
        self._top.setSpacing(now.px(12))
        self._grid.setHorizontalSpacing(now.px(8))
        self._grid.setVerticalSpacing(now.px(2))

    def show_line(self, shown: Shown | None) -> None:
        """Tell the steps of a line, or say that there is none."""
        if shown == self._shown:
            return
        self._shown = shown
        self._about.say(Text("{act}", {"act": shown.name}) if shown else Text(""))
        self._about.setVisible(shown is not None)
        self._none.setVisible(shown is None or not shown.steps)
        self._none.say(
            N_("The steps of the line the cursor is on are told here.")
            if shown is None
            else N_("No steps are kept of this line.")
        )
        self._fill(shown.steps if shown else ())

    def texts(self) -> list[str]:
        """Return the steps as they are read."""
        return [words.text() for words in self._steps if not words.isHidden()]

    def _fill(self, steps: Sequence[Text]) -> None:
        while len(self._steps) < len(steps):
            words = Words("", self._held, wrap=True)
            row = len(self._steps)
            number = Words(Text("{number}.", {"number": row + 1}), self._held, muted=True)
            self._grid.addWidget(number, row, 0)
            self._grid.addWidget(words, row, 1)
            self._steps.append(words)
        for at, words in enumerate(self._steps):
            seen = at < len(steps)
            words.say(steps[at] if seen else Text(""))
            for column in range(2):
                item = self._grid.itemAtPosition(at, column)
                widget = None if item is None else item.widget()
                if widget is not None:
                    widget.setVisible(seen)
