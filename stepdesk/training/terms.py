"""Words of practice: what a practice scheme was made with."""

from dataclasses import dataclass
from datetime import date

FIRST_PERSON = "Awa Konaté"
PASSWORD = "practice makes perfect"  # noqa: S105 - printed in the README; practice books only
SECOND_PASSWORD = "two people sign"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Made:
    """What was made."""

    households: int
    persons: int
    receipts: int
    reversals: int
    months_closed: int
    last_day: date
