"""What is derived and kept up step by step equals what is made anew from the rows."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from stepdesk.errors import Caution
from stepdesk.i18n import speak
from stepdesk.members.queries import search
from stepdesk.members.service import rebuild_search, register_household
from stepdesk.members.terms import Birth, BirthKnown, NewPerson, Relation, Sex
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.store.tables import Kind, metadata
from stepdesk.values.names import fold
from tests.builders import a_household, a_plan, a_section, copy_of, lived_in
from tests.examples import few
from tests.store.test_journal import opened

_SECTION = text("SELECT id FROM section")
_PLAN = text("SELECT id FROM plan")
CHECK = "INSERT INTO person_words (person_words, rank) VALUES ('integrity-check', 1)"

letters = st.sampled_from("abdinoszéèçñŋɓɗɛɔ'’- أاإحمدىئةـ")
names = st.text(letters, min_size=1, max_size=14).filter(lambda name: bool(fold(name)))
numbers = st.sampled_from(["", "", "SN-0042", "7", "A/12 b"])
persons = st.builds(
    NewPerson,
    surname=names,
    given_names=names,
    sex=st.sampled_from(Sex),
    birth=st.dates(date(2000, 1, 1), date(2023, 12, 31)).map(
        lambda day: Birth(day, BirthKnown.DAY)
    ),
    relation=st.just(Relation.CHILD),
    legacy_number=numbers,
)
families = st.lists(st.lists(persons, min_size=1, max_size=5), min_size=1, max_size=4)


def search_rows(desk: Desk) -> list[Any]:
    with desk.read() as connection:
        return list(
            connection.exec_driver_sql(
                "SELECT person_id, household_id, words FROM person_search ORDER BY person_id"
            ).all()
        )


def found_by_word(desk: Desk) -> dict[str, list[bytes]]:
    """For each word of each search row, the people its index gives."""
    words = {word for row in search_rows(desk) for word in row.words.split()}
    with desk.read() as connection:
        return {
            word: sorted(
                connection.exec_driver_sql(
                    "SELECT f.person_id FROM person_words w JOIN person_search f ON f.doc=w.rowid"
                    " WHERE person_words MATCH ?",
                    (f'"{word}"',),
                ).scalars()
            )
            for word in words
        }


def as_member(persons: list[NewPerson]) -> list[NewPerson]:
    from dataclasses import replace

    first, *others = persons
    grown = Birth(date(1975, 6, 1), BirthKnown.DAY)
    return [replace(first, relation=Relation.SELF, birth=grown), *others]


@few(25)
@given(households=families)
def test_search_rows_kept_step_by_step_are_those_made_anew(
    tmp_path_factory: Any, households: list[list[NewPerson]]
) -> None:
    folder: Path = tmp_path_factory.mktemp("derived") / "book"
    with opened(copy_of(lived_in(), folder)) as desk:
        section_id, plan_id = a_section(desk, "Ngor"), a_plan(desk, plan_code="P2")
        for family in households:
            try:
                desk.do(
                    register_household,
                    section_id=section_id,
                    plan_id=plan_id,
                    persons=as_member(family),
                    accepting=frozenset(f"alike:{at}" for at in range(len(family))),
                )
            except Caution as caution:
                raise AssertionError(caution.doubts) from caution
            desk.note_locally(CHECK, ())
        rows, found = search_rows(desk), found_by_word(desk)
        assert desk.do(rebuild_search) == len(rows)
        assert (search_rows(desk), found_by_word(desk)) == (rows, found)
        desk.note_locally(CHECK, ())
        assert verify_desk(desk).clean


@few(15)
@given(family=st.lists(persons, min_size=1, max_size=4))
def test_everybody_is_found_by_the_beginning_of_any_word_of_their_name(
    tmp_path_factory: Any, family: list[NewPerson]
) -> None:
    folder: Path = tmp_path_factory.mktemp("found") / "book"
    with opened(copy_of(lived_in(), folder)) as desk:
        registered = desk.do(
            register_household,
            section_id=a_section(desk, "Ngor"),
            plan_id=a_plan(desk, plan_code="P2"),
            persons=as_member(family),
            accepting=frozenset(f"alike:{at}" for at in range(len(family))),
        )
        for person_id, one in zip(registered.person_ids, family, strict=True):
            for told in (one.surname, one.given_names):
                asked = fold(told).split()[0]
                if asked.isalpha():
                    assert person_id in {row.id for row in desk.ask(search, asked, limit=1000)}


TAMPERED = {
    "a word of a search row": (
        "UPDATE person_search SET words = 'nobody' WHERE doc = (SELECT min(doc) FROM person_search)",
        "A search would miss 1 people.",
    ),
    "a search row taken away": (
        "DELETE FROM person_search WHERE doc = (SELECT max(doc) FROM person_search)",
        "A search would miss 1 people.",
    ),
    "a search row of another household": (
        "UPDATE person_search SET household_id = (SELECT max(household_id) FROM person_search)"
        " WHERE doc = (SELECT min(doc) FROM person_search)",
        "A search would miss 1 people.",
    ),
    "the index alone": (
        "INSERT INTO person_words (person_words, rowid, words, keys, phones, born)"
        " SELECT 'delete', doc, words, keys, phones, born FROM person_search LIMIT 1",
        "The index of person_search does not hold what its rows say.",
    ),
    "a sum of a closed month": (
        "UPDATE account_month SET debit = debit + 5 WHERE role = 'cash_main' AND month = '2024-01'",
        "The sums kept of 2024-01 are not those of its entries.",
    ),
    "an account kept": (
        "UPDATE account_kept SET called = x'00'"
        " WHERE household_id = (SELECT min(household_id) FROM account_kept)",
        "Accounts that are kept and are not what their receipts say: 1.",
    ),
    "a sum taken away": (
        "DELETE FROM account_month WHERE role = 'cash_main' AND month = '2024-01'",
        "The sums kept of 2024-01 are not those of its entries.",
    ),
}


@pytest.mark.parametrize(("statement", "sentence"), TAMPERED.values(), ids=TAMPERED)
def test_what_is_kept_beside_the_rows_is_verified(
    tmp_path: Path, statement: str, sentence: str
) -> None:
    """What the index lacks beside a changed row may be told as well."""
    with opened(copy_of(lived_in(), tmp_path / "book")) as desk:
        assert verify_desk(desk).findings == []
        desk.note_locally(statement, ())
        found = [speak(one.text, "en") for one in verify_desk(desk).findings]
        assert sentence in found
        others = {one for one in found if one != sentence}
        assert others <= {"The index of person_search does not hold what its rows say."}
        # What is asked at each closing stays quick: the acts alone.
        assert verify_desk(desk, whole=False).findings == []


def test_every_derived_table_says_how_it_is_verified() -> None:
    tables = [one for one in metadata.tables.values() if one.info["kind"] is Kind.DERIVED]
    assert {one.name for one in tables} == {
        "account_kept",
        "account_month",
        "care_used",
        "care_used_month",
        "person_search",
    }
    for one in tables:
        assert one.info["unlike"] or one.info["told_by"]


def test_a_registration_that_failed_leaves_no_search_row(desk: Desk) -> None:
    a_household(desk, 2)
    before = search_rows(desk)
    try:
        with desk.work("register_household") as work:
            section_id = work.rows(_SECTION)[0][0]
            plan_id = work.rows(_PLAN)[0][0]
            register_household(
                work,
                section_id=section_id,
                plan_id=plan_id,
                persons=[
                    NewPerson(
                        "Sy",
                        "Ami",
                        Sex.FEMALE,
                        Birth(date(1990, 1, 1), BirthKnown.DAY),
                        Relation.SELF,
                    )
                ],
            )
            raise LookupError
    except LookupError:
        pass
    assert search_rows(desk) == before
    desk.note_locally(CHECK, ())
    assert desk.ask(search, "sy") == ()


def test_a_search_index_that_was_spoilt_is_made_whole_again(desk: Desk) -> None:
    home = a_household(desk, 3)
    rows, found = search_rows(desk), found_by_word(desk)
    desk.note_locally("DELETE FROM person_search WHERE person_id=?", (home.person_ids[0],))
    desk.note_locally("UPDATE person_search SET words='nobody'", ())
    assert desk.do(rebuild_search) == 3
    assert (search_rows(desk), found_by_word(desk)) == (rows, found)
    desk.note_locally(CHECK, ())
