"""The states of a claim in one table: what is not listed here does not happen.

Source: domain handbook 2.11. A claim whose approved part was paid can still be appealed: partial
decisions are paid at once, and the 60 days of an appeal run longer than the days to pay.
"""

from collections.abc import Mapping

from stepdesk.claims.terms import Move, Outcome, State

_TYPED = (State.RECEIVED, State.ADMIN_OK)
_OPEN = (*_TYPED, State.MEDICAL_PENDING, State.PENDING)
_DECIDABLE = (*_TYPED, State.MEDICAL_OK, State.PENDING)
_PAYABLE = (State.APPROVED, State.UPHELD, State.OVERTURNED)


def _from(
    states: tuple[State, ...], move: Move, *to: State
) -> dict[tuple[State, Move], frozenset[State]]:
    return {(state, move): frozenset(to) for state in states}


MOVES: Mapping[tuple[State, Move], frozenset[State]] = {
    (State.RECEIVED, Move.CHECK): frozenset({State.ADMIN_OK}),
    **_from((*_TYPED, State.PENDING), Move.ROUTE, State.MEDICAL_PENDING),
    (State.MEDICAL_PENDING, Move.REVIEW): frozenset({State.MEDICAL_OK, State.REJECTED}),
    **_from(_OPEN, Move.QUERY, State.QUERIED),
    (State.QUERIED, Move.ANSWER): frozenset(_OPEN),
    **_from(_DECIDABLE, Move.DECIDE, State.APPROVED, State.VALUED, State.REJECTED, State.PENDING),
    (State.VALUED, Move.INDEX): frozenset({State.APPROVED}),
    **_from((*_OPEN, State.MEDICAL_OK, State.QUERIED), Move.WITHDRAW, State.WITHDRAWN),
    **_from(
        (State.APPROVED, State.VALUED, State.REJECTED),
        Move.OVERRIDE,
        State.APPROVED,
        State.VALUED,
        State.REJECTED,
    ),
    (State.PENDING, Move.OVERRIDE): frozenset(
        {State.APPROVED, State.VALUED, State.REJECTED, State.PENDING}
    ),
    **_from(
        (
            State.APPROVED,
            State.REJECTED,
            State.BATCHED,
            State.PAID,
            State.UPHELD,
            State.OVERTURNED,
            State.REVERSED,
        ),
        Move.APPEAL,
        State.APPEALED,
    ),
    (State.APPEALED, Move.UPHOLD): frozenset({State.UPHELD, State.PAID}),
    # What was taken back and is granted again before it was recovered is paid already.
    (State.APPEALED, Move.OVERTURN): frozenset({State.OVERTURNED, State.PAID}),
    **_from(_PAYABLE, Move.BATCH, State.BATCHED),
    (State.BATCHED, Move.UNBATCH): frozenset(_PAYABLE),
    **_from((*_PAYABLE, State.BATCHED), Move.PAY, State.PAID),
    # What was approved is paid while the board thinks about the rest.
    (State.APPEALED, Move.PAY): frozenset({State.APPEALED}),
    (State.PAID, Move.REVERSE): frozenset({State.REVERSED}),
}
"""Where each move may lead from each state."""


def allowed(state: State, move: Move) -> bool:
    """Whether a move may be made from a state at all."""
    return (state, move) in MOVES


def leads(state: State, move: Move, to: State) -> bool:
    """Whether a move may lead from one state to another."""
    return to in MOVES.get((state, move), frozenset())


def state_from(
    outcome: Outcome | None,
    event: State | None,
    *,
    paid: int = 0,
    settled: int = 0,
    in_batch: bool = False,
) -> State:
    """Return where a claim stands.

    Args:
        outcome: Of its latest decision.
        event: The state its latest event led to, None where a decision came after it.
        paid: What the latest decision pays.
        settled: What was paid for it so far.
        in_batch: Whether it stands in a batch of payments that is not paid yet.
    """
    state = event or (State.RECEIVED if outcome is None else State[outcome.name])
    if state is State.PAID and settled < paid:
        # The board's decision found it paid; the payment came back since.
        state = State.UPHELD
    if state not in _PAYABLE:
        return state
    if paid and settled >= paid:
        return State.PAID
    return State.BATCHED if in_batch else state
