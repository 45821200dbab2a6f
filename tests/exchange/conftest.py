from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from tests.builders import make_book


@pytest.fixture
def book(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., Desk]:
    """Make a new book of a country, the clock at nine on a day."""

    def make(country: str = "SN", day: date = date(2026, 11, 23)) -> Desk:
        clock = SetClock(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
        desk = make_book(tmp_path / f"book-{country}-{day}", country, clock=clock)
        request.addfinalizer(desk.close)
        return desk

    return make
