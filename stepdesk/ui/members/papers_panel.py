"""The papers of the whole scheme: a list of them, and what each asks for before it is printed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import LANGUAGES, N_, Text
from stepdesk.reports.terms import LetterKind
from stepdesk.ui import theme
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.members.filters import Filter
from stepdesk.ui.members.listing import NOBODY
from stepdesk.ui.members.scheme_papers import (
    BY_ID,
    SCHEME_PAPERS,
    Offered,
    Order,
    SchemePaper,
    Whose,
)
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Choice
from stepdesk.ui.widgets.date_field import DateField
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.rows_model import Column, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.digits import luhn

_LIST, _ORDER = range(2)
_COLUMNS = (
    Column(N_("Paper"), width=250, stretch=1),
    Column(N_("What for"), width=200, stretch=1, priority=1, muted=True),
)
_LABELS = {
    "whose": N_("Which cards?"),
    "reason": N_("Why a new version?"),
    "each": N_("On which paper?"),
    "also": N_("Second language on the card"),
    "provider_id": N_("Health post they chose"),
    "section_id": N_("Section"),
    "day": N_("Day"),
    "kind": N_("Which letter?"),
    "block": N_("Numbers"),
    "size": N_("How many new cards?"),
}
_WHOSE = (
    (Whose.ALL, N_("All of them")),
    (Whose.FIRST, N_("Who has none yet")),
    (Whose.AGAIN, N_("A new version")),
)
_EACH = ((False, N_("Ten on a sheet")), (True, N_("One by one")))
_KINDS = (
    (LetterKind.REMINDER, N_("Contributions are late")),
    (LetterKind.RENEWAL, N_("What is paid ends soon")),
    (LetterKind.WAITING_OVER, N_("The waiting period is over")),
)


class PapersPanel(Card, Speaking):
    """Every paper of the scheme, and the few questions of the one chosen.

    Signals:
        ready: The `SchemePaper` and its `Order`: to be shown and printed.
        workbook: The same, to be written as a workbook.
        left: Back to the household.
    """

    ready = Signal(object, object)
    workbook = Signal(object, object)
    left = Signal()

    def __init__(self, speaker: Speaker, today: date) -> None:
        super().__init__()
        self._today = today
        self._listed = 0
        self._held = False
        self._offered = Offered()
        self._paper: SchemePaper = SCHEME_PAPERS[0]
        self.head = Words(N_("Papers of the scheme"), speaker, size=Size.SECTION, bold=True)
        self.scope = Words("", speaker, muted=True, wrap=True)
        self.model = RowsModel((), self._rows, _COLUMNS, speaker, self)
        self.table = TableView(speaker)
        self.table.show_rows(self.model)
        self._fields(speaker)
        self.form = Form(speaker)
        for name, widget in self.fields.items():
            width = 200 if isinstance(widget, (NumberField, DateField)) else 0
            self.form.add(name, widget, _LABELS[name], width=width)
        self.trouble = TroubleBand(speaker)
        self.print = MainButton(N_("Show and print"), speaker, key="print", icon="printer")
        self.excel = PlainButton(N_("Save for Excel"), speaker)
        self.back = PlainButton(N_("Back"), speaker, key="back")
        self.close_panel = PlainButton(N_("Back"), speaker, key="back")
        self.parts = CurrentStack()
        self._place()
        self._connect()
        self.learn(speaker)
        self.dress()

    def _fields(self, speaker: Speaker) -> None:
        self.whose, self.each = Choice(speaker, _WHOSE), Choice(speaker, _EACH, columns=2)
        self.kind = Choice(speaker, _KINDS, columns=1)
        self.reason, self.day, self.size_of_block = Field(), DateField(self._today), NumberField()
        self.also, self.provider, self.section, self.block = (Filter() for _ in range(4))
        self.fields: dict[str, QWidget] = {
            "whose": self.whose,
            "reason": self.reason,
            "each": self.each,
            "provider_id": self.provider,
            "kind": self.kind,
            "block": self.block,
            "size": self.size_of_block,
            "section_id": self.section,
            "day": self.day,
            "also": self.also,
        }
        for box in (self.also, self.provider, self.section, self.block):
            box.add(None)

    def _place(self) -> None:
        self.body.addWidget(self.parts, 1)
        choosing, self._choosing = _column()
        self.parts.addWidget(choosing)
        self._choosing.addWidget(self.head)
        self._choosing.addWidget(self.scope)
        self._choosing.addWidget(self.table, 1)
        foot = QHBoxLayout()
        self._choosing.addLayout(foot)
        foot.addWidget(self.close_panel)
        foot.addStretch(1)
        asking, self._asking = _column()
        self.parts.addWidget(asking)
        self.name = Words("", self.head.speaker, size=Size.SECTION, bold=True, wrap=True)
        for widget in (self.name, self.trouble, self.form):
            self._asking.addWidget(widget)
        self._asking.addStretch(1)
        self._foot = QHBoxLayout()
        self._asking.addLayout(self._foot)
        for button in (self.print, self.excel, self.back):
            self._foot.addWidget(button)
        self._foot.addStretch(1)

    def _connect(self) -> None:
        self.table.chosen.connect(self._chosen)
        self.whose.chosen.connect(self._arrange)
        self.block.activated.connect(self._arrange)
        for widget in self.fields.values():
            if isinstance(widget, Filter):
                widget.entered.connect(self._next)
            elif isinstance(widget, QLineEdit):
                widget.returnPressed.connect(self._next)
        self.print.clicked.connect(self.send)
        self.excel.clicked.connect(self._send_workbook)
        self.back.clicked.connect(self.go_back)
        self.close_panel.clicked.connect(self.left)

    @override
    def dress(self) -> None:
        super().dress()
        if hasattr(self, "_foot"):
            now = theme.current()
            for column in (self._choosing, self._asking):
                column.setSpacing(now.px(12))
            self._foot.setSpacing(now.px(8))

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.tr(N_("Papers of the scheme")))
        for name, widget in self.fields.items():
            widget.setAccessibleName(self.speaker.tr(_LABELS[name]))
        self.also.setItemText(0, self.speaker.tr(N_("No second language")))
        self.provider.setItemText(0, self.speaker.tr(N_("All health posts")))
        self._say_no_section()
        self.block.setItemText(0, self.speaker.tr(N_("A new block")))

    def _say_no_section(self) -> None:
        by_hand = not self._paper.people
        told = N_("None: written by hand") if by_hand else N_("All sections")
        self.section.setItemText(0, self.speaker.tr(told))

    # What is shown

    def start(self) -> None:
        """Show the list of papers."""
        self.parts.setCurrentIndex(_LIST)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def offer(self, offered: Offered) -> None:
        """Take what the fields choose from."""
        self._offered = offered
        self.section.keep(1)
        for one in offered.sections:
            self.section.add(one.id, f"{one.code:02d} {one.name}")
        self.provider.keep(1)
        for value, words in offered.providers:
            self.provider.add(value, words)
        self.also.keep(1)
        for code, words in LANGUAGES.items():
            if code != offered.language:
                self.also.add(code, words)
        self._offer_blocks()
        self.model.set_ids(
            [one.id for one in SCHEME_PAPERS if offered.households or not one.people]
        )
        self.table.go_to(0)
        self._say_scope()

    def tell_listed(self, listed: int) -> None:
        """Say whose cards are printed: those of the rows in the list at the side."""
        self._listed = listed
        self._say_scope()

    def _say_scope(self) -> None:
        told = Text(
            N_("Cards are those of the {count} row in the list at the side."),
            {"count": self._listed},
            plural=N_("Cards are those of the {count} rows in the list at the side."),
        )
        self.scope.say(told if self._offered.households else NOBODY)

    def _offer_blocks(self) -> None:
        self.block.keep(1)
        for block in self._offered.blocks:
            self.block.add(block, f"{_printed(block[0])} … {_printed(block[-1])}")

    @property
    def asking(self) -> bool:
        """Whether the questions of one paper are in front."""
        return self.parts.currentIndex() == _ORDER

    def _rows(self, ids: Sequence[str]) -> list[tuple[object, ...]]:
        return [(Text(BY_ID[one].words), Text(BY_ID[one].use)) for one in ids]

    def _chosen(self, chosen: str) -> None:
        self._paper = BY_ID[chosen]
        self.name.say(self._paper.words)
        self._say_no_section()
        self.form.clear()
        self.trouble.hide()
        self.reason.setText("")
        self.size_of_block.set_value(None)
        self.day.set_day(self._today)
        self.whose.choose(Whose.ALL)
        self.excel.setVisible(self._paper.listing is not None)
        for box in (self.block, self.also, self.section, self.provider):
            box.setCurrentIndex(0)
        self.parts.setCurrentIndex(_ORDER)
        self._arrange()
        self.free()
        self._focus(0)

    def _shown(self) -> list[QWidget]:
        held = {
            "reason": self.whose.value() is Whose.AGAIN,
            "size": self.block.value() is None,
        }
        return [
            widget
            for name, widget in self.fields.items()
            if name in self._paper.fields and held.get(name, True)
        ]

    def _arrange(self, *_told: object) -> None:
        shown = self._shown()
        for name, widget in self.fields.items():
            self.form.show_row(name, shown=widget in shown)

    def _focus(self, at: int) -> None:
        order = [*self._shown(), self.print]
        order[min(at, len(order) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)

    def _next(self) -> None:
        sender: Any = self.sender()
        order = self._shown()
        self._focus(order.index(sender) + 1 if sender in order else len(order))

    def go_back(self) -> bool:
        """Back to the list of papers; False when it is in front already."""
        if not self.asking:
            return False
        self.parts.setCurrentIndex(_LIST)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    # What is wanted

    def order(self) -> Order | None:
        """Return what is asked for; None after saying what is wrong."""
        if self.form.wrong():
            return None
        self.form.clear()
        day = self.day.day()
        if day is None and self.day in self._shown():
            refusal = Refusal(Text(N_("Type a day, such as 14/10/2026.")), field="day")
            self.form.show_refusal(refusal)
            return None
        return Order(
            day=day or self._today,
            section_id=self.section.value(),
            provider_id=self.provider.value(),
            whose=self.whose.value(),
            reason=self.reason.text(),
            each=self.each.value(),
            also=self.also.value() or "",
            kind=self.kind.value(),
            block=self.block.value(),
            size=self.size_of_block.value(),
        )

    def send(self) -> None:
        """F9, Ctrl+Enter: the paper with these answers; in the list, the one marked."""
        if not self.asking:
            chosen = self.table.chosen_id()
            if chosen is not None:
                self._chosen(chosen)
            return
        order = None if self._held else self.order()
        if order is not None:
            self.hold()
            self.ready.emit(self._paper, order)

    def _send_workbook(self) -> None:
        order = None if self._held else self.order()
        if order is not None:
            self.workbook.emit(self._paper, order)

    def hold(self) -> None:
        """Nothing more is asked for while a paper is drawn, or cards would be given out twice."""
        self._held = True

    def free(self) -> None:
        """Papers may be asked for again."""
        self._held = False

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why there is no paper."""
        self.free()
        self.form.show_refusal(refusal)

    def fail(self, trouble: Trouble) -> None:
        """Show what the laptop could not do."""
        self.free()
        self.trouble.show_trouble(trouble)


def _printed(serial: int) -> str:
    return f"{serial:06d}-{luhn(f'{serial:06d}')}"


def _column() -> tuple[QWidget, QVBoxLayout]:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    return holder, column
