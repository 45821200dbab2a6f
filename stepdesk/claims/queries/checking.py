"""Whether claims are what was decided and paid of them."""

from collections.abc import Iterator

from sqlalchemy.engine import Connection

from stepdesk.claims import rules
from stepdesk.store.reading import fetch
from stepdesk.values.digits import document_number


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
        " OR (e.outcome IN ('APPROVED', 'REJECTED')"
        " AND (c.claimed <> e.paid + e.patient + e.disallowed"
        " OR e.paid <> (SELECT coalesce(sum(d.paid), 0) FROM line_decision d"
        " WHERE d.decision_id = e.id))) ORDER BY c.id",
    )
    found = {tuple(row) for row in rows}
    found |= set(_decided_otherwise(connection))
    found |= {tuple(row) for row in fetch(connection, _PAID_OTHERWISE)}
    return tuple(document_number("C", *row) for row in sorted(found))


# Of a claim no more is paid than one of its booked decisions said, and no less than nothing; what was paid
# above the latest is on its way back, by the provider's next payment.
_PAID_OTHERWISE = (
    "SELECT c.year, c.letter, c.serial FROM (SELECT claim_id, sum(amount) AS paid FROM"
    " (SELECT claim_id, amount FROM paid_claim UNION ALL"
    " SELECT claim_id, amount FROM reimbursed_claim) GROUP BY claim_id) q"
    " JOIN claim c ON c.id = q.claim_id WHERE q.paid < 0 OR q.paid > coalesce((SELECT max(e.paid)"
    " FROM claim_decision e WHERE e.claim_id = c.id AND e.entry_id IS NOT NULL), 0)"
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
        told = rules.assess(rules.unpacked(row.facts))
        if (told.paid, told.patient, told.disallowed) != (row.paid, row.patient, row.disallowed):
            yield row.year, row.letter, row.serial
