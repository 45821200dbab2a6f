"""What a group's sum would do, and what it did."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from stepdesk.contributions import rules
from stepdesk.contributions.queries.facts import facts_of
from stepdesk.members.queries import household_rows
from stepdesk.payers.queries import places_of
from stepdesk.store.reading import fetch
from stepdesk.values.ids import GroupId, GroupPaymentId, HouseholdId, PaymentId


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One household of a group's list: what it wants, and what it gets of the sum; minor units."""

    place: int
    household_id: HouseholdId
    number: str
    name: str
    wanted: int
    gets: int


@dataclass(frozen=True, slots=True)
class GroupPreview:
    """What a sum pays for: `filled` of the `asking` households, and what is left over.

    `next_number` and `next_name` say whose credit the rest would be.
    """

    rows: tuple[GroupRow, ...]
    asking: int
    left: int
    next_number: str = ""
    next_name: str = ""

    @property
    def filled(self) -> int:
        return sum(1 for row in self.rows if row.gets)

    @property
    def wanted(self) -> int:
        return sum(row.wanted for row in self.rows)


def fill_group(
    connection: Connection, group_id: GroupId, day: date, amount: int, *, periods: int = 0
) -> rules.Filling:
    """Return whom a group's sum fills on a day; see `rules.filling`."""
    places = places_of(connection, group_id, day)
    listed = [(one.household_id, facts_of(connection, one.household_id)) for one in places]
    return rules.filling(listed, paid_on=day, amount=amount, periods=periods)


def preview_group(
    connection: Connection, group_id: GroupId, day: date, amount: int, *, periods: int = 0
) -> GroupPreview:
    """Return what is told before a group's sum is taken: who is filled, and what is left over."""
    told = fill_group(connection, group_id, day, amount, periods=periods)
    known = {row.id: row for row in household_rows(connection, list(told.wanted), day)}
    rows = tuple(
        GroupRow(
            place,
            one,
            str(known[one].number),
            known[one].member_name,
            wanted,
            told.gets.get(one, 0),
        )
        for place, (one, wanted) in enumerate(told.wanted.items(), 1)
    )
    after = None if told.next_one is None else known[told.next_one]
    return GroupPreview(
        rows,
        told.asking,
        told.left,
        "" if after is None else str(after.number),
        "" if after is None else after.member_name,
    )


def payments_of_group_sum(
    connection: Connection, group_payment_id: GroupPaymentId
) -> tuple[PaymentId, ...]:
    """Return the receipts of a group's sum that stand, in the order they were given."""
    rows = fetch(
        connection,
        "SELECT p.id FROM payment p WHERE p.group_payment_id = :sum AND p.reverses IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM payment r WHERE r.reverses = p.id) ORDER BY p.id",
        sum=group_payment_id,
    )
    return tuple(PaymentId(row.id) for row in rows)
