"""Closing a session: notes and coins, the difference in words, and the second person."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from stepdesk.contributions.terms import CollectionSession, Count
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text, Value, amount_text, currency_text
from stepdesk.store.desk import Colleague
from stepdesk.ui import theme
from stepdesk.ui.contributions.current_stack import Reveal
from stepdesk.ui.contributions.open_form import PeopleTiles
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.words import MoneyLabel, Shown, Size, Words
from stepdesk.values.ids import StaffId
from stepdesk.values.money import Money
from stepdesk.values.words import in_words

_COUNTED, _NARROW = 384, 264
_ROOMY = 860
_PIECE = 30  # the fields of a cash count are one below the other, twelve of them


def words_of(money: Money, speaker: Speaker) -> str:
    """Return an amount in words with its currency: two thousand F CFA."""
    whole, part = divmod(abs(money.minor), money.currency.scale)
    try:
        words = in_words(whole, speaker.language)
    except ValueError:
        return ""
    if part:
        cents = f"{part:0{money.currency.exponent}d}/{money.currency.scale}"
        words = speaker.tr(N_("{words} and {part}"), words=words, part=cents)
    return f"{words} {currency_text(money.currency, speaker.language)}"


class PasswordField(Field):
    """A password; it tells when the cursor comes, so that the button behind it can be shown."""

    reached = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)

    @override
    def focusInEvent(self, event: QFocusEvent, /) -> None:
        super().focusInEvent(event)
        self.reached.emit()


class SecondPerson(QWidget, Speaking):
    """Who signs too, and their password. Takes no room where one person keeps the desk alone.

    Args:
        speaker: Says it.
        across: Whether the password stands beside the people instead of below them.
    """

    entered = Signal()

    def __init__(self, speaker: Speaker, *, across: bool = False) -> None:
        super().__init__()
        self.people = PeopleTiles(speaker)
        self.password = PasswordField()
        self.form = Form(speaker, across=across)
        self.form.add("second", self.people, N_("Second person, who signs too"))
        self.form.add(
            "second_password", self.password, N_("Password of the second person"), width=240
        )
        self._alone = Words("", speaker, size=Size.SMALL, muted=True, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)
        column.addWidget(self._alone)
        self.password.returnPressed.connect(self.entered)
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.password.setAccessibleName(self.speaker.tr(N_("Password of the second person")))

    def start(self, others: Sequence[Colleague], *, solo: bool, alone: bool = False) -> None:
        """Show who may sign, nothing typed; nobody needs to where it may be done `alone`."""
        self.form.clear()
        self.password.setText("")
        self.form.setVisible(not (solo or alone))
        self._alone.setVisible(solo or alone)
        self._alone.say(
            N_("One person alone keeps this desk: the paper says so.")
            if solo
            else N_("You took it last, so you may cancel it alone: the paper says so.")
        )
        self.people.show_people(others, None)

    def needed(self) -> bool:
        return not self.form.isHidden()

    def signer(self) -> tuple[StaffId, str] | None:
        """Return who signs and their password, None in front of a desk kept alone."""
        person = self.people.person() if self.needed() else None
        return None if person is None else (person, self.password.text())

    def ready(self) -> bool:
        """Whether the password was typed; else the cursor goes there."""
        if not self.needed() or self.password.text():
            return True
        text = Text(N_("Let the second person type the password here."))
        self.form.show_refusal(Refusal(text, field="second_password"))
        return False


class PieceField(NumberField):
    """How many notes or coins of one value."""

    def __init__(self) -> None:
        super().__init__(height=_PIECE)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.down.emit()
            return
        super().keyPressEvent(event)


class CountForm(QWidget, Dressed, Speaking):
    """Counts a session by notes and coins, blind: what should be there is told after the count.

    Signals:
        closed: The count, the reason of a difference, and who signs (or None).
        dismissed: Back to the session; what was counted stays typed.
    """

    closed = Signal(object, str, object)
    dismissed = Signal()

    def __init__(self, speaker: Speaker, coins: Sequence[int], zero: Money) -> None:
        super().__init__()
        self._zero = zero
        self._expected = zero
        self._blind = True
        self._session: CollectionSession | None = None
        self.pieces = {value: PieceField() for value in coins}
        self._faces: dict[int, Shown] = {}
        self._sums: dict[int, MoneyLabel] = {}
        self._head = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        self.trouble = TroubleBand(speaker)
        self._total = MoneyLabel(speaker)
        self._should = MoneyLabel(speaker, size=Size.NAME)
        self.difference = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        self.reason = Field()
        self.form = Form(speaker)
        self.form.add(
            "difference_reason",
            self.reason,
            N_("Why does the money differ?"),
            hint=N_("It stands on the slip; a shortage stays owed by who collected."),
        )
        self.second = SecondPerson(speaker)
        self.button = MainButton(N_("I have counted"), speaker, icon="lock")
        self._reveal = Reveal(self.button)
        self.back = PlainButton(N_("Back to the session"), speaker, key="back")
        self._row = self._placed(speaker)
        self._connect()
        self.wear()
        self.learn(speaker)

    @override
    def speak(self) -> None:
        for value, face in self._faces.items():
            told = amount_text(Money(value, self._zero.currency), self.speaker.language)
            face.setText(f"{told}  ×")
            self.pieces[value].setAccessibleName(
                self.speaker.tr(N_("Pieces of {value}"), value=Money(value, self._zero.currency))
            )
        self._reckon()

    @override
    def dress(self) -> None:
        now = theme.current()
        edge = now.px(24)
        self._row.setContentsMargins(edge, now.px(12), edge, now.px(12))
        self._row.setSpacing(now.px(16))
        self._fit()
        self._grid.setHorizontalSpacing(now.px(12))
        self._grid.setVerticalSpacing(now.px(4))
        for value, field in self.pieces.items():
            field.setFixedWidth(now.px(96))
            self._faces[value].setAlignment(
                Qt.AlignmentFlag.AlignRight
                | Qt.AlignmentFlag.AlignAbsolute
                | Qt.AlignmentFlag.AlignVCenter
            )

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave the sums of each value out where there is no room for them."""
        now = theme.current()
        wide = self.width() >= now.px(_ROOMY)
        self._left.setFixedWidth(now.px(_COUNTED if wide else _NARROW))
        for label in self._sums.values():
            label.setVisible(wide)

    def start(
        self, session: CollectionSession, others: Sequence[Colleague], *, solo: bool
    ) -> None:
        """Count this session; of the same one, what was counted before stays."""
        if self._session is None or self._session.id != session.id:
            for field in self.pieces.values():
                field.set_value(None)
            self.reason.setText("")
            self._blind = True
        self._session = session
        self._expected = session.total + session.float_amount
        values: dict[str, Value] = {
            "place": session.place,
            "day": session.day,
            "count": session.receipts,
        }
        one, many = N_("{place}, {day}: {count} receipt"), N_("{place}, {day}: {count} receipts")
        self._head.say(Text(one, values, plural=many))
        self._should.show_money(self._expected)
        self.form.clear()
        self.second.start(others, solo=solo)
        self.free()
        self._reckon()
        first = next(iter(self.pieces.values()))
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def count(self) -> Count:
        """Return what was counted."""
        return Count({value: field.value() or 0 for value, field in self.pieces.items()})

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why the session was not closed."""
        self.free()
        self._reveal.begin()
        second = refusal.field in {"second", "second_password"} and self.second.needed()
        (self.second.form if second else self.form).show_refusal(refusal)

    def fail(self, trouble: Trouble) -> None:
        """Say that nothing was closed, and what to do."""
        self.free()
        text = N_("{trouble} The session is still open: keep the money and the count together.")
        self.trouble.show_text(Text(text, {"trouble": trouble.text}))

    def free(self) -> None:
        """Let the form be sent again."""
        self.button.setEnabled(True)

    def _placed(self, speaker: Speaker) -> QHBoxLayout:
        self._left = Card(N_("Notes and coins in the bag"), speaker, margin=12)
        self._grid = QGridLayout()
        self._left.body.addLayout(self._grid)
        for at, (value, field) in enumerate(self.pieces.items()):
            self._faces[value] = Shown()
            self._sums[value] = MoneyLabel(speaker, size=Size.BODY)
            self._grid.addWidget(self._faces[value], at, 0)
            self._grid.addWidget(field, at, 1)
            self._grid.addWidget(self._sums[value], at, 2)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(2, 2)
        self._left.body.addStretch(1)
        right = Card()
        right.body.addWidget(self._head)
        right.body.addWidget(self.trouble)
        self._should_words = Words(N_("Should be there"), speaker)
        for words, label in (
            (Words(N_("Counted"), speaker), self._total),
            (self._should_words, self._should),
        ):
            line = QHBoxLayout()
            right.body.addLayout(line)
            line.addWidget(words, 1)
            line.addWidget(label)
        for widget in (self.difference, self.form, self.second):
            right.body.addWidget(widget)
        right.body.addStretch(1)
        buttons = QHBoxLayout()
        right.body.addLayout(buttons)
        buttons.addWidget(self.button)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        row = QHBoxLayout(self)
        row.addWidget(self._left)
        row.addWidget(right, 1)
        return row

    def _connect(self) -> None:
        fields = list(self.pieces.values())
        for at, field in enumerate(fields):
            field.value_changed.connect(self._reckon)
            if at:
                field.up.connect(partial(_enter, fields[at - 1]))
            if at + 1 < len(fields):
                field.down.connect(partial(_enter, fields[at + 1]))
        fields[-1].down.connect(self._behind)
        self.reason.returnPressed.connect(self._from_reason)
        self.second.entered.connect(self.send)
        self.button.clicked.connect(self.send)
        self.back.clicked.connect(self.dismissed)

    def _reckon(self, _value: object = None) -> None:
        currency = self._zero.currency
        for value, field in self.pieces.items():
            pieces = field.value()
            field.mark_wrong(wrong=field.problem() is not None)
            self._sums[value].show_money(Money(value * pieces, currency) if pieces else None)
        counted = Money(self.count().total, currency)
        self._total.show_money(counted)
        difference = counted - self._expected
        for widget in (self._should_words, self._should):
            widget.setVisible(not self._blind)
        self.form.setVisible(bool(difference) and not self._blind)
        self.button.say(N_("I have counted") if self._blind else N_("Close the session"))
        blind = Text(N_("Count first. Then it is told whether the money agrees."))
        self.difference.say(blind if self._blind else self._difference(difference))

    def _difference(self, difference: Money) -> Text:
        if not difference:
            return Text(N_("The money agrees with the receipts."))
        amount = abs(difference.minor)
        values: dict[str, Value] = {
            "amount": Money(amount, difference.currency),
            "words": words_of(difference, self.speaker),
        }
        if difference.minor < 0:
            return Text(N_("Missing: {amount} ({words})"), values)
        return Text(N_("Too much: {amount} ({words})"), values)

    def _behind(self) -> None:
        """Go on behind the last coin: to the reason, the second person, or the button."""
        if not self.form.isHidden():
            _enter(self.reason)
        else:
            self._from_reason()

    def _from_reason(self) -> None:
        if self.second.needed():
            _enter(self.second.password)
        else:
            self.button.setFocus(Qt.FocusReason.TabFocusReason)

    def send(self) -> None:
        """Close the session with what was counted."""
        if not self.button.isEnabled():
            return
        wrong = [field for field in self.pieces.values() if field.problem() is not None]
        if wrong:
            self.form.show()
            self.form.show_error(
                "", Text(N_("A number of pieces is no number. Type digits only."))
            )
            _enter(wrong[0])
            return
        self.form.clear()
        self.second.form.clear()
        if self._blind and self._differs_now():
            return
        if not self.form.isHidden() and not self.reason.text().strip():
            text = Text(N_("Count again, or write here why the money differs."))
            self.form.show_refusal(Refusal(text, field="difference_reason"))
            return
        if self.second.ready():
            self._close()

    def _differs_now(self) -> bool:
        """Tell what should be there, now that all is counted; whether the money differs."""
        self._blind = False
        self._reckon()
        if not self.form.isHidden():
            _enter(self.reason)
        return not self.form.isHidden()

    def _close(self) -> None:
        self.button.setEnabled(False)
        reason = "" if self.form.isHidden() else self.reason.text()
        self.closed.emit(self.count(), reason, self.second.signer())


def _enter(widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.TabFocusReason)
