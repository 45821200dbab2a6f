"""Tables of relative prices: each run is a row, with a row for each index it reckoned."""

from sqlalchemy import Index, Integer, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import grows, journaled, points_to

relative_run = journaled(
    "relative_run",
    151,
    grows("month", Text),
    grows("run_on", Text),
    grows("run_by", LargeBinary, points_to("staff.id")),
    UniqueConstraint("month"),
    written_once=True,
)

relative_index = journaled(
    "relative_index",
    152,
    grows("run_id", LargeBinary, points_to("relative_run.id")),
    grows("package_id", LargeBinary, points_to("package.id")),
    grows("period", Text),
    grows("year", Integer),
    grows("number", Integer),
    grows("care", Text),
    grows("allocated", Integer),
    grows("share", Integer),
    grows("valued", Integer),
    grows("rate", Integer),
    UniqueConstraint("package_id", "period", "year", "number", "care"),
    Index(None, "run_id"),
    written_once=True,
)
