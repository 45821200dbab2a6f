"""What is typed of a plan beside numbers and words: shares, days of a year, and lists of either.

Lists are typed in one line, parted by semicolons: `1: 400; 2: 1 200` are sizes with amounts.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from stepdesk.contributions.terms import Band, SeasonDue, Window
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ui.members.answers import Line
from stepdesk.ui.overriding import override
from stepdesk.ui.widgets.field import Field, NumbersField
from stepdesk.ui.widgets.number_field import minor_of, plain_text

_HUNDREDTHS = 2
_DAY = re.compile(r"(\d{1,2}) ?[/. ] ?(\d{1,2})", re.ASCII)
_RANGE = re.compile(r"(.+?)\s*(?:\.\.+|…|[-–])\s*(.+)")

_NO_SHARE = Text(N_("This is no share. Type it in percent, such as 5 or 2.5."))
_NO_DAY = Text(N_("This is no day of the year. Type day and month, such as 15/12."))
_NO_BANDS = Text(N_("Type each size with its amount: 1: 400; 2: 1 200; 5: 2 000."))
_NO_CATEGORIES = Text(N_("Type each category's code with its amount: IND: 0; STUDENT: 200."))
_NO_SEASON = Text(N_("Type each day with its share in percent: 15/12: 60; 15/2: 40."))
_NO_WINDOWS = Text(N_("Type the first and the last day of each: 1/1..31/3; 1/7..31/7."))


class PlanLine(Line):
    """A line read and written by its own two functions; left empty it is `empty`.

    Args:
        field: What is typed in.
        read: Returns what was typed as the plan keeps it; raises ValueError or a Refusal.
        write: Returns it as one types it.
        wrong: What is said of what cannot be read.
        empty: What nothing typed means.
    """

    def __init__(
        self,
        field: Field,
        read: Callable[[str], object],
        write: Callable[[Any], str],
        wrong: Text,
        *,
        empty: object = None,
    ) -> None:
        super().__init__(field)
        self._read, self._write, self._wrong, self._empty = read, write, wrong, empty

    @override
    def value(self) -> object:
        return self.understood(self.field.text().strip())

    def understood(self, told: str) -> object:
        """Return what a line means.

        Raises:
            Refusal: when it cannot be read.
        """
        if not told:
            return self._empty
        try:
            return self._read(told)
        except (ValueError, TypeError):
            raise Refusal(self._wrong) from None

    @override
    def put(self, value: object) -> None:
        self.field.setText(self.written(value))

    def written(self, value: object) -> str:
        """Return a value as it is typed in one line."""
        return "" if value in (None, self._empty) else self._write(value)


def share_line() -> PlanLine:
    """Return a field for a share in percent, kept in hundredths of a percent."""
    return PlanLine(NumbersField(), _share, _share_text, _NO_SHARE)


def day_line() -> PlanLine:
    """Return a field for a day of the year."""
    return PlanLine(NumbersField(), _of_year, _year_text, _NO_DAY)


def days_line() -> PlanLine:
    """Return a field for several days of the year."""

    def written(told: Sequence[tuple[int, int]]) -> str:
        return "; ".join(map(_year_text, told))

    return PlanLine(NumbersField(), _each(_of_year), written, _NO_DAY, empty=())


def bands_line(exponent: int) -> PlanLine:
    """Return a field for sizes of household with their amounts."""

    def read(told: str) -> Band:
        persons, amount = _pair(told)
        return Band(int(persons), _amount(amount, exponent))

    def written(told: Sequence[Band]) -> str:
        return "; ".join(f"{one.persons}: {plain_text(one.amount, exponent)}" for one in told)

    return PlanLine(NumbersField(), _each(read), written, _NO_BANDS, empty=())


def categories_line(exponent: int) -> PlanLine:
    """Return a field for the codes of categories with their amounts."""

    def read(told: str) -> tuple[str, int]:
        code, amount = _pair(told)
        return code, _amount(amount, exponent)

    def written(told: Sequence[tuple[str, int]]) -> str:
        return "; ".join(f"{code}: {plain_text(amount, exponent)}" for code, amount in told)

    return PlanLine(Field(), _each(read), written, _NO_CATEGORIES, empty=())


def season_line() -> PlanLine:
    """Return a field for the days of a season with their shares."""

    def read(told: str) -> SeasonDue:
        day, share = _pair(told)
        return SeasonDue(*_of_year(day), int(share.rstrip("% ")))

    def written(told: Sequence[SeasonDue]) -> str:
        return "; ".join(f"{one.day}/{one.month}: {one.share}" for one in told)

    return PlanLine(NumbersField(), _each(read), written, _NO_SEASON, empty=())


def windows_line() -> PlanLine:
    """Return a field for the times of the year in which households may enter."""

    def read(told: str) -> Window:
        match = _RANGE.fullmatch(told)
        if match is None:
            raise ValueError(told)
        return Window(_of_year(match[1]), _of_year(match[2]))

    def written(told: Sequence[Window]) -> str:
        return "; ".join(f"{_year_text(one.first)}..{_year_text(one.last)}" for one in told)

    return PlanLine(NumbersField(), _each(read), written, _NO_WINDOWS, empty=())


def _each(read: Callable[[str], Any]) -> Callable[[str], tuple[Any, ...]]:
    return lambda told: tuple(read(one.strip()) for one in told.split(";") if one.strip())


def _pair(told: str) -> tuple[str, str]:
    name, colon, value = told.partition(":")
    if not (colon and name.strip() and value.strip()):
        raise ValueError(told)
    return name.strip(), value.strip()


def _amount(told: str, exponent: int) -> int:
    amount = minor_of(told, exponent)
    if amount is None:
        raise ValueError(told)
    return amount


def _share(told: str) -> int:
    return _amount(told.rstrip("% "), _HUNDREDTHS)


def _share_text(share: int) -> str:
    return plain_text(share, _HUNDREDTHS).rstrip("0").rstrip(".")


def _of_year(told: str) -> tuple[int, int]:
    """Read day and month, as people write them; return (month, day) as a plan keeps them."""
    match = _DAY.fullmatch(told.strip())
    if match is None:
        raise ValueError(told)
    return int(match[2]), int(match[1])


def _year_text(told: tuple[int, int]) -> str:
    return f"{told[1]}/{told[0]}"
