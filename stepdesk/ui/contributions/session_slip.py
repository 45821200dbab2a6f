"""The slip of a session: when it is closed, and any time after."""

from collections.abc import Sequence

from stepdesk.contributions.queries import count_of, receipts_of_session
from stepdesk.contributions.terms import CollectionSession, Count, Receipt
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Desk


def slip_of(desk: Desk, session: CollectionSession, count: Count) -> bytes:
    """Draw the slip of a session, its receipts in the order they were given."""
    from stepdesk.contributions.papers import session_slip_pdf

    receipts: Sequence[Receipt] = desk.ask(receipts_of_session, session.id, desk.currency)
    scheme = desk.ask(scheme_on, desk.today)
    return session_slip_pdf(
        session,
        tuple(reversed(receipts)),
        count.pieces,
        scheme.language,
        scheme=scheme.name,
        practice=scheme.practice,
        printed_on=desk.today,
    )


def slip_again(desk: Desk, session: CollectionSession) -> bytes:
    """Draw the slip of a session of before, with what was counted when it was closed."""
    return slip_of(desk, session, desk.ask(count_of, session.id) or Count())
