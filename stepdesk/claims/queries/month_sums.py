"""What earlier care used, read from the sums of its months.

A year of a person is a dozen rows an act, however many claims there were. Only what a sum cannot
tell is read line by line: months in which a year begins in the middle, and acts of which days count.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache

from stepdesk.claims.queries.letters import ONE_OF

_COLUMNS = (
    "SELECT x'' AS id, l.person_id, l.household_id, {day} AS last_day, l.service_id,"
    " {sign}l.quantity AS quantity, {sign}l.paid AS paid, {sign}l.deducted AS deducted, l.stay,"
    " {outside} AS outside, {package} AS package_id, 0 AS reserved, NULL AS level,"
    " NULL AS category"
)
_SUMS = _COLUMNS.format(
    day="l.month || '-01'", sign="", outside="l.outside", package="nullif(l.package_id, x'')"
)
_LINES = _COLUMNS.format(
    day="l.last_day", sign="", outside="coalesce(l.outside, 0)", package="l.package_id"
)
_NOT_IT = _COLUMNS.format(
    day="substr(l.last_day, 1, 7) || '-01'",
    sign="-",
    outside="coalesce(l.outside, 0)",
    package="l.package_id",
)
_WHOSE = (
    "l.household_id = :household",
    f"l.person_id IN {ONE_OF} AND l.household_id <> :household",
)


def cut_months(days: Iterable[date]) -> tuple[str, ...]:
    """Return the months that one of the days cuts in two."""
    return tuple(sorted({day.isoformat()[:7] for day in days if day.day > 1}))


@cache
def month_statement(cuts: int, services: int) -> str:
    """Return the statement for so many months cut in two (`c0` ...), and acts by the day (`s0` ...).

    `since` and its `month`, `household`, `person` and `but` are asked for besides.
    """
    acts = ", ".join(f":s{at}" for at in range(services))
    months = ", ".join(f":c{at}" for at in range(cuts))
    others = f" AND l.service_id NOT IN ({acts})" if services else ""
    whole = f" AND {{0}} >= :month{f' AND {{0}} NOT IN ({months})' if cuts else ''}{others}"
    parts: list[str] = []
    for whose in _WHOSE:
        parts.append(f"{_SUMS} FROM care_used_month l WHERE {whose}{whole.format('l.month')}")
        lines = (
            f"{_LINES} FROM care_used l WHERE {whose} AND l.claim_id <> :but AND l.last_day >= "
        )
        parts += [
            f"{lines}max(:since, :c{at}) AND l.last_day <= :c{at} || '-31'{others}"
            for at in range(cuts)
        ]
        if services:
            parts.append(f"{lines}:since AND l.service_id IN ({acts})")
    # The claim itself does not count: of the sums it is taken off again.
    parts.append(
        f"{_NOT_IT} FROM claim k JOIN care_used l ON l.household_id = k.household_id"
        " AND l.last_day = k.last_day AND l.claim_id = k.id WHERE k.id = :but"
        f" AND (l.household_id = :household OR l.person_id IN {ONE_OF})"
        f"{whole.format('substr(l.last_day, 1, 7)')}"
    )
    return " UNION ALL ".join(parts)
