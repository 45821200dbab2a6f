"""Tables of guarantee letters. What was asked for is a row; what became of it a row a step.

The latest step rules: a letter issued reserves its amount until its last day, until it is
cancelled, or until a claim that names it is approved.
"""

from sqlalchemy import Index, Integer, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import Openness, grows, journaled, points_to

guarantee_letter = journaled(
    "guarantee_letter",
    155,
    grows("request_id", LargeBinary),
    grows("year", Integer),
    grows("letter", Text),
    grows("serial", Integer),
    grows("kind", Text),
    grows("person_id", LargeBinary, points_to("person.id")),
    grows("household_id", LargeBinary, points_to("household.id")),
    grows("provider_id", LargeBinary, points_to("provider.id")),
    grows("service_id", LargeBinary, points_to("service.id")),
    grows("quantity", Integer),
    grows("asked_on", Text),
    grows("referral", Text, openness=Openness.PERSONAL),
    grows("declared_hours", Integer, nullable=True),
    grows("booklet_id", LargeBinary, points_to("booklet.id"), nullable=True),
    grows("leaf", Integer, nullable=True),
    UniqueConstraint("request_id"),
    UniqueConstraint("year", "letter", "serial"),
    Index(None, "person_id"),
    Index(None, "household_id"),
    Index(None, "provider_id"),
    Index(None, "booklet_id", "leaf"),
    written_once=True,
)

guarantee_letter_step = journaled(
    "guarantee_letter_step",
    156,
    grows("letter_id", LargeBinary, points_to("guarantee_letter.id")),
    grows("version", Integer),
    grows("state", Text),
    grows("day", Text),
    grows("at", Integer),
    grows("done_by", LargeBinary, points_to("staff.id")),
    grows("first_day", Text, nullable=True),
    grows("valid_through", Text, nullable=True),
    grows("price", Integer),
    grows("up_to", Integer),
    grows("patient", Integer),
    grows("single_control", Integer),
    grows("claim_id", LargeBinary, points_to("claim.id"), nullable=True),
    grows("code", Text),
    grows("reason", Text, openness=Openness.PERSONAL),
    UniqueConstraint("letter_id", "version"),
    Index(None, "claim_id"),
    written_once=True,
)
