"""Figures of the domain handbook that hold before a scheme has chosen any: 2.2 to 2.4, 2.9, annex X."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from stepdesk.benefits.terms import BenefitRule
from stepdesk.contributions.rules import due_amounts
from stepdesk.contributions.terms import (
    Basis,
    Cycle,
    DuesDuringSuspension,
    EffectRule,
    LateEntry,
    PartialRule,
    Periodicity,
    PlanVersion,
    SeasonCover,
    WaitingWhenLate,
)
from stepdesk.members.rules import DEFAULT
from stepdesk.members.terms import PolygamyMode
from stepdesk.payers.terms import Sponsored
from stepdesk.providers.terms import Agreement
from stepdesk.values.ids import (
    AgreementId,
    PersonId,
    PlanId,
    PlanVersionId,
    ProviderId,
    ServiceId,
    TariffId,
)
from stepdesk.values.money import round_half_up
from tests.contributions.test_plan_rules import people

PLAN = PlanVersion(PlanVersionId(b"v"), PlanId(b"p"), "P", "Plan", date(2024, 1, 1))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        # "plan"
        ("basis", Basis.PER_PERSON),
        ("periodicity", Periodicity.MONTHLY),
        ("cycle", Cycle.ROLLING),
        ("due_day", 5),
        ("max_advance_periods", 12),
        ("late_entry", LateEntry.PRO_RATA_MONTHS),
        ("partial_rule", PartialRule.WHOLE_PERIODS_ONLY),
        ("season_cover_rule", SeasonCover.ALL_OR_SUSPEND),
        ("penalty_rate", 0),
        ("penalty_fixed", 0),
        ("prepay_discount", 0),
        ("rounding", 5),
        # "membership"
        ("effect_rule", EffectRule.FIRST_OF_NEXT_MONTH),
        ("waiting_months", 3),
        ("grace_days", 30),
        ("waiting_when_late", WaitingWhenLate.FREEZES),
        ("min_first_periods", 1),
        ("reinstate_short_months", 3),
        ("reinstate_wait_short_days", 0),
        ("reinstate_wait_long_days", 30),
        ("strike_off_after_months", 6),
        ("strike_off_needs_board", True),
        ("child_max_age", 18),
        ("newborn_declare_days", 60),
        ("dues_during_suspension", DuesDuringSuspension.STOP_AFTER_1),
    ],
)
def test_a_plan_begins_with_the_handbooks_values(name: str, value: object) -> None:
    assert getattr(PLAN, name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("readmission_fee", True),
        ("readmission_delay_months", 0),
        ("student_max_age", 21),
        ("spouse_declare_days", 60),
        ("completeness_min", 80),
        ("polygamy_mode", PolygamyMode.ONE_MEMBERSHIP),
        ("appeal_days", 60),
        # 2.3: a warning 60 days before a child ages out, 60 days for an own membership; 2.5: 60
        # days for who leaves a group.
        ("age_warning_days", 60),
        ("own_membership_days", 60),
        ("group_leave_days", 60),
        ("max_beneficiaries", None),
        ("added_dependant_waiting", None),
    ],
)
def test_statutes_begin_with_the_handbooks_values(name: str, value: object) -> None:
    assert getattr(DEFAULT, name) == value


def test_an_agreement_begins_with_the_handbooks_values() -> None:
    agreement = Agreement(AgreementId(b"a"), ProviderId(b"p"), TariffId(b"t"), date(2024, 1, 1))
    assert (agreement.invoice_day, agreement.payment_days, agreement.late_invoice_days) == (
        5,
        30,
        90,
    )
    assert not agreement.balance_billing
    assert BenefitRule(ServiceId(b"s")).declare_hours == 72


def test_in_senegal_the_state_pays_half_of_seven_thousand_and_all_of_an_indigent() -> None:
    """2.4: 7,000 F CFA per person-year of which half from the State, indigents fully paid."""
    plan = replace(PLAN, periodicity=Periodicity.ANNUAL, amount=7000, due_day=None)
    first = date(2024, 2, 1)
    told: dict[str, Any] = {"effect": first, "first_day": first, "until": date(2025, 2, 1)}
    half = Sponsored(date(2024, 1, 1), None, share=50)
    whole = Sponsored(date(2024, 1, 1), None, share=100)
    one = Sponsored(date(2024, 1, 1), None, PersonId(b"p1"), share=100)
    assert due_amounts(plan, people(5), **told, sponsored=[half]) == (17_500, 17_500)
    assert due_amounts(plan, people(5), **told, sponsored=[whole]) == (0, 35_000)
    assert due_amounts(plan, people(5), **told, sponsored=[one]) == (28_000, 7000)


@pytest.mark.parametrize(
    ("tenths", "rounded"),
    [
        (24_500, 2450),
        (24_524, 2450),
        (24_525, 2455),
        (24_549, 2455),
        (24_574, 2455),
        (24_575, 2460),
    ],
)
def test_contributions_are_rounded_to_five_half_up(tenths: int, rounded: int) -> None:
    assert round_half_up(tenths, 10, step=PLAN.rounding) == rounded
