"""The forms of the cash page; each reads its fields into what a verb of the treasurer is told."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QScrollArea, QVBoxLayout, QWidget

from stepdesk.countries.pack import CountryPack
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import service as ledger
from stepdesk.ledger.terms import (
    ACTIVITIES,
    Activity,
    Basis,
    BoxBalance,
    CashBox,
    FeeTreatment,
    MoneySettings,
    OpenBill,
    Place,
)
from stepdesk.scheme.terms import Section
from stepdesk.store.desk import Colleague
from stepdesk.ui import icons, theme
from stepdesk.ui.cash.facts import Deed, a_request
from stepdesk.ui.cash.kinds import BY_ROLE, KINDS
from stepdesk.ui.cash.line_form import LineForm
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.date_field import DateField
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.values.ids import VoucherId
from stepdesk.values.money import Currency, Money

_DAY, _TEXT, _AMOUNT = N_("Date"), N_("Text"), N_("Amount")
_PIECE, _REASON = N_("Number on the paper"), N_("Reason")
_ACTIVITY = N_("Activity")


def money_in(field: NumberField, currency: Currency) -> Money:
    """Return the amount that is typed, nothing for none."""
    return Money(field.value() or 0, currency)


def fill(combo: ComboLine, items: Sequence[tuple[str, object]]) -> None:
    """Show other items; what was chosen stays so if it is still there."""
    before = combo.currentData()
    combo.clear()
    for words, value in items:
        combo.addItem(words, value)
    at = next((n for n, (_words, value) in enumerate(items) if value == before), 0)
    combo.setCurrentIndex(at)


class DayField(DateField):
    """A day that Up and Down move by one."""

    def __init__(self, today: date) -> None:
        super().__init__(today)
        self._today = today
        self.set_day(today)
        self.up.connect(partial(self._move, 1))
        self.down.connect(partial(self._move, -1))

    def _move(self, days: int) -> None:
        self.set_day((self.day() or self._today) + timedelta(days=days))
        self.selectAll()

    def told(self) -> date:
        """Return the day that is typed.

        Raises:
            Refusal: when none is.
        """
        day = self.day()
        if day is None:
            raise Refusal(Text(N_("Type the day, such as 14 or 14/10.")), field="day")
        return day


class ActivityLine(ComboLine, Speaking):
    """Whose money it is; health cover unless somebody says otherwise.

    Args:
        speaker: Says it.
        every: What stands first for all of them together; nothing where one is to be chosen.
    """

    def __init__(self, speaker: Speaker, every: str = "") -> None:
        super().__init__()
        self._every = every
        self.learn(speaker)

    @override
    def speak(self) -> None:
        say = self.speaker
        items: list[tuple[str, object]] = [(say.tr(self._every), None)] if self._every else []
        items += [(say.tr(words), one) for one, words in ACTIVITIES.items()]
        fill(self, items)

    def told(self) -> Activity | None:
        """Return the activity that is chosen, None for all of them."""
        chosen = self.currentData()
        return chosen if isinstance(chosen, Activity) else None


class EntryForm(LineForm):
    """The line under a cash book: a day, a kind, a text, what came in or went out."""

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__(N_("New line"), speaker, N_("Save"), back=False)
        self._currency = currency
        self._memory: Mapping[str, str] = {}
        self._request = a_request()
        self._icons = 0
        self.day, self.kind, self.text = DayField(today), ComboLine(), Field()
        self.payee, self.piece = Field(), Field()
        self.activity = ActivityLine(speaker)
        self.came = NumberField(exponent=currency.exponent)
        self.went = NumberField(exponent=currency.exponent)
        self._words = QStringListModel(self)
        completer = QCompleter(self._words, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        self.text.setCompleter(completer)
        self.line(
            ("day", self.day, _DAY, 2),
            ("text", self.text, _TEXT, 6),
            ("role", self.kind, N_("Kind"), 4),
            ("activity", self.activity, _ACTIVITY, 3),
        )
        self.pass_over("activity")
        self.line(
            ("payee", self.payee, N_("Paid to, or received from"), 4),
            ("piece", self.piece, _PIECE, 2),
            ("came", self.came, N_("In"), 2),
            ("went", self.went, N_("Out"), 2),
        )
        self.head.hide()  # the table above says what a line is
        self.beside()
        self.text.editingFinished.connect(self._recall)
        self._offer()

    @override
    def speak(self) -> None:
        super().speak()
        if hasattr(self, "kind"):
            self._offer()

    def _offer(self) -> None:
        say = self.head.speaker
        items = [(f"{say.tr(one.word)} · {say.tr(one.example)}", one.role) for one in KINDS]
        fill(self.kind, items)
        now = theme.current()
        for at, one in enumerate(KINDS):
            self.kind.setItemIcon(at, icons.icon(one.icon, now.px(16), now.ink.text))

    def remember(self, memory: Mapping[str, str]) -> None:
        """Complete what is typed from earlier texts."""
        self._memory = memory
        self._words.setStringList(list(memory))

    def _recall(self) -> None:
        """Bring the category an earlier line of the same text had."""
        role = self._memory.get(self.text.text().strip())
        if role in BY_ROLE:
            self.kind.setCurrentIndex(self.kind.findData(role))

    def deed(self, place: Place) -> Deed:
        """Return what is to be done.

        Raises:
            Refusal: no day, no amount, or one on each side, or on the wrong side for the kind.
        """
        came, went = self.came.value() or 0, self.went.value() or 0
        kind = BY_ROLE[self.kind.currentData()]
        if bool(came) == bool(went):
            raise Refusal(
                Text(N_("Type the amount under In or under Out.")),
                field="went" if kind.out else "came",
            )
        told = {
            "request_id": self._request,
            "day": self.day.told(),
            "role": kind.role,
            "amount": Money(came or went, self._currency),
            "label": self.text.text(),
            "box": place,
            "payee": self.payee.text(),
            "piece": self.piece.text(),
            "activity": self.activity.currentData(),
        }
        return Deed(ledger.receive if came else ledger.spend, told, self.signer())

    @override
    def refuse(self, refusal: Refusal) -> None:
        beside = {"amount": "came" if self.came.value() else "went", "label": "text"}
        field = beside.get(refusal.field, refusal.field)
        super().refuse(Refusal(refusal.text, field=field))

    def saved(self) -> None:
        """Be ready for the next line, of the same day."""
        self._request = a_request()
        for one in (self.text, self.payee, self.piece, self.came, self.went):
            one.clear()
        self.free()
        self.clear()
        self.day.setFocus(Qt.FocusReason.OtherFocusReason)
        self.day.selectAll()


class TransferForm(LineForm):
    """Money goes from one box to another."""

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__(N_("Transfer between boxes"), speaker, N_("Transfer"))
        self._currency = currency
        self._request = a_request()
        self.day, self.source, self.target = DayField(today), ComboLine(), ComboLine()
        self.amount, self.text, self.piece = (
            NumberField(exponent=currency.exponent),
            Field(),
            Field(),
        )
        self.activity = ActivityLine(speaker)
        self.line(
            ("day", self.day, _DAY, 1),
            ("source", self.source, N_("From"), 2),
            ("target", self.target, N_("To"), 2),
            ("activity", self.activity, _ACTIVITY, 2),
        )
        self.pass_over("activity")
        self.line(
            ("label", self.text, _TEXT, 3),
            ("piece", self.piece, _PIECE, 1),
            ("amount", self.amount, _AMOUNT, 1),
        )

    def offer(self, boxes: Sequence[BoxBalance], place: Place) -> None:
        """Show the boxes; money leaves the one that is shown."""
        self._request = a_request()
        items = [(one.box.name, one.box.place) for one in boxes]
        for combo in (self.source, self.target):
            fill(combo, items)
        # Qt compares values of Python by identity, not by what they say.
        places = [one.box.place for one in boxes]
        self.source.setCurrentIndex(places.index(place) if place in places else 0)

    def deed(self) -> Deed:
        """Return what is to be done."""
        told = {
            "request_id": self._request,
            "day": self.day.told(),
            "amount": money_in(self.amount, self._currency),
            "source": self.source.currentData(),
            "target": self.target.currentData(),
            "label": self.text.text(),
            "piece": self.piece.text(),
            "activity": self.activity.currentData(),
        }
        return Deed(ledger.transfer, told, self.signer())


class CancelForm(LineForm):
    """A voucher is taken back, with a reason and a second person."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(N_("Cancel a voucher"), speaker, N_("Cancel the voucher"), two=True)
        self._request = a_request()
        self._voucher = VoucherId(b"")
        self.reason = Field()
        self.line(("reason", self.reason, _REASON, 1))

    def show_voucher(self, voucher_id: VoucherId, number: str, label: str) -> None:
        """Show which voucher it is about."""
        self._request, self._voucher = a_request(), voucher_id
        self.reason.clear()
        self.head.say(Text(N_("Cancel {number}: {text}"), {"number": number, "text": label}))

    def deed(self) -> Deed:
        """Return what is to be done."""
        told = {
            "request_id": self._request,
            "voucher_id": self._voucher,
            "reason": self.reason.text(),
        }
        return Deed(ledger.cancel_voucher, told, self.signer())


class BillForm(LineForm):
    """A bill comes in, or one is paid."""

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__(N_("A bill to pay later"), speaker, N_("Keep the bill"), back=False)
        self._currency = currency
        self._bill: OpenBill | None = None
        self._request = a_request()
        self.day, self.kind, self.box = DayField(today), ComboLine(), ComboLine()
        self.payee, self.text, self.piece = Field(), Field(), Field()
        self.activity = ActivityLine(speaker)
        self.amount = NumberField(exponent=currency.exponent)
        self.line(
            ("day", self.day, _DAY, 2),
            ("payee", self.payee, N_("Whose bill"), 4),
            ("label", self.text, _TEXT, 5),
            ("activity", self.activity, _ACTIVITY, 3),
        )
        self.pass_over("activity")
        self.line(
            ("role", self.kind, N_("Kind"), 4),
            ("box", self.box, N_("Paid from"), 3),
            ("piece", self.piece, _PIECE, 2),
            ("amount", self.amount, _AMOUNT, 2),
        )
        self.speak()

    @override
    def speak(self) -> None:
        super().speak()
        if hasattr(self, "kind"):
            say = self.head.speaker
            fill(self.kind, [(say.tr(one.word), one.role) for one in KINDS if one.out])

    def offer(self, boxes: Sequence[BoxBalance], bill: OpenBill | None) -> None:
        """Ask for a new bill, or pay one that is open."""
        self._request, self._bill = a_request(), bill
        fill(self.box, [(one.box.name, one.box.place) for one in boxes])
        for one in (self.payee, self.text, self.kind, self.activity):
            one.setEnabled(bill is None)
        self.box.setEnabled(bill is not None)
        for field in (self.payee, self.text, self.piece, self.amount):
            field.clear()
        if bill is None:
            self.head.say(N_("A bill to pay later"))
            self.button.say(N_("Keep the bill"))
            return
        self.head.say(Text(N_("Pay the bill of {payee}"), {"payee": bill.payee}))
        self.button.say(N_("Pay the bill"))
        self.payee.setText(bill.payee)
        self.text.setText(bill.label)
        self.amount.set_value(bill.owed.minor)
        self.amount.setFocus(Qt.FocusReason.OtherFocusReason)
        self.amount.selectAll()

    def deed(self) -> Deed:
        """Return what is to be done."""
        told: dict[str, object] = {
            "request_id": self._request,
            "day": self.day.told(),
            "amount": money_in(self.amount, self._currency),
            "piece": self.piece.text(),
        }
        if self._bill is not None:
            told |= {"bill_id": self._bill.id, "box": self.box.currentData()}
            return Deed(ledger.pay_bill, told, self.signer())
        told |= {
            "role": self.kind.currentData(),
            "label": self.text.text(),
            "payee": self.payee.text(),
            "activity": self.activity.currentData(),
        }
        return Deed(ledger.buy_on_credit, told, self.signer())


class LinesForm(LineForm):
    """Lines of an entry by hand, or of the opening balance sheet: account, whose, two sides.

    There is always one more line than is filled in; beyond a few of them they scroll.
    """

    def __init__(
        self, speaker: Speaker, today: date, pack: CountryPack, *, opening: bool, rows: int
    ) -> None:
        titles = (N_("Entry by hand"), N_("Book the entry"))
        if opening:
            titles = (N_("Opening balance sheet"), N_("Write the opening balance sheet"))
        super().__init__(titles[0], speaker, titles[1], two=True, back=False)
        self._opening, self._pack, self._fewest = opening, pack, rows
        self._request = a_request()
        self._rows: list[_LineFields] = []
        self._sent: list[int] = []
        outer, self._lines = self._lines, QVBoxLayout()
        inner = QWidget()
        inner.setLayout(self._lines)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setWidget(inner)
        for widget in (self.area.viewport(), inner):
            widget.setAutoFillBackground(False)
        outer.addWidget(self.area)
        for _ in range(rows):
            self._add_row()
        self._inner, self._lines = self._lines, outer
        self.day, self.reason, self.piece = DayField(today), Field(), Field()
        self.activity = ActivityLine(speaker)
        self.line(
            ("day", self.day, _DAY, 2),
            ("reason", self.reason, _REASON, 7),
            ("activity", self.activity, _ACTIVITY, 3),
            ("piece", self.piece, _PIECE, 2),
        )
        self.pass_over("activity")
        self.show_field("activity", shown=not opening)
        self.speak()
        self._fit()
        if opening:
            self.note.say(N_("The rest is what earlier years left; the desk reckons it."))

    def lines_typed(self) -> Sequence["_LineFields"]:
        """Return the fields of each line: account, whose, debit, credit."""
        return self._rows

    def _add_row(self) -> None:
        exponent, at = self._pack.currency.exponent, len(self._rows)
        account, who = ComboLine(), Field()
        debit, credit = NumberField(exponent=exponent), NumberField(exponent=exponent)
        self._rows.append((account, who, debit, credit))
        self.line(
            ("lines" if not at else f"account{at}", account, N_("Account"), 4),
            (f"who{at}", who, N_("Whose, or which box"), 2),
            (f"debit{at}", debit, N_("Debit"), 2),
            (f"credit{at}", credit, N_("Credit"), 2),
        )
        grid = self._grids[-1]
        for column in range(4 if at else 0):  # the first line's labels stand above all of them
            item = grid.itemAtPosition(0, column)
            label = item.widget() if item is not None else None
            if label is not None:
                label.hide()
        self._fill_accounts(account)
        account.currentIndexChanged.connect(self._make_room)

    def _make_room(self) -> None:
        """Give another line when the last one is begun."""
        if not self._rows[-1][0].currentData():
            return
        outer, self._lines = self._lines, self._inner
        self._add_row()
        self._grids.insert(len(self._rows) - 1, self._grids.pop())
        self._lines = outer
        # The last line's own Enter leads on to the day: it is asked last.
        for name in ("day", "reason", "activity", "piece"):
            self._places[name] = self._places.pop(name)
        self._order_tabs()
        self._fit()

    def _fit(self) -> None:
        """Show a few lines at once, so that the list above keeps its place."""
        shown = self._grids[: min(self._fewest, 4)]
        gaps = self._inner.spacing() * (len(shown) - 1)
        self.area.setFixedHeight(sum(grid.sizeHint().height() for grid in shown) + gaps + 2)

    @override
    def dress(self) -> None:
        super().dress()
        if hasattr(self, "_inner"):
            self._fit()

    def _fill_accounts(self, account: ComboLine) -> None:
        language = self.speaker.language
        roles = sorted(self._pack.chart.values(), key=lambda one: one.number)
        items: list[tuple[str, object]] = [("–", "")]
        items += [(f"{one.number} {one.name(language)}", one.role) for one in roles]
        fill(account, items)

    @override
    def speak(self) -> None:
        super().speak()
        for account, *_ in getattr(self, "_rows", ()):
            self._fill_accounts(account)

    @override
    def refuse(self, refusal: Refusal) -> None:
        super().refuse(Refusal(refusal.text, field=self._beside(refusal.field)))
        if self.area.isAncestorOf(self.focusWidget()):
            self.area.ensureWidgetVisible(self.focusWidget())

    def _beside(self, field: str) -> str:
        """Return which field a verb means: it knows the lines that were filled in alone."""
        if field == "held":
            return "lines"
        told = field.removeprefix("party")
        if told != field and told.isdigit() and int(told) < len(self._sent):
            return f"who{self._sent[int(told)]}"
        return field

    def deed(self) -> Deed:
        """Return what is to be done."""
        self._sent = [at for at, row in enumerate(self._rows) if row[0].currentData()]
        lines = []
        for at in self._sent:
            account, who, debit, credit = self._rows[at]
            amount = (debit.value() or 0) - (credit.value() or 0)
            lines.append((account.currentData(), amount, who.text().strip()))
        told: dict[str, object] = {
            "request_id": self._request,
            "day": self.day.told(),
            "reason": self.reason.text(),
        }
        if self._opening:
            return Deed(ledger.open_books, told | {"held": lines}, self.signer())
        told |= {"lines": lines, "piece": self.piece.text()}
        told["activity"] = self.activity.currentData()
        return Deed(ledger.book_entry, told, self.signer())

    def saved(self) -> None:
        """Be ready for another one."""
        self._request = a_request()
        for account, who, debit, credit in self._rows:
            account.setCurrentIndex(0)
            for one in (who, debit, credit):
                one.clear()
        self.reason.clear()
        self.piece.clear()
        self.free()


_LineFields = tuple[ComboLine, Field, NumberField, NumberField]


class BoxForm(LineForm):
    """A cash box, a bank account, a savings account or a telephone with money on it is added."""

    def __init__(self, speaker: Speaker, currency: Currency) -> None:
        super().__init__(N_("Add a box"), speaker, N_("Add the box"))
        self._currency = currency
        self._box: CashBox | None = None
        self.kind, self.section, self.holder = ComboLine(), ComboLine(), ComboLine()
        self.code, self.name, self.number = Field(), Field(), Field()
        self.most = NumberField(exponent=currency.exponent)
        self.line(
            ("kind", self.kind, N_("What it is"), 3),
            ("code", self.code, N_("Code"), 1),
            ("name", self.name, N_("Name"), 3),
        )
        self.line(
            ("number", self.number, N_("Number of the account or telephone"), 3),
            ("section", self.section, N_("Section"), 2),
            ("holder", self.holder, N_("Who holds it"), 2),
            ("most", self.most, N_("Too much above"), 2),
        )
        self.speak()

    @override
    def speak(self) -> None:
        super().speak()
        if hasattr(self, "most"):
            say = self.head.speaker
            fill(self.kind, [(say.tr(words), kind) for kind, words in _BOX_KINDS])

    def change(
        self, box: CashBox, sections: Sequence[Section], people: Sequence[Colleague]
    ) -> None:
        """Show a box as it stands; what stands in its vouchers stays as it is."""
        self.offer(sections, people)
        self._box = box
        self.head.say(Text(N_("Change the box {name}"), {"name": box.name}))
        self.button.say(N_("Change the box"))
        self.kind.setCurrentIndex(self.kind.findData(box.place.role))
        self.code.setText(box.code)
        self.name.setText(box.name)
        self.number.setText(box.number)
        self.section.setCurrentIndex(max(self.section.findData(box.section_id), 0))
        self.holder.setCurrentIndex(max(self.holder.findData(box.holder_id), 0))
        self.most.set_value(None if box.most is None else box.most.minor)
        for one in (self.kind, self.code, self.section):
            one.setEnabled(False)

    def offer(self, sections: Sequence[Section], people: Sequence[Colleague]) -> None:
        """Show whose box it may be, and be empty."""
        self._box = None
        self.head.say(N_("Add a box"))
        self.button.say(N_("Add the box"))
        for one in (self.kind, self.code, self.section):
            one.setEnabled(True)
        nobody: list[tuple[str, object]] = [("–", None)]
        fill(self.section, nobody + [(one.name, one.id) for one in sections])
        fill(self.holder, nobody + [(one.name, one.id) for one in people])
        for field in (self.code, self.name, self.number, self.most):
            field.clear()

    def deed(self) -> Deed:
        """Return what is to be done."""
        most = self.most.value()
        told = {
            "name": self.name.text(),
            "number": self.number.text(),
            "holder_id": self.holder.currentData(),
            "most": None if most is None else Money(most, self._currency),
        }
        if self._box is not None:
            return Deed(ledger.change_box, told | {"box_id": self._box.place.box}, self.signer())
        told |= {
            "kind": self.kind.currentData(),
            "code": self.code.text(),
            "section_id": self.section.currentData(),
        }
        return Deed(ledger.add_box, told, self.signer())


_BOX_KINDS = (
    ("cash_section", N_("Cash box of a section")),
    ("cash_main", N_("Cash box")),
    ("bank", N_("Bank account")),
    ("mfi", N_("Savings account")),
    ("momo", N_("Mobile money")),
)


class RulesForm(LineForm):
    """The scheme's money rules from a day on."""

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__(
            N_("Money rules of the scheme"),
            speaker,
            N_("Set from this day on"),
            two=True,
            back=False,
        )
        self._currency = currency
        self.day = DayField(today)
        self.limit = NumberField(exponent=currency.exponent)
        self.double = NumberField(exponent=currency.exponent)
        self.fee, self.basis = ComboLine(), ComboLine()
        self.line(
            ("first_day", self.day, N_("From"), 1),
            ("cash_limit", self.limit, N_("What may lie in a cash box"), 2),
            ("double_sign_amount", self.double, N_("Two sign above"), 2),
        )
        self.line(
            ("entry_fee_treatment", self.fee, N_("Entry fees are"), 1),
            ("basis", self.basis, N_("Contributions are income"), 1),
        )
        self.speak()

    @override
    def speak(self) -> None:
        super().speak()
        if not hasattr(self, "basis"):
            return
        say = self.head.speaker
        fill(
            self.fee,
            [
                (say.tr(N_("Income of the year")), FeeTreatment.INCOME),
                (say.tr(N_("Founding fund")), FeeTreatment.OWN_FUND),
            ],
        )
        fill(
            self.basis,
            [
                (say.tr(N_("As cover is given")), Basis.ACCRUAL),
                (say.tr(N_("As cash comes in")), Basis.CASH),
            ],
        )

    def offer(self, settings: MoneySettings) -> None:
        """Show the rules as they stand."""
        self.limit.set_value(settings.cash_limit.minor)
        self.double.set_value(settings.double_sign_amount.minor)
        self.fee.setCurrentIndex(max(self.fee.findData(settings.entry_fee_treatment), 0))
        self.basis.setCurrentIndex(max(self.basis.findData(settings.basis), 0))

    def deed(self) -> Deed:
        """Return what is to be done."""
        told = {
            "first_day": self.day.told(),
            "cash_limit": money_in(self.limit, self._currency),
            "double_sign_amount": money_in(self.double, self._currency),
            "entry_fee_treatment": self.fee.currentData(),
            "basis": self.basis.currentData(),
        }
        return Deed(ledger.set_money, told, self.signer())
