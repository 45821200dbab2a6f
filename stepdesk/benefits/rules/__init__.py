"""What a package and a service may say, and what it says of one patient."""

from stepdesk.benefits.rules.package_faults import package_fault
from stepdesk.benefits.rules.rule_faults import WHOLE, amount_fault, fault_of, field_of
from stepdesk.benefits.rules.saying import (
    SEXES,
    category_of,
    count_of,
    exclusion_of,
    is_for,
    kind_of,
    share_of,
    too_near,
    waiting_of,
)
from stepdesk.benefits.rules.service_faults import service_fault

__all__ = [
    "SEXES",
    "WHOLE",
    "amount_fault",
    "category_of",
    "count_of",
    "exclusion_of",
    "fault_of",
    "field_of",
    "is_for",
    "kind_of",
    "package_fault",
    "service_fault",
    "share_of",
    "too_near",
    "waiting_of",
]
