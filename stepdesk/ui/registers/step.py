"""What the six steps of an import have in common."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.registers.facts import Look
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.words import Size, Words


class Step(QWidget, Dressed):
    """One step: a question at the top, and what answers it.

    Signals:
        changed: The choices (`Choices`) as they are now wanted; what they lead to is read anew.
        rebuilt: As `changed`, but sheet or table changed, so that the rest is guessed anew.
    """

    changed = Signal(object)
    rebuilt = Signal(object)

    def __init__(self, question: str, hint: str, speaker: Speaker) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.addWidget(Words(question, speaker, size=Size.SECTION, bold=True, wrap=True))
        self.hint = Words(hint, speaker, muted=True, wrap=True)
        self.column.addWidget(self.hint)
        self.hint.setVisible(bool(hint))
        self.wear()

    def show_look(self, seen: Look) -> None:
        """Show what is chosen and what it leads to."""

    def begin(self) -> None:
        """Put the cursor where the step begins."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def dress(self) -> None:
        self.column.setSpacing(theme.current().px(8))
