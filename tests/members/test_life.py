"""Whatever happens to households, in whatever order: laws that always hold, in a real book.

Source: domain handbook Y.8 (3), (6) and (11).
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from stepdesk.contributions.queries import account_of
from stepdesk.errors import Refusal
from stepdesk.members.queries import household_file, same_person
from stepdesk.members.service import (
    change_head,
    mark_student,
    merge_persons,
    move_section,
    readmit,
    record_birth,
    record_death,
    record_divorce,
    record_joining,
    record_leaving,
    record_marriage,
    resign,
    reverse_event,
)
from stepdesk.members.terms import (
    Birth,
    BirthKnown,
    Happened,
    HouseholdFile,
    NewPerson,
    Registered,
    Relation,
    Sex,
)
from stepdesk.reports.service import close_month
from stepdesk.rights import service as rights
from stepdesk.rights.queries import household_verdicts, verdict_of
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import HouseholdId, PersonId
from stepdesk.values.month import Month
from tests.builders import a_household, a_payment, a_plan, a_section, open_copy, wednesday
from tests.examples import few

JOINED, TODAY = date(2024, 1, 10), date(2024, 7, 20)
DAYS = [date(2024, 2, 15), date(2024, 4, 20), date(2024, 5, 20), date(2024, 6, 20), TODAY]
EVERYTHING = frozenset(
    {"age", "alike:0", "arrears", "backdated", "completeness", "replacement", "sponsor"}
)
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
PACE = few(20, phases=PHASES)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One book for all lives: each has two households of its own in it."""
    folder: Path = tmp_path_factory.mktemp("lives")
    with open_copy(folder / "book", clock=wednesday()) as desk:
        a_section(desk)
        a_section(desk, "Tougouni")
        a_plan(desk)
        yield desk


def begin(desk: Desk) -> list[Registered]:
    """Two households since 10 January, paid through June; it is July now."""
    desk.confirm_day(JOINED)
    homes = [a_household(desk, size) for size in (4, 2)]
    for home, size in zip(homes, (4, 2), strict=True):
        a_payment(desk, home, 1000 + 5 * 350 * size)
    desk.confirm_day(TODAY)
    return homes


class Life:
    """Households to which things happen, drawn one after the other."""

    def __init__(self, desk: Desk, homes: list[Registered]) -> None:
        self.desk = desk
        self.homes: list[HouseholdId] = [home.household_id for home in homes]
        self.done: list[Happened] = []

    def file(self, household_id: HouseholdId) -> HouseholdFile:
        file = self.desk.ask(household_file, household_id)
        assert file is not None
        return file

    def everybody(self) -> list[PersonId]:
        return [one.id for home in self.homes for one in self.file(home).persons]

    def happen(self, data: st.DataObject, *, after: date = JOINED) -> bool:
        """Let one drawn event happen; False when the rules refuse it."""
        verb, told = self._drawn(data, after)
        try:
            happened = self.desk.do(verb, **told)
        except Refusal:
            return False
        self.done.append(happened)
        self.homes += [one for one in happened.households if one not in self.homes]
        return True

    def _drawn(self, data: st.DataObject, after: date) -> tuple[Any, dict[str, Any]]:
        home = data.draw(st.sampled_from(self.homes))
        who = data.draw(st.sampled_from(self.everybody()))
        other = data.draw(st.sampled_from(self.everybody()))
        on = data.draw(st.dates(after, TODAY))
        new = NewPerson(
            "Sagna",
            "Ndèye",
            Sex.FEMALE,
            Birth(date(1999, 1, 1), BirthKnown.DAY),
            data.draw(st.sampled_from([Relation.SPOUSE, Relation.CHILD, Relation.PARENT])),
        )
        come = {"household_id": home, "person": new, "on": on}
        choices: list[tuple[Any, dict[str, Any]]] = [
            (record_birth, come | {"mother_id": data.draw(st.sampled_from([None, who]))}),
            (record_marriage, come),
            (record_joining, come),
            (record_joining, come | {"known_id": who}),
            (record_death, {"person_id": who, "on": on, "heir_id": other}),
            (record_death, {"person_id": who, "on": on, "closes_on": TODAY}),
            (record_leaving, {"person_id": who, "on": on, "reason": "left"}),
            (record_divorce, {"person_id": who, "on": on}),
            (change_head, {"household_id": home, "person_id": who, "on": on}),
            (
                rights.split,
                {
                    "household_id": home,
                    "person_ids": [who, other],
                    "head_id": who,
                    "on": on,
                },
            ),
            (
                rights.merge,
                {
                    "from_id": home,
                    "into_id": data.draw(st.sampled_from(self.homes)),
                    "on": on,
                },
            ),
            (move_section, {"household_id": home, "section_id": self._section(), "on": on}),
            (resign, {"household_id": home, "letter_on": on, "on": on + timedelta(days=20)}),
            (readmit, {"household_id": home, "on": on}),
            (
                mark_student,
                {
                    "person_id": who,
                    "first_day": on,
                    "until": on + timedelta(days=300),
                    "document": "lycée",
                },
            ),
            (merge_persons, {"kept_id": who, "other_id": other, "reason": "twice"}),
        ]
        verb, told = data.draw(st.sampled_from(choices))
        return verb, told if verb is merge_persons else told | {"accepting": EVERYTHING}

    def _section(self) -> bytes:
        with self.desk.read() as connection:
            found: bytes = connection.exec_driver_sql(
                "SELECT id FROM section ORDER BY code DESC LIMIT 1"
            ).scalar_one()
        return found

    def _verdicts(self, file: HouseholdFile, day: date) -> object:
        account, state, verdicts = self.desk.ask(household_verdicts, file.id, day)
        # Who was taken back is no longer listed, but still answered, with a no.
        return account, state, {one.id: verdicts[one.id] for one in file.persons}

    def picture(self, homes: list[HouseholdId]) -> dict[HouseholdId, object]:
        """What is answered of these households: rights, dues, who is what to whom."""
        told: dict[HouseholdId, object] = {}
        for home in homes:
            file = self.file(home)
            told[home] = (
                file.member_id,
                file.section_id,
                [
                    (one.person_id, one.suffix, one.first_day, one.until, one.changes, one.marks)
                    for one in file.covers
                    if one.until != one.first_day
                ],
                [self._verdicts(file, day) for day in DAYS],
            )
        return told


@PACE
@given(data=st.data())
def test_nobody_is_ever_covered_twice(book: Desk, data: st.DataObject) -> None:
    life = Life(book, begin(book))
    for _ in range(data.draw(st.integers(1, 8))):
        life.happen(data)
    spans: dict[PersonId, list[tuple[date, date]]] = defaultdict(list)
    suffixes: dict[tuple[HouseholdId, int], set[PersonId]] = defaultdict(set)
    for home in life.homes:
        for one in life.file(home).covers:
            if one.until == one.first_day:
                continue
            kept = book.ask(same_person, one.person_id)[0]
            spans[kept].append((one.first_day, one.until or date.max))
            suffixes[home, one.suffix].add(one.person_id)
    for told in spans.values():
        told.sort()
        assert all(until <= then for (_, until), (then, _) in pairwise(told))
    assert all(len(persons) == 1 for persons in suffixes.values())


@PACE
@given(data=st.data())
def test_what_is_undone_in_reverse_order_leaves_everything_as_it_was(
    book: Desk, data: st.DataObject
) -> None:
    homes = begin(book)
    life = Life(book, homes)
    first = [home.household_id for home in homes]
    pictures = [life.picture(first)]
    for _ in range(data.draw(st.integers(1, 6))):
        if life.happen(data):
            pictures.append(life.picture(first))  # noqa: PERF401 - an act happens between
    for happened in reversed(life.done):
        pictures.pop()
        book.do(reverse_event, event_id=happened.event_ids[0], reason="undone")
        assert life.picture(first) == pictures[-1]


@PACE
@given(data=st.data())
def test_what_happens_later_never_changes_an_earlier_day(book: Desk, data: st.DataObject) -> None:
    life = Life(book, begin(book))
    for _ in range(data.draw(st.integers(0, 4))):
        life.happen(data)
    cut = data.draw(st.sampled_from(DAYS[1:]))
    people = life.everybody()
    earlier = [day for day in DAYS if day < cut]

    def answers() -> object:
        return [(one, day, _answer(book, one, day)) for one in people for day in earlier]

    before = answers()
    for _ in range(data.draw(st.integers(1, 4))):
        merged = len(life.done)
        life.happen(data, after=cut)
        if len(life.done) > merged and _corrects(book, life.done[-1]):
            book.do(reverse_event, event_id=life.done.pop().event_ids[0], reason="a correction")
    assert answers() == before


def test_an_ending_told_for_a_day_before_somebody_came_is_refused(book: Desk) -> None:
    """Found by drawing lives: the newborn's cover ended where it began, as if it never was."""
    life = Life(book, begin(book))
    home = life.homes[0]
    child = book.do(
        record_birth,
        household_id=home,
        person=NewPerson(
            "Sagna",
            "Ndèye",
            Sex.FEMALE,
            Birth(date(2024, 4, 1), BirthKnown.DAY),
            Relation.CHILD,
        ),
        mother_id=None,
        on=date(2024, 4, 1),
        accepting=EVERYTHING,
    ).person_ids[0]
    before = _answer(book, child, date(2024, 2, 15))
    with pytest.raises(Refusal) as refusal:
        book.do(
            resign,
            household_id=home,
            letter_on=date(2024, 4, 20),
            on=date(2024, 5, 10),
            accepting=EVERYTHING,
        )
    assert refusal.value.field == "on"
    assert before is not None
    assert _answer(book, child, date(2024, 2, 15)) == before


def _answer(desk: Desk, person_id: PersonId, day: date) -> object:
    """Return what was answered; how long it would hold is a forecast, which later days correct."""
    told = desk.ask(verdict_of, person_id, day)
    if told is None:
        return None
    reasons = [reason.code for reason in told.reasons]
    return told.answer, told.state, reasons, told.to_pay, told.rights_from, told.under_mother


def _corrects(desk: Desk, happened: Happened) -> bool:
    with desk.read() as connection:
        kind = connection.exec_driver_sql(
            "SELECT kind FROM membership_event WHERE id = ?", (happened.event_ids[0],)
        ).scalar_one()
    return bool(kind == "DUPLICATE")


def test_the_book_agrees_after_all_of_it(book: Desk) -> None:
    """Runs behind the properties: their book holds hundreds of events."""
    assert verify_desk(book, whole=True).findings == []


@few(5, phases=PHASES)
@given(data=st.data())
def test_months_are_closed_whatever_happens_late(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    clock = SetClock(wednesday().now())
    with open_copy(tmp_path_factory.mktemp("closing") / "book", clock=clock) as desk:
        a_section(desk)
        life = Life(desk, [])
        homes = begin(desk)
        life.homes = [home.household_id for home in homes]
        for number in range(1, 7):
            clock.set(TODAY)
            desk.do(close_month, month=Month(2024, number), accepting=frozenset({"not_counted"}))
            with desk.read() as connection:
                closed = connection.exec_driver_sql("SELECT * FROM earning ORDER BY id").all()
                entries = connection.exec_driver_sql("SELECT count(*) FROM entry").scalar_one()
            life.happen(data)
            with desk.read() as connection:
                again = connection.exec_driver_sql("SELECT * FROM earning ORDER BY id").all()
                assert again == closed
                assert (
                    connection.exec_driver_sql("SELECT count(*) FROM entry").scalar_one()
                    == entries
                )
        assert desk.ask(account_of, life.homes[0], TODAY).called
        assert verify_desk(desk, whole=True).findings == []
