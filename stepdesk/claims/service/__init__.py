"""Verbs of claims."""

from stepdesk.claims.service.deciding import (
    DecidedBatch,
    decide_batch,
    decide_claim,
    facts_now,
    undecided_version,
    withdraw_claim,
)
from stepdesk.claims.service.diagnoses import (
    bring_in_diagnoses,
    checked_diagnosis,
    drop_diagnosis,
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
from stepdesk.claims.service.paying import PaidProvider, pay_provider

__all__ = [
    "HISTORY",
    "HISTORY_BATCH",
    "MOST_UNITS",
    "BatchRow",
    "DecidedBatch",
    "PaidProvider",
    "ask_care_rights",
    "batch_row",
    "bring_in_batch",
    "bring_in_claim",
    "bring_in_diagnoses",
    "checked_diagnosis",
    "decide_batch",
    "decide_claim",
    "diagnosis_of",
    "drop_diagnosis",
    "enter_claim",
    "expected",
    "expected_steps",
    "facts_now",
    "forget_draft",
    "keep_draft",
    "next_serial",
    "open_batch",
    "pay_provider",
    "preview",
    "tell_care_rights",
    "undecided_version",
    "withdraw_claim",
]
