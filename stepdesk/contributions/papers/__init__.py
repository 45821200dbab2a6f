"""Papers of contributions: receipts, slips, cards, collection sheets, the register of booklets."""

from stepdesk.contributions.papers.booklets import (
    KINDS,
    LEAF_STATES,
    booklet_pdf,
    booklet_register_pdf,
    booklet_register_xlsx,
)
from stepdesk.contributions.papers.cards import contribution_card_pdf
from stepdesk.contributions.papers.hand_overs import hand_over_pdf
from stepdesk.contributions.papers.receipts import (
    receipt_pdf,
    receipts_pdf,
    roll_dots,
    roll_pdf,
)
from stepdesk.contributions.papers.session_slips import session_slip_pdf
from stepdesk.contributions.papers.sheets import collection_sheets_list, collection_sheets_pdf
from stepdesk.contributions.papers.told import MEANS

__all__ = [
    "KINDS",
    "LEAF_STATES",
    "MEANS",
    "booklet_pdf",
    "booklet_register_pdf",
    "booklet_register_xlsx",
    "collection_sheets_list",
    "collection_sheets_pdf",
    "contribution_card_pdf",
    "hand_over_pdf",
    "receipt_pdf",
    "receipts_pdf",
    "roll_dots",
    "roll_pdf",
    "session_slip_pdf",
]
