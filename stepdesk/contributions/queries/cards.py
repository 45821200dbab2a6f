"""The contribution card of a household: what was due and paid, month by month of one year."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from stepdesk.contributions import rules
from stepdesk.contributions.queries.facts import facts_of
from stepdesk.contributions.queries.receipts import number
from stepdesk.contributions.terms import (
    AccountFacts,
    CardLine,
    ContributionCard,
    Due,
    Periodicity,
    Target,
)
from stepdesk.members.queries import household_rows
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.reading import fetch
from stepdesk.values.ids import HouseholdId
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

_PAID = (
    "SELECT a.target, d.first_day, a.amount, p.paid_on, p.letter, p.year, p.serial,"
    " p.legacy_number, p.reverses IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM payment r WHERE r.reverses = p.id) AS counts FROM payment p"
    " JOIN allocation a ON a.payment_id = p.id LEFT JOIN due d ON d.id = a.due_id"
    " WHERE p.household_id = :household AND a.target <> 'CREDIT' ORDER BY p.paid_on, p.id"
)


@dataclass(slots=True)
class _Held:
    """What was paid for one thing, when last, and by which receipts."""

    amount: int = 0
    paid_on: date | None = None
    receipts: tuple[str, ...] = ()


def contribution_card(
    connection: Connection, household_id: HouseholdId, year: int, day: date, currency: Currency
) -> ContributionCard:
    """Return a household's card of a year as it stands on a day.

    Months not called yet stand without an amount, to be filled in by hand, where the plan asks
    month by month.

    Raises:
        LookupError: when there is no such household.
    """
    facts = facts_of(connection, household_id)
    row = household_rows(connection, [household_id], day)[0]
    scheme = scheme_on(connection, day)
    plan = rules.plan_on(facts.plans, day)
    held = _held(connection, household_id)
    lines = [*_fees(held, year, currency), *_periods(facts, held, year, day, currency)]
    return ContributionCard(
        household_number=str(row.number),
        name=row.member_name,
        section=row.section,
        plan=plan.name,
        amount=Money(rules.regular_amount(facts, day), currency),
        year=year,
        lines=tuple(lines),
        scheme=scheme.name,
        practice=scheme.practice,
    )


def _held(
    connection: Connection, household_id: HouseholdId
) -> Mapping[tuple[Target, date | None], _Held]:
    found: dict[tuple[Target, date | None], _Held] = {}
    for row in fetch(connection, _PAID, household=household_id):
        first_day = None if row.first_day is None else date.fromisoformat(row.first_day)
        one = found.setdefault((Target(row.target), first_day), _Held())
        one.amount += row.amount
        told = number(row.letter, row.year, row.serial, row.legacy_number)
        if row.counts and row.amount > 0 and told not in one.receipts:
            one.paid_on = date.fromisoformat(row.paid_on)
            one.receipts = (*one.receipts, told)
    return found


def _fees(
    held: Mapping[tuple[Target, date | None], _Held], year: int, currency: Currency
) -> Iterator[CardLine]:
    for (target, first_day), one in held.items():
        if target is Target.DUE or not one.amount or one.paid_on is None:
            continue
        if one.paid_on.year == year:
            paid = Money(one.amount, currency)
            yield CardLine(target, first_day, None, None, paid, one.paid_on, one.receipts)


def _periods(
    facts: AccountFacts,
    held: Mapping[tuple[Target, date | None], _Held],
    year: int,
    day: date,
    currency: Currency,
) -> Iterator[CardLine]:
    account = rules.account_on(facts, day)
    dues = dict(rules.standing_dues(facts, day))
    dues |= {state.due.first_day: state.due for state in account.called}
    months = [Month(year, at) for at in range(1, 13)]
    days: set[date] = {first for first in dues if first.year == year}
    if rules.plan_on(facts.plans, day).periodicity is Periodicity.MONTHLY:
        filled = {Month.of(first) for first in days}
        days |= {month.first for month in months if month not in filled}
    for first_day in sorted(days):
        yield _period(first_day, dues.get(first_day), held, currency)


def _period(
    first_day: date,
    due: Due | None,
    held: Mapping[tuple[Target, date | None], _Held],
    currency: Currency,
) -> CardLine:
    one = held.get((Target.DUE, first_day), _Held())
    last = Month.of(first_day).last if due is None else due.until - timedelta(days=1)
    return CardLine(
        Target.DUE,
        first_day,
        last,
        None if due is None else Money(due.amount, currency),
        Money(one.amount, currency),
        one.paid_on if one.amount else None,
        one.receipts if one.amount else (),
    )
