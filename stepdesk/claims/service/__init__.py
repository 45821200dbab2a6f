"""Verbs of claims."""

from stepdesk.claims.service.deciding import (
    DecidedBatch,
    decide_batch,
    decide_claim,
    facts_now,
    withdraw_claim,
)
from stepdesk.claims.service.entering import (
    HISTORY,
    HISTORY_BATCH,
    MOST_UNITS,
    BatchRow,
    batch_row,
    enter_claim,
    next_serial,
    open_batch,
)
from stepdesk.claims.service.history import bring_in_batch, bring_in_claim
from stepdesk.claims.service.looking import (
    ask_care_rights,
    diagnosis_of,
    expected,
    expected_steps,
    forget_draft,
    keep_draft,
    preview,
    tell_care_rights,
)
from stepdesk.claims.service.opening import enter_use_before
from stepdesk.claims.service.overriding import (
    LEVELS,
    appeal_claim,
    override_claim,
    overturn_claim,
    reverse_claim,
    uphold_claim,
)
from stepdesk.claims.service.paying import PaidProvider, pay_provider
from stepdesk.claims.service.reconciling import enter_unknown, name_difference, solve_unknown
from stepdesk.claims.service.relative import run_relative
from stepdesk.claims.service.reviewing import (
    MEDICAL,
    answer_query,
    ask_query,
    check_claim,
    justifications_of,
    review_claim,
)
from stepdesk.claims.service.routing import Routed, ask_review, route_batch
from stepdesk.claims.service.what_if import what_if

__all__ = [
    "HISTORY",
    "HISTORY_BATCH",
    "LEVELS",
    "MEDICAL",
    "MOST_UNITS",
    "BatchRow",
    "DecidedBatch",
    "PaidProvider",
    "Routed",
    "answer_query",
    "appeal_claim",
    "ask_care_rights",
    "ask_query",
    "ask_review",
    "batch_row",
    "bring_in_batch",
    "bring_in_claim",
    "check_claim",
    "decide_batch",
    "decide_claim",
    "diagnosis_of",
    "enter_claim",
    "enter_unknown",
    "enter_use_before",
    "expected",
    "expected_steps",
    "facts_now",
    "forget_draft",
    "justifications_of",
    "keep_draft",
    "name_difference",
    "next_serial",
    "open_batch",
    "override_claim",
    "overturn_claim",
    "pay_provider",
    "preview",
    "reverse_claim",
    "review_claim",
    "route_batch",
    "run_relative",
    "solve_unknown",
    "tell_care_rights",
    "uphold_claim",
    "what_if",
    "withdraw_claim",
]
