"""Lists: what SQL filters is what a plain reading of the book filters; views come back as saved."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepdesk.contributions.queries import all_facts
from stepdesk.errors import Refusal
from stepdesk.members.model import category, cover, household, household_category, person
from stepdesk.members.service import end_membership
from stepdesk.members.terms import Event, EventKind, Relation, Sex
from stepdesk.payers.model import (
    group_membership,
    member_group,
    nomination,
    nomination_step,
    payer,
    payer_agreement,
)
from stepdesk.reports.queries.lists import (
    ENDED,
    household_of,
    listed,
    packed,
    rows_of,
    saved_views,
    unpacked,
)
from stepdesk.reports.queries.standings import now_of, reckon_some, standings, standings_of
from stepdesk.reports.service import forget_view, save_view
from stepdesk.reports.terms import ListOf, Only, PersonKey, Wanted
from stepdesk.rights.terms import HouseholdState
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import CategoryId, GroupId, HouseholdId, PayerId, PlanId, SectionId
from tests.builders import a_household, a_payment, a_plan, a_section, open_copy, wednesday

TODAY = date(2024, 5, 6)
HOUSEHOLDS, PERSONS = ListOf.HOUSEHOLDS, ListOf.PERSONS


class Village:
    """A small book with something for every filter, and a plain reading of it."""

    def __init__(self, folder: Path) -> None:
        self.clock: SetClock = wednesday()
        self.desk = open_copy(folder, clock=self.clock)
        self.sections = [a_section(self.desk, name) for name in ("Koula", "Tougouni")]
        self.plans = [a_plan(self.desk), a_plan(self.desk, plan_code="P2", amount=500)]
        self.homes: list[HouseholdId] = []
        for at in range(12):
            if at == 8:
                self.clock.set(date(2024, 3, 5))
            home = a_household(
                self.desk,
                1 + at % 5,
                section_id=self.sections[at % 2],
                plan_id=self.plans[at % 3 == 0],
                phone="" if at % 4 == 0 else "77 123 45 67",
            )
            self.homes.append(home.household_id)
            if at % 3:
                a_payment(self.desk, home, 1000 + 350 * (1 + at % 5) * (at % 4 + 1))
        self._tie()
        self.clock.set(TODAY)

    def _tie(self) -> None:
        with self.desk.work("tie") as work:
            self.category, self.group, self.payer, agreement, named = (
                work.new_id() for _ in range(5)
            )
            work.insert(category, id=self.category, code="A", name="Elders")
            for home in self.homes[:3]:
                work.insert(
                    household_category,
                    id=work.new_id(),
                    household_id=home,
                    category_id=self.category,
                    first_day=date(2024, 1, 10),
                )
            work.insert(
                household_category,
                id=work.new_id(),
                household_id=self.homes[2],
                category_id=None,
                first_day=date(2024, 2, 1),
            )
            work.insert(
                member_group,
                id=self.group,
                code="G",
                name="Women of Koula",
                kind="WOMEN",
                adhesion="OPEN",
                people=9,
                since=date(2024, 1, 1),
            )
            for at, home in enumerate(self.homes[3:6]):
                work.insert(
                    group_membership,
                    id=work.new_id(),
                    group_id=self.group,
                    household_id=home,
                    first_day=date(2024, 1, 10),
                    until=date(2024, 4, 1) if at == 0 else None,
                    place=at,
                )
            self._sponsor(work, agreement, named)
            for one in work.rows("SELECT id FROM person ORDER BY id")[::3]:
                work.update(person, one.id, photo=bytes(32))
            for one in work.rows("SELECT id FROM cover WHERE suffix = 2 ORDER BY id")[:2]:
                work.update(cover, one.id, until=date(2024, 4, 1))
        self.desk.do(
            end_membership,
            household_id=self.homes[9],
            event=Event(EventKind.RESIGNED, date(2024, 4, 1)),
        )

    def _sponsor(self, work: Any, agreement: bytes, named: bytes) -> None:
        work.insert(
            payer, id=self.payer, code="C", name="Commune", kind="COMMUNE", since=date(2024, 1, 1)
        )
        work.insert(
            payer_agreement,
            id=agreement,
            payer_id=self.payer,
            first_day=date(2024, 1, 1),
            criteria="",
            share=50,
            pays_fee=False,
            on_commitment=True,
            invoice_months=3,
            signed_on=date(2024, 1, 1),
        )
        work.insert(
            nomination,
            id=named,
            agreement_id=agreement,
            household_id=self.homes[1],
            nominated_on=date(2024, 1, 10),
            grounds="",
        )
        work.insert(
            nomination_step,
            id=work.new_id(),
            nomination_id=named,
            step="COVERED",
            effective_on=date(2024, 2, 1),
            note="",
            recorded_on=date(2024, 2, 1),
        )


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    made = Village(tmp_path_factory.mktemp("village") / "book")
    yield made
    made.desk.close()


def read(desk: Desk, statement: str) -> list[dict[str, Any]]:
    with desk.read() as connection:
        rows = connection.exec_driver_sql(statement).mappings().all()
    return [dict(row) for row in rows]


def age(born: str) -> int:
    told = date.fromisoformat(born)
    return TODAY.year - told.year - ((TODAY.month, TODAY.day) < (told.month, told.day))


def plainly(village: Village, wanted: Wanted) -> list[Any]:
    """Filter by reading every row in Python: slow, and with nothing of the query in it."""
    desk = village.desk
    people = {row["id"]: row for row in read(desk, "SELECT * FROM person")}
    covers = read(desk, "SELECT * FROM cover ORDER BY first_day, id")
    homes = sorted(read(desk, "SELECT * FROM household"), key=lambda row: row["serial"])
    facts = desk.ask(all_facts)
    now = {one: now_of(told, TODAY) for one, told in facts.items()}
    holding = [row for row in covers if row["until"] is None or row["until"] > str(TODAY)]
    found: list[Any] = []
    for home in homes:
        state = now[home["id"]].state
        mine = [row for row in covers if row["household_id"] == home["id"]]
        if not _home(village, wanted, home, state):
            continue
        if wanted.of is HOUSEHOLDS:
            without = [row for row in mine if row in holding and not _photo(people, row)]
            member = people[home["member_person_id"]]
            told = wanted.ended is None or (state in ENDED) is wanted.ended
            if told and _person(wanted, member, home["joined_on"], no_photo=bool(without)):
                found.append(home["id"])
        else:
            found += [
                PersonKey(home["id"], row["person_id"])
                for row in sorted(mine, key=lambda row: row["suffix"])
                if (wanted.ended is None or (row not in holding) is wanted.ended)
                and _person(
                    wanted,
                    people[row["person_id"]],
                    row["first_day"],
                    no_photo=not _photo(people, row),
                )
            ]
    return found


def _photo(people: dict[bytes, Any], row: dict[str, Any]) -> bool:
    return people[row["person_id"]]["photo"] is not None


def _home(village: Village, wanted: Wanted, home: dict[str, Any], state: HouseholdState) -> bool:
    at = village.homes.index(home["id"])
    asked = (
        (wanted.section_id, village.sections[at % 2]),
        (wanted.plan_id, village.plans[at % 3 == 0]),
        (wanted.category_id, village.category if at in {0, 1} else None),
        (wanted.group_id, village.group if at in {4, 5} else None),
        (wanted.payer_id, village.payer if at == 1 else None),
    )
    ties = all(value is None or value == held for value, held in asked)
    phone = not wanted.no_phone or not home["phone"]
    return ties and phone and (not wanted.states or state in wanted.states)


def _person(wanted: Wanted, one: dict[str, Any], joined: str, *, no_photo: bool) -> bool:
    years = age(one["birth"])
    return (
        (wanted.sex is None or one["sex"] == wanted.sex.value)
        and (wanted.age_first is None or years >= wanted.age_first)
        and (wanted.age_last is None or years <= wanted.age_last)
        and (wanted.joined_first is None or joined >= str(wanted.joined_first))
        and (wanted.joined_last is None or joined <= str(wanted.joined_last))
        and (not wanted.no_photo or no_photo)
    )


DAYS = st.sampled_from([date(2024, 1, 9), date(2024, 1, 10), date(2024, 3, 5), date(2024, 3, 6)])
STATES = st.frozensets(st.sampled_from(list(HouseholdState)), max_size=4)


@st.composite
def filters(draw: Callable[..., Any]) -> dict[str, Any]:
    """Some of the filters, by the name of their field; ids are places, resolved in the village."""
    every: dict[str, st.SearchStrategy[Any]] = {
        "states": STATES,
        "section_id": st.integers(0, 1),
        "plan_id": st.integers(0, 1),
        "category_id": st.just(0),
        "group_id": st.just(0),
        "payer_id": st.just(0),
        "sex": st.sampled_from(Sex),
        "age_first": st.integers(0, 45),
        "age_last": st.integers(0, 45),
        "joined_first": DAYS,
        "joined_last": DAYS,
        "no_photo": st.sampled_from([True]),
        "no_phone": st.sampled_from([True]),
        "ended": st.booleans(),
    }
    names = draw(st.lists(st.sampled_from(sorted(every)), max_size=3, unique=True))
    return {name: draw(every[name]) for name in names}


@settings(max_examples=150, deadline=None)
@given(
    told=filters(),
    of=st.sampled_from(ListOf),
    order=st.sampled_from(["number", "name", "section", "age", "plan", "status"]),
)
def test_a_list_holds_what_a_plain_reading_of_the_book_holds(
    village: Village, told: dict[str, Any], of: ListOf, order: str
) -> None:
    places: dict[str, list[Any]] = {
        "section_id": village.sections,
        "plan_id": village.plans,
        "category_id": [village.category],
        "group_id": [village.group],
        "payer_id": [village.payer],
    }
    meant = {name: places[name][at] if name in places else at for name, at in told.items()}
    wanted = Wanted(of=of, **meant)
    assert list(listed(village.desk, wanted)) == plainly(village, wanted)
    ordered = listed(village.desk, replace(wanted, order=order))
    assert sorted(ordered) == sorted(plainly(village, wanted))


def test_persons_and_households_are_all_there(village: Village) -> None:
    # 12 households of 1, 2, 3, 4, 5 … persons: 1+2+3+4+5+1+2+3+4+5+1+2 = 33.
    assert len(listed(village.desk, Wanted())) == 12
    assert len(listed(village.desk, Wanted(of=PERSONS))) == 33
    # Two left, and the household of five resigned.
    assert len(listed(village.desk, Wanted(of=PERSONS, ended=False))) == 33 - 2 - 5 + _both(
        village
    )


def _both(village: Village) -> int:
    """Of the two who left, those whose household also resigned are counted once."""
    rows = read(village.desk, "SELECT household_id FROM cover WHERE suffix = 2 ORDER BY id")[:2]
    return sum(row["household_id"] == village.homes[9] for row in rows)


@pytest.mark.parametrize("order", ["name", "section", "age", "size", "joined", "phone", "plan"])
@pytest.mark.parametrize("of", ListOf)
def test_an_order_turned_round_holds_the_same_rows(
    village: Village, of: ListOf, order: str
) -> None:
    up = listed(village.desk, Wanted(of=of, order=order))
    down = listed(village.desk, Wanted(of=of, order=order, descending=True))
    assert set(up) == set(down) == set(listed(village.desk, Wanted(of=of)))
    read_up = [_key(row, order) for row in rows_of(village.desk, up)]
    read_down = [_key(row, order) for row in rows_of(village.desk, down)]
    assert read_up == sorted(read_up)
    assert read_down == sorted(read_down, reverse=True)


def _key(row: Any, order: str) -> Any:
    if order == "age":
        return TODAY - row.birth.day
    if order == "section":
        return row.number.section
    return getattr(row, order)


@pytest.mark.parametrize("order", ["paid_until", "rights_from", "arrears", "status"])
def test_what_says_nothing_stands_last_whichever_way_it_is_sorted(
    village: Village, order: str
) -> None:
    for descending in (False, True):
        keys = listed(village.desk, Wanted(order=order, descending=descending))
        told = standings(village.desk)
        values = [_standing(told[household_of(key)], order) for key in keys]
        known = [value for value in values if value is not None]
        assert known == sorted(known, reverse=descending)
        assert values[: len(known)] == known


def _standing(now: Any, order: str) -> Any:
    if order == "status":
        return list(HouseholdState).index(now.state)
    value = getattr(now, {"paid_until": "covered_through"}.get(order, order))
    return value or None


def test_rows_come_in_the_order_asked_and_say_who(village: Village) -> None:
    keys = listed(village.desk, Wanted(of=PERSONS, order="name", descending=True))
    rows = rows_of(village.desk, keys)
    assert [row.key for row in rows] == list(keys)
    fifth = next(row for row in rows if row.number.serial == 2 and row.suffix == 1)
    assert (fifth.section, fifth.payer, fifth.category) == ("Tougouni", "Commune", "Elders")
    assert fifth.relation is Relation.CHILD


# Standing, kept up by the journal


def test_what_is_kept_is_what_would_be_reckoned_anew(tmp_path: Path) -> None:
    clock = wednesday()
    with open_copy(tmp_path / "book", clock=clock) as desk:
        homes = [a_household(desk, size) for size in (1, 2, 3)]
        assert standings(desk) == anew(desk)
        a_payment(desk, homes[0], 3000)
        new = a_household(desk, 2)
        assert standings(desk) == anew(desk)
        assert new.household_id in standings(desk)
        desk.do(
            end_membership,
            household_id=homes[1].household_id,
            event=Event(EventKind.CLOSED, desk.today),
        )
        with desk.work("correct") as work:
            work.update(household, homes[2].household_id, phone="70 00 00 00")
        assert standings(desk) == anew(desk)
        clock.set(date(2024, 4, 1))
        assert standings(desk) == anew(desk)
        a_plan(desk, plan_code="P2")
        assert standings(desk) == anew(desk)


def test_only_the_households_that_were_touched_are_reckoned_again(tmp_path: Path) -> None:
    with open_copy(tmp_path / "book") as desk:
        homes = [a_household(desk, size) for size in (1, 2, 3)]
        before = standings(desk)
        a_payment(desk, homes[1], 3000)
        after = standings(desk)
        same = [one for one in before if before[one] is after[one]]
        assert same == [homes[0].household_id, homes[2].household_id]


def test_a_scheme_reckoned_part_by_part_stands_as_one_reckoned_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("stepdesk.reports.queries.standings"), "_SOME", 1)
    clock = wednesday()
    with open_copy(tmp_path / "book", clock=clock) as desk:
        sections = [a_section(desk, f"Village {at}") for at in range(6)]
        homes = [a_household(desk, 1 + at % 3, section_id=sections[at % 6]) for at in range(12)]
        parts = 1
        while not reckon_some(desk):
            parts += 1
            # What is written in between counts, in villages reckoned before and after it.
            a_payment(desk, homes[parts], 3000)
            if parts == 3:
                a_household(desk, 2, section_id=a_section(desk, "Yoff"))
        assert parts == 6
        assert standings(desk) == anew(desk)
        assert len(standings(desk)) == 13
        clock.set(date(2024, 4, 1))
        assert not reckon_some(desk)
        assert standings(desk) == anew(desk)
        assert reckon_some(desk)
        a_plan(desk, plan_code="P2")
        assert not reckon_some(desk)
        assert standings_of(desk, [homes[0].household_id]) == {
            homes[0].household_id: anew(desk)[homes[0].household_id]
        }
        assert standings(desk) == anew(desk)


def anew(desk: Desk) -> dict[HouseholdId, Any]:
    facts = desk.ask(all_facts)
    return {one: now_of(told, desk.today) for one, told in facts.items()}


# Ready lists


def test_children_who_age_out_within_sixty_days_are_named(tmp_path: Path) -> None:
    clock = wednesday()
    with open_copy(tmp_path / "book", clock=clock) as desk:
        a_plan(desk, child_max_age=18)
        home = a_household(desk, 3)
        with desk.work("born") as work:
            # 18 years on 9 March 2024: the 60th day from 9 January is that day.
            work.update(person, home.person_ids[1], birth=date(2006, 3, 9))
            work.update(person, home.person_ids[2], birth=date(2006, 3, 10))
        clock.set(date(2024, 1, 9))
        with desk.work("sooner") as work:
            for one in work.rows("SELECT id FROM cover"):
                work.update(cover, one.id, first_day=date(2024, 1, 1))
        wanted = Wanted(of=PERSONS, only=Only.AGES_OUT)
        found = listed(desk, wanted)
        assert found == (PersonKey(home.household_id, home.person_ids[1]),)
        assert rows_of(desk, found)[0].ages_out == date(2024, 3, 9)
        assert listed(desk, Wanted(only=Only.AGES_OUT)) == (home.household_id,)


def test_the_end_of_waiting_is_seen_thirty_days_ahead(tmp_path: Path) -> None:
    clock = wednesday()
    with open_copy(tmp_path / "book", clock=clock) as desk:
        home = a_household(desk, 1)
        a_payment(desk, home, 1350)
        rights_from = standings(desk)[home.household_id].rights_from
        assert rights_from == date(2024, 5, 1)
        for days, there in ((31, ()), (30, (home.household_id,))):
            clock.set(rights_from - timedelta(days=days))
            assert listed(desk, Wanted(only=Only.WAITING_ENDS)) == there


def test_renewals_hold_who_is_late_and_who_is_paid_for_thirty_days_at_most(
    village: Village,
) -> None:
    told = standings(village.desk)
    found = listed(village.desk, Wanted(only=Only.RENEWAL))
    late = {HouseholdState.GRACE, HouseholdState.SUSPENDED}
    for one, now in told.items():
        through = now.covered_through
        soon = through is not None and through <= TODAY + timedelta(days=30)
        assert (one in found) is (
            now.state in late or (now.state is HouseholdState.ACTIVE and soon)
        )
    assert found


# Saved views


@settings(max_examples=200, deadline=None)
@given(
    wanted=st.builds(
        Wanted,
        of=st.sampled_from(ListOf),
        states=STATES,
        only=st.none() | st.sampled_from(Only),
        section_id=st.none() | st.binary(min_size=16, max_size=16).map(SectionId),
        plan_id=st.none() | st.binary(min_size=16, max_size=16).map(PlanId),
        group_id=st.none() | st.binary(min_size=16, max_size=16).map(GroupId),
        category_id=st.none() | st.binary(min_size=16, max_size=16).map(CategoryId),
        payer_id=st.none() | st.binary(min_size=16, max_size=16).map(PayerId),
        sex=st.none() | st.sampled_from(Sex),
        age_first=st.none() | st.integers(0, 130),
        age_last=st.none() | st.integers(0, 130),
        joined_first=st.none() | st.dates(),
        joined_last=st.none() | st.dates(),
        no_photo=st.booleans(),
        no_phone=st.booleans(),
        ended=st.none() | st.booleans(),
        order=st.sampled_from(["number", "name", "status"]),
        descending=st.booleans(),
        columns=st.lists(st.sampled_from(["number", "name"]), max_size=2).map(tuple),
    )
)
def test_a_view_comes_back_as_it_was_saved(wanted: Wanted) -> None:
    assert unpacked(packed(wanted)) == wanted


@pytest.mark.parametrize("content", ["", "[]", '{"of": "FISH"}', '{"age_first": ', "7"])
def test_a_view_that_cannot_be_read_is_none(content: str) -> None:
    assert unpacked(content) is None


def test_a_field_of_a_later_version_is_left_out() -> None:
    assert unpacked('{"moon": 3, "no_phone": true}') == Wanted(no_phone=True)


def test_views_belong_to_a_person_and_leave_no_act(two_people_desk: Desk) -> None:
    desk = two_people_desk
    acts, late = desk.acts, Wanted(states=frozenset({HouseholdState.GRACE}))
    save_view(desk, name=" Late  ones ", wanted=Wanted())
    save_view(desk, name="Late ones", wanted=late)
    mine, other = desk.person.staff_id, desk.colleagues()[1].id
    assert [(one.name, one.wanted) for one in desk.ask(saved_views, mine)] == [("Late ones", late)]
    assert desk.ask(saved_views, other) == ()
    assert desk.acts == acts
    with pytest.raises(Refusal):
        save_view(desk, name="  ", wanted=late)
    forget_view(desk, name="Late ones")
    assert desk.ask(saved_views, mine) == ()
