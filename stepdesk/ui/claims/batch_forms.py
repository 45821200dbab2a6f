"""Forms about a whole batch: somebody nobody knows, and why it does not come to its invoice."""

import secrets
from datetime import date

from PySide6.QtCore import Qt, Signal

from stepdesk.claims.terms import Batch, Claim, Difference, DifferenceKind, State, UnknownPatient
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, Value
from stepdesk.store.desk import Desk
from stepdesk.ui.claims import batch_facts
from stepdesk.ui.claims.batch_facts import NewUnknown, Standing
from stepdesk.ui.claims.case_form import AskForm, Doing
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.buttons import MainButton
from stepdesk.ui.widgets.choice import Choice
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.date_field import DateField
from stepdesk.ui.widgets.field import Field, NumbersField
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.words import Words
from stepdesk.values.ids import BatchId, RequestId
from stepdesk.values.money import Money

_SHOWN = 12  # missing numbers told by name


class UnknownForm(AskForm):
    """Records a certificate of somebody the scheme does not know: refused until it is solved."""

    def __init__(self, speaker: Speaker, desk: Desk, today: date) -> None:
        super().__init__(speaker, N_("Record as unknown"))
        self._desk = desk
        self._batch: Batch | None = None
        self._request = RequestId(b"")
        self.certificate = NumbersField()
        self.written = Field()
        self.day = DateField(today)
        self.claimed = NumberField(exponent=desk.currency.exponent)
        self.ask("certificate", self.certificate, N_("Certificate no."), width=160)
        hint = N_("Card, name, age, village: what helps to find the person later.")
        self.ask("person", self.written, N_("What stands on it of the patient?"), hint=hint)
        self.ask("day", self.day, N_("Day"), width=160)
        self.ask("amount", self.claimed, N_("Total of the certificate"), width=160)

    def start(self, batch: Batch, certificate: str, written: str, day: str) -> None:
        """Ask about a certificate, with what was typed of it."""
        self._batch = batch
        self._request = RequestId(secrets.token_bytes(16))
        self.day.near = batch.month.first
        self.certificate.setText(certificate)
        self.written.setText(written)
        self.day.setText(day)
        self.claimed.set_value(None)
        told = N_("Unknown person: the certificate is refused (RA01) until the person is found")
        self.begin(Text(told))
        first = self.written if not written else self.day if not day else self.claimed
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def send(self) -> None:
        self.form.clear()
        if self.form.wrong():
            return
        day, amount = self.day.day(), self.claimed.value()
        if day is None or amount is None:
            name = "day" if day is None else "amount"
            self.form.show_refusal(Refusal(Text(N_("This is needed: fill it in.")), field=name))
            return
        super().send()

    @override
    def what(self) -> Doing:
        day, batch = self.day.day(), self._batch
        if day is None or batch is None:
            raise ValueError("no day was typed")
        told = NewUnknown(
            self._request,
            self.certificate.text(),
            self.written.text(),
            day,
            self.claimed.value() or 0,
        )
        return lambda _accepting: batch_facts.unknown_entered(self._desk, batch.id, told)


class UnknownView(AskForm):
    """A certificate of somebody unknown, and how it is solved once the person is found.

    Signals:
        type_wanted: The certificate is to be typed under the number of the person.
    """

    type_wanted = Signal(object)

    def __init__(self, speaker: Speaker, desk: Desk) -> None:
        super().__init__(speaker, N_("It is this one"))
        self._desk, self._held = desk, speaker
        self.unknown: UnknownPatient | None = None
        self.about = Words("", speaker, wrap=True)
        self.how = Words("", speaker, muted=True, wrap=True)
        self.found = ComboLine()
        self.type_it = MainButton(N_("The person is found: type it"), speaker)
        for at, widget in enumerate((self.about, self.how, self.type_it)):
            self.body.insertWidget(2 + at, widget)
        self.ask("claim", self.found, N_("Typed already? Choose its certificate"))
        self.type_it.clicked.connect(self._type)

    def start(self, unknown: UnknownPatient, claims: tuple[Claim, ...]) -> None:
        """Show one, with the certificates of the batch that come to the same amount."""
        self.unknown = unknown
        self.found.clear()
        for one in claims:
            if one.claimed == unknown.claimed and one.state is not State.WITHDRAWN:
                told = f"{one.certificate or one.number} · {one.patient}"
                self.found.addItem(told, one.id)
        any_typed = self.found.count() > 0
        self.form.setVisible(any_typed)
        self.button.setVisible(any_typed)
        values: dict[str, Value] = {
            "number": unknown.certificate,
            "written": unknown.written,
            "day": unknown.day,
            "amount": unknown.claimed,
        }
        self.about.say(Text(N_("{written} · care of {day} · {amount}"), values))
        self.how.say(
            N_(
                "Nobody is known by this card. Look for the person, or register them; then type the "
                "certificate under their number, for the same amount."
            )
        )
        self.begin(Text(N_("Certificate {number}: unknown person"), values))
        target = self.found if any_typed else self.type_it
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _type(self) -> None:
        if self.unknown is not None:
            self.type_wanted.emit(self.unknown)

    @override
    def what(self) -> Doing:
        unknown, claim_id = self.unknown, self.found.currentData()
        if unknown is None:
            raise ValueError("nobody is shown")
        return lambda _accepting: batch_facts.unknown_solved(self._desk, unknown.id, claim_id)


class FinishForm(AskForm):
    """Names why the certificates do not come to the invoice, part by part, until nothing is left."""

    def __init__(self, speaker: Speaker, desk: Desk) -> None:
        super().__init__(speaker, N_("Name this difference"))
        self._desk, self._held = desk, speaker
        self._batch_id: BatchId | None = None
        self._standing: Standing | None = None
        self.sums = Words("", speaker, wrap=True)
        self.missing = Words("", speaker, bold=True, wrap=True)
        self.kind = Choice(
            speaker,
            (
                (DifferenceKind.MISSING_CERTIFICATE, N_("Certificate missing")),
                (DifferenceKind.ADDING_ERROR, N_("Adding error")),
                (DifferenceKind.OTHER, N_("Something else")),
            ),
        )
        # The invoice may be less than the certificates: the sign is told in words, not typed.
        self.amount = NumberField(exponent=desk.currency.exponent)
        self.certificate = NumbersField()
        self.note = Field()
        for at, widget in enumerate((self.sums, self.missing)):
            self.body.insertWidget(1 + at, widget)
        self.form.add("kind", self.kind, N_("Why?"))
        self.ask("amount", self.amount, N_("By how much"), width=160)
        self.ask("certificate", self.certificate, N_("Number of the missing one"), width=160)
        self.ask("reason", self.note, N_("Note"))
        self.kind.chosen.connect(self._chosen)

    def start(self, batch_id: BatchId, standing: Standing) -> None:
        """Ask for the name of what nothing explains yet."""
        self._batch_id, self._standing = batch_id, standing
        told = standing.reconciled
        zero = Money(0, told.typed.currency)
        values: dict[str, Value] = {
            "typed": told.typed,
            "unknown": told.unknown,
            "named": told.named,
            "total": told.invoice or zero,
        }
        self.sums.say(
            Text(
                N_(
                    "Typed {typed} · unknown people {unknown} · named already {named} · "
                    "invoice {total}"
                ),
                values,
            )
        )
        self._say_missing(standing.missing)
        self.kind.choose(
            DifferenceKind.MISSING_CERTIFICATE
            if standing.missing and told.open.minor > 0
            else DifferenceKind.ADDING_ERROR
        )
        self.amount.set_value(abs(told.open.minor))
        self.certificate.setText(standing.missing[0] if standing.missing else "")
        self.note.setText("")
        self._chosen()
        more, less = (
            N_("The invoice is {open} more than the certificates. Why?"),
            N_("The invoice is {open} less than the certificates. Why?"),
        )
        size = Money(abs(told.open.minor), told.open.currency)
        self.begin(Text(more if told.open.minor > 0 else less, {"open": size}))
        self.amount.selectAll()

    def _say_missing(self, missing: tuple[str, ...]) -> None:
        self.missing.setVisible(bool(missing))
        values: dict[str, Value] = {
            "numbers": ", ".join(missing[:_SHOWN]),
            "count": len(missing) - _SHOWN,
        }
        some, more = (
            N_("Numbers nobody typed: {numbers}"),
            N_("Numbers nobody typed: {numbers} and {count} more"),
        )
        self.missing.say(Text(more if len(missing) > _SHOWN else some, values))

    def _chosen(self, *_told: object) -> None:
        missing = self.kind.value() is DifferenceKind.MISSING_CERTIFICATE
        self.form.show_row("certificate", shown=missing)

    @override
    def send(self) -> None:
        self.form.clear()
        if self.form.wrong():
            return
        if self.amount.value() is None:
            self.form.show_refusal(
                Refusal(Text(N_("This is needed: fill it in.")), field="amount")
            )
            return
        super().send()

    @override
    def what(self) -> Doing:
        if self._batch_id is None or self._standing is None:
            raise ValueError("no batch is shown")
        left = self._standing.reconciled.open
        sign = 1 if left.minor > 0 else -1
        kind = self.kind.value()
        missing = kind is DifferenceKind.MISSING_CERTIFICATE
        difference = Difference(
            kind,
            Money(sign * (self.amount.value() or 0), left.currency),
            self.certificate.text() if missing else "",
            self.note.text(),
        )
        return lambda _accepting: batch_facts.difference_named(
            self._desk, self._batch_id or BatchId(b""), difference
        )
