"""How the scheme went: four charts, each with its sentence and its table, on screen and on paper."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from stepdesk.i18n import (
    N_,
    RIGHT_TO_LEFT,
    Text,
    count_text,
    month_text,
    short_month_text,
    tenths_text,
)
from stepdesk.paper.chart import Chart, ChartKind, draw_on
from stepdesk.paper.page import A4, LABEL, STRONG, TITLE, Align, Frame, Ink, Paper, Type
from stepdesk.reports.rules import last_run
from stepdesk.reports.terms import MonthTrend
from stepdesk.values.money import round_half_up

TITLE_WORDS = Text(N_("How the scheme went"))
NOTE_WORDS = Text(
    N_("Each month as it stood when it was closed: what was told later is not in it.")
)
NEEDED = 2  # closed months before a chart says anything
_EVEN = 1000  # tenths: 100 of each 100


@dataclass(frozen=True, slots=True)
class Told:
    """One chart with the sentence it shows; `cells` are its figures in words, "" for a hole."""

    id: str
    title: Text
    sentence: Text
    chart: Chart
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A chart: how its figure is found and written, and what is said when it moved."""

    id: str
    title: str
    value: Callable[[MonthTrend], int | None]
    words: Callable[[int, str], str]
    rose: str
    fell: str
    stayed: str
    kind: ChartKind = ChartKind.LINE
    scale: int = 10
    threshold: int | None = None


def _whole(tenths: int, language: str) -> str:
    return count_text(round_half_up(tenths, 10), language)


def _percent(tenths: int, language: str) -> str:
    return f"{_whole(tenths, language)}\u00a0%"


_KINDS = (
    _Kind(
        "members",
        N_("People with rights"),
        lambda one: one.covered,
        count_text,
        N_("People with rights rose from {before} to {now} since {month}."),
        N_("People with rights fell from {before} to {now} since {month}."),
        N_("People with rights are {now}, the same since {month}."),
        kind=ChartKind.BAR,
        scale=1,
    ),
    _Kind(
        "collection",
        N_("Collected of each 100 called"),
        lambda one: one.collection,
        _percent,
        N_("Collection rose from {before} to {now} since {month}."),
        N_("Collection fell from {before} to {now} since {month}."),
        N_("Collection is {now}, the same since {month}."),
    ),
    _Kind(
        "cost",
        N_("Spent on care of each 100 earned"),
        lambda one: one.cost,
        _whole,
        N_("Care took more: from {before} to {now} of each 100 since {month}."),
        N_("Care took less: from {before} to {now} of each 100 since {month}."),
        N_("Care took {now} of each 100, the same since {month}."),
        threshold=_EVEN,
    ),
    _Kind(
        "runway",
        N_("Months the money lasts"),
        lambda one: one.runway,
        tenths_text,
        N_("The money lasts longer: {now} months, {before} in {month}."),
        N_("The money lasts less long: {now} months, {before} in {month}."),
        N_("The money lasts {now} months, the same since {month}."),
    ),
)


def charts(trends: Sequence[MonthTrend], language: str) -> tuple[Told, ...]:
    """Return the four charts: people with rights, collection, cost per 100, months of money."""
    return tuple(_told(kind, trends, language) for kind in _KINDS)


def _told(kind: _Kind, trends: Sequence[MonthTrend], language: str) -> Told:
    values = tuple(kind.value(one) for one in trends)
    cells = tuple("" if value is None else kind.words(value, language) for value in values)
    chart = Chart(
        kind.kind,
        tuple(short_month_text(one.month, language) for one in trends),
        # Below zero there is no drawing: the sentence and the table tell it.
        tuple(None if value is None else max(value, 0) for value in values),
        cells,
        kind.scale,
        kind.threshold,
        mirrored=language in RIGHT_TO_LEFT,
    )
    return Told(kind.id, Text(kind.title), _sentence(kind, trends, values, cells), chart, cells)


def _sentence(
    kind: _Kind, trends: Sequence[MonthTrend], values: Sequence[int | None], cells: Sequence[str]
) -> Text:
    run = last_run(values)
    if run is None:
        known = sum(value is not None for value in values)
        if not known:
            return Text(N_("Needs two closed months; there is none."))
        return Text(N_("Needs two closed months; there is one."))
    first, last = run
    before, now = values[first] or 0, values[last] or 0
    said = kind.rose if now > before else kind.fell if now < before else kind.stayed
    return Text(said, {"before": cells[first], "now": cells[last], "month": trends[first].month})


def heads(told: Sequence[Told]) -> tuple[Text, ...]:
    """Return the heads of the table: the month and each chart's title."""
    return (Text(N_("Month")), *(one.title for one in told))


def trends_pdf(
    trends: Sequence[MonthTrend], language: str, *, scheme: str, practice: bool, printed_on: date
) -> bytes:
    """Return one page: the four charts with their sentences, and the table of their figures."""
    told = charts(trends, language)
    title = Paper(Frame("", scheme, A4, practice), language).say(TITLE_WORDS)
    paper = Paper(Frame(title, scheme, A4, practice, printed_on=printed_on), language)
    y = paper.top + 20
    paper.text(paper.left, y, TITLE_WORDS, TITLE)
    y = paper.wrapped(paper.left, y + 14, NOTE_WORDS, paper.width, LABEL) + 4
    wide, high = (paper.width - 24) / 2, 205
    for at, one in enumerate(told):
        x = paper.left + (at % 2) * (wide + 24)
        top = y + (at // 2) * (high + 10)
        paper.text(x, top + 12, one.title, STRONG)
        below = paper.wrapped(x, top + 25, one.sentence, wide, LABEL)
        height = top + high - below
        draw_on(paper, one.chart, x=x, y=below - 4, width=wide, height=height)
    _table(paper, trends, told, y + 2 * (high + 10) + 8)
    return paper.finish()


def _table(paper: Paper, trends: Sequence[MonthTrend], told: Sequence[Told], y: float) -> None:
    first = 110.0
    wide = (paper.width - first) / len(told)
    lines = [paper.wrapped(paper.left, y, heads(told)[0], first, LABEL)]
    for at, one in enumerate(told):
        lines.append(_right_lines(paper, one.title, first + paper.left + (at + 1) * wide, y, wide))
    y = max(lines)
    for row, month in enumerate(trends):
        paper.rule(y - 8)
        y += 5
        paper.text(paper.left, y, month_text(month.month, paper.language), Type(9))
        for at, one in enumerate(told):
            right = paper.left + first + (at + 1) * wide
            paper.text(right, y, one.cells[row] or "–", Type(9, ink=Ink.TEXT, align=Align.RIGHT))
        y += 10


def _right_lines(paper: Paper, words: Text, right: float, y: float, width: float) -> float:
    kind = Type(LABEL.size, ink=LABEL.ink, align=Align.RIGHT)
    return paper.wrapped(right, y, words, width - 8, kind)
