"""What is read of all households together is what is read of each alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from stepdesk.contributions.queries import all_facts, each_facts, facts_of
from stepdesk.contributions.rules import account_on
from stepdesk.contributions.terms import AccountFacts
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from tests.builders import (
    a_household,
    a_payment,
    a_section,
    again,
    copy_of,
    lived_in,
    wednesday,
)


@pytest.fixture
def clock() -> SetClock:
    return wednesday()


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    """A book with a payment taken back, closed months, and one paid for far ahead."""
    clock.set(date(2024, 3, 6))
    with again(copy_of(lived_in(), tmp_path / "book"), clock=clock) as opened:
        late = a_household(opened, 2, section_id=a_section(opened, "Ndiob"))
        a_payment(opened, late, 1000, accepting=frozenset({"much"}))
        a_payment(opened, late, 4250, accepting=frozenset({"much"}))
        clock.set(date(2024, 9, 5))
        a_payment(opened, late, 2800, accepting=frozenset({"much"}))
        yield opened


def _nameless(facts: AccountFacts) -> AccountFacts:
    return replace(facts, frozen=tuple(replace(due, id=None) for due in facts.frozen))


def test_the_facts_of_all_are_those_of_each(desk: Desk) -> None:
    with desk.read() as connection:
        named = all_facts(connection)
        alone = {one: facts_of(connection, one, named=True) for one in named}
        kept = {one: facts_of(connection, one) for one in named}
        plain = dict(each_facts(connection))
    assert len(named) == 4
    assert sum(len(facts.paid) for facts in named.values()) > 8
    assert named == alone
    assert all(due.id is not None for facts in named.values() for due in facts.frozen)
    assert plain == {one: _nameless(facts) for one, facts in alone.items()}
    assert plain == {one: _nameless(facts) for one, facts in kept.items()}


def test_dues_without_ids_give_the_same_account(desk: Desk) -> None:
    with desk.read() as connection:
        alone = {one: facts_of(connection, one) for one, _ in each_facts(connection)}
        for one, facts in each_facts(connection):
            for day in (date(2024, 1, 20), date(2024, 3, 5), date(2024, 6, 1), date(2025, 2, 1)):
                told, asked = account_on(facts, day), account_on(alone[one], day)
                assert (told.to_pay, told.arrears, told.suspensions, told.covered_through) == (
                    asked.to_pay,
                    asked.arrears,
                    asked.suspensions,
                    asked.covered_through,
                )


def test_a_section_has_the_facts_of_its_own_households(desk: Desk) -> None:
    with desk.read() as connection:
        here = connection.exec_driver_sql("SELECT section_id FROM household LIMIT 1").scalar_one()
        rows = connection.exec_driver_sql(
            "SELECT id FROM household WHERE section_id = ? ORDER BY id", (here,)
        )
        ids = [row[0] for row in rows]
        told = dict(each_facts(connection, section_id=here))
        alone = {one: _nameless(facts_of(connection, one)) for one in told}
    assert list(told) == ids
    assert len(told) == 3
    assert told == alone
