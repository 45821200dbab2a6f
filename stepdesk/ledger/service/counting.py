"""Boxes are counted blind, and statements of banks and telephone companies read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules
from stepdesk.ledger.model import box_count
from stepdesk.ledger.queries import floats_of, held_on
from stepdesk.ledger.rules import BOXES
from stepdesk.ledger.service.boxes import check_held, check_place
from stepdesk.ledger.service.posting import check_day
from stepdesk.ledger.service.vouchers import check_party, keep_difference
from stepdesk.ledger.terms import CashBox, Journal, Place
from stepdesk.store.work import Work
from stepdesk.values.ids import BoxCountId, RequestId, StaffId, VoucherId
from stepdesk.values.money import Money


@dataclass(frozen=True, slots=True)
class _Read:
    """A box, the day, what was found and what the books said, and why they differ."""

    place: Place
    day: date
    found: int
    expected: int
    reason: str
    pieces: str | None = None


def count_box(
    work: Work,
    *,
    request_id: RequestId,
    pieces: Mapping[int, int],
    box: Place | str = "cash_main",
    day: date | None = None,
    difference_reason: str = "",
    owed_by: StaffId | None = None,
) -> BoxCountId:
    """Keep what lay in a cash box, counted before the desk says what should (S4). Two sign.

    The page takes notes and coins first and calls this without a reason; when the count differs
    the refusal says by how much, and the page asks to count again or to say why. What is missing
    is a loss, or owed by who held the box; what is too much is a gift (P18). What collection
    sessions that are still open took along as float lies in their bags: it is not missing.

    Args:
        work: The work.
        request_id: One for each count.
        pieces: Notes and coins: value in minor units to how many.
        box: Which box.
        day: The day whose evening it is; today when left out.
        difference_reason: Why more or less lay there than the books say.
        owed_by: Who replaces what is missing; a loss of the scheme when left out.

    Raises:
        Refusal: no cash box, a piece this country does not have, less than none, a difference
            without a reason, a closed month or a day ahead, nobody to sign with.
    """
    done = _done(work, request_id)
    if done is not None:
        return done
    place = Place(box) if isinstance(box, str) else box
    on = day or work.today
    check_day(work, on)
    counted_in = check_place(work, place, on)
    if BOXES[place.role] is not Journal.CASH:
        raise Refusal(
            Text(N_("Only cash is counted. Read the statement of a bank or telephone instead.")),
            field="box",
        )
    counted = _total(work, pieces)
    taken = floats_of(work.connection, place, on, at=work.new_id())
    expected = held_on(work.connection, place, on) - taken
    reason = difference_reason.strip()
    _check_difference(work, counted - expected, reason, taken)
    single = work.two_signatures()
    told = json.dumps({str(value): n for value, n in sorted(pieces.items()) if n})
    read = _Read(place, on, counted, expected, reason, told)
    voucher_id = None
    if counted != expected:
        voucher_id = _book(work, request_id, counted_in, read, single=single, owed_by=owed_by)
    return _keep(work, request_id, read, single=single, voucher_id=voucher_id)


def note_missing(
    work: Work,
    *,
    box: Place,
    amount: int,
    day: date,
    owed_by: StaffId | None,
    reason: str,
    single: bool,
) -> VoucherId:
    """Book money of a box that somebody took along and did not bring back (P18), with its voucher.

    Args:
        work: The work; who signs has signed.
        box: Whose money it was.
        amount: What is missing, above zero.
        day: Open, not ahead.
        owed_by: Who took it along; a loss of the scheme when nobody is named.
        reason: As told.
        single: Whether one person alone signed.

    Raises:
        Refusal: no such box, or more than it holds.
    """
    counted_in = check_place(work, box, day)
    check_held(work, box, amount, day)
    return keep_difference(
        work,
        request_id=RequestId(work.new_id()),
        box=counted_in,
        day=day,
        posting=rules.shortage(out_of=box.role, amount=amount, box=box.box, owed_by=owed_by),
        reason=reason,
        single=single,
        party=owed_by,
    )


def note_excess(
    work: Work, *, box: Place, amount: int, day: date, reason: str, single: bool
) -> VoucherId:
    """Book money found beyond what a collection should bring (P18), with its voucher.

    Args:
        work: The work; who signs has signed.
        box: Where it lies.
        amount: What is too much, above zero.
        day: Open, not ahead.
        reason: As told.
        single: Whether one person alone signed.

    Raises:
        Refusal: no such box.
    """
    return keep_difference(
        work,
        request_id=RequestId(work.new_id()),
        box=check_place(work, box, day),
        day=day,
        posting=rules.excess(into=box.role, amount=amount, box=box.box),
        reason=reason,
        single=single,
        party=None,
    )


def _book(
    work: Work,
    request_id: RequestId,
    box: CashBox,
    read: _Read,
    *,
    single: bool,
    owed_by: StaffId | None,
) -> VoucherId:
    """Book what is missing, or too much (P18)."""
    place, difference = read.place, read.found - read.expected
    owner = None
    if difference < 0:
        check_held(work, place, -difference, read.day)
        owner = owed_by
        if owner is not None:
            check_party(work, "staff", owner, field="owed_by")
        posting = rules.shortage(
            out_of=place.role, amount=-difference, box=place.box, owed_by=owner
        )
    else:
        posting = rules.excess(into=place.role, amount=difference, box=place.box)
    return keep_difference(
        work,
        request_id=request_id,
        box=box,
        day=read.day,
        posting=posting,
        reason=read.reason,
        single=single,
        party=owner,
    )


def read_statement(
    work: Work,
    *,
    request_id: RequestId,
    box: Place | str,
    stated: Money,
    day: date | None = None,
    difference_reason: str = "",
) -> BoxCountId:
    """Keep what a bank, savings institution or telephone company says is there on a day.

    Nothing is booked: a fee or a transfer not yet written has its own voucher. Source: D18.

    Raises:
        Refusal: a cash box, a difference without a reason, a closed month or a day ahead.
    """
    done = _done(work, request_id)
    if done is not None:
        return done
    place = Place(box) if isinstance(box, str) else box
    on = day or work.today
    check_day(work, on)
    check_place(work, place, on)
    if BOXES[place.role] is Journal.CASH:
        raise Refusal(
            Text(N_("Cash is counted by notes and coins. Type how many of each.")), field="box"
        )
    expected = held_on(work.connection, place, on)
    reason = difference_reason.strip()
    _check_difference(work, stated.minor - expected, reason)
    read = _Read(place, on, stated.minor, expected, reason)
    return _keep(work, request_id, read, single=work.seconded is None)


def _done(work: Work, request_id: RequestId) -> BoxCountId | None:
    rows = work.rows("SELECT id FROM box_count WHERE request_id = :request", request=request_id)
    return BoxCountId(rows[0].id) if rows else None


def _total(work: Work, pieces: Mapping[int, int]) -> int:
    for value, n in pieces.items():
        if value not in work.country.coins:
            raise Refusal(
                Text(
                    N_("There is no note or coin of {value}. Count only the pieces of the list."),
                    {"value": Money(value, work.currency)},
                ),
                field="pieces",
            )
        if n < 0:
            raise Refusal(Text(N_("This is below zero. Type 0 or more.")), field="pieces")
    return sum(value * n for value, n in pieces.items())


def _check_difference(work: Work, difference: int, reason: str, taken: int = 0) -> None:
    if difference and not reason and taken:
        raise Refusal(
            Text(
                N_(
                    "{difference} differs from what should be there; {taken} that open collection sessions took along is left out. Count again, or write why."
                ),
                {
                    "difference": Money(difference, work.currency),
                    "taken": Money(taken, work.currency),
                },
            ),
            field="difference_reason",
        )
    if difference and not reason:
        raise Refusal(
            Text(
                N_("{difference} differs from what should be there. Count again, or write why."),
                {"difference": Money(difference, work.currency)},
            ),
            field="difference_reason",
        )


def _keep(
    work: Work,
    request_id: RequestId,
    read: _Read,
    *,
    single: bool,
    voucher_id: VoucherId | None = None,
) -> BoxCountId:
    count_id = BoxCountId(work.new_id())
    work.insert(
        box_count,
        id=count_id,
        request_id=request_id,
        day=read.day,
        box=read.place.role,
        box_id=read.place.box,
        counted=read.found,
        expected=read.expected,
        pieces=read.pieces,
        difference_reason=read.reason,
        first_person=work.person.staff_id,
        second_person=work.seconded.staff_id if work.seconded else None,
        single_control=int(single),
        voucher_id=voucher_id,
    )
    return count_id
