"""Rights of who was written down twice, and of who was in two households."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from stepdesk.members.service import (
    merge_persons,
    record_birth,
    record_death,
    record_leaving,
    register_household,
)
from stepdesk.members.terms import Birth, BirthKnown, NewPerson, Relation, Sex
from stepdesk.rights.queries import entitled, standing_of, verdict_of
from stepdesk.rights.service import ask_rights, split
from stepdesk.rights.terms import Answer, ReasonCode
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import HouseholdId, PlanId, SectionId
from tests.builders import a_household, a_payment, a_plan, open_copy, wednesday

SURE = frozenset({"age", "arrears", "backdated", "completeness", "replacement"})
"""Whatever is doubted is accepted."""


@pytest.fixture
def clock() -> SetClock:
    return wednesday()


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    with open_copy(tmp_path / "book", clock=clock) as opened:
        a_plan(opened)
        yield opened


def test_a_person_made_one_is_answered_for_under_either_number(
    desk: Desk, clock: SetClock
) -> None:
    kept, other = a_household(desk, 2), a_household(desk, 2)
    a_payment(desk, kept, 1000 + 700 * 6)
    clock.set(date(2024, 5, 2))
    twin = other.person_ids[1]
    desk.do(record_leaving, person_id=twin, on=date(2024, 5, 1), reason="moved")
    assert ask_rights(desk, person_id=twin, day=desk.today).answer is Answer.NO
    happened = desk.do(
        merge_persons, kept_id=kept.person_ids[1], other_id=twin, reason="one child"
    )
    assert happened.event_ids
    for one in (kept.person_ids[1], twin):
        assert ask_rights(desk, person_id=one, day=desk.today).answer is Answer.YES
    with desk.read() as connection:
        listed = [row.person_id for row in entitled(connection, desk.today)]
    assert listed.count(kept.person_ids[1]) == 1
    assert twin not in listed


def test_who_changed_households_is_answered_for_by_the_one_of_the_day(
    desk: Desk, clock: SetClock
) -> None:
    home = a_household(desk, 3)
    a_payment(desk, home, 1000 + 1050 * 8)
    clock.set(date(2024, 6, 1))
    moved = home.person_ids[2]
    plan_id, section_id = _of(desk, home.household_id)
    happened = desk.do(
        split,
        household_id=home.household_id,
        person_ids=(moved,),
        head_id=moved,
        section_id=section_id,
        plan_id=plan_id,
        on=desk.today,
        relations={},
        accepting=SURE,
    )
    before = desk.ask(standing_of, moved, date(2024, 5, 31))
    after = desk.ask(standing_of, moved, date(2024, 6, 1))
    assert before is not None
    assert after is not None
    assert before.household_id == home.household_id
    assert after.household_id == happened.household_id != home.household_id
    assert ask_rights(desk, person_id=moved, day=date(2024, 5, 31)).answer is Answer.YES


def _of(desk: Desk, household_id: HouseholdId) -> tuple[PlanId, SectionId]:
    from stepdesk.members.queries import household_file

    file = desk.ask(household_file, household_id)
    assert file is not None
    return file.plan_id, file.section_id


def test_a_newborn_keeps_the_mothers_number_when_she_dies(desk: Desk, clock: SetClock) -> None:
    couple = [
        NewPerson("Diop", "Moussa", Sex.MALE, known(1980), Relation.SELF),
        NewPerson("Sarr", "Binta", Sex.FEMALE, known(1990), Relation.SPOUSE),
    ]
    plan_id, section_id = _of(desk, a_household(desk, 1).household_id)
    home = desk.do(register_household, section_id=section_id, plan_id=plan_id, persons=couple)
    a_payment(desk, home, 1000 + 700 * 11, accepting=frozenset({"much"}))
    clock.set(date(2024, 9, 20))
    born = date(2024, 9, 1)
    birth = desk.do(
        record_birth,
        household_id=home.household_id,
        person=NewPerson("Diop", "Lune", Sex.FEMALE, Birth(born, BirthKnown.DAY), Relation.CHILD),
        mother_id=home.person_ids[1],
        on=born,
    )
    desk.do(record_death, person_id=home.person_ids[1], on=born)
    (child,) = birth.person_ids

    def told(day: date) -> tuple[Answer, bool]:
        verdict = desk.ask(verdict_of, child, day)
        assert verdict is not None
        return verdict.answer, verdict.under_mother

    assert told(date(2024, 8, 31)) == (Answer.NO, False)
    assert told(born) == told(date(2024, 9, 10)) == told(date(2024, 9, 19)) == (Answer.YES, True)
    assert told(date(2024, 9, 20)) == (Answer.YES, False)
    hers = desk.ask(verdict_of, home.person_ids[1], date(2024, 9, 10))
    assert hers is not None
    assert [one.code for one in hers.reasons] == [ReasonCode.RA02]


def known(year: int) -> Birth:
    return Birth(date(year, 5, 5), BirthKnown.DAY)


def test_above_the_most_persons_of_a_plan_nobody_has_rights(desk: Desk, clock: SetClock) -> None:
    plan_id = a_plan(desk, plan_code="FEW", max_persons=2, entry_fee=0, waiting_months=0)
    home = a_household(desk, 3, plan_id=plan_id)
    receipt = a_payment(desk, home, 2 * 350)
    assert receipt.covered_through == date(2024, 2, 29)
    clock.set(date(2024, 2, 5))
    answers = [ask_rights(desk, person_id=one, day=desk.today) for one in home.person_ids]
    assert [one.answer for one in answers] == [Answer.YES, Answer.YES, Answer.NO]
    assert [reason.code for reason in answers[2].reasons] == [ReasonCode.RA01]
    # Who leaves makes room for the next.
    desk.do(record_leaving, person_id=home.person_ids[1], on=desk.today, reason="moved")
    clock.set(date(2024, 2, 6))
    assert ask_rights(desk, person_id=home.person_ids[2], day=desk.today).answer is Answer.YES
