"""Verbs of complaints: filed, acknowledged, heard, decided, closed.

A complaint about the decision on a claim is an appeal: it moves the claim too.
"""

from collections.abc import Sequence
from datetime import date

from stepdesk.claims import service as claims
from stepdesk.claims.service.moving import check_signers
from stepdesk.claims.terms import Override
from stepdesk.complaints import queries, rules
from stepdesk.complaints.model import complaint, complaint_event
from stepdesk.complaints.terms import (
    Complaint,
    ComplaintKind,
    ComplaintOutcome,
    ComplaintState,
    NewComplaint,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.scheme.terms import Role
from stepdesk.store.work import Work
from stepdesk.values.ids import ClaimId, ComplaintId, RequestId


def file_complaint(
    work: Work,
    *,
    request_id: RequestId,
    told: NewComplaint,
    filed_on: date | None = None,
    accepting: frozenset[str] = frozenset(),
) -> ComplaintId:
    """File a complaint or an appeal and give it its number; the same request twice is one.

    Args:
        work: The work.
        request_id: Made by the form.
        told: What is complained about.
        filed_on: The day it came; today when None.
        accepting: Names of doubts that were answered.

    Raises:
        Refusal: nothing told, an appeal without its claim, a household missing where it is about
            one, a day ahead, an earlier complaint that is not decided, or two levels have decided.
        Caution: `late_appeal`, see `claims.service.appeal_claim`.
    """
    done = work.row("SELECT id FROM complaint WHERE request_id = :id", id=request_id)
    if done is not None:
        return ComplaintId(done.id)
    on = filed_on or work.today
    _check(work, told, on)
    level = _level(work, told)
    household_id = told.household_id
    if told.claim_id is not None:
        level = claims.appeal_claim(
            work, claim_id=told.claim_id, reason=told.told, accepting=accepting
        )
        row = work.row("SELECT household_id FROM claim WHERE id = :id", id=told.claim_id)
        household_id = household_id or row.household_id
    complaint_id = ComplaintId(work.new_id())
    letter = work.desk.head.device
    serial = work.rows(
        "SELECT coalesce(max(serial), 0) + 1 AS n FROM complaint"
        " WHERE year = :year AND letter = :letter",
        year=on.year,
        letter=letter,
    )[0].n
    work.insert(
        complaint,
        id=complaint_id,
        request_id=request_id,
        year=on.year,
        letter=letter,
        serial=serial,
        kind=told.kind,
        level=level,
        earlier_id=told.earlier_id,
        filed_by=told.filed_by,
        household_id=household_id,
        claim_id=told.claim_id,
        provider_id=told.provider_id,
        filed_on=on,
        who=told.who.strip(),
        told=told.told.strip(),
        received_by=work.person.staff_id,
    )
    return complaint_id


def _check(work: Work, told: NewComplaint, on: date) -> None:
    if not told.told.strip():
        raise Refusal(Text(N_("Write what the person complains about.")), field="told")
    if on > work.today:
        raise Refusal(
            Text(N_("{day} is still ahead. Type today or an earlier day."), {"day": on}),
            field="filed_on",
        )
    if (told.kind is ComplaintKind.CLAIM_DECISION) is not (told.claim_id is not None):
        message = N_("Give the number of the claim whose decision is appealed against.")
        if told.claim_id is not None:
            message = N_(
                "Only an appeal against the decision on a claim names a claim. Leave the claim out, or choose the appeal."
            )
        raise Refusal(Text(message), field="claim")
    if told.kind in rules.OF_A_HOUSEHOLD and told.household_id is None:
        raise Refusal(Text(N_("Say which household this is about.")), field="household")


def _level(work: Work, told: NewComplaint) -> int:
    """Return the level of a complaint that is no appeal against a claim."""
    if told.earlier_id is None:
        return 1
    earlier = queries.complaint_of(work.connection, told.earlier_id, work.country)
    if earlier.decided is None:
        raise Refusal(
            Text(
                N_("{number} is not decided yet. Wait for the answer."), {"number": earlier.number}
            ),
            field="earlier",
        )
    if earlier.kind is not told.kind:
        raise Refusal(
            Text(
                N_("{number} is about something else. Check the number."),
                {"number": earlier.number},
            ),
            field="earlier",
        )
    if earlier.level >= rules.LEVELS:
        raise Refusal(
            Text(
                N_(
                    "Both levels have decided on this, and nobody stands above them. Tell the person that it stays so."
                )
            ),
            field="earlier",
        )
    return earlier.level + 1


# On its way


def acknowledge_complaint(work: Work, *, complaint_id: ComplaintId, note: str = "") -> None:
    """Note that whoever complained was told that the complaint came, and what follows.

    Raises:
        Refusal: when it is further already.
    """
    _step(work, complaint_id, ComplaintState.ACKNOWLEDGED, note)


def hear_complaint(work: Work, *, complaint_id: ComplaintId, heard: str) -> None:
    """Note what was said at the hearing.

    Raises:
        Refusal: nothing said, or it is not acknowledged yet, or heard already.
    """
    if not heard.strip():
        raise Refusal(Text(N_("Write what was said.")), field="heard")
    _step(work, complaint_id, ComplaintState.HEARD, heard)


def answer_complaint(
    work: Work,
    *,
    complaint_id: ComplaintId,
    outcome: ComplaintOutcome,
    answer: str,
    overrides: Sequence[Override] = (),
    accepting: frozenset[str] = frozenset(),
) -> None:
    """Decide on a complaint: the board signs. An appeal granted decides the claim anew.

    Args:
        work: The work.
        complaint_id: Which.
        outcome: UPHELD: what is complained about stands. OVERTURNED: it does not.
        answer: What whoever complained is told, with the reason.
        overrides: Of an appeal granted, the reasons that no longer count.
        accepting: Names of doubts that were answered.

    Raises:
        Refusal: no answer, not heard yet, decided already, or nobody of the board signed; of an
            appeal also what `claims.service.overturn_claim` refuses.
        Caution: `nobody_may_decide` where the scheme has nobody of the board at the desk.
    """
    if not answer.strip():
        raise Refusal(Text(N_("Write what was answered.")), field="answer")
    stands = _check_next(work, complaint_id, ComplaintState.DECIDED)
    if stands.claim_id is None:
        check_signers(work, {Role.BOARD}, accepting)
    else:
        _decide_claim(work, stands.claim_id, outcome, answer, overrides, accepting)
    _write(work, stands, ComplaintState.DECIDED, answer, outcome)
    work.reason = answer.strip()


def _decide_claim(
    work: Work,
    claim_id: ClaimId,
    outcome: ComplaintOutcome,
    answer: str,
    overrides: Sequence[Override],
    accepting: frozenset[str],
) -> None:
    if outcome is ComplaintOutcome.UPHELD:
        claims.uphold_claim(work, claim_id=claim_id, reason=answer, accepting=accepting)
        return
    claims.overturn_claim(
        work, claim_id=claim_id, overrides=overrides, reason=answer, accepting=accepting
    )


def close_complaint(work: Work, *, complaint_id: ComplaintId, note: str = "") -> None:
    """Note that whoever complained was told the decision.

    Raises:
        Refusal: when it is not decided yet, or closed already.
    """
    _step(work, complaint_id, ComplaintState.CLOSED, note)


def _step(work: Work, complaint_id: ComplaintId, state: ComplaintState, told: str) -> None:
    _write(work, _check_next(work, complaint_id, state), state, told, None)


_WAITS = {
    ComplaintState.FILED: N_(
        "{number} is not acknowledged yet. Tell the person that it came first."
    ),
    ComplaintState.ACKNOWLEDGED: N_("{number} is acknowledged. Hear whoever complains next."),
    ComplaintState.HEARD: N_("{number} is heard. Let the board decide next."),
    ComplaintState.DECIDED: N_("{number} is decided; tell the person, then close it."),
    ComplaintState.CLOSED: N_(
        "{number} is closed. File it at the next level if the person does not agree."
    ),
}


def _check_next(work: Work, complaint_id: ComplaintId, state: ComplaintState) -> Complaint:
    stands = queries.complaint_of(work.connection, complaint_id, work.country)
    if rules.NEXT.get(stands.state) is not state:
        raise Refusal(Text(_WAITS[stands.state], {"number": stands.number}), field="complaint")
    return stands


def _write(
    work: Work,
    stands: Complaint,
    state: ComplaintState,
    told: str,
    outcome: ComplaintOutcome | None,
) -> None:
    work.insert(
        complaint_event,
        id=work.new_id(),
        complaint_id=stands.id,
        place=len(stands.steps) + 1,
        state=state,
        day=work.today,
        outcome=outcome,
        answer=told.strip(),
        staff_id=work.person.staff_id,
        second_id=None if work.seconded is None else work.seconded.staff_id,
    )
