"""What decided claims use of limits is kept beside the decisions, so that asking for it is quick."""

from stepdesk.claims.model import care_used
from stepdesk.store.work import Work
from stepdesk.values.ids import ClaimId

_OF_DECISIONS = (
    "INSERT INTO care_used (household_id, last_day, claim_id, line_id, person_id, service_id, quantity,"
    " paid, deducted, stay, outside, package_id)"
    " SELECT c.household_id, c.last_day, c.id, l.id, c.person_id, l.service_id, d.quantity,"
    " coalesce(d.valued, d.paid), d.deducted, c.first_day < c.last_day, d.outside, d.package_id"
    " FROM claim c JOIN claim_decision e ON e.claim_id = c.id AND e.version ="
    " (SELECT max(version) FROM claim_decision WHERE claim_id = c.id)"
    " AND e.outcome IN ('APPROVED', 'VALUED')"
    " JOIN line_decision d ON d.decision_id = e.id JOIN claim_line l ON l.id = d.line_id"
)
_ONE = f"{_OF_DECISIONS} WHERE c.id = ?"
_GONE = (
    "DELETE FROM care_used WHERE household_id = (SELECT household_id FROM claim WHERE id = ?1)"
    " AND last_day = (SELECT last_day FROM claim WHERE id = ?1) AND claim_id = ?1"
)


def keep_used(work: Work, claim_id: ClaimId, version: int) -> None:
    """Keep what a claim uses by the decision just made of it.

    Where nothing is kept at all, as in a book that was brought to this shape, it is made anew.
    """
    if not work.rows("SELECT 1 FROM care_used LIMIT 1"):
        rebuild_used(work)
        return
    if version > 1:
        work.write_derived(care_used, _GONE, [(claim_id,)])
    work.write_derived(care_used, _ONE, [(claim_id,)])


def rebuild_used(work: Work) -> None:
    """Make anew what claims use of limits, from their latest decisions."""
    forget_used(work)
    work.write_derived(care_used, _OF_DECISIONS, [()])


def forget_used(work: Work) -> None:
    """Forget it: it is read from the decisions until it is made anew."""
    work.write_derived(care_used, "DELETE FROM care_used", [()])
