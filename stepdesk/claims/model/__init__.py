"""Tables of claims."""

from stepdesk.claims.model.claims import (
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

__all__ = [
    "claim",
    "claim_batch",
    "claim_decision",
    "claim_line",
    "diagnosis",
    "guarantee_letter",
    "guarantee_letter_step",
    "line_decision",
    "paid_claim",
    "provider_payment",
    "use_before",
]
