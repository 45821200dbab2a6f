"""Words of what the scheme pays for: services, packages, and the rule of each service.

Amounts are whole minor units of the scheme's currency; None sets no limit and 0 is a limit of
nothing. Source: domain handbook 2.7.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from stepdesk.members.terms import Sex
from stepdesk.values.care import Level
from stepdesk.values.ids import PackageId, PackageVersionId, PlanId, ServiceId, TariffId


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
    """How the member shares in a price: not at all, in hundredths of a percent, or per act."""

    NONE = "NONE"
    PERCENT = "PERCENT"
    FIXED = "FIXED"


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
    """When a benefit year begins: on 1 January, or with the household's own cycle."""

    CALENDAR = "CALENDAR"
    MEMBERSHIP = "MEMBERSHIP"


class Payment(Enum):
    """Who is paid: the provider, the member, or either."""

    THIRD_PARTY = "THIRD_PARTY"
    REIMBURSEMENT = "REIMBURSEMENT"
    BOTH = "BOTH"


@dataclass(frozen=True, slots=True)
class Service:
    """One act or medicine of the scheme's catalogue."""

    id: ServiceId
    code: str
    name: str
    category: Category
    unit: str = ""


@dataclass(frozen=True, slots=True)
class BenefitRule:
    """What a package says of one service.

    `copay_value` is hundredths of a percent for PERCENT, minor units an act for FIXED.
    `exclusion` names why a service is excluded: it then stands in the package only to say so.
    `limit_days` counts the days before the care that a DAYS window looks back.
    `levels` None allows every level; `age_max` is included.
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


@dataclass(frozen=True, slots=True)
class PackageVersion:
    """A benefit package from its first day on, with the rule of every service it names."""

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
    rules: Mapping[ServiceId, BenefitRule] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assigned:
    """From this day on the households of a plan have this package."""

    plan_id: PlanId
    package_id: PackageId
    first_day: date
