"""Undoing a life event: exactly what it wrote is taken back, and the event stays in sight."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.model import cover, household, person, person_merge
from stepdesk.members.queries import event_row, same_person
from stepdesk.members.service.searching import refresh_search
from stepdesk.members.service.writing import (
    Home,
    ask,
    grow,
    home_of,
    old_undoing,
    reason_of,
    write_event,
)
from stepdesk.members.terms import ENDINGS, Event, EventKind, Happened
from stepdesk.store.work import Work
from stepdesk.values.ids import EventId, HouseholdId, PersonId

_EVENT = "SELECT * FROM membership_event WHERE id = :event"
_PAIRED = (
    "SELECT * FROM membership_event e WHERE (e.id = :event OR e.pair_id = :event)"
    " AND e.reverses IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM membership_event r WHERE r.reverses = e.id)"
)
_REVERSED = "SELECT 1 FROM membership_event WHERE reverses = :event"
_LATER = (
    "SELECT e.* FROM membership_event e WHERE e.household_id = :household AND e.id > :event"
    " AND e.reverses IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM membership_event r WHERE r.reverses = e.id) ORDER BY e.id"
)
_BEGUN = "SELECT id, person_id, first_day FROM cover WHERE begun_by = :event"
_ENDED = "SELECT id, person_id, household_id, first_day, until FROM cover WHERE ended_by = :event"
_ELSEWHERE = (
    "SELECT 1 FROM cover WHERE person_id = :person AND id <> :cover AND first_day >= :day"
    " AND (until IS NULL OR until > first_day) LIMIT 1"
)
_CHANGED = (
    "SELECT k.cover_id, k.former, c.person_id FROM relation_change k"
    " JOIN cover c ON c.id = k.cover_id WHERE k.event_id = :event"
)
_MERGED = "SELECT id FROM person_merge WHERE event_id = :event AND undone_on IS NULL"
_CUT = "SELECT id FROM cover WHERE person_id = :person AND first_day = :day AND until = :cut"
# Parts of a payment lie by their payment: those of the household are few, all of them are not.
_PAID = (
    "SELECT min(d.first_day) AS first FROM due d WHERE d.household_id = :household"
    " AND d.id > :event AND d.first_day >= :day AND (SELECT coalesce(sum(a.amount), 0)"
    " FROM payment p CROSS JOIN allocation a ON a.payment_id = p.id"
    " WHERE p.household_id = d.household_id AND a.due_id = d.id) > 0"
)
_MONEY = (
    "SELECT 1 FROM payment p WHERE p.household_id = :household AND p.id > :event"
    " AND p.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM payment r WHERE r.reverses = p.id)"
)
_CARE = "SELECT 1 FROM claim WHERE person_id = :person AND id > :event LIMIT 1"
_SECTION = "SELECT id FROM section WHERE code = :code"

_NEVER = frozenset({EventKind.REVERSED, EventKind.VOIDED, EventKind.CORRECTED})
_GROUP = frozenset({EventKind.GROUP_JOINED, EventKind.GROUP_MOVED, EventKind.GROUP_LEFT})
_PAYING = (frozenset({EventKind.CATEGORISED}), _GROUP, frozenset({EventKind.SPONSORED}))
"""Who pays: of each kind one builds on the other, and nothing else does."""

_COUNTLESS = frozenset(
    {
        EventKind.MOVED,
        EventKind.STUDENT,
        EventKind.DISABLED,
        EventKind.CORRECTED,
        *frozenset.union(*_PAYING),
    }
)
"""Events that change neither who is covered nor who is the member."""

_MARKS = frozenset({EventKind.STUDENT, EventKind.DISABLED})
_LIVING_WITH = (
    "SELECT person_id FROM cover WHERE household_id IN"
    " (SELECT household_id FROM cover WHERE person_id = :person)"
)
_BEGINNINGS = frozenset({EventKind.REGISTERED, EventKind.SPLIT_FROM})
_GROWN = {
    EventKind.BIRTH: 1,
    EventKind.MARRIAGE: 1,
    EventKind.DEATH: -1,
    EventKind.DIVORCE: -1,
}


@dataclass(frozen=True, slots=True)
class _Undone:
    """What a reversal takes back: the events, by household, and the persons they are about."""

    events: tuple[tuple[HouseholdId, Event], ...]
    persons: frozenset[PersonId]

    @property
    def ids(self) -> tuple[EventId, ...]:
        return tuple(event.id for _, event in self.events if event.id is not None)

    @property
    def households(self) -> tuple[HouseholdId, ...]:
        return tuple(dict.fromkeys(home for home, _ in self.events))

    def has(self, kinds: Iterable[EventKind]) -> bool:
        return any(event.kind in kinds for _, event in self.events)


def reverse_event(
    work: Work, *, event_id: EventId, reason: str, accepting: Collection[str] = frozenset()
) -> Happened:
    """Undo an event and what was written with it, as if it had not happened; it stays in sight.

    A group's list is kept by `payers.service.take_back`, which is what a window uses.

    Covers it began never held, covers it ended go on, relations and marks are as before.

    Raises:
        Refusal: no reason, undone before, nothing that can be undone, or something later depends
            on it: another event, a contribution, care.
        Caution: `backdated`: it is of a day long ago, and was told before today.
    """
    why = reason_of(reason)
    undone = _undone(work, event_id)
    _check_later(work, undone)
    _check_money(work, undone)
    ask(old_undoing(work, [event for _, event in undone.events], accepting))
    written = [
        write_event(
            work,
            home,
            EventKind.REVERSED,
            event.effective_on,
            person_id=event.person_id,
            reason=why,
            reverses=event.id,
        )
        for home, event in undone.events
    ]
    for home_id, event in undone.events:
        _restore(work, home_id, event)
    touched = [*_take_back(work, undone, written[0])]
    for home_id, event in undone.events:
        if event.kind in _BEGINNINGS:
            home = home_of(work, home_id)
            written.append(
                write_event(work, home_id, EventKind.VOIDED, home.joined_on, pair_id=written[0])
            )
    _refresh_all(work, [*touched, *(one.person_id for _, one in undone.events if one.person_id)])
    return Happened(undone.households[0], tuple(written), undone.households)


def _undone(work: Work, event_id: EventId) -> _Undone:
    row = work.row(_EVENT, event=event_id)
    if row is None:
        raise Refusal(Text(N_("There is no such event. Choose it in the history.")), field="event")
    if row.reverses is not None or work.row(_REVERSED, event=event_id) is not None:
        raise Refusal(Text(N_("This was undone before. Choose another event.")), field="event")
    if EventKind(row.kind) in _NEVER:
        raise Refusal(Text(N_("A correction is not undone: correct it again.")), field="event")
    rows: Sequence[Any] = work.rows(_PAIRED, event=row.pair_id or event_id)
    if row.pair_id is not None and EventKind(row.kind) is EventKind.TRANSFERRED_IN:
        rows = [row]
    events = tuple(
        (HouseholdId(one.household_id), event_row(one))
        for one in sorted(rows, key=lambda one: one.id)
    )
    return _Undone(events, frozenset(_persons(work, events)))


def _persons(work: Work, events: Sequence[tuple[HouseholdId, Event]]) -> Iterable[PersonId]:
    for _, event in events:
        if event.person_id is not None:
            yield event.person_id
        for statement in (_BEGUN, _ENDED, _CHANGED):
            for row in work.rows(statement, event=event.id):
                yield PersonId(row.person_id)


# What depends on it


def _check_later(work: Work, undone: _Undone) -> None:
    for household_id in undone.households:
        for row in work.rows(_LATER, household=household_id, event=min(undone.ids)):
            later = event_row(row)
            if later.id not in undone.ids and _depends(work, undone, later):
                raise Refusal(
                    Text(
                        N_("Something later builds on this ({day}). Undo that first."),
                        {"day": later.effective_on},
                    ),
                    field="event",
                )


def _depends(work: Work, undone: _Undone, later: Event) -> bool:
    """Whether a later event could not have happened without what is undone."""
    paying = next((kinds for kinds in _PAYING if undone.has(kinds) or later.kind in kinds), None)
    if paying is not None:
        return undone.has(paying) and later.kind in paying
    return _builds(work, undone, later)


def _builds(work: Work, undone: _Undone, later: Event) -> bool:
    if undone.has({EventKind.MOVED}) or later.kind is EventKind.MOVED:
        return undone.has({EventKind.MOVED, *_BEGINNINGS}) and later.kind is EventKind.MOVED
    if later.kind is EventKind.CORRECTED or undone.has(_MARKS):
        return False
    if undone.has({*_BEGINNINGS, EventKind.READMITTED}):
        return True
    about = set(_persons(work, [(HouseholdId(b""), later)]))
    return _outlasts(undone, later) or bool(about & _about(work, undone, later))


def _outlasts(undone: _Undone, later: Event) -> bool:
    """Whether an event builds on an ending that is undone: not while that was still ahead."""
    ends = [event.effective_on for _, event in undone.events if event.kind in ENDINGS]
    return bool(ends) and (later.kind is EventKind.DUPLICATE or later.effective_on >= min(ends))


def _about(work: Work, undone: _Undone, later: Event) -> set[PersonId]:
    """Return whom what is undone is about; a whole household is not, when it only ends."""
    if later.kind is EventKind.DUPLICATE:
        return set(undone.persons)
    return set(_persons(work, [one for one in undone.events if one[1].kind not in ENDINGS]))


def _check_money(work: Work, undone: _Undone) -> None:
    for household_id, event in undone.events:
        if event.kind in _COUNTLESS or event.id is None:
            continue
        if event.kind in _BEGINNINGS | {EventKind.READMITTED} and work.row(
            _MONEY, household=household_id, event=event.id
        ):
            raise Refusal(
                Text(N_("Money was taken since. Cancel the receipts first.")), field="event"
            )
        row = work.row(
            _PAID,
            household=household_id,
            event=event.id,
            day=event.effective_on.isoformat(),
        )
        if row.first is not None:
            raise Refusal(
                Text(
                    N_(
                        "Contributions from {day} on were paid since. Cancel the receipts first, or"
                        " record what happened now."
                    ),
                    {"day": date.fromisoformat(row.first)},
                ),
                field="event",
            )
        for begun in work.rows(_BEGUN, event=event.id):
            if work.row(_CARE, person=begun.person_id, event=event.id) is not None:
                raise Refusal(
                    Text(
                        N_(
                            "Care of this person was written down since, so this is not undone. Record what happened now instead."
                        )
                    ),
                    field="event",
                )


def _refresh_all(work: Work, persons: Sequence[PersonId]) -> None:
    """Renew the search rows of these persons and of those they live with."""
    found = [
        PersonId(row.person_id)
        for one in dict.fromkeys(persons)
        for row in work.rows(_LIVING_WITH, person=one)
    ]
    refresh_search(work, [*persons, *found])


# Taking back


def _take_back(work: Work, undone: _Undone, by: EventId) -> Iterable[PersonId]:
    """Undo covers and relations; yield whose."""
    for event_id in reversed(undone.ids):
        for row in work.rows(_BEGUN, event=event_id):
            work.update(cover, row.id, until=row.first_day, ended_by=by)
            yield PersonId(row.person_id)
    for event_id in reversed(undone.ids):
        for row in work.rows(_ENDED, event=event_id):
            ending = _ending_behind(home_of(work, HouseholdId(row.household_id)), undone)
            _check_alone(work, row)
            work.update(
                cover,
                row.id,
                until=ending.effective_on if ending else None,
                ended_by=ending.id if ending else None,
            )
            yield PersonId(row.person_id)
        for row in work.rows(_CHANGED, event=event_id):
            work.update(cover, row.cover_id, relation=row.former)


def _check_alone(work: Work, row: Any) -> None:  # noqa: ANN401
    """Refuse to reopen the cover of somebody who is covered elsewhere since."""
    if work.row(_ELSEWHERE, person=row.person_id, cover=row.id, day=row.until) is not None:
        raise Refusal(
            Text(
                N_("Somebody of this event is covered in another household since. End that first.")
            ),
            field="event",
        )


def _ending_behind(home: Home, undone: _Undone) -> Event | None:
    """Return the ending, told before and not undone, with which a reopened cover ends again."""
    ending = home.ending
    return ending if ending is not None and ending.id not in undone.ids else None


def _restore(work: Work, household_id: HouseholdId, event: Event) -> None:
    """Undo what an event wrote on the household and the person themselves."""
    if event.kind is EventKind.DEATH and event.person_id is not None:
        for one in same_person(work.connection, event.person_id):
            work.update(person, one, deceased_on=None)
    elif event.kind is EventKind.MOVED:
        code = int(event.document.partition(" ")[0])
        work.update(household, household_id, section_id=work.rows(_SECTION, code=code)[0].id)
    elif event.kind is EventKind.DUPLICATE:
        for row in work.rows(_MERGED, event=event.id):
            work.update(person_merge, row.id, undone_on=work.today)
        _uncut(work, event)
    _restore_head(work, household_id, event)
    _shrink(work, household_id, event)


def cuts_told(cuts: Iterable[tuple[date, date | None, date]]) -> str:
    """Return when covers ended before they were cut, as `2024-01-10: 2024-03-01 > 2024-02-01`.

    Open ones are left out: they are known by the event that ended them.
    """
    return "; ".join(
        f"{first}: {until} > {cut}" for first, until, cut in cuts if until is not None
    )


def _uncut(work: Work, event: Event) -> None:
    """Let covers that had ended before a merge of persons end on that day again."""
    for told in filter(None, event.document.split("; ")):
        first_day, _, days = told.partition(": ")
        until, _, cut = days.partition(" > ")
        for row in work.rows(_CUT, person=event.person_id, day=first_day, cut=cut):
            work.update(cover, row.id, until=until)


def _restore_head(work: Work, household_id: HouseholdId, event: Event) -> None:
    for row in work.rows(_CHANGED, event=event.id):
        if row.former == "SELF":
            work.update(household, household_id, member_person_id=row.person_id)
    if event.kind is EventKind.HEAD_CHANGED and event.pair_id is not None:
        died = event_row(work.row(_EVENT, event=event.pair_id))
        work.update(household, household_id, member_person_id=died.person_id)


def _shrink(work: Work, household_id: HouseholdId, event: Event) -> None:
    moved = {
        EventKind.SPLIT_OFF: len(work.rows(_ENDED, event=event.id)),
        EventKind.MERGED_FROM: -len(work.rows(_BEGUN, event=event.id)),
    }
    by = moved.get(event.kind, -_GROWN.get(event.kind, 0))
    if event.kind is EventKind.JOINED_LATE and event.document:
        by = -1
    if by:
        grow(work, home_of(work, household_id), by)
