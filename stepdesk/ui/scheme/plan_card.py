"""What members pay: a form that writes a new version, with a living example."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from stepdesk.contributions.terms import PlanVersion
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.scheme.facts import Terms, example_text, next_month
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.buttons import MainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.date_field import DateField
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.words import Words
from stepdesk.values.money import Currency

_NEEDED = Text(N_("This is needed."))
_NUMBERS = ("amount", "entry_fee", "waiting_months", "grace_days", "due_day")


class PlanCard(Card):
    """The plan in force and the form of the next version.

    Signals:
        wanted: `Terms` of a new version.
    """

    wanted = Signal(object)

    def __init__(self, speaker: Speaker, currency: Currency) -> None:
        self._columns = QHBoxLayout()
        super().__init__(N_("What members pay"), speaker, margin=16)
        self._currency = currency
        self._plan: PlanVersion | None = None
        self._today = date.min
        self.now = Words("", speaker, muted=True, wrap=True)
        self.example = Words("", speaker, bold=True, wrap=True)
        self.forms = (Form(speaker), Form(speaker))
        self.fields: dict[str, NumberField] = {
            "amount": NumberField(exponent=currency.exponent),
            "entry_fee": NumberField(exponent=currency.exponent),
            "waiting_months": NumberField(),
            "grace_days": NumberField(),
            "due_day": NumberField(),
        }
        self.first_day = DateField(date(2000, 1, 1))
        self._add_fields()
        self.button = MainButton(N_("Keep this plan"), speaker)
        self.body.addWidget(self.now)
        for form in self.forms:
            self._columns.addWidget(form, 1)
        self.body.addLayout(self._columns)
        self.body.addWidget(self.example)
        self.body.addWidget(self.button)
        self.button.clicked.connect(self._send)

    def _add_fields(self) -> None:
        left, right = self.forms
        add = (
            (left, "amount", N_("For one person and one month"), ""),
            (left, "entry_fee", N_("Entry fee of a household"), ""),
            (left, "due_day", N_("To be paid by day"), N_("Of each month, 1 to 31.")),
            (right, "waiting_months", N_("Waiting period in months"), ""),
            (right, "grace_days", N_("Grace in days"), ""),
        )
        for form, name, label, hint in add:
            form.add(name, self.fields[name], label, hint=hint, width=180)
            self.fields[name].textChanged.connect(self._reckon)
        right.add(
            "first_day",
            self.first_day,
            N_("Holds from"),
            hint=N_("What was before this day stays as it was."),
            width=180,
        )

    def show_plan(self, plan: PlanVersion | None, coming: PlanVersion | None, today: date) -> None:
        """Show the version in force and propose one from the next month on."""
        self._plan, self._today = plan, today
        self.first_day.near = today
        if plan is None:
            self.now.say(N_("There is no plan yet. Members cannot pay before there is one."))
            self.first_day.set_day(today.replace(day=1))
        elif coming is not None:
            self.now.say(
                Text(
                    N_("In force since {day}. Another version holds from {coming} on."),
                    {"day": plan.first_day, "coming": coming.first_day},
                )
            )
        else:
            self.now.say(Text(N_("In force since {day}."), {"day": plan.first_day}))
        told = coming or plan
        if told is not None:
            for name in _NUMBERS:
                self.fields[name].set_value(getattr(told, name))
            self.first_day.set_day(next_month(today))
        self._reckon("")

    def terms(self) -> Terms | None:
        """Return what the form says, None while something is missing or wrong."""
        values = {name: field.value() for name, field in self.fields.items()}
        day = self.first_day.day()
        if day is None or any(value is None for value in values.values()):
            return None
        told = {name: value or 0 for name, value in values.items()}
        return Terms(first_day=day, **told)

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why the rules say no."""
        self.button.setEnabled(True)
        right = refusal.field in {"waiting_months", "grace_days", "first_day"}
        self.forms[1 if right else 0].show_refusal(refusal)

    @override
    def dress(self) -> None:
        super().dress()
        self._columns.setSpacing(theme.current().px(24))

    def _reckon(self, _text: str) -> None:
        terms = self.terms()
        usable = terms is not None and 1 <= terms.due_day <= 31 and terms.waiting_months <= 120
        if terms is None or not usable:
            self.example.say(N_("Fill in the form to see what it means for a family."))
            return
        day = max(terms.first_day, self._today)
        self.example.say(example_text(terms, self._plan, day, self._currency))

    def _send(self) -> None:
        for form in self.forms:
            form.clear()
        wrong = [form.wrong() for form in self.forms]
        if any(wrong):
            return
        terms = self.terms()
        if terms is None:
            self._show_missing()
            return
        self.button.setEnabled(False)
        self.wanted.emit(terms)

    def _show_missing(self) -> None:
        fields: dict[str, Field] = {**self.fields, "first_day": self.first_day}
        for name, field in reversed(fields.items()):
            if not field.text().strip():
                self.refuse(Refusal(_NEEDED, field=name))
