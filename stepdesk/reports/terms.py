"""Words of what is said of a whole scheme."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import NamedTuple, TypeAlias

from stepdesk.contributions.terms import Receipt
from stepdesk.i18n import Text
from stepdesk.ledger.terms import Carried, Closing, Reopening, Step, StepLine
from stepdesk.members.terms import Birth, Cover, EventKind, Relation, Sex
from stepdesk.payers.terms import PayerStatement
from stepdesk.rights.terms import HouseholdState
from stepdesk.values.digits import HouseholdNumber
from stepdesk.values.ids import (
    CategoryId,
    GroupId,
    HouseholdId,
    PayerId,
    PersonId,
    PlanId,
    SectionId,
)
from stepdesk.values.money import Money, round_half_up
from stepdesk.values.month import Month


@dataclass(frozen=True, slots=True)
class Standing:
    """How the scheme stands today: what the first screen shows."""

    month: Month
    households: int
    persons: int
    covered: int
    late: tuple[HouseholdId, ...]
    late_long: tuple[HouseholdId, ...]
    stopped: tuple[HouseholdId, ...]
    waiting: tuple[HouseholdId, ...]
    not_entered: tuple[HouseholdId, ...]
    cash: Money
    carried: Money
    arrears: Money
    collected: Money
    open_sessions: int
    last_backup: datetime | None
    last_backup_outside: datetime | None
    next_closing: Month


# The measures of a month: block, table and place as safety handbook 4.1 lists them


class Service(Enum):
    """The eight classes of service a scheme is told by. Source: safety handbook 4.1.

    Care that would tell too much of a person (family planning, chronic illness) is among OTHER.
    """

    OPD = "OPD"
    DRUG = "DRUG"
    LAB_IMG = "LAB_IMG"
    MATERNITY = "MATERNITY"
    HOSP = "HOSP"
    SURG = "SURG"
    PREVENTION = "PREVENTION"
    OTHER = "OTHER"


class Place(Enum):
    """The five kinds of provider a scheme is told by."""

    POST = "POST"
    CENTRE = "CENTRE"
    DISTRICT = "DISTRICT"
    HIGHER = "HIGHER"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure, and how many distinct persons or households are behind it.

    `behind` of an account's figure is 0: who moved it is told by `Measures` itself.
    """

    value: int
    behind: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """What one person or household adds to the figure at a place of a table."""

    place: int
    who: bytes
    value: int = 1


@dataclass(frozen=True, slots=True)
class HouseholdMonth:
    """A household at the end of a month: its state, who is covered, what it owes and paid.

    Amounts are minor units. `called` is what was called for periods that began in the month,
    `paid` what was booked in it by means, reversals taken off. `periodicity` is in months.
    """

    id: HouseholdId
    state: HouseholdState
    covers: tuple[Cover, ...]
    called: int
    arrears: int
    periodicity: int
    paid: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ClaimMonth:
    """A claim of which something was decided in a month.

    `paid` is the scheme's share decided in the month: for a claim decided again, the difference.
    `by_service` is the same by class; `cases` are the classes of which a line is paid now.
    """

    person_id: bytes
    sex: str
    birth: date
    day: date
    place: Place
    approved: bool
    paid: int
    by_service: Mapping[Service, int]
    cases: frozenset[Service]


@dataclass(frozen=True, slots=True)
class Moved:
    """How many moved the accounts of a month.

    `claims` are persons whose claims moved what the scheme owes for care, `paid` persons whose
    claims were paid to their providers, `payers` households that moved the contributions; of
    these `in_cash` and `by_bank` (mobile money with it) moved either kind of box.
    """

    claims: int
    paid: int
    payers: int
    in_cash: int = 0
    by_bank: int = 0


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures of a booked month, by table and place, before anything is hidden.

    Args:
        tables: Table code to its figures, in the order in which returns carry them.
        moved: How many moved the accounts, for each month of the book up to this one.
        january: Persons covered on 1 January; None when the scheme covered nobody then.
    """

    month: Month
    tables: Mapping[str, tuple[Measure, ...]]
    moved: tuple[Moved, ...]
    january: int | None = None


# The lists of the members' room


class ListOf(Enum):
    """What one row of a list is."""

    HOUSEHOLDS = "HOUSEHOLDS"
    PERSONS = "PERSONS"


class Only(Enum):
    """Lists made ready because somebody must act on them; each names its own horizon."""

    LATE_LONG = "LATE_LONG"  # the oldest unpaid due fell due two months ago or earlier
    AGES_OUT = "AGES_OUT"  # a child past the age limit within the statutes' `age_warning_days`
    WAITING_ENDS = "WAITING_ENDS"  # rights open within `SOON` days
    RENEWAL = "RENEWAL"  # paid until a day within `SOON` days, or late
    DUPLICATES = "DUPLICATES"  # pairs that may be one person, the likest first


SOON = 30
"""Days ahead that the lists of ends of waiting and of renewals look."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked to hold, in which order, and which columns of it are seen.

    Everything named must be true of a row; what is None or empty asks nothing. Ages are completed
    years and days of joining, both ends included. In a list of households sex and age are the
    member's, and `no_photo` asks for somebody covered without one. `ended` False leaves out
    memberships (of persons: covers) that have ended, True shows them alone.
    `order` is a column; rows of one value stand by number.
    """

    of: ListOf = ListOf.HOUSEHOLDS
    states: frozenset[HouseholdState] = frozenset()
    only: Only | None = None
    section_id: SectionId | None = None
    plan_id: PlanId | None = None
    group_id: GroupId | None = None
    category_id: CategoryId | None = None
    payer_id: PayerId | None = None
    sex: Sex | None = None
    age_first: int | None = None
    age_last: int | None = None
    joined_first: date | None = None
    joined_last: date | None = None
    no_photo: bool = False
    no_phone: bool = False
    ended: bool | None = None
    order: str = "number"
    descending: bool = False
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HouseholdNow:
    """How a household stands today, as far as lists say it.

    `ages_out` names the persons who will be past the age limit, each with the first such day.
    """

    state: HouseholdState
    covered_through: date | None
    rights_from: date | None
    arrears: int
    oldest_due_on: date | None
    ages_out: tuple[tuple[PersonId, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Soon:
    """How many the lists made ready hold that nobody waits to be told of.

    `photos_later` counts persons without a photo, 0 where the scheme takes none at all.
    `renewals` are households with rights whose paid time ends within `SOON` days.
    """

    ages_out: int
    waiting_ends: int
    photos_later: int
    renewals: int = 0


class PersonKey(NamedTuple):
    """Names one row of a list of persons."""

    household_id: HouseholdId
    person_id: PersonId


RowKey: TypeAlias = HouseholdId | PersonKey


@dataclass(frozen=True, slots=True)
class ListRow:
    """All that a list may show of a household (its member) or of a person.

    `suffix` is None in a list of households; `relation`, `until` and `ages_out` belong to persons.
    """

    key: RowKey
    number: HouseholdNumber
    suffix: int | None
    name: str
    member: str
    section: str
    sex: Sex
    birth: Birth
    relation: Relation
    size: int
    declared: int
    joined: date
    until: date | None
    phone: str
    address: str
    plan: str
    group: str
    category: str
    payer: str
    photo: bool
    now: HouseholdNow
    ages_out: date | None = None


@dataclass(frozen=True, slots=True)
class SavedView:
    """A list somebody wants to see again, under a name of their own."""

    name: str
    wanted: Wanted


# What papers of the whole scheme tell


class EntitledRow(NamedTuple):
    """One person of the list of the entitled, or of the suspended (D09).

    `through` is the last day rights hold if nothing more is paid, None when no end can be told;
    for a no, `why` says it, `opens_on` is the first day it would be yes, `to_pay` in minor units.
    """

    number: HouseholdNumber
    suffix: int
    name: str
    sex: Sex
    birth: Birth
    section: str
    entitled: bool
    through: date | None
    why: Text | None
    opens_on: date | None
    to_pay: int


class RegisterRow(NamedTuple):
    """One membership in the register (D07); `start` is the first day of its present term."""

    order: int
    joined_on: date
    number: HouseholdNumber
    name: str
    sex: Sex
    section: str
    beneficiaries: int
    fee_receipt: str
    start: date | None
    rights_from: date | None
    ended_on: date | None
    ended_by: EventKind | None


@dataclass(frozen=True, slots=True)
class StatementPerson:
    """One covered person of a statement, and whether they have rights."""

    suffix: int
    name: str
    sex: Sex
    birth: Birth
    relation: Relation
    entitled: bool
    through: date | None
    why: Text | None


@dataclass(frozen=True, slots=True)
class StatementDue:
    """One contribution called; `until` is not included."""

    first_day: date
    until: date
    due_on: date
    amount: Money
    paid: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """All a household is told of its cover and its money; dues and receipts whole."""

    scheme: str
    number: HouseholdNumber
    member_name: str
    section: str
    day: date
    state: HouseholdState
    joined_on: date
    rights_from: date | None
    covered_through: date | None
    regular: Money
    to_pay: Money
    entry_fee: Money
    credit: Money
    persons: tuple[StatementPerson, ...]
    dues: tuple[StatementDue, ...]
    receipts: tuple[Receipt, ...]


class LetterKind(Enum):
    """Letters to households: of arrears, before the paid time ends, at the end of waiting."""

    REMINDER = "REMINDER"
    RENEWAL = "RENEWAL"
    WAITING_OVER = "WAITING_OVER"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one household, with all it names; see `contributions.terms.Account`."""

    kind: LetterKind
    scheme: str
    number: HouseholdNumber
    member_name: str
    section: str
    address: str
    day: date
    to_pay: Money
    regular: Money
    covered_through: date | None
    tolerated_through: date | None
    rights_from: date | None
    rights_if_paid: date | None
    suspended: bool
    next_due: date | None

    @property
    def asked(self) -> Money | None:
        """What the household is asked for: the next contribution before its paid time ends."""
        return (self.regular if self.kind is LetterKind.RENEWAL else self.to_pay) or None


# Reminders


@dataclass(frozen=True, slots=True)
class Reminder:
    """One household that must be told something today, and whether it can be told by message.

    `phone` is its first number that takes messages, as the world dials it, empty when there is
    none; `fixed` says that all its numbers are fixed lines, and this is the first to be called.
    `consent` is that to be sent messages, None when nobody asked: then none goes.
    """

    household_id: HouseholdId
    letter: Letter
    phone: str
    consent: bool | None
    fixed: bool = False

    @property
    def mobile(self) -> bool:
        """Whether there is a number that takes messages."""
        return bool(self.phone) and not self.fixed

    @property
    def reachable(self) -> bool:
        """Whether a message may go: there is a number for it, and the household agreed."""
        return self.mobile and self.consent is True


# The register of contributions, and who owes


class DuesRow(NamedTuple):
    """What a month called of one household, was paid of it, is owed, and lies ahead; minor units.

    `due` and `paid` are of periods that begin in the month, `payers` what payers take over
    beside; `arrears` of all dues that fell due by its end, `advance` credit and dues of later
    periods paid already.
    """

    number: HouseholdNumber
    name: str
    section: str
    due: int
    paid: int
    payers: int
    arrears: int
    advance: int


class ArrearsRow(NamedTuple):
    """A household that owes on a day: how much, since when, and when it last paid; minor units."""

    household_id: HouseholdId
    number: HouseholdNumber
    name: str
    section: str
    phone: str
    state: HouseholdState
    owed: int
    to_pay: int
    oldest_due_on: date
    last_paid_on: date | None


class SectionTotal(NamedTuple):
    """A section's sums of a list, and how many households stand in it."""

    section: str
    households: int
    sums: tuple[int, ...]


# Payers


class PayerLineRow(NamedTuple):
    """A line of a statement to a payer, as it is printed; `until` is not included."""

    number: HouseholdNumber
    suffix: int | None
    name: str
    section: str
    first_day: date
    amount: int
    fee: bool = False


class GapRow(NamedTuple):
    """A household whose sponsor's commitment ends: what a period costs it now and from then on.

    `until` is the first day without; amounts are minor units.
    """

    number: HouseholdNumber
    name: str
    section: str
    until: date
    pays: int
    would_pay: int


@dataclass(frozen=True, slots=True)
class Burden:
    """What members or the sponsored brought in a month range and what care took; minor units.

    `persons` is how many covered persons there were at the end, `months` the sum over its months.
    """

    persons: int
    months: int
    earned: int
    benefits: int

    @property
    def ratio(self) -> int | None:
        """Benefits over contributions earned, in hundredths of a percent; None without any."""
        return None if self.earned <= 0 else round_half_up(self.benefits * 10_000, self.earned)


@dataclass(frozen=True, slots=True)
class Burdens:
    """The sponsored beside the ordinary members. Source: domain handbook 2.6."""

    first: Month
    last: Month
    ordinary: Burden
    sponsored: Burden


@dataclass(frozen=True, slots=True)
class Collected:
    """What was called for periods that begin in a range of months, and paid by its end.

    In minor units, of members and of payers. Source: domain handbook 4.3, C02 to C04.
    """

    due_members: int
    paid_members: int
    due_payers: int
    paid_payers: int


# How the scheme went


@dataclass(frozen=True, slots=True)
class MonthTrend:
    """What is drawn of one closed month; amounts in minor units.

    Args:
        month: A closed month.
        covered: Persons with rights on its last day.
        due: Called of members and payers for periods that begin in it.
        paid: Paid of that by its end.
        earned: Contributions earned in it, subsidies with them.
        benefits: Care and refunds booked in it.
        held: Cash, bank, savings and mobile money on its last day.
        payments: What a month paid out on average, over it and up to eleven before.

    Source: domain handbook 4.3, C02; 4.4, B08; 4.5, F14.
    """

    month: Month
    covered: int
    due: int
    paid: int
    earned: int
    benefits: int
    held: int
    payments: int

    @property
    def collection(self) -> int | None:
        """Paid of each 100 called, in tenths; None when nothing was called."""
        return None if self.due <= 0 else round_half_up(self.paid * 1000, self.due)

    @property
    def cost(self) -> int | None:
        """Spent for care of each 100 earned, in tenths; None when nothing was earned."""
        return None if self.earned <= 0 else round_half_up(self.benefits * 1000, self.earned)

    @property
    def runway(self) -> int | None:
        """How many months the money lasts, in tenths; None when nothing was paid out."""
        return None if self.payments <= 0 else round_half_up(self.held * 10, self.payments)


@dataclass(frozen=True, slots=True)
class Spent:
    """Care beside contributions earned, over up to twelve closed months; in minor units.

    `wrong` is the first month whose sums do not balance: nothing can be told then.
    """

    months: tuple[Month, ...]
    earned: int
    benefits: int
    wrong: Month | None = None

    @property
    def of_each_100(self) -> int | None:
        """Spent of each 100 earned, in tenths; None when it cannot be told."""
        if self.wrong is not None or self.earned <= 0:
            return None
        return round_half_up(self.benefits * 1000, self.earned)


@dataclass(frozen=True, slots=True)
class Books:
    """What the first page says of the books: all that needs no household to be reckoned.

    Args:
        month: The desk's month.
        next_closing: The first month that is not closed.
        households: Those registered and not gone; `persons` those covered by their registration.
        persons: See there.
        cash: What lies in all cash boxes together.
        carried: What collectors and open sessions carry.
        late_carried: Collectors who have carried money for longer than `CARRIED_DAYS`, the
            latest first.
        collected: Booked this month.
        spent: Care of each 100 earned.
        open_sessions: Collections not counted and signed.
        overdue: Statements payers have not settled for longer than the country's days.
        drafts: The names of the forms the person in front left half typed: `household:`, `claim:`.
        last_backup: The last copy made anywhere.
        last_backup_outside: The last copy made on another medium.
        findings: What should not be with booklets and nobody accepted: leaves missing, used twice.
    """

    month: Month
    next_closing: Month
    households: int
    persons: int
    cash: Money
    carried: Money
    late_carried: tuple[Carried, ...]
    collected: Money
    spent: Spent
    open_sessions: int
    overdue: tuple[PayerStatement, ...]
    drafts: tuple[str, ...]
    last_backup: datetime | None
    last_backup_outside: datetime | None
    findings: int = 0


CARRIED_DAYS = 7
"""Days after which money a collector carries is late. Source: domain handbook 1.3, D06: weekly."""


# The month's report


@dataclass(frozen=True, slots=True)
class PassedLine:
    """A line of a closing that was passed: why, by whom and when."""

    step: Step
    reason: str
    by: str
    day: date


class Block(Enum):
    """The parts of a month's report. Source: domain handbook 1.3, D22."""

    MEMBERS = "MEMBERS"
    CONTRIBUTIONS = "CONTRIBUTIONS"
    CARE = "CARE"
    TREASURY = "TREASURY"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a month beside the month before and the same month a year earlier.

    `name` is the key of what it says; amounts are minor units. None where the book knows nothing
    of that month.
    """

    name: str
    now: int
    before: int | None
    year_ago: int | None
    money: bool = False


class Alert(Enum):
    """What a board should see of a month."""

    LATE = "LATE"
    UNDECIDED = "UNDECIDED"
    NO_INVOICE = "NO_INVOICE"
    BOOKLETS = "BOOKLETS"
    CASH_DIFFERS = "CASH_DIFFERS"
    BANK_DIFFERS = "BANK_DIFFERS"
    CARRIED = "CARRIED"
    TOO_MUCH_CASH = "TOO_MUCH_CASH"
    CARE_COSTS_MORE = "CARE_COSTS_MORE"
    OWES_MORE = "OWES_MORE"
    PASSED = "PASSED"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alert: how many, or how much in minor units."""

    alert: Alert
    count: int = 0
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class AlarmFacts:
    """What alerts are reckoned from; amounts are minor units.

    Args:
        lines: The ten lines of the closing.
        passed: How many of them were passed.
        earned: Contributions earned in the month, subsidies with them.
        benefits: Care booked in it.
        held: Money in all boxes at its end.
        debt: What is owed to others then.
        carried: Collectors who carried money for too long on its last day.
        too_much: How much more than its limit lay in boxes.
    """

    lines: tuple[StepLine, ...]
    passed: int
    earned: int
    benefits: int
    held: int
    debt: int
    carried: int
    too_much: int


@dataclass(frozen=True, slots=True)
class MonthReport:
    """What the board is told of a month, and the poster of it.

    Args:
        month: The month.
        closing: How it was closed; None while it is open: the report is a draft then.
        blocks: Members, contributions, care, treasury, each with its figures.
        alarms: What should be seen.
        lines: The ten lines of the closing.
        passed: Those that were passed, with their reasons.
        trends: Closed months up to this one, the oldest first.
        reopened: How often it was opened again, the newest first.
    """

    month: Month
    closing: Closing | None
    blocks: Mapping[Block, tuple[Figure, ...]]
    alarms: tuple[Alarm, ...]
    lines: tuple[StepLine, ...]
    passed: tuple[PassedLine, ...]
    trends: tuple[MonthTrend, ...]
    reopened: tuple[Reopening, ...] = ()

    def figure(self, block: Block, name: str) -> Figure:
        """Return one figure by its name."""
        return next(one for one in self.blocks[block] if one.name == name)
