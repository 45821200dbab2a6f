"""Words of claims: batches, lines, decisions, and what decides them.

Amounts are whole minor units of the scheme's currency. A line keeps four of them: claimed, what
the invoice asks; approved, at the agreed price for what may be counted; adjusted, after the
member's share; paid, after every ceiling. Source: domain handbook 2.11 to 2.13.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from stepdesk.benefits.terms import BenefitRule, Category
from stepdesk.i18n import Text
from stepdesk.rights.terms import ReasonCode
from stepdesk.values.care import Visit
from stepdesk.values.ids import (
    BatchId,
    ClaimId,
    ClaimLineId,
    HouseholdId,
    PersonId,
    ProviderId,
    ProviderPaymentId,
    ServiceId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month


class Outcome(Enum):
    """What was decided of a claim.

    PENDING waits for a paper and may be decided again; WITHDRAWN was typed in by mistake.
    """

    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    PENDING = "PENDING"
    WITHDRAWN = "WITHDRAWN"


class State(Enum):
    """Where a claim stands: derived from its decisions and payments, never stored."""

    RECEIVED = "RECEIVED"
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    PAID = "PAID"


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line of a claim with all that decides it.

    `refused` are the codes already known against it, from rights and papers; the first decides.
    `tariff` is None when the price list does not know the service. `rule` is None when the
    package does not. What is left counts earlier decisions and not this claim: `left_count` acts,
    `left_deductible` to be taken before the scheme pays, `left_year` and `left_household` of the
    service's own ceilings; None sets no limit.
    """

    service_id: ServiceId
    quantity: int
    unit_price: int
    tariff: int | None
    rule: BenefitRule | None
    refused: tuple[ReasonCode, ...] = ()
    left_count: int | None = None
    left_deductible: int = 0
    left_year: int | None = None
    left_household: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """Everything that decides a claim: the same facts give the same answer for ever.

    `left_person` and `left_household` are what the package's yearly ceilings leave before this
    claim; None sets no limit. `coin` is the smallest coin the patient can pay with. `pending` are
    papers that are missing: they put the claim aside.
    """

    lines: tuple[LineFacts, ...]
    cap_episode: int | None = None
    left_person: int | None = None
    left_household: int | None = None
    balance_billing: bool = False
    coin: int = 1
    pending: tuple[ReasonCode, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """One step that lowered a line: its code, by how much, and the limit that did it."""

    code: ReasonCode
    amount: int
    limit: int = 0


@dataclass(frozen=True, slots=True)
class LineDecision:
    """What was decided of one line.

    `quantity` is what counts; `priced` the price it counts at; `deducted` the deductible;
    `member` the member's share of what is left; `over` what the price list does not allow;
    `paid` the scheme's part, with `rounding` in it. `cuts` are in the order they were made.
    """

    quantity: int
    priced: int
    claimed: int
    approved: int
    adjusted: int
    paid: int
    deducted: int
    member: int
    over: int
    cuts: tuple[Cut, ...] = ()
    rounding: int = 0

    @property
    def codes(self) -> tuple[ReasonCode, ...]:
        return tuple(dict.fromkeys(cut.code for cut in self.cuts))


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a claim comes to. `claimed = paid + patient + disallowed`, always.

    `rounding` is what the scheme's part gained (or lost) so that the patient pays in coins; it is
    contained in `paid`.
    """

    outcome: Outcome
    lines: tuple[LineDecision, ...]
    claimed: int
    paid: int
    patient: int
    disallowed: int
    rounding: int = 0
    codes: tuple[ReasonCode, ...] = ()


@dataclass(frozen=True, slots=True)
class NewLine:
    """One line as it is typed: whole units, and the price of one as invoiced."""

    service_id: ServiceId
    quantity: int
    unit_price: int


@dataclass(frozen=True, slots=True)
class NewClaim:
    """One certificate as it is typed.

    `first_day` to `last_day` are both days of the care. `guarantee` is the number of the letter
    the patient showed. `diagnosis` is sealed before it is kept. `declared_hours` is after how
    many hours an emergency was told to the scheme.
    """

    person_id: PersonId
    first_day: date
    last_day: date
    lines: tuple[NewLine, ...]
    certificate: str = ""
    visit: Visit = Visit.OTHER
    referred: bool = False
    declared_hours: int | None = None
    guarantee: str = ""
    diagnosis: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """The certificates of one provider and month, and the invoice they came with.

    `history` came from a former system: nothing is decided or paid on it here. `to_member` is what a member
    paid and asks back.
    """

    id: BatchId
    number: str
    provider_id: ProviderId
    provider: str
    month: Month
    received_on: date
    invoice: str
    invoice_total: Money | None
    claims: int
    claimed: Money
    undecided: int
    payable: Money
    paid: Money
    history: bool = False
    to_member: bool = False


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A line as it stands: as claimed, and decided when it was."""

    id: ClaimLineId
    service_id: ServiceId
    code: str
    name: str
    category: Category
    quantity: int
    unit_price: Money
    claimed: Money
    approved: Money | None = None
    adjusted: Money | None = None
    paid: Money | None = None
    quantity_counted: int | None = None
    codes: tuple[str, ...] = ()
    reasons: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim as it stands; `history` was decided in a former system, or never."""

    id: ClaimId
    number: str
    batch_id: BatchId
    person_id: PersonId
    household_id: HouseholdId
    patient: str
    card: str
    first_day: date
    last_day: date
    visit: Visit
    certificate: str
    state: State
    claimed: Money
    lines: tuple[ClaimLine, ...]
    paid: Money | None = None
    patient_due: Money | None = None
    disallowed: Money | None = None
    rounding: Money | None = None
    codes: tuple[str, ...] = ()
    decided_on: date | None = None
    paid_on: date | None = None
    legacy_number: str = ""
    history: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """One decided line of earlier care: what counts against limits. Amounts are minor units."""

    claim_id: ClaimId
    person_id: PersonId
    household_id: HouseholdId
    service_id: ServiceId
    day: date
    quantity: int
    paid: int
    deducted: int


@dataclass(frozen=True, slots=True)
class Why:
    """Why a line came to its amount: one sentence a step, each with the numbers it used."""

    steps: tuple[Text, ...]
    values: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in the claims room: certificates for a decision, providers for their money.

    `undecided_since` and `owed_since` are the days the oldest of their invoices came, None when
    nothing waits.
    """

    batches: int
    certificates: int
    undecided_since: date | None
    providers: int
    owed: Money
    owed_since: date | None


@dataclass(frozen=True, slots=True)
class Owed:
    """What one provider is owed: how many approved claims, since which invoice."""

    provider_id: ProviderId
    amount: Money
    claims: int
    since: date


@dataclass(frozen=True, slots=True)
class PaidBatch:
    """What a payment settled of one batch."""

    number: str
    invoice: str
    month: Month
    claims: int
    amount: Money


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment to a provider as the list of payments shows it."""

    id: ProviderPaymentId
    number: str
    provider: str
    day: date
    box: str
    claims: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Voucher:
    """A payment to a provider as its voucher tells it; `batches` are the oldest first.

    `box_name` is that of a box of its kind, empty for the one; `set_off` what a deposit or advance settled,
    `heads` what was paid by head.
    """

    number: str
    provider: str
    day: date
    box: str
    amount: Money
    paid_by: str
    single_control: bool
    batches: tuple[PaidBatch, ...]
    box_name: str = ""
    set_off: Money | None = None
    heads: Money | None = None
