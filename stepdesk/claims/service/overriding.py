"""Decided otherwise: overrides, appeals, reversals. Each is a new version with facts of its own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from stepdesk.claims import queries, rules
from stepdesk.claims.model import claim_override
from stepdesk.claims.rules import Effect
from stepdesk.claims.service.deciding import facts_now, write_decision
from stepdesk.claims.service.letters import USES_LETTER, use_letter
from stepdesk.claims.service.moving import (
    Noted,
    check_signers,
    need_reason,
    note_move,
    role_for,
    stand_for,
)
from stepdesk.claims.service.reimbursing import (
    let_off_member,
    recover_from_member,
    reimburses_member,
)
from stepdesk.claims.terms import (
    Assessment,
    ClaimFacts,
    Move,
    Outcome,
    Override,
    OverrideEffect,
    RecoveredFrom,
    Stand,
    State,
)
from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.rights.terms import ReasonCode
from stepdesk.scheme.terms import Role
from stepdesk.store.work import Work
from stepdesk.values.ids import ClaimId, RequestId
from stepdesk.values.money import Money

LEVELS = 2
"""How often a claim can be appealed against: to the board, then to the level above it."""


def override_claim(
    work: Work,
    *,
    claim_id: ClaimId,
    overrides: Sequence[Override],
    reason: str,
    accepting: frozenset[str] = frozenset(),
) -> Assessment:
    """Decide otherwise on a claim: a reason no longer counts, or a line is refused for one.

    Who may do so stands in the table of codes; a second person signs. The claim is assessed anew,
    and what that changes is booked (P09, or P13 where it is less). Ceilings are those of today: what
    was decided since then counts first.

    Raises:
        Refusal: no reason, nothing to change, paid already, a code that is not on the line, one
            that nobody may decide otherwise on, or nobody signed who may.
        Caution: `nobody_may_decide` where the scheme has no such person.
    """
    told = need_reason(reason)
    if not overrides:
        raise Refusal(Text(N_("Choose what is decided otherwise.")), field="code")
    stand = stand_for(work, claim_id, Move.OVERRIDE)
    for one in overrides:
        _check_stands(work, stand, one)
        _check_code(one)
    check_signers(work, {role_for(one.code) for one in overrides}, accepting)
    assessed, facts = _again(work, stand, overrides)
    _check_differs(work, stand, assessed)
    write_decision(work, claim_id, stand.version + 1, assessed, facts)
    if assessed.outcome in USES_LETTER:
        use_letter(work, claim_id=claim_id)
    _write(work, stand, overrides, told, by_appeal=False)
    return assessed


def _check_stands(work: Work, stand: Stand, told: Override) -> None:
    """Refuse an override of a line of another claim, or of a reason that does not stand on it."""
    line_ids = queries.lines_of(work.connection, stand.claim_id)
    if told.line_id is not None and told.line_id not in line_ids:
        raise Refusal(
            Text(N_("This line is of another claim. Choose a line of this one.")), field="line"
        )
    if told.effect is OverrideEffect.REFUSES:
        return
    rows = work.rows(
        "SELECT e.codes AS whole, d.line_id, d.codes FROM claim_decision e"
        " LEFT JOIN line_decision d ON d.decision_id = e.id"
        " WHERE e.claim_id = :id AND e.version = :version",
        id=stand.claim_id,
        version=stand.version,
    )
    on_lines = {row.line_id: row.codes or "" for row in rows}
    codes = on_lines.get(told.line_id, "") if told.line_id is not None else rows[0].whole
    if told.code.value not in codes.split(","):
        raise Refusal(
            Text(
                N_("{reason} ({code}) does not stand there. Choose a reason of the decision."),
                {"reason": rules.reason(told.code), "code": told.code.value},
            ),
            field="code",
        )


def _check_code(told: Override) -> None:
    rule = rules.CODES[told.code]
    values = {"reason": rules.reason(told.code), "code": told.code.value}
    if told.effect is OverrideEffect.REFUSES:
        if not rule.effects & {Effect.REFUSES, Effect.PUTS_ASIDE}:
            raise Refusal(
                Text(N_("{reason} ({code}) does not refuse a line. Choose another."), values),
                field="code",
            )
        return
    if rule.overridden_by is None:
        raise Refusal(
            Text(
                N_(
                    "{reason} ({code}): nobody decides otherwise on it. File an appeal to the board."
                ),
                values,
            ),
            field="code",
        )


def _again(
    work: Work, stand: Stand, overrides: Sequence[Override]
) -> tuple[Assessment, ClaimFacts]:
    facts, _ = facts_now(work, stand.claim_id)
    facts = queries.facts_decided(work.connection, stand, facts)
    line_ids = queries.lines_of(work.connection, stand.claim_id)
    facts = rules.overridden(facts, line_ids, overrides)
    return rules.assess(facts), facts


def _check_differs(work: Work, stand: Stand, told: Assessment) -> None:
    row = work.row(
        "SELECT outcome, paid, patient, disallowed FROM claim_decision"
        " WHERE claim_id = :id AND version = :version",
        id=stand.claim_id,
        version=stand.version,
    )
    paid = told.paid if told.outcome is not Outcome.PENDING else 0
    if (row.outcome, row.paid) == (told.outcome.value, paid) and (
        told.outcome is Outcome.PENDING or row.disallowed == told.disallowed
    ):
        raise Refusal(
            Text(N_("The claim comes to the same. Look which reason decides.")), field="code"
        )


def _write(
    work: Work, stand: Stand, overrides: Sequence[Override], reason: str, *, by_appeal: bool
) -> None:
    for one in overrides:
        work.insert(
            claim_override,
            id=work.new_id(),
            claim_id=stand.claim_id,
            version=stand.version + 1,
            line_id=one.line_id,
            code=one.code,
            effect=one.effect,
            by_appeal=int(by_appeal),
            day=work.today,
            staff_id=work.person.staff_id,
            second_id=None if work.seconded is None else work.seconded.staff_id,
            reason=reason,
        )
    work.reason = reason


# Appeals


def appeal_claim(
    work: Work, *, claim_id: ClaimId, reason: str, accepting: frozenset[str] = frozenset()
) -> int:
    """Note that a decision is appealed against, and return the level of the appeal: 1 or 2.

    The register of complaints keeps the appeal itself (`complaints.service.file_complaint`).

    Raises:
        Refusal: without a reason, nothing was refused or lowered, or both levels have decided.
        Caution: `late_appeal` after the last day to appeal.
    """
    told = need_reason(reason)
    stand = stand_for(work, claim_id, Move.APPEAL)
    row = work.row(
        "SELECT e.codes, e.decided_on, (SELECT count(*) FROM claim_event v"
        " WHERE v.claim_id = :id AND v.kind = 'APPEAL') AS appeals,"
        " (SELECT max(v.day) FROM claim_event v WHERE v.claim_id = :id"
        " AND v.kind IN ('UPHOLD', 'OVERTURN')) AS heard FROM claim_decision e"
        " WHERE e.claim_id = :id AND e.version = :version",
        id=claim_id,
        version=stand.version,
    )
    if not row.codes:
        raise Refusal(
            Text(N_("Nothing of this claim was refused or lowered. Choose another claim.")),
            field="claim",
        )
    if row.appeals >= LEVELS:
        raise Refusal(
            Text(
                N_(
                    "Both levels have decided on this claim, and nobody stands above them. Tell the person that it stays so."
                )
            ),
            field="claim",
        )
    _check_in_time(work, max(row.decided_on, row.heard or ""), accepting)
    note_move(work, stand, Move.APPEAL, State.APPEALED, Noted(told))
    return int(row.appeals) + 1


def _check_in_time(work: Work, decided: str, accepting: frozenset[str]) -> None:
    days = work.country.number("appeal_days", work.today)
    last = rules.last_day_to_appeal(date.fromisoformat(decided), days)
    if work.today <= last or "late_appeal" in accepting:
        return
    told = Text(
        N_("The last day to appeal was {day}. The board may hear it all the same: go on."),
        {"day": last},
    )
    raise Caution((Doubt("late_appeal", told, "day"),))


def uphold_claim(
    work: Work, *, claim_id: ClaimId, reason: str, accepting: frozenset[str] = frozenset()
) -> None:
    """Let a decision stand after an appeal: the board signs.

    Raises:
        Refusal: without a reason, no appeal is open, or nobody of the board signed.
        Caution: `nobody_may_decide` where the scheme has nobody of the board at the desk.
    """
    told = need_reason(reason)
    stand = stand_for(work, claim_id, Move.UPHOLD)
    check_signers(work, {Role.BOARD}, accepting)
    to = rules.state_from(None, State.UPHELD, paid=stand.paid, settled=stand.settled)
    note_move(work, stand, Move.UPHOLD, to, Noted(told))
    work.reason = told


def overturn_claim(
    work: Work,
    *,
    claim_id: ClaimId,
    overrides: Sequence[Override] = (),
    reason: str,
    accepting: frozenset[str] = frozenset(),
) -> Assessment:
    """Decide otherwise after an appeal: the board signs, and may set aside any reason.

    Without overrides the claim is assessed anew as the book stands: what was corrected since the
    decision counts.

    Raises:
        Refusal: without a reason, no appeal is open, the claim would not be paid more, or nobody
            of the board signed.
        Caution: `nobody_may_decide` where the scheme has nobody of the board at the desk.
    """
    told = need_reason(reason)
    stand = stand_for(work, claim_id, Move.OVERTURN)
    for one in overrides:
        _check_stands(work, stand, one)
    check_signers(work, {Role.BOARD}, accepting)
    assessed, facts = _again(work, stand, overrides)
    if assessed.outcome is not Outcome.APPROVED or assessed.paid <= stand.paid:
        raise Refusal(
            Text(
                N_(
                    "The claim would not be paid more. Let the decision stand, or set aside the reason"
                    " that decides."
                )
            ),
            field="code",
        )
    bears = queries.borne_by_member(work.connection, stand, assessed.paid)
    whom = RecoveredFrom.MEMBER if bears else None
    write_decision(work, claim_id, stand.version + 1, assessed, facts, recovered_from=whom)
    use_letter(work, claim_id=claim_id)
    _write(work, stand, overrides, told, by_appeal=True)
    let_off_member(work, claim_id=claim_id, reason=told, bears=bears)
    to = rules.state_from(None, State.OVERTURNED, paid=assessed.paid, settled=stand.settled)
    note_move(work, replace(stand, version=stand.version + 1), Move.OVERTURN, to, Noted(told))
    return assessed


# Reversals


def reverse_claim(
    work: Work,
    *,
    claim_id: ClaimId,
    code: ReasonCode,
    reason: str,
    recovered_from: RecoveredFrom = RecoveredFrom.PROVIDER,
    accepting: frozenset[str] = frozenset(),
) -> int:
    """Take back a claim that was paid, and return what is to be recovered, in minor units (P13).

    The provider gives it back on its next payment, and what the member was asked back is let off;
    the member, where the fault is the member's, owes the scheme what was not asked back before.

    Raises:
        Refusal: without a reason, not paid, a code that refuses nothing, or nobody signed who may.
        Caution: `nobody_may_decide` where the scheme has no such person.
    """
    told = need_reason(reason)
    stand = stand_for(work, claim_id, Move.REVERSE)
    if code is not ReasonCode.RX01 and Effect.REFUSES not in rules.CODES[code].effects:
        raise Refusal(
            Text(
                N_("{reason} ({code}) does not refuse a line. Choose another."),
                {"reason": rules.reason(code), "code": code.value},
            ),
            field="code",
        )
    check_signers(work, {role_for(code)}, accepting)
    bears = recovered_from is RecoveredFrom.PROVIDER
    assessed = Assessment(
        Outcome.REVERSED,
        (),
        stand.claimed,
        0,
        0 if bears else stand.claimed,
        stand.claimed if bears else 0,
        codes=(code,),
    )
    version = stand.version + 1
    if bears:
        let_off_member(work, claim_id=claim_id, reason=told)
    elif not reimburses_member(work, claim_id):
        _recover_rest(work, stand, told)
    write_decision(work, claim_id, version, assessed, None, recovered_from=recovered_from)
    _write(work, stand, (Override(code, OverrideEffect.REFUSES),), told, by_appeal=False)
    return stand.paid


def _recover_rest(work: Work, stand: Stand, reason: str) -> None:
    """Let the member owe what was paid and is not asked back from them already."""
    row = work.row(
        "SELECT coalesce(sum(amount), 0) AS back FROM member_recovery WHERE claim_id = :id",
        id=stand.claim_id,
    )
    left = stand.settled - row.back
    if left > 0:
        recover_from_member(
            work,
            request_id=RequestId(work.new_id()),
            claim_id=stand.claim_id,
            amount=Money(left, work.currency),
            reason=reason,
        )
