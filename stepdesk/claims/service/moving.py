"""Every move of a claim goes through here: the table of states is asked, and an event is kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from stepdesk.claims import queries, rules
from stepdesk.claims.model import claim_event
from stepdesk.claims.terms import UNDECIDED, AskedOf, Move, Stand, State
from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.rights.terms import ReasonCode
from stepdesk.scheme.terms import Role
from stepdesk.store.work import Work
from stepdesk.values.ids import ClaimId

_DECIDED = N_("This claim is decided already. Decide otherwise on it, or choose another one.")
_BOARD = N_("The board has decided on this claim already. Choose another one.")
_UNDECIDED = N_("This claim is not decided yet. Decide it first.")
STANDS: Mapping[State, str] = {
    State.RECEIVED: _UNDECIDED,
    State.ADMIN_OK: _UNDECIDED,
    State.MEDICAL_PENDING: N_("The medical adviser has this claim. Wait for the review."),
    State.MEDICAL_OK: N_("The medical adviser has looked at this claim. Decide it now."),
    State.QUERIED: N_(
        "A question about this claim waits for its answer. Record the answer first."
    ),
    State.PENDING: N_("This claim is put aside for a paper. Decide it when the paper is there."),
    State.VALUED: N_(
        "This claim waits for the index of relative prices of its period. Run the index first."
    ),
    State.APPROVED: _DECIDED,
    State.REJECTED: _DECIDED,
    State.BATCHED: N_("This claim stands in a batch of payments. Wait until it is paid."),
    State.WITHDRAWN: N_("This claim was withdrawn. Type the certificate in again."),
    State.APPEALED: N_("An appeal against this claim is with the board. Wait for its decision."),
    State.UPHELD: _BOARD,
    State.OVERTURNED: _BOARD,
    State.PAID: N_("This claim is paid already. Take a mistake back by a reversal."),
    State.REVERSED: N_("This claim was taken back. File an appeal if somebody does not agree."),
}
"""Why a claim that stands so does not move as asked, and what to do."""


def stand_for(work: Work, claim_id: ClaimId, move: Move) -> Stand:
    """Return where a claim stands, when it may make this move.

    Raises:
        LookupError: when there is no such claim.
        Refusal: when the table of states has no such move from there.
    """
    stand = queries.stand_of(work.connection, claim_id)
    if stand is None:
        raise LookupError("no such claim")
    if not rules.allowed(stand.state, move):
        raise Refusal(Text(_why_not(stand.state, move)), field="claim")
    if stand.history:
        from stepdesk.claims.service.entering import HISTORY

        raise Refusal(Text(HISTORY), field="claim")
    return stand


def _why_not(state: State, move: Move) -> str:
    """Return why a move is not possible and what is: it may lack what comes before it."""
    if move in {Move.UPHOLD, Move.OVERTURN} and state not in UNDECIDED:
        return N_("No appeal against this claim is with the board. File one first.")
    if move is Move.REVERSE and STANDS[state] is _DECIDED:
        return N_("Nothing of this claim was paid yet. Decide otherwise on it instead.")
    return STANDS[state]


@dataclass(frozen=True, slots=True)
class Noted:
    """What an event says beside its move."""

    told: str = ""
    codes: str = ""
    asked_of: AskedOf | None = None
    due: date | None = None


def note_move(
    work: Work, stand: Stand, move: Move, to: State, noted: Noted | None = None
) -> Stand:
    """Keep an event that moves a claim, and return where it then stands.

    Raises:
        ValueError: when the table of states has no such move: a bug, never a person's mistake.
    """
    if not rules.leads(stand.state, move, to):
        raise ValueError(f"{stand.state.value} does not go to {to.value} by {move.value}")
    said = noted or Noted()
    work.insert(
        claim_event,
        id=work.new_id(),
        claim_id=stand.claim_id,
        place=stand.place + 1,
        version=stand.version,
        kind=move,
        state=to,
        day=work.today,
        staff_id=work.person.staff_id,
        codes=said.codes,
        asked_of=said.asked_of,
        due=said.due,
        told=said.told.strip(),
    )
    return replace(stand, place=stand.place + 1, state=to)


# Who decides


def need_reason(reason: str) -> str:
    """Return the reason without the spaces around it.

    Raises:
        Refusal: when there is none.
    """
    if not reason.strip():
        raise Refusal(Text(N_("Say why; the reason is kept.")), field="reason")
    return reason.strip()


_LET_SIGN: Mapping[Role, str] = {
    Role.CLAIMS_OFFICER: N_("The claims officer or the manager decides this: let them sign."),
    Role.MEDICAL_ADVISER: N_("Only the medical adviser decides this: let them sign."),
    Role.BOARD: N_("Only the board decides this: let somebody of the board sign."),
}
_NOBODY: Mapping[Role, str] = {
    Role.CLAIMS_OFFICER: N_(
        "Nobody here is claims officer or manager. Go on if you were told to, and say so in the reason."
    ),
    Role.MEDICAL_ADVISER: N_(
        "Nobody here is medical adviser. Go on if one was asked, and say so in the reason."
    ),
    Role.BOARD: N_(
        "Nobody here is of the board. Go on if the board decided it, and say so in the reason."
    ),
}


def check_signers(work: Work, needed: Collection[Role], accepting: frozenset[str]) -> None:
    """Ask for two signatures, and for those who may decide among them.

    Raises:
        Refusal: one signature where two people are there, or somebody who may decide is there and
            did not sign.
        Caution: `nobody_may_decide` where the scheme is too small to have such a person.
    """
    work.two_signatures()
    roles = _roles(work)
    signed = {roles[work.person.staff_id]}
    if work.seconded is not None:
        signed.add(roles[work.seconded.staff_id])
    doubts = []
    for role in sorted(needed, key=lambda one: one.value):
        stands_for = rules.STANDS_FOR[role]
        if stands_for & signed:
            continue
        if stands_for & set(roles.values()):
            raise Refusal(Text(_LET_SIGN[role]), field="second")
        doubts.append(Doubt("nobody_may_decide", Text(_NOBODY[role]), "second"))
    if doubts and "nobody_may_decide" not in accepting:
        raise Caution(tuple(doubts))


def _roles(work: Work) -> dict[bytes, Role]:
    rows = work.rows("SELECT id, role FROM staff WHERE ended_on IS NULL")
    return {row.id: Role(row.role) for row in rows}


def role_for(code: ReasonCode) -> Role:
    """Return who decides on a code: as the table of codes says, the board where it names nobody."""
    return rules.CODES[code].overridden_by or Role.BOARD
