"""Papers of contributions: receipts, slips, cards, collection sheets, the register of booklets."""

from stepdesk.contributions.papers.receipts import (
    receipt_pdf,
    receipts_pdf,
    roll_dots,
    roll_pdf,
)
from stepdesk.contributions.papers.session_slips import session_slip_pdf
from stepdesk.contributions.papers.told import MEANS

__all__ = [
    "MEANS",
    "receipt_pdf",
    "receipts_pdf",
    "roll_dots",
    "roll_pdf",
    "session_slip_pdf",
]
