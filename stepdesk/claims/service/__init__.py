"""Verbs of claims."""

from stepdesk.claims.service.capitation import (
    pay_budget,
    pay_deposit,
    return_deposit,
    reverse_capitation,
    run_capitation,
    run_shared_capitation,
)
from stepdesk.claims.service.deciding import (
    DecidedBatch,
    decide_batch,
    decide_claim,
    facts_now,
    undecided_version,
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
from stepdesk.claims.service.paying import PaidProvider, pay_provider
from stepdesk.claims.service.payment_batches import (
    acknowledge_payment,
    approve_payment,
    cancel_payment,
    order_payment,
    pay_batch,
    prepare_payment,
)
from stepdesk.claims.service.reimbursing import (
    receive_recovery,
    recover_from_member,
    reimburse_member,
    request_reimbursement,
)

__all__ = [
    "HISTORY",
    "HISTORY_BATCH",
    "MOST_UNITS",
    "BatchRow",
    "DecidedBatch",
    "PaidProvider",
    "acknowledge_payment",
    "approve_payment",
    "ask_care_rights",
    "batch_row",
    "bring_in_batch",
    "bring_in_claim",
    "cancel_payment",
    "decide_batch",
    "decide_claim",
    "diagnosis_of",
    "enter_claim",
    "expected",
    "expected_steps",
    "facts_now",
    "forget_draft",
    "keep_draft",
    "next_serial",
    "open_batch",
    "order_payment",
    "pay_batch",
    "pay_budget",
    "pay_deposit",
    "pay_provider",
    "prepare_payment",
    "preview",
    "receive_recovery",
    "recover_from_member",
    "reimburse_member",
    "request_reimbursement",
    "return_deposit",
    "reverse_capitation",
    "run_capitation",
    "run_shared_capitation",
    "tell_care_rights",
    "undecided_version",
    "withdraw_claim",
]
