"""Words of what happens to a claim between entry and payment: moves, reviews, queries, overrides.

Source: domain handbook 2.11, 2.13, 2.15.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from stepdesk.benefits.terms import Category
from stepdesk.claims.terms.claims import ClaimLine, State
from stepdesk.i18n import Text
from stepdesk.rights.terms import ReasonCode
from stepdesk.values.ids import BatchId, ClaimId, ClaimLineId, StaffId, UnknownPatientId
from stepdesk.values.money import Money
from stepdesk.values.month import Month


class Move(Enum):
    """What may happen to a claim; where from and where to stands in the table of states."""

    CHECK = "CHECK"
    ROUTE = "ROUTE"
    REVIEW = "REVIEW"
    QUERY = "QUERY"
    ANSWER = "ANSWER"
    DECIDE = "DECIDE"
    WITHDRAW = "WITHDRAW"
    OVERRIDE = "OVERRIDE"
    APPEAL = "APPEAL"
    UPHOLD = "UPHOLD"
    OVERTURN = "OVERTURN"
    BATCH = "BATCH"
    UNBATCH = "UNBATCH"
    PAY = "PAY"
    INDEX = "INDEX"
    REVERSE = "REVERSE"


class Route(Enum):
    """Why a claim goes to the medical adviser. Source: domain handbook 2.11, routing."""

    SERVICE = "SERVICE"
    AMOUNT = "AMOUNT"
    STAY = "STAY"
    CAESAREAN = "CAESAREAN"
    DRUGS = "DRUGS"
    SAMPLE = "SAMPLE"
    WATCH = "WATCH"
    ALARM = "ALARM"
    ASKED = "ASKED"


class AskedOf(Enum):
    """Who a query is put to."""

    PROVIDER = "PROVIDER"
    MEMBER = "MEMBER"


class RecoveredFrom(Enum):
    """Who gives back what was paid wrongly: the provider on its next payment, or the member."""

    PROVIDER = "PROVIDER"
    MEMBER = "MEMBER"


class DifferenceKind(Enum):
    """Why the certificates of a batch do not come to its invoice."""

    MISSING_CERTIFICATE = "MISSING_CERTIFICATE"
    ADDING_ERROR = "ADDING_ERROR"
    OTHER = "OTHER"


class OverrideEffect(Enum):
    """WAIVES: the reason no longer counts. REFUSES: the line is refused for it."""

    WAIVES = "WAIVES"
    REFUSES = "REFUSES"


@dataclass(frozen=True, slots=True)
class RoutingFacts:
    """What decides whether a claim goes to the medical adviser; amounts are minor units.

    `by_category` is what it asks for in each category; `means` the mean cost of a claim in it, left
    out where too few were decided to tell. `stay` counts nights. `flagged` says whether the package
    has a service of it reviewed, `on_watch` whether the provider is; `alarm` whether a check of
    level 2 or more found something; `sampled` whether chance chose it.
    """

    by_category: Mapping[Category, int]
    means: Mapping[Category, int] = field(default_factory=dict)
    stay: int = 0
    amount_factor: int = 4
    drug_factor: int = 2
    most_nights: int = 10
    flagged: bool = False
    on_watch: bool = False
    alarm: bool = False
    sampled: bool = False


@dataclass(frozen=True, slots=True)
class LineReview:
    """What the medical adviser says of a line: None leaves quantity or price as it was asked.

    A quantity of 0 refuses the line. `justification` is sealed before it is kept.
    """

    quantity: int | None = None
    price: int | None = None
    code: ReasonCode | None = None
    justification: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """One reason decided otherwise on a line, or on all lines when `line_id` is None."""

    code: ReasonCode
    effect: OverrideEffect = OverrideEffect.WAIVES
    line_id: ClaimLineId | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one claim stands, as far as a move asks for it; amounts are minor units.

    `version` is that of the latest decision, 0 without one; `settled` what was paid for it;
    `place` the number of its latest event. `history` came from a former system.
    """

    claim_id: ClaimId
    state: State
    version: int
    claimed: int
    paid: int
    settled: int
    place: int
    history: bool
    reviewed: bool
    overridden: bool
    decided_by: StaffId | None


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a claim, as its history shows it.

    `state` is None where money moved. `amounts` are those of a decision, `version` its number.
    """

    day: date
    what: Text
    by: str
    state: State | None
    told: str = ""
    due: date | None = None
    amounts: Text | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class OpenQuery:
    """A question that waits for its answer; `waiting` counts days since it was asked."""

    claim_id: ClaimId
    number: str
    provider: str
    asked_of: AskedOf
    asked_on: date
    due: date
    waiting: int
    told: str

    @property
    def late(self) -> bool:
        return self.waiting > (self.due - self.asked_on).days


@dataclass(frozen=True, slots=True)
class ForReview:
    """A claim that waits for the medical adviser, and why it was sent."""

    claim_id: ClaimId
    number: str
    provider: str
    sent_on: date
    routes: tuple[Route, ...]
    claimed: Money


@dataclass(frozen=True, slots=True)
class Undecided:
    """A claim that waits for its decision: days since its invoice came, those of queries not counted."""

    claim_id: ClaimId
    number: str
    provider: str
    received_on: date
    waiting: int


@dataclass(frozen=True, slots=True)
class Contested:
    """A reason of the decision that stands, which the board may set aside; `lines` are where it stands.

    No lines where it is about the whole certificate.
    """

    code: ReasonCode
    words: Text
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """One override as the month's figures count it; `amount` is by how much the scheme's part changed."""

    number: str
    day: date
    code: ReasonCode
    effect: OverrideEffect
    by: str
    second: str
    by_appeal: bool
    amount: Money
    reason: str


@dataclass(frozen=True, slots=True)
class Sampled:
    """How claims were drawn for review: by whom, when, and the seed that draws them again."""

    batch_id: BatchId
    day: date
    seed: int
    percent: int
    drawn_from: int
    chosen: int


@dataclass(frozen=True, slots=True)
class UnknownPatient:
    """A certificate of somebody the scheme does not know: refused (RA01) until the person is found."""

    id: UnknownPatientId
    batch_id: BatchId
    certificate: str
    written: str
    day: date
    claimed: Money


@dataclass(frozen=True, slots=True)
class Difference:
    """Why a batch does not come to its invoice, and by how much: above zero when the invoice is more."""

    kind: DifferenceKind
    amount: Money
    certificate: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A batch against its invoice: typed, of unknown patients, named, and what nothing explains yet."""

    batch_id: BatchId
    invoice: Money | None
    typed: Money
    unknown: Money
    named: Money
    differences: tuple[Difference, ...] = ()

    @property
    def open(self) -> Money:
        if self.invoice is None:
            return Money(0, self.typed.currency)
        return self.invoice - self.typed - self.unknown - self.named


class NoticeTo(Enum):
    """Who a notice of rejection or adjustment is written to."""

    PROVIDER = "PROVIDER"
    MEMBER = "MEMBER"


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A line that was refused or lowered: by how much for the one the notice is written to.

    `stay` says when cover ended, where it ended within a stay.
    """

    line: ClaimLine
    less: Money
    codes: tuple[ReasonCode, ...]
    stay: Text | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice of rejection or adjustment (D15) tells about one claim.

    `appeal_by` is the last day on which an appeal can be filed.
    """

    number: str
    certificate: str
    patient: str
    card: str
    provider: str
    month: Month
    first_day: date
    last_day: date
    decided_on: date
    refused: bool
    claimed: Money
    paid: Money
    patient_due: Money
    disallowed: Money
    lines: tuple[NoticeLine, ...]
    appeal_by: date
