"""Words of groups and of third-party payers."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from stepdesk.i18n import N_
from stepdesk.values.ids import (
    GroupId,
    GroupPaymentId,
    HouseholdId,
    NominationId,
    PayerAgreementId,
    PayerId,
    PayerPaymentId,
    PersonId,
    StatementId,
)
from stepdesk.values.money import Money


class GroupKind(Enum):
    """What a group is. Source: domain handbook 2.1, 2.5."""

    ASSOCIATION = "ASSOCIATION"
    COOPERATIVE = "COOPERATIVE"
    MFI = "MFI"
    EMPLOYER = "EMPLOYER"
    SCHOOL = "SCHOOL"
    WOMEN = "WOMEN"
    TRADE = "TRADE"


class Adhesion(Enum):
    """How the people of a group come to the scheme. Source: domain handbook 2.1."""

    MANDATORY = "MANDATORY"
    AUTOMATIC = "AUTOMATIC"
    OPEN = "OPEN"


class PayerKind(Enum):
    """Who pays for others. Source: domain handbook 2.6."""

    STATE = "STATE"
    COMMUNE = "COMMUNE"
    NGO = "NGO"
    DIASPORA = "DIASPORA"
    PARISH_MOSQUE = "PARISH_MOSQUE"
    EMPLOYER = "EMPLOYER"
    MFI = "MFI"
    UNION_FUND = "UNION_FUND"
    PRIVATE_SPONSOR = "PRIVATE_SPONSOR"


class Step(Enum):
    """The life of a nomination. Source: domain handbook 2.6."""

    NOMINATED = "NOMINATED"
    VALIDATED = "VALIDATED"
    APPROVED = "APPROVED"
    COVERED = "COVERED"
    RENEWED = "RENEWED"
    ENDED = "ENDED"
    REFUSED = "REFUSED"


STEPS = {
    Step.NOMINATED: N_("nominated"),
    Step.VALIDATED: N_("validated by the committee"),
    Step.APPROVED: N_("approved by the payer"),
    Step.COVERED: N_("covered"),
    Step.RENEWED: N_("renewed"),
    Step.ENDED: N_("ended"),
    Step.REFUSED: N_("refused"),
}
"""How the steps of a nomination are written."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group that signs for its people; `people` is how many it has, `min_share` percent.

    `enrolled` counts its people covered by households on the list on the day asked for.
    """

    id: GroupId
    code: str
    name: str
    kind: GroupKind
    adhesion: Adhesion
    people: int
    min_share: int | None
    signer: str
    phone: str
    since: date
    ended_on: date | None
    households: int
    enrolled: int


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """A household's place on a group's ordered list, from `first_day` to `until`, not included."""

    group_id: GroupId
    group: str
    household_id: HouseholdId
    place: int
    first_day: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Payer:
    id: PayerId
    code: str
    name: str
    kind: PayerKind
    since: date


@dataclass(frozen=True, slots=True)
class PayerAgreement:
    """What a payer promised, from `first_day` to `until`, not included.

    Either `share`, percent of a person's contribution, or `amount`, minor units a person and
    period. `pays_fee` says that the entry fee is paid too. `on_commitment`: the promise counts as
    paid; else only money that came does. `max_persons` None sets no limit.
    """

    id: PayerAgreementId
    payer_id: PayerId
    payer: str
    first_day: date
    until: date | None
    criteria: str
    max_persons: int | None
    share: int | None
    amount: int | None
    pays_fee: bool
    on_commitment: bool
    invoice_months: int
    signed_on: date


@dataclass(frozen=True, slots=True)
class NominationStep:
    step: Step
    effective_on: date
    until: date | None
    note: str
    recorded_on: date


@dataclass(frozen=True, slots=True)
class Nomination:
    """A household, or one person of it, put forward to a payer. `grounds` never leaves."""

    id: NominationId
    agreement_id: PayerAgreementId
    payer: str
    household_id: HouseholdId
    person_id: PersonId | None
    nominated_on: date
    grounds: str
    steps: tuple[NominationStep, ...]

    @property
    def step(self) -> Step:
        return self.steps[-1].step


@dataclass(frozen=True, slots=True)
class Sponsored:
    """A payer's commitment for a household, or one person of it; `until` is not included.

    `share` is percent of what a person costs, `amount` minor units a person and period. It was
    written down on `told_on` and taken back on `untold_on`, None always and never: no answer for
    a day before is moved by it. `on_cash`: its part of a due counts once the payer's money for it
    came. Source: domain handbook 2.4, 2.8 (b) and annex Y.8, 3.
    """

    first_day: date
    until: date | None
    person_id: PersonId | None = None
    share: int | None = None
    amount: int | None = None
    pays_fee: bool = False
    told_on: date | None = None
    untold_on: date | None = None
    agreement_id: PayerAgreementId | None = None
    on_cash: bool = False

    def known(self, day: date) -> bool:
        told = self.told_on is None or self.told_on <= day
        return told and (self.untold_on is None or day < self.untold_on)

    def holds(self, day: date) -> bool:
        return self.first_day <= day and (self.until is None or day < self.until)


# What payers are told, and what they pay


class Owed(Enum):
    """What a payer owes for: its part of a due, or a household's entry fee."""

    DUE = "DUE"
    FEE = "FEE"


@dataclass(frozen=True, slots=True)
class StatementLine:
    """What a payer owes for one person, or a household as one, of one due; minor units.

    Below zero when an earlier statement told too much. `due_first_day` of an entry fee is the
    day on which it was asked for.
    """

    household_id: HouseholdId
    person_id: PersonId | None
    due_first_day: date
    amount: int
    kind: Owed = Owed.DUE


@dataclass(frozen=True, slots=True)
class PayerStatement:
    """A numbered statement for the days from `first_day` to `until`, not included; it never changes.

    `amount` is the sum of its lines. `cleared` is what the payer's money covers of it by the day
    asked for, `paid_on` the day since which that is all of it, None while something is open.
    """

    id: StatementId
    number: str
    payer_id: PayerId
    payer: str
    agreement_id: PayerAgreementId
    first_day: date
    until: date
    issued_on: date
    amount: int
    cleared: int = 0
    paid_on: date | None = None

    @property
    def open(self) -> int:
        return max(self.amount - self.cleared, 0)


@dataclass(frozen=True, slots=True)
class PayerMoney:
    """Money of a payer: for one statement, or for the oldest open ones when None is named.

    `reversed_on` is the day it was taken back. `number` is that of its receipt, empty for money
    taken before such receipts had numbers.
    """

    id: PayerPaymentId
    payer_id: PayerId
    statement_id: StatementId | None
    paid_on: date
    amount: int
    box: str
    reference: str
    reversed_on: date | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class StatementShare:
    """What one sum paid of a statement, and what was left of it then; minor units."""

    statement: PayerStatement
    amount: int
    left: int


@dataclass(frozen=True, slots=True)
class PayerReceipt:
    """A receipt for a payer's money as it was given; nothing in it ever changes.

    `number` is empty for money taken before such receipts had numbers. `shares` are the
    statements it paid, `credit` what it added beyond them, `still_open` what all statements
    asked for after it, `shares` included. `reverses` and `reversed_by` are numbers. `copies`
    counts the copies printed so far, this one included.
    """

    payment_id: PayerPaymentId
    number: str
    code: str
    scheme: str
    payer: str
    payer_code: str
    paid_on: date
    amount: Money
    box: str
    reference: str
    shares: tuple[StatementShare, ...]
    credit: Money
    still_open: Money
    taken_by: str
    practice: bool
    single_control: bool = False
    reverses: str = ""
    reversed_by: str = ""
    cancelled: bool = False
    reason: str = ""
    copy: bool = False
    copies: int = 0


@dataclass(frozen=True, slots=True)
class Arrived:
    """Payer's money for a household's due, from a day on; below zero when it was taken back."""

    household_id: HouseholdId
    due_first_day: date
    day: date
    amount: int


class Rest(Enum):
    """What becomes of a group's money that completes no further household.

    KEEP: the credit of the next household of the list. GIVE_BACK: handed back at once, and on no
    receipt.
    """

    KEEP = "KEEP"
    GIVE_BACK = "GIVE_BACK"


@dataclass(frozen=True, slots=True)
class GroupMoney:
    """One sum a group paid for its list; `amount` is what was kept of it, minor units."""

    id: GroupPaymentId
    number: str
    group_id: GroupId
    paid_on: date
    amount: int
    reverses: GroupPaymentId | None = None
    reversed_by: GroupPaymentId | None = None
