"""Review, queries and sampling of claims. Source: domain handbook 2.11, openIMIS handbook 1.5."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.benefits.terms import Category
from stepdesk.claims import queries, rules
from stepdesk.claims.service import (
    answer_query,
    ask_query,
    ask_review,
    check_claim,
    decide_batch,
    decide_claim,
    justifications_of,
    review_claim,
    route_batch,
    withdraw_claim,
)
from stepdesk.claims.terms import (
    AskedOf,
    LineReview,
    Outcome,
    Route,
    RoutingFacts,
    State,
)
from stepdesk.errors import Caution, Refusal
from stepdesk.rights.terms import ReasonCode
from stepdesk.scheme.service import add_person
from stepdesk.scheme.terms import Role
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk, unlock
from stepdesk.values.ids import ClaimId
from tests.builders import SECOND, open_copy, wednesday
from tests.claims.kit import Care, a_batch, a_care, a_claim

SAME = frozenset({"same_person"})


def state(desk: Desk, claim_id: ClaimId) -> State:
    told = desk.ask(queries.stand_of, claim_id)
    assert told is not None
    return told.state


def a_claim_here(desk: Desk, *codes: str) -> tuple[Care, ClaimId]:
    care = a_care(desk)
    lines = [care.line(code) for code in codes or ("C",)]
    return care, a_claim(desk, care, a_batch(desk, care), *lines)


def refused(desk: Desk, verb: Any, **told: Any) -> str:
    acts = desk.acts
    with pytest.raises(Refusal) as caught:
        desk.do(verb, **told)
    assert desk.acts == acts
    return caught.value.field


# Who goes to the medical adviser

USUAL = RoutingFacts(
    by_category={Category.OPD: 600}, means={Category.OPD: 600, Category.DRUG: 1000}
)


@pytest.mark.parametrize(
    ("facts", "routes"),
    [
        (USUAL, ()),
        (replace(USUAL, flagged=True), (Route.SERVICE,)),
        # Four times the mean of the category is not above it.
        (replace(USUAL, by_category={Category.OPD: 2400}), ()),
        (replace(USUAL, by_category={Category.OPD: 2401}), (Route.AMOUNT,)),
        (replace(USUAL, by_category={Category.DRUG: 2001}), (Route.DRUGS,)),
        (replace(USUAL, by_category={Category.DRUG: 4001}), (Route.AMOUNT, Route.DRUGS)),
        # No mean, no judgement.
        (replace(USUAL, by_category={Category.HOSP: 900_000}), ()),
        (replace(USUAL, stay=10), ()),
        (replace(USUAL, stay=11), (Route.STAY,)),
        (replace(USUAL, by_category={Category.CSE: 1}), (Route.CAESAREAN,)),
        (replace(USUAL, sampled=True), (Route.SAMPLE,)),
        (replace(USUAL, on_watch=True), (Route.WATCH,)),
        (replace(USUAL, alarm=True), (Route.ALARM,)),
    ],
)
def test_a_claim_goes_to_the_adviser_for_the_reasons_of_the_handbook(
    facts: RoutingFacts, routes: tuple[Route, ...]
) -> None:
    assert rules.route(facts) == routes


@pytest.mark.parametrize(
    ("count", "percent", "drawn"),
    [(10, 30, 3), (100, 5, 5), (60, 5, 3), (7, 5, 1), (0, 5, 0), (7, 0, 0), (3, 100, 3)],
)
def test_thirty_percent_of_ten_claims_are_three(count: int, percent: int, drawn: int) -> None:
    """The peer's case SAM-01; of few claims at least one is drawn."""
    assert rules.sample_size(count, percent) == drawn


@given(st.sets(st.binary(min_size=16, max_size=16), max_size=40), st.integers(0, 2**63 - 1))
def test_the_same_seed_draws_the_same_claims_in_any_order(ids: set[bytes], seed: int) -> None:
    once = rules.drawn(sorted(ids), percent=30, seed=seed)
    assert once == rules.drawn(sorted(ids, reverse=True), percent=30, seed=seed)
    assert once <= ids
    assert len(once) == rules.sample_size(len(ids), 30)


# A scheme with a medical adviser


@pytest.fixture
def with_adviser(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    with open_copy(tmp_path / "book", clock=clock) as desk:
        desk.do(add_person, name="Coumba", role=Role.MEDICAL_ADVISER, password=SECOND)
        yield desk


def test_chance_draws_claims_of_a_batch_and_the_others_are_decided(with_adviser: Desk) -> None:
    desk = with_adviser
    care = a_care(desk, size=10)
    batch = a_batch(desk, care)
    claims = [a_claim(desk, care, batch, at=at) for at in range(10)]
    routed = desk.do(route_batch, batch_id=batch, percent=30, seed=7)
    assert len(routed.sent) == 3
    assert set(routed.routes.values()) == {(Route.SAMPLE,)}
    (sample,) = desk.ask(queries.samples_of, batch)
    assert (sample.seed, sample.percent, sample.drawn_from, sample.chosen) == (7, 30, 10, 3)
    assert set(routed.sent) == rules.drawn(claims, percent=30, seed=7)
    told = desk.do(decide_batch, batch_id=batch)
    assert (told.approved, told.in_review, told.waiting) == (7, 0, 3)
    # Whoever decides once more does not draw once more.
    assert len(desk.ask(queries.samples_of, batch)) == 1
    waiting = desk.ask(queries.for_review, desk.currency)
    assert {one.claim_id for one in waiting} == set(routed.sent)
    assert all(one.routes == (Route.SAMPLE,) for one in waiting)


def test_deciding_a_batch_draws_five_percent_by_itself(with_adviser: Desk) -> None:
    care = a_care(with_adviser, size=20)
    batch = a_batch(with_adviser, care)
    for at in range(20):
        a_claim(with_adviser, care, batch, at=at)
    told = with_adviser.do(decide_batch, batch_id=batch)
    assert (told.approved, told.in_review) == (19, 1)


def test_without_an_adviser_nothing_is_drawn(desk: Desk) -> None:
    care = a_care(desk, size=10)
    batch = a_batch(desk, care)
    for at in range(10):
        a_claim(desk, care, batch, at=at)
    told = desk.do(decide_batch, batch_id=batch)
    assert (told.approved, told.in_review) == (10, 0)


def test_a_claim_in_which_a_check_found_something_goes_to_the_adviser(with_adviser: Desk) -> None:
    care = a_care(with_adviser)
    batch = a_batch(with_adviser, care)
    a_claim(with_adviser, care, batch, care.line("SURG"))
    alarmed = a_claim(with_adviser, care, batch, care.line("C"), at=1)
    routed = with_adviser.do(route_batch, batch_id=batch, percent=0, flagged=frozenset({alarmed}))
    assert dict(routed.routes) == {alarmed: (Route.ALARM,)}


def test_what_is_sent_is_not_decided_before_it_is_reviewed(desk: Desk) -> None:
    _, claim = a_claim_here(desk)
    desk.do(check_claim, claim_id=claim)
    assert state(desk, claim) is State.ADMIN_OK
    desk.do(ask_review, claim_id=claim, note="stays long")
    assert state(desk, claim) is State.MEDICAL_PENDING
    assert refused(desk, decide_claim, claim_id=claim) == "claim"
    assert refused(desk, ask_review, claim_id=claim) == "claim"
    assert refused(desk, check_claim, claim_id=claim) == "claim"
    desk.do(review_claim, claim_id=claim, lines={}, accepting=SAME)
    assert state(desk, claim) is State.MEDICAL_OK
    told = desk.do(decide_claim, claim_id=claim, accepting=SAME)
    # 600, the member's 25 % off.
    assert (told.outcome, told.paid) == (Outcome.APPROVED, 450)


def test_the_reviewers_quantity_and_price_are_what_counts(desk: Desk) -> None:
    care = a_care(desk)
    claim = a_claim(desk, care, a_batch(desk, care), care.line("P", 20), care.line("A"))
    drug, other = desk.ask(queries.lines_of, claim)
    desk.do(ask_review, claim_id=claim)
    desk.do(
        review_claim,
        claim_id=claim,
        lines={
            drug: LineReview(quantity=12, code=ReasonCode.RC07, justification="five days"),
            other: LineReview(price=500, code=ReasonCode.RM03),
        },
        accepting=SAME,
    )
    told = desk.do(decide_claim, claim_id=claim, accepting=SAME)
    # 12 at 15 are 180, less 25 % 135; 500 less 25 % 375.
    assert [line.approved for line in told.lines] == [180, 500]
    assert [line.paid for line in told.lines] == [135, 375]
    assert [line.codes for line in told.lines] == [(ReasonCode.RC07,), (ReasonCode.RM03,)]
    assert told.claimed == told.paid + told.patient + told.disallowed
    assert desk.ask(queries.claims_that_differ) == ()
    assert justifications_of(desk, claim) == {drug: "five days"}
    assert verify_desk(desk, whole=True).findings == []


def test_a_claim_all_of_whose_lines_are_refused_is_refused_at_once(desk: Desk) -> None:
    care, claim = a_claim_here(desk, "C", "A")
    desk.do(ask_review, claim_id=claim)
    none = LineReview(quantity=0, code=ReasonCode.RM01)
    lines = dict.fromkeys(desk.ask(queries.lines_of, claim), none)
    told = desk.do(review_claim, claim_id=claim, lines=lines, accepting=SAME)
    assert told is not None
    assert (told.outcome, told.paid) == (Outcome.REJECTED, 0)
    assert state(desk, claim) is State.REJECTED
    assert care.home.person_ids


@pytest.mark.parametrize(
    ("review", "field"),
    [
        (LineReview(quantity=2, code=ReasonCode.RM01), "quantity"),
        (LineReview(quantity=-1, code=ReasonCode.RM01), "quantity"),
        (LineReview(price=601, code=ReasonCode.RM01), "price"),
        (LineReview(price=-1, code=ReasonCode.RM01), "price"),
        (LineReview(quantity=0), "code"),
        (LineReview(quantity=0, code=ReasonCode.RA04), "code"),
        (LineReview(price=500, code=ReasonCode.RC05), "code"),
    ],
)
def test_a_review_that_cannot_be_is_refused(desk: Desk, review: LineReview, field: str) -> None:
    _, claim = a_claim_here(desk)
    desk.do(ask_review, claim_id=claim)
    (line,) = desk.ask(queries.lines_of, claim)
    told = {"claim_id": claim, "lines": {line: review}, "accepting": SAME}
    assert refused(desk, review_claim, **told) == field


def test_a_line_of_another_claim_is_not_reviewed(desk: Desk) -> None:
    care, claim = a_claim_here(desk)
    other = a_claim(desk, care, a_batch(desk, care), at=1)
    desk.do(ask_review, claim_id=claim)
    (line,) = desk.ask(queries.lines_of, other)
    told = {"claim_id": claim, "lines": {line: LineReview()}, "accepting": SAME}
    assert refused(desk, review_claim, **told) == "lines"


def test_who_opened_the_batch_is_asked_before_reviewing_it(desk: Desk) -> None:
    _, claim = a_claim_here(desk)
    desk.do(ask_review, claim_id=claim)
    with pytest.raises(Caution) as caught:
        desk.do(review_claim, claim_id=claim, lines={})
    assert [one.name for one in caught.value.doubts] == ["same_person"]
    assert state(desk, claim) is State.MEDICAL_PENDING


def test_the_medical_adviser_reviews_and_another_decides(tmp_path: Path) -> None:
    clock = wednesday()
    folder = tmp_path / "book"
    with open_copy(folder, clock=clock, people=("Awa", "Bintou")) as desk:
        desk.do(add_person, name="Coumba", role=Role.MEDICAL_ADVISER, password=SECOND)
        _, claim = a_claim_here(desk)
        desk.do(ask_review, claim_id=claim)
    with unlock(folder, password=SECOND, name="Bintou", clock=clock) as desk:
        told = {"claim_id": claim, "lines": {}}
        assert refused(desk, review_claim, **told) == "person"
        with pytest.raises(Refusal):
            justifications_of(desk, claim)
    with unlock(folder, password=SECOND, name="Coumba", clock=clock) as desk:
        desk.do(review_claim, claim_id=claim, lines={})
        with pytest.raises(Caution):
            desk.do(decide_claim, claim_id=claim)
    with unlock(folder, password=SECOND, name="Bintou", clock=clock) as desk:
        assert desk.do(decide_claim, claim_id=claim).outcome is Outcome.APPROVED


# Questions


def test_days_of_a_question_are_the_other_sides(desk: Desk, clock: SetClock) -> None:
    _, claim = a_claim_here(desk)
    clock.set(date(2024, 1, 12))
    desk.do(ask_query, claim_id=claim, asked_of=AskedOf.PROVIDER, question="Which dose?")
    assert state(desk, claim) is State.QUERIED
    (one,) = desk.ask(queries.open_queries, date(2024, 1, 28))
    # Answers within 15 days: domain handbook 2.11.
    assert (one.asked_on, one.due, one.waiting) == (date(2024, 1, 12), date(2024, 1, 27), 16)
    assert one.late
    assert one.told == "Which dose?"
    assert refused(desk, decide_claim, claim_id=claim) == "claim"
    # The invoice came on the 10th: on the 28th two days are the scheme's, sixteen the provider's.
    assert desk.ask(queries.undecided_since, date(2024, 1, 28), days=0) == ()
    clock.set(date(2024, 1, 28))
    assert desk.do(answer_query, claim_id=claim, answer="500 mg") is State.RECEIVED
    (late,) = desk.ask(queries.undecided_since, date(2024, 2, 12), days=15)
    # 33 days since the 10th, less 16 of waiting.
    assert late.waiting == 17
    assert desk.ask(queries.undecided_since, date(2024, 2, 10), days=15) == ()
    assert desk.ask(queries.open_queries, date(2024, 2, 1)) == ()
    assert [one.told for one in desk.ask(queries.history_of, claim, desk.currency)] == [
        "Which dose?",
        "500 mg",
    ]


def test_an_answer_leads_back_to_where_the_question_was_asked(desk: Desk) -> None:
    _, claim = a_claim_here(desk)
    desk.do(check_claim, claim_id=claim)
    desk.do(ask_review, claim_id=claim)
    desk.do(ask_query, claim_id=claim, asked_of=AskedOf.MEMBER, question="Who came?")
    assert desk.do(answer_query, claim_id=claim, answer="I did") is State.MEDICAL_PENDING
    (one,) = desk.ask(queries.for_review, desk.currency)
    assert one.routes == (Route.ASKED,)


def test_a_question_without_words_is_refused(desk: Desk) -> None:
    _, claim = a_claim_here(desk)
    asked: dict[str, Any] = {"claim_id": claim, "asked_of": AskedOf.PROVIDER}
    assert refused(desk, ask_query, question="  ", **asked) == "question"
    assert refused(desk, answer_query, claim_id=claim, answer="yes") == "claim"
    desk.do(ask_query, question="When?", **asked)
    assert refused(desk, answer_query, claim_id=claim, answer=" ") == "answer"
    assert refused(desk, ask_query, question="Where?", **asked) == "claim"


def test_what_waits_can_still_be_withdrawn(desk: Desk) -> None:
    _, claim = a_claim_here(desk)
    desk.do(ask_query, claim_id=claim, asked_of=AskedOf.PROVIDER, question="Which?")
    desk.do(withdraw_claim, claim_id=claim, reason="typed twice")
    assert state(desk, claim) is State.WITHDRAWN


def test_care_the_package_has_reviewed_is_not_paid_without(desk: Desk) -> None:
    """Nobody is medical adviser here: whoever holds the medical key reviews it all the same."""
    care = a_care(desk, rules={"SURG": {"requires_medical_review": True}})
    batch = a_batch(desk, care)
    claim = a_claim(desk, care, batch, care.line("SURG"))
    usual = a_claim(desk, care, batch, care.line("C"), at=1)
    assert refused(desk, decide_claim, claim_id=claim) == "claim"
    told = desk.do(decide_batch, batch_id=batch)
    assert (told.approved, told.in_review, told.waiting) == (1, 1, 0)
    (one,) = desk.ask(queries.for_review, desk.currency)
    assert (one.claim_id, one.routes) == (claim, (Route.SERVICE,))
    desk.do(review_claim, claim_id=claim, lines={}, accepting=SAME)
    told = desk.do(decide_batch, batch_id=batch, accepting=SAME)
    assert told.approved == 1
    assert state(desk, claim) is state(desk, usual) is State.APPROVED


def test_of_few_claims_no_mean_is_told(desk: Desk, clock: SetClock) -> None:
    """Thirty decided claims of a category in a year make a mean; 600 each."""
    care = a_care(desk, size=30)
    batch = a_batch(desk, care)
    claims = [a_claim(desk, care, batch, at=at, day=date(2024, 1, 9)) for at in range(30)]
    for claim in claims[:29]:
        desk.do(decide_claim, claim_id=claim)
    clock.set(date(2024, 2, 1))
    assert desk.ask(queries.means_of, date(2024, 2, 1)) == {}
    desk.do(decide_claim, claim_id=claims[29])
    assert desk.ask(queries.means_of, date(2024, 2, 1)) == {Category.OPD: 600}
