"""Deciding: assessed, kept with its facts, booked."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from stepdesk.claims import queries, rules
from stepdesk.claims.model import (
    claim_decision,
    line_decision,
)
from stepdesk.claims.service.beyond import beyond
from stepdesk.claims.service.entering import _check_open, batch_row
from stepdesk.claims.service.letters import USES_LETTER, use_letter
from stepdesk.claims.service.moving import stand_for
from stepdesk.claims.service.reconciling import check_total
from stepdesk.claims.service.routing import route_batch
from stepdesk.claims.service.using import keep_used
from stepdesk.claims.terms import (
    Assessment,
    ClaimFacts,
    LineDecision,
    Move,
    NewClaim,
    NewLine,
    Outcome,
    RecoveredFrom,
    Visit,
)
from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.ledger.terms import Posting
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
    stand = stand_for(work, claim_id, Move.WITHDRAW)
    write_decision(
        work,
        claim_id,
        stand.version + 1,
        Assessment(Outcome.WITHDRAWN, (), stand.claimed, 0, 0, 0, codes=(ReasonCode.RX01,)),
        facts=None,
    )
    work.reason = reason.strip()


# Deciding


def facts_now(work: Work, claim_id: ClaimId) -> tuple[ClaimFacts, tuple[Verdict, ...]]:
    """Return the facts of a recorded claim as the book stands, and the verdict on each line."""
    facts, verdicts, _ = _facts_and_care(work, claim_id)
    return facts, verdicts


def _facts_and_care(
    work: Work, claim_id: ClaimId
) -> tuple[ClaimFacts, tuple[Verdict, ...], queries.Care]:
    rows = work.rows(
        "SELECT c.person_id, c.first_day, c.last_day, c.visit, c.referred, c.declared_hours,"
        " c.certificate, c.guarantee, b.provider_id, b.received_on, b.to_member FROM claim c"
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
        certificate=row.certificate or "",
        guarantee=row.guarantee,
    )
    return queries.facts_of_claim(
        work.connection,
        told,
        provider_id=ProviderId(row.provider_id),
        received_on=date.fromisoformat(row.received_on),
        coin=work.country.number("cash_round", work.today),
        claim_id=claim_id,
        today=work.today,
        reimbursement_days=work.country.number("claim_delay_days", told.last_day)
        if row.to_member
        else None,
    )


def decide_claim(
    work: Work, *, claim_id: ClaimId, accepting: frozenset[str] = frozenset()
) -> Assessment:
    """Decide a claim: assess it, keep the facts, book what the scheme owes (P09).

    Prices, package and rights are those of the day of care; ceilings take earlier decisions in
    the order they were made. A claim with a missing paper is put aside and can be decided again.
    One that is approved uses the guarantee letter it names. What the medical adviser approved of a
    line counts where one looked.

    Raises:
        Refusal: decided already, with the medical adviser or waiting for an answer, for the medical
            adviser first, history of a former system, or no price list holds on the day of care.
        Caution: `same_person` when who decides also made the medical review.
    """
    stand = stand_for(work, claim_id, Move.DECIDE)
    facts, _, care = _facts_and_care(work, claim_id)
    if stand.reviewed:
        _check_other_person(work, claim_id, accepting)
    elif any(line.rule and line.rule.requires_medical_review for line in facts.lines):
        raise Refusal(
            Text(N_("The package has this care looked at by the medical adviser: send it first.")),
            field="claim",
        )
    facts = queries.facts_decided(work.connection, stand, facts)
    assessed = rules.assess(facts)
    write_decision(work, claim_id, stand.version + 1, assessed, facts)
    if care.letter_id is not None and assessed.outcome in USES_LETTER:
        use_letter(work, claim_id=claim_id, letter_id=care.letter_id)
    return assessed


def _check_other_person(work: Work, claim_id: ClaimId, accepting: frozenset[str]) -> None:
    row = work.row(
        "SELECT staff_id FROM claim_review WHERE claim_id = :id ORDER BY place DESC", id=claim_id
    )
    if row.staff_id == work.person.staff_id and "same_person" not in accepting:
        told = N_(
            "You made the medical review of this claim yourself. Let somebody else decide it, or go on"
            " where nobody else is there."
        )
        raise Caution((Doubt("same_person", Text(told), "claim"),))


def write_decision(
    work: Work,
    claim_id: ClaimId,
    version: int,
    told: Assessment,
    facts: ClaimFacts | None,
    *,
    recovered_from: RecoveredFrom | None = None,
) -> None:
    """Write a version of a decision, with its lines, and book what it changes (P09, or P13)."""
    decided = told.outcome in (Outcome.APPROVED, Outcome.REJECTED, Outcome.REVERSED)
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
        entry_id=_book(work, claim_id, version, told, recovered_from) if decided else None,
        facts="" if facts is None else rules.packed(facts),
        recovered_from=recovered_from,
    )
    if (decided or told.outcome is Outcome.VALUED) and told.lines:
        write_line_decisions(work, claim_id, decision_id, told, facts)
    keep_used(work, claim_id, version)


def _codes(told: Assessment | LineDecision) -> str:
    return ",".join(code.value for code in told.codes)


def write_line_decisions(
    work: Work,
    claim_id: ClaimId,
    decision_id: DecisionId,
    told: Assessment,
    facts: ClaimFacts | None = None,
) -> None:
    lines = work.rows("SELECT id FROM claim_line WHERE claim_id = :id ORDER BY id", id=claim_id)
    waits = told.outcome is Outcome.VALUED
    for row, line in zip(lines, told.lines, strict=True):
        work.insert(
            line_decision,
            id=work.new_id(),
            decision_id=decision_id,
            line_id=ClaimLineId(row.id),
            quantity=line.quantity,
            approved=line.approved,
            adjusted=line.adjusted,
            paid=0 if waits else line.paid,
            deducted=line.deducted,
            disallowed=line.over,
            codes=_codes(line),
            **beyond(work, line, facts, waits=waits),
        )


def _book(
    work: Work,
    claim_id: ClaimId,
    version: int,
    told: Assessment,
    recovered_from: RecoveredFrom | None,
) -> bytes | None:
    """Book what a decision changes of each category's part: P09, or P13 where it is less.

    P10 where the member is reimbursed. None where it changes nothing.
    """
    if not told.paid and version == 1:
        return None
    rows = work.rows(
        "SELECT s.category, b.provider_id, b.to_member, c.household_id, (SELECT d.paid"
        " FROM line_decision d"
        " JOIN claim_decision e ON e.id = d.decision_id WHERE d.line_id = l.id"
        " AND e.claim_id = c.id AND e.version = (SELECT max(version) FROM claim_decision"
        " WHERE claim_id = c.id AND version < :version AND entry_id IS NOT NULL)) AS before"
        " FROM claim_line l JOIN service s ON s.id = l.service_id"
        " JOIN claim c ON c.id = l.claim_id JOIN claim_batch b ON b.id = c.batch_id"
        " WHERE l.claim_id = :id ORDER BY l.id",
        id=claim_id,
        version=version,
    )
    if recovered_from is RecoveredFrom.MEMBER and not rows[0].to_member:
        # The provider keeps its money: the recovery from the member is booked by itself.
        return None
    by_category: Counter[str] = Counter()
    for at, row in enumerate(rows):
        by_category[row.category] += told.lines[at].paid if told.lines else 0
        by_category[row.category] -= row.before or 0
    if not any(by_category.values()):
        return None
    return ledger.post(
        work,
        _posting(by_category, rows[0]),
        day=ledger.booking_day(work, work.today),
    )


def _posting(by_category: Counter[str], of: Any) -> Posting:  # noqa: ANN401 - a row
    """Return what is booked; `of` names provider, household, and whether the member is reimbursed."""
    if of.to_member:
        return posting.claim_to_reimburse(by_category=by_category, household=of.household_id)
    if sum(by_category.values()) >= 0:
        return posting.claim_approved(by_category=by_category, provider=of.provider_id)
    less = {name: -amount for name, amount in by_category.items()}
    return posting.recovered_from_provider(by_category=less, provider=of.provider_id)


@dataclass(frozen=True, slots=True)
class DecidedBatch:
    """What deciding a batch came to: how many claims, and what is owed for them.

    `in_review` were sent to the medical adviser now, `waiting` are with the adviser or wait for an
    answer.
    """

    approved: int
    rejected: int
    pending: int
    payable: Money
    in_review: int = 0
    waiting: int = 0


def decide_batch(
    work: Work,
    *,
    batch_id: BatchId,
    accepting: frozenset[str] = frozenset(),
    progress: Progress | None = None,
    flagged: frozenset[ClaimId] = frozenset(),
) -> DecidedBatch:
    """Decide every claim of a batch that is not decided, in the order they were typed.

    Where the scheme has a medical adviser, the claims that are for the adviser are sent and not
    decided; what is there already, or waits for an answer, is left.

    Raises:
        Refusal: nothing to decide, a batch kept as history, no price list on a day of care.
        Caution: `invoice_differs` when what was typed is not the total of the invoice and the
            difference is not named; `same_person`, see `decide_claim`.
    """
    _check_open(batch_row(work, batch_id))
    decidable, held = queries.waiting_of(work.connection, batch_id)
    if not decidable and not held:
        raise Refusal(
            Text(
                N_(
                    "No certificate of this batch waits for a decision. Choose another batch, or type its certificates first."
                )
            ),
            field="batch",
        )
    check_total(work, batch_id, accepting)
    sent = route_batch(work, batch_id=batch_id, flagged=flagged).sent if decidable else ()
    waiting = [one for one in decidable if one not in sent]
    told: Counter[Outcome] = Counter()
    payable = 0
    progress = progress or Progress()
    for done, claim_id in enumerate(waiting):
        progress.step(done, len(waiting), Text(N_("Deciding the certificates")))
        assessed = decide_claim(work, claim_id=claim_id, accepting=accepting)
        told[assessed.outcome] += 1
        payable += assessed.paid if assessed.outcome is Outcome.APPROVED else 0
    return DecidedBatch(
        told[Outcome.APPROVED],
        told[Outcome.REJECTED],
        told[Outcome.PENDING],
        Money(payable, work.currency),
        len(sent),
        len(held),
    )
