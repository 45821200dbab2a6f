from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month, add_months, age_on, months_between, on_day
from stepdesk.values.percent import Percent

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def test_a_month_is_written_and_read() -> None:
    assert str(Month(2026, 3)) == "2026-03"
    assert Month.parse("2026-03") == Month(2026, 3)
    assert Month.of(date(2026, 3, 31)) == Month(2026, 3)


@pytest.mark.parametrize(
    "told", ["2026-13", "2026-00", "26-03", "2026-3", "2026", "march", "2026-03-01"]
)
def test_what_is_no_month_is_refused(told: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Month.parse(told)


def test_a_month_knows_its_ends() -> None:
    february = Month(2024, 2)
    assert (february.first, february.last, february.until) == (
        date(2024, 2, 1),
        date(2024, 2, 29),
        date(2024, 3, 1),
    )
    assert Month(2026, 12).plus(1) == Month(2027, 1)
    assert Month(2026, 1).plus(-1) == Month(2025, 12)


def test_months_are_clipped_to_the_month_end() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2024, 3, 31), -1) == date(2024, 2, 29)
    assert on_day(Month(2023, 2), 31) == date(2023, 2, 28)


@given(DAYS, st.integers(0, 600))
def test_months_there_and_between(day: date, count: int) -> None:
    later = add_months(day, count)
    assert months_between(day, later) == count
    assert months_between(later, day) == -count


def test_whole_months_between_two_days() -> None:
    assert months_between(date(2024, 1, 15), date(2024, 3, 14)) == 1
    assert months_between(date(2024, 1, 15), date(2024, 3, 15)) == 2
    assert months_between(date(2024, 3, 14), date(2024, 1, 15)) == -1


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2006, 9, 15), date(2024, 9, 14), 17),
        (date(2006, 9, 15), date(2024, 9, 15), 18),
        (date(2000, 2, 29), date(2001, 2, 28), 0),
        (date(2000, 2, 29), date(2001, 3, 1), 1),
    ],
)
def test_age_is_completed_years(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age


def test_a_percentage_is_rounded_half_up_to_the_coin() -> None:
    francs = Currency("XOF", 0)
    assert Percent(1250).of(Money(1000, francs)) == Money(125, francs)
    assert Percent.points(60).of(Money(25200, francs)) == Money(15120, francs)
    assert Percent(3333).of(Money(1000, francs), step=5) == Money(335, francs)
    with pytest.raises(TypeError):
        Percent(12.5)  # type: ignore[arg-type]
