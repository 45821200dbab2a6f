"""Verifying, closing a month, copying a book, and what an act weighs."""

import shutil
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import big_book
from benchmarks.syncs import Syncs
from benchmarks.table import Effort, Row, Table, Times
from benchmarks.writes import Race, Twin
from stepdesk.reports.service import close_month
from stepdesk.store import acts
from stepdesk.store import engine as file
from stepdesk.store.backup import back_up
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.store.verify import Report, acts_of
from stepdesk.values.ids import HouseholdId
from stepdesk.values.month import Month

SIGNED_A_SECOND, UNSIGNED_A_SECOND, ACT_BYTES = 4000, 8000, 420
CLOSE_S, BOOK_BYTES = 20, 1_500_000_000


def _rehash(raw: Any) -> None:
    """Read every act's parts, unpack and hash them: the least a verification can do."""
    for _, parts in acts_of(raw, 0):
        for _, salt, body, _ in parts:
            acts.part_hash(salt, acts.unpack(body))


def _verify(table: Table, effort: Effort, folder: Path) -> None:
    name = big_book.JOURNAL
    desk, _ = big_book.opened(big_book.copy_of(name, folder), date(2025, 2, 1))
    raw = file.connect(desk.path, desk.person.data_key, readonly=True)
    book = f"{big_book.JOURNAL_ACTS:,} contributions"

    def verified(*, signatures: bool) -> Report:
        report = verify_desk(desk, signatures=signatures)
        if not report.clean:
            raise AssertionError(report.findings[0])
        return report

    count = verified(signatures=True).acts
    times = {True: Times(), False: Times()}
    floor = Times()
    for _ in range(effort.rounds(5, 2)):
        floor.take(partial(_rehash, raw))
        for signatures, taken in times.items():
            taken.take(partial(verified, signatures=signatures))
    wanted = {True: SIGNED_A_SECOND, False: UNSIGNED_A_SECOND}
    for signatures, taken in times.items():
        a_second = count / taken.median * 1000
        table.add(
            Row(
                f"verify, {'with' if signatures else 'without'} signatures",
                book,
                floor.median,
                taken.median,
                taken.median_cpu,
                told=f"{a_second:,.0f} acts/s",
                wanted=f"≥ {wanted[signatures]:,}/s",
                holds=a_second >= wanted[signatures],
            )
        )
    raw.close()
    desk.close()


# What an act weighs


def _size(desk: Desk, folder: Path, *, without_acts_after: int | None = None) -> int:
    """Return the size of the book as one tight file, with or without the last acts."""
    tight = folder / "tight.db"
    tight.unlink(missing_ok=True)
    raw = file.connect(desk.path, desk.person.data_key)
    raw.execute("VACUUM INTO ?", (str(tight),))
    raw.close()
    if without_acts_after is not None:
        raw = file.connect(tight, desk.person.data_key)
        for (trigger,) in raw.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name IN ('act','act_part')"
        ).fetchall():
            raw.execute(f"DROP TRIGGER {trigger}")
        raw.execute("DELETE FROM act_part WHERE act > ?", (without_acts_after,))
        raw.execute("DELETE FROM act WHERE n > ?", (without_acts_after,))
        raw.execute("VACUUM")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        raw.close()
    size = tight.stat().st_size
    for left in folder.glob("tight.db*"):
        left.unlink()
    return size


def _weight(table: Table, folder: Path) -> None:
    name = big_book.EMPTY
    desk, clock = big_book.opened(big_book.copy_of(name, folder), big_book.today_of(name))
    with desk.read() as connection:
        told = connection.exec_driver_sql("SELECT id FROM household ORDER BY id").all()
    ids = [HouseholdId(row[0]) for row in told]
    # The first contribution of each household is larger: it is left out.
    for one in ids:
        big_book.pay_regular(desk, one)
    clock.set(date(2024, 3, 5))
    # Pages are whole: with fewer acts than this the figure is coarse.
    before, count = desk.acts, 500
    rows_before = _size(desk, folder)
    for at in range(count):
        clock.set(date(2024, 3 + at // len(ids), 6))
        big_book.pay_regular(desk, ids[at % len(ids)])
    whole = _size(desk, folder)
    bare = _size(desk, folder, without_acts_after=before)
    with desk.read() as connection:
        row = connection.exec_driver_sql(
            "SELECT sum(length(a.head) + length(a.hash) + length(a.signature) + length(a.id)"
            " + (SELECT sum(length(p.body) + length(p.salt)) FROM act_part p WHERE p.act = a.n))"
            f" FROM act a WHERE a.n > {before}"
        ).one()
    grown, payload = (whole - bare) / count, int(row[0]) / count
    book = f"{count} second payments"
    table.add(
        Row(
            "an act of a contribution, growth of the file",
            book,
            told=f"{grown:.0f} B",
            wanted=f"≤ {ACT_BYTES} B",
            holds=grown <= ACT_BYTES,
        )
    )
    table.add(Row("an act of a contribution, its bytes alone", book, told=f"{payload:.0f} B"))
    rows = (bare - rows_before) / count
    table.add(Row("its rows and indexes", book, told=f"{rows:.0f} B"))
    earned = _earned_bytes(desk, clock, folder)
    table.add(Row("a month's earning of a household", book, told=f"{earned:.0f} B"))
    # A payment a month, which the month's run earns.
    million = (grown + rows + earned) * 1_000_000
    table.add(
        Row(
            "1,000,000 payments with their journal",
            "reckoned from the above",
            told=f"{million / 1e9:.2f} GB",
            wanted=f"≤ {BOOK_BYTES / 1e9:g} GB",
            holds=million <= BOOK_BYTES,
        )
    )
    desk.close()


def _earned_bytes(desk: Desk, clock: SetClock, folder: Path) -> float:
    """Close the months so far; return what each row of earning made the file grow by."""
    before = _size(desk, folder)
    clock.set(date(2024, 5, 2))
    for month in range(2, 5):
        desk.do(close_month, month=Month(2024, month), accepting=frozenset({"not_counted"}))
    with desk.read() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM earning").scalar_one()
    return (_size(desk, folder) - before) / int(count)


# Closing and copying


def _close(table: Table, effort: Effort, syncs: Syncs, folder: Path) -> None:
    name = big_book.BIG
    desk, clock = big_book.opened(big_book.copy_of(name, folder), big_book.today_of(name))
    twin = Twin(big_book.copy_of(name, folder), desk)
    race, month = Race(desk, twin, syncs), Month(2025, 12)
    for at in range(effort.rounds(3, 1)):
        clock.set(month.plus(at).until)
        closing = partial(
            desk.do, close_month, month=month.plus(at), accepting=frozenset({"not_counted"})
        )
        race.run([closing])
    # What 50,000 would take is told by processor time: it is reckoning on one core.
    many = race.ours.median_cpu / 1000 * 50_000 / big_book.PERSONS
    table.add(
        Row(
            "closing a month",
            "10,000 persons",
            race.floor.median,
            race.ours.median,
            race.ours.median_cpu,
            sorted(race.asked)[len(race.asked) // 2],
            floor_cpu=race.floor.median_cpu,
            wanted=f"≤ {CLOSE_S} s for 50,000: {many:.0f} s",
            holds=many <= CLOSE_S,
        )
    )
    twin.close()
    desk.close()


def _copy(table: Table, effort: Effort, syncs: Syncs, folder: Path) -> None:
    name = big_book.BIG
    desk, _ = big_book.opened(big_book.copy_of(name, folder), big_book.today_of(name))
    ours, floor, asked = Times(), Times(), 0

    def bare() -> None:
        raw = file.connect(desk.path, desk.person.data_key)
        raw.execute("VACUUM INTO ?", (str(folder / "bare.db"),))
        raw.close()
        shutil.copy(folder / "bare.db", folder / "bare.sdk")

    for at in range(effort.rounds(3, 1)):
        begun = syncs.count()
        ours.take(partial(back_up, desk, folder / f"copy-{at}.sdk"))
        asked = syncs.count() - begun
        floor.take(bare)
        (folder / "bare.db").unlink()
    row = Row(
        "a checked copy of the book",
        f"{desk.path.stat().st_size >> 20} MB",
        floor.median,
        ours.median,
        ours.median_cpu,
        asked,
    )
    table.add(row)
    desk.close()


def run(table: Table, effort: Effort, syncs: Syncs, folder: Path) -> None:
    """Measure what looks at the whole book."""
    _verify(table, effort, folder)
    _weight(table, folder)
    _close(table, effort, syncs, folder)
    _copy(table, effort, syncs, folder)
