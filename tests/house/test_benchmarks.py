"""The benchmarks still run: a small book is sound, and a floor writes what the verb wrote."""

import shutil
from pathlib import Path

import pytest

from benchmarks import big_book
from benchmarks.syncs import Syncs
from benchmarks.table import Row, Table
from benchmarks.writes import Race, Twin, _paying, _registering, _reversing
from stepdesk.reports.queries import control_differences
from stepdesk.store.checking import verify_desk
from stepdesk.values.ids import PaymentId
from stepdesk.values.month import Month

TABLES = ("payment", "allocation", "due", "entry", "entry_line", "person", "person_search", "act")


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STEPDESK_STATE", str(tmp_path / "state"))
    folder = tmp_path / "small"
    big_book.make_big(folder, persons=60, months=4)
    return folder


def test_the_made_book_agrees_with_its_journal_and_its_ledger(small: Path) -> None:
    desk, _ = big_book.opened(small, Month(2024, 5).first)
    with desk:
        assert verify_desk(desk).findings == []
        assert desk.ask(control_differences) == {}


def test_a_floor_writes_the_rows_of_the_verb(small: Path, tmp_path: Path) -> None:
    other = tmp_path / "twin"
    shutil.copytree(small, other)
    desk, _ = big_book.opened(small, Month(2024, 5).first)
    with desk:
        twin = Twin(other, desk)
        made: list[PaymentId] = []
        race = Race(desk, twin, Syncs())
        race.run(_paying(desk, 3, made))
        race.run(_reversing(desk, made))
        race.run(_registering(desk, 2))
        for table in TABLES:
            asked = f"SELECT * FROM {table} ORDER BY 1"
            theirs = twin.raw.execute(asked).fetchall()
            with desk.read() as connection:
                ours = [tuple(row) for row in connection.exec_driver_sql(asked)]
            assert len(ours) == len(theirs), table
            assert ours == theirs or table == "act"
        twin.close()


def test_a_table_shows_what_holds(tmp_path: Path) -> None:
    table = Table(shim=False)
    table.add(Row("work", floor=1, ours=3, syncs=1, wanted="≤ 5", holds=True))
    table.add(Row("other", told="7 B", holds=False))
    shown = table.text()
    assert "3.00" in shown
    assert "✓" in shown
    assert "✗" in shown
    assert "not simulated" in shown
    table.save(tmp_path / "told.json")
