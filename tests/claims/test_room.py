"""What the claims room asks: what a batch would come to, who waits, drafts, doubts."""

from datetime import date

import pytest

from stepdesk.benefits.terms import Copay
from stepdesk.claims import queries, rules
from stepdesk.claims.service import (
    decide_batch,
    decide_claim,
    enter_claim,
    expected,
    expected_steps,
    forget_draft,
    keep_draft,
    pay_provider,
    preview,
    withdraw_claim,
)
from stepdesk.claims.terms import Visit
from stepdesk.i18n import speak
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from tests.builders import a_household, a_payment, a_request
from tests.claims.kit import Care, a_batch, a_care, a_claim, certificate, francs


def plain(told: str) -> str:
    return told.replace("\xa0", " ").replace("\u202f", " ")


def test_what_a_certificate_would_come_to_is_what_the_decision_says(desk: Desk) -> None:
    care = a_care(desk)
    batch = a_batch(desk, care)
    first = a_claim(desk, care, batch, care.line("C"))
    second = a_claim(desk, care, batch, care.line("P", 20), care.line("GLAS"), at=1)
    told = expected(desk, batch)
    assert {claim: one.paid for claim, one in told.items()} == {first: 450, second: 225}
    assert [desk.do(decide_claim, claim_id=one) for one in (first, second)] == [
        told[first],
        told[second],
    ]
    assert expected(desk, batch) == {}


def test_a_claim_does_not_stand_in_its_own_way(desk: Desk) -> None:
    care = a_care(desk, rules={"C": {"limit_count": 1}})
    batch = a_batch(desk, care)
    claim = a_claim(desk, care, batch, care.line("C"))
    facts, told = expected_steps(desk, claim)
    assert (told.paid, facts.lines[0].refused) == (450, ())


def test_a_recorded_certificate_is_read_back_as_it_was_typed(desk: Desk) -> None:
    care = a_care(desk)
    batch = a_batch(desk, care)
    told = certificate(
        desk, care, care.line("C"), at=1, visit=Visit.EMERGENCY, declared_hours=5, guarantee="G-1"
    )
    claim = desk.do(enter_claim, request_id=a_request(), batch_id=batch, certificate=told)
    assert desk.ask(queries.typed, claim) == (told, care.provider_id, desk.today)
    with pytest.raises(LookupError):
        desk.ask(queries.typed, b"?" * 16)  # type: ignore[arg-type]


def test_what_waits_is_told_with_its_oldest_day(desk: Desk, clock: SetClock) -> None:
    care = a_care(desk)
    for _ in range(2):
        a_payment(desk, a_household(desk, 6, plan_id=care.plan_id), 9000)
    decided, waits = a_batch(desk, care), a_batch(desk, care)
    a_claim(desk, care, decided, care.line("C"))
    desk.do(decide_batch, batch_id=decided)
    clock.set(date(2024, 1, 12))
    a_claim(desk, care, waits, care.line("P"), day=date(2024, 1, 9))
    gone = a_claim(desk, care, waits, care.line("P"), at=2, day=date(2024, 1, 9))
    desk.do(withdraw_claim, claim_id=gone, reason="typed twice")
    now = desk.ask(queries.waiting, desk.currency)
    assert (now.batches, now.certificates, now.undecided_since) == (1, 1, date(2024, 1, 10))
    assert (now.providers, now.owed, now.owed_since) == (1, francs(desk, 450), date(2024, 1, 10))
    desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    now = desk.ask(queries.waiting, desk.currency)
    assert (now.providers, now.owed, now.owed_since) == (0, francs(desk, 0), None)


def test_a_draft_is_kept_on_the_laptop_and_is_no_act(desk: Desk) -> None:
    before = desk.acts
    keep_draft(desk, "claim:1", "one")
    keep_draft(desk, "claim:1", "two")
    keep_draft(desk, "claim:2", "other")
    assert desk.ask(queries.draft_of, "claim:1") == "two"
    forget_draft(desk, "claim:1")
    assert desk.ask(queries.draft_of, "claim:1") == ""
    assert desk.ask(queries.draft_of, "claim:2") == "other"
    assert desk.acts == before
    assert verify_desk(desk, whole=True).findings == []


def doubts(desk: Desk, care: Care, *codes: tuple[str, int, int]) -> list[str]:
    told = certificate(desk, care, *(care.line(*one) for one in codes))
    facts, _, _ = preview(
        desk, provider_id=care.provider_id, received_on=desk.today, certificate=told
    )
    names = [code for code, _quantity, _price in codes]
    return [plain(speak(one, "en")) for one in rules.doubts(facts, names, desk.currency)]


def test_ten_times_the_listed_price_is_doubted_and_nine_times_is_not(desk: Desk) -> None:
    care = a_care(desk)
    assert doubts(desk, care, ("C", 1, 5999)) == []
    assert doubts(desk, care, ("C", 1, 6000)) == [
        "C: 6,000 F CFA, and the price list says 600 F CFA. A zero too many?"
    ]


def test_an_act_twice_on_a_certificate_or_on_a_day_is_doubted(desk: Desk) -> None:
    care = a_care(desk)
    assert doubts(desk, care, ("C", 1, 600), ("P", 1, 15), ("C", 1, 600)) == [
        "C stands twice on this certificate."
    ]
    a_claim(desk, care, a_batch(desk, care), care.line("C"))
    assert doubts(desk, care, ("C", 1, 600)) == [
        "C: typed already for this person and day at this provider."
    ]


@pytest.mark.parametrize(
    ("code", "quantity", "price", "told"),
    [
        ("C", 1, 600, "the patient pays 150 F CFA"),
        ("P", 20, 20, "Price above the agreed list · the patient pays 75 F CFA"),
        ("GLAS", 1, 9000, "Refused: Service not in the package"),
        ("DEL", 1, 5000, "Paid in full"),
    ],
)
def test_a_line_is_told_in_a_few_words(
    desk: Desk, code: str, quantity: int, price: int, told: str
) -> None:
    care = a_care(desk, rules={"DEL": {"copay": Copay.NONE, "copay_value": 0}})
    _, assessed, _ = preview(
        desk,
        provider_id=care.provider_id,
        received_on=desk.today,
        certificate=certificate(desk, care, care.line(code, quantity, price)),
    )
    words = rules.in_short(assessed.lines[0], desk.currency)
    assert plain(speak(words, "en")) == told


@pytest.mark.parametrize(
    ("number", "after"),
    [("457", "458"), ("0457", "0458"), ("0999", "1000"), ("A-09", "A-10"), ("", ""), ("A", "")],
)
def test_certificates_count_up(number: str, after: str) -> None:
    assert rules.following(number) == after
