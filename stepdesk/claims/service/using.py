"""What decided claims use of limits is kept beside the decisions, so that asking for it is quick."""

from collections.abc import Sequence
from typing import NamedTuple

from stepdesk.claims.model import INTO_USED, KEEP, OF_MONTH, care_used, care_used_month
from stepdesk.store.work import Work
from stepdesk.values.ids import ClaimId, ClaimLineId, HouseholdId, PersonId, ServiceId

_PLACE = (
    "household_id = (SELECT household_id FROM claim WHERE id = ?1)"
    " AND last_day = (SELECT last_day FROM claim WHERE id = ?1) AND claim_id = ?1"
)
_MONTH = (
    "INSERT INTO care_used_month (household_id, month, person_id, service_id, stay, outside,"
    " package_id, lines, quantity, paid, deducted)"
)
_INTO_MONTH = f"{_MONTH} {OF_MONTH}"
_ADDED = (
    " ON CONFLICT (household_id, month, person_id, service_id, stay, outside, package_id)"
    " DO UPDATE SET lines = lines + excluded.lines, quantity = quantity + excluded.quantity,"
    " paid = paid + excluded.paid, deducted = deducted + excluded.deducted"
)
_MORE = _INTO_MONTH.format(f" WHERE {_PLACE}") + _ADDED
_LESS = (
    "UPDATE care_used_month AS m SET lines = m.lines - g.lines, quantity = m.quantity - g.quantity,"  # noqa: S608
    f" paid = m.paid - g.paid, deducted = m.deducted - g.deducted FROM"
    f" ({OF_MONTH.format(f' WHERE {_PLACE}')}) g WHERE g.household_id = m.household_id"
    " AND g.month = m.month AND g.person_id = m.person_id AND g.service_id = m.service_id"
    " AND g.stay = m.stay AND g.outside = m.outside AND g.package_id = m.package_id"
)
_NONE_LEFT = (
    "DELETE FROM care_used_month WHERE household_id = (SELECT household_id FROM claim WHERE id = ?1)"
    " AND month = (SELECT substr(last_day, 1, 7) FROM claim WHERE id = ?1) AND lines = 0"
)

# Of no household and no month: that there is nothing yet is told from that nothing is kept.
_IS_KEPT = "INSERT INTO care_used_month VALUES (x'', '', x'', x'', 0, 0, x'', 0, 0, 0, 0)"


# A line at a time, as it was decided: see `LineUsed`.
_LINE = f"{INTO_USED} VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
_LINE_MORE = (
    f"{_MONTH} VALUES (?1, substr(?2, 1, 7), ?5, ?6, ?10, coalesce(?11, 0), coalesce(?12, x''),"
    f" 1, ?7, ?8, ?9){_ADDED}"
)


class LineUsed(NamedTuple):
    """A row of `care_used`."""

    household_id: HouseholdId
    last_day: str
    claim_id: ClaimId
    line_id: ClaimLineId
    person_id: PersonId
    service_id: ServiceId
    quantity: int
    paid: int
    deducted: int
    stay: bool
    outside: bool | None
    package_id: object


def keep_first(work: Work, used: Sequence[LineUsed]) -> None:
    """Keep what a claim uses by its first decision, as `keep_used` does, without asking for it."""
    if not used:
        return
    if not work.rows("SELECT 1 FROM care_used_month LIMIT 1"):
        rebuild_used(work)
        return
    work.write_derived(care_used, _LINE, used)
    work.write_derived(care_used_month, _LINE_MORE, used)


def keep_used(work: Work, claim_id: ClaimId, version: int) -> None:
    """Keep what a claim uses by the decision just made of it.

    Where nothing is kept at all, as in a book that was brought to this shape, it is made anew.
    """
    if not work.rows("SELECT 1 FROM care_used_month LIMIT 1"):
        rebuild_used(work)
        return
    one = [(claim_id,)]
    if version > 1:
        work.write_derived(care_used_month, _LESS, one)
        work.write_derived(care_used_month, _NONE_LEFT, one)
        work.write_derived(care_used, f"DELETE FROM care_used WHERE {_PLACE}", one)  # noqa: S608
    work.write_derived(care_used, f"{KEEP} WHERE c.id = ?", one)
    work.write_derived(care_used_month, _MORE, one)


def rebuild_used(work: Work) -> None:
    """Make anew what claims use of limits, from their latest decisions."""
    forget_used(work)
    work.write_derived(care_used_month, _IS_KEPT, [()])
    work.write_derived(care_used, KEEP, [()])
    work.write_derived(care_used_month, _INTO_MONTH.format(""), [()])


def forget_used(work: Work) -> None:
    """Forget it: it is read from the decisions until it is made anew."""
    work.write_derived(care_used, "DELETE FROM care_used", [()])
    work.write_derived(care_used_month, "DELETE FROM care_used_month", [()])
