"""What every page of the window has in common."""

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from stepdesk.ui import keys
from stepdesk.ui.context import Context
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.widgets.letters import give_letters


class Page(QWidget, Speaking):
    """One screen, one task. Built on its first visit and kept.

    A page builds its widgets in `__init__`, ends it with `self.learn(context.speaker)`, sets
    every text in `speak()` and loads what it shows in `shown()`.
    """

    id: ClassVar[str] = ""
    help_page: ClassVar[str] = ""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context

    @override
    def learn(self, speaker: Speaker) -> None:
        super().learn(speaker)
        # After every part of the page has spoken: the letters are those of its words.
        speaker.changed.connect(self._give_letters)
        self._give_letters()

    def _give_letters(self) -> None:
        give_letters(self)

    def title(self) -> str:
        """Return what stands at the top, in the language in use."""
        raise NotImplementedError

    def shown(self, **arguments: object) -> None:
        """Load what the page shows. Called at each visit, with what `go` was given."""

    def bind(self, name: str, act: Callable[[], object]) -> QAction:
        """Let one of the keys of `keys.py` act on this page."""
        return keys.bind(name, self, act)
