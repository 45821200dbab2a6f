"""What claims use of limits, kept beside the decisions, is what the decisions say."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stepdesk.claims import queries
from stepdesk.claims.queries.care import Summed
from stepdesk.claims.service import decide_claim
from stepdesk.claims.service.using import forget_used, rebuild_used
from stepdesk.store.desk import Desk
from tests.builders import open_copy, wednesday
from tests.claims.kit import a_batch, a_care, a_claim

ROWS = "SELECT * FROM care_used ORDER BY claim_id, line_id"


def kept(desk: Desk) -> list[Any]:
    with desk.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(ROWS).all()]


def rebuilt(desk: Desk) -> list[Any]:
    with desk.work("rebuild_used") as work:
        rebuild_used(work)
    return kept(desk)


claims = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 8),
        st.lists(st.sampled_from(["C", "P", "A", "GLAS"]), min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(told=claims)
def test_kept_step_by_step_it_is_what_is_made_anew(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[int, int, list[str]]]
) -> None:
    folder = tmp_path_factory.mktemp("used") / "book"
    with open_copy(folder, clock=wednesday()) as desk:
        care = a_care(desk, cap_person_year=2000)
        batch = a_batch(desk, care)
        for person, back, codes in told:
            day = desk.today - timedelta(days=back)
            lines = [care.line(code) for code in codes]
            desk.do(decide_claim, claim_id=a_claim(desk, care, batch, *lines, at=person, day=day))
        step_by_step = kept(desk)
        assert step_by_step == rebuilt(desk)


def test_a_book_where_nothing_is_kept_reads_the_decisions_and_the_next_one_keeps_all(
    desk: Desk,
) -> None:
    care = a_care(desk, cap_person_year=700)
    batch = a_batch(desk, care)
    first = a_claim(desk, care, batch, care.line("C"))
    desk.do(decide_claim, claim_id=first)
    with desk.work("forget_used") as work:
        forget_used(work)
    second = a_claim(desk, care, batch, care.line("A"))
    assert desk.do(decide_claim, claim_id=second).paid == 250
    assert len(kept(desk)) == 2


def test_added_up_it_is_the_same_as_line_by_line(desk: Desk) -> None:
    care = a_care(desk)
    batch = a_batch(desk, care)
    for back in range(4):
        day = desk.today - timedelta(days=back)
        claim = a_claim(desk, care, batch, care.line("C"), care.line("P", 5), day=day)
        desk.do(decide_claim, claim_id=claim)
    year = (date(2024, 1, 1), date(2025, 1, 1))
    asked: dict[str, Any] = {
        "household_id": care.home.household_id,
        "person_id": care.home.person_ids[0],
        "since": year[0],
        "today": desk.today,
    }
    with desk.read() as connection:
        lines = queries.uses_of(connection, **asked)
        few = queries.uses_of(connection, **asked, summed=Summed(year))
        by_day = queries.uses_of(connection, **asked, summed=Summed(year, (care.services["C"],)))
        by_claim = queries.uses_of(connection, **asked, summed=Summed(year, by_claim=True))
    assert [len(one) for one in (lines, few, by_day, by_claim)] == [8, 2, 5, 8]
    for told in (few, by_day, by_claim):
        assert sum(use.paid for use in told) == sum(use.paid for use in lines)
        assert sum(use.quantity for use in told) == sum(use.quantity for use in lines)
