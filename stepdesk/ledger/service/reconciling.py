"""Statements of banks and telephone companies: brought in, matched with the books, agreed (D18)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger.model import (
    box_statement,
    statement_group,
    statement_group_entry,
    statement_line,
    statement_match,
)
from stepdesk.ledger.queries.reconciling import (
    box_entries,
    groups_of,
    reconciliation,
    statement_lines,
)
from stepdesk.ledger.rules import BOXES
from stepdesk.ledger.service.boxes import check_place
from stepdesk.ledger.service.counting import read_statement
from stepdesk.ledger.service.vouchers import receive, spend, take_fee
from stepdesk.ledger.terms import (
    Booked,
    ImportedStatement,
    Journal,
    Place,
    ReadLine,
    Reconciliation,
)
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    BoxCountId,
    BoxId,
    BoxStatementId,
    EntryId,
    RequestId,
    StatementGroupId,
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
    _check_free(work, place, (entry_id,))
    moved = _moved(work, place)
    if moved.get(entry_id) != line.amount:
        raise Refusal(
            Text(
                N_("No such entry moved {amount} in this box. Choose another."),
                {"amount": Money(line.amount, work.currency)},
            ),
            field="entry",
        )
    _keep_match(work, line_id, entry_id)


def match_together(
    work: Work,
    *,
    line_ids: Sequence[StatementLineId],
    entry_ids: Sequence[EntryId],
    difference_reason: str = "",
) -> StatementGroupId:
    """Say that one line is several entries, or several lines are one: a slip that holds many receipts.

    Args:
        work: The work.
        line_ids: One line, or several of one box.
        entry_ids: Several entries, or one.
        difference_reason: Why both sums differ, where they do.

    Raises:
        Refusal: nothing chosen, several on both sides, lines of two boxes, a line or an entry
            that is matched, an entry of another box, sums that differ without a reason.
    """
    lines = [_line(work, one) for one in dict.fromkeys(line_ids)]
    entries = tuple(dict.fromkeys(entry_ids))
    place = _one_to_several(lines, entries)
    if any(line.entry_id is not None for line, _ in lines):
        raise Refusal(
            Text(N_("This line is matched already. Take that back first.")), field="line"
        )
    _check_free(work, place, entries)
    moved = _moved(work, place)
    if any(one not in moved for one in entries):
        raise Refusal(Text(N_("An entry did not move this box. Choose another.")), field="entry")
    stated = sum(line.amount for line, _ in lines)
    booked = sum(moved[one] for one in entries)
    if stated != booked and not difference_reason.strip():
        raise Refusal(
            Text(
                N_(
                    "The statement has {stated}, the books have {booked}: {difference} apart."
                    " Choose others, or write why they differ."
                ),
                {
                    "stated": Money(stated, work.currency),
                    "booked": Money(booked, work.currency),
                    "difference": Money(abs(stated - booked), work.currency),
                },
            ),
            field="difference_reason",
        )
    group_id = StatementGroupId(work.new_id())
    work.insert(
        statement_group,
        id=group_id,
        box=place.role,
        box_id=place.box,
        difference=stated - booked,
        reason=difference_reason.strip() if stated != booked else "",
        day=work.today,
        made_by=work.person.staff_id,
    )
    for entry_id in entries:
        work.insert(statement_group_entry, id=work.new_id(), group_id=group_id, entry_id=entry_id)
    for line_id in dict.fromkeys(line_ids):
        _keep_match(work, line_id, entries[0], group_id)
    return group_id


def _one_to_several(lines: Sequence[tuple[Any, Place]], entries: Sequence[EntryId]) -> Place:
    """Return the box of lines and entries that may be one movement."""
    if not lines or not entries:
        raise Refusal(
            Text(N_("Choose lines of the statement and entries of the books.")), field="line"
        )
    if len(lines) > 1 and len(entries) > 1:
        raise Refusal(
            Text(N_("Choose one line and its entries, or one entry and its lines.")), field="line"
        )
    places = {place for _, place in lines}
    if len(places) > 1:
        raise Refusal(Text(N_("These lines are of two boxes. Choose lines of one.")), field="line")
    return lines[0][1]


def _check_free(work: Work, place: Place, entries: Sequence[EntryId]) -> None:
    """Refuse entries that a line is already."""
    lines = statement_lines(work.connection, place, work.currency)
    taken = {one.entry_id for one in lines}
    taken |= {entry for one in groups_of(work.connection, place, lines) for entry in one.entries}
    if taken & set(entries):
        raise Refusal(
            Text(N_("Another line is this entry already. Take that back first.")), field="entry"
        )


def _moved(work: Work, place: Place) -> dict[EntryId, int]:
    return {
        one.entry_id: one.amount.minor
        for one in box_entries(work.connection, place, work.currency, date.min, date.max)
    }


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
    """Take back that a line is an entry; both stand open again, and all that stood together.

    Raises:
        Refusal: no such line, a line that is not matched.
    """
    line, place = _line(work, line_id)
    if line.entry_id is None:
        raise Refusal(
            Text(N_("This line is not matched with anything. Choose another line.")), field="line"
        )
    lines = statement_lines(work.connection, place, work.currency)
    with_it = [one.id for one in lines if one.group_id and one.group_id == line.group_id]
    for one in with_it or [line_id]:
        _keep_match(work, one, None)


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

    What only one of the two knows explains itself, and so does a difference that was named with
    its movement: both are kept as the reason when none is told. A reason is asked for when
    something is left that no line explains.

    Args:
        work: The work.
        request_id: One for each.
        box: A bank, a savings institution, a telephone.
        day: The evening it is of.
        stated: What the statement says; its last balance when left out.
        difference_reason: Why it differs from the books.

    Raises:
        Refusal: a cash box, no balance known, something unexplained without a reason, and as for
            `read_statement`.
    """
    place = _banked(work, box)
    state = reconciliation(work.connection, work.country, place, day, stated=stated)
    if state.stated is None:
        raise Refusal(
            Text(N_("The statement tells no balance. Type what it says is there.")),
            field="stated",
        )
    if state.unexplained and not difference_reason.strip():
        raise Refusal(
            Text(
                N_("No line explains {difference}. Look for it, or write why."),
                {"difference": state.unexplained},
            ),
            field="difference_reason",
        )
    return read_statement(
        work,
        request_id=request_id,
        box=place,
        stated=state.stated,
        day=day,
        difference_reason=difference_reason.strip() or _explained_by(state),
    )


def _explained_by(state: Reconciliation) -> str:
    """Return what explains a difference, as it stands on the lines themselves."""
    told = [one.number for one in state.only_book]
    told += [one.reference or one.label or str(one.day) for one in state.only_statement]
    told += [one.reason for one in state.together if one.difference.minor]
    words = "; ".join(dict.fromkeys(told))
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _line(work: Work, line_id: StatementLineId) -> tuple[Any, Place]:
    rows = work.rows(
        "SELECT l.day, l.amount, l.reference, l.label, s.box, s.box_id, m.entry_id, m.group_id"
        " FROM statement_line l JOIN box_statement s ON s.id = l.statement_id"
        " LEFT JOIN statement_match m ON m.id = (SELECT n.id FROM statement_match n"
        " WHERE n.line_id = l.id ORDER BY n.id DESC LIMIT 1) WHERE l.id = :id",
        id=line_id,
    )
    if not rows:
        raise Refusal(
            Text(N_("There is no such line of a statement. Check the number.")), field="line"
        )
    box_id = rows[0].box_id
    return rows[0], Place(rows[0].box, None if box_id is None else BoxId(box_id))


def _keep_match(
    work: Work,
    line_id: StatementLineId,
    entry_id: EntryId | None,
    group_id: StatementGroupId | None = None,
) -> None:
    work.insert(
        statement_match,
        id=work.new_id(),
        line_id=line_id,
        entry_id=entry_id,
        day=work.today,
        made_by=work.person.staff_id,
        group_id=group_id,
    )
