"""The four charts of who keeps the money, each with its sentence, and their table behind them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.i18n import N_, Text
from stepdesk.reports.papers.trends import NEEDED, TITLE_WORDS, Told, charts
from stepdesk.reports.terms import MonthTrend
from stepdesk.ui import theme, tokens
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.chart import ChartView
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.sides import Tiles
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words

_CHARTS, _TABLE = range(2)
_COLUMNS = (
    Column(N_("Month"), width=130),
    Column(N_("People with rights"), Kind.NUMBER, width=150),
    Column(N_("Collected of each 100 called"), Kind.NUMBER, width=220),
    Column(N_("Spent on care of each 100 earned"), Kind.NUMBER, width=250),
    Column(N_("Months the money lasts"), Kind.NUMBER, width=180),
)


class OneChart(QWidget, Dressed):
    """A chart between its name and the sentence it shows."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self.name = Words("", speaker, bold=True)
        self.view = ChartView(speaker)
        self.sentence = Words("", speaker, muted=True, wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.name)
        self._column.addWidget(self.view)
        self._column.addWidget(self.sentence)
        self._column.addStretch(1)
        self.wear()

    def show_told(self, told: Told) -> None:
        self.name.say(told.title)
        self.sentence.say(told.sentence)
        self.view.show_chart(told.chart, told.title, told.sentence)

    @override
    def dress(self) -> None:
        self._column.setSpacing(theme.current().px(4))


class ChartsCard(Card, Speaking):
    """Four charts; Enter on one shows the numbers behind all of them.

    Signals:
        print_wanted: The page of the charts is wanted on paper.
    """

    print_wanted = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(margin=16)
        self.trends: Sequence[MonthTrend] = ()
        self._told: tuple[Told, ...] = ()
        self.charts = [OneChart(speaker) for _ in range(4)]
        self.table = TableView(speaker, row=tokens.ROW_DENSE, fewest=13)
        self.rows = RowsModel((), self._fetch, _COLUMNS, speaker, self)
        self.table.show_rows(self.rows)
        self.numbers = PlainButton(N_("See the table"), speaker)
        self.paper = PlainButton(N_("Print the charts"), speaker)
        head = QHBoxLayout()
        head.addWidget(Words(TITLE_WORDS, speaker, size=Size.SECTION, bold=True, wrap=True), 1)
        head.addWidget(self.numbers)
        head.addWidget(self.paper)
        self.body.addLayout(head)
        self.stack = CurrentStack()
        self.stack.addWidget(Tiles([*self.charts]))
        self.stack.addWidget(self.table)
        self.body.addWidget(self.stack)
        for one in self.charts:
            one.view.wanted.connect(self.show_numbers)
        self.numbers.clicked.connect(self._turn)
        self.paper.clicked.connect(self.print_wanted)
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.say(TITLE_WORDS))
        self._fill()

    def show_trends(self, trends: Sequence[MonthTrend]) -> None:
        """Show closed months, the oldest first."""
        self.trends = trends
        self._fill()
        self.paper.setEnabled(len(trends) >= NEEDED)

    @property
    def numbered(self) -> bool:
        """Whether the table is in front."""
        return self.stack.currentIndex() == _TABLE

    def show_numbers(self) -> None:
        """Show the table, the last month marked."""
        self.stack.setCurrentIndex(_TABLE)
        self.numbers.say(N_("See the charts"))
        if self.trends:
            self.table.go_to(len(self.trends) - 1)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_charts(self) -> None:
        """Back to the charts."""
        self.stack.setCurrentIndex(_CHARTS)
        self.numbers.say(N_("See the table"))
        self.charts[0].view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _turn(self) -> None:
        if self.numbered:
            self.show_charts()
        else:
            self.show_numbers()

    def _fill(self) -> None:
        self._told = charts(self.trends, self.speaker.language)
        for one, told in zip(self.charts, self._told, strict=True):
            one.show_told(told)
        self.rows.set_ids(range(len(self.trends)))

    def _fetch(self, ids: Sequence[int]) -> list[tuple[object, ...]]:
        return [
            (
                Text("{month}", {"month": self.trends[at].month}),
                *(one.cells[at] or "–" for one in self._told),
            )
            for at in ids
        ]
