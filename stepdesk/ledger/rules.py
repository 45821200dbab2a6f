"""Posting rules: which accounts an event moves. They speak roles; a country pack has the numbers.

Source: domain handbook 3.3. Amounts are whole minor units; a debit is above zero, a credit below.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from stepdesk.ledger.terms import Journal, Line, Posting
from stepdesk.values.ids import BoxId

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


def receipt(*, into: str, entry_fee: int, receivable: int, advance: int) -> Posting:
    """Return what a receipt moves: P01 the entry fee, P06 what was owed, P02 the rest.

    Args:
        into: The box the money lies in, or `collector` while somebody still carries it.
        entry_fee: Income at once.
        receivable: Cover already given and booked as owed, now paid.
        advance: Everything else: cover not yet given, and credit; below zero when credit that
            was kept pays an entry fee or what was owed.
    """
    total = entry_fee + receivable + advance
    rule = "P01" if entry_fee and not (receivable or advance) else "P06" if receivable else "P02"
    return _posting(
        rule,
        Journal.CONTRIBUTIONS,
        (into, total),
        ("entry_fee", -entry_fee),
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


def owed_by_payers(*, owed: Mapping[tuple[str, bytes], int], fees: int = 0) -> Posting:
    """Return P05 for cover given for which payers pay, each by its account and who it is.

    Args:
        owed: By the account and the payer, what its part has earned; below zero is taken back.
        fees: What of all this is entry fees.
    """
    lines = [
        Line(role, amount, party=payer) for (role, payer), amount in sorted(owed.items()) if amount
    ]
    cover = sum(line.amount for line in lines) - fees
    told = (("contribution_sub", -cover), ("entry_fee", -fees))
    income = [Line(role, amount) for role, amount in told if amount]
    return Posting("P05", Journal.MISCELLANEOUS, (*lines, *income))


def payer_paid(
    *, role: str, payer: bytes, into: str, amount: int, box: BoxId | None = None
) -> Posting:
    """Return P08: a payer's money comes in; what it did not owe yet is its credit.

    Args:
        role: The account on which this payer owes.
        payer: Who.
        into: The kind of place the money lies in.
        amount: Above zero.
        box: Which place, None for the one of its kind.

    Raises:
        ValueError: when money does not lie there.
    """
    if into not in BOXES:
        raise ValueError(f"{into} holds no money")
    lines = (Line(into, amount, box=box), Line(role, -amount, party=payer))
    return Posting("P08", BOXES[into], lines)


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


def fee_from_credit(*, amount: int) -> Posting:
    """Return P01 when an entry fee is paid from money that was kept in advance."""
    return _posting(
        "P01", Journal.CONTRIBUTIONS, ("contrib_advance", amount), ("entry_fee", -amount)
    )


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
