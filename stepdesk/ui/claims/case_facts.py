"""What is done with one recorded certificate after it was typed: on the lane, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stepdesk.claims import queries, rules, service
from stepdesk.claims.rules import Effect
from stepdesk.claims.terms import (
    AskedOf,
    Claim,
    Happened,
    LineReview,
    Move,
    NewClaim,
    OpenQuery,
    Override,
    OverrideEffect,
    RecoveredFrom,
)
from stepdesk.complaints.service import file_complaint
from stepdesk.complaints.terms import ComplaintKind, FiledBy, NewComplaint
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.rights.terms import ReasonCode
from stepdesk.scheme.terms import Role
from stepdesk.store.desk import Colleague, Desk
from stepdesk.ui.claims.picture_facts import ClaimPictures, pictures_of
from stepdesk.values.ids import ClaimId, ClaimLineId, RequestId, StaffId
from stepdesk.values.money import Money

Signer = tuple[StaffId, str] | None


@dataclass(frozen=True, slots=True)
class Case:
    """What can be done with a certificate, and what has been.

    Nothing medical is in it but the pictures of the certificate, for who may see them. `asked` is the question that waits for its answer. `medical` says that whoever sits at the desk
    holds the medical key.
    """

    claim: Claim
    happened: tuple[Happened, ...] = ()
    asked: OpenQuery | None = None
    others: tuple[Colleague, ...] = ()
    solo: bool = False
    medical: bool = False
    pictures: ClaimPictures = field(default_factory=ClaimPictures)

    def may(self, move: Move) -> bool:
        """Whether the table of states lets it be moved so."""
        return not self.claim.history and rules.allowed(self.claim.state, move)


def case_of(desk: Desk, claim: Claim) -> Case:
    """Read what happened to a certificate, and who could sign for what happens next."""
    with desk.read() as connection:
        asked = queries.open_queries(connection, desk.today)
        return Case(
            claim=claim,
            happened=queries.history_of(connection, claim.id, desk.currency),
            asked=next((one for one in asked if one.claim_id == claim.id), None),
            others=tuple(one for one in desk.colleagues() if one.id != desk.person.staff_id),
            solo=desk.solo,
            medical=desk.person.medical_key is not None,
            pictures=pictures_of(desk, claim.id),
        )


# Reasons to choose from


@dataclass(frozen=True, slots=True)
class Reason:
    """A code of the closed list, and who decides on it; None is nobody but the board on appeal."""

    code: ReasonCode
    decides: Role | None


def reasons_on(claim: Claim, line_id: ClaimLineId | None) -> tuple[Reason, ...]:
    """Return the reasons a decision gave for a line, or for the whole certificate."""
    codes = claim.codes
    if line_id is not None:
        codes = next(one.codes for one in claim.lines if one.id == line_id)
    return tuple(Reason(one, rules.CODES[one].overridden_by) for one in map(ReasonCode, codes))


def reasons_to_refuse() -> tuple[Reason, ...]:
    """Return every reason a line can be refused for, and who then decides."""
    return tuple(
        Reason(code, rule.overridden_by or Role.BOARD)
        for code, rule in rules.CODES.items()
        if rule.effects & {Effect.REFUSES, Effect.PUTS_ASIDE}
    )


def reasons_to_take_back() -> tuple[Reason, ...]:
    """Return every reason a paid certificate can be taken back for; a mistake of the desk first."""
    found = [
        Reason(code, rule.overridden_by or Role.BOARD)
        for code, rule in rules.CODES.items()
        if code is ReasonCode.RX01 or Effect.REFUSES in rule.effects
    ]
    return tuple(sorted(found, key=lambda one: one.code is not ReasonCode.RX01))


# Acts


def checked(desk: Desk, claim_id: ClaimId) -> None:
    """Note that its papers are in order."""
    desk.do(service.check_claim, claim_id=claim_id)


def asked(desk: Desk, claim_id: ClaimId, asked_of: AskedOf, question: str) -> None:
    """Put a question to the provider or the member."""
    desk.do(service.ask_query, claim_id=claim_id, asked_of=asked_of, question=question)


def answered(desk: Desk, claim_id: ClaimId, answer: str) -> None:
    """Record the answer to a question."""
    desk.do(service.answer_query, claim_id=claim_id, answer=answer)


def sent_to_adviser(desk: Desk, claim_id: ClaimId, note: str) -> None:
    """Send it to the medical adviser."""
    desk.do(service.ask_review, claim_id=claim_id, note=note)


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What is decided otherwise: a reason on a line, or on all when `line_id` is None."""

    code: ReasonCode
    effect: OverrideEffect
    line_id: ClaimLineId | None
    reason: str
    signer: Signer


def decided_otherwise(
    desk: Desk, claim_id: ClaimId, told: Otherwise, accepting: frozenset[str]
) -> None:
    """Decide otherwise than the rules; a second person signs."""
    with desk.work("override_claim") as work:
        if told.signer is not None:
            work.second(*told.signer)
        service.override_claim(
            work,
            claim_id=claim_id,
            overrides=(Override(told.code, told.effect, told.line_id),),
            reason=told.reason,
            accepting=accepting,
        )


def foreseen(desk: Desk, claim_id: ClaimId, told: Otherwise) -> Money | None:
    """Return what the scheme would pay if it were decided so; None when it cannot be told.

    Nothing is written: it is only assessed anew.
    """
    try:
        with desk.work("foresee") as work:
            facts, _ = service.facts_now(work, claim_id)
            stand = queries.stand_of(work.connection, claim_id)
            facts = queries.facts_decided(work.connection, stand, facts)
            line_ids = queries.lines_of(work.connection, claim_id)
            override = Override(told.code, told.effect, told.line_id)
            changed = rules.overridden(facts, line_ids, (override,))
    except Refusal:
        return None
    return Money(rules.assess(changed).paid, desk.currency)


def appealed(
    desk: Desk,
    request_id: RequestId,
    claim: Claim,
    filed_by: FiledBy,
    told: str,
    accepting: frozenset[str],
) -> None:
    """File an appeal against the decision: the register of complaints keeps it."""
    desk.do(
        file_complaint,
        request_id=request_id,
        told=NewComplaint(ComplaintKind.CLAIM_DECISION, told, filed_by, claim_id=claim.id),
        accepting=accepting,
    )


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What is told when a paid certificate is taken back."""

    code: ReasonCode
    recovered_from: RecoveredFrom
    reason: str
    signer: Signer


def taken_back(desk: Desk, claim_id: ClaimId, told: TakenBack, accepting: frozenset[str]) -> None:
    """Take a paid certificate back: what was paid is recovered."""
    with desk.work("reverse_claim") as work:
        if told.signer is not None:
            work.second(*told.signer)
        service.reverse_claim(
            work,
            claim_id=claim_id,
            code=told.code,
            reason=told.reason,
            recovered_from=told.recovered_from,
            accepting=accepting,
        )


# The medical part: for whoever holds the medical key


@dataclass(frozen=True, slots=True)
class Medical:
    """A certificate as the medical adviser sees it; `typed` tells days and visit.

    `said` is what a former review said of each line, `written` its justifications.
    """

    claim: Claim
    typed: NewClaim
    diagnosis: str
    written: Mapping[ClaimLineId, str]
    said: tuple[LineReview, ...]


def medical_of(desk: Desk, claim: Claim) -> Medical:
    """Read the medical part of a certificate; who looked is logged.

    Raises:
        Refusal: when this person's slot does not hold the medical key.
    """
    diagnosis = service.diagnosis_of(desk, claim.id)
    written = service.justifications_of(desk, claim.id)
    with desk.read() as connection:
        typed, _, _ = queries.typed(connection, claim.id)
        said = queries.review_of(connection, claim.id)
    return Medical(claim, typed, diagnosis, written, said)


def reviewed(
    desk: Desk,
    claim_id: ClaimId,
    lines: Mapping[ClaimLineId, LineReview],
    accepting: frozenset[str],
) -> None:
    """Record what the medical adviser says of each line."""
    desk.do(service.review_claim, claim_id=claim_id, lines=lines, accepting=accepting)


# Claims that wait


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A certificate that waits: for the medical adviser, or for an answer; no patient is named."""

    claim_id: ClaimId
    number: str
    provider: str
    days: int
    told: Text
    late: bool = False


_ROUTES = {
    "SERVICE": N_("the package asks for it"),
    "AMOUNT": N_("a high amount"),
    "STAY": N_("a long stay"),
    "CAESAREAN": N_("a caesarean"),
    "DRUGS": N_("many medicines"),
    "SAMPLE": N_("drawn by chance"),
    "WATCH": N_("the provider is watched"),
    "ALARM": N_("a check found something"),
    "ASKED": N_("somebody asked for it"),
}


def for_the_adviser(desk: Desk) -> tuple[WaitingRow, ...]:
    """Read what waits for the medical adviser, the oldest first, and why it was sent."""
    found = desk.ask(queries.for_review, desk.currency)
    return tuple(
        WaitingRow(
            one.claim_id,
            one.number,
            one.provider,
            (desk.today - one.sent_on).days,
            rules.joined([Text(_ROUTES[route.value]) for route in one.routes]),
        )
        for one in found
    )


def for_an_answer(desk: Desk) -> tuple[WaitingRow, ...]:
    """Read the questions that wait for an answer, the oldest first."""
    return tuple(
        WaitingRow(
            one.claim_id, one.number, one.provider, one.waiting, _question(one), late=one.late
        )
        for one in desk.ask(queries.open_queries, desk.today)
    )


def _question(one: OpenQuery) -> Text:
    of_provider = N_("{question} · the provider answers until {due}")
    of_member = N_("{question} · the member answers until {due}")
    told = of_provider if one.asked_of is AskedOf.PROVIDER else of_member
    return Text(told, {"question": one.told, "due": one.due})
