"""Words of the ledger: roles, journals, entries, balances, closings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from stepdesk.i18n import N_, Text
from stepdesk.values.ids import (
    BoxCountId,
    BoxId,
    BoxStatementId,
    ClosingId,
    EntryId,
    SectionId,
    StaffId,
    StatementGroupId,
    StatementLineId,
    VoucherId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month


class Journal(Enum):
    """Where an entry stands. Source: domain handbook 3.3."""

    BENEFITS = "AC"
    CONTRIBUTIONS = "CO"
    CASH = "CA"
    BANK = "BQ"
    MISCELLANEOUS = "OD"
    OPENING = "AN"


class Activity(Enum):
    """The separate patrimony an entry belongs to. Source: domain handbook 3.1."""

    HEALTH = "HEALTH"
    OTHER_SOCIAL = "OTHER_SOCIAL"
    INCOME_GENERATING = "INCOME_GENERATING"
    PROJECT = "PROJECT"


ACTIVITIES: Mapping[Activity, str] = {
    Activity.HEALTH: N_("Health cover"),
    Activity.OTHER_SOCIAL: N_("Other social works"),
    Activity.INCOME_GENERATING: N_("Income-generating work"),
    Activity.PROJECT: N_("Project"),
}
"""What each activity is called. Source: domain handbook 3.1."""


RULES: Mapping[str, str] = {
    "P01": N_("Receipt: fees"),
    "P02": N_("Receipt: contributions"),
    "P03": N_("Collected money handed over"),
    "P04": N_("Cover given in the month"),
    "P05": N_("Cover given, still owed"),
    "P06": N_("Receipt: contributions that were owed"),
    "P08": N_("Money of a payer"),
    "P09": N_("Claim approved"),
    "P10": N_("Care to be reimbursed to a member"),
    "P11": N_("Care centre paid"),
    "P12": N_("Member reimbursed"),
    "P13": N_("Money to be recovered"),
    "P14": N_("Capitation of a month"),
    "P15": N_("Deposit or advance of a care centre"),
    "P18": N_("Difference of a count"),
    "P30": N_("Taken back"),
    "AN": N_("Opening"),
}
"""What an entry without words of its own is, by its posting rule. Source: domain handbook 3.3."""


OPENING_STANDS = N_(
    "A month was closed already: the opening balance sheet stands. Book the difference in the open month."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an entry: debit above zero, credit below, never zero.

    `box` is the place the money lies in, None for the one place of its role; `party` is who owes
    or is owed: a collector, household, group, payer or provider, so that the accounts of each can
    be told apart and together agree with the account. Source: domain handbook annex Y.8, 4.
    """

    role: str
    amount: int
    box: BoxId | None = None
    party: bytes | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where money lies: a kind of box (`cash_main`, `bank`, …) and which one of that kind.

    `box` is None for the one every book has of each kind, without being told of it.
    """

    role: str
    box: BoxId | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """What a posting rule answers: the lines, the journal, and the rule's name (P01…)."""

    rule: str
    journal: Journal
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as booked; written once."""

    id: EntryId
    number: str
    rule: str
    journal: Journal
    day: date
    month: Month
    lines: tuple[Line, ...]
    reason: str = ""
    reverses: EntryId | None = None
    activity: Activity = Activity.HEALTH

    @property
    def said(self) -> Text | str:
        """What was written of it, else what happened by its posting rule."""
        return self.reason or (Text(RULES[self.rule]) if self.rule in RULES else "")


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One account of a trial balance; totals are above or at zero."""

    role: str
    number: str
    debit: Money
    credit: Money

    @property
    def balance(self) -> Money:
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All accounts with movement up to the end of a month; debit and credit agree."""

    until: date
    rows: tuple[BalanceRow, ...]
    debit: Money
    credit: Money


@dataclass(frozen=True, slots=True)
class Closing:
    """A closed month: nothing dated in it can be booked any more."""

    id: ClosingId
    month: Month
    closed_on: date
    first_signature: str
    second_signature: str
    single_control: bool
    cash_counted: Money | None
    fingerprint: str
    balance: TrialBalance


@dataclass(frozen=True, slots=True)
class Went:
    """How the households stood at the end of a month, as it closed.

    `covered` persons had rights on its last day; `due_amount` was called for periods that begin in
    it, payers' parts among it, and `due_paid` members had paid of that, `payers_paid` payers
    (minor units); None where that was not kept.
    """

    covered: int
    due_amount: int
    due_paid: int
    payers_paid: int | None = None


class Check(Enum):
    """The lines of the closing checklist that this desk can answer. Source: screens 2.9."""

    SESSIONS_CLOSED = "SESSIONS_CLOSED"
    CASH_COUNTED = "CASH_COUNTED"
    COLLECTORS_HANDED_OVER = "COLLECTORS_HANDED_OVER"
    CONTRIBUTIONS_EARNED = "CONTRIBUTIONS_EARNED"
    BALANCE_AGREES = "BALANCE_AGREES"
    JOURNAL_VERIFIED = "JOURNAL_VERIFIED"
    BACKED_UP = "BACKED_UP"


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One line of the checklist: done or not, and whether the closing needs it."""

    check: Check
    done: bool
    needed: bool
    count: int = 0
    amount: Money | None = None


# Boxes


@dataclass(frozen=True, slots=True)
class CashBox:
    """A box as it stands: who holds it, how much may lie in it, until when it was used.

    `place` names it in verbs and lines; `code` stands in the numbers of its vouchers. The one box
    every book has of each kind has no row: its name is its account's, and it has no holder.
    """

    place: Place
    code: str
    name: str
    number: str = ""
    section_id: SectionId | None = None
    holder_id: StaffId | None = None
    most: Money | None = None
    since: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class BoxBalance:
    """What a box holds at the end of a day; `too_much` is what lies in it above its limit."""

    box: CashBox
    held: Money
    too_much: Money
    counted: Money | None = None
    counted_on: date | None = None


class FeeTreatment(Enum):
    """Where entry fees go: income, or the founding fund. Source: domain handbook 3.2."""

    INCOME = "INCOME"
    OWN_FUND = "OWN_FUND"


class Basis(Enum):
    """When contributions are income: as cover is given, or as cash comes. Source: 3.3."""

    ACCRUAL = "ACCRUAL"
    CASH = "CASH"


@dataclass(frozen=True, slots=True)
class MoneySettings:
    """The scheme's money rules from a first day on, None for the country's own.

    `reimbursement_limit` is the most one voucher gives back to a member, None for no limit.
    """

    cash_limit: Money
    double_sign_amount: Money
    entry_fee_treatment: FeeTreatment = FeeTreatment.INCOME
    basis: Basis = Basis.ACCRUAL
    first_day: date | None = None
    reimbursement_limit: Money | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """Which accounts a receipt goes to: `fee` for entry fees, `advance` for contributions."""

    fee: str = "entry_fee"
    advance: str = "contrib_advance"

    @property
    def earns(self) -> bool:
        """Whether contributions become income as cover is given."""
        return self.advance == "contrib_advance"


# Vouchers


class VoucherKind(Enum):
    """What a treasurer's paper says that happened."""

    EXPENSE = "EXPENSE"
    INCOME = "INCOME"
    TRANSFER = "TRANSFER"
    FEE = "FEE"
    IN_KIND = "IN_KIND"
    BILL = "BILL"
    BILL_PAID = "BILL_PAID"
    ENTRY = "ENTRY"
    OPENING = "OPENING"
    COUNT = "COUNT"
    ACTIVITY = "ACTIVITY"


@dataclass(frozen=True, slots=True)
class Booked:
    """What a verb of the treasurer left: the paper's number, and the entry behind it.

    `number` is `S-…` for money that went out, `E-…` for money that came in, and the entry's own
    number where no box moved. A transfer has both: `other_number` is that of the box it went to.
    """

    voucher_id: VoucherId
    number: str
    entry_id: EntryId
    single_control: bool = False
    other_number: str = ""


@dataclass(frozen=True, slots=True)
class Voucher:
    """A voucher as kept: also one that was cancelled, which stays in sight with its reason.

    `cancelled_by` is the number of the voucher that took it back, empty while it stands.
    """

    id: VoucherId
    kind: VoucherKind
    number: str
    other_number: str
    day: date
    amount: Money
    role: str
    label: str
    payee: str
    piece: str
    activity: Activity
    entry_number: str
    made_by: str
    single_control: bool
    cancels: str = ""
    cancelled_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OpenBill:
    """A supplier's bill, and what of it is not paid yet."""

    id: VoucherId
    payee: str
    piece: str
    day: date
    label: str
    amount: Money
    owed: Money


@dataclass(frozen=True, slots=True)
class Debt:
    """What is still owed by the opening balance sheet or a count, to the scheme or by it.

    `whose` names who owes or is owed, empty for an account of nobody in particular.
    """

    role: str
    amount: Money
    party: bytes | None = None
    whose: str = ""


@dataclass(frozen=True, slots=True)
class BoxCount:
    """A box as counted, or a statement of a bank or telephone company as read (D17).

    `pieces` is value in minor units to how many, empty for a statement; `signatures` are one or
    two names. `expected` is what should lie there: what the books said on that day, less what
    open collection sessions had taken along as `floats`. `owed_by` names who replaces what is
    missing, empty for a loss of the scheme (P18).
    """

    id: BoxCountId
    box: CashBox
    day: date
    counted: Money
    expected: Money
    pieces: Mapping[int, int]
    difference_reason: str
    signatures: tuple[str, ...]
    single_control: bool
    voucher_number: str = ""
    floats: Money | None = None
    owed_by: str = ""

    @property
    def difference(self) -> Money:
        """Above zero when more lay there than should."""
        return self.counted - self.expected

    @property
    def booked(self) -> Money:
        """What the books said."""
        return self.expected + self.floats if self.floats else self.expected


# Statements


@dataclass(frozen=True, slots=True)
class Opened:
    """One account on the day the book takes over: debit above zero.

    `party` is whose it is (household, payer, provider), where the account is one of persons.
    """

    role: str
    amount: int
    box: BoxId | None = None
    party: bytes | None = None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line of an account: `balance` is what the account holds after it, debit above zero."""

    day: date
    number: str
    label: str
    debit: Money
    credit: Money
    balance: Money
    party: bytes | None
    activity: Activity
    entry_id: EntryId
    rule: str = ""

    @property
    def said(self) -> Text | str:
        """What was written of it, else what happened by its posting rule."""
        return self.label or (Text(RULES[self.rule]) if self.rule in RULES else "")


@dataclass(frozen=True, slots=True)
class AccountLedger:
    """An account over some days: what it held before, its lines, what it held after."""

    role: str
    number: str
    before: Money
    rows: tuple[LedgerRow, ...]
    after: Money


@dataclass(frozen=True, slots=True)
class CashBookRow:
    """One line of a cash book (D16): the voucher's number, what came in or went out.

    A group's sum is one line; `parts` are the receipts of its households behind it.
    """

    day: date
    number: str
    label: str | Text
    came_in: Money
    went_out: Money
    balance: Money
    paper: str
    cancelled: bool
    entry_id: EntryId
    rule: str = ""
    parts: "tuple[CashBookRow, ...]" = ()

    @property
    def said(self) -> Text | str:
        """What was written of it, else what happened by its posting rule."""
        return self.label or (Text(RULES[self.rule]) if self.rule in RULES else "")


@dataclass(frozen=True, slots=True)
class CashBook:
    """The cash book of a box and month: what lay in it before, each movement, what lies after.

    With an `activity` its movements alone stand in it and in `came_in` and `went_out`; `before`,
    `after` and the balances are of the whole box all the same: nobody counts part of a box.
    """

    box: CashBox
    month: Month
    before: Money
    rows: tuple[CashBookRow, ...]
    came_in: Money
    went_out: Money
    after: Money
    activity: Activity | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """What a collector still carries: since when the oldest of it, and how many days that is."""

    collector_id: StaffId
    name: str
    amount: Money
    since: date
    days: int


# The closing's ten lines


class Step(Enum):
    """The ten lines of a month's closing, in their order. Source: screens handbook 2.9."""

    SESSIONS = "SESSIONS"
    CASH = "CASH"
    BANK = "BANK"
    CERTIFICATES = "CERTIFICATES"
    LATE = "LATE"
    INDICATORS = "INDICATORS"
    BATCHES = "BATCHES"
    COPY = "COPY"
    PRINTED = "PRINTED"
    LOCK = "LOCK"


class StepState(Enum):
    """How far a line of the closing is: a passed one keeps a reason."""

    DONE = "DONE"
    TO_DO = "TO_DO"
    PASSED = "PASSED"


@dataclass(frozen=True, slots=True)
class StepLine:
    """One of the ten lines: how many things it speaks of, how much, and why it was passed.

    `findings` counts what is open about booklets; only the line of collections speaks of them.
    """

    step: Step
    state: StepState
    count: int = 0
    amount: Money | None = None
    reason: str = ""
    by: str = ""
    findings: int = 0


@dataclass(frozen=True, slots=True)
class Reopening:
    """A month that was opened again: which closing, by whom, when and why.

    `entries` were written in it until it was closed anew, or until now.
    """

    month: Month
    closed_on: date
    opened_on: date
    reason: str
    signatures: tuple[str, ...]
    single_control: bool
    fingerprint: str
    entries: int = 0

    @property
    def said(self) -> Text:
        """What a closed month says of it."""
        return Text(
            N_("Opened again on {day} by {by}: {reason}. {count} entry was written in it since."),
            {
                "day": self.opened_on,
                "by": " · ".join(self.signatures),
                "reason": self.reason,
                "count": self.entries,
            },
            N_(
                "Opened again on {day} by {by}: {reason}. {count} entries were written in it since."
            ),
        )


# Statements of banks and telephone companies


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line of a statement as its file has it: above zero came in; minor units.

    `balance` is what the statement says is there after it, None where it does not say.
    """

    day: date
    amount: int
    reference: str = ""
    label: str = ""
    balance: int | None = None


@dataclass(frozen=True, slots=True)
class ImportedStatement:
    """What a statement's file brought in, and how many of its lines were known already."""

    id: BoxStatementId
    lines: int
    known: int
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line of a statement; `entry_id` is what in the book it is, booked on `entry_day`.

    With `group_id` it is one of several lines, or is several entries, of which this is the first.
    """

    id: StatementLineId
    day: date
    amount: Money
    reference: str
    label: str
    balance: Money | None
    entry_id: EntryId | None = None
    entry_day: date | None = None
    group_id: StatementGroupId | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """Lines and entries that are one movement: one line with its entries, or one entry with its lines.

    `difference` is what the statement has more, and `reason` says why.
    """

    id: StatementGroupId
    lines: tuple[StatementLine, ...]
    entries: tuple[EntryId, ...]
    last_day: date
    amount: Money
    difference: Money
    reason: str


@dataclass(frozen=True, slots=True)
class BoxEntry:
    """What an entry moved in a box; `reference` is what its paper or payment names.

    `other` is the entry that took it back, or that it takes back.
    """

    entry_id: EntryId
    number: str
    day: date
    amount: Money
    reference: str
    said: str
    other: EntryId | None = None


class Likeness(Enum):
    """Why a line and an entry are thought to be one: the same reference, or the same days."""

    REFERENCE = "REFERENCE"
    DAY = "DAY"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line and the entry it may be; `alone` says that nothing else could be either of them."""

    line: StatementLine
    entry: BoxEntry
    why: Likeness
    alone: bool


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """How a box and its statement stand on a day (D18).

    Args:
        box: A bank, a savings institution, a telephone.
        day: The evening it is of.
        stated: What the statement says is there; None when no line says so and nobody told.
        booked: What the books say.
        matched: How many lines of the statement are in the book.
        proposals: Lines that may be entries, to be accepted by a person.
        only_book: Entries no line of the statement is, reversed ones left out.
        only_statement: Lines that are not in the book.
        together: Lines and entries that were found to be one movement, whole by that day.
    """

    box: CashBox
    day: date
    stated: Money | None
    booked: Money
    matched: int
    proposals: tuple[Proposal, ...]
    only_book: tuple[BoxEntry, ...]
    only_statement: tuple[StatementLine, ...]
    together: tuple[Together, ...] = ()

    @property
    def expected(self) -> Money:
        """What the statement should say: the books, without what only they know, with the rest.

        What movements found to be one differ by was named, and counts too.
        """
        zero = Money(0, self.booked.currency)
        out = sum((one.amount for one in self.only_book), zero)
        more = sum((one.amount for one in self.only_statement), zero)
        named = sum((one.difference for one in self.together), zero)
        return self.booked - out + more + named

    @property
    def unexplained(self) -> Money | None:
        """What nothing explains; None while nobody knows what the statement says."""
        return None if self.stated is None else self.stated - self.expected
