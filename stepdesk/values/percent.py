"""Shares of a hundred, exact to a hundredth of a point."""

from dataclasses import dataclass

from stepdesk.values.money import Money, round_half_up


@dataclass(frozen=True, slots=True, order=True)
class Percent:
    """A share in hundredths of a percent: 1250 is 12.50 %.

    Raises:
        TypeError: when built from anything but an int.
    """

    hundredths: int

    def __post_init__(self) -> None:
        if type(self.hundredths) is not int:
            raise TypeError(
                f"a percentage is whole hundredths of a point, not {self.hundredths!r}"
            )

    @classmethod
    def points(cls, points: int) -> "Percent":
        return cls(points * 100)

    def of(self, money: Money, *, step: int = 1) -> Money:
        """Return the share of an amount, rounded half up to a multiple of step minor units."""
        return Money(
            round_half_up(money.minor * self.hundredths, 10_000, step=step), money.currency
        )
