"""A newer register of people who are there: changes, doubts, groups, and taking all of it back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stepdesk.contributions.queries import all_facts
from stepdesk.contributions.rules import account_on
from stepdesk.errors import Refusal
from stepdesk.exchange.registers.guessing import proposed
from stepdesk.exchange.registers.reading import open_bytes
from stepdesk.exchange.registers.terms import Field, State
from stepdesk.exchange.registers.writing import undo
from stepdesk.i18n import speak
from stepdesk.members.queries import search, stale_search_rows
from stepdesk.members.service import correct_household, move_section, resign
from stepdesk.payers.queries import groups
from stepdesk.payers.service import add_group
from stepdesk.payers.terms import GroupKind
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.values.ids import HouseholdId, ImportId, SectionId
from tests.builders import a_payment, a_plan, open_copy
from tests.exchange.register_kit import Brought, asked, bring, judged, xlsx

HEAD: list[Any] = [
    "N° carte",
    "Nom",
    "Prénom",
    "Sexe",
    "Naissance",
    "Lien",
    "Village",
    "Tél",
    "Groupe",
]
ROWS: list[list[Any]] = [
    HEAD,
    ["A1", "Diop", "Moussa", "M", 1979, "chef", "Koula", "771234567", "GIE Benkadi"],
    ["A1", "Ndiaye", "Awa", "F", 1986, "épouse", "Koula", "", ""],
    ["A2", "Sow", "Gora", "M", 1994, "chef", "Koula", "", ""],
]
PERSONS = "SELECT surname, given_names, birth FROM person ORDER BY surname"
PHONES = "SELECT phone FROM household ORDER BY serial"
VILLAGES = (
    "SELECT v.name FROM household h JOIN section_version v ON v.section_id = h.section_id"
    " ORDER BY h.serial"
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A book with one plan of 350 a month and person; it is 10 January 2024."""
    with open_copy(tmp_path / "book") as made:
        a_plan(made)
        yield made
        assert verify_desk(made).clean
        assert made.ask(stale_search_rows) == 0


def changed(*changes: tuple[int, int, Any]) -> list[list[Any]]:
    """Return the rows with cells of (row, column) typed over."""
    rows: list[list[Any]] = [list(row) for row in ROWS]
    for at, column, value in changes:
        rows[at][column] = value
    return rows


def batch_of(brought: Brought) -> ImportId:
    assert brought.done.batch_id is not None
    return brought.done.batch_id


def household(desk: Desk, at: int = 0) -> HouseholdId:
    return HouseholdId(asked(desk, "SELECT id FROM household ORDER BY serial")[at][0])


def section(desk: Desk, name: str) -> SectionId:
    rows = asked(desk, f"SELECT section_id FROM section_version WHERE name = '{name}'")
    return SectionId(rows[0][0])


# Corrections are taken back with their import


def test_what_a_newer_register_corrected_is_taken_back_with_it(desk: Desk) -> None:
    bring(desk, xlsx({"A": ROWS}))
    before = [asked(desk, one) for one in (PERSONS, PHONES, VILLAGES)]
    newer = changed((1, 7, "772223344"), (2, 4, "12/05/1988"), (1, 6, "Touba"))
    second = bring(desk, xlsx({"A": newer}))
    # Telephone, village, and a wife's birth.
    assert second.done.corrections == 3
    assert asked(desk, PERSONS)[1] == ("Ndiaye", "Awa", "1988-05-12")
    assert asked(desk, PHONES) == [("772223344",), ("",)]
    assert asked(desk, VILLAGES) == [("Touba",), ("Koula",)]
    assert desk.do(undo, batch_id=batch_of(second)) == 0
    assert [asked(desk, one) for one in (PERSONS, PHONES, VILLAGES)] == before
    assert [one.name for one in desk.ask(search, "771234567")] == ["Diop Moussa", "Ndiaye Awa"]
    assert desk.ask(search, "772223344") == ()
    # Both imports are gone one after the other, and the newer register comes in anew.
    assert desk.do(undo, batch_id=batch_of(bring(desk, xlsx({"A": newer})))) == 0


def test_the_history_of_a_household_tells_what_a_register_changed(desk: Desk) -> None:
    bring(desk, xlsx({"A": ROWS}))
    bring(desk, xlsx({"A": changed((1, 7, "772223344"))}))
    told = asked(desk, "SELECT document FROM membership_event WHERE kind = 'CORRECTED'")
    assert told == [("phone: 771234567 > 772223344",)]


def test_what_was_changed_again_since_keeps_an_import_from_being_taken_back(desk: Desk) -> None:
    bring(desk, xlsx({"A": ROWS}))
    second = bring(desk, xlsx({"A": changed((1, 7, "772223344"))}))
    desk.do(correct_household, household_id=household(desk), phone="775556677")
    with pytest.raises(Refusal, match="changed again since") as refusal:
        desk.do(undo, batch_id=batch_of(second))
    assert refusal.value.field == "batch"
    assert asked(desk, PHONES) == [("775556677",), ("",)]


def test_a_household_that_moved_on_since_keeps_its_village(desk: Desk) -> None:
    bring(desk, xlsx({"A": ROWS}))
    second = bring(desk, xlsx({"A": changed((1, 6, "Touba"))}))
    desk.do(
        move_section,
        household_id=household(desk),
        section_id=section(desk, "Koula"),
        on=desk.today,
    )
    with pytest.raises(Refusal, match="Something later builds on this"):
        desk.do(undo, batch_id=batch_of(second))


def test_money_from_before_a_newer_register_does_not_depend_on_it(desk: Desk) -> None:
    bring(desk, xlsx({"A": ROWS}))
    a_payment(desk, household(desk), 1700)
    second = bring(desk, xlsx({"A": changed((1, 7, "772223344"))}))
    assert desk.do(undo, batch_id=batch_of(second)) == 0
    third = bring(desk, xlsx({"A": changed((1, 7, "772223344"))}))
    a_payment(desk, household(desk), 700)
    with pytest.raises(Refusal, match="has paid"):
        desk.do(undo, batch_id=batch_of(third))


def test_a_person_added_to_a_household_that_paid_before_is_taken_back(desk: Desk) -> None:
    bring(desk, xlsx({"A": ROWS}))
    a_payment(desk, household(desk), 1700)
    newer = [*ROWS, ["A1", "Diop", "Issa", "M", 2020, "fils", "Koula", "", ""]]
    second = bring(desk, xlsx({"A": newer}))
    assert second.done.persons == 1
    assert desk.do(undo, batch_id=batch_of(second)) == 0
    open_covers = asked(desk, "SELECT count(*) FROM cover WHERE until IS NULL")
    assert open_covers == [(3,)]


# A village changes


def test_a_changed_village_of_a_known_household_is_a_move_on_the_day_of_the_import(
    desk: Desk,
) -> None:
    bring(desk, xlsx({"A": ROWS}))
    second = bring(desk, xlsx({"A": changed((1, 6, "Touba"), (2, 6, "Touba"))}))
    assert (second.counts, second.done.sections) == ((0, 1, 3, 0), 1)
    moved = "SELECT effective_on, document FROM membership_event WHERE kind = 'MOVED'"
    assert asked(desk, moved) == [("2024-01-10", "01 > 02")]
    # Who still has the old village in his row alone moves nobody.
    assert bring(desk, xlsx({"A": changed((1, 6, "Touba"))})).done.batch_id is None


def test_who_moved_in_the_book_is_not_moved_back_by_the_register_they_came_with(
    desk: Desk,
) -> None:
    bring(desk, xlsx({"A": ROWS}))
    bring(desk, xlsx({"A": [HEAD, ["B1", "Fall", "Dado", "F", 1960, "chef", "Touba", "", ""]]}))
    desk.do(
        move_section,
        household_id=household(desk),
        section_id=section(desk, "Touba"),
        on=desk.today,
    )
    desk.do(correct_household, household_id=household(desk), phone="775556677")
    # Only the birth was corrected in the register: telephone and village stay as the book has them.
    again = bring(desk, xlsx({"A": changed((1, 4, 1978))}))
    assert [one.field for one in again.result.corrections] == [Field.BIRTH]
    assert asked(desk, VILLAGES)[0] == ("Touba",)
    assert asked(desk, PHONES)[0] == ("775556677",)


# Groups


def test_groups_a_register_tells_are_written_and_their_spellings_brought_together(
    desk: Desk,
) -> None:
    desk.do(add_group, code="FAM", name="Femmes de Koula", kind=GroupKind.WOMEN, people=30)
    rows: list[list[Any]] = [
        *ROWS,
        ["A3", "Ba", "Hawa", "F", 1974, "chef", "Koula", "", "G.I.E. Bencadi"],
        ["A4", "Fall", "Dado", "F", 1960, "chef", "Koula", "", "fam"],
        ["A5", "Kane", "Jaly", "M", 1961, "chef", "Koula", "", "GIE Benkady"],
    ]
    raw = xlsx({"A": rows})
    opened = open_bytes(raw, "r.xlsx")
    choices = proposed(opened)
    result = judged(desk, opened, choices)
    odd = {(one.field, one.value): one.proposal for one in result.odd}
    assert odd == {
        (Field.GROUP, "GIE Benkadi"): "G.I.E. Bencadi",
        (Field.GROUP, "GIE Benkady"): "G.I.E. Bencadi",
    }
    # Two are one; the first, of the alphabet, is a group of its own.
    repairs = {
        (Field.GROUP, "gie benkadi"): "GIE Benkadi",
        (Field.GROUP, "gie benkady"): "GIE Benkadi",
        (Field.GROUP, "g i e bencadi"): "Bencadi",
    }
    brought = bring(desk, raw, choices=replace(choices, repairs=repairs))
    told = {one.name: (one.code, one.kind, one.households) for one in desk.ask(groups, desk.today)}
    assert told == {
        "Femmes de Koula": ("FAM", GroupKind.WOMEN, 1),
        "GIE Benkadi": ("GIEBENKADI", GroupKind.COOPERATIVE, 2),
        "Bencadi": ("BENCADI", GroupKind.ASSOCIATION, 1),
    }
    assert brought.result.new_groups == ("GIE Benkadi", "Bencadi")
    # Two persons of Diop and one of Kane.
    people = {one.name: (one.people, one.enrolled) for one in desk.ask(groups, desk.today)}
    assert people["GIE Benkadi"] == (3, 3)


def test_a_changed_group_moves_the_household_to_the_other_list_and_is_taken_back(
    desk: Desk,
) -> None:
    bring(desk, xlsx({"A": ROWS}))
    second = bring(desk, xlsx({"A": changed((1, 8, "Sabu nyuma"), (3, 8, "Sabu nyuma"))}))
    assert [one.field for one in second.result.corrections] == [Field.GROUP, Field.GROUP]
    told = {one.name: one.households for one in desk.ask(groups, desk.today)}
    assert told == {"GIE Benkadi": 0, "Sabu nyuma": 2}
    desk.do(undo, batch_id=batch_of(second))
    told = {one.name: one.households for one in desk.ask(groups, desk.today)}
    assert told == {"GIE Benkadi": 0, "Sabu nyuma": 0}


# Who is there already


def doubts(desk: Desk, rows: list[list[Any]]) -> dict[int, str]:
    """Return by row as people count them what is doubted of it, in words."""
    opened = open_bytes(xlsx({"A": rows}), "r.xlsx")
    result = judged(desk, opened, proposed(opened))
    return {
        row.at + 1: " ".join(speak(one, "en") for one in row.reasons)
        for row in result.rows
        if row.state is State.LOOK
    }


PLAIN: list[Any] = ["Nom", "Prénom", "Sexe", "Naissance", "Village", "Tél"]


def test_who_sounds_like_somebody_of_the_book_is_doubted_and_why_is_told(desk: Desk) -> None:
    held = ["Ouédraogo", "Aminata", "F", "12/03/1985", "Koula", "771234567"]
    bring(desk, xlsx({"A": [PLAIN, held]}))
    number = asked(desk, "SELECT serial FROM household")[0][0]
    assert number == 1
    told = doubts(
        desk,
        [
            PLAIN,
            # 48 for the sound, 25 for the day, 5 for the village.
            ["Wedraogo", "Aminata", "F", "12/03/1985", "Koula", ""],
            # The same words, 14 for about the same age: 74.
            ["Aminata", "Ouédraogo", "F", "1/2/1985", "Touba", ""],
            # 48, 14 and 10 for the telephone: 72.
            ["Wedraogo", "Aminata", "F", "1/2/1985", "Touba", "77 123 45 67"],
            # 48 and 14 alone, or another sex: nobody asks.
            ["Wedraogo", "Aminata", "F", "2/2/1985", "Banamba", ""],
            ["Ouédraogo", "Aminata", "M", "12/03/1985", "Banamba", ""],
        ],
    )
    assert {row: told[row] for row in (2, 3)} == {
        2: "Looks like Ouédraogo Aminata of household 01-000001-8: a name that sounds the same,"
        " born the same day, the same village. Is this somebody else?",
        3: "Looks like Ouédraogo Aminata of household 01-000001-8: the same name, about the same"
        " age. Is this somebody else?",
    }
    assert "the same telephone" in told[4]
    assert set(told) == {2, 3, 4}


def test_a_doubt_is_answered_once_and_is_not_asked_again(desk: Desk) -> None:
    bring(desk, xlsx({"A": [PLAIN, ["Ouédraogo", "Aminata", "F", 1985, "Koula", ""]]}))
    rows: list[list[Any]] = [PLAIN, ["Wedraogo", "Aminata", "F", 1985, "Koula", "771234567"]]
    raw = xlsx({"A": rows})
    choices = proposed(open_bytes(raw, "r.xlsx"))
    same = bring(desk, raw, choices=replace(choices, same=frozenset({1})))
    # Nobody is written; the spelling and the telephone are the register's now.
    assert (same.done.persons, same.done.corrections) == (0, 2)
    assert asked(desk, "SELECT surname FROM person") == [("Wedraogo",)]
    assert bring(desk, raw).done.batch_id is None
    desk.do(undo, batch_id=batch_of(same))
    assert asked(desk, "SELECT surname FROM person") == [("Ouédraogo",)]
    assert asked(desk, "SELECT count(*) FROM cover WHERE until IS NULL") == [(1,)]
    other = bring(desk, raw, choices=replace(choices, different=frozenset({1})))
    assert other.done.persons == 1
    assert bring(desk, raw).done.batch_id is None


def test_a_telephone_that_was_typed_with_blanks_is_no_change(desk: Desk) -> None:
    bring(desk, xlsx({"A": ROWS}))
    desk.do(correct_household, household_id=household(desk), phone="77 222 33 44")
    again = bring(desk, xlsx({"A": changed((1, 7, "772223344"))}))
    assert again.result.corrections == ()
    assert asked(desk, PHONES)[0] == ("77 222 33 44",)


def test_a_household_of_somebody_of_the_book_takes_in_who_is_new(desk: Desk) -> None:
    bring(desk, xlsx({"A": [PLAIN, ["Ouédraogo", "Aminata", "F", 1985, "Koula", ""]]}))
    head: list[Any] = ["N° carte", "Nom", "Prénom", "Sexe", "Naissance", "Lien", "Village"]
    rows: list[list[Any]] = [
        head,
        ["A7", "Wedraogo", "Aminata", "F", 1985, "chef", "Koula"],
        ["A7", "Sow", "Issa", "M", 2015, "fils", "Koula"],
    ]
    raw = xlsx({"A": rows})
    choices = replace(proposed(open_bytes(raw, "r.xlsx")), same=frozenset({1}))
    brought = bring(desk, raw, choices=choices)
    assert (brought.done.households, brought.done.persons) == (0, 1)
    assert asked(desk, "SELECT count(*) FROM household") == [(1,)]


def test_a_number_that_other_people_have_in_the_book_mixes_no_households(desk: Desk) -> None:
    head: list[Any] = ["N° ménage", "Nom", "Prénom", "Sexe", "Naissance", "Lien", "Village"]
    bring(desk, xlsx({"A": [head, [1, "Diop", "Moussa", "M", 1979, "chef", "Koula"]]}))
    # Touba counts its households from 1 too: a household of its own.
    touba = [head, [1, "Fall", "Dado", "F", 1960, "chef", "Touba"]]
    assert bring(desk, xlsx({"A": touba})).done.households == 1
    # In the same village somebody must say so.
    told = doubts(desk, [head, [1, "Kane", "Jaly", "M", 1961, "chef", "Koula"]])
    assert told == {2: "The number 1 is that of household 01-000001-8, of other people."}


def test_a_number_of_people_who_sound_the_same_is_doubted_once(desk: Desk) -> None:
    head: list[Any] = ["N° ménage", "Nom", "Prénom", "Sexe", "Naissance", "Lien", "Village"]
    bring(desk, xlsx({"A": [head, [1, "Sow", "Gora", "M", "1/2/1979", "chef", "Koula"]]}))
    rows = [
        head,
        [1, "Soh", "Gora", "M", "1/2/1979", "chef", "Koula"],
        [1, "Fall", "Dado", "F", 1981, "épouse", "Koula"],
    ]
    told = doubts(desk, rows)
    assert told[2].startswith("Looks like Sow Gora of household 01-000001-8")
    assert told[3] == "Row 2 of this household is to be looked at."
    choices = proposed(open_bytes(xlsx({"A": rows}), "r.xlsx"))
    same = bring(desk, xlsx({"A": rows}), choices=replace(choices, same=frozenset({1})))
    assert (same.done.households, same.done.persons) == (0, 1)


def test_nobody_is_added_to_a_household_whose_membership_has_ended(desk: Desk) -> None:
    first = proposed(open_bytes(xlsx({"A": ROWS}), "r.xlsx"))
    bring(desk, xlsx({"A": ROWS}), choices=replace(first, joined_on=date(2023, 12, 1)))
    desk.do(resign, household_id=household(desk), letter_on=desk.today, on=desk.today)
    rows: list[list[Any]] = [*ROWS, ["A1", "Diop", "Issa", "M", 2020, "fils", "Koula", "", ""]]
    brought = bring(desk, xlsx({"A": rows}))
    assert brought.counts == (0, 0, 4, 1)
    (reason,) = brought.result.rows[4].reasons
    assert speak(reason, "en") == (
        "The membership of household 01-000001-8 has ended: let it come back first."
    )


# What cannot have been paid


def paid(desk: Desk, *cells: Any, joined: str = "1/3/2023") -> dict[int, str]:
    head: list[Any] = ["Nom", "Prénom", "Sexe", "Naissance", "Village", "Adhésion", "Payé jusqu'à"]
    names = ("Diop", "Sow", "Ba", "Fall", "Kane")
    rows: list[list[Any]] = [
        [names[at], "Awa", "F", 1960 + 10 * at, "Koula", joined, cell]
        for at, cell in enumerate(cells)
    ]
    return doubts(desk, [head, *rows])


def test_paid_beyond_what_the_plan_lets_pay_ahead_is_doubted(desk: Desk) -> None:
    # It is January 2024: twelve periods may be paid ahead, so January 2025 is the last month.
    assert paid(desk, "31/12/2099", "31/01/2025", "01/02/2025", "12/2023") == {
        2: "31/12/2099: The plan lets people pay ahead until 31 January 2025 at most.",
        4: "01/02/2025: The plan lets people pay ahead until 31 January 2025 at most.",
    }


def test_paid_until_a_day_before_joining_is_doubted(desk: Desk) -> None:
    assert paid(desk, "28/02/2023", "31/03/2023") == {
        2: "28/02/2023: This is before the household joined, on 1 March 2023."
    }


def test_a_doubtful_paid_until_comes_in_as_not_paid_or_as_it_is_put_right(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["Nom", "Prénom", "Sexe", "Naissance", "Village", "Payé jusqu'à"],
        ["Diop", "Moussa", "M", 1979, "Koula", "31/12/2099"],
    ]
    raw = xlsx({"A": rows})
    choices = proposed(open_bytes(raw, "r.xlsx"))
    assert bring(desk, raw).counts == (0, 0, 1, 1)
    right = replace(choices, repairs={(Field.PAID_UNTIL, "31 12 2099"): "31/12/2023"})
    brought = bring(desk, raw, choices=right)
    assert brought.counts == (0, 1, 1, 0)
    account = account_on(next(iter(desk.ask(all_facts).values())), desk.today)
    assert account.covered_through == date(2023, 12, 31)


def test_more_than_ten_years_of_arrears_are_doubted(desk: Desk) -> None:
    head: list[Any] = ["Nom", "Prénom", "Sexe", "Naissance", "Village", "Arriérés"]
    # Ten years of 350 a month are 42 000.
    told = doubts(
        desk,
        [
            head,
            ["Diop", "Awa", "F", 1960, "Koula", 42_000],
            ["Sow", "Awa", "F", 1970, "Koula", 42_001],
            ["Ba", "Awa", "F", 1980, "Koula", 10**11],
        ],
    )
    assert told == {
        3: "42001: This is more than ten years of contributions.",
        4: "100000000000: This is more than ten years of contributions.",
    }
