"""Whether what is kept beside the rows of contributions is what they say."""

from dataclasses import replace
from datetime import date

from sqlalchemy.engine import Connection

from stepdesk.contributions.queries.facts import each_facts, facts_of
from stepdesk.contributions.queries.kept import unpacked
from stepdesk.contributions.terms import AccountFacts, Due, DueKind, Paid
from stepdesk.store.reading import fetch_plain
from stepdesk.values.ids import HouseholdId


def stale_accounts(connection: Connection) -> int:
    """Return of how many households the account kept is not what the rows say; there must be none.

    A copy that holds no more, because rows were added to what it tells, is read by nobody.
    """
    kept, broken = set(), 0
    for household_id, called, paid in fetch_plain(
        connection, "SELECT household_id, called, paid FROM account_kept"
    ):
        kept.add(HouseholdId(household_id))
        broken += unpacked(called, paid) is None
    if not kept or broken:
        return broken
    together = each_facts(connection)
    return sum(
        household_id in kept
        and not _told(facts) == _told(known) == _told(facts_of(connection, household_id))
        for (household_id, facts), (_, known) in zip(
            each_facts(connection, by_row=True), together, strict=True
        )
    )


def _told(facts: AccountFacts) -> tuple[list[Due], list[Due], list[Paid], list[date]]:
    """Return dues and what was paid; of one day in whatever order, but the days in theirs."""
    days = [one.day for one in facts.paid]
    paid = sorted(facts.paid, key=_whole)
    return _without_ids(facts.frozen), _without_ids(facts.extra), paid, days


def _without_ids(dues: tuple[Due, ...]) -> list[Due]:
    """Return dues in one order; the id of one with a discount is told, of others it may be."""
    bare = [
        due if due.discount and due.kind is DueKind.PERIOD else replace(due, id=None)
        for due in dues
    ]
    return sorted(bare, key=repr)


def _whole(paid: Paid) -> tuple[object, ...]:
    return paid.day, repr(paid)
