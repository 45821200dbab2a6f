"""Tables of claims."""

from stepdesk.claims.model.capitation import capitation_run, provider_deposit
from stepdesk.claims.model.claims import (
    STANDING,
    claim,
    claim_batch,
    claim_decision,
    claim_line,
    line_decision,
    paid_claim,
    provider_payment,
    use_before,
)
from stepdesk.claims.model.diagnoses import diagnosis
from stepdesk.claims.model.letters import guarantee_letter, guarantee_letter_step
from stepdesk.claims.model.payment_batches import (
    payment_batch,
    payment_batch_line,
    payment_batch_step,
)
from stepdesk.claims.model.pictures import claim_picture, claim_picture_end
from stepdesk.claims.model.reimbursing import (
    member_payment,
    member_recovery,
    recovery_payment,
    reimbursed_claim,
    returned_recovery,
)
from stepdesk.claims.model.relative import relative_index, relative_run
from stepdesk.claims.model.reviewing import (
    batch_difference,
    claim_event,
    claim_override,
    claim_review,
    line_review,
    patient_found,
    review_sample,
    unknown_patient,
)
from stepdesk.claims.model.using import INTO_USED, KEEP, OF_MONTH, care_used, care_used_month

__all__ = [
    "INTO_USED",
    "KEEP",
    "OF_MONTH",
    "STANDING",
    "batch_difference",
    "capitation_run",
    "care_used",
    "care_used_month",
    "claim",
    "claim_batch",
    "claim_decision",
    "claim_event",
    "claim_line",
    "claim_override",
    "claim_picture",
    "claim_picture_end",
    "claim_review",
    "diagnosis",
    "guarantee_letter",
    "guarantee_letter_step",
    "line_decision",
    "line_review",
    "member_payment",
    "member_recovery",
    "paid_claim",
    "patient_found",
    "payment_batch",
    "payment_batch_line",
    "payment_batch_step",
    "provider_deposit",
    "provider_payment",
    "recovery_payment",
    "reimbursed_claim",
    "relative_index",
    "relative_run",
    "returned_recovery",
    "review_sample",
    "unknown_patient",
    "use_before",
]
