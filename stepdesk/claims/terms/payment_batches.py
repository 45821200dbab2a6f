"""Words of paying providers: batches and their steps, capitation, deposits, delays, recoveries.

Source: domain handbook 2.14, 3.3 (P11 to P15).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from stepdesk.i18n import Text
from stepdesk.ledger.terms import Place
from stepdesk.values.ids import (
    CapitationRunId,
    ClaimId,
    DepositId,
    HouseholdId,
    MemberPaymentId,
    PaymentBatchId,
    ProviderId,
    ProviderPaymentId,
    RecoveryId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month


class PaymentState(Enum):
    """Where a payment batch stands: derived from its steps, never stored."""

    PREPARED = "PREPARED"
    APPROVED = "APPROVED"
    ORDERED = "ORDERED"
    PAID = "PAID"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    CANCELLED = "CANCELLED"
    REVERSED = "REVERSED"


class PaymentLineKind(Enum):
    """What a line of a payment batch is: money owed, or what is set off against it."""

    CLAIM = "CLAIM"
    CAPITATION = "CAPITATION"
    ADVANCE = "ADVANCE"
    DEPOSIT = "DEPOSIT"


class DepositKind(Enum):
    """Why money lies with a provider: as its security, or paid before care is invoiced."""

    DEPOSIT = "DEPOSIT"
    ADVANCE = "ADVANCE"


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One thing a payment batch pays; below zero it is recovered or set off.

    `approved` is what was decided of the claim at first, `reasons` are those of its cuts.
    """

    kind: PaymentLineKind
    number: str
    amount: Money
    invoice: str = ""
    received_on: date | None = None
    month: Month | None = None
    claim_id: ClaimId | None = None
    claimed: Money | None = None
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class PaymentStep:
    """A step a payment batch took: when, by whom, and what it says."""

    state: PaymentState
    day: date
    person: str
    second_person: str = ""
    single_control: bool = False
    receipt: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PaymentBatch:
    """A payment batch as it stands.

    `net = approved - recovered - set_off`: what leaves the box. `place` is where from, None until it is
    ordered; `voucher` the payment's number, empty until it is paid.
    """

    id: PaymentBatchId
    number: str
    provider_id: ProviderId
    provider: str
    month: Month
    state: PaymentState
    claims: int
    approved: Money
    recovered: Money
    set_off: Money
    net: Money
    steps: tuple[PaymentStep, ...] = ()
    lines: tuple[PaymentLine, ...] = ()
    place: Place | None = None
    box_name: str = ""
    voucher: str = ""


@dataclass(frozen=True, slots=True)
class ReversedPayment:
    """A payment to a provider that came back: `number` is the voucher of its mirror.

    `amount` went back into the box, `claims` are owed again. `fee` is what the bank or telephone company
    kept: it stays booked until its own voucher is cancelled. `batch` is empty where none was paid.
    """

    id: ProviderPaymentId
    number: str
    reverses: str
    day: date
    amount: Money
    claims: int
    fee: Money | None = None
    batch: str = ""


@dataclass(frozen=True, slots=True)
class Delay:
    """How long a provider waits for its money.

    `oldest_days` since the oldest invoice that is not paid; `mean_days` weighted by amount, over all that is
    not paid; `late_days` beyond the days agreed, zero when there are none.
    """

    provider_id: ProviderId
    provider: str
    owed: Money
    claims: int
    since: date
    oldest_days: int
    mean_days: int
    agreed_days: int | None
    late_days: int


@dataclass(frozen=True, slots=True)
class Deposit:
    """Money that went to lie with a provider; below zero it came back."""

    id: DepositId
    provider_id: ProviderId
    provider: str
    kind: DepositKind
    day: date
    month: Month | None
    amount: Money
    label: str


@dataclass(frozen=True, slots=True)
class Lying:
    """What lies with a provider now, deposits and advances apart."""

    provider_id: ProviderId
    provider: str
    deposit: Money
    advance: Money


# Capitation


@dataclass(frozen=True, slots=True)
class Indicators:
    """What one provider has to show for a month, by which contributions are shared.

    Source: openIMIS handbook 2.9.
    """

    population: int = 0
    households: int = 0
    insured: int = 0
    insured_households: int = 0
    claims: int = 0
    amounts: int = 0


@dataclass(frozen=True, slots=True)
class CapitationRun:
    """What a provider gets for a month by head; `reversed_by` is the reason when it was taken back.

    `adjusts` is the run whose count was found wrong later, `reason` why; the persons and the amount are the
    difference then.
    """

    id: CapitationRunId
    provider_id: ProviderId
    provider: str
    month: Month
    day: date
    persons: int
    head_amount: Money | None
    amount: Money
    reversed_by: str = ""
    facts: Mapping[str, int] = field(default_factory=dict)
    adjusts: CapitationRunId | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HeadDifference:
    """By how much a month paid by head would come to another amount as the book stands now.

    `counted` then; `added` and `dropped` since; `now` are the ids of those who count today.
    """

    run_id: CapitationRunId
    provider_id: ProviderId
    provider: str
    month: Month
    counted: int
    added: int
    dropped: int
    amount: Money
    now: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class CountedPerson:
    """A person counted for a month by head, `then`, or who would be today, `now`; `why` they would not."""

    card: str
    name: str
    then: bool
    now: bool
    why: Text | None = None


# Members


@dataclass(frozen=True, slots=True)
class ReimbursementOwed:
    """What a household is owed for care it paid itself; `since` is when the oldest was asked for.

    `returned` of it is what it had paid back for claims nothing is asked back of any more, `why` the reasons.
    """

    household_id: HouseholdId
    number: str
    member: str
    amount: Money
    claims: int
    since: date
    days: int
    returned: Money | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class ReimbursedClaim:
    """One claim of a voucher for a member; `returned` when it is money the member had paid back."""

    number: str
    provider: str
    day: date
    claimed: Money
    amount: Money
    returned: bool = False


@dataclass(frozen=True, slots=True)
class MemberVoucher:
    """A payment to a member as its voucher tells it."""

    id: MemberPaymentId
    number: str
    household: str
    receiver: str
    day: date
    box: str
    box_name: str
    reference: str
    amount: Money
    paid_by: str
    single_control: bool
    claims: tuple[ReimbursedClaim, ...]


@dataclass(frozen=True, slots=True)
class Recovery:
    """Money the scheme paid and is to get back: from a provider by its next payment, or from a member.

    `recovery_id` is set for a member's alone, which is paid back into a box.
    """

    owed_by: str
    claim: str
    day: date
    amount: Money
    left: Money
    reason: str
    recovery_id: RecoveryId | None = None
    provider_id: ProviderId | None = None
    claim_id: ClaimId | None = None


@dataclass(frozen=True, slots=True)
class LetOff:
    """What a member need not pay back: `amount` of it, what is still asked, what is owed to the member now."""

    claim: str
    amount: Money
    left: Money
    owed: Money


# What papers tell


@dataclass(frozen=True, slots=True)
class MirrorMonth:
    """One month of a provider: what it invoiced, what became of it, what it was paid, how late."""

    month: Month
    claims: int
    claimed: Money
    approved: Money
    patients: Money
    refused: Money
    paid: Money
    delay: int | None


@dataclass(frozen=True, slots=True)
class ByReason:
    """How often a reason cut or refused a line, and how much."""

    code: str
    words: Text
    lines: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Mirror:
    """A provider's year on a page; nobody's name stands in it."""

    provider: str
    code: str
    until: Month
    months: tuple[MirrorMonth, ...]
    reasons: tuple[ByReason, ...]
    delay: Delay | None


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One claim in the register of benefits (D14)."""

    number: str
    day: date
    received_on: date
    card: str
    provider: str
    services: str
    claimed: Money
    approved: Money
    patient: Money
    outcome: str
    codes: str
    paid_on: date | None
    payment: str
