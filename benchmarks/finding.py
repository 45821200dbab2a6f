"""What finding somebody costs among 100,000 persons, or a million: `--million`.

The floor is the raw, unranked FTS5 query on the same index in the same run, with the rows of the
people it gave, through the bare driver; the index alone, without any row, is told beside it.
Asked for is a first screen of 25 people. Names are put together from syllables besides the real ones, as many as a region has.
"""

import os
import random
import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from hashlib import sha256
from inspect import getsource
from pathlib import Path
from typing import Any

from benchmarks import big_book
from benchmarks.big_book import _begin, _Rows
from benchmarks.reads import Floor
from benchmarks.syncs import CACHE, Syncs
from benchmarks.table import Effort, Row, Table, Times
from stepdesk.members.model import cover, enrolment, household, membership_event, person
from stepdesk.members.queries import search
from stepdesk.members.service import rebuild_search
from stepdesk.members.terms import BirthKnown, EventKind, Relation, Sex
from stepdesk.migrations import HEAD
from stepdesk.store.desk import Desk
from stepdesk.store.tables import SCHEMA
from stepdesk.store.work import Work
from stepdesk.values.names import fold

MANY, MILLION = 100_000, 1_000_000
P99_MS, RATIO, SIZE, SCREEN = 20, 2.0, 6, 25
_JOINED = (
    "SELECT p.surname, p.given_names, p.sex, p.birth, p.birth_known, p.deceased_on, p.photo,"
    " c.suffix, c.relation, c.until, h.serial, h.member_person_id, s.code, m.surname,"
    " m.given_names FROM person_words w JOIN person_search f ON f.doc = w.rowid"
    " JOIN person p ON p.id = f.person_id JOIN household h ON h.id = f.household_id"
    " JOIN cover c ON c.person_id = p.id JOIN section s ON s.id = h.section_id"
    " JOIN person m ON m.id = h.member_person_id WHERE person_words MATCH ? LIMIT 25"
)
_BARE = "SELECT rowid FROM person_words WHERE person_words MATCH ? LIMIT 25"
_SYLLABLES = "ba ka sa ma dia ndi go tou ré ne bi la fo ye kou san ma da wa ou po ti so le zon gué"


def kept(persons: int) -> Path:
    """Return the folder of a closed book of so many persons, made on first use."""
    makers: tuple[Callable[..., Any], ...] = (_make, _names, _household)
    made_by = "".join(getsource(one) for one in makers)
    told = sha256(f"{made_by}|{SCHEMA}|{HEAD}".encode()).hexdigest()[:12]
    folder = CACHE / f"finding-{persons}-{told}"
    if not folder.exists():
        for old in CACHE.glob(f"finding-{persons}-*"):
            shutil.rmtree(old, ignore_errors=True)
        print(f"Making the book of {persons:,} persons, once …", file=sys.stderr, flush=True)
        part = CACHE / f"making-finding-{os.getpid()}"
        CACHE.mkdir(exist_ok=True)
        _make(part, persons)
        part.replace(folder)
    return folder


def _make(folder: Path, persons: int) -> None:
    making = _begin(folder)
    chance = random.Random(11)
    with making.desk as desk:
        surnames, given = _names(desk, chance)
        left = persons
        for first in range(1, persons // SIZE + 2, 4000):
            rows = _Rows()
            with desk.work("register_many") as work:
                for serial in range(first, first + 4000):
                    size = min(SIZE, left)
                    left -= size
                    if size:
                        _household(work, rows, making, chance, serial, size, surnames, given)
                rows.write(work)
            print(f"{persons - left:,}", file=sys.stderr, flush=True)
            making.clock.set(desk.today, hour=10)
        with desk.work("rebuild_search") as work:
            rebuild_search(work)


def _names(desk: Desk, chance: random.Random) -> tuple[list[str], list[list[str]]]:
    from stepdesk.countries import country

    told, parts = country(desk.country), _SYLLABLES.split()
    made = ["".join(chance.choices(parts, k=chance.choice((2, 3, 3, 4)))) for _ in range(4000)]
    surnames = [*told.surnames] * 60 + [one.capitalize() for one in made[:2000]]
    given = [one.capitalize() for one in made[2000:]]
    return surnames, [[*told.women] * 60 + given, [*told.men] * 60 + given]


def _household(
    work: Work,
    rows: _Rows,
    making: Any,
    chance: random.Random,
    serial: int,
    size: int,
    surnames: Sequence[str],
    given: Sequence[Sequence[str]],
) -> None:
    home, surname = work.new_id(), chance.choice(surnames)
    people = [work.new_id() for _ in range(size)]
    for suffix, one in enumerate(people):
        sex = chance.choice((0, 1))
        year = 2023 - (chance.randrange(25, 70) if suffix < 2 else chance.randrange(0, 18))
        rows.add(
            person,
            id=one,
            sex=(Sex.FEMALE, Sex.MALE)[sex],
            surname=chance.choice(surnames) if suffix == 1 else surname,
            given_names=chance.choice(given[sex]),
            birth=date(year, chance.randrange(1, 13), chance.randrange(1, 28)),
            birth_known=BirthKnown.DAY,
            legacy_number="",
        )
    rows.add(
        household,
        id=home,
        serial=serial,
        section_id=chance.choice(making.sections),
        joined_on=work.today,
        declared_size=size,
        member_person_id=people[0],
        phone=f"77{chance.randrange(10**7):07d}",
        address="",
        legacy_number="",
    )
    for suffix, one in enumerate(people):
        rows.add(
            cover,
            id=work.new_id(),
            household_id=home,
            person_id=one,
            suffix=suffix,
            relation=(Relation.SELF, Relation.SPOUSE)[suffix] if suffix < 2 else Relation.CHILD,
            first_day=work.today,
        )
    rows.add(
        enrolment,
        id=work.new_id(),
        household_id=home,
        plan_id=making.plan_id,
        first_day=work.today,
    )
    rows.add(
        membership_event,
        id=work.new_id(),
        household_id=home,
        kind=EventKind.REGISTERED,
        effective_on=work.today,
        reason="",
    )


def asked(desk: Desk, count: int) -> list[tuple[str, str]]:
    """Return what people type, with the raw query a programmer would write for it.

    Three letters and more of a surname, of a given name, of both, and spelt by ear; names are
    taken over the whole book, so that frequent ones are asked for as often as they are borne.
    """
    with desk.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT p.surname, p.given_names FROM person_search f JOIN person p"
            " ON p.id = f.person_id WHERE f.doc % 997 = 5 LIMIT ?",
            (count,),
        ).all()
    typed = []
    for at in range(count):
        surname, given = rows[at % len(rows)]
        letters = 3 + at % 4
        match at % 5:
            case 0:
                words = surname[:letters]
            case 1:
                words = given[:letters]
            case 2:
                words = f"{surname} {given[:letters]}"
            case 3:
                words = f"{given[:3]} {surname[:3]}"
            case _:
                words = surname.replace("Di", "J").replace("ou", "u").replace("ss", "s")
        folded = [word for word in fold(words).split() if word]
        typed.append((words, " ".join(f'"{word}"*' for word in folded)))
    return typed


def run_many(table: Table, effort: Effort, syncs: Syncs, folder: Path) -> None:
    """Measure finding among a hundred thousand persons."""
    del syncs
    _run(table, effort, folder, MANY)


def _run(table: Table, effort: Effort, folder: Path, persons: int) -> None:
    target = folder / "finding"
    copy_of(persons, target)
    desk, _ = big_book.opened(target, date(2024, 2, 5))
    with desk:
        _measure(table, effort, desk, persons)


def copy_of(persons: int, target: Path) -> None:
    """Put the book of so many persons into a folder, to be read."""
    # A million persons are not copied: nothing is written but the book's lock.
    shutil.copytree(kept(persons), target, copy_function=_linked)


def run_million(table: Table, effort: Effort, syncs: Syncs, folder: Path) -> None:
    """Measure finding among a million persons."""
    del syncs
    _run(table, effort, folder, MILLION)


def _linked(source: str, target: str) -> None:
    if source.endswith(".db"):
        Path(target).symlink_to(Path(source).resolve())
    else:
        shutil.copy2(source, target)


def _measure(table: Table, effort: Effort, desk: Desk, persons: int) -> None:
    floor, size = Floor(desk), f"{persons:,} persons"
    typed = asked(desk, effort.rounds(1000, 200))
    ours, joined, bare = Times(), Times(), Times()
    for words, raw in typed:
        turns = (
            partial(ours.take, partial(desk.ask, search, words, limit=SCREEN)),
            partial(joined.take, partial(_raw, floor, _JOINED, raw)),
            partial(bare.take, partial(_raw, floor, _BARE, raw)),
        )
        for turn in turns:
            turn()
    row = Row("find, three letters or more, median", size, joined.median, ours.median)
    row.wanted, row.holds = f"≤ {RATIO:g} floors", ours.median <= RATIO * joined.median
    table.add(row)
    row = Row("find, 99th percentile", size, joined.at(99), ours.at(99))
    row.wanted, row.holds = f"≤ {P99_MS} ms", ours.at(99) <= P99_MS
    table.add(row)
    table.add(Row("the index alone, median", size, told=f"{bare.median:.2f} ms"))
    table.add(Row("the index alone, 99th percentile", size, told=f"{bare.at(99):.2f} ms"))
    asked_for: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("one letter", tuple("dmanks")),
        ("two letters", ("di", "ma", "nd", "fa", "so")),
        ("a telephone's beginning", ("771", "77 12", "+221 77 123", "7")),
        ("a number", ("47", "000317", "12345")),
        ("nobody", ("xyzzy", "zzz qqq", "wqx ami")),
    )
    for what, some_words in asked_for:
        some = Times()
        for _ in range(effort.rounds(10, 3)):
            for one in some_words:
                some.take(partial(desk.ask, search, one, limit=SCREEN))
        row = Row(f"find, {what}, slowest", size, told=f"{some.at(100):.1f} ms")
        row.wanted, row.holds = f"≤ {P99_MS} ms", some.at(100) <= P99_MS
        table.add(row)


def _raw(floor: Floor, statement: str, wanted: str) -> list[Any]:
    rows: list[Any] = floor.raw.execute(statement, (wanted,)).fetchall()
    return rows
