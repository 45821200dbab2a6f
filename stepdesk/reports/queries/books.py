"""What the first page says of the books, without a household being reckoned."""

from sqlalchemy.engine import Connection

from stepdesk.contributions.queries import carried_by, open_findings, sessions
from stepdesk.countries import country
from stepdesk.ledger.queries import balance_of, first_open
from stepdesk.ledger.queries.boxes import EVER, balances_on
from stepdesk.ledger.terms import Carried
from stepdesk.members.queries import counts_on
from stepdesk.reports.queries.payers import overdue_statements
from stepdesk.reports.queries.trends import spent
from stepdesk.reports.terms import CARRIED_DAYS, Books
from stepdesk.store.backup import last_backup
from stepdesk.store.desk import Desk
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.money import Money
from stepdesk.values.month import Month

_COLLECTED = (
    "SELECT coalesce(sum(amount), 0) AS amount FROM payment"
    " WHERE substr(paid_on, 1, 7) = :month AND entry_id IS NOT NULL"
)
_DRAFTS = "SELECT form FROM draft WHERE staff_id = :who AND content <> '' ORDER BY form"


def books_of(desk: Desk) -> Books:
    """Return what the books say today; quick also in a large scheme."""
    day, currency = desk.today, desk.currency
    with desk.read() as connection:
        households, persons = counts_on(connection, day)
        held = balances_on(connection, EVER)
        cash = sum(value for place, value in held.items() if place.role.startswith("cash_"))
        carried = Money(balance_of(connection, "collector"), currency)
        month = Month.of(day)
        collected = fetch_one(connection, _COLLECTED, month=str(month)).amount
        drafts = fetch(connection, _DRAFTS, who=desk.person.staff_id)
        return Books(
            month=month,
            next_closing=first_open(connection, desk.made_on),
            households=households,
            persons=persons,
            cash=Money(cash, currency),
            carried=carried,
            late_carried=_late(connection, desk) if carried else (),
            collected=Money(collected, currency),
            spent=spent(connection),
            open_sessions=len(sessions(connection, currency, open_only=True)),
            overdue=overdue_statements(connection, country(desk.country), day),
            drafts=tuple(row.form for row in drafts),
            last_backup=last_backup(desk),
            last_backup_outside=last_backup(desk, outside=True),
            findings=len(open_findings(connection)),
        )


def _late(connection: Connection, desk: Desk) -> tuple[Carried, ...]:
    found = carried_by(connection, desk.currency, desk.today)
    return tuple(one for one in found if one.days > CARRIED_DAYS)
