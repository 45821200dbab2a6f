"""One act or medicine of a certificate: its cells, what it comes to, and why in a few words."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from stepdesk.benefits.terms import Service
from stepdesk.i18n import N_, Text, amount_text
from stepdesk.ui import theme
from stepdesk.ui.claims.draft import DraftLine
from stepdesk.ui.claims.facts import Shown
from stepdesk.ui.claims.fields import SignedWords
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import ErrorLine
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.words import Shown as ShownWords
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.money import Currency, Money

HEADS = (
    N_("Act"),
    "",
    N_("Quantity"),
    N_("Price"),
    N_("Claimed"),
    N_("Price list"),
    N_("Payable"),
)
_WIDTHS = (88, 0, 54, 88, 70, 62, 68)  # pixels of the design
_NAME = 1  # the column that takes what is left
_FIGURES = (
    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
)
_LETTERS = 12


def set_columns(grid: QGridLayout) -> None:
    """Give the headings and every line the same columns."""
    now = theme.current()
    grid.setHorizontalSpacing(now.px(4))
    for column, width in enumerate(_WIDTHS):
        grid.setColumnMinimumWidth(column, now.px(width))
        grid.setColumnStretch(column, int(column == _NAME))


class ActHeads(QWidget, Dressed):
    """The headings over the lines."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for column, head in enumerate(HEADS):
            words = Words(head, speaker, size=Size.SMALL, muted=True)
            words.setMinimumWidth(1)
            if column > _NAME:
                words.setAlignment(_FIGURES)
            self._grid.addWidget(words, 0, column)
        self.wear()

    @override
    def dress(self) -> None:
        set_columns(self._grid)


class Elided(ShownWords):
    """A value that is cut with … where there is no room; a screen reader gets all of it."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self.setMinimumWidth(1)

    def show_whole(self, value: str) -> None:
        """Show a value, as much of it as there is room for."""
        self._whole = value
        self.setAccessibleName(value)
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        cut = Qt.TextElideMode.ElideRight
        self.setText(self.fontMetrics().elidedText(self._whole, cut, self.width()))


class ActField(Field):
    """Takes a code or the first letters of a name; all of it is selected when it is entered."""

    def __init__(self) -> None:
        super().__init__()
        self.setMaxLength(_LETTERS)

    @override
    def focusInEvent(self, event: QFocusEvent, /) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.selectAll()

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        # Enter is told once: QLineEdit tells it again to whoever holds the field.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.returnPressed.emit()
            return
        super().keyPressEvent(event)


class ActLine(QWidget, Dressed, Speaking):
    """One line of the form.

    Signals:
        looked_for: Letters were typed into the act.
        act_entered: Enter was pressed in the act.
        ended: Enter was pressed behind the price.
        changed: Something was typed.
    """

    looked_for = Signal(str)
    act_entered = Signal()
    ended = Signal()
    changed = Signal()

    def __init__(self, speaker: Speaker, at: int, currency: Currency) -> None:
        super().__init__()
        self.at = at
        self._currency = currency
        self.service: Service | None = None
        self.act = ActField()
        self.name = Elided()
        self.quantity = NumberField()
        self.price = NumberField(exponent=currency.exponent)
        self.claimed, self.tariff, self.payable = (ShownWords() for _ in range(3))
        self.words = SignedWords(speaker)
        self.error = ErrorLine(speaker)
        self._shown: Shown | None = None
        self._place()
        self._connect()
        self.wear()
        self.learn(speaker)

    def _place(self) -> None:
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        row = (self.act, self.name, self.quantity, self.price)
        for column, widget in enumerate((*row, self.claimed, self.tariff, self.payable)):
            self._grid.addWidget(widget, 0, column)
        for label in (self.claimed, self.tariff, self.payable):
            label.setAlignment(_FIGURES)
        self._grid.addWidget(self.words, 1, _NAME, 1, len(HEADS) - _NAME)
        self._grid.addWidget(self.error, 2, 0, 1, len(HEADS))

    def _connect(self) -> None:
        self.act.textEdited.connect(self._act_edited)
        self.act.returnPressed.connect(self.act_entered)
        self.quantity.returnPressed.connect(self._to_price)
        self.price.returnPressed.connect(self.ended)
        for field in (self.quantity, self.price):
            field.textEdited.connect(self._edited)

    @override
    def speak(self) -> None:
        fields = (
            (self.act, N_("Act")),
            (self.quantity, N_("Quantity")),
            (self.price, N_("Price")),
        )
        for field, head in fields:
            field.setAccessibleName(
                self.speaker.tr(N_("{what}, line {number}"), what=Text(head), number=self.at + 1)
            )
        self._say_amounts()

    @override
    def dress(self) -> None:
        now = theme.current()
        set_columns(self._grid)
        self._grid.setVerticalSpacing(now.px(2))
        for field, width in ((self.act, 88), (self.quantity, 54), (self.price, 88)):
            field.setFixedWidth(now.px(width))

    # What stands in it

    @property
    def empty(self) -> bool:
        return self.service is None and not self.act.text().strip()

    @property
    def called(self) -> str:
        """What the act is called."""
        return "" if self.service is None else self.service.name

    @property
    def complete(self) -> bool:
        """Whether it can be decided."""
        return (
            self.service is not None
            and (self.quantity.value() or 0) > 0
            and self.price.value() is not None
        )

    def take(self, service: Service, price: int | None) -> None:
        """Take an act, once, at the price of the list when it has one."""
        same = self.service is not None and self.service.id == service.id
        self.service = service
        self.act.setText(service.code)
        self.act.setCursorPosition(0)
        self.act.mark_wrong(wrong=False)
        self.name.show_whole(service.name)
        if not same:
            self.quantity.set_value(1)
            self.price.set_value(price)
        elif self.price.value() is None:
            self.price.set_value(price)
        self._say_amounts()
        self.changed.emit()

    def told(self) -> DraftLine:
        """Return what stands in the cells."""
        held = "" if self.service is None else self.service.id.hex()
        return DraftLine(held, self.act.text(), self.quantity.text(), self.price.text())

    def restore(self, line: DraftLine, service: Service | None) -> None:
        """Put back what stood in the cells."""
        if service is not None:
            self.take(service, None)
        self.act.setText(line.act)
        self.quantity.setText(line.quantity)
        self.price.setText(line.price)
        self._say_amounts()

    def show_decided(self, shown: Shown | None) -> None:
        """Show what it comes to, or nothing."""
        self._shown = shown
        if shown is None:
            self.words.clear_text()
        else:
            self.words.show_status(shown.status, shown.words)
        self._say_amounts()

    @property
    def shown(self) -> Shown | None:
        return self._shown

    def refuse(self, text: Text, cell: str = "act") -> None:
        """Say below it what is wrong with a cell, and go there."""
        self.error.show_text(text)
        field = {"quantity": self.quantity, "price": self.price}.get(cell, self.act)
        field.mark_wrong(wrong=True)
        field.setAccessibleDescription(self.error.text())
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()

    def clear_marks(self) -> None:
        self.error.clear_text()
        for field in (self.act, self.quantity, self.price):
            field.mark_wrong(wrong=False)
            field.setAccessibleDescription("")

    def _say_amounts(self) -> None:
        language = self.speaker.language if hasattr(self, "speaker") else "en"

        def write(money: Money | None) -> str:
            return "" if money is None else amount_text(money, language)

        quantity, price = self.quantity.value(), self.price.value()
        whole = None if quantity is None or price is None else quantity * price
        money = None if whole is None or self.service is None else Money(whole, self._currency)
        self.claimed.setText(write(money))
        self.tariff.setText(write(self._shown.tariff) if self._shown else "")
        self.payable.setText(write(self._shown.payable) if self._shown else "")

    def _act_edited(self, told: str) -> None:
        self.service = None
        self.name.show_whole("")
        self.show_decided(None)
        self.clear_marks()
        self.looked_for.emit(told)
        self.changed.emit()

    def _edited(self, _told: str) -> None:
        self.clear_marks()
        self._say_amounts()
        self.changed.emit()

    def _to_price(self) -> None:
        if (self.quantity.value() or 0) < 1:
            self.refuse(Text(N_("Type how many: a whole number from 1 on.")), "quantity")
            return
        self.price.setFocus(Qt.FocusReason.TabFocusReason)
