"""Words of claims."""

from stepdesk.claims.terms.claims import (
    Assessment,
    Batch,
    Claim,
    ClaimFacts,
    ClaimLine,
    Cut,
    LineDecision,
    LineFacts,
    NewClaim,
    NewLine,
    Outcome,
    Owed,
    PaidBatch,
    PaymentRow,
    State,
    Use,
    Voucher,
    Waiting,
    Why,
)
from stepdesk.claims.terms.diagnoses import ANY_LANGUAGE, BroughtDiagnoses, Diagnosis
from stepdesk.claims.terms.tariffs import WallLine
from stepdesk.values.care import Visit

__all__ = [
    "ANY_LANGUAGE",
    "Assessment",
    "Batch",
    "BroughtDiagnoses",
    "Claim",
    "ClaimFacts",
    "ClaimLine",
    "Cut",
    "Diagnosis",
    "LineDecision",
    "LineFacts",
    "NewClaim",
    "NewLine",
    "Outcome",
    "Owed",
    "PaidBatch",
    "PaymentRow",
    "State",
    "Use",
    "Visit",
    "Voucher",
    "Waiting",
    "WallLine",
    "Why",
]
