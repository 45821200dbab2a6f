"""A paid period that was adjusted twice: each adjustment is a row, and each comes back by itself.

A plan of 350 a month by head that charges who is added from the next period on, paid to March by
one person. Source: domain handbook 2.4 (`charge_added`), Y.8 (2); docs/decisions/0032.
"""

from datetime import date

from stepdesk.contributions.service import reverse_payment
from stepdesk.contributions.terms import ChargeAdded, EffectRule
from stepdesk.members.service import record_joining
from stepdesk.members.terms import Birth, BirthKnown, NewPerson, Relation, Sex
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from tests.builders import a_household, a_payment, a_plan, a_request

DOUBTS = frozenset({"much", "nobody_may_decide", "not_counted", "completeness", "alike:0"})


def test_a_receipt_that_paid_two_adjustments_of_a_period_is_cancelled_on_each(
    desk: Desk, clock: SetClock
) -> None:
    """Two persons told in January on two days: February costs 350 more, and 350 again."""
    plan = a_plan(
        desk,
        waiting_months=0,
        effect_rule=EffectRule.FIRST_OF_MONTH,
        charge_added=ChargeAdded.NEXT_PERIOD,
    )
    home = a_household(desk, 1, plan_id=plan)
    a_payment(desk, home, 1000 + 3 * 350, accepting=DOUBTS)
    for day, name in ((12, "Awa"), (20, "Binta")):
        clock.set(date(2024, 1, day))
        born = Birth(date(2016, 5, day), BirthKnown.DAY)
        desk.do(
            record_joining,
            household_id=home.household_id,
            person=NewPerson("Sow", name, Sex.FEMALE, born, Relation.CHILD),
            on=date(2024, 1, day),
            accepting=DOUBTS,
        )
    clock.set(date(2024, 2, 10))
    wrong = a_payment(desk, home, 2 * 350, accepting=DOUBTS)
    assert adjustments(desk) == [("2024-02-01", 350, 350), ("2024-02-01", 350, 350)]
    desk.do(
        reverse_payment,
        request_id=a_request(),
        payment_id=wrong.payment_id,
        reason="wrong household",
    )
    assert adjustments(desk) == [("2024-02-01", 350, 0), ("2024-02-01", 350, 0)]
    a_payment(desk, home, 2 * 350, accepting=DOUBTS)
    assert adjustments(desk) == [("2024-02-01", 350, 350), ("2024-02-01", 350, 350)]


def adjustments(desk: Desk) -> list[tuple[str, int, int]]:
    """Each row of an adjustment: its period, what it asks and what lies on it."""
    with desk.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT d.first_day, d.amount, sum(a.amount) FROM due d"
            " JOIN allocation a ON a.due_id = d.id WHERE d.kind = 'ADJUSTMENT'"
            " GROUP BY d.id ORDER BY d.first_day, d.id"
        )
        return [(str(first), amount, held) for first, amount, held in rows]
