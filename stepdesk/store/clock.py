"""The desk's clock: the only place that looks at the time."""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the moment, aware and in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The laptop's clock, which may be wrong by years: the person confirms the day."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place


class SetClock:
    """A clock somebody sets: for practice books and tests."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def set(self, day: date, hour: int = 9) -> None:
        self.moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def local_day(moment: datetime, time_zone: str) -> date:
    """Return the calendar day of a moment where the scheme lives."""
    return moment.astimezone(ZoneInfo(time_zone)).date()
