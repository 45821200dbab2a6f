"""What happened? Every life event: what it writes, what it does to rights and dues, how it is undone."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from stepdesk.contributions.queries import account_of, facts_of
from stepdesk.contributions.rules import regular_amount
from stepdesk.errors import Caution, Refusal
from stepdesk.members.queries import covers_of, events_of, history_of, household_file, search
from stepdesk.members.service import (
    categorise,
    change_head,
    correct_household,
    correct_person,
    exclude,
    mark_disabled,
    mark_student,
    merge_persons,
    move_section,
    put_category,
    readmit,
    record_birth,
    record_death,
    record_divorce,
    record_joining,
    record_leaving,
    record_marriage,
    register_household,
    resign,
    reverse_event,
    set_photo,
    set_statutes,
    undo_merge,
)
from stepdesk.members.terms import (
    Birth,
    BirthKnown,
    EventKind,
    HouseholdFile,
    NewPerson,
    PolygamyMode,
    Registered,
    Relation,
    Sex,
    Statutes,
    Transfer,
)
from stepdesk.reports.service import close_month
from stepdesk.rights import service as rights
from stepdesk.rights.queries import household_verdicts, verdict_of
from stepdesk.rights.terms import Answer, HouseholdState, ReasonCode, Verdict
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import EventId, HouseholdId, PersonId
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import (
    SECOND,
    a_household,
    a_payment,
    a_plan,
    a_section,
    persons,
)

COMPLETE = frozenset({"completeness"})

SURE = frozenset({"age", "arrears", "backdated", "completeness", "replacement"})
"""Whatever is doubted is accepted."""


def a_person(
    relation: Relation = Relation.CHILD,
    born: date = date(2015, 3, 3),
    *,
    sex: Sex = Sex.FEMALE,
    name: str = "Nogaye",
) -> NewPerson:
    return NewPerson("Mbengue", name, sex, Birth(born, BirthKnown.DAY), relation)


@pytest.fixture
def home(desk: Desk, clock: SetClock) -> Registered:
    """Six people since 10 January 2024, paid from February to June, rights from 1 May."""
    made = a_household(desk, 6)
    a_payment(desk, made, 1000 + 5 * 2100)
    clock.set(date(2024, 5, 20))
    return made


def file_of(desk: Desk, household_id: HouseholdId) -> HouseholdFile:
    file = desk.ask(household_file, household_id)
    assert file is not None
    return file


def verdict(desk: Desk, person_id: PersonId, day: date) -> Verdict:
    found = desk.ask(verdict_of, person_id, day)
    assert found is not None
    return found


def says(desk: Desk, person_id: PersonId, day: date) -> tuple[Answer, tuple[ReasonCode, ...]]:
    found = verdict(desk, person_id, day)
    return found.answer, tuple(reason.code for reason in found.reasons)


def state(desk: Desk, household_id: HouseholdId, day: date) -> HouseholdState:
    return desk.ask(household_verdicts, household_id, day)[1]


def regular(desk: Desk, household_id: HouseholdId, day: date) -> int:
    return regular_amount(desk.ask(facts_of, household_id), day)


def kinds(desk: Desk, household_id: HouseholdId) -> list[EventKind]:
    return [event.kind for event in desk.ask(events_of, household_id)]


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refusal:
        call()
    return refusal.value.field


def whole(desk: Desk, household_id: HouseholdId) -> object:
    """All that decides rights and dues, and who is shown: what an undoing must give back."""
    file = file_of(desk, household_id)
    covers = [
        (one.person_id, one.suffix, one.relation, one.first_day, one.until, one.changes, one.marks)
        for one in file.covers
        if one.until != one.first_day
    ]
    verdicts = {
        (one.id, day): verdict(desk, one.id, day)
        for one in file.persons
        for day in (date(2024, 4, 1), date(2024, 5, 10), date(2024, 6, 1), date(2024, 7, 1))
    }
    account = desk.ask(account_of, household_id, date(2024, 6, 10))
    return covers, verdicts, account, file.member_id, file.section_id, file.declared_size


def undo(desk: Desk, event_id: EventId) -> None:
    desk.do(reverse_event, event_id=event_id, reason="typed by mistake")


# Births


def test_a_newborn_declared_in_time_is_covered_under_the_mother_first_and_waits_for_nothing(
    desk: Desk, home: Registered
) -> None:
    born = date(2024, 5, 2)
    mother = home.person_ids[0]
    done = desk.do(
        record_birth,
        household_id=home.household_id,
        person=a_person(born=born),
        mother_id=mother,
        on=born,
    )
    child = done.person_ids[0]
    under = verdict(desk, child, date(2024, 5, 10))
    assert (under.answer, under.under_mother) == (Answer.YES, True)
    own = verdict(desk, child, date(2024, 5, 20))
    assert (own.answer, own.under_mother) == (Answer.YES, False)
    cover = next(one for one in desk.ask(covers_of, home.household_id) if one.person_id == child)
    assert (cover.suffix, cover.first_day, cover.mother_id) == (6, date(2024, 5, 20), mother)


def test_a_newborn_declared_too_late_waits_as_who_joins_late(
    desk: Desk, home: Registered, clock: SetClock
) -> None:
    born = date(2024, 2, 20)
    clock.set(date(2024, 5, 20))  # 90 days
    done = desk.do(
        record_birth,
        household_id=home.household_id,
        person=a_person(born=born),
        mother_id=home.person_ids[0],
        on=born,
    )
    told = verdict(desk, done.person_ids[0], date(2024, 5, 25))
    assert told.answer is Answer.NO
    assert told.rights_from == date(2024, 8, 20)


def test_a_birth_is_charged_from_the_next_unpaid_period(desk: Desk, home: Registered) -> None:
    desk.do(
        record_birth,
        household_id=home.household_id,
        person=a_person(born=date(2024, 5, 2)),
        mother_id=None,
        on=date(2024, 5, 2),
    )
    account = desk.ask(account_of, home.household_id, date(2024, 7, 2))
    assert [due.due.amount for due in account.called] == [2100] * 5 + [2450]


def test_a_birth_asks_for_a_child_and_a_mother_of_the_household(
    desk: Desk, home: Registered
) -> None:
    told: dict[str, Any] = {"household_id": home.household_id, "on": date(2024, 5, 2)}
    spouse = a_person(Relation.SPOUSE)
    assert refused(lambda: desk.do(record_birth, person=spouse, mother_id=None, **told)) == (
        "person:relation"
    )
    assert refused(
        lambda: desk.do(
            record_birth,
            person=a_person(),
            mother_id=home.person_ids[1],  # a boy
            **told,
        )
    ) == ("mother_id")


# Marriages, joining


def test_a_spouse_declared_within_sixty_days_waits_for_nothing(
    desk: Desk, home: Registered
) -> None:
    done = desk.do(
        record_marriage,
        household_id=home.household_id,
        person=a_person(Relation.SPOUSE, date(1988, 1, 1)),
        on=date(2024, 3, 21),
    )
    assert says(desk, done.person_ids[0], date(2024, 5, 20)) == (Answer.YES, ())
    assert ReasonCode.RA01 in says(desk, done.person_ids[0], date(2024, 5, 19))[1]


def test_a_spouse_declared_later_waits(desk: Desk, home: Registered) -> None:
    done = desk.do(
        record_marriage,
        household_id=home.household_id,
        person=a_person(Relation.SPOUSE, date(1988, 1, 1)),
        on=date(2024, 3, 20),
    )
    told = verdict(desk, done.person_ids[0], date(2024, 5, 20))
    assert (told.answer, told.rights_from) == (Answer.NO, date(2024, 8, 20))


def test_who_joins_late_waits_three_months_of_their_own(desk: Desk, home: Registered) -> None:
    done = desk.do(
        record_joining,
        household_id=home.household_id,
        person=a_person(),
        on=date(2024, 5, 20),
    )
    told = verdict(desk, done.person_ids[0], date(2024, 6, 1))
    assert (told.answer, told.rights_from) == (Answer.NO, date(2024, 8, 20))
    assert regular(desk, home.household_id, date(2024, 6, 1)) == 7 * 350


def test_nobody_takes_the_place_of_who_left_within_the_year(
    desk: Desk, home: Registered, clock: SetClock
) -> None:
    desk.do(record_leaving, person_id=home.person_ids[5], on=date(2024, 5, 1), reason="moved")
    join: dict[str, Any] = {"household_id": home.household_id, "person": a_person()}
    assert refused(lambda: desk.do(record_joining, on=date(2024, 5, 20), **join)) == "on"
    desk.do(
        record_birth,
        household_id=home.household_id,
        person=a_person(born=date(2024, 5, 15), name="Birame"),
        mother_id=None,
        on=date(2024, 5, 15),
    )
    clock.set(date(2025, 5, 1))
    assert refused(lambda: desk.do(record_joining, on=date(2025, 4, 30), **join)) == "on"
    assert desk.do(record_joining, on=date(2025, 5, 1), **join).person_ids


@pytest.mark.parametrize(
    ("relation", "field"),
    [
        (Relation.FOSTER_CHILD, "on"),  # a child for a child
        (Relation.PARENT, ""),
        (Relation.SIBLING, ""),
    ],
)
def test_only_somebody_of_the_same_kind_takes_the_place_of_who_left(
    desk: Desk, home: Registered, relation: Relation, field: str
) -> None:
    desk.do(record_leaving, person_id=home.person_ids[5], on=date(2024, 5, 1), reason="moved")
    join: dict[str, Any] = {
        "household_id": home.household_id,
        "person": a_person(relation),
        "on": date(2024, 5, 20),
    }
    if field:
        assert refused(lambda: desk.do(record_joining, **join)) == field
    else:
        assert desk.do(record_joining, **join).person_ids


def test_nobody_is_replaced_where_who_left_came_back(desk: Desk, home: Registered) -> None:
    child = home.person_ids[5]
    desk.do(record_leaving, person_id=child, on=date(2024, 3, 1), reason="moved", accepting=SURE)
    join: dict[str, Any] = {"household_id": home.household_id, "person": a_person()}
    old = frozenset({"backdated"})
    desk.do(record_joining, on=date(2024, 4, 1), known_id=child, accepting=old, **join)
    assert desk.do(record_joining, on=date(2024, 5, 20), **join).person_ids


def test_what_must_be_waited_is_settled_when_cover_begins(
    desk: Desk, home: Registered, clock: SetClock
) -> None:
    """Three months from 1 May are over on 1 August; a spouse declared in time waits for nothing."""
    late = desk.do(
        record_joining,
        household_id=home.household_id,
        person=a_person(Relation.PARENT, date(1950, 1, 1)),
        on=date(2024, 5, 1),
    ).person_ids[0]
    spouse = desk.do(
        record_marriage,
        household_id=home.household_id,
        person=a_person(Relation.SPOUSE, date(1990, 1, 1), name="Penda"),
        on=date(2024, 5, 2),
    ).person_ids[0]
    born = desk.do(
        record_birth,
        household_id=home.household_id,
        person=a_person(born=date(2024, 5, 10), name="Birame"),
        mother_id=None,
        on=date(2024, 5, 10),
    ).person_ids[0]
    people = (late, spouse, born)
    told = [verdict(desk, one, date(2024, 6, 20)).rights_from for one in people]
    assert told == [date(2024, 8, 1), date(2024, 5, 20), date(2024, 5, 20)]
    clock.set(date(2024, 6, 20))
    desk.do(
        set_statutes,
        statutes=Statutes(date(2024, 6, 1), added_dependant_waiting=9, spouse_declare_days=0),
    )
    assert [verdict(desk, one, date(2024, 6, 20)).rights_from for one in people] == told


def test_a_spouse_is_declared_in_time_by_the_statutes_of_the_day_of_declaring(
    desk: Desk, home: Registered
) -> None:
    """Cover begins on 20 May: the 30 days of 1 May count, not the 60 of the wedding day."""
    desk.do(set_statutes, statutes=Statutes(date(2024, 5, 1), spouse_declare_days=30))
    spouse = desk.do(
        record_marriage,
        household_id=home.household_id,
        person=a_person(Relation.SPOUSE, date(1990, 1, 1), name="Penda"),
        on=date(2024, 4, 1),
    ).person_ids[0]
    assert verdict(desk, spouse, date(2024, 5, 20)).rights_from == date(2024, 8, 20)


@pytest.mark.parametrize(("days", "opens"), [(31, date(2024, 7, 19)), (32, date(2024, 8, 20))])
def test_who_is_told_to_have_joined_long_ago_waits_from_the_day_it_is_told(
    desk: Desk, home: Registered, days: int, opens: date
) -> None:
    """Told on 20 May: of 19 April (31 days ago) three months from then, of 18 April from today."""
    on = date(2024, 5, 20) - timedelta(days=days)
    told: dict[str, Any] = {
        "household_id": home.household_id,
        "person": a_person(Relation.PARENT, date(1950, 1, 1)),
        "on": on,
    }
    if days > 31:
        with pytest.raises(Caution) as caution:
            desk.do(record_joining, **told)
        assert [(one.name, one.field) for one in caution.value.doubts] == [("backdated", "on")]
    joined = desk.do(record_joining, **told, accepting=frozenset({"backdated"})).person_ids[0]
    a_payment(desk, home, 2450 * 2)
    assert says(desk, joined, on)[0] is Answer.NO
    assert says(desk, joined, opens - timedelta(days=1)) == (Answer.NO, (ReasonCode.RA03,))
    assert says(desk, joined, opens) == (Answer.YES, ())


def test_nobody_joins_before_being_born_and_a_newborn_of_long_ago_is_a_birth(
    desk: Desk, home: Registered
) -> None:
    def join(born: date, on: date) -> str:
        return refused(
            lambda: desk.do(
                record_joining,
                household_id=home.household_id,
                person=a_person(born=born),
                on=on,
                accepting=frozenset({"backdated"}),
            )
        )

    assert join(date(2024, 5, 11), date(2024, 5, 10)) == "person:birth"
    assert join(date(2024, 3, 1), date(2024, 3, 20)) == "on"


def test_who_left_may_come_back_under_the_same_suffix(desk: Desk, home: Registered) -> None:
    child = home.person_ids[5]
    desk.do(record_leaving, person_id=child, on=date(2024, 3, 1), reason="moved", accepting=SURE)
    done = desk.do(
        record_joining,
        household_id=home.household_id,
        person=a_person(),
        on=date(2024, 5, 20),
        known_id=child,
    )
    assert done.person_ids == ()
    file = file_of(desk, home.household_id)
    assert [one.suffix for one in file.persons] == [0, 1, 2, 3, 4, 5]
    assert verdict(desk, child, date(2024, 6, 1)).rights_from == date(2024, 8, 20)


def test_a_suffix_is_never_given_again(desk: Desk, home: Registered) -> None:
    desk.do(record_death, person_id=home.person_ids[5], on=date(2024, 5, 1))
    done = desk.do(
        record_joining, household_id=home.household_id, person=a_person(), on=date(2024, 5, 2)
    )
    suffix = {one.person_id: one.suffix for one in desk.ask(covers_of, home.household_id)}
    assert suffix[done.person_ids[0]] == 6


def test_somebody_much_alike_is_doubted_and_may_be_accepted(desk: Desk, home: Registered) -> None:
    told: dict[str, Any] = {
        "household_id": home.household_id,
        "person": a_person(),
        "on": date(2024, 5, 20),
    }
    desk.do(record_joining, **told)
    with pytest.raises(Caution) as caution:
        desk.do(record_joining, **told)
    assert [(one.name, one.field) for one in caution.value.doubts] == [
        ("alike:0", "person:surname")
    ]
    desk.do(record_joining, accepting=frozenset({"alike:0"}), **told)


@pytest.mark.parametrize(
    ("statutes", "field"),
    [
        (Statutes(max_beneficiaries=6), "person:surname"),
        (
            Statutes(allowed_relations=frozenset({Relation.SPOUSE, Relation.CHILD})),
            "person:relation",
        ),
    ],
)
def test_the_statutes_say_who_may_be_covered(
    desk: Desk, home: Registered, statutes: Statutes, field: str
) -> None:
    desk.do(set_statutes, statutes=statutes, accepting=SURE)
    parent = a_person(Relation.PARENT, date(1950, 1, 1))
    assert (
        refused(
            lambda: desk.do(
                record_joining,
                household_id=home.household_id,
                person=parent,
                on=date(2024, 5, 20),
            )
        )
        == field
    )


# Deaths, divorces, leaving


def test_a_death_ends_cover_with_its_day_and_lowers_what_is_due_from_the_next_period(
    desk: Desk, home: Registered
) -> None:
    """Annex Y.2, 11: died on the 3rd, care on the 5th."""
    child = home.person_ids[5]
    desk.do(record_death, person_id=child, on=date(2024, 5, 3))
    assert says(desk, child, date(2024, 5, 3)) == (Answer.YES, ())
    assert says(desk, child, date(2024, 5, 5)) == (Answer.NO, (ReasonCode.RA02,))
    account = desk.ask(account_of, home.household_id, date(2024, 7, 2))
    assert [due.due.amount for due in account.called] == [2100] * 5 + [1750]
    assert account.covered_through == date(2024, 6, 30)


def test_the_heir_takes_over_with_number_rights_and_waiting(desk: Desk, home: Registered) -> None:
    number = file_of(desk, home.household_id).number
    member, heir, sister = home.person_ids[:3]
    desk.do(record_death, person_id=member, on=date(2024, 5, 3), heir_id=heir, accepting=SURE)
    file = file_of(desk, home.household_id)
    assert (file.number, file.member_id) == (number, heir)
    assert {one.id: one.relation for one in file.persons}[sister] is Relation.SIBLING
    assert says(desk, heir, date(2024, 5, 4)) == (Answer.YES, ())
    assert kinds(desk, home.household_id) == [
        EventKind.REGISTERED,
        EventKind.DEATH,
        EventKind.HEAD_CHANGED,
    ]


def test_a_household_whose_only_member_died_is_closed_the_day_after(
    desk: Desk, clock: SetClock
) -> None:
    alone = a_household(desk, 1)
    a_payment(desk, alone, 1000 + 5 * 350)
    clock.set(date(2024, 5, 20))
    desk.do(record_death, person_id=alone.person_ids[0], on=date(2024, 5, 3))
    assert state(desk, alone.household_id, date(2024, 5, 3)) is HouseholdState.ACTIVE
    assert state(desk, alone.household_id, date(2024, 5, 4)) is HouseholdState.CLOSED


def test_survivors_name_an_heir_or_the_day_of_closing(desk: Desk, home: Registered) -> None:
    member = home.person_ids[0]
    die: dict[str, Any] = {"person_id": member, "on": date(2024, 5, 3)}
    assert refused(lambda: desk.do(record_death, **die)) == "heir_id"
    assert refused(lambda: desk.do(record_death, heir_id=member, **die)) == "heir_id"
    desk.do(record_death, closes_on=date(2024, 7, 1), **die)
    child = home.person_ids[1]
    assert says(desk, child, date(2024, 6, 30)) == (Answer.YES, ())
    assert state(desk, home.household_id, date(2024, 7, 1)) is HouseholdState.CLOSED


def test_a_divorced_spouse_is_covered_up_to_the_eve(desk: Desk, home: Registered) -> None:
    done = desk.do(
        record_marriage,
        household_id=home.household_id,
        person=a_person(Relation.SPOUSE, date(1988, 1, 1)),
        on=date(2024, 5, 20),
    )
    spouse = done.person_ids[0]
    assert refused(lambda: desk.do(record_divorce, person_id=home.person_ids[1], on=desk.today))
    desk.confirm_day(date(2024, 6, 10))
    desk.do(record_divorce, person_id=spouse, on=date(2024, 6, 10))
    assert says(desk, spouse, date(2024, 6, 9)) == (Answer.YES, ())
    assert says(desk, spouse, date(2024, 6, 10)) == (Answer.NO, (ReasonCode.RA02,))


def test_the_member_does_not_leave_and_leaving_has_a_reason(desk: Desk, home: Registered) -> None:
    leave: dict[str, Any] = {"on": date(2024, 5, 1)}
    assert refused(
        lambda: desk.do(record_leaving, person_id=home.person_ids[0], reason="gone", **leave)
    ) == ("person_id")
    assert refused(
        lambda: desk.do(record_leaving, person_id=home.person_ids[1], reason=" ", **leave)
    ) == ("reason")


# Days


@pytest.mark.parametrize("on", [date(2024, 5, 21), date(2024, 1, 9)])
def test_nothing_happens_ahead_or_before_the_household_joined(
    desk: Desk, home: Registered, on: date
) -> None:
    child = home.person_ids[5]
    assert refused(lambda: desk.do(record_death, person_id=child, on=on)) == "on"
    assert refused(lambda: desk.do(record_leaving, person_id=child, on=on, reason="gone")) == "on"
    assert (
        refused(
            lambda: desk.do(change_head, household_id=home.household_id, person_id=child, on=on)
        )
        == "on"
    )


def test_nobody_dies_twice_and_who_left_is_not_of_the_household(
    desk: Desk, home: Registered
) -> None:
    child = home.person_ids[5]
    desk.do(record_death, person_id=child, on=date(2024, 5, 3))
    for on in (date(2024, 5, 2), date(2024, 5, 10)):
        assert refused(partial(desk.do, record_death, person_id=child, on=on)) == "person_id"


# Moving, heads


def test_a_move_keeps_the_serial_and_is_undone(desk: Desk, home: Registered) -> None:
    before = file_of(desk, home.household_id)
    there = a_section(desk, "Tougouni")
    done = desk.do(
        move_section, household_id=home.household_id, section_id=there, on=date(2024, 5, 1)
    )
    after = file_of(desk, home.household_id)
    assert (after.section, after.number.serial) == ("Tougouni", before.number.serial)
    assert str(after.number)[3:] == str(before.number)[3:]
    undo(desk, done.event_ids[0])
    assert file_of(desk, home.household_id).section_id == before.section_id


def test_a_new_head_is_the_member_and_the_old_one_stays_covered(
    desk: Desk, home: Registered
) -> None:
    before = whole(desk, home.household_id)
    old, new = home.person_ids[:2]
    done = desk.do(
        change_head,
        household_id=home.household_id,
        person_id=new,
        on=date(2024, 5, 1),
        accepting=SURE,
    )
    file = file_of(desk, home.household_id)
    assert file.member_id == new
    covers = {one.person_id: one for one in file.covers}
    assert covers[old].relation_on(date(2024, 4, 30)) is Relation.SELF
    assert covers[old].relation_on(date(2024, 5, 1)) is Relation.PARENT
    assert says(desk, old, date(2024, 5, 1)) == (Answer.YES, ())
    undo(desk, done.event_ids[0])
    assert whole(desk, home.household_id) == before


def test_a_head_is_not_changed_before_a_later_change(desk: Desk, home: Registered) -> None:
    first, second = home.person_ids[1:3]
    desk.do(
        change_head,
        household_id=home.household_id,
        person_id=first,
        on=date(2024, 5, 1),
        accepting=SURE,
    )
    assert (
        refused(
            lambda: desk.do(
                change_head,
                household_id=home.household_id,
                person_id=second,
                on=date(2024, 4, 1),
            )
        )
        == "on"
    )


def test_one_person_is_the_member(desk: Desk, home: Registered) -> None:
    change: dict[str, Any] = {
        "household_id": home.household_id,
        "person_id": home.person_ids[1],
        "on": date(2024, 5, 1),
    }
    for relations in (
        {home.person_ids[2]: Relation.SELF},
        {PersonId(b"x" * 16): Relation.CHILD},
    ):
        assert refused(partial(desk.do, change_head, relations=relations, **change)) == "relations"


# Splitting and merging


def test_who_splits_off_pays_no_entry_fee_and_has_waited(desk: Desk, home: Registered) -> None:
    going = home.person_ids[4:]
    done = desk.do(
        rights.split,
        household_id=home.household_id,
        person_ids=going,
        head_id=going[0],
        on=date(2024, 5, 20),
        accepting=SURE,
    )
    new = done.household_id
    assert done.households == (new, home.household_id)
    account = desk.ask(account_of, new, date(2024, 5, 20))
    assert (account.entry_fee_open, account.to_pay) == (0, 2 * 350)
    a_payment(desk, new, 700)
    assert says(desk, going[0], date(2024, 6, 1)) == (Answer.YES, ())
    file = file_of(desk, new)
    assert [(one.suffix, one.relation) for one in file.covers] == [
        (0, Relation.SELF),
        (1, Relation.SIBLING),
    ]
    assert regular(desk, home.household_id, date(2024, 6, 1)) == 4 * 350
    assert says(desk, home.person_ids[1], date(2024, 6, 1)) == (Answer.YES, ())


def test_who_splits_off_during_the_waiting_goes_on_waiting(desk: Desk, clock: SetClock) -> None:
    made = a_household(desk, 3)
    a_payment(desk, made, 1000 + 3 * 1050)
    clock.set(date(2024, 3, 10))
    going = made.person_ids[2]
    done = desk.do(
        rights.split,
        household_id=made.household_id,
        person_ids=[going],
        head_id=going,
        on=date(2024, 3, 10),
        accepting=SURE,
    )
    a_payment(desk, done.household_id, 700)
    assert verdict(desk, going, date(2024, 4, 2)).rights_from == date(2024, 5, 1)


def test_a_split_is_undone_until_money_was_taken(desk: Desk, home: Registered) -> None:
    before = whole(desk, home.household_id)
    going = home.person_ids[1:3]
    split: dict[str, Any] = {
        "household_id": home.household_id,
        "person_ids": going,
        "head_id": going[0],
        "on": date(2024, 5, 20),
    }
    done = desk.do(rights.split, **split, accepting=SURE)
    undo(desk, done.event_ids[0])
    assert whole(desk, home.household_id) == before
    assert state(desk, done.household_id, date(2024, 6, 1)) is HouseholdState.CLOSED
    again = desk.do(rights.split, **split, accepting=SURE)
    a_payment(desk, again.household_id, 700)
    assert refused(lambda: undo(desk, again.event_ids[0])) == "event"


@pytest.mark.parametrize("whose", [slice(0, 1), slice(0, 6)])
def test_the_member_does_not_split_off(desk: Desk, home: Registered, whose: slice) -> None:
    going = home.person_ids[whose]
    assert (
        refused(
            lambda: desk.do(
                rights.split,
                household_id=home.household_id,
                person_ids=going,
                head_id=going[-1],
                on=date(2024, 5, 20),
            )
        )
        == "person_ids"
    )


def test_a_grown_child_has_a_membership_of_its_own_without_waiting_for_sixty_days(
    desk: Desk, clock: SetClock
) -> None:
    family = persons(1, seed=900)
    grown = [
        a_person(born=date(2006, 3, 21), name="Astou"),
        a_person(born=date(2006, 3, 20), name="Sira"),
    ]
    made = desk.do(
        register_household,
        section_id=a_section(desk),
        plan_id=a_plan(desk),
        persons=[*family, *grown],
    )
    a_payment(desk, made, 1000 + 5 * 1050)
    clock.set(date(2024, 5, 20))
    waits = {}
    for child in made.person_ids[1:]:
        done = desk.do(
            rights.split,
            household_id=made.household_id,
            person_ids=[child],
            head_id=child,
            on=date(2024, 5, 20),
        )
        account = desk.ask(account_of, done.household_id, date(2024, 5, 20))
        waits[child] = (account.entry_fee_open, account.rights_if_paid)
    # 60 days after 21 March is 20 May; after 20 March it is 19 May.
    assert waits == {
        made.person_ids[1]: (0, date(2024, 6, 1)),
        made.person_ids[2]: (1000, date(2024, 9, 1)),
    }


def test_a_merged_household_ends_and_its_people_do_not_wait_anew(
    desk: Desk, home: Registered
) -> None:
    desk.confirm_day(date(2024, 1, 10))
    other = a_household(desk, 2)
    a_payment(desk, other, 1000 + 5 * 700)
    desk.confirm_day(date(2024, 5, 20))
    before = whole(desk, home.household_id), whole(desk, other.household_id)
    done = desk.do(
        rights.merge,
        from_id=other.household_id,
        into_id=home.household_id,
        on=date(2024, 5, 20),
        relations={other.person_ids[0]: Relation.SIBLING},
    )
    assert state(desk, other.household_id, date(2024, 5, 20)) is HouseholdState.CLOSED
    assert says(desk, other.person_ids[1], date(2024, 5, 20)) == (Answer.YES, ())
    assert regular(desk, home.household_id, date(2024, 7, 1)) == 8 * 350
    covers = [
        (one.suffix, one.relation)
        for one in desk.ask(covers_of, home.household_id)
        if one.person_id in other.person_ids
    ]
    assert covers == [(6, Relation.SIBLING), (7, Relation.OTHER)]
    undo(desk, done.event_ids[1])
    assert (whole(desk, home.household_id), whole(desk, other.household_id)) == before


def test_who_was_merged_is_found_in_the_new_household(desk: Desk, home: Registered) -> None:
    other = a_household(desk, 1)
    desk.do(
        rights.merge,
        from_id=other.household_id,
        into_id=home.household_id,
        on=date(2024, 5, 20),
    )
    name = next(
        one.name
        for one in file_of(desk, home.household_id).persons
        if one.id == other.person_ids[0]
    )
    assert home.household_id in [one.household_id for one in desk.ask(search, name)]


@pytest.mark.parametrize("ahead", [date(2024, 7, 10), date(2024, 9, 1)])
def test_who_leaves_arrears_behind_is_asked_about_them(
    desk: Desk, home: Registered, clock: SetClock, ahead: date
) -> None:
    """Late since 6 July, suspended since 5 August: July is owed, 2 100, and more by September."""
    clock.set(ahead)
    told: dict[str, Any] = {
        "household_id": home.household_id,
        "person_ids": home.person_ids[1:2],
        "head_id": home.person_ids[1],
        "on": ahead,
    }
    with pytest.raises(Caution) as caution:
        desk.do(rights.split, **told, accepting=frozenset({"age"}))
    (doubt,) = caution.value.doubts
    assert doubt.name == "arrears"
    owed = desk.ask(account_of, home.household_id, ahead).to_pay
    assert owed >= 2100
    assert doubt.text.values["amount"] == Money(owed, desk.currency)
    assert kinds(desk, home.household_id) == [EventKind.REGISTERED]
    desk.do(rights.split, **told, accepting=SURE)
    assert EventKind.SPLIT_OFF in kinds(desk, home.household_id)


def test_a_household_that_goes_into_another_is_asked_about_its_arrears(
    desk: Desk, home: Registered, clock: SetClock
) -> None:
    other = a_household(desk, 1)
    clock.set(date(2024, 7, 10))
    with pytest.raises(Caution) as caution:
        desk.do(
            rights.merge,
            from_id=home.household_id,
            into_id=other.household_id,
            on=date(2024, 7, 10),
        )
    assert [one.name for one in caution.value.doubts] == ["arrears"]


def test_who_splits_off_before_the_entry_fee_was_paid_is_asked_for_it(desk: Desk) -> None:
    made = a_household(desk, 3)
    going = made.person_ids[2]
    done = desk.do(
        rights.split,
        household_id=made.household_id,
        person_ids=[going],
        head_id=going,
        on=date(2024, 1, 10),
        accepting=SURE,
    )
    account = desk.ask(account_of, done.household_id, date(2024, 1, 10))
    assert (account.entry_fee_open, account.to_pay) == (1000, 1350)


def test_who_is_suspended_does_not_escape_the_wait_by_splitting_off(
    desk: Desk, home: Registered, clock: SetClock
) -> None:
    """July is due on 5 July: suspended from 5 August, long from 5 November: 30 days to wait."""
    clock.set(date(2024, 12, 10))
    going = home.person_ids[1]
    done = desk.do(
        rights.split,
        household_id=home.household_id,
        person_ids=[going],
        head_id=going,
        on=date(2024, 12, 10),
        accepting=SURE,
    )
    a_payment(desk, done.household_id, 350)
    assert verdict(desk, going, date(2025, 1, 2)).rights_from == date(2025, 1, 9)


# Waiting is 3 months, periods are calendar months; entry on 10 January: it counts from 1 February
# and ends on 1 May. The March due (5 March) leaves its grace on 4 April: suspended from the 5th.


def late_in_march(desk: Desk, clock: SetClock) -> Registered:
    """Three people, paid for February alone: suspended from 5 April on."""
    made = a_household(desk, 3)
    a_payment(desk, made, 1000 + 1050)
    clock.set(date(2024, 4, 24))
    return made


def alone(desk: Desk, home: Registered, *, at: int = 2, on: date | None = None) -> HouseholdId:
    going = home.person_ids[at]
    done = desk.do(
        rights.split,
        household_id=home.household_id,
        person_ids=[going],
        head_id=going,
        on=on or desk.today,
        accepting=SURE,
    )
    a_payment(desk, done.household_id, 5 * 350)
    return done.household_id


def test_days_frozen_by_a_suspension_are_not_served_after_a_split(
    desk: Desk, clock: SetClock
) -> None:
    """Reinstated on 24 April: 19 days stood still, so waiting ends 19 days after 1 May."""
    made = late_in_march(desk, clock)
    a_payment(desk, made, 2 * 1050)
    assert verdict(desk, made.person_ids[2], desk.today).rights_from == date(2024, 5, 20)
    alone(desk, made)
    assert verdict(desk, made.person_ids[2], date(2024, 5, 2)).rights_from == date(2024, 5, 20)


def test_who_splits_off_while_the_clock_stands_still_served_until_it_stopped(
    desk: Desk, clock: SetClock
) -> None:
    """26 days were left on 5 April, from 24 April they end on 20 May."""
    made = late_in_march(desk, clock)
    alone(desk, made)
    assert verdict(desk, made.person_ids[2], date(2024, 5, 2)).rights_from == date(2024, 5, 20)


def test_each_who_splits_off_keeps_their_own_waiting(desk: Desk, clock: SetClock) -> None:
    """The family waited to 1 May; who joined on 20 March waits to 20 June, in either household."""
    made = a_household(desk, 3)
    a_payment(desk, made, 1000 + 5 * 1050)
    clock.set(date(2024, 3, 20))
    late = desk.do(
        record_joining,
        household_id=made.household_id,
        person=a_person(Relation.PARENT, date(1950, 1, 1)),
        on=date(2024, 3, 20),
    ).person_ids[0]
    clock.set(date(2024, 5, 20))
    child = made.person_ids[2]
    done = desk.do(
        rights.split,
        household_id=made.household_id,
        person_ids=[child, late],
        head_id=late,
        on=date(2024, 5, 20),
    )
    a_payment(desk, done.household_id, 5 * 700)
    assert says(desk, child, date(2024, 6, 1)) == (Answer.YES, ())
    assert says(desk, late, date(2024, 6, 19)) == (Answer.NO, (ReasonCode.RA03,))
    assert says(desk, late, date(2024, 6, 20)) == (Answer.YES, ())


def test_who_splits_off_and_pays_late_has_not_waited_in_between(desk: Desk) -> None:
    """Paid for to the end of March; paid at once it begins on 1 April, paid on 20 June on 1 July.

    That is 91 days later: 1 May and 91 days are 31 July.
    """
    home = a_household(desk, 3)
    a_payment(desk, home, 1000 + 2 * 1050)
    desk.confirm_day(date(2024, 3, 10))
    going = home.person_ids[1]
    done = desk.do(
        rights.split,
        household_id=home.household_id,
        person_ids=[going],
        head_id=going,
        on=date(2024, 3, 10),
        accepting=SURE,
    )
    desk.confirm_day(date(2024, 6, 20))
    a_payment(desk, done.household_id, 350)
    assert verdict(desk, going, date(2024, 7, 2)).rights_from == date(2024, 7, 31)


def test_a_suspension_stops_the_own_waiting_of_who_joined_late(
    desk: Desk, clock: SetClock
) -> None:
    """Joined on 1 April, own waiting to 1 July; suspended from 5 to 24 April: to 20 July."""
    made = a_household(desk, 3)
    a_payment(desk, made, 1000 + 1050)
    clock.set(date(2024, 4, 1))
    late = desk.do(
        record_joining,
        household_id=made.household_id,
        person=a_person(),
        on=date(2024, 4, 1),
    ).person_ids[0]
    clock.set(date(2024, 4, 24))
    a_payment(desk, made, 3 * 1400)
    assert verdict(desk, late, date(2024, 5, 1)).rights_from == date(2024, 7, 20)


# Transfer


def transferred(desk: Desk, **told: object) -> Registered:
    transfer: dict[str, Any] = {
        "scheme": "Mutuelle de Thiès",
        "counts_from": date(2022, 6, 1),
        "left_on": date(2023, 12, 1),
        "document": "attestation 12",
    } | told
    return a_household(desk, 3, transfer=Transfer(**transfer))


def test_waiting_served_in_another_scheme_counts(desk: Desk) -> None:
    made = transferred(desk)
    a_payment(desk, made, 1000 + 1050)
    assert says(desk, made.person_ids[1], date(2024, 2, 1)) == (Answer.YES, ())
    assert kinds(desk, made.household_id) == [EventKind.REGISTERED, EventKind.TRANSFERRED_IN]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"left_on": date(2023, 11, 10)}, "transfer:left_on"),  # 61 days before 10 January
        ({"left_on": date(2024, 1, 11)}, "transfer:left_on"),
        ({"counts_from": date(2023, 12, 2)}, "transfer:left_on"),
        ({"scheme": " "}, "transfer:scheme"),
    ],
)
def test_a_transfer_after_a_break_is_refused(desk: Desk, told: dict[str, Any], field: str) -> None:
    assert refused(lambda: transferred(desk, **told)) == field


def test_a_transfer_alone_is_undone_and_the_waiting_begins(desk: Desk) -> None:
    made = transferred(desk)
    event = desk.ask(events_of, made.household_id)[1]
    assert event.id is not None
    undo(desk, event.id)
    assert kinds(desk, made.household_id) == [EventKind.REGISTERED]


# Endings


def test_a_resignation_covers_what_is_paid(desk: Desk, home: Registered) -> None:
    before = whole(desk, home.household_id)
    ends = desk.ask(rights.resign_at, home.household_id, date(2024, 5, 15))
    assert ends == date(2024, 7, 1)
    done = desk.do(
        resign,
        household_id=home.household_id,
        letter_on=date(2024, 5, 15),
        on=ends,
        reason="moves to Dakar",
    )
    member = home.person_ids[0]
    assert says(desk, member, date(2024, 6, 30)) == (Answer.YES, ())
    assert ReasonCode.RA05 in says(desk, member, date(2024, 7, 1))[1]
    assert state(desk, home.household_id, date(2024, 7, 1)) is HouseholdState.RESIGNED
    undo(desk, done.event_ids[0])
    assert whole(desk, home.household_id) == before


def test_a_household_that_resigns_ahead_lives_on_until_then(desk: Desk, home: Registered) -> None:
    desk.do(
        resign,
        household_id=home.household_id,
        letter_on=date(2024, 5, 15),
        on=date(2024, 7, 1),
    )
    child = home.person_ids[5]
    done = desk.do(record_death, person_id=child, on=date(2024, 5, 16))
    born = desk.do(
        record_birth,
        household_id=home.household_id,
        person=a_person(born=date(2024, 5, 17)),
        mother_id=None,
        on=date(2024, 5, 17),
    )
    undo(desk, done.event_ids[0])
    until = {one.person_id: one.until for one in desk.ask(covers_of, home.household_id)}
    assert until[child] == until[born.person_ids[0]] == date(2024, 7, 1)


def test_nothing_happens_to_a_household_that_ended(desk: Desk, home: Registered) -> None:
    desk.do(
        resign, household_id=home.household_id, letter_on=date(2024, 5, 1), on=date(2024, 5, 1)
    )
    on = date(2024, 5, 10)
    child = home.person_ids[1]
    calls: list[Callable[[], object]] = [
        lambda: desk.do(record_joining, household_id=home.household_id, person=a_person(), on=on),
        lambda: desk.do(record_death, person_id=child, on=on),
        lambda: desk.do(change_head, household_id=home.household_id, person_id=child, on=on),
        lambda: desk.do(resign, household_id=home.household_id, letter_on=on, on=on),
        lambda: desk.do(
            rights.split,
            household_id=home.household_id,
            person_ids=[child],
            head_id=child,
            on=on,
        ),
    ]
    assert [refused(call) for call in calls] == ["household"] * len(calls)


def excluded(desk: Desk, household_id: HouseholdId, **told: object) -> EventId:
    whole: dict[str, Any] = {
        "household_id": household_id,
        "on": date(2024, 5, 20),
        "hearing_on": date(2024, 5, 10),
        "decision": "CA 3/2024",
        "reason": "lent the card",
    } | told
    with desk.work("exclude") as work:
        if len(desk.colleagues()) > 1:
            work.second(desk.colleagues()[1].id, SECOND)
        return exclude(work, **whole).event_ids[0]


def test_an_exclusion_is_heard_decided_and_signed_by_two(
    two_people_desk: Desk, clock: SetClock
) -> None:
    desk = two_people_desk
    made = a_household(desk, 2)
    clock.set(date(2024, 5, 20))
    with pytest.raises(Refusal) as alone:
        desk.do(
            exclude,
            household_id=made.household_id,
            on=date(2024, 5, 20),
            hearing_on=date(2024, 5, 10),
            decision="CA 3/2024",
            reason="lent the card",
        )
    assert alone.value.field == "second"
    event_id = excluded(desk, made.household_id)
    assert state(desk, made.household_id, date(2024, 5, 20)) is HouseholdState.EXCLUDED
    event = desk.ask(events_of, made.household_id)[-1]
    assert (event.document, event.reason) == ("CA 3/2024 (2024-05-10)", "lent the card")
    assert refused(
        lambda: desk.do(readmit, household_id=made.household_id, on=date(2024, 5, 20))
    ) == ("household")
    undo(desk, event_id)
    assert state(desk, made.household_id, date(2024, 5, 20)) is HouseholdState.REGISTERED


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"decision": ""}, "decision"),
        ({"reason": ""}, "reason"),
        ({"hearing_on": date(2024, 5, 21)}, "hearing_on"),
        ({"hearing_on": date(2024, 5, 20), "on": date(2024, 5, 19)}, "hearing_on"),
    ],
)
def test_no_exclusion_without_hearing_decision_and_reason(
    desk: Desk, home: Registered, told: dict[str, Any], field: str
) -> None:
    assert refused(lambda: excluded(desk, home.household_id, **told)) == field


def test_who_has_not_paid_for_six_months_is_struck_off_by_the_board(
    desk: Desk, home: Registered, clock: SetClock
) -> None:
    """June is paid; July was due on 5 July, tolerated to 4 August, suspended on the 5th."""
    clock.set(date(2025, 2, 6))
    strike: dict[str, Any] = {"household_id": home.household_id, "decision": "CA 1/2025"}
    assert refused(lambda: desk.do(rights.strike_off, on=date(2025, 2, 5), **strike)) == ("on")
    assert refused(
        lambda: desk.do(
            rights.strike_off, household_id=home.household_id, on=date(2025, 2, 6), decision=""
        )
    ) == ("decision")
    desk.do(rights.strike_off, on=date(2025, 2, 6), **strike)
    assert state(desk, home.household_id, date(2025, 2, 6)) is HouseholdState.STRUCK_OFF


def test_who_is_up_to_date_is_not_struck_off(desk: Desk, home: Registered) -> None:
    assert refused(
        lambda: desk.do(
            rights.strike_off,
            household_id=home.household_id,
            on=date(2024, 5, 20),
            decision="CA 1",
        )
    ) == ("household")


def test_who_comes_back_keeps_number_and_suffixes_and_waits_anew(
    desk: Desk, home: Registered, clock: SetClock
) -> None:
    number = file_of(desk, home.household_id).number
    desk.do(
        resign, household_id=home.household_id, letter_on=date(2024, 5, 1), on=date(2024, 5, 1)
    )
    clock.set(date(2024, 9, 10))
    done = desk.do(readmit, household_id=home.household_id, on=date(2024, 9, 10))
    file = file_of(desk, home.household_id)
    assert (file.number, [one.suffix for one in file.persons]) == (number, [0, 1, 2, 3, 4, 5])
    assert state(desk, home.household_id, date(2024, 9, 10)) is HouseholdState.REGISTERED
    a_payment(desk, home, 1000 + 2100)
    member = home.person_ids[0]
    assert verdict(desk, member, date(2024, 10, 2)).rights_from == date(2025, 1, 1)
    assert says(desk, member, date(2024, 4, 30))[0] is Answer.NO
    assert refused(lambda: undo(desk, done.event_ids[0])) == "event"


def test_a_household_comes_back_after_the_delay_of_the_statutes(
    desk: Desk, home: Registered, clock: SetClock
) -> None:
    desk.do(set_statutes, statutes=Statutes(readmission_delay_months=6), accepting=SURE)
    desk.do(
        resign, household_id=home.household_id, letter_on=date(2024, 5, 1), on=date(2024, 5, 1)
    )
    clock.set(date(2024, 11, 1))
    assert refused(
        lambda: desk.do(readmit, household_id=home.household_id, on=date(2024, 10, 31))
    ) == ("on")
    before = whole(desk, home.household_id)
    done = desk.do(readmit, household_id=home.household_id, on=date(2024, 11, 1))
    undo(desk, done.event_ids[0])
    assert whole(desk, home.household_id) == before


def test_who_was_struck_off_by_time_alone_comes_back(desk: Desk, clock: SetClock) -> None:
    made = a_household(desk, 2, plan_id=a_plan(desk, strike_off_needs_board=False))
    a_payment(desk, made, 1700)
    clock.set(date(2025, 3, 10))
    assert state(desk, made.household_id, desk.today) is HouseholdState.STRUCK_OFF
    desk.do(rights.readmit, household_id=made.household_id, on=date(2025, 3, 10))
    assert state(desk, made.household_id, desk.today) is HouseholdState.REGISTERED


# Marks


def test_a_certificate_of_the_school_year_lifts_the_age_limit_for_that_year(
    desk: Desk, clock: SetClock
) -> None:
    made = desk.do(
        register_household,
        section_id=a_section(desk),
        plan_id=a_plan(desk),
        persons=[*persons(1, seed=901), a_person(born=date(2006, 1, 15))],
    )
    a_payment(desk, made, 1000 + 9 * 350, accepting=frozenset({"much"}))
    clock.set(date(2024, 5, 20))
    child = made.person_ids[1]
    assert says(desk, child, date(2024, 5, 20)) == (Answer.NO, (ReasonCode.RA06,))
    done = desk.do(
        mark_student,
        person_id=child,
        first_day=date(2023, 10, 1),
        until=date(2024, 10, 1),
        document="lycée 17",
        accepting=SURE,
    )
    assert says(desk, child, date(2024, 5, 20)) == (Answer.YES, ())
    assert says(desk, child, date(2024, 10, 1)) == (Answer.NO, (ReasonCode.RA06,))
    undo(desk, done.event_ids[0])
    assert says(desk, child, date(2024, 5, 20)) == (Answer.NO, (ReasonCode.RA06,))
    desk.do(mark_disabled, person_id=child, first_day=date(2024, 5, 1), document="CDR 9")
    assert says(desk, child, date(2024, 10, 1)) == (Answer.YES, ())


def test_a_mark_needs_a_paper_a_child_and_a_school_year(desk: Desk, home: Registered) -> None:
    year: dict[str, Any] = {
        "first_day": date(2023, 10, 1),
        "until": date(2024, 10, 1),
        "document": "x",
    }
    child = home.person_ids[1]
    assert refused(lambda: desk.do(mark_student, person_id=home.person_ids[0], **year)) == (
        "person_id"
    )
    for change, field in (
        ({"document": ""}, "document"),
        ({"until": date(2025, 1, 2)}, "until"),
        ({"until": date(2023, 10, 1)}, "until"),
    ):
        told = year | change
        assert refused(partial(desk.do, mark_student, person_id=child, **told)) == field


# Corrections


def test_a_correction_tells_from_what_to_what_and_search_follows(
    desk: Desk, home: Registered
) -> None:
    child = home.person_ids[1]
    done = desk.do(
        correct_person,
        person_id=child,
        reason="birth certificate",
        surname="Ouédraogo",
        birth=Birth(date(2012, 2, 29), BirthKnown.DAY),
        accepting=SURE,
    )
    event = desk.ask(events_of, home.household_id)[-1]
    assert (event.id, event.kind, event.person_id) == (
        done.event_ids[0],
        EventKind.CORRECTED,
        child,
    )
    assert "surname: " in event.document
    assert "> Ouédraogo; birth: " in event.document
    assert "> 2012-02-29" in event.document
    assert [one.id for one in desk.ask(search, "ouedraogo")] == [child]
    assert refused(lambda: undo(desk, done.event_ids[0])) == "event"


def test_a_correction_of_nothing_writes_nothing(desk: Desk, home: Registered) -> None:
    person = file_of(desk, home.household_id).persons[1]
    acts = desk.acts
    done = desk.do(correct_person, person_id=person.id, reason="check", sex=person.sex)
    assert (done.event_ids, desk.acts) == ((), acts)


def test_corrections_are_checked(desk: Desk, home: Registered) -> None:
    child = home.person_ids[1]
    for changes, field in (
        ({"surname": " "}, "surname"),
        ({"birth": Birth(date(2025, 1, 1), BirthKnown.DAY)}, "birth"),
        ({"relation": Relation.SELF}, "relation"),
    ):
        assert (
            refused(partial(desk.do, correct_person, person_id=child, reason="r", **changes))
            == field
        )
    assert refused(lambda: desk.do(correct_person, person_id=child, reason="", surname="Ba")) == (
        "reason"
    )


def test_a_household_s_phone_consent_and_size_are_kept_up(desk: Desk, home: Registered) -> None:
    desk.do(
        correct_household,
        household_id=home.household_id,
        phone="771234567",
        consent=True,
        other_cover="none",
    )
    file = file_of(desk, home.household_id)
    assert (file.phone, file.consent, file.consent_on, file.other_cover) == (
        "771234567",
        True,
        date(2024, 5, 20),
        "none",
    )
    grow: dict[str, Any] = {"household_id": home.household_id, "declared_size": 9}
    with pytest.raises(Caution) as caution:
        desk.do(correct_household, **grow)
    assert [one.name for one in caution.value.doubts] == ["completeness"]
    desk.do(correct_household, accepting=COMPLETE, **grow)
    assert refused(
        lambda: desk.do(correct_household, household_id=home.household_id, declared_size=5)
    ) == ("declared_size")


def test_a_photo_is_kept_and_taken_away(desk: Desk, home: Registered) -> None:
    desk.do(set_photo, person_id=home.person_ids[1], photo=b"p" * 32)
    assert file_of(desk, home.household_id).persons[1].photo == b"p" * 32
    desk.do(set_photo, person_id=home.person_ids[1], photo=None)
    assert file_of(desk, home.household_id).persons[1].photo is None


def test_a_household_has_the_category_of_its_latest_day(desk: Desk, home: Registered) -> None:
    poor = desk.do(put_category, code="ind", name="Indigents")
    desk.do(categorise, household_id=home.household_id, category_id=poor, on=date(2024, 5, 1))
    assert desk.do(put_category, code="IND", name="Indigent") == poor
    assert file_of(desk, home.household_id).category == "Indigent"
    assert refused(
        lambda: desk.do(
            categorise, household_id=home.household_id, category_id=poor, on=date(2024, 5, 21)
        )
    ) == ("on")


# Statutes, completeness, polygamous households


def test_too_few_of_the_family_is_doubted_or_refused(desk: Desk) -> None:
    with pytest.raises(Caution):
        a_household(desk, 3, declared_size=4)
    a_household(desk, 4, declared_size=5)
    a_household(desk, 3, declared_size=4, accepting=COMPLETE)
    desk.do(set_statutes, statutes=Statutes(completeness_blocks=True), accepting=SURE)
    assert refused(lambda: a_household(desk, 3, declared_size=4, accepting=COMPLETE)) == (
        "declared_size"
    )


def test_a_compound_of_wives_is_judged_as_one(desk: Desk) -> None:
    statutes = Statutes(polygamy_mode=PolygamyMode.ONE_PER_WIFE, completeness_blocks=True)
    desk.do(set_statutes, statutes=statutes, accepting=SURE)
    first = a_household(desk, 6, declared_size=6)
    second = a_household(desk, 3, declared_size=5, compound_id=first.household_id)
    assert file_of(desk, second.household_id).compound_id == first.household_id
    assert refused(
        lambda: a_household(desk, 1, declared_size=5, compound_id=second.household_id)
    ) == ("declared_size")


def test_each_wife_has_her_own_membership_where_the_statutes_say_so(
    desk: Desk, home: Registered
) -> None:
    marry: dict[str, Any] = {"household_id": home.household_id, "on": date(2024, 5, 20)}
    first = a_person(Relation.SPOUSE, date(1985, 1, 1), name="Penda")
    second = a_person(Relation.CO_SPOUSE, date(1990, 1, 1), name="Yacine")
    desk.do(record_marriage, person=first, **marry)
    desk.do(
        set_statutes, statutes=Statutes(polygamy_mode=PolygamyMode.ONE_PER_WIFE), accepting=SURE
    )
    for one in (second, a_person(Relation.SPOUSE, date(1991, 1, 1), name="Maty")):
        assert refused(partial(desk.do, record_marriage, person=one, **marry)) == (
            "person:relation"
        )
    desk.do(set_statutes, statutes=Statutes(first_day=date(2024, 5, 20)))
    assert desk.do(record_marriage, person=second, **marry).person_ids
    assert refused(lambda: a_household(desk, 2, compound_id=home.household_id)) == ("compound")


def test_statutes_do_not_reach_into_a_closed_month(desk: Desk, clock: SetClock) -> None:
    a_household(desk, 1)
    clock.set(date(2024, 2, 7))
    desk.do(close_month, month=Month(2024, 1), accepting=frozenset({"not_counted"}))
    assert refused(
        lambda: desk.do(set_statutes, statutes=Statutes(first_day=date(2024, 1, 31)))
    ) == ("first_day")
    desk.do(set_statutes, statutes=Statutes(first_day=date(2024, 2, 1)))


# One person written down twice


def test_two_entries_are_made_one_and_two_again(desk: Desk, home: Registered) -> None:
    twice = desk.do(
        record_joining, household_id=home.household_id, person=a_person(), on=date(2024, 5, 20)
    ).person_ids[0]
    kept = home.person_ids[1]
    before = whole(desk, home.household_id)
    done = desk.do(merge_persons, kept_id=kept, other_id=twice, reason="the same girl")
    assert says(desk, twice, date(2024, 5, 20)) == (Answer.YES, ())
    assert regular(desk, home.household_id, date(2024, 6, 1)) == 6 * 350
    assert refused(
        lambda: desk.do(merge_persons, kept_id=home.person_ids[2], other_id=twice, reason="again")
    ) == ("other_id")
    with desk.read() as connection:
        merge_id = connection.exec_driver_sql("SELECT id FROM person_merge").scalar_one()
    desk.do(undo_merge, merge_id=merge_id, reason="they are twins")
    assert whole(desk, home.household_id) == before
    assert done.households == (home.household_id,)


@pytest.mark.parametrize("marked_first", [True, False])
def test_a_mark_of_the_entry_given_up_counts_for_the_kept_one_while_merged(
    desk: Desk, home: Registered, *, marked_first: bool
) -> None:
    """Born on 1 March 2005: 18 since 2023, under 21 with a certificate to October 2024."""
    desk.confirm_day(date(2024, 2, 1))
    kept, other = (
        desk.do(
            record_joining,
            household_id=home.household_id,
            person=a_person(born=date(2005, 3, 1), name=name),
            on=date(2024, 2, 1),
            accepting=frozenset({"alike:0", "backdated"}),
        ).person_ids[0]
        for name in ("Astou", "Penda")
    )

    desk.confirm_day(date(2024, 5, 20))

    def mark() -> None:
        desk.do(
            mark_student,
            person_id=other,
            first_day=date(2023, 10, 1),
            until=date(2024, 10, 1),
            document="lycée",
            accepting=SURE,
        )

    if marked_first:
        mark()
    assert ReasonCode.RA06 in says(desk, kept, date(2024, 5, 20))[1]
    done = desk.do(merge_persons, kept_id=kept, other_id=other, reason="the same girl")
    if not marked_first:
        mark()
    assert says(desk, kept, date(2024, 5, 20)) == (Answer.YES, ())
    assert says(desk, other, date(2024, 5, 20)) == (Answer.YES, ())
    if marked_first:
        undo(desk, done.event_ids[0])
        assert ReasonCode.RA06 in says(desk, kept, date(2024, 5, 20))[1]


def test_one_person_covered_in_two_households_leaves_one_of_them_first(
    desk: Desk, home: Registered, clock: SetClock
) -> None:
    other = a_household(desk, 2)
    clock.set(date(2024, 5, 25))

    def merge() -> None:
        desk.do(
            merge_persons,
            kept_id=home.person_ids[1],
            other_id=other.person_ids[1],
            reason="the same",
        )

    with pytest.raises(Refusal) as refusal:
        merge()
    assert refusal.value.field == "other_id"
    assert refusal.value.text.values["number"] == str(other.number)
    desk.do(record_leaving, person_id=other.person_ids[1], on=date(2024, 5, 25), reason="twice")
    merge()
    assert verify_desk(desk, whole=True).findings == []


def test_a_merge_never_cuts_cover_that_the_kept_entry_does_not_have(
    desk: Desk, home: Registered
) -> None:
    """The kept one left on 1 March; the other goes on in the same household."""
    desk.confirm_day(date(2024, 2, 1))
    twice = desk.do(
        record_joining,
        household_id=home.household_id,
        person=a_person(),
        on=date(2024, 2, 1),
        accepting=frozenset({"backdated"}),
    ).person_ids[0]
    desk.confirm_day(date(2024, 5, 20))
    desk.do(
        record_leaving,
        person_id=home.person_ids[1],
        on=date(2024, 3, 1),
        reason="moved",
        accepting=SURE,
    )
    told: dict[str, Any] = {"kept_id": home.person_ids[1], "other_id": twice, "reason": "the same"}
    assert refused(lambda: desk.do(merge_persons, **told)) == "other_id"
    desk.do(merge_persons, kept_id=twice, other_id=home.person_ids[1], reason="the same")
    assert says(desk, twice, date(2024, 5, 20)) == (Answer.YES, ())


@pytest.mark.parametrize("at", [0, 1])
def test_the_death_of_a_person_made_one_ends_all_covers(
    desk: Desk, home: Registered, at: int
) -> None:
    other = a_household(desk, 2)
    both = home.person_ids[1], other.person_ids[1]
    desk.do(record_leaving, person_id=both[0], on=date(2024, 3, 1), reason="moved", accepting=SURE)
    desk.do(merge_persons, kept_id=both[0], other_id=both[1], reason="the same")
    desk.do(record_death, person_id=both[at], on=date(2024, 5, 20))
    open_ones = [
        cover
        for household_id in (home.household_id, other.household_id)
        for cover in desk.ask(covers_of, household_id)
        if cover.person_id in both and cover.holds(date(2024, 5, 21))
    ]
    assert open_ones == []
    for one in both:
        assert says(desk, one, date(2024, 5, 21))[1][0] is ReasonCode.RA02


def test_a_death_before_the_person_changed_households_is_refused(
    desk: Desk, home: Registered
) -> None:
    """Told late: on 1 April they were of the first household, since 2 May of the other."""
    going = home.person_ids[1]
    desk.confirm_day(date(2024, 5, 20))
    desk.do(
        rights.split,
        household_id=home.household_id,
        person_ids=[going],
        head_id=going,
        on=date(2024, 5, 2),
        accepting=SURE,
    )
    assert refused(lambda: desk.do(record_death, person_id=going, on=date(2024, 4, 1)))


def test_a_cover_that_had_ended_ends_again_when_two_entries_are_told_apart(
    desk: Desk, clock: SetClock
) -> None:
    first, second = a_household(desk, 2), a_household(desk, 2)
    twice = second.person_ids[1]
    clock.set(date(2024, 3, 1))
    left = desk.do(
        record_leaving, person_id=twice, on=date(2024, 3, 1), reason="to the other home"
    )
    before = whole(desk, second.household_id)
    done = desk.do(merge_persons, kept_id=first.person_ids[1], other_id=twice, reason="the same")
    undo(desk, done.event_ids[0])
    assert whole(desk, second.household_id) == before
    ends = [one.until for one in desk.ask(covers_of, second.household_id) if one.suffix == 1]
    assert ends == [date(2024, 3, 1)]
    undo(desk, left.event_ids[0])
    ends = [one.until for one in desk.ask(covers_of, second.household_id) if one.suffix == 1]
    assert ends == [None]


def test_the_entry_that_was_covered_first_is_kept(desk: Desk, home: Registered) -> None:
    child = home.person_ids[5]
    twice = desk.do(
        record_joining, household_id=home.household_id, person=a_person(), on=date(2024, 5, 1)
    ).person_ids[0]
    before = says(desk, child, date(2024, 5, 10))
    assert before == (Answer.YES, ())
    assert refused(
        lambda: desk.do(merge_persons, kept_id=twice, other_id=child, reason="the same")
    ) == ("other_id")
    desk.do(merge_persons, kept_id=child, other_id=twice, reason="the same")
    assert says(desk, twice, date(2024, 5, 10)) == before


def test_a_member_is_not_the_entry_given_up(desk: Desk, home: Registered) -> None:
    other = a_household(desk, 1)
    assert refused(
        lambda: desk.do(
            merge_persons,
            kept_id=home.person_ids[1],
            other_id=other.person_ids[0],
            reason="the same",
        )
    ) == ("other_id")


# Undoing


def test_a_household_does_not_end_before_one_of_it_died(desk: Desk, home: Registered) -> None:
    desk.do(record_death, person_id=home.person_ids[5], on=date(2024, 5, 10))
    told: dict[str, Any] = {"household_id": home.household_id, "letter_on": date(2024, 4, 1)}
    assert refused(lambda: desk.do(resign, on=date(2024, 4, 1), **told)) == "on"
    assert desk.do(resign, on=date(2024, 5, 11), **told).event_ids


def size(desk: Desk, household_id: HouseholdId) -> int:
    return file_of(desk, household_id).declared_size


def test_the_declared_size_follows_births_marriages_and_late_joining_and_comes_back(
    desk: Desk, home: Registered
) -> None:
    steps: list[EventId] = []
    sizes = [size(desk, home.household_id)]
    come: dict[str, Any] = {"household_id": home.household_id, "on": date(2024, 5, 15)}
    for happened in (
        lambda: desk.do(record_birth, person=a_person(name="Birame"), mother_id=None, **come),
        lambda: desk.do(
            record_marriage,
            person=a_person(Relation.SPOUSE, date(1990, 1, 1), name="Penda"),
            **come,
        ),
        lambda: desk.do(
            record_joining, person=a_person(Relation.PARENT, date(1950, 1, 1)), **come
        ),
        lambda: desk.do(
            record_divorce,
            person_id=file_of(desk, home.household_id).persons[7].id,
            on=date(2024, 5, 20),
        ),
    ):
        steps.append(happened().event_ids[0])
        sizes.append(size(desk, home.household_id))
    assert sizes == [6, 7, 8, 9, 8]
    for event_id in reversed(steps):
        undo(desk, event_id)
        sizes.pop()
        assert size(desk, home.household_id) == sizes[-1]


def test_who_lived_in_the_household_already_is_not_counted_twice(desk: Desk) -> None:
    """Eight live there, seven are covered: the eighth joins, then a ninth."""
    made = a_household(desk, 7, declared_size=8)
    done: list[EventId] = []
    for name, expected in (("Ami", 8), ("Oumy", 9)):
        done += desk.do(
            record_joining,
            household_id=made.household_id,
            person=a_person(name=name),
            on=date(2024, 1, 10),
        ).event_ids
        assert size(desk, made.household_id) == expected
    for event_id in reversed(done):
        undo(desk, event_id)
        assert size(desk, made.household_id) == 8


def test_the_size_of_a_household_of_one_comes_back_exactly(desk: Desk) -> None:
    made = a_household(desk, 1)
    died = desk.do(record_death, person_id=made.person_ids[0], on=date(2024, 1, 10))
    undo(desk, died.event_ids[0])
    assert size(desk, made.household_id) == 1


def test_a_cover_taken_back_never_was(desk: Desk, home: Registered) -> None:
    done = desk.do(
        record_joining,
        household_id=home.household_id,
        person=a_person(),
        on=date(2024, 2, 1),
        accepting=frozenset({"backdated"}),
    )
    undo(desk, done.event_ids[0])
    told = desk.ask(household_verdicts, home.household_id, date(2024, 5, 20))[2]
    gone = told[done.person_ids[0]]
    assert next(one.code for one in gone.reasons) is ReasonCode.RA01
    assert gone.flags == ()


def test_a_registration_by_mistake_is_undone_as_if_it_never_was(desk: Desk) -> None:
    made = a_household(desk, 2)
    event = desk.ask(events_of, made.household_id)[0]
    assert event.id is not None
    undo(desk, event.id)
    assert state(desk, made.household_id, date(2024, 1, 10)) is HouseholdState.CLOSED
    assert desk.ask(verdict_of, made.person_ids[1], date(2024, 1, 10)) is None


def test_an_event_is_undone_once_with_a_reason_and_stays_in_sight(
    desk: Desk, home: Registered
) -> None:
    done = desk.do(record_death, person_id=home.person_ids[5], on=date(2024, 5, 3))
    event_id = done.event_ids[0]
    assert refused(lambda: desk.do(reverse_event, event_id=event_id, reason=" ")) == "reason"
    undo(desk, event_id)
    assert refused(lambda: undo(desk, event_id)) == "event"
    assert [event.kind for event in desk.ask(history_of, home.household_id)] == [
        EventKind.REGISTERED,
        EventKind.DEATH,
        EventKind.REVERSED,
    ]
    assert file_of(desk, home.household_id).persons[5].deceased_on is None


def test_what_something_later_builds_on_is_not_undone(desk: Desk, home: Registered) -> None:
    born = desk.do(
        record_birth,
        household_id=home.household_id,
        person=a_person(born=date(2024, 5, 2)),
        mother_id=None,
        on=date(2024, 5, 2),
    )
    died = desk.do(record_death, person_id=born.person_ids[0], on=date(2024, 5, 20))
    assert refused(lambda: undo(desk, born.event_ids[0])) == "event"
    undo(desk, died.event_ids[0])
    undo(desk, born.event_ids[0])


def test_what_was_paid_with_an_event_keeps_it(desk: Desk, home: Registered) -> None:
    done = desk.do(
        record_joining, household_id=home.household_id, person=a_person(), on=date(2024, 5, 20)
    )
    a_payment(desk, home, 2450)
    assert refused(lambda: undo(desk, done.event_ids[0])) == "event"


def test_a_member_who_died_is_the_member_again(desk: Desk, home: Registered) -> None:
    before = whole(desk, home.household_id)
    done = desk.do(
        record_death,
        person_id=home.person_ids[0],
        on=date(2024, 5, 3),
        heir_id=home.person_ids[1],
        accepting=SURE,
    )
    undo(desk, done.event_ids[1])
    assert whole(desk, home.household_id) == before


def test_who_is_covered_elsewhere_since_is_not_taken_back(desk: Desk, home: Registered) -> None:
    child = home.person_ids[5]
    done = desk.do(record_leaving, person_id=child, on=date(2024, 5, 1), reason="fostered")
    other = a_household(desk, 1)
    desk.do(
        record_joining,
        household_id=other.household_id,
        person=a_person(),
        on=date(2024, 5, 20),
        known_id=child,
    )
    assert refused(lambda: undo(desk, done.event_ids[0])) == "event"


def test_a_resignation_is_withdrawn_though_something_happened_before_its_end(
    desk: Desk, home: Registered
) -> None:
    letter = desk.do(
        resign,
        household_id=home.household_id,
        letter_on=date(2024, 5, 20),
        on=date(2024, 7, 1),
    )
    died = desk.do(record_death, person_id=home.person_ids[5], on=date(2024, 5, 20))
    born = desk.do(
        record_birth,
        household_id=home.household_id,
        person=a_person(born=date(2024, 5, 20)),
        mother_id=None,
        on=date(2024, 5, 20),
    )
    undo(desk, letter.event_ids[0])
    ends = {one.person_id: one.until for one in desk.ask(covers_of, home.household_id)}
    assert ends.pop(home.person_ids[5]) == date(2024, 5, 21)
    assert set(ends.values()) == {None}
    undo(desk, born.event_ids[0])
    undo(desk, died.event_ids[0])
    assert kinds(desk, home.household_id) == [EventKind.REGISTERED]


@pytest.mark.parametrize("days", [-30, -1, 0, 1])
def test_nobody_takes_the_place_of_who_left_on_the_eve_either(
    desk: Desk, home: Registered, clock: SetClock, days: int
) -> None:
    clock.set(date(2024, 5, 25))
    left = date(2024, 5, 20)
    desk.do(record_leaving, person_id=home.person_ids[5], on=left, reason="fostered")
    assert refused(
        lambda: desk.do(
            record_joining,
            household_id=home.household_id,
            person=a_person(),
            on=left + timedelta(days=days),
        )
    ) == ("on")


def test_a_move_is_not_told_for_a_day_before_the_last_one(desk: Desk, home: Registered) -> None:
    first = file_of(desk, home.household_id).section_id
    second, third = a_section(desk, "Tougouni"), a_section(desk, "Keur Samba")
    desk.do(move_section, household_id=home.household_id, section_id=second, on=date(2024, 5, 11))
    for section in (first, third):
        assert refused(
            lambda section=section: desk.do(  # type: ignore[misc]
                move_section,
                household_id=home.household_id,
                section_id=section,
                on=date(2024, 5, 10),
            )
        ) == ("on")
    assert file_of(desk, home.household_id).section_id == second


def test_a_membership_does_not_end_before_the_household_came_back(
    desk: Desk, home: Registered, clock: SetClock
) -> None:
    clock.set(date(2024, 5, 30))
    home_id = home.household_id
    desk.do(resign, household_id=home_id, letter_on=date(2024, 5, 2), on=date(2024, 5, 2))
    desk.do(readmit, household_id=home_id, on=date(2024, 5, 20))
    for day in (date(2024, 5, 1), date(2024, 5, 10)):
        assert refused(
            lambda day=day: desk.do(  # type: ignore[misc]
                resign, household_id=home_id, letter_on=day, on=day
            )
        ) == ("on")
    desk.do(resign, household_id=home_id, letter_on=date(2024, 5, 20), on=date(2024, 5, 21))
    assert all(one.until != one.first_day for one in desk.ask(covers_of, home_id))


# Closed months and the journal


def test_a_death_told_late_changes_no_closed_month(desk: Desk, clock: SetClock) -> None:
    made = a_household(desk, 6)
    a_payment(desk, made, 1000 + 2100)
    for month in (1, 2, 3):
        clock.set(date(2024, month + 1, 7))
        desk.do(close_month, month=Month(2024, month), accepting=frozenset({"not_counted"}))

    def closed() -> object:
        with desk.read() as connection:
            return (
                connection.exec_driver_sql(
                    "SELECT month, paid, unpaid FROM earning ORDER BY id"
                ).all(),
                connection.exec_driver_sql("SELECT count(*) FROM entry").scalar_one(),
            )

    before = closed()
    desk.do(record_death, person_id=made.person_ids[5], on=date(2024, 2, 10), accepting=SURE)
    assert closed() == before
    account = desk.ask(account_of, made.household_id, date(2024, 4, 7))
    assert [due.due.amount for due in account.called] == [2100, 1750, 1750]
    clock.set(date(2024, 5, 7))
    desk.do(close_month, month=Month(2024, 4), accepting=frozenset({"not_counted"}))
    # March was earned on trust with 2 100; April takes the 350 back and earns its own part.
    with desk.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT month, due_first_day, unpaid FROM earning WHERE unpaid <> 0 ORDER BY id"
        ).all()
    assert ("2024-04", "2024-03-01", -350) in [tuple(row) for row in rows]
    assert verify_desk(desk, whole=True).findings == []


def test_a_preview_tells_before_and_after_and_writes_nothing(desk: Desk, home: Registered) -> None:
    acts = desk.acts
    seen = rights.foresee(
        desk,
        lambda work: rights.split(
            work,
            household_id=home.household_id,
            person_ids=home.person_ids[1:3],
            head_id=home.person_ids[1],
            on=date(2024, 5, 20),
            accepting=SURE,
        ),
    )
    assert desk.acts == acts
    assert kinds(desk, home.household_id) == [EventKind.REGISTERED]
    told = [
        (one.before and one.before.regular, one.after.regular, one.after.to_pay, one.after.state)
        for one in seen.households
    ]
    assert told == [
        (None, 700, 700, HouseholdState.ACTIVE),  # paid for to the end of June
        (2100, 1400, 0, HouseholdState.ACTIVE),
    ]
    going = next(one for one in seen.persons if one.person_id == home.person_ids[1])
    assert going.before is not None
    assert (going.before.answer, going.after.answer) == (Answer.YES, Answer.YES)
    assert going.after.rights_through == date(2024, 6, 30)
    with pytest.raises(Refusal):
        rights.foresee(
            desk,
            lambda work: record_leaving(
                work, person_id=home.person_ids[0], on=desk.today, reason="x"
            ),
        )


def test_a_preview_asks_for_no_second_signature(two_people_desk: Desk, clock: SetClock) -> None:
    made = a_household(two_people_desk, 2)
    clock.set(date(2024, 5, 20))
    seen = rights.foresee(
        two_people_desk,
        lambda work: exclude(
            work,
            household_id=made.household_id,
            on=date(2024, 5, 20),
            hearing_on=date(2024, 5, 10),
            decision="CA 3/2024",
            reason="lent the card",
        ),
    )
    assert seen.households[0].after.state is HouseholdState.EXCLUDED


def test_the_journal_replays_after_every_kind_of_event(desk: Desk, home: Registered) -> None:
    day = date(2024, 5, 20)
    ids = home.person_ids
    desk.do(
        record_marriage,
        household_id=home.household_id,
        person=a_person(Relation.SPOUSE, date(1988, 1, 1)),
        on=date(2024, 5, 19),
        declared_on=date(2024, 5, 19),
    )
    desk.do(change_head, household_id=home.household_id, person_id=ids[1], on=day, accepting=SURE)
    desk.do(record_leaving, person_id=ids[2], on=day, reason="moved")
    split = desk.do(
        rights.split,
        household_id=home.household_id,
        person_ids=ids[3:5],
        head_id=ids[3],
        on=day,
        accepting=SURE,
    )
    desk.do(correct_person, person_id=ids[4], reason="paper", occupation="tailor")
    undo(desk, split.event_ids[0])
    excluded(desk, home.household_id)
    assert verify_desk(desk, whole=True).findings == []
    told = [event.recorded_on for event in desk.ask(history_of, home.household_id)]
    assert told == [date(2024, 1, 10), *[day] * (len(told) - 1)]
