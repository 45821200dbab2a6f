"""Dues of a month for a scheme too large to be made by its verbs: `--dues N`.

The book of `benchmarks.scale` is copied into itself by the database until it holds N households:
the rows that a list of dues reads, not their acts. So it can be read and not verified; what is
measured is a question.
"""

import shutil
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import scale
from benchmarks.big_book import MONTHS, START, opened
from benchmarks.syncs import Syncs
from benchmarks.table import Effort, Row, Table
from stepdesk.reports.queries.dues import dues_rows
from stepdesk.store import engine as file
from stepdesk.values.month import Month

BASE = 8334
_TABLES = (
    *("person", "household", "cover", "enrolment", "membership_event"),
    *("payment", "due", "allocation"),
)
_OWN = frozenset(
    ("id", "household_id", "person_id", "member_person_id", "payment_id", "due_id"),
)
"""Columns that say which one it is: a copy has its own."""


def run(table: Table, effort: Effort, syncs: Syncs, folder: Path, households: int) -> None:
    """Tell the dues of the last closed month of so many households, once and whole."""
    del effort, syncs
    place = folder / "copy"
    shutil.copytree(scale.kept(BASE), place)
    times = -(-households // BASE)
    day = START.plus(MONTHS).first
    desk, _ = opened(place, day)
    key = desk.person.data_key
    desk.close()
    _multiply(file.connect(place / "book.db", key), times)
    scale._say(f"{times * BASE:,} households are there")
    desk, _ = opened(place, day)
    with desk:
        month = Month.of(day).plus(-1)
        watch = scale.Watched()
        with scale._Memory() as memory:
            wall, cpu, rows = scale._took(partial(desk.ask, dues_rows, month, progress=watch))
        count = len(rows)
        del rows
        scale._say(f"dues: {wall:.1f} s, {cpu:.1f} s CPU, {memory.most:.0f} MB")
        raw = file.connect(place / "book.db", key, readonly=True)
        bare_wall, bare_cpu, _ = scale._took(partial(_read, raw))
        raw.close()
        table.add(
            Row(
                "dues of a month, all households, whole; floor: its rows read once",
                f"{count:,} households",
                bare_wall * 1000,
                wall * 1000,
                cpu * 1000,
                floor_cpu=bare_cpu * 1000,
                wanted=f"≤ {scale.DUES_S} s for {scale.DUES_HOUSEHOLDS:,}",
                holds=wall <= scale.DUES_S,
            )
        )
        scale._told_meanwhile(table, "dues", watch, memory)
        scale._given_up(table, "dues", desk, lambda one: desk.ask(dues_rows, month, progress=one))


def _multiply(raw: Any, times: int) -> None:
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("PRAGMA synchronous = OFF")
    for at in range(1, times):
        raw.execute("BEGIN")
        for name in _TABLES:
            columns = [row[1] for row in raw.execute(f"PRAGMA table_info({name})")]
            told = ", ".join(_copied(name, one, at) for one in columns)
            raw.execute(
                f"INSERT INTO {name} SELECT {told} FROM {name} WHERE substr(id, 7, 1) < x'80'"
            )
        raw.execute("COMMIT")
    raw.close()


def _copied(table: str, column: str, at: int) -> str:
    """Return what a copy has in a column: ids differ in their seventh byte, numbers go on."""
    if column in _OWN:
        return f"CAST(substr({column}, 1, 6) || x'{0x80 + at:02x}' || substr({column}, 8) AS BLOB)"
    if column == "request_id":
        return "randomblob(16)"
    if column == "serial":
        return f"serial + {at * (BASE if table == 'household' else 10_000_000)}"
    return column


def _read(raw: Any) -> None:
    for name in _TABLES:
        for _ in raw.execute(f"SELECT * FROM {name}"):
            pass
