"""Paying a provider: what is owed, the most that may go out, the box, the second person."""

import secrets

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.claims.papers import BOXES
from stepdesk.claims.service import PaidProvider
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.ui import theme, tokens
from stepdesk.ui.claims.facts import Room
from stepdesk.ui.contributions.count_form import SecondPerson
from stepdesk.ui.contributions.current_stack import CurrentStack, Reveal
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Choice
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.words import MoneyLabel, Size, Words
from stepdesk.values.ids import ProviderId, RequestId
from stepdesk.values.money import Currency

_LABELS = {
    "provider": N_("Provider"),
    "amount": N_("Pay at most"),
    "box": N_("The money lies in"),
}


class PayForm(Card, Speaking):
    """The form that pays a provider.

    Signals:
        ready: Request, provider, box, the most (or None) and who signs (or None).
        print_wanted: The voucher is to be shown.
        left: Back.
    """

    ready = Signal(object, object, str, object, object)
    print_wanted = Signal()
    left = Signal()

    def __init__(self, speaker: Speaker, currency: Currency) -> None:
        super().__init__(N_("Pay a provider"), speaker)
        self._request = RequestId(b"")
        self._room: Room | None = None
        self.provider = ComboLine()
        self.owed = MoneyLabel(speaker)
        self.since = Words("", speaker, wrap=True)
        self.most = NumberField(exponent=currency.exponent)
        self.box = Choice(speaker, tuple(BOXES.items()), columns=2)
        self.held = Words("", speaker, size=Size.SMALL, muted=True, wrap=True)
        self.trouble = TroubleBand(speaker)
        self.form, self.where = Form(speaker), Form(speaker)
        self.second = SecondPerson(speaker)
        self.button = MainButton(N_("Pay"), speaker, icon="wallet")
        self._reveal = Reveal(self.button)
        self.back = PlainButton(N_("Back"), speaker, key="back")
        self.done = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        self.rest = Words("", speaker, wrap=True)
        self.print = MainButton(N_("Voucher"), speaker, key="print", icon="printer")
        self.close_form = PlainButton(N_("Back"), speaker, key="back")
        self._place(speaker)
        self._connect()
        self.learn(speaker)
        self.dress()

    def _place(self, speaker: Speaker) -> None:
        self.parts = CurrentStack()
        self.body.addWidget(self.parts)
        self.body.addStretch(1)
        paying, self._columns = _column()
        self.parts.addWidget(paying)
        self._columns.addWidget(self.trouble)
        self._columns.addWidget(Sides(self._whom(speaker), self._by_whom()))
        foot = QHBoxLayout()
        self._columns.addLayout(foot)
        foot.addWidget(self.button)
        foot.addWidget(self.back)
        foot.addStretch(1)
        paid, self._result = _column()
        self.parts.addWidget(paid)
        self._result.addWidget(self.done)
        self._result.addWidget(self.rest)
        end = QHBoxLayout()
        self._result.addLayout(end)
        end.addWidget(self.print)
        end.addWidget(self.close_form)
        end.addStretch(1)

    def _whom(self, speaker: Speaker) -> QWidget:
        left, column = _column()
        self.form.add("provider", self.provider, _LABELS["provider"], width=340)
        hint = N_(
            "Leave it empty to pay everything. Certificates are paid whole, oldest invoice first."
        )
        self.form.add("amount", self.most, _LABELS["amount"], hint=hint, width=200)
        column.addWidget(Words(N_("Owed for approved certificates"), speaker, muted=True))
        column.addWidget(self.owed, 0, Qt.AlignmentFlag.AlignLeading)
        column.addWidget(self.since)
        column.addWidget(self.form)
        column.addStretch(1)
        return left

    def _by_whom(self) -> QWidget:
        right, column = _column()
        self.where.add("box", self.box, _LABELS["box"])
        for widget in (self.where, self.held, self.second):
            column.addWidget(widget)
        column.addStretch(1)
        return right

    def _connect(self) -> None:
        self.provider.currentIndexChanged.connect(self._tell)
        self.provider.entered.connect(self._to_most)
        self.most.returnPressed.connect(self._to_second)
        self.box.chosen.connect(self._tell_box)
        self.second.entered.connect(self.send)
        self.button.clicked.connect(self.send)
        self.print.clicked.connect(self.print_wanted)
        for button in (self.back, self.close_form):
            button.clicked.connect(self.left)

    @override
    def dress(self) -> None:
        super().dress()
        now = theme.current()
        rows = -(-len(BOXES) // 2)
        if hasattr(self, "box"):
            self.box.setFixedHeight(rows * now.px(tokens.MAIN_FIELD) + (rows - 1) * now.px(8))
            for column in (self._columns, self._result):
                column.setSpacing(now.px(12))

    @override
    def speak(self) -> None:
        for name, widget in (("provider", self.provider), ("amount", self.most)):
            widget.setAccessibleName(self.speaker.tr(_LABELS[name]))

    def start(self, room: Room, provider_id: ProviderId | None) -> None:
        """Show what is owed; nothing typed."""
        self._request = RequestId(secrets.token_bytes(16))
        self._room = room
        self.provider.blockSignals(True)  # noqa: FBT003 - Qt's setters take no names
        self.provider.clear()
        for one in room.owed:
            self.provider.addItem(room.provider(one.provider_id), one.provider_id)
        self.provider.setCurrentIndex(max(self.provider.findData(provider_id), 0))
        self.provider.blockSignals(False)  # noqa: FBT003 - Qt's setters take no names
        self.most.set_value(None)
        self.box.choose("cash_main")
        self.form.clear()
        self.where.clear()
        self.trouble.hide()
        self.second.start(room.others, solo=room.solo)
        self.free()
        self.parts.setCurrentIndex(0)
        self._tell()
        self._tell_box("cash_main")
        self.most.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def paid(self) -> bool:
        """Whether the result is shown."""
        return self.parts.currentIndex() == 1

    def show_paid(self, told: PaidProvider, provider: str) -> None:
        """Tell what went out."""
        self.free()
        values: dict[str, Value] = {
            "number": told.number,
            "amount": told.amount,
            "provider": provider,
            "count": told.claims,
            "owed": told.still_owed,
        }
        self.done.say(
            Text(
                N_("✓ {amount} paid to {provider} for {count} certificate: voucher {number}"),
                values,
                plural=N_(
                    "✓ {amount} paid to {provider} for {count} certificates: voucher {number}"
                ),
            )
        )
        nothing, more = N_("Nothing more is owed."), N_("Still owed: {owed}.")
        self.rest.say(Text(more if told.still_owed else nothing, values))
        self.parts.setCurrentIndex(1)
        self.print.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why nothing was paid."""
        self.free()
        self._reveal.begin()
        second = refusal.field in {"second", "second_password"} and self.second.needed()
        whole = self.where if refusal.field == "box" else self.form
        (self.second.form if second else whole).show_refusal(refusal)

    def fail(self, trouble: Trouble) -> None:
        """Say that nothing was paid."""
        self.free()
        text = N_("{trouble} Nothing was paid: keep the money.")
        self.trouble.show_text(Text(text, {"trouble": trouble.text}))

    def free(self) -> None:
        """Let the form be sent again."""
        self.button.setEnabled(True)

    def send(self) -> None:
        """Pay."""
        if not self.button.isEnabled() or self.provider.currentData() is None:
            return
        self.form.clear()
        self.where.clear()
        self.second.form.clear()
        if self.form.wrong() or not self.second.ready():
            return
        self.button.setEnabled(False)
        self.ready.emit(
            self._request,
            self.provider.currentData(),
            self.box.value(),
            self.most.value(),
            self.second.signer(),
        )

    def _tell(self, _at: int = 0) -> None:
        if self._room is None:
            return
        chosen = self.provider.currentData()
        found = next((one for one in self._room.owed if one.provider_id == chosen), None)
        self.owed.show_money(None if found is None else found.amount)
        if found is None:
            self.since.say("")
            return
        values: dict[str, Value] = {"count": found.claims, "since": found.since}
        self.since.say(
            Text(
                N_("{count} certificate, the oldest invoice received on {since}"),
                values,
                plural=N_("{count} certificates, the oldest invoice received on {since}"),
            )
        )

    def _tell_box(self, box: object) -> None:
        if self._room is None or not isinstance(box, str):
            return
        self.held.say(Text(N_("There should be {held} in it."), {"held": self._room.held[box]}))

    def _to_most(self) -> None:
        self.most.setFocus(Qt.FocusReason.TabFocusReason)

    def _to_second(self) -> None:
        if self.second.needed():
            self.second.password.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.button.setFocus(Qt.FocusReason.TabFocusReason)


def _column() -> tuple[QWidget, QVBoxLayout]:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    return holder, column
