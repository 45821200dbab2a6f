"""How soon the login is there, and the window behind it; how much memory that takes."""

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter_ns
from typing import Any

from benchmarks import big_book
from benchmarks.syncs import CACHE, Syncs, bare_environment
from benchmarks.table import Effort, Row, Table
from stepdesk.store.settings import Settings, write_settings

LOGIN_AT_MOST, WINDOW_MS, MEMORY_MB = 1.3, 400, 200


class NotThere(Exception):
    """A window that did not come, with the last word of its process."""


@dataclass(slots=True)
class Starts:
    """What some starts of one window took, in milliseconds, and what they told."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)

    def take(self, *arguments: str) -> None:
        around = bare_environment() | {"QT_QPA_PLATFORM": "offscreen"}
        # An installed program has its bytecode beside it; here it lies in the cache.
        around.pop("PYTHONDONTWRITEBYTECODE", None)
        around["PYTHONPYCACHEPREFIX"] = str(CACHE / "bytecode")
        begun = perf_counter_ns()
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.window", *arguments],
            env=around,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        with process.stdout as out, process.stderr as wrong:
            said, complaint = out.read(), wrong.read()
        _, status, used = os.wait4(process.pid, 0)
        took = perf_counter_ns() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0 or not said:
            raise NotThere(complaint.strip().rpartition("\n")[2])
        self.wall.append(took / 1e6)
        self.cpu.append((used.ru_utime + used.ru_stime) * 1000)
        self.told.append(json.loads(said))

    def median(self, name: str) -> float:
        return statistics.median(float(one[name]) for one in self.told)


def _login(table: Table, effort: Effort) -> None:
    bare, login = Starts(), Starts()
    bare.take("bare")
    login.take("login")
    bare, login = Starts(), Starts()
    for _ in range(effort.rounds(7, 3)):
        bare.take("bare")
        login.take("login")
    for name, floor, ours in (("", bare.wall, login.wall), (", CPU", bare.cpu, login.cpu)):
        row = Row(
            f"login window, process to painted{name}",
            "bare Qt window",
            statistics.median(floor),
            statistics.median(ours),
        )
        row.wanted, row.holds = f"≤ {LOGIN_AT_MOST:g}", (row.ratio or 0) <= LOGIN_AT_MOST
        table.add(row)
    heavy = login.told[0]["heavy"]
    if heavy:
        table.add(Row("login window imports too much", told=", ".join(heavy), holds=False))


def _window(table: Table, effort: Effort, folder: Path) -> None:
    main, password = Starts(), Starts()
    for _ in range(effort.rounds(5, 2)):
        password.take("password", str(folder))
        main.take("main", big_book.today_of(big_book.LOGIN).isoformat())
    floor, took = password.median("shown"), main.median("shown")
    book = "600 persons"
    row = Row("password to main window, floor is the key alone", book, floor, took)
    row.wanted, row.holds = f"≤ {WINDOW_MS} ms", took <= WINDOW_MS
    table.add(row)
    table.add(Row("… until its first page is filled", book, floor, main.median("filled")))


def _memory(table: Table) -> None:
    main = Starts()
    main.take("main", big_book.today_of(big_book.BIG).isoformat())
    told = main.told[0]
    pages = f"{told['pages']} pages visited"
    if told["missing"]:
        pages += f", {told['missing']} not there yet"
    for name, key in (("first page", "rss"), (pages, "rss_visited")):
        held = main.median(key)
        table.add(
            Row(
                f"memory of the window, {name}",
                "10,000 persons",
                told=f"{held:.0f} MB",
                wanted=f"≤ {MEMORY_MB} MB",
                holds=held <= MEMORY_MB,
            )
        )


def run(table: Table, effort: Effort, syncs: Syncs, folder: Path) -> None:
    """Measure the start in processes of its own, without the shim."""
    del syncs
    village = big_book.copy_of(big_book.LOGIN, folder)
    large = big_book.copy_of(big_book.BIG, folder)
    try:
        write_settings(Settings(last_book=str(village), language="fr"))
        _login(table, effort)
        _window(table, effort, village)
        write_settings(Settings(last_book=str(large), language="fr"))
        _memory(table)
    except NotThere as missing:
        table.add(Row(f"a window did not come: {missing}", holds=False))
