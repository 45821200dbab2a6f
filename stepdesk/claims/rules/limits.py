"""What earlier care leaves of a package's limits."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from stepdesk.benefits.rules import count_of, too_near
from stepdesk.benefits.terms import (
    BenefitRule,
    DeductibleScope,
    LimitScope,
    LimitWindow,
    PackageVersion,
)
from stepdesk.claims.terms import (
    Use,
)
from stepdesk.rights.terms import Left
from stepdesk.values.ids import HouseholdId, PersonId

_DAY = timedelta(days=1)

# What earlier care leaves


def benefit_year(day: date, starts: tuple[int, int]) -> tuple[date, date]:
    """Return the first day of the benefit year of a day and the first day after it.

    Args:
        day: The day of care.
        starts: Month and day on which benefit years begin; 29 February begins on 1 March of
            common years.
    """
    begins = _start(day.year, starts)
    if begins > day:
        begins = _start(day.year - 1, starts)
    return begins, _start(begins.year + 1, starts)


def _start(year: int, starts: tuple[int, int]) -> date:
    month, day = starts
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 3, 1)


def left_of(
    *,
    rule: BenefitRule | None,
    package: PackageVersion,
    uses: Iterable[Use],
    person_id: PersonId,
    household_id: HouseholdId,
    day: date,
    year: tuple[date, date],
    child: bool = False,
) -> Left:
    """Return what earlier decided care leaves of a service's and the package's limits.

    Args:
        rule: What the package says of the service; None when it does not name it.
        package: The package version in force on the day of care.
        uses: Decided lines of the household's persons and of the person elsewhere, without the
            claim being decided.
        person_id: The patient.
        household_id: The household of the patient on that day.
        day: The day of care.
        year: The benefit year, its end not included.
        child: Whether the patient is a child by the package.
    """
    mine = household = service_mine = service_all = deducted_mine = deducted_all = 0
    counted: list[Use] = []
    near: list[date] = []
    for use in uses:
        own, home = use.person_id == person_id, use.household_id == household_id
        same = rule is not None and use.service_id == rule.service_id
        if year[0] <= use.day < year[1]:
            household += use.paid if home and not use.outside else 0
            mine += use.paid if own and not use.outside else 0
            service_all += use.paid if same and home else 0
            service_mine += use.paid if same and own else 0
            deducted_all += use.deducted if same and home else 0
            deducted_mine += use.deducted if same and own else 0
        if same and rule is not None:
            whose = home if rule.limit_scope is LimitScope.HOUSEHOLD else own
            counted += [use] if whose else []
            near += [use.day] if own and use.quantity else []
    most = count_of(rule, child=child) if rule else None
    service = package.services.get(rule.service_id) if rule else None
    return Left(
        count=_less(most, _most_used(rule, counted, day, year)),
        deductible=_deductible_left(rule, deducted_mine, deducted_all),
        service_year=_less(rule.cap_person_year if rule else None, service_mine),
        service_household=_less(rule.cap_household_year if rule else None, service_all),
        person_year=_less(package.cap_person_year, mine),
        household_year=_less(package.cap_household_year, household),
        count_again=_count_again(rule, most, counted, day, year),
        year_again=year[1] if _can_open(rule, package) else None,
        near_until=too_near(service.frequency_days if service else None, near, day),
    )


def _can_open(rule: BenefitRule | None, package: PackageVersion) -> bool:
    """Whether a ceiling that is used up is whole again with the next year: not one of nothing."""
    limits = [package.cap_person_year, package.cap_household_year]
    limits += [rule.cap_person_year, rule.cap_household_year] if rule else []
    return 0 not in limits


def _most_used(
    rule: BenefitRule | None, uses: Sequence[Use], day: date, year: tuple[date, date]
) -> int:
    """Return how many acts count against the number allowed on a day.

    Of a window of days, the fullest of those that hold the day: care that is decided late must not
    make too many of a month that was full already.
    """
    if rule is None:
        return 0
    if rule.limit_window is LimitWindow.CYCLE or not rule.limit_days:
        return sum(use.quantity for use in uses if year[0] <= use.day < year[1])
    length = timedelta(days=rule.limit_days)
    near = [use for use in uses if abs(use.day - day) < length]
    starts = {day - length + _DAY, day, *(use.day for use in near if use.day <= day)}
    return max(
        sum(use.quantity for use in near if start <= use.day < start + length) for start in starts
    )


def _count_again(
    rule: BenefitRule | None,
    most: int | None,
    uses: Sequence[Use],
    day: date,
    year: tuple[date, date],
) -> date | None:
    """Return the first day from the day asked about on which one act more would be allowed."""
    if rule is None or not most:
        return None
    if rule.limit_window is LimitWindow.CYCLE or not rule.limit_days:
        return year[1]
    days = sorted({use.day + timedelta(days=rule.limit_days) for use in uses})
    for again in days:
        if again > day and _most_used(rule, uses, again, year) < most:
            return again
    return None


def _less(limit: int | None, used: int) -> int | None:
    return None if limit is None else max(limit - used, 0)


def _deductible_left(rule: BenefitRule | None, mine: int, whole: int) -> int:
    if rule is None:
        return 0
    used = 0
    if rule.deductible_scope is DeductibleScope.PERSON_YEAR:
        used = mine
    elif rule.deductible_scope is DeductibleScope.HOUSEHOLD_YEAR:
        used = whole
    return max(rule.deductible - used, 0)
