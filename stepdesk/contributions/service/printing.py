"""A receipt leaves the book on paper: the first is the original, each other one says COPY.

Printing is no act. The access log counts it, after the paper was made.
"""

from dataclasses import replace

from stepdesk.contributions import queries
from stepdesk.contributions.terms import Receipt
from stepdesk.store.desk import Desk
from stepdesk.values.ids import PaymentId


def receipt_to_print(desk: Desk, payment_id: PaymentId) -> Receipt:
    """Return a receipt as it is printed now: an original, or a copy with its count.

    Of a receipt written on a booklet's leaf the leaf is the original.
    """
    receipt = desk.ask(queries.receipt_of, payment_id, desk.currency)
    given = desk.ask(queries.times_printed, payment_id) + (1 if receipt.leaf else 0)
    return replace(receipt, copy=given > 0, copies=given)


def note_print(desk: Desk, receipt: Receipt, form: str) -> None:
    """Note that a receipt left the book as a paper of that form, as original or as which copy."""
    told = f"copy {receipt.copies}" if receipt.copy else "original"
    desk.note_access(f"receipt {form}", receipt.payment_id, receipt.paid_on, told)
