"""What a package may say of one service."""

from collections.abc import Iterator, Mapping

from stepdesk.benefits.terms import BenefitRule, CeilingExclusion, Copay, LimitWindow, Share
from stepdesk.i18n import N_, Text
from stepdesk.values.money import MOST

WHOLE = 10_000
"""All of a price, in hundredths of a percent."""

_AMOUNTS = ("deductible", "cap_act", "cap_episode", "cap_person_year", "cap_household_year")
# Beyond these a figure is a slip of the finger, and days would leave the calendar.
_FIGURES: Mapping[str, tuple[int, int]] = {
    "limit_count": (0, 100_000),
    "limit_count_child": (0, 100_000),
    "waiting_months": (0, 240),
    "waiting_months_child": (0, 240),
    "age_min": (0, 150),
    "age_max": (0, 150),
    "declare_hours": (0, 8_760),
}
_DAYS = (1, 3_660)
_BELOW = N_("This is below zero. Type 0 or more.")
_TOO_MUCH = N_("No amount is that large. Take away the zeros that are too many.")


def fault_of(rule: BenefitRule) -> tuple[str, Text] | None:
    """Return the first field of a rule that cannot stand and why; None when all can."""
    return next(_faults(rule), None)


def field_of(name: str) -> str:
    """Return the column of a file in which a field of a rule stands."""
    return "copay" if name == "copay_value" else name


def amount_fault(amount: int | None) -> Text | None:
    """Return why an amount cannot stand; None when it can, and for no amount."""
    if amount is not None and amount < 0:
        return Text(_BELOW)
    return Text(_TOO_MUCH) if amount is not None and amount > MOST else None


def _faults(rule: BenefitRule) -> Iterator[tuple[str, Text]]:
    yield from _share_faults(rule)
    for name in _AMOUNTS:
        fault = amount_fault(getattr(rule, name))
        if fault is not None:
            yield name, fault
    for name, bounds in _FIGURES.items():
        yield from figure_fault(name, getattr(rule, name), bounds)
    yield from _window_faults(rule)
    if rule.age_min is not None and rule.age_max is not None and rule.age_min > rule.age_max:
        yield "age_max", Text(N_("The highest age is below the lowest. Change one of them."))
    yield from _child_faults(rule)
    if rule.levels is not None and not rule.levels:
        yield "levels", Text(N_("Name a level at least, or none to allow every level."))


def _share_faults(rule: BenefitRule) -> Iterator[tuple[str, Text]]:
    fault = share_fault(rule.copay, rule.copay_value)
    if fault is not None:
        yield "copay_value", fault
    seen: set[tuple[object, object]] = set()
    for one in rule.shares:
        yield from _apart_faults(one, again=(one.visit, one.child) in seen)
        seen.add((one.visit, one.child))


def _apart_faults(share: Share, *, again: bool) -> Iterator[tuple[str, Text]]:
    fault = share_fault(share.copay, share.copay_value)
    if fault is not None:
        yield "shares", fault
    if again:
        yield "shares", Text(N_("One kind of visit and age has two shares. Take one out."))
    if share.visit is None and share.child is None:
        told = N_("This share is for every visit and age: write it as the share of the rule.")
        yield "shares", Text(told)


def share_fault(copay: Copay, value: int) -> Text | None:
    """Return why a share cannot stand; None when it can."""
    match copay:
        case Copay.PERCENT if not 0 <= value <= WHOLE:
            return Text(N_("Type a share from 0 to 100 percent."))
        case Copay.FIXED | Copay.UP_TO:
            return amount_fault(value)
        case Copay.NONE if value:
            return Text(N_("Say first how the member shares: percent or amount."))
        case _:
            return None


def _child_faults(rule: BenefitRule) -> Iterator[tuple[str, Text]]:
    told = {
        "limit_count_child": rule.limit_count_child is not None,
        "waiting_months_child": rule.waiting_months_child != 0,
        "ceiling_exclusion_child": rule.ceiling_exclusion_child is not CeilingExclusion.NONE,
    }
    if not rule.children_apart:
        for name, is_told in told.items():
            if is_told:
                yield name, Text(N_("Say first that children have limits of their own."))


def figure_fault(
    name: str, figure: int | None, bounds: tuple[int, int]
) -> Iterator[tuple[str, Text]]:
    """Yield that a figure is outside its bounds, both included."""
    least, most = bounds
    if figure is not None and not least <= figure <= most:
        yield (
            name,
            Text(N_("Type a figure from {least} to {most}."), {"least": least, "most": most}),
        )


def _window_faults(rule: BenefitRule) -> Iterator[tuple[str, Text]]:
    if rule.limit_window is LimitWindow.CYCLE:
        if rule.limit_days is not None:
            yield (
                "limit_days",
                Text(
                    N_("Days are counted only in a window of days. Type the days of the window.")
                ),
            )
    elif rule.limit_days is None:
        yield "limit_days", Text(N_("A window of days needs its number of days. Type it."))
    else:
        yield from figure_fault("limit_days", rule.limit_days, _DAYS)
