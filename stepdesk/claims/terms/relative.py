"""Words of relative prices: what a period's contributions pay for each franc that was valued.

Source: openIMIS handbook 2.8.
"""

from dataclasses import dataclass
from datetime import date

from stepdesk.benefits.terms import PoolPeriod
from stepdesk.claims.terms.claims import ClaimFacts
from stepdesk.values.care import CareType
from stepdesk.values.ids import ClaimId, PackageId
from stepdesk.values.money import Money
from stepdesk.values.month import Month


@dataclass(frozen=True, slots=True)
class Contributed:
    """Money that pays for cover from `first_day` to `until`, not included; minor units."""

    amount: int
    first_day: date
    until: date


@dataclass(frozen=True, slots=True)
class Pool:
    """Which index: of a package's care in one month, quarter or year."""

    package_id: PackageId
    period: PoolPeriod
    year: int
    number: int
    care: CareType


@dataclass(frozen=True, slots=True)
class PoolIndex:
    """An index and what it was reckoned from.

    `allocated` are the contributions of the period, `share` the part of them that stands for
    these prices in hundredths of a percent, `valued` what was valued at the list's prices.
    `index` is in ten-thousandths.
    """

    pool: Pool
    package: str
    allocated: Money
    share: int
    valued: Money
    index: int


@dataclass(frozen=True, slots=True)
class RelativeRun:
    """What a run came to: the indexes, the claims it made payable, and those that still wait."""

    month: Month
    indexes: tuple[PoolIndex, ...]
    claims: int
    paid: Money
    waiting: int


@dataclass(frozen=True, slots=True)
class WaitingClaim:
    """A claim that waits for an index: when it was valued, and by which facts."""

    claim_id: ClaimId
    month: Month
    facts: ClaimFacts
