"""The form of new prices: copied with a share more, pasted, or from a file, with its preview.

What is typed stands in a box, one service a line with tabs between; each line is looked at while
one types, and nothing is written before all of them are right.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from stepdesk.errors import Refusal
from stepdesk.exchange.price_lists import PriceLine, are_titles
from stepdesk.i18n import N_, Text
from stepdesk.providers.terms import TariffDraft
from stepdesk.ui import theme
from stepdesk.ui.members.ask_form import AskForm
from stepdesk.ui.members.asks import Ask
from stepdesk.ui.members.asks import Kind as Asks
from stepdesk.ui.overriding import override
from stepdesk.ui.providers.tariff_facts import (
    Listed,
    Lists,
    NewPrices,
    Preview,
    blank_text,
    copied,
    previewed,
    text_of,
)
from stepdesk.ui.scheme.plan_lines import PlanLine
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import ErrorLine
from stepdesk.ui.widgets.number_field import minor_of, plain_text
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words
from stepdesk.values.ids import ServiceId, TariffDraftId
from stepdesk.values.money import Currency, Money

_SOON = 250  # milliseconds without a key before the box is read
_HUNDREDTHS = 2
_WRONG_SHARE = Text(N_("This is no share. Type it in percent, such as +5 or -2.5."))
_TITLES = (N_("code"), N_("name"), N_("price"))
_COLUMNS = (
    Column(N_("Line"), Kind.NUMBER, width=68),
    Column(N_("Service"), width=140, stretch=1),
    Column(N_("Price now"), Kind.AMOUNT, width=96, priority=1),
    Column(N_("New price"), Kind.AMOUNT, width=112),
    Column(N_("Look at"), Kind.STATUS, width=110),
)


def _signed(told: str) -> int:
    """Read a share with its sign, in hundredths of a percent."""
    plain = told.rstrip("% ").strip()
    below = plain.startswith(("-", "−"))
    amount = minor_of(plain.lstrip("+-−").strip(), _HUNDREDTHS)
    if amount is None:
        raise ValueError(told)
    return -amount if below else amount


def _share_text(share: int) -> str:
    return plain_text(share, _HUNDREDTHS).rstrip("0").rstrip(".")


def by_line() -> PlanLine:
    """Return the field of a share more or less."""
    return PlanLine(Field(), _signed, _share_text, _WRONG_SHARE, empty=0)


class Box(QPlainTextEdit, Dressed):
    """Lines of a spreadsheet, typed or pasted; a tab stays a tab, Ctrl+Tab leaves the box."""

    def __init__(self) -> None:
        super().__init__()
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(False)
        # Codes and figures stand in columns from the left, whatever way one reads.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        option = self.document().defaultTextOption()
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        self.document().setDefaultTextOption(option)
        self.wear()

    @override
    def dress(self) -> None:
        now = theme.current()
        self.setFont(now.font())
        self.setMinimumHeight(now.px(220))
        self.setTabStopDistance(now.px(150))

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Tab and control:
            self.focusNextChild()
            return
        super().keyPressEvent(event)


class PriceForm(QWidget, Speaking):
    """New prices of a list.

    Signals:
        wanted: `NewPrices` to be written.
        file_wanted: A file is to be read into the box.
        left: The person goes back; what was typed stays.
    """

    wanted = Signal(object)
    file_wanted = Signal()
    left = Signal()

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        super().__init__()
        self._currency, self._today = currency, today
        self._lists: Lists | None = None
        self._from: Listed | None = None
        self._draft_id: TariffDraftId | None = None
        self.preview = Preview((), ())
        self._shown: list[tuple[object, ...]] = []
        self.card = Card(N_("New prices"), speaker, margin=16)
        first = (
            Ask("code", N_("Code of the price list"), width=200),
            Ask("first_day", N_("Holds from"), Asks.DAY, width=150),
            Ask("until", N_("Last day"), Asks.DAY, N_("Left empty: until the next prices"),
                needed=False, width=150),
        )  # fmt: skip
        second = (
            Ask("by", N_("More or less, in percent"), hint=N_("Such as +5 or -2.5"),
                needed=False, width=130),
            Ask("step", N_("Rounded to"), Asks.MONEY, width=130, exponent=currency.exponent),
        )  # fmt: skip
        self.form = AskForm(speaker, today, (first, second), own={"by": by_line()})
        self.copy = PlainButton(N_("Copy the former prices into the box"), speaker)
        self.file = PlainButton(N_("From a file …"), speaker, key="attach")
        self.label = Words(
            N_("Code, name and price, with tabs between: paste here from a spreadsheet."),
            speaker,
            muted=True,
            wrap=True,
        )
        self.box = Box()
        self.label.setBuddy(self.box)
        self.error = ErrorLine(speaker)
        self.write = MainButton(N_("Write these prices"), speaker)
        self.keep = PlainButton(N_("Keep as a draft"), speaker)
        self.back = PlainButton(N_("Go back"), speaker, key="back")
        self.stand = Words("", speaker, bold=True, wrap=True)
        self.table = TableView(speaker, empty=N_("What is in the box is looked at here."))
        self.rows = RowsModel((), self._fetch, _COLUMNS, speaker, self)
        self.table.show_rows(self.rows)
        self._place(speaker)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON)
        self._connect()
        self.learn(speaker)

    def _place(self, speaker: Speaker) -> None:
        self.card.body.addWidget(self.form)
        line = QHBoxLayout()
        self.card.body.addLayout(line)
        for button in (self.copy, self.file):
            line.addWidget(button)
        line.addStretch(1)
        box = Card()
        for widget in (self.label, self.box, self.error):
            box.body.addWidget(widget)
        box.body.addStretch(1)
        side = Card(N_("Before anything is written"), speaker, margin=16)
        side.body.addWidget(self.stand)
        side.body.addWidget(self.table, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.card)
        layout.addWidget(Sides(box, side, narrow=900), 1)
        foot = QHBoxLayout()
        layout.addLayout(foot)
        for button in (self.write, self.keep, self.back):
            foot.addWidget(button)
        foot.addStretch(1)

    def _connect(self) -> None:
        self.copy.clicked.connect(self.copy_in)
        self.file.clicked.connect(self.file_wanted)
        self.box.textChanged.connect(self._typed)
        self._soon.timeout.connect(self.look)
        self.form.entered.connect(self.copy_in)
        self.write.clicked.connect(self.send)
        self.keep.clicked.connect(self.send_draft)
        self.back.clicked.connect(self.left)

    @override
    def speak(self) -> None:
        self.box.setAccessibleName(self.speaker.tr(N_("Code, name and price, with tabs between")))
        self.table.setAccessibleName(self.speaker.tr(N_("Before anything is written")))

    def start(self, lists: Lists, held: Listed | None) -> None:
        """Begin new prices, from those of a list where there is one."""
        self._lists, self._from, self._draft_id = lists, held, None
        first = self._today.replace(day=1)
        if held is not None:
            first = (first + timedelta(days=32)).replace(day=1)
        told = {"code": "" if held is None else held.code, "first_day": first, "step": 1}
        self._begin(told, "" if held is not None else blank_text(lists.services, self._titles()))

    def change(self, lists: Lists, draft: TariffDraft) -> None:
        """Take a draft up."""
        self._lists, self._draft_id = lists, draft.id
        self._from = lists.held(draft.tariff_id, self._today)
        last = None if draft.until is None else draft.until - timedelta(days=1)
        told = {"code": draft.code, "first_day": draft.first_day, "until": last, "step": 1}
        self._begin(told, text_of(draft.prices, lists.services, self._currency, self._titles()))

    def _begin(self, told: dict[str, object], text: str) -> None:
        self.form.put(told)
        self.copy.setEnabled(self._from is not None)
        self.free()
        self.box.setPlainText(text)
        self.look()
        name = "first_day" if told["code"] else "code"
        self.form.answers[name].setFocus()

    def _titles(self) -> str:
        """Return the titles of the columns, as lists that are brought in may call them."""
        told = [self.speaker.tr(one) for one in _TITLES]
        return "\t".join(told if are_titles(told) else _TITLES)

    def take(self, text: str) -> None:
        """Put lines into the box."""
        self.box.setPlainText(text)
        self.look()
        self.box.setFocus()

    def copy_in(self) -> None:
        """Put the former prices into the box, with the share more or less."""
        if self._from is None or self._lists is None:
            self.box.setFocus()
            return
        self.form.clear()
        try:
            told = self.form.told(without=("code", "first_day", "until"))
            text = copied(
                self._from.prices,
                self._lists.services,
                self._currency,
                by=told["by"] or 0,
                step=told["step"],
                titles=self._titles(),
            )
        except Refusal as refusal:
            self.form.refuse(refusal)
            return
        self.take(text)

    def _typed(self) -> None:
        self.error.clear_text()
        self._soon.start()

    def look(self) -> None:
        """Look at what is in the box now."""
        self._soon.stop()
        if self._lists is None:
            return
        known = self._lists.services
        self.error.clear_text()
        try:
            self.preview = previewed(self.box.toPlainText(), tuple(known.values()), self._currency)
        except Refusal as refusal:
            self.preview = Preview((), ())
            self.error.show_text(refusal.text)
        former: Mapping[ServiceId, int] = {} if self._from is None else self._from.prices
        lines = [self._row(one, former) for one in self.preview.lines]
        wrong = [
            (one.line, one.told, None, None, (Status.LATE, Text(N_("wrong"))))
            for one in self.preview.faults
        ]
        self._shown = [*wrong, *lines]
        self.rows.set_ids(list(range(len(self._shown))))
        self._tell()

    def _row(self, one: PriceLine, former: Mapping[ServiceId, int]) -> tuple[object, ...]:
        new = self._money(one.price)
        if one.service_id is None or self._lists is None:
            return (
                one.line,
                f"{one.code} {one.name}",
                None,
                new,
                (Status.DRAFT, Text(N_("new"))),
            )
        before = former.get(one.service_id)
        return (
            one.line,
            self._lists.services[one.service_id].name,
            None if before is None else self._money(before),
            new,
            (Status.UP_TO_DATE, Text(N_("good"))),
        )

    def _money(self, minor: int) -> Money:
        return Money(minor, self._currency)

    def _tell(self) -> None:
        faults = self.preview.faults
        if faults:
            told = "\n".join(self.speaker.say(one.text) for one in faults[:6])
            self.error.show_text(Text("{told}", {"told": told}))
        count = len(self.preview.lines)
        self.stand.say(
            Text(
                N_("{count} price can stand, {wrong} cannot."),
                {"count": count, "wrong": len(faults)},
                plural=N_("{count} prices can stand, {wrong} cannot."),
            )
        )

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [self._shown[one] for one in ids]

    def send(self) -> None:
        """Ask for the prices to be written."""
        self._send(draft=False)

    def send_draft(self) -> None:
        """Ask for them to be kept as a draft."""
        self._send(draft=True)

    def _send(self, *, draft: bool) -> None:
        if not self.write.isEnabled():
            return
        self.look()
        told = self.form.values(without=("by", "step"))
        if told is None:
            return
        if self.preview.faults or not self.preview.lines:
            if not self.preview.faults:
                self.error.show_text(
                    Text(N_("There is no price in the box. Copy, paste or type some."))
                )
            self.box.setFocus()
            return
        self._enable(on=False)
        self.wanted.emit(
            NewPrices(
                told["code"],
                told["first_day"],
                told["until"],
                self.box.toPlainText(),
                draft,
                self._draft_id,
            )
        )

    def free(self) -> None:
        """Let the form be sent again."""
        self._enable(on=True)

    def _enable(self, *, on: bool) -> None:
        for button in (self.write, self.keep):
            button.setEnabled(on)

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why the rules say no; the box stays as it is."""
        self.free()
        if refusal.field in self.form.answers:
            self.form.refuse(refusal)
            return
        self.error.show_text(refusal.text)
        self.box.setFocus()
