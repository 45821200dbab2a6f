"""Tables of the ledger. Entries are written once, and a closed month takes no more."""

from sqlalchemy import Index, Integer, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import Openness, decides, grows, journaled, not_removed, points_to

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
    grows("box_id", LargeBinary, points_to("cash_box.id"), nullable=True),
    grows("party", LargeBinary, nullable=True),
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
    grows("box_id", LargeBinary, points_to("cash_box.id"), nullable=True),
    grows("year", Integer, nullable=True),
    grows("letter", Text, nullable=True),
    grows("serial", Integer, nullable=True),
    grows("payee", Text, openness=Openness.PERSONAL, nullable=True),
    grows("piece", Text, nullable=True),
    grows("reverses", LargeBinary, points_to("expense.id"), nullable=True),
    grows("reason", Text, openness=Openness.PERSONAL, nullable=True),
    grows("single_control", Integer, nullable=True),
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
