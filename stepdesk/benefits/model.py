"""Tables of benefits. Packages are versions with a first day: a change never rewrites history."""

from typing import Any

from sqlalchemy import Column, Index, Integer, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import decides, grows, journaled, not_removed, points_to


def _terms() -> "tuple[Column[Any], ...]":
    """Return what rules how a service is used: of its first day, and of each later one."""
    return (
        grows("care", Text, nullable=True),
        grows("frequency_days", Integer, nullable=True),
        grows("largest_quantity", Integer, nullable=True),
        grows("patients", Text, nullable=True),
        grows("claim_category", Text, nullable=True),
        grows("composition", Text, nullable=True),
    )


service = journaled(
    "service",
    50,
    grows("code", Text),
    decides("name", Text),
    grows("category", Text),
    grows("unit", Text),
    grows("kind", Text, nullable=True),
    *_terms(),
    UniqueConstraint("code"),
    triggers=(not_removed("service"),),
)

package = journaled(
    "package",
    51,
    grows("code", Text),
    UniqueConstraint("code"),
    written_once=True,
)

package_version = journaled(
    "package_version",
    52,
    grows("package_id", LargeBinary, points_to("package.id")),
    grows("first_day", Text),
    grows("name", Text),
    grows("year_start", Text),
    grows("cap_episode", Integer, nullable=True),
    grows("cap_person_year", Integer, nullable=True),
    grows("cap_household_year", Integer, nullable=True),
    grows("reference_tariff_id", LargeBinary, points_to("tariff.id"), nullable=True),
    grows("threshold", Integer, nullable=True),
    grows("in_patient_by", Text, nullable=True),
    grows("spread", Text, nullable=True),
    grows("adult_age", Integer, nullable=True),
    # How many rows the tables below have of it, so that none is asked for in vain.
    grows("limits", Integer, nullable=True),
    grows("distributions", Integer, nullable=True),
    grows("capitation", Integer, nullable=True),
    grows("stay_cover", Text, nullable=True),
    Index(None, "package_id", "first_day"),
    written_once=True,
)

benefit_rule = journaled(
    "benefit_rule",
    53,
    grows("package_version_id", LargeBinary, points_to("package_version.id")),
    grows("service_id", LargeBinary, points_to("service.id")),
    grows("covered", Integer),
    grows("copay", Text),
    grows("copay_value", Integer),
    grows("deductible", Integer),
    grows("deductible_scope", Text),
    grows("cap_act", Integer, nullable=True),
    grows("cap_episode", Integer, nullable=True),
    grows("cap_person_year", Integer, nullable=True),
    grows("cap_household_year", Integer, nullable=True),
    grows("limit_count", Integer, nullable=True),
    grows("limit_scope", Text),
    grows("limit_window", Text),
    grows("limit_days", Integer, nullable=True),
    grows("waiting_months", Integer),
    grows("waiting_exempt", Integer),
    grows("requires_referral", Integer),
    grows("requires_letter", Integer),
    grows("requires_medical_review", Integer),
    grows("levels", Text, nullable=True),
    grows("sex", Text, nullable=True),
    grows("age_min", Integer, nullable=True),
    grows("age_max", Integer, nullable=True),
    grows("payment", Text),
    grows("emergency_out_of_network", Integer),
    grows("declare_hours", Integer),
    grows("exclusion", Text),
    grows("price_origin", Text, nullable=True),
    grows("shares", Integer, nullable=True),
    grows("ceiling_exclusion", Text, nullable=True),
    grows("children_apart", Integer, nullable=True),
    grows("limit_count_child", Integer, nullable=True),
    grows("waiting_months_child", Integer, nullable=True),
    grows("ceiling_exclusion_child", Text, nullable=True),
    UniqueConstraint("package_version_id", "service_id"),
    written_once=True,
)

plan_package = journaled(
    "plan_package",
    54,
    grows("plan_id", LargeBinary, points_to("plan.id")),
    grows("package_id", LargeBinary, points_to("package.id")),
    grows("first_day", Text),
    grows("supplement", Integer, nullable=True),
    grows("ends", Integer, nullable=True),
    Index(None, "plan_id", "first_day"),
    written_once=True,
)

service_version = journaled(
    "service_version",
    140,
    grows("service_id", LargeBinary, points_to("service.id")),
    grows("first_day", Text),
    *_terms(),
    Index(None, "service_id", "first_day"),
    written_once=True,
)

service_part = journaled(
    "service_part",
    141,
    grows("service_id", LargeBinary, points_to("service.id")),
    grows("service_version_id", LargeBinary, points_to("service_version.id"), nullable=True),
    grows("part_id", LargeBinary, points_to("service.id")),
    grows("quantity", Integer),
    Index(None, "service_id"),
    written_once=True,
)

benefit_share = journaled(
    "benefit_share",
    142,
    grows("package_version_id", LargeBinary, points_to("package_version.id")),
    grows("service_id", LargeBinary, points_to("service.id")),
    grows("visit", Text, nullable=True),
    grows("child", Integer, nullable=True),
    grows("copay", Text),
    grows("copay_value", Integer),
    Index(None, "package_version_id", "service_id"),
    written_once=True,
)

package_limit = journaled(
    "package_limit",
    143,
    grows("package_version_id", LargeBinary, points_to("package_version.id")),
    grows("kind", Text),
    grows("care", Text),
    grows("over", Text, nullable=True),
    grows("category", Text, nullable=True),
    grows("amount", Integer),
    Index(None, "package_version_id"),
    written_once=True,
)

package_distribution = journaled(
    "package_distribution",
    144,
    grows("package_version_id", LargeBinary, points_to("package_version.id")),
    grows("period", Text),
    grows("care", Text),
    grows("number", Integer),
    grows("share", Integer),
    Index(None, "package_version_id"),
    written_once=True,
)

package_capitation = journaled(
    "package_capitation",
    145,
    grows("package_version_id", LargeBinary, points_to("package_version.id")),
    grows("levels", Text),
    grows("share", Integer),
    grows("weight_population", Integer),
    grows("weight_households", Integer),
    grows("weight_insured", Integer),
    grows("weight_insured_households", Integer),
    grows("weight_claims", Integer),
    grows("weight_amounts", Integer),
    UniqueConstraint("package_version_id"),
    written_once=True,
)
