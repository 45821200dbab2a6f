"""How the scheme stands, and whether its month can be closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from stepdesk.benefits.terms import Category
from stepdesk.claims.queries import (
    claims_that_differ,
    lying_with_providers,
    owed_by_members,
    owed_to_members,
    owed_to_providers,
)
from stepdesk.claims.terms import Outcome
from stepdesk.contributions.queries import (
    each_facts,
    owed_by_collectors,
    receipt_gaps,
    sessions,
)
from stepdesk.contributions.rules import account_on, months_of, plan_on
from stepdesk.contributions.terms import AccountFacts
from stepdesk.countries import country
from stepdesk.i18n import N_, Text
from stepdesk.ledger.queries import (
    balance_of,
    broken_seals,
    first_open,
    on_cash_basis,
    told_by_hand,
    trial_balance,
    unbalanced,
    voucher_gaps,
    wrong_sums,
)
from stepdesk.ledger.terms import Check, CheckLine
from stepdesk.members.queries import counts_on, stale_search_rows
from stepdesk.payers.queries import payer_receipt_gaps
from stepdesk.payers.rules import ROLE_OF
from stepdesk.payers.terms import PayerKind
from stepdesk.reports import rules
from stepdesk.reports.queries.standings import standings
from stepdesk.reports.terms import (
    ClaimMonth,
    HouseholdMonth,
    Mark,
    Measure,
    Measures,
    Moved,
    Standing,
)
from stepdesk.rights.queries import state_of
from stepdesk.rights.terms import HouseholdState
from stepdesk.store.backup import last_backup
from stepdesk.store.desk import Desk
from stepdesk.store.reading import fetch
from stepdesk.values.care import Level
from stepdesk.values.ids import HouseholdId
from stepdesk.values.money import Money
from stepdesk.values.month import Month, add_months

_YEAR = 12  # months that what is paid once counts for
_COLLECTED = text(
    "SELECT coalesce(sum(amount), 0) FROM payment WHERE substr(paid_on, 1, 7) = :month"
    " AND entry_id IS NOT NULL"
)
_COVERED = frozenset({HouseholdState.ACTIVE, HouseholdState.GRACE})


def standing(desk: Desk) -> Standing:
    """Return how the scheme stands today."""
    day, currency = desk.today, desk.currency
    told = standings(desk)
    with desk.read() as connection:
        households, persons = counts_on(connection, day)
        in_state: dict[HouseholdState, list[HouseholdId]] = {}
        for one, now in told.items():
            in_state.setdefault(now.state, []).append(one)
        late = [
            *in_state.get(HouseholdState.GRACE, ()),
            *in_state.get(HouseholdState.SUSPENDED, ()),
        ]
        two_months = add_months(day, -2)
        late_long = [
            one
            for one in late
            if (due_on := told[one].oldest_due_on) is not None and due_on <= two_months
        ]
        states = {one: now.state for one, now in told.items()}
        covered = _covered(connection, states, day.isoformat())
        return Standing(
            month=Month.of(day),
            households=households,
            persons=persons,
            covered=covered,
            late=tuple(late),
            late_long=tuple(late_long),
            stopped=tuple(in_state.get(HouseholdState.SUSPENDED, ())),
            waiting=tuple(in_state.get(HouseholdState.WAITING, ())),
            not_entered=tuple(in_state.get(HouseholdState.REGISTERED, ())),
            cash=Money(balance_of(connection, "cash_main"), currency),
            carried=Money(balance_of(connection, "collector"), currency),
            arrears=Money(sum(now.arrears for now in told.values()), currency),
            collected=Money(
                connection.execute(_COLLECTED, {"month": str(Month.of(day))}).scalar_one(),
                currency,
            ),
            open_sessions=len(sessions(connection, currency, open_only=True)),
            last_backup=last_backup(desk),
            last_backup_outside=last_backup(desk, outside=True),
            next_closing=first_open(connection, desk.made_on),
        )


def _covered(
    connection: Connection, states: Mapping[HouseholdId, HouseholdState], day: str
) -> int:
    rows = connection.execute(
        text(
            "SELECT household_id, count(*) AS persons FROM cover WHERE first_day <= :day"
            " AND (until IS NULL OR until > :day) GROUP BY household_id"
        ),
        {"day": day},
    )
    found = 0
    for row in rows:
        if states.get(HouseholdId(row.household_id)) in _COVERED:
            found += row.persons
    return found


def checklist(desk: Desk, month: Month) -> tuple[CheckLine, ...]:
    """Return the lines to go through before a month is closed. Source: screens handbook 2.9."""
    with desk.read() as connection:
        still_open = [
            one
            for one in sessions(connection, desk.currency, open_only=True)
            if one.day <= month.last
        ]
        carried = Money(balance_of(connection, "collector"), desk.currency)
        balance = trial_balance(connection, country(desk.country), month)
        agrees = balance.debit == balance.credit and not unbalanced(connection)
        verified = connection.execute(
            text("SELECT max(until_act) FROM verification WHERE findings = 0")
        ).scalar_one()
        acts = connection.execute(text("SELECT coalesce(max(n), 0) FROM act")).scalar_one()
    copied = last_backup(desk)
    recent = copied is not None and copied > desk.clock.now() - timedelta(days=7)
    return (
        CheckLine(Check.SESSIONS_CLOSED, not still_open, needed=True, count=len(still_open)),
        CheckLine(Check.COLLECTORS_HANDED_OVER, not carried, needed=False, amount=carried),
        CheckLine(Check.BALANCE_AGREES, agrees, needed=True, amount=balance.debit),
        CheckLine(Check.JOURNAL_VERIFIED, (verified or 0) >= acts, needed=False, count=acts),
        CheckLine(Check.BACKED_UP, recent, needed=False),
    )


def disagreements(connection: Connection, *, verified: bool = False) -> tuple[Text, ...]:
    """Return what the books say against each other beyond the journal; there must be nothing.

    Entries that do not balance, control accounts, gaps in receipt numbers, closings that vouch
    for other acts, people a search would miss. Source: domain handbook Y.8.

    Args:
        connection: A reader.
        verified: The whole book was just verified: sums and search rows were compared there.
    """
    found = [
        Text(N_("Entry {number} does not balance."), {"number": number})
        for number in unbalanced(connection)
    ]
    found += [
        Text(
            N_("Account {role} holds {ledger}, its own list says {list}."),
            {"role": role, "ledger": ledger, "list": listed},
        )
        for role, (ledger, listed) in control_differences(connection).items()
    ]
    found += [
        Text(N_("Receipts of series {series}: {count} are missing."), {"series": a, "count": n})
        for a, n in (*receipt_gaps(connection), *payer_receipt_gaps(connection))
    ]
    found += [
        Text(N_("Vouchers of series {series}: {count} are missing."), {"series": a, "count": n})
        for a, n in voucher_gaps(connection)
    ]
    found += [] if verified else _unlike(connection)
    found += [
        Text(N_("The closing of {month} vouches for other acts than there are."), {"month": month})
        for month in broken_seals(connection)
    ]
    found += [
        Text(N_("The amounts of claim {number} do not add up."), {"number": number})
        for number in claims_that_differ(connection)
    ]
    return tuple(found)


def _unlike(connection: Connection) -> list[Text]:
    found = [
        Text(N_("The sums kept of {month} are not those of its entries."), {"month": month})
        for month in wrong_sums(connection)
    ]
    if stale := stale_search_rows(connection):
        found.append(Text(N_("A search would miss {count} people."), {"count": stale}))
    return found


def control_differences(connection: Connection) -> dict[str, tuple[int, int]]:
    """Return control accounts that differ from their subsidiary ledgers: (ledger, subsidiary).

    A subsidiary ledger is the list of receipts, hand-overs, claims and payments, and what
    vouchers and the opening balance sheet say of single persons. Source: domain handbook Y.8 (4).
    There must be none.
    """
    advance = connection.execute(
        text(
            "SELECT coalesce((SELECT sum(amount) FROM allocation WHERE target NOT IN"
            " ('ENTRY_FEE', 'CARD_FEE', 'ASSEMBLY_FEE', 'PENALTY')), 0)"
            " - coalesce((SELECT sum(paid) FROM earning), 0)"
        )
    ).scalar_one()
    owed = connection.execute(text("SELECT coalesce(sum(unpaid), 0) FROM earning")).scalar_one()
    lists = {
        "contrib_advance": -advance,
        "member_receivable": owed + owed_by_members(connection),
        "provider_payable": -owed_to_providers(connection),
        "provider_advance": lying_with_providers(connection),
        "member_refund": -owed_to_members(connection),
        "collector": owed_by_collectors(connection),
        "supplier": 0,
        "staff": 0,
        "transfer": 0,
    }
    if on_cash_basis(connection):
        del lists["contrib_advance"], lists["member_receivable"]
    by_hand = told_by_hand(connection)
    sides = {
        role: (balance_of(connection, role), listed + by_hand.get(role, 0))
        for role, listed in lists.items()
    }
    sides |= _payers_owe(connection)
    if on_cash_basis(connection):
        sides["contribution"] = _cash_basis(connection)
    return {role: _told(role, *pair) for role, pair in sides.items() if pair[0] != pair[1]}


def _told(role: str, ledger: int, listed: int) -> tuple[int, int]:
    """Return both sides as people say them: what is owed by the scheme is above zero."""
    return (
        (-ledger, -listed)
        if role in {"contrib_advance", "provider_payable", "member_refund"}
        else (ledger, listed)
    )


def _cash_basis(connection: Connection) -> tuple[int, int]:
    """Return what receipts booked as income and what they were allotted, on the cash basis."""
    row = fetch(
        connection,
        "SELECT (SELECT coalesce(-sum(l.amount), 0) FROM entry e JOIN entry_line l"
        " ON l.entry_id = e.id WHERE e.journal = 'CO'"
        " AND l.role IN ('contribution', 'contrib_advance')) AS booked,"
        " (SELECT coalesce(sum(a.amount), 0) FROM allocation a JOIN payment p"
        " ON p.id = a.payment_id WHERE a.target <> 'ENTRY_FEE' AND p.entry_id IS NOT NULL) AS told",
    )[0]
    return row.booked, row.told


def _payers_owe(connection: Connection) -> dict[str, tuple[int, int]]:
    """Return what the accounts of payers hold, and what was earned of them less what they paid."""
    held = {
        row.role: row.held
        for row in fetch(
            connection,
            "SELECT role, sum(amount) AS held FROM entry_line WHERE party IS NOT NULL"
            " AND role IN ('state_subsidy', 'donor', 'payer_receivable') GROUP BY role",
        )
    }
    owed: dict[str, int] = {}
    for row in fetch(connection, _OWED_BY_KIND):
        role = ROLE_OF[PayerKind(row.kind)]
        owed[role] = owed.get(role, 0) + row.owed
    return {role: (held.get(role, 0), owed.get(role, 0)) for role in sorted({*held, *owed})}


_OWED_BY_KIND = (
    "SELECT p.kind, sum(x.amount) AS owed FROM payer p JOIN ("
    "SELECT a.payer_id, e.payer_amount AS amount FROM earning e"
    " JOIN payer_agreement a ON a.id = e.agreement_id"
    " UNION ALL SELECT payer_id, -amount FROM payer_payment) x ON x.payer_id = p.id"
    " GROUP BY p.kind"
)


# The measures of a month

_BOOKED = (
    "SELECT p.household_id, p.means, sum(p.amount) AS amount FROM payment p"
    " JOIN entry e ON e.id = p.entry_id WHERE e.month = :month GROUP BY p.household_id, p.means"
)
_ACCOUNTS = (
    "SELECT l.role, sum(l.amount) AS held,"
    " sum(CASE WHEN e.month = :month AND e.journal <> 'AN' THEN l.amount ELSE 0 END) AS moved"
    " FROM entry_line l JOIN entry e ON e.id = l.entry_id WHERE e.month <= :month GROUP BY l.role"
)
# A decision belongs to the month it was booked in; one that books nothing, to that of its day.
_DECISIONS = (
    "SELECT d.id, d.claim_id, d.version, d.outcome, d.paid,"
    " coalesce(e.month, substr(d.decided_on, 1, 7)) AS month"
    " FROM claim_decision d LEFT JOIN entry e ON e.id = d.entry_id"
)
_DECIDED = (
    f"SELECT d.*, c.person_id, c.first_day, q.sex, q.birth, v.level FROM ({_DECISIONS}) d"
    " JOIN claim c ON c.id = d.claim_id JOIN person q ON q.id = c.person_id"
    " JOIN claim_batch b ON b.id = c.batch_id JOIN provider v ON v.id = b.provider_id"
    " WHERE c.legacy_number IS NULL AND d.month <= :month AND d.claim_id IN"
    f" (SELECT claim_id FROM ({_DECISIONS}) WHERE month = :month) ORDER BY d.claim_id, d.version"
)
_LINES = (
    "SELECT l.decision_id, s.category, sum(l.paid) AS paid FROM line_decision l"
    " JOIN claim_line k ON k.id = l.line_id JOIN service s ON s.id = k.service_id"
    f" WHERE l.decision_id IN (SELECT id FROM ({_DECISIONS}) WHERE claim_id IN"
    f" (SELECT claim_id FROM ({_DECISIONS}) WHERE month = :month)) GROUP BY 1, 2"
)
_PENDING = (
    f"SELECT c.person_id FROM ({_DECISIONS}) d JOIN claim c ON c.id = d.claim_id"
    " WHERE c.legacy_number IS NULL AND d.outcome = 'PENDING' AND d.month <= :month"
    f" AND NOT EXISTS (SELECT 1 FROM ({_DECISIONS}) n WHERE n.claim_id = d.claim_id"
    " AND n.version > d.version AND n.month <= :month)"
)
_PAID_OUT = (
    "SELECT c.person_id, b.received_on, v.day FROM paid_claim p"
    " JOIN provider_payment v ON v.id = p.provider_payment_id JOIN entry e ON e.id = v.entry_id"
    " JOIN claim c ON c.id = p.claim_id JOIN claim_batch b ON b.id = c.batch_id"
    " WHERE c.legacy_number IS NULL AND e.month = :month AND v.reverses IS NULL"
)
_MOVED = {
    "claims": (
        "SELECT e.month, count(DISTINCT c.person_id) AS n FROM claim_decision d"
        " JOIN entry e ON e.id = d.entry_id JOIN claim c ON c.id = d.claim_id"
        " WHERE e.month <= :month GROUP BY e.month"
    ),
    "paid": (
        "SELECT e.month, count(DISTINCT c.person_id) AS n FROM paid_claim p"
        " JOIN provider_payment v ON v.id = p.provider_payment_id"
        " JOIN entry e ON e.id = v.entry_id JOIN claim c ON c.id = p.claim_id"
        " WHERE e.month <= :month GROUP BY e.month"
    ),
    "payers": (
        "SELECT e.month, count(DISTINCT p.household_id) AS n FROM payment p"
        " JOIN entry e ON e.id = p.entry_id WHERE e.month <= :month GROUP BY e.month"
    ),
    "in_cash": (
        "SELECT e.month, count(DISTINCT p.household_id) AS n FROM payment p"
        " JOIN entry e ON e.id = p.entry_id WHERE e.month <= :month AND p.means = 'CASH'"
        " GROUP BY e.month"
    ),
    "by_bank": (
        "SELECT e.month, count(DISTINCT p.household_id) AS n FROM payment p"
        " JOIN entry e ON e.id = p.entry_id WHERE e.month <= :month AND p.means <> 'CASH'"
        " GROUP BY e.month"
    ),
}


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Every household at the end of a month, with the facts it was reckoned from."""

    month: Month
    known: Mapping[HouseholdId, AccountFacts]
    households: Sequence[HouseholdMonth]


def reckon(
    connection: Connection, month: Month, known: Mapping[HouseholdId, AccountFacts] | None = None
) -> Reckoned:
    """Return every household as it stood on the last day of a month.

    Args:
        connection: A reader's.
        month: The month.
        known: The facts of all, where another month was reckoned from them already.
    """
    facts = dict(each_facts(connection)) if known is None else known
    return Reckoned(month, facts, _households(connection, facts, month))


def measures(connection: Connection, month: Month, reckoned: Reckoned | None = None) -> Measures:
    """Return the figures of a month as booked, each with how many people are behind it.

    What moved is what was booked in the month, stocks are those at its last day. Nothing is
    hidden here: these figures stay in the scheme.

    Args:
        connection: A reader's.
        month: The month.
        reckoned: Its households, where they were reckoned already.
    """
    of = reckoned or reckon(connection, month)
    return Measures(
        month,
        tables_of(connection, of),
        moved=_moved(connection, month),
        january=_january(of.known, Month(month.year, 1).first),
    )


def tables_of(connection: Connection, of: Reckoned) -> dict[str, tuple[Measure, ...]]:
    """Return the tables of a month, without what returns ask of the months before."""
    month = of.month
    claims = _claims(connection, month)
    paid_out = fetch(connection, _PAID_OUT, month=str(month))
    return {
        **rules.membership(of.households, month.last),
        **rules.contributions(of.households),
        **rules.benefits(claims),
        "b_refused": _refused(connection, month),
        "b_delay": rules.tallied(4, (_delay(row) for row in paid_out)),
        "e_money": _accounts(connection, month),
    }


def _households(
    connection: Connection, known: Mapping[HouseholdId, AccountFacts], month: Month
) -> list[HouseholdMonth]:
    paid: dict[bytes, dict[str, int]] = {}
    for row in fetch(connection, _BOOKED, month=str(month)):
        paid.setdefault(row.household_id, {})[row.means] = row.amount
    return [_household(one, facts, month, paid.get(one, {})) for one, facts in known.items()]


def _household(
    one: HouseholdId, facts: AccountFacts, month: Month, paid: Mapping[str, int]
) -> HouseholdMonth:
    account = account_on(facts, month.last)
    return HouseholdMonth(
        one,
        state_of(facts, account, month.last),
        facts.covers,
        rules.called_in(account, month),
        account.arrears,
        months_of(plan_on(facts.plans, month.last)) or _YEAR,
        paid,
    )


def _claims(connection: Connection, month: Month) -> list[ClaimMonth]:
    """Return the claims of which the month decided, each by its last decision of the month."""
    lines: dict[bytes, dict[Category, int]] = {}
    for row in fetch(connection, _LINES, month=str(month)):
        lines.setdefault(row.decision_id, {})[Category(row.category)] = row.paid
    decided: dict[bytes, list[Any]] = {}
    for row in fetch(connection, _DECIDED, month=str(month)):
        decided.setdefault(row.claim_id, []).append(row)
    return [_claim(rows, lines, str(month)) for rows in decided.values()]


def _claim(
    rows: Sequence[Any], lines: Mapping[bytes, Mapping[Category, int]], month: str
) -> ClaimMonth:
    last = rows[-1]
    before = [row for row in rows if row.month < month][-1:]
    now, cases = rules.by_service(last.paid, lines.get(last.id, {}))
    for row in before:
        for service, paid in rules.by_service(row.paid, lines.get(row.id, {}))[0].items():
            now[service] = now.get(service, 0) - paid
    return ClaimMonth(
        last.person_id,
        last.sex,
        date.fromisoformat(last.birth),
        date.fromisoformat(last.first_day),
        rules.PLACE_OF[Level(last.level)],
        last.outcome == Outcome.APPROVED.value,
        last.paid - sum(row.paid for row in before),
        now,
        cases,
    )


def _refused(connection: Connection, month: Month) -> tuple[Measure, ...]:
    """Return the claims rejected in the month, and those put aside at its end."""
    last: dict[bytes, Any] = {}
    for row in fetch(connection, _DECIDED, month=str(month)):
        last[row.claim_id] = row
    rejected = (row for row in last.values() if row.outcome == Outcome.REJECTED.value)
    return rules.tallied(
        2,
        (
            *(Mark(0, row.person_id) for row in rejected),
            *(Mark(1, row.person_id) for row in fetch(connection, _PENDING, month=str(month))),
        ),
    )


def _delay(row: Any) -> Mark:
    received, paid = date.fromisoformat(row.received_on), date.fromisoformat(row.day)
    return Mark(rules.delay_place(received, paid), row.person_id)


def _accounts(connection: Connection, month: Month) -> tuple[Measure, ...]:
    rows = fetch(connection, _ACCOUNTS, month=str(month))
    return rules.accounts(
        {row.role: row.moved for row in rows}, {row.role: row.held for row in rows}
    )


def _moved(connection: Connection, month: Month) -> tuple[Moved, ...]:
    """Return how many moved the accounts, month by month; months of nobody change nothing."""
    found = {
        group: {row.month: row.n for row in fetch(connection, told, month=str(month))}
        for group, told in _MOVED.items()
    }
    months = sorted({str(month), *(one for counts in found.values() for one in counts)})
    return tuple(
        Moved(**{group: counts.get(one, 0) for group, counts in found.items()}) for one in months
    )


def _january(known: Mapping[HouseholdId, AccountFacts], day: date) -> int | None:
    """Return how many persons were covered on that day, None when nobody was."""
    covered = sum(
        len(rules.covered_on(facts.covers, day))
        for facts in known.values()
        if facts.joined_on <= day and state_of(facts, account_on(facts, day), day) in rules.LIVING
    )
    return covered or None
