"""Tables of payment batches: what a provider is to be paid at once, and each step on the way."""

from sqlalchemy import Index, Integer, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import Openness, grows, journaled, points_to

payment_batch = journaled(
    "payment_batch",
    170,
    grows("request_id", LargeBinary),
    grows("month", Text),
    grows("letter", Text),
    grows("serial", Integer),
    grows("provider_id", LargeBinary, points_to("provider.id")),
    grows("prepared_on", Text),
    grows("prepared_by", LargeBinary, points_to("staff.id")),
    UniqueConstraint("request_id"),
    UniqueConstraint("provider_id", "month", "letter", "serial"),
    written_once=True,
)

payment_batch_line = journaled(
    "payment_batch_line",
    171,
    grows("payment_batch_id", LargeBinary, points_to("payment_batch.id")),
    grows("kind", Text),
    grows("claim_id", LargeBinary, points_to("claim.id"), nullable=True),
    grows("capitation_run_id", LargeBinary, points_to("capitation_run.id"), nullable=True),
    grows("amount", Integer),
    Index(None, "payment_batch_id"),
    Index(None, "claim_id"),
    Index(None, "capitation_run_id"),
    written_once=True,
)

payment_batch_step = journaled(
    "payment_batch_step",
    172,
    grows("payment_batch_id", LargeBinary, points_to("payment_batch.id")),
    grows("state", Text),
    grows("day", Text),
    grows("person", LargeBinary, points_to("staff.id")),
    grows("second_person", LargeBinary, points_to("staff.id"), nullable=True),
    grows("single_control", Integer),
    grows("box", Text, nullable=True),
    grows("box_id", LargeBinary, points_to("cash_box.id"), nullable=True),
    grows("receipt", Text, nullable=True),
    grows("reason", Text, openness=Openness.PERSONAL, nullable=True),
    UniqueConstraint("payment_batch_id", "state"),
    written_once=True,
)
