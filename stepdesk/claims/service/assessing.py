"""What claims would come to, and whether decided ones still come to what was decided; nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass

from stepdesk.claims import queries, rules
from stepdesk.claims.service.deciding import decide_claim
from stepdesk.claims.terms import Claim, Move, Stand, State
from stepdesk.errors import Refusal
from stepdesk.i18n import Text
from stepdesk.store.desk import Desk
from stepdesk.store.work import Work
from stepdesk.values.ids import ClaimId


@dataclass(frozen=True, slots=True)
class AssessedClaim:
    """One claim as the rules give it.

    Attributes:
        claim: With the amounts and codes of today's rules where it waits, as it was decided otherwise.
        waits: Whether it waits for a decision, so that the amounts are foreseen.
        same: Of a decided claim, whether its kept facts, assessed again, come to what was decided; None
            where no facts are kept (a former system's claims, withdrawn and reversed ones).
        hindrance: Why it cannot be decided now.
    """

    claim: Claim
    waits: bool
    same: bool | None = None
    hindrance: Text | None = None


class _GivenUp(Exception):
    """Carries what was foreseen out of a work of which nothing is kept."""

    def __init__(self, found: tuple[AssessedClaim, ...]) -> None:
        super().__init__()
        self.found = found


def assess_claims(desk: Desk, claim_ids: Sequence[ClaimId]) -> tuple[AssessedClaim, ...]:
    """Return what each claim comes to by the rules, in their order; nothing is written.

    Claims that wait are decided one after another in a work that is given up, so that each counts
    against the limits of the next as it would; decided ones are assessed again from their kept facts.

    Raises:
        LookupError: when a claim is not there.
    """
    try:
        with desk.work("foresee") as work:
            work.given_up = True
            raise _GivenUp(tuple(_assessed(work, one) for one in claim_ids))
    except _GivenUp as given_up:
        return given_up.found


def _assessed(work: Work, claim_id: ClaimId) -> AssessedClaim:
    stand = queries.stand_of(work.connection, claim_id)
    if stand is None:
        raise LookupError("no such claim")
    waits = _waits(stand)
    hindrance = _decided_here(work, claim_id) if waits else None
    return AssessedClaim(
        queries.claim_of(work.connection, claim_id, work.currency),
        waits,
        None if waits else queries.decided_alike(work.connection, claim_id),
        hindrance,
    )


def _waits(stand: Stand) -> bool:
    held = stand.state in {State.QUERIED, State.MEDICAL_PENDING}
    return not stand.history and (held or rules.allowed(stand.state, Move.DECIDE))


def _decided_here(work: Work, claim_id: ClaimId) -> Text | None:
    try:
        decide_claim(work, claim_id=claim_id, accepting=frozenset({"same_person"}))
    except Refusal as refusal:
        return refusal.text
    return None
