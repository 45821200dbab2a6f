"""What is done with contributions: plans, receipts, reversals, sessions, the earning run."""

from stepdesk.contributions.service.booklets import (
    LEAVES,
    accept_findings,
    check_leaf,
    issue_booklet,
    mark_leaves,
    receive_booklets,
    return_booklet,
)
from stepdesk.contributions.service.checking import check_version
from stepdesk.contributions.service.doubting import MUCH
from stepdesk.contributions.service.drafts import drop_draft
from stepdesk.contributions.service.earning import run_earnings
from stepdesk.contributions.service.groups import (
    GroupReceipts,
    left_over,
    pay_for_group,
    reverse_group_payment,
)
from stepdesk.contributions.service.history import (
    OPENING,
    Opening,
    bring_in_due,
    bring_in_earned,
    bring_in_history,
    bring_in_openings,
    bring_in_receipt,
    take_back_openings,
)
from stepdesk.contributions.service.payer_statements import issue_statement
from stepdesk.contributions.service.plans import add_plan, version_plan
from stepdesk.contributions.service.printing import note_print, receipt_to_print
from stepdesk.contributions.service.receipts import contribute
from stepdesk.contributions.service.reversing import reverse_payment, undo_last
from stepdesk.contributions.service.sessions import close_session, hand_over_cash, open_session
from stepdesk.contributions.service.several import pay_for_several
from stepdesk.contributions.service.sheets import (
    SHEET_LINES,
    enter_sheet,
    print_sheets,
)
from stepdesk.contributions.service.turning import spend_credit
from stepdesk.contributions.service.writing import BOX_OF

__all__ = [
    "BOX_OF",
    "LEAVES",
    "MUCH",
    "OPENING",
    "SHEET_LINES",
    "GroupReceipts",
    "Opening",
    "accept_findings",
    "add_plan",
    "bring_in_due",
    "bring_in_earned",
    "bring_in_history",
    "bring_in_openings",
    "bring_in_receipt",
    "check_leaf",
    "check_version",
    "close_session",
    "contribute",
    "drop_draft",
    "enter_sheet",
    "hand_over_cash",
    "issue_booklet",
    "issue_statement",
    "left_over",
    "mark_leaves",
    "note_print",
    "open_session",
    "pay_for_group",
    "pay_for_several",
    "print_sheets",
    "receipt_to_print",
    "receive_booklets",
    "return_booklet",
    "reverse_group_payment",
    "reverse_payment",
    "run_earnings",
    "spend_credit",
    "take_back_openings",
    "undo_last",
    "version_plan",
]
