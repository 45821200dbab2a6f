"""Tables of what members get back: care they paid for themselves, and what they have to pay back."""

from sqlalchemy import Index, Integer, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import Openness, grows, journaled, points_to

member_payment = journaled(
    "member_payment",
    173,
    grows("request_id", LargeBinary),
    grows("year", Integer),
    grows("letter", Text),
    grows("serial", Integer),
    grows("household_id", LargeBinary, points_to("household.id")),
    grows("day", Text),
    grows("box", Text),
    grows("box_id", LargeBinary, points_to("cash_box.id"), nullable=True),
    grows("amount", Integer),
    grows("receiver", Text, openness=Openness.PERSONAL),
    grows("reference", Text, openness=Openness.PERSONAL, nullable=True),
    grows("entry_id", LargeBinary, points_to("entry.id")),
    grows("paid_by", LargeBinary, points_to("staff.id")),
    grows("single_control", Integer),
    UniqueConstraint("request_id"),
    UniqueConstraint("year", "letter", "serial"),
    Index(None, "household_id"),
    written_once=True,
)

reimbursed_claim = journaled(
    "reimbursed_claim",
    174,
    grows("member_payment_id", LargeBinary, points_to("member_payment.id")),
    grows("claim_id", LargeBinary, points_to("claim.id")),
    grows("amount", Integer),
    Index(None, "member_payment_id"),
    Index(None, "claim_id"),
    written_once=True,
)

member_recovery = journaled(
    "member_recovery",
    177,
    grows("request_id", LargeBinary),
    grows("claim_id", LargeBinary, points_to("claim.id")),
    grows("household_id", LargeBinary, points_to("household.id")),
    grows("day", Text),
    grows("amount", Integer),
    grows("reason", Text, openness=Openness.PERSONAL),
    grows("entry_id", LargeBinary, points_to("entry.id")),
    grows("decided_by", LargeBinary, points_to("staff.id")),
    grows("single_control", Integer),
    UniqueConstraint("request_id"),
    Index(None, "claim_id"),
    Index(None, "household_id"),
    written_once=True,
)

recovery_payment = journaled(
    "recovery_payment",
    178,
    grows("request_id", LargeBinary),
    grows("member_recovery_id", LargeBinary, points_to("member_recovery.id")),
    grows("day", Text),
    grows("box", Text),
    grows("box_id", LargeBinary, points_to("cash_box.id"), nullable=True),
    grows("amount", Integer),
    grows("entry_id", LargeBinary, points_to("entry.id")),
    grows("received_by", LargeBinary, points_to("staff.id")),
    UniqueConstraint("request_id"),
    Index(None, "member_recovery_id"),
    written_once=True,
)

# What a member had paid back and gets again, since nothing is asked back any more.
returned_recovery = journaled(
    "returned_recovery",
    179,
    grows("member_payment_id", LargeBinary, points_to("member_payment.id")),
    grows("claim_id", LargeBinary, points_to("claim.id")),
    grows("amount", Integer),
    Index(None, "member_payment_id"),
    Index(None, "claim_id"),
    written_once=True,
)
