"""What is noticed beside a certificate, and missing numbers. Source: screens handbook 2.5."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.benefits.terms import Category
from stepdesk.claims import queries, rules
from stepdesk.claims.service import keep_draft, withdraw_claim
from stepdesk.claims.terms import NoticedFacts, OtherCertificate
from stepdesk.i18n import speak
from stepdesk.members.queries import person_of
from stepdesk.store.desk import Desk
from tests.claims.kit import Care, a_batch, a_care, a_claim, a_provider

DELIVERY = (("Delivery", Category.DEL),)


def told(facts: NoticedFacts) -> list[str]:
    return [speak(one, "en") for one in rules.noticed(facts)]


def test_a_common_certificate_is_nothing_to_look_at() -> None:
    assert told(NoticedFacts(female=True, age=30, acts=DELIVERY, household=4)) == []


@pytest.mark.parametrize(
    ("female", "age", "said"),
    [
        (False, 30, ["Delivery for a man: is it the right card?"]),
        (True, 11, ["Delivery at the age of 11: is it the right card?"]),
        (True, 12, []),
        (True, 55, []),
        (True, 56, ["Delivery at the age of 56: is it the right card?"]),
    ],
)
def test_sex_or_age_unlikely_for_the_act(female: bool, age: int, said: list[str]) -> None:
    assert told(NoticedFacts(female=female, age=age, acts=DELIVERY)) == said


def test_same_person_twice_a_day_five_of_a_household_and_a_leaf_of_no_booklet() -> None:
    others = (
        OtherCertificate("0457", "CS Koula", here=True),
        OtherCertificate("9", "Kati", here=False),
    )
    facts = NoticedFacts(female=True, age=30, others=others, household=5, leaf_known=False)
    assert told(facts) == [
        "Certificate 0457 is of the same person and day.",
        "Kati has a certificate of the same person and day: 9.",
        "5 certificates of this household in the month.",
        "This number is of no booklet given to the provider.",
    ]


def facts_of(desk: Desk, care: Care, at: int = 0, day: date | None = None) -> NoticedFacts:
    found = desk.ask(
        lambda connection: queries.noticed_facts(
            connection,
            person_id=care.home.person_ids[at],
            day=day or desk.today,
            provider_id=care.provider_id,
            certificate="1",
            acts=(care.services["DEL"],),
        )
    )
    assert found is not None
    return found


def test_what_the_book_knows_beside_a_certificate(desk: Desk) -> None:
    care = a_care(desk)
    other, _ = a_provider(desk, care.services, code="KATI")
    here = a_batch(desk, care)
    a_claim(desk, care, here, certificate="7")
    a_claim(desk, care, a_batch(desk, care, provider_id=other), certificate="8")
    a_claim(desk, care, here, at=1, certificate="9", day=date(2024, 1, 8))
    gone = a_claim(desk, care, here, certificate="10")
    desk.do(withdraw_claim, claim_id=gone, reason="typed twice")
    facts = facts_of(desk, care)
    person = desk.ask(person_of, care.home.person_ids[0])
    assert person is not None
    # Born in January 1980; it is the 10th of January 2024.
    age = 44 if person.birth.day.day <= 10 else 43
    assert (facts.female, facts.age, facts.acts) == (True, age, (("Delivery", Category.DEL),))
    assert facts.others == (
        OtherCertificate("7", "CS Koula", here=True),
        OtherCertificate("8", "CS Kati", here=False),
    )
    # Three of the household stand in January; this one is the fourth.
    assert facts.household == 4
    assert facts.leaf_known
    assert facts_of(desk, care, day=date(2024, 2, 1)).household == 1
    assert facts_of(desk, care, at=2).others == ()


def test_drafts_are_found_by_the_beginning_of_their_form(desk: Desk) -> None:
    for form in ("claim:1:aside:b", "claim:1:aside:a", "claim:12", "claim:1"):
        keep_draft(desk, form, f"<{form}>")
    assert desk.ask(queries.drafts_like, "claim:1:aside:") == (
        ("claim:1:aside:a", "<claim:1:aside:a>"),
        ("claim:1:aside:b", "<claim:1:aside:b>"),
    )


# Missing numbers


@pytest.mark.parametrize(
    ("typed", "missing"),
    [
        (["0457", "0459", "0460", "0463"], ["0458", "0461", "0462"]),
        (["0147-01", "0147-03", "0148-09"], ["0147-02"]),
        (["9", "11"], []),  # of another length: who knows which booklet
        (["100", "127"], []),  # another booklet, not 26 missing leaves
        (["100", "126"], [str(one) for one in range(101, 126)]),
        (["", "without"], []),
        ([], []),
    ],
)
def test_numbers_between_those_of_a_pile_are_missing(typed: list[str], missing: list[str]) -> None:
    assert list(rules.missing_numbers(typed)) == missing


@given(st.sets(st.integers(100, 140), min_size=1))
def test_a_pile_with_its_missing_numbers_has_no_hole(numbers: set[int]) -> None:
    typed = {str(one) for one in numbers}
    missing = set(rules.missing_numbers(typed))
    assert not missing & typed
    assert rules.missing_numbers(typed | missing) == ()
