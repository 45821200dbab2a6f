"""Whether what decides an answer was told only after the day it is about."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from stepdesk.members.terms import Event, EventKind, Statutes
from stepdesk.values.ids import EventId, PersonId

_ALWAYS_LATE = frozenset(
    {
        EventKind.REGISTERED,
        EventKind.TRANSFERRED_IN,
        EventKind.MOVED,
        EventKind.VOIDED,
        EventKind.GROUP_JOINED,
        EventKind.GROUP_MOVED,
        EventKind.GROUP_LEFT,
        EventKind.SPONSORED,
    }
)
"""Told when they are told: before, nobody was known here, or nothing of it moves an answer.

What a sponsor takes over counts from the day it is told; taken back, it never was.
"""

_OWN = frozenset({EventKind.BIRTH, EventKind.MARRIAGE})
"""What moves the answers about the person it names alone."""

_DECIDING = frozenset({"sex", "birth", "birth_known", "relation", "mother_id"})


def corrected_since(
    history: Sequence[Event],
    same: Collection[PersonId],
    day: date,
    statutes: Sequence[Statutes] = (),
) -> date | None:
    """Return the last day on which something about a day was told that had passed; None if nothing.

    Args:
        history: Every event of the household, reversals and what they reversed too.
        same: All ids of the person asked about.
        day: The day asked about.
        statutes: All versions. One told after the household was, under a day that had passed,
            corrects answers too.

    Source: domain handbook 2.8 (a) and Y.8 (3): a later event changes a past answer only as a
    correction, and is marked as one.
    """
    events = {event.id: event for event in history if event.id is not None}
    told = [
        event.recorded_on
        for event in history
        if event.recorded_on is not None
        and event.recorded_on > day
        and _moves(event, events, same, day)
    ]
    known = min((one.recorded_on for one in history if one.recorded_on), default=date.max)
    told += [
        one.recorded_on
        for one in statutes
        if one.recorded_on is not None
        and one.recorded_on > max(day, known)
        and one.first_day <= day
    ]
    return max(told, default=None)


def _moves(
    event: Event, events: Mapping[EventId, Event], same: Collection[PersonId], day: date
) -> bool:
    if event.kind is EventKind.REVERSED:
        undone = None if event.reverses is None else events.get(event.reverses)
        return undone is not None and _moved(undone, events, same, day)
    if event.kind is EventKind.CORRECTED:
        return bool(_DECIDING & {part.partition(":")[0] for part in event.document.split("; ")})
    if event.kind in _OWN | {EventKind.DUPLICATE} and event.person_id not in same:
        return False
    corrects = event.kind is EventKind.DUPLICATE
    return event.kind not in _ALWAYS_LATE and (corrects or event.effective_on <= day)


def _moved(
    undone: Event, events: Mapping[EventId, Event], same: Collection[PersonId], day: date
) -> bool:
    """Whether taking back an event moves answers about a day."""
    if undone.kind is EventKind.SPONSORED:
        return undone.effective_on <= day
    return _moves(undone, events, same, day)
