"""Collectors hand over, sessions are opened, counted and signed."""

import json
from datetime import date

from sqlalchemy import text

from stepdesk.contributions import queries
from stepdesk.contributions.model import (
    collection_session,
    hand_over,
    session_count,
)
from stepdesk.contributions.service.writing import SESSION, TOO_MUCH, check_session, place_of
from stepdesk.contributions.terms import (
    CollectionSession,
    Count,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.ledger.terms import Place
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    BoxId,
    EntryId,
    RequestId,
    SessionId,
    StaffId,
)
from stepdesk.values.money import MOST, Money
from stepdesk.values.month import Month

_SLIP = (
    "SELECT coalesce(max(serial), 0) + 1 AS n FROM hand_over"
    " WHERE year = :year AND letter = :letter"
)


def hand_over_cash(
    work: Work,
    *,
    request_id: RequestId,
    collector_id: StaffId,
    amount: Money,
    day: date | None = None,
    box_id: BoxId | None = None,
    count: Count | None = None,
    difference_reason: str = "",
) -> EntryId:
    """Take over what a collector carries (P03), with the slip `H-…` (D06).

    With notes and coins counted, both sign, the collector and who takes over; what is missing
    needs a reason and stays owed by the collector. A page shows the receipts of the slip and what the collector carries.

    Args:
        work: The work.
        request_id: One for each slip.
        collector_id: Who hands over.
        amount: What is taken over.
        day: Today when left out; never ahead.
        box_id: Which box it goes into; the main cash box when left out.
        count: Notes and coins; together they are the amount.
        difference_reason: Why less is handed over than is carried.

    Raises:
        Refusal: a day ahead; nothing, or more than the collector carries; notes that are not the amount; a
            difference without a reason; a closed month; nobody to sign with, or two of whom neither
            is the collector.
    """
    done = work.row(
        text("SELECT entry_id FROM hand_over WHERE request_id = :request"), request=request_id
    )
    if done is not None:
        return EntryId(done.entry_id)
    on = day or work.today
    _check_day(work, on)
    if amount.minor <= 0:
        raise Refusal(Text(N_("Enter an amount above zero.")), field="amount")
    carried = queries.to_hand_over(work.connection, collector_id)
    _check_handed(work, amount, carried, count, difference_reason.strip())
    if ledger.is_closed(work, on):
        raise Refusal(
            Text(N_("{month} is closed. Date it in the open month."), {"month": Month.of(on)}),
            field="day",
        )
    single = _signed(work, collector_id) if count is not None else work.seconded is None
    place = place_of(work, box_id)
    entry_id = ledger.post(
        work,
        posting.hand_over(into=place.role, amount=amount.minor, box=place.box, party=collector_id),
        day=on,
    )
    letter = work.desk.head.device
    work.insert(
        hand_over,
        id=work.new_id(),
        request_id=request_id,
        collector_id=collector_id,
        day=on,
        amount=amount,
        entry_id=entry_id,
        year=on.year,
        letter=letter,
        serial=work.rows(_SLIP, year=on.year, letter=letter)[0].n,
        box_id=box_id,
        pieces=None if count is None else pieces_text(count),
        expected=carried,
        difference_reason=difference_reason.strip() or None,
        single_control=int(single),
    )
    return entry_id


def _check_day(work: Work, day: date) -> None:
    if day > work.today:
        raise Refusal(
            Text(
                N_("{day} is still ahead. Type {today}, which is today, or an earlier day."),
                {"day": day, "today": work.today},
            ),
            field="day",
        )


def _signed(work: Work, collector_id: StaffId) -> bool:
    """Ask for both signatures; return whether one person alone signs.

    A collector who has left cannot sign any more: whoever brings the money signs instead.
    """
    if work.two_signatures() or work.seconded is None:
        return True
    gone = work.rows(
        text("SELECT 1 FROM staff WHERE id = :id AND ended_on IS NOT NULL"), id=collector_id
    )
    if collector_id in {work.person.staff_id, work.seconded.staff_id} or gone:
        return False
    raise Refusal(
        Text(
            N_("Who collected signs too. Choose the collector, and let them type their password.")
        ),
        field="second",
    )


def _check_handed(
    work: Work, amount: Money, carried: int, count: Count | None, reason: str
) -> None:
    if amount.minor > carried:
        raise Refusal(
            Text(
                N_(
                    "This collector carries {carried}. Check the amount, or look for a receipt not typed in."
                ),
                {"carried": Money(carried, work.currency)},
            ),
            field="amount",
        )
    if count is None:
        return
    if count.total != amount.minor:
        raise Refusal(
            Text(
                N_("The notes and coins make {counted}, not {amount}. Count again."),
                {"counted": Money(count.total, work.currency), "amount": amount},
            ),
            field="pieces",
        )
    if amount.minor < carried and not reason:
        raise Refusal(
            Text(
                N_("{missing} of what is carried stays with the collector. Write why."),
                {"missing": Money(carried - amount.minor, work.currency)},
            ),
            field="difference_reason",
        )


def pieces_text(count: Count) -> str:
    """Return notes and coins as the book keeps them."""
    return json.dumps({str(value): n for value, n in sorted(count.pieces.items()) if n})


def open_session(
    work: Work,
    *,
    place: str,
    collector_id: StaffId | None = None,
    float_amount: Money | None = None,
    day: date | None = None,
    box_id: BoxId | None = None,
) -> SessionId:
    """Open a collection session; its receipts enter the cash book when it is counted and signed.

    With `box_id` its money goes into that box, else into the main cash box.

    Raises:
        Refusal: without a place, no such box, a day ahead, a float that cannot be.
    """
    if not place.strip():
        raise Refusal(Text(N_("Say where the money is collected.")), field="place")
    _check_day(work, day or work.today)
    if float_amount is not None and float_amount.minor < 0:
        raise Refusal(Text(N_("This is below zero. Type 0 or more.")), field="float_amount")
    if float_amount is not None and float_amount.minor > MOST:
        raise Refusal(TOO_MUCH, field="float_amount")
    _check_cash(place_of(work, box_id))
    session_id = SessionId(work.new_id())
    work.insert(
        collection_session,
        id=session_id,
        place=place.strip(),
        day=day or work.today,
        collector_id=collector_id,
        float_amount=float_amount.minor if float_amount else 0,
        opened_by=work.person.staff_id,
        box_id=box_id,
    )
    return session_id


def _check_cash(place: Place) -> None:
    if place.role not in {"cash_main", "cash_section"}:
        raise Refusal(Text(N_("Cash goes into a cash box. Choose one.")), field="box")


def close_session(
    work: Work, *, session_id: SessionId, count: Count, difference_reason: str = ""
) -> CollectionSession:
    """Count a session and let its money enter the cash book (P03, excess P18).

    It goes into the session's box. A shortage stays owed by who collected; what is missing of
    the float itself was the box's money, and is owed as any shortage of it (P18). Both sign.

    Raises:
        Refusal: closed before, a difference without a reason, nobody to sign with, a missing
            float that the box never held.
    """
    carrier = check_session(work, session_id)
    session = queries.session_of(work.connection, session_id, work.currency)
    if session is None:
        raise LookupError("no such session")
    expected = session.total.minor + session.float_amount.minor
    difference = count.total - expected
    if difference and not difference_reason.strip():
        raise Refusal(
            Text(
                N_("{difference} differs from what should be there. Count again, or write why."),
                {"difference": Money(difference, work.currency)},
            ),
            field="difference_reason",
        )
    single = work.two_signatures()
    handed = min(session.total.minor, count.total - session.float_amount.minor)
    on = ledger.booking_day(work, work.today)
    box = place_of(work, work.row(SESSION, session=session_id).box_id)
    if handed > 0:
        entry = posting.hand_over(into=box.role, amount=handed, box=box.box, party=carrier)
        ledger.post(work, entry, day=on, reason=session.place)
    lost = session.float_amount.minor - count.total
    if lost > 0:
        ledger.note_missing(
            work,
            box=box,
            amount=lost,
            day=on,
            owed_by=carrier,
            reason=difference_reason,
            single=single,
        )
    if difference > 0:
        ledger.note_excess(
            work, box=box, amount=difference, day=on, reason=difference_reason, single=single
        )
    work.insert(
        session_count,
        id=work.new_id(),
        session_id=session_id,
        counted=count.total,
        expected=expected,
        pieces=pieces_text(count),
        difference_reason=difference_reason.strip(),
        single_control=int(single),
    )
    closed = queries.session_of(work.connection, session_id, work.currency)
    if closed is None:
        raise LookupError("no such session")
    return closed
