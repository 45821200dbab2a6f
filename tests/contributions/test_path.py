"""What a contribution asks of the book stays small however much the book holds."""

from typing import Any

from stepdesk.contributions.service import contribute
from stepdesk.store.desk import Desk
from stepdesk.values.money import Money
from tests.builders import a_household, a_request

SMALL = {"v", "b", "p", "statutes_version", "scheme_key", "closing"}
"""Tables of a few rows for a whole scheme, by the name a plan of SQLite has for them."""


def test_a_contribution_reads_no_whole_table(desk: Desk) -> None:
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
    asked = [one for one in heard if one.startswith("SELECT")]
    plans = [
        line
        for one in asked
        if "money_settings" not in one
        for *_, line in raw.execute(f"EXPLAIN QUERY PLAN {one}").fetchall()
    ]
    scanned = {line.split()[1] for line in plans if line.startswith("SCAN")}
    assert len(asked) > 10
    assert scanned - {"CONSTANT"} <= SMALL
    # Each question once: what was asked before is kept for the rest of the receipt.
    assert sorted(asked) == sorted(set(asked))
