"""Tables of what happens to a claim between entry and payment. All of it is written once."""

from sqlalchemy import Index, Integer, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import Openness, grows, journaled, points_to

claim_event = journaled(
    "claim_event",
    160,
    grows("claim_id", LargeBinary, points_to("claim.id")),
    grows("place", Integer),
    # How many decisions stood when it happened: a later decision says more than an older event.
    grows("version", Integer),
    grows("kind", Text),
    grows("state", Text),
    grows("day", Text),
    grows("staff_id", LargeBinary, points_to("staff.id")),
    grows("codes", Text),
    grows("asked_of", Text, nullable=True),
    grows("due", Text, nullable=True),
    grows("told", Text, openness=Openness.PERSONAL),
    Index(None, "claim_id", "place"),
    Index("ix_claim_event_kind", "kind", "day"),
    written_once=True,
)

unknown_patient = journaled(
    "unknown_patient",
    161,
    grows("request_id", LargeBinary),
    grows("batch_id", LargeBinary, points_to("claim_batch.id")),
    grows("certificate", Text, openness=Openness.PERSONAL),
    grows("written", Text, openness=Openness.PERSONAL),
    grows("day", Text),
    grows("claimed", Integer),
    grows("entered_on", Text),
    grows("entered_by", LargeBinary, points_to("staff.id")),
    UniqueConstraint("request_id"),
    Index(None, "batch_id"),
    written_once=True,
)

patient_found = journaled(
    "patient_found",
    162,
    grows("unknown_patient_id", LargeBinary, points_to("unknown_patient.id")),
    grows("claim_id", LargeBinary, points_to("claim.id")),
    grows("day", Text),
    grows("staff_id", LargeBinary, points_to("staff.id")),
    Index(None, "unknown_patient_id"),
    written_once=True,
)

claim_review = journaled(
    "claim_review",
    163,
    grows("claim_id", LargeBinary, points_to("claim.id")),
    grows("place", Integer),
    grows("day", Text),
    grows("staff_id", LargeBinary, points_to("staff.id")),
    Index(None, "claim_id", "place"),
    written_once=True,
)

line_review = journaled(
    "line_review",
    164,
    grows("review_id", LargeBinary, points_to("claim_review.id")),
    grows("line_id", LargeBinary, points_to("claim_line.id")),
    grows("quantity", Integer, nullable=True),
    grows("price", Integer, nullable=True),
    grows("code", Text, nullable=True),
    grows("justification", LargeBinary, openness=Openness.MEDICAL, nullable=True),
    Index(None, "review_id"),
    written_once=True,
)

# Which reason of a decision no longer counts, or which one is added; line None is every line.
claim_override = journaled(
    "claim_override",
    165,
    grows("claim_id", LargeBinary, points_to("claim.id")),
    grows("version", Integer),
    grows("line_id", LargeBinary, points_to("claim_line.id"), nullable=True),
    grows("code", Text),
    grows("effect", Text),
    grows("by_appeal", Integer),
    grows("day", Text),
    grows("staff_id", LargeBinary, points_to("staff.id")),
    grows("second_id", LargeBinary, points_to("staff.id"), nullable=True),
    grows("reason", Text, openness=Openness.PERSONAL),
    Index(None, "claim_id", "version"),
    Index("ix_claim_override_day", "day"),
    written_once=True,
)

review_sample = journaled(
    "review_sample",
    166,
    grows("batch_id", LargeBinary, points_to("claim_batch.id")),
    grows("day", Text),
    grows("staff_id", LargeBinary, points_to("staff.id")),
    grows("seed", Integer),
    grows("percent", Integer),
    grows("drawn_from", Integer),
    grows("chosen", Integer),
    Index(None, "batch_id"),
    written_once=True,
)

batch_difference = journaled(
    "batch_difference",
    167,
    grows("batch_id", LargeBinary, points_to("claim_batch.id")),
    grows("kind", Text),
    grows("amount", Integer),
    grows("certificate", Text, openness=Openness.PERSONAL),
    grows("note", Text, openness=Openness.PERSONAL),
    grows("day", Text),
    grows("staff_id", LargeBinary, points_to("staff.id")),
    Index(None, "batch_id"),
    written_once=True,
)
