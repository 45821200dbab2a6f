"""How far a complaint may go next, and by when. Nothing here touches the book."""

from collections.abc import Mapping
from datetime import date, timedelta

from stepdesk.complaints.terms import ComplaintKind, ComplaintState, Deadlines

NEXT: Mapping[ComplaintState, ComplaintState] = {
    ComplaintState.FILED: ComplaintState.ACKNOWLEDGED,
    ComplaintState.ACKNOWLEDGED: ComplaintState.HEARD,
    ComplaintState.HEARD: ComplaintState.DECIDED,
    ComplaintState.DECIDED: ComplaintState.CLOSED,
}
"""The one step that follows each state: whoever complains is heard before anything is decided."""

OF_A_HOUSEHOLD = frozenset(
    {ComplaintKind.SUSPENSION, ComplaintKind.STRIKE_OFF, ComplaintKind.SUBSIDY}
)
"""Kinds that concern a household by name."""

LEVELS = 2
"""The board decides first, then the level above it. Source: domain handbook 2.15."""


def deadlines(filed_on: date, *, acknowledge_days: int, decide_days: int) -> Deadlines:
    """Return by when a complaint is acknowledged and decided, both days included."""
    return Deadlines(
        filed_on + timedelta(days=acknowledge_days), filed_on + timedelta(days=decide_days)
    )
