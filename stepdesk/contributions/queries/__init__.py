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
from stepdesk.contributions.queries.receipts import (
    next_receipt,
    number,
    payment_by_number,
    payment_by_request,
    receipt_code,
    receipt_gaps,
    receipt_of,
    receipts_of,
    receipts_of_session,
)
from stepdesk.contributions.queries.sessions import collector_balances, session_of, sessions

__all__ = [
    "IMPORTED",
    "account_of",
    "all_facts",
    "allotment_of",
    "amount_for_periods",
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
    "number",
    "payment_by_number",
    "payment_by_request",
    "payments_counted",
    "plan_version",
    "plans",
    "receipt_code",
    "receipt_gaps",
    "receipt_of",
    "receipts_of",
    "receipts_of_session",
    "receivable_by_due",
    "session_of",
    "sessions",
]
