"""The treasurer's vouchers: money in and out of boxes, bills, entries by hand, and cancelling."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules
from stepdesk.ledger.model import voucher
from stepdesk.ledger.queries import entry_of, last_closed, owed_by_hand, voucher_of
from stepdesk.ledger.rules import BOXES
from stepdesk.ledger.service.boxes import check_held, check_place, signed, signed_above
from stepdesk.ledger.service.posting import booking_day, check_day, post, reverse
from stepdesk.ledger.terms import (
    OPENING_STANDS,
    Activity,
    Booked,
    CashBox,
    Journal,
    Line,
    Opened,
    Place,
    Posting,
    VoucherKind,
)
from stepdesk.store.work import Work
from stepdesk.values.ids import BoxId, EntryId, RequestId, StaffId, VoucherId
from stepdesk.values.money import MOST, Money
from stepdesk.values.nearest import nearest

SPENDING = ("supplies", "travel", "services", "taxes", "allowances", "payroll", "interest_paid")
"""The kinds of operating expense a desk books by itself (P16)."""

BOUGHT = ("union_levy", "stationery_stock", "computer", "furniture", "motorbike", "deposit_paid")
"""What else money is spent on; things that stay are no expense of the month."""

INCOMES = ("gift", "op_subsidy", "capital_grant", "interest", "card_sales", "penalty", "loan")
"""What comes in beside contributions."""

OWED_TO_US = (
    "member_receivable",
    "group_receivable",
    "state_subsidy",
    "donor",
    "staff",
    "provider_advance",
)
"""Accounts of those who owe the scheme, as told by the opening balance sheet or a count."""

OWED_BY_US = ("provider_payable", "member_refund", "union_current", "loan")
"""Accounts of those the scheme owes, as told by the opening balance sheet."""

PERSONAL = {
    "collector": "staff",
    "staff": "staff",
    "member_receivable": "household",
    "contrib_advance": "household",
    "member_refund": "household",
    "group_receivable": "member_group",
    "payer_receivable": "payer",
    "state_subsidy": "payer",
    "donor": "payer",
    "provider_payable": "provider",
    "provider_advance": "provider",
    "supplier": "voucher",
}
"""Accounts of persons, and what their party is: each line must say whose it is."""

CONTROL = (*BOXES, *PERSONAL, "transfer")
"""Accounts that follow documents; an entry by hand touches them only when somebody says so."""

GIVEN = ("stationery_stock", "computer", "furniture", "motorbike", "supplies")
"""What may be given in kind (P28)."""

_SERIAL = (
    "SELECT coalesce(max(n), 0) + 1 AS n FROM (SELECT serial AS n FROM voucher"
    " WHERE series = :series AND box = :box AND box_id IS :box_id AND year = :year"
    " AND letter = :letter UNION ALL SELECT other_serial FROM voucher WHERE :series = 'E'"
    " AND other_box = :box AND other_box_id IS :box_id AND year = :year AND letter = :letter)"
)


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on the paper behind a voucher: who gave or got it, its number, what for."""

    label: str
    payee: str = ""
    piece: str = ""


# Expenses


def spend(
    work: Work,
    *,
    request_id: RequestId,
    day: date,
    role: str,
    amount: Money,
    label: str,
    box: Place | str = "cash_main",
    payee: str = "",
    piece: str = "",
    activity: Activity = Activity.HEALTH,
) -> Booked:
    """Pay an expense from a box (P16), with a voucher `S-…`.

    A page asks for what it was (`SPENDING`, `BOUGHT`), the amount, what was bought, to whom, and
    the number on the paper. Above `double_sign_amount`, and from a bank, two sign.

    Raises:
        Refusal: no amount, no label, an unknown kind, more than the box holds that day or a later
            one, another activity's money, a closed month or a day ahead, nobody to sign with.
    """
    done = _done(work, request_id)
    if done is not None:
        return done
    place = Place(box) if isinstance(box, str) else box
    check_amount(amount)
    if role not in (*SPENDING, *BOUGHT):
        raise Refusal(Text(N_("Choose what the money was spent on.")), field="role")
    paper = _paper(label, payee, piece)
    check_day(work, day)
    out = _Out(place, role, amount, day, activity)
    return _pay_out(work, request_id, VoucherKind.EXPENSE, out, paper)


def take_fee(
    work: Work,
    *,
    request_id: RequestId,
    day: date,
    amount: Money,
    label: str,
    box: Place | str = "momo",
    piece: str = "",
    activity: Activity = Activity.HEALTH,
) -> Booked:
    """Book what a telephone company or bank kept for its service (P29).

    It was kept already and nobody orders it, so one signs; above `double_sign_amount` two do, for
    no payment is called a fee to go round the second person.

    Raises:
        Refusal: as for an expense; cash boxes know no fee.
    """
    done = _done(work, request_id)
    if done is not None:
        return done
    place = Place(box) if isinstance(box, str) else box
    check_amount(amount)
    if BOXES.get(place.role) is not Journal.BANK:
        raise Refusal(
            Text(N_("Only a bank or a telephone company keeps a fee. Choose one.")), field="box"
        )
    paper = _paper(label, "", piece)
    check_day(work, day)
    check_held(work, place, amount.minor, day, activity=activity)
    single = signed_above(work, amount.minor, day)
    posting = rules.expense(
        role="services", box=place.role, amount=amount.minor, box_id=place.box, rule="P29"
    )
    entry_id = post(work, posting, day=day, reason=paper.label, activity=activity)
    return _keep(
        work,
        _Made(request_id, VoucherKind.FEE, day, amount.minor, entry_id, "services", single=single),
        paper,
        out_of=check_place(work, place, day),
    )


def pay_off(
    work: Work,
    *,
    request_id: RequestId,
    day: date,
    role: str,
    amount: Money,
    label: str,
    party: bytes | None = None,
    box: Place | str = "cash_main",
    piece: str = "",
    activity: Activity = Activity.HEALTH,
) -> Booked:
    """Pay what the opening balance sheet says the scheme owes: a provider, a loan, the union.

    Raises:
        Refusal: more than is owed to that person, and as for an expense.
    """
    done = _done(work, request_id)
    if done is not None:
        return done
    place = Place(box) if isinstance(box, str) else box
    check_amount(amount)
    if role not in OWED_BY_US:
        raise Refusal(Text(N_("Choose whom the scheme owes it to.")), field="role")
    paper = _paper(label, "", piece)
    check_day(work, day)
    check_party(work, role, party)
    if party is not None:
        _check_owed(work, -owed_by_hand(work.connection, role, party), amount)
    out = _Out(place, role, amount, day, activity, party)
    return _pay_out(work, request_id, VoucherKind.EXPENSE, out, paper)


@dataclass(frozen=True, slots=True)
class _Out:
    """Money that leaves a box: from where, what for, how much, when, whose.

    `whole` is what it is a part of, when that is more: parts of a large bill need two as it does.
    """

    place: Place
    role: str
    amount: Money
    day: date
    activity: Activity
    party: bytes | None = None
    bill_id: VoucherId | None = None
    whole: int = 0


def _pay_out(
    work: Work, request_id: RequestId, kind: VoucherKind, out: _Out, paper: Paper
) -> Booked:
    box = check_place(work, out.place, out.day)
    check_held(work, out.place, out.amount.minor, out.day, activity=out.activity)
    single = signed(work, out.place, max(out.amount.minor, out.whole), out.day)
    posting = rules.expense(
        role=out.role,
        box=out.place.role,
        amount=out.amount.minor,
        box_id=out.place.box,
        party=out.party,
    )
    entry_id = post(work, posting, day=out.day, reason=paper.label, activity=out.activity)
    made = _Made(
        request_id,
        kind,
        out.day,
        out.amount.minor,
        entry_id,
        out.role,
        single=single,
        party=out.party,
        bill_id=out.bill_id,
    )
    return _keep(work, made, paper, out_of=box)


# Bills


def buy_on_credit(
    work: Work,
    *,
    request_id: RequestId,
    day: date,
    role: str,
    amount: Money,
    label: str,
    payee: str,
    piece: str = "",
    activity: Activity = Activity.HEALTH,
) -> Booked:
    """Book a supplier's bill that is paid later (P16); `pay_bill` pays it.

    Raises:
        Refusal: no amount, label or supplier, an unknown kind, a closed month or a day ahead.
    """
    done = _done(work, request_id)
    if done is not None:
        return done
    check_amount(amount)
    if role not in (*SPENDING, *BOUGHT):
        raise Refusal(Text(N_("Choose what the money was spent on.")), field="role")
    paper = _paper(label, payee, piece)
    if not paper.payee:
        raise Refusal(Text(N_("Say whose bill it is.")), field="payee")
    check_day(work, day)
    bill_id = VoucherId(work.new_id())
    posting = rules.on_credit(role=role, amount=amount.minor, bill=bill_id)
    entry_id = post(work, posting, day=day, reason=paper.label, activity=activity)
    made = _Made(request_id, VoucherKind.BILL, day, amount.minor, entry_id, role, id=bill_id)
    return _keep(work, made, paper)


def pay_bill(
    work: Work,
    *,
    request_id: RequestId,
    bill_id: VoucherId,
    amount: Money,
    day: date,
    box: Place | str = "cash_main",
    piece: str = "",
) -> Booked:
    """Pay a supplier's bill, or a part of it, from a box; two sign when the bill is above the limit.

    Raises:
        Refusal: no such bill, more than is owed, and as for an expense.
    """
    done = _done(work, request_id)
    if done is not None:
        return done
    place = Place(box) if isinstance(box, str) else box
    bill = voucher_of(work.connection, work.country, bill_id)
    if bill is None or bill.kind is not VoucherKind.BILL or bill.cancels:
        raise Refusal(Text(N_("There is no such bill. Check the number.")), field="bill")
    check_amount(amount)
    check_day(work, day)
    _check_owed(work, -owed_by_hand(work.connection, "supplier", bill_id), amount)
    whole = bill.amount.minor
    out = _Out(place, "supplier", amount, day, bill.activity, bill_id, bill_id, whole)
    paper = Paper(bill.label, bill.payee, piece.strip())
    return _pay_out(work, request_id, VoucherKind.BILL_PAID, out, paper)


# Money that comes in


def receive(
    work: Work,
    *,
    request_id: RequestId,
    day: date,
    role: str,
    amount: Money,
    label: str,
    box: Place | str = "cash_main",
    payee: str = "",
    piece: str = "",
    party: bytes | None = None,
    activity: Activity = Activity.HEALTH,
) -> Booked:
    """Take money that is no contribution (`INCOMES`), or a debt paid back, with a voucher `E-…`.

    Args:
        work: The work.
        request_id: One for each form filled in.
        day: When the money came, in an open month.
        role: What it is.
        amount: Above zero.
        label: What for.
        box: Where it lies.
        payee: Who gave it.
        piece: The number on their paper.
        party: Who owed it, where the account is one of persons (`PERSONAL`).
        activity: Whose money it is from now on.

    Raises:
        Refusal: no amount, no label, an unknown kind, more than is owed, a closed month or a day
            ahead.
    """
    done = _done(work, request_id)
    if done is not None:
        return done
    work.need_room()
    place = Place(box) if isinstance(box, str) else box
    check_amount(amount)
    if role not in (*INCOMES, *OWED_TO_US):
        raise Refusal(Text(N_("Choose what the money is.")), field="role")
    paper = _paper(label, payee, piece)
    check_day(work, day)
    if role in OWED_TO_US:
        check_party(work, role, party)
        owed = owed_by_hand(work.connection, role, party) if party else 0
        _check_owed(work, owed, amount)
    target = check_place(work, place, day)
    posting = rules.income(role=role, place=place, amount=amount.minor, party=party)
    entry_id = post(work, posting, day=day, reason=paper.label, activity=activity)
    made = _Made(request_id, VoucherKind.INCOME, day, amount.minor, entry_id, role, party=party)
    return _keep(work, made, paper, into=target)


def give_in_kind(
    work: Work,
    *,
    request_id: RequestId,
    day: date,
    role: str,
    amount: Money,
    label: str,
    payee: str = "",
    activity: Activity = Activity.HEALTH,
) -> Booked:
    """Book a gift that is no money, at what it is worth (P28): booklets, a computer.

    Raises:
        Refusal: no amount, no label, an unknown kind, a closed month or a day ahead.
    """
    done = _done(work, request_id)
    if done is not None:
        return done
    check_amount(amount)
    if role not in GIVEN:
        raise Refusal(Text(N_("Choose what was given.")), field="role")
    paper = _paper(label, payee, "")
    check_day(work, day)
    posting = rules.gift_in_kind(role=role, amount=amount.minor)
    entry_id = post(work, posting, day=day, reason=paper.label, activity=activity)
    made = _Made(request_id, VoucherKind.IN_KIND, day, amount.minor, entry_id, role)
    return _keep(work, made, paper)


# Between boxes


def transfer(
    work: Work,
    *,
    request_id: RequestId,
    day: date,
    amount: Money,
    source: Place,
    target: Place,
    label: str = "",
    piece: str = "",
    activity: Activity = Activity.HEALTH,
) -> Booked:
    """Move money from one box to another (P17): a deposit, a withdrawal, a section's cash.

    It has two numbers: `S-…` of the box it left, `E-…` of the box it went to. From a bank, and
    above `double_sign_amount`, two sign.

    Raises:
        Refusal: the same box twice, no such box, more than it holds that day or a later one, a
            closed month or a day ahead, nobody to sign with.
    """
    done = _done(work, request_id)
    if done is not None:
        return done
    check_amount(amount)
    if source == target:
        raise Refusal(Text(N_("Choose another box to put the money in.")), field="target")
    check_day(work, day)
    out_of = check_place(work, source, day, field="source")
    into = check_place(work, target, day, field="target")
    check_held(work, source, amount.minor, day, activity=activity)
    single = signed(work, source, amount.minor, day)
    posting = rules.transfer(source=source, target=target, amount=amount.minor)
    entry_id = post(work, posting, day=day, reason=label.strip(), activity=activity)
    made = _Made(
        request_id, VoucherKind.TRANSFER, day, amount.minor, entry_id, "transfer", single=single
    )
    return _keep(work, made, Paper(label.strip(), "", piece.strip()), out_of=out_of, into=into)


def move_between_activities(
    work: Work,
    *,
    request_id: RequestId,
    day: date,
    amount: Money,
    box: Place | str,
    source: Activity,
    target: Activity,
    reason: str,
) -> Booked:
    """Let money that lies in a box belong to another activity; told, reasoned, signed by two.

    Raises:
        Refusal: the same activity, no reason, more than is that activity's, a closed month or a
            day ahead, nobody to sign with.
    """
    done = _done(work, request_id)
    if done is not None:
        return done
    place = Place(box) if isinstance(box, str) else box
    check_amount(amount)
    if source is target:
        raise Refusal(Text(N_("Choose another activity.")), field="target")
    paper = _paper(reason, "", "", field="reason")
    check_day(work, day)
    held_in = check_place(work, place, day)
    check_held(work, place, amount.minor, day, activity=source)
    single = work.two_signatures()
    out, back = rules.between_activities(place=place, amount=amount.minor)
    entry_id = post(work, out, day=day, reason=paper.label, activity=source)
    other = post(work, back, day=day, reason=paper.label, activity=target)
    made = _Made(
        request_id,
        VoucherKind.ACTIVITY,
        day,
        amount.minor,
        entry_id,
        "transfer",
        single=single,
        other_entry_id=other,
    )
    return _keep(work, made, paper, out_of=held_in, into=held_in)


# By hand


def book_entry(
    work: Work,
    *,
    request_id: RequestId,
    day: date,
    lines: Sequence[Line],
    reason: str,
    piece: str = "",
    activity: Activity = Activity.HEALTH,
    accepting: frozenset[str] = frozenset(),
) -> Booked:
    """Write an entry of the miscellaneous journal, the only one written by hand. Two sign.

    Args:
        work: The work.
        request_id: One for each form filled in.
        day: In an open month.
        lines: At least two; debit above zero, credit below; together nothing.
        reason: Why; kept with the entry.
        piece: The number on the paper behind it.
        activity: Whose it is.
        accepting: `control_account`, when accounts that follow documents are meant indeed.

    Raises:
        Refusal: no reason, an unknown account, sides that differ, a line of an account of persons
            that does not say whose, a box below zero, a closed month or a day ahead, nobody to
            sign with.
        Caution: `control_account` for boxes and accounts of persons, which follow documents.
    """
    done = _done(work, request_id)
    if done is not None:
        return done
    paper = _paper(reason, "", piece, field="reason")
    check_day(work, day)
    _check_lines(work, lines, day, activity)
    told = sorted({line.role for line in lines if line.role in CONTROL})
    if told and "control_account" not in accepting:
        names = ", ".join(work.country.chart[role].number for role in told)
        raise Caution(
            (
                Doubt(
                    "control_account",
                    Text(
                        N_(
                            "The accounts {accounts} follow receipts, claims and vouchers by "
                            "themselves. Go on only if no such paper can be written."
                        ),
                        {"accounts": names},
                    ),
                    "lines",
                ),
            )
        )
    single = work.two_signatures()
    entry_id = post(
        work,
        rules.by_hand(lines),
        day=day,
        reason=paper.label,
        activity=activity,
        second_person=work.seconded.staff_id if work.seconded else None,
    )
    moved = sum(line.amount for line in lines if line.amount > 0)
    made = _Made(request_id, VoucherKind.ENTRY, day, moved, entry_id, None, single=single)
    return _keep(work, made, paper)


def _check_lines(work: Work, lines: Sequence[Line], day: date, activity: Activity) -> None:
    for line in lines:
        if line.role not in work.country.chart:
            raise Refusal(
                Text(
                    N_("There is no account {code}. Choose one of: {known}."),
                    {"code": line.role, "known": nearest(line.role, work.country.chart)},
                ),
                field="lines",
            )
        check_party(work, line.role, line.party, field="lines")
    for place, moved in rules.by_place(lines).items():
        check_place(work, place, day, field="lines")
        if moved < 0:
            check_held(work, place, -moved, day, activity=activity)
    if not rules.balanced(lines):
        raise Refusal(
            Text(
                N_(
                    "Debit and credit differ by {difference}, or a line is empty. Correct the amounts."
                ),
                {"difference": Money(abs(sum(one.amount for one in lines)), work.currency)},
            ),
            field="lines",
        )


# Opening


def open_books(
    work: Work, *, request_id: RequestId, day: date, held: Sequence[Opened], reason: str = ""
) -> Booked:
    """Write the opening balance sheet of a scheme that already lives; two sign.

    What lies in boxes, what is owed to and by whom, loans, reserves, cover not yet given
    (`unearned`); the rest is the surplus or deficit of earlier years. Once, before the first
    month closes; until then `cancel_voucher` takes it back and it is written anew. What each
    household paid ahead comes in with its register instead, so that its rights follow.
    What of ceilings was used before in this year belongs to claims, not to the ledger.

    Args:
        work: The work.
        request_id: One for each form filled in.
        day: The day the book takes over, in an open month.
        held: Each account, debit above zero; accounts of persons say whose.
        reason: What it was taken from.

    Raises:
        Refusal: written before, a month closed, an unknown account or person, a box below zero,
            nothing at all, nobody to sign with.
    """
    done = _done(work, request_id)
    if done is not None:
        return done
    check_day(work, day)
    _check_opening(work)
    for one in held:
        _check_opened(work, one, day)
    posting = rules.opening_sheet(held)
    if not posting.lines:
        raise Refusal(Text(N_("Enter what the scheme holds and owes.")), field="held")
    single = work.two_signatures()
    entry_id = post(work, posting, day=day, reason=reason.strip())
    moved = sum(line.amount for line in posting.lines if line.amount > 0)
    made = _Made(request_id, VoucherKind.OPENING, day, moved, entry_id, None, single=single)
    return _keep(work, made, Paper(reason.strip()))


def _check_opening(work: Work) -> None:
    if last_closed(work.connection) is not None:
        raise Refusal(
            Text(OPENING_STANDS),
            field="day",
        )
    if work.rows(
        "SELECT 1 FROM voucher v WHERE kind = 'OPENING' AND reverses IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM voucher r WHERE r.reverses = v.id)"
    ):
        raise Refusal(
            Text(N_("The opening balance sheet was written before. Cancel it to write it anew.")),
            field="held",
        )


def _check_opened(work: Work, one: Opened, day: date) -> None:
    account = work.country.chart.get(one.role)
    if account is None or one.role == "transfer" or account.number[0] in "678":
        raise Refusal(
            Text(
                N_("{account} is no account of an opening balance sheet. Choose another account."),
                {"account": one.role},
            ),
            field="held",
        )
    check_party(work, one.role, one.party, field="held")
    if one.role in BOXES:
        check_place(work, Place(one.role, one.box), day, field="held")
        if one.amount < 0:
            raise Refusal(
                Text(N_("A box cannot hold less than nothing. Type 0 or more.")), field="held"
            )


# Cancelling


def cancel_voucher(
    work: Work, *, request_id: RequestId, voucher_id: VoucherId, reason: str
) -> Booked:
    """Take back a voucher by its mirror, in the open month, with a reason (P30). Two sign.

    Both numbers stay in sight: the cancelled one, and that of the voucher that cancels it.

    Raises:
        Refusal: no such voucher, no reason, cancelled before, itself a cancelling, a bill of
            which something is paid, an opening after a month was closed, a box that would fall
            below zero, nobody to sign with, or the same person as wrote it (S3).
    """
    done = _done(work, request_id)
    if done is not None:
        return done
    row = _cancellable(work, voucher_id)
    paper = _paper(reason, "", "", field="reason")
    single = work.two_signatures(unlike=StaffId(row.made_by))
    on = booking_day(work, work.today)
    boxes = [
        _box_of(work, row.box, row.box_id, on),
        _box_of(work, row.other_box, row.other_box_id, on),
    ]
    outwards, inwards = (boxes[0], boxes[1]) if row.series == "S" else (None, boxes[0])
    _check_mirror(work, row, on)
    entry_id = reverse(work, EntryId(row.entry_id), reason=paper.label)
    other = row.other_entry_id
    made = _Made(
        request_id,
        VoucherKind(row.kind),
        on,
        row.amount,
        entry_id,
        row.role,
        single=single,
        party=row.party,
        bill_id=row.bill_id,
        reverses=voucher_id,
        other_entry_id=reverse(work, EntryId(other), reason=paper.label) if other else None,
    )
    return _keep(
        work,
        made,
        Paper(row.label, row.payee or "", row.piece or ""),
        out_of=inwards,
        into=outwards,
        reason=paper.label,
    )


def _check_mirror(work: Work, row, on: date) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Refuse what would leave a box, or the money of an activity in it, below zero."""
    for entry_id in (row.entry_id, row.other_entry_id):
        if entry_id is None:
            continue
        original = entry_of(work.connection, EntryId(entry_id))
        for place, moved in rules.by_place(original.lines).items():
            check_place(work, place, on)
            if moved > 0:
                check_held(work, place, moved, on, activity=original.activity)


def _box_of(work: Work, role: str | None, box_id: bytes | None, on: date) -> CashBox | None:
    if role is None:
        return None
    return check_place(work, Place(role, None if box_id is None else BoxId(box_id)), on)


def _cancellable(work: Work, voucher_id: VoucherId):  # type: ignore[no-untyped-def]  # noqa: ANN202
    rows = work.rows("SELECT * FROM voucher WHERE id = :id", id=voucher_id)
    if not rows:
        raise Refusal(Text(N_("There is no such voucher. Check the number.")), field="voucher")
    row = rows[0]
    told = None
    if row.reverses is not None:
        told = N_("This voucher cancels another one. Write a new one instead.")
    elif work.rows("SELECT 1 FROM voucher WHERE reverses = :id", id=voucher_id):
        told = N_("This voucher was cancelled before. Check the number.")
    elif row.kind == "BILL" and -owed_by_hand(work.connection, "supplier", row.id) < row.amount:
        told = N_("Something of this bill is paid. Cancel the payment first.")
    elif row.kind == "OPENING" and last_closed(work.connection) is not None:
        told = OPENING_STANDS
    if told is not None:
        raise Refusal(Text(told), field="voucher")
    return row


# What vouchers share


def check_amount(amount: Money, field: str = "amount") -> None:
    """Refuse nothing, less than nothing, and amounts no scheme has."""
    if amount.minor <= 0:
        raise Refusal(Text(N_("Enter an amount above zero.")), field=field)
    if amount.minor > MOST:
        raise Refusal(
            Text(N_("No amount is that large. Take away the zeros that are too many.")),
            field=field,
        )


def check_party(work: Work, role: str, party: bytes | None, *, field: str = "party") -> None:
    """Refuse a line that does not say whose it is, or names nobody the book knows."""
    table = PERSONAL.get(role)
    if table is None:
        return
    known = party is not None and work.rows(
        f"SELECT 1 FROM {table} WHERE id = :id",  # noqa: S608 - one of PERSONAL
        id=party,
    )
    if not known:
        raise Refusal(
            Text(
                N_("Account {account} is one of persons. Say whose it is."),
                {"account": work.country.chart[role].number},
            ),
            field=field,
        )


def _check_owed(work: Work, owed: int, amount: Money) -> None:
    if amount.minor > owed:
        raise Refusal(
            Text(
                N_("Only {owed} is owed. Check the amount."),
                {"owed": Money(max(owed, 0), work.currency)},
            ),
            field="amount",
        )


def _paper(label: str, payee: str, piece: str, *, field: str = "label") -> Paper:
    told = " ".join(label.split())
    if not told and field == "reason":
        raise Refusal(Text(N_("Write why; the reason is kept.")), field=field)
    if not told:
        raise Refusal(Text(N_("Say what it was for; the paper is filed under it.")), field=field)
    return Paper(told, " ".join(payee.split()), piece.strip())


def _done(work: Work, request_id: RequestId) -> Booked | None:
    rows = work.rows("SELECT id FROM voucher WHERE request_id = :request", request=request_id)
    return booked(work, VoucherId(rows[0].id)) if rows else None


def booked(work: Work, voucher_id: VoucherId) -> Booked:
    """Return what a voucher's verb told when it was written."""
    told = voucher_of(work.connection, work.country, voucher_id)
    if told is None:
        raise LookupError("no such voucher")
    row = work.rows("SELECT entry_id FROM voucher WHERE id = :id", id=voucher_id)[0]
    return Booked(
        told.id, told.number, EntryId(row.entry_id), told.single_control, told.other_number
    )


@dataclass(frozen=True, slots=True)
class _Made:
    """What a voucher's row says beside its paper and its boxes."""

    request_id: RequestId
    kind: VoucherKind
    day: date
    amount: int
    entry_id: EntryId
    role: str | None
    single: bool = False
    party: bytes | None = None
    bill_id: VoucherId | None = None
    reverses: VoucherId | None = None
    other_entry_id: EntryId | None = None
    id: VoucherId | None = None


def _keep(
    work: Work,
    made: _Made,
    paper: Paper,
    *,
    out_of: CashBox | None = None,
    into: CashBox | None = None,
    reason: str = "",
) -> Booked:
    """Write a voucher's row, numbered in the series of its box, year and laptop."""
    voucher_id = made.id or VoucherId(work.new_id())
    series, own = ("S", out_of) if out_of else ("E", into)
    other = into if out_of else None
    letter = work.desk.head.device
    work.insert(
        voucher,
        id=voucher_id,
        request_id=made.request_id,
        kind=made.kind,
        day=made.day,
        amount=made.amount,
        label=paper.label,
        entry_id=made.entry_id,
        made_by=work.person.staff_id,
        single_control=int(made.single),
        role=made.role,
        series=series if own else None,
        box=own.place.role if own else None,
        box_id=own.place.box if own else None,
        year=made.day.year,
        letter=letter,
        serial=_next(work, series, own, made.day.year) if own else None,
        other_box=other.place.role if other else None,
        other_box_id=other.place.box if other else None,
        other_serial=_next(work, "E", other, made.day.year) if other else None,
        other_entry_id=made.other_entry_id,
        payee=paper.payee or None,
        piece=paper.piece or None,
        party=made.party,
        bill_id=made.bill_id,
        reverses=made.reverses,
        reason=reason or None,
    )
    return booked(work, voucher_id)


def _next(work: Work, series: str, box: CashBox, year: int) -> int:
    row = work.rows(
        _SERIAL,
        series=series,
        box=box.place.role,
        box_id=box.place.box,
        year=year,
        letter=work.desk.head.device,
    )[0]
    return int(row.n)


def keep_difference(
    work: Work,
    *,
    request_id: RequestId,
    box: CashBox,
    day: date,
    posting: Posting,
    reason: str,
    single: bool,
    party: bytes | None,
) -> VoucherId:
    """Write the voucher of what a count found missing or too much (P18)."""
    amount = next(line.amount for line in posting.lines if line.role == box.place.role)
    entry_id = post(work, posting, day=day, reason=reason)
    role = next(line.role for line in posting.lines if line.role != box.place.role)
    made = _Made(
        request_id, VoucherKind.COUNT, day, abs(amount), entry_id, role, single=single, party=party
    )
    paper = Paper(reason)
    if amount < 0:
        return _keep(work, made, paper, out_of=box).voucher_id
    return _keep(work, made, paper, into=box).voucher_id
