"""Twelve registers as they are found in villages. Every count was made by hand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from stepdesk.contributions.queries import all_facts
from stepdesk.contributions.rules import account_on
from stepdesk.errors import Refusal
from stepdesk.exchange.registers.guessing import proposed
from stepdesk.exchange.registers.reading import open_bytes
from stepdesk.exchange.registers.terms import Field, Shape, State
from stepdesk.exchange.registers.values import read_birth
from stepdesk.exchange.registers.writing import undo
from stepdesk.members.terms import Birth, BirthKnown
from stepdesk.reports.queries import control_differences
from stepdesk.reports.service import close_month
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.month import Month
from tests.builders import a_plan, a_section, open_copy
from tests.exchange.register_kit import (
    PEOPLE,
    asked,
    bring,
    csv_text,
    judged,
    ods,
    xls,
    xlsb,
    xlsx,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A book with one plan of 350 a month and person; it is 10 January 2024."""
    with open_copy(tmp_path / "book") as made:
        a_plan(made)
        yield made
        assert verify_desk(made).clean


def test_1_two_header_rows_are_joined_and_slots_are_told_by_the_upper_one(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["Mutuelle de Koula"],
        [],
        ["Village", "Adhérent", "", "", "Épouse 1", "", "Enfant 1", "", ""],
        ["", "Nom et prénoms", "Sexe", "Âge", "Nom et prénoms", "Âge", "Nom", "Sexe", "Âge"],
        ["Koula", "Diop Moussa", "M", 45, "Ndiaye Awa", 38, "Diop Issa", "M", 12],
        ["Koula", "Sow Gora", "M", 30, "", "", "", "", ""],
        ["Koula", "Ba Fatou", "F", 52, "", "", "Sarr Hawa", "F", 9],
    ]
    brought = bring(desk, xlsx({"Registre": rows}))
    assert brought.choices.place.header_rows == 2
    assert brought.choices.shape is Shape.HOUSEHOLDS
    # Three households; two titles or blanks and two header rows are left out.
    assert brought.counts == (3, 0, 4, 0)
    assert asked(desk, PEOPLE) == [
        ("Koula", "Diop", "Moussa", "M", "1979-07-01", "ABOUT", "SELF"),
        ("Koula", "Ndiaye", "Awa", "F", "1986-07-01", "ABOUT", "SPOUSE"),
        ("Koula", "Diop", "Issa", "M", "2012-07-01", "ABOUT", "CHILD"),
        ("Koula", "Sow", "Gora", "M", "1994-07-01", "ABOUT", "SELF"),
        ("Koula", "Ba", "Fatou", "F", "1972-07-01", "ABOUT", "SELF"),
        ("Koula", "Sarr", "Hawa", "F", "2015-07-01", "ABOUT", "CHILD"),
    ]


def test_2_merged_cells_hold_for_all_their_rows(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["Village", "N° ménage", "Nom", "Prénom", "Sexe", "Année de naissance", "Lien"],
        ["Koula", 1, "Diop", "Moussa", "M", 1979, "chef"],
        ["", "", "Ndiaye", "Awa", "F", 1986, "épouse"],
        ["", "", "Diop", "Issa", "M", 2012, "fils"],
        ["Siracoro", 2, "Sow", "Gora", "M", 1994, "chef"],
        ["", "", "Ba", "Dado", "F", 1996, "épouse 1"],
    ]
    brought = bring(desk, xlsx({"A": rows}, merged=("A2:A4", "B2:B4", "A5:A6", "B5:B6")))
    assert brought.counts == (5, 0, 1, 0)
    assert (brought.done.households, brought.done.persons, brought.done.sections) == (2, 5, 2)
    assert [row[-1] for row in asked(desk, PEOPLE)] == [
        "SELF",
        "SPOUSE",
        "CHILD",
        "SELF",
        "SPOUSE",
    ]


def test_3_wives_and_children_in_one_cell_become_persons(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["Chef de ménage", "Sexe", "Âge", "Femmes et enfants", "Village"],
        ["Diop Moussa", "M", 45, "Awa Ndiaye (F, 1980), Modou M 12 ans; Fatou F 3 ans", "Koula"],
        ["Sow Gora", "M", 30, "", "Koula"],
        ["Ba Hawa", "F", 50, "1) Jaly, M, 2001; 2) Issa (M, né en 2010)", "Koula"],
        ["Kane Jaly", "M", 40, "Xyz 5 ans", "Koula"],
    ]
    brought = bring(desk, xls(rows))
    # Rows 2 and 4: children have no surname of their own. Row 5: nobody knows who Xyz is.
    assert brought.counts == (1, 2, 1, 1)
    assert brought.reasons[5] == ("{value}: {reason}",)
    assert asked(desk, PEOPLE) == [
        ("Koula", "Diop", "Moussa", "M", "1979-07-01", "ABOUT", "SELF"),
        ("Koula", "Ndiaye", "Awa", "F", "1980-07-01", "YEAR", "SPOUSE"),
        ("Koula", "Diop", "Modou", "M", "2012-07-01", "ABOUT", "CHILD"),
        ("Koula", "Diop", "Fatou", "F", "2021-07-01", "ABOUT", "CHILD"),
        ("Koula", "Sow", "Gora", "M", "1994-07-01", "ABOUT", "SELF"),
        ("Koula", "Ba", "Hawa", "F", "1974-07-01", "ABOUT", "SELF"),
        ("Koula", "Ba", "Jaly", "M", "2001-07-01", "YEAR", "CHILD"),
        ("Koula", "Ba", "Issa", "M", "2010-07-01", "YEAR", "CHILD"),
    ]


def test_4_months_as_columns_say_until_when_a_household_paid(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["Registre des cotisations 2023"],
        ["N°", "Nom et prénoms", "Sexe", "Né(e) le", "Village", *_MONTHS],
        [1, "Diop Moussa", "M", "12/03/1979", "Koula", *["x"] * 12],
        [2, "Sow Gora", "M", "01/05/1994", "Koula", *[350] * 10, "", ""],
        [3, "Ba Hawa", "F", "03/1974", "Koula", *[""] * 12],
        ["", "TOTAL", "", "", "", *[700] * 12],
    ]
    brought = bring(desk, xlsx({"2023": rows}))
    assert brought.choices.shape is Shape.MONTHS
    assert brought.choices.year == 2023
    assert brought.counts == (3, 0, 3, 0)
    accounts = [account_on(one, desk.today) for one in desk.ask(all_facts).values()]
    assert [one.covered_through for one in accounts] == [
        date(2023, 12, 31),
        date(2023, 10, 31),
        None,
    ]
    # 350 a month for one person: November, December and January of the second, whose term is
    # suspended after January was called.
    assert [one.arrears for one in accounts] == [350, 1050, 0]


_MONTHS = ("Janv.", "Févr.", "Mars", "Avril", "Mai", "Juin", "Juil.", "Août", "Sept.", "Oct.",
           "Nov.", "Déc.")  # fmt: skip


def test_5_ages_stand_for_births(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["nom", "prénom", "sexe", "âge", "village"],
        ["Diop", "Moussa", "M", "45 ans", "Koula"],
        ["Sow", "Gora", "M", "vers 1994", "Koula"],
        ["Ba", "Hawa", "F", "8 mois", "Koula"],
        ["Fall", "Awa", "F", "200 ans", "Koula"],
        ["Kane", "Bintou", "F", "", "Koula"],
        ["Sarr", "Coumba", "F", "adulte", "Koula"],
    ]
    brought = bring(desk, ods(rows))
    assert brought.counts == (3, 0, 1, 3)
    assert [row[4:6] for row in asked(desk, PEOPLE)] == [
        ("1979-07-01", "ABOUT"),
        ("1994-07-01", "ABOUT"),
        ("2023-05-01", "MONTH"),
    ]


def test_6_windows_1252_with_semicolons_is_read_as_it_was_written(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["Prénom", "Nom", "Sexe", "Date de naissance", "Quartier", "Téléphone"],
        ["Félicité", "N’Diaye", "Féminin", "3/7/1980", "Médina", "77 123 45 67"],
        ["Moïse", "Gueye", "Masculin", "24/12/75", "Médina", "77 111 22 33 / 76 444 55 66"],
    ]
    brought = bring(desk, csv_text(rows).encode("cp1252"), "registre.csv")
    assert (brought.opened.encoding, brought.opened.separator) == ("windows-1252", ";")
    # Two numbers in one cell: the first is the telephone, the second is kept beside it.
    assert brought.counts == (1, 1, 1, 0)
    assert [row[:3] for row in asked(desk, PEOPLE)] == [
        ("Médina", "N’Diaye", "Félicité"),
        ("Médina", "Gueye", "Moïse"),
    ]
    assert asked(desk, "SELECT phone, contact FROM household ORDER BY serial") == [
        ("771234567", None),
        ("771112233", "764445566"),
    ]


def test_7_totals_blanks_and_repeated_headers_hold_nobody(desk: Desk) -> None:
    head = ["Village", "Nom et prénom", "Sexe", "Naissance", "Montant"]
    rows: list[list[Any]] = [
        head,
        ["Koula", "Diop Moussa", "M", 1979, 350],
        ["Koula", "Sow Gora", "M", 1994, 350],
        ["", "Sous-total Koula", "", "", 700],
        ["", "", "", "", ""],
        head,
        ["Touba", "Ba Hawa", "F", 1974, 350],
        ["", "Total", "", "", 350],
        ["TOTAL GÉNÉRAL", "", "", "", 1050],
    ]
    brought = bring(desk, xlsx({"Feuil1": rows}))
    assert brought.counts == (3, 0, 6, 0)
    assert brought.done.persons == 3
    assert brought.reasons == {
        1: ("This row is the header.",),
        4: ("This row is a total.",),
        5: ("This row is empty.",),
        6: ("This row is the header once more.",),
        8: ("This row is a total.",),
        9: ("This row is a total.",),
    }


def test_8_hidden_sheets_are_told_and_not_taken_unasked(desk: Desk) -> None:
    seen: list[list[Any]] = [
        ["Nom", "Prénom", "Sexe", "Naissance", "Village"],
        ["Diop", "Moussa", "M", 1979, "Koula"],
    ]
    old = [[*seen[0]], *([f"Sow{at}", "Gora", "M", 1960 + at, "Koula"] for at in range(5))]
    raw = xlsx({"2023": seen, "ancien": old}, hidden=("ancien",))
    brought = bring(desk, raw)
    assert [(one.name, one.hidden) for one in brought.opened.sheets] == [
        ("2023", False),
        ("ancien", True),
    ]
    assert brought.counts == (1, 0, 1, 0)
    asked_for = bring(desk, raw, choices=proposed(brought.opened, sheet="ancien"))
    assert asked_for.counts == (5, 0, 1, 0)


def test_9_the_letter_o_stands_for_zero_in_dates_amounts_and_telephones(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["N° carte", "Nom", "Prénom", "Sexe", "Date de naissance", "Village", "Tél", "Arriérés"],
        ["A1", "Diop", "Moussa", "M", "1O/O3/1979", "Koula", "77 1OO 2O 3O", "7OO F"],
        ["A2", "Sow", "Gora", "M", "12/12/1990", "Koula", "77 100 20 31", "0"],
        ["A3", "Ba", "Hawa", "F", "O5/1974", "Koula", "7712", "-"],
    ]
    brought = bring(desk, csv_text(rows, ",").encode(), "r.csv")
    # A3's telephone has four figures: to be looked at, so it is handed back.
    assert brought.counts == (1, 1, 1, 1)
    assert asked(desk, "SELECT legacy_number, phone FROM household ORDER BY serial") == [
        ("A1", "771002030"),
        ("A2", "771002031"),
    ]
    owed = [account_on(one, desk.today).to_pay for one in desk.ask(all_facts).values()]
    assert owed == [700, 0]
    repaired = replace(brought.choices, repairs={(Field.PHONE, "7712"): ""})
    again = bring(desk, csv_text(rows, ",").encode(), "r.csv", choices=repaired)
    # The two others are there already; the third comes in now.
    assert again.counts == (0, 1, 3, 0)


def test_10_hidden_duplicates_are_shown_and_never_written_twice(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["N° ménage", "Nom et prénoms", "Sexe", "Naissance", "Lien", "Village"],
        [1, "Diop Moussa", "M", "12/03/1979", "chef", "Koula"],
        [1, "Diop Awa", "F", "1986", "épouse", "Koula"],
        [1, "Diop Awa", "F", "1986", "épouse", "Koula"],
        [2, "Sow Gora", "M", "1994", "chef", "Koula"],
        [3, "MOUSSA DIOP", "M", "1980", "chef", "Koula"],
        [3, "Fall Dado", "F", "1985", "épouse", "Koula"],
    ]
    brought = bring(desk, xlsx({"A": rows}))
    # Row 4 repeats row 3. Row 6 may be row 2, so household 3 waits for a person.
    assert brought.counts == (3, 0, 2, 2)
    assert [one.at + 1 for one in brought.result.alike] == [6]
    other = replace(brought.choices, different=frozenset({5}))
    again = bring(desk, xlsx({"A": rows}), choices=other)
    assert again.done.persons == 2
    assert again.counts == (2, 0, 5, 0)


def test_11_a_household_row_is_followed_by_its_members_and_the_head_stands_twice(
    desk: Desk,
) -> None:
    rows: list[list[Any]] = [
        ["N°", "Chef de ménage", "Membres", "Sexe", "Âge", "Lien", "Tél", "Village"],
        [1, "Diop Moussa", "", "", "", "", "771234567", "Koula"],
        ["", "", "Diop Moussa", "M", 45, "chef", "", ""],
        ["", "", "Ndiaye Awa", "F", 38, "épouse", "", ""],
        [2, "Sow Gora", "", "", "", "", "", "Touba"],
        ["", "", "Sow Gora", "M", 30, "chef", "", ""],
    ]
    brought = bring(desk, xlsx({"A": rows}))
    assert brought.choices.shape is Shape.HEADED
    assert brought.counts == (3, 0, 3, 0)
    assert asked(desk, PEOPLE) == [
        ("Koula", "Diop", "Moussa", "M", "1979-07-01", "ABOUT", "SELF"),
        ("Koula", "Ndiaye", "Awa", "F", "1986-07-01", "ABOUT", "SPOUSE"),
        ("Touba", "Sow", "Gora", "M", "1994-07-01", "ABOUT", "SELF"),
    ]


def test_12_spellings_of_a_village_and_dates_of_every_kind(desk: Desk) -> None:
    a_section(desk, "Sirakorola")
    rows: list[list[Any]] = [
        ["Nom", "Prénom", "Sexe", "Date de naissance", "Village"],
        ["Diop", "Moussa", "H", datetime(1979, 3, 12), "Sirakorola"],
        ["Sow", "Gora", "garçon", 31118, "Siracorola"],
        ["Ba", "Hawa", "Femme", "00/00/1985", "SIRAKOROLA"],
        ["Fall", "Awa", "2", "1985", "Sirakorolla"],
        ["Kane", "Jaly", "1", "12 mars 1985", "Siracorola"],
        ["Sarr", "Coumba", "F", "31/02/1985", "Sirakorola"],
        ["Faye", "Dado", "Fem.", "3/25/1985", "Banamba"],
    ]
    raw = xlsx({"A": rows})
    opened = open_bytes(raw, "r.xlsx")
    choices = proposed(opened)
    result = judged(desk, opened, choices)
    odd = {(one.field, one.value): (one.count, one.proposal) for one in result.odd}
    assert odd == {
        (Field.SECTION, "Siracorola"): (2, "Sirakorola"),
        (Field.SECTION, "Sirakorolla"): (1, "Sirakorola"),
        (Field.BIRTH, "31/02/1985"): (1, "02/1985"),
        (Field.BIRTH, "3/25/1985"): (1, "25/03/1985"),
    }
    assert (result.count(State.TAKEN), result.count(State.LOOK)) == (2, 3)
    all_taken = {(one.field, one.key): one.proposal or "" for one in result.odd}
    brought = bring(desk, raw, choices=replace(choices, repairs=all_taken))
    assert brought.counts == (2, 5, 1, 0)
    assert [(row[0], row[4], row[5]) for row in asked(desk, PEOPLE)] == [
        ("Sirakorola", "1979-03-12", "DAY"),
        ("Sirakorola", "1985-03-12", "DAY"),
        ("Sirakorola", "1985-07-01", "YEAR"),
        ("Sirakorola", "1985-07-01", "YEAR"),
        ("Sirakorola", "1985-03-12", "DAY"),
        ("Sirakorola", "1985-02-01", "MONTH"),
        ("Banamba", "1985-03-25", "DAY"),
    ]


@pytest.mark.parametrize(
    ("told", "day", "known"),
    [
        ("198O", date(1980, 7, 1), BirthKnown.YEAR),
        ("vers 198O", date(1980, 7, 1), BirthKnown.ABOUT),
        ("né en l98O", date(1980, 7, 1), BirthKnown.YEAR),
        ("1O mars 198O", date(1980, 3, 10), BirthKnown.DAY),
    ],
)
def test_the_letter_o_stands_for_a_zero_inside_words_too(
    told: str, day: date, known: BirthKnown
) -> None:
    assert read_birth(told, date(2024, 1, 10)) == (Birth(day, known), True)


def test_letters_of_real_words_stay_letters() -> None:
    today = date(2024, 1, 10)
    assert read_birth("12 octobre 1985", today) == (
        Birth(date(1985, 10, 12), BirthKnown.DAY),
        False,
    )
    assert read_birth("8 mois", today) == (Birth(date(2023, 5, 1), BirthKnown.MONTH), False)


def test_a_row_held_up_by_another_of_its_household_says_which(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["N° ménage", "Nom et prénoms", "Sexe", "Naissance", "Lien", "Village", "Tél"],
        [1, "Diop Moussa", "M", "1979", "chef", "Koula", "7712"],
        [1, "Diop Awa", "F", "1986", "épouse", "Koula", ""],
        [2, "Sow Gora", "M", "1994", "chef", "Koula", ""],
    ]
    opened = open_bytes(xlsx({"A": rows}), "r.xlsx")
    result = judged(desk, opened, proposed(opened))
    first, second, other = result.rows[1:]
    assert (first.state, second.state, other.state) == (State.LOOK, State.LOOK, State.TAKEN)
    (reason,) = second.reasons
    assert (reason.message, reason.values) == (
        "Row {row} of this household is to be looked at.",
        {"row": 2},
    )


def test_a_binary_workbook_is_read_as_any_other(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["N° carte", "Nom", "Prénom", "Sexe", "Naissance", "Lien", "Village"],
        ["A1", "Diop", "Félicité", "F", 1979, "chef", "Médina"],
        ["A1", "N’Diaye", "Issa", "M", 41000, "fils", "Médina"],
        ["A2", "Sow", "Gora", "M", "vers 1994", "chef", "Koula"],
    ]
    brought = bring(desk, xlsb(rows), "registre.xlsb")
    assert (brought.opened.kind, brought.opened.sheets[0].name) == ("xlsb", "Feuil1")
    assert brought.counts == (3, 0, 1, 0)
    # Excel's day 41000 is 1 April 2012.
    assert asked(desk, PEOPLE) == [
        ("Médina", "Diop", "Félicité", "F", "1979-07-01", "YEAR", "SELF"),
        ("Médina", "N’Diaye", "Issa", "M", "2012-04-01", "DAY", "CHILD"),
        ("Koula", "Sow", "Gora", "M", "1994-07-01", "ABOUT", "SELF"),
    ]


def test_a_binary_workbook_that_is_far_too_large_or_cut_is_refused() -> None:
    raw = xlsb([["Nom"], *([[""]] * 300_001)])
    with pytest.raises(Refusal, match="too large"):
        open_bytes(raw, "r.xlsb")
    with pytest.raises(Refusal, match="damaged"):
        open_bytes(xlsb([["Nom", "Prénom"], ["Diop", "Awa"]])[:-80], "r.xlsb")


# Lists of payments


PAID: list[list[Any]] = [
    ["Date", "N° carte", "Nom", "Montant", "N° reçu"],
    ["03/10/2023", "A1", "Diop Moussa", "1.700 F", "R1"],
    ["04/11/2023", "A1", "Diop Moussa", 700, "R2"],
    ["04/11/2023", "", "Sow Gora", 1350, "R3"],
    ["04/11/2023", "A9", "Fall Dado", 350, "R4"],
    ["04/11/2024", "A2", "Sow Gora", 350, "R5"],
    ["bientôt", "A2", "Sow Gora", 350, "R6"],
    ["05/11/2023", "A2", "Sow Gora", "rien", "R7"],
    ["05/11/2023", "A2", "Sow Gora", -350, "R8"],
    ["05/11/2023", "A1", "Kane Jaly", 350, "R9"],
    ["", "", "Total", 4450, ""],
]


@pytest.fixture
def homes(desk: Desk) -> Desk:
    """Moussa (A1, two persons) and Gora (A2, one) joined on 1 October 2023."""
    rows: list[list[Any]] = [
        ["N° carte", "Nom", "Prénom", "Sexe", "Naissance", "Lien", "Village", "Adhésion"],
        ["A1", "Diop", "Moussa", "M", 1979, "chef", "Koula", "01/10/2023"],
        ["A1", "Ndiaye", "Awa", "F", 1986, "épouse", "Koula", ""],
        ["A2", "Sow", "Gora", "M", 1994, "chef", "Koula", "01/10/2023"],
    ]
    bring(desk, xlsx({"A": rows}))
    return desk


def test_a_list_of_payments_is_taken_with_its_days_and_numbers(homes: Desk) -> None:
    brought = bring(homes, xlsx({"A": PAID}))
    assert brought.choices.shape is Shape.PAYMENTS
    # Three receipts; the header and the total are left out, six rows are handed back.
    assert brought.counts == (3, 0, 2, 6)
    assert {row: told for row, told in brought.reasons.items() if 4 < row < 11} == {
        5: ("No household of the book has this number or name.",),
        6: ("This day is still ahead.",),
        7: ("{value}: {reason}",),
        8: ("The amount is not told.",),
        9: ("An amount below zero is no payment.",),
        10: ("The number {value} is that of household {number}, of other people than {name}.",),
    }
    assert asked(
        homes, "SELECT paid_on, amount, legacy_number FROM payment ORDER BY paid_on, id"
    ) == [
        ("2023-10-03", 1700, "R1"),
        ("2023-11-04", 700, "R2"),
        ("2023-11-04", 1350, "R3"),
    ]
    accounts = [account_on(one, homes.today) for one in homes.ask(all_facts).values()]
    # An entry fee of 1 000 each. Moussa's house pays 700 a month: 700 of October's receipt and
    # November's pay two months, from the month after the first; Gora's 350 one.
    assert [(one.entered_on, str(one.covered_through)) for one in accounts] == [
        (date(2023, 10, 3), "2023-12-31"),
        (date(2023, 11, 4), "2023-12-31"),
    ]
    assert brought.done.opening == 3750
    lines = dict(asked(homes, "SELECT role, sum(amount) FROM entry_line GROUP BY role"))
    assert lines["cash_main"] == 3750
    assert sum(lines.values()) == 0


def test_a_list_of_payments_comes_in_once_and_is_taken_back(homes: Desk) -> None:
    raw = xlsx({"A": PAID})
    brought = bring(homes, raw)
    assert bring(homes, raw).done.batch_id is None
    batch_id = brought.done.batch_id
    assert batch_id is not None
    # No household was brought in by it: both stand, and have paid nothing.
    assert homes.do(undo, batch_id=batch_id) == 0
    accounts = [account_on(one, homes.today) for one in homes.ask(all_facts).values()]
    assert [(one.entered_on, one.covered_through) for one in accounts] == [(None, None)] * 2
    sums = asked(homes, "SELECT role, sum(amount) FROM entry_line GROUP BY role")
    assert {amount for _, amount in sums} == {0}
    assert asked(homes, "SELECT sum(amount) FROM payment") == [(0,)]
    assert bring(homes, raw).counts == (3, 0, 2, 6)


def test_card_and_assembly_fees_of_a_list_were_income_before_the_book(tmp_path: Path) -> None:
    """Moussa's 2,000: entry 1,000, card 200, assembly 100, and 700 for November, given long ago.

    Nothing is owed as cover: all of it is a surplus brought forward.
    """
    with open_copy(tmp_path / "book") as desk:
        a_plan(desk, card_fee=200, assembly_fee=100)
        rows: list[list[Any]] = [
            ["N° carte", "Nom", "Prénom", "Sexe", "Naissance", "Lien", "Village", "Adhésion"],
            ["A1", "Diop", "Moussa", "M", 1979, "chef", "Koula", "01/10/2023"],
            ["A1", "Ndiaye", "Awa", "F", 1986, "épouse", "Koula", ""],
        ]
        bring(desk, xlsx({"A": rows}))
        bring(desk, xlsx({"A": [PAID[0], ["03/10/2023", "A1", "Diop Moussa", 2000, "R1"]]}))
        sums = asked(desk, "SELECT role, sum(amount) FROM entry_line GROUP BY role")
        assert {role: one for role, one in sums if one} == {
            "cash_main": 2000,
            "retained_plus": -2000,
        }
        assert desk.ask(control_differences) == {}


def test_a_list_taken_back_leaves_what_closed_months_earned(homes: Desk) -> None:
    """January closes with the first list; the second, of a later day, is undone as if it never was.

    Gora's 350 of the first list paid December. January is earned in grace: 700 and 350 (P05).
    """
    bring(homes, xlsx({"A": PAID}))
    assert isinstance(homes.clock, SetClock)
    homes.clock.set(date(2024, 2, 1))
    homes.do(close_month, month=Month(2024, 1), accepting=frozenset({"not_counted"}))
    sums = "SELECT role, sum(amount) FROM entry_line GROUP BY role HAVING sum(amount) <> 0"
    earned = (
        "SELECT household_id, due_first_day, sum(paid), sum(unpaid) FROM earning"
        " GROUP BY household_id, due_first_day HAVING sum(paid) <> 0 OR sum(unpaid) <> 0"
    )
    before = asked(homes, sums), asked(homes, earned)
    assert dict(before[0])["member_receivable"] == 1050
    later = [PAID[0], ["05/12/2023", "A1", "Diop Moussa", 700, "R10"]]
    batch_id = bring(homes, xlsx({"A": later})).done.batch_id
    assert batch_id is not None
    homes.do(undo, batch_id=batch_id)
    assert (asked(homes, sums), asked(homes, earned)) == before
    assert homes.ask(control_differences) == {}


def test_months_with_amounts_open_and_are_taken_back(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["Cotisations 2023"],
        ["Nom et prénoms", "Sexe", "Âge", "Village", *_MONTHS, "Total"],
        ["Diop Moussa", "M", 45, "Koula", *["350 F"] * 12, 4200],
        ["Sow Gora", "M", 30, "Koula", "", "", *[350] * 3, *[0] * 7, 1050],
        ["Ba Hawa", "F", 50, "Koula", *["-"] * 12, 0],
    ]
    brought = bring(desk, xlsx({"2023": rows}))
    assert (brought.choices.shape, brought.counts) == (Shape.MONTHS, (3, 0, 2, 0))
    # Three months without order of their own count from the first column on.
    through = [one.opening.last for one in brought.result.households]
    assert through == [date(2023, 12, 31), date(2023, 3, 31), None]
    batch_id = brought.done.batch_id
    assert batch_id is not None
    assert desk.do(undo, batch_id=batch_id) == 3
    assert asked(desk, "SELECT sum(amount) FROM payment") == [(0,)]
