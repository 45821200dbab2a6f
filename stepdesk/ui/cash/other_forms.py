"""Forms of the cash page for what happens seldom: old debts, gifts in kind, a box's end."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from stepdesk.countries.pack import CountryPack
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, money_text
from stepdesk.ledger import service as ledger
from stepdesk.ledger.terms import BoxBalance, CashBox, Debt, Place
from stepdesk.ui.cash.facts import Deed, a_request
from stepdesk.ui.cash.forms import ActivityLine, DayField, fill, money_in
from stepdesk.ui.cash.kinds import BY_ROLE
from stepdesk.ui.cash.line_form import LineForm
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.values.ids import BoxId
from stepdesk.values.money import Currency

_DAY, _TEXT, _AMOUNT = N_("Date"), N_("Text"), N_("Amount")
_PIECE, _REASON, _ACTIVITY = N_("Number on the paper"), N_("Reason"), N_("Activity")


class DebtForm(LineForm):
    """What the opening balance sheet says is owed is paid off, or comes back to the scheme.

    Args:
        speaker: Says it.
        today: The day it starts with.
        pack: Whose accounts and currency.
        ours: Whether the scheme owes it.
    """

    def __init__(self, speaker: Speaker, today: date, pack: CountryPack, *, ours: bool) -> None:
        told = (N_("A debt paid back to us"), N_("Take the money"), N_("Who owes it"))
        if ours:
            told = (N_("Pay off an old debt"), N_("Pay"), N_("Whom we owe it"))
        super().__init__(told[0], speaker, told[1])
        self._ours, self._pack = ours, pack
        self._request = a_request()
        self._debts: tuple[Debt, ...] = ()
        self.day, self.debt, self.box = DayField(today), ComboLine(), ComboLine()
        self.text, self.piece = Field(), Field()
        self.amount = NumberField(exponent=pack.currency.exponent)
        self.activity = ActivityLine(speaker)
        self.line(
            ("day", self.day, _DAY, 2),
            ("party", self.debt, told[2], 6),
            ("box", self.box, N_("Paid from") if ours else N_("Into the box"), 3),
            ("activity", self.activity, _ACTIVITY, 3),
        )
        self.pass_over("activity")
        self.line(
            ("label", self.text, _TEXT, 5),
            ("piece", self.piece, _PIECE, 2),
            ("amount", self.amount, _AMOUNT, 2),
        )
        self.debt.currentIndexChanged.connect(self._fill_amount)

    def offer(
        self, boxes: Sequence[BoxBalance], debts: Sequence[Debt], place: Place, debt: Debt | None
    ) -> None:
        """Show what is owed, one debt of it chosen, and the boxes."""
        self._request = a_request()
        roles = ledger.OWED_BY_US if self._ours else ledger.OWED_TO_US
        self._debts = tuple(one for one in debts if one.role in roles)
        self.debt.clear()
        for one in self._debts:
            self.debt.addItem(self._words(one))
        for field in (self.text, self.piece, self.amount):
            field.clear()
        fill(self.box, [(one.box.name, one.box.place) for one in boxes])
        places = [one.box.place for one in boxes]
        self.box.setCurrentIndex(places.index(place) if place in places else 0)
        if debt in self._debts:
            self.debt.setCurrentIndex(self._debts.index(debt))
        self._fill_amount()
        self.button.setEnabled(bool(self._debts))
        self.note.say("" if self._debts else N_("Nothing is owed by an opening or a count."))

    def _words(self, one: Debt) -> str:
        language = self.head.speaker.language
        account = self._pack.chart[one.role].name(language)
        told = (one.whose, account, money_text(one.amount, language))
        return " · ".join(words for words in told if words)

    def _fill_amount(self) -> None:
        at = self.debt.currentIndex()
        if 0 <= at < len(self._debts):
            self.amount.set_value(self._debts[at].amount.minor)

    def deed(self) -> Deed:
        """Return what is to be done.

        Raises:
            Refusal: when no debt is chosen.
        """
        at = self.debt.currentIndex()
        if not 0 <= at < len(self._debts):
            raise Refusal(Text(N_("Choose a debt from the list.")), field="party")
        debt = self._debts[at]
        told = {
            "request_id": self._request,
            "day": self.day.told(),
            "role": debt.role,
            "amount": money_in(self.amount, self._pack.currency),
            "label": self.text.text(),
            "party": debt.party,
            "box": self.box.currentData(),
            "piece": self.piece.text(),
            "activity": self.activity.currentData(),
        }
        return Deed(ledger.pay_off if self._ours else ledger.receive, told, self.signer())


class GiftForm(LineForm):
    """Something is given that is no money: booklets, a computer, at what it is worth."""

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__(N_("A gift in kind"), speaker, N_("Book the gift"))
        self._currency = currency
        self._request = a_request()
        self.day, self.kind = DayField(today), ComboLine()
        self.text, self.payee = Field(), Field()
        self.amount = NumberField(exponent=currency.exponent)
        self.activity = ActivityLine(speaker)
        self.line(
            ("day", self.day, _DAY, 2),
            ("role", self.kind, N_("What was given"), 5),
            ("label", self.text, _TEXT, 5),
        )
        self.line(
            ("payee", self.payee, N_("Given by"), 4),
            ("activity", self.activity, _ACTIVITY, 3),
            ("amount", self.amount, N_("What it is worth"), 2),
        )
        self.pass_over("activity")
        self.speak()

    @override
    def speak(self) -> None:
        super().speak()
        if hasattr(self, "activity"):
            say = self.head.speaker
            kinds = [BY_ROLE[role] for role in ledger.GIVEN]
            told = [(f"{say.tr(one.word)} · {say.tr(one.example)}", one.role) for one in kinds]
            fill(self.kind, told)

    def offer(self) -> None:
        """Be empty for another gift."""
        self._request = a_request()
        for field in (self.text, self.payee, self.amount):
            field.clear()

    def deed(self) -> Deed:
        """Return what is to be done."""
        told = {
            "request_id": self._request,
            "day": self.day.told(),
            "role": self.kind.currentData(),
            "amount": money_in(self.amount, self._currency),
            "label": self.text.text(),
            "payee": self.payee.text(),
            "activity": self.activity.currentData(),
        }
        return Deed(ledger.give_in_kind, told, self.signer())


class BetweenForm(LineForm):
    """Money that lies in a box belongs to another activity from now on; two sign."""

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__(N_("Money between activities"), speaker, N_("Move the money"), two=True)
        self._currency = currency
        self._request = a_request()
        self.day, self.box = DayField(today), ComboLine()
        self.source, self.target = ActivityLine(speaker), ActivityLine(speaker)
        self.amount, self.reason = NumberField(exponent=currency.exponent), Field()
        self.line(
            ("day", self.day, _DAY, 2),
            ("box", self.box, N_("Box"), 3),
            ("activity", self.source, N_("From the activity"), 3),
            ("target", self.target, N_("To the activity"), 3),
        )
        self.line(("reason", self.reason, _REASON, 6), ("amount", self.amount, _AMOUNT, 2))

    def offer(self, boxes: Sequence[BoxBalance], place: Place) -> None:
        """Show the boxes; the money lies in the one that is shown."""
        self._request = a_request()
        fill(self.box, [(one.box.name, one.box.place) for one in boxes])
        places = [one.box.place for one in boxes]
        self.box.setCurrentIndex(places.index(place) if place in places else 0)
        self.amount.clear()
        self.reason.clear()

    def deed(self) -> Deed:
        """Return what is to be done."""
        told = {
            "request_id": self._request,
            "day": self.day.told(),
            "amount": money_in(self.amount, self._currency),
            "box": self.box.currentData(),
            "source": self.source.currentData(),
            "target": self.target.currentData(),
            "reason": self.reason.text(),
        }
        return Deed(ledger.move_between_activities, told, self.signer())


class EndBoxForm(LineForm):
    """A box that is empty is ended: nothing is booked in it from today on."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(N_("End the box"), speaker, N_("End the box"))
        self._box = BoxId(b"")
        self.note.say(N_("Nothing can be booked in it from today on; its books stay."))

    def offer(self, box: CashBox) -> None:
        """Show which box it is about."""
        self._box = box.place.box or BoxId(b"")
        self.head.say(Text(N_("End the box {name}"), {"name": box.name}))
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def deed(self) -> Deed:
        """Return what is to be done."""
        return Deed(ledger.end_box, {"box_id": self._box}, self.signer())


class MoreMenu(QMenu, Speaking):
    """What happens seldom, by its words: the arrow keys and Enter choose.

    Signals:
        wanted: Which form, by its name.
    """

    wanted = Signal(str)

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._told: list[tuple[QAction, str]] = []
        for name, words in _MORE:
            action = self.addAction("")
            action.setObjectName(name)
            action.triggered.connect(self._want)
            self._told.append((action, words))
        self.learn(speaker)

    @override
    def speak(self) -> None:
        for action, words in self._told:
            action.setText(self.speaker.tr(words))

    def _want(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.wanted.emit(sender.objectName())


_MORE = (
    ("paid_back", N_("A debt paid back to us")),
    ("pay_off", N_("Pay off an old debt")),
    ("gift", N_("A gift in kind")),
    ("between", N_("Money between activities")),
)
