"""Deciding: assessed, kept with its facts, booked."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from stepdesk.claims import queries, rules
from stepdesk.claims.model import (
    claim_decision,
    line_decision,
)
from stepdesk.claims.service.entering import HISTORY, _check_open, batch_row
from stepdesk.claims.terms import (
    Assessment,
    ClaimFacts,
    LineDecision,
    NewClaim,
    NewLine,
    Outcome,
    Visit,
)
from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.progress import Progress
from stepdesk.rights.terms import ReasonCode, Verdict
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    BatchId,
    ClaimId,
    ClaimLineId,
    DecisionId,
    PersonId,
    ProviderId,
    ServiceId,
)
from stepdesk.values.money import Money


def withdraw_claim(work: Work, *, claim_id: ClaimId, reason: str) -> None:
    """Take back a certificate that was typed in by mistake, before it is decided (RX01).

    Raises:
        Refusal: without a reason, or when it is decided already or history.
    """
    if not reason.strip():
        raise Refusal(Text(N_("Say why; the reason is kept.")), field="reason")
    version = undecided_version(work, claim_id)
    row = work.rows("SELECT claimed FROM claim WHERE id = :id", id=claim_id)[0]
    write_decision(
        work,
        claim_id,
        version,
        Assessment(Outcome.WITHDRAWN, (), row.claimed, 0, 0, 0, codes=(ReasonCode.RX01,)),
        facts=None,
    )
    work.reason = reason.strip()


# Deciding


def facts_now(work: Work, claim_id: ClaimId) -> tuple[ClaimFacts, tuple[Verdict, ...]]:
    """Return the facts of a recorded claim as the book stands, and the verdict on each line."""
    rows = work.rows(
        "SELECT c.person_id, c.first_day, c.last_day, c.visit, c.referred, c.declared_hours,"
        " c.guarantee, b.provider_id, b.received_on, b.to_member FROM claim c"
        " JOIN claim_batch b ON b.id = c.batch_id WHERE c.id = :id",
        id=claim_id,
    )
    if not rows:
        raise LookupError("no such claim")
    row = rows[0]
    lines = work.rows(
        "SELECT service_id, quantity, unit_price FROM claim_line WHERE claim_id = :id ORDER BY id",
        id=claim_id,
    )
    told = NewClaim(
        person_id=PersonId(row.person_id),
        first_day=date.fromisoformat(row.first_day),
        last_day=date.fromisoformat(row.last_day),
        lines=tuple(
            NewLine(ServiceId(line.service_id), line.quantity, line.unit_price) for line in lines
        ),
        visit=Visit(row.visit),
        referred=bool(row.referred),
        declared_hours=row.declared_hours,
        guarantee=row.guarantee,
    )
    facts, verdicts, _ = queries.facts_of_claim(
        work.connection,
        told,
        provider_id=ProviderId(row.provider_id),
        received_on=date.fromisoformat(row.received_on),
        coin=work.country.number("cash_round", work.today),
        claim_id=claim_id,
        reimbursement_days=work.country.number("claim_delay_days", told.last_day)
        if row.to_member
        else None,
    )
    return facts, verdicts


def decide_claim(work: Work, *, claim_id: ClaimId) -> Assessment:
    """Decide a claim: assess it, keep the facts, book what the scheme owes (P09).

    Prices, package and rights are those of the day of care; ceilings take earlier decisions in
    the order they were made. A claim with a missing paper is put aside and can be decided again.

    Raises:
        Refusal: decided already, history of a former system, or no price list holds on the day
            of care.
    """
    version = undecided_version(work, claim_id)
    facts, _ = facts_now(work, claim_id)
    assessed = rules.assess(facts)
    write_decision(work, claim_id, version, assessed, facts)
    return assessed


def undecided_version(work: Work, claim_id: ClaimId) -> int:
    """Return the version the next decision bears.

    Raises:
        Refusal: when the claim is decided already, or is history of a former system.
    """
    row = work.row(
        "SELECT c.letter, e.version, e.outcome FROM claim c"
        " LEFT JOIN claim_decision e ON e.claim_id = c.id WHERE c.id = :id"
        " ORDER BY e.version DESC",
        id=claim_id,
    )
    if row is None:
        raise LookupError("no such claim")
    if row.outcome not in (None, Outcome.PENDING.value):
        raise Refusal(Text(N_("This claim is decided already.")), field="claim")
    if row.letter == queries.IMPORTED:
        raise Refusal(Text(HISTORY), field="claim")
    return (row.version or 0) + 1


def write_decision(
    work: Work, claim_id: ClaimId, version: int, told: Assessment, facts: ClaimFacts | None
) -> None:
    decided = told.outcome in (Outcome.APPROVED, Outcome.REJECTED)
    decision_id = DecisionId(work.new_id())
    work.insert(
        claim_decision,
        id=decision_id,
        claim_id=claim_id,
        version=version,
        decided_on=work.today,
        decided_by=work.person.staff_id,
        outcome=told.outcome,
        codes=_codes(told),
        paid=told.paid if decided else 0,
        patient=told.patient if decided else 0,
        disallowed=told.disallowed if decided else 0,
        rounding=told.rounding if decided else 0,
        entry_id=_book(work, claim_id, told) if decided and told.paid else None,
        facts="" if facts is None else rules.packed(facts),
    )
    if decided:
        write_line_decisions(work, claim_id, decision_id, told)


def _codes(told: Assessment | LineDecision) -> str:
    return ",".join(code.value for code in told.codes)


def write_line_decisions(
    work: Work, claim_id: ClaimId, decision_id: DecisionId, told: Assessment
) -> None:
    lines = work.rows("SELECT id FROM claim_line WHERE claim_id = :id ORDER BY id", id=claim_id)
    for row, line in zip(lines, told.lines, strict=True):
        work.insert(
            line_decision,
            id=work.new_id(),
            decision_id=decision_id,
            line_id=ClaimLineId(row.id),
            quantity=line.quantity,
            approved=line.approved,
            adjusted=line.adjusted,
            paid=line.paid,
            deducted=line.deducted,
            disallowed=line.over,
            codes=_codes(line),
        )


def _book(work: Work, claim_id: ClaimId, told: Assessment) -> bytes:
    """Book P09, or P10 when the member is reimbursed: the scheme's part of each category."""
    rows = work.rows(
        "SELECT s.category, b.provider_id, b.to_member, c.household_id FROM claim_line l"
        " JOIN service s ON s.id = l.service_id"
        " JOIN claim c ON c.id = l.claim_id JOIN claim_batch b ON b.id = c.batch_id"
        " WHERE l.claim_id = :id ORDER BY l.id",
        id=claim_id,
    )
    provider = rows[0].provider_id if rows else None
    by_category: Counter[str] = Counter()
    for row, line in zip(rows, told.lines, strict=True):
        by_category[row.category] += line.paid
    if rows and rows[0].to_member:
        booked = posting.claim_to_reimburse(
            by_category=by_category, household=rows[0].household_id
        )
    else:
        booked = posting.claim_approved(by_category=by_category, provider=provider)
    return ledger.post(work, booked, day=ledger.booking_day(work, work.today))


@dataclass(frozen=True, slots=True)
class DecidedBatch:
    """What deciding a batch came to: how many claims, and what is owed for them."""

    approved: int
    rejected: int
    pending: int
    payable: Money


def decide_batch(
    work: Work,
    *,
    batch_id: BatchId,
    accepting: frozenset[str] = frozenset(),
    progress: Progress | None = None,
) -> DecidedBatch:
    """Decide every claim of a batch that is not decided, in the order they were typed.

    Raises:
        Refusal: nothing to decide, a batch kept as history, no price list on a day of care.
        Caution: `invoice_differs` when what was typed is not the total of the invoice.
    """
    _check_open(batch_row(work, batch_id))
    rows = work.rows(
        "SELECT c.id, e.outcome FROM claim c LEFT JOIN claim_decision e ON e.claim_id = c.id"
        " AND e.version = (SELECT max(version) FROM claim_decision WHERE claim_id = c.id)"
        " WHERE c.batch_id = :id ORDER BY c.id",
        id=batch_id,
    )
    waiting = [row.id for row in rows if row.outcome in (None, Outcome.PENDING.value)]
    if not waiting:
        raise Refusal(
            Text(N_("No certificate of this batch waits for a decision.")), field="batch"
        )
    _check_total(work, batch_id, accepting)
    told: Counter[Outcome] = Counter()
    payable = 0
    progress = progress or Progress()
    for done, claim_id in enumerate(waiting):
        progress.step(done, len(waiting), Text(N_("Deciding the certificates")))
        assessed = decide_claim(work, claim_id=ClaimId(claim_id))
        told[assessed.outcome] += 1
        payable += assessed.paid if assessed.outcome is Outcome.APPROVED else 0
    return DecidedBatch(
        told[Outcome.APPROVED],
        told[Outcome.REJECTED],
        told[Outcome.PENDING],
        Money(payable, work.currency),
    )


def _check_total(work: Work, batch_id: BatchId, accepting: frozenset[str]) -> None:
    total = batch_row(work, batch_id).invoice_total
    typed = work.rows(
        "SELECT coalesce(sum(c.claimed), 0) AS typed FROM claim c WHERE c.batch_id = :id"
        " AND NOT EXISTS (SELECT 1 FROM claim_decision e WHERE e.claim_id = c.id"
        " AND e.outcome = 'WITHDRAWN')",
        id=batch_id,
    )[0].typed
    if total is None or typed == total or "invoice_differs" in accepting:
        return
    told = Text(
        N_(
            "The certificates come to {typed}, the invoice to {total}. Look for the missing or"
            " mistyped one, or go on."
        ),
        {"typed": Money(typed, work.currency), "total": Money(total, work.currency)},
    )
    raise Caution((Doubt("invoice_differs", told, "invoice_total"),))
