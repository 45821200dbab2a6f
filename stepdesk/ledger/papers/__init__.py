"""Papers of the ledger: balances, statements of accounts and boxes, vouchers, counts."""

from stepdesk.ledger.papers.balances import trial_balance_pdf
from stepdesk.ledger.papers.counts import count_list, count_pdf
from stepdesk.ledger.papers.reconciling import reconciliation_list
from stepdesk.ledger.papers.statements import (
    account_list,
    balance_list,
    carried_list,
    cash_book_list,
    journal_list,
)
from stepdesk.ledger.papers.vouchers import KINDS, voucher_pdf
from stepdesk.ledger.papers.writing import written_out

__all__ = [
    "KINDS",
    "account_list",
    "balance_list",
    "carried_list",
    "cash_book_list",
    "count_list",
    "count_pdf",
    "journal_list",
    "reconciliation_list",
    "trial_balance_pdf",
    "voucher_pdf",
    "written_out",
]
