"""What claims would come to, and whether decided ones still come to the same."""

from datetime import date

from stepdesk.claims.queries import claims_of, decided_alike
from stepdesk.claims.service import (
    ask_query,
    assess_claims,
    decide_batch,
    decide_claim,
    withdraw_claim,
)
from stepdesk.claims.terms import AskedOf, State
from stepdesk.store.desk import Desk
from tests.claims.kit import a_batch, a_care, a_claim, francs


def test_claims_that_wait_count_against_one_another_and_nothing_is_written(desk: Desk) -> None:
    # 45,000 less a quarter are 33,750 each; the person's year holds 40,000: 33,750 and 6,250.
    care = a_care(desk, cap_person_year=40_000)
    batch = a_batch(desk, care)
    first = a_claim(desk, care, batch, care.line("SURG"), day=date(2024, 1, 8))
    second = a_claim(desk, care, batch, care.line("SURG"), day=date(2024, 1, 9))
    acts = desk.acts
    found = assess_claims(desk, [first, second])
    assert [one.claim.paid for one in found] == [francs(desk, 33_750), francs(desk, 6_250)]
    assert [(one.waits, one.same, one.hindrance) for one in found] == [(True, None, None)] * 2
    assert desk.acts == acts
    assert [one.state for one in desk.ask(claims_of, desk.currency)] == [State.RECEIVED] * 2
    decided = desk.do(decide_batch, batch_id=batch)
    assert decided.payable == francs(desk, 40_000)
    again = assess_claims(desk, [first, second])
    assert [(one.waits, one.same) for one in again] == [(False, True)] * 2
    assert [one.claim.paid for one in again] == [one.claim.paid for one in found]


def test_what_cannot_be_decided_says_why_and_the_next_is_assessed(desk: Desk) -> None:
    care = a_care(desk)
    batch = a_batch(desk, care)
    asked = a_claim(desk, care, batch, day=date(2024, 1, 8))
    other = a_claim(desk, care, batch, day=date(2024, 1, 9))
    desk.do(ask_query, claim_id=asked, asked_of=AskedOf.MEMBER, question="Which hand?")
    first, second = assess_claims(desk, [asked, other])
    assert first.waits
    assert first.hindrance is not None
    assert first.claim.paid is None
    assert (second.hindrance, second.claim.paid) == (None, francs(desk, 450))  # 600 less a quarter


def test_facts_that_were_tampered_with_come_to_something_else(desk: Desk) -> None:
    care = a_care(desk)
    batch = a_batch(desk, care)
    claim_id = a_claim(desk, care, batch)
    desk.do(decide_claim, claim_id=claim_id)
    assert desk.ask(decided_alike, claim_id) is True
    with desk.writer.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("DROP TRIGGER claim_decision_is_not_changed")
        # 600 less 24 % and not a quarter: 456 and not 450.
        raw.execute("UPDATE claim_decision SET facts = replace(facts, '2500', '2400')")
    assert assess_claims(desk, [claim_id])[0].same is False


def test_a_withdrawn_claim_has_nothing_to_assess(desk: Desk) -> None:
    care = a_care(desk)
    claim_id = a_claim(desk, care, a_batch(desk, care))
    desk.do(withdraw_claim, claim_id=claim_id, reason="typed twice")
    (told,) = assess_claims(desk, [claim_id])
    assert (told.waits, told.same) == (False, None)
