"""Walking a list of 100,000 persons in the real window, offscreen: page after page, and to the end.

What counts is how long the window's thread reads a block of rows, since the list stands still
meanwhile: nobody sees less than a frame, 16 ms. It is told in time of that thread's own, and at
its slowest by the clock too, which other work on the machine makes longer. The floor of a block is its rows by the bare
driver; the floor of a page is a bare table of Qt over as many rows that are in memory.
"""

import os
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from time import perf_counter, perf_counter_ns, thread_time_ns
from typing import TYPE_CHECKING, Any

from benchmarks import big_book, finding
from benchmarks.reads import Floor
from benchmarks.syncs import Syncs
from benchmarks.table import Effort, Row, Table, Times
from stepdesk.reports.queries.standings import forget
from stepdesk.reports.terms import PersonKey

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QTableView

    from stepdesk.ui.book_window import BookWindow
    from stepdesk.ui.members.household_list import HouseholdList
    from stepdesk.ui.members.page import MembersPage

FRAME_MS, PAGE_FLOORS = 16, 3.0
PAGES = 200
_RAW = (
    "SELECT p.surname, p.given_names, p.sex, p.birth, p.birth_known, p.photo, c.suffix, c.relation,"
    " c.until, h.serial, h.phone, h.joined_on, s.code, m.surname, m.given_names FROM cover c"
    " JOIN person p ON p.id = c.person_id JOIN household h ON h.id = c.household_id"
    " JOIN section s ON s.id = h.section_id JOIN person m ON m.id = h.member_person_id"
    " WHERE {}.id IN ({})"
)


def run(table: Table, effort: Effort, syncs: Syncs, folder: Path) -> None:
    """Measure the list among a hundred thousand persons."""
    del syncs
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    place = folder / "lists"
    finding.copy_of(finding.MANY, place)
    desk, _ = big_book.opened(place, date(2024, 2, 5))
    with desk:
        _walked(table, effort, desk)


class _Walker:
    """The window with the list of all persons, and what each block took to read."""

    def __init__(self, desk: Any) -> None:
        from PySide6.QtWidgets import QApplication

        from stepdesk.ui import theme
        from stepdesk.ui.speech import Speaker
        from stepdesk.ui.start import open_book_window
        from stepdesk.ui.tasks import Lane

        self.desk = desk
        app = QApplication.instance() or QApplication([])
        assert isinstance(app, QApplication)
        theme.apply(app, theme.Theme())
        self.app: QApplication = app
        self.lane: Lane = Lane()
        self.window: BookWindow = open_book_window(desk, lane=self.lane, speaker=Speaker("fr"))
        self.window.resize(1366, 768)
        self.window.show()
        self.window.go("members")
        self.wait()
        page: Any = self.window.page()
        self.page: MembersPage = page
        self.list: HouseholdList = page.list
        self.table: QTableView = page.list.table
        self.blocks, self.slowest = Times(), 0.0
        self.keys: list[Sequence[Any]] = []
        self._fetch: Callable[[Sequence[Any]], Any] = self.list.model._fetch
        self.list.model._fetch = self._timed

    def _timed(self, keys: Sequence[Any]) -> Any:
        self.keys.append(keys)
        before, clock = thread_time_ns(), perf_counter_ns()
        found = self._fetch(keys)
        self.blocks.wall.append((thread_time_ns() - before) / 1e6)
        self.slowest = max(self.slowest, (perf_counter_ns() - clock) / 1e6)
        return found

    def show(self, view: str) -> None:
        """Show a list made ready, from its first row on."""
        from PySide6.QtCore import Qt

        self.window.go("members", show=view)
        self.wait()
        self.press(Qt.Key.Key_Home)
        self.wait()
        self.blocks, self.keys, self.slowest = Times(), [], 0.0

    def wait(self) -> None:
        until = perf_counter() + 120
        while perf_counter() < until:
            self.app.processEvents()
            if not self.lane.is_busy():
                self.app.processEvents()
                return

    def press(self, key: Any) -> None:
        """Press a key in the list and let it be painted."""
        _press(self.app, self.table, key)

    def close(self) -> None:
        self.window.close()
        self.lane.close()


def _press(app: "QApplication", table: "QTableView", key: Any) -> None:
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent

    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        app.sendEvent(table, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))
    table.viewport().repaint()


def _walked(table: Table, effort: Effort, desk: Any) -> None:
    walker = _Walker(desk)
    for show, name in (("persons", "persons"), ("", "households")):
        # How everybody stands is not known yet: each household of a block is reckoned.
        forget(desk)
        walker.show(show)
        bare = _bare_table(walker)
        _pages(table, effort, walker, bare, name)
        _ends(table, walker, name)
        bare.close()
    walker.close()


def _pages(table: Table, effort: Effort, walker: _Walker, bare: "QTableView", name: str) -> None:
    from PySide6.QtCore import Qt

    pages, floor = Times(), Times()
    for _ in range(effort.rounds(PAGES, 60)):
        pages.take(partial(walker.press, Qt.Key.Key_PageDown))
        floor.take(partial(_press, walker.app, bare, Qt.Key.Key_PageDown))
        walker.app.processEvents()
    size = f"{walker.list.listed:,} {name}"
    _blocks(table, walker, "a block, page after page", size)
    row = Row("a page down, painted", size, floor.median, pages.median)
    row.wanted, row.holds = f"≤ {PAGE_FLOORS:g} floors", pages.median <= PAGE_FLOORS * floor.median
    table.add(row)
    table.add(Row("a page down, 99th percentile", size, floor.at(99), pages.at(99)))


def _ends(table: Table, walker: _Walker, name: str) -> None:
    from PySide6.QtCore import Qt

    ends, size = Times(), f"{walker.list.listed:,} {name}"
    for order, section, descending in _ORDERS:
        _ask(walker, order, descending=descending, section=section)
        for key in (Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_Home, Qt.Key.Key_End):
            ends.take(partial(walker.press, key))
            walker.wait()
    _blocks(table, walker, "a block, at the end, filtered and sorted", size)
    table.add(Row("to the end, slowest, painted", size, told=f"{ends.at(100):.1f} ms"))


_ORDERS = (
    ("number", False, False),
    ("name", False, True),
    ("name", True, False),
    ("status", True, True),
    ("age", False, True),
)


def _ask(walker: _Walker, order: str, *, descending: bool, section: bool) -> None:
    from dataclasses import replace

    held = walker.list
    wanted = replace(
        held.asked().wanted,
        order=order,
        descending=descending,
        section_id=held.village.itemData(1) if section else None,
    )
    held._ask(wanted)
    walker.wait()


def _blocks(table: Table, walker: _Walker, what: str, size: str) -> None:
    raw, floor = Floor(walker.desk), Times()
    for keys in walker.keys:
        persons = isinstance(keys[0], PersonKey)
        marks = ",".join(f"x'{(one[1] if persons else one).hex()}'" for one in keys)
        before = thread_time_ns()
        _rows(raw, _RAW.format("p" if persons else "h", marks))
        floor.wall.append((thread_time_ns() - before) / 1e6)
    raw.raw.close()
    ours = walker.blocks
    table.add(Row(f"{what}, median", size, floor.median, ours.median))
    slowest = ours.at(100)
    told = f"{what}, slowest of {len(ours.wall)} ({walker.slowest:.0f} ms by the clock)"
    row = Row(told, size, floor.at(100), slowest)
    row.wanted, row.holds = f"≤ {FRAME_MS} ms", slowest <= FRAME_MS
    table.add(row)
    walker.blocks, walker.keys, walker.slowest = Times(), [], 0.0


def _rows(floor: Floor, statement: str) -> list[Any]:
    found: list[Any] = floor.raw.execute(statement).fetchall()
    return found


def _bare_table(walker: _Walker) -> "QTableView":
    """Return Qt's own table over as many rows, all in memory."""
    from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
    from PySide6.QtWidgets import QTableView

    count, columns = walker.list.listed, walker.list.model.columnCount()
    cells = [f"cell {at}" for at in range(1000)]
    root = QModelIndex()

    class Bare(QAbstractTableModel):
        def rowCount(  # noqa: N802 - Qt's
            self, _at: QModelIndex | QPersistentModelIndex = root, /
        ) -> int:
            return count

        def columnCount(  # noqa: N802 - Qt's
            self, _at: QModelIndex | QPersistentModelIndex = root, /
        ) -> int:
            return columns

        def data(self, index: QModelIndex | QPersistentModelIndex, /, role: int = 0) -> object:
            return cells[index.row() % 1000] if role == Qt.ItemDataRole.DisplayRole else None

    table = QTableView()
    table.bare = Bare(table)  # type: ignore[attr-defined]
    table.setModel(table.bare)  # type: ignore[attr-defined]
    table.resize(walker.table.size())
    table.show()
    walker.app.processEvents()
    return table
