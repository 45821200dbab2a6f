"""Tables of the ledger. Entries are written once, and a closed month takes no more."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Text, UniqueConstraint
from sqlalchemy import text as sql

from stepdesk.i18n import N_
from stepdesk.store.tables import (
    Openness,
    decides,
    derived,
    grows,
    journaled,
    not_removed,
    points_to,
)

LAST_CLOSED = (
    "(SELECT month FROM closing WHERE NOT EXISTS"
    " (SELECT 1 FROM reopening WHERE closing_id = closing.id) ORDER BY month DESC LIMIT 1)"
)
"""The last closed month in SQL; a closing that was opened again does not count."""

entry = journaled(
    "entry",
    40,
    grows("journal", Text),
    grows("month", Text),
    grows("serial", Integer),
    grows("letter", Text),
    grows("day", Text),
    grows("rule", Text),
    grows("activity", Text),
    grows("reverses", LargeBinary, points_to("entry.id"), nullable=True),
    grows("reason", Text, openness=Openness.PERSONAL),
    grows("label", Text, openness=Openness.PERSONAL, nullable=True),
    grows("second_person", LargeBinary, points_to("staff.id"), nullable=True),
    # The month first: it finds a month's entries too.
    UniqueConstraint("month", "journal", "letter", "serial"),
    Index(None, "reverses", unique=True, sqlite_where=sql("reverses IS NOT NULL")),
    written_once=True,
    triggers=(
        "CREATE TRIGGER entry_of_a_closed_month BEFORE INSERT ON entry "
        f"WHEN NEW.month <= {LAST_CLOSED} "
        "BEGIN SELECT RAISE(ABORT, 'stepdesk:month_closed'); END",
        "CREATE TRIGGER entry_in_its_month BEFORE INSERT ON entry "
        "WHEN substr(NEW.day, 1, 7) <> NEW.month "
        "BEGIN SELECT RAISE(ABORT, 'stepdesk:wrong_month'); END",
    ),
)

entry_line = journaled(
    "entry_line",
    41,
    grows("entry_id", LargeBinary, points_to("entry.id")),
    grows("role", Text),
    grows("amount", Integer),
    grows("box_id", LargeBinary, points_to("cash_box.id"), nullable=True),
    grows("party", LargeBinary, nullable=True),
    written_once=True,
    lies_by="entry_id",
    triggers=(
        "CREATE TRIGGER entry_line_of_a_closed_month BEFORE INSERT ON entry_line "  # noqa: S608
        f"WHEN (SELECT month FROM entry WHERE id = NEW.entry_id) <= {LAST_CLOSED} "
        "BEGIN SELECT RAISE(ABORT, 'stepdesk:month_closed'); END",
    ),
)

closing = journaled(
    "closing",
    42,
    grows("month", Text),
    grows("closed_on", Text),
    grows("first_person", LargeBinary, points_to("staff.id")),
    grows("second_person", LargeBinary, points_to("staff.id"), nullable=True),
    grows("single_control", Integer),
    grows("cash_counted", Integer, nullable=True),
    grows("root", LargeBinary),
    grows("acts", Integer),
    grows("debit", Integer),
    grows("credit", Integer),
    # How the month had gone when it closed: who was covered on its last day, what was called for
    # periods that began in it, and what members had paid of that by its end. None before schema 7.
    grows("covered", Integer, nullable=True),
    grows("due_amount", Integer, nullable=True),
    grows("due_paid", Integer, nullable=True),
    # What payers had paid of it likewise. None before schema 8.
    grows("payers_paid", Integer, nullable=True),
    Index(None, "month"),
    written_once=True,
    triggers=(
        "CREATE TRIGGER closing_of_a_closed_month BEFORE INSERT ON closing "
        f"WHEN NEW.month <= {LAST_CLOSED} "
        "BEGIN SELECT RAISE(ABORT, 'stepdesk:month_closed'); END",
    ),
)

reopening = journaled(
    "reopening",
    112,
    grows("closing_id", LargeBinary, points_to("closing.id")),
    grows("day", Text),
    grows("reason", Text, openness=Openness.PERSONAL),
    grows("first_person", LargeBinary, points_to("staff.id")),
    grows("second_person", LargeBinary, points_to("staff.id"), nullable=True),
    grows("single_control", Integer),
    UniqueConstraint("closing_id"),
    written_once=True,
    triggers=(
        "CREATE TRIGGER reopening_of_the_last_month BEFORE INSERT ON reopening "  # noqa: S608
        f"WHEN (SELECT month FROM closing WHERE id = NEW.closing_id) < {LAST_CLOSED} "
        "BEGIN SELECT RAISE(ABORT, 'stepdesk:not_the_last_month'); END",
    ),
)

closing_note = journaled(
    "closing_note",
    115,
    grows("month", Text),
    grows("step", Text),
    grows("done", Integer),
    grows("reason", Text, openness=Openness.PERSONAL),
    grows("day", Text),
    grows("person", LargeBinary, points_to("staff.id")),
    Index(None, "month"),
    written_once=True,
)

WRONG_SUMS = (
    "SELECT DISTINCT month FROM (SELECT month, role, box_id, activity, sum(debit) AS debit,"
    " sum(credit) AS credit FROM (SELECT month, role, box_id, activity, debit, credit"
    " FROM account_month UNION ALL SELECT e.month, l.role, l.box_id,"
    " e.activity, -sum(max(l.amount, 0)), -sum(max(-l.amount, 0)) FROM entry e"
    " JOIN entry_line l ON l.entry_id = e.id"
    " WHERE e.month <= (SELECT coalesce(max(month), '') FROM account_month) GROUP BY 1, 2, 3, 4"
    ") GROUP BY month, role, box_id, activity) WHERE debit <> 0 OR credit <> 0 ORDER BY month"
)
"""The months whose sums are not those of their lines."""

account_month = derived(
    "account_month",
    Column("month", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("box_id", LargeBinary, nullable=True),
    Column("activity", Text, nullable=False),
    Column("debit", Integer, nullable=False),
    Column("credit", Integer, nullable=False),
    Index(None, "month"),
    unlike=(WRONG_SUMS,),
    says=N_("The sums kept of {first} are not those of its entries."),
)

expense = journaled(
    "expense",
    43,
    grows("request_id", LargeBinary),
    grows("day", Text),
    grows("role", Text),
    grows("box", Text),
    grows("amount", Integer),
    grows("label", Text, openness=Openness.PERSONAL),
    grows("entry_id", LargeBinary, points_to("entry.id")),
    UniqueConstraint("request_id"),
    written_once=True,
)

cash_box = journaled(
    "cash_box",
    110,
    grows("code", Text),
    grows("kind", Text),
    grows("section_id", LargeBinary, points_to("section.id"), nullable=True),
    grows("since", Text),
    decides("name", Text),
    decides("number", Text, openness=Openness.PERSONAL, nullable=True),
    decides("holder_id", LargeBinary, points_to("staff.id"), nullable=True),
    decides("most", Integer, nullable=True),
    decides("ended_on", Text, nullable=True),
    UniqueConstraint("code"),
    triggers=(not_removed("cash_box"),),
)

money_settings = journaled(
    "money_settings",
    111,
    grows("first_day", Text),
    grows("cash_limit", Integer),
    grows("double_sign_amount", Integer),
    grows("entry_fee_treatment", Text),
    grows("basis", Text),
    grows("set_on", Text),
    grows("reimbursement_limit", Integer, nullable=True),
    Index(None, "first_day"),
    written_once=True,
)

voucher = journaled(
    "voucher",
    113,
    grows("request_id", LargeBinary),
    grows("kind", Text),
    grows("day", Text),
    grows("amount", Integer),
    grows("label", Text, openness=Openness.PERSONAL),
    grows("entry_id", LargeBinary, points_to("entry.id")),
    grows("made_by", LargeBinary, points_to("staff.id")),
    grows("single_control", Integer, nullable=True),
    grows("role", Text, nullable=True),
    grows("series", Text, nullable=True),
    grows("box", Text, nullable=True),
    grows("box_id", LargeBinary, points_to("cash_box.id"), nullable=True),
    grows("year", Integer, nullable=True),
    grows("letter", Text, nullable=True),
    grows("serial", Integer, nullable=True),
    grows("other_box", Text, nullable=True),
    grows("other_box_id", LargeBinary, points_to("cash_box.id"), nullable=True),
    grows("other_serial", Integer, nullable=True),
    grows("other_entry_id", LargeBinary, points_to("entry.id"), nullable=True),
    grows("payee", Text, openness=Openness.PERSONAL, nullable=True),
    grows("piece", Text, openness=Openness.PERSONAL, nullable=True),
    grows("party", LargeBinary, nullable=True),
    grows("bill_id", LargeBinary, points_to("voucher.id"), nullable=True),
    grows("reverses", LargeBinary, points_to("voucher.id"), nullable=True),
    grows("reason", Text, openness=Openness.PERSONAL, nullable=True),
    UniqueConstraint("request_id"),
    UniqueConstraint("reverses"),
    Index(None, "entry_id"),
    Index(None, "year", "series"),
    written_once=True,
)

box_count = journaled(
    "box_count",
    114,
    grows("request_id", LargeBinary),
    grows("day", Text),
    grows("box", Text),
    grows("box_id", LargeBinary, points_to("cash_box.id"), nullable=True),
    grows("counted", Integer),
    grows("expected", Integer),
    grows("pieces", Text, nullable=True),
    grows("difference_reason", Text, openness=Openness.PERSONAL),
    grows("first_person", LargeBinary, points_to("staff.id")),
    grows("second_person", LargeBinary, points_to("staff.id"), nullable=True),
    grows("single_control", Integer),
    grows("voucher_id", LargeBinary, points_to("voucher.id"), nullable=True),
    UniqueConstraint("request_id"),
    Index(None, "day"),
    written_once=True,
)

box_statement = journaled(
    "box_statement",
    201,
    grows("request_id", LargeBinary),
    grows("box", Text),
    grows("box_id", LargeBinary, points_to("cash_box.id"), nullable=True),
    grows("day", Text),
    grows("file", Text, openness=Openness.PERSONAL),
    grows("made_by", LargeBinary, points_to("staff.id")),
    UniqueConstraint("request_id"),
    Index(None, "box"),
    written_once=True,
)

statement_line = journaled(
    "statement_line",
    202,
    grows("statement_id", LargeBinary, points_to("box_statement.id")),
    grows("place", Integer),
    grows("day", Text),
    grows("amount", Integer),
    grows("reference", Text, openness=Openness.PERSONAL),
    grows("label", Text, openness=Openness.PERSONAL),
    grows("balance", Integer, nullable=True),
    Index(None, "statement_id"),
    written_once=True,
)

# One line that is several entries, or several lines that are one. It stands as long as the latest
# match of its lines names it.
statement_group = journaled(
    "statement_group",
    204,
    grows("box", Text),
    grows("box_id", LargeBinary, points_to("cash_box.id"), nullable=True),
    grows("difference", Integer),
    grows("reason", Text, openness=Openness.PERSONAL),
    grows("day", Text),
    grows("made_by", LargeBinary, points_to("staff.id")),
    written_once=True,
)

statement_group_entry = journaled(
    "statement_group_entry",
    205,
    grows("group_id", LargeBinary, points_to("statement_group.id")),
    grows("entry_id", LargeBinary, points_to("entry.id")),
    Index(None, "group_id"),
    written_once=True,
)

statement_match = journaled(
    "statement_match",
    203,
    grows("line_id", LargeBinary, points_to("statement_line.id")),
    grows("entry_id", LargeBinary, points_to("entry.id"), nullable=True),
    grows("day", Text),
    grows("made_by", LargeBinary, points_to("staff.id")),
    grows("group_id", LargeBinary, points_to("statement_group.id"), nullable=True),
    Index(None, "line_id"),
    written_once=True,
)
