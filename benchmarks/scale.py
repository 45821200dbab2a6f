"""Whole runs over a large scheme: `--households N`, and not reckoned up from a smaller one.

The register of contributions of a month, a month closed by its verb, Today, the month for the
board. The book is made by the bulk writer, once: some hundred households are reckoned by the rules
for two years, and each stands for many that live alike; those of one pattern share the entry of
their payment. Its journal and its ledger agree all the same.
"""

import resource
import shutil
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from benchmarks.big_book import MONTHS, START, Making, _begin, _register, _Rows, _Scheme, opened
from benchmarks.payments import _by
from benchmarks.reads import Floor
from benchmarks.start import NotThere, Starts
from benchmarks.syncs import CACHE, Syncs
from benchmarks.table import Effort, Row, Table
from benchmarks.writes import Race, Twin
from stepdesk import migrations
from stepdesk.contributions import rules
from stepdesk.contributions.model import allocation, due, earning, payment
from stepdesk.contributions.queries import facts_of
from stepdesk.errors import Cancelled
from stepdesk.i18n import Text
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.ledger.model import entry, entry_line
from stepdesk.members.service import rebuild_search
from stepdesk.progress import Progress
from stepdesk.reports.queries import control_differences, standing
from stepdesk.reports.queries.dues import dues_rows
from stepdesk.reports.queries.months import month_report
from stepdesk.reports.service import close_month
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.store.settings import Settings, write_settings
from stepdesk.store.work import Work, plain
from stepdesk.ui.today import facts as today
from stepdesk.values.ids import HouseholdId
from stepdesk.values.month import Month

DUES_S, CLOSE_S, CLOSE_PERSONS, DUES_HOUSEHOLDS = 60, 20, 50_000, 100_000
PERSONS_EACH, PATTERNS = 6, 300
"""A multiple of three, so that who lives alike comes on the same days; and of five."""
_AT_ONCE = 20
_TOGETHER = 4000


def kept(households: int) -> Path:
    """Return the folder of a closed book of so many households, made on first use."""
    versions = sorted((Path(migrations.__file__).parent / "versions").glob("*.py"))
    told = b"".join(one.read_bytes() for one in (Path(__file__), *versions))
    folder = CACHE / f"scale-{households}-{sha256(told).hexdigest()[:12]}"
    if not folder.exists():
        for old in CACHE.glob(f"scale-{households}-*"):
            shutil.rmtree(old, ignore_errors=True)
        part = CACHE / f"making-scale-{households}"
        shutil.rmtree(part, ignore_errors=True)
        CACHE.mkdir(exist_ok=True)
        make(part, households)
        part.replace(folder)
    return folder


def make(folder: Path, households: int, *, months: int = MONTHS) -> None:
    """Make a book of so many households; all months but the last are closed."""
    making = _begin(folder)
    with making.desk:
        ids = _register_all(making, households)
        _say(f"{households:,} households are registered")
        scheme = _Alike(making, ids)
        for at in range(months):
            scheme.collect(START.plus(at))
            if at < months - 1:
                making.clock.set(START.plus(at).until)
                scheme.close(START.plus(at))
            _say(f"{START.plus(at)}: {scheme.written:,} rows")
        making.clock.set(START.plus(months - 1).until + timedelta(days=4))


def _say(told: str) -> None:
    print(f"{time.process_time():6.0f} s CPU  {told}", file=sys.stderr, flush=True)


def _register_all(making: Making, households: int) -> list[HouseholdId]:
    ids = []
    for some in _by(list(range(1, households + 1)), _TOGETHER):
        rows = _Rows()
        with making.desk.work("register_many") as work:
            ids += [_register(making, work, rows, serial, PERSONS_EACH) for serial in some]
            rows.write(work)
        making.clock.set(making.desk.today, hour=10)
    with making.desk.work("rebuild_search") as work:
        rebuild_search(work)
    return ids


class _Alike(_Scheme):
    """The patterns' accounts in memory, and who else lives like each of them."""

    def __init__(self, making: Making, ids: list[HouseholdId]) -> None:
        self.making = making
        self.count = min(PATTERNS, len(ids))
        self.alike = {one: ids[at :: self.count] for at, one in enumerate(ids[: self.count])}
        self.facts = {one: making.desk.ask(facts_of, one) for one in self.alike}
        self.owed, self.serials = {}, Counter()
        self.most = max(map(len, self.alike.values()))
        self.dues: dict[bytes, list[bytes]] = {}
        self.booked: dict[tuple[HouseholdId, Any], list[int]] = {}
        self.times = self.written = 0

    def collect(self, month: Month) -> None:
        """Take a month's payments of the patterns, then write them for everybody."""
        visits = sorted(
            (self._day(month, at), at, one) for at, one in enumerate(self.facts) if self._comes(at)
        )
        self.making.clock.set(month.last, hour=17)
        rows = _Rows()
        with self.making.desk.work("import_payments") as work:
            for day, _, one in visits:
                self._pay(work, rows, one, day)
            for table in (entry, entry_line):
                work.insert_many(table, rows.by_table.pop(table, ()))
        self._book_earned(rows.by_table.get(earning, ()))
        self._write(rows)

    def close(self, month: Month) -> None:
        """Close a month as its verb does, the patterns' earnings written for everybody."""
        rows = _Rows()
        desk = self.making.desk
        with desk.work("run_earnings") as work:
            paid, unpaid = self._earn(work, rows, month)
            for one in (posting.earned(paid=paid), posting.owed(unpaid=unpaid)):
                if one.lines:
                    ledger.post(work, one, day=month.last)
        self._book_earned(rows.by_table.get(earning, ()))
        self._write(rows)
        with desk.work("close_month") as work:
            ledger.lock_month(work, month=month, cash_counted=None, single_control=True)
        self.forget_receivables()

    def _earn(self, work: Work, rows: _Rows, month: Month) -> tuple[int, int]:
        sums = [0, 0]
        for one, facts in self.facts.items():
            for first_day, earned in sorted(rules.earned_of(facts, month.last).items()):
                had = self.booked.get((one, first_day), [0, 0])
                paid, unpaid = earned.paid - had[0], earned.unpaid - had[1]
                if paid or unpaid:
                    told = {"household_id": one, "due_first_day": first_day, "month": str(month)}
                    rows.add(earning, id=work.new_id(), paid=paid, unpaid=unpaid, **told)
                    sums[0] += paid * len(self.alike[one])
                    sums[1] += unpaid * len(self.alike[one])
        return sums[0], sums[1]

    def _book_earned(self, rows: Iterable[Mapping[str, Any]]) -> None:
        for row in rows:
            held = self.booked.setdefault((row["household_id"], row["due_first_day"]), [0, 0])
            held[0] += row["paid"]
            held[1] += row["unpaid"]

    def _book(
        self, work: Work, rows: _Rows, parts: Any, amount: int, cleared: int, day: Any
    ) -> bytes:
        entry_id = super()._book(work, rows, parts, amount, cleared, day)
        for line in rows.by_table[entry_line]:
            if line["entry_id"] == entry_id:
                line["amount"] *= self.times  # type: ignore[operator]
        return entry_id

    def _pay(self, work: Work, rows: _Rows, one: HouseholdId, day: Any) -> None:
        self.times = len(self.alike[one])
        super()._pay(work, rows, one, day)

    # For everybody

    def _write(self, rows: _Rows) -> None:
        told = {
            table: [self._pattern(table, row) for row in rows.by_table.get(table, ())]
            for table in (due, payment, allocation, earning)
        }
        owner = {one.row[0]: one.row[one.places["household_id"]] for one in told[payment]}
        for first in range(0, self.most, _AT_ONCE):
            with self.making.desk.work("import_payments") as work:
                for at in range(first, min(first + _AT_ONCE, self.most)):
                    self._write_one(work, told, owner, at)

    @staticmethod
    def _pattern(table: Any, row: Mapping[str, object]) -> "_Pattern":
        names = table.columns.keys()
        return _Pattern([plain(row.get(name)) for name in names], _places(tuple(names)))

    def _write_one(
        self,
        work: Work,
        told: Mapping[Any, list["_Pattern"]],
        owner: Mapping[Any, Any],
        at: int,
    ) -> None:
        """Write the rows of the household that is the so-manyth alike of each pattern."""
        payments = {one: work.new_id() if at else one for one in owner}
        for table, patterns in told.items():
            found: list[list[Any]] = []
            for one in patterns:
                home = one.get("household_id") or owner[one.get("payment_id")]
                if at < len(self.alike[home]):
                    found.append(self._copied(work, table, one, payments, at))
            work.insert_rows(table, found)
            self.written += len(found)

    def _copied(
        self, work: Work, table: Any, one: "_Pattern", payments: Mapping[Any, bytes], at: int
    ) -> list[Any]:
        row, places = list(one.row), one.places
        if "household_id" in places:
            row[places["household_id"]] = self.alike[row[places["household_id"]]][at]
        if table is payment:
            row[0] = payments[row[0]]
            row[places["request_id"]] = self.making.chance.randbytes(16)
            row[places["serial"]] = self._serial("everybody", row[places["year"]])
            return row
        if at:
            row[0] = work.new_id()
        if one.get("payment_id"):
            row[places["payment_id"]] = payments[one.get("payment_id")]
        if table is due:
            self.dues.setdefault(one.row[0], []).append(row[0])
        elif table is allocation and one.get("due_id"):
            row[places["due_id"]] = self.dues[one.get("due_id")][at]
        return row


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A row, plain already, and where each of its columns stands in it."""

    row: list[Any]
    places: Mapping[str, int]

    def get(self, name: str) -> Any:
        at = self.places.get(name)
        return None if at is None else self.row[at]


@cache
def _places(names: tuple[str, ...]) -> Mapping[str, int]:
    return {name: at for at, name in enumerate(names)}


# What is measured


class Watched(Progress):
    """What a run told while it went on, and the longest it said nothing."""

    def __init__(self, *, until: float = 2.0) -> None:
        super().__init__()
        self.until, self.steps, self.longest, self.share = until, 0, 0.0, 0.0
        self.last = self.begun = time.perf_counter()
        self.cancelled_at = 0.0

    def step(self, done: int, total: int, text: Text | None = None) -> None:
        now = time.perf_counter()
        self.longest, self.last = max(self.longest, now - self.last), now
        self.steps += 1
        self.share = done / total if total else 0.0
        if self.share >= self.until and not self.cancelled:
            self.cancelled_at = now
            self.cancel()
        super().step(done, total, text)


class _Memory:
    """The most this process held while something ran, in MB, above what it held before."""

    def __init__(self) -> None:
        self.before, self.most, self._over = _resident(), 0.0, threading.Event()

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            self.most = max(self.most, _resident() - self.before)

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def _took(call: Callable[[], Any]) -> tuple[float, float, Any]:
    cpu, wall = time.process_time(), time.perf_counter()
    found = call()
    return time.perf_counter() - wall, time.process_time() - cpu, found


def _dues(table: Table, desk: Desk, households: int) -> None:
    """The register of contributions of the last closed month, of every household."""
    month = Month.of(desk.today).plus(-1)
    floor = Floor(desk)
    watch = Watched()
    with _Memory() as memory:
        wall, cpu, rows = _took(partial(desk.ask, dues_rows, month, progress=watch))
    if len(rows) != households:
        raise AssertionError(f"{len(rows)} of {households} households were told")
    # The floor listens to the same call, which reckons: fewer households tell the same statements.
    asked = floor.asked_by(partial(desk.ask, dues_rows, month))
    bare_wall, bare_cpu, _ = _took(partial(floor.ask, asked))
    seconds = f"{wall:.1f} s, {cpu:.1f} s CPU"
    table.add(
        Row(
            "dues of a month, all households, whole",
            f"{households:,} households",
            bare_wall * 1000,
            wall * 1000,
            cpu * 1000,
            floor_cpu=bare_cpu * 1000,
            told=seconds,
            wanted=f"≤ {DUES_S} s for {DUES_HOUSEHOLDS:,}",
            holds=wall <= DUES_S * max(households / DUES_HOUSEHOLDS, 1),
        )
    )
    _told_meanwhile(table, "dues", watch, memory)
    floor.raw.close()
    _given_up(table, "dues", desk, lambda one: desk.ask(dues_rows, month, progress=one))


def _told_meanwhile(table: Table, what: str, watch: Watched, memory: _Memory) -> None:
    table.add(
        Row(
            f"{what}: progress, memory above what was held",
            told=f"{watch.steps} steps, longest silence {watch.longest:.1f} s,"
            f" {memory.most:.0f} MB",
        )
    )


def _given_up(table: Table, what: str, desk: Desk, call: Callable[[Progress], object]) -> None:
    """Cancel half way: it stops soon, and the book is as it was."""
    watch, before = Watched(until=0.5), _state_of(desk)
    try:
        call(watch)
    except Cancelled:
        took = time.perf_counter() - watch.cancelled_at
    else:
        raise AssertionError("it was not given up")
    same = _state_of(desk) == before
    table.add(Row(f"{what}: given up half way", told=f"after {took:.2f} s", holds=same))


def _state_of(desk: Desk) -> tuple[Any, ...]:
    with desk.read() as connection:
        counts = (
            connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
            for name in ("act", "earning", "entry", "entry_line", "closing", "allocation")
        )
        return tuple(counts)


def _closing(table: Table, folder: Path, place: Path, syncs: Syncs, households: int) -> None:
    """The last month closed by its verb, against its rows written by hand."""
    month = START.plus(MONTHS - 1)
    shutil.copytree(place, folder / "twin")
    desk, _ = opened(place, month.until)
    twin = Twin(folder / "twin", desk)

    def close(progress: Progress) -> object:
        return desk.do(
            close_month, month=month, accepting=frozenset({"not_counted"}), progress=progress
        )

    _given_up(table, "closing", desk, close)
    watch, race = Watched(), Race(desk, twin, syncs)
    with _Memory() as memory:
        race.run([partial(close, watch)])
    persons = households * PERSONS_EACH
    wall = race.ours.median / 1000
    table.add(
        Row(
            "closing a month, whole",
            f"{persons:,} persons",
            race.floor.median,
            race.ours.median,
            race.ours.median_cpu,
            race.asked[0],
            floor_cpu=race.floor.median_cpu,
            told=f"{wall:.1f} s, {race.ours.median_cpu / 1000:.1f} s CPU",
            wanted=f"≤ {CLOSE_S} s for {CLOSE_PERSONS:,}",
            holds=wall <= CLOSE_S * max(persons / CLOSE_PERSONS, 1),
        )
    )
    _told_meanwhile(table, "closing", watch, memory)
    twin.close()
    report = verify_desk(desk, whole=False)
    table.add(
        Row(
            "the new acts verified, the ledger agrees",
            holds=report.clean and not desk.ask(control_differences),
        )
    )
    desk.close()
    shutil.rmtree(folder / "twin")


def _pages(table: Table, desk: Desk, households: int) -> None:
    """Today and the month for the board, asked as their pages ask."""
    book = f"{households * PERSONS_EACH:,} persons"
    month = Month.of(desk.today).plus(-1)
    asked: tuple[tuple[str, Callable[[], object]], ...] = (
        ("Today, first: what the books say", partial(today.facts_of, desk)),
        ("Today, then: how every household stands, anew", partial(standing, desk)),
        ("Today, then: how every household stands, again", partial(standing, desk)),
        ("the month for the board, first", partial(month_report, desk, month)),
        ("the month for the board, again", partial(month_report, desk, month)),
    )
    for words, call in asked:
        wall, cpu, _ = _took(call)
        table.add(Row(words, book, ours=wall * 1000, cpu=cpu * 1000))


def _login(table: Table, place: Path, households: int) -> None:
    """The real window, in a process of its own."""
    write_settings(Settings(last_book=str(place), language="fr"))
    day = (START.plus(MONTHS).first + timedelta(days=4)).isoformat()
    main = Starts()
    try:
        main.take("main", day)
    except NotThere as missing:
        table.add(Row(f"a window did not come: {missing}", holds=False))
        return
    book = f"{households * PERSONS_EACH:,} persons"
    for words, name in (("until Today stands there", "shown"), ("until it is filled", "filled")):
        table.add(Row(f"login {words}", book, ours=main.median(name)))
    table.add(Row("memory, every page visited", book, told=f"{main.median('rss_visited'):.0f} MB"))


def run(table: Table, effort: Effort, syncs: Syncs, folder: Path, households: int) -> None:
    """Measure long runs on a book of so many households, each whole and once."""
    del effort
    place = folder / "copy"
    shutil.copytree(kept(households), place)
    size = (place / "book.db").stat().st_size
    table.add(Row("the book", f"{households:,} households", told=f"{size / 1e6:,.0f} MB"))
    desk, _ = opened(place, START.plus(MONTHS).first + timedelta(days=4))
    with desk:
        _dues(table, desk, households)
        _say("dues are told")
        _pages(table, desk, households)
        _say("pages are told")
    _login(table, place, households)
    _closing(table, folder, place, syncs, households)
