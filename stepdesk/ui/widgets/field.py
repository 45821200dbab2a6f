"""What all single-line fields share: height, the wrong state, keys of the page, French digits."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from stepdesk.i18n import Text
from stepdesk.ui import theme, tokens
from stepdesk.ui.keys import AZERTY_DIGITS, pass_on
from stepdesk.ui.overriding import override
from stepdesk.ui.theme import Dressed

_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class Field(QLineEdit, Dressed):
    """A line one can type in. It keeps whatever is typed, right or wrong."""

    up = Signal()
    down = Signal()

    def __init__(self, *, height: int = tokens.FIELD, points: int = tokens.BODY) -> None:
        super().__init__()
        self._height = height
        self._points = points
        self.textEdited.connect(self._edited)
        self.wear()

    def problem(self) -> Text | None:
        """Return what is wrong with what was typed, or None."""
        return None

    def mark_wrong(self, *, wrong: bool) -> None:
        """Show or take away the border of a wrong field."""
        if bool(self.property("wrong")) != wrong:
            self.setProperty("wrong", wrong)
            self.update()

    @override
    def dress(self) -> None:
        now = theme.current()
        self.setFont(now.font(self._points, bold=self._points > tokens.TITLE))
        self.setFixedHeight(now.px(self._height))
        self.setTextMargins(now.px(6), 0, now.px(6), 0)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        # A field claims Ctrl+Z for its typing; with nothing typed it is the page's key. To say
        # so in `event()` would be shorter, but Python overrides of it crash PySide 6.11 when the
        # garbage collector takes the widget (see tests/ui/test_garbage.py).
        if event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable():
            pass_on("undo-last", self)
            return
        match event.key():
            case Qt.Key.Key_Up:
                self.up.emit()
            case Qt.Key.Key_Down:
                self.down.emit()
            case _:
                super().keyPressEvent(event)

    def _edited(self, _text: str) -> None:
        self.mark_wrong(wrong=False)


class DigitField(Field):
    """A field where the unshifted top row of a French keyboard means digits."""

    def means_digits(self) -> bool:
        """Whether the top row means digits, seeing what stands in the field."""
        return True

    def typed(self, text: str) -> str:
        """Return what is entered for typed signs."""
        return text.translate(AZERTY_DIGITS) if self.means_digits() else text

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        entered = event.text()
        if entered and entered.isprintable() and not event.modifiers() & _COMMANDS:
            meant = self.typed(entered)
            if meant != entered:
                self.insert(meant)
                self.textEdited.emit(self.text())
                return
        super().keyPressEvent(event)

    @override
    def inputMethodEvent(self, event: QInputMethodEvent, /) -> None:
        # Some keyboards send è and ç this way.
        if event.commitString():
            event.setCommitString(self.typed(event.commitString()))
        super().inputMethodEvent(event)


class SelectedOnFocus(DigitField):
    """A field whose content is selected when it is entered, so that typing replaces it."""

    @override
    def focusInEvent(self, event: QFocusEvent, /) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.selectAll()


class NumbersField(SelectedOnFocus):
    """Reads the French top row as digits; whoever types a real digit has a dash that is a dash."""

    _digits_were_typed = False

    @override
    def typed(self, text: str) -> str:
        if not self.text() or self.selectedText() == self.text():
            self._digits_were_typed = False
        self._digits_were_typed = self._digits_were_typed or text.isdecimal()
        if self._digits_were_typed and text in "-(":
            return text
        return super().typed(text)
