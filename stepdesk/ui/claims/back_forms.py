"""Forms of the payments room that take something back: a payment that bounced, what a member was asked."""

from typing import Any

from stepdesk.claims import queries, service
from stepdesk.claims.terms import LetOff, PaymentBatch, PaymentRow, Recovery, ReversedPayment
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, Value
from stepdesk.store.desk import Desk
from stepdesk.ui.cash.facts import Deed, a_request, done
from stepdesk.ui.claims.payment_forms import Act, PaymentForm
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.values.money import Currency

_REASON = N_("Reason")


class ReverseForm(PaymentForm):
    """A payment to a provider came back: its claims are owed again. A second person signs."""

    def __init__(self, speaker: Speaker, currency: Currency) -> None:
        super().__init__(
            N_("A payment came back"), speaker, currency, N_("Take the payment back"), two=True
        )
        self._paid: PaymentBatch | PaymentRow | None = None
        self.reason = Field()
        self.line(("reason", self.reason, _REASON, 1))
        self.note.say(
            N_(
                "Its claims are owed again, and the money is back in its box today. The fee of a bank"
                " stays until its voucher is cancelled."
            )
        )

    def offer(self, paid: PaymentBatch | PaymentRow) -> None:
        """Show which payment it is about."""
        self.request, self._paid = a_request(), paid
        self.reason.clear()
        self.clear()
        self.free()
        amount = paid.net if isinstance(paid, PaymentBatch) else paid.amount
        values: dict[str, Value] = {
            "number": paid.number,
            "provider": paid.provider,
            "amount": amount,
        }
        self.head.say(Text(N_("{number} came back: {provider}, {amount}"), values))

    @override
    def act(self) -> Act:
        paid, signer = self._paid, self.signer()
        if paid is None:
            raise Refusal(Text(N_("Choose a payment first.")), field="reason")
        told: dict[str, Any] = {"request_id": self.request, "reason": self.reason.text()}

        def reverse(desk: Desk) -> ReversedPayment:
            payment_id = (
                paid.id
                if isinstance(paid, PaymentRow)
                else desk.ask(queries.standing_payment, batch_id=paid.id)
            )
            deed = Deed(service.reverse_payment, told | {"payment_id": payment_id}, signer)
            found: ReversedPayment = done(desk, deed)
            return found

        return reverse

    @override
    def refuse(self, refusal: Refusal) -> None:
        field = "reason" if refusal.field == "payment" else refusal.field
        super().refuse(Refusal(refusal.text, field=field))


class LetOffForm(PaymentForm):
    """A member need not pay back what was asked, or a part of it. A second person signs."""

    def __init__(self, speaker: Speaker, currency: Currency) -> None:
        super().__init__(N_("Let the member off"), speaker, currency, N_("Let off"), two=True)
        self._recovery: Recovery | None = None
        self.amount, self.reason = NumberField(exponent=currency.exponent), Field()
        self.line(
            ("amount", self.amount, N_("Amount"), 2),
            ("reason", self.reason, _REASON, 6),
        )
        self.note.say(
            N_("What the member has paid of it already is owed to them: it stands under Members.")
        )

    def offer(self, recovery: Recovery) -> None:
        """Show what is asked back of whom."""
        self.request, self._recovery = a_request(), recovery
        self.amount.set_value(recovery.amount.minor)
        self.reason.clear()
        self.clear()
        self.free()
        values: dict[str, Value] = {
            "name": recovery.owed_by,
            "number": recovery.claim,
            "amount": recovery.amount,
            "left": recovery.left,
        }
        told = N_("Let {name} off for {number}: {amount} asked, {left} left to pay")
        self.head.say(Text(told, values))

    @override
    def act(self) -> Act:
        recovery, signer = self._recovery, self.signer()
        if recovery is None:
            raise Refusal(Text(N_("Choose what is asked back first.")), field="amount")
        told: dict[str, Any] = {
            "request_id": self.request,
            "amount": self.maybe(self.amount),
            "reason": self.reason.text(),
            "claim_id": recovery.claim_id,
        }

        def let_off(desk: Desk) -> LetOff:
            found: LetOff = done(desk, Deed(service.let_off_recovery, told, signer))
            return found

        return let_off

    @override
    def refuse(self, refusal: Refusal) -> None:
        field = "reason" if refusal.field == "claim" else refusal.field
        super().refuse(Refusal(refusal.text, field=field))
