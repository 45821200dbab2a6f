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
    fees_earned,
    held_by_target,
    household_accounts,
    imported_paid,
    payers_earned,
    payments_counted,
    receivable_by_due,
)
from stepdesk.contributions.queries.group_sums import (
    GroupPreview,
    GroupRow,
    fill_group,
    payments_of_group_sum,
    preview_group,
)
from stepdesk.contributions.queries.payer_statements import Draft, draft_statement
from stepdesk.contributions.queries.plans import plan_version, plans
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
from stepdesk.contributions.queries.sessions import collector_balances, session_of, sessions

__all__ = [
    "IMPORTED",
    "Draft",
    "GroupPreview",
    "GroupRow",
    "account_of",
    "all_facts",
    "allotment_of",
    "amount_for_periods",
    "collector_balances",
    "draft_statement",
    "due_row",
    "each_facts",
    "earned_by_due",
    "expected_of",
    "facts_of",
    "fees_earned",
    "fill_group",
    "held_by_target",
    "household_accounts",
    "imported_paid",
    "next_receipt",
    "payers_earned",
    "payment_by_number",
    "payment_by_request",
    "payments_counted",
    "payments_of_group_sum",
    "plan_version",
    "plans",
    "preview_group",
    "receipt_code",
    "receipt_gaps",
    "receipt_of",
    "receipts_of",
    "receipts_of_session",
    "receivable_by_due",
    "session_of",
    "sessions",
]
