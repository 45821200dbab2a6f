"""A year of random verbs leaves a book in which everything agrees, whatever the seed."""

from datetime import UTC, date, datetime
from itertools import count, product
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest

from stepdesk.contributions.terms import ChargeAdded
from stepdesk.store import work
from stepdesk.store.clock import SetClock
from stepdesk.values.month import Month
from tests import builders
from tests.builders import open_copy
from tests.training.paying import PLANS, Paying
from tests.training.year import Year

LONG = tuple(range(1, 121))
SHORT = ((50, ChargeAdded.NEXT_PERIOD), (76, ChargeAdded.PRO_RATA), (74, None))


@pytest.mark.parametrize(
    ("seed", "households", "verbs"),
    [
        (0, 10, 12),
        *(pytest.param(seed, 30, 60, marks=pytest.mark.long) for seed in LONG),
    ],
)
def test_a_year_at_the_desk_leaves_books_that_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, households: int, verbs: int
) -> None:
    draw_from(monkeypatch, seed)
    clock = SetClock(datetime(2024, 1, 3, 9, tzinfo=UTC))
    with open_copy(tmp_path / "book", clock=clock) as desk:
        year = Year(desk, clock, seed, households=households)
        for at in range(12):
            year.live(Month(2024, 1).plus(at), verbs)
            year.check(whole=at == 11)
    assert desk.today >= date(2024, 12, 31)
    assert year.done["pay"] > year.done["pay refused"]
    assert year.done["pay_nothing"] == 0
    assert year.done["close_wrongly"] == 0


@pytest.mark.parametrize(
    ("seed", "charged"),
    [
        *SHORT,
        *(
            pytest.param(*one, marks=pytest.mark.long)
            for one in product(range(1, 81), (None, *ChargeAdded))
            if one not in SHORT
        ),
    ],
)
def test_a_year_of_paying_and_taking_back_leaves_no_due_with_more_than_it_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, charged: ChargeAdded | None
) -> None:
    draw_from(monkeypatch, seed)
    clock = SetClock(datetime(2024, 1, 3, 9, tzinfo=UTC))
    with open_copy(tmp_path / "book", clock=clock) as desk:
        year = Year(desk, clock, seed, households=4, charge_added=charged)
        year.pay_alone()
        for at in range(12):
            year.live(Month(2024, 1).plus(at), 20 if at else 40)
            year.check_paid()
    assert min(year.done["pay"], year.done["reverse"]) > 0


@pytest.mark.parametrize(
    ("seed", "plan"),
    [
        (7, "everything"),
        (29, "credit"),
        *(
            pytest.param(seed, plan, marks=pytest.mark.long)
            for seed, plan in product(range(1, 21), PLANS)
        ),
    ],
)
def test_accounts_read_through_what_closings_keep_are_what_their_rows_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, plan: str
) -> None:
    """Whatever the plan, after each thing that happens: see `Paying`."""
    draw_from(monkeypatch, seed)
    clock = SetClock(datetime(2024, 1, 3, 9, tzinfo=UTC))
    with open_copy(tmp_path / "book", clock=clock) as desk:
        year = Paying(desk, clock, seed, households=4, plan=plan)
        for at in range(3):
            year.live(Month(2024, 1).plus(at), 14)
            year.check_paid()
    assert min(year.done["pay"], year.done["reverse"], year.read_through) > 0


def draw_from(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Let ids, names and requests come of the seed as well: what it finds once it finds again."""
    monkeypatch.setattr(work, "os", SimpleNamespace(urandom=Random(seed).randbytes))
    monkeypatch.setattr(builders, "_households", count(0))
    monkeypatch.setattr(builders, "_requests", count(1))
