"""Money in whole minor units. No float can enter, nothing is lost in a split."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import total_ordering


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency and the number of decimals in use: 0 for the CFA franc, 2 for most others."""

    code: str
    exponent: int

    @property
    def scale(self) -> int:
        """How many minor units make one unit."""
        return int(10**self.exponent)


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole minor units of one currency; may be negative.

    Raises:
        TypeError: when built from anything but an int, or when two currencies meet.
    """

    minor: int
    currency: Currency

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"money is whole minor units, not {self.minor!r}")

    def _same(self, other: object) -> "Money":
        if not isinstance(other, Money) or other.currency != self.currency:
            raise TypeError(f"{self} and {other} are not of one currency")
        return other

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def times(self, count: int) -> "Money":
        """Return this amount a whole number of times."""
        if type(count) is not int:
            raise TypeError(f"money is multiplied by whole numbers, not {count!r}")
        return Money(self.minor * count, self.currency)

    def split(self, weights: Sequence[int]) -> tuple["Money", ...]:
        """Return one share per weight; the shares add up to this amount.

        Each share is its exact part rounded down, and what is left goes one unit each to the
        largest remainders, the first of equal ones before the later.

        Raises:
            ValueError: when a weight is negative or all are zero.
        """
        return tuple(Money(part, self.currency) for part in split(self.minor, weights))


def split(amount: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split whole units by weight with the largest remainder; see `Money.split`."""
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights must be whole numbers from zero, and not all zero")
    sign = -1 if amount < 0 else 1
    shares = [divmod(abs(amount) * weight, total) for weight in weights]
    parts = [whole for whole, _ in shares]
    # Largest remainder, so that shares add up: the treasurer counts coins, not fractions.
    by_remainder = sorted(range(len(shares)), key=lambda at: (-shares[at][1], at))
    for at in by_remainder[: abs(amount) - sum(parts)]:
        parts[at] += 1
    return tuple(sign * part for part in parts)


def round_half_up(numerator: int, denominator: int, *, step: int = 1) -> int:
    """Return numerator / denominator rounded to a multiple of step, halves away from zero.

    Args:
        numerator: Whole minor units times whatever the denominator divides.
        denominator: Above zero.
        step: The smallest coin in minor units, above zero.
    """
    if denominator <= 0 or step <= 0:
        raise ValueError("denominator and step must be above zero")
    unit = denominator * step
    whole = (2 * abs(numerator) + unit) // (2 * unit) * step
    return -whole if numerator < 0 else whole


MOST = 10**12
"""The largest amount people may type, in minor units: sums of many still fit the file."""

_SPACES = dict.fromkeys(map(ord, " \u00a0\u202f\u2009'’"))


def read_minor(told: str, currency: Currency) -> int:
    """Read an amount people type: `1 400`, `1400`, `12,50`, `1.400,00`; in minor units.

    One dot or comma followed by exactly the currency's decimals is the decimal point; other dots
    and commas must part groups of three.

    Raises:
        ValueError: for letters, a decimal the currency does not have, nothing at all, or more
            than `MOST`.
    """
    plain = told.translate(_SPACES)
    sign, plain = (-1, plain[1:]) if plain.startswith("-") else (1, plain)
    whole, part = plain, ""
    at = max(plain.rfind("."), plain.rfind(","))
    if at >= 0 and (currency.exponent and 0 < len(plain) - at - 1 <= currency.exponent):
        whole, part = plain[:at], plain[at + 1 :]
    point = plain[at] if part else ""
    groups = whole.replace(",", ".").split(".")
    grouped = len(groups) == 1 or (
        1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    )
    grouped = grouped and not (point and point in whole)
    digits = "".join(groups)
    if not (
        grouped and digits.isascii() and digits.isdecimal() and (not part or part.isdecimal())
    ):
        raise ValueError(f"not an amount: {told!r}")
    minor = int(digits) * currency.scale + int((part or "0").ljust(currency.exponent, "0"))
    if minor > MOST:
        raise ValueError(f"not an amount: {told!r}")
    return sign * minor
