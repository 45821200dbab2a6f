"""Words of what is said of a whole scheme."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from stepdesk.members.terms import Cover
from stepdesk.rights.terms import HouseholdState
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


# The measures of a month: block, table and place as safety handbook 4.1 lists them


class Service(Enum):
    """The eight classes of service a scheme is told by. Source: safety handbook 4.1.

    Care that would tell too much of a person (family planning, chronic illness) is among OTHER.
    """

    OPD = "OPD"
    DRUG = "DRUG"
    LAB_IMG = "LAB_IMG"
    MATERNITY = "MATERNITY"
    HOSP = "HOSP"
    SURG = "SURG"
    PREVENTION = "PREVENTION"
    OTHER = "OTHER"


class Place(Enum):
    """The five kinds of provider a scheme is told by."""

    POST = "POST"
    CENTRE = "CENTRE"
    DISTRICT = "DISTRICT"
    HIGHER = "HIGHER"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure, and how many distinct persons or households are behind it.

    `behind` of an account's figure is 0: who moved it is told by `Measures` itself.
    """

    value: int
    behind: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """What one person or household adds to the figure at a place of a table."""

    place: int
    who: bytes
    value: int = 1


@dataclass(frozen=True, slots=True)
class HouseholdMonth:
    """A household at the end of a month: its state, who is covered, what it owes and paid.

    Amounts are minor units. `called` is what was called for periods that began in the month,
    `paid` what was booked in it by means, reversals taken off. `periodicity` is in months.
    """

    id: HouseholdId
    state: HouseholdState
    covers: tuple[Cover, ...]
    called: int
    arrears: int
    periodicity: int
    paid: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ClaimMonth:
    """A claim of which something was decided in a month.

    `paid` is the scheme's share decided in the month: for a claim decided again, the difference.
    `by_service` is the same by class; `cases` are the classes of which a line is paid now.
    """

    person_id: bytes
    sex: str
    birth: date
    day: date
    place: Place
    approved: bool
    paid: int
    by_service: Mapping[Service, int]
    cases: frozenset[Service]


@dataclass(frozen=True, slots=True)
class Moved:
    """How many moved the accounts of a month.

    `claims` are persons whose claims moved what the scheme owes for care, `paid` persons whose
    claims were paid to their providers, `payers` households that moved the contributions; of
    these `in_cash` and `by_bank` (mobile money with it) moved either kind of box.
    """

    claims: int
    paid: int
    payers: int
    in_cash: int = 0
    by_bank: int = 0


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures of a booked month, by table and place, before anything is hidden.

    Args:
        tables: Table code to its figures, in the order in which returns carry them.
        moved: How many moved the accounts, for each month of the book up to this one.
        january: Persons covered on 1 January; None when the scheme covered nobody then.
    """

    month: Month
    tables: Mapping[str, tuple[Measure, ...]]
    moved: tuple[Moved, ...]
    january: int | None = None
