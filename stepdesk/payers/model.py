"""Tables of groups and of third-party payers. A nomination is told by its steps, never changed."""

from sqlalchemy import Index, Integer, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import Openness, decides, grows, journaled, not_removed, points_to

member_group = journaled(
    "member_group",
    100,
    grows("code", Text),
    decides("name", Text),
    decides("kind", Text),
    decides("adhesion", Text),
    decides("people", Integer),
    decides("min_share", Integer, nullable=True),
    decides("signer", Text, openness=Openness.PERSONAL, nullable=True),
    decides("phone", Text, openness=Openness.PERSONAL, nullable=True),
    grows("since", Text),
    decides("ended_on", Text, nullable=True),
    UniqueConstraint("code"),
    triggers=(not_removed("member_group"),),
)

group_membership = journaled(
    "group_membership",
    101,
    grows("group_id", LargeBinary, points_to("member_group.id")),
    grows("household_id", LargeBinary, points_to("household.id")),
    grows("first_day", Text),
    decides("until", Text, nullable=True),
    decides("place", Integer),
    Index(None, "group_id"),
    Index(None, "household_id"),
    triggers=(not_removed("group_membership"),),
)

payer = journaled(
    "payer",
    102,
    grows("code", Text),
    decides("name", Text),
    decides("kind", Text),
    grows("since", Text),
    UniqueConstraint("code"),
    triggers=(not_removed("payer"),),
)

payer_agreement = journaled(
    "payer_agreement",
    103,
    grows("payer_id", LargeBinary, points_to("payer.id")),
    grows("first_day", Text),
    grows("until", Text, nullable=True),
    grows("criteria", Text, openness=Openness.PERSONAL),
    grows("max_persons", Integer, nullable=True),
    grows("share", Integer, nullable=True),
    grows("amount", Integer, nullable=True),
    grows("pays_fee", Integer),
    grows("on_commitment", Integer),
    grows("invoice_months", Integer),
    grows("signed_on", Text),
    Index(None, "payer_id"),
    written_once=True,
)

nomination = journaled(
    "nomination",
    104,
    grows("agreement_id", LargeBinary, points_to("payer_agreement.id")),
    grows("household_id", LargeBinary, points_to("household.id")),
    grows("person_id", LargeBinary, points_to("person.id"), nullable=True),
    grows("nominated_on", Text),
    grows("grounds", Text, openness=Openness.PERSONAL),
    Index(None, "agreement_id"),
    Index(None, "household_id"),
    written_once=True,
)

nomination_step = journaled(
    "nomination_step",
    105,
    grows("nomination_id", LargeBinary, points_to("nomination.id")),
    grows("step", Text),
    grows("effective_on", Text),
    grows("until", Text, nullable=True),
    grows("note", Text, openness=Openness.PERSONAL),
    grows("recorded_on", Text),
    Index(None, "nomination_id"),
    written_once=True,
)

group_payment = journaled(
    "group_payment",
    106,
    grows("request_id", LargeBinary),
    grows("group_id", LargeBinary, points_to("member_group.id")),
    grows("year", Integer),
    grows("letter", Text),
    grows("serial", Integer),
    grows("paid_on", Text),
    grows("amount", Integer),
    grows("means", Text),
    grows("box_id", LargeBinary, points_to("cash_box.id"), nullable=True),
    grows("reference", Text, openness=Openness.PERSONAL, nullable=True),
    grows("reverses", LargeBinary, points_to("group_payment.id"), nullable=True),
    grows("reason", Text, openness=Openness.PERSONAL),
    grows("single_control", Integer),
    UniqueConstraint("request_id"),
    UniqueConstraint("year", "letter", "serial"),
    UniqueConstraint("reverses"),
    Index(None, "group_id"),
    written_once=True,
)

payer_statement = journaled(
    "payer_statement",
    107,
    grows("payer_id", LargeBinary, points_to("payer.id")),
    grows("agreement_id", LargeBinary, points_to("payer_agreement.id"), nullable=True),
    grows("year", Integer),
    grows("letter", Text),
    grows("serial", Integer),
    grows("first_day", Text),
    grows("until", Text),
    grows("issued_on", Text),
    grows("amount", Integer),
    UniqueConstraint("year", "letter", "serial"),
    Index(None, "payer_id"),
    written_once=True,
)

payer_statement_line = journaled(
    "payer_statement_line",
    108,
    grows("statement_id", LargeBinary, points_to("payer_statement.id")),
    grows("household_id", LargeBinary, points_to("household.id")),
    grows("person_id", LargeBinary, points_to("person.id"), nullable=True),
    grows("due_first_day", Text),
    grows("amount", Integer),
    grows("kind", Text, nullable=True),
    Index(None, "statement_id"),
    Index(None, "household_id"),
    written_once=True,
)

payer_payment = journaled(
    "payer_payment",
    109,
    grows("request_id", LargeBinary),
    grows("payer_id", LargeBinary, points_to("payer.id")),
    grows("statement_id", LargeBinary, points_to("payer_statement.id"), nullable=True),
    grows("paid_on", Text),
    grows("amount", Integer),
    grows("means", Text),
    grows("box_id", LargeBinary, points_to("cash_box.id"), nullable=True),
    grows("reference", Text, openness=Openness.PERSONAL, nullable=True),
    grows("entry_id", LargeBinary, points_to("entry.id"), nullable=True),
    grows("reverses", LargeBinary, points_to("payer_payment.id"), nullable=True),
    grows("reason", Text, openness=Openness.PERSONAL),
    grows("single_control", Integer),
    # Of its receipt, and who took the money. None before schema 8.
    grows("year", Integer, nullable=True),
    grows("letter", Text, nullable=True),
    grows("serial", Integer, nullable=True),
    grows("taken_by", LargeBinary, points_to("staff.id"), nullable=True),
    UniqueConstraint("request_id"),
    UniqueConstraint("reverses"),
    UniqueConstraint("year", "letter", "serial"),
    Index(None, "payer_id"),
    written_once=True,
)
