"""Papers of claims."""

from stepdesk.claims.papers.notices import notice_pdf
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
    "STATES",
    "Sums",
    "batch_slip_pdf",
    "notice_pdf",
    "state_text",
    "sums_of",
    "voucher_pdf",
]
