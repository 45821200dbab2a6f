"""Words of contributions: plans, dues, payments, receipts, and what a household owes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from stepdesk.i18n import Text
from stepdesk.members.terms import Cover, Event, Statutes
from stepdesk.payers.terms import Arrived, Sponsored
from stepdesk.values.digits import leaf_number
from stepdesk.values.ids import (
    BookletId,
    DueId,
    EntryId,
    HouseholdId,
    PayerAgreementId,
    PaymentId,
    PersonId,
    PlanId,
    PlanVersionId,
    ProviderId,
    RequestId,
    SessionId,
    SheetId,
    StaffId,
)
from stepdesk.values.money import Money


class Basis(Enum):
    """What the amount is for. Source: domain handbook 2.4, `basis`.

    PER_PERSON: each covered person (with `amount_adult` and `amount_child` where these are told).
    PER_HOUSEHOLD: the household as one. BY_SIZE_BAND: the amount of the band its size falls in.
    BY_CATEGORY: the amount of its category. MEMBER_PLUS_DEPENDANT: `amount` for the member and
    `amount_dependant` for each other. LUMP_PLUS_EXTRA: `amount` for up to `lump_persons`, then
    `amount_adult` and `amount_child` for each one more.
    """

    PER_PERSON = "PER_PERSON"
    PER_HOUSEHOLD = "PER_HOUSEHOLD"
    BY_SIZE_BAND = "BY_SIZE_BAND"
    BY_CATEGORY = "BY_CATEGORY"
    MEMBER_PLUS_DEPENDANT = "MEMBER_PLUS_DEPENDANT"
    LUMP_PLUS_EXTRA = "LUMP_PLUS_EXTRA"


class Periodicity(Enum):
    """How many months one due pays for; SEASONAL is a year paid at the days of a schedule.

    SINGLE is paid once for a cover without end.
    """

    MONTHLY = 1
    QUARTERLY = 3
    HALF_YEARLY = 6
    ANNUAL = 12
    SEASONAL = -12
    SINGLE = 0


class Per(Enum):
    """Whether a fee is asked for once a household or for each person."""

    HOUSEHOLD = "HOUSEHOLD"
    PERSON = "PERSON"


class PartialRule(Enum):
    """Who is covered when not all is paid: nobody for longer, or as many persons as are paid."""

    WHOLE_PERIODS_ONLY = "WHOLE_PERIODS_ONLY"
    PER_PERSON_PARTIAL = "PER_PERSON_PARTIAL"


class SeasonCover(Enum):
    """What a season paid in part covers. Source: domain handbook GOLDEN 2.4c."""

    ALL_OR_SUSPEND = "ALL_OR_SUSPEND"
    PROPORTIONAL = "PROPORTIONAL"


class ChargeAdded(Enum):
    """From when a person added after a period was paid is charged.

    NEXT_PERIOD: from the next period on, also where that one is paid. PRO_RATA: the period it
    falls in too, by its begun months. Where a plan says nothing, what is paid stays paid and the
    first period not paid costs more. Source: domain handbook 2.4, dues generation.
    """

    NEXT_PERIOD = "NEXT_PERIOD"
    PRO_RATA = "PRO_RATA"


@dataclass(frozen=True, slots=True)
class Band:
    """A size of household from `persons` on, up to the next band, and what it pays."""

    persons: int
    amount: int


@dataclass(frozen=True, slots=True)
class SeasonDue:
    """One date of a season: the month and day it is due, and its share in percent."""

    month: int
    day: int
    share: int


@dataclass(frozen=True, slots=True)
class Window:
    """When households may enter, each year: from the first (month, day) to the last, included."""

    first: tuple[int, int]
    last: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CategoryFrom:
    """From `first_day` on a household belongs to the category of that code; None to none."""

    first_day: date
    code: str | None


class Cycle(Enum):
    """Periods roll from the effect date, or follow a fixed calendar from `cycle_start`."""

    ROLLING = "ROLLING"
    FIXED = "FIXED"


class LateEntry(Enum):
    """What a first, shorter period of a fixed cycle costs."""

    FULL = "FULL"
    PRO_RATA_MONTHS = "PRO_RATA_MONTHS"
    NEXT_CYCLE = "NEXT_CYCLE"


class EffectRule(Enum):
    """From which day the first contribution takes effect. Source: domain handbook 2.2."""

    PAYMENT_DATE = "PAYMENT_DATE"
    FIRST_OF_MONTH = "FIRST_OF_MONTH"
    FIRST_OF_NEXT_MONTH = "FIRST_OF_NEXT_MONTH"
    CYCLE_START = "CYCLE_START"


class WaitingWhenLate(Enum):
    """What a suspension does to a waiting period that still runs."""

    CONTINUES = "CONTINUES"
    FREEZES = "FREEZES"
    RESTARTS = "RESTARTS"


class DuesDuringSuspension(Enum):
    """Which periods are still called while a household is suspended.

    STOP_AFTER_1 calls the first period that starts during the suspension and no more.
    """

    CONTINUE = "CONTINUE"
    STOP_AFTER_1 = "STOP_AFTER_1"
    STOP = "STOP"


class Renewal(Enum):
    """What follows a paid term.

    AUTOMATIC calls the next period by itself; ON_PAYMENT calls nothing: a lapsed household owes
    nothing and starts a new term with its next payment.
    """

    AUTOMATIC = "AUTOMATIC"
    ON_PAYMENT = "ON_PAYMENT"


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """A contribution plan from its first day on. Amounts are minor units of the scheme's currency.

    `due_day` None means that a due is due on its period's first day; else it is due on the first
    such day of a month that is not before the period's first day.
    `cycle_start` is (month, day) of a fixed cycle. `child_max_age` None sets no limit. Rates and
    discounts are hundredths of a percent; of a person from `adult_age` on, adult amounts hold.
    `cycle_starts`, `administration_months` and the graces in months are those of openIMIS
    products (openIMIS handbook 2.3 to 2.5); `period_months` replaces the periodicity's months.
    Source: domain handbook 2.2 to 2.4, annex X.
    """

    id: PlanVersionId
    plan_id: PlanId
    code: str
    name: str
    first_day: date
    basis: Basis = Basis.PER_PERSON
    amount: int = 0
    periodicity: Periodicity = Periodicity.MONTHLY
    cycle: Cycle = Cycle.ROLLING
    cycle_start: tuple[int, int] = (1, 1)
    late_entry: LateEntry = LateEntry.PRO_RATA_MONTHS
    effect_rule: EffectRule = EffectRule.FIRST_OF_NEXT_MONTH
    due_day: int | None = 5
    grace_days: int = 30
    entry_fee: int = 0
    waiting_months: int = 3
    waiting_when_late: WaitingWhenLate = WaitingWhenLate.FREEZES
    min_first_periods: int = 1
    max_advance_periods: int = 12
    dues_during_suspension: DuesDuringSuspension = DuesDuringSuspension.STOP_AFTER_1
    renewal: Renewal = Renewal.AUTOMATIC
    reinstate_short_months: int = 3
    reinstate_wait_short_days: int = 0
    reinstate_wait_long_days: int = 30
    strike_off_after_months: int = 6
    strike_off_needs_board: bool = True
    child_max_age: int | None = 18
    newborn_declare_days: int = 60
    rounding: int = 5
    amount_dependant: int | None = None
    amount_adult: int | None = None
    amount_child: int | None = None
    adult_age: int | None = None
    bands: tuple[Band, ...] = ()
    category_amounts: tuple[tuple[str, int], ...] = ()
    lump_persons: int | None = None
    max_persons: int | None = None
    season: tuple[SeasonDue, ...] = ()
    season_cover_rule: SeasonCover = SeasonCover.ALL_OR_SUSPEND
    windows: tuple[Window, ...] = ()
    cycle_starts: tuple[tuple[int, int], ...] = ()
    period_months: int | None = None
    administration_months: int = 0
    entry_grace_months: int = 0
    renewal_grace_months: int = 0
    payment_grace_months: int | None = None
    max_instalments: int | None = None
    entry_fee_per: Per = Per.HOUSEHOLD
    card_fee: int = 0
    card_fee_per: Per = Per.HOUSEHOLD
    assembly_fee: int = 0
    assembly_fee_per: Per = Per.HOUSEHOLD
    penalty_rate: int = 0
    penalty_fixed: int = 0
    prepay_discount: int = 0
    early_discount: int = 0
    early_discount_months: int = 0
    renewal_discount: int = 0
    renewal_discount_months: int = 0
    partial_rule: PartialRule = PartialRule.WHOLE_PERIODS_ONLY
    charge_added: ChargeAdded | None = None


class Means(Enum):
    """How money came in. IN_KIND is produce, with its value; it is sold later."""

    CASH = "CASH"
    BANK = "BANK"
    MFI = "MFI"
    MOBILE = "MOBILE"
    IN_KIND = "IN_KIND"


@dataclass(frozen=True, slots=True)
class Goods:
    """What was brought instead of money: so many thousandths of a unit, and what one is worth."""

    product: str
    thousandths: int
    unit: str
    unit_value: Money


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of a paper booklet."""

    booklet_id: BookletId
    number: int


class Target(Enum):
    """What part of a payment goes to. Source: domain handbook 2.4, allocation."""

    ENTRY_FEE = "ENTRY_FEE"
    CARD_FEE = "CARD_FEE"
    ASSEMBLY_FEE = "ASSEMBLY_FEE"
    PENALTY = "PENALTY"
    DUE = "DUE"
    ADJUSTMENT = "ADJUSTMENT"
    CREDIT = "CREDIT"


FEES = frozenset({Target.ENTRY_FEE, Target.CARD_FEE, Target.ASSEMBLY_FEE, Target.PENALTY})
"""What is income of the scheme on the day it is paid, and never cover given later."""


class DueKind(Enum):
    """What a due asks for: a period, what a period came to cost more or less, or being late."""

    PERIOD = "PERIOD"
    ADJUSTMENT = "ADJUSTMENT"
    PENALTY = "PENALTY"


KEPT_DUE = DueId(bytes(16))
"""Instead of the id of a due that has a row, where rows were not read: as a closing kept it."""


@dataclass(frozen=True, slots=True)
class Due:
    """One contribution called for a period from `first_day` to `until`, not included.

    `id` is None while nothing was ever paid on it: only then is it frozen as a row. `amount` is
    the member's part; `payer_amount` is what a payer's commitment takes over beside it.
    An adjustment or a penalty names the period it belongs to by the period's own days; it was
    told on `told_on` and has a day of its own to be paid. An adjustment may be below zero.
    `discount` was taken off the amount of who paid early or a whole year at once, and `fees_discount`
    off the fees that come with the period: never without a discount of the due itself.
    A period called since a readmission names that day as `told_on`: what an earlier membership
    had paid for the same days is a row of its own.
    """

    first_day: date
    until: date
    due_on: date
    amount: int
    plan_version_id: PlanVersionId
    id: DueId | None = None
    payer_amount: int = 0
    kind: DueKind = DueKind.PERIOD
    told_on: date | None = None
    discount: int = 0
    fees_discount: int = 0


class Paid(NamedTuple):
    """One allocation: on `day`, `amount` went to a target (negative when taken back).

    `due_first_day` names what was paid by its period's first day; None for the fees of entry and
    for credit. `due_id` is told of dues with a discount alone: they hold while money lies on them.
    `since` is the readmission since which the due is called, None in the first membership;
    `taken_of` the day of the receipt that a reversal took back.
    """

    day: date
    target: Target
    amount: int
    due_first_day: date | None = None
    due_id: DueId | None = None
    since: date | None = None
    taken_of: date | None = None


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """All that decides what a household owes and until when it is covered.

    `plans` and `statutes` are sorted by first day, `frozen` dues by period, `paid` by day in the
    order booked. `events` are those that count, `sponsored` the commitments of payers, `arrived`
    what came of payers whose part counts only then, by day. `extra` are the frozen penalties and
    adjustments. `categories` are told by day, and only where a plan asks by category; `undone` the
    days on which events were taken back, only where a plan says `charge_added`.
    """

    joined_on: date
    plans: tuple[PlanVersion, ...]
    covers: tuple[Cover, ...]
    events: tuple[Event, ...] = ()
    frozen: tuple[Due, ...] = ()
    paid: tuple[Paid, ...] = ()
    statutes: tuple[Statutes, ...] = ()
    sponsored: tuple[Sponsored, ...] = ()
    categories: tuple[CategoryFrom, ...] = ()
    arrived: tuple[Arrived, ...] = ()
    extra: tuple[Due, ...] = ()
    undone: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """What a household pays at once that enters or renews on `day`, and for what.

    It enters on `enters_on`, later than `day` when entry is closed. The first period of its term
    is from `effect` to `until`, not included; `dues` are those of the first payment, at least
    one. `discount` is taken off of all for coming early, `fees_discount` of it off the fees;
    `pay_by` is the last day to pay.
    """

    day: date
    enters_on: date
    effect: date
    until: date
    dues: tuple["Due", ...]
    fees: tuple["Fee", ...]
    discount: int
    pay_by: date
    fees_discount: int = 0

    @property
    def total(self) -> int:
        asked = sum(due.amount for due in self.dues) + sum(fee.amount for fee in self.fees)
        return asked - self.discount


@dataclass(frozen=True, slots=True)
class PlanExample:
    """What a made-up household pays in its first year: for whoever writes or chooses a plan.

    `year` are all dues of twelve months from the effect date on. Months are those of the first
    payment, begun ones; both are 0 where cover has no end. `pay_by` is the last day to pay for
    this cover, None where cover begins with the payment whenever it comes.
    """

    persons: int
    first: Quote
    year: tuple["Due", ...]
    rights_from: date
    pay_by: date | None
    months_paid: int
    months_of_rights: int


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee that is asked with a period that begins on `first_day`."""

    target: Target
    amount: int
    first_day: date


@dataclass(frozen=True, slots=True)
class Earned:
    """What a due has earned: of the member's part what is paid and what is owed, and of payers.

    `payers` is by agreement and person (None for a household as one); no zeros.
    """

    paid: int = 0
    unpaid: int = 0
    payers: Mapping[tuple[PayerAgreementId, PersonId | None], int] = field(default_factory=dict)


class DueState(NamedTuple):
    """A due with what was paid on it up to the day asked for."""

    due: Due
    paid: int
    paid_on: date | None

    @property
    def open(self) -> int:
        return self.due.amount - self.paid


@dataclass(frozen=True, slots=True)
class Suspension:
    """A stretch without rights for want of payment: first day, and the day of reinstatement."""

    first_day: date
    until: date | None
    rights_again: date | None


@dataclass(frozen=True, slots=True)
class Account:
    """A household's contributions as they stood at the end of one day.

    `entered_on` is the day the entry fee and the first contribution were paid, None before.
    `effect_date` is the first day of the first period of the present term.
    `rights_from` is the end of waiting, None while it cannot be told (not entered, or the clock
    stands still). `covered_through` is the last day of the last consecutive fully paid period.
    `called` are the dues called so far, oldest first; `arrears` the open part of those due.
    `to_pay` is what brings the household up to date on that day (entry fee included).
    `unpaid` is the first called due not fully paid, None when there is none.
    `next_due` is the first period neither paid nor paid by the credit there is, called or not,
    or an adjustment that must be paid before it; before entry the first one if
    the household entered on `day`, None after an ending. `tolerated_through` is the last day of
    grace of a household that entered: rights end with it if nothing more is paid.
    `rights_if_paid` is the first day rights would hold if `to_pay` were paid on `day`; None
    unless the household is suspended or not entered. `began_late` is how much later a household
    that came with waiting served began to pay than it could have. `waiting_from` is the day from
    which the waiting of a service counts, None with `rights_from`. `adjustments` are what paid periods
    came to cost more, called by the day; `penalties` those asked for, both also when paid.
    `other_fees_open` is what is open of card and assembly fees. `partly_paid` names who is paid
    for, of a suspended household of which not everybody is, and `partly_through` to what day.
    """

    day: date
    entered_on: date | None
    effect_date: date | None
    rights_from: date | None
    covered_through: date | None
    called: tuple[DueState, ...]
    suspensions: tuple[Suspension, ...]
    entry_fee_open: int
    credit: int
    arrears: int
    to_pay: int
    unpaid: DueState | None
    next_due: Due | None = None
    tolerated_through: date | None = None
    rights_if_paid: date | None = None
    began_late: timedelta = timedelta(0)
    waiting_from: date | None = None
    adjustments: tuple[DueState, ...] = ()
    penalties: tuple[DueState, ...] = ()
    other_fees_open: int = 0
    partly_paid: frozenset[PersonId] = frozenset()
    partly_through: date | None = None

    @property
    def suspended(self) -> bool:
        return bool(self.suspensions) and self.suspensions[-1].until is None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an allotment: how much of a payment goes where; credit may be taken (negative).

    `completes` says that the due is fully paid with it.
    """

    target: Target
    amount: int
    due: Due | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What the household's credit paid by itself on a day; the parts add up to nothing."""

    day: date
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Allotment:
    """How one payment is used. The parts add up to the payment."""

    parts: tuple[Part, ...]
    covered_through: date | None

    @property
    def total(self) -> int:
        return sum(part.amount for part in self.parts)


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One line of a receipt: what the money was for; both days included, None for a fee."""

    target: Target
    amount: Money
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as it was given; nothing in it ever changes.

    `leaf` is the number it has on paper, written in the field: booklet and leaf, `0147-23`.
    `reference` is the number of a transfer. `copies` counts the copies printed so far, this one
    included; 0 where nobody counted. `discount` is what was taken off what it pays, fees too, for
    paying early or a whole year at once; None for nothing.
    """

    payment_id: PaymentId
    household_id: HouseholdId
    number: str
    code: str
    scheme: str
    household_number: str
    received_from: str
    section: str
    paid_on: date
    amount: Money
    means: Means
    lines: tuple[ReceiptLine, ...]
    covered_through: date | None
    taken_by: str
    practice: bool
    single_control: bool = False
    reverses: str = ""
    reversed_by: str = ""
    reason: str = ""
    copy: bool = False
    copies: int = 0
    leaf: str = ""
    reference: str = ""
    discount: Money | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of a receipt by who has just written it; `queries.receipt_given` adds names."""

    payment_id: PaymentId
    household_id: HouseholdId
    number: str
    paid_on: date
    amount: Money
    means: Means
    parts: tuple[Part, ...]
    covered_through: date | None
    taken_by: StaffId
    reference: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What the collection screen shows of a household before money is taken."""

    household_id: HouseholdId
    number: str
    name: str
    section: str
    beneficiaries: int
    account: Account
    due_now: Money
    monthly: Money
    last_paid_on: date | None
    last_amount: Money | None
    paid_today: tuple[str, ...]
    lines: tuple[ReceiptLine, ...] = ()
    last_taken_by: str = ""
    photo: bytes | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody pays for one of several households; `number` is the household's."""

    household_id: HouseholdId
    number: str
    amount: Money
    request_id: RequestId


@dataclass(frozen=True, slots=True)
class CollectionSession:
    """A round of collecting, open until it is counted and signed.

    `carrier` is who answers for the bag: the collector, or who opened it where none is named.
    """

    id: SessionId
    place: str
    day: date
    collector_id: StaffId | None
    collector: str
    float_amount: Money
    receipts: int
    total: Money
    open: bool
    counted: Money | None = None
    difference_reason: str = ""
    carrier: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """Notes and coins counted: value in minor units to number of pieces."""

    pieces: Mapping[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(value * pieces for value, pieces in self.pieces.items())


# Booklets: receipts and certificates on paper are valued stationery. Source: domain handbook D28.


class Stationery(Enum):
    """What a booklet is made of."""

    RECEIPT = "RECEIPT"
    CERTIFICATE = "CERTIFICATE"
    LETTER = "LETTER"


class MoveKind(Enum):
    """A booklet is given to somebody, or comes back to the office."""

    ISSUED = "ISSUED"
    RETURNED = "RETURNED"


class MarkKind(Enum):
    """What is told of a leaf: spoilt and cancelled, missing, or found and good after all."""

    CANCELLED = "CANCELLED"
    MISSING = "MISSING"
    FOUND = "FOUND"


class LeafState(Enum):
    """Where a leaf stands. What is both used and marked is used; the findings say so."""

    BLANK = "BLANK"
    USED = "USED"
    CANCELLED = "CANCELLED"
    MISSING = "MISSING"


class FindingKind(Enum):
    """What the leaves of a booklet tell that should not be."""

    SKIPPED = "SKIPPED"
    OUT_OF_ORDER = "OUT_OF_ORDER"
    TWICE = "TWICE"
    OUTSIDE = "OUTSIDE"
    OTHER_COLLECTOR = "OTHER_COLLECTOR"
    MARKED_AND_USED = "MARKED_AND_USED"
    MISSING = "MISSING"
    NOT_KEPT = "NOT_KEPT"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a booklet: a collector or a provider; nobody named is the office itself."""

    name: str = ""
    collector_id: StaffId | None = None
    provider_id: ProviderId | None = None

    @property
    def office(self) -> bool:
        return self.collector_id is None and self.provider_id is None


OFFICE = Holder()


@dataclass(frozen=True, slots=True)
class Booklet:
    """A booklet as it was received; both leaves included, `cost` in minor units."""

    id: BookletId
    kind: Stationery
    serial: int
    first_leaf: int
    last_leaf: int
    received_on: date
    cost: int | None = None

    @property
    def leaves(self) -> int:
        return self.last_leaf - self.first_leaf + 1

    @property
    def number(self) -> str:
        """Its number as it is printed on it: 0147."""
        return f"{self.serial:04d}"

    def leaf(self, leaf: int) -> str:
        """Return a leaf's number as it stands on paper: 0147-23."""
        return leaf_number(self.serial, leaf)


@dataclass(frozen=True, slots=True)
class BookletMove:
    """A booklet changed hands on a day; `note` says what was seen."""

    kind: MoveKind
    day: date
    holder: Holder = OFFICE
    note: str = ""


@dataclass(frozen=True, slots=True)
class LeafMark:
    """What was told of some leaves, both ends included; `kept` says that the paper is kept."""

    kind: MarkKind
    first_leaf: int
    last_leaf: int
    day: date
    kept: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LeafUse:
    """A receipt, letter or certificate written on a leaf.

    A reversed receipt and a certificate typed by mistake were written too, and free the leaf's
    number. `collector_id` is who carried the money, None for the desk, where `taken_by` took it;
    `provider_id` is who wrote the letter or the certificate.
    """

    leaf: int
    number: str
    day: date
    collector_id: StaffId | None = None
    reversed: bool = False
    taken_by: StaffId | None = None
    provider_id: ProviderId | None = None

    @property
    def hands(self) -> tuple[StaffId | None, ...]:
        """Whose booklet it may be; None is the office's own."""
        return (None, self.taken_by) if self.collector_id is None else (self.collector_id,)


@dataclass(frozen=True, slots=True)
class BookletFacts:
    """All that was told of one booklet: moves, marks and uses in the order they were recorded."""

    booklet: Booklet
    moves: tuple[BookletMove, ...] = ()
    marks: tuple[LeafMark, ...] = ()
    uses: tuple[LeafUse, ...] = ()


@dataclass(frozen=True, slots=True)
class LeafLine:
    """One leaf: where it stands, the receipt, letter or certificate on it, or why it was cancelled or is missing."""

    leaf: int
    number: str
    state: LeafState
    receipt: str = ""
    day: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BookletFinding:
    """Something that should not be, of leaves from first to last, both included."""

    kind: FindingKind
    booklet_id: BookletId
    booklet: str
    first_leaf: int
    last_leaf: int
    text: Text
    receipts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BookletState:
    """A booklet as it stands: who holds it, each leaf, what should not be."""

    booklet: Booklet
    holder: Holder
    since: date
    leaves: tuple[LeafLine, ...]
    findings: tuple[BookletFinding, ...]
    moves: tuple[BookletMove, ...] = ()

    def count(self, state: LeafState) -> int:
        """Return how many leaves stand there."""
        return sum(one.state is state for one in self.leaves)


# Collection sheets. Source: screens handbook 2.3, 2.4.


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One household of a printed sheet, as it stands on the day asked for.

    `due` is what brings it up to date or pays the next period, `late` what is overdue.
    `entered` names the receipts typed in from this line and not cancelled.
    """

    place: int
    household_id: HouseholdId
    number: str
    name: str
    section: str
    beneficiaries: int
    due: Money
    late: Money
    covered_through: date | None
    entered: tuple[str, ...] = ()
    face: bytes | None = None
    photo: bytes | None = None


@dataclass(frozen=True, slots=True)
class CollectionSheet:
    """A printed page of households in walking order, found again by its number."""

    id: SheetId
    number: str
    title: str
    printed_on: date
    day: date
    lines: tuple[SheetLine, ...]
    scheme: str = ""
    practice: bool = False

    @property
    def due(self) -> Money:
        first, *rest = [line.due for line in self.lines]
        return sum(rest, first)


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """What a line of a printed sheet says was paid; `leaf` is the number on paper, if any."""

    place: int
    amount: Money
    request_id: RequestId
    leaf: Leaf | None = None


@dataclass(frozen=True, slots=True)
class SheetEntered:
    """What was recorded from a sheet, beside the cash handed in; None where nobody counted."""

    receipts: tuple[Receipt, ...]
    total: Money
    cash: Money | None

    @property
    def difference(self) -> Money | None:
        """Cash less receipts."""
        return None if self.cash is None else self.cash - self.total


# The slip of a hand-over and the card of a household. Source: domain handbook D03, D06.


@dataclass(frozen=True, slots=True)
class HandOverLine:
    """One receipt of a hand-over."""

    number: str
    leaf: str
    day: date
    household_number: str
    name: str
    amount: Money


@dataclass(frozen=True, slots=True)
class LeavesUsed:
    """The leaves of one booklet in a period, told as `1–12, 14`; empty where there are none."""

    booklet: str
    used: str
    cancelled: str = ""


@dataclass(frozen=True, slots=True)
class HandOver:
    """A hand-over by a collector: what was carried, collected since, handed over and counted.

    `before` is what was carried from earlier. `pieces` are empty where nobody counted.
    """

    number: str
    collector: str
    day: date
    first_day: date
    last_day: date
    lines: tuple[HandOverLine, ...]
    booklets: tuple[LeavesUsed, ...]
    before: Money
    handed: Money
    pieces: Mapping[int, int] = field(default_factory=dict)
    difference_reason: str = ""
    single_control: bool = False
    scheme: str = ""
    practice: bool = False

    @property
    def collected(self) -> Money:
        return sum((line.amount for line in self.lines), Money(0, self.handed.currency))

    @property
    def expected(self) -> Money:
        return self.before + self.collected

    @property
    def difference(self) -> Money:
        """What was handed over less what was carried."""
        return self.handed - self.expected


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A hand-over as one line of a list; `left` stayed with the collector.

    The number is empty for one from before slips had numbers.
    """

    entry_id: EntryId
    number: str
    day: date
    collector: str
    handed: Money
    left: Money
    difference_reason: str


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of a contribution card: a period or a fee, what is due and what was paid for it."""

    target: Target
    first_day: date | None
    last_day: date | None
    due: Money | None
    paid: Money
    paid_on: date | None
    receipts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContributionCard:
    """A household's contributions of one year, month by month."""

    household_number: str
    name: str
    section: str
    plan: str
    amount: Money
    year: int
    lines: tuple[CardLine, ...]
    scheme: str
    practice: bool
