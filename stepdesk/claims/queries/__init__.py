"""Reading of claims."""

from stepdesk.claims.queries.care import (
    IMPORTED,
    ONE_OF,
    Care,
    care_of,
    check_hole,
    facts_of_claim,
    hole_text,
    papers_of,
    uses_of,
)
from stepdesk.claims.queries.certificates import (
    batch_of_number,
    batches,
    claim_of,
    claim_of_number,
    claims_of,
    draft_of,
    state_of,
    typed,
    undecided_of,
    why,
)
from stepdesk.claims.queries.checking import claims_that_differ
from stepdesk.claims.queries.diagnoses import (
    diagnoses,
    diagnoses_like,
    diagnosis_of_code,
    lists_diagnoses,
)
from stepdesk.claims.queries.paying import (
    Unpaid,
    owed_to_providers,
    owing,
    payments,
    unpaid_of,
    voucher_of,
    waiting,
)
from stepdesk.claims.queries.tariffs import (
    allowed_acts,
    compared_tariffs,
    wall_lines,
)

__all__ = [
    "IMPORTED",
    "ONE_OF",
    "Care",
    "Unpaid",
    "allowed_acts",
    "batch_of_number",
    "batches",
    "care_of",
    "check_hole",
    "claim_of",
    "claim_of_number",
    "claims_of",
    "claims_that_differ",
    "compared_tariffs",
    "diagnoses",
    "diagnoses_like",
    "diagnosis_of_code",
    "draft_of",
    "facts_of_claim",
    "hole_text",
    "lists_diagnoses",
    "owed_to_providers",
    "owing",
    "papers_of",
    "payments",
    "state_of",
    "typed",
    "undecided_of",
    "unpaid_of",
    "uses_of",
    "voucher_of",
    "waiting",
    "wall_lines",
    "why",
]
