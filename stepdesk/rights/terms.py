"""Words of rights: states, verdicts, and the reasons for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from stepdesk.benefits.terms import ADULT_AGE, BenefitRule, Service
from stepdesk.contributions.terms import Account, WaitingWhenLate
from stepdesk.i18n import N_, Text
from stepdesk.members.rules import DEFAULT
from stepdesk.members.terms import Birth, Cover, Event, Happened, Sex, Statutes
from stepdesk.values.care import CareType, Level
from stepdesk.values.ids import HouseholdId, PersonId
from stepdesk.values.money import Currency


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


STATES: Mapping[HouseholdState, str] = {
    HouseholdState.PROSPECT: N_("Not registered yet"),
    HouseholdState.REGISTERED: N_("Entry not paid"),
    HouseholdState.WAITING: N_("Waiting"),
    HouseholdState.ACTIVE: N_("Up to date"),
    HouseholdState.GRACE: N_("Late"),
    HouseholdState.SUSPENDED: N_("Suspended"),
    HouseholdState.STRUCK_OFF: N_("Struck off"),
    HouseholdState.RESIGNED: N_("Resigned"),
    HouseholdState.EXCLUDED: N_("Excluded"),
    HouseholdState.CLOSED: N_("Membership ended"),
}
"""How the states are called, on the screen and on paper."""


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
    """Covered or not; on condition when a paper or an emergency decides at the provider."""

    YES = "YES"
    NO = "NO"
    CONDITION = "YES_WITH_CONDITION"


class ReasonCode(Enum):
    """Why rights, a claim or a line are refused, lowered or put aside: one closed list.

    Source: domain handbook 2.8 and 2.13.
    """

    RA01 = "RA01"  # patient not registered
    RA02 = "RA02"  # cover ended before care
    RA03 = "RA03"  # waiting
    RA04 = "RA04"  # contributions
    RA05 = "RA05"  # struck off or excluded
    RA06 = "RA06"  # age or relation
    RA07 = "RA07"  # claimed twice
    RA08 = "RA08"  # certificate missing, incomplete or unsigned
    RA09 = "RA09"  # received too late
    RA10 = "RA10"  # who came is not who is registered
    RA11 = "RA11"  # days that cannot be
    RA12 = "RA12"  # adding error
    RA13 = "RA13"  # certificate of no booklet
    RB01 = "RB01"  # service not in package
    RB02 = "RB02"  # excluded
    RB03 = "RB03"  # the service's own waiting
    RB04 = "RB04"  # provider not under agreement
    RB05 = "RB05"  # emergency not declared in time
    RB06 = "RB06"  # no referral
    RB07 = "RB07"  # no guarantee letter
    RB08 = "RB08"  # level of provider
    RB09 = "RB09"  # sex or age
    RB10 = "RB10"  # free public programme
    RB11 = "RB11"  # somebody else is liable
    RC01 = "RC01"  # number
    RC02 = "RC02"  # ceiling per act
    RC03 = "RC03"  # ceiling per episode
    RC04 = "RC04"  # ceiling of the service, person and year
    RC05 = "RC05"  # ceiling of person and year
    RC06 = "RC06"  # ceiling of household and year
    RC07 = "RC07"  # quantity above the norm
    RD01 = "RD01"  # deductible
    RT01 = "RT01"  # not in the price list
    RT02 = "RT02"  # price above the list
    RT03 = "RT03"  # act in the flat price
    RM01 = "RM01"  # not medically justified
    RM02 = "RM02"  # treatment does not match the diagnosis
    RM03 = "RM03"  # brand instead of generic
    RM04 = "RM04"  # stay too long
    RM05 = "RM05"  # clinical part missing
    RF01 = "RF01"  # card lent, it seems
    RF02 = "RF02"  # service not given, it seems
    RF03 = "RF03"  # fraud established
    RX01 = "RX01"  # technical error corrected


class Flag(Enum):
    """What a controller should look at; never shown as an accusation. Source: handbook 2.16."""

    F03 = "F-03"  # care after death, exit or in suspension


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its code, a sentence, and the day and the money that would end it if known."""

    code: ReasonCode
    text: Text
    opens_on: date | None = None
    to_pay: int = 0


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A day of a stay, after its first, on which the patient has no rights, with the reasons.

    `before` is how many days of the stay lie before it.
    """

    day: date
    before: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Stopped:
    """That a stay was not covered to its end: why, the last day that was, and how many days were."""

    code: ReasonCode
    through: date
    days: int


@dataclass(frozen=True, slots=True)
class RightsFacts:
    """What decides a person's rights on a day.

    `account` is the household's account at the end of that day; `child_max_age` and `statutes` are
    those in force on that day. What a person must wait is settled when the cover begins:
    `waiting_months`, `waiting_when_late`, `newborn_declare_days` and `added_waiting` (None is the
    plan's) are those of its first day. `cover` is None when the person has no cover that day or
    before. `mother` decides for a newborn not yet declared: cared for under her number, or under
    the member's where she is not of the household. `beyond` is the most persons the plan covers,
    where this person is not among them.
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
    statutes: Statutes = DEFAULT
    mother: "RightsFacts | None" = None
    added_waiting: int | None = None
    waiting_when_late: WaitingWhenLate = WaitingWhenLate.FREEZES
    beyond: int | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """What earlier decided care leaves of the limits of one service for one person on a day.

    None sets no limit. `count` acts; the others are minor units of the scheme's part:
    `service_year` of the service for the person, `service_household` for the household,
    `person_year` and `household_year` of the whole package. `deductible` is still to be taken.
    `count_again` is the first day on which an act more would count, `year_again` the first day of
    the next benefit year; None where neither can be told. `near_until` is the first day on which
    another one no longer lies too near to this care; None when none lies too near.
    """

    count: int | None = None
    deductible: int = 0
    service_year: int | None = None
    service_household: int | None = None
    person_year: int | None = None
    household_year: int | None = None
    count_again: date | None = None
    year_again: date | None = None
    near_until: date | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A guarantee letter, good from `issued_on` to `valid_through`, both included.

    It is given to who has rights on its day, or signed by two in an emergency, and keeps its
    worth when contributions then stop. Source: domain handbook 2.2, GRACE to SUSPENDED, and 2.10.
    """

    issued_on: date
    valid_through: date

    def holds(self, day: date) -> bool:
        return self.issued_on <= day <= self.valid_through


@dataclass(frozen=True, slots=True)
class Papers:
    """What the patient brings or tells: it settles conditions.

    `letter` is a guarantee letter known to the scheme, `guarantee` says that one was shown,
    `letter_fault` why the one that was shown does not hold.
    """

    referred: bool = False
    guarantee: bool = False
    emergency: bool = False
    declared_hours: int | None = None
    letter: Letter | None = None
    letter_fault: Text | None = None


@dataclass(frozen=True, slots=True)
class CareFacts:
    """What decides rights to one service, beyond a person's rights at all.

    `rule` is None when the package does not name the service, `package` False when no package
    version holds on the day. `level` is None when no provider was asked about; `agreement` and
    `provider_care` then do not matter. `age` is in whole years on the day, `stay` says that care
    lasted into another day. `service` is what the catalogue says, None where it was not looked up.
    `uncovered` are days of the stay without rights, earliest first: of those with the same reasons
    the first alone, and none where the package asks for the first day only.
    """

    package: bool
    rule: BenefitRule | None
    age: int
    sex: Sex
    level: Level | None = None
    agreement: bool = True
    left: Left = field(default_factory=Left)
    papers: Papers = field(default_factory=Papers)
    service: Service | None = None
    stay: bool = False
    provider_care: CareType = CareType.BOTH
    adult_age: int = ADULT_AGE
    uncovered: tuple[Uncovered, ...] = ()

    @property
    def child(self) -> bool:
        return self.age < self.adult_age


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the person has rights on the day, and why.

    For a yes, `reasons` is empty, `rights_through` the last day on which it still holds if
    nothing more is paid, None when no end can be told. For a no, `opens_on` is the first day it
    would become yes, None when that cannot be told, and `to_pay` the minor units that must be
    paid for it. `conditions` must be met for a yes on condition; `remaining` is what a service
    still leaves, None when no service was asked about. `under_mother` says that a newborn is
    cared for under the mother's number; `flags` are for the controller. `stopped` says that rights
    there were on the first day of a stay ended within it.
    """

    answer: Answer
    state: HouseholdState
    reasons: tuple[Reason, ...] = ()
    opens_on: date | None = None
    to_pay: int = 0
    rights_from: date | None = None
    rights_through: date | None = None
    conditions: tuple[Reason, ...] = ()
    remaining: Left | None = None
    under_mother: bool = False
    flags: tuple[Flag, ...] = ()
    stopped: Stopped | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked about a person, as far as the sentences of the answer tell it.

    `service` and `provider` are names, empty when none was asked about; `rule` is what the
    package says of the service. `paid_through` is the last day contributions are paid for.
    `corrected_on` is the last day on which something about that day was told that had passed: an
    answer given before may have been another one. None when nothing was. `paid_since` is what the
    household paid behind the day asked about, in minor units, and `paid_since_on` when last; told
    where the answer asks for money.
    """

    day: date
    currency: Currency
    service: str = ""
    provider: str = ""
    rule: BenefitRule | None = None
    paid_through: date | None = None
    corrected_on: date | None = None
    paid_since: int = 0
    paid_since_on: date | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """An answer as it is given out: the verdict, and a sentence for each who must act on it."""

    question: Question
    verdict: Verdict
    member: Text
    provider: Text


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on a printed answer: who was asked about, by whom and on which day, and the answer.

    `number` is the person's own, household and suffix.
    """

    scheme: str
    number: str
    name: str
    sex: Sex
    birth: Birth
    section: str
    told: Told
    asked_by: str
    asked_on: date
    practice: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a household stands on a day, in what people ask first; amounts in minor units.

    `regular` is what one whole period costs, `to_pay` what brings it up to date, `persons` how
    many are covered. `rights_from` and `covered_through` are None while they cannot be told.
    """

    state: HouseholdState
    persons: int
    regular: int
    to_pay: int
    rights_from: date | None
    covered_through: date | None


@dataclass(frozen=True, slots=True)
class ForeseenHousehold:
    """A household before and after an event; `before` is None for one the event makes."""

    household_id: HouseholdId
    number: str
    name: str
    before: Outlook | None
    after: Outlook


@dataclass(frozen=True, slots=True)
class ForeseenPerson:
    """A person's verdict before and after an event; `before` is None for somebody new."""

    person_id: PersonId
    household_id: HouseholdId
    name: str
    before: Verdict | None
    after: Verdict


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an event would do, all of it looked at on one day; nothing of it was written.

    `persons` are all of the touched households, by household and suffix.
    """

    day: date
    happened: Happened
    households: tuple[ForeseenHousehold, ...]
    persons: tuple[ForeseenPerson, ...]
