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
from stepdesk.contributions.rules.booklets import (
    booklet_findings,
    booklet_state,
    held_by,
    holder_on,
    mark_of,
    runs,
    runs_text,
)
from stepdesk.contributions.rules.calendar import Key, due_on, effect_date_of, period_at, plan_on
from stepdesk.contributions.rules.earning import earned_to_date
from stepdesk.contributions.rules.openings import opening_dues, owed_dues, owed_through
from stepdesk.contributions.rules.replay import ended_on

__all__ = [
    "Key",
    "account_on",
    "allot",
    "amount_to_reach",
    "booklet_findings",
    "booklet_state",
    "due_amounts",
    "due_on",
    "earned_to_date",
    "effect_date_of",
    "ended_on",
    "held_by",
    "holder_on",
    "mark_of",
    "moved_by",
    "opening_dues",
    "owed_dues",
    "owed_through",
    "period_at",
    "plan_on",
    "reallot",
    "regular_amount",
    "reversal_parts",
    "runs",
    "runs_text",
]
