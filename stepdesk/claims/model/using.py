"""What the latest decisions of claims use of limits, kept beside them in the order it is asked for.

`service/using.py` keeps both tables up; `queries/care.py` reads them.
"""

from sqlalchemy import Column, Index, Integer, LargeBinary, Text

from stepdesk.store.tables import derived

_EACH = (
    "household_id, last_day, claim_id, line_id, person_id, service_id, quantity, paid, deducted,"
    " stay, outside, package_id"
)
OF_DECISIONS = (
    "SELECT c.household_id, c.last_day, c.id AS claim_id, l.id AS line_id, c.person_id, l.service_id,"
    " d.quantity, coalesce(d.valued, d.paid) AS paid, d.deducted, c.first_day < c.last_day AS stay,"
    " d.outside, d.package_id FROM claim c JOIN claim_decision e ON e.claim_id = c.id AND e.version ="
    " (SELECT max(version) FROM claim_decision WHERE claim_id = c.id)"
    " AND e.outcome IN ('APPROVED', 'VALUED')"
    " JOIN line_decision d ON d.decision_id = e.id JOIN claim_line l ON l.id = d.line_id"
)
"""The rows of `care_used`, made anew."""
INTO_USED = f"INSERT INTO care_used ({_EACH})"
KEEP = f"{INTO_USED} {OF_DECISIONS}"
_SAME = " AND ".join(f"u.{name} IS m.{name}" for name in _EACH.split(", "))
_SUMS = (
    "count(*) AS lines, sum(u.quantity) AS quantity, sum(u.paid) AS paid,"
    " sum(u.deducted) AS deducted"
)
OF_MONTH = (
    "SELECT u.household_id, substr(u.last_day, 1, 7) AS month, u.person_id, u.service_id, u.stay,"  # noqa: S608
    f" coalesce(u.outside, 0) AS outside, coalesce(u.package_id, x'') AS package_id, {_SUMS}"
    " FROM care_used u{}"
    " GROUP BY u.household_id, 2, u.person_id, u.service_id, u.stay, 6, 7"
)
"""The rows of `care_used_month`, made of those of `care_used` that `{}` takes."""

# A household, or a person, from a day on.
care_used = derived(
    "care_used",
    Column("household_id", LargeBinary, primary_key=True, nullable=False),
    Column("last_day", Text, primary_key=True, nullable=False),
    Column("claim_id", LargeBinary, primary_key=True, nullable=False),
    Column("line_id", LargeBinary, primary_key=True, nullable=False),
    Column("person_id", LargeBinary, nullable=False),
    Column("service_id", LargeBinary, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("paid", Integer, nullable=False),
    Column("deducted", Integer, nullable=False),
    Column("stay", Integer, nullable=False),
    Column("outside", Integer, nullable=True),
    Column("package_id", LargeBinary, nullable=True),
    Index(None, "person_id", "last_day"),
    with_rowid=False,
    unlike=(
        f"SELECT 1 FROM ({OF_DECISIONS}) m WHERE EXISTS (SELECT 1 FROM care_used_month) AND NOT EXISTS"  # noqa: S608
        f" (SELECT 1 FROM care_used u WHERE {_SAME}) LIMIT 1",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM care_used_month) AND (SELECT count(*) FROM care_used) <>"  # noqa: S608
        f" (SELECT count(*) FROM ({OF_DECISIONS}))",
    ),
)

# The same added up by the calendar month, so that a person's five hundredth claim of a year is
# decided as quickly as the first. `package_id` is empty for the plan's first package.
# A row of no month says that both tables are kept, whatever else is there.
care_used_month = derived(
    "care_used_month",
    Column("household_id", LargeBinary, primary_key=True, nullable=False),
    Column("month", Text, primary_key=True, nullable=False),
    Column("person_id", LargeBinary, primary_key=True, nullable=False),
    Column("service_id", LargeBinary, primary_key=True, nullable=False),
    Column("stay", Integer, primary_key=True, nullable=False),
    Column("outside", Integer, primary_key=True, nullable=False),
    Column("package_id", LargeBinary, primary_key=True, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("paid", Integer, nullable=False),
    Column("deducted", Integer, nullable=False),
    Index(None, "person_id", "month"),
    with_rowid=False,
    unlike=(
        "SELECT 1 FROM care_used_month m WHERE m.month <> '' AND (m.lines, m.quantity, m.paid, m.deducted) IS NOT"  # noqa: S608
        f" (SELECT {_SUMS} FROM care_used u WHERE u.household_id = m.household_id"
        " AND u.last_day BETWEEN m.month AND m.month || '-31' AND u.person_id = m.person_id"
        " AND u.service_id = m.service_id AND u.stay = m.stay AND coalesce(u.outside, 0) = m.outside"
        " AND coalesce(u.package_id, x'') = m.package_id) LIMIT 1",
        "SELECT 1 WHERE (SELECT count(*) FROM care_used) <>"
        " (SELECT coalesce(sum(lines), 0) FROM care_used_month)",
    ),
)
