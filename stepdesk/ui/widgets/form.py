"""One column of fields: label above, hint below, error below in words with a sign."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from stepdesk.errors import Refusal
from stepdesk.i18n import Text
from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.pill import paint_sign
from stepdesk.ui.widgets.words import Size, Words

_FILLED = Qt.AlignmentFlag(0)
_AT_START = Qt.AlignmentFlag.AlignLeft  # which is the right where one reads from there


class ErrorLine(Words):
    """What is wrong, with a sign, in the colour of what needs attention. Hidden while nothing is.

    A screen reader finds it as the description of its field.
    """

    def __init__(self, speaker: Speaker) -> None:
        super().__init__("", speaker, size=Size.SMALL, bold=True, wrap=True)
        self.hide()

    def show_text(self, text: Text) -> None:
        self.say(text)
        self.show()

    def clear_text(self) -> None:
        self.say("")
        self.hide()

    @override
    def dress(self) -> None:
        super().dress()
        now = theme.current()
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, QColor(self._colour()))
        self.setPalette(palette)
        self.setContentsMargins(now.px(18), 0, 0, 0)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        now = theme.current()
        size = now.px(10)
        left = now.px(2)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            left = self.width() - left - size
        top = (self.fontMetrics().height() - size) / 2
        painter = QPainter(self)
        box = QRectF(left, top, size, size)
        paint_sign(painter, box, Status.LATE, self._colour(), now.px(22) / 10)
        painter.end()

    def _colour(self) -> str:
        return theme.current().ink.late.text


@runtime_checkable
class Marked(Protocol):
    """A field whose border shows that something is wrong with it."""

    def mark_wrong(self, *, wrong: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class _Row:
    widget: QWidget
    error: ErrorLine
    around: tuple[QWidget, ...] = ()


class Form(QWidget, Dressed):
    """Fields below each other; a refusal appears beside the field it names.

    Args:
        speaker: Says the labels.
        across: Whether the fields stand beside each other, where height is short.
    """

    def __init__(self, speaker: Speaker, *, across: bool = False) -> None:
        super().__init__()
        self._speaker = speaker
        self._rows: dict[str, _Row] = {}
        self._blocks: list[QVBoxLayout] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._across = QHBoxLayout() if across else None
        if self._across is not None:
            self._column.addLayout(self._across)
        self._whole = ErrorLine(speaker)
        self._column.addWidget(self._whole)
        self._column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.wear()

    def add(
        self,
        name: str,
        widget: QWidget,
        label: Text | str,
        *,
        hint: Text | str = "",
        width: int = 0,
        wrap: bool = False,
    ) -> None:
        """Add a field.

        Args:
            name: What a `Refusal.field` calls it.
            widget: Any widget that takes the focus.
            label: Stands above it.
            hint: Stands below it.
            width: Pixels of the design; without it the field is as wide as the form.
            wrap: Whether a long label goes on in a second line.
        """
        block = QVBoxLayout()
        # WORKAROUND: a layout filled before it has its parent makes wrappers that PySide 6.11
        # frees twice when the garbage collector takes the widget (tests/ui/test_garbage.py).
        if self._across is not None:
            self._across.addLayout(block, 0 if width else 1)
            self._across.setAlignment(block, Qt.AlignmentFlag.AlignTop)
        else:
            self._column.insertLayout(self._column.count() - 2, block)
        words = Words(label, self._speaker, muted=True, wrap=wrap)
        words.setBuddy(widget)
        block.addWidget(words)
        # A field of a fixed width would else hold the whole row to it: its hint would be measured
        # at that width, in more lines than are shown, and the rows pressed into each other.
        block.addWidget(widget, 0, _AT_START if width else _FILLED)
        around = [words]
        if hint:
            around.append(Words(hint, self._speaker, size=Size.SMALL, muted=True, wrap=True))
            block.addWidget(around[-1])
        error = ErrorLine(self._speaker)
        block.addWidget(error)
        widget.setProperty("design_width", width)
        self._rows[name] = _Row(widget, error, tuple(around))
        self._blocks.append(block)
        if isinstance(widget, QLineEdit):
            widget.setObjectName(name)
            widget.editingFinished.connect(self._check)
            widget.textEdited.connect(self._retyped)
        self.dress()

    def field(self, name: str) -> QWidget:
        """Return the widget of that name."""
        return self._rows[name].widget

    def show_row(self, name: str, *, shown: bool) -> None:
        """Show a field with its words, or hide it."""
        row = self._rows[name]
        for widget in (row.widget, *row.around):
            widget.setVisible(shown)
        # A row hidden while its page is hidden would keep its room.
        self._blocks[list(self._rows).index(name)].invalidate()
        self._column.invalidate()
        self.updateGeometry()
        if not shown:
            self._clear_error(name)

    def error(self, name: str = "") -> str:
        """Return the error that is shown beside a field, or below all of them, or nothing."""
        line = self._rows[name].error if name in self._rows else self._whole
        return line.text() if not line.isHidden() else ""

    def show_refusal(self, refusal: Refusal) -> None:
        """Show why the rules say no beside the field it is about, and put the cursor there."""
        self.clear()
        self.show_error(refusal.field, refusal.text)
        row = self._rows.get(refusal.field)
        if row is not None:
            row.widget.setFocus(Qt.FocusReason.OtherFocusReason)
            if isinstance(row.widget, QLineEdit):
                row.widget.selectAll()

    def show_refusal_of(self, name: str, text: Text) -> None:
        """Show what is wrong with a field beside those that are shown, and put the cursor there."""
        self.show_error(name, text)
        row = self._rows.get(name)
        if row is not None:
            row.widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error_gone(self, name: str) -> None:
        """Take the error of one field away: it is being typed anew."""
        self._clear_error(name)

    def show_error(self, name: str, text: Text) -> None:
        """Show an error beside a field, or below all fields when none has that name."""
        row = self._rows.get(name)
        if row is None:
            self._whole.show_text(text)
            return
        row.error.show_text(text)
        row.widget.setAccessibleDescription(row.error.text())
        if isinstance(row.widget, Marked):
            row.widget.mark_wrong(wrong=True)

    def clear(self) -> None:
        """Take every error away; what was typed stays."""
        self._whole.clear_text()
        for name in self._rows:
            self._clear_error(name)

    def wrong(self) -> bool:
        """Show what is wrong with the fields as typed; whether anything is.

        The cursor goes to the first wrong field.
        """
        found = [name for name in self._rows if self._problem_shown(name)]
        if found:
            self._rows[found[0]].widget.setFocus(Qt.FocusReason.OtherFocusReason)
        return bool(found)

    def focus_first_empty(self) -> None:
        """Put the cursor into the first field without text."""
        for row in self._rows.values():
            if isinstance(row.widget, QLineEdit) and not row.widget.text():
                row.widget.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setSpacing(now.px(16))
        if self._across is not None:
            self._across.setSpacing(now.px(16))
        for block in self._blocks:
            block.setSpacing(now.px(4))
        for row in self._rows.values():
            if row.widget.property("design_width"):
                row.widget.setFixedWidth(now.px(int(row.widget.property("design_width"))))

    def _clear_error(self, name: str) -> None:
        row = self._rows[name]
        row.error.clear_text()
        row.widget.setAccessibleDescription("")
        if isinstance(row.widget, Marked):
            row.widget.mark_wrong(wrong=False)

    def _problem_shown(self, name: str) -> bool:
        widget = self._rows[name].widget
        problem = widget.problem() if isinstance(widget, Field) else None
        if problem is None:
            return False
        self.show_error(name, problem)
        return True

    def _check(self) -> None:
        sender = self.sender()
        self._problem_shown(sender.objectName())

    def _retyped(self, _text: str) -> None:
        sender = self.sender()
        if sender.objectName() in self._rows:
            self._clear_error(sender.objectName())
