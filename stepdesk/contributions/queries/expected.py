"""What the collection screen shows of a household before money is taken."""

from datetime import date

from sqlalchemy.engine import Connection

from stepdesk.contributions import rules
from stepdesk.contributions.queries.facts import each_facts, facts_of
from stepdesk.contributions.queries.receipts import number
from stepdesk.contributions.terms import (
    Allotment,
    Expected,
)
from stepdesk.members.queries import (
    household_rows,
)
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.ids import (
    HouseholdId,
)
from stepdesk.values.money import Currency, Money


def expected_of(
    connection: Connection, household_id: HouseholdId, day: date, currency: Currency
) -> Expected:
    """Return what a household is expected to pay on a day, and how it stands."""
    facts = facts_of(connection, household_id)
    account = rules.account_on(facts, day)
    row = household_rows(connection, [household_id], day)[0]
    last = fetch_one(
        connection,
        "SELECT p.paid_on, p.amount, t.name FROM payment p"
        " LEFT JOIN collection_session s ON s.id = p.session_id"
        " LEFT JOIN staff t ON t.id = coalesce(p.collector_id, s.collector_id, p.taken_by)"
        " WHERE p.household_id = :h"
        " AND +p.reverses IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM payment r WHERE r.reverses = p.id)"
        " ORDER BY p.paid_on DESC, p.id DESC LIMIT 1",
        h=household_id,
    )
    today = fetch(
        connection,
        "SELECT letter, year, serial, legacy_number FROM payment p"
        " WHERE household_id = :h AND paid_on = :day"
        " AND +reverses IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM payment r WHERE r.reverses = p.id) ORDER BY id",
        h=household_id,
        day=day.isoformat(),
    )
    face = fetch_one(
        connection,
        "SELECT p.photo FROM household h JOIN person p ON p.id = h.member_person_id"
        " WHERE h.id = :h",
        h=household_id,
    )
    regular = rules.regular_amount(facts, day)
    due_now = account.to_pay or rules.amount_to_reach(facts, paid_on=day, periods=1)
    return Expected(
        household_id=household_id,
        number=str(row.number),
        name=row.member_name,
        section=row.section,
        beneficiaries=row.beneficiaries,
        account=account,
        due_now=Money(due_now, currency),
        monthly=Money(regular, currency),
        last_paid_on=None if last is None else date.fromisoformat(last.paid_on),
        last_amount=None if last is None else Money(last.amount, currency),
        paid_today=tuple(number(*told) for told in today),
        last_taken_by="" if last is None else last.name or "",
        photo=None if face is None else face.photo,
    )


def allotment_of(
    connection: Connection, household_id: HouseholdId, day: date, amount: int
) -> Allotment:
    """Return where a payment would go: for the line under the amount while it is typed."""
    return rules.allot(facts_of(connection, household_id), paid_on=day, amount=amount)


def amount_for_periods(
    connection: Connection, household_id: HouseholdId, day: date, periods: int
) -> int:
    """Return what covers so many periods beyond what is due: the Up and Down keys."""
    return rules.amount_to_reach(facts_of(connection, household_id), paid_on=day, periods=periods)


def next_due_on(connection: Connection, day: date) -> date | None:
    """Return the first day after one on which a household has something to pay, None when never."""
    ahead = (
        account.next_due.due_on
        for _, facts in each_facts(connection)
        if (account := rules.account_on(facts, day)).next_due is not None
    )
    return min((one for one in ahead if one > day), default=None)
