"""How dues are reckoned, money is allotted, and a household's account is replayed."""

from stepdesk.contributions.rules.account import account_on, moved_by
from stepdesk.contributions.rules.allotting import (
    allot,
    amount_to_reach,
    reallot,
    regular_amount,
    reversal_parts,
)
from stepdesk.contributions.rules.amounts import counted, due_amounts
from stepdesk.contributions.rules.calendar import (
    FOREVER,
    Key,
    due_on,
    effect_date_of,
    months_of,
    next_window,
    open_on,
    pay_by,
    period_at,
    plan_on,
)
from stepdesk.contributions.rules.earning import earned_to_date
from stepdesk.contributions.rules.example import entry_opens, example_texts, plan_example, quote
from stepdesk.contributions.rules.fees import (
    begins_year,
    discount_at_start,
    fees_on,
    prepay_discount,
)
from stepdesk.contributions.rules.openings import opening_dues, owed_dues, owed_through
from stepdesk.contributions.rules.replay import ended_on

__all__ = [
    "FOREVER",
    "Key",
    "account_on",
    "allot",
    "amount_to_reach",
    "begins_year",
    "counted",
    "discount_at_start",
    "due_amounts",
    "due_on",
    "earned_to_date",
    "effect_date_of",
    "ended_on",
    "entry_opens",
    "example_texts",
    "fees_on",
    "months_of",
    "moved_by",
    "next_window",
    "open_on",
    "opening_dues",
    "owed_dues",
    "owed_through",
    "pay_by",
    "period_at",
    "plan_example",
    "plan_on",
    "prepay_discount",
    "quote",
    "reallot",
    "regular_amount",
    "reversal_parts",
]
