"""Papers of claims."""

from stepdesk.claims.papers.letters import (
    LETTER_KINDS,
    LETTER_STATES,
    emergency_pad_pdf,
    guarantee_letter_pdf,
    open_letters_pdf,
)
from stepdesk.claims.papers.notices import notice_pdf
from stepdesk.claims.papers.pads import certificate_pad_pdf
from stepdesk.claims.papers.paying import (
    PAYMENT_STATES,
    benefits_list,
    counted_list,
    counted_text,
    delays_list,
    history_list,
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
from stepdesk.claims.papers.tariffs import (
    CATEGORIES,
    Compared,
    WallHead,
    comparison_listing,
    wall_list_pdf,
    whole_text,
)

__all__ = [
    "BOXES",
    "CATEGORIES",
    "LETTER_KINDS",
    "LETTER_STATES",
    "PAYMENT_STATES",
    "STATES",
    "Compared",
    "Sums",
    "WallHead",
    "batch_slip_pdf",
    "benefits_list",
    "certificate_pad_pdf",
    "comparison_listing",
    "counted_list",
    "counted_text",
    "delays_list",
    "emergency_pad_pdf",
    "guarantee_letter_pdf",
    "history_list",
    "member_voucher_pdf",
    "mirror_pdf",
    "notice_pdf",
    "open_letters_pdf",
    "payment_order_pdf",
    "reasons_list",
    "recoveries_list",
    "reimbursements_list",
    "state_text",
    "sums_of",
    "voucher_pdf",
    "wall_list_pdf",
    "whole_text",
]
