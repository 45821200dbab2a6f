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
from stepdesk.contributions.service.writing import check_session
from stepdesk.contributions.terms import (
    CollectionSession,
    Count,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    EntryId,
    RequestId,
    SessionId,
    StaffId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month


def hand_over_cash(
    work: Work,
    *,
    request_id: RequestId,
    collector_id: StaffId,
    amount: Money,
    day: date | None = None,
) -> EntryId:
    """Take over what a collector carries (P03).

    Raises:
        Refusal: nothing, or more than the collector carries; a closed month.
    """
    done = work.row(
        text("SELECT entry_id FROM hand_over WHERE request_id = :request"), request=request_id
    )
    if done is not None:
        return EntryId(done.entry_id)
    on = day or work.today
    if amount.minor <= 0:
        raise Refusal(Text(N_("Enter an amount above zero.")), field="amount")
    carried = work.rows(
        text(
            "SELECT coalesce((SELECT sum(amount) FROM payment WHERE collector_id = :c"
            " AND session_id IS NULL AND means = 'CASH'), 0)"
            " - coalesce((SELECT sum(amount) FROM hand_over WHERE collector_id = :c), 0)"
        ),
        c=collector_id,
    )[0][0]
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
    if ledger.is_closed(work, on):
        raise Refusal(
            Text(N_("{month} is closed. Date it in the open month."), {"month": Month.of(on)}),
            field="day",
        )
    entry_id = ledger.post(work, posting.hand_over(into="cash_main", amount=amount.minor), day=on)
    work.insert(
        hand_over,
        id=work.new_id(),
        request_id=request_id,
        collector_id=collector_id,
        day=on,
        amount=amount,
        entry_id=entry_id,
    )
    return entry_id


def open_session(
    work: Work,
    *,
    place: str,
    collector_id: StaffId | None = None,
    float_amount: Money | None = None,
    day: date | None = None,
) -> SessionId:
    """Open a collection session; its receipts enter the cash book when it is counted and signed.

    Raises:
        Refusal: without a place.
    """
    if not place.strip():
        raise Refusal(Text(N_("Say where the money is collected.")), field="place")
    session_id = SessionId(work.new_id())
    work.insert(
        collection_session,
        id=session_id,
        place=place.strip(),
        day=day or work.today,
        collector_id=collector_id,
        float_amount=float_amount.minor if float_amount else 0,
        opened_by=work.person.staff_id,
    )
    return session_id


def close_session(
    work: Work, *, session_id: SessionId, count: Count, difference_reason: str = ""
) -> CollectionSession:
    """Count a session and let its money enter the cash book (P03, excess P18).

    A shortage stays owed by who collected. Both sign.

    Raises:
        Refusal: closed before, a difference without a reason, nobody to sign with.
    """
    check_session(work, session_id)
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
    if handed > 0:
        ledger.post(work, posting.hand_over(into="cash_main", amount=handed), day=on)
    if difference > 0:
        ledger.post(
            work,
            posting.excess(into="cash_main", amount=difference),
            day=on,
            reason=difference_reason,
        )
    work.insert(
        session_count,
        id=work.new_id(),
        session_id=session_id,
        counted=count.total,
        expected=expected,
        pieces=json.dumps({str(value): n for value, n in sorted(count.pieces.items()) if n}),
        difference_reason=difference_reason.strip(),
        single_control=int(single),
    )
    closed = queries.session_of(work.connection, session_id, work.currency)
    if closed is None:
        raise LookupError("no such session")
    return closed
