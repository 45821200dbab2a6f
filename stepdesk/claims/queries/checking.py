"""Whether claims are what was decided and paid of them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.claims import rules
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import document_number
from stepdesk.values.ids import ClaimId


def claims_that_differ(connection: Connection) -> tuple[str, ...]:
    """Return the claims whose invoice is not what scheme, patient and provider bear, or whose
    lines are not what was decided; there must be none.
    """  # noqa: D205 - one sentence
    rows = fetch(
        connection,
        "SELECT c.year, c.letter, c.serial FROM claim c"
        " JOIN claim_decision e ON e.claim_id = c.id"
        " WHERE c.claimed <> (SELECT coalesce(sum(l.quantity * l.unit_price), 0)"
        " FROM claim_line l WHERE l.claim_id = c.id)"
        " OR (e.outcome IN ('APPROVED', 'REJECTED', 'REVERSED')"
        " AND (c.claimed <> e.paid + e.patient + e.disallowed"
        " OR e.paid <> (SELECT coalesce(sum(d.paid), 0) FROM line_decision d"
        " WHERE d.decision_id = e.id))) ORDER BY c.id",
    )
    found = {tuple(row) for row in rows}
    found |= set(_decided_otherwise(connection))
    found |= {tuple(row) for row in fetch(connection, _PAID_OTHERWISE)}
    return tuple(document_number("C", *row) for row in sorted(found))


# No more is paid than some decision approved, and no less than nothing: a later decision's gain
# or recovery waits for the next payments, which may take it in parts.
_PAID_OTHERWISE = (
    "SELECT c.year, c.letter, c.serial FROM claim c"
    " JOIN (SELECT claim_id, sum(amount) AS amount FROM (SELECT claim_id, amount FROM paid_claim"
    " UNION ALL SELECT claim_id, amount FROM reimbursed_claim) GROUP BY claim_id) q"
    " ON q.claim_id = c.id WHERE q.amount < 0 OR q.amount > coalesce("
    "(SELECT max(e.paid) FROM claim_decision e WHERE e.claim_id = c.id"
    " AND e.outcome IN ('APPROVED', 'REJECTED', 'REVERSED')), 0)"
)


def _decided_otherwise(connection: Connection) -> Iterator[tuple[int, str, int]]:
    """Yield claims whose kept facts, assessed again, come to something else than was decided."""
    rows = fetch(
        connection,
        "SELECT c.year, c.letter, c.serial, e.facts, e.paid, e.patient, e.disallowed"
        " FROM claim_decision e JOIN claim c ON c.id = e.claim_id"
        " WHERE e.facts <> '' AND e.outcome IN ('APPROVED', 'REJECTED')",
    )
    for row in rows:
        if not _alike(row):
            yield row.year, row.letter, row.serial


def _alike(row: Any) -> bool:
    told = rules.assess(rules.unpacked(row.facts))
    return (told.paid, told.patient, told.disallowed) == (row.paid, row.patient, row.disallowed)


def decided_alike(connection: Connection, claim_id: ClaimId) -> bool | None:
    """Return whether the facts a claim was decided by, assessed again, come to what was decided.

    None where the latest decision keeps no facts or settles nothing: a former system's claim, one that was
    withdrawn, put aside or reversed.
    """
    row = fetch_one(
        connection,
        "SELECT facts, paid, patient, disallowed, outcome FROM claim_decision"
        " WHERE claim_id = :claim ORDER BY version DESC LIMIT 1",
        claim=claim_id,
    )
    if row is None or not row.facts or row.outcome not in {"APPROVED", "REJECTED"}:
        return None
    return _alike(row)
