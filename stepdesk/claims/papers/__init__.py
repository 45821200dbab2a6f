"""Papers of claims."""

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
    "STATES",
    "Compared",
    "Sums",
    "WallHead",
    "batch_slip_pdf",
    "comparison_listing",
    "state_text",
    "sums_of",
    "voucher_pdf",
    "wall_list_pdf",
    "whole_text",
]
