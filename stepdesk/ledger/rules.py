"""Posting rules: which accounts an event moves. They speak roles; a country pack has the numbers.

Source: domain handbook 3.3. Amounts are whole minor units; a debit is above zero, a credit below.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from stepdesk.ledger.terms import Journal, Line, Posting

BOXES: Mapping[str, Journal] = {
    "cash_main": Journal.CASH,
    "cash_section": Journal.CASH,
    "bank": Journal.BANK,
    "mfi": Journal.BANK,
    "momo": Journal.BANK,
}
"""Where money lies, and the journal its movements stand in."""


def balanced(lines: Iterable[Line]) -> bool:
    """Whether debits and credits agree and no line is empty."""
    listed = tuple(lines)
    return (
        bool(listed)
        and sum(line.amount for line in listed) == 0
        and all(line.amount for line in listed)
    )


def _posting(rule: str, journal: Journal, *moved: tuple[str, int]) -> Posting:
    return Posting(rule, journal, tuple(Line(role, amount) for role, amount in moved if amount))


def receipt(
    *,
    into: str,
    entry_fee: int,
    receivable: int,
    advance: int,
    card_fee: int = 0,
    penalty: int = 0,
) -> Posting:
    """Return what a receipt moves: P01 the fees, P06 what was owed, P02 the rest.

    Args:
        into: The box the money lies in, or `collector` while somebody still carries it.
        entry_fee: Income at once, with the assembly fee.
        receivable: Cover already given and booked as owed, now paid.
        advance: Everything else: cover not yet given, and credit; below zero when credit that
            was kept pays a fee or what was owed.
        card_fee: Income at once.
        penalty: Income at once.
    """
    fees = entry_fee + card_fee + penalty
    total = fees + receivable + advance
    rule = "P01" if fees and not (receivable or advance) else "P06" if receivable else "P02"
    return _posting(
        rule,
        Journal.CONTRIBUTIONS,
        (into, total),
        ("entry_fee", -entry_fee),
        ("card_sales", -card_fee),
        ("penalty", -penalty),
        ("member_receivable", -receivable),
        ("contrib_advance", -advance),
    )


def hand_over(*, into: str, amount: int) -> Posting:
    """Return P03: a collector hands over what was collected."""
    return _posting("P03", Journal.CASH, (into, amount), ("collector", -amount))


def excess(*, into: str, amount: int) -> Posting:
    """Return P18 for money found beyond what should be there."""
    return _posting("P18", Journal.CASH, (into, amount), ("gift", -amount))


def earned(*, paid: int) -> Posting:
    """Return P04: cover given in the month and paid becomes income; below zero it is taken back."""
    return _posting(
        "P04", Journal.MISCELLANEOUS, ("contrib_advance", paid), ("contribution", -paid)
    )


def owed(*, unpaid: int) -> Posting:
    """Return P05: cover given in grace and not paid is income that is owed."""
    return _posting(
        "P05", Journal.MISCELLANEOUS, ("member_receivable", unpaid), ("contribution", -unpaid)
    )


def expense(*, role: str, box: str, amount: int) -> Posting:
    """Return P16: an operating expense paid from a box.

    Raises:
        ValueError: when the box is none.
    """
    if box not in BOXES:
        raise ValueError(f"{box} holds no money")
    return _posting("P16", BOXES[box], (role, amount), (box, -amount))


def claim_approved(*, by_category: Mapping[str, int]) -> Posting:
    """Return P09: what the scheme owes a provider, by category of care.

    Args:
        by_category: The scheme's part of each category's lines.
    """
    debits = [(f"benefit_tp.{name}", amount) for name, amount in sorted(by_category.items())]
    total = sum(by_category.values())
    return _posting("P09", Journal.BENEFITS, *debits, ("provider_payable", -total))


def provider_paid(*, box: str, amount: int) -> Posting:
    """Return P11: approved claims are paid to their provider from a box.

    Raises:
        ValueError: when the box is none.
    """
    if box not in BOXES:
        raise ValueError(f"{box} holds no money")
    return _posting("P11", BOXES[box], ("provider_payable", amount), (box, -amount))


def opening(*, balances: Mapping[str, int]) -> Posting:
    """Return the opening entry: what each account held, debit above zero; they must agree."""
    return _posting("AN", Journal.OPENING, *sorted(balances.items()))


def fee_from_credit(*, amount: int, role: str = "entry_fee") -> Posting:
    """Return P01 when a fee is paid from money that was kept in advance; below zero taken back.

    `role` is `entry_fee`, `card_sales` or `penalty`.
    """
    return _posting("P01", Journal.CONTRIBUTIONS, ("contrib_advance", amount), (role, -amount))


def mirror(posting: Posting) -> Posting:
    """Return P30: the same lines the other way round, in the same journal."""
    return Posting(
        "P30",
        posting.journal,
        tuple(replace(line, amount=-line.amount) for line in posting.lines),
    )


def totals(lines: Iterable[Line]) -> dict[str, tuple[int, int]]:
    """Return debit and credit of each role, both at or above zero."""
    found: dict[str, tuple[int, int]] = {}
    for line in lines:
        debit, credit = found.get(line.role, (0, 0))
        found[line.role] = (debit + max(line.amount, 0), credit + max(-line.amount, 0))
    return found
