"""Tables of claims. Nothing is changed: a decision is a row, and a second one a later version."""

from sqlalchemy import Index, Integer, LargeBinary, Text, UniqueConstraint, text

from stepdesk.store.tables import Openness, grows, journaled, points_to

claim_batch = journaled(
    "claim_batch",
    70,
    grows("request_id", LargeBinary),
    grows("year", Integer),
    grows("letter", Text),
    grows("serial", Integer),
    grows("provider_id", LargeBinary, points_to("provider.id")),
    grows("month", Text),
    grows("received_on", Text),
    grows("invoice", Text),
    grows("invoice_total", Integer, nullable=True),
    grows("entered_by", LargeBinary, points_to("staff.id")),
    grows("to_member", Integer, nullable=True),
    UniqueConstraint("request_id"),
    UniqueConstraint("year", "letter", "serial"),
    Index(None, "provider_id", "month"),
    written_once=True,
)

claim = journaled(
    "claim",
    71,
    grows("request_id", LargeBinary),
    grows("year", Integer),
    grows("letter", Text),
    grows("serial", Integer),
    grows("batch_id", LargeBinary, points_to("claim_batch.id")),
    grows("person_id", LargeBinary, points_to("person.id")),
    grows("household_id", LargeBinary, points_to("household.id")),
    grows("first_day", Text),
    grows("last_day", Text),
    grows("visit", Text),
    grows("referred", Integer),
    grows("declared_hours", Integer, nullable=True),
    grows("certificate", Text, openness=Openness.PERSONAL),
    grows("guarantee", Text, openness=Openness.PERSONAL),
    grows("diagnosis", LargeBinary, openness=Openness.MEDICAL, nullable=True),
    grows("claimed", Integer),
    grows("entered_on", Text),
    grows("legacy_number", Text, nullable=True),
    UniqueConstraint("request_id"),
    UniqueConstraint("year", "letter", "serial"),
    Index(None, "batch_id"),
    Index(None, "person_id", "last_day"),
    Index(None, "household_id", "last_day"),
    Index(None, "certificate", sqlite_where=text("certificate <> ''")),
    written_once=True,
)

claim_line = journaled(
    "claim_line",
    72,
    grows("claim_id", LargeBinary, points_to("claim.id")),
    grows("service_id", LargeBinary, points_to("service.id")),
    grows("quantity", Integer),
    grows("unit_price", Integer),
    Index(None, "claim_id"),
    written_once=True,
)

claim_decision = journaled(
    "claim_decision",
    73,
    grows("claim_id", LargeBinary, points_to("claim.id")),
    grows("version", Integer),
    grows("decided_on", Text),
    grows("decided_by", LargeBinary, points_to("staff.id"), nullable=True),
    grows("outcome", Text),
    grows("codes", Text),
    grows("paid", Integer),
    grows("patient", Integer),
    grows("disallowed", Integer),
    grows("rounding", Integer),
    grows("entry_id", LargeBinary, points_to("entry.id"), nullable=True),
    grows("facts", Text, openness=Openness.PERSONAL),
    # Who gives back what a lower decision takes: PROVIDER on its next payment, or MEMBER; else empty.
    grows("recovered_from", Text, nullable=True),
    UniqueConstraint("claim_id", "version"),
    written_once=True,
)

line_decision = journaled(
    "line_decision",
    74,
    grows("decision_id", LargeBinary, points_to("claim_decision.id")),
    grows("line_id", LargeBinary, points_to("claim_line.id")),
    grows("quantity", Integer),
    grows("approved", Integer),
    grows("adjusted", Integer),
    grows("paid", Integer),
    grows("deducted", Integer),
    grows("disallowed", Integer),
    grows("codes", Text),
    # Told only where they are not the usual: paid by a supplement, outside its ceilings, by head.
    grows("package_id", LargeBinary, points_to("package.id"), nullable=True),
    grows("outside", Integer, nullable=True),
    grows("shadow", Integer, nullable=True),
    # What a line with a relative price comes to at the list's price, until its index is known.
    grows("valued", Integer, nullable=True),
    UniqueConstraint("decision_id", "line_id"),
    written_once=True,
)

provider_payment = journaled(
    "provider_payment",
    75,
    grows("request_id", LargeBinary),
    grows("year", Integer),
    grows("letter", Text),
    grows("serial", Integer),
    grows("provider_id", LargeBinary, points_to("provider.id")),
    grows("day", Text),
    grows("box", Text),
    grows("amount", Integer),
    grows("entry_id", LargeBinary, points_to("entry.id")),
    grows("paid_by", LargeBinary, points_to("staff.id")),
    grows("single_control", Integer),
    grows("box_id", LargeBinary, points_to("cash_box.id"), nullable=True),
    grows("payment_batch_id", LargeBinary, points_to("payment_batch.id"), nullable=True),
    grows("fee_id", LargeBinary, points_to("voucher.id"), nullable=True),
    # A payment that came back: its mirror, with what it paid of each claim below zero.
    grows("reverses", LargeBinary, points_to("provider_payment.id"), nullable=True),
    grows("reason", Text, openness=Openness.PERSONAL, nullable=True),
    UniqueConstraint("request_id"),
    UniqueConstraint("year", "letter", "serial"),
    UniqueConstraint("reverses"),
    Index(None, "provider_id"),
    written_once=True,
)

STANDING = (
    "y.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM provider_payment z WHERE z.reverses = y.id)"
)
"""Of the payments `y` to providers those that stand: not taken back, and taking nothing back."""

paid_claim = journaled(
    "paid_claim",
    76,
    grows("provider_payment_id", LargeBinary, points_to("provider_payment.id")),
    grows("claim_id", LargeBinary, points_to("claim.id")),
    grows("amount", Integer),
    Index(None, "provider_payment_id"),
    Index(None, "claim_id"),
    written_once=True,
)

use_before = journaled(
    "use_before",
    150,
    grows("person_id", LargeBinary, points_to("person.id")),
    grows("household_id", LargeBinary, points_to("household.id")),
    grows("service_id", LargeBinary, points_to("service.id"), nullable=True),
    grows("day", Text),
    grows("quantity", Integer),
    grows("paid", Integer),
    grows("deducted", Integer),
    grows("stay", Integer),
    Index(None, "person_id", "day"),
    Index(None, "household_id", "day"),
    written_once=True,
)
