"""Tables of benefits. Packages are versions with a first day: a change never rewrites history."""

from sqlalchemy import Index, Integer, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import decides, grows, journaled, not_removed, points_to

service = journaled(
    "service",
    50,
    grows("code", Text),
    decides("name", Text),
    grows("category", Text),
    grows("unit", Text),
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
    UniqueConstraint("package_version_id", "service_id"),
    written_once=True,
)

plan_package = journaled(
    "plan_package",
    54,
    grows("plan_id", LargeBinary, points_to("plan.id")),
    grows("package_id", LargeBinary, points_to("package.id")),
    grows("first_day", Text),
    Index(None, "plan_id", "first_day"),
    written_once=True,
)
