"""Tables of claims."""

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

__all__ = [
    "claim",
    "claim_batch",
    "claim_decision",
    "claim_line",
    "diagnosis",
    "line_decision",
    "paid_claim",
    "provider_payment",
]
