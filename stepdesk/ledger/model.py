"""Tables of the ledger. Entries are written once, and a closed month takes no more."""

from sqlalchemy import Index, Integer, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import Openness, grows, journaled, points_to

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
    UniqueConstraint("journal", "month", "letter", "serial"),
    UniqueConstraint("reverses"),
    Index(None, "month"),
    written_once=True,
    triggers=(
        "CREATE TRIGGER entry_of_a_closed_month BEFORE INSERT ON entry "
        "WHEN NEW.month <= (SELECT max(month) FROM closing) "
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
    Index(None, "entry_id"),
    written_once=True,
    triggers=(
        "CREATE TRIGGER entry_line_of_a_closed_month BEFORE INSERT ON entry_line "
        "WHEN (SELECT month FROM entry WHERE id = NEW.entry_id) <= (SELECT max(month) FROM closing) "
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
    UniqueConstraint("month"),
    written_once=True,
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
