"""Words of bringing registers in from another system."""

from dataclasses import dataclass, field

from stepdesk.i18n import N_, Text
from stepdesk.values.digits import luhn
from stepdesk.values.money import Money

_LUHN = 10
"""The root that stands for Luhn's check digit."""


@dataclass(frozen=True, slots=True)
class NumberRule:
    """How member numbers of the other system are made, as far as it is known.

    `length` is the exact number of characters. `root` gives the check digit: the last digit is
    the rest of the others divided by it; 10 means Luhn. None asks nothing, and neither does 0:
    so the other system writes that none is set.
    Source: openIMIS handbook 1.1, member number.
    """

    length: int | None = None
    root: int | None = None

    def holds(self, number: str) -> bool:
        """Whether a number is one of that kind; an empty one is none."""
        if not number or (self.length and len(number) != self.length):
            return False
        return not self.root or self._checks(number, self.root)

    def _checks(self, number: str, root: int) -> bool:
        if len(number) < 2 or not (number.isascii() and number.isdigit()):
            return False
        others, last = number[:-1], int(number[-1])
        return last == (luhn(others) if root == _LUHN else _rest(others, root))

    @property
    def told(self) -> Text:
        """What is asked of a number, in words."""
        if self.length and self.root:
            return Text(
                N_("{length} digits, the last one checks the others ({root})"),
                {"length": self.length, "root": self.root},
            )
        if self.root:
            return Text(N_("the last digit checks the others ({root})"), {"root": self.root})
        return Text(N_("{length} digits"), {"length": self.length or 0})


def _rest(digits: str, root: int) -> int:
    """Return the rest of a number of any length."""
    rest = 0
    for digit in digits:
        rest = (10 * rest + int(digit)) % root
    return rest


ANY_NUMBER = NumberRule()
"""A rule that asks nothing but a number."""


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
    are history: nothing of them is booked. `archived` counts the households that were closed
    there and came over for the sake of claims; `households` and `persons` do not.
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
    archived: int = 0
    diagnoses: int = 0
