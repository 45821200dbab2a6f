"""Whether what is kept beside the rows of contributions is what they say."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy.engine import Connection

from stepdesk.contributions.queries.facts import each_told, told_of
from stepdesk.contributions.queries.kept import unpacked
from stepdesk.contributions.terms import Due, DueKind, Paid
from stepdesk.store.reading import fetch_plain
from stepdesk.values.ids import HouseholdId


def stale_accounts(connection: Connection) -> int:
    """Return of how many households the account kept is not what the rows say; there must be none.

    A copy that holds no more, because rows were added to what it tells, is read by nobody. Where
    rows themselves cannot be read, no copy can be trusted.
    """
    kept, broken = set(), 0
    for household_id, called, paid in fetch_plain(
        connection, "SELECT household_id, called, paid FROM account_kept"
    ):
        kept.add(HouseholdId(household_id))
        broken += unpacked(called, paid) is None
    if not kept or broken:
        return broken
    try:
        return _differing(connection, kept)
    except (ValueError, LookupError, TypeError):
        return len(kept)


def _differing(connection: Connection, kept: set[HouseholdId]) -> int:
    rows, copies = each_told(connection, by_row=True), each_told(connection, by_row=False)
    return sum(
        household_id in kept
        and not _plain(dues, paid)
        == _plain(called, parts)
        == _plain(*told_of(connection, household_id))
        for (household_id, dues, paid), (_, called, parts) in zip(rows, copies, strict=True)
    )


def _plain(dues: Iterable[Due], paid: Iterable[Paid]) -> tuple[list[Due], list[Paid], list[date]]:
    """Return dues and what was paid; of one day in whatever order, but the days in theirs."""
    told = list(paid)
    return _without_ids(dues), sorted(told, key=_whole), [one.day for one in told]


def _without_ids(dues: Iterable[Due]) -> list[Due]:
    """Return dues in one order; the id of one with a discount is told, of others it may be."""
    bare = [
        due if due.discount and due.kind is DueKind.PERIOD else replace(due, id=None)
        for due in dues
    ]
    return sorted(bare, key=repr)


def _whole(paid: Paid) -> tuple[object, ...]:
    return paid.day, repr(paid)
