"""How dues are reckoned, money is allotted, and a household's account is replayed."""

from stepdesk.contributions.rules.account import account_on, moved_by, struck_off_by_time
from stepdesk.contributions.rules.adjusting import moved_beside, put_beside
from stepdesk.contributions.rules.allotting import (
    Slot,
    allot,
    amount_to_reach,
    beyond_advance,
    last_part,
    reallot,
    reallot_apart,
    regular_amount,
    reversal_parts,
)
from stepdesk.contributions.rules.amounts import counted, due_amounts
from stepdesk.contributions.rules.booklets import (
    booklet_findings,
    booklet_state,
    held_by,
    holder_on,
    mark_of,
    runs,
    runs_text,
)
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
from stepdesk.contributions.rules.earning import (
    account_and_earned,
    awaited_shares,
    earned_of,
    earned_to_date,
    fees_of_payers,
)
from stepdesk.contributions.rules.example import entry_opens, example_texts, plan_example, quote
from stepdesk.contributions.rules.fees import (
    begins_year,
    discount_at_start,
    fees_on,
    prepay_discount,
)
from stepdesk.contributions.rules.group_sums import Filling, filling
from stepdesk.contributions.rules.monthly import MonthlyDues, dues_of_months
from stepdesk.contributions.rules.openings import opening_dues, owed_dues, owed_through
from stepdesk.contributions.rules.payer_parts import PayerShare, payer_shares
from stepdesk.contributions.rules.periods import period_on
from stepdesk.contributions.rules.replay import ended_on, entry_fee_of, standing_dues, turned

__all__ = [
    "FOREVER",
    "Filling",
    "Key",
    "MonthlyDues",
    "PayerShare",
    "Slot",
    "account_and_earned",
    "account_on",
    "allot",
    "amount_to_reach",
    "awaited_shares",
    "begins_year",
    "beyond_advance",
    "booklet_findings",
    "booklet_state",
    "counted",
    "discount_at_start",
    "due_amounts",
    "due_on",
    "dues_of_months",
    "earned_of",
    "earned_to_date",
    "effect_date_of",
    "ended_on",
    "entry_fee_of",
    "entry_opens",
    "example_texts",
    "fees_of_payers",
    "fees_on",
    "filling",
    "held_by",
    "holder_on",
    "last_part",
    "mark_of",
    "months_of",
    "moved_beside",
    "moved_by",
    "next_window",
    "open_on",
    "opening_dues",
    "owed_dues",
    "owed_through",
    "pay_by",
    "payer_shares",
    "period_at",
    "period_on",
    "plan_example",
    "plan_on",
    "prepay_discount",
    "put_beside",
    "quote",
    "reallot",
    "reallot_apart",
    "regular_amount",
    "reversal_parts",
    "runs",
    "runs_text",
    "standing_dues",
    "struck_off_by_time",
    "turned",
]
