"""Telephone numbers: looked for in whatever form they were told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.countries import country
from stepdesk.values.phones import (
    NO_PLAN,
    OldForm,
    PhonePlan,
    dialled,
    looked_for,
    may_be_phones,
    searched_phones,
)

SENEGAL = country("SN").phones
IVORY = PhonePlan("225", 10, (OldForm(8, "0456789", ("07", "05", "01"), "2021"),))


@pytest.mark.parametrize(
    "told",
    ["77 123 45 67", "+221 77 123 45 67", "00221771234567", "221771234567", "77.123-45.67"],
)
def test_one_number_is_looked_for_as_one_run_of_digits(told: str) -> None:
    assert looked_for(told, SENEGAL) == ("771234567",)


def test_an_old_number_is_looked_for_as_what_it_became() -> None:
    assert looked_for("821 00 00", SENEGAL) == ("338210000", "8210000")
    assert looked_for("651 22 33", SENEGAL) == ("776512233", "766512233", "6512233")
    assert looked_for("07 12 34 56", IVORY)[0] == "0707123456"


def test_a_number_of_another_country_keeps_its_code() -> None:
    assert looked_for("+223 70 12 34 56", SENEGAL) == ("22370123456",)


def test_two_numbers_told_together_are_both_found() -> None:
    told = "77 123 45 67 / 33 821 00 00 ou chez la soeur"
    assert searched_phones(told, SENEGAL) == ("771234567", "338210000")
    assert searched_phones("", SENEGAL) == searched_phones("aucun", SENEGAL) == ()


@pytest.mark.parametrize(
    ("told", "fine"),
    [
        ("", True),
        ("77 123 45 67", True),
        ("821 00 00", True),
        ("77 123 45 67 / 33 821 00 00", True),
        ("+223 70 12 34 56", True),
        ("7712", False),
        ("77 123 45 67 89 01", False),
        ("soixante-dix-sept", False),
        ("+999 1234567", False),
    ],
)
def test_what_cannot_be_dialled_is_told(told: str, fine: bool) -> None:
    assert may_be_phones(told, "SN") is fine


def test_in_a_country_without_numbers_of_its_own_only_the_length_is_judged() -> None:
    assert may_be_phones("123456", "ZZ")
    assert not may_be_phones("123", "ZZ")


@given(st.from_regex(r"7[05678][0-9]{7}", fullmatch=True), st.sampled_from(["", "+221", "00221"]))
def test_every_writing_of_a_number_finds_it(number: str, code: str) -> None:
    grouped = f"{code} {number[:2]} {number[2:5]} {number[5:7]} {number[7:]}"
    assert looked_for(grouped, SENEGAL) == looked_for(number, SENEGAL) == (number,)
    assert looked_for(number, NO_PLAN) == (number,)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("77 123 45 67", ("+221771234567",)),
        ("+221 77 123 45 67", ("+221771234567",)),
        ("00221 771234567", ("+221771234567",)),
        ("221771234567", ("+221771234567",)),
        ("77 123 45 67 / 33 821 00 00", ("+221771234567", "+221338210000")),
        ("+33 6 12 34 56 78", ("+33612345678",)),
        # Seven digits of before 2007 may be of either company: nobody can tell.
        ("612 34 56", ()),
        # A landline of then is known.
        ("821 00 00", ("+221338210000",)),
        ("ask the neighbour", ()),
        ("12", ()),
        ("", ()),
    ],
)
def test_a_number_is_told_as_the_world_dials_it(told: str, found: tuple[str, ...]) -> None:
    assert dialled(told, country("SN").phones) == found


def test_without_a_country_only_international_numbers_are_told() -> None:
    assert dialled("77 123 45 67 / +221 77 123 45 67", NO_PLAN) == ("+221771234567",)
