"""Fields beside each other in lines, each with its label above and its error below."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.store.desk import Colleague
from stepdesk.ui import theme
from stepdesk.ui.contributions.count_form import SecondPerson
from stepdesk.ui.contributions.current_stack import Reveal
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.widgets.band import CautionBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import ErrorLine
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import StaffId

_TWO = frozenset({"second", "second_password"})


def shorten(combo: ComboLine) -> None:
    """Let a list be narrower than its longest words."""
    combo.setSizeAdjustPolicy(ComboLine.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(6)


@dataclass(frozen=True, slots=True)
class _Place:
    widget: QWidget
    label: Text
    error: ErrorLine
    words: Words


class LineForm(Card, Speaking):
    """Fields in lines; Enter goes from one to the next, and the last one sends.

    Args:
        title: What the form does.
        speaker: Says it.
        button: What the main button says.
        two: Whether it always takes a second person; else one is asked for when the rules want it.
        back: Whether there is a way back.

    Signals:
        sent: The accepted doubts (a frozenset) and the reason.
        left: Back.
    """

    sent = Signal(object, str)
    left = Signal()

    def __init__(
        self, title: str, speaker: Speaker, button: str, *, two: bool = False, back: bool = True
    ) -> None:
        super().__init__(margin=12)
        self._two = two
        self._places: dict[str, _Place] = {}
        self._passed: set[QWidget] = set()
        self._grids: list[QGridLayout] = []
        self.head = Words(title, speaker, bold=True)
        self.body.addWidget(self.head)
        self._lines = QVBoxLayout()
        self.body.addLayout(self._lines)
        self.whole = ErrorLine(speaker)
        self.caution = CautionBand(speaker)
        self.second = SecondPerson(speaker, across=True)
        self.button = MainButton(button, speaker)
        self.back = PlainButton(N_("Back"), speaker, key="back")
        self.note = Words("", speaker, size=Size.SMALL, muted=True, wrap=True)
        for widget in (self.whole, self.caution, self.second):
            self.body.addWidget(widget)
        foot = QHBoxLayout()
        self.body.addLayout(foot)
        foot.addWidget(self.button)
        foot.addWidget(self.back)
        foot.addWidget(self.note, 1)
        self.back.setVisible(back)
        self.second.setVisible(two)
        self._reveal = Reveal(self.button)
        self._connect_foot()
        self.learn(speaker)
        self.dress()

    def _connect_foot(self) -> None:
        self.button.clicked.connect(self.send)
        self.back.clicked.connect(self.left)
        self.second.entered.connect(self.send)
        self.second.password.reached.connect(self.reveal)
        self.caution.accepted.connect(self.sent)

    @override
    def speak(self) -> None:
        for place in self._places.values():
            place.widget.setAccessibleName(self.speaker.say(place.label))

    @override
    def dress(self) -> None:
        super().dress()
        now = theme.current()
        for grid in getattr(self, "_grids", ()):
            grid.setHorizontalSpacing(now.px(8))
            grid.setVerticalSpacing(now.px(2))

    def line(self, *fields: tuple[str, QWidget, str, int]) -> None:
        """Add a line of fields: name of the refusal, widget, label, share of the width."""
        grid = QGridLayout()
        self._lines.addLayout(grid)
        self._grids.append(grid)
        for at, (name, widget, label, share) in enumerate(fields):
            words = Words(label, self.head.speaker, size=Size.SMALL, muted=True)
            words.setBuddy(widget)
            error = ErrorLine(self.head.speaker)
            grid.addWidget(words, 0, at)
            grid.addWidget(widget, 1, at)
            # A sentence needs two columns, or half of many narrow ones.
            first = max(0, min(at, len(fields) - max(2, len(fields) // 2)))
            grid.addWidget(error, 2 + at, first, 1, len(fields) - first)
            grid.setColumnStretch(at, share)
            self._places[name] = _Place(widget, Text(label), error, words)
            self._connect(widget)
        self.dress()
        LineForm.speak(self)

    def show_field(self, name: str, *, shown: bool) -> None:
        """Show a field with its label, or hide it."""
        place = self._places[name]
        place.words.setVisible(shown)
        place.widget.setVisible(shown)
        if not shown:
            place.error.clear_text()

    def pass_over(self, name: str) -> None:
        """Let Enter go past a field that seldom changes; Tab reaches it."""
        self._passed.add(self._places[name].widget)

    def beside(self) -> None:
        """Put the button behind the last line instead of below it."""
        grid = self._grids[-1]
        grid.addWidget(self.button, 1, grid.columnCount())

    def _connect(self, widget: QWidget) -> None:
        if isinstance(widget, QLineEdit):
            widget.returnPressed.connect(self._next)
            widget.textEdited.connect(self._retyped)
        elif isinstance(widget, ComboLine):
            shorten(widget)
            widget.entered.connect(self._next)

    def _next(self) -> None:
        """Go on to the next field; behind the last one, send."""
        here = self.sender()
        shown = (one.widget for one in self._places.values() if one.widget.isVisible())
        order = [
            one for one in shown if one.isEnabled() and (one is here or one not in self._passed)
        ]
        at = next((n for n, one in enumerate(order) if one is here), len(order) - 1)
        if at + 1 < len(order):
            order[at + 1].setFocus(Qt.FocusReason.TabFocusReason)
        elif self.second.isVisible() and self.second.needed():
            self.second.password.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.send()

    def _retyped(self, _text: str) -> None:
        for place in self._places.values():
            if place.widget is self.sender():
                place.error.clear_text()

    def reveal(self) -> None:
        """Scroll until the button is seen, and with it the password above it."""
        self._reveal.begin()

    def start(self, others: Sequence[Colleague], *, solo: bool) -> None:
        """Be ready for the next one: no errors, nobody has signed."""
        self.clear()
        self.second.start(others, solo=solo)
        self.second.setVisible(self._two)
        self._order_tabs()
        self.free()

    def _order_tabs(self) -> None:
        """Let Tab go on from the last field to who signs, then to the button.

        Qt goes by when widgets were made: the button before the fields, the people after all.
        """
        fields = [place.widget for place in self._places.values()]
        foot = (*self.second.people.tiles(), self.second.password, self.button, self.back)
        for first, then in pairwise((*fields, *foot)):
            QWidget.setTabOrder(first, then)

    def clear(self) -> None:
        """Take every error away."""
        self.whole.clear_text()
        self.caution.hide()
        for place in self._places.values():
            place.error.clear_text()
            if isinstance(place.widget, Field):
                place.widget.mark_wrong(wrong=False)

    def free(self) -> None:
        """Let it be sent again."""
        self.button.setEnabled(True)

    def hold(self) -> None:
        """Let it not be sent twice."""
        self.button.setEnabled(False)

    def error(self, name: str = "") -> str:
        """Return what is said beside a field, or below all of them."""
        line = self._places[name].error if name in self._places else self.whole
        return "" if line.isHidden() else line.text()

    def refuse(self, refusal: Refusal) -> None:
        """Say what is wrong beside the field it is about, and put the cursor there."""
        self.free()
        self.clear()
        if refusal.field in _TWO:
            self.second.setVisible(True)
            self.second.form.show_refusal(refusal)
            self.second.password.setFocus(Qt.FocusReason.OtherFocusReason)
            self.reveal()  # the cursor may have been there before
            return
        place = self._places.get(refusal.field)
        if place is None or place.widget.isHidden():
            self.whole.show_text(refusal.text)
            return
        place.error.show_text(refusal.text)
        place.widget.setAccessibleDescription(place.error.text())
        if isinstance(place.widget, Field):
            place.widget.mark_wrong(wrong=True)
        place.widget.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(place.widget, QLineEdit):
            place.widget.selectAll()

    def wrong(self) -> bool:
        """Say what is wrong with the fields as typed; whether anything is."""
        for name, place in self._places.items():
            told = place.widget.problem() if isinstance(place.widget, Field) else None
            if told is not None:
                self.refuse(Refusal(told, field=name))
                return True
        return False

    def send(self) -> None:
        """Send what was typed."""
        if not self.button.isEnabled() or self.wrong():
            return
        if self.second.isVisible() and not self.second.ready():
            return
        self.sent.emit(frozenset(), "")

    def signer(self) -> tuple[StaffId, str] | None:
        """Return who signs with, None when nobody was asked."""
        return self.second.signer() if not self.second.isHidden() else None
