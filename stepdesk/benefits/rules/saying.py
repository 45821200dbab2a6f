"""What a package or a service says of one patient: an adult or a child, at one kind of visit."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from stepdesk.benefits.terms import (
    BenefitRule,
    Category,
    CeilingExclusion,
    Copay,
    Patients,
    Service,
    ServiceKind,
)
from stepdesk.members.terms import Sex
from stepdesk.values.care import ClaimCategory, Visit


def share_of(rule: BenefitRule, visit: Visit, *, child: bool) -> tuple[Copay, int]:
    """Return how a patient shares at a kind of visit.

    What is told for the visit and the age goes before what is told for the visit, that before what
    is told for the age, and that before what the rule says of everybody.
    """
    told = {(one.visit, one.child): (one.copay, one.copay_value) for one in rule.shares}
    for key in ((visit, child), (visit, None), (None, child)):
        if key in told:
            return told[key]
    return rule.copay, rule.copay_value


def count_of(rule: BenefitRule, *, child: bool) -> int | None:
    """Return how many acts are allowed; None sets no limit."""
    apart = child and rule.children_apart
    return rule.limit_count_child if apart else rule.limit_count


def waiting_of(rule: BenefitRule, *, child: bool) -> int:
    """Return the months a service waits."""
    apart = child and rule.children_apart
    return rule.waiting_months_child if apart else rule.waiting_months


def exclusion_of(rule: BenefitRule, *, child: bool) -> CeilingExclusion:
    """Return when the service is paid outside the package's ceilings."""
    apart = child and rule.children_apart
    return rule.ceiling_exclusion_child if apart else rule.ceiling_exclusion


SEXES = frozenset({Patients.FEMALE, Patients.MALE})
_AGES = frozenset({Patients.CHILD, Patients.ADULT})


def is_for(patients: frozenset[Patients], sex: Sex, *, child: bool) -> bool:
    """Whether somebody of a sex and age is among patients; of a pair none of which is told, all are.

    Source: openIMIS handbook 3.2, row 7.
    """
    mine = {
        Patients.FEMALE if sex is Sex.FEMALE else Patients.MALE,
        Patients.CHILD if child else Patients.ADULT,
    }
    return all(mine & pair & patients for pair in (SEXES, _AGES) if pair & patients)


def too_near(frequency_days: int | None, days: Iterable[date], day: date) -> date | None:
    """Return the first day from `day` on which a service may be had again; None: on the day itself.

    Two of them lie more than `frequency_days` apart, whichever of them was decided first.
    Source: openIMIS handbook 3.2, row 8.

    Args:
        frequency_days: What the service says; None and 0 set no limit.
        days: On which the person had it.
        day: The day asked for.
    """
    if not frequency_days:
        return None
    length = timedelta(days=frequency_days)
    again = day
    for had in sorted(days):
        if abs(had - again) <= length:
            again = had + length + timedelta(days=1)
    return None if again == day else again


_OF_CATEGORY: Mapping[Category, ClaimCategory] = {
    Category.SURG: ClaimCategory.SURGERY,
    Category.CSE: ClaimCategory.DELIVERY,
    Category.DEL: ClaimCategory.DELIVERY,
    Category.ANC: ClaimCategory.ANTENATAL,
    Category.HOSP: ClaimCategory.HOSPITAL,
    Category.OPD: ClaimCategory.CONSULTATION,
    Category.DRUG: ClaimCategory.VISIT,
}


def kind_of(category: Category) -> ServiceKind:
    """Return the kind of a service of a list that does not say it: a medicine is an item.

    Source: domain handbook 2.7.
    """
    return ServiceKind.ITEM if category is Category.DRUG else ServiceKind.ACT


def category_of(service: Service) -> ClaimCategory:
    """Return the category a service gives its claim: its own, or the one that follows from its kind.

    Items and medicines give none: a claim of them alone is a visit.
    Source: domain handbook 2.7, the last paragraph; openIMIS handbook 3.1.
    """
    if service.claim_category is None and service.kind is ServiceKind.ITEM:
        return ClaimCategory.VISIT
    return service.claim_category or _OF_CATEGORY.get(service.category, ClaimCategory.OTHER)
