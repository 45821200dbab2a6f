"""How the scheme stands, and whether its month can be closed."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.engine import Connection

from stepdesk.claims.queries import claims_that_differ, owed_to_providers
from stepdesk.contributions.queries import receipt_gaps, sessions
from stepdesk.contributions.terms import Account
from stepdesk.countries import country
from stepdesk.i18n import N_, Text
from stepdesk.ledger.queries import balance_of, broken_seals, first_open, trial_balance, unbalanced
from stepdesk.ledger.terms import Check, CheckLine
from stepdesk.members.queries import counts_on, stale_search_rows
from stepdesk.reports.terms import Standing
from stepdesk.rights.queries import all_states
from stepdesk.rights.terms import HouseholdState
from stepdesk.store.backup import last_backup
from stepdesk.store.desk import Desk
from stepdesk.values.ids import HouseholdId
from stepdesk.values.money import Money
from stepdesk.values.month import Month, add_months

_COLLECTED = text(
    "SELECT coalesce(sum(amount), 0) FROM payment WHERE substr(paid_on, 1, 7) = :month"
    " AND entry_id IS NOT NULL"
)
_COVERED = frozenset({HouseholdState.ACTIVE, HouseholdState.GRACE})


def standing(desk: Desk) -> Standing:
    """Return how the scheme stands today."""
    day, currency = desk.today, desk.currency
    with desk.read() as connection:
        states = all_states(connection, day)
        households, persons = counts_on(connection, day)
        in_state: dict[HouseholdState, list[HouseholdId]] = {}
        for one, (state, _) in states.items():
            in_state.setdefault(state, []).append(one)
        late = [
            *in_state.get(HouseholdState.GRACE, ()),
            *in_state.get(HouseholdState.SUSPENDED, ()),
        ]
        two_months = add_months(day, -2)
        late_long = [
            one
            for one in late
            if (unpaid := states[one][1].unpaid) is not None and unpaid.due.due_on <= two_months
        ]
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
            arrears=Money(sum(account.arrears for _, account in states.values()), currency),
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
    connection: Connection, states: Mapping[HouseholdId, tuple[HouseholdState, Account]], day: str
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
        state = states.get(HouseholdId(row.household_id))
        if state is not None and state[0] in _COVERED:
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


def disagreements(connection: Connection) -> tuple[Text, ...]:
    """Return what the books say against each other beyond the journal; there must be nothing.

    Entries that do not balance, control accounts, gaps in receipt numbers, closings that vouch
    for other acts, people a search would miss. Source: domain handbook Y.8.
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
        for a, n in receipt_gaps(connection)
    ]
    found += [
        Text(N_("The closing of {month} vouches for other acts than there are."), {"month": month})
        for month in broken_seals(connection)
    ]
    found += [
        Text(N_("The amounts of claim {number} do not add up."), {"number": number})
        for number in claims_that_differ(connection)
    ]
    if stale := stale_search_rows(connection):
        found.append(Text(N_("A search would miss {count} people."), {"count": stale}))
    return tuple(found)


def control_differences(connection: Connection) -> dict[str, tuple[int, int]]:
    """Return control accounts that differ from their subsidiary ledgers: (ledger, subsidiary).

    Source: domain handbook Y.8 (4). There must be none.
    """
    advance = connection.execute(
        text(
            "SELECT coalesce((SELECT sum(amount) FROM allocation WHERE target <> 'ENTRY_FEE'), 0)"
            " - coalesce((SELECT sum(paid) FROM earning), 0)"
        )
    ).scalar_one()
    owed = connection.execute(text("SELECT coalesce(sum(unpaid), 0) FROM earning")).scalar_one()
    booked = balance_of(connection, "contrib_advance")
    receivable = balance_of(connection, "member_receivable")
    pairs = {
        "contrib_advance": (-booked, advance),
        "member_receivable": (receivable, owed),
        "provider_payable": (
            -balance_of(connection, "provider_payable"),
            owed_to_providers(connection),
        ),
    }
    return {role: pair for role, pair in pairs.items() if pair[0] != pair[1]}
