"""Words of practice: what a practice scheme was made with."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

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


@dataclass(slots=True)
class Shown:
    """What a demonstration left behind."""

    book: Path
    papers: list[Path] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    clean: bool = False
