"""Words of control: what a controller should look at, and the visits to confirm.

A finding is what a check saw; a flag is a finding somebody should look at. It accuses nobody, blocks
nothing, and is on no paper for a member or a provider. Source: domain handbook 2.16, advice handbook 2.8.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import TypeAlias

from stepdesk.i18n import Text
from stepdesk.values.ids import (
    ClaimId,
    FlagId,
    HouseholdId,
    PersonId,
    StaffId,
    VisitId,
    VisitListId,
)
from stepdesk.values.month import Month


class Pattern(Enum):
    """What a check looks for. Source: domain handbook 2.16."""

    F01 = "F-01"  # a card in other hands
    F02 = "F-02"  # billed twice
    F03 = "F-03"  # a patient who could not be there
    F04 = "F-04"  # acts that were not done
    F05 = "F-05"  # dearer or more acts than elsewhere
    F06 = "F-06"  # more medicines than elsewhere
    F07 = "F-07"  # joining when ill
    F08 = "F-08"  # part of a family
    F09 = "F-09"  # dependants added, then care; somebody in two households
    F10 = "F-10"  # receipts and booklets
    F11 = "F-11"  # money posted late
    F12 = "F-12"  # arrears paid for care that was had
    F13 = "F-13"  # letters at unusual hours
    F14 = "F-14"  # counts that do not agree
    F15 = "F-15"  # deciding for one's own household
    F16 = "F-16"  # costs or figures that drift


LEVELS: Mapping[Pattern, int] = {
    Pattern.F01: 3,
    Pattern.F02: 3,
    Pattern.F03: 3,
    Pattern.F04: 2,
    Pattern.F05: 2,
    Pattern.F06: 2,
    Pattern.F07: 1,
    Pattern.F08: 1,
    Pattern.F09: 2,
    Pattern.F10: 3,
    Pattern.F11: 3,
    Pattern.F12: 2,
    Pattern.F13: 2,
    Pattern.F14: 2,
    Pattern.F15: 2,
    Pattern.F16: 1,
}
"""How grave a pattern is; level 1 is a statistic only. Source: domain handbook 2.16."""

STATISTIC = 1
"""The level of what is counted and never raised."""


class Check(Enum):
    """One check of a pattern: what exactly it saw."""

    TWO_PROVIDERS = "TWO_PROVIDERS"
    IDENTITY = "IDENTITY"
    OFTEN = "OFTEN"
    BILLED_TWICE = "BILLED_TWICE"
    AFTER_DEATH = "AFTER_DEATH"
    AFTER_EXIT = "AFTER_EXIT"
    SUSPENDED = "SUSPENDED"
    LEAF = "LEAF"
    IMPOSSIBLE = "IMPOSSIBLE"
    TWO_DELIVERIES = "TWO_DELIVERIES"
    TWO_BEDS = "TWO_BEDS"
    CLOSED_DAYS = "CLOSED_DAYS"
    MANY_ACTS = "MANY_ACTS"
    ROUND_AMOUNTS = "ROUND_AMOUNTS"
    MANY_VISITS = "MANY_VISITS"
    EXPENSIVE = "EXPENSIVE"
    SPLIT = "SPLIT"
    DRIFT = "DRIFT"
    LABORATORY = "LABORATORY"
    REPEATED = "REPEATED"
    DRUGS = "DRUGS"
    EARLY_CARE = "EARLY_CARE"
    EARLY_DELIVERY = "EARLY_DELIVERY"
    PART_OF_FAMILY = "PART_OF_FAMILY"
    ADDED_DEPENDANTS = "ADDED_DEPENDANTS"
    TWO_HOUSEHOLDS = "TWO_HOUSEHOLDS"
    MISSING_LEAF = "MISSING_LEAF"
    OUT_OF_ORDER = "OUT_OF_ORDER"
    LEAF_TWICE = "LEAF_TWICE"
    LATE_HAND_OVER = "LATE_HAND_OVER"
    LATE_POSTING = "LATE_POSTING"
    SHORT_HAND_OVER = "SHORT_HAND_OVER"
    BACK_DATED = "BACK_DATED"
    LETTERS = "LETTERS"
    COUNTS = "COUNTS"
    OWN_HOUSEHOLD = "OWN_HOUSEHOLD"
    MONTH_MEAN = "MONTH_MEAN"
    DIGITS = "DIGITS"


class SubjectKind(Enum):
    """What a finding is about."""

    CLAIM = "CLAIM"
    PERSON = "PERSON"
    HOUSEHOLD = "HOUSEHOLD"
    PROVIDER = "PROVIDER"
    COLLECTOR = "COLLECTOR"
    STAFF = "STAFF"
    BOOKLET = "BOOKLET"
    BOX = "BOX"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about; without an id it is the main cash box."""

    kind: SubjectKind
    id: bytes | None = None


Number: TypeAlias = int | str
"""A figure a finding used: a count, an amount in minor units, a share in hundredths of a percent, a day."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw.

    Args:
        pattern: Of which pattern.
        check: Which check of it.
        subject: What it is about.
        numbers: The figures it used; the sentence is made of them.
        others: The other documents it looked at, their kind and id.
        key: What makes it the same finding when the check runs again, beside its subject.
        weight: How much stands behind it, from 1: a finding that was dismissed comes back when
            this has grown.
        score: How far up in the list it stands, 0 to 1,000.
        level: 1 to 3; a check may say less than its pattern.
    """

    pattern: Pattern
    check: Check
    subject: Subject
    numbers: Mapping[str, Number] = field(default_factory=dict)
    others: tuple[Subject, ...] = ()
    key: str = ""
    weight: int = 1
    score: int = 0
    level: int = 0

    @property
    def claims(self) -> tuple[ClaimId, ...]:
        """The claims it is about, its subject first."""
        told = (self.subject, *self.others)
        return tuple(ClaimId(one.id) for one in told if one.kind is SubjectKind.CLAIM and one.id)


class FlagState(Enum):
    """How far a flag is. Source: domain handbook 2.16."""

    RAISED = "RAISED"
    REVIEWED = "REVIEWED"
    DISMISSED = "DISMISSED"
    CONFIRMED = "CONFIRMED"
    ACTION = "ACTION"


OPEN = frozenset({FlagState.RAISED, FlagState.REVIEWED})
"""States of a flag nobody judged yet."""


class FlagAction(Enum):
    """What was done about a confirmed flag. The doing itself is a verb elsewhere."""

    WARNING = "WARNING"
    RECOVERY = "RECOVERY"
    SUSPENSION = "SUSPENSION"
    EXCLUSION = "EXCLUSION"
    END_OF_AGREEMENT = "END_OF_AGREEMENT"


@dataclass(frozen=True, slots=True)
class FlagStep:
    """One step of a flag: who did it, and what they wrote."""

    state: FlagState
    day: date
    by: str
    reason: str = ""
    action: FlagAction | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document behind a flag: what it is, its number, its day and amount where it has them.

    `name` and `born` are told of two entries that may be one person: there they are what is compared.
    """

    subject: Subject
    number: str
    day: date | None = None
    amount: int | None = None
    name: str = ""
    born: date | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag as it stands. `concerns` is a number or a name of the subject, never a patient's name."""

    id: FlagId
    number: str
    pattern: Pattern
    check: Check
    level: int
    subject: Subject
    concerns: str | Text
    sentence: Text
    numbers: Mapping[str, Number]
    score: int
    month: Month
    raised_on: date
    state: FlagState
    evidence: tuple[Evidence, ...] = ()
    steps: tuple[FlagStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Statistic:
    """How often a check saw something; nobody is named."""

    pattern: Pattern
    check: Check
    count: int
    sentence: Text


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking at a month came to.

    `known` findings had a flag already, or were dismissed and have not grown. `off` are patterns
    that were nearly always dismissed and are no longer raised.
    """

    month: Month
    raised: tuple[FlagId, ...]
    known: int
    claims: int
    statistics: tuple[Statistic, ...]
    off: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Precision:
    """How the flags of a pattern were judged."""

    pattern: Pattern
    raised: int
    dismissed: int
    confirmed: int

    @property
    def judged(self) -> int:
        return self.dismissed + self.confirmed


@dataclass(frozen=True, slots=True)
class StaffHousehold:
    """Somebody of the desk who is a person of the register."""

    staff_id: StaffId
    person_id: PersonId
    household_id: HouseholdId


class VisitAnswer(Enum):
    """What was said when a visit was asked about."""

    CONFIRMED = "CONFIRMED"
    NOT_CONFIRMED = "NOT_CONFIRMED"
    NOT_REACHED = "NOT_REACHED"


@dataclass(frozen=True, slots=True)
class VisitAsked:
    """One visit to confirm. Name and telephone are there to call, and nowhere else."""

    id: VisitId
    place: int
    claim_id: ClaimId
    claim: str
    provider: str
    day: date
    services: tuple[str, ...]
    household: str
    name: str
    phone: str
    by_chance: bool
    answer: VisitAnswer | None = None
    answered_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class VisitList:
    """The visits of a month, or of some months, that are asked about by telephone.

    `drawn_from` visits chance chose among; the seed draws the same ones again.
    """

    id: VisitListId
    month: Month
    months: int
    provider: str
    drawn_on: date
    seed: int
    drawn_from: int
    visits: tuple[VisitAsked, ...]

    def count(self, answer: VisitAnswer | None) -> int:
        """Return how many visits have this answer; None is not asked yet."""
        return sum(one.answer is answer for one in self.visits)


@dataclass(frozen=True, slots=True)
class VisitFigures:
    """How asking about visits of a time went: counts alone, for the report.

    `by_chance` of the answered ones were drawn by chance, `denied_by_chance` of these not
    confirmed: only they say something about all visits.
    """

    asked: int
    confirmed: int
    not_confirmed: int
    not_reached: int
    open: int
    by_chance: int
    denied_by_chance: int
