"""Packages whole, several of a plan, and services that change with a day: in a real book."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from stepdesk.benefits.queries import (
    assignments,
    package_on,
    packages,
    packages_on,
    service_of_code,
    service_versions,
    services,
)
from stepdesk.benefits.service import (
    add_package,
    add_service,
    assign_package,
    change_service,
    end_supplement,
    version_package,
)
from stepdesk.benefits.terms import (
    Assigned,
    BenefitRule,
    Capitation,
    Category,
    CeilingExclusion,
    Composition,
    Copay,
    Distribution,
    InPatientBy,
    LimitKind,
    LimitOver,
    PackageLimit,
    PackageVersion,
    Patients,
    PoolPeriod,
    PriceOrigin,
    Service,
    ServiceKind,
    ServiceTerms,
    Share,
    Spread,
    YearStart,
)
from stepdesk.store import reading
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.care import CareType, ClaimCategory, Level, Visit
from stepdesk.values.ids import PlanId, ServiceId
from tests.benefits.test_service import (
    JANUARY,
    JUNE,
    MARCH,
    NOBODY,
    a_package,
    a_service,
    close_january,
    refused,
    version,
    write,
)
from tests.builders import a_plan

CHILD = True
CAPITATION = Capitation(
    frozenset({Level.POST, Level.CENTRE}), 8000, 1000, 1000, 2000, 1000, 3000, 2000
)


def whole(service_id: ServiceId) -> tuple[BenefitRule, dict[str, Any]]:
    """Return a rule and a package in which every word is another one than its default."""
    rule = BenefitRule(
        service_id,
        copay=Copay.UP_TO,
        copay_value=700,
        price_origin=PriceOrigin.RELATIVE,
        shares=(
            Share(Visit.REFERRAL, None, Copay.PERCENT, 2000),
            Share(Visit.EMERGENCY, CHILD, Copay.NONE, 0),
            Share(None, CHILD, Copay.FIXED, 0),
        ),
        ceiling_exclusion=CeilingExclusion.IN,
        children_apart=True,
        limit_count=3,
        limit_count_child=0,
        waiting_months=6,
        waiting_months_child=1,
        ceiling_exclusion_child=CeilingExclusion.BOTH,
    )
    told: dict[str, Any] = {
        "year_start": YearStart.PERIOD,
        "cap_household_year": 300_000,
        "threshold": 0,
        "in_patient_by": InPatientBy.LEVEL,
        "spread": Spread.IN_ORDER,
        "adult_age": 21,
        "limits": (
            PackageLimit(LimitKind.DEDUCTIBLE, 0, CareType.IN, LimitOver.EPISODE),
            PackageLimit(LimitKind.DEDUCTIBLE, 500, CareType.OUT, LimitOver.HOUSEHOLD_YEAR),
            PackageLimit(LimitKind.EXTRA_MEMBER, 10_000),
            PackageLimit(LimitKind.HIGHEST, 315_000),
            PackageLimit(LimitKind.CLAIM_COUNT, 2, category=ClaimCategory.VISIT),
            PackageLimit(LimitKind.CLAIM_AMOUNT, 0, category=ClaimCategory.SURGERY),
        ),
        "distributions": (
            Distribution(PoolPeriod.QUARTER, CareType.IN, 1, 5000),
            Distribution(PoolPeriod.YEAR, CareType.OUT, 1, 4000),
        ),
        "capitation": CAPITATION,
    }
    return rule, told


# Packages whole


def test_a_package_with_every_word_comes_back_as_it_was_written(desk: Desk) -> None:
    plan_id, first, other = a_plan(desk), a_service(desk), a_service(desk, "LAB")
    rule, told = whole(first)
    written = a_package(desk, rule, BenefitRule(other), **told)
    desk.do(assign_package, plan_id=plan_id, package_id=written.package_id, first_day=JANUARY)
    assert desk.ask(packages) == {written.package_id: (written,)}
    assert desk.ask(packages_on, plan_id, JANUARY) == (written,)
    few = desk.ask(package_on, plan_id, JANUARY, frozenset({other}))
    assert few == replace(written, rules={other: BenefitRule(other)})
    assert verify_desk(desk).findings == []


def test_of_two_versions_each_keeps_what_is_its_own(desk: Desk) -> None:
    plan_id, service_id = a_plan(desk), a_service(desk)
    rule, told = whole(service_id)
    first = a_package(desk, rule, **told)
    plain: dict[str, Any] = {"limits": (), "distributions": (), "capitation": None}
    second = write(
        desk, replace(first, first_day=MARCH, rules={service_id: BenefitRule(service_id)}, **plain)
    )
    desk.do(assign_package, plan_id=plan_id, package_id=first.package_id, first_day=JANUARY)
    assert desk.ask(package_on, plan_id, date(2024, 2, 29)) == first
    assert desk.ask(package_on, plan_id, MARCH) == second


def test_a_package_that_cannot_stand_as_a_whole_writes_nothing(desk: Desk) -> None:
    package_id = desk.do(add_package, code="BASE")
    limit = PackageLimit(LimitKind.DEDUCTIBLE, 5, over=LimitOver.EPISODE)
    both = (limit, replace(limit, over=LimitOver.PERSON_YEAR))
    asked = version(package_id, BenefitRule(a_service(desk)), limits=both)
    field, sentence = refused(desk, version_package, version=asked)
    assert (field, sentence) == (
        "limits",
        "Only one holds: for each treatment, for each person and year, or for each household and "
        "year. Take the others out.",
    )


def test_a_plain_package_is_read_by_two_statements(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_id, service_id = a_plan(desk), a_service(desk)
    package = a_package(desk, BenefitRule(service_id))
    extra = write(
        desk, version(desk.do(add_package, code="MORE"), BenefitRule(service_id), code="MORE")
    )
    give(desk, plan_id, package)
    give(desk, plan_id, extra, supplement=1)
    asked: list[str] = []

    def counted(connection: Connection, statement: str, **told: object) -> list[Any]:
        asked.append(statement)
        return reading.fetch(connection, statement, **told)

    monkeypatch.setattr("stepdesk.benefits.queries.versions.fetch", counted)
    assert len(desk.ask(packages_on, plan_id, JANUARY, frozenset({service_id}))) == 2
    assert len(asked) == 2


# Several packages of a plan


def give(desk: Desk, plan_id: PlanId, package: PackageVersion, **told: Any) -> Assigned:
    named: dict[str, Any] = {
        "first_day": JANUARY,
        "plan_id": plan_id,
        "package_id": package.package_id,
    } | told
    return desk.do(assign_package, **named)


def three(desk: Desk) -> tuple[PlanId, list[PackageVersion]]:
    rule = BenefitRule(a_service(desk))
    made = [
        write(desk, version(desk.do(add_package, code=code), rule, code=code))
        for code in ("BASE", "EYES", "WIDE")
    ]
    return a_plan(desk), made


def codes_on(desk: Desk, plan_id: PlanId, day: date) -> list[str]:
    return [one.code for one in desk.ask(packages_on, plan_id, day)]


def test_a_plan_has_a_basic_package_and_supplements_at_the_same_time(desk: Desk) -> None:
    plan_id, (base, eyes, wide) = three(desk)
    given = [
        give(desk, plan_id, eyes, first_day=MARCH, supplement=2),
        give(desk, plan_id, base),
        give(desk, plan_id, wide, first_day=JUNE),
    ]
    assert codes_on(desk, plan_id, date(2023, 12, 31)) == []
    assert codes_on(desk, plan_id, JANUARY) == ["BASE"]
    assert codes_on(desk, plan_id, MARCH) == ["BASE", "EYES"]
    assert codes_on(desk, plan_id, JUNE) == ["WIDE", "EYES"]
    assert sorted(desk.ask(assignments), key=lambda one: one.first_day) == [
        Assigned(plan_id, base.package_id, JANUARY),
        Assigned(plan_id, eyes.package_id, MARCH, 2),
        Assigned(plan_id, wide.package_id, JUNE),
    ]
    assert {one.supplement for one in given} == {0, 2}
    assert verify_desk(desk).findings == []


def test_a_supplement_ends_and_may_begin_again(desk: Desk) -> None:
    plan_id, (base, eyes, _) = three(desk)
    give(desk, plan_id, base)
    give(desk, plan_id, eyes, supplement=1)
    ended = desk.do(end_supplement, plan_id=plan_id, supplement=1, first_day=MARCH)
    assert ended == Assigned(plan_id, eyes.package_id, MARCH, 1, ends=True)
    assert codes_on(desk, plan_id, date(2024, 2, 29)) == ["BASE", "EYES"]
    assert codes_on(desk, plan_id, MARCH) == ["BASE"]
    give(desk, plan_id, eyes, supplement=1, first_day=JUNE)
    assert codes_on(desk, plan_id, date(2024, 5, 31)) == ["BASE"]
    assert codes_on(desk, plan_id, JUNE) == ["BASE", "EYES"]


def test_a_supplement_that_cannot_stand_is_refused_beside_its_field(
    desk: Desk, clock: SetClock
) -> None:
    plan_id, (base, eyes, _) = three(desk)
    give(desk, plan_id, base, first_day=MARCH)

    def assign(**told: Any) -> tuple[str, str]:
        good: dict[str, Any] = {
            "plan_id": plan_id,
            "package_id": eyes.package_id,
            "first_day": MARCH,
        }
        return refused(desk, assign_package, **(good | {"supplement": 1} | told))

    def end(**told: Any) -> tuple[str, str]:
        good: dict[str, Any] = {"plan_id": plan_id, "supplement": 1, "first_day": JUNE}
        return refused(desk, end_supplement, **(good | told))

    assert assign(supplement=10) == (
        "supplement",
        "Type 0 for the basic package, or 1 to 9 for a supplement.",
    )
    assert assign(supplement=-1)[0] == "supplement"
    assert assign(package_id=base.package_id) == (
        "package_id",
        "The plan has the package BASE already. Choose another one.",
    )
    give(desk, plan_id, eyes, first_day=MARCH, supplement=1)
    assert assign()[0] == "first_day"
    assert end(supplement=0) == (
        "supplement",
        "The basic package does not end: give the plan another one in its place.",
    )
    assert end(supplement=2) == (
        "supplement",
        "The plan has no supplement 2 on 1 June 2024. Choose another number or day.",
    )
    assert end(first_day=date(2024, 2, 29))[0] == "supplement"
    assert end(first_day=MARCH)[0] == "first_day"
    assert end(plan_id=PlanId(NOBODY))[0] == "plan_id"
    close_january(desk, clock)
    assert assign(supplement=2, first_day=JANUARY) == (
        "first_day",
        "January 2024 is closed. Let new terms begin on 1 February 2024 or later.",
    )


# Services that change


TERMS = ServiceTerms(
    CareType.OUT,
    30,
    5,
    frozenset({Patients.FEMALE, Patients.ADULT}),
    ClaimCategory.ANTENATAL,
)


def test_a_service_with_every_word_comes_back_as_it_was_written(desk: Desk) -> None:
    part, item = a_service(desk, "LAB"), a_service(desk, "TABS", kind=ServiceKind.ITEM)
    terms = replace(TERMS, composition=Composition.PARTS, parts=((item, 2), (part, 1)))
    made = a_service(desk, "CPN", category=Category.ANC, terms=terms)
    expected = Service(
        made, "CPN", "Consultation", Category.ANC, **{
            name: getattr(terms, name) for name in ServiceTerms.__dataclass_fields__
        }
    )  # fmt: skip
    assert desk.ask(service_of_code, "CPN") == expected
    assert desk.ask(services)[made] == expected
    assert expected.terms == terms
    assert verify_desk(desk).findings == []


def test_a_service_rules_by_what_was_told_for_the_day_of_care(desk: Desk) -> None:
    plan_id, part = a_plan(desk), a_service(desk, "LAB")
    service_id = a_service(desk, terms=TERMS)
    package = a_package(desk, BenefitRule(service_id))
    give(desk, plan_id, package)
    later = ServiceTerms(frequency_days=10, composition=Composition.FIXED, parts=((part, 3),))
    desk.do(change_service, service_id=service_id, first_day=MARCH, terms=later)
    desk.do(change_service, service_id=service_id, first_day=JUNE, terms=ServiceTerms())

    def on(day: date) -> ServiceTerms:
        found = desk.ask(package_on, plan_id, day, frozenset({service_id}))
        assert found is not None
        told = found.services[service_id].terms
        assert desk.ask(services, day)[service_id].terms == told
        return told

    assert on(date(2024, 2, 29)) == TERMS
    assert on(MARCH) == on(date(2024, 5, 31)) == later
    assert on(JUNE) == ServiceTerms()
    assert desk.ask(services)[service_id].terms == ServiceTerms()
    assert [(day, one.terms) for day, one in desk.ask(service_versions, service_id)] == [
        (None, TERMS),
        (MARCH, later),
        (JUNE, ServiceTerms()),
    ]
    assert verify_desk(desk).findings == []


def test_a_change_of_a_service_that_cannot_stand_is_refused_beside_its_field(
    desk: Desk, clock: SetClock
) -> None:
    part, service_id = a_service(desk, "LAB"), a_service(desk)
    composed = a_service(
        desk, "SET", terms=ServiceTerms(composition=Composition.FIXED, parts=((part, 1),))
    )

    def field(**told: Any) -> tuple[str, str]:
        good: dict[str, Any] = {"service_id": service_id, "first_day": MARCH, "terms": TERMS}
        return refused(desk, change_service, **(good | told))

    def parts(*told: ServiceId) -> ServiceTerms:
        return ServiceTerms(composition=Composition.FIXED, parts=tuple((one, 1) for one in told))

    assert field(service_id=ServiceId(NOBODY)) == (
        "service_id",
        "There is no such service. Choose one from the catalogue.",
    )
    assert field(terms=ServiceTerms(frequency_days=0))[0] == "frequency_days"
    assert field(terms=parts(ServiceId(NOBODY)))[0] == "parts"
    assert field(terms=parts(service_id)) == (
        "parts",
        "A service is no part of itself. Take it off the parts.",
    )
    assert field(terms=parts(composed)) == (
        "parts",
        "SET has parts itself. Name those parts instead.",
    )
    assert field(service_id=part, terms=parts(service_id)) == (
        "parts",
        "LAB is a part of another service and has no parts itself. Take it out of that service first.",
    )
    desk.do(change_service, service_id=service_id, first_day=MARCH, terms=TERMS)
    assert field()[0] == "first_day"
    close_january(desk, clock)
    assert field(first_day=JANUARY)[0] == "first_day"


def test_a_new_service_that_cannot_stand_is_refused_beside_its_field(desk: Desk) -> None:
    told: dict[str, Any] = {"code": "X", "name": "X", "category": Category.OPD}

    def field(**terms: Any) -> str:
        return refused(desk, add_service, **told, terms=ServiceTerms(**terms))[0]

    assert field(largest_quantity=0) == "largest_quantity"
    assert field(composition=Composition.PARTS) == "parts"
