"""How the scheme went, month by month: what the charts show, and what was spent of each 100.

Closed months alone: they do not change any more. Households are reckoned section by section and
kept until another month is closed or opened again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Connection

from stepdesk.contributions.queries import each_facts
from stepdesk.contributions.rules import account_on
from stepdesk.contributions.terms import AccountFacts
from stepdesk.ledger.queries import closed_months
from stepdesk.ledger.queries.balances import summed_until
from stepdesk.reports.queries.payers import paid_by_payers
from stepdesk.reports.rules import (
    BANK,
    CASH,
    covered_on,
    earned_and_spent,
    first_unbalanced,
    main_accounts,
)
from stepdesk.reports.terms import MonthTrend, Spent
from stepdesk.rights.queries import state_of
from stepdesk.rights.terms import HouseholdState
from stepdesk.store.desk import Desk
from stepdesk.store.reading import fetch
from stepdesk.values.ids import SectionId
from stepdesk.values.money import round_half_up
from stepdesk.values.month import Month

YEAR = 12
SHOWN = YEAR + 1
"""Closed months that are drawn: the last one stands beside that of a year before."""

_COVERED = frozenset({HouseholdState.ACTIVE, HouseholdState.GRACE})
_SOME = 400  # households reckoned before others have their turn
_SUMS = (
    "SELECT month, role, sum(amount) AS amount FROM (SELECT month, role, debit - credit AS amount"
    " FROM account_month WHERE month <= :summed UNION ALL SELECT e.month, l.role, l.amount"
    " FROM entry e JOIN entry_line l ON l.entry_id = e.id WHERE e.month > :summed)"
    " WHERE month <= :last GROUP BY month, role"
)
# What left all boxes together: money that only moved from one to another did not. What a
# reversal brought back is taken off; a receipt given back is none of it.
_PAID_OUT = (
    "SELECT month, -sum(moved) AS paid FROM (SELECT e.month, e.reverses, sum(l.amount) AS moved"
    " FROM entry e JOIN entry_line l ON l.entry_id = e.id WHERE e.month BETWEEN :first AND :last"
    " AND e.journal <> 'AN' AND (l.role LIKE 'cash\\_%' ESCAPE '\\'"
    " OR l.role IN ('bank', 'mfi', 'momo', 'transfer')) GROUP BY e.id)"
    " WHERE (reverses IS NULL AND moved < 0) OR (reverses IS NOT NULL AND moved > 0)"
    " GROUP BY month"
)
_CLOSINGS = "SELECT (SELECT count(*) FROM closing) AS n, (SELECT count(*) FROM reopening) AS again"
_SECTIONS = "SELECT id FROM section ORDER BY id"


@dataclass(slots=True)
class _Kept:
    """What is reckoned so far; `left` are sections not read yet."""

    version: tuple[int, int]
    months: tuple[Month, ...]
    left: list[SectionId]
    covered: dict[Month, int] = field(default_factory=dict)
    due: dict[Month, int] = field(default_factory=dict)
    paid: dict[Month, int] = field(default_factory=dict)


_kept: WeakKeyDictionary[Desk, _Kept] = WeakKeyDictionary()


def spent(connection: Connection) -> Spent:
    """Return what care took of the contributions earned in the last twelve closed months.

    Source: domain handbook 4.4, B08: Ben / Earned.
    """
    months = closed_months(connection)[-YEAR:]
    if not months:
        return Spent((), 0, 0)
    sums = sums_until(connection, months[-1])
    wrong = first_unbalanced(sums)
    told = [earned_and_spent(sums.get(month, {})) for month in months]
    return Spent(months, sum(one[0] for one in told), sum(one[1] for one in told), wrong)


def trends_some(desk: Desk) -> bool:
    """Reckon some households for `trends`; return whether all are known now.

    For who shares a thread with others: in between, it is their turn.
    """
    with desk.read() as connection:
        now = _current(connection, desk)
        done = 0
        while now.left and done < _SOME:
            done += _add_section(connection, now, now.left.pop())
    return not now.left


def trends(desk: Desk) -> tuple[MonthTrend, ...]:
    """Return what is drawn of the last closed months, at most `SHOWN`, the oldest first."""
    while not trends_some(desk):
        pass
    with desk.read() as connection:
        now = _current(connection, desk)
        if not now.months:
            return ()
        sums = sums_until(connection, now.months[-1])
        out = _paid_out(connection, now.months)
        return tuple(_trend(connection, now, sums, out, at) for at in range(len(now.months)))


def _current(connection: Connection, desk: Desk) -> _Kept:
    """Return what is kept, begun anew when other months are closed."""
    row = fetch(connection, _CLOSINGS)[0]
    version = (row.n, row.again)
    now = _kept.get(desk)
    if now is None or now.version != version:
        sections = [SectionId(one.id) for one in fetch(connection, _SECTIONS)]
        months = closed_months(connection)[-SHOWN:]
        now = _Kept(version, months, sections if months else [])
        _kept[desk] = now
    return now


def _add_section(connection: Connection, now: _Kept, section_id: SectionId) -> int:
    households = 0
    for _, facts in each_facts(connection, section_id=section_id):
        households += 1
        for month in now.months:
            if facts.joined_on <= month.last:
                _add(now, facts, month)
    return households


def _add(now: _Kept, facts: AccountFacts, month: Month) -> None:
    account = account_on(facts, month.last)
    if state_of(facts, account, month.last) in _COVERED:
        heads = len(covered_on(facts.covers, month.last))
        now.covered[month] = now.covered.get(month, 0) + heads
    for one in account.called:
        if Month.of(one.due.first_day) == month:
            due = one.due.amount + one.due.payer_amount
            now.due[month] = now.due.get(month, 0) + due
            now.paid[month] = now.paid.get(month, 0) + one.paid


def _trend(
    connection: Connection,
    now: _Kept,
    sums: Mapping[Month, Mapping[str, int]],
    out: Mapping[Month, int],
    at: int,
) -> MonthTrend:
    month = now.months[at]
    earned, benefits = earned_and_spent(sums.get(month, {}))
    held = sum(
        main_accounts(told).get(role, 0)
        for one, told in sums.items()
        if one <= month
        for role in CASH | BANK
    )
    since = max(month.plus(1 - YEAR), min(sums, default=month))
    known = [out.get(since.plus(step), 0) for step in range(_between(since, month) + 1)]
    return MonthTrend(
        month,
        now.covered.get(month, 0),
        now.due.get(month, 0),
        now.paid.get(month, 0) + paid_by_payers(connection, month, month),
        earned,
        benefits,
        held,
        round_half_up(sum(known), len(known)),
    )


def _between(first: Month, last: Month) -> int:
    return (last.year - first.year) * YEAR + last.month - first.month


def sums_until(connection: Connection, last: Month) -> dict[Month, dict[str, int]]:
    """Return what each account moved in each month up to one, debit above zero."""
    found: dict[Month, dict[str, int]] = {}
    asked = {"summed": summed_until(connection), "last": str(last)}
    for row in fetch(connection, _SUMS, **asked):
        found.setdefault(Month.parse(row.month), {})[row.role] = row.amount
    return found


def _paid_out(connection: Connection, months: Sequence[Month]) -> dict[Month, int]:
    first, last = str(months[0].plus(1 - YEAR)), str(months[-1])
    rows = fetch(connection, _PAID_OUT, first=first, last=last)
    return {Month.parse(row.month): row.paid for row in rows}
