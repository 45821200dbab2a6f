"""Tables of control. All of it is written once: what becomes of a flag or a visit is a row."""

from sqlalchemy import Index, Integer, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import Openness, grows, journaled, points_to

# `numbers` and `others` are JSON: the figures a check used and the documents it looked at.
control_flag = journaled(
    "control_flag",
    190,
    grows("year", Integer),
    grows("letter", Text),
    grows("serial", Integer),
    grows("fingerprint", LargeBinary),
    grows("pattern", Text),
    grows("saw", Text),
    grows("level", Integer),
    grows("subject_kind", Text),
    grows("subject_id", LargeBinary, nullable=True),
    grows("month", Text),
    grows("raised_on", Text),
    grows("raised_by", LargeBinary, points_to("staff.id")),
    grows("weight", Integer),
    grows("score", Integer),
    grows("numbers", Text, openness=Openness.PERSONAL),
    grows("others", Text, openness=Openness.PERSONAL),
    UniqueConstraint("year", "letter", "serial"),
    Index(None, "fingerprint"),
    written_once=True,
)

control_flag_step = journaled(
    "control_flag_step",
    191,
    grows("flag_id", LargeBinary, points_to("control_flag.id")),
    grows("place", Integer),
    grows("state", Text),
    grows("action", Text, nullable=True),
    grows("day", Text),
    grows("staff_id", LargeBinary, points_to("staff.id")),
    grows("reason", Text, openness=Openness.PERSONAL),
    UniqueConstraint("flag_id", "place"),
    written_once=True,
)

# Which claims a flag names, so that a claim is asked whether it has one.
flagged_claim = journaled(
    "flagged_claim",
    192,
    grows("flag_id", LargeBinary, points_to("control_flag.id")),
    grows("claim_id", LargeBinary, points_to("claim.id")),
    Index(None, "claim_id"),
    Index("ix_flagged_claim_flag_id", "flag_id"),
    written_once=True,
)

visit_list = journaled(
    "visit_list",
    193,
    grows("request_id", LargeBinary),
    grows("month", Text),
    grows("months", Integer),
    grows("provider_id", LargeBinary, points_to("provider.id"), nullable=True),
    grows("day", Text),
    grows("staff_id", LargeBinary, points_to("staff.id")),
    grows("seed", Integer),
    grows("drawn_from", Integer),
    UniqueConstraint("request_id"),
    Index(None, "month"),
    written_once=True,
)

visit_asked = journaled(
    "visit_asked",
    194,
    grows("list_id", LargeBinary, points_to("visit_list.id")),
    grows("place", Integer),
    grows("claim_id", LargeBinary, points_to("claim.id")),
    grows("by_chance", Integer),
    UniqueConstraint("list_id", "place"),
    Index(None, "claim_id"),
    written_once=True,
)

visit_answer = journaled(
    "visit_answer",
    195,
    grows("visit_id", LargeBinary, points_to("visit_asked.id")),
    grows("answer", Text),
    grows("day", Text),
    grows("staff_id", LargeBinary, points_to("staff.id")),
    grows("note", Text, openness=Openness.PERSONAL),
    Index(None, "visit_id"),
    written_once=True,
)

staff_person = journaled(
    "staff_person",
    196,
    grows("staff_id", LargeBinary, points_to("staff.id")),
    grows("person_id", LargeBinary, points_to("person.id"), nullable=True),
    grows("noted_on", Text),
    grows("noted_by", LargeBinary, points_to("staff.id")),
    Index(None, "staff_id"),
    written_once=True,
)
