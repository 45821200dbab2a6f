"""What a paid period came to cost less was given back, and then it costs as before again.

A plan of 350 a month by head that charges who is added from the next period on, and an entry fee
of 1,000. Source: domain handbook 2.2 (no refund), 2.4 (`charge_added`), Y.8 (2);
docs/decisions/0032 and 0053.
"""

from datetime import date
from typing import Any

import pytest

from stepdesk.contributions import rules
from stepdesk.contributions.queries import account_of, facts_of
from stepdesk.contributions.service import reverse_payment
from stepdesk.contributions.terms import ChargeAdded, EffectRule
from stepdesk.members.service import record_joining, record_leaving, resign, reverse_event
from stepdesk.members.terms import Birth, BirthKnown, NewPerson, Registered, Relation, Sex
from stepdesk.reports.queries import control_differences
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import PersonId
from tests.builders import a_household, a_payment, a_plan, a_request

DOUBTS = frozenset({"much", "nobody_may_decide", "not_counted", "completeness", "alike:0"})
Row = tuple[str, int, int]


@pytest.fixture
def home(desk: Desk) -> Registered:
    """Three persons."""
    plan = a_plan(
        desk,
        waiting_months=0,
        effect_rule=EffectRule.FIRST_OF_MONTH,
        charge_added=ChargeAdded.NEXT_PERIOD,
    )
    return a_household(desk, 3, plan_id=plan)


def test_who_did_not_leave_after_all_is_asked_for_again_from_the_day_that_was_told(
    desk: Desk, clock: SetClock, home: Registered
) -> None:
    """350 of February come back: with 50 more they are not enough for March, which costs 700.

    On 10 February the leaving is taken back: 350 are asked again for February, by 5 March.
    """
    a_payment(desk, home, 1000 + 2 * 1050, accepting=DOUBTS)
    left = leaves(desk, clock, home.person_ids[1], date(2024, 1, 20))
    a_payment(desk, home, 50, accepting=DOUBTS)
    assert (credit(desk, home), adjustments(desk)) == (400, [("2024-02-01", -350, -350)])
    clock.set(date(2024, 2, 10))
    desk.do(reverse_event, event_id=left.event_ids[0], reason="she stays")
    before = rules.account_on(desk.ask(facts_of, home.household_id), date(2024, 2, 9))
    assert before.adjustments == ()
    told = desk.ask(account_of, home.household_id, date(2024, 2, 10))
    assert [
        (one.due.first_day, one.due.due_on, one.due.amount, one.open) for one in told.adjustments
    ] == [(date(2024, 2, 1), date(2024, 3, 5), 350, 350)]
    # 400 of credit and 1,000 pay it and March for three. The row holds nothing any more.
    a_payment(desk, home, 1000, accepting=DOUBTS)
    assert adjustments(desk) == [("2024-02-01", -350, 0)]
    last = desk.ask(account_of, home.household_id, date(2024, 2, 10))
    assert (last.credit, last.covered_through) == (0, date(2024, 3, 31))
    assert desk.ask(control_differences) == {}


def test_who_was_added_after_money_was_given_back_is_paid_once_on_a_row_of_its_own(
    desk: Desk, clock: SetClock, home: Registered
) -> None:
    """She left and stays after all, then a child comes: February asks 350 again, and 350 more."""
    a_payment(desk, home, 1000 + 2 * 1050, accepting=DOUBTS)
    left = leaves(desk, clock, home.person_ids[1], date(2024, 1, 12))
    a_payment(desk, home, 50, accepting=DOUBTS)
    assert adjustments(desk) == [("2024-02-01", -350, -350)]
    clock.set(date(2024, 1, 25))
    desk.do(reverse_event, event_id=left.event_ids[0], reason="she stays")
    joins(desk, clock, home, date(2024, 1, 26))
    clock.set(date(2024, 2, 2))
    told = desk.ask(account_of, home.household_id, date(2024, 2, 2))
    assert [(one.due.told_on, one.open) for one in told.adjustments] == [
        (date(2024, 1, 25), 350),
        (date(2024, 1, 26), 350),
    ]
    # Of 400 and 300 nothing is left; March, for four, is not paid.
    a_payment(desk, home, 300, accepting=DOUBTS)
    assert adjustments(desk) == [("2024-02-01", -350, 0), ("2024-02-01", 350, 350)]
    a_payment(desk, home, 1400, accepting=DOUBTS)
    assert adjustments(desk) == [("2024-02-01", -350, 0), ("2024-02-01", 350, 350)]
    last = desk.ask(account_of, home.household_id, date(2024, 2, 2))
    assert (last.credit, last.covered_through) == (0, date(2024, 3, 31))


def test_a_month_reckoned_before_somebody_came_costs_the_same_when_its_receipt_is_cancelled(
    desk: Desk, clock: SetClock, home: Registered
) -> None:
    """February was reckoned for three, then a child came; then its receipt is cancelled.

    Paid anew on 3 February it costs 1,050 and 350 more, as it did, and not 1,050 alone. March is
    paid with 1,050; when the child leaves in February that is what it costs: nothing comes back,
    also when a receipt that has nothing to do with it is cancelled.
    """
    wrong = a_payment(desk, home, 1000 + 4 * 1050, accepting=DOUBTS)
    child = joins(desk, clock, home, date(2024, 1, 12))
    clock.set(date(2024, 2, 3))
    desk.do(
        reverse_payment, request_id=a_request(), payment_id=wrong.payment_id, reason="of another"
    )
    # Entering on 3 February: the fee, and the month of February; then what it costs more.
    a_payment(desk, home, 1000 + 1050, accepting=DOUBTS)
    assert desk.ask(account_of, home.household_id, date(2024, 2, 3)).to_pay == 350
    a_payment(desk, home, 350, accepting=DOUBTS)
    told = desk.ask(account_of, home.household_id, date(2024, 2, 3))
    assert (told.to_pay, told.covered_through) == (0, date(2024, 2, 29))
    a_payment(desk, home, 1050, accepting=DOUBTS)
    leaves(desk, clock, child.person_ids[0], date(2024, 2, 20))
    other = a_payment(desk, home, 50, accepting=DOUBTS)
    desk.do(
        reverse_payment, request_id=a_request(), payment_id=other.payment_id, reason="of another"
    )
    assert (credit(desk, home), adjustments(desk)) == (0, [("2024-02-01", 350, 350)])
    told = desk.ask(account_of, home.household_id, date(2024, 3, 31))
    assert (told.to_pay, told.covered_through) == (0, date(2024, 3, 31))


def test_what_is_paid_ahead_is_not_given_back_to_who_resigns(
    desk: Desk, clock: SetClock, home: Registered
) -> None:
    joins(desk, clock, home, date(2024, 1, 12))
    a_payment(desk, home, 1000 + 1050 + 3 * 1400, accepting=DOUBTS)
    clock.set(date(2024, 1, 20))
    gone = desk.do(
        resign, household_id=home.household_id, letter_on=date(2024, 1, 20), on=date(2024, 2, 10)
    )
    clock.set(date(2024, 2, 20))
    a_payment(desk, home, 50, accepting=DOUBTS | {"ended"})
    assert (credit(desk, home), adjustments(desk)) == (50, [])
    desk.do(reverse_event, event_id=gone.event_ids[0], reason="she stays")
    a_payment(desk, home, 50, accepting=DOUBTS)
    told = desk.ask(account_of, home.household_id, date(2024, 2, 20))
    assert (told.credit, told.covered_through, adjustments(desk)) == (100, date(2024, 4, 30), [])


def joins(desk: Desk, clock: SetClock, home: Registered, day: date) -> Any:
    clock.set(day)
    child = NewPerson(
        "Sow", "Awa", Sex.FEMALE, Birth(date(2016, 5, 1), BirthKnown.DAY), Relation.CHILD
    )
    return desk.do(
        record_joining, household_id=home.household_id, person=child, on=day, accepting=DOUBTS
    )


def leaves(desk: Desk, clock: SetClock, person: PersonId, day: date) -> Any:
    clock.set(day)
    return desk.do(record_leaving, person_id=person, on=day, reason="moved", accepting=DOUBTS)


def credit(desk: Desk, home: Registered) -> int:
    return desk.ask(account_of, home.household_id, desk.today).credit


def adjustments(desk: Desk) -> list[Row]:
    """Each row of an adjustment: its period, what it asks and what lies on it."""
    with desk.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT d.first_day, d.amount, sum(a.amount) FROM due d"
            " JOIN allocation a ON a.due_id = d.id WHERE d.kind = 'ADJUSTMENT'"
            " GROUP BY d.id ORDER BY d.first_day, d.id"
        )
        return [(str(first), amount, held) for first, amount, held in rows]
