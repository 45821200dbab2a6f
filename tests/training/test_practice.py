"""The practice scheme: the same from the same seed, and nothing a verification could find."""

from datetime import date
from pathlib import Path

import pytest

from stepdesk.contributions.queries import receipt_gaps
from stepdesk.ledger.queries import last_closed, unbalanced
from stepdesk.migrations import shape
from stepdesk.reports.queries import control_differences, standing
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk, new_desk
from stepdesk.store.keys import FLOOR
from stepdesk.training.practice import make_practice, practice_start
from stepdesk.training.terms import FIRST_PERSON, PASSWORD, Made
from stepdesk.values.month import Month
from tests.builders import open_copy, wednesday

LAST = date(2026, 11, 23)


def make(folder: Path, country: str = "SN", *, seed: int = 1) -> tuple[Desk, Made]:
    clock = wednesday()
    clock.set(practice_start(LAST, 5))
    desk = new_desk(
        folder,
        name=FIRST_PERSON,
        password=PASSWORD,
        country_code=country,
        language="fr",
        practice=True,
        shape=shape,
        clock=clock,
        cost=FLOOR,
    )
    made = make_practice(desk, clock, last_day=LAST, seed=seed, households=14, months=5)
    return desk, made


def told(desk: Desk) -> list[tuple[object, ...]]:
    """What people would read: all receipts with number, day and amount."""
    with desk.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT p.year, p.letter, p.serial, p.paid_on, p.amount, h.serial, m.surname,"
            " m.given_names FROM payment p JOIN household h ON h.id = p.household_id"
            " JOIN person m ON m.id = h.member_person_id ORDER BY p.year, p.serial"
        ).all()
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("country", ["SN", "ZZ"])
def test_a_practice_scheme_is_whole(tmp_path: Path, country: str) -> None:
    desk, made = make(tmp_path / "book", country)
    with desk:
        assert made.households == 14
        assert (made.months_closed, made.reversals, made.last_day) == (4, 1, LAST)
        assert desk.today == LAST
        report = verify_desk(desk)
        assert (report.findings, report.acts) == ([], desk.acts)
        assert desk.ask(control_differences) == {}
        assert desk.ask(unbalanced) == []
        assert desk.ask(receipt_gaps) == []
        assert desk.ask(last_closed) == Month(2026, 10)
        assert standing(desk).persons == made.persons


def test_the_same_seed_makes_the_same_scheme_and_another_another(tmp_path: Path) -> None:
    desks = [make(tmp_path / name, seed=seed)[0] for name, seed in (("a", 1), ("b", 1), ("c", 2))]
    first, again, other = (told(desk) for desk in desks)
    for desk in desks:
        desk.close()
    assert first == again
    assert first != other


def test_practice_data_stays_out_of_a_real_book(tmp_path: Path) -> None:
    clock = SetClock(wednesday().now())
    with (
        open_copy(tmp_path / "real", practice=False, clock=clock) as desk,
        pytest.raises(ValueError, match="practice"),
    ):
        make_practice(desk, clock, last_day=LAST)
