"""Statements of banks and telephone companies: brought in, matched with the books, agreed (D18)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger.model import box_statement, statement_line, statement_match
from stepdesk.ledger.queries.reconciling import box_entries, reconciliation, statement_lines
from stepdesk.ledger.rules import BOXES
from stepdesk.ledger.service.boxes import check_place
from stepdesk.ledger.service.counting import read_statement
from stepdesk.ledger.service.vouchers import receive, spend, take_fee
from stepdesk.ledger.terms import Booked, ImportedStatement, Journal, Place, ReadLine
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    BoxCountId,
    BoxId,
    BoxStatementId,
    EntryId,
    RequestId,
    StatementLineId,
)
from stepdesk.values.money import Money

_MOST_LINES = 20_000
_LONGEST = 200


def import_statement(
    work: Work,
    *,
    request_id: RequestId,
    box: Place | str,
    lines: Sequence[ReadLine],
    file: str = "",
) -> ImportedStatement:
    """Bring in the lines of a statement; those that are known already are passed over.

    Two statements may overlap: a line of the same day, amount, reference, text and balance is
    the one that is known, as often as it is known.

    Raises:
        Refusal: a cash box, no line, too many, a day ahead, nothing that is new.
    """
    done = _done(work, request_id)
    if done is not None:
        return done
    place = _banked(work, box)
    if not 0 < len(lines) <= _MOST_LINES:
        raise Refusal(
            Text(
                N_("A statement has 1 to {count} lines. Split the file by month."),
                {"count": _MOST_LINES},
            ),
            field="file",
        )
    late = next((one for one in lines if one.day > work.today), None)
    if late is not None:
        raise Refusal(
            Text(
                N_("A line bears the day {day}, today is {today}. Check how days are written."),
                {"day": late.day, "today": work.today},
            ),
            field="file",
        )
    new = _new(work, place, lines)
    if not new:
        raise Refusal(
            Text(N_("Every line of this statement is in the book already. Choose another file.")),
            field="file",
        )
    statement_id = BoxStatementId(work.new_id())
    work.insert(
        box_statement,
        id=statement_id,
        request_id=request_id,
        box=place.role,
        box_id=place.box,
        day=work.today,
        file=file[:_LONGEST],
        made_by=work.person.staff_id,
    )
    for at, one in enumerate(new, start=1):
        work.insert(
            statement_line,
            id=work.new_id(),
            statement_id=statement_id,
            place=at,
            day=one.day,
            amount=one.amount,
            reference=one.reference[:_LONGEST],
            label=one.label[:_LONGEST],
            balance=one.balance,
        )
    return ImportedStatement(
        statement_id,
        len(new),
        len(lines) - len(new),
        min(one.day for one in new),
        max(one.day for one in new),
    )


def _done(work: Work, request_id: RequestId) -> ImportedStatement | None:
    rows = work.rows(
        "SELECT s.id, count(*) AS n, min(l.day) AS first, max(l.day) AS last FROM box_statement s"
        " JOIN statement_line l ON l.statement_id = s.id WHERE s.request_id = :request"
        " GROUP BY s.id",
        request=request_id,
    )
    if not rows:
        return None
    one = rows[0]
    first, last = date.fromisoformat(one.first), date.fromisoformat(one.last)
    return ImportedStatement(BoxStatementId(one.id), one.n, 0, first, last)


def _banked(work: Work, box: Place | str) -> Place:
    place = Place(box) if isinstance(box, str) else box
    check_place(work, place, work.today)
    if BOXES[place.role] is not Journal.BANK:
        raise Refusal(
            Text(N_("Only a bank or a telephone has statements. Count the cash instead.")),
            field="box",
        )
    return place


def _new(work: Work, place: Place, lines: Iterable[ReadLine]) -> list[ReadLine]:
    known = Counter(
        (
            one.day,
            one.amount.minor,
            one.reference,
            one.label,
            None if one.balance is None else one.balance.minor,
        )
        for one in statement_lines(work.connection, place, work.currency)
    )
    found = []
    for one in lines:
        reference, label = one.reference[:_LONGEST], one.label[:_LONGEST]
        key = (one.day, one.amount, reference, label, one.balance)
        if known[key]:
            known[key] -= 1
        else:
            found.append(one)
    return sorted(found, key=lambda one: one.day)


def match_line(work: Work, *, line_id: StatementLineId, entry_id: EntryId) -> None:
    """Say that a line of a statement is an entry of the book.

    Raises:
        Refusal: no such line, a line or an entry matched already, an entry that moved another
            amount in that box.
    """
    line, place = _line(work, line_id)
    if line.entry_id is not None:
        raise Refusal(
            Text(N_("This line is matched already. Take that back first.")), field="line"
        )
    lines = statement_lines(work.connection, place, work.currency)
    if any(one.entry_id == entry_id for one in lines):
        raise Refusal(
            Text(N_("Another line is this entry already. Take that back first.")), field="entry"
        )
    moved = {
        one.entry_id: one.amount.minor
        for one in box_entries(work.connection, place, work.currency, date.min, date.max)
    }
    if moved.get(entry_id) != line.amount:
        raise Refusal(
            Text(
                N_("No such entry moved {amount} in this box. Choose another."),
                {"amount": Money(line.amount, work.currency)},
            ),
            field="entry",
        )
    _keep_match(work, line_id, entry_id)


def accept_matches(work: Work, *, box: Place | str, day: date | None = None) -> int:
    """Match every line with the entry it must be; return how many there were.

    Only what is certain: the same reference and amount, or one amount within some days that
    neither another line nor another entry has.

    Raises:
        Refusal: a cash box, nothing to match.
    """
    place = _banked(work, box)
    state = reconciliation(work.connection, work.country, place, day or work.today)
    sure = [one for one in state.proposals if one.alone]
    if not sure:
        raise Refusal(
            Text(N_("No line is certain to be an entry. Match them one by one.")), field="line"
        )
    for one in sure:
        _keep_match(work, one.line.id, one.entry.entry_id)
    return len(sure)


def unmatch_line(work: Work, *, line_id: StatementLineId) -> None:
    """Take back that a line is an entry; both stand open again.

    Raises:
        Refusal: no such line, a line that is not matched.
    """
    line, _ = _line(work, line_id)
    if line.entry_id is None:
        raise Refusal(
            Text(N_("This line is not matched with anything. Choose another line.")), field="line"
        )
    _keep_match(work, line_id, None)


def book_line(
    work: Work,
    *,
    request_id: RequestId,
    line_id: StatementLineId,
    role: str,
    label: str = "",
    day: date | None = None,
) -> Booked:
    """Write the voucher of a line that is not in the book, and match both.

    What went out as `services` is a fee (P29), other money out an expense (P16); what came in is
    an income such as `interest`.

    Args:
        work: The work.
        request_id: One for each.
        line_id: The line.
        role: What it was.
        label: What it was for; the statement's own words when left out.
        day: The day of booking; the line's when left out: a closed month takes no more.

    Raises:
        Refusal: no such line, one that is matched, and as for the voucher.
    """
    line, place = _line(work, line_id)
    if line.entry_id is not None:
        raise Refusal(
            Text(N_("This line is matched already. Take that back first.")), field="line"
        )
    told: dict[str, Any] = {
        "request_id": request_id,
        "day": day or date.fromisoformat(line.day),
        "amount": Money(abs(line.amount), work.currency),
        "label": label or line.label or line.reference,
        "box": place,
        "piece": line.reference,
    }
    if line.amount > 0:
        booked = receive(work, role=role, **told)
    elif role == "services":
        booked = take_fee(work, **told)
    else:
        booked = spend(work, role=role, **told)
    _keep_match(work, line_id, booked.entry_id)
    return booked


def reconcile(
    work: Work,
    *,
    request_id: RequestId,
    box: Place | str,
    day: date,
    stated: Money | None = None,
    difference_reason: str = "",
) -> BoxCountId:
    """Keep that a box and its statement were compared on a day: both sums, and why they differ.

    What only one of the two knows explains itself; a reason is asked for when they differ at all.

    Args:
        work: The work.
        request_id: One for each.
        box: A bank, a savings institution, a telephone.
        day: The evening it is of.
        stated: What the statement says; its last balance when left out.
        difference_reason: Why it differs from the books.

    Raises:
        Refusal: a cash box, no balance known, and as for `read_statement`.
    """
    place = _banked(work, box)
    state = reconciliation(work.connection, work.country, place, day, stated=stated)
    if state.stated is None:
        raise Refusal(
            Text(N_("The statement tells no balance. Type what it says is there.")),
            field="stated",
        )
    return read_statement(
        work,
        request_id=request_id,
        box=place,
        stated=state.stated,
        day=day,
        difference_reason=difference_reason,
    )


def _line(work: Work, line_id: StatementLineId) -> tuple[Any, Place]:
    rows = work.rows(
        "SELECT l.day, l.amount, l.reference, l.label, s.box, s.box_id, (SELECT m.entry_id FROM"
        " statement_match m WHERE m.line_id = l.id ORDER BY m.id DESC LIMIT 1) AS entry_id"
        " FROM statement_line l JOIN box_statement s ON s.id = l.statement_id WHERE l.id = :id",
        id=line_id,
    )
    if not rows:
        raise Refusal(
            Text(N_("There is no such line of a statement. Check the number.")), field="line"
        )
    box_id = rows[0].box_id
    return rows[0], Place(rows[0].box, None if box_id is None else BoxId(box_id))


def _keep_match(work: Work, line_id: StatementLineId, entry_id: EntryId | None) -> None:
    work.insert(
        statement_match,
        id=work.new_id(),
        line_id=line_id,
        entry_id=entry_id,
        day=work.today,
        made_by=work.person.staff_id,
    )
