"""Papers of claims."""

from stepdesk.claims.papers.paying import (
    PAYMENT_STATES,
    benefits_list,
    delays_list,
    member_voucher_pdf,
    mirror_pdf,
    payment_order_pdf,
    reasons_list,
    recoveries_list,
    reimbursements_list,
)
from stepdesk.claims.papers.slips import (
    BOXES,
    STATES,
    Sums,
    batch_slip_pdf,
    state_text,
    sums_of,
    voucher_pdf,
)

__all__ = [
    "BOXES",
    "PAYMENT_STATES",
    "STATES",
    "Sums",
    "batch_slip_pdf",
    "benefits_list",
    "delays_list",
    "member_voucher_pdf",
    "mirror_pdf",
    "payment_order_pdf",
    "reasons_list",
    "recoveries_list",
    "reimbursements_list",
    "state_text",
    "sums_of",
    "voucher_pdf",
]
