"""A household that ended and was readmitted pays anew, and what it paid before is told apart.

Two persons of the plan of 350 a month with an entry fee of 1 000, asked again at a readmission;
a term begins with the month. Source: domain handbook 2.2 and Y.8 (2) and (9); docs/decisions/0053.
"""

from datetime import date

import pytest

from stepdesk.contributions import rules
from stepdesk.contributions.queries import all_facts, earned_by_due, facts_of
from stepdesk.contributions.service import reverse_payment
from stepdesk.contributions.terms import EffectRule
from stepdesk.members.service import readmit, record_joining, resign
from stepdesk.members.terms import Birth, BirthKnown, NewPerson, Registered, Relation, Sex
from stepdesk.reports.queries import disagreements
from stepdesk.reports.service import close_month
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.month import Month
from tests.builders import a_household, a_payment, a_plan, a_request

DOUBTS = frozenset({"much", "ended", "closed_month", "not_counted", "nobody_may_decide"})
PERSONS = 2


@pytest.fixture
def home(desk: Desk) -> Registered:
    """Two persons who paid from January to June on 10 January."""
    plan = a_plan(desk, waiting_months=0, effect_rule=EffectRule.FIRST_OF_MONTH)
    made = a_household(desk, PERSONS, plan_id=plan)
    a_payment(desk, made, 1000 + 6 * 700, accepting=DOUBTS)
    return made


def end_and_begin(desk: Desk, clock: SetClock, home: Registered) -> None:
    """The household resigns with March, and is readmitted with April as a family of three."""
    clock.set(date(2024, 3, 1))
    left = date(2024, 3, 1)
    desk.do(resign, household_id=home.household_id, letter_on=left, on=left, accepting=DOUBTS)
    clock.set(date(2024, 4, 1))
    desk.do(readmit, household_id=home.household_id, on=date(2024, 4, 1))
    child = NewPerson(
        "Sow", "Awa", Sex.FEMALE, Birth(date(2016, 5, 1), BirthKnown.DAY), Relation.CHILD
    )
    desk.do(
        record_joining,
        household_id=home.household_id,
        person=child,
        on=date(2024, 4, 1),
        accepting=frozenset({"alike:0", "not_counted", "completeness"}),
    )


def held_by_row(desk: Desk, home: Registered) -> list[tuple[str, int, int]]:
    """Each row of a due: its first day, what it asks and what lies on it."""
    with desk.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT d.first_day, d.amount, sum(a.amount) FROM due d"
            " JOIN allocation a ON a.due_id = d.id WHERE d.household_id = ?"
            " GROUP BY d.id ORDER BY d.first_day, d.id",
            (home.household_id,),
        )
        return [(str(first), amount, held) for first, amount, held in rows]


FIRST = [(f"2024-0{month}-01", 700, 700) for month in range(1, 7)]


def test_what_is_paid_after_a_readmission_lies_on_rows_of_its_own(
    desk: Desk, clock: SetClock, home: Registered
) -> None:
    """April and May cost three persons 1 050 each, though two had paid 700 for them before."""
    end_and_begin(desk, clock, home)
    a_payment(desk, home, 1000 + 2 * 1050, accepting=DOUBTS)
    assert held_by_row(desk, home) == sorted(
        [*FIRST, ("2024-04-01", 1050, 1050), ("2024-05-01", 1050, 1050)]
    )
    account = rules.account_on(desk.ask(facts_of, home.household_id), date(2024, 4, 1))
    assert (account.covered_through, account.to_pay) == (date(2024, 5, 31), 0)


def test_a_receipt_of_the_first_membership_is_cancelled_without_touching_the_second(
    desk: Desk, clock: SetClock, home: Registered
) -> None:
    with desk.read() as connection:
        wrong = connection.exec_driver_sql("SELECT id FROM payment").scalar_one()
    end_and_begin(desk, clock, home)
    a_payment(desk, home, 1000 + 2 * 1050, accepting=DOUBTS)
    desk.do(reverse_payment, request_id=a_request(), payment_id=wrong, reason="wrong household")
    assert held_by_row(desk, home) == sorted(
        [
            *((day, amount, 0) for day, amount, _ in FIRST),
            ("2024-04-01", 1050, 1050),
            ("2024-05-01", 1050, 1050),
        ]
    )
    account = rules.account_on(desk.ask(facts_of, home.household_id), date(2024, 4, 1))
    assert (account.covered_through, account.to_pay) == (date(2024, 5, 31), 0)


def test_a_receipt_of_the_second_membership_is_cancelled_without_touching_the_first(
    desk: Desk, clock: SetClock, home: Registered
) -> None:
    end_and_begin(desk, clock, home)
    wrong = a_payment(desk, home, 1000 + 1050, accepting=DOUBTS)
    desk.do(
        reverse_payment,
        request_id=a_request(),
        payment_id=wrong.payment_id,
        reason="wrong household",
    )
    assert held_by_row(desk, home) == sorted([*FIRST, ("2024-04-01", 1050, 0)])
    account = rules.account_on(desk.ask(facts_of, home.household_id), date(2024, 4, 1))
    assert (account.entered_on, account.to_pay) == (None, 1000 + 1050)
    # Read with all others it is the same.
    told, known = desk.ask(facts_of, home.household_id), desk.ask(all_facts)[home.household_id]
    assert (known.frozen, known.paid) == (told.frozen, told.paid)


def test_what_the_first_membership_paid_stays_earned_after_the_readmission(
    desk: Desk, clock: SetClock, home: Registered
) -> None:
    """January and February were lived through; the months behind the ending are not given back.

    In April both memberships have paid for it: 700, and 1 050.
    """
    end_and_begin(desk, clock, home)
    a_payment(desk, home, 1000 + 2 * 1050, accepting=DOUBTS)
    clock.set(date(2024, 5, 1))
    for month in range(1, 5):
        desk.do(close_month, month=Month(2024, month), accepting=DOUBTS)
    earned = desk.ask(earned_by_due, Month(2024, 4))
    assert {day: told for (_, day), told in earned.items()} == {
        date(2024, 1, 1): (700, 0),
        date(2024, 2, 1): (700, 0),
        date(2024, 3, 1): (700, 0),
        date(2024, 4, 1): (700 + 1050, 0),
    }
    assert desk.ask(disagreements) == ()
    assert verify_desk(desk, whole=True).findings == []
