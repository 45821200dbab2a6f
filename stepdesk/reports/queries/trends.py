"""How the scheme went, month by month: what the charts show, and what was spent of each 100.

Closed months alone: they do not change any more. How the households stood is kept with each
closing, as it was then: docs/decisions/0056. For months closed before that was kept they are
reckoned section by section, and known until another month is closed or opened again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Connection

from stepdesk.contributions.queries import each_facts
from stepdesk.contributions.rules import account_on
from stepdesk.contributions.terms import Account, AccountFacts
from stepdesk.ledger.queries import closed_months
from stepdesk.ledger.queries.balances import summed_until
from stepdesk.ledger.terms import Went
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
_WENT = (
    "SELECT month, covered, due_amount, due_paid, payers_paid FROM closing WHERE covered IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM reopening r WHERE r.closing_id = closing.id)"
)
_SECTIONS = "SELECT id FROM section ORDER BY id"


@dataclass(slots=True)
class Going:
    """How a month went for the households that were added so far: see `Went`."""

    month: Month
    covered: int = 0
    due: int = 0
    paid: int = 0
    payers: int | None = None

    def add(self, facts: AccountFacts, account: Account) -> None:
        """Add a household, with its account at the end of the month's last day."""
        first, last = self.month.first, self.month.last
        if facts.joined_on > last:
            return
        if state_of(facts, account, last) in _COVERED:
            self.covered += len(covered_on(facts.covers, last))
        for one in account.called:
            if first <= one.due.first_day <= last:
                self.due += one.due.amount + one.due.payer_amount
                self.paid += one.paid

    @property
    def went(self) -> Went:
        return Went(self.covered, self.due, self.paid, self.payers)


@dataclass(slots=True)
class _Kept:
    """What is reckoned so far; `left` are sections not read yet."""

    version: tuple[int, int]
    months: tuple[Month, ...]
    going: dict[Month, Going]
    unknown: tuple[Month, ...]
    left: list[SectionId]


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
        months = closed_months(connection)[-SHOWN:]
        going = _known_going(connection)
        unknown = tuple(month for month in months if month not in going)
        going |= {month: Going(month) for month in unknown}
        sections = [SectionId(one.id) for one in fetch(connection, _SECTIONS)]
        now = _Kept(version, months, going, unknown, sections if unknown else [])
        _kept[desk] = now
    return now


def _known_going(connection: Connection) -> dict[Month, Going]:
    """Return how months went as their closings keep it."""
    found = {}
    for row in fetch(connection, _WENT):
        month = Month.parse(row.month)
        found[month] = Going(month, row.covered, row.due_amount, row.due_paid, row.payers_paid)
    return found


def _add_section(connection: Connection, now: _Kept, section_id: SectionId) -> int:
    households = 0
    for _, facts in each_facts(connection, section_id=section_id):
        households += 1
        for month in now.unknown:
            now.going[month].add(facts, account_on(facts, month.last))
    return households


def _trend(
    connection: Connection,
    now: _Kept,
    sums: Mapping[Month, Mapping[str, int]],
    out: Mapping[Month, int],
    at: int,
) -> MonthTrend:
    month = now.months[at]
    went = now.going[month]
    earned, benefits = earned_and_spent(sums.get(month, {}))
    held = sum(
        main_accounts(told).get(role, 0)
        for one, told in sums.items()
        if one <= month
        for role in CASH | BANK
    )
    since = max(month.plus(1 - YEAR), min(sums, default=month))
    payers = went.payers
    if payers is None:
        payers = paid_by_payers(connection, month, month)
    known = [out.get(since.plus(step), 0) for step in range(_between(since, month) + 1)]
    return MonthTrend(
        month,
        went.covered,
        went.due,
        went.paid + payers,
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
