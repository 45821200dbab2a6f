"""What a package may say. Nothing here touches the book, the screen or the clock."""

from collections.abc import Iterator, Mapping

from stepdesk.benefits.terms import BenefitRule, Copay, LimitWindow, Payment
from stepdesk.i18n import N_, Text
from stepdesk.values.money import MOST

WHOLE = 10_000
"""All of a price, in hundredths of a percent."""

_AMOUNTS = ("deductible", "cap_act", "cap_episode", "cap_person_year", "cap_household_year")
# Beyond these a figure is a slip of the finger, and days would leave the calendar.
_FIGURES: Mapping[str, tuple[int, int]] = {
    "limit_count": (0, 100_000),
    "waiting_months": (0, 240),
    "age_min": (0, 150),
    "age_max": (0, 150),
    "declare_hours": (0, 8_760),
}
_DAYS = (1, 3_660)
_BELOW = N_("This may not be below zero.")
_TOO_MUCH = N_("No amount is that large. Take away the zeros that are too many.")


def fault_of(rule: BenefitRule) -> tuple[str, Text] | None:
    """Return the first field of a rule that cannot stand and why; None when all can."""
    return next(_faults(rule), None)


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
        yield from _figure_fault(name, getattr(rule, name), bounds)
    yield from _window_faults(rule)
    if rule.age_min is not None and rule.age_max is not None and rule.age_min > rule.age_max:
        yield "age_max", Text(N_("The highest age is below the lowest."))
    yield from _not_yet(rule)
    if rule.levels is not None and not rule.levels:
        yield "levels", Text(N_("Name a level at least, or none to allow every level."))


def _not_yet(rule: BenefitRule) -> Iterator[tuple[str, Text]]:
    """Refuse what no claim would heed: a rule that is kept and not followed is a false promise."""
    if rule.requires_medical_review:
        told = Text(N_("Medical review is not part of this version. Leave it out."))
        yield "requires_medical_review", told
    if rule.payment is Payment.REIMBURSEMENT:
        told = Text(N_("Members are not reimbursed in this version. Write THIRD_PARTY or BOTH."))
        yield "payment", told


def _share_faults(rule: BenefitRule) -> Iterator[tuple[str, Text]]:
    match rule.copay:
        case Copay.PERCENT if not 0 <= rule.copay_value <= WHOLE:
            yield "copay_value", Text(N_("A share lies between 0 and 100 percent."))
        case Copay.FIXED:
            fault = amount_fault(rule.copay_value)
            if fault is not None:
                yield "copay_value", fault
        case Copay.NONE if rule.copay_value:
            yield "copay_value", Text(N_("Say first how the member shares: percent or amount."))
        case _:
            pass


def _figure_fault(
    name: str, figure: int | None, bounds: tuple[int, int]
) -> Iterator[tuple[str, Text]]:
    least, most = bounds
    if figure is not None and not least <= figure <= most:
        yield (
            name,
            Text(
                N_("This figure lies between {least} and {most}."), {"least": least, "most": most}
            ),
        )


def _window_faults(rule: BenefitRule) -> Iterator[tuple[str, Text]]:
    if rule.limit_window is LimitWindow.CYCLE:
        if rule.limit_days is not None:
            yield "limit_days", Text(N_("Days are counted only in a window of days."))
    elif rule.limit_days is None:
        yield "limit_days", Text(N_("A window of days needs the number of its days."))
    else:
        yield from _figure_fault("limit_days", rule.limit_days, _DAYS)
