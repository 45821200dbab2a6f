"""Words of what the scheme pays for: services, packages, and the rule of each service.

Amounts are whole minor units of the scheme's currency; None sets no limit and 0 is a limit of
nothing. Source: domain handbook 2.7.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import Enum

from stepdesk.members.terms import Sex
from stepdesk.values.care import CareType, ClaimCategory, Level, Visit
from stepdesk.values.ids import PackageId, PackageVersionId, PlanId, ServiceId, TariffId

ADULT_AGE = 18
"""From which age somebody is an adult, where a package says nothing else."""


class Category(Enum):
    """What kind of care a service is; a closed list, because returns speak it."""

    OPD = "OPD"  # consultation
    OBS = "OBS"  # observation under a day
    DRUG = "DRUG"
    LAB = "LAB"
    IMG = "IMG"
    ANC = "ANC"  # before birth
    DEL = "DEL"  # normal delivery
    CSE = "CSE"  # caesarean and complicated delivery
    PNC = "PNC"  # after birth
    FP = "FP"  # family planning
    VACC = "VACC"  # prevention
    HOSP = "HOSP"
    SURG = "SURG"
    DENT = "DENT"
    OPTIC = "OPTIC"
    TRANS = "TRANS"
    CHRON = "CHRON"
    FUN = "FUN"
    OTH = "OTH"


class Copay(Enum):
    """How the member shares in a price.

    NONE not at all, PERCENT by hundredths of a percent of what is left after the deductible, FIXED by an
    amount for each act, UP_TO by what lies above the amount the scheme counts for each act, before the
    deductible.
    """

    NONE = "NONE"
    PERCENT = "PERCENT"
    FIXED = "FIXED"
    UP_TO = "UP_TO"


class DeductibleScope(Enum):
    """Over what a deductible is taken once."""

    ACT = "ACT"
    EPISODE = "EPISODE"
    PERSON_YEAR = "PERSON_YEAR"
    HOUSEHOLD_YEAR = "HOUSEHOLD_YEAR"


class LimitScope(Enum):
    """Whose acts are counted against a limit."""

    PERSON = "PERSON"
    HOUSEHOLD = "HOUSEHOLD"


class LimitWindow(Enum):
    """Over what time acts are counted: the benefit year, or the days before the care."""

    CYCLE = "CYCLE"
    DAYS = "DAYS"


class YearStart(Enum):
    """When a benefit year begins: on 1 January, with the household's own cycle, or with its period.

    PERIOD is the period the household pays for, however many months: limits begin anew with each.
    Source: openIMIS handbook 2.8.
    """

    CALENDAR = "CALENDAR"
    MEMBERSHIP = "MEMBERSHIP"
    PERIOD = "PERIOD"


class Payment(Enum):
    """Who is paid: the provider, the member, or either."""

    THIRD_PARTY = "THIRD_PARTY"
    REIMBURSEMENT = "REIMBURSEMENT"
    BOTH = "BOTH"


class ServiceKind(Enum):
    """An act that is done, or an item that is given: a medicine, a dressing."""

    ACT = "ACT"
    ITEM = "ITEM"


class Patients(Enum):
    """Whom a service is for; a pair of which neither is named leaves nobody out."""

    MALE = "MALE"
    FEMALE = "FEMALE"
    ADULT = "ADULT"
    CHILD = "CHILD"


class Composition(Enum):
    """How an act that has parts is priced.

    SINGLE has none; FIXED has one price with its parts in it; PARTS has that price only when all of them
    stand on the claim.
    """

    SINGLE = "SINGLE"
    FIXED = "FIXED"
    PARTS = "PARTS"


class CeilingExclusion(Enum):
    """When a service is paid outside the package's ceilings: in hospital care, in other care, in both."""

    NONE = "NONE"
    IN = "IN"
    OUT = "OUT"
    BOTH = "BOTH"


class PriceOrigin(Enum):
    """Which price counts.

    LIST what is asked and at most the list's; FIXED the list's whatever is asked; ASKED what is asked;
    RELATIVE the list's times the index of the period.
    """

    LIST = "LIST"
    FIXED = "FIXED"
    ASKED = "ASKED"
    RELATIVE = "RELATIVE"


class LimitKind(Enum):
    """What a limit of a whole package sets.

    DEDUCTIBLE is taken before the scheme pays, CEILING is the most the scheme pays, EXTRA_MEMBER is added to
    the household's ceiling for each covered person above the package's threshold, HIGHEST is the most it
    grows to, CLAIM_COUNT is the number of claims of a category for a person and year, CLAIM_AMOUNT the most
    one claim of a category pays.
    """

    DEDUCTIBLE = "DEDUCTIBLE"
    CEILING = "CEILING"
    EXTRA_MEMBER = "EXTRA_MEMBER"
    HIGHEST = "HIGHEST"
    CLAIM_COUNT = "CLAIM_COUNT"
    CLAIM_AMOUNT = "CLAIM_AMOUNT"


class LimitOver(Enum):
    """Over what a package's deductible or ceiling is reckoned."""

    EPISODE = "EPISODE"
    PERSON_YEAR = "PERSON_YEAR"
    HOUSEHOLD_YEAR = "HOUSEHOLD_YEAR"


class InPatientBy(Enum):
    """What makes care in-patient: a stay of more than one day, or a hospital."""

    STAY = "STAY"
    LEVEL = "LEVEL"


class StayCover(Enum):
    """On which days of a stay the patient must be covered.

    FIRST_DAY on the day the patient was taken in; WHOLE_STAY on each day from then to the last.
    Source: openIMIS handbook 3.2, row 3; docs/decisions/0048.
    """

    FIRST_DAY = "FIRST_DAY"
    WHOLE_STAY = "WHOLE_STAY"


class Spread(Enum):
    """How what a ceiling cuts is shared by the lines: in proportion, or the first lines are paid first."""

    PRO_RATA = "PRO_RATA"
    IN_ORDER = "IN_ORDER"


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """What rules how a service is used, from a day on; the words are those of `Service`."""

    care: CareType = CareType.BOTH
    frequency_days: int | None = None
    largest_quantity: int | None = None
    patients: frozenset[Patients] = frozenset()
    claim_category: ClaimCategory | None = None
    composition: Composition = Composition.SINGLE
    parts: tuple[tuple[ServiceId, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """One act or medicine of the scheme's catalogue.

    `care` is where it can be given. Two of them for one person lie more than `frequency_days` apart,
    `largest_quantity` is the most on one line; None sets no limit. `patients` empty is for everybody.
    `claim_category` None follows from `category`. `parts` are services and how many of each. All of it
    from `care` on can change with a day; the rest is for ever, but for the name.
    """

    id: ServiceId
    code: str
    name: str
    category: Category
    unit: str = ""
    kind: ServiceKind = ServiceKind.ACT
    care: CareType = CareType.BOTH
    frequency_days: int | None = None
    largest_quantity: int | None = None
    patients: frozenset[Patients] = frozenset()
    claim_category: ClaimCategory | None = None
    composition: Composition = Composition.SINGLE
    parts: tuple[tuple[ServiceId, int], ...] = ()

    @property
    def terms(self) -> ServiceTerms:
        return ServiceTerms(
            self.care,
            self.frequency_days,
            self.largest_quantity,
            self.patients,
            self.claim_category,
            self.composition,
            self.parts,
        )

    def with_terms(self, terms: ServiceTerms) -> "Service":
        told = {one.name: getattr(terms, one.name) for one in fields(terms)}
        return replace(self, **told)


@dataclass(frozen=True, slots=True)
class Share:
    """How the member shares for a kind of visit, and for adults or children; None is each of them.

    `copay` and `copay_value` are as in a rule.
    """

    visit: Visit | None
    child: bool | None
    copay: Copay
    copay_value: int


@dataclass(frozen=True, slots=True)
class PackageLimit:
    """A limit of a whole package. `amount` is minor units, a number of claims for CLAIM_COUNT.

    `over` is None for EXTRA_MEMBER, HIGHEST, CLAIM_COUNT and CLAIM_AMOUNT; `category` is set for the last
    two alone. 0 is a limit of nothing; no limit is no row.
    """

    kind: LimitKind
    amount: int
    care: CareType = CareType.BOTH
    over: LimitOver | None = None
    category: ClaimCategory | None = None


class PoolPeriod(Enum):
    """Over what time an index of relative prices is reckoned."""

    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"


@dataclass(frozen=True, slots=True)
class Distribution:
    """Which part of the contributions of a period stands for relative prices, in hundredths of a percent.

    `number` is the month, quarter or 1 for the year.
    """

    period: PoolPeriod
    care: CareType
    number: int
    share: int


@dataclass(frozen=True, slots=True)
class Capitation:
    """How a part of the contributions is shared by the providers of some levels, in hundredths of a percent.

    Source: openIMIS handbook 2.9.
    """

    levels: frozenset[Level]
    share: int
    weight_population: int = 0
    weight_households: int = 0
    weight_insured: int = 0
    weight_insured_households: int = 0
    weight_claims: int = 0
    weight_amounts: int = 0


@dataclass(frozen=True, slots=True)
class BenefitRule:
    """What a package says of one service.

    `copay_value` is hundredths of a percent for PERCENT, minor units an act for FIXED and UP_TO.
    `exclusion` names why a service is excluded: it then stands in the package only to say so.
    `limit_days` counts the days before the care that a DAYS window looks back.
    `levels` None allows every level; `age_max` is included. `shares` say otherwise than `copay` for a kind of
    visit or age. With `children_apart`, `limit_count_child`, `waiting_months_child` and
    `ceiling_exclusion_child` hold for children, and those without the word for adults.
    """

    service_id: ServiceId
    covered: bool = True
    copay: Copay = Copay.NONE
    copay_value: int = 0
    deductible: int = 0
    deductible_scope: DeductibleScope = DeductibleScope.ACT
    cap_act: int | None = None
    cap_episode: int | None = None
    cap_person_year: int | None = None
    cap_household_year: int | None = None
    limit_count: int | None = None
    limit_scope: LimitScope = LimitScope.PERSON
    limit_window: LimitWindow = LimitWindow.CYCLE
    limit_days: int | None = None
    waiting_months: int = 0
    waiting_exempt: bool = False
    requires_referral: bool = False
    requires_letter: bool = False
    requires_medical_review: bool = False
    levels: frozenset[Level] | None = None
    sex: Sex | None = None
    age_min: int | None = None
    age_max: int | None = None
    payment: Payment = Payment.THIRD_PARTY
    emergency_out_of_network: bool = False
    declare_hours: int = 72
    exclusion: str = ""
    price_origin: PriceOrigin = PriceOrigin.LIST
    shares: tuple[Share, ...] = ()
    ceiling_exclusion: CeilingExclusion = CeilingExclusion.NONE
    children_apart: bool = False
    limit_count_child: int | None = None
    waiting_months_child: int = 0
    ceiling_exclusion_child: CeilingExclusion = CeilingExclusion.NONE


@dataclass(frozen=True, slots=True)
class PackageVersion:
    """A benefit package from its first day on, with the rule of every service it names.

    The three `cap_` are its plain ceilings; `limits` holds all others. `threshold` is how many persons the
    household's ceiling is made for; None is 0. Somebody is adult from `adult_age` on. `services` are those
    of `rules` as they stand on the day the version was asked for, where it was asked for a day.
    """

    id: PackageVersionId
    package_id: PackageId
    code: str
    name: str
    first_day: date
    year_start: YearStart = YearStart.CALENDAR
    cap_episode: int | None = None
    cap_person_year: int | None = None
    cap_household_year: int | None = None
    reference_tariff_id: TariffId | None = None
    limits: tuple[PackageLimit, ...] = ()
    threshold: int | None = None
    in_patient_by: InPatientBy = InPatientBy.STAY
    spread: Spread = Spread.PRO_RATA
    adult_age: int = ADULT_AGE
    distributions: tuple[Distribution, ...] = ()
    capitation: Capitation | None = None
    stay_cover: StayCover = StayCover.FIRST_DAY
    rules: Mapping[ServiceId, BenefitRule] = field(default_factory=dict)
    services: Mapping[ServiceId, Service] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Assigned:
    """From this day on the households of a plan have this package.

    `supplement` is 0 for the plan's basic package, 1 and more for what it has beside it at the same time.
    `ends` says that the package of that place ends: the day before is its last.
    """

    plan_id: PlanId
    package_id: PackageId
    first_day: date
    supplement: int = 0
    ends: bool = False
