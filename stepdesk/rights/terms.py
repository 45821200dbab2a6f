"""Words of rights: states, verdicts, and the reasons for them."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from stepdesk.contributions.terms import Account
from stepdesk.i18n import Text
from stepdesk.members.terms import Cover, Event


class HouseholdState(Enum):
    """The states of a membership. Source: domain handbook 2.2."""

    PROSPECT = "PROSPECT"
    REGISTERED = "REGISTERED"
    WAITING = "WAITING"
    ACTIVE = "ACTIVE"
    GRACE = "GRACE"
    SUSPENDED = "SUSPENDED"
    STRUCK_OFF = "STRUCK_OFF"
    RESIGNED = "RESIGNED"
    EXCLUDED = "EXCLUDED"
    CLOSED = "CLOSED"


class Status(Enum):
    """The five words a person sees: sign, word and colour. Source: screens handbook 2.0, 4.4."""

    UP_TO_DATE = "UP_TO_DATE"
    WAITING = "WAITING"
    LATE = "LATE"
    STOPPED = "STOPPED"
    DRAFT = "DRAFT"


STATUS_OF: dict[HouseholdState, Status] = {
    HouseholdState.PROSPECT: Status.DRAFT,
    HouseholdState.REGISTERED: Status.DRAFT,
    HouseholdState.WAITING: Status.WAITING,
    HouseholdState.ACTIVE: Status.UP_TO_DATE,
    HouseholdState.GRACE: Status.LATE,
    HouseholdState.SUSPENDED: Status.STOPPED,
    HouseholdState.STRUCK_OFF: Status.STOPPED,
    HouseholdState.RESIGNED: Status.STOPPED,
    HouseholdState.EXCLUDED: Status.STOPPED,
    HouseholdState.CLOSED: Status.STOPPED,
}


class Answer(Enum):
    YES = "YES"
    NO = "NO"


class ReasonCode(Enum):
    """Why rights are refused. Source: domain handbook 2.8 and 2.13."""

    RA01 = "RA01"  # not known, or not covered on that day
    RA02 = "RA02"  # cover ended
    RA03 = "RA03"  # waiting
    RA04 = "RA04"  # contributions not paid
    RA05 = "RA05"  # struck off, resigned, excluded, closed
    RA06 = "RA06"  # age or relation


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its code, a sentence, and the day and the money that would end it if known."""

    code: ReasonCode
    text: Text
    opens_on: date | None = None
    to_pay: int = 0


@dataclass(frozen=True, slots=True)
class RightsFacts:
    """What decides a person's rights on a day.

    `account` is the household's account at the end of that day; `child_max_age` and
    `newborn_declare_days` are those of the plan in force on that day; `waiting_months` too.
    `cover` is None when the person has no cover that day or before.
    """

    day: date
    cover: Cover | None
    account: Account
    events: tuple[Event, ...]
    joined_on: date
    waiting_months: int
    child_max_age: int | None
    newborn_declare_days: int
    strike_off_after_months: int = 6
    strike_off_needs_board: bool = True
    grace_days: int = 30


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the person has rights on the day, and why.

    For a yes, `reasons` is empty, `rights_through` the last day on which it still holds if
    nothing more is paid, None when no end can be told. For a no, `opens_on` is the first day it
    would become yes, None when that cannot be told, and `to_pay` the minor units that must be
    paid for it.
    """

    answer: Answer
    state: HouseholdState
    reasons: tuple[Reason, ...] = ()
    opens_on: date | None = None
    to_pay: int = 0
    rights_from: date | None = None
    rights_through: date | None = None
