"""What verbs of every day ask the book is found by an index: no table that grows is read through."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from stepdesk.contributions.service import contribute
from stepdesk.ledger.queries import balance_of
from stepdesk.ledger.service import receive, spend
from stepdesk.members.service import record_birth, register_household, reverse_event
from stepdesk.members.terms import Birth, BirthKnown, NewPerson, Relation, Sex
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from tests.builders import a_household, a_request, a_section, again, copy_of, lived_in, persons
from tests.ledger.kit import francs

GROW = frozenset(
    {
        *(
            "act",
            "act_part",
            "allocation",
            "claim",
            "claim_decision",
            "claim_line",
            "cover",
            "due",
        ),
        *("earning", "entry", "entry_line", "household", "line_decision", "membership_event"),
        *("payment", "person"),
    }
)
_READS = re.compile(r"(?i)\s*(select|with|update|delete)")
_NAMED = re.compile(r"(?i)\b(?:from|join)\s+(\w+)(?:\s+(?:as\s+)?(\w+))?")


@contextmanager
def listening(desk: Desk) -> Iterator[list[str]]:
    """Hear every statement the writer is asked, with its values."""
    heard: list[str] = []
    with desk.writer.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.set_trace_callback(heard.append)
    try:
        yield heard
    finally:
        with desk.writer.connect() as connection:
            raw = connection.connection.driver_connection
            raw.set_trace_callback(None)


def read_through(desk: Desk, statements: list[str]) -> set[str]:
    """The tables that grow and that a statement reads from end to end."""
    found = set()
    with desk.read() as connection:
        for one in filter(_READS.match, dict.fromkeys(statements)):
            names = {alias or name: name for name, alias in _NAMED.findall(one)}
            names |= {name: name for name, _ in _NAMED.findall(one)}
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}"):
                scanned = re.match(r"SCAN (\w+)", row[3])
                if scanned and names.get(scanned[1]) in GROW:
                    found.add(f"{names[scanned[1]]}: {one[:300]}")
    return found


def test_verbs_of_every_day_read_no_growing_table_through(tmp_path: Path) -> None:
    with again(copy_of(lived_in(), tmp_path / "book"), clock=_march()) as desk:
        section = a_section(desk, "Ngor")
        home = a_household(desk, 3)
        with listening(desk) as heard:
            made = desk.do(
                register_household,
                section_id=section,
                plan_id=_plan(desk),
                persons=persons(3, seed=77),
            )
            born = NewPerson(
                "Sarr",
                "Zeyna",
                Sex.FEMALE,
                Birth(date(2024, 3, 6), BirthKnown.DAY),
                Relation.CHILD,
            )
            happened = desk.do(
                record_birth,
                household_id=home.household_id,
                person=born,
                mother_id=home.person_ids[0],
                on=date(2024, 3, 6),
            )
            desk.do(reverse_event, event_id=happened.event_ids[0], reason="typed twice")
            desk.do(
                contribute,
                request_id=a_request(),
                household_id=made.household_id,
                amount=francs(3500),
            )
            desk.do(
                receive,
                request_id=a_request(),
                role="gift",
                label="Gift",
                day=desk.today,
                amount=francs(5000),
            )
            desk.do(
                spend,
                request_id=a_request(),
                role="supplies",
                label="Notebooks",
                day=desk.today,
                amount=francs(500),
            )
        assert len(heard) > 50
        assert read_through(desk, heard) == set()


def test_what_an_account_holds_is_its_kept_sums_and_the_open_months(tmp_path: Path) -> None:
    with again(copy_of(lived_in(), tmp_path / "book"), clock=_march()) as desk:
        with desk.read() as connection:
            roles = (
                connection.exec_driver_sql("SELECT DISTINCT role FROM entry_line").scalars().all()
            )
            lines = {
                role: connection.exec_driver_sql(
                    "SELECT sum(amount) FROM entry_line WHERE role = ?", (role,)
                ).scalar_one()
                for role in roles
            }
            summed = connection.exec_driver_sql("SELECT count(*) FROM account_month").scalar_one()
        assert summed > 0
        assert {role: desk.ask(balance_of, role) for role in roles} == lines


def _march() -> SetClock:
    return SetClock(datetime(2024, 3, 6, 9, tzinfo=UTC))


def _plan(desk: Desk) -> Any:
    with desk.read() as connection:
        return connection.exec_driver_sql("SELECT id FROM plan").scalar_one()
