"""A book of very many payments, and what one of them takes on the disk: `--payments N`.

It is made for real, once, and kept: five years of a scheme, each payment an act of its own with its
signature, reckoned by the rules and written row by row, and months closed by the verb. Only the
commits are fewer: a thousand acts share one.
"""

import shutil
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks import big_book
from benchmarks.big_book import START, Making, _begin, _register, _Rows, _Scheme
from benchmarks.reads import BALANCE_S, last_closed_of
from benchmarks.syncs import CACHE, Syncs
from benchmarks.table import Effort, Row, Table, Times
from benchmarks.writes import (
    FLAT_AT_MOST,
    HERE_AT_MOST,
    SLOW_AT_MOST,
    Twin,
    _paying,
    judged,
    race,
)
from stepdesk import migrations
from stepdesk.contributions.service import contribute
from stepdesk.countries import country
from stepdesk.ledger.queries import trial_balance
from stepdesk.members.service import rebuild_search
from stepdesk.reports.service import close_month
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.store.work import Work
from stepdesk.values.ids import HouseholdId
from stepdesk.values.month import Month

MONTHS, PERSONS_EACH, COME = 60, 6, 0.92
LIMIT = 1500
"""Bytes a payment may take: a million in at most 1.5 GB, with the journal."""

_TOGETHER = 1000
_AT_ONCE = 4000


def kept(payments: int) -> Path:
    """Return the folder of a closed book of about so many payments, made on first use."""
    versions = sorted((Path(migrations.__file__).parent / "versions").glob("*.py"))
    told = b"".join(one.read_bytes() for one in (Path(__file__), *versions))
    folder = CACHE / f"payments-{payments}-{sha256(told).hexdigest()[:12]}"
    if not folder.exists():
        for old in CACHE.glob(f"payments-{payments}-*"):
            shutil.rmtree(old, ignore_errors=True)
        _say(f"Making the book of {payments:,} payments, once …")
        part = CACHE / f"making-payments-{payments}"
        shutil.rmtree(part, ignore_errors=True)
        CACHE.mkdir(exist_ok=True)
        _make(part, payments)
        part.replace(folder)
    return folder


def _say(told: str) -> None:
    print(told, file=sys.stderr, flush=True)


def _make(folder: Path, payments: int) -> None:
    making = _begin(folder)
    with making.desk as desk:
        _register_all(making, max(round(payments / (MONTHS * COME)), 1))
        scheme, month = _EachAnAct(making), START
        for at in range(MONTHS):
            month = START.plus(at)
            scheme.collect(month)
            _say(f"{month}: {scheme.serials.total() // 2:,} payments")
            if at < MONTHS - 1:
                making.clock.set(month.until)
                desk.do(close_month, month=month, accepting=frozenset({"not_counted"}))
                scheme.forget_receivables()


def _register_all(making: Making, households: int) -> None:
    for first in range(1, households + 1, _AT_ONCE):
        rows = _Rows()
        with making.desk.work("register_many") as work:
            for serial in range(first, min(first + _AT_ONCE, households + 1)):
                _register(making, work, rows, serial, PERSONS_EACH)
            rows.write(work)
        making.clock.set(making.desk.today, hour=10)
    with making.desk.work("rebuild_search") as work:
        rebuild_search(work)


class _OneByOne(_Rows):
    """The rows of one payment, written as its verb writes them."""

    def write(self, work: Work) -> None:
        for table, rows in self.by_table.items():
            for row in rows:
                work.insert(table, **row)


class _EachAnAct(_Scheme):
    """The scheme's payments, each an act of its own."""

    def collect(self, month: Any) -> None:
        visits = sorted(
            (self._day(month, at), at, one) for at, one in enumerate(self.facts) if self._comes(at)
        )
        for some in _by(visits, _TOGETHER):
            self._write(some)

    def _write(self, visits: Iterable[tuple[date, int, HouseholdId]]) -> None:
        desk = self.making.desk
        with desk.writer.connect() as connection, connection.begin():
            for day, _, one in visits:
                self.making.clock.set(day, hour=17)
                work, rows = Work(desk, connection, contribute.__name__, ""), _OneByOne()
                self._pay(work, rows, one, day)
                rows.write(work)
                told = work.write_act()
                if told is not None:
                    # The desk's own next step, without a commit of its own.
                    desk._wrote(work, told)


def _by(visits: list[Any], count: int) -> Iterator[list[Any]]:
    for start in range(0, len(visits), count):
        yield visits[start : start + count]


def run(
    table: Table,
    effort: Effort,
    syncs: Syncs,
    folder: Path,
    payments: int,
    at: Path | None = None,
) -> None:
    """Tell what a payment takes on the disk, what one more costs, and the balance of five years.

    `at` is the folder of a closed book made before, maybe by an older StepDesk: it is copied.
    """
    made = kept(payments) if at is None else at
    size = (made / "book.db").stat().st_size
    desk, clock = _copied(made, folder / "large", START.first)
    with desk.read() as connection:
        ask = partial(connection.exec_driver_sql)
        count, last = ask("SELECT count(*), max(paid_on) FROM payment").one()
        acts = ask(
            "SELECT sum(length(body)) FROM act_part p JOIN act a ON a.n = p.act"
        ).scalar_one()
    book = f"{count:,} payments"
    each = size / count
    table.add(
        Row(
            "the book's size",
            book,
            told=f"{size / 1e6:,.0f} MB, {each:,.0f} bytes each",
            wanted=f"≤ {LIMIT:,} bytes each",
            holds=each <= LIMIT,
        )
    )
    table.add(Row("of it acts, as packed", book, told=f"{acts / count:,.0f} bytes each"))
    clock.set(Month.of(date.fromisoformat(last)).until)
    _balance(table, effort, desk, book)
    pair = (desk, _twin(made, folder / "twin", desk))
    large = _one_more(table, effort, syncs, pair, book)
    source, day = big_book.kept(big_book.EMPTY), big_book.today_of(big_book.EMPTY)
    desk, _ = _copied(source, folder / "empty", day)
    pair = (desk, _twin(source, folder / "empty-twin", desk))
    flat = large / _one_more(table, effort, syncs, pair, "empty")
    table.add(
        Row(
            "a contribution: its ratio, large by empty",
            ratio=flat,
            wanted=f"≤ {FLAT_AT_MOST:g}",
            holds=flat <= FLAT_AT_MOST,
        )
    )


def _copied(source: Path, target: Path, day: date) -> tuple[Desk, SetClock]:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("book.lock"))
    return big_book.opened(target, day)


def _twin(source: Path, target: Path, ours: Desk) -> Twin:
    """Return a second copy, of the same shapes as ours."""
    _copied(source, target, START.first)[0].close()
    return Twin(target, ours)


def _balance(table: Table, effort: Effort, desk: Desk, book: str) -> None:
    """Ask for the trial balance of all five years."""
    chart, until = country(desk.country), last_closed_of(desk)
    times = Times()
    for _ in range(effort.rounds(10, 3)):
        times.take(partial(desk.ask, trial_balance, chart, until))
    seconds = times.median / 1000
    row = Row("trial balance of five years", book, ours=times.median, cpu=times.median_cpu)
    row.wanted, row.holds = f"≤ {BALANCE_S} s", seconds <= BALANCE_S
    table.add(row)


def _one_more(
    table: Table, effort: Effort, syncs: Syncs, pair: tuple[Desk, Twin], book: str
) -> float:
    """Race one contribution more against its floor, close both books, return the ratio."""
    slow = effort.rounds(15, 6)
    paying = _paying(pair[0], effort.rounds(150, 30) + 10 + slow, [])
    row = race("a contribution", book, pair, syncs, paying, slow=slow)
    table.add(judged(row, here=HERE_AT_MOST, slow=SLOW_AT_MOST))
    for one in reversed(pair):
        one.close()
    return row.ratio or 0
