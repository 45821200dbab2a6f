"""Tables of complaints and appeals. Nothing is changed: what happens to one is a row."""

from sqlalchemy import Index, Integer, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import Openness, grows, journaled, points_to

complaint = journaled(
    "complaint",
    168,
    grows("request_id", LargeBinary),
    grows("year", Integer),
    grows("letter", Text),
    grows("serial", Integer),
    grows("kind", Text),
    grows("level", Integer),
    grows("earlier_id", LargeBinary, points_to("complaint.id"), nullable=True),
    grows("filed_by", Text),
    grows("household_id", LargeBinary, points_to("household.id"), nullable=True),
    grows("claim_id", LargeBinary, points_to("claim.id"), nullable=True),
    grows("provider_id", LargeBinary, points_to("provider.id"), nullable=True),
    grows("filed_on", Text),
    grows("who", Text, openness=Openness.PERSONAL),
    grows("told", Text, openness=Openness.PERSONAL),
    grows("received_by", LargeBinary, points_to("staff.id")),
    UniqueConstraint("request_id"),
    UniqueConstraint("year", "letter", "serial"),
    Index(None, "claim_id"),
    Index("ix_complaint_filed_on", "filed_on"),
    written_once=True,
)

complaint_event = journaled(
    "complaint_event",
    169,
    grows("complaint_id", LargeBinary, points_to("complaint.id")),
    grows("place", Integer),
    grows("state", Text),
    grows("day", Text),
    grows("outcome", Text, nullable=True),
    grows("answer", Text, openness=Openness.PERSONAL),
    grows("staff_id", LargeBinary, points_to("staff.id")),
    grows("second_id", LargeBinary, points_to("staff.id"), nullable=True),
    Index(None, "complaint_id", "place"),
    written_once=True,
)
