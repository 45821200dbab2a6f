"""Households in a real book: registering, finding, doubting."""

from datetime import date

import pytest

from stepdesk.errors import Caution, Refusal
from stepdesk.members.queries import (
    counts_on,
    household_file,
    household_ids,
    household_of_number,
    household_rows,
    search,
    similar_numbers,
)
from stepdesk.members.service import (
    end_membership,
    rebuild_search,
    record_event,
    register_household,
)
from stepdesk.members.terms import (
    ENDINGS,
    Birth,
    BirthKnown,
    Event,
    EventKind,
    NewPerson,
    Relation,
    Sex,
)
from stepdesk.scheme.queries import sections_on
from stepdesk.scheme.service import add_section, rename_section
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.values.ids import PlanId, SectionId
from tests.builders import a_household, a_plan, a_section, persons


def a_named(surname: str, given: str, *, sex: Sex = Sex.FEMALE, year: int = 1990) -> NewPerson:
    return NewPerson(surname, given, sex, Birth(date(year, 1, 1), BirthKnown.DAY), Relation.SELF)


def register(desk: Desk, one: NewPerson, **told: object):  # type: ignore[no-untyped-def]  # noqa: ANN201
    sections = desk.ask(sections_on, desk.today)
    section = sections[0].id if sections else a_section(desk)
    with desk.read() as connection:
        plan = connection.exec_driver_sql("SELECT id FROM plan").scalar_one_or_none()
    plan_id = PlanId(plan) if plan else a_plan(desk)
    return desk.do(
        register_household,
        section_id=section,
        plan_id=plan_id,
        persons=[one],
        **told,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("N'Diaye", "ndiaye"),
        ("N'Diaye", "N’DIA"),
        ("Ouédraogo", "ouedr"),
        ("Ouédraogo", "draogo"),
        ("Ɓooyi", "booyi"),
        ("Diaw-Fall", "fall"),
        ("أحمد", "احمد"),
    ],
)
def test_a_name_is_found_however_it_is_typed(desk: Desk, name: str, asked: str) -> None:
    registered = register(desk, a_named(name, "Awa"))
    found = desk.ask(search, asked)
    assert [one.id for one in found] == list(registered.person_ids)
    assert found[0].name == f"{name} Awa"


def test_parts_of_several_words_narrow_the_search(desk: Desk) -> None:
    first = register(desk, a_named("Diop", "Awa"))
    register(desk, a_named("Diop", "Bintou"))
    assert [one.id for one in desk.ask(search, "aw dio")] == list(first.person_ids)
    assert len(desk.ask(search, "diop")) == 2
    assert desk.ask(search, "diop zz") == ()
    assert desk.ask(search, '"; --') == ()


def test_a_number_finds_its_household_however_it_is_typed(desk: Desk) -> None:
    registered = a_household(desk, 3)
    for asked in ("1", "000001", str(registered.number), registered.number.digits):
        assert desk.ask(household_of_number, asked) == registered.household_id
        assert len(desk.ask(search, asked)) == 3
    # Screens handbook 2.4: a card names its household. Household 1 has check digit 8; a card for
    # each person has a suffix; a French keyboard gives : and ! where an English one has . and /.
    for code in ("010000018.1", "010000018.12", "010000018/02.1", "010000018:1", "010000018!02:1"):
        assert desk.ask(household_of_number, code) == registered.household_id, code
        assert desk.ask(search, code), code
    for wrong in ("01-000001-3", "010000013.1", "1.1", "010000018."):
        assert desk.ask(household_of_number, wrong) is None, wrong
    assert desk.ask(similar_numbers, "10") == (str(registered.number),)
    # Household 10 has check digit 9: 1 x 1 = 1, 0 x 2 = 0 ... on the second place 1 stays 1.
    assert desk.ask(similar_numbers, "010000109.2") == (str(registered.number),)


def test_an_old_number_is_text_and_finds_its_household(desk: Desk) -> None:
    registered = register(desk, a_named("Diop", "Awa"), legacy_number="070707070")
    assert desk.ask(household_of_number, "070707070") == registered.household_id


def test_numbers_follow_each_other_and_keep_their_serial(desk: Desk) -> None:
    first, second = a_household(desk, 2), a_household(desk, 2)
    assert (first.number.serial, second.number.serial) == (1, 2)
    assert desk.ask(household_ids) == (first.household_id, second.household_id)


def test_a_household_is_shown_as_it_was_registered(desk: Desk) -> None:
    registered = a_household(
        desk, 3, phone=" 77 100 00 00 ", declared_size=5, accepting=frozenset({"completeness"})
    )
    known = desk.ask(household_file, registered.household_id)
    assert known is not None
    assert (known.declared_size, known.phone, known.section) == (5, "77 100 00 00", "Koula")
    assert [one.suffix for one in known.persons] == [0, 1, 2]
    assert known.member_name == known.persons[0].name
    rows = desk.ask(household_rows, [registered.household_id], desk.today)
    assert (rows[0].beneficiaries, rows[0].member_name) == (3, known.member_name)


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind in ENDINGS])
def test_from_the_day_a_membership_ends_nobody_of_the_household_is_covered(
    desk: Desk, kind: EventKind
) -> None:
    first_day, last = date(2023, 1, 1), date(2023, 6, 1)
    ended = a_household(desk, 3, joined_on=first_day)
    a_household(desk, 2, joined_on=first_day)
    desk.do(end_membership, household_id=ended.household_id, event=Event(kind, last))
    known = desk.ask(household_file, ended.household_id)
    assert known is not None
    assert [(one.first_day, one.until) for one in known.covers] == [(first_day, last)] * 3
    assert known.events == (Event(EventKind.REGISTERED, first_day), Event(kind, last))
    assert desk.ask(counts_on, date(2023, 5, 31)) == (2, 5)
    assert desk.ask(counts_on, last) == (1, 2)
    again = Event(EventKind.READMITTED, date(2023, 8, 1))
    desk.do(record_event, household_id=ended.household_id, event=again)
    assert desk.ask(counts_on, date(2023, 7, 31)) == (1, 2)
    assert desk.ask(counts_on, date(2023, 8, 1)) == (2, 2)
    assert verify_desk(desk, whole=True).findings == []


def test_somebody_alike_is_doubted_and_may_be_somebody_else(desk: Desk) -> None:
    register(desk, a_named("Diop", "Awa"))
    with pytest.raises(Caution) as doubted:
        register(desk, a_named("DIOP", "Áwa", year=1991))
    assert [doubt.name for doubt in doubted.value.doubts] == ["alike:0"]
    register(desk, a_named("Diop", "Awa", year=1991), accepting=frozenset({"alike:0"}))
    register(desk, a_named("Diop", "Awa", year=1970))
    register(desk, a_named("Diop", "Awa", sex=Sex.MALE))


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"section_id": SectionId(b"?" * 16)}, "section"),
        ({"plan_id": PlanId(b"?" * 16)}, "plan"),
        ({"joined_on": date(2024, 1, 11)}, "joined_on"),
        ({"persons": []}, "surname:0"),
        ({"persons": [a_named("Diop", "Awa", year=2025)]}, "birth:0"),
    ],
)
def test_a_registration_that_cannot_be_changes_nothing(
    desk: Desk, told: dict[str, object], field: str
) -> None:
    section, plan = a_section(desk), a_plan(desk)
    acts = desk.acts
    whole = {"section_id": section, "plan_id": plan, "persons": persons(2)} | told
    with pytest.raises(Refusal) as refused:
        desk.do(register_household, **whole)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert desk.acts == acts


def test_search_rows_can_be_made_anew(desk: Desk) -> None:
    a_household(desk, 4)
    assert desk.do(rebuild_search) == 4
    assert len(desk.ask(search, "1")) == 4


def test_a_section_keeps_its_code_and_changes_its_name_from_a_day_on(desk: Desk) -> None:
    section = a_section(desk, "Koula")
    desk.do(rename_section, section_id=section, name="Koula Ba", first_day=date(2024, 6, 1))
    assert [one.name for one in desk.ask(sections_on, date(2024, 5, 31))] == ["Koula"]
    assert [one.name for one in desk.ask(sections_on, date(2024, 6, 1))] == ["Koula Ba"]
    with pytest.raises(Refusal) as refused:
        desk.do(add_section, name="Koula")
    assert refused.value.field == "name"
