"""What a version of a plan must keep to: every parameter, each with a sentence beside its field."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from stepdesk.contributions.service.writing import TOO_MUCH
from stepdesk.contributions.terms import (
    Basis,
    Cycle,
    EffectRule,
    Periodicity,
    PlanVersion,
    Renewal,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.values.money import MOST

_AMOUNTS = (
    "amount",
    "amount_adult",
    "amount_child",
    "amount_dependant",
    "entry_fee",
    "card_fee",
    "assembly_fee",
    "penalty_fixed",
)
_LIMITS: Mapping[str, tuple[int, int]] = {
    "due_day": (1, 31),
    "grace_days": (0, 3660),
    "waiting_months": (0, 120),
    "min_first_periods": (1, 120),
    "max_advance_periods": (1, 1200),
    "reinstate_short_months": (0, 1200),
    "reinstate_wait_short_days": (0, 3660),
    "reinstate_wait_long_days": (0, 3660),
    "strike_off_after_months": (0, 1200),
    "child_max_age": (0, 120),
    "newborn_declare_days": (0, 3660),
    "rounding": (1, 1_000_000),
    "adult_age": (1, 120),
    "lump_persons": (1, 100_000),
    "max_persons": (1, 100_000),
    "period_months": (1, 1200),
    "administration_months": (0, 120),
    "entry_grace_months": (0, 120),
    "renewal_grace_months": (0, 120),
    "payment_grace_months": (0, 120),
    "max_instalments": (1, 1200),
    "early_discount_months": (0, 120),
    "renewal_discount_months": (0, 120),
}
"""From and to of whole numbers, both included: beyond them somebody mistyped."""

_RATES = ("penalty_rate", "prepay_discount", "early_discount", "renewal_discount")
_WHOLE = 10_000
_STARTS = 4
_LEAP_YEAR = 2000

_BELOW = Text(N_("This is below zero. Type 0 or more."))
_DAY = Text(N_("Type a day of the month from 1 to 31."))
_NO_DATE = Text(N_("No year has this day. Give month and day, such as 12-15."))


def check_version(version: PlanVersion) -> None:
    """Refuse a version that cannot be meant, or that leaves open what its basis needs.

    Raises:
        Refusal: beside the first field that is wrong.
    """
    for check in (_check_numbers, _check_basis, _check_sizes, _check_calendar, _check_windows):
        check(version)


def _refuse(field: str, message: str, **values: int | str) -> None:
    raise Refusal(Text(message, values), field=field)


# Numbers


def _check_numbers(version: PlanVersion) -> None:
    if not version.name.strip():
        _refuse("name", N_("Give the plan a name."))
    for name in _AMOUNTS:
        _check_amount(getattr(version, name), name)
    for name, (least, most) in _LIMITS.items():
        _check_within(getattr(version, name), name, least, most)
    for name in _RATES:
        if not 0 <= getattr(version, name) <= _WHOLE:
            _refuse(name, N_("Type a share from 0 to 100 percent."))
    if version.min_first_periods > version.max_advance_periods:
        _refuse(
            "min_first_periods",
            N_(
                "The first payment is for more periods than may be paid ahead. Lower it, or let more be paid ahead."
            ),
        )


def _check_amount(amount: int | None, field: str) -> None:
    if amount is not None and amount < 0:
        raise Refusal(_BELOW, field=field)
    if amount is not None and amount > MOST:
        raise Refusal(TOO_MUCH, field=field)


def _check_within(told: int | None, field: str, least: int, most: int) -> None:
    if told is None or least <= told <= most:
        return
    if field == "due_day":
        raise Refusal(_DAY, field=field)
    if told < 0:
        raise Refusal(_BELOW, field=field)
    _refuse(field, N_("Type a number from {least} to {most}."), least=least, most=most)


# The basis and what it needs


def _check_basis(version: PlanVersion) -> None:
    needs: Mapping[Basis, Callable[[PlanVersion], None]] = {
        Basis.PER_PERSON: _check_ages,
        Basis.MEMBER_PLUS_DEPENDANT: _check_dependants,
        Basis.BY_SIZE_BAND: _check_bands,
        Basis.BY_CATEGORY: _check_categories,
        Basis.LUMP_PLUS_EXTRA: _check_lump,
    }
    if version.basis in needs:
        needs[version.basis](version)


def _check_ages(version: PlanVersion) -> None:
    by_age = version.amount_adult is not None or version.amount_child is not None
    if by_age and version.adult_age is None:
        _refuse("adult_age", N_("Say from which age a person pays as an adult."))


def _check_dependants(version: PlanVersion) -> None:
    if version.amount_dependant is None:
        _refuse("amount_dependant", N_("Say what each dependant pays; 0 for nothing."))


def _check_bands(version: PlanVersion) -> None:
    if not version.bands:
        _refuse("bands", N_("Give at least one size of household and its amount."))
    for band in version.bands:
        _check_amount(band.amount, "bands")
    if version.bands[0].persons != 1:
        _refuse(
            "bands", N_("Let the first size begin with 1 person, so that every household pays.")
        )
    for one, after in pairwise(version.bands):
        if after.persons <= one.persons:
            _refuse(
                "bands",
                N_("{second} stands after {first}. Type the sizes rising, each once."),
                first=one.persons,
                second=after.persons,
            )


def _check_categories(version: PlanVersion) -> None:
    if not version.category_amounts:
        _refuse("category_amounts", N_("Give at least one category and its amount."))
    codes = [code for code, _ in version.category_amounts]
    for code, amount in version.category_amounts:
        _check_amount(amount, "category_amounts")
        if not code.strip() or codes.count(code) > 1:
            _refuse("category_amounts", N_("Give each category a code, and write it once."))


def _check_lump(version: PlanVersion) -> None:
    for name in ("amount_adult", "amount_child"):
        if getattr(version, name) is None:
            _refuse(name, N_("Say what each one beside the lump pays; 0 for nothing."))
    if version.adult_age is None:
        _refuse("adult_age", N_("Say from which age a person pays as an adult."))


def _check_sizes(version: PlanVersion) -> None:
    lump, most = version.lump_persons, version.max_persons
    if lump is not None and most is not None and lump > most:
        _refuse(
            "lump_persons",
            N_(
                "The lump covers more persons than a household may have. Change one of the numbers."
            ),
        )


# The calendar


def _check_calendar(version: PlanVersion) -> None:
    _check_day(version.cycle_start, "cycle_start")
    if version.periodicity is Periodicity.SINGLE:
        _check_single(version)
    if version.periodicity is Periodicity.SEASONAL:
        _check_season(version)
    elif version.season:
        _refuse("season", N_("Only a season has days of its own. Choose the season, or none."))
    if version.cycle_starts:
        _check_starts(version)
    elif version.cycle is Cycle.FIXED and not _fits_year(version.period_months):
        _refuse(
            "period_months",
            N_(
                "A fixed cycle needs periods that fill a year. Choose another period, or another cycle."
            ),
        )


def _fits_year(months: int | None) -> bool:
    return months is None or 12 % months == 0 or months % 12 == 0


def _check_day(told: tuple[int, int], field: str) -> None:
    try:
        date(_LEAP_YEAR, *told)
    except ValueError:
        raise Refusal(_NO_DATE, field=field) from None


def _check_single(version: PlanVersion) -> None:
    if version.cycle is Cycle.FIXED or version.cycle_starts:
        _refuse("cycle", N_("What is paid once follows no cycle. Choose from the entry on."))
    if version.period_months is not None:
        _refuse("period_months", N_("What is paid once covers without end. Leave this empty."))
    if version.effect_rule is EffectRule.CYCLE_START:
        _refuse("effect_rule", N_("What is paid once follows no cycle. Choose another day."))
    if version.renewal is not Renewal.AUTOMATIC:
        _refuse("renewal", N_("What is paid once is never renewed. Choose the renewal by itself."))


def _check_season(version: PlanVersion) -> None:
    if not version.season:
        _refuse("season", N_("Give the days of the season, each with its share."))
    for one in version.season:
        _check_day((one.month, one.day), "season")
        if not 1 <= one.share <= 100:
            _refuse("season", N_("Type a share from 1 to 100 percent."))
    summed = sum(one.share for one in version.season)
    if summed != 100:
        _refuse(
            "season",
            N_("The shares add up to {sum} percent. Change them so that they make 100."),
            sum=summed,
        )
    if version.cycle is not Cycle.FIXED or version.cycle_starts:
        _refuse("cycle", N_("A season has a fixed year. Choose it, and say when it begins."))
    if version.period_months not in {None, 12}:
        _refuse("period_months", N_("A season lasts a year. Leave this empty."))
    _check_rising(
        [_since(version.cycle_start, (one.month, one.day)) for one in version.season],
        "season",
        N_("Type the days in their order from the beginning of the year, each once."),
    )


def _since(start: tuple[int, int], day: tuple[int, int]) -> tuple[bool, tuple[int, int]]:
    """Return what sorts days of a year that begins on a day."""
    return day < start, day


def _check_rising(told: Sequence[object], field: str, message: str) -> None:
    if any(after <= one for one, after in pairwise(told)):  # type: ignore[operator]
        _refuse(field, message)


def _check_starts(version: PlanVersion) -> None:
    for one in version.cycle_starts:
        _check_day(one, "cycle_starts")
    if len(version.cycle_starts) > _STARTS:
        _refuse(
            "cycle_starts", N_("A year has at most {most} starts. Take some off."), most=_STARTS
        )
    if version.periodicity is Periodicity.SEASONAL:
        _refuse(
            "cycle_starts",
            N_(
                "A season has a fixed year and no other starts. Choose the fixed cycle, and leave the starts empty."
            ),
        )
    _check_rising(
        version.cycle_starts,
        "cycle_starts",
        N_("Type the starts in the order of the calendar, each once."),
    )


def _check_windows(version: PlanVersion) -> None:
    for window in version.windows:
        _check_day(window.first, "windows")
        _check_day(window.last, "windows")
    ordered = sorted(version.windows, key=lambda window: window.first)
    for one, after in pairwise([*ordered, *ordered[:1]]):
        wraps = one.last < one.first
        follows = after is ordered[0]
        beyond = one.last >= after.first if wraps == follows else wraps
        if len(ordered) > 1 and beyond:
            _refuse("windows", N_("Two windows of entry overlap. Make them one."))
