"""What claims use of limits, kept beside the decisions, is what the decisions say."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.claims import queries
from stepdesk.claims.queries.care import Summed
from stepdesk.claims.service import decide_claim, override_claim
from stepdesk.claims.service.using import forget_used, rebuild_used
from stepdesk.claims.terms import Override, OverrideEffect, Use
from stepdesk.rights.terms import ReasonCode
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from tests.builders import open_copy, wednesday
from tests.claims.kit import a_batch, a_care, a_claim
from tests.examples import few

ROWS = (
    "SELECT * FROM care_used ORDER BY claim_id, line_id",
    "SELECT * FROM care_used_month WHERE month <> '' ORDER BY 1, 2, 3, 4, 5, 6, 7",
)
REFUSED = (Override(ReasonCode.RB10, OverrideEffect.REFUSES),)


def kept(desk: Desk) -> list[Any]:
    with desk.read() as connection:
        return [tuple(row) for one in ROWS for row in connection.exec_driver_sql(one).all()]


def rebuilt(desk: Desk) -> list[Any]:
    with desk.work("rebuild_used") as work:
        rebuild_used(work)
    return kept(desk)


claims = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 40),
        st.lists(st.sampled_from(["C", "P", "A", "GLAS"]), min_size=1, max_size=3),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@few(10)
@given(told=claims)
def test_kept_step_by_step_it_is_what_is_made_anew(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[int, int, list[str], bool]]
) -> None:
    folder = tmp_path_factory.mktemp("used") / "book"
    with open_copy(folder, clock=wednesday()) as desk:
        care = a_care(desk, cap_person_year=2000)
        batch = a_batch(desk, care)
        for person, back, codes, undone in told:
            day = desk.today - timedelta(days=back)
            lines = [care.line(code) for code in codes]
            claim = a_claim(desk, care, batch, *lines, at=person, day=day)
            if desk.do(decide_claim, claim_id=claim).paid and undone:
                desk.do(
                    override_claim,
                    claim_id=claim,
                    overrides=REFUSED,
                    reason="found later",
                    accepting=frozenset({"nobody_may_decide"}),
                )
        step_by_step = kept(desk)
        assert verify_desk(desk).findings == []
        assert step_by_step == rebuilt(desk)


@pytest.mark.parametrize(
    "spoilt",
    [
        "UPDATE care_used SET paid = paid + 1",
        "DELETE FROM care_used WHERE quantity = 5",
        "UPDATE care_used_month SET quantity = 0 WHERE month <> ''",
        "DELETE FROM care_used_month WHERE quantity = 5",
    ],
)
def test_verifying_finds_what_is_kept_otherwise_than_decided(desk: Desk, spoilt: str) -> None:
    care = a_care(desk)
    claim = a_claim(desk, care, a_batch(desk, care), care.line("C"), care.line("P", 5))
    desk.do(decide_claim, claim_id=claim)
    assert verify_desk(desk).findings == []
    desk.note_locally(spoilt, ())
    assert {one.table for one in verify_desk(desk).findings} <= {"care_used", "care_used_month"}
    assert not verify_desk(desk).clean
    rebuilt(desk)
    assert verify_desk(desk).findings == []


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
    assert len(kept(desk)) == 4


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
        least = queries.uses_of(connection, **asked, summed=Summed(year))
        by_day = queries.uses_of(connection, **asked, summed=Summed(year, (care.services["C"],)))
        by_claim = queries.uses_of(connection, **asked, summed=Summed(year, by_claim=True))
    assert [len(one) for one in (lines, least, by_day, by_claim)] == [8, 2, 5, 8]
    for told in (least, by_day, by_claim):
        assert sum(use.paid for use in told) == sum(use.paid for use in lines)
        assert sum(use.quantity for use in told) == sum(use.quantity for use in lines)


Counted = dict[tuple[Any, ...], tuple[int, int, int]]


def counted(uses: tuple[Use, ...], days: tuple[date, ...], by_day: set[bytes]) -> Counted:
    """What was used, told apart as far as a limit may: an act, whose, in which year, on what day."""
    told: Counted = {}
    for use in uses:
        key: tuple[Any, ...] = (use.person_id, use.household_id, use.service_id, use.stay)
        key += (use.outside, use.package_id)
        key += (*(use.day >= day for day in days), use.day if use.service_id in by_day else None)
        told[key] = tuple(  # type: ignore[assignment]
            had + more
            for had, more in zip(
                told.get(key, (0, 0, 0)), (use.quantity, use.paid, use.deducted), strict=True
            )
        )
    return {key: sums for key, sums in told.items() if any(sums)}


@few(10)
@given(
    told=claims,
    since=st.integers(0, 45),
    years=st.lists(st.integers(-2, 45), max_size=2),
    daily=st.booleans(),
    but=st.booleans(),
)
def test_by_months_it_is_the_same_as_line_by_line_whatever_a_year_begins_with(
    tmp_path_factory: pytest.TempPathFactory,
    told: list[tuple[int, int, list[str], bool]],
    since: int,
    years: list[int],
    daily: bool,
    but: bool,
) -> None:
    folder = tmp_path_factory.mktemp("months") / "book"
    with open_copy(folder, clock=wednesday()) as desk:
        care = a_care(desk)
        batch = a_batch(desk, care)
        made = []
        for person, back, codes, _ in told:
            day = desk.today - timedelta(days=back)
            lines = [care.line(code) for code in codes]
            made.append(a_claim(desk, care, batch, *lines, at=person, day=day))
            desk.do(decide_claim, claim_id=made[-1])
        days = tuple(sorted({desk.today - timedelta(days=back) for back in years}))
        by_day = (care.services["P"],) if daily else ()
        asked: dict[str, Any] = {
            "household_id": care.home.household_id,
            "person_id": care.home.person_ids[0],
            "since": desk.today - timedelta(days=since),
            "today": desk.today,
            "but": made[0] if but else None,
        }
        with desk.read() as connection:
            lines_told = queries.uses_of(connection, **asked)
            summed = queries.uses_of(connection, **asked, summed=Summed(days, by_day))
        wanted = counted(lines_told, days, set(by_day))
        assert counted(summed, days, set(by_day)) == wanted
