"""What the members' room costs: the list of the entitled; searching, importing and papers join here.

The list of the entitled reads and reckons everybody of a scheme. Its floor is what SQLite needs
for the same rows.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import big_book
from benchmarks.reads import Floor, against
from benchmarks.syncs import Syncs
from benchmarks.table import Effort, Row, Table
from stepdesk.rights.queries import entitled
from stepdesk.store.desk import Desk

ENTITLED_SECONDS = 20
MANY = 100_000


def _entitled(table: Table, effort: Effort, floor: Floor) -> None:
    desk = floor.desk
    calls: list[Callable[[], object]] = [partial(_everybody, desk)] * effort.rounds(3, 1)
    row, ours, _ = against(floor, "the list of the entitled", calls)
    table.add(row)
    # It is reckoned, not waited for: by processor time, whatever else the machine does.
    seconds = ours.median_cpu * MANY / big_book.PERSONS / 1000
    table.add(
        Row(
            "the list of the entitled, by ten",
            f"{MANY:,} persons",
            told=f"{seconds:.1f} s",
            wanted=f"≤ {ENTITLED_SECONDS} s",
            holds=seconds <= ENTITLED_SECONDS,
        )
    )


def _everybody(desk: Desk) -> int:
    with desk.read() as connection:
        return sum(1 for _ in entitled(connection, desk.today))


def run(table: Table, effort: Effort, syncs: Syncs, folder: Path) -> None:
    """Measure the members' room on the big book."""
    del syncs
    name = big_book.BIG
    desk, _ = big_book.opened(big_book.copy_of(name, folder), big_book.today_of(name))
    floor = Floor(desk)
    _entitled(table, effort, floor)
    floor.raw.close()
    desk.close()
