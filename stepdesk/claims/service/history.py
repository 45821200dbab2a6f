"""Batches and claims of a former system, kept as history."""

from datetime import date

from stepdesk.claims import queries
from stepdesk.claims.model import (
    claim_batch,
    claim_decision,
)
from stepdesk.claims.service.deciding import _codes, write_line_decisions
from stepdesk.claims.service.entering import write_claim
from stepdesk.claims.service.using import forget_used
from stepdesk.claims.terms import (
    Assessment,
    NewClaim,
)
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    BatchId,
    ClaimId,
    DecisionId,
    HouseholdId,
    ProviderId,
    RequestId,
)
from stepdesk.values.month import Month

# Claims of a former system


def bring_in_batch(
    work: Work,
    *,
    request_id: RequestId,
    provider_id: ProviderId,
    month: Month,
    received_on: date,
    serial: int,
) -> BatchId:
    """Write down the claims of one provider and month that came before the book."""
    batch_id = BatchId(work.new_id())
    work.insert(
        claim_batch,
        id=batch_id,
        request_id=request_id,
        year=received_on.year,
        letter=queries.IMPORTED,
        serial=serial,
        provider_id=provider_id,
        month=month,
        received_on=received_on,
        invoice="",
        entered_by=work.person.staff_id,
    )
    return batch_id


def bring_in_claim(
    work: Work,
    *,
    request_id: RequestId,
    batch_id: BatchId,
    household_id: HouseholdId,
    number: str,
    serial: int,
    entered_on: date,
    certificate: NewClaim,
    decided: Assessment | None,
    decided_on: date,
) -> ClaimId:
    """Write down a claim of a former system with its own number, as it was decided there.

    It is history: nothing is assessed, booked or owed, and nobody here decided it. Without a
    decision it stays without one. What it used counts against limits.

    Args:
        work: The work.
        request_id: The same in every import of the same registers.
        batch_id: From `bring_in_batch`.
        household_id: Who the patient belonged to.
        number: Its number there.
        serial: Its place in the series of the year of `entered_on`.
        entered_on: The day it was handed in.
        certificate: The care and its lines; the diagnosis is sealed before it is kept.
        decided: What was decided there, a decision a line; None when nothing was.
        decided_on: When.

    Raises:
        Refusal: a diagnosis without the medical key.
    """
    claim_id, line_ids = write_claim(
        work,
        certificate,
        request_id=request_id,
        batch_id=batch_id,
        household_id=household_id,
        entered_on=entered_on,
        letter=queries.IMPORTED,
        serial=serial,
        legacy_number=number,
    )
    if decided is None:
        return claim_id
    decision_id = DecisionId(work.new_id())
    work.insert(
        claim_decision,
        id=decision_id,
        claim_id=claim_id,
        version=1,
        decided_on=decided_on,
        decided_by=None,
        outcome=decided.outcome,
        codes=_codes(decided),
        paid=decided.paid,
        patient=decided.patient,
        disallowed=decided.disallowed,
        rounding=decided.rounding,
        entry_id=None,
        facts="",
    )
    write_line_decisions(work, line_ids, decision_id, decided)
    forget_used(work)
    return claim_id
