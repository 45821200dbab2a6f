from datetime import date

import pytest

from stepdesk.errors import Refusal
from stepdesk.members.rules import (
    appeal_until,
    check_birth,
    check_household,
    read_birth,
    relation_to,
)
from stepdesk.members.terms import Birth, BirthKnown, NewPerson, Relation, Sex, Statutes

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("told", "birth"),
    [
        ("14/3/1987", Birth(date(1987, 3, 14), BirthKnown.DAY)),
        ("14.03.1987", Birth(date(1987, 3, 14), BirthKnown.DAY)),
        ("1987-03-14", Birth(date(1987, 3, 14), BirthKnown.DAY)),
        ("3/2019", Birth(date(2019, 3, 1), BirthKnown.MONTH)),
        ("1987", Birth(date(1987, 7, 1), BirthKnown.YEAR)),
        ("~1987", Birth(date(1987, 7, 1), BirthKnown.ABOUT)),
        ("41", Birth(date(1985, 7, 1), BirthKnown.ABOUT)),
        ("~35", Birth(date(1991, 7, 1), BirthKnown.ABOUT)),
        ("0", Birth(date(2026, 7, 1), BirthKnown.ABOUT)),
        ("23/11/2026", Birth(TODAY, BirthKnown.DAY)),
    ],
)
def test_a_birth_is_read_as_people_tell_it(told: str, birth: Birth) -> None:
    assert read_birth(told, TODAY) == birth


@pytest.mark.parametrize(
    "told",
    ["", "hier", "31/2/2020", "13/2019", "1/2/3/4", "24/11/2026", "2027", "1850", "12/1905x"],
)
def test_what_is_no_birth_is_refused_beside_its_field(told: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_birth(told, TODAY)
    assert refused.value.field == "birth"


def test_a_newborn_of_this_year_counts_from_today_before_july() -> None:
    march = date(2026, 3, 10)
    assert read_birth("0", march) == Birth(march, BirthKnown.ABOUT)
    assert check_birth(Birth(date(2026, 7, 1), BirthKnown.YEAR), march).day == march


def a_person(
    relation: Relation = Relation.SELF, surname: str = "Diop", given: str = "Awa"
) -> NewPerson:
    return NewPerson(surname, given, Sex.FEMALE, Birth(date(1990, 1, 1), BirthKnown.DAY), relation)


@pytest.mark.parametrize(
    ("persons", "size", "field"),
    [
        ([], 0, "surname:0"),
        ([a_person(surname=" ")], 0, "surname:0"),
        ([a_person(), a_person(Relation.CHILD, given="")], 0, "given_names:1"),
        ([a_person(Relation.CHILD)], 0, "relation:0"),
        ([a_person(), a_person()], 0, "relation:1"),
        ([a_person(), a_person(Relation.CHILD)], 1, "declared_size"),
    ],
)
def test_a_household_that_cannot_be_is_refused(
    persons: list[NewPerson], size: int, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        check_household(persons, declared_size=size)
    assert refused.value.field == field


def test_a_member_with_family_is_a_household() -> None:
    check_household([a_person(), a_person(Relation.CHILD)], declared_size=2)
    check_household([a_person()], declared_size=0)


def test_who_is_excluded_may_appeal_for_sixty_days() -> None:
    assert appeal_until(date(2024, 5, 20), Statutes()) == date(2024, 7, 19)


def test_a_widow_who_takes_over_has_her_children_and_his_parents_in_law() -> None:
    seen = [
        relation_to(Relation.SPOUSE, other)
        for other in (Relation.SELF, Relation.CHILD, Relation.PARENT, Relation.CO_SPOUSE)
    ]
    assert seen == [
        Relation.SPOUSE,
        Relation.CHILD,
        Relation.PARENT_IN_LAW,
        Relation.CO_SPOUSE,
    ]
