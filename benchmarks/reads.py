"""What asking costs: the desk's queries against the same statements through the bare driver.

The floor of a query is whatever it asked SQLite, recorded once and asked again through the
driver, every row fetched. A rule has no floor: it is only reckoning.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import process_time_ns
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from benchmarks import big_book
from benchmarks.syncs import Syncs
from benchmarks.table import Effort, Row, Table, Times
from stepdesk.contributions import rules as contributions
from stepdesk.contributions.queries import facts_of
from stepdesk.countries import country
from stepdesk.ledger.queries import last_closed, trial_balance
from stepdesk.members.queries import household_ids, household_rows, search
from stepdesk.reports.queries import standing
from stepdesk.reports.queries.dues import dues_rows
from stepdesk.reports.queries.lists import listed, rows_of
from stepdesk.reports.queries.standings import forget
from stepdesk.reports.terms import ListOf, Wanted
from stepdesk.rights import rules
from stepdesk.rights.queries import cover_on, household_verdicts, rights_facts, states_of
from stepdesk.store import engine as file
from stepdesk.store.desk import Desk
from stepdesk.values.ids import HouseholdId
from stepdesk.values.month import Month

SEARCH_MS, VERDICT_US, RIGHTS_MS, BALANCE_S = 16, 50, 3, 2
DUES_S = 60
Asked = list[tuple[str, Any]]


class _Heard:
    """A driver's connection or cursor that notes every statement, whichever way it comes."""

    def __init__(self, raw: Any, asked: Asked) -> None:
        self._raw = raw
        self._asked = asked

    def execute(self, statement: str, values: Any = ()) -> Any:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            self._asked.append((statement, values))
        return self._raw.execute(statement, values)

    def cursor(self, *told: Any) -> "_Heard":
        return _Heard(self._raw.cursor(*told), self._asked)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


class Floor:
    """The bare driver on the same book."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.raw = file.connect(desk.path, desk.person.data_key, readonly=True)
        self._heard: Asked = []
        listened = file.connect(desk.path, desk.person.data_key, readonly=True)
        self._listening = create_engine(
            "sqlite://",
            module=dbapi2,
            creator=lambda: _Heard(listened, self._heard),
            poolclass=StaticPool,
        )

    def asked_by(self, call: Callable[[], object]) -> Asked:
        """Return the statements a call asks, through SQLAlchemy or beside it."""
        kept, self.desk.reader = self.desk.reader, self._listening
        self._heard.clear()
        try:
            call()
        finally:
            self.desk.reader = kept
        if not self._heard:
            raise RuntimeError("nothing was heard: there would be no floor")
        return list(self._heard)

    def ask(self, asked: Asked) -> None:
        self.raw.execute("BEGIN")
        for statement, values in asked:
            self.raw.execute(statement, values).fetchall()
        self.raw.execute("COMMIT")


def against(
    floor: Floor, work: str, calls: Sequence[Callable[[], object]]
) -> tuple[Row, Times, Times]:
    """Time calls and what they ask, turn about.

    Each side meets a question for the first time when it is timed: neither has warmer pages.
    """
    ours, bare = Times(), Times()
    floor.ask(floor.asked_by(calls[0]))
    for call in calls:
        ours.take(call)
        asked = floor.asked_by(call)
        bare.take(partial(floor.ask, asked))
    row = Row(work, "10,000 persons", bare.median, ours.median, ours.median_cpu)
    row.floor_cpu = bare.median_cpu
    return row, ours, bare


def asked_names(desk: Desk, count: int) -> list[str]:
    """Return what people type: two to six letters of one name or of two, and numbers."""
    with desk.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT surname, given_names FROM person ORDER BY id"
        ).all()
    typed: list[str] = []
    for at in range(count):
        surname, given = rows[at * 37 % len(rows)]
        letters = 2 + at % 5
        match at % 4:
            case 0:
                typed.append(surname[:letters])
            case 1:
                typed.append(f"{surname} {given[:letters]}")
            case 2:
                typed.append(f"{given[:letters]} {surname[:2]}")
            case _:
                typed.append(str(1 + at * 13 % 1600))
    return typed


def _search(table: Table, effort: Effort, floor: Floor) -> None:
    desk = floor.desk
    calls = [
        partial(desk.ask, search, typed) for typed in asked_names(desk, effort.rounds(600, 160))
    ]
    row, ours, bare = against(floor, "search, median", calls)
    table.add(row)
    last = Row("search, 99th percentile", "10,000 persons", bare.at(99), ours.at(99))
    last.wanted, last.holds = f"≤ {SEARCH_MS} ms", ours.at(99) <= SEARCH_MS
    table.add(last)


def _balance(table: Table, effort: Effort, floor: Floor) -> None:
    """Ask for the trial balance of every month of the book, and of one month."""
    desk = floor.desk
    chart = country(desk.country)
    until = last_closed_of(desk)
    calls = [partial(desk.ask, trial_balance, chart, until) for _ in range(effort.rounds(60, 20))]
    row, ours, _ = against(floor, "trial balance of all months", calls)
    five = ours.median_cpu / 1000 * 60 / big_book.MONTHS
    row.wanted, row.holds = f"≤ {BALANCE_S} s for five years: {five:.3f} s", five <= BALANCE_S
    table.add(row)


def last_closed_of(desk: Desk) -> Month:
    """Return the last closed month of a book that has one."""
    found = desk.ask(last_closed)
    if found is None:
        raise RuntimeError("the book has no closed month: its balance would be another one")
    return found


def _rights(table: Table, effort: Effort, floor: Floor, ids: Sequence[HouseholdId]) -> None:
    desk = floor.desk
    calls = [
        partial(desk.ask, household_verdicts, one, desk.today)
        for one in ids[: effort.rounds(300, 60)]
    ]
    row, ours, _ = against(floor, "facts and verdicts of a household", calls)
    row.wanted, row.holds = f"≤ {RIGHTS_MS} ms of CPU", ours.median_cpu <= RIGHTS_MS
    table.add(row)


def _microseconds(calls: Sequence[Callable[[], object]]) -> float:
    """Return the median processor time of calls too short to be timed one by one."""
    found = []
    for call in calls:
        begun = process_time_ns()
        for _ in range(20):
            call()
        found.append((process_time_ns() - begun) / 20_000)
    return statistics.median(found)


def _rules(table: Table, desk: Desk, ids: Sequence[HouseholdId]) -> None:
    day, verdicts, accounts = desk.today, [], []
    for one in ids[:100]:
        facts = desk.ask(facts_of, one)
        account = contributions.account_on(facts, day)
        accounts.append(partial(contributions.account_on, facts, day))
        for cover in facts.covers[:2]:
            held = cover_on(facts, cover.person_id, day)
            verdicts.append(partial(rules.verdict, rights_facts(facts, account, held, day)))
    took = _microseconds(verdicts)
    table.add(
        Row(
            "the rule of rights alone",
            "10,000 persons",
            told=f"{took:.1f} µs",
            wanted=f"≤ {VERDICT_US} µs",
            holds=took <= VERDICT_US,
        )
    )
    took = _microseconds(accounts)
    table.add(Row("the rule of accounts alone, 24 dues", "10,000 persons", told=f"{took:.0f} µs"))


def _lists(table: Table, effort: Effort, floor: Floor, ids: Sequence[HouseholdId]) -> None:
    desk = floor.desk

    def screen(shown: Sequence[HouseholdId]) -> None:
        desk.ask(household_rows, shown, desk.today)
        desk.ask(states_of, list(shown), desk.today)

    starts = range(0, min(len(ids) - 40, 40 * effort.rounds(30, 6)), 40)
    calls: list[Callable[[], object]] = [
        partial(screen, ids[start : start + 40]) for start in starts
    ]
    table.add(against(floor, "40 rows of the list, with states", calls)[0])
    calls = [partial(desk.ask, household_ids, order="name")] * effort.rounds(10, 3)
    table.add(against(floor, "all households by name", calls)[0])

    def anew() -> None:
        # Kept from one question to the next, it would cost nothing.
        forget(desk)
        standing(desk)

    calls = [anew] * effort.rounds(5, 2)
    table.add(against(floor, "how the scheme stands, anew", calls)[0])
    everybody = Wanted(of=ListOf.PERSONS, ended=False)
    by_state = replace(everybody, order="status")
    for words, wanted in (("by number", everybody), ("by state", by_state)):
        calls = [partial(listed, desk, wanted)] * effort.rounds(10, 3)
        table.add(against(floor, f"the list of all persons opened, {words}", calls)[0])
    keys = listed(desk, everybody)
    calls = [
        partial(rows_of, desk, keys[at : at + 128])
        for at in range(0, 128 * effort.rounds(30, 6), 128)
    ]
    table.add(against(floor, "a block of 128 persons of the list", calls)[0])


def _dues(table: Table, effort: Effort, floor: Floor, homes: int) -> None:
    """Add the register of contributions of the last closed month, of every household.

    What 100,000 would take is told by processor time: it is reckoning on one core.
    """
    desk = floor.desk
    month = Month.of(desk.today).plus(-1)
    calls: list[Callable[[], object]] = [partial(desk.ask, dues_rows, month)]
    row, ours, _ = against(floor, "dues of a month, all households", calls * effort.rounds(5, 2))
    each = ours.median_cpu / homes
    row.wanted = f"≤ {DUES_S} s for 100,000: {each * 100:.0f} s"
    row.holds = each * 100 <= DUES_S
    table.add(row)


def run(table: Table, effort: Effort, syncs: Syncs, folder: Path) -> None:
    """Measure reading on the big book."""
    del syncs
    name = big_book.BIG
    desk, _ = big_book.opened(big_book.copy_of(name, folder), big_book.today_of(name))
    floor = Floor(desk)
    ids = desk.ask(household_ids)
    spread = [ids[at * 11 % len(ids)] for at in range(len(ids))]
    _search(table, effort, floor)
    _balance(table, effort, floor)
    _rights(table, effort, floor, spread)
    _rules(table, desk, spread)
    _lists(table, effort, floor, ids)
    _dues(table, effort, floor, len(ids))
    floor.raw.close()
    desk.close()
