"""A member who paid for care: what is asked back is typed, and paid."""

from datetime import date
from functools import partial

from stepdesk.claims import service
from stepdesk.claims.service import REIMBURSED_FROM
from stepdesk.claims.terms import NewClaim, NewLine, ReimbursementOwed, Visit
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, Value
from stepdesk.ui.cash.facts import a_request
from stepdesk.ui.cash.forms import DayField
from stepdesk.ui.claims import payment_facts
from stepdesk.ui.claims.payment_facts import Facts, Request
from stepdesk.ui.claims.payment_forms import Act, PaymentForm, box_items, fill
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.values.ids import PersonId, ProviderId
from stepdesk.values.money import Currency

LINES = 3
_VISITS = (
    (Visit.OTHER, N_("Came by themselves")),
    (Visit.REFERRAL, N_("Was referred")),
    (Visit.EMERGENCY, N_("Emergency")),
)


class AskForm(PaymentForm):
    """What a member paid for care and asks back: the receipt, line by line."""

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__(
            N_("A member asks back what care cost"), speaker, currency, N_("Take it in")
        )
        self._today = today
        self.card, self.provider, self.visit = Field(), ComboLine(), ComboLine()
        self.care, self.received = DayField(today), DayField(today)
        self.hours, self.receipt = NumberField(), Field()
        self.acts = [ComboLine() for _ in range(LINES)]
        self.counts = [NumberField() for _ in range(LINES)]
        self.prices = [NumberField(exponent=currency.exponent) for _ in range(LINES)]
        self.line(
            ("person", self.card, N_("Card (47/2)"), 2),
            ("provider", self.provider, N_("Care at"), 4),
            ("first_day", self.care, N_("Day of care"), 2),
            ("visit", self.visit, N_("Visit"), 3),
            ("declared_hours", self.hours, N_("Told after, hours"), 2),
        )
        for at in range(LINES):
            self.line(
                (f"service{at}", self.acts[at], N_("Act or medicine"), 6),
                (f"quantity{at}", self.counts[at], N_("Quantity"), 2),
                (f"price{at}", self.prices[at], N_("Price of one"), 2),
            )
        self.line(
            ("receipt", self.receipt, N_("Number of the receipt"), 3),
            ("received_on", self.received, N_("Asked on"), 2),
        )
        self.beside()

    def offer(self, facts: Facts) -> None:
        """Ask for another one, nothing typed."""
        self.request = a_request()
        say = self.head.speaker
        fill(self.provider, [(one.name, one.id) for one in facts.providers])
        fill(self.visit, [(say.tr(words), visit) for visit, words in _VISITS], Visit.OTHER)
        named = [(f"{one.code} · {one.name}", one.id) for one in facts.acts]
        for at in range(LINES):
            fill(self.acts[at], [("", b""), *named], b"")
            self.counts[at].set_value(1 if not at else None)
            self.prices[at].set_value(None)
        for one in (self.card, self.receipt, self.hours):
            one.clear()
        self.care.set_day(self._today)
        self.received.set_day(self._today)

    @override
    def refuse(self, refusal: Refusal) -> None:
        beside = {"day": "first_day", "lines": "service0", "invoice": "receipt"}
        field = beside.get(refusal.field, refusal.field)
        line, _, part = field.removeprefix("lines.").partition(".")
        if part:
            filled = [at for at, act in enumerate(self.acts) if act.currentData()]
            field = f"{part}{filled[int(line)]}"
        super().refuse(Refusal(refusal.text, field=field))

    def _typed_lines(self) -> tuple[NewLine, ...]:
        found = []
        for act, count, price in zip(self.acts, self.counts, self.prices, strict=True):
            if not act.currentData():
                continue
            if price.value() is None:
                at = self.prices.index(price)
                raise Refusal(Text(N_("Type what one of it cost.")), field=f"price{at}")
            told = count.value()
            found.append(
                NewLine(act.currentData(), 1 if told is None else told, price.value() or 0)
            )
        if not found:
            raise Refusal(Text(N_("Choose what was paid for.")), field="service0")
        return tuple(found)

    @override
    def act(self) -> Act:
        day = self.care.day()
        if day is None:
            raise Refusal(Text(N_("Type the day, such as 14 or 14/10.")), field="first_day")
        asked = self.received.day()
        if asked is None:
            raise Refusal(Text(N_("Type the day, such as 14 or 14/10.")), field="received_on")
        certificate = NewClaim(
            person_id=PersonId(b""),
            first_day=day,
            last_day=day,
            lines=self._typed_lines(),
            visit=self.visit.currentData(),
            declared_hours=self.hours.value(),
        )
        told = Request(
            self.request,
            ProviderId(self.provider.currentData() or b""),
            self.card.text(),
            asked,
            self.receipt.text(),
            certificate,
        )
        return partial(payment_facts.asked_back, told=told)


class ReimburseForm(PaymentForm):
    """A household is paid what it is owed for care it paid itself."""

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__(N_("Reimburse a member"), speaker, currency, N_("Pay"), back=False)
        self._today = today
        self._owed: ReimbursementOwed | None = None
        self.receiver, self.box, self.reference = Field(), ComboLine(), Field()
        self.most = NumberField(exponent=currency.exponent)
        self.day = DayField(today)
        self.line(
            ("receiver", self.receiver, N_("Who takes the money"), 4),
            ("box", self.box, N_("Paid from"), 3),
            ("reference", self.reference, N_("Number of the transaction"), 3),
            ("amount", self.most, N_("Pay at most"), 2),
            ("day", self.day, N_("Date"), 2),
        )
        self.box.currentIndexChanged.connect(self._choose)

    def offer(self, facts: Facts, owed: ReimbursementOwed | None) -> None:
        """Show who is paid, and from where."""
        self.request, self._owed = a_request(), owed
        fill(self.box, box_items(facts.boxes, REIMBURSED_FROM))
        self.receiver.setText(owed.member if owed else "")
        self.reference.clear()
        self.most.set_value(None)
        self.day.set_day(self._today)
        self.button.setEnabled(owed is not None)
        if owed is None:
            self.head.say(N_("Reimburse a member"))
        else:
            told = N_("Reimburse {household} {name}: {amount}")
            values: dict[str, Value] = {
                "household": owed.number,
                "name": owed.member,
                "amount": owed.amount,
            }
            self.head.say(Text(told, values))
        self._choose()

    def _choose(self, _at: int = 0) -> None:
        place = self.box.currentData()
        self.reference.setEnabled(place is not None and place.role == "momo")

    @override
    def act(self) -> Act:
        if self._owed is None:
            raise Refusal(Text(N_("Choose a household in the list first.")), field="receiver")
        told = {
            "request_id": self.request,
            "household_id": self._owed.household_id,
            "receiver": self.receiver.text(),
            "place": self.box.currentData(),
            "day": self.day.told(),
            "most": self.maybe(self.most),
            "reference": self.reference.text(),
        }
        return self.deed(service.reimburse_member, told)
