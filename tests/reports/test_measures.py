"""The figures of a month, counted by hand in a small scheme."""

from datetime import date

import pytest

from stepdesk.benefits.terms import Category
from stepdesk.contributions.service import reverse_payment
from stepdesk.contributions.terms import Means, Periodicity
from stepdesk.ledger.service import spend
from stepdesk.members.model import cover
from stepdesk.reports import rules
from stepdesk.reports.queries import measures
from stepdesk.reports.terms import Measure, Measures, Moved, Service
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.sync.wire.cells import TABLES
from stepdesk.values.care import Level
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import a_household, a_payment, a_plan, a_request
from tests.reports.care import Care
from tests.reports.test_closing import close

JANUARY, FEBRUARY = Month(2024, 1), Month(2024, 2)


def values(told: Measures, table: str) -> list[int]:
    return [one.value for one in told.tables[table]]


def behind(told: Measures, table: str) -> list[int]:
    return [one.behind for one in told.tables[table]]


def test_the_tables_are_those_of_the_wire(desk: Desk) -> None:
    told = desk.ask(measures, JANUARY)
    assert {code: len(row) for code, row in told.tables.items()} == {
        table.code: len(table.cells) for table in TABLES.values()
    }


def test_every_category_and_level_has_its_place() -> None:
    assert set(rules.SERVICE_OF) == set(Category)
    assert set(rules.PLACE_OF) == set(Level)
    assert rules.SERVICE_OF[Category.FP] is rules.SERVICE_OF[Category.CHRON] is Service.OTHER


# Block M


def test_members_are_counted_where_their_household_lives(desk: Desk, clock: SetClock) -> None:
    # Six who wait from 1 February, three who paid and are covered later, one who never paid.
    paid, waits, never = (a_household(desk, size) for size in (6, 3, 1))
    a_payment(desk, paid, 3100)
    a_payment(desk, waits, 2050)
    told = desk.ask(measures, JANUARY)
    assert told.tables["m_total"] == (Measure(2, 2), Measure(9, 9))
    # Members born in 1980, children from 2011 to 2015; every second one is a woman.
    assert values(told, "m_sex") == [5, 4]
    assert values(told, "m_age") == [0, 7, 2, 0]
    assert values(told, "m_role") == [2, 7]
    assert values(told, "m_status") == [0, 9, 0, 0]
    assert never.person_ids
    # Waiting of three months is over on 1 May; nobody paid on: April is grace, then no rights.
    clock.set(date(2024, 6, 30))
    assert values(desk.ask(measures, Month(2024, 6)), "m_status") == [0, 0, 0, 9]


def test_who_left_is_not_counted_and_the_next_card_stands_for_the_member(desk: Desk) -> None:
    home = a_household(desk, 3)
    a_payment(desk, home, 2050)
    with desk.work("end_cover") as work:
        row = work.rows("SELECT id FROM cover WHERE suffix = 0")[0]
        work.update(cover, row.id, until=date(2024, 1, 31))
    told = desk.ask(measures, JANUARY)
    assert values(told, "m_total") == [1, 2]
    assert values(told, "m_role") == [1, 1]


@pytest.mark.parametrize(
    ("birth", "place"),
    [
        (date(2019, 2, 1), 0), (date(2019, 1, 31), 1), (date(2009, 2, 1), 1),
        (date(2009, 1, 31), 2), (date(1974, 2, 1), 2), (date(1974, 1, 31), 3),
    ],
)  # fmt: skip
def test_the_birthday_of_an_age_band_counts(birth: date, place: int) -> None:
    assert rules.age_place(birth, date(2024, 1, 31)) == place


# Block C


def test_contributions_are_those_booked_in_the_month(desk: Desk, clock: SetClock) -> None:
    a_plan(desk)
    quarterly = a_plan(desk, plan_code="Q", periodicity=Periodicity.QUARTERLY, amount=1050)
    cash, bank = a_household(desk, 6), a_household(desk, 2)
    slow = a_household(desk, 1, plan_id=quarterly)
    a_payment(desk, cash, 3100)
    a_payment(desk, bank, 1700, means=Means.BANK)
    a_payment(desk, slow, 2050, means=Means.MOBILE, reference="MP1")
    told = desk.ask(measures, JANUARY)
    assert told.tables["c_money"] == (Measure(0, 0), Measure(6850, 3), Measure(0, 0))
    assert values(told, "c_payers") == [3]
    assert values(told, "c_frequency") == [2, 1, 0]
    assert told.tables["c_channel"] == (Measure(3100, 1), Measure(1700, 1), Measure(2050, 1))
    assert values(told, "c_channel_n") == [1, 1, 1]
    # February is called: 6 x 350, 2 x 350 and a quarter of 1 050; it was paid in January.
    clock.set(date(2024, 2, 29))
    later = desk.ask(measures, FEBRUARY)
    assert values(later, "c_money") == [3850, 0, 0]
    # In March both monthly households owe a month; the quarterly one nothing.
    clock.set(date(2024, 3, 31))
    assert desk.ask(measures, Month(2024, 3)).tables["c_money"] == (
        Measure(2800, 2), Measure(0, 0), Measure(2800, 2),
    )  # fmt: skip


def test_who_got_the_money_back_did_not_pay(desk: Desk, clock: SetClock) -> None:
    first = a_payment(desk, a_household(desk, 6), 3100)
    same = a_payment(desk, a_household(desk, 6), 3100)
    for payment in (same,):
        desk.do(reverse_payment, request_id=a_request(), payment_id=payment.payment_id, reason="x")
    told = desk.ask(measures, JANUARY)
    assert told.tables["c_money"][1] == Measure(3100, 1)
    assert values(told, "c_payers") == [1]
    clock.set(date(2024, 2, 3))
    desk.do(reverse_payment, request_id=a_request(), payment_id=first.payment_id, reason="x")
    later = desk.ask(measures, FEBRUARY)
    assert later.tables["c_money"][1] == Measure(-3100, 1)
    assert later.tables["c_payers"] == (Measure(0, 0),)
    assert later.moved[-1] == Moved(0, 0, 1, in_cash=1)


def test_a_late_receipt_counts_where_it_was_booked(desk: Desk, clock: SetClock) -> None:
    home = a_household(desk, 6)
    clock.set(date(2024, 2, 5))
    close(desk, JANUARY)
    a_payment(desk, home, 3100, paid_on=date(2024, 1, 20), accepting=frozenset({"closed_month"}))
    assert values(desk.ask(measures, JANUARY), "c_payers") == [0]
    assert values(desk.ask(measures, FEBRUARY), "c_payers") == [1]


# Block B


def test_claims_are_counted_by_what_was_paid_where_and_for_whom(desk: Desk) -> None:
    home = a_household(desk, 3)
    centre, post_, clinic = Care(desk), Care(desk, "POST"), Care(desk, "NATIONAL")
    centre.claim(home, 0, date(2024, 1, 4), {"OPD": 1500, "DRUG": 800})
    centre.claim(home, 1, date(2024, 1, 5), {"OPD": 1500})
    post_.claim(home, 1, date(2024, 1, 6), {"CSE": 48_000, "FP": 300}, rounding=5)
    clinic.claim(home, 2, date(2024, 1, 7), {"LAB": 700, "IMG": 900, "HOSP": 0})
    told = desk.ask(measures, JANUARY)
    assert told.tables["b_total"] == (Measure(4, 3), Measure(3, 3), Measure(53_705, 3))
    # OPD, DRUG, LAB_IMG, MATERNITY, HOSP, SURG, PREVENTION, OTHER
    assert values(told, "b_class_n") == [2, 1, 1, 1, 0, 0, 0, 1]
    assert values(told, "b_class") == [3000, 800, 1600, 48_005, 0, 0, 0, 300]
    assert behind(told, "b_class_n") == [2, 1, 1, 1, 0, 0, 0, 1]
    assert values(told, "b_level_n") == [1, 2, 0, 1, 0]
    assert values(told, "b_level") == [48_305, 3800, 0, 1600, 0]
    assert values(told, "b_sex_n") == [2, 2]
    assert values(told, "b_age_n") == [0, 3, 1, 0]
    assert told.tables["e_money"][1] == Measure(53_705)
    assert told.moved[-1].claims == 3


def test_claims_of_a_former_system_are_history(desk: Desk) -> None:
    Care(desk).claim(a_household(desk, 1), 0, date(2024, 1, 4), {"OPD": 1500}, imported=True)
    told = desk.ask(measures, JANUARY)
    for table in ("b_total", "b_class_n", "b_class", "b_level_n", "b_sex_n", "b_refused"):
        assert not any(values(told, table)), table


def test_refused_claims_stand_in_no_total(desk: Desk, clock: SetClock) -> None:
    home, care = a_household(desk, 3), Care(desk)
    care.claim(home, 0, date(2024, 1, 4), {"OPD": 1500}, outcome="REJECTED")
    waiting = care.claim(home, 1, date(2024, 1, 4), {"OPD": 1500}, outcome="PENDING")
    told = desk.ask(measures, JANUARY)
    assert values(told, "b_refused") == [1, 1]
    assert values(told, "b_total") == [0, 0, 0]
    clock.set(date(2024, 2, 29))
    assert values(desk.ask(measures, FEBRUARY), "b_refused") == [0, 1]
    care.decide(waiting, {"OPD": 1200})
    later = desk.ask(measures, FEBRUARY)
    assert values(later, "b_refused") == [0, 0]
    assert values(later, "b_total") == [1, 1, 1200]
    assert values(desk.ask(measures, JANUARY), "b_refused") == [1, 1]


def test_a_claim_decided_again_counts_what_it_changed(desk: Desk, clock: SetClock) -> None:
    home, care = a_household(desk, 3), Care(desk)
    one = care.claim(home, 0, date(2024, 1, 4), {"OPD": 1500, "DRUG": 500})
    care.decide(one, {"OPD": 1400, "DRUG": 500})
    told = desk.ask(measures, JANUARY)
    assert values(told, "b_total") == [1, 1, 1900]
    clock.set(date(2024, 2, 3))
    care.decide(one, {"OPD": 1400, "DRUG": 900})
    later = desk.ask(measures, FEBRUARY)
    assert values(later, "b_total") == [1, 1, 400]
    assert values(later, "b_class")[:2] == [0, 400]
    assert desk.ask(measures, JANUARY).tables == told.tables


def test_days_to_payment_run_from_the_invoice(desk: Desk, clock: SetClock) -> None:
    home, care = a_household(desk, 1), Care(desk)
    received = [date(2024, 1, day) for day in (31, 30, 15, 1)] + [date(2023, 11, 1)]
    claims = [
        care.claim(home, 0, date(2023, 11, 1), {"OPD": 1000}, received=day) for day in received
    ]
    clock.set(date(2024, 2, 14))  # 14, 15, 30, 44 and 105 days
    care.pay(*claims)
    told = desk.ask(measures, FEBRUARY)
    assert values(told, "b_delay") == [2, 1, 1, 1]
    assert behind(told, "b_delay") == [1, 1, 1, 1]
    assert [one.paid for one in told.moved] == [0, 1]
    assert rules.delay_place(date(2024, 1, 1), date(2024, 3, 31)) == 2
    assert rules.delay_place(date(2024, 1, 1), date(2024, 4, 1)) == 3


# Block E


def test_the_accounts_are_those_of_the_ledger(desk: Desk, clock: SetClock) -> None:
    home, care = a_household(desk, 6), Care(desk)
    a_payment(desk, home, 5200)
    claim_id = care.claim(home, 0, date(2024, 1, 5), {"OPD": 1500})
    clock.set(date(2024, 2, 1))
    close(desk, JANUARY)
    clock.set(date(2024, 2, 20))
    care.pay(claim_id, amount=1200)
    desk.do(
        spend, request_id=a_request(), day=date(2024, 2, 20), role="travel",
        amount=Money(700, desk.currency), label="to the district",
    )  # fmt: skip
    clock.set(date(2024, 3, 1))
    close(desk, FEBRUARY)
    # January: the entry fee is income, 4 200 are kept in advance; 1 500 are owed for care.
    assert values(desk.ask(measures, JANUARY), "e_money") == [1000, 1500, 0, -500, 5200, 0, 1500]
    # February: 2 100 were earned, 700 spent; 1 200 of the debt were paid from the box.
    assert values(desk.ask(measures, FEBRUARY), "e_money") == [2100, 0, 700, 900, 3300, 0, 300]


def test_1_january_counts_when_somebody_was_covered(desk: Desk, clock: SetClock) -> None:
    a_payment(desk, a_household(desk, 6), 3100)
    assert desk.ask(measures, JANUARY).january is None
    clock.set(date(2024, 12, 31))
    a_payment(desk, None, 3100)
    assert desk.ask(measures, Month(2024, 12)).january is None
    clock.set(date(2025, 1, 31))
    # The first household is late by then and still a household; the second waits.
    assert desk.ask(measures, Month(2025, 1)).january == 12
