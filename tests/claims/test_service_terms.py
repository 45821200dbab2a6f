"""What services and packages say of a patient, through the book: whom, where, and when again."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from stepdesk.benefits.service import assign_package, change_service
from stepdesk.benefits.terms import Patients, ServiceTerms, YearStart
from stepdesk.claims.service import decide_claim
from stepdesk.contributions.terms import DuesDuringSuspension, EffectRule, Renewal
from stepdesk.providers.service import change_provider
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.care import CareType
from stepdesk.values.ids import ClaimId
from tests.builders import a_household, a_payment, a_plan
from tests.claims.kit import Care, a_batch, a_care, a_claim

FIRST = date(2024, 1, 10)


def terms_of(desk: Desk, held: Care, **terms: Any) -> None:
    desk.do(
        change_service,
        service_id=held.services["C"],
        first_day=date(2024, 1, 1),
        terms=ServiceTerms(**terms),
    )


def decided(desk: Desk, care: Care, **told: Any) -> tuple[str, int]:
    """Enter and decide a certificate of one consultation; return its first reason and what is paid."""
    claim: ClaimId = a_claim(desk, care, a_batch(desk, care), care.line("C"), **told)
    done = desk.do(decide_claim, claim_id=claim)
    return done.codes[0].value if done.codes else "", done.paid


@pytest.mark.parametrize(
    ("provider", "terms", "last", "code"),
    [
        (CareType.OUT, {}, FIRST, ""),
        (CareType.OUT, {}, date(2024, 1, 11), "RB08"),
        (CareType.OUT, {"care": CareType.IN}, FIRST, "RB08"),
        (CareType.IN, {"care": CareType.OUT}, FIRST, "RB08"),
        (CareType.BOTH, {"care": CareType.OUT}, date(2024, 1, 11), ""),
        (CareType.BOTH, {"care": CareType.IN}, FIRST, ""),
        (CareType.BOTH, {"patients": frozenset({Patients.CHILD})}, FIRST, "RB09"),
        (CareType.BOTH, {"patients": frozenset({Patients.ADULT})}, FIRST, ""),
    ],
)
def test_where_and_for_whom_a_service_is_decides_its_claim(
    desk: Desk,
    clock: SetClock,
    provider: CareType,
    terms: dict[str, Any],
    last: date,
    code: str,
) -> None:
    clock.set(date(2024, 1, 20))
    care = a_care(desk)
    terms_of(desk, care, **terms)
    desk.do(change_provider, provider_id=care.provider_id, care=provider)
    told = decided(desk, care, first_day=FIRST, last_day=last)
    assert told == (code, 0 if code else 450)


def test_a_service_had_too_soon_again_is_not_paid_whichever_care_was_first(
    desk: Desk, clock: SetClock
) -> None:
    clock.set(date(2024, 12, 31))
    care = a_care(desk, agreement={"late_invoice_days": 365})
    terms_of(desk, care, frequency_days=30)
    days = (
        date(2024, 6, 1),
        date(2024, 7, 1),
        date(2024, 7, 2),
        date(2024, 5, 2),
        date(2024, 5, 1),
    )
    told = [decided(desk, care, day=day) for day in days]
    assert told == [("", 450), ("RC01", 0), ("", 450), ("RC01", 0), ("", 450)]


def test_limits_begin_anew_with_each_period_the_household_pays_for(
    desk: Desk, clock: SetClock
) -> None:
    """Six months each: June and July are two periods, July and December one, whatever the year."""
    clock.set(date(2024, 1, 2))
    care = a_care(desk, cap_person_year=450, year_start=YearStart.PERIOD)
    plan_id = a_plan(
        desk,
        plan_code="HALF",
        waiting_months=0,
        period_months=6,
        renewal=Renewal.ON_PAYMENT,
        dues_during_suspension=DuesDuringSuspension.STOP,
        effect_rule=EffectRule.FIRST_OF_MONTH,
    )
    given: dict[str, Any] = {"plan_id": plan_id, "first_day": date(2024, 1, 1)}
    desk.do(assign_package, package_id=care.package_id, **given)
    care = replace(care, home=a_household(desk, 1, plan_id=plan_id))
    a_payment(desk, care.home, 1000 + 350)
    told = []
    for day in (date(2024, 6, 20), date(2024, 7, 20), date(2024, 12, 10), date(2025, 1, 10)):
        clock.set(day)
        if day.month in {6, 12}:
            a_payment(desk, care.home, 350)
        told.append(decided(desk, care)[1])
    assert told == [450, 450, 0, 450]
