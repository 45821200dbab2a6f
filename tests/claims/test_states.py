"""The states of a claim: one table, and no sequence of verbs leaves it."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.claims import queries, rules
from stepdesk.claims.model import paid_claim, provider_payment
from stepdesk.claims.queries import claims_that_differ
from stepdesk.claims.service import (
    answer_query,
    appeal_claim,
    ask_query,
    ask_review,
    check_claim,
    decide_claim,
    override_claim,
    overturn_claim,
    reverse_claim,
    review_claim,
    uphold_claim,
    withdraw_claim,
)
from stepdesk.claims.terms import (
    AskedOf,
    LineReview,
    Move,
    Outcome,
    Override,
    OverrideEffect,
    Stand,
    State,
)
from stepdesk.errors import Caution, Refusal
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.ledger.queries import balance_of
from stepdesk.rights.terms import ReasonCode
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.store.work import Work
from stepdesk.values.ids import BatchId, ClaimId
from tests.builders import a_request, open_copy
from tests.claims.kit import Care, a_batch, a_care, a_claim

ALL = frozenset({"nobody_may_decide", "same_person", "late_appeal"})


def stand(desk: Desk, claim_id: ClaimId) -> Stand:
    told = desk.ask(queries.stand_of, claim_id)
    assert told is not None
    return told


# The table


def test_a_claim_goes_the_way_of_the_handbook_and_no_other() -> None:
    """Domain handbook 2.11: RECEIVED, ADMIN_OK, MEDICAL_PENDING, MEDICAL_OK, APPROVED, BATCHED, PAID."""
    way = [
        (State.RECEIVED, Move.CHECK, State.ADMIN_OK),
        (State.ADMIN_OK, Move.ROUTE, State.MEDICAL_PENDING),
        (State.MEDICAL_PENDING, Move.REVIEW, State.MEDICAL_OK),
        (State.MEDICAL_OK, Move.DECIDE, State.APPROVED),
        (State.APPROVED, Move.BATCH, State.BATCHED),
        (State.BATCHED, Move.PAY, State.PAID),
        (State.PAID, Move.REVERSE, State.REVERSED),
    ]
    assert all(rules.leads(*one) for one in way)


@pytest.mark.parametrize(
    ("state", "move"),
    [
        (State.REJECTED, Move.PAY),
        (State.RECEIVED, Move.PAY),
        (State.PAID, Move.DECIDE),
        (State.PAID, Move.OVERRIDE),
        (State.BATCHED, Move.OVERRIDE),
        (State.MEDICAL_PENDING, Move.DECIDE),
        (State.QUERIED, Move.DECIDE),
        (State.WITHDRAWN, Move.APPEAL),
        (State.REVERSED, Move.PAY),
        (State.APPROVED, Move.REVERSE),
    ],
)
def test_what_the_table_does_not_list_is_not_allowed(state: State, move: Move) -> None:
    assert not rules.allowed(state, move)


def test_every_state_can_be_reached_and_only_known_ends_are_ends() -> None:
    seen, grown = {State.RECEIVED}, True
    while grown:
        more = {to for (state, _), tos in rules.MOVES.items() if state in seen for to in tos}
        grown = not more <= seen
        seen |= more
    assert seen == set(State)
    assert {state for state in State if not any(rules.allowed(state, move) for move in Move)} == {
        State.WITHDRAWN
    }


def test_a_claim_is_paid_only_when_all_of_it_is() -> None:
    assert rules.state_from(Outcome.APPROVED, None, paid=450) is State.APPROVED
    assert rules.state_from(Outcome.APPROVED, None, paid=450, settled=450) is State.PAID
    assert rules.state_from(Outcome.APPROVED, State.OVERTURNED, paid=600, settled=450) is (
        State.OVERTURNED
    )
    assert rules.state_from(Outcome.APPROVED, None, paid=450, in_batch=True) is State.BATCHED


# No sequence of verbs leaves it


def pay(work: Work, claim_id: ClaimId) -> None:
    """Settle what a claim is owed, as the contract with payments says: latest decision less paid."""
    told = queries.stand_of(work.connection, claim_id)
    assert told is not None
    owed = told.paid - told.settled
    if not rules.allowed(told.state, Move.PAY) or owed <= 0:
        raise LookupError("nothing owed")
    row = work.row(
        "SELECT b.provider_id FROM claim c JOIN claim_batch b ON b.id = c.batch_id WHERE c.id = :id",
        id=claim_id,
    )
    payment_id = work.new_id()
    entry = posting.provider_paid(box="cash_main", amount=owed, provider=row.provider_id)
    serial = work.rows("SELECT count(*) + 1 AS n FROM provider_payment")[0].n
    work.insert(
        provider_payment,
        id=payment_id,
        request_id=a_request(),
        year=work.today.year,
        letter=work.desk.head.device,
        serial=serial,
        provider_id=row.provider_id,
        day=work.today,
        box="cash_main",
        amount=owed,
        entry_id=ledger.post(work, entry, day=work.today),
        paid_by=work.person.staff_id,
        single_control=1,
    )
    work.insert(
        paid_claim,
        id=work.new_id(),
        provider_payment_id=payment_id,
        claim_id=claim_id,
        amount=owed,
    )


def waive(desk: Desk, claim_id: ClaimId) -> tuple[Override, ...]:
    """Set aside the first reason of the latest decision."""
    told = desk.ask(queries.claim_of, claim_id, desk.currency)
    codes = [ReasonCode(code) for code in told.codes]
    return tuple(Override(code) for code in codes[:1])


VERBS: dict[str, tuple[Move, Callable[[Desk, ClaimId], tuple[Any, dict[str, Any]]]]] = {
    "check": (Move.CHECK, lambda _, __: (check_claim, {})),
    "route": (Move.ROUTE, lambda _, __: (ask_review, {})),
    "review": (
        Move.REVIEW,
        lambda desk, one: (
            review_claim,
            {
                "lines": {
                    desk.ask(queries.lines_of, one)[0]: LineReview(
                        quantity=0, code=ReasonCode.RM01
                    )
                },
                "accepting": ALL,
            },
        ),
    ),
    "query": (
        Move.QUERY,
        lambda _, __: (ask_query, {"asked_of": AskedOf.PROVIDER, "question": "?"}),
    ),
    "answer": (Move.ANSWER, lambda _, __: (answer_query, {"answer": "!"})),
    "decide": (Move.DECIDE, lambda _, __: (decide_claim, {"accepting": ALL})),
    "withdraw": (Move.WITHDRAW, lambda _, __: (withdraw_claim, {"reason": "twice"})),
    "waive": (
        Move.OVERRIDE,
        lambda desk, one: (
            override_claim,
            {"overrides": waive(desk, one), "reason": "seen", "accepting": ALL},
        ),
    ),
    "refuse": (
        Move.OVERRIDE,
        lambda desk, one: (
            override_claim,
            {
                "overrides": (
                    Override(
                        ReasonCode.RB10,
                        OverrideEffect.REFUSES,
                        desk.ask(queries.lines_of, one)[-1],
                    ),
                ),
                "reason": "free",
                "accepting": ALL,
            },
        ),
    ),
    "appeal": (Move.APPEAL, lambda _, __: (appeal_claim, {"reason": "no", "accepting": ALL})),
    "uphold": (Move.UPHOLD, lambda _, __: (uphold_claim, {"reason": "so", "accepting": ALL})),
    "overturn": (
        Move.OVERTURN,
        lambda desk, one: (
            overturn_claim,
            {"overrides": waive(desk, one), "reason": "right", "accepting": ALL},
        ),
    ),
    "pay": (Move.PAY, lambda _, __: (pay, {})),
    "reverse": (
        Move.REVERSE,
        lambda _, __: (
            reverse_claim,
            {"code": ReasonCode.RX01, "reason": "wrong", "accepting": ALL},
        ),
    ),
}


@dataclass
class Living:
    """One book all examples work in; each takes a day of care no other has."""

    desk: Desk
    care: Care
    batch: BatchId
    days: Iterator[tuple[int, date]]
    reached: Counter[State] = field(default_factory=Counter)

    def claim(self, *codes: str) -> ClaimId:
        at, day = next(self.days)
        lines = [self.care.line(code) for code in codes]
        return a_claim(self.desk, self.care, self.batch, *lines, at=at, day=day)


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    clock = SetClock(datetime(2024, 12, 31, 9, tzinfo=UTC))
    with open_copy(tmp_path_factory.mktemp("states") / "book", clock=clock) as desk:
        care = a_care(desk, agreement={"late_invoice_days": 365}, size=50)
        days = (
            (at, date(2024, 1, 2) + timedelta(days=n))
            for at in range(50)
            for n in range(0, 360, 2)
        )
        yield Living(desk, care, a_batch(desk, care), days)


def test_no_sequence_of_verbs_leaves_the_table_and_the_book_is_sound(living: Living) -> None:
    @given(
        st.lists(st.integers(0, 99), min_size=8, max_size=20),
        st.sampled_from(["C", "C A", "C GLAS", "GLAS"]),
    )
    def one_life(draws: list[int], codes: str) -> None:
        live(living, draws, living.claim(*codes.split()))

    one_life()
    assert len(living.reached) >= 12, living.reached
    sound(living.desk)


def chosen(state: State, drawn: int) -> str:
    """Return a verb: three times of four one that the table allows and that ends nothing."""
    fitting = [
        name
        for name, (move, _) in VERBS.items()
        if rules.allowed(state, move) and move is not Move.WITHDRAW
    ]
    listed = sorted(VERBS) if drawn % 4 == 0 or not fitting else fitting
    return listed[drawn // 4 % len(listed)]


def live(living: Living, draws: list[int], claim: ClaimId) -> None:
    desk = living.desk
    for drawn in draws:
        name = chosen(stand(desk, claim).state, drawn)
        before, acts = stand(desk, claim), desk.acts
        move, made = VERBS[name]
        verb, told = made(desk, claim)
        try:
            desk.do(verb, claim_id=claim, **told)
        except (Refusal, LookupError):
            assert stand(desk, claim) == before
            assert desk.acts == acts
            continue
        after = stand(desk, claim)
        living.reached[after.state] += 1
        assert rules.leads(before.state, move, after.state), (before.state, name, after.state)
    assert stand(desk, claim).settled <= max(paids(desk, claim), default=0)


def paids(desk: Desk, claim_id: ClaimId) -> list[int]:
    with desk.read() as connection:
        return [
            row[0]
            for row in connection.exec_driver_sql(
                "SELECT paid FROM claim_decision WHERE claim_id = ?", (claim_id,)
            )
        ]


def sound(desk: Desk) -> None:
    """What is booked is what the latest decisions pay, less what was paid."""
    assert desk.ask(claims_that_differ) == ()
    assert verify_desk(desk, whole=True).findings == []
    with desk.read() as connection:
        owed = connection.exec_driver_sql(
            "SELECT (SELECT coalesce(sum(e.paid), 0) FROM claim_decision e WHERE e.version ="
            " (SELECT max(version) FROM claim_decision WHERE claim_id = e.claim_id))"
            " - (SELECT coalesce(sum(amount), 0) FROM paid_claim)"
        ).scalar_one()
        assert balance_of(connection, "provider_payable") == -owed


def test_a_caution_is_no_move(tmp_path: Path) -> None:
    with open_copy(tmp_path / "book") as desk:
        care: Care = a_care(desk)
        claim = a_claim(desk, care, a_batch(desk, care), care.line("GLAS"))
        desk.do(decide_claim, claim_id=claim)
        with pytest.raises(Caution):
            desk.do(
                override_claim,
                claim_id=claim,
                overrides=(Override(ReasonCode.RB01),),
                reason="the board said so",
            )
        assert stand(desk, claim).state is State.REJECTED
