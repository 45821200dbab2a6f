"""Deciding: assessed, kept with its facts, booked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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
from stepdesk.claims.service.using import LineUsed, keep_first, keep_used
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
    HouseholdId,
    LetterId,
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


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded claim as far as deciding it asks: read once, for assessing, keeping and booking.

    `lines` are the lines as they were typed, each with the category its act is booked under.
    """

    certificate: NewClaim
    household_id: HouseholdId
    provider_id: ProviderId
    received_on: date
    to_member: bool
    lines: tuple[tuple[ClaimLineId, str], ...]


_RECORDED = (
    "SELECT c.person_id, c.household_id, c.first_day, c.last_day, c.visit, c.referred,"
    " c.declared_hours, c.certificate, c.guarantee, b.provider_id, b.received_on, b.to_member,"
    " l.id AS line_id, l.service_id, l.quantity, l.unit_price, s.category FROM claim c"
    " JOIN claim_batch b ON b.id = c.batch_id LEFT JOIN claim_line l ON l.claim_id = c.id"
    " LEFT JOIN service s ON s.id = l.service_id WHERE c.id = :id ORDER BY l.id"
)


def recorded(work: Work, claim_id: ClaimId) -> Recorded:
    """Return a recorded claim.

    Raises:
        LookupError: when there is none.
    """
    rows = work.rows(_RECORDED, id=claim_id)
    if not rows:
        raise LookupError("no such claim")
    row = rows[0]
    lines = [one for one in rows if one.line_id is not None]
    return Recorded(
        NewClaim(
            person_id=PersonId(row.person_id),
            first_day=date.fromisoformat(row.first_day),
            last_day=date.fromisoformat(row.last_day),
            lines=tuple(
                [NewLine(ServiceId(one.service_id), one.quantity, one.unit_price) for one in lines]
            ),
            visit=Visit(row.visit),
            referred=bool(row.referred),
            declared_hours=row.declared_hours,
            certificate=row.certificate or "",
            guarantee=row.guarantee,
        ),
        HouseholdId(row.household_id),
        ProviderId(row.provider_id),
        date.fromisoformat(row.received_on),
        bool(row.to_member),
        tuple([(ClaimLineId(one.line_id), one.category) for one in lines]),
    )


def facts_now(work: Work, claim_id: ClaimId) -> tuple[ClaimFacts, tuple[Verdict, ...]]:
    """Return the facts of a recorded claim as the book stands, and the verdict on each line."""
    told = recorded(work, claim_id)
    facts, verdicts, _ = facts_and_care(
        work, told.certificate, told.provider_id, told.received_on, claim_id, told.to_member
    )
    return facts, verdicts


def facts_and_care(
    work: Work,
    certificate: NewClaim,
    provider_id: ProviderId,
    received_on: date,
    claim_id: ClaimId | None,
    to_member: bool,
) -> tuple[ClaimFacts, tuple[Verdict, ...], queries.Care]:
    """Return what decides a certificate today; `claim_id` is its claim where it is recorded."""
    return queries.facts_of_claim(
        work.connection,
        certificate,
        provider_id=provider_id,
        received_on=received_on,
        coin=work.country.number("cash_round", work.today),
        claim_id=claim_id,
        today=work.today,
        reimbursement_days=work.country.number("claim_delay_days", certificate.last_day)
        if to_member
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
    told = recorded(work, claim_id)
    facts, _, care = facts_and_care(
        work, told.certificate, told.provider_id, told.received_on, claim_id, told.to_member
    )
    if stand.reviewed:
        _check_other_person(work, claim_id, accepting)
    else:
        check_adviser(facts)
    facts = queries.facts_decided(work.connection, stand, facts)
    return decide_by(work, claim_id, stand.version + 1, facts, care.letter_id, told)


def check_adviser(facts: ClaimFacts) -> None:
    """Refuse care that the package has the medical adviser look at before it is decided."""
    if any(line.rule and line.rule.requires_medical_review for line in facts.lines):
        raise Refusal(
            Text(N_("The package has this care looked at by the medical adviser: send it first.")),
            field="claim",
        )


def decide_by(
    work: Work,
    claim_id: ClaimId,
    version: int,
    facts: ClaimFacts,
    letter_id: LetterId | None,
    told: Recorded,
) -> Assessment:
    """Assess by the facts and write what comes of it; an approved claim uses its letter."""
    assessed = rules.assess(facts)
    write_decision(work, claim_id, version, assessed, facts, of=told)
    if letter_id is not None and assessed.outcome in USES_LETTER:
        use_letter(work, claim_id=claim_id, letter_id=letter_id)
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
    of: Recorded | None = None,
) -> None:
    """Write a version of a decision, with its lines, and book what it changes (P09, or P13).

    `of` is the claim where it was read already.
    """
    of = of or recorded(work, claim_id)
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
        entry_id=_book(work, claim_id, version, told, recovered_from, of) if decided else None,
        facts="" if facts is None else rules.packed(facts),
        recovered_from=recovered_from,
    )
    more: list[dict[str, object]] = []
    if (decided or told.outcome is Outcome.VALUED) and told.lines:
        line_ids = [line_id for line_id, _ in of.lines]
        more = write_line_decisions(work, line_ids, decision_id, told, facts)
    if version > 1:
        keep_used(work, claim_id, version)
    elif told.outcome in _USES:
        keep_first(work, _used(claim_id, of, told, more))


_USES = frozenset({Outcome.APPROVED, Outcome.VALUED})
"""What uses of limits."""


def _used(
    claim_id: ClaimId, of: Recorded, told: Assessment, more: list[dict[str, object]]
) -> list[LineUsed]:
    """Return what the lines of a claim use; `more` is what they have beside the usual columns."""
    typed = of.certificate
    stay, day = typed.first_day < typed.last_day, typed.last_day.isoformat()
    return [
        LineUsed(
            of.household_id,
            day,
            claim_id,
            line_id,
            typed.person_id,
            line.service_id,
            one.quantity,
            one.paid,
            one.deducted,
            stay,
            True if "outside" in beside else None,
            beside.get("package_id"),
        )
        for (line_id, _), line, one, beside in zip(
            of.lines, typed.lines, told.lines, more, strict=True
        )
    ]


def _codes(told: Assessment | LineDecision) -> str:
    return ",".join(code.value for code in told.codes)


def write_line_decisions(
    work: Work,
    line_ids: Sequence[ClaimLineId],
    decision_id: DecisionId,
    told: Assessment,
    facts: ClaimFacts | None = None,
) -> list[dict[str, object]]:
    """Write what was decided of each line; return the columns beside the usual ones of each.

    Ids and decisions stand in the order the lines were typed.
    """
    waits = told.outcome is Outcome.VALUED
    more = [beyond(work, line, facts, waits=waits) for line in told.lines]
    for line_id, line, beside in zip(line_ids, told.lines, more, strict=True):
        work.insert(
            line_decision,
            id=work.new_id(),
            decision_id=decision_id,
            line_id=line_id,
            quantity=line.quantity,
            approved=line.approved,
            adjusted=line.adjusted,
            paid=0 if waits else line.paid,
            deducted=line.deducted,
            disallowed=line.over,
            codes=_codes(line),
            **beside,
        )
    return more


_PAID_BEFORE = (
    "SELECT (SELECT d.paid FROM line_decision d JOIN claim_decision e ON e.id = d.decision_id"
    " WHERE d.line_id = l.id AND e.claim_id = l.claim_id AND e.version = (SELECT max(version)"
    " FROM claim_decision WHERE claim_id = l.claim_id AND version < :version"
    " AND entry_id IS NOT NULL)) AS paid FROM claim_line l WHERE l.claim_id = :id ORDER BY l.id"
)


def _book(
    work: Work,
    claim_id: ClaimId,
    version: int,
    told: Assessment,
    recovered_from: RecoveredFrom | None,
    of: Recorded,
) -> bytes | None:
    """Book what a decision changes of each category's part: P09, or P13 where it is less.

    P10 where the member is reimbursed. None where it changes nothing.
    """
    if not told.paid and version == 1:
        return None
    if recovered_from is RecoveredFrom.MEMBER and not of.to_member:
        # The provider keeps its money: the recovery from the member is booked by itself.
        return None
    by_category: Counter[str] = Counter()
    for at, (_, category) in enumerate(of.lines):
        by_category[category] += told.lines[at].paid if told.lines else 0
    if version > 1:
        before = work.rows(_PAID_BEFORE, id=claim_id, version=version)
        for (_, category), row in zip(of.lines, before, strict=True):
            by_category[category] -= row.paid or 0
    if not any(by_category.values()):
        return None
    return ledger.post(work, _posting(by_category, of), day=ledger.booking_day(work, work.today))


def _posting(by_category: Counter[str], of: Recorded) -> Posting:
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
