"""Papers of claims."""

from stepdesk.claims.papers.letters import (
    LETTER_KINDS,
    LETTER_STATES,
    emergency_pad_pdf,
    guarantee_letter_pdf,
    open_letters_pdf,
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
    "LETTER_KINDS",
    "LETTER_STATES",
    "STATES",
    "Sums",
    "batch_slip_pdf",
    "emergency_pad_pdf",
    "guarantee_letter_pdf",
    "open_letters_pdf",
    "state_text",
    "sums_of",
    "voucher_pdf",
]
