"""What a column of numbers numbers: rows, households or persons. And what mixed households show."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stepdesk.exchange.registers.columns import numbers_households
from stepdesk.exchange.registers.guessing import proposed
from stepdesk.exchange.registers.reading import open_bytes
from stepdesk.exchange.registers.terms import Field, Shape, State
from stepdesk.i18n import speak
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from tests.builders import a_plan, open_copy
from tests.exchange.register_kit import asked, bring, judged, xlsx

HOMES = (
    "SELECT h.legacy_number, group_concat(p.given_names, ' ') FROM (SELECT * FROM cover"
    " ORDER BY household_id, suffix) c JOIN household h ON h.id = c.household_id"
    " JOIN person p ON p.id = c.person_id GROUP BY h.serial ORDER BY h.serial"
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_copy(tmp_path / "book") as made:
        a_plan(made)
        yield made
        assert verify_desk(made).clean


def register(*numbers: Any, name: str = "N°", link: bool = False) -> bytes:
    """Return a register of Moussa, Awa and Issa Diop, and of Gora and Dado Sow."""
    people = [
        ("Diop Moussa", "M", 1979, "chef"),
        ("Diop Awa", "F", 1986, "épouse"),
        ("Diop Issa", "M", 2012, "fils"),
        ("Sow Gora", "M", 1994, "chef"),
        ("Sow Dado", "F", 1996, "épouse"),
    ]
    head: list[Any] = [
        name,
        "Nom et prénoms",
        "Sexe",
        "Naissance",
        "Village",
        *(["Lien"] if link else []),
    ]
    rows: list[list[Any]] = [
        [number, *one[:3], "Koula", *one[3 : 3 + link]]
        for number, one in zip(numbers, people, strict=True)
    ]
    return xlsx({"A": [head, *rows]})


@pytest.mark.parametrize("name", ["N°", "N° d'ordre", "Numéro", ""])
def test_a_number_that_comes_several_times_in_a_row_is_the_household_s(
    desk: Desk, name: str
) -> None:
    bring(desk, register(1, 1, 1, 2, 2, name=name))
    assert asked(desk, HOMES) == [("1", "Moussa Awa Issa"), ("2", "Gora Dado")]


def test_a_number_beside_the_first_of_several_rows_is_the_household_s(desk: Desk) -> None:
    brought = bring(desk, register(1, "", "", 2, ""))
    assert brought.choices.shape is Shape.HEADED
    assert asked(desk, HOMES) == [("1", "Moussa Awa Issa"), ("2", "Gora Dado")]


def test_a_number_that_counts_the_rows_is_left_out(desk: Desk) -> None:
    brought = bring(desk, register(1, 2, 3, 4, 5, link=True))
    assert 0 not in brought.choices.columns
    assert asked(desk, HOMES) == [("", "Moussa Awa Issa"), ("", "Gora Dado")]


def test_a_number_of_its_own_beside_each_of_a_household_is_the_person_s(desk: Desk) -> None:
    bring(desk, register("B1", "B2", "B3", "B4", "B5", name="Matricule", link=True))
    assert asked(desk, HOMES) == [("", "Moussa Awa Issa"), ("", "Gora Dado")]
    numbers = asked(desk, "SELECT legacy_number FROM person ORDER BY legacy_number")
    assert numbers == [("B1",), ("B2",), ("B3",), ("B4",), ("B5",)]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("1 1 2 2 3 3 4", True),  # every household twice
        ("1 1 2 1 1 2 2", True),  # each village counts from 1
        ("1 2 3 4 5 6 7", False),  # rows
        ("1 2 3 1 2 3 4", False),  # rows of each village
        ("1 . . 2 . 3 .", True),  # beside the first row alone
        (". 1 . 2 . 3 .", False),  # nobody knows whose the first row is
        ("1 . . 1 . 1 .", False),  # a mark, not a number
        ("1 2 3 4 5 . 6", False),  # one was forgotten
    ],
)
def test_what_numbers_households(cells: str, *, told: bool) -> None:
    assert numbers_households(cells.replace(".", "").split(" ")) is told


def test_links_that_cannot_be_show_that_two_households_were_mixed(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["N° carte", "Nom et prénoms", "Sexe", "Naissance", "Lien", "Village"],
        ["A1", "Diop Moussa", "M", 1979, "chef", "Koula"],
        ["A1", "Sow Gora", "M", 1980, "conjoint", "Koula"],
        ["A1", "Diop Awa", "F", 1950, "fille", "Koula"],
        ["A2", "Ba Issa", "M", 1970, "chef", "Koula"],
        ["A2", "Ba Dado", "F", 1972, "épouse", "Koula"],
    ]
    opened = open_bytes(xlsx({"A": rows}), "r.xlsx")
    result = judged(desk, opened, proposed(opened))
    told = {row.at + 1: speak(row.reasons[0], "en") for row in result.rows if row.reasons}
    assert told == {
        1: "This row is the header.",
        2: "Row 3 of this household is to be looked at.",
        3: "A spouse of the member's own sex: is the link right, or the household?",
        4: "A child older than the member: is the link right, or the household?",
    }
    # The link is where it is put right.
    assert [row.column for row in result.rows if row.state is State.LOOK] == [None, 4, 4]
    assert proposed(opened).columns[4].field is Field.RELATION


def test_what_only_another_row_of_a_household_says_is_not_dropped(desk: Desk) -> None:
    rows: list[list[Any]] = [
        [
            "N° carte",
            "Nom et prénoms",
            "Sexe",
            "Naissance",
            "Lien",
            "Tél",
            "Groupe",
            "Payé jusqu'à",
        ],
        ["A1", "Diop Moussa", "M", 1979, "chef", "771112233", "GIE Benkadi", "31/01/2024"],
        ["A1", "Ndiaye Awa", "F", 1986, "épouse", "764445566", "gie benkadi", ""],
        ["A2", "Sow Gora", "M", 1994, "chef", "", "GIE Benkadi", "31/01/2024"],
        ["A2", "Ba Dado", "F", 1996, "épouse", "", "Sabu nyuma", "29/02/2024"],
    ]
    raw = xlsx({"A": rows})
    opened = open_bytes(raw, "r.xlsx")
    choices = replace(proposed(opened), section="Koula")
    told = {
        row.at + 1: [speak(one, "en") for one in row.reasons]
        for row in judged(desk, opened, choices).rows
        if row.state is State.LOOK
    }
    assert told[5] == [
        "Sabu nyuma: row 4 of this household says GIE Benkadi.",
        "29/02/2024: row 4 of this household says 31/01/2024.",
    ]
    assert set(told) == {4, 5}
    bring(desk, raw, choices=choices)
    # The wife's own telephone is kept beside the household's.
    assert asked(desk, "SELECT phone, contact FROM household") == [("771112233", "764445566")]


def test_a_village_told_otherwise_by_another_row_of_the_household_is_doubted(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["Chef de ménage", "Nom et prénoms", "Sexe", "Naissance", "Village"],
        ["Diop Moussa", "Diop Moussa", "M", 1979, "Sirakorola"],
        ["", "Diop Awa", "F", 1986, "Siracorola"],
        ["", "Diop Issa", "M", 2012, "Touba"],
        ["Sow Gora", "Sow Gora", "M", 1994, "Touba"],
        ["", "Sow Dado", "F", 1996, "Touba"],
    ]
    opened = open_bytes(xlsx({"A": rows}), "r.xlsx")
    result = judged(desk, opened, proposed(opened))
    told = {row.at + 1: speak(row.reasons[0], "en") for row in result.rows if row.reasons}
    assert told[4] == "Touba: row 2 of this household says Sirakorola."
    assert set(told) == {1, 2, 3, 4}
