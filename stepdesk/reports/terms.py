"""Words of what is said of a whole scheme."""

from dataclasses import dataclass
from datetime import datetime

from stepdesk.values.ids import HouseholdId
from stepdesk.values.money import Money
from stepdesk.values.month import Month


@dataclass(frozen=True, slots=True)
class Standing:
    """How the scheme stands today: what the first screen shows."""

    month: Month
    households: int
    persons: int
    covered: int
    late: tuple[HouseholdId, ...]
    late_long: tuple[HouseholdId, ...]
    stopped: tuple[HouseholdId, ...]
    waiting: tuple[HouseholdId, ...]
    not_entered: tuple[HouseholdId, ...]
    cash: Money
    carried: Money
    arrears: Money
    collected: Money
    open_sessions: int
    last_backup: datetime | None
    last_backup_outside: datetime | None
    next_closing: Month
