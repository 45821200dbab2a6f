"""One person written down twice is made one, and two again: no id is ever rewritten."""

from collections.abc import Collection
from datetime import date

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.model import cover, person_merge
from stepdesk.members.queries import covers_of
from stepdesk.members.service.reversing import cuts_told, reverse_event
from stepdesk.members.service.searching import refresh_search
from stepdesk.members.service.writing import home_of, reason_of, write_event
from stepdesk.members.terms import Cover, EventKind, Happened
from stepdesk.store.work import Work
from stepdesk.values.ids import EventId, HouseholdId, PersonId

_MERGES = (
    "SELECT * FROM person_merge WHERE undone_on IS NULL AND (kept_id = :id OR other_id = :id)"
)
_HOMES = (
    "SELECT household_id FROM cover WHERE person_id = :person"
    " GROUP BY household_id ORDER BY max(first_day) DESC"
)
_EVER = date.max
_MEMBER = "SELECT 1 FROM household WHERE id = :household AND member_person_id = :person"


def merge_persons(work: Work, *, kept_id: PersonId, other_id: PersonId, reason: str) -> Happened:
    """Say that two entries are one person; from now on both are told under the kept one.

    Where both were covered at once, the other's cover is cut where the kept one's begins: nobody
    is covered twice. Of two that hold alike the one covered first is kept: its waiting was done.
    A cover that had ended tells in the event's document when. Source: design 2, no id is rewritten.

    Raises:
        Refusal: no reason, the same entry, merged before, covered in two households today, the
            other covered earlier or for longer, or the other is a member: change that household's
            head, or merge the households, first.
    """
    why = reason_of(reason)
    if kept_id == other_id:
        raise Refusal(Text(N_("Choose two entries.")), field="other_id")
    if work.row(_MERGES, id=other_id) is not None:
        raise Refusal(
            Text(N_("This entry was made one with another before. Undo that first.")),
            field="other_id",
        )
    held = work.row(_MERGES, id=kept_id)
    if held is not None and held.kept_id != kept_id:
        kept_id = PersonId(held.kept_id)
    kept, other = _covers(work, kept_id), _covers(work, other_id)
    if not kept or not other:
        raise Refusal(
            Text(
                N_(
                    "Nobody is registered under this number. Look at the card again, or search by name."
                )
            ),
            field="other_id",
        )
    cuts = [(one, cut) for one in other if (cut := _cut_on(work, one, kept, other_id)) is not None]
    event_id = write_event(
        work,
        other[0].household_id,
        EventKind.DUPLICATE,
        work.today,
        person_id=other_id,
        reason=why,
        document=cuts_told([(one.first_day, one.until, cut) for one, cut in cuts]),
    )
    for one, cut in cuts:
        if one.until is None:
            work.update(cover, one.id, until=cut, ended_by=event_id)
        else:
            work.update(cover, one.id, until=cut)
    work.insert(
        person_merge,
        id=work.new_id(),
        kept_id=kept_id,
        other_id=other_id,
        merged_on=work.today,
        event_id=event_id,
    )
    refresh_search(work, [kept_id, other_id])
    households = tuple(dict.fromkeys(one.household_id for one in (*other, *kept)))
    return Happened(other[0].household_id, (event_id,), households)


def _covers(work: Work, person_id: PersonId) -> list[Cover]:
    """Return the covers a person ever had, the latest first."""
    found = [
        one
        for row in work.rows(_HOMES, person=person_id)
        for one in covers_of(work.connection, HouseholdId(row.household_id))
        if one.person_id == person_id and one.until != one.first_day
    ]
    return sorted(found, key=lambda one: one.first_day, reverse=True)


def _cut_on(work: Work, one: Cover, kept: list[Cover], other_id: PersonId) -> date | None:
    """Return the day on which a cover given up is cut; None where it overlaps none."""
    both = [
        held
        for held in kept
        if held.first_day < (one.until or date.max) and one.first_day < (held.until or date.max)
    ]
    if not both:
        return None
    _check_two_homes(work, one, both)
    begins, ends = min(held.first_day for held in both), max(held.until or _EVER for held in both)
    if one.first_day < begins and ends <= (one.until or _EVER):
        raise Refusal(
            Text(
                N_(
                    "The entry given up is covered since {day}, before the other one. Keep that"
                    " entry, or let it leave where the other begins."
                ),
                {"day": one.first_day},
            ),
            field="other_id",
        )
    if ends < (one.until or _EVER):
        raise Refusal(
            Text(N_("The entry given up is covered for longer. Keep that entry instead.")),
            field="other_id",
        )
    if work.row(_MEMBER, household=one.household_id, person=other_id) is not None:
        raise Refusal(
            Text(
                N_(
                    "This entry is the member of a household. Change its head or merge the"
                    " households first, or keep this entry instead."
                )
            ),
            field="other_id",
        )
    return max(one.first_day, begins)


def _check_two_homes(work: Work, one: Cover, both: list[Cover]) -> None:
    """Refuse somebody who is covered in two households today: only people know which is right."""
    if one.holds(work.today) and any(
        held.holds(work.today) and held.household_id != one.household_id for held in both
    ):
        raise Refusal(
            Text(
                N_(
                    "Both entries are covered today, this one in household {number}. Let it leave"
                    " there first, or merge the households."
                ),
                {"number": str(home_of(work, one.household_id).number)},
            ),
            field="other_id",
        )


def undo_merge(
    work: Work, *, merge_id: bytes, reason: str, accepting: Collection[str] = frozenset()
) -> Happened:
    """Say that two entries are two persons after all.

    Raises:
        Refusal: no such merge, undone before, or as `reverse_event`.
        Caution: as `reverse_event`.
    """
    row = work.row(
        "SELECT event_id FROM person_merge WHERE id = :merge AND undone_on IS NULL",
        merge=merge_id,
    )
    if row is None or row.event_id is None:
        raise Refusal(
            Text(N_("There is nothing to undo. Choose another entry.")), field="merge_id"
        )
    return reverse_event(work, event_id=EventId(row.event_id), reason=reason, accepting=accepting)


def tell_apart(work: Work, *, first_id: PersonId, second_id: PersonId) -> None:
    """Say that two entries that look alike are two persons: they are not proposed again.

    It is written as a merge that was undone the day it was made: nobody was ever one with
    another, and `duplicates` leaves such pairs out.

    Raises:
        Refusal: one person twice, or made one before.
    """
    if first_id == second_id:
        raise Refusal(Text(N_("Choose two entries.")), field="second_id")
    for row in work.rows(_MERGES, id=first_id):
        if second_id in (row.kept_id, row.other_id):
            raise Refusal(Text(N_("These two were made one. Undo that first.")), field="second_id")
    work.insert(
        person_merge,
        id=work.new_id(),
        kept_id=first_id,
        other_id=second_id,
        merged_on=work.today,
        undone_on=work.today,
    )
