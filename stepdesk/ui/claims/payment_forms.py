"""The forms of the payments room; each reads its fields into what a verb of payment is told."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from stepdesk.claims import service
from stepdesk.claims.terms import CapitationRun, DepositKind, PaymentBatch, PaymentState, Recovery
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, Value
from stepdesk.ledger.terms import BoxBalance, Place
from stepdesk.store.desk import Desk
from stepdesk.ui.cash.facts import Deed, a_request, done
from stepdesk.ui.cash.forms import DayField
from stepdesk.ui.cash.line_form import LineForm
from stepdesk.ui.claims import payment_facts
from stepdesk.ui.claims.payment_facts import Facts
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.month_field import MonthField
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.values.ids import ProviderId
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

_DAY, _BOX, _REASON, _AMOUNT = N_("Date"), N_("Paid from"), N_("Reason"), N_("Amount")
Act = Callable[[Desk], Any]


def fill(combo: ComboLine, items: Sequence[tuple[str, object]], chosen: object = None) -> None:
    """Show other items; `chosen` is marked, else what was marked before, else the first."""
    wanted = combo.currentData() if chosen is None else chosen
    values = [value for _words, value in items]
    combo.blockSignals(True)  # noqa: FBT003 - Qt's setters take no names
    combo.clear()
    for words, value in items:
        combo.addItem(words, value)
    combo.setCurrentIndex(values.index(wanted) if wanted in values else 0)
    combo.blockSignals(False)  # noqa: FBT003 - Qt's setters take no names


def box_items(boxes: Sequence[BoxBalance], roles: Sequence[str] | None = None) -> list[Any]:
    """Return the boxes of some kinds as items of a list."""
    found = payment_facts.allowed(boxes, roles)
    return [(one.box.name, one.box.place) for one in found]


class PaymentForm(LineForm):
    """A form of the room: `offer` shows it afresh, `act` tells what is to be done on the lane.

    `accepting` are the doubts that were looked at, `why` the reason that was written beside them.
    """

    accepting: frozenset[str] = frozenset()
    why: str = ""

    def __init__(
        self,
        title: str,
        speaker: Speaker,
        currency: Currency,
        button: str,
        *,
        two: bool = False,
        back: bool = True,
    ) -> None:
        super().__init__(title, speaker, button, two=two, back=back)
        self.currency = currency
        self.request = a_request()

    def act(self) -> Act:
        """Return what is to be done.

        Raises:
            Refusal: a field that cannot be read.
        """
        raise NotImplementedError

    def deed(
        self,
        verb: Callable[..., Any],
        told: dict[str, Any],
    ) -> Act:
        """Return a verb with what it is told and who signs with."""
        return partial(done, deed=Deed(verb, told, self.signer(), self.accepting))

    def money(self, field: NumberField) -> Money:
        return Money(field.value() or 0, self.currency)

    def maybe(self, field: NumberField) -> Money | None:
        told = field.value()
        return None if told is None else Money(told, self.currency)

    def first(self) -> QWidget:
        """Return where the cursor begins."""
        shown = [one.widget for one in self._places.values() if not one.widget.isHidden()]
        if shown:
            return shown[0]
        return self.second.password if not self.second.isHidden() else self.button

    def begin(self) -> None:
        """Put the cursor where one types first."""
        first = self.first()
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(first, QLineEdit):
            first.selectAll()

    def must_sign(self, *, two: bool) -> None:
        """Ask for a second person, or not."""
        self._two = two
        self.second.setVisible(two)


class PrepareForm(PaymentForm):
    """What one provider is to be paid: all of it, or the oldest that the box can pay."""

    def __init__(self, speaker: Speaker, currency: Currency) -> None:
        super().__init__(
            N_("Prepare a payment"), speaker, currency, N_("Prepare the batch"), back=False
        )
        self._facts: Facts | None = None
        self._typed = False
        self.provider, self.box = ComboLine(), ComboLine()
        self.most = NumberField(exponent=currency.exponent)
        self.set_off = NumberField(exponent=currency.exponent)
        self.line(
            ("provider", self.provider, N_("Provider"), 4),
            ("box", self.box, N_("The money lies in"), 3),
            ("amount", self.most, N_("Pay at most"), 2),
            ("set_off", self.set_off, N_("Deposit to set off"), 2),
        )
        self.provider.currentIndexChanged.connect(self._propose)
        self.box.currentIndexChanged.connect(self._propose)
        self.most.textEdited.connect(self._limit)

    def offer(self, facts: Facts, provider_id: ProviderId | None = None) -> None:
        """Show who can be paid, and what the box allows."""
        self.request, self._facts = a_request(), facts
        owed = [
            one
            for one in facts.providers
            if any(item.amount > 0 for item in facts.items.get(one.id, ()))
        ]
        fill(self.provider, [(one.name, one.id) for one in owed], provider_id)
        fill(self.box, box_items(facts.boxes))
        self.set_off.set_value(None)
        self.button.setEnabled(bool(owed))
        self._propose()

    def _propose(self, _at: int = 0) -> None:
        """Propose what the box holds when that is less than what is owed."""
        self._typed = False
        whole, held = self._whole(), self._held()
        short = whole is not None and held is not None and held.minor < whole.amount.minor
        self.most.set_value(max(held.minor, 0) if short and held is not None else None)
        self._tell()

    def _limit(self, _text: str) -> None:
        self._typed = True
        self._tell()

    def _whole(self) -> payment_facts.Proposal | None:
        facts, chosen = self._facts, self.provider.currentData()
        if facts is None or chosen is None:
            return None
        return payment_facts.proposal(facts.items.get(chosen, ()), None, self.currency)

    def _held(self) -> Money | None:
        if self._facts is None:
            return None
        return payment_facts.held_in(self._facts.boxes, self.box.currentData())

    def _tell(self) -> None:
        facts, chosen, held = self._facts, self.provider.currentData(), self._held()
        if facts is None or chosen is None or held is None:
            self.note.say(N_("Nothing can be paid now."))
            return
        told = payment_facts.proposal(
            facts.items.get(chosen, ()), self.most.value(), self.currency
        )
        lies = facts.lying.get(chosen)
        values: dict[str, Value] = {
            "held": held,
            "count": told.taken,
            "of": told.of,
            "amount": told.amount,
            "back": told.recovered,
            "lies": lies.deposit if lies else Money(0, self.currency),
        }
        words = N_(
            "The box holds {held}. Paid are the oldest {count} of {of}: {amount}. Taken back: {back}."
            " Deposit with the provider: {lies}."
        )
        self.note.say(Text(words, values))

    @override
    def act(self) -> Act:
        told = {
            "request_id": self.request,
            "provider_id": self.provider.currentData() or b"",
            "most": self.maybe(self.most),
            "set_off": self.maybe(self.set_off),
        }
        return self.deed(service.prepare_payment, told)


class StepForm(PaymentForm):
    """A step of a batch: which fields it has depends on where the batch stands."""

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__(N_("Next step"), speaker, currency, N_("Approve"))
        self._batch: PaymentBatch | None = None
        self.cancelling = False
        self.box, self.day = ComboLine(), DayField(today)
        self.fee = NumberField(exponent=currency.exponent)
        self.receipt, self.reason = Field(), Field()
        self._today = today
        # Which of them are seen depends on the step; hidden ones beside them would leave holes.
        self.line(("box", self.box, _BOX, 1))
        self.line(("receipt", self.receipt, N_("Number of the provider's receipt"), 1))
        self.line(
            ("day", self.day, _DAY, 1),
            ("fee", self.fee, N_("Fee of the bank or telephone"), 1),
        )
        self.line(("reason", self.reason, _REASON, 1))

    def offer(self, facts: Facts, batch: PaymentBatch) -> bool:
        """Show the next step of a batch; whether there is one."""
        self.request, self._batch, self.cancelling = a_request(), batch, False
        fill(self.box, box_items(facts.boxes), batch.place)
        self.day.set_day(self._today)
        for one in (self.fee, self.receipt, self.reason):
            one.clear()
        self.clear()
        shown, title, button = _STEPS.get(batch.state, ((), "", ""))
        if not title:
            return False
        self._name(title, button, batch)
        self._show(shown)
        if batch.place is not None and batch.place.role.startswith("cash_"):
            self.show_field("fee", shown=False)
        mine = batch.steps[0].person == facts.me
        self.second.start(facts.others, solo=facts.solo)
        self.must_sign(two=batch.state is PaymentState.PREPARED and mine)
        self.free()
        return True

    def offer_cancel(self, facts: Facts, batch: PaymentBatch) -> None:
        """Ask why a batch is not to be paid."""
        self._batch, self.cancelling = batch, True
        self.reason.clear()
        self.clear()
        self._name(N_("Cancel {number}: {provider}, {amount}"), N_("Cancel the batch"), batch)
        self._show(("reason",))
        self.second.start(facts.others, solo=facts.solo)
        self.must_sign(two=False)
        self.free()

    def _name(self, title: str, button: str, batch: PaymentBatch) -> None:
        values: dict[str, Value] = {
            "number": batch.number,
            "provider": batch.provider,
            "amount": batch.net,
        }
        self.head.say(Text(title, values))
        self.button.say(button)

    def _show(self, names: Sequence[str]) -> None:
        for name in self._places:
            self.show_field(name, shown=name in names)

    @override
    def act(self) -> Act:
        batch = self._batch
        if batch is None:
            raise Refusal(Text(N_("Choose a batch first.")), field="batch")
        told: dict[str, Any] = {"batch_id": batch.id}
        if self.cancelling:
            reason = self.reason.text()
            return self.deed(service.cancel_payment, told | {"reason": reason})
        match batch.state:
            case PaymentState.PREPARED:
                verb: Callable[..., Any] = service.approve_payment
            case PaymentState.APPROVED:
                verb = service.order_payment
                told["place"] = self.box.currentData()
            case PaymentState.ORDERED:
                verb = service.pay_batch
                told |= {"request_id": self.request, "day": self.day.told()}
                told["fee"] = self.maybe(self.fee)
            case _:
                verb = service.acknowledge_payment
                told |= {"receipt": self.receipt.text(), "day": self.day.told()}
        return self.deed(verb, told)


_STEPS: dict[PaymentState, tuple[tuple[str, ...], str, str]] = {
    PaymentState.PREPARED: ((), N_("Approve {number}: {provider}, {amount}"), N_("Approve")),
    PaymentState.APPROVED: (
        ("box",),
        N_("Order {number}: {provider}, {amount}"),
        N_("Order the payment"),
    ),
    PaymentState.ORDERED: (
        ("day", "fee"),
        N_("Pay {number}: {provider}, {amount}"),
        N_("The money was paid"),
    ),
    PaymentState.PAID: (
        ("receipt", "day"),
        N_("Receipt of {provider} for {number}, {amount}"),
        N_("Keep the receipt"),
    ),
}


class RecoverForm(PaymentForm):
    """A member is to pay back what the scheme paid for a claim."""

    def __init__(self, speaker: Speaker, currency: Currency) -> None:
        super().__init__(
            N_("A member pays back what was paid for a claim"),
            speaker,
            currency,
            N_("Ask it back"),
            two=True,
            back=False,
        )
        self.claim, self.reason = Field(), Field()
        self.amount = NumberField(exponent=currency.exponent)
        self.line(
            ("claim", self.claim, N_("Number of the claim"), 3),
            ("amount", self.amount, _AMOUNT, 2),
            ("reason", self.reason, _REASON, 5),
        )

    def offer(self) -> None:
        """Ask for another one."""
        self.request = a_request()
        for one in (self.claim, self.amount, self.reason):
            one.clear()

    @override
    def act(self) -> Act:
        told = {
            "request_id": self.request,
            "amount": self.money(self.amount),
            "reason": self.reason.text(),
        }
        number, signer = self.claim.text(), self.signer()

        def recover(desk: Desk) -> Recovery:
            claim_id = payment_facts.claim_named(desk, number)
            deed = Deed(service.recover_from_member, told | {"claim_id": claim_id}, signer)
            found: Recovery = done(desk, deed)
            return found

        return recover


class ReceiveForm(PaymentForm):
    """A member brings money back."""

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__(N_("Money came back"), speaker, currency, N_("Take it in"))
        self._recovery: Recovery | None = None
        self._today = today
        self.amount = NumberField(exponent=currency.exponent)
        self.box, self.day = ComboLine(), DayField(today)
        self.line(
            ("amount", self.amount, _AMOUNT, 2),
            ("box", self.box, N_("Into the box"), 3),
            ("day", self.day, _DAY, 2),
        )

    def offer(self, facts: Facts, recovery: Recovery) -> None:
        """Show what is left of it."""
        self.request, self._recovery = a_request(), recovery
        fill(self.box, box_items(facts.boxes))
        self.day.set_day(self._today)
        self.amount.set_value(recovery.left.minor)
        self.clear()
        self.free()
        self.head.say(
            Text(
                N_("{name} pays back {number}, {amount} left"),
                {"name": recovery.owed_by, "number": recovery.claim, "amount": recovery.left},
            )
        )

    @override
    def act(self) -> Act:
        if self._recovery is None:
            raise Refusal(Text(N_("Choose what comes back first.")), field="amount")
        told = {
            "request_id": self.request,
            "recovery_id": self._recovery.recovery_id,
            "amount": self.money(self.amount),
            "place": self.box.currentData(),
            "day": self.day.told(),
        }
        return self.deed(service.receive_recovery, told)


class HeadsForm(PaymentForm):
    """A month is run: by head, by shares of the contributions, or its relative prices."""

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__(
            N_("Run a month"), speaker, currency, N_("Run the month"), two=True, back=False
        )
        self._month = Month.of(today)
        self.month, self.what = MonthField(self._month), ComboLine()
        self.month.set_month(self._month)
        self.line(
            ("month", self.month, N_("Month"), 2),
            ("package", self.what, N_("What is run"), 5),
        )
        self.what.currentIndexChanged.connect(self._choose)

    def offer(self, facts: Facts) -> None:
        """Show what can be run in this book."""
        self.request = a_request()
        say = self.head.speaker
        items: list[tuple[str, object]] = [
            (say.tr(N_("By head, as agreed")), "heads"),
            (say.tr(N_("By head, earlier months left as they are")), "leave"),
        ]
        items += [
            (say.tr(N_("Shares of the contributions: {package}"), package=name), package_id)
            for package_id, name in facts.shared
        ]
        if facts.relative:
            items.append((say.tr(N_("Relative prices")), "relative"))
        fill(self.what, items)
        self._choose()

    def _choose(self, _at: int = 0) -> None:
        self.must_sign(two=self.what.currentData() != "relative")

    @override
    def act(self) -> Act:
        month, what = self.month.month(), self.what.currentData()
        if month is None:
            raise Refusal(Text(N_("This is needed: fill it in.")), field="month")
        if what == "relative":
            return self.deed(service.run_relative, {"month": month})
        told = {"request_id": self.request, "month": month}
        if what == "heads":
            return self.deed(service.run_capitation, told | {"reason": self.why})
        if what == "leave":
            self.accepting |= {"leave_differences"}
            return self.deed(service.run_capitation, told)
        return self.deed(service.run_shared_capitation, told | {"package_id": what})


class TakeBackForm(PaymentForm):
    """What a provider got by head is taken back, with a reason and a second person."""

    def __init__(self, speaker: Speaker, currency: Currency) -> None:
        super().__init__(
            N_("Take it back"), speaker, currency, N_("Take the month back"), two=True
        )
        self._run: CapitationRun | None = None
        self.reason = Field()
        self.line(("reason", self.reason, _REASON, 1))

    def offer(self, run: CapitationRun) -> None:
        """Show which one it is about."""
        self.request, self._run = a_request(), run
        self.reason.clear()
        self.head.say(
            Text(
                N_("Take back {month} of {provider}, {amount}"),
                {"month": run.month, "provider": run.provider, "amount": run.amount},
            )
        )

    @override
    def act(self) -> Act:
        if self._run is None:
            raise Refusal(Text(N_("Choose a month first.")), field="reason")
        told = {
            "request_id": self.request,
            "run_id": self._run.id,
            "reason": self.reason.text(),
        }
        return self.deed(service.reverse_capitation, told)


_MOVES = (
    ("deposit", N_("Deposit the provider asks for")),
    ("budget", N_("Advance of a month, by the agreement")),
    ("deposit-back", N_("Deposit comes back")),
    ("advance-back", N_("Rest of an advance comes back")),
)


class DepositForm(PaymentForm):
    """Money goes to lie with a provider, or comes back from it."""

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__(
            N_("Money that lies with a provider"), speaker, currency, N_("Save"), back=False
        )
        self._today = today
        self.what, self.provider, self.box = ComboLine(), ComboLine(), ComboLine()
        self.amount = NumberField(exponent=currency.exponent)
        self.month = MonthField(Month.of(today).plus(1))
        self.text, self.day = Field(), DayField(today)
        self.line(
            ("kind", self.what, N_("What happens"), 4),
            ("provider", self.provider, N_("Provider"), 4),
            ("box", self.box, N_("Box"), 3),
        )
        self.line(
            ("month", self.month, N_("Month"), 2),
            ("amount", self.amount, _AMOUNT, 2),
            ("label", self.text, N_("Text"), 5),
            ("day", self.day, _DAY, 2),
        )
        self.what.currentIndexChanged.connect(self._choose)

    def offer(self, facts: Facts) -> None:
        """Show the providers and the boxes."""
        self.request = a_request()
        say = self.head.speaker
        fill(self.what, [(say.tr(words), kind) for kind, words in _MOVES])
        fill(self.provider, [(one.name, one.id) for one in facts.providers])
        fill(self.box, box_items(facts.boxes))
        self.month.set_month(Month.of(self._today))
        self.day.set_day(self._today)
        for one in (self.amount, self.text):
            one.clear()
        self._choose()

    def _choose(self, _at: int = 0) -> None:
        budget = self.what.currentData() == "budget"
        self.month.setEnabled(budget)
        self.amount.setEnabled(not budget)
        self.text.setEnabled(not budget)

    @override
    def act(self) -> Act:
        what, place = self.what.currentData(), self.box.currentData()
        told: dict[str, Any] = {
            "request_id": self.request,
            "provider_id": self.provider.currentData() or b"",
            "place": place if isinstance(place, Place) else Place("cash_main"),
            "day": self.day.told(),
        }
        if what == "budget":
            month = self.month.month()
            if month is None:
                raise Refusal(Text(N_("This is needed: fill it in.")), field="month")
            return self.deed(service.pay_budget, told | {"month": month})
        told |= {"amount": self.money(self.amount), "label": self.text.text()}
        if what == "deposit":
            return self.deed(service.pay_deposit, told)
        kind = DepositKind.DEPOSIT if what == "deposit-back" else DepositKind.ADVANCE
        return self.deed(service.return_deposit, told | {"kind": kind})
