"""What was measured, and how it is printed."""

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter_ns, process_time_ns

HEADS = (
    "work",
    "book",
    "floor ms",
    "ours ms",
    "ratio",
    "floor CPU ms",
    "ours CPU ms",
    "syncs",
    "at 10 ms a sync",
    "wanted",
    "",
)


@dataclass(slots=True)
class Row:
    """One line: times in milliseconds unless `told` says the figure otherwise.

    Args:
        work: What was done.
        book: In which book.
        floor: The bare floor's median.
        ours: The median of the desk's own.
        cpu: Of ours, the median of processor time.
        floor_cpu: Of the floor, the same.
        syncs: How often ours asked the disk to make sure, each time.
        slow: The ratio on the simulated disk.
        ratio: Ours by the floor; reckoned from both when left out.
        told: A figure that is no time, with its unit.
        wanted: What is to be reached, in words.
        holds: Whether it is; None when nothing is wanted.
    """

    work: str
    book: str = ""
    floor: float | None = None
    ours: float | None = None
    cpu: float | None = None
    syncs: float | None = None
    slow: float | None = None
    ratio: float | None = None
    told: str = ""
    wanted: str = ""
    holds: bool | None = None
    floor_cpu: float | None = None

    def __post_init__(self) -> None:
        if self.ratio is None and self.floor and self.ours is not None:
            self.ratio = self.ours / self.floor

    def cells(self, *, shim: bool) -> tuple[str, ...]:
        slow = "not simulated" if self.syncs is not None and not shim else _number(self.slow)
        return (
            self.work,
            self.book,
            _number(self.floor),
            self.told or _number(self.ours),
            _number(self.ratio),
            _number(self.floor_cpu),
            _number(self.cpu),
            _number(self.syncs) if shim else "",
            slow,
            self.wanted,
            "" if self.holds is None else "✓" if self.holds else "✗",
        )


def _number(told: float | None) -> str:
    if told is None:
        return ""
    return f"{told:.3f}" if told < 1 else f"{told:.2f}" if told < 100 else f"{told:,.0f}"


@dataclass(slots=True)
class Table:
    """The lines of a run, printed as they come."""

    shim: bool
    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        self.rows.append(row)

    def text(self) -> str:
        lines = [HEADS, *(row.cells(shim=self.shim) for row in self.rows)]
        wide = [max(len(line[at]) for line in lines) for at in range(len(HEADS))]
        told = [_line(line, wide) for line in lines]
        return "\n".join([told[0], "-" * len(told[0]), *told[1:]])

    def json(self) -> str:
        rows = [asdict(row) | {"ratio": row.ratio} for row in self.rows]
        return json.dumps({"rows": rows}, indent=1)

    def save(self, path: Path) -> None:
        path.write_text(self.json(), encoding="utf-8")


def _line(cells: Sequence[str], wide: Sequence[int]) -> str:
    left = {0, 1, 9}
    return "  ".join(
        cell.ljust(wide[at]) if at in left else cell.rjust(wide[at])
        for at, cell in enumerate(cells)
    ).rstrip()


@dataclass(slots=True)
class Times:
    """What some rounds of one thing took, in milliseconds."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def take(self, call: Callable[[], object]) -> None:
        cpu, wall = process_time_ns(), perf_counter_ns()
        call()
        wall, cpu = perf_counter_ns() - wall, process_time_ns() - cpu
        self.wall.append(wall / 1e6)
        self.cpu.append(cpu / 1e6)

    @property
    def median(self) -> float:
        return statistics.median(self.wall)

    @property
    def median_cpu(self) -> float:
        return statistics.median(self.cpu)

    def at(self, percent: int) -> float:
        """Return the percentile of the wall times."""
        ordered = sorted(self.wall)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is done in a run."""

    quick: bool

    def rounds(self, full: int, quick: int) -> int:
        return quick if self.quick else full
