"""Tables of claims."""

from stepdesk.claims.model.capitation import capitation_run, provider_deposit
from stepdesk.claims.model.claims import (
    claim,
    claim_batch,
    claim_decision,
    claim_line,
    line_decision,
    paid_claim,
    provider_payment,
)
from stepdesk.claims.model.diagnoses import diagnosis
from stepdesk.claims.model.payment_batches import (
    payment_batch,
    payment_batch_line,
    payment_batch_step,
)
from stepdesk.claims.model.reimbursing import (
    member_payment,
    member_recovery,
    recovery_payment,
    reimbursed_claim,
)

__all__ = [
    "capitation_run",
    "claim",
    "claim_batch",
    "claim_decision",
    "claim_line",
    "diagnosis",
    "line_decision",
    "member_payment",
    "member_recovery",
    "paid_claim",
    "payment_batch",
    "payment_batch_line",
    "payment_batch_step",
    "provider_deposit",
    "provider_payment",
    "recovery_payment",
    "reimbursed_claim",
]
