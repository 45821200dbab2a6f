"""A certificate entered and decided by one act.

Where a claim stands by itself, as one that a member asks back, nothing is waited for in between: no
total of an invoice, no other certificates. What both verbs ask is then asked once.
"""

from dataclasses import dataclass

from stepdesk.claims.service.deciding import (
    Recorded,
    check_adviser,
    decide_by,
    decide_claim,
    facts_and_care,
)
from stepdesk.claims.service.entering import (
    check_certificate,
    check_way,
    entered_before,
    write_new_claim,
)
from stepdesk.claims.terms import Assessment, NewClaim
from stepdesk.store.work import Work
from stepdesk.values.ids import BatchId, ClaimId, RequestId


@dataclass(frozen=True, slots=True)
class DecidedAtOnce:
    """A claim that was entered and decided; nothing is assessed where it was decided before."""

    claim_id: ClaimId
    assessed: Assessment | None


def enter_and_decide(
    work: Work, *, request_id: RequestId, batch_id: BatchId, certificate: NewClaim
) -> DecidedAtOnce:
    """Record a certificate and decide it; the same request twice is one claim, decided once.

    It comes to what `enter_claim` and then `decide_claim` come to.

    Raises:
        Refusal: what one of these two refuses; nothing is written then.
    """
    done = entered_before(work, request_id)
    if done is not None:
        return DecidedAtOnce(done, _if_undecided(work, done))
    checked = check_certificate(work, batch_id, certificate)
    batch, told = checked.batch, checked.certificate
    facts, _, care = facts_and_care(
        work, told, batch.provider_id, batch.received_on, None, batch.to_member
    )
    check_way(work, batch, care, told)
    check_adviser(facts)
    household_id = care.standing.household_id
    claim_id, line_ids = write_new_claim(
        work, told, request_id=request_id, batch_id=batch_id, household_id=household_id
    )
    categories = [checked.categories[line.service_id] for line in told.lines]
    entered = Recorded(
        told,
        household_id,
        batch.provider_id,
        batch.received_on,
        batch.to_member,
        tuple(zip(line_ids, categories, strict=True)),
    )
    return DecidedAtOnce(claim_id, decide_by(work, claim_id, 1, facts, care.letter_id, entered))


def _if_undecided(work: Work, claim_id: ClaimId) -> Assessment | None:
    decided = work.rows("SELECT 1 FROM claim_decision WHERE claim_id = :id", id=claim_id)
    return None if decided else decide_claim(work, claim_id=claim_id)
