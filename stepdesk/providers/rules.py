"""What may be said of providers and agreements, and where they stand. Nothing here reads a book."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from stepdesk.i18n import N_, Text
from stepdesk.providers.terms import (
    Agreement,
    AgreementState,
    ComparedPrice,
    Comparison,
    PaymentMode,
    ProviderState,
    ProviderStep,
)
from stepdesk.values.ids import ServiceId
from stepdesk.values.money import MOST, round_half_up

YEAR = 366
"""No provider waits longer than this many days for its money, and no invoice is later by more."""

EXPIRES_WITHIN = 60
"""An agreement is expiring so many days before its end. Source: domain handbook 2.9."""

WHOLE = 10_000
"""A hundred percent in hundredths of a point."""

STEPS: Mapping[ProviderState, frozenset[ProviderState]] = {
    ProviderState.CANDIDATE: frozenset(
        {ProviderState.NEGOTIATING, ProviderState.CONTRACTED, ProviderState.ENDED}
    ),
    ProviderState.NEGOTIATING: frozenset({ProviderState.CONTRACTED, ProviderState.ENDED}),
    ProviderState.CONTRACTED: frozenset({ProviderState.SUSPENDED, ProviderState.ENDED}),
    ProviderState.SUSPENDED: frozenset({ProviderState.CONTRACTED, ProviderState.ENDED}),
    ProviderState.ENDED: frozenset({ProviderState.NEGOTIATING}),
}
"""From where to where a provider may go. Source: domain handbook 2.9.

A candidate may be contracted at once, talks may come to nothing, and talks may begin again with
one that ended: the table of the handbook draws the good path alone.
"""

CLOSED = frozenset({ProviderState.SUSPENDED, ProviderState.ENDED})
"""Care at a provider that stands so is not payable, whatever was agreed: RB04."""


def state_on(steps: Sequence[ProviderStep], day: date | None = None) -> ProviderState:
    """Return where a provider stands on a day, by the last step when none is named.

    A provider nobody ever told a step of is contracted: so were those of books made before there
    were steps.

    Args:
        steps: By day, those of one day in the order they were told.
        day: The day asked about.
    """
    told = [one for one in steps if day is None or one.day <= day]
    return told[-1].state if told else ProviderState.CONTRACTED


def agreement_state(agreement: Agreement, day: date, *, renewed: bool) -> AgreementState:
    """Return where a signed agreement stands on a day.

    Args:
        agreement: As it stands, its early end taken in.
        day: The day asked about.
        renewed: Whether another agreement renews it.
    """
    if agreement.until is not None and agreement.until <= day:
        return AgreementState.RENEWED if renewed else AgreementState.ENDED
    if day < agreement.first_day:
        return AgreementState.SIGNED
    if agreement.until is None or days_left(agreement.until, day) > EXPIRES_WITHIN:
        return AgreementState.IN_FORCE
    return AgreementState.RENEWED if renewed else AgreementState.EXPIRING


def days_left(until: date, day: date) -> int:
    """Return how many days remain after a day, the last day of the agreement counted."""
    return (until - timedelta(days=1) - day).days


def agreement_fault(agreement: Agreement) -> tuple[str, Text] | None:
    """Return the field that cannot stand and why; None when all can."""
    if agreement.until is not None and agreement.until <= agreement.first_day:
        return "until", Text(N_("The end lies before the first day. Change one of them."))
    for name, least, most in _FIGURES:
        if not least <= getattr(agreement, name) <= most:
            told = {"least": least, "most": most}
            return name, Text(N_("Type a figure from {least} to {most}."), told)
    if not 0 <= agreement.discount < WHOLE:
        return "discount", Text(N_("Type a rebate from 0 to less than 100 % of the price."))
    return _mode_fault(agreement)


_FIGURES = (
    ("payment_days", 0, YEAR),
    ("late_invoice_days", 0, YEAR),
    ("invoice_day", 1, 31),
    ("head_amount", 0, MOST),
    ("budget_amount", 0, MOST),
    ("deposit", 0, MOST),
)


def _mode_fault(agreement: Agreement) -> tuple[str, Text] | None:
    """Return which amount the mode of payment needs, or has no use for."""
    for mode, name, needed, idle in _OF_MODE:
        amount = getattr(agreement, name)
        if agreement.mode is mode and amount == 0:
            return name, needed
        if agreement.mode is not mode and amount:
            return name, idle
    if agreement.mode is PaymentMode.CAPITATION and agreement.discount:
        return "discount", Text(
            N_("Who is paid by the head has no prices to lower. Leave the rebate empty.")
        )
    return None


_OF_MODE = (
    (
        PaymentMode.CAPITATION,
        "head_amount",
        Text(N_("Payment by the head needs its amount. Type it for each person and month.")),
        Text(N_("An amount by the head belongs to payment by the head. Leave it empty.")),
    ),
    (
        PaymentMode.BUDGET,
        "budget_amount",
        Text(N_("A budget needs its amount. Type what is advanced each month.")),
        Text(N_("A monthly advance belongs to a budget. Leave it empty.")),
    ),
)


# Prices

FAR = 5
"""A price more than so many times the last one, or that much less, is asked about: a zero slips."""


def far_prices(
    former: Mapping[ServiceId, int], prices: Mapping[ServiceId, int]
) -> tuple[ServiceId, ...]:
    """Return the services whose price went far from the last one, in the order of the new list.

    A price of nothing is never far: free care is meant.
    """
    return tuple(
        service_id
        for service_id, price in prices.items()
        if (old := former.get(service_id, 0)) and price
        if price > FAR * old or price * FAR < old
    )


def raised(prices: Mapping[ServiceId, int], by: int, *, step: int = 1) -> dict[ServiceId, int]:
    """Return a list's prices with a share more or less, each rounded half up to a step.

    Args:
        prices: Of the list that is copied.
        by: Hundredths of a percent; below zero lowers.
        step: Minor units; a price above nothing does not fall below it.
    """
    return {
        service_id: max(round_half_up(price * (WHOLE + by), WHOLE, step=step), step)
        if price
        else 0
        for service_id, price in prices.items()
    }


def compare(
    former: Mapping[ServiceId, int],
    prices: Mapping[ServiceId, int],
    *,
    used: Mapping[ServiceId, int],
    claims: int,
) -> Comparison:
    """Return two lists side by side, in the order of the former, new services behind.

    Args:
        former: The list that held.
        prices: The list that is asked about.
        used: How many acts were allowed in the time looked at.
        claims: What all acts came to in that time, in minor units.

    Source: screens handbook 2.7.
    """
    lines = tuple(
        _compared(service_id, former.get(service_id), prices.get(service_id), used)
        for service_id in dict.fromkeys((*former, *prices))
    )
    more = sum(one.more or 0 for one in lines)
    share = round_half_up(more * 1000, claims) if claims else None
    return Comparison(lines, more, claims, share)


def _compared(
    service_id: ServiceId,
    former: int | None,
    price: int | None,
    used: Mapping[ServiceId, int],
) -> ComparedPrice:
    count = used.get(service_id, 0)
    more = None if former is None or price is None else count * (price - former)
    return ComparedPrice(service_id, former, price, count, more)
