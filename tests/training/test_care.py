"""Care to practise with, in a real book of each country."""

from datetime import date
from pathlib import Path

import pytest

from stepdesk.benefits.queries import package_on, services
from stepdesk.benefits.terms import Copay, LimitWindow
from stepdesk.errors import Refusal
from stepdesk.providers.queries import agreement_on, tariff_on
from stepdesk.providers.service import add_provider
from stepdesk.providers.terms import Kind, TariffVersion
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.training.care import Care, found_care
from stepdesk.values.care import Level
from stepdesk.values.ids import PlanId, ProviderId
from tests.builders import a_plan, open_copy

FIRST, DAY = date(2024, 1, 1), date(2024, 6, 1)


def founded(desk: Desk) -> tuple[PlanId, ProviderId, Care]:
    plan_id = a_plan(desk)
    provider_id = desk.do(
        add_provider, code="CS1", name="Centre", level=Level.CENTRE, kind=Kind.PUBLIC
    )
    care = desk.do(found_care, plan_id=plan_id, provider_id=provider_id, first_day=FIRST)
    return plan_id, provider_id, care


@pytest.mark.parametrize("country", ["SN", "ZZ"])
def test_a_scheme_can_begin_to_pay_for_care(tmp_path: Path, country: str) -> None:
    """A franc is a cent of the example country, so that its figures look alike."""
    with open_copy(tmp_path / "book", country) as desk:
        plan_id, provider_id, care = founded(desk)
        package = desk.ask(package_on, plan_id, DAY)
        agreement = desk.ask(agreement_on, provider_id, DAY)
        assert package is not None
        assert agreement is not None
        prices = desk.ask(tariff_on, agreement.tariff_id, DAY)
        assert isinstance(prices, TariffVersion)
        catalogue = desk.ask(services)
        assert set(catalogue) == set(package.rules) == set(prices.prices)
        assert {one.code: one.id for one in catalogue.values()} == care.services
        assert prices.prices[care.services["CONS-MED"]] == 1500
        assert (package.cap_episode, package.cap_person_year, package.cap_household_year) == (
            50_000,
            80_000,
            300_000,
        )
        assert package.rules[care.services["EVAC"]].cap_act == 10_000
        assert package.reference_tariff_id == agreement.tariff_id
        assert verify_desk(desk).findings == []


def test_the_rules_are_those_of_the_handbook(desk: Desk) -> None:
    plan_id, _, care = founded(desk)
    package = desk.ask(package_on, plan_id, DAY)
    assert package is not None
    rules = {code: package.rules[service] for code, service in care.services.items()}
    days = rules["HOSP-J"]
    assert (days.limit_count, days.requires_referral, days.copay_value) == (10, True, 2000)
    doctor = rules["CONS-MED"]
    assert (doctor.limit_count, doctor.limit_window, doctor.limit_days) == (
        2,
        LimitWindow.DAYS,
        30,
    )
    assert (doctor.copay, doctor.copay_value) == (Copay.PERCENT, 2500)
    assert rules["CONS-INF"].limit_count == 8
    assert (rules["ACC"].waiting_months, rules["ACC"].age_min, rules["ACC"].age_max) == (9, 12, 55)
    planned = rules["CHIR-P"]
    assert (planned.waiting_months, planned.requires_letter) == (6, True)
    assert rules["CHIR-U"].waiting_exempt
    assert (rules["VACC"].covered, rules["VACC"].exclusion) == (False, "FREE_PROGRAMME")


def test_a_book_that_has_care_already_is_left_as_it_is(desk: Desk) -> None:
    plan_id, provider_id, _ = founded(desk)
    acts = desk.acts
    with pytest.raises(Refusal) as no:
        desk.do(found_care, plan_id=plan_id, provider_id=provider_id, first_day=FIRST)
    assert no.value.field == "code"
    assert desk.acts == acts
