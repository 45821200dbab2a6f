"""Papers of claims."""

from stepdesk.claims.papers.paying import (
    PAYMENT_STATES,
    benefits_list,
    delays_list,
    mirror_pdf,
    payment_order_pdf,
    reasons_list,
    recoveries_list,
    refund_voucher_pdf,
    refunds_list,
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
    "mirror_pdf",
    "payment_order_pdf",
    "reasons_list",
    "recoveries_list",
    "refund_voucher_pdf",
    "refunds_list",
    "state_text",
    "sums_of",
    "voucher_pdf",
]
