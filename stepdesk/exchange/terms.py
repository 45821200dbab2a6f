"""Words of bringing registers in from another system."""

from dataclasses import dataclass, field

from stepdesk.i18n import Text
from stepdesk.values.money import Money


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of the other system that was not carried over, or not as it stood there.

    `key` names the row or the column in `file`, empty for the whole file; `what` is what stood
    there.
    """

    file: str
    key: str
    reason: Text
    what: str = ""


@dataclass(frozen=True, slots=True)
class CareAdded:
    """What one import added of care."""

    services: int = 0
    providers: int = 0
    tariffs: int = 0
    agreements: int = 0
    packages: int = 0


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one import added to the book, and what it left out.

    `opening_amount` is the sum of the receipts brought in, booked by one opening entry. Claims
    are history: nothing of them is booked.
    """

    sections: int
    households: int
    persons: int
    plans: int
    policies: int
    receipts: int
    opening_amount: Money
    left_out: tuple[LeftOut, ...]
    care: CareAdded = field(default_factory=CareAdded)
    claims: int = 0
    claim_lines: int = 0
