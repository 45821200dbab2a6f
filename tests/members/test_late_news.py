"""News told late is asked about, whatever happened; and so is whoever is too young or too old."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from stepdesk.contributions.queries import facts_of
from stepdesk.contributions.service import contribute
from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.members.queries import covers_of, events_of, statutes
from stepdesk.members.service import (
    categorise,
    change_head,
    correct_person,
    exclude,
    mark_disabled,
    mark_student,
    move_section,
    put_category,
    record_birth,
    record_death,
    record_divorce,
    record_joining,
    record_leaving,
    record_marriage,
    register_household,
    resign,
    reverse_event,
    set_statutes,
)
from stepdesk.members.terms import (
    Birth,
    BirthKnown,
    EventKind,
    NewPerson,
    Registered,
    Relation,
    Sex,
    Statutes,
    Transfer,
)
from stepdesk.payers import service as payers
from stepdesk.payers.terms import PayerAgreement, PayerKind
from stepdesk.reports.service import close_month
from stepdesk.rights import service as rights
from stepdesk.rights.service import tell_rights
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import HouseholdId, PayerAgreementId, PayerId, PersonId
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import a_household, a_payment, a_plan, a_request, a_section

TODAY = date(2024, 5, 20)
OLD, EVE, RECENT = date(2024, 4, 18), date(2024, 4, 19), date(2024, 5, 2)
"""32 days ago, 31 days ago, and 18: only the first is old news."""


def born(day: date) -> Birth:
    return Birth(day, BirthKnown.DAY)


def a_person(
    given: str, relation: Relation, birth: date, sex: Sex = Sex.FEMALE, surname: str = "Mbaye"
) -> NewPerson:
    return NewPerson(surname, given, sex, born(birth), relation)


@pytest.fixture
def home(desk: Desk, clock: SetClock) -> Registered:
    """Awa of 44 with her husband, a son of 19, two children and her mother; paid to June."""
    section, plan = a_section(desk), a_plan(desk)
    made = desk.do(
        register_household,
        section_id=section,
        plan_id=plan,
        persons=[
            a_person("Awa", Relation.SELF, date(1980, 1, 1)),
            a_person("Malick", Relation.SPOUSE, date(1975, 2, 2), Sex.MALE),
            a_person("Cheikh", Relation.CHILD, date(2005, 2, 3), Sex.MALE),
            a_person("Sokhna", Relation.CHILD, date(2012, 3, 4)),
            a_person("Tening", Relation.CHILD, date(2016, 4, 5)),
            a_person("Yande", Relation.PARENT, date(1955, 5, 6)),
        ],
    )
    a_payment(desk, made, 1000 + 5 * 5 * 350)
    clock.set(TODAY)
    return made


def doubts(call: Callable[[], object]) -> list[Doubt]:
    with pytest.raises(Caution) as caution:
        call()
    return list(caution.value.doubts)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refusal:
        call()
    return refusal.value.field


def kinds(desk: Desk, household_id: HouseholdId) -> list[EventKind]:
    return [event.kind for event in desk.ask(events_of, household_id)]


def other_section(desk: Desk) -> Any:
    return a_section(desk, "Tougouni")


def told(desk: Desk, home: Registered, on: date) -> dict[str, tuple[Any, dict[str, Any]]]:
    """Every event told for a day, by its name: the verb and what it is told."""
    _, spouse, son, child, girl, parent = home.person_ids
    whole = {"household_id": home.household_id}
    split = {"person_ids": [son], "head_id": son}
    newcomer = a_person("Penda", Relation.OTHER, date(1990, 1, 1))
    return {
        "leaving": (record_leaving, {"person_id": child, "on": on, "reason": "fostered"}),
        "death": (record_death, {"person_id": parent, "on": on}),
        "divorce": (record_divorce, {"person_id": spouse, "on": on}),
        "exclusion": (
            exclude,
            whole | {"on": on, "hearing_on": on, "decision": "CA 3", "reason": "fraud"},
        ),
        "resignation": (resign, whole | {"letter_on": on, "on": on}),
        "split": (rights.split, whole | split | {"on": on}),
        "head": (change_head, whole | {"person_id": spouse, "on": on}),
        "moving": (move_section, whole | {"section_id": other_section(desk), "on": on}),
        "joining": (record_joining, whole | {"person": newcomer, "on": on}),
        "marriage": (
            record_marriage,
            whole
            | {
                "person": a_person("Fary", Relation.CO_SPOUSE, date(1985, 1, 1)),
                "on": on,
                "declared_on": on,
            },
        ),
        "birth": (
            record_birth,
            whole
            | {
                "person": a_person("Ndella", Relation.CHILD, on),
                "mother_id": home.person_ids[0],
                "on": on,
                "declared_on": on,
            },
        ),
        "student": (
            mark_student,
            {"person_id": son, "first_day": on, "until": date(2024, 10, 1), "document": "lycée"},
        ),
        "disabled": (mark_disabled, {"person_id": son, "first_day": on, "document": "CDR 9"}),
        "statutes": (set_statutes, {"statutes": Statutes(first_day=on)}),
        "correction": (
            correct_person,
            {"person_id": girl, "reason": "certificate", "birth": born(date(2015, 4, 5))},
        ),
    }


EVENTS = (
    *("leaving", "death", "divorce", "exclusion", "resignation", "split", "head", "moving"),
    *("joining", "marriage", "birth", "student", "disabled", "statutes"),
)


@pytest.mark.parametrize("what", EVENTS)
def test_an_event_of_more_than_31_days_ago_is_asked_about_and_then_recorded(
    desk: Desk, home: Registered, what: str
) -> None:
    verb, values = told(desk, home, OLD)[what]
    before = desk.acts
    (doubt,) = doubts(lambda: desk.do(verb, **values))
    assert (doubt.name, desk.acts) == ("backdated", before)
    named = doubt.text.values.get("doubt", doubt.text)
    assert (named.values["day"], named.values["count"]) == (OLD, 32)  # type: ignore[union-attr]
    desk.do(verb, **values, accepting=frozenset({"backdated"}))
    assert desk.acts > before


@pytest.mark.parametrize("what", EVENTS)
def test_an_event_of_31_days_ago_is_ordinary(desk: Desk, home: Registered, what: str) -> None:
    verb, values = told(desk, home, EVE)[what]
    desk.do(verb, **values)


@pytest.mark.parametrize("what", [one for one in EVENTS if one != "statutes"])
def test_an_event_in_a_closed_month_is_asked_about_and_names_the_month(
    desk: Desk, home: Registered, clock: SetClock, what: str
) -> None:
    """Half a month ago is not long, but April is closed."""
    clock.set(date(2024, 5, 6))
    for number in range(1, 5):
        desk.do(close_month, month=Month(2024, number), accepting=frozenset({"not_counted"}))
    verb, values = told(desk, home, date(2024, 4, 21))[what]
    (doubt,) = doubts(lambda: desk.do(verb, **values))
    assert doubt.name == "backdated"
    assert doubt.text.values["month"] == Month(2024, 4)
    assert doubt.text.values["day"] == date(2024, 4, 21)
    desk.do(verb, **values, accepting=frozenset({"backdated"}))


def test_a_merge_and_a_return_told_late_are_asked_about(desk: Desk, home: Registered) -> None:
    desk.confirm_day(date(2024, 2, 1))
    other = a_household(desk, 1)
    gone = a_household(desk, 1)
    desk.do(resign, household_id=gone.household_id, letter_on=desk.today, on=date(2024, 2, 2))
    desk.confirm_day(TODAY)
    merge: dict[str, Any] = {
        "from_id": other.household_id,
        "into_id": home.household_id,
        "on": OLD,
    }
    assert [one.name for one in doubts(lambda: desk.do(rights.merge, **merge))] == ["backdated"]
    desk.do(rights.merge, **merge, accepting=frozenset({"backdated"}))
    back: dict[str, Any] = {"household_id": gone.household_id, "on": OLD}
    assert [one.name for one in doubts(lambda: desk.do(rights.readmit, **back))] == ["backdated"]
    desk.do(rights.readmit, **back, accepting=frozenset({"backdated"}))
    assert kinds(desk, gone.household_id)[-1] is EventKind.READMITTED


@pytest.mark.usefixtures("home")
def test_a_transfer_told_late_is_asked_about(desk: Desk) -> None:
    values: dict[str, Any] = {
        "section_id": other_section(desk),
        "plan_id": a_plan(desk, plan_code="P2"),
        "persons": [a_person("Dior", Relation.SELF, date(1990, 1, 1))],
        "joined_on": OLD,
        "transfer": Transfer("Mutuelle de Fandène", date(2022, 1, 1), date(2024, 4, 1), "77"),
    }
    (doubt,) = doubts(lambda: desk.do(register_household, **values))
    assert (doubt.name, doubt.field) == ("backdated", "joined_on")
    desk.do(register_household, **values, accepting=frozenset({"backdated"}))


def test_a_correction_of_a_birth_is_asked_about_since_the_first_day_of_cover(
    desk: Desk, home: Registered
) -> None:
    verb, values = told(desk, home, OLD)["correction"]
    (doubt,) = doubts(lambda: desk.do(verb, **values))
    assert (doubt.name, doubt.text.values["day"]) == ("backdated", date(2024, 1, 10))
    desk.do(verb, **values, accepting=frozenset({"backdated"}))
    desk.do(correct_person, person_id=home.person_ids[4], reason="spelt", given_names="Téning")


def test_whatever_is_doubted_is_asked_at_once(desk: Desk, home: Registered) -> None:
    """In September the household owes; Sokhna of 12 would be the member; the day is long ago."""
    desk.confirm_day(date(2024, 9, 1))
    child = home.person_ids[3]
    values: dict[str, Any] = {
        "household_id": home.household_id,
        "person_ids": [child],
        "head_id": child,
        "on": date(2024, 7, 1),
    }
    found = doubts(lambda: desk.do(rights.split, **values))
    assert [one.name for one in found] == ["arrears", "age", "backdated"]
    desk.do(rights.split, **values, accepting=frozenset(one.name for one in found))


# Who can be what


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        (date(2019, 1, 1), "refused"),  # 5 years
        (date(2024, 6, 1), "refused"),  # born after the wedding
        (date(2014, 5, 3), "refused"),  # 9 years, 10 on the day after
        (date(2014, 5, 2), "asked"),  # 10
        (date(2008, 5, 3), "asked"),  # 15
        (date(2008, 5, 2), "taken"),  # 16
    ],
)
def test_a_spouse_is_no_child(desk: Desk, home: Registered, birth: date, expected: str) -> None:
    values: dict[str, Any] = {
        "household_id": home.household_id,
        "person": a_person("Fary", Relation.CO_SPOUSE, birth),
        "on": RECENT,
    }
    if expected == "refused":
        assert refused(lambda: desk.do(record_marriage, **values)) in {
            "birth",
            "person:birth",
        }
        return
    if expected == "asked":
        found = doubts(lambda: desk.do(record_marriage, **values))
        assert [(one.name, one.field) for one in found] == [("age", "person:birth")]
        values["accepting"] = frozenset({"age"})
    desk.do(record_marriage, **values)
    assert EventKind.MARRIAGE in kinds(desk, home.household_id)


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        (date(2016, 4, 5), "refused"),  # 8 years
        (date(2012, 3, 4), "asked"),  # 12
        (date(2006, 1, 1), "taken"),
        (date(1974, 1, 1), "taken"),  # 50
        (date(1973, 1, 1), "asked"),  # 51
        (date(1959, 1, 1), "asked"),  # 65
        (date(1958, 1, 1), "refused"),  # 66
    ],
)
def test_a_mother_has_the_age_of_one(
    desk: Desk, home: Registered, birth: date, expected: str
) -> None:
    mother = desk.do(
        record_joining,
        household_id=home.household_id,
        person=a_person("Kiné", Relation.OTHER, birth),
        on=RECENT,
    ).person_ids[0]
    values: dict[str, Any] = {
        "household_id": home.household_id,
        "person": a_person("Ndella", Relation.CHILD, TODAY),
        "mother_id": mother,
        "on": TODAY,
    }
    if expected == "refused":
        assert refused(lambda: desk.do(record_birth, **values)) == "mother_id"
        return
    if expected == "asked":
        found = doubts(lambda: desk.do(record_birth, **values))
        assert [(one.name, one.field) for one in found] == [("age", "mother_id")]
        values["accepting"] = frozenset({"age"})
    assert desk.do(record_birth, **values).person_ids


@pytest.mark.parametrize(
    ("birth", "joined", "field"),
    [
        (date(2018, 1, 1), date(2024, 5, 1), "birth:0"),  # a member of 6
        (date(1980, 1, 1), date(1900, 1, 1), "joined_on"),
        (date(1980, 1, 1), date(1985, 1, 1), "birth:0"),  # 5 when joining
    ],
)
@pytest.mark.usefixtures("home")
def test_a_member_is_no_child_and_nobody_joins_before_being_born(
    desk: Desk, birth: date, joined: date, field: str
) -> None:
    values: dict[str, Any] = {
        "section_id": other_section(desk),
        "plan_id": a_plan(desk, plan_code="P2"),
        "joined_on": joined,
    }
    one = a_person("Dior", Relation.SELF, birth)
    assert refused(lambda: desk.do(register_household, persons=[one], **values)) == field


@pytest.mark.usefixtures("home")
def test_a_household_of_orphans_is_asked_about(desk: Desk) -> None:
    values: dict[str, Any] = {
        "section_id": other_section(desk),
        "plan_id": a_plan(desk, plan_code="P2"),
        "persons": [a_person("Dior", Relation.SELF, date(2010, 1, 1))],
    }
    (doubt,) = doubts(lambda: desk.do(register_household, **values))
    assert (doubt.name, doubt.field, doubt.text.values["age"]) == ("age:0", "birth:0", 14)
    desk.do(register_household, **values, accepting=frozenset({"age:0"}))


@pytest.mark.usefixtures("home")
def test_a_registration_asks_about_everything_at_once(desk: Desk) -> None:
    """A member of 14 much like Sokhna, and one of five who live there: three doubts, one answer."""
    values: dict[str, Any] = {
        "section_id": other_section(desk),
        "plan_id": a_plan(desk, plan_code="P2"),
        "persons": [a_person("Sokhna", Relation.SELF, date(2010, 3, 4))],
        "declared_size": 5,
    }
    found = doubts(lambda: desk.do(register_household, **values))
    names = frozenset(one.name for one in found)
    assert names == {"age:0", "alike:0", "completeness"}
    assert desk.do(register_household, **values, accepting=names).person_ids


def test_an_heir_is_no_small_child(desk: Desk, home: Registered) -> None:
    member, *_, child, girl, _ = home.person_ids
    values: dict[str, Any] = {"person_id": member, "on": RECENT}
    assert refused(lambda: desk.do(record_death, heir_id=girl, **values)) == "heir_id"
    found = doubts(lambda: desk.do(record_death, heir_id=child, **values))
    assert [one.name for one in found] == ["age"]
    assert desk.do(record_death, heir_id=child, accepting=frozenset({"age"}), **values).event_ids


def test_a_corrected_birth_lies_before_the_first_day_of_cover(
    desk: Desk, home: Registered
) -> None:
    girl, parent = home.person_ids[4:]

    def correct(person_id: PersonId, birth: Birth) -> None:
        desk.do(
            correct_person,
            person_id=person_id,
            reason="r",
            birth=birth,
            accepting=frozenset({"backdated"}),
        )

    assert refused(lambda: correct(girl, born(date(2024, 1, 11)))) == "birth"
    correct(girl, born(date(2024, 1, 10)))
    correct(parent, Birth(date(1950, 7, 1), BirthKnown.YEAR))
    # A year may still hold the day before.
    correct(girl, Birth(date(2024, 1, 11), BirthKnown.MONTH))


def test_a_member_is_not_corrected_into_a_child(desk: Desk, home: Registered) -> None:
    values: dict[str, Any] = {"person_id": home.person_ids[0], "reason": "r"}
    assert (
        refused(lambda: desk.do(correct_person, birth=born(date(2018, 1, 1)), **values)) == "birth"
    )
    found = doubts(lambda: desk.do(correct_person, birth=born(date(2010, 1, 1)), **values))
    assert [one.name for one in found] == ["age", "backdated"]


# A leaving told after a joining


def joined(desk: Desk, home: Registered, on: date) -> PersonId:
    return desk.do(
        record_joining,
        household_id=home.household_id,
        person=a_person("Coura", Relation.CHILD, date(2014, 1, 1)),
        on=on,
    ).person_ids[0]


def test_a_place_is_not_taken_before_it_is_told_free(desk: Desk, home: Registered) -> None:
    """Coura joins on 2 May; that Sokhna left on 1 May is told after it: Coura took her place."""
    joined(desk, home, RECENT)
    values: dict[str, Any] = {"person_id": home.person_ids[3], "reason": "fostered"}
    assert refused(lambda: desk.do(record_leaving, on=date(2024, 5, 1), **values)) == "on"
    assert refused(lambda: desk.do(record_leaving, on=RECENT, **values)) == "on"


def test_who_leaves_soon_after_somebody_joined_is_asked_about(
    desk: Desk, home: Registered
) -> None:
    joined(desk, home, RECENT)
    values: dict[str, Any] = {"person_id": home.person_ids[3], "on": TODAY, "reason": "fostered"}
    assert [one.name for one in doubts(lambda: desk.do(record_leaving, **values))] == [
        "replacement"
    ]
    desk.do(record_leaving, **values, accepting=frozenset({"replacement"}))


def test_who_left_the_place_of_another_kind_or_joined_in_error_replaces_nobody(
    desk: Desk, home: Registered
) -> None:
    joined(desk, home, RECENT)
    desk.do(
        record_leaving, person_id=home.person_ids[5], on=date(2024, 5, 1), reason="to her son's"
    )
    (event,) = [
        one for one in desk.ask(events_of, home.household_id) if one.kind is EventKind.JOINED_LATE
    ]
    assert event.id is not None
    desk.do(reverse_event, event_id=event.id, reason="not her")
    desk.do(record_leaving, person_id=home.person_ids[3], on=date(2024, 5, 1), reason="fostered")


def test_who_joins_as_a_spouse_after_a_divorce_has_married(desk: Desk, home: Registered) -> None:
    """Joining is no way to put another in the place of who was divorced; a marriage is one."""
    desk.do(record_divorce, person_id=home.person_ids[1], on=RECENT)
    other = a_person("Fodé", Relation.SPOUSE, date(1978, 1, 1), Sex.MALE)
    values: dict[str, Any] = {"household_id": home.household_id, "person": other, "on": TODAY}
    assert refused(lambda: desk.do(record_joining, **values)) == "on"
    assert desk.do(record_marriage, **values).person_ids


# An ending before somebody came


def test_a_household_does_not_end_before_somebody_came(desk: Desk, home: Registered) -> None:
    """The child declared today would have a cover that ends before it begins."""
    desk.do(
        record_birth,
        household_id=home.household_id,
        person=a_person("Ndella", Relation.CHILD, RECENT),
        mother_id=None,
        on=RECENT,
    )
    values: dict[str, Any] = {"household_id": home.household_id, "letter_on": RECENT}
    for on in (date(2024, 5, 10), TODAY):
        assert refused(partial(desk.do, resign, on=on, **values)) == "on"
    desk.do(resign, on=date(2024, 5, 21), **values)
    assert all(one.until == date(2024, 5, 21) for one in desk.ask(covers_of, home.household_id))


# A sponsor's number


@pytest.fixture
def sponsored(desk: Desk, home: Registered) -> Registered:
    """The commune pays for the six of Awa's household, and for six at most."""
    payer = desk.do(payers.add_payer, code="COM", name="Commune", kind=PayerKind.COMMUNE)
    agreement = desk.do(
        payers.sign_agreement,
        agreement=PayerAgreement(
            PayerAgreementId(b""),
            PayerId(payer),
            "",
            date(2024, 1, 1),
            None,
            "",
            6,
            100,
            None,
            pays_fee=False,
            on_commitment=True,
            invoice_months=3,
            signed_on=date(2024, 1, 1),
        ),
    )
    which = desk.do(
        payers.nominate,
        agreement_id=agreement,
        household_id=home.household_id,
        on=RECENT,
        grounds="fire",
    )
    for verb in (payers.validate_nomination, payers.approve_nomination, payers.cover_nomination):
        desk.do(verb, nomination_id=which, on=RECENT)
    return home


def test_a_sponsored_household_that_grows_past_the_agreement_is_asked_about(
    desk: Desk, sponsored: Registered
) -> None:
    birth: dict[str, Any] = {
        "household_id": sponsored.household_id,
        "person": a_person("Ndella", Relation.CHILD, TODAY),
        "mother_id": None,
        "on": TODAY,
    }
    (doubt,) = doubts(lambda: desk.do(record_birth, **birth))
    assert doubt.name == "sponsor"
    assert (doubt.text.values["most"], doubt.text.values["count"]) == (6, 7)
    other = a_household(desk, 2)
    merge: dict[str, Any] = {
        "from_id": other.household_id,
        "into_id": sponsored.household_id,
        "on": TODAY,
    }
    (doubt,) = doubts(lambda: desk.do(rights.merge, **merge))
    assert (doubt.name, doubt.text.values["count"]) == ("sponsor", 8)
    desk.do(record_birth, **birth, accepting=frozenset({"sponsor"}))


def test_a_household_below_the_agreement_grows_unasked(desk: Desk, sponsored: Registered) -> None:
    desk.do(record_leaving, person_id=sponsored.person_ids[2], on=TODAY, reason="moved")
    desk.do(
        record_birth,
        household_id=sponsored.household_id,
        person=a_person("Ndella", Relation.CHILD, TODAY),
        mother_id=None,
        on=TODAY,
    )


# Struck off by time


def test_paying_for_a_household_struck_off_by_time_is_asked_about(desk: Desk) -> None:
    """Paid for February; March is tolerated to 4 April; six months later is 5 October."""
    made = a_household(desk, 2, plan_id=a_plan(desk, strike_off_needs_board=False))
    a_payment(desk, made, 1000 + 700)
    values: dict[str, Any] = {
        "household_id": made.household_id,
        "amount": Money(700, desk.currency),
    }
    desk.confirm_day(date(2024, 10, 6))
    (doubt,) = doubts(lambda: desk.do(contribute, request_id=a_request(), **values))
    assert doubt.name == "ended"
    desk.do(rights.readmit, household_id=made.household_id, on=desk.today)
    # Readmitted, it pays the entry fee and a first month like anybody who enters.
    desk.do(
        contribute,
        request_id=a_request(),
        household_id=made.household_id,
        amount=Money(1700, desk.currency),
    )
    assert desk.ask(facts_of, made.household_id).paid


def test_a_household_suspended_up_to_the_day_of_striking_off_pays_unasked(desk: Desk) -> None:
    made = a_household(desk, 2, plan_id=a_plan(desk, strike_off_needs_board=False))
    a_payment(desk, made, 1000 + 700)
    desk.confirm_day(date(2024, 10, 5))
    a_payment(desk, made, 1400)
    assert desk.ask(statutes) == ()


# Taking back, category and statutes told long after


def test_taking_back_what_was_told_before_and_is_long_ago_is_asked_about(
    desk: Desk, home: Registered, clock: SetClock
) -> None:
    """The same day the answers given before are given back; later other answers were given."""
    long_ago = date(2024, 4, 2)
    values: dict[str, Any] = {
        "person_id": home.person_ids[3],
        "on": long_ago,
        "reason": "fostered",
    }
    accepted = frozenset({"backdated"})
    first = desk.do(record_leaving, **values, accepting=accepted).event_ids[0]
    desk.do(reverse_event, event_id=first, reason="not her")
    second = desk.do(record_leaving, **values, accepting=accepted).event_ids[0]
    clock.set(TODAY + timedelta(days=1))
    undoing: dict[str, Any] = {"event_id": second, "reason": "not her"}
    asked = doubts(lambda: desk.do(reverse_event, **undoing))
    assert [(one.name, one.field) for one in asked] == [("backdated", "reason")]
    desk.do(reverse_event, **undoing, accepting=accepted)


def test_a_category_told_long_after_is_asked_about_and_marks_answers(
    desk: Desk, home: Registered
) -> None:
    poor = desk.do(put_category, code="IND", name="Indigents")
    child, day = home.person_ids[4], date(2024, 4, 10)
    values: dict[str, Any] = {"household_id": home.household_id, "category_id": poor}
    late = date(2024, 4, 2)
    assert [one.name for one in doubts(lambda: desk.do(categorise, **values, on=late))] == [
        "backdated"
    ]
    assert tell_rights(desk, person_id=child, day=day).question.corrected_on is None
    desk.do(categorise, **values, on=late, accepting=frozenset({"backdated"}))
    assert tell_rights(desk, person_id=child, day=day).question.corrected_on == TODAY
    before = late - timedelta(days=1)
    assert tell_rights(desk, person_id=child, day=before).question.corrected_on is None


def test_statutes_told_late_mark_the_answers_about_days_they_rule(
    desk: Desk, home: Registered
) -> None:
    student, first = home.person_ids[2], date(2024, 5, 5)
    day = date(2024, 5, 10)
    assert tell_rights(desk, person_id=student, day=day).question.corrected_on is None
    desk.do(set_statutes, statutes=Statutes(first_day=first, student_max_age=25))
    assert tell_rights(desk, person_id=student, day=day).question.corrected_on == TODAY
    for other in (date(2024, 5, 4), TODAY):
        assert tell_rights(desk, person_id=student, day=other).question.corrected_on is None
