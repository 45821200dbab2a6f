"""How packages and services say their kinds, shares, limits and windows."""

from stepdesk.benefits.terms import (
    CeilingExclusion,
    Composition,
    Copay,
    DeductibleScope,
    InPatientBy,
    LimitKind,
    LimitOver,
    LimitScope,
    LimitWindow,
    Patients,
    Payment,
    PoolPeriod,
    PriceOrigin,
    ServiceKind,
    Spread,
    StayCover,
    YearStart,
)
from stepdesk.i18n import N_
from stepdesk.members.terms import Sex
from stepdesk.values.care import CareType, ClaimCategory, Level, Visit

LEVELS = {
    Level.POST: N_("Health post"),
    Level.CENTRE: N_("Health centre"),
    Level.DISTRICT_HOSPITAL: N_("District hospital"),
    Level.REGIONAL: N_("Regional hospital"),
    Level.NATIONAL: N_("National hospital"),
    Level.PHARMACY: N_("Pharmacy"),
    Level.OTHER: N_("Another kind of provider"),
}
COVERED = {
    True: N_("paid"),
    False: N_("not paid"),
    None: N_("not named"),
}
YES_NO = {False: N_("no"), True: N_("yes")}
COPAYS = {
    Copay.NONE: N_("nothing"),
    Copay.PERCENT: N_("a share in percent"),
    Copay.FIXED: N_("an amount an act"),
    Copay.UP_TO: N_("what is above an amount"),
}
DEDUCTIBLES = {
    DeductibleScope.ACT: N_("each act"),
    DeductibleScope.EPISODE: N_("each case of care"),
    DeductibleScope.PERSON_YEAR: N_("a person and year"),
    DeductibleScope.HOUSEHOLD_YEAR: N_("a household and year"),
}
SCOPES = {LimitScope.PERSON: N_("each person"), LimitScope.HOUSEHOLD: N_("each household")}
WINDOWS = {
    LimitWindow.CYCLE: N_("in the benefit year"),
    LimitWindow.DAYS: N_("in so many days"),
}
YEARS = {
    YearStart.CALENDAR: N_("on 1 January"),
    YearStart.MEMBERSHIP: N_("with the household's own year"),
    YearStart.PERIOD: N_("with each period that is paid for"),
}
PAYMENTS = {
    Payment.THIRD_PARTY: N_("the provider"),
    Payment.REIMBURSEMENT: N_("the member, afterwards"),
    Payment.BOTH: N_("either of them"),
}
SEXES = {
    None: N_("for everybody"),
    Sex.FEMALE: N_("for women and girls"),
    Sex.MALE: N_("for men and boys"),
}
ORIGINS = {
    PriceOrigin.LIST: N_("what is asked, at most the list's"),
    PriceOrigin.FIXED: N_("the list's, whatever is asked"),
    PriceOrigin.ASKED: N_("what is asked"),
    PriceOrigin.RELATIVE: N_("the list's times an index"),
}
EXCLUSIONS = {
    CeilingExclusion.NONE: N_("never"),
    CeilingExclusion.IN: N_("in hospital"),
    CeilingExclusion.OUT: N_("outside hospital"),
    CeilingExclusion.BOTH: N_("always"),
}
CARES = {
    CareType.BOTH: N_("all care"),
    CareType.IN: N_("care in hospital"),
    CareType.OUT: N_("care outside hospital"),
}
LIMITS = {
    LimitKind.DEDUCTIBLE: N_("deductible"),
    LimitKind.CEILING: N_("ceiling"),
    LimitKind.EXTRA_MEMBER: N_("more for each further person"),
    LimitKind.HIGHEST: N_("highest it grows to"),
    LimitKind.CLAIM_COUNT: N_("number of claims"),
    LimitKind.CLAIM_AMOUNT: N_("most that a claim pays"),
}
OVERS = {
    None: N_("—"),
    LimitOver.EPISODE: N_("of a case of care"),
    LimitOver.PERSON_YEAR: N_("of a person and year"),
    LimitOver.HOUSEHOLD_YEAR: N_("of a household and year"),
}
CLAIMS = {
    None: N_("—"),
    ClaimCategory.SURGERY: N_("surgery"),
    ClaimCategory.DELIVERY: N_("delivery"),
    ClaimCategory.ANTENATAL: N_("care before birth"),
    ClaimCategory.HOSPITAL: N_("hospital stay"),
    ClaimCategory.CONSULTATION: N_("consultation"),
    ClaimCategory.OTHER: N_("other care"),
    ClaimCategory.VISIT: N_("visit without an act"),
}
INSIDE = {
    InPatientBy.STAY: N_("by a stay of more than a day"),
    InPatientBy.LEVEL: N_("by the provider: a hospital"),
}
SPREADS = {
    Spread.PRO_RATA: N_("over all lines"),
    Spread.IN_ORDER: N_("first lines are paid first"),
}
STAYS = {
    StayCover.FIRST_DAY: N_("on the first day: then it is paid whole"),
    StayCover.WHOLE_STAY: N_("on every day, else it is refused"),
}
POOLS = {
    PoolPeriod.MONTH: N_("month"),
    PoolPeriod.QUARTER: N_("quarter"),
    PoolPeriod.YEAR: N_("year"),
}
VISITS = {
    None: N_("every visit"),
    Visit.OTHER: N_("who came by themselves"),
    Visit.REFERRAL: N_("who was referred"),
    Visit.EMERGENCY: N_("emergency"),
}
AGES = {None: N_("every age"), False: N_("adults"), True: N_("children")}
KINDS = {ServiceKind.ACT: N_("an act"), ServiceKind.ITEM: N_("an item or medicine")}
PATIENTS = {
    Patients.FEMALE: N_("women and girls"),
    Patients.MALE: N_("men and boys"),
    Patients.ADULT: N_("adults"),
    Patients.CHILD: N_("children"),
}
COMPOSITIONS = {
    Composition.SINGLE: N_("has no parts"),
    Composition.FIXED: N_("one price, its parts in it"),
    Composition.PARTS: N_("its price when all parts are there"),
}
