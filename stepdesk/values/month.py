"""Months and days of the calendar. Nothing here knows what day it is."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month; sorts by time and is written 2026-03.

    Raises:
        ValueError: when the month is not 1 to 12 or the year not 1 to 9998.
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1 <= self.year <= 9998):
            raise ValueError(f"no such month: {self.year}-{self.month}")

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read 2026-03.

        Raises:
            ValueError: for any other form.
        """
        year, dash, month = text.strip().partition("-")
        if not (dash and len(year) == 4 and len(month) == 2 and (year + month).isdecimal()):
            raise ValueError(f"not a month: {text!r}")
        return cls(int(year), int(month))

    def plus(self, months: int) -> "Month":
        """Return the month that many later, or earlier when negative."""
        count = self.year * 12 + self.month - 1 + months
        return Month(count // 12, count % 12 + 1)

    @property
    def first(self) -> date:
        """The first day, included."""
        return date(self.year, self.month, 1)

    @property
    def until(self) -> date:
        """The first day of the next month, not included."""
        return self.plus(1).first

    @property
    def last(self) -> date:
        """The last day, included."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])


@lru_cache(maxsize=10_000)
def add_months(day: date, months: int) -> date:
    """Return the same day of a later or earlier month, clipped to that month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return _clipped(year, month + 1, day.day)


def on_day(month: Month, day: int) -> date:
    """Return that day of the month, or the month's last day when it is shorter."""
    return _clipped(month.year, month.month, day)


def _clipped(year: int, month: int, day: int) -> date:
    # Every month has 28 days: only the last three need the calendar.
    return date(year, month, day if day <= 28 else min(day, monthrange(year, month)[1]))


def months_between(first: date, until: date) -> int:
    """Return how many whole months fit between two days; negative when they are reversed."""
    if until < first:
        return -months_between(until, first)
    count = (until.year - first.year) * 12 + until.month - first.month
    return count if add_months(first, count) <= until else count - 1


def age_on(birth: date, day: date) -> int:
    """Return completed years on that day; on 29 February people born then age on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
