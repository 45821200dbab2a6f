"""What a package may say as a whole: deductibles, ceilings, numbers, relative prices, capitation.

Source: openIMIS handbook 2.1, 2.8, 2.9.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from stepdesk.benefits.rules.rule_faults import WHOLE, amount_fault, figure_fault
from stepdesk.benefits.terms import (
    Capitation,
    Distribution,
    LimitKind,
    LimitOver,
    PackageLimit,
    PackageVersion,
    PoolPeriod,
)
from stepdesk.i18n import N_, Text
from stepdesk.values.care import CareType

_CAPS: Mapping[str, LimitOver] = {
    "cap_episode": LimitOver.EPISODE,
    "cap_person_year": LimitOver.PERSON_YEAR,
    "cap_household_year": LimitOver.HOUSEHOLD_YEAR,
}
_OVER = frozenset({LimitKind.DEDUCTIBLE, LimitKind.CEILING})
_GROWTH = frozenset({LimitKind.EXTRA_MEMBER, LimitKind.HIGHEST})
_BY_CATEGORY = frozenset({LimitKind.CLAIM_COUNT, LimitKind.CLAIM_AMOUNT})
_COUNT = (0, 100_000)
_THRESHOLD = (0, 1_000)
_ADULT = (1, 100)
_PERIODS: Mapping[PoolPeriod, int] = {
    PoolPeriod.MONTH: 12,
    PoolPeriod.QUARTER: 4,
    PoolPeriod.YEAR: 1,
}
_MONTHS = 12
_WEIGHTS = (
    "weight_population",
    "weight_households",
    "weight_insured",
    "weight_insured_households",
    "weight_claims",
    "weight_amounts",
)


def package_fault(version: PackageVersion) -> tuple[str, Text] | None:
    """Return the first field of a package that cannot stand and why; None when all can.

    The rules of its services are not looked at.
    """
    return next(_faults(version), None)


def _faults(version: PackageVersion) -> Iterator[tuple[str, Text]]:
    for name in _CAPS:
        fault = amount_fault(getattr(version, name))
        if fault is not None:
            yield name, fault
    yield from figure_fault("threshold", version.threshold, _THRESHOLD)
    yield from figure_fault("adult_age", version.adult_age, _ADULT)
    for limit in version.limits:
        yield from _limit_faults(limit)
    yield from _together_faults(version)
    yield from _growth_faults(version)
    yield from _distribution_faults(version.distributions)
    if version.capitation is not None:
        yield from _capitation_faults(version.capitation)


# Limits


def _limit_faults(limit: PackageLimit) -> Iterator[tuple[str, Text]]:
    if (limit.over is not None) is not (limit.kind in _OVER):
        told = N_(
            "Only deductibles and ceilings are reckoned over something. Choose over what for these, and nothing for the others."
        )
        yield "limits", Text(told)
    if (limit.category is not None) is not (limit.kind in _BY_CATEGORY):
        told = N_("Numbers and amounts of claims, and only they, have a category of claims.")
        yield "limits", Text(told)
    if limit.kind in _BY_CATEGORY and limit.care is not CareType.BOTH:
        told = N_(
            "A category of claims is limited in hospital and elsewhere at once. Choose both for its limit."
        )
        yield "limits", Text(told)
    if limit.kind is LimitKind.CLAIM_COUNT:
        for _, fault in figure_fault("limits", limit.amount, _COUNT):
            yield "limits", fault
    else:
        told_amount = amount_fault(limit.amount)
        if told_amount is not None:
            yield "limits", told_amount


def _together_faults(version: PackageVersion) -> Iterator[tuple[str, Text]]:
    """Tell what cannot stand beside something else."""
    same = Counter((one.kind, one.care, one.over, one.category) for one in version.limits)
    if any(count > 1 for count in same.values()):
        yield "limits", Text(N_("A limit stands twice. Take one of them out."))
    for kind in (*_OVER, *_GROWTH):
        yield from _one_of_faults(version, kind)


def _one_of_faults(version: PackageVersion, kind: LimitKind) -> Iterator[tuple[str, Text]]:
    overs: dict[CareType, set[LimitOver | None]] = defaultdict(set)
    for one in version.limits:
        if one.kind is kind:
            overs[one.care].add(one.over)
    if any(len(told) > 1 for told in overs.values()):
        told = N_(
            "Only one holds: for each treatment, for each person and year, or for each household "
            "and year. Take the others out."
        )
        yield "limits", Text(told)
    plain = kind is LimitKind.CEILING and _plain(version)
    if plain and CareType.BOTH in overs:
        yield "limits", Text(N_("The ceiling of all care is written already. Write it once."))
    if (plain or CareType.BOTH in overs) and len(overs.keys() - {CareType.BOTH}):
        told = N_(
            "Either one limit for all care, or limits for care in hospital and for other care. "
            "Take one or the other out."
        )
        yield "limits", Text(told)


def _plain(version: PackageVersion) -> set[LimitOver]:
    """Return what the plain ceilings are reckoned over."""
    return {over for name, over in _CAPS.items() if getattr(version, name) is not None}


def _growth_faults(version: PackageVersion) -> Iterator[tuple[str, Text]]:
    """Tell growth without a household's ceiling, and a highest one below it."""
    ceilings = {
        one.care: one.amount
        for one in version.limits
        if one.kind is LimitKind.CEILING and one.over is LimitOver.HOUSEHOLD_YEAR
    }
    if version.cap_household_year is not None:
        ceilings[CareType.BOTH] = version.cap_household_year
    for one in version.limits:
        if one.kind not in _GROWTH:
            continue
        if one.care not in ceilings:
            told = N_(
                "What grows with the household needs a ceiling of household and year. Type that ceiling too."
            )
            yield "limits", Text(told)
        elif one.kind is LimitKind.HIGHEST and one.amount < ceilings[one.care]:
            yield (
                "limits",
                Text(N_("The highest ceiling is below the ceiling itself. Change one of them.")),
            )


# Relative prices and capitation


def _distribution_faults(told: tuple[Distribution, ...]) -> Iterator[tuple[str, Text]]:
    for one in told:
        for _, fault in figure_fault("distributions", one.number, (1, _PERIODS[one.period])):
            yield "distributions", fault
        if not 0 <= one.share <= WHOLE:
            yield "distributions", Text(N_("Type a share from 0 to 100 percent."))
    if len({(one.care, one.period, one.number) for one in told}) < len(told):
        yield "distributions", Text(N_("A period stands twice. Take one of them out."))
    yield from _pool_faults(told)


def _pool_faults(told: tuple[Distribution, ...]) -> Iterator[tuple[str, Text]]:
    """Tell contributions that would be given away twice.

    A share is of the contributions of its own period: it is those of one month that add up, and
    not the twelve of a year.
    """
    pools = {(one.care, one.period) for one in told}
    cares = {care for care, _ in pools}
    if len(cares) < len(pools):
        text = N_(
            "Relative prices of one kind of care have one period. Choose month, quarter or year."
        )
        yield "distributions", Text(text)
    if CareType.BOTH in cares and len(cares) > 1:
        text = N_(
            "Choose one index for all care, or one for care in hospital and one for other care."
        )
        yield "distributions", Text(text)
    for month in range(_MONTHS):
        held = (one for one in told if _holds(one, month))
        if sum(one.share for one in held) > WHOLE:
            text = N_(
                "Month {month} gives away more than 100 percent of its contributions. Lower a share."
            )
            yield "distributions", Text(text, {"month": month + 1})


def _holds(one: Distribution, month: int) -> bool:
    return month * _PERIODS[one.period] // _MONTHS == one.number - 1


def _capitation_faults(told: Capitation) -> Iterator[tuple[str, Text]]:
    if not told.levels:
        yield "capitation", Text(N_("Name a level at least whose providers share."))
    if not 0 <= told.share <= WHOLE:
        yield "capitation", Text(N_("Type a share from 0 to 100 percent."))
    weights = [getattr(told, name) for name in _WEIGHTS]
    if any(weight < 0 for weight in weights) or sum(weights) != WHOLE:
        yield (
            "capitation",
            Text(N_("The six weights do not come to 100 percent. Change one of them.")),
        )
