"""Whatever is decided, decided again and paid: the ledger and the lists say the same."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.claims import queries
from stepdesk.claims.service import decide_claim, pay_provider
from stepdesk.errors import Refusal
from stepdesk.store.desk import Desk
from stepdesk.values.ids import ClaimId, ProviderId
from tests.builders import a_request, open_copy
from tests.claims.kit import a_batch, a_care, a_claim, francs
from tests.claims.test_paying import balances, decided_anew
from tests.examples import few

MOVES = st.lists(
    st.tuples(st.sampled_from(("decide", "again", "pay", "part")), st.integers(0, 600)),
    min_size=4,
    max_size=10,
)


@few(8)
@given(MOVES)
def test_what_providers_are_owed_is_what_their_account_holds(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[str, int]]
) -> None:
    with open_copy(tmp_path_factory.mktemp("paying") / "book") as desk:
        care = a_care(desk)
        batch = a_batch(desk, care)
        claims: list[tuple[ClaimId, int]] = []
        before = balances(desk, "cash_main")[0]
        for at, (move, amount) in enumerate(moves):
            if move == "decide":
                day = date(2024, 1, 2 + at % 8)
                claim = a_claim(desk, care, batch, at=at % 3, day=day)
                claims.append((claim, desk.do(decide_claim, claim_id=claim).paid))
            elif move == "again" and claims and claims[amount % len(claims)][1] != amount:
                claim = claims[amount % len(claims)][0]
                decided_anew(desk, claim, care.provider_id, amount)
                claims[amount % len(claims)] = (claim, amount)
            elif move in {"pay", "part"}:
                most = francs(desk, amount) if move == "part" else None
                with suppress(Refusal):
                    desk.do(
                        pay_provider,
                        request_id=a_request(),
                        provider_id=care.provider_id,
                        most=most,
                    )
            agree(desk, care.provider_id, sum(paid for _, paid in claims), before)


def agree(desk: Desk, provider_id: ProviderId, decided: int, before: int) -> None:
    """What was decided is what left the box and what is still owed."""
    payable, cash = balances(desk, "provider_payable", "cash_main")
    owed = sum(one.amount for one in desk.ask(queries.unpaid_of, provider_id))
    assert desk.ask(queries.owed_to_providers) == owed == -payable
    assert decided == owed + before - cash
    assert cash <= before
