"""Words of claims: batches, lines, decisions, and what decides them.

Amounts are whole minor units of the scheme's currency. A line keeps four of them: claimed, what
the invoice asks; approved, at the agreed price for what may be counted; adjusted, after the
member's share; paid, after every ceiling. Source: domain handbook 2.11 to 2.13.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from stepdesk.benefits.terms import (
    BenefitRule,
    Category,
    Composition,
    LimitKind,
    LimitOver,
)
from stepdesk.i18n import Text
from stepdesk.providers.terms import PaymentMode
from stepdesk.rights.terms import ReasonCode, Stopped
from stepdesk.values.care import CareType, ClaimCategory, Visit
from stepdesk.values.ids import (
    BatchId,
    ClaimId,
    ClaimLineId,
    HouseholdId,
    PackageId,
    PersonId,
    ProviderId,
    ProviderPaymentId,
    ServiceId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month


class Outcome(Enum):
    """What was decided of a claim.

    PENDING waits for a paper and may be decided again; WITHDRAWN was typed in by mistake; VALUED
    has relative prices and is payable when the index of its period is known; REVERSED was paid and
    is taken back.
    """

    APPROVED = "APPROVED"
    VALUED = "VALUED"
    REJECTED = "REJECTED"
    PENDING = "PENDING"
    WITHDRAWN = "WITHDRAWN"
    REVERSED = "REVERSED"


class State(Enum):
    """Where a claim stands: derived from its decisions, events and payments, never stored.

    ADMIN_OK has its papers in order; MEDICAL_PENDING waits for the medical adviser, MEDICAL_OK was
    looked at; QUERIED waits for an answer; APPEALED waits for the board, which UPHELD or OVERTURNED
    the decision; VALUED waits for the index of relative prices; BATCHED stands in a batch of
    payments. Source: domain handbook 2.11.
    """

    RECEIVED = "RECEIVED"
    ADMIN_OK = "ADMIN_OK"
    MEDICAL_PENDING = "MEDICAL_PENDING"
    MEDICAL_OK = "MEDICAL_OK"
    QUERIED = "QUERIED"
    PENDING = "PENDING"
    VALUED = "VALUED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    APPEALED = "APPEALED"
    UPHELD = "UPHELD"
    OVERTURNED = "OVERTURNED"
    BATCHED = "BATCHED"
    PAID = "PAID"
    REVERSED = "REVERSED"


UNDECIDED = frozenset(
    {
        State.RECEIVED,
        State.ADMIN_OK,
        State.MEDICAL_PENDING,
        State.MEDICAL_OK,
        State.QUERIED,
        State.PENDING,
    }
)
"""States of a claim nothing is decided of yet."""


class By(Enum):
    """Which limit or rule it was that lowered a line: a code says why, this says by what."""

    LIST = "LIST"  # the agreed price list
    DISCOUNT = "DISCOUNT"  # the list less the members' rebate
    FLAT = "FLAT"  # one price for the episode
    DAY = "DAY"  # one price for a day
    HEAD = "HEAD"  # paid by head
    PACKAGE = "PACKAGE"  # a service that has others in its price
    PARTS = "PARTS"  # its parts are not all on the claim
    REVIEW = "REVIEW"  # how many the medical adviser approves
    REVIEW_PRICE = "REVIEW_PRICE"  # the price the medical adviser approves
    NORM = "NORM"  # the most on one line
    COUNT = "COUNT"  # the number of acts allowed
    FREQUENCY = "FREQUENCY"  # the days between two
    CLAIMS = "CLAIMS"  # the number of claims of a category
    SERVICE_DEDUCTIBLE = "SERVICE_DEDUCTIBLE"
    DEDUCTIBLE = "DEDUCTIBLE"  # of the whole package
    ACT = "ACT"
    SERVICE_EPISODE = "SERVICE_EPISODE"
    CATEGORY = "CATEGORY"  # the most one claim of a category pays
    EPISODE = "EPISODE"
    LETTER = "LETTER"  # what a guarantee letter promises
    SERVICE_YEAR = "SERVICE_YEAR"
    PERSON_YEAR = "PERSON_YEAR"
    SERVICE_HOUSEHOLD = "SERVICE_HOUSEHOLD"
    HOUSEHOLD_YEAR = "HOUSEHOLD_YEAR"
    INDEX = "INDEX"  # the index of relative prices


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line of a claim with all that decides it.

    `refused` are the codes already known against it, from rights and papers; the first decides.
    `tariff` is None when the price list does not know the service. `rule` is None when the
    package does not; its member's share is the one for this visit and age. What is left counts
    earlier decisions and not this claim: `left_count` acts, `left_deductible` to be taken before
    the scheme pays, `left_year` and `left_household` of the service's own ceilings; None sets no
    limit.

    `approved_quantity` and `approved_price` are the medical adviser's, `review_code` the reason given;
    None left the line as it was. `package` is the place of the package that was taken, `own` what
    the patient would have paid by each, for who asks why. `item` is a medicine or another thing
    given. `category` says in which category it puts a claim. `largest` is the most on one line,
    `too_soon` that one was given too few days before or after. `outside` is paid outside the
    package's ceilings. `index` is that of the period for a relative price, in ten-thousandths;
    None while it is not known. `apart` counts by itself, whatever price it would be contained in. `inside` is
    in-patient care: asked for relative prices alone. `stopped` is that cover ended within the stay,
    where the package wants all of it covered; its code is among those `refused`.
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
    approved_quantity: int | None = None
    approved_price: int | None = None
    review_code: ReasonCode | None = None
    package: int = 0
    own: tuple[int | None, ...] = ()
    item: bool = False
    category: ClaimCategory | None = None
    largest: int | None = None
    too_soon: bool = False
    outside: bool = False
    composition: Composition = Composition.SINGLE
    parts: tuple[tuple[ServiceId, int], ...] = ()
    index: int | None = None
    apart: bool = False
    inside: bool = False
    stopped: Stopped | None = None


@dataclass(frozen=True, slots=True)
class LimitFacts:
    """A limit of a whole package that holds for a claim, and what earlier care leaves of it.

    Amounts are minor units; of CLAIM_COUNT both are numbers of claims. `care` is BOTH where the
    limit does not ask whether care is in-patient.
    """

    kind: LimitKind
    limit: int
    left: int
    over: LimitOver | None = None
    care: CareType = CareType.BOTH
    category: ClaimCategory | None = None
    package: int = 0


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """Everything that decides a claim: the same facts give the same answer for ever.

    `cap_episode`, `left_person` and `left_household` are what the plain ceilings of the first
    package leave before this claim; None sets no limit. `coin` is the smallest coin the patient
    can pay with. `pending` are papers that are missing: they put the claim aside.

    `limits` are all other limits of the packages, `packages` their codes by place, `in_order` the
    places of those that pay the first lines first. `mode` and `discount` are the agreement's, in
    hundredths of a percent; `days` are those of the care, both ends counted. `promised` is what
    the guarantee letter promises at most for all lines; None sets no limit.
    """

    lines: tuple[LineFacts, ...]
    cap_episode: int | None = None
    left_person: int | None = None
    left_household: int | None = None
    balance_billing: bool = False
    coin: int = 1
    pending: tuple[ReasonCode, ...] = ()
    limits: tuple[LimitFacts, ...] = ()
    packages: tuple[str, ...] = ()
    in_order: frozenset[int] = frozenset()
    mode: PaymentMode = PaymentMode.FEE_FOR_SERVICE
    discount: int = 0
    days: int = 1
    promised: int | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """One step that lowered a line: its code, by how much, the limit that did it, and which it was.

    `limit` is in minor units, but for numbers of acts and claims, of days, and an index. `care` and
    `category` say of which care or kind of claim the limit is. An agreed price above what is asked
    is no cut.
    """

    code: ReasonCode
    amount: int
    limit: int = 0
    by: By | None = None
    care: CareType = CareType.BOTH
    category: ClaimCategory | None = None


@dataclass(frozen=True, slots=True)
class LineDecision:
    """What was decided of one line.

    `quantity` is what counts; `priced` the price it counts at; `deducted` the deductible;
    `member` the member's share of what is left; `over` what the price list does not allow;
    `paid` the scheme's part, with `rounding` in it. `cuts` are in the order they were made.
    `refused` is why nothing of the line may be paid. `shadow` is what it would be worth where the
    provider is paid by head. `outside` is paid outside the package's ceilings.
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
    refused: ReasonCode | None = None
    shadow: int | None = None
    outside: bool = False
    package: int = 0

    @property
    def codes(self) -> tuple[ReasonCode, ...]:
        return tuple(dict.fromkeys(cut.code for cut in self.cuts))


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a claim comes to. `claimed = paid + patient + disallowed`, always.

    `rounding` is what the scheme's part gained (or lost) so that the patient pays in coins; it is
    contained in `paid`. `disallowed` is below zero where an agreed price is more than what was
    invoiced. While the index of a relative price is not known, amounts are at the list's price and
    nothing is payable yet. `category` is that of the claim, from the lines that pass.
    """

    outcome: Outcome
    lines: tuple[LineDecision, ...]
    claimed: int
    paid: int
    patient: int
    disallowed: int
    rounding: int = 0
    codes: tuple[ReasonCode, ...] = ()
    category: ClaimCategory = ClaimCategory.VISIT


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
    """One decided line of earlier care: what counts against limits. Amounts are minor units.

    `stay` is a stay of more than one day, `hospital` care in a hospital: asked only where a limit
    depends on it, as is the `category` the line gives its claim. `outside` was paid outside the
    package's ceilings. `package_id` is the supplement that paid it, None the plan's first package.
    `reserved` is held back by an open guarantee letter.
    """

    claim_id: ClaimId
    person_id: PersonId
    household_id: HouseholdId
    service_id: ServiceId
    day: date
    quantity: int
    paid: int
    deducted: int
    stay: bool = False
    outside: bool = False
    package_id: PackageId | None = None
    reserved: bool = False
    hospital: bool = False
    category: ClaimCategory | None = None


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
    """A payment to a provider as the list of payments shows it.

    `reverses` is the voucher it takes back, below zero then; `reason` says why it does, or why it was
    taken back itself.
    """

    id: ProviderPaymentId
    number: str
    provider: str
    day: date
    box: str
    claims: int
    amount: Money
    reverses: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Voucher:
    """A payment to a provider as its voucher tells it; `batches` are the oldest first.

    `box_name` is that of a box of its kind, empty for the one; `set_off` what a deposit or advance settled,
    `heads` what was paid by head. `other` is the voucher it takes back when the amount is below zero, or the one
    that took it back, and `reason` why.
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
    other: str = ""
    reason: str = ""
