"""The forms of the cash page that count notes and coins: a box, and what a collector hands over."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from stepdesk.contributions.service import hand_over_cash
from stepdesk.contributions.terms import Count
from stepdesk.countries.pack import CountryPack
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, Value, amount_text
from stepdesk.ledger import service as ledger
from stepdesk.ledger.terms import BoxBalance, Place
from stepdesk.store.desk import Colleague
from stepdesk.ui.cash.facts import Deed, TakingOver, a_request
from stepdesk.ui.cash.forms import DayField, fill, money_in
from stepdesk.ui.cash.line_form import LineForm
from stepdesk.ui.contributions.count_form import PieceField, words_of
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.words import Words
from stepdesk.values.ids import StaffId
from stepdesk.values.money import Money

_IN_A_LINE = 12


class CountingForm(LineForm):
    """A form with a field for each note and coin of the country, above its other lines.

    Args:
        title: What the form does.
        speaker: Says it.
        button: What the main button says.
        pack: Whose notes and coins.
    """

    def __init__(self, title: str, speaker: Speaker, button: str, pack: CountryPack) -> None:
        super().__init__(title, speaker, button, two=True)
        self._currency = pack.currency
        self.pieces = {value: PieceField() for value in pack.coins}
        fields = list(self.pieces.values())
        for at, field in enumerate(fields):
            field.down.connect(self._next)
            if at:
                field.up.connect(partial(_enter, fields[at - 1]))
        values = list(self.pieces)
        for first in range(0, len(values), _IN_A_LINE):
            some = values[first : first + _IN_A_LINE]
            self.line(*((f"piece{one}", self.pieces[one], "", 1) for one in some))
        self.speak()

    @override
    def speak(self) -> None:
        super().speak()
        for value, field in getattr(self, "pieces", {}).items():
            place = self._places.get(f"piece{value}")
            if place is not None:
                face = Money(value, self._currency)
                place.words.say(Text(_face(face, self.speaker.language)))
                field.setAccessibleName(self.speaker.tr(N_("Pieces of {value}"), value=face))

    def count(self) -> Count:
        """Return what was counted."""
        return Count({value: field.value() or 0 for value, field in self.pieces.items()})

    def begin_count(self) -> None:
        """Put the cursor where counting begins."""
        _enter(next(iter(self.pieces.values())))

    @override
    def refuse(self, refusal: Refusal) -> None:
        if refusal.field == "pieces":
            refusal = Refusal(refusal.text, field=f"piece{next(iter(self.pieces))}")
        super().refuse(refusal)


def _face(money: Money, language: str) -> str:
    """Return what stands on a note or a coin: no decimals where it has none."""
    text = amount_text(money, language)
    exponent = money.currency.exponent
    return text if money.minor % money.currency.scale or not exponent else text[: -exponent - 1]


def _enter(field: NumberField) -> None:
    field.setFocus(Qt.FocusReason.TabFocusReason)


class CountForm(CountingForm):
    """A box is counted by notes and coins before the desk says what should lie there."""

    def __init__(self, speaker: Speaker, today: date, pack: CountryPack) -> None:
        super().__init__(N_("Count the box"), speaker, N_("Keep the count"), pack)
        self._request = a_request()
        self._place = Place("cash_main")
        self.day, self.reason, self.owed_by = DayField(today), Field(), ComboLine()
        self.stated = NumberField(exponent=pack.currency.exponent)
        self.line(
            ("day", self.day, N_("Date"), 2),
            ("stated", self.stated, N_("By the statement"), 2),
            ("difference_reason", self.reason, N_("Why it differs, if it does"), 6),
            ("owed_by", self.owed_by, N_("Who replaces what is missing"), 4),
        )
        self.speak()

    def offer(self, box: BoxBalance, day: date, people: Sequence[Colleague]) -> None:
        """Show what is counted: notes and coins of a cash box, the statement of a bank."""
        nobody: list[tuple[str, object]] = [
            (self.head.speaker.tr(N_("Nobody: a loss of the scheme")), None)
        ]
        fill(self.owed_by, nobody + [(one.name, one.id) for one in people])
        self.owed_by.setCurrentIndex(0)
        self.show_field("owed_by", shown=False)
        self._request, self._place = a_request(), box.box.place
        self.day.set_day(day)
        cash = box.box.place.role.startswith("cash_")
        self.head.say(Text(N_("Count of {box}"), {"box": box.box.name}))
        for one in (*self.pieces.values(), self.stated, self.reason):
            one.clear()
        for value in self.pieces:
            self.show_field(f"piece{value}", shown=cash)
        self.show_field("stated", shown=not cash)
        if cash:
            self.begin_count()
        else:
            self.stated.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def refuse(self, refusal: Refusal) -> None:
        if refusal.field == "difference_reason" and self._place.role.startswith("cash_"):
            self.show_field("owed_by", shown=True)
        super().refuse(refusal)

    def deed(self) -> Deed:
        """Return what is to be done.

        Raises:
            Refusal: no day, or nothing typed of a statement: a blank is not 0.
        """
        told: dict[str, object] = {
            "request_id": self._request,
            "box": self._place,
            "day": self.day.told(),
            "difference_reason": self.reason.text(),
        }
        if self._place.role.startswith("cash_"):
            told["pieces"] = self.count().pieces
            told["owed_by"] = self.owed_by.currentData()
            return Deed(ledger.count_box, told, self.signer())
        if self.stated.value() is None:
            raise Refusal(
                Text(N_("Type the balance the statement shows, 0 for none.")), field="stated"
            )
        told["stated"] = money_in(self.stated, self._currency)
        return Deed(ledger.read_statement, told, self.signer())


class HandOverForm(CountingForm):
    """A collector hands over what is carried; both sign. Source: domain handbook D06.

    The amount follows the notes and coins. Typed by hand it stands, and what is counted beside it
    must make it; with nothing counted it is what both sign for.
    """

    def __init__(self, speaker: Speaker, today: date, pack: CountryPack) -> None:
        super().__init__(N_("Hand over"), speaker, N_("Take over"), pack)
        self._request = a_request()
        self._collector = StaffId(b"")
        self._name = ""
        self._may = Money(0, pack.currency)
        self._typed = False
        self.amount = NumberField(exponent=pack.currency.exponent)
        self.reason, self.box, self.day = Field(), ComboLine(), DayField(today)
        self.line(
            ("amount", self.amount, N_("Handed over"), 3),
            ("box", self.box, N_("Into the box"), 4),
            ("day", self.day, N_("Date"), 3),
            ("difference_reason", self.reason, N_("Why less is handed over"), 8),
        )
        self.pass_over("box")
        self.pass_over("day")
        told = QHBoxLayout()
        self._lines.addLayout(told)
        self.total = Words("", speaker, wrap=True)
        self.difference = Words("", speaker, bold=True, wrap=True)
        for words in (self.total, self.difference):
            told.addWidget(words, 1, Qt.AlignmentFlag.AlignTop)
        for field in self.pieces.values():
            field.value_changed.connect(self._counted)
        self.amount.textEdited.connect(self._amount_typed)
        self.amount.value_changed.connect(self._reckon)
        self.speak()

    @override
    def speak(self) -> None:
        super().speak()
        if hasattr(self, "difference"):
            self._reckon()

    def offer(self, told: TakingOver, boxes: Sequence[BoxBalance], *, solo: bool) -> None:
        """Show what one collector carries, nothing counted yet, and who signs."""
        self._request = a_request()
        self._collector, self._name = told.carried.collector_id, told.carried.name
        self._may, self._typed = told.may, False
        cash = [one for one in boxes if one.box.place.role.startswith("cash_")]
        fill(self.box, [(one.box.name, one.box.place) for one in cash])
        self.day.set_day(told.today)
        for field in (*self.pieces.values(), self.amount, self.reason):
            field.clear()
        self.start(told.signers, solo=solo)
        self._say_carried(told)
        self._reckon()
        self.begin_count()

    def _say_carried(self, told: TakingOver) -> None:
        self.head.say(
            Text(
                N_("{name} hands over. Carried: {amount}, since {day}, {count} day"),
                {
                    "name": self._name,
                    "amount": told.may,
                    "day": told.carried.since,
                    "count": told.carried.days,
                },
                N_("{name} hands over. Carried: {amount}, since {day}, {count} days"),
            )
        )
        in_bags = told.carried.amount - told.may
        self.note.say(
            Text(
                N_("{amount} more lie in the bag of an open session: close it to count them."),
                {"amount": in_bags},
            )
            if in_bags.minor > 0
            else ""
        )

    def _counted(self, _value: object) -> None:
        if not self._typed:
            self.amount.set_value(self.count().total or None)

    def _amount_typed(self, text: str) -> None:
        self._typed = bool(text.strip())

    def _reckon(self, _value: object = None) -> None:
        amount = money_in(self.amount, self._currency)
        left = self._may - amount
        self.show_field("difference_reason", shown=bool(amount) and left.minor > 0)
        self.total.say(self._with_words(N_("Handed over: {amount} ({words})"), amount))
        self.difference.say(self._difference(amount, left))

    def _difference(self, amount: Money, left: Money) -> Text | str:
        if not amount:
            return ""
        if not left:
            return N_("This is all that is carried.")
        if left.minor > 0:
            return self._with_words(N_("Missing: {amount} ({words}). {name} still owes it."), left)
        return self._with_words(
            N_("Too much: {amount} ({words}). Count again, or look for a receipt not typed in."),
            -left,
        )

    def _with_words(self, message: str, money: Money) -> Text | str:
        if not money:
            return ""
        values: dict[str, Value] = {
            "amount": money,
            "words": words_of(money, self.speaker),
            "name": self._name,
        }
        return Text(message, values)

    def deed(self) -> Deed:
        """Return what is to be done.

        Raises:
            Refusal: no day; less than is carried and no reason.
        """
        count = self.count()
        amount = money_in(self.amount, self._currency)
        reason = "" if self.reason.isHidden() else self.reason.text().strip()
        left = self._may - amount
        if not count.total and amount and left.minor > 0 and not reason:
            raise Refusal(
                Text(
                    N_("{missing} of what is carried stays with the collector. Write why."),
                    {"missing": left},
                ),
                field="difference_reason",
            )
        told = {
            "request_id": self._request,
            "collector_id": self._collector,
            "amount": amount,
            "day": self.day.told(),
            "box_id": self.box.currentData().box,
            "count": count if count.total else None,
            "difference_reason": reason,
        }
        return Deed(hand_over_cash, told, self.signer())
