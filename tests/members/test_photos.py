"""Photos of persons: given, replaced, taken away, and who has none yet."""

import io
from datetime import date

import pytest
from PIL import Image

from stepdesk.errors import Refusal
from stepdesk.members.queries import (
    cards_of,
    membership_form,
    photo_of,
    photos,
    pictured,
    pictured_form,
    without_photo,
)
from stepdesk.members.service import mark_student, photograph, remove_photo
from stepdesk.members.terms import Card
from stepdesk.pictures import is_portrait, portrait
from stepdesk.store.attachments import content_hash
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.values.digits import HouseholdNumber
from stepdesk.values.ids import PersonId
from tests.builders import a_household, a_section


def picture(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 900), colour).save(out, "JPEG")
    return out.getvalue()


def test_a_person_is_given_a_photo(desk: Desk) -> None:
    awa, bintou = a_household(desk, 2).person_ids
    told = desk.do(photograph, person_id=awa, picture=picture())
    assert photo_of(desk, awa) == portrait(picture())
    assert told == content_hash(portrait(picture()))
    assert photo_of(desk, bintou) is None
    assert photos(desk, [told, bytes(32)]) == {told: portrait(picture())}
    assert verify_desk(desk).clean


def test_the_original_is_not_kept(desk: Desk) -> None:
    (awa,) = a_household(desk, 1).person_ids
    desk.do(photograph, person_id=awa, picture=picture())
    (kept,) = desk.attachments.read_all(desk.attachments.hashes()).values()
    assert is_portrait(kept)


def test_a_new_photo_takes_the_place_of_the_old(desk: Desk) -> None:
    (awa,) = a_household(desk, 1).person_ids
    desk.do(photograph, person_id=awa, picture=picture("red"))
    desk.do(photograph, person_id=awa, picture=picture("blue"))
    assert photo_of(desk, awa) == portrait(picture("blue"))
    assert verify_desk(desk).clean


def test_the_same_photo_again_leaves_no_act(desk: Desk) -> None:
    (awa,) = a_household(desk, 1).person_ids
    desk.do(photograph, person_id=awa, picture=picture())
    acts = desk.acts
    desk.do(photograph, person_id=awa, picture=picture())
    assert desk.acts == acts


def test_a_photo_is_taken_away(desk: Desk) -> None:
    (awa,) = a_household(desk, 1).person_ids
    desk.do(photograph, person_id=awa, picture=picture())
    desk.do(remove_photo, person_id=awa)
    assert photo_of(desk, awa) is None
    assert verify_desk(desk).clean


def test_what_is_no_picture_leaves_nothing(desk: Desk) -> None:
    (awa,) = a_household(desk, 1).person_ids
    acts = desk.acts
    with pytest.raises(Refusal) as told:
        desk.do(photograph, person_id=awa, picture=b"a letter")
    assert told.value.field == "photo"
    assert (desk.acts, desk.attachments.hashes()) == (acts, frozenset())


def test_nobody_has_no_photo(desk: Desk) -> None:
    for verb in (
        lambda: desk.do(photograph, person_id=PersonId(bytes(16)), picture=picture()),
        lambda: desk.do(remove_photo, person_id=PersonId(bytes(16))),
    ):
        with pytest.raises(Refusal) as told:
            verb()
        assert told.value.field == "person"


def test_who_has_no_photo_yet_is_listed_from_house_to_house(desk: Desk) -> None:
    koula, ngor = a_section(desk, "Koula"), a_section(desk, "Ngor")
    first = a_household(desk, 3, section_id=ngor).person_ids
    second = a_household(desk, 2, section_id=koula).person_ids
    desk.do(photograph, person_id=first[1], picture=picture())

    def listed(day: date, **told: object) -> list[PersonId]:
        return [one.id for one in desk.ask(without_photo, day, **told)]  # type: ignore[arg-type]

    assert listed(desk.today) == [*second, first[0], first[2]]
    assert listed(desk.today, section_id=koula) == [*second]
    assert listed(date(2020, 1, 1)) == []


def test_the_photo_of_the_member_is_on_the_card(desk: Desk) -> None:
    home = a_household(desk, 2)
    desk.do(photograph, person_id=home.person_ids[0], picture=picture("red"))
    desk.do(photograph, person_id=home.person_ids[1], picture=picture("blue"))
    other = a_household(desk, 1)
    blank = Card("Koula", HouseholdNumber(0, 0), "", "", (), None, practice=False)
    with desk.read() as connection:
        cards = cards_of(
            connection, [home.household_id, other.household_id], desk.today, blank=blank
        )
        told = [card.photo for card in pictured(desk, cards)]
    assert told == [portrait(picture("red")), None]


def test_the_form_has_everybody_s_photo_and_the_school_year(desk: Desk) -> None:
    home = a_household(desk, 3)
    desk.do(photograph, person_id=home.person_ids[1], picture=picture())
    until = date(desk.today.year, 7, 31)
    desk.do(
        mark_student,
        person_id=home.person_ids[2],
        first_day=desk.today,
        until=until,
        document="lycée",
    )
    form = desk.ask(membership_form, home.household_id, desk.today)
    assert form is not None
    told = pictured_form(desk, form).persons
    assert [one.photo for one in told] == [None, portrait(picture()), None]
    assert [one.school_until for one in told] == [None, None, until]
    later = desk.ask(membership_form, home.household_id, until)
    assert later is not None
    assert [one.school_until for one in later.persons] == [None, None, None]
