"""Words of price lists that hang on walls."""

from dataclasses import dataclass

from stepdesk.benefits.terms import Service


@dataclass(frozen=True, slots=True)
class WallLine:
    """A service with its price, and what a member pays of it.

    `part` is in minor units: the whole price for what the package does not pay; None when no
    package was named.
    """

    service: Service
    price: int
    part: int | None = None
    covered: bool = True
