"""What is done in the ledger: post, reverse, spend, lock a month."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import text

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules
from stepdesk.ledger.model import closing, entry, entry_line, expense
from stepdesk.ledger.queries import (
    entry_of,
    first_open,
    last_closed,
    trial_balance,
)
from stepdesk.ledger.terms import Activity, Posting
from stepdesk.store.acts import merkle_root
from stepdesk.store.work import Work
from stepdesk.values.ids import ClosingId, EntryId, RequestId
from stepdesk.values.money import Money
from stepdesk.values.month import Month

_SERIAL = (
    "SELECT coalesce(max(serial), 0) + 1 FROM entry"
    " WHERE journal = :journal AND month = :month AND letter = :letter"
)
_LAST_CLOSED = "SELECT max(month) FROM closing"

SPENDING = ("supplies", "travel", "services", "taxes", "allowances", "payroll", "interest_paid")
"""The kinds of operating expense a desk books by itself (P16)."""


def post(
    work: Work,
    posting: Posting,
    *,
    day: date,
    reason: str = "",
    reverses: EntryId | None = None,
    activity: Activity = Activity.HEALTH,
) -> EntryId:
    """Book an entry on a day of an open month.

    Raises:
        ValueError: when debits and credits differ: a bug, never a person's mistake.
        Refusal: when the month is closed.
    """
    if not rules.balanced(posting.lines):
        raise ValueError(f"{posting.rule} does not balance")
    month = day.isoformat()[:7]
    letter = work.desk.head.device
    serial = work.rows(_SERIAL, journal=posting.journal.value, month=month, letter=letter)[0][0]
    entry_id = EntryId(work.new_id())
    work.insert(
        entry,
        id=entry_id,
        journal=posting.journal,
        month=month,
        serial=serial,
        letter=letter,
        day=day,
        rule=posting.rule,
        activity=activity,
        reverses=reverses,
        reason=reason,
    )
    for line in posting.lines:
        work.insert(
            entry_line,
            id=work.new_id(),
            entry_id=entry_id,
            role=line.role,
            amount=line.amount,
            box_id=line.box,
            party=line.party,
        )
    return entry_id


def reverse(
    work: Work, entry_id: EntryId, *, reason: str, moved: Mapping[str, str] | None = None
) -> EntryId:
    """Book the mirror of an entry in the open month (P30), linked and with a reason.

    Args:
        work: The work.
        entry_id: The entry taken back.
        reason: Why.
        moved: Where the money of a role lies by now, when it was handed over since.
    """
    original = entry_of(work.connection, entry_id)
    lines = tuple(
        replace(line, role=(moved or {}).get(line.role, line.role)) for line in original.lines
    )
    posting = rules.mirror(Posting(original.rule, original.journal, lines))
    return post(work, posting, day=booking_day(work, work.today), reason=reason, reverses=entry_id)


def booking_day(work: Work, day: date) -> date:
    """Return the day a document is booked on: its own, or today when its month is closed.

    When the clock stands in a closed month too, the first day of the open month.
    """
    closed = work.rows(_LAST_CLOSED)[0][0]
    if closed is None or day.isoformat()[:7] > closed:
        return day
    open_month = Month.parse(closed).plus(1)
    return max(work.today, open_month.first)


def first_open_day(work: Work) -> date:
    """Return the day behind the last closed month; the earliest day there is when none is."""
    closed = work.rows(_LAST_CLOSED)[0][0]
    return date.min if closed is None else Month.parse(closed).plus(1).first


def is_closed(work: Work, day: date) -> bool:
    closed = work.rows(_LAST_CLOSED)[0][0]
    return closed is not None and day.isoformat()[:7] <= closed


def spend(
    work: Work,
    *,
    request_id: RequestId,
    day: date,
    role: str,
    amount: Money,
    label: str,
    box: str = "cash_main",
) -> EntryId:
    """Pay an operating expense from a box (P16).

    Raises:
        Refusal: no amount, no label, an unknown kind, more than the box holds, a closed month.
    """
    done = work.row(
        text("SELECT entry_id FROM expense WHERE request_id = :request"), request=request_id
    )
    if done is not None:
        return EntryId(done.entry_id)
    if amount.minor <= 0:
        raise Refusal(Text(N_("Enter an amount above zero.")), field="amount")
    if role not in SPENDING:
        raise Refusal(Text(N_("Choose what the money was spent on.")), field="role")
    if not label.strip():
        raise Refusal(Text(N_("Say what was bought; the paper is filed under it.")), field="label")
    if is_closed(work, day):
        raise Refusal(
            Text(
                N_("{month} is closed. Date the expense in the open month."),
                {"month": Month.of(day)},
            ),
            field="day",
        )
    held = work.rows(
        text("SELECT coalesce(sum(amount), 0) FROM entry_line WHERE role = :r"), r=box
    )
    if held[0][0] < amount.minor:
        raise Refusal(
            Text(
                N_("The cash box holds only {held}. Check the amount."),
                {"held": Money(held[0][0], work.currency)},
            ),
            field="amount",
        )
    entry_id = post(
        work, rules.expense(role=role, box=box, amount=amount.minor), day=day, reason=label
    )
    work.insert(
        expense,
        id=work.new_id(),
        request_id=request_id,
        day=day,
        role=role,
        box=box,
        amount=amount,
        label=label,
        entry_id=entry_id,
    )
    return entry_id


def check_closable(work: Work, month: Month) -> None:
    """Refuse to close any month but the next one that has begun.

    Raises:
        Refusal: closed already, out of turn, or still ahead.
    """
    last = last_closed(work.connection)
    if last is not None and month <= last:
        raise Refusal(Text(N_("{month} is closed already."), {"month": month}), field="month")
    due = first_open(work.connection, work.desk.made_on)
    if month.first > work.today:
        raise Refusal(
            Text(
                N_("{month} has not begun. It can be closed from {day} on."),
                {"month": month, "day": month.until},
            ),
            field="month",
        )
    if month < due:
        raise Refusal(
            Text(
                N_("Nothing was booked in {month}. The first month to close is {first}."),
                {"month": month, "first": due},
            ),
            field="month",
        )
    if month > due:
        raise Refusal(
            Text(N_("Close {first} first: months are closed one after another."), {"first": due}),
            field="month",
        )


def lock_month(
    work: Work, *, month: Month, cash_counted: Money | None, single_control: bool
) -> ClosingId:
    """Lock a month: from now on the database refuses entries in it.

    The closing holds the Merkle root over all acts so far, so that its fingerprint on paper is a
    witness of the whole journal. Source: safety handbook 3.5.
    """
    balance = trial_balance(work.connection, work.country, month)
    if balance.debit != balance.credit:
        raise Refusal(
            Text(N_("The trial balance does not agree. Verify the book before closing."))
        )
    hashes = [row[0] for row in work.rows(text("SELECT hash FROM act ORDER BY n"))]
    closing_id = ClosingId(work.new_id())
    work.insert(
        closing,
        id=closing_id,
        month=month,
        closed_on=work.today,
        first_person=work.person.staff_id,
        second_person=work.seconded.staff_id if work.seconded else None,
        single_control=int(single_control),
        cash_counted=cash_counted,
        root=merkle_root(hashes),
        acts=len(hashes),
        debit=balance.debit,
        credit=balance.credit,
    )
    return closing_id
