"""Products of openIMIS come over as plans, whole. Figures by hand from openIMIS handbook 2.1 to 2.4."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from stepdesk.contributions.queries import account_of, plans, quote_of
from stepdesk.contributions.terms import (
    Basis,
    Cycle,
    DuesDuringSuspension,
    EffectRule,
    Per,
    Periodicity,
    PlanVersion,
    Renewal,
    Target,
)
from stepdesk.exchange.openimis import import_openimis
from stepdesk.exchange.terms import NumberRule
from stepdesk.i18n import speak
from stepdesk.store.desk import Desk
from tests.exchange.test_openimis import (
    SMALL,
    assert_sound,
    balances,
    counts,
    folder_of,
    left_of,
    person,
    rows,
)

Book = Callable[..., Desk]
TODAY = date(2026, 11, 23)

WHOLE = (
    "ProductCode,ProductName,InsurancePeriod,DateFrom,LumpSum,PremiumAdult,PremiumChild,"
    "GracePeriodRenewal,Threshold,MemberCount,RegistrationLumpSum,RegistrationFee,"
    "GeneralAssemblyLumpSum,GeneralAssemblyFee,StartCycle1,StartCycle2,GracePeriod,WaitingPeriod,"
    "AdministrationPeriod,MaxInstallments,EnrolmentDiscountPerc,EnrolmentDiscountPeriod,"
    "RenewalDiscountPerc,RenewalDiscountPeriod,Recurrence\n"
    "P1,Basic,12,2017-01-01,1200.00,300,100.00,2,2,6,,50.00,70.00,,01-06,01-11,1,3,1,4,2.5,1,10,2,"
    "{}\n"
)


def test_a_product_comes_over_whole_with_what_was_sold_before_it(
    book: Book, tmp_path: Path
) -> None:
    desk = book()
    report = desk.do(import_openimis, folder=folder_of(tmp_path, products=WHOLE.format("")))
    ((history, present),) = desk.ask(plans).values()
    assert present == PlanVersion(
        id=present.id,
        plan_id=present.plan_id,
        code="P1",
        name="Basic",
        # The last family enrolled on 28 May 2026.
        first_day=date(2026, 5, 29),
        basis=Basis.LUMP_PLUS_EXTRA,
        amount=1200,
        periodicity=Periodicity.ANNUAL,
        cycle=Cycle.FIXED,
        effect_rule=EffectRule.PAYMENT_DATE,
        due_day=None,
        grace_days=60,
        entry_fee=50,
        waiting_months=0,
        max_advance_periods=1,
        dues_during_suspension=DuesDuringSuspension.STOP,
        renewal=Renewal.ON_PAYMENT,
        reinstate_wait_long_days=0,
        strike_off_after_months=1200,
        child_max_age=None,
        rounding=1,
        amount_adult=300,
        amount_child=100,
        adult_age=18,
        lump_persons=2,
        max_persons=6,
        cycle_starts=((6, 1), (11, 1)),
        administration_months=1,
        entry_grace_months=1,
        renewal_grace_months=2,
        payment_grace_months=3,
        max_instalments=4,
        entry_fee_per=Per.PERSON,
        assembly_fee=70,
        early_discount=250,
        early_discount_months=1,
        renewal_discount=1000,
        renewal_discount_months=2,
    )
    assert history == replace(
        present,
        id=history.id,
        first_day=date(2017, 1, 1),
        cycle=Cycle.ROLLING,
        cycle_starts=(),
        administration_months=0,
        entry_fee=0,
        assembly_fee=0,
        early_discount=0,
        renewal_discount=0,
    )
    assert left_of(report, "products.csv") == []
    assert_sound(desk)


def test_what_was_sold_before_stands_as_it_was_and_the_next_term_has_the_new_rules(
    book: Book, tmp_path: Path
) -> None:
    desk = book()
    desk.do(import_openimis, folder=folder_of(tmp_path, products=WHOLE.format("")))
    home = person(desk, "0100").household_id
    account = desk.ask(account_of, home, TODAY)
    assert (account.effect_date, account.covered_through, account.entry_fee_open) == (
        date(2026, 6, 1),
        date(2027, 5, 31),
        0,
    )
    # The cover of a lapsed family begins anew on a start of the year, with two months of grace.
    lapsed = desk.ask(quote_of, person(desk, "0200").household_id, TODAY)
    assert (lapsed.effect, lapsed.until) == (date(2026, 11, 1), date(2027, 11, 1))
    assert [fee.target for fee in lapsed.fees] == [Target.ASSEMBLY_FEE]
    # It came after its term had ended: nothing is taken off, as the term ended in 2025.
    assert (lapsed.total, lapsed.discount) == (1270, 0)


def test_a_second_import_of_a_whole_product_changes_nothing(book: Book, tmp_path: Path) -> None:
    desk = book()
    folder = folder_of(tmp_path, products=WHOLE.format(""))
    first = desk.do(import_openimis, folder=folder)
    acts = desk.acts
    second = desk.do(import_openimis, folder=folder)
    assert counts(second) == (0,) * 7
    assert second.left_out == first.left_out
    assert desk.acts == acts


def test_a_family_that_comes_later_paid_its_registration_with_its_policy(
    book: Book, tmp_path: Path
) -> None:
    desk = book()
    folder = folder_of(tmp_path, products=WHOLE.format(""))
    desk.do(import_openimis, folder=folder)
    folder = folder_of(
        tmp_path,
        products=WHOLE.format(""),
        families="+3,0300,V3,\n",
        insurees="+0300,3,Fall,Gora,1970-01-01,M,1,\n",
        policies="+13,3,P1,1320.00,2026-11-01,2026-11-01,2026-11-01,2027-10-31\n",
        insuree_policies="+0300,13,2026-11-01,2027-10-31\n",
        contributions="+93,13,,1320.00,A9,2026-11-01,C,0\n",
    )
    report = desk.do(import_openimis, folder=folder)
    assert counts(report) == (0, 1, 1, 0, 1, 1, 1320)
    account = desk.ask(account_of, person(desk, "0300").household_id, TODAY)
    assert (account.entry_fee_open, account.covered_through) == (0, date(2027, 10, 31))
    home = person(desk, "0300").household_id
    assert rows(
        desk,
        "SELECT a.target, a.amount FROM allocation a JOIN payment p ON p.id = a.payment_id"
        " WHERE p.household_id = :home ORDER BY a.amount",
        home=home,
    ) == [("ENTRY_FEE", 50), ("DUE", 1270)]
    assert balances(desk, "AN")["cash_main"] == 1200 + 1320
    assert_sound(desk)


def test_a_family_that_came_early_paid_half_of_its_registration(
    book: Book, tmp_path: Path
) -> None:
    """100 a year and 500 for the registration, half of it two months before the year begins."""
    desk = book()
    head, _ = WHOLE.split("\n", 1)
    products = f"{head}\nP1,Basic,12,2017-01-01,100.00,,,2,,6,500.00,,,,01-11,,1,3,0,4,50,1,,,\n"
    desk.do(import_openimis, folder=folder_of(tmp_path, products=products))
    folder = folder_of(
        tmp_path,
        products=products,
        families="+3,0300,V3,\n",
        insurees="+0300,3,Fall,Gora,1970-01-01,M,1,\n",
        policies="+13,3,P1,300.00,2026-09-01,2026-11-01,2026-11-01,2027-10-31\n",
        insuree_policies="+0300,13,2026-11-01,2027-10-31\n",
        contributions="+93,13,,300.00,A9,2026-09-01,C,0\n",
    )
    desk.do(import_openimis, folder=folder)
    home = person(desk, "0300").household_id
    account = desk.ask(account_of, home, TODAY)
    assert (account.entry_fee_open, account.covered_through) == (0, date(2027, 10, 31))
    assert (account.to_pay, account.credit) == (0, 0)
    assert rows(
        desk,
        "SELECT a.target, a.amount, d.discount, d.fees_discount FROM allocation a"
        " JOIN payment p ON p.id = a.payment_id LEFT JOIN due d ON d.id = a.due_id"
        " WHERE p.household_id = :home ORDER BY a.amount",
        home=home,
    ) == [("DUE", 50, 50, 250), ("ENTRY_FEE", 250, None, None)]
    assert_sound(desk)


def test_what_suspended_policies_and_those_not_let_in_were_paid_is_credit(
    book: Book, tmp_path: Path
) -> None:
    policies = SMALL["policies"].replace("expiry_date\n", "expiry_date,status\n")
    policies = policies.replace("2027-05-31\n", "2027-05-31,4\n")
    policies = policies.replace("2025-02-27\n", "2025-02-27,16\n")
    desk = book()
    report = desk.do(import_openimis, folder=folder_of(tmp_path, policies=policies))
    assert left_of(report, "policies.csv") == [
        (
            "policies.csv",
            key,
            "Suspended there, or not yet let in: the money is kept as credit.",
        )
        for key in ("11", "12")
    ]
    for number in ("0100", "0200"):
        account = desk.ask(account_of, person(desk, number).household_id, TODAY)
        assert (account.credit, account.entered_on) == (1200, None)
    assert_sound(desk)


def test_recurrence_is_told_and_not_read(book: Book, tmp_path: Path) -> None:
    report = book().do(import_openimis, folder=folder_of(tmp_path, products=WHOLE.format("6")))
    assert left_of(report, "products.csv") == [
        (
            "products.csv",
            "P1",
            "Every new enrolment pays the registration fee, however short the break.",
        )
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("01-06", "31-02", "31-02 is not a day of the year such as 01-06."),
        ("01-06", "June", "June is not a day of the year such as 01-06."),
        ("2.5", "250", "250 is not a share in percent."),
        ("P1,Basic,12", "P1,Basic,1201", "A plan lasts whole months, not 1201."),
        ("70.00", "x", "x is not an amount in the currency of the book."),
    ],
)
def test_a_product_that_cannot_be_read_is_left_out_with_the_reason(
    book: Book, tmp_path: Path, old: str, new: str, reason: str
) -> None:
    folder = folder_of(tmp_path, products=WHOLE.format("").replace(old, new, 1))
    report = book().do(import_openimis, folder=folder)
    assert left_of(report, "products.csv") == [("products.csv", "P1", reason)]


def test_mistyped_member_numbers_are_left_out_when_their_rule_is_known(
    book: Book, tmp_path: Path
) -> None:
    # 010 divided by 7 leaves 3, not 0 and not 1; 020 leaves 6.
    desk = book()
    report = desk.do(
        import_openimis, folder=folder_of(tmp_path), numbers=NumberRule(length=4, root=7)
    )
    assert report.persons == 0
    told = [
        (one.key, speak(one.reason, "en")) for one in report.left_out if one.file == "insurees.csv"
    ]
    assert told[0] == (
        "0101",
        "The number 0101 is mistyped: 4 digits, the last one checks the others (7).",
    )
    assert [key for key, _ in told] == ["0101", "0100", "0200"]
