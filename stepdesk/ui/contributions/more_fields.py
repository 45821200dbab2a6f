"""How the money came, behind a small "more": bank, telephone, produce."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.contributions.terms import Goods, Means
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.choice import Choice
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import ErrorLine, Form
from stepdesk.ui.widgets.number_field import NumberField, minor_of
from stepdesk.values.money import Currency, Money

MEANS_WORDS = (
    (Means.CASH, N_("Cash")),
    (Means.MOBILE, N_("Telephone")),
    (Means.BANK, N_("Bank")),
    (Means.MFI, N_("Savings bank")),
    (Means.IN_KIND, N_("In kind")),
)
_TRANSFERS = frozenset({Means.MOBILE, Means.BANK, Means.MFI})
_PLACES = 3
_THOUSAND = 1000


class QuantityField(NumberField):
    """A quantity with at most three decimals, read in thousandths: 2,5 is 2500."""

    @override
    def value(self) -> int | None:
        plain = self.text().strip().replace(",", ".")
        whole, point, part = plain.partition(".")
        if not point:
            found = minor_of(whole)
            return None if found is None else found * _THOUSAND
        if not (whole + part).isdecimal() or len(part) > _PLACES or not part:
            return None
        return int((whole or "0") + part.ljust(_PLACES, "0"))

    @override
    def _written(self, value: int) -> str:
        whole, part = divmod(value, _THOUSAND)
        return f"{whole},{part:03d}".rstrip("0") if part else str(whole)


@dataclass(frozen=True, slots=True)
class Manner:
    """How money came: by what means, the number of the transfer, what was brought."""

    means: Means = Means.CASH
    reference: str = ""
    goods: Goods | None = None


CASH = Manner()


class MoreFields(QWidget, Dressed):
    """By what means the money came. At rest it is cash and takes no room.

    Signals:
        changed: Something was chosen or typed.
        entered: Enter was pressed in one of the fields.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, speaker: Speaker, currency: Currency) -> None:
        super().__init__()
        self._currency = currency
        self.means = Choice(speaker, MEANS_WORDS, columns=3)
        self.reference = Field()
        self.product, self.unit = Field(), Field()
        self.quantity = QuantityField()
        self.unit_value = NumberField(exponent=currency.exponent)
        self.form = Form(speaker)
        self.form.add("reference", self.reference, N_("Number of the transfer"), width=220)
        self.goods = Form(speaker)
        self.goods.add("goods", self.product, N_("What was brought"), width=128)
        self._how = [Form(speaker) for _ in range(3)]
        self._how[0].add("quantity", self.quantity, N_("How much"), width=90)
        self._how[1].add("unit", self.unit, N_("Unit (bag, kg)"), width=100)
        self._how[2].add("unit_value", self.unit_value, N_("One is worth"), width=110)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.means)
        row = QHBoxLayout()
        self._column.addLayout(row)
        for form in (self.form, self.goods, *self._how):
            row.addWidget(form)
        row.addStretch(1)
        # What is said of goods is about the whole row, and as wide.
        self.error = ErrorLine(speaker)
        self._column.addWidget(self.error)
        for field in self._fields():
            field.returnPressed.connect(self.entered)
            field.textEdited.connect(self._retyped)
        self.means.chosen.connect(self._chosen)
        self.wear()
        self.start()

    @override
    def dress(self) -> None:
        self._column.setSpacing(theme.current().px(8))

    def start(self) -> None:
        """Be at rest: cash, nothing typed."""
        self.means.choose(Means.CASH)
        for field in self._fields():
            field.setText("")
        self.clear()
        self._show()
        self.hide()

    def clear(self) -> None:
        """Take every error away."""
        for form in (self.form, self.goods, *self._how):
            form.clear()
        self.error.clear_text()
        self.product.mark_wrong(wrong=False)

    def manner(self) -> Manner:
        """Return how the money came, as typed."""
        means: Means = Means.CASH if self.isHidden() else self.means.value()
        goods = None
        if means is Means.IN_KIND:
            worth = Money(self.unit_value.value() or 0, self._currency)
            quantity = self.quantity.value() or 0
            goods = Goods(self.product.text(), quantity, self.unit.text(), worth)
        return Manner(means, self.reference.text() if means in _TRANSFERS else "", goods)

    def worth(self) -> int | None:
        """Return what was brought is worth in minor units, None when it is not told."""
        quantity, one = self.quantity.value(), self.unit_value.value()
        if self.means.value() is not Means.IN_KIND or not quantity or not one:
            return None
        return (quantity * one * 2 + _THOUSAND) // (2 * _THOUSAND)

    def refuse(self, refusal: Refusal) -> bool:
        """Show a refusal if it is about a field of these; whether it was."""
        if refusal.field not in {"reference", "goods"}:
            return False
        self.show()
        if refusal.field == "reference":
            self.form.show_refusal(refusal)
            return True
        self.error.show_text(refusal.text)
        self.product.mark_wrong(wrong=True)
        self.product.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def wrong(self) -> bool:
        """Show what is wrong with the fields as typed; whether anything is."""
        if self.isHidden() or self.means.value() is not Means.IN_KIND:
            return False
        if self.quantity.text().strip() and self.quantity.value() is None:
            text = Text(N_("A quantity is a number with at most three decimals, such as 2,5."))
            self._how[0].show_error("quantity", text)
            return True
        return any(form.wrong() for form in self._how)

    def _fields(self) -> tuple[Field, ...]:
        return self.reference, self.product, self.quantity, self.unit, self.unit_value

    def _chosen(self, _means: object) -> None:
        self.error.clear_text()
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        means = self.means.value()
        self.form.setVisible(means in _TRANSFERS)
        for form in (self.goods, *self._how):
            form.setVisible(means is Means.IN_KIND)

    def _retyped(self, _text: str) -> None:
        self.error.clear_text()
        self.changed.emit()
