"""What a contribution asks of the book stays small however much the book holds."""

from typing import Any

from stepdesk.contributions.service import contribute
from stepdesk.store.desk import Desk
from stepdesk.values.money import Money
from tests.builders import a_household, a_request

ANY = {"nomination", "relation_change", "person_mark", "person_merge"}
"""Tables that are asked whether they have any row: one is read at most."""
SMALL = {"v", "b", "p", "statutes_version", "scheme_key", "closing"}
"""Tables of a few rows for a whole scheme, by the name a plan of SQLite has for them."""


def asked_by_a_contribution(desk: Desk) -> list[str]:
    """Return the questions a contribution of a new household asks."""
    home = a_household(desk)
    with desk.writer.connect() as connection:
        raw: Any = connection.connection.driver_connection
    heard: list[str] = []
    raw.set_trace_callback(heard.append)
    desk.do(
        contribute,
        request_id=a_request(),
        household_id=home.household_id,
        amount=Money(3100, desk.currency),
    )
    raw.set_trace_callback(None)
    return [one for one in heard if one.startswith("SELECT")]


def test_a_contribution_reads_no_whole_table(desk: Desk) -> None:
    asked = asked_by_a_contribution(desk)
    with desk.writer.connect() as connection:
        raw: Any = connection.connection.driver_connection
    plans = [
        line
        for one in asked
        if "money_settings" not in one
        for *_, line in raw.execute(f"EXPLAIN QUERY PLAN {one}").fetchall()
    ]
    scanned = {line.split()[1] for line in plans if line.startswith("SCAN")}
    assert len(asked) > 10
    assert scanned - {"CONSTANT"} <= SMALL | ANY
    # Each question once: what was asked before is kept for the rest of the receipt.
    assert sorted(asked) == sorted(set(asked))


def test_a_second_contribution_asks_of_its_own_household_alone(desk: Desk) -> None:
    first = asked_by_a_contribution(desk)
    second = asked_by_a_contribution(desk)
    # The request; enrolment, what a closing kept, dues, what was paid, persons, events, what is owed; two serials; names.
    assert len(second) == 11 < len(first)
    read = {one.partition(" FROM ")[2].split()[0] for one in second}
    assert not read & {
        "plan_version",
        "statutes_version",
        "scheme_version",
        "scheme_key",
        "closing",
    }
