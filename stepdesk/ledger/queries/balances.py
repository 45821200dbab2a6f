"""What accounts hold, single entries, closings."""

from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.engine import Connection

from stepdesk.countries.pack import CountryPack
from stepdesk.ledger.model import WRONG_SUMS, closing, entry, entry_line, reopening
from stepdesk.ledger.terms import (
    Activity,
    BalanceRow,
    Closing,
    Entry,
    Journal,
    Line,
    Reopening,
    TrialBalance,
)
from stepdesk.store import tables
from stepdesk.store.acts import merkle_roots
from stepdesk.store.reading import fetch
from stepdesk.values.digits import code_of
from stepdesk.values.ids import ClosingId, EntryId
from stepdesk.values.money import Money
from stepdesk.values.month import Month

# Months that are closed are summed (`account_month`), so that only open ones are read line by line.
_SUMS = (
    "SELECT role, sum(debit) AS debit, sum(credit) AS credit FROM ("
    "SELECT role, debit, credit FROM account_month"
    " WHERE month >= :first AND month <= :last AND activity LIKE :activity UNION ALL"
    " SELECT l.role, max(l.amount, 0), max(-l.amount, 0) FROM entry e"
    " JOIN entry_line l ON l.entry_id = e.id"
    " WHERE e.month > :summed AND e.month >= :first AND e.month <= :last"
    " AND e.activity LIKE :activity) GROUP BY role"
)
_HOLDS = (
    "SELECT coalesce((SELECT sum(debit - credit) FROM account_month WHERE role = :role), 0)"
    " + coalesce((SELECT sum(l.amount) FROM entry e CROSS JOIN entry_line l ON l.entry_id = e.id"
    " WHERE e.month > :summed AND l.role = :role), 0) AS holds"
)
_STANDING = closing.c.id.not_in(select(reopening.c.closing_id))


def summed_until(connection: Connection) -> str:
    """Return the last month whose accounts are summed, empty when none is."""
    told = connection.exec_driver_sql("SELECT max(month) FROM account_month").scalar_one()
    return told or ""


def wrong_sums(connection: Connection) -> tuple[str, ...]:
    """Return the months whose sums are not those of their lines; there must be none."""
    rows = fetch(connection, WRONG_SUMS)
    return tuple(row.month for row in rows)


def last_closed(connection: Connection) -> Month | None:
    """Return the last closed month that was not opened again."""
    told = connection.execute(select(func.max(closing.c.month)).where(_STANDING)).scalar_one()
    return None if told is None else Month.parse(told)


def closed_months(connection: Connection) -> tuple[Month, ...]:
    """Return the closed months, oldest first; one that was opened again is not among them."""
    rows = connection.execute(
        select(closing.c.month).where(_STANDING).order_by(closing.c.month)
    ).scalars()
    return tuple(Month.parse(one) for one in rows)


def reopenings(connection: Connection) -> tuple[Reopening, ...]:
    """Return the closings that were opened again, the newest first."""
    rows = fetch(
        connection,
        "SELECT c.month, c.closed_on, r.day, r.reason, r.single_control, c.root,"
        " (SELECT count(*) FROM entry e WHERE e.month = c.month AND e.id > r.id AND e.id <"
        " coalesce((SELECT min(n.id) FROM closing n WHERE n.month = c.month AND n.id > r.id),"
        " x'ff')) AS entries,"
        " a.name AS first_name, b.name AS second_name FROM reopening r"
        " JOIN closing c ON c.id = r.closing_id JOIN staff a ON a.id = r.first_person"
        " LEFT JOIN staff b ON b.id = r.second_person ORDER BY r.id DESC",
    )
    return tuple(
        Reopening(
            Month.parse(row.month),
            date.fromisoformat(row.closed_on),
            date.fromisoformat(row.day),
            row.reason,
            tuple(name for name in (row.first_name, row.second_name) if name),
            bool(row.single_control),
            fingerprint(row.root),
            row.entries,
        )
        for row in rows
    )


def first_open(connection: Connection, made_on: date) -> Month:
    """Return the month to be closed next: behind the last closed, or the first with an entry."""
    last = last_closed(connection)
    if last is not None:
        return last.plus(1)
    first = connection.execute(select(func.min(entry.c.month))).scalar_one()
    return Month.of(made_on) if first is None else Month.parse(first)


def balance_of(connection: Connection, role: str) -> int:
    """Return what an account holds now: debit above zero."""
    told = fetch(connection, _HOLDS, role=role, summed=summed_until(connection))
    return int(told[0].holds)


def balance_until(connection: Connection, role: str, day: date) -> int:
    """Return what an account held at the end of a day."""
    told = connection.execute(
        select(func.coalesce(func.sum(entry_line.c.amount), 0))
        .join(entry, entry.c.id == entry_line.c.entry_id)
        .where(entry_line.c.role == role, entry.c.day <= day.isoformat())
    ).scalar_one()
    return int(told)


def trial_balance(
    connection: Connection,
    country: CountryPack,
    until: Month,
    *,
    first: Month | None = None,
    activity: Activity | None = None,
) -> TrialBalance:
    """Return all accounts with movement up to the end of a month, by account number.

    Args:
        connection: A reader's.
        country: Whose chart numbers the accounts.
        until: The last month, included.
        first: The first month, included; the book's first when left out.
        activity: Only the entries of one activity.
    """
    rows = fetch(
        connection,
        _SUMS,
        first=str(first) if first else "0000-00",
        last=str(until),
        summed=summed_until(connection),
        activity="%" if activity is None else activity.value,
    )
    currency = country.currency
    listed = tuple(
        sorted(
            (
                BalanceRow(
                    row.role,
                    country.chart[row.role].number,
                    Money(row.debit, currency),
                    Money(row.credit, currency),
                )
                for row in rows
            ),
            key=lambda row: row.number,
        )
    )
    return TrialBalance(
        until.last,
        listed,
        Money(sum(row.debit.minor for row in listed), currency),
        Money(sum(row.credit.minor for row in listed), currency),
    )


def entry_of(connection: Connection, entry_id: EntryId) -> Entry:
    """Return one entry with its lines."""
    row = connection.execute(select(entry).where(entry.c.id == entry_id)).one()
    lines = connection.execute(
        select(entry_line.c.role, entry_line.c.amount, entry_line.c.box_id, entry_line.c.party)
        .where(entry_line.c.entry_id == entry_id)
        .order_by(entry_line.c.id)
    ).all()
    return Entry(
        EntryId(row.id),
        entry_number(row.journal, row.month, row.letter, row.serial),
        row.rule,
        Journal(row.journal),
        date.fromisoformat(row.day),
        Month.parse(row.month),
        tuple(Line(*line) for line in lines),
        row.reason,
        None if row.reverses is None else EntryId(row.reverses),
        Activity(row.activity),
    )


def entry_number(journal: str, month: str, letter: str, serial: int) -> str:
    return f"{journal}-{month}-{letter}-{serial:04d}"


def unbalanced(connection: Connection) -> list[str]:
    """Return the numbers of entries whose debits and credits differ; there must be none."""
    rows = connection.execute(
        text(
            "SELECT e.journal, e.month, e.letter, e.serial FROM entry e"
            " LEFT JOIN entry_line l ON l.entry_id = e.id"
            " GROUP BY e.id HAVING coalesce(sum(l.amount), 1) <> 0"
        )
    ).all()
    return [entry_number(*row) for row in rows]


def closing_of(connection: Connection, country: CountryPack, month: Month) -> Closing | None:
    """Return the closing of a month, None when it is open."""
    row = connection.execute(
        select(closing).where(closing.c.month == str(month), _STANDING)
    ).one_or_none()
    if row is None:
        return None
    names = {
        told.id: told.name
        for told in connection.execute(select(tables.staff.c.id, tables.staff.c.name))
    }
    counted = row.cash_counted
    return Closing(
        ClosingId(row.id),
        month,
        date.fromisoformat(row.closed_on),
        names[row.first_person],
        names.get(row.second_person, ""),
        bool(row.single_control),
        None if counted is None else Money(counted, country.currency),
        fingerprint(row.root),
        trial_balance(connection, country, month),
    )


def broken_seals(connection: Connection) -> tuple[Month, ...]:
    """Return the months whose closing does not vouch for the acts there are now."""
    rows = connection.execute(select(closing.c.month, closing.c.acts, closing.c.root)).all()
    hashes = (row[0] for row in connection.exec_driver_sql("SELECT hash FROM act ORDER BY n"))
    roots = merkle_roots(hashes, {row.acts for row in rows})
    return tuple(Month.parse(row.month) for row in rows if roots.get(row.acts) != row.root)


def fingerprint(root: bytes) -> str:
    """Return a hash as ten groups of four people can compare with the minutes."""
    symbols = "".join(
        code_of(int.from_bytes(root[at : at + 8], "big"), 12) for at in range(0, 32, 8)
    )
    return " ".join(symbols[at : at + 4] for at in range(0, 40, 4))
