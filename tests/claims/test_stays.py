"""Stays whose cover ends, stands still or begins within them, by what the package says of stays.

The household pays 350 a person and month, the package leaves 25 % to the patient, a hospital day
costs 2,000: ten days are 20,000, of which the scheme pays 15,000. Codes are those of the domain
handbook, 2.13; the rule is that of the openIMIS handbook, 3.2, row 3.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.benefits.queries import packages
from stepdesk.benefits.service import version_package
from stepdesk.benefits.terms import StayCover
from stepdesk.claims import queries
from stepdesk.claims.papers import guarantee_letter_pdf, notice_pdf
from stepdesk.claims.rules import assess, packed, unpacked
from stepdesk.claims.service import decide_claim, extend_letter, offer_letter
from stepdesk.claims.terms import NoticeTo, Outcome
from stepdesk.errors import Refusal
from stepdesk.i18n import speak
from stepdesk.members.queries import person_of
from stepdesk.members.service import (
    end_membership,
    merge_persons,
    record_birth,
    record_death,
    record_joining,
    record_leaving,
)
from stepdesk.members.terms import (
    Birth,
    BirthKnown,
    Event,
    EventKind,
    NewPerson,
    Registered,
    Relation,
    Sex,
)
from stepdesk.reports.queries import disagreements
from stepdesk.rights.rules import stay_days
from stepdesk.rights.terms import ReasonCode, Stopped
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import ClaimId, PersonId
from stepdesk.values.month import Month
from tests.builders import a_household, a_payment
from tests.claims.kit import Care, a_batch, a_care, a_claim, francs
from tests.claims.letter_kit import a_letter, asked
from tests.rights.test_rules import MEMBER, facts_on, household

WHOLE = StayCover.WHOLE_STAY
PAID = ("APPROVED", "", 15_000)


def a_hospital(desk: Desk, clock: SetClock, today: date = date(2024, 6, 20), **told: Any) -> Care:
    """A package that wants every day covered; the household of the kit is paid to December."""
    care = a_care(desk, stay_cover=told.pop("stay_cover", WHOLE), **told)
    clock.set(today)
    return care


def paid_for(desk: Desk, clock: SetClock, care: Care, months: int) -> Registered:
    """A household of one that came in January and paid for so many months."""
    today = desk.today
    clock.set(date(2024, 1, 2))
    home = a_household(desk, 1, plan_id=care.plan_id)
    a_payment(desk, home, 1000 + 350 * months)
    clock.set(today)
    return home


def stay(desk: Desk, care: Care, person_id: PersonId, first: date, last: date) -> ClaimId:
    """Ten hospital days, whatever the days."""
    batch = a_batch(desk, care, month=Month.of(last))
    days: dict[str, Any] = {"first_day": first, "last_day": last, "person_id": person_id}
    return a_claim(desk, care, batch, care.line("ROOM", 10), **days)


def decided(desk: Desk, claim_id: ClaimId) -> tuple[str, str, int]:
    told = desk.do(decide_claim, claim_id=claim_id)
    return told.outcome.name, ",".join(one.value for one in told.codes), told.paid


def steps(desk: Desk, claim_id: ClaimId) -> list[str]:
    ((_, told),) = desk.ask(queries.why, claim_id, desk.currency)
    return [speak(one, "en") for one in told]


def clean(desk: Desk) -> None:
    assert verify_desk(desk, whole=True).findings == []
    assert desk.ask(disagreements) == ()


# Cover that ends in the stay


def test_a_stay_that_begins_with_cover_is_paid_whole_where_the_first_day_counts(
    desk: Desk, clock: SetClock
) -> None:
    care = a_hospital(desk, clock, stay_cover=StayCover.FIRST_DAY)
    child = care.home.person_ids[2]
    desk.do(record_leaving, person_id=child, on=date(2024, 6, 10), reason="moved away")
    claim = stay(desk, care, child, date(2024, 6, 8), date(2024, 6, 12))
    assert decided(desk, claim) == PAID
    clean(desk)


def test_who_leaves_in_the_stay_is_refused_with_the_day_on_which_cover_ended(
    desk: Desk, clock: SetClock
) -> None:
    care = a_hospital(desk, clock)
    child = care.home.person_ids[2]
    desk.do(record_leaving, person_id=child, on=date(2024, 6, 10), reason="moved away")
    claim = stay(desk, care, child, date(2024, 6, 8), date(2024, 6, 12))
    # The 8th and the 9th are covered, of five days.
    assert decided(desk, claim) == ("REJECTED", "RA02", 0)
    assert steps(desk, claim)[1:] == [
        "Every day of the stay must be covered. Cover ended on 9 June 2024, after 2 of 5 days.",
        "Cover ended: nothing is paid; the patient pays.",
    ]
    clean(desk)


def test_the_last_day_of_cover_may_be_the_last_of_the_stay(desk: Desk, clock: SetClock) -> None:
    care = a_hospital(desk, clock)
    child = care.home.person_ids[2]
    desk.do(record_leaving, person_id=child, on=date(2024, 6, 10), reason="moved away")
    assert decided(desk, stay(desk, care, child, date(2024, 6, 5), date(2024, 6, 9))) == PAID
    # One day is no stay: the first day decides, as always.
    one_day = stay(desk, care, child, date(2024, 6, 10), date(2024, 6, 10))
    assert decided(desk, one_day)[:2] == ("REJECTED", "RA02")


def test_who_resigns_in_the_stay_is_not_covered_to_its_end(desk: Desk, clock: SetClock) -> None:
    care = a_hospital(desk, clock)
    event = Event(EventKind.RESIGNED, date(2024, 6, 12))
    desk.do(end_membership, household_id=care.home.household_id, event=event)
    claim = stay(desk, care, care.home.person_ids[0], date(2024, 6, 8), date(2024, 6, 12))
    assert decided(desk, claim)[:2] == ("REJECTED", "RA02")
    assert "Cover ended on 11 June 2024, after 4 of 5 days." in steps(desk, claim)[1]


def test_a_suspension_in_the_stay_is_told_with_its_day(desk: Desk, clock: SetClock) -> None:
    """Paid to the end of March; the due of 5 April and 30 days of grace: stopped on 6 May."""
    care = a_hospital(desk, clock)
    home = paid_for(desk, clock, care, 3)
    person = home.person_ids[0]
    before = stay(desk, care, person, date(2024, 4, 20), date(2024, 4, 29))
    across = stay(desk, care, person, date(2024, 4, 30), date(2024, 5, 9))
    assert decided(desk, before) == PAID
    assert decided(desk, across)[:2] == ("REJECTED", "RA04")
    told = unpacked(facts_of(desk, across)).lines[0].stopped
    assert told == Stopped(ReasonCode.RA04, date(2024, 5, 5), 6)
    last_step = "Contributions not up to date: nothing is paid; the patient pays."
    assert steps(desk, across)[-1] == last_step


def facts_of(desk: Desk, claim_id: ClaimId) -> str:
    with desk.read() as connection:
        row = connection.exec_driver_sql(
            "SELECT facts FROM claim_decision WHERE claim_id = ?", (claim_id,)
        ).one()
    return str(row.facts)


def test_money_that_comes_in_the_stay_before_cover_stops_covers_it(
    desk: Desk, clock: SetClock
) -> None:
    """The renewal is paid within the stay: there is no day without cover, so nothing stops."""
    care = a_hospital(desk, clock, date(2024, 3, 25))
    home = paid_for(desk, clock, care, 3)
    clock.set(date(2024, 4, 2))
    a_payment(desk, home, 350 * 3)
    clock.set(date(2024, 6, 20))
    claim = stay(desk, care, home.person_ids[0], date(2024, 3, 29), date(2024, 4, 7))
    assert decided(desk, claim) == PAID
    clean(desk)


@pytest.mark.parametrize(("joins", "answer"), [(10, PAID), (11, ("REJECTED", "RA02", 0))])
def test_who_changes_the_household_is_covered_all_along_when_no_day_lies_between(
    desk: Desk, clock: SetClock, joins: int, answer: tuple[str, str, int]
) -> None:
    """The girl leaves her father's household on the 10th and is covered in her aunt's."""
    care = a_hospital(desk, clock, rules={"ROOM": {"waiting_exempt": True}})
    aunt = paid_for(desk, clock, care, 12)
    child = care.home.person_ids[2]
    known = desk.ask(person_of, child)
    assert known is not None
    desk.do(record_leaving, person_id=child, on=date(2024, 6, 10), reason="to her aunt")
    there = desk.do(
        record_joining,
        household_id=aunt.household_id,
        person=NewPerson("Sow", "Aminata", known.sex, known.birth, Relation.OTHER),
        on=date(2024, 6, joins),
        accepting=frozenset({"alike:0", "age"}),
    ).person_ids[0]
    desk.do(merge_persons, kept_id=there, other_id=child, reason="the same girl")
    claim = stay(desk, care, there, date(2024, 6, 8), date(2024, 6, 12))
    assert decided(desk, claim) == answer
    clean(desk)


# Who dies or is born in the stay


def test_who_dies_in_the_stay_is_covered_to_the_day_of_death(desk: Desk, clock: SetClock) -> None:
    care = a_hospital(desk, clock)
    child = care.home.person_ids[2]
    desk.do(record_death, person_id=child, on=date(2024, 6, 10))
    claim = stay(desk, care, child, date(2024, 6, 8), date(2024, 6, 12))
    assert decided(desk, claim) == PAID
    after = stay(desk, care, child, date(2024, 6, 13), date(2024, 6, 14))
    assert decided(desk, after)[:2] == ("REJECTED", "RA02")
    clean(desk)


def test_who_is_born_in_the_stay_is_covered_from_birth_under_the_mothers_number(
    desk: Desk, clock: SetClock
) -> None:
    care = a_hospital(desk, clock)
    mother = care.home.person_ids[0]
    born = date(2024, 6, 10)
    done = desk.do(
        record_birth,
        household_id=care.home.household_id,
        person=NewPerson("Sow", "Issa", Sex.MALE, Birth(born, BirthKnown.DAY), Relation.CHILD),
        mother_id=mother,
        on=born,
        declared_on=date(2024, 6, 14),
        accepting=frozenset({"age"}),
    )
    # The certificate is the mother's stay: she came on the 8th, the child's cover begins on the 14th.
    child = stay(desk, care, done.person_ids[0], date(2024, 6, 8), date(2024, 6, 16))
    assert decided(desk, child) == PAID
    clean(desk)


@given(first=st.integers(0, 40), long=st.integers(0, 40), died=st.integers(0, 60))
def test_the_days_of_a_stay_are_those_its_patient_lived(first: int, long: int, died: int) -> None:
    begin = date(2024, 6, 1)
    cover = replace(
        MEMBER,
        first_day=date(2024, 5, 1),
        birth=Birth(begin + timedelta(days=10), BirthKnown.DAY),
        deceased_on=begin + timedelta(days=died),
    )
    days = (begin + timedelta(days=first), begin + timedelta(days=first + long))
    told = stay_days(facts_on(days[0], household(), cover), *days)
    assert days[0] <= told[0] <= told[1] or told == days
    assert told[1] <= days[1]
    # Who lived through all of it changes nothing.
    if first >= 10 and died >= first + long:
        assert told == days


# Dated, kept, and told


def test_the_rule_holds_from_its_first_day_on(desk: Desk, clock: SetClock) -> None:
    care = a_hospital(desk, clock, date(2024, 5, 20), stay_cover=StayCover.FIRST_DAY)
    (held,) = desk.ask(packages)[care.package_id]
    desk.do(
        version_package,
        version=replace(held, first_day=date(2024, 6, 10), stay_cover=WHOLE),
    )
    clock.set(date(2024, 6, 20))
    _, spouse, child = care.home.person_ids
    for one in (spouse, child):
        desk.do(record_leaving, person_id=one, on=date(2024, 6, 8), reason="moved away")
    # The package is that of the last day of care.
    before = stay(desk, care, spouse, date(2024, 6, 5), date(2024, 6, 9))
    since = stay(desk, care, child, date(2024, 6, 5), date(2024, 6, 10))
    assert decided(desk, before) == PAID
    assert decided(desk, since)[:2] == ("REJECTED", "RA02")


def test_what_was_kept_gives_the_same_answer_again(desk: Desk, clock: SetClock) -> None:
    care = a_hospital(desk, clock)
    child = care.home.person_ids[2]
    desk.do(record_leaving, person_id=child, on=date(2024, 6, 10), reason="moved away")
    claim = stay(desk, care, child, date(2024, 6, 8), date(2024, 6, 12))
    desk.do(decide_claim, claim_id=claim)
    told = unpacked(facts_of(desk, claim))
    stopped = told.lines[0].stopped
    assert stopped == Stopped(told.lines[0].refused[0], date(2024, 6, 9), 2)
    assert unpacked(packed(told)) == told
    assert assess(told).outcome is Outcome.REJECTED


def text_of(pdf: bytes) -> str:
    opened = pypdfium2.PdfDocument(pdf)
    words = " ".join(page.get_textpage().get_text_range() for page in opened)
    return " ".join(words.split())


@pytest.mark.parametrize("to", list(NoticeTo))
def test_the_notice_tells_when_cover_ended(desk: Desk, clock: SetClock, to: NoticeTo) -> None:
    care = a_hospital(desk, clock)
    child = care.home.person_ids[2]
    desk.do(record_leaving, person_id=child, on=date(2024, 6, 10), reason="moved away")
    claim = stay(desk, care, child, date(2024, 6, 8), date(2024, 6, 12))
    desk.do(decide_claim, claim_id=claim)
    batch = desk.ask(queries.claim_of, claim, desk.currency).batch_id
    told = desk.ask(queries.notices_of, desk.currency, batch_id=batch, appeal_days=30)
    pdf = notice_pdf(told, to, "en", scheme="Koula", practice=False, decide_days=30)
    assert "Cover ended on 9 June 2024, after 2 of 5 days." in text_of(pdf)


# Letters


def test_a_letter_carries_the_stay_it_was_given_for_when_contributions_stop(
    desk: Desk, clock: SetClock
) -> None:
    """Paid to March; the letter of 29 April is shown, and cover stops in May."""
    care = a_hospital(desk, clock, date(2024, 4, 29))
    home = paid_for(desk, clock, care, 3)
    person = home.person_ids[0]
    letter = a_letter(desk, replace(care, home=home), "ROOM", quantity=10, days=10)
    clock.set(date(2024, 6, 20))
    batch = a_batch(desk, care, month=Month(2024, 5))
    days: dict[str, Any] = {"first_day": date(2024, 4, 30), "last_day": date(2024, 5, 9)}
    claim = a_claim(
        desk, care, batch, care.line("ROOM", 10), person_id=person, guarantee=letter.number, **days
    )
    assert decided(desk, claim) == PAID


def test_a_letter_holds_no_longer_than_the_patient_is_covered(
    two_people_desk: Desk, clock: SetClock
) -> None:
    desk = two_people_desk
    care = a_hospital(desk, clock, date(2024, 6, 7))
    event = Event(EventKind.RESIGNED, date(2024, 6, 12))
    desk.do(end_membership, household_id=care.home.household_id, event=event)
    offer = offer_letter(desk, asked=asked(care, "ROOM", at=2), days=15)
    assert (offer.first_day, offer.valid_through) == (date(2024, 6, 7), date(2024, 6, 11))
    assert offer.covered_through == date(2024, 6, 11)
    letter = a_letter(desk, care, "ROOM", at=2, days=3)
    assert (letter.valid_through, letter.whole_stay) == (date(2024, 6, 9), True)
    with pytest.raises(Refusal) as caught:
        desk.do(extend_letter, letter_id=letter.id, days=5, reason="longer")
    assert caught.value.field == "days"
    said = speak(caught.value.text, "en")
    assert said.startswith("The patient is covered until 11 June 2024")
    words = text_of(guarantee_letter_pdf(letter, "en", scheme="Koula", practice=False))
    assert words.count("The patient must be covered on every day of the stay.") == 2


def test_where_the_first_day_counts_a_letter_says_nothing_of_stays(
    desk: Desk, clock: SetClock
) -> None:
    care = a_hospital(desk, clock, date(2024, 6, 7), stay_cover=StayCover.FIRST_DAY)
    event = Event(EventKind.RESIGNED, date(2024, 6, 12))
    desk.do(end_membership, household_id=care.home.household_id, event=event)
    letter = a_letter(desk, care, "ROOM", days=15)
    assert (letter.valid_through, letter.whole_stay) == (date(2024, 6, 21), False)
    assert letter.up_to == francs(desk, 1500)
