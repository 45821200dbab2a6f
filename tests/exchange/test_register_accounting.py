"""Whatever stands in a register, every row of it is accounted for once, and a look writes nothing."""

import io
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from stepdesk.exchange.registers.book import known_of
from stepdesk.exchange.registers.guessing import proposed
from stepdesk.exchange.registers.handback import handed_back
from stepdesk.exchange.registers.lookalikes import Lookalikes, described
from stepdesk.exchange.registers.reading import open_text
from stepdesk.exchange.registers.result import judge
from stepdesk.exchange.registers.terms import Choices, Held, Opened, Result, Shape, State
from stepdesk.exchange.registers.writing import bring_in, counted
from stepdesk.members.rules import ALIKE, likeness
from stepdesk.members.terms import Birth, BirthKnown, Sex
from stepdesk.store.desk import Desk
from stepdesk.values.ids import PersonId
from tests.builders import a_plan, open_copy
from tests.exchange.register_kit import asked, csv_text

HEADS = (
    *("N°", "N° carte", "Nom", "Prénom", "Nom et prénoms", "Sexe", "Âge", "Date de naissance"),
    *("Lien", "Village", "Tél", "Groupe", "Payé jusqu'à", "Arriérés", "Chef de ménage"),
    *("Femmes et enfants", "Épouse 1", "Janv.", "Févr.", "Date", "Montant", "Observations"),
)
CELLS = st.one_of(
    st.sampled_from(
        (
            *("", "", "", "1", "2", "A1", "Diop", "Awa", "Diop Awa", "Sow Gora", "M", "F", "?"),
            *("45", "1979", "31/02/1985", "12/03/1985", "198O", "chef", "épouse", "fils"),
            *("Koula", "kula", "Touba", "771234567", "7712", "GIE Benkadi", "31/12/2099"),
            *("x", "350", "1.400 F", "-5", "Total", "néant", "Awa F 12 ans; Issa (M, 2010)"),
        )
    ),
    st.text(max_size=12),
)


@st.composite
def registers(draw: st.DrawFn) -> list[list[str]]:
    """Return a table with some of the heads, in any order, and rows of any length below it."""
    heads = draw(st.lists(st.sampled_from(HEADS), min_size=2, max_size=9, unique=True))
    titles = draw(st.lists(st.just(["Registre 2023"]), max_size=2))
    rows = draw(st.lists(st.lists(CELLS, max_size=len(heads) + 1), max_size=12))
    return [*titles, list(heads), *rows]


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """A book with a plan; each work on it is given up."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_copy(Path(folder) / "book") as made,
    ):
        a_plan(made)
        yield made


class GivenUp(Exception):
    """Raised so that nothing of an example stays."""


def account(desk: Desk, opened: Opened, choices: Choices, *, doubtful: bool) -> Result:
    """Judge and write a register, compare what both say of its rows, and give it up."""
    result = judge(opened, choices, desk.ask(known_of, desk.today))
    with suppress(GivenUp), desk.work("bring_in") as work:
        done = bring_in(work, opened=opened, choices=choices, doubtful=doubtful)
        written = work.row("SELECT count(*) AS count FROM person").count
        told = counted(result, doubtful=doubtful)
        assert done.rows == len(opened.sheets[0].rows)
        assert done.taken + done.repaired + done.left_out + done.handed_back == done.rows
        assert (done.taken, done.repaired, done.left_out, done.handed_back) == (
            *(told.taken, told.repaired, told.left_out, told.handed_back),
        )
        assert written == done.persons
        raise GivenUp
    return result


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(registers(), st.sampled_from((None, *Shape)), st.booleans())
def test_every_row_is_taken_repaired_left_out_or_handed_back_and_once(
    desk: Desk, rows: list[list[str]], shape: Shape | None, doubtful: bool
) -> None:
    opened = open_text(csv_text(rows, "\t"))
    before = asked(desk, "SELECT count(*) FROM act")
    choices = proposed(opened, shape=shape)
    result = account(desk, opened, choices, doubtful=doubtful)
    whole = range(len(opened.sheets[0].rows))
    assert [row.at for row in result.rows] == list(whole)
    # Nobody is dropped without a word: what does not simply come in has its reason.
    assert all(row.reasons for row in result.rows if row.state is not State.TAKEN)
    # Who comes in stands in a row that says so, and every such row brings somebody in.
    comes = {at for one in result.households for at in one.at} | {
        one.at for one in result.payments
    }
    states = {row.at: row.state for row in result.rows}
    taken = {at for at, state in states.items() if state is State.TAKEN}
    assert taken <= comes
    people = Counter(person.at for one in result.households for person in one.persons)
    assert all(states[at] not in {State.LEFT, State.KNOWN} for at in people)
    told = load_workbook(io.BytesIO(handed_back(opened, choices, result, language="en")))
    assert told.active is not None
    assert told.active.max_row <= len(whole)
    assert asked(desk, "SELECT count(*) FROM act") == before
    assert asked(desk, "SELECT count(*) FROM person") == [(0,)]


# Who looks like whom

NAMES = ("Diallo", "Jallow", "Dialo", "Ouédraogo", "Wedraogo", "Awa", "Aoua", "Mamadou", "Mamado")
BIRTHS = st.builds(
    Birth,
    st.sampled_from((date(1985, 3, 12), date(1985, 12, 3), date(1985, 3, 1), date(1986, 7, 1),
                     date(1987, 3, 12), date(1990, 3, 12))),
    st.sampled_from(BirthKnown),
)  # fmt: skip


@st.composite
def people(draw: st.DrawFn) -> dict[str, Any]:
    names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2)
    return {
        "surname": draw(st.sampled_from(NAMES)),
        "given_names": " ".join(draw(names)),
        "sex": draw(st.sampled_from(Sex)),
        "birth": draw(BIRTHS),
        "section": draw(st.sampled_from(("Koula", "Touba"))),
        "phones": draw(st.sampled_from((frozenset[str](), frozenset({"771234567"})))),
    }


@settings(max_examples=300, deadline=None)
@given(st.lists(people(), max_size=8), people())
def test_blocks_find_the_likest_as_comparing_with_everybody_does(
    book: list[dict[str, Any]], one: dict[str, Any]
) -> None:
    held = [Held(PersonId(bytes([at])), number=str(at), **told) for at, told in enumerate(book)]
    asked_for = described(**one)
    scores = [likeness(asked_for, described(**told))[0] for told in book]
    best = max(scores, default=0)
    found = Lookalikes(held).likest(asked_for)
    if best < ALIKE:
        assert found is None
    else:
        assert found is not None
        assert found[0] is held[scores.index(best)]


def test_of_a_name_that_many_bear_village_day_or_telephone_must_be_the_same_too() -> None:
    def diallo(day: date, known: BirthKnown, section: str) -> dict[str, Any]:
        told = {"surname": "Diallo", "given_names": "Mamadou", "sex": Sex.MALE}
        birth = Birth(day, known)
        return {**told, "birth": birth, "section": section, "phones": frozenset[str]()}

    day = date(1985, 3, 12)
    book = [diallo(day, BirthKnown.DAY, f"V{at}") for at in range(20)]
    held = [Held(PersonId(bytes([at])), number=str(at), **told) for at, told in enumerate(book)]
    vague = described(**diallo(date(1985, 7, 1), BirthKnown.YEAR, "Koula"))
    assert Lookalikes(held).likest(vague) is not None
    # One more makes the name common: then only who was born that day, or lives there.
    more = [*held, Held(PersonId(b"z"), number="z", **diallo(day, BirthKnown.DAY, "V20"))]
    assert Lookalikes(more).likest(vague) is None
    same_day = described(**diallo(day, BirthKnown.DAY, "Koula"))
    there = described(**diallo(date(1987, 7, 1), BirthKnown.YEAR, "V20"))
    found = Lookalikes(more).likest(there)
    assert Lookalikes(more).likest(same_day) is not None
    assert found is not None
    assert found[0].number == "z"
