"""Posting rules: which accounts an event moves. They speak roles; a country pack has the numbers.

Source: domain handbook 3.3. Amounts are whole minor units; a debit is above zero, a credit below.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from stepdesk.ledger.terms import (
    Basis,
    BoxEntry,
    FeeTreatment,
    Journal,
    Likeness,
    Line,
    Opened,
    Place,
    Posting,
    Proposal,
    StatementLine,
    Ways,
)
from stepdesk.values.ids import BoxId, EntryId, StatementLineId

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


def ways(treatment: FeeTreatment, basis: Basis) -> Ways:
    """Return the accounts receipts go to under the scheme's money rules."""
    fee = "entry_fee" if treatment is FeeTreatment.INCOME else "own_fund"
    return Ways(fee, "contrib_advance" if basis is Basis.ACCRUAL else "contribution")


def receipt(
    *,
    into: str,
    entry_fee: int,
    receivable: int,
    advance: int,
    card_fee: int = 0,
    penalty: int = 0,
    ways: Ways = Ways(),  # noqa: B008 - frozen
    box: BoxId | None = None,
    party: bytes | None = None,
) -> Posting:
    """Return what a receipt moves: P01 the fees, P06 what was owed, P02 the rest.

    On the cash basis nothing is owed in the books: what is paid is income at once.

    Args:
        into: The kind of box the money lies in, or `collector` while somebody still carries it.
        entry_fee: Income at once, with the assembly fee, or part of the founding fund.
        receivable: What was given and booked as owed, now paid.
        advance: Everything else: cover not yet given, and credit; below zero when credit that
            was kept pays a fee or what was owed.
        card_fee: Income at once.
        penalty: Income at once.
        ways: Which accounts these go to.
        box: Which box of its kind, None for the one.
        party: Who carries it.
    """
    fees = entry_fee + card_fee + penalty
    total = fees + receivable + advance
    rule = "P01" if fees and not (receivable or advance) else "P06" if receivable else "P02"
    owed = receivable if ways.earns else 0
    posted = _posting(
        rule,
        Journal.CONTRIBUTIONS,
        (into, total),
        (ways.fee, -entry_fee),
        ("card_sales", -card_fee),
        ("penalty", -penalty),
        ("member_receivable", -owed),
        (ways.advance, owed - receivable - advance),
    )
    if box is None and party is None:
        return posted
    first, *others = posted.lines
    if first.role != into:
        return posted
    return replace(posted, lines=(replace(first, box=box, party=party), *others))


def hand_over(
    *, into: str, amount: int, box: BoxId | None = None, party: bytes | None = None
) -> Posting:
    """Return P03: a collector hands over what was collected."""
    lines = (Line(into, amount, box), Line("collector", -amount, party=party))
    return Posting("P03", Journal.CASH, lines)


def excess(*, into: str, amount: int, box: BoxId | None = None) -> Posting:
    """Return P18 for money found beyond what should be there."""
    return Posting("P18", Journal.CASH, (Line(into, amount, box), Line("gift", -amount)))


def shortage(
    *, out_of: str, amount: int, box: BoxId | None = None, owed_by: bytes | None = None
) -> Posting:
    """Return P18 for money that is missing: a loss, or owed by who held it."""
    debit = Line("bad_debt", amount) if owed_by is None else Line("staff", amount, party=owed_by)
    return Posting("P18", Journal.CASH, (debit, Line(out_of, -amount, box)))


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


def expense(
    *,
    role: str,
    box: str,
    amount: int,
    box_id: BoxId | None = None,
    party: bytes | None = None,
    rule: str = "P16",
) -> Posting:
    """Return P16: money paid from a box, for an expense or to pay off what was owed.

    Args:
        role: What for.
        box: The kind of box.
        amount: Above zero.
        box_id: Which box of its kind, None for the one.
        party: Who is paid, where the account is one of persons.
        rule: Its name: P29 for what a telephone company or bank keeps.

    Raises:
        ValueError: when the box is none.
    """
    if box not in BOXES:
        raise ValueError(f"{box} holds no money")
    lines = (Line(role, amount, party=party), Line(box, -amount, box_id))
    return Posting(rule, BOXES[box], lines)


def income(*, role: str, place: Place, amount: int, party: bytes | None = None) -> Posting:
    """Return what comes into a box and is no contribution: gifts, grants, debts paid back.

    Raises:
        ValueError: when the box is none.
    """
    if place.role not in BOXES:
        raise ValueError(f"{place.role} holds no money")
    rule = "P19" if role in {"op_subsidy", "donor"} else "INCOME"
    lines = (Line(place.role, amount, place.box), Line(role, -amount, party=party))
    return Posting(rule, BOXES[place.role], lines)


def on_credit(*, role: str, amount: int, bill: bytes) -> Posting:
    """Return P16 for a supplier who is paid later; the bill tells whose account it is."""
    lines = (Line(role, amount), Line("supplier", -amount, party=bill))
    return Posting("P16", Journal.BENEFITS, lines)


def transfer(*, source: Place, target: Place, amount: int) -> Posting:
    """Return P17: money goes from one box to another, through the account of transfers.

    Raises:
        ValueError: when one of them is no box.
    """
    if source.role not in BOXES or target.role not in BOXES:
        raise ValueError("money moves between boxes")
    banked = Journal.BANK in {BOXES[source.role], BOXES[target.role]}
    return Posting(
        "P17",
        Journal.BANK if banked else Journal.CASH,
        (
            Line("transfer", amount),
            Line(source.role, -amount, source.box),
            Line(target.role, amount, target.box),
            Line("transfer", -amount),
        ),
    )


def between_activities(*, place: Place, amount: int) -> tuple[Posting, Posting]:
    """Return the two entries that move money of a box from one activity to another."""
    out = (Line("transfer", amount), Line(place.role, -amount, place.box))
    back = (Line(place.role, amount, place.box), Line("transfer", -amount))
    journal = BOXES[place.role]
    return Posting("P17", journal, out), Posting("P17", journal, back)


def gift_in_kind(*, role: str, amount: int) -> Posting:
    """Return P28: something was given, at what it is worth."""
    return _posting("P28", Journal.MISCELLANEOUS, (role, amount), ("gift", -amount))


def by_hand(lines: Iterable[Line]) -> Posting:
    """Return an entry of the miscellaneous journal, as a person wrote it."""
    return Posting("OD", Journal.MISCELLANEOUS, tuple(lines))


def opening_sheet(held: Sequence[Opened]) -> Posting:
    """Return the opening balance sheet: each account, and the difference brought forward.

    What the scheme has above what it owes is the surplus of earlier years, less is a deficit;
    accounts of the funds themselves may be among `held`.
    """
    lines = [Line(one.role, one.amount, one.box, one.party) for one in held if one.amount]
    rest = sum(line.amount for line in lines)
    if rest:
        lines.append(Line("retained_plus" if rest > 0 else "retained_minus", -rest))
    return Posting("AN", Journal.OPENING, tuple(lines))


def by_place(lines: Iterable[Line]) -> dict[Place, int]:
    """Return what an entry's lines together put into each box: below zero is taken out."""
    found: dict[Place, int] = {}
    for line in lines:
        if line.role in BOXES:
            place = Place(line.role, line.box)
            found[place] = found.get(place, 0) + line.amount
    return found


def lowest(before: int, moved: Mapping[date, int], *, since: date) -> tuple[int, date]:
    """Return the least a box holds at the end of a day or of any later one, and when first.

    Args:
        before: What it holds at the end of the day.
        moved: What came in or went out later, by day.
        since: The day.
    """
    least, when, held = before, since, before
    for day in sorted(moved):
        held += moved[day]
        if held < least:
            least, when = held, day
    return least, when


def claim_approved(*, by_category: Mapping[str, int], provider: bytes | None = None) -> Posting:
    """Return P09: what the scheme owes a provider, by category of care.

    Args:
        by_category: The scheme's part of each category's lines.
        provider: Who is owed it.
    """
    debits = [
        Line(f"benefit_tp.{name}", amount)
        for name, amount in sorted(by_category.items())
        if amount
    ]
    total = sum(by_category.values())
    owed = [Line("provider_payable", -total, party=provider)] if total else []
    return Posting("P09", Journal.BENEFITS, (*debits, *owed))


def provider_paid(
    *,
    box: str,
    amount: int,
    provider: bytes | None = None,
    box_id: BoxId | None = None,
    set_off: int = 0,
) -> Posting:
    """Return P11: approved claims are paid to their provider from a box.

    Args:
        box: The kind of box.
        amount: What leaves it, from zero.
        provider: Who is paid.
        box_id: Which box of its kind, None for the one.
        set_off: What of the debt is settled by a deposit or an advance that lies with the provider.

    Raises:
        ValueError: when the box is none, or there is nothing to book.
    """
    if box not in BOXES:
        raise ValueError(f"{box} holds no money")
    lines = [Line("provider_payable", amount + set_off, party=provider)]
    if set_off:
        lines.append(Line("provider_advance", -set_off, party=provider))
    if amount:
        lines.append(Line(box, -amount, box_id))
    return Posting("P11", BOXES[box] if amount else Journal.BENEFITS, tuple(lines))


def netted(*, amount: int, provider: bytes) -> Posting:
    """Return P11 when what is owed and what is to be recovered from a provider are the same."""
    lines = (
        Line("provider_payable", amount, party=provider),
        Line("provider_payable", -amount, party=provider),
    )
    return Posting("P11", Journal.BENEFITS, lines)


def claim_to_reimburse(*, by_category: Mapping[str, int], household: bytes) -> Posting:
    """Return P10: what the scheme owes a member who paid for care, by category; less is below zero."""
    debits = [
        Line(f"benefit_refund.{name}", amount)
        for name, amount in sorted(by_category.items())
        if amount
    ]
    total = sum(by_category.values())
    owed = [Line("member_refund", -total, party=household)] if total else []
    return Posting("P10", Journal.BENEFITS, (*debits, *owed))


def member_reimbursed(
    *, box: str, amount: int, household: bytes, box_id: BoxId | None = None, returned: int = 0
) -> Posting:
    """Return P12: a member gets back what care cost, from a box.

    Args:
        box: The kind of box.
        amount: What leaves it.
        household: Whose account.
        box_id: Which box of its kind, None for the one.
        returned: What of it the member had paid back (P13) and is owed again.

    Raises:
        ValueError: when the box is none.
    """
    if box not in BOXES:
        raise ValueError(f"{box} holds no money")
    owed = (("member_refund", amount - returned), ("member_receivable", returned))
    lines = [Line(role, part, party=household) for role, part in owed if part]
    return Posting("P12", BOXES[box], (*lines, Line(box, -amount, box_id)))


def recovered_from_member(*, by_category: Mapping[str, int], household: bytes) -> Posting:
    """Return P13: a member has to pay back what the scheme paid, by category of care."""
    credits_ = [
        Line(f"benefit_tp.{name}", -amount)
        for name, amount in sorted(by_category.items())
        if amount
    ]
    owed = Line("member_receivable", sum(by_category.values()), party=household)
    return Posting("P13", Journal.BENEFITS, (owed, *credits_))


def recovery_paid(*, place: Place, amount: int, household: bytes) -> Posting:
    """Return P06 for money a member pays back into a box.

    Raises:
        ValueError: when the box is none.
    """
    if place.role not in BOXES:
        raise ValueError(f"{place.role} holds no money")
    lines = (
        Line(place.role, amount, place.box),
        Line("member_receivable", -amount, party=household),
    )
    return Posting("P06", BOXES[place.role], lines)


def capitation(*, amount: int, provider: bytes) -> Posting:
    """Return P14: what a provider gets for a month by head."""
    lines = (
        Line("benefit_tp.CAP", amount),
        Line("provider_payable", -amount, party=provider),
    )
    return Posting("P14", Journal.BENEFITS, lines)


def deposit(*, place: Place, amount: int, provider: bytes) -> Posting:
    """Return P15: money goes to lie with a provider, or comes back when below zero.

    Raises:
        ValueError: when the box is none.
    """
    if place.role not in BOXES:
        raise ValueError(f"{place.role} holds no money")
    lines = (
        Line("provider_advance", amount, party=provider),
        Line(place.role, -amount, place.box),
    )
    return Posting("P15", BOXES[place.role], lines)


def recovered_from_provider(*, by_category: Mapping[str, int], provider: bytes) -> Posting:
    """Return P13: what a provider was to get too much is taken off what it is owed, by category."""
    credits_ = [
        Line(f"benefit_tp.{name}", -amount)
        for name, amount in sorted(by_category.items())
        if amount
    ]
    owed = Line("provider_payable", sum(by_category.values()), party=provider)
    return Posting("P13", Journal.BENEFITS, (owed, *credits_))


def opening(*, balances: Mapping[str, int]) -> Posting:
    """Return the opening entry: what each account held, debit above zero; they must agree."""
    return _posting("AN", Journal.OPENING, *sorted(balances.items()))


def fee_from_credit(*, amount: int, role: str = "entry_fee", ways: Ways = Ways()) -> Posting:  # noqa: B008 - frozen
    """Return P01 when a fee is paid from money that was kept in advance; below zero taken back.

    `role` is `entry_fee`, `card_sales` or `penalty`.
    """
    into = ways.fee if role == "entry_fee" else role
    return _posting("P01", Journal.CONTRIBUTIONS, (ways.advance, amount), (into, -amount))


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


def voucher_number(series: str, year: int, code: str, letter: str, serial: int) -> str:
    """Return a voucher's number: `S-2026-571-A-0001` went out of the main cash box."""
    return f"{series}-{year}-{code}-{letter}-{serial:04d}"


# Statements

DAYS_APART = 3
"""So many days may lie between a line of a statement and its entry. Source: domain handbook D18."""


def proposals(lines: Sequence[StatementLine], entries: Sequence[BoxEntry]) -> tuple[Proposal, ...]:
    """Return which lines may be which entries: of one amount, and one reference or near days.

    Each line and each entry stands in one proposal at most: the same reference comes first, then
    the nearest days, then the order of the statement.
    """
    pairs = [
        (line, entry, why)
        for line in lines
        for entry in entries
        if line.amount == entry.amount and (why := likeness(line, entry)) is not None
    ]
    pairs.sort(key=lambda pair: (pair[2] is not Likeness.REFERENCE, _apart(pair[0], pair[1])))
    by_line = Counter(line.id for line, _, _ in pairs)
    by_entry = Counter(entry.entry_id for _, entry, _ in pairs)
    found: dict[StatementLineId, Proposal] = {}
    taken: set[EntryId] = set()
    for line, entry, why in pairs:
        if line.id not in found and entry.entry_id not in taken:
            alone = by_line[line.id] == by_entry[entry.entry_id] == 1
            found[line.id] = Proposal(line, entry, why, alone or why is Likeness.REFERENCE)
            taken.add(entry.entry_id)
    return tuple(found[line.id] for line in lines if line.id in found)


def likeness(line: StatementLine, entry: BoxEntry) -> Likeness | None:
    """Return why a line and an entry of one amount may be one, None when they may not."""
    told, known = _plain(line.reference), _plain(entry.reference)
    if told and told == known:
        return Likeness.REFERENCE
    if told and known and line.day != entry.day:
        return None  # two papers that name different things
    return Likeness.DAY if _apart(line, entry) <= DAYS_APART else None


def _apart(line: StatementLine, entry: BoxEntry) -> int:
    return abs((line.day - entry.day).days)


def _plain(reference: str) -> str:
    return "".join(sign for sign in reference.casefold() if sign.isalnum())
