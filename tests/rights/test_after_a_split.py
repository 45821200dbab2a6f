"""What a household had paid for who leaves it holds to its end. Source: docs/decisions/0029."""

from datetime import date
from typing import Any

import pytest

from stepdesk.benefits.terms import BenefitRule
from stepdesk.members.service import (
    correct_person,
    record_birth,
    record_death,
    record_joining,
    record_leaving,
    register_household,
    reverse_event,
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
from stepdesk.rights import service as rights
from stepdesk.rights.queries import entitled, household_verdicts, standing_of, verdict_of
from stepdesk.rights.rules import care_verdict, corrected_since
from stepdesk.rights.service import tell_rights
from stepdesk.rights.terms import Answer, CareFacts, HouseholdState, ReasonCode, Verdict
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import EventId, HouseholdId, PersonId, ServiceId
from tests.builders import a_payment, a_plan, a_section

JOINED, TODAY = date(2024, 1, 10), date(2024, 7, 10)
MUCH = frozenset({"much"})
SURE = frozenset({"age", "alike:0", "arrears", "backdated"})


def a_person(given: str, relation: Relation, birth: date, sex: Sex = Sex.FEMALE) -> NewPerson:
    return NewPerson("Mbaye", given, sex, Birth(birth, BirthKnown.DAY), relation)


@pytest.fixture
def home(desk: Desk, clock: SetClock) -> Registered:
    """Four people since 10 January; waiting ends on 1 May; paid to the end of September."""
    section, plan = a_section(desk), a_plan(desk)
    made = desk.do(
        register_household,
        section_id=section,
        plan_id=plan,
        persons=[
            a_person("Awa", Relation.SELF, date(1970, 1, 1)),
            a_person("Khady", Relation.CHILD, date(2007, 2, 2)),
            a_person("Modou", Relation.CHILD, date(2008, 3, 3), Sex.MALE),
            a_person("Yande", Relation.PARENT, date(1950, 5, 6)),
        ],
    )
    a_payment(desk, made, 1000 + 8 * 4 * 350, accepting=MUCH)
    clock.set(TODAY)
    return made


def split(desk: Desk, home: Registered, *who: PersonId, **told: Any) -> HouseholdId:
    return desk.do(
        rights.split,
        household_id=home.household_id,
        person_ids=who,
        head_id=who[0],
        on=told.get("on", TODAY),
        accepting=SURE,
    ).household_id


def verdict(desk: Desk, person_id: PersonId, day: date) -> Verdict:
    found = desk.ask(verdict_of, person_id, day)
    assert found is not None
    return found


def says(desk: Desk, person_id: PersonId, day: date) -> tuple[Answer, list[ReasonCode]]:
    found = verdict(desk, person_id, day)
    return found.answer, [one.code for one in found.reasons]


def state(desk: Desk, household_id: HouseholdId, day: date) -> HouseholdState:
    return desk.ask(household_verdicts, household_id, day)[1]


def test_who_splits_off_is_covered_to_the_end_of_what_was_paid(
    desk: Desk, home: Registered
) -> None:
    khady = home.person_ids[1]
    before = verdict(desk, khady, TODAY)
    new = split(desk, home, khady)
    assert before.answer is Answer.YES
    for day in (TODAY, date(2024, 8, 15), date(2024, 9, 30)):
        assert says(desk, khady, day) == (Answer.YES, [])
        assert state(desk, new, day) is HouseholdState.ACTIVE
    assert verdict(desk, khady, TODAY).rights_through == date(2024, 9, 30)
    assert says(desk, khady, date(2024, 10, 1)) == (Answer.NO, [ReasonCode.RA04])
    assert state(desk, new, date(2024, 10, 1)) is HouseholdState.REGISTERED
    listed = desk.ask(lambda connection: list(entitled(connection, TODAY)))
    assert [one.verdict.answer for one in listed if one.household_id == new] == [Answer.YES]


def test_who_pays_before_that_end_has_no_gap_and_has_waited(desk: Desk, home: Registered) -> None:
    """Paid on 20 September for October: nothing lies between, and no day was lost of waiting."""
    khady = home.person_ids[1]
    new = split(desk, home, khady)
    desk.confirm_day(date(2024, 9, 20))
    a_payment(desk, new, 350)
    for day in (date(2024, 9, 25), date(2024, 9, 30), date(2024, 10, 1), date(2024, 10, 31)):
        assert says(desk, khady, day) == (Answer.YES, [])
    # October is paid; November is due on the 5th and tolerated 30 days.
    assert verdict(desk, khady, date(2024, 9, 25)).rights_through == date(2024, 12, 5)


def test_who_pays_later_loses_the_days_between_alone(desk: Desk, home: Registered) -> None:
    khady = home.person_ids[1]
    new = split(desk, home, khady)
    desk.confirm_day(date(2024, 10, 20))
    a_payment(desk, new, 350)
    assert says(desk, khady, date(2024, 10, 25))[0] is Answer.NO
    assert says(desk, khady, date(2024, 11, 1)) == (Answer.YES, [])


def test_who_still_waits_goes_on_waiting_in_what_was_paid(desk: Desk, home: Registered) -> None:
    """Codou joined on 1 June: her own three months end on 1 September, split off or not."""
    desk.confirm_day(date(2024, 6, 1))
    codou = desk.do(
        record_joining,
        household_id=home.household_id,
        person=a_person("Codou", Relation.SIBLING, date(1990, 1, 1)),
        on=date(2024, 6, 1),
    ).person_ids[0]
    desk.confirm_day(TODAY)
    new = split(desk, home, codou)
    assert says(desk, codou, date(2024, 8, 31)) == (Answer.NO, [ReasonCode.RA03])
    assert verdict(desk, codou, date(2024, 8, 31)).opens_on == date(2024, 9, 1)
    assert state(desk, new, date(2024, 8, 31)) is HouseholdState.WAITING
    assert says(desk, codou, date(2024, 9, 1)) == (Answer.YES, [])


def test_nothing_was_paid_for_who_was_past_the_age_limit(desk: Desk, home: Registered) -> None:
    """Khady is 18 on 2 February 2025, and no longer counted: paid ahead to September 2025."""
    a_payment(desk, home, 5 * 4 * 350, accepting=MUCH)
    desk.confirm_day(date(2025, 2, 10))
    a_payment(desk, home, 4 * 3 * 350)
    khady = home.person_ids[1]
    split(desk, home, khady, on=date(2025, 2, 10))
    assert says(desk, khady, date(2025, 2, 11)) == (Answer.NO, [ReasonCode.RA04])


def test_a_split_taken_back_leaves_everybody_where_they_were(desk: Desk, home: Registered) -> None:
    khady = home.person_ids[1]
    day = date(2024, 8, 1)
    before = verdict(desk, khady, day)
    done = desk.do(
        rights.split,
        household_id=home.household_id,
        person_ids=[khady],
        head_id=khady,
        on=TODAY,
        accepting=SURE,
    )
    desk.do(reverse_event, event_id=done.event_ids[0], reason="they live together")
    assert verdict(desk, khady, day) == before


# A service's own waiting. Source: domain handbook 2.8, step 7: the person's own rights, and the
# service's months beyond the scheme's.


def delivery(desk: Desk, person_id: PersonId, day: date) -> date | None:
    standing = desk.ask(standing_of, person_id, day)
    assert standing is not None
    rule = BenefitRule(ServiceId(b"cse"), waiting_months=9)
    care = CareFacts(package=True, rule=rule, age=30, sex=Sex.FEMALE)
    told = care_verdict(standing.rights, care)
    found = [one.opens_on for one in told.reasons if one.code is ReasonCode.RB03]
    return found[0] if found else None


def two_who_waited_apart(desk: Desk, home: Registered) -> tuple[PersonId, PersonId, HouseholdId]:
    """Khady waits since 1 February, Codou since 1 June; both split off on 10 July."""
    desk.confirm_day(date(2024, 6, 1))
    codou = desk.do(
        record_joining,
        household_id=home.household_id,
        person=a_person("Codou", Relation.SIBLING, date(1990, 1, 1)),
        on=date(2024, 6, 1),
    ).person_ids[0]
    desk.confirm_day(TODAY)
    khady = home.person_ids[1]
    return khady, codou, split(desk, home, khady, codou)


def test_two_who_split_off_each_bring_their_own_waiting(desk: Desk, home: Registered) -> None:
    """Paid in September for October, without a gap: Codou has rights since 1 September.

    Nine months of waiting: Khady from 1 November 2024, Codou from 1 March 2025.
    """
    khady, codou, new = two_who_waited_apart(desk, home)
    assert delivery(desk, codou, date(2024, 9, 10)) == date(2025, 3, 1)
    desk.confirm_day(date(2024, 9, 20))
    a_payment(desk, new, 700)
    day = date(2024, 10, 2)
    assert (says(desk, khady, day), says(desk, codou, day)) == ((Answer.YES, []),) * 2
    assert (delivery(desk, khady, day), delivery(desk, codou, day)) == (
        date(2024, 11, 1),
        date(2025, 3, 1),
    )


def test_a_service_waits_as_much_longer_as_the_household_began_late(
    desk: Desk, home: Registered
) -> None:
    """Paid to September, begun again on 1 November: 31 days were lost of every waiting.

    Khady's own three months end on 1 June instead of 1 May, Codou's on 2 October instead of 1
    September; a delivery has rights six months behind that.
    """
    khady, codou, new = two_who_waited_apart(desk, home)
    desk.confirm_day(date(2024, 10, 20))
    a_payment(desk, new, 700)
    day = date(2024, 11, 2)
    assert (delivery(desk, khady, day), delivery(desk, codou, day)) == (
        date(2024, 12, 1),
        date(2025, 4, 2),
    )


# A newborn whose mother is not of the household. Source: domain handbook 2.3.


def test_a_newborn_without_a_mother_here_is_cared_for_under_the_members_number(
    desk: Desk, home: Registered
) -> None:
    child = desk.do(
        record_birth,
        household_id=home.household_id,
        person=a_person("Ndella", Relation.GRANDCHILD, date(2024, 6, 20)),
        mother_id=None,
        on=date(2024, 6, 20),
    ).person_ids[0]
    for day in (date(2024, 6, 20), date(2024, 7, 9)):
        told = verdict(desk, child, day)
        assert (told.answer, told.under_mother) == (Answer.YES, True)
    assert verdict(desk, child, date(2024, 6, 19)).answer is Answer.NO
    assert verdict(desk, child, TODAY).under_mother is False


# Corrected since. Source: domain handbook 2.8 (a), Y.8 (3).


def test_a_past_answer_says_that_it_was_corrected_since(desk: Desk, home: Registered) -> None:
    yande, day = home.person_ids[3], date(2024, 6, 15)
    assert tell_rights(desk, person_id=yande, day=day).question.corrected_on is None
    desk.do(record_death, person_id=yande, on=date(2024, 6, 10), accepting=SURE)
    told = tell_rights(desk, person_id=yande, day=day)
    assert told.verdict.answer is Answer.NO
    assert told.question.corrected_on == TODAY
    for sentence in (told.member, told.provider):
        assert "Corrected since" in str(sentence)
    # Of the days before the death, and from the day it was told on, nothing was corrected.
    for other in (date(2024, 6, 9), TODAY):
        assert tell_rights(desk, person_id=yande, day=other).question.corrected_on is None


def test_a_past_answer_tells_what_was_paid_since(desk: Desk, home: Registered) -> None:
    """Paid to September: on 20 November two months of 1,400 were owed; three were paid later."""
    khady, day = home.person_ids[1], date(2024, 11, 20)
    desk.confirm_day(date(2024, 12, 1))
    before = tell_rights(desk, person_id=khady, day=day)
    assert (before.question.paid_since, before.question.paid_since_on) == (0, None)
    assert "Paid since" not in str(before.member)
    desk.confirm_day(date(2024, 12, 2))
    a_payment(desk, home, 3 * 1400)
    desk.confirm_day(date(2024, 12, 10))
    told = tell_rights(desk, person_id=khady, day=day)
    assert told.verdict == before.verdict
    assert told.verdict.to_pay == 2800
    assert (told.question.paid_since, told.question.paid_since_on) == (4200, date(2024, 12, 2))
    assert "Paid since" in str(told.member)
    # Of a day with rights nothing is asked, and so nothing told.
    assert tell_rights(desk, person_id=khady, day=TODAY).question.paid_since == 0


def test_what_was_told_on_its_day_corrects_nothing(desk: Desk, home: Registered) -> None:
    child = home.person_ids[2]
    desk.do(record_leaving, person_id=child, on=TODAY, reason="fostered")
    desk.confirm_day(date(2024, 8, 1))
    for day in (date(2024, 6, 1), TODAY, date(2024, 7, 20)):
        assert tell_rights(desk, person_id=child, day=day).question.corrected_on is None


def test_a_corrected_birth_marks_past_answers_and_a_telephone_does_not(
    desk: Desk, home: Registered
) -> None:
    child, day = home.person_ids[2], date(2024, 6, 1)
    desk.do(correct_person, person_id=child, reason="spelt", occupation="pupil")
    assert tell_rights(desk, person_id=child, day=day).question.corrected_on is None
    desk.do(
        correct_person,
        person_id=child,
        reason="certificate",
        birth=Birth(date(2009, 3, 3), BirthKnown.DAY),
        accepting=SURE,
    )
    assert tell_rights(desk, person_id=child, day=day).question.corrected_on == TODAY


ONE, OTHER = PersonId(b"1"), PersonId(b"2")
LATE = date(2024, 6, 1)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (Event(EventKind.DEATH, LATE, person_id=OTHER, recorded_on=TODAY), TODAY),
        (Event(EventKind.BIRTH, LATE, person_id=OTHER, recorded_on=TODAY), None),
        (Event(EventKind.BIRTH, LATE, person_id=ONE, recorded_on=TODAY), TODAY),
        (Event(EventKind.REGISTERED, LATE, recorded_on=TODAY), None),
        (Event(EventKind.MOVED, LATE, recorded_on=TODAY), None),
        (Event(EventKind.SPONSORED, LATE, recorded_on=TODAY), None),
        (Event(EventKind.DUPLICATE, TODAY, person_id=ONE, recorded_on=TODAY), TODAY),
        (Event(EventKind.DUPLICATE, TODAY, person_id=OTHER, recorded_on=TODAY), None),
        (Event(EventKind.RESIGNED, date(2024, 6, 3), recorded_on=TODAY), None),
        (Event(EventKind.RESIGNED, LATE, recorded_on=LATE), None),
        (Event(EventKind.RESIGNED, LATE), None),
    ],
)
def test_what_corrects_a_day(event: Event, expected: date | None) -> None:
    assert corrected_since([event], (ONE,), date(2024, 6, 2)) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(EventKind.RESIGNED, TODAY), (EventKind.SPONSORED, TODAY), (EventKind.MOVED, None)],
)
def test_what_was_taken_back_corrects_what_it_had_decided(
    kind: EventKind, expected: date | None
) -> None:
    told = Event(kind, LATE, id=EventId(b"e"), recorded_on=LATE)
    back = Event(EventKind.REVERSED, LATE, reverses=EventId(b"e"), recorded_on=TODAY)
    assert corrected_since([told, back], (ONE,), date(2024, 6, 2)) == expected
