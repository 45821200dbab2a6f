"""Tables of contributions. Money is written once: a mistake is reversed, never changed."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import Openness, grows, journaled, local, points_to

plan = journaled(
    "plan",
    30,
    grows("code", Text),
    UniqueConstraint("code"),
    written_once=True,
)

plan_version = journaled(
    "plan_version",
    31,
    grows("plan_id", LargeBinary, points_to("plan.id")),
    grows("first_day", Text),
    grows("name", Text),
    grows("basis", Text),
    grows("amount", Integer),
    grows("periodicity", Integer),
    grows("cycle", Text),
    grows("cycle_month", Integer),
    grows("cycle_day", Integer),
    grows("late_entry", Text),
    grows("effect_rule", Text),
    grows("due_day", Integer, nullable=True),
    grows("grace_days", Integer),
    grows("entry_fee", Integer),
    grows("waiting_months", Integer),
    grows("waiting_when_late", Text),
    grows("min_first_periods", Integer),
    grows("max_advance_periods", Integer),
    grows("dues_during_suspension", Text),
    grows("renewal", Text),
    grows("reinstate_short_months", Integer),
    grows("reinstate_wait_short_days", Integer),
    grows("reinstate_wait_long_days", Integer),
    grows("strike_off_after_months", Integer),
    grows("strike_off_needs_board", Integer),
    grows("child_max_age", Integer, nullable=True),
    grows("newborn_declare_days", Integer),
    grows("rounding", Integer),
    Index(None, "plan_id", "first_day"),
    written_once=True,
)

due = journaled(
    "due",
    32,
    grows("household_id", LargeBinary, points_to("household.id")),
    grows("first_day", Text),
    grows("until", Text),
    grows("due_on", Text),
    grows("amount", Integer),
    grows("plan_version_id", LargeBinary, points_to("plan_version.id")),
    Index(None, "household_id", "first_day"),
    written_once=True,
)

collection_session = journaled(
    "collection_session",
    33,
    grows("place", Text),
    grows("day", Text),
    grows("collector_id", LargeBinary, points_to("staff.id"), nullable=True),
    grows("float_amount", Integer),
    grows("opened_by", LargeBinary, points_to("staff.id")),
    written_once=True,
)

session_count = journaled(
    "session_count",
    34,
    grows("session_id", LargeBinary, points_to("collection_session.id")),
    grows("counted", Integer),
    grows("expected", Integer),
    grows("pieces", Text),
    grows("difference_reason", Text, openness=Openness.PERSONAL),
    grows("single_control", Integer),
    UniqueConstraint("session_id"),
    written_once=True,
)

payment = journaled(
    "payment",
    35,
    grows("request_id", LargeBinary),
    grows("household_id", LargeBinary, points_to("household.id")),
    grows("year", Integer),
    grows("letter", Text),
    grows("serial", Integer),
    grows("paid_on", Text),
    grows("amount", Integer),
    grows("means", Text),
    grows("covered_through", Text, nullable=True),
    grows("collector_id", LargeBinary, points_to("staff.id"), nullable=True),
    grows("session_id", LargeBinary, points_to("collection_session.id"), nullable=True),
    grows("taken_by", LargeBinary, points_to("staff.id")),
    grows("entry_id", LargeBinary, points_to("entry.id"), nullable=True),
    grows("reverses", LargeBinary, points_to("payment.id"), nullable=True),
    grows("reason", Text, openness=Openness.PERSONAL),
    grows("single_control", Integer),
    grows("legacy_number", Text, nullable=True),
    UniqueConstraint("request_id"),
    UniqueConstraint("year", "letter", "serial"),
    UniqueConstraint("reverses"),
    Index(None, "household_id", "paid_on"),
    Index(None, "session_id"),
    written_once=True,
)

allocation = journaled(
    "allocation",
    36,
    grows("payment_id", LargeBinary, points_to("payment.id")),
    grows("target", Text),
    grows("due_id", LargeBinary, points_to("due.id"), nullable=True),
    grows("amount", Integer),
    Index(None, "payment_id"),
    written_once=True,
)

earning = journaled(
    "earning",
    37,
    grows("month", Text),
    grows("household_id", LargeBinary, points_to("household.id")),
    grows("due_first_day", Text),
    grows("paid", Integer),
    grows("unpaid", Integer),
    grows("payment_id", LargeBinary, points_to("payment.id"), nullable=True),
    Index(None, "household_id"),
    Index(None, "month"),
    written_once=True,
)

scheme_key = journaled(
    "scheme_key",
    38,
    grows("purpose", Text),
    grows("secret", LargeBinary),
    UniqueConstraint("purpose"),
    written_once=True,
)

draft = local(
    "draft",
    Column("form", Text, primary_key=True, nullable=False),
    Column("staff_id", LargeBinary, nullable=False),
    Column("content", Text, nullable=False),
)

hand_over = journaled(
    "hand_over",
    39,
    grows("request_id", LargeBinary),
    grows("collector_id", LargeBinary, points_to("staff.id")),
    grows("day", Text),
    grows("amount", Integer),
    grows("entry_id", LargeBinary, points_to("entry.id")),
    UniqueConstraint("request_id"),
    written_once=True,
)
