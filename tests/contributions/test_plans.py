"""A plan's version comes back as it was written; one that cannot be meant is refused."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from stepdesk.contributions.queries import account_of, each_facts, facts_of, plans
from stepdesk.contributions.queries.plans import MORE
from stepdesk.contributions.service import add_plan, contribute, version_plan
from stepdesk.contributions.terms import (
    Band,
    Basis,
    CategoryFrom,
    ChargeAdded,
    Cycle,
    EffectRule,
    PartialRule,
    Per,
    Periodicity,
    PlanVersion,
    Renewal,
    SeasonCover,
    SeasonDue,
    Window,
)
from stepdesk.errors import Caution, Refusal
from stepdesk.i18n import speak
from stepdesk.members.service import categorise, put_category
from stepdesk.store.desk import Desk
from stepdesk.values.ids import PlanId, PlanVersionId
from stepdesk.values.money import Money
from tests.builders import a_household, a_request

BASE = PlanVersion(
    PlanVersionId(b""), PlanId(b""), "SEASON", "Harvest", date(2024, 1, 1), amount=4200
)
SEASON = replace(
    BASE,
    basis=Basis.BY_SIZE_BAND,
    periodicity=Periodicity.SEASONAL,
    cycle=Cycle.FIXED,
    cycle_start=(12, 1),
    bands=(Band(1, 400), Band(2, 1200), Band(5, 2000)),
    season=(SeasonDue(12, 15, 60), SeasonDue(2, 15, 40)),
    season_cover_rule=SeasonCover.PROPORTIONAL,
    windows=(Window((11, 1), (1, 31)),),
    max_instalments=4,
    card_fee=250,
    card_fee_per=Per.PERSON,
    penalty_rate=1000,
    penalty_fixed=100,
    prepay_discount=500,
    partial_rule=PartialRule.PER_PERSON_PARTIAL,
    charge_added=ChargeAdded.PRO_RATA,
)
LUMP = replace(
    BASE,
    basis=Basis.LUMP_PLUS_EXTRA,
    periodicity=Periodicity.ANNUAL,
    cycle=Cycle.FIXED,
    amount_dependant=100,
    amount_adult=200,
    amount_child=50,
    adult_age=15,
    category_amounts=(("A", 300), ("B", 0)),
    lump_persons=6,
    max_persons=9,
    cycle_starts=((1, 1), (7, 1)),
    period_months=9,
    administration_months=1,
    entry_grace_months=2,
    renewal_grace_months=3,
    payment_grace_months=0,
    entry_fee_per=Per.PERSON,
    assembly_fee=500,
    assembly_fee_per=Per.PERSON,
    early_discount=250,
    early_discount_months=2,
    renewal_discount=100,
    renewal_discount_months=1,
)


@pytest.mark.parametrize("told", [SEASON, LUMP], ids=["season", "lump"])
def test_every_parameter_comes_back(desk: Desk, told: PlanVersion) -> None:
    told = replace(told, plan_id=desk.do(add_plan, code="SEASON"))
    version_id = desk.do(version_plan, version=told)
    assert desk.ask(plans)[told.plan_id] == (replace(told, id=version_id),)


def test_both_together_leave_no_parameter_at_its_default() -> None:
    left = {
        one.name
        for one in fields(PlanVersion)
        if one.name in MORE
        and all(getattr(told, one.name) == one.default for told in (SEASON, LUMP))
    }
    assert left == set()


@pytest.mark.parametrize(
    ("told", "changes", "field", "sentence"),
    [
        (BASE, {"name": " "}, "name", "Give the plan a name."),
        (BASE, {"amount": -1}, "amount", "This is below zero. Type 0 or more."),
        (BASE, {"amount": 10**13}, "amount", "No amount is that large."),
        (BASE, {"card_fee": -5}, "card_fee", "This is below zero. Type 0 or more."),
        (BASE, {"due_day": 32}, "due_day", "Type a day of the month from 1 to 31."),
        (BASE, {"grace_days": -1}, "grace_days", "This is below zero. Type 0 or more."),
        (BASE, {"waiting_months": 300}, "waiting_months", "Type a number from 0 to 120."),
        (BASE, {"min_first_periods": 0}, "min_first_periods", "Type a number from 1 to 120."),
        (BASE, {"min_first_periods": 13}, "min_first_periods", "The first payment is for more"),
        (BASE, {"rounding": 0}, "rounding", "Type a number from 1 to 1,000,000."),
        (
            BASE,
            {"prepay_discount": 10_001},
            "prepay_discount",
            "Type a share from 0 to 100 percent.",
        ),
        (BASE, {"penalty_rate": -1}, "penalty_rate", "Type a share from 0 to 100 percent."),
        (BASE, {"amount_child": 100}, "adult_age", "Say from which age"),
        (BASE, {"basis": Basis.MEMBER_PLUS_DEPENDANT}, "amount_dependant", "Say what each"),
        (BASE, {"basis": Basis.BY_SIZE_BAND}, "bands", "Give at least one size"),
        (SEASON, {"bands": (Band(2, 1),)}, "bands", "Let the first size begin with 1 person"),
        (SEASON, {"bands": (Band(1, 1), Band(5, 1), Band(5, 2))}, "bands", "5 stands after 5"),
        (SEASON, {"bands": (Band(1, 1), Band(5, 1), Band(3, 2))}, "bands", "3 stands after 5"),
        (SEASON, {"bands": (Band(1, -1),)}, "bands", "This is below zero. Type 0 or more."),
        (BASE, {"basis": Basis.BY_CATEGORY}, "category_amounts", "Give at least one category"),
        (
            BASE,
            {"basis": Basis.BY_CATEGORY, "category_amounts": (("A", 1), ("A", 2))},
            "category_amounts",
            "Give each category a code",
        ),
        (LUMP, {"amount_child": None}, "amount_child", "Say what each one beside the lump pays"),
        (LUMP, {"adult_age": None}, "adult_age", "Say from which age"),
        (LUMP, {"max_persons": 5}, "lump_persons", "The lump covers more persons"),
        (SEASON, {"season": ()}, "season", "Give the days of the season"),
        (
            SEASON,
            {"season": (SeasonDue(12, 15, 60), SeasonDue(2, 15, 30))},
            "season",
            "The shares add up to 90 percent",
        ),
        (
            SEASON,
            {"season": (SeasonDue(2, 15, 40), SeasonDue(12, 15, 60))},
            "season",
            "Type the days in their order",
        ),
        (SEASON, {"season": (SeasonDue(2, 30, 100),)}, "season", "No year has this day."),
        (
            SEASON,
            {"season": (SeasonDue(2, 1, 0), SeasonDue(3, 1, 100))},
            "season",
            "Type a share from 1",
        ),
        (SEASON, {"cycle": Cycle.ROLLING}, "cycle", "A season has a fixed year."),
        (BASE, {"season": (SeasonDue(2, 1, 100),)}, "season", "Only a season has days"),
        (LUMP, {"cycle_starts": ((7, 1), (1, 1))}, "cycle_starts", "Type the starts in the order"),
        (LUMP, {"cycle_starts": ((1, 1), (1, 1))}, "cycle_starts", "Type the starts in the order"),
        (LUMP, {"cycle_starts": ((13, 1),)}, "cycle_starts", "No year has this day."),
        (
            LUMP,
            {"cycle_starts": ((1, 1), (3, 1), (5, 1), (7, 1), (9, 1))},
            "cycle_starts",
            "A year has at most 4 starts. Take some off.",
        ),
        (LUMP, {"cycle_starts": ()}, "period_months", "A fixed cycle needs periods"),
        (BASE, {"cycle_start": (2, 30)}, "cycle_start", "No year has this day."),
        (
            BASE,
            {"periodicity": Periodicity.SINGLE, "effect_rule": EffectRule.CYCLE_START},
            "effect_rule",
            "What is paid once follows no cycle.",
        ),
        (
            BASE,
            {"periodicity": Periodicity.SINGLE, "renewal": Renewal.ON_PAYMENT},
            "renewal",
            "What is paid once is never renewed. Choose the renewal by itself.",
        ),
        (
            BASE,
            {"windows": (Window((1, 1), (3, 31)), Window((3, 31), (5, 1)))},
            "windows",
            "Two windows of entry overlap.",
        ),
        (
            BASE,
            {"windows": (Window((11, 1), (1, 31)), Window((1, 31), (2, 1)))},
            "windows",
            "Two windows of entry overlap.",
        ),
    ],
)
def test_what_cannot_be_meant_is_told_beside_its_field(
    desk: Desk, told: PlanVersion, changes: dict[str, Any], field: str, sentence: str
) -> None:
    plan_id = desk.do(add_plan, code="SEASON")
    version = replace(told, plan_id=plan_id, **changes)
    with pytest.raises(Refusal) as refused:
        desk.do(version_plan, version=version)
    assert refused.value.field == field
    assert speak(refused.value.text, "en").startswith(sentence)
    assert plan_id not in desk.ask(plans)


def test_two_windows_of_entry_may_touch_and_go_over_the_new_year(desk: Desk) -> None:
    windows = (Window((11, 1), (1, 31)), Window((2, 1), (2, 1)), Window((6, 1), (6, 30)))
    version = replace(BASE, windows=windows, plan_id=desk.do(add_plan, code="SEASON"))
    desk.do(version_plan, version=version)


def test_a_plan_keeps_the_length_of_its_periods(desk: Desk) -> None:
    plan_id = desk.do(add_plan, code="SEASON")
    desk.do(version_plan, version=replace(BASE, plan_id=plan_id, period_months=2))
    others: tuple[dict[str, Any], ...] = (
        {},
        {"period_months": 2, "periodicity": Periodicity.ANNUAL},
    )
    for told in others:
        later = replace(BASE, plan_id=plan_id, first_day=date(2024, 3, 1), **told)
        with pytest.raises(Refusal) as refused:
            desk.do(version_plan, version=later)
        assert refused.value.field == "periodicity"


def test_the_category_of_a_household_decides_what_it_pays(desk: Desk) -> None:
    version = replace(BASE, basis=Basis.BY_CATEGORY, amount=500, category_amounts=(("A", 900),))
    plan_id = desk.do(add_plan, code="SEASON")
    desk.do(version_plan, version=replace(version, plan_id=plan_id))
    home = a_household(desk, plan_id=plan_id).household_id
    other = a_household(desk, plan_id=plan_id).household_id
    category = desk.do(put_category, code="A", name="Traders")
    desk.do(categorise, household_id=home, category_id=category, on=desk.today)
    dues = {one: desk.ask(account_of, one, desk.today).next_due for one in (home, other)}
    assert [due.amount for due in dues.values() if due] == [900, 500]
    every = dict(desk.ask(lambda connection: list(each_facts(connection))))
    one_by_one = {one: desk.ask(facts_of, one).categories for one in (home, other)}
    assert {one: every[one].categories for one in (home, other)} == one_by_one
    assert one_by_one[home] == (CategoryFrom(desk.today, "A"),)


def test_a_first_contribution_outside_the_windows_of_entry_is_asked_about(desk: Desk) -> None:
    plan_id = desk.do(add_plan, code="SEASON")
    version = replace(
        BASE, amount=350, windows=(Window((3, 1), (3, 31)),), waiting_months=0, plan_id=plan_id
    )
    desk.do(version_plan, version=version)
    home = a_household(desk, plan_id=plan_id)
    told: dict[str, Any] = {
        "household_id": home.household_id,
        "amount": Money(2100, desk.currency),
    }
    with pytest.raises(Caution) as asked:
        desk.do(contribute, request_id=a_request(), **told)
    (doubt,) = asked.value.doubts
    assert (doubt.name, doubt.field) == ("closed_entry", "day")
    assert speak(doubt.text, "en") == (
        "Entry is closed. Go on if the household is to be a member from 1 March 2024 on, when it opens."
    )
    receipt = desk.do(
        contribute, request_id=a_request(), **told, accepting=frozenset({"closed_entry"})
    )
    # It enters with the window: covered from the month after.
    assert receipt.covered_through == date(2024, 4, 30)
    # Who is a member is asked nothing more.
    desk.do(contribute, request_id=a_request(), **told, accepting=frozenset({"same_day"}))
