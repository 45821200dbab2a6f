"""How dues are reckoned, money is allotted, and a household's account is replayed."""

from stepdesk.contributions.rules.account import account_on, moved_by
from stepdesk.contributions.rules.allotting import (
    allot,
    amount_to_reach,
    reallot,
    regular_amount,
    reversal_parts,
)
from stepdesk.contributions.rules.amounts import due_amounts
from stepdesk.contributions.rules.calendar import Key, due_on, effect_date_of, period_at, plan_on
from stepdesk.contributions.rules.earning import (
    awaited_shares,
    earned_of,
    earned_to_date,
    fee_of_payer,
)
from stepdesk.contributions.rules.group_sums import Filling, filling
from stepdesk.contributions.rules.monthly import MonthlyDues, dues_of_months
from stepdesk.contributions.rules.openings import opening_dues, owed_dues, owed_through
from stepdesk.contributions.rules.payer_parts import PayerShare, payer_shares
from stepdesk.contributions.rules.replay import ended_on

__all__ = [
    "Filling",
    "Key",
    "MonthlyDues",
    "PayerShare",
    "account_on",
    "allot",
    "amount_to_reach",
    "awaited_shares",
    "due_amounts",
    "due_on",
    "dues_of_months",
    "earned_of",
    "earned_to_date",
    "effect_date_of",
    "ended_on",
    "fee_of_payer",
    "filling",
    "moved_by",
    "opening_dues",
    "owed_dues",
    "owed_through",
    "payer_shares",
    "period_at",
    "plan_on",
    "reallot",
    "regular_amount",
    "reversal_parts",
]
