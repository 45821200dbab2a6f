"""Papers of claims."""

from stepdesk.claims.papers.letters import (
    LETTER_KINDS,
    LETTER_STATES,
    emergency_pad_pdf,
    guarantee_letter_pdf,
    open_letters_pdf,
)
from stepdesk.claims.papers.pads import certificate_pad_pdf
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
    "STATES",
    "Compared",
    "Sums",
    "WallHead",
    "batch_slip_pdf",
    "certificate_pad_pdf",
    "comparison_listing",
    "emergency_pad_pdf",
    "guarantee_letter_pdf",
    "open_letters_pdf",
    "state_text",
    "sums_of",
    "voucher_pdf",
    "wall_list_pdf",
    "whole_text",
]
