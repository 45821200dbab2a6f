"""How likely a figure is by chance: tails, limits around peers, medians, first digits. Pure arithmetic.

Source: advice handbook 2.8.
"""

from collections.abc import Mapping, Sequence
from math import erfc, exp, fsum, lgamma, log, sqrt
from statistics import mean, median
from typing import TypeVar

_HALF_IN_THOUSAND = 0.001
"""Above the upper limit of 99.8 %, both sides counted."""

_WINSOR = 10

K = TypeVar("K", bound=bytes)


def poisson_tail(count: int, expected: float) -> float:
    """Return the chance of so many or more where so many are expected."""
    if count <= 0:
        return 1.0
    if expected <= 0:
        return 0.0
    first = exp(count * log(expected) - expected - lgamma(count + 1))
    told, term, at = [first], first, count
    while term > 1e-15 * first or at < expected:
        at += 1
        term *= expected / at
        told.append(term)
    return min(1.0, fsum(told))


def negative_binomial_tail(count: int, expected: float, shape: float) -> float:
    """Return the chance of so many or more where people differ: a gamma of that shape over a Poisson."""
    if count <= 0:
        return 1.0
    if expected <= 0:
        return 0.0
    stays = shape / (shape + expected)
    below = fsum(
        exp(
            lgamma(at + shape)
            - lgamma(shape)
            - lgamma(at + 1)
            + shape * log(stays)
            + at * log(1 - stays)
        )
        for at in range(count)
    )
    return max(0.0, 1 - below)


def normal_tail(z: float) -> float:
    """Return the chance of a deviation of so many standard errors or more."""
    return erfc(z / sqrt(2)) / 2


def dispersion(deviations: Sequence[float]) -> float:
    """Return by how much providers differ more than chance alone: at least 1.

    The outer tenth on each side, at least one, is drawn in first, so that no provider hides itself.
    """
    if not deviations:
        return 1.0
    ordered = sorted(deviations)
    cut = -(-len(ordered) // _WINSOR) if len(ordered) > 2 else 0
    low, high = ordered[cut], ordered[-1 - cut]
    return max(1.0, mean(min(max(one, low), high) ** 2 for one in ordered))


def above_funnel(observed: Mapping[K, int], exposed: Mapping[K, int]) -> Mapping[K, float]:
    """Return who lies above the upper limit of 99.8 % around all, and what was expected of them.

    Args:
        observed: How often it was, by who.
        exposed: Out of how many, by who.
    """
    whole = sum(exposed.values())
    if not whole:
        return {}
    rate = sum(observed.get(one, 0) for one in exposed) / whole
    expected = {one: rate * count for one, count in exposed.items() if rate * count > 0}
    phi = dispersion(
        [(observed.get(one, 0) - told) / sqrt(told) for one, told in expected.items()]
    )
    found = {}
    for one, told in expected.items():
        over = observed.get(one, 0) - told
        drawn_in = round_up(told + over / sqrt(phi))
        if over > 0 and poisson_tail(drawn_in, told) < _HALF_IN_THOUSAND:
            found[one] = told
    return found


def round_up(value: float) -> int:
    """Return the whole number not below, a hair of arithmetic forgiven."""
    whole = int(value)
    return whole if value - whole < 1e-9 else whole + 1


def peer_value(
    own: bytes, values: Mapping[bytes, tuple[int, int]], least: int, pool: int
) -> float:
    """Return what peers have for each case: their median, or the others taken together.

    Args:
        own: Whose peers.
        values: Sum and cases, by who; only those with enough cases.
        least: From so many peers on their median counts.
        pool: From so many on the others are taken together; fewer are no peers, and 0 is returned.
    """
    others = [told for one, told in values.items() if one != own]
    if len(others) >= least:
        return median(amount / cases for amount, cases in others)
    cases = sum(told[1] for told in others)
    return sum(told[0] for told in others) / cases if len(others) >= pool and cases else 0.0


def first_digits(amounts: Sequence[int]) -> tuple[int, ...]:
    """Return how many amounts begin with each of 1 to 9."""
    found = [0] * 9
    for amount in amounts:
        if amount > 0:
            found[int(str(amount)[0]) - 1] += 1
    return tuple(found)


def chance_to_find(share: float, visits: int) -> float:
    """Return the chance that at least one of so many visits is one of the share: 1 - (1 - p)^n."""
    return 1 - (1 - share) ** visits


def visits_needed(share: float, chance: float = 0.95) -> int:
    """Return how many visits are asked about so that one of the share is found with that chance."""
    return round_up(log(1 - chance) / log(1 - share))
