"""One drawing of figures for screen and paper: values become lines, boxes, marks and words.

Nothing here knows Qt or ReportLab: a painter takes the shapes in their order. Lengths are in the
painter's own units, `y` counts downwards, and a text's place is its base line. Where writing runs
from the right, time does too.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from stepdesk.paper.page import Paper

_TICKS = 3  # lines across, the base line left out
_STEPS = (1, 2, 5, 10)
_MARK = 2.4  # half of a mark's side, in parts of ten of the type's size


class ChartKind(Enum):
    LINE = "LINE"
    BAR = "BAR"


class Tone(Enum):
    """What a shape stands for; each painter has its own colour for it.

    A line of figures is whole with marks, a threshold is dashed without: both are told apart in a
    photocopy, and by whoever does not see colours.
    """

    TEXT = "TEXT"
    MUTED = "MUTED"
    RULE = "RULE"
    FIGURES = "FIGURES"
    THRESHOLD = "THRESHOLD"


class Side(Enum):
    """Which part of a text stands at its place."""

    LEFT = "LEFT"
    CENTRE = "CENTRE"
    RIGHT = "RIGHT"


@dataclass(frozen=True, slots=True)
class Chart:
    """Figures over time.

    Args:
        kind: A line for what is measured, bars for what is counted.
        labels: What stands under each figure.
        values: Whole numbers of one unit, 0 or more; None is a hole and is drawn as one.
        told: Each value in words of a language; only the last one known is written at the line.
        scale: How many of the values' units one unit of the axis has: 10 for tenths.
        threshold: A dashed line across, in the values' units; None for none.
        mirrored: Whether time runs from the right.
    """

    kind: ChartKind
    labels: tuple[str, ...]
    values: tuple[int | None, ...]
    told: tuple[str, ...]
    scale: int = 1
    threshold: int | None = None
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    x: float
    y: float
    until_x: float
    until_y: float
    tone: Tone
    width: float = 1
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A filled rectangle; x, y is its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    tone: Tone


@dataclass(frozen=True, slots=True)
class Label:
    """One line of words."""

    x: float
    y: float
    words: str
    tone: Tone
    side: Side
    size: float
    bold: bool = False


Shape: TypeAlias = Stroke | Block | Label
Measure: TypeAlias = Callable[[str, float], float]
"""How wide words of a size are."""


def axis(most: int, scale: int = 1) -> tuple[int, ...]:
    """Return where lines are drawn across, from 0 to the first that is not below `most`.

    They stand at 1, 2 or 5 times a power of ten, in whole units of `scale`, at most four of them
    with the base line.
    """
    step = scale
    power = scale
    while True:
        for times in _STEPS:
            step = times * power
            if step * _TICKS >= most:
                count = max(-(-most // step), 1)
                return tuple(at * step for at in range(count + 1))
        power *= 10


def drawing(
    chart: Chart, *, width: float, height: float, size: float, measure: Measure
) -> tuple[Shape, ...]:
    """Return the shapes of a chart in a box whose upper left corner is 0, 0.

    Args:
        chart: What is drawn.
        width: Of the box.
        height: Of the box; the labels stand at its foot.
        size: Of the type, in the painter's units.
        measure: How wide words are.
    """
    known = [value for value in chart.values if value is not None]
    ticks = axis(max([*known, chart.threshold or 0, 1]), chart.scale)
    words = [str(tick // chart.scale) for tick in ticks]
    before = max(measure(one, size) for one in words) + size * 0.6
    plot = _Plot(before, size * 1.5, width - size * 0.4, height - size * 1.6, ticks[-1], chart)
    shapes = (
        *_across(plot, ticks, words, size, width),
        *(_bars(plot) if chart.kind is ChartKind.BAR else _line(plot, size)),
        *_named(plot, size, measure),
        *_last(plot, size, measure),
    )
    return tuple(_mirrored(one, width) for one in shapes) if chart.mirrored else shapes


@dataclass(frozen=True, slots=True)
class _Plot:
    """The place of the figures between the axis and the edges."""

    left: float
    top: float
    right: float
    bottom: float
    most: int
    chart: Chart

    @property
    def slot(self) -> float:
        return (self.right - self.left) / max(len(self.chart.values), 1)

    def x(self, at: int) -> float:
        return self.left + (at + 0.5) * self.slot

    def y(self, value: int) -> float:
        return self.bottom - (self.bottom - self.top) * value / self.most


def _across(
    plot: _Plot, ticks: tuple[int, ...], words: list[str], size: float, width: float
) -> Iterator[Shape]:
    for tick, told in zip(ticks, words, strict=True):
        y = plot.y(tick)
        tone = Tone.RULE if tick else Tone.MUTED
        yield Stroke(plot.left, y, width, y, tone, size / 12)
        yield Label(plot.left - size * 0.5, y + size * 0.35, told, Tone.MUTED, Side.RIGHT, size)
    if plot.chart.threshold is not None:
        y = plot.y(plot.chart.threshold)
        yield Stroke(plot.left, y, width, y, Tone.THRESHOLD, size / 8, dashed=True)


def _bars(plot: _Plot) -> Iterator[Shape]:
    wide = plot.slot * 0.62
    for at, value in enumerate(plot.chart.values):
        if value:
            y = plot.y(value)
            yield Block(plot.x(at) - wide / 2, y, wide, plot.bottom - y, Tone.FIGURES)


def _line(plot: _Plot, size: float) -> Iterator[Shape]:
    """Yield the line with a mark at each figure; nothing crosses a hole."""
    half, former = size * _MARK / 10, None
    for at, value in enumerate(plot.chart.values):
        here = None if value is None else (plot.x(at), plot.y(value))
        if here is not None and former is not None:
            yield Stroke(*former, *here, Tone.FIGURES, size / 6)
        if here is not None:
            x, y = here
            yield Block(x - half, y - half, 2 * half, 2 * half, Tone.FIGURES)
        former = here


def _named(plot: _Plot, size: float, measure: Measure) -> Iterator[Shape]:
    """Yield the labels under the figures, as many as have room, the last one always."""
    labels = plot.chart.labels
    widest = max((measure(one, size) for one in labels), default=0) + size * 0.6
    every = max(1, -(-int(widest * 100) // max(int(plot.slot * 100), 1)))
    for at, words in enumerate(labels):
        if (len(labels) - 1 - at) % every == 0:
            half = measure(words, size) / 2
            x = min(max(plot.x(at), half), plot.right + size * 0.4 - half)
            yield Label(x, plot.bottom + size * 1.3, words, Tone.MUTED, Side.CENTRE, size)


def _last(plot: _Plot, size: float, measure: Measure) -> Iterator[Shape]:
    """Yield the last figure in words, over its place."""
    found = [at for at, value in enumerate(plot.chart.values) if value is not None]
    if not found:
        return
    at = found[-1]
    value = plot.chart.values[at] or 0
    half = measure(plot.chart.told[at], size) / 2 + size * 0.3
    x = min(plot.x(at), plot.right + size * 0.4 - half)
    y = max(plot.y(value) - size * 0.5, size)
    yield Label(x, y, plot.chart.told[at], Tone.TEXT, Side.CENTRE, size, bold=True)


def _mirrored(shape: Shape, width: float) -> Shape:
    match shape:
        case Stroke():
            return Stroke(
                width - shape.x, shape.y, width - shape.until_x, shape.until_y,
                shape.tone, shape.width, shape.dashed,
            )  # fmt: skip
        case Block():
            x = width - shape.x - shape.width
            return Block(x, shape.y, shape.width, shape.height, shape.tone)
        case Label():
            turned = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}.get(shape.side, shape.side)
            return Label(
                width - shape.x, shape.y, shape.words, shape.tone, turned, shape.size, shape.bold
            )


def draw_on(
    paper: "Paper", chart: Chart, *, x: float, y: float, width: float, height: float
) -> None:
    """Draw a chart on paper in a box whose upper left corner is x, y."""
    from stepdesk.paper import fonts
    from stepdesk.paper.page import Align, Ink, Type

    inks = {
        Tone.TEXT: Ink.TEXT,
        Tone.MUTED: Ink.MUTED,
        Tone.RULE: Ink.RULE,
        Tone.FIGURES: Ink.PRIMARY,
        Tone.THRESHOLD: Ink.ALARM,
    }
    for one in drawing(chart, width=width, height=height, size=8, measure=fonts.width_of):
        ink = inks[one.tone]
        match one:
            case Stroke():
                paper.stroke(
                    x + one.x, y + one.y, x + one.until_x, y + one.until_y,
                    ink=ink, width=one.width, dashed=one.dashed,
                )  # fmt: skip
            case Block():
                paper.box(x + one.x, y + one.y, one.width, one.height, fill=ink)
            case Label():
                kind = Type(one.size, one.bold, ink, Align[one.side.name])
                paper.text(x + one.x, y + one.y, one.words, kind)
