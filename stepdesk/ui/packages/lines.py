"""Fields of packages: what nought and nothing mean stands beside them; lists are added to."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QHBoxLayout

from stepdesk.benefits.terms import Copay
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ui import theme
from stepdesk.ui.members.answers import Answer, Line
from stepdesk.ui.members.ask_form import AskForm
from stepdesk.ui.members.asks import Ask, Choices
from stepdesk.ui.overriding import override
from stepdesk.ui.scheme.plan_lines import PlanLine
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.number_field import minor_of, plain_text
from stepdesk.ui.widgets.rows_model import Column, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words

_HUNDREDTHS = 2
_MOST = ("<=", "≤")
_NO_SHARE = Text(N_("Type a share as 20 %, an amount as 500, or ≤ 500 for the most that counts."))

NO_LIMIT = N_("no limit")
NOTHING_PAID = N_("nothing is paid")
NONE_ALLOWED = N_("not one is paid")


class Meant(Line):
    """A line with its meaning beside it: nought and nothing are two things.

    Args:
        speaker: Says the meanings.
        line: How the figure is read and written: a number or an amount.
        nought: What 0 means.
        empty: What nothing typed means.
    """

    def __init__(self, speaker: Speaker, line: Line, nought: str, empty: str) -> None:
        self._line, self._nought, self._empty = line, nought, empty
        self.field = line.field
        super().__init__(line.field)
        # The line only reads and writes; its field stands here.
        line.setParent(self)
        line.hide()
        row = QHBoxLayout()
        self._column.addLayout(row)
        self._column.removeWidget(self.field)
        row.addWidget(self.field)
        self.meaning = Words("", speaker, size=Size.SMALL, muted=True)
        row.addWidget(self.meaning, 1)
        self.field.textChanged.connect(self._mean)
        self._mean()
        self.dress()

    @override
    def dress(self) -> None:
        super().dress()
        self.field.setFixedWidth(theme.current().px(104))

    @override
    def value(self) -> object:
        return self._line.value()

    @override
    def put(self, value: object) -> None:
        self._line.put(value)

    def _mean(self, _text: str = "") -> None:
        try:
            value = self._line.value()
        except Refusal:
            value = -1
        self.meaning.say(self._empty if value is None else self._nought if value == 0 else "")


def share_line(exponent: int) -> PlanLine:
    """Return the field of a member's share: 20 %, an amount, or the most that counts."""

    def read(told: str) -> tuple[Copay, int]:
        if told.endswith("%"):
            return Copay.PERCENT, _minor(told.rstrip("% "), _HUNDREDTHS)
        for sign in _MOST:
            if told.startswith(sign):
                return Copay.UP_TO, _minor(told.removeprefix(sign).strip(), exponent)
        return Copay.FIXED, _minor(told, exponent)

    def written(told: tuple[Copay, int]) -> str:
        copay, value = told
        if copay is Copay.PERCENT:
            share = plain_text(value, _HUNDREDTHS)
            return f"{share.rstrip('0').rstrip('.') if '.' in share else share} %"
        amount = plain_text(value, exponent)
        return {Copay.FIXED: amount, Copay.UP_TO: f"≤ {amount}"}.get(copay, "")

    return PlanLine(Field(), read, written, _NO_SHARE, empty=(Copay.NONE, 0))


def _minor(told: str, exponent: int) -> int:
    amount = minor_of(told, exponent)
    if amount is None:
        raise ValueError(told)
    return amount


class Many(Answer):
    """A list one adds to and takes out of; its value is a tuple in that order.

    Args:
        speaker: Says it.
        today: For days.
        asks: The questions of an entry.
        choices: What they offer.
        make: Makes an entry of the answers; may refuse.
        said: Returns an entry in words.
        own: Fields of their own kind.
    """

    def __init__(
        self,
        speaker: Speaker,
        today: date,
        asks: Sequence[Sequence[Ask]],
        make: Callable[[dict[str, Any]], object],
        said: Callable[[Any], Text],
        *,
        choices: Mapping[str, Choices] | None = None,
        own: Mapping[str, Answer] | None = None,
    ) -> None:
        super().__init__()
        self._make, self._said = make, said
        self._held: tuple[Any, ...] = ()
        self.form = AskForm(speaker, today, asks, choices, own)
        self.table = TableView(speaker, empty=N_("None."))
        self.rows = RowsModel(
            (), self._fetch, (Column(N_("What is said"), width=160, stretch=1),), speaker, self
        )
        self.table.show_rows(self.rows)
        self.add = PlainButton(N_("Add this"), speaker, icon="plus")
        self.out = PlainButton(N_("Take out"), speaker)
        self._column.addWidget(self.table)
        self._column.addWidget(self.form)
        row = QHBoxLayout()
        self._column.addLayout(row)
        row.addWidget(self.add)
        row.addWidget(self.out)
        row.addStretch(1)
        self.setFocusProxy(next(iter(self.form.answers.values())))
        self.form.entered.connect(self.add_one)
        self.add.clicked.connect(self.add_one)
        self.out.clicked.connect(self.take_out)
        self._show()

    @override
    def value(self) -> object:
        return self._held

    @override
    def put(self, value: object) -> None:
        self._held = value if isinstance(value, tuple) else ()
        self._show()
        self.changed.emit()

    @override
    def draft(self) -> object:
        return self._held

    @override
    def take_up(self, draft: object) -> None:
        self.put(draft)

    @override
    def name(self, words: str) -> None:
        self.setAccessibleName(words)
        self.table.setAccessibleName(words)

    def add_one(self) -> None:
        """Add what the fields say to the list."""
        told = self.form.values()
        if told is None:
            return
        try:
            entry = self._make(told)
        except Refusal as refusal:
            self.form.refuse(refusal)
            return
        self.put((*self._held, entry))

    def take_out(self) -> None:
        """Take the entry on the row out."""
        at = self.table.chosen_id()
        if at is not None:
            self.put(tuple(one for place, one in enumerate(self._held) if place != at))

    def _show(self) -> None:
        self.rows.set_ids(list(range(len(self._held))))
        self.table.fit_rows(len(self._held), fewest=1, most=4)
        if self._held:
            self.table.go_to(len(self._held) - 1)
        self.out.setEnabled(bool(self._held))

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [(self._said(self._held[one]),) for one in ids]
