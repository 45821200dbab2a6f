"""Finding people in a real book: by number, card, telephone, name and sound."""

from datetime import date
from typing import Any

import pytest

from stepdesk.errors import Refusal
from stepdesk.members.queries import (
    by_phone,
    household_file,
    person_of_card,
    search,
    similar_numbers,
    stale_search_rows,
)
from stepdesk.members.service import (
    Purpose,
    correct_by_register,
    correct_household,
    correct_person,
    end_membership,
    merge_persons,
    move_section,
    next_serials,
    put_search_rows,
    rebuild_search,
    record_death,
    record_leaving,
    refresh_search,
    register_household,
    reverse_event,
    take_block,
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
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.values.ids import PersonId
from tests.builders import a_household, a_plan, a_section
from tests.house.test_derived import CHECK, found_by_word, search_rows

SURE = frozenset({"age", "arrears", "backdated", "completeness", "replacement"})
"""Whatever is doubted is accepted."""


def register(desk: Desk, *names: str, year: int = 1990, **told: Any) -> Registered:
    """A household of these people, surname first, the member a woman born on 1 March."""
    with desk.read() as connection:
        section = connection.exec_driver_sql("SELECT id FROM section").scalar()
        plan = connection.exec_driver_sql("SELECT id FROM plan").scalar()
    people = [
        NewPerson(
            name.partition(" ")[0],
            name.partition(" ")[2],
            Sex.FEMALE,
            Birth(date(year + 20 * bool(at), 3, 1), BirthKnown.DAY),
            Relation.CHILD if at else Relation.SELF,
        )
        for at, name in enumerate(names)
    ]
    whole: dict[str, Any] = {
        "section_id": section or a_section(desk),
        "plan_id": plan or a_plan(desk),
        "persons": people,
        "accepting": frozenset(f"alike:{at}" for at in range(len(people))),
    }
    return desk.do(register_household, **(whole | told))


def names(desk: Desk, asked: str, **told: Any) -> list[str]:
    return [one.name for one in desk.ask(search, asked, **told)]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Ouédraogo Aminata", "wedraogo"),
        ("Diallo Aïssatou", "jallow aysatu"),
        ("N'Diaye Awa", "njie"),
        ("N'Diaye Awa", "N DIAYE"),
        ("N Diaye Awa", "ndiaye awa"),
        ("Coulibaly Rokia", "kulibali"),
        ("Touré Mamadou", "Ture Mamadu"),
        ("Bâ Fatou", "bah fatu"),
        ("أحمد فاطمة", "احمد"),
        ("Ndiaye Coumba", "diaye"),
    ],
)
def test_a_name_is_found_as_it_is_spelt_by_ear(desk: Desk, written: str, asked: str) -> None:
    register(desk, written)
    register(desk, "Zongo Blandine")
    assert names(desk, asked) == [written]


def test_the_exact_spelling_comes_first_then_beginnings_then_sounds(desk: Desk) -> None:
    for name in ("Jallow Binta", "Dialloba Binta", "Diallo Binta"):
        register(desk, name)
    assert names(desk, "diallo") == ["Diallo Binta", "Dialloba Binta", "Jallow Binta"]
    assert names(desk, "diallo", limit=1) == ["Diallo Binta"]


def test_covered_members_come_first_then_other_covered_people_then_who_left(desk: Desk) -> None:
    ended = register(desk, "Sarr Aby", joined_on=date(2024, 1, 1))
    register(desk, "Fall Awa", "Sarr Bineta")
    register(desk, "Sarr Codou")
    desk.do(
        end_membership,
        household_id=ended.household_id,
        event=Event(EventKind.RESIGNED, date(2024, 1, 5)),
    )
    assert names(desk, "sarr") == ["Sarr Codou", "Sarr Bineta", "Sarr Aby"]
    assert names(desk, "sarr", limit=2) == ["Sarr Codou", "Sarr Bineta"]
    assert desk.ask(stale_search_rows) == 0


def test_a_name_and_a_year_of_birth_are_found_together(desk: Desk) -> None:
    register(desk, "Diop Fatou", year=1985)
    register(desk, "Diop Fatou", year=1961)
    assert [one.birth.day.year for one in desk.ask(search, "diop 1985")] == [1985]


@pytest.mark.parametrize(
    "asked", ["77 123 45 67", "771234567", "+221 77 123 45 67", "00221771234567", "77 12", "77123"]
)
def test_people_are_found_by_the_telephone_of_their_household(desk: Desk, asked: str) -> None:
    home = register(desk, "Diop Awa", "Diop Bineta", phone="77 123 45 67")
    register(desk, "Fall Codou", phone="76 123 45 67")
    assert names(desk, asked) == ["Diop Awa", "Diop Bineta"]
    assert [one.id for one in desk.ask(by_phone, asked)] == list(home.person_ids)
    known = desk.ask(household_file, home.household_id)
    assert known is not None
    assert known.phone == "77 123 45 67"


def test_an_old_telephone_finds_the_present_one_and_the_other_way(desk: Desk) -> None:
    register(desk, "Diop Awa", phone="821 00 00")
    assert names(desk, "33 821 00 00") == names(desk, "821 00 00") == ["Diop Awa"]


def test_a_number_that_nobody_can_dial_is_refused_beside_its_field(desk: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        register(desk, "Diop Awa", phone="chez Awa")
    assert refused.value.field == "phone"


def test_a_card_is_read_as_printed_and_as_its_picture_holds_it(desk: Desk) -> None:
    home = register(desk, "Diop Awa", "Diop Bineta")
    register(desk, "Fall Codou")
    number = home.number
    # 000001: 1 x 2 = 2, so 8 is missing to 10.
    for asked in (
        *("1", "000001", str(number), number.digits, f"{number.digits}.3"),
        *("000001-8", f"{number.section:02d}-000001"),
    ):
        assert names(desk, asked) == ["Diop Awa", "Diop Bineta"], asked
        assert desk.ask(person_of_card, asked) == home.person_ids[0], asked
    assert names(desk, "1/01") == names(desk, f"{number}/01") == ["Diop Bineta"]
    assert desk.ask(person_of_card, f"{number.digits}/01.2") == home.person_ids[1]
    assert names(desk, "1/07") == []


def test_an_old_number_of_a_household_finds_it(desk: Desk) -> None:
    register(desk, "Diop Awa", legacy_number="SN-0042")
    register(desk, "Fall Codou", legacy_number="SN-0043")
    assert names(desk, "sn-0042") == names(desk, "SN 0042") == ["Diop Awa"]


def test_one_and_two_letters_find_beginnings(desk: Desk) -> None:
    register(desk, "Diop Awa")
    register(desk, "Fall Codou")
    assert names(desk, "d") == names(desk, "di") == ["Diop Awa"]
    assert names(desk, "") == names(desk, " - ") == []


def test_similar_numbers_are_one_slip_away(desk: Desk) -> None:
    for _ in range(12):
        a_household(desk, 1)
    assert desk.ask(similar_numbers, "21") == ("01-000012-5", "01-000001-8", "01-000011-7")


def test_who_was_made_one_is_found_once_by_both_names_until_it_is_undone(desk: Desk) -> None:
    kept = register(desk, "Ouédraogo Aminata", joined_on=date(2024, 1, 1))
    other = register(desk, "Wedraogo Amy", "Zongo Paul", joined_on=date(2024, 1, 1))
    child, extra = other.person_ids[1], kept.person_ids[0]
    desk.do(record_leaving, person_id=child, on=date(2024, 1, 9), reason="at her mother's")
    done = desk.do(merge_persons, kept_id=extra, other_id=child, reason="written twice")
    assert [one.id for one in desk.ask(search, "zongo")] == [extra]
    assert [one.id for one in desk.ask(search, "ouedraogo aminata")] == [extra]
    assert desk.ask(stale_search_rows) == 0
    desk.do(reverse_event, event_id=done.event_ids[0], reason="two people")
    assert [one.id for one in desk.ask(search, "zongo")] == [child]
    assert desk.ask(stale_search_rows) == 0


def test_every_change_keeps_the_search_rows_as_if_made_anew(desk: Desk) -> None:
    home = register(desk, "Diop Awa", "Diop Bineta", "Diop Codou", joined_on=date(2024, 1, 1))
    awa, bineta, _ = home.person_ids
    village = a_section(desk, "Ngor")
    desk.do(correct_person, person_id=bineta, reason="misspelt", surname="Diouf")
    assert names(desk, "diouf") == ["Diouf Bineta"]
    desk.do(correct_household, household_id=home.household_id, phone="76 000 11 22")
    assert len(names(desk, "76 000 11 22")) == 3
    desk.do(move_section, household_id=home.household_id, section_id=village, on=date(2024, 1, 8))
    died = desk.do(
        record_death, person_id=awa, on=date(2024, 1, 9), heir_id=bineta, accepting=SURE
    )
    assert names(desk, "diop") == ["Diop Codou", "Diop Awa"]
    assert desk.ask(stale_search_rows) == 0
    desk.do(reverse_event, event_id=died.event_ids[0], reason="she lives")
    assert names(desk, "diop") == ["Diop Awa", "Diop Codou"]
    assert desk.ask(stale_search_rows) == 0
    rows, found = search_rows(desk), found_by_word(desk)
    desk.note_locally(CHECK, ())
    assert desk.do(rebuild_search) == 3
    assert (search_rows(desk), found_by_word(desk)) == (rows, found)
    assert verify_desk(desk, whole=True).findings == []


def test_a_spoilt_row_is_counted_and_put_right_for_that_person_alone(desk: Desk) -> None:
    home = register(desk, "Diop Awa", "Diop Bineta")
    with desk.work("spoil") as work:
        refresh_search(work, home.person_ids)  # nothing to do
    desk.note_locally("UPDATE person_search SET keys='' WHERE person_id=?", (home.person_ids[0],))
    assert desk.ask(stale_search_rows) == 1
    with desk.work("mend") as work:
        put_search_rows(work, home.household_id, [PersonId(home.person_ids[0])])
    assert desk.ask(stale_search_rows) == 0


# Numbers


def test_serials_come_from_the_laptops_own_block(desk: Desk) -> None:
    first = register(desk, "Diop Awa")
    pads = desk.do(take_block, letter="A", purpose=Purpose.PADS)
    other = desk.do(take_block, letter="B", purpose=Purpose.LAPTOP)
    second = register(desk, "Fall Codou")
    assert (first.number.serial, second.number.serial) == (1, 2)
    assert (pads, other) == (range(501, 1001), range(1001, 1501))


def test_a_full_block_is_followed_by_one_above_all_numbers(desk: Desk) -> None:
    register(desk, "Diop Awa")
    desk.do(take_block, letter="B", purpose=Purpose.LAPTOP)
    taken = desk.do(next_serials, 501)
    assert taken == [*range(2, 501), 1001, 1002]


@pytest.mark.parametrize("told", ["000502-5", "0005025", "02-000502-5", "020005025.1", "502"])
def test_a_card_of_a_pad_gives_its_number(desk: Desk, told: str) -> None:
    register(desk, "Diop Awa")
    desk.do(take_block, letter="A", purpose=Purpose.PADS)
    assert register(desk, "Fall Codou", card_number=told).number.serial == 502
    assert register(desk, "Sy Ndella").number.serial == 2


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("000502-7", "This card number has a wrong digit. Read it once more."),
        ("000503-3", "This card is used by a household already. Look at the number again."),
        ("001503", "No pad of cards with this number was issued here. Check the number."),
        ("1", "This card is used by a household already. Look at the number again."),
        ("12345678", "This is no card number. Type the digits printed on the card."),
        ("", None),
        ("card", "This is no card number. Type the digits printed on the card."),
    ],
)
def test_a_card_number_that_cannot_be_is_refused_and_free_ones_proposed(
    desk: Desk, told: str, said: str | None
) -> None:
    register(desk, "Diop Awa")
    desk.do(take_block, letter="A", purpose=Purpose.PADS)
    register(desk, "Fall Codou", card_number="503")
    if said is None:
        assert register(desk, "Sy Ndella", card_number=told).number.serial == 2
        return
    with pytest.raises(Refusal) as refused:
        register(desk, "Sy Ndella", card_number=told)
    text = refused.value.text
    assert refused.value.field == "card_number"
    assert said in (text.message, getattr(text.values.get("sentence"), "message", ""))
    if "numbers" in text.values:
        assert all("000503" not in one for one in str(text.values["numbers"]).split(", "))


@pytest.mark.parametrize(
    ("told", "field"),
    [({"letter": "AB"}, "letter"), ({"letter": "é"}, "letter"), ({"size": 0}, "size")],
)
def test_a_block_that_cannot_be_is_refused(desk: Desk, told: dict[str, Any], field: str) -> None:
    whole: dict[str, Any] = {"letter": "A", "purpose": Purpose.LAPTOP} | told
    with pytest.raises(Refusal) as refused:
        desk.do(take_block, **whole)
    assert refused.value.field == field


def test_a_telephone_a_register_corrects_is_found_for_all_of_the_household(desk: Desk) -> None:
    home = register(desk, "Diop Awa", "Diop Bineta", joined_on=date(2024, 1, 1))
    desk.do(
        correct_by_register,
        persons={},
        households={home.household_id: {"phone": "76 000 11 22"}},
        homes={},
        reason="a newer register",
    )
    assert len(names(desk, "76 000 11 22")) == 2
    assert desk.ask(stale_search_rows) == 0
