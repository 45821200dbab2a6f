"""The parts of the Send page: the months, the branch, the figures, and what never leaves."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from stepdesk.i18n import N_, Text, short_month_text
from stepdesk.sync.terms import REASONS, STATES, Address, Group, Hidden, Line, MonthRow, Preview
from stepdesk.ui import theme, tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.sending.facts import STATUS
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.figures import Change, FigureRow, FiguresTable, heading
from stepdesk.ui.widgets.form import ErrorLine
from stepdesk.ui.widgets.pill import StatusPill
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Shown, Size, Words
from stepdesk.values.month import Month

_LEAVES = 2
_COLUMNS = (
    Column(N_("Figure"), width=176, stretch=1),
    Column(N_("Your books say"), Kind.AMOUNT, width=132),
    Column(N_("What leaves"), Kind.AMOUNT, width=208),
    Column(N_("Month before"), Kind.AMOUNT, width=128, priority=1),
    Column(N_("Difference"), Kind.AMOUNT, width=100, priority=2),
)
_ROWS = 13  # lines of figures that are seen at once

STAYS = (
    N_("names, photos and card numbers"),
    N_("telephone numbers and addresses"),
    N_("who was ill, with what, and every certificate"),
    N_("each receipt and each line of the cash book"),
    N_("the name of the scheme, its villages and the people of its desk"),
    N_("everything you wrote in your own words"),
)
"""What no file holds: there is no place for it in what leaves."""


class MonthsCard(Card):
    """The months and how each stands.

    Signals:
        current: The month the arrow keys are on.
        chosen: The month on which Enter was pressed.
    """

    current = Signal(object)
    chosen = Signal(object)

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(N_("Months"), speaker, margin=8)
        self._said = speaker
        self._months: dict[Month, MonthRow] = {}
        self.table = TableView(speaker)
        self._model = RowsModel(
            (),
            self._rows,
            (
                Column(N_("Month"), width=100),
                Column(N_("Return"), Kind.STATUS, width=150, stretch=1),
            ),
            speaker,
            self,
        )
        self.table.show_rows(self._model)
        self.table.current.connect(self.current)
        self.table.chosen.connect(self.chosen)
        self.body.addWidget(self.table)

    def show_months(self, months: Sequence[MonthRow], month: Month) -> None:
        """Show the months, the arrow keys on one of them."""
        self._months = {row.month: row for row in months}
        self._model.set_ids(tuple(self._months))
        now = theme.current()
        rows = max(5, min(len(months), 8))
        self.table.setFixedHeight(now.px(tokens.ROW) * (rows + 1) + 4)
        self.table.select_id(month)

    def row(self, month: Month) -> MonthRow:
        return self._months[month]

    def lines(self) -> list[tuple[str, str]]:
        """Return each month and how it stands."""
        return [
            (self._model.cell(row, 0).text, self._model.cell(row, 1).text)
            for row in range(self._model.rowCount())
        ]

    def _rows(self, ids: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        found = [self._months[month] for month in ids]
        language = self._said.language
        return [
            (short_month_text(row.month, language), (STATUS[row.state], Text(STATES[row.state])))
            for row in found
        ]


class _Cross(QWidget, Dressed, Speaking):
    """One thing that stays, with the sign of what does not go."""

    def __init__(self, text: str, speaker: Speaker) -> None:
        super().__init__()
        self._pill = Shown("✕", bold=True, muted=True)
        self._words = Words(text, speaker, wrap=True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._pill, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self._words, 1)
        self.wear()
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.setAccessibleName(self._words.text())

    @override
    def dress(self) -> None:
        self._row.setSpacing(theme.current().px(8))


class StaysCard(Card):
    """What never leaves this computer."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(N_("What stays here"), speaker, margin=16)
        for text in STAYS:
            self.body.addWidget(_Cross(text, speaker))
        self.body.addStretch(1)

    @override
    def dress(self) -> None:
        super().dress()
        self.body.setSpacing(theme.current().px(6))


class AddressCard(Card):
    """The branch this scheme writes to, and the two ways a file comes in.

    Signals:
        card_wanted: The person has the branch's card.
        answer_wanted: The person has the branch's answer.
    """

    card_wanted = Signal()
    answer_wanted = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(margin=16)
        self.to = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        self.fingerprint = Words("", speaker, muted=True, wrap=True)
        self.error = ErrorLine(speaker)
        self.card = PlainButton(N_("The branch's card …"), speaker, icon="file-text")
        self.answer = PlainButton(N_("Read the answer …"), speaker, icon="file-check")
        self.card.clicked.connect(self.card_wanted)
        self.answer.clicked.connect(self.answer_wanted)
        told, buttons = QWidget(), QWidget()
        self.body.addWidget(Sides(told, buttons, narrow=900, shares=(1, 0)))
        lines = QVBoxLayout(told)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(2)
        lines.addWidget(self.to)
        lines.addWidget(self.fingerprint)
        _fill(buttons, self.card, self.answer)
        self.body.addWidget(self.error)

    def show_address(self, to: Address | None) -> None:
        """Show who gets what leaves, or what to do so that somebody does."""
        self.answer.setEnabled(to is not None)
        if to is None:
            self.to.say(N_("No branch is known yet"))
            self.fingerprint.say(
                N_("Ask the branch for its card, the file branch-card.json, and choose it here.")
            )
            return
        kind = N_("To {name}, a practice branch") if to.practice else N_("To {name}")
        self.to.say(Text(kind, {"name": to.name}))
        self.fingerprint.say(
            Text(N_("Fingerprint {fingerprint}"), {"fingerprint": to.fingerprint})
        )


class ExactFile(QPlainTextEdit, Dressed, Speaking):
    """The bytes that leave, as text, exactly as the file holds them."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setWordWrapMode(self.wordWrapMode().WrapAnywhere)
        self.setProperty("data", True)  # noqa: FBT003 - Qt's setters take no names
        self.wear()
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.speaker.tr(N_("The exact file")))

    @override
    def dress(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(tokens.SMALL * theme.current().zoom / 100)
        self.setFont(font)


class PreviewCard(Card):
    """What the books say beside what leaves, or the exact file; what was said of the month above.

    Signals:
        print_wanted: The button was pressed.
    """

    print_wanted = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(margin=16)
        self.preview: Preview | None = None
        self.head = Words("", speaker, size=Size.NAME, bold=True)
        self.pill = StatusPill(speaker)
        self.exact_button = PlainButton(N_("Show the exact file"), speaker, icon="file-text")
        self.print_button = PlainButton(N_("Print"), speaker, key="print", icon="printer")
        self.told = Words("", speaker, muted=True, wrap=True)
        self.hash_label = Words(N_("Hash of what leaves"), speaker, muted=True)
        self.hash = Shown("", size=Size.SMALL, bold=True)
        self.hash.setWordWrap(True)
        self.hash.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.own = Words("", speaker, muted=True, wrap=True)
        self.figures = FiguresTable(_COLUMNS, speaker)
        self.exact = ExactFile(speaker)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.figures)
        self.stack.addWidget(self.exact)
        self.above = QVBoxLayout()
        self._rest = QWidget()
        self._place()
        self.exact_button.clicked.connect(self.turn)
        self.print_button.clicked.connect(self.print_wanted)
        self.dress()

    def _place(self) -> None:
        names, buttons = QWidget(), QWidget()
        self._top = Sides(names, buttons, narrow=0, shares=(1, 0))
        self.body.addWidget(self._top)
        _fill(names, self.head, self.pill)
        _fill(buttons, self.exact_button, self.print_button)
        self.body.addLayout(self.above)
        self.body.addWidget(self.stack, 1)
        self.body.addWidget(self.told)
        prints = QHBoxLayout()
        self.body.addLayout(prints)
        prints.addWidget(self.hash_label, 0, Qt.AlignmentFlag.AlignTop)
        prints.addWidget(self.hash, 1)
        self.body.addWidget(self.own)
        self.body.addWidget(self._rest, 1)

    def show_month(self, row: MonthRow) -> None:
        """Name the month while its figures are still being read."""
        self.head.say(Text("{month}", {"month": row.month}))
        self.pill.set_status(STATUS[row.state], Text(STATES[row.state]))
        # A longer month may no longer fit beside the buttons.
        self._top.dress()

    def show_preview(self, shown: Preview | None) -> None:
        """Show the figures of a month, or take them away when nothing of it can leave."""
        self.preview = shown
        self.stack.setCurrentWidget(self.figures)
        self._name_turn()
        for widget in (
            self.exact_button,
            self.print_button,
            self.told,
            self.hash_label,
            self.hash,
            self.stack,
        ):
            widget.setVisible(shown is not None)
        self._rest.setVisible(shown is None)
        self.own.setVisible(shown is not None and bool(shown.own))
        if shown is None:
            return
        self.told.say(
            Text(
                N_("{figures} figures, {hidden} of them hidden; {size} bytes; rules {policy}"),
                {
                    "figures": len(shown.lines),
                    "hidden": shown.hidden,
                    "size": len(shown.content),
                    "policy": shown.policy,
                },
            )
        )
        self.own.say(
            Text(
                N_("Fingerprint of your scheme, which the branch compares: {fingerprint}"),
                {"fingerprint": shown.own},
            )
        )
        digits = shown.hash.hex()
        self.hash.setText(" ".join(digits[at : at + 8] for at in range(0, 64, 8)))
        self.figures.show_figures(rows_of(shown))
        self.exact.setPlainText(shown.content.decode())

    def turn(self) -> None:
        """Show the exact file instead of the figures, or the figures again."""
        if self.preview is None:
            return
        wanted = self.figures if self.is_exact() else self.exact
        self.stack.setCurrentWidget(wanted)
        self._name_turn()
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def is_exact(self) -> bool:
        """Whether the exact file is shown."""
        return self.stack.currentWidget() is self.exact

    def _name_turn(self) -> None:
        words = N_("Show the figures") if self.is_exact() else N_("Show the exact file")
        self.exact_button.say(words)

    @override
    def dress(self) -> None:
        super().dress()
        if hasattr(self, "stack"):
            now = theme.current()
            self.body.setSpacing(now.px(8))
            self.stack.setMinimumHeight(now.px(tokens.ROW_DENSE) * (_ROWS + 1))


def _fill(row: QWidget, *widgets: QWidget) -> None:
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(theme.current().px(8))
    for widget in widgets:
        line.addWidget(widget)
    line.addStretch(1)


def rows_of(shown: Preview) -> list[FigureRow]:
    """Return the rows of the preview: blocks, tables, figures."""
    rows: list[FigureRow] = []
    block: Text | None = None
    for group in shown.groups:
        if group.block != block:
            block = group.block
            rows.append(heading(block, len(_COLUMNS), level=2))
        rows += _group(group)
    return rows


def _group(group: Group) -> list[FigureRow]:
    return [heading(group.label, len(_COLUMNS)), *(_row(line) for line in group.lines)]


def _row(line: Line) -> FigureRow:
    change = None if line.difference is None else Change(line.difference)
    if line.leaves is None:
        why = Text(REASONS[line.why or Hidden.FEW])
        values = (line.label, line.books, why, line.before, change)
        return FigureRow(values, hidden=frozenset({_LEAVES}))
    return FigureRow((line.label, line.books, line.leaves, line.before, change))
