"""The cells of a letter, in rows: each with its label, its error below it, and its place in turn."""

from datetime import date

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QBoxLayout, QCompleter, QLineEdit, QWidget

from stepdesk.claims.terms import GuaranteeKind
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ui import theme
from stepdesk.ui.claims.act_line import ActField
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.date_field import DateField
from stepdesk.ui.widgets.field import Field, NumbersField
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.search_box import SearchBox
from stepdesk.values.money import Currency

_LABELS = {
    "person": N_("Card, or a name"),
    "leaf": N_("Leaf of the pad"),
    "first_day": N_("Day of the care"),
    "declared_hours": N_("Told after (hours)"),
    "provider": N_("To provider"),
    "service": N_("For service"),
    "up_to": N_("Up to"),
    "days": N_("Valid (days)"),
    "quantity": N_("How many"),
    "referral": N_("Sent by, and paper no."),
}
_WIDTHS = {
    "person": 230,
    "leaf": 120,
    "first_day": 124,
    "declared_hours": 130,
    "provider": 230,
    "service": 230,
    "up_to": 130,
    "days": 90,
    "quantity": 90,
    "referral": 200,
}
_ROWS = (
    ("person", "leaf", "first_day", "declared_hours"),
    ("provider", "service"),
    ("up_to", "days", "quantity", "referral"),
)
_OF_KIND = {
    GuaranteeKind.NORMAL: frozenset[str](),
    GuaranteeKind.REGULARISATION: frozenset({"first_day", "declared_hours"}),
    GuaranteeKind.PAD: frozenset({"leaf", "first_day"}),
}
_SPECIAL = frozenset({"leaf", "first_day", "declared_hours"})
_TURN = ("person", "leaf", "first_day", "declared_hours", "provider", "service", "up_to", "days")


class Cells(QWidget, Dressed, Speaking):
    """The fields of a letter."""

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__()
        self._kind = GuaranteeKind.NORMAL
        self.card = SearchBox(height=36, points=11)
        self.leaf = NumbersField()
        self.first_day = DateField(today)
        self.hours = NumberField()
        self.provider = ComboLine()
        self.service = ActField()
        self.service.setMaxLength(40)
        self.up_to = NumberField(exponent=currency.exponent)
        self.days, self.quantity = NumberField(), NumberField()
        self.referral = Field()
        self._senders = QStringListModel(self)
        self._complete_senders()
        self.fields: dict[str, QWidget] = {
            "person": self.card,
            "leaf": self.leaf,
            "first_day": self.first_day,
            "declared_hours": self.hours,
            "provider": self.provider,
            "service": self.service,
            "up_to": self.up_to,
            "days": self.days,
            "quantity": self.quantity,
            "referral": self.referral,
        }
        self._place(speaker)
        self.show_kind(GuaranteeKind.NORMAL)
        self.quantity.set_value(1)
        self.wear()
        self.learn(speaker)

    def _place(self, speaker: Speaker) -> None:
        self._forms: dict[str, Form] = {}
        self._lines: list[QBoxLayout] = []
        self._column = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for names in _ROWS:
            line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
            self._column.addLayout(line)
            self._lines.append(line)
            for name in names:
                form = Form(speaker)
                form.add(name, self.fields[name], _LABELS[name], width=_WIDTHS[name])
                self._forms[name] = form
                line.addWidget(form)
            line.addStretch(1)

    @override
    def speak(self) -> None:
        for name, widget in self.fields.items():
            widget.setAccessibleName(self.speaker.tr(_LABELS[name]))

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setSpacing(now.px(8))
        for line in self._lines:
            line.setSpacing(now.px(12))

    def _complete_senders(self) -> None:
        """Let the first letters of a provider stand for its name: who sent the patient."""
        completer = QCompleter(self._senders, self)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.referral.setCompleter(completer)

    def offer_senders(self, names: list[str]) -> None:
        """Offer these as who sent the patient; anything else may be typed too."""
        self._senders.setStringList(names)

    @property
    def kind(self) -> GuaranteeKind:
        return self._kind

    def show_kind(self, kind: GuaranteeKind) -> None:
        """Ask what a letter of this kind needs."""
        self._kind = kind
        for name in _SPECIAL:
            self._forms[name].setVisible(name in _OF_KIND[kind])

    def insert(self, at: int, widget: QWidget) -> None:
        """Put something between the rows."""
        self._column.insertWidget(at, widget)

    def next_of(self, name: str) -> QWidget | None:
        """Return the field Enter goes to from another one; None behind the last."""
        turn = [one for one in _TURN if one not in _SPECIAL or one in _OF_KIND[self._kind]]
        at = turn.index(name) + 1 if name in turn else len(turn)
        return self.fields[turn[at]] if at < len(turn) else None

    def clear_errors(self) -> None:
        for form in self._forms.values():
            form.clear()

    def refuse(self, refusal: Refusal) -> bool:
        """Show why not beside its field; whether there is such a field."""
        self.clear_errors()
        form = self._forms.get(refusal.field)
        if form is None:
            return False
        form.show_refusal(refusal)
        return True

    def error(self, name: str) -> str:
        return self._forms[name].error(name)

    def wrong(self) -> bool:
        """Show the first field that cannot be read; whether there is any."""
        self.clear_errors()
        for name, widget in self.fields.items():
            problem = widget.problem() if isinstance(widget, Field) else None
            if problem is not None and not self._forms[name].isHidden():
                self._forms[name].show_refusal(Refusal(problem, field=name))
                return True
        return False

    def needed(self, name: str, text: Text) -> None:
        """Say that something is missing, and go there."""
        self.refuse(Refusal(text, field=name))

    def go(self, name: str) -> None:
        widget = self.fields[name]
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(widget, QLineEdit):
            widget.selectAll()

    def empty(self) -> None:
        """Empty every field but the provider, which is often the same again."""
        self.clear_errors()
        for widget in self.fields.values():
            if isinstance(widget, QLineEdit):
                widget.setText("")
        self.quantity.set_value(1)
