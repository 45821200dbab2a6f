"""How providers are paid: which steps a batch may take, what it holds, how long money is waited for.

Nothing here touches the database. Source: domain handbook 2.14.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from stepdesk.benefits.terms import Capitation
from stepdesk.claims.terms.payment_batches import Indicators, PaymentState
from stepdesk.values.ids import ProviderId
from stepdesk.values.money import round_half_up, split

NEXT: Mapping[PaymentState, frozenset[PaymentState]] = {
    PaymentState.PREPARED: frozenset({PaymentState.APPROVED, PaymentState.CANCELLED}),
    PaymentState.APPROVED: frozenset({PaymentState.ORDERED, PaymentState.CANCELLED}),
    PaymentState.ORDERED: frozenset({PaymentState.PAID, PaymentState.CANCELLED}),
    PaymentState.PAID: frozenset({PaymentState.ACKNOWLEDGED, PaymentState.REVERSED}),
    PaymentState.ACKNOWLEDGED: frozenset({PaymentState.REVERSED}),
    PaymentState.CANCELLED: frozenset(),
    PaymentState.REVERSED: frozenset(),
}
"""The steps a payment batch may take from where it stands; nothing unlisted is allowed."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something a provider is owed, or owes when below zero; `since` is when its invoice came."""

    key: bytes
    since: date
    amount: int


def chosen(items: Sequence[Item], *, most: int | None = None) -> tuple[Item, ...]:
    """Return what a payment holds: all that is to be recovered, then the oldest that is owed.

    What is owed is paid whole, oldest invoice first, none after the first that does not fit into `most`.
    When more is to be recovered than is owed, only as much of it as is owed, the oldest first; the rest
    waits for the next payment. Empty when nothing is owed or the oldest alone does not fit.

    Args:
        items: In any order.
        most: The most that may leave the box; None for no limit.
    """
    ordered = sorted(items, key=lambda one: (one.since, one.key))
    back = [one for one in ordered if one.amount < 0]
    total = sum(one.amount for one in back)
    taken: list[Item] = []
    for one in ordered:
        if one.amount <= 0:
            continue
        if most is not None and total + one.amount > most:
            break
        taken.append(one)
        total += one.amount
    if not taken:
        return ()
    return (*_recovered(back, sum(one.amount for one in taken)), *taken)


def _recovered(back: Sequence[Item], room: int) -> list[Item]:
    """Return what is recovered out of what is owed, the oldest first, the last one in part."""
    found: list[Item] = []
    for one in back:
        part = min(-one.amount, room)
        if part:
            found.append(Item(one.key, one.since, -part))
        room -= part
    return found


def waited(items: Sequence[Item], day: date) -> tuple[int, int] | None:
    """Return the days since the oldest unpaid invoice, and the mean weighted by amount.

    What is to be recovered settles the oldest first, as the next payment will. None when nothing is owed.
    """
    back = -sum(one.amount for one in items if one.amount < 0)
    left: list[tuple[int, int]] = []
    for one in sorted(items, key=lambda one: (one.since, one.key)):
        if one.amount <= 0:
            continue
        covered = min(back, one.amount)
        back -= covered
        if one.amount > covered:
            left.append(((day - one.since).days, one.amount - covered))
    if not left:
        return None
    weighed = sum(days * amount for days, amount in left)
    return left[0][0], round_half_up(weighed, sum(amount for _, amount in left))


def by_category(amount: int, paid: Mapping[str, int]) -> Mapping[str, int]:
    """Return an amount spread over categories as a claim was paid, by largest remainder."""
    names = sorted(name for name, part in paid.items() if part > 0)
    return dict(zip(names, split(amount, [paid[name] for name in names]), strict=True))


def left_to_recover(asked: Sequence[tuple[int, int]], *, let_off: int, returned: int) -> list[int]:
    """Return what is left of each amount a member was asked back for one claim.

    What the member was let off counts against what was not paid yet, the oldest first; money already given
    back to the member is no payment any more.

    Args:
        asked: What was asked and what was paid of it, the oldest first.
        let_off: What is not asked back any more, from zero.
        returned: What the member got again of what was paid.
    """
    lefts = [amount - paid for amount, paid in asked]
    over = sum(lefts) - max(sum(lefts) - let_off + returned, 0)
    for at, left in enumerate(lefts):
        taken = min(left, max(over, 0))
        lefts[at] = left - taken
        over -= taken
    return lefts


WEIGHTS = (
    ("population", "weight_population"),
    ("households", "weight_households"),
    ("insured", "weight_insured"),
    ("insured_households", "weight_insured_households"),
    ("claims", "weight_claims"),
    ("amounts", "weight_amounts"),
)
_WHOLE = 10_000  # shares and weights are hundredths of a percent


def shared_capitation(
    allocated: int, terms: Capitation, shown: Mapping[ProviderId, Indicators]
) -> Mapping[ProviderId, int]:
    """Return what each provider gets of the contributions of a month.

    Each of the six indicators shares its weight's part; one that nobody has anything of shares nothing. The
    whole is rounded half up once, and the parts add up to it by largest remainder.

    Args:
        allocated: The contributions the month earned, in minor units.
        terms: The part that is shared, and the weights.
        shown: The indicators of each provider of the levels named.

    Source: openIMIS handbook 2.9.
    """
    sums = {
        one.name: sum(getattr(told, one.name) for told in shown.values())
        for one in fields(Indicators)
    }
    told = [
        (name, getattr(terms, weight))
        for name, weight in WEIGHTS
        if getattr(terms, weight) and sums[name]
    ]
    common = 1
    for name, _ in told:
        common *= sums[name]
    keys = sorted(shown)
    parts = [
        sum(weight * getattr(shown[key], name) * (common // sums[name]) for name, weight in told)
        for key in keys
    ]
    if not sum(parts):
        return dict.fromkeys(keys, 0)
    whole = round_half_up(
        allocated * terms.share * sum(weight for _, weight in told), _WHOLE * _WHOLE
    )
    return dict(zip(keys, split(whole, parts), strict=True))
