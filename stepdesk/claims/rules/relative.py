"""The index of relative prices. Nothing here touches the book.

Source: openIMIS handbook 2.8, where the index is multiplied with whole line amounts and a share
of a hundred percent is the whole: BAT-02 and BAT-03 are not imitated.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from stepdesk.benefits.terms import Distribution, PackageVersion, PoolPeriod
from stepdesk.claims.rules.sharing import INDEX_WHOLE
from stepdesk.claims.terms import Contributed
from stepdesk.values.care import CareType
from stepdesk.values.money import round_half_up
from stepdesk.values.month import Month

_WHOLE = 10_000
_MONTHS = {PoolPeriod.MONTH: 1, PoolPeriod.QUARTER: 3, PoolPeriod.YEAR: 12}


def allocated(contributions: Iterable[Contributed], first_day: date, until: date) -> int:
    """Return the part of contributions that pays for the days of a period.

    A contribution pays evenly for its days from the later of its payment and its cover's begin on.
    One that came when its cover was over pays for the day it came.

    Args:
        contributions: Each from the day it begins to pay for.
        first_day: The first day of the period.
        until: The first day after it.
    """
    total = Fraction(0)
    for one in contributions:
        ends = max(one.until, one.first_day + timedelta(days=1))
        days = (min(ends, until) - max(one.first_day, first_day)).days
        if days > 0:
            total += Fraction(one.amount * days, (ends - one.first_day).days)
    return round_half_up(total.numerator, total.denominator)


def index_of(allocated_amount: int, share: int, valued: int) -> int:
    """Return the index of a period in ten-thousandths; one when nothing was valued.

    Args:
        allocated_amount: What contributions pay for the period.
        share: The part of it for these prices, in hundredths of a percent.
        valued: What the lines of the period come to at the list's prices.
    """
    if not valued:
        return INDEX_WHOLE
    return round_half_up(max(allocated_amount, 0) * share * INDEX_WHOLE, _WHOLE * valued)


def distribution_for(
    package: PackageVersion, *, inside: bool, month: Month
) -> Distribution | None:
    """Return which distribution an index follows, None when the package has none for such care.

    Args:
        package: The package version.
        inside: Whether the care is in-patient; what holds for both is asked last.
        month: The month of the decision.
    """
    mine = CareType.IN if inside else CareType.OUT
    for care in (mine, CareType.BOTH):
        for one in package.distributions:
            if one.care is care and one.number == number_of(one.period, month):
                return one
    return None


def number_of(period: PoolPeriod, month: Month) -> int:
    """Return which month, quarter or year of the year a month lies in, from 1."""
    return (month.month - 1) // _MONTHS[period] + 1


def months_of(period: PoolPeriod, year: int, number: int) -> tuple[Month, Month]:
    """Return the first month of a period and its last; the index is known when that is over."""
    length = _MONTHS[period]
    return Month(year, (number - 1) * length + 1), Month(year, number * length)
