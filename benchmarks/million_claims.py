"""A book of very many claims: `--claims N`. A what-if over its first 100,000, and one more decided.

It is made for real, once, and kept: two years of care of everybody on the big book, in the order of
the days. Its claims are copies of decided ones, see `many_claims.py`, and so few acts.
"""

import shutil
import sys
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from time import monotonic

from benchmarks import big_book, many_claims
from benchmarks.claims import CODES, FIRST, Founded, flat_row, founded, race_claims
from benchmarks.many_claims import Whose
from benchmarks.syncs import CACHE, Syncs
from benchmarks.table import Effort, Row, Table, Times
from stepdesk.benefits.queries import packages
from stepdesk.claims.service import what_if
from stepdesk.i18n import Text
from stepdesk.progress import Progress
from stepdesk.store.desk import Desk
from stepdesk.values.ids import BatchId, PersonId, ServiceId

WHAT_IF, WHAT_IF_S = 100_000, 60
SPAN = 728
"""Days of care, up to yesterday: two years."""
_BOOK = big_book.BIG


def kept(claims: int) -> Path:
    """Return the folder of a closed book of so many claims, made on first use; copy it."""
    told = Path(many_claims.__file__).read_bytes()
    key = sha256(told + f"{SPAN}|{big_book.kept(_BOOK).name}".encode()).hexdigest()[:12]
    folder = CACHE / f"claims-{claims}-{key}"
    if not folder.exists():
        for old in CACHE.glob(f"claims-{claims}-*"):
            shutil.rmtree(old, ignore_errors=True)
        print(f"Making the book of {claims:,} claims, once …", file=sys.stderr, flush=True)
        part = CACHE / f"making-claims-{claims}"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        _make(part, claims).replace(folder)
        shutil.rmtree(part)
    return folder


def _make(folder: Path, claims: int) -> Path:
    found = founded(_BOOK, folder)
    today = big_book.today_of(_BOOK)
    desk, _ = big_book.opened(found.place, today)
    with desk:
        with desk.read() as connection:
            everybody = connection.exec_driver_sql(
                "SELECT person_id, household_id FROM cover ORDER BY person_id"
            ).all()
        first = today - timedelta(days=SPAN)
        # A step that has no divisor in common with any number of persons: everybody in turn.
        whose = [
            Whose(
                PersonId(everybody[at * 7919 % len(everybody)][0]),
                everybody[at * 7919 % len(everybody)][1],
                first + timedelta(days=at * SPAN // claims),
            )
            for at in range(claims)
        ]
        used = [found.services[code] for code in CODES]
        many_claims.write_many(desk, whose, batch_id=_batch(desk, "E"), services=used, price=1)
    return found.place


def _batch(desk: Desk, provider: str) -> BatchId:
    with desk.read() as connection:
        told = connection.exec_driver_sql(
            "SELECT b.id FROM claim_batch b JOIN provider p ON p.id = b.provider_id"
            " WHERE p.code = ?",
            (provider,),
        )
        return BatchId(told.scalar_one())


def _copied(claims: int, folder: Path) -> Founded:
    """Return a copy of the kept book, as `founded` returns one."""
    place = folder / f"claims-{claims}"
    shutil.copytree(kept(claims), place)
    desk, _ = big_book.opened(place, big_book.today_of(_BOOK))
    with desk:
        with desk.read() as connection:
            rows = connection.exec_driver_sql("SELECT code, id FROM service").all()
        services = {code: ServiceId(told) for code, told in rows}
        return Founded(place, _batch(desk, "C"), services, many_claims.people_of(desk))


class _Told(Progress):
    """How often it was told how far it is."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[tuple[int, int]] = []

    def step(self, done: int, total: int, text: Text | None = None) -> None:
        super().step(done, total, text)
        self.steps.append((done, total))


def _first_days(desk: Desk, count: int) -> tuple[date, int]:
    """Return the day by whose end so many claims, or all, had their care, and how many they are."""
    with desk.read() as connection:
        days = connection.exec_driver_sql(
            "SELECT last_day, count(*) FROM claim GROUP BY last_day ORDER BY last_day"
        ).all()
    total = 0
    for day, claims in days:
        total += claims
        if total >= count:
            return date.fromisoformat(day), total
    return desk.today, total


def _what_if(table: Table, found: Founded, effort: Effort) -> None:
    desk, _ = big_book.opened(found.place, big_book.today_of(_BOOK))
    with desk:
        last, count = _first_days(desk, WHAT_IF)
        version = next(iter(desk.ask(packages).values()))[-1]
        taken, progress = Times(), _Told()
        for _ in range(effort.rounds(3, 1)):
            progress.steps.clear()
            taken.take(
                partial(
                    what_if,
                    desk,
                    package=version,
                    first_day=FIRST,
                    last_day=last,
                    progress=progress,
                )
            )
    seconds = taken.median / 1000
    table.add(
        Row(
            f"a what-if over {count:,} claims, {len(progress.steps)} times told how far",
            "",
            ours=taken.median,
            cpu=taken.median_cpu,
            told=f"{seconds:.1f} s, {count / taken.median_cpu * 1000:,.0f} claims/s by CPU",
            wanted=f"≤ {WHAT_IF_S} s for {WHAT_IF:,}",
            holds=seconds <= WHAT_IF_S * count / WHAT_IF,
        )
    )


def run_million(table: Table, effort: Effort, syncs: Syncs, folder: Path, claims: int) -> None:
    """Reckon its first claims anew for a what-if, and decide one more, here and without them."""
    begun = monotonic()
    full = _copied(claims, folder)
    size = (full.place / "book.db").stat().st_size
    table.add(
        Row(
            "the book with its claims, there or made",
            f"{claims:,} claims",
            told=f"{size / 1e6:,.0f} MB, {monotonic() - begun:,.0f} s",
        )
    )
    _what_if(table, full, effort)
    rows = [
        race_claims("10,000 persons", _BOOK, founded(_BOOK, folder), effort, syncs),
        race_claims(f"10,000 persons, {claims:,} claims", _BOOK, full, effort, syncs),
    ]
    for row in rows:
        table.add(row)
    flat_row(table, "many claims by none", *rows)
