"""What a closing keeps of an account is what its rows say, whatever happens afterwards.

Two persons of the plan of 350 a month, entry fee 1 000; a term begins with the month.
Source: docs/decisions/0055.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.contributions.queries import facts_of
from stepdesk.contributions.queries.kept import packed_dues, packed_paid, unpacked
from stepdesk.contributions.service import reverse_payment
from stepdesk.contributions.terms import (
    KEPT_DUE,
    AccountFacts,
    Due,
    DueKind,
    EffectRule,
    Paid,
    PartialRule,
    Target,
)
from stepdesk.i18n import speak
from stepdesk.members.terms import Registered
from stepdesk.reports.service import close_month, reopen_month
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import DueId, PlanVersionId
from stepdesk.values.month import Month
from tests.builders import a_household, a_payment, a_plan, a_request
from tests.examples import few

DOUBTS = frozenset({"much", "ended", "closed_month", "not_counted", "cash_differs", "ahead"})
JANUARY = Month(2024, 1)


@pytest.fixture
def home(desk: Desk) -> Registered:
    """Two persons, on the day of entry."""
    plan = a_plan(desk, waiting_months=0, effect_rule=EffectRule.FIRST_OF_MONTH)
    return a_household(desk, 2, plan_id=plan)


def closed(desk: Desk, clock: SetClock, month: Month = JANUARY) -> None:
    clock.set(month.until + timedelta(days=1))
    desk.do(close_month, month=month, accepting=DOUBTS)


def kept_row(desk: Desk, home: Registered) -> tuple[Any, ...] | None:
    """From when on dues are read by row, how many are kept; the same of receipts."""
    with desk.read() as connection:
        row = connection.exec_driver_sql(
            "SELECT dues_until, dues, paid_through, payments FROM account_kept"
            " WHERE household_id = ?",
            (home.household_id,),
        ).first()
    return None if row is None else tuple(row)


def read_by_row(desk: Desk, home: Registered) -> list[bool]:
    """Of each frozen due, by period, whether its row was read."""
    return [due.id != KEPT_DUE for due in desk.ask(facts_of, home.household_id).frozen]


def bare(facts: AccountFacts) -> AccountFacts:
    """Facts without the ids of dues that have no discount."""
    return replace(
        facts, frozen=tuple(due if due.discount else replace(due, id=None) for due in facts.frozen)
    )


def check(desk: Desk, home: Registered) -> None:
    """Both ways of reading tell the same, no period has two rows, and the book verifies."""
    told = desk.ask(facts_of, home.household_id)
    assert bare(told) == bare(desk.ask(facts_of, home.household_id, named=True))
    with desk.read() as connection:
        twice = connection.exec_driver_sql(
            "SELECT first_day FROM due WHERE household_id = ? AND kind IS NULL"
            " GROUP BY first_day, told_on, discount HAVING count(*) > 1",
            (home.household_id,),
        ).all()
    assert twice == []
    assert verify_desk(desk, whole=True).findings == []


def test_three_months_paid_at_once_are_kept_when_the_first_closes(
    desk: Desk, clock: SetClock, home: Registered
) -> None:
    a_payment(desk, home, 1000 + 3 * 700, accepting=DOUBTS)
    closed(desk, clock)
    assert kept_row(desk, home) == ("2024-03-02", 3, "2024-01-10", 1)
    a_payment(desk, home, 700, accepting=DOUBTS)
    assert read_by_row(desk, home) == [False, False, False, True]
    check(desk, home)
    closed(desk, clock, JANUARY.plus(1))
    assert kept_row(desk, home) == ("2024-04-02", 4, "2024-02-02", 2)


def test_who_owes_part_of_a_month_is_not_kept(desk: Desk, clock: SetClock) -> None:
    """After the fee and January, 350 of February's 700: one of two persons is paid for."""
    plan = a_plan(
        desk,
        waiting_months=0,
        effect_rule=EffectRule.FIRST_OF_MONTH,
        partial_rule=PartialRule.PER_PERSON_PARTIAL,
    )
    home = a_household(desk, 2, plan_id=plan)
    a_payment(desk, home, 1700, accepting=DOUBTS)
    clock.set(date(2024, 2, 1))
    a_payment(desk, home, 350, accepting=DOUBTS)
    closed(desk, clock)
    assert kept_row(desk, home) is None
    assert read_by_row(desk, home) == [True, True]
    a_payment(desk, home, 350, accepting=DOUBTS)
    closed(desk, clock, JANUARY.plus(1))
    assert kept_row(desk, home) == ("2024-02-02", 2, "2024-02-02", 3)
    check(desk, home)


def test_a_receipt_told_late_is_read_with_all_others(
    desk: Desk, clock: SetClock, home: Registered
) -> None:
    """It is dated before what was kept ends: the copy no longer holds, and the next closing makes it anew."""
    clock.set(date(2024, 1, 20))
    a_payment(desk, home, 1000 + 700, accepting=DOUBTS)
    closed(desk, clock)
    assert read_by_row(desk, home) == [False]
    a_payment(desk, home, 700, paid_on=date(2024, 1, 15), accepting=DOUBTS)
    assert read_by_row(desk, home) == [True, True]
    check(desk, home)
    closed(desk, clock, JANUARY.plus(1))
    assert kept_row(desk, home) == ("2024-02-02", 2, "2024-01-20", 2)
    assert read_by_row(desk, home) == [False, False]
    check(desk, home)


def test_a_receipt_that_is_kept_is_cancelled_and_paid_again_on_the_same_rows(
    desk: Desk, clock: SetClock, home: Registered
) -> None:
    wrong = a_payment(desk, home, 1000 + 2 * 700, accepting=DOUBTS)
    closed(desk, clock)
    assert read_by_row(desk, home) == [False, False]
    desk.do(
        reverse_payment,
        request_id=a_request(),
        payment_id=wrong.payment_id,
        reason="wrong household",
    )
    assert read_by_row(desk, home) == [True, True]
    check(desk, home)
    a_payment(desk, home, 1000 + 2 * 700, accepting=DOUBTS)
    check(desk, home)
    closed(desk, clock, JANUARY.plus(1))
    check(desk, home)


def test_a_month_opened_again_leaves_what_is_kept_as_it_is(
    desk: Desk, clock: SetClock, home: Registered
) -> None:
    a_payment(desk, home, 1000 + 700, accepting=DOUBTS)
    closed(desk, clock)
    desk.do(reopen_month, month=JANUARY, reason="a paper was found")
    a_payment(desk, home, 700, paid_on=date(2024, 1, 31), accepting=DOUBTS)
    check(desk, home)
    closed(desk, clock)
    assert kept_row(desk, home) == ("2024-02-02", 2, "2024-01-31", 2)
    check(desk, home)


def test_what_credit_pays_by_itself_takes_the_copy_away_until_the_next_closing(
    desk: Desk, clock: SetClock
) -> None:
    """At most two periods are paid ahead: the rest waits as credit, and pays March when it comes."""
    plan = a_plan(
        desk, waiting_months=0, effect_rule=EffectRule.FIRST_OF_MONTH, max_advance_periods=1
    )
    home = a_household(desk, 2, plan_id=plan)
    a_payment(desk, home, 1000 + 4 * 700, accepting=DOUBTS)
    closed(desk, clock)
    first = kept_row(desk, home)
    assert first is not None
    for ahead in (1, 2):
        closed(desk, clock, JANUARY.plus(ahead))
        check(desk, home)
    later = kept_row(desk, home)
    assert later is not None
    # One receipt in all; what it paid by itself is told with the dues it paid.
    assert (later[3], later[1] > first[1]) == (1, True)
    facts = desk.ask(facts_of, home.household_id)
    assert sum(one.amount for one in facts.paid) == 1000 + 4 * 700


def test_a_year_with_a_discount_keeps_which_dues_have_it(desk: Desk, clock: SetClock) -> None:
    """A tenth off twelve months paid at once: 12 x 630."""
    plan = a_plan(
        desk,
        waiting_months=0,
        effect_rule=EffectRule.FIRST_OF_MONTH,
        prepay_discount=1000,
        max_advance_periods=12,
    )
    home = a_household(desk, 2, plan_id=plan)
    paid = a_payment(desk, home, 1000 + 12 * 630, accepting=DOUBTS)
    closed(desk, clock)
    facts = desk.ask(facts_of, home.household_id)
    cheaper = [due for due in facts.frozen if due.discount]
    assert kept_row(desk, home) is not None
    assert len(cheaper) == 12
    assert {due.amount for due in cheaper} == {630}
    assert all(due.id not in {None, KEPT_DUE} for due in cheaper)
    check(desk, home)
    desk.do(
        reverse_payment, request_id=a_request(), payment_id=paid.payment_id, reason="not his money"
    )
    check(desk, home)


def test_a_receipt_dated_before_others_touches_no_second_row_of_a_month(
    desk: Desk, clock: SetClock, home: Registered
) -> None:
    """January paid on the 20th, February on the 2nd; then 700 turns up that came on 15 January."""
    clock.set(date(2024, 1, 20))
    a_payment(desk, home, 1700, accepting=DOUBTS)
    clock.set(date(2024, 2, 2))
    a_payment(desk, home, 700, accepting=DOUBTS)
    closed(desk, clock)
    a_payment(desk, home, 700, paid_on=date(2024, 1, 15), accepting=DOUBTS)
    a_payment(desk, home, 700, paid_on=date(2024, 1, 12), accepting=DOUBTS)
    check(desk, home)


def test_what_is_kept_and_was_changed_is_found(
    desk: Desk, clock: SetClock, home: Registered
) -> None:
    a_payment(desk, home, 1000 + 700, accepting=DOUBTS)
    closed(desk, clock)
    facts = desk.ask(facts_of, home.household_id)
    dearer = packed_dues([replace(due, amount=701) for due in facts.frozen])
    earlier = packed_paid([one._replace(day=date(2024, 1, 9)) for one in facts.paid])
    whole = kept_columns(desk)
    for column, told in (("called", dearer), ("paid", earlier), ("paid", b"no")):
        desk.note_locally(f"UPDATE account_kept SET {column} = ?", (told,))
        found = [speak(one.text, "en") for one in verify_desk(desk, whole=True).findings]
        assert found == ["Accounts that are kept and are not what their receipts say: 1."]
        desk.note_locally("UPDATE account_kept SET called = ?, paid = ?", whole)
    check(desk, home)
    # What cannot be read is not read: the rows say it.
    desk.note_locally("UPDATE account_kept SET called = ?", (b"no",))
    assert read_by_row(desk, home) == [True]


def test_a_copy_that_tells_receipts_in_another_order_is_found(
    desk: Desk, clock: SetClock, home: Registered
) -> None:
    a_payment(desk, home, 1000 + 700, accepting=DOUBTS)
    clock.set(date(2024, 1, 20))
    a_payment(desk, home, 700, accepting=DOUBTS)
    closed(desk, clock)
    backwards = packed_paid(desk.ask(facts_of, home.household_id).paid[::-1])
    desk.note_locally("UPDATE account_kept SET paid = ?", (backwards,))
    found = [speak(one.text, "en") for one in verify_desk(desk, whole=True).findings]
    assert found == ["Accounts that are kept and are not what their receipts say: 1."]


def kept_columns(desk: Desk) -> tuple[bytes, bytes]:
    with desk.read() as connection:
        row = connection.exec_driver_sql("SELECT called, paid FROM account_kept").one()
    return row[0], row[1]


days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
amounts = st.integers(-(10**13), 10**13)
ids = st.binary(min_size=16, max_size=16)
dues = st.builds(
    Due,
    first_day=days,
    until=days,
    due_on=days,
    amount=amounts,
    plan_version_id=ids.map(PlanVersionId),
    id=ids.filter(any).map(DueId),
    payer_amount=amounts,
    kind=st.sampled_from(DueKind),
    told_on=st.none() | days,
    discount=st.sampled_from((0, 0, 70)),
    fees_discount=st.sampled_from((0, 0, 0, 250)),
)
paid_rows = st.builds(
    Paid,
    day=days,
    target=st.sampled_from(Target),
    amount=amounts,
    due_first_day=st.none() | days,
    due_id=st.none() | ids.map(DueId),
    since=st.none() | days,
    taken_of=st.none() | days,
)


@few(200)
@given(called=st.lists(dues, max_size=80), paid=st.lists(paid_rows, max_size=80))
def test_what_is_packed_comes_back_as_it_was(called: list[Due], paid: list[Paid]) -> None:
    """But for the ids of dues without a discount, which nobody asks for."""

    def told(due: Due) -> Due:
        if due.kind is not DueKind.PERIOD:
            return replace(due, id=None)
        return due if due.discount else replace(due, id=KEPT_DUE)

    assert unpacked(packed_dues(called), packed_paid(paid)) == (
        tuple(told(due) for due in called),
        paid,
    )
