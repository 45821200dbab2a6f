"""Labels: words the program says and values of the book, in the sizes of the design."""

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel, QWidget

from stepdesk.i18n import Text, amount_text
from stepdesk.ui import theme, tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.values.money import Money

_FROM_THE_RIGHT = "\u200f"


class Size(Enum):
    SMALL = tokens.SMALL
    BODY = tokens.BODY
    SECTION = tokens.SECTION
    TITLE = tokens.TITLE
    NAME = tokens.NAME
    AMOUNT = tokens.AMOUNT


class Shown(QLabel, Dressed):
    """A value of the book: a name, a number, a day. Not translated, and never read as markup."""

    def __init__(
        self,
        value: str = "",
        *,
        size: Size = Size.BODY,
        bold: bool = False,
        muted: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(value, parent)
        self._size = size
        self._bold = bold
        self._muted = muted
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("data", True)  # noqa: FBT003 - Qt's setters take no names
        self.wear()

    @override
    def setText(self, text: str, /) -> None:
        # A text that wraps is laid out from the side of its first letter; a name in Latin
        # letters would stand apart from all else.
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        super().setText(f"{_FROM_THE_RIGHT}{text}" if mirrored and text else text)

    @override
    def dress(self) -> None:
        now = theme.current()
        self.setFont(now.font(self._size.value, bold=self._bold))
        palette = QPalette(self.palette())
        colour = now.ink.muted if self._muted else now.ink.text
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colour))
        self.setPalette(palette)


class Words(Shown, Speaking):
    """A text the program says, spoken again when the language changes."""

    def __init__(
        self,
        text: Text | str,
        speaker: Speaker,
        *,
        size: Size = Size.BODY,
        bold: bool = False,
        muted: bool = False,
        wrap: bool = False,
    ) -> None:
        self._text = Text(text) if isinstance(text, str) else text
        super().__init__(size=size, bold=bold, muted=muted)
        self.setProperty("data", False)  # noqa: FBT003 - Qt's setters take no names
        self.setWordWrap(wrap)
        self.learn(speaker)

    def say(self, text: Text | str) -> None:
        """Say something else from now on."""
        self._text = Text(text) if isinstance(text, str) else text
        self.speak()

    @override
    def speak(self) -> None:
        self.setText(self.speaker.say(self._text))


class MoneyLabel(Shown, Speaking):
    """An amount in large figures, at the right in every language."""

    def __init__(self, speaker: Speaker, *, size: Size = Size.AMOUNT) -> None:
        self._money: Money | None = None
        super().__init__(size=size, bold=True)
        self.setAlignment(
            Qt.AlignmentFlag.AlignRight
            | Qt.AlignmentFlag.AlignAbsolute
            | Qt.AlignmentFlag.AlignVCenter
        )
        self.learn(speaker)

    def show_money(self, money: Money | None) -> None:
        """Show an amount, or nothing."""
        self._money = money
        self.speak()

    @override
    def speak(self) -> None:
        language = self.speaker.language
        self.setText("" if self._money is None else amount_text(self._money, language))
