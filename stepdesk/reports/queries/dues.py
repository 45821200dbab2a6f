"""The register of contributions of a month, and who owes on a day."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.contributions.queries import each_facts
from stepdesk.contributions.rules import account_on, dues_of_months
from stepdesk.members.queries import day_or_none, name_of
from stepdesk.progress import Progress
from stepdesk.reports.queries.registers import ending_of, homes, watched
from stepdesk.reports.terms import ArrearsRow, DuesRow, SectionTotal
from stepdesk.rights.queries import state_of
from stepdesk.store.reading import fetch
from stepdesk.values.digits import HouseholdNumber
from stepdesk.values.ids import HouseholdId, SectionId
from stepdesk.values.month import Month

_LAST_PAID = (
    "SELECT p.household_id, max(p.paid_on) AS paid_on FROM payment p WHERE p.reverses IS NULL"
    " AND p.paid_on <= :day AND NOT EXISTS (SELECT 1 FROM payment r WHERE r.reverses = p.id)"
    " GROUP BY p.household_id"
)


def dues_rows(
    connection: Connection,
    month: Month,
    *,
    section_id: SectionId | None = None,
    progress: Progress | None = None,
) -> list[DuesRow]:
    """Return the register of contributions of a month by section and number (D08).

    Households of which nothing is to be told are left out: nothing called, owed or ahead.

    Args:
        connection: A reader.
        month: Whose dues; as all stood on its last day, today when it is not over.
        section_id: Only this village or group.
        progress: Stepped now and then.

    Source: domain handbook 1.3, D08.
    """
    known = {row.id: row for row in homes(connection, month.last, section_id)}
    found = []
    every = each_facts(connection, section_id=section_id, progress=progress)
    for one, facts in watched(every, progress, len(known)):
        told = dues_of_months(facts, month, month)
        if one in known and any((told.due, told.payers, told.arrears, told.advance)):
            home = known[one]
            found.append(
                DuesRow(
                    HouseholdNumber(home.section_code, home.serial),
                    name_of(home.surname, home.given_names),
                    home.section,
                    told.due,
                    told.paid,
                    told.payers,
                    told.arrears,
                    told.advance,
                )
            )
    return sorted(found, key=_by_section)


def arrears_rows(
    connection: Connection,
    day: date,
    *,
    section_id: SectionId | None = None,
    progress: Progress | None = None,
) -> list[ArrearsRow]:
    """Return who owes on a day, by section and number; who left the scheme is not among them.

    Args:
        connection: A reader.
        day: As it stands at its end.
        section_id: Only this village or group.
        progress: Stepped now and then.
    """
    known = {row.id: row for row in homes(connection, day, section_id)}
    paid = {
        row.household_id: row.paid_on for row in fetch(connection, _LAST_PAID, day=day.isoformat())
    }
    found = []
    every = each_facts(connection, section_id=section_id, progress=progress)
    for one, facts in watched(every, progress, len(known)):
        if one not in known or ending_of(facts.events, day) is not None:
            continue
        account = account_on(facts, day)
        if account.arrears > 0 and account.unpaid is not None:
            found.append(
                _arrears(
                    one,
                    known[one],
                    account,
                    state_of(facts, account, day),
                    day_or_none(paid.get(one)),
                )
            )
    return sorted(found, key=_by_section)


def _arrears(
    one: HouseholdId, home: Any, account: Any, state: Any, last_paid_on: date | None
) -> ArrearsRow:
    return ArrearsRow(
        one,
        HouseholdNumber(home.section_code, home.serial),
        name_of(home.surname, home.given_names),
        home.section,
        home.phone,
        state,
        account.arrears,
        account.to_pay,
        account.unpaid.due.due_on,
        last_paid_on,
    )


def _by_section(row: DuesRow | ArrearsRow) -> tuple[int, int]:
    return row.number.section, row.number.serial


def totals_of(rows: Iterable[DuesRow | ArrearsRow]) -> tuple[SectionTotal, ...]:
    """Return the sums of each section of a list, in its order."""
    return tuple(_totals(rows))


def _totals(rows: Iterable[DuesRow | ArrearsRow]) -> Iterator[SectionTotal]:
    held: dict[str, list[tuple[int, ...]]] = {}
    for row in rows:
        held.setdefault(row.section, []).append(sums_of(row))
    for section, told in held.items():
        yield SectionTotal(section, len(told), tuple(map(sum, zip(*told, strict=True))))


def sums_of(row: DuesRow | ArrearsRow) -> tuple[int, ...]:
    """Return the amounts of a row that are added up."""
    if isinstance(row, DuesRow):
        return row.due, row.paid, row.payers, row.arrears, row.advance
    return row.owed, row.to_pay
