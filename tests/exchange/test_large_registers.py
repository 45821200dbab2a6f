"""A register as large as a scheme can be: brought in whole, verified, and nothing of it again."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.countries import country
from stepdesk.exchange.registers.reading import open_bytes
from stepdesk.exchange.registers.table import table_in, table_of
from stepdesk.exchange.registers.terms import Place, State
from stepdesk.exchange.registers.words import fold, plain
from stepdesk.members.queries.searched import stale_search_rows
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from tests.builders import a_plan, open_copy
from tests.exchange.register_kit import asked, bring, csv_text

HEAD = ["N° carte", "Nom", "Prénom", "Sexe", "Naissance", "Lien", "Village", "Téléphone"]
LINKS = ("chef", "épouse", "fils", "fille")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_copy(tmp_path / "book") as made:
        a_plan(made)
        yield made


def register(households: int) -> bytes:
    """Households of four, each person of a name nobody else has."""
    chance, pack = random.Random(11), country("SN")
    rows: list[list[object]] = [[*HEAD]]
    for home in range(households):
        surname, village = chance.choice(pack.surnames), pack.sections[home % len(pack.sections)]
        for at, link in enumerate(LINKS):
            sex = "MFMF"[at]
            given = (
                f"{chance.choice(pack.women if sex == 'F' else pack.men)} {_word(home * 4 + at)}"
            )
            born = f"{chance.randrange(1, 29):02d}/{chance.randrange(1, 13):02d}/{1970 + at * 13}"
            phone = f"77 {home:07d}" if at == 0 else ""
            rows.append([f"V{home:05d}", surname, given, sex, born, link, village, phone])
    return csv_text(rows).encode("cp1252")


def _word(number: int) -> str:
    """A word of its own for each number, unlike those of the numbers beside it."""
    told = ""
    for _ in range(5):
        number, at = divmod(number, 15)
        told += "bdfgjklmnprstvw"[at] + "aeiou"[at % 5]
    return told.capitalize()


@pytest.mark.parametrize(
    "households",
    [500, pytest.param(25_000, marks=[pytest.mark.long, pytest.mark.timeout(1800)])],
    ids=["short", "long"],
)
def test_a_large_register_comes_in_whole_and_nothing_of_it_twice(
    desk: Desk, households: int
) -> None:
    raw, people = register(households), households * 4
    first = bring(desk, raw, "registre.csv")
    assert (first.done.households, first.done.persons) == (households, people)
    assert first.counts == (people, 0, 1, 0)
    tables = ("household", "person", "cover", "membership_event", "enrolment")
    held = [asked(desk, f"SELECT count(*) FROM {table}")[0][0] for table in tables]
    assert held == [households, people, people, households, households]
    assert asked(
        desk, "SELECT sum(length(surname) > 0), count(DISTINCT given_names) FROM person"
    ) == [(people, people)]
    assert desk.ask(stale_search_rows) == 0
    report = verify_desk(desk)
    assert report.findings == []
    again = bring(desk, raw, "registre.csv")
    assert again.result.households == ()
    assert again.result.corrections == ()
    assert again.result.count(State.KNOWN) == people
    assert again.done.batch_id is None
    assert desk.acts == report.until_act


def test_the_table_of_a_file_is_taken_anew_when_it_lies_elsewhere() -> None:
    opened = open_bytes(register(3), "r.csv")
    name, sheet = opened.sheets[0].name, opened.sheets[0]
    for place, kept in (
        (Place(0), frozenset[int]()),
        (Place(1), frozenset()),
        (Place(1), frozenset({2})),
    ):
        taken = table_in(opened, name, place, kept=kept)
        assert taken == table_of(sheet, place, kept=kept)
        assert table_in(opened, name, place, kept=kept) is taken


@given(st.text(st.characters(max_codepoint=127), max_size=30))
def test_plain_letters_come_to_the_same_as_with_an_accent_beside_them(text: str) -> None:
    signs = re.compile(r"[^\w✓✔☑+]+")
    assert plain(text) == " ".join(signs.sub(" ", fold(text.replace("'", " "))).split())
    assert plain(f"{text} é") == f"{plain(text)} e".strip()
