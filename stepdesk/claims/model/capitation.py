"""Tables of what providers get by head, and of what lies with them: deposits and advances."""

from sqlalchemy import Index, Integer, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import Openness, grows, journaled, points_to

capitation_run = journaled(
    "capitation_run",
    175,
    grows("request_id", LargeBinary),
    grows("provider_id", LargeBinary, points_to("provider.id")),
    grows("month", Text),
    grows("day", Text),
    grows("persons", Integer),
    grows("head_amount", Integer, nullable=True),
    grows("package_id", LargeBinary, points_to("package.id"), nullable=True),
    grows("facts", Text),
    grows("amount", Integer),
    grows("entry_id", LargeBinary, points_to("entry.id"), nullable=True),
    grows("made_by", LargeBinary, points_to("staff.id")),
    grows("single_control", Integer),
    grows("reverses", LargeBinary, points_to("capitation_run.id"), nullable=True),
    grows("reason", Text, openness=Openness.PERSONAL, nullable=True),
    # The run whose count was found wrong later; this one books the difference.
    grows("adjusts", LargeBinary, points_to("capitation_run.id"), nullable=True),
    # Who was counted: ids of persons one after another, 16 bytes each, in order. None before schema 6.
    grows("counted", LargeBinary, nullable=True),
    UniqueConstraint("request_id", "provider_id"),
    UniqueConstraint("reverses"),
    Index(None, "provider_id", "month"),
    Index(None, "adjusts"),
    written_once=True,
)

provider_deposit = journaled(
    "provider_deposit",
    176,
    grows("request_id", LargeBinary),
    grows("provider_id", LargeBinary, points_to("provider.id")),
    grows("kind", Text),
    grows("day", Text),
    grows("month", Text, nullable=True),
    grows("amount", Integer),
    grows("box", Text),
    grows("box_id", LargeBinary, points_to("cash_box.id"), nullable=True),
    grows("label", Text),
    grows("entry_id", LargeBinary, points_to("entry.id")),
    grows("made_by", LargeBinary, points_to("staff.id")),
    grows("single_control", Integer),
    UniqueConstraint("request_id"),
    Index(None, "provider_id"),
    written_once=True,
)
