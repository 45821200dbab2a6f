"""Looking at everything a controller looks at: twelve months with 100,000 claims, 100,000 names."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import big_book, finding
from benchmarks.claims import CODES, YEAR, founded
from benchmarks.many_claims import Whose, write_many
from benchmarks.syncs import Syncs
from benchmarks.table import Effort, Row, Table, Times
from stepdesk.control import rules
from stepdesk.control.queries import facts_of
from stepdesk.control.rules.names import two_households
from stepdesk.countries import country
from stepdesk.store import engine as file
from stepdesk.store.desk import Desk
from stepdesk.values.ids import BatchId
from stepdesk.values.month import Month

CLAIMS, AT_MOST, NAMES_S = 100_000, 10.0, 60
_MONTH = Month(2025, 12)
_TABLES = (
    *("claim", "claim_line", "claim_decision", "person", "cover", "household", "payment"),
    *("allocation", "due", "person_search"),
)


def _book(folder: Path, count: int) -> Path:
    """Return a closed book of 10,000 persons in which so many claims were decided in a year."""
    name = big_book.BIG
    found = founded(name, folder)
    desk, _ = big_book.opened(found.place, big_book.today_of(name))
    with desk:
        with desk.read() as connection:
            batches = connection.exec_driver_sql(
                "SELECT id FROM claim_batch ORDER BY id"
            ).scalars()
            batch = BatchId(batches.all()[-1])
        people = found.people
        days = [YEAR + timedelta(days=at * 7 % 350) for at in range(count)]
        whose = [Whose(*people[at % len(people)], day) for at, day in enumerate(days)]
        used = [found.services[code] for code in CODES]
        write_many(desk, whose, batch_id=batch, services=used, price=1)
    return found.place


def _look(desk: Desk, told: list[int]) -> None:
    limits = rules.thresholds_on(country(desk.country), desk.today)
    facts = desk.ask(facts_of, _MONTH, desk.today)
    told.append(len(facts.care))
    rules.look(facts, limits)


def _read_all(raw: Any) -> None:
    for name in _TABLES:
        raw.execute(f"SELECT * FROM {name}").fetchall()


def _checks(table: Table, effort: Effort, folder: Path) -> None:
    count = effort.rounds(CLAIMS, 5000)
    place = _book(folder, count)
    desk, _ = big_book.opened(place, big_book.today_of(big_book.BIG))
    raw = file.connect(desk.path, desk.person.data_key, readonly=True)
    taken, bare, told = Times(), Times(), list[int]()
    for _ in range(effort.rounds(3, 1)):
        bare.take(partial(_read_all, raw))
        taken.take(partial(_look, desk, told))
    raw.close()
    desk.close()
    if told[0] != count:
        raise AssertionError(f"{told[0]} of {count} claims were looked at")
    ratio = taken.median_cpu / bare.median_cpu
    table.add(
        Row(
            "all checks over twelve months; floor: their tables read once",
            f"10,000 persons, {count:,} claims",
            bare.median,
            taken.median,
            taken.median_cpu,
            floor_cpu=bare.median_cpu,
            told=f"{ratio:.1f} times by CPU",
            wanted=f"≤ {AT_MOST:g} times",
            holds=ratio <= AT_MOST,
        )
    )


def _names(table: Table, effort: Effort, folder: Path) -> None:
    persons = effort.rounds(finding.MANY, 2000)
    finding.copy_of(persons, folder / "names")
    desk, _ = big_book.opened(folder / "names", big_book.today_of(big_book.BIG))
    limits = rules.thresholds_on(country(desk.country), desk.today)
    taken, seen = Times(), list[int]()

    def ours() -> None:
        facts = desk.ask(facts_of, Month.of(desk.today), desk.today)
        seen.append(sum(1 for _ in two_households(facts, limits)))

    for _ in range(effort.rounds(3, 1)):
        taken.take(ours)
    desk.close()
    table.add(
        Row(
            "one person in two households, gathered and looked for",
            f"{persons:,} persons, {seen[0]} pairs",
            ours=taken.median,
            cpu=taken.median_cpu,
            wanted=f"≤ {NAMES_S} s",
            holds=taken.median_cpu <= NAMES_S * 1000,
        )
    )


def run(table: Table, effort: Effort, syncs: Syncs, folder: Path) -> None:
    """Measure the checks."""
    del syncs
    _checks(table, effort, folder)
    _names(table, effort, folder)
