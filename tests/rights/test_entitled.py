"""The list of the entitled says of each covered person what asking for that person says."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from stepdesk.rights.queries import entitled, verdict_of
from stepdesk.rights.terms import Answer
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from tests.builders import a_household, a_payment, a_section, open_copy, wednesday


@pytest.fixture
def clock() -> SetClock:
    return wednesday()


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    with open_copy(tmp_path / "book", clock=clock) as opened:
        yield opened


def test_each_row_says_what_asking_for_the_person_says(desk: Desk, clock: SetClock) -> None:
    homes = [a_household(desk, size) for size in (6, 1, 3)]
    a_payment(desk, homes[0], 6300)
    clock.set(date(2024, 4, 20))
    a_payment(desk, homes[0], 4200)
    a_payment(desk, homes[1], 1350)
    for day in (date(2024, 1, 9), date(2024, 3, 1), date(2024, 5, 1), date(2024, 12, 1)):
        with desk.read() as connection:
            rows = list(entitled(connection, day))
            told = {row.person_id: row.verdict for row in rows}
            asked = {row.person_id: verdict_of(connection, row.person_id, day) for row in rows}
        assert told == asked
        assert len(rows) == (0 if day < date(2024, 1, 10) else 10)
    with desk.read() as connection:
        yes = [
            row.household_id
            for row in entitled(connection, date(2024, 5, 1))
            if row.verdict.answer is Answer.YES
        ]
    assert yes == [homes[0].household_id] * 6


def test_a_section_has_its_own_list(desk: Desk) -> None:
    there, here = a_section(desk, "Ndiob"), a_section(desk, "Koula")
    homes = [a_household(desk, 2, section_id=one) for one in (there, here, there, here)]
    with desk.read() as connection:
        rows = list(entitled(connection, desk.today, section_id=here))
        everybody = list(entitled(connection, desk.today))
    assert [row.household_id for row in rows] == [
        one.household_id for one in (homes[1], homes[1], homes[3], homes[3])
    ]
    assert [row.cover.suffix for row in rows] == [0, 1, 0, 1]
    assert len(everybody) == 8
