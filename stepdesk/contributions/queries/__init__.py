"""Reading contributions: plans, what decides a household's account, receipts, sessions."""

from stepdesk.contributions.queries.expected import allotment_of, amount_for_periods, expected_of
from stepdesk.contributions.queries.facts import (
    IMPORTED,
    account_of,
    all_facts,
    due_row,
    each_facts,
    earned_by_due,
    facts_of,
    held_by_target,
    household_accounts,
    imported_paid,
    payments_counted,
    receivable_by_due,
)
from stepdesk.contributions.queries.plans import plan_version, plans
from stepdesk.contributions.queries.quotes import RenewalDue, quote_of, renewals
from stepdesk.contributions.queries.receipts import (
    next_receipt,
    payment_by_number,
    payment_by_request,
    receipt_code,
    receipt_gaps,
    receipt_of,
    receipts_of,
    receipts_of_session,
)
from stepdesk.contributions.queries.sessions import (
    carried_by,
    collector_balances,
    owed_by_collectors,
    session_of,
    sessions,
)

__all__ = [
    "IMPORTED",
    "RenewalDue",
    "account_of",
    "all_facts",
    "allotment_of",
    "amount_for_periods",
    "carried_by",
    "collector_balances",
    "due_row",
    "each_facts",
    "earned_by_due",
    "expected_of",
    "facts_of",
    "held_by_target",
    "household_accounts",
    "imported_paid",
    "next_receipt",
    "owed_by_collectors",
    "payment_by_number",
    "payment_by_request",
    "payments_counted",
    "plan_version",
    "plans",
    "quote_of",
    "receipt_code",
    "receipt_gaps",
    "receipt_of",
    "receipts_of",
    "receipts_of_session",
    "receivable_by_due",
    "renewals",
    "session_of",
    "sessions",
]
