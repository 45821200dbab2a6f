"""Tables of what left. A release is written once: the same month is the same bytes for ever."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import grows, journaled, local, points_to

branch_address = journaled(
    "branch_address",
    80,
    grows("card", LargeBinary),
    grows("since", Text),
    written_once=True,
)

exchange_key = journaled(
    "exchange_key",
    81,
    grows("purpose", Text),
    grows("secret", LargeBinary),
    UniqueConstraint("purpose"),
    written_once=True,
)

release = journaled(
    "release",
    82,
    grows("period", Text),
    grows("rev", Integer),
    grows("seq", Integer),
    grows("content", LargeBinary),
    grows("policy", Text),
    grows("approved_on", Text),
    grows("first_person", LargeBinary, points_to("staff.id")),
    grows("second_person", LargeBinary, points_to("staff.id"), nullable=True),
    grows("single_control", Integer),
    UniqueConstraint("period", "rev"),
    UniqueConstraint("seq"),
    written_once=True,
)

acknowledgement = journaled(
    "acknowledgement",
    83,
    grows("release_id", LargeBinary, points_to("release.id")),
    grows("status", Text),
    grows("code", Text),
    grows("receipt", LargeBinary),
    grows("branch_key", LargeBinary),
    grows("branch_time", Integer),
    grows("received_on", Text),
    Index(None, "release_id"),
    written_once=True,
)

carried = local(
    "carried",
    Column("n", Integer, primary_key=True, nullable=False),
    Column("at", Integer, nullable=False),
    Column("bundle", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("releases", Integer, nullable=False),
)
