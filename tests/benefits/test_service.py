"""The catalogue and packages, in a real book."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from stepdesk.benefits.queries import (
    assignments,
    package_of_code,
    package_on,
    packages,
    service_of_code,
    services,
    services_of,
)
from stepdesk.benefits.service import (
    add_package,
    add_service,
    assign_package,
    rename_service,
    version_package,
)
from stepdesk.benefits.terms import (
    Assigned,
    BenefitRule,
    Category,
    Copay,
    DeductibleScope,
    LimitScope,
    LimitWindow,
    PackageVersion,
    Payment,
    Service,
    YearStart,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import speak
from stepdesk.members.terms import Sex
from stepdesk.providers.service import add_tariff
from stepdesk.reports.service import close_month
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.care import Level
from stepdesk.values.ids import PackageId, PackageVersionId, PlanId, ServiceId, TariffId
from stepdesk.values.money import MOST
from stepdesk.values.month import Month
from tests.builders import a_plan

JANUARY, MARCH, JUNE = date(2024, 1, 1), date(2024, 3, 1), date(2024, 6, 1)
NOBODY = b"\0" * 16


def a_service(desk: Desk, code: str = "CONS", **told: Any) -> ServiceId:
    named: dict[str, Any] = {"name": "Consultation", "category": Category.OPD} | told
    return desk.do(add_service, code=code, **named)


def version(package_id: PackageId, /, *rules: BenefitRule, **told: Any) -> PackageVersion:
    held: dict[str, Any] = {
        "id": PackageVersionId(b""),
        "package_id": package_id,
        "code": "BASE",
        "name": "Base",
        "first_day": JANUARY,
        "rules": {rule.service_id: rule for rule in rules},
    } | told
    return PackageVersion(**held)


def write(desk: Desk, told: PackageVersion) -> PackageVersion:
    return replace(told, id=desk.do(version_package, version=told))


def a_package(desk: Desk, *rules: BenefitRule, **told: Any) -> PackageVersion:
    return write(desk, version(desk.do(add_package, code="BASE"), *rules, **told))


def close_january(desk: Desk, clock: SetClock) -> None:
    clock.set(date(2024, 2, 5))
    desk.do(close_month, month=Month(2024, 1), accepting=frozenset({"not_counted"}))


def refused(desk: Desk, verb: Any, **told: Any) -> tuple[str, str]:
    acts = desk.acts
    with pytest.raises(Refusal) as no:
        desk.do(verb, **told)
    assert desk.acts == acts
    return no.value.field, speak(no.value.text, "en")


# The catalogue


def test_the_catalogue_stands_by_code(desk: Desk) -> None:
    second = a_service(desk, "LAB", name=" Blood  count ", category=Category.LAB, unit="test")
    first = a_service(desk, " CONS ")
    assert list(desk.ask(services).items()) == [
        (first, Service(first, "CONS", "Consultation", Category.OPD)),
        (second, Service(second, "LAB", "Blood count", Category.LAB, "test")),
    ]


def test_some_services_are_read_without_the_rest(desk: Desk) -> None:
    one, other = a_service(desk), a_service(desk, "LAB")
    found = desk.ask(services_of, {other, ServiceId(b"x" * 16)}, date(2024, 1, 1))
    assert found == {other: desk.ask(services)[other]}
    assert one not in found
    assert desk.ask(services_of, (), date(2024, 1, 1)) == {}


def test_a_service_is_found_by_its_code_however_it_is_typed(desk: Desk) -> None:
    service_id = a_service(desk)
    expected = Service(service_id, "CONS", "Consultation", Category.OPD)
    assert desk.ask(service_of_code, " cons ") == expected
    assert desk.ask(service_of_code, "CON") is None


def test_a_service_takes_another_name_and_keeps_its_code(desk: Desk) -> None:
    service_id = a_service(desk)
    desk.do(rename_service, service_id=service_id, name="Consultation by a nurse")
    assert desk.ask(service_of_code, "CONS") == Service(
        service_id, "CONS", "Consultation by a nurse", Category.OPD
    )
    assert verify_desk(desk).findings == []


def test_services_that_cannot_stand_are_refused_beside_their_field(desk: Desk) -> None:
    service_id = a_service(desk)
    told: dict[str, Any] = {"name": "X", "category": Category.OPD}
    assert refused(desk, add_service, code=" ", **told)[0] == "code"
    assert refused(desk, add_service, code="cons", **told) == (
        "code",
        "There is a service CONS already: Consultation. Choose another code.",
    )
    assert refused(desk, add_service, code="X", **(told | {"name": " "}))[0] == "name"
    assert refused(desk, rename_service, service_id=service_id, name=" ")[0] == "name"
    nobody = ServiceId(NOBODY)
    assert refused(desk, rename_service, service_id=nobody, name="X")[0] == "service_id"


# Packages


def test_a_package_comes_back_as_it_was_written(desk: Desk) -> None:
    service_id, other = a_service(desk), a_service(desk, "HOSP")
    tariff_id = desk.do(add_tariff, code="PUBLIC")
    full = BenefitRule(
        service_id,
        covered=False,
        copay=Copay.PERCENT,
        copay_value=2_050,
        deductible=500,
        deductible_scope=DeductibleScope.HOUSEHOLD_YEAR,
        cap_act=1,
        cap_episode=2,
        cap_person_year=3,
        cap_household_year=0,
        limit_count=2,
        limit_scope=LimitScope.HOUSEHOLD,
        limit_window=LimitWindow.DAYS,
        limit_days=30,
        waiting_months=9,
        waiting_exempt=True,
        requires_referral=True,
        requires_letter=True,
        levels=frozenset({Level.CENTRE, Level.NATIONAL}),
        sex=Sex.FEMALE,
        age_min=12,
        age_max=55,
        payment=Payment.BOTH,
        emergency_out_of_network=True,
        declare_hours=48,
        exclusion="COSMETIC",
    )
    written = a_package(
        desk,
        full,
        BenefitRule(other),
        year_start=YearStart.MEMBERSHIP,
        cap_episode=50_000,
        cap_person_year=80_000,
        cap_household_year=0,
        reference_tariff_id=tariff_id,
    )
    assert desk.ask(packages) == {written.package_id: (written,)}
    assert desk.ask(package_of_code, "BASE") == written.package_id
    assert verify_desk(desk).findings == []


def test_a_plan_has_the_package_of_the_day_in_its_version_of_the_day(desk: Desk) -> None:
    service_id, plan_id = a_service(desk), a_plan(desk)
    first = a_package(desk, BenefitRule(service_id), first_day=MARCH)
    later = write(desk, replace(first, first_day=JUNE, name="Base from June"))
    other = write(
        desk,
        version(
            desk.do(add_package, code="WIDE"), BenefitRule(service_id, covered=False), code="WIDE"
        ),
    )
    desk.do(assign_package, plan_id=plan_id, package_id=first.package_id, first_day=MARCH)
    desk.do(
        assign_package,
        plan_id=plan_id,
        package_id=other.package_id,
        first_day=date(2024, 9, 1),
    )

    def on(month: int, day: int) -> PackageVersion | None:
        return desk.ask(package_on, plan_id, date(2024, month, day))

    assert on(2, 29) is None
    assert on(3, 1) == first
    assert on(5, 31) == first
    assert on(6, 1) == later
    assert on(8, 31) == later
    assert on(9, 1) == other
    assert desk.ask(package_on, PlanId(NOBODY), MARCH) is None


def test_only_the_rules_asked_for_are_read(desk: Desk) -> None:
    first, second, third = (a_service(desk, code) for code in ("A", "B", "C"))
    plan_id = a_plan(desk)
    package = a_package(desk, *(BenefitRule(one) for one in (first, second, third)))
    desk.do(assign_package, plan_id=plan_id, package_id=package.package_id, first_day=JANUARY)

    def rules(*asked: ServiceId) -> set[ServiceId]:
        found = desk.ask(package_on, plan_id, JANUARY, frozenset(asked))
        assert found is not None
        assert replace(found, rules=package.rules) == package
        return set(found.rules)

    assert rules(first, third) == {first, third}
    assert rules(ServiceId(NOBODY)) == set()
    assert rules() == set()


def test_an_assignment_says_what_it_gave(desk: Desk) -> None:
    plan_id = a_plan(desk)
    package = a_package(desk, BenefitRule(a_service(desk)))
    given = Assigned(plan_id, package.package_id, MARCH)
    assert desk.ask(assignments) == ()
    assert given == desk.do(
        assign_package, plan_id=plan_id, package_id=package.package_id, first_day=MARCH
    )
    assert desk.ask(assignments) == (given,)


@pytest.mark.parametrize(
    ("told", "field", "sentence"),
    [
        ({"copay": Copay.PERCENT, "copay_value": 10_001}, "copay_value", "from 0 to 100"),
        ({"copay": Copay.PERCENT, "copay_value": -1}, "copay_value", "from 0 to 100"),
        ({"copay": Copay.FIXED, "copay_value": -1}, "copay_value", "below zero"),
        ({"copay": Copay.FIXED, "copay_value": MOST + 1}, "copay_value", "that large"),
        ({"copay_value": 5}, "copay_value", "Say first how"),
        ({"deductible": -1}, "deductible", "below zero"),
        ({"cap_act": -1}, "cap_act", "below zero"),
        ({"cap_episode": -1}, "cap_episode", "below zero"),
        ({"cap_person_year": MOST + 1}, "cap_person_year", "that large"),
        ({"cap_household_year": -1}, "cap_household_year", "below zero"),
        ({"limit_count": -1}, "limit_count", "from 0 to 100"),
        ({"limit_window": LimitWindow.DAYS}, "limit_days", "needs its number"),
        ({"limit_window": LimitWindow.DAYS, "limit_days": 0}, "limit_days", "from 1 to"),
        ({"limit_days": 30}, "limit_days", "only in a window of days"),
        ({"waiting_months": -1}, "waiting_months", "from 0 to 240"),
        ({"waiting_months": 241}, "waiting_months", "from 0 to 240"),
        ({"declare_hours": -1}, "declare_hours", "from 0 to"),
        ({"age_min": -1}, "age_min", "from 0 to 150"),
        ({"age_max": 151}, "age_max", "from 0 to 150"),
        ({"age_min": 13, "age_max": 12}, "age_max", "below the lowest"),
        ({"levels": frozenset()}, "levels", "Name a level"),
    ],
)
def test_a_rule_that_cannot_stand_is_refused_with_its_service(
    desk: Desk, told: dict[str, Any], field: str, sentence: str
) -> None:
    rule = BenefitRule(a_service(desk), **told)
    package_id = desk.do(add_package, code="BASE")
    where, said = refused(desk, version_package, version=version(package_id, rule))
    assert where == field
    assert said.startswith("CONS: ")
    assert sentence in said


@pytest.mark.parametrize(
    "told",
    [
        {"copay": Copay.PERCENT, "copay_value": 10_000},
        {"copay": Copay.PERCENT},
        {"copay": Copay.FIXED, "copay_value": MOST},
        {"limit_window": LimitWindow.DAYS, "limit_days": 1, "limit_count": 0},
        {"waiting_months": 240, "age_min": 12, "age_max": 12, "cap_act": 0},
    ],
)
def test_the_last_figures_that_may_stand_are_taken(desk: Desk, told: dict[str, Any]) -> None:
    written = a_package(desk, BenefitRule(a_service(desk), **told))
    assert desk.ask(packages)[written.package_id] == (written,)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"package_id": PackageId(NOBODY)}, "package_id"),
        ({"name": " "}, "name"),
        ({"cap_episode": -1}, "cap_episode"),
        ({"cap_person_year": MOST + 1}, "cap_person_year"),
        ({"cap_household_year": -1}, "cap_household_year"),
        ({"reference_tariff_id": TariffId(NOBODY)}, "reference_tariff_id"),
        ({"rules": {ServiceId(NOBODY): BenefitRule(ServiceId(NOBODY))}}, "rules"),
    ],
)
def test_a_package_that_cannot_stand_is_refused_beside_its_field(
    desk: Desk, told: dict[str, Any], field: str
) -> None:
    asked = version(desk.do(add_package, code="BASE"), BenefitRule(a_service(desk)), **told)
    assert refused(desk, version_package, version=asked)[0] == field


def test_a_code_names_one_package(desk: Desk) -> None:
    desk.do(add_package, code="BASE")
    assert refused(desk, add_package, code=" BASE ")[0] == "code"
    assert refused(desk, add_package, code=" ")[0] == "code"


def test_one_version_begins_on_a_day(desk: Desk) -> None:
    package = a_package(desk, BenefitRule(a_service(desk)))
    assert refused(desk, version_package, version=package) == (
        "first_day",
        "Something else begins on 1 January 2024 already. Choose another day.",
    )


def test_new_terms_never_begin_in_a_closed_month(desk: Desk, clock: SetClock) -> None:
    plan_id = a_plan(desk)
    package = a_package(desk, BenefitRule(a_service(desk)))
    desk.do(assign_package, plan_id=plan_id, package_id=package.package_id, first_day=JANUARY)
    close_january(desk, clock)
    last, first = date(2024, 1, 31), date(2024, 2, 1)
    sentence = "January 2024 is closed. Let new terms begin on 1 February 2024 or later."
    assert refused(desk, version_package, version=replace(package, first_day=last)) == (
        "first_day",
        sentence,
    )
    given: dict[str, Any] = {"plan_id": plan_id, "package_id": package.package_id}
    assert refused(desk, assign_package, **given, first_day=last) == ("first_day", sentence)
    write(desk, replace(package, first_day=first))
    desk.do(assign_package, **given, first_day=first)


def test_the_first_terms_may_begin_before_the_open_months(desk: Desk, clock: SetClock) -> None:
    close_january(desk, clock)
    plan_id = a_plan(desk)
    package = a_package(desk, BenefitRule(a_service(desk)))
    desk.do(assign_package, plan_id=plan_id, package_id=package.package_id, first_day=JANUARY)
    assert desk.ask(package_on, plan_id, JANUARY) == package


def test_an_assignment_that_cannot_stand_is_refused_beside_its_field(desk: Desk) -> None:
    plan_id = a_plan(desk)
    empty = desk.do(add_package, code="EMPTY")
    package = a_package(desk, BenefitRule(a_service(desk)), first_day=MARCH)
    good: dict[str, Any] = {
        "plan_id": plan_id,
        "package_id": package.package_id,
        "first_day": MARCH,
    }

    def field(**told: Any) -> str:
        return refused(desk, assign_package, **(good | told))[0]

    assert field(plan_id=PlanId(NOBODY)) == "plan_id"
    assert field(package_id=PackageId(NOBODY)) == "package_id"
    assert field(package_id=empty) == "package_id"
    assert field(first_day=date(2024, 2, 29)) == "first_day"
    desk.do(assign_package, **good)
    assert field() == "first_day"
