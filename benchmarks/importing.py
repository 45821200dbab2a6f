"""What bringing in a register costs: reading, guessing, judging and writing, against its rows.

The floor is the very rows the import wrote, act and search rows too, by bare `executemany` in one
transaction on a twin of the empty book.
"""

import csv
import io
import random
import sys
from pathlib import Path
from typing import Any

from benchmarks import big_book
from benchmarks.syncs import Syncs
from benchmarks.table import Effort, Row, Table, Times
from stepdesk.countries import country
from stepdesk.store import engine as file
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk

PERSONS, FEW = 100_000, 10_000
A_SECOND, FLOORS_AT_MOST = 5_000, 5.0
_TABLES = (
    *("person", "household", "membership_event", "cover", "enrolment", "import_batch"),
    *("import_row", "person_search"),
)
_HEAD = ("N° carte", "Nom", "Prénom", "Sexe", "Date de naissance", "Lien", "Village", "Téléphone",
         "Date d'adhésion")  # fmt: skip


def register(persons: int) -> bytes:
    """Return a register of so many persons as CSV, households of 5 to 7, always the same."""
    chance, pack = random.Random(7), country("SN")
    told, home = io.StringIO(), 0
    rows = csv.writer(told, delimiter=";")
    rows.writerow(_HEAD)
    while persons > 0:
        home += 1
        size = min(5 + home % 3, persons)
        persons -= size
        surname = chance.choice(pack.surnames)
        for at in range(size):
            rows.writerow(_person(chance, pack, home, at, surname))
    return told.getvalue().encode("cp1252")


def _person(chance: random.Random, pack: Any, home: int, at: int, surname: str) -> list[object]:
    sex = "FM"[(home + at) % 2] if at < 2 else chance.choice("FM")
    year = 2023 - (chance.randrange(30, 60) if at < 2 else chance.randrange(1, 17))
    given = chance.choice(pack.women if sex == "F" else pack.men)
    return [
        f"V{home:05d}",
        chance.choice(pack.surnames) if at == 1 else surname,
        f"{given} {_letters(home * 7 + at)}",
        sex,
        f"{chance.randrange(1, 29)}/{chance.randrange(1, 13)}/{year}",
        ("chef", "conjoint")[at] if at < 2 else "enfant",
        pack.sections[home % len(pack.sections)],
        f"77 {home:07d}" if at == 0 else "",
        "01/03/2022",
    ]


def _letters(number: int) -> str:
    told = ""
    while number:
        number, at = divmod(number, 26)
        told += "abcdefghijklmnopqrstuvwxyz"[at]
    return told.capitalize()


def run(table: Table, effort: Effort, syncs: Syncs, folder: Path) -> None:
    """Bring in one register, write its rows by hand, and verify the book."""
    del syncs
    persons = effort.rounds(PERSONS, FEW)
    raw = register(persons)
    source = folder / "empty"
    making = big_book._begin(source)
    making.desk.close()
    ours, twin = folder / "ours", folder / "twin"
    for one in (ours, twin):
        _copy(source, one)
    desk, _ = big_book.opened(ours, big_book.START.first)
    with desk:
        times, floor = Times(), Times()
        times.take(lambda: _import(desk, raw))
        rows = _written(desk, twin)
        other = file.connect(twin / "book.db", desk.person.data_key)
        floor.take(lambda: _by_hand(other, rows))
        other.close()
        clean = verify_desk(desk).clean
    a_second = persons / (times.median / 1000)
    table.add(
        Row(
            f"import {persons:,} persons",
            "empty",
            floor=floor.median,
            ours=times.median,
            cpu=times.median_cpu,
            wanted=f"≤ {FLOORS_AT_MOST:g}",
            holds=times.median / floor.median <= FLOORS_AT_MOST and clean,
        )
    )
    table.add(
        Row(
            "persons a second",
            "empty",
            told=f"{a_second:,.0f} a second",
            wanted=f"≥ {A_SECOND:,}",
            holds=a_second >= A_SECOND,
        )
    )


def _copy(source: Path, target: Path) -> None:
    import shutil

    shutil.copytree(source, target, ignore=shutil.ignore_patterns("book.lock", "*-wal", "*-shm"))


def _import(desk: Desk, raw: bytes) -> None:
    from stepdesk.exchange.registers.guessing import proposed
    from stepdesk.exchange.registers.reading import open_bytes
    from stepdesk.exchange.registers.writing import bring_in

    opened = open_bytes(raw, "registre.csv")
    done = desk.do(bring_in, opened=opened, choices=proposed(opened), doubtful=True)
    print(f"{done.persons:,} persons, {done.households:,} households", file=sys.stderr)


def _written(desk: Desk, twin: Path) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """Return the rows of the import as statements, those others point to first."""
    ours = file.connect(desk.path, desk.person.data_key, readonly=True)
    other = file.connect(twin / "book.db", desk.person.data_key, readonly=True)
    last = other.execute("SELECT max(n) FROM act").fetchone()[0]
    found = []
    for name in _TABLES:
        rows = [tuple(row) for row in ours.execute(f"SELECT * FROM {name}").fetchall()]
        found.append((_insert(name, rows), rows))
    words = ours.execute("SELECT doc, words, keys, phones, born FROM person_search").fetchall()
    found.append(
        (
            "INSERT INTO person_words (rowid, words, keys, phones, born) VALUES (?,?,?,?,?)",
            [tuple(row) for row in words],
        )
    )
    for name, column in (("act", "n"), ("act_part", "act")):
        query = f"SELECT * FROM {name} WHERE {column} > ?"
        rows = [tuple(row) for row in ours.execute(query, (last,)).fetchall()]
        found.append((_insert(name, rows), rows))
    ours.close()
    other.close()
    return found


def _insert(name: str, rows: list[tuple[Any, ...]]) -> str:
    return f"INSERT INTO {name} VALUES ({','.join('?' * len(rows[0]))})"


def _by_hand(raw: Any, statements: list[tuple[str, list[tuple[Any, ...]]]]) -> None:
    raw.execute("BEGIN IMMEDIATE")
    for statement, rows in statements:
        raw.executemany(statement, rows)
    raw.execute("COMMIT")
