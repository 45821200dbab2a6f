"""Tables of contributions. Money is written once: a mistake is reversed, never changed."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Text, UniqueConstraint
from sqlalchemy import text as sql

from stepdesk.i18n import N_
from stepdesk.store.tables import Openness, derived, grows, journaled, local, points_to

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
    grows("amount_dependant", Integer, nullable=True),
    grows("amount_adult", Integer, nullable=True),
    grows("amount_child", Integer, nullable=True),
    grows("adult_age", Integer, nullable=True),
    grows("bands", Text, nullable=True),
    grows("category_amounts", Text, nullable=True),
    grows("lump_persons", Integer, nullable=True),
    grows("max_persons", Integer, nullable=True),
    grows("season", Text, nullable=True),
    grows("season_cover_rule", Text, nullable=True),
    grows("windows", Text, nullable=True),
    grows("cycle_starts", Text, nullable=True),
    grows("period_months", Integer, nullable=True),
    grows("administration_months", Integer, nullable=True),
    grows("entry_grace_months", Integer, nullable=True),
    grows("renewal_grace_months", Integer, nullable=True),
    grows("payment_grace_months", Integer, nullable=True),
    grows("max_instalments", Integer, nullable=True),
    grows("entry_fee_per", Text, nullable=True),
    grows("card_fee", Integer, nullable=True),
    grows("card_fee_per", Text, nullable=True),
    grows("assembly_fee", Integer, nullable=True),
    grows("assembly_fee_per", Text, nullable=True),
    grows("penalty_rate", Integer, nullable=True),
    grows("penalty_fixed", Integer, nullable=True),
    grows("prepay_discount", Integer, nullable=True),
    grows("early_discount", Integer, nullable=True),
    grows("early_discount_months", Integer, nullable=True),
    grows("renewal_discount", Integer, nullable=True),
    grows("renewal_discount_months", Integer, nullable=True),
    grows("partial_rule", Text, nullable=True),
    grows("charge_added", Text, nullable=True),
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
    grows("kind", Text, nullable=True),
    grows("payer_amount", Integer, nullable=True),
    grows("discount", Integer, nullable=True),
    grows("adjusts", LargeBinary, points_to("due.id"), nullable=True),
    grows("told_on", Text, nullable=True),
    grows("fees_discount", Integer, nullable=True),
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
    grows("box_id", LargeBinary, points_to("cash_box.id"), nullable=True),
    grows("sheet_id", LargeBinary, points_to("collection_sheet.id"), nullable=True),
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
    grows("box_id", LargeBinary, points_to("cash_box.id"), nullable=True),
    grows("booklet_id", LargeBinary, points_to("booklet.id"), nullable=True),
    grows("leaf", Integer, nullable=True),
    grows("reference", Text, openness=Openness.PERSONAL, nullable=True),
    grows("group_payment_id", LargeBinary, points_to("group_payment.id"), nullable=True),
    UniqueConstraint("request_id"),
    UniqueConstraint("year", "letter", "serial"),
    Index(None, "reverses", unique=True, sqlite_where=sql("reverses IS NOT NULL")),
    Index(None, "household_id", "paid_on", "id"),
    Index(
        "ix_payment_of_group_sum",
        "group_payment_id",
        sqlite_where=sql("group_payment_id IS NOT NULL"),
    ),
    Index("ix_payment_of_session", "session_id", sqlite_where=sql("session_id IS NOT NULL")),
    Index(None, "reference", sqlite_where=sql("reference IS NOT NULL")),
    Index(None, "booklet_id", "leaf", sqlite_where=sql("booklet_id IS NOT NULL")),
    written_once=True,
)

allocation = journaled(
    "allocation",
    36,
    grows("payment_id", LargeBinary, points_to("payment.id")),
    grows("target", Text),
    grows("due_id", LargeBinary, points_to("due.id"), nullable=True),
    grows("amount", Integer),
    grows("spent_on", Text, nullable=True),
    written_once=True,
    lies_by="payment_id",
)

in_kind = journaled(
    "in_kind",
    127,
    grows("payment_id", LargeBinary, points_to("payment.id")),
    grows("product", Text),
    grows("thousandths", Integer),
    grows("unit", Text),
    grows("unit_value", Integer),
    UniqueConstraint("payment_id"),
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
    grows("payer_amount", Integer, nullable=True),
    grows("agreement_id", LargeBinary, points_to("payer_agreement.id"), nullable=True),
    grows("kind", Text, nullable=True),
    Index(None, "household_id", "due_first_day", "unpaid"),
    written_once=True,
)

# What a household's frozen dues and receipts say, lying together: each is written on a page of its own, and whoever
# comes with money for a sixtieth month would have a hundred read. Written when a month closes, of households all
# of whose dues are paid. `queries/kept.py` says when it holds, and reads what came since beside it.
account_kept = derived(
    "account_kept",
    Column("household_id", LargeBinary, primary_key=True, nullable=False),
    # Dues of periods that begin before this day, and how many; receipts dated up to this one, and how many.
    Column("dues_until", Text, nullable=False),
    Column("dues", Integer, nullable=False),
    Column("paid_through", Text, nullable=False),
    Column("payments", Integer, nullable=False),
    Column("called", LargeBinary, nullable=False),
    Column("paid", LargeBinary, nullable=False),
    with_rowid=False,
    told_by="stepdesk.contributions.queries.stale:stale_accounts",
    says=N_("Accounts that are kept and are not what their receipts say: {count}."),
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
    grows("year", Integer, nullable=True),
    grows("letter", Text, nullable=True),
    grows("serial", Integer, nullable=True),
    grows("box_id", LargeBinary, points_to("cash_box.id"), nullable=True),
    grows("pieces", Text, nullable=True),
    grows("expected", Integer, nullable=True),
    grows("difference_reason", Text, openness=Openness.PERSONAL, nullable=True),
    grows("single_control", Integer, nullable=True),
    UniqueConstraint("request_id"),
    written_once=True,
)

booklet = journaled(
    "booklet",
    125,
    grows("kind", Text),
    grows("serial", Integer),
    grows("first_leaf", Integer),
    grows("last_leaf", Integer),
    grows("received_on", Text),
    grows("cost", Integer, nullable=True),
    UniqueConstraint("kind", "serial"),
    written_once=True,
)

collection_sheet = journaled(
    "collection_sheet",
    126,
    grows("year", Integer),
    grows("letter", Text),
    grows("serial", Integer),
    grows("printed_on", Text),
    grows("title", Text),
    UniqueConstraint("year", "letter", "serial"),
    written_once=True,
)

booklet_move = journaled(
    "booklet_move",
    128,
    grows("booklet_id", LargeBinary, points_to("booklet.id")),
    grows("kind", Text),
    grows("day", Text),
    grows("collector_id", LargeBinary, points_to("staff.id"), nullable=True),
    grows("provider_id", LargeBinary, points_to("provider.id"), nullable=True),
    grows("note", Text, openness=Openness.PERSONAL),
    grows("noted_by", LargeBinary, points_to("staff.id")),
    Index(None, "booklet_id"),
    written_once=True,
)

leaf_mark = journaled(
    "leaf_mark",
    129,
    grows("booklet_id", LargeBinary, points_to("booklet.id")),
    grows("kind", Text),
    grows("first_leaf", Integer),
    grows("last_leaf", Integer),
    grows("day", Text),
    grows("kept", Integer),
    grows("reason", Text, openness=Openness.PERSONAL),
    grows("noted_by", LargeBinary, points_to("staff.id")),
    Index(None, "booklet_id"),
    written_once=True,
)

finding_note = journaled(
    "finding_note",
    200,
    grows("booklet_id", LargeBinary, points_to("booklet.id")),
    grows("kind", Text),
    grows("first_leaf", Integer),
    grows("last_leaf", Integer),
    grows("receipts", Text),
    grows("day", Text),
    grows("reason", Text, openness=Openness.PERSONAL),
    grows("noted_by", LargeBinary, points_to("staff.id")),
    Index(None, "booklet_id"),
    written_once=True,
)

collection_sheet_line = journaled(
    "collection_sheet_line",
    130,
    grows("sheet_id", LargeBinary, points_to("collection_sheet.id")),
    grows("place", Integer),
    grows("household_id", LargeBinary, points_to("household.id")),
    UniqueConstraint("sheet_id", "place"),
    written_once=True,
)

sheet_entry = journaled(
    "sheet_entry",
    131,
    grows("sheet_id", LargeBinary, points_to("collection_sheet.id")),
    grows("place", Integer),
    grows("payment_id", LargeBinary, points_to("payment.id")),
    UniqueConstraint("payment_id"),
    Index(None, "sheet_id"),
    written_once=True,
)
